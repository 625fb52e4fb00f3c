"""What was not judged, and how the report was made: denominators, statements and the clauses to be printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from chapterwatch.model import Lane
from chapterwatch.policy import Clause, Pack
from reports.facts import ChapterInputs, ClauseView, Method, NotJudgedCount, NotJudgedView
from reports.finding_views import Material
from reports.languages import CHECKS_SPEAK
from reports.text import clean, clean_line, sentence
from reports.words import Words

#: Reasons named on page one; all of them stand in the section on what was not judged.
REASONS_LIMIT = 4


def not_judged_of(material: Material) -> list[NotJudgedView]:
    """The rules that could not always answer, most often first, each with its denominator."""
    by_rule: dict[str, list[NotJudgedCount]] = {}
    for row in material.inputs.not_judged:
        by_rule.setdefault(row.rule_id, []).append(row)
    views = [_not_judged_rule(rule_id, rows, material) for rule_id, rows in by_rule.items()]
    return sorted((view for view in views if view.unjudged), key=lambda view: (-view.unjudged, view.rule))


def _not_judged_rule(rule_id: str, rows: Sequence[NotJudgedCount], material: Material) -> NotJudgedView:
    rule = material.inputs.pack.rules.get(rule_id)
    unjudged = sum(row.count for row in rows)
    # `judged` is said again on every row of one account, so it counts once per account.
    told = {row.account_key: row.judged for row in rows}
    # Accounts where the rule could always answer have no row among those it could not.
    told |= {one.account_key: one.judged for one in material.inputs.answers if one.rule_id == rule_id}
    judged = sum(told.values())
    reasons = Counter[str]()
    for row in rows:
        reasons[row.reason] += row.count
    return NotJudgedView(
        rule=rule_id,
        title=clean_line(rule.title) if rule else rule_id,
        clauses=", ".join(rule.clauses) if rule else "",
        unjudged=unjudged,
        total=unjudged + judged,
        why="; ".join(why_words(reason, count, material.words) for reason, count in sorted(reasons.items()) if count),
    )


def why_words(reason: str, count: int, words: Words) -> str:
    """A reason for not judging (`name` or `name:detail`) and how often it held."""
    name, _, detail = reason.partition(":")
    key = f"not_judged.{name}"
    if words.has(key):
        said = words(key, detail=words.language_name(clean_line(detail, 40)))
    else:
        said = clean_line(reason.replace("_", " "), 60)
    return words("not_judged.share", why=said, n=count)


def method_of(material: Material) -> Method:
    """How the report was made, with what the policy wants printed (lane `print`)."""
    inputs = material.inputs
    clauses = inputs.pack.clauses.values()
    return Method(
        facts=tuple(_facts(material)),
        statements=tuple(_statements(material)),
        printed=tuple(
            ClauseView(id=clause.id, title=clean_line(clause.title), quote=clean(clause.print))
            for clause in clauses
            if Lane.PRINT in clause.lanes and clause.print
        ),
        not_yet=tuple(_not_yet(clause) for clause in clauses if clause.not_yet),
    )


def _not_yet(clause: Clause) -> ClauseView:
    return ClauseView(id=clause.id, title=clean_line(clause.title), quote=clean(clause.not_yet or ""))


def _statements(material: Material) -> list[str]:
    words, inputs = material.words, material.inputs
    spoken = [words("method.findings"), words("method.counts"), words(f"excerpts.{inputs.pack.excerpts}")]
    if inputs.pack.excerpts != "reference":
        spoken.append(words(f"third_parties.{inputs.pack.third_parties}"))
    if inputs.suppressed:
        spoken.append(words("method.suppressed", n=inputs.suppressed))
    if any(inputs.unshown.values()):
        spoken.append(words("method.unshown"))
    spoken += _outlived(material)
    spoken += [words("intro.reply"), words("method.limits")]
    if words.language not in {CHECKS_SPEAK, inputs.pack.language}:
        spoken.append(words("method.origin"))
    if words.asked != words.language:
        spoken.append(words("method.fallback", language=words.language_name(words.asked)))
    return spoken


def _outlived(material: Material) -> list[str]:
    """What the association's retention rule has erased of what the report covers, by its number of months."""
    words = material.words
    told = (*material.standing, *material.fixed, *material.set_aside)
    shown = {(finding.account_key, finding.subject_id) for finding in told}
    shown |= {(change.account_key, change.subject_id) for change in material.inputs.changes}
    covered = [text for place, text in material.outlived.items() if text.of_the_month or place in shown]
    counted = sorted(Counter(text.months for text in covered).items())
    return [words("method.outlived", n=n, months=words("method.months", n=months)) for months, n in counted]


def _facts(material: Material) -> list[tuple[str, str]]:
    inputs, words = material.inputs, material.words
    pack, chain = inputs.pack, inputs.chain
    verified = {True: "fact.chain_verified", False: "fact.chain_broken", None: "fact.chain_unchecked"}[chain.verified]
    return [
        (words("fact.policy"), _source(material)),
        (words("fact.pack"), _pack_words(pack, words)),
        (words("fact.archive"), words("fact.archive_value", n=chain.captures, verified=words(verified))),
        (words("fact.digest"), grouped(chain.digest)),
        (
            words("fact.previous"),
            grouped(chain.previous_digest) if chain.previous_digest else words("fact.no_previous"),
        ),
        (words("fact.issue"), _issue(material)),
        (words("fact.contact"), clean_line(pack.contact)),
    ]


def _pack_words(pack: Pack, words: Words) -> str:
    return words(
        "fact.pack_value",
        id=pack.id,
        version=pack.version,
        n=len(pack.rules),
        clauses=len(pack.clauses),
        digest=grouped(pack.digest),
    )


def _source(material: Material) -> str:
    source = material.inputs.pack.source
    title = clean_line(source.title)
    if not source.revised:
        return title
    return material.words("fact.revised", title=title, revised=_spoken_month(source.revised, material.words))


def _spoken_month(revised: str, words: Words) -> str:
    """A day or a month of a year as the report writes them; what a pack says in words of its own as it stands."""
    said = clean_line(revised)
    return words.month(said) if _MONTH.fullmatch(said) else words.spoken_dates(said)


#: `2018-10`
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _issue(material: Material) -> str:
    inputs, words = material.inputs, material.words
    issued = words(
        "fact.issue_value",
        date=words.full_date(inputs.issued_on),
        revision=inputs.revision,
        month=words.month(inputs.period),
        zone=" / ".join(sorted({inputs.association.timezone, inputs.chapter.timezone})),
        code=clean_line(inputs.code_version),
    )
    return f"{issued} {reason_words(inputs, words)}".strip()


def grouped(digest: str) -> str:
    """A digest in groups of eight, so that a line can break and an eye can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def reason_words(inputs: ChapterInputs, words: Words) -> str:
    """The reason as a sentence, its dates written as the report writes dates."""
    said = clean_line(inputs.revision_reason or "")
    return sentence(words.spoken_dates(said))


def unjudged_why(material: Material) -> str:
    """The commonest reasons for not judging, for page one."""
    reasons = Counter[str]()
    for row in material.inputs.not_judged:
        reasons[row.reason] += row.count
    ranked = [reason for reason, count in reasons.most_common() if count]
    said = [why_words(reason, reasons[reason], material.words) for reason in ranked[:REASONS_LIMIT]]
    return "; ".join(said) + ("…" if len(ranked) > REASONS_LIMIT else "")
