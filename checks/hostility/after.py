"""What is said of a group after it, over words that may stand between a subject and what is said of it.

What the senses of the lexicon mean after a group is told in `_SAID_AFTER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from checks.hostility.groups import ANY_ONE, NAMED_WITH, Group
from checks.hostility.predicates import Predicates, Said
from checks.lexicons import Hit
from checks.word_classes import entries, pattern

_BE = frozenset({"=", *entries("being")})
#: The same in Spanish, French, German and Portuguese, as the plain view shows them: without accents.
_BE_ELSEWHERE = frozenset(entries("being_elsewhere"))
_BE_NOT = frozenset({"aint", "ain't", "aren't", "arent", "isn't", "isnt", "weren't", "wasn't"})
_NOT = frozenset(entries("denying"))
_NOT_ELSEWHERE = frozenset(entries("not_elsewhere"))
#: The French "ne" is "a" in Flanders and in spoken German, and "of it" in Italian; "pas" is "only" in Dutch.
_NOT_BUT_FRENCH = _NOT_ELSEWHERE - {"ne", "pas"}
_OTHERWISE_IN = frozenset({"de", "it", "nl"})
_MODAL = frozenset(entries("modal"))
_BELONG = frozenset(entries("belonging"))
#: Words that change nothing between a subject and what is said of it.
_GLUE = frozenset(entries("glue"))
_GLUE_ELSEWHERE = frozenset(entries("glue_elsewhere"))
#: "Nurses are sick of broken lifts": nothing is said of the nurses.
_WORD = re.compile(r"\s*(?!(?:sick|tired|sick and tired) of(?!\w))(?:[^\W_]+(?:['-][^\W_]+)*|[,=&])")
_LINK = re.compile(
    r"(?:\s*[(]"
    r"|\s+(?:from|in|of|around|on|over|with)(?:\s+(?:the|this|that|our|my|all|a|other))?\s+\w+(?:\s+\w+)?"
    r"(?=\s+[\w'])"
    r"|\s+(?:and|or|&|/)(?:\s+\w+)?\s+\w+(?=\s+[\w'])"
    r"|\s+who(?=\s+(?:are|is)\s+all)"
    r")"
)
_MOST_WORDS = 9
_MANY = re.compile(r"(?:(?<!i)s|men|people|folks|kids|children)$")
_ASKED = re.compile(
    r"(?<!\w)(?:why|how come|how|when)\s+(?:\w+\s+)?(?:are|is|do|did|must|were|can't|don't|does)?"
    r"(?:\s+(?:all|the|these|those|so|most))*\s*$"
)
_ASKED_BE = re.compile(r"(?<!\w)(?:are|is|aren't|isn't)(?!\w)")
#: "Why are … still allowed to", "since when can … vote": a right is asked about so that it be taken away.
_WHO_LETS = re.compile(
    r"(?<!\w)(?:why(?: on earth| the hell| the fuck)?|how come|since when|who|whose idea was it that)"
    r"(?: do we| do they| does anyone| would anyone| the hell| the fuck)*\s+"
    r"(?:are|is|were|do|can|let|lets|allow|allows|allowed|gave|give)"
    r"(?:\s+(?:all|the|these|those|any|so many|filthy|dirty|stupid|fucking))*\s*$"
)
_ALLOWED = pattern(
    r"\s+(?:even |still |all |actually |always )*(?:(?:allowed|permitted|free|entitled)"
    r"(?: to (?!suffer|be (?:treated|hurt|paid less))|(?= (?:in|into|near|around|out|here|anywhere)\b) )"
    r"|(?={may_do}\b)"
    r")[\w']+(?: [\w']+){0,2}"
)
_AS_A = re.compile(r"(?<!\w)as an?\s+(?:\w+\s+)?$|(?<!\w)(?:you(?:'re| are)?|ur)\s+(?:just\s+|only\s+)?an?\s+$")
_YOU_AFTER = re.compile(r"\s*,?\s*you(?=(?:'re|\s|'ll|'d))")
#: "No … can be trusted": what follows is denied.
_NO_SUCH_ONE = re.compile(r"(?<![\w'])(?:no|not a single|not one|no single|not one of these|not one of those)\s+$")
_IS_EVER = pattern(r"\s+(?:should|can|could|are|is|will|deserves?|must)(?: ever)?(?: be)?(?: ever)? {ever_is}(?!\w)")
#: "should be …": somebody moved like a thing, wherever to.
REMOVED = pattern(
    r"{moved}(?: \w+){0,2}?"
    r" (?:away|out|off|back|across|into|in|overboard|from|to|on|onto|down|under|behind|over|up)(?!\w)"
)
#: Words of contempt that no list has: formed like them, or measured by a low mark.
CONTEMPT = pattern(
    r"(?:un{after_un}|{before_less}less"
    r"|(?:sub|in|less-than-)human\w*"
    r"|\w+(?:-like|ish|-infested|-ridden|-brained|-witted|-minded|-faced)(?<!british)(?<!irish)(?<!jewish)"
    r"(?<!scottish)(?<!turkish)(?<!polish)(?<!finnish)(?<!danish)(?<!swedish)(?<!spanish)(?<!english)(?<!kurdish)"
    r"(?<!selfish)(?<!open-minded)(?<!like-minded)(?<!stylish)(?<!child-like)"
    r"|too {too_such} to \w+"
    r"|(?:not|never) {such_enough} enough(?: to \w+)?"
    r"|(?:not|hardly|barely) (?:worth|fit) (?:for|of|to|the|a) \w+"
    r"|(?:the|a|an|pure|utter|complete) {burden} (?:of|on|to|for) (?:the |our |this |all |every )?\w+"
    r"|{lower} than (?:an? |the |any )?(?:\w+)"
    r")(?![\w'-])"
)
#: "Women are not less than men": a comparison that is denied never gets here; "less than half" counts.
_COUNTED = re.compile(
    r"(?:less|worse|lower) than"
    r" (?:half|\d|one|two|ten|twenty|a (?:third|quarter|half|percent)|percent|ever|before|expected|men|usual|last)"
)


@dataclass
class _State:
    many: bool = False
    be: bool = False
    modal: bool = False
    negated: bool = False
    belong: bool = False
    comma: bool = False
    words: int = 0
    #: A word that is none of those, right before the predicate: "are major liars".
    strange: bool = False
    #: What denies elsewhere than in English.
    denying: frozenset[str] = _NOT_ELSEWHERE

    def take(self, word: str) -> bool:
        """Take a word between subject and predicate; False where it is none of those that may stand there."""
        self.words += 1
        if word == ",":
            self.comma = True
            return self.words == 1
        negative = word in _NOT or word in self.denying
        if self.many and word in ("is", "was"):
            return False
        if self.strange:
            return False
        self.negated |= negative
        being = word in _BE or word in _BE_ELSEWHERE
        self.be |= being or word in _BE_NOT
        self.modal |= word in _MODAL or (negative and not word.startswith(("are", "is", "ain", "do", "was", "were")))
        self.belong |= word in _BELONG
        if negative or being or word in _MODAL or word in _GLUE or word in _GLUE_ELSEWHERE or word.endswith("ly"):
            return True
        self.strange = self.be and not word.endswith(("ing", "ed")) and word.isalpha()
        return self.strange


def said_after(words: str, group: Group, predicates: Predicates, before: str, end: int) -> Said | None:
    """The first hostile thing said of a group after it; `before` is what stands before it, `end` its sentence's end."""
    state = _State(
        many=bool(_MANY.search(words[group.start : group.end])),
        denying=_NOT_BUT_FRENCH if group.language in _OTHERWISE_IN else _NOT_ELSEWHERE,
    )
    at = group.end
    address = _AS_A.search(before) and _YOU_AFTER.match(words, at, end)
    if not (group.whole or address or ANY_ONE.search(before)):
        return _compound(words, group, predicates)
    left = group.start
    if (none := _NO_SUCH_ONE.search(before)) and _IS_EVER.match(words, group.end, end):
        state.negated, left = True, group.start - len(before) + none.start()
    if allowed := _ALLOWED.match(words, group.end, end):
        asked_who = _WHO_LETS.search(before)
        if asked_who and group.status != "age":
            return Said(group.start - len(before) + asked_who.start(), allowed.end(), group, 0.65)
    if address:
        # From "as a …" on, for the words are said to the reader and not by one of the kind.
        at, left = address.end(), group.start - len(before) + _AS_A.search(before).start()  # type: ignore[union-attr]
    elif asked := _ASKED.search(before):
        state.be, left = bool(_ASKED_BE.search(asked.group())), group.start - len(before) + asked.start()
    elif link := _LINK.match(words, at, end):
        found = _walk(words, group, left, link.end(), end, predicates, replace(state))
        if found:
            return found
    return _walk(words, group, left, at, end, predicates, state) or _compound(words, group, predicates)


