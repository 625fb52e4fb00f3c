"""Profiles of Leaders: LLL-31 and LLL-33 (no party, candidate, campaign or cause), LLL-35 and LLL-36 (disclaimers).

LLL-32 stands above all of it: what people show of their own orientation, race, religion, nationality or pronouns is
never looked for here.
"""

# ruff: noqa: E501, RUF001, SIM905 - patterns and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.screen import Names, Said
from checks.statements import find_association, find_disclaimer
from checks.text import prepare

_FIELDS = ("name", "bio", "handle", "location")


class Badge(Params):
    """`senses` of the lexicon that count (`party`, `candidate`, `campaign`, `cause`); `patterns`: also read slogans.

    `emoji`: combinations that stand for a campaign.
    """

    lexicon: str = "campaign_badge"
    senses: tuple[str, ...]
    patterns: bool = False
    emoji: tuple[str, ...] = ()

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


_SLOGANS = (
    re.compile(r"(?<!\w)(?:#?[Rr]e-?[Ee]lect|#?Elect|#?[Vv]ote(?:d)? (?:for )?|#Vote)\s?(?P<who>[A-Z][\w'’-]+)(?!\w)"),
    re.compile(
        r"(?<!\w)(?P<who>[A-Z][\w'’-]+) ?(?:[Ff]or|4|4[Tt]he) ?(?:President|Congress|Senate|Senator|Governor|Mayor|Prime Minister|"
        r"Parliament|School ?Board|City ?Council|Council|State House|State Senate|MP|US ?Senate)(?!\w)",
    ),
    re.compile(r"(?<!\w)(?P<who>[A-Z][\w'’-]+)(?:/[A-Z][\w'’-]+) ?(?:'|’)?(?:20)?[2-4]\d(?!\d)"),
)
_NO_CANDIDATE = frozenset(
    "mom mum mama dad wife running candidate teacher class marathon team early today now here local every your the with and by "
    "mail me us her him them yes no on in out smart up informed first member advocate nurse doula save love".split(),
)


@check("badge", params=Badge)
def badge(batch: Batch, rule: Rule, params: Badge) -> Judgement:
    """Reads name, description, handle and place of a profile for the badge of a party, candidate, campaign or cause.

    Own orientation, race, religion, nationality and pronouns are never looked for.
    """

    def find(row: Row) -> Iterator[Evidence]:
        for field in _FIELDS:
            stored = row.stored(field)
            if stored:
                yield from _badges(row, field, params)

    return judge_each(batch, rule, find)


def _badges(row: Row, field: str, params: Badge) -> Iterator[Evidence]:
    text, told = row.prepared(field), []
    for start, end, hit in _hits_of(row, field, params):
        told.append((start, end))
        yield Evidence(field, start, end, f"reads as a badge of a {hit.sense}", round(0.5 + 0.4 * hit.weight, 2))
    for mark in params.emoji:
        at = _bare(text.raw).find(_bare(mark))
        if at >= 0:
            yield Evidence(field, *_span_in(text.raw, at, len(_bare(mark))), "reads as a campaign badge in emoji", 0.6)
    if params.patterns:
        for start, end in _slogans(text.raw):
            if any(start < right and left < end for left, right in told):
                continue
            yield Evidence(field, start, end, "reads as a campaign slogan", 0.7)


def _hits_of(row: Row, field: str, params: Badge) -> Iterator[tuple[int, int, Hit]]:
    # A handle writes its words together, as hashtags do; behind a # they are split at capitals and underscores.
    sign = "#" if field == "handle" else ""
    text = prepare(sign + row.stored(field))
    seen: set[tuple[int, int]] = set()
    # A party is a party in any language, so every language of the lexicon is asked.
    for (name, _), hits in sorted(row.lexicons.scan(text).items()):
        for hit in hits if name == params.lexicon else ():
            if hit.sense in params.senses and (hit.start, hit.end) not in seen:
                seen.add((hit.start, hit.end))
                start, end = text.span(hit.start, hit.end)
                yield max(0, start - len(sign)), end - len(sign), hit


