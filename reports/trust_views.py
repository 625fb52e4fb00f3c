"""How far each rule may be trusted that found something: its measured precision, never without its interval."""

from __future__ import annotations

from collections import Counter

from chapterwatch.model import Lane
from chapterwatch.policy import Rule
from chapterwatch.shares import Share
from reports.facts import Trust, TrustLine
from reports.finding_views import Material
from reports.text import clean_line


def trust_of(material: Material) -> Trust:
    """A line for each rule with a finding in this report, and a sentence on the others."""
    told = (*material.standing, *material.fixed, *material.set_aside)
    found = Counter(finding.rule_id for finding in told)
    pack = material.inputs.pack
    rules = [rule for rule in pack.rules.values() if rule.lane != Lane.CREDIT]
    named = [rule for rule in rules if found[rule.id]]
    # What is held back was found: its rule is not among those that found nothing.
    held = {one.finding.rule_id for one in material.inputs.held if one.in_month}
    others = [rule for rule in rules if not found[rule.id] and rule.id not in held]
    ranked = sorted(named, key=lambda rule: (rule.severity.rank, -found[rule.id], rule.id))
    measured = sum(pack.measured(rule) is not None for rule in others)
    rest = material.words("trust.rest" if named or held else "trust.none", n=len(others), measured=measured)
    lines = tuple(_line(rule, found[rule.id], material) for rule in ranked)
    basis = material.words("intro.trust", posts=pack.quality_posts)
    return Trust(lines=lines, basis=basis, rest=rest if others else "")


def _line(rule: Rule, findings: int, material: Material) -> TrustLine:
    pack, words = material.inputs.pack, material.words
    measured = pack.measured(rule)
    share = Share(measured.right, measured.found) if measured else Share(0, 0)
    right, between = words("trust.not_measured" if measured is None else "trust.found_none"), ""
    if share.interval is not None:
        low, high = (words.percent(bound) for bound in share.interval)
        right, between = words("trust.right", n=share.hits, total=share.of), words("trust.between", low=low, high=high)
    return TrustLine(
        rule=words("trust.rule", rule=rule.id, version=rule.version),
        title=clean_line(rule.title),
        clauses=", ".join(rule.clauses),
        findings=findings,
        right=right,
        between=between,
    )
