"""The labelled posts are sound, and the counting of right and wrong is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum import iban, isbn, luhn

from chapterwatch.policy import load_pack, packs_available
from chapterwatch.shares import Share
from checks.classifier.builtin import TOXIC
from checks.engine import compile_pack
from checks.scores import FAMILIES
from quality.functional import FamilyResult, FunctionalResults, functional_results, ordinary_scores
from quality.functions import MOST, SUITES, families_of, filled, functional_posts
from quality.measure import Score, auc, family_score, rule_score
from quality.own import LabelledPost, institutions, own_posts
from quality.page import Measured, page
from quality.public import LabelledSet
from quality.spans import SpanResult, span_f1, toxic_spans

POSTS = own_posts()
#: The smallest set the figures may be printed from.
ENOUGH = 600


def labelled(number: int, family: str, *, is_breach: bool) -> LabelledPost:
    """A post whose text matters to nobody."""
    return LabelledPost(
        id=f"{family}-{number}",
        family=family,
        rules=("ala.threat",) if family == "threat" else (),
        text=f"{family} {number}",
        is_breach=is_breach,
        language="en",
        subject="post",
        space=None,
        bio=None,
    )


def test_a_breach_of_another_family_says_nothing_about_this_one() -> None:
    """The near-miss: nobody labelled whether a hateful post threatens too, so it counts neither way."""
    other = labelled(1, "hate", is_breach=True)
    assert Score() == family_score({("ala.threat", "hate-1"): True}, ["ala.threat"], [other], "threat")


def test_what_was_not_judged_is_neither_right_nor_wrong() -> None:
    """A rule without vocabulary for a language has not missed the post."""
    post = labelled(1, "threat", is_breach=True)
    assert Score(not_judged=1) == family_score({("ala.threat", "threat-1"): None}, ["ala.threat"], [post], "threat")


def test_right_and_wrong_answers_are_counted_apart() -> None:
    """Two breaches, one of them found; two clean posts, one of them accused."""
    posts = [labelled(number, "threat", is_breach=number < 2) for number in range(3)]
    posts.append(labelled(3, "ordinary", is_breach=False))
    said = {("ala.threat", "threat-0"): True, ("ala.threat", "threat-1"): False}
    said |= {("ala.threat", "threat-2"): False, ("ala.threat", "ordinary-3"): True}
    score = family_score(said, ["ala.threat"], posts, "threat")

    assert Score(true_found=1, true_missed=1, false_found=1, clean=1) == score
    assert score == rule_score(said, load_pack("ala").rules["ala.threat"], posts)
    assert (Share(1, 2), Share(1, 2), Share(1, 2), 0.5) == (
        score.precision,
        score.recall,
        score.false_rate,
        score.f1,
    )


def test_there_are_enough_posts_and_as_many_clean_ones() -> None:
    """At least 600, about half of them near-misses or ordinary, about a third kept for the test."""
    clean = sum(not post.is_breach for post in POSTS)
    tests = sum(post.is_test for post in POSTS)

    assert ENOUGH <= len(POSTS) <= 2 * clean
    assert 0.25 < tests / len(POSTS) < 0.42


def test_every_family_names_rules_there_are() -> None:
    """A family whose rules were renamed would silently measure nothing."""
    known = {rule for name in packs_available() for rule in load_pack(name).rules}
    named = {rule for post in POSTS for rule in post.rules}

    assert set() == named - known


@pytest.mark.parametrize(
    "text",
    [
        "family: x\nrules: []\nposts:\n  - breach: a\n    near: b\n",
        "family: x\nrules: []\nposts:\n  - text: a\n",
        "family: x\nrules: []\nposts:\n  - near: same\n  - breach: same\n",
    ],
)
def test_an_entry_that_is_not_clear_is_refused(text: str, tmp_path: Path) -> None:
    """Two labels, none, or the same text twice: the set would measure nobody knows what."""
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"entry|twice"):
        own_posts(tmp_path)


def test_the_page_prints_shares_with_their_intervals() -> None:
    """Never a bare percentage; a dash where nothing was measured."""
    score = Score(true_found=18, true_missed=2, false_found=1, clean=99)
    told = page(
        Measured(
            own={("ala", "threat", "test", "en"): score},
            rules={("ala", "ala.threat"): score},
            public={},
            ordinary={("ala", "banking77", "threat"): Share(0, 1000)},
            sets={"banking77": ("questions", 1000)},
            posts=120,
            tests=40,
        )
    )
    lines = told.splitlines()
    assert "| threat | test | 20 | 100 | 0 | 95% (75% to 99%) | 90% (70% to 97%) | 0.92 |" in lines
    assert "| threat | development | 0 | 0 | 0 | - | - | - |" in lines
    assert "| ala | threat | 0.00 (≤ 3.8) |" in lines
    assert "| `ala.threat` | 18 of 19 | 95% (75% to 99%) | 1 of 100 |" in lines


def test_macro_f1_counts_both_classes() -> None:
    """A breach missed and a clean post accused cost both classes; calling everything a breach has half at best."""
    assert 1.0 == Score.of([(True, True), (False, False)]).macro_f1
    assert 0.5 == Score.of([(True, True), (True, False), (False, True), (False, False)]).macro_f1
    assert 1 / 3 == Score.of([(True, True), (False, True)]).macro_f1
    assert Score(1, 2, 0, 1) == Score.of([(True, True), (True, False), (True, False), (False, False)])


def test_a_ranking_counts_ties_half() -> None:
    """One pair in order, one tied; without both classes there is no ranking."""
    assert 0.75 == auc([True, False, False], [0.6, 0.6, 0.1])
    assert 0.0 == auc([True, False], [0.1, 0.6])
    assert auc([True, True], [0.1, 0.6]) is None


@pytest.mark.parametrize("suite", SUITES)
def test_functional_posts_are_balanced_and_split_by_template(suite: str) -> None:
    """Both answers are wanted, a template stands on one side of the split, and none gives more than its share."""
    posts = functional_posts(suite)
    by_template: dict[str, set[bool]] = {}
    for post in posts:
        by_template.setdefault(post.template, set()).add(post.is_test)
    assert {1} == {len(sides) for sides in by_template.values()}
    assert {True, False} == {post.family is None for post in posts if post.is_test}
    assert MOST >= max(sum(post.template == template for post in posts) for template in by_template)
    assert not any("{" in post.text for post in posts)


def test_every_family_with_a_score_has_functional_tests() -> None:
    """A score nobody measures may be wrong for years. Where toxic words stand is measured on a public set."""
    tested = {family for suite in SUITES for family in families_of(functional_posts(suite))}
    assert {TOXIC} == set(FAMILIES) - tested
    assert set() == tested - set(FAMILIES)


@pytest.mark.parametrize("kind", ["phone:US", "phone:NG", "card:diners", "nocard:amex", "iban:DE", "noiban", "isbn"])
def test_a_made_up_value_is_the_same_every_time(kind: str) -> None:
    """A template that drew anew every time could not be compared with its figure of yesterday."""
    template = f"a {{{kind}}} b"
    assert filled(template, {}) == filled(template, {})
    assert 1 < len(filled(template, {}))


def test_made_up_cards_and_accounts_check_out_and_the_near_misses_do_not() -> None:
    """What a check must hear has the right check digits; what it must not has wrong ones."""

    def checked(template: str, is_valid: Callable[[str], bool]) -> set[bool]:
        return {is_valid(text.replace(" ", "").replace("-", "")) for text in filled(template, {}, most=50)}

    assert {True} == checked("{card:visa}", luhn.is_valid) | checked("{card:amex}", luhn.is_valid)
    assert {False} == checked("{nocard:visa}", luhn.is_valid)
    assert {True} == checked("{iban:GB}", iban.is_valid)
    assert {False} == checked("{noiban}", iban.is_valid)
    assert {True} == checked("{isbn}", isbn.is_valid)


def test_a_slot_nobody_fills_is_refused() -> None:
    """A misspelt slot would otherwise be posted as it stands."""
    with pytest.raises(KeyError):
        filled("{nobody}", {"somebody": ["Dana"]})


def test_a_near_miss_is_right_where_no_family_of_its_suite_hears_it() -> None:
    """Counted by function and by family, the posts of a suite come to the same."""
    results = functional_results(compile_pack(load_pack("ala")), ["confidential"])
    counted = results.families["confidential", "test"].score
    shares = [item for key, item in results.functions.items() if key[3] == "test"]
    assert counted.true_found + counted.clean == sum(item.hits for item in shares)
    assert counted.recall.of + counted.false_rate.of == sum(item.of for item in shares)


def test_scores_on_ordinary_texts_are_counted_family_by_family() -> None:
    """One of two texts holds an address; nobody is threatened in either. Labelled sets are not counted."""
    texts = ["write to dana.whitfield@lakeside.example", "the weather is lovely"]
    ordinary = LabelledSet("tweets", "of two people", texts, is_ordinary=True)
    labelled = LabelledSet("insults", "all of them", ["you idiot"])
    rates = ordinary_scores(compile_pack(load_pack("ala")), [ordinary, labelled])
    assert {"tweets"} == {name for name, _ in rates}
    assert (Share(1, 2), Share(0, 2)) == (rates["tweets", "pii.email"], rates["tweets", "threat"])


def test_the_page_prints_functions_and_families_of_the_functional_tests() -> None:
    """A family's F1 stands above the functions that explain it; a split without posts has a dash."""
    results = FunctionalResults(
        {("pii", "payment cards", "pii.card", "test"): Share(9, 10), ("pii", "orders", "", "test"): Share(1, 1)},
        {("pii.card", "test"): FamilyResult(Score(9, 1, 1, 9), 0.875)},
        {("tweets", "pii.card"): Share(1, 1000)},
    )
    printed = page(Measured({("ala", "threat", "test", "en"): Score(clean=1)}, {}, {}, {}, functional=results))
    assert "| pii.card | 1.00 (≤ 5.6) |" in printed
    assert "| pii | payment cards | pii.card | - | 90% (60% to 98%) |" in printed
    assert "| pii | orders | no | - | 100% (21% to 100%) |" in printed
    assert "| pii.card | test | 10 | 10 | 90% (60% to 98%) | 90% (60% to 98%) | 0.90 | 0.90 | 0.88 |" in printed


