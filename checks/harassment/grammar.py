"""How a language other than English points an insult at somebody: a form that each such language fills in.

English is read in every post, for people mix it in, so its ways stand in the code that asks (`checks.harassment`,
`checks.harassment.third_person`); German and French stand beside it there. A language with a `Grammar` is read by its
own words alone, and only for insults of its own lexicon. Patterns read `Text.words`: lower case, without accents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.base import Row

_NEVER = re.compile(r"(?!)")
#: How near "nobody" stands before the word that is said of nobody.
_NOBODY_REACH = 28


@dataclass(frozen=True)
class Grammar:
    """The frames of a language. `before` frames end right before the insult, `after` frames begin right behind it.

    What a language does not fill in is never found. A group `verb` is the verb between a person and the insult.
    """

    #: Before: "eres una …", "¡calla, …".
    you_are: re.Pattern[str] = _NEVER
    #: After: "… eres!".
    so_you_are: re.Pattern[str] = _NEVER
    #: Before `you_are`: "no …".
    denied: re.Pattern[str] = _NEVER
    #: After, where the insult opens the sentence: "…, ti credi una dottoressa".
    you_behind: re.Pattern[str] = _NEVER
    #: After, where a noun for people is all that is said: "Kutwijf!"
    alone: re.Pattern[str] = _NEVER
    #: Anywhere: whoever is spoken to, so that a last word is called out to them.
    spoken_to: re.Pattern[str] = _NEVER
    #: Before, at any distance in the sentence: "si te dicen que …".
    said_by_others: re.Pattern[str] = _NEVER
    #: Before: "soy una …"; after: "… que soy".
    of_myself: re.Pattern[str] = _NEVER
    i_am: re.Pattern[str] = _NEVER
    #: Before: "nadie …".
    nobody: re.Pattern[str] = _NEVER
    #: Before, with a verb: "la directora es una …"; of nouns for people alone "esa es una …".
    person_is: re.Pattern[str] = _NEVER
    those_are: re.Pattern[str] = _NEVER
    #: Before a noun: "quella …", "che branco di …"; after a word that is no person yet: "… della coordinatrice".
    pointed: re.Pattern[str] = _NEVER
    of_whom: re.Pattern[str] = _NEVER
    #: After a noun for people: "een leugenaar is ze".
    so_they_are: re.Pattern[str] = _NEVER
    #: Before, on the stored text, whose capitals tell a name: "Anna Rossi è una …".
    named_is: re.Pattern[str] = _NEVER
    #: Between a name and the insult, with a verb: " es una ".
    name_is: re.Pattern[str] = _NEVER
    #: A thing is called so, after the word or before it, or a part in a play: nobody is hurt.
    thing_after: re.Pattern[str] = _NEVER
    thing_before: re.Pattern[str] = _NEVER
    in_a_work: re.Pattern[str] = _NEVER
    #: Whether the English "I" and "we" mean the speaker in it, too; in Italian "i" is "the".
    reads_english_self: bool = True
    #: Whether the German and French words for what others say mean it here, too; in Dutch "dit" is "this".
    reads_others_abroad: bool = True

    def is_of_nobody(self, before: str, after: str) -> bool:
        """Whether an insult is said of the speaker, of nobody, of a thing or of a part."""
        return bool(
            self.nobody.search(before[-_NOBODY_REACH:])
            or self.of_myself.search(before)
            or self.i_am.match(after)
            or self.is_of_no_person(before, after)
        )

    def is_of_no_person(self, before: str, after: str) -> bool:
        """Whether a thing is called so, before or after it, a part in a play, or somebody in praise."""
        return bool(self.thing_after.match(after) or self.thing_before.search(before) or self.in_a_work.search(before))

    def is_of_a_person(self, row: Row, before: str, start: int, *, noun: bool) -> bool:
        """Whether an insult that starts at `start`, a noun or not, is said of somebody who is not spoken to."""
        if noun and self.pointed.search(before):
            return True
        found = self.person_is.search(before)
        if found is None and noun:
            found = self.those_are.search(before)
        return found is not None and not _is_and(row, start - len(before) + found.start("verb"), found["verb"])

    def is_of_name(self, row: Row, end: int, start: int) -> bool:
        """Whether an insult that starts at `start` is said of a name that ends at `end`: "… es una …", "… é um …"."""
        found = self.name_is.match(row.text.words[end:start])
        return found is not None and not _is_and(row, end + found.start("verb"), found["verb"])


def _is_and(row: Row, at: int, verb: str) -> bool:
    """Whether the "e" at a place is "and": as a verb ("é", "è") it has an accent, which the plain view leaves off."""
    return verb == "e" and row.text.cut(at, at + 1) == "e"


#: Of a language that has none of its own.
NO_GRAMMAR = Grammar()
