"""The questions only a person can answer, as the reports print them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chapterwatch.model import Acknowledgement, Answer, Consent, Finding, Space
from chapterwatch.policy import load_pack
from reports import render
from reports.facts import AnswerLine, ChapterView
from reports.network import RollupInputs, build_rollup
from reports.view import ChapterInputs, build_chapter
from tests.reports.factory import FACEBOOK, PERIOD, X, account, association, chapter, covered, finding, named, quiet

CHAIR, PRESIDENT = "ines.fonseca@lakeside.example", "omar.haddad@lakeside.example"
CLOSED = date(2026, 11, 2)


def answer(said: str, period: str = "2026-10", on: date = CLOSED, **changes: Any) -> Answer:
    given = {"question": "photo-permission", "period": period, "answer": said, "by": CHAIR, "on": on, **changes}
    return Answer(**given)


def inputs(*answers: Answer, begun: date = date(2026, 9, 1), **registers: Any) -> ChapterInputs:
    accounts = (
        account(X, "ala_lakeside", collect_from=begun),
        account(FACEBOOK, "alalakeside", owner=PRESIDENT, deputy=CHAIR),
    )
    kept = chapter(accounts, answers=answers, **registers)
    return quiet(
        pack=load_pack("ala"),
        chapter=kept,
        association=association(kept),
        answers_until=CLOSED,
        coverage=covered(X, FACEBOOK),
        posts_by_month={(X, PERIOD): 20, (FACEBOOK, PERIOD): 10},
    )


def lines(view: ChapterView, clause: str = "ALA-27") -> list[AnswerLine]:
    return [line for one in view.attest.questions if one.clause == clause for line in one.lines]


def said(view: ChapterView, clause: str = "ALA-27") -> list[str]:
    return [f"{line.period}: {line.said}" for line in lines(view, clause)]


def test_nothing_answered() -> None:
    """September is overdue on 2 November, October and the year are not; page one counts both and asks for them."""
    view = build_chapter(inputs())
    assert (0, 5, 3) == (view.attest.answered, view.attest.due, view.attest.overdue)
    assert [
        "September 2026: overdue since 14 October 2026",
        "October 2026: due by 14 November 2026, from whoever owns the accounts",
    ] == said(view)
    assert ["2026: due by 31 January 2027, from chapter leadership"] == said(view, "ALA-28")
    assert "8 questions only a person can answer: 5 due and 3 overdue." == view.asked
    assert ("3 answers only the chapter can give are overdue.",) == view.status.notices


def test_page_one_names_no_single_day_for_questions_of_several() -> None:
    """What is overdue is not hidden behind what is due, nor January's question behind November's."""
    late, ahead = build_chapter(inputs()), build_chapter(inputs(begun=date(2026, 10, 1)))
    assert "3 overdue, the next by 14 November 2026" == late.attest.several_words
    assert "the first by 14 November 2026" == ahead.attest.several_words
    assert "<td>3 overdue, the next by 14 November 2026</td>" in render.html_of(late)


def test_page_one_names_the_day_where_there_is_one() -> None:
    """The near-miss: one question, or several of one day."""
    given = inputs(begun=date(2026, 10, 1))
    one = replace(given, pack=replace(given.pack, clauses=_asked_only(given)))
    view = build_chapter(one)
    assert ("", "14 November 2026") == (view.attest.several_words, view.attest.due_words)
    assert "<td>14 November</td>" in render.html_of(view)


def test_page_one_asks_whose_answer_it_is() -> None:
    """The offices that answer for the accounts, where the pack asks their owners, and leadership where it asks that."""
    given = inputs(begun=date(2026, 10, 1))
    owners = replace(given, pack=replace(given.pack, clauses=_asked_only(given)))
    leadership = replace(given, pack=replace(given.pack, clauses={"ALA-28": given.pack.clauses["ALA-28"]}))
    both = "Chapter leadership, Communications chair and President"
    told = {"Communications chair and President": owners, "Chapter leadership": leadership, both: given}
    assert list(told) == [build_chapter(one).attest.who for one in told.values()]
    assert f'<td class="text">{both}</td>' in render.html_of(build_chapter(given))


def test_an_account_nobody_owns_is_asked_by_that_name() -> None:
    """A roster without an owner is no reason to ask leadership in their place; private accounts ask nobody."""
    own = (account(X, "ala_lakeside", owner=None), account(FACEBOOK, "alalakeside", space=Space.PRIVATE))
    given = inputs(begun=date(2026, 10, 1))
    given = replace(given, chapter=replace(given.chapter, accounts=own))
    view = build_chapter(replace(given, pack=replace(given.pack, clauses=_asked_only(given))))
    assert "Account owner (none named)" == view.attest.who


def test_a_quiet_month_with_overdue_answers_is_not_clear() -> None:
    """Good news needs the answers too: what only a person can see was not said."""
    fresh = inputs(begun=date(2026, 10, 1))
    assert ["limited", "clear"] == [
        build_chapter(replace(one, pack=replace(one.pack, clauses=_asked_only(one)))).status.level
        for one in (inputs(), fresh)
    ]


def _asked_only(one: ChapterInputs) -> dict[str, Any]:
    return {"ALA-27": one.pack.clauses["ALA-27"].model_copy(update={"not_yet": None})}


def test_a_no_is_the_chapters_own_statement() -> None:
    """It is printed as what the chapter says, by office and date, and is no finding and in no count of findings."""
    view = build_chapter(inputs(answer("no", note="Two guests were asked afterwards")))
    line = lines(view)[-1]
    assert (
        "answered",
        "the chapter says no (Communications chair, 2 November 2026)",
        "Two guests were asked afterwards.",
    ) == (line.standing, line.said, line.note)
    assert (0, 0) == (view.counts.new, view.counts.standing)
    page = render.html_of(view)
    assert "a “no” is not a finding of ours" in page
    assert "Ines Fonseca" not in page


def test_the_later_answer_says_what_it_replaces() -> None:
    """Both dates stand in the report; a reader who knows the first is not left to wonder."""
    view = build_chapter(inputs(answer("no", on=CLOSED), answer("yes", on=date(2026, 11, 1))))
    assert "Replaces the answer of 1 November 2026 (yes)." == lines(view)[-1].replaces


def test_answers_of_later_days_do_not_reach_back() -> None:
    """A report made again next week is the same report."""
    later = answer("yes", on=date(2026, 11, 9))
    assert said(build_chapter(inputs())) == said(build_chapter(inputs(later)))


def test_answers_of_the_months_before_are_told_once() -> None:
    """September's answer stands in October's report where it was given in October, and no longer where before."""
    given, before = answer("yes", "2026-09", date(2026, 10, 9)), answer("yes", "2026-08", date(2026, 9, 9))
    told = said(build_chapter(inputs(given, before, begun=date(2026, 8, 1))))
    assert "September 2026: yes (Communications chair, 9 October 2026)" in told
    assert not any(line.startswith("August") for line in told)


def test_many_overdue_months_make_one_line() -> None:
    """A chapter that never answered is told so in a line, not in twenty."""
    told = said(build_chapter(inputs(begun=date(2026, 1, 1))))
    assert [
        "January 2026 to September 2026: 9 answers overdue, the first since 14 February 2026",
        "October 2026: due by 14 November 2026, from whoever owns the accounts",
    ] == told


def test_strangers_words_in_an_answer_cannot_break_the_page() -> None:
    """An answer is free text of somebody: it is cut, cleaned and escaped."""
    view = build_chapter(inputs(answer("<b>see</b> " + "x" * 400, note="<script>1</script>\x00")))
    page = render.html_of(view)
    assert "<script>" not in page
    assert "<b>see" not in page
    assert len(lines(view)[-1].said) < 400


def test_consents_are_numbers_and_places() -> None:
    """What they cover, for how many people, signed when and kept where; the sum stands above."""
    given = {"signed_on": date(2026, 10, 1), "kept": "binder"}
    event = Consent(people=4, event="Forum", starts=date(2026, 10, 14), ends=date(2026, 10, 16), **given)
    view = build_chapter(inputs(consents=(event, Consent(people=2, posts=("7", "8"), **given)))).attest
    assert ["Forum, 14 October to 16 October 2026", "2 posts"] == [one.covers for one in view.consents]
    assert "2 signed consents (people covered: 6). It holds numbers, never names." in view.consents_words
    assert "The register holds no signed consent." == build_chapter(inputs()).attest.consents_words


def test_everybody_who_posts_and_whether_they_read_the_guidelines() -> None:
    """By office: confirmed, confirmed of an older version only, not confirmed."""
    old = Acknowledgement(by=CHAIR, version="0.9", on=date(2026, 10, 1))
    new = Acknowledgement(by=PRESIDENT, version="1.0", on=date(2026, 9, 1))
    readers = build_chapter(inputs(acknowledgements=(old, new))).attest.readers
    assert [
        ("Communications chair", False, "Confirmed only version 0.9, on 1 October 2026; the current one is 1.0"),
        ("President", True, "Confirmed version 1.0 on 1 September 2026"),
    ] == [(one.role, one.confirmed, one.said) for one in readers]
    assert "X @ala_lakeside and Facebook @alalakeside" == readers[0].accounts
    assert {"Not confirmed yet"} == {one.said for one in build_chapter(inputs()).attest.readers}


def test_an_audit_on_request_asks_nothing() -> None:
    """It looks at accounts and days somebody named; the questions stay with the monthly report."""
    view = build_chapter(replace(inputs(), revision_reason="Asked for by headquarters"))
    assert ((), 0, "") == (view.attest.questions, view.attest.open, view.asked)


def test_the_roll_up_says_who_owes_answers() -> None:
    """Most overdue first, with the day the oldest was due; page one says how many chapters owe answers."""
    whole = [answer("yes", q, date(2026, 10, 9), question=name) for name in _monthly() for q in ("2026-09", "2026-10")]
    paid = build_chapter(named(inputs(*whole), "ala-b", "B Chapter"))
    view = build_rollup(
        RollupInputs(
            association=association(),
            period=PERIOD,
            chapters=(paid, build_chapter(inputs())),
            issued_on=CLOSED,
            code_version="0.1.0",
        )
    )
    assert [("Lakeside Chapter", 0, 5, 3, "14 October 2026"), ("B Chapter", 6, 2, 0, "")] == [
        (one.chapter, one.answered, one.due, one.overdue, one.since_words) for one in view.attest
    ]
    assert "One chapter owes answers that are overdue (3 in all)." in view.status.notices
    assert "overdue since 14 October" in render.html_of(view)


def _monthly() -> list[str]:
    return ["nothing-unlawful", "pictures-and-videos", "photo-permission"]


def test_the_mix_of_content() -> None:
    """One bar a kind, of all posts of the month; a post counts once a kind, and kinds are no list of credits."""
    given = inputs()
    events = [_credit("ala.credit.events", f"post {number}") for number in range(3)]
    again = replace(events[0], key="again", revision=1)
    view = build_chapter(replace(given, findings=(*events, again, _credit("ala.credit.event_hashtag", "post 1"))))
    assert view.mix is not None
    assert [("Knowledge", 0), ("Events", 3), ("Success stories", 0), ("New members", 0)] == sorted(
        ((one.label, one.posts) for one in view.mix.parts), key=lambda one: ORDER.index(one[0])
    )
    assert {3 / 30, 0.0} == {one.share for one in view.mix.parts}
    assert ["ALA-25"] == [one.clauses for one in view.credits]


def test_no_mix_without_posts_or_without_kinds() -> None:
    """Nothing is divided by nothing, and a policy that names no kinds has no bars."""
    assert build_chapter(replace(inputs(), posts_by_month={})).mix is None
    assert build_chapter(quiet()).mix is None


ORDER = ["Knowledge", "Events", "Success stories", "New members"]


def _credit(rule_id: str, post: str) -> Finding:
    clauses = ("ALA-25",) if "hashtag" in rule_id else ("ALA-32",)
    stated = finding("ala.credit.hashtag", post)
    return replace(stated, rule_id=rule_id, subject_id=post, clauses=clauses, key=rule_id + post)