def _slogans(raw: str) -> Iterator[tuple[int, int]]:
    for pattern in _SLOGANS:
        for match in pattern.finditer(raw):
            if match["who"].casefold() not in _NO_CANDIDATE:
                yield match.span()


def _bare(text: str) -> str:
    """Emoji without the selectors that only choose how they are drawn."""
    return text.replace("\ufe0f", "").replace("\ufe0e", "")


def _span_in(raw: str, at: int, length: int) -> tuple[int, int]:
    places = [index for index, char in enumerate(raw) if char not in "\ufe0e\ufe0f"]
    return places[at], places[at + length - 1] + 1


class RegularDisclaimer(Params):
    """`names` and `topics`: what makes a post one about the association.

    `min_posts` and `min_share` of the posts in `window_days` make it regular.
    """

    names: tuple[str, ...]
    topics: tuple[str, ...] = ()
    window_days: int = Field(default=90, ge=1)
    min_posts: int = Field(default=3, ge=1)
    min_share: float = Field(default=0.1, ge=0, le=1)


@check("regular_disclaimer", params=RegularDisclaimer, reads_text=False, across=True)
def regular_disclaimer(batch: Batch, rule: Rule, params: RegularDisclaimer) -> Judgement:
    """Counts how many posts of a personal account speak of the association, and asks its profile for a disclaimer.

    Only where such posts come up regularly must the profile say that the views are one's own.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        if any(find_disclaimer(row.prepared(field)) for field in ("bio", "name", "website", "location")):
            return []
        posts = _posts_in_window(row, batch.posts, params.window_days)
        if posts.empty:
            return NotJudged("no_posts")
        about = sum(_is_about(str(text), params) for text in posts["text"])
        if about < params.min_posts or about < params.min_share * len(posts):
            return []
        reason = f"{about} of {len(posts)} posts in {params.window_days} days speak of the association; no disclaimer"
        return [Evidence("bio", 0, len(row.stored("bio")), reason, 0.8)]

    return judge_each(batch, rule, find)


def _posts_in_window(row: Row, posts: pd.DataFrame, days: int) -> pd.DataFrame:
    own: pd.DataFrame = posts[
        (posts["account_key"] == row.account_key) & posts["is_current"].astype(bool) & posts["text"].notna()
    ]
    until = row.get("valid_until")
    if until is not None:
        own = own[own["created_at"] < until]
    if own.empty:
        return own
    last = own["created_at"].max()
    recent: pd.DataFrame = own[own["created_at"] > last - pd.Timedelta(days=days)]
    return recent


def _is_about(text: str, params: RegularDisclaimer | PostDisclaimer) -> bool:
    prepared = prepare(text)
    if find_association(prepared, params.names):
        return True
    return any(re.search(rf"(?<!\w){re.escape(topic)}", prepared.plain) for topic in params.topics)


class PostDisclaimer(Params):
    """`names` and `topics`: what makes a post one about the association."""

    names: tuple[str, ...]
    topics: tuple[str, ...] = ()


_CUT_OFF = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|(?:continue reading|read more|weiterlesen|lire la suite|seguir leyendo|leer m[aá]s)\W*)\s*$",
    re.IGNORECASE,
)


@check(
    "post_disclaimer",
    params=PostDisclaimer,
    screen=lambda params: [Names(params.names), *(Said(re.compile(re.escape(topic))) for topic in params.topics)],
)
def post_disclaimer(batch: Batch, rule: Rule, params: PostDisclaimer) -> Judgement:
    """Looks for a disclaimer in blog posts about the association. A post whose end is cut off is not judged."""

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        if not _is_about(row.text.raw, params) or find_disclaimer(row.text):
            return []
        if _CUT_OFF.search(row.text.raw):
            return NotJudged("text_cut_off")
        named = next(iter(find_association(row.text, params.names)), None)
        reason = "a blog post about the association that does not say whose views it gives"
        start, end = (named.start, named.end) if named else (0, 0)
        return [row.evidence(start, end, reason, 0.75)]

    return judge_each(batch, rule, find)
