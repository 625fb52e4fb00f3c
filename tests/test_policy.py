"""The pack loader: sound packs load whole, broken ones say where, what and how to mend, all faults at once."""

# ruff: noqa: E501, ISC004 - expected lines stand as they are printed.

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from chapterwatch import strictyaml
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.model import Lane
from chapterwatch.policy import Case, clause_coverage, load_pack, packs_available, rule_coverage
from chapterwatch.policy_lexicon import Frame, Halves, Lexicon, Term

HEAD = """\
id: demo
title: A policy
version: "1"
language: en
source: {title: A document}
contact: contact@hq.example
clauses:
  - {id: DEM-01, lanes: [auto], title: Be kind, quote: Be kind.}
  - {id: DEM-02, lanes: [attest], title: Ask, quote: Ask first., question: "Did you ask?"}
"""

RULE = """\
rules:
  - id: demo.kind
    version: 1
    clauses: [DEM-01]
    check: obscene
    severity: low
    lane: auto
    title: Unkind
    why: It hurts.
    remedy: Take it back.
    false_positives: Jokes.
    cases:
      - {clean: hello}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policies folder with one small, sound pack named demo."""
    write(tmp_path, "demo/policy.yml", HEAD)
    write(tmp_path, "demo/rules/kind.yml", RULE)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """The problems of the pack demo, without the folder's path."""
    with pytest.raises(InvalidFiles) as caught:
        load_pack("demo", folder)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


# --- sound packs ------------------------------------------------------------------------------------------------------


def test_a_sound_pack_loads_whole(folder: Path) -> None:
    """Clauses and rules stand under their ids; an absent lexicon or case folder is no fault."""
    pack = load_pack("demo", folder)
    assert ["DEM-01", "DEM-02"] == list(pack.clauses)
    assert ["demo.kind"] == [rule.id for rule in pack.rules_for("DEM-01")]
    assert [True, True] == [not row.gaps for row in clause_coverage(pack)]
    question = pack.clauses["DEM-02"].question
    assert question is not None
    assert ("dem-02", "Did you ask?", "monthly", 14, "leadership") == (
        question.id,
        question.ask,
        question.period,
        question.due.days_after,
        question.who,
    )


def test_the_digest_changes_with_any_file_and_only_then(folder: Path) -> None:
    """A finding names the digest of the pack it was judged by, so it must cover every file."""
    before = load_pack("demo", folder).digest
    assert before == load_pack("demo", folder).digest
    write(folder, "demo/lexicons/kind.en.yml", "name: kind\nlanguage: en\norigin: own\nlicence: own\nterms: [please]\n")
    assert before != load_pack("demo", folder).digest


def test_a_pack_that_is_not_there_names_those_that_are(folder: Path) -> None:
    """A wrong name is the user's to mend: the message says which names there are."""
    with pytest.raises(UserError, match="use one of: demo"):
        load_pack("nowhere", folder)


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_the_packs_that_come_along_leave_no_clause_out(name: str) -> None:
    """Every lane of every clause has a rule, a text, or an honest word that it is not judged yet."""
    assert [] == [(row.clause.id, gap) for row in clause_coverage(load_pack(name)) for gap in row.gaps]


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_the_packs_that_come_along_have_enough_cases(name: str) -> None:
    """Six cases a rule, near-misses first, as many clean ones as breaches at least."""
    assert [] == [gap for row in rule_coverage(load_pack(name)) for gap in row.gaps]


def _cases(*kinds: str) -> str:
    return RULE.partition("    cases:")[0] + "    cases:\n" + "".join(f"      - {{{kind}: hello}}\n" for kind in kinds)


@pytest.mark.parametrize(
    ("kinds", "gaps"),
    [
        (["clean", "clean", "clean", "breach", "breach", "breach"], []),
        (["unjudged", "clean", "clean", "clean", "breach", "breach"], []),
        (["clean"] * 5, ["rule demo.kind has 5 cases, fewer than 6"]),
        (
            ["clean", "clean", "breach", "breach", "breach", "unjudged"],
            ["rule demo.kind has 3 breaches and only 2 clean cases"],
        ),
        (
            ["breach", "clean", "clean", "clean", "clean", "clean"],
            ["rule demo.kind has a breach as its first case; near-misses come first"],
        ),
    ],
)
def test_what_is_missing_of_a_rules_cases_is_told(folder: Path, kinds: list[str], gaps: list[str]) -> None:
    """A rule without near-misses would pass its cases by finding everything."""
    write(folder, "demo/rules/kind.yml", _cases(*kinds))
    assert [gaps] == [row.gaps for row in rule_coverage(load_pack("demo", folder))]


