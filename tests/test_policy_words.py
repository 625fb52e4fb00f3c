"""Packs in other languages: complete, true to their own numbers and names, and never in the way of judging."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chapterwatch.policy import POLICIES, Pack, load_pack, packs_available
from chapterwatch.policy_words import languages_of, spoken, texts_of, untranslated

PACKS = packs_available()
LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
EVERY = [(pack, language) for pack in PACKS for language in LANGUAGES]

#: What a translation keeps letter by letter: addresses, names of the association, figures.
_KEPT = re.compile(r"[\w.]+@[\w.]+\w|\bLLLI?\b|\bALA\b|\bDCE\b|\d+[.,]\d{1,2}\b")
#: "LLL" stands inside the German word for a Leader, and in names like "LLL-Beraterin" the English has none of.
_LOOSE = {"LLL"}


@cache
def loaded(name: str) -> Pack:
    return load_pack(name)


def entries_of(pack: str, language: str) -> dict[str, str]:
    with (POLICIES / pack / "locale" / f"{language}.po").open("rb") as file:
        entries = [entry for entry in read_po(file, abort_invalid=True) if entry.id]
    assert [] == [entry.id for entry in entries if entry.fuzzy or entry.context]
    return {str(entry.id): str(entry.string) for entry in entries}


def kept(text: str) -> list[str]:
    return sorted({found.replace(",", ".") for found in _KEPT.findall(text)} - _LOOSE)


@pytest.fixture(scope="module", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return loaded(request.param)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_a_report_prints_is_translated(pack: Pack, language: str) -> None:
    """Titles, remedies, reasons, known errors and questions of every rule and clause; a changed text shows up here."""
    assert () == untranslated(pack, language)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_translation_is_left_over(name: str, language: str) -> None:
    """A catalogue holds nothing the pack does not say any more, and no entry twice or empty."""
    entries = entries_of(name, language)

    assert set(texts_of(loaded(name))) == set(entries)
    assert [] == [text for text, said in entries.items() if not said.strip() or said == text]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_translation_keeps_addresses_names_and_figures(name: str, language: str) -> None:
    """An address to write to and a measured figure are the same in every language."""
    entries = entries_of(name, language)

    assert [] == [text for text, said in entries.items() if kept(text) != kept(said)]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_question_stays_a_question(name: str, language: str) -> None:
    """An assist finding asks and never accuses, in no language."""
    pack = loaded(name)
    told = spoken(pack, language)

    assert [] == [
        key for key, rule in pack.rules.items() if rule.title.endswith("?") != told.rules[key].title.endswith("?")
    ]
    assert languages_of(pack) == tuple(sorted(LANGUAGES))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_no_two_rules_of_a_pack_have_one_title(pack: Pack, language: str) -> None:
    """A report names a rule by its title: who reads it has to know which of them found what."""
    titles = Counter(rule.title for rule in spoken(pack, language).rules.values())

    assert [] == [title for title, count in titles.items() if count > 1]


@pytest.mark.parametrize(
    ("language", "marks"), [("es", "“”„"), ("fr", "“”„'"), ("de", "”«»"), ("it", "“”„'"), ("pt", "„«»"), ("nl", "„«»'")]
)
@pytest.mark.parametrize("name", PACKS)
def test_signs_are_those_of_the_language(name: str, language: str, marks: str) -> None:
    """«» and the bound blanks of French, «» in Spanish and Italian, „“ in German, “” in Portuguese and Dutch."""
    said = entries_of(name, language).values()

    assert [] == [text for text in said if set(text) & set(marks)]
    assert [] == [text for text in said if language == "fr" and re.search(r" [:;?!»]|« ", text)]
    assert [] == [text for text in said if language == "es" and text.count("?") != text.count("¿")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_pack_judges_as_before(pack: Pack, language: str) -> None:
    """Quotations, parameters, versions, cases and the digest are those of the policy, whatever language is read."""
    told = spoken(pack, language)

    assert (pack.digest, pack.version, pack.source) == (told.digest, told.version, told.source)
    assert [clause.quote for clause in pack.clauses.values()] == [clause.quote for clause in told.clauses.values()]
    judged = {"title", "remedy", "why", "false_positives"}
    assert [rule.model_dump(exclude=judged) for rule in pack.rules.values()] == [
        rule.model_dump(exclude=judged) for rule in told.rules.values()
    ]


def test_the_packs_own_language_and_an_unknown_one_change_nothing(pack: Pack) -> None:
    """Nothing is translated into the language it stands in; nor into one nobody has translated, and that is said."""
    assert pack is spoken(pack, pack.language)
    assert () == untranslated(pack, pack.language)
    assert pack is spoken(pack, "sv")
    assert texts_of(pack) == untranslated(pack, "sv")


def test_a_text_changed_since_stands_in_its_own_language(pack: Pack, tmp_path: Path) -> None:
    """An old translation never speaks for a new text; a fuzzy one is no translation."""
    home = tmp_path / pack.id
    (home / "locale").mkdir(parents=True)
    first, second, third = texts_of(pack)[:3]
    (home / "locale" / "es.po").write_text(
        'msgid ""\nmsgstr ""\n\n'
        f'msgid "{first}"\nmsgstr "Uno"\n\n'
        f'#, fuzzy\nmsgid "{second}"\nmsgstr "Dos"\n\n'
        f'msgid "{third} Formerly."\nmsgstr "Tres"\n',
        encoding="utf-8",
    )
    moved = spoken(Pack(**{**vars(pack), "folder": home}), "es")
    titles = [clause.title for clause in moved.clauses.values()]

    assert ["Uno", second, third] == titles[:3]
