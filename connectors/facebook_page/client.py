"""Asks the Graph API for Pages and posts through facebook-sdk. Parsing is `.parse`, judging answers is `.faults`.

facebook-sdk's constructor knows no version above 3.1, its own pager fails without a token in the URL, and it never
looks at the HTTP status. So the version is set afterwards, the pager is ours, and the session judges every answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import facebook

from chapterwatch.errors import (
    AccountGone,
    ConnectorError,
    CredentialsRejected,
    RateLimited,
    UnexpectedShape,
    Unreachable,
)
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors import rawjson
from connectors.base import Manifest
from connectors.facebook_page import faults, parse
from connectors.http import Answer, PlatformSession, check_settings, flag, scrub_bytes, secret_for, whole_number
from connectors.records import Unreadable

HOME = "https://graph.facebook.com"

LARGEST_BATCH = 50
LARGEST_PAGE = 100

_USAGE = ("date", "x-app-usage", "x-page-usage", "x-business-use-case-usage")


@dataclass
class _Page:
    """One Page's way into Graph: facebook-sdk over our session, and what must not be seen of it."""

    graph: Any
    session: PlatformSession
    secrets: tuple[str, ...] = field(repr=False)


class FacebookPageConnector:
    """Graph API for any number of Pages behind one connection. Not thread-safe: one connector per task.

    Graph charges nothing for a read, so `max_reads` is accepted and never reached.
    """

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        check_settings(connection)
        self._connection = connection
        self._fields = manifest.fields
        self._version = str(connection.options.get("graph_version", manifest.api_version))
        self._in_query = flag(connection, "token_in_query")
        self._page_size = min(whole_number(connection, "page_size", LARGEST_BATCH), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._pages: dict[str, _Page] = {}
        #: Optional field groups this server refused, once is enough.
        self._dropped: list[str] = []

    def profile(self, account: Account) -> ProfileReading:
        """The Page's profile.

        Raises:
            AccountGone: Graph says there is no such object.
            UnexpectedShape: a Page without id or name.
        """
        answer = self._ask_fields(account, account.native_id, "page")
        try:
            return parse.profile(self._clean(account, answer.body))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the profile's {error}") from None

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """Posts the Page published in the window, newest first. A cursor Graph no longer knows restarts the window.

        A page is `capped` where a cursor repeats or our own page cap is reached. `http["dropped"]` names the field
        groups Graph refused, `http["alt_text"]` why pictures' alt texts could not be read.
        """
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            answer, notes = self._ask_page(account, window, cursor, first=number == 1)
            body = self._clean(account, answer.body)
            alt_text, more = self._alt_text(account, body)
            listing = self._listing(account, body, alt_text)
            repeated = listing.cursor is not None and listing.cursor in seen
            covered = _before(listing.posts, window)
            over = listing.cursor is None or repeated or covered
            cursor = None if over else listing.cursor
            yield Page(
                posts=listing.posts,
                quarantined=listing.quarantined,
                cursor=cursor,
                http=answer.facts(*_USAGE) | notes | more | self._notes(),
                capped=not covered and (repeated or (not over and number == self._max_pages)),
            )
            if over:
                return
            seen.add(cursor)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts by id, in one page. Each id ends in `posts`, `missing` or `quarantined`."""
        found: list[PostReading | Missing | Quarantined] = []
        notes: dict[str, str] = {}
        for at in range(0, len(native_ids), LARGEST_BATCH):
            some, notes = self._look_up(account, native_ids[at : at + LARGEST_BATCH])
            found += some
        return Page(
            posts=tuple(one for one in found if isinstance(one, PostReading)),
            missing=tuple(one for one in found if isinstance(one, Missing)),
            quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
            http=notes | self._notes(),
        )

    def _look_up(
        self, account: Account, ids: Sequence[str]
    ) -> tuple[list[PostReading | Missing | Quarantined], dict[str, str]]:
        while True:
            answers = self._batch(account, ids, self._groups("post"))
            refused = [one for one in answers.values() if isinstance(one, faults.FieldsRefused)]
            if not refused or not self._drop_group("post", refused[0]):
                break
        bodies = {one: answer.body for one, answer in answers.items() if isinstance(answer, Answer)}
        alt_text, notes = self._alt_text(account, *bodies.values())
        return [_found(one, answers[one], alt_text) for one in ids], notes

    def _ask_page(
        self, account: Account, window: Window, cursor: str | None, *, first: bool
    ) -> tuple[Answer, dict[str, str]]:
        question = {
            "limit": str(self._page_size),
            "since": str(int(window.since.timestamp())),
            "until": str(int(window.until.timestamp())),
        }
        path = f"{account.native_id}/published_posts"
        if cursor is None or not first:
            return self._ask_fields(account, path, "post", **question | parse.question_of(cursor)), {}
        try:
            resumed = question | parse.question_of(cursor)
            return self._ask(account, path, fields=self._groups("post"), **resumed), {}
        except UnexpectedShape:
            # Graph says the same (#100) of a stale cursor as of a field; the window's start is always right.
            return self._ask_fields(account, path, "post", **question), {"cursor": "refused, restarted"}

    def _ask_fields(self, account: Account, path: str, kind: str, **question: str) -> Answer:
        """Ask with every field group, then without those Graph refuses with (#100), down to the base group."""
        before = list(self._dropped)
        while True:
            try:
                return self._ask(account, path, fields=self._groups(kind), **question)
            except faults.FieldsRefused as error:
                if not self._drop_group(kind, error):
                    self._dropped = before
                    raise

    def _groups(self, kind: str) -> str:
        names = [kind, *(name for name in self._optional(kind) if name not in self._dropped)]
        return ",".join(field for name in names for field in self._fields[name])

    def _drop_group(self, kind: str, error: faults.FieldsRefused) -> bool:
        """Give up the group the complaint names, else the last one. False when only the base is left."""
        left = [name for name in self._optional(kind) if name not in self._dropped]
        if not left:
            return False
        named = [name for name in left if any(_bare(one) in error.text for one in self._fields[name])]
        self._dropped.append((named or left)[-1])
        return True

    def _optional(self, kind: str) -> list[str]:
        return [name for name in self._fields if name.startswith(f"{kind}.")]

    def _notes(self) -> dict[str, str]:
        return {"dropped": ",".join(self._dropped)} if self._dropped else {}

    def _listing(self, account: Account, body: bytes, alt_text: parse.AltText) -> parse.Listing:
        try:
            return parse.listing(body, alt_text)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _alt_text(self, account: Account, *bodies: bytes) -> tuple[parse.AltText, dict[str, str]]:
        """The alt texts of all pictures in some answers; without them the posts are still worth keeping."""
        ids = [one for body in bodies for one in parse.photo_ids(body)]
        answers: dict[str, Answer | ConnectorError] = {}
        for at in range(0, len(ids), LARGEST_BATCH):
            try:
                answers |= self._batch(account, ids[at : at + LARGEST_BATCH], ",".join(self._fields["photo"]))
            except ConnectorError as error:
                return _alt_text_of(answers), {"alt_text": f"not read: {error.reason}"}
        unread = sum(isinstance(answer, ConnectorError) for answer in answers.values())
        return _alt_text_of(answers), {"alt_text": f"not read for {unread} pictures"} if unread else {}

    def _batch(self, account: Account, ids: Sequence[str], fields: str) -> dict[str, Answer | ConnectorError]:
        """Some objects by id, each with its answer or its own error.

        Raises:
            RateLimited, CredentialsRejected: an item failed for a reason that concerns them all.
        """
        requests = [{"method": "GET", "relative_url": f"{self._version}/{one}?fields={fields}"} for one in ids]
        arguments = {"batch": json.dumps(requests), "include_headers": "true"}
        try:
            answer = self._send(account, f"{self._version}/", post_args=arguments)
            items = _batch_items(answer, len(ids))
        except UnexpectedShape:
            # Some stand-ins for Graph know no batches; one by one is slower and says the same.
            return {one: self._single(account, one, fields) for one in ids}
        return {one: self._item(account, item, answer) for one, item in zip(ids, items, strict=True)}

    def _single(self, account: Account, native_id: str, fields: str) -> Answer | ConnectorError:
        try:
            answer = self._ask(account, native_id, fields=fields)
        except (AccountGone, faults.FieldsRefused) as error:
            return error
        return Answer(answer.status, answer.headers, self._clean(account, answer.body), answer.subject)

    def _item(self, account: Account, item: Any, answer: Answer) -> Answer | ConnectorError:
        """One item of a batch: null where Graph ran out of time for it."""
        if not isinstance(item, dict) or not isinstance(item.get("body"), str):
            return Unreachable(f"{account.key}: no answer for one item of a batch")
        body = self._clean(account, item["body"].encode("utf-8", "surrogatepass"))
        status = item["code"] if isinstance(item.get("code"), int) else answer.status
        one = Answer(status, answer.headers, body, answer.subject)
        try:
            faults.check(one)
        except CredentialsRejected as error:
            if one.problem.get("error", {}).get("code") in faults.TOKEN_DEAD:
                raise
            return error
        except RateLimited:
            raise
        except ConnectorError as error:
            return error
        return one

    def _ask(self, account: Account, path: str, **question: str) -> Answer:
        """GET one object or edge, a few times where Graph calls the failure temporary."""
        policy = self._page(account).session.policy
        for attempt in range(policy.attempts):
            try:
                return self._send(account, f"{self._version}/{path}", args=dict(question))
            except faults.Passing:
                if attempt + 1 == policy.attempts:
                    raise
                time.sleep(min(policy.backoff_seconds * 2**attempt, 30))
        raise Unreachable(f"{account.key}: no attempt was allowed")

    def _send(self, account: Account, path: str, **arguments: Any) -> Answer:
        page = self._page(account)
        page.session.subject = account.key
        page.session.last = None
        try:
            page.graph.request(path, **arguments)
        except facebook.GraphAPIError as error:
            # Not to be expected: every answer was judged before the SDK saw it.
            raise UnexpectedShape(f"{account.key}: facebook-sdk gave up ({type(error).__name__})") from None
        if page.session.last is None:
            raise UnexpectedShape(f"{account.key}: facebook-sdk sent nothing")
        return page.session.last

    def _page(self, account: Account) -> _Page:
        token = secret_for(self._connection, "page_token", account)
        if token not in self._pages:
            self._pages[token] = self._opened(token)
        return self._pages[token]

    def _opened(self, token: str) -> _Page:
        session = PlatformSession(HOME, self._connection, faults.check)
        secrets = [*self._connection.secrets.values(), token]
        app_secret = self._connection.secrets.get("app_secret")
        if app_secret:
            proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            session.params = {"appsecret_proof": proof}
            secrets.append(proof)
        if not self._in_query:
            session.headers["Authorization"] = f"Bearer {token}"
        graph = facebook.GraphAPI(access_token=token if self._in_query else None, session=session)
        graph.version = self._version
        return _Page(graph, session, tuple(secrets))

    def _clean(self, account: Account, body: bytes) -> bytes:
        return scrub_bytes(body, self._page(account).secrets)


def _batch_items(answer: Answer, count: int) -> list[Any]:
    items = answer.value
    if not isinstance(items, list) or len(items) != count:
        raise UnexpectedShape(f"{answer.subject}: the batch was not answered item by item")
    return items


def _found(
    native_id: str, answer: Answer | ConnectorError, alt_text: parse.AltText
) -> PostReading | Missing | Quarantined:
    if isinstance(answer, AccountGone):
        return Missing(native_id=native_id, certainty="gone", detail="Graph says there is no such object")
    if isinstance(answer, ConnectorError):
        return Missing(native_id=native_id, certainty="cannot_tell", detail=f"Graph would not show it: {answer.reason}")
    return parse.post_or_reason(rawjson.loads(answer.body), answer.body, alt_text)


def _alt_text_of(answers: Mapping[str, Answer | ConnectorError]) -> parse.AltText:
    read = {one: answer for one, answer in answers.items() if isinstance(answer, Answer)}
    return parse.AltText(
        raw={one: answer.body for one, answer in read.items()},
        text={one: parse.alt_text_of(answer.value) for one, answer in read.items()},
    )


def _before(posts: Sequence[PostReading], window: Window) -> bool:
    """Whether the listing has passed the window's beginning, for a server that ignores `since`."""
    return bool(posts) and all(post.created_at < window.since for post in posts)


def _bare(field_name: str) -> str:
    return field_name.partition("{")[0]
