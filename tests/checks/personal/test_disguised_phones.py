# ruff: noqa: RUF001 - look-alike letters are the point
"""Telephone numbers hidden from machines: said, spelt with letters, or parted as no number is. Near-misses first."""

import pytest

from checks.personal_data import may_hold
from checks.personal_data.phones import find_phones
from checks.personal_data.phones_disguised import find_disguised_phones

#: What is counted, listed, played or numbered, also beside a word of calling.
NONE = (
    "Let's count together: one two three four five six seven eight nine ten",
    "Five six seven eight, five six seven eight, and turn!",
    "Countdown: ten nine eight seven six five four three two one zero, happy new year",
    "call out the steps: five, six, seven, eight, one, two, three, four",
    "Bus lines one, three, five, seven, nine and eleven stop here",
    "Tables one, two, four, five, eight, nine, three and six please come to the buffet",
    "he scored three, five, seven, two, nine, four, eight, six, one, zero in ten rounds",
    "Pi is three point one four one five nine two six five three five nine",
    "The code was zero one one zero one zero zero one one zero in binary",
    "ISBN nine seven eight, three one six, one four eight, four one zero, zero",
    "order number is seven two nine four four one eight eight zero three",
    "text version 10 dot 4 dot 2 dot 1234567",
    "Invoice 2023 dash 0012 dash 4455667",
    "uno dos tres cuatro cinco seis siete ocho nueve diez",
    "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "Bitte Zimmer eins, zwei, drei, vier, fünf, sechs, sieben und acht räumen",
    "In nineteen ninety, nineteen ninety-one and nineteen ninety-two we met at the Drake.",
    "The recipe makes 10L five six times over",
    "one 2L2 five 5l5 0143",
    "Call time is eight, doors at seven, show at nine, two acts, three encores, one bow",
)

#: What is a number, and how surely: beside a word of calling, or by itself.
FOUND = (
    ("call me at five five five, eight six seven, five three zero nine", 0.75),
    ("ring me on oh seven seven double oh nine hundred one two three", 0.75),
    ("hit me up @ 917five550142", 0.75),
    ("my digits 917…555…0142", 0.75),
    ("2l2-736-5OO1 call anytime", 0.75),
    ("area code 917 then 555 then 0142", 0.75),
    ("+1 917 555 zero one four two", 0.75),
    ("my cell is 212 seven three six fifty oh one", 0.75),
    ("mein handy: null eins sieben sechs, fünf fünf acht drei vier zwo neun", 0.75),
    ("mon numéro zéro six douze trente-quatre cinquante-six soixante-dix-huit", 0.75),
    ("mon numéro: zéro six, quatre-vingt-onze, vingt et un, soixante et onze, quatre-vingts", 0.75),
    ("mi celular: cinco cinco ocho siete dos cuatro nueve cero uno tres", 0.75),
    ("meu zap: um um nove oito sete meia quatro três dois zero zero", 0.75),
    ("il mio numero: tre quattro sette, uno nove due, otto otto cinque sei", 0.75),
    ("bel me: nul zes twee vijf negen acht een drie vier zeven", 0.75),
    ("0 seven 7 zero 0 nine 0 0 one 2 3", 0.55),
    ("212.seven36.5oo1", 0.55),
    ("two-one-two-seven-three-six-five-zero-zero-one", 0.55),
    ("917(dash)555(dash)0142", 0.55),
    ("917 dot 555 dot 0142", 0.55),
    ("ſix zero ſix fıve fıve fıve one two three four", 0.55),
    ("FIVE ZERO FİVE FIVE FIVE FIVE ONE TWO THREE FOUR", 0.55),
    ("i am on 07700 nine double zero one two three", 0.55),
)


@pytest.mark.parametrize("text", NONE)
def test_what_is_counted_or_numbered_is_no_telephone(text: str) -> None:
    """A row of digits needs more than words for them."""
    assert [] == list(find_disguised_phones(text))


@pytest.mark.parametrize(("text", "sure"), FOUND)
def test_a_hidden_number_is_found(text: str, sure: float) -> None:
    """In the languages of the packs, and by itself only where nothing but hiding explains how it is written."""
    assert may_hold(text)
    assert [sure] == [found.confidence for found in find_disguised_phones(text)]


def test_raffle_numbers_are_none() -> None:
    """Six numbers of one and two digits in a row, whatever word goes before them."""
    assert [] == list(find_phones("Our numbers: 4 - 8 - 15 - 16 - 23 - 42"))
    assert 1 == len(list(find_phones("Numéro: +33 6 12 34 56 78")))
