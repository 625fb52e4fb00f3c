"""Posts whose neighbours' texts were erased by age: what nobody can tell about them any more.

Some rules hold a post against others: who announced it first, how a thread went on, whether a correction followed. With
half of that erased they would find what was never so, and withdraw what was. So beside erased texts such a rule makes
no new finding, which is counted as not judged, and withdraws none that stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from chapterwatch.archive import Archive, Outlived
from chapterwatch.model import Account, Finding, finding_key
from chapterwatch.policy import Pack
from chapterwatch.registry import Registry
from checks.engine import Judged

#: Checks that hold a post, or a profile, against other posts.
RESTS_ON_OTHERS = frozenset(
    {"early_announcement", "heated_thread", "marked_change", "regular_disclaimer", "silent_edit"}
)
#: How far these look, at most.
REACH = timedelta(days=90)
NOT_JUDGED = "texts_erased"

_SUBJECT = ["rule_id", "subject_kind", "account_key", "subject_id", "revision"]
_OF_A_KEY = ("rule_id", "subject_kind", "account_key", "subject_id", "field", "excerpt")


class Neighbourhood:
    """What was erased around the posts of some accounts, and the findings known before."""

    def __init__(self, outlived: Sequence[Outlived], posts: pd.DataFrame, pack: Pack, known: Sequence[Finding]) -> None:
        self._times = sorted(pd.Timestamp(item.created_at) for item in outlived)
        self._rules = {rule.id for rule in pack.rules.values() if rule.check in RESTS_ON_OTHERS}
        self._posts = posts
        self._known = {item.key for item in known}
        self.untouched = frozenset(item.key for item in known if self._stays(item))

    def without_guesses(self, judged: Judged) -> Judged:
        """The answers without findings nobody knew before the texts beside them went: these are not judged."""
        pieces = judged.evidence
        asked = pieces[pieces["rule_id"].isin(self._rules)] if self._times else pieces[:0]
        told = zip(asked.index, asked.to_dict("records"), strict=True)
        guessed = [label for label, piece in told if self._is_guess(piece)]
        if not guessed:
            return judged
        left = pieces.drop(index=guessed)
        proved = set(left[_SUBJECT].itertuples(index=False, name=None))
        doubted = set(pieces.loc[guessed, _SUBJECT].itertuples(index=False, name=None)) - proved
        verdicts = judged.verdicts.copy()
        unsure = [row in doubted for row in verdicts[_SUBJECT].itertuples(index=False, name=None)]
        verdicts.loc[unsure, "breach"] = pd.NA
        verdicts.loc[unsure, "not_judged"] = NOT_JUDGED
        return Judged(verdicts, left.reset_index(drop=True))

    def _is_guess(self, piece: Mapping[Hashable, object]) -> bool:
        rule, kind, account, subject, field, words = (str(piece[name]) for name in _OF_A_KEY)
        if finding_key(rule, account, kind, subject, field, words) in self._known:
            return False
        if kind == "profile":
            return self._is_near(self._last_post(account))
        return self._is_near(self._stood(account, subject, int(str(piece["revision"])))[0])

    def _stays(self, finding: Finding) -> bool:
        """Whether a finding stays if it is not made again: its rule looks at texts that went, and its own stands."""
        if finding.rule_id not in self._rules:
            return False
        if finding.subject_kind == "profile":
            return self._is_near(self._last_post(finding.account_key))
        since, until = self._stood(finding.account_key, finding.subject_id, finding.revision)
        return self._is_near(since) and (finding.closed_at is not None or bool(pd.isna(until)))

    def _stood(self, account_key: str, subject_id: str, revision: int) -> tuple[Any, Any]:
        """From when until when a revision stood; NaT where it is not there, and for an end that has not come."""
        posts = self._posts
        own = (posts["account_key"] == account_key) & (posts["subject_id"] == subject_id)
        found = posts[own & (posts["revision"] == revision)]
        return (found["valid_from"].iloc[0], found["valid_until"].iloc[0]) if len(found) else (pd.NaT, pd.NaT)

    def _last_post(self, account_key: str) -> pd.Timestamp:
        moment: pd.Timestamp = self._posts.loc[self._posts["account_key"] == account_key, "created_at"].max()
        return moment

    def _is_near(self, moment: pd.Timestamp) -> bool:
        """Whether a text within the rules' reach of a moment was erased."""
        if pd.isna(moment):
            return False
        place = bisect_left(self._times, moment - REACH)
        return place < len(self._times) and self._times[place] <= moment + REACH


def neighbourhood_of(
    archive: Archive, registry: Registry, accounts: Sequence[Account], posts: pd.DataFrame, pack: Pack
) -> Neighbourhood:
    """What was erased by age around the posts of some accounts: among theirs, and in their association's channels."""
    wanted = {account.association for account in accounts}
    channels = {one.key for one in registry.accounts if one.headquarters and one.association in wanted}
    outlived = archive.outlived(sorted(channels | {account.key for account in accounts}))
    known = (
        [finding for account in accounts for finding in archive.findings(account_key=account.key)] if outlived else []
    )
    return Neighbourhood(outlived, posts, pack, known)
