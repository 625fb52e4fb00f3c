"""The labelled posts are sound, and the counting of right and wrong is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapterwatch.policy import load_pack, packs_available
from chapterwatch.shares import Share
from quality.functions import FAMILIES, MOST, functional_posts
from quality.measure import Score, family_score, macro_f1, rule_score
from quality.own import LabelledPost, institutions, own_posts
from quality.page import Measured, page

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
    assert 1.0 == macro_f1([(True, True), (False, False)])
    assert 0.5 == macro_f1([(True, True), (True, False), (False, True), (False, False)])
    assert 1 / 3 == macro_f1([(True, True), (False, True)])


@pytest.mark.parametrize("family", FAMILIES)
def test_functional_posts_are_balanced_and_split_by_template(family: str) -> None:
    """Both answers are wanted, a template stands on one side of the split, and none gives more than its share."""
    posts = functional_posts(family)
    by_template: dict[str, set[bool]] = {}
    for post in posts:
        by_template.setdefault(post.template, set()).add(post.is_test)
    assert {1} == {len(sides) for sides in by_template.values()}
    assert {True, False} == {post.is_positive for post in posts if post.is_test}
    assert MOST >= max(sum(post.template == template for post in posts) for template in by_template)
    assert not any("{" in post.text for post in posts)


def test_a_whole_pack_is_counted_on_clean_posts() -> None:
    """Each set, the rules counted and the rate with its bound stand in one row; without figures there is no section."""
    whole = {("ala", "posts of institutions", "all"): Share(2, 1000)}
    printed = page(Measured({("ala", "threat", "test", "en"): Score(clean=1)}, {}, {}, {}, whole=whole))
    assert "| ala | posts of institutions | all | 1,000 | 2.00 (≤ 7.3) |" in printed
    assert "of a whole pack" not in page(Measured({("ala", "threat", "test", "en"): Score(clean=1)}, {}, {}, {}))


def test_posts_of_institutions_are_lines_without_their_headings() -> None:
    """They are many, and none is a heading of the file they stand in."""
    texts = institutions()
    assert len(texts) > ENOUGH
    assert not [text for text in texts if text.startswith(("#", "==")) or not text.strip()]
