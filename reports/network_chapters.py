"""The chapters of a network beside each other: lines of the table, small multiples, countries, clauses they share.

Everything of one kind is on one scale. A rate of few posts is noise, so chapters are set beside each other only from
`PEER_POSTS_LEAST` posts on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from babel import Locale

from chapterwatch.model import Chapter
from reports.facts import PEER_POSTS_LEAST, ChapterView, Counts, TrendPoint
from reports.network_facts import STANDS, ChapterLine, CountryLine, Grid, Panel, Stand, SystemicClause
from reports.text import clean_line
from reports.trend_views import TREND_MONTHS
from reports.view import share_words
from reports.words import Words

#: Chapters in the printed table; all of them stand in the workbook.
PRINTED_LIMIT = 60
#: From so many chapters on the small multiples say more than the table's own lines.
GRID_LEAST = 9
GRID_LIMIT = 60
GRID_COLUMNS = 5
#: Months a chapter's own usual rate is taken from.
MONTHS_LEAST = 3
#: The least rate at the top of a scale, so that one finding in a quiet network is no mountain.
TOP_LEAST = 10.0
#: Share of all months that must fit under the top; the rest is cut there, and said to be.
TOP_SHARE = 0.99


def chapter_lines(chapters: Iterable[ChapterView], registered: Sequence[Chapter], words: Words) -> list[ChapterLine]:
    """A line for every chapter, most pressing first."""
    countries = {chapter.id: chapter.country for chapter in registered}
    lines = [_line(view, countries.get(view.chapter_id, ""), words) for view in chapters]
    return sorted(lines, key=_most_pressing)


def _most_pressing(line: ChapterLine) -> tuple[int, int, int, int, str]:
    counts = line.counts
    return STANDS.index(line.stand), -counts.critical, -counts.standing, -counts.accounts_unseen, line.name


def _line(view: ChapterView, country: str, words: Words) -> ChapterLine:
    counts, stand = view.counts, stand_of(view)
    level = "critical" if counts.critical else network_level(view)
    return ChapterLine(
        chapter_id=view.chapter_id,
        name=view.chapter_name,
        country=country,
        level=view.status.level,
        stand=stand,
        stand_words=words(f"network.stand.{stand}", n=counts.critical),
        status_words=words(f"network.level.{level}", n=counts.critical),
        counts=counts,
        per_hundred=view.trend.points[-1].per_hundred,
        seen=counts.days_seen / counts.days_asked if counts.days_asked else None,
        seen_share=share_words(counts.days_seen, counts.days_asked, words),
        answers=_answers(view, words),
        overdue=view.attest.overdue,
        trend=view.trend.points[-TREND_MONTHS:],
    )


def stand_of(view: ChapterView) -> Stand:
    """How a chapter stands: by its gravest standing finding, else by how much of it could be seen."""
    if view.posts:
        gravest: Stand = view.posts[0].severity.value
        return gravest
    level = network_level(view)
    return "unseen" if level == "unseen" else "clear" if level == "clear" else "limited"


def network_level(view: ChapterView) -> str:
    """A chapter's status as the network counts it: those nobody could look at apart from those with nothing found."""
    unseen = view.counts.accounts_unseen == view.counts.accounts
    return "unseen" if unseen and view.status.level == "limited" else view.status.level


def _answers(view: ChapterView, words: Words) -> str:
    asked = view.attest.answered + view.attest.open
    return words("network.answers", answered=view.attest.answered, n=asked) if asked else ""


def stands_of(lines: Sequence[ChapterLine]) -> tuple[Stand, ...]:
    """The stands that occur, most pressing first."""
    return tuple(stand for stand in STANDS if any(line.stand == stand for line in lines))


# --- one scale ------------------------------------------------------------------------------------------------------


