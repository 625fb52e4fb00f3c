"""Asks the Graph API for Pages and posts. How Graph is asked stands in `connectors.graph`, parsing in `.parse`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chapterwatch.errors import ConnectorError, UnexpectedShape
from chapterwatch.model import Account, Connection, Page, ProfileReading, Window
from connectors import rawjson
from connectors.base import Manifest, Probe
from connectors.facebook_page import parse
from connectors.graph import LARGEST_BATCH, Graph, found, page_of
from connectors.graph_paging import Listing
from connectors.http import Answer
from connectors.records import Unreadable, mapping

HOME = "https://graph.facebook.com"


class FacebookPageConnector:
    """Graph API for any number of Pages behind one connection. Not thread-safe: one connector per task.

    Graph charges nothing for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        self._graph = Graph(connection, manifest, home=HOME, secret="page_token")  # noqa: S106 - the name of one

    def profile(self, account: Account) -> ProfileReading:
        """The Page's profile.

        Raises:
            AccountGone: Graph says there is no such object.
            UnexpectedShape: a Page without id or name.
        """
        try:
            return parse.profile(self._graph.one(account, account.native_id, "page"))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None

    def probe(self, account: Account) -> Probe:
        """Whether the token still reads the account, until when and what it may do."""
        return self._graph.probe(account, self.profile(account).handle)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts the Page published in the window, newest first. A cursor Graph no longer knows restarts the window.

        A page is `capped` where a cursor repeats or our own page cap is reached. `http["dropped"]` names the field
        groups Graph refused, `http["alt_text"]` why pictures' alt texts could not be read.
        """

        def read(body: bytes) -> tuple[Listing, Mapping[str, str]]:
            alt_text, notes = self._alt_text(account, body)
            return parse.listing(body, alt_text), notes

        yield from self._graph.listing(account, f"{account.native_id}/published_posts", "post", window, cursor, read)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each id ends in `posts`, `missing` or `quarantined`."""
        answers = self._graph.by_id(account, native_ids, "post")
        bodies = {one: answer.body for one, answer in answers.items() if isinstance(answer, Answer)}
        alt_text, notes = self._alt_text(account, *bodies.values())
        return page_of(
            [
                found(one, answers[one], lambda body: parse.post_or_reason(rawjson.loads(body), body, alt_text))
                for one in native_ids
            ],
            notes | self._graph.notes(),
        )

    def _alt_text(self, account: Account, *bodies: bytes) -> tuple[parse.AltText, dict[str, str]]:
        """The alt texts of all pictures in some answers; without them the posts are still worth keeping."""
        ids = [one for body in bodies for one in parse.photo_ids(body)]
        answers: dict[str, Answer | ConnectorError] = {}
        for at in range(0, len(ids), LARGEST_BATCH):
            some, fields = ids[at : at + LARGEST_BATCH], ",".join(self._graph.fields["photo"])
            try:
                answers |= self._graph.batch(account, some, fields)
            except ConnectorError as error:
                return _alt_text_of(answers), {"alt_text": f"not read: {error.reason}"}
        unread = sum(isinstance(answer, ConnectorError) for answer in answers.values())
        return _alt_text_of(answers), {"alt_text": f"not read for {unread} pictures"} if unread else {}


def _alt_text_of(answers: Mapping[str, Answer | ConnectorError]) -> parse.AltText:
    read = {one: answer for one, answer in answers.items() if isinstance(answer, Answer)}
    return parse.AltText(
        raw={one: answer.body for one, answer in read.items()},
        text={one: parse.alt_text_of(mapping(answer.value)) for one, answer in read.items()},
    )
