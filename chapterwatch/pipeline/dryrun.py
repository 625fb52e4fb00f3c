"""A changed policy pack, tried on what the archive holds: which findings would appear, and which would vanish.

Both packs judge the same posts, the newest ones up to a bound, and nothing is kept. Where only some rules changed only
those are asked, so a try costs what the change costs.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from chapterwatch.archive import Archive
from chapterwatch.errors import UserError
from chapterwatch.model import Account, Finding, Lane
from chapterwatch.pipeline.audit import FINDS_MARKS, contexts_of, findings_among
from chapterwatch.policy import Pack, Rule, load_pack
from chapterwatch.registry import Registry

#: Posts a try reads, the newest ones.
NEWEST = 5000
#: Findings shown of those that would appear, and of those that would vanish.
SAMPLE = 20


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a changed pack would change. Findings by rule id are counted without credits."""

    pack: str
    version: str
    draft_version: str
    #: Posts both packs judged, and whether older ones were left out.
    posts: int
    bounded: bool
    accounts: int
    #: Rules that were added, changed or dropped; every rule where lexicons or pictures changed.
    rules: tuple[str, ...]
    appear: Mapping[str, int]
    vanish: Mapping[str, int]
    #: A seeded sample of each.
    appearing: tuple[Finding, ...]
    vanishing: tuple[Finding, ...]
    seed: int


def load_draft(folder: Path, policies: Path) -> Pack:
    """A pack from any folder; what packs share is taken from beside it, else from the packs in use.

    Raises:
        UserError: there is no pack in the folder.
        InvalidFiles: with every problem of the pack.
    """
    if not (folder / "policy.yml").is_file():
        raise UserError(f"there is no policy.yml in {folder}; name the folder of a pack")
    beside = folder.parent / "shared"
    return load_pack(folder.name, folder.parent, beside if beside.is_dir() else policies / "shared")


def trial(
    archive: Archive,
    registry: Registry,
    current: Pack,
    draft: Pack,
    *,
    newest: int = NEWEST,
    seed: int = 0,
    chapters: Collection[str] | None = None,
) -> Trial:
    """Judge the newest posts of the pack's accounts with the pack in use and with its draft, and compare."""
    accounts = _accounts(registry, draft.id, chapters)
    changed = changed_rules(current, draft)
    keys = [account.key for account in accounts]
    every, profiles = archive.posts_frame(keys), archive.profiles_frame(keys)
    posts = _newest(every, newest)
    wanted = {account.association for account in accounts}
    contexts = {
        key: value for item in registry.associations if item.id in wanted for key, value in contexts_of(item).items()
    }
    before, after = (
        _by_key(findings_among(posts, profiles, _only(pack, changed), contexts), changed) for pack in (current, draft)
    )
    new = [finding for key, finding in after.items() if key not in before]
    gone = [finding for key, finding in before.items() if key not in after]
    return Trial(
        pack=draft.id,
        version=current.version,
        draft_version=draft.version,
        posts=_subjects(posts),
        bounded=_subjects(every) > newest,
        accounts=len(accounts),
        rules=tuple(sorted(changed)),
        appear=_counted(new),
        vanish=_counted(gone),
        appearing=_sample(new, seed),
        vanishing=_sample(gone, seed),
        seed=seed,
    )


def changed_rules(current: Pack, draft: Pack) -> frozenset[str]:
    """Ids of the rules that may judge otherwise: added, changed, dropped; all where what they share changed."""
    shared = (current.lexicons, current.pictures, current.affiliation)
    if shared != (draft.lexicons, draft.pictures, draft.affiliation):
        return frozenset({*current.rules, *draft.rules})
    ids = {*current.rules, *draft.rules}
    return frozenset(name for name in ids if _judging(current.rules.get(name)) != _judging(draft.rules.get(name)))


def _judging(rule: Rule | None) -> Rule | None:
    """A rule without what only its readers and tests see."""
    if rule is None:
        return None
    told = {"title": "", "why": "", "remedy": "", "false_positives": "", "cases": (), "shared_cases": (), "version": 1}
    return rule.model_copy(update=told)


def _only(pack: Pack, changed: Collection[str]) -> Pack:
    # What marks a change openly decides whether a silent edit is mended, so it is always asked.
    kept = {key: rule for key, rule in pack.rules.items() if key in changed or rule.check in FINDS_MARKS}
    return replace(pack, rules=kept)


def _accounts(registry: Registry, pack: str, chapters: Collection[str] | None) -> list[Account]:
    return [item for item in registry.accounts if item.pack == pack and (chapters is None or item.chapter in chapters)]


def _newest(posts: pd.DataFrame, count: int) -> pd.DataFrame:
    """Every revision of the `count` newest posts."""
    columns = ["account_key", "subject_id"]
    last = posts.drop_duplicates(columns).nlargest(count, "created_at")[columns]
    return posts.merge(last, on=columns, how="inner").reset_index(drop=True)


def _subjects(posts: pd.DataFrame) -> int:
    return len(posts.drop_duplicates(["account_key", "subject_id"]))


def _by_key(findings: Sequence[Finding], changed: Collection[str]) -> dict[str, Finding]:
    return {item.key: item for item in findings if item.lane is not Lane.CREDIT and item.rule_id in changed}


def _counted(findings: Sequence[Finding]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for finding in sorted(findings, key=lambda item: item.rule_id):
        counted[finding.rule_id] = counted.get(finding.rule_id, 0) + 1
    return counted


def _sample(findings: Sequence[Finding], seed: int) -> tuple[Finding, ...]:
    ordered = sorted(findings, key=lambda item: item.key)
    # Drawn by a seed so that two people look at the same ones; nothing secret hangs on it.
    drawn = random.Random(seed).sample(ordered, min(SAMPLE, len(ordered)))  # noqa: S311
    return tuple(sorted(drawn, key=lambda item: (item.rule_id, item.key)))
