"""The demo: four nights and one month end over the sample network, run by Airflow itself.

A loopback server answers in the shapes of X and of the Graph API; the production DAGs and connectors ask it through
their connections' `base_url`. Reports are mailed into a local maildir. Nothing leaves the machine. Running it again
collects nothing twice and mails nobody twice.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from chapterwatch.pipeline import Workplace
    from sample.server import RunningServer

ROOT = Path(__file__).resolve().parent.parent

#: The instants at which the nightly runs start; each reports on the day before.
NIGHTS = (
    datetime(2026, 10, 30, 2, 15, tzinfo=UTC),
    datetime(2026, 10, 31, 2, 15, tzinfo=UTC),
    datetime(2026, 11, 1, 2, 15, tzinfo=UTC),
    datetime(2026, 11, 2, 2, 15, tzinfo=UTC),
)
MONTH_END = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
MONTH = "2026-10"
#: Of the table the demo ends with.
COLUMNS = ("chapter", "new", "open", "fixed", "credit", "accounts seen")

#: Its own copy of standard output: the other one is sent to the log while Airflow runs.
out = Console(file=os.fdopen(os.dup(1), "w"), emoji=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Demo:
    """Where the demo keeps its things."""

    home: Path

    @property
    def mail(self) -> Path:
        """The maildir the reports are delivered to."""
        return self.home / "mail"

    @property
    def log(self) -> Path:
        """What Airflow said."""
        return self.home / "airflow.log"

    def environment(self) -> dict[str, str]:
        """The settings of Chapterwatch and of Airflow for this demo."""
        from chapterwatch.launcher import airflow_environment

        return {
            **airflow_environment(self.home / "airflow"),
            "CHAPTERWATCH_HOME": str(self.home),
            "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
            "CHAPTERWATCH_DATABASE": f"sqlite:///{self.home / 'archive.sqlite'}",
            "CHAPTERWATCH_MAIL": f"maildir:{self.mail}",
            "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
        }


@dataclass(frozen=True)
class Stage:
    """The demo's network in play: a running platform, Airflow with its DAGs, and a clock both go by."""

    demo: Demo
    platform: RunningServer
    dags: Mapping[str, Any]

    def night(self, instant: datetime) -> None:
        """Run the nightly DAG and the audit that follows it, as if it were `instant`."""
        self.at(instant)
        self.run("collect_posts", instant)
        self.run("audit_chapters", instant)

    def at(self, instant: datetime) -> None:
        """Set the clock of the platform and of Chapterwatch."""
        self.platform.set_clock(instant)
        os.environ["CHAPTERWATCH_NOW"] = instant.isoformat()

    def run(self, dag_id: str, logical_date: datetime, conf: dict[str, Any] | None = None) -> str:
        """Run one DAG through Airflow to its end; returns its state. What Airflow prints goes into the log."""
        with _output_to(self.demo.log):
            state = self.dags[dag_id].test(logical_date=logical_date, run_conf=conf).state
        return str(state.value)


@contextmanager
def staged(demo: Demo) -> Iterator[Stage]:
    """Set the stage: environment, platform, exports, Airflow's database, pools and DAGs. Sets `os.environ`."""
    demo.home.mkdir(parents=True, exist_ok=True)
    os.environ.update(demo.environment())
    from sample import exports, server

    platform = server.start(now=NIGHTS[0])
    try:
        os.environ.update(connections(platform.url))
        exports.write_exports(demo.home / "inbox", NIGHTS[0])
        with _output_to(demo.log):
            dags = _load_dags()
        yield Stage(demo, platform, dags)
    finally:
        platform.stop()


def connections(url: str) -> dict[str, str]:
    """The sample's connections as Airflow takes them from the environment: `AIRFLOW_CONN_<ID>`."""
    from chapterwatch import strictyaml

    parsed = strictyaml.load(ROOT / "sample" / "connections.yml").data["connections"]
    made = {}
    for name, data in parsed.items():
        extra = {**data.get("secrets", {}), **data.get("options", {}), "base_url": url}
        made[f"AIRFLOW_CONN_{name.upper()}"] = json.dumps({"conn_type": data["platform"], "extra": extra})
    return made


