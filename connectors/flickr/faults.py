"""What Flickr's failures mean: status 200, `stat` fail and a code. Source: "Error Codes" of each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited, refuse_redirect

NOT_FOUND = 1
DELETED = 5
KEY_REFUSED = frozenset({95, 96, 97, 98, 99, 100})
PASSING = frozenset({0, 105, 106})
THROTTLED = frozenset({429})


class NotShown(UnexpectedShape):
    """A photograph is there, but not for everybody (code 2: permission denied)."""


def check(answer: Answer) -> None:
    """Raise the typed error of an answer; of a good one, that it is a JSON object that says ok."""
    refuse_redirect(answer)
    problem = answer.problem
    if problem.get("stat") == "fail":
        raise _fault_of(problem, answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _by_status(answer)
    if not isinstance(answer.value, dict) or answer.value.get("stat") != "ok":
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object that says ok")


def _fault_of(problem: Mapping[str, Any], answer: Answer) -> ConnectorError:
    code = str(problem.get("code"))[:9]
    number = int(code) if code.isascii() and code.isdecimal() else -1
    what = f"{answer.subject}: Flickr answered with code {number}"
    if number in THROTTLED:
        return rate_limited(answer, answer.resets_at(None))
    if number in KEY_REFUSED:
        return CredentialsRejected(f"{what}: the API key is invalid, expired or not enough")
    if number in {NOT_FOUND, DELETED}:
        return AccountGone(f"{what}: no such account or photograph")
    if number == 2:  # noqa: PLR2004 - as documented
        return NotShown(what)
    return Unreachable(f"{what}, which it calls temporary") if number in PASSING else UnexpectedShape(what)


def _by_status(answer: Answer) -> ConnectorError:
    what = f"{answer.subject}: Flickr answered {answer.status}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, answer.resets_at(None))
    if answer.status in {401, 403}:
        return CredentialsRejected(what)
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")
