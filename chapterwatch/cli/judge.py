"""Judging a table of posts, without a registry or an archive."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapterwatch import policy, settings
from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, progress, refuse_output, write_frame
from chapterwatch.errors import UserError, choices
from chapterwatch.model import Lane

if TYPE_CHECKING:
    import pandas as pd


@chapterwatch.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pack", "pack_name", required=True, help="The policy pack, such as ala or lll.")
@click.option("--rules", help="Only these rules (ids or endings such as `threat`), comma-separated.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "wide"]),
    default="csv",
    help="wide: scores as CSV with one row a post and one column a family.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option(
    "--scores", "as_scores", is_flag=True, help="Print a score for every post and family instead of findings."
)
@click.option("--rules-only", is_flag=True, help="Leave out the rules that ask by statistical hints.")
@click.option(
    "--classifier", "classifier_name", help="With --scores: the classifier to use instead of the built-in one."
)
def judge(
    file: Path,
    pack_name: str,
    rules: str | None,
    form: str,
    output: Path | None,
    as_scores: bool,
    rules_only: bool,
    classifier_name: str | None,
) -> None:
    """Judge the posts of a table and print the findings.

    FILE is CSV, JSON, JSONL or Parquet with the columns id and text; platform, lang, created_at, author and kind are
    used where they are there. Findings come in the order of the posts, spans count code points of the text given.
    A table shows words alone: rules of profiles, pictures, edits and the like are not asked, and counted as such.
    Exit status 0: nothing found; 1: findings, or rows kept aside that nobody could judge; 2: a mistake to mend.

    With --scores every post gets one row a family: id, family, score (0 to 1; of trained families 0.5 is as likely as
    not where one post in five is of the family, in three for offensive and hate, in twelve for threat, in twenty for
    disparagement, rumour, confidential, promotion and pii.health), point and spans (start-end;start-end in code
    points). The point is the one of few false alarms that the post passes: violation (about 2 in 1,000 benign posts),
    review (about 20 in 1,000), or none. Families: profanity, offensive, hate, harassment, threat, complaint,
    disparagement, politics, religion, rumour, confidential, promotion, toxic, and pii.phone, pii.email, pii.address,
    pii.card, pii.iban, pii.ssn, pii.id_number, pii.ip, pii.birthdate, pii.health. Scores need no roster, and exit
    status 1 is not used.
    See docs/scores.md.
    """
    from checks.engine import judge_table, shows_in_tables
    from connectors.plain.importer import read_table

    if not as_scores and (form == "wide" or classifier_name):
        raise UserError("--format wide and --classifier go with --scores; add it or leave them out")
    if as_scores and (rules or rules_only):
        raise UserError("--scores uses every rule of the pack; leave --rules and --rules-only out")

    if form == "parquet" and output is None:
        raise UserError("parquet cannot be printed; give --output FILE")
    refuse_output(output, file)
    pack = policy.load_pack(pack_name, settings.from_environment().policies)
    table, aside = read_table(file)
    if aside and table.empty:
        # "Nothing found" would be said of posts nobody could read.
        raise UserError(f"{file}: no row can be read ({aside[0].where}: {aside[0].reason}, for one); mend the rows")
    if as_scores:
        with progress("scoring rows", len(table)) as step:
            scores = _score_in_parts(table, pack, classifier_name, wide=form == "wide", step=step)
        write_frame(scores, "csv" if form == "wide" else form, output)
        _say_kept_aside(aside)
        return
    chosen = _rules_chosen(pack, rules)
    if rules_only:
        chosen = _without_hints(pack, chosen)
    with progress("judging rows", len(table)) as step:
        found, not_judged = _judge_in_parts(judge_table, table, pack, chosen, step)
    found = _in_order_of(table, found)
    write_frame(found, form, output)
    _say_kept_aside(aside)
    for line in _not_judged_in_words(not_judged):
        err.print(line)
    if rules is None and (elsewhere := sum(not shows_in_tables(rule) for rule in _usual(pack))):
        err.print(f"not asked: {counted(elsewhere, 'rule')} of {_ELSEWHERE}, which a table does not show")
    err.print(
        f"{counted(len(table), 'row')} read by {counted(len(chosen), 'rule')}: {counted(len(found), 'finding')} in "
        f"{counted(found['id'].nunique(), 'row')}; {counted(len(aside), 'row')} kept aside"
    )
    if len(found) or aside:
        sys.exit(FOUND)


#: Rows judged between two steps of the progress bar.
PART = 5000


def _judge_in_parts(judge_table: Any, table: pd.DataFrame, pack: policy.Pack, rules: Any, step: Any) -> Any:
    import pandas as pd

    parts = []
    for start in range(0, max(len(table), 1), PART):
        part = table.iloc[start : start + PART]
        parts.append(judge_table(part, pack, rules))
        step(steps=len(part))
    found = pd.concat([part[0] for part in parts], ignore_index=True)
    counts = pd.concat([part[1] for part in parts], ignore_index=True)
    return found, counts


def _score_in_parts(
    table: pd.DataFrame,
    pack: policy.Pack,
    name: str | None,
    *,
    wide: bool,
    step: Any,
) -> pd.DataFrame:
    import pandas as pd

    from checks import scores
    from checks.classifier import BUILT_IN

    parts = []
    for start in range(0, max(len(table), 1), PART):
        part = table.iloc[start : start + PART]
        found = scores.score_table(part, pack, use=name or BUILT_IN)
        parts.append(scores.wide(found) if wide else found)
        step(steps=len(part))
    return pd.concat(parts, ignore_index=True)


def _in_order_of(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The findings in the order their posts were given, then by where they begin."""
    place = {post: place for place, post in enumerate(table["id"])}
    by_place = found.assign(place=found["id"].map(place))
    ordered = by_place.sort_values(["place", "start", "end", "rule"], kind="stable", ignore_index=True)
    return ordered.drop(columns="place")


