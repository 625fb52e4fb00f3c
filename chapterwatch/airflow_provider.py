"""What Chapterwatch tells Airflow as a provider: the connection types of its platforms and their fields."""

from __future__ import annotations

from typing import Any

from chapterwatch import __version__


def get_provider_info() -> dict[str, Any]:
    """What Airflow asks of a provider (entry point `apache_airflow_provider`)."""
    return {
        "package-name": "chapterwatch",
        "name": "Chapterwatch",
        "description": "Audits chapters' social media against their association's policy.",
        "versions": [__version__],
    }
