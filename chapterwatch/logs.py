"""Logs are public: ids and counts only, and no secret even by accident.

`install()` puts a filter on the root handlers that cuts every secret it was told of, in the plain, URL-encoded and
base64 forms in which an exception text may carry it, and keeps the chatty clients above DEBUG, where they would
print request headers.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

#: These log headers or full URLs, tokens included, at DEBUG.
CHATTY = ("tweepy", "urllib3", "requests", "requests_oauthlib", "oauthlib", "facebook", "weasyprint", "fontTools")

CUT = "[cut]"

#: Anything shorter would cut ordinary words out of the logs.
_SHORTEST_SECRET = 6

_secrets: set[str] = set()


class Redaction(logging.Filter):
    """Cuts known secrets from a record's message, arguments and exception text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always lets it pass."""
        message = record.getMessage()
        cut = redact(message)
        if cut != message:
            record.msg, record.args = cut, ()
        if record.exc_info and record.exc_info[1] is not None and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


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


def _forms(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode()
    return {secret, quote(secret, safe=""), quote_plus(secret), encoded, encoded.rstrip("=")}
