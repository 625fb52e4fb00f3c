"""How everything stands: what needs a person is said, what is well is not, and gauges say the same."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from chapterwatch import metrics
from chapterwatch.archive.acts import Act
from chapterwatch.cli import main
from chapterwatch.errors import ArchiveError, UserError
from chapterwatch.metrics import Kept
from chapterwatch.model import Connection, DeliveryState, DispositionState
from chapterwatch.pipeline import (
    Workplace,
    check_health,
    erase_post,
    health,
    quoting_reports,
    settle_delivery,
    verify_archive,
    withdraw_reports,
)
from chapterwatch.pipeline.health import Check
from tests.pipeline.test_holding import suppression
from tests.pipeline.world import (
    FIRST_NIGHT,
    HARBOR,
    LAKESIDE,
    LIST,
    MONTH,
    SEVERN,
    X_ARCHIVE,
    Asked,
    Reply,
    World,
    mistaken,
    night,
    post,
)

ASKED = (LAKESIDE, HARBOR, SEVERN)
EVERYBODY = (*ASKED, "plain:lakeside-list", "x:2004")
MONTH_END = datetime(2026, 11, 2, 6, tzinfo=UTC)


def looked(world: World) -> dict[str, Check]:
    """Every check by its id."""
    return {check.id: check for check in check_health(world.workplace)}


def gauges(world: World) -> Callable[..., float]:
    """The gauges as they are said now: name and labels -> value."""
    kept = Kept()
    with metrics.sent_to(kept):
        check_health(world.workplace)
    return lambda name, **labels: kept.gauges[f"chapterwatch.{name}", tuple(sorted(labels.items()))]


def refuses(account: str) -> Callable[[Asked], Reply | None]:
    """X refuses the token whenever this account is asked for."""
    return lambda asked: Reply({"title": "Unauthorized", "status": 401}, 401) if asked.account == account else None


def test_every_check_has_its_place_in_the_runbook(light: World) -> None:
    """The ids are those the runbook has sections for, each once."""
    assert sorted(health.IDS) == sorted(check.id for check in check_health(light.workplace))


# --- nights ---------------------------------------------------------------------------------------------------------


def test_without_a_night_there_is_no_full_night(light: World) -> None:
    """A fresh installation needs a person: nothing has been seen yet. Nothing else is held against it."""
    assert {"night-late"} == {check.id for check in looked(light).values() if not check.ok and check.id != "disk-low"}


@pytest.mark.parametrize(("hours", "ok"), [(29, True), (30, True), (31, False)])
def test_a_night_is_late_after_thirty_hours(hours: int, *, ok: bool, light: World) -> None:
    """The age counts from the end of the last night in which everybody was asked."""
    light.collect(0, *EVERYBODY)
    light.at(night(0) + timedelta(hours=hours))

    assert ok is looked(light)["night-late"].ok
    assert night(0).timestamp() == gauges(light)("night.last_full")


def test_an_old_night_repeated_is_no_new_night(light: World) -> None:
    """It asks nobody whom it has seen: five days without a night stay five days, whatever is cleared in Airflow."""
    light.collect(0, *EVERYBODY)
    light.x.asked = []
    light.collect(0, *EVERYBODY, minutes=5 * 24 * 60)
    late = looked(light)["night-late"]

    assert [] == light.x.asked
    assert (False, "The last full night ended 4 days ago (nightly:2026-10-04).") == (late.ok, late.says)
    assert night(1).timestamp() == gauges(light)("night.last_full")


def test_a_night_that_is_mended_in_the_day_ends_when_it_is_mended(light: World) -> None:
    """The near-miss: whoever failed at night is asked again before the next night is due."""
    light.collect(0, LAKESIDE, HARBOR)
    light.collect(0, *EVERYBODY, minutes=9 * 60)

    assert (night(0) + timedelta(hours=9)).timestamp() == gauges(light)("night.last_full")


def test_a_night_of_a_clock_that_was_ahead_hides_none_that_was(light: World) -> None:
    """It is dated two months later, and until then everything would be told of it."""
    light.collect(0, *EVERYBODY)
    light.collect(60, *EVERYBODY)
    light.collect(1, *EVERYBODY)

    assert "The last full night ended 0 hours ago (nightly:2026-10-05)." == looked(light)["night-late"].says
    assert night(1).timestamp() == gauges(light)("night.last_full")


def test_a_night_that_forgot_an_account_is_no_full_night(world: World) -> None:
    """A platform whose tasks never ran leaves no rows: the night before counts."""
    world.collect(0, *EVERYBODY)
    world.collect(1, LAKESIDE, HARBOR)

    assert night(0).timestamp() == gauges(world)("night.last_full")


def test_a_night_with_a_refused_account_is_a_full_night(light: World) -> None:
    """Everybody was asked; that one refused is a matter of its own."""
    light.x.fault = refuses("2002")
    light.collect(0, *EVERYBODY)
    found = looked(light)

    assert found["night-late"].ok
    assert [HARBOR] == list(found["credentials-rejected"].cases)


def test_coverage_counts_what_can_be_asked(light: World) -> None:
    """An export nobody dropped is listed with its reason; it does not lower the share of what a machine can ask."""
    light.collect(0, *EVERYBODY)
    found = looked(light)["coverage-low"]

    assert found.ok
    assert {"plain:lakeside-list unknown no_export", "x:2004 unknown no_export"} == set(found.cases)
    assert 1.0 == gauges(light)("night.coverage", association="ala")


def test_a_night_in_which_nobody_can_be_asked_says_so(light: World) -> None:
    """Two exports that nobody dropped are no bad night, but nobody may take "ok" for "seen"."""
    light.collect(0, LIST, X_ARCHIVE)
    found = looked(light)["coverage-low"]

    assert found.ok
    assert found.says == "0 of 2 accounts were seen in full in the last night. A machine can ask none of them."


def test_what_is_mended_is_said_to_be_none(light: World) -> None:
    """A gauge that once said 1 is set back by the next night: a metrics system keeps the last value it heard."""
    light.x.fault = refuses("2002")
    light.collect(0, *EVERYBODY)
    said = gauges(light)
    assert 1 == said("night.not_seen", platform="x", reason="credentials_rejected")
    assert round(2 / 3, 3) == round(said("night.coverage", association="ala"), 3)

    light.x.fault = lambda _: None
    light.collect(1, *EVERYBODY)

    assert 0 == gauges(light)("night.not_seen", platform="x", reason="credentials_rejected")
    assert looked(light)["credentials-rejected"].ok


def test_a_limit_that_outlasts_the_night_is_said(light: World) -> None:
    """Accounts that still wait for a reset."""
    reset = str(int((night(0) + timedelta(hours=2)).timestamp()))
    light.x.fault = lambda asked: (
        Reply({"title": "Too Many Requests"}, 429, {"x-rate-limit-reset": reset}) if asked.account == "2003" else None
    )
    light.collect(0, *EVERYBODY)

    assert [SEVERN] == list(looked(light)["rate-limited"].cases)


def test_a_spent_cap_is_said(light: World) -> None:
    """Reads of the night against the cap, and the accounts that came too late."""
    light.at(night(0), max_reads=2)
    light.workplace.settings = replace(light.workplace.settings, max_reads=2)
    light.collect(0, *EVERYBODY)

    assert not looked(light)["spend-cap"].ok
    assert 1.0 == gauges(light)("reads.of_cap")


def test_a_night_counts_what_it_did(light: World) -> None:
    """Accounts by how far they were seen and why not, posts, and paid reads."""
    light.x.shows("2001", "1", "Hello", night(0) - timedelta(days=1))
    light.x.shows("2001", "2", "Hello again", night(0) - timedelta(hours=5))
    light.x.fault = refuses("2002")
    kept = Kept()
    with metrics.sent_to(kept):
        light.collect(0, LAKESIDE, HARBOR)
        light.collect(0, LAKESIDE)  # seen already: asked and counted no second time

    plain = {
        (name.removeprefix("chapterwatch."), *dict(labels).values()): n for (name, labels), n in kept.counters.items()
    }
    assert {
        ("posts.captured", "x"): 2,
        ("accounts.seen", "x"): 1,
        ("accounts.unknown", "x", "credentials_rejected"): 1,
    } == {key: n for key, n in plain.items() if key[0] != "reads.paid"}
    assert plain["reads.paid", "x"] == sum(run.reads for run in light.archive.runs())
    assert [("chapterwatch.step.duration", (("step", "collect"),))] == list(kept.timings)


# --- tokens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "soon", "now"),
    [(15, True, True), (14, False, True), (8, False, True), (7, True, False), (0, True, False), (-3, True, False)],
)
def test_a_token_that_ends_is_said_once(days: int, *, soon: bool, now: bool, light: World) -> None:
    """8 to 14 days before it is this week's matter, then today's; never both, and a dead one stays today's."""
    ends = FIRST_NIGHT.date() + timedelta(days=days)
    light.workplace.connection_for = {"x_demo": Connection(id="x_demo", platform="x", expires=ends)}.get
    found = looked(light)

    assert (soon, now) == (found["token-ends-soon"].ok, found["token-ends-now"].ok)


