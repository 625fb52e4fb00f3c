"""Who can be hurt and what is done to people: the parts that the grammar of threats is made of.

Their words stand in `checks.word_classes`. Every pattern here is tried at one place or in a window of bounded length,
since a post can be one sentence of 60,000 characters.
"""

from __future__ import annotations

from checks.cues import MENTION
from checks.word_classes import filled, pattern, word_class

#: Nouns for people, by role, kind or contempt.
PEOPLE = word_class("people")
#: Any other trade or kind of people, by how such words are built; only after "that", "those", "all".
TRADE = filled(r"(?!{no_trade})[a-z]{3,}(?:ers?|ors?|ists?|icians?|eons?|women|woman|men|man|mates?|folk|kids|people)")
_KIND = (
    r"(?:(?:all|each|every(?: single)?|any|some|the|this|that|these|those|such|another|one of (?:the|these|those)|my"
    r"|your|his|her|their|our|an?|more"
    r"|single|both|other)\s+){0,3}(?:[\w'-]+\s+){0,2}?"
)
#: Many people as one.
BODIES = word_class("bodies")
#: Whom something is done to: "you", "her", "that lying manager", "all cops", "@x".
VICTIM = (
    r"(?P<who>(?:whoever|anyone who|anybody who|everyone who|everybody who)|(?:all of |each of |every one of "
    r"|every last one of |both of |the lot of )?(?:you|u|ya|y'all|yall|him"
    r"|her|them|'em|em|thee)(?: all| both| lot)?"
    rf"|{MENTION}|{_KIND}{PEOPLE}|(?:that|those|these|all|every|all the|all these"
    rf"|the whole lot of)\s+(?:[\w'-]+\s+){{0,2}}?(?:{TRADE}|you|them)"
    rf"|(?:the|this|that|your|his|her|their) (?:whole|entire) (?:[\w'-]+ )?{BODIES})(?![\w'])"
    r"(?!\s+(?:of the (?:day|week|month)"
    rf"|food|cup|book|club|run)\b)"
)
#: The same for patterns that do not ask who it is.
SOMEBODY = VICTIM.replace("?P<who>", "?:")
#: What follows "her", "your": a part of the body or what is dearest.
BODY = word_class("body")
POSSESSED = pattern(
    r"(?:\s+(?:off|out|in|down|up|open|the|both|all|of|every|apart))*\s+(?:your|ur|his|her|their|{mention}'s|(?:that"
    r"|this|the) [\w-]+'s)\s+(?:\w+\s+){0,2}?{body}(?![\w'])",
    mention=MENTION,
)
OBJECT = pattern(
    r"(?:\s+(?:up|down|off|back|away|fucking|out))*(?P<out>\s+the (?:\w+ )?(?:hell|fuck|shit|crap|life|piss|stupid"
    r"|snot|daylights) out of(?: \w+,)?)?"
    r"\s+{victim}",
    victim=VICTIM,
)
#: Things done to people that are no single verb.
DEED = pattern(
    r"(?<![\w'])(?P<deed>{thrown}\s+{victim}\s+(?:up\s+|all\s+|right\s+|straight\s+)*{thrown_where}"
    r"|(?:set|light)\s+(?:{victim}|(?:his|her|their|your) \w+|(?:the|that|this|their|your) \w+)"
    r"\s+(?:on fire|ablaze|alight)"
    r"|(?:put|place|stick|fire|plant|pump|send)\s+(?:a|an|some|two|another|the|my)\s+(?:\w+\s+)?{fired}"
    r"\s+(?:\w+\s+){0,2}?(?:in|into|through|between|around|round|to|at|on)"
    r"\s+(?:your|his|her|their|the|{victim})(?:\s+\w+)?"
    r"|(?:cut|chop|slice|rip|tear|bite|saw|blow|hack|lop)\s+(?:off\s+)?(?:your|his|her|their|that \w+'s)"
    r"\s+(?:\w+\s+)?{cut_off}(?:\s+(?:off|out|open))?"
    r"|(?:shove|ram|stick|jam)\s+(?:\w+\s+){1,6}?(?:down|up|in)\s+(?:your|his|her|their)\s+(?:\w+\s+){0,2}?{shoved_into}"
    r"|take\s+(?:a|an|my|the)\s+(?:\w+\s+)?{swung}\s+to\s+(?:{victim}|(?:his|her|your|their) \w+)"
    r"|(?:tie|chain|string|strap)\s+{victim}\s+(?:up|to (?:a|the) \w+|by (?:his|her|their|the) \w+)"
    r"|(?:take|put)\s+{victim}\s+out(?: of (?:his|her|their|its) misery| back)"
    r"|beat\s+(?:the \w+|his|her|their|your|\w+) (?:shit |fuck |hell |crap |life |living daylights )?(?:out of|ass|in)"
    r"(?:\s+{victim})?"
    r"|burn\s+(?:{victim}|(?:down\s+)?(?:your|his|her|their|the|that|this)\s+(?:\w+\s+)?{burnt_down})"
    r"(?:\s+(?:alive|down|at the stake|to the ground))?"
    r")(?![\w'])",
    victim=SOMEBODY,
)
#: What is done to somebody, in the passive; open to the adverbs between.
DONE_TO = pattern(
    r"(?:shot(?! down\b)|(?:gotten|get|got) hit(?! (?:up|with))"
    r"|thrown (?:off|under|out of|into|in|to|down|from) (?:a|an|the)(?: \w+)? ?(?:\w+)?|{done_to})(?![\w'])"
)
#: What somebody is wished to do or to have.
DESERVES = pattern(
    r"(?:deserve[sd]?|needs?|wants?|gets?|earned|asking for|in need of|could use|could do with)"
    r"\s+(?:nothing (?:less|but)|no less than|only)?\s*(?:{deserved_how} )*"
    r"(?:rope(?! line| course| swing)|{deserved})(?![\w'])"
)
