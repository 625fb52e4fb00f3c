"""The trial: four nights and a month, two workers, one killed while it collects and one while it mails."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from production import house as houses
from production import reference
from production.house import House
from production.network import Platform, platform
from production.post import Letterbox, mail_server
from production.servers import came_to_hold, postgres, redis
from sample import exports
from sample.demo import MONTH, MONTH_END, NIGHTS

#: Of the reports' mails, the one whose sender is killed; some have left before it, some have not.
CUT_MAIL = 4
#: What is let pass of X before the worker is killed: two accounts and the beginning of a third.
CUT_REQUESTS = 8
#: Seconds the network and the mail server keep somebody waiting at most: after 30 our clients would give up on them.
MOMENT = 15.0
STARTED = monotonic()


@dataclass
class Told:
    """What came of the trial."""

    house: House
    box: Letterbox
    #: The month's findings as CSV by both roads, and the archive of the command line's.
    reference: str
    findings: str
    reference_home: Path
    #: Run ids by DAG.
    runs: dict[str, list[str]] = field(default_factory=dict)
    #: Tasks whose worker was killed: DAG, run, task, map index.
    killed: list[tuple[str, str, str, int]] = field(default_factory=list)
    #: To whom the mail went whose sender was killed.
    cut_recipient: str = ""
    #: What `chapterwatch deliver` said of the month afterwards, and `delivery list --state unknown`.
    delivered_again: str = ""
    listed_unknown: str = ""
    #: Messages the mail server had before the month was delivered once more.
    taken_before: int = 0


def say(line: str) -> None:
    """A line for whoever waits."""
    sys.stdout.write(f"production {monotonic() - STARTED:5.0f} s  {line}\n")
    sys.stdout.flush()


def run(prefix: Path, place: Path, stack: ExitStack) -> Told:
    """Walk both roads. Servers and processes live until `stack` is closed."""
    logs = place / "production" / "processes"
    logs.mkdir(parents=True)
    aside = stack.enter_context(ThreadPoolExecutor(1))
    by_hand = aside.submit(reference.walk, prefix, place / "reference")
    network = stack.enter_context(platform(NIGHTS[0]))
    box = stack.enter_context(mail_server())
    say("starting PostgreSQL and Redis")
    databases, broker = stack.enter_context(postgres(logs)), stack.enter_context(redis(place, logs))
    settings = houses.settings(place / "production", databases, broker, box.port, network.url)
    house = House(prefix, place / "production", settings)
    stack.callback(house.end)
    exports.write_exports(house.data / "inbox", NIGHTS[0])
    told = Told(house, box, "", "", place / "reference")
    open_up(house)
    for night in NIGHTS:
        walk_night(told, network, night)
    walk_month(told)
    told.findings = house.once("chapterwatch", "findings", "--month", MONTH, "--format", "csv", now=MONTH_END).stdout
    say("waiting for the command line's road")
    told.reference = by_hand.result()
    return told


def open_up(house: House) -> None:
    """Start everything but the workers, as production does: the API first, for tasks report to it."""
    say("preparing databases, roles and pools")
    done = house.once("init")
    assert 0 == done.returncode, done.stdout[-3000:] + done.stderr[-3000:]
    say("starting api-server, dag-processor and scheduler")
    house.start("api-server", "api-server")
    house.start("dag-processor", "dag-processor")
    house.wait_healthy("api-server", "api-server")
    house.log_in()
    house.start("scheduler", "scheduler")
    house.wait_healthy("scheduler", "scheduler")
    house.wait_healthy("dag-processor", "dag-processor")
    wanted = {"collect_posts", "audit_chapters", "publish_reports"}
    house.wait_for("the DAGs", lambda: wanted <= {dag["dag_id"] for dag in house.ask("GET", "dags")["dags"]})


def staff(house: House, now: datetime, *names: str) -> None:
    """Have these workers and no others, their clocks at `now`: tasks wait in the queue until one is up."""
    house.end_children([name for name in house.children if name.startswith("w")])
    for name in names:
        house.start_worker(name, now)


# --- nights ---------------------------------------------------------------------------------------------------------


def walk_night(told: Told, network: Platform, night: datetime) -> None:
    """Collect a night; the audit follows by itself. In the first night a worker is killed while it collects."""
    house = told.house
    network.set_clock(night)
    staff(house, night, "w1", "w2")
    if night == NIGHTS[0]:
        house.wait_healthy("w1", "worker")
        house.wait_healthy("w2", "worker")
    say(f"the night of {night - timedelta(days=1):%Y-%m-%d}")
    audits = len(house.runs("audit_chapters"))
    if night == NIGHTS[0]:
        network.hold("/2/", CUT_REQUESTS)
    run = house.trigger("collect_posts", logical_date=night.isoformat())
    told.runs.setdefault("collect_posts", []).append(run)
    if night == NIGHTS[0]:
        house.wait_for("a batch to be in the middle of X", network.holding.is_set)
        kill_whoever(told, "collect_posts", run, "x.collect")
        network.release()
        house.start_worker("w3", night)
    house.succeed("collect_posts", run)
    house.wait_for("the audit to begin", lambda: len(house.runs("audit_chapters")) > audits)
    audit = str(house.runs("audit_chapters")[-1]["dag_run_id"])
    told.runs.setdefault("audit_chapters", []).append(audit)
    house.succeed("audit_chapters", audit)


def kill_whoever(told: Told, dag: str, run: str, task_id: str) -> None:
    """Kill the worker that runs a task, with everything it has started."""
    house = told.house
    # What a worker has taken from the queue and not begun is missed too, but only after ten minutes.
    came_to_hold(lambda: not of_state(house, dag, run, "queued"), MOMENT)
    [task] = [item for item in of_state(house, dag, run, "running") if item["task_id"] == task_id]
    name = house.worker_of(task["pid"])
    assert name is not None, f"nobody here runs process {task['pid']}"
    # What else it is running goes down with it.
    with_it = [item for item in of_state(house, dag, run, "running") if house.worker_of(item["pid"]) == name]
    house.kill(name)
    told.killed += [(dag, run, item["task_id"], item["map_index"]) for item in with_it]
    say(f"killed {name} in the middle of {', '.join(item['task_id'] for item in with_it)}")


def of_state(house: House, dag: str, run: str, state: str) -> list[dict[str, Any]]:
    """The task instances of a run that stand so."""
    return [item for item in house.tasks(dag, run) if item["state"] == state]


# --- the month ------------------------------------------------------------------------------------------------------


def walk_month(told: Told) -> None:
    """Publish and mail the month; the worker is killed after the mail server took a message and before it said so."""
    house, box = told.house, told.box
    staff(house, MONTH_END, "w1", "w2")
    say(f"the reports of {MONTH}")
    box.fall_silent_after(CUT_MAIL)
    run = house.trigger("publish_reports", partition_key=MONTH)
    told.runs["publish_reports"] = [run]
    house.wait_for("a mail to be on its way", box.silent.is_set)
    told.cut_recipient = box.taken[-1][0]
    kill_whoever(told, "publish_reports", run, "deliver_unasked")
    box.speak_again()
    # An hour on, a claim without a word of its end counts as abandoned.
    staff(house, MONTH_END + timedelta(hours=1), "w2", "w3")
    for dag, _, task_id, _ in told.killed:
        if dag == "publish_reports":
            come_back(house, run, task_id)
    house.succeed("publish_reports", run)
    told.taken_before = len(box.taken)
    later = MONTH_END + timedelta(hours=2)
    told.delivered_again = house.once("chapterwatch", "deliver", MONTH, now=later).stdout.strip()
    told.listed_unknown = house.once("chapterwatch", "delivery", "list", "--state", "unknown", now=later).stdout


def come_back(house: House, run: str, task_id: str) -> None:
    """Wait until Airflow has given up on a task and put it down for another try, and press Clear: no need to wait."""

    def task() -> dict[str, Any]:
        [found] = [item for item in house.tasks("publish_reports", run) if item["task_id"] == task_id]
        return dict(found)

    house.wait_for(f"{task_id} to be missed", lambda: task()["state"] == "up_for_retry")
    say(f"Airflow missed {task_id} and tries it again by itself in minutes; cleared, so that it is now")
    wish = {"dry_run": False, "dag_run_id": run, "task_ids": [task_id], "only_failed": False}
    house.ask("POST", "dags/publish_reports/clearTaskInstances", json=wish)
