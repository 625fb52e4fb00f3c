# ruff: noqa: RUF001 - reports print typographic signs, and the tests name them as they are printed
"""What the report says: near-misses first, for a clean page over a dead token is a lie."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chapterwatch.model import Access, Coverage, DispositionState, Finding, Lane, Seen, Space
from chapterwatch.policy import RuleQuality, Source, load_pack
from reports.exports import tables_of
from reports.facts import FindingView, HeldBack, OutlivedText, PostView
from reports.languages import told_in
from reports.month import day_states, month_of
from reports.text import Excerpt
from reports.view import (
    ChainStamp,
    Change,
    NotJudgedCount,
    build_chapter,
)
from reports.words import load
from tests.reports.factory import (
    FACEBOOK,
    PERIOD,
    Decision,
    X,
    account,
    answered,
    association,
    chapter,
    clause,
    covered,
    digest,
    finding,
    lakeside,
    pack,
    quiet,
    runs,
)

PHONE = "ala.private_data.phone"


def at(day: int, month: int = 10) -> datetime:
    return datetime(2026, month, day, 15, tzinfo=UTC)


def with_accounts(*keys: str, **changes: object) -> dict[str, object]:
    """Inputs for several plain accounts."""
    accounts = tuple(account(key, key.replace(":", "")) for key in keys)
    now = chapter(accounts)
    return {"chapter": now, "association": association(now), **changes}


# --- status: nothing reads as good news that was not seen -----------------------------------------------------------


def test_clear_needs_everything_seen_and_judged() -> None:
    """Only a month seen on every day, with every rule answering, reads as no findings without a reservation."""
    status = build_chapter(quiet()).status

    assert "clear" == status.level
    assert "No findings. The account was seen on every day, and every rule could answer." == status.headline


def test_an_empty_month_is_said_as_such() -> None:
    """No posts is a fact of its own, and only claimed where every day was seen."""
    status = build_chapter(quiet(posts_by_month={})).status

    assert "Nothing was posted this month. The account was seen on every day." == status.headline


def test_nothing_seen_is_not_nothing_found() -> None:
    """With no successful look at anything the report says nothing about the accounts."""
    rows = runs(X, "posts", range(1, 32), Seen.UNKNOWN, reason="unreachable")
    view = build_chapter(quiet(coverage=tuple(rows), posts_by_month={}))
    status = view.status

    assert "limited" == status.level
    assert (
        "None of this chapter’s accounts could be looked at this month, so nothing can be said about them."
        == status.headline
    )
    assert "No posts of October were read, so no rate" == view.trend.title


def test_missing_coverage_rows_count_as_not_seen() -> None:
    """No row at all is no proof of having looked."""
    view = build_chapter(quiet(coverage=()))

    assert "limited" == view.status.level
    assert "Nothing was read on these days." == view.unseen[0].why


def test_a_dead_token_on_one_of_three_accounts_stands_in_the_headline() -> None:
    """The sentence of the brief: none in what could be seen, and how many could not be looked at."""
    rows = (
        *covered(X, FACEBOOK),
        *runs("x:3", "posts", range(1, 32), Seen.UNKNOWN, reason="credentials_rejected"),
    )
    view = build_chapter(quiet(**with_accounts(X, FACEBOOK, "x:3", coverage=rows)))

    assert "No findings in what could be seen; 1 of 3 accounts could not be looked at." == view.status.headline
    assert "limited" == view.status.level
    assert ("posts, the whole month", "The platform refused our access: it expired or was revoked.") == (
        view.unseen[0].what,
        view.unseen[0].why,
    )
    assert "Communications chair: connect the account again." == view.unseen[0].mend


def test_findings_do_not_hide_what_was_not_seen() -> None:
    """With findings the headline still says what could not be looked at."""
    headline = build_chapter(lakeside()).status.headline

    assert (
        "3 findings and 2 questions to look at, 1 of them critical. 1 of 3 accounts was seen only in part." == headline
    )


def test_one_missing_day_is_enough_to_limit() -> None:
    """A gap of one night is said with its date."""
    rows = (*runs(X, "posts", [day for day in range(1, 32) if day != 17]), *runs(X, "profile", range(1, 32)))
    view = build_chapter(quiet(coverage=rows))

    assert "No findings in what could be seen; the account was seen only in part." == view.status.headline
    assert "posts, 17 October" == view.unseen[0].what


def test_days_before_collecting_began_are_none_that_were_missed() -> None:
    """Asked from the tenth on, and only the twentieth is missing: that day is named, and no other."""
    rows = (*runs(X, "posts", [day for day in range(10, 32) if day != 20]), *runs(X, "profile", range(10, 32)))
    facts = quiet(coverage=rows)
    (first, *others) = facts.chapter.accounts
    chapter = replace(facts.chapter, accounts=(replace(first, collect_from=date(2026, 10, 10)), *others))

    assert "posts, 20 October" == build_chapter(replace(facts, chapter=chapter)).unseen[0].what


def test_a_profile_that_could_not_be_read_limits_too() -> None:
    """Seeing all posts does not make up for an unread profile."""
    rows = (*runs(X, "posts", range(1, 32)), *runs(X, "profile", range(1, 32), Seen.UNKNOWN, reason="rate_limited"))
    view = build_chapter(quiet(coverage=rows))

    assert (
        "No findings in what could be seen; part of what was asked for could not be looked at." == view.status.headline
    )
    assert "profile" == view.unseen[0].what


def test_what_could_not_be_judged_is_no_clean_bill() -> None:
    """Everything seen but a judgement missing: the headline carries the number and its denominator."""
    unanswered = (NotJudgedCount(rule_id="ala.heated", account_key=X, reason="language:es", count=4, judged=10),)
    status = build_chapter(quiet(not_judged=unanswered)).status

    assert "No findings in what could be judged; 4 of 14 answers could not be given." == status.headline
    assert "limited" == status.level


def test_a_chapter_without_accounts_has_no_verdict() -> None:
    """Nothing registered, nothing looked at."""
    status = build_chapter(quiet(**with_accounts(), coverage=(), posts_by_month={})).status

    assert ("limited", "No account of this chapter is registered, so nothing could be looked at.") == (
        status.level,
        status.headline,
    )


def test_a_private_space_is_never_collected_and_said_so() -> None:
    """A registered private space is no gap to mend, but it is not seen either."""
    private = account("facebook_page:9", "closed", space=Space.PRIVATE, access=Access.NONE)
    now = chapter((account(X, "ala_lakeside"), private))
    view = build_chapter(quiet(chapter=now, association=association(now)))

    assert "Private spaces are never collected." == view.unseen[0].why
    assert "limited" == view.status.level


def test_a_broken_chain_stands_on_page_one() -> None:
    """A record that does not verify is told before anything else is believed; unchecked is not broken."""
    broken = ChainStamp(captures=1, digest=digest("x"), verified=False)
    unchecked = replace(broken, verified=None)

    assert build_chapter(quiet(chain=broken)).status.notices[0].startswith("The archive’s record did not verify")
    assert () == build_chapter(quiet(chain=unchecked)).status.notices


def test_a_revision_gives_its_reason_and_unknown_mails_are_told() -> None:
    """Revision 2 says why on page one; so do mails whose fate is not known."""
    view = build_chapter(quiet(revision=2, revision_reason="A late export arrived.", unknown_deliveries=2))

    assert (
        "This is revision 2. Reason: A late export arrived.",
        "2 earlier mails may or may not have arrived; headquarters has them on its list.",
    ) == view.status.notices


# --- counting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [
        (at(14), None, (1, 0, 0)),
        (at(14), at(20), (0, 0, 1)),
        (at(14), at(3, 11), (1, 0, 0)),
        (at(14, 9), None, (0, 1, 0)),
        (at(14, 9), at(20), (0, 0, 1)),
        (at(14, 9), at(20, 9), (0, 0, 0)),
        (at(2, 11), None, (0, 0, 0)),
        # Midnight in Chicago: 05:00 UTC on 1 October and on 1 November.
        (datetime(2026, 10, 1, 4, 59, tzinfo=UTC), None, (0, 1, 0)),
        (datetime(2026, 10, 1, 5, 0, tzinfo=UTC), None, (1, 0, 0)),
        (datetime(2026, 11, 1, 5, 0, tzinfo=UTC), None, (0, 0, 0)),
        (at(14), datetime(2026, 11, 1, 5, 0, tzinfo=UTC), (1, 0, 0)),
    ],
)
def test_new_open_fixed(opened: datetime, closed: datetime | None, expected: tuple[int, int, int]) -> None:
    """New: opened in the month and standing at its end. Open: opened before. Fixed: closed within the month."""
    counts = build_chapter(
        quiet(findings=(finding(PHONE, "call 555", "555", opened_at=opened, closed_at=closed),))
    ).counts

    assert expected == (counts.new, counts.still_open, counts.fixed)


def test_credits_alone_are_no_findings() -> None:
    """What policy encourages is counted in the chapter's favour and in nothing else."""
    view = build_chapter(quiet(findings=(finding("ala.credit.hashtag", "See you there #ALAConf26"),)))

    assert ("clear", 0) == (view.status.level, view.counts.standing)
    assert [("Conference hashtags were used", "ALA-25", "once")] == [
        (credit.title, credit.clauses, credit.count_words) for credit in view.credits
    ]


