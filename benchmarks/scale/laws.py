"""By which law a figure grows with the number of chapters, and what that law says of a size nobody measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, kw_only=True)
class Law:
    """`base + scale * size ** exponent`, with the largest relative error over the points it was made from."""

    scale: float
    exponent: float
    base: float = 0.0
    worst: float = 0.0

    def at(self, size: float) -> float:
        """What it says of a size."""
        return self.base + float(self.scale * size**self.exponent)


Points = Sequence[tuple[float, float]]


def power(points: Points) -> Law | None:
    """The power law through (size, figure), by least squares of the logarithms; None for fewer than two sizes."""
    known = [(math.log(size), math.log(figure)) for size, figure in points if size > 0 and figure > 0]
    if len({size for size, _ in known}) < 2:  # noqa: PLR2004 - a line takes two points
        return None
    middle, level = fmean(size for size, _ in known), fmean(figure for _, figure in known)
    spread = sum((size - middle) ** 2 for size, _ in known)
    exponent = sum((size - middle) * (figure - level) for size, figure in known) / spread
    law = Law(scale=math.exp(level - exponent * middle), exponent=exponent)
    return Law(scale=law.scale, exponent=law.exponent, worst=_worst(law, points))


def line(points: Points) -> Law | None:
    """A fixed part and a part per chapter, weighted so that every size counts alike; None for fewer than two sizes.

    A fixed part hides in a power law as an exponent below one; only this tells what each further chapter costs.
    """
    known = [(size, figure) for size, figure in points if size > 0 and figure > 0]
    if len({size for size, _ in known}) < 2:  # noqa: PLR2004 - a line takes two points
        return None
    weights = [1 / figure**2 for _, figure in known]
    total = sum(weights)
    middle = sum(weight * size for weight, (size, _) in zip(weights, known, strict=True)) / total
    level = sum(weight * figure for weight, (_, figure) in zip(weights, known, strict=True)) / total
    slope = sum(
        weight * (size - middle) * (figure - level) for weight, (size, figure) in zip(weights, known, strict=True)
    ) / sum(weight * (size - middle) ** 2 for weight, (size, _) in zip(weights, known, strict=True))
    law = Law(scale=slope, exponent=1.0, base=level - slope * middle)
    return Law(scale=law.scale, exponent=1.0, base=law.base, worst=_worst(law, known))


def _worst(law: Law, points: Points) -> float:
    return max(abs(law.at(size) / figure - 1) for size, figure in points if size > 0 and figure > 0)
