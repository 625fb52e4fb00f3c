"""Logs are public: ids and counts only, and no secret even by accident.

`install()` puts a filter on the root handlers that cuts every secret it was told of, in the plain, URL-encoded and
base64 forms in which an exception text may carry it, and keeps the chatty clients above DEBUG, where they would
print request headers.

Beside its words a record carries facts as fields (`extra=fields(...)`), named once in `FIELDS`, so that a log system
can be asked for an account or a run. `CHAPTERWATCH_LOG=json` makes the command line write one JSON object a line.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

#: These log headers or full URLs, tokens included, at DEBUG.
CHATTY = ("tweepy", "urllib3", "requests", "requests_oauthlib", "oauthlib", "facebook", "weasyprint", "fontTools")

CUT = "[cut]"

#: Every field a record of ours may carry. Ids and counts, never a name, an address or words of a post.
FIELDS: Mapping[str, str] = {
    "run": "the run's id: nightly:2026-11-01, audit:..., verify:...",
    "step": "collect, audit, deliver or warn; of a notice what it is: alert, access, api or sign_off",
    "association": "the association's id",
    "chapter": "the chapter's id, or rollup:<association>",
    "platform": "the connector's name",
    "account": "the account's key, platform:native_id",
    "period": "the month, YYYY-MM, or the day a warning is about",
    "revision": "the report's revision",
    "state": "how a mail ended",
    "reason": "why something could not be seen or done, in one of our words",
    "picture": "the first digits of a picture's SHA-256",
    "count": "how many",
}

#: What every record has of its own.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

#: Anything shorter would cut ordinary words out of the logs.
_SHORTEST_SECRET = 6

_secrets: set[str] = set()


class Redaction(logging.Filter):
    """Cuts known secrets from a record's message, arguments, fields and exception text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always lets it pass."""
        message = record.getMessage()
        cut = redact(message)
        if cut != message:
            record.msg, record.args = cut, ()
        if record.exc_info and record.exc_info[1] is not None and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        for name in vars(record).keys() - _OWN:
            setattr(record, name, _redacted(getattr(record, name)))
        return True


class AsJson(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the fields it carries, and an exception's text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Redaction has been at the record before."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: vars(record)[name] for name in FIELDS if vars(record).get(name) is not None}
        if record.exc_info or record.exc_text:
            said["exception"] = record.exc_text or self.formatException(record.exc_info or (None, None, None))
        return json.dumps(said, ensure_ascii=False, default=str)


def fields(**facts: str | int | None) -> dict[str, str | int]:
    """Facts as a record's `extra`; what is None is left out. Raises ValueError for a name `FIELDS` does not have."""
    if strange := facts.keys() - FIELDS.keys():
        raise ValueError(f"no such log field: {', '.join(sorted(strange))}")
    return {name: value for name, value in facts.items() if value is not None}


def remember(secrets: Iterable[str]) -> None:
    """Tell the redaction which values must never be printed."""
    _secrets.update(form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _forms(secret))


def redact(text: str) -> str:
    """The text with every known secret cut, longest first so that no tail of one stays."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, CUT)
    return text


def install(level: int = logging.INFO) -> None:
    """Set the level of our loggers, quiet the chatty ones and put the redaction on every root handler."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("chapterwatch", "connectors", "checks", "reports"):
        logging.getLogger(name).setLevel(level)
    for handler in logging.getLogger().handlers:
        if not any(isinstance(item, Redaction) for item in handler.filters):
            handler.addFilter(Redaction())


def _redacted(value: Any) -> Any:
    """A field's value with secrets cut, however deep; what is no plain data stays the very object it was."""
    if isinstance(value, str):
        return redact(value)
    if type(value) in {list, tuple, set}:
        return type(value)(_redacted(item) for item in value)
    if type(value) is dict:
        return {_redacted(name): _redacted(item) for name, item in value.items()}
    return value


def _forms(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode()
    return {secret, quote(secret, safe=""), quote_plus(secret), encoded, encoded.rstrip("=")}
