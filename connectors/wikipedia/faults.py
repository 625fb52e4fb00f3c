"""What the MediaWiki API's errors mean (API:Errors_and_warnings). Most come with status 200 and a code of their own."""

from __future__ import annotations

from typing import Any

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited, refuse_redirect

THROTTLED = frozenset({"ratelimited", "maxlag", "actionthrottledtext"})
NOT_ALLOWED = frozenset({"readapidenied", "permissiondenied", "blocked", "badaccess-groups", "assertuserfailed"})
NO_USER = frozenset({"nosuchuser", "baduser", "baduser_ucuser", "invaliduser", "nosuchuserid"})
#: What is asked of one revision cannot be had: it or its text is gone.
NO_REVISION = frozenset({"nosuchrevid", "missingcontent", "missingcontent-fromrev", "missingcontent-torev", "nodiff"})


class NoRevision(UnexpectedShape):
    """A revision, or the one before it, is not there, or its text is hidden."""


def check(answer: Answer) -> None:
    """Raise the typed error of an answer, whatever its status; of a good one, that it is a JSON object."""
    refuse_redirect(answer)
    error = answer.problem.get("error")
    if isinstance(error, dict):
        raise _fault_of(error, answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _by_status(answer)
    if not isinstance(answer.value, dict) or not answer.value:
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object with anything in it")


def _fault_of(error: dict[str, Any], answer: Answer) -> ConnectorError:
    code = str(error.get("code", ""))[:60]
    what = f"{answer.subject}: the wiki answered with error {code}"
    if code in THROTTLED:
        return rate_limited(answer, answer.resets_at(None))
    if code in NO_USER:
        return AccountGone(f"{what}: there is no such account")
    if code in NO_REVISION:
        return NoRevision(what)
    if code in NOT_ALLOWED or code.startswith("mwoauth"):
        return CredentialsRejected(what)
    if code.startswith("internal_api_error") or code == "readonly":
        return Unreachable(what)
    return UnexpectedShape(what)


def _by_status(answer: Answer) -> ConnectorError:
    what = f"{answer.subject}: the wiki answered {answer.status}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, answer.resets_at(None))
    if answer.status in {401, 403}:
        return CredentialsRejected(what)
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        return Unreachable(what)
    return UnexpectedShape(f"{what}, which is no answer it documents")
