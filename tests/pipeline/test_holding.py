"""What suppressions hold back: nothing but what was meant, for as long as was decided, and nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chapterwatch import replies
from chapterwatch.archive import Suppression
from chapterwatch.archive.acts import Act
from chapterwatch.model import DispositionState, Finding, Lane, Severity
from chapterwatch.pipeline import alert_duty, findings_frame, holding, publish_reports, signoff
from chapterwatch.pipeline.adhoc import adhoc_report, adhoc_request
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash
from chapterwatch.pipeline.peers import network_months
from chapterwatch.pipeline.publish import chapter_view
from chapterwatch.pipeline.steps import press_of
from chapterwatch.policy import load_pack
from chapterwatch.settings import Mail
from reports.facts import ChapterInputs
from tests.pipeline.test_alerts import LINK, THREAT, alert, letters, posted
from tests.pipeline.test_deliver import Server, listening
from tests.pipeline.test_network import pressed, view_of
from tests.pipeline.world import FIRST_NIGHT, HARBOR, LAKESIDE, MONTH, MONTH_END, REGISTRY, World, post

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
READ = POSTED + timedelta(hours=9)
RUDE, RULE = "This is bullshit, all of it.", "ala.obscene"
#: The ends of October and November in the association's time zone.
OCTOBER_ENDS, NOVEMBER_ENDS = datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC)
#: When October closes.
CLOSES = MONTH_END
LAKESIDE_CHAPTER = {"chapter": "ala-lakeside"}


def suppression(rule: str = RULE, **changes: Any) -> Suppression:
    facts: dict[str, Any] = {
        "rule_id": rule,
        "scope": LAKESIDE_CHAPTER,
        "reason": "The president's family name.",
        "author": "Dana, office",
        "at": READ,
        "expires_at": NOVEMBER_ENDS,
    }
    return Suppression(**facts | changes)


def hold(world: World, rule: str = RULE, **changes: Any) -> int:
    return world.archive.add_suppression(suppression(rule, **changes))


def inputs_of(world: World, chapter: str = "ala-lakeside", month: str = MONTH) -> ChapterInputs:
    association = world.workplace.registry.association("ala")
    issue = Issue(revision=1, reason=None, issued_at=MONTH_END)
    found = world.workplace.registry.chapter(chapter)
    return chapter_inputs(world.archive, association, found, load_pack("ala"), month, issue)


def told(world: World, chapter: str = "ala-lakeside", month: str = MONTH) -> tuple[list[str], int]:
    """The posts a chapter's month finds something in by the rule, and how many results were held back."""
    inputs = inputs_of(world, chapter, month)
    return sorted(one.subject_id for one in inputs.findings if one.rule_id == RULE), inputs.suppressed


@pytest.fixture
def judged(light: World) -> World:
    """Lakeside and Harbor both cursed in October; Lakeside did once more, in other words."""
    other = post("2", "What a shitshow that was.", POSTED)
    light.store(LAKESIDE, post("1", RUDE, POSTED), other, at=READ, bio="We")
    light.store(HARBOR, post("3", RUDE, POSTED), at=READ)
    light.audit(READ)
    return light


# --- near-misses ----------------------------------------------------------------------------------------------------


def test_without_a_suppression_everything_is_told(judged: World) -> None:
    """Where nothing was decided nothing is held back."""
    assert (["1", "2"], 0) == told(judged)


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": {"chapter": "ala-harbor"}},
        {"scope": {"association": "lll"}},
        {"scope": {"account_key": HARBOR}},
        {"scope": {"account_key": LAKESIDE, "phrase": "shit"}},
        {"scope": {**LAKESIDE_CHAPTER, "weekday": "Monday"}},
        {"scope": {}},
        {"scope": {"phrase": "bullshit"}},
        {"scope": {"account_key": LAKESIDE, "post": "1"}},
        {"scope": {}, "finding_key": "unknown", "content_hash": "c"},
        {"rule": "ala.threat"},
        {"at": CLOSES},
        {"expires_at": OCTOBER_ENDS - timedelta(seconds=1)},
        {"ended_at": CLOSES - timedelta(seconds=1), "ended_by": "Dana, office"},
        {"expires_at": None, "at": READ - holding.LONGEST},
    ],
    ids=[
        "another chapter",
        "another association",
        "another account",
        "a part of the words",
        "narrowed in an unknown way",
        "no place",
        "words and no place",
        "a post without its content",
        "another finding",
        "another rule",
        "made when the month had closed",
        "expired before the month's end",
        "ended before the month closed",
        "kept without an expiry a year ago",
    ],
)
def test_what_was_not_meant_is_not_held_back(judged: World, changes: dict[str, Any]) -> None:
    """Each is one step away from holding something back."""
    hold(judged, **changes)

    assert (["1", "2"], 0) == told(judged)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, []),
        ({"scope": {"association": "ala"}}, []),
        ({"scope": {"account_key": LAKESIDE}}, []),
        ({"scope": {**LAKESIDE_CHAPTER, "phrase": " BullShit "}}, ["2"]),
        ({"at": CLOSES - timedelta(seconds=1)}, []),
        ({"expires_at": OCTOBER_ENDS}, []),
        ({"ended_at": CLOSES, "ended_by": "Dana, office"}, []),
        ({"expires_at": None}, []),
    ],
    ids=["chapter", "association", "account", "phrase", "just in time", "the month's last day", "ended later", "old"],
)
def test_what_was_meant_is_held_back_and_counted(judged: World, changes: dict[str, Any], left: list[str]) -> None:
    """From what was made before the month closed to what ends with its last day."""
    hold(judged, **changes)

    assert (left, 2 - len(left)) == told(judged)


