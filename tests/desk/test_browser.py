"""The pages in a real browser: by keyboard, without scripts, at phone width, by night, and with axe on each."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PAGES = (
    "",
    "findings?state=any",
    "findings/a1",
    "coverage",
    "reports",
    "reports/lakeside/2026-10/1",
    "policy",
    "policy/ala",
    "policy/ala/rules/ala.threat",
    "sample",
    "drafts",
    "log",
    "runs?run=manual",
    "nothing",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the file."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def _page(browser: Browser, desktop: Any, who: str, **options: Any) -> Page:
    context = browser.new_context(**options)
    context.add_cookies([{"name": "who", "value": who, "url": desktop.url}])
    return context.new_page()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    browser: Browser, desktop: Any, width: int, scheme: Any
) -> None:
    """WCAG 2.2 AA as far as a machine can tell, on every page, at both widths, by day and by night."""
    page = _page(browser, desktop, "ada", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in PAGES:
        page.goto(desktop.url + path)
        found = [(item["id"], item["nodes"][0]["target"]) for item in Axe().run(page).response["violations"]]
        assert (path, []) == (path, found)
        assert (path, 0) == (path, page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))
    page.context.close()


def test_a_finding_is_decided_by_keyboard(browser: Browser, desktop: Any) -> None:
    """J to the second, x ticks it, Enter opens it; typing a j into a field types a j."""
    page = _page(browser, desktop, "rosa")
    page.goto(f"{desktop.url}findings?state=any")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert [False, True] == [page.locator(".row input").nth(at).is_checked() for at in (0, 1)]
    expected = page.locator("a.open").nth(1).get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence")
    assert page.url.endswith(expected.removeprefix("./"))
    page.locator("#one-note").press_sequentially("jxk?")
    assert "jxk?" == page.locator("#one-note").input_value()
    page.locator("#one-state").select_option("confirmed")
    page.locator("section[aria-labelledby=decide] button").click()
    assert "Your decision is kept." == page.locator("[role=status]").inner_text()
    page.context.close()


def test_keys_can_be_switched_off(browser: Browser, desktop: Any) -> None:
    """WCAG 2.1.4: single letters get into the way of speech input."""
    page = _page(browser, desktop, "rosa")
    page.goto(f"{desktop.url}findings?state=any")
    page.keyboard.press("?")
    page.locator("#keys-switch").click()
    page.locator("#keys-close").click()
    page.keyboard.press("j")
    assert 0 == page.locator(".row.on").count()
    page.context.close()


def test_everything_works_without_scripts(browser: Browser, desktop: Any) -> None:
    """Filters, pages and decisions are forms and links; scripts only spare a mouse."""
    page = _page(browser, desktop, "rosa", java_script_enabled=False)
    page.goto(f"{desktop.url}findings?state=any")
    page.locator("#f-severity").select_option("critical")
    page.locator(".filters button").click()
    assert 1 == page.locator(".row").count()
    page.locator(".row input").check()
    page.locator("#bulk-state").select_option("sent_to_owner")
    page.locator(".bulk button[type=submit]").click()
    assert "1 finding is decided." == page.locator(".notice").inner_text()
    page.context.close()


def test_nothing_is_asked_of_other_servers(browser: Browser, desktop: Any) -> None:
    """No font, script or picture from elsewhere: what staff read is nobody else's business."""
    page = _page(browser, desktop, "ada")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(desktop.url + path)
    origin = desktop.url.split("/desk/")[0]
    assert [] == [url for url in asked if not url.startswith(origin)]
    page.context.close()


def test_a_sample_is_read_by_keyboard(browser: Browser, desktop: Any) -> None:
    """J to a post, m to its clause and m again is a miss; the next post is at hand, and c says it is clean."""
    page = _page(browser, desktop, "rosa")
    page.goto(f"{desktop.url}sample")
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.locator("#clause-1").select_option("ALA-23")
    page.locator("#post-1 h2").focus()
    page.keyboard.press("m")
    page.wait_for_selector("#post-1.read")
    assert "The answer is kept: missed." == page.locator("[role=status]").inner_text()
    page.wait_for_selector("#post-2.on")
    page.keyboard.press("c")
    page.wait_for_selector("#post-2.read")
    assert "2 of 2 read" == page.locator(".counts strong").inner_text()
    page.context.close()
