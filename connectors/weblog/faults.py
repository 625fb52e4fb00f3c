"""What a weblog's answers mean. There is no API, so the HTTP status is all there is to go by (RFC 9110)."""

from __future__ import annotations

from chapterwatch.errors import ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited

MOVED = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
GONE = frozenset({404, 410})


def check(answer: Answer) -> None:
    """Raise the typed error of an answer. Redirects, "not modified" and "gone" are for the client to judge."""
    usable = 200 <= answer.status < 300 or answer.status == NOT_MODIFIED  # noqa: PLR2004 - the class of successes
    if not usable and answer.status not in MOVED | GONE:
        raise _by_status(answer)


def _by_status(answer: Answer) -> ConnectorError:
    what = f"{answer.subject}: the weblog answered {answer.status}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, answer.resets_at(None))
    if answer.status in {401, 403, 407, 451}:
        return CredentialsRejected(f"{what}: it does not show its feed to us")
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no feed")