def test_another_chapters_finding_of_the_same_rule_stands(judged: World) -> None:
    """The same words of the same rule, next door."""
    hold(judged)

    assert (["3"], 0) == told(judged, "ala-harbor")


def test_nothing_held_back_leaves_the_archive(judged: World) -> None:
    """The finding is judged, kept and open as before; the report holds it without its words."""
    before = judged.archive.findings(chapter="ala-lakeside")
    hold(judged)
    judged.audit(READ + timedelta(days=1))
    held = inputs_of(judged).held

    assert before == judged.archive.findings(chapter="ala-lakeside")
    assert {("1", ""), ("2", "")} == {(one.finding.subject_id, one.finding.excerpt) for one in held}


def test_the_table_of_findings_says_what_is_held_back(judged: World) -> None:
    """Everything found stands in it, with the number of what holds it back now."""
    number = hold(judged)
    frame = findings_frame(judged.at(CLOSES).workplace, (), None)
    late = findings_frame(judged.at(NOVEMBER_ENDS).workplace, (), None)
    told = frame[frame["rule"] == RULE]

    assert {"1": str(number), "2": str(number), "3": ""} == dict(zip(told["id"], told["held_back"], strict=True))
    assert (len(frame), {""}) == (len(late), set(late["held_back"]))


# --- what a person decided about the finding itself -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (DispositionState.CONFIRMED, ["1", "2"]),
        (DispositionState.SENT_TO_OWNER, ["1", "2"]),
        (DispositionState.FALSE_POSITIVE, ["1", "2"]),
        (DispositionState.REOPENED, []),
    ],
)
def test_a_decision_about_a_finding_goes_before_a_suppression(
    judged: World, state: DispositionState, left: list[str]
) -> None:
    """Who looked at just this finding knows more than who looked at the rule."""
    hold(judged)
    for one in judged.archive.findings(chapter="ala-lakeside"):
        judged.archive.add_disposition(one.key, state, "", "zofia-k", READ + timedelta(days=1), "reviewer")

    assert left == told(judged)[0]


# --- one post -------------------------------------------------------------------------------------------------------


def content(world: World, native_id: str, key: str = LAKESIDE) -> str:
    """The hash of a post's content as it stands."""
    return world.archive.shelf.post(key, native_id).versions[-1].content_hash


def hold_post(world: World, rule: str = RULE, native_id: str = "1", **changes: Any) -> int:
    scope = {"account_key": LAKESIDE, "post": native_id}
    return hold(world, rule, scope=scope, content_hash=content(world, native_id), **changes)


def test_a_suppression_of_one_post_holds_for_that_post(judged: World) -> None:
    """The other post of the account stands."""
    hold_post(judged)

    assert (["2"], 1) == told(judged)


def edit(world: World, at: datetime, text: str) -> None:
    world.store(LAKESIDE, post("1", text, POSTED), at=at)
    world.audit(at)


def test_an_edit_revives_the_finding(judged: World) -> None:
    """The words are still there and something beside them is new: nobody has decided about that."""
    hold_post(judged)
    edit(judged, READ + timedelta(days=2), f"{RUDE} And you, too.")

    assert (["1", "2"], 0) == told(judged)


def test_an_edit_after_the_month_makes_no_other_report_of_it(judged: World) -> None:
    """October held it back, November does not."""
    hold_post(judged)
    before = inputs_hash(inputs_of(judged))
    edit(judged, CLOSES + timedelta(days=2), f"{RUDE} And you, too.")

    assert (["2"], 1) == told(judged)
    assert before == inputs_hash(inputs_of(judged))
    assert (["1", "2"], 0) == told(judged, month="2026-11")