@pytest.mark.parametrize("state", ["false_positive", "duplicate", "accepted_risk"])
def test_what_a_person_set_aside_leaves_the_counts_and_is_listed(state: str) -> None:
    """A false alarm, a duplicate or an accepted risk is in no number, and printed with the decision."""
    one = finding(PHONE, "call 555", "555")
    decided = Decision(DispositionState(state), "It is the office line.", "headquarters reviewer", at(20))
    view = build_chapter(quiet(findings=(one,), dispositions={one.key: (decided,)}))

    assert ("clear", 0, 1) == (view.status.level, view.counts.standing, view.counts.set_aside)
    assert ("It is the office line.",) == tuple(row.note for row in view.set_aside)
    assert 0 == view.trend.points[-1].findings


def test_the_latest_decision_counts_whatever_the_order() -> None:
    """Opened again after a false alarm, a finding is back in the counts."""
    one = finding(PHONE, "call 555", "555")
    reopened = Decision(DispositionState.REOPENED, "", "headquarters reviewer", at(21))
    false_alarm = Decision(DispositionState.FALSE_POSITIVE, "", "headquarters reviewer", at(20))
    view = build_chapter(quiet(findings=(one,), dispositions={one.key: (reopened, false_alarm)}))

    assert 1 == view.counts.new
    assert "opened again (headquarters reviewer, 21 October)" == view.posts[0].findings[0].state_words


