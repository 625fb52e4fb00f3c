"""Asks an instance for accounts and posts through Mastodon.py. Parsing is `.parse`, judging answers is `.faults`.

Mastodon.py would sleep through rate limits and wait five minutes for an answer; it is told to throw, and our session
judges every answer before it sees it. What is read are the answer's bytes, not its models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, UserError
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest
from connectors.http import (
    Answer,
    PlatformSession,
    base_url_of,
    check_settings,
    scrub_bytes,
    secret_for,
    whole_number,
)
from connectors.mastodon import faults, parse
from connectors.records import Unreadable, identifier, mapping, moment, optional

LARGEST_PAGE = 40

_LIMITS = ("date", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


class MastodonConnector:
    """One instance for any number of its accounts. Not thread-safe: one connector per task.

    Nobody charges for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del manifest, max_reads
        check_settings(connection)
        base = base_url_of(connection)
        if base is None:
            raise UserError(
                f"connection {connection.id}: mastodon needs a base_url; write the home instance, https://host"
            )
        self._connection = connection
        self._base = base
        self._page_size = min(whole_number(connection, "page_size", LARGEST_PAGE), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._ways: dict[str | None, tuple[Mastodon, PlatformSession]] = {}
        #: Accounts that have moved, and where to.
        self._moved: dict[str, str] = {}

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile, by id.

        Raises:
            AccountGone: the instance does not have it, or has suspended it.
            UnexpectedShape: an account without id or name.
        """
        answer = self._ask(account, "account", account.native_id)
        record = mapping(answer.value)
        if record.get("suspended") is True:
            raise AccountGone(f"{account.key}: the instance has suspended the account")
        if isinstance(record.get("moved"), dict):
            self._moved[account.key] = optional(record["moved"], "url") or "another account"
        try:
            return parse.profile(self._clean(answer))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts of the window, newest first, edited ones with their earlier versions.

        A page is `capped` where a cursor repeats or our own page cap is reached. Posts that not everybody may read are
        dropped and counted.

        Raises:
            UnexpectedShape: after the last page, where the account has moved: there will be nothing new here; or after
                one of which no post has an id, for the next one is asked for by them, or an empty one that names a next
                one nobody can ask for.
        """
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            answer, found = self._ask_page(account, cursor)
            following = _last_id(found) if found else _linked_id(answer)
            repeated = following is not None and following in seen
            covered = _before(found, window)
            over = following is None or repeated or covered
            posts, bad = self._readings(account, [one for one in found if _within(one, window)])
            yield Page(
                posts=posts,
                quarantined=bad,
                cursor=None if over else following,
                http=answer.facts(*_LIMITS),
                capped=not covered and (repeated or (not over and number == self._max_pages)),
            )
            if found and following is None:
                raise UnexpectedShape(f"{account.key}: a page of posts without ids; nobody can ask for the next one")
            if following is None and _next_page(answer) is not None:
                raise UnexpectedShape(f"{account.key}: the instance names a next page, but not where it starts")
            if over:
                break
            cursor = following
            seen.add(cursor)
        if account.key in self._moved:
            raise UnexpectedShape(
                f"{account.key}: the account has moved to {self._moved[account.key]}; enter that account in the roster"
            )

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each ends in `posts`, `missing` or `quarantined`."""
        posts: list[PostReading] = []
        missing: list[Missing] = []
        bad: list[Quarantined] = []
        for one in native_ids:
            try:
                answer = self._ask(account, "status", one)
            except faults.NotThere:
                missing.append(
                    Missing(native_id=one, certainty="gone", detail="the instance says there is no such post")
                )
                continue
            status = parse.Status(mapping(answer.value), self._clean(answer))
            if _author(status) != account.native_id or optional(status.record, "id") != one:
                detail = "the instance answered with another post, or with somebody else's"
                missing.append(Missing(native_id=one, certainty="cannot_tell", detail=detail))
                continue
            readings, quarantined = self._readings(account, [status])
            posts += readings
            bad += quarantined
        return Page(posts=tuple(posts), missing=tuple(missing), quarantined=tuple(bad))

    def _ask_page(self, account: Account, cursor: str | None) -> tuple[Answer, list[parse.Status]]:
        answer = self._ask(account, "account_statuses", account.native_id, max_id=cursor, limit=self._page_size)
        try:
            return answer, parse.statuses(self._clean(answer))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _readings(
        self, account: Account, found: Sequence[parse.Status]
    ) -> tuple[tuple[PostReading, ...], tuple[Quarantined, ...]]:
        posts: list[PostReading] = []
        bad: list[Quarantined] = []
        for status in found:
            where = f"mastodon post {optional(status.record, 'id') or 'without id'}"
            try:
                if parse.is_private(status):
                    bad.append(Quarantined(where=where, reason="private", raw=b""))
                else:
                    posts += self._versions(account, status)
            except Unreadable as error:
                bad.append(Quarantined(where=where, reason=str(error), raw=_keepable(status)))
        return tuple(posts), tuple(bad)

    def _versions(self, account: Account, status: parse.Status) -> tuple[PostReading, ...]:
        """All versions of a post. An instance that keeps no history, or shows none, still shows the present one."""
        if not status.edited:
            return parse.versions(status)
        try:
            answer = self._ask(account, "status_history", identifier(status.record, "id"))
        except (faults.NotThere, CredentialsRejected, UnexpectedShape):
            return parse.versions(status)
        try:
            return parse.versions(status, self._clean(answer))
        except Unreadable:
            return parse.versions(status)

    def _ask(self, account: Account, call: str, *arguments: Any, **question: Any) -> Answer:
        api, session = self._way(account)
        session.subject, session.last = account.key, None
        try:
            getattr(api, call)(*arguments, **question)
        except MastodonError as error:
            # Mastodon.py wraps whatever a session raises in an error of its own.
            if isinstance(error.__context__, ConnectorError):
                raise error.__context__ from None
            raise UnexpectedShape(f"{account.key}: Mastodon.py gave up ({type(error).__name__})") from None
        if session.last is None:
            raise UnexpectedShape(f"{account.key}: Mastodon.py sent nothing")
        return session.last

    def _way(self, account: Account) -> tuple[Mastodon, PlatformSession]:
        named = {"access_token", f"access_token:{account.native_id}"} & set(self._connection.secrets)
        token = secret_for(self._connection, "access_token", account) if named else None
        if token not in self._ways:
            session = PlatformSession(self._base, self._connection, faults.check)
            api = Mastodon(
                api_base_url=self._base,
                session=session,
                ratelimit_method="throw",
                version_check_mode="none",
                user_agent="chapterwatch",
            )
            # Given to the constructor, a token could be taken for the name of a file.
            session.headers.update({"Authorization": f"Bearer {token}"} if token else {})
            self._ways[token] = (api, session)
        return self._ways[token]

    def _clean(self, answer: Answer) -> bytes:
        return scrub_bytes(answer.body, self._connection.secrets.values())


def _last_id(found: Sequence[parse.Status]) -> str | None:
    """Where the next page starts: below the last post that has an id."""
    ids = [number for one in found if (number := optional(one.record, "id"))]
    return ids[-1] if ids else None


def _next_page(answer: Answer) -> str | None:
    """The address of the next page as the header `Link` has it; None on the last one."""
    links = requests.utils.parse_header_links(answer.headers.get("link", ""))
    return next((one["url"] for one in links if one.get("rel") == "next"), None)


def _linked_id(answer: Answer) -> str | None:
    """Where an empty page says that the next one starts: servers leave out posts until none is left on a page."""
    try:
        query = urlsplit(_next_page(answer) or "").query
    except ValueError:
        return None
    return parse_qs(query).get("max_id", [None])[0]


def _made(status: parse.Status) -> Any:
    try:
        return moment(status.record, "created_at")
    except Unreadable:
        return None


def _within(status: parse.Status, window: Window) -> bool:
    """Whether a post belongs in the window. One without a readable time does: it has to be counted."""
    made = _made(status)
    return made is None or window.since <= made < window.until


def _before(found: Sequence[parse.Status], window: Window) -> bool:
    """Whether a listing has passed the window's beginning."""
    made = [_made(one) for one in found]
    return bool(made) and all(time is not None and time < window.since for time in made)


def _author(status: parse.Status) -> str | None:
    return optional(mapping(status.record.get("account")), "id")


def _keepable(status: parse.Status) -> bytes:
    """What may be kept of a post that could not be read: nothing, unless everybody may read it."""
    try:
        return b"" if parse.is_private(status) else status.raw
    except Unreadable:
        return b""
