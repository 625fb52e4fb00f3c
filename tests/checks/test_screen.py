# ruff: noqa: RUF001 - lists of columns and patterns read better unbroken
"""The screen never changes an answer: judged with it or without, verdicts and evidence are the same."""

from __future__ import annotations

import csv
import os
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.policy import load_pack, packs_available
from chapterwatch.policy_lexicon import Lexicon
from checks import base, screen
from checks.columns import Column
from checks.engine import CompiledPack, case_context, compile_pack, judge, judge_table, run_case
from checks.lexicons import Lexicons, disguises, unordinary
from checks.literals import lowered, may_match, opens_lines, required_literals
from checks.screen import Names, Raw, Said, Screen, Terms
from checks.text import Text, plain_of
from checks.vocabulary import words_of

PACKS = packs_available()
SPACES = ("official", "leader_profile", "public_group")
DATA = Path(os.environ.get("CHAPTERWATCH_DATA") or Path(__file__).parents[3] / "shared" / "data" / "labelled")


@cache
def compiled(name: str) -> CompiledPack:
    """A pack as it stands in the repository."""
    return compile_pack(load_pack(name))


def table(texts: list[str], **columns: object) -> pd.DataFrame:
    """Texts as a table for judging."""
    return pd.DataFrame({"id": [str(at) for at in range(len(texts))], "text": texts, **columns})


def assert_same(name: str, frame: pd.DataFrame) -> None:
    """Findings and counts of what was not judged, with the screen and without."""
    pack = compiled(name)
    context = case_context(pack.pack)
    for one, other in zip(
        judge_table(frame, pack, context=context),
        judge_table(frame, pack, context=context, screened=False),
        strict=True,
    ):
        pd.testing.assert_frame_equal(other, one)


# --- whole packs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_case_comes_out_the_same(name: str) -> None:
    """The cases of a pack, with all the columns they give."""
    pack = compiled(name)
    for rule in pack.pack.rules.values():
        for case in pack.pack.cases_of(rule):
            assert run_case(pack, rule, case, screened=False) == run_case(pack, rule, case), (rule.id, case.text)


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("other", PACKS)
def test_every_rule_judges_the_texts_of_all_cases_the_same(name: str, other: str) -> None:
    """Each pack on the texts of the other, as posts of every space."""
    pack = load_pack(other)
    texts = sorted({case.text for rule in pack.rules.values() for case in pack.cases_of(rule)})
    assert_same(name, table(texts, space=[SPACES[at % 3] for at in range(len(texts))], bio="Member of everything"))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """The patterns checks declare to need, in plain words or in the stored text."""
    needs = [
        need
        for name in PACKS
        for item in compiled(name).rules
        if item.check.screen is not None
        for way in screen.alternatives(item.check.screen(item.params))
        for need in way
    ]
    return tuple({need.pattern for need in needs if isinstance(need, (Said, Raw))})


@cache
def terms() -> tuple[str, ...]:
    """Terms of every lexicon, names of the cases' roster among them."""
    found = {
        term.term.rstrip("*")
        for name in PACKS
        for lexicon in load_pack(name).lexicons.values()
        for term in lexicon.terms
    }
    for name in PACKS:
        given = load_pack(name).case_context
        found |= {given.association, *given.roster_names, *given.partners, *given.official_domains}
        found |= {word for item in compiled(name).rules for word in getattr(item.params, "names", ())}
    return tuple(sorted(found))


def fragments() -> st.SearchStrategy[str]:
    """Terms, plain or disguised, what the checks' own patterns match, numbers, noise."""
    term = st.sampled_from(terms())
    return st.one_of(
        term,
        st.tuples(term, st.sampled_from("lcudmgstvrp")).map(lambda made: disguise(*made)),
        st.sampled_from(patterns()).flatmap(lambda pattern: st.from_regex(pattern).map(lambda text: text[:80])),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
        st.sampled_from(
            [
                "you are",
                "I will",
                "they",
                "the",
                "Call 202-555-0143",
                "a@b.example",
                "12 Oak Street",
                "#",
                "@",
                "RT @x:",
            ]
        ),
    )


