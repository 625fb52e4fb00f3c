"""Event hashtags (ALA-25): posts about a configured event around its dates, with its hashtag or without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pandas as pd
from pydantic import Field

from chapterwatch.model import Event
from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.screen import InContext
from checks.statements import Found, find_names


class EventHashtag(Params):
    """`want`: count posts that use the hashtag (`present`) or find those that forgot it (`missing`).

    `days_around`: how long before and after an event a post counts as being about it.
    """

    want: Literal["present", "missing"]
    days_around: int = Field(default=14, ge=0)


@check(
    "event_hashtag",
    params=EventHashtag,
    screen=lambda _: [InContext(lambda context: bool(context.events))],
    across=True,
    lacks=lambda _, context: None if context.events else "no_events",
)
def event_hashtag(batch: Batch, rule: Rule, params: EventHashtag) -> Judgement:
    """Looks at posts about a configured event, within days of it: with its hashtag, or without."""

    def find(row: Row) -> Iterator[Evidence]:
        for event in row.context.events:
            if not _is_near(row, event, params.days_around):
                continue
            used, mention = _hashtag(row, event), next(iter(_mentions(row, event)), None)
            if params.want == "present" and used is not None:
                yield Evidence("text", used.start(), used.end(), f"uses a hashtag of {event.name}", 0.95)
            elif params.want == "missing" and used is None and mention is not None:
                wanted = " or ".join(event.hashtags)
                yield row.evidence(mention.start, mention.end, f"about {event.name}, without {wanted}", 0.8)

    return judge_each(batch, rule, find)


def _is_near(row: Row, event: Event, days: int) -> bool:
    posted = pd.Timestamp(row.created_at).date()
    return event.starts - timedelta(days=days) <= posted <= event.ends + timedelta(days=days)


def _hashtag(row: Row, event: Event) -> re.Match[str] | None:
    wanted = "|".join(re.escape(hashtag.lstrip("#")) for hashtag in event.hashtags)
    return re.search(rf"[#＃](?:{wanted})(?!\w)", row.text.raw, re.IGNORECASE) if wanted else None  # noqa: RUF001


#: News about an event's place or date is no post from it.
_NEWS = re.compile(
    r"\b(?:announc\w+|moves? to|moved to|is moving|postpon\w+|rescheduled|cancel\w+|called off|new (?:venue|date|dates)"
    r"|has changed|press release)\b"
)


def _mentions(row: Row, event: Event) -> list[Found]:
    if _NEWS.search(row.text.plain):
        return []
    return find_names(row.text, (event.name, *event.cues))
