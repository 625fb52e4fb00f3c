"""What Chapterwatch adds to Airflow's UI. Airflow imports it in every component, so it imports nothing heavy."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin


class ChapterwatchPlugin(AirflowPlugin):
    """Found by Airflow through the entry point `airflow.plugins`."""

    name = "chapterwatch"
