"""Rules that had nothing to be asked of at a chapter: why, and under which clauses.

They found nothing because nothing was put to them, which is no verdict: a report that counted them among the rules that
found nothing would call clean what nobody looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chapterwatch.model import Access, Account, Lane
from chapterwatch.policy import Rule
from reports.facts import Unasked
from reports.finding_views import Material
from reports.text import clean_line

#: Kinds of posts that stand under or beside another one.
_ANSWERS = frozenset({"reply", "comment", "quote"})


def unasked_of(material: Material) -> tuple[Unasked, ...]:
    """The rules nothing was put to, a line for each reason; none where nothing was judged at all, for that is said."""
    if not asked_rules(material):
        return ()
    groups: dict[str, list[Rule]] = {}
    for rule in unasked_rules(material):
        groups.setdefault(_why(rule, material), []).append(rule)
    return tuple(_line(why, rules) for why, rules in groups.items())


def asked_rules(material: Material) -> frozenset[str]:
    """The ids of the rules that something was put to, answered or not."""
    return frozenset(one.rule_id for one in material.inputs.answers if one.judged + one.not_judged)


def unasked_rules(material: Material) -> list[Rule]:
    """The rules of the pack that were asked of nothing, but for its credits."""
    asked, rules = asked_rules(material), material.inputs.pack.rules.values()
    return [rule for rule in rules if rule.lane != Lane.CREDIT and rule.id not in asked]


def _line(why: str, rules: Sequence[Rule]) -> Unasked:
    clauses = {clause for rule in rules for clause in rule.clauses}
    titles = tuple((clean_line(rule.title), ", ".join(rule.clauses)) for rule in rules)
    return Unasked(why=why, clauses=", ".join(sorted(clauses)), rules=titles)


def _why(rule: Rule, material: Material) -> str:
    """What there would have to be before the rule could be asked, in words."""
    words, scope = material.words, rule.scope
    accounts = [one for one in material.inputs.chapter.accounts if one.access is not Access.NONE]
    if scope.spaces and not any(one.space in scope.spaces for one in accounts):
        spaces = ", ".join(words(f"space.{space}") for space in scope.spaces)
        return words("unasked.space", spaces=spaces)
    if not list(_looked_at(rule, accounts)):
        return words("unasked.platform")
    if scope.kinds and set(scope.kinds) <= _ANSWERS:
        return words("unasked.answers")
    return words(f"unasked.{rule.subject}")


def _looked_at(rule: Rule, accounts: Iterable[Account]) -> Iterator[Account]:
    scope = rule.scope
    for account in accounts:
        in_space = not scope.spaces or account.space in scope.spaces
        if in_space and (not scope.platforms or account.platform in scope.platforms):
            yield account