def test_a_clause_served_by_nothing_is_a_gap_even_where_it_says_so(folder: Path) -> None:
    """A word such as "not yet" explains a lane that is partly judged; it stands for no rule, question or text."""
    write(folder, "demo/policy.yml", HEAD + "  - {id: DEM-03, lanes: [assist], title: T, quote: Q., not_yet: Soon.}\n")
    gaps = {row.clause.id: row.gaps for row in clause_coverage(load_pack("demo", folder))}
    assert {"DEM-01": [], "DEM-02": [], "DEM-03": ["it has neither rule nor question nor text"]} == gaps


@pytest.mark.parametrize(("name", "count"), [("ala", 32), ("lll", 38)])
def test_the_clauses_are_numbered_without_a_break(name: str, count: int) -> None:
    """Findings, reports and docs cite clause ids: none is missing and none is out of order."""
    wanted = [f"{name.upper()}-{number:02}" for number in range(1, count + 1)]
    assert wanted == list(load_pack(name).clauses)


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_quotes_stand_in_the_source_word_for_word(name: str) -> None:
    """Set POLICY_SOURCES to a folder with the associations' documents as text: they are not ours to hand on."""
    if not (folder := os.environ.get("POLICY_SOURCES")):
        pytest.skip("POLICY_SOURCES names no folder with the source documents")
    quotes = {clause.id: clause.quote for clause in load_pack(name).clauses.values()}
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))]
    missing = [[clause for clause, quote in quotes.items() if quote not in text] for text in texts]
    assert [] == min(missing, key=len, default=["no document"])


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_every_question_is_asked_for_by_its_lane(name: str) -> None:
    """A question on a clause that is not of the attest lane, or the other way round, would never be seen."""
    clauses = load_pack(name).clauses.values()
    assert [] == [clause.id for clause in clauses if (Lane.ATTEST in clause.lanes) != (clause.question is not None)]


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_assist_titles_ask_and_never_accuse(name: str) -> None:
    """A machine's guess about people is put as a question."""
    titles = [rule.title for rule in load_pack(name).rules.values() if rule.lane is Lane.ASSIST]
    assert [] == [title for title in titles if not title.endswith("?")]


def test_both_packs_come_along() -> None:
    """Both associations' packs are found where packs are looked for."""
    assert {"ala", "lll"} <= set(packs_available())


# --- broken packs -----------------------------------------------------------------------------------------------------

