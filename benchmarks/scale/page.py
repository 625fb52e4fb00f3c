"""The figures as Markdown and drawings: what stands between the marks of docs/scale.md."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scale import prices
from benchmarks.scale.laws import Points, line, power
from benchmarks.scale.run import FEW, LIMITED, ROLL_UPS, SOME, STEPS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "scale.md"
PICTURES = ROOT / "docs" / "pictures"
#: The size everything is about.
LARGE = 3000
#: Months of posts most was measured with.
MONTHS = 3
_MARK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_COLOURS = ("#1d5b79", "#c04f24", "#dba13a", "#6d1332", "#5b6570", "#3f7d4e")

Found = dict[str, Any]


def write(found: Sequence[Found]) -> None:
    """Put the figures into docs/scale.md and draw its charts."""
    made = blocks(found)
    text = PAGE.read_text(encoding="utf-8")
    filled = _MARK.sub(lambda mark: f"{mark[1]}\n{made[mark[2]]}\n\n{mark[3]}", text)
    PAGE.write_text(filled, encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "scale-cpu.svg").write_text(_chart(_cpu_series(found), "CPU seconds"), encoding="utf-8")


def blocks(found: Sequence[Found]) -> dict[str, str]:
    """Every block of figures by its name."""
    ours = [one for one in found if one["database"] == "sqlite" and one["months"] == MONTHS]
    makers: dict[str, Callable[[Sequence[Found]], str]] = {
        "steps": _steps,
        "laws": _laws,
        "data": _data,
        "limits": _limits,
        "spend": _spend,
    }
    made = {name: make(sorted(ours, key=lambda one: float(one["chapters"]))) for name, make in makers.items()}
    return made | {"databases": _databases(found), "year": _year(found)}


# --- tables ---------------------------------------------------------------------------------------------------------


def _steps(found: Sequence[Found]) -> str:
    rows = [
        [
            f"{one['chapters']:,}",
            step,
            _number(cost["cpu"]),
            f"{1000 * cost['cpu'] / one['accounts']:,.0f}",
            _number(cost["wall"]),
            f"{cost['rss']:,.0f}",
        ]
        for one in found
        for step, cost in one["steps"].items()
    ]
    head = ["chapters", "step", "CPU s", "CPU ms an account", "wall s, machine shared", "largest process MB"]
    return _table(head, rows)


def _laws(found: Sequence[Found]) -> str:
    rows = []
    for name, points in _figures(found):
        curve, straight = power(points), line(points)
        if curve is None or straight is None:
            continue
        measured = dict(points).get(LARGE) or (_in_parts(found) if name == "publish, CPU s" else None)
        rows.append(
            [
                name,
                f"{curve.exponent:.2f}",
                _number(straight.base),
                f"{straight.scale:.3g}",
                f"±{100 * min(curve.worst, straight.worst):.0f} %",
                f"**{_number(measured)}**" if measured else _number(straight.at(LARGE)),
            ]
        )
    head = ["figure", "exponent", "fixed part", "for each chapter", "farthest off", f"at {LARGE:,} chapters"]
    return _table(head, rows)


def _figures(found: Sequence[Found]) -> Iterable[tuple[str, Points]]:
    for figure, unit in (("cpu", "CPU s"), ("rss", "largest process MB")):
        for step in STEPS:
            # Of some reports only some mails come.
            told = [one for one in found if step != "deliver" or "publish" in one["steps"]]
            costs = [(one["chapters"], cost[figure]) for one in told if (cost := _cost(one, step))]
            yield f"{step}, {unit}", costs
    whole = [one for one in found if "publish" in one["steps"]]
    yield "database MB after the month end", [(one["chapters"], one["megabytes"]) for one in whole]
    yield "reports MB", [(one["chapters"], sum(one["reports"].values())) for one in whole]
    yield "mail MB", [(one["chapters"], one["mails"]["megabytes"]) for one in whole]
    nights = [one for one in found if "night" in one["steps"]]
    yield "requests a night", [(one["chapters"], _requests(_asked(one))) for one in nights]


def _in_parts(found: Sequence[Found]) -> float | None:
    """CPU seconds of a large network's whole month end, from some of its reports and its roll-ups."""
    for one in found:
        some, roll_ups = one["steps"].get(SOME), one["steps"].get(ROLL_UPS)
        if one["chapters"] == LARGE and some and roll_ups:
            return float(some["cpu"] * LARGE / FEW + roll_ups["cpu"])
    return None


