"""The words of the reports in every language: complete, alike in what they hold, and written as the language writes."""

from __future__ import annotations

import ast
import re
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from reports.press import TEMPLATES
from reports.words import FALLBACK, LOCALES, languages, load, read

#: What the documents promise.
SPOKEN = ("de", "en", "es", "fr", "it", "nl", "pt")
TRANSLATED = [language for language in languages() if language != FALLBACK]
CODE = sorted(path for folder in ("reports", "desk") for path in (TEMPLATES.parents[1] / folder).rglob("*.py"))
PAGES = sorted(path for folder in ("reports", "desk") for path in (TEMPLATES.parents[1] / folder).rglob("*.j2"))
ENGLISH = {str(entry.context): entry.id for entry in read(FALLBACK) if entry.id}

#: Names are the same in every language, and these words are shared; nothing but places and signs is no word at all.
NAMES = ("platform.",)
SHARED = {
    "de": {"table.text"},
    "es": set(),
    "fr": {
        "action.attest_link",
        "doc.page",
        "fact.contact",
        "finding.clause",
        "table.clause",
        "table.question",
        "trust.rule",
    },
    "pt": set(),
    "it": {"field.text", "network.before", "number.before", "table.account"},
    "nl": {
        "mail.changed_first",
        "network.before",
        "network.ends.platform",
        "number.before",
        "state.open",
        "table.account",
        "table.accounts",
        "table.open",
    },
}
#: French and Portuguese count nothing as one. These are never said of nothing: their singular need not name the number.
NEVER_OF_NONE = {
    "action.attest",
    "action.more",
    "expiry.past",
    "network.dormant.usual",
    "network.rules.rest",
    "status.clear",
    "status.no_posts",
    "trust.none",
    "unjudged.clauses",
}