def _walk(words: str, group: Group, left: int, at: int, end: int, predicates: Predicates, state: _State) -> Said | None:
    for _ in range(_MOST_WORDS):
        step = _WORD.match(words, at, end)
        if step is None:
            return None
        token = step.group()
        begin = step.end() - len(token.lstrip())
        hit = predicates.at(begin)
        sure = _SAID_AFTER[hit.sense](state, hit) if hit and hit.sense in _SAID_AFTER else 0.0
        if hit and sure:
            return Said(left, hit.end, group, sure * hit.weight * (0.85 if group.pronoun else 1.0))
        if hit is None and (loose := _loosely(words, begin, end, state)):
            return Said(left, loose, group, 0.55 * (0.85 if group.pronoun else 1.0))
        removed = REMOVED.match(words, begin, end) if state.modal and state.be and not state.negated else None
        if removed:
            return Said(left, removed.end(), group, 0.7)
        if not state.take(token.lstrip()):
            return None
        at = step.end()
    return None


def _loosely(words: str, begin: int, end: int, state: _State) -> int | None:
    """Where contempt that no list has ends: "are all spongebrained", "are too dim to vote"."""
    if (
        not state.be
        or state.strange
        or state.comma
        or (state.negated and not words.startswith(("not ", "never "), begin))
    ):
        return None
    found = CONTEMPT.match(words, begin, end)
    return found.end() if found and not _COUNTED.match(words, begin, end) else None