def _cost(one: Found, step: str) -> Found | None:
    """What a step took. A first night within the platforms' limits does the same work as one without."""
    cost: Found | None = one["steps"].get(step) or (one["steps"].get(LIMITED) if step == STEPS[0] else None)
    return cost


def _data(found: Sequence[Found]) -> str:
    rows = [
        [
            f"{one['chapters']:,}",
            _number(one["megabytes"]),
            *(f"{one['rows'][name]:,}" for name in ("post", "coverage", "verdict", "tally", "finding")),
            ", ".join(f"{name} {_number(size)}" for name, size in list(one["tables"].items())[:4]),
        ]
        for one in found
    ]
    head = ["chapters", "database MB", "posts", "coverage", "verdicts", "tallies", "findings", "largest tables, MB"]
    return _table(head, rows)


def _limits(found: Sequence[Found]) -> str:
    nights = [one for one in found if "night" in one["steps"]]
    if not nights:
        return "No night was measured."
    largest = nights[-1]
    factor = LARGE / largest["chapters"]
    asked = {name: round(count * factor) for name, count in _asked(largest).items() if not name.endswith("refused")}
    asked |= {name: 0 for name in _asked(largest) if name.endswith("refused")}
    rows = [
        [
            pace.name,
            f"{pace.requests:,}",
            "not in a day" if math.isinf(pace.minutes) else f"{pace.minutes:,.0f}",
            f"{pace.chapters:,.0f}",
        ]
        for pace in prices.paces(asked, LARGE)
    ]
    carried = "" if factor == 1 else f", carried to {LARGE:,} in proportion"
    said = f"From the night of {largest['chapters']:,} chapters{carried}.\n\n"
    head = ["limit", "requests a night", "minutes of waiting", "chapters it lets through without a wait"]
    return said + _table(head, rows)


def _spend(found: Sequence[Found]) -> str:
    rows = []
    for one in found:
        if "night" not in one["steps"]:
            continue
        asked = _asked(one)
        bill = prices.dollars(asked)
        night = sum(bill.values())
        rows.append(
            [
                f"{one['chapters']:,}",
                f"{asked.get('x paid posts', 0):,}",
                f"{asked.get('x paid users', 0):,}",
                f"{night:,.2f}",
                f"{night * prices.NIGHTS:,.0f}",
                f"{night * prices.NIGHTS / one['chapters']:.2f}",
            ]
        )
    head = ["chapters", "posts paid", "profiles paid", "$ a night", "$ a month", "$ a month and chapter"]
    return _table(head, rows)


