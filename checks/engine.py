"""The way in: a pack is compiled once, then frames are judged by every rule of it.

The engine decides what a rule applies to (scope) and what it can read (language, kept text); checks decide breaches.
What a rule does not apply to has no verdict; what it applies to and could not judge has one with its reason. The same
rows in any order give the same verdicts and evidence, in the same order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from chapterwatch import strictyaml
from chapterwatch.errors import InvalidFiles, Problem, UserError
from chapterwatch.garbage import no_collection
from chapterwatch.model import Event, Lane, Space
from chapterwatch.policy import Affiliation, Case, Pack, Rule
from checks.affiliation import unaffiliated
from checks.base import (
    BROKEN,
    Batch,
    Check,
    CheckFailed,
    Context,
    Evidence,
    Judgement,
    Params,
    Row,
    checks,
)
from checks.columns import Column, Labels
from checks.entries import SameLists
from checks.lexicons import Lexicons
from checks.screen import Screen, alternatives

SUBJECT_COLUMNS = ("rule_id", "subject_kind", "subject_id", "revision", "account_key")
VERDICT_COLUMNS = (*SUBJECT_COLUMNS, "breach", "not_judged")
EVIDENCE_COLUMNS = (*SUBJECT_COLUMNS, "field", "start", "end", "excerpt", "reason", "confidence")
TABLE_COLUMNS = ("id", "rule", "clause", "severity", "start", "end", "excerpt", "confidence")

#: When a table or a case says nothing of its time: any fixed moment serves, since nobody here asks the clock.
_SOME_TIME = pd.Timestamp("2026-10-14T15:00:00Z")


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its check and its validated parameters."""

    rule: Rule
    check: Check[Any]
    params: Params
    #: Set where the rule is for accounts whose affiliation is shown, and the pack says how it is shown.
    affiliation: Affiliation | None = None


@dataclass(frozen=True)
class CompiledPack:
    """A pack whose every rule can be run."""

    pack: Pack
    rules: tuple[CompiledRule, ...]
    lexicons: Lexicons
    screen: Screen


@dataclass(frozen=True)
class Judged:
    """What judging found: `verdicts` (`VERDICT_COLUMNS`) and `evidence` (`EVIDENCE_COLUMNS`), both sorted."""

    verdicts: pd.DataFrame
    evidence: pd.DataFrame


@dataclass(frozen=True)
class CaseResult:
    """How one case of a rule came out. `problem` is one sentence, or None where it passed."""

    rule_id: str
    case: Case
    #: True breach, False clean, None not judged.
    verdict: bool | None
    excerpts: tuple[str, ...]
    not_judged: str | None
    problem: str | None

    @property
    def passed(self) -> bool:
        """Whether the verdict and the quoted evidence are those the case expects."""
        return self.problem is None


def compile_pack(pack: Pack) -> CompiledPack:
    """Tie every rule of a pack to its check.

    Raises:
        InvalidFiles: a rule names an unknown check, has parameters its check does not know, or asks for a lexicon that
            the pack does not have in a language of the rule's scope. Every problem, with file and line.
    """
    return _compile(_Once(pack))


def judge(
    posts: pd.DataFrame,
    profiles: pd.DataFrame,
    pack: Pack | CompiledPack,
    contexts: Mapping[str, Context],
    rules: Iterable[str] | None = None,
    *,
    screened: bool = True,
) -> Judged:
    """Judge every revision of the posts and profiles by every rule of the pack.

    Args:
        posts: the columns of `Archive.posts_frame()`.
        profiles: the columns of `Archive.profiles_frame()`.
        pack: the pack of all these rows, compiled or not.
        contexts: by association id; a key `association/chapter` wins for that chapter's rows.
        rules: ids of the rules to use; all of the pack's when None.
        screened: whether rows that cannot have a breach are spared the check. It changes no answer.

    Raises:
        InvalidFiles: the pack does not compile.
        CheckFailed: a check broke; the rule and the subject are named by id.
        UserError: a rule id is not one of the pack's.
    """
    compiled = pack if isinstance(pack, CompiledPack) else compile_pack(pack)
    chosen = _chosen(compiled, rules)
    return _judged(_judge(compiled, chosen, posts, profiles, contexts, screened=screened))


