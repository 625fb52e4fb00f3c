"""Exports of groups through the whole door: into the archive twice, with what was left out counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chapterwatch.archive import Archive
from chapterwatch.files import Folder
from chapterwatch.model import Access, Account, Seen, Space
from chapterwatch.pipeline.collect import Run, inbox_of, read_exports

MBOX = """\
From 1@xxx Mon Oct 05 12:00:00 +0000 2026
X-BeenThere: lakeside@googlegroups.com
Message-ID: <1@mail.example>
Subject: Picnic

Hello

From 2@xxx Mon Oct 05 13:00:00 +0000 2026
X-BeenThere: other@googlegroups.com
Message-ID: <2@mail.example>
Subject: Secret

Not ours
"""
YAHOO = {"msgId": 1, "topicId": 1, "postDate": "1791201600", "subject": "Picnic", "messageBody": "<p>Hello</p>"}
PLUS = {
    "creationTime": "2018-10-05 12:00:00+0000",
    "author": {"resourceName": "users/lakeside"},
    "content": "Hello",
    "resourceName": "users/lakeside/posts/1",
    "postAcl": {"isPublic": True},
    "comments": [{"content": "theirs", "author": {"resourceName": "users/2"}}],
}


@pytest.mark.parametrize(
    ("platform", "name", "body", "export_format", "told"),
    [
        ("google_groups", "a.mbox", MBOX, "google_groups_export", "1 private"),
        ("yahoo_groups", "a.jsonl", json.dumps(YAHOO), "yahoo_groups_archive", ""),
        ("google_plus", "a.json", json.dumps(PLUS), "google_plus_takeout", "1 private"),
        ("plain", "a.csv", "id,text,created_at\n1,Hello,2026-10-05T12:00:00Z\n", "plain", ""),
    ],
)
def test_twice_adds_nothing(
    account: Callable[..., Account], tmp_path: Path, platform: str, name: str, body: str, export_format: str, told: str
) -> None:
    """One post the first time, none the second; what is private is counted in words and stands nowhere."""
    own = account(platform, "lakeside", access=Access.IMPORT, export_format=export_format, space=Space.PUBLIC_GROUP)
    archive = Archive.open(f"sqlite:///{tmp_path / 'a.db'}", Folder(tmp_path / "media"))
    now = datetime(2026, 11, 2, tzinfo=UTC)
    run = Run(archive=archive, run_id="import:1", now=now, connection_for=lambda _: None, inbox=Folder(tmp_path))
    path = tmp_path / inbox_of(own) / name
    path.parent.mkdir()
    path.write_text(body, encoding="utf-8")
    archive.register_accounts([own], now)
    archive.start_run(run.run_id, "import", "", now)
    assert [1, 0] == [read_exports(run, own, [path]).new for _ in range(2)]
    (row,) = archive.coverage([own.key])
    assert (Seen.SEEN, True) == (row.seen, told in row.detail)
    assert 1 == len(archive.posts_frame([own.key]))
    assert b"Not ours" not in (tmp_path / "a.db").read_bytes()