def _databases(found: Sequence[Found]) -> str:
    rows = [
        [
            f"{one['chapters']:,}",
            {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[one["database"]],
            step,
            _number(cost["cpu"]),
            _number(cost["server_cpu"]),
            _number(cost["wall"]),
            _number(one["megabytes"]),
        ]
        for one in sorted(found, key=lambda one: (one["chapters"], one["database"]))
        if one["months"] == MONTHS
        and one["chapters"] in {two["chapters"] for two in found if two["database"] == "postgresql"}
        for step, cost in one["steps"].items()
        if step in {"first night", "night", "audit"}
    ]
    head = ["chapters", "database", "step", "our CPU s", "server's CPU s", "wall s, machine shared", "MB"]
    return _table(head, rows) if rows else "Only SQLite was measured."


def _year(found: Sequence[Found]) -> str:
    rows = [
        [
            f"{one['chapters']:,}",
            f"{one['months']}",
            f"{one['rows']['post']:,}",
            _number(one["steps"][step]["cpu"]),
            f"{one['steps'][step]['rss']:,.0f}",
            step,
        ]
        for one in sorted(found, key=lambda one: (one["chapters"], one["months"]))
        if one["database"] == "sqlite"
        and one["chapters"] in {two["chapters"] for two in found if two["months"] != MONTHS}
        for step in ("first audit", "audit")
        if step in one["steps"]
    ]
    head = ["chapters", "months of posts", "posts", "CPU s", "largest process MB", "step"]
    return _table(head, rows) if rows else "Only three months of posts were measured."


def _asked(one: Found) -> dict[str, int]:
    counts: dict[str, int] = one["steps"]["night"]["counts"]["asked"]
    return counts


def _requests(asked: dict[str, int]) -> int:
    return sum(count for name, count in asked.items() if name.count(" ") == 1 and name.endswith(" requests"))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" + "--:|" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"  # noqa: PLR2004


# --- charts ---------------------------------------------------------------------------------------------------------

Series = Sequence[tuple[str, Points]]
_WIDE, _TALL, _LEFT, _RIGHT, _BASE = 640.0, 320.0, 56.0, 130.0, 34.0
_LINE = 14.0


def _cpu_series(found: Sequence[Found]) -> Series:
    ours = [one for one in found if one["database"] == "sqlite" and one["months"] == MONTHS]
    steps = ("night", "audit", "publish", "deliver")
    made = [
        (step, sorted((one["chapters"], one["steps"][step]["cpu"]) for one in ours if step in one["steps"]))
        for step in steps
    ]
    return [(name, points) for name, points in made if points]


def _chart(series: Series, title: str) -> str:
    """Lines over the number of chapters, both axes in powers of ten; dashed where a line is carried on."""
    figures = [figure for _, points in series for _, figure in points] + [
        law.at(LARGE) for _, points in series if (law := line(points))
    ]
    low, high = (math.log10(bound) for bound in (min(figures, default=1), max(figures, default=10)))
    low, high = math.floor(low), math.ceil(high)

    def across(size: float) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (math.log10(size) - 1) / (math.log10(LARGE) - 1)

    def up(figure: float) -> float:
        return _TALL - _BASE - (_TALL - 2 * _BASE) * (math.log10(max(figure, 1e-9)) - low) / max(high - low, 1)

    parts = [_text(_LEFT, 18, title, "#1b2631")]
    for power_ in range(low, high + 1):
        y = up(10**power_)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDE - _RIGHT}" stroke="#d8dfe4"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{10**power_:g}", "#5b6570", "end"))
    sizes = (10, 30, 100, 300, 1000, LARGE)
    parts += [_text(across(size), _TALL - 12, f"{size:,}", "#5b6570", "middle") for size in sizes]
    names: list[tuple[float, str, str, float]] = []
    for (name, points), colour in zip(series, _COLOURS, strict=False):
        drawn = " ".join(f"{across(size):.1f},{up(figure):.1f}" for size, figure in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>' for x, y in points]
        last = points[-1]
        law = line(points)
        if law and last[0] < LARGE:
            end = (across(LARGE), up(law.at(LARGE)))
            start = (across(last[0]), up(last[1]))
            path = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
            parts.append(f'<path d="{path}" stroke="{colour}" stroke-dasharray="4 4" fill="none"/>')
            last = (LARGE, law.at(LARGE))
        names.append((up(last[1]) + 4, name, colour, across(last[0]) + 8))
    below = 0.0
    for y, name, colour, x in sorted(names):
        # Two lines may end at one place.
        below = max(y, below + _LINE)
        parts.append(_text(x, below, name, colour))
    told = "; ".join(f"{name}: " + ", ".join(f"{y:.0f} at {x:,}" for x, y in points) for name, points in series)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:.0f} {_TALL:.0f}" role="img">'
        f"<title>{title} by chapters. {told}</title>{''.join(parts)}</svg>\n"
    )


def _text(x: float, y: float, said: str, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-family="sans-serif" '
        f'font-size="12">{said}</text>'
    )
