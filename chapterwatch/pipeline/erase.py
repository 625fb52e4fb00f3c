"""erase_post(): somebody's right to have a post forgotten, and what such a request cannot reach."""

from __future__ import annotations

import logging

from chapterwatch.archive import Receipt
from chapterwatch.archive.acts import Act
from chapterwatch.errors import ArchiveError, UserError
from chapterwatch.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def erase_post(workplace: Workplace, account_key: str, native_id: str, *, by: str, why: str) -> Receipt:
    """Remove everything kept of one post's body for good, leave a tombstone in its chain, and log who asked for it.

    Mailed reports and backups are out of reach. A post that still stands on its platform is read again the next night.

    Raises:
        UserError: an unknown account, or nobody says who decides and why.
        ArchiveError: the archive knows no such post.
    """
    if not by.strip() or not why.strip():
        raise UserError("erasing is a person's decision; say who decides (--by) and why (--why)")
    account = workplace.registry.account(account_key)
    receipt = workplace.archive.erase_body(
        account_key, native_id, reason=why.strip(), author=by.strip(), at=workplace.now
    )
    workplace.archive.acts.note(
        Act(
            author=by.strip(),
            role=workplace.registry.role_of(by.strip()),
            kind="erase",
            subject=f"{account_key}/{native_id}",
            chapter=account.chapter,
            detail="body",
            why=why.strip(),
            at=workplace.now,
        )
    )
    try:
        workplace.archive.vacuum()
    except ArchiveError as busy:
        log.warning("erased bytes stay in the database's free space until the next vacuum: %s", busy)
    return receipt
