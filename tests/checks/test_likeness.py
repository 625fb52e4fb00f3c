"""Which posts a hint would ask about if all its gates were open: for a person who reads the likeliest."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from chapterwatch.policy import Pack, load_pack
from checks.engine import judge_table
from checks.likeness import COLUMNS, most_alike
from checks.scored import FAMILIES


@pytest.fixture(scope="module", params=["ala", "lll"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(request.param)


def table(*texts: str) -> pd.DataFrame:
    """Posts with these texts, called by their places."""
    return pd.DataFrame({"id": [str(place) for place in range(len(texts))], "text": texts})


#: Nothing is found in it: nobody is named who stands on a roster, and no word is rude.
MISSED = "never ask that clinic anything, your plumber has the same training and is kinder about it"
CLEAN = "The agenda for Monday is online, and coffee is ready from nine."


def test_a_post_no_rule_finds_anything_in_is_alike(pack: Pack) -> None:
    """What the gates keep the hints from asking about is still like it; an agenda is like nothing."""
    found, _ = judge_table(table(MISSED, CLEAN), pack)
    assert found.empty
    alike = most_alike(table(MISSED, CLEAN), pack)
    assert {"0"} == set(alike["id"])


def test_the_likeliest_of_a_family_comes_first(pack: Pack) -> None:
    """Families one after another, each by its scores."""
    alike = most_alike(table(MISSED, CLEAN, "Those crooks at the clinic lie to everybody and then send a bill."), pack)
    assert list(COLUMNS) == list(alike.columns)
    assert set(alike["family"]) <= FAMILIES.keys()
    for _, scores in alike.groupby("family")["score"]:
        assert scores.is_monotonic_decreasing
        assert scores.between(0, 1).all()


def test_what_a_hint_spares_stays_spared(pack: Pack) -> None:
    """Whoever speaks against hatred would else stand among the likeliest each month."""
    alike = most_alike(table("Calling women stupid is unacceptable, and we said so at the meeting"), pack)
    assert "hate" not in set(alike["family"])


def test_a_pack_without_hints_finds_nothing_alike(pack: Pack) -> None:
    """Nor does a table without posts."""
    without = {name: rule for name, rule in pack.rules.items() if rule.check != "scored"}
    assert most_alike(table(MISSED), replace(pack, rules=without)).empty
    assert most_alike(table(MISSED).head(0), pack).empty


def test_only_so_many_are_read_closely_and_posts_of_other_languages_take_no_place(pack: Pack) -> None:
    """Those the quick reader ranks first, however many posts there are: a hint judges what its models were taught."""
    foreign = ["Wir hassen diese Leute, sie sind dumm und faul und sollen verschwinden."] * 5
    posts = table(*foreign, CLEAN, MISSED)
    assert {"6"} == set(most_alike(posts, pack, most=1)["id"])
    assert most_alike(posts, pack, most=0).empty


@pytest.mark.parametrize("texts", [[], [""], ["🎈🎈🎈", "https://lakeside.example"]])
def test_nothing_to_read_is_like_nothing(pack: Pack, texts: list[str]) -> None:
    """No text, an empty one, one without a word."""
    assert most_alike(table(*texts), pack).empty
