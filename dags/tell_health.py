"""Every hour: say how everything stands, as metrics. It mends nothing, mails nobody and asks no platform.

Without `[metrics]` in Airflow's settings nobody listens and there is nothing to do. The same for people:
`chapterwatch health`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from chapterwatch import airflow_glue as glue


@dag(
    schedule=CronTriggerTimetable("5 * * * *", timezone="UTC", run_immediately=glue.NO_PAST_TICK),
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    tags=["chapterwatch", "upkeep"],
    doc_md=__doc__,
)
def tell_health() -> None:
    @task(retries=0, execution_timeout=timedelta(minutes=10))
    def tell() -> dict[str, Any]:
        from chapterwatch import pipeline

        checks = pipeline.check_health(glue.workplace())
        return {check.id: check.ok for check in checks}

    tell()


tell_health()
