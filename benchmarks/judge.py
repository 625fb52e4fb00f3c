# ruff: noqa: E501, INP001, RUF001, SIM905 - a script, not part of a package; words read better as a sentence
"""How fast posts are judged: with the screen, without it, and beside the least anybody would do (`str.contains`).

Run `python benchmarks/judge.py [rows]`. The posts are made up from a fixed seed, 131 characters in the mean: chapter talk
with a long tail of rare words; 35 % have a hashtag, 25 % a handle, 25 % a link, 30 % an emoji, 20 % a time or a date,
a tenth is in another language, and 4 % carry a term of a lexicon. They stand in a CSV file, which is read as
`chapterwatch judge` reads it; making it is not measured. Everything runs in one process on one core, and time is CPU
time; "rules only" leaves out the statistical hints. Only the ratios of one run mean something on another machine.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pandas as pd

from chapterwatch.model import Lane
from chapterwatch.policy import Pack, load_pack
from checks import language, lexicons, scored, text
from checks.classifier import words
from checks.engine import compile_pack, judge_table
from connectors.plain.importer import read_table

SMALL = (
    "the and to of in for our we you is are on with at this will be your all from that have it a as by was us an about "
    "more so up can they their has who one out what if do new join today thank great see time"
).split()
CHAPTER = (
    "chapter members meeting luncheon monday thanks volunteers speaker program learning together "
    "leaders office managers share story support mothers babies group welcome evening question answer coffee library "
    "remember bring friends happy celebrate community local board annual news "
    "photos team spring summer autumn city hotel morning discussion topic"
).split()
OTHERS = (
    "Gracias a todas por venir a la reunión de ayer, nos vemos el lunes en la biblioteca con café y pan para compartir",
    "Merci à toutes pour votre présence hier soir, nous serons de nouveau là lundi avec du café et des livres pour vous",
    "Danke an alle, die gestern zu unserem Treffen gekommen sind, wir sehen uns am Montag wieder in der Bücherei",
    "Obrigada a todas que vieram à nossa reunião de ontem, esperamos vocês na segunda com café e muito mais na biblioteca",
)
EMOJI = ("\U0001f600", "\u2764\ufe0f", "\U0001f389", "\U0001f469\u200d\U0001f4bb", "\U0001f44d\U0001f3fd")
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi no wa le ka ro mi ter ing ston ville berg son".split()
MEAN = 131
#: Without the screen and by `str.contains` this many posts are judged; more would take as long again, and again.
SOME, FEW = 1_000, 100
#: As many rows as the command line judges at once.
PART = 5_000


def main(rows: int = 10_000, times: int = 5) -> None:
    """Print posts per CPU-second and ratios for both packs."""
    results = [measured(load_pack(name), rows, times) for name in ("ala", "lll")]
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(pd.DataFrame(results).to_string(index=False))  # noqa: T201 - this is what the script is for


def measured(pack: Pack, rows: int, times: int) -> dict[str, object]:
    """The speeds of one pack: the best of so many runs."""
    frame = posts(rows, pack)
    some, few = frame.head(SOME), frame.head(FEW)
    judge_table(frame.head(50), pack)  # models and tables are loaded once per process
    with tempfile.TemporaryDirectory() as folder:
        path = written(frame, Path(folder))
        screened = rows / _cpu_seconds(lambda: from_file(path, pack), times)
        by_rules = rows / _cpu_seconds(lambda: from_file(path, pack, rules_of(pack)), times)
    forget(pack)
    unscreened = SOME / _cpu_seconds(lambda: judge(some, pack, screened=False))
    naive = FEW / _cpu_seconds(lambda: contains(few, pack))
    return {
        "pack": pack.id,
        "rules": len(pack.rules),
        "terms": sum(len(lexicon.terms) for lexicon in pack.lexicons.values()),
        "posts": rows,
        "characters": round(frame["text"].str.len().mean()),
        "judge: posts/cpu-s": round(screened),
        "rules only": round(by_rules),
        "without screen": round(unscreened),
        "str.contains": round(naive),
        "screen gains": round(screened / unscreened, 1),
        "over str.contains": round(screened / naive, 1),
    }


def rules_of(pack: Pack) -> list[str]:
    """Those that `chapterwatch judge --rules-only` judges by."""
    return [rule.id for rule in pack.rules.values() if rule.check != "scored" and rule.lane is not Lane.CREDIT]


def posts(rows: int, pack: Pack, seed: int = 7) -> pd.DataFrame:
    """Invented posts as a table with `id` and `text`."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret about it
    terms = sorted({term.term.rstrip("*") for lexicon in pack.lexicons.values() for term in lexicon.terms})
    rare = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(30_000)]
    # Zipf's law: the tenth word comes a tenth as often as the first.
    weights = list(accumulate(1 / (place + 20) for place in range(len(rare))))
    made = [_post(dice, terms, rare, weights) for _ in range(rows)]
    return pd.DataFrame({"id": [str(at) for at in range(rows)], "text": made})


