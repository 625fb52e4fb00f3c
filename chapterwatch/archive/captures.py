"""Storing what a platform said: one page, or one profile, in one transaction.

A capture is written where the content differs from what stands beside it in the post's history; being seen again only
moves `last_seen_at`. So a page stored twice, or pages stored out of order, leave the archive as it was.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from chapterwatch.archive import absences, chain, sightings, tables
from chapterwatch.archive.cleaning import clean, clean_or_none
from chapterwatch.archive.records import QuarantineRow, Recorded
from chapterwatch.archive.sql import chunks, insert_missing, upsert
from chapterwatch.archive.states import Absence, Standing, standing_of
from chapterwatch.model import Access, Media, Page, PostReading, PostState, ProfileReading, Quarantined, Unshown

_BELIEVED_ABSENT = (PostState.DELETED, PostState.ACCOUNT_GONE, PostState.CANNOT_TELL)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Whose page it is, and when, in which run and by which connector it was read."""

    account_key: str
    run_id: str
    captured_at: datetime
    connector: str
    #: Exports are read again and again: an old one must not undo what a newer one said.
    imported: bool = False
    #: What the road never shows, whoever's page it is; None where nobody says.
    unshown: frozenset[Unshown] | None = None


@dataclass(frozen=True, kw_only=True)
class _Revision:
    """What is needed of a stored content to place another beside it."""

    seq: int
    stands_from: datetime
    captured_at: datetime
    content_hash: str
    shown: tuple[str, str, str] | None
    hidden: bool
    edited: bool


@dataclass(kw_only=True)
class _Book:
    """One post while a page is stored: what the archive knows of it and what the page adds."""

    native_id: str
    created_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    last_seen_run: str
    state: PostState | None = None
    shown_as: PostState = PostState.PRESENT
    revisions: list[_Revision] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    erased: bool = False

    @property
    def told_deleted(self) -> bool:
        return any(item.certainty == "told" for item in self.absences)


# --- pages ----------------------------------------------------------------------------------------------------------


def record_page(conn: Connection, page: Page, sight: Sight, *, moves_cursor: bool) -> Recorded:
    """Store a page whole: posts, what was missing, what was unreadable, and the cursor last."""
    writer = chain.Writer(sight.account_key, chain.lock(conn, sight.account_key))
    sight = _with_access(conn, sight)
    counts = _store_posts(conn, writer, page.posts, sight)
    writer.flush(conn)
    _store_missing(conn, page, sight)
    quarantined = _quarantine(conn, page.quarantined, sight)
    if moves_cursor:
        _move_cursor(conn, page.cursor, sight)
    return Recorded(quarantined=quarantined, **counts)


def _with_access(conn: Connection, sight: Sight) -> Sight:
    table = tables.account
    access = conn.execute(select(table.c.access).where(table.c.key == sight.account_key)).scalar_one()
    return Sight(**{**asdict(sight), "imported": access == Access.IMPORT})


def _store_posts(
    conn: Connection,
    writer: chain.Writer,
    posts: Sequence[PostReading],
    sight: Sight,
) -> dict[str, int]:
    books = _load_books(conn, sight.account_key, list(dict.fromkeys(_root(post) for post in posts)))
    known = set(books)
    believed = {name: book.state for name, book in books.items()}
    revisions: list[dict[str, Any]] = []
    counts = {"new": 0, "revised": 0, "unchanged": 0}
    seen: list[tuple[int, frozenset[Unshown]]] = []
    for post in posts:
        first = _root(post) not in books
        book = books.setdefault(_root(post), _opened(post, sight))
        row = _read_into(book, post, sight, writer)
        revisions += [row] if row else []
        seen += _seen_as(book, post, sight)
        counts["new" if first else "revised" if row else "unchanged"] += 1
    _save_books(conn, books.values(), sight.account_key)
    writer.flush(conn)
    if revisions:
        conn.execute(insert(tables.post_revision), revisions)
    sightings.note(conn, sight.account_key, seen)
    _save_told(conn, books.values(), sight)
    if any(post.deleted_at is None for post in posts):
        absences.account_came_back(conn, sight.account_key, sight.captured_at)
    return {**counts, "reappeared": _reappeared(books, believed, known)}


