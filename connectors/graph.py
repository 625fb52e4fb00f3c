"""Asks a platform of the Graph API family through facebook-sdk: Pages, Instagram, Threads. It parses nothing itself.

facebook-sdk's constructor knows no version above 3.1, its own pager fails without a token in the URL, and it never
looks at the HTTP status. So the version is set afterwards, the pager is ours, and the session judges every answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, Quarantined, Window
from connectors import graph_faults as faults
from connectors.base import Manifest, Probe
from connectors.graph_paging import Listing, question_of
from connectors.http import Answer, PlatformSession, check_settings, flag, scrub_bytes, secret_for, whole_number
from connectors.records import Unreadable, mapping
from connectors.tokens import graph_probe

LARGEST_BATCH = 50
LARGEST_PAGE = 100

_USAGE = ("date", "x-app-usage", "x-page-usage", "x-business-use-case-usage")
_ID = re.compile(r"\d+(?:_\d+)?")
#: The fields asked of an object within an object.
_INNER = re.compile(r"\{([^{}]*)\}")

#: What a platform makes of one page's bytes: the listing, and facts for `Page.http`.
Read = Callable[[bytes], tuple[Listing, Mapping[str, str]]]
#: A post by id, as it was answered.
Found = PostReading | Missing | Quarantined


@dataclass
class _Door:
    """One token's way in: facebook-sdk over our session, and what must not be seen of it."""

    graph: Any
    session: PlatformSession
    secrets: tuple[str, ...] = field(repr=False)


