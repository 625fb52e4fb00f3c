"""LLL-15: wait for the official announcement. Was something told before the association's own channels told it?

A post that reads as an announcement about the association is held against the posts of the association's official
accounts (`headquarters: true` in the registry): the first of them on the same matter must not be later. Without such an
account, or without its word on the matter, the question stays open and is answered "not judged".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.matters import PLACE_BEHIND, common_terms, key_terms, same_matter, spoken
from checks.screen import Names, Terms
from checks.statements import Found, find_association
from checks.text import Text
from checks.web import leads_to, links_of


class EarlyAnnouncement(Params):
    """`names`: the association as people write it; `lexicon`: words of announcing.

    Official posts from `look_back_days` before a post until `look_ahead_days` after it are compared. A post is early
    when it came at least `min_lead_minutes` before the first official one that shares `min_shared` telling words with
    it, and `min_share` of the shorter text.
    """

    names: tuple[str, ...]
    lexicon: str = "announcements"
    look_back_days: int = Field(default=90, ge=1)
    look_ahead_days: int = Field(default=45, ge=1)
    min_lead_minutes: int = Field(default=60, ge=0)
    min_shared: int = Field(default=3, ge=1)
    min_share: float = Field(default=0.4, gt=0, le=1)

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


@dataclass(frozen=True)
class _Official:
    at: pd.Timestamp
    terms: frozenset[str]


@check(
    "early_announcement",
    params=EarlyAnnouncement,
    screen=lambda params: [(Terms(params.lexicon), Names(params.names))],
    across=True,
)
def early_announcement(batch: Batch, rule: Rule, params: EarlyAnnouncement) -> Judgement:
    """Compares announcements about the association with the posts of its official accounts: which came first?

    Shares, questions, and posts that link to an official website are not early. Where no official account was
    collected, or none speaks of the matter, it is not judged.
    """
    channels: dict[tuple[str, ...], list[_Official]] = {}

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        accounts = row.context.official_accounts
        told = _announcement(row, params)
        if told is None or row.account_key in accounts:
            return []
        if accounts not in channels:
            channels[accounts] = _official_posts(batch.posts, accounts, params.names)
        return _compared(row, told, channels[accounts], params)

    return judge_each(batch, rule, find)


def _compared(
    row: Row, told: Found, channel: Sequence[_Official], params: EarlyAnnouncement
) -> Iterable[Evidence] | NotJudged:
    at = pd.Timestamp(row.valid_from)
    near = _between(
        channel, at - pd.Timedelta(days=params.look_back_days), at + pd.Timedelta(days=params.look_ahead_days)
    )
    if not near:
        return NotJudged("no_official_account")
    own = key_terms(row.text.raw, params.names) - common_terms(item.terms for item in near)
    same = [
        item for item in near if same_matter(own, item.terms, min_shared=params.min_shared, min_share=params.min_share)
    ]
    if not same:
        return NotJudged("no_official_word")
    lead = same[0].at - at
    if lead < pd.Timedelta(minutes=params.min_lead_minutes):
        return []
    reason = f"told {spoken(lead.total_seconds() / 3600)} before the official channels announced it"
    return [row.evidence(told.start, told.end, reason, 0.7)]


def _between(channel: Sequence[_Official], since: pd.Timestamp, until: pd.Timestamp) -> Sequence[_Official]:
    first = bisect_left(channel, since, key=attrgetter("at"))
    return channel[first : bisect_right(channel, until, key=attrgetter("at"))]


def _official_posts(posts: pd.DataFrame, accounts: tuple[str, ...], names: tuple[str, ...]) -> list[_Official]:
    own = posts[posts["account_key"].isin(accounts) & posts["text"].notna()]
    found = (
        _Official(pd.Timestamp(at), key_terms(str(text), names))
        for at, text in zip(own["valid_from"], own["text"], strict=True)
    )
    return sorted(found, key=attrgetter("at"))


# --- what is an announcement ------------------------------------------------------------------------------------------


def _announcement(row: Row, params: EarlyAnnouncement) -> Found | None:
    """The words by which a post announces something about the association, or None."""
    hits = [hit for hit in row.hits(params.lexicon) if _is_said(row.text, hit)]
    if not hits or row.get("kind") == "share":
        return None
    if any(leads_to(link, row.context.official_domains) for link in links_of(row)):
        return None
    pairs = ((name, hit) for name in _meant(row.text, params.names) for hit in hits)
    near = next(((name, hit) for name, hit in pairs if _stand_together(row.text, name, hit)), None)
    return Found(min(near[0].start, near[1].start), max(near[0].end, near[1].end), "announcement") if near else None


def _is_said(text: Text, hit: Hit) -> bool:
    first, last = text.sentence_at(hit.start)
    asks = text.plain[first:last].rstrip().endswith("?")
    return not (asks or text.is_quoted(hit.start, hit.end) or text.is_negated(hit.start, reach=20))


def _meant(text: Text, names: Iterable[str]) -> list[Found]:
    """The association itself, not a group of it: "LLL Oaks" announces its own meetings."""
    found = find_association(text, names)
    return [name for name in found if not PLACE_BEHIND.match(text.raw, text.span(name.start, name.end)[1])]


def _stand_together(text: Text, name: Found, hit: Hit) -> bool:
    """In one sentence, or in two that follow each other ("Big news! LLLI has a new director")."""
    first, last = text.sentence_at(min(name.start, hit.start))
    other = max(name.start, hit.start)
    return first <= other < last or (
        last < len(text.plain) and text.sentence_at(last)[0] <= other < text.sentence_at(last)[1]
    )