def joined(parts: Iterable[Judged]) -> Judged:
    """What was judged in parts (other rules, other rows) as one, in the order `judge` gives."""
    all_parts = list(parts)
    verdicts = _together([part.verdicts for part in all_parts], VERDICT_COLUMNS)
    evidence = _together([part.evidence for part in all_parts], EVIDENCE_COLUMNS)
    order = [name for name in EVIDENCE_COLUMNS if name != "excerpt"]
    return Judged(
        verdicts.sort_values(list(SUBJECT_COLUMNS), kind="stable", ignore_index=True),
        evidence.sort_values(order, kind="stable", ignore_index=True),
    )


def judge_table(
    frame: pd.DataFrame,
    pack: Pack | CompiledPack,
    rules: Sequence[str] | None = None,
    context: Context | None = None,
    *,
    screened: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge a plain table of texts.

    Args:
        frame: columns `id`, `text`; optional `platform`, `lang`, `created_at`, `author`, `kind`, `space`, `bio`.
        pack: the policy.
        rules: ids of the rules to use; all of the pack's but its credits when None.
        context: roster facts; when None only the pack's public ones (domains and contact addresses).
        screened: as for `judge`.

    Returns:
        The findings (`TABLE_COLUMNS`, clause ids joined by `;`) and the counts of what was not judged
        (`rule`, `reason`, `count`).

    Raises:
        UserError: a needed column is missing, or a rule id is not one of the pack's.
    """
    compiled = pack if isinstance(pack, CompiledPack) else compile_pack(pack)
    chosen = _chosen(compiled, rules)
    if rules is None:
        # Praise is no finding: a table of findings holds it only where its rule is named.
        chosen = [item for item in chosen if item.rule.lane is not Lane.CREDIT]
    # There are no cycles here, and looking through all words takes a third longer.
    with no_collection():
        posts = table_posts(frame, compiled.pack)
        contexts = {"table": context or public_context(compiled.pack)}
        answers = _judge(compiled, chosen, posts, no_profiles(), contexts, screened=screened)
    return _table_of(_evidence(answers), compiled.pack), _unjudged_of(answers)


def run_case(pack: Pack | CompiledPack, rule: Rule, case: Case, *, screened: bool = True) -> CaseResult:
    """Judge one case of a rule and say whether it came out as the case expects.

    The text becomes a post (or the bio of a profile) of an invented account; `case.given` sets other columns,
    `given.posts` adds further posts of that account (mappings of columns, or texts), and the roster is the pack's
    `case_context`.
    """
    compiled = pack if isinstance(pack, CompiledPack) else compile_pack(pack)
    chosen = [item for item in compiled.rules if item.rule.id == rule.id]
    posts, profiles = _frames_of_case(rule, case)
    contexts = {"case": case_context(compiled.pack)}
    answers = _judge(compiled, chosen, posts, profiles, contexts, screened=screened)
    return _case_result(answers, rule, case)


def case_context(pack: Pack) -> Context:
    """The invented roster of the pack's cases as a Context."""
    given = pack.case_context
    return Context(
        association=given.association,
        language=pack.language,
        country=given.country,
        roster_names=given.roster_names,
        partners=given.partners,
        official_domains=given.official_domains,
        public_contacts=given.public_contacts,
        events=tuple(Event(**dict(event)) for event in given.events),
        official_accounts=given.official_accounts,
        affiliated_accounts=given.affiliated_accounts,
    )


def public_context(pack: Pack) -> Context:
    """A Context without people, partners or events, for texts that come without a roster."""
    given = pack.case_context
    return Context(
        association=given.association,
        language=pack.language,
        country=given.country,
        official_domains=given.official_domains,
        public_contacts=(pack.contact,),
    )


def lacking(rules: Iterable[Rule], context: Context) -> dict[str, list[Rule]]:
    """The rules that a roster leaves without the list they answer by, by the reason they will give.

    A rule that names no check, or that its check does not understand, is left to `compile_pack`.
    """
    known, found = checks(), dict[str, list[Rule]]()
    for rule in rules:
        its = known.get(rule.check)
        if its is None or its.lacks is None:
            continue
        try:
            reason = its.lacks(its.params.model_validate(rule.params), context)
        except ValidationError:
            continue
        if reason is not None:
            found.setdefault(reason, []).append(rule)
    return found


# --- compiling ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Once:
    # A pack holds mappings and cannot be hashed; its digest covers every file it was made from.
    pack: Pack

    def __hash__(self) -> int:
        return hash((self.pack.digest, self.pack.folder))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and (self.pack.digest, self.pack.folder, self.pack.rules) == (
            other.pack.digest,
            other.pack.folder,
            other.pack.rules,
        )


@lru_cache(maxsize=8)
@no_collection()
def _compile(once: _Once) -> CompiledPack:
    pack = once.pack
    lexicons = _compiled_lexicons(SameLists(tuple(pack.lexicons.values())))
    problems: list[Problem] = []
    rules = [compiled for rule in pack.rules.values() if (compiled := _compile_rule(rule, pack, lexicons, problems))]
    if problems:
        raise InvalidFiles(problems)
    needs = {
        item.rule.id: None if item.check.screen is None else alternatives(item.check.screen(item.params))
        for item in rules
    }
    return CompiledPack(pack, tuple(rules), lexicons, Screen(needs, lexicons))


# Seconds of work: whoever tries a changed rule, or a pack without some of its rules, has the same words.
@lru_cache(maxsize=4)
def _compiled_lexicons(lists: SameLists) -> Lexicons:
    return Lexicons(lists.lexicons)


def _compile_rule(rule: Rule, pack: Pack, lexicons: Lexicons, problems: list[Problem]) -> CompiledRule | None:
    known = checks()
    found = known.get(rule.check)
    if found is None:
        problems.append(_problem(pack, rule, f"asks for unknown check {rule.check}", f"use one of: {', '.join(known)}"))
        return None
    try:
        params = found.params.model_validate(rule.params)
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join(("params", *(str(step) for step in fault["loc"])))
            problems.append(_problem(pack, rule, *strictyaml.worded(fault, where)))
        return None
    for name in params.lexicons():
        problems += [
            _problem(pack, rule, f"needs lexicon {name}.{language}", "add it, or narrow the scope")
            for language in _without_lexicon(name, rule, lexicons)
        ]
    for name in params.picture_sets():
        if name not in pack.pictures:
            problems.append(_problem(pack, rule, f"needs picture set {name}", f"add pictures/{name}.yml to the pack"))
    return CompiledRule(rule, found, params, pack.affiliation if rule.scope.affiliated else None)


def _without_lexicon(name: str, rule: Rule, lexicons: Lexicons) -> list[str]:
    there = lexicons.languages_of(name)
    wanted = rule.scope.languages or ("en",)
    return [language for language in wanted if language not in there]


def _problem(pack: Pack, rule: Rule, what: str, mend: str) -> Problem:
    file, line = _where(pack, rule.id)
    return Problem(file, line, f"rule {rule.id} {what}", mend)


def _where(pack: Pack, rule_id: str) -> tuple[str, int]:
    for path in sorted(Path(pack.folder / "rules").glob("*.yml")):
        document = strictyaml.load(path)
        for index, rule in enumerate(document.data.get("rules", [])):
            if rule.get("id") == rule_id:
                return str(path), document.line_of(("rules", index))
    return str(pack.folder), 1


# --- judging --------------------------------------------------------------------------------------------------------


def _judge(
    compiled: CompiledPack,
    rules: Iterable[CompiledRule],
    posts: pd.DataFrame,
    profiles: pd.DataFrame,
    contexts: Mapping[str, Context],
    *,
    screened: bool = True,
) -> list[_Answer]:
    contexts = {key: replace(context, also_called=compiled.pack.names) for key, context in contexts.items()}
    # There are no cycles here, and looking through all words takes a third longer.
    with no_collection():
        columns = {
            kind: Column(_labelled(frame), kind, contexts, compiled.lexicons)
            for kind, frame in (("post", posts), ("profile", profiles))
        }
        return [_answer(item, columns, compiled, contexts, screened=screened) for item in rules]


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    # A fixed order before anything is judged: a check that looks across rows then cannot depend on the order given.
    keys = [name for name in ("account_key", "subject_id", "revision") if name in frame.columns]
    if len(frame) < 2:  # noqa: PLR2004 - nothing to put in order
        return frame.reset_index(drop=True)
    # What is the same in every row orders nothing, and sorting by it takes as long.
    keys = [name for name in keys if not (frame[name] == frame[name].iloc[0]).all()]
    return frame.sort_values(keys, kind="stable", ignore_index=True) if keys else frame.reset_index(drop=True)


@dataclass(frozen=True)
class _Answer:
    """What one rule answers for the rows in its scope: labels in order; a row in neither mapping is clean."""

    rule: Rule
    column: Column
    labels: Labels
    found: Mapping[int, Sequence[Evidence]]
    reasons: Mapping[int, str]


def _answer(
    item: CompiledRule,
    columns: Mapping[str, Column],
    compiled: CompiledPack,
    contexts: Mapping[str, Context],
    *,
    screened: bool,
) -> _Answer:
    column = columns[item.rule.subject]
    labels = column.in_scope(item.rule.scope)
    ways = compiled.screen.ways(item.rule.id) if screened and len(labels) else None
    candidates = labels if ways is None else labels[column.meeting(ways, compiled.screen)[labels]]
    gated = _gated(item, column, labels)
    unlisted = _unlisted(item, column, labels)
    asked = [label for label in candidates.tolist() if label not in gated]
    if not asked:
        return _Answer(item.rule, column, labels, {}, {**unlisted, **gated} if unlisted else gated)
    posts, profiles = columns["post"].frame, columns["profile"].frame
    batch = Batch(
        item.rule.subject,
        None,
        column.rows(asked),
        posts,
        profiles,
        compiled.lexicons,
        contexts,
        pictures=compiled.pack.pictures,
    )
    judgement = item.check.judge(batch, item.rule, item.params)
    _verify(judgement, batch, item.rule)
    reasons = {**gated, **judgement.reasons} if judgement.reasons else gated
    silent = {label: reason for label, reason in unlisted.items() if label not in judgement.found}
    return _Answer(item.rule, column, labels, judgement.found, {**silent, **reasons} if silent else reasons)


def _unlisted(item: CompiledRule, column: Column, labels: Labels) -> Mapping[int, str]:
    """The rows in a rule's scope whose roster lacks the list the rule answers by, with the reason."""
    lacks = item.check.lacks
    return {} if lacks is None else column.lacking(labels, lambda context: lacks(item.params, context))


def _gated(item: CompiledRule, column: Column, labels: Labels) -> Mapping[int, str]:
    """The rows in a rule's scope that it cannot read, with the reason."""
    gated = column.unread(item.rule.scope, reads_text=item.check.reads_text)
    if item.affiliation is None:
        return gated
    leaders = labels[column.is_in(Space.LEADER_PROFILE)[labels]].tolist()
    personal = [label for label in leaders if gated.get(label) != "no_text"]
    told = {row.label: unaffiliated(row, item.affiliation) for row in column.rows(personal)}
    return {**gated, **{label: reason for label, reason in told.items() if reason}}


def _verify(judgement: Judgement, batch: Batch, rule: Rule) -> None:
    asked = [row.label for row in batch.rows]
    if list(judgement.labels) != asked or not {*judgement.found, *judgement.reasons} <= set(asked):
        raise CheckFailed(rule.id, "-", "the check answered for other rows than it was asked for")
    for row in batch.rows:
        if row.label in judgement.found and (row.label in judgement.reasons or not judgement.found[row.label]):
            raise CheckFailed(rule.id, str(row.subject_id), "breach and evidence do not agree")
        if not judgement.reasons.get(row.label, "-"):
            raise CheckFailed(rule.id, str(row.subject_id), "not judged without a reason")


def _judged(answers: Sequence[_Answer]) -> Judged:
    return Judged(_verdicts(answers), _evidence(answers))


def _verdicts(answers: Sequence[_Answer]) -> pd.DataFrame:
    """One row per rule and revision, in the order of `SUBJECT_COLUMNS`."""
    parts = []
    for answer in sorted(answers, key=lambda answer: answer.rule.id):
        order = np.argsort(answer.column.rank[answer.labels], kind="stable")
        labels = answer.labels[order]
        part = _subjects(answer, labels)
        part["breach"], part["not_judged"] = _outcomes(answer, labels)
        parts.append(part)
    return _together(parts, VERDICT_COLUMNS)


def _outcomes(answer: _Answer, labels: Labels) -> tuple[pd.arrays.BooleanArray, Any]:
    """Breach, clean or not judged for each label, and the reasons of the last."""
    reasons = [answer.reasons.get(label) for label in labels.tolist()]
    is_open = np.array([reason is not None for reason in reasons], dtype=np.bool_)
    return pd.arrays.BooleanArray(np.isin(labels, list(answer.found)), is_open), pd.array(reasons, dtype="str")


def _evidence(answers: Sequence[_Answer]) -> pd.DataFrame:
    """Everything found, as a frame in the order of its columns."""
    pieces = sorted({piece for answer in answers for piece in _pieces_of(answer)}, key=_place_of)
    columns = {name: [piece[at] for piece in pieces] for at, name in enumerate(EVIDENCE_COLUMNS)}
    return pd.DataFrame(columns, columns=list(EVIDENCE_COLUMNS))


def _pieces_of(answer: _Answer) -> Iterator[tuple[Any, ...]]:
    for row in answer.column.rows(list(answer.found)):
        subject = (answer.rule.id, answer.rule.subject, row.subject_id, row.revision, row.account_key)
        for item in answer.found[row.label]:
            excerpt = _excerpt(row, item.field, item.start, item.end, answer.rule)
            yield *subject, item.field, item.start, item.end, excerpt, item.reason, item.confidence


_EXCERPT = EVIDENCE_COLUMNS.index("excerpt")


def _place_of(piece: tuple[Any, ...]) -> tuple[Any, ...]:
    return piece[:_EXCERPT] + piece[_EXCERPT + 1 :]


def _excerpt(row: Row, field: str, start: int, end: int, rule: Rule) -> str:
    stored = row.stored(field)
    if not 0 <= start <= end <= len(stored):
        raise CheckFailed(rule.id, str(row.subject_id), f"evidence {start}..{end} lies outside the stored {field}")
    return stored[start:end]


def _subjects(answer: _Answer, labels: Labels) -> pd.DataFrame:
    subjects = answer.column.subjects.take(labels).reset_index(drop=True)
    subjects.insert(0, "rule_id", answer.rule.id)
    subjects.insert(1, "subject_kind", answer.rule.subject)
    return subjects


def _together(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))
    return whole[list(columns)]