def test_suppressed_results_are_counted_in_the_method() -> None:
    """What a suppression held back leaves a trace in the report, and no finding."""
    view = build_chapter(quiet(suppressed=3))

    assert "clear" == view.status.level
    assert [line for line in view.method.statements if line.startswith("3 results were held back")]


def test_a_rule_whose_results_are_held_back_did_not_find_nothing() -> None:
    """Beside the sentence on what was held back, "no rule found anything" would be a lie; of the month before, none."""
    held = HeldBack(suppression=1, finding=finding(PHONE, "", ""))
    silent, told, over = (
        build_chapter(quiet(suppressed=len(items), held=items, answers=answered(X))).trust.rest
        for items in ((), (held,), (replace(held, in_month=False),))
    )

    assert silent == over
    assert silent.startswith("No rule found anything this month; ")
    assert re.match(r"\d+ other rules found nothing here", told)


def test_posts_trend_has_its_denominator_and_no_rate_without_posts() -> None:
    """Findings per 100 posts by month; a month without posts has no rate rather than nought."""
    posts = {(X, "2026-08"): 0, (X, "2026-09"): 50, (X, PERIOD): 20, (X, "2026-11"): 99}
    points = build_chapter(quiet(findings=(finding(PHONE, "call 555", "555"),), posts_by_month=posts)).trend.points

    assert [("Aug", None), ("Sep", 0.0), ("Oct", 5.0)] == [(point.label, point.per_hundred) for point in points]


# --- wording --------------------------------------------------------------------------------------------------------


def test_an_assist_finding_is_a_question_and_never_a_violation() -> None:
    """Assist findings ask; the word "violation" stands nowhere in the words of a report."""
    view = build_chapter(lakeside())
    asked = [one for post in view.posts for one in post.findings if one.is_question]

    assert 2 == len(asked)
    assert all(one.title.endswith("?") for one in asked)
    assert not [forms for forms in load("en").entries.values() if "violation" in " ".join(forms).lower()]


def test_actions_name_office_and_date_and_join_the_same_remedy() -> None:
    """One line per rule and owner, due the rule's days after issue; people are named by office."""
    two = (finding(PHONE, "call 555", "555"), finding(PHONE, "ring 556", "556"))
    view = build_chapter(quiet(findings=two))

    [action] = view.actions
    assert ("Communications chair", date(2026, 11, 9), "Findings 1–2") == (
        action.owner,
        action.due,
        action.count_words,
    )
    assert {action.title} == {one.title for post in view.posts for one in post.findings}
    assert "Ines" not in repr(view)


def test_clauses_that_quote_one_sentence_share_it() -> None:
    """A long sentence of the policy is printed once per finding, however many clauses were made of it."""
    sentence = "One sentence of the policy."
    clauses = {name: clause(name, f"Title {name}", sentence, Lane.AUTO) for name in ("ALA-01", "ALA-02")}
    one = finding(PHONE, "call 555", "555", clauses=("ALA-01", "ALA-02", "ALA-23"))
    shown = only_finding(one, pack=pack(clauses={**clauses, "ALA-23": pack().clauses["ALA-23"]}))

    assert ["ALA-01 and ALA-02", "ALA-23"] == [cited.id for cited in shown.clauses]
    assert ("Title ALA-01; Title ALA-02", sentence) == (shown.clauses[0].title, shown.clauses[0].quote)


def test_gravest_first() -> None:
    """Findings stand by severity, and so do the actions."""
    view = build_chapter(lakeside())

    assert ["critical", "high", "medium", "medium", "low"] == [post.severity for post in view.posts]
    assert [1, 2, 3, 4, 5] == [one.number for post in view.posts for one in post.findings]
    assert "1 critical, 1 high, 2 medium and 1 low" == view.tally_words


def test_what_nobody_has_worded_yet_stands_for_itself() -> None:
    """A platform, field or errand that is new to the words is printed by its own name instead of ending the report."""
    one = finding(PHONE, "call 555", "555", account_key="new_place:1", field="pinned_note")
    now = chapter((account("new_place:1", "lakeside"),))
    rows = (*runs("new_place:1", "posts", range(1, 32)), *runs("new_place:1", "live_stories", range(1, 32)))
    view = build_chapter(quiet(findings=(one,), chapter=now, association=association(now), coverage=rows))

    assert "Pinned note on new place @lakeside, 14 October, 18:05" == view.posts[0].heading
    assert "posts, live stories" == view.accounts[0].asked[0].asked


def test_a_finding_of_a_rule_the_pack_has_dropped_is_still_printed() -> None:
    """Old findings outlive their rule; they are shown without inventing a title."""
    view = build_chapter(quiet(findings=(finding("ala.gone", "text", "text"),)))

    assert "Rule ala.gone, no longer in the policy pack" == view.posts[0].findings[0].title


