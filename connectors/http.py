"""One HTTP policy for every SDK: what is sent where, how long it may take, and what is said when it fails.

The SDKs differ in everything that matters here: tweepy sets no timeout, facebook-sdk never looks at the HTTP status,
both leak foreign exception types. So both get the session below, which reads the whole body within limits, judges the
answer and raises one of `chapterwatch.errors` before the SDK sees it.
"""

from __future__ import annotations

import base64
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from chapterwatch.errors import ClockAhead, CredentialsMissing, RateLimited, UnexpectedShape, Unreachable, UserError
from chapterwatch.model import Account, Connection
from connectors import rawjson
from connectors.times import http_date

#: tweepy prints the bearer token and every body at DEBUG, urllib3 prints query strings.
for _name in ("tweepy", "urllib3", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)
# Its WARNING before a retry holds the URL with its query, where a token stands if `token_in_query` is set.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

CUT = "[cut]"

#: A machine whose clock is further ahead of a platform's than this is wrong. Within a day a night reads again what the
#: one before called read too early, and a month closes later than that.
CLOCKS_AGREE = timedelta(days=1)

_READ_SIZE = 65_536
#: What unpacking a body may end in where urllib3 does not put it into an error of its own: behind a redirect.
_UNPACKING = urllib3.HTTPResponse.DECODER_ERROR_CLASSES
_TRANSIENT = (500, 502, 503, 504)
_QUERY_SECRET = re.compile(r"(?i)((?:access_token|appsecret_proof|client_secret|input_token)(?:=|%3D))[^&\s\"'\\#<>]+")
#: Shorter strings are no tokens, and cutting them out would mangle what people wrote.
_SHORTEST_SECRET = 8
#: Of more secrets than this only those are looked for whose first bytes stand in an answer; platforms' tokens begin
#: alike, so it takes more bytes of them to tell.
_FEW_FORMS, _HEAD = 100, 24


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How patient we are. Every field is a connection option of the same name."""

    #: Requests per call, the first included. Only GET is repeated, only after 5xx or no answer.
    attempts: int = 4
    #: To connect, and between two bytes of an answer.
    timeout_seconds: float = 30.0
    #: For one whole body, however steadily it drips.
    deadline_seconds: float = 120.0
    #: Doubled with each repetition, at most 30 s.
    backoff_seconds: float = 0.5
    max_body_bytes: int = 20_000_000

    @classmethod
    def of(cls, connection: Connection) -> Policy:
        """The policy a connection asks for. Raises `UserError` for a value that is no positive number."""
        policy = cls()
        for name in cls.__dataclass_fields__:
            if name in connection.options:
                changed: dict[str, Any] = {name: _number(connection, name, type(getattr(policy, name)))}
                policy = replace(policy, **changed)
        return policy


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: what an error taxonomy needs to judge it and a parser to read it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    #: Which account was asked about, for messages.
    subject: str = ""

    @cached_property
    def value(self) -> Any:
        """The body as strict JSON. Raises `UnexpectedShape`."""
        return strict_json(self.body, self.subject)

    @property
    def problem(self) -> dict[str, Any]:
        """The JSON object of an error answer; {} where the body is none, for then the status has to speak."""
        try:
            value = rawjson.loads(self.body)
        except rawjson.BrokenJson:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def date(self) -> datetime | None:
        """When the server says it answered (UTC): the clock its own deadlines are measured against."""
        return http_date(self.headers.get("date"))

    @property
    def sent(self) -> datetime | None:
        """What time it was where the answer was sent (UTC): its date, and how long a cache has kept it."""
        age = self.headers.get("age", "").strip()
        return (self.after(int(age)) if re.fullmatch(r"\d{1,9}", age) else None) or self.date

    def facts(self, *names: str) -> dict[str, str]:
        """Status and the named headers, for `Page.http`."""
        return {"status": str(self.status)} | {name: self.headers[name] for name in names if name in self.headers}

    def after(self, seconds: float) -> datetime | None:
        """The time `seconds` after the answer; None without a Date header, and where no calendar reaches so far."""
        if self.date is None or seconds <= 0:
            return None
        try:
            return self.date + timedelta(seconds=seconds)
        except OverflowError:
            return None

    def resets_at(self, epoch: str | None) -> datetime | None:
        """A reset header as UTC time; None if it is absent, garbage or not in the answer's own future."""
        if epoch is None or not re.fullmatch(r"\d{9,11}", epoch.strip()) or self.date is None:
            return self._retry_after()
        moment = datetime.fromtimestamp(int(epoch), tz=UTC)
        return moment if moment > self.date else None

    def _retry_after(self) -> datetime | None:
        """Seconds or a moment (RFC 9110, section 10.2.3); None where neither is said, or it is past."""
        said = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,7}", said):
            return self.after(int(said))
        moment = http_date(said)
        return moment if moment and (self.date is None or moment > self.date) else None


