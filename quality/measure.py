"""Counting how often rules are right: verdicts on labelled texts, and what follows from them with its uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from chapterwatch.policy import Case, Rule
from chapterwatch.shares import Share
from checks.engine import CompiledPack, case_context, judge, no_profiles, run_case, table_posts
from quality.own import LabelledPost

#: True breach, False clean, None not judged, by (rule id, text id). Texts outside a rule's scope are not in it.
Verdicts = Mapping[tuple[str, str], bool | None]


@dataclass(frozen=True)
class Score:
    """Right and wrong answers on labelled texts. What was not judged is neither, and is counted apart."""

    true_found: int = 0
    true_missed: int = 0
    false_found: int = 0
    clean: int = 0
    not_judged: int = 0

    @classmethod
    def of(cls, answers: Iterable[tuple[bool, bool]]) -> Score:
        """Counted from pairs of (truth, answer)."""
        seen = Counter(answers)
        return cls(seen[True, True], seen[True, False], seen[False, True], seen[False, False])

    @property
    def precision(self) -> Share:
        """Of what was found, how much is a breach."""
        return Share(self.true_found, self.true_found + self.false_found)

    @property
    def recall(self) -> Share:
        """Of the breaches that were judged, how many were found."""
        return Share(self.true_found, self.true_found + self.true_missed)

    @property
    def false_rate(self) -> Share:
        """Of the clean texts that were judged, how many were found."""
        return Share(self.false_found, self.false_found + self.clean)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _f1(self.true_found, self.false_found + self.true_missed)

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of both classes; a class that never occurs counts as 0."""
        of_clean = _f1(self.clean, self.false_found + self.true_missed)
        return ((self.f1 or 0.0) + (of_clean or 0.0)) / 2

    def __add__(self, other: Score) -> Score:
        """Both counted together."""
        return Score(
            self.true_found + other.true_found,
            self.true_missed + other.true_missed,
            self.false_found + other.false_found,
            self.clean + other.clean,
            self.not_judged + other.not_judged,
        )


def _f1(right: int, wrong: int) -> float | None:
    return 2 * right / (2 * right + wrong) if right or wrong else None


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """How often a positive text ranks above a negative one, ties counting half; None where one of them is missing."""
    ranks = pd.Series(scores, dtype=float).rank()
    positive = sum(truth)
    pairs = positive * (len(truth) - positive)
    if not pairs:
        return None
    return (float(ranks[list(truth)].sum()) - positive * (positive + 1) / 2) / pairs


def verdicts_on(pack: CompiledPack, posts: Sequence[LabelledPost]) -> Verdicts:
    """What every rule of the pack says of every labelled post, with the invented roster of the pack's cases."""
    bios = [post for post in posts if post.subject == "profile"]
    found = _verdicts_on_posts(pack, [post for post in posts if post.subject == "post"])
    return found | {
        (item.rule.id, bio.id): run_case(pack, item.rule, Case(clean=bio.text)).verdict
        for item in pack.rules
        if item.rule.subject == "profile"
        for bio in bios
    }


def _verdicts_on_posts(pack: CompiledPack, posts: Sequence[LabelledPost]) -> dict[tuple[str, str], bool | None]:
    frame = pd.DataFrame(
        {
            "id": [post.id for post in posts],
            "text": [post.text for post in posts],
            "lang": [post.language for post in posts],
            "space": [post.space or "official" for post in posts],
            "bio": [post.bio for post in posts],
            # Each its own account: rules that look at an account's other posts must not see these as its history.
            "author": [post.id for post in posts],
        }
    )
    judged = judge(table_posts(frame, pack.pack), no_profiles(), pack, {"table": case_context(pack.pack)}).verdicts
    keys = zip(judged["rule_id"], judged["subject_id"], strict=True)
    return {key: None if pd.isna(breach) else bool(breach) for key, breach in zip(keys, judged["breach"], strict=True)}


def family_score(verdicts: Verdicts, rules: Iterable[str], posts: Iterable[LabelledPost], family: str) -> Score:
    """How a family's rules together do: a text counts as found where one of them fires.

    Posts of other families count as clean only where they are near-misses or ordinary: a breach of another family may
    well be one of this, and nobody has labelled whether it is.
    """
    own = list(rules)
    total = Score()
    for post in posts:
        if post.is_breach and post.family != family:
            continue
        answers = [verdicts[key] for rule in own if (key := (rule, post.id)) in verdicts]
        total += _outcome(answers, is_breach=post.is_breach)
    return total


def rule_score(verdicts: Verdicts, rule: Rule, posts: Iterable[LabelledPost]) -> Score:
    """How one rule does on the breaches and near-misses of its families, and on all near-misses and ordinary posts.

    A breach of its family that the rule leaves to a sister rule is no miss of this rule, so recall is the family's.
    """
    total = Score()
    for post in posts:
        if post.is_breach and rule.id not in post.rules:
            continue
        key = (rule.id, post.id)
        total += _outcome([verdicts[key]] if key in verdicts else [], is_breach=post.is_breach)
    return total


def _outcome(answers: Sequence[bool | None], *, is_breach: bool) -> Score:
    if not answers:
        return Score()
    if any(answers):
        return Score(true_found=1) if is_breach else Score(false_found=1)
    if all(answer is None for answer in answers):
        return Score(not_judged=1)
    return Score(true_missed=1) if is_breach else Score(clean=1)
