"""Finders of personal data in free text: phones, e-mail, street addresses, birth dates, card and id numbers.

Pure functions of a text. They say where something stands, not whether it breaks a rule: `checks.personal` decides
that, with what the policy and the roster say. Grammars are anchored by what the data itself must have (a dialling
plan, a check digit, a house number before a capitalised street name), because a loose pattern would accuse people
over "28 close contacts" or "via Zoom 7 pm".
"""

# ruff: noqa: RUF001 - people do write these signs.

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import chain

import numpy as np

from checks.automaton import Lists
from checks.literals import Index
from checks.personal_data import addresses, births, cards, ids, network, phones, phones_disguised
from checks.personal_data.emails import find_emails
from checks.personal_data.emails_disguised import APART, HOUSES, SAID, may_be_apart, may_be_at_a_house
from checks.personal_data.health import find_health_details, is_of_nobody, names_illness
from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import LIKELY, Kind, Span, first_wins, mask
from checks.vocabulary import Joined, Mask, Numbers, Points

__all__ = [
    "NOTHING_ALLOWED",
    "Allowed",
    "Kind",
    "Span",
    "all_may_hold",
    "find_health_details",
    "find_personal",
    "is_of_nobody",
    "mask",
    "may_hold",
    "names_illness",
]

#: Six digits close together may be data even in a link ("wa.me/…", an address of the network).
_MANY_DIGITS = re.compile(r"\d(?:(?:[^\w\n]{0,4}\d){5}|\.\d{1,3}\.\d{1,3}\.\d|\d\d-[A-Za-z]{3})")
#: Fewer digits count outside links and handles only.
_FEW_DIGITS = re.compile(r"(?:https?://[^\s\d]*+|(?<![\w.+%-])@[^\W\d]*+)(?:\d[^\s\d]*+)*+|(?P<digit>\d)")


#: A link or a handle from its beginning on, as `_FEW_DIGITS` passes over it.
_MARK = re.compile(r"(?:https?://[^\s\d]*+|@[^\W\d]*+)(?:\d[^\s\d]*+)*+")


#: A mailbox as machines write it, or spelled.
_MAILBOX = re.compile(
    r"[\w.+%'&-][@＠﹫][\w-]|[\[({<]\s?(?:at|ät|a|@|arroba|arobase)\s?[\])}>]|" + "|".join(map(re.escape, SAID)),
    re.IGNORECASE,
)


def may_hold(text: str) -> bool:
    """Whether there can be anything to find in a text: the sign of a mailbox, or digits and what a number has by it."""
    return _may_hold_mailbox(text) or _may_hold_number(text) or _may_hold_disguised(text)


def _may_hold_disguised(text: str) -> bool:
    return phones_disguised.may_hold(text, with_digits=_has_many_digits(text) and _has_digits(text))


def _has_many_digits(text: str) -> bool:
    """Whether six digits stand near one another."""
    places = [found.start() for found in _DIGIT.finditer(text)]
    return any(last - first <= _NEAR for first, last in zip(places, places[_MANY - 1 :], strict=False))


def _may_hold_mailbox(text: str) -> bool:
    return _MAILBOX.search(text) is not None or may_be_apart(text) or may_be_at_a_house(text)


def _may_hold_number(text: str) -> bool:
    return _has_digits(text) and _may_hold_data(text, _CUES.possible(text))


def _may_hold_data(text: str, possible: Container[int]) -> bool:
    return _may_hold_few_digits(text, possible) or _may_hold_many_digits(text, possible)


def _may_hold_few_digits(text: str, possible: Container[int]) -> bool:
    return addresses.may_hold(text, possible) or births.may_hold(text, possible) or network.may_hold(text)


def _may_hold_many_digits(text: str, possible: Container[int]) -> bool:
    return phones.may_hold(text, possible) or ids.may_hold(text, possible) or cards.may_hold(text)


#: The words that some numbers need beside them, looked for in one reading.
_CUES = Index([*addresses.CUES, *phones.CUES, *births.CUES, *ids.CUES])
_LONG_CUES = frozenset(map(id, (*phones.CUES, *ids.CUES)))