def _seen_as(book: _Book, post: PostReading, sight: Sight) -> list[tuple[int, frozenset[Unshown]]]:
    """The content a post was seen with, by its capture, and what the road does not show of it; none where untold."""
    if sight.unshown is None:
        return []
    same = [item.seq for item in book.revisions if item.content_hash == post.content_hash]
    return [(same[-1], sight.unshown - post.shows)] if same else []


def _root(post: PostReading) -> str:
    """The id a post keeps through its edits."""
    return post.version_ids[0] if post.version_ids else post.native_id


def _opened(post: PostReading, sight: Sight) -> _Book:
    seen = min(sight.captured_at, post.deleted_at) if post.deleted_at else sight.captured_at
    return _Book(
        native_id=_root(post),
        created_at=post.created_at,
        first_seen_at=sight.captured_at,
        last_seen_at=seen,
        last_seen_run=sight.run_id,
    )


def _read_into(book: _Book, post: PostReading, sight: Sight, writer: chain.Writer) -> dict[str, Any] | None:
    """Enter one reading into the post's book; returns its revision row where the content is news."""
    _note_sight(book, post, sight)
    if book.erased and (post.deleted_at is not None or sight.imported):
        # No export brings an erased body back: when it was made is not told, so it may be older than the erasure.
        return None
    if book.revisions and post.deleted_at is not None and not (post.text or post.media or post.links):
        return None  # A message taken back: that its place is empty is no new text.
    stands_from = _stands_from(book, post, sight)
    place = _place(book, (stands_from, sight.captured_at), post.content_hash, sight)
    if place is None:
        return None
    row = _revision_row(book, post, stands_from, sight)
    row["seq"] = writer.append(
        kind="post",
        subject_id=book.native_id,
        run_id=sight.run_id,
        connector=sight.connector,
        captured_at=sight.captured_at,
        raw=post.raw,
        reading=chain.reading_of(tables.post_revision, row),
    )
    book.revisions.insert(place, _revision(row))
    book.shown_as = _shown_as(book)
    return row


def _note_sight(book: _Book, post: PostReading, sight: Sight) -> None:
    if post.deleted_at is not None:
        told = Absence(run_id=sight.run_id, certainty="told", at=sight.captured_at, gone_at=post.deleted_at)
        if not any(item.certainty == "told" and item.gone_at == told.gone_at for item in book.absences):
            book.absences.append(told)
        return
    if sight.imported and book.told_deleted:
        return  # An older export among the newer ones still shows the post.
    book.first_seen_at = min(book.first_seen_at, sight.captured_at)
    if sight.captured_at >= book.last_seen_at:
        book.last_seen_at, book.last_seen_run = sight.captured_at, sight.run_id


def _stands_from(book: _Book, post: PostReading, sight: Sight) -> datetime:
    """When this content came to stand: the edit's time where the platform tells, else the first sight of it."""
    tells_versions = len(post.version_ids) > 1
    if post.edited_at is None:
        return post.created_at if tells_versions or not book.revisions else sight.captured_at
    last = book.revisions[-1] if book.revisions else None
    if last and not tells_versions and sight.captured_at > last.captured_at:
        # Seen later, so it stands later, even where the platform's clock and ours disagree.
        return max(post.edited_at, last.stands_from)
    return post.edited_at


def _place(book: _Book, key: tuple[datetime, datetime], content_hash: str, sight: Sight) -> int | None:
    """Where a content belongs in the post's history; None where it adds nothing."""
    known = [item for item in book.revisions if item.content_hash == content_hash]
    if known and (sight.imported or any(item.captured_at == sight.captured_at for item in known)):
        return None
    place = bisect_right(book.revisions, key, key=lambda item: (item.stands_from, item.captured_at))
    beside = book.revisions[max(place - 1, 0) : place + 1]
    return None if any(item.content_hash == content_hash for item in beside) else place


