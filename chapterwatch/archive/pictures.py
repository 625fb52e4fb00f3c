"""Pictures in the archive: where they are shown, whether they were kept, and what readers saw in them.

A picture is kept once, however many posts show it. Each place it is shown at has a row of its own, and for a kept one
a chain entry commits to its SHA-256. Facts about a picture hang on its SHA-256, so it is read once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, select, text, update

from chapterwatch.archive import chain, tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.engine import writing
from chapterwatch.archive.mediafiles import MediaFiles
from chapterwatch.archive.records import KeptPicture, PicturePlace, PictureRow
from chapterwatch.archive.sql import chunks, insert_missing, upsert
from chapterwatch.model import is_picture, is_preview, is_recording, picture_key

#: Failures that another address may mend: signed addresses run out, servers come back.
MAY_PASS = ("unreachable", "gone")
#: Nights a picture is asked for before its failure is final.
MOST_ATTEMPTS = 3

#: Any fixed number: whoever adds or removes a picture's file on PostgreSQL holds this advisory lock.
_FILES_LOCK = 4_211_907_332

_PLACE = ("account_key", "subject_kind", "subject_id", "role", "picture")


# --- from sight to file ---------------------------------------------------------------------------------------------


def note(conn: Connection, places: Iterable[PicturePlace], run_id: str, at: datetime) -> int:
    """Queue pictures never seen before, and those whose failure may pass; returns how many were new.

    Those of a post whose body was erased are left out: an export may still hold both.
    """
    wanted = [place for place in dict.fromkeys(places) if not _is_erased(conn, place)]
    rows = [_queued(place, run_id, at) for place in wanted]
    new = insert_missing(conn, tables.media, rows)
    for row in rows:
        _refresh(conn, row)
    return new


def _is_erased(conn: Connection, place: PicturePlace) -> bool:
    """Whether a post has been kept and nothing but erased bodies is left of it."""
    if place.subject_kind != "post":
        return False
    table = tables.post_revision
    where = (table.c.account_key == place.account_key, table.c.native_id == place.subject_id)
    row = conn.execute(select(func.count(), func.count(table.c.erased_at)).where(*where)).one()
    return row[0] > 0 and row[0] == row[1]


def _queued(place: PicturePlace, run_id: str, at: datetime) -> dict[str, Any]:
    return {
        "account_key": place.account_key,
        "subject_kind": place.subject_kind,
        "subject_id": place.subject_id,
        "role": place.role,
        "picture": clean(place.picture),
        "url": None if place.url is None else clean(place.url),
        "status": "waiting",
        "attempts": 0,
        "first_seen_at": at,
        "run_id": run_id,
    }


def _refresh(conn: Connection, row: Mapping[str, Any]) -> None:
    """A signed address holds for days only: the one seen last is the one to ask."""
    table = tables.media
    open_ = (table.c.status == "waiting") | (
        table.c.status.in_(MAY_PASS) & (table.c.attempts < MOST_ATTEMPTS) & (table.c.run_id != row["run_id"])
    )
    where = [table.c[name] == row[name] for name in _PLACE]
    conn.execute(update(table).where(*where, open_).values(url=row["url"], status="waiting"))


def waiting(conn: Connection, account_key: str, limit: int) -> list[PictureRow]:
    """Pictures of an account still to be fetched: avatar and banner first, then those seen last."""
    table = tables.media
    query = select(table).where(table.c.account_key == account_key, table.c.status == "waiting")
    order = (table.c.subject_kind.desc(), table.c.first_seen_at.desc(), table.c.subject_id.desc(), table.c.picture)
    return [_row(row) for row in conn.execute(query.order_by(*order).limit(limit))]


def tried(conn: Connection, run_id: str) -> int:
    """How many pictures a run has asked for."""
    table = tables.media
    where = (table.c.run_id == run_id, table.c.status != "waiting")
    return int(conn.execute(select(func.count()).where(*where)).scalar_one())


def keep(
    conn: Connection, files: MediaFiles, place: PicturePlace, picture: KeptPicture, *, run_id: str, connector: str
) -> str | None:
    """Store a fetched picture's row and the chain entry that commits to it; returns the SHA-256 of what is kept there.

    Its file was put there before this transaction, which a slow store must not hold open. Nobody removes it while it is
    locked here, so if an erasure took it in between it is put back now.

    A place that waits no longer was erased with its post, or settled by another process, while the picture was fetched:
    it is left as it is, and None says that nothing is kept there.
    """
    writer = chain.Writer(place.account_key, chain.lock(conn, place.account_key))
    _lock_files(conn)
    sha256 = hashlib.sha256(picture.body).hexdigest()
    table = tables.media
    found = conn.execute(select(table.c.status, table.c.sha256).where(*_at(place))).one_or_none()
    if found is None or found.status != "waiting":
        _remove_unused(conn, files, sha256)
        return None if found is None else found.sha256
    files.keep(sha256, picture.body)
    facts = {
        "sha256": sha256,
        "bytes": len(picture.body),
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
    }
    insert_missing(conn, tables.media_file, [{**facts, "first_seen_at": picture.at}])
    seq = writer.append(
        kind="picture",
        subject_id=place.subject_id,
        run_id=run_id,
        connector=connector,
        captured_at=picture.at,
        raw=json.dumps({**facts, "role": place.role}, sort_keys=True).encode(),
    )
    writer.flush(conn)
    _settle(conn, place, run_id, picture.at, status="kept", sha256=sha256, seq=seq)
    return sha256


def fail(conn: Connection, place: PicturePlace, status: str, *, run_id: str, at: datetime) -> None:
    """Say why a picture that waits could not be had: too_large, gone, not_an_image or unreachable."""
    _settle(conn, place, run_id, at, status=status)


def _settle(conn: Connection, place: PicturePlace, run_id: str, at: datetime, **values: Any) -> None:
    table = tables.media
    settled = {"attempts": table.c.attempts + 1, "settled_at": at, "run_id": run_id, **values}
    conn.execute(update(table).where(*_at(place), table.c.status == "waiting").values(settled))


def _at(place: PicturePlace) -> list[ColumnElement[bool]]:
    return [tables.media.c[name] == getattr(place, name) for name in _PLACE]


def _remove_unused(conn: Connection, files: MediaFiles, sha256: str) -> None:
    """Remove a file that was put there for nothing. The files must be locked."""
    table = tables.media_file
    if conn.execute(select(table.c.sha256).where(table.c.sha256 == sha256)).first() is None:
        files.remove(sha256)


def rows(conn: Connection, account_keys: Sequence[str] | None = None) -> list[PictureRow]:
    """Every place a picture is shown at, in order."""
    table = tables.media
    query = _of_accounts(select(table), table.c.account_key, account_keys)
    return [_row(row) for row in conn.execute(query.order_by(*(table.c[name] for name in _PLACE)))]


def _row(row: Row[Any]) -> PictureRow:
    return PictureRow(
        place=PicturePlace(**{name: getattr(row, name) for name in _PLACE}, url=row.url),
        status=row.status,
        sha256=row.sha256,
        attempts=row.attempts,
        first_seen_at=row.first_seen_at,
        run_id=row.run_id,
    )


# --- readings -------------------------------------------------------------------------------------------------------


def unread(conn: Connection, reader: str, version: str, account_keys: Sequence[str] | None = None) -> list[str]:
    """SHA-256 of the kept pictures that a reader has not read in this version, in order."""
    table, reading = tables.media, tables.picture_reading
    done = exists().where(reading.c.sha256 == table.c.sha256, reading.c.reader == reader, reading.c.version == version)
    query = select(table.c.sha256).where(table.c.status == "kept", ~done).distinct().order_by(table.c.sha256)
    return list(conn.execute(_of_accounts(query, table.c.account_key, account_keys)).scalars())


def save_reading(
    conn: Connection, sha256: str, reader: str, version: str, result: Mapping[str, Any], at: datetime
) -> None:
    """Keep what a reader saw. A picture erased in the meantime has nothing to be kept of."""
    table = tables.media_file
    if conn.execute(select(table.c.sha256).where(table.c.sha256 == sha256)).first() is None:
        return
    row = {"sha256": sha256, "reader": reader, "version": version, "at": at, "result": json.dumps(result)}
    upsert(conn, tables.picture_reading, [row])


# --- facts for the frames -------------------------------------------------------------------------------------------

Facts = dict[str, Any]
Place = tuple[str, str, str, str, str]


def facts(conn: Connection, account_keys: Sequence[str] | None = None) -> dict[Place, Facts]:
    """What is known of every picture, by (account, subject kind, subject, role, picture)."""
    media, file = tables.media, tables.media_file
    query = select(
        *(media.c[name] for name in _PLACE), media.c.status, media.c.sha256, file.c.mime, file.c.width, file.c.height
    ).join(file, file.c.sha256 == media.c.sha256, isouter=True)
    found = conn.execute(_of_accounts(query, media.c.account_key, account_keys)).mappings().all()
    seen = _readings(conn, sorted({row["sha256"] for row in found if row["sha256"]}))
    return {
        (row["account_key"], row["subject_kind"], row["subject_id"], row["role"], row["picture"]): {
            "role": row["role"],
            "status": "not_captured" if row["status"] == "waiting" else row["status"],
            **{name: row[name] for name in ("sha256", "mime", "width", "height")},
            **_UNREAD,
            **seen.get(row["sha256"], {}),
        }
        for row in found
    }


#: What stands in a frame where no reader has spoken.
_UNREAD: Facts = {
    "phash": None,
    "dhash": None,
    "ocr_status": "no_reader",
    "ocr_text": None,
    "nudity_status": "no_reader",
    "nudity": None,
    "faces": None,
}


def _readings(conn: Connection, hashes: Sequence[str]) -> dict[str, Facts]:
    """What the newest version of each reader saw, by SHA-256."""
    table = tables.picture_reading
    found: dict[str, Facts] = {}
    for part in chunks(hashes):
        query = select(table.c.sha256, table.c.result).where(table.c.sha256.in_(part))
        for row in conn.execute(query.order_by(table.c.at, table.c.version)):
            found.setdefault(row.sha256, {}).update(json.loads(row.result))
    return found


def of_post(known: Mapping[Place, Facts], account_key: str, subject_id: str, media: Iterable[Facts]) -> list[Facts]:
    """The `pictures` of one post revision, in the order it shows them; recordings stand among them, unread.

    So does what may be a picture and nobody could look at: a document, a file, "media" that an export left out.
    """
    place = (account_key, "post", subject_id, "post")
    return [_shown(known, place, item) for item in media if not is_preview(item["kind"])]


def _shown(known: Mapping[Place, Facts], place: tuple[str, str, str, str], item: Facts) -> Facts:
    if is_recording(item["kind"]):
        return _nothing("post", "recording")
    if not is_picture(item["kind"]):
        return _nothing("post", "not_captured")
    return _known(known, place, item.get("native_id"), item.get("url"))


def of_profile(known: Mapping[Place, Facts], account_key: str, subject_id: str, urls: Mapping[str, Any]) -> list[Facts]:
    """The `pictures` of one profile revision: its avatar and its banner, where it has them."""
    return [
        _known(known, (account_key, "profile", subject_id, role), None, url)
        for role, url in urls.items()
        if isinstance(url, str)
    ]


def _known(known: Mapping[Place, Facts], place: tuple[str, str, str, str], native_id: Any, url: Any) -> Facts:
    key = picture_key(native_id, url)
    found = known.get((*place, key)) if key else None
    return found or _nothing(place[3], "not_captured")


def _nothing(role: str, status: str) -> Facts:
    return {"role": role, "status": status, "sha256": None, "mime": None, "width": None, "height": None, **_UNREAD}


# --- forgetting and verifying ---------------------------------------------------------------------------------------


class Sealed(NamedTuple):
    """What a chain entry commits to: which picture a subject showed, and as what."""

    subject_id: str
    role: str
    sha256: str


def sealed_by(entry: Mapping[str, Any]) -> Sealed:
    """What a picture's entry commits to, as long as it has its bytes."""
    told = json.loads(entry["raw"])
    return Sealed(entry["subject_id"], str(told["role"]), str(told["sha256"]))


