"""Suppressions: findings of a rule that headquarters holds back for a time, with a reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from chapterwatch.cli.root import CHAPTERS, Day, chapterwatch
from chapterwatch.cli.terminal import counted, open_workplace, out, print_table, shortened

if TYPE_CHECKING:
    from chapterwatch.pipeline.suppressions import Listed


@chapterwatch.group()
def suppress() -> None:
    """Findings held back for a time, where a rule is wrong."""


@suppress.command("add")
@click.argument("rule")
@click.option("--association", help="All chapters of this association.")
@click.option("--chapter", help="This chapter.")
@click.option("--account", help="This account (platform:native_id); with --post, whose post it is.")
@click.option("--post", help="This post as it reads now: its id or its address.")
@click.option("--phrase", help="Only where the words a finding rests on are just these.")
@click.option("--until", type=Day(), required=True, help="Its last day, at most a year away.")
@click.option("--reason", required=True, help="Why, as headquarters' roll-up prints it. Name nobody.")
@click.option("--by", required=True, help="Who decides it, as the roll-up prints it: a name or an office.")
def suppress_add(rule: str, until: Any, **given: str) -> None:
    """Hold back what RULE finds, from now on, in one place.

    It is still judged and kept, and stands in no report as a finding. Issued reports stay as they are. What a person
    decided about a finding goes before. Rules that alert whoever is on duty take a post or a phrase only.
    """
    from chapterwatch import pipeline

    told = pipeline.add_suppression(open_workplace(), pipeline.Wish(rule=rule, until=until.date(), **given))
    words = f", only “{told.phrase}”" if told.phrase else ""
    out.print(f"{told.item.id}: {told.item.rule_id}, {told.where}{words}, until {told.last_day}")
    out.print(f"holds back {counted(told.holds, 'finding')} now; {_heeded(told)}")


def _heeded(told: Listed) -> str:
    if not told.months:
        return "no report heeds it"
    first, last = told.months
    return f"heeded by the report of {first}" + (f" and those up to {last}" if last != first else "")


@suppress.command("list")
@CHAPTERS
@click.option("--all", "over", is_flag=True, help="Also those that have expired or were ended.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def suppress_list(chapters: tuple[str, ...], *, over: bool, as_json: bool) -> None:
    """List suppressions and how many findings each holds back now."""
    from chapterwatch import pipeline

    listed = list(pipeline.listed_suppressions(open_workplace(makes_archive=False), chapters, over=over))
    if as_json:
        click.echo(json.dumps([told.as_record() for told in listed], indent=2, ensure_ascii=False))
        return
    _print(listed)


def _print(listed: Sequence[Listed]) -> None:
    rows = [
        (
            str(told.item.id),
            told.item.rule_id,
            told.where,
            shortened(told.phrase or "", 40),
            str(told.last_day),
            _state(told),
            str(told.holds),
            told.item.author,
            told.item.reason,
        )
        for told in listed
    ]
    print_table(("no.", "rule", "where", "only the words", "until", "state", "holds back", "by", "reason"), rows)
    out.print(f"\n{counted(len(listed), 'suppression')}")


def _state(told: Listed) -> str:
    ended = told.item.ended_at
    return f"ended {ended:%Y-%m-%d} by {told.item.ended_by}" if ended else told.state


@suppress.command("end")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who decides it.")
def suppress_end(number: int, by: str) -> None:
    """End suppression NUMBER before its expiry.

    Its row is kept. What it held back and still stands is told again, by alerts at once.
    """
    from chapterwatch import pipeline

    first = pipeline.end_suppression(open_workplace(), number, by)
    out.print(f"{number}: ended; no report heeds it from that of {first} on")
