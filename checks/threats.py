# ruff: noqa: E501 - grammars read better unbroken
"""Threats of violence, direct, conditional, wished for and veiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.counter import is_spoken_against
from checks.cues import MENTION, in_span, is_attributed, named
from checks.false_friends import is_false_friend
from checks.harm import BODIES, BODY, DEED, DESERVES, DIES, DONE_TO, OBJECT, PEOPLE, POSSESSED, TRADE, VICTIM
from checks.lexicons import Hit
from checks.literals import Index
from checks.menace import FRAMES, WORDS, frames_of, is_worded
from checks.screen import Names, Said, Terms
from checks.text import MASK, Text, normal

#: "I will", "we're gonna", "I swear I'll": the speaker announces what the speaker does.
_INTENT = re.compile(
    r"(?<![\w'])(?:i|we)(?:'ll| will| shall|ll|(?:'m|'re| am| are|m)(?: \w+)? (?:going to|gonna|about to|coming to"
    r"|gunna|gon)"
    r"|'d (?:love|like|pay) to|d love to| want to| wanna| would (?:love|like) to| swear| promise(?: you)?|'ma"
    r"|ma| could"
    r"| wish i could|'m finna| can't wait to| cant wait to| plan to| intend to| gotta)"
    r"(?: (?:personally|gladly|definitely|fucking|so|just|really|literally|come and|come|go and|go"
    r"|find you and|easily"
    r"|happily|totally|actually|probably|straight up|legit|soon|i will|i'll|to|back and|over and"
    r"|over there and))*(?![\w'])"
    r"|(?<![\w'])(?:imma|ima|finna|gonna|im gonna|im going to|(?:makes?|made|making"
    r"|doesn't make) me (?:want to|wanna)"
    r"|wants? me to|wanting to|itching to|dying to|tempted to|lemme|let me"
    r"|watch me)(?: just| go| come)?(?![\w'])"
)
#: "somebody should", "we ought to", "I'd": what the speaker would like done.
_CALL = re.compile(
    r"(?<![\w'])(?:(?:someone|somebody|anyone|people|we|we all|everyone|they|y'all|you|he|she|i|men|cops"
    r"|the (?:police|cops|government|army|state|courts?)|who else)(?: all)? )?"
    r"(?:should|ought to|needs? to|has to|have to|gotta|must|better|should've|shoulda|should of|coulda|could've)"
    r"(?: (?:have|of|just|all|really|seriously|fucking|go|come|please|definitely|be allowed to|still))*(?![\w'])"
    r"|(?<![\w'])let(?:'s|s| us)(?: all)?(?: just)?(?: go)?(?: and)?(?![\w'])"
    r"|(?<![\w'])(?:i|we)(?:'d| would|'d've| would've|d| woulda)(?: (?:have|of|gladly|happily|just|literally"
    r"|personally))*(?![\w'])"
    r"|(?<![\w'])(?:someone|somebody)(?: please| just| go)*(?= [a-z]+ )"
    r"|(?<![\w'])can (?:we|someone|somebody|i)(?: please| just| all)*(?![\w'])"
    r"|(?<![\w'])i say (?:we|you|they)?(?: all| just)*(?![\w'])"
    r"|(?<![\w'])(?:why (?:don't|not)|how about) (?:we|someone|somebody|they)(?: just| all)*(?![\w'])"
    r"|(?<![\w'])(?:time|ready|free|ok|okay"
    r"|legal|fine|acceptable) to(?![\w'])"
    r"|(?:(?<![\w'])(?:i|we)(?: really| just| only)? |(?:^|(?<=[.!?]))\s{0,3})(?:wish|hope"
    r"|want)(?: that)? (?:\w+ ){1,3}?(?:would|will|had|to)"
    r"(?: have| just| all)*(?![\w'])|(?<![\w'])i wish they'd(?![\w'])"
)
#: "One day somebody will", "my boys are going to": what others are said to do to the reader.
_WILL = re.compile(
    r"(?<![\w'])(?:someone|somebody|one of us|one of them|he|she|they|my (?:brother|brothers|boys|friends|cousin"
    r"|cousins|husband|dad|guys"
    r"|crew|dog|dogs)|the boys|people|karma|god|every one of us|all of us)(?:'ll| will|'s going to| is going to"
    r"| are going to| is gonna"
    r"|'s gonna| are gonna| gonna| finna| might| may just)(?: just| finally| surely| soon| come and| find you and"
    r"| one day| really)*(?![\w'])"
)
#: "Resign or we …": the price of not doing as one is told.
_OR_WE = re.compile(
    r"(?<![\w'])or (?:i|we|my (?:boys|brothers|friends|cousins))(?:'ll| will|'re gonna| are going to)?"
    r"(?: just| all| come and)?(?![\w'])"
)
#: "Touch my bike and you're dead", "I'm breaking your jaw", "please run him over".
_DEAD_IF = re.compile(
    r"(?<![\w'])(?P<threat>(?:touch|come|say|post|write|tell|do|try|show|go|talk|look|mention|cross|move|step"
    r"|delete|call)\b"
    r"[^.!?\n]{1,60}?,? and (?:you're|you are|ur|u r|he's|she's|they're) (?:all )?(?:dead|dead meat"
    r"|a dead (?:man|woman|girl|boy)|finished"
    r"|a corpse))(?=[\s.!,]*$|[.!,])"
)
_BREAKING = re.compile(
    rf"(?<![\w'])(?P<threat>(?:i'm|im|i am|we're|we are) (?:breaking|smashing|bashing in|kicking in|caving in"
    rf"|cutting off|cutting"
    rf"|slitting|stabbing|shooting|strangling|choking|gutting|snapping|ripping out|ripping off) (?:some|your"
    rf"|his|her|their|every"
    rf"|all your|both your) (?:\w+ )?{BODY})(?! (?:record|news))(?![\w'])"
)
_RUN_OVER = re.compile(
    rf"(?:(?<![\w'])(?:please|someone|somebody|should|will|i'll|just|gonna|to|go|and|then)\s+|(?:^|[.!?,;:\n])\s*)"
    rf"(?P<threat>(?:run|mow|gun|shoot|cut|strike|put|hunt) {VICTIM.replace('?P<who>', '?:')} (?:over"
    rf"|down)(?: like \w+ \w+)?)"
    rf"(?![\w'])(?! (?:to|the|with|for|some|for a|gently|a) )"
)
#: An order at the head of a clause: "Hang her!"
_ORDER_VERBS = (
    *("kill", "shoot", "stab", "rape", "lynch", "execute", "behead", "strangle", "slaughter", "hang", "burn", "murder"),
    *("gas", "exterminate", "castrate", "drown", "torture", "assassinate", "butcher", "stone", "whip", "eliminate"),
    *("gut", "skin", "choke", "bomb", "nuke", "poison", "beat", "punch", "slap", "kick", "smack", "hunt", "hit", "cap"),
    *("stomp", "crucify", "knife", "run over", "maim", "cripple"),
)
_ORDERED = re.compile(
    r"(?:^|(?<=[.!?,;:\n\"(…*-])|(?<=\bjust)|(?<=\bplease)|(?<=\bsimply)|(?<=\bthen)"
    r"|(?<=\bjust fucking)|(?<=[.!?\n] fucking)|(?<=^fucking))[\s\"'(]{0,5}"
    rf"(?P<verb>{'|'.join(_ORDER_VERBS)})(?=\s)"
)
#: Of these the milder are an order only where more is said: "slap that bitch", "kick her in the face".
_MILD_ORDERS = frozenset(
    {"beat", "punch", "slap", "kick", "smack", "hunt", "hit", "cap", "stomp", "whip", "choke", "gut", "skin", "bomb"}
    | {"stone", "gas"}
)
_CONTEMPT = re.compile(
    r"(?:bitch|bitches|cunt|cunts|whore|slut|hoe|bastards?|scum|traitors?|pigs?|faggots?|niggers?|idiots?|assholes?"
    r"|motherfuckers?)$"
)
#: "We will hunt you down and hug you."
_KINDLY = re.compile(
    r"\s+(?:(?:and|to|with) (?:\w+ )?(?:hugs?|kiss(?:es)?|thank|kindness|love|feed|congratulate|presents?|cake"
    r"|help|a camera|details)"
    r"|in (?:black and white|colou?r|portrait|landscape|slow motion|applause|love|kindness|chocolate"
    r"|level \w+|bronze|marble|oil|watercolou?r|style)|onto a|by (?:our|the|a|my) (?:\w+ )?photographer|(?:details|applause|kindness|love|gifts|flowers)(?!\w)|at (?:noon|dawn|sunset|sunrise|golden hour|one|two|three|four|five|six|seven|eight|nine|ten|eleven|half past|\d)"
    r"|by the (?:door|window)|with the details|a (?:mail|message|note|line|text)"
    r"|on the (?:list|agenda|rota|calendar|map)"
    r"|for (?:the |a |an |one |two |three |four )?(?:\w+ )?(?:slot|shift|list|tickets?|raffle|nap|shuttle|seats?|places?|session|class|workshop|lunch|dinner)"
    r"|in the (?:\w+ )?(?:calendar|diary|app|minutes|churchyard|cemetery|family grave|garden)"
    r"|at (?:home|sea) (?:next|on|this|beside)|up with (?:emotion|tears|laughter|pride|joy)"
    r"|with (?:a |an |some |our |my |the )?(?:\w+ )?(?:sprig|pinch|drizzle|dash|parsley|herbs|lemon|sauce|cake|cakes|tea|coffee|flowers|minibus|bus|van"
    r"|tickets|keys|ladder|trailer|paperwork|forms?|petition|accounts|figures|facts|questions|invoices?|votes?|ballots?|letter|card|banner|song))(?!\w)"
)
#: Posters are hung, films are shot and candles are burned, too.
_THINGS_DONE = re.compile(r"\s+(?:in|on|up|at|from|outside|near|by|above|over|around|there|here|for|with|a|an|some)\b")
_NEXT_WORD = 3
#: Pronouns that stand inside a phrase of violence ("run you over"): it has its victim already.
_WITHIN = frozenset({"you", "him", "her", "them"})
#: The lexicon of groups whose members can be victims.
_GROUPS = "groups"
_PRONOUNS = frozenset({"them", "it", "her", "him", "em", "'em"})
#: How far around the verbs of a sentence its words are read.
_NEAR = 300
_BODILY_VERBS = frozenset({"hurt", "harm", "punch", "slap", "smack", "cripple", "bash", "attack", "stomp"})
#: Of one who is called names: "somebody needs to cap this bitch".
_BLOWS = frozenset(
    {"cap", "hit", "kick", "beat", "whip", "deck", "sock", "clock", "slug", "pop", "burn", "choke", "tackle"}
)
_BODILY = re.compile(
    r"\s+(?:up|down|to death|senseless|silly|(?:right |straight |square )?(?:in|on|across|upside|over) (?:the|her|his"
    r"|your|their) (?:\w+ )?"
    r"(?:face|head|throat|balls|cunt|teeth|mouth|jaw|nose|guts?|stomach|ribs|back|neck|eyes?|groin|nuts|dick|pussy"
    r"|skull|kidneys?|ass"
    r"|knees?|shins?|chest|belly|ears?|chops|clit|tits|uterus|womb)"
    r"|so (?:hard|bad)|badly|until|(?:with|w/) (?:a|an|my|the|your)|apart|unconscious|bloody|to a pulp|out cold|alive)(?!\w)"
)
#: More characters than a wish has before its verb; a post can be one sentence of 60,000.
_WISH_REACH = 200
_WHO = (
    rf"(?P<who>(?<![\w'])(?:you|u|he|she|they|{MENTION}|y'all"
    r"|(?:people|anyone|somebody|someone|women|men) like (?:you|him|her|them|this|that)"
    r"|(?:(?:all|each|every|any|the|this|that|these|those|such|your|his|her|their|most|both)(?: of)? ){1,2}"
    rf"(?:[\w'-]+ ){{0,2}}?(?:{PEOPLE}|{TRADE})|{PEOPLE}"
    r"|(?:whoever|anyone who|anybody who|everyone who|everybody who)(?: [\w']+){1,8}?"
    rf"|(?:the|this|that|your|his|her|their) (?:whole|entire) (?:[\w'-]+ )?{BODIES}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you)|(?P<kin>[\w'-]{3,}s)))"
)
_WHO_AGAIN = _WHO.replace("?P<who>", "?:").replace("|(?P<kin>[\\w'-]{3,}s)", "")
_ADVERBS = (
    r"(?: (?:all|both|just|really|truly|too|also|so|definitely|either|almost|fucking|literally|seriously"
    r"|probably|still))*"
)
#: What else tells who is meant: "the fans who threw beer", "these liars on the news".
_MORE_OF = r"(?: (?:who|that|on|in|from|at|behind|wearing|with)(?: [\w']+){1,8}?)?"
_SHOULD = re.compile(
    rf"{_WHO}{_MORE_OF}{_ADVERBS}"
    r" (?:deserve[sd]? to|should|ought to|oughta|needs? to|has to|have to|had better|must|better|shoulda|should've"
    r"|should of)"
    rf"{_ADVERBS}(?: (?:have|of))?{_ADVERBS}"
    r" (?:(?:be|get|been|gotten|being)(?: (?:(?:taken|dragged|rounded|lined|locked|hunted|tied|thrown|pulled|marched|caught|hauled|led)(?: \w+){0,3}? and"
    r"|hung and|tried and|found and|beaten and|arrested and|first|either|hard|both|all|just|fucking"
    r"|\w+ly))*"
    rf" {DONE_TO.pattern}|{DIES}(?![\w'])(?! (?:the|a|an|your|our|some|more|it|out|off|calories|fuel|up|around|with"
    rf"|in there|on)\b))"
)
#: Also of somebody named: "Jane Roe deserves the noose".
_DESERVED = re.compile(
    rf"(?:{_WHO}|(?P<name>(?<![\w'])(?!(?:i|we|it|this|that|nobody|none|not|never|nor|who|what|which|one|and|or"
    rf"|but)(?![\w']))[\w'-]+))"
    rf"(?:'s|'re| is| are)?{_ADVERBS} (?:{DESERVES.pattern})"
)
#: "she ought to be …", before a participle of any verb of violence.
_TO_BE = re.compile(
    rf"(?:{_WHO}{_MORE_OF}{_ADVERBS} (?:deserve[sd]? to|should|ought to|oughta|needs? to|has to"
    rf"|have to|had better|must"
    rf"|better|shoulda|should've|should of|is going to|are going to|will|gonna){_ADVERBS}(?: (?:have"
    rf"|of))?{_ADVERBS} (?:be|get|been|gotten|being)"
    rf"|(?<![\w'])(?:i|we)(?:'d| would)? (?:hope|wish|want|pray|like|love|need)(?: to see"
    rf"| to watch)? {_WHO_AGAIN}"
    rf"{_ADVERBS}(?: (?:will|would|to|could|had|have|has))?{_ADVERBS} (?:be|get|gets|got|been|gotten|being|getting|is"
    rf"|are|was|were))"
    r"(?: (?:all|both|fucking|just|finally|\w+ly|(?:taken|dragged|rounded|lined|locked|found|hunted|tied|thrown|pulled|marched|put|caught|hauled|led)"
    r"(?: \w+){0,3}? and))* $"
)
_SPECULATION = re.compile(r"\b(?:must have been|have been told|should be able|must be (?:dead|dying|hanging|cancer))\b")
_HOPE = re.compile(
    r"(?<![\w'])(?:(?:i|we)(?:'m| am)?(?: (?:really|sincerely|just|do|fucking|truly|only|seriously))*"
    r" (?:hope|hoping|pray|wish|can't wait (?:until|till|for))|(?:^|(?<=[.!?]))\s*(?:hope|hopefully|hoping|pray|praying|here's hoping"
    r"|can'?t wait (?:until|till|for)|may))"
    rf"(?: that| for the day| the day| to see| to god| to hear)* {_WHO}(?:'d)?(?: all| both)?(?: (?:and"
    rf"|or)(?: \w+){{1,3}}?)?"
    r"(?: (?:will|would|could|can|to|soon|all|just|finally|fucking|really|slowly|had|have|has|painfully|literally|is"
    r"|are"
    r"|was|were|get|gets|got|getting|be|been|both|eventually|already|never)){0,4}"
    rf" (?:{DIES}|{DONE_TO.pattern})(?![\w'])(?! (?:in (?:jail|prison|a cell|a prison|a jail|his sleep|her sleep"
    rf"|their sleep|peace|less|comfort)|at home|with (?:dignity|less|luck|good)|peacefully))"
)
_WANTED_DEAD = re.compile(
    r"(?<![\w'])(?:i|we)(?: (?:really|just|all|fucking|still))*"
    r" (?:want|need|would love|would like|'d love|'d like|wish|prefer|would prefer)(?: to see| to watch)?"
    rf" (?P<who>him|her|them|you|it|{PEOPLE}|(?:the|that|this|these|those|all|every|your|his|her"
    rf"|their) (?:\w+ )?{PEOPLE}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you))(?: all| both)?"
    rf" (?:dead|(?:(?:to|be|being|get|getting|were|was) )*(?:{DIES}|{DONE_TO.pattern}))(?![\w'])"
)
#: "You gon die": what the speaker says will come.
_DOOMED = re.compile(
    r"(?<![\w'])(?P<who>(?:you|u|y'all|she|he|they)(?:'re| are|'s| is|r|(?='ll))?(?: all| both| fucking| so)?"
    r"(?: |(?='ll))(?:gonna|gon|going to|about to|will|'ll|finna|dead meat$)(?: \w+)? (?:die|be dead|get shot"
    r"|get stabbed"
    r"|get killed|bleed out|bleed to death|be killed|pay in blood|pay with your life|lose your (?:teeth|head"
    r"|legs|fingers|eyes|life)"
    r"|not (?:live|survive)|never walk again|need an ambulance|be (?:begging|crying) for mercy"
    r"|leave in a (?:bag|body bag|coffin)"
    r"|be found dead|wish \w+ were dead|end up dead))(?![\w'])(?! (?:laughing|of laughter|for|happy|when|of old age"
    r"|one day|someday|eventually|if|from|of|without))"
)
#: The head of a clause, where a bare verb is an order.
_CLAUSE_HEAD = re.compile(
    r"(?:^|[.!?,;:\n\"(…*-])\s*(?:(?:just|please|simply|then|so|fucking|fuckin|go|now|yes|yeah)\s+){0,3}$"
)
#: Told as what happened, or asked about.
_TOLD = re.compile(
    r"(?<![\w'])(?:tried to|wanted to|wants to|trying to|threatened to|attempted to|went to|how to|did|didn't|used to"
    r"|able to"
    r"|would you|could you|why would|who would|the right|in order|only way)\s+(?:to\s+)?(?:\w+\s+)?$"
)
#: A clause of the speaker's own after a comma: "he is lucky I was not there, I would have …".
_OWN_CLAUSE = re.compile(r"(?:i|we|someone|somebody)(?:'ll|'d| will| would| should| swear| am|'m)(?![\w'])")


def _is_anew(text: Text, start: int) -> bool:
    """Whether a negation before belongs to the clause before."""
    if text.words[max(0, start - 2) : start] == ", " and _OWN_CLAUSE.match(text.words, start):
        return True
    return bool(_CONDITION.search(text.words[max(0, start - 80) : start]))


_WHOEVER = re.compile(
    r"^(?:whoever|(?:anyone|anybody|everyone|everybody) who) |(?<![\w'])(?:whoever|(?:anyone|anybody|everyone|everybody) who)$"
)


#: What a court, a doctor or a paper says.
_RULED = re.compile(
    r"(?<![\w'])(?:ruled|decided|ordered|decreed|held|recommended|demanded|argued|testified|reported|announced|feared"
    r"|concluded|prosecutors?|jury|court|judges?|tribunal|sharia|koran|quran|bible|law)(?: \w+){0,4} that (?:\w+ ){0,3}$"
)
_SAID_AFTER = re.compile(
    r",? (?:the )?(?:doctors?|police|court|judge|report|paper|nurse|\w+) (?:said|told us|reported|ruled|warned)(?!\w)"
    r"|,? (?:says|said|goes|sang|sings) (?:the|an?|that|my|our) (?:old |new )?(?:song|saying|proverb|film|movie|poster|sign|playlist|lyrics?"
    r"|chorus|line|book|legend|rhyme|hymn|game|villain|slogan|mug|t-shirt)(?!\w)"
    r"|,? (?:isn't|is not|is no|is never|aren't|are not) (?:an? |any |just |even )*(?:banter|jokes?|funny|ok|okay|fine|opinions?|debate|football|way)(?!\w)"
)
#: "If she does not laugh, …": the negation is the condition's.
_CONDITION = re.compile(r"(?<![\w'])(?:if|when|unless|until|since|because)(?![\w'])[^.!?,\n]{1,60}, (?:\w+ )?$")
#: "kill her career", "shoot your movie".
_OWNED = re.compile(
    r"(?:'s)?\s+(?:own|career|ideas?|mood|vibe|dreams?|movie|film|video|scene|email|message|text|photos?|pictures?"
    r"|portraits?"
    r"|weddings?|time|appetite|records?|score|goals?|way|plans?|chances?|argument|best|off guard|some|a|an|the|over"
    r"|with love|with kindness|up on|bill|bills|project|deal|event|party|show|session|interview)\b"
)
#: "Hang the women's quilts": what is theirs, and no part of them (`POSSESSED`).
_BELONGING = re.compile(
    r"'s?\s+(?!(?:kids?|child|children|sons?|daughters?|wife|husband|mother|mum|mom|father|dad|famil\w+|dog|cat|house|home|car)(?![\w']))\w"
)
_ORDER = re.compile(
    r"(?:(?<![\w'])(?:go|just|please|should|better|and|fucking|now)\s+|^\s{0,40}|(?<=[.!?,;:\n])\s{0,40})"
    r"(?P<threat>kill yourself|kys|hang yourself|go die(?! (?:the|a|my|your|some|those|these)\b)|drop dead(?! gorgeous)|off yourself|neck yourself)(?![\w'])"
)
_OR_ELSE = re.compile(
    r"(?<![\w'])(?P<threat>(?:you(?:'d)? better|you must|you will|you'll|pay|stop|resign|leave|shut up|give"
    r"|do it|do as"
    r"|delete|take|keep|back off|apologi[sz]e|watch)\b[^.!?\n]{0,80}?\bor else)(?=[.!…\s]*$|[.!…]+\s)"
)
#: Harm as the price of speaking up. Only of speech and defiance: "wear a helmet or you will get hurt" means well.
_PRICE = re.compile(
    r"(?<![\w'])(?P<threat>(?:keep (?:talking|posting|asking|pushing|it up|that up|digging|complaining)"
    r"|say (?:that|it) again|(?:tell|report|talk to) (?:anyone|anybody|them|the board|the police)"
    r"|open your mouth|speak up again|cross (?:me|us)"
    r"|come near (?:me|us|here)|show your face|shut up|back off)[^.!?\n]{0,40}?,?\s(?:and|or) (?:you|somebody"
    r"|someone)"
    r"(?:'ll| will|'re going to| are going to| is going to|'re gonna| gonna| might| may| could)(?: just| really)?"
    r" (?:get|be|end up)(?: \w+)? (?:hurt|killed|shot|stabbed|beaten|dead|sorry|(?:in|on) (?:the |a |an )?(?:hospital"
    r"|er|morgue|ditch|grave|ground"
    r"|wheelchair|coffin|body bag|stretcher|intensive care)))(?![\w'])"
)
_ITS_BODY = rf"(?:your|ur|his|her|their|that [\w-]+'s) (?:\w+ )?{BODY}"
_WEAPON = (
    r"(?:guns?|rifles?|shotguns?|pistols?|glocks?|ar-?15s?|knife|knives|machete|axe|hatchet|hammer|crowbar|sledgehammer"
    r"|baseball bats?|bat|bombs?|petrol|gasoline|matches|molotovs?|noose|chainsaw|blade|acid)"
)
_I_WILL = r"(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are) (?:going to|gonna|about to)| gonna| swear (?:i'll|i will)|'d love to)"
#: What somebody's body will meet, how they will end, whom it will hit if they do not obey, and other threats whose words
#: name no act of violence.
_UNSAID = re.compile(
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
    rf"|run {VICTIM.replace('?P<who>', '?:')} (?:clean |right |straight )?off (?:the|a) (?:road|cliff|bridge|street)"
    r"|(?:pray|hope|praying|hoping|wish)(?: that)? (?:your|his|her|their) (?:plane|car|bus|flight|boat|train|helicopter|house|brakes|jet)"
    r" (?:goes down|crash(?:es)?|burns?(?: down)?|blows up|explodes?|fails?|sinks?|falls)"
    r")(?![\w'])"
)
#: What some phrase of `_UNSAID` cannot do without, as whole words and as parts of texts: whatever holds none of it is not
#: read for it.
_UNSAID_WORDS = tuple(
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
_UNSAID_PARTS = re.compile(
    r"will die|pay with|pay in|body bag|intensive care|six feet under|the bottom of|(?:done|finished|through) with"
    r"|my (?:foot|knee|elbow|hand|bullet)|hands (?:on|around|round) |only good |heads? on a | or (?:else )?(?:we|i|they)(?: |')"
    r"| or (?:else )?my b|happen to |(?:shame|pity) if|find (?:your|his|her|their) |days are |next time i | look (?:\w+ )?off"
    r"| out of (?:you|him|her|them)|teach (?:you|him|her|them|that) | off (?:the|a) |goes down|blows up|falls"
)
_UNSAID_LEAST = re.compile(
    rf"{_UNSAID_PARTS.pattern}|(?<![\w{MASK}])(?:{'|'.join(map(re.escape, _UNSAID_WORDS))})(?![\w{MASK}])"
)
_SPORT = re.compile(
    r"(?<!\w)(?:game|match|season|tournament|trivia|league|golf|softball|bowling|kickball|chili|cook-?off|playoffs?"
    r"|finals?"
    r"|scoreboard|monopoly|scrabble|chess|karaoke|bracket|team|championship|opponents?|cosplay|novel|film"
    r"|movie|episode|protagonist|screenplay|last act|last chapter|fortnite|minecraft|playstation|xbox|paintball"
    r"|climbing|zip ?line|bungee|ropes course|in (?:a|the) (?:pot|pan|skillet)|simmer|laser tag|dodgeball|pickleball|nerf|\w+ kart|on points|(?:third|second|first|final) set|collect the|unlock"
    r"|character|thriller|villain|zombies?|levels?|boss fight|rounds?|round (?:one|two|three|\d+)|knockout"
    r"|the ring|boxing|boxer"
    r"|my money is on|half ?time|quest|dragons?|dungeon|avatar|respawn|villains|syrup|butter|garlic|dough"
    r"|batter|sauce"
    r"|oven tray|whisk|recipe|frying pan)(?!\w)"
)
#: The same in Spanish, French, German and Portuguese: sport, games, the kitchen.
_SPORT_ELSEWHERE = re.compile(
    r"(?<!\w)(?:partidos?|cancha|torneo|campeonato|ajedrez|domino|videojuegos?|juego|truco|futbol|receta|sarten"
    r"|tournoi|matchs?|partie|echecs|belote|petanque|jeu video|jeux|recette|poele"
    r"|turniers?|spiel(?:en|s|e)?|schach|skat|kicker|tischtennis|fussball|rezept|pfanne"
    r"|jogo|jogos|partida|torneio|xadrez|futebol|baralho|receita|frigideira)(?!\w)"
)
_JOKING = re.compile(r"(?<!\w)(?:lol|haha+|hehe+|jk|just kidding|rofl|lmao|😂|🤣|😆|😜|;\))")


#: All that is looked for at every place of a text; most texts with a verb of violence hold none of it.
_LOOKED_FOR = Index(
    [
        *(_INTENT, _CALL, _WILL, _OR_WE, _SHOULD, _DESERVED, _TO_BE, _HOPE, _WANTED_DEAD, _DOOMED, DEED),
        *(_ORDER, _OR_ELSE, _PRICE, _DEAD_IF, _BREAKING, _RUN_OVER, _UNSAID),
    ],
    [(frame, frame.literals) for frame in FRAMES],
)


def _finds(pattern: re.Pattern[str], text: Text, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """What `finditer` gives for a part of a text's words, run only where the pattern may match the text."""
    if id(pattern) in _possible(text):
        yield from pattern.finditer(text.words, start, len(text.words) if end is None else end)


