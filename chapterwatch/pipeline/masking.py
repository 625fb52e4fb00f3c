"""What of a text a report may repeat: personal data is blacked out, and so is who stands outside the association.

A report goes to a chapter's leadership and to headquarters. That somebody answered a chapter, was mentioned or quoted
is no reason to be named there: handles and profile links are kept only where they are the chapter's own, the
association's, a partner's or of the roster. Everything is blacked out at equal length, for spans count code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chapterwatch.model import Association, Chapter
from chapterwatch.policy import Pack, Rule, is_by_hand
from checks.personal_data import Allowed, find_personal, mask

BLACK = "█"

#: `@name`, also `@name@server`; an e-mail address has a letter before its sign and is personal data already.
_HANDLE = re.compile(r"(?<![\w/@])@(?P<name>(?=[\w.-]*[^\W\d_])\w(?:[\w.-]{0,60}\w)?)(?P<rest>@[\w-]+(?:\.[\w-]+)+)?")
#: An address on a platform with whose it is, and what follows: a post's number leads to its author as well.
_PROFILE = re.compile(
    r"(?<![\w.@-])(?:(?:www|m|mobile|web|[a-z]{2}-[a-z]{2})\.)?(?:"
    r"(?:x|twitter|instagram|facebook|fb|threads|tiktok|pinterest|patreon)\.(?:com|net)/"
    r"|(?:[a-z]{2,3}\.)?linkedin\.com/in/|bsky\.app/profile/|t\.me/|snapchat\.com/add/|youtube\.com/(?:@|user/|c/)"
    r"|[\w-]+(?:\.[\w-]+)+/(?=@)"
    r")@?(?P<name>[\w.%-]+)(?P<rest>[/?#][^\s<>\"']*)?",
    re.IGNORECASE,
)
#: First parts of a path that are nobody's name.
_NOBODY = frozenset(
    [
        *("about", "ads", "company", "events", "explore", "groups", "hashtag", "hashtags", "help", "home", "i"),
        *("intent", "jobs", "legal", "login", "p", "pages", "photo", "photos", "places", "policies", "privacy", "reel"),
        *("reels", "school", "search", "settings", "share", "sharer", "sharer.php", "stories", "terms", "tv", "video"),
        *("watch",),
    ],
)
_CAPITALISED = re.compile(r"\b[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['’\-][^\W\d_]+)*")  # noqa: RUF001 - names are written with it
#: Two to four capitalised words in a row, particles between them included.
_FULL_NAME = re.compile(
    rf"{_CAPITALISED.pattern}(?: (?:(?:de|del|la|van|von|der|da|dos|di|bin|al)\b |)+?{_CAPITALISED.pattern}){{1,3}}",
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")


@dataclass(frozen=True)
class Masker:
    """Blacks out what a report of one chapter may not repeat. `known` is None where third parties are kept."""

    country: str
    allowed: Allowed
    known: frozenset[str] | None

    def __call__(self, text: str) -> str:
        """The text, as many code points long, without personal data and without third parties."""
        personal = list(find_personal(text, country=self.country, allowed=self.allowed))
        masked = mask(text, personal)
        if self.known is None:
            return masked
        return _blacked(masked, (*self._strangers(text), *self._named_beside(masked, [one.start for one in personal])))

    def evidence(self, text: str, start: int, end: int) -> str:
        """Like calling it, for a text whose half-open span [start, end) is a finding's evidence.

        Where something in the evidence is blacked out, the names a check marked along with it are too.
        """
        masked = self(text)
        hit = masked[start:end]
        if self.known is None or BLACK not in hit:
            return masked
        names = (found.span() for found in _CAPITALISED.finditer(hit) if squashed(found.group()) not in self.known)
        return masked[:start] + _blacked(hit, names) + masked[end:]

    def alone(self, words: str, *, personal: bool) -> str:
        """A finding's words where the text around them is not there. `personal`: its rule looks for personal data.

        Such words are blacked out altogether: a date is a birth date beside "born", and a bare date would be printed.
        """
        return _blacked(words, [(0, len(words))]) if personal else self.evidence(words, 0, len(words))

    def _named_beside(self, masked: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Full names in the sentence of something personal: "Celia Brandt, born ██████" would tell whose it is."""
        for start, end in {_sentence_at(masked, place) for place in places}:
            for found in _FULL_NAME.finditer(masked, start, end):
                name = squashed(found.group())
                if not any(name in known or known in name for known in self.known or ()):
                    yield _without_opening(found, start)

    def _strangers(self, text: str) -> Iterator[tuple[int, int]]:
        for pattern in (_HANDLE, _PROFILE):
            for found in pattern.finditer(text):
                if not self._is_known(found["name"]):
                    yield found.start("name"), found.end()

    def _is_known(self, name: str) -> bool:
        return name.casefold() in _NOBODY or squashed(name) in (self.known or ())


def masker_of(association: Association, chapter: Chapter, pack: Pack) -> Masker:
    """The masker for the reports of a chapter under a pack (`third_parties: redact` or `keep`)."""
    contacts = (*association.public_contacts, *chapter.public_contacts)
    allowed = Allowed.of(contacts, association.official_domains, country=chapter.country)
    known = frozenset(_known(association)) if pack.third_parties == "redact" else None
    return Masker(chapter.country, allowed, known)


def marks_personal(rule: Rule | None) -> bool:
    """Whether a rule marks personal data, in a text or in a picture; one that left its pack may have done so."""
    return rule is None or "personal_data" in {rule.check, rule.params.get("check")}


def finds_personal(pack: Pack, rule_id: str) -> bool:
    """Whether a finding's words may be personal data as such; a person's report is in words that name nobody."""
    return not is_by_hand(rule_id) and marks_personal(pack.rules.get(rule_id))


def squashed(name: str) -> str:
    """A name or handle as its letters and digits alone: "@Ledger_Fox" and "Ledger Fox" are one."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def _known(association: Association) -> Iterator[str]:
    """Whoever the registry knows: the association and its chapters' accounts, its roster and its partners."""
    names: list[str] = [association.id, association.name, *association.roster_names, *association.partners]
    names += [account.handle for chapter in association.chapters for account in chapter.accounts]
    names += [event.name for event in association.events] + [chapter.name for chapter in association.chapters]
    names += [domain.split(".")[0] for domain in association.official_domains]
    return (key for key in map(squashed, names) if key)


def _without_opening(found: re.Match[str], start: int) -> tuple[int, int]:
    """The span of a name; the word that opens a sentence is capitalised whatever it is: "Call Dana Whitlock"."""
    first, *others = found.group().split(" ")
    opens = not found.string[start : found.start()].strip()
    return found.start() + (len(first) + 1 if opens and len(others) > 1 else 0), found.end()


def _sentence_at(text: str, place: int) -> tuple[int, int]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    starts = max((end for end in ends if end <= place), default=0)
    return starts, min((end for end in ends if end > place), default=len(text))


def _blacked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        for at in range(start, end):
            if not characters[at].isspace():
                characters[at] = BLACK
    return "".join(characters)
