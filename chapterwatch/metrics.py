"""What Chapterwatch says about its own work, for whoever keeps it running: one table of metrics and where they go.

The pipeline counts as it works; a `Sink` carries it on. Under Airflow that is Airflow's own StatsD or OpenTelemetry
client (`airflow_glue`), as `[metrics]` in Airflow's settings says; elsewhere nothing is sent. Like logs, metrics are
public: a label is an id out of the registry or a word of our own, never a name, a handle or anything somebody wrote.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

#: Every name begins with it; Airflow puts its own prefix (`airflow.`) before.
PREFIX = "chapterwatch."

#: A label that does not look like an id of ours becomes this word: nothing else may reach a metrics system.
ODD = "other"
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,59}", re.ASCII)


class Kind(StrEnum):
    """How values of one name add up: summed, the last one counts, or a duration."""

    COUNTER = "counter"
    GAUGE = "gauge"
    TIMER = "timer"


@dataclass(frozen=True)
class Metric:
    """One metric. A gauge whose unit is `time` holds an instant in seconds since 1970 (UTC), so that its age grows."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str


_COUNTERS = (
    ("accounts.seen", "accounts", ("platform",), "Accounts of a night that were seen in full."),
    ("accounts.partial", "accounts", ("platform", "reason"), "Accounts seen in part, by what stood in the way."),
    ("accounts.unknown", "accounts", ("platform", "reason"), "Accounts that could not be seen, by why."),
    ("posts.captured", "posts", ("platform",), "Posts never seen before."),
    ("posts.revised", "posts", ("platform",), "Known posts read with another content."),
    ("posts.quarantined", "records", ("platform",), "Records kept aside because they could not be read."),
    ("reads.paid", "reads", ("platform",), "Reads a platform charges for."),
    ("rate_limit.hits", "waits", ("platform",), "Accounts a platform's window limit stopped."),
    ("reports.written", "reports", ("outcome",), "Reports by what became of them: issued, unchanged, changed, failed."),
    ("mails.settled", "mails", ("kind", "state"), "Mails by what they carry and how they ended."),
)
_GAUGES = (
    ("night.last_full", "time", (), "When the last night ended in which every account was asked."),
    ("night.accounts", "accounts", ("platform", "seen"), "The last night's accounts: seen, partial, unknown."),
    ("night.coverage", "share", ("association",), "Share of an association's accounts the last night saw in full."),
    ("night.not_seen", "accounts", ("platform", "reason"), "The last night's accounts not seen in full, by why."),
    ("night.quarantined", "records", ("platform",), "Records of the last night that could not be read."),
    ("reads.of_cap", "share", (), "Share of the spend cap (CHAPTERWATCH_MAX_READS) the last night used."),
    ("access.ending", "accounts", ("platform", "within"), "Accounts whose token ends within 14, 7 or 0 days."),
    ("audit.last", "time", (), "When the last audit ended."),
    ("audit.judged", "verdicts", ("pack",), "Answers rules could give, in the last audit."),
    ("audit.not_judged", "verdicts", ("pack",), "Answers rules could not give, in the last audit."),
    (
        "suppressions.ending",
        "suppressions",
        ("state",),
        "Suppressions that end soon, or are over and were not renewed.",
    ),
    ("findings.open", "findings", ("pack", "severity"), "Findings that stand, after the last audit."),
    ("reports.overdue", "reports", ("association",), "Reports of the last closed month that were not written in time."),
    ("mails.open", "mails", ("state",), "Mails a person has to look after: unknown, refused, bounced; or deferred."),
    ("mails.overdue", "reports", ("association",), "Issued reports that went to nobody, where no sign-off is asked."),
    ("sign_off.waiting", "reports", ("association",), "Issued reports that wait for a person to release them."),
    ("archive.verified", "time", (), "When the archive was last verified whole."),
    ("archive.whole", "yes or no", (), "1 where the last verification found every entry in its place, else 0."),
    ("archive.behind", "reports", (), "Report files the archive does not know: it is older than what was mailed."),
    ("disk.free", "share", (), "Free share of the disk the home folder is on."),
)
_TIMERS = (
    ("rate_limit.wait", "milliseconds", ("platform",), "How long until a platform promised to answer again."),
    ("step.duration", "milliseconds", ("step",), "How long a step took: collect, audit, publish, deliver, verify."),
)

METRICS: Mapping[str, Metric] = {
    PREFIX + name: Metric(PREFIX + name, kind, unit, labels, meaning)
    for kind, rows in ((Kind.COUNTER, _COUNTERS), (Kind.GAUGE, _GAUGES), (Kind.TIMER, _TIMERS))
    for name, unit, labels, meaning in rows
}

