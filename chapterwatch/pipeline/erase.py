"""erase_post(): somebody's right to have a post forgotten, the reports that quote it, and what is out of reach."""

from __future__ import annotations

import html
import logging
from collections.abc import Collection

from chapterwatch.archive import Receipt, ReportRow
from chapterwatch.errors import ArchiveError, UserError
from chapterwatch.pipeline import filed
from chapterwatch.pipeline.marks import marked_edits
from chapterwatch.pipeline.persons import act_of, decided
from chapterwatch.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

_WHO = "erasing is a person's decision; say who decides (--by) and why (--why)"
#: Digits of a capture's hash that a report prints.
_PRINTED = 16


def erase_post(workplace: Workplace, account_key: str, native_id: str, *, by: str, why: str) -> Receipt:
    """Remove everything kept of one post's body for good, leave a tombstone in its chain, and log who asked for it.

    Here and below a post may be named by any id it has had: an edit on X gives it a new one, which ends its address.
    Mailed reports and backups are out of reach. A post that still stands on its platform is read again the next night.

    Raises:
        UserError: an unknown account, nobody says who decides and why, or somebody put the post on hold.
        ArchiveError: the archive knows no such post.
    """
    by, why = decided(by, why, _WHO)
    _chapter_of(workplace, account_key)
    native_id = workplace.archive.post_of(account_key, native_id)
    _refuse_held(workplace, account_key, native_id)
    marked = marked_edits(workplace.archive, account_key).get(native_id, ())
    receipt = workplace.archive.erase_body(
        account_key, native_id, reason=why, author=by, at=workplace.now, marked=marked
    )
    _note(workplace, account_key, native_id, "body", by=by, why=why)
    try:
        workplace.archive.vacuum()
    except ArchiveError as busy:
        log.warning("erased bytes stay in the database's free space until the next vacuum: %s", busy)
    return receipt


def quoting_reports(workplace: Workplace, account_key: str, native_id: str) -> list[ReportRow]:
    """The issued reports, those of ad-hoc audits among them, whose files cite a post, by month; erased or not.

    A report cites a post by its finding's key, its link or its capture's hash. One whose page is gone cannot be looked
    through and counts as one that cites it.
    """
    chapter = _chapter_of(workplace, account_key)
    native_id = workplace.archive.post_of(account_key, native_id)
    marks, files = _marks(workplace, account_key, native_id), workplace.settings.files
    issued = [row for row in workplace.archive.reports() if row.chapter == chapter or filed.is_on_request(row, chapter)]
    return [row for row in issued if filed.is_there(files, row) and _cites(filed.page_of(files, row), marks)]


def withdraw_reports(workplace: Workplace, account_key: str, native_id: str, *, by: str, why: str) -> list[ReportRow]:
    """Delete the files of every issued report that cites a post, and log who asked for it; the reports concerned.

    What was issued stays in the archive: publishing the month again draws its last revision anew, from what is left.

    Raises:
        UserError: an unknown account, or nobody says who decides and why.
        FilesError: the store of files cannot be used.
    """
    by, why = decided(by, why, _WHO)
    rows = quoting_reports(workplace, account_key, native_id)
    for row in rows:
        filed.discard(workplace.settings.files, row)
    if rows:
        native_id = workplace.archive.post_of(account_key, native_id)
        _note(workplace, account_key, native_id, f"{len(rows)} reports", by=by, why=why)
    return rows


def _refuse_held(workplace: Workplace, account_key: str, native_id: str) -> None:
    """Whoever asked for the hold has to hear of it first."""
    for hold in workplace.archive.holds(workplace.now):
        if hold.covers(account_key, native_id):
            raise UserError(
                f"{account_key} {native_id} is on hold by {hold.author} ({hold.reason}); end that first: "
                f"chapterwatch archive hold end {hold.id}"
            )


def _chapter_of(workplace: Workplace, account_key: str) -> str:
    """The chapter of an account; the last one of an account that left the registry, whose posts are still kept."""
    present = {account.key: account.chapter for account in workplace.registry.accounts}
    chapter = present.get(account_key) or workplace.archive.chapter_of(account_key)
    return chapter or workplace.registry.account(account_key).chapter


def _note(workplace: Workplace, account_key: str, native_id: str, what: str, *, by: str, why: str) -> None:
    subject, chapter = f"{account_key}/{native_id}", _chapter_of(workplace, account_key)
    act = act_of(workplace, "erase", by, subject=subject, chapter=chapter, detail=what, why=why)
    workplace.archive.acts.note(act)


def _marks(workplace: Workplace, account_key: str, native_id: str) -> set[str]:
    found = workplace.archive.findings(account_key=account_key, retired=True)
    keys = {item.key for item in found if (item.subject_kind, item.subject_id) == ("post", native_id)}
    posts = workplace.archive.posts_frame([account_key], erased=True)
    own = posts[posts["subject_id"] == native_id]
    hashes = {captured[:_PRINTED] for captured in own["capture_hash"]}
    return keys | hashes | {html.escape(link) for link in own["permalink"].dropna()}


def _cites(page: str | None, marks: Collection[str]) -> bool:
    return page is None or any(mark in page for mark in marks)