def test_accounts_of_one_connection_ask_for_it_once(light: World) -> None:
    """A network's thousands of accounts share a few connections, each of which may lie in a secrets backend."""
    asked: list[str] = []
    ends = date(2027, 1, 31)
    light.workplace.connection_for = lambda name: asked.append(name) or Connection(id=name, platform="x", expires=ends)
    looked(light)

    assert ["x_demo"] == asked


def test_a_connection_with_a_mistake_in_it_hides_nothing_else(light: World, caplog: pytest.LogCaptureFixture) -> None:
    """Its accounts were not seen in the last night; the end of all others' token is said."""
    complaint = mistaken(light, HARBOR)
    readable, ends = light.workplace.connection_for, FIRST_NIGHT.date() + timedelta(days=9)
    light.workplace.connection_for = lambda name: replace(readable(name), expires=ends)
    light.collect(0, *EVERYBODY)
    found = looked(light)

    assert [HARBOR] == list(found["credentials-rejected"].cases)
    assert {f"{LAKESIDE} 9 days", f"{SEVERN} 9 days"} == set(found["token-ends-soon"].cases)
    assert f"account {HARBOR}: {complaint}" in caplog.messages


# --- suppressions ---------------------------------------------------------------------------------------------------

#: Twenty days into November; what ends "at" ends that much after it.
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUDE = "This is bullshit, all of it."


