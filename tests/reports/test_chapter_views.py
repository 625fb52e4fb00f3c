# ruff: noqa: RUF001 - reports print typographic signs, and the tests name them as they are printed
"""What stands beside the findings: last month, chapters of like size, replies, what was judged, how far to trust it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from chapterwatch.policy import RuleQuality
from reports import charts
from reports.facts import PeerMonth, RuleAnswers
from reports.view import build_chapter
from reports.words import load
from tests.reports.factory import (
    PERIOD,
    Replied,
    X,
    account,
    answered,
    asked,
    association,
    chapter,
    finding,
    full,
    lakeside,
    pack,
    quiet,
    with_a_year,
)

HEATED, PHONE = "ala.heated", "ala.private_data.phone"
ENOUGH = PeerMonth(period=PERIOD, chapters=5, low=1.0, median=2.0, high=4.0)

# --- last month -----------------------------------------------------------------------------------------------------


def test_nothing_is_said_of_a_month_nothing_is_known_of() -> None:
    """A nought for a month before collecting began would be a claim."""
    assert ["since the month began", "from earlier months"] == [one.note for one in build_chapter(quiet()).numbers[:2]]


def test_last_month_s_numbers_are_as_that_month_ended() -> None:
    """What was mended in October was still open when September ended."""
    notes = {number.label: number.note for number in build_chapter(lakeside()).numbers}

    expected = {"new": "2 in September", "still open": "1 in September", "fixed": "0 in September"}
    assert expected == {label: notes[label] for label in expected}
    assert "43 in September" == notes["posts"]


# --- chapters of like size ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"posts_by_month": {(X, PERIOD): 9}, "peers": (ENOUGH,)}, "below 10 posts"),
        ({"posts_by_month": {}, "peers": (ENOUGH,)}, ""),
        ({"peers": ()}, "no other chapter posted about as much"),
        ({"peers": (PeerMonth(period=PERIOD, chapters=1),)}, "only one other chapter"),
        ({"peers": (PeerMonth(period=PERIOD, chapters=4),)}, "only 4 other chapters posted about as much this month"),
        ({"peers": (replace(ENOUGH, period="2026-09"),)}, "no other chapter"),
        ({"revision_reason": "Asked.", "peers": (ENOUGH,)}, ""),
    ],
)
def test_without_enough_there_is_no_comparison_but_its_reason(changes: dict[str, object], sentence: str) -> None:
    """Too few posts, too few chapters, an audit on request: one sentence, or none, and never a number of others."""
    trend = build_chapter(quiet(**changes)).trend

    assert sentence in trend.comparison
    assert bool(sentence) == bool(trend.comparison)
    assert "4.0" not in trend.comparison


def test_the_comparison_ranks_nobody() -> None:
    """The middle half and the median of the others, and how many they are; no place among them."""
    trend = build_chapter(quiet(peers=(ENOUGH,))).trend

    expected = "Grey: the middle half (1.0 to 4.0) and the median (2.0) of 5 chapters that posted about as much"
    assert f"{expected}, half to double." == trend.comparison
    assert (ENOUGH,) == trend.peers


def test_the_trend_has_every_month_and_gaps_where_nothing_was_posted() -> None:
    """Thirteen months; January without posts has no rate, and no band where there were too few others."""
    trend = build_chapter(full()).trend

    assert ["Oct", "Nov", "Dec", "Jan"] == [point.label for point in trend.points[:4]]
    assert 13 == len(trend.points) == len(trend.peers)
    assert trend.points[3].per_hundred is None
    assert [None, None] == list(trend.peers[2:4])


def test_the_drawing_says_in_words_what_it_shows() -> None:
    """Message, every month with its denominator, every month's band: the title alone is enough."""
    drawing = charts.trend(build_chapter(full()).trend, load("en"))

    for expected in (
        "<title>7.5 findings per 100 posts, up from 4.7 in September.",
        "January 2026: – per 100, 0 in 0 posts",
        "July 2026: 14.8 per 100, 4 in 27 posts",
        "October 2026: middle half 3.0 to 8.0, median 5.0, of 7 chapters",
    ):
        assert expected in drawing


def test_one_path_a_series_and_one_family() -> None:
    """Band, grid, median, own line and its dots; every text names the bundled face."""
    drawing = charts.trend(build_chapter(full()).trend, load("en"))

    assert 5 == drawing.count("<path")
    assert drawing.count("<text") == drawing.count('font-family="Source Sans 3"')


