"""Digits as people say or disguise them: "oh", "double five", "forty-three", "soixante-dix-huit", "2O2"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.word_classes import entries

#: The words for each digit, from nought on.
_SAID_AS = (
    *(entries("said_as_nought"), entries("said_as_one"), entries("said_as_two"), entries("said_as_three")),
    *(entries("said_as_four"), entries("said_as_five"), entries("said_as_six"), entries("said_as_seven")),
    *(entries("said_as_eight"), entries("said_as_nine")),
)
#: The digit a word stands for.
ONE_OF = {word: str(at) for at, words in enumerate(_SAID_AS) for word in words}
_TEEN_OF = {word: str(at) for at, word in enumerate(entries("teen_words"), start=10)}
_TENS_OF = {word: str(at) for at, word in enumerate(entries("ten_words"), start=2)}
_TIMES = {"double": 2, "triple": 3}
_LOOK_ALIKES = str.maketrans("OoIl|", "00111")
#: Letters that a pattern takes for others whatever their case, and `str.lower` does not.
_SAME_LETTER = str.maketrans({"\u0131": "i", "\u0130": "i", "\u017f": "s"})
#: French tens that go on to nineteen: "soixante-dix", "quatre-vingt-treize".
_LONG_TENS = ("soixante", "quatre-vingt")


def _pairs() -> Iterator[tuple[str, str]]:
    """10 to 99 in French, which says telephone numbers so, with the digits of each."""
    units, teens = entries("units_french"), entries("teen_words_french")
    yield from ((word, str(at)) for at, word in enumerate(teens, start=10))
    yield "quatre-vingts", "80"
    for at, ten in enumerate(entries("ten_words_french"), start=2):
        yield ten, f"{at}0"
        lower = enumerate([*units, *teens] if ten in _LONG_TENS else units, start=1)
        yield from ((f"{ten}{link}{word}", str(10 * at + more)) for more, word in lower for link in ("-", " ", " et "))


_PAIR_OF = dict(_pairs())


def _any(words: Iterator[str] | dict[str, str]) -> str:
    """A pattern for any of some words, the longer of two that begin alike first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _beginning(words: Iterable[str]) -> str:
    """A pattern for the first two characters of any of some words: at most places of a text there is none to try."""
    seconds: dict[str, set[str]] = {}
    for word in words:
        seconds.setdefault(word[0], set()).add(word[1:2])
    ways = (rf"{one}(?:[{''.join(sorted(more))}]{'|' + _END if '' in more else ''})" for one, more in seconds.items())
    return rf"(?=[{''.join(seconds)}])(?:{'|'.join(ways)})"


_END = r"(?![^\W\d_])"
_ONE = rf"(?:{_any(ONE_OF)}){_END}"
#: One part of a row of digits.
PART = re.compile(
    rf"(?=\d|[OoIl|]|{_beginning([*ONE_OF, *_PAIR_OF, *_TEEN_OF, *_TENS_OF, *_TIMES])})(?:"
    rf"(?:(?P<times>double|triple)[ -])?(?P<one>{_ONE})(?P<hundred>[ -]hundred{_END})?"
    rf"|(?P<pair>{_any(_PAIR_OF)}){_END}"
    rf"|(?P<teen>{_any(_TEEN_OF)}){_END}"
    rf"|(?P<tens>{_any(_TENS_OF)})(?:[ -](?P<unit>{_ONE}))?{_END}"
    # A word may stand right behind figures: "917five".
    # Only these letters look like figures: not "L" or "i".
    rf"|(?P<figures>(?-i:[OoIl|]{{0,3}}\d(?:\d|[OoIl|](?=[\dOoIl|]|(?![^\W\d_]))){{0,11}}))(?:{_END}|(?={_ONE})))",
    re.IGNORECASE,
)


def is_single(part: re.Match[str]) -> bool:
    """Whether a part is one digit in a word, perhaps said to come twice."""
    return part["one"] is not None and part["hundred"] is None


def digits_of(part: re.Match[str]) -> str:
    """The digits one part of a row says: "double five", "nine hundred", "forty-three", "2O2"."""
    if part["figures"]:
        return part["figures"].translate(_LOOK_ALIKES)
    if part["pair"]:
        return _PAIR_OF[_lower(part["pair"])]
    if part["teen"]:
        return _TEEN_OF[_lower(part["teen"])]
    if part["tens"]:
        return _TENS_OF[_lower(part["tens"])] + (ONE_OF[_lower(part["unit"])] if part["unit"] else "0")
    one = ONE_OF[_lower(part["one"])]
    return one + "00" if part["hundred"] else one * _TIMES.get(_lower(part["times"] or ""), 1)


def _lower(word: str) -> str:
    return word.translate(_SAME_LETTER).lower()
