"""Judging only what is new: contents whose answers are remembered are not judged again.

An answer is remembered for a content and a *fingerprint* of the rule: its version, parameters and scope, the lexicons
it reads and the code that judges. So a night judges new and changed contents by all rules, and a changed rule judges
all contents alone. Rules that look at other posts (edits over time, announcements, regularity) are never remembered.
What comes out is what judging everything gives, to the letter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

import checks
from chapterwatch.archive import Archive
from chapterwatch.archive.records import Answer, Pattern, Remembered
from chapterwatch.archive.verdicts import pattern_of
from chapterwatch.policy import Pack
from checks.base import Context, context_of
from checks.engine import CompiledPack, CompiledRule, Judged, compile_pack, joined, judge

_KEY = ["account_key", "subject_id", "revision"]
_PIECE = ["field", "start", "end", "excerpt", "reason", "confidence"]
_OUT, _CLEAN, _BREACH, _NOT = "out", "clean", "breach", "not:"
#: Libraries whose data decides what a check finds.
_DECIDING = ("phonenumbers", "py3langid", "tldextract", "emoji", "python-stdnum", "numpy")


@dataclass(frozen=True)
class Rejudged:
    """What judging came to, and how many contents (rows) had to be judged for it by at least one remembered rule."""

    judged: Judged
    contents: int
    new: int


def judge_new(
    archive: Archive,
    posts: pd.DataFrame,
    profiles: pd.DataFrame,
    pack: Pack | CompiledPack,
    contexts: Mapping[str, Context],
) -> Rejudged:
    """`checks.engine.judge`, with answers remembered from earlier runs; the new ones are remembered.

    Args and errors as `judge`; `posts` and `profiles` are the archive's frames of some accounts.
    """
    compiled = pack if isinstance(pack, CompiledPack) else compile_pack(pack)
    prints = fingerprints(compiled)
    across = [item.rule.id for item in compiled.rules if item.rule.id not in prints]
    parts = [judge(posts, profiles, compiled, contexts, rules=across)]
    new = 0
    for kind, frame in (("post", posts), ("profile", profiles)):
        own = {item.rule.id: prints[item.rule.id] for item in compiled.rules if _is_of(item, kind, prints)}
        work = _Work(archive, compiled, contexts, kind, frame.reset_index(drop=True), own)
        parts += work.judged()
        new += work.new
    return Rejudged(joined(parts), len(posts) + len(profiles), new)


def _is_of(item: CompiledRule, kind: str, prints: Mapping[str, str]) -> bool:
    return item.rule.subject == kind and item.rule.id in prints


# --- what an answer hangs on ----------------------------------------------------------------------------------------


def fingerprints(compiled: CompiledPack) -> dict[str, str]:
    """Rule id -> digest of all that decides its answer beside the content, for the rules that look at one row only."""
    # The language of a short post is told by the words of all lexicons.
    common = (repr(compiled.pack.names), compiled.lexicons.known_words.digest, code_digest())
    return {item.rule.id: _fingerprint(item, compiled.pack, common) for item in compiled.rules if not item.check.across}


def _fingerprint(item: CompiledRule, pack: Pack, common: Sequence[str]) -> str:
    rule = item.rule.model_dump(mode="json", include={"id", "version", "check", "params", "subject", "scope"})
    told = [json.dumps(rule, sort_keys=True), repr(item.affiliation), *common]
    return hashlib.sha256("\x1f".join([*told, *_data_of(item, pack)]).encode()).hexdigest()[:16]


def _data_of(item: CompiledRule, pack: Pack) -> Iterator[str]:
    """The lexicons and picture sets the rule may read, each with its content's digest."""
    named = item.params.named()
    for (name, language), lexicon in sorted(pack.lexicons.items()):
        if name in named:
            yield f"{name}.{language} {hashlib.sha256(lexicon.model_dump_json().encode()).hexdigest()}"
    for name, pictures in sorted(pack.pictures.items()):
        if name in named:
            yield f"{name} {hashlib.sha256(pictures.model_dump_json().encode()).hexdigest()}"


