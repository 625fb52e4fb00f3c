"""What a person decides, from the command line or a form: who and why, and the line in the log of acts."""

from __future__ import annotations

from chapterwatch.archive.acts import Act
from chapterwatch.errors import UserError
from chapterwatch.pipeline.workplace import Workplace


def decided(by: str, why: str, otherwise: str) -> tuple[str, str]:
    """Who decides and why, without blanks around.

    Raises:
        UserError: either is empty; `otherwise` is what it says.
    """
    if not by.strip() or not why.strip():
        raise UserError(otherwise)
    return by.strip(), why.strip()


def act_of(
    workplace: Workplace, kind: str, by: str, *, subject: str = "", chapter: str = "", detail: str = "", why: str = ""
) -> Act:
    """What somebody does now, in the role that the registry gives them, for the log."""
    return Act(
        author=by,
        role=workplace.registry.role_of(by),
        kind=kind,
        subject=subject,
        chapter=chapter,
        detail=detail,
        why=why,
        at=workplace.now,
    )
