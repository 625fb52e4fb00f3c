"""Asks the Graph API for professional Instagram accounts. How Graph is asked stands in `connectors.graph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chapterwatch.errors import UnexpectedShape
from chapterwatch.model import Account, Connection, Page, ProfileReading, Window
from connectors import rawjson
from connectors.base import Manifest, Probe
from connectors.graph import Graph, found, page_of
from connectors.graph_paging import Listing
from connectors.http import flag
from connectors.instagram import parse
from connectors.records import Unreadable

HOME = "https://graph.facebook.com"
#: Where tokens of "Instagram API with Instagram Login" are taken. It knows no batches.
OWN_HOME = "https://graph.instagram.com"


class InstagramConnector:
    """Graph API for any number of professional accounts behind one connection. Not thread-safe: one per task.

    Graph charges nothing for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        own = flag(connection, "instagram_login")
        self._graph = Graph(
            connection,
            manifest,
            home=OWN_HOME if own else HOME,
            secret="access_token",  # noqa: S106 - the name of one
            batches=not own,
        )

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile.

        Raises:
            AccountGone: Graph says there is no such account.
            UnexpectedShape: an account without id or username.
        """
        try:
            return parse.profile(self._graph.one(account, account.native_id, "user"))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None

    def probe(self, account: Account) -> Probe:
        """Whether the token still reads the account, until when and what it may do."""
        return self._graph.probe(account, self.profile(account).handle)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts and reels published in the window, newest first. A cursor no longer known restarts the window.

        A page is `capped` where a cursor repeats or our own page cap is reached.
        """

        def read(body: bytes) -> tuple[Listing, Mapping[str, str]]:
            return parse.listing(body), {}

        yield from self._graph.listing(account, f"{account.native_id}/media", "media", window, cursor, read)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each id ends in `posts`, `missing` or `quarantined`."""
        answers = self._graph.by_id(account, native_ids, "media")
        items = [
            found(one, answers[one], lambda body: parse.post_or_reason(rawjson.loads(body), body)) for one in native_ids
        ]
        return page_of(items, self._graph.notes())
