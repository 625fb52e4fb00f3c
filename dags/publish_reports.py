"""On the second of each month: write the reports of the month before and mail each to its chapter's leadership.

On the second, because a month ends at UTC-12 when the first is half over, and its last night is read after that. The
month is the run's own partition, never "now": whoever starts it by hand gives the month as *Partition Key*, such as
2026-10; left empty it is the month before. Facts that changed since a report was issued need a reason: `reason` in
the run's configuration makes them the next revision.

Unless an association switched it off, its batch waits under "Required Actions" for somebody to say send, send redacted,
or hold; headquarters is mailed that it waits, and no answer means hold. Running a month again mails nobody twice: the
delivery ledger holds a row per report and recipient. Beside that a random sample is drawn from the posts nothing was
found in, for people to read: only that tells what the rules miss.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import CronPartitionTimetable, Param, dag, get_current_context, task

from chapterwatch import airflow_glue as glue

#: How long a month's reports wait for somebody to release them; then they are held.
PATIENCE = timedelta(days=7)


@dag(
    schedule=CronPartitionTimetable(
        "0 6 2 * *", timezone="UTC", run_offset=-1, key_format="%Y-%m", run_immediately=glue.NO_PAST_TICK
    ),
    catchup=False,
    max_active_runs=1,
    default_args=glue.DEFAULT_ARGS,
    params={
        "reason": Param(
            None,
            type=["null", "string"],
            maxLength=200,
            title="Reason for a re-issue",
            description="Only when facts changed since the report was issued: it is printed as «revision 2 (reason)». "
            "The month is the Partition Key (2026-10); empty: the month before.",
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
    def deliver_unasked() -> dict[str, Any]:
        from chapterwatch.pipeline import signoff

        return glue.deferred_or_counts(signoff.release_unasked(glue.workplace(), glue.month(get_current_context())))

    @task
    def what_waits() -> list[dict[str, str]]:
        from chapterwatch.pipeline import signoff

        return signoff.batches(glue.workplace(), glue.month(get_current_context()))

    @task(retries=6, retry_delay=timedelta(minutes=5))
    def tell_headquarters() -> dict[str, Any]:
        from chapterwatch.pipeline import signoff

        context = get_current_context()
        counts = signoff.tell_waiting(glue.workplace(), glue.month(context), glue.started(context) + PATIENCE)
        return glue.deferred_or_counts(counts)

    @task(retries=6, retry_delay=timedelta(minutes=5), trigger_rule="all_done", map_index_template="{{ label }}")
    def deliver_signed(batch: dict[str, str]) -> dict[str, Any]:
        from chapterwatch.pipeline import signoff

        context = get_current_context()
        context["label"] = batch["association"]
        # Asked for by the index both are mapped by: a question that failed leaves no answer, and in a list of the
        # answers the next association's would stand in its place.
        answer = context["ti"].xcom_pull(task_ids="sign_off", map_indexes=context["ti"].map_index)
        said = glue.answer_of(answer)
        counts = signoff.release(glue.workplace(), glue.month(context), batch["association"], *said)
        return glue.deferred_or_counts(glue.heard_or_raise(answer, counts))

    @task
    def draw_samples() -> dict[str, Any]:
        from chapterwatch import pipeline

        return pipeline.draw_samples(glue.workplace(), glue.month(get_current_context()))

    waiting = what_waits()
    # ApprovalOperator knows two answers, and its "no" skips what follows for every association.
    sign_off = HITLOperator.partial(
        task_id="sign_off",
        options=["Send", "Send redacted", "Hold"],
        defaults="Hold",
        response_timeout=PATIENCE,
        assigned_users=glue.publishers(),
        params={
            "note": Param(
                None, type=["null", "string"], maxLength=300, title="Note", description="Kept in the log of acts."
            ),
        },
        map_index_template="{{ task.subject }}",
    ).expand_kwargs(waiting.map(_form))
    publish() >> [deliver_unasked(), draw_samples(), tell_headquarters(), waiting]
    sign_off >> deliver_signed.expand(batch=waiting)


def _form(batch: dict[str, str]) -> dict[str, str]:
    return {"subject": batch["subject"], "body": batch["body"]}


publish_reports()
