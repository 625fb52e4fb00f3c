"""The drawings of the roll-up, as inline SVG: many small ones on one scale, one path per series.

As everywhere in the reports colour never stands alone: each stand of a chapter has its own shape, and the word is near.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reports.charts import ACCENT, GREY, INK, QUIET, svg
from reports.facts import TrendPoint
from reports.network_facts import ReachDay, Stand

#: Shapes in a box of ten by ten: the severities' own for findings; a tick, a bar and a crossed box without one.
_SHAPES: dict[Stand, tuple[str, str, bool]] = {
    "critical": ("M5 0L10 5L5 10L0 5Z", "#6d1332", True),
    "high": ("M5 .6L10 9.4H0Z", "#c04f24", True),
    "medium": ("M.8 5a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0 -8.4 0Z", "#dba13a", True),
    "low": ("M1.6 5a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0Z", "#8d9aa4", False),
    "unseen": ("M1.2 1.2H8.8V8.8H1.2ZM1.2 8.8L8.8 1.2", "#1b2631", False),
    "limited": ("M1.5 5H8.5", "#5b6570", False),
    "clear": ("M1.2 5.4L4 8.2L8.8 2", "#1d5b79", False),
}
_STROKE = 1.4
#: Room of one tile, and how many stand in a line before the next begins.
_TILE, _TILES_A_LINE = 13.0, 32


def stand_mark(stand: Stand, title: str) -> Markup:
    """The shape of how a chapter stands, titled with its words."""
    return svg(10, 10, title, _shape(stand, [(0.0, 0.0)]), css="mark")


def tiles(stands: Sequence[Stand], title: str) -> Markup:
    """A shape for every chapter, in the order given, line by line."""
    places: dict[Stand, list[tuple[float, float]]] = {}
    for index, stand in enumerate(stands):
        line, column = divmod(index, _TILES_A_LINE)
        places.setdefault(stand, []).append((column * _TILE, line * _TILE))
    lines = -(-len(stands) // _TILES_A_LINE)
    body = Markup("").join(_shape(stand, spots) for stand, spots in places.items())
    # Every drawing of the column is as wide as a full line, so that a tile is the same size in all of them.
    return svg(_TILE * _TILES_A_LINE, max(lines, 1) * _TILE - 2, title, body, css="tiles")


def _shape(stand: Stand, spots: Sequence[tuple[float, float]]) -> Markup:
    path, colour, filled = _SHAPES[stand]
    if len(spots) == 1 and spots[0] == (0.0, 0.0):
        moved = Markup('<path d="{}" {}/>')
        return moved.format(path, _paint(colour, filled=filled))
    drawn = Markup("").join(
        Markup('<path d="{}" transform="translate({:.0f} {:.0f})"/>').format(path, x, y) for x, y in spots
    )
    return Markup("<g {}>{}</g>").format(_paint(colour, filled=filled), drawn)


def _paint(colour: str, *, filled: bool) -> Markup:
    if filled:
        return Markup('fill="{}"').format(colour)
    return Markup('fill="none" stroke="{}" stroke-width="{}"').format(colour, _STROKE)


def spark(points: Sequence[TrendPoint], top: float, title: str) -> Markup:
    """One chapter's months in a line of a table."""
    return _lines(points, (), top, title, width=76.0, height=15.0, css="spark13")


def panel(points: Sequence[TrendPoint], network: Sequence[TrendPoint], top: float, title: str) -> Markup:
    """One chapter's months over those of the network, a field of the small multiples."""
    return _lines(points, network, top, title, width=104.0, height=30.0, css="panel")


def _lines(
    points: Sequence[TrendPoint],
    network: Sequence[TrendPoint],
    top: float,
    title: str,
    *,
    width: float,
    height: float,
    css: str,
) -> Markup:
    edge, months = 2.5, max(len(points), 13)
    step = (width - 2 * edge) / (months - 1)

    def spots(rates: Sequence[float | None]) -> list[tuple[float, float] | None]:
        # The last month stands at the right whatever is known before it; what leaves the field is cut at its top.
        first = months - len(rates)
        return [
            None
            if rate is None
            else (
                edge + (first + index) * step,
                height - edge - (height - 2 * edge) * min(rate / top, 1.0),
            )
            for index, rate in enumerate(rates)
        ]

    own, all_of_them = spots([point.per_hundred for point in points]), spots([point.per_hundred for point in network])
    base = Markup('<path d="M{:.1f} {:.1f}H{:.1f}" stroke="{}" stroke-width=".6"/>')
    body = base.format(edge, height - 0.8, width - edge, QUIET)
    if network:
        body += Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.6"/>').format(
            _line(all_of_them), "#cdd7de"
        )
    body += Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.1"/>').format(_line(own), GREY)
    for at, spot in enumerate(own):
        alone = (at == 0 or own[at - 1] is None) and (at + 1 == len(own) or own[at + 1] is None)
        if spot and (at == len(own) - 1 or alone):
            fill, radius = (ACCENT, 2.0) if at == len(own) - 1 else (GREY, 1.0)
            dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}"/>')
            body += dot.format(spot[0], spot[1], radius, fill)
    return svg(width, height, title, body, css=css)


