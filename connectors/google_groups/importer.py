"""Importer for the messages of one group out of Google Takeout ("Groups"), an mbox per group.

Takeout names folders and files in the language of whoever ordered it, so an mbox is known by how it begins, and the
group by the folder around it or, for a file by itself, by what its messages say. A Takeout may hold its owner's mailbox
too: of that nothing is read but the messages that name the group. Lists of members and settings (`members.csv`,
`info.csv`) are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.chats import not_a_post, private, refuse_private
from connectors.exportfiles import ExportFiles, open_export
from connectors.mailtext import (
    Letter,
    Posted,
    digest_id,
    envelopes,
    group_names,
    is_mbox,
    is_one_groups,
    keep_once,
    posted,
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
        body = _mbox(files, name)
        if body is None:
            continue
        found = True
        folder = PurePosixPath(name).parent.name.casefold()
        is_groups = _GROUP_FOLDER.fullmatch(folder) is not None
        told = is_groups and (folder in own or folder.partition("@")[0] in own)
        if is_groups and not told:
            others += [private(f"mbox {number}:{one.number}") for one in envelopes(body)]
            continue
        messages = posted(body, f"mbox {number}")
        # In a folder that is no group's, such as that of the owner's mailbox, a mail without a group is nobody's post.
        nameless = told or ((not folder or folder in own) and is_one_groups(messages, own))
        matched |= told or any(one.names & own for one in messages)
        _take(messages, own, read, others, told=told, nameless=nameless)
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


def _take(
    messages: Sequence[Posted],
    own: frozenset[str],
    read: dict[str, PostReading],
    others: list[Quarantined],
    *,
    told: bool,
    nameless: bool,
) -> None:
    """The messages of one mbox: all where its folder `told` so, else those that name the group; `nameless` as told."""
    for one in messages:
        if not told and not (one.names & own if one.names else nameless):
            others.append(private(one.where))
            continue
        try:
            keep_once(_reading(one, own), read)
        except Unreadable as error:
            others.append(Quarantined(where=one.where, reason=str(error), raw=one.envelope.raw))


def _reading(one: Posted, own: frozenset[str]) -> PostReading:
    said, envelope = one.said, one.envelope
    if said is None:
        raise Unreadable(one.fault)
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
