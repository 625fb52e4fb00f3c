"""Asks LinkedIn's versioned REST API for organisations and their posts. Parsing is `.parse`, judging is `.faults`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from chapterwatch.errors import AccountGone, ConnectorError, UnexpectedShape, UserError
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest, Probe
from connectors.http import Answer, PlatformSession, check_settings, scrub_bytes, secret_for, whole_number
from connectors.linkedin import faults, parse
from connectors.records import Unreadable
from connectors.tokens import linkedin_probe

HOME = "https://api.linkedin.com"
#: Where LinkedIn tells about tokens.
SIGN_IN = "https://www.linkedin.com"

LARGEST_PAGE = 100
#: Ids of one request: the address stays far below what servers cut off.
LARGEST_BATCH = 40

_Found = PostReading | Missing | Quarantined


class LinkedInConnector:
    """REST API for any number of organisations behind one connection. Not thread-safe: one connector per task.

    LinkedIn charges nothing for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        check_settings(connection)
        self._connection = connection
        self._version = _version(connection, manifest)
        self._page_size = min(whole_number(connection, "page_size", 50), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._sessions: dict[str, PlatformSession] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The organisation's profile. Logo and cover are None where the token may not see pictures.

        Raises:
            AccountGone: there is no such organisation.
            VersionEnded: LinkedIn no longer serves the version asked for.
            UnexpectedShape: an organisation without id or name.
        """
        answer = self._ask(account, f"/rest/organizations/{_number(account)}")
        try:
            found = parse.organisation(self._clean(account, answer))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None
        urls = self._pictures_of_profile(account, [one for one in (found.logo, found.cover) if one])
        return replace(found.reading, avatar_url=urls.get(found.logo or ""), banner_url=urls.get(found.cover or ""))

    def probe(self, account: Account) -> Probe:
        """Whether the token still reads the organisation, and with the app's own credentials until when."""
        handle = self.profile(account).handle
        token = secret_for(self._connection, "access_token", account)
        return linkedin_probe(self._connection, account, home=SIGN_IN, token=token, check=faults.check, handle=handle)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts published in the window, those changed last first. The cursor counts posts.

        A page is `capped` where the platform gives the same posts again or our own page cap is reached.
        `http["pictures"]` says why pictures' addresses could not be read.
        """
        start = int(cursor) if cursor is not None and re.fullmatch(r"\d{1,7}", cursor) else 0
        seen: set[str] = set()
        for number in range(1, self._max_pages + 1):
            answer = self._ask(account, "/rest/posts", self._question(account, start), "FINDER")
            listing = self._listing(account, answer, window)
            repeated = bool(listing.ids) and seen.issuperset(listing.ids)
            covered = listing.newest_change is not None and listing.newest_change < window.since
            # A page may be short or empty without being the last, where LinkedIn left posts out of it.
            goes_on = listing.following is not None or listing.goes_on
            ended = not goes_on and len(listing.ids) < self._page_size
            over = ended or repeated or covered
            start = listing.following or start + self._page_size
            posts, notes = self._with_pictures(account, listing.posts)
            yield Page(
                posts=posts,
                quarantined=listing.quarantined,
                cursor=None if over else str(start),
                http=answer.facts("date") | notes,
                capped=not covered and (repeated or (not over and number == self._max_pages)),
            )
            if over:
                return
            seen |= set(listing.ids)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each id ends in `posts`, `missing` or `quarantined`."""
        found: list[_Found] = []
        for at in range(0, len(native_ids), LARGEST_BATCH):
            found += self._look_up(account, native_ids[at : at + LARGEST_BATCH])
        posts, notes = self._with_pictures(account, [one for one in found if isinstance(one, PostReading)])
        return Page(
            posts=posts,
            missing=tuple(one for one in found if isinstance(one, Missing)),
            quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
            http=notes,
        )

    def _look_up(self, account: Account, ids: Sequence[str]) -> Iterator[_Found]:
        known = [one for one in ids if one.startswith("urn:li:")]
        together = self._together(account, known)
        for one in ids:
            if one not in known:
                yield Missing(native_id=one, certainty="cannot_tell", detail="LinkedIn knows no such kind of id")
            elif one in together:
                value, raw = together[one]
                yield parse.post_or_reason(value, raw, _author(account))
            else:
                yield self._single(account, one)

    def _together(self, account: Account, ids: Sequence[str]) -> dict[str, tuple[object, bytes]]:
        """Those of some posts that LinkedIn shows in one answer; what is not in it is asked for by itself."""
        if not ids:
            return {}
        try:
            answer = self._ask(account, "/rest/posts", f"ids={_list_of(ids)}", "BATCH_GET")
        except faults.VersionEnded:
            raise
        except (AccountGone, UnexpectedShape, faults.NotAllowed):
            return {}
        return dict(parse.results(self._clean(account, answer)))

    def _single(self, account: Account, native_id: str) -> _Found:
        try:
            answer = self._ask(account, f"/rest/posts/{quote(native_id, safe='')}")
        except AccountGone:
            return Missing(native_id=native_id, certainty="gone", detail="LinkedIn says there is no such post")
        except faults.VersionEnded:
            raise
        except (UnexpectedShape, faults.NotAllowed) as error:
            detail = f"LinkedIn would not show it: {error.reason}"
            return Missing(native_id=native_id, certainty="cannot_tell", detail=detail)
        return parse.post_or_reason(answer.value, self._clean(account, answer), _author(account))

    def _question(self, account: Account, start: int) -> str:
        author = quote(_author(account), safe="")
        return f"q=author&author={author}&start={start}&count={self._page_size}&sortBy=LAST_MODIFIED"

    def _listing(self, account: Account, answer: Answer, window: Window) -> parse.Listing:
        try:
            return parse.listing(self._clean(account, answer), _author(account), window)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _with_pictures(
        self, account: Account, posts: Sequence[PostReading]
    ) -> tuple[tuple[PostReading, ...], dict[str, str]]:
        """Posts with the addresses of their pictures; without them the posts are still worth keeping."""
        ids = list(dict.fromkeys(one.native_id for post in posts for one in post.media if one.native_id))
        try:
            urls = self._pictures(account, [one for one in ids if parse.is_picture_id(one)])
        except ConnectorError as error:
            return tuple(posts), {"pictures": f"not read: {error.reason}"}
        return tuple(_with_addresses(post, urls) for post in posts), {}

    def _pictures_of_profile(self, account: Account, ids: Sequence[str]) -> dict[str, str]:
        """As above; but a passing fault is one of the profile, which else would seem to have lost its logo."""
        try:
            return self._pictures(account, [one for one in ids if parse.is_picture_id(one)])
        except ConnectorError as error:
            if error.passing:
                raise
            return {}

    def _pictures(self, account: Account, ids: Sequence[str]) -> dict[str, str]:
        urls: dict[str, str] = {}
        for at in range(0, len(ids), LARGEST_BATCH):
            some = _list_of(ids[at : at + LARGEST_BATCH])
            urls |= parse.downloads(self._ask(account, "/rest/images", f"ids={some}", "BATCH_GET").body)
        return urls

    def _ask(self, account: Account, path: str, question: str = "", method: str = "GET") -> Answer:
        session = self._session(account)
        session.subject = account.key
        address = HOME + path + (f"?{question}" if question else "")
        session.get(address, headers={"X-RestLi-Method": method})
        if session.last is None:
            raise UnexpectedShape(f"{account.key}: nothing was sent")
        return session.last

    def _session(self, account: Account) -> PlatformSession:
        token = secret_for(self._connection, "access_token", account)
        if token not in self._sessions:
            session = PlatformSession(HOME, self._connection, faults.check)
            session.headers["Authorization"] = f"Bearer {token}"
            session.headers["LinkedIn-Version"] = self._version
            session.headers["X-Restli-Protocol-Version"] = "2.0.0"
            self._sessions[token] = session
        return self._sessions[token]

    def _clean(self, account: Account, answer: Answer) -> bytes:
        token = secret_for(self._connection, "access_token", account)
        return scrub_bytes(answer.body, [*self._connection.secrets.values(), token])


def _version(connection: Connection, manifest: Manifest) -> str:
    version = str(connection.options.get("linkedin_version", manifest.api_version))
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version):
        raise UserError(
            f"connection {connection.id}: option linkedin_version is {version!r}; write YYYYMM, as in 202605"
        )
    return version


def _number(account: Account) -> str:
    return quote(account.native_id.rpartition(":")[2], safe="")


def _author(account: Account) -> str:
    native_id = account.native_id
    return native_id if native_id.startswith("urn:li:") else f"urn:li:organization:{native_id}"


def _list_of(ids: Sequence[str]) -> str:
    """Ids as Rest.li 2.0 writes a list: brackets and commas as they are, the ids encoded."""
    return f"List({','.join(quote(one, safe='') for one in ids)})"


def _with_addresses(post: PostReading, urls: dict[str, str]) -> PostReading:
    media = tuple(replace(one, url=urls.get(one.native_id or "")) for one in post.media)
    return replace(post, media=media)
