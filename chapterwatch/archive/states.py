"""What is known of a post now, from its sights and its absences alone: the order they were stored in plays no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chapterwatch.model import PostState

#: How certain a post's absence is. A run's stronger word replaces its weaker one.
CERTAINTIES = ("cannot_tell", "account_gone", "gone", "told")

#: A deletion is believed when runs of this many different days missed the post.
CONFIRMATIONS = 2


@dataclass(frozen=True, kw_only=True)
class Absence:
    """One run that missed a post."""

    run_id: str
    certainty: str
    at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of a post, since when it is gone, and how many absences count against it."""

    state: PostState
    gone_at: datetime | None = None
    absences: int = 0
    #: The first absence that counts, where it cannot be told.
    missed_at: datetime | None = None


def standing_of(shown_as: PostState, last_seen_at: datetime, absences: Sequence[Absence]) -> Standing:
    """The post's state; `shown_as` is what its last content would make it (present, edited or hidden).

    Absences before the last sight are refuted by it. `gone` needs two runs on two UTC days: one answer without the
    post may be the platform's hiccup.
    """
    live = [item for item in absences if _stands(item, last_seen_at)]
    told = [item.gone_at or item.at for item in live if item.certainty == "told"]
    gone = [item.at for item in live if item.certainty == "gone"]
    account = [item.at for item in live if item.certainty == "account_gone"]
    if told:
        return Standing(state=PostState.DELETED, gone_at=min(told), absences=len(live))
    if len({at.astimezone(UTC).date() for at in gone}) >= CONFIRMATIONS:
        return Standing(state=PostState.DELETED, gone_at=min(gone), absences=len(live))
    if account:
        return Standing(state=PostState.ACCOUNT_GONE, gone_at=min(account), absences=len(live))
    if live:
        missed_at = min(item.at for item in live)
        return Standing(state=PostState.CANNOT_TELL, absences=len(live), missed_at=missed_at)
    return Standing(state=shown_as)


def _stands(item: Absence, last_seen_at: datetime) -> bool:
    if item.certainty == "told":
        return max(item.at, item.gone_at or item.at) >= last_seen_at
    return item.at > last_seen_at
