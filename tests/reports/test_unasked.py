"""Rules that had nothing to be asked of stand apart from those that looked and found nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chapterwatch.model import Access, Space
from chapterwatch.policy import Rule, Scope
from reports.exports import tables_of
from reports.facts import ChapterInputs, RuleAnswers, Unasked
from reports.view import build_chapter
from tests.reports.factory import RULES, X, account, answered, chapter, finding, pack, quiet

THREAT, PHONE, EDIT, HEATED = (one.id for one in RULES[:4])


def scoped(rule_id: str, **changes: object) -> Rule:
    """One of the pack's rules with another scope or subject."""
    (rule,) = (one for one in RULES if one.id == rule_id)
    scope = {name: changes.pop(name) for name in ("spaces", "platforms", "kinds") if name in changes}
    return rule.model_copy(update={"scope": Scope(**scope), **changes})


def month(*rules: Rule, **changes: object) -> ChapterInputs:
    """A quiet month in which every rule was asked but these, which take their places in the pack."""
    changed = {rule.id: rule for rule in rules}
    asked = tuple(one for one in answered(X) if one.rule_id not in changed)
    told = pack(rules={one.id: changed.get(one.id, one) for one in RULES})
    return quiet(**{"pack": told, "answers": asked, **changes})


def test_where_every_rule_was_asked_nothing_more_is_said() -> None:
    """The near-miss: the credits of a pack are no question, whether they were asked or not."""
    answers = tuple(one for one in answered(X) if not one.rule_id.startswith("ala.credit"))
    view = build_chapter(quiet(answers=answers))
    assert () == view.unasked
    assert "No rule found anything this month; 0 of the 4 that answered were measured." == view.trust.rest


def test_a_rule_that_was_asked_nothing_is_none_that_found_nothing() -> None:
    """It is counted apart, and named with its clause and the reason."""
    view = build_chapter(month(scoped(HEATED, spaces=(Space.LEADER_PROFILE,))))
    assert (
        "No rule found anything this month; 0 of the 3 that answered were measured. One rule had nothing to be asked "
        "of here; it is named under “What was not judged”."
    ) == view.trust.rest
    titles = (("Does this post take sides on a heated topic?", "ALA-21"),)
    why = "no account of this kind is known: leader\u2019s profile"
    assert (Unasked(why=why, clauses="ALA-21", rules=titles),) == view.unasked


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"platforms": ("weblog",)}, "no account is known on the platforms they are for"),
        ({"kinds": ("reply", "comment")}, "no answers to posts were captured"),
        ({"subject": "profile"}, "no profile was captured of an account they look at"),
        ({}, "no post was captured of an account they look at"),
        (
            {"spaces": (Space.LEADER_PROFILE, Space.PUBLIC_GROUP), "kinds": ("reply",)},
            "no account of this kind is known: leader\u2019s profile, public group",
        ),
        ({"spaces": (Space.OFFICIAL,), "kinds": ("reply", "quote")}, "no answers to posts were captured"),
        ({"kinds": ("post", "reply")}, "no post was captured of an account they look at"),
    ],
)
def test_the_reason_is_what_would_have_to_be_there_first(changes: dict[str, object], why: str) -> None:
    """An account of the kind, then the kind of thing."""
    assert [why] == [line.why for line in build_chapter(month(scoped(EDIT, **changes))).unasked]


def test_rules_of_one_reason_share_a_line() -> None:
    """A page names reasons, not dozens of rules: clauses once each, in order."""
    rules = [scoped(name, kinds=("reply",)) for name in (HEATED, PHONE, EDIT)]
    (line,) = build_chapter(month(*rules)).unasked
    assert ("ALA-14, ALA-21, ALA-23", 3) == (line.clauses, len(line.rules))


def test_an_account_nobody_may_read_is_none_that_a_rule_looks_at() -> None:
    """It is on the roster so that it is known; its posts are never seen."""
    closed = account("x:9", "closed", space=Space.LEADER_PROFILE, access=Access.NONE)
    place = chapter((account(X, "ala_lakeside"), closed))
    view = build_chapter(month(scoped(HEATED, spaces=(Space.LEADER_PROFILE,)), chapter=place))
    assert ["no account of this kind is known: leader\u2019s profile"] == [line.why for line in view.unasked]


def test_a_rule_that_could_never_answer_is_none_that_found_nothing() -> None:
    """It was asked, so it stands in the table above with its reason; the sentence does not call it clean."""
    answers = [replace(one, judged=0, not_judged=14) if one.rule_id == HEATED else one for one in answered(X)]
    rest = build_chapter(quiet(answers=tuple(answers))).trust.rest
    assert (
        "No rule found anything this month; 0 of the 3 that answered were measured. "
        "One rule could never answer here; “What was not judged” says why."
    ) == rest


def test_beside_findings_the_same_holds() -> None:
    """Two looked and found nothing, one was asked nothing."""
    inputs = month(scoped(HEATED, kinds=("reply",)), findings=(finding(PHONE, "x"),))
    rest = build_chapter(inputs).trust.rest
    assert rest.startswith("2 other rules found nothing here; 0 of them were measured too. One rule had nothing to be")


def test_a_chapter_of_which_nothing_was_judged_gets_no_list() -> None:
    """That no rule had anything to judge is said once; a list of all of them would say no more."""
    asked = (RuleAnswers(rule_id=HEATED, account_key=X, judged=0, not_judged=0),)
    for answers in ((), asked):
        view = build_chapter(quiet(answers=answers, coverage=(), posts_by_month={}))
        assert ((), "") == (view.unasked, view.trust.rest)


def test_the_table_for_spreadsheets_has_every_such_rule() -> None:
    """With its title, asked of nothing."""
    view = build_chapter(month(scoped(HEATED, kinds=("reply",))))
    rows = tables_of(view)[2].rows
    said = ("Does this post take sides on a heated topic?", "ALA-21", 0, 0, "no answers to posts were captured")
    assert [said] == [tuple(row) for row in rows]