def _revision_row(book: _Book, post: PostReading, stands_from: datetime, sight: Sight) -> dict[str, Any]:
    media = [{name: clean_or_none(value) for name, value in asdict(item).items()} for item in post.media]
    text = clean(post.text)
    return {
        "account_key": sight.account_key,
        "native_id": book.native_id,
        "stands_from": stands_from,
        "captured_at": sight.captured_at,
        "content_hash": post.content_hash,
        "kind": post.kind,
        "lang": clean_or_none(post.lang),
        "text": text,
        "cleaned": text != post.text,
        "created_at": post.created_at,
        "created_raw": clean(post.created_raw),
        "edited_at": post.edited_at,
        "version_ids": json.dumps(post.version_ids),
        "links": json.dumps([clean(link) for link in post.links]),
        "media": json.dumps(media),
        "hidden": post.hidden,
        "permalink": clean_or_none(post.permalink),
        "reply_to": clean_or_none(post.reply_to),
        "erased_at": None,
    }


def _revision(row: Any) -> _Revision:
    return _Revision(
        seq=row["seq"],
        stands_from=row["stands_from"],
        captured_at=row["captured_at"],
        content_hash=row["content_hash"],
        shown=None if row["erased_at"] else (row["text"], row["links"], row["media"]),
        hidden=row["hidden"],
        edited=row["edited_at"] is not None or len(json.loads(row["version_ids"])) > 1,
    )


def _shown_as(book: _Book) -> PostState:
    """The state its content alone gives a post. Hiding and showing again is no edit."""
    if book.revisions[-1].hidden:
        return PostState.HIDDEN
    contents = {item.shown for item in book.revisions if item.shown is not None}
    if (
        len(_told_apart(contents)) > 1
        or any(item.edited for item in book.revisions)
        or book.shown_as is PostState.EDITED
    ):
        return PostState.EDITED
    return PostState.PRESENT