FAULTS = [
    ("demo/policy.yml", HEAD.replace("title: A policy\n", ""), "demo/policy.yml:1: title is missing; add it"),
    (
        "demo/policy.yml",
        HEAD + "colour: red\n",
        "demo/policy.yml:10: colour is not a known key; remove it or check its spelling",
    ),
    (
        "demo/policy.yml",
        HEAD.replace('version: "1"', "version: 1"),
        'demo/policy.yml:3: version: input should be a valid string; put it in quotes, as in "0042"',
    ),
    (
        "demo/policy.yml",
        HEAD.replace("lanes: [auto]", "lanes: [automatic]"),
        "demo/policy.yml:8: clauses.0.lanes.0: input should be 'auto', 'assist', 'attest', 'credit', 'scope' or 'print'; "
        "use one of the words named",
    ),
    (
        "demo/policy.yml",
        HEAD + "title: Again\n",
        "demo/policy.yml:10: has the key 'title' twice; keep one of them",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("DEM-01", "DEM-77"),
        "demo/rules/kind.yml:2: rule demo.kind cites unknown clause DEM-77; cite a clause of the pack",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("demo.kind", "demo.by_hand"),
        "demo/rules/kind.yml:2: rule demo.by_hand would be taken for what people report; give another id",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("demo.kind", "other.kind"),
        "demo/rules/kind.yml:2: rule other.kind is in pack demo; start its id with demo.",
    ),
    (
        "demo/rules/kind.yml",
        RULE + "    shared_cases: [nowhere]\n",
        "demo/rules/kind.yml:2: rule demo.kind names unknown shared cases nowhere; add the file or drop it",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("severity: low", "severity: grave"),
        "demo/rules/kind.yml:6: rules.0.severity: input should be 'critical', 'high', 'medium' or 'low'; "
        "use one of the words named",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("{clean: hello}", "{clean: hello, breach: hello}"),
        "demo/rules/kind.yml:13: rules.0.cases.0: a case needs exactly one of breach, clean, unjudged; keep one",
    ),
    (
        "demo/rules/kind.yml",
        RULE.replace("    why: It hurts.\n", "\twhy: It hurts.\n"),
        "demo/rules/kind.yml:9: is not valid YAML: found a tab character that violates indentation; correct the line",
    ),
    (
        "demo/lexicons/kind.en.yml",
        "name: kind\nlanguage: en\norigin: own\nlicence: own\nterms:\n  - {term: please, weight: 7}\n",
        "demo/lexicons/kind.en.yml:6: terms.0.weight: input should be less than or equal to 1; correct the value",
    ),
]


QUESTION_FAULTS = [
    (
        "period: weekly",
        "clauses.1.question.period: input should be 'monthly', 'yearly' or 'once'; use one of the words",
    ),
    ('due: {by: "01-31"}', "question asked is monthly and due on a day of the year; use days_after"),
    (
        'period: yearly, due: {by: "02-29"}',
        'clauses.1.question.due.by is not written as it has to be; write month and day, as in "01-31"',
    ),
    ('due: {by: "01-31", days_after: 3}', "a due date needs days_after or by; keep one of them"),
    ("who: anybody", "clauses.1.question.who: input should be 'leadership' or 'owner'; use one of the words named"),
]


@pytest.mark.parametrize(("more", "expected"), QUESTION_FAULTS, ids=[fault[0] for fault in QUESTION_FAULTS])
def test_a_question_has_a_due_date_that_exists(folder: Path, more: str, expected: str) -> None:
    """Every year has its day, and a month has no day of the year."""
    asked = HEAD.replace('"Did you ask?"', f'{{id: asked, ask: "So?", {more}}}')
    write(folder, "demo/policy.yml", asked)
    (told,) = problems(folder)
    assert expected in told


def test_two_questions_of_one_id_are_told(folder: Path) -> None:
    """Answers name the question by its id."""
    again = "  - {id: DEM-03, lanes: [attest], title: T, quote: Q., question: {id: dem-02, ask: So?}}\n"
    write(folder, "demo/policy.yml", HEAD + again)
    assert ["demo:1: question dem-02 is defined twice; keep one of them"] == problems(folder)


@pytest.mark.parametrize(("name", "text", "expected"), FAULTS, ids=[fault[2][:60] for fault in FAULTS])
def test_each_fault_is_told_with_its_place_and_its_mending(folder: Path, name: str, text: str, expected: str) -> None:
    """file:line: what; how to mend."""
    write(folder, name, text)
    assert [expected] == problems(folder)


def test_several_faults_in_several_files_are_told_in_one_go(folder: Path) -> None:
    """Whoever mends a pack sees the whole list, not the first line of it."""
    write(folder, "demo/policy.yml", HEAD.replace("contact: contact@hq.example\n", "") + "colour: red\n")
    write(folder, "demo/rules/kind.yml", RULE.replace("lane: auto", "lane: print").replace("version: 1", "version: 0"))
    write(folder, "demo/lexicons/kind.en.yml", "name: kind\nlanguage: en\nterms: []\n")
    told = problems(folder)
    assert 6 == len(told)
    assert {"demo/policy.yml", "demo/rules/kind.yml", "demo/lexicons/kind.en.yml"} == {
        line.split(":")[0] for line in told
    }


