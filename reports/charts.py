"""The few drawings of a report, as inline SVG made here: exact type, a text alternative each, the same bytes twice.

Colour is for severity alone and never stands alone: each severity has a shape, and the word stands beside it. The
palette runs dark to light and stays apart for colour-blind readers. One path per series keeps drawing cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from chapterwatch.model import Severity
from reports.facts import DayState, TrendPoint
from reports.words import Words

#: Severity -> fill; the least distance between two is 23 (dE76) under deuteranopia.
PALETTE = {
    Severity.CRITICAL: "#6d1332",
    Severity.HIGH: "#c04f24",
    Severity.MEDIUM: "#dba13a",
    Severity.LOW: "#a9b5be",
}
ACCENT = "#1d5b79"
QUIET = "#b9c7d0"
INK = "#1b2631"
GREY = "#5b6570"
#: How much of its month's room a column takes.
COLUMN_SHARE = 0.62

#: Diamond, triangle, disc, ring in a box of ten by ten.
_SHAPES = {
    Severity.CRITICAL: Markup('<path d="M5 0L10 5L5 10L0 5Z" fill="{}"/>'),
    Severity.HIGH: Markup('<path d="M5 .6L10 9.4H0Z" fill="{}"/>'),
    Severity.MEDIUM: Markup('<circle cx="5" cy="5" r="4.2" fill="{}"/>'),
    Severity.LOW: Markup('<circle cx="5" cy="5" r="3.4" fill="none" stroke="{}" stroke-width="1.8"/>'),
}
# The family stands on every text: an SVG names its own fonts, and without one the machine's would be taken.
_TEXT = Markup(
    '<text x="{:.1f}" y="{:.1f}" fill="{}" font-weight="{}" text-anchor="middle" '
    'font-family="Source Sans 3" font-size="11">{}</text>'
)


def severity_mark(severity: Severity, word: str) -> Markup:
    """The shape of a severity, titled with its word."""
    return svg(10, 10, word, _SHAPES[severity].format(PALETTE[severity]), css="mark")


def trend(points: Sequence[TrendPoint], title: str, description: str, words: Words) -> Markup:
    """Columns of findings per 100 posts, one a month, the report's own month in the accent.

    A month without posts has a dash instead of a column: nothing was divided by nothing.
    """
    width, height, base, top = 300.0, 124.0, 92.0, 16.0
    rates = [point.per_hundred or 0.0 for point in points]
    scale = (base - top) / max([*rates, 1.0])
    step = width / max(len(points), 5)
    column = step * COLUMN_SHARE
    drawn = [_columns(rates[:-1], 0, step, column, base, scale, QUIET)]
    drawn.append(_columns(rates[-1:], len(points) - 1, step, column, base, scale, ACCENT))
    drawn.append(Markup('<path d="M0 {:.1f}H{:.1f}" stroke="{}" stroke-width=".8"/>').format(base, width, INK))
    drawn += [_month(point, index, points, step, base, scale, words) for index, point in enumerate(points)]
    return svg(width, height, title, Markup("").join(drawn), description=description, css="trend")


def coverage_strip(days: Sequence[DayState], title: str) -> Markup:
    """The days of a month: a full bar was seen, half a bar in part, a low hollow bar not at all."""
    step, height = 6.0, 14.0
    body = Markup("").join(
        [
            _cells(days, "seen", step, height, Markup('<path d="{}" fill="{}"/>'), ACCENT),
            _cells(days, "partial", step, height / 2, Markup('<path d="{}" fill="{}"/>'), ACCENT, bottom=height),
            _cells(days, "unknown", step, 3.2, Markup('<path d="{}" fill="none" stroke="{}"/>'), GREY, bottom=13.5),
        ],
    )
    return svg(step * len(days), height, title, body, css="strip")


def legend_mark(state: DayState, title: str) -> Markup:
    """One day of the coverage strip, for its legend."""
    return coverage_strip([state], title)


def share_bar(share: float, title: str) -> Markup:
    """A share (0..1) as a filled part of a bar."""
    width, height = 90.0, 7.0
    track = Markup('<path d="M0 0H{:.0f}V{:.0f}H0Z" fill="{}"/>').format(width, height, "#e6ebef")
    filled = Markup('<path d="M0 0H{:.1f}V{:.0f}H0Z" fill="{}"/>').format(width * share, height, ACCENT)
    return svg(width, height, title, track + filled if share else track, css="share")


def sparkline(points: Sequence[TrendPoint], title: str) -> Markup:
    """A chapter's rate over the months, as a line with a dot on the last; a gap where there were no posts."""
    width, height, edge = 66.0, 14.0, 2.5
    rates = [point.per_hundred for point in points]
    known = [rate for rate in rates if rate is not None]
    highest = max([*known, 1.0])
    step = (width - 2 * edge) / max(len(points) - 1, 1)
    spots = [
        None if rate is None else (edge + index * step, height - edge - (height - 2 * edge) * rate / highest)
        for index, rate in enumerate(rates)
    ]
    body = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.1"/>').format(_line(spots), GREY)
    if spots and spots[-1]:
        dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="2" fill="{}"/>')
        body += dot.format(spots[-1][0], spots[-1][1], ACCENT)
    return svg(width, height, title, body, css="spark")


def svg(width: float, height: float, title: str, body: Markup, *, css: str, description: str = "") -> Markup:
    """A drawing with its text alternatives: every one has a title, a longer one a description too."""
    told = Markup("<desc>{}</desc>").format(description) if description else Markup("")
    head = Markup('<svg class="{}" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}" role="img">').format(
        css, width, height, width, height
    )
    return head + Markup("<title>{}</title>").format(title) + told + body + Markup("</svg>")


def _columns(
    rates: Sequence[float], first: int, step: float, column: float, base: float, scale: float, fill: str
) -> Markup:
    path = " ".join(
        f"M{(first + index) * step:.1f} {base:.1f}v{-rate * scale:.1f}h{column:.1f}V{base:.1f}Z"
        for index, rate in enumerate(rates)
        if rate
    )
    return Markup('<path d="{}" fill="{}"/>').format(path, fill) if path else Markup("")


def _month(
    point: TrendPoint, index: int, points: Sequence[TrendPoint], step: float, base: float, scale: float, words: Words
) -> Markup:
    last = index == len(points) - 1
    middle = index * step + step * COLUMN_SHARE / 2
    weight, fill = ("600", INK) if last else ("400", GREY)
    value = _TEXT.format(
        middle, base - (point.per_hundred or 0.0) * scale - 5, fill, weight, words.rate(point.per_hundred)
    )
    label = _TEXT.format(middle, base + 15, fill, weight, point.label)
    return value + label + _TEXT.format(middle, base + 29, GREY, "400", words.number(point.posts))


def _cells(
    days: Sequence[DayState],
    state: DayState,
    step: float,
    tall: float,
    shape: Markup,
    fill: str,
    *,
    bottom: float = 14.0,
) -> Markup:
    path = " ".join(
        f"M{index * step + 0.6:.1f} {bottom:.1f}v{-tall:.1f}h{step - 1.6:.1f}v{tall:.1f}Z"
        for index, day in enumerate(days)
        if day == state
    )
    return shape.format(path, fill) if path else Markup("")


def _line(spots: Iterable[tuple[float, float] | None]) -> str:
    path, pen_down = [], False
    for spot in spots:
        if spot:
            path.append(f"{'L' if pen_down else 'M'}{spot[0]:.1f} {spot[1]:.1f}")
        pen_down = spot is not None
    return "".join(path)
