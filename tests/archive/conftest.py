"""A small invented account and short ways to say what a platform showed of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chapterwatch.archive import Archive, Recorded
from chapterwatch.model import Access, Account, Finding, Lane, Page, PostReading, ProfileReading, Severity, Space

KEY = "x:2001"
NIGHT = datetime(2026, 10, 1, 2, tzinfo=UTC)


def night(number: int) -> datetime:
    """The time of the nth nightly run."""
    return NIGHT + timedelta(days=number)


def account(native_id: str = "2001", **changes: Any) -> Account:
    facts: dict[str, Any] = {
        "key": f"x:{native_id}",
        "platform": "x",
        "native_id": native_id,
        "handle": "lakeside",
        "association": "ala",
        "chapter": "ala-lakeside",
        "space": Space.OFFICIAL,
        "access": Access.PUBLIC_API,
        "pack": "ala",
        "language": "en",
        "timezone": "America/Chicago",
    }
    return Account(**facts | changes)


def post(native_id: str = "100", text: str = "Hello", **changes: Any) -> PostReading:
    facts: dict[str, Any] = {
        "native_id": native_id,
        "kind": "post",
        "created_at": NIGHT - timedelta(hours=6),
        "created_raw": "2026-09-30T20:00:00Z",
        "text": text,
        "raw": f'{{"id":"{native_id}","text":"{text}"}}'.encode("utf-8", "replace"),
    }
    return PostReading(**facts | changes)


def profile(bio: str = "We meet on Mondays", **changes: Any) -> ProfileReading:
    facts: dict[str, Any] = {"native_id": "2001", "handle": "lakeside", "name": "Lakeside", "bio": bio, "raw": b"{}"}
    return ProfileReading(**facts | changes)


def finding(key: str = "f1", **changes: Any) -> Finding:
    facts: dict[str, Any] = {
        "key": key,
        "rule_id": "ala/threat",
        "rule_version": 1,
        "pack": "ala",
        "pack_version": "1",
        "clauses": ("ALA-01", "ALA-02"),
        "severity": Severity.HIGH,
        "lane": Lane.AUTO,
        "account_key": KEY,
        "chapter": "ala-lakeside",
        "subject_kind": "post",
        "subject_id": "100",
        "revision": 0,
        "content_hash": "c0",
        "capture_hash": "h0",
        "field": "text",
        "start": 0,
        "end": 5,
        "excerpt": "Hello",
        "reason": "It says Hello.",
        "confidence": 0.5,
        "opened_at": NIGHT,
    }
    return Finding(**facts | changes)


@dataclass
class Shelf:
    """An archive with one account, and the words the tests are told in."""

    archive: Archive

    def show(self, number: int, *posts: PostReading, run_id: str | None = None, **page: Any) -> Recorded:
        """The nth night shows these posts."""
        return self.archive.record_page(
            KEY,
            Page(posts=posts, **page),
            run_id=run_id or f"night-{number}",
            captured_at=night(number),
            connector="test 1",
        )

    def show_profile(self, number: int, reading: ProfileReading) -> bool:
        """The nth night shows this profile."""
        return self.archive.record_profile(
            KEY, reading, run_id=f"night-{number}", captured_at=night(number), connector="test 1"
        )

    def miss(self, number: int, *native_ids: str, certainty: str = "gone", run_id: str | None = None) -> None:
        """The nth night does not show these posts."""
        self.archive.record_absences(
            KEY,
            native_ids,
            run_id=run_id or f"night-{number}",
            at=night(number),
            certainty=certainty,
            detail="not in the listing",
        )

    def states(self) -> dict[str, str]:
        """State by post."""
        frame = self.archive.posts_frame()
        return dict(zip(frame["subject_id"], frame["state"], strict=True))

    def texts(self) -> list[tuple[str, int, str]]:
        """(post, revision, text) of everything kept."""
        frame = self.archive.posts_frame()
        return list(zip(frame["subject_id"], frame["revision"], frame["text"], strict=True))


@pytest.fixture
def shelf(database_url: str) -> Iterator[Shelf]:
    with Archive.open(database_url) as archive:
        archive.register_accounts([account()], NIGHT)
        yield Shelf(archive)