@lru_cache(maxsize=16)
def _possible(text: Text) -> frozenset[int]:
    return _LOOKED_FOR.possible(text.words)


class ThreatParams(Params):
    """The verbs of violence (sense `strong` or `weak`) and ready-made phrases; `min_confidence` drops weaker finds."""

    verbs: str = "violence"
    phrases: str = "veiled_threats"
    #: Whose members can be victims, beside people by role or kind.
    groups: str = _GROUPS
    #: Ready-made threats in other languages than English.
    other_languages: str = "threats"
    min_confidence: float = 0.4


@check(
    "threats",
    ThreatParams,
    screen=lambda params: [
        *map(Terms, (params.phrases, params.other_languages, params.verbs)),
        *map(Said, (_ORDER, _OR_ELSE, _PRICE, _DEAD_IF, _BREAKING, _RUN_OVER, _UNSAID_PARTS)),
        Names(_UNSAID_WORDS),
        Names(WORDS),
    ],
)
def threats(batch: Batch, rule: Rule, params: ThreatParams) -> Judgement:
    """Looks for threats of violence against somebody, for a person to read.

    Announced ("I will … you"), conditional ("… or else"), wished for ("deserves to be …") and veiled ("we know where
    you live"). Idioms, sport, news, negations and threats that are quoted or reported as received are not meant.
    English has the full grammar; Spanish, French, German and Portuguese have frames of announcing, calling for, wishing
    and veiling harm.
    """

    def find(row: Row) -> Iterable[Evidence]:
        found = (item for item in _threats(row, params) if item.confidence >= params.min_confidence)
        return _outermost(found)

    return judge_each(batch, rule, find)


