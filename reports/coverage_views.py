"""What was judged of what: accounts by families of rules, answers given of answers asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from chapterwatch.model import Lane
from reports.facts import Matrix, MatrixCell, MatrixRow, RuleAnswers
from reports.finding_views import Material
from reports.method_views import why_words

#: Accounts beside one another in one table; more make a second one.
COLUMNS = 4
#: Reasons named in one line of the matrix; the section on what was not judged has all.
REASONS = 2
#: Families of rules by what their checks look for, in the order they are printed. A check that stands in none is of
#: the last.
FAMILIES = {
    "people": ("threats", "hate", "harassment"),
    "private": ("personal_data", "person_detail", "supported_family", "support_story", "pasted_talk"),
    "confidential": ("confidentiality", "early_announcement"),
    "claims": ("complaints", "rumours"),
    "language": ("profanity",),
    "topics": ("topics", "heated_thread", "badge"),
    "promotion": ("promotion", "published_material", "name_promotion"),
    "standing": ("member_link", "own_views", "spokesperson", "post_disclaimer", "regular_disclaimer"),
    "edits": ("silent_edit", "marked_change", "deletion"),
    "pictures": (),
    "hints": ("scored",),
    "conduct": (),
    # They accuse nobody, but page one counts their answers, too, and its sum has to be found here.
    "credits": (),
}
_FAMILY_OF = {check: family for family, checks in FAMILIES.items() for check in checks}


def matrices_of(material: Material) -> tuple[Matrix, ...]:
    """Accounts by families of rules, a table for every few accounts: the same answers that page one counts.

    What went well is the last row. Alone it makes no table, for nothing was asked that could have found anything.
    """
    rows = [(family_of(one, material), one) for one in material.inputs.answers if _is_asked(one, material)]
    keys = [account.key for account in material.inputs.chapter.accounts]
    asked = [key for key in keys if any(one.account_key == key and family != "credits" for family, one in rows)]
    parts = (asked[at : at + COLUMNS] for at in range(0, len(asked), COLUMNS))
    return tuple(_matrix(part, rows, material) for part in parts)


def family_of(one: RuleAnswers, material: Material) -> str:
    """The family of a rule, by its check; whatever praises is one of its own."""
    rule = material.inputs.pack.rules.get(one.rule_id)
    if rule and rule.lane == Lane.CREDIT:
        return "credits"
    check = rule.check if rule else ""
    return "pictures" if check.startswith("picture") else _FAMILY_OF.get(check, "conduct")


def _is_asked(one: RuleAnswers, material: Material) -> bool:
    rule = material.inputs.pack.rules.get(one.rule_id)
    return rule is not None and one.judged + one.not_judged > 0


def _matrix(keys: Sequence[str], rows: Iterable[tuple[str, RuleAnswers]], material: Material) -> Matrix:
    here = [(family, one) for family, one in rows if one.account_key in keys]
    present = [family for family in FAMILIES if any(family == found for found, _ in here)]
    return Matrix(
        accounts=tuple(material.label(key) for key in keys),
        rows=tuple(_row(family, keys, [one for name, one in here if name == family], material) for family in present),
    )


def _row(family: str, keys: Sequence[str], answers: Sequence[RuleAnswers], material: Material) -> MatrixRow:
    cells = [_cell([one for one in answers if one.account_key == key], material) for key in keys]
    named = material.words("section.credits" if family == "credits" else f"family.{family}")
    return MatrixRow(family=named, cells=tuple(cells), why=_why(keys, answers, material))


def _cell(answers: Sequence[RuleAnswers], material: Material) -> MatrixCell:
    judged = sum(one.judged for one in answers)
    total = judged + sum(one.not_judged for one in answers)
    if not total:
        return MatrixCell(said="", whole=True)
    whole = judged == total
    said = material.words.number(total) if whole else material.words("matrix.part", n=judged, total=total)
    return MatrixCell(said=said, whole=whole)


def _why(keys: Sequence[str], answers: Sequence[RuleAnswers], material: Material) -> str:
    rules = {one.rule_id for one in answers}
    reasons = Counter[str]()
    for row in material.inputs.not_judged:
        if row.rule_id in rules and row.account_key in keys:
            reasons[row.reason] += row.count
    ranked = [(reason, count) for reason, count in reasons.most_common() if count]
    said = "; ".join(why_words(reason, count, material.words) for reason, count in ranked[:REASONS])
    return said + ("…" if len(ranked) > REASONS else "")
