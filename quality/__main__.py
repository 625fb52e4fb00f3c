"""`python -m quality`: measure every pack and write docs/quality.md and policies/<pack>/quality.yml.

CHAPTERWATCH_DATA names the folder of public sets; without it only the project's own posts are measured and the figures
of public sets are kept out of the page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import yaml

from chapterwatch.model import Lane
from chapterwatch.policy import load_pack, packs_available
from chapterwatch.shares import Share
from checks.engine import CompiledPack, compile_pack, judge_table
from checks.scores import SURE
from quality.functional import functional_results, ordinary_scores
from quality.measure import Score, Verdicts, family_score, rule_score, verdicts_on
from quality.own import LabelledPost, institutions, own_posts
from quality.page import Measured, page
from quality.public import LabelledSet, available, read_set
from quality.spans import toxic_spans

ROOT = Path(__file__).resolve().parent.parent
#: Texts read of one public set: enough for a false finding in a thousand, quick enough to be run often.
MOST = 12_000
#: Checks whose findings hang on other posts or revisions; single texts cannot measure them.
_FAMILIES_OFF = frozenset({"ordinary"})


def main() -> None:
    """Measure and write both."""
    posts = own_posts()
    home = os.environ.get("CHAPTERWATCH_DATA")
    sets = [read_set(Path(home), name) for name in available(Path(home))] if home else []
    packs = [compile_pack(load_pack(name)) for name in packs_available()]
    measured = replace(_measure(packs, posts, sets), spans=toxic_spans(Path(home)) if home else None)
    (ROOT / "docs" / "quality.md").write_text(page(measured), encoding="utf-8")
    for pack in packs:
        _write_precision(pack, measured)
    _say(f"docs/quality.md: {len(posts)} posts, {len(sets)} public sets")


def _measure(packs: Sequence[CompiledPack], posts: list[LabelledPost], sets: list[LabelledSet]) -> Measured:
    own: dict[tuple[str, str, str, str], Score] = {}
    rules: dict[tuple[str, str], Score] = {}
    public: dict[tuple[str, str, str], Score] = {}
    ordinary: dict[tuple[str, str, str], Share] = {}
    whole: dict[tuple[str, str, str], Share] = {}
    # What a report prints of a rule must not come from posts somebody may have looked at while writing it.
    tests = [post for post in posts if post.is_test]
    for pack in packs:
        name = pack.pack.id
        _say(f"{name}: the project's own posts")
        verdicts = verdicts_on(pack, posts)
        own |= {(name, *key): score for key, score in _own_scores(pack, verdicts, posts)}
        rules |= {(name, rule): score for rule, score in _rule_scores(pack, verdicts, tests)}
        whole |= {(name, *key): value for key, value in _whole(pack, posts, sets)}
    # Set by set: what the models said of a text for one pack is still known when the next one asks.
    for item, pack in product(sets, packs):
        name = pack.pack.id
        _say(f"{name}: {item.name}")
        found = _found(pack, item, posts)
        public |= {(name, item.name, family): score for family, score in _public_scores(item, found)}
        ordinary |= {(name, item.name, family): value for family, value in _ordinary_shares(item, found)}
    about = {item.name: (item.about, len(item.texts[:MOST])) for item in sets}
    # The first pack speaks for all: the rules on abuse and personal details are those of every pack.
    functional = functional_results(packs[0], tell=_say)
    functional.ordinary.update(ordinary_scores(packs[0], sets))
    return Measured(own, rules, public, ordinary, about, len(posts), len(tests), functional, whole)


def _families(pack: CompiledPack, posts: Iterable[LabelledPost]) -> dict[str, tuple[str, ...]]:
    """Family -> the pack's rules of it, for the families the pack has rules for."""
    rules = {post.family: tuple(rule for rule in post.rules if rule in pack.pack.rules) for post in posts}
    return {family: own for family, own in rules.items() if own and family not in _FAMILIES_OFF}


def _own_scores(
    pack: CompiledPack, verdicts: Verdicts, posts: list[LabelledPost]
) -> Iterator[tuple[tuple[str, str, str], Score]]:
    for family, rules in _families(pack, posts).items():
        for is_test, split in ((False, "development"), (True, "test")):
            of_split = [post for post in posts if post.is_test is is_test]
            for language in sorted({post.language for post in of_split}):
                chosen = [post for post in of_split if post.language == language]
                yield (family, split, language), family_score(verdicts, rules, chosen, family)