def test_a_clause_and_a_rule_defined_twice_are_told(folder: Path) -> None:
    """Ids are cited, so one id must mean one thing."""
    write(folder, "demo/policy.yml", HEAD + "  - {id: DEM-01, lanes: [print], title: Again, quote: Again., print: x}\n")
    write(folder, "demo/rules/more.yml", RULE)
    assert ["clause DEM-01 is defined twice", "rule demo.kind is defined twice"] == [
        line.split(": ", 1)[1].split(";")[0] for line in problems(folder)
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &a [x]\nb: [*a, *a]\n", "uses a YAML anchor or alias"),
        ("a: !!python/object/apply:os.system [ls]\n", "uses the YAML tag"),
        ("a: !thing x\n", "uses the YAML tag"),
        ("a: !!int soon\n", "uses the YAML tag"),
        ("a: !!str [x]\n", "uses the YAML tag"),
        ("!!python/name:os.system x: 1\n", "uses the YAML tag"),
        ("[" * 200 + "]" * 200, "is nested deeper than 20 levels"),
        ("a: " + "[" * 200_000, "is nested deeper than 20 levels"),
        ("- " * 200_000, "is nested deeper than 20 levels"),
        ("? " * 200_000, "is nested deeper than 20 levels"),
        ("x" * 2_000_001, "is larger than 2,000,000 bytes"),
    ],
    ids=[
        *("alias", "python tag", "own tag", "told number", "told text", "tagged key"),
        *("deep", "open brackets", "hyphens", "question marks", "large"),
    ],
)
def test_yaml_that_does_more_than_hold_data_is_refused(folder: Path, text: str, what: str) -> None:
    """Aliases, tags, depth and size are refused before anything is built from them."""
    write(folder, "demo/policy.yml", text)
    assert what in problems(folder)[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n  on: 2026-09-31\n", "2: 2026-09-31 is no day of the calendar; correct the date"),
        ("a: 0000-01-01\n", "1: 0000-01-01 is no day of the calendar; correct the date"),
        ("a: 1\n2026-13-01: b\n", "2: 2026-13-01 is no day of the calendar; correct the date"),
        ("a: {{ name }}\n", "1: has a list or a table as a key; put quotes around what is a text"),
        ("a: 1\n[b, c]: 1\n", "2: has a list or a table as a key; put quotes around what is a text"),
        (f"a: {'9' * 5000}\n", "1: is a number of more than 100 digits; put it in quotes if it is a text"),
        (f"{'9' * 500}: a\n", "1: is a number of more than 100 digits; put it in quotes if it is a text"),
    ],
    ids=["30 days", "year 0", "date as key", "template", "list as key", "long number", "long number as key"],
)
def test_yaml_that_has_no_value_is_told_by_its_line(folder: Path, text: str, told: str) -> None:
    """A slip of the pen in a file is a line, not a traceback."""
    write(folder, "demo/policy.yml", text)
    assert f"demo/policy.yml:{told}" in problems(folder)


def test_days_and_numbers_at_the_edge_are_values(tmp_path: Path) -> None:
    """The near-misses: a leap day, a long id, a text that looks like no day, a level less than too many."""
    path = tmp_path / "edge.yml"
    path.write_text(f"- 2028-02-29\n- {'9' * 100}\n- '2026-09-31'\n- !!int 7\n")
    assert [date(2028, 2, 29), int("9" * 100), "2026-09-31", 7] == strictyaml.load(path).data
    path.write_text("[" * 20 + "x" + "]" * 20)
    assert "x" in json.dumps(strictyaml.load(path).data)


@pytest.mark.parametrize(
    "text",
    [
        *("a: &x 1\n", "[&x 1]", '{"a":&x 1}', "- &x a\n", "&x a: 1\n", "--- &x\na: 1\n", "? &x a\n: 1\n"),
        *("\u00e9: &x 1\n", "\ufeff&x a: 1\n", "!!str &x a\n"),
    ],
)
def test_an_anchor_is_refused_wherever_it_stands(folder: Path, text: str) -> None:
    """A glance decides whether a file is looked through for anchors, and it misses none."""
    write(folder, "demo/policy.yml", text)
    assert "uses a YAML anchor or alias" in problems(folder)[0]


