"""One normaliser for every word rule, with an exact way back to the stored text.

`prepare(raw)` gives a `Text`. Its `plain` view is what people read: compatibility forms, case, accents (ñ stays),
HTML entities, invisible characters and look-alike letters of other alphabets are folded away, and hashtags are split
at their capitals. Every character of `plain` knows the code points of the stored text it came from, so a span found
in `plain` is cut out of the stored text exactly. `words` is `plain` with links, handles and e-mail addresses masked:
word rules do not read those.
"""

# ruff: noqa: RUF001 - look-alike characters are what this module is about

from __future__ import annotations

import html
import html.entities
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from operator import itemgetter

import emoji

from checks.word_classes import entries, pattern

#: Stands for a character that word rules must not read; a private-use character, so no text can say it.
MASK = "\ue000"

#: Letters of other alphabets that look like Latin ones (after case folding). Facts from Unicode's confusables (UTS 39),
#: cut down to the letters seen in disguised words; applied only inside words that also hold Latin letters.
_LOOKALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i", "ї": "i", "ј": "j",
        "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t", "ц": "u",
        "ѵ": "v", "ԝ": "w", "х": "x", "у": "y", "з": "3", "б": "6", "ч": "4", "ь": "b",
        # Greek
        "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "σ": "o",
        "τ": "t", "υ": "u", "ω": "w", "χ": "x", "γ": "y", "μ": "u", "π": "n",
        # Latin letters and signs drawn like others
        "ı": "i", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ʋ": "v", "ƒ": "f", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t",
        "ƨ": "s", "ß": "ss", "æ": "ae", "œ": "oe",
    }
)  # fmt: skip
_OTHER_ALPHABET = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile(r"[a-z]")
_ALPHABETIC_RUN = re.compile(r"[^\W\d_]+")
#: Regional-indicator and enclosed letters that NFKC leaves alone spell words too (🅵🆄🅲🅺).
_ENCLOSED = {
    **{0x1F150 + offset: chr(97 + offset) for offset in range(26)},
    **{0x1F170 + offset: chr(97 + offset) for offset in range(26)},
}
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
)
#: Cf is format characters: zero-width, soft hyphen, bidi controls, tags. The rest draws nothing either.
_DRAWS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800") | {chr(c) for c in range(0xFE00, 0xFE10)}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_FIRST_MARK = "\u0300"
#: Accents are put in order by comparing each with each. No script needs more on one letter (UAX 15, stream-safe text).
_MOST_MARKS = 32
#: "&#x27;" is an apostrophe, no hashtag.
_HASHTAG = re.compile(r"(?<!&)[#＃](?=\w*[^\W\d])(\w+)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])|_")
_PLAIN_ASCII = re.compile(r"[\x09\x0a\x20-\x25\x27-\x5f\x61-\x7e]*")

#: Neither a sign of a hashtag or an entity, nor what is folded otherwise than to its small letter.
_NOTHING_ODD = re.compile(r"[\x09\x0a\x20-\x22\x24\x25\x27-\x5f\x61-\x7e]*")

#: Stands for what the quick road leaves to the walk over every character; a private-use character.
_LATER = "\ue001"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_LOOKALIKE = re.compile(f"[{re.escape(''.join(map(chr, _LOOKALIKES)))}]")

#: What a bare domain ends in.
_DOMAIN = r"(?:com|org|net|edu|gov|info|io|co|uk|de|fr|es|eu|us|ca|ly|be|example|test)\b"