def test_labels_that_end_together_stand_apart() -> None:
    """Own rate, median and band at one height would be one black line."""
    same = PeerMonth(period=PERIOD, chapters=5, low=0.0, median=0.0, high=0.0)
    shown = build_chapter(with_a_year(quiet())).trend
    drawing = charts.trend(replace(shown, peers=(*shown.peers[:-1], same)), load("en"))
    heights = [float(part.split('y="')[1].split('"')[0]) for part in drawing.split("<text")[-3:]]

    assert [11.0, 11.0] == [round(b - a, 1) for a, b in pairwise(heights)]


# --- groups and replies ---------------------------------------------------------------------------------------------


def test_findings_stand_in_groups_gravest_first() -> None:
    """All posts stand in one; a severity nothing was found of has no group."""
    view = build_chapter(full())

    assert [("critical", 1), ("high", 1), ("medium", 2), ("low", 1)] == [
        (group.severity, len(group.posts)) for group in view.groups
    ]
    assert [] == list(build_chapter(quiet()).groups)
    assert view.posts == tuple(post for group in view.groups for post in group.posts)


def reply(kind: str, day: int, outcome: str = "", note: str = "") -> Replied:
    return Replied(kind, f"Words of day {day}", "president", datetime(2026, 10, day, 15, tzinfo=UTC), outcome, note)  # type: ignore[arg-type]


def test_no_reply_prints_nothing() -> None:
    """Silence is not told as an answer."""
    assert () == build_chapter(lakeside()).posts[0].findings[0].replies


def test_a_reply_stands_beside_its_finding_with_its_outcome() -> None:
    """Oldest first, by office and day; undecided until headquarters decided."""
    one = finding(PHONE, "call 555 now", "555")
    later, first = reply("appeal", 20, "upheld", "you were right"), reply("answer", 12)
    shown = build_chapter(quiet(findings=(one,), replies={one.key: (later, first)})).posts[0].findings[0].replies

    assert ["Words of day 12", "Words of day 20"] == [item.text for item in shown]
    assert ["The chapter’s reply", "The chapter’s appeal"] == [item.kind_words for item in shown]
    assert "(president, 12 October)" == shown[0].by_words
    assert ["not decided yet", "headquarters agrees with the chapter"] == [item.outcome_words for item in shown]
    assert "You were right." == shown[1].outcome_note


def test_a_reply_changes_no_count() -> None:
    """An appeal takes a finding out of nothing until a person has decided about the finding."""
    one = finding(PHONE, "call 555 now", "555")
    asked_for, told = quiet(findings=(one,)), quiet(findings=(one,), replies={one.key: (reply("appeal", 20),)})

    assert build_chapter(asked_for).counts == build_chapter(told).counts


def test_a_mended_finding_keeps_its_reply_in_its_line() -> None:
    """What is fixed is not quoted, but that the chapter spoke of it is told."""
    one = finding(PHONE, "gone", closed_at=datetime(2026, 10, 20, tzinfo=UTC), closed_by="deleted")
    view = build_chapter(quiet(findings=(one,), replies={one.key: (reply("fixed", 12, "noted"),)}))

    assert "The chapter replied: headquarters has taken note" == view.fixed[0].reply_words


def test_a_hostile_reply_is_cleaned_and_cut() -> None:
    """A reply is text of strangers as a post is."""
    one = finding(PHONE, "call 555 now", "555")
    bad = replace(reply("answer", 12), text="<b>\x00\u202e" + "x" * 5000)
    text = build_chapter(quiet(findings=(one,), replies={one.key: (bad,)})).posts[0].findings[0].replies[0].text

    assert text.startswith("<b>‹NUL›‹RLO›xxx")
    assert text.endswith("…")
    assert "\x00" not in text
    assert len(text) < 900


# --- what was judged ------------------------------------------------------------------------------------------------


def test_what_was_not_asked_is_not_in_the_matrix() -> None:
    """No answers, no table; an account that was asked nothing has no column; credits alone make none."""
    credit = RuleAnswers(rule_id="ala.credit.hashtag", account_key=X, judged=9, not_judged=0)

    assert () == build_chapter(quiet()).matrices
    assert () == build_chapter(quiet(answers=(credit,))).matrices