#: What rules judge that stands in no table of posts.
_ELSEWHERE = "profiles, pictures, edits, deletions, groups or Leaders' own pages"


def _usual(pack: policy.Pack) -> list[policy.Rule]:
    """All rules but the credits: praise is no finding, and stands among findings only where it is named."""
    return [rule for rule in pack.rules.values() if rule.lane is not Lane.CREDIT]


def _rules_chosen(pack: policy.Pack, text: str | None) -> list[str]:
    """The rules that --rules names; where it is left out, all that a table has something to put to.

    Raises:
        UserError: it names none, one that there is not, or one that a table can never answer.
    """
    from checks.engine import shows_in_tables

    if text is None:
        return [rule.id for rule in _usual(pack) if shows_in_tables(rule)]
    chosen = _rules_named(pack, text)
    for name in chosen:
        if not shows_in_tables(pack.rules[name]):
            raise UserError(f"rule {name} is one of {_ELSEWHERE}, which a table does not show; leave it out")
    return chosen


def _rules_named(pack: policy.Pack, text: str) -> list[str]:
    chosen = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        matching = [rule for rule in pack.rules if rule == name or rule.endswith(f".{name}")]
        if not matching:
            short = {rule.partition(".")[2]: rule for rule in pack.rules}
            names = short if "." not in name else pack.rules
            raise UserError(f"pack {pack.id} has no rule {name!r}; {choices(name, names, 'use some of')}")
        chosen += matching
    if not chosen:
        raise UserError("--rules names no rule; leave it out to use all rules of the pack")
    return list(dict.fromkeys(chosen))


def _without_hints(pack: policy.Pack, chosen: Sequence[str]) -> list[str]:
    """The rules chosen without those that a classifier speaks for.

    Raises:
        UserError: none is left; "nothing found" would be said of posts nobody judged.
    """
    kept = [rule for rule in chosen if pack.rules[rule].check != "scored"]
    if not kept:
        raise UserError("--rules-only leaves out every rule that --rules names; leave one of the two out")
    return kept


def _say_kept_aside(aside: Sequence[Any]) -> None:
    for item in aside[:5]:
        err.print(f"kept aside: {item.where}: {item.reason}")
    if len(aside) > 5:  # noqa: PLR2004 - the first five are an example, not a rule
        err.print(f"… and {counted(len(aside) - 5, 'more row')} kept aside")


#: Why rules could not judge a row, in words.
_NOT_JUDGED = {
    "no_text": "their text is not kept",
    "no_history": "their earlier text is not known",
    "pictures_not_shown": "where they come from, pictures do not show",
    "edits_not_shown": "where they come from, edits do not show",
    "deletions_not_shown": "where they come from, deletions do not show",
    "text_cut_off": "their text was cut off before it came to us",
    "cannot_tell": "whether they still stand is not known",
    "account_gone": "their account is gone",
    "profile_not_seen": "their account's profile was not seen",
    "affiliation_not_shown": "nothing shows that their account is a Leader's",
    "too_few_posts": "too few posts were seen to call anything regular",
    "no_official_account": "no official account was collected at that time",
    "no_official_word": "the official accounts did not speak of it",
    "thread_not_seen": "the other replies of their thread were not collected",
    "corrected_post_not_seen": "the post they correct is not known",
    "no_roster_names": "no names of members and staff are known here",
    "no_events": "no events are known here",
    "check_failed": "the rule broke on them, which is a mistake of ours; the log says where",
}


def _not_judged_in_words(counts: pd.DataFrame) -> Iterator[str]:
    """One line per reason: how many rows, by how many rules. `counts` has the columns rule, reason, count."""
    rows_of: dict[str, Counter[str]] = {}
    for rule, reason, count in zip(counts["rule"], counts["reason"], counts["count"], strict=True):
        rows_of.setdefault(reason, Counter())[rule] += int(count)
    for reason, by_rule in sorted(rows_of.items(), key=lambda item: (-max(item[1].values()), item[0])):
        kind, _, language = reason.partition(":")
        why = f"no vocabulary for {language}" if kind == "language" else _NOT_JUDGED.get(reason, reason)
        yield f"not judged: {counted(max(by_rule.values()), 'row')} by {counted(len(by_rule), 'rule')}: {why}"
