"""The archive: the only door to the database. See docs/architecture.md."""

from chapterwatch.archive.ledger import ReportChanged
from chapterwatch.archive.records import (
    AccessCheck,
    Delivery,
    DeliveryEvent,
    Disposition,
    Head,
    KeptPicture,
    KnownPost,
    PicturePlace,
    PictureRow,
    QuarantineRow,
    Receipt,
    Recorded,
    Reply,
    ReplyOutcome,
    ReportRow,
    RunRow,
    Suppression,
    Tally,
    Verification,
)
from chapterwatch.archive.schema import Schema
from chapterwatch.archive.store import RECHECK_DAYS, Archive

__all__ = [
    "RECHECK_DAYS",
    "AccessCheck",
    "Archive",
    "Delivery",
    "DeliveryEvent",
    "Disposition",
    "Head",
    "KeptPicture",
    "KnownPost",
    "PicturePlace",
    "PictureRow",
    "QuarantineRow",
    "Receipt",
    "Recorded",
    "Reply",
    "ReplyOutcome",
    "ReportChanged",
    "ReportRow",
    "RunRow",
    "Schema",
    "Suppression",
    "Tally",
    "Verification",
]