def _told_apart(contents: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Contents without those that show the same as another, only with media that were left out of an export."""
    left_out = {one for one in contents if _shows_left_out(json.loads(one[2]))}
    others = set(contents) - left_out
    known = {(text, links, len(json.loads(media))) for text, links, media in others}
    return others | {one for one in left_out if (one[0], one[1], len(json.loads(one[2]))) not in known}


def _shows_left_out(media: Sequence[Mapping[str, Any]]) -> bool:
    """Whether media are known by their number alone: no name, no address, no words."""
    return bool(media) and not any(one.get("native_id") or one.get("url") or one.get("alt_text") for one in media)


def _reappeared(books: dict[str, _Book], believed: dict[str, PostState | None], known: set[str]) -> int:
    return sum(
        believed[name] in _BELIEVED_ABSENT and _standing(books[name]).state not in _BELIEVED_ABSENT for name in known
    )


# --- books to and from the tables -----------------------------------------------------------------------------------


def _load_books(conn: Connection, account_key: str, native_ids: Sequence[str]) -> dict[str, _Book]:
    books: dict[str, _Book] = {}
    for part in chunks(native_ids):
        table = tables.post
        rows = conn.execute(select(table).where(table.c.account_key == account_key, table.c.native_id.in_(part)))
        books |= {row.native_id: _book(row) for row in rows}
    _load_revisions(conn, account_key, books)
    for native_id, found in absences.load(conn, account_key, list(books)).items():
        books[native_id].absences = found
    return books


def _book(row: Row[Any]) -> _Book:
    return _Book(
        native_id=row.native_id,
        created_at=row.created_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        last_seen_run=row.last_seen_run,
        state=PostState(row.state),
        shown_as=PostState(row.standing),
    )


def _load_revisions(conn: Connection, account_key: str, books: dict[str, _Book]) -> None:
    table = tables.post_revision
    order = (table.c.stands_from, table.c.captured_at, table.c.seq)
    for part in chunks(list(books)):
        rows = conn.execute(
            select(table).where(table.c.account_key == account_key, table.c.native_id.in_(part)).order_by(*order)
        )
        for row in rows.mappings():
            book = books[row["native_id"]]
            book.revisions.append(_revision(row))
            book.erased |= row["erased_at"] is not None


def _standing(book: _Book) -> Standing:
    return standing_of(book.shown_as, book.last_seen_at, book.absences)


def _save_books(conn: Connection, books: Iterable[_Book], account_key: str) -> None:
    rows = []
    for book in books:
        standing = _standing(book)
        rows.append(
            {
                "account_key": account_key,
                "native_id": book.native_id,
                "created_at": book.created_at,
                "first_seen_at": book.first_seen_at,
                "last_seen_at": book.last_seen_at,
                "last_seen_run": book.last_seen_run,
                "standing": book.shown_as.value,
                "state": standing.state.value,
                "gone_at": standing.gone_at,
            }
        )
    upsert(conn, tables.post, rows)


def _save_told(conn: Connection, books: Iterable[_Book], sight: Sight) -> None:
    for book in books:
        told = [item for item in book.absences if item.certainty == "told" and item.run_id == sight.run_id]
        for item in told:
            detail = "listed as deleted by the export"
            absences.save(conn, sight.account_key, book.native_id, item, detail)


# --- the rest of a page ---------------------------------------------------------------------------------------------


def _store_missing(conn: Connection, page: Page, sight: Sight) -> None:
    for item in page.missing:
        absence = Absence(run_id=sight.run_id, certainty=item.certainty, at=sight.captured_at)
        absences.record(conn, sight.account_key, [item.native_id], absence, item.detail)


def _quarantine(conn: Connection, items: Iterable[Quarantined], sight: Sight) -> int:
    rows = [
        {
            "account_key": sight.account_key,
            "sha256": chain.sha256(item.raw),
            "place": clean(item.where),
            "reason": clean(item.reason),
            "raw": item.raw,
            "run_id": sight.run_id,
            "at": sight.captured_at,
        }
        for item in items
    ]
    return insert_missing(conn, tables.quarantine, rows)


def permalink(conn: Connection, account_key: str, native_id: str) -> str | None:
    """The address of a post's last reading; None where the platform gave none or the body was erased."""
    table = tables.post_revision
    where = (table.c.account_key == account_key, table.c.native_id == native_id)
    query = select(table.c.permalink).where(*where).order_by(table.c.stands_from.desc(), table.c.seq.desc()).limit(1)
    return conn.execute(query).scalar_one_or_none()


def known_media(conn: Connection, account_key: str) -> dict[datetime, dict[str, tuple[Media, ...]]]:
    """The media of every post of an account as last shown with any, by its time and native id."""
    post, revision = tables.post, tables.post_revision
    shown = (
        select(revision.c.native_id, revision.c.media)
        .where(revision.c.account_key == account_key, revision.c.media != "[]")
        .order_by(revision.c.stands_from, revision.c.captured_at, revision.c.seq)
    )
    media = {row.native_id: tuple(Media(**one) for one in json.loads(row.media)) for row in conn.execute(shown)}
    found: dict[datetime, dict[str, tuple[Media, ...]]] = {}
    for row in conn.execute(select(post.c.native_id, post.c.created_at).where(post.c.account_key == account_key)):
        found.setdefault(row.created_at, {})[row.native_id] = media.get(row.native_id, ())
    return found


def post_of(conn: Connection, account_key: str, native_id: str) -> str:
    """The id a post keeps through its edits, asked for by any it has had; one nobody knows comes back as it is."""
    post, revision = tables.post, tables.post_revision
    own = (post.c.account_key == account_key, post.c.native_id == native_id)
    if conn.execute(select(post.c.native_id).where(*own)).first():
        return native_id
    told = revision.c.version_ids.contains(json.dumps(native_id), autoescape=True)
    query = select(revision.c.native_id).where(revision.c.account_key == account_key, told).limit(1)
    return conn.execute(query).scalar() or native_id


def posts_called(conn: Connection, written: str) -> list[tuple[str, str]]:
    """(account key, native id) of the posts with this address, or with this id among those they have had, in order."""
    table, bare = tables.post_revision, written.rstrip("/")
    told = or_(
        table.c.native_id == written,
        table.c.permalink.in_([bare, f"{bare}/"]),
        table.c.version_ids.contains(json.dumps(written), autoescape=True),
    )
    query = select(table.c.account_key, table.c.native_id).where(told).distinct()
    return sorted((row.account_key, row.native_id) for row in conn.execute(query))


def quarantined(conn: Connection, account_key: str | None = None) -> list[QuarantineRow]:
    """The unreadable records kept, oldest first."""
    table = tables.quarantine
    query = select(table).order_by(table.c.at, table.c.sha256)
    if account_key is not None:
        query = query.where(table.c.account_key == account_key)
    return [
        QuarantineRow(
            account_key=row.account_key,
            sha256=row.sha256,
            where=row.place,
            reason=row.reason,
            raw=None if row.raw is None else bytes(row.raw),
            run_id=row.run_id,
            at=row.at,
        )
        for row in conn.execute(query)
    ]


def _move_cursor(conn: Connection, cursor: str | None, sight: Sight) -> None:
    if cursor is None:
        clear_cursor(conn, sight.account_key, sight.run_id)
        return
    row = {"account_key": sight.account_key, "run_id": sight.run_id, "cursor": cursor, "at": sight.captured_at}
    upsert(conn, tables.cursor, [row])


def cursor_of(conn: Connection, account_key: str, run_id: str) -> str | None:
    """Where the run's listing of the account goes on; None where it has not begun or is through."""
    table = tables.cursor
    return conn.execute(
        select(table.c.cursor).where(table.c.account_key == account_key, table.c.run_id == run_id)
    ).scalar()


def clear_cursor(conn: Connection, account_key: str, run_id: str) -> None:
    """Forget where the run's listing of the account stood."""
    table = tables.cursor
    conn.execute(delete(table).where(table.c.account_key == account_key, table.c.run_id == run_id))


# --- profiles -------------------------------------------------------------------------------------------------------


def record_profile(conn: Connection, reading: ProfileReading, sight: Sight) -> bool:
    """Store a profile where its content is news; True if it was."""
    writer = chain.Writer(sight.account_key, chain.lock(conn, sight.account_key))
    if not _profile_is_news(conn, reading, _with_access(conn, sight)):
        _note_profile(conn, reading, sight)
        return False
    row = _profile_row(reading, sight)
    row["seq"] = writer.append(
        kind="profile",
        subject_id=reading.native_id,
        run_id=sight.run_id,
        connector=sight.connector,
        captured_at=sight.captured_at,
        raw=reading.raw,
        reading=chain.reading_of(tables.profile_revision, row),
    )
    writer.flush(conn)
    conn.execute(insert(tables.profile_revision), row)
    _note_profile(conn, reading, sight)
    return True


def _note_profile(conn: Connection, reading: ProfileReading, sight: Sight) -> None:
    if sight.unshown is None:
        return
    table = tables.profile_revision
    same = (table.c.account_key == sight.account_key, table.c.content_hash == reading.content_hash)
    seq = conn.execute(select(table.c.seq).where(*same).order_by(table.c.seq.desc()).limit(1)).scalar()
    sightings.note(conn, sight.account_key, [(seq, sight.unshown)] if seq is not None else [])


def _profile_is_news(conn: Connection, reading: ProfileReading, sight: Sight) -> bool:
    table = tables.profile_revision
    query = select(table.c.captured_at, table.c.content_hash).where(table.c.account_key == sight.account_key)
    rows = conn.execute(query.order_by(table.c.captured_at, table.c.seq)).all()
    known = [row.captured_at for row in rows if row.content_hash == reading.content_hash]
    if known and (sight.imported or sight.captured_at in known):
        return False
    place = bisect_right([row.captured_at for row in rows], sight.captured_at)
    return all(row.content_hash != reading.content_hash for row in rows[max(place - 1, 0) : place + 1])


def _profile_row(reading: ProfileReading, sight: Sight) -> dict[str, Any]:
    names = ("handle", "name", "bio", "website", "location", "avatar_url", "banner_url")
    given = {name: getattr(reading, name) for name in names}
    cleaned = {name: clean_or_none(value) for name, value in given.items()}
    return {
        "account_key": sight.account_key,
        "native_id": reading.native_id,
        "captured_at": sight.captured_at,
        "content_hash": reading.content_hash,
        **cleaned,
        "cleaned": cleaned != given,
    }