def test_a_whole_pack_is_counted_on_clean_posts() -> None:
    """Each set, the rules counted and the rate with its bound stand in one row; without figures there is no section."""
    whole = {("ala", "posts of institutions", "all"): Share(2, 1000)}
    printed = page(Measured({("ala", "threat", "test", "en"): Score(clean=1)}, {}, {}, {}, whole=whole))
    assert "| ala | posts of institutions | all | 1,000 | 2.00 (≤ 7.3) |" in printed
    assert "of a whole pack" not in page(Measured({("ala", "threat", "test", "en"): Score(clean=1)}, {}, {}, {}))


def test_the_f1_of_marked_places_is_that_of_the_task() -> None:
    """Nothing marked and nothing found is right; half of it found is not, nor is something where nothing was marked."""
    assert 1.0 == span_f1(frozenset(), frozenset())
    assert 0.0 == span_f1(frozenset(), frozenset({1}))
    assert 2 / 3 == span_f1(frozenset({1, 2}), frozenset({2}))


def test_the_page_tells_how_well_toxic_words_are_placed(tmp_path: Path) -> None:
    """One sentence with the figure; none where the set is absent."""
    (tmp_path / "toxic_spans").mkdir()
    rows = 'spans,text\n"[8, 9, 10, 11, 12]","you are idiot"\n'
    assert toxic_spans(tmp_path) is None
    (tmp_path / "toxic_spans" / "SemEval2021__data__tsd_test.csv").write_text(rows, encoding="utf-8")
    measured = toxic_spans(tmp_path)
    own = {("ala", "threat", "test", "en"): Score(clean=1)}
    assert measured == SpanResult(1.0, 1)
    assert "1.000 on the 1 comments" in page(Measured(own, {}, {}, {}, spans=measured))
    assert "SemEval" not in page(Measured(own, {}, {}, {}))


def test_posts_of_institutions_are_lines_without_their_headings() -> None:
    """They are many, and none is a heading of the file they stand in."""
    texts = institutions()
    assert len(texts) > ENOUGH
    assert not [text for text in texts if text.startswith(("#", "==")) or not text.strip()]
