"""Forgetting one post on request."""

from __future__ import annotations

import click

from chapterwatch.cli.archive import archive_
from chapterwatch.cli.terminal import counted, open_workplace, out


@archive_.command("erase")
@click.argument("account")
@click.argument("post")
@click.option("--by", required=True, help="Who decides it.")
@click.option("--why", required=True, help="Why, without naming anybody: it stays in the archive.")
def archive_erase(account: str, post: str, by: str, why: str) -> None:
    """Erase for good what is kept of a post.

    ACCOUNT is platform:native_id; what goes is the body of its POST and its pictures.

    A tombstone stays in the chain, and so does what was concluded, without its quotation. Mails and backups are out of
    reach. Have the post deleted on its platform first: what still stands there is read again.
    """
    from chapterwatch import pipeline

    receipt = pipeline.erase_post(open_workplace(), account, post, by=by, why=why)
    if receipt.tombstone is None:
        out.print(f"{account} {post}: nothing was left to erase")
        return
    erased = f"{counted(receipt.revisions, 'reading')}, {counted(receipt.pictures, 'picture')}"
    quoted = f"{counted(receipt.findings, 'finding')} and {receipt.replies} replies"
    out.print(f"{account} {post}: erased {erased}, and what was quoted in {quoted}")
    out.print(f"tombstone: entry {receipt.tombstone.count} of the account's chain, {receipt.tombstone.hash[:16]}")