def disguise(term: str, how: str) -> str:
    """A term as people write it past a filter."""
    middle = len(term) // 2
    ways = {
        "l": term.translate(str.maketrans("aeiost", "431057")),
        "c": term.upper(),
        "u": "\u200b".join(term),
        "d": ".".join(term),
        "m": term[:1] + "*" * (len(term) - 2) + term[-1:],
        "g": term[:middle] + "_" + term[middle + 1 :],
        "s": " ".join(term),
        "t": term[:1] + term[2:3] + term[1:2] + term[3:],
        "v": "#" + "".join(word.title() for word in term.split()),
        "r": term[:middle] + term[middle : middle + 1] * 3 + term[middle:],
        "p": "@" + term[1:],
    }
    return ways[how]


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_made_up_texts_come_out_the_same(name: str, data: st.DataObject) -> None:
    """Texts put together from all that rules look for, and from noise."""
    separators = st.sampled_from([" ", " ", " ", ". ", "\n", "", ", ", "-", "\u00a0"])
    text = st.lists(st.tuples(fragments(), separators), min_size=1, max_size=7).map(
        lambda parts: "".join(part + separator for part, separator in parts)
    )
    assert_same(name, table(data.draw(st.lists(text, min_size=8, max_size=24))))


@pytest.mark.parametrize("name", PACKS)
def test_posts_of_others_come_out_the_same(name: str) -> None:
    """A sample of public labelled posts, rude ones among them."""
    texts = list(labelled())
    if not texts:
        pytest.skip("the labelled sets are not part of the project (CHAPTERWATCH_DATA)")
    assert_same(name, table(random.Random(5).sample(texts, 300)))


def labelled() -> Iterator[str]:
    """Texts of the sets that are there."""
    for path, column in (
        ("davidson/data__labeled_data.csv", "tweet"),
        ("political_social_media/political_social_media.csv", "text"),
        ("538_tweets/mayweather-mcgregor__tweets.csv", "text"),
    ):
        if (DATA / path).is_file():
            with (DATA / path).open(encoding="utf-8-sig", errors="replace") as lines:
                yield from (row[column] for row in csv.DictReader(lines))


@pytest.mark.parametrize("name", PACKS)
def test_only_some_rules(name: str) -> None:
    """Judging by one rule gives what judging by all gives of that rule."""
    pack = compiled(name)
    texts = [case.text for rule in pack.pack.rules.values() for case in rule.cases][:150]
    posts = table(texts).rename(columns={"id": "subject_id"}).assign(
        account_key="x:1", association="a", revision=0, space="official", platform="x", kind="post", state="present",
        previous_text=None, lang=None, links=[[] for _ in texts], media=[[] for _ in texts],
        pictures=[[] for _ in texts], is_current=True, reply_to=None, bio=None,
        created_at=pd.Timestamp("2026-10-14T15:00:00Z"), valid_from=pd.Timestamp("2026-10-14T15:00:00Z"),
        valid_until=pd.NaT,
    )  # fmt: skip
    contexts = {"a": case_context(pack.pack)}
    everything = judge(posts, posts.iloc[:0], pack, contexts)
    for rule in list(pack.pack.rules)[:4]:
        alone = judge(posts, posts.iloc[:0], pack, contexts, [rule])
        for kept, whole in ((alone.verdicts, everything.verdicts), (alone.evidence, everything.evidence)):
            of_rule = whole[whole["rule_id"] == rule].reset_index(drop=True)
            pd.testing.assert_frame_equal(of_rule, kept, check_dtype=bool(len(of_rule)))


