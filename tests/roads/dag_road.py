"""Run by test_roads.py in a process of its own: Airflow reads its environment once per process.

The DAG road over the sample network: four nights, the month end, the month end again, audits on request. Prints what
came of it as JSON on the last line.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from chapterwatch import pipeline, settings
from chapterwatch.model import Lane
from sample.demo import MONTH, MONTH_END, NIGHTS, Demo, Stage, staged


def main() -> None:
    """Walk the road in the folder given."""
    demo = Demo(Path(sys.argv[1]))
    with staged(demo) as stage:
        for night in NIGHTS:
            stage.night(night)
        chosen = settings.from_environment()
        workplace = pipeline.Workplace(chosen, chosen.connection)
        stage.at(MONTH_END)
        told = {"month_end": stage.run("publish_reports", MONTH_END), "mails": mails(demo)}
        told["month_end_again"] = stage.run("publish_reports", MONTH_END.replace(hour=7))
        told["mails_again"] = mails(demo)
        pipeline.findings_frame(workplace, (), MONTH).to_csv(demo.home / "findings.csv", index=False)
        wish = {"chapters": ["ala-lakeside"], "since": "2026-10-05", "until": "2026-10-25", "reason": "a question"}
        told["adhoc"] = stage.run("adhoc_audit", MONTH_END.replace(hour=8), wish)
        told["adhoc_fresh"] = stage.run("adhoc_audit", MONTH_END.replace(hour=9), {**wish, "refresh": True})
        told["adhoc_of_strangers"] = stage.run(
            "adhoc_audit", MONTH_END.replace(hour=10), {**wish, "others": ["stranger@elsewhere.example"]}
        )
        told["replies"] = reply(stage, workplace)
        told["night_again"] = stage.run("collect_posts", NIGHTS[-1].replace(minute=20))
        told["captures"] = workplace.archive.head_digest()[0]
        told["verified"] = stage.run("verify_archive", MONTH_END.replace(hour=14))
        told["health"] = stage.run("tell_health", MONTH_END.replace(hour=15))
        told["schedules"] = {name: repr(dag.timetable) for name, dag in stage.dags.items()}
        told["first_runs"] = {name: first_run(dag) for name, dag in stage.dags.items() if "Cron" in repr(dag.timetable)}
    sys.stdout.write(json.dumps(told) + "\n")


def first_run(dag: Any) -> str:
    """Whether a DAG that is installed two minutes after its clock ticked runs first for a tick "ahead" or "past"."""
    # Late, for Airflow reads its environment where it is first imported.
    import pendulum  # noqa: PLC0415
    from airflow.serialization.serialized_objects import DagSerialization  # noqa: PLC0415
    from airflow.timetables import trigger  # noqa: PLC0415

    stored = DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag))))
    installed = stored.timetable._align_to_prev(pendulum.instance(MONTH_END)) + timedelta(minutes=2)
    clock, trigger.utcnow = trigger.utcnow, lambda: installed
    try:
        first = stored.next_dagrun_info(last_automated_run_info=None)
    finally:
        trigger.utcnow = clock
    return "ahead" if first.run_after > installed else "past"


def reply(stage: Stage, workplace: pipeline.Workplace) -> dict[str, Any]:
    """Lakeside appeals twice in the same words; then somebody who is nobody of the chapter tries."""
    key = min(item.key for item in workplace.archive.findings(chapter="ala-lakeside") if item.lane is not Lane.CREDIT)
    form = {"finding": key[:12], "kind": "appeal", "text": "It is a quotation.", "role": "president"}
    hours = (11, 12, 13)
    forms = (form, form, {**form, "role": "gardener"})
    states = [
        stage.run("answer_finding", MONTH_END.replace(hour=hour), one) for hour, one in zip(hours, forms, strict=True)
    ]
    kept = [[one.kind, one.text, one.author_role, one.source] for one in workplace.archive.replies([key])[key]]
    return {"states": states, "kept": kept}


def mails(demo: Demo) -> int:
    """How many mails have been delivered."""
    return len(list((demo.mail / "new").glob("*")))


if __name__ == "__main__":
    main()
