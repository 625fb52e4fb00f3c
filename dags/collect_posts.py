"""Every night: capture posts and profiles from the official accounts.

One group per platform, accounts in batches of 40 per mapped task, one pool per platform. A platform's window limit
reschedules the batch to the reset, for less than three hours in all: a later reset is left to the next night. Every
other failure of an account is a row in its coverage and stops nobody else. A run for a night can be repeated: what it
has already seen is not asked again.

Last, owners and deputies are warned of access that is about to end; each warning is mailed once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task, task_group

from chapterwatch import airflow_glue as glue


@dag(
    # Not partitioned: the asset events of a partitioned run start only partitioned runs, and an audit has no partition.
    schedule=CronTriggerTimetable("15 2 * * *", timezone="UTC", run_immediately=glue.NO_PAST_TICK),
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    tags=["chapterwatch", "nightly"],
    doc_md=__doc__,
)
def collect_posts() -> None:
    @task
    def plan(platform: str) -> list[dict[str, Any]]:
        return glue.batches(glue.accounts_on(platform))

    @task(
        map_index_template="{{ label }}",
        retry_policy=glue.WaitForReset(),
        retries=6,
        execution_timeout=timedelta(hours=1),
    )
    def collect(batch: dict[str, Any]) -> dict[str, Any]:
        from chapterwatch import pipeline

        context = get_current_context()
        context["label"] = batch["label"]
        return glue.waiting_or_counts(pipeline.collect_night(glue.workplace(), glue.night(context), batch["keys"]))

    @task(outlets=[glue.ARCHIVE], trigger_rule="all_done")
    def tell_archive(outlet_events: Any = None) -> dict[str, Any]:
        from chapterwatch import pipeline

        counts = pipeline.night_counts(glue.workplace(), glue.night(get_current_context()))
        outlet_events[glue.ARCHIVE].extra = counts
        return counts

    @task(trigger_rule="all_done", execution_timeout=timedelta(hours=1))
    def warn_of_access() -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.deferred_or_counts(pipeline.warn_of_access(glue.workplace()))

    @task(trigger_rule="one_failed", retries=0)
    def some_batch_failed() -> None:
        raise RuntimeError("a batch could not be collected; its accounts are shown as not seen")

    collected = []
    for platform in glue.platforms():

        @task_group(group_id=platform)
        def ask(platform: str = platform) -> Any:
            return collect.override(pool=glue.pool_of(platform)).expand(batch=plan(platform))

        collected.append(ask())
    collected >> tell_archive()
    collected >> warn_of_access()
    collected >> some_batch_failed()


collect_posts()