@pytest.fixture
def rude(light: World) -> World:
    """Lakeside cursed once in October, and that was judged."""
    light.store(LAKESIDE, post("1", RUDE, FIRST_NIGHT), at=FIRST_NIGHT, bio="We")
    light.audit(FIRST_NIGHT)
    return light.at(TODAY)


def ends(world: World, left: timedelta, **changes: Any) -> int:
    """Somebody holds the rule back in Lakeside until so long from now."""
    return world.archive.add_suppression(suppression(at=FIRST_NIGHT, expires_at=TODAY + left, **changes))


@pytest.mark.parametrize(
    "left", [timedelta(days=14, seconds=1), -timedelta(days=45), timedelta(days=300)], ids=["later", "long ago", "far"]
)
def test_a_suppression_that_ends_later_or_ended_long_ago_needs_nobody(rude: World, left: timedelta) -> None:
    """Two weeks before is soon enough, and what is over for long was told by a report."""
    ends(rude, left)

    assert (True, ()) == (looked(rude)["suppressions-ending"].ok, tuple(looked(rude)["suppressions-ending"].cases))
    assert (0, 0) == tuple(gauges(rude)("suppressions.ending", state=state) for state in ("soon", "past"))


def test_a_suppression_that_ends_soon_is_told(rude: World) -> None:
    """With how much it holds back, also where that is nothing."""
    first, second = (
        ends(rude, timedelta(days=9, hours=1)),
        ends(rude, timedelta(hours=1), scope={"chapter": "ala-harbor"}),
    )
    found = looked(rude)["suppressions-ending"]

    assert not found.ok
    assert [
        f"{first} ala.obscene ends in 9 days, holds back 1",
        f"{second} ala.obscene ends today, holds back 0",
    ] == list(found.cases)
    assert 2 == gauges(rude)("suppressions.ending", state="soon")


