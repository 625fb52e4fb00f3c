"""LLL-25: heated debates. Does the heat of a thread rise, reply by reply?

A thread is what hangs together by `reply_to`. Its heat is read from words (heated phrases, insults, shouting), in the
order of time; one hot reply is no debate, and a thread that cools down is none any more. The finding stands once, at
the reply at which the thread turned hot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.lexicons import Lexicons
from checks.matters import spoken
from checks.statements import find_association
from checks.text import Text, prepare


class HeatedThread(Params):
    """`names`: the association, which the thread must name; `lexicon`: heated phrases; `insults`: read where there are.

    A thread is hot from the reply on at which at least `min_replies` replies came within `window_hours`, their heat
    adds up to `min_heat`, and the later half is hotter than the earlier one.
    """

    names: tuple[str, ...]
    lexicon: str = "thread_heat"
    insults: str = "insults"
    min_replies: int = Field(default=3, ge=2)
    window_hours: int = Field(default=72, ge=1)
    min_heat: float = Field(default=1.5, gt=0)

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon of heated phrases; insults are read in the languages they exist in."""
        return (self.lexicon,)


@dataclass(frozen=True)
class _Reply:
    at: pd.Timestamp
    id: str
    heat: float
    names_it: bool


_SHOUTED = re.compile(r"(?<![#@\w])[A-Z]{4,}(?!\w)")
_SIGNS = re.compile(r"!{2,}|\?!|!\?")
_MOST = 2.0

Key = tuple[str, str]


@check("heated_thread", params=HeatedThread, across=True)
def heated_thread(batch: Batch, rule: Rule, params: HeatedThread) -> Judgement:
    """Follows the replies of a thread about the association in time, and tells where its heat has risen.

    Heat is read from heated phrases, insults and shouting; quoted words do not count. A reply whose thread was not
    collected is not judged.
    """
    threads = _threads(batch.posts, batch.lexicons, params)

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        thread = threads.get((str(row.platform), str(row.subject_id)), ())
        if len(thread) < params.min_replies:
            return NotJudged("thread_not_seen") if len(thread) <= 1 else []
        own = next((at for at, reply in enumerate(thread) if reply.id == row.subject_id), None)
        if own is None or _turn(thread, params) != own:
            return []
        text, heat = row.text, _hottest(row.text, batch.lexicons, params)
        hours = (thread[own].at - thread[0].at).total_seconds() / 3600
        reason = f"reply {own + 1} in {spoken(hours)}, and the tone has grown more heated"
        return [row.evidence(*(heat or (0, len(text.plain))), reason, 0.5)]

    return judge_each(batch, rule, find)


def _turn(thread: Sequence[_Reply], params: HeatedThread) -> int | None:
    """The position of the first reply at which the thread is hot."""
    return next((at for at in range(len(thread)) if _is_hot(thread[: at + 1], params)), None)


def _is_hot(replies: Sequence[_Reply], params: HeatedThread) -> bool:
    last = replies[-1]
    recent = [item for item in replies if last.at - item.at <= pd.Timedelta(hours=params.window_hours)]
    heats = [item.heat for item in recent]
    if len(recent) < params.min_replies or not last.heat or sum(heats) < params.min_heat:
        return False
    middle = len(heats) // 2
    rising = _mean(heats[middle:]) > _mean(heats[:middle])
    return rising and any(item.names_it for item in replies)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# --- threads ----------------------------------------------------------------------------------------------------------


def _threads(posts: pd.DataFrame, lexicons: Lexicons, params: HeatedThread) -> dict[Key, tuple[_Reply, ...]]:
    """For every post that hangs together with another, its thread in the order of time."""
    if not posts["reply_to"].notna().any():
        return {}
    current = posts[posts["is_current"].astype(bool) & posts["text"].notna()]
    ids = [
        (str(platform), str(native))
        for platform, native in zip(current["platform"], current["subject_id"], strict=True)
    ]
    parents = [
        (key[0], str(parent)) if isinstance(parent, str) and parent else None
        for key, parent in zip(ids, current["reply_to"], strict=True)
    ]
    roots = _roots({key: parent for key, parent in zip(ids, parents, strict=True) if parent is not None})
    members: dict[Key, dict[Key, _Reply]] = {}
    for key, at, text in zip(ids, current["created_at"], current["text"], strict=True):
        if key in roots:
            members.setdefault(roots[key], {})[key] = _reply(
                key[1], pd.Timestamp(at), prepare(str(text)), lexicons, params
            )
    return {
        key: tuple(sorted(thread.values(), key=lambda reply: (reply.at, reply.id)))
        for thread in members.values()
        for key in thread
    }


def _roots(parents: Mapping[Key, Key]) -> dict[Key, Key]:
    """Where each post's chain of parents begins. A parent that was not collected still holds its replies together."""
    roots: dict[Key, Key] = {}
    for key in parents:
        at, path = key, [key]
        while at in parents and parents[at] not in path:
            at = parents[at]
            path.append(at)
        roots |= dict.fromkeys(path, at)
    return roots


def _reply(native_id: str, at: pd.Timestamp, text: Text, lexicons: Lexicons, params: HeatedThread) -> _Reply:
    heat = sum(weight for _, _, weight in _heats(text, lexicons, params))
    shouting = 0.5 * (len(_SHOUTED.findall(text.raw)) > 1) + 0.25 * bool(_SIGNS.search(text.raw)) if heat else 0.0
    return _Reply(at, native_id, min(_MOST, heat + shouting), bool(find_association(text, params.names)))


def _hottest(text: Text, lexicons: Lexicons, params: HeatedThread) -> tuple[int, int] | None:
    found = max(_heats(text, lexicons, params), key=lambda item: item[2], default=None)
    return found[:2] if found else None


def _heats(text: Text, lexicons: Lexicons, params: HeatedThread) -> list[tuple[int, int, float]]:
    """Heated words with their weight. A thread may change its language, so every language is read."""
    return [
        (hit.start, hit.end, hit.weight)
        for (name, _), hits in sorted(lexicons.scan(text).items())
        if name in (params.lexicon, params.insults)
        for hit in hits
        if not text.is_reported(hit.start, hit.end)
    ]