# A post may be one unbroken "word" of 60,000 characters, so no pattern may scan far from each of its positions: what
# can begin anywhere is bounded by what domain names and addresses may hold (RFC 1035, 5321).
_MASKED = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)'\]]"
    rf"|\b(?:[a-z0-9-]{{1,63}}+\.){{1,8}}{_DOMAIN}"
    r"(?:/[^\s<>\"]*[^\s<>\".,;:!?)'\]])?)"
    r"|(?P<email>[\w.+-]{1,64}+@[\w-]++(?:\.[\w-]++)++)"
    r"|(?P<handle>(?<![\w@])@[a-z0-9_](?:[\w.-]*\w)?)"
)
#: What each of these has, and few other texts.
_MAY_BE_MASKED = re.compile(rf"@|://|www\.|\.{_DOMAIN}")
_NO_PROSE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_TOKEN = re.compile(rf"[^\W_{MASK}]+(?:'[^\W_{MASK}]+)*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|e\.g|i\.e|no|approx|u\.s|u\.k|p\.m|a\.m|z\.b|d\.h|sra?)"
    r"|\b[a-z])$"
)
_SENTENCE_END = re.compile(r"(?<![.!?。！？])[.!?。！？]++[\"'”»)\]]*+(?=\s|$)|\n+|(?<=[。！？])")
#: Longer than any abbreviation with the character before it.
_ABBREVIATION_REACH = 8
_NOT_BLANK = re.compile(r"\S")
_QUOTATION = re.compile(
    r"“[^“”\n]{1,600}[”\"]|«[^«»\n]{1,600}»|»[^«»\n]{1,600}«|„[^„“”\n]{1,600}[“”\"]|(?<![\w\"])\"[^\"\n]{1,600}\"(?!\w)"
    r"|(?<![\w'])'(?:[^'\n]|(?<=\w)'(?=\w)){3,300}'(?![\w'])"
)
#: Words that hand what follows to somebody else; "I told him" and "we said" do not.
_REPORTING = pattern(
    r"(?<!\bi )(?<!\bwe )(?<!\bjust )(?<!\bik )(?<!\bwij )\b(?!call me (?:an? )?[\w-]+,? but\b)"
    r"(?:{hands_words_on}|{hands_words_on_elsewhere}|{hands_words_on_dutch}(?! (?:ik|we|wij)\b))\b[:,]?"
)
#: What somebody else said, and the author stands by: "… and he was right", "finally somebody said it".
_STOOD_BY = re.compile(
    r"\b(?:and|because|cause|cuz) (?:he|she|they|it)(?:'s|'re| is| are| was| were) "
    r"(?:so |absolutely |dead |totally |damn |quite )?(?:right|correct|true|not wrong)\b"
    r"|\b(?:finally|at last|about time)[, ]+(?:some|any|some ?)(?:one|body)\b"
    r"|\b(?:and )?i (?:fully |totally )?agree\b"
)
#: Somebody spoken to for what they said: "to the woman who wrote that we are always late: …".
_TO_WHOEVER_SAID = pattern(
    r"\b(?:to|for|dear|hey)(?: all)? (?:whoever|{spoken_to_for_words}\b[^:;]{0,60}?\b(?:who|that))"
    r"(?: (?:has|have|had|just|always|then|actually|really))*\s*$"
    r"|\b(?:al?|para|ao?|aos|as) (?:quem|quien|{spoken_to_for_words_elsewhere}\b[^:;]{0,60}?\bque)(?: nos| me| ha)*\s*$"
    r"|\b(?:a|au|aux|pour) {spoken_to_for_words_elsewhere}\b[^:;]{0,60}?\bqui(?: nous| m')?\s*$"
    r"|\ban {spoken_to_for_words_elsewhere}\b[^:;]{0,60}?,? (?:der|die|das)(?: \w+){0,3}\s*$"
)
#: Where what they said ends and the post speaks to them.
_SPOKEN_TO = re.compile(r":| -+ |,(?= (?:you|your|you're|u|nobody|no one|we|i|i'm|i'll|go|get|shut|f\S{1,3}) )")
_REPORT_REACH = 300
_REACH_OF_WANTED = 40
_NEGATION = pattern(r"(?:\b(?:{turns_around}|{turns_around_elsewhere})\b|n't\b)")
#: "no" denies in English and Spanish; in Portuguese it is "in the", where more small words tell that language.
_IN_THE = "no"
#: "Non" is also French, "non-profit" English, so these deny where more small words tell Italian.
_NEGATION_ITALIAN = pattern(r"\b{turns_around_italian}(?!\w)")
_ITALIAN = frozenset(entries("small_words_it")).difference(entries("small_words_es"), entries("small_words_pt"))
_NOT_ITALIAN = frozenset(
    {*entries("small_words_en"), *entries("small_words_fr"), *entries("small_words_es")}
).difference(entries("small_words_it"))
#: In Dutch "pas" is "only" or part of "pas op", and in Flanders "ne" is "a"; both deny in French.
_ONLY_FRENCH = frozenset({"ne", "pas"})
_DUTCH = frozenset({*entries("small_words_nl"), *entries("small_words_flemish")}).difference(
    entries("small_words_en"), entries("small_words_fr"), entries("small_words_de")
)
_NOT_DUTCH = frozenset({*entries("small_words_en"), *entries("small_words_fr")}).difference(entries("small_words_nl"))
_PORTUGUESE = frozenset(entries("small_words_pt")).difference(
    entries("small_words_en"), entries("small_words_es"), entries("small_words_fr")
)
_DENIES_WITH_NO = frozenset({*entries("small_words_en"), *entries("small_words_es")}).difference(
    entries("small_words_pt")
)
#: What nobody says and somebody wants said: "why does nobody admit that …".
_WANTED_SAID = pattern(
    r"\b(?:why|how come) (?:does|do|can|could|will|would|is|did|has)? ?(?:nobody|no one|none of (?:you|them|us))"
    r"(?: \w+){0,2}? (?:{i_say}|admit|mention|notice|talk about|dare say)\b"
)


