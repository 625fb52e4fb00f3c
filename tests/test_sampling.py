"""Drawing and estimating: nobody can choose, nothing is claimed that was not read, and the weights are the posts'."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapterwatch.sampling import Answer, Candidate, Drawn, Likely, draw, estimate, likeliest


def posts(stratum: str, count: int) -> list[Candidate]:
    """So many posts of a stratum."""
    return [Candidate(stratum=stratum, account_key="x:1", subject_id=f"{n}", revision=0) for n in range(count)]


NETWORK = [*posts("x en", 60), *posts("x es", 30), *posts("flickr en", 10)]


def test_a_draw_is_the_same_whatever_the_order() -> None:
    """The same posts and seed give the same sample; another month draws others."""
    drawn = draw(NETWORK, 10, "ala 2026-10")

    assert drawn == draw(NETWORK[::-1], 10, "ala 2026-10")
    assert drawn != draw(NETWORK, 10, "ala 2026-11")


@given(
    sizes=st.lists(st.integers(0, 200), min_size=1, max_size=8),
    size=st.integers(0, 60),
)
def test_strata_are_drawn_in_proportion(sizes: list[int], size: int) -> None:
    """As many as asked for, or all; each stratum within one of its share; none twice."""
    every = [post for number, count in enumerate(sizes) for post in posts(f"s{number}", count)]
    drawn = draw(every, size, "seed")
    counts = Counter(item.post.stratum for item in drawn)

    assert min(size, len(every)) == len(drawn) == len({item.post for item in drawn})
    assert all(item.stratum_size == sizes[int(item.post.stratum[1:])] for item in drawn)
    for number, count in enumerate(sizes):
        assert abs(counts[f"s{number}"] - min(size / max(len(every), 1), 1) * count) <= 1


def test_nothing_read_says_nothing() -> None:
    """A sample that nobody has read is no evidence of a clean network."""
    found = estimate(draw(NETWORK, 10, "seed"), {})

    assert (10, 0, 0, None, None) == (found.drawn, found.read, found.missed, found.share, found.interval)


def test_unsure_says_nothing_either_way() -> None:
    """Who could not tell neither clears a rule nor accuses it."""
    drawn = draw(NETWORK, 10, "seed")
    found = estimate(drawn, {item.post: "unsure" for item in drawn})

    assert (0, 10, None) == (found.read, found.unsure, found.share)


def test_none_missed_of_forty_is_below_nine_in_a_hundred() -> None:
    """Zero is an estimate with an upper bound, never "nothing is missed"."""
    drawn = draw(NETWORK, 40, "seed")
    found = estimate(drawn, {item.post: "clean" for item in drawn})

    assert (40, 0, 0.0) == (found.read, found.missed, found.share)
    assert found.interval == pytest.approx((0.0, 0.0876), abs=5e-4)


def test_a_stratum_weighs_as_many_as_it_has_posts() -> None:
    """A miss among many posts counts for more than one among few, however many of each were read."""
    many, few = posts("many", 4), posts("few", 4)
    drawn = [Drawn(post=post, stratum_size=900) for post in many] + [Drawn(post=post, stratum_size=100) for post in few]
    among_many: dict[Candidate, Answer] = {item.post: "clean" for item in drawn} | {many[0]: "missed"}
    among_few: dict[Candidate, Answer] = {item.post: "clean" for item in drawn} | {few[0]: "missed"}

    assert pytest.approx(0.9 / 4) == estimate(drawn, among_many).share
    assert pytest.approx(0.1 / 4) == estimate(drawn, among_few).share


def test_strata_nobody_read_are_left_out_of_what_is_said() -> None:
    """The estimate is about the posts of the strata that were read, and says how many those are."""
    drawn = draw(NETWORK, 10, "seed")
    found = estimate(drawn, {item.post: "clean" for item in drawn if item.post.stratum == "x en"})

    assert (60, 6) == (found.posts, found.read)


def test_families_choose_in_turns_and_no_post_twice() -> None:
    """A post that two families begin with goes to the first of them, and the other has its next."""
    first, second, third = posts("x en", 3)
    chosen = likeliest({"hate": [first, second], "threat": [first, third, second], "rumour": []}, 2)

    assert [("hate", first), ("hate", second), ("threat", third)] == [(item.family, item.post) for item in chosen]


def test_each_family_has_no_more_than_its_number() -> None:
    """However many posts are like it: a month's reading stays as short."""
    assert 3 == len(likeliest({"promotion": posts("x en", 50)}, 3))
    assert [Likely(post=post, family="promotion") for post in posts("x en", 1)] == likeliest(
        {"promotion": posts("x en", 1)}, 3
    )
