"""What the roll-up says of a network: its view, held against the chapters' own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from reports.facts import ChapterView, OutlivedText
from reports.network import RollupInputs, RollupView, build_rollup
from reports.network_facts import Appeal, Dormant, EndingAccess, RuleRecord, Undelivered
from reports.render import html_of
from reports.view import build_chapter
from tests.reports.factory import PERIOD, X, association, chapter, covered, lakeside, named, quiet
from tests.reports.network_factory import network, sample, suppressions


def rollup(*views: ChapterView, **changes: Any) -> RollupView:
    given: dict[str, Any] = {
        "association": association(),
        "period": PERIOD,
        "chapters": views,
        "issued_on": date(2026, 11, 3),
        "code_version": "0.1.0",
        **changes,
    }
    return build_rollup(RollupInputs(**given))


def test_the_network_tells_unseen_chapters_from_clear_ones() -> None:
    """A chapter nobody could look at is not among those without findings."""
    blind = build_chapter(named(quiet(coverage=(), posts_by_month={}), "ala-mesa", "Mesa Chapter"))
    view = rollup(build_chapter(quiet()), blind, build_chapter(named(lakeside(), "ala-l", "L Chapter")))

    assert (
        "Of 3 chapters, 1 has something to look at, 1 could not be looked at and 1 was seen in full without a finding."
        == view.status.headline
    )
    assert ["to look at, 1 critical", "could not be looked at", "none, seen in full"] == [
        line.status_words for line in view.chapters
    ]
    assert "No posts of this month were read, so there is no rate" == rollup(blind).trend.title


def test_one_chapter_alone_is_not_systemic() -> None:
    """Clauses count by chapters; one chapter's many findings stay its own matter."""
    one = build_chapter(lakeside())

    assert () == rollup(one).systemic
    assert {2} == {row.chapters for row in rollup(one, build_chapter(named(lakeside(), "ala-b", "B"))).systemic}


def test_failed_reports_and_unknown_mails_stand_in_the_roll_up() -> None:
    """What headquarters must mend is said: no report, no answer, refused."""
    mails = (Undelivered(chapter="Oak", unknown=1, refused=2), Undelivered(chapter="Elm", bounced=1))
    view = rollup(build_chapter(quiet()), failed={"ala-oak": "no PDF"}, undelivered=mails)

    assert (
        "One chapter’s report could not be made.",  # noqa: RUF001 - as it is printed
        "One earlier mail may or may not have arrived; headquarters has it on its list.",
        "2 mails were refused by their receivers.",
        "One mail came back.",
    ) == view.status.notices
    assert "limited" == view.status.level


def test_texts_no_rule_can_read_again_are_counted_over_all_chapters() -> None:
    """On the page and in the mail, in the words of the chapters' reports; what is older than the month is left out."""

    def month(name: str, *of_the_month: bool) -> ChapterView:
        texts = (
            OutlivedText(account_key=X, subject_id=f"{number}", months=12, of_the_month=own)
            for number, own in enumerate(of_the_month)
        )
        return build_chapter(named(quiet(outlived=tuple(texts)), f"ala-{name}", name))

    gone, whole = rollup(month("a", True, True), month("b", True, False)), rollup(month("a"), month("b", False))
    said = f"The texts of 3 of this month’s {2 * month('a').counts.posts} posts were erased under"  # noqa: RUF001 - as it is printed

    assert (True, True) == (gone.erased_words.startswith(said), gone.erased_words in gone.status.notices)
    assert 1 == html_of(gone).count(said)
    assert ("", ()) == (whole.erased_words, whole.status.notices)


def test_an_empty_network_says_so() -> None:
    """No chapters, no claim."""
    assert ("limited", "No chapter has a report this month.") == (
        rollup().status.level,
        rollup().status.headline,
    )


# --- page one -------------------------------------------------------------------------------------------------------


def ends(name: str, day: date) -> EndingAccess:
    return EndingAccess(chapter=name, account=f"X @{name.lower()}", owner="President", ends=day, told_by="platform")


def attention(**changes: Any) -> list[tuple[str, str, str, str]]:
    view = rollup(build_chapter(quiet()), **changes)
    return [(one.count, one.what, one.where, one.by) for one in view.attention]


def test_matters_stand_in_the_order_in_which_they_press() -> None:
    """What hurts people first, then what blinds us, then what is owed, then what was not delivered."""
    view = build_rollup(network(240, failed={"ala-001": "could not be drawn"}))
    kinds = [one.what for one in view.attention]

    assert [
        "critical findings stand",
        "accounts no longer let us in",
        "appeals wait for a decision",
        "mails are not known to have arrived",
        "report could not be made",
        "accesses end within 30 days",
        "random sample is unread after 30 days",
    ] == kinds
    assert all(one.who and one.by and one.where for one in view.attention)


