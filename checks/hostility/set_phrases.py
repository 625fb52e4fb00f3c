"""What is said of a group in phrases around it: it is wished away, unwanted, sent off, stripped of rights."""

from __future__ import annotations

import re

from checks.hostility.groups import MY_HATRED, NAMED_WITH, Group
from checks.hostility.predicates import LOOSE, Predicates, Said
from checks.text import Text
from checks.word_classes import pattern

#: "The world would be nicer if there were no …", "the fewer … the better": they are wished away.
_NO_SUCH = pattern(
    r"(?<![\w']){better_without}(?: \w+){0,3}?"
    r" (?:if (?:there (?:were|was)|we had) (?:no|none of(?: the| these)?|fewer)"
    r"|without(?: any| all)?(?: the| these)?"
    r")\s+$"
)
_FEWER = re.compile(r"(?<![\w'])the (?:fewer|less)\s+$")
_THE_BETTER = re.compile(r"[^.!?\n]{0,40}? the better(?!\w)")
#: "Nobody wants …", "no decent person would hire …", and then nothing more or "here".
_UNWANTED = re.compile(
    r"(?<![\w'])(?:nobody|no one|no-one|none of us"
    r"|no (?:normal|decent|sane|sensible|real|self-respecting|right-minded) (?:\w+)"
    r") (?:wants?|likes?|needs?|asked for|respects?|misses"
    r"|would (?:ever )?(?:miss|want|like|hire|marry|trust)"
    r"|will (?:ever )?(?:miss|love|want|trust)"
    r"|can (?:ever )?(?:trust|stand|respect)"
    r")(?: any| those| these| all)*\s+$"
)
_NOTHING_MORE = re.compile(
    r"(?:\s+(?:here|around|anyway|anymore|any more|any longer|near"
    r"|in (?:our|my|this|their|his|her)"
    r"|on (?:our|my|this)|at (?:our|my|this)|if they|when they"
    r")(?!\w)"
    r"|\s*[.!,;]|\s*$"
    r")"
)
#: "Why do we still have … here?"
_STILL_HERE = re.compile(
    r"(?<![\w'])(?:why|how come) (?:do we (?:still |even )?(?:have|need|keep|let in|tolerate|feed|hire)"
    r"|must we (?:put up with|tolerate|live with|feed)"
    r"|should we (?:tolerate|put up with|feed|keep|help)"
    r"|are there (?:still |so many |any )"
    r")(?: all| any| these| those| so many| the)*\s+$"
)
#: "Ship … off to", "get … out of our country": moved away by an order.
_MOVING = pattern(
    r"(?:^|[.!?:;,\n\"(]\s*"
    r"|(?<![\w'])(?:i|we|let's|lets|should|must|please|to|just|can't we|gonna|will|and|now"
    r"|(?:somebody|someone|they|police|government) (?:would|could))\s+"
    r")(?P<verb>{ship_off})\s+(?:all |the |these |those |every |filthy |dirty |damn |fucking |goddamn )*$"
)
_MOVED_AWAY = pattern(
    r"\s+(?:(?:straight |right |all )?(?:off|back|out|away)(?: of| from| to)?"
    r" (?:(?:our|my|this|the|your) {homeland}"
    r"|where(?:ver)?\b|whence|some island|the desert|the jungle|the sea"
    r")"
    r"|in (?:camps|cages|a cage|a camp|chains|ghettos|ovens)"
    r"|behind (?:bars|fences|barbed wire)"
    r")"
)
#: "Take the right to vote away from …".
_RIGHTS_TAKEN = pattern(
    r"(?<![\w'])take (?:[\w']+ ){0,3}?{rights_taken} (?:[\w']+ ){0,3}?(?:away )?from(?: all| the| these| those)*"
    r"\s+$"
)
_DEPRIVED = re.compile(r"(?<![\w'])(?:strip|deprive|deny|refuse)(?: all| the| these| those)*\s+$")
_OF_RIGHTS = pattern(r"\s+(?:of )?(?:their |the |all |any |every )*{rights_denied}(?!\w)")
#: What stands around a group: before it, behind it (None: whatever), and how sure it is.
_PHRASES: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, float], ...] = (
    (MY_HATRED, None, 0.75),
    (_NO_SUCH, None, 0.75),
    (_FEWER, _THE_BETTER, 0.75),
    (_UNWANTED, _NOTHING_MORE, 0.65),
    (_STILL_HERE, None, 0.6),
    (_MOVING, _MOVED_AWAY, 0.7),
    (_RIGHTS_TAKEN, None, 0.65),
    (_DEPRIVED, _OF_RIGHTS, 0.65),
)
#: Farthest back that a set phrase before a group begins.
_PHRASE_REACH = 90
#: "… must go", and nothing after it.
_MUST_GO = re.compile(
    r"\s+(?:all )?(?:must|have to|need to|has to|gotta|should) (?:all |just )?(?:go|leave|disappear|vanish)"
    r"(?: now| already| for good| forever| today| at last| away)?\s*(?:[.!]|$)"
)
_PART_OF = re.compile(r"(?<![\w'])(?:of (?:the|our|these|those)|some|several|few|both|two|three)\s+$")
#: Whom "must go" sends away; of the old, the sick and the disabled it may be an evacuation.
_SENT_AWAY = NAMED_WITH | {"sex"}
#: "I see … as a tumour".
_SEEN_AS = re.compile(
    r"(?<![\w'])(?:i|we)(?: just| only| always| really| will always)?"
    r" (?:see|regard|view|consider|think of|look upon)\s+(?:all |the |these |those )?$"
)
_AS_WHAT = re.compile(r"\s+(?:as|like)\s+(?:(?:an?|the|nothing but|mere|just)\s+)*(?:(?:\w+)\s+)?")
_EXCLAIMED = re.compile(
    r"(?:how|what(?:\s+an?)?)\s+(?P<said>[\w'-]+(?:\s+[\w'-]+)?)\s+(?:these\s+|those\s+|all\s+|the\s+|most\s+)*$"
)
#: What some set phrase cannot do without: a text without it and without a hostile word is not read.
SET_PHRASES = pattern(
    r"(?:(?:hatred|contempt|disgust|loathing|my hate|our hate) (?:for|of|toward)"
    r"|if (?:there (?:were|was)|we had) (?:no|none|fewer)"
    r"|the (?:fewer|less) |the better|{nobody}[^.!?]{1,40}{wants}"
    r"|(?:why|how come)[^.!?]{1,14}(?:still have|even have|put up with|tolerate|live with|let in|feed|are there)"
    r"|(?:must|have to|need to|has to|gotta|should) (?:all |just )?(?:go|leave|disappear|vanish)(?![\w'])"
    r"|{better_without}(?: \w+){0,3}? without|take (?:[\w']+ ){0,3}?{rights_taken} "
    r"|(?:off|back|out|away)(?: of| from| to)? (?:(?:our|my|this|the|your) {homeland}|whence|some island"
    r"|the (?:desert|jungle|sea))"
    r"|{set_phrase_cue}|behind barbed|strip |deny |refuse "
    r")"
)


