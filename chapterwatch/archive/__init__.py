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
    ReportRow,
    RunRow,
    Suppression,
    Tally,
    Verification,
)
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
    "ReportChanged",
    "ReportRow",
    "RunRow",
    "Suppression",
    "Tally",
    "Verification",
]
