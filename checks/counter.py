# ruff: noqa: E501 - grammars read better unbroken
"""Hostile words that a text does not say for itself: condemned, refused, denied, asked about, told of, or one's own.

Shared by the rules on hate, threats and insults, by the statistical hints and by the scores, so that none of them takes
somebody who speaks against hatred for somebody who speaks it. Every pattern is read inside one sentence, in a window of
bounded length, since a post can be one sentence of 60,000 characters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from checks.text import Text

_BAD = (
    r"(?:wrong|disgusting|unacceptable|inacceptable|shameful|disgraceful|appalling|cruel|hateful|racist|sexist"
    r"|homophobic"
    r"|transphobic|ableist|ageist|antisemitic|anti-semitic|islamophobic|xenophobic|misogynistic|bigoted|ignorant|vile"
    r"|offensive|hurtful|harmful|dangerous|unfair|nonsense|rubbish|ridiculous|absurd|outrageous|horrible|horrifying"
    r"|terrible|awful|despicable|abhorrent|repugnant|inexcusable|intolerable|a lie|lies|a myth|a slur|hate speech"
    r"|harassment|abuse|bullying|discrimination|bigotry|racism|sexism|not ok|not okay|not acceptable|not funny"
    r"|not welcome|not true|never ok|never okay|never acceptable|false|untrue|beneath us|a crime|illegal|unlawful"
    r"|out of line|over the line|no joke|plain mean|nasty|ugly|stupid|idiotic|evil|gross|dehumani[sz]ing|degrading"
    r"|insulting|demeaning|damaging|low|sick|insane|idiotic|vicious|poisonous|a disgrace|an insult|sickening"
    r"|upsetting|inhuman|immoral|indefensible)"
)
_SAYING = (
    r"(?:calling|saying|telling|claiming|thinking|believing|suggesting|implying|insisting|shouting|writing|posting"
    r"|treating|wishing|chanting|yelling|sharing|repeating|spreading|threatening|describing|labell?ing|comparing"
    r"|referring|mocking|insulting|hating|hearing|reading|seeing|to call|to say|to tell|to claim|to think|to treat"
    r"|to wish|to suggest|to imply|to compare|to describe|to shout|to write|to post|to threaten)"
)
_SPEECH = (
    r"(?:remarks?|comments?|jokes?|posts?|language|words?|insults?|slurs?|threats?|abuse|messages?|talk|claims?|lies?"
    r"|rhetoric|slogans?|chants?|views?|attitudes?|stereotypes?|myths?|prejudices?|hate|hatred|harassment|bullying"
    r"|violence|discrimination|racism|sexism|anyone|anybody|people|members|those|somebody|someone|guests|statements?"
    r"|opinions?|nonsense|behaviou?r|ideas?|notions?|calls?|memes?|graffiti|propaganda)"
)
_SAY = (
    r"(?:say(?:s|ing)?|said|call(?:s|ed|ing)?|claim(?:s|ed|ing)?|think(?:s|ing)?|thought|believe[sd]?|believing"
    r"|tell(?:s|ing)?|told|suggest(?:s|ed|ing)?|impl(?:y|ies|ied)|insist(?:s|ed|ing)?|shout(?:s|ed|ing)?"
    r"|writes?|wrote"
    r"|writing|post(?:s|ed|ing)?|argue[sd]?|arguing|treat(?:s|ed|ing)?|wish(?:es|ed|ing)?|threaten(?:s|ed|ing)?"
    r"|compare[sd]?|describe[sd]?|label(?:s|led|ed)?|spread(?:s|ing)?|repeat(?:s|ed|ing)?|yell(?:s|ed|ing)?|sprayed"
    r"|painted|chant(?:s|ed|ing)?|feel(?:s)? (?:the need|entitled))"
)
#: The frames of counter-speech: what is said about saying such things.
_FRAMES = re.compile(
    # "Calling X vermin is disgusting", "it is racist to say"
    rf"(?<![\w'])(?:{_SAYING}|hateful {_SPEECH}|such {_SPEECH})(?![\w'])[^.!?\n]{{0,160}}?"
    rf"(?:is|are|was|were|isn't|sounds|seems|makes you|will get you)(?: \w+){{0,3}}? {_BAD}(?![\w'])"
    rf"|(?<![\w'])(?:it is|it's|its|that is|that's|how|so|just|simply|is|are) (?:\w+ly )?(?:\w+ and )?{_BAD}"
    rf"(?: of (?:you|him|her|them|people))? (?:to|when|that|if|of)(?: \w+){{0,4}}? {_SAY}(?![\w'])"
    # "We will not tolerate remarks that", "there is no room for people who", "we ban anyone who"
    r"|(?<![\w'])(?:(?:will|do|does|can|could|should|must|shall|would) (?:not|never)|won't|don't|doesn't|cannot|can't"
    r"|never|refuse to|no longer|stop|quit|nobody will|no one will)(?: \w+){0,2}? (?:tolerate|accept|allow|stand for"
    rf"|put up with|have|permit|condone|publish|host|welcome|share|support|excuse|print"
    rf"|keep)(?: \w+){{0,3}}? {_SPEECH}(?![\w'])"
    rf"|(?<![\w'])(?:no|not any|zero) (?:room|place|tolerance|space|excuse|time|patience)"
    rf"(?: \w+){{0,3}}? (?:for|to)(?: \w+){{0,2}}? {_SPEECH}(?![\w'])"
    rf"|(?<![\w'])(?:condemn|condemns|condemned|denounce[sd]?|oppose[sd]?|reject(?:s|ed)?|report(?:ed|s)?"
    rf"|ban(?:ned|s)?"
    rf"|block(?:ed|s)?|delete[sd]?|remove[sd]?|against|challenge[sd]?|call(?:ed|ing)? out|sick of|tired of"
    rf"|fed up with"
    rf"|shocked by|appalled by|ashamed of|disgusted by|horrified by|hurt by|angry about|sorry for)"
    rf"(?: \w+){{0,4}}? {_SPEECH} (?:that|who|which|like|about|against|calling|saying|telling|claiming|of|on"
    rf"|where)(?![\w'])"
    rf"|(?<![\w'])(?:condemn|denounce|sick of|tired of|fed up with|shocked at|appalled at|enough of"
    rf"|no to) (?:\w+ ){{0,3}}?{_SAYING}(?![\w'])"
    # "Stop telling", "nobody should", "please don't call"
    rf"|(?<![\w'])(?:stop|quit|enough with|never|don't|do not|dont|please don't|we don't|shouldn't|should not"
    rf"|must not"
    rf"|cannot|can't|mustn't|not ok to|nobody (?:should|may|can|gets to|has the right to|has any right to)"
    rf"|no one (?:should|may|can|gets to|has the right to|has any right to)|how dare (?:you|they|he|she|anyone"
    rf"|anybody"
    rf"|people))"
    rf"(?: \w+){{0,2}}? {_SAY}(?![\w'])"
    r"|(?<![\w'])(?:nobody|no one|no \w+|none of us|not one \w+) (?:\w+ )?(?:deserves?|should|ought to|has to"
    r"|needs to"
    r"|must|is)"
    r"(?: ever| have to| be| to be)* (?:called|told|treated|threatened|beaten|hurt|insulted|spoken|attacked|shot"
    r"|killed|raped|excluded|hated|denied|fired|deported|harmed|murdered|assaulted|expelled|silenced|afraid"
    r"|stabbed|bullied|shamed|mocked|abused|harassed|judged|to (?:die|suffer|be))(?![\w'])"
    # "Whoever says …", "people who think that", "anyone calling"
    rf"|(?<![\w'])(?:whoever|anyone|anybody|everyone|everybody|somebody|someone|people|those|men|folks|trolls|bigots"
    rf"|racists"
    rf"|haters|a man|a woman|politicians|idiots|you all|the person|some|the media|they|he|she)(?: (?:who|that|still"
    rf"|even|will|would"
    rf"|always|often|online|here|keep|keeps|kept|just|once|has|have|had|openly|really|actually|on \w+"
    rf"|in \w+)){{0,4}} {_SAY} "
    r"(?:that|to|about|me|us|you|him|her|them|all|these|my|our|the|every|such|how|i|we|[\w-]+ (?:are|is|should|were"
    r"|as))(?![\w'])"
    # "are called", "being told that they"
    r"|(?<![\w'])(?:am|is|are|was|were|be|been|being|get|gets|got|getting)(?: \w+ly| often| still| always"
    r"| again| even"
    r"| constantly"
    r"| once){0,2} (?:called|told|labell?ed|described as|compared to|likened to|treated (?:like|as)|portrayed as"
    r"|accused of"
    r"|threatened with|spat at|dismissed as|smeared as|stereotyped as|mocked as|seen as|viewed as)(?![\w'])"
    # what is false
    r"|(?<![\w'])(?:the|a|an|this|that|old|such|no|another) (?:\w+ )?(?:myth|lie|claim|idea|notion|stereotype"
    r"|prejudice|slur"
    r"|belief|trope|nonsense|falsehood|conspiracy theory|propaganda) (?:that|of|about|is|was|says)(?![\w'])"
    r"|(?<![\w'])(?:it is|it's|its|is) (?:simply |just |plainly )?(?:not true|untrue|false|a lie|a myth"
    r"|wrong) (?:that"
    r"|to)(?![\w'])"
    r"|(?<![\w'])to (?:all )?(?:those|anyone|everyone|whoever|the people)(?: who| that)? (?:\w+ )?(?:say|think"
    r"|believe"
    r"|call|claim|feel)"
)
#: "I think", "as everybody knows": a view of the speaker's own in such a frame.
_OWN = re.compile(
    r"(?<![\w'])(?:(?:am i|i'm|i am|i can't be|i cannot be) the only (?:one|person|man|woman|guy)(?: here"
    r"| left)?(?: who| that)?"
    r"|(?:who|anyone|anybody|does anyone|does anybody|everyone) else (?:here )?(?:who )?(?:think|say|believe"
    r"|agree|feel)s?)(?![\w'])"
    r"|(?<![\w'])(?:(?:i|we)(?:'m| am|'re| are|'ve| have|'ll)?(?: \w+){0,2} (?:say(?:ing)?|said|think(?:ing)?|believe"
    r"|thought|told you"
    r"|tell(?:ing)? you|insist|agree|mean)|(?:everyone|everybody|we all) (?:knows?|says?|agrees)|prove(?:s|d)?"
    r"|(?:they|people|he|she|whoever|anyone who|those who) (?:(?:who )?say|said|says|think|thinks|claim"
    r"|claims) (?:i'm"
    r"|i am|it's|this is|that's) (?:\w+ist|hateful|wrong)"
    r"|(?:was|were|is|are|he's|she's|they're) (?:so |absolutely |dead |totally )?right(?: to| that| when"
    r"| about)?)(?![\w'])"
)
#: "Are X really …?", "Why do people …": a question about the words rather than a claim by one.
_ASKED = re.compile(
    r"(?:^|[.!?\n]\s*)is it (?:really |even )?true that [^.!?\n]{1,120}\?"
    r"|(?<![\w'])(?:you|they|he|she|people|some|many|others|somebody|someone|men) (?:say|says|said|claim"
    r"|claims|claimed|think|thinks"
    r"|believe|believes|write|wrote|tell me|post)(?: that)? [^.!?\n]{1,120}\?\s*(?:shame|no\b|nope|wrong"
    r"|lies?\b|that is|that's|it is"
    r"|it's|you are|you're|they are|he is|she is|i am|i'm|we are|grow up|disgust\w*|pathetic|nonsense|bullshit"
    r"|rubbish|how dare"
    r"|go to|fuck|get lost|not true|stop|get help|what a|the opposite|think again|try|read a|really)"
    r"|"
    r"(?:^|[.!?\n]\s*)(?:are|is|do|does|did|were|was) (?:\w+[ -]){1,4}?(?:really|actually"
    r"|truly) [^.!?\n]{1,80}\?\s*(?:no\b|of course not|not at all|nope|never)"
)
_SAID_OR_HELD = (
    r"(?:say|says|said|saying|claim|claims|claimed|claiming|think|thinks|thought|thinking|believe|believes|believed"
    r"|believing|write|writes|wrote|writing|post|posts|posted|posting|tweet|tweeted|shout|shouts|shouted|yell|yelled"
    r"|tell|tells|told|telling|call|calls|called|calling|suggest|suggests|suggested|argue|argues|argued|insist"
    r"|insists|insisted|imply|implies|implied|joke|jokes|joked|teach|teaches|taught|preach|preaches|preached|repeat"
    r"|repeats|repeated|spread|spreads|hear|read|see|heard)"
)
#: Anybody but the speaker.
_ANOTHER = r"(?!(?:i|we|nobody|none|no)\b)(?:no one (?=in)|(?:\w+ ){0,2}?[\w']+)"
#: What is done to words that nobody stands by: by their shape rather than by single words.
_STRUCTURES = re.compile(
    # Asked whether or why anybody says it: "did he seriously just say …?", "how can people write …?"
    rf"(?:^|[.!?,;:\n]\s*|\b(?:and|but|so|wait|ok|sorry)[, ]+)(?:(?:how|why|since when)(?: on earth| the hell| the fuck)? )?"
    rf"(?:can|could|would|will|do|does|did|has|have|is|are|was|were)(?:n't)? {_ANOTHER}(?: \w+){{0,3}}? {_SAID_OR_HELD}"
    rf"(?![\w'])[^.!?\n]{{1,140}}\?"
    rf"|(?<![\w'])who (?:still|really|seriously|actually|even|honestly|in (?:their|his) right mind|on earth|the hell"
    rf"|would(?: ever| even)?|could(?: ever| even)?|can(?: ever| still)?)(?: \w+){{0,2}}? {_SAID_OR_HELD}(?![\w'])"
    rf"[^.!?\n]{{1,140}}\?"
    # On the condition that somebody thinks so: "if you believe …, unfollow me"
    rf"|(?<![\w'])(?:if|when|unless|every time|whenever|each time) (?:you|u|anyone|anybody|someone|somebody|he|she|they|people|a|an|the|my|your)"
    rf"(?: \w+){{0,4}}? {_SAID_OR_HELD}(?![\w'])[^.!?\n]{{1,140}},? (?:then |please |just |kindly |well )*(?:unfollow|unfriend|block|leave"
    rf"|delete|go away|get out|don't|do not|never|stop|you (?:need|should|must|have|can|are|know|don't|were|will|'re|aren't)|you're"
    rf"|you'll|i (?:don't|do not|can't|won't|will|want|feel|would|have|need|get|lose|speak|leave)|i'll|i'd|we (?:will|are|don't"
    rf"|won't|can't|need|have|must|should)|we'll|we're|speak|answer|object|report|tell|ask|say|remind|walk|think)(?! right\b| correct\b)"
    # The saying of it is the subject, and more is said of it: "to say … is to forget", "saying … says more about you"
    rf"|(?:^|[.!?;:\n]\s*|\bthat )(?:to|{_SAYING}) ?(?:say|claim|think|believe|call|write|teach|suggest|imply|that|how|people)?[^.!?\n]{{4,140}}?"
    rf" (?:is to (?!be honest|tell the truth|state|speak)|was to|says (?:more|a lot|everything|nothing) about|tells (?:me|us) (?:more|all"
    rf"|everything) about|shows how (?:little|ignorant|small)|makes you|has no place|has consequences|gets you|got (?:him|her|them|you)"
    rf"|costs?|will (?:get|cost|never|not)|won't|cannot be|can't be|should be (?:banned|punish\w+)|ought to be (?:banned|punish\w+))"
    # Felt about hearing it: "appalled to see", "my heart sank when I read", "it makes me sad when"
    r"|(?<![\w'])(?:appalled|shocked|ashamed|disgusted|horrified|sick(?:ened)?|sad(?:dened)?|furious|angry|heartbroken|speechless|stunned"
    r"|outraged|upset|embarrassed|hurt|tired|dismayed)(?: \w+){0,3}? (?:to|at|when|by|that|of)(?: \w+){0,4}?"
    r" (?:see|read|hear|find|watch|learn|seeing|reading|hearing|finding|words|posts?|comments?|say|said|saying)(?![\w'])"
    r"|(?<![\w'])(?:blood boils?|heart (?:sank|sinks|breaks|broke|hurts|aches)|stomach turn(?:s|ed)|makes? (?:me|my|us|our|one) \w+"
    r"(?: \w+)?|made (?:me|my|us|our) \w+(?: \w+)?|(?:i|we) (?:cry|cried|wept|cringe|cringed|shudder|shuddered)|breaks my heart)"
    r"(?: \w+){0,2}? (?:when|that|to|how|whenever|every time|if)(?: \w+){0,4}? (?:see|read|hear|find|watch|heard|saw|say|says|said"
    r"|claim|claims|write|call|calls|told|hears|reads)(?![\w'])"
    # What it is called before it is given: "what a shameful headline: …"
    rf"|{_BAD} (?:\w+ )?(?:headline|post|comment|sign|message|thing|words?|sentence|tweet|take|remark|joke|line|slogan|chant|song|speech"
    rf"|title|caption|meme|poster|flyer|banner|graffiti|question|answer|reply|statement|quote|claim)s?(?: [^:\n]{{0,40}})?:"
    # Given no more room: "not one more word about how"
    rf"|(?<![\w'])(?:not|no) (?:one |another |a single |any )?(?:more )?{_SPEECH} (?:about|that|on|how|of|where)(?![\w'])"
    # Not so: "it isn't so that", "I disagree that", "I don't believe that"
    r"|(?<![\w'])(?:it|that)(?:'s not| is not| isn't|'s never| was never| has never been| wasn't) (?:so|the case|right|true|correct|a fact"
    r"|ok|okay|fine|normal|funny|fair|acceptable)(?: at all)? (?:that|to|when|if|how)(?![\w'])"
    r"|(?<![\w'])(?:i|we)(?: \w+){0,2}? (?:disagree|object|protest|refuse to (?:believe|accept|think|agree|hear)|(?:don't|do not|can't|cannot"
    r"|won't|will not|never|cannot) (?:\w+ )?(?:believe|accept|buy|agree|think|share the view|subscribe))(?: \w+){0,5}? that(?![\w'])"
    # Once taught or told, and not by the speaker: "we were raised to believe that"
    r"|(?<![\w'])(?:was|were|been|being|are|is|got|get)(?: \w+){0,2}? (?:taught|raised|brought up|made|led|conditioned|trained|told|fed"
    r"|asked)(?: the lie| the idea| to (?:think|believe|hate|say))?(?: \w+){0,2}? that(?![\w'])"
    r"|(?<![\w'])used to (?:say|think|believe|claim|tell|teach|shout|preach)(?![\w'])"
)
#: Taken up as a question and turned down, or handed to whoever may remove it: "…? Excuse me?!", "… Please report it."
_TURNED_DOWN = re.compile(
    r"[^.!?\n]{0,60}(?:\?[?!]*\s+(?:excuse me|really|seriously|what\b|wow|no\b|nope|never|not\b|since when|says who|who\b|how\b"
    r"|why\b|are you|come on|unbelievable|wtf|huh|sorry|pardon|then you|you (?:know|need|must|should)|shame|get out"
    r"|get (?:lost|help|over)|grow up|think again|think harder|ask yourself|i (?:don't|do not|won't|will not|refuse))"
    r"|[.!…\"'”]*\s+(?:please |pls )?(?:report|block|ban|remove|fire|sack) (?:it|this|him|her|them|that|the (?:user|account|post|comment)))"
    r"(?![\w'])"
)
#: Stood by all the same: "… and he was right", "finally somebody says it", "share if you agree".
_ENDORSED = re.compile(
    r"(?<![\w'])(?:finally|at last|about time|well said|so true|how true|spot on|share if|like if|retweet if|raise your hand|repost if"
    r"|why (?:does|do|is|are|can|will|won't|doesn't) (?:nobody|no one|none|we not|we never)|am i wrong|prove me wrong|change my mind"
    r"|call me (?:\w+ )?(?:\w+)|(?:he|she|they|who|it|you)(?:'s|'re| is| are| was| were) (?:so |absolutely |dead |totally |damn |quite )?"
    r"(?:right|correct|spot on|not wrong|a fact|the truth|true|just honest|only honest)|and i agree|i agree\b|and rightly|rightly so"
    r"|(?:is|are|was|isn't|are not|is not|aren't) (?:just |only |simply |merely )?(?:the |a )?(?:truth|facts?|common sense|reality|honest"
    r"|free speech|not (?:racist|hate|hateful|sexist|bigoted)))(?![\w'])"
)
#: The speaker's own kind.
_OURS = re.compile(
    r"(?<![\w'])(?:as (?:an? |one of (?:the |many )?|fellow )(?:\w+ ){0,2}|we (?:as |are |were )?(?:\w+ ){0,1}|us "
    r"|we're (?:\w+ )?|our "
    r"|my fellow |fellow |i am (?:an? )?(?:\w+ ){0,2}|i'm (?:an? )?(?:\w+ ){0,2}|im (?:an? )?(?:\w+ ){0,1}"
    r"|being an? (?:\w+ )?"
    r"|proud(?:ly)? (?:to be )?(?:an? )?|my (?:own |dear |lovely |beautiful |fellow )?)$"
)
_FOND = re.compile(
    r"(?<![\w'])(?:love|loves|adore|adores|admire|admires|respect|respects|support|supports|celebrate|celebrates"
    r"|welcome|welcomes"
    r"|thank|thanks|protect|defend|appreciate|stand (?:with|by|up for)|proud of|grateful (?:to|for)|happy for"
    r"|solidarity with|rooting for"
    r"|here's to|honou?r|honou?rs|hire|help|believe|listen to|root for|kudos to|cheers to|hug|fight for|march for"
    r"|speak for|allies of)"
    r"(?: (?:to|all|the|our|my|these|those|every|black|strong|brave|fucking|damn|so|many|of|and|with)){0,4} $"
)
#: "You are not a …", "nobody here is …": kindness in the words of abuse.
_DENIED = re.compile(
    r"(?<![\w'])(?:(?:you're|you are|youre|you aren't|u r|ur)(?: \w+ly| certainly| still)? (?:not|never|no|in no way)"
    r"|you aren't|(?:nobody|no one|none of (?:you|us|them))(?: \w+){0,3} (?:is|are|was|were))(?![\w'])"
)
_REACH, _BEFORE = 220, 60


def is_spoken_against(text: Text, start: int, end: int) -> bool:
    """Whether the words at a place are condemned, refused, told as others' or asked about in their sentence.

    `start` and `end` count characters of `Text.plain`.
    """
    first, last = text.sentence_at(start)
    if _frame_in(text, max(first, start - _REACH), min(last, end + _REACH)):
        return True
    return is_turned_down(text, end)


def is_turned_down(text: Text, end: int) -> bool:
    """Whether what ends at a place is taken up as a question and turned down, or handed to whoever may remove it."""
    return bool(_TURNED_DOWN.match(text.words, end)) and not _ENDORSED.search(text.words, end, end + _REACH)


def speaks_against(text: Text) -> bool:
    """Whether some sentence of a text condemns, refuses, reports or questions hostile words."""
    return _frame_in(text, 0, len(text.words))


@lru_cache(maxsize=64)
def _frame_in(text: Text, first: int, last: int) -> bool:
    words = text.words[first:last]
    if _ASKED.search(words):
        return True
    found = _FRAMES.search(words)
    if found is None and not _ENDORSED.search(words):
        found = _STRUCTURES.search(words)
    return found is not None and not _OWN.search(words)


def is_denied_of_you(text: Text) -> bool:
    """Whether a text tells somebody what they are not: "you are not a failure because …"."""
    return bool(_DENIED.search(text.words))


def is_ones_own(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is the speaker's own: "as a proud …", "we …", "my fellow …"."""
    return bool(_OURS.search(text.words[max(0, start - _BEFORE) : start]))


def is_spoken_for(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is loved, thanked or defended."""
    return bool(_FOND.search(text.words[max(0, start - _BEFORE) : start]))