def _is_foreign(row: Row, item: Evidence) -> bool:
    """Whether an English pattern took a word of the post's own language for one of violence: "Die Mutter …"."""
    return is_false_friend(normal(row.text.raw[item.start : item.end]), row.language)


def _threats(row: Row, params: ThreatParams) -> Iterator[Evidence]:
    text = row.text
    for hit in [*row.hits(params.phrases, also=("en",)), *row.hits(params.other_languages)]:
        if _KINDLY.match(text.words, hit.end) or _SAID_AFTER.match(text.words, hit.end) or _is_invitation(text, hit):
            continue
        if not text.is_reported(hit.start, hit.end) and not text.is_negated(hit.start, reach=12):
            sure = hit.weight * _certainty(row, hit.start) * (0.5 if _is_of_a_name(text, hit) else 1)
            yield row.evidence(hit.start, hit.end, "words often meant as a threat", sure)
    yield from (item for item in _by_grammar(row, params) if not _is_foreign(row, item))


def _by_grammar(row: Row, params: ThreatParams) -> Iterator[Evidence]:
    """What verbs, orders and frames say, all of them English."""
    text = row.text
    verbs = row.hits(params.verbs, also=("en",))
    for sentence in dict.fromkeys(text.sentence_at(hit.start) for hit in verbs):
        inside = in_span(verbs, sentence)
        near = max(sentence[0], inside[0].start - _NEAR), min(sentence[1], inside[-1].end + _NEAR)
        yield from _announced(row, near, inside)
        yield from _called_for(row, near, inside)
        yield from _ordered_deeds(row, near, inside)
        yield from _wished(row, near)
        yield from _to_be_done(row, near, inside)
        yield from _done(row, near)
    yield from _ordered(row)
    yield from _framed(row)


