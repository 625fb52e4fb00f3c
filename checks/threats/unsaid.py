"""Threats whose words name no act of violence: "you will bleed for this", "accidents happen to people like you"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.harm import SOMEBODY
from checks.text import MASK, Text
from checks.threats.places import finds, looked_for
from checks.word_classes import entries, filled

_I_WILL = (
    r"(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are) (?:going to|gonna|about to)| gonna| swear (?:i'll|i will)"
    r"|'d love to)"
)
#: "I'll make you regret the day", "you will bleed for this", "need a coffin when I'm done with him".
_HOW_THEY_END = filled(
    r"{i_will} make (?:you|him|her|them|@{mask}+)(?: all| both)?"
    r" (?:regret (?:the day|ever|being|it|this|that|your|his|her)|suffer(?! through| no| from)|bleed|scream"
    r"|beg(?! for more)|squeal|disappear|wish (?:\w+ ){1,4}(?:dead|born)|pay (?:with|in) (?:blood|your|his|her))"
    r"|(?:you|u|he|she|they)(?:'ll| will|(?:'s|'re| is| are) (?:going to|gonna)| gonna)"
    r" (?:bleed(?: for (?:this|that|what|it|me)(?![\w'])| out|(?=[\s.!]*$))"
    r"|need an? (?:coffin|hearse|stretcher|body bag|grave|surgeon|ambulance)"
    r"|(?:be )?(?:eat|drink)(?:ing)? through a straw|swallow (?:your|his|her|their) teeth"
    r"|(?:end up|be|land|wake up|wind up) (?:in (?:the |a |an )?{wakes_up_in}|six feet under|at the bottom of))"
    r"|(?:when|once|by the time|after) i(?:'m| am) (?:done|finished|through) with"
    r" (?:you|him|her|them|your \w+)(?=[\s.!,]|$)",
    i_will=_I_WILL,
    mask=MASK,
)
#: "My fist is going to meet your teeth", "wait till I get my hands on your throat".
_WHAT_MEETS_THEM = filled(
    r"my {strikes_with} (?:\w+ ){0,4}?(?:meets?|hits?|in|into|through|around|against|across|to|down|up|on)"
    r" (?:your|ur|his|her|their|that [\w-]+'s) (?:\w+ )?{body}"
    r"|(?:get|got|lay|put|wrap|have) (?:my|our) (?:bare )?hands (?:on|around|round)"
    r" (?:(?:you|him|her|them|@\S+)(?=[\s.!,]*$|[.!,])|(?:your|his|her|their) (?:throats?|necks?|windpipes?))"
)
#: "I am outside your house with a hammer", "I bring my rifle to the meeting".
_ARMED = filled(
    r"(?:i|we)(?:'m|'re| am| are|'ll| will)? (?:\w+ ){0,2}?"
    r"(?:outside|coming (?:over|to|for|by)|waiting (?:at|outside|by|for)|at your|in front of your|on (?:my|our) way)"
    r"(?: \w+){0,5}? with (?:a|an|my|our|the) (?:\w+ )?{waits_with}"
    r"|(?:i|we)(?:'m|'re| am| are|'ll| will)? bring(?:ing)? (?:a|an|my|our|the) (?:\w+ )?{brings}"
    r" to (?:the|your|this|that|our)"
    r"|(?:nobody|no one|none of (?:you|them)|not one of (?:you|them))"
    r" (?:walks|gets|comes|leaves|will walk|will get|will leave)(?: out)? alive"
)
#: "The only good … is a dead …", "your heads on spikes".
_BETTER_DEAD = (
    r"the only good (?P<kind>[\w'-]{3,20}?)s? (?:is|are) (?:an? )?dead (?:ones?|(?P=kind)\w{0,2})"
    r"|(?:your|his|her|their) head(?:s)? on a (?:spike|pike|stick|stake|platter|pole)"
)
#: "Resign or your family pays", "drop the case or somebody gets hurt", "pay up or we visit your mother".
_OR_THEY_PAY = filled(
    r"{blackmail}(?![\w'])[^.!?\n]{0,40}?,? or (?:else )?"
    r"(?:(?:your|his|her|their) {held_hostage} {pays}"
    r"|(?:somebody|someone|people|you|he|she|they)(?:'ll| will)? (?:gets?|ends? up|winds? up) {gets_hurt}"
    r"|(?:we|i|my boys|my brothers|they)(?:'ll| will)? (?:visit|come for|come after|pay|find|hunt|take)"
    r" (?:you|him|her|them|(?:a visit to )?(?:your|his|her|their) {visited}))"
)
#: "Accidents happen to people who", "a shame if something happened to your shop", "they'll find your body".
_ACCIDENT = filled(
    r"accidents (?:do )?happen to {accident_prone} (?:who|like|that)"
    r"|a (?:\w+ )?(?:shame|pity) if (?:something|anything|someone|somebody|she|he|they|it|your \w+)(?: \w+)?"
    r" {meets_accident}"
    r"|{finds_body}(?:'ll| will)(?: \w+)? find (?:your|his|her|their) (?:body|bodies|corpses?|remains|bones|head)"
    r"|(?:your|his|her|their) days are (?:counted|numbered)"
    r"|next time i (?:won't|wont|will not|don't) miss(?: you| him| her)?(?=[\s.!]*$)"
)
#: "Slap the smile off her face", "beat it out of him", "teach her a lesson with a baseball bat".
_LESSON = filled(
    r"{wipes_off} (?:the|that|his|her|their) (?:\w+ )?(?:smile|smirk|grin|look|teeth|sneer|pout)"
    r" (?:right |straight |clean )?(?:off|out of|from|down) (?:your|his|her|their|that \w+'s)"
    r"|(?:beat|choke|burn|cut|squeeze|carve) (?:it|that|the \w+) out of (?:you|him|her|them)"
    r"|teach (?:you|him|her|them|@{mask}+|that \w+) (?:a|some) (?:lesson|manners|respect)"
    r" with (?:a|an|my|the) (?:\w+ )?(?:{waits_with}|fists?|belt|boot)"
    r"|run {somebody} (?:clean |right |straight )?off (?:the|a) (?:road|cliff|bridge|street)",
    mask=MASK,
    somebody=SOMEBODY,
)
#: "Pray that your plane goes down".
_CRASH = filled(r"(?:pray|hope|praying|hoping|wish)(?: that)? (?:your|his|her|their) {may_crash} {crashes}")
_UNSAID = looked_for(
    r"(?<![\w'])(?P<threat>"
    r"{how_they_end}|{what_meets_them}|{armed}|{better_dead}|{or_they_pay}|{accident}|{lesson}|{crash}"
    r")(?![\w'])",
    how_they_end=_HOW_THEY_END,
    what_meets_them=_WHAT_MEETS_THEM,
    armed=_ARMED,
    better_dead=_BETTER_DEAD,
    or_they_pay=_OR_THEY_PAY,
    accident=_ACCIDENT,
    lesson=_LESSON,
    crash=_CRASH,
)
#: What some phrase of `_UNSAID` cannot do without, as whole words and as parts of texts: whatever holds none of it is
#: not read for it.
UNSAID_WORDS = tuple(word + ending for word in entries("unsaid_clues") for ending in ("", "s", "es"))
UNSAID_PARTS = re.compile(
    r"will die|pay with|pay in|body bag|intensive care|six feet under|the bottom of|(?:done|finished|through) with"
    r"|my (?:foot|knee|elbow|hand|bullet)|hands (?:on|around|round) |only good |heads? on a "
    r"| or (?:else )?(?:we|i|they)(?: |')| or (?:else )?my b|happen to |(?:shame|pity) if"
    r"|find (?:your|his|her|their) |days are |next time i | look (?:\w+ )?(?:off|out of|from|down) "
    r"| out of (?:you|him|her|them)"
    r"|teach (?:you|him|her|them|that) | off (?:the|a) |goes down|blows up|falls"
)
_LEAST = re.compile(
    rf"{UNSAID_PARTS.pattern}|(?<![\w{MASK}])(?:{'|'.join(map(re.escape, UNSAID_WORDS))})(?![\w{MASK}])"
)


def unsaid_in(text: Text) -> Iterator[re.Match[str]]:
    """Every such threat, as its group `threat`."""
    if _LEAST.search(text.words):
        yield from finds(_UNSAID, text)
