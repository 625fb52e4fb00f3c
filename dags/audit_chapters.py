"""Whenever the archive has changed: judge it against each association's own policy.

One task for everything: judging a night costs less than starting a task per account. It asks no platform, so it can be
repeated at any time, also over all of history after a policy has changed. Then whoever is on duty is told of every
critical finding, once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task

from chapterwatch import airflow_glue as glue


@dag(
    schedule=[glue.ARCHIVE],
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    tags=["chapterwatch"],
    doc_md=__doc__,
)
def audit_chapters() -> None:
    @task(outlets=[glue.FINDINGS], execution_timeout=timedelta(hours=2))
    def audit(outlet_events: Any = None) -> dict[str, Any]:
        from chapterwatch import pipeline

        counts = pipeline.audit_all(glue.workplace(), get_current_context()["dag_run"].run_id)
        outlet_events[glue.FINDINGS].extra = counts
        return counts

    @task(retries=6, retry_delay=timedelta(minutes=5))
    def alert_duty() -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.deferred_or_counts(pipeline.alert_duty(glue.workplace()))

    audit() >> alert_duty()


audit_chapters()
