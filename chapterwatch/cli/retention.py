"""How long texts are kept: what the rule would erase today, and what people keep from being erased."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from chapterwatch.cli.archive import archive_
from chapterwatch.cli.root import CHAPTERS, Day
from chapterwatch.cli.terminal import counted, open_workplace, out, print_table

if TYPE_CHECKING:
    from chapterwatch.archive import Hold


@archive_.command("retention")
@CHAPTERS
def archive_retention(chapters: tuple[str, ...]) -> None:
    """Count what the retention rule would erase today.

    Changes nothing; the next audit erases it. A post whose time is over stays while it is on hold, while a finding
    about it is not settled or an appeal not decided, and until its month is reported.
    """
    from chapterwatch import pipeline

    found = pipeline.ageing(open_workplace(makes_archive=False), chapters)
    headings = ("account", "months", "texts", "to erase", "on hold", "open", "unreported", "chapter")
    print_table(
        headings,
        [
            (
                item.account.key,
                "all kept" if item.months is None else str(item.months),
                str(item.texts),
                str(len(item.due)),
                *(str(item.kept.get(why, 0)) for why in ("hold", "open", "unreported")),
                item.account.chapter,
            )
            for item in found
        ],
    )
    due = sum(len(item.due) for item in found)
    out.print(f"\n{counted(due, 'post')} to erase, {pipeline.retention.NIGHTLY:,} with one audit at most")


@archive_.group("hold")
def hold() -> None:
    """Keep posts from being erased by themselves."""


@hold.command("add")
@click.argument("account")
@click.argument("post", required=False)
@click.option("--until", required=True, type=Day(), help="The last day it holds (UTC).")
@click.option("--by", required=True, help="Who decides it.")
@click.option("--why", required=True, help="Why, without naming anybody: it stays in the archive.")
def hold_add(account: str, post: str | None, until: Any, by: str, why: str) -> None:
    """Put an account, or one POST of it, on hold.

    ACCOUNT is platform:native_id. Neither its age nor its deletion on the platform erases what is on hold, and
    `archive erase` refuses it. Terms of platforms may ask otherwise: whoever sets it answers for that.
    """
    from chapterwatch import pipeline

    workplace = open_workplace(makes_archive=False)
    made = pipeline.add_hold(workplace, account, post, by=by, why=why, until=until.date())
    out.print(f"hold {made.id}: {_what(made)} until {_last_day(made)}")


@hold.command("list")
def hold_list() -> None:
    """List the holds that stand."""
    workplace = open_workplace(makes_archive=False)
    found = workplace.archive.holds(workplace.now)
    rows = [
        (str(item.id), item.account_key, item.native_id or "all", f"{item.at:%Y-%m-%d}", _last_day(item), item.author,
         item.reason)
        for item in found
    ]  # fmt: skip
    print_table(("hold", "account", "post", "since", "until", "by", "why"), rows)
    out.print(f"\n{counted(len(found), 'hold')}")


@hold.command("end")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who decides it.")
@click.option("--why", required=True, help="Why, without naming anybody: it stays in the archive.")
def hold_end(number: int, by: str, why: str) -> None:
    """End the hold of that NUMBER before its day.

    What is old enough, or deleted on its platform, goes with the next audit.
    """
    from chapterwatch import pipeline

    ended = pipeline.end_hold(open_workplace(makes_archive=False), number, by=by, why=why)
    out.print(f"hold {ended.id}: {_what(ended)} is ended")


def _what(item: Hold) -> str:
    return f"{item.account_key} {item.native_id}" if item.native_id else f"{item.account_key}, every post"


def _last_day(item: Hold) -> str:
    return f"{item.expires_at - timedelta(days=1):%Y-%m-%d}"