def forms_of(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    return {str(entry.context): forms_of(entry.string) for entry in read(language) if entry.id}


def test_every_language_that_is_promised_is_spoken() -> None:
    """English, and every language that has a catalogue."""
    assert SPOKEN == languages()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_complete_and_no_more(language: str) -> None:
    """Every sentence of the template, none fuzzy, none empty, none of a former template."""
    entries = [entry for entry in read(language) if entry.id]

    assert set(ENGLISH) == {str(entry.context) for entry in entries}
    assert [] == [entry.context for entry in entries if entry.id != ENGLISH[str(entry.context)]]
    assert [] == [entry.context for entry in entries if entry.fuzzy or not all(forms_of(entry.string))]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_forms_and_places_of_its_sentence(language: str) -> None:
    """As many forms as the catalogue's plural has, and no place for a value that the English has not."""
    told, count = catalogue(language), read(language).num_plurals
    wrong = []
    for key, english in ENGLISH.items():
        forms, known = told[key], set().union(*(places(one) for one in forms_of(english)))
        if len(forms) != (1 if isinstance(english, str) else count):
            wrong.append(key)
        # A number may be a word ("one post"); whatever else a sentence places, every form places.
        needed = set.intersection(*(places(one) for one in forms_of(english))) - {"n"}
        wrong += [key for one in forms if not needed <= places(one) <= known]

    assert [] == wrong


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_differs_from_the_english(language: str) -> None:
    """What reads as in English is a name, a word both languages share, or nothing but places and signs."""
    told = catalogue(language)
    same = {key for key, english in ENGLISH.items() if forms_of(english) == told[key]}
    worded = {key for key in same if re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", told[key][0]))}

    assert SHARED[language] == {key for key in worded if not key.startswith(NAMES)}


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_the_number_is_said_where_it_may_be_nothing(language: str) -> None:
    """Where nothing is singular, "one post" would be said of none."""
    told = catalogue(language)
    plural = {key for key, english in ENGLISH.items() if not isinstance(english, str) and f"{key}.zero" not in ENGLISH}
    bare = {key for key in plural if "{n}" in told[key][-1] and "{n}" not in told[key][0]}

    assert NEVER_OF_NONE == bare


def test_french_binds_its_signs() -> None:
    """No line begins with a colon, semicolon, question or exclamation mark, nor ends with an opening quotation mark."""
    loose = [key for key, forms in catalogue("fr").items() for one in forms if re.search(r" [:;?!»]|« |'", one)]

    assert [] == loose


@pytest.mark.parametrize(
    ("language", "marks"), [("es", "“”„"), ("fr", "“”„"), ("de", "”«»"), ("it", "“”„'"), ("pt", "„«»"), ("nl", "„«»'")]
)
def test_quotation_marks_are_those_of_the_language(language: str, marks: str) -> None:
    """«» in Spanish, French and Italian, „“ in German, “” in Portuguese and Dutch; apostrophes are printed ones."""
    assert [] == [key for key, forms in catalogue(language).items() for one in forms if set(one) & set(marks)]


@pytest.mark.parametrize("language", [FALLBACK, *TRANSLATED])
def test_sentences_can_be_drawn(language: str) -> None:
    """The report's text faces have no narrow no-break space: one from another face would stand out."""
    assert [] == [key for key, forms in catalogue(language).items() for one in forms if "\u202f" in one]


# --- keys -----------------------------------------------------------------------------------------------------------


def _asked() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys written out in code and templates, and patterns of those that are put together."""
    whole, parts = set(), []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr):
                said = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if any(text and re.search(r"[a-z_]+\.", str(text)) for text in said):
                    parts.append("".join(r"[a-z_.]+" if text is None else re.escape(str(text)) for text in said))
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "named" and node.args:
                parts.append(re.escape(getattr(node.args[0], "value", "")) + r"\.[a-z_]+")
    for path in PAGES:
        text = path.read_text("utf-8")
        parts += [re.escape(start) + r"[a-z_.]+" for start in re.findall(r"[\"']([a-z_.]+[._])[\"'] ~", text)]
        whole |= set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']", text))
    return whole, [re.compile(part) for part in parts]


def test_every_sentence_is_said_somewhere() -> None:
    """An entry no code and no template asks for would be translated for nobody."""
    whole, parts = _asked()
    keys = {key.removesuffix(".zero") if key.removesuffix(".zero") in ENGLISH else key for key in ENGLISH}

    assert set() == {key for key in keys if key not in whole and not any(part.fullmatch(key) for part in parts)}


def test_a_translation_in_work_says_the_rest_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence nobody has translated yet is said in English instead of ending the report."""
    folder = tmp_path / "pt" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "chapterwatch.pot").write_text((LOCALES / "chapterwatch.pot").read_text("utf-8"), encoding="utf-8")
    (folder / "chapterwatch.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        'msgctxt "doc.page"\nmsgid "Page"\nmsgstr "Página"\n\n'
        'msgctxt "status.findings"\nmsgid "1 finding"\nmsgid_plural "{n} findings"\n'
        'msgstr[0] "{n} constatação"\nmsgstr[1] "{n} constatações"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("reports.words.LOCALES", tmp_path)
    words = load.__wrapped__("pt")

    assert ("Página", "of") == (words("doc.page"), words("doc.of"))
    assert ["0 constatação", "2 constatações"] == [words("status.findings", n=n) for n in (0, 2)]
    assert "pt" == words.language


def test_a_language_nobody_speaks_is_english_and_remembered() -> None:
    """The words fall back, and know what was asked for so that the report can say it."""
    words = load("sv")

    assert ("en", "sv", "Swedish") == (words.language, words.asked, words.language_name("sv"))


def test_catalogues_are_sound_po_files() -> None:
    """Each catalogue is read by a strict reader and keeps its glossary at its head."""
    for language in TRANSLATED:
        with (LOCALES / language / "LC_MESSAGES" / "chapterwatch.po").open("rb") as file:
            assert "finding" in read_po(file, abort_invalid=True).header_comment


# --- dates, numbers, lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("1 November 2026", "1 November", "October 2026", "September", "Sep", "14 October, 18:05")),
        (
            "es",
            (
                "1 de noviembre de 2026",
                "1 de noviembre",
                "octubre de 2026",
                "septiembre",
                "sept",
                "14 de octubre, 18:05",
            ),
        ),
        ("fr", ("1er novembre 2026", "1er novembre", "octobre 2026", "septembre", "sept.", "14 octobre, 18:05")),
        ("de", ("1. November 2026", "1. November", "Oktober 2026", "September", "Sep", "14. Oktober, 18:05")),
        (
            "pt",
            (
                "1 de novembro de 2026",
                "1 de novembro",
                "outubro de 2026",
                "setembro",
                "set.",
                "14 de outubro, 18:05",
            ),
        ),
        ("it", ("1º novembre 2026", "1º novembre", "ottobre 2026", "settembre", "set", "14 ottobre, 18:05")),
        ("nl", ("1 november 2026", "1 november", "oktober 2026", "september", "sep", "14 oktober, 18:05")),
    ],
)
def test_dates_are_those_of_the_language(language: str, expected: tuple[str, ...]) -> None:
    """Days, months and moments as CLDR has them, English as this project writes it, an ordinal for the first."""
    words, first = load(language), date(2026, 11, 1)

    assert expected == (
        words.full_date(first),
        words.day(first),
        words.month("2026-10"),
        words.month_name("2026-09"),
        words.month_name("2026-09", short=True),
        words.moment(datetime(2026, 10, 14, 18, 5)),  # noqa: DTZ001 - a local time is what is written
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("1,234", "12,345", "2.4", "58\u00a0%", "a, b and c")),
        ("es", ("1.234", "12.345", "2,4", "58\u00a0%", "a, b y c")),
        ("fr", ("1\u00a0234", "12\u00a0345", "2,4", "58\u00a0%", "a, b et c")),
        ("de", ("1.234", "12.345", "2,4", "58\u00a0%", "a, b und c")),
        ("pt", ("1.234", "12.345", "2,4", "58%", "a, b e c")),
        ("it", ("1.234", "12.345", "2,4", "58%", "a, b e c")),
        ("nl", ("1.234", "12.345", "2,4", "58%", "a, b en c")),
    ],
)
def test_numbers_and_lists_are_those_of_the_language(language: str, expected: tuple[str, ...]) -> None:
    """Thousands, decimals, per cent and the last "and"."""
    words = load(language)

    assert expected == (
        words.number(1234),
        words.number(12345),
        words.decimal(2.4),
        words.percent(0.58),
        words.both(["a", "b", "c"]),
    )