def test_what_stands_again_after_an_expiry_is_told(rude: World) -> None:
    """Until the next report has told it; where nothing stands again nobody needs to know."""
    number = ends(rude, -timedelta(days=2))
    ends(rude, -timedelta(days=2), scope={"chapter": "ala-harbor"})
    found = looked(rude)["suppressions-ending"]

    assert (False, [f"{number} ala.obscene is over, findings that stand again: 1"]) == (found.ok, list(found.cases))
    assert 1 == gauges(rude)("suppressions.ending", state="past")


def test_what_was_renewed_ended_or_is_held_back_otherwise_is_not_told(rude: World) -> None:
    """The near-misses: somebody has looked after each of them."""
    ends(rude, timedelta(days=3))
    ends(rude, timedelta(days=100))
    ends(rude, timedelta(days=3), scope={"association": "ala"}, ended_at=TODAY, ended_by="Dana")
    ends(rude, -timedelta(days=3), scope={"account_key": LAKESIDE})

    assert looked(rude)["suppressions-ending"].ok


def test_what_a_person_decided_after_an_expiry_is_not_told(rude: World) -> None:
    """Nobody would hold it back again."""
    ends(rude, -timedelta(days=2))
    for found in rude.archive.findings(account_key=LAKESIDE):
        rude.archive.add_disposition(found.key, DispositionState.CONFIRMED, "", "zofia-k", TODAY)

    assert looked(rude)["suppressions-ending"].ok


# --- judging, reports, mails ----------------------------------------------------------------------------------------


def test_an_audit_that_did_not_follow_its_night_is_late(light: World) -> None:
    """Nothing to judge is no fault; a night without an audit is, and so is an audit of the day before yesterday."""
    assert looked(light)["audit-late"].ok
    light.collect(0, *EVERYBODY)
    assert not looked(light)["audit-late"].ok
    light.audit(night(0) + timedelta(minutes=30))
    assert looked(light)["audit-late"].ok
    light.at(night(2))

    assert not looked(light)["audit-late"].ok


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        (datetime(2026, 11, 2, 5, tzinfo=UTC), 0),
        (datetime(2026, 11, 3, 5, tzinfo=UTC), 0),
        (datetime(2026, 11, 3, 7, tzinfo=UTC), 3),
        (datetime(2026, 11, 30, 7, tzinfo=UTC), 3),
    ],
)
def test_reports_are_overdue_a_day_after_they_are_written(now: datetime, overdue: int, light: World) -> None:
    """They are written on the second at 06:00 UTC. September is before anybody was registered."""
    light.collect(0, *EVERYBODY)
    light.at(now)

    assert overdue == len(looked(light)["reports-late"].cases)
    assert overdue == gauges(light)("reports.overdue", association="ala")


def test_a_chapter_that_came_after_the_month_owes_no_report(light: World) -> None:
    """Whoever was registered after the close has their first report a month later."""
    light.collect(0, LAKESIDE)
    light.at(datetime(2026, 11, 5, tzinfo=UTC))
    light.archive.register_accounts([light.workplace.registry.account(HARBOR)], light.workplace.now)

    assert ["ala-lakeside 2026-10"] == list(looked(light)["reports-late"].cases)


def _issue(world: World, *names: str) -> None:
    for name in names:
        world.archive.issue_report(name, MONTH, "facts", reason=None, at=MONTH_END)


def test_a_report_that_could_not_be_drawn_is_no_written_one(light: World) -> None:
    """It has its row and no PDF, so it is mailed to nobody; publishing again draws it."""
    light.collect(0, *EVERYBODY)
    _issue(light, "ala-lakeside", "ala-harbor", "ala-severn", "rollup:ala")
    for name in ("ala-lakeside", "ala-harbor", "rollup:ala"):
        files = {"pdf_path": f"reports/{name}.pdf", "html_path": f"reports/{name}.html", "pdf_sha256": "0"}
        light.archive.set_report_files(name, MONTH, 1, **files)
    light.at(datetime(2026, 11, 3, 7, tzinfo=UTC))
    found = looked(light)["reports-late"]

    assert (False, ["ala-severn 2026-10"]) == (found.ok, list(found.cases))
    assert "Issued without a PDF: 1 report, to be drawn by `chapterwatch publish 2026-10`." in found.says
    assert 1 == gauges(light)("reports.overdue", association="ala")


