"""What LinkedIn's errors mean, as one table of ours.

Sources: LinkedIn API documentation, "Error Handling", "Rate Limiting" and "Versioning".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited, refuse_redirect

_WHY_DEAD = {
    "EXPIRED_ACCESS_TOKEN": "it has expired",
    "REVOKED_ACCESS_TOKEN": "it was revoked",
    "INVALID_ACCESS_TOKEN": "it is invalid",
    "65600": "it is invalid",
    "65601": "it was revoked",
    "65602": "it has expired",
}
_VERSION_CODES = {"NONEXISTENT_VERSION", "VERSION_MISSING", "INVALID_VERSION"}
_VERSION_WORDS = re.compile(r"requested version \S+ is not active|version must be present", re.IGNORECASE)
#: LinkedIn says so of an address its API does not have, not of an object that is gone.
_NO_SUCH_ADDRESS = re.compile(r"no virtual resource", re.IGNORECASE)
_DAY_LIMIT = re.compile(r"\bday\b", re.IGNORECASE)


class NotAllowed(CredentialsRejected):
    """403: the token lives, but lacks the scope or its member the role on this Page."""


class VersionEnded(UnexpectedShape):
    """LinkedIn no longer serves the version asked for: an option has to be changed, no token and no account."""


def promised_until(version: str) -> date:
    """The first day a version (YYYYMM) may be refused: versions are served for at least twelve months."""
    return date(int(version[:4]) + 1, int(version[4:]), 1)


def check(answer: Answer) -> None:
    """Raise the typed error of an answer; of a good one, that it is a JSON object."""
    refuse_redirect(answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise fault_of(answer)
    if not isinstance(answer.value, dict):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object")


def fault_of(answer: Answer) -> ConnectorError:  # noqa: PLR0911 - a table, one line each
    """The typed error of an answer whose status is 400 or more."""
    problem = answer.problem
    code, text = str(problem.get("code", "")), str(problem.get("message", ""))
    what = f"{answer.subject}: LinkedIn answered {answer.status}"
    if answer.status == 426 or code in _VERSION_CODES or (answer.status == 400 and _VERSION_WORDS.search(text)):  # noqa: PLR2004
        return VersionEnded(f"{what}: this version of its API has ended; set linkedin_version to a newer month")
    if answer.status == 401:  # noqa: PLR2004
        why = _WHY_DEAD.get(code) or _WHY_DEAD.get(str(problem.get("serviceErrorCode")), "it is expired or revoked")
        return CredentialsRejected(f"{what}: the token is refused, {why}")
    if answer.status == 403:  # noqa: PLR2004
        return NotAllowed(f"{what}: the token lacks a scope, or its member a role on this Page")
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, _resets_at(answer, text))
    if answer.status in {404, 410} and not _NO_SUCH_ADDRESS.search(text):
        return AccountGone(f"{what}: there is no such object")
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")


def _resets_at(answer: Answer, text: str) -> datetime | None:
    """When a limit ends: daily ones at midnight UTC by the server's own clock."""
    if not _DAY_LIMIT.search(text) or answer.date is None:
        return answer.resets_at(None)
    return answer.date.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
