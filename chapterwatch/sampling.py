"""What the rules miss, estimated: a random sample of posts nothing was found in, read by people.

Precision comes from decisions about findings; a miss leaves no trace. So each month a few posts are drawn from those
without a finding and read by a person. The draw is stratified by platform and language, in proportion to the number of
posts, and reproducible: a post's place in the draw is a hash of the seed and its id, so nobody can choose.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

from chapterwatch.shares import wilson

Answer = Literal["clean", "missed", "unsure"]


@dataclass(frozen=True, kw_only=True, order=True)
class Candidate:
    """A post without a finding that may be drawn. `stratum` is platform and language, as in `x en`."""

    stratum: str
    account_key: str
    subject_id: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A post that was drawn, with the number of posts its stratum had."""

    post: Candidate
    stratum_size: int


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A post without a finding that is among those most like breaches of a family."""

    post: Candidate
    family: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a sample says of the posts it was drawn from."""

    drawn: int
    #: Read with an answer of clean or missed; unsure ones say nothing either way.
    read: int
    missed: int
    unsure: int
    #: Posts without a finding in the strata that were read.
    posts: int
    #: Share of them a person would have marked, 0..1, each stratum weighing as many as it has posts; None before
    #: anything was read.
    share: float | None
    #: 95 % interval of the share.
    interval: tuple[float, float] | None


def draw(candidates: Sequence[Candidate], size: int, seed: str) -> list[Drawn]:
    """The sample: `size` posts, or all where there are fewer, by stratum in proportion (largest remainders)."""
    strata: dict[str, list[Candidate]] = {}
    for candidate in sorted(candidates):
        strata.setdefault(candidate.stratum, []).append(candidate)
    shares = _allotted({name: len(posts) for name, posts in strata.items()}, size)
    return [
        Drawn(post=post, stratum_size=len(posts))
        for name, posts in strata.items()
        for post in sorted(posts, key=lambda post: _place(post, seed))[: shares[name]]
    ]


def likeliest(alike: Mapping[str, Sequence[Candidate]], each: int) -> list[Likely]:
    """Of each family its `each` first posts, none of them twice.

    Args:
        alike: by family its posts, the likeliest first. Families choose in turns, in this order: a post two of them
            begin with goes to one, and the other has its next.
        each: posts a family may have.
    """
    taken: dict[Candidate, str] = {}
    open_posts = {family: iter(posts) for family, posts in alike.items()}
    for _ in range(each):
        for family, posts in open_posts.items():
            if (post := next((one for one in posts if one not in taken), None)) is not None:
                taken[post] = family
    return [Likely(post=post, family=family) for family in alike for post in taken if taken[post] == family]


def estimate(drawn: Sequence[Drawn], answers: Mapping[Candidate, Answer]) -> Estimate:
    """What the answers given so far say. The share is the stratified mean; strata nobody has read weigh nothing.

    The interval is Wilson's for the effective sample size `1 / sum(w_h^2 / n_h)` (Kish 1965): with allotment in
    proportion that is nearly the number read, and less where strata were read unevenly.
    """
    sizes, read, missed = Counter[str](), Counter[str](), Counter[str]()
    for item in drawn:
        sizes[item.post.stratum] = item.stratum_size
        answer = answers.get(item.post)
        read[item.post.stratum] += answer in {"clean", "missed"}
        missed[item.post.stratum] += answer == "missed"
    known = [name for name, count in read.items() if count]
    posts = sum(sizes[name] for name in known)
    share = interval = None
    if posts:
        share = sum(sizes[name] / posts * missed[name] / read[name] for name in known)
        interval = wilson(share, 1 / sum((sizes[name] / posts) ** 2 / read[name] for name in known))
    return Estimate(
        drawn=len(drawn),
        read=sum(read.values()),
        missed=sum(missed.values()),
        unsure=sum(answers.get(item.post) == "unsure" for item in drawn),
        posts=posts,
        share=share,
        interval=interval,
    )


def _allotted(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: in proportion, the rest to the largest remainders, none more than it has."""
    total = sum(sizes.values())
    if total <= size:
        return dict(sizes)
    exact = {name: size * count / total for name, count in sizes.items()}
    shares = {name: floor(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: (shares[name] - exact[name], name))[: size - sum(shares.values())]:
        shares[name] += 1
    return shares


def _place(post: Candidate, seed: str) -> str:
    named = "\x1f".join((seed, post.account_key, post.subject_id, str(post.revision)))
    return hashlib.sha256(named.encode()).hexdigest()
