"""The stamp that opens each message of a WhatsApp export, in every locale's form.

A phone writes it in its own locale: day, month and year in any order, clocks of 12 or 24 hours, any script's digits. No
stamp says which of its numbers is the day. The whole file does, or nobody: then it is refused, not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from connectors.whatsapp.words import word_of, words

#: The orders a date may have.
ORDERS = ("dmy", "mdy", "ymd")

#: WhatsApp exists since 2009.
FIRST_YEAR, LAST_YEAR = 2009, 2099
#: The Buddhist year of the Gregorian year 0; Thai phones write it.
BUDDHIST = 543

#: A form that fewer than one stamp in ten has is what somebody pasted into a message.
RARE = 0.1
#: So many stamps may fit no day of the order the rest has; they are kept aside.
MISFITS = 0.05
#: An order with so many more misfits than another is out, whatever the sequence of times.
CLEARLY = 0.2

_LONGEST = 64
_LEAD = r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
_FORMS = {
    "bracket": re.compile(rf"{_LEAD}\[([^\[\]]{{6,{_LONGEST}}})\][ \u00a0]?(?:- )?(.*)", re.DOTALL),
    "dash": re.compile(rf"{_LEAD}([^\[\]]{{6,{_LONGEST}}}?)[ \u00a0\u202f]+[-\u2013\u2014][ \u00a0](.*)", re.DOTALL),
    "colon": re.compile(rf"{_LEAD}([^\[\]]{{6,{_LONGEST}}}?):[ \u00a0](.*)", re.DOTALL),
}
_DAY = (
    r"(?P<one>\d{1,4}) ?(?P<mark>[./\-年년]) ?(?P<two>\d{1,2}) ?[./\-月월 ] ?(?P<three>\d{1,4})(?!\d)"
    r"(?: ?(?:\u0433\.?|\.|日|일|be\b))*"
)
_CLOCK = r"(?P<hour>\d{1,2})(?: ?h ?|[:.])(?P<minute>\d{1,2})(?:(?: ?min ?|[:.])(?P<second>\d{2})(?: ?s\b)?)?"
_STAMPS = (
    re.compile(rf"{_DAY}(?P<comma>[,،、]?)(?P<between>\D{{0,24}}?){_CLOCK}(?P<after>\D{{0,24}})"),
    re.compile(rf"(?P<before>\D{{0,24}}?){_CLOCK}(?P<after>\D{{0,24}}?)(?P<comma>[,،、]?) {_DAY}"),
)


@dataclass(frozen=True)
class Stamp:
    """One opening as it stands: three numbers of a date in unknown order, and a time of day."""

    #: What all stamps of one export have in common.
    form: tuple[object, ...]
    numbers: tuple[str, str, str]
    hour: int
    minute: int
    second: int
    #: Exactly as written.
    written: str
    #: What follows it on the line.
    rest: str

    def moment(self, order: str) -> datetime | None:
        """The clock time it says if its numbers stand in `order`; None where there is no such day or time."""
        day = _day(self.numbers, order)
        try:
            return datetime(day.year, day.month, day.day, self.hour, self.minute, self.second) if day else None  # noqa: DTZ001
        except ValueError:
            return None


class UnknownOrder(ValueError):
    """Dates whose order the file does not tell. The message says why, without any content."""


def stamp_of(line: str) -> Stamp | None:
    """The stamp a line opens with, None where it opens with none."""
    head = line[: 2 * _LONGEST]
    if not any(sign.isdecimal() for sign in head[:_LONGEST]):
        return None
    for name, form in _FORMS.items():
        found = form.match(head)
        if found and (stamp := _parsed(name, found[1], line[found.start(2) :])):
            return stamp
    return None


def own_forms(stamps: Sequence[Stamp]) -> set[tuple[object, ...]]:
    """The forms the export itself writes, without those of a few pasted lines."""
    counts = Counter(stamp.form for stamp in stamps)
    return {form for form, count in counts.items() if count >= RARE * len(stamps)}


def orders_of(stamps: Iterable[Stamp], told: str | None = None) -> dict[tuple[object, ...], str]:
    """The order of the dates, for each form in `stamps`, which stand as in the file.

    Args:
        stamps: all openings of messages.
        told: the order a person says it is; it must be possible.

    Raises:
        UnknownOrder: two orders stay possible, or none is.
    """
    grouped: dict[tuple[object, ...], list[Stamp]] = {}
    for stamp in stamps:
        grouped.setdefault(stamp.form, []).append(stamp)
    return {form: _order(group, told) for form, group in grouped.items()}


def _order(stamps: Sequence[Stamp], told: str | None) -> str:
    """One order that fits: no number out of range, and no day before the day of the message above it.

    A year of two digits stands last, unless no reading with it last is possible.
    """
    for candidates in _candidates(stamps):
        judged = {order: _judged(stamps, order) for order in candidates}
        possible = [order for order in candidates if judged[order][0] <= MISFITS * len(stamps)]
        if told in possible:
            return told
        if told is None and (found := _only(possible, judged, stamps)):
            return found
    if told is not None:
        raise UnknownOrder(f"its dates cannot stand in the order {told}")
    raise UnknownOrder("its dates fit no order of day, month and year")


def _candidates(stamps: Sequence[Stamp]) -> Sequence[tuple[str, ...]]:
    """Which orders to try, those of one tuple against each other."""
    one, _, three = stamps[0].numbers
    if len(one) > 2:  # noqa: PLR2004 - a year in full
        return (("ymd",),)
    if len(three) > 2:  # noqa: PLR2004
        return (("dmy", "mdy"),)
    spaced = re.search(r"\d\. \d", stamps[0].written)
    # "23. 5. 14." is a Korean and a Slovenian way of writing.
    return (ORDERS,) if spaced else (("dmy", "mdy"), ("ymd",))


def _judged(stamps: Sequence[Stamp], order: str) -> tuple[int, int]:
    """How many stamps say no day in this order, and how many days stand before the day above them."""
    days = [_day(stamp.numbers, order) for stamp in stamps]
    known = [day for day in days if day]
    back = sum(later < earlier for earlier, later in pairwise(known))
    return len(days) - len(known), back


def _only(possible: Sequence[str], judged: Mapping[str, tuple[int, int]], stamps: Sequence[Stamp]) -> str | None:
    """The one possible order, None where there is none. Raises `UnknownOrder` where two stay."""
    if not possible:
        return None
    best = min(possible, key=lambda order: judged[order])
    for other in possible:
        if other != best and not _beats(judged[best], judged[other], len(stamps)) and _differ(stamps, best, other):
            raise UnknownOrder("its dates can be read in two orders, and every message fits both")
    # An order that is out by its misfits may still have the better sequence: then neither is believed.
    for other, (misfits, back) in judged.items():
        if other != best and back < judged[best][1] and misfits < CLEARLY * len(stamps):
            raise UnknownOrder("some of its dates fit one order and some another")
    return best


def _beats(best: tuple[int, int], other: tuple[int, int], count: int) -> bool:
    """Whether one order is the better one without a doubt: no worse in anything and better in something."""
    if other[0] - best[0] >= CLEARLY * count:
        return True
    return best[0] <= other[0] and best[1] <= other[1] and best != other and (best[0] < other[0] or best[1] == 0)


def _differ(stamps: Sequence[Stamp], one: str, other: str) -> bool:
    return any(_day(stamp.numbers, one) != _day(stamp.numbers, other) for stamp in stamps)


def _day(numbers: tuple[str, str, str], order: str) -> date | None:
    parts = dict(zip(order, numbers, strict=True))
    year = _year(parts["y"])
    if year is None or len(parts["d"]) > 2 or len(parts["m"]) > 2:  # noqa: PLR2004
        return None
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def _year(written: str) -> int | None:
    """A Gregorian year. 2566 and 66 are Thai phones' way to write 2023; other calendars are not told apart here."""
    number = int(written)
    if len(written) <= 2:  # noqa: PLR2004
        number += 2000 if number < FIRST_YEAR - 2000 + BUDDHIST - 500 else 2500
    if number >= FIRST_YEAR + BUDDHIST:
        number -= BUDDHIST
    return number if FIRST_YEAR <= number <= LAST_YEAR else None


