"""A month's sample: drawn from posts without a finding, written out for people to read, read back in.

Most of it is drawn by chance, and tells how much is missed; some posts stand beside it because they are most like
breaches, and tell what. Only what anybody could read is chosen (official accounts, leaders' profiles, public groups),
for a sample travels as a table. Its answers change no finding: a miss is a reason to change a rule, which then judges
everything anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from chapterwatch.archive.samples import Answered
from chapterwatch.archive.sql import chunks
from chapterwatch.errors import UserError, choices
from chapterwatch.model import Association, Lane, PostState, Space, Window
from chapterwatch.pipeline.alike import UNKNOWN_LANGUAGE, alike
from chapterwatch.pipeline.health import AUDIT_RUN
from chapterwatch.pipeline.periods import closed_month, month_bounds, month_closes
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import Pack, load_pack
from chapterwatch.sampling import Answer, Candidate, Estimate, draw, estimate, likeliest
from checks.scored import FAMILIES
from reports.exports import safe_cell

#: Read by a person without tiring; with none missed it says "below nine in a hundred", and a year of them below one.
SIZE = 40
#: Posts chosen for each family a pack has hints for, ten families at most: with chance's forty about an hour's reading.
EACH_FAMILY = 3
#: Spaces anybody can read.
PUBLIC = frozenset({Space.OFFICIAL, Space.LEADER_PROFILE, Space.PUBLIC_GROUP})
_STANDS = frozenset({PostState.PRESENT, PostState.EDITED})
_COLUMNS = ("association", "month", "account", "post", "posted", "link", "chosen", "text", "answer", "clause", "note")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of reading a filled-in table."""

    answered: int
    known: int
    empty: int


def draw_samples(workplace: Workplace, month: str, size: int = SIZE) -> dict[str, int]:
    """Draw every association's sample of a month, unless it was drawn before; posts drawn by chance, by association.

    Beside them the posts most like breaches are kept, `EACH_FAMILY` of each family its packs have hints for.

    Raises:
        UserError: the month has not closed, or posts were read that no audit has judged yet.
    """
    closed_month(month, workplace.now)
    return {item.id: _draw(workplace, item, month, size) for item in workplace.registry.associations}


def estimate_of(workplace: Workplace, association: str, month: str) -> Estimate:
    """What the answers so far say of an association's month."""
    samples = workplace.archive.samples
    answers = samples.answers(association, month)
    return estimate(samples.drawn(association, month), {post: item.answer for post, item in answers.items()})


def chosen_of(workplace: Workplace, association: str, month: str) -> dict[Candidate, str]:
    """A month's posts to read with what each is most like: first those chance drew, for which that is empty."""
    samples = workplace.archive.samples
    drawn = {item.post: "" for item in samples.drawn(association, month)}
    return drawn | {item.post: FAMILIES[item.family] for item in samples.likely(association, month)}


def likely_misses(workplace: Workplace, association: str, month: str) -> tuple[int, int, int]:
    """How many posts were chosen as most like breaches, how many of them were read, and how many had been missed."""
    samples = workplace.archive.samples
    likely, answers = samples.likely(association, month), samples.answers(association, month)
    said = [answers[item.post].answer for item in likely if item.post in answers]
    return len(likely), len(said) - said.count("unsure"), said.count("missed")


def sheet(workplace: Workplace, month: str) -> str:
    """The samples of a month as CSV to fill in: answer (clean, missed, unsure), for a miss the clause, and a note."""
    out = StringIO()
    table = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for association in workplace.registry.associations:
        table.writerows(_rows(workplace, association, month))
    return out.getvalue()