def test_the_screen_spares_most_ordinary_posts_the_checks() -> None:
    """It would be sound, too, if it let everything pass; then it would be of no use."""
    texts = ["Thank you to our wonderful volunteers for a great evening", "See you on Monday at the library"]
    pack = compiled("ala")
    busy = [pack.screen.literals.bits(plain_of(text), text) for text in texts]
    assert all(bits.bit_count() <= len(pack.rules) // 10 for bits in busy)


def test_checks_that_look_at_other_rows_say_so() -> None:
    """Their verdicts may not be kept by content."""
    across = {name for name, check in base.checks().items() if check.across}
    assert {"silent_edit", "deletion", "regular_disclaimer", "event_hashtag"} <= across


# --- needs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("abc", {"abc"}),
        ("a(?:b|c)d", {"abd", "acd"}),
        ("(?:kill|hurt) (?:you|him)", {"kill you", "kill him", "hurt you", "hurt him"}),
        (r"\bword\b(?=x)(?<!y)", {"word"}),
        ("colou?r", {"color", "colour"}),
        (r"\w+ing the", {"ing the"}),
        ("(?i:Stop)", {"stop"}),
        ("(?i)KILN", {"kiln", "kıln"}),
        ("(?:go){2,}d", {"go"}),
        ("[ab]cd", {"acd", "bcd"}),
        ("(?:x|longword) y?", {"x ", "x y", "longword ", "longword y"}),
        (r"\d+", None),
        ("a*", None),
        ("(?:abc|\\w)", None),
        ("(?:abc)?", None),
        (r"[a-z]\s", None),
        ("(?i)straße", {"stra"}),
        (r"[a-h][a-h][a-h]z", {f"{one}{other}z" for one in "abcdefgh" for other in "abcdefgh"}),
        (" ", None),
    ],
)
def test_required_literals(pattern: str, literals: set[str] | None) -> None:
    """Derived from the pattern's own tree; where nothing is sure, nothing is said."""
    found = required_literals(re.compile(pattern))
    assert literals == (None if found is None else set(found))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_pattern_matches_holds_one_of_its_literals(data: st.DataObject) -> None:
    """For every pattern checks declare: of any text it matches, the folded view has one of the literals."""
    pattern = data.draw(st.sampled_from([need for need in patterns() if required_literals(need)]))
    text = data.draw(st.from_regex(pattern))
    plain = plain_of(text)
    if pattern.search(plain):
        assert any(literal in plain for literal in required_literals(pattern) or ())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_pattern_that_matches_may_match(data: st.DataObject) -> None:
    """Told by literals in any case of the stored text, for the same patterns."""
    pattern = data.draw(st.sampled_from(patterns()))
    text = data.draw(st.from_regex(pattern))
    if pattern.search(text):
        assert may_match(pattern, lowered(text))


def test_a_pattern_without_literals_means_every_row() -> None:
    """What cannot be screened is looked at."""
    nothing = Lexicons([])
    assert Screen({"r": ((Said(re.compile(r"\w+")),),)}, nothing).ways("r") is None
    assert Screen({"r": None}, nothing).ways("r") is None
    assert Screen({"r": ((Names(("Acme",)),),)}, nothing).ways("r") == [(1, ())]
    assert Screen({"r": ((Terms("nosuch"),),)}, nothing).ways("r") == [(1, ())]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Acme Corp. here", True),
        ("the ACME\u200b corp", True),
        ("acme  corp", False),
        ("acmecorp", False),
        ("pacme corp", False),
        ("acme corps", False),
        ("#AcmeCorp", True),
        ("corp acme", False),
    ],
)
def test_names_are_whole_words_in_a_row(text: str, met: bool) -> None:
    """Noticed by one word, then looked for whole."""
    literals = Screen({"r": ((Names(("Acme Corp",)),),)}, Lexicons([])).literals
    plain = plain_of(text)
    assert met is bool(literals.bits(plain, text))


