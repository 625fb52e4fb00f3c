"""How like a breach posts are that no rule found anything in, for a person who reads the likeliest of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from chapterwatch.policy import Pack, Rule
from checks.engine import judge_table

COLUMNS = ("id", "family", "score")


def most_alike(frame: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Posts that reach the lower decision point of a family the pack's hints ask about.

    Everything that keeps a hint from asking is left out (who must be named, which words must occur, what other rules
    found), but what it spares stays spared: counter-speech, one's own story, denials.

    Args:
        frame: as for `judge_table`.
        pack: the policy; without hints nothing is like anything.

    Returns:
        Columns `id`, `family` (of `checks.scored.FAMILIES`) and `score` (0..1, how sure the hint would be), a row for
        each post and family, the likeliest of a family first.
    """
    rules = {rule.id: rule for rule in _open_hints(pack)}
    if not rules or frame.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    found, _ = judge_table(frame, replace(pack, rules=rules))
    alike = pd.DataFrame(
        {
            "id": found["id"],
            "family": found["rule"].map({rule.id: str(rule.params["family"]) for rule in rules.values()}),
            "score": found["confidence"],
        }
    )
    return alike.sort_values(["family", "score", "id"], ascending=[True, False, True], ignore_index=True)


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
    return {name: value for name, value in params.items() if name not in _GATES} | {"point": "review"}
