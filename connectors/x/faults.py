"""What X's error answers mean, as one table of ours.

Sources: X API v2 "Response codes and errors" and the Problem schemas of its OpenAPI specification. A suspended or
missing account is HTTP 200 with `errors` and no `data`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chapterwatch.errors import (
    AccountGone,
    ClockAhead,
    ConnectorError,
    CredentialsRejected,
    QuotaSpent,
    RateLimited,
    UnexpectedShape,
    Unreachable,
)
from connectors.http import Answer, rate_limited, refuse_redirect

_GONE = re.compile(r"suspended|could not find|no longer (exists|available)|deactivated", re.IGNORECASE)
_PROTECTED = re.compile(r"protected|not authorized to (see|view)|not-authorized-for-resource", re.IGNORECASE)
_USAGE = re.compile(r"usage[- ]?cap|UsageCapExceeded|monthly|credits|\bspend\b", re.IGNORECASE)
_NOT_FOUND = re.compile(r"resource-not-found|could not find|Not Found Error", re.IGNORECASE)
_USER = re.compile(r"\buser\b", re.IGNORECASE)


class QuestionRefused(UnexpectedShape):
    """X did not accept a parameter (400, 422). `text` is its complaint, for choosing other words, never for a log."""

    def __init__(self, message: str, *, text: str) -> None:
        super().__init__(message)
        self.text = text


def check(answer: Answer) -> None:
    """Raise the typed error of a failed answer; of a 2xx answer, that it is a JSON object."""
    refuse_redirect(answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _error_of(answer)
    if not isinstance(answer.value, dict):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object")


def account_fault(answer: Answer) -> ConnectorError:
    """The error of a 2xx answer without the data asked for: the account is gone, or nobody can say."""
    found = list(problems(answer.value))
    if any(says_gone(problem) for problem in found):
        return gone(answer.subject)
    return UnexpectedShape(f"{answer.subject}: the answer holds no data ({len(found)} errors)")


def gone(subject: str) -> AccountGone:
    """The error of an account X says it does not show."""
    return AccountGone(f"{subject}: X says the account is missing, suspended or protected")


def says_gone(problem: Mapping[str, Any]) -> bool:
    """Whether an entry of `errors` says that an account is missing, suspended or protected."""
    text = _text_of(problem)
    return any(pattern.search(text) for pattern in (_GONE, _PROTECTED, _NOT_FOUND))


def about(problem: Mapping[str, Any]) -> str:
    """The id an entry of `errors` is about; "" where it names none."""
    return str(problem.get("resource_id") or problem.get("value") or "")


def of_another(
    error: ClockAhead | RateLimited | QuotaSpent, subject: str, other: str
) -> ClockAhead | RateLimited | QuotaSpent:
    """The same refusal for another account of the same question: in its own words, with the same reset."""
    said = other + str(error).removeprefix(subject)
    return RateLimited(said, resets_at=error.resets_at) if isinstance(error, RateLimited) else type(error)(said)


def missing_certainty(problem: Mapping[str, Any]) -> str:
    """`gone` where X says the post does not exist, else `cannot_tell` (protected author, withheld, unknown)."""
    return (
        "gone" if _NOT_FOUND.search(_text_of(problem)) and not _PROTECTED.search(_text_of(problem)) else "cannot_tell"
    )


def problems(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries of `errors` that are objects."""
    errors = value.get("errors")
    if isinstance(errors, list):
        yield from (problem for problem in errors if isinstance(problem, dict))


def _error_of(answer: Answer) -> ConnectorError:  # noqa: PLR0911 - a table of statuses, one line each
    text = _complaint(answer)
    what = f"{answer.subject}: X answered {answer.status}{_title(answer)}"
    if answer.status == 402 or (answer.status in {403, 429} and _USAGE.search(text)):  # noqa: PLR2004
        return QuotaSpent(what)
    if answer.status == 429:  # noqa: PLR2004
        return _limit(answer)
    if answer.status == 401:  # noqa: PLR2004
        return CredentialsRejected(what)
    if answer.status == 403:  # noqa: PLR2004
        gone = _USER.search(text) and (_GONE.search(text) or _PROTECTED.search(text))
        return AccountGone(what) if gone else CredentialsRejected(what)
    if answer.status == 404 and _NOT_FOUND.search(text):  # noqa: PLR2004
        return AccountGone(what)
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    if answer.status in {400, 422}:
        return QuestionRefused(what, text=text)
    return UnexpectedShape(what)


def _limit(answer: Answer) -> RateLimited:
    return rate_limited(answer, answer.resets_at(answer.headers.get("x-rate-limit-reset")))


def _complaint(answer: Answer) -> str:
    return answer.body[:20_000].decode("utf-8", "replace")


def _title(answer: Answer) -> str:
    title = answer.problem.get("title")
    return f" ({title[:60]})" if isinstance(title, str) and re.fullmatch(r"[A-Za-z -]+", title) else ""


def _text_of(problem: Mapping[str, Any]) -> str:
    return " ".join(str(problem.get(name, "")) for name in ("title", "type", "detail", "resource_type"))
