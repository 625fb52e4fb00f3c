"""The few drawings of the pages, as inline SVG. Their colours stand in the style sheet, which knows light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chapterwatch.model import Severity

#: Diamond, triangle, disc, ring in a box of ten by ten: the shapes of the reports.
_SHAPES = {
    Severity.CRITICAL: Markup('<path d="M5 0L10 5L5 10L0 5Z"/>'),
    Severity.HIGH: Markup('<path d="M5 .6L10 9.4H0Z"/>'),
    Severity.MEDIUM: Markup('<circle cx="5" cy="5" r="4.2"/>'),
    Severity.LOW: Markup('<circle cx="5" cy="5" r="3.4" fill="none" stroke-width="1.8"/>'),
}
_BAR = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
_TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle" class="{}">{}</text>')


@dataclass(frozen=True)
class Month:
    """One month of a trend. `rate` is findings per 100 posts; None where there were no posts."""

    label: str
    posts: int
    findings: int

    @property
    def rate(self) -> float | None:
        """Findings per 100 posts."""
        return 100 * self.findings / self.posts if self.posts else None


def severity_mark(severity: str) -> Markup:
    """The shape of a severity. Its word always stands beside it, so readers of the page are told once."""
    shape = _SHAPES[Severity(severity)]
    head = Markup('<svg class="mark {}" viewBox="0 0 10 10" width="11" height="11" aria-hidden="true">')
    return head.format(severity) + shape + Markup("</svg>")


def trend(months: Sequence[Month], title: str) -> Markup:
    """Findings per 100 posts, a column a month; a month without posts has a dash instead of a column."""
    width, base, top = 560.0, 120.0, 18.0
    step = width / max(len(months), 1)
    highest = max([month.rate or 0.0 for month in months] + [1.0])
    drawn = []
    for index, month in enumerate(months):
        tall = (base - top) * (month.rate or 0.0) / highest
        middle = index * step + step / 2
        kind = "now" if index == len(months) - 1 else "past"
        drawn.append(_BAR.format(kind, middle - step * 0.3, base - tall, step * 0.6, tall) if tall else Markup(""))
        value = "\N{EN DASH}" if month.rate is None else f"{month.rate:.1f}"
        drawn.append(_TEXT.format(middle, base - tall - 5, kind, value))
        drawn.append(_TEXT.format(middle, base + 16, kind, month.label))
    line = Markup('<path d="M0 {0}H{1}" class="base"/>').format(base, width)
    told = ", ".join(f"{month.label} {month.rate:.1f}" for month in months if month.rate is not None)
    head = Markup('<svg class="trend" viewBox="0 0 {:.0f} 142" role="img"><title>{}</title><desc>{}</desc>')
    return head.format(width, title, told) + line + Markup("").join(drawn) + Markup("</svg>")
