"""A pack's own words in the languages of its readers, by gettext catalogues: `policies/<pack>/locale/<language>.po`.

The msgid is the English text as the pack has it, without context: where the pack changes, the old translation no longer
fits and the new text stands in the pack's own language, marked as such, until somebody has translated it.

What is quoted from the policy is never translated: a translation is not what the association resolved. Nor does a
translation belong to the pack's digest, for no rule judges otherwise because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from chapterwatch.policy import Clause, Pack, Rule

#: What a report prints of a rule, and of a clause beside its quotation.
RULE_WORDS = ("title", "remedy", "why", "false_positives")
CLAUSE_WORDS = ("title", "print", "not_yet")


def spoken(pack: Pack, language: str) -> Pack:
    """The pack with everything a report prints of it in `language` (ISO 639-1), as far as it is translated.

    Quotations, ids, versions, parameters and the digest stay.
    """
    known = _translations(pack, language)
    if not known:
        return pack
    return replace(
        pack,
        clauses={key: _clause(clause, known) for key, clause in pack.clauses.items()},
        rules={key: _rule(rule, known) for key, rule in pack.rules.items()},
    )


def untranslated(pack: Pack, language: str) -> tuple[str, ...]:
    """The texts of a pack, in pack order, that a report in another language prints in the pack's own."""
    if language == pack.language:
        return ()
    known = _translations(pack, language)
    return tuple(text for text in texts_of(pack) if text not in known)


def texts_of(pack: Pack) -> tuple[str, ...]:
    """Everything a report prints of a pack beside its quotations, each text once, in pack order."""
    return tuple(dict.fromkeys(_texts(pack)))


def languages_of(pack: Pack) -> tuple[str, ...]:
    """The languages a pack has catalogues for (ISO 639-1)."""
    return tuple(sorted(path.stem for path in (pack.folder / "locale").glob("*.po")))


def _texts(pack: Pack) -> Iterator[str]:
    for clause in pack.clauses.values():
        yield from (text for name in CLAUSE_WORDS if (text := getattr(clause, name)))
        if clause.question:
            yield clause.question.ask
    for rule in pack.rules.values():
        yield from (getattr(rule, name) for name in RULE_WORDS)


def _clause(clause: Clause, known: Mapping[str, str]) -> Clause:
    update: dict[str, object] = _said(clause, CLAUSE_WORDS, known)
    if clause.question:
        update["question"] = clause.question.model_copy(update=_said(clause.question, ("ask",), known))
    return clause.model_copy(update=update)


def _rule(rule: Rule, known: Mapping[str, str]) -> Rule:
    return rule.model_copy(update=_said(rule, RULE_WORDS, known))


def _said(of: object, names: tuple[str, ...], known: Mapping[str, str]) -> dict[str, object]:
    return {name: known[text] for name in names if (text := getattr(of, name)) in known}


def _translations(pack: Pack, language: str) -> Mapping[str, str]:
    path = pack.folder / "locale" / f"{language}.po"
    return {} if language == pack.language or not path.is_file() else _read(path)


@cache
def _read(path: Path) -> Mapping[str, str]:
    """Read once a process; entries marked fuzzy or left empty count as not translated."""
    with path.open("rb") as file:
        entries = read_po(file, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy}
