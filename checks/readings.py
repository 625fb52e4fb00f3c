"""A second reading of a text in which words of abuse are spelt to pass a filter and still to be read.

`h4te`, `h a t e`, `h*te`, `par.asites`, `disgutsing`, `anmals`, `hatewomen`, obscene words cut in two or put into a
hashtag: where a word, so read, is one of the words of abuse or the name of a group, a copy of the text has it plainly.
The scores judge that copy as well; findings do not, for what somebody may have meant is no evidence. Words of the
language that a slip would make are never read anew.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

_LEET = str.maketrans("0134578@$!|+", "oieastbasilt")
#: Signs that look like one letter and stand for no digit or sound.
_SIGNS = str.maketrans("©¢€®¥", "ccery")
#: What stands for a letter left out.
_MASKS = str.maketrans("#%•×?^~", "*******")
#: A word as it may be disguised; handles, links and mail addresses begin or go on otherwise.
_MASKED = re.compile(r"(?<![\w@/.#:&-])[a-z]+(?:[*#%•×?^~]{1,3}[a-z]+)+(?![\w@/])", re.IGNORECASE)
#: Two words side by side.
_HALVES = re.compile(r"(?<![\w'’@/.#:&-])(?=([a-z]{2,9}) ([a-z]{2,9})(?![\w@/'’-]))", re.IGNORECASE)
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]+")
_LONG = re.compile(r"[a-z]{9,}", re.IGNORECASE)
_PIECE = re.compile(
    r"(?<![\w@/.#:&-])[a-z][a-z0-9@$!|+.*_-]*[a-z0-9@$](?![\w@/])|(?<![\w@/.#:&-])[$@][a-z0-9@$!]{3,}(?![\w@/.])",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![^\W_])[a-z](?: [a-z]){2,14}(?![^\W_])", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]{2,}")
_ODD = re.compile(r"[a-z][0-9@$!|+.*_#%•×?^~-]{1,3}[a-z]|(?<![^\W_])[a-z] [a-z] [a-z](?![^\W_])|[$@0-9][a-z]|[©¢€®¥]")
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
#: An obscene word this long is none by chance, inside another word or with one of its letters left out.
_SHORTEST_INSIDE, _SHORTEST_CLIPPED = 7, 10
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
        "shift shifts shifted shifting shifty sitting carp gist silt ares sult todas toads bobo bating botch botched "
        "botching chats manic compte clave battre solu maen braking spacers bart lacky tigers "
        "exits dise horner mena toda domo devant islams santos mary army host hosts stop stops pots spot spots"
    ).split()
)


#: Family names begin with these.
_NAMES = frozenset({"cumming", "cummings"})


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

    def __init__(
        self, words: Iterable[str], groups: Iterable[str], unslipped: Iterable[str] = (), obscene: Iterable[str] = ()
    ) -> None:
        """`unslipped` words are known, but a vowel left out of one is no sign: they are short, and slips already.

        `obscene` are those of them that are meant wherever they stand, inside a longer word too.
        """
        hostile = set(_letters_only(_forms(words)))
        named = set(_letters_only(groups))
        spelt = set(_letters_only(_forms(unslipped)))
        self._known = hostile | named | spelt
        slips = ((slip, word) for word in sorted(hostile) for slip in _slips(word))
        turned = ((slip, word) for word in sorted(spelt) for slip in _turned(word))
        glued = ((first + word, f"{first} {word}") for word in sorted(self._known) for first in _RUN_ON)
        self._meant: Mapping[str, str] = {
            seen: meant for seen, meant in chain(glued, slips, turned) if seen not in self._known and seen not in _WORDS
        }
        # An obscene word is meant rather than one of violence: "sh*t" is no shot.
        self._masked = {form: word for known in (hostile, spelt) for word in sorted(known) for form in _masked(word)}
        inside = sorted((word for word in _letters_only(_forms(obscene)) if len(word) >= _SHORTEST_INSIDE), key=len)[
            ::-1
        ]
        self._inside = re.compile("|".join(inside) or r"(?!)", re.IGNORECASE)
        self._halved = {f"{word[:at]} {word[at:]}": word for word in spelt for at in _cuts(word)}
        self._stumps = {half for halves in self._halved for half in halves.split() if _NO_VOWEL.fullmatch(half)}
        # Long words come again and again.
        self._has_inside = lru_cache(maxsize=1 << 16)(lambda word: self._inside.search(word, 1) is not None)

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
        words = _LETTERS.findall(lowered)
        if not (self._meant.keys().isdisjoint(words) and self._stumps.isdisjoint(words)):
            return True
        return any(self._has_inside(word) for word in _LONG.findall(lowered))

    def _changes(self, raw: str) -> Iterator[tuple[int, int, str]]:
        yield from self._halves(raw)
        yield from self._within(raw)
        for found in _MASKED.finditer(raw):
            masked = self._masked.get(found.group().lower().translate(_MASKS))
            if masked is not None:
                yield found.start(), found.end(), masked
        signed = raw.translate(_SIGNS)
        for found in _PIECE.finditer(signed):
            piece = found.group().lower()
            is_signed = signed[found.start() : found.end()] != raw[found.start() : found.end()]
            meant = piece if is_signed and piece in self._known else self._read_piece(piece)
            if meant is not None:
                yield found.start(), found.end(), meant
        for found in _SPACED.finditer(raw):
            joined = found.group().replace(" ", "").lower()
            for skip in range(min(3, len(joined) - 2)):
                if joined[skip:] in self._known:
                    yield found.start() + 2 * skip, found.end(), joined[skip:]
                    break

    def _halves(self, raw: str) -> Iterator[tuple[int, int, str]]:
        """Obscene words cut in two."""
        if self._stumps.isdisjoint(_LETTERS.findall(raw.lower())):
            return
        for found in _HALVES.finditer(raw):
            word = self._halved.get(f"{found[1]} {found[2]}".lower())
            if word is not None:
                yield found.start(1), found.end(2), word

    def _within(self, raw: str) -> Iterator[tuple[int, int, str]]:
        """Long obscene words inside a longer one, as in a hashtag."""
        for found in _LONG.finditer(raw):
            inside = self._inside.search(found.group(), 1) if self._has_inside(found.group().lower()) else None
            # A word that begins with it is known as it stands.
            if inside is not None and inside.group().lower() not in _NAMES:
                parts = (found.group()[: inside.start()], inside.group(), found.group()[inside.end() :])
                yield found.start(), found.end(), " ".join(part for part in parts if part)

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


def _cuts(word: str) -> Iterator[int]:
    """Where a blank leaves a piece of two letters and more that has no vowel, and so is no word."""
    for at in range(2, len(word) - 1):
        if _NO_VOWEL.fullmatch(word[:at]) or _NO_VOWEL.fullmatch(word[at:]):
            yield at


def _masked(word: str) -> Iterator[str]:
    """The word with one letter behind the first hidden, or all its vowels."""
    for at in range(1, len(word)):
        yield f"{word[:at]}*{word[at + 1 :]}"
    yield word[0] + re.sub("[aeiou]", "*", word[1:])


def _turned(word: str) -> Iterator[str]:
    """Two neighbours inside the word changed over; one of its letters left out where it is long."""
    for at in range(1, len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word) - 1):
        if len(word) >= _SHORTEST_CLIPPED or (len(word) > _SHORTEST_DROPPED and word[at] in _VOWELS):
            yield word[:at] + word[at + 1 :]


def _slips(word: str) -> Iterator[str]:
    """Two neighbours changed over, the first letter kept; a vowel left out of a longer word."""
    for at in range(1, len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if len(word) >= _SHORTEST_DROPPED:
        for at in range(1, len(word) - 1):
            if word[at] in _VOWELS:
                yield word[:at] + word[at + 1 :]
