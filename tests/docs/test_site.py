"""The built site in a real browser: it asks nobody, screen readers can read it, and a phone is wide enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from docs_build import hooks
from docs_build.pages import DOCS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PATIENCE = 60_000
PHONE = 360
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the file."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def pages_of(site: Path) -> list[str]:
    """Every page's path within the site."""
    return sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))


@pytest.fixture
def asked(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A window, and whom its pages asked beside the server at hand."""
    context = browser.new_context(viewport={"width": PHONE, "height": 740}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    foreign: list[str] = []

    def note(route: Route) -> None:
        at_hand = route.request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))
        if not at_hand:
            foreign.append(route.request.url)
        route.continue_() if at_hand else route.abort()

    context.route("**/*", note)
    yield context.new_page(), foreign
    context.close()


def test_every_page_asks_nobody_and_fits_a_phone(site: Path, address: str, asked: tuple[Page, list[str]]) -> None:
    """No font, script or picture of others: a reader's page is known to nobody. Nothing sticks out at 360 pixels."""
    page, foreign = asked
    wide = []
    for name in pages_of(site):
        page.goto(f"{address}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > PHONE:
            wide.append(name)

    assert ([], []) == (foreign, wide)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screen_readers_find_nothing_serious(site: Path, address: str, browser: Browser, scheme: str) -> None:
    """Names, contrasts, order of headings, in both colours; one page of each kind in the dark, all in the light."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    names = pages_of(site) if scheme == "light" else ["index.html", "start.html", "connect/x.html", "rules.html"]
    found = {}
    for name in names:
        page.goto(f"{address}/{name}")
        violations = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
        if violations:
            found[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    context.close()

    assert {} == found


@pytest.mark.parametrize("road", ["server", "folder"])
def test_the_search_finds_a_page(site: Path, address: str, asked: tuple[Page, list[str]], road: str) -> None:
    """Over a server and out of a folder, with nobody asked."""
    page, foreign = asked
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/index.html" if road == "server" else f"{site.as_uri()}/index.html")
    page.locator("input[data-md-component=search-query]").click()
    page.keyboard.type("nsid")

    expect(page.locator(".md-search-result__item").filter(has_text="Flickr").first).to_be_visible(timeout=PATIENCE)
    assert [] == foreign


def test_no_page_comes_from_elsewhere(site: Path) -> None:
    """Not only when it is opened: no page loads anything by an address of others."""
    marks = ('src="http', "src='http", 'rel="stylesheet" href="http', 'rel="preconnect"', "@import")
    loading = [
        name for name in pages_of(site) if any(mark in (site / name).read_text(encoding="utf-8") for mark in marks)
    ]

    assert [] == loading


def test_a_link_out_of_the_docs_names_its_file() -> None:
    """Near-misses first: a link within the docs, one into nothing, one to another page of the docs by a detour."""

    def shown(text: str) -> str:
        return hooks._LINK.sub(lambda found: hooks.named(found, DOCS), text)

    assert "[a](start.md)" == shown("[a](start.md)")
    assert "[a](../nowhere.md)" == shown("[a](../nowhere.md)")
    assert "[a](../docs/faq.md)" == shown("[a](../docs/faq.md)")
    assert "the sample (`sample/README.md` in the source)" == shown("[the sample](../sample/README.md)")
    assert "`Makefile` in the source" == shown("[Makefile](../Makefile)")
