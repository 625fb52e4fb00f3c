"""What the Graph API's errors mean, as one table of ours.

Sources: Graph API "Handling errors" and "Rate limits". The HTTP status says little: an expired token comes with 400 or
even 200, so the error's own code decides wherever there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors import rawjson
from connectors.http import Answer, rate_limited, refuse_redirect

THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
PASSING = frozenset({1, 2})
TOKEN_DEAD = frozenset({102, 190})
NOT_ALLOWED = frozenset({3, 10, 368, *range(200, 300)})
PARAMETER = 100
#: With code 100: the object does not exist or the token may not see it. 803: an id that never was one.
NO_SUCH_OBJECT = 33
UNKNOWN_ALIAS = 803
#: Threads says so of a post that is not there: "Media Not Found".
NO_SUCH_THREAD = (24, 4279009)
#: Why a token is dead, by the error's subcode.
_WHY_DEAD = {
    458: "its owner removed the app",
    459: "its owner must log in and answer a security check",
    460: "its owner changed the password",
    463: "it has expired",
    464: "its owner's login is unconfirmed",
    467: "it was revoked or is invalid",
}

_PERMISSION = re.compile(r"permission|reviewable feature|app ?secret[_ ]?proof|app token", re.IGNORECASE)


class Passing(Unreachable):
    """The platform calls the fault temporary: worth a few more attempts before giving up."""


class FieldsRefused(UnexpectedShape):
    """(#100): a field or parameter this Graph version does not know. `text` is the complaint, never for a log."""

    def __init__(self, message: str, *, text: str) -> None:
        super().__init__(message)
        self.text = text


def check(answer: Answer) -> None:
    """Raise the typed error of an answer, whatever its status; of a good one, that it is JSON with something in it."""
    refuse_redirect(answer)
    error = answer.problem.get("error")
    if isinstance(error, dict):
        raise fault_of(error, answer)
    if error is not None or answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _by_status(answer)
    if not isinstance(answer.value, (dict, list)):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object")


def fault_of(error: Mapping[str, Any], answer: Answer) -> ConnectorError:  # noqa: PLR0911 - a table, one line each
    """The typed error of a Graph error object, that of an item in a batch included."""
    code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    text = str(error.get("message", ""))
    what = f"{answer.subject}: Graph answered {answer.status} with error {code}" + (f"/{subcode}" if subcode else "")
    if code in THROTTLED:
        return rate_limited(answer, _access_returns(answer))
    if error.get("is_transient") is True or code in PASSING:
        # After a 5xx the session has made its attempts already.
        kind = Passing if answer.status < 500 else Unreachable  # noqa: PLR2004
        return kind(f"{what}, which it calls temporary")
    if code in TOKEN_DEAD:
        return CredentialsRejected(f"{what}: the token is dead, {_WHY_DEAD.get(subcode or 0, 'expired or revoked')}")
    if code in NOT_ALLOWED:
        return CredentialsRejected(f"{what}: the token lacks a permission or is blocked")
    if code == UNKNOWN_ALIAS or (code, subcode) in {(PARAMETER, NO_SUCH_OBJECT), NO_SUCH_THREAD}:
        return AccountGone(f"{what}: no such object, or none this token may see")
    if code == PARAMETER and _PERMISSION.search(text):
        return CredentialsRejected(f"{what}: the app or token lacks a permission or feature")
    if code == PARAMETER:
        return FieldsRefused(f"{what}: a field or parameter was refused", text=text)
    return _by_status(answer)


def _by_status(answer: Answer) -> ConnectorError:
    what = f"{answer.subject}: Graph answered {answer.status}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, _access_returns(answer))
    if answer.status in {401, 403}:
        return CredentialsRejected(what)
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")


def _access_returns(answer: Answer) -> datetime | None:
    """When the longest of the named waits is over. Graph gives minutes, from the time of the answer."""
    try:
        usage = rawjson.loads(answer.headers.get("x-business-use-case-usage", "{}").encode())
    except rawjson.BrokenJson:
        usage = {}
    rows = [row for rows in usage.values() if isinstance(rows, list) for row in rows] if isinstance(usage, dict) else []
    minutes = [_whole(row.get("estimated_time_to_regain_access")) or 0 for row in rows if isinstance(row, dict)]
    return answer.after(60 * max(minutes, default=0)) or answer.resets_at(None)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
