"""Frames around a group that are hostile whatever word stands in them.

Rights regretted, company scorned, absence wished: each frame is a pattern that ends where the group begins, one that
begins where it ends (None: whatever follows), and how sure it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.hostility.groups import EVERYDAY, Group
from checks.hostility.predicates import LOOSE, Said
from checks.word_classes import pattern

_ALL = r"(?: (?:all|any|more|so many|the|these|those|such))*\s+$"


@dataclass(frozen=True)
class _Frame:
    #: What it cannot do without, wherever that stands: a text that holds no frame's cue needs no reading.
    cue: str
    opening: re.Pattern[str]
    closing: re.Pattern[str] | None
    sure: float
    #: Whether the closing may reach into the next sentence: "… near children? No thanks."
    goes_on: bool = False


#: "It was a mistake to give women the vote", "why do we still let … into our pool?"
_REGRETTED = _Frame(
    r"{folly}[\w ]{0,20} {let_have}|(?:why|how come|who said)[\w ]{1,30} {let_in}",
    pattern(
        r"(?<![\w'])(?:{folly} (?:it was |was it )?to(?: \w+ly)? {let_have}"
        r"|(?:why|how come|who said)(?: on earth| the hell)?(?: do| are| did| would)? (?:we|you|they|i|people)"
        r"(?: are| still| even| ever)* {let_in})" + _ALL
    ),
    pattern(
        r" (?:the (?:vote|right(?:s)?)|(?:equal |any )?rights|citizenship|a (?:say|vote|voice)|power"
        r"|(?:to )?{may_do}|into|in(?= (?:here|our|my|this)(?!\w))|anywhere|near (?:our|my|the|children|kids))(?!\w)"
    ),
    0.65,
)
#: "We must stop women from becoming judges", "keep … away from the money".
_STOPPED = _Frame(
    r"{stop_them} [^.!?\n]{1,40} (?:away from|becoming|{doing_as_all_do})",
    pattern(
        r"(?<![\w'])(?:(?:must|should|have to|need to|ought to|let's|lets|please|time to|gotta)(?: \w+)? {stop_them}"
        r"|(?:^|(?<=[.!?\n] )){stop_them})" + _ALL
    ),
    pattern(
        r"(?: from)? (?:{doing_as_all_do}|becoming(?! a (?:victim|target)| {made_to_suffer}))(?!\w)"
        r"| away from (?:the|our|my|any|public|all)(?: \w+)? ?{kept_from_them}(?!\w)"
    ),
    0.65,
)
#: "As long as there are … in this city, there will be no peace".
_AS_LONG_AS = _Frame(
    r"as long as",
    re.compile(r"(?<![\w'])as long as (?:there are|we have|we let in|they let in|we tolerate|we keep)" + _ALL),
    pattern(
        r"[^.!?\n]{0,40}?,? (?:there will (?:never )?be (?:no )?|we (?:will|'ll) (?:never |not )(?:have|be) "
        r"|you can forget )(?:any )?{wanted_by_all}(?!\w)"
    ),
    0.7,
)
#: "There's no such thing as a decent …".
_NO_SUCH_THING = _Frame(
    r"no such thing as|show me an? |where(?:'s| is) the |never (?:\w+ )?(?:met|seen|known|heard of|come across) ",
    pattern(
        r"(?<![\w'])(?:no such thing as an?|never (?:\w+ )?(?:met|seen|known|heard of|come across) an?"
        r"|show me an?|where(?:'s| is) the) {of_good_sort}\s+$"
    ),
    None,
    0.7,
)
#: "You can't expect honesty from a …".
_NOTHING_FROM = _Frame(
    r"{good_in_people} from",
    pattern(
        r"(?<![\w'])(?:can't|cannot|don't|do not|never|can you|would you)(?: ever)? {hope_for} (?:any )?"
        r"{good_in_people} from(?: an?| any| the| these)?\s+$"
    ),
    None,
    0.65,
)
#: "You never see a … working".
_NEVER_SEEN = _Frame(
    r"never (?:see|saw|seen|meet|met|catch) ",
    re.compile(r"(?<![\w'])never (?:see|saw|seen|meet|met|catch) (?:an?|any|these|those)\s+$"),
    pattern(r" {at_honest_work}(?!\w)"),
    0.6,
)
#: "I would rather share a room with rats than with …".
_RATHER = _Frame(
    r"(?:rather|sooner) [^.!?\n]{1,80} than ",
    pattern(
        r"(?<![\w'])(?:rather|sooner) (?:[\w']+ ){1,8}?(?:{loathed_company}|die|starve|drown|burn)(?: [\w']+){0,4}?"
        r" than(?: {kept_company}){0,3}(?: a room)?(?: (?:an?|any|some|these|those|one of these))?\s+$"
    ),
    None,
    0.7,
)
#: "What this country needs is fewer …".
_FEWER_NEEDED = _Frame(
    r"(?:needs?|wants?|do with|better off with)(?: is| are)? (?:far |a lot |many )?(?:fewer|less|no) ",
    re.compile(
        r"(?<![\w'])(?:needs?|wants?|could do with|would be better off with)(?: is| are)?"
        r" (?:far |a lot |many )?(?:fewer|less|no)(?: of (?:these|those))?\s+$"
    ),
    re.compile(
        r"(?: (?:here|around|anyway|in (?:it|here|town|charge|power|our \w+|my \w+)))?"
        r"(?:,? and (?:more|the courage)|\s*[.!,]|\s*$)"
    ),
    0.65,
)
#: "That … are allowed to teach our children makes me sick."
_SICKENED = _Frame(
    r"makes? (?:me|us|my)|disgusts|sickens|is sick|is a disgrace|is madness",
    re.compile(r"(?:^|[.!?:;\n]\s*|(?<![\w'])(?:the fact|and|but) )that(?: these| those)?\s+$"),
    pattern(
        r" (?:are (?:even |still )?(?:allowed|permitted|free)|can|may|get)(?: to)? {may_do}[^.!?\n]{0,40}?"
        r" (?:makes? (?:me|us|my \w+) {made_ill}|disgusts|sickens|is (?:sick|a disgrace|madness))"
    ),
    0.7,
)
#: "All these … want is our money".
_ALL_THEY_WANT = _Frame(
    r"(?:want|care about|know|understand|after|for) is (?:our|{low_aims}|how to)",
    re.compile(r"(?<![\w'])all(?: that)?(?: these| those| the| our| your| so-called| dear)+\s+$"),
    pattern(
        r" (?:want|ever want|care about|know|understand|are after|are here for) is"
        r" (?:our {taken_from_us}|{low_aims}|how to (?:steal|cheat|breed|beg))(?!\w)"
    ),
    0.7,
)
#: "Out with the …!"
_OUT_WITH = _Frame(
    r"(?:out|away|down|off|to hell) with",
    re.compile(r"(?:^|[.!?:;,\n\"(]\s*)(?:out|away|down|off|to hell) with(?: all)?(?: the| these| those)?\s+$"),
    re.compile(r",? (?:and )?(?:the )?sooner the better|\s*!|\s*\.?\s*$"),
    0.65,
)
#: "To be rid of the … at last".
_RID_OF = _Frame(
    r"(?:rid|shot|free) of ",
    re.compile(
        r"(?<![\w'])(?:be|being|get|getting|got|finally|at last|well)(?: \w+ly| finally)?"
        r" (?:rid|shot|free) of(?: all| the| these| those| our)*\s+$"
    ),
    re.compile(
        r"(?: (?:at last|for good|forever|once and for all|altogether|already|now|here|in (?:our|this|my) \w+))?"
        r"\s*(?:[.,!]|$)"
    ),
    0.65,
)
#: "No … at the pool, we only just cleaned it"; "no … at the pool today" tells who came.
_NO_ENTRY = _Frame(
    r"(?:at|in|on|near|around) (?:the|our|my|this) (?:\w+ )?{entered_by_all}",
    re.compile(r"(?:^|[.!?:;\n\"(]\s*)no (?:more )?$"),
    pattern(
        r" (?:at|in|on|near|around) (?:the|our|my|this) (?:\w+ )?{entered_by_all}"
        r"(?:\s*[.!]*$|\s*!|,? (?:please|thanks|thank you|ever|we|i)(?!\w))"
    ),
    0.55,
)
#: "… near children? No thanks."
_NO_THANKS = _Frame(
    r"\? (?:um,? |er,? )?(?:no|hell no|never|over my dead body|not) ?",
    re.compile(r"(?:^|[.!?:;\n\"(]\s*)(?:an? |more |all )?$"),
    re.compile(
        r" (?:near|around|in|on|at|with|teaching|as|adopting|raising|leading|next door)(?: [\w']+){0,4}\?"
        r" (?:um,? |er,? )?(?:no,? (?:thanks|thank you|way|chance)|hell no|never|over my dead body"
        r"|not (?:in|on|with) (?:my|our)|not while i)(?!\w)"
    ),
    0.7,
    goes_on=True,
)

_FRAMES = (
    _REGRETTED,
    _STOPPED,
    _AS_LONG_AS,
    _NO_SUCH_THING,
    _NOTHING_FROM,
    _NEVER_SEEN,
    _RATHER,
    _FEWER_NEEDED,
    _SICKENED,
    _ALL_THEY_WANT,
)
#: Of peoples and faiths; of the girls, the boys and the old it is an evening out.
_FRAMES_OF_PEOPLES = (*_FRAMES, _OUT_WITH, _NO_ENTRY, _NO_THANKS, _RID_OF)
#: Where some frame may stand.
FRAME_CUES = pattern(rf"(?:{'|'.join(frame.cue for frame in _FRAMES_OF_PEOPLES)})")
#: Farthest back that a frame before a group begins.
FRAME_REACH = 90


def framed(words: str, group: Group, before: str, end: int) -> Said | None:
    """What is said of a group by the frame it stands in.

    `before` stands before the group in its sentence, which ends at `end`.
    """
    if group.pronoun:
        return None
    for frame in _FRAMES if group.status in EVERYDAY else _FRAMES_OF_PEOPLES:
        found = frame.opening.search(before)
        if found is None:
            continue
        then = frame.closing.match(words, group.end, len(words) if frame.goes_on else end) if frame.closing else None
        if then or frame.closing is None:
            start = group.start - len(before) + found.end() - len(found.group().lstrip(LOOSE))
            return Said(start, then.end() if then else group.end, group, frame.sure)
    return None
