"""Where things are, from the environment (`CHAPTERWATCH_*`), with defaults that work in a fresh checkout.

| variable | meaning | default |
|---|---|---|
| CHAPTERWATCH_HOME | folder for the archive and all files | `./.chapterwatch` |
| CHAPTERWATCH_FILES | where reports, pictures and dropped exports lie: a folder, or `s3://bucket/prefix` | the home |
| CHAPTERWATCH_FILES_OPTIONS | what the bucket's library is told, as JSON: `{"endpoint_url": "https://..."}` | none |
| CHAPTERWATCH_REGISTRY | the registry file | `config/chapters.yml` |
| CHAPTERWATCH_DATABASE | SQLAlchemy URL of the archive | SQLite file in the home |
| CHAPTERWATCH_POLICIES | folder of policy packs | the packs that come along |
| CHAPTERWATCH_CONNECTIONS | connections file for the command line | `config/connections.yml` |
| CHAPTERWATCH_CONN_<ID> | one connection as JSON; wins over the file | |
| CHAPTERWATCH_MAIL | `smtp://user:password@host:587?security=starttls`, or `maildir:<folder>` | |
| CHAPTERWATCH_SENDER | the From address | `chapterwatch@localhost` |
| CHAPTERWATCH_MAIL_ATTACH_LIMIT | megabytes of files a mail may carry; above it a link is mailed | 7 |
| CHAPTERWATCH_REPORTS_URL | where a web server of yours serves the reports; without it the mail says whom to ask | |
| CHAPTERWATCH_MAX_READS | spend cap: paid reads per run | none |
| CHAPTERWATCH_MEDIA | `off`: no pictures are captured, and rules about pictures say so | `on` |
| CHAPTERWATCH_MAX_PICTURES | pictures a run may fetch | 500 |
| CHAPTERWATCH_LOG | `json`: the command line logs one JSON object a line | plain lines |
| CHAPTERWATCH_NOW | pretend that it is this instant (ISO 8601); for the demo and for tests | the clock |
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from chapterwatch import logs, strictyaml
from chapterwatch.errors import UserError
from chapterwatch.files import Files, open_files
from chapterwatch.model import Connection
from chapterwatch.policy import POLICIES


class _ConnectionData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    platform: str
    base_url: str | None = None
    secrets: dict[str, str] = {}
    options: dict[str, str] = {}
    expires: date | None = None


class _ConnectionsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    connections: dict[str, _ConnectionData]


#: Options of the buckets' libraries (s3fs, gcsfs, adlfs) whose value is a secret.
_SECRET_OPTIONS = frozenset({"secret", "password", "token", "account_key", "sas_token", "client_secret"})

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """How mail leaves: through a server, or into a local maildir (the demo)."""

    sender: str
    host: str | None = None
    port: int = 25
    security: Security = "none"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    maildir: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a run needs to know about where it runs."""

    home: Path
    registry: Path
    database: str
    policies: Path
    connections_file: Path | None
    mail: Mail | None
    max_reads: int | None = None
    #: Pictures a run may fetch; 0 where none are captured.
    max_pictures: int = 500
    #: Bytes of files a mail may carry.
    attach_limit: int = 7_000_000
    #: Where the folder of reports can be read, without a slash at its end.
    reports_url: str | None = None
    #: Where the files lie: a folder's path or a URL; the home where there is none.
    files_url: str | None = None
    #: What the library of a bucket is told; it may hold secrets.
    files_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    pinned_now: datetime | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def now(self) -> datetime:
        """The one clock (UTC): everything below is told what time it is."""
        return self.pinned_now or datetime.now(UTC)

    @cached_property
    def files(self) -> Files:
        """The store of reports (`reports/`), pictures (`media/`) and dropped exports (`inbox/`, a folder per account).

        Raises:
            UserError: the URL names no store that can be used here.
        """
        return open_files(self.files_url or str(self.home), self.files_options)

    def connection(self, connection_id: str) -> Connection | None:
        """A connection from the environment or the connections file; None when it is in neither."""
        data = self._from_environment(connection_id) or self._from_file(connection_id)
        if data is None:
            return None
        logs.remember(data.secrets.values())
        return Connection(
            id=connection_id,
            platform=data.platform,
            base_url=data.base_url,
            secrets=data.secrets,
            options=data.options,
            expires=data.expires,
        )

    def _from_environment(self, connection_id: str) -> _ConnectionData | None:
        name = f"CHAPTERWATCH_CONN_{connection_id.upper()}"
        text = self.environment.get(name)
        if text is None:
            return None
        try:
            return _ConnectionData.model_validate(json.loads(text))
        except (ValueError, ValidationError):
            # The value holds secrets, so it is not shown.
            raise UserError(f"{name} is no connection; write JSON with platform, base_url, secrets, options") from None

    def _from_file(self, connection_id: str) -> _ConnectionData | None:
        if self.connections_file is None or not self.connections_file.is_file():
            return None
        parsed = strictyaml.validate(_ConnectionsFile, strictyaml.load(self.connections_file))
        return parsed.connections.get(connection_id)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `CHAPTERWATCH_*`. Raises UserError where a value cannot be read."""
    home = Path(environment.get("CHAPTERWATCH_HOME", ".chapterwatch")).absolute()
    return Settings(
        home=home,
        registry=Path(environment.get("CHAPTERWATCH_REGISTRY", "config/chapters.yml")),
        database=environment.get("CHAPTERWATCH_DATABASE", f"sqlite:///{home / 'archive.sqlite'}"),
        policies=Path(environment.get("CHAPTERWATCH_POLICIES", str(POLICIES))),
        connections_file=Path(environment.get("CHAPTERWATCH_CONNECTIONS", "config/connections.yml")),
        mail=_mail(environment),
        max_reads=_whole(environment, "CHAPTERWATCH_MAX_READS"),
        max_pictures=_max_pictures(environment),
        attach_limit=_megabytes(environment, "CHAPTERWATCH_MAIL_ATTACH_LIMIT"),
        reports_url=_web_address(environment, "CHAPTERWATCH_REPORTS_URL"),
        files_url=environment.get("CHAPTERWATCH_FILES") or None,
        files_options=_files_options(environment),
        pinned_now=_instant(environment, "CHAPTERWATCH_NOW"),
        environment={name: value for name, value in environment.items() if name.startswith("CHAPTERWATCH_CONN_")},
    )


#: As `reports.mail` takes it: the domain may be a machine's name.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def _mail(environment: Mapping[str, str]) -> Mail | None:
    url = environment.get("CHAPTERWATCH_MAIL")
    if not url:
        return None
    sender = environment.get("CHAPTERWATCH_SENDER", "chapterwatch@localhost")
    if not _ADDRESS.fullmatch(sender):
        raise UserError("CHAPTERWATCH_SENDER is no mail address; write it as name@domain.example, without a name")
    if url.startswith("maildir:"):
        return Mail(sender=sender, maildir=_maildir(url.removeprefix("maildir:")))
    parts, port = _mail_address(url)
    security = _security(parse_qs(parts.query).get("security", ["none"])[0])
    password = unquote(parts.password) if parts.password else None
    if password:
        logs.remember([password])
    return Mail(
        sender=sender,
        host=parts.hostname,
        port=port or 25,
        security=security,
        username=unquote(parts.username) if parts.username else None,
        password=password,
    )


def _maildir(folder: str) -> Path:
    if not folder.strip():
        raise UserError("CHAPTERWATCH_MAIL names no folder; write maildir:<folder>")
    return Path(folder).absolute()


def _mail_address(url: str) -> tuple[SplitResult, int | None]:
    """The parts of a mail server's URL and its port. One whose password holds a / # or ? falls apart elsewhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    strays = parts.fragment or parts.path.strip("/") or not re.fullmatch(r"(?:security=[^=&]*)?", parts.query)
    if parts.scheme != "smtp" or not parts.hostname or strays:
        # The value may hold a password, so no part of it is shown.
        raise UserError(
            "CHAPTERWATCH_MAIL is no mail URL; write smtp://host:port or maildir:<folder>,"
            " and percent-encode / # ? @ : % in user and password"
        )
    return parts, port


