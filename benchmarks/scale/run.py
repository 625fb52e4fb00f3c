"""One size measured: a first night that reads three months, a night, the audits after both, and the month end.

The steps are those of the DAGs, called as the DAGs call them: batches of 40 accounts, each with a workplace of its own
(a task of Airflow is a process of its own), eight at once, two for each platform. Each step stands in processes of its
own, so that its largest one is its own. CPU is ours alone: not the platforms', not the mail server's.
"""

from __future__ import annotations

import logging
import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.scale import servers
from benchmarks.scale.made import Network, Roster
from benchmarks.scale.server import Running, serving
from chapterwatch import pipeline
from chapterwatch.pipeline import Workplace
from chapterwatch.pipeline.publish import Press, rollup_view
from chapterwatch.policy import POLICIES
from chapterwatch.settings import Mail, Settings
from reports import render

MONTH = "2026-10"
#: The first night reads everything; the second is the one measured. Both lie before the month closes.
FIRST = datetime(2026, 11, 1, 2, 15, tzinfo=UTC)
NIGHT = datetime(2026, 11, 2, 2, 15, tzinfo=UTC)
CLOSE = datetime(2026, 11, 2, 6, tzinfo=UTC)

#: As in production: two workers of four, two tasks for each platform; six retries, batches as in `airflow_glue`.
WORKERS, SLOTS, RETRIES = 8, 2, 6
BATCH, MOST_TASKS = 40, 12
STEPS = ("first night", "first audit", "night", "audit", "alerts", "publish", "deliver", "sample")
#: Instead of the first two: the first night as the platforms let it through, with their latencies and limits.
LIMITED = "limited first night"
#: Instead of "publish", where all reports of a large network take more hours than there are: some of them, and the
#: roll-ups, for which every chapter's month is gathered anew.
SOME, ROLL_UPS = "some reports", "roll-ups"
#: Steps measured when they are asked for.
APART = (LIMITED, SOME, ROLL_UPS)
#: How many reports are some.
FEW = 300


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What is measured and where."""

    made: Network
    home: Path
    database: str
    url: str
    now: datetime = FIRST
    smtp: int = 0

    def workplace(self) -> Workplace:
        """A workplace as a task makes it for itself."""
        settings = Settings(
            home=self.home,
            registry=self.home / "chapters.yml",
            database=self.database,
            policies=POLICIES,
            connections_file=None,
            mail=Mail(sender="audit@hq.example", host="127.0.0.1", port=self.smtp),
            max_pictures=0,
            pinned_now=self.now,
        )
        return Workplace(settings, self.made.connections(self.url).get)


@dataclass(kw_only=True)
class Cost:
    """What a step took. `cpu` and `wall` are seconds, `rss` the largest process in megabytes."""

    cpu: float = 0.0
    wall: float = 0.0
    rss: float = 0.0
    #: CPU seconds of the database's server, where it has one.
    server_cpu: float = 0.0
    counts: dict[str, Any] = field(default_factory=dict)


def measure(
    chapters: int,
    *,
    home: Path,
    database: str = "sqlite",
    speed: float = 10.0,
    months: int = 3,
    steps: Sequence[str] = STEPS,
    say: Callable[[str], object] = print,
    keep: Callable[[dict[str, Any]], object] = lambda _: None,
) -> dict[str, Any]:
    """Build a network of some size in `home`, run the steps, and return what each took, as plain data.

    `keep` is given the same after every step: the last ones of a large network take hours.
    """
    since = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=round(30.4 * months))
    made = Network(chapters=chapters, since=since, until=NIGHT)
    home.mkdir(parents=True, exist_ok=True)
    (home / "chapters.yml").write_text(Roster(made).text, encoding="utf-8")
    with ExitStack() as stack:
        server = stack.enter_context(serving(made, speed=speed))
        base = stack.enter_context(servers.database(database, home))
        sink = stack.enter_context(servers.mail_sink())
        setup = Setup(made=made, home=home, database=base.url, url=server.url, smtp=sink.port)
        taken: dict[str, Any] = {}
        found: dict[str, Any] = {}
        for step in steps:
            before = base.cpu()
            cost = _DOES[step](setup, server)
            cost.server_cpu = base.cpu() - before
            taken[step] = vars(cost)
            say(f"{chapters:>5} chapters, {step:<12} {cost.cpu:9.1f} CPU-s  {cost.wall:8.1f} s  {cost.rss:6.0f} MB")
            base.settle()
            found = {
                "chapters": chapters,
                "accounts": len(made.accounts),
                "database": database,
                "months": months,
                "speed": speed,
                "steps": taken,
                "megabytes": base.megabytes(),
                "rows": _rows(base.url),
                "tables": base.tables(),
                "reports": _files(home / "reports"),
                "mails": sink.received(),
            }
            keep(found)
        return found


# --- the steps ------------------------------------------------------------------------------------------------------


def _first_night(setup: Setup, server: Running) -> Cost:
    server.turn(FIRST, latency=False, limited=False)
    return _collected(replace(setup, now=FIRST), server)


def _limited_night(setup: Setup, server: Running) -> Cost:
    server.turn(FIRST)
    return _collected(replace(setup, now=FIRST), server)


def _night(setup: Setup, server: Running) -> Cost:
    server.turn(NIGHT)
    return _collected(replace(setup, now=NIGHT), server)


def _collected(setup: Setup, server: Running) -> Cost:
    cost, start = Cost(), time.monotonic()
    tries = Counter[str]()
    for label, told in _through_pools(setup):
        tries[label] += 1
        cost.cpu += told["cpu"]
        cost.rss = max(cost.rss, told["rss"])
        for name in ("loading", "new", "revised", "reads", "unknown"):
            cost.counts[name] = cost.counts.get(name, 0) + told[name]
    cost.wall = time.monotonic() - start
    cost.counts |= {"tasks": len(tries), "starts": tries.total(), "most_starts": max(tries.values())}
    cost.counts |= {"given_up": sum(count > RETRIES + 1 for count in tries.values()), "asked": server.counts()}
    return cost


@dataclass(frozen=True, kw_only=True)
class _Batch:
    platform: str
    label: str
    keys: tuple[str, ...]


def _through_pools(setup: Setup) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every batch until none of its accounts waits for a reset, as Airflow's pools and retries let them run."""
    ready: list[tuple[float, _Batch]] = [(0.0, batch) for batch in _batches(setup.made)]
    running: dict[Future[dict[str, Any]], _Batch] = {}
    with ProcessPoolExecutor(WORKERS, mp_context=warm()) as pool:
        while ready or running:
            for at, batch in sorted(ready, key=lambda item: (item[0], item[1].label)):
                busy = sum(one.platform == batch.platform for one in running.values())
                if at <= time.time() and busy < SLOTS and len(running) < WORKERS:
                    ready.remove((at, batch))
                    running[pool.submit(_collect, setup, batch.keys)] = batch
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            if not running:
                time.sleep(0.2)
            for future in done:
                batch, told = running.pop(future), future.result()
                if told["resets_at"]:
                    ready.append((told["resets_at"] + 1, batch))
                yield batch.label, told