def test_nothing_to_do_leaves_no_line() -> None:
    """An empty list is said in words by the template, never filled up."""
    assert [] == attention()


def test_an_appeal_past_its_day_is_overdue() -> None:
    """Fourteen days after the oldest appeal; on the day itself it is still due, not overdue."""
    due = {"appeals": (Appeal(chapter="Oak Chapter", since=date(2026, 10, 20)),)}
    late = {"appeals": (Appeal(chapter="Oak Chapter", since=date(2026, 10, 19)),)}

    assert [("1", "appeal waits for a decision", "Oak Chapter", "3 November 2026")] == attention(**due)
    assert [("1", "appeal waits for a decision", "Oak Chapter", "overdue since 2 November")] == attention(**late)


def test_a_long_list_of_names_is_cut_and_counted() -> None:
    """Five names are printed whole; of six the first four, and that there are two more."""
    appeals = [Appeal(chapter=f"{name} Chapter", since=date(2026, 11, 1)) for name in "ABCDEF"]

    assert "A Chapter; B Chapter; C Chapter; D Chapter; E Chapter" == attention(appeals=tuple(appeals[:5]))[0][2]
    assert "A Chapter; B Chapter; C Chapter; D Chapter; and 2 more" == attention(appeals=tuple(appeals))[0][2]


def test_of_many_matters_each_has_fewer_names() -> None:
    """Nine matters stand on page one beside each other: five are at ease, with a sixth each names two."""
    appeals = tuple(Appeal(chapter=f"{name} Chapter", since=date(2026, 11, 1)) for name in "ABCD")
    many = {
        "appeals": appeals,
        "undelivered": (Undelivered(chapter="Oak", bounced=1),),
        "failed": {"ala-oak": "no PDF"},
        "ending": (ends("Oak", date(2026, 11, 20)),),
        "samples": (sample("2026-08", (0, 0, 0)),),
    }
    late = build_chapter(lakeside())
    five = attention(**many)
    six = [(one.what, one.where) for one in rollup(late, **many).attention]

    assert "A Chapter; B Chapter; C Chapter; D Chapter" == five[0][2]
    assert ("appeals wait for a decision", "A Chapter; B Chapter; and 2 more") in six


def test_mails_that_came_back_are_told_with_their_chapters() -> None:
    """Unknown, refused and returned ones are one matter; a chapter whose mails all arrived is not in it."""
    mails = (
        Undelivered(chapter="Oak", bounced=1),
        Undelivered(chapter="Ash"),
        Undelivered(chapter="Elm", unknown=1, refused=1),
    )
    where = "1 may or may not have arrived, 1 refused by its receiver and 1 came back: Elm (2); Oak"

    assert [("3", "mails are not known to have arrived", where, "at once")] == attention(undelivered=mails)
    assert [] == attention(undelivered=mails[1:2])


def test_access_that_ends_later_than_a_month_needs_nobody_yet() -> None:
    """Thirty days are soon, thirty-one are not; what has ended already is refused, not ending."""
    ending = [ends("Oak", day) for day in (date(2026, 11, 2), date(2026, 12, 3), date(2026, 12, 4))]

    assert [("1", "access ends within 30 days", "Oak, X @oak", "3 December 2026")] == attention(ending=tuple(ending))


def test_the_numbers_are_the_chapters_sums() -> None:
    """New, open, fixed, posts and days add up over all chapters, printed or not."""
    inputs = network(240)
    view = build_rollup(inputs)
    counts = [one.counts for one in inputs.chapters]

    assert 240 == len(view.chapters)
    assert (60, 180) == (view.printed, view.more_chapters)
    assert [
        f"{sum(one.new for one in counts):,}",
        f"{sum(one.still_open for one in counts):,}",
        f"{sum(one.fixed for one in counts):,}",
        f"{sum(one.posts for one in counts):,}",
    ] == [number.value for number in view.numbers[:4]]
    assert sum(one.new for one in counts) == sum(line.counts.new for line in view.countries)
    assert 240 == sum(line.chapters for line in view.countries) == sum(len(line.tiles) for line in view.countries)


def test_last_month_stands_beside_each_number() -> None:
    """Where last month is known each note says it; where not, the note says what is counted."""
    inputs = network(12)
    before = [one.counts for one in inputs.before]

    assert f"{sum(one.new for one in before)} in September" == build_rollup(inputs).numbers[0].note
    assert "since the month began" == build_rollup(replace(inputs, before=())).numbers[0].note
    assert "" == build_rollup(replace(inputs, before=())).systemic[0].direction


