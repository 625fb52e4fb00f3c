"""Asks Flickr's REST API, for which there is no library that is kept. Parsing is `.parse`, judging is `.faults`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from chapterwatch.errors import AccountGone, UnexpectedShape
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest
from connectors.flickr import faults, parse
from connectors.http import Answer, PlatformSession, check_settings, scrub_bytes, secret_for, whole_number
from connectors.records import Unreadable

HOME = "https://api.flickr.com"
LARGEST_PAGE = 500
#: Beyond about this many Flickr repeats the last page it has.
MOST_LISTED = 4_000

_FACTS = ("date", "retry-after")
_Read = TypeVar("_Read")


class FlickrConnector:
    """Public photographs of any number of accounts. Not thread-safe. Reading is free: `max_reads` is not reached."""

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        check_settings(connection)
        self._connection = connection
        self._extras = ",".join(manifest.fields["extras"])
        self._page_size = min(whole_number(connection, "page_size", 100), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._session = PlatformSession(HOME, connection, faults.check)
        self._session.headers["User-Agent"] = "chapterwatch"

    def profile(self, account: Account) -> ProfileReading:
        """The account.

        Raises:
            AccountGone: Flickr knows no such account, or it was deleted.
        """
        answer = self._ask(account, "flickr.people.getInfo", user_id=account.native_id)
        return self._read(account, answer, parse.profile)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Photographs uploaded in the window, newest first; a cursor is a page's number."""
        number = int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() else 1
        for count in range(1, self._max_pages + 1):
            answer = self._ask(
                account,
                "flickr.people.getPublicPhotos",
                user_id=account.native_id,
                extras=self._extras,
                per_page=str(self._page_size),
                page=str(number),
            )
            listing = self._read(account, answer, lambda body: parse.listing(body, account.native_id))
            repeated = listing.pages > 0 and listing.page != number
            passed = any(post.created_at < window.since for post in listing.posts)
            full = number * self._page_size >= MOST_LISTED
            over = passed or repeated or full or number >= listing.pages
            number += 1
            cut = repeated or (full and number <= listing.pages) or (not over and count == self._max_pages)
            yield Page(
                posts=tuple(post for post in listing.posts if window.since <= post.created_at < window.until),
                quarantined=listing.quarantined,
                cursor=None if over else str(number),
                http=answer.facts(*_FACTS),
                capped=cut and not passed,
            )
            if over:
                return

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known photographs, one by one."""
        found = [self._single(account, one) for one in native_ids]
        return Page(
            posts=tuple(one for one in found if isinstance(one, PostReading)),
            missing=tuple(one for one in found if isinstance(one, Missing)),
            quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
        )

    def _single(self, account: Account, native_id: str) -> PostReading | Missing | Quarantined:
        try:
            answer = self._ask(account, "flickr.photos.getInfo", photo_id=native_id)
        except AccountGone:
            return Missing(native_id=native_id, certainty="gone", detail="no longer shown: deleted, or made private")
        except faults.NotShown:
            return Missing(
                native_id=native_id, certainty="cannot_tell", detail="Flickr no longer shows it to everybody"
            )
        return self._read(account, answer, lambda body: parse.photo(body, account.native_id))

    def _read(self, account: Account, answer: Answer, reader: Callable[[bytes], _Read]) -> _Read:
        secrets = (*self._connection.secrets.values(), secret_for(self._connection, "api_key", account))
        try:
            return reader(scrub_bytes(answer.body, secrets))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _ask(self, account: Account, method: str, **question: str) -> Answer:
        key = secret_for(self._connection, "api_key", account)
        self._session.subject = account.key
        self._session.last = None
        parameters = {"method": method, "api_key": key, "format": "json", "nojsoncallback": "1"} | question
        self._session.get(f"{HOME}/services/rest/", params=parameters)
        if self._session.last is None:
            raise UnexpectedShape(f"{account.key}: nothing was answered")
        return self._session.last
