"""The mail ledger: who has which report, what came back, and a person's decision to send again."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, open_workplace, out, print_table, progress
from chapterwatch.model import DeliveryState


@chapterwatch.group()
def delivery() -> None:
    """Mails, and what became of them."""


@delivery.command("list")
@click.argument("month", required=False)
@CHAPTERS
@click.option("--state", "states", type=click.Choice([state.value for state in DeliveryState]), multiple=True)
def delivery_list(month: str | None, chapters: tuple[str, ...], states: tuple[str, ...]) -> None:
    """List the mails of MONTH (YYYY-MM; default: all).

    Mails nobody got, or perhaps nobody, come with the command that sends them again. Exit status 1 where there is one.
    """
    from chapterwatch import pipeline

    listed = list(pipeline.listed_deliveries(open_workplace(makes_archive=False), month, chapters, states))
    stuck = [item for item in listed if item.needs_a_person]
    marked = {number for number, item in enumerate(listed) if item.needs_a_person}
    rows = [
        (
            item.row.chapter,
            item.row.period,
            str(item.row.revision),
            item.row.recipient,
            item.row.state.value,
            item.row.detail,
        )
        for item in listed
    ]
    print_table(("report", "month", "revision", "recipient", "state", "detail"), rows, marked=marked)
    out.print(f"\n{counted(len(listed), 'mail')}, {len(stuck)} to look after")
    for item in stuck:
        if item.can_be_sent_again:
            out.print(f"  chapterwatch delivery resend {shlex.quote(item.key)} --by <you> --note <why>")
    if stuck:
        sys.exit(FOUND)


@delivery.command("resend")
@click.argument("key")
@click.option("--by", required=True, help="Who decides it.")
@click.option("--note", required=True, help="Why: what the recipient said, what was mended.")
def delivery_resend(key: str, by: str, note: str) -> None:
    """Let one mail be sent again: an unknown, refused or bounced one.

    KEY is report/month/revision/recipient, as `delivery list` prints it. The next `deliver` sends it; what sends a mail
    without a report is said.
    """
    from chapterwatch import pipeline

    row = pipeline.resend_delivery(open_workplace(), key, by, note)
    out.print(f"{key}: {pipeline.how_it_goes_out(row)}")


@delivery.command("settle")
@click.argument("key")
@click.option("--by", required=True, help="Who asked the recipient.")
@click.option("--note", required=True, help="What the recipient said.")
def delivery_settle(key: str, by: str, note: str) -> None:
    """Note that one unknown mail has arrived, as its recipient says.

    KEY is report/month/revision/recipient, as `delivery list` prints it. Nothing is sent.
    """
    from chapterwatch import pipeline

    pipeline.settle_delivery(open_workplace(), key, by, note)
    out.print(f"{key}: arrived")


@delivery.command("bounce")
@click.argument("path", type=click.Path(path_type=Path))
def delivery_bounce(path: Path) -> None:
    """Read notices of mail servers and note which mails came back.

    PATH is a message, a maildir or a folder of .eml files; it is left as it is. Nothing is sent again by itself. Exit
    status 1 where a mail came back.
    """
    from chapterwatch import pipeline

    workplace = open_workplace()
    with progress("reading notices", None) as step:
        counts = pipeline.read_bounces(workplace, path, on_message=step)
    out.print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    if counts["bounced"]:
        sys.exit(FOUND)