def _says(world: World, choice: str, author: str) -> None:
    act = Act(author=author, role="", kind="sign_off", subject=f"ala {MONTH}", at=MONTH_END, detail=choice)
    world.archive.acts.note(act)


def test_reports_wait_until_somebody_says_something(light: World) -> None:
    """Silence holds the reports and is no decision; a person's hold is one."""
    light.at(MONTH_END + timedelta(hours=1))
    _issue(light, "ala-lakeside", "ala-harbor")
    assert {"ala-lakeside 2026-10", "ala-harbor 2026-10"} == set(looked(light)["sign-off-waiting"].cases)

    _says(light, "hold", "")
    assert not looked(light)["sign-off-waiting"].ok
    _says(light, "hold", "dana")
    assert looked(light)["sign-off-waiting"].ok
    assert looked(light)["mails-late"].ok


def test_a_mailed_report_waits_for_nobody(light: World) -> None:
    """One mail is enough: how it ended is a matter of its own."""
    light.at(MONTH_END + timedelta(hours=1))
    _issue(light, "ala-lakeside")
    light.archive.claim_delivery("ala-lakeside", MONTH, 1, "president@lakeside.example", "<1@x.example>", MONTH_END)

    assert looked(light)["sign-off-waiting"].ok


def test_where_no_sign_off_is_asked_unsent_reports_are_late(light: World) -> None:
    """A day after they were issued; before, they may be on their way."""
    path = light.workplace.settings.registry
    path.write_text(path.read_text().replace("    language: en\n", "    language: en\n    sign_off: false\n", 1))
    light.at(MONTH_END + timedelta(hours=23))
    _issue(light, "ala-lakeside")
    assert looked(light)["mails-late"].ok
    light.at(MONTH_END + timedelta(hours=25))
    found = looked(light)

    assert ["ala-lakeside 2026-10"] == list(found["mails-late"].cases)
    assert found["sign-off-waiting"].ok


def _mail(world: World, recipient: str, state: DeliveryState) -> None:
    _issue(world, "ala-lakeside")
    place = ("ala-lakeside", MONTH, 1, recipient)
    world.archive.claim_delivery(*place, "<1@x.example>", MONTH_END)
    if state is DeliveryState.BOUNCED:
        world.archive.bounce_delivery(*place, detail="given up", final=True, at=MONTH_END)
    else:
        world.archive.settle_delivery(*place, state, "said so", MONTH_END)


@pytest.mark.parametrize(
    ("state", "recipient", "wrong"),
    [
        (DeliveryState.SENT, "president@lakeside.example", set()),
        (DeliveryState.DEFERRED, "president@lakeside.example", {"mails-deferred"}),
        (DeliveryState.UNKNOWN, "president@lakeside.example", {"mails-unsettled"}),
        (DeliveryState.REFUSED, "president@lakeside.example", {"mails-unsettled"}),
        (DeliveryState.BOUNCED, "president@lakeside.example", {"mails-unsettled"}),
        (DeliveryState.BOUNCED, "former@lakeside.example", set()),
        (DeliveryState.UNKNOWN, "former@lakeside.example", {"mails-unsettled"}),
    ],
)
def test_mails_nobody_may_have_are_said(state: DeliveryState, recipient: str, wrong: set[str], light: World) -> None:
    """A mail that came back from an address the registry has given up is settled by that; an unknown one is not."""
    light.at(MONTH_END)
    _mail(light, recipient, state)
    found = looked(light)

    assert wrong == {name for name in ("mails-unsettled", "mails-deferred") if not found[name].ok}


def test_last_quarters_mails_are_brought_up_no_more(light: World) -> None:
    """The next report has been out for long; the ledger keeps the row."""
    light.at(MONTH_END)
    _mail(light, "president@lakeside.example", DeliveryState.UNKNOWN)
    light.at(MONTH_END + timedelta(days=46))

    assert looked(light)["mails-unsettled"].ok