def _load_dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from chapterwatch.launcher import pools

    initdb()
    for name, pool in pools().items():
        Pool.create_or_update_pool(name, **pool)
    bag = BundleDagBag(ROOT / "dags", bundle_path=ROOT / "dags", bundle_name="dags-folder")
    if bag.import_errors:
        raise RuntimeError(f"DAGs with errors: {bag.import_errors}")
    return dict(bag.dags)


def main() -> None:
    """Run the demo in `.demo` of the checkout (or the folder given) and say where everything is."""
    parser = argparse.ArgumentParser(prog="python -m sample.demo", description="Four nights and a month end, invented.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".demo", help="where all of it goes: .demo")
    demo = Demo(parser.parse_args().folder.absolute())
    out.print("[bold]Chapterwatch demo[/bold]: eight invented chapters, four nights and one month end, run by Airflow")
    with ExitStack() as stack:
        with _step("Airflow: create its database and read the DAGs"):
            stage = stack.enter_context(staged(demo))
        for night in NIGHTS:
            _run_night(stage, night)
        stage.at(MONTH_END)
        with _step(f"publish_reports for {MONTH}: write the PDFs, mail the leadership"):
            _succeed(stage.run("publish_reports", MONTH_END))
    _summary(demo)


def _run_night(stage: Stage, night: datetime) -> None:
    day = (night - timedelta(days=1)).date()
    if _collected(stage.demo, day):
        out.print(f"  [dim]kept[/dim] the night of {day}: every account was asked before")
        return
    stage.at(night)
    with _step(f"collect_posts for {day}: ask every account"):
        _succeed(stage.run("collect_posts", night))
    with _step(f"audit_chapters after {day}: judge what changed"):
        _succeed(stage.run("audit_chapters", night))


def _collected(demo: Demo, day: date) -> bool:
    from chapterwatch import pipeline

    with _output_to(demo.log):
        workplace = _workplace()
        counts = pipeline.night_counts(workplace, day)
    asked = sum(int(counts[state]) for state in ("seen", "partial", "unknown"))
    return asked == len(workplace.registry.accounts)


def _succeed(state: str) -> None:
    if state != "success":
        raise RuntimeError(f"the run ended {state}; Airflow's log says why")


@contextmanager
def _step(what: str) -> Iterator[None]:
    """Say what is going on, and how long it took."""
    started = monotonic()
    with out.status(what) if out.is_terminal else _quiet():
        yield
    out.print(f"  [green]done[/green] {what}  [dim]{monotonic() - started:.0f} s[/dim]")


@contextmanager
def _quiet() -> Iterator[None]:
    yield


@contextmanager
def _output_to(path: Path) -> Iterator[None]:
    """Send both output streams of this process and its children to a file."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with path.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])


def _workplace() -> Workplace:
    from chapterwatch import pipeline, settings

    chosen = settings.from_environment()
    return pipeline.Workplace(chosen, chosen.connection)


def _summary(demo: Demo) -> None:
    from chapterwatch import pipeline

    with _output_to(demo.log):
        workplace = _workplace()
        overview = pipeline.month_overview(workplace, MONTH)
        findings = demo.home / "findings.csv"
        pipeline.findings_frame(workplace, (), MONTH).to_csv(findings, index=False)
    _print_reports(overview)
    mails = len(list((demo.mail / "new").glob("*")))
    places = {
        "Reports": workplace.settings.files.where(f"reports/{MONTH}"),
        "Mails": f"{demo.mail}  ({mails} in this maildir)",
        "Findings": f"{findings}",
        "Archive": f"{demo.home / 'archive.sqlite'}",
        "Airflow": f"{demo.log}  (its log of this demo; its UI: make up)",
    }
    out.print()
    for name, place in places.items():
        out.print(f"[bold]{name:<9}[/bold] {place}")


def _print_reports(rows: Sequence[Any]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for heading in COLUMNS:
        table.add_column(heading, justify="left" if heading in {"chapter", "accounts seen"} else "right")
    for row in rows:
        table.add_row(
            row.chapter,
            str(row.new),
            str(row.still_open),
            str(row.fixed),
            str(row.credits),
            row.seen,
        )
    out.print()
    out.print(table)


if __name__ == "__main__":
    main()