def import_sheet(workplace: Workplace, file: Path, login: str, role: str) -> Imported:
    """Keep the answers of a filled-in table; reading it again adds nothing.

    Raises:
        UserError: with the line and how to mend it; nothing is kept then.
    """
    answers = list(_read(workplace, file))
    counts = {"answered": 0, "known": 0, "empty": 0}
    for (association, month), post, answer, clause, note in answers:
        known = workplace.archive.samples.answers(association, month).get(post)
        if not answer:
            counts["empty"] += 1
        elif known and (known.answer, known.clause, known.note) == (answer, clause, note):
            counts["known"] += 1
        else:
            said = Answered(answer=answer, author=login, author_role=role, at=workplace.now, clause=clause, note=note)
            workplace.archive.samples.answer(association, month, post, said)
            counts["answered"] += 1
    return Imported(**counts)


# --- drawing --------------------------------------------------------------------------------------------------------


def _draw(workplace: Workplace, association: Association, month: str, size: int) -> int:
    samples = workplace.archive.samples
    if not samples.drawn(association.id, month):
        _check_judged(workplace, association, month)
        posts = _unflagged(workplace, association, month)
        drawn = draw(list(posts), size, f"{association.id} {month}")
        chance = {item.post for item in drawn}
        others = {post: text for post, text in posts.items() if post not in chance}
        likely = likeliest(alike(others, _packs(workplace, association)), EACH_FAMILY)
        samples.keep(association.id, month, drawn, workplace.now, likely)
    return len(samples.drawn(association.id, month))


def _check_judged(workplace: Workplace, association: Association, month: str) -> None:
    """A post nobody has judged yet would pass for one without a finding, and what is drawn stays drawn."""
    closes = month_closes(month_bounds(month, association.timezone))
    runs = workplace.archive.runs()
    judged = [run.started_at for run in runs if run.kind == AUDIT_RUN and run.finished_at]
    nights = [run.started_at for run in runs if run.kind == "collect" and run.started_at < closes]
    read = nights + [run.started_at for run in runs if run.kind == "import"]
    if read and (not judged or max(read) > max(judged)):
        raise UserError(f"posts were read that were not judged yet; run `chapterwatch audit`, then draw {month}")


def _unflagged(workplace: Workplace, association: Association, month: str) -> dict[Candidate, str]:
    """The month's public posts nothing was found in, each with its text."""
    bounds = month_bounds(month, association.timezone)
    flagged = {
        (finding.account_key, finding.subject_id)
        for chapter in association.chapters
        for finding in workplace.archive.findings(chapter=chapter.id)
        if finding.lane is not Lane.CREDIT and finding.opened_at < month_closes(bounds)
    }
    columns = ("platform", "lang", "account_key", "subject_id", "revision", "text")
    return {
        Candidate(
            stratum=f"{platform} {_language(lang)}",
            account_key=account_key,
            subject_id=subject_id,
            revision=int(revision),
        ): text
        # Some accounts at a time: of a whole association's posts of all years only a month's are wanted.
        for some in chunks(_public(association))
        for platform, lang, account_key, subject_id, revision, text in _posts_in(workplace, some, bounds, columns)
        if (account_key, subject_id) not in flagged
    }


def _language(lang: Any) -> str:
    return UNKNOWN_LANGUAGE if pd.isna(lang) else str(lang)


def _packs(workplace: Workplace, association: Association) -> dict[str, Pack]:
    """The pack of each of an association's accounts."""
    names = {account.key: account.pack for chapter in association.chapters for account in chapter.accounts}
    packs = {name: load_pack(name, workplace.settings.policies) for name in set(names.values())}
    return {key: packs[name] for key, name in names.items()}


def _public(association: Association) -> list[str]:
    """The accounts of an association that anybody can read."""
    return [account.key for chapter in association.chapters for account in chapter.accounts if account.space in PUBLIC]


