"""The archive as frames: one row per revision, as docs/architecture.md lists the columns.

One query per frame; everything else is done on whole columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Column, ColumnElement, Connection, DateTime, Select, Table, exists, select, type_coerce

from chapterwatch.archive import pictures, sightings, tables

UTC_TIME = "datetime64[us, UTC]"

_ACCOUNT = {
    "account_key": "str",
    "chapter": "str",
    "association": "str",
    "platform": "str",
    "space": "str",
    "pack": "str",
}

POST_COLUMNS = {
    "subject_id": "str",
    "revision": "int64",
    "is_current": "bool",
    **_ACCOUNT,
    "handle": "str",
    "kind": "str",
    "lang": "str",
    "text": "str",
    "created_at": UTC_TIME,
    "valid_from": UTC_TIME,
    "valid_until": UTC_TIME,
    "previous_text": "str",
    "seen_anew": "bool",
    "state": "str",
    "links": "object",
    "media": "object",
    "permalink": "str",
    "reply_to": "str",
    "capture_hash": "str",
    "content_hash": "str",
    "bio": "str",
    "pictures": "object",
    "unshown": "object",
}

PROFILE_COLUMNS = {
    "subject_id": "str",
    "revision": "int64",
    "is_current": "bool",
    **_ACCOUNT,
    "handle": "str",
    "name": "str",
    "bio": "str",
    "website": "str",
    "location": "str",
    "avatar_url": "str",
    "banner_url": "str",
    "valid_from": UTC_TIME,
    "valid_until": UTC_TIME,
    "capture_hash": "str",
    "content_hash": "str",
    "pictures": "object",
    "unshown": "object",
}

_TIMES = ("created_at", "stands_from", "captured_at", "gone_at", "erased_at")


def posts_frame(conn: Connection, account_keys: Sequence[str] | None = None, *, erased: bool = False) -> pd.DataFrame:
    """One row per revision of every post, sorted by account, subject and revision.

    Revisions whose body was erased are left out, because no one can judge an empty text; with `erased` they stand in
    it with empty text, links, media and content hash. They keep their number either way.
    """
    rows = _fetch(conn, _posts_query(account_keys))
    profiles = profiles_frame(conn, account_keys)
    frame = rows.sort_values(["account_key", "native_id", "stands_from", "captured_at", "seq"], ignore_index=True)
    frame = _numbered(frame, ["account_key", "native_id"])
    first = frame["revision"] == 0
    frame["seen_anew"] = _seen_anew(frame)
    stood = frame["stands_from"].where(~frame["seen_anew"], frame["captured_at"])
    frame["valid_from"] = stood.where(~first, frame["created_at"])
    frame["valid_until"] = _valid_until(frame)
    readable = frame["text"].where(frame["erased_at"].isna())
    frame["previous_text"] = readable.shift(1).where(~first)
    frame["bio"] = _bio_beside(frame, profiles)
    seen = sightings.load(conn, tables.post_revision, account_keys)
    frame["unshown"] = _objects(_unshown_of_posts(frame, seen), frame)
    if not erased:
        frame = frame[frame["erased_at"].isna()].reset_index(drop=True)
    for name in ("links", "media"):
        frame[name] = pd.Series([json.loads(value) for value in frame[name]], dtype="object", index=frame.index)
    known = pictures.facts(conn, account_keys)
    shown = zip(frame["account_key"], frame["native_id"], frame["media"], strict=True)
    frame["pictures"] = _objects((pictures.of_post(known, *item) for item in shown), frame)
    return _shaped(frame, POST_COLUMNS)


def profiles_frame(conn: Connection, account_keys: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per revision of every profile, sorted by account and revision."""
    rows = _fetch(conn, _profiles_query(account_keys))
    frame = rows.sort_values(["account_key", "captured_at", "seq"], ignore_index=True)
    frame = _numbered(frame, ["account_key"])
    frame["valid_from"] = frame["captured_at"]
    later = frame["captured_at"].shift(-1)
    frame["valid_until"] = later.where(~frame["is_current"])
    known = pictures.facts(conn, account_keys)
    shown = zip(frame["account_key"], frame["subject_id"], frame["avatar_url"], frame["banner_url"], strict=True)
    frame["pictures"] = _objects(
        (pictures.of_profile(known, key, subject, {"avatar": a, "banner": b}) for key, subject, a, b in shown), frame
    )
    seen = sightings.load(conn, tables.profile_revision, account_keys)
    places = zip(frame["account_key"], frame["seq"].tolist(), strict=True)
    frame["unshown"] = _objects((sightings.of_profile(seen.get(place, ())) for place in places), frame)
    return _shaped(frame, PROFILE_COLUMNS)