@pytest.mark.parametrize("version", [1, 2])
def test_every_finding_says_how_far_its_rule_may_be_trusted(version: int) -> None:
    """The measured precision stands beside the finding; a figure of another version of the rule is none."""
    measured = RuleQuality(version=version, right=18, found=19, false_in_clean=1, clean=400)
    told = pack(quality={PHONE: measured}, quality_posts=202)
    view = build_chapter(quiet(pack=told, findings=(finding(PHONE, "call 555 now", "555"),)))

    expected = {
        1: "Measured: right in 18 of 19 findings (75\u00a0% to 99\u00a0%).",
        2: "Not measured on labelled posts.",
    }
    assert expected[version] == view.posts[0].findings[0].precision_words


# --- excerpts -------------------------------------------------------------------------------------------------------


def only_finding(one: Finding, **changes: object) -> FindingView:
    return build_chapter(quiet(findings=(one,), **changes)).posts[0].findings[0]


def only_excerpt(one: Finding) -> Excerpt:
    parts = build_chapter(quiet(findings=(one,))).posts[0].quotes[0].parts
    assert parts is not None
    return parts[0]


def test_the_span_of_the_whole_field_is_highlighted() -> None:
    """An excerpt as long as the field is highlighted at the span."""
    shown = only_excerpt(finding(PHONE, "call 555 now", "555"))

    assert ("call ", "555", " now") == (shown.before, shown.hit, shown.after)


def test_an_excerpt_that_is_the_span_is_highlighted_whole() -> None:
    """Evidence handed over without its context is all highlight."""
    shown = only_excerpt(finding(PHONE, "call 555 now", "555", excerpt="555"))

    assert ("", "555", "") == (shown.before, shown.hit, shown.after)


@pytest.mark.parametrize("changes", [{"start": 0, "end": 0}, {"excerpt": "555 n"}])
def test_no_highlight_rather_than_a_wrong_one(changes: dict[str, object]) -> None:
    """Evidence that is the whole item, or an excerpt that cannot be placed, marks no word."""
    assert "" == only_excerpt(finding(PHONE, "call 555 now", "555", **changes)).hit


def test_reference_policy_prints_no_text_anywhere() -> None:
    """Under `reference` neither excerpt nor reason nor change can carry the post's words; the hash stays."""
    one = finding(PHONE, "the secret words", "secret", reason="“secret” stands in it.")
    change = Change(account_key=X, subject_id="p", kind="edited", at=at(3), before_excerpt="secret", after_excerpt="s")
    view = build_chapter(quiet(pack=pack(excerpts="reference"), findings=(one,), changes=(change,)))

    assert "secret" not in repr(view)
    assert one.capture_hash == view.posts[0].quotes[0].capture


def test_an_internal_space_prints_no_text_whatever_the_pack_allows() -> None:
    """What was said inside stays inside: hash and link only."""
    inside = chapter((account(X, "inside", space=Space.INTERNAL),))
    one = finding(PHONE, "the secret words", "secret", reason="“secret” stands in it.")
    view = build_chapter(
        quiet(pack=pack(excerpts="full"), chapter=inside, association=association(inside), findings=(one,))
    )

    assert "secret" not in repr(view)


# --- posts: quoted once ---------------------------------------------------------------------------------------------

INSULT = "You pathetic whiner, call Dana on 555 or 556 before you quit."


def found(rule_id: str, hit: str, **changes: object) -> Finding:
    """A finding in the one insulting post."""
    return finding(rule_id, INSULT, hit, **{"key": digest(rule_id, hit), **changes})


def posts_of(*findings: Finding, **changes: object) -> tuple[PostView, ...]:
    return build_chapter(quiet(findings=findings, **changes)).posts


def marked(post: PostView) -> list[list[str]]:
    return [[part.hit for part in quote.parts or ()] for quote in post.quotes]


def test_the_same_words_on_two_posts_are_two_posts() -> None:
    """Grouping goes by the post, not by what it says: the same sentence posted twice is quoted twice."""
    posts = posts_of(found(PHONE, "555"), found(PHONE, "556", subject_id="another"))

    assert [1, 1] == [len(post.findings) for post in posts]


def test_one_id_on_two_accounts_is_two_posts() -> None:
    """Ids are a platform's own; two accounts may hold the same one."""
    now = with_accounts(X, FACEBOOK, coverage=covered(X, FACEBOOK))
    posts = posts_of(found(PHONE, "555"), found(PHONE, "556", account_key=FACEBOOK), **now)

    assert ["Facebook @facebook_page7001", "X @x2001"] == sorted(post.account for post in posts)


def test_a_post_is_quoted_once_with_everything_in_it_marked() -> None:
    """Four findings of three rules, one quotation, the overlapping spans marked as one, numbers and counts kept."""
    several = (
        found("ala.threat", "You pathetic whiner"),
        found("ala.heated", "pathetic"),
        found(PHONE, "555"),
        found(PHONE, "556"),
    )
    view = build_chapter(quiet(findings=several))
    (post,) = view.posts

    assert [["You pathetic whiner", "555", "556"]] == marked(post)
    assert INSULT == post.quotes[0].text
    assert [1, 2, 3, 4] == [one.number for one in post.findings]
    assert ["finding-1", "finding-2", "finding-3", "finding-4"] == [one.anchor for one in post.findings]
    assert 4 == view.counts.new