def forget(conn: Connection, account_key: str, native_id: str) -> tuple[list[int], list[str]]:
    """Drop a post's pictures. Returns the chain entries that named them, and the files no other subject uses.

    Remove those with `sweep` in the same transaction. Until it ends nobody keeps a picture. Every entry counts, whether
    a row points at it or not: a picture that was sealed twice goes as a whole.
    """
    _lock_files(conn)
    table = tables.media
    where = (table.c.account_key == account_key, table.c.subject_kind == "post", table.c.subject_id == native_id)
    held = conn.execute(select(table.c.sha256).where(*where, table.c.sha256.is_not(None))).scalars().all()
    conn.execute(delete(table).where(*where))
    entries = _sealed_of_post(conn, account_key, native_id)
    hashes = {*held, *(one.sha256 for one in entries.values())}
    used = select(table.c.sha256).where(table.c.sha256.in_(hashes)).distinct()
    orphans = sorted(hashes - set(conn.execute(used).scalars()))
    for part in chunks(orphans):
        conn.execute(delete(tables.picture_reading).where(tables.picture_reading.c.sha256.in_(part)))
        conn.execute(delete(tables.media_file).where(tables.media_file.c.sha256.in_(part)))
    return sorted(entries), orphans


def _sealed_of_post(conn: Connection, account_key: str, native_id: str) -> dict[int, Sealed]:
    """What the entries of a post's pictures commit to, by seq. A profile may have the post's id, but not its role."""
    table = tables.capture
    where = (table.c.account_key == account_key, table.c.subject_id == native_id, table.c.kind == "picture")
    query = select(table.c.seq, table.c.subject_id, table.c.raw).where(*where, table.c.raw.is_not(None))
    found = {row["seq"]: sealed_by(dict(row)) for row in conn.execute(query).mappings()}
    return {seq: one for seq, one in found.items() if one.role == "post"}