def set_phrase(text: Text, group: Group, predicates: Predicates, end: int) -> Said | None:
    """What is said of a group in phrases around it: they are wished away, unwanted, sent off, stripped of rights."""
    words = text.words
    if not group.whole or group.pronoun:
        return None
    first = max(text.sentence_at(group.start)[0], group.start - _PHRASE_REACH)
    before = words[first : group.start]
    for opening, closing, sure in _PHRASES:
        found = opening.search(before)
        then = closing.match(words, group.end, end) if found and closing else None
        if found and (then or closing is None):
            start = first + found.end() - len(found.group().lstrip(LOOSE))
            told = then.end() if then and closing is not _NOTHING_MORE else group.end
            return Said(start, told, group, sure)
    return _must_go(words, group, before, end) or _seen_as(words, group, predicates, before, end)


def _must_go(words: str, group: Group, before: str, end: int) -> Said | None:
    if group.status not in _SENT_AWAY or _PART_OF.search(before):
        return None
    then = _MUST_GO.match(words, group.end, end)
    return Said(group.start, then.end(), group, 0.6) if then else None


def _seen_as(words: str, group: Group, predicates: Predicates, before: str, end: int) -> Said | None:
    found, then = _SEEN_AS.search(before), _AS_WHAT.match(words, group.end, end)
    if found is None or then is None:
        return None
    # The pattern may have taken the noun itself for an adjective before it.
    last = then.start() + len(then.group().rstrip()) - len(then.group().split()[-1])
    hit = predicates.at(then.end()) or predicates.at(last)
    if hit is None or hit.sense not in ("noun", "label"):
        return None
    return Said(group.start - len(before) + found.start(), hit.end, group, 0.65 * hit.weight)


def exclaimed(words: str, group: Group, predicates: Predicates, before: str) -> Said | None:
    """What is exclaimed: "how disgusting these people are", "what animals immigrants are"."""
    found = _EXCLAIMED.search(before)
    if found is None or not re.match(
        r"\s+(?:are|is|look|act|smell|can be|really are)(?!\w)", words[group.end : group.end + 20]
    ):
        return None
    hit = predicates.at(group.start - len(before) + found.start("said"))
    if hit is None or hit.sense not in ("adjective", "trait", "noun", "label", "crime"):
        return None
    return Said(hit.start, group.end, group, 0.7 * hit.weight)