@cache
def code_digest() -> str:
    """SHA-256 of everything in `checks` (code, weights) and of the versions of the libraries that decide with it."""
    whole = hashlib.sha256()
    for name in _DECIDING:
        whole.update(f"{name} {metadata.version(name)}\n".encode())
    for folder in checks.__path__:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                whole.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def content_digests(frame: pd.DataFrame, contexts: Mapping[str, Context]) -> pd.Series[Any]:
    """For each row a digest of all that a check can see of it: every column, and what the roster says."""
    plain = frame.apply(lambda column: column.map(repr) if column.dtype == object else column)
    keys = list(zip(frame["association"], frame["chapter"], frame["account_key"], strict=True))
    rosters = {key: hashlib.sha256(repr(context_of(contexts, *key)).encode()).hexdigest() for key in set(keys)}
    plain["roster"] = [rosters[key] for key in keys]
    hashed = pd.util.hash_pandas_object(plain, index=False, categorize=False)
    return hashed.map(lambda number: f"{number:016x}").astype("str")


# --- one kind of subject --------------------------------------------------------------------------------------------


class _Work:
    """Judging the rows of one kind of subject by the rules whose answers may be remembered."""

    def __init__(
        self,
        archive: Archive,
        compiled: CompiledPack,
        contexts: Mapping[str, Context],
        kind: str,
        frame: pd.DataFrame,
        prints: Mapping[str, str],
    ) -> None:
        self.archive, self.compiled, self.contexts = archive, compiled, contexts
        self.kind, self.frame, self.prints = kind, frame, prints
        self.new = 0

    def judged(self) -> list[Judged]:
        """What the rules say of every row, asked or remembered."""
        if self.frame.empty or not self.prints:
            return []
        digests = content_digests(self.frame, self.contexts)
        known, patterns = self._known(digests)
        stale = {digest: tuple(self._stale(pattern)) for digest, pattern in patterns.items()}
        every = tuple(self.prints)
        ways = [stale[name] if isinstance(name, str) else every for name in known["pattern"]]
        parts = []
        # Patterns there are hundreds of; ways of being out of date only as many as rules were changed at a time.
        for rules in dict.fromkeys(ways):
            rows = known[[way == rules for way in ways]]
            asked = self._ask(rows, rules) if rules else None
            self._remember(rows, digests, patterns, rules, asked)
            parts += [self._recalled(rows, patterns, rules), *([asked] if asked else [])]
        return parts

    def _known(self, digests: pd.Series[Any]) -> tuple[pd.DataFrame, dict[str, Pattern]]:
        """The frame's keys with the pattern and evidence remembered for the same content, by row label."""
        remembered, patterns = self.archive.remembered(sorted(set(self.frame["account_key"])), self.kind)
        rows = self.frame[_KEY].assign(content_digest=digests, label=self.frame.index)
        same = remembered[[*_KEY, "content_digest", "pattern", "evidence"]]
        return rows.merge(same, how="left", on=[*_KEY, "content_digest"]).set_index("label"), patterns

    def _stale(self, pattern: Pattern) -> list[str]:
        """The rules whose answers are not remembered, or were given by another version of the rule."""
        return [rule for rule, print_ in self.prints.items() if pattern.answers.get(rule, ("", ""))[0] != print_]

    def _ask(self, rows: pd.DataFrame, rules: Sequence[str]) -> Judged:
        self.new += len(rows)
        chosen = self.frame.loc[rows.index].reset_index(drop=True)
        empty = self.frame.iloc[:0]
        posts, profiles = (chosen, empty) if self.kind == "post" else (empty, chosen)
        return judge(posts, profiles, self.compiled, self.contexts, rules=list(rules))

    def _recalled(self, rows: pd.DataFrame, patterns: Mapping[str, Pattern], stale: Collection[str]) -> Judged:
        """What is remembered of the rows, but for the stale rules: one look at all rows for each rule."""
        rules = [rule for rule in self.prints if rule not in stale]
        keys = rows[_KEY]
        verdicts = []
        for rule in rules:
            answers = {name: one.answers[rule][1] for name, one in patterns.items() if rule in one.answers}
            said = rows["pattern"].map(answers).astype("str")
            within = said.notna() & (said != _OUT)
            told = said[within]
            reasons = told.where(told.str.startswith(_NOT)).str.removeprefix(_NOT)
            verdicts.append(
                keys[within].assign(
                    rule_id=rule,
                    subject_kind=self.kind,
                    breach=told.map({_BREACH: True, _CLEAN: False}).astype("boolean"),
                    not_judged=reasons.astype("str"),
                )
            )
        return Judged(_frame(verdicts), self._recalled_evidence(rows, rules))

    def _recalled_evidence(self, rows: pd.DataFrame, rules: Iterable[str]) -> pd.DataFrame:
        wanted = set(rules)
        pieces = [
            (rule, self.kind, row.subject_id, row.revision, row.account_key, *piece)
            for row in rows.dropna(subset=["evidence"]).itertuples()
            for rule, own in json.loads(str(row.evidence)).items()
            if rule in wanted
            for piece in own
        ]
        names = ["rule_id", "subject_kind", "subject_id", "revision", "account_key", *_PIECE]
        return pd.DataFrame(pieces, columns=names)

    # --- remembering ------------------------------------------------------------------------------------------------

    def _remember(
        self,
        rows: pd.DataFrame,
        digests: pd.Series[Any],
        known: Mapping[str, Pattern],
        stale: Sequence[str],
        asked: Judged | None,
    ) -> None:
        if asked is None:
            return
        said = _said(asked, stale)
        evidence = _pieces(asked)
        patterns: dict[tuple[str | None, tuple[str, ...]], Pattern] = {}
        remembered = []
        for label, row in zip(rows.index, rows.itertuples(index=False), strict=True):
            key = (row.account_key, row.subject_id, row.revision)
            before = row.pattern if isinstance(row.pattern, str) else None
            answers = before, said.get(key, (_OUT,) * len(stale))
            if answers not in patterns:
                kept = known[before].answers if before else {}
                own = {rule: answer for rule, answer in kept.items() if rule in self.prints}
                patterns[answers] = pattern_of(own | self._answers(stale, answers[1]))
            quoted = json.loads(str(row.evidence)) if isinstance(row.evidence, str) else {}
            pieces = {rule: found for rule, found in quoted.items() if rule not in stale} | evidence.get(key, {})
            remembered.append(
                Remembered(
                    account_key=str(row.account_key),
                    subject_kind=self.kind,
                    subject_id=str(row.subject_id),
                    revision=int(str(row.revision)),
                    content_digest=str(digests.loc[label]),
                    pattern=patterns[answers].digest,
                    evidence=json.dumps(pieces) if pieces else None,
                )
            )
        self.archive.remember(patterns.values(), remembered)

    def _answers(self, rules: Sequence[str], said: Sequence[str]) -> dict[str, Answer]:
        return {rule: (self.prints[rule], answer) for rule, answer in zip(rules, said, strict=True)}


