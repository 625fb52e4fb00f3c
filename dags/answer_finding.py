"""A chapter's reply to one finding: an answer, an appeal, or the word that it has been fixed.

The reply is printed beside the finding in the chapter's next report, with what became of it. It speaks for an office of
the chapter; nobody is named. Staff use this form for replies that come by telephone or in a plain mail; a form that was
filled in and mailed back is read with `chapterwatch reply import`. Giving the same reply twice keeps it once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

from chapterwatch import airflow_glue as glue
from chapterwatch import replies

ROLES = glue.role_choices()


@dag(
    schedule=None,
    catchup=False,
    default_args=glue.DEFAULT_ARGS | {"retries": 0},
    params={
        "finding": Param(
            type="string",
            pattern=r"^\s*[0-9a-fA-F]{12,16}\s*$",
            title="Finding",
            description="Its key, as the report and the form of reply print it.",
        ),
        "kind": Param(
            "answer",
            type="string",
            enum=list(replies.KINDS),
            values_display={"answer": "an answer", "appeal": "an appeal: the finding is wrong", "fixed": "it is fixed"},
            title="What it is",
        ),
        "text": Param(
            "",
            type=["null", "string"],
            format="multiline",
            maxLength=replies.TEXT_LIMIT,
            title="Text",
            description="The chapter's own words; they are printed. Name nobody. What is fixed needs no words.",
        ),
        "role": Param(
            type="string",
            minLength=1,
            examples=ROLES,
            title="Office",
            description="The office of the chapter that replies, as the registry writes it.",
        ),
        "on": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Given on",
            description="The day on which it was said or written; today where it is left empty.",
        ),
    },
    tags=["chapterwatch", "on request"],
    doc_md=__doc__,
)
def answer_finding() -> None:
    @task(execution_timeout=timedelta(minutes=5))
    def keep_reply(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from chapterwatch import pipeline

        return pipeline.give_reply(glue.workplace(), params or {}, glue.asked_by(get_current_context()))

    keep_reply()


answer_finding()