# --- tables ---------------------------------------------------------------------------------------------------------

_TABLE_OPTIONAL: Mapping[str, Any] = {
    "platform": "table",
    "lang": None,
    "created_at": _SOME_TIME,
    "kind": "post",
    "space": "official",
    "bio": None,
}


def _chosen(compiled: CompiledPack, rules: Iterable[str] | None) -> list[CompiledRule]:
    if rules is None:
        return list(compiled.rules)
    rules = frozenset(rules)
    unknown = sorted(rules - set(compiled.pack.rules))
    if unknown:
        known = ", ".join(compiled.pack.rules)
        raise UserError(f"pack {compiled.pack.id} has no rule {', '.join(unknown)}; use some of: {known}")
    return [item for item in compiled.rules if item.rule.id in rules]


def shows_in_tables(rule: Rule) -> bool:
    """Whether a plain table has anything to put to a rule: it holds words of official accounts and nothing else.

    A rule that names no check there is is left to `compile_pack`.
    """
    its = checks().get(rule.check)
    in_words = rule.subject == "post" and (its is None or its.judges is None)
    return in_words and (not rule.scope.spaces or Space.OFFICIAL in rule.scope.spaces)


def table_posts(frame: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """A plain table (see `judge_table`) as a posts frame: each `author` an account, of chapter and association "table".

    Raises:
        UserError: a needed column is missing.
    """
    missing = [name for name in ("id", "text") if name not in frame.columns]
    if missing:
        raise UserError(f"the table has no column {' and no column '.join(missing)}; name its columns id and text")
    columns = {name: frame[name] if name in frame.columns else default for name, default in _TABLE_OPTIONAL.items()}
    if "created_at" not in frame.columns:
        del columns["created_at"]
    author = frame["author"].astype("str") if "author" in frame.columns else "table"
    rows = _with_defaults(frame[["id", "text"]].rename(columns={"id": "subject_id"}).assign(**columns), pack.id)
    rows["subject_id"] = rows["subject_id"].astype("str")
    rows["account_key"] = "table:" + author
    rows["association"] = rows["chapter"] = "table"
    return rows


def _with_defaults(rows: pd.DataFrame, pack_id: str) -> pd.DataFrame:
    given = {str(name): rows[name] for name in rows.columns}
    created = given.get("created_at", _SOME_TIME)
    defaults: dict[str, Any] = {
        "revision": 0,
        "is_current": True,
        "account_key": "x:case",
        "chapter": "case",
        "association": "case",
        "platform": "x",
        "space": "official",
        "pack": pack_id,
        "handle": "case",
        "kind": "post",
        "lang": None,
        "created_at": created,
        "valid_from": created,
        "valid_until": pd.NaT,
        "previous_text": None,
        "state": "present",
        "permalink": None,
        "reply_to": None,
        "capture_hash": "",
        "content_hash": "",
        "bio": None,
        "links": [[] for _ in range(len(rows))],
        "media": [[] for _ in range(len(rows))],
        "pictures": [[] for _ in range(len(rows))],
        "unshown": [[] for _ in range(len(rows))],
    }
    columns = {**defaults, **{name: _list_or_empty(values, name) for name, values in given.items()}}
    columns |= {name: _times(columns[name], rows.index) for name in ("created_at", "valid_from", "valid_until")}
    return pd.DataFrame(columns, index=rows.index)


_LISTS = ("links", "media", "pictures", "unshown")


def _list_or_empty(values: pd.Series[Any], name: str) -> Any:
    # Where only some rows were given a list, the others hold NaN.
    return [item if isinstance(item, list) else [] for item in values] if name in _LISTS else values


def _times(values: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    if not isinstance(values, pd.Series):
        return pd.Series(pd.to_datetime([values], utc=True).as_unit("us").repeat(len(index)), index=index)
    filled = values.astype(object).fillna(_SOME_TIME) if values.name in ("created_at", "valid_from") else values
    return pd.to_datetime(filled, utc=True).dt.as_unit("us")


def _table_of(found: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    table = found.rename(columns={"subject_id": "id", "rule_id": "rule"})
    table["clause"] = [";".join(pack.rules[rule].clauses) for rule in table["rule"]]
    table["severity"] = [pack.rules[rule].severity.value for rule in table["rule"]]
    return table[list(TABLE_COLUMNS)].sort_values(["id", "rule", "start", "end"], kind="stable", ignore_index=True)


def _unjudged_of(answers: Iterable[_Answer]) -> pd.DataFrame:
    counted = ((answer.rule.id, Counter(answer.reasons.values())) for answer in answers)
    rows = sorted((rule, reason, count) for rule, counts in counted for reason, count in counts.items())
    return pd.DataFrame(rows, columns=["rule", "reason", "count"])


# --- cases ----------------------------------------------------------------------------------------------------------

_CASE_ID = "case"


def _frames_of_case(rule: Rule, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = dict(case.given)
    extra = given.pop("posts", [])
    base = {
        "space": str(rule.scope.spaces[0]) if rule.scope.spaces else "official",
        "platform": rule.scope.platforms[0] if rule.scope.platforms else "x",
        "kind": rule.scope.kinds[0] if rule.scope.kinds else "post",
        **given,
    }
    own = _case_posts(case, base) if rule.subject == "post" else []
    others = [
        _account_columns(base) | {"subject_id": f"other-{number}"} | ({"text": post} if isinstance(post, str) else post)
        for number, post in enumerate(extra)
    ]
    posts = _with_defaults(pd.DataFrame([*own, *others]), "case") if own or others else _no_posts()
    return posts, _case_profiles(rule, case, base)


def _case_posts(case: Case, base: Mapping[str, Any]) -> list[dict[str, Any]]:
    current = {"subject_id": _CASE_ID, "text": case.text, **base}
    if base.get("previous_text") is None:
        return [current]
    edited = pd.Timestamp(current.get("valid_from", _SOME_TIME + pd.Timedelta(days=1)))
    before = {**current, "text": base["previous_text"], "previous_text": None, "is_current": False}
    before |= {"revision": 0, "valid_until": edited, "valid_from": current.get("created_at", _SOME_TIME)}
    return [before, {"state": "edited", **current, "revision": 1, "is_current": True, "valid_from": edited}]


def _account_columns(base: Mapping[str, Any]) -> dict[str, Any]:
    return {name: base[name] for name in ("space", "platform", "bio", "handle", "account_key") if name in base}


def _case_profiles(rule: Rule, case: Case, base: Mapping[str, Any]) -> pd.DataFrame:
    bio = case.text if rule.subject == "profile" else base.get("bio") or ""
    if base.keys() <= {"space", "platform", "kind"}:
        return _plain_profile(*(str(base[name]) for name in ("space", "platform", "kind")), bio)
    return _profile_of(base, bio)


@lru_cache(maxsize=64)
def _plain_profile(space: str, platform: str, kind: str, bio: str) -> pd.DataFrame:
    """The profile beside most cases; made once, since a frame takes longer than the case."""
    return _profile_of({"space": space, "platform": platform, "kind": kind}, bio)


def _profile_of(base: Mapping[str, Any], bio: str) -> pd.DataFrame:
    profile = {"name": "", "website": None, "location": None, "avatar_url": None, "banner_url": None, **base}
    return _with_defaults(pd.DataFrame([profile | {"subject_id": _CASE_ID, "bio": bio}]), "case")


@lru_cache(maxsize=1)
def _no_posts() -> pd.DataFrame:
    return _with_defaults(pd.DataFrame({"subject_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str")}), "none")


@lru_cache(maxsize=1)
def no_profiles() -> pd.DataFrame:
    """A profiles frame without a row, for posts that come without their accounts."""
    empty = {name: pd.Series(dtype="str") for name in ("subject_id", "name", "website", "location")}
    return _with_defaults(pd.DataFrame(empty), "none")


def _case_result(answers: Sequence[_Answer], rule: Rule, case: Case) -> CaseResult:
    # Frames of verdicts and evidence take longer to make than one case takes to judge.
    rows = [(answer, row) for answer in answers for row in answer.column.rows(answer.labels.tolist())]
    own = [(answer, row) for answer, row in rows if row.subject_id == _CASE_ID]
    if not own:
        return CaseResult(rule.id, case, None, (), None, "the rule's scope leaves the case out; mend scope or given")
    answer, latest = max(own, key=lambda each: int(each[1].revision))
    label = latest.label
    reason = answer.reasons.get(label)
    verdict = None if reason is not None else label in answer.found
    pieces = sorted(set(_pieces_of(replace(answer, found=_only(answer.found, label)))), key=_place_of)
    excerpts = tuple(piece[_EXCERPT] for piece in pieces)
    return CaseResult(rule.id, case, verdict, excerpts, reason, _case_problem(case, verdict, excerpts, reason))


def _only(found: Mapping[int, Sequence[Evidence]], label: int) -> dict[int, Sequence[Evidence]]:
    return {label: found[label]} if label in found else {}


def _case_problem(case: Case, verdict: bool | None, excerpts: Sequence[str], reason: str | None) -> str | None:
    words = {True: "a breach", False: "clean", None: "not judged"}
    if verdict is not case.expected or reason == BROKEN:
        detail = f" ({reason})" if reason else f" ({'; '.join(excerpts)})" if excerpts else ""
        return f"expected {words[case.expected]}, was {words[verdict]}{detail}: {case.text!r}"
    if case.evidence is not None and case.evidence not in excerpts:
        return f"expected evidence {case.evidence!r}, was {list(excerpts)!r}: {case.text!r}"
    return None
