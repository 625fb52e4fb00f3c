"""Asks the Threads API, which speaks Graph on a host of its own. How Graph is asked stands in `connectors.graph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chapterwatch.errors import UnexpectedShape
from chapterwatch.model import Account, Connection, Page, ProfileReading, Window
from connectors import rawjson
from connectors.base import Manifest, Probe
from connectors.graph import Graph, found, page_of
from connectors.graph_paging import Listing
from connectors.http import flag
from connectors.records import Unreadable
from connectors.threads import parse

HOME = "https://graph.threads.net"

_REPLY_FIELDS = "thread.reply"


class ThreadsConnector:
    """Threads API for any number of accounts behind one connection. Not thread-safe: one connector per task.

    An account is asked for by its id, not as `me`: another account's token must not put its posts in this one's place.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        replies = flag(connection, "replies")
        self._edges = ("threads", "replies") if replies else ("threads",)
        self._graph = Graph(
            connection,
            manifest,
            home=HOME,
            secret="access_token",  # noqa: S106 - the name of one
            batches=False,
            left_out=() if replies else (_REPLY_FIELDS,),
        )

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile.

        Raises:
            AccountGone: Threads says there is no such account.
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
        """Posts of the window, newest first, then replies where the option asks for them, newest first.

        A page's cursor names its listing, as in `replies:QVFIU`. A page is `capped` where a cursor repeats or our own
        page cap is reached.
        """
        edge, _, place = (cursor or "").partition(":")
        at = self._edges.index(edge) if edge in self._edges else 0
        for number, name in enumerate(self._edges[at:], start=at):
            following = f"{self._edges[number + 1]}:" if number + 1 < len(self._edges) else None
            listing = self._graph.listing(
                account,
                f"{account.native_id}/{name}",
                "thread",
                window,
                place if name == edge and place else None,
                _read,
            )
            for page in listing:
                yield replace(page, cursor=f"{name}:{page.cursor}" if page.cursor else following)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each id ends in `posts`, `missing` or `quarantined`."""
        answers = self._graph.by_id(account, native_ids, "thread")
        items = [
            found(one, answers[one], lambda body: parse.post_or_reason(rawjson.loads(body), body)) for one in native_ids
        ]
        return page_of(items, self._graph.notes())


def _read(body: bytes) -> tuple[Listing, Mapping[str, str]]:
    return parse.listing(body), {}
