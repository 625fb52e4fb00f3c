"""Importer for the messages of one group out of Google Takeout ("Groups"), an mbox per group.

Takeout names folders and files in the language of whoever ordered it, so an mbox is known by how it begins, and the
group by the folder around it or, for a file by itself, by what its messages say. Lists of members and settings
(`members.csv`, `info.csv`) are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.chats import not_a_post, private, refuse_private
from connectors.exportfiles import ExportFiles, open_export
from connectors.mailtext import (
    Envelope,
    Letter,
    digest_id,
    envelope_time,
    envelopes,
    group_names,
    groups_of,
    is_mbox,
    keep_once,
    letter,
)
from connectors.records import Unreadable

_GROUP_FOLDER = re.compile(r"[^@/\s]+@[^@/\s]+\.[^@/\s]+")
_TABLES = (".csv",)


class GoogleGroupsExport:
    """Reads a Takeout folder or zip, or a group's mbox by itself."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """The group's messages oldest first, then what is left out or could not be read.

        The native id of the account is the group's address or the part of it before the "@".

        Raises:
            ExportRefused: the account's space is private, no mbox in it, or none of this group.
        """
        refuse_private(account)
        with open_export(path) as files:
            read, others = _read(files, account)
        yield from sorted(read, key=lambda post: (post.created_at, post.native_id))
        yield from others


def _read(files: ExportFiles, account: Account) -> tuple[list[PostReading], list[Quarantined]]:
    own = group_names(account)
    read: dict[str, PostReading] = {}
    others: list[Quarantined] = []
    found = matched = False
    for number, name in enumerate(files.names, start=1):
        if name.lower().endswith(_TABLES):
            others.append(not_a_post(f"file {number}"))
            continue
        folder = PurePosixPath(name).parent.name.casefold()
        body = _mbox(files, name)
        if body is None:
            continue
        found = True
        label = f"mbox {number}"
        if _GROUP_FOLDER.fullmatch(folder) and folder not in own and folder.partition("@")[0] not in own:
            others += [private(f"{label}:{one.number}") for one in envelopes(body)]
        elif _messages(body, label, own, read, others, told=_GROUP_FOLDER.fullmatch(folder) is not None):
            matched = True
    if not found:
        raise ExportRefused(f"account {account.key}: holds no mbox; order Groups at Google Takeout and give its zip")
    if not matched:
        raise ExportRefused(f"account {account.key}: holds no message of this group; check the group's native_id")
    return list(read.values()), others


def _mbox(files: ExportFiles, name: str) -> bytes | None:
    """The bytes of a file that is an mbox, None for any other."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in {".html", ".htm", ".json", ".jpg", ".png", ".pdf", ".zip", ".txt", ".yml"}:
        return None
    body = files.read(name)
    return body if is_mbox(body[:600]) else None


def _messages(
    body: bytes,
    label: str,
    own: frozenset[str],
    read: dict[str, PostReading],
    others: list[Quarantined],
    *,
    told: bool,
) -> bool:
    """The messages of one mbox. Returns whether it is the group's, by its folder or by one of its messages."""
    is_ours = told
    kept: list[Quarantined] = []
    for envelope in envelopes(body):
        where = f"{label}:{envelope.number}"
        try:
            received = envelope_time(envelope.date)
            said = letter(envelope.message, received=received, received_raw=envelope.date)
            names = groups_of(said)
            if names and not told and not names & own:
                kept.append(private(where))
                continue
            is_ours = is_ours or bool(names & own)
            keep_once(_reading(said, envelope, own), read)
        except Unreadable as error:
            kept.append(Quarantined(where=where, reason=str(error), raw=envelope.raw))
    others += kept
    return is_ours


def _reading(said: Letter, envelope: Envelope, own: frozenset[str]) -> PostReading:
    if said.created_at is None:
        raise Unreadable("says no time, or one without its zone")
    native_id = said.message_id or digest_id(envelope.who, envelope.date, said.subject)
    return PostReading(
        native_id=native_id,
        kind="reply" if said.is_reply else "post",
        created_at=said.created_at,
        created_raw=said.created_raw,
        text=said.text,
        links=said.links,
        media=said.media,
        permalink=_permalink(said, own),
        reply_to=said.in_reply_to,
        raw=envelope.raw,
    )


def _permalink(said: Letter, own: frozenset[str]) -> str | None:
    # The form Google writes below each message it sends.
    group = next((name for name in sorted(own) if "@" not in name), None)
    if said.message_id is None or group is None:
        return None
    return f"https://groups.google.com/d/msgid/{quote(group, safe='')}/{quote(said.message_id, safe='')}"
