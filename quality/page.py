"""docs/quality.md and the precision file of each pack, from measured scores. Everything here only places figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chapterwatch.shares import Share
from quality.functional import FunctionalResults
from quality.measure import Score
from quality.spans import SpanResult


@dataclass(frozen=True)
class Measured:
    """Everything the page prints."""

    #: (pack, family, split, language) -> score on the project's own posts.
    own: Mapping[tuple[str, str, str, str], Score]
    #: (pack, rule id) -> score of the rule on the test split of the project's own posts.
    rules: Mapping[tuple[str, str], Score]
    #: (pack, set name, family) -> score on a public set that is labelled for the family.
    public: Mapping[tuple[str, str, str], Score]
    #: (pack, set name, family) -> texts found of all texts, on ordinary public texts.
    ordinary: Mapping[tuple[str, str, str], Share]
    #: name -> (what it is, texts read)
    sets: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    posts: int = 0
    tests: int = 0
    functional: FunctionalResults = field(default_factory=FunctionalResults)
    #: (pack, clean official posts, which rules) -> posts with a finding that passes `violation`, by the whole pack.
    whole: Mapping[tuple[str, str, str], Share] = field(default_factory=dict)
    #: Where toxic words stand; None where the set is absent.
    spans: SpanResult | None = None


def page(measured: Measured) -> str:
    """The whole page, in Markdown."""
    return "\n".join([_HEAD.format(posts=measured.posts, tests=measured.tests), *_sections(measured)])


def _sections(measured: Measured) -> Iterable[str]:
    packs = sorted({key[0] for key in measured.own})
    yield "## The project's own posts\n"
    yield _OWN
    for pack in packs:
        yield f"### {pack.upper()}\n"
        yield from _own_table(measured, pack)
    yield "## By language\n"
    yield from _language_table(measured, packs)
    yield "## False findings in ordinary texts\n"
    yield _ORDINARY
    yield from _ordinary_table(measured, packs)
    if measured.whole:
        yield "## False findings of a whole pack\n"
        yield _WHOLE
        yield from _whole_table(measured, packs)
    yield "## Public labelled sets\n"
    yield _PUBLIC
    yield from _public_table(measured, packs)
    if measured.spans:
        yield _SPANS.format(f1=measured.spans.f1, comments=measured.spans.comments)
    if measured.functional.functions:
        yield "## Functional tests of the scores\n"
        yield _FUNCTIONAL
        yield from _functional_table(measured)
        yield from _silence_table(measured)
        yield _FUNCTIONS
        yield from _functions_table(measured)
    yield "## Rule by rule\n"
    yield _RULES
    yield from _rules_table(measured, packs)


def _own_table(measured: Measured, pack: str) -> Iterable[str]:
    yield from _header("family", "split", "breaches", "clean", "not judged", "precision", "recall", "F1")
    families = sorted({key[1] for key in measured.own if key[0] == pack})
    for family in families:
        for split in ("development", "test"):
            scores = [score for key, score in measured.own.items() if key[:3] == (pack, family, split)]
            score = sum(scores, Score())
            yield _row(family, split, *_counts(score), share(score.precision), share(score.recall), number(score.f1))
    yield ""


def _language_table(measured: Measured, packs: Sequence[str]) -> Iterable[str]:
    yield from _header("pack", "language", "breaches", "clean", "not judged", "precision", "recall")
    for pack in packs:
        for language in sorted({key[3] for key in measured.own if key[0] == pack}):
            scores = [score for key, score in measured.own.items() if key[0] == pack and key[3] == language]
            score = sum(scores, Score())
            yield _row(pack, language, *_counts(score), share(score.precision), share(score.recall))
    yield ""


def _ordinary_table(measured: Measured, packs: Sequence[str]) -> Iterable[str]:
    names = [name for name in measured.sets if any(key[1] == name for key in measured.ordinary)]
    yield from _header("pack", "family", *(f"{name} ({measured.sets[name][1]:,})" for name in names))
    families = sorted({key[2] for key in measured.ordinary})
    for pack in packs:
        for family in families:
            shares = [measured.ordinary.get((pack, name, family)) for name in names]
            if any(shares):
                yield _row(pack, family, *(per_thousand(item) for item in shares))
    yield ""


def _whole_table(measured: Measured, packs: Sequence[str]) -> Iterable[str]:
    yield from _header("pack", "clean posts", "rules", "posts", "with a sure finding, per 1,000")
    for pack in packs:
        for (_, name, which), found in [item for item in measured.whole.items() if item[0][0] == pack]:
            yield _row(pack, name, which, f"{found.of:,}", per_thousand(found))
    yield ""


def _public_table(measured: Measured, packs: Sequence[str]) -> Iterable[str]:
    yield from _header("pack", "set", "family", "breaches", "clean", "not judged", "precision", "recall", "F1")
    for pack in packs:
        for (_, name, family), score in sorted(item for item in measured.public.items() if item[0][0] == pack):
            figures = (share(score.precision), share(score.recall), number(score.f1))
            yield _row(pack, name, family, *_counts(score), *figures)
    yield ""


def _functional_table(measured: Measured) -> Iterable[str]:
    yield from _header("family", "split", "posts of it", "others", "precision", "recall", "F1", "macro-F1", "AUC")
    for (family, split), result in sorted(measured.functional.families.items()):
        score = result.score
        shares = share(score.precision), share(score.recall)
        figures = number(score.f1), number(score.macro_f1), number(result.auc)
        yield _row(family, split, str(score.recall.of), str(score.false_rate.of), *shares, *figures)
    yield ""


def _silence_table(measured: Measured) -> Iterable[str]:
    rates = measured.functional.ordinary
    if not rates:
        return
    yield _SILENCE
    names = list(dict.fromkeys(name for name, _ in rates))
    yield from _header(
        "family", *(f"{name} ({max(rates[key].of for key in rates if key[0] == name):,})" for name in names)
    )
    for family in dict.fromkeys(family for _, family in rates):
        yield _row(family, *(per_thousand(rates.get((name, family))) for name in names))
    yield ""


def _functions_table(measured: Measured) -> Iterable[str]:
    functions = measured.functional.functions
    yield from _header("tests", "function", "is to be heard", "right, development", "right, test")
    for suite, function, family in dict.fromkeys(key[:3] for key in functions):
        shares = [functions.get((suite, function, family, split)) for split in ("development", "test")]
        heard = ("yes" if family == suite else family) or "no"
        yield _row(suite, function, heard, *(share(item) if item else "-" for item in shares))
    yield ""


def _rules_table(measured: Measured, packs: Sequence[str]) -> Iterable[str]:
    yield from _header("rule", "findings right", "precision", "false findings in clean posts")
    for pack in packs:
        for (_, rule), score in sorted(item for item in measured.rules.items() if item[0][0] == pack):
            right = f"{score.precision.hits} of {score.precision.of}"
            false = f"{score.false_rate.hits} of {score.false_rate.of}"
            yield _row(f"`{rule}`", right, share(score.precision), false)
    yield ""


def _counts(score: Score) -> tuple[str, str, str]:
    return str(score.recall.of), str(score.false_rate.of), str(score.not_judged)


def share(value: Share) -> str:
    """A share with its interval, in percent; a dash where there is nothing to divide by."""
    if value.value is None or value.interval is None:
        return "-"
    low, high = value.interval
    return f"{value.value:.0%} ({low:.0%} to {high:.0%})"


def per_thousand(value: Share | None) -> str:
    """Findings per 1,000 texts, with the upper bound of its interval."""
    if value is None or value.value is None or value.interval is None:
        return "-"
    return f"{1000 * value.value:.2f} (≤ {1000 * value.interval[1]:.1f})"


def number(value: float | None) -> str:
    """Two digits, or a dash."""
    return "-" if value is None else f"{value:.2f}"


def _header(*names: str) -> Iterable[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


_HEAD = """\
# How good the rules are

