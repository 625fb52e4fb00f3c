"""Asks weblogs for their feeds, and for single entries by their addresses. Parsing is `.parse`, judging `.faults`.

A feed is read once for profile, posts and known posts: asked again it is asked with the validators of the first answer
(RFC 9110, conditional requests). They are not kept over runs, for a run that reads nothing sees nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from chapterwatch.errors import AccountGone, ConnectorError, RateLimited, UnexpectedShape, UserError
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Window
from connectors.base import Manifest
from connectors.http import Answer, PlatformSession, check_settings, flag, origin_of, whole_number
from connectors.weblog import faults
from connectors.weblog.markup import absolute
from connectors.weblog.parse import read_feed
from connectors.weblog.records import Feed, NoFeed

MOST_REDIRECTS = 4

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_FACTS = ("date", "etag", "last-modified", "retry-after")
_BLOGGER_ID = re.compile(r"tag:blogger\.com,1999:blog-(\d+)\.post-(\d+)")


@dataclass
class _Kept:
    """A feed as it was read last, and what tells whether it is still so."""

    answer: Answer
    feed: Feed
    url: str

    @property
    def validators(self) -> dict[str, str]:
        """The headers that ask for it only if it has changed."""
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {ask: self.answer.headers[name] for ask, name in pairs if name in self.answer.headers}


@dataclass
class _Site:
    """One weblog: its way in, and the feeds read of it."""

    session: PlatformSession
    start: str
    kept: dict[str, _Kept] = field(default_factory=dict)


class _Gone(UnexpectedShape):
    """Nothing stands at an address (404 or 410)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class WeblogConnector:
    """The feeds of any number of weblogs. Not thread-safe. Reading is free, so `max_reads` is never reached."""

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads, manifest
        check_settings(connection)
        self._connection = connection
        self._path = str(connection.options.get("feed_path", ""))
        self._shows_all = flag(connection, "shows_all")
        self._max_pages = whole_number(connection, "max_pages", 20)
        self._sites: dict[str, _Site] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The weblog's title, subtitle, address and icon.

        Raises:
            AccountGone: feed and front page are gone.
            UnexpectedShape: there is no feed where one is expected.
        """
        return profile_of(self._start(account).feed, account)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Entries published or changed in the window, as the feed orders them; a cursor is a later page's address.

        A feed shows its newest entries only. A page is `capped` where the feed ended before the window did and did not
        say that it holds everything.
        """
        kept = self._start(account) if cursor is None else self._next(account, cursor)
        visited, known, is_named = set[str](), set[str](), False
        for number in range(1, self._max_pages + 1):
            if kept is None:
                # Past its last page WordPress has no answer: nothing older is there. A page the feed named is missed.
                yield Page(capped=is_named and not self._shows_all)
                return
            feed = kept.feed
            new = {post.native_id for post in feed.posts} - known
            known |= new
            visited.add(kept.url)
            # An old entry that was changed of late shows nothing of how far the feed reaches.
            passed = any((post.edited_at or post.created_at) < window.since for post in feed.posts)
            # A page without one entry may still name the next one.
            is_over = passed or not (new or (feed.older and not feed.entries))
            older = None if is_over else self._older(account, kept, visited)
            whole = passed or feed.whole or self._shows_all or not (feed.entries or feed.older)
            yield Page(
                posts=tuple(post for post in feed.posts if _is_asked(post, window, account)),
                quarantined=feed.quarantined,
                cursor=older,
                http=kept.answer.facts(*_FACTS),
                capped=not whole if older is None else number == self._max_pages,
            )
            if older is None or number == self._max_pages:
                return
            is_named = feed.older is not None
            kept = self._next(account, older)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known entries: as the feed shows them, else whether their own addresses still answer."""
        kept = self._start(account)
        shown = {post.native_id: post for post in reversed(kept.feed.posts)}
        found = [shown.get(one) or self._single(account, one) for one in native_ids]
        return Page(
            posts=tuple(one for one in found if isinstance(one, PostReading)),
            missing=tuple(one for one in found if isinstance(one, Missing)),
            http=kept.answer.facts(*_FACTS),
        )

    def _single(self, account: Account, native_id: str) -> PostReading | Missing:
        """An entry the feed no longer shows."""
        site = self._site(account)
        blogger = _BLOGGER_ID.fullmatch(native_id)
        if blogger:
            address = urljoin(site.start, f"/feeds/posts/default/{blogger[2]}")
        elif absolute(native_id, "") and origin_of(native_id) in _origins(site.start):
            address = native_id
        else:
            return _unsure(native_id, "has left the feed, and its id is no address of this weblog")
        try:
            answer, url = self._get(account, address, {})
        except RateLimited:
            raise
        except _Gone as error:
            return Missing(native_id=native_id, certainty="gone", detail=f"its address answers {error.status}")
        except ConnectorError as error:
            return _unsure(native_id, f"has left the feed, and its address could not be asked: {error.reason}")
        posts = _posts(answer, url, account) if blogger else ()
        again = next((post for post in posts if post.native_id == native_id), None)
        return again or _unsure(native_id, "has left the feed; its address still answers")

    def _start(self, account: Account) -> _Kept:
        """The feed an account's native id leads to, on a detour over the page that names it."""
        start = self._site(account).start
        try:
            return self._feed(account, start)
        except NoFeed as error:
            return self._offered(account, error)
        except _Gone as error:
            self._refuse_gone(account, error)
            raise

    def _offered(self, account: Account, error: NoFeed) -> _Kept:
        site = self._site(account)
        own = [address for address in error.offers if origin_of(address) in _origins(site.start)]
        if not own:
            raise UnexpectedShape(f"{account.key}: what is read {error}; name the feed's own address") from None
        kept = self._checked(account, own[0])
        site.start = kept.url
        return kept

    def _refuse_gone(self, account: Account, error: _Gone) -> None:
        """Raise `AccountGone` where the weblog's front page is gone as well; a feed alone may have moved."""
        if error.status == 410:  # noqa: PLR2004 - gone for good, and meant so
            raise AccountGone(f"{account.key}: the weblog answers 410, it is gone for good") from None
        front = urljoin(self._site(account).start, "/")
        try:
            self._get(account, front, {})
        except _Gone:
            raise AccountGone(f"{account.key}: neither the feed nor the weblog's front page is there") from None

    def _older(self, account: Account, kept: _Kept, visited: set[str]) -> str | None:
        """The address of older entries; None where none is named, or one read before, or another host's."""
        older = _address_of_older(kept)
        own = older is not None and origin_of(older) in _origins(self._site(account).start)
        return older if own and older not in visited else None

    def _next(self, account: Account, older: str) -> _Kept | None:
        """The page of older entries; None where nothing stands at its address."""
        try:
            return self._checked(account, older)
        except _Gone:
            return None

    def _checked(self, account: Account, url: str) -> _Kept:
        try:
            return self._feed(account, url)
        except NoFeed as error:
            raise UnexpectedShape(f"{account.key}: what is read {error}") from None

    def _feed(self, account: Account, url: str) -> _Kept:
        site = self._site(account)
        before = site.kept.get(url)
        answer, moved_to = self._get(account, url, before.validators if before else {})
        if before and answer.status == faults.NOT_MODIFIED:
            return before
        zone = ZoneInfo(account.timezone)
        feed = read_feed(answer.body, url=moved_to, content_type=answer.headers.get("content-type", ""), zone=zone)
        site.kept[url] = _Kept(answer, feed, moved_to)
        return site.kept[url]

    def _get(self, account: Account, url: str, headers: Mapping[str, str]) -> tuple[Answer, str]:
        """An answer and the address it came from, over redirects within the weblog's own host.

        Raises:
            UnexpectedShape: it is sent elsewhere, for elsewhere is not what the registry names.
        """
        site = self._site(account)
        for _ in range(MOST_REDIRECTS + 1):
            session = self._session_for(site, url)
            session.subject = account.key
            session.get(url, headers=dict(headers))
            answer = session.last
            if answer is None:
                raise UnexpectedShape(f"{account.key}: nothing was answered")
            if answer.status in faults.GONE:
                raise _Gone(f"{account.key}: nothing stands at the feed's address ({answer.status})", answer.status)
            if answer.status not in faults.MOVED:
                return answer, url
            url = self._moved(account, site, url, answer)
        raise UnexpectedShape(f"{account.key}: the weblog redirects in a circle")

    def _moved(self, account: Account, site: _Site, url: str, answer: Answer) -> str:
        target = absolute(answer.headers.get("location", ""), url)
        if target is None:
            raise UnexpectedShape(f"{account.key}: the weblog redirects to no web address")
        if target.startswith(site.session.base + "/"):
            target = site.session.home + target.removeprefix(site.session.base)
        if origin_of(target) not in _origins(site.start):
            raise UnexpectedShape(f"{account.key}: the weblog has moved to another host; name its new address")
        return target

    def _session_for(self, site: _Site, url: str) -> PlatformSession:
        """The session that reaches an address: the same host may answer with and without www. and TLS."""
        origin = origin_of(url)
        if origin != site.session.home and self._connection.base_url is None:
            site.session = self._session(origin)
        elif origin != site.session.home:
            site.session.home = origin
        return site.session

    def _site(self, account: Account) -> _Site:
        if account.key not in self._sites:
            try:
                start = address_of(account, self._path)
            except UserError as error:
                # One account's mistake is that account's: the others are still asked.
                raise UnexpectedShape(str(error)) from None
            self._sites[account.key] = _Site(self._session(origin_of(start)), start)
        return self._sites[account.key]

    def _session(self, origin: str) -> PlatformSession:
        session = PlatformSession(origin, self._connection, faults.check)
        session.headers.update({"Accept": _ACCEPT, "User-Agent": "chapterwatch"})
        authorization = self._connection.secrets.get("authorization")
        if authorization:
            session.headers["Authorization"] = authorization
        return session