#: What spells a mailbox, names a house of mailboxes and says a digit.
_SIGNS = Lists(SAID, HOUSES, phones_disguised.SIGNS)


def all_may_hold(texts: Sequence[str]) -> Mask:
    """`may_hold` of many texts."""
    joined = Joined(texts)
    points = joined.points
    lowered = joined.lowered() or Joined([text.lower() for text in texts])
    spelled, housed, said = _SIGNS.held(lowered)
    mailbox = joined.having(_may_be_mailbox(points)) | spelled
    found = np.zeros(len(texts), dtype=np.bool_)
    found[[at for at in np.flatnonzero(mailbox).tolist() if _MAILBOX.search(texts[at])]] = True
    apart = [match.start() for pattern in APART for match in pattern.finditer(joined.whole)]
    found |= joined.reached(np.array(apart, dtype=np.int64))
    houses = np.flatnonzero(housed & ~found).tolist()
    found[[at for at in houses if may_be_at_a_house(texts[at])]] = True
    in_words = np.flatnonzero(said & ~found).tolist()
    found[[at for at in in_words if phones_disguised.may_hold(texts[at], with_digits=False)]] = True
    digits = np.flatnonzero(_may_be_digit(points))
    numbered = np.flatnonzero(_with_digits(texts, joined, points, digits) & ~found).tolist()
    many = _with_many_digits(joined, points, digits)[numbered].tolist()
    cues = _CUES.all_possible([texts[at] for at in numbered])
    for at, has_many, possible in zip(numbered, many, cues, strict=True):
        # Most texts with a digit hold a year or a time and no word that a number needs beside it.
        found[at] = _may_hold_few_digits(texts[at], possible) or (
            (has_many or not _LONG_CUES.isdisjoint(possible)) and _may_hold_many_digits(texts[at], possible)
        )
        found[at] = found[at] or (has_many and _may_hold_disguised(texts[at]))
    return found


def _with_many_digits(joined: Joined, points: Points, digits: Numbers) -> Mask:
    """The texts with six digits near one another, or with letters that count as a part of a number.

    Without a word beside it, no telephone, card or id number does with less. `digits`: where they stand.
    """
    six = digits[: -_MANY + 1][digits[_MANY - 1 :] - digits[: -_MANY + 1] <= _NEAR]
    around = np.pad(points, (2, 2))
    before, second, after, third = (around[digits + place] for place in (0, 1, 3, 4))
    on_keys = digits[(after == ord("-")) & _is_letter(third)]
    in_account = digits[_is_letter(before) & _is_letter(second)]
    return joined.reached(np.concatenate([six, on_keys, in_account]))


#: As many digits as every such number has, and within how many characters (`phones` allows four between two digits).
_MANY, _NEAR = 6, 25


def _is_letter(points: Points) -> Mask:
    """The letters A to Z of either case."""
    found: Mask = (points | 0x20 >= ord("a")) & (points | 0x20 <= ord("z"))
    return found


def _with_digits(texts: Sequence[str], joined: Joined, points: Points, digits: Numbers) -> Mask:
    """`_has_digits` of many texts: told by the digits alone where they stand in no word that is a link or a handle."""
    blanks = np.flatnonzero((points == ord(" ")) | (points == ord("\n")))
    may_hide = np.zeros(len(blanks) + 1, dtype=np.bool_)
    may_hide[np.searchsorted(blanks, np.flatnonzero((points == ord("@")) | (points == ord("/"))))] = True
    where = joined.texts_at(digits)
    is_sure = ~may_hide[np.searchsorted(blanks, digits)] & (points[digits] < _FIRST_FOREIGN_DIGIT)
    found, unsure = np.zeros(len(texts), dtype=np.bool_), np.zeros(len(texts), dtype=np.bool_)
    found[where[is_sure]] = True
    unsure[where[~is_sure]] = True
    found[[at for at in np.flatnonzero(unsure & ~found).tolist() if _has_digits(texts[at])]] = True
    return found