class PlatformSession(requests.Session):
    """A session that can reach one platform only, or the server `base_url` names in its place.

    `check` is called with every whole answer and raises if it is not usable. `last` is the latest usable answer.
    """

    def __init__(self, home: str, connection: Connection, check: Callable[[Answer], None]) -> None:
        super().__init__()
        self.policy = Policy.of(connection)
        self.home = home
        self.base = base_url_of(connection) or home
        self.subject = ""
        self.last: Answer | None = None
        self._check = check
        self._as_of = connection.as_of
        # Without an auth of its own, requests would put a netrc entry in the place of the bearer token.
        self.auth = keep_headers
        # Nothing but the platform is mounted, so a request elsewhere has no adapter to leave through.
        self.adapters.clear()
        self.mount(origin_of(self.base) + "/", HTTPAdapter(max_retries=retries(self.policy)))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request, redirected to `base_url` where there is one; raises only `ConnectorError`s."""
        kwargs |= {"stream": True, "allow_redirects": False, "timeout": self.policy.timeout_seconds}
        try:
            with super().request(method, self._moved(str(url)), *args, **kwargs) as response:
                body = self._read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._failure(error) from None
        except _UNPACKING:
            raise UnexpectedShape(f"{self.subject}: the answer does not unpack") from None
        except ValueError:
            # requests reads a redirect's address even where it must not follow it.
            raise UnexpectedShape(f"{self.subject}: the answer redirects to no web address") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = Answer(response.status_code, headers, body, self.subject)
        self._check(answer)
        self._hold_clocks(answer)
        self.last = answer
        return _readable(response, body)

    def _hold_clocks(self, answer: Answer) -> None:
        """Raise `ClockAhead` where this machine says it is days later than the platform does."""
        if self._as_of is None or answer.sent is None or self._as_of - answer.sent <= CLOCKS_AGREE:
            return
        ours, theirs = (f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for moment in (self._as_of, answer.sent))
        raise ClockAhead(f"{self.subject}: this machine's clock says {ours} and the platform's {theirs}; set it right")

    def _moved(self, url: str) -> str:
        return self.base + url.removeprefix(self.home)

    def _read(self, response: requests.Response) -> bytes:
        try:
            return whole_body(response, self.policy.max_body_bytes, self.policy.deadline_seconds)
        except BodyTooLarge:
            limit = f"{self.policy.max_body_bytes:,} bytes"
            raise UnexpectedShape(f"{self.subject}: the answer is larger than {limit}") from None
        except BodyTooSlow:
            limit = f"{self.policy.deadline_seconds:g} s"
            raise Unreachable(f"{self.subject}: no whole answer within {limit}") from None

    def _failure(self, error: Exception) -> Unreachable | UnexpectedShape:
        # The class alone: the text of these errors quotes the URL.
        what = f"{self.subject}: {urlsplit(self.base).hostname} gave no usable answer ({type(error).__name__})"
        shapes = (urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError)
        return UnexpectedShape(what) if isinstance(error, shapes) else Unreachable(what)


class BodyTooLarge(Exception):
    """A body went on beyond what may be read of it."""


class BodyTooSlow(Exception):
    """A body was not whole in time, however steadily it came."""


def whole_body(response: requests.Response, max_bytes: int, deadline_seconds: float) -> bytes:
    """The body of a streamed answer, unpacked, within size and time.

    `read1` gives back what has come, so a slow drip meets the deadline too.

    Raises:
        BodyTooLarge, BodyTooSlow: and the connection is not to be used again.
    """
    ends = time.monotonic() + deadline_seconds
    body = bytearray()
    while chunk := response.raw.read1(_READ_SIZE, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLarge
        if time.monotonic() > ends:
            raise BodyTooSlow
    return bytes(body)


def check_settings(connection: Connection) -> None:
    """Raise `UserError` for an address or a number in a connection that cannot be meant, before anything is sent."""
    Policy.of(connection)
    base_url_of(connection)


def strict_json(body: bytes, subject: str) -> Any:
    """The value of a JSON body.

    Raises:
        UnexpectedShape: it is HTML, truncated, or any JSON `rawjson.loads` refuses.
    """
    try:
        return rawjson.loads(body)
    except rawjson.BrokenJson as error:
        reason = "is a web page, not JSON" if body.lstrip()[:1] == b"<" else str(error)
        raise UnexpectedShape(f"{subject}: the answer {reason}") from None


def refuse_redirect(answer: Answer) -> None:
    """Raise `UnexpectedShape` for a 3xx answer: an API that redirects is not the API, and gets no token."""
    if 300 <= answer.status < 400:  # noqa: PLR2004 - the class of redirects
        raise UnexpectedShape(f"{answer.subject}: answered with a redirect ({answer.status}), which is not followed")


def rate_limited(answer: Answer, resets_at: datetime | None) -> RateLimited:
    """The error for a window limit, saying until when if the platform did."""
    until = f" until {resets_at:%Y-%m-%d %H:%M} UTC" if resets_at else ""
    return RateLimited(f"{answer.subject}: paused by the platform's rate limit{until}", resets_at=resets_at)


def secret_for(connection: Connection, name: str, account: Account) -> str:
    """The secret `name:<native_id>` of one account, else `name`.

    Raises:
        CredentialsMissing: neither is configured, or it could not stand in an HTTP header.
    """
    secret = (connection.secrets.get(f"{name}:{account.native_id}") or connection.secrets.get(name) or "").strip()
    if not secret:
        raise CredentialsMissing(f"{account.key}: connection {connection.id} has no {name}")
    if not re.fullmatch(r"[!-~]+", secret):
        raise CredentialsMissing(f"{account.key}: {name} of connection {connection.id} holds spaces or odd characters")
    return secret


def flag(connection: Connection, name: str) -> bool:
    """A yes-or-no option, false by default. Raises `UserError` for anything but true or false."""
    value = str(connection.options.get(name, "false")).strip().lower()
    if value not in {"true", "false"}:
        raise UserError(f"connection {connection.id}: option {name} is {value!r}; write true or false")
    return value == "true"


def whole_number(connection: Connection, name: str, default: int) -> int:
    """A positive whole number among the options. Raises `UserError`."""
    return int(_number(connection, name, int)) if name in connection.options else default


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the secrets in plain, URL-encoded or base64 form, and without token parameters of any URL."""
    for form in _forms(frozenset(secrets)):
        text = text.replace(form.decode(), CUT)
    return _QUERY_SECRET.sub(rf"\g<1>{CUT}", text)