def address_of(account: Account, path: str = "") -> str:
    """The address an account's native id stands for: https unless it says otherwise.

    Raises:
        UserError: it is none.
    """
    address = account.native_id if "://" in account.native_id else f"https://{account.native_id}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise UserError(
            f"account {account.key}: native_id is no web address; write the feed's, as in blog.example/feed"
        )
    return urljoin(address, path) if path else address


def profile_of(feed: Feed, account: Account) -> ProfileReading:
    """What a feed says of its weblog."""
    return ProfileReading(
        native_id=account.native_id,
        handle=account.handle,
        name=feed.title or account.handle,
        bio=feed.subtitle,
        website=feed.website,
        avatar_url=feed.icon,
        raw=feed.head,
    )


def _address_of_older(kept: _Kept) -> str | None:
    """Where older entries are: where the feed says, or for WordPress, which does not, where it has them."""
    if kept.feed.older or kept.feed.whole or "wordpress.org" not in kept.feed.generator:
        return kept.feed.older
    parts = urlsplit(kept.url)
    query = dict(parse_qsl(parts.query))
    page = query.get("paged", "1")
    following = str(int(page) + 1) if page.isdecimal() and page.isascii() else "2"
    return urlunsplit(parts._replace(query=urlencode(query | {"paged": following})))


def _is_asked(post: PostReading, window: Window, account: Account) -> bool:
    if account.collect_from and post.created_at.date() < account.collect_from:
        return False
    return window.since <= (post.edited_at or post.created_at) and post.created_at < window.until


def _origins(address: str) -> set[str]:
    """The origins that count as one weblog: http or https, with or without www."""
    netloc = urlsplit(address).netloc.lower().removeprefix("www.")
    return {f"{scheme}://{prefix}{netloc}" for scheme in ("http", "https") for prefix in ("", "www.")}


def _posts(answer: Answer, url: str, account: Account) -> tuple[PostReading, ...]:
    try:
        return read_feed(answer.body, url=url, zone=ZoneInfo(account.timezone)).posts
    except NoFeed:
        return ()


def _unsure(native_id: str, detail: str) -> Missing:
    return Missing(native_id=native_id, certainty="cannot_tell", detail=detail)
