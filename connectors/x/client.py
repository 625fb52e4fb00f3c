"""Asks X for profiles and posts through tweepy. Parsing is `connectors.x.parse`, judging answers is `.faults`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
import tweepy  # type: ignore[import-untyped]

from chapterwatch.errors import ClockAhead, ConnectorError, QuotaSpent, RateLimited, UnexpectedShape
from chapterwatch.model import (
    Access,
    Account,
    Connection,
    Missing,
    Page,
    PostReading,
    ProfileReading,
    Quarantined,
    Window,
)
from connectors.base import Manifest, Probe
from connectors.http import Answer, PlatformSession, check_settings, scrub_bytes, secret_for, whole_number
from connectors.records import Unreadable
from connectors.x import faults, parse

HOME = "https://api.twitter.com"

# It warns of every parameter it does not know, and post.fields is one in each request.
logging.getLogger("tweepy.client").setLevel(logging.ERROR)

#: X lists no more than these newest posts of an account.
TIMELINE_CAP = 3_200
LARGEST_PAGE = 100
SMALLEST_PAGE = 5

#: What X takes for a user's id among others; one that is none would have the whole question refused.
_USER_ID = re.compile(r"[0-9]{1,19}")
_LIMITS = ("date", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
_ABOUT_END = re.compile(r"end_time", re.IGNORECASE)
_ABOUT_CURSOR = re.compile(r"pagination_token|next_token", re.IGNORECASE)


class XConnector:
    """X API v2 for any number of accounts behind one connection. Not thread-safe: one connector per task."""

    #: Ids `GET /2/users` takes.
    most_profiles = 100

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        check_settings(connection)
        self._connection = connection
        self._fields = manifest.fields
        self._max_reads = max_reads
        self._reads = 0
        self._page_size = min(whole_number(connection, "page_size", LARGEST_PAGE), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._words = "tweet"
        self._clients: dict[str, tweepy.Client] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile, by id.

        Raises:
            AccountGone: missing or suspended, which X says with status 200.
            UnexpectedShape: a profile without id, name or username.
        """
        self._afford(account, 1)
        answer = self._ask(account, "get_user", id=account.native_id, user_fields=self._fields["user.fields"])
        if not isinstance(answer.value.get("data"), dict):
            raise faults.account_fault(answer)
        self._reads += 1
        try:
            reading = parse.profile(self._clean(answer))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None
        return reading

    def profiles(self, accounts: Sequence[Account]) -> dict[str, ProfileReading | ConnectorError]:
        """The profiles of many accounts for one request, each paid for as if it had been asked for alone.

        Left out, and so asked for alone: accounts with a token of their own, whatever cannot be told of one account
        for certain, and all of them where the question fails in a way that need not hold for each.
        """
        asked = [account for account in accounts if self._may_share(account)][: self._affordable_profiles()]
        if len(asked) < 2:  # noqa: PLR2004 - one is no company
            return {}
        ids = [account.native_id for account in asked]
        try:
            answer = self._ask(asked[0], "get_users", ids=ids, user_fields=self._fields["user.fields"])
        except (ClockAhead, RateLimited, QuotaSpent) as refusal:
            # Asked one by one they would be refused one by one.
            return {one.key: faults.of_another(refusal, asked[0].key, one.key) for one in asked}
        except ConnectorError:
            return {}
        return dict(self._told(asked, answer))

    def _told(self, asked: Sequence[Account], answer: Answer) -> Iterator[tuple[str, ProfileReading | ConnectorError]]:
        found = parse.profiles(self._clean(answer))
        self._reads += len(found)
        gone = {faults.about(problem) for problem in faults.problems(answer.value) if faults.says_gone(problem)}
        for account in asked:
            reading = found.get(account.native_id)
            if isinstance(reading, Unreadable):
                yield account.key, UnexpectedShape(f"{account.key}: the profile's {reading}")
            elif reading is not None:
                yield account.key, reading
            elif account.native_id in gone:
                yield account.key, faults.gone(account.key)

    def _may_share(self, account: Account) -> bool:
        """Whether an account may be asked for by the connection's common token, together with others."""
        own = self._connection.secrets.get(f"bearer_token:{account.native_id}")
        return not own and account.access is not Access.OWNER_TOKEN and bool(_USER_ID.fullmatch(account.native_id))

    def _affordable_profiles(self) -> int:
        """As many as leave each of them a page of posts: with less in hand, profiles are not bought ahead of posts."""
        if self._max_reads is None:
            return self.most_profiles
        return min(self.most_profiles, (self._max_reads - self._reads) // (1 + self._page_size))

    def probe(self, account: Account) -> Probe:
        """Whether the token still reads the account, for one paid read. X tells no end of a token."""
        note = "X does not say when a token ends; an app's bearer token works until it is revoked."
        return Probe(reachable=True, handle=self.profile(account).handle, note=note)

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts of the window, newest first. A cursor X no longer knows restarts the window.

        A cursor is X's token and how many posts were listed before it, for X counts from the newest to where it stops.
        A page is `capped` where X would not give more: a token that repeats, the 3,200 newest posts, our own page cap.

        Raises:
            AccountGone: missing, suspended or protected.
            QuotaSpent: the next page could pass `max_reads`.
            UnexpectedShape: a page names a next one that nobody can ask for; what it showed is given first.
        """
        token, listed = _place(cursor)
        seen: set[str | None] = {token}
        for number in range(1, self._max_pages + 1):
            answer, notes = self._ask_page(account, window, token, first=number == 1)
            listing = parse.listing(self._clean(answer), account.handle)
            self._reads += listing.returned
            listed = listing.returned + (0 if "pagination_token" in notes.get("dropped", "") else listed)
            repeated = listing.next_token in seen and listing.next_token is not None
            covered = _before(listing.posts, window)
            over = listing.next_token is None or repeated or covered
            cut = listed >= TIMELINE_CAP if over else number == self._max_pages
            token = None if over else listing.next_token
            yield Page(
                posts=listing.posts,
                quarantined=listing.quarantined,
                cursor=None if token is None else f"{token} {listed}",
                reads=listing.returned,
                http=answer.facts(*_LIMITS) | notes,
                capped=(repeated or cut) and not covered,
            )
            if listing.breaks_off and not covered:
                raise UnexpectedShape(f"{account.key}: X names a next page, but not where it starts")
            if over:
                return
            seen.add(token)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page however many there are. Each id ends in `posts`, `missing` or `quarantined`.

        Raises:
            QuotaSpent: reading them all could pass `max_reads`.
        """
        # For all of them at once: half a look-up that raises would be paid for and lost.
        self._afford(account, len(native_ids))
        pages = [self._look_up(account, native_ids[at : at + 100]) for at in range(0, len(native_ids), 100)]
        return Page(
            posts=tuple(post for page in pages for post in page.posts),
            missing=tuple(one for page in pages for one in page.missing),
            quarantined=tuple(bad for page in pages for bad in page.quarantined),
            reads=sum(page.reads for page in pages),
            http=pages[-1].http if pages else {},
        )

    def _look_up(self, account: Account, ids: Sequence[str]) -> Page:
        answer, found = self._ask_posts(account, list(ids))
        missing = dict(_missing(answer.value, ids))
        if found.stale:
            try:
                found, lost = self._newest(account, found)
            except QuotaSpent:
                # What was paid for is kept; an old version is not given out as the present one.
                lost = {one: _unpaid(one) for one in found.stale}
                found = replace(found, posts=tuple(post for post in found.posts if post.native_id not in lost))
            missing |= lost
        answered = {version for post in found.posts for version in (post.native_id, *post.version_ids)} | set(missing)
        answered |= {_quarantined_id(one) for one in found.quarantined}
        missing |= {one: _unanswered(one) for one in ids if one not in answered}
        asked = [post for post in found.posts if not {post.native_id, *post.version_ids}.isdisjoint(ids)]
        unasked = {"unasked": str(len(found.posts) - len(asked))} if len(asked) < len(found.posts) else {}
        return Page(
            posts=_unique(asked),
            missing=tuple(missing.values()),
            quarantined=found.quarantined,
            reads=found.returned,
            http=answer.facts(*_LIMITS) | {"vocabulary": self._words} | unasked,
        )

    def _newest(self, account: Account, found: parse.Listing) -> tuple[parse.Listing, dict[str, Missing]]:
        """The present versions of edited posts: asked for an old version's id, X gives the old version."""
        newest = list(found.stale.values())
        self._afford(account, len(newest))
        answer, newer = self._ask_posts(account, newest)
        missing = dict(_missing(answer.value, newest))
        lost = {
            native_id: Missing(native_id=native_id, certainty=missing[last].certainty, detail=missing[last].detail)
            for native_id, last in found.stale.items()
            if last in missing
        }
        both = parse.Listing(
            posts=tuple(post for post in (*found.posts, *newer.posts) if post.native_id not in lost),
            quarantined=(*found.quarantined, *newer.quarantined),
            returned=found.returned + newer.returned,
            next_token=None,
        )
        return both, lost

    def _ask_posts(self, account: Account, ids: list[str]) -> tuple[Answer, parse.Listing]:
        answer = self._ask_in_words(account, "get_tweets", ids=ids)
        value = answer.value
        if not isinstance(value.get("data"), list) and not any(faults.problems(value)):
            raise UnexpectedShape(f"{account.key}: the answer holds neither posts nor errors")
        found = parse.listing(self._clean(answer), account.handle)
        self._reads += found.returned
        return answer, found

    def _ask_page(
        self, account: Account, window: Window, cursor: str | None, *, first: bool
    ) -> tuple[Answer, dict[str, str]]:
        """One timeline page, without what X refuses of the question; the notes say what was left out."""
        question: dict[str, Any] = {"start_time": window.since, "end_time": window.until, "pagination_token": cursor}
        notes: dict[str, str] = {}
        while True:
            question["max_results"] = self._affordable_page(account)
            try:
                answer = self._ask_in_words(account, "get_users_tweets", id=account.native_id, **question)
            except faults.QuestionRefused as error:
                dropped = _droppable(error.text, question, first=first)
                if dropped is None:
                    raise
                question[dropped] = None
                notes["dropped"] = ",".join(filter(None, [notes.get("dropped"), dropped]))
                continue
            if not parse.has_posts(answer.value):
                raise faults.account_fault(answer)
            return answer, notes | {"vocabulary": self._words} | _partial(answer.value)

    def _ask_in_words(self, account: Account, call: str, **question: Any) -> Answer:
        """Ask in the words X took last; if it refuses them, once in the others, which are then remembered.

        Some servers refuse without saying what, so anything but a complaint about something else is one about words.
        """
        try:
            return self._ask(account, call, **question, **self._vocabulary(self._words))
        except faults.QuestionRefused as error:
            if _ABOUT_END.search(error.text) or _ABOUT_CURSOR.search(error.text):
                raise
            first = error
        others = "post" if self._words == "tweet" else "tweet"
        try:
            answer = self._ask(account, call, **question, **self._vocabulary(others))
        except faults.QuestionRefused:
            raise first from None
        self._words = others
        return answer

    def _vocabulary(self, words: str) -> dict[str, Any]:
        # tweepy passes a name it does not know on as it stands; post.fields is one.
        name = "tweet_fields" if words == "tweet" else "post.fields"
        return {
            name: self._fields[f"{words}.fields"],
            "expansions": self._fields[f"{words}.expansions"],
            "media_fields": self._fields["media.fields"],
        }

    def _ask(self, account: Account, call: str, **question: Any) -> Answer:
        client = self._client(account)
        session = client.session
        session.subject = account.key
        try:
            getattr(client, call)(**question)
        except tweepy.TweepyException as error:
            # Not to be expected: every answer was judged before tweepy saw it.
            raise UnexpectedShape(f"{account.key}: tweepy gave up ({type(error).__name__})") from None
        answer: Answer = session.last
        return answer

    def _client(self, account: Account) -> tweepy.Client:
        token = secret_for(self._connection, "bearer_token", account)
        if token not in self._clients:
            client = tweepy.Client(token, return_type=requests.Response, wait_on_rate_limit=False)
            client.session = PlatformSession(HOME, self._connection, faults.check)
            self._clients[token] = client
        return self._clients[token]

    def _clean(self, answer: Answer) -> bytes:
        return scrub_bytes(answer.body, self._connection.secrets.values())

    def _affordable_page(self, account: Account) -> int:
        if self._max_reads is None:
            return self._page_size
        self._afford(account, min(SMALLEST_PAGE, self._page_size))
        return min(self._page_size, self._max_reads - self._reads)

    def _afford(self, account: Account, reads: int) -> None:
        if self._max_reads is not None and self._reads + reads > self._max_reads:
            raise QuotaSpent(f"{account.key}: the run's cap of {self._max_reads} paid reads would be passed")


def _place(cursor: str | None) -> tuple[str | None, int]:
    """X's token in a cursor of ours, and how many posts were listed before it."""
    token, _, listed = (cursor or "").partition(" ")
    return token or None, int(listed) if re.fullmatch(r"[0-9]{1,9}", listed) else 0


def _droppable(complaint: str, question: Mapping[str, Any], *, first: bool) -> str | None:
    """The part of a refused question that can be left out without missing a post."""
    if first and question["pagination_token"] is not None and _ABOUT_CURSOR.search(complaint):
        return "pagination_token"
    # X refuses an end_time in its own future. Without it there are only newer posts beside those asked for.
    if question["end_time"] is not None and _ABOUT_END.search(complaint):
        return "end_time"
    return None


def _before(posts: Sequence[PostReading], window: Window) -> bool:
    """Whether the listing has passed the window's beginning, for a server that ignores start_time."""
    return bool(posts) and all((post.edited_at or post.created_at) < window.since for post in posts)


def _missing(value: Mapping[str, Any], ids: Sequence[str]) -> Iterator[tuple[str, Missing]]:
    for problem in faults.problems(value):
        found = faults.about(problem)
        # Errors about posts that came along (a quoted post that is gone) are about nobody we asked for.
        if found in ids:
            certainty = faults.missing_certainty(problem)
            detail = "X says it does not exist" if certainty == "gone" else "X would not show it"
            yield found, Missing(native_id=found, certainty=certainty, detail=detail)


def _unpaid(native_id: str) -> Missing:
    return Missing(native_id=native_id, certainty="cannot_tell", detail="its newest version could not be paid for")


def _unanswered(native_id: str) -> Missing:
    return Missing(native_id=native_id, certainty="cannot_tell", detail="neither a post nor an error came for it")


def _partial(value: Mapping[str, Any]) -> dict[str, str]:
    count = sum(1 for _ in faults.problems(value))
    return {"partial_errors": str(count)} if count else {}


def _quarantined_id(bad: Quarantined) -> str:
    return bad.where.rpartition(" ")[2]


def _unique(posts: Sequence[PostReading]) -> tuple[PostReading, ...]:
    """Each version once, a post's versions oldest first."""
    versions = {(post.native_id, post.permalink): post for post in posts}
    order = {post.native_id: at for at, post in reversed(list(enumerate(posts)))}
    return tuple(
        sorted(versions.values(), key=lambda post: (order[post.native_id], post.edited_at or post.created_at)),
    )
