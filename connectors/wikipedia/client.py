"""Asks MediaWiki sites what an account wrote, through mwclient. Parsing is `.parse`, judging answers is `.faults`.

mwclient retries up to 25 times with growing pauses and raises errors of requests. Given our session it sees only
answers that are usable, and never retries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import mwclient  # type: ignore[import-untyped]

from chapterwatch import __version__
from chapterwatch.errors import AccountGone, RateLimited, UnexpectedShape, Unreachable, UserError
from chapterwatch.model import Account, Connection, Missing, Page, PostReading, ProfileReading, Quarantined, Window
from connectors.base import Manifest
from connectors.http import Answer, PlatformSession, check_settings, scrub_bytes, whole_number
from connectors.records import Unreadable, identifier, optional
from connectors.wikipedia import faults, parse

LARGEST_PAGE = 500
LARGEST_LOOK_UP = 50

_FACTS = ("date", "retry-after", "mediawiki-api-error")


class WikipediaConnector:
    """The edits of any number of accounts of one wiki. Not thread-safe. Reading is free: `max_reads` is not reached."""

    def __init__(self, connection: Connection, manifest: Manifest, *, max_reads: int | None = None) -> None:
        del max_reads
        check_settings(connection)
        self._fields = {name: "|".join(fields) for name, fields in manifest.fields.items()}
        self._page_size = min(whole_number(connection, "page_size", 50), LARGEST_PAGE)
        self._max_pages = whole_number(connection, "max_pages", 64)
        self._secrets = tuple(connection.secrets.values())
        self._host = _host_of(connection)
        self._path = "/" + str(connection.options.get("script_path", "/w/")).strip("/") + "/"
        self._path = self._path.replace("//", "/")
        self._session = PlatformSession(f"https://{self._host}", connection, faults.check)
        self._session.headers["User-Agent"] = _user_agent(connection)
        token = connection.secrets.get("access_token")
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._site = mwclient.Site(
            self._host, path=self._path, pool=self._session, do_init=False, max_retries=0, retry_timeout=0
        )

    def profile(self, account: Account) -> ProfileReading:
        """The account with its user page as bio.

        Raises:
            AccountGone: the wiki knows no such account, nor one renamed from it.
        """
        answer, user = self._user(account)
        name = str(user["name"])
        page = self._ask(
            account, "query", prop="revisions", titles=f"User:{name}", rvprop="ids|timestamp|content", rvslots="main"
        )
        try:
            bio = parse.content(page.body)
        except Unreadable:
            # Most accounts have no user page.
            bio = ""
        return ProfileReading(
            native_id=identifier(user, "userid"),
            handle=name,
            name=name,
            bio=bio,
            website=f"https://{self._host}/wiki/User:{name.replace(' ', '_')}",
            raw=self._clean(answer.body) + b"\n" + self._clean(page.body),
        )

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """The account's edits in the window, newest first. `http["account"]` says if it is blocked or was renamed."""
        _, user = self._user(account)
        seen: set[str | None] = {cursor}
        for number in range(1, self._max_pages + 1):
            answer = self._contributions(account, user, window, cursor)
            edits, following, breaks_off = self._listed(account, answer)
            repeated = following is not None and following in seen
            cursor = None if repeated else following
            read = [self._read(account, edit) for edit in edits]
            yield Page(
                posts=tuple(one for one in read if isinstance(one, PostReading)),
                quarantined=tuple(one for one in read if isinstance(one, Quarantined)),
                cursor=cursor,
                http=answer.facts(*_FACTS) | _notes(account, user),
                capped=repeated or (cursor is not None and number == self._max_pages),
            )
            if breaks_off:
                raise UnexpectedShape(f"{account.key}: the wiki names a next page, but not where it starts")
            if cursor is None:
                return
            seen.add(cursor)

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known edits by revision id. One the wiki calls bad is gone, with its page or by itself."""
        found: list[PostReading | Missing | Quarantined] = []
        for at in range(0, len(native_ids), LARGEST_LOOK_UP):
            found += self._look_up(account, native_ids[at : at + LARGEST_LOOK_UP])
        return Page(
            posts=tuple(one for one in found if isinstance(one, PostReading)),
            missing=tuple(one for one in found if isinstance(one, Missing)),
            quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
        )

    def _look_up(self, account: Account, ids: Sequence[str]) -> Iterator[PostReading | Missing | Quarantined]:
        asked = [one for one in ids if one.isdecimal()]
        edits: Mapping[str, parse.Edit] = {}
        bad: Sequence[str] = ()
        if asked:
            answer = self._ask(
                account, "query", prop="revisions", revids="|".join(asked), rvprop=self._fields["revisions"]
            )
            edits, bad = parse.revisions(self._clean(answer.body))
        for one in ids:
            if one in edits:
                yield self._read(account, edits[one])
            elif one in bad:
                yield Missing(native_id=one, certainty="gone", detail="the wiki knows no such revision any more")
            else:
                yield Missing(native_id=one, certainty="cannot_tell", detail="the wiki did not answer for it")

    def _contributions(self, account: Account, user: Mapping[str, Any], window: Window, cursor: str | None) -> Answer:
        question = {
            "list": "usercontribs",
            "ucuserids": identifier(user, "userid"),
            "ucstart": _stamp(window, "until"),
            "ucend": _stamp(window, "since"),
            "ucdir": "older",
            "uclimit": str(self._page_size),
            "ucprop": self._fields["usercontribs"],
        }
        return self._ask(account, "query", **question, **({"uccontinue": cursor} if cursor else {}))

    def _listed(self, account: Account, answer: Answer) -> tuple[list[parse.Edit], str | None, bool]:
        try:
            return parse.contributions(self._clean(answer.body))
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _read(self, account: Account, edit: parse.Edit) -> PostReading | Quarantined:
        try:
            added, extra = self._added(account, edit)
            address = f"https://{self._host}{self._path}index.php?{urlencode({'diff': edit.revision})}"
            return parse.post(edit, added, extra, address)
        except Unreadable as error:
            return Quarantined(where=_where(edit), reason=str(error), raw=edit.raw)
        except faults.NoRevision:
            return Quarantined(where=_where(edit), reason="its text or the one before it is not shown", raw=edit.raw)

    def _added(self, account: Account, edit: parse.Edit) -> tuple[str, dict[str, list[bytes]]]:
        """What an edit added, and the answer that says so."""
        if edit.is_hidden:
            return "", {}
        if edit.is_new_page:
            answer = self._ask(
                account, "query", prop="revisions", revids=edit.revision, rvprop="ids|content", rvslots="main"
            )
            body = self._clean(answer.body)
            return parse.content(body), {"content": [body]}
        answer = self._ask(
            account,
            "compare",
            fromrev=identifier(edit.record, "parentid"),
            torev=edit.revision,
            prop=self._fields["compare"],
        )
        body = self._clean(answer.body)
        return parse.added_text(body), {"compare": [body]}

    def _user(self, account: Account) -> tuple[Answer, Mapping[str, Any]]:
        """The account as the wiki knows it, a renamed one under its new name."""
        answer, user = self._user_called(account, account.native_id)
        if not user and not account.native_id.isdecimal():
            renamed = self._renamed(account)
            answer, user = self._user_called(account, renamed) if renamed else (answer, user)
        if not user:
            raise AccountGone(f"{account.key}: the wiki knows no such account")
        return answer, user

    def _user_called(self, account: Account, name: str) -> tuple[Answer, Mapping[str, Any]]:
        by = "ususerids" if name.isdecimal() else "ususers"
        answer = self._ask(account, "query", list="users", usprop=self._fields["users"], **{by: name})
        try:
            return answer, parse.user(answer.body)
        except Unreadable as error:
            raise UnexpectedShape(f"{account.key}: the answer {error}") from None

    def _renamed(self, account: Account) -> str | None:
        title = f"User:{account.native_id}"
        try:
            answer = self._ask(account, "query", list="logevents", letype="renameuser", letitle=title, lelimit="1")
        except (RateLimited, Unreachable):
            raise
        except UnexpectedShape:
            # A wiki that renames nobody does not know this log.
            return None
        return parse.new_name(answer.body)

    def _ask(self, account: Account, action: str, **question: str) -> Answer:
        self._session.subject = account.key
        self._session.last = None
        try:
            self._site.raw_api(action, http_method="GET", formatversion="2", maxlag="5", **question)
        except (mwclient.errors.MwClientError, ValueError) as error:
            # Not to be expected: every answer was judged before mwclient saw it.
            raise UnexpectedShape(f"{account.key}: mwclient gave up ({type(error).__name__})") from None
        if self._session.last is None:
            raise UnexpectedShape(f"{account.key}: mwclient sent nothing")
        return self._session.last

    def _clean(self, body: bytes) -> bytes:
        return scrub_bytes(body, self._secrets)


def _host_of(connection: Connection) -> str:
    host = str(connection.options.get("host", "en.wikipedia.org")).strip()
    if urlsplit(f"https://{host}").netloc != host or "@" in host:
        raise UserError(f"connection {connection.id}: option host is no host name; write one, as in de.wikipedia.org")
    return host


def _user_agent(connection: Connection) -> str:
    contact = str(connection.options.get("contact", "")).strip()
    if not contact.isprintable() or not contact.isascii():
        raise UserError(f"connection {connection.id}: option contact holds odd characters; write a plain address")
    return f"chapterwatch/{__version__} ({contact or 'no contact given'})"


def _stamp(window: Window, end: str) -> str:
    moment = window.until if end == "until" else window.since
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _notes(account: Account, user: Mapping[str, Any]) -> dict[str, str]:
    notes = [word for word, is_so in (("blocked", "blockid" in user), ("renamed", _is_renamed(account, user))) if is_so]
    return {"account": ",".join(notes)} if notes else {}


def _is_renamed(account: Account, user: Mapping[str, Any]) -> bool:
    known = account.handle if account.native_id.isdecimal() else account.native_id
    return known.replace("_", " ").casefold() != (optional(user, "name") or "").casefold()


def _where(edit: parse.Edit) -> str:
    return f"wikipedia edit {str(edit.record.get('revid', 'without id'))[:20]}"
