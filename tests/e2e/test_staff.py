"""Staff at work in Airflow's own UI: an audit on request, a decision, a sign-off, and what the next report says."""

from __future__ import annotations

import mailbox
import re
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, FrameLocator, Locator, Page, expect, sync_playwright
from pypdf import PdfReader

from tests.e2e.conftest import House
from tests.pipeline.world import MONTH

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

#: Milliseconds until the UI shows something; a busy machine with two cores takes its time.
PATIENCE = 120_000
REASON = "A member asked about October."
#: Who gets the reports of the three chapters and the roll-up.
HEADQUARTERS = "audit@hq.example"
LEADERS = (
    "president@lakeside.example",
    "president@harbor.example",
    "comms@harbor.example",
    "president@severn.example",
    HEADQUARTERS,
)
NOTE = "The projector was called that, nobody else."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the file."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A window in which the admin is logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.goto(house.url)
    opened.fill("input[name=username]", "admin")
    opened.fill("input[name=password]", house.password)
    opened.keyboard.press("Enter")
    opened.wait_for_url(lambda url: "login" not in url)
    yield opened
    context.close()


def trigger_form(page: Page, house: House, dag: str) -> Locator:
    """The form in which a DAG is started, filled in as it opens."""
    page.goto(f"{house.url}/dags/{dag}")
    page.get_by_role("button", name="Trigger").first.click()
    form = page.get_by_role("dialog").last
    form.locator("#element_reason").wait_for()
    return form


def choices(page: Page, form: Locator, field: str, pick: str = "") -> list[str]:
    """What a field of several values offers, as a person reads it; `pick` is chosen."""
    form.locator(f"#element_{field} input[role=combobox]").click()
    offered = page.get_by_role("option")
    offered.first.wait_for()
    found = offered.all_inner_texts()
    # Leaving with Tab would choose the first one.
    (page.get_by_role("option", name=pick) if pick else form.get_by_role("heading").first).click()
    return found


def pages_of(page: Page) -> FrameLocator:
    """Chapterwatch's own pages within Airflow's."""
    return page.frame_locator("iframe")


def newest_report(house: House, chapter: str) -> tuple[int, str]:
    """(revision, text of the PDF) of a chapter's latest report for the month."""
    archive = house.archive
    row = max(archive.reports(chapter, MONTH), key=lambda row: row.revision)
    archive.close()
    pages = PdfReader(house.home / str(row.pdf_path)).pages
    return row.revision, " ".join("\n".join(one.extract_text() for one in pages).split())


def mails(house: House) -> Counter[str]:
    """How many mails each recipient got."""
    folder = house.home / "mail"
    return Counter(str(mail["To"]) for mail in (mailbox.Maildir(folder, create=False) if folder.exists() else ()))


def test_an_audit_is_asked_for_in_a_form_and_its_report_opens_from_its_run(page: Page, house: House) -> None:
    """Chapters and people by name; without a reason nothing starts; the run's tab leads to the report."""
    form = trigger_form(page, house, "adhoc_audit")
    assert ["Harbor Chapter", "Severn Chapter"] == choices(page, form, "chapters"), "Lakeside is chosen already"
    president = "Lakeside Chapter, president (president@lakeside.example)"
    assert president in choices(page, form, "recipients", pick=president)

    start = form.get_by_role("button", name="Trigger")
    expect(form.get_by_text("This field is required")).to_be_visible()
    expect(start).to_be_disabled()
    form.locator("#element_since").fill("2026-10-01")
    form.locator("#element_until").fill("2026-10-31")
    form.locator("#element_reason").fill(REASON)
    expect(start).to_be_enabled()
    start.click()

    assert house.until(lambda: house.state("adhoc_audit") in {"success", "failed"})
    assert "success" == house.state("adhoc_audit")
    run = house.runs("adhoc_audit")[-1]
    page.goto(f"{house.url}/dags/adhoc_audit/runs/{run['dag_run_id']}")
    page.get_by_role("link", name="Reports of this run").click()
    pages_of(page).get_by_role("link", name="Lakeside Chapter, on request, October 2026", exact=True).click()
    report = pages_of(page).frame_locator("iframe.preview")
    expect(report.get_by_text("bullshit").first).to_be_visible()

    archive = house.archive
    act = next(act for act in archive.acts.page() if act.kind == "adhoc_audit")
    archive.close()
    assert ("admin", "admin", REASON) == (act.author, act.role, act.why)
    assert {"president@lakeside.example": 1} == mails(house)


