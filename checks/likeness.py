"""How like a breach posts are that no rule found anything in, for a person who reads the likeliest of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from chapterwatch.policy import Pack, Rule
from checks.classifier import BUILT_IN, Screening, classifier
from checks.engine import CompiledPack, compile_pack, judge_table
from checks.language import language_of
from checks.text import prepare

COLUMNS = ("id", "family", "score")

#: Posts of a family that are read thoroughly, the likeliest to a quick reader: as many in a month of a hundred posts as
#: in one of a hundred thousand.
MOST = 100
#: Posts the quick reader has at a time: it needs some kilobytes for each.
PART = 5_000


def most_alike(frame: pd.DataFrame, pack: Pack, most: int = MOST) -> pd.DataFrame:
    """Posts that reach the lower decision point of a family the pack's hints ask about.

    Everything that keeps a hint from asking is left out (who must be named, which words must occur, what other rules
    found), but what it spares stays spared: counter-speech, one's own story, denials.

    Args:
        frame: as for `judge_table`.
        pack: the policy; without hints nothing is like anything.
        most: posts of a family that are looked at closely, where a classifier has a quick reader that ranks them.

    Returns:
        Columns `id`, `family` (of `checks.scored.FAMILIES`) and `score` (0..1, how sure the hint would be), a row for
        each post and family, the likeliest of a family first.
    """
    hints = compile_pack(replace(pack, rules={rule.id: rule for rule in _open_hints(pack)}))
    posts = _Ranked(frame, hints)
    found = [_of_hint(item.rule, posts.foremost(item.rule, most), hints) for item in hints.rules] if len(frame) else []
    alike = pd.concat(found) if found else pd.DataFrame(columns=list(COLUMNS))
    return alike.sort_values(["family", "score", "id"], ascending=[True, False, True], ignore_index=True)


def _of_hint(hint: Rule, posts: pd.DataFrame, hints: CompiledPack) -> pd.DataFrame:
    found, _ = judge_table(posts, hints, [hint.id])
    return pd.DataFrame({"id": found["id"], "family": hint.params["family"], "score": found["confidence"]})


class _Ranked:
    """Posts in the order in which a quick reader would have them read."""

    def __init__(self, frame: pd.DataFrame, hints: CompiledPack) -> None:
        self._frame, self._hints = frame, hints
        self._texts: list[str] = frame["text"].tolist()
        self._said = frame["lang"].tolist() if "lang" in frame.columns else [None] * len(frame)
        self._languages: dict[int, str] = {}
        self._ranks: dict[str, pd.DataFrame] = {}

    def foremost(self, hint: Rule, most: int) -> pd.DataFrame:
        """Those a hint looks at, in its languages: the first so many; all where its classifier has no quick reader."""
        scorer = classifier(str(hint.params.get("classifier", BUILT_IN)))
        if not isinstance(scorer, Screening):
            return self._frame
        order = np.argsort(-self._decided(scorer)[str(hint.params["family"])].to_numpy(), kind="stable").tolist()
        read = (at for at in order if not hint.scope.languages or self._language(at) in hint.scope.languages)
        return self._frame.iloc[list(islice(read, most))]

    def _decided(self, scorer: Screening) -> pd.DataFrame:
        """What the quick reader decides of every post, for all its families."""
        name = scorer.about.name
        if name not in self._ranks:
            parts = [self._texts[start : start + PART] for start in range(0, len(self._texts), PART)]
            self._ranks[name] = pd.concat([scorer.quick(part, scorer.families) for part in parts], ignore_index=True)
        return self._ranks[name]

    def _language(self, at: int) -> str:
        if at not in self._languages:
            text, said, known = prepare(self._texts[at]), self._said[at], self._hints.lexicons.known_words
            self._languages[at] = language_of(text, said=said, fallback=self._hints.pack.language, known=known)
        return self._languages[at]


def _open_hints(pack: Pack) -> list[Rule]:
    """One rule for each family of the pack's hints, with every gate open."""
    hints = dict[str, Rule]()
    for rule in pack.rules.values():
        if rule.check == "scored":
            hints.setdefault(str(rule.params["family"]), rule)
    return [rule.model_copy(update={"params": _opened(rule.params)}) for rule in hints.values()]


#: What keeps a hint from asking about a post that is like what it asks for.
_GATES = {"aim", "needs", "after", "after_params", "unless"}


def _opened(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in _GATES} | {"point": "review", "shows": "post"}