def test_a_cell_has_its_denominator_unless_all_was_answered() -> None:
    """A plain "40" where every answer was given, "37 of 40" where not, with the reasons beside."""
    inputs = lakeside()
    checks = {"ala.heated": "topics", "ala.threat": "threats"}
    rules = {
        name: one.model_copy(update={"check": checks.get(name, one.check)}) for name, one in inputs.pack.rules.items()
    }
    told = replace(inputs, pack=replace(inputs.pack, rules=rules))
    (matrix,) = build_chapter(replace(told, answers=asked(told))).matrices
    rows = {row.family: row for row in matrix.rows}

    assert ("X @ala_lakeside", "Facebook /alalakeside", "Facebook Lakeside members") == matrix.accounts
    assert ["40", "40", "40"] == [cell.said for cell in rows["Threats, hate, harassment"].cells]
    assert ["37 of 40"] * 3 == [cell.said for cell in rows["Politics and heated topics"].cells]
    assert "the rule knows no Spanish: 4; no text: 1" == rows["Politics and heated topics"].why
    assert ["80"] * 3 == [cell.said for cell in rows["Other conduct"].cells]


def test_the_matrix_adds_up_to_what_page_one_says() -> None:
    """Rules that praise are asked as well: whoever adds the table up gets page one's number, given and asked for."""
    inputs = lakeside()
    answers = asked(inputs)
    view = build_chapter(replace(inputs, answers=answers))
    cells = [cell.said.replace("–", "0") for matrix in view.matrices for row in matrix.rows for cell in row.cells]
    judged = sum(int(said.partition(" of ")[0] or 0) for said in cells)
    totals = sum(int(said.rpartition(" of ")[2] or 0) for said in cells)

    assert "What went well" == view.matrices[-1].rows[-1].family
    assert view.counts.judged == judged == sum(one.judged for one in answers)
    assert sum(one.judged + one.not_judged for one in answers) == totals


def test_many_accounts_make_several_tables() -> None:
    """Four columns are what a page can hold."""
    accounts = tuple(account(f"x:{number}", f"a{number}") for number in range(6))
    inputs = quiet(chapter=chapter(accounts), association=association(chapter(accounts)))

    assert [4, 2] == [len(matrix.accounts) for matrix in build_chapter(replace(inputs, answers=asked(inputs))).matrices]


# --- how far to trust each rule -------------------------------------------------------------------------------------


def test_a_rule_without_a_measure_says_so() -> None:
    """Nothing measured, and a measure of another version, are both none."""
    other = RuleQuality(version=2, right=9, found=9, false_in_clean=0, clean=9)
    for quality in ({}, {PHONE: other}):
        trust = build_chapter(quiet(pack=pack(quality=quality), findings=(finding(PHONE, "x"),))).trust

        assert [("not measured", "")] == [(line.right, line.between) for line in trust.lines]


def test_a_measure_never_stands_without_its_interval() -> None:
    """Right of found, between what and what, and on how many posts."""
    quality = {PHONE: RuleQuality(version=1, right=18, found=19, false_in_clean=1, clean=400)}
    told = pack(quality=quality, quality_posts=202)
    found = (finding(PHONE, "x"), finding(PHONE, "y"))
    trust = build_chapter(quiet(pack=told, findings=found, answers=answered(X))).trust

    (line,) = trust.lines
    assert ("18 of 19", "75\u00a0% to 99\u00a0%", 2) == (line.right, line.between, line.findings)
    assert "ala.private_data.phone, version 1" == line.rule
    assert "202 labelled posts" in trust.basis
    assert "3 other rules found nothing here; 0 of them were measured too." == trust.rest


def test_a_rule_that_found_nothing_in_the_test_has_no_share() -> None:
    """Nought of nought is no precision."""
    quality = {PHONE: RuleQuality(version=1, right=0, found=0, false_in_clean=0, clean=400)}
    (line,) = build_chapter(quiet(pack=pack(quality=quality), findings=(finding(PHONE, "x"),))).trust.lines

    assert ("found none in the test", "") == (line.right, line.between)


def test_a_month_without_findings_says_how_many_rules_looked() -> None:
    """No table; one sentence."""
    trust = build_chapter(quiet(answers=answered(X))).trust

    assert () == trust.lines
    assert "No rule found anything this month; 0 of the 4 that answered were measured." == trust.rest
