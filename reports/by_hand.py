"""What a person reported of an account nothing can read, in the words a rule would bring along for its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chapterwatch.model import Finding, Lane, Severity
from chapterwatch.policy import Rule, by_hand_id, is_by_hand
from reports.words import Words

#: Days to act, by how grave the person called it.
DUE_DAYS: Mapping[Severity, int] = {Severity.CRITICAL: 1, Severity.HIGH: 3, Severity.MEDIUM: 7, Severity.LOW: 14}


def rule_of(finding: Finding, rules: Mapping[str, Rule], words: Words) -> Rule | None:
    """The rule of a finding as its pack has it, or what stands in a rule's place; None where the pack dropped it."""
    if is_by_hand(finding.rule_id):
        return rule_by_hand(finding.pack, finding.clauses, finding.severity, words)
    return rules.get(finding.rule_id)


def rule_by_hand(pack: str, clauses: Sequence[str], severity: Severity, words: Words) -> Rule:
    """What stands in a rule's place for the findings of people. It judges nothing: `check` names none there is."""
    return Rule(
        id=by_hand_id(pack),
        version=1,
        clauses=tuple(clauses),
        check="by_hand",
        severity=severity,
        lane=Lane.ASSIST,
        title=words("by_hand.title"),
        why=words("by_hand.why"),
        remedy=words("by_hand.remedy"),
        due_days=DUE_DAYS[severity],
        false_positives=words("by_hand.errs"),
    )
