"""What the errors of a repository's server mean, as one table of ours.

Sources: AT Protocol "HTTP API (XRPC)" and the error names in the lexicons com.atproto.repo.* and com.atproto.sync.*.
A missing record and a missing account are both status 400; the error's name, in older servers its message, decides.
"""

from __future__ import annotations

import re

from chapterwatch.errors import AccountGone, ConnectorError, CredentialsRejected, UnexpectedShape, Unreachable
from connectors.http import Answer, rate_limited, refuse_redirect

_NO_ACCOUNT = re.compile(
    r"(Repo|Account|Actor|Did)(NotFound|Takendown|Takedown|TakenDown|Suspended|Deactivated|Deleted)|HandleNotFound"
)
_NO_ACCOUNT_TEXT = re.compile(
    r"could not find (repo|user|account|root)|unable to resolve handle|did not (registered|available)|"
    r"(repo|account) (has been|is) (taken ?down|deactivated|suspended)",
    re.IGNORECASE,
)
_NO_RECORD_TEXT = re.compile(r"could not (locate|find) record|record not found", re.IGNORECASE)


class NoSuchRecord(UnexpectedShape):
    """The account is there, the record asked for is not."""


def check(answer: Answer) -> None:
    """Raise the typed error of a failed answer; of a 2xx answer, that it is a JSON object."""
    refuse_redirect(answer)
    if answer.status >= 400:  # noqa: PLR2004 - where errors begin
        raise _error_of(answer)
    if not isinstance(answer.value, dict):
        raise UnexpectedShape(f"{answer.subject}: the answer is no JSON object")


def _error_of(answer: Answer) -> ConnectorError:
    problem = answer.problem
    name, text = str(problem.get("error", "")), str(problem.get("message", ""))
    shown = f" ({name})" if re.fullmatch(r"[A-Za-z]{1,60}", name) else ""
    what = f"{answer.subject}: the account's server answered {answer.status}{shown}"
    if answer.status == 429:  # noqa: PLR2004
        return rate_limited(answer, answer.resets_at(answer.headers.get("ratelimit-reset")))
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004
        # 501 is a server that does not know the question: asking again tomorrow is no use.
        return UnexpectedShape(what) if answer.status == 501 else Unreachable(what)  # noqa: PLR2004
    if name == "RecordNotFound" or _NO_RECORD_TEXT.search(text):
        return NoSuchRecord(what)
    if _NO_ACCOUNT.fullmatch(name) or _NO_ACCOUNT_TEXT.search(text):
        return AccountGone(f"{what}: the account is missing, deactivated, taken down or on another server")
    if answer.status in {401, 403}:
        return CredentialsRejected(what)
    return UnexpectedShape(what)
