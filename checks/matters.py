"""Whether two posts are about the same matter: by the telling words they share. Own and simple, so that it can be read.

Used where one post must be found to another without a link between them: the official announcement of what somebody
told before (LLL-15), and the post that a later one corrects (ALA-13).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from checks.text import prepare
from checks.word_classes import entries

#: Words of up to this many letters tell nothing, numbers aside; longer ones are compared by their beginning.
_SHORT, _STEM = 3, 6
#: A word in more than this share of the posts compared tells nothing, once there are so many posts.
_COMMON_SHARE, _ENOUGH_POSTS = 0.15, 20
_EMPTY: frozenset[str] = frozenset().union(
    entries("empty_english"),
    entries("empty_spanish"),
    entries("empty_french"),
    entries("empty_german"),
    entries("empty_portuguese"),
)


@lru_cache(maxsize=20_000)
def key_terms(raw: str, names: tuple[str, ...] = ()) -> frozenset[str]:
    """The telling words of a text, cut to their beginning; numbers are kept whole, the association's names left out."""
    text = prepare(raw)
    own = {word for name in names for word in prepare(name).plain.split()}
    words = (token.text for token in text.tokens if token.kind == "word")
    return frozenset(
        word if word.isdigit() else word[:_STEM]
        for word in words
        if word not in own and word not in _empty() and (len(word) > _SHORT or (word.isdigit() and len(word) > 1))
    )


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(prepare(word).plain for word in _EMPTY)


def common_terms(texts: Iterable[frozenset[str]]) -> frozenset[str]:
    """The terms that stand in too many of these texts to tell one matter from another."""
    all_texts = list(texts)
    if len(all_texts) < _ENOUGH_POSTS:
        return frozenset()
    counts = Counter(term for terms in all_texts for term in terms)
    return frozenset(term for term, count in counts.items() if count > _COMMON_SHARE * len(all_texts))


def same_matter(one: frozenset[str], other: frozenset[str], *, min_shared: int, min_share: float) -> bool:
    """Whether two sets of telling words share enough: so many, and such a share of the smaller set."""
    shared = len(one & other)
    return shared >= min_shared and shared >= min_share * min(len(one), len(other))


def spoken(hours: float) -> str:
    """A length of time in the words a reader would use: minutes, hours up to two days, then days."""
    if hours < 1:
        return _counted(max(1, round(hours * 60)), "minute")
    return _counted(round(hours), "hour") if hours < 48 else _counted(round(hours / 24), "day")  # noqa: PLR2004


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


#: A group's own name: the association's and a place.
PLACE_BEHIND = re.compile(
    r"\s+(?:(?:of|de|in|du|von)\s+)?(?!International|USA|GB|Great|Global|Board|News|Leaders?\b)[A-Z][a-zà-ÿ]+"
)
