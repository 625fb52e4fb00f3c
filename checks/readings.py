"""A second reading of a text in which words of abuse are spelt to pass a filter and still to be read.

`h4te`, `h a t e`, `par.asites`, `disgutsing`, `anmals`, `hatewomen`: where a word, so read, is one of the words of
abuse or the name of a group, a copy of the text has it plainly. The scores judge that copy as well; findings do not,
for what somebody may have meant is no evidence. Words of the language that a slip would make are never read anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

_LEET = str.maketrans("0134578@$!|+", "oieastbasilt")
#: A word as it may be disguised; handles, links and mail addresses begin or go on otherwise.
_PIECE = re.compile(
    r"(?<![\w@/.#:&-])[a-z][a-z0-9@$!|+.*_-]*[a-z0-9@$](?![\w@/])|(?<![\w@/.#:&-])[$@][a-z0-9@$!]{3,}(?![\w@/.])",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![^\W_])[a-z](?: [a-z]){2,14}(?![^\W_])", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]{4,}")
_ODD = re.compile(r"[a-z][0-9@$!|+.*_-]{1,3}[a-z]|(?<![^\W_])[a-z] [a-z] [a-z](?![^\W_])|[$@0-9][a-z]")
#: Words that people write together with the next one, on purpose or in haste.
_RUN_ON = (
    "i",
    "we",
    "are",
    "all",
    "is",
    "these",
    "those",
    "hate",
    "kill",
    "fuck",
    "fucking",
    "you",
    "stupid",
    "such",
    "burn",
    "ban",
)
_SHORTEST, _SHORTEST_DROPPED = 4, 6
_VOWELS = frozenset("aeiou")
#: Words that a slip in a word of abuse would make, and that are words themselves.
_WORDS = frozenset(
    (  # noqa: SIM905 - words read better as a sentence
        "lair lairs marital trail trials casual veil veils angel angels satin united untied salve slaver bran burn "
        "brun beast breast baste snug gnus form from dies side sued dues dose does bear bare brat quite quiet sliver "
        "scared sacred reserve reverse silver spilt split spit tips gilt slit slate stale stab bats girl grill diary "
        "dairy tired tried martial mental lament strange stranger gypsum coward crowed cuter clot colt prat part "
        "crude cured curse cruse parties pirates pirate dead deed bleed beheld held hell jail hangar idles islam "
        "isles issue isn't wench welsh illegal weal weed weird wired iraq iran ideal idol irate item arena area allot "
        "allow alloy allies alley allergy allegory isabel youth yours yous hated hates killer killers kills fucked "
        "fucker fuckers fucks burner burners burned burnt burns band bands banned banana bandit bank banks suchlike "
        "wen wed wet were wept west weld went wear weave weather bring parts beta betas harder flying finds stats "
        "brian shots phones rider riders crave craves craved craving pets hose rouge trad fined meta comme baes bada "
        "whinging lotus cures entre willis spared sparing tinted eunuchs crepes brunt frat frats buts villani bolt "
        "bolts prev "
        "exits dise horner mena toda domo devant islams santos mary army host hosts stop stops pots spot spots"
    ).split()
)


@dataclass(frozen=True)
class Reading:
    """A text read anew: `places[i]` is the code point of the stored text that the i-th of `text` came from."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A half-open span of the reading as one of the stored text."""
        return self.places[start], self.places[end - 1] + 1


class Readings:
    """The words that are looked for, with the ways they are disguised."""

    def __init__(self, words: Iterable[str], groups: Iterable[str], unslipped: Iterable[str] = ()) -> None:
        """`unslipped` words are known, but none is sought behind a slip: they are short, and slips already."""
        hostile = set(_letters_only(_forms(words)))
        named = set(_letters_only(groups))
        spelt = set(_letters_only(_forms(unslipped)))
        self._known = hostile | named | spelt
        slips = ((slip, word) for word in sorted(hostile) for slip in _slips(word))
        glued = ((first + word, f"{first} {word}") for word in sorted(self._known) for first in _RUN_ON)
        self._meant: Mapping[str, str] = {
            seen: meant for seen, meant in chain(glued, slips) if seen not in self._known and seen not in _WORDS
        }

    def read(self, raw: str) -> Reading | None:
        """The text with the words behind their disguises; None where there is none to undo."""
        changes = sorted(self._changes(raw)) if self._may_change(raw.lower()) else []
        if not changes:
            return None
        text: list[str] = []
        places: list[int] = []
        at = 0
        for start, end, word in changes:
            if start < at:
                continue
            text += [raw[at:start], word]
            places += [*range(at, start), *_places_of(word, start, end)]
            at = end
        return Reading("".join([*text, raw[at:]]), (*places, *range(at, len(raw))))

    def _may_change(self, lowered: str) -> bool:
        """Whether a text has a word to read anew, or signs and single letters where a disguise may be."""
        if _ODD.search(lowered):
            return True
        return not self._meant.keys().isdisjoint(_LETTERS.findall(lowered))

    def _changes(self, raw: str) -> Iterator[tuple[int, int, str]]:
        for found in _PIECE.finditer(raw):
            meant = self._read_piece(found.group().lower())
            if meant is not None:
                yield found.start(), found.end(), meant
        for found in _SPACED.finditer(raw):
            joined = found.group().replace(" ", "").lower()
            for skip in range(min(3, len(joined) - 2)):
                if joined[skip:] in self._known:
                    yield found.start() + 2 * skip, found.end(), joined[skip:]
                    break

    def _read_piece(self, piece: str) -> str | None:
        if piece.isalpha():
            return self._meant.get(piece)
        plain = piece.rstrip("!.*_-").translate(_LEET)
        if plain != piece and plain in self._known:
            return plain
        joined = re.sub(r"[.*_|+-]", "", piece)
        return joined if joined != piece and joined in self._known and not piece.replace("-", "").isalpha() else None


def _letters_only(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word.isascii() and word.isalpha() and len(word) >= _SHORTEST)


def _places_of(word: str, start: int, end: int) -> Iterator[int]:
    """Where each letter of a word came from; a blank put between two words came from the letter behind it."""
    letters = 0
    for at, char in enumerate(word):
        yield end - 1 if at == len(word) - 1 else min(start + letters, end - 1)
        letters += char != " "


def _forms(words: Iterable[str]) -> Iterator[str]:
    """The words, and the usual forms of those that stand for every word with their beginning (`kill*`)."""
    for word in words:
        if word.endswith("*"):
            yield from (word[:-1] + ending for ending in ("", "s", "ed", "er", "ers", "ing"))
        else:
            yield word


def _slips(word: str) -> Iterator[str]:
    """Two neighbours changed over, the first letter kept; a vowel left out of a longer word."""
    for at in range(1, len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if len(word) >= _SHORTEST_DROPPED:
        for at in range(1, len(word) - 1):
            if word[at] in _VOWELS:
                yield word[:at] + word[at + 1 :]