def noticed(conn: Connection, account_keys: Sequence[str] | None = None) -> frozenset[tuple[str, str, datetime]]:
    """(account key, post, moment) of edits and disappearances whose moment is only when a run noticed them.

    The platform gave no time of its own for these; what happened did so some time since the run before.
    """
    revision, post, absence = tables.post_revision, tables.post, tables.absence
    edits = select(revision.c.account_key, revision.c.native_id, revision.c.stands_from)
    told = (absence.c.account_key == post.c.account_key, absence.c.native_id == post.c.native_id,
            absence.c.certainty == "told", absence.c.gone_at == post.c.gone_at)  # fmt: skip
    gone = select(post.c.account_key, post.c.native_id, post.c.gone_at).where(post.c.gone_at.is_not(None))
    asked = (
        _of_accounts(edits.where(revision.c.stands_from == revision.c.captured_at), revision, account_keys),
        _of_accounts(gone.where(~exists().where(*told)), post, account_keys),
    )
    return frozenset((row[0], row[1], row[2]) for query in asked for row in conn.execute(query))


def _unshown_of_posts(frame: pd.DataFrame, seen: sightings.Sightings) -> Iterator[tuple[str, ...] | None]:
    """For each revision what no road showed of it; see `sightings.of_post`."""
    posts = list(zip(frame["account_key"], frame["native_id"], strict=True))
    own = [seen.get(place, ()) for place in zip(frame["account_key"], frame["seq"].tolist(), strict=True)]
    others: dict[tuple[str, str], list[frozenset[str]]] = {}
    for post, roads in zip(posts, own, strict=True):
        others.setdefault(post, []).extend(roads)
    return (sightings.of_post(roads, others[post]) for post, roads in zip(posts, own, strict=True))


