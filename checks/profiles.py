"""Disclaimers of Leaders: LLL-35 (where LLL comes up regularly) and LLL-36 (at the end of blog posts).

What counts as a disclaimer is told in `checks.disclaimers`; badges on profiles are read in `checks.badges`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.screen import Names, Said
from checks.statements import find_association, find_disclaimer
from checks.text import prepare


class RegularDisclaimer(Params):
    """`names` and `topics`: what makes a post one about the association.

    `min_posts` and `min_share` of the posts in the last `window_days` make it regular. With fewer than `min_seen` posts
    seen in the window nobody can say what is regular.
    """

    names: tuple[str, ...]
    topics: tuple[str, ...] = ()
    window_days: int = Field(default=90, ge=1)
    min_posts: int = Field(default=3, ge=1)
    min_share: float = Field(default=0.1, ge=0, le=1)
    min_seen: int = Field(default=5, ge=1)


@check("regular_disclaimer", params=RegularDisclaimer, reads_text=False, across=True)
def regular_disclaimer(batch: Batch, rule: Rule, params: RegularDisclaimer) -> Judgement:
    """Counts how many posts of a personal account speak of the association, and asks its profile for a disclaimer.

    Only where such posts come up regularly must the profile say that the views are one's own. With too few posts
    seen it is not judged.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        if any(find_disclaimer(row.prepared(field)) for field in ("bio", "name", "website", "location")):
            return []
        posts = _posts_in_window(row, batch.posts, params.window_days)
        if posts.empty:
            return NotJudged("no_posts")
        about = sum(_is_about(str(text), params) for text in posts["text"])
        if about < params.min_posts or about < params.min_share * len(posts):
            return NotJudged("too_few_posts") if len(posts) < params.min_seen else []
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
    r"(?:\[?(?:…|\.\.\.)\]?"
    r"|(?:continue reading|read more|weiterlesen|lire la suite|seguir leyendo|leer m[aá]s)\W*)\s*$",
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
