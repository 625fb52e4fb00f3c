"""What the Data API's errors mean, by their reason. Source: YouTube Data API, "Errors"; Google's error model."""

from __future__ import annotations

from typing import Any

from chapterwatch.errors import (
    AccountGone,
    ConnectorError,
    CredentialsRejected,
    QuotaSpent,
    UnexpectedShape,
    Unreachable,
)
from connectors.http import Answer, rate_limited, refuse_redirect
from connectors.records import mapping, mappings

SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg", "variableTermLimitExceeded"})
THROTTLED = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded"})
GONE = frozenset({"channelNotFound", "channelClosed", "channelSuspended", "videoNotFound"})
REJECTED = frozenset(
    {
        "accessNotConfigured",
        "API_KEY_INVALID",
        "authError",
        "forbidden",
        "insufficientPermissions",
        "ipRefererBlocked",
        "keyExpired",
        "keyInvalid",
        "playlistItemsNotAccessible",
        "required",
        "unauthorized",
    }
)


NO_LIST = "playlistNotFound"


class NoList(UnexpectedShape):
    """There is no such playlist: what YouTube says of the uploads of a channel that has none."""


def check(answer: Answer) -> None:
    """Raise the typed error of an answer; of a good one, that it is a JSON object."""
    refuse_redirect(answer)
    error = answer.problem.get("error")
    if error is not None or answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _fault_of(mapping(error), answer)
    if not isinstance(answer.value, dict):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object")


def _fault_of(error: Any, answer: Answer) -> ConnectorError:  # noqa: PLR0911 - a table, one line each
    said = mappings(error.get("errors")) + mappings(error.get("details"))
    reasons = {str(one["reason"]) for one in said if isinstance(one.get("reason"), str)}
    named = f" ({min(reasons)[:40]})" if reasons else ""
    what = f"{answer.subject}: YouTube answered {answer.status}{named}"
    if reasons & SPENT:
        return QuotaSpent(f"{what}: the day's quota is used up; it comes back at midnight Pacific time")
    if reasons & THROTTLED or answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, answer.resets_at(None))
    if NO_LIST in reasons:
        return NoList(f"{what}: no such playlist")
    if reasons & GONE:
        return AccountGone(f"{what}: no such channel, or it was closed")
    if reasons & REJECTED or answer.status in {401, 403}:
        return CredentialsRejected(f"{what}: the API key is invalid or not allowed this")
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")
