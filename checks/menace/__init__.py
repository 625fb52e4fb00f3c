"""Frames of threatening speech, filled by classes of words: what is wished, regretted, called for or foretold.

A frame is a sentence with open places: `{past}` any act of violence in the past tense, `{whom}` any person. What fills
them is written once and every frame takes it, so that a new verb is heard in every frame. The frames themselves stand
in `frames.yml`, each with how sure it makes a finding.

No quantifier may run far from where it begins, since a post can be one sentence of 60,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from chapterwatch import strictyaml
from checks.cues import MENTION
from checks.harm import BODY, DONE_TO, PEOPLE, SOMEBODY, TRADE
from checks.literals import required_literals
from checks.text import MASK, Text
from checks.word_classes import entries, filled, pattern, spellings, word_class

# --- acts of violence, by form --------------------------------------------------------------------------------------

_IRREGULAR = [[form.replace("_", " ") for form in entry.split()] for entry in entries("hurts_irregularly")]
_REGULAR = entries("hurts")
#: "beat" hurts somebody only with more words: "beat her with a club", "beat them up".
_BEAT_MORE = (
    r"(?: to death)?(?= (?:up|the (?:\w+ )?(?:hell|fuck|shit|crap|life|piss|snot|daylights) out of"
    r"|(?:\w+ ){1,2}(?:up|to death|to a pulp|with an?|senseless|bloody|unconscious|black and blue|so hard|bad|until)))"
)
_DOUBLED = frozenset({"stab", "slap", "whip", "gun", "flog", "gas", "slit", "run", "hit"})


def _with(verb: str, ending: str) -> str:
    """An ending on the first word of a verb: "run over" and "s" are "runs over"."""
    head, _, rest = verb.partition(" ")
    if ending == "s":
        head = head[:-1] + "ie" if head.endswith("fy") else head + "e" if head.endswith(("ch", "sh", "s")) else head
    elif head in _DOUBLED:
        head += head[-1]
    elif head.endswith("e"):
        head = head[:-1]
    elif ending == "ed" and head.endswith("fy"):
        head = head[:-1] + "i"
    return f"{head}{ending} {rest}".strip()


def _either(words: Iterable[str], *more: str) -> str:
    spelt = sorted(set(words), key=lambda word: (-len(word), word))
    return rf"(?:{'|'.join([*spelt, *more])})"


#: Plain form, past, participle; -s and -ing are made from the plain form.
_PLAIN = [*(one[0] for one in _IRREGULAR), *_REGULAR]
_FORM_WORDS = {
    "do": _PLAIN,
    "does": [_with(verb, "s") for verb in _PLAIN],
    "doing": [_with(verb, "ing") for verb in _PLAIN],
    "past": [*(one[1] for one in _IRREGULAR), *(_with(verb, "ed") for verb in _REGULAR)],
    "done": [*(one[2] for one in _IRREGULAR), *(_with(verb, "ed") for verb in _REGULAR)],
}
_BEATS = {"do": "beat", "does": "beats", "doing": "beating", "past": "beat", "done": "beaten"}
_CURBS = {
    "do": "curb stomp",
    "does": "curb stomps",
    "doing": "curb stomping",
    "past": "curb stomped",
    "done": "curb stomped",
}
_FORMS = {form: _either(words, _BEATS[form] + _BEAT_MORE, _CURBS[form]) for form, words in _FORM_WORDS.items()}

# --- whom -----------------------------------------------------------------------------------------------------------

_POSSESSION = filled(r"(?:your|ur|his|her|their|that \w+'s) (?:\w+ ){0,2}?{body}")
_OUT_OF = (
    r"(?: (?:up|down|off))?"
    r"(?: (?:the|that) (?:\w+ )?(?:hell|fuck|shit|crap|life|piss|stupid|snot|daylights|smirk|attitude) out of)?"
)
#: What follows makes it a thing or a harmless act: "kill her career", "shoot her a mail".
_NO_THING = filled(r"(?!(?:'s)? {harmless_object}\b)")
_ONE = rf"(?:{PEOPLE}|{TRADE})"
#: What fills the open places of the frames.
_PARTS = {
    **_FORMS,
    "whom": rf"{_OUT_OF} (?!(?:for|at|with|in|on|to) )(?:{SOMEBODY}|{_POSSESSION}){_NO_THING}",
    "no_thing": _NO_THING,
    "them": rf"(?:you|u|him|her|them|{SOMEBODY})",
    "who": filled(
        r"(?:you|u|y'all|he|she|they|{mention}"
        r"|(?:(?:all|every|any|the|this|that|these|those|such|your|his|her|their|most) (?:of )?){1,2}"
        r"(?:[\w'-]+ ){0,2}?{one}"
        r"|{people}(?: like (?:you|him|her|them|this|that))?)",
        mention=MENTION,
        one=_ONE,
    ),
    "someone": filled(
        r"(?:someone|somebody|anyone|anybody|one of (?:you|them|us)|(?:he|she|they|you)"
        r"|(?:a|an|the|some|that|this|your|his|her|their) (?:[\w'-]+ ){0,2}?{one})",
        one=_ONE,
    ),
    "nobody": r"(?:nobody|no one|noone|no-one|somebody|someone|anybody|anyone)",
    "head": (
        r"(?:^|(?<=[.!?,;:\n\"(…*-]))\s{0,9}"
        r"(?:(?:just|please|simply|then|so|fucking|fuckin|now|go|and|yes|yeah|ok) ){0,3}"
    ),
    "first": r"(?:^|(?<=[.!?\n(…]))\s{0,9}(?:(?:just|please|simply|then|fucking|now|go|yes|yeah) ){0,3}",
    "end": r"(?=[\s.!,;?)\"*…]{0,20}$|[.!,;?)…])",
    "will": (
        r"(?:'ll| will|(?:'s|'re| is| are)? (?:going to|gonna|gon|about to))(?: \w+ly| all| both| so| just| fucking)*"
    ),
    "iwill": (
        r"(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are|m)? (?:going to|gonna|about to)|'d (?:love|like) to| want to"
        r"| wanna| swear i'll| swear to god i'll)(?: \w+ly| just| fucking| so)*"
    ),
    "body": BODY,
    "own": r"(?:your|ur|his|her|their|that \w+'s|those \w+'s?)",
    "undone": filled(r"{undone_how}(?: (?:off|out|open|in|up))?"),
    "bodily": filled(
        r"(?:(?:run|runs|ran|mow|mows|mowed|gun|guns|gunned) (?:you|u|him|her|them|{victim}) (?:over|down)"
        r"|{breaks_bodily} (?:your|his|her|their) (?:\w+ )?"
        r"(?!hearts?\b|backs?\b|hands\b|car\b|office\b|property\b|place\b){body}"
        r"(?: (?:off|out|open|in))?(?! (?:record|news)))",
        victim=SOMEBODY,
    ),
    "kin": filled(r"(?:(?:whole |entire )?{dearest})"),
    "weapon": word_class("weapons"),
    "place": word_class("places_attacked"),
    "armed": filled(
        r"(?:put|stick|place|fire|plant) (?:an?|two|some|the) (?:\w+ )?(?:bullets?|knife|noose|rope)"
        r" (?:in|into|through|around|round|between|to)"
        r" (?:(?:your|his|her|their|the|(?:that|this) [\w-]+'s) \w+|{victim})",
        victim=SOMEBODY,
    ),
    "doneto": DONE_TO.pattern,
    "people": _ONE,
    "victim": SOMEBODY,
}


@dataclass(frozen=True)
class Frame:
    """A sentence with open places and how sure a finding is that it makes. The group `threat` is shown.

    `own_negation`: a negation is part of it ("too bad nobody shot him"), so a negation before does not take it back.
    """

    written: str
    sure: float
    reason: str
    own_negation: bool = False
    #: What must stand somewhere in the text, sooner read than the frame.
    cue: re.Pattern[str] | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The frame with its places filled. Made when first needed: with all their verbs, all take some seconds."""
        return _bounded(filled(self.written, **_PARTS))

    @cached_property
    def literals(self) -> frozenset[str] | None:
        """Strings of which one stands in whatever the frame matches; None where none are known.

        Told from the frame with a sign in each open place, which takes a hundredth of the time.
        """
        signed = _bounded(filled(self.written, **_SIGNS))
        told = [_without_signs(literal) for literal in required_literals(signed) or ()]
        known = [literals for literals in told if literals]
        return frozenset().union(*known) if known and len(known) == len(told) else None