def _parsed(form: str, written: str, rest: str) -> Stamp | None:
    plain = _plain(written)
    for place, pattern in enumerate(_STAMPS):
        found = pattern.fullmatch(plain)
        if found and (hour := _hour(found, joined := _joiner(found))) is not None:
            return Stamp(
                form=(
                    form,
                    place,
                    found["mark"],
                    len(found["one"]) > 2,  # noqa: PLR2004
                    len(found["three"]) > 2,  # noqa: PLR2004
                    found["comma"],
                    joined,
                    bool(found["second"]),
                ),
                numbers=(found["one"], found["two"], found["three"]),
                hour=hour,
                minute=int(found["minute"]),
                second=int(found["second"] or 0),
                written=written,
                rest=rest,
            )
    return None


def _plain(written: str) -> str:
    """Lower case, any script's digits as ours, any space as one, without marks of direction."""
    signs = []
    for sign in written:
        value = unicodedata.decimal(sign, None)
        if value is not None:
            signs.append(str(value))
        elif sign.isspace():
            signs.append(" ")
        elif unicodedata.category(sign) != "Cf":
            signs.append(sign)
    return "".join(signs).strip().lower()


def _joiner(found: re.Match[str]) -> str:
    """The word between day and time that belongs to neither, such as "um"."""
    groups = found.groupdict()
    said = word_of(groups.get("between") or groups.get("before") or "")
    return said if said in words().joiners else ""


def _hour(found: re.Match[str], joiner: str) -> int | None:
    """The hour of 24; None where a word beside the time is none that halves a day."""
    groups = found.groupdict()
    around = [groups.get(name) or "" for name in ("before", "between", "after")]
    said = {word for text in around if (word := word_of(text))} - {joiner}
    hour = int(found["hour"])
    if not said:
        return 0 if hour == 24 else hour  # noqa: PLR2004 - some clocks count 24:05
    return _half(hour, said.pop()) if len(said) == 1 else None


def _half(hour: int, word: str) -> int | None:
    known = words()
    if hour > 12:  # noqa: PLR2004 - a clock of 24 hours with the word beside it all the same
        return hour if word in known.am | known.pm | known.noon | known.night else None
    if word in known.am:
        return hour % 12
    if word in known.pm:
        return hour % 12 + 12
    if word in known.noon:
        return hour if hour >= 10 else hour + 12  # noqa: PLR2004
    if word in known.night:
        return hour % 12 if hour % 12 < 6 else hour + 12  # noqa: PLR2004
    return None
