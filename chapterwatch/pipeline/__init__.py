"""The spine: collect, audit, publish, deliver. The command line and the DAGs call the same functions.

What they return are ids and counts: rows travel through the archive, never through Airflow's XCom.
"""

from __future__ import annotations

from chapterwatch.known import known
from chapterwatch.pipeline import periods
from chapterwatch.pipeline.access import check_connectors, warn_of_access
from chapterwatch.pipeline.adhoc import AdhocRequest, adhoc_collect, adhoc_report, adhoc_request
from chapterwatch.pipeline.alerts import alert_duty
from chapterwatch.pipeline.discover import discover
from chapterwatch.pipeline.eyes import hashes_of
from chapterwatch.pipeline.steps import (
    audit_all,
    collect_night,
    deliver_month,
    findings_frame,
    import_file,
    month_overview,
    night_counts,
    not_seen,
    publish_month,
    publish_reports,
)
from chapterwatch.pipeline.workplace import Workplace

__all__ = [
    "AdhocRequest",
    "Workplace",
    "adhoc_collect",
    "adhoc_report",
    "adhoc_request",
    "alert_duty",
    "audit_all",
    "check_connectors",
    "collect_night",
    "deliver_month",
    "discover",
    "findings_frame",
    "hashes_of",
    "import_file",
    "known",
    "month_overview",
    "night_counts",
    "not_seen",
    "periods",
    "publish_month",
    "publish_reports",
    "warn_of_access",
]