def test_an_ampersand_or_an_asterisk_in_a_value_is_no_anchor(tmp_path: Path) -> None:
    """Chapters have them in names and links."""
    said = ["AT&T", "Smith & Co", "https://a.example/?b=1&c=2", "*bold*", "& so on"]
    path = tmp_path / "said.yml"
    path.write_text("".join(f"- {json.dumps(text)}\n" for text in said) + "- AT&T\n- x & y\n", encoding="utf-8")
    assert [*said, "AT&T", "x & y"] == strictyaml.load(path).data


def test_an_alias_bomb_is_refused_before_it_unfolds(folder: Path) -> None:
    """Nine levels of nine aliases would be hundreds of millions of values; the first anchor ends it."""
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    write(folder, "demo/policy.yml", "l0: &l0 [x]\n" + "\n".join(levels) + "\n")
    assert ["demo/policy.yml:1: uses a YAML anchor or alias; write the value out"] == problems(folder)


def test_words_that_yaml_likes_to_turn_stay_words(folder: Path) -> None:
    """NO is Norway, 1.10 is a version and on is a word: only true, false, null, numbers and dates have a type."""
    lexicon = "name: kind\nlanguage: NO\norigin: on\nlicence: yes\nterms: [off, Y, 0x1F, 12:30:00]\n"
    write(folder, "demo/lexicons/kind.no.yml", lexicon)
    found = load_pack("demo", folder).lexicons[("kind", "NO")]
    assert ["off", "Y", "0x1F", "12:30:00"] == [term.term for term in found.terms]
    assert ("on", "yes") == (found.origin, found.licence)


def test_a_file_that_is_not_utf8_is_told(folder: Path) -> None:
    """A file saved in another encoding names itself instead of ending in a traceback."""
    (folder / "demo/rules/kind.yml").write_bytes(b"rules: [\xff\xfe]\n")
    assert problems(folder)[0].startswith("demo/rules/kind.yml:1: is not")


# --- single models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "expected"), [("breach", True), ("clean", False), ("unjudged", None)])
def test_a_case_knows_its_verdict(key: str, expected: bool | None) -> None:
    """The key of the text is the verdict."""
    case = Case.model_validate({key: "text"})
    assert ("text", expected) == (case.text, case.expected)


def test_plain_terms_and_full_terms_may_stand_in_one_lexicon() -> None:
    """A term is a word, or a word with its sense and weight."""
    lexicon = Lexicon.model_validate(
        {
            "name": "x",
            "language": "en",
            "origin": "own",
            "licence": "own",
            "terms": ["a", {"term": "b", "sense": "s", "weight": 0.5}],
        },
    )
    assert [("a", None, 1.0), ("b", "s", 0.5)] == [(term.term, term.sense, term.weight) for term in lexicon.terms]


_TWO_SENSES = """name: words
language: de
origin: own
licence: own
terms:
  - {term: "unfähig", sense: accusation}
  - {term: "{ganz|so} schlecht", sense: judgement}
  - {term: "so schlecht", sense: judgement}
  - {term: "{arg|unfahig}", sense: judgement, weight: 0.8}
"""


_UNFILLABLE = """name: words
language: en
origin: own
licence: own
classes:
  people: [neighbour, aunt]
terms:
  - gossip
  - {term: "{peple} of gossip", sense: accusation}
exceptions:
  - gossip column
  - gossip {mill
"""


def test_a_frame_that_cannot_be_filled_is_refused_where_it_stands(folder: Path) -> None:
    """A list may have a thousand lines: the mistake is told with its own, in terms and in exceptions."""
    write(folder, "demo/lexicons/words.en.yml", _UNFILLABLE)
    told = [problem.removeprefix(f"{folder}/") for problem in problems(folder) if "words.en.yml" in problem]
    assert [
        "demo/lexicons/words.en.yml:9: terms.1: '{peple} of gossip' names no class 'peple'; add it under classes or write {a|b}",
        "demo/lexicons/words.en.yml:12: exceptions.1: 'gossip {mill' has a brace alone; write slots as {a|b} or {name}",
    ] == told


