"""The times feeds write. A clock time without a zone is read in the account's own time zone, as its author meant it."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from connectors.times import UnreadableTime

_ISO_START = re.compile(r"\d{4}-\d\d(-\d\d)?")
_YEARS = range(1990, 2101)


def feed_time(text: str, read: time.struct_time | None, zone: ZoneInfo) -> datetime:
    """A feed's time in UTC: ISO 8601, RFC 822 or, by `read`, what feedparser made of anything else.

    Raises:
        UnreadableTime: none of these, or a year before 1990 or after 2100 (an empty date of some systems is 1970).
    """
    moment = _iso(text, zone) or _mail(text, zone) or _struct(read)
    if moment is None:
        raise UnreadableTime("says no time")
    if moment.year not in _YEARS:
        raise UnreadableTime("is outside the years 1990 to 2100")
    return moment


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    text = text.strip()
    if not _ISO_START.match(text):
        return None
    try:
        return _in_utc(datetime.fromisoformat(text.upper()), zone)
    except (ValueError, OverflowError):
        return None


def _mail(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    last = text.rsplit(maxsplit=1)[-1] if text.split() else ""
    if moment.tzinfo is None and last == "-0000":
        moment = moment.replace(tzinfo=UTC)
    if moment.tzinfo is None and last.isalpha():
        # A zone by a name the standard library does not know; feedparser may.
        return None
    try:
        return _in_utc(moment, zone)
    except OverflowError:
        return None


def _struct(read: time.struct_time | None) -> datetime | None:
    try:
        return datetime(*read[:6], tzinfo=UTC) if read else None
    except (ValueError, TypeError):
        return None


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
