"""The project's own labelled posts (`posts/*.yml`), written for it: association-style, balanced over the rules.

One file a family of rules. `breach` posts break what the family looks for, `near` posts look like it and do not; both
are judged with the invented roster of the pack's cases. A third is kept as the test split, chosen by the text itself,
so that it stays the same third whatever is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chapterwatch import strictyaml

POSTS = Path(__file__).parent / "posts"
#: Clean posts of institutions, which the models learn from and no rule was written on.
_INSTITUTIONS = tuple(
    Path(__file__).parent.parent / "training" / "texts" / name
    for name in ("benign_institutions.txt", "benign_more.txt")
)
#: Every third post, by the hash of its text.
_PARTS = 3


@dataclass(frozen=True)
class LabelledPost:
    """One post and the truth about it. `family` is "ordinary" where no rule has a claim on it."""

    id: str
    family: str
    #: Rule ids that look for this family, of any pack.
    rules: tuple[str, ...]
    text: str
    is_breach: bool
    language: str
    #: `post`, or `profile` where the text is a bio.
    subject: str
    space: str | None
    #: The profile text of the account, where a family needs one (an affiliation that is shown).
    bio: str | None

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the third that nothing may be tuned on."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % _PARTS == 0


def own_posts(folder: Path = POSTS) -> list[LabelledPost]:
    """Every labelled post, by file and place.

    Raises:
        InvalidFiles: a file is not valid YAML of the strict kind.
        ValueError: an entry is neither `breach` nor `near`, or a text stands twice.
    """
    posts = [post for path in sorted(folder.glob("*.yml")) for post in _of_file(path)]
    texts = [post.text for post in posts]
    twice = {text for text in texts if texts.count(text) > 1}
    if twice:
        raise ValueError(f"labelled twice: {sorted(twice)}")
    return posts


def institutions(paths: Iterable[Path] = _INSTITUTIONS) -> list[str]:
    """Clean posts of institutions in the register of official accounts; lines with `#` and `==` are headings."""
    lines = (line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "=="))]


def _of_file(path: Path) -> Iterator[LabelledPost]:
    data = strictyaml.load(path).data
    for number, entry in enumerate(data["posts"], start=1):
        kinds = {"breach", "near"} & set(entry)
        if len(kinds) != 1 or set(entry) - {"breach", "near", "lang"}:
            raise ValueError(f"{path.name}: entry {number} needs one of breach and near, and at most lang beside it")
        [kind] = kinds
        yield LabelledPost(
            id=f"{data['family']}-{number}",
            family=data["family"],
            rules=tuple(data["rules"]),
            text=entry[kind],
            is_breach=kind == "breach",
            language=entry.get("lang", "en"),
            subject=data.get("subject", "post"),
            space=data.get("space"),
            bio=data.get("bio"),
        )
