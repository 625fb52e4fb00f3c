# ruff: noqa: E402 - its folder's parent goes on the path first
"""Write what was measured at each decision point into the rules that ask by it, and into their translations.

Run after `train.py`. An officer reads in the rule itself from which score on it asks, how many benign posts reach that
and how often it is right. In translations the numbers are replaced in their order; the words stay as they are.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from chapterwatch import strictyaml
from checks.classifier import classifier

_FIGURES = re.compile(r"the score is at or above the point .*? and its recall [\d.]+\.$")
#: The score, the benign posts, precision and recall; not the thousand, which is written with a point, a blank or none.
_NUMBER = re.compile(r"\d+[.,]\d{1,2}(?!\d)")
_WIDTH = 112


def figures(family: str, point: str) -> str:
    """The sentence on a decision point: its score, benign posts that reach it, precision and recall."""
    model = classifier()
    measured: Mapping[str, float] = model.measured(family)  # type: ignore[attr-defined] # the one that comes along
    return (
        f"the score is at or above the point {point} ({model.point(family, point):.2f}), which "
        f"{1000 * measured[f'{point}.benign']:.1f} in 1,000 benign held-out posts reach; on held-out labelled posts "
        f"its precision is {measured[f'{point}.precision']:.2f} and its recall {measured[f'{point}.recall']:.2f}."
    )


def renewed(path: Path) -> dict[str, str]:
    """Write the figures into a file of rules; gives the texts that changed, old and new."""
    text, changed = path.read_text(encoding="utf-8"), {}
    for rule in strictyaml.load(path).data["rules"]:
        old = " ".join(rule["why"].split())
        new = _FIGURES.sub(figures(rule["params"]["family"], rule["params"].get("point", "violation")), old)
        if new != old:
            changed[old] = new
            text = re.sub(_folded(old), _as_block(new).replace("\\", r"\\"), text)
    path.write_text(text, encoding="utf-8")
    return changed


def _folded(words: str) -> str:
    return r"(?<=why: >-\n) +" + r"\s+".join(map(re.escape, words.split())) + "\n"


def _as_block(words: str) -> str:
    return "".join(f"      {line}\n" for line in textwrap.wrap(words, _WIDTH, break_on_hyphens=False))


def translated(lines: list[str], changed: Mapping[str, str]) -> Iterator[str]:
    """The lines of a catalogue with the new texts and, below each, the new numbers."""
    numbers: list[str] = []
    for line in lines:
        old = line.removeprefix('msgid "').removesuffix('"')
        if line.startswith('msgid "') and old in changed:
            numbers = _NUMBER.findall(changed[old])
            yield f'msgid "{changed[old]}"'
        elif line.startswith('msgstr "') and numbers:
            yield _renumbered(line, numbers)
            numbers = []
        else:
            yield line


def _renumbered(line: str, numbers: Sequence[str]) -> str:
    if len(_NUMBER.findall(line)) != len(numbers):
        raise SystemExit(f"other numbers than in English: {line}")
    left = iter(numbers)
    return _NUMBER.sub(lambda found: next(left).replace(".", "," if "," in found.group() else "."), line)


def main() -> int:
    """Renew every pack; prints what changed."""
    for rules in sorted(ROOT.glob("policies/*/rules/scored.yml")):
        changed = renewed(rules)
        for path in sorted((rules.parent.parent / "locale").glob("*.po")):
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join(translated(lines, changed)) + "\n", encoding="utf-8")
        print(f"{rules.relative_to(ROOT)}: {len(changed)} texts")  # noqa: T201 - a script that says what it did
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