Key = tuple[Any, Any, Any]


def _said(judged: Judged, rules: Sequence[str]) -> dict[Key, tuple[str, ...]]:
    """By row what each of the rules answered, in the order of the rules."""
    verdicts = judged.verdicts
    words = verdicts["breach"].map({True: _BREACH, False: _CLEAN}).fillna(_NOT + verdicts["not_judged"].astype("str"))
    places = {rule: place for place, rule in enumerate(rules)}
    said: dict[Key, list[str]] = {}
    keys = zip(*(verdicts[name] for name in _KEY), strict=True)
    for key, rule, word in zip(keys, verdicts["rule_id"], words, strict=True):
        said.setdefault(key, [_OUT] * len(places))[places[rule]] = word
    return {key: tuple(answers) for key, answers in said.items()}


def _pieces(judged: Judged) -> dict[Key, dict[str, list[list[Any]]]]:
    found: dict[Key, dict[str, list[list[Any]]]] = {}
    for row in judged.evidence.to_dict("records"):
        own = found.setdefault(tuple(row[name] for name in _KEY), {})
        own.setdefault(row["rule_id"], []).append([_plain(row[name]) for name in _PIECE])
    return found


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _frame(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=["rule_id", "subject_kind", *_KEY, "breach", "not_judged"])
    whole = pd.concat(parts, ignore_index=True)
    return whole.astype({"breach": "boolean", "not_judged": "str"})
