"""The demo: four nights and one month end over the sample network, run by Airflow itself.

A loopback server answers in the shapes of X and of the Graph API; the production DAGs and connectors ask it through
their connections' `base_url`. Reports are mailed into a local maildir. Nothing leaves the machine. Running it again
collects nothing twice and mails nobody twice.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

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

#: Its own copy of standard output: the other one is sent to the log while Airflow runs.
out = Console(file=os.fdopen(os.dup(1), "w"), highlight=False, soft_wrap=True)


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


def main() -> None:
    """Run the demo in `.demo` of the checkout (or the folder given) and say where everything is."""
    demo = Demo(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".demo").absolute())
    demo.home.mkdir(parents=True, exist_ok=True)
    out.print("[bold]Chapterwatch demo[/bold]: eight invented chapters, four nights and one month end, run by Airflow")
    _set_environment(demo)
    from sample import exports, server

    running = server.start(now=NIGHTS[0])
    try:
        _set_connections(running.url)
        exports.write_exports(demo.home / "inbox", NIGHTS[0])
        with _step("Airflow: create its database and read the DAGs", demo):
            dags = _load_dags()
        for night in NIGHTS:
            _run_night(demo, dags, running, night)
        _run_month(demo, dags)
    finally:
        running.stop()
    _summary(demo)


def _set_environment(demo: Demo) -> None:
    from chapterwatch.launcher import airflow_environment

    os.environ.update(airflow_environment(demo.home / "airflow"))
    os.environ.update(
        {
            "CHAPTERWATCH_HOME": str(demo.home),
            "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
            "CHAPTERWATCH_DATABASE": f"sqlite:///{demo.home / 'archive.sqlite'}",
            "CHAPTERWATCH_MAIL": f"maildir:{demo.mail}",
            "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
        }
    )


def _set_connections(url: str) -> None:
    """Hand the sample's connections to Airflow as it takes them from the environment: AIRFLOW_CONN_<ID>."""
    from chapterwatch import strictyaml

    parsed = strictyaml.load(ROOT / "sample" / "connections.yml").data["connections"]
    for name, data in parsed.items():
        extra = {**data.get("secrets", {}), **data.get("options", {}), "base_url": url}
        os.environ[f"AIRFLOW_CONN_{name.upper()}"] = json.dumps({"conn_type": data["platform"], "extra": extra})


def _load_dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from chapterwatch import airflow_glue as glue

    initdb()
    for platform in glue.platforms():
        Pool.create_or_update_pool(glue.pool_of(platform), 2, f"tasks asking {platform}", include_deferred=False)
    bag = BundleDagBag(ROOT / "dags", bundle_path=ROOT / "dags", bundle_name="dags-folder")
    if bag.import_errors:
        raise RuntimeError(f"DAGs with errors: {bag.import_errors}")
    return dict(bag.dags)


def _run_night(demo: Demo, dags: dict[str, Any], running: Any, night: datetime) -> None:
    running.set_clock(night)
    os.environ["CHAPTERWATCH_NOW"] = night.isoformat()
    day = (night - timedelta(days=1)).date()
    with _step(f"collect_posts for {day}: ask every account", demo):
        _test(dags["collect_posts"], night)
    with _step(f"audit_chapters after {day}: judge what changed", demo):
        _test(dags["audit_chapters"], night)


def _run_month(demo: Demo, dags: dict[str, Any]) -> None:
    os.environ["CHAPTERWATCH_NOW"] = MONTH_END.isoformat()
    with _step(f"publish_reports for {MONTH}: write the PDFs, mail the leadership", demo):
        _test(dags["publish_reports"], MONTH_END)


def _test(dag: Any, logical_date: datetime) -> None:
    run = dag.test(logical_date=logical_date)
    if run.state != "success":
        raise RuntimeError(f"{dag.dag_id} ended {run.state}")


@contextmanager
def _step(what: str, demo: Demo) -> Iterator[None]:
    """Say what is going on while everything Airflow prints goes into the log."""
    started = datetime.now(UTC)
    with out.status(what) if out.is_terminal else _quiet(), _output_to(demo.log):
        yield
    seconds = (datetime.now(UTC) - started).total_seconds()
    out.print(f"  [green]done[/green] {what}  [dim]{seconds:.0f} s[/dim]")


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


def _summary(demo: Demo) -> None:
    from chapterwatch import pipeline, settings

    chosen = settings.from_environment()
    workplace = pipeline.Workplace(chosen, chosen.connection)
    _print_reports(demo, pipeline.month_overview(workplace, MONTH))
    findings = demo.home / "findings.csv"
    pipeline.findings_frame(workplace, (), MONTH).to_csv(findings, index=False)
    out.print(f"\n[bold]Reports[/bold]   {chosen.reports / MONTH}")
    out.print(f"[bold]Mails[/bold]     {demo.mail}  ({len(list((demo.mail / 'new').glob('*')))} in this maildir)")
    out.print(f"[bold]Findings[/bold]  {findings}")
    out.print(f"[bold]Archive[/bold]   {demo.home / 'archive.sqlite'}")
    out.print(f"[bold]Airflow[/bold]   its log of this demo: {demo.log}; its UI: make up")


def _print_reports(demo: Demo, rows: Sequence[Any]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for heading in ("chapter", "new", "open", "fixed", "credit", "accounts seen", "report"):
        table.add_column(heading, justify="left" if heading in {"chapter", "accounts seen", "report"} else "right")
    for row in rows:
        table.add_row(
            row.chapter,
            str(row.new),
            str(row.still_open),
            str(row.fixed),
            str(row.credits),
            row.seen,
            str(Path(row.pdf).relative_to(demo.home.parent)) if row.pdf else "",
        )
    out.print()
    out.print(table)


if __name__ == "__main__":
    main()