def _security(word: str) -> Security:
    for known in get_args(Security):
        if word == known:
            return cast("Security", known)
    raise UserError("CHAPTERWATCH_MAIL has an unknown security; use none, starttls or tls")


def _max_pictures(environment: Mapping[str, str]) -> int:
    switch = environment.get("CHAPTERWATCH_MEDIA", "on").strip().lower()
    if switch not in {"on", "off"}:
        raise UserError(f"CHAPTERWATCH_MEDIA is {switch!r}; write on or off")
    limit = _whole(environment, "CHAPTERWATCH_MAX_PICTURES")
    return 0 if switch == "off" else Settings.max_pictures if limit is None else limit


def _megabytes(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name)
    if text is None:
        return Settings.attach_limit
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]+)?", text):
        raise UserError(f"{name} is {text!r}; write megabytes, such as 7 or 2.5")
    return int(float(text) * 1_000_000)


def _web_address(environment: Mapping[str, str], name: str) -> str | None:
    text = environment.get(name)
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise UserError(f"{name} is no web address; write it as https://reports.association.example/folder")
    return text.rstrip("/")


def _files_options(environment: Mapping[str, str]) -> dict[str, Any]:
    text = environment.get("CHAPTERWATCH_FILES_OPTIONS") or "{}"
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        # The value may hold secrets, so it is not shown.
        raise UserError('CHAPTERWATCH_FILES_OPTIONS is no JSON object; write it as {"endpoint_url": "https://host"}')
    logs.remember(value for name, value in options.items() if name in _SECRET_OPTIONS and isinstance(value, str))
    return options


def _instant(environment: Mapping[str, str], name: str) -> datetime | None:
    text = environment.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UserError(f"{name} is {text!r}; write an instant with its zone, such as 2026-11-01T02:15:00Z")
    return moment.astimezone(UTC)


def _whole(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise UserError(f"{name} is {text!r}; write a whole number")
    return int(text)