def _objects(values: Iterable[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    return pd.Series(list(values), dtype="object", index=frame.index)


# --- asking ---------------------------------------------------------------------------------------------------------


def _posts_query(account_keys: Sequence[str] | None) -> Select[Any]:
    account, post, revision, capture = tables.account, tables.post, tables.post_revision, tables.capture
    own = (
        "account_key",
        "seq",
        "native_id",
        "stands_from",
        "captured_at",
        "kind",
        "lang",
        "text",
        "created_at",
        "links",
        "media",
        "permalink",
        "reply_to",
        "content_hash",
        "erased_at",
    )
    query = (
        select(
            *(_plain(revision.c[name]) for name in own),
            *_account_columns(),
            account.c.handle,
            post.c.state,
            _plain(post.c.gone_at),
            capture.c.hash.label("capture_hash"),
        )
        .join(post, (post.c.account_key == revision.c.account_key) & (post.c.native_id == revision.c.native_id))
        .join(account, account.c.key == revision.c.account_key)
        .join(capture, _same_entry(capture, revision))
    )
    return _of_accounts(query, revision, account_keys)


def _profiles_query(account_keys: Sequence[str] | None) -> Select[Any]:
    account, revision, capture = tables.account, tables.profile_revision, tables.capture
    own = (
        "account_key",
        "seq",
        "captured_at",
        "content_hash",
        "handle",
        "name",
        "bio",
        "website",
        "location",
        "avatar_url",
        "banner_url",
    )
    query = (
        select(
            *(_plain(revision.c[name]) for name in own),
            revision.c.native_id.label("subject_id"),
            *_account_columns(),
            capture.c.hash.label("capture_hash"),
        )
        .join(account, account.c.key == revision.c.account_key)
        .join(capture, _same_entry(capture, revision))
    )
    return _of_accounts(query, revision, account_keys)


def _account_columns() -> list[ColumnElement[Any]]:
    account = tables.account
    return [account.c[name] for name in ("chapter", "association", "platform", "space", "pack")]


def _same_entry(capture: Table, revision: Table) -> ColumnElement[bool]:
    return (capture.c.account_key == revision.c.account_key) & (capture.c.seq == revision.c.seq)


def _of_accounts(query: Select[Any], revision: Table, account_keys: Sequence[str] | None) -> Select[Any]:
    return query if account_keys is None else query.where(revision.c.account_key.in_(list(account_keys)))


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """Times without the per-value conversion: whole columns are made UTC at once."""
    if column.name in _TIMES:
        return type_coerce(column, DateTime()).label(column.name)
    return column


def _fetch(conn: Connection, query: Select[Any]) -> pd.DataFrame:
    result = conn.execute(query)
    names = list(result.keys())
    values: Iterable[Sequence[Any]] = list(zip(*result.all(), strict=True)) or [()] * len(names)
    return pd.DataFrame(
        {name: _column(name, column) for name, column in zip(names, values, strict=True)},
    )


def _column(name: str, values: Sequence[Any]) -> pd.Series[Any]:
    if name in _TIMES:
        moments: pd.Series[Any] = pd.Series(list(values), dtype="object")
        return moments.pipe(pd.to_datetime, utc=True).astype("datetime64[us, UTC]")
    if name == "seq":
        return pd.Series(list(values), dtype="int64")
    return pd.Series(list(values), dtype="str")


# --- deriving -------------------------------------------------------------------------------------------------------


def _numbered(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Number the rows of each subject from 0 and mark its last; the frame is sorted already."""
    groups = frame.groupby(keys, sort=False)
    frame["revision"] = groups.cumcount().astype("int64")
    frame["is_current"] = groups.cumcount(ascending=False) == 0
    return frame


def _seen_anew(frame: pd.DataFrame) -> pd.Series[Any]:
    """Where the body before was erased before this one was read: the post was shown again, which is no edit.

    An erasure takes every body a post has, so two that went together were there together.
    """
    before = frame["erased_at"].shift(1).where(frame["revision"] > 0)
    own = frame["erased_at"]
    anew: pd.Series[Any] = before.notna() & (own.isna() | (before < own))
    return anew


def _valid_until(frame: pd.DataFrame) -> pd.Series[Any]:
    """The next revision's beginning; for the last one, the disappearance. Never before its own beginning."""
    ended = frame["valid_from"].shift(-1).where(~frame["is_current"], frame["gone_at"])
    return ended.where(ended.isna() | (ended >= frame["valid_from"]), frame["valid_from"])


def _bio_beside(posts: pd.DataFrame, profiles: pd.DataFrame) -> pd.Series[Any]:
    """The profile text that was read last when the revision was captured, else the first one read after it."""
    if posts.empty or profiles.empty:
        return pd.Series(None, index=posts.index, dtype="str")
    texts = pd.DataFrame(
        {
            "account_key": profiles["account_key"],
            "captured_at": profiles["valid_from"],
            "bio": _profile_text(profiles),
        }
    ).sort_values("captured_at", kind="stable")
    left = posts[["account_key", "captured_at"]].reset_index().sort_values("captured_at", kind="stable")
    beside = pd.merge_asof(left, texts, on="captured_at", by="account_key").set_index("index")["bio"]
    first = posts["account_key"].map(texts.drop_duplicates("account_key").set_index("account_key")["bio"])
    filled: pd.Series[Any] = beside.reindex(posts.index).fillna(first)
    return filled


def _profile_text(profiles: pd.DataFrame) -> list[str]:
    parts = zip(profiles["name"], profiles["bio"], profiles["website"], strict=True)
    return ["\n".join(part for part in line if isinstance(part, str) and part) for line in parts]


def _shaped(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    named = frame if "subject_id" in frame else frame.rename(columns={"native_id": "subject_id"})
    return named[list(columns)].astype(columns)
