"""Cues that mean something only together: an offer of a ware at a price, a deed said of a name.

A recipe names the kinds of cue that must stand close together and how sure their meeting is. No cue alone is a
finding, so a word can be listed that would accuse nobody by itself, and a wording nobody thought of is heard when its
parts are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """Something found and what it counts as; the span counts characters of `Text.plain`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Recipe:
    """Kinds of cue with how many of each are needed, how sure their meeting is (0..1), and a mark for the caller."""

    needs: tuple[tuple[str, int], ...]
    confidence: float
    mark: str = ""

    @classmethod
    def of(cls, kinds: str, confidence: float, mark: str = "") -> Recipe:
        """From words: `"ware sell sell"` needs one `ware` and two of `sell`."""
        return cls(tuple(sorted(Counter(kinds.split()).items())), confidence, mark)


def meeting(cues: Iterable[Cue], recipe: Recipe, reach: int) -> tuple[int, int] | None:
    """The first span of at most `reach` characters that holds every cue a recipe needs; None where there is none."""
    wanted = dict(recipe.needs)
    chosen = sorted((cue for cue in cues if cue.kind in wanted), key=lambda cue: (cue.start, cue.end))
    counts: Counter[str] = Counter()
    left = 0
    for right, cue in enumerate(chosen):
        counts[cue.kind] += 1
        while cue.end - chosen[left].start > reach and left < right:
            counts[chosen[left].kind] -= 1
            left += 1
        if all(counts[kind] >= number for kind, number in wanted.items()):
            return _tightest(chosen[left : right + 1], wanted)
    return None


def _tightest(cues: Sequence[Cue], wanted: dict[str, int]) -> tuple[int, int]:
    """The span without leading cues that others make up for."""
    counts = Counter(cue.kind for cue in cues)
    first = 0
    while counts[cues[first].kind] > wanted[cues[first].kind]:
        counts[cues[first].kind] -= 1
        first += 1
    return cues[first].start, max(cue.end for cue in cues[first:])