def test_an_unknown_mail_is_settled_by_a_persons_word(world: World) -> None:
    """Who asked and what the answer was stands in the ledger; then nobody is bothered with it again."""
    world.at(MONTH_END)
    _mail(world, "president@lakeside.example", DeliveryState.UNKNOWN)
    key = f"ala-lakeside/{MONTH}/1/president@lakeside.example"
    with pytest.raises(UserError, match="a person's decision"):
        settle_delivery(world.workplace, key, "dana", " ")
    settle_delivery(world.workplace, key, "dana", "has it")

    assert looked(world)["mails-unsettled"].ok
    last = world.archive.delivery_events("ala-lakeside", MONTH, 1, "president@lakeside.example")[-1]
    assert (DeliveryState.SENT, "dana", "arrived, as a person says: has it") == (last.state, last.author, last.detail)
    [logged] = world.archive.acts.page(kind="settle")
    assert ("dana", f"ala-lakeside {MONTH} r1", "has it") == (logged.author, logged.subject, logged.why)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.BOUNCED])
def test_a_known_end_is_not_changed_by_anybodys_word(state: DeliveryState, light: World) -> None:
    """Only what nobody knows can be said by somebody."""
    light.at(MONTH_END)
    _mail(light, "president@lakeside.example", state)

    with pytest.raises(UserError, match=f"is {state}; only of an unknown mail"):
        settle_delivery(light.workplace, f"ala-lakeside/{MONTH}/1/president@lakeside.example", "dana", "has it")


# --- the archive ----------------------------------------------------------------------------------------------------


def test_a_verification_is_remembered_with_its_answer(light: World) -> None:
    """Whole: its time is kept. Not whole: said until one ends well; and the time of the last good one stays."""
    light.x.shows("2001", "1", "Hello", night(0) - timedelta(days=1))
    light.collect(0, LAKESIDE)
    assert verify_archive(light.workplace).ok
    good = light.workplace.now
    light.at(night(1))
    _tamper(light)
    assert not verify_archive(light.workplace).ok
    said = gauges(light)

    assert not looked(light)["archive-broken"].ok
    assert (0, good.timestamp()) == (said("archive.whole"), said("archive.verified"))


def _tamper(world: World) -> None:
    engine = create_engine(world.workplace.settings.database)
    with engine.begin() as conn:
        conn.execute(text("UPDATE post_revision SET text = 'Hullo'"))
    engine.dispose()


@pytest.mark.parametrize(("days", "ok"), [(8, True), (9, False)])
def test_an_archive_is_to_be_verified_every_week(days: int, *, ok: bool, light: World) -> None:
    """Counted from the last good one, or from the first run where there was none."""
    light.collect(0, LAKESIDE)
    light.at(night(days))
    assert ok is looked(light)["archive-unverified"].ok
    verify_archive(light.workplace)

    assert looked(light)["archive-unverified"].ok


def test_reports_the_archive_does_not_know_mean_that_it_is_older(light: World) -> None:
    """A report with its row is well, a redacted one has none; a PDF without one was issued by a newer archive."""
    light.at(MONTH_END)
    _issue(light, "ala-lakeside")
    light.archive.set_report_files(
        "ala-lakeside", MONTH, 1, pdf_path=f"reports/{MONTH}/a-r1.pdf", html_path=None, pdf_sha256="0"
    )
    for name in ("a-r1.pdf", "a-r1.html", "redacted/a-r1.pdf"):
        path = light.home / "reports" / MONTH / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF")
    assert looked(light)["archive-behind"].ok
    (light.home / "reports" / MONTH / "b-r1.pdf").write_bytes(b"%PDF")

    assert [f"reports/{MONTH}/b-r1.pdf"] == list(looked(light)["archive-behind"].cases)


# --- erasing --------------------------------------------------------------------------------------------------------


def test_a_post_is_erased_on_request_and_the_chain_still_holds(light: World) -> None:
    """Its words are in no file of the archive any more; who asked and why stands in the log; nothing else went."""
    light.store(LAKESIDE, post("1", "Zanzibarmarmalade", night(0)), post("2", "Stays", night(0)), at=night(1))
    receipt = erase_post(light.workplace, LAKESIDE, "1", by="records officer", why="a request")
    files = [path for path in light.home.glob("archive.sqlite*") if b"Zanzibarmarmalade" in path.read_bytes()]

    assert [] == files
    assert receipt.tombstone is not None
    assert light.archive.verify().ok
    assert ["Stays"] == list(light.archive.posts_frame([LAKESIDE])["text"])
    [act] = light.archive.acts.of_subject(f"{LAKESIDE}/1")
    assert ("erase", "records officer", "a request", "ala-lakeside") == (act.kind, act.author, act.why, act.chapter)


