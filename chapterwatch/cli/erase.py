"""Forgetting one post on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chapterwatch.cli.archive import archive_
from chapterwatch.cli.terminal import counted, open_workplace, out

if TYPE_CHECKING:
    from chapterwatch.archive import Receipt, ReportRow


@archive_.command("erase")
@click.argument("account")
@click.argument("post")
@click.option("--by", required=True, help="Who decides it.")
@click.option("--why", required=True, help="Why, without naming anybody: it stays in the archive.")
@click.option("--reports", is_flag=True, help="Also delete the files of issued reports that cite the post.")
def archive_erase(account: str, post: str, by: str, why: str, *, reports: bool) -> None:
    """Erase for good what is kept of a post.

    ACCOUNT is platform:native_id; what goes is the body of its POST and its pictures.

    A tombstone stays in the chain, and so does what was concluded, without its quotation. Reports that cite the post
    are named; with --reports their files are deleted, and publishing the month draws the last one anew without the
    quotation. Mails and backups are out of reach. Have the post deleted on its platform first: what still stands
    there is read again.
    """
    from chapterwatch import pipeline

    workplace = open_workplace()
    _print_receipt(f"{account} {post}", pipeline.erase_post(workplace, account, post, by=by, why=why))
    if reports:
        for row in pipeline.withdraw_reports(workplace, account, post, by=by, why=why):
            out.print(f"deleted the files of {_named(row)}")
        return
    cited = pipeline.quoting_reports(workplace, account, post)
    for row in cited:
        out.print(f"cited in {_named(row)}")
    if cited:
        out.print(
            "with --reports these files are deleted too; publish the month to have them drawn without the quotation"
        )


def _named(row: ReportRow) -> str:
    return f"the report {row.chapter} {row.period} revision {row.revision}"


def _print_receipt(what: str, receipt: Receipt) -> None:
    if receipt.tombstone is not None:
        erased = f"{counted(receipt.revisions, 'reading')}, {counted(receipt.pictures, 'picture')}"
        quoted = f"{counted(receipt.findings, 'finding')}, {receipt.replies} replies"
        quoted += f" and {counted(receipt.letters, 'mail')}"
        out.print(f"{what}: erased {erased}, and what was quoted in {quoted}")
        out.print(f"tombstone: entry {receipt.tombstone.count} of the account's chain, {receipt.tombstone.hash[:16]}")
    elif not receipt.quarantined:
        out.print(f"{what}: nothing was left to erase")
    if receipt.quarantined:
        out.print(f"{what}: emptied {counted(receipt.quarantined, 'unreadable record')} with its id in")
