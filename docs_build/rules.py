"""docs/rules.md: every rule of every pack under the clauses it serves, with how often it was right."""

from __future__ import annotations

from collections.abc import Iterator

from chapterwatch import policy
from chapterwatch.model import Lane
from docs_build.platforms import table

_INTRO = """\
# Rules

Every rule of the policies that come along, under each clause it serves. This page is written from the packs
(`make docs`). `chapterwatch explain RULE` tells of one rule why it is there, where it goes wrong, and its cases.

**Lane** is how a rule speaks: *auto* says what it found, with evidence; *assist* asks, and a person decides; *credit*
counts in the chapter's favour. **Right** is how many of the rule's findings were right on the labelled posts kept for
the test; empty where they hold too little to measure it. Few of these counts rest on many posts: [quality](quality.md)
has the whole figures with their intervals.
"""
_SAID = {"attest": "is asked of a person", "print": "is printed in every report", "scope": "decides what is judged"}


def page() -> str:
    """The whole page."""
    parts = [_INTRO]
    for name in policy.packs_available():
        parts += _pack(policy.load_pack(name))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _pack(pack: policy.Pack) -> Iterator[str]:
    yield f"## {pack.title} (`{pack.id}`)"
    yield f"{len(pack.clauses)} clauses, {len(pack.rules)} rules; pack version {pack.version}."
    for row in policy.clause_coverage(pack):
        clause = row.clause
        yield f"### {clause.id}: {clause.title}"
        others = [said for lane, said in _SAID.items() if lane in {str(one) for one in clause.lanes}]
        if others:
            yield f"This clause {', and '.join(others)}."
        if row.rules:
            yield table(["rule", "what it looks for", "severity", "lane", "right"], _rows(pack, row))


def _rows(pack: policy.Pack, row: policy.ClauseCoverage) -> Iterator[list[str]]:
    for rule in (one.rule for one in row.rules):
        severity = "" if rule.lane is Lane.CREDIT else str(rule.severity)
        yield [f"`{rule.id}`", rule.title, severity, str(rule.lane), _right(pack, rule)]


def _right(pack: policy.Pack, rule: policy.Rule) -> str:
    found = pack.quality.get(rule.id)
    if found is None or found.version != rule.version or not found.found:
        return ""
    return f"{found.right} of {found.found}"