@pytest.mark.parametrize(
    ("text", "language", "met"),
    [
        ("reunion con cafe", "fr", True),
        ("reunion con cafe", "es", False),
        ("reunion con cafe", "en", False),
        ("c0n", "fr", True),
        ("c0n", "es", False),
        ("what a creep", "de", True),
        ("what a creep", "xx", True),
        ("danke an alle, die kamen", "en", True),
        ("danke an alle, die kamen", "de", False),
        ("die hard, alle", "de", False),
        ("dieser", "de", True),
        ("d1e", "de", True),
    ],
)
def test_terms_count_where_they_are_read(text: str, language: str, met: bool) -> None:
    """As `Row.hits` reads: those of the text's language and English ones, but for its own ordinary words."""
    terms = {"fr": ["con"], "en": ["creep", "die", "die hard", "dies*"]}
    lexicons = Lexicons(
        Lexicon(name="insults", language=code, origin="test", licence="test", terms=[{"term": term} for term in listed])
        for code, listed in terms.items()
    )
    literals = Screen({"r": ((Terms("insults"),),)}, lexicons).literals
    context = base.Context("a")
    row = base.Row({"text": text}, label=0, subject="post", context=context, lexicons=lexicons, language=language)
    assert met is bool(literals.bits(plain_of(text), text, language))
    assert met or not row.hits("insults", also=("en",))


@pytest.mark.parametrize("text", ["Wij dulden geen vluchtelingen hier.", "Moeten we zulke vluchtelingen hier niet"])
def test_what_dutch_says_without_a_predicate_is_looked_at(text: str) -> None:
    """No word of a list stands there beside the group; the screen knows how such a sentence begins."""
    found, _ = judge_table(table([text], lang="nl"), compiled("lll"), ["lll.hate"])
    assert ["lll.hate"] == found["rule"].tolist()


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("wrote: hi", True),
        ("\nwrote: hi", True),
        ("a\n\nwrote: hi\n", True),
        ("he wrote: hi", False),
        ("wrote\n", False),
    ],
)
def test_what_begins_a_line_is_looked_for_at_lines(text: str, met: bool) -> None:
    """A pattern that opens with a line's beginning finds what it finds when tried everywhere."""
    pattern = re.compile("^wrote:", re.MULTILINE)
    need = Raw(pattern)
    compiled_screen = Screen({"r": ((need,),)}, Lexicons([]))
    posts = table([text, "else"]).rename(columns={"id": "subject_id"}).assign(association="a")
    column = Column(posts, "post", {"a": base.Context("a")}, Lexicons([]))
    assert opens_lines(pattern)
    assert not opens_lines(re.compile("^a|b", re.MULTILINE))
    assert not opens_lines(re.compile("^a"))
    assert [met, False] == column.meeting(compiled_screen.ways("r") or [], compiled_screen).tolist()
    assert met is (pattern.search(text) is not None)


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="ab1@$!+|.-_*~#%'\u00e9\U0001f600", max_size=12) | st.sampled_from(terms()))
@pytest.mark.parametrize("how", "lcudmgtrp")
def test_a_word_passed_over_hides_nothing(how: str, text: str) -> None:
    """Only words with a sign of disguise are read as one, and handles alone are read the short way."""
    lexicons = compiled("ala").lexicons
    for word in plain_of(disguise(text, how)).split():
        whole = {entry.folded for _, entry in lexicons._words.disguised(disguises(Text(word, word)))}
        assert unordinary([word]) or not whole
        assert not unordinary([word]) or whole == set(lexicons.hidden_in(word))


def test_words_are_cut_where_python_cuts_them() -> None:
    """At every blank of Unicode, at the ends of a text, and where there is none."""
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = [f"a{char}b" for char in every if char.isspace()] + ["", " ", "  a  b ", "b\u2003", "\x1fa", "".join(every)]
    words = words_of(texts)
    cut: list[list[str]] = [[] for _ in texts]
    for text, word in zip(words.text.tolist(), words.word.tolist(), strict=True):
        cut[text].append(words.different[word])
    assert [text.split() for text in texts] == cut


def test_words_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that lives long sees endlessly many words that may hide another."""
    monkeypatch.setattr(screen, "_MOST_WORDS", 10)
    pack = compiled("ala")
    known = pack.screen.literals._hidden
    known.clear()
    for at in range(100):
        assert pack.screen.literals.bits(f"w{at}rd sh!t", f"w{at}rd sh!t")
        assert len(known) <= 10