def _rule_scores(pack: CompiledPack, verdicts: Verdicts, posts: list[LabelledPost]) -> Iterator[tuple[str, Score]]:
    labelled = {rule for post in posts for rule in post.rules}
    for rule in pack.pack.rules.values():
        if rule.id in labelled:
            yield rule.id, rule_score(verdicts, rule, posts)


def _found(pack: CompiledPack, item: LabelledSet, posts: list[LabelledPost]) -> dict[str, set[int]]:
    """Family -> the numbers of the texts in which one of its rules fires."""
    families = _families(pack, posts)
    texts = item.texts[:MOST]
    frame = pd.DataFrame({"id": [str(number) for number in range(len(texts))], "text": texts, "lang": "en"})
    rules = [rule for own in families.values() for rule in own if pack.pack.rules[rule].subject == "post"]
    findings, _ = judge_table(frame, pack, sorted(set(rules)))
    by_rule: dict[str, set[int]] = {}
    for rule, number in zip(findings["rule"], findings["id"], strict=True):
        by_rule.setdefault(rule, set()).add(int(number))
    return {family: {n for rule in own for n in by_rule.get(rule, ())} for family, own in families.items()}


def _public_scores(item: LabelledSet, found: dict[str, set[int]]) -> Iterator[tuple[str, Score]]:
    for family, truth in item.truth.items():
        if family not in found:
            continue
        hits, labels = found[family], truth[:MOST]
        wanted = {number for number, is_breach in enumerate(labels) if is_breach}
        yield (
            family,
            Score(
                true_found=len(hits & wanted),
                true_missed=len(wanted - hits),
                false_found=len(hits - wanted),
                clean=len(labels) - len(hits | wanted),
            ),
        )


def _whole(
    pack: CompiledPack, posts: Iterable[LabelledPost], sets: Iterable[LabelledSet]
) -> Iterator[tuple[tuple[str, str], Share]]:
    """(set, which rules) -> clean official posts in which any rule of the whole pack is sure of a finding.

    Hints ask and are never sure, so they are left out. Politicians' posts are on heated topics by trade, so they are
    also counted without the rules on these.
    """
    yield ("ordinary posts of chapters", "all"), _sure(pack, [post.text for post in posts if _is_ordinary(post)])
    yield ("posts of institutions", "all"), _sure(pack, institutions())
    for item in sets:
        if "heated_topic" in item.truth:
            neutral = [text for text, heated in zip(item.texts, item.truth["heated_topic"], strict=True) if not heated]
            yield (f"{item.name}, neutral", "all"), _sure(pack, neutral)
            yield (f"{item.name}, neutral", "without heated topics"), _sure(pack, neutral, ("topics",))


def _is_ordinary(post: LabelledPost) -> bool:
    return post.family == "ordinary" and post.subject == "post"


def _sure(pack: CompiledPack, texts: Sequence[str], but: Sequence[str] = ()) -> Share:
    """The texts with a finding that passes the point `violation`, by the rules of all checks but some."""
    rules = [rule for rule in pack.pack.rules.values() if rule.check not in ("scored", *but)]
    chosen = [rule.id for rule in rules if rule.lane is not Lane.CREDIT]
    numbers = [str(number) for number in range(len(texts))]
    # Each its own account, as in `verdicts_on`.
    findings, _ = judge_table(pd.DataFrame({"id": numbers, "text": texts, "author": numbers}), pack, chosen)
    return Share(int(findings.loc[findings["confidence"] >= SURE, "id"].nunique()) if len(findings) else 0, len(texts))


def _ordinary_shares(item: LabelledSet, found: dict[str, set[int]]) -> Iterator[tuple[str, Share]]:
    if item.is_ordinary:
        for family, hits in found.items():
            yield family, Share(len(hits), len(item.texts[:MOST]))


def _write_precision(pack: CompiledPack, measured: Measured) -> None:
    """What the reports print beside a rule: counts only, so that nobody has to trust a rounded figure."""
    lines = {
        rule: {
            "version": pack.pack.rules[rule].version,
            "right": score.precision.hits,
            "found": score.precision.of,
            "false_in_clean": score.false_rate.hits,
            "clean": score.false_rate.of,
        }
        for (name, rule), score in sorted(measured.rules.items())
        if name == pack.pack.id
    }
    text = yaml.safe_dump({"posts": measured.tests, "rules": lines}, sort_keys=False)
    head = "# Written by `make quality`: how often each rule was right on the labelled posts kept for the test.\n"
    (pack.pack.folder / "quality.yml").write_text(head + text, encoding="utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - progress of a script


if __name__ == "__main__":
    main()
