"""The HTML version: whole in one file, asks nobody, and can be used without eyes, without a mouse and on a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.network import build_rollup
from reports.network_facts import RollupInputs
from reports.render import html_of
from reports.view import build_chapter
from tests.reports.factory import (
    account,
    asked,
    association,
    chapter,
    covered,
    date,
    finding,
    full,
    lakeside,
    named,
    quiet,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Wide and high, of a desk and of a small phone.
DESK, PHONE = (1280, 900), (360, 780)
#: Plain words of up to nine letters that begin on one line and end on another; a handle or an id is none.
TORN = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), torn = [];
    for (let text; (text = texts.nextNode());)
        for (const word of text.data.matchAll(/(?<![\\p{L}\\p{N}@._\\/])\\p{L}{2,9}(?![\\p{L}\\p{N}@._\\/])/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) torn.push(word[0]);
        }
    return torn;
}"""
#: Heads of columns that are longer than their column is wide.
RUNNING_OVER = "() => [...document.querySelectorAll('th')].filter(one => one.scrollWidth > one.offsetWidth).length"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenversorgungskasse" * 4


def pages() -> dict[str, str]:
    lake = build_chapter(lakeside())
    inputs = RollupInputs(
        association=association(),
        period="2026-10",
        chapters=(lake, build_chapter(named(quiet(), "ala-harbor", "Harbor Chapter"))),
        issued_on=date(2026, 11, 3),
        code_version="1",
    )
    odd = finding("ala.private_data.phone", f"{LONG} 会議を開きます مرحبا 555-0100", "555-0100", reason=LONG)
    return {
        "chapter": html_of(lake),
        "rollup": html_of(build_rollup(inputs)),
        "hostile": html_of(build_chapter(named(quiet(findings=(odd,)), "ala-long", LONG))),
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    files = {name: folder / f"{name}.html" for name in pages()}
    for name, page in pages().items():
        files[name].write_text(page, encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser, where there is one."""
    if not CHROMIUM:
        pytest.skip("no chromium on the PATH")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is of use

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("name", ["chapter", "rollup", "hostile"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_browser_finds_no_barrier(browser: Any, written: dict[str, Path], name: str, size: tuple[int, int]) -> None:
    """No rule of axe-core is broken, nothing but the file is asked for, and no line pushes the page sideways."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written[name].as_uri())
    broken = Axe().run(page).response["violations"]

    assert [] == [(rule["id"], node["html"][:200]) for rule in broken for node in rule["nodes"]]
    assert [written[name].as_uri()] == asked
    assert size[0] >= page.evaluate("document.documentElement.scrollWidth")
    page.close()


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "nl"])
def test_a_table_fits_a_phone_with_its_words_whole(browser: Any, tmp_path: Path, language: str) -> None:
    """Four accounts of long names side by side: no plain word is torn, no head runs over, at a desk neither."""
    accounts = tuple(account(f"x:{number}", f"account_of_chapter_{number}") for number in range(4))
    now = replace(chapter(accounts), language=language)
    inputs = full(chapter=now, association=association(now), coverage=covered(*(one.key for one in accounts)))
    (tmp_path / "report.html").write_text(html_of(build_chapter(replace(inputs, answers=asked(inputs)))), "utf-8")
    found = []
    for width, height in (PHONE, DESK):
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto((tmp_path / "report.html").as_uri())
        wider = page.evaluate("document.documentElement.scrollWidth") - width
        found.append((wider, page.evaluate(TORN), page.evaluate(RUNNING_OVER)))
        page.close()

    assert [(0, [], 0), (0, [], 0)] == found


def test_the_first_key_leads_past_page_one(browser: Any, written: dict[str, Path]) -> None:
    """Tab shows the skip link, Enter follows it."""
    page = browser.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    page.goto(written["chapter"].as_uri())
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className === 'skip' && document.activeElement.offsetLeft >= 0")
    page.keyboard.press("Enter")
    # The browser tells of its own jump a moment later.
    page.wait_for_url("**#details")
    page.close()


@pytest.mark.parametrize("name", ["chapter", "rollup", "hostile"])
def test_the_page_is_whole_in_itself(written: dict[str, Path], name: str) -> None:
    """A language, one main part, scopes on table heads, a policy that forbids addresses; no font, no script."""
    page = written[name].read_text("utf-8")

    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert (1, 1) == (page.count("<main>"), page.count("<h1>"))
    assert [] == [head for head in re.findall(r"<th\b[^>]*>", page) if "scope=" not in head]
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b|@import|@font-face|url\(", page)
