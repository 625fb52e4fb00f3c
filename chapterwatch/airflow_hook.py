"""The hook behind every platform's connection type: its only errand is the form's Test button.

Tasks take their connections through `chapterwatch.airflow_glue.connection`; this asks the platform once whether it lets
us in, as `chapterwatch check-connectors` does for every account.
"""

from __future__ import annotations

from airflow.sdk import BaseHook

from chapterwatch.airflow_glue import connection, workplace
from chapterwatch.errors import UserError
from connectors import open_connector, probe


class PlatformHook(BaseHook):
    """Tests a connection with the first account of its platform in the registry."""

    hook_name = "Chapterwatch"
    conn_name_attr = "conn_id"

    def __init__(self, conn_id: str = "") -> None:
        super().__init__()
        self.conn_id = conn_id

    def test_connection(self) -> tuple[bool, str]:
        """Whether the platform answers, and one sentence about it; no token is ever in it."""
        try:
            found = connection(self.conn_id)
            if found is None:
                return False, f"there is no connection {self.conn_id}"
            account = next((one for one in workplace().registry.accounts if one.platform == found.platform), None)
            if account is None:
                return False, f"the registry has no account of {found.platform} to ask about; add one first"
            answer = probe(open_connector(found), account)
        except UserError as error:
            return False, str(error)
        return answer.reachable, answer.note or f"{account.key} can be read"
