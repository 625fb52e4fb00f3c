"""An audit on request: chosen chapters, platforms, dates and pack, now.

It never disturbs the nightly run: it has a run of its own in the archive, judges in memory and writes its report into a
folder of its own, marked as an ad-hoc audit. It is mailed only to people whom the registry already knows, unless an
admin names others. Who asked and why stands in the log of acts; the run's tab "Chapterwatch" leads to the report.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

from chapterwatch import airflow_glue as glue

CHAPTERS = glue.chapter_choices()
PEOPLE = glue.people_choices()
PLATFORMS = list(glue.platforms())


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=2,
    default_args=glue.DEFAULT_ARGS | {"retries": 0},
    params={
        "chapters": Param(
            list(CHAPTERS)[:1] or None,
            type=["null", "array"],
            items={"type": "string", "enum": list(CHAPTERS)} if CHAPTERS else {"type": "string"},
            examples=list(CHAPTERS),
            values_display=CHAPTERS,
            title="Chapters",
            description="None chosen: all of them.",
        ),
        "platforms": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "enum": PLATFORMS},
            examples=PLATFORMS,
            title="Platforms",
            description="None chosen: all of them.",
        ),
        "since": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Posts from",
            description="Default: 30 days back. At most 24 months may be asked for at once, each a report of its own.",
        ),
        "until": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Posts until",
            description="Default: today. Not a day to come.",
        ),
        "pack": Param(
            "own",
            type="string",
            enum=["own", *glue.packs()],
            title="Judge by",
            description="own: each account by its association's own policy.",
        ),
        "refresh": Param(
            False,
            type="boolean",
            title="Ask the platforms first",
            description="Off: judge what the archive already holds.",
        ),
        "recipients": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "enum": list(PEOPLE)} if PEOPLE else {"type": "string", "format": "email"},
            examples=list(PEOPLE),
            values_display=PEOPLE,
            title="Mail the report to",
            description="People of the registry. None chosen: nobody is mailed.",
        ),
        "others": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "format": "email"},
            title="And to other addresses",
            description="One a line. Only for those whom the registry lists as staff with the role admin.",
        ),
        "reason": Param(
            type="string",
            minLength=5,
            maxLength=300,
            title="Reason",
            description="Why this audit is made. It is kept in the log of acts; it is not printed in the report.",
        ),
    },
    tags=["chapterwatch", "on request"],
    doc_md=__doc__,
)
def adhoc_audit() -> None:
    @task
    def check_request(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from chapterwatch import pipeline

        context = get_current_context()
        run_id = context["dag_run"].run_id
        return pipeline.adhoc_request(glue.workplace(), params or {}, run_id, glue.asked_by(context)).as_record()

    @task(execution_timeout=timedelta(hours=1), retry_policy=glue.WaitForReset(), retries=4)
    def refresh(request: dict[str, Any]) -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.waiting_or_counts(
            pipeline.adhoc_collect(glue.workplace(), pipeline.AdhocRequest.from_record(request))
        )

    # Nothing else sends these mails later: what the mail server could not take is tried again here.
    @task(
        execution_timeout=timedelta(hours=1),
        trigger_rule="none_failed",
        retry_policy=glue.WaitForReset(),
        retries=6,
        retry_delay=timedelta(minutes=5),
    )
    def audit_and_report(request: dict[str, Any]) -> dict[str, Any]:
        from chapterwatch import pipeline

        return glue.deferred_or_counts(
            pipeline.adhoc_report(glue.workplace(), pipeline.AdhocRequest.from_record(request))
        )

    request = check_request()
    refresh(request) >> audit_and_report(request)


adhoc_audit()