def test_a_post_stands_where_its_gravest_finding_does() -> None:
    """A trifle on a threatening post comes before a grave finding elsewhere; the actions still go by gravity."""
    elsewhere = finding(PHONE, "call 557", "557")
    view = build_chapter(quiet(findings=(elsewhere, found("ala.heated", "pathetic"), found("ala.threat", "pathetic"))))

    assert [["critical", "low"], ["high"]] == [[one.severity for one in post.findings] for post in view.posts]
    assert [("critical", (1,)), ("high", (3,)), ("low", (2,))] == [(one.severity, one.numbers) for one in view.actions]


def test_a_second_finding_of_one_rule_on_a_post_points_to_the_first() -> None:
    """The clause and the remedy are said once on a post; what was seen is said for each."""
    (post,) = posts_of(found(PHONE, "555", reason="a number"), found(PHONE, "556", reason="one more number"))

    assert [(None, 1), (1, 0)] == [(one.repeats, len(one.clauses)) for one in post.findings]
    assert ["A number.", "One more number."] == [one.reason for one in post.findings]


def test_findings_of_one_post_say_which_words_each_rests_on() -> None:
    """The quotation marks the words of all. One finding alone needs no more, and what is blacked out says nothing."""
    text = "call 555, or ring 556, or write to \u2588\u2588\u2588\u2588"
    on_one = [finding(PHONE, text, hit, key=hit, subject_id="p") for hit in ("555", "556", "\u2588\u2588\u2588\u2588")]
    (post,) = posts_of(*on_one)
    (alone,) = posts_of(finding(PHONE, text, "555"))
    closed = quiet(findings=tuple(on_one))
    (kept,) = build_chapter(replace(closed, pack=replace(closed.pack, excerpts="reference"))).posts

    assert {"555", "556", ""} == {one.rests_on for one in post.findings}
    assert [""] == [one.rests_on for one in alone.findings]
    assert {""} == {one.rests_on for one in kept.findings}


def test_a_clause_is_quoted_in_full_once_in_a_report() -> None:
    """Later findings name the clause and point to the number that quotes it; so does where a rule errs."""
    posts = posts_of(found(PHONE, "555"), finding(PHONE, "call 557", "557"))
    first, second = (post.findings[0] for post in posts)

    assert (None, first.number) == (first.clauses[0].quoted_at, second.clauses[0].quoted_at)
    assert (None, first.number) == (first.errs_at, second.errs_at)
    assert None is second.repeats


def test_a_span_without_its_text_joins_the_text_it_stands_in() -> None:
    """Evidence handed over as the bare span is marked in the post's text where another finding brings that."""
    (post,) = posts_of(found("ala.threat", "pathetic"), found(PHONE, "555", excerpt="555"))

    assert [["pathetic", "555"]] == marked(post)


def test_two_versions_of_a_post_are_two_quotations() -> None:
    """What stood before an edit and after it are different texts, each with the numbers of its findings."""
    edit = {"revision": 1, "field": "edit", "excerpt": "Call Dana.", "start": 5, "end": 9}
    (post,) = posts_of(found("ala.threat", "pathetic"), found("ala.edit.unmarked", "", **edit))

    assert [["pathetic"], ["Dana"]] == marked(post)
    assert ["post, 14 October, 18:05 (finding 1)", "edit, 14 October, 18:05 (finding 2)"] == [
        quote.label for quote in post.quotes
    ]


def test_a_finding_whose_text_was_erased_says_so() -> None:
    """No empty quotation and no words of the machine room."""
    bare = {"excerpt": "", "content_hash": "", "start": 0, "end": 0, "field": "deletion", "reason": "Erased."}
    (post,) = posts_of(found("ala.heated", "", **bare))

    assert (None, "The text is no longer kept: the post was deleted, or its erasure was asked for.") == (
        post.quotes[0].parts,
        post.quotes[0].missing,
    )
    assert "Words of party politics or religion stand in it." == post.findings[0].reason


def test_what_never_shows_is_said_with_its_accounts() -> None:
    """Under the coverage of the account, beside "no edit was seen", and in how it is made; nowhere otherwise."""
    whole = build_chapter(lakeside())
    told = build_chapter(lakeside(unshown={X: ("pictures", "edits", "deletions"), FACEBOOK: ("deletions",)}))

    note = "What was read of it never shows: pictures, edits and deletions. The rules about these are not judged there."
    assert note in next(account for account in told.accounts if account.key == X).notes
    edits, deletions = told.unshown_changes
    assert (0, 1) == (edits.count(" and "), deletions.count(" and "))
    assert 1 == len(set(told.method.statements) - set(whole.method.statements))
    assert () == whole.unshown_changes


def outlived(subject_id: str = "p", *, of_the_month: bool = True, months: int = 24) -> OutlivedText:
    return OutlivedText(account_key=X, subject_id=subject_id, months=months, of_the_month=of_the_month)


def test_a_month_whose_texts_are_gone_is_not_called_clear() -> None:
    """The near-miss of good news: nothing was found, and nobody can read it again."""
    whole, gone = build_chapter(quiet()), build_chapter(quiet(outlived=(outlived(),)))
    older = build_chapter(quiet(outlived=(outlived(of_the_month=False),)))

    assert ["clear", "limited", "clear"] == [view.status.level for view in (whole, gone, older)]
    assert "No findings; the text of one of the month’s" in gone.status.headline
    assert [0, 1, 0] == [len(view.status.notices) for view in (whole, gone, older)]
    assert whole.status == older.status


