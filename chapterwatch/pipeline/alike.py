"""Which posts nothing was found in are most like breaches, by the hints of their accounts' packs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from chapterwatch.policy import Pack
from chapterwatch.sampling import Candidate
from checks.likeness import most_alike
from checks.scored import FAMILIES

#: What stands in a stratum for a language nobody knows.
UNKNOWN_LANGUAGE = "?"

#: Platforms shorten links, so that the same post is not the same text on two of them.
_LINK = re.compile(r"https?://\S+")


def alike(posts: Mapping[Candidate, str], packs: Mapping[str, Pack]) -> dict[str, list[Candidate]]:
    """By family, in the order of `FAMILIES`, the posts that are like breaches of it, the likeliest first.

    Args:
        posts: each with its text. What many chapters posted counts once.
        packs: the pack of each account.
    """
    once = {_LINK.sub("", text): (post, text) for post, text in sorted(posts.items(), reverse=True)}
    scores: dict[str, list[tuple[float, Candidate]]] = {family: [] for family in FAMILIES}
    for pack in {pack.id: pack for pack in packs.values()}.values():
        own = [(post, text) for post, text in once.values() if packs[post.account_key].id == pack.id]
        for row in _alike(own, pack):
            scores[row.family].append((-row.score, own[int(row.id)][0]))
    return {family: [post for _, post in sorted(found)] for family, found in scores.items() if found}


def _alike(posts: Sequence[tuple[Candidate, str]], pack: Pack) -> Iterator[Any]:
    """`most_alike` of some posts; its ids are their places."""
    languages = [post.stratum.partition(" ")[2] for post, _ in posts]
    table = pd.DataFrame(
        {
            "id": range(len(posts)),
            "text": [text for _, text in posts],
            "lang": [None if language == UNKNOWN_LANGUAGE else language for language in languages],
        }
    )
    return most_alike(table, pack).itertuples(index=False)
