"""The spine: collect, audit, publish, deliver. The command line and the DAGs call the same functions.

What they return are ids and counts: rows travel through the archive, never through Airflow's XCom.
"""

from __future__ import annotations

from chapterwatch.known import known
from chapterwatch.pipeline import periods, retention, signoff
from chapterwatch.pipeline.access import check_connectors, warn_of_access
from chapterwatch.pipeline.adhoc import AdhocRequest, adhoc_collect, adhoc_report, adhoc_request
from chapterwatch.pipeline.alerts import alert_duty
from chapterwatch.pipeline.aside import kept_aside_frame
from chapterwatch.pipeline.bounces import read_bounces
from chapterwatch.pipeline.discover import discover
from chapterwatch.pipeline.erase import erase_post, quoting_reports, withdraw_reports
from chapterwatch.pipeline.evidence import take_evidence
from chapterwatch.pipeline.eyes import hashes_of
from chapterwatch.pipeline.health import check_health
from chapterwatch.pipeline.preview import preview_reports
from chapterwatch.pipeline.replies import (
    decide_reply,
    give_reply,
    import_replies,
    listed_replies,
    reply_template,
)
from chapterwatch.pipeline.resend import (
    how_it_goes_out,
    listed_deliveries,
    resend_delivery,
    settle_delivery,
    why_not_sent,
)
from chapterwatch.pipeline.retention import add_hold, ageing, end_hold
from chapterwatch.pipeline.samples import draw_samples, estimate_of, import_sheet, likely_misses, sheet
from chapterwatch.pipeline.signoff import deliver_month
from chapterwatch.pipeline.steps import (
    audit_all,
    collect_night,
    findings_frame,
    import_file,
    month_overview,
    night_counts,
    not_seen,
    publish_month,
    publish_reports,
    verify_archive,
)
from chapterwatch.pipeline.suppressions import Wish, add_suppression, end_suppression, listed_suppressions
from chapterwatch.pipeline.workplace import Workplace

__all__ = [
    "AdhocRequest",
    "Wish",
    "Workplace",
    "add_hold",
    "add_suppression",
    "adhoc_collect",
    "adhoc_report",
    "adhoc_request",
    "ageing",
    "alert_duty",
    "audit_all",
    "check_connectors",
    "check_health",
    "collect_night",
    "decide_reply",
    "deliver_month",
    "discover",
    "draw_samples",
    "end_hold",
    "end_suppression",
    "erase_post",
    "estimate_of",
    "findings_frame",
    "give_reply",
    "hashes_of",
    "how_it_goes_out",
    "import_file",
    "import_replies",
    "import_sheet",
    "kept_aside_frame",
    "known",
    "likely_misses",
    "listed_deliveries",
    "listed_replies",
    "listed_suppressions",
    "month_overview",
    "night_counts",
    "not_seen",
    "periods",
    "preview_reports",
    "publish_month",
    "publish_reports",
    "quoting_reports",
    "read_bounces",
    "reply_template",
    "resend_delivery",
    "retention",
    "settle_delivery",
    "sheet",
    "signoff",
    "take_evidence",
    "verify_archive",
    "warn_of_access",
    "why_not_sent",
    "withdraw_reports",
]
