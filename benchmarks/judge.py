# ruff: noqa: INP001, SIM905 - a script, not part of a package; words read better as a sentence
"""How fast posts are judged, beside the least anybody would do: looking for the same words with `str.contains`.

Run `python benchmarks/judge.py [rows]`. The posts are made up from a fixed seed, about 200 characters each; some carry
an emoji, a link, a handle, a hashtag or a word of a lexicon. Everything runs in one process on one core, and time is
CPU time. Only the ratios of one run mean something on another machine.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable

import pandas as pd

from chapterwatch.policy import Pack, load_pack
from checks import text
from checks.engine import compile_pack, judge_table

WORDS = (
    "we our chapter members meeting luncheon monday thanks volunteers speaker program register today great learning "
    "together conference leaders office managers share story support mothers babies nursing group welcome join evening "
    "question answer coffee library please remember bring friends happy proud celebrate success community local"
).split()
EXTRAS = (
    "\U0001f600",
    "https://chapter.example/events",
    "@lakeside",
    "#ChapterLife",
    "“thank you”",
    "7 pm",
    "(ext. 4)",
)
LENGTH = 200
#: One post in this many carries a word of a lexicon.
RARE = 25
#: `str.contains` is shown this many posts; the rest would take as long again, and again.
SOME = 1_000


def main(rows: int = 10_000) -> None:
    """Print posts per CPU-second and ratios for both packs."""
    results = []
    for name in ("ala", "lll"):
        pack = load_pack(name)
        frame = posts(rows, pack)
        judge_table(frame.head(50), pack)  # models and tables are loaded once per process
        ours = _cpu_seconds(lambda pack=pack, frame=frame: _judge(frame, pack))
        some = frame.head(SOME)
        naive = _cpu_seconds(lambda pack=pack, some=some: contains(some, pack)) * len(frame) / len(some)
        results.append(
            {
                "pack": name,
                "rules": len(pack.rules),
                "terms": sum(len(lexicon.terms) for lexicon in pack.lexicons.values()),
                "posts": rows,
                "judge: posts/cpu-s": round(rows / ours),
                "str.contains: posts/cpu-s": round(rows / naive),
                "ratio": round(naive / ours, 2),
            }
        )
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(pd.DataFrame(results).to_string(index=False))  # noqa: T201 - this is what the script is for


def posts(rows: int, pack: Pack, seed: int = 7) -> pd.DataFrame:
    """Invented posts as a table with `id` and `text`."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret about it
    terms = sorted({term.term.rstrip("*") for lexicon in pack.lexicons.values() for term in lexicon.terms})
    return pd.DataFrame({"id": [str(at) for at in range(rows)], "text": [_post(dice, terms) for _ in range(rows)]})


def contains(frame: pd.DataFrame, pack: Pack) -> int:
    """Look for each lexicon term in each post, one `str.contains` a term; returns the number of hits."""
    lowered = frame["text"].str.lower()
    terms = {term.term.rstrip("*").lower() for lexicon in pack.lexicons.values() for term in lexicon.terms}
    return sum(int(lowered.str.contains(rf"\b{re.escape(term)}", regex=True).sum()) for term in sorted(terms))


def _post(dice: random.Random, terms: list[str]) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) + len(parts) < LENGTH:
        parts += [*dice.choices(WORDS, k=dice.randint(4, 9)), "."]
        if dice.random() < 1 / 3:
            parts.append(dice.choice(EXTRAS))
    if dice.randrange(RARE) == 0:
        parts.insert(dice.randrange(len(parts)), dice.choice(terms))
    return " ".join(parts).replace(" .", ".")


def _judge(frame: pd.DataFrame, pack: Pack) -> None:
    # What was prepared for an earlier run must be prepared again.
    text.prepare.cache_clear()
    judge_table(frame, compile_pack(pack))


def _cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
