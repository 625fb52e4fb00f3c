"""Asks a Bluesky account's server for its records through atproto. Parsing is `.parse`, judging answers is `.faults`.

Repositories are read without signing in, from the account's own server (PDS): only it has all records, in the order
they were made. atproto's models would refuse whatever they do not know, so the answers' bytes are read instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from atproto_client.exceptions import AtProtocolError  # type: ignore[import-untyped]

from chapterwatch.errors import (
    AccountGone,
    ConnectorError,
    RateLimited,
    UnexpectedShape,
    Unreachable,
    UserError,
)
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest
from connectors.bluesky import faults, parse
from connectors.bluesky.wire import client_over
from connectors.http import Answer, PlatformSession, base_url_of, check_settings, strict_json, whole_number
from connectors.records import Unreadable, mapping, mappings, optional

DIRECTORY = "https://plc.directory"
LARGEST_PAGE = 100
#: Listed one after the other, each newest first.
COLLECTIONS = (parse.POSTS, parse.REPOSTS)

_LIMITS = ("date", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")


@dataclass
class _Repo:
    """One account's repository: whose it is, where it lies and the way there."""

    did: str
    session: PlatformSession
    client: Any


class BlueskyConnector:
    """Public repositories of any number of accounts. Not thread-safe: one connector per task.

    Nobody charges for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del manifest, max_reads
        check_settings(connection)
        self._connection = connection
        self._server = base_url_of(connection)
        self._directory = _directory(connection)
        self._page_size = min(whole_number(connection, "page_size", LARGEST_PAGE), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._reads_shared = _reads_shared(connection)
        self._repos: dict[str, _Repo] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile. An account without a profile record has an empty one.

        Raises:
            AccountGone: the server does not have the account, or no longer shows it.
        """
        repo = self._repo(account)
        about = self._ask(account, "describe_repo", repo=repo.did)
        handle = optional(about.value, "handle") or account.handle
        try:
            answer = self._ask(account, "get_record", repo=repo.did, collection=parse.PROFILE, rkey="self")
        except faults.NoSuchRecord:
            return parse.profile(repo.did, handle, {}, about.body)
        return parse.profile(repo.did, handle, mapping(answer.value.get("value")), answer.body)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts of the window, newest first, then its reposts, newest first.

        A page is `capped` where a cursor repeats or our own page cap is reached. A repost whose original could not be
        read this time is quarantined: without it, it would look as if its text had been taken away.
        """
        collection, _, inner = (cursor or COLLECTIONS[0]).partition(" ")
        if collection not in COLLECTIONS:
            collection, inner = COLLECTIONS[0], ""
        for at, name in enumerate(COLLECTIONS[COLLECTIONS.index(collection) :], COLLECTIONS.index(collection)):
            after = COLLECTIONS[at + 1] if at + 1 < len(COLLECTIONS) else None
            yield from self._pages_of(account, window, name, inner or None, after)
            inner = ""

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by address, in one page. Each ends in `posts`, `missing` or `quarantined`."""
        found = [self._look_up(account, one) for one in native_ids]
        return Page(
            posts=tuple(one for one in found if isinstance(one, PostReading)),
            missing=tuple(one for one in found if isinstance(one, Missing)),
            quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
        )

    def _pages_of(
        self, account: Account, window: Window, collection: str, cursor: str | None, after: str | None
    ) -> Iterator[Page]:
        """One collection's pages; `after` is where to go on once it is through."""
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            answer = self._ask_page(account, collection, cursor)
            listing = self._listing(account, answer)
            repeated = listing.cursor is not None and listing.cursor in seen
            covered = _before(listing.records, window)
            over = listing.cursor is None or repeated or covered
            cursor = listing.cursor
            wanted = [one for one in listing.records if _within(one, window)]
            posts, bad = self._readings(account, wanted)
            yield Page(
                posts=posts,
                quarantined=(*listing.quarantined, *bad),
                cursor=None if listing.breaks_off and not covered else after if over else f"{collection} {cursor}",
                http=answer.facts(*_LIMITS),
                capped=not covered and (repeated or (not over and number == self._max_pages)),
            )
            if listing.breaks_off and not covered:
                raise UnexpectedShape(f"{account.key}: the server names a next page, but not where it starts")
            if over:
                return
            seen.add(cursor)

    def _ask_page(self, account: Account, collection: str, cursor: str | None) -> Answer:
        question: dict[str, Any] = {"repo": self._repo(account).did, "collection": collection}
        question |= {"limit": self._page_size} | ({"cursor": cursor} if cursor else {})
        return self._ask(account, "list_records", **question)

    def _listing(self, account: Account, answer: Answer) -> parse.Listing:
        try:
            return parse.listing(answer.body)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _readings(
        self, account: Account, records: Sequence[parse.Record]
    ) -> tuple[tuple[PostReading, ...], tuple[Quarantined, ...]]:
        posts: list[PostReading] = []
        bad: list[Quarantined] = []
        out_of_reach = False
        for one in records:
            try:
                posts.append(self._reading(account, one, skip=out_of_reach))
            except Unreadable as error:
                bad.append(_quarantined(one, str(error)))
            except _OriginalUnread as error:
                out_of_reach |= error.out_of_reach
                bad.append(_quarantined(one, "the post it shares could not be read this time"))
        return tuple(posts), tuple(bad)

    def _reading(self, account: Account, found: parse.Record, *, skip: bool = False) -> PostReading:
        repo = self._repo(account)
        original = None
        if found.address.collection == parse.REPOSTS and self._reads_shared:
            if skip:
                raise _OriginalUnread(out_of_reach=True)
            original = self._original(account, parse.shared(found))
        return parse.post(found, repo.session.base, original)

    def _original(self, account: Account, address: parse.Address) -> parse.Record | None:
        """The post a repost shares, None where it is gone. Raises `_OriginalUnread` where that cannot be told."""
        try:
            return self._record(account, address)
        except (faults.NoSuchRecord, AccountGone):
            return None
        except RateLimited:
            raise
        except ConnectorError as error:
            raise _OriginalUnread(out_of_reach=isinstance(error, Unreachable)) from None

    def _look_up(self, account: Account, native_id: str) -> PostReading | Missing | Quarantined:
        try:
            address = parse.Address.of(native_id)
        except Unreadable:
            return _cannot_tell(native_id, "is no address of a record")
        if address.did != self._repo(account).did:
            return _cannot_tell(native_id, "is an address in another account's repository")
        try:
            found = self._record(account, address)
        except faults.NoSuchRecord:
            return Missing(native_id=native_id, certainty="gone", detail="the account's server has no such record")
        (readings, bad) = self._readings(account, [found])
        return readings[0] if readings else bad[0]

    def _record(self, account: Account, address: parse.Address) -> parse.Record:
        answer = self._ask(account, "get_record", repo=address.did, collection=address.collection, rkey=address.key)
        try:
            found = parse.record(answer.value, answer.body)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer's {error}") from None
        if found.address != address:
            raise UnexpectedShape(f"{account.key}: the server answered with another record than was asked for")
        return found

    def _ask(self, account: Account, call: str, **question: Any) -> Answer:
        """One question about a repository, answered with judged bytes."""
        repo = self._repo(account)
        session = repo.session
        session.subject, session.last = account.key, None
        try:
            getattr(repo.client.com.atproto.repo, call)(question)
        except (AtProtocolError, ValueError) as error:
            # The answer came and was judged; what atproto's models or its JSON do not know is no fault of it.
            if session.last is None:
                raise UnexpectedShape(f"{account.key}: atproto gave up ({type(error).__name__})") from None
        if session.last is None:
            raise UnexpectedShape(f"{account.key}: atproto sent nothing")
        return session.last

    # --- where an account's repository is ---------------------------------------------------------------------------

    def _repo(self, account: Account) -> _Repo:
        if account.key not in self._repos:
            self._repos[account.key] = self._found(account)
        return self._repos[account.key]

    def _found(self, account: Account) -> _Repo:
        """Who and where an account is, asked once. Without base_url its DID document says where."""
        if account.native_id.startswith("did:"):
            return self._at(account.native_id, self._server or self._server_of(account))
        if self._server is None:
            raise UnexpectedShape(f"{account.key}: native_id is no DID; enter the account's DID, or give a base_url")
        repo = self._at("", self._server)
        repo.session.subject = account.key
        answer = repo.session.get(
            f"{self._server}/xrpc/com.atproto.identity.resolveHandle", params={"handle": account.native_id}
        )
        return replace(repo, did=_did_in(answer.content, account))

    def _at(self, did: str, server: str) -> _Repo:
        session = PlatformSession(server, self._connection, faults.check)
        return _Repo(did, session, client_over(session))

    def _server_of(self, account: Account) -> str:
        """The server in an account's DID document.

        Raises:
            AccountGone: the directory does not know the DID, or its owner has given it up.
            UnexpectedShape: no server in it, or one no account could have.
        """
        if not account.native_id.startswith("did:plc:"):
            raise UnexpectedShape(f"{account.key}: only did:plc is in the directory; give the server as base_url")
        session = PlatformSession(self._directory, self._connection, faults.check)
        session.subject = account.key
        body = session.get(f"{self._directory}/{account.native_id}").content
        services = mappings(mapping(strict_json(body, account.key)).get("service"))
        found = [str(one.get("serviceEndpoint")) for one in services if str(one.get("id")).endswith("#atproto_pds")]
        if len(found) != 1 or not _may_be_server(found[0], self._directory):
            raise UnexpectedShape(f"{account.key}: the account's DID document names no server to ask")
        return found[0].rstrip("/")