def _may_be_digit(points: Points) -> Mask:
    """Digits of any script; beyond ASCII also what stands among letters, but not emoji and punctuation."""
    found: Mask = (points >= ord("0")) & (points <= ord("9"))
    beyond = np.flatnonzero(points >= _FIRST_FOREIGN_DIGIT)
    foreign = points[beyond]
    unlike = [(foreign < first) | (foreign > last) for first, last in _NO_DIGITS]
    found[beyond] = np.logical_and.reduce(unlike)
    return found


#: The first digit beyond ASCII; where punctuation, variation selectors and emoji stand.
_FIRST_FOREIGN_DIGIT = 0x660
_NO_DIGITS = ((0x2000, 0x2FFF), (0xFE00, 0xFE0F), (0x1F000, 0x1FAFF))


def _may_be_mailbox(points: Points) -> Mask:
    """An at sign behind what ends a mailbox's name, or a bracket in which one may be spelled."""
    is_at = (points == ord("@")) | (points == ord("＠")) | (points == ord("﹫"))
    named = np.zeros(len(points), dtype=np.bool_)
    named[1:] = _NAME_ENDS[np.minimum(points[:-1], _BEYOND)]
    found: Mask = (is_at & named) | _BRACKETS[np.minimum(points, _BEYOND)]
    return found


_BEYOND = 128
_NAME_ENDS = np.array([chr(point).isalnum() or chr(point) in "_.+%'&-" for point in range(_BEYOND)] + [True])
_BRACKETS = np.array([chr(point) in "[({<" for point in range(_BEYOND)] + [False])


def _has_digits(text: str) -> bool:
    found = _DIGIT.search(text)
    while found is not None:
        # Links and handles end at a blank, so only the words with digits have to be read.
        start, end = text.rfind(" ", 0, found.start()) + 1, text.find(" ", found.start())
        end = len(text) if end < 0 else end
        if text.find("@", start, end) < 0 and text.find("/", start, end) < 0:
            return True
        is_mark = _MARK.fullmatch(text, start, end) is not None
        if not is_mark and any(digit["digit"] for digit in _FEW_DIGITS.finditer(text, start, end)):
            return True
        found = _DIGIT.search(text, end)
        if found is None:
            return _MANY_DIGITS.search(text) is not None
    return False


_DIGIT = re.compile(r"\d")


def find_personal(
    text: str,
    *,
    country: str = "US",
    allowed: Allowed = NOTHING_ALLOWED,
    at_least: float = LIKELY,
) -> list[Span]:
    """Every piece of personal data in a text, in order and without overlap.

    Args:
        text: as stored; spans count its code points.
        country: ISO 3166 alpha-2 of the chapter, for phone numbers without a country code.
        allowed: published contact data, left out.
        at_least: spans less sure than this are left out; 0 also gives help lines, role mailboxes and look-alikes.
    """
    found = chain(
        find_emails(text, allowed=allowed),
        _find_numbers(text, country, allowed) if _has_digits(text) else (),
        phones_disguised.find_disguised_phones(text, country=country, allowed=allowed)
        if _may_hold_disguised(text)
        else (),
    )
    # A look-alike must not hide what is sure, so the sure ones come first; within each the order above decides.
    kept = sorted((span for span in found if span.confidence >= at_least), key=lambda span: span.confidence < LIKELY)
    return sorted(first_wins(kept))


def _find_numbers(text: str, country: str, allowed: Allowed) -> Iterator[Span]:
    # Most posts have a time or a year and nothing else.
    possible = _CUES.possible(text)
    return chain(
        cards.find_cards_and_accounts(text) if cards.may_hold(text) else (),
        ids.find_id_numbers(text, possible) if ids.may_hold(text, possible) else (),
        network.find_ip_addresses(text) if network.may_hold(text) else (),
        births.find_birth_dates(text) if births.may_hold(text, possible) else (),
        phones.find_phones(text, country=country, allowed=allowed) if phones.may_hold(text, possible) else (),
        addresses.find_addresses(text, allowed=allowed) if addresses.may_hold(text, possible) else (),
    )
