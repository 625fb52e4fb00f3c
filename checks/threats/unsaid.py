# ruff: noqa: E501 - grammars read better unbroken
"""Threats whose words name no act of violence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.harm import BODY
from checks.text import MASK, Text
from checks.threats.places import finds, looked_for
from checks.threats.victims import SOMEBODY

_ITS_BODY = rf"(?:your|ur|his|her|their|that [\w-]+'s) (?:\w+ )?{BODY}"
_WEAPON = (
    r"(?:guns?|rifles?|shotguns?|pistols?|glocks?|ar-?15s?|knife|knives|machete|axe|hatchet|hammer|crowbar|sledgehammer"
    r"|baseball bats?|bat|bombs?|petrol|gasoline|matches|molotovs?|noose|chainsaw|blade|acid)"
)
_I_WILL = r"(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are) (?:going to|gonna|about to)| gonna| swear (?:i'll|i will)|'d love to)"
#: What somebody's body will meet, how they will end, whom it will hit if they do not obey, and other threats whose words
#: name no act of violence.
_UNSAID = looked_for(
    r"(?<![\w'])(?P<threat>"
    # "I'll make you regret the day", "you will bleed for this", "need a coffin when I'm done with him"
    rf"{_I_WILL} make (?:you|him|her|them|@{MASK}+)(?: all| both)? (?:regret (?:the day|ever|being|it|this|that|your|his|her)"
    r"|suffer(?! through| no| from)|bleed|scream|beg(?! for more)|squeal|disappear|wish (?:\w+ ){1,4}(?:dead|born)|pay (?:with|in) (?:blood|your|his|her))"
    r"|(?:you|u|he|she|they)(?:'ll| will|(?:'s|'re| is| are) (?:going to|gonna)| gonna) (?:bleed(?: for (?:this|that|what|it|me)(?![\w'])| out|(?=[\s.!]*$))|need an?"
    r" (?:coffin|hearse|stretcher|body bag|grave|surgeon|ambulance)|(?:be )?(?:eat|drink)(?:ing)? through a straw|swallow (?:your|his|her"
    r"|their) teeth|(?:end up|be|land|wake up|wind up) (?:in (?:the |a |an )?(?:morgue|ditch|river|coffin|grave|body bag|casket|wheelchair"
    r"|intensive care)|six feet under|at the bottom of))"
    r"|(?:when|once|by the time|after) i(?:'m| am) (?:done|finished|through) with (?:you|him|her|them|your \w+)(?=[\s.!,]|$)"
    # "my fist is going to meet your teeth", "wait till I get my hands on your throat"
    rf"|my (?:fists?|boots?|foot|knee|elbow|knife|blade|gun|bat|hammer|belt|bullets?|hands?) (?:\w+ ){{0,4}}?(?:meet|meets|hit|hits|in|into"
    rf"|through|around|against|across|to|down|up|on) {_ITS_BODY}"
    r"|(?:get|got|lay|put|wrap|have) (?:my|our) (?:bare )?hands (?:on|around|round) (?:(?:you|him|her|them|@\S+)(?=[\s.!,]*$|[.!,])"
    r"|(?:your|his|her|their) (?:throats?|necks?|windpipes?))"
    # "I am outside your house with a hammer", "I bring my rifle to the meeting"
    rf"|(?:i|we)(?:'m|'re| am| are|'ll| will)? (?:\w+ ){{0,2}}?(?:outside|coming (?:over|to|for|by)|waiting (?:at|outside|by|for)|at your|in front of"
    rf" your|on (?:my|our) way)(?: \w+){{0,5}}? with (?:a|an|my|our|the) (?:\w+ )?{_WEAPON}"
    rf"|(?:i|we)(?:'m|'re| am| are|'ll| will)? bring(?:ing)? (?:a|an|my|our|the) (?:\w+ )?(?:guns?|rifles?|shotguns?|pistols?|ar-?15s?|knife"
    rf"|machete|bombs?) to (?:the|your|this|that|our)"
    r"|(?:nobody|no one|none of (?:you|them)|not one of (?:you|them)) (?:walks|gets|comes|leaves|will walk|will get|will leave)(?: out)? alive"
    # "the only good … is a dead …"
    r"|the only good (?P<kind>[\w'-]{3,20}?)s? (?:is|are) (?:an? )?dead (?:ones?|(?P=kind)\w{0,2})"
    r"|(?:your|his|her|their) head(?:s)? on a (?:spike|pike|stick|stake|platter|pole)"
    # "resign or your family pays", "drop the case or somebody gets hurt", "pay up or we visit your mother"
    r"|(?:drop|resign|pay|delete|stop|quit|withdraw|leave|back|step|hand|give|tell|take|sign|shut|keep|do)(?![\w'])[^.!?\n]{0,40}?,? or (?:else )?"
    r"(?:(?:your|his|her|their) (?:family|kids?|children|wife|husband|mother|mom|mum|father|dad|daughters?|sons?|sisters?|brothers?|dogs?|cat"
    r"|loved ones|parents|baby|house|car|business) (?:pays?|will pay|suffers?|will suffer|dies?|will die|burns?|will burn|gets? hurt|is next"
    r"|are next|bleeds?|will regret)|(?:somebody|someone|people|you|he|she|they)(?:'ll| will)? (?:gets?|ends? up|winds? up) (?:hurt|killed|shot"
    r"|stabbed|burned|beaten|buried|dead)|(?:we|i|my boys|my brothers|they)(?:'ll| will)? (?:visit|come for|come after|pay|find|hunt|take)"
    r" (?:you|him|her|them|(?:a visit to )?(?:your|his|her|their) (?:family|kids?|children|wife|husband|mother|mom|father|house|home|daughters?|sons?)))"
    # "accidents happen to people who", "a shame if something happened to your shop", "they'll find your body"
    r"|accidents (?:do )?happen to (?:people|those|guys|men|women|girls|boys|kids|folks|anyone|bosses|journalists) (?:who|like|that)"
    r"|a (?:\w+ )?(?:shame|pity) if (?:something|anything|someone|somebody|she|he|they|it|your \w+)(?: \w+)? (?:happened to|burned|burnt|got (?:hurt"
    r"|burned|stabbed|shot|lost|run over)|caught fire|disappeared|went missing|had an accident|met with)"
    r"|(?:they|somebody|someone|nobody|no one|the police|the cops|divers)(?:'ll| will)(?: \w+)? find (?:your|his|her|their) (?:body|bodies|corpses?"
    r"|remains|bones|head)"
    r"|(?:your|his|her|their) days are (?:counted|numbered)"
    r"|next time i (?:won't|wont|will not|don't) miss(?: you| him| her)?(?=[\s.!]*$)"
    # "slap the smile off her face", "beat it out of him", "teach her a lesson with a baseball bat"
    r"|(?:slap|smack|wipe|knock|punch|beat|kick|cut|rip|smash) (?:the|that|his|her|their) (?:\w+ )?(?:smile|smirk|grin|look|teeth|sneer|pout)"
    r" (?:right |straight |clean )?(?:off|out of|from|down) (?:your|his|her|their|that \w+'s)"
    r"|(?:beat|choke|burn|cut|squeeze|carve) (?:it|that|the \w+) out of (?:you|him|her|them)"
    rf"|teach (?:you|him|her|them|@{MASK}+|that \w+) (?:a|some) (?:lesson|manners|respect) with (?:a|an|my|the) (?:\w+ )?(?:{_WEAPON}|fists?|belt|boot)"
    rf"|run {SOMEBODY} (?:clean |right |straight )?off (?:the|a) (?:road|cliff|bridge|street)"
    r"|(?:pray|hope|praying|hoping|wish)(?: that)? (?:your|his|her|their) (?:plane|car|bus|flight|boat|train|helicopter|house|brakes|jet)"
    r" (?:goes down|crash(?:es)?|burns?(?: down)?|blows up|explodes?|fails?|sinks?|falls)"
    r")(?![\w'])"
)
#: What some phrase of `_UNSAID` cannot do without, as whole words and as parts of texts: whatever holds none of it is not
#: read for it.
UNSAID_WORDS = tuple(
    word + ending
    for word in (
        *(
            "regret",
            "suffer",
            "scream",
            "beg",
            "squeal",
            "coffin",
            "hearse",
            "stretcher",
            "grave",
            "surgeon",
            "ambulance",
        ),
        *(
            "straw",
            "ditch",
            "river",
            "casket",
            "wheelchair",
            "gun",
            "rifle",
            "shotgun",
            "pistol",
            "glock",
            "ar-15",
            "ar15",
        ),
        *(
            "knife",
            "machete",
            "axe",
            "hatchet",
            "hammer",
            "crowbar",
            "sledgehammer",
            "bat",
            "bomb",
            "petrol",
            "gasoline",
        ),
        *(
            "matches",
            "molotov",
            "noose",
            "chainsaw",
            "blade",
            "acid",
            "alive",
            "dead",
            "born",
            "hurt",
            "killed",
            "shot",
        ),
        *(
            "stabbed",
            "beaten",
            "buried",
            "smile",
            "smirk",
            "grin",
            "sneer",
            "pout",
            "fist",
            "boot",
            "belt",
            "crash",
            "explode",
        ),
        *("sink", "knives", "burn", "burned", "pay", "teeth", "morgue", "dies", "disappear", "bleed", "next", "fail"),
    )
    for ending in ("", "s", "es")
)
UNSAID_PARTS = re.compile(
    r"will die|pay with|pay in|body bag|intensive care|six feet under|the bottom of|(?:done|finished|through) with"
    r"|my (?:foot|knee|elbow|hand|bullet)|hands (?:on|around|round) |only good |heads? on a | or (?:else )?(?:we|i|they)(?: |')"
    r"| or (?:else )?my b|happen to |(?:shame|pity) if|find (?:your|his|her|their) |days are |next time i | look (?:\w+ )?off"
    r"| out of (?:you|him|her|them)|teach (?:you|him|her|them|that) | off (?:the|a) |goes down|blows up|falls"
)
_LEAST = re.compile(
    rf"{UNSAID_PARTS.pattern}|(?<![\w{MASK}])(?:{'|'.join(map(re.escape, UNSAID_WORDS))})(?![\w{MASK}])"
)


def find_unsaid(text: Text) -> Iterator[re.Match[str]]:
    """Every such threat, as its group `threat`."""
    if _LEAST.search(text.words):
        yield from finds(_UNSAID, text)