def test_what_still_stands_on_its_platform_is_read_again(light: World) -> None:
    """The runbook says to have it deleted there first; this is why."""
    light.x.shows("2001", "1", "Zanzibarmarmalade", night(0) - timedelta(days=1))
    light.collect(0, LAKESIDE)
    erase_post(light.workplace, LAKESIDE, "1", by="records officer", why="a request")
    light.collect(1, LAKESIDE)

    assert ["Zanzibarmarmalade"] == list(light.archive.posts_frame([LAKESIDE])["text"])


def test_an_edited_post_is_erased_by_any_id_it_has_had(light: World) -> None:
    """X gives an edited post a new id, with which its address ends. The near-miss: a part of an id names nothing."""
    edited = post("100", "Zanzibarmarmalade", night(0), version_ids=("100", "101", "102"), edited_at=night(0))
    light.store(LAKESIDE, edited, post("7", "Stays", night(0)), at=night(1))
    with pytest.raises(ArchiveError, match="post 10 of"):
        erase_post(light.workplace, LAKESIDE, "10", by="records officer", why="a request")
    receipt = erase_post(light.workplace, LAKESIDE, "102", by="records officer", why="a request")

    assert ("100", 1) == (receipt.native_id, receipt.captures)
    assert ["Stays"] == list(light.archive.posts_frame([LAKESIDE])["text"])
    assert 1 == len(light.archive.acts.of_subject(f"{LAKESIDE}/100"))
    assert [] == quoting_reports(light.workplace, LAKESIDE, "101")


def test_a_post_of_an_account_that_left_the_registry_is_erased_on_request(light: World) -> None:
    """Its posts are still kept, and its chapter is known; nobody's account is still a mistake."""
    light.store(LAKESIDE, post("1", "Zanzibarmarmalade", night(0)), at=night(1))
    without_lakeside(light)
    erase_post(light.workplace, LAKESIDE, "1", by="records officer", why="a request")
    [act] = light.archive.acts.of_subject(f"{LAKESIDE}/1")

    assert [] == list(light.archive.posts_frame([LAKESIDE])["text"])
    assert "ala-lakeside" == act.chapter
    assert [] == withdraw_reports(light.workplace, LAKESIDE, "1", by="records officer", why="a request")


@pytest.mark.parametrize(
    ("consent", "left"), [("", []), (", on_deleted: keep_with_owner_consent", ["Zanzibarmarmalade"])]
)
def test_a_deleted_post_of_an_account_that_left_the_registry_is_erased(
    consent: str, left: list[str], light: World
) -> None:
    """By the next audit, whichever chapters it is of, unless the owner had consented to keeping it."""
    path = light.workplace.settings.registry
    path.write_text(path.read_text().replace("handle: ala_lakeside", f"handle: ala_lakeside{consent}"))
    light.store(LAKESIDE, post("1", "Zanzibarmarmalade", night(0)), at=night(1))
    for number in (2, 3):
        light.miss(LAKESIDE, "1", at=night(number))
    without_lakeside(light)
    light.audit(night(3), "ala-harbor")

    assert left == list(light.archive.posts_frame([LAKESIDE])["text"])


def without_lakeside(world: World) -> None:
    """Somebody takes the chapter's X account out of the registry."""
    path = world.workplace.settings.registry
    before, rest = path.read_text().split('          - {platform: x, native_id: "2001"')
    path.write_text(before + rest[rest.index("          - {platform: plain") :])
    world.workplace = Workplace(world.workplace.settings, lambda _: None)


EXPORT = "id,created_at,text\n1,2026-10-01T10:00:00Z,Zanzibarmarmalade\n"


def test_an_export_left_in_the_inbox_brings_nothing_back(light: World) -> None:
    """It is read again every night; what was erased on request stays erased."""
    light.drop("a.csv", EXPORT)
    light.collect(0, LIST)
    erase_post(light.workplace, LIST, "1", by="records officer", why="a request")
    light.collect(1, LIST)

    assert [] == list(light.archive.posts_frame([LIST])["text"])


