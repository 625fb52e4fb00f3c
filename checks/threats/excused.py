"""Whose violence it is: nobody is accused of words they quote, deny, tell of, or say in kindness."""

from __future__ import annotations

import re

from checks.attribution import is_attributed
from checks.counter import is_spoken_against
from checks.text import Text
from checks.word_classes import pattern

#: "We will hunt you down and hug you."
KINDLY = pattern(
    r"\s+(?:(?:and|to|with) (?:\w+ )?{kindness}"
    r"|in {in_style}"
    r"|onto a"
    r"|out to dry"
    r"|by (?:our|the|a|my) (?:\w+ )?photographer"
    r"|(?:details|applause|kindness|love|gifts|flowers)(?!\w)"
    r"|at (?:{hours}|\d)"
    r"|by the (?:door|window)"
    r"|with the details"
    r"|a (?:mail|message|note|line|text)"
    r"|on the (?:list|agenda|rota|calendar|map)"
    r"|for (?:the |a |an |one |two |three |four )?(?:\w+ )?{joined_for}"
    r"|in the (?:\w+ )?{entered_in}"
    r"|at (?:home|sea) (?:next|on|this|beside)"
    r"|up with (?:emotion|tears|laughter|pride|joy)"
    r"|with (?:a |an |some |our |my |the )?(?:\w+ )?{brought_along})(?!\w)"
)
#: Told as what happened, or asked about.
_TOLD = pattern(r"(?<![\w']){told_of}\s+(?:to\s+)?(?:\w+\s+)?$")
#: What a court, a doctor or a paper says.
_RULED = pattern(r"(?<![\w']){ruled}(?: \w+){0,4} that (?:\w+ ){0,3}$")
#: "How many more cyclists have to die": a question that wants nobody to.
_HOW_MANY = re.compile(r"(?<!\w)how (?:many|often|much longer)(?: (?!till|until|before)[\w']+){0,3}\s*$")
SAID_AFTER = pattern(
    r",? (?:the )?\w+ (?:said|told us|reported|ruled|warned)(?!\w)"
    r"|,? (?:says|said|goes|sang|sings) (?:the|an?|that|my|our) (?:old |new )?{works}(?!\w)"
    r"|,? (?:disse|dice|diceva|urlo|urlava|canta|cantava|ha detto|gridava|scriveva) \w+"
    r"|,? (?:isn't|is not|is no|is never|aren't|are not) (?:an? |any |just |even )*{called_banter}(?!\w)"
)
#: A clause of the speaker's own after a comma: "he is lucky I was not there, I would have …".
_OWN_CLAUSE = re.compile(r"(?:i|we|someone|somebody)(?:'ll|'d| will| would| should| swear| am|'m)(?![\w'])")
#: "If she does not laugh, …": the negation is the condition's.
_CONDITION = re.compile(r"(?<![\w'])(?:if|when|unless|until|since|because)(?![\w'])[^.!?,\n]{1,60}, (?:\w+ )?$")
_WHOEVER = re.compile(
    r"^(?:whoever|(?:anyone|anybody|everyone|everybody) who) "
    r"|(?<![\w'])(?:whoever|(?:anyone|anybody|everyone|everybody) who)$"
)
#: People may be shot with a camera, where the sentence has a word of photography.
_SHOOTS = re.compile(r"(?<![\w'])(?:shoot|shoots|shot|shooting|capture|hang|hung|frame|line up|lined up)(?![\w'])")
_PICTURES = pattern(r"(?<![\w']){photography}(?![\w'])")

#: Beasts that something is done to ("dogs should be …"), and what says that it is for their sake.
_BEASTS = pattern(r"(?<![\w']){beasts}(?![\w'])[^.!?]{0,24}(?<![\w'])be ")
_IN_PAIN = pattern(r"(?<![\w']){out_of_their_pain}(?![\w'])")


def is_excused(text: Text, start: int, end: int) -> bool:
    """Whether somebody else's words are given, or the act is denied, told of or kind."""
    return (
        text.is_reported(start, end)
        or is_attributed(text, start)
        or (text.is_negated(start, reach=20) and not _is_anew(text, start))
        or bool(KINDLY.match(text.words, end))
        or _is_photographed(text, start, end)
        or _is_of_beasts(text, start, end)
        or _is_answered(text, start, end)
        or _is_told(text, start, end)
    )


def _is_anew(text: Text, start: int) -> bool:
    """Whether a negation before belongs to the clause before."""
    if text.words[max(0, start - 2) : start] == ", " and _OWN_CLAUSE.match(text.words, start):
        return True
    return bool(_CONDITION.search(text.words[max(0, start - 80) : start]))


def _is_photographed(text: Text, start: int, end: int) -> bool:
    """Whether people are shot with a camera: "shot thirty families at the hall, all in focus"."""
    return bool(_SHOOTS.search(text.words[start:end]) and _PICTURES.search(text.words, *text.sentence_at(start)))


def _is_of_beasts(text: Text, start: int, end: int) -> bool:
    """Whether beasts are put out of their pain: "sick dogs should be put down rather than suffer"."""
    return bool(_BEASTS.search(text.words[start:end]) and _IN_PAIN.search(text.words, *text.sentence_at(start)))


def _is_answered(text: Text, start: int, end: int) -> bool:
    """Whether the threat is spoken against. Whoever is threatened for what they wrote is no author of the threat."""
    return is_spoken_against(text, start, end) and not _WHOEVER.search(text.words[start:end])


def _is_told(text: Text, start: int, end: int) -> bool:
    before = text.words[max(0, start - 80) : start]
    asked_or_ruled = _HOW_MANY.search(before) or _RULED.search(before)
    return bool(asked_or_ruled or _TOLD.search(before[-30:]) or SAID_AFTER.match(text.words, end))
