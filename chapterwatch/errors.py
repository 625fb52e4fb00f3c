"""Every way Chapterwatch can fail, as types.

Two kinds reach a person. A `UserError` is theirs to mend: one line that says what is wrong, where, and how to put
it right, and exit status 2. Anything else is ours: a traceback.

`ConnectorError` is the small family a platform connector may raise. Nothing in it ever reads as "no posts": the
pipeline turns each into a coverage row, so "could not look" stays a fact of its own.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar

#: How like a name must be to one there is (0..1) to be offered as what was meant.
_ALIKE = 0.75
#: So many names are listed in full; of more only some.
_MOST_LISTED, _SOME_LISTED = 40, 8


class UserError(Exception):
    """A mistake its reader can mend. The message is one line: what, where, how to mend."""


def choices(wanted: str, names: Collection[str], words: str = "use one of") -> str:
    """How to mend a name there is not: the one that was probably meant, if any, and all there are.

    Of more than anybody reads in a line, such as the chapters of a large association, those most like it.
    """
    near = get_close_matches(wanted, names, n=1, cutoff=_ALIKE)
    meant = f"did you mean {near[0]}? If not, " if near else ""
    if len(names) <= _MOST_LISTED:
        return f"{meant}{words}: {', '.join(sorted(names)) or 'none'}"
    likest = sorted(get_close_matches(wanted, names, n=_SOME_LISTED, cutoff=0))
    return f"{meant}{words}: {', '.join(likest)} … ({len(names):,} in all)"


def place_of(error: BaseException) -> str:
    """Where an error came up, as "parse.py:12": for logs, since its own words may quote a post."""
    deepest = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(deepest.filename).name}:{deepest.lineno}"


class InvalidFiles(UserError):
    """A registry or pack with problems; carries every problem found, not only the first.

    Raised by `chapterwatch.registry.load` and `chapterwatch.policy.load_pack`.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Problem:
    """One thing wrong in a file a person wrote: where it stands, what it is, how to mend it."""

    def __init__(self, file: str, line: int, what: str, mend: str) -> None:
        self.file, self.line, self.what, self.mend = file, line, what, mend

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.mend}"

    def __repr__(self) -> str:
        return f"Problem({self})"


class ConnectorError(Exception):
    """Base of what a connector may raise. `reason` is the stable word a coverage row keeps.

    The message is for an officer: it names the account by id, never a token, a name or a post's text.
    """

    reason: ClassVar[str] = "error"
    #: Whether trying the same call again later may help without anyone mending anything.
    passing: ClassVar[bool] = False


class CredentialsMissing(ConnectorError):
    """The account's connection is not configured. Raised before any request is sent."""

    reason = "credentials_missing"

    @classmethod
    def of(cls, connection: str | None) -> CredentialsMissing:
        """For a connection that stands nowhere: which one, and where it is looked for."""
        return cls(
            f"connection {connection} is not configured; add it in Airflow under Admin, Connections, or to the "
            "connections file (config/connections.yml, or what CHAPTERWATCH_CONNECTIONS names)"
        )


class CredentialsRejected(ConnectorError):
    """The platform refused the token: expired, revoked, or without the scope. Retrying cannot help."""

    reason = "credentials_rejected"


class AccountGone(ConnectorError):
    """The platform says the account does not exist, is suspended or is no longer public."""

    reason = "account_gone"


class RateLimited(ConnectorError):
    """A window limit. `resets_at` (UTC) is when the platform promised to answer again, or None if it did not say."""

    reason = "rate_limited"
    passing = True

    def __init__(self, message: str, *, resets_at: datetime | None = None) -> None:
        super().__init__(message)
        self.resets_at = resets_at


class QuotaSpent(ConnectorError):
    """A paid or monthly allowance is used up, the platform's or our own spend cap. Waiting an hour cannot help."""

    reason = "quota_spent"


class UnexpectedShape(ConnectorError):
    """The answer is not what the platform documents: HTML for JSON, truncated JSON, a required field missing."""

    reason = "unexpected_shape"


class Unreachable(ConnectorError):
    """No usable answer: connection refused, timed out, or 5xx after every retry."""

    reason = "unreachable"
    passing = True


class ClockAhead(ConnectorError):
    """The platform's clock is far behind that of this machine: whatever were kept would be dated in the future."""

    reason = "clock_ahead"


class ExportRefused(UserError):
    """An export file that cannot be read at all, or whose dates cannot be told without guessing."""


class ArchiveError(UserError):
    """The archive cannot be opened or migrated as it stands; the message says how to mend it."""


class FilesError(UserError):
    """The store of reports and pictures cannot be used as it stands; the message says how to mend it."""


class FilesUnreachable(FilesError):
    """The store did not answer, or broke off. Nothing was half written; the same call may work later."""


class FilesDenied(FilesError):
    """The store knows no such credentials, or lets them not do this."""


class FileMissing(FilesError):
    """The store holds no file of that key."""


class FileTaken(FilesError):
    """Other bytes lie under the key, and they are not to be replaced."""


class FileAltered(FilesError):
    """The file is not the one whose hash was kept."""


class RenderFailed(Exception):
    """The PDF child process died, ran out of time or of memory even after every excerpt was replaced."""


class DeliveryRefused(Exception):
    """The mail server answered with a permanent refusal (5xx) for one recipient."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class DeliveryUnknown(Exception):
    """The connection broke after the message was handed over: it may or may not have arrived."""


class DeliveryDeferred(Exception):
    """The mail server could not be reached or answered 4xx: nothing was handed over, trying again is safe."""