def _compound(words: str, group: Group, predicates: Predicates) -> Said | None:
    """Find a compound ("immigrant scum"): a group's name before a noun for what is worthless."""
    hit = predicates.at(group.end + 1) if words[group.end : group.end + 1] in (" ", "-") else None
    if hit is None or hit.sense != "noun" or group.pronoun or group.status not in NAMED_WITH:
        return None
    return Said(group.start, hit.end, group, 0.7 * hit.weight)


def _noun_said(state: _State, _: Hit) -> float:
    return 0.8 if state.be and not state.negated else 0.0


def _sure(said: Callable[[_State, Hit], float]) -> Callable[[_State, Hit], float]:
    """A sense that allows no strange word before it."""
    return lambda state, hit: 0.0 if state.strange else said(state, hit)


def _fate_said(state: _State, _: Hit) -> float:
    if state.negated:
        return 0.0
    return 0.8 if state.modal or (state.comma and state.words == 1) else 0.0


def _denied_said(state: _State, _: Hit) -> float:
    return 0.75 if state.negated and not (state.comma and not state.modal and not state.be) else 0.0


def _verb_said(state: _State, _: Hit) -> float:
    return 0.75 if not state.negated else 0.0


def _hurt_said(state: _State, _: Hit) -> float:
    return 0.8 if state.modal and state.be and not state.negated else 0.0


def _place_said(state: _State, _: Hit) -> float:
    return 0.8 if (state.belong or state.modal) and not state.negated else 0.0


#: How sure a predicate of each sense is after the words between: each looks at what was read on the way.
_SAID_AFTER = {
    "noun": _noun_said,
    "label": _noun_said,
    "crime": _sure(_noun_said),
    "adjective": _sure(_noun_said),
    "trait": _sure(_noun_said),
    "fate": _sure(_fate_said),
    "denied": _sure(_denied_said),
    "verb": _sure(_verb_said),
    "feeling": _sure(_verb_said),
    "place": _sure(_place_said),
    "strong": _sure(_hurt_said),
    "weak": _sure(_hurt_said),
}
