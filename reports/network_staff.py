"""What people add to the rules: random samples they read, which tell what is missed, and their own acts by role.

A sample of a month is drawn after its reports, so a roll-up tells of the newest one before that people have read. The
share missed never stands without its interval: forty posts without a miss still leave room for nine in a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from chapterwatch.sampling import Estimate
from reports.network_facts import MonthSample, RollupInputs, Watched
from reports.text import clean_line
from reports.words import Words

#: Days in which a sample is to be read, counted from the day it was drawn.
SAMPLE_DAYS = 30
#: What is counted of the log of acts, kind by kind; everything else stands under the last.
KINDS = ("decide", "show", "reply_outcome", "resend", "sample", "adhoc_audit")
OTHER = "other"
ROLES_LIMIT = 6


def missed_of(inputs: RollupInputs, words: Words) -> tuple[str, ...]:
    """What the rules miss, in sentences: the newest sample that was read, the year's together, those that wait."""
    return tuple(_missed(inputs, words))


def _missed(inputs: RollupInputs, words: Words) -> Iterator[str]:
    answered = [sample for sample in inputs.samples if sample.answered]
    if not answered:
        yield words("network.missed.none")
    else:
        yield _newest(answered[-1], words)
    if inputs.pooled:
        yield _pooled(inputs.pooled, sum(sample.estimate.read > 0 for sample in inputs.samples), words)
    waiting = [sample for sample in inputs.samples if not sample.answered]
    if waiting:
        months = words.both([words.month(sample.period) for sample in waiting])
        posts = sum(sample.estimate.drawn for sample in waiting)
        yield words("network.missed.waiting", n=posts, months=months)


def _newest(sample: MonthSample, words: Words) -> str:
    found, month = sample.estimate, words.month(sample.period)
    said = [words("network.missed.read", n=sample.answered, drawn=found.drawn, of=sample.of, month=month)]
    if found.unsure:
        said.append(words("network.missed.unsure", n=found.unsure))
    if found.interval:
        low, high = _bounds(found.interval, words)
        said.append(words("network.missed.found", n=found.missed))
        said.append(words("network.missed.share", n=found.posts, low=low, high=high))
    return " ".join(said)


def _pooled(found: Estimate, months: int, words: Words) -> str:
    low, high = _bounds(found.interval or (0.0, 1.0), words)
    return words("network.missed.pooled", n=found.missed, read=found.read, months=months, low=low, high=high)


def _bounds(interval: tuple[float, float], words: Words) -> tuple[str, str]:
    """Both bounds in per cent, with a digit after the point below ten: "0.1" and "12"."""
    low, high = (_per_cent(100 * bound, words) for bound in interval)
    return low, high


def _per_cent(value: float, words: Words) -> str:
    return words.decimal(value) if 0.05 <= value < 9.95 else words.number(round(value))  # noqa: PLR2004 - as rounded


def late_samples(samples: Sequence[MonthSample], today: date) -> list[MonthSample]:
    """Samples nobody has begun to read within their days, oldest first. Posts gone since may leave one unfinished."""
    return [sample for sample in samples if not sample.answered and due_of(sample) <= today]


def due_of(sample: MonthSample) -> date:
    """By when a sample should be read."""
    return sample.drawn_on + timedelta(days=SAMPLE_DAYS)


# --- acts -----------------------------------------------------------------------------------------------------------


def watched_of(acts: Mapping[tuple[str, str], int], words: Words) -> Watched:
    """The month's acts as a table of roles by kinds, the busiest roles first, the least busy together."""
    by_role: dict[str, Counter[str]] = {}
    for (role, kind), count in acts.items():
        name = clean_line(role, 40) or words("network.watched.no_role")
        by_role.setdefault(name, Counter())[kind if kind in KINDS else OTHER] += count
    ranked = sorted(by_role, key=lambda role: (-by_role[role].total(), role))
    shown = [(role, by_role[role]) for role in ranked[:ROLES_LIMIT]]
    if len(ranked) > ROLES_LIMIT:
        rest = sum((by_role[role] for role in ranked[ROLES_LIMIT:]), Counter[str]())
        shown.append((words("network.watched.others"), rest))
    kinds = (*KINDS, OTHER)
    return Watched(
        kinds=tuple(words(f"network.watched.{kind}") for kind in kinds),
        lines=tuple((role, tuple(counts[kind] for kind in kinds)) for role, counts in shown),
    )