Labels = Mapping[str, str]


class Sink(Protocol):
    """Where metrics go. Names are those of `METRICS`; labels have been made safe."""

    def count(self, name: str, value: int, labels: Labels) -> None:
        """Add to a counter."""

    def gauge(self, name: str, value: float, labels: Labels) -> None:
        """Say how something stands."""

    def timing(self, name: str, duration: timedelta, labels: Labels) -> None:
        """Note how long something took."""


class Silent:
    """Sends nothing."""

    def count(self, name: str, value: int, labels: Labels) -> None:
        """Nothing."""

    def gauge(self, name: str, value: float, labels: Labels) -> None:
        """Nothing."""

    def timing(self, name: str, duration: timedelta, labels: Labels) -> None:
        """Nothing."""


Series = tuple[str, tuple[tuple[str, str], ...]]


@dataclass
class Kept:
    """Keeps what was said, to be printed or looked at: counters summed, gauges as they stand, every duration."""

    counters: dict[Series, int] = field(default_factory=dict)
    gauges: dict[Series, float] = field(default_factory=dict)
    timings: dict[Series, list[timedelta]] = field(default_factory=dict)

    def count(self, name: str, value: int, labels: Labels) -> None:
        """Add to a counter."""
        series = _series(name, labels)
        self.counters[series] = self.counters.get(series, 0) + value

    def gauge(self, name: str, value: float, labels: Labels) -> None:
        """Keep the last value."""
        self.gauges[_series(name, labels)] = value

    def timing(self, name: str, duration: timedelta, labels: Labels) -> None:
        """Keep the duration."""
        self.timings.setdefault(_series(name, labels), []).append(duration)

    def prometheus(self, prefix: str = "airflow_") -> str:
        """The gauges in Prometheus' text format, named as they arrive there by way of Airflow."""
        lines: list[str] = []
        for name in dict.fromkeys(name for name, _ in self.gauges):
            flat = prefix + name.replace(".", "_")
            lines += [f"# HELP {flat} {METRICS[name].meaning}", f"# TYPE {flat} gauge"]
            lines += [
                f"{flat}{_braced(labels)} {value:.15g}" for (of, labels), value in self.gauges.items() if of == name
            ]
        return "\n".join(lines) + "\n"


def _series(name: str, labels: Labels) -> Series:
    return name, tuple(sorted(labels.items()))


def _braced(labels: tuple[tuple[str, str], ...]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""


class _Outlet:
    """The process's one sink, as logging has its handlers."""

    sink: Sink = Silent()


def send_to(sink: Sink) -> None:
    """Send everything counted from now on to this sink."""
    _Outlet.sink = sink


@contextmanager
def sent_to(sink: Sink) -> Iterator[None]:
    """Send everything counted within to this sink, and then to the one before."""
    before = _Outlet.sink
    _Outlet.sink = sink
    try:
        yield
    finally:
        _Outlet.sink = before


def heard() -> bool:
    """Whether anybody listens: what costs something to find out need not be found out for nobody."""
    return not isinstance(_Outlet.sink, Silent)


def count(name: str, value: int = 1, **labels: str) -> None:
    """Add to a counter of `METRICS`, its name without prefix. Raises ValueError where the table has no such counter."""
    full, safe = _known(name, Kind.COUNTER, labels)
    if value:
        _Outlet.sink.count(full, value, safe)


def gauge(name: str, value: float, **labels: str) -> None:
    """Say how a gauge of `METRICS` stands. Raises ValueError as `count` does."""
    full, safe = _known(name, Kind.GAUGE, labels)
    _Outlet.sink.gauge(full, value, safe)


def timing(name: str, duration: timedelta, **labels: str) -> None:
    """Note a duration. Raises ValueError as `count` does."""
    full, safe = _known(name, Kind.TIMER, labels)
    _Outlet.sink.timing(full, duration, safe)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Note how long the block took as the duration of a step, also where it fails."""
    started = time.monotonic()
    try:
        yield
    finally:
        timing("step.duration", timedelta(seconds=time.monotonic() - started), step=step)


def _known(name: str, kind: Kind, labels: Labels) -> tuple[str, Labels]:
    metric = METRICS.get(PREFIX + name)
    if metric is None or metric.kind is not kind or set(metric.labels) != labels.keys():
        raise ValueError(f"the table has no {kind} {name} with labels {sorted(labels)}")
    return metric.name, {key: value if _LABEL.fullmatch(value) else ODD for key, value in labels.items()}
