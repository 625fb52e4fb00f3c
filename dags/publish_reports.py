"""On the second of each month: write the reports of the month before and mail each to its chapter's leadership.

On the second, because a month ends at UTC-12 when the first is half over, and its last night is read after that. The
month is the run's own partition, never "now". Running a month again mails nobody twice: the delivery ledger holds a
row per report and recipient. Then a random sample is drawn from the posts nothing was found in, for people to read:
only that tells what the rules miss. Facts that changed since a report was issued need a reason: `reason` in the run's
configuration makes them the next revision.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronPartitionTimetable, Param, dag, get_current_context, task

from chapterwatch import airflow_glue as glue


@dag(
    schedule=CronPartitionTimetable("0 6 2 * *", timezone="UTC", run_offset=-1, key_format="%Y-%m"),
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    params={
        "reason": Param(
            None,
            type=["null", "string"],
            maxLength=200,
            title="Reason for a re-issue",
            description="Only when facts changed since the report was issued: it is printed as «revision 2 (reason)».",
        ),
    },
    tags=["chapterwatch", "monthly"],
    doc_md=__doc__,
)
def publish_reports() -> None:
    @task(execution_timeout=timedelta(hours=3))
    def publish(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from chapterwatch import pipeline

        reason = (params or {}).get("reason")
        return pipeline.publish_month(glue.workplace(), glue.month(get_current_context()), reason=reason)

    @task(retries=6, retry_delay=timedelta(minutes=5))
    def deliver() -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.deferred_or_counts(pipeline.deliver_month(glue.workplace(), glue.month(get_current_context())))

    @task
    def draw_samples() -> dict[str, Any]:
        from chapterwatch import pipeline

        return pipeline.draw_samples(glue.workplace(), glue.month(get_current_context()))

    publish() >> [deliver(), draw_samples()]


publish_reports()
