"""Timestamps as platforms and people write them. What would need a guess is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(?P<zone>Z|z|[+-]\d\d:?\d\d)?")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TWITTER = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}")
_DAY_OR_MONTH = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*", re.DOTALL)
_EPOCH_SECONDS = re.compile(r"\d{9,10}")
_EPOCH_MILLISECONDS = re.compile(r"\d{12,13}")


class UnreadableTime(ValueError):
    """A timestamp that says no time at all."""


class EmptyTime(UnreadableTime):
    """A date long before any account, which some systems write where they have none: 0001, 1900 or 1970."""


class AmbiguousTime(UnreadableTime):
    """A timestamp that could be two different instants: no time zone, or day and month in unknown order."""


def platform_time(text: object) -> datetime:
    """A platform's timestamp in UTC: ISO 8601 with a zone, or "Wed Oct 10 20:19:24 +0000 2018".

    Raises:
        UnreadableTime: anything else, or a year after 2100.
        EmptyTime: a year before 1990.
        AmbiguousTime: ISO 8601 without a zone.
    """
    if not isinstance(text, str):
        raise UnreadableTime("is no timestamp")
    moment = _in_utc(_parsed_words(text)) if _TWITTER.fullmatch(text) else _iso(text)
    if moment.year < 1990:  # noqa: PLR2004 - the bounds are the rule
        raise EmptyTime("is before the year 1990")
    if moment.year > 2100:  # noqa: PLR2004
        raise UnreadableTime("is after the year 2100")
    return moment


def epoch_time(seconds: object) -> datetime:
    """Whole epoch seconds (a number or its digits) in UTC. Raises `UnreadableTime` outside the years 2000 to 2100."""
    try:
        moment = datetime.fromtimestamp(int(str(seconds)), tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise UnreadableTime("is no epoch time") from None
    if not 2000 <= moment.year <= 2100:  # noqa: PLR2004 - the bounds are the rule
        raise UnreadableTime("is an epoch time outside the years 2000 to 2100")
    return moment


def written_time(text: str) -> datetime:
    """A timestamp in a table somebody made, in UTC: ISO 8601 with a zone, or epoch seconds or milliseconds.

    Raises:
        AmbiguousTime: no time zone, no time of day, or day and month in an order nobody can tell.
        UnreadableTime: none of these.
    """
    text = text.strip()
    if _EPOCH_MILLISECONDS.fullmatch(text):
        text = text[:-3]
    if _EPOCH_SECONDS.fullmatch(text):
        return epoch_time(text)
    if _ISO_DAY.fullmatch(text):
        raise AmbiguousTime("is a day without time and time zone")
    if _DAY_OR_MONTH.fullmatch(text):
        raise AmbiguousTime("does not tell day from month")
    return platform_time(text)


def http_date(text: str | None) -> datetime | None:
    """An HTTP `Date` header in UTC; None where there is none to read."""
    if not text:
        return None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError):
        return None


def _iso(text: str) -> datetime:
    match = _ISO.fullmatch(text)
    if match is None:
        raise UnreadableTime("is no timestamp")
    if match["zone"] is None:
        raise AmbiguousTime("has no time zone")
    try:
        return _in_utc(datetime.fromisoformat(text.upper()))
    except ValueError:
        raise UnreadableTime("is no day or time that exists") from None


def _parsed_words(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        raise UnreadableTime("is no day or time that exists") from None


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise UnreadableTime("is no day or time that exists") from None