def test_the_words_of_before_are_held_back_again(judged: World) -> None:
    """What somebody decided about is back."""
    hold_post(judged)
    edit(judged, READ + timedelta(days=2), f"{RUDE} And you, too.")
    edit(judged, READ + timedelta(days=4), RUDE)

    assert (["2"], 1) == told(judged)


def test_a_post_that_was_erased_accuses_nobody_anew(judged: World) -> None:
    """What was kept of it in the suppression went as well, and it holds all the same; shown again it is news."""
    hold_post(judged)
    judged.archive.erase_body(LAKESIDE, "1", reason="asked for", author="test", at=READ + timedelta(days=1))
    judged.audit(READ + timedelta(days=2))
    gone = told(judged)
    edit(judged, READ + timedelta(days=3), f"{RUDE} Again.")

    assert ((["2"], 1), (["1", "2"], 0)) == (gone, told(judged))


def test_what_an_edit_revived_is_told_though_its_post_is_erased(judged: World) -> None:
    """Of two texts that are gone nobody can say any more which was meant: it was not the last one."""
    hold_post(judged)
    edit(judged, READ + timedelta(days=2), f"{RUDE} And you, too.")
    judged.archive.erase_body(LAKESIDE, "1", reason="asked for", author="test", at=READ + timedelta(days=3))
    judged.audit(READ + timedelta(days=4))

    assert (["1", "2"], 0) == told(judged)


# --- the same facts are the same report -----------------------------------------------------------------------------


def test_no_issued_report_is_changed_by_a_later_suppression(judged: World) -> None:
    """It counts from the next report on; publishing the old month again says so by changing nothing."""
    before = inputs_hash(inputs_of(judged))
    hold(judged, at=CLOSES + timedelta(days=1))

    assert before == inputs_hash(inputs_of(judged))
    assert ([], 2) == told(judged, month="2026-11")


def test_no_issued_report_is_changed_by_a_suppressions_end(judged: World) -> None:
    """Neither by its expiry nor by somebody who ends it; the next report tells again what still stands."""
    number = hold(judged)
    before = inputs_hash(inputs_of(judged))
    judged.at(NOVEMBER_ENDS + timedelta(days=90))
    late = inputs_hash(inputs_of(judged))
    act = Act(author="Dana", role="", kind="suppress_end", subject="ala suppression", at=CLOSES + timedelta(days=3))
    judged.archive.acts.end_suppression(number, act)

    assert [before, before] == [late, inputs_hash(inputs_of(judged))]
    assert (["1", "2"], 0) == told(judged, month="2026-11")


def test_what_is_held_back_is_a_fact_of_the_report(judged: World) -> None:
    """A report that leaves something out is no report of a month without it."""
    before = inputs_hash(inputs_of(judged))
    hold(judged)
    held = inputs_hash(inputs_of(judged))
    quiet = inputs_hash(replace(inputs_of(judged), held=()))

    assert 3 == len({before, held, quiet})


def test_a_month_says_how_much_was_held_back_in_it(judged: World) -> None:
    """What was mended before the month, and what came after it, is not counted in it."""
    hold(judged, expires_at=datetime(2027, 1, 1, 6, tzinfo=UTC), at=READ)
    edit(judged, CLOSES + timedelta(days=10), "Good morning.")

    assert [2, 2, 1] == [told(judged, month=month)[1] for month in (MONTH, "2026-11", "2026-12")]
    assert 0 == told(judged, month="2026-09")[1]


# --- front, roll-up, sign-off ---------------------------------------------------------------------------------------


