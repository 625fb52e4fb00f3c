"""Importer for the archive an instance prepares for an account holder: outbox.json, actor.json and media files.

Sources: Mastodon's own exporter (its outbox is an ActivityStreams OrderedCollection) and ActivityPub's public address.
The outbox holds everything the account ever posted, also to followers and single persons: that is dropped and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.exportfiles import ExportFiles, open_export
from connectors.mastodon.markup import shown
from connectors.mastodon.parse import described, joined
from connectors.mastodon.tarball import is_tarball, open_tarball
from connectors.records import Unreadable, mapping, mappings, moment, optional, required

_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
#: A post's number ends its address; activities and boosts add a word.
_NUMBER = re.compile(r"/(?:statuses|notes?|objects?|posts?)/(?P<number>[0-9A-Za-z-]+)(?:/activity)?/?$")
#: Media files lie under their id, three digits a folder.
_MEDIA_ID = re.compile(r"/media_attachments/files/(?P<digits>\d{3}(?:/\d{3})+)/")
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_MAKES = "Create"
_SHARES = "Announce"


class MastodonArchive:
    """Reads an archive: tar.gz as downloaded, zip, unpacked folder, or outbox.json alone."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts oldest first, then what could not be read or is no post.

        Raises:
            ExportRefused: no outbox in it, a damaged file, or the archive of another account.
        """
        with _opened(path) as files:
            items = _outbox(files)
            actor, body = _actor(files)
            _refuse_other(files, account, actor, items)
            if actor:
                yield _profile(actor, body, account)
            yield from _posts(files.title, items)


def _opened(path: Path) -> AbstractContextManager[ExportFiles]:
    return open_tarball(path) if is_tarball(path) else open_export(path)


def _outbox(files: ExportFiles) -> list[tuple[Mapping[str, Any], bytes]]:
    """The outbox's activities, each with its exact bytes."""
    name = _named(files, "outbox.json")
    if name is None:
        raise ExportRefused(f"{files.title}: holds no outbox.json; choose the whole archive the instance prepared")
    value, body = _json(files, name)
    items = value.get("orderedItems") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise ExportRefused(f"{files.title}: {name} is no outbox; choose the archive the instance prepared")
    slices = rawjson.elements(body, "orderedItems")
    return [(mapping(one), raw) for one, raw in zip(items, slices, strict=True)]


def _actor(files: ExportFiles) -> tuple[Mapping[str, Any], bytes]:
    name = _named(files, "actor.json")
    if name is None:
        return {}, b""
    value, body = _json(files, name)
    return mapping(value), body


def _named(files: ExportFiles, wanted: str) -> str | None:
    found = [name for name in files.names if PurePosixPath(name).name.lower() == wanted]
    if len(found) > 1:
        raise ExportRefused(f"{files.title}: holds {len(found)} files called {wanted}; choose one archive")
    return found[0] if found else None


def _json(files: ExportFiles, name: str) -> tuple[Any, bytes]:
    body = files.read(name)
    try:
        return rawjson.loads(body), body
    except rawjson.BrokenJson as error:
        raise ExportRefused(f"{files.title}: {name} {error}; download the archive again") from None


def _refuse_other(
    files: ExportFiles, account: Account, actor: Mapping[str, Any], items: list[tuple[Mapping[str, Any], bytes]]
) -> None:
    """Refuse the archive of another account, known by its id or by name and instance."""
    holders = {one for one in (optional(actor, "id"), *(optional(item, "actor") for item, _ in items)) if one}
    if not holders or not all(_is_holder(one, account) for one in holders):
        raise ExportRefused(
            f"{files.title}: is not the archive of account {account.native_id}; check handle and id in its entry"
        )


def _is_holder(address: str, account: Account) -> bool:
    """Whether an actor's address is an account's: it ends in its name or number, on the handle's host if it has one."""
    name, _, host = account.handle.removeprefix("@").partition("@")
    if host and host.casefold() != _host(address):
        return False
    last = address.rstrip("/").rpartition("/")[2].removeprefix("@")
    return last == account.native_id or last.casefold() == name.casefold()


def _profile(actor: Mapping[str, Any], body: bytes, account: Account) -> ProfileReading:
    fields = [one for one in _listed(actor.get("attachment")) if one.get("type") == "PropertyValue"]
    bio, links = described(optional(actor, "summary") or "", fields)
    handle = optional(actor, "preferredUsername") or account.handle
    return ProfileReading(
        native_id=account.native_id,
        handle=handle,
        name=optional(actor, "name") or handle,
        bio=bio,
        website=links[0] if links else None,
        avatar_url=optional(mapping(actor.get("icon")), "url"),
        banner_url=optional(mapping(actor.get("image")), "url"),
        raw=body,
    )