def top_of(lines: Iterable[ChapterLine]) -> float:
    """The rate at the top of every small drawing: nearly all months with enough posts fit under it."""
    rates = sorted(
        point.per_hundred
        for line in lines
        for point in line.trend
        if point.per_hundred is not None and point.posts >= PEER_POSTS_LEAST
    )
    if not rates:
        return TOP_LEAST
    return max(TOP_LEAST, rates[min(len(rates) - 1, int(TOP_SHARE * len(rates)))])


def network_points(chapters: Iterable[ChapterView]) -> tuple[TrendPoint, ...]:
    """The months of all chapters together."""
    posts, findings, labels = Counter[str](), Counter[str](), {}
    for point in (point for view in chapters for point in view.trend.points):
        posts[point.period] += point.posts
        findings[point.period] += point.findings
        labels[point.period] = point.label
    return tuple(
        TrendPoint(
            period=period,
            label=labels[period],
            posts=posts[period],
            findings=findings[period],
            per_hundred=100 * findings[period] / posts[period] if posts[period] else None,
        )
        for period in sorted(labels)[-TREND_MONTHS:]
    )


# --- small multiples ------------------------------------------------------------------------------------------------


def grid_of(lines: Sequence[ChapterLine], network: Sequence[TrendPoint], top: float, words: Words) -> Grid | None:
    """The chapters whose rate moved most against their own usual one, risen first; None in a small network."""
    moves = {line.chapter_id: _move(line) for line in lines}
    known = {name: move for name, move in moves.items() if move is not None}
    if len(lines) < GRID_LEAST or not known:
        return None
    most = sorted(known, key=lambda name: (-abs(known[name]), name))[:GRID_LIMIT]
    shown = sorted((line for line in lines if line.chapter_id in most), key=lambda line: -known[line.chapter_id])
    ending = _shared_ending([line.name for line in lines])
    panels = [_panel(line, ending, words) for line in shown]
    return Grid(
        title=_grid_title(known, words),
        caption=_grid_caption(len(panels), lines, shown, top, words),
        rows=tuple(tuple(panels[at : at + GRID_COLUMNS]) for at in range(0, len(panels), GRID_COLUMNS)),
        network=tuple(network),
    )


def _move(line: ChapterLine) -> float | None:
    """This month's rate less the chapter's own usual one; None where either rests on too little, or all is nought."""
    *earlier, now = line.trend
    if not any(point.findings for point in line.trend):
        return None
    usual = [
        point.per_hundred for point in earlier if point.per_hundred is not None and point.posts >= PEER_POSTS_LEAST
    ]
    if now.per_hundred is None or now.posts < PEER_POSTS_LEAST or len(usual) < MONTHS_LEAST:
        return None
    return now.per_hundred - median(usual)


def _grid_title(known: dict[str, float], words: Words) -> str:
    risen, fallen = (sum(sign * move > 1 for move in known.values()) for sign in (1, -1))
    return words("network.grid.title", risen=risen, fallen=fallen)


def _grid_caption(
    panels: int, lines: Sequence[ChapterLine], shown: Sequence[ChapterLine], top: float, words: Words
) -> str:
    said = [words("network.grid.caption", n=panels, total=len(lines), least=PEER_POSTS_LEAST, top=words.rate(top))]
    if any((point.per_hundred or 0) > top for line in shown for point in line.trend):
        said.append(words("network.grid.cut"))
    return " ".join(said)


def _shared_ending(names: Sequence[str]) -> str:
    """The last word where all the names end with it: "Chapter" sixty times over says nothing."""
    last = {name.rpartition(" ")[2] for name in names}
    return f" {last.pop()}" if len(last) == 1 and all(" " in name for name in names) else ""


def _panel(line: ChapterLine, ending: str, words: Words) -> Panel:
    rates = ", ".join(words.rate(point.per_hundred) for point in line.trend)
    return Panel(
        name=line.name.removesuffix(ending),
        rate_words=words.rate(line.per_hundred),
        told=words("trend.spark", chapter=line.name, rates=rates),
        points=line.trend,
    )


# --- countries ------------------------------------------------------------------------------------------------------