class Graph:
    """One platform behind one connection, any number of accounts. Not thread-safe: one per task.

    Args:
        home: the platform's own address.
        secret: name of the token among the connection's secrets.
        batches: whether the platform answers several questions in one request.
        left_out: optional field groups not to be asked for.
    """

    def __init__(
        self,
        connection: Connection,
        manifest: Manifest,
        *,
        home: str,
        secret: str,
        batches: bool = True,
        left_out: Sequence[str] = (),
    ) -> None:
        check_settings(connection)
        self.fields = manifest.fields
        self._connection = connection
        self._home = home
        self._secret = secret
        self._batches = batches
        self._left_out = frozenset(left_out)
        self._version = str(connection.options.get("graph_version", manifest.api_version))
        self._in_query = flag(connection, "token_in_query")
        self._page_size = min(whole_number(connection, "page_size", LARGEST_BATCH), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._doors: dict[str, _Door] = {}
        #: Optional field groups this server refused, once is enough.
        self._dropped: list[str] = []

    def one(self, account: Account, native_id: str, kind: str) -> bytes:
        """One object with every field group of `kind` the platform grants.

        Raises:
            AccountGone: Graph says there is no such object.
        """
        return self.clean(account, self._ask_fields(account, native_id, kind).body)

    def listing(
        self, account: Account, path: str, kind: str, window: Window, cursor: str | None, read: Read
    ) -> Iterator[Page]:
        """The records of an edge in the window, newest first. A cursor no longer known restarts the window.

        A page is `capped` where a cursor repeats or our own page cap is reached. `http["dropped"]` names the field
        groups Graph refused.

        Raises:
            UnexpectedShape: a page names a next one that nobody can ask for; what it showed is given first.
        """
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            answer, notes = self._ask_page(account, path, kind, window, cursor, first=number == 1)
            listing, more = self._read(account, answer, read)
            repeated = listing.cursor is not None and listing.cursor in seen
            covered = _before(listing.posts, window)
            over = listing.cursor is None or repeated or covered
            cursor = None if over else listing.cursor
            yield Page(
                posts=listing.posts,
                quarantined=listing.quarantined,
                cursor=cursor,
                http=answer.facts(*_USAGE) | notes | dict(more) | self.notes(),
                capped=not covered and (repeated or (not over and number == self._max_pages)),
            )
            if listing.breaks_off and not covered:
                raise UnexpectedShape(f"{account.key}: the answer names a next page, but not where it starts")
            if over:
                return
            seen.add(cursor)

    def by_id(self, account: Account, native_ids: Sequence[str], kind: str) -> dict[str, Answer | ConnectorError]:
        """Some objects by id with the field groups of `kind`, each with its answer or its own error.

        An id made for a post of an export is not asked for: Graph would call it an object that is gone.
        """
        known = [one for one in native_ids if _ID.fullmatch(one)]
        unknown = UnexpectedShape(f"{account.key}: not an id of Graph's")
        found: dict[str, Answer | ConnectorError] = {one: unknown for one in native_ids if not _ID.fullmatch(one)}
        for at in range(0, len(known), LARGEST_BATCH):
            found |= self._some_by_id(account, known[at : at + LARGEST_BATCH], kind)
        return found

    def probe(self, account: Account, handle: str | None) -> Probe:
        """What the platform says of the token of an account that was just reached under this handle."""
        return graph_probe(
            self._connection,
            account,
            home=self._home,
            version=self._version,
            token=secret_for(self._connection, self._secret, account),
            handle=handle,
            in_query=self._in_query,
        )

    def notes(self) -> dict[str, str]:
        """The field groups given up, for `Page.http`."""
        return {"dropped": ",".join(self._dropped)} if self._dropped else {}

    def _some_by_id(self, account: Account, ids: Sequence[str], kind: str) -> dict[str, Answer | ConnectorError]:
        while True:
            answers = self.batch(account, ids, self._groups(kind))
            refused = [one for one in answers.values() if isinstance(one, faults.FieldsRefused)]
            if not refused or not self._drop_group(kind, refused[0]):
                return answers

    def _read(self, account: Account, answer: Answer, read: Read) -> tuple[Listing, Mapping[str, str]]:
        try:
            return read(self.clean(account, answer.body))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _ask_page(
        self, account: Account, path: str, kind: str, window: Window, cursor: str | None, *, first: bool
    ) -> tuple[Answer, dict[str, str]]:
        question = {
            "limit": str(self._page_size),
            "since": str(int(window.since.timestamp())),
            "until": str(int(window.until.timestamp())),
        }
        if cursor is None or not first:
            return self._ask_fields(account, path, kind, **question | question_of(cursor)), {}
        try:
            resumed = question | question_of(cursor)
            return self._ask(account, path, fields=self._groups(kind), **resumed), {}
        except UnexpectedShape:
            # Graph says the same (#100) of a stale cursor as of a field; the window's start is always right.
            return self._ask_fields(account, path, kind, **question), {"cursor": "refused, restarted"}

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
        refused = {
            _bare(field) for name in self._optional(kind) if name in self._dropped for field in self.fields[name]
        }
        return ",".join(_without(field, refused) for name in names for field in self.fields[name])

    def _drop_group(self, kind: str, error: faults.FieldsRefused) -> bool:
        """Give up the group the complaint names, else the last one. False when only the base is left."""
        left = [name for name in self._optional(kind) if name not in self._dropped]
        if not left:
            return False
        named = [name for name in left if any(_bare(one) in error.text for one in self.fields[name])]
        self._dropped.append((named or left)[-1])
        return True

    def _optional(self, kind: str) -> list[str]:
        return [name for name in self.fields if name.startswith(f"{kind}.") and name not in self._left_out]

    def batch(self, account: Account, ids: Sequence[str], fields: str) -> dict[str, Answer | ConnectorError]:
        """Some objects by id, each with its answer or its own error.

        Raises:
            RateLimited, CredentialsRejected: an item failed for a reason that concerns them all.
        """
        if not self._batches:
            return {one: self._single(account, one, fields) for one in ids}
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
        return Answer(answer.status, answer.headers, self.clean(account, answer.body), answer.subject)

    def _item(self, account: Account, item: Any, answer: Answer) -> Answer | ConnectorError:
        """One item of a batch: null where Graph ran out of time for it."""
        if not isinstance(item, dict) or not isinstance(item.get("body"), str):
            return Unreachable(f"{account.key}: no answer for one item of a batch")
        body = self.clean(account, item["body"].encode("utf-8", "surrogatepass"))
        status = item["code"] if isinstance(item.get("code"), int) else answer.status
        one = Answer(status, answer.headers, body, answer.subject)
        try:
            faults.check(one)
        except CredentialsRejected as error:
            if mapping(one.problem.get("error")).get("code") in faults.TOKEN_DEAD:
                raise
            return error
        except RateLimited:
            raise
        except ConnectorError as error:
            return error
        return one

    def _ask(self, account: Account, path: str, **question: str) -> Answer:
        """GET one object or edge, a few times where Graph calls the failure temporary."""
        policy = self._door(account).session.policy
        for attempt in range(policy.attempts):
            try:
                return self._send(account, f"{self._version}/{path}", args=dict(question))
            except faults.Passing:
                if attempt + 1 == policy.attempts:
                    raise
                time.sleep(min(policy.backoff_seconds * 2**attempt, 30))
        raise Unreachable(f"{account.key}: no attempt was allowed")

    def _send(self, account: Account, path: str, **arguments: Any) -> Answer:
        door = self._door(account)
        door.session.subject = account.key
        door.session.last = None
        try:
            door.graph.request(path, **arguments)
        except facebook.GraphAPIError as error:
            # Not to be expected: every answer was judged before the SDK saw it.
            raise UnexpectedShape(f"{account.key}: facebook-sdk gave up ({type(error).__name__})") from None
        if door.session.last is None:
            raise UnexpectedShape(f"{account.key}: facebook-sdk sent nothing")
        return door.session.last

    def _door(self, account: Account) -> _Door:
        token = secret_for(self._connection, self._secret, account)
        if token not in self._doors:
            self._doors[token] = self._opened(token)
        return self._doors[token]

    def _opened(self, token: str) -> _Door:
        # facebook-sdk knows one host and asks it alone; the session leads each request to the platform's own.
        elsewhere = replace(self._connection, base_url=self._connection.base_url or self._home)
        session = PlatformSession(facebook.FACEBOOK_GRAPH_URL.rstrip("/"), elsewhere, faults.check)
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
        return _Door(graph, session, tuple(secrets))

    def clean(self, account: Account, body: bytes) -> bytes:
        """An answer's bytes without the account's secrets."""
        return scrub_bytes(body, self._door(account).secrets)


def _batch_items(answer: Answer, count: int) -> list[Any]:
    items = answer.value
    if not isinstance(items, list) or len(items) != count:
        raise UnexpectedShape(f"{answer.subject}: the batch was not answered item by item")
    return items


def found(native_id: str, answer: Answer | ConnectorError, read: Callable[[bytes], PostReading | Quarantined]) -> Found:
    """What an answer of `Graph.by_id` says of a known post: its reading, or how sure it is that it is gone."""
    if isinstance(answer, AccountGone):
        return Missing(native_id=native_id, certainty="gone", detail="Graph says there is no such object")
    if isinstance(answer, ConnectorError):
        return Missing(native_id=native_id, certainty="cannot_tell", detail=f"Graph would not show it: {answer.reason}")
    return read(answer.body)


def page_of(items: Sequence[Found], http: Mapping[str, str]) -> Page:
    """The page of a look-up: each id ends in `posts`, `missing` or `quarantined`."""
    return Page(
        posts=tuple(one for one in items if isinstance(one, PostReading)),
        missing=tuple(one for one in items if isinstance(one, Missing)),
        quarantined=tuple(one for one in items if isinstance(one, Quarantined)),
        http=http,
    )


def _before(posts: Sequence[PostReading], window: Window) -> bool:
    """Whether the listing has passed the window's beginning, for a server that ignores `since`."""
    return bool(posts) and all(post.created_at < window.since for post in posts)


def _bare(field_name: str) -> str:
    return field_name.partition("{")[0]


def _without(field_name: str, refused: set[str]) -> str:
    """A field whose own list of fields no longer names what was refused."""
    return _INNER.sub(
        lambda match: "{" + ",".join(one for one in match[1].split(",") if one not in refused) + "}", field_name
    )