@dataclass(frozen=True)
class Token:
    """One token of the plain view: kind is word, url, email, handle or emoji; the span counts characters of `plain`."""

    kind: str
    start: int
    end: int
    text: str


class Text:
    """A stored text made ready for the checks; see the module. Made by `prepare`."""

    def __init__(self, raw: str, plain: str) -> None:
        self.raw = raw
        self.plain = plain

    @cached_property
    def _places(self) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """Where each character of `plain` came from; None where position i is code point i.

        Only evidence asks for it, so most texts never pay for it.
        """
        if _is_simple(self.raw):
            return None
        spans = [(start, end) for piece, start, end in _pieces(self.raw) for _ in piece]
        return tuple(start for start, _ in spans), tuple(end for _, end in spans)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of `plain` as half-open code points of the stored text."""
        if start >= end:
            at = self._at(start)
            return at, at
        if end <= self._same_until or self._places is None:
            return start, end
        starts, ends = self._places
        return min(starts[start:end]), max(ends[start:end])

    @cached_property
    def _same_until(self) -> int:
        """Up to here position i is code point i, whatever follows; a mark may belong to the last letter before it."""
        begun = _NOTHING_ODD.match(self.raw)
        return max(0, begun.end() - 1) if begun else 0

    def cut(self, start: int, end: int) -> str:
        """What the stored text holds at a span of `plain`."""
        stored_start, stored_end = self.span(start, end)
        return self.raw[stored_start:stored_end]

    def _at(self, position: int) -> int:
        if self._places is None:
            return position
        starts, _ = self._places
        return starts[position] if position < len(starts) else len(self.raw)

    @cached_property
    def marks(self) -> tuple[Token, ...]:
        """Links, e-mail addresses and handles, in order."""
        if not _MAY_BE_MASKED.search(self.plain):
            return ()
        return tuple(
            Token(str(found.lastgroup), found.start(), found.end(), found.group())
            for found in _MASKED.finditer(self.plain)
        )

    @cached_property
    def words(self) -> str:
        """`plain` with links and e-mail addresses masked whole and handles masked behind their `@`; same positions."""
        if not self.marks:
            return self.plain
        parts, at = [], 0
        for mark in self.marks:
            keep = mark.start + (mark.kind == "handle")
            parts += [self.plain[at:keep], MASK * (mark.end - keep)]
            at = mark.end
        return "".join([*parts, self.plain[at:]])

    @cached_property
    def has_letters(self) -> bool:
        """Whether there is a word to read at all, beside links and handles."""
        return any(char.isalpha() and char != MASK for char in self.words)

    @cached_property
    def prose(self) -> str:
        """The stored text without links, handles, e-mail addresses and hashtags: for telling the language."""
        words = (word for word in html.unescape(self.raw).split() if "@" not in word[1:-1])
        return " ".join(_NO_PROSE.sub(" ", " ".join(words)).split())

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Words, links, e-mail addresses, handles and emoji, in order."""
        words = [Token("word", m.start(), m.end(), m.group()) for m in _TOKEN.finditer(self.words)]
        drawn = [] if self.plain.isascii() else emoji.emoji_list(self.plain)
        signs = [Token("emoji", one["match_start"], one["match_end"], one["emoji"]) for one in drawn]
        return tuple(sorted([*words, *self.marks, *signs], key=lambda token: token.start))

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Half-open spans of `plain`, one a sentence; together they cover every word."""
        return tuple(_sentences(self.words))

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The sentence a position of `plain` stands in."""
        index = bisect_right(self._sentence_starts, position) - 1
        return self.sentences[max(index, 0)] if self.sentences else (0, len(self.plain))

    @cached_property
    def quotations(self) -> tuple[tuple[int, int], ...]:
        """Spans of `plain` between quotation marks of any style."""
        return tuple((found.start(), found.end()) for found in _QUOTATION.finditer(self.plain))

    @cached_property
    def reported(self) -> tuple[tuple[int, int], ...]:
        """Spans of `plain` that somebody else is said to have said: from the reporting verb to the sentence's end.

        Where that somebody is spoken to, it ends earlier: "to the woman who said that we are late: …".
        """
        told = ((found, *self.sentence_at(found.start())) for found in _REPORTING.finditer(self.words))
        return tuple(
            (found.end(), self._end_of_report(found, first, last))
            for found, first, last in told
            if not _STOOD_BY.search(
                self.words, max(first, found.start() - _REPORT_REACH), min(last, found.end() + _REPORT_REACH)
            )
        )

    def _end_of_report(self, verb: re.Match[str], first: int, last: int) -> int:
        if not _TO_WHOEVER_SAID.search(self.words, max(first, verb.start() - _REPORT_REACH), verb.start()):
            return last
        spoken_to = _SPOKEN_TO.search(self.words, verb.end(), last)
        return spoken_to.start() if spoken_to else last

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a span stands inside quotation marks."""
        return self.quotation_around(start, end) is not None

    def quotation_around(self, start: int, end: int) -> tuple[int, int] | None:
        """The quotation, marks included, that holds a span."""
        # Quotations never overlap, so only the last that begins before the span can hold it.
        index = bisect_left(self.quotations, (start,)) - 1
        return self.quotations[index] if index >= 0 and end < self.quotations[index][1] else None

    def is_reported(self, start: int, end: int) -> bool:
        """Whether a span is given as somebody else's words: quoted, or after "called me", "told us", "said"."""
        # Later reports never end earlier, so only the last that begins before the span counts.
        index = bisect_right(self.reported, start, key=itemgetter(0)) - 1
        return self.is_quoted(start, end) or (index >= 0 and end <= self.reported[index][1])

    @cached_property
    def _is_portuguese(self) -> bool:
        """Whether its small words are rather Portuguese ones than those of a language that denies with "no"."""
        words = frozenset(self.words.split())
        return len(words & _PORTUGUESE) > len(words & _DENIES_WITH_NO)

    @cached_property
    def _is_italian(self) -> bool:
        """Whether its small words are rather Italian ones than those of a language that denies otherwise."""
        words = frozenset(self.words.split())
        return len(words & _ITALIAN) > len(words & _NOT_ITALIAN)

    @cached_property
    def _is_dutch(self) -> bool:
        """Whether its small words are rather Dutch ones than English or French ones."""
        words = frozenset(self.words.split())
        return len(words & _DUTCH) > len(words & _NOT_DUTCH)

    def _denies(self, word: str) -> bool:
        """Whether a word that denies in some language does so in that of the text."""
        if word == _IN_THE:
            return not self._is_portuguese
        return word not in _ONLY_FRENCH or not self._is_dutch

    def is_negated(self, start: int, *, reach: int = 28) -> bool:
        """Whether a negation stands up to `reach` characters before a span, in the same clause."""
        at = max(0, start - reach)
        # Half a word at the edge is no word: "someone" ends in the French "ne".
        is_cut = at > 0 and (self.words[at - 1].isalnum() or self.words[at - 1] == "_")
        before = re.sub(r"^\w+", "", self.words[at:start]) if is_cut else self.words[at:start]
        clause = re.split(r"[.!?;:\n]|, (?:but|and|so|because)|\bbut\b|\bpero\b|\bmais\b|\baber\b|\bmaar\b", before)[-1]
        if self._is_italian and _NEGATION_ITALIAN.search(clause):
            return True
        if not any(self._denies(found.group()) for found in _NEGATION.finditer(clause)):
            return False
        wanted = _WANTED_SAID.search(self.words, max(0, at - _REACH_OF_WANTED), start)
        return wanted is None or bool(_NEGATION.search(self.words, wanted.end(), start))


