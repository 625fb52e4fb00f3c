"""Run by test_sign_off.py in a process of its own: Airflow reads its environment once per process.

A month end of two associations. The sign-off of the first is marked failed, the second is answered "Send", both as
Airflow's UI does it. Prints what came of it as JSON on the last line.
"""

# ruff: noqa: PLC0415 - Airflow reads its environment when it is imported

import json
import os
import sys
import threading
from pathlib import Path
from time import sleep

from chapterwatch import pipeline, settings
from sample.demo import MONTH, MONTH_END, Demo, staged

#: May release a month by the sample's registry, with which the DAGs are read.
ANSWERED_BY = "admin"
ASSOCIATION = """
  - id: {pack}
    name: {name}
    pack: {pack}
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq-{pack}.example]
    chapters:
      - id: {pack}-only
        name: Only Chapter
        country: US
        people:
          - {{name: Harriet Vossler, email: president@{pack}.example, role: president, leadership: true}}
        accounts:
          - {{platform: x, native_id: "{number}", handle: {pack}_only, space: official, access: public_api,
             connection: x_demo, owner: president@{pack}.example}}
"""


def main() -> None:
    """Walk the road in the folder given."""
    demo = Demo(Path(sys.argv[1]))
    with staged(demo) as stage:
        registry = demo.home / "chapters.yml"
        both = (("ala", "Association of Legal Administrators", 2001), ("lll", "La Leche League", 2002))
        parts = (ASSOCIATION.format(pack=pack, name=name, number=number) for pack, name, number in both)
        registry.write_text("associations:" + "".join(parts), encoding="utf-8")
        os.environ["CHAPTERWATCH_REGISTRY"] = str(registry)
        stage.at(MONTH_END)
        # Where answering fails the run would wait for ever.
        threading.excepthook = lambda _: os._exit(1)
        threading.Thread(target=answer, daemon=True).start()
        told = {"state": stage.run("publish_reports", MONTH_END)}
        chosen = settings.from_environment()
        archive = pipeline.Workplace(chosen, chosen.connection).archive
        told["acts"] = [[act.subject, act.detail, act.author] for act in archive.acts.page(kind="sign_off")]
        rows = archive.deliveries(period=MONTH)
        told["mailed"] = [row.chapter for row in rows if not row.chapter.startswith("sign_off:")]
    sys.stdout.write(json.dumps(told) + "\n")


def answer() -> None:
    """Wait for both questions; the first one fails, the second one is answered."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy import select

    while True:
        with create_session() as session:
            query = select(TaskInstance).where(TaskInstance.task_id == "sign_off").order_by(TaskInstance.map_index)
            asked = [one for one in session.scalars(query) if one.state == TaskInstanceState.AWAITING_INPUT]
            if len(asked) == 2:
                first, second = asked
                payload = UpdateHITLDetailPayload(chosen_options=["Send"], params_input={"note": "read"})
                place = (second.dag_id, second.run_id, second.task_id)
                user = SimpleAuthManagerUser(username=ANSWERED_BY, role="admin")
                update_hitl_detail(*place, payload, user, session, map_index=second.map_index)
                first.state = TaskInstanceState.FAILED
                return
        sleep(0.5)


if __name__ == "__main__":
    main()
