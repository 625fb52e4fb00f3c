"""Asks the YouTube Data API through google-api-python-client. Parsing is `.parse`, judging answers is `.faults`.

The client's own transport (httplib2) has no retries, no deadline and puts the key into its errors. It gets ours in its
place. What it knows of the API comes out of its own wheel: nothing is fetched to find out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import httplib2  # type: ignore[import-untyped]
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import Error as GoogleError  # type: ignore[import-untyped]

from chapterwatch.errors import AccountGone, UnexpectedShape
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest
from connectors.http import (
    Answer,
    PlatformSession,
    check_settings,
    flag,
    scrub_bytes,
    secret_for,
    whole_number,
)
from connectors.records import Unreadable
from connectors.times import UnreadableTime, platform_time
from connectors.youtube import faults, parse

# It prints each address, the key in it, at DEBUG.
for _name in ("googleapiclient", "googleapiclient.discovery", "googleapiclient.http"):
    logging.getLogger(_name).setLevel(logging.INFO)

HOME = "https://youtube.googleapis.com"
LARGEST_PAGE = 50

_Read = TypeVar("_Read")

_FACTS = ("date", "retry-after")


class _Transport:
    """What google-api-python-client takes for httplib2: one method, over our session."""

    def __init__(self, session: PlatformSession) -> None:
        self._session = session

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        """Send one request; every answer that comes back was found usable."""
        # It names itself and its Python in every request, and asks for packing by hand.
        kept = {name: value for name, value in (headers or {}).items() if name.lower() == "accept"}
        response = self._session.request(method, uri, data=body, headers=kept)
        return httplib2.Response({"status": str(response.status_code)}), response.content

    def close(self) -> None:
        """Nothing to close: the session lives as long as the connector."""


class YouTubeConnector:
    """The Data API for any number of channels. Not thread-safe. Reading costs quota, no money: no `max_reads`."""

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        check_settings(connection)
        self._connection = connection
        self._parts = {name: ",".join(fields) for name, fields in manifest.fields.items()}
        self._in_header = flag(connection, "key_in_header")
        self._page_size = min(whole_number(connection, "page_size", LARGEST_PAGE), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._session = PlatformSession(HOME, connection, faults.check)
        self._session.headers["User-Agent"] = "chapterwatch"
        self._service = build(
            "youtube",
            "v3",
            http=_Transport(self._session),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": HOME},
        )
        self._channels: dict[str, Mapping[str, Any]] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The channel.

        Raises:
            AccountGone: YouTube shows no such channel.
        """
        found, raw = self._channel(account)
        try:
            return parse.profile(found, raw)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the channel's {error}") from None

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Videos published in the window, in the playlist's order, which is the newest first but for scheduled ones.

        A page that holds nothing but older videos ends the listing.
        """
        playlist = self._uploads(account)
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            token = {"pageToken": cursor} if cursor else {}
            try:
                answer = self._items(account, playlistId=playlist, **token)
            except faults.NoList:
                # The channel is there and names the list: it has not uploaded anything.
                yield Page()
                return
            listing = self._read(account, answer, parse.listed)
            found = self._videos(account, listing.ids)
            repeated = listing.cursor is not None and listing.cursor in seen
            passed = bool(listing.published) and all(_before(when, window) for when in listing.published.values())
            over = listing.cursor is None or repeated or passed
            cursor = None if over else listing.cursor
            yield self._page(
                listing,
                found,
                window,
                answer,
                cursor,
                capped=not passed and (repeated or (not over and number == self._max_pages)),
            )
            if listing.breaks_off and not passed:
                raise UnexpectedShape(f"{account.key}: YouTube names a next page, but not where it starts")
            if over:
                return
            seen.add(cursor)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known videos by id. One that is not shown is gone, unless the uploads playlist calls it private."""
        found: dict[str, PostReading | Quarantined] = {}
        for at in range(0, len(native_ids), LARGEST_PAGE):
            found |= self._videos(account, native_ids[at : at + LARGEST_PAGE])
        absent = [one for one in native_ids if one not in found]
        return Page(
            posts=tuple(one for one in found.values() if isinstance(one, PostReading)),
            quarantined=tuple(one for one in found.values() if isinstance(one, Quarantined)),
            missing=tuple(self._absent(account, one) for one in absent),
        )

    def _page(
        self,
        listing: parse.Listed,
        found: Mapping[str, PostReading | Quarantined],
        window: Window,
        answer: Answer,
        cursor: str | None,
        *,
        capped: bool,
    ) -> Page:
        read = [found[one] for one in listing.ids if one in found]
        posts = [one for one in read if isinstance(one, PostReading)]
        return Page(
            posts=tuple(one for one in posts if window.since <= one.created_at < window.until),
            missing=tuple(_withheld(one, listing.withheld[one]) for one in listing.withheld if one not in found),
            quarantined=(
                *listing.quarantined,
                *(one for one in read if isinstance(one, Quarantined)),
                *_unshown(listing, found, window),
            ),
            cursor=cursor,
            http=answer.facts(*_FACTS),
            capped=capped,
        )

    def _absent(self, account: Account, video: str) -> Missing:
        """A video YouTube does not show by id: what the channel's own playlist says of it."""
        gone = Missing(native_id=video, certainty="gone", detail="no longer shown: deleted, or made private")
        try:
            answer = self._items(account, playlistId=self._uploads(account), videoId=video)
        except (faults.NoList, AccountGone):
            # The list, or the video in it (videoNotFound), is not there.
            return gone
        listing = self._read(account, answer, parse.listed)
        if video in listing.withheld:
            return _withheld(video, listing.withheld[video])
        if video in listing.ids:
            return Missing(native_id=video, certainty="cannot_tell", detail="still listed, but not shown by id")
        return gone

    def _channel(self, account: Account) -> tuple[Mapping[str, Any], bytes]:
        by = {"forHandle": account.native_id} if account.native_id.startswith("@") else {"id": account.native_id}
        answer = self._ask(account, self._service.channels(), part=self._parts["channels"], **by)
        found = self._read(account, answer, parse.channel)
        if not found:
            raise AccountGone(f"{account.key}: YouTube shows no such channel")
        self._channels[account.key] = found
        return found, self._clean(account, answer.body)

    def _uploads(self, account: Account) -> str:
        if account.key not in self._channels:
            self._channel(account)
        try:
            return parse.uploads_of(self._channels[account.key])
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the channel's {error}") from None

    def _items(self, account: Account, **question: str) -> Answer:
        items = self._service.playlistItems()
        return self._ask(account, items, part=self._parts["playlistItems"], maxResults=self._page_size, **question)

    def _videos(self, account: Account, ids: Sequence[str]) -> dict[str, PostReading | Quarantined]:
        if not ids:
            return {}
        answer = self._ask(account, self._service.videos(), part=self._parts["videos"], id=",".join(ids))
        return self._read(account, answer, parse.videos)

    def _read(self, account: Account, answer: Answer, reader: Callable[[bytes], _Read]) -> _Read:
        try:
            return reader(self._clean(account, answer.body))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _ask(self, account: Account, collection: Any, **question: Any) -> Answer:
        key = secret_for(self._connection, "api_key", account)
        self._session.subject = account.key
        self._session.last = None
        self._session.headers.pop("X-Goog-Api-Key", None)
        if self._in_header:
            self._session.headers["X-Goog-Api-Key"] = key
        else:
            question["key"] = key
        try:
            collection.list(**question).execute(num_retries=0)
        except (GoogleError, ValueError, TypeError) as error:
            # Not to be expected: every answer was judged before the client saw it.
            raise UnexpectedShape(f"{account.key}: google-api-python-client gave up ({type(error).__name__})") from None
        if self._session.last is None:
            raise UnexpectedShape(f"{account.key}: google-api-python-client sent nothing")
        return self._session.last

    def _clean(self, account: Account, body: bytes) -> bytes:
        return scrub_bytes(body, (*self._connection.secrets.values(), secret_for(self._connection, "api_key", account)))


def _withheld(video: str, status: str) -> Missing:
    if status == "private":
        return Missing(native_id=video, certainty="cannot_tell", detail="the channel's list calls it private")
    return Missing(native_id=video, certainty="gone", detail="the channel's list calls it deleted")


def _unshown(listing: parse.Listed, found: Mapping[str, object], window: Window) -> Iterator[Quarantined]:
    """Videos of the window that the playlist names and YouTube does not show by id: new ones nobody looks up later."""
    for one in listing.ids:
        told = one in found or one in listing.withheld
        if not told and not _before(listing.published.get(one, ""), window):
            yield Quarantined(where=f"youtube video {one[:20]}", reason="listed, but not shown by id", raw=one.encode())


def _before(when: str, window: Window) -> bool:
    try:
        return platform_time(when) < window.since
    except UnreadableTime:
        return False