def test_the_method_says_what_the_retention_rule_erased() -> None:
    """Of what the report covers and nothing else, by the months each text was kept."""
    standing = found("ala.heated", "", excerpt="", content_hash="", start=0, end=0, field="deletion", reason="E.")
    texts = (outlived("a"), outlived("b", months=1), outlived("c", months=1), outlived("d", of_the_month=False))
    texts += (outlived(standing.subject_id, of_the_month=False),)
    view = build_chapter(quiet(findings=(standing,), outlived=texts))

    erased = "The texts of 2 posts this report covers were erased under the association’s retention rule"
    expected = [f"{erased}, {months} after they were last seen." for months in ("one month", "24 months")]
    assert expected == [said for said in view.method.statements if "retention" in said]
    said = view.posts[0].quotes[0].missing
    assert "The text is no longer kept: its time under the association’s retention rule was over." == said
    assert not any("retention" in said for said in build_chapter(quiet(findings=(standing,))).method.statements)


def test_a_post_beyond_the_printed_ones_is_listed() -> None:
    """The limit counts findings, not posts: what does not fit follows in one line each."""
    view = build_chapter(quiet(findings=tuple(found(PHONE, "555", key=digest(str(n))) for n in range(43))))

    assert (40, 3, 43) == (len(view.posts[0].findings), len(view.beyond), view.counts.standing)


# --- changes --------------------------------------------------------------------------------------------------------


def change(**changes: Any) -> Change:
    return Change(**{"account_key": X, "subject_id": "p", "kind": "deleted", "at": at(3), **changes})


def test_a_change_without_text_says_why() -> None:
    """Erased, never there, or not to be printed: three different things."""
    inside = chapter((account(X, "inside", space=Space.INTERNAL),))
    erased, bare = change(subject_id="a", erased=True), change(subject_id="b")
    rows = build_chapter(quiet(changes=(bare, erased))).changes
    closed = build_chapter(quiet(changes=(bare,), chapter=inside, association=association(inside))).changes

    assert ["It had no text.", "The text is no longer kept: the post was deleted, or its erasure was asked for."] == [
        row.missing for row in rows
    ]
    assert ["Not printed here."] == [row.missing for row in closed]


def test_posts_that_went_with_their_account_share_a_line() -> None:
    """An account that vanished is one event, not one deletion per post; real deletions keep their lines."""
    gone = [change(subject_id=str(n), kind="account_gone", before_excerpt="text") for n in range(5)]
    rows = build_chapter(quiet(changes=(*gone, change(subject_id="x"), change(subject_id="y")))).changes

    assert ["Deleted", "Deleted", "Gone with its account"] == sorted(row.kind_words for row in rows)
    assert ["5 posts, which nobody need have deleted; their texts are not repeated."] == [
        row.missing for row in rows if row.kind_words == "Gone with its account"
    ]


# --- page one ---------------------------------------------------------------------------------------------------------


def test_page_one_says_what_was_not_judged() -> None:
    """Seen is not judged: the share without an answer, why, and the clauses no rule judges."""
    assert (
        "8 of 70 answers could not be given (the rule knows no Spanish: 7; no text: 1).",
        "Clause ALA-09 is not fully judged by a rule yet.",
    ) == build_chapter(lakeside()).unjudged


def test_an_audit_on_request_is_not_the_monthly_report() -> None:
    """It says so before anything else, with its days; a later revision of the monthly report does not."""
    asked = build_chapter(quiet(revision_reason="audit on request, posts of 2026-10-05 to 2026-10-09"))
    again = build_chapter(quiet(revision=2, revision_reason="a late export arrived"))

    assert (True, False, False) == (asked.on_request, again.on_request, build_chapter(quiet()).on_request)
    assert asked.status.notices[0].startswith(
        "This is not the monthly report. Audit on request, posts of 5 October 2026 to 9 October 2026. It looks only"
    )
    assert ("This is revision 2. Reason: A late export arrived.",) == again.status.notices


# --- coverage -------------------------------------------------------------------------------------------------------


def test_a_later_run_that_caught_up_makes_the_days_seen() -> None:
    """Days missed by night and read a week later are seen: what counts is the window, not the hour of the run."""
    late = runs(X, "posts", [20])[0]
    wide = replace(late, window=replace(late.window, since=runs(X, "posts", [12])[0].window.since))
    rows = [
        *runs(X, "posts", range(1, 12)),
        *runs(X, "posts", range(12, 20), Seen.UNKNOWN, reason="rate_limited"),
        wide,
        *runs(X, "posts", range(21, 32)),
    ]

    assert {"seen"} == set(day_states(account(X, "a"), rows, month_of(PERIOD, "America/Chicago")))


def test_a_day_read_in_part_is_partial_and_days_before_collecting_are_not_asked() -> None:
    """Half a day is not a day; before the agreed first day nothing was asked."""
    rows = [*runs(X, "posts", [10]), *runs(X, "posts", [11], Seen.PARTIAL, reason="platform_cap")]
    states = day_states(account(X, "a", collect_from=date(2026, 10, 9)), rows, month_of(PERIOD, "America/Chicago"))

    assert ["not_asked"] * 8 + ["unknown", "seen", "partial"] + ["unknown"] * 20 == list(states)