def prepare(raw: str) -> Text:
    """The stored text made ready: one `Text` per distinct text, shared by all rules."""
    known = _PREPARED.get(raw)
    if known is None:
        if len(_PREPARED) >= _MOST_PREPARED or len(raw) > _SHORT:
            # What a text tells of itself takes many times its room, and a process may live long.
            _PREPARED.clear()
        known = _PREPARED[raw] = Text(raw, plain_of(raw))
    return known


#: Texts that are remembered before all are forgotten; a long one is remembered alone.
_MOST_PREPARED = 20_000
_SHORT = 20_000
_PREPARED: dict[str, Text] = {}


def plain_of(raw: str) -> str:
    """The plain view of a stored text, without the way back: what a first look at a whole column needs."""
    if _is_simple(raw):
        return raw.lower()
    folded = _folded_quickly(raw)
    return _unmasked("".join(piece for piece, _, _ in _pieces(raw)) if folded is None else folded)


def _is_simple(raw: str) -> bool:
    return raw.isascii() and "#" not in raw and _PLAIN_ASCII.fullmatch(raw) is not None


def _folded_quickly(raw: str) -> str | None:
    """What `_pieces` says, made run by run; None where only a walk over every character can tell."""
    if (not raw.isprintable() and _CONTROL.search(raw)) or "＃" in raw:
        return None
    split = _HASHTAG.sub(_split_hashtag, raw) if "#" in raw else raw
    spelt = _ENTITY.sub(_decode, split) if "&" in raw else split
    folded = spelt if spelt.isascii() else _BEYOND_ASCII.sub(_fold_run, _with_plain_signs(spelt))
    if _LATER in folded:
        return None
    folded = folded.lower().replace("`", "'")
    if folded.isascii() or not _LOOKALIKE.search(folded):
        return folded
    # Look-alikes are told in runs of letters, which the blanks put into hashtags would cut.
    return None if split != raw else _ALPHABETIC_RUN.sub(_undisguised, folded)


