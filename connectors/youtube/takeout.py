"""Importer for the YouTube part of Google Takeout: comments, live chat messages, posts and videos of a channel.

Takeout translates the names of folders, files and columns. So a table is told by its columns, in the words known here
or, for comments and chat messages, by what stands in them; a table that looks like one of these and cannot be told is
kept aside whole. Texts come plain, as {"takeoutSegments": [...]} or as segments behind one another.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.exportfiles import ExportFiles, open_export
from connectors.records import Unreadable, mapping, mappings, optional
from connectors.times import UnreadableTime, platform_time
from connectors.youtube.parse import address_of, links_in, media_of, text_of

#: Column -> its names, folded: English and German exports were seen in public parsers' tests.
WORDS = {
    "comment": {"comment id", "kommentar id"},
    "chat": {"live chat id", "livechat id"},
    "post": {"post id", "beitrags id"},
    "video": {"video id"},
    "channel": {"channel id", "kanal id"},
    "parent": {"parent comment id", "übergeordnete kommentar id"},
    "text": {"comment text", "kommentartext", "live chat text", "livechat text", "post text", "text des beitrags"},
    "title": {"video title (original)", "video title", "videotitel (original)"},
    "description": {"video description (original)", "video description", "videobeschreibung (original)"},
    "privacy": {"privacy", "datenschutz"},
    "published": {"video publish timestamp", "zeitstempel bei videoveröffentlichung"},
    "created": {
        "comment create timestamp",
        "create timestamp",
        "live chat create timestamp",
        "post create timestamp",
        "video create timestamp",
        "zeitstempel bei videoerstellung",
    },
    "updated": {"video text update timestamp"},
    "channel_title": {"channel title (original)", "channel title", "kanaltitel (original)"},
    "channel_text": {"channel description (original)", "kanalbeschreibung (original)"},
}
_SEGMENTS = {
    "title": re.compile(r"(?:video title text segments?|videotitel \u2013 textabschnitte) ?\d+"),
    "description": re.compile(r"(?:video description text segments?|videobeschreibung \u2013 textabschnitte) ?\d+"),
}
_PUBLIC = {"public", "öffentlich", "público", "publique", "pubblico", "openbaar"}
_CHANNEL_ID = re.compile(r"UC[\w-]{22}")
_COMMENT_ID = re.compile(r"Ug[\w-]{20,40}(\.[\w-]{10,40})?")
_VIDEO_ID = re.compile(r"[\w-]{11}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_JSON_TEXT = re.compile(r'\s*[\[{]\s*(?:\{\s*)?"(?:takeoutSegments|text)"\s*:')
_PUBLISHING = timedelta(minutes=1)


@dataclass(frozen=True)
class _Row:
    """One row: its cells by known column, all cells by heading, where it stands, its lines."""

    cells: Mapping[str, str]
    headings: Mapping[str, str]
    where: str
    raw: bytes = field(repr=False)


@dataclass
class _Found:
    """The rows of an export by what they are."""

    comments: list[_Row] = field(default_factory=list)
    chats: list[_Row] = field(default_factory=list)
    posts: list[_Row] = field(default_factory=list)
    videos: list[_Row] = field(default_factory=list)
    #: Later texts of videos, by video id.
    texts: dict[str, _Row] = field(default_factory=dict)
    channels: list[_Row] = field(default_factory=list)
    aside: list[Quarantined] = field(default_factory=list)

    @property
    def rows(self) -> list[_Row]:
        """Everything that may be a post."""
        return [*self.comments, *self.chats, *self.posts, *self.videos]


class YouTubeTakeout:
    """Reads a Takeout with YouTube in it: zip, folder or a single table."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """The channel, then its posts oldest first, then what could not be read.

        Videos that are not public, and what another channel of the same holder wrote, come out as `private`; nothing of
        them is kept.

        Raises:
            ExportRefused: no table of YouTube's in it, or none of it is this channel's.
        """
        with open_export(path) as files:
            found = _tables(files)
            if not (found.rows or found.channels or found.aside):
                raise ExportRefused(f"{files.title}: holds no table of comments, posts or videos; choose the Takeout")
            _refuse_others(found, account, files.title)
        yield from _profiles(found, account)
        read = list(_readings(found, account))
        posts = [one for one in read if isinstance(one, PostReading)]
        yield from sorted(posts, key=lambda post: (post.created_at, post.native_id))
        yield from (one for one in read if isinstance(one, Quarantined))
        yield from found.aside


def segments_text(cell: str) -> tuple[str, tuple[str, ...]]:
    """The text of a cell and the links its segments name. Plain text stays as it is.

    Raises:
        Unreadable: it begins as segments and does not go on as such.
    """
    if not _JSON_TEXT.match(cell):
        return cell, ()
    try:
        value = rawjson.loads(f"[{cell}]".encode())
    except (rawjson.BrokenJson, UnicodeError):
        raise Unreadable("text is broken JSON") from None
    parts: list[Mapping[str, Any]] = []
    for one in value:
        inner = mapping(one).get("takeoutSegments", one)
        parts += mappings(inner) if isinstance(inner, list) else [mapping(inner)]
    links = (optional(mapping(part.get("link")), "linkUrl") for part in parts)
    return "".join(str(part.get("text") or "") for part in parts), tuple(link for link in links if link)


def _tables(files: ExportFiles) -> _Found:
    found = _Found()
    for name in files.names:
        if name.lower().endswith(".csv"):
            _sort(found, files.read(name), name)
    return found


def _sort(found: _Found, body: bytes, name: str) -> None:
    try:
        lines = list(io.StringIO(body.decode("utf-8"), newline=""))
    except UnicodeDecodeError as error:
        found.aside.append(Quarantined(where=name, reason=f"is not UTF-8 at byte {error.start}", raw=body))
        return
    header, records, bad = _records(lines, name)
    columns = _columns(header, records)
    rows = [_row(header, columns, cells, where, raw) for cells, where, raw in records]
    kind = _kind(columns, header)
    if kind == "texts":
        found.texts |= {row.cells["video"]: row for row in rows}
    elif kind is not None:
        getattr(found, kind).extend(rows)
    elif _looks_told(records, columns):
        found.aside += [
            Quarantined(where=row.where, reason="its columns have names not known", raw=row.raw) for row in rows
        ]
    else:
        # Subscriptions, playlists, histories: nothing the channel said.
        return
    found.aside += bad


def _records(
    lines: Sequence[str], name: str
) -> tuple[list[str], list[tuple[list[str], str, bytes]], list[Quarantined]]:
    """Header, rows and broken rows of a table. Takeout ends its tables with empty lines."""
    reader = csv.reader(lines)
    header: list[str] = []
    good: list[tuple[list[str], str, bytes]] = []
    bad: list[Quarantined] = []
    first = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return header, good, bad
        except csv.Error as error:
            raw = "".join(lines[first : reader.line_num]).encode()
            bad.append(Quarantined(where=f"{name}:{first + 1}", reason=f"is no CSV row: {error}", raw=raw))
            cells = []
        raw = "".join(lines[first : reader.line_num]).encode()
        where = f"{name}:{first + 1}"
        first = reader.line_num
        if not any(cells):
            continue
        if not header:
            header = cells
        elif len(cells) != len(header):
            reason = f"has {len(cells)} fields where the header has {len(header)}"
            bad.append(Quarantined(where=where, reason=reason, raw=raw))
        else:
            good.append((cells, where, raw))


def _columns(header: Sequence[str], records: Sequence[tuple[list[str], str, bytes]]) -> dict[str, int]:
    """Where each known column stands, by its name; where names are not known, by what stands in it."""
    folded = [_folded(cell) for cell in header]
    named = {
        column: at
        for column, words in WORDS.items()
        if (at := next((at for at, cell in enumerate(folded) if cell in words), None)) is not None
    }
    if {"comment", "chat", "post"} & named.keys() and "text" in named and "created" in named:
        return named
    values = [[cells[at] for cells, _, _ in records] for at in range(len(header))]
    by_shape = {
        "text": _first(values, lambda cell: bool(_JSON_TEXT.match(cell))),
        "comment": _first(values, lambda cell: bool(_COMMENT_ID.fullmatch(cell))),
        "channel": _first(values, lambda cell: bool(_CHANNEL_ID.fullmatch(cell))),
        "created": _first(values, lambda cell: bool(_TIME.match(cell))),
        "video": _first(values, lambda cell: bool(_VIDEO_ID.fullmatch(cell))),
    }
    return {column: at for column, at in by_shape.items() if at is not None} | named


def _first(values: Sequence[Sequence[str]], fits: Any) -> int | None:
    """The first column every cell of which fits, or None."""
    return next((at for at, cells in enumerate(values) if cells and all(map(fits, cells))), None)


def _kind(columns: Mapping[str, int], header: Sequence[str]) -> str | None:
    names = columns.keys()
    if {"chat", "text", "created"} <= names:
        return "chats"
    if {"comment", "text", "created"} <= names:
        return "comments"
    if {"post", "text"} <= names:
        return "posts"
    if {"video", "title"} <= names and {"published", "created"} & names and "privacy" in names:
        return "videos"
    if "video" in names and any(one.fullmatch(_folded(cell)) for cell in header for one in _SEGMENTS.values()):
        return "texts"
    return "channels" if {"channel", "channel_title"} <= names and "video" not in names else None


def _looks_told(records: Sequence[tuple[list[str], str, bytes]], columns: Mapping[str, int]) -> bool:
    """Whether a table nobody can tell may hold what a channel said: ids of channel and video, a time, many columns."""
    wide = bool(records) and len(records[0][0]) >= 8  # noqa: PLR2004 - playlists and subscriptions are narrower
    return "text" in columns or (wide and {"channel", "created", "video"} <= columns.keys())


def _row(header: Sequence[str], columns: Mapping[str, int], cells: Sequence[str], where: str, raw: bytes) -> _Row:
    known = {column: cells[at] for column, at in columns.items()}
    return _Row(known, dict(zip((_folded(cell) for cell in header), cells, strict=True)), where, raw)


def _folded(cell: str) -> str:
    """A heading without what exports vary in: case, hyphens of any kind between words, blanks."""
    return " ".join(re.sub(r"(?<=\w)[\u2010\u2011-](?=\w)", " ", cell).casefold().split())


def _refuse_others(found: _Found, account: Account, title: str) -> None:
    channels = {row.cells["channel"] for row in found.rows + found.channels if row.cells.get("channel")}
    if _CHANNEL_ID.fullmatch(account.native_id) and channels and account.native_id not in channels:
        raise ExportRefused(f"{title}: holds nothing of channel {account.native_id}; check the account's entry")


def _is_others(row: _Row, account: Account) -> bool:
    channel = row.cells.get("channel")
    return bool(channel and _CHANNEL_ID.fullmatch(account.native_id) and channel != account.native_id)


def _profiles(found: _Found, account: Account) -> Iterator[ProfileReading]:
    for row in found.channels:
        if not _is_others(row, account):
            yield ProfileReading(
                native_id=row.cells["channel"],
                handle=account.handle,
                name=row.cells["channel_title"],
                bio=row.cells.get("channel_text", ""),
                raw=row.raw,
            )


def _readings(found: _Found, account: Account) -> Iterator[PostReading | Quarantined]:
    for rows, reader in (
        (found.comments, _comment),
        (found.chats, _chat),
        (found.posts, _post),
        (found.videos, lambda row: _video(row, found.texts.get(row.cells["video"]))),
    ):
        for row in rows:
            if _is_others(row, account) or not _is_public(row):
                yield Quarantined(where=row.where, reason="private", raw=b"")
                continue
            try:
                yield reader(row)
            except Unreadable as error:
                yield Quarantined(where=row.where, reason=str(error), raw=row.raw)


def _is_public(row: _Row) -> bool:
    return row.cells.get("privacy", "public").strip().casefold() in _PUBLIC


def _comment(row: _Row) -> PostReading:
    number = _needed(row, "comment")
    # A reply's id begins with that of the comment it answers.
    parent = row.cells.get("parent") or (number.partition(".")[0] if "." in number else "")
    video = row.cells.get("video")
    address = f"{address_of(video)}&lc={number}" if video else None
    return _said(row, number, "reply" if parent else "comment", reply_to=parent or None, permalink=address)


def _chat(row: _Row) -> PostReading:
    return _said(row, _needed(row, "chat"), "comment")


def _post(row: _Row) -> PostReading:
    number = _needed(row, "post")
    return _said(row, number, "post", permalink=f"https://www.youtube.com/post/{number}")


def _said(
    row: _Row, number: str, kind: str, *, reply_to: str | None = None, permalink: str | None = None
) -> PostReading:
    text, named = segments_text(row.cells.get("text", ""))
    return PostReading(
        native_id=number,
        kind=kind,
        created_at=_time(row, "created"),
        created_raw=row.cells["created"],
        text=text,
        links=tuple(dict.fromkeys((*named, *links_in(text)))),
        reply_to=reply_to,
        permalink=permalink,
        raw=row.raw,
    )


def _video(row: _Row, later: _Row | None) -> PostReading:
    number = _needed(row, "video")
    which = "published" if row.cells.get("published") else "created"
    created = _time(row, which)
    title, description = (_video_text(row, later, column) for column in ("title", "description"))
    text = text_of(title, description)
    changed = _time(later, "updated") if later and later.cells.get("updated") else None
    return PostReading(
        native_id=number,
        kind="post",
        created_at=created,
        created_raw=row.cells[which],
        edited_at=changed if changed and changed > created + _PUBLISHING else None,
        text=text,
        links=links_in(text),
        media=media_of(number, None),
        permalink=address_of(number),
        raw=row.raw + (later.raw if later else b""),
    )


def _video_text(row: _Row, later: _Row | None, column: str) -> str:
    """A title or description: as the table of texts has it in segments, else as the table of videos has it whole."""
    if later is not None:
        parts = [cell for heading, cell in later.headings.items() if _SEGMENTS[column].fullmatch(heading)]
        if any(parts):
            return "".join(segments_text(part)[0] for part in parts)
    return segments_text(row.cells.get(column, ""))[0]


def _needed(row: _Row, column: str) -> str:
    if not row.cells.get(column):
        raise Unreadable(f"{column} id is missing")
    return row.cells[column]


def _time(row: _Row, column: str) -> datetime:
    if not row.cells.get(column):
        raise Unreadable("has no time")
    try:
        return platform_time(row.cells[column])
    except UnreadableTime as error:
        raise Unreadable(f"time {error}") from None
