"""An account's own rhythm: how often it posts, and from when on its silence is worth a look.

Counted in days with a post, for an event's twenty posts in an hour say nothing of a week. All thresholds are the
account's own, between two bounds: nobody is asked about a fortnight, and no old pause excuses more than two months.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

#: How far back a rhythm is read: a year and a holiday, so that last summer's pause is known.
REACH = timedelta(days=400)
#: An account with fewer days of posts, or known for a shorter time, has no rhythm yet.
LEAST_DAYS = 6
LEAST_SPAN = timedelta(days=7)
#: Silent for this many times its own usual gap an account is worth a look, never sooner than this.
FACTOR = 4
LEAST_QUIET = timedelta(days=14)
#: An account known for less than four weeks may have begun with a burst: it is given a week more.
SETTLED = timedelta(days=28)
LEAST_QUIET_AT_FIRST = timedelta(days=21)
#: A pause the account made before is no alarm when it makes it again; a longer one excuses no more than this.
LONGEST_EXCUSE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """How long nothing came, and how often something usually does."""

    quiet: timedelta
    usual: timedelta


def silence_of(times: Iterable[datetime], now: datetime) -> Silence | None:
    """The silence of an account that is quiet against its own rhythm; None where it is not, or has no rhythm yet.

    `times` are when its posts were made (UTC), in any order; those before `REACH` do not count.
    """
    known = sorted(moment for moment in times if now - REACH <= moment <= now)
    days = sorted({moment.date() for moment in known})
    if len(days) < LEAST_DAYS or days[-1] - days[0] < LEAST_SPAN:
        return None
    gaps = [later - earlier for earlier, later in pairwise(days)]
    usual = timedelta(days=median(gap.days for gap in gaps))
    quiet = now - known[-1]
    least = LEAST_QUIET if days[-1] - days[0] >= SETTLED else LEAST_QUIET_AT_FIRST
    if quiet <= max(least, FACTOR * usual, min(max(gaps), LONGEST_EXCUSE)):
        return None
    return Silence(quiet=quiet, usual=usual)