def _with_plain_signs(text: str) -> str:
    """The commonest signs beyond ASCII as they are folded anyway, which takes no call for each of them."""
    return text.replace("\u2013", "-").replace("\u2014", "-").replace("\u2019", "'")


def _decode(entity: re.Match[str]) -> str:
    written = entity.group()
    if not _is_entity(written):
        return written
    char = html.unescape(written)
    return char if len(char) == 1 and unicodedata.category(char) not in ("Mn", "Me", "Cc", "Cs") else _LATER


def _split_hashtag(tag: re.Match[str]) -> str:
    return _split_words(tag.group(1)) if tag.group().isascii() else _LATER


@lru_cache(maxsize=20_000)
def _split_words(written: str) -> str:
    if "_" not in written:
        return "#" + _CAMEL.sub(" ", written)
    cuts = {split.start() for split in _CAMEL.finditer(written)}
    parts = [" " + ("" if char == "_" else char) if at in cuts else char for at, char in enumerate(written)]
    return "#" + "".join(parts)


def _fold_run(run: re.Match[str]) -> str:
    return _folded_run(run.group())


@lru_cache(maxsize=20_000)
def _folded_run(run: str) -> str:
    leading = takewhile(lambda char: unicodedata.category(char) in ("Mn", "Me"), run)
    # A mark belongs to the letter before, which stands outside the run; only one that draws nothing changes nothing.
    if _LATER in run or not all(map(_draws_nothing, leading)):
        return _LATER
    pieces = [piece for piece, _, _ in _clusters(run)]
    folded = "".join(pieces)
    # Look-alikes are undone piece by piece.
    entangled = any(len(piece) > 1 and _LOOKALIKE.search(piece) for piece in pieces)
    return _LATER if entangled or folded.lower() != folded else folded


