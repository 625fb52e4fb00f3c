"""What the roll-up's templates may draw, each drawing with its text alternative in the report's language."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from reports import network_charts as charts
from reports.network_facts import ChapterLine, CountryLine, Grid, NetworkTrend, Panel, Reach, Stand, SystemicClause
from reports.words import Words


def network_drawings(words: Words) -> dict[str, Callable[..., Markup]]:
    """The drawings by the names templates call them by."""

    def stand(name: Stand, told: str) -> Markup:
        return charts.stand_mark(name, told)

    def spark13(line: ChapterLine, top: float) -> Markup:
        rates = ", ".join(words.rate(point.per_hundred) for point in line.trend)
        return charts.spark(line.trend, top, words("trend.spark", chapter=line.name, rates=rates))

    def panel(one: Panel, grid: Grid, top: float) -> Markup:
        return charts.panel(one.points, grid.network, top, one.told)

    def tiles(line: CountryLine) -> Markup:
        return charts.tiles(line.tiles, line.told)

    def touched(clause: SystemicClause) -> Markup:
        return charts.share(clause.share, clause.share_words)

    def seen_bar(line: ChapterLine) -> Markup:
        return charts.share(line.seen or 0.0, line.seen_share)

    def network_trend(shown: NetworkTrend) -> Markup:
        rates = [words.rate(point.per_hundred) for point in shown.points]
        told = [
            words(
                "trend.point",
                month=words.month(point.period),
                rate=rate,
                findings=point.findings,
                posts=point.posts,
            )
            for point, rate in zip(shown.points, rates, strict=True)
        ]
        return charts.trend(shown.points, rates, shown.title, "; ".join(told))

    def reach(shown: Reach) -> Markup:
        told = [words("network.reach.day", day=one.day, seen=one.seen, n=one.asked) for one in shown.days if one.asked]
        return charts.reach(shown.days, shown.title, "; ".join(told))

    return {
        "stand": stand,
        "spark13": spark13,
        "panel": panel,
        "tiles": tiles,
        "touched": touched,
        "seen_bar": seen_bar,
        "network_trend": network_trend,
        "reach": reach,
    }