def sweep(files: MediaFiles, hashes: Iterable[str]) -> None:
    """Remove the files of forgotten pictures, before what forgets them is committed.

    Where the store fails, nothing is forgotten and the erasure is repeated: it never claims what was not done.
    """
    for sha256 in hashes:
        files.remove(sha256)


def problems(
    conn: Connection, account_key: str, sealed: Mapping[int, Sealed], files: MediaFiles | None
) -> Iterator[str]:
    """What does not fit between an account's picture rows, the chain entries that commit to them, and the files."""
    table = tables.media
    query = select(table.c.seq, table.c.subject_id, table.c.role, table.c.sha256)
    rows_ = conn.execute(query.where(table.c.account_key == account_key, table.c.status == "kept"))
    kept = {row.seq: Sealed(row.subject_id, row.role, row.sha256) for row in rows_}
    again = {one: seq for seq, one in sorted(kept.items(), key=_by_seq)}
    for seq in sorted(set(kept) | set(sealed), key=lambda value: value or 0):
        # Two processes once sealed the same picture of the same subject one after the other: the row has the later.
        twice = seq not in kept and (again.get(sealed[seq]) or 0) > seq
        if kept.get(seq) != sealed.get(seq) and not twice:
            yield f"the picture of entry {seq} is not the one that was sealed"
    for sha256 in sorted({one.sha256 for one in sealed.values()}) if files else ():
        found = files.problem(sha256) if files else None
        if found and _still_sealed(conn, account_key, [seq for seq, one in sealed.items() if one.sha256 == sha256]):
            yield f"the file of picture {sha256[:12]} {found}"


def _still_sealed(conn: Connection, account_key: str, seqs: Sequence[int]) -> bool:
    """Whether one of these entries names its picture even now: files are looked at later than the entries were read.

    An erasure removes files before it is committed, so the answer waits for one that is under way. It goes by the
    entry, which nobody empties unseen: the next verification asks for its tombstone.
    """
    table = tables.capture
    where = (table.c.account_key == account_key, table.c.raw.is_not(None))
    with writing(conn.engine) as now:
        _lock_files(now)
        found = [now.execute(select(table.c.seq).where(*where, table.c.seq.in_(part))).first() for part in chunks(seqs)]
    return any(found)


def _by_seq(item: tuple[int | None, Sealed]) -> int:
    return item[0] or 0


def _lock_files(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FILES_LOCK})


def _of_accounts(query: Select[Any], column: Any, account_keys: Sequence[str] | None) -> Select[Any]:
    return query if account_keys is None else query.where(column.in_(list(account_keys)))