def _undisguised(run: re.Match[str]) -> str:
    letters = run.group()
    return letters.translate(_LOOKALIKES) if _LATIN.search(letters) and not letters.isascii() else letters


def normal(term: str) -> str:
    """A term of a lexicon or roster in the form `plain` has."""
    return plain_of(term)


def _pieces(raw: str) -> Iterator[tuple[str, int, int]]:
    """Folded characters with the half-open span of the stored text each came from."""
    breaks = _hashtag_breaks(raw)
    folded = [piece for piece in _clusters(raw) if piece[0]]
    yield from _with_breaks(_lookalikes(folded), breaks)


def _clusters(raw: str) -> Iterator[tuple[str, int, int]]:
    entities = dict(found.span() for found in _ENTITY.finditer(raw) if _is_entity(found.group())) if "&" in raw else {}
    at, length = 0, len(raw)
    while at < length:
        end = entities.get(at, at + 1)
        source = html.unescape(raw[at:end]) if end > at + 1 else raw[at]
        while end < length and raw[end] >= _FIRST_MARK and unicodedata.category(raw[end]) in ("Mn", "Me"):
            source += raw[end]
            end += 1
        yield _fold(source[:_MOST_MARKS]), at, end
        at = end


def _is_entity(written: str) -> bool:
    # `html.unescape` would also read "&not" out of "&nothing;".
    return written.startswith("&#") or written[1:] in html.entities.html5


@lru_cache(maxsize=20_000)
def _fold(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower().replace("`", "'") if cluster.isprintable() or cluster in "\n\t" else _control(cluster)
    drawn = "".join(_ENCLOSED.get(ord(char), char) for char in cluster if not _draws_nothing(char))
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", drawn).casefold()).translate(_QUOTES)
    return "".join(_without_accent(char) for char in composed)


def _control(char: str) -> str:
    return " " if char == "\r" else ""


def _draws_nothing(char: str) -> bool:
    return char in _DRAWS_NOTHING or unicodedata.category(char) in ("Cf", "Cs", "Cn", "Me")


def _without_accent(char: str) -> str:
    # "ano" and "año" are different words; of all accents only this one changes what a term means.
    if char == "ñ" or char.isascii():
        return char
    if unicodedata.category(char) == "Mn":
        return "" if unicodedata.combining(char) == 230 or "\u0300" <= char <= "\u036f" else char  # noqa: PLR2004
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


def _lookalikes(folded: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    joined = "".join(piece for piece, _, _ in folded)
    if joined.isascii():
        return folded
    disguised = {
        at
        for run in _ALPHABETIC_RUN.finditer(joined)
        if _LATIN.search(run.group()) and not run.group().isascii()
        for at in range(run.start(), run.end())
    }
    if not disguised:
        return folded
    pieces, at = [], 0
    for piece, start, end in folded:
        if at in disguised:
            pieces.append((piece.translate(_LOOKALIKES), start, end))
        else:
            pieces.append((piece, start, end))
        at += len(piece)
    return pieces


def _hashtag_breaks(raw: str) -> list[int]:
    if "#" not in raw and "＃" not in raw:
        return []
    return [tag.start(1) + split.start() for tag in _HASHTAG.finditer(raw) for split in _CAMEL.finditer(tag.group(1))]


def _with_breaks(pieces: list[tuple[str, int, int]], breaks: list[int]) -> Iterator[tuple[str, int, int]]:
    pending = list(reversed(breaks))
    for piece, start, end in pieces:
        if pending and pending[-1] <= start:
            while pending and pending[-1] <= start:
                pending.pop()
            if piece == "_":
                yield " ", start, end
                continue
            yield " ", start, start
        yield piece, start, end


def _unmasked(plain: str) -> str:
    return plain.replace(MASK, "?")


def _sentences(words: str) -> Iterator[tuple[int, int]]:
    start = blank_until = 0
    for found in _SENTENCE_END.finditer(words):
        near = max(start, found.start() - _ABBREVIATION_REACH)
        if found.group().startswith(".") and _ABBREVIATION.search(words, near, found.start()):
            continue
        if _NOT_BLANK.search(words, blank_until, found.end()):
            yield start, found.end()
            start = found.end()
        blank_until = found.end()
    if _NOT_BLANK.search(words, start):
        yield start, len(words)