def scrub_bytes(body: bytes, secrets: Iterable[str] = ()) -> bytes:
    """An answer's bytes without the secrets in any of the forms. What people wrote stays as it came."""
    forms = _forms(frozenset(secrets))
    # One connection may hold the tokens of thousands of Pages: only those are looked for whose beginning is there.
    if len(forms) > _FEW_FORMS:
        heads = {body[at : at + _HEAD] for at in range(len(body))}
        forms = tuple(form for form in forms if len(form) < _HEAD or form[:_HEAD] in heads)
    for form in forms:
        body = body.replace(form, CUT.encode())
    return body


@lru_cache(maxsize=32)
def _forms(secrets: frozenset[str]) -> tuple[bytes, ...]:
    """How secrets may stand in an answer or a message, the longest first, so that no tail of one stays."""
    forms: set[str] = set()
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            packed = secret.encode()
            forms |= {secret, quote(secret, safe=""), quote_plus(secret), secret.replace("/", "\\/")}
            for encoded in (base64.b64encode(packed).decode(), base64.urlsafe_b64encode(packed).decode()):
                # The last character and the padding depend on what follows the secret.
                forms |= {encoded, encoded.rstrip("=")[:-1]}
    return tuple(form.encode() for form in sorted(forms, key=lambda form: (-len(form), form)))


def _number(connection: Connection, name: str, kind: type[int | float]) -> float:
    try:
        value = kind(str(connection.options[name]))
    except ValueError:
        value = kind(-1)
    least = 0 if name == "backoff_seconds" else 1e-9
    if not least <= value < float("inf"):
        raise UserError(f'connection {connection.id}: option {name} is no positive number; write one, as in "30"')
    return value


def retries(policy: Policy) -> Retry:
    """How often and with what pauses a request is repeated."""
    again = policy.attempts - 1
    return Retry(
        total=again,
        status=again,
        redirect=0,
        status_forcelist=_TRANSIENT,
        allowed_methods=["GET"],
        backoff_factor=policy.backoff_seconds,
        backoff_max=30,
        raise_on_status=False,
        # A Retry-After of an hour would hold the worker for an hour.
        respect_retry_after_header=False,
    )


def base_url_of(connection: Connection) -> str | None:
    """The server a connection names in the platform's place. Raises `UserError` where it is no web address."""
    if not connection.base_url:
        return None
    parts = urlsplit(connection.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise UserError(f"connection {connection.id}: base_url is no web address; write https://host[:port]")
    return connection.base_url.rstrip("/")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An auth that adds nothing: without one, requests would look into the user's netrc."""
    return request


def _readable(response: requests.Response, body: bytes) -> requests.Response:
    """The response with its body in place for the SDK, called JSON since `check` has found it to be."""
    response._content = body  # noqa: SLF001 - the body was read within our limits, requests offers no other way back in
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001
    response.headers["content-type"] = "application/json"
    response.encoding = "utf-8"
    return response
