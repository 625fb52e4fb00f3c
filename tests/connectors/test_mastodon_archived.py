"""What the archive makes of Mastodon's and Bluesky's readings: edits once, imports of the same export nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.archive import Archive
from chapterwatch.model import Account, Page, PostReading
from connectors.bluesky import parse as bluesky
from connectors.mastodon import parse as mastodon

NIGHT = datetime(2026, 10, 8, 2, tzinfo=UTC)
DID = "did:plc:chapterlakeside222222"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as opened:
        yield opened


@pytest.fixture
def keep(archive: Archive, account: Callable[..., Account]) -> Callable[..., Any]:
    def record(platform: str, native_id: str, nights: list[tuple[PostReading, ...]]) -> Any:
        holder = account(platform, native_id)
        archive.register_accounts([holder], NIGHT)
        for number, posts in enumerate(nights):
            at = NIGHT + timedelta(days=number)
            archive.start_run(f"r{number}", "collect", "2026-10", at)
            archive.record_page(holder.key, Page(posts=posts), run_id=f"r{number}", captured_at=at, connector="test")
        return archive.posts_frame([holder.key])

    return record


def test_versions_read_every_night_are_kept_once(keep: Any) -> None:
    """The first version comes again each night; it must not look like an edit back to it."""
    edited = "2026-10-06T08:00:00.000Z"
    made = "2026-10-05T12:00:00.000Z"
    now = {"id": "1", "created_at": made, "edited_at": edited, "content": "<p>two</p>", "visibility": "public"}
    history = (
        b'[{"content":"<p>one</p>","created_at":"2026-10-05T12:00:00.000Z"},'
        b'{"content":"<p>two</p>","created_at":"2026-10-06T08:00:00.000Z"}]'
    )
    status = mastodon.Status(now, b"{}")
    both, present = mastodon.versions(status, history), mastodon.versions(status)
    frame = keep("mastodon", "109", [both, both, present, both])
    assert ["one", "two"] == list(frame["text"])
    assert {"edited"} == set(frame["state"])
    assert datetime(2026, 10, 6, 8, tzinfo=UTC) == frame["valid_from"].iloc[-1].to_pydatetime()


def test_a_changed_record_is_an_edit(keep: Any) -> None:
    """Bluesky keeps only the present record: the edit shows between two nights, and stands from the second."""

    def night(text: str) -> tuple[PostReading, ...]:
        value = {"text": text, "createdAt": "2026-10-05T12:00:00Z"}
        address = bluesky.Address(DID, bluesky.POSTS, "3lzzzzzzzzz22")
        return (bluesky.post(bluesky.Record(address, value, text.encode()), None),)

    frame = keep("bluesky", DID, [night("Hello"), night("Hello"), night("Hello EDITED")])
    assert ["Hello", "Hello EDITED"] == list(frame["text"])
    assert {f"at://{DID}/{bluesky.POSTS}/3lzzzzzzzzz22"} == set(frame["subject_id"])
    assert {"edited"} == set(frame["state"])
