"""Once a week: read the whole archive again and hash every capture anew.

A changed, removed or inserted byte fails the run; the log names the first entry of each account that does not fit. It
changes nothing and asks no platform.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from chapterwatch import airflow_glue as glue


@dag(
    # Sunday, after the night and its audit.
    schedule=CronTriggerTimetable("40 5 * * 0", timezone="UTC", run_immediately=glue.NO_PAST_TICK),
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    tags=["chapterwatch", "upkeep"],
    doc_md=__doc__,
)
def verify_archive() -> None:
    @task(retries=0, execution_timeout=timedelta(hours=3))
    def verify() -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.whole_or_raise(pipeline.verify_archive(glue.workplace()))

    verify()


verify_archive()