def decide(page: Page, house: House) -> None:
    """Call Lakeside's finding a false positive, on its page."""
    page.goto(f"{house.url}/plugin/chapterwatch")
    desk = pages_of(page)
    desk.get_by_role("link", name="Findings", exact=True).click()
    desk.locator("#f-chapter").select_option("ala-lakeside")
    desk.get_by_role("button", name="Filter").click()
    desk.locator("#rows a.open").first.click()
    desk.locator("#one-state").select_option("false_positive")
    desk.locator("#one-note").fill(NOTE)
    desk.get_by_role("button", name="Decide", exact=True).first.click()
    expect(desk.get_by_text("Your decision is kept.")).to_be_visible()


def sign(page: Page, house: House) -> None:
    """Release the month under Required Actions."""
    page.goto(f"{house.url}/required_actions")
    page.get_by_role("link", name="send 4 reports").first.click()
    expect(page.get_by_role("cell", name="Lakeside Chapter")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()


def sign_until_heard(page: Page, house: House) -> bool:
    """Release the month as often as Airflow asks; whether the run came to its end.

    Airflow 3.3.2 loses an answer given within seconds of the question, before its scheduler has noticed that the task
    waits: it counts the task as failed and asks again. A person would answer again.
    """

    def over() -> bool:
        return house.state("publish_reports") in {"success", "failed"}

    def asked() -> bool:
        details = house.ask("GET", "dags/~/dagRuns/~/hitlDetails")["hitl_details"]
        return any(not detail["response_received"] for detail in details)

    for _ in range(3):
        sign(page, house)
        if house.until(lambda: over() or not asked()) and house.until(lambda: over() or asked()) and over():
            return True
    return False


def test_a_decision_stands_in_the_next_report_which_is_mailed_once_somebody_says_so(page: Page, house: House) -> None:
    """Set aside with a note, issued again with a reason, signed, mailed: each step by hand where a person does it."""
    before, (revision, text) = mails(house), newest_report(house, "ala-lakeside")
    assert (1, False) == (revision, NOTE in text)
    decide(page, house)

    run = {"logical_date": None, "partition_key": MONTH, "conf": {"reason": "a finding was set aside"}}
    house.ask("POST", "dags/publish_reports/dagRuns", json=run)
    waiting = "dags/~/dagRuns/~/hitlDetails"
    assert house.until(lambda: house.ask("GET", waiting)["hitl_details"] or house.state("publish_reports") == "failed")
    before[HEADQUARTERS] += 1
    assert house.until(lambda: mails(house) == before), "nothing is mailed but the word that reports wait"
    assert sign_until_heard(page, house)
    assert "success" == house.state("publish_reports")

    revision, text = newest_report(house, "ala-lakeside")
    assert (2, True) == (revision, NOTE in text.partition("Set aside by a person")[2])
    assert dict.fromkeys(LEADERS, 1) == mails(house) - before


def framed(page: Page, house: House, name: str) -> Frame:
    """One of Chapterwatch's pages within Airflow's, reached as a person does."""
    page.goto(f"{house.url}/plugin/chapterwatch")
    bar = pages_of(page).get_by_role("navigation", name="Pages")
    link = bar.get_by_role("link", name=name, exact=True)
    # The frame's first navigation must be over, or it is taken for the one that the click makes.
    link.wait_for()
    # The page one is on already has the heading of its own link, and Airflow's own address changes along with it.
    with page.expect_event("framenavigated", lambda navigated: navigated != page.main_frame):
        link.click()
    pages_of(page).locator("h1", has_text=name).wait_for()
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    return frame


def test_axe_finds_nothing_in_the_pages_as_airflow_frames_them(page: Page, house: House) -> None:
    """In Airflow's frame, over its origin and at its width, the pages stay as accessible as alone."""
    for name in ("Overview", "Findings", "Coverage", "Reports", "Policy", "Sample", "Log"):
        frame = framed(page, house, name)
        found = [(item["id"], item["nodes"][0]["target"]) for item in Axe().run(frame).response["violations"]]
        assert (name, []) == (name, found)


def test_the_form_of_a_connection_asks_in_words_of_its_platform(page: Page, house: House) -> None:
    """What X needs, each field with its help, and nothing of a database's login."""
    page.goto(f"{house.url}/connections")
    page.get_by_role("button", name="Add Connection").first.click()
    form = page.get_by_role("dialog").last
    form.get_by_role("combobox", name="Connection Type").fill("X (API")
    page.get_by_role("option", name="Chapterwatch: X (API v2)").click()

    expect(form.get_by_label("Bearer token")).to_have_attribute("placeholder", re.compile("App bearer token"))
    expect(form.get_by_label("Base URL")).to_be_visible()
    assert [0, 0, 0] == [form.get_by_label(name, exact=True).count() for name in ("Login", "Port", "Schema")]
    form.get_by_role("button", name="Extra Fields", exact=True).click()
    expect(form.get_by_text("The day the token ends, where you know it.")).to_be_visible()
