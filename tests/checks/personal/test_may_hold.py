"""What is found out about a text before its grammars run spares time and changes no answer."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.personal_data import (
    Span,
    addresses,
    all_may_hold,
    births,
    cards,
    find_personal,
    ids,
    may_hold,
    network,
    phones,
    phones_disguised,
)
from checks.personal_data.digits_said import ONE_OF
from checks.personal_data.streets_continental import STREETS
from checks.personal_data.streets_english import BOX, ENGLISH, GRID, LOWER, MILITARY, NAMED, NUMBERED, RURAL

_spec = importlib.util.spec_from_file_location("generated_personal_data", Path(__file__).with_name("generated.py"))
assert _spec is not None
assert _spec.loader is not None
generated = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = generated
_spec.loader.exec_module(generated)

FINDERS: tuple[tuple[Callable[[str], Iterable[Span]], Callable[[str], bool]], ...] = (
    (addresses.find_addresses, addresses.may_hold),
    (births.find_birth_dates, births.may_hold),
    (cards.find_cards_and_accounts, cards.may_hold),
    (ids.find_id_numbers, ids.may_hold),
    (network.find_ip_addresses, network.may_hold),
    (phones.find_phones, phones.may_hold),
    (phones_disguised.find_disguised_phones, lambda text: phones_disguised.may_hold(text, with_digits=True)),
)
SHAPES = (ENGLISH, NUMBERED, GRID, RURAL, BOX, MILITARY, NAMED, *(street.shape for street in STREETS))


@pytest.mark.parametrize("half", list(generated.Half))
def test_whatever_a_finder_finds_its_first_look_sees(half: object) -> None:
    """For every kind, on documents of every form; a document is looked at whole and line by line."""
    documents = [document.text for document in generated.documents(half, 1500, seed=11)]
    texts = [*documents, *(line for document in documents for line in document.splitlines())]
    for find, holds in FINDERS:
        assert [] == [text for text in texts if not holds(text) and list(find(text))]


@settings(max_examples=100, deadline=None)
@given(
    before=st.sampled_from(["call me: ", "Text Dana at ", "", "doors open at nine, ring "]),
    digits=st.lists(st.sampled_from(sorted(ONE_OF)), min_size=7, max_size=11),
    between=st.sampled_from([" ", ", ", "-"]),
)
def test_a_number_in_words_is_seen_in_a_column_as_alone(before: str, digits: list[str], between: str) -> None:
    """Nothing stands in it by which numbers in digits are seen."""
    text = before + between.join(digits)
    assert [may_hold(text), False] == all_may_hold([text, "Coffee on Thursday"]).tolist()
    assert may_hold(text) or not find_personal(text, at_least=0.0)


@pytest.mark.parametrize("half", list(generated.Half))
def test_a_column_is_looked_at_as_each_text_is(half: object) -> None:
    """Together and alone the same, and no text is left out that holds anything, however unsure."""
    texts = [document.text for document in generated.documents(half, 1500, seed=12)]
    assert [may_hold(text) for text in texts] == all_may_hold(texts).tolist()
    assert [] == [text for text in texts if not may_hold(text) and find_personal(text, at_least=0.0)]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_shape_of_an_address_is_seen(data: st.DataObject) -> None:
    """Whatever a grammar of streets can match has a name or a mark beside its number."""
    shape = data.draw(st.sampled_from(SHAPES))
    text = data.draw(st.from_regex(shape))
    if shape.search(text):
        assert addresses.may_hold(text)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cue=st.sampled_from(["lives at", "My home address:", "they moved to", "her place on"]), street=st.from_regex(LOWER)
)
def test_a_street_in_lower_case_is_seen_behind_a_word_of_home(cue: str, street: str) -> None:
    """Without that word it is none."""
    text = f"{cue} {street.strip()}"
    assert addresses.may_hold(text) or not list(addresses.find_addresses(text))


@pytest.mark.parametrize(
    "text",
    [
        "See you at 7 pm at the library",
        "doors open 10:30, bring 2 friends",
        "our plans in 2026 are big",
        "https://lakeside.example/884d9 is new, 30 seats left",
        "Welcome @volunteer42, number 1 of the day",
    ],
)
def test_times_years_and_counts_are_spared_the_grammars(text: str) -> None:
    """They stand in one post of five."""
    assert not may_hold(text)
