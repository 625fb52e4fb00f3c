"""Importer for the data LinkedIn gives a member ("Get a copy of your data"): Shares.csv, Comments.csv, Profile.csv.

Times in these files are UTC. Posts carry the id the API knows them by; comments mostly carry none and get one made of
their time and the post they stand under. No other file of the data is opened: they hold messages and other people's
addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Space
from connectors.chats import Ids, private
from connectors.exportfiles import ExportFiles, open_export
from connectors.linkedin.tables import Row, rows
from connectors.records import Unreadable
from connectors.times import UnreadableTime, platform_time

_FILES = {
    "shares": re.compile(r"(?:.*/)?shares(?:[_ -]\w+)?(?: ?\(\d+\))?\.csv", re.IGNORECASE),
    "comments": re.compile(r"(?:.*/)?comments(?:[_ -]\w+)?(?: ?\(\d+\))?\.csv", re.IGNORECASE),
    "profile": re.compile(r"(?:.*/)?profile(?:[_ -]\d+)?(?: ?\(\d+\))?\.csv", re.IGNORECASE),
}
_NEEDED = {
    "shares": ("Date", "ShareLink", "ShareCommentary"),
    "comments": ("Date", "Link", "Message"),
    "profile": ("First Name", "Last Name", "Headline", "Summary"),
}
_TEXT = {"shares": "ShareCommentary", "comments": "Message", "profile": "Summary"}
_PROFILE = ("First Name", "Last Name", "Headline", "Summary", "Geo Location", "Websites")

#: Everybody on LinkedIn could read these.
_OPEN = {"MEMBER_NETWORK", "PUBLIC"}
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?: ?(?:UTC|Z))?")
_OTHERWISE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*|\d{4}-\d\d-\d\d", re.DOTALL)
_URN = re.compile(r"urn:li:(share|ugcPost|activity|groupPost):([\w-]+)")
_COMMENT_URN = re.compile(r"(?:commentUrn=)(urn:li:comment:\([^()]{1,200}\))")
_IN_ADDRESS = re.compile(r"-(share|ugcPost|activity)-(\d{10,25})\b")
_GROUP = re.compile(r"groupPost|linkedin\.com/groups/", re.IGNORECASE)
_RESHARED = re.compile(r"https?://(?:\w+\.)?linkedin\.com/(?:feed/update|posts)/", re.IGNORECASE)


class LinkedInShares:
    """Reads a member's LinkedIn data: the zip, its folder or one of its files."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts and comments oldest first, then what could not be read or is private.

        The files do not say by id whose they are.

        Raises:
            ExportRefused: no such file in it, not UTF-8, a time without its hour or with day and month in an order
                nobody can tell, or an account whose space is private.
        """
        if account.space is Space.PRIVATE:
            raise ExportRefused(f"{account.key}: is registered as private, which is never read; remove the export")
        with open_export(path) as files:
            by_kind = _files_by_kind(files)
            for name in by_kind["profile"]:
                yield from _profile(files, name, account)
            read: list[PostReading] = []
            bad: list[Quarantined] = []
            for one in _all(files, by_kind):
                (read if isinstance(one, PostReading) else bad).append(one)  # type: ignore[arg-type]
            yield from sorted(_once_each(read, bad), key=lambda post: (post.created_at, post.native_id))
            yield from bad


def _files_by_kind(files: ExportFiles) -> dict[str, list[str]]:
    found = {kind: [name for name in files.names if pattern.fullmatch(name)] for kind, pattern in _FILES.items()}
    if not any(found.values()) and len(files.names) == 1 and files.names[0].lower().endswith(".csv"):
        start = files.read(files.names[0])[:4096].decode("utf-8", "replace")
        kind = next((kind for kind, columns in _NEEDED.items() if all(one in start for one in columns)), None)
        if kind is not None:
            found[kind] = list(files.names)
    if not any(found.values()):
        raise ExportRefused(
            f"{files.title}: holds no Shares.csv; ask LinkedIn for the larger data archive, with posts in it"
        )
    return found


def _all(files: ExportFiles, by_kind: dict[str, list[str]]) -> Iterator[PostReading | Quarantined]:
    ids = Ids("linkedin")
    for kind in ("shares", "comments"):
        for name in by_kind[kind]:
            for row in list(_rows(files, name, kind)):
                yield row if isinstance(row, Quarantined) else _one(row, kind, ids)


def _rows(files: ExportFiles, name: str, kind: str) -> Iterator[Row | Quarantined]:
    body = files.read(name)
    if body.strip():
        yield from rows(body, PurePosixPath(name).name, _NEEDED[kind], _TEXT[kind])


def _one(row: Row, kind: str, ids: Ids) -> PostReading | Quarantined:
    try:
        if _is_private(row, kind):
            return private(row.where)
        return _share(row, ids) if kind == "shares" else _comment(row, ids)
    except Unreadable as error:
        return Quarantined(where=row.where, reason=str(error), raw=row.raw)


def _once_each(posts: list[PostReading], bad: list[Quarantined]) -> Iterator[PostReading]:
    """Posts that stand in two files are the same post; with two texts, nobody can tell which is the later."""
    seen: dict[str, PostReading] = {}
    for post in posts:
        first = seen.setdefault(post.native_id, post)
        if first.content_hash == post.content_hash:
            yield post
        else:
            where = f"linkedin post {post.native_id[:60]}"
            bad.append(Quarantined(where=where, reason="stands twice, with two texts", raw=post.raw))


# --- posts and comments ----------------------------------------------------------------------------------------------


def _share(row: Row, ids: Ids) -> PostReading:
    created, written = _time(row)
    text, link = row.cells["ShareCommentary"], _cell(row, "ShareLink")
    shared, media = _cell(row, "SharedUrl"), _cell(row, "MediaUrl")
    bare = not (text.strip() or shared or media)
    return PostReading(
        native_id=_id_of(link) or _made("post", ids, written, link),
        kind="share" if bare or _RESHARED.match(shared) else "post",
        created_at=created,
        created_raw=written,
        text=text,
        permalink=link or None,
        links=(shared,) if shared else (),
        media=(Media(kind="media", url=media),) if media else (),
        raw=row.raw,
    )


def _comment(row: Row, ids: Ids) -> PostReading:
    created, written = _time(row)
    link, text = _cell(row, "Link"), row.cells["Message"]
    if not text.strip():
        raise Unreadable("Message is empty")
    own = _COMMENT_URN.search(unquote(link))
    return PostReading(
        native_id=own[1] if own else _made("comment", ids, written, link),
        kind="comment",
        created_at=created,
        created_raw=written,
        text=text,
        permalink=link or None,
        reply_to=_id_of(link),
        raw=row.raw,
    )


def _is_private(row: Row, kind: str) -> bool:
    """Whether not everybody could read it (LLL-02). Exports before the column Visibility say nothing of it."""
    if kind == "comments":
        return _GROUP.search(unquote(_cell(row, "Link"))) is not None
    return "Visibility" in row.cells and _cell(row, "Visibility").upper() not in _OPEN


def _id_of(link: str) -> str | None:
    """The id the API knows a post by, out of its address."""
    plain = unquote(link)
    if match := _URN.search(plain) or _IN_ADDRESS.search(plain):
        return f"urn:li:{match[1]}:{match[2]}"
    return None


def _made(kind: str, ids: Ids, written: str, link: str) -> str:
    """An id for what has none: the same whenever the same data is exported, also after an edit of the text."""
    return f"{kind}-{ids.of(written, link, kind).rpartition('-')[2]}"


def _time(row: Row) -> tuple[datetime, str]:
    written = _cell(row, "Date")
    match = _WRITTEN.fullmatch(written)
    if match is None and _OTHERWISE.fullmatch(written):
        raise ExportRefused(
            f"{row.where}: Date is not written as LinkedIn writes it, as in 2026-10-05 14:30:00; give the file as"
            " LinkedIn sent it, not as another program saved it"
        )
    try:
        return platform_time(f"{match[1]}T{match[2]}Z" if match else written), written
    except UnreadableTime as error:
        raise Unreadable(f"Date {error}") from None


def _cell(row: Row, column: str) -> str:
    return row.cells.get(column, "").strip().strip('"')


# --- the profile -----------------------------------------------------------------------------------------------------


def _profile(files: ExportFiles, name: str, account: Account) -> Iterator[ProfileReading | Quarantined]:
    for row in _rows(files, name, "profile"):
        if isinstance(row, Quarantined):
            yield row
            continue
        # The file also holds address and birthday: only what is read of it is kept.
        own = {column: row.cells[column] for column in _PROFILE if column in row.cells}
        sites = re.search(r"https?://[^\],\s\"]+", own.get("Websites", ""))
        yield ProfileReading(
            native_id=account.native_id,
            handle=account.handle,
            name=" ".join(part for part in (own["First Name"].strip(), own["Last Name"].strip()) if part),
            bio="\n".join(part for part in (own["Headline"], own.get("Summary", "")) if part),
            website=sites[0] if sites else None,
            location=own.get("Geo Location") or None,
            raw=json.dumps(own).encode(),
        )