def _line(spots: Sequence[tuple[float, float] | None]) -> str:
    path, pen_down = [], False
    for spot in spots:
        if spot:
            path.append(f"{'L' if pen_down else 'M'}{spot[0]:.1f} {spot[1]:.1f}")
        pen_down = spot is not None
    return "".join(path)


# --- page one -------------------------------------------------------------------------------------------------------

_TEXT = Markup(
    '<text x="{:.1f}" y="{:.1f}" fill="{}" font-weight="{}" text-anchor="{}" '
    'font-family="Source Sans 3" font-size="10">{}</text>'
)


def trend(points: Sequence[TrendPoint], rates: Sequence[str], title: str, description: str) -> Markup:
    """Columns of findings per 100 posts of the whole network, the report's own month dark; `rates` as printed."""
    width, base, top = 330.0, 84.0, 14.0
    highest = max([point.per_hundred or 0.0 for point in points], default=0.0)
    scale = (base - top) / max(highest, 1.0)
    step = width / 13
    heights = [(point.per_hundred or 0.0) * scale for point in points]
    drawn = [
        _columns(heights[:-1], 0, step, base, QUIET),
        _columns(heights[-1:], len(points) - 1, step, base, ACCENT),
        Markup('<path d="M0 {:.1f}H{:.1f}" stroke="{}" stroke-width=".8"/>').format(
            base, max(len(points), 1) * step, INK
        ),
    ]
    for index, (point, rate) in enumerate(zip(points, rates, strict=True)):
        middle, last = (index + 0.38) * step, index == len(points) - 1
        weight, fill = ("600", INK) if last else ("400", GREY)
        drawn.append(_TEXT.format(middle, base - heights[index] - 4, fill, weight, "middle", rate))
        drawn.append(_TEXT.format(middle, base + 13, fill, weight, "middle", point.label))
    return svg(width, base + 18, title, Markup("").join(drawn), description=description, css="wide-chart")


def _columns(heights: Sequence[float], first: int, step: float, base: float, fill: str) -> Markup:
    wide = step * 0.76
    path = " ".join(
        f"M{(first + index) * step:.1f} {base:.1f}v{-height:.1f}h{wide:.1f}V{base:.1f}Z"
        for index, height in enumerate(heights)
        if height
    )
    return Markup('<path d="{}" fill="{}"/>').format(path, fill) if path else Markup("")


def reach(days: Sequence[ReachDay], title: str, description: str) -> Markup:
    """The share of accounts seen on each day of the month: in full dark, in part pale above it."""
    width, base, top = 240.0, 84.0, 14.0
    step, tall = width / 31, 84.0 - 14.0
    full, part = [], []
    for day in days:
        if not day.asked:
            continue
        left, wide = (day.day - 1) * step, step * 0.76
        seen, partial = tall * day.seen / day.asked, tall * day.partial / day.asked
        full += [f"M{left:.1f} {base:.1f}v{-seen:.1f}h{wide:.1f}V{base:.1f}Z"] if seen else []
        part += [f"M{left:.1f} {base - seen:.1f}v{-partial:.1f}h{wide:.1f}v{partial:.1f}Z"] if partial else []
    body = Markup('<path d="M0 {:.1f}H{:.1f}" stroke="{}" stroke-width=".6"/>').format(top, width, "#d7dde2")
    body += Markup('<path d="{}" fill="{}"/>').format(" ".join(full), ACCENT) if full else Markup("")
    body += Markup('<path d="{}" fill="{}"/>').format(" ".join(part), QUIET) if part else Markup("")
    body += Markup('<path d="M0 {:.1f}H{:.1f}" stroke="{}" stroke-width=".8"/>').format(base, width, INK)
    for mark in (1, 8, 15, 22, 29):
        if mark <= len(days):
            body += _TEXT.format((mark - 0.62) * step, base + 13, GREY, "400", "middle", str(mark))
    return svg(width, base + 18, title, body, description=description, css="wide-chart")


def share(part: float, title: str) -> Markup:
    """A share (0..1) as a filled part of a short bar."""
    width, height = 44.0, 6.0
    body = Markup('<path d="M0 0H{:.0f}V{:.0f}H0Z" fill="{}"/>').format(width, height, "#e6ebef")
    if part:
        body += Markup('<path d="M0 0H{:.1f}V{:.0f}H0Z" fill="{}"/>').format(width * part, height, ACCENT)
    return svg(width, height, title, body, css="short-share")