Written by `make quality`; edit the posts in `quality/posts/`, not this page. A rule that finds nothing wrong in a good
post matters more than one that finds everything: chapters post almost nothing that breaks their policy, so the false
findings per 1,000 ordinary texts decide what a reader of a report will see.

All intervals are Wilson score intervals of 95 %. "Not judged" counts neither as right nor as wrong.

Measured on {posts} posts of the project's own ({tests} of them kept as the test split, on which nothing is tuned) and
on public labelled sets.
"""

_OWN = """\
Written for this project in the style of chapters and groups, about as many near-misses as breaches, much harder than
what chapters post. They were written by people who know what the rules look for: recall here is an upper bound. The
rules were improved on the development split, so its figures say what they know by now; the test split says more.
"""

_ORDINARY = """\
Findings per 1,000 texts, the upper bound in brackets. Nearly every finding in `banking77` is false; many in the tweets
are true, because tweets are ruder than chapters. They were never used to choose a threshold.
"""

_WHOLE = """\
Every rule of a pack at once, on clean posts in the manner of official accounts: how many of 1,000 have a finding the
rule is sure of (confidence 0.6, the point `violation`), the upper bound in brackets. The aim is 3. Hints ask and are
not counted. Ordinary posts were written with the rules in mind; the posts of institutions are those the models learn
from, on which no rule was written; politicians' posts speak of heated topics by trade, and give out the numbers of
offices that no roster here knows.
"""

_PUBLIC = """\
Collected by their publishers with other questions in mind (a tweet found by a slur, a comment somebody called an
insult), so labels and rules do not mean quite the same, and precision on sets made of offensive texts is not what a
chapter sees.
"""

_SPANS = """\
Where toxic words stand (the spans of `toxic`, which is asked where and not whether): mean F1 over characters of
{f1:.3f} on the {comments:,} comments of the test part of SemEval-2021 task 5.
"""

_FUNCTIONAL = """\
Short posts drawn from the templates of `quality/functions/`, each showing one thing that a score of
`judge --scores` must hear or must not. At 0.5 and more a post counts as heard; AUC says how often a post of the family
scores above another. A third of the templates is the test split, on which nothing is tuned; with few templates it is
coarse, for the posts of one template are mostly right or wrong together. Half of what is to be kept silent is there to
mislead, so precision here is far below that on real posts. The posts were written by people who know what the rules are
for: read recall as an upper bound.
"""

_SILENCE = """\
How many of 1,000 ordinary texts score 0.5 and more, the upper bound in brackets; tweets are ruder than chapters, and
customers of a bank complain.
"""

_FUNCTIONS = """\
What each function shows. In tests of several families (`pii`) a post is of the family given and a near-miss of the
others; a post of none is right where none of them hears it.
"""

_RULES = """\
Each rule on its own, on the test split alone; the report prints this line beside the findings of the rule. Few findings
make wide intervals, which are printed with them. Rules that compare revisions or look over time (edits, deletions,
announcements, regularity) are exact comparisons with cases of their own and are not in this table.
"""