def test_report_roll_up_and_sign_off_count_alike(world: World) -> None:
    """Nothing of it stands on a front or in a sum; the method says how many, and the rule is not called silent."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), post("2", "What a shitshow that was.", POSTED), at=READ, bio="We")
    world.store(HARBOR, post("3", RUDE, POSTED), at=READ)
    world.audit(READ)
    before = view_of(world)
    hold(world)
    after, press = view_of(world), pressed(world)
    chapter = chapter_view(press, press.registry.chapter("ala-lakeside"), MONTH)
    publish_reports(world.at(MONTH_END).workplace, MONTH)
    [batch] = signoff.batches(world.workplace, MONTH)

    def new(view: Any) -> dict[str, int]:
        return {line.chapter_id: line.counts.new for line in view.chapters}

    assert {"ala-lakeside": 2, "ala-harbor": 1, "ala-severn": 0} == new(before)
    assert {"ala-lakeside": 0, "ala-harbor": 1, "ala-severn": 0} == new(after)
    assert (0, 0, 0) == (chapter.counts.new, chapter.counts.set_aside, sum(one.findings for one in chapter.clauses))
    assert 1 == sum("2 results were held back under suppressions" in line for line in chapter.method.statements)
    assert ["Harbor", "Association"] == re.findall(r"\| (\w+)[^|]*\| [^|]*: 1 new finding", batch["body"])
    assert [line.found for line in before.rules.every] == [line.found for line in after.rules.every]


def test_chapters_of_like_size_are_counted_without_it(judged: World) -> None:
    """What a chapter's own trend leaves out is left out beside it, too."""
    association = judged.workplace.registry.association("ala")
    before = network_months(judged.archive, association, MONTH)[MONTH]
    hold(judged)
    after = network_months(judged.archive, association, MONTH)[MONTH]

    assert (2, 0) == (before["ala-lakeside"].findings, after["ala-lakeside"].findings)
    assert before["ala-harbor"] == after["ala-harbor"]


def test_an_audit_on_request_holds_back_the_same(judged: World) -> None:
    """It judges in memory and prints no more than the month's report."""
    hold(judged)
    asked = {"reason": "a question", "chapters": ["ala-lakeside"], "since": "2026-10-01", "until": "2026-10-31"}
    judged.at(MONTH_END)
    request = adhoc_request(judged.workplace, asked, "manual__1")

    assert 0 == adhoc_report(judged.workplace, request)["findings"]
    assert 2 == len([one for one in judged.archive.findings(chapter="ala-lakeside") if one.rule_id == RULE])


# --- alerts ---------------------------------------------------------------------------------------------------------

NIGHT = FIRST_NIGHT + timedelta(days=1)


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as running:
        yield running


@pytest.fixture
def watched(light: World, server: Server) -> World:
    """A network whose person on duty is named, with a mail server."""
    before = "    headquarters: [audit@hq.example]\n"
    light.workplace.settings.registry.write_text(REGISTRY.replace(before, before + "    duty: [duty@hq.example]\n"))
    return light.at(NIGHT, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))


def threats(world: World) -> list[Finding]:
    found = world.archive.findings(account_key=LAKESIDE)
    return [one for one in found if one.severity is Severity.CRITICAL and one.lane is not Lane.CREDIT]


@pytest.mark.parametrize("scope", [{"association": "ala"}, LAKESIDE_CHAPTER, {"account_key": LAKESIDE}])
def test_no_suppression_of_a_place_silences_a_threat(watched: World, server: Server, scope: dict[str, str]) -> None:
    """However it came into the archive: whoever is on duty hears of it, and the report prints it."""
    posted(watched, "7", THREAT, permalink=LINK)
    [found] = threats(watched)
    hold(watched, found.rule_id, scope=scope, at=NIGHT)

    assert ({"sent": 1}, 1) == (alert(watched), len(server.got))
    assert found.key in {one.key for one in inputs_of(watched).findings}


def test_one_post_or_one_phrase_of_a_threats_rule_can_be_held_back(watched: World, server: Server) -> None:
    """Headquarters has decided about just these words; the next threat is told."""
    posted(watched, "7", THREAT)
    [found] = threats(watched)
    hold(watched, found.rule_id, scope={"association": "ala", "phrase": found.excerpt}, at=NIGHT)
    quiet = alert(watched)
    posted(watched, "8", "I will shoot you, Marta Ostrowe.")

    assert ({}, {"sent": 1}) == (quiet, alert(watched))
    assert 1 == len(letters(server))


def test_an_expired_suppression_silences_no_threat(watched: World, server: Server) -> None:
    """The mail leaves in the first night after it."""
    posted(watched, "7", THREAT)
    [found] = threats(watched)
    hold_post(watched, found.rule_id, "7", at=NIGHT, expires_at=NIGHT + timedelta(days=3))
    quiet = alert(watched.at(NIGHT + timedelta(days=2)))

    assert ({}, {"sent": 1}) == (quiet, alert(watched.at(NIGHT + timedelta(days=3))))
    assert 1 == len(server.got)


def test_an_edited_threat_is_told_though_its_post_was_held_back(watched: World, server: Server) -> None:
    """It was decided about what it said then."""
    posted(watched, "7", THREAT)
    [found] = threats(watched)
    hold_post(watched, found.rule_id, "7", at=NIGHT)
    quiet = alert(watched)
    watched.store(LAKESIDE, post("7", f"{THREAT} Tomorrow.", FIRST_NIGHT), at=NIGHT + timedelta(days=1))
    watched.audit(NIGHT + timedelta(days=1))

    assert ({}, {"sent": 1}, 1) == (quiet, alert(watched), len(server.got))