class _OriginalUnread(Exception):
    """The post a repost shares could not be read, and nobody said that it is gone."""

    def __init__(self, *, out_of_reach: bool) -> None:
        super().__init__()
        self.out_of_reach = out_of_reach


def _directory(connection: Connection) -> str:
    url = str(connection.options.get("directory", DIRECTORY))
    return base_url_of(replace(connection, base_url=url)) or DIRECTORY


def _reads_shared(connection: Connection) -> bool:
    value = str(connection.options.get("read_shared", "true")).strip().lower()
    if value not in {"true", "false"}:
        raise UserError(f"connection {connection.id}: option read_shared is {value!r}; write true or false")
    return value == "true"


def _may_be_server(url: str, directory: str) -> bool:
    """Whether an address an account holder wrote may be asked: https and a public name, or the directory's own host."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.query or parts.fragment or parts.path.strip("/"):
        return False
    if host == urlsplit(directory).hostname:
        return True
    named = re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", host.lower())
    return parts.scheme == "https" and named is not None and not host.lower().endswith((".local", ".internal"))


def _did_in(body: bytes, account: Account) -> str:
    did = mapping(strict_json(body, account.key)).get("did")
    if not isinstance(did, str) or not did.startswith("did:"):
        raise UnexpectedShape(f"{account.key}: the handle's answer holds no DID")
    return did


def _within(found: parse.Record, window: Window) -> bool:
    """Whether a record belongs in the window. One without a readable time does: it has to be counted."""
    try:
        return window.since <= parse.created(found) < window.until
    except Unreadable:
        return True


def _before(records: Sequence[parse.Record], window: Window) -> bool:
    """Whether a listing, which is in the order of keys, has passed the window's beginning."""
    made = [parse.key_time(one.address.key) for one in records]
    early = window.since - parse.CLOCKS_AGREE if window.since.year > 1 else window.since
    return bool(made) and all(time is not None and time < early for time in made)


def _quarantined(found: parse.Record, reason: str) -> Quarantined:
    return Quarantined(where=f"bluesky {found.address}", reason=reason, raw=found.raw)


def _cannot_tell(native_id: str, detail: str) -> Missing:
    return Missing(native_id=native_id, certainty="cannot_tell", detail=detail)