def test_an_older_export_beside_the_one_that_tells_of_the_deletion_brings_nothing_back(light: World) -> None:
    """Erased once, and then the chain stands still."""
    light.drop("a.csv", EXPORT)
    light.drop(
        "b.csv",
        "id,created_at,text,deleted_at\n1,2026-10-01T10:00:00Z,Zanzibarmarmalade,2026-10-05T00:00:00Z\n",
    )
    nights = []
    for number in range(3):
        light.collect(number, LIST)
        erased = light.audit(night(number) + timedelta(hours=3))["erased"]
        nights.append((erased, light.archive.heads([LIST])[LIST].count))

    assert [(1, 2), (0, 2), (0, 2)] == nights
    assert ["deleted"] == list(light.archive.posts_frame([LIST], erased=True)["state"])


@pytest.mark.parametrize(
    ("account", "native_id", "by", "said"),
    [
        (LAKESIDE, "1", " ", "a person's decision"),
        ("x:9999", "1", "dana", "x:9999"),
        (LAKESIDE, "77", "dana", "77"),
    ],
)
def test_nothing_is_erased_by_mistake(account: str, native_id: str, by: str, said: str, light: World) -> None:
    """Nobody, an account nobody has, a post nobody knows."""
    light.store(LAKESIDE, post("1", "Stays", night(0)), at=night(1))
    with pytest.raises((UserError, ArchiveError), match=said):
        erase_post(light.workplace, account, native_id, by=by, why="a request")

    assert ["Stays"] == list(light.archive.posts_frame([LAKESIDE])["text"])


# --- how it is said -------------------------------------------------------------------------------------------------


def test_gauges_that_cannot_be_said_stop_no_step(light: World, caplog: pytest.LogCaptureFixture) -> None:
    """A registry broken meanwhile is a line in the log here; whoever runs the command is told."""
    light.workplace.settings.registry.write_text("associations: 3")
    with metrics.sent_to(Kept()), caplog.at_level(logging.WARNING):
        health.say(light.workplace)
    with pytest.raises(UserError):
        check_health(light.workplace)

    assert ["gauges not said"] == [record.getMessage().partition(":")[0] for record in caplog.records]


def test_where_nobody_listens_nothing_is_looked_at(light: World) -> None:
    """A step on the command line does not pay for gauges nobody hears."""
    light.workplace.settings.registry.unlink()

    health.say(light.workplace)


@pytest.fixture
def commanded(light: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The command line looks at this world."""
    light.collect(0, *EVERYBODY)
    settings = light.workplace.settings
    for name, value in {
        "HOME": str(settings.home),
        "REGISTRY": str(settings.registry),
        "DATABASE": settings.database,
        "CONNECTIONS": str(settings.home / "none.yml"),
        "NOW": night(2).isoformat(),
    }.items():
        monkeypatch.setenv(f"CHAPTERWATCH_{name}", value)
    return light


def test_the_command_says_it_in_words_and_by_its_exit(commanded: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line by the name of its section; exit status 1 where something needs a person."""
    with pytest.raises(SystemExit) as ended:
        main(["health"])
    said = capsys.readouterr().out

    assert 1 == ended.value.code
    assert [check.id for check in check_health(commanded.at(night(2)).workplace)] == [
        line[7:].split()[0] for line in said.splitlines() if line.startswith(("ok     ", "TO DO  "))
    ]
    assert "TO DO  night-late" in said


def test_the_command_says_it_for_machines(commanded: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The same checks as JSON; the gauges as Prometheus reads them, and then the exit status is the collector's."""
    with pytest.raises(SystemExit):
        main(["health", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"]
    assert [check.as_record() for check in check_health(commanded.at(night(2)).workplace)] == said["checks"]

    main(["health", "--prometheus"])
    lines = capsys.readouterr().out.splitlines()
    assert f"airflow_chapterwatch_night_last_full {night(0).timestamp():.15g}" in lines
    assert {name for name, item in metrics.METRICS.items() if item.kind is metrics.Kind.GAUGE} == {
        name for name in metrics.METRICS if any(line.startswith("airflow_" + name.replace(".", "_")) for line in lines)
    } | {"chapterwatch.audit.judged", "chapterwatch.audit.not_judged", "chapterwatch.findings.open"}