def _posts(title: str, items: list[tuple[Mapping[str, Any], bytes]]) -> Iterator[PostReading | Quarantined]:
    read: list[PostReading] = []
    aside: list[Quarantined] = []
    for at, (activity, raw) in enumerate(items):
        where = f"{title} outbox[{at}]"
        if optional(activity, "type") not in {_MAKES, _SHARES}:
            aside.append(Quarantined(where=where, reason=_no_post(activity), raw=b""))
        elif not _is_open(activity):
            aside.append(Quarantined(where=where, reason="private", raw=b""))
        else:
            try:
                read.append(_reading(activity, raw))
            except Unreadable as error:
                aside.append(Quarantined(where=where, reason=str(error), raw=raw))
    yield from sorted(read, key=lambda post: (post.created_at, post.native_id))
    yield from aside


def _no_post(activity: Mapping[str, Any]) -> str:
    """Likes, follows and the rest are none by design; what does not even say what it is could not be read."""
    return "not_a_post" if optional(activity, "type") else "type is missing or no text"


def _is_open(activity: Mapping[str, Any]) -> bool:
    """Whether everybody may read it: both the sending and what was sent name the public, at least in copy."""
    post = activity.get("object")
    holders = [activity, *([post] if isinstance(post, dict) else [])]
    return all(_names_public(one) for one in holders)


def _names_public(holder: Mapping[str, Any]) -> bool:
    named = [one for field in ("to", "cc") for one in _several(holder.get(field))]
    return any(isinstance(one, str) and one in _PUBLIC for one in named)


def _reading(activity: Mapping[str, Any], raw: bytes) -> PostReading:
    return _share(activity, raw) if activity["type"] == _SHARES else _own(activity, raw)


def _share(activity: Mapping[str, Any], raw: bytes) -> PostReading:
    """A boost: the archive names the original and does not hold it, unless it is the account's own."""
    what = activity.get("object")
    original = mapping(what)
    address = what if isinstance(what, str) and what else required(original, "id")
    content = shown(optional(original, "content") or "")
    return PostReading(
        native_id=_number(required(activity, "id")),
        kind="share",
        created_at=moment(activity, "published"),
        created_raw=required(activity, "published"),
        text=joined(optional(original, "summary") or "", content.text),
        links=tuple(dict.fromkeys([address, *content.links])),
        permalink=address,
        raw=raw,
    )


def _own(activity: Mapping[str, Any], raw: bytes) -> PostReading:
    note = mapping(activity.get("object"))
    quoted = next((address for name in _QUOTES if (address := optional(note, name))), None)
    content = shown(_content(note), without_quote=quoted is not None)
    reply_to = optional(note, "inReplyTo")
    updated = optional(note, "updated")
    return PostReading(
        native_id=_number(required(note, "id")),
        kind="reply" if reply_to else "quote" if quoted else "post",
        created_at=moment(note, "published"),
        created_raw=required(note, "published"),
        edited_at=moment(note, "updated") if updated and updated != note.get("published") else None,
        text=joined(optional(note, "summary") or "", content.text, _poll(note)),
        links=tuple(dict.fromkeys([*content.links, *([quoted] if quoted else [])])),
        media=tuple(_medium(one) for one in _listed(note.get("attachment"))),
        lang=_language(note),
        reply_to=_reply_number(note, reply_to),
        permalink=optional(note, "url") or optional(note, "id"),
        raw=raw,
    )


def _content(note: Mapping[str, Any]) -> str:
    """The post's HTML; some servers give it by language only."""
    if "content" in note:
        return "" if note["content"] is None else required(note, "content", may_be_empty=True)
    by_language = [text for text in mapping(note.get("contentMap")).values() if isinstance(text, str)]
    if not by_language:
        raise Unreadable("content is missing or no text")
    return by_language[0]


def _language(note: Mapping[str, Any]) -> str | None:
    """The language of the content, where the post has it in one only."""
    languages = list(mapping(note.get("contentMap")))
    return languages[0] if len(languages) == 1 else None


def _poll(note: Mapping[str, Any]) -> str:
    options = [one for field in ("oneOf", "anyOf") for one in _listed(note.get(field))]
    return "\n".join(name for one in options if (name := optional(one, "name")))


def _medium(attached: Mapping[str, Any]) -> Media:
    url = optional(attached, "url")
    mime = optional(attached, "mediaType") or ""
    kind = mime.partition("/")[0]
    found = _MEDIA_ID.search(url or "")
    return Media(
        kind=kind if kind in {"image", "video", "audio"} else "media",
        url=url,
        alt_text=optional(attached, "name"),
        # As the API calls it: read either way, it is the same picture.
        native_id=found["digits"].replace("/", "").lstrip("0") if found else None,
    )


def _number(address: str) -> str:
    """The id the instance's API uses, which ends the address; another server's address stands for itself."""
    match = _NUMBER.search(address)
    return match["number"] if match else address


def _reply_number(note: Mapping[str, Any], reply_to: str | None) -> str | None:
    """What is replied to, by number where it is on the same instance."""
    if reply_to is None:
        return None
    return _number(reply_to) if _host(reply_to) == _host(optional(note, "id") or "") else reply_to


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _several(value: object) -> list[Any]:
    """ActivityStreams writes a single value without a list."""
    return value if isinstance(value, list) else [value]


def _listed(value: object) -> list[Mapping[str, Any]]:
    return mappings(_several(value))