#: A sign of the private use area for each kind of open place, and back.
_SIGNS = {name: chr(0xE000 + at) for at, name in enumerate(_PARTS)}
_OF_SIGN = {sign: name for name, sign in _SIGNS.items()}
_ANY_SIGN = re.compile("([\ue000-\uf8ff])")
#: Fewer letters than this stand in too many texts.
_TELLING = 4


def _bounded(frame: str) -> re.Pattern[str]:
    shown = frame if "(?P<threat>" in frame else f"(?P<threat>{frame})"
    return re.compile(rf"(?<![\w'])(?:{shown})(?![\w'])")


def _without_signs(literal: str) -> frozenset[str]:
    """What stands for a string with open places: its longest part without one, else what fills the first that tells."""
    parts = _ANY_SIGN.split(literal)
    longest = max((part for part in parts[::2]), key=lambda part: len(part.strip()))
    if len(longest.strip()) >= _TELLING or len(parts) == 1:
        return frozenset({longest}) if longest.strip() else frozenset()
    return next((filling for sign in parts[1::2] if (filling := _fillings(_OF_SIGN[sign]))), frozenset())


@cache
def _fillings(place: str) -> frozenset[str]:
    return required_literals(re.compile(_PARTS[place])) or frozenset()


#: What a frame finds, by the word for it in `frames.yml`.
_REASONS = {
    "plan": "an announced violent act against somebody",
    "call": "a call for violence",
    "wish": "violence wished on somebody",
    "price": "an order or condition with a threat",
}


