"""The sample's export files: complete, in the platforms' layout, and the same bytes every time."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chapterwatch import registry
from chapterwatch.model import PostReading, Quarantined
from connectors import base
from sample import exports, network

NOW = datetime(2026, 10, 30, 2, 15, tzinfo=UTC)
CONTENT = network.load()
REGISTRY = registry.load(network.REGISTRY)


def by_account(target: Path) -> dict[str, Path]:
    return {path.parent.name.replace("__", ":"): path for path in exports.write_exports(target, NOW)}


def ytd(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(archive.read(f"data/{name}.js").decode().partition("=")[2])
    return items


def test_every_imported_account_gets_a_file_in_its_own_folder(tmp_path: Path) -> None:
    """The layout is <account key with : written __>/<file>."""
    expected = {account.key for account in REGISTRY.accounts if account.export_format}
    assert expected == set(by_account(tmp_path))


def test_the_same_instant_gives_the_same_bytes(tmp_path: Path) -> None:
    """Writing again changes nothing, so nothing is imported twice."""
    first = {key: path.read_bytes() for key, path in by_account(tmp_path / "a").items()}
    assert first == {key: path.read_bytes() for key, path in by_account(tmp_path / "b").items()}


def test_the_importers_read_every_post_of_every_export(tmp_path: Path) -> None:
    """What stands in the content comes out of the importers, by id; one malformed row is quarantined."""
    states = network.state(CONTENT, NOW)
    quarantined: dict[str, int] = {}
    for key, path in by_account(tmp_path).items():
        account = REGISTRY.account(key)
        read = list(base.importer(str(account.export_format)).read(path, account))
        ids = {item.native_id for item in read if isinstance(item, PostReading)}
        assert (key, {item.post.id for item in (*states[key].posts, *states[key].gone)}) == (key, ids)
        quarantined[key] = sum(isinstance(item, Quarantined) for item in read)
    assert {"plain:oaks-open-chat": 1} == {key: count for key, count in quarantined.items() if count}


def test_the_x_archive_lists_deleted_posts_apart(tmp_path: Path) -> None:
    """deleted-tweets.js has the deleted post with its time, tweets.js has it not."""
    with zipfile.ZipFile(by_account(tmp_path)["x:4420030033"]) as archive:
        present = {item["tweet"]["id_str"] for item in ytd(archive, "tweets")}
        deleted = {item["tweet"]["id_str"]: item["tweet"]["deleted_at"] for item in ytd(archive, "deleted-tweets")}
    assert ["Tue Oct 20 12:10:00 +0000 2026"] == list(deleted.values())
    assert set() == present & set(deleted)


def test_the_x_archive_cuts_long_posts_and_keeps_them_whole_in_notes(tmp_path: Path) -> None:
    """Counts are strings, long texts end in an ellipsis, and each has its note."""
    with zipfile.ZipFile(by_account(tmp_path)["x:4420030033"]) as archive:
        tweets = [item["tweet"] for item in ytd(archive, "tweets")]
        notes = [item["noteTweet"] for item in ytd(archive, "note-tweet")]
    cut = [tweet for tweet in tweets if tweet["full_text"].endswith("…")]
    assert len(notes) == len(cut) > 0
    assert all(isinstance(tweet["favorite_count"], str) for tweet in tweets)
    assert all(len(note["core"]["text"]) > 280 for note in notes)


def test_the_facebook_download_is_garbled_as_the_real_one_is(tmp_path: Path) -> None:
    """Texts are bytes written as characters: ASCII only in the file, and one decoding puts them right."""
    with zipfile.ZipFile(by_account(tmp_path)["facebook_page:100200300400601"]) as archive:
        name = next(name for name in archive.namelist() if "your_posts" in name)
        body = archive.read(name)
    texts = [entry["data"][0]["post"] for entry in json.loads(body)]
    avocado = next(text for text in texts if "avocados" in text)
    assert body.isascii()
    assert "🥑" in avocado.encode("latin-1").decode("utf-8")
    assert "🥑" not in avocado


def test_the_plain_table_has_one_row_nobody_can_read(tmp_path: Path) -> None:
    """One row lacks its time; all others have id, time and text."""
    with by_account(tmp_path)["plain:oaks-open-chat"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert 1 == sum(not row["created_at"] for row in rows)
    assert all(row["id"] and row["text"] for row in rows)