def _posts_in(
    workplace: Workplace, keys: Sequence[str], bounds: Window, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    posts = _posts(workplace, keys)
    within = posts[(posts["created_at"] >= bounds.since) & (posts["created_at"] < bounds.until)]
    return within[list(columns)].itertuples(index=False)


def _posts(workplace: Workplace, keys: Sequence[str]) -> pd.DataFrame:
    """What stands of some accounts' posts, the last revision of each."""
    posts = workplace.archive.posts_frame(keys)
    return posts[posts["is_current"].astype(bool) & posts["state"].isin(_STANDS) & (posts["text"].str.strip() != "")]


# --- the table ------------------------------------------------------------------------------------------------------


def _rows(workplace: Workplace, association: Association, month: str) -> Iterator[dict[str, str]]:
    answers = workplace.archive.samples.answers(association.id, month)
    chosen = chosen_of(workplace, association.id, month)
    public = set(_public(association))
    keys = sorted({post.account_key for post in chosen} & public)
    posts: dict[Any, dict[Any, Any]]
    posts = _posts(workplace, keys).set_index(["account_key", "subject_id"]).to_dict("index")
    for item, kind in chosen.items():
        place = (item.account_key, item.subject_id)
        if place not in posts:
            continue
        post, said = posts[place], answers.get(item)
        yield {
            "association": association.id,
            "month": month,
            "account": item.account_key,
            "post": item.subject_id,
            "posted": f"{post['created_at']:%Y-%m-%d %H:%M}",
            "link": "" if pd.isna(post["permalink"]) else str(post["permalink"]),
            "chosen": f"like {kind}" if kind else "at random",
            "text": safe_cell(str(post["text"])),
            "answer": said.answer if said else "",
            "clause": said.clause if said else "",
            "note": said.note if said else "",
        }


_Line = tuple[tuple[str, str], Candidate, Answer | None, str, str]


def _read(workplace: Workplace, file: Path) -> Iterator[_Line]:
    known: dict[tuple[str, str], Mapping[tuple[str, str], Candidate]] = {}
    for where, row in _lines(file):
        if missing := [name for name in ("association", "month", "account", "post", "answer") if row.get(name) is None]:
            raise UserError(f"{where}: the column {missing[0]} is missing; fill in the table as it was written")
        sample = (row["association"], row["month"])
        if sample not in known:
            chosen = chosen_of(workplace, *sample)
            known[sample] = {(post.account_key, post.subject_id): post for post in chosen}
        post = known[sample].get((row["account"], row["post"]))
        if post is None:
            raise UserError(f"{where}: this post was not drawn; leave the first columns as they were")
        clause = (row.get("clause") or "").strip()
        if clause and clause not in (clauses := _clauses(workplace, sample[0])):
            raise UserError(f"{where}: there is no clause {clause!r}; {choices(clause, clauses)}")
        yield sample, post, _answer(row["answer"], where), clause, row.get("note") or ""


def _lines(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a filled table, each with where it stands."""
    try:
        table = csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig")), strict=True)
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise UserError(f"{file}: is not UTF-8; save it as CSV UTF-8") from None
    try:
        if not table.fieldnames:
            raise UserError(f"{file}: is empty; give the CSV file as it was sent")
        for number, row in enumerate(table, start=2):
            yield f"{file}, row {number}", row
    except csv.Error as error:
        # A quotation mark nobody closed would make one row of many, and their answers would be lost.
        raise UserError(f"{file}, line {table.line_num}: is no row of a table ({error}); mend it") from None


def _clauses(workplace: Workplace, association_id: str) -> frozenset[str]:
    """The clauses an association's accounts are judged by."""
    association = workplace.registry.association(association_id)
    accounts = (account for chapter in association.chapters for account in chapter.accounts)
    packs = {association.pack, *(account.pack for account in accounts)}
    return frozenset(clause for name in packs for clause in load_pack(name, workplace.settings.policies).clauses)


def _answer(text: str, where: str) -> Answer | None:
    said = text.strip().lower()
    answers: Sequence[Answer] = get_args(Answer)
    if said and said not in answers:
        raise UserError(f"{where}: answer is {text!r}; write {', '.join(answers)}, or nothing")
    return next((answer for answer in answers if answer == said), None)