def _frame(written: str, sure: float, reason: str, *, own_negation: bool = False, cue: str | None = None) -> Frame:
    whole = "".join(written.splitlines())
    return Frame(whole, sure, _REASONS[reason], own_negation, pattern(cue) if cue else None)


def _frames() -> Iterator[Frame]:
    for listed in strictyaml.load(Path(__file__).with_name("frames.yml")).data.values():
        yield from (_frame(**frame) for frame in listed)


FRAMES: tuple[Frame, ...] = tuple(_frames())

#: Verbs that stand here with their object only, so common they are.
_PLAINLY = frozenset({"hits"})
_PARTICLES = (" up", " apart", " down", " over", " off", " out")
_VERBS = {word for words in _FORM_WORDS.values() for word in words if not word.endswith(_PARTICLES)}
#: Words of which every frame has one: a text without them is not read for any.
WORDS: tuple[str, ...] = tuple(sorted((_VERBS - _PLAINLY).union(spellings("threat_words"))))
_LEAST = re.compile(rf"(?<![\w{MASK}])(?:{'|'.join(map(re.escape, WORDS))})(?![\w{MASK}])")


def frames_of(text: Text, possible: Container[int]) -> Iterator[Frame]:
    """The frames that may match a text; `possible`: what their literals tell, by `id`."""
    of_text = (frame for frame in FRAMES if id(frame) in possible)
    return (frame for frame in of_text if frame.cue is None or frame.cue.search(text.words))


def is_worded(text: Text) -> bool:
    """Whether a text has one of `WORDS`. Asked after a frame has matched, for hardly any does."""
    return bool(_LEAST.search(text.words))