#: What one also does to dinner, weeds and dust.
_HOUSEHOLD = re.compile(
    r"(?:skewer|smother|batter|pound|flatten|shred|scald|slash|skin|drown|burn|poison|exterminate|eradicate|eliminate"
    r"|crush|starve"
    r"|trample|bury|destroy|whip|roast|cut|slice|chop|break|snap|split|squeeze|knock|hunt|bomb|blow)"
)


def _ordered_deeds(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """Any strong verb of violence in its plain form at the head of a clause: "Decapitate her!", "run him over"."""
    text = row.text
    for verb in verbs:
        if verb.sense != "strong" or verb.term.endswith(("ing", "ed", "s", "*")):
            continue
        if not _CLAUSE_HEAD.search(text.words, max(sentence[0], verb.start - 16), verb.start):
            continue
        victim = _victim(row, verb, sentence[1])
        if victim is None or _is_excused(text, verb.start, victim):
            continue
        if text.words[verb.end : victim].split()[-1:] == ["them"] and _HOUSEHOLD.match(verb.term):
            continue
        yield row.evidence(verb.start, victim, "a call for violence", 0.6 * _certainty(row, verb.start))


def _announced(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    text = row.text
    for left, right, base in _openings(text, sentence):
        verb = next((hit for hit in verbs if right <= hit.start <= right + 40 and hit.sense != "thing"), None)
        if verb is None or not _joins(text.words[right : verb.start]):
            continue
        victim = _victim(row, verb, sentence[1])
        if victim is None or _is_excused(text, left, victim):
            continue
        certainty = base * (1.0 if verb.sense == "strong" else 0.8) * _certainty(row, verb.start)
        yield row.evidence(left, victim, "an announced or called-for violent act against somebody", certainty)


def _openings(text: Text, sentence: tuple[int, int]) -> list[tuple[int, int, float]]:
    """Where "I will" and "somebody should" stand, and how sure what follows them is a threat."""
    return [
        (found.start(), found.end(), sure)
        for pattern, sure in ((_INTENT, 0.9), (_OR_WE, 0.65), (_WILL, 0.6), (_CALL, 0.65))
        for found in _finds(pattern, text, *sentence)
        if not _NOT.search(found.group())
    ]


_NOT = re.compile(r"(?<![\w'])(?:not|never)(?![\w'])")


def _joins(between: str) -> bool:
    """Whether only fill words stand between "I will" and the verb: no negation, no other clause."""
    if re.search(
        r"[,;:.!?]|\b(?:not|never|no|be|been|before|when|because|if|that|who|we|i|they|he|she)\b|n't", between
    ):
        return False
    return len(between.split()) <= 6  # noqa: PLR2004 - "round up the whole lot and", no more


def _done(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """What is done to people in more than a word ("throw her off a cliff"), as an order, a plan or a call."""
    text = row.text
    deeds = list(_finds(DEED, text, *sentence))
    openings = _openings(text, sentence) if deeds else []
    for deed in deeds:
        near = [
            (left, base)
            for left, right, base in openings
            if right <= deed.start() and _joins(text.words[right : deed.start()])
        ]
        head = _CLAUSE_HEAD.search(text.words, max(sentence[0], deed.start() - 16), deed.start())
        if not (near or head) or _is_excused(text, deed.start(), deed.end()):
            continue
        left, base = near[-1] if near else (deed.start(), 0.6)
        yield row.evidence(left, deed.end(), "a violent act against somebody", base * _certainty(row, left))


def _is_excused(text: Text, start: int, end: int) -> bool:
    """Whether somebody else's words are given, or the act is denied or told of."""
    if text.is_reported(start, end) or is_attributed(text, start):
        return True
    if text.is_negated(start, reach=20) and not _is_anew(text, start):
        return True
    if _KINDLY.match(text.words, end) or _is_photographed(text, start, end):
        return True
    # Whoever is threatened for what they wrote is no author of the threat.
    if is_spoken_against(text, start, end) and not _WHOEVER.search(text.words[start:end]):
        return True
    if _TOLD.search(text.words[max(0, start - 30) : start]):
        return True
    return bool(_RULED.search(text.words[max(0, start - 80) : start]) or _SAID_AFTER.match(text.words, end))


_SHOOTS = re.compile(r"(?<![\w'])(?:shoot|shoots|shot|shooting|capture|hang|hung|frame)(?![\w'])")
#: Of pictures: taken, printed, hung.
_PICTURES = re.compile(
    r"(?<![\w'])(?:photos?|photograph\w*|pictures?|portraits?|prints|camera|lens|tripod|in focus|out of focus|footage|film(?:ed|ing)?|video|selfies?"
    r"|frames?|exposures?|headshots?|snaps|album|backdrop|smiles?)(?![\w'])"
)


def _is_photographed(text: Text, start: int, end: int) -> bool:
    """Whether people are shot with a camera: "shot thirty families at the hall, all in focus"."""
    return bool(_SHOOTS.search(text.words[start:end]) and _PICTURES.search(text.words, *text.sentence_at(start)))


def _victim(row: Row, verb: Hit, end: int) -> int | None:
    """Where the object of the verb ends, when it is a person; None when it is a thing or nobody."""
    words = row.text.words
    if not _WITHIN.isdisjoint(verb.term.split()[1:]):
        return verb.end
    possessed = POSSESSED.match(words, verb.end, end)
    if possessed:
        return possessed.end()
    found = OBJECT.match(words, verb.end, end)
    whole = _named_next(row, verb) or (found.end() if found else _group_next(row, verb)) or _capitals_next(row, verb)
    if whole is None or _OWNED.match(words, whole, end) or _BELONGING.match(words, whole, end):
        return None
    who, bodily = (found.group("who"), found.group("out")) if found else ("", None)
    if not _is_meant_for(verb, who, words[verb.end : end], whole - verb.end, bool(bodily)):
        return None
    return _bodily_end(words, whole, end)


def _is_meant_for(verb: Hit, who: str, after: str, at: int, bodily: bool) -> bool:
    """Whether a body is meant and no thing of hers, nothing hung on a wall. `at`: where the object ends in `after`."""
    bodily = bodily or bool(_BODILY.match(after, at))
    # A weak verb ("beat", "hit") is meant for a body only with more words: "beat you up".
    if verb.sense == "weak" and verb.term not in _BODILY_VERBS and not bodily:
        return verb.term in _BLOWS and bool(_CONTEMPT.search(after[:at]))
    if verb.term in _NEVER_THINGS or verb.term in _ONLY_PEOPLE - _ALSO_FILMED:
        return True
    if who == "her" and _HER_THING.match(after, at):
        return False
    return bodily or not (who in _PRONOUNS and _THINGS_DONE.match(after, at))


#: What nobody does to a thing, wherever it is done.
_NEVER_THINGS = frozenset(
    {"hurt", "harm", "rape", "strangle", "stab", "murder", "torture", "behead", "lynch", "castrate", "assassinate"}
)
#: A thing of hers: "hang her coat", "stone her counters".
_HER_THING = re.compile(
    rf"\s+(?!(?:fucking |own |whole )?(?:{PEOPLE}|{BODY})(?![\w']))(?!(?:and|or|for|in|on|at|by|with|to|up|down|out|off|if|when|until|so|now|again"
    r"|already|too|please|right|like|from|as|because|before|after|next|tonight|tomorrow|today|the|a|an|this|that|all|alive|dead|hard"
    r"|badly|first|over|instead|there|here|then|but|while|who|myself|yourself|immediately|slowly|fucking|good|real|lol|through|into"
    r"|under|against|behind|daily|w|upside|across|senseless|silly|unconscious|apart|twice|once|more|till|every|just|publicly|high|back"
    r"|where|since|burn|kill|hang|shoot|lock|around|away|together|along|properly|quickly|soon|monday|friday|anyway|i|we|you|he|she"
    r"|they|it|my|is|was|sorry|\w+ly)"
    r"(?![\w']))[a-z]"
)


def _bodily_end(words: str, whole: int, end: int) -> int:
    found = _BODILY.match(words, whole, end)
    return found.end() if found else whole


_ALL_OF = re.compile(
    r"(?:\s+(?:up|down|off|all|the|these|those|every|any|each|some|an?|another|next|last|single|one|of|fucking"
    r"|filthy|dirty"
    r"|damn|stupid|ugly|\w+ing))*\s+$"
)
_ALL_REACH = 40


def _group_next(row: Row, verb: Hit) -> int | None:
    """Where a group that the verb is done to ends: "shoot all the Xs"."""
    for group in row.hits(_GROUPS, also=("en",)):
        if 0 < group.start - verb.end <= _ALL_REACH and _ALL_OF.fullmatch(row.text.words, verb.end, group.start):
            return group.end
    return None


#: Verbs of which hardly anything but a person is the object: one hangs, drowns and executes things, too.
_ONLY_PEOPLE = frozenset(
    {"kill*", "murder", "strangle", "rape", "lynch", "behead", "assassinate", "castrate", "stab", "shoot"}
)
_ALSO_FILMED = frozenset({"kill*", "shoot"})
_FULL_NAME = re.compile(
    r" ((?:(?:president|senator|mayor|governor|dictator|king|queen|pope|judge|mr|mrs|ms|dr)\.? )?[a-z][\w'-]+ [a-z][\w'-]+)"
    r"(?=[\s.!]*$|[.!,;]| (?:and|or|for (?:this|that|what)|with|before|already|if|in)(?![\w']))"
)
#: "Kill Bill", "Murder She Wrote", "Kill Your Darlings".
_TITLES = frozenset(
    {
        "Vol",
        "Volume",
        "Wrote",
        "Darlings",
        "Bill",
        "Mode",
        "Switch",
        "Team",
        "Mockingbird",
        "Orient",
        "Express",
        "Mystery",
    }
)


def _capitals_next(row: Row, verb: Hit) -> int | None:
    """Where a first and a last name in capitals that follow the verb end."""
    found = _FULL_NAME.match(row.text.words, verb.end) if verb.term in _ONLY_PEOPLE else None
    if found is None:
        return None
    written = row.text.cut(*found.span(1)).split()
    is_name = all(word[:1].isupper() and word[1:].islower() for word in written) and written[-1] not in _TITLES
    return found.end() if is_name else None


def _named_next(row: Row, verb: Hit) -> int | None:
    """Where a name of the roster that follows the verb directly ends."""
    people = named(row.text, row.context, ("person",))
    return next((person.end for person in people if 0 < person.start - verb.end <= _NEXT_WORD), None)


def _wished(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """Violence that somebody is said to deserve or to need, or that is hoped for."""
    text = row.text
    for pattern, confidence in ((_SHOULD, 0.8), (_DESERVED, 0.7), (_HOPE, 0.75), (_WANTED_DEAD, 0.75), (_DOOMED, 0.65)):
        for found in _finds(pattern, text, *sentence):
            start = found.start("who") if pattern is _SHOULD else _first_letter(found)
            if not _is_person(row, found) or _is_safety(text, found.start()):
                continue
            if not _is_excused(text, start, found.end()) and not _SPECULATION.search(found.group()):
                yield row.evidence(
                    start, found.end(), "violence wished on somebody", confidence * _certainty(row, start)
                )


def _is_person(row: Row, found: re.Match[str]) -> bool:
    """Whether a plural that no list has ("Xs should be shot") is a group of the lexicon."""
    place = found.span("kin") if "kin" in found.re.groupindex else (-1, -1)
    return place[0] < 0 or any(place[0] <= hit.start and hit.end <= place[1] for hit in row.hits(_GROUPS, also=("en",)))


def _is_safety(text: Text, start: int) -> bool:
    """Whether it is a warning: "if you drink and drive you will die"."""
    return bool(_SAFETY.search(text.words, max(text.sentence_at(start)[0], start - _WISH_REACH), start))


_SAFETY = re.compile(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}? (?:drink|drive|text|smoke|climb|skip|swim"
    r"|eat|mix|inhale|fall"
    r"|breathe|speed|vape|overdose|wear|slip|touch (?:a|the|that|this) (?:wire|stove|line)|stop taking"
    r"|don't (?:wear|take|vaccinate))"
    r"(?![\w'])"
    r"|(?:^|[.!?]\s*)(?:wear|use|take|get|buckle|hold|mind|check|fasten|put on|drink|don't|do not|never"
    r"|always)[^.!?\n]{1,50}? or\s+$"
)


def _to_be_done(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """The passive of any strong verb of violence, demanded or hoped for: "they all need to be scalped"."""
    text = row.text
    for verb in verbs:
        if verb.sense != "strong":
            continue
        found = next(_finds(_TO_BE, text, max(sentence[0], verb.start - _WISH_REACH), verb.start), None)
        if found is None or text.words[verb.start : verb.end].endswith(("ing", "s")):
            continue
        if _BY_NOW.match(text.words, verb.end):
            continue
        if not _is_person(row, found):
            continue
        start = _first_letter(found) if found.group("who") is None else found.start("who")
        if not _is_excused(text, start, verb.end) and not _SPECULATION.search(found.group()):
            yield row.evidence(start, verb.end, "violence wished on somebody", 0.7 * _certainty(row, start))


#: "They should be dead by now", "dead tired".
_BY_NOW = re.compile(r" (?:by now|already|tired|on|set|serious|certain|sure|last|even|cent(?:er|re)|simple|easy)(?!\w)")


def _first_letter(found: re.Match[str]) -> int:
    return found.end() - len(found.group().lstrip())


def _called_for(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """Calls for violence: "Hang her!" is an order to hurt somebody."""
    text = row.text
    if not any(text.words.startswith(_ORDER_VERBS, hit.start) for hit in verbs):
        return
    for order in _ORDERED.finditer(text.words, *sentence):
        start, verb = order.span("verb")[0], order.group("verb")
        whole = _whole_order(text, verb, order.end(), sentence[1])
        if whole is None or not _is_verb(start, verbs) or _is_excused(text, start, whole):
            continue
        yield row.evidence(start, whole, "a call for violence", 0.65 * _certainty(row, start))


_ONE = frozenset({"him", "her", "you"})
#: How one hits somebody: "smack her hard", "beat him until he talks"; of "them" eggs are meant.
_HARD = re.compile(
    r"\s+(?:hard|harder|good|silly|senseless|bloody|unconscious|till|until|again and again|some more)(?![\w'])"
)


def _whole_order(text: Text, verb: str, at: int, end: int) -> int | None:
    """Where an order to hurt somebody ends; None where it is about a thing or too mild to be one."""
    victim = OBJECT.match(text.words, at, end) or POSSESSED.match(text.words, at, end)
    if victim is None or _OWNED.match(text.words, victim.end(), end):
        return None
    bodily = _BODILY.match(text.words, victim.end(), end) or victim.groupdict().get("out")
    bodily = bodily or (victim.group().split()[-1] in _ONE and _HARD.match(text.words, victim.end(), end))
    if verb in _MILD_ORDERS and not bodily and not _CONTEMPT.search(victim.group()):
        return None
    if (
        victim.group().endswith(" her")
        and verb not in _NEVER_THINGS
        and _HER_THING.match(text.words, victim.end(), end)
    ):
        return None
    things = _THINGS_DONE.match(text.words, victim.end(), end)
    if things and not bodily and victim.group().split()[-1] in _PRONOUNS:
        return None
    return _bodily_end(text.words, victim.end(), end)


def _is_verb(start: int, verbs: list[Hit]) -> bool:
    """Whether the verb is a hit of the lexicon: "shoot her an email" is one of its exceptions."""
    return any(hit.start == start for hit in verbs)


def _ordered(row: Row) -> Iterator[Evidence]:
    text = row.text
    for pattern, confidence in (
        (_ORDER, 0.8),
        (_OR_ELSE, 0.6),
        (_PRICE, 0.7),
        (_DEAD_IF, 0.7),
        (_BREAKING, 0.75),
        (_RUN_OVER, 0.6),
        (_UNSAID, 0.65),
    ):
        if pattern is _UNSAID and not _UNSAID_LEAST.search(text.words):
            continue
        for found in _finds(pattern, text):
            start, end = found.span("threat")
            if _KINDLY.match(text.words, end):
                continue
            if not text.is_reported(start, end) and not text.is_negated(start, reach=16) and not _is_sport(row, start):
                yield row.evidence(start, end, "an order or condition with a threat", confidence)


#: Words of those who come to perform, meet or sell.
_VISIT = (
    r"(?:doors?|tours?|tickets?|shows?|gigs?|concerts?|conferences?|conventions?|congress|summits?|festivals?|meet-?ups?|booths?"
    r"|stands?|workshops?|classes|courses|training|roadshows?|road trip|pop-?ups?|stages?|next stop|see you (?:at|in|on|there|soon)"
    r"|join us|sign up|register|rsvp|book (?:now|your|a)|open(?:s|ing)?|launch(?:es|ing)?|can't wait|cannot wait|excited)"
)

#: A name after "we are coming for you". It may be a town's or a woman's: a visit has to be told by more than the name.
_NAMED = (
    r",? (?!(?:and|so|be|you|your|we|i|no|if|or|run|hide|watch|get|tonight|tomorrow|better|just|now|when|right)(?![\w'])|@)"
    rf"(?!(?:\w+ )?{PEOPLE}(?![\w']))(?:the )?[a-z][\w'-]+(?: [\w'-]+)?\s{{0,3}}(?:[!:.🎉✈]|$)"
)

#: What else is said with the words of a veiled threat, told by what follows: a visit to a town, care of the back, a map.
_INVITING = (
    (
        re.compile(r"coming for you$"),
        re.compile(rf"{_NAMED}[^\n]{{0,120}}?(?:🎉|✈|(?<!\w){_VISIT}(?!\w))"),
    ),
    (
        re.compile(r"one eye open$"),
        re.compile(
            r"[^\n]{0,60}?(?<!\w)(?:newborns?|bab(?:y|ies)|parents|toddlers?|moms?|mums?|cats?|puppy|puppies|dolphins?)(?!\w)"
        ),
    ),
    (
        re.compile(r"pay for th(?:is|at)$"),
        re.compile(
            r"[^.\n]{0,30}?(?:[$€£]|\d+[.,]\d\d|(?<!\w)(?:per|card|cash|checkout|register|entrance|online)(?!\w))"
        ),
    ),
    (
        re.compile(r""),
        re.compile(
            r"[^\n]{0,60}?(?<!\w)(?:cakes?|cookies|brownies|wine|pizzas?|flowers|casseroles?|gifts?|presents?|tomatoes|snacks|balloons|soup|cupcakes)(?!\w)"
        ),
    ),
    (
        re.compile(r"your back$"),
        re.compile(
            r"[^\n]{0,100}?(?<!\w)(?:tips?|lift(?:ing)?|posture|stretch(?:es|ing)?|baby|bab(?:y|ies)|carry(?:ing)?|slings?|desks?"
            r"|ergonomics?|exercises?|workouts?|physio\w*|chiropract\w*|spine|muscles?|yoga|massage|shovel(?:l?ing)?|boxes"
            r"|garden(?:ing)?|squats?|bend(?:ing)?|chairs?)(?!\w)"
        ),
    ),
    (
        re.compile(r"where you (?:live|work|sleep|park)$"),
        re.compile(
            r"(?::|,? so(?![\w'])|,? and (?:so|here|can|now)(?![\w'])|[.!] (?:so|here|find|that's why|enter|use|see|meet)(?![\w'])"
            r"| - | \u2013)[^\n]{0,90}?(?<!\w)(?:maps?|groups?|near you|closest|nearest|zip|post ?codes?|local|deliver(?:y|ed|s)?|chapters?"
            r"|meetings?|weather|forecast|commute|librar(?:y|ies)|leaders?|events?)(?!\w)"
        ),
    ),
)
_AFTER_NAME = re.compile(_NAMED)


def _is_invitation(text: Text, hit: Hit) -> bool:
    """Whether what follows says that nobody is threatened: "we are coming for you, Berlin! Doors open at seven"."""
    said = text.words[hit.start : hit.end]
    return any(words.search(said) and follows.match(text.words, hit.end) for words, follows in _INVITING)


def _is_of_a_name(text: Text, hit: Hit) -> bool:
    """Whether somebody or some town is named that we are coming for, so that it can only be asked about."""
    return text.words.endswith("coming for you", hit.start, hit.end) and bool(_AFTER_NAME.match(text.words, hit.end))


def _framed(row: Row) -> Iterator[Evidence]:
    """What the frames of `checks.menace` hear: wishes, regrets, calls, plans and prophecies."""
    text = row.text
    for frame in frames_of(text, _possible(text)):
        for found in frame.pattern.finditer(text.words):
            if not is_worded(text):
                return
            start, end = next(span for name in _SHOWN if (span := _span_of(found, name)) is not None)
            if frame.own_negation:
                excused = (
                    text.is_reported(start, end) or is_attributed(text, start) or bool(_KINDLY.match(text.words, end))
                )
            else:
                excused = _is_excused(text, start, end)
            if not excused and not _is_safety(text, start):
                yield row.evidence(start, end, frame.reason, frame.sure * _certainty(row, start))


#: The groups of a frame that are shown.
_SHOWN = ("threat", "threat2")


def _span_of(found: re.Match[str], name: str) -> tuple[int, int] | None:
    span = found.span(name) if name in found.re.groupindex else (-1, -1)
    return span if span[0] >= 0 else None


def _certainty(row: Row, position: int) -> float:
    factor = 0.4 if _is_sport(row, position) or (row.language != "en" and _is_sport_elsewhere(row, position)) else 1.0
    return factor * (0.7 if _is_joking(row.text) else 1.0)


@lru_cache(maxsize=16)
def _is_joking(text: Text) -> bool:
    return bool(_JOKING.search(text.plain))


def is_no_threat_talk(text: Text) -> bool:
    """Whether a text talks of sport, games, stories, the kitchen, or warns of what is dangerous."""
    return bool(_SPORT.search(text.words) or _SAFE_ADVICE.search(text.words))


#: The same warning, read from its beginning.
_SAFE_ADVICE = re.compile(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}? (?:drink|drive|text|smoke|climb|skip|swim"
    r"|eat|mix|inhale|fall"
    r"|breathe|speed|vape|overdose|wear|slip)(?![\w'])"
    r"|(?:^|[.!?]\s*)(?:wear|use|take|buckle|hold|mind|fasten|put on)[^.!?\n]{1,50}? or (?:you|u)(?![\w'])"
    r"|(?<![\w'])(?:smoking|speeding|drinking|vaping|alcohol|tobacco|asbestos|stress|salt|sugar|heat ?stroke"
    r"|viruse?s?|the virus"
    r"|covid(?:-19)?|flu|measles|cancer|infections?|bacteria|drugs?|opioids?|fentanyl|disease|heart attacks?"
    r"|strokes?|air pollution)"
    r" (?:\w+ ){0,2}?(?:kills?|killed|hurts?|harms?|poisons?|attacks?)(?![\w'])"
)


def _is_sport(row: Row, position: int) -> bool:
    return _sport_in(row.text, row.text.sentence_at(position))


def _is_sport_elsewhere(row: Row, position: int) -> bool:
    return bool(_SPORT_ELSEWHERE.search(row.text.words, *row.text.sentence_at(position)))


@lru_cache(maxsize=16)
def _sport_in(text: Text, sentence: tuple[int, int]) -> bool:
    return bool(_SPORT.search(text.words, *sentence))


def _outermost(found: Iterable[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, -item.confidence, item.start)):
        if not any(item.start < other.end and other.start < item.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)