def countries_of(lines: Sequence[ChapterLine], words: Words) -> tuple[CountryLine, ...]:
    """The chapters by country, largest first: every chapter a tile. Empty where the table shows all of one country."""
    grouped: dict[str, list[ChapterLine]] = {}
    for line in lines:
        grouped.setdefault(line.country, []).append(line)
    if len(grouped) < 2 and len(lines) <= PRINTED_LIMIT:  # noqa: PLR2004 - one country is no comparison
        return ()
    ranked = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_country(code, group, words) for code, group in ranked)


def _country(code: str, group: Sequence[ChapterLine], words: Words) -> CountryLine:
    counts = total([line.counts for line in group])
    now = [line.trend[-1] for line in group]
    posts = sum(point.posts for point in now)
    stands = Counter(line.stand for line in group)
    said = [words(f"network.tiles.{stand}", n=stands[stand]) for stand in STANDS if stands[stand]]
    name = _country_name(code, words.locale)
    return CountryLine(
        name=name,
        chapters=len(group),
        tiles=tuple(line.stand for line in group),
        told=words("network.tiles.told", country=name, parts=words.both(said)),
        counts=counts,
        rate_words=words.rate(100 * sum(point.findings for point in now) / posts if posts else None),
        seen_share=share_words(counts.days_seen, counts.days_asked, words),
    )


def _country_name(code: str, locale: Locale) -> str:
    return str(locale.territories.get(code.upper(), clean_line(code, 20)))


def total(counts: Sequence[Counts]) -> Counts:
    """The counts of several chapters together."""
    return Counts(
        new=sum(one.new for one in counts),
        new_questions=sum(one.new_questions for one in counts),
        still_open=sum(one.still_open for one in counts),
        fixed=sum(one.fixed for one in counts),
        questions=sum(one.questions for one in counts),
        critical=sum(one.critical for one in counts),
        set_aside=sum(one.set_aside for one in counts),
        posts=sum(one.posts for one in counts),
        accounts=sum(one.accounts for one in counts),
        accounts_unseen=sum(one.accounts_unseen for one in counts),
        accounts_partial=sum(one.accounts_partial for one in counts),
        days_asked=sum(one.days_asked for one in counts),
        days_seen=sum(one.days_seen for one in counts),
        judged=sum(one.judged for one in counts),
        not_judged=sum(one.not_judged for one in counts),
        unplaced=sum(one.unplaced for one in counts),
        by_hand=sum(one.by_hand for one in counts),
        outlived=sum(one.outlived for one in counts),
        unaudited=sum(one.unaudited for one in counts),
    )


# --- what chapters share --------------------------------------------------------------------------------------------


def systemic_of(
    chapters: Sequence[ChapterView], before: Sequence[ChapterView], words: Words
) -> tuple[SystemicClause, ...]:
    """Clauses by the number of chapters with a standing finding under them; one chapter alone is not systemic."""
    titles = {tally.id: tally.title for chapter in chapters for tally in chapter.clauses}
    now, then = _touched(chapters), _touched(before)
    findings = Counter[str]()
    for tally in (tally for chapter in chapters for tally in chapter.clauses):
        findings[tally.id] += tally.findings
    several = [clause for clause in titles if now[clause] > 1]
    ranked = sorted(several, key=lambda clause: (-now[clause], -findings[clause], clause))
    return tuple(
        SystemicClause(
            id=clause,
            title=titles[clause],
            chapters=now[clause],
            findings=findings[clause],
            share=now[clause] / len(chapters),
            share_words=share_words(now[clause], len(chapters), words),
            direction=direction(now[clause], then[clause], words) if before else "",
        )
        for clause in ranked
    )


def _touched(chapters: Iterable[ChapterView]) -> Counter[str]:
    return Counter(tally.id for chapter in chapters for tally in chapter.clauses)


def direction(now: int, then: int, words: Words) -> str:
    """How many more or fewer than before, with its sign."""
    if now == then:
        return words("network.as_before")
    sign = "+" if now > then else "\N{MINUS SIGN}"
    return f"{sign}{words.number(abs(now - then))}"
