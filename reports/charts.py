"""The few drawings of a report, as inline SVG made here: exact type, a text alternative each, the same bytes twice.

Colour is for severity alone and never stands alone: each severity has a shape, and the word stands beside it. The
palette runs dark to light and stays apart for colour-blind readers. One path per series keeps drawing cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

from chapterwatch.model import Severity
from reports.facts import DayState, Trend
from reports.text import sentence
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
#: The middle half of the others; lines of 3:1 stand on it.
BAND = "#e2e8ec"
#: The trend: most room for a month, room for the labels at its end, how far they stand apart, up to how many months
#: every rate is written out.
WIDEST_MONTH, LABEL_ROOM, LABEL_GAP, FEW_MONTHS = 56.0, 128.0, 11.0, 6
#: Where the axis lies: a line of few months needs less height.
TALL_BASE, SHORT_BASE = 80.0, 46.0

#: Diamond, triangle, disc, ring in a box of ten by ten.
_SHAPES = {
    Severity.CRITICAL: Markup('<path d="M5 0L10 5L5 10L0 5Z" fill="{}"/>'),
    Severity.HIGH: Markup('<path d="M5 .6L10 9.4H0Z" fill="{}"/>'),
    Severity.MEDIUM: Markup('<circle cx="5" cy="5" r="4.2" fill="{}"/>'),
    Severity.LOW: Markup('<circle cx="5" cy="5" r="3.4" fill="none" stroke="{}" stroke-width="1.8"/>'),
}
# The family stands on every text: an SVG names its own fonts, and without one the machine's would be taken.
_TEXT = Markup(
    '<text x="{:.1f}" y="{:.1f}" fill="{}" font-weight="{}" text-anchor="{}" '
    'font-family="Source Sans 3" font-size="8.6">{}</text>'
)


def severity_mark(severity: Severity, word: str) -> Markup:
    """The shape of a severity, titled with its word."""
    return svg(10, 10, word, _SHAPES[severity].format(PALETTE[severity]), css="mark")


def trend(shown: Trend, words: Words) -> Markup:
    """A chapter's findings per 100 posts as a line, over the middle half and the median of chapters of like size.

    A month without posts is a gap in the line: nothing was divided by nothing. A month without enough other chapters
    is a gap in the band. The drawing's title says in words everything it shows.
    """
    plot = _plot_of(shown)
    drawn = [
        _band(shown, plot),
        _grid(plot, words),
        _median(shown, plot),
        _own(shown, plot),
        _months(shown, plot, words),
    ]
    drawn.append(_values(shown, plot, words))
    drawn.append(_direct_labels(shown, plot, words))
    return svg(plot.width, plot.height, _told(shown, words), Markup("").join(drawn), css="trend")


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


def svg(width: float, height: float, title: str, body: Markup, *, css: str, description: str = "") -> Markup:
    """A drawing with its text alternatives: every one has a title, a longer one a description too."""
    told = Markup("<desc>{}</desc>").format(description) if description else Markup("")
    head = Markup('<svg class="{}" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}" role="img">').format(
        css, width, height, width, height
    )
    return head + Markup("<title>{}</title>").format(title) + told + body + Markup("</svg>")


@dataclass(frozen=True)
class _Plot:
    """Where a month and a rate lie in the drawing of the trend."""

    step: float
    ceiling: float
    months: int
    base: float
    width: float = 520.0
    left: float = 24.0
    top: float = 12.0

    @property
    def height(self) -> float:
        """Of the whole drawing, months and numbers of posts included."""
        return self.base + 32.0

    def x(self, index: int) -> float:
        return self.left + 6 + index * self.step

    def y(self, rate: float) -> float:
        return self.base - (self.base - self.top) * rate / self.ceiling

    @property
    def end(self) -> float:
        return self.x(self.months - 1)


def _plot_of(shown: Trend) -> _Plot:
    rates = [point.per_hundred for point in shown.points if point.per_hundred is not None]
    rates += [month.high for month in shown.peers if month and month.high is not None]
    few = len(shown.points) <= FEW_MONTHS
    step = min(WIDEST_MONTH, (520.0 - 30.0 - LABEL_ROOM) / max(len(shown.points) - 1, 1))
    base = SHORT_BASE if few else TALL_BASE
    return _Plot(step=step, ceiling=_ceiling(max([*rates, 1.0])), months=len(shown.points), base=base)


def _ceiling(highest: float) -> float:
    """The next round number an axis may end at."""
    scale = 10.0 ** floor(log10(highest))
    return next(step * scale for step in (1, 2, 4, 5, 10) if step * scale >= highest)


def _grid(plot: _Plot, words: Words) -> Markup:
    ticks = [0.0, plot.ceiling / 2, plot.ceiling]
    lines = "".join(f"M{plot.left:.1f} {plot.y(tick):.1f}H{plot.end + 6:.1f}" for tick in ticks)
    drawn = Markup('<path d="{}" stroke="{}" stroke-width=".6"/>').format(lines, "#d7dde2")
    for tick in ticks:
        said = words.number(int(tick)) if tick == int(tick) else words.decimal(tick)
        drawn += _text(plot.left - 5, plot.y(tick) + 3, said, GREY, anchor="end")
    return drawn


def _band(shown: Trend, plot: _Plot) -> Markup:
    """The middle half of the others, one closed path; a month that stands alone is a short bar."""
    path, run = "", list[tuple[float, float, float]]()
    for index, month in enumerate([*shown.peers, None]):
        if month and month.low is not None and month.high is not None:
            run.append((plot.x(index), plot.y(month.low), plot.y(month.high)))
        elif run:
            path += _closed(run if len(run) > 1 else [(run[0][0] + side, *run[0][1:]) for side in (-5.0, 5.0)])
            run = []
    return Markup('<path d="{}" fill="{}"/>').format(path, BAND) if path else Markup("")


def _closed(run: Sequence[tuple[float, float, float]]) -> str:
    above = "L".join(f"{x:.1f} {high:.1f}" for x, _, high in run)
    below = "L".join(f"{x:.1f} {low:.1f}" for x, low, _ in reversed(run))
    return f"M{above}L{below}Z"


def _median(shown: Trend, plot: _Plot) -> Markup:
    spots = [
        (plot.x(index), plot.y(month.median)) if month and month.median is not None else None
        for index, month in enumerate(shown.peers)
    ]
    path = _line(spots)
    drawn = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.1" stroke-dasharray="3 2"/>')
    return drawn.format(path, GREY) if path else Markup("")


def _own(shown: Trend, plot: _Plot) -> Markup:
    spots = [
        None if point.per_hundred is None else (plot.x(index), plot.y(point.per_hundred))
        for index, point in enumerate(shown.points)
    ]
    line = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>').format(_line(spots), ACCENT)
    small = "".join(_dot(x, y, 2.2) for x, y in filter(None, spots[:-1]))
    last = _dot(*spots[-1], 4.0) if spots and spots[-1] else ""
    return line + Markup('<path d="{}" fill="{}"/>').format(small + last, ACCENT)


def _dot(x: float, y: float, radius: float) -> str:
    return f"M{x - radius:.1f} {y:.1f}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0Z"


def _months(shown: Trend, plot: _Plot, words: Words) -> Markup:
    drawn = _text(0, plot.base + 26, words("trend.posts_row"), GREY, anchor="start")
    for index, point in enumerate(shown.points):
        weight, fill = ("600", INK) if index == plot.months - 1 else ("400", GREY)
        drawn += _text(plot.x(index), plot.base + 14, point.label, fill, weight=weight)
        drawn += _text(plot.x(index), plot.base + 26, words.number(point.posts), GREY)
    return drawn


def _values(shown: Trend, plot: _Plot, words: Words) -> Markup:
    """The rates in figures: all of them in a short line, the highest of a long one; the last stands in its label."""
    known = [(index, point.per_hundred) for index, point in enumerate(shown.points) if point.per_hundred is not None]
    earlier = [(index, rate) for index, rate in known if index < plot.months - 1]
    if len(shown.points) > FEW_MONTHS:
        earlier = [max(earlier, key=lambda pair: pair[1])] if earlier else []
    return Markup("").join(_text(plot.x(at), plot.y(rate) - 6, words.rate(rate), GREY) for at, rate in earlier)


def _direct_labels(shown: Trend, plot: _Plot, words: Words) -> Markup:
    """What each line is, beside its end, kept apart where they end close together."""
    labels = []
    now, peers = shown.points[-1].per_hundred, shown.peers[-1] if shown.peers else None
    if now is not None:
        labels.append((plot.y(now), f"{words.rate(now)} {words('trend.own')}", ACCENT, "600"))
    if peers and peers.median is not None:
        labels.append((plot.y(peers.median), f"{words.rate(peers.median)} {words('trend.median')}", GREY, "400"))
    if peers and peers.low is not None and peers.high is not None:
        said = words("trend.band", low=words.rate(peers.low), high=words.rate(peers.high))
        labels.append((plot.y((peers.high + max(peers.low, peers.median or 0.0)) / 2), said, GREY, "400"))
    drawn, lowest = Markup(""), -LABEL_GAP
    for y, said, fill, weight in sorted(labels):
        lowest = max(y + 3, lowest + LABEL_GAP)
        drawn += _text(plot.end + 11, lowest, said, fill, anchor="start", weight=weight)
    return drawn


def _told(shown: Trend, words: Words) -> str:
    """The drawing in words: its message, every month, and every month's band."""
    months = [
        words(
            "trend.point",
            month=words.month(point.period),
            rate=words.rate(point.per_hundred),
            findings=point.findings,
            posts=point.posts,
        )
        for point in shown.points
    ]
    peers = [
        words(
            "trend.peer_point",
            n=month.chapters,
            month=words.month(month.period),
            low=words.rate(month.low),
            high=words.rate(month.high),
            median=words.rate(month.median),
        )
        for month in shown.peers
        if month
    ]
    parts = [shown.title, "; ".join(months), shown.comparison, "; ".join(peers)]
    return " ".join(sentence(part) for part in parts if part)


def _text(x: float, y: float, said: str, fill: str, *, anchor: str = "middle", weight: str = "400") -> Markup:
    return _TEXT.format(x, y, fill, weight, anchor, said)


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
