"""How far each rule may be trusted that found something: its measured precision, never without its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from chapterwatch.model import Lane
from chapterwatch.policy import Rule
from chapterwatch.shares import Share
from reports.facts import Trust, TrustLine
from reports.finding_views import Material
from reports.text import clean_line
from reports.unasked_views import asked_rules, unasked_rules


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
    lines = tuple(_line(rule, found[rule.id], material) for rule in ranked)
    basis = material.words("intro.trust", posts=pack.quality_posts)
    return Trust(lines=lines, basis=basis, rest=" ".join(_rest(others, material, found_any=bool(named or held))))


def _rest(others: Sequence[Rule], material: Material, *, found_any: bool) -> Iterator[str]:
    """Sentences on the rules that found nothing: those that answered, never could, and were never asked."""
    words, inputs = material.words, material.inputs
    able = {one.rule_id for one in inputs.answers if one.judged}
    asked = asked_rules(material)
    answered = [rule for rule in others if rule.id in able]
    if answered:
        measured = sum(inputs.pack.measured(rule) is not None for rule in answered)
        yield words("trust.rest" if found_any else "trust.none", n=len(answered), measured=measured)
    if unable := sum(rule.id in asked - able for rule in others):
        yield words("trust.unanswered", n=unable, section=words("section.not_judged"))
    if asked and (unasked := len(unasked_rules(material))):
        yield words("trust.unasked", n=unasked, section=words("section.not_judged"))


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