def test_a_term_with_two_senses_is_refused(folder: Path) -> None:
    """Which sense held would hang on the order of lines; the same said twice does no harm, accents tell nothing apart."""
    write(folder, "demo/lexicons/words.de.yml", _TWO_SENSES)
    [told] = [problem for problem in problems(folder) if "stands twice" in problem]
    expected = (
        "demo/lexicons/words.de.yml:9: term 'unfahig' stands twice, as accusation of weight 1 and as judgement of weight 0.8; "
        "keep one; a word is taken out of a frame by splitting its braces"
    )
    assert expected == told


def _framed(*terms: str, classes: dict[str, list[str]] | None = None) -> list[str]:
    given = {"name": "x", "language": "en", "origin": "own", "licence": "own", "terms": list(terms)}
    lexicon = Lexicon.model_validate({**given, "classes": classes or {}})
    return [term.term for term in lexicon.terms]


def test_a_frame_stands_for_every_way_to_fill_it() -> None:
    """`{a|b}` is either, `{name}` every word of a class, an empty word leaves no double blank; sense goes along."""
    assert ["fees rise", "fees double", "dues rise", "dues double"] == _framed(
        "{fees|dues} {goes}", classes={"goes": ["rise", "double"]}
    )
    assert ["is bad", "is very bad", "is rather bad"] == _framed("is {|very|much} bad", classes={"much": ["rather"]})
    lexicon = Lexicon.model_validate(
        {
            "name": "x",
            "language": "en",
            "origin": "own",
            "licence": "own",
            "terms": [{"term": "{a|b} c", "sense": "s", "weight": 0.5}],
            "exceptions": ["{a|b} c d"],
        },
    )
    assert [("a c", "s", 0.5), ("b c", "s", 0.5)] == [(term.term, term.sense, term.weight) for term in lexicon.terms]
    assert ("a c d", "b c d") == lexicon.exceptions


def _spelt(part: Term | Halves) -> list[Term]:
    """What a part of a lexicon stands for."""
    if isinstance(part, Term):
        return [part]
    return [Term(f"{left} {right}", part.sense, part.weight) for left in part.left for right in part.right]


@pytest.mark.parametrize("pack", packs_available())
def test_a_frame_of_very_many_terms_is_handed_out_as_halves_that_say_the_same(pack: str) -> None:
    """Of every lexicon that comes along: no term lost, none made up; far fewer strings than terms."""
    lexicons = load_pack(pack).lexicons.values()
    parts = {id(lexicon): list(lexicon.parts()) for lexicon in lexicons}

    assert [] == [
        (lexicon.name, lexicon.language)
        for lexicon in lexicons
        if set(lexicon.terms) != {term for part in parts[id(lexicon)] for term in _spelt(part)}
    ]
    strings = [len(part.left) + len(part.right) for own in parts.values() for part in own if isinstance(part, Halves)]
    terms = [len(part.left) * len(part.right) for own in parts.values() for part in own if isinstance(part, Halves)]
    assert strings
    assert 4 * sum(strings) <= sum(terms)


@pytest.mark.parametrize(
    "frame",
    [
        "{ten} {|ten }words",
        "{ten}{hundred}",
        "{|ten }{|hundred }",
        "a {|word|dozen} b",
        "{ten} {no}",
        "{hundred}ing on",
    ],
)
def test_a_frame_whose_halves_would_be_empty_short_or_glued_is_written_out(frame: str) -> None:
    """Only a blank of the frame's own parts it, and one half must be long enough to be looked for."""
    classes = {"ten": tuple("abcdefghij"), "hundred": tuple(f"word{n}" for n in range(100)), "no": ("x", "y")}
    lexicon = Lexicon(name="x", language="en", origin="own", licence="own", terms=(Frame(term=frame),), classes=classes)

    assert list(lexicon.terms) == list(lexicon.parts())


@pytest.mark.parametrize(
    ("frame", "message"), [("{goes}", "names no class 'goes'"), ("{n}" * 5, "in 100000 ways"), ("a {b", "a {b")]
)
def test_a_frame_that_cannot_be_filled_is_refused(frame: str, message: str) -> None:
    """A slot without a class, one brace alone, or a frame of too many ways is a mistake in the file, said at once."""
    with pytest.raises(ValueError, match=re.escape(message)):
        _framed(frame, classes={"n": list("abcdefghij")})