def test_a_threat_somebody_confirmed_is_told(watched: World, server: Server) -> None:
    """A suppression takes nobody's word back."""
    posted(watched, "7", THREAT)
    [found] = threats(watched)
    hold_post(watched, found.rule_id, "7", at=NIGHT)
    watched.archive.add_disposition(found.key, DispositionState.CONFIRMED, "", "zofia-k", NIGHT, "reviewer")

    assert ({"sent": 1}, 1) == (alert(watched), len(server.got))


def test_an_alert_that_was_sent_stays_in_the_log(watched: World, server: Server) -> None:
    """What was mailed was mailed; from then on it is held back, and nobody is told twice when that ends."""
    posted(watched, "7", THREAT)
    [found] = threats(watched)
    first = alert(watched)
    hold_post(watched, found.rule_id, "7", at=NIGHT, expires_at=NIGHT + timedelta(days=3))
    quiet = alert(watched.at(NIGHT + timedelta(days=1)))
    later = alert(watched.at(NIGHT + timedelta(days=4)))

    assert ({"sent": 1}, {}, {"already": 1}) == (first, quiet, later)
    assert [f"alert:{found.key}"] == [row.chapter for row in watched.archive.deliveries()]
    assert 1 == len(server.got)


def test_what_is_held_back_needs_no_mail_transport(light: World) -> None:
    """The near-miss of a threat nobody can be told of: there is nothing to tell."""
    world = light.at(NIGHT, mail=None)
    posted(world, "7", THREAT)
    [found] = threats(world)
    hold_post(world, found.rule_id, "7", at=NIGHT)

    assert {} == {state: count for state, count in alert_duty(world.workplace).items() if count}


def test_a_press_of_today_heeds_the_same(judged: World) -> None:
    """What the roll-up counts is what the chapter's view counts, also where it is drawn anew."""
    hold(judged)
    press = press_of(judged.at(MONTH_END).workplace)

    assert 0 == chapter_view(press, press.registry.chapter("ala-lakeside"), MONTH).counts.standing


# --- the roll-up ----------------------------------------------------------------------------------------------------


def test_the_roll_up_names_each_suppression_that_held_something_back(judged: World) -> None:
    """With its number, place, count, reason, author and last day; one that held nothing is not told."""
    hold(judged, "ala.threat", scope={"association": "ala", "phrase": "kill it"})
    wide = hold(
        judged, scope={"association": "ala", "phrase": "bullshit"}, expires_at=datetime(2026, 12, 8, 6, tzinfo=UTC)
    )
    narrow = hold(judged)
    held = view_of(judged).held

    assert [(wide, 2, "all chapters, one wording alone"), (narrow, 1, "all of Lakeside Chapter")] == [
        (line.number, line.findings, line.where) for line in held
    ]
    assert ("The president's family name.", "Dana, office", "7 December 2026") == (
        held[0].reason,
        held[0].author,
        held[0].ends_words,
    )
    assert ["An obscene word"] * 2 == [line.rule for line in held]


def test_the_roll_up_says_of_which_account_or_post(judged: World) -> None:
    """By the account's name; neither the post's words nor a phrase of it are printed."""
    hold_post(judged)
    hold(judged, scope={"account_key": HARBOR, "phrase": "bullshit"})
    view = view_of(judged)

    assert ["one post of X @ala_lakeside, Lakeside Chapter", "X @ala_harbor of Harbor Chapter, one wording alone"] == [
        line.where for line in view.held
    ]
    assert "bullshit" not in repr(view)


def test_an_appeal_against_what_is_held_back_still_waits_for_its_decision(judged: World) -> None:
    """It was said before the rule was held back; headquarters hears of it until somebody decides."""
    [one] = [item for item in judged.archive.findings(chapter="ala-lakeside") if item.subject_id == "1"]
    said = replies.spoken(
        judged.workplace.registry.chapter("ala-lakeside"), one.key, "appeal", "That is his name.", "president", READ
    )
    judged.archive.acts.reply(said, Act(author="rosa", role="headquarters", kind="reply", subject=one.key, at=READ))
    hold(judged)
    matters = [(row.count, row.what) for row in view_of(judged).attention]

    assert [("1", "appeal waits for a decision")] == [matter for matter in matters if "appeal" in matter[1]]


def test_another_associations_suppression_stands_in_no_other_roll_up(judged: World) -> None:
    """What held nothing back here is none of this network's business."""
    hold(judged, scope={"association": "lll"})

    assert () == view_of(judged).held