def written(frame: pd.DataFrame, folder: Path) -> Path:
    """The posts as a CSV file."""
    path = folder / "posts.csv"
    frame.to_csv(path, index=False)
    return path


def from_file(path: Path, pack: Pack, rules: list[str] | None = None) -> None:
    """Read and judge posts as the command line does, with nothing remembered."""
    forget(pack)
    table, _ = read_table(path)
    for start in range(0, len(table), PART):
        judge(table.iloc[start : start + PART], pack, rules)


def judge(frame: pd.DataFrame, pack: Pack, rules: list[str] | None = None, *, screened: bool = True) -> None:
    """Judge posts by every rule, or by those named."""
    judge_table(frame, compile_pack(pack), rules, screened=screened)


def forget(pack: Pack) -> None:
    """Forget every word and text of earlier runs."""
    text._PREPARED.clear()  # noqa: SLF001 - nobody else forgets
    text._folded_run.cache_clear()  # noqa: SLF001 - as above
    text._split_words.cache_clear()  # noqa: SLF001 - as above
    words._parts.cache_clear()  # noqa: SLF001 - as above
    language._detect.cache_clear()  # noqa: SLF001 - as above
    lexicons._in_word.cache_clear()  # noqa: SLF001 - as above
    scored._KNOWN.clear()  # noqa: SLF001 - as above
    compile_pack(pack).screen.literals._hidden.clear()  # noqa: SLF001 - as above
    compile_pack(pack).lexicons._seen.clear()  # noqa: SLF001 - as above


def contains(frame: pd.DataFrame, pack: Pack) -> int:
    """Look for each lexicon term in each post, one `str.contains` a term; returns the number of hits."""
    lowered = frame["text"].str.lower()
    terms = {term.term.rstrip("*").lower() for lexicon in pack.lexicons.values() for term in lexicon.terms}
    return sum(int(lowered.str.contains(rf"\b{re.escape(term)}", regex=True).sum()) for term in sorted(terms))


def _post(dice: random.Random, terms: list[str], rare: list[str], weights: list[float]) -> str:
    if dice.random() < 0.1:  # noqa: PLR2004 - as the module says
        return dice.choice(OTHERS) + " " + dice.choice(EMOJI)
    extras = [
        *(["#" + "".join(word.title() for word in dice.choices(CHAPTER, k=2))] if dice.random() < 0.35 else []),  # noqa: PLR2004
        *(["@" + dice.choice(rare) + str(dice.randrange(100))] if dice.random() < 0.25 else []),  # noqa: PLR2004
        *([f"https://{dice.choice(rare)}.example/{dice.randrange(10**6):x}"] if dice.random() < 0.25 else []),  # noqa: PLR2004
        *([dice.choice(EMOJI)] if dice.random() < 0.3 else []),  # noqa: PLR2004
        *([dice.choice(("7 pm", "10:30", "Oct 14", "in 2026"))] if dice.random() < 0.2 else []),  # noqa: PLR2004
        *([dice.choice(terms)] if dice.random() < 0.04 else []),  # noqa: PLR2004
    ]
    length, parts = dice.gauss(MEAN, 35) - sum(map(len, extras)) - len(extras), list[str]()
    while sum(map(len, parts)) + len(parts) < length:
        parts += [*dice.choices(SMALL, k=3), dice.choice(CHAPTER), *dice.choices(rare, cum_weights=weights, k=2)]
        parts[-1] += dice.choice((".", ",", "", "", "!", " –"))
    for extra in extras:
        parts.insert(dice.randrange(len(parts) + 1), extra)
    return " ".join(parts).capitalize() if dice.random() < 0.5 else " ".join(parts)  # noqa: PLR2004


def _cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """The least of several times: other work on the machine only ever adds to it."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
