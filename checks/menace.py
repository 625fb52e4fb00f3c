# ruff: noqa: E501 - grammars read better unbroken
"""Frames of threatening speech, filled by classes of words: what is wished, regretted, called for or foretold.

A frame is a sentence with open places: `{past}` any act of violence in the past tense, `{whom}` any person. What fills
them is written once and every frame takes it, so that a new verb is heard in every frame. Each frame says how sure
it makes a finding; those of vague wishes and figures of speech stay below the point `violation` of the scores.

Every quantifier is bounded, since a post can be one sentence of 60,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from checks.cues import MENTION
from checks.harm import BODY, DONE_TO, PEOPLE, TRADE, VICTIM
from checks.literals import required_literals
from checks.text import MASK, Text
from checks.word_classes import entries, filled, word_class

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

_VICTIM = VICTIM.replace("?P<who>", "?:")
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
    "whom": rf"{_OUT_OF} (?!(?:for|at|with|in|on|to) )(?:{_VICTIM}|{_POSSESSION}){_NO_THING}",
    "no_thing": _NO_THING,
    "them": rf"(?:you|u|him|her|them|{_VICTIM})",
    "who": filled(
        r"(?:you|u|y'all|he|she|they|{mention}"
        r"|(?:(?:all|every|any|the|this|that|these|those|such|your|his|her|their|most) (?:of )?){1,2}(?:[\w'-]+ ){0,2}?{one}"
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
        victim=_VICTIM,
    ),
    "kin": filled(r"(?:(?:whole |entire )?{dearest})"),
    "weapon": word_class("weapons"),
    "place": word_class("places_attacked"),
    "armed": filled(
        r"(?:put|stick|place|fire|plant) (?:an?|two|some|the) (?:\w+ )?(?:bullets?|knife|noose|rope)"
        r" (?:in|into|through|around|round|between|to)"
        r" (?:(?:your|his|her|their|the|(?:that|this) [\w-]+'s) \w+|{victim})",
        victim=_VICTIM,
    ),
    "doneto": DONE_TO.pattern,
    "people": _ONE,
    "victim": _VICTIM,
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


def _frame(written: str, sure: float, reason: str, *, own_negation: bool = False, cue: str | None = None) -> Frame:
    return Frame(written, sure, reason, own_negation, re.compile(cue) if cue else None)


_PLAN, _CALL, _WISH, _PRICE = (
    "an announced violent act against somebody",
    "a call for violence",
    "violence wished on somebody",
    "an order or condition with a threat",
)

FRAMES: tuple[Frame, ...] = (
    # --- wishes ---
    _frame(
        r"(?:(?:i|we)(?:'m| am)? (?:\w+ )??)?(?:hope|hopefully|hoping|pray|praying|wish|wishing|wished|waiting for|can't wait (?:until|till|for|to see)|cannot wait (?:until|till)|be (?:great|nice|funny) if)"
        r"(?: that| to god| the day)? {someone}(?: who \w+ \w+)?(?:'d| will| would| had| has| could(?: have)?| finally| just| also| comes? (?:by|along)? ?and"
        r"| breaks? in(?:to your \w+)? and| goes? and| gets? up and| walks? up and| actually| gets? to| manages? to){0,3} (?:(?:{does}|{do}|{past}|{done}){whom}|{bodily}|(?:fucks?|fucked) {them} (?:\w+ ){0,5}?(?:to death|and (?:{does}|{do}){whom}|and {bodily})|(?:thrown|pushed|shoved|kicked|dragged) {them} (?:down|off|under|out of|in front of|into)(?: \w+){0,2})",
        0.7,
        _WISH,
        cue=r"hope|hoping|pray|wish|wait|(?:great|nice|funny) if",
    ),
    _frame(
        r"(?:(?:i|we)(?:'m| am)? (?:\w+ )??)?(?:hope|hopefully|pray|wish|praying|hoping)(?: that)? (?:a|an|the|some) (?:\w+ )?(?:truck|bus|car|train|lorry|bullet|meteor|asteroid|lightning|brick|tree|rock|piano)"
        r"(?: would| will| just)? (?:hits?|runs? over|strikes?|crush(?:es)?|lands? on|flattens?|falls? on) (?:you|u|him|her|them|{victim})(?! (?:in the feels))",
        0.7,
        _WISH,
    ),
    _frame(
        r"(?:i|we)(?:'d|'ll| would| will|'m going to)(?: \w+){0,2}? (?:rather|watch|watching|see|pay to see|pay to watch|enjoy (?:watching|seeing)|celebrate when|cheer when"
        r"|laugh(?:ing)? (?:when|while|as)|applaud when|smile when|be (?:happy|laughing|dancing|smiling|there) when|throw a party when|dance when)(?: see| watch| have)?"
        r" {them}(?: all| both)? (?:die|drown|burn|bleed|hang|hanging|dead|choke|burning|(?:get |getting |be |being )?{doneto})(?! (?:on film|in (?:person|colou?r)))",
        0.65,
        _WISH,
        cue=r"(?:i|we)(?:'d|'ll| would| will|'m going to) ",
    ),
    _frame(
        r"(?:i|we)(?: just| really)?(?: want| need| long| live| can't wait| cannot wait| cant wait|(?:'d| would) (?:like|love))(?: \w+)? to (?:see|watch) {them}(?: all)? (?:get |getting |be |being )?(?:fucking )?(?:knocked (?:the fuck )?out|punched|floored|slapped|beaten|{doneto}|bleed|suffer|hang|burn|die|drown|beg for (?:his|her|their|your) life)",
        0.65,
        _WISH,
    ),
    _frame(
        r"(?:wish|wishing|hope for|pray for|hope)(?: on)? (?:you|u|him|her|them|{victim})(?: all)?(?: (?:have|has|get|gets|die|dies|suffers?|meets?))?(?: nothing but)?(?: an?)?"
        r" (?:(?:very|long|slow|painful|agoni[sz]ing|horrible|terrible|lonely|miserable|early|violent|gruesome|excruciating)(?:,| and)? ){1,4}(?:deaths?|demise|end)",
        0.75,
        _WISH,
        cue=r"long|slow|painful|agoni|horrible|terrible|lonely|miserable|early|violent|gruesome|excruciating",
    ),
    _frame(
        r"(?:too bad|shame|pity|sad|sucks|wish|if only|disappointed|should be ashamed)(?: that)? (?:{nobody}|{someone})(?: (?:didn't|did not|never|hadn't|had|could've|could have|would have|has|has not|hasn't|have))?"
        r"(?: just| ever| already)? (?:(?:{past}|{done}|{do}){whom}|{bodily})",
        0.65,
        _WISH,
        own_negation=True,
        cue=r"too bad|shame|pity|sad|sucks|wish|if only|disappointed",
    ),
    _frame(
        r"(?:too bad|shame|pity)(?: that)? (?:the|that|his|her) (?:\w+ )?(?:bullets?|shooter|bomb|sniper|assassin|gunman) (?:only )?(?:missed|failed|grazed|didn't (?:hit|kill|reach|finish))"
        r"(?: (?:you|him|her|them|{own} \w+))?",
        0.65,
        _WISH,
        own_negation=True,
    ),
    _frame(
        r"(?:too bad|shame|pity)(?: that)? (?:you|he|she|they|{victim}) (?:didn't|did not|hasn't|haven't|never) (?:die|died|drown|drowned|bleed out|burn|hang|choke|croak|rot)",
        0.6,
        _WISH,
        own_negation=True,
    ),
    _frame(
        r"(?:why|how)(?: on earth| the (?:hell|fuck))? (?:has|have|did|hasn't|haven't|didn't|is it that)(?:n't)? {nobody}(?: \w+)? (?:{done}|{do}){whom}(?: yet| already)?",
        0.6,
        _WISH,
        own_negation=True,
    ),
    _frame(
        r"(?:{head}|\b(?:can|may|will|should|to|and|hope|go|let (?:him|her|them)|you|all|they|he|she|hopefully) )(?P<threat>(?:rot|burn|roast|fry|suffer) in (?:your own |the fires of |the depths of )?hell)",
        0.5,
        _WISH,
    ),
    _frame(
        r"(?:{first}|(?<=, )|\b(?:prison|cell|jail|just|should|should've|have|and|say) (?:and )?)(?P<threat>let {them}(?: all)? (?:die|rot|bleed|hang|drown|starve|burn(?= in| alive)|bleed out|choke)"
        r"(?: (?:in hell|in the (?:gutter|streets?|cell)|slowly|alone|alive|there|like \w+))?)(?! (?:in peace|down|with dignity|at home|naturally|off|out)){end}",
        0.5,
        _WISH,
        cue=r"let ",
    ),
    # --- calls ---
    _frame(
        r"{head}(?P<threat>bury {them} (?:alive|up to|under|six feet))|(?P<threat2>(?:see|have|get|want) {them} (?:swinging|hanging|dangling) from (?:a|the) (?:\w+ )?(?:rope|tree|lamp ?post|gallows|bridge))",
        0.6,
        _WISH,
    ),
    _frame(
        r"(?:should|ought to|needs? to|must|better|gotta|time to|let's|we)(?: all| just| really)? (?:be|start|begin|try|consider)(?: \w+ly)? {doing}{whom}",
        0.65,
        _CALL,
    ),
    _frame(
        r"(?:{iwill}|{head}|\b(?:should|gotta|wanna|(?:want|love|like|need|close enough|time|have|ought) to|let me|imma|gonna|someone|somebody|please) (?:just |really |fucking ){0,2})"
        r"(?P<threat>(?:beat|slap|smack|knock|kick|punch|choke) the (?:\w+ )?(?:hell|fuck|shit|crap|life|piss|stupid|snot|daylights) out of (?:[\w'-]+, )?{them}){no_thing}",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:(?:(?:i|we|they|you|he|she|somebody|someone) )?should(?:'ve| have| of|a)|shoulda|(?:i|we|they)(?:'d| would) have)(?: \w+ly| just| also| all){0,2} (?:{done}|{past}|{bodily})(?:(?: {them})? (?:and|or)(?: then)? (?:{done}|{past}|{bodily}))?{whom}"
        r"|(?:should(?:'ve| have| of|a)|shoulda|wish \w+ (?:had|have))(?: [\w']+){0,6}? (?:smash|smashed|stuck|shoved|crack|cracked|rammed|slammed|broken?|broke) (?:it|that|them|one|(?:a|an|the|his|her|your) [\w-]+) (?:across|over|in|into|through|up|down|on) (?:his|her|your|their|that \w+'s) (?:\w+ )?(?:head|skull|face|throat|teeth|ass|cunt|eyes?|ribs)",
        0.6,
        _WISH,
    ),
    _frame(
        r"(?:feel like|in the mood for|fantasi[sz]e about|fantasi[sz]ing about|dream(?:ing)? (?:of|about)|thinking (?:of|about)|consider(?:ing)?|looking forward to|can't wait to start) (?:just )?{doing}{whom}",
        0.55,
        _PLAN,
    ),
    _frame(
        r"(?:i|we)(?:'d)? (?:say|vote|propose|suggest|move)(?: that)?(?: we| you| they| someone| somebody)?(?: should| just| all){0,2} (?:(?:round|line) (?:them|up)(?: \w+){0,3} and )?(?:{do}{whom}|{armed})",
        0.65,
        _CALL,
    ),
    _frame(
        r"(?:can|could|would|will)(?: not)? (?:a|an|any|some|one of) (?:\w+ )?(?:man|woman|female|guy|girl|person|driver|patriot|cop|officer|sniper|citizen|adult|brave \w+)(?: please| just){0,2} {do}{whom}",
        0.65,
        _CALL,
    ),
    _frame(
        r"{head}(?P<threat>(?:time to |let's )?(?:grab|take|get|buy|find|bring|pick up|use|load|fetch) (?:your|a|an|the|some|my|our|those|one of) (?:\w+ )?{weapon}(?: \w+){0,5}? and (?:then |just |go )?(?:{do}{whom}|{armed}|finish {them}|pay {them} a (?:little )?visit))",
        0.65,
        _CALL,
    ),
    _frame(
        r"{head}(?P<threat>(?:grab|take|get|find|put|lock|line|round|tie|drag|lead|send|kneel|strip|throw|track|hunt|catch|arrest|pull|hold|chain|strap) (?:up )?{victim}(?:,? [\w'-]+){0,6}?,? and (?:then |just |fucking ){0,2}"
        r"(?:{do}{whom}|{armed}|(?:cut|chop|rip|tear|break|smash|bash) {own} (?:\w+ )?{body}(?: (?:off|out|in|open))?|let {them} (?:rot|die|starve|bleed|drown|burn)|set (?:it|{them}) on fire|waterboard {them}))",
        0.6,
        _CALL,
        cue=r"cut|chop|rip|tear|break|smash|bash|let |set |kill|shoot|stab|hang|burn|bullet|noose|rope|knife|beat|waterboard|drown|gas|poison|whip|punch|slap|kick|choke|slaughter|execute|torture|behead|lynch|rape|murder|hit",
    ),
    _frame(
        r"(?:should|deserve[sd]? to|needs? to|ought to|must|has to|have to|oughta) (?:have|get) (?:your|his|her|their) (?:\w+ ){0,2}?(?:{body}|tongues?|necks?) (?:be |get )?{undone}",
        0.7,
        _WISH,
    ),
    _frame(
        r"(?P<threat>{who}(?:'s|'re| is| are)?(?: (?:really|just|seriously|badly|all))? (?:needs?|wants?|deserve[sd]?|could use|could do with|(?:begging for|asking for|in need of|due))(?: to get)?(?: an?)?(?: (?:good|proper|serious|hard|real))?"
        r" (?:slapp(?:ing|ed)|beating|shooting|killing|hanging|whipp(?:ing|ed)|spanking|strangling|punching|smacking|smacked|kicking|stabbing|stabbed|thrashing|decking|lynching|shot|bullet|noose|rope))(?: (?:around|up|out|hard|silly|badly))?{end}",
        0.6,
        _WISH,
        cue=r"need|want|deserve|could|begging|asking|due",
    ),
    _frame(
        r"{head}(?P<threat>(?:death to|death upon) (?:(?:all|every|the|these|those|you|your|his|her|any|anyone|everyone|both) ){0,2}(?:of )?(?:[\w'-]+ )?(?:{people}|whites?|blacks?|jews?|arabs?|you all|you|them(?: all)?|board|government|regime"
        r"|america|israel|infidels|iran|russia|ukraine|gays|trans|the west|the press|the media))(?! (?:from|by)\b)",
        0.65,
        _CALL,
    ),
    _frame(
        r"(?:{head}|(?:'s|is|are|at) )(?P<threat>(?:up )?against (?:the|a) wall with (?:you|him|her|them|the (?:lot|whole lot)|all|every|these|those|{victim})|off with (?:your|his|her|their) heads?)",
        0.5,
        _CALL,
    ),
    _frame(
        r"(?:{first})(?P<threat>(?:just )?(?:a |one |two )?bullets? (?:in|between|to|through|right between) (?:the|his|her|their|your) (?:eyes|head|brain|skull|heart|face|back of (?:the|his|her|their|your) (?:head|skull|neck)))(?: (?:would|will|is|should|and)\b|{end})",
        0.6,
        _CALL,
    ),
    _frame(
        r"(?:rope|noose|bullet|gallows|guillotine|firing squad|electric chair|lamp ?post) (?:is|are|would be) (?:all|what|what's left|all that's left|the only thing|too (?:good|kind)|waiting|ready)(?: for)? (?:you|he|she|they|him|her|them|{who})(?: all)?(?: deserve| need| get| understand)?s?",
        0.7,
        _WISH,
    ),
    _frame(
        r"(?P<threat>(?:{who} (?:gets?)|(?:{who}|(?!it |this |that )[\w'-]+) (?:should (?:all )?(?:get|face|meet|swing from|hang from|see)|must face|ought to (?:face|get|meet)|belongs? (?:on|in front of|at the end of|hanging from|in)|(?:need|deserve|has|have)s? to (?:face|meet|swing from|hang from|see)))"
        r" (?:the |a )?(?:hangman's |nearest )?(?:rope|noose|gallows|guillotine|firing squad|electric chair|bullet|executioner|lynch mob|gas chambers?|wood ?chipper|lamp ?posts?|body bag))(?!'s| line| course| swing)",
        0.65,
        _WISH,
        cue=r"rope|noose|gallows|guillotine|firing squad|electric chair|bullet|executioner|lynch mob|gas chamber|chipper|lamp ?post|body bag",
    ),
    _frame(
        r"(?:bring|bringing|get|getting|fetch) (?:back )?(?:the|a|your|out the|some) (?:rope|gallows|noose|guillotine|pitchforks)s? (?:for|and (?:hang|string)) {them}|time for (?:a |some )?(?:rope|lynching|public hanging|firing squads?|hangings)|lynch mob time",
        0.55,
        _CALL,
    ),
    _frame(
        r"(?:{head}|\b(?:i'll|i will|gonna|imma|ima|going to|should|somebody|someone|to|please|would) (?:\w+ly )?)(?P<threat>give (?:u|{them}) (?:(?:a|some|the|one|two|few|good|hard|real|proper|couple of|nice|few) ){0,3}(?:slaps?|beating|beatdown|thrashing|punch(?:es)?"
        r"|smacks?|ass ?whooping|whooping|black eye|bloody nose|backhand|knuckle sandwich))(?! (?:heart|on the (?:lips|cheek|back)|drum|up|to remember))",
        0.55,
        _CALL,
    ),
    _frame(
        r"{head}(?P<threat>(?:pound|smash|bash|punch|cave|stomp|crush|crack|bust|slam|beat|grind|break|kick|snap) (?:ur|his|her|their|that \w+'s|your) (?:\w+ )?(?:faces?|head|skull|teeth|jaw|nose|ribs|knee ?caps?|brains|neck)(?: (?:in|into|off|out|to|against)\b(?: \w+)?)?)"
        r"(?! (?:record|news|gently|down to))",
        0.55,
        _CALL,
    ),
    _frame(
        r"(?:{head}|\b(?:should|let's|gotta|to|will|they|and|somebody|we) )(?P<threat>string (?:{victim}|all of them) up)(?! (?:with|to|on|for))",
        0.65,
        _CALL,
    ),
    _frame(
        r"{first}(?P<threat>(?:hit|beat|slap|smack|punch|choke|rape) (?:your|ur) (?:wife|woman|women|wives|girlfriends?|husbands?|kids?|child|children|daughters?|sons?|mother))(?! (?:at|to|in|with|up|there|on)\b)",
        0.5,
        _CALL,
    ),
    # --- plans ---
    _frame(
        r"(?:if|when|next time|once|the day|anywhere)[^.!?\n]{1,60}?,? (?P<threat>(?:i'm|im|i am|we're|we are) (?:\w+ly )?{doing} {them}(?: (?:up|down|out))?)(?! (?:to|up with|a|an|some)\b)",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:{iwill}|imma|ima|finna|gonna|'ll|should|ought to|let's|needs? to|oughta|must|want to|wanna|i'd) (?:go |all |just |totally |fucking ){0,2}(?:bomb|blow up|burn(?: down)?|torch|shoot up|nuke|fire ?bomb|set fire to|carpet bomb)"
        r" (?:your|his|her|their|that|this|those|every|all|a|an|the(?! (?:house|place|roof|stage|dance)))(?: [\w'-]+){0,2}? {place}(?: (?:down|up|to the ground))?(?! (?:with|group|chat|photo|inbox|music|cds?|newsletter|calendar|record|debt|mortgage|dance))",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:wipe|erase|blow|bomb|nuke) (?:you|them|him|her|it all|these \w+|those \w+|{victim}) (?:off (?:the|this) (?:map|planet|earth|face of the earth|planet)|out(?= [.!]|[.!]|$)|back to the stone age|from the (?:face of the )?(?:earth|map))"
        r"|(?:{who}) (?:should|must|need to|needs to|deserves? to|will) be (?:wiped|erased|blown|bombed|removed) (?:off|from) (?:the|this) (?:map|planet|earth|face)",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:{iwill}|imma|ima|gonna) (?:fucking |so |straight up |just )?(?:cut|jump|merk|end|fuck up|whack) (?:u|you|ya|him|her|them|that (?:bitch|cunt|fool|punk|bastard)|a bitch)(?: up)?{end}",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:{iwill}|imma|ima|gonna|should|or i|i could|i'd|or we|wanna) (?:\w+ly |so |fucking |just |personally ){0,2}(?:kick|beat|whoop|whip|stomp|bust) (?:your|ur|yo|his|her|their|that \w+'s|ya) (?:\w+ )?(?:ass(?:es)?|arse|face in|head in|teeth in|skull in)",
        0.6,
        _PLAN,
    ),
    _frame(
        r"{iwill} (?:make (?:sure )?(?:{them}|all of you \w+ \w+|your life|his life|her life)(?: all| never| will| is)?(?: a)? (?:suffer(?! no| through| from)|bleed|hurt|hell|living hell|walk again|see daylight)"
        r"|end (?:your|his|her|their) (?:\w+ )?(?:life|lives|bloodline|existence))",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:if|when|once) (?:you|he|she|they|anyone|anybody|any of (?:you|them)|these|those|{victim})[^.!?\n]{0,20}? (?:come(?:s)? (?:near|to my|on my|onto|close|closer|here again|back here|in my)|set(?:s)? foot|step(?:s)? (?:on|foot|one foot|closer)|touch(?:es)?|trespass)"
        r"[^.!?\n]{0,40}?,? (?:i|we)(?:'ll| will|'m going to|'re going to| shall) (?:shoot|kill|stab|open fire|attack|shoot (?:first|to kill)){end}"
        r"|(?:come (?:near|to my|on my|close)|set foot|step (?:on|foot)|touch)\b[^.!?\n]{1,40}? and (?:i|we)(?:'ll| will|'m going to)? (?:shoot|kill|stab|open fire|shoot to kill){end}",
        0.75,
        _PRICE,
    ),
    _frame(
        r"(?:i|we)(?:'ve got| have got| got| have|'ve)? (?:a|an|my|the) (?:\w+ )?(?:gun|rifle|shotgun|pistol|glock|knife|machete|ak|ar-?15)(?: \w+){0,3}?,? and (?:i'm|i am|we're|i)(?: \w+)? (?:not afraid to use|know how to use|will use|ready to use|not scared to use) it"
        r"|(?:i|we)(?:'ve got| have got| got| have|'ve)? (?:a|an|one|enough|some|plenty of) (?:bullets?|nooses?|ropes)(?: \w+){0,2}? for (?:each|every|all|you|him|her|them|both)"
        r"|(?:bullet|noose|rope|grave|coffin)s?(?: \w+){0,3}? with (?:your|his|her|their) names?",
        0.7,
        _PLAN,
    ),
    _frame(
        r"(?:{who}|nobody like \w+)(?: really| just)? (?:do not|don't|doesn't|does not|dont|doesnt|didn't|never) deserve(?:d|s)? (?:to (?:live|breathe|be alive|exist)|life|oxygen)(?! (?:in (?:fear|poverty|pain)|like this|under|with|alone|this way)){end}",
        0.6,
        _WISH,
        own_negation=True,
    ),
    _frame(
        r"(?:the |this )?(?:world|country|earth|planet|place|everyone|everybody|we)(?:'d| would| will)(?: all)? be (?:a )?(?:much )?better (?:off |place )?(?:if|when|once) (?:you|he|she|they|all \w+|{victim})(?: all)? (?:were(?: all)? dead|was dead|died|are dead|is dead|dropped dead|are gone and dead)"
        r"|(?:nobody|no one|no-one|who) (?:would|will|'d)(?: even| ever)? (?:miss|cry for|mourn|care about|care) ?(?:you|him|her|them)? if (?:you|he|she|they) (?:died|were dead|was dead|dropped dead)",
        0.6,
        _WISH,
        own_negation=True,
    ),
    _frame(
        r"(?P<threat>why (?:are|is|r) (?:you|u|he|she|they|(?:that|this|these|those) {people})(?: all| even)? (?:still )?(?:alive|breathing))(?=[\s?!.]*$|[?!])|(?P<threat2>how (?:are|is) (?:you|u) (?:still )(?:alive|breathing))(?=[\s?!.]*$|[?!])",
        0.5,
        _WISH,
    ),
    _frame(
        r"(?:a|one) (?:\w+ )?(?:beating|bullet|slap|noose|rope|hanging|thrashing|spanking|punch(?: in the \w+)?|kick in the \w+|firing squad|knife in the \w+) (?:is|are)(?: all| just| exactly)? what (?:you|he|she|they|{who})(?: all)? (?:needs?|deserves?)"
        r"|what (?:you|he|she|they|{who})(?: all| really)? (?:needs?|deserves?) is (?:a|an|the|one|some) (?:(?:good|proper|hard|swift|real|single) )?(?:beating|bullet|slap|noose|rope|hanging|thrashing|spanking|punch|kick in the \w+|firing squad|fist|baseball bat|knife)",
        0.65,
        _WISH,
    ),
    _frame(
        r"(?:only|best|right|final|one|real) (?:way|solution|answer|thing|cure|fix|option|language)(?: [\w']+){0,6}? (?:is|are|would be)(?: simply| just)?(?: to)? (?:{do}{whom}|a bullet|death|the rope|a noose|extermination|violence)(?! (?:penalty|and taxes|of)\b)"
        r"|(?:answer|solution) is (?:a bullet|to {do}{whom})",
        0.55,
        _CALL,
    ),
    _frame(
        r"(?:(?:this|so|that) close to|pleasure (?:in|of)|enjoy|satisfaction (?:in|of)|can't stop (?:thinking about|imagining)|be tempted into|on the verge of)(?: just)? {doing}{whom}"
        r"|(?:(?:be|is) my (?:pleasure|honou?r|job) to|(?:hold me back|stop me|someone stop me|hold me) before i|i choose to|nothing more than to|best day of my life to|have no problem(?: with)?|not hesitate to|think twice about|wouldn't mind) (?:watch {them} (?:choke|die|burn|bleed|drown|suffer)|{do}{whom}|{doing}{whom})",
        0.6,
        _PLAN,
        own_negation=True,
    ),
    _frame(
        r"(?:hopefully|here's hoping|hope|hoping|pray|praying|maybe|can't wait until) {someone} (?:will |also |just |finally )?(?:gets?|is|be|to get) (?:(?:{doneto}|stabbed|shanked|knifed)(?! (?:up|in (?:black|colou?r)))|(?!hit|slit|knocked){done}(?= (?:in|by|to|for|with|on|tonight|soon|today|and|too)\b|[\s.!,]*$))"
        r"|(?:hopefully|here's hoping|hope|hoping|pray|praying) {someone}(?: slips and)? (?:falls?|trips?) (?:down|off|into|under|in front of) (?:a |the |some )(?:flight of )?(?:stairs|stairwell|well|cliff|bridge|volcano|train|bus|window|roof|balcony|woodchipper)",
        0.6,
        _WISH,
    ),
    _frame(
        r"(?:hope|hopefully|pray|can't wait until|can't wait till)(?: that)? (?:they|someone|somebody|the (?:cops|police)) (?:will |just )?finds? (?:you|u|him|her|them|your body|his body|her body) (?:in (?:a|the) (?:ditch|river|body bag|dumpster|landfill|morgue|trunk|gutter)|dead|hanging|face down)"
        r"|(?:hope|pray|praying|wishing|wish|hoping) (?:for|on) (?:your|his|her|their) (?:death|deaths|demise)|(?:your|his|her|their) deaths? will be (?:slow|painful|long|very|agoni[sz]ing|quick|soon|mine|a pleasure|horrible|brutal)",
        0.65,
        _WISH,
    ),
    _frame(
        r"(?:(?:i|we)(?:'m| am)? (?:\w+ )??)?(?:hope|hopefully|pray|hoping)(?: that)? (?:isis|the (?:mob|taliban|cartel|crocodiles?|sharks?|lions?|wolves|bears?|terrorists?|russians|vigilantes)|cancer|covid|ebola|aids|the plague|a (?:shark|bear|lion|serial killer|rapist|terrorist|pedo)) (?:gets?|finds?|catch(?:es)?|takes?|eats?|visits?|rapes?|kills?|bites?) (?:to )?(?:you|him|her|them|{victim})",
        0.65,
        _WISH,
    ),
    _frame(
        r"(?:i|we|he|they)(?: can|'ll| will| could|'m going to|'d like to|'d love to|'re going to| know (?:people|guys|someone) who(?: can| will| could)?) (?:just |easily |happily )?have (?:you|u|him|her|them)(?: all)? (?:killed|shot|beaten(?! by)|whacked|murdered|raped|jumped|stabbed|taken out|six feet)",
        0.7,
        _PLAN,
    ),
    _frame(
        r"(?:let's |we'll |we will |i wanna |i want to |lets |gonna |i'll |i will )?see how (?:brave|tough|funny|smart|loud|big|cocky|happy|strong|long)? ?(?:you|he|she|they) (?:are|is|feel|feels|act|laugh|laughs|like it|likes it|last|lasts|like|talk|talks)(?: \w+){0,2}? (?:when|with|once|if)\b[^.!?\n]{0,40}?"
        r"(?:at your door|(?:knife|gun|bullet|blade|boot|fist|bat)\b|your throat|on fire|find you|your (?:kids|family|house|teeth|skull|neck)|my hands|in the ground|at your house|beg)",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:keep \w+ing|(?:cross|do|say|touch|try|post|write|open|come near|mention|talk to|look at) (?:that|it|this|her|him|them|me|us|my \w+|your mouth|that \w+)(?: \w+)? ?(?:again|once more|one more time|ever again)?),? and (?:see what happens to (?:you|your|her|his)|(?:you|u)(?:'ll| will|'re going to)? (?:lose|be missing|never have) (?:a|an|your|that|all) (?:\w+ )?(?:hands?|fingers?|teeth|tooth|eyes?|head|legs?|tongue|life|arms?|nose|balls)"
        r"|(?:i'll|i will) (?:close it forever|shut it forever|break (?:it|them) off|make (?:sure )?you bleed|(?:break|end|destroy|hurt|bury|finish|crush|wreck) (?:you|u|him|her|them){end}))",
        0.65,
        _PRICE,
    ),
    _frame(
        r"(?:everyone|everybody|every(?: single)? (?:person|one of you)|all of you|anyone|nobody) (?:at|in|inside|on|who (?:comes|goes|shows up)) (?:\w+ ){1,5}?(?:is going to|are going to|will|is gonna|gonna) (?:die|be (?:shot|killed|dead|slaughtered|massacred)|bleed)(?! (?:of|if|from|eventually|one day|someday|laughing|for))",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:{head}|{iwill} |\b(?:should|gonna|imma|let's|gotta|to|please|somebody|someone|or i'll|i'd) (?:just |go )?)(?P<threat>throw (?:acid|an? (?:brick|bomb|molotov|grenade|rock|stone|punch)|bricks|rocks|stones|molotovs) (?:at|in|on|into|through) (?:{them}|(?:your|his|her|their|that \w+'s) \w+))(?! (?:party|ball))",
        0.65,
        _CALL,
    ),
    _frame(
        r"(?:{head}|{iwill} |\b(?:should|gonna|imma|let's|gotta|to|please|somebody|someone|or i'll|i'd) (?:just |go |fucking )?)(?P<threat>{armed})",
        0.7,
        _CALL,
    ),
    _frame(
        r"(?:i'm|im|i am|we're|we are) (?:\w+ )?coming (?:over )?to (?:get|find|hurt|end) (?:you|u|him|her|them)(?=[\s.!]*$|[,.!]| (?:and|you|tonight|with))"
        r"|(?:say|kiss|wave) (?:goodbye|good bye|bye)(?: bye)? to your (?:knee ?caps?|teeth|legs|life|fingers|head|balls|limbs)",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:{iwill}|imma|ima|gonna|should|someone|somebody|let's|{head}) (?:just |all |fucking )?drag {them} (?:out of (?:your|his|her|their) (?:car|house|home|office|beds? and)|(?:\w+ ){0,3}?by (?:your|his|her|their|the) (?:hair|throat|neck)|behind (?:my|a|the) (?:truck|car|horse)|through the (?:streets?|mud))",
        0.65,
        _PLAN,
    ),
    _frame(
        r"where(?: is|'s| are|s)(?: a| the| that| all the)? (?:\w+ ){0,2}?(?:snipers?|assassins?|hitm[ae]n|oswald|wilkes booth|school shooter|guillotine|john hinckley|firing squad) when (?:you|we|ya) need|(?:anyone|anybody|somebody|someone|who) (?:got|has|have|wants to bring|bringing|brings) (?:a|the|some) (?:noose|guillotine|gallows)(?=[\s.?!]*$|[.?!])",
        0.6,
        _CALL,
    ),
    _frame(
        r"(?:if it (?:were|was) up to me|if i (?:were|was|ran|had my|had the)|in my (?:country|world|house)|in a (?:just|sane|fair|better|perfect) (?:world|country|society))[^.!?\n]{0,50}?,? (?:(?:we|i|they)(?:'d| would)(?: have| just| all){0,3} (?:{done}|{do}){whom}|{who}(?:'d| would)(?: have| all| just| already){0,3} (?:be|been|get) (?:all |already )?{doneto})",
        0.65,
        _WISH,
    ),
    _frame(
        r"signed (?:your|his|her|their) (?:own )?death warrants?|(?:'ll| will|gonna|going to) (?:be|is) the last thing (?:you|he|she|they) (?:ever |will ever |'ll ever )?(?:see|do|say|hear|eat)(?! (?:coming|this year))"
        r"|(?:gonna|going to|will|'ll) wish (?:you|he|she|they)(?:'d| had)? (?:never (?:said|been born|come|met|crossed|posted|done|opened)|were(?:n't)? (?:never )?(?:born|dead))",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:i'm|im|i am|i'll be) (?:loading|grabbing|getting|bringing|fetching) (?:my|the) (?:\w+ )?(?:guns?|rifle|shotgun|pistol|glock|ar-?15|machete)(?! (?:safe|range|show|license|course|to the range))"
        r"|(?:won't|will not|wont) (?:be )?(?:walk(?:ing)?|leav(?:e|ing)|com(?:e|ing)|get(?:ting)?|mak(?:e|ing) it) (?:(?:out|home|away|back)(?: of (?:here|there))?|(?:(?:out of )?(?:that|this|the) \w+)) alive"
        r"|(?:go|pull|do|be|going|pulling|doing) (?:a |full |another |the next ){1,2}(?:columbine|sandy hook|uvalde|christchurch|mass shooting)",
        0.6,
        _PLAN,
        own_negation=True,
    ),
    _frame(
        r"(?:someone|somebody|you|he|she|they|one of (?:you|them))(?:'s|'re| is| are) (?:about to |gonna |going to )?(?:get(?:ting)?|be(?:ing)?) (?:stabbed|shot(?! (?:by|on|in (?:black|film)))|killed|murdered|raped|strangled|knifed|beaten up|jumped|slapped|punched|their \w+ kicked) (?:tonight|today|tomorrow|soon|if|for (?:this|that)|by me)"
        r"|do to (?:you|u|him|her|them) what (?:they|we|he|hitler|the \w+|i) (?:did|do) to",
        0.6,
        _PLAN,
    ),
    _frame(
        r"{head}(?P<threat>(?:kill|shoot|hang|gas|drown|behead|lynch|exterminate|nuke|execute|slaughter|murder) (?:the (?:whole |entire )?lot(?: of (?:them|you))?|every (?:last |single )*(?:one|of them)(?: of (?:them|you))?))(?:{end}| now| today| already| and )",
        0.6,
        _CALL,
    ),
    _frame(
        r"{head}(?P<threat>choke on (?:it|that|your \w+|this)(?:,| and)? (?:and )?die)|(?P<threat2>pay (?:for (?:this|that|it|what \w+ did) )?(?:in|with) (?:(?:your|his|her|their) (?:own )?)?(?:blood|lives|life))(?! (?:savings|insurance))",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:resign|stop|delete|pay|leave|shut|apologi[sz]e|quit|withdraw|sign|give|drop|retract)\b[^.!?\n]{0,40}?,? or (?:i|we|my \w+)(?:'ll| will|'re going to)? (?:come|show up|drive|drop by|be|stop by) (?:\w+ )?(?:to|at|by|outside|over to) (?:your|his|her|their) (?:house|home|place|door|work|school|office|family)",
        0.65,
        _PRICE,
    ),
    _frame(
        r"(?:i|we)(?:'ve)? (?:know|have|got|found) (?:your|his|her|their) (?:home )?address(?:es)?(?:,| and|[.!])? (?:see you (?:soon|tonight)|and (?:a|my|some|the) (?:\w+ )?{weapon}|(?:i'm|we're|i am|we are) coming|be ready|watch out|sleep well|and i'm on)"
        r"|(?:i|we)(?:'ve got| have got| got| have|'ve)? (?:a|an|my|the) (?:\w+ )?{weapon},? and (?:i|we)(?:'m| am|'re| are)? (?:know where|on (?:my|our) way|will find|coming for|have your|nothing to lose)",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:i|we) know (?:which|what|where) (?:(?:school|bus|gym|church|daycare|train|car|street|park|class) )?(?:your|her|his|their) {kin}(?: \w+){0,2}? (?:go|goes|attends?|takes?|lives?|sleeps?|plays?|works?|walks?)(?! (?:best|well|better|through|longer|in your arms))"
        r"|(?:i|we) know where (?:he|she|they|that \w+) (?:parks?|sleeps?|jogs?|lives? alone|walks? (?:home|his dog|her dog))(?=[\s.!]*$|[.!]| and)",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:{head}|{iwill} |\b(?:should|gonna|imma|let's|gotta|to|please|somebody|someone) (?:just |go |fucking )?)(?P<threat>(?:knock|hit|sock|deck|kick|punch|slap|smack) {them} (?:right |square |straight )?(?:in|across|upside) the (?:face|head|teeth|mouth|jaw|throat|balls|nuts|nose|gut|stomach)|"
        r"(?:push|shove|throw|toss|kick|drag) {them} (?:down (?:a|the) (?:\w+ )?(?:stairs|stairwell|well)|off (?:a|the) (?:cliff|roof|bridge|balcony|building)|(?:in front of|under) (?:a|the) (?:train|truck)|into (?:a|the) (?:volcano|wood ?chipper|fire|shredder)))",
        0.65,
        _CALL,
    ),
    _frame(
        r"(?:there(?:'s| is| are)|(?:i|we)(?:'ve| have)? (?:put|placed|planted|hid|hidden|left)) (?:a|an|some|two|three) bombs? (?:in|under|at|inside|on|outside|near) (?:your|the|his|her|their|that|this) (?:\w+ )?(?:{place}|desk|venue|hotel|bus|train|room|stage)"
        r"|(?:the |a )?bombs? (?:goes|will go|is going to go|go) off (?:at|in|tomorrow|tonight|when|on)|one bullet (?:each|per|for each)"
        r"|(?:smash|break|shatter) (?:every window|(?:all )?the windows|all windows) (?:of|in|at) (?:that|your|the|this|their|his|her) {place}",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:your|his|her|their) (?:knees|knee ?caps?|teeth|house|kids|family|fingers|legs) (?:is|are) next{end}|(?<!if )(?<!when )(?:your|his|her|their) (?:house|home|shop|car|office) (?:burns (?:easily|well|so)|would burn|looks? flammable)",
        0.6,
        _PLAN,
    ),
    # --- what is foretold ---
    _frame(
        r"(?P<threat>(?:you(?:'re| are)|ur|u r|u are|your|they're|they are|he's|she's)(?: all| both| so| fucking| already| as good as| officially| fuckin)* dead)(?: when| if| once| the (?:moment|day|minute)| tomorrow| tonight|(?=[,.!]* (?:bitch|cunt|punk|man|motherfucker|boy|kid|pig|fool|do you hear|you hear)\b)|(?<=good as dead)|(?=, (?!right|tired|wrong|lol|haha|and|but|so|ok)[a-z][\w'-]+(?:[\s.!]*$))"
        r"|(?<=are dead)(?=[!])|(?<=you're dead)(?=!|\.?$)|(?<=r dead)(?=[\s.!]*$)| meat|(?<=so dead)(?=[\s.!]*$))",
        0.6,
        _PLAN,
    ),
    _frame(
        r"(?:you|u|y'all|you (?:all|people|guys|lot|pigs|traitors|scum|bitches)|they(?: all)?|he|she|these \w+|those \w+|traitors|{people}){will} (?:(?:be )?(?:hanged|hung|hang|hanging|swing|swinging|strung up|shot|executed|lynched|drown|burn|bleed|dead|raped|killed|beaten|gassed|beheaded|die|perish)"
        r")(?: (?:from (?:a|the|some|every) (?:\w+ )?(?:trees?|lamp ?posts?|rope|gallows|bridge)|for (?:this|that|what|your (?:crimes|lies|sins|treason))|by (?:christmas|friday|monday|tomorrow|tonight|a rope)|screaming|like (?:a |the )?(?:dogs?|pigs?|rats?)|in (?:hell|a ditch|pain|agony)|slowly|tonight|alone)"
        r"|(?<=hang)(?=[.!]|$)|(?<=burn)(?=!)|(?<=bleed)(?=!))",
        0.6,
        _PLAN,
        cue=r"h[au]ng|swing|strung|shot|executed|lynched|rot|drown|burn|bleed|dead|raped|killed|beaten|gassed|beheaded|die|perish",
    ),
    _frame(
        r"(?:your|his|her|their) {kin}{will} (?:all )?(?:(?:die|be (?:next|killed|shot|raped|dead|murdered|burned))(?=[\s.!,]*$|[.!,]| (?:screaming|slowly|too|next|first|in (?:agony|pain|front)))|pay for (?:this|that|what (?:you|he|she|they))(?= (?:did|do|have|said)|[\s.!]*$))",
        0.6,
        _PLAN,
        cue=r"die|killed|shot|raped|dead|murdered|burned|be next|pay for",
    ),
    _frame(
        r"(?:{head}(?:it's |its )?|(?:you|u|now|better) )(?P<threat>prepare to (?:die|be (?:killed|shot|destroyed)|bleed)|time (?:for (?:you|him|her|them) )?to die)(?=[\s.!]*$|[,.!])"
        r"|(?P<threat2>you(?:'ve got| have|'ve| got)(?: only| just| about)? (?:\w+|\d+) (?:days?|hours?|minutes?|weeks?) (?:left )?to live){end}",
        0.55,
        _PLAN,
    ),
    _frame(
        r"(?:they|someone|somebody|your \w+|the (?:police|cops|fishermen)|people|you){will} (?:be )?(?:find (?:you|u|him|her|them|your body)|found) (?:in (?:a|the) (?:ditch|river|body bag|dumpster|landfill|morgue|trunk|shallow grave|canal|swamp)|dead|hanging|face down)"
        r"|(?:your|his|her|their) (?:skull|head|scalp|skin|teeth|bones|guts)(?: \w+){0,5}? on (?:(?:my|our) (?:wall|mantel|mantelpiece|belt|bumper)|a (?:pike|spike|stake|plate))",
        0.65,
        _PLAN,
    ),
    _frame(
        r"(?:better|just) (?:hope|pray)(?: \w+)? (?:i|we) (?:never|don't|do not|dont) (?:meet|find|see|catch|run into|get hold of|track) (?:you|him|her|them|your)|(?:hope|pray) we never meet(?: in person)?"
        r"|(?:you|he|she|they)(?:'ll| will)? (?:leaves?|go(?:es)? home|be carried out|walks? out|exits?) in a (?:bag|body ?bag|coffin|casket|hearse)",
        0.65,
        _PLAN,
        own_negation=True,
    ),
    # --- orders to die ---
    _frame(
        r"(?:stop|shut up|leave|delete|obey|pay|resign|get out|give (?:up|me|us|it|back)|do (?:it|as|what)|back off|convert|submit|surrender|go home|keep quiet|quit(?! (?:smoking|drinking|vaping|sugar)))\b[^.!?\n]{0,50}?,? or (?:you )?(?:die|will die|burn|bleed)(?=[\s.!]*$|[.!,])",
        0.65,
        _PRICE,
        own_negation=True,
    ),
    _frame(
        r"(?:{first}|[,;] (?:so |now |just |please )?)(?P<threat>(?:(?:just|please|fucking|now|go|and|already) ){0,2}die(?:,? (?:already|slowly|painfully|screaming|alone|in (?:a fire|hell|pain|agony|your sleep)|you(?! (?:will|are|can|have))(?: \w+)?|bitch|scum|pig|pigs|cunt|whore|slut|traitors?|motherfucker|asshole|bastard|trash|nazi|commie)"
        r"|(?=[.!]*!)))(?! (?:hard|another))",
        0.6,
        _PRICE,
    ),
    _frame(
        r"(?:{first}|[,;\n] |\b(?:just|please|go|and|should|could|can|might as well|why don't you|need to|needs to|do (?:us all|us|me|the world|america|everyone|humanity|society) (?:all )?a favou?r(?:,| and)|gonna) )"
        r"(?P<threat>(?:go (?:and )?)?(?:drink (?:some |a (?:\w+ )?(?:gallon|bottle|glass|cup|jug) of )?bleach(?! and then)|jump off (?:a|the nearest|some|the closest) (?:\w+ )?(?:bridge|cliff|building|roof|balcony)(?! (?:with|for|into))|(?:play|walk|run|step|jump) (?:in|into|in front of) (?:oncoming |moving )?(?:traffic(?! light)"
        r"|a (?:moving )?(?:bus|train|truck))|eat a bullet|slit your (?:wrists?|throat)|blow your (?:own )?brains out|hang yourselves|drown yourself|shoot yourself(?! in the foot)|kill yourselves|choke on (?:a dick|a bag of|your own)|die in (?:a fire|your sleep|a hole|a ditch|agony)|end (?:your (?:life|own life|miserable life)|yourself)"
        r"|go die(?= |$|[.!,])(?! (?:the|a|my|your|some|those|these)\b)|unalive yourself|off yourselves|swallow a (?:bullet|grenade)|set yourself on fire))",
        0.6,
        _PRICE,
    ),
)


#: Verbs that stand here with their object only, so common they are.
_PLAINLY = frozenset({"hits"})
_PARTICLES = (" up", " apart", " down", " over", " off", " out")
_VERBS = {word for words in _FORM_WORDS.values() for word in words if not word.endswith(_PARTICLES)}
#: Words of which every frame has one: a text without them is not read for any.
WORDS: tuple[str, ...] = tuple(sorted((_VERBS - _PLAINLY).union(entries("threat_words"))))
_LEAST = re.compile(rf"(?<![\w{MASK}])(?:{'|'.join(map(re.escape, WORDS))})(?![\w{MASK}])")


def frames_of(text: Text, possible: Container[int]) -> Iterator[Frame]:
    """The frames that may match a text; `possible`: what their literals tell, by `id`."""
    of_text = (frame for frame in FRAMES if id(frame) in possible)
    return (frame for frame in of_text if frame.cue is None or frame.cue.search(text.words))


def is_worded(text: Text) -> bool:
    """Whether a text has one of `WORDS`. Asked after a frame has matched, for hardly any does."""
    return bool(_LEAST.search(text.words))