def _batches(made: Network) -> Iterator[_Batch]:
    by_platform: dict[str, list[str]] = {}
    for number in made.accounts:
        by_platform.setdefault(made.platform(number), []).append(made.key(number))
    for platform, keys in by_platform.items():
        size = max(BATCH, -(-len(keys) // MOST_TASKS))
        for start in range(0, len(keys), size):
            yield _Batch(platform=platform, label=f"{platform} {start:06d}", keys=tuple(keys[start : start + size]))


def _collect(setup: Setup, keys: Sequence[str]) -> dict[str, Any]:
    """What one task does; runs in a worker."""
    _quiet()
    before = time.process_time()
    place = setup.workplace()
    _loaded(place)
    loading = time.process_time() - before
    with place.archive:
        done = pipeline.collect_night(place, setup.now.date() - timedelta(days=1), keys)
    return {
        "cpu": time.process_time() - before,
        "loading": loading,
        "rss": _largest(),
        "new": done.new,
        "revised": done.revised,
        "reads": done.reads,
        "unknown": done.unknown if not done.waiting else 0,
        "resets_at": done.resets_at.timestamp() if done.waiting and done.resets_at else None,
    }


def _loaded(place: Workplace) -> None:
    """Read the registry now, so that it is counted apart."""
    if not place.registry.associations:
        raise ValueError("the invented registry names nobody")


def _audit(setup: Setup, server: Running) -> Cost:
    del server
    return _apart(_run_audit, replace(setup, now=NIGHT + timedelta(hours=1)), NIGHT.isoformat())


def _first_audit(setup: Setup, server: Running) -> Cost:
    del server
    return _apart(_run_audit, replace(setup, now=FIRST + timedelta(hours=1)), FIRST.isoformat())


def _run_audit(place: Workplace, run_id: str) -> Any:
    return pipeline.audit_all(place, run_id)


def _month_end(work: Callable[[Workplace, str], Any]) -> Callable[[Setup, Running], Cost]:
    def step(setup: Setup, server: Running) -> Cost:
        del server
        return _apart(work, replace(setup, now=CLOSE), MONTH)

    return step


def _alerts(place: Workplace, _: str) -> Any:
    return pipeline.alert_duty(place)


def _some_reports(place: Workplace, month: str) -> Any:
    """The reports of the last chapters, so that it may follow upon a publishing that was broken off."""
    chosen = [chapter.id for chapter in place.registry.chapters][-FEW:]
    return Counter(one.outcome for one in pipeline.publish_reports(place, month, chosen))


def _roll_ups(place: Workplace, month: str) -> Any:
    settings = place.settings
    press = Press(
        archive=place.archive,
        registry=place.registry,
        policies=settings.policies,
        files=settings.files,
        now=place.now,
    )
    views = [rollup_view(press, association, month) for association in place.registry.associations]
    drawn = render.render_batch(views, settings.home / "roll-ups")
    return {"drawn": sum(isinstance(one, render.Rendered) for one in drawn)}


def _apart(work: Callable[[Workplace, str], Any], setup: Setup, argument: str) -> Cost:
    """A step in one process of its own."""
    with ProcessPoolExecutor(1, mp_context=warm()) as alone:
        return alone.submit(_timed, work, setup, argument).result()


def _timed(work: Callable[[Workplace, str], Any], setup: Setup, argument: str) -> Cost:
    _quiet()
    before, start = _spent(), time.monotonic()
    place = setup.workplace()
    _loaded(place)
    loading = _spent() - before
    with place.archive:
        counts = work(place, argument)
    return Cost(
        cpu=_spent() - before,
        wall=time.monotonic() - start,
        rss=_largest(),
        counts={**{str(name): value for name, value in counts.items()}, "loading": loading},
    )


_DOES: dict[str, Callable[[Setup, Running], Cost]] = {
    "first night": _first_night,
    LIMITED: _limited_night,
    "first audit": _first_audit,
    "night": _night,
    "audit": _audit,
    "alerts": _month_end(_alerts),
    "publish": _month_end(pipeline.publish_month),
    SOME: _month_end(_some_reports),
    ROLL_UPS: _month_end(_roll_ups),
    "deliver": _month_end(pipeline.deliver_month),
    "sample": _month_end(pipeline.draw_samples),
}


def warm() -> Any:
    """Processes that have imported everything before anything is measured, without what this one has in memory."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.scale.warmed"])
    return context


# --- looking --------------------------------------------------------------------------------------------------------


def _spent() -> float:
    """CPU seconds of this process and of the children it has seen end."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(item.ru_utime + item.ru_stime for item in used)


def _largest() -> float:
    """Megabytes of the largest of this process and its children, at its largest."""
    used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(used) / 1024


def _quiet() -> None:
    logging.disable(logging.WARNING)


def _rows(url: str) -> dict[str, int]:
    engine = create_engine(url)
    names = ("account", "capture", "post", "post_revision", "coverage", "finding", "tally", "verdict", "delivery")
    with engine.connect() as conn:
        counted = {name: int(conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in names}
    engine.dispose()
    return counted


def _files(folder: Path) -> dict[str, float]:
    """Megabytes by kind of file."""
    found = Counter[str]()
    for path in folder.rglob("*"):
        if path.is_file():
            found[path.suffix.lstrip(".") or "other"] += path.stat().st_size
    return {kind: size / 1e6 for kind, size in sorted(found.items())}