def test_an_empty_window_is_a_moment_and_covers_nothing() -> None:
    """An account nobody may read leaves rows without a span: they explain the gap and fill none of it."""
    row = runs(X, "posts", [20], Seen.UNKNOWN, reason="attested")[0]
    moment = replace(row, window=replace(row.window, until=row.window.since))
    view = build_chapter(quiet(coverage=(moment,), posts_by_month={}))

    assert "20 October" == view.accounts[0].asked[0].window
    assert "This account is answered for by the chapter, not read by us." == view.unseen[0].why
    assert {"unknown"} == set(view.accounts[0].days)


def read_on(day: int, since: int, until: int) -> Coverage:
    """An export with posts of some days, handed in on a later one."""
    first, last = (runs(X, "export", [one])[0].window for one in (since, until))
    return replace(runs(X, "export", [day])[0], window=replace(first, until=last.until))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], {"posts, the whole month": "no_export"}),
        ([read_on(31, 1, 31)], {}),
        ([read_on(31, 4, 31)], {"posts, 1–3 October": "export_short"}),
        (
            [read_on(18, 4, 12)],
            {"posts, 1–3 October and 13–18 October": "export_short", "posts, 19–31 October": "no_export"},
        ),
        ([read_on(31, 4, 12), read_on(31, 12, 31)], {"posts, 1–3 October": "export_short"}),
    ],
    ids=["none", "whole", "begins late", "ends early", "two"],
)
def test_days_beside_an_export_are_not_told_as_not_handed_in(rows: list[Coverage], said: dict[str, str]) -> None:
    """It speaks of the days before it was handed in. Nights that found no file change nothing."""
    own = account(X, "a", access=Access.IMPORT)
    words = load("en")
    missed = [
        replace(row, window=replace(row.window, until=row.window.since))
        for row in runs(X, "export", [2, 30], Seen.UNKNOWN, reason="no_export")
    ]
    expected = [(what, words(f"reason.{reason}.why")) for what, reason in said.items()]
    for given in (rows, [*missed, *rows]):
        inputs = quiet(chapter=chapter((own,)), coverage=tuple(given))
        found = build_chapter(inputs).unseen
        assert expected == [(one.what, one.why) for one in found]


@pytest.mark.parametrize("reason", ["export_refused", "export_empty"])
def test_an_export_that_was_replaced_by_a_good_one_is_no_reason_for_a_gap(reason: str) -> None:
    """Days that the good one leaves open are told by it; one that is refused after it is a reason of its own."""
    own = chapter((account(X, "a", access=Access.IMPORT),))
    wrong, later = (
        replace(row, window=replace(row.window, until=row.window.since))
        for row in runs(X, "export", [2, 30], Seen.UNKNOWN, reason=reason)
    )
    told = [
        [one.why for one in build_chapter(quiet(chapter=own, coverage=rows)).unseen]
        for rows in ((wrong, read_on(18, 1, 12)), (wrong, read_on(18, 1, 12), later))
    ]
    words = load("en")
    expected = [["export_short", "no_export"], [reason]]
    assert [[words(f"reason.{one}.why") for one in part] for part in expected] == told


