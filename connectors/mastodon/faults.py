"""What an instance's errors mean, as one table of ours.

Sources: Mastodon API documentation, "Error" and "Rate limits". An error is a JSON object with `error`; a 404 without
one comes from something in front of the instance, or from another kind of server, and says nothing about a post.
"""

from __future__ import annotations

from datetime import datetime

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited, refuse_redirect
from connectors.times import UnreadableTime, platform_time


class NotThere(AccountGone):
    """The instance says that what was asked for, an account or a post, does not exist for us."""


def check(answer: Answer) -> None:
    """Raise the typed error of a failed answer; of a 2xx answer, that it is JSON with something in it."""
    refuse_redirect(answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _error_of(answer)
    if not isinstance(answer.value, (dict, list)):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object or list")


def _error_of(answer: Answer) -> ConnectorError:
    what = f"{answer.subject}: the instance answered {answer.status}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, _resets_at(answer))
    if answer.status == 401:  # noqa: PLR2004
        return CredentialsRejected(f"{what}: it asks for an access token, or refuses the one it got")
    if answer.status == 403:  # noqa: PLR2004
        return CredentialsRejected(f"{what}: the token lacks a scope or its account is disabled")
    if answer.status in {404, 410} and isinstance(answer.problem.get("error"), str):
        return NotThere(f"{what}: no such account or post")
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")


def _resets_at(answer: Answer) -> datetime | None:
    """When the limit ends: a timestamp in Mastodon's header, epoch seconds in those of some others."""
    header = answer.headers.get("x-ratelimit-reset")
    try:
        moment = platform_time(header)
    except UnreadableTime:
        return answer.resets_at(header)
    return moment if answer.date is None or moment > answer.date else None