def test_numbers_in_sentences_are_written_as_the_language_writes_them() -> None:
    """A number handed to a sentence is written like one in a table."""
    said = {language: load(language)("status.findings", n=1200) for language in SPOKEN}

    assert said == {
        "en": "1,200 findings",
        "es": "1.200 hallazgos",
        "fr": "1\u00a0200 constats",
        "de": "1.200 Feststellungen",
        "it": "1.200 rilievi",
        "nl": "1.200 bevindingen",
        "pt": "1.200 achados",
    }


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("Instagram", "X e Instagram"),
        ("Hidalgo", "X e Hidalgo"),
        ("hielo", "X y hielo"),
        ("Facebook", "X y Facebook"),
        ("iOS", "X y iOS"),
    ],
)
def test_spanish_and_changes_its_sound(last: str, expected: str) -> None:
    """E before the sound of an i, y before a diphthong."""
    assert expected == load("es").both(["X", last])


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2026, 11, 8), date(2026, 11, 11), "dall\u20198 novembre all\u201911 novembre"),
        (date(2026, 11, 1), date(2026, 11, 18), "dal 1º novembre al 18 novembre"),
        (date(2026, 11, 7), date(2026, 11, 12), "dal 7 novembre al 12 novembre"),
    ],
)
def test_italian_articles_lose_their_vowel_before_another(since: date, until: date, expected: str) -> None:
    """Before otto and undici, and before no other day of a month."""
    words = load("it")

    assert expected == words("date.range", since=words.day(since), until=words.day(until))


def test_an_italian_article_is_changed_before_a_date_alone() -> None:
    """The article il, too; and what strangers wrote stays as they wrote it."""
    words = load("it")

    assert "Commissione, entro l\u20198 novembre" == words("action.owner_due", owner="Commissione", due="8 novembre")
    assert "Dopo il 8 maggio, entro il 80" == words("action.owner_due", owner="Dopo il 8 maggio", due="80")


def test_one_part_and_none_need_no_and() -> None:
    """A list of one is the one; of none, nothing."""
    for language in languages():
        assert ["", "a"] == [load(language).both(parts) for parts in ([], ["a"])]


def test_nothing_at_all_has_a_sentence_of_its_own() -> None:
    """Where nothing reads differently, its own entry is said in every language."""
    said = {language: load(language)("mail.new", n=0) for language in SPOKEN}

    assert said == {
        "en": "no new findings",
        "es": "ningún hallazgo nuevo",
        "fr": "aucun nouveau constat",
        "de": "keine neuen Feststellungen",
        "it": "nessun nuovo rilievo",
        "nl": "geen nieuwe bevindingen",
        "pt": "nenhum achado novo",
    }


def test_a_sentence_with_a_number_needs_one() -> None:
    """Without its number a sentence with two forms is a mistake of ours, not a guess."""
    with pytest.raises(KeyError, match="chosen by a number"):
        load("en")("status.findings")