def test_clock_changes_do_not_make_gaps() -> None:
    """Berlin's 25 October has 25 hours; runs that meet in UTC cover it."""
    month = month_of(PERIOD, "Europe/Berlin")
    starts, ends = month.day_span(date(2026, 10, 25))

    assert 25 * 3600 == (ends - starts).total_seconds()
    assert datetime(2026, 9, 30, 22, tzinfo=UTC) == month.starts
    assert "2026-11" == month.period_of(datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")))


def test_the_unseen_share_is_never_rounded_to_all() -> None:
    """One day missing among many is at most 99 %."""
    keys = [f"x:{number}" for number in range(20)]
    rows = [row for row in covered(*keys) if not (row.account_key == "x:3" and row.run_id == "run-04")]
    view = build_chapter(quiet(**with_accounts(*keys, coverage=tuple(rows))))

    assert ("99\u00a0%", "619 of 620 days in all") == (view.numbers[-1].value, view.numbers[-1].note)


def test_an_unknown_reason_falls_back_to_the_runs_own_sentence() -> None:
    """A reason without words of ours prints the detail the run left for officers."""
    rows = runs(X, "posts", range(1, 32), Seen.UNKNOWN, reason="solar_storm", detail="A solar storm was on.")

    assert "A solar storm was on." == build_chapter(quiet(coverage=tuple(rows))).unseen[0].why


def test_a_runs_own_words_are_said_plainly_and_once() -> None:
    """No account key, no date of the machine's, and one sentence about the records kept aside, not two."""
    detail = f"{X}: 24 posts were read; it reaches to 2026-10-28. 1 records could not be read and are kept aside."
    rows = runs(X, "posts", range(1, 32), Seen.PARTIAL, reason="quarantined", detail=detail, quarantined=1)
    (asked,) = build_chapter(quiet(coverage=tuple(rows))).accounts[0].asked

    assert (
        "24 posts were read; it reaches to 28 October 2026. One record could not be read and is kept aside."
        == asked.detail
    )


def test_what_a_run_noted_is_told_in_the_report_s_language() -> None:
    """Where the catalogue knows all of it; then nothing is marked as English."""
    detail = f"{X}: X says the account is missing, suspended or protected"
    rows = runs(X, "posts", range(1, 32), Seen.UNKNOWN, reason="account_gone", detail=detail)
    view = build_chapter(quiet(coverage=tuple(rows)), "es")
    (asked,) = view.accounts[0].asked

    assert "X dice que la cuenta no existe, está suspendida o protegida." == asked.detail
    assert asked.detail not in view.foreign


def test_a_silence_is_told_in_the_report_s_language() -> None:
    """It is a note under the account, for the reading itself was whole."""
    shown = "the newest known post is still shown, so the account is quiet."
    said = f"No post for 40 days where one came every 3 days; {shown}"
    rows = runs(X, "posts", range(1, 32), Seen.SEEN, reason="silent_account", detail=said)
    (note,) = build_chapter(quiet(coverage=tuple(rows)), "de").accounts[0].notes

    assert note.startswith("Seit 40 Tagen kein Beitrag, wo sonst alle 3 Tage einer kam;")


@pytest.mark.parametrize(
    ("language", "why"),
    [("en", ""), ("de", "Die Plattform hat nicht geantwortet."), ("es", "La plataforma no respondió."),
     ("fr", "La plateforme n’a pas répondu."), ("pt", "A plataforma não respondeu.")],
)  # fmt: skip
def test_a_runs_own_words_stand_behind_the_reason_in_the_report_s_language(language: str, why: str) -> None:
    """A run speaks English: whoever reads another language is told why before the platform is quoted."""
    rows = runs(X, "posts", range(1, 32), Seen.UNKNOWN, reason="unreachable", detail="Timed out after 30 seconds")
    view = build_chapter(quiet(coverage=tuple(rows)), language)
    (asked,) = view.accounts[0].asked

    assert (why, "Timed out after 30 seconds.") == (asked.why, asked.detail)
    assert f"{why} {asked.detail}".strip() in [row[-1] for table in tables_of(view) for row in table.rows if row]


# --- questions, not judged, method ----------------------------------------------------------------------------------


def test_attest_questions_are_open_until_answered() -> None:
    """Every clause only people can answer is asked, dated, and said to be unanswered."""
    attest = build_chapter(quiet()).attest

    assert ["ALA-09", "ALA-27", "ALA-30"] == [one.clause for one in attest.questions]
    assert {("due", "due by 14 November 2026, from chapter leadership")} == {
        (line.standing, line.said) for one in attest.questions for line in one.lines
    }


def test_not_judged_has_denominators_and_counts_judged_once_per_account() -> None:
    """Two reasons of one account share one denominator."""
    rows = {row.rule: (row.unjudged, row.total, row.why) for row in build_chapter(lakeside()).not_judged}

    assert {
        "ala.heated": (5, 44, "the rule knows no Spanish: 4; no text: 1"),
        "ala.threat": (3, 26, "the rule knows no Spanish: 3"),
    } == rows


@pytest.mark.parametrize(("name", "printed"), [("ala", ["ALA-05", "ALA-31"]), ("lll", ["LLL-27", "LLL-29", "LLL-34"])])
def test_the_clauses_to_be_printed_are_printed(name: str, printed: list[str]) -> None:
    """Both real packs' print clauses stand in the method, each with its text."""
    method = build_chapter(quiet(pack=load_pack(name))).method

    assert printed == [clause.id for clause in method.printed]
    assert all(clause.quote for clause in method.printed)


def test_the_chain_stamp_and_its_predecessor_are_printed() -> None:
    """The mailed report is the archive's witness: head, count, previous head, pack and code."""
    inputs = quiet()
    facts = " ".join(value for _, value in build_chapter(inputs).method.facts).replace(" ", "")

    for expected in (inputs.chain.digest, inputs.chain.previous_digest, inputs.pack.digest, "412storedcopies", "0.1.0"):
        assert expected in facts


@pytest.mark.parametrize(
    ("revised", "language", "said"),
    [
        ("2018-10", "en", "revised October 2018"),
        ("2018-10", "nl", "oktober 2018"),
        ("2018-10-05", "fr", "5 octobre 2018"),
        ("2020", "de", "2020"),
        ("in the spring of 2019", "en", "revised in the spring of 2019"),
        ("2018-13", "en", "revised 2018-13"),
    ],
)
def test_the_day_a_policy_was_changed_stands_in_the_reports_language(revised: str, language: str, said: str) -> None:
    """A month or a day is written as its readers write it; a pack's own words stand as they are."""
    inputs = quiet(pack=replace(pack(), source=Source(title="Rules of the House", revised=revised)))
    facts = dict(build_chapter(told_in(inputs, language)).method.facts).values()

    assert [said] == [said for fact in facts if fact.startswith("Rules of the House") and fact.endswith(said)]


def test_the_view_depends_on_nothing_but_its_inputs() -> None:
    """Built twice from equal inputs, equal; built from findings in another order, equal too."""
    inputs = lakeside()
    turned = replace(inputs, findings=inputs.findings[::-1], changes=inputs.changes[::-1])

    assert build_chapter(inputs) == build_chapter(lakeside()) == build_chapter(turned)


@pytest.mark.parametrize(("country", "paper"), [("US", "letter"), ("CA", "letter"), ("DE", "a4"), ("IN", "a4")])
def test_paper_follows_the_country(country: str, paper: str) -> None:
    """Letter where Letter is used, A4 elsewhere."""
    inputs = quiet()

    assert paper == build_chapter(replace(inputs, chapter=replace(inputs.chapter, country=country))).paper