def test_sight_that_came_later_is_no_sight_of_last_month() -> None:
    """Posts of September first read in October: their number is known, but nothing was seen in September."""
    inputs = network(12)
    unseen = tuple(replace(one, counts=replace(one.counts, days_seen=0)) for one in inputs.before)
    numbers = build_rollup(replace(inputs, before=unseen)).numbers

    assert "in September" in numbers[3].note
    assert "September" not in numbers[4].note


def test_reach_counts_accounts_day_by_day() -> None:
    """Lakeside's group was dead from the twelfth on; the worst day is the first of them."""
    view = rollup(build_chapter(quiet()), build_chapter(lakeside()))

    assert "75\u00a0% seen on the worst day, 12 October" == view.reach.title
    assert {(4, 4)} == {(day.asked, day.seen) for day in view.reach.days[:11]}
    assert {(4, 3)} == {(day.asked, day.seen) for day in view.reach.days[11:]}


def test_the_worst_day_is_the_one_that_shows_least() -> None:
    """Of two days with as many accounts seen in full, one with the others seen in part is the better."""
    cut = datetime(2026, 10, 20, 18, tzinfo=UTC)
    rows = (row for row in covered(X) if row.window.since < cut)
    seen = tuple(replace(row, window=replace(row.window, until=min(row.window.until, cut))) for row in rows)
    reach = rollup(build_chapter(quiet(coverage=seen))).reach

    assert [20] == [day.day for day in reach.days if day.partial]
    assert reach.title.endswith("seen on the worst day, 21 October")


# --- chapters -------------------------------------------------------------------------------------------------------


def test_a_chapter_stands_by_its_gravest_finding_then_by_sight() -> None:
    """Findings before blindness before limits before a full and clean month."""
    blind = build_chapter(named(quiet(coverage=(), posts_by_month={}), "ala-mesa", "Mesa Chapter"))
    part = build_chapter(named(quiet(coverage=covered(X)[:20]), "ala-oak", "Oak Chapter"))
    view = rollup(build_chapter(quiet()), part, blind, build_chapter(named(lakeside(), "ala-l", "L Chapter")))

    assert ["critical", "unseen", "limited", "clear"] == [line.stand for line in view.chapters]
    assert ("critical", "unseen", "limited", "clear") == view.stands


def test_few_chapters_need_no_small_multiples() -> None:
    """Eight chapters stand in the table alone; with nine that have a history there is a grid."""
    assert None is build_rollup(network(8)).grid
    assert None is not build_rollup(network(12)).grid


def test_small_multiples_go_from_rise_to_fall() -> None:
    """At most sixty, none with fewer than ten posts or without any finding, greatest rise first."""
    inputs = network(240)
    view = build_rollup(inputs)
    assert view.grid is not None
    panels = [panel for row in view.grid.rows for panel in row]
    lines = {line.name.removesuffix(" Chapter"): line for line in view.chapters}

    assert 60 == len(panels)
    assert all(panel.points[-1].posts >= 10 and any(point.findings for point in panel.points) for panel in panels)
    assert panels[0].name in lines
    assert "rose" in view.grid.title


def test_one_country_is_no_map_until_chapters_outgrow_the_table() -> None:
    """A small network of one country has no lines by country; of two countries it has both."""
    one = association(*(chapter(id=name, country="US") for name in ("ala-a", "ala-b")))
    two = association(chapter(id="ala-a", country="US"), chapter(id="ala-b", country="GB"))
    views = [build_chapter(named(quiet(), name, name)) for name in ("ala-a", "ala-b")]

    assert () == rollup(*views, association=one).countries
    assert ["United Kingdom", "United States"] == [line.name for line in rollup(*views, association=two).countries]


def test_the_direction_of_a_clause_counts_chapters() -> None:
    """Three chapters where there were two is one more, whatever the number of findings."""
    now = [build_chapter(named(lakeside(), f"ala-{name}", name)) for name in "abc"]
    view = rollup(*now, before=tuple(now[:2]))

    assert {"+1"} == {clause.direction for clause in view.systemic}
    assert {"as before"} == {clause.direction for clause in rollup(*now, before=tuple(now)).systemic}
    assert {"\N{MINUS SIGN}1"} == {clause.direction for clause in rollup(*now[:2], before=tuple(now)).systemic}
    assert {1.0} == {clause.share for clause in view.systemic}


