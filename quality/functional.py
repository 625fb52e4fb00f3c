"""How the scores do on the functional tests: what each function shows, and each family's F1 and ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from chapterwatch.shares import Share
from checks.engine import CompiledPack
from checks.scores import FAMILIES, score_table
from quality.functions import SUITES, Functional, families_of, functional_posts
from quality.measure import Score, auc
from quality.public import LabelledSet

#: From this score on a post counts as heard.
HEARD = 0.5
#: Texts of a set of ordinary ones that are scored.
MOST_ORDINARY = 3_000
SPLITS = {False: "development", True: "test"}


@dataclass(frozen=True)
class FamilyResult:
    """One family on one split: the counts at 0.5, and how well the score ranks."""

    score: Score
    auc: float | None


@dataclass(frozen=True)
class FunctionalResults:
    """What the page prints of the functional tests."""

    #: (suite, function, the family that must hear it or "", split) -> posts answered rightly.
    functions: dict[tuple[str, str, str, str], Share] = field(default_factory=dict)
    #: (family, split) -> its result on all posts of its suite.
    families: dict[tuple[str, str], FamilyResult] = field(default_factory=dict)
    #: (set, family) -> ordinary texts in which the family is heard.
    ordinary: dict[tuple[str, str], Share] = field(default_factory=dict)


@dataclass(frozen=True)
class _Answer:
    post: Functional
    #: Family -> score, for the families of the post's suite.
    scores: dict[str, float]

    @property
    def is_right(self) -> bool:
        """Its family hears it; where it is of none, none does."""
        if self.post.family:
            return self.scores[self.post.family] >= HEARD
        return max(self.scores.values()) < HEARD


def functional_results(
    pack: CompiledPack, suites: Iterable[str] = SUITES, tell: Callable[[str], None] = lambda _: None
) -> FunctionalResults:
    """Score every suite with a pack and the contacts it publishes, nothing else being known of who posts."""
    results = FunctionalResults()
    for suite in suites:
        tell(f"functional tests: {suite}")
        answers = _answers(pack, functional_posts(suite))
        for is_test, split in SPLITS.items():
            _count(results, [answer for answer in answers if answer.post.is_test is is_test], split)
    return results


def _answers(pack: CompiledPack, posts: Sequence[Functional]) -> list[_Answer]:
    frame = pd.DataFrame({"id": [str(at) for at in range(len(posts))], "text": [post.text for post in posts]})
    table = score_table(frame.assign(lang="en"), pack)
    columns = {family: table.loc[table["family"] == family, "score"].tolist() for family in families_of(posts)}
    return [_Answer(post, {family: own[at] for family, own in columns.items()}) for at, post in enumerate(posts)]


def _count(results: FunctionalResults, answers: Sequence[_Answer], split: str) -> None:
    rights: dict[tuple[str, str, str, str], list[bool]] = {}
    for answer in answers:
        post = answer.post
        rights.setdefault((post.suite, post.function, post.family or "", split), []).append(answer.is_right)
    results.functions.update({key: Share(sum(right), len(right)) for key, right in rights.items()})
    for family in families_of([answer.post for answer in answers]):
        results.families[family, split] = _result(answers, family)


def _result(answers: Sequence[_Answer], family: str) -> FamilyResult:
    truth = [answer.post.family == family for answer in answers]
    scores = [answer.scores[family] for answer in answers]
    counted = Score.of(zip(truth, [score >= HEARD for score in scores], strict=True))
    return FamilyResult(counted, auc(truth, scores))


def ordinary_scores(pack: CompiledPack, sets: Iterable[LabelledSet]) -> dict[tuple[str, str], Share]:
    """(set, family) -> texts heard, on ordinary public texts, where nearly all of them should be silent."""
    rates: dict[tuple[str, str], Share] = {}
    for item in sets:
        texts = item.texts[:MOST_ORDINARY] if item.is_ordinary else []
        if texts:
            frame = pd.DataFrame({"id": [str(at) for at in range(len(texts))], "text": texts, "lang": "en"})
            table = score_table(frame, pack)
            heard = table.loc[table["score"] >= HEARD, "family"].value_counts().to_dict()
            rates |= {(item.name, family): Share(int(heard.get(family, 0)), len(texts)) for family in FAMILIES}
    return rates
