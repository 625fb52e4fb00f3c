"""A share with its uncertainty: how sure one can be of "18 of 19"."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

#: 95 %, two-sided.
_Z = 1.959964


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with the Wilson score interval of 95 % (Wilson 1927): honest for few and for extreme shares."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share itself, 0..1; None where there is nothing to divide by."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound of the share, 0..1; None where there is nothing to divide by."""
        return wilson(self.hits / self.of, self.of) if self.of else None


def wilson(share: float, size: float) -> tuple[float, float]:
    """The Wilson score interval of 95 % for a share (0..1) in `size` trials; an effective size may be a fraction."""
    middle = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    reach = _Z / (1 + _Z**2 / size) * sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)