# --- rules ----------------------------------------------------------------------------------------------------------


def record(right: int, wrong: int, found: int = 40, **changes: Any) -> RuleRecord:
    given: dict[str, Any] = {"rule_id": "ala.threat", "title": "A threat?", "clauses": ("ALA-03",), "asked": 400}
    return RuleRecord(**{**given, "right": right, "wrong": wrong, "found": found, **changes})


def test_a_share_of_decisions_needs_ten() -> None:
    """With nine decisions a rule is only counted; with ten it has a share, and never without its interval."""
    nine, ten = rollup(rules=(record(8, 1),)).rules, rollup(rules=(record(9, 1),)).rules

    assert ((), 1) == (nine.lines, nine.rest)
    assert ["90\u00a0% (60–98)"] == [line.observed for line in ten.lines]  # noqa: RUF001 - as it is printed


def test_a_rule_mostly_set_aside_is_named_before_it_has_ten() -> None:
    """Three decisions, two of them false alarms: no share, but it is named; two decisions say nothing yet."""
    three, two = rollup(rules=(record(1, 2),)).rules, rollup(rules=(record(0, 2),)).rules

    assert [("too few to say", True)] == [(line.observed, line.doubtful) for line in three.lines]
    assert () == two.lines


def test_silent_rules_are_told_from_rules_nothing_was_put_to() -> None:
    """A rule that was asked and found nothing may be blind; one that was never asked has not been tried."""
    rules = (record(1, 0), record(0, 0, found=0, clauses=("ALA-09",)), record(0, 0, found=0, asked=0))

    assert (
        "1 of 3 rules was asked and found nothing in twelve months: ALA-09.",
        "1 of 3 rules had nothing to look at: ALA-03.",
    ) == rollup(rules=rules).rules.silent


# --- access ---------------------------------------------------------------------------------------------------------


def test_what_could_not_be_seen_is_grouped_by_reason() -> None:
    """Two chapters refused for the same reason and mended by the same office share a line."""
    view = rollup(*(build_chapter(named(lakeside(), f"ala-{name}", f"{name} Chapter")) for name in "AB"))

    assert [(2, "The platform refused our access: it expired or was revoked.")] == [
        (group.accounts, group.why) for group in view.unseen
    ]
    assert view.unseen[0].where.startswith("A Chapter, Facebook Lakeside members: posts, 12")


def test_silent_accounts_stand_longest_first() -> None:
    """The longest silence first; an account of which no post is known comes last and has no rhythm."""
    dormant = (
        Dormant(chapter="C", account="X @c", last=None, usual_days=None),
        Dormant(chapter="B", account="X @b", last=date(2026, 8, 1), usual_days=1),
        Dormant(chapter="A", account="X @a", last=date(2026, 3, 1), usual_days=4),
    )

    assert [
        ("X @a", "1 March 2026", "a post every 4 days"),
        ("X @b", "1 August 2026", "a post a day"),
        ("X @c", "no post known", ""),
    ] == [(one.account, one.last, one.usual) for one in rollup(dormant=dormant).dormant]


# --- what is held back ----------------------------------------------------------------------------------------------


def test_without_a_suppression_the_roll_up_says_nothing_of_one() -> None:
    """The section is left out, in whatever language."""
    view = rollup(build_chapter(quiet()))

    assert ((), 0) == (view.held, view.held_back)
    assert "held back" not in html_of(view)


def test_each_suppression_is_told_with_its_decision() -> None:
    """The one that held most first; where it holds is said in names, and its phrase is never printed."""
    view = rollup(build_chapter(quiet()), suppressed=suppressions(4))
    page = html_of(view)

    assert [(4, 5), (3, 4), (2, 3), (1, 2)] == [(line.number, line.findings) for line in view.held]
    assert [
        "all of Copper Canyon Chapter",
        "all chapters, one wording alone",
        "one post of X @ala001, Copper Canyon Chapter",
        "X @ala001 of Copper Canyon Chapter",
    ] == [line.where for line in view.held]
    assert ("31 January 2027", "Dana, communications office") == (view.held[0].ends_words, view.held[0].author)
    assert "14 results were judged and kept as ever and stand in no chapter’s findings" in page  # noqa: RUF001
    assert "Decision 4 of the board" in page


def test_a_long_reason_is_cut_in_print() -> None:
    """A reason may say much; the table stays a table."""
    told = replace(suppressions(1)[0], reason="The board has decided. " * 40)
    [line] = rollup(build_chapter(quiet()), suppressed=(told,)).held

    assert len(line.reason) <= 301
