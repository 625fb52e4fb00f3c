"""Hostile words that a text does not say for itself: condemned, refused, denied, asked about, told of, or one's own.

Shared by the rules on hate, threats and insults, by the statistical hints and by the scores, so that none of them takes
somebody who speaks against hatred for somebody who speaks it. What is asked of a place is read in a window of bounded
length around it, since a post can be one sentence of 60,000 characters; what is asked of a text, in all of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from checks.text import Text
from checks.word_classes import pattern

#: The frames of counter-speech: what is said about saying such things.
_FRAMES = pattern(
    # "Calling X vermin is disgusting", "it is racist to say"
    r"(?<![\w'])(?:{saying_so}|hateful {such_speech}|such {such_speech})(?![\w'])[^.!?\n]{0,160}?"
    r"(?:is|are|was|were|isn't|sounds|seems|makes you|will get you)(?: \w+){0,3}? {condemned_as}(?![\w'])"
    r"|(?<![\w'])(?:it is|it's|its|that is|that's|how|so|just|simply|is|are) (?:\w+ly )?(?:\w+ and )?"
    r"{condemned_as}(?: of (?:you|him|her|them|people))? (?:to|when|that|if|of)(?: \w+){0,4}? {say_so}(?![\w'])"
    # "We will not tolerate remarks that", "there is no room for people who", "we ban anyone who"
    r"|(?<![\w'])(?:(?:will|do|does|can|could|should|must|shall|would) (?:not|never)"
    r"|won't|don't|doesn't|cannot|can't|never|refuse to|no longer|stop|quit|nobody will|no one will"
    r")(?: \w+){0,2}? {put_up_with}(?: \w+){0,3}? {such_speech}(?![\w'])"
    # "This chapter will not tolerate it", "we won't put up with this any longer"
    r"|(?<![\w'])(?:we|(?:this|our) {group_of_us})"
    r"(?: (?:will|do|does|can|should|must|shall) not| won't| don't| doesn't| cannot| can't| never)(?: ever)?"
    r" {put_up_with} (?:it|this|that|any of (?:it|this|that)|such (?:things?|a thing))"
    r"(?= (?:any|again|ever|here|in|on|at|from|or|and)(?!\w)|[^\w\s]|\s*$)"
    # "… That is hate", "this was racism, plain and simple"
    r"|(?:^|[.!?…\"'”)\n]\s*)(?:this|that|it)(?:'s| is| was)(?: (?!not\b|no\b|never\b)\w+){0,2}?"
    r" {kinds_of_hatred}(?![\w'])"
    r"|(?<![\w'])(?:no|not any|zero) (?:room|place|tolerance|space|excuse|time|patience)(?: \w+){0,3}? (?:for|to)"
    r"(?: \w+){0,2}? {such_speech}(?![\w'])"
    r"|(?<![\w']){speaks_out}(?: \w+){0,4}? {such_speech}"
    r" (?:that|who|which|like|about|against|calling|saying|telling|claiming|of|on|where)(?![\w'])"
    r"|(?<![\w']){had_enough} (?:\w+ ){0,3}?{saying_so}(?![\w'])"
    # "Stop telling", "nobody should", "please don't call"
    r"|(?<![\w'])(?:{forbids}"
    r"|nobody (?:should|may|can|gets to|has the right to|has any right to)"
    r"|no one (?:should|may|can|gets to|has the right to|has any right to)"
    r"|how dare (?:you|they|he|she|anyone|anybody|people)"
    r")(?: \w+){0,2}? {say_so}(?![\w'])"
    r"|(?<![\w'])(?:nobody|no one|no \w+|none of us|not one \w+) (?:\w+ )?"
    r"(?:deserves?|should|ought to|has to|needs to|must|is)(?: ever| have to| be| to be)*"
    r" (?:{befalls_nobody}|to (?:die|suffer|be))(?![\w'])"
    # "Whoever says …", "people who think that", "anyone calling"
    r"|(?<![\w']){whoever_says}(?: (?:who|that|still|even|will|would|always|often|online|here|keep|keeps|kept|just"
    r"|once|has|have|had|openly|really|actually|on \w+|in \w+"
    r")){0,4} {say_so} (?:that|to|about|me|us|you|him|her|them|all|these|my|our|the|every|such|how|i|we"
    r"|[\w-]+ (?:are|is|should|were|as)"
    r")(?![\w'])"
    # "are called", "being told that they"
    r"|(?<![\w'])(?:am|is|are|was|were|be|been|being|get|gets|got|getting)"
    r"(?: \w+ly| often| still| always| again| even| constantly| once){0,2} {is_called}(?![\w'])"
    # what is false
    r"|(?<![\w'])(?:the|a|an|this|that|old|such|no|another) (?:\w+ )?{falsehood} (?:that|of|about|is|was|says)"
    r"(?![\w'])"
    r"|(?<![\w'])(?:it is|it's|its|is) (?:simply |just |plainly )?(?:not true|untrue|false|a lie|a myth|wrong)"
    r" (?:that|to)(?![\w'])"
    r"|(?<![\w'])to (?:all )?(?:those|anyone|everyone|whoever|the people)(?: who| that)? (?:\w+ )?"
    r"(?:say|think|believe|call|claim|feel)"
)
#: "I think", "as everybody knows": a view of the speaker's own in such a frame.
_OWN = pattern(
    r"(?<![\w'])(?:(?:am i|i'm|i am|i can't be|i cannot be) the only (?:one|person|man|woman|guy)(?: here| left)?"
    r"(?: who| that)?"
    r"|(?:who|anyone|anybody|does anyone|does anybody|everyone) else (?:here )?(?:who )?"
    r"(?:think|say|believe|agree|feel)s?"
    r")(?![\w'])"
    r"|(?<![\w'])(?:(?:i|we)(?:'m| am|'re| are|'ve| have|'ll)?(?: \w+){0,2} {i_say}"
    r"|(?:everyone|everybody|we all) (?:knows?|says?|agrees)"
    r"|prove(?:s|d)?"
    r"|(?:they|people|he|she|whoever|anyone who|those who) (?:(?:who )?say|said|says|think|thinks|claim|claims)"
    r" (?:i'm|i am|it's|this is|that's) (?:\w+ist|hateful|wrong)"
    r"|(?:was|were|is|are|he's|she's|they're) (?:so |absolutely |dead |totally )?right(?: to| that| when| about)?"
    r")(?![\w'])"
)
#: "Are X really …?", "Why do people …": a question about the words rather than a claim by one.
_ASKED = pattern(
    r"(?:^|[.!?\n]\s*)is it (?:really |even )?true that [^.!?\n]{1,120}\?"
    r"|(?<![\w'])(?:you|they|he|she|people|some|many|others|somebody|someone|men) {others_say}(?: that)?"
    r" [^.!?\n]{1,120}\?\s*(?:no\b|lies?\b|{asked_back})"
    r"|(?:^|[.!?\n]\s*)(?:are|is|do|does|did|were|was) (?:\w+[ -]){1,4}?(?:really|actually|truly) [^.!?\n]{1,80}\?"
    r"\s*(?:no\b|of course not|not at all|nope|never)"
)
#: Anybody but the speaker.
_ANOTHER = r"(?!(?:i|we|nobody|none|no)\b)(?:no one (?=in)|(?:\w+ ){0,2}?[\w']+)"
#: What is done to words that nobody stands by: by their shape rather than by single words.
_STRUCTURES = pattern(
    # Asked whether or why anybody says it: "did he seriously just say …?", "how can people write …?"
    r"(?:^|[.!?,;:\n]\s*|\b(?:and|but|so|wait|ok|sorry)[, ]+)"
    r"(?:(?:how|why|since when)(?: on earth| the hell| the fuck)? )?"
    r"(?:can|could|would|will|do|does|did|has|have|is|are|was|were)(?:n't)? {another}(?: \w+){0,3}? {said_or_held}"
    r"(?![\w'])[^.!?\n]{1,140}\?"
    r"|(?<![\w'])who (?:still|really|seriously|actually|even|honestly"
    r"|in (?:their|his) right mind"
    r"|on earth|the hell|would(?: ever| even)?|could(?: ever| even)?|can(?: ever| still)?"
    r")(?: \w+){0,2}? {said_or_held}(?![\w'])[^.!?\n]{1,140}\?"
    # On the condition that somebody thinks so: "if you believe …, unfollow me"
    r"|(?<![\w'])(?:if|when|unless|every time|whenever|each time)"
    r" (?:you|u|anyone|anybody|someone|somebody|he|she|they|people|a|an|the|my|your)(?: \w+){0,4}? {said_or_held}"
    r"(?![\w'])[^.!?\n]{1,140},? (?:then |please |just |kindly |well )*(?:{breaks_off}|don't|do not|never|stop"
    r"|you (?:need|should|must|have|can|are|know|don't|were|will|'re|aren't)"
    r"|you're|you'll"
    r"|i (?:don't|do not|can't|won't|will|want|feel|would|have|need|get|lose|speak|leave)"
    r"|i'll|i'd"
    r"|we (?:will|are|don't|won't|can't|need|have|must|should)"
    r"|we'll|we're|{answers_it}"
    r")(?! right\b| correct\b)"
    # The saying of it is the subject, and more is said of it: "to say … is to forget", "saying … says more about you"
    r"|(?:^|[.!?;:\n]\s*|\bthat )(?:to|{saying_so}) ?"
    r"{say_that}?[^.!?\n]{4,140}?"
    r" (?:is to (?!be honest|tell the truth|state|speak)"
    r"|was to"
    r"|says (?:more|a lot|everything|nothing) about"
    r"|tells (?:me|us) (?:more|all|everything) about"
    r"|shows how (?:little|ignorant|small)"
    r"|makes you|has no place|has consequences|gets you|got (?:him|her|them|you)|costs?"
    r"|will (?:get|cost|never|not)"
    r"|won't|cannot be|can't be"
    r"|should be (?:banned|punish\w+)"
    r"|ought to be (?:banned|punish\w+)"
    r")"
    # Felt about hearing it: "appalled to see", "my heart sank when I read", "it makes me sad when"
    r"|(?<![\w']){hurt_by}(?: \w+){0,3}? (?:to|at|when|by|that|of)(?: \w+){0,4}? {come_across}(?![\w'])"
    r"|(?<![\w'])(?:blood boils?"
    r"|heart (?:sank|sinks|breaks|broke|hurts|aches)"
    r"|stomach turn(?:s|ed)"
    r"|makes? (?:me|my|us|our|one) \w+(?: \w+)?"
    r"|made (?:me|my|us|our) \w+(?: \w+)?"
    r"|(?:i|we) (?:cry|cried|wept|cringe|cringed|shudder|shuddered)"
    r"|breaks my heart"
    r")(?: \w+){0,2}? (?:when|that|to|how|whenever|every time|if)(?: \w+){0,4}? {hear_said}(?![\w'])"
    # What it is called before it is given: "what a shameful headline: …"
    r"|{condemned_as} (?:\w+ )?{piece_of_writing}s?(?: [^:\n]{0,40})?:"
    # Given no more room: "not one more word about how"
    r"|(?<![\w'])(?:not|no) (?:one |another |a single |any )?(?:more )?{such_speech}"
    r" (?:about|that|on|how|of|where)(?![\w'])"
    # Not so: "it isn't so that", "I disagree that", "I don't believe that"
    r"|(?<![\w'])(?:it|that)(?:'s not| is not| isn't|'s never| was never| has never been| wasn't) {is_not}"
    r"(?: at all)? (?:that|to|when|if|how)(?![\w'])"
    r"|(?<![\w'])(?:i|we)(?: \w+){0,2}? (?:disagree|object|protest"
    r"|refuse to (?:believe|accept|think|agree|hear)"
    r"|(?:don't|do not|can't|cannot|won't|will not|never|cannot) (?:\w+ )?"
    r"(?:believe|accept|buy|agree|think|share the view|subscribe)"
    r")(?: \w+){0,5}? that(?![\w'])"
    # Once taught or told, and not by the speaker: "we were raised to believe that"
    r"|(?<![\w'])(?:was|were|been|being|are|is|got|get)(?: \w+){0,2}? {raised_to}"
    r"(?: the lie| the idea| to (?:think|believe|hate|say))?(?: \w+){0,2}? that(?![\w'])"
    r"|(?<![\w'])used to {used_to_say}(?![\w'])",
    another=_ANOTHER,
)
#: Taken up as a question and turned down, or handed to whoever may remove it: "…? Excuse me?!", "… Please report it."
_TURNED_DOWN = pattern(
    r"[^.!?\n]{0,60}(?:\?[?!]*\s+(?:what\b|no\b|not\b|who\b|how\b|why\b|{turned_down})"
    r"|[.!…\"'”]*\s+(?:please |pls )?(?:report|block|ban|remove|fire|sack)"
    r" (?:it|this|him|her|them|that|the (?:user|account|post|comment))"
    r")(?![\w'])"
)
#: Stood by all the same: "… and he was right", "finally somebody says it", "share if you agree".
_ENDORSED = pattern(
    r"(?<![\w'])(?:{well_said}"
    r"|why (?:does|do|is|are|can|will|won't|doesn't) (?:nobody|no one|none|we not|we never)"
    r"|am i wrong|prove me wrong|change my mind|call me (?:\w+ )?(?:\w+)"
    r"|(?:he|she|they|who|it|you)(?:'s|'re| is| are| was| were) (?:so |absolutely |dead |totally |damn |quite )?"
    r"{is_right}"
    r"|and i agree|i agree\b|and rightly|rightly so"
    r"|(?:is|are|was|isn't|are not|is not|aren't) (?:just |only |simply |merely )?(?:the |a )?"
    r"(?:truth|facts?|common sense|reality|honest|free speech|not (?:racist|hate|hateful|sexist|bigoted))"
    r")(?![\w'])"
)
#: The speaker's own kind.
_OURS = re.compile(
    r"(?<![\w'])(?:as (?:an? |one of (?:the |many )?|fellow )(?:\w+ ){0,2}"
    r"|we (?:as |are |were )?(?:\w+ ){0,1}"
    r"|us |we're (?:\w+ )?|our |my fellow |fellow "
    r"|i am (?:an? )?(?:\w+ ){0,2}"
    r"|i'm (?:an? )?(?:\w+ ){0,2}|im (?:an? )?(?:\w+ ){0,1}|being an? (?:\w+ )?"
    r"|proud(?:ly)? (?:to be )?(?:an? )?"
    r"|my (?:own |dear |lovely |beautiful |fellow )?"
    r")$"
)
_OURS_DUTCH = pattern(r"(?<![\w'])(?:{of_our_kind_dutch}|als een) $")
_FOND = pattern(
    r"(?<![\w']){fond_of}"
    r"(?: (?:to|all|the|our|my|these|those|every|black|strong|brave|fucking|damn|so|many|of|and|with)){0,4} $"
)
#: "You are not a …", "nobody here is …": kindness in the words of abuse.
_DENIED = re.compile(
    r"(?<![\w'])(?:(?:you're|you are|youre|you aren't|u r|ur)(?: \w+ly| certainly| still)?"
    r" (?:not|never|no|in no way)"
    r"|you aren't"
    r"|(?:nobody|no one|none of (?:you|us|them))(?: \w+){0,3} (?:is|are|was|were)"
    r")(?![\w'])"
)
_REACH, _BEFORE = 220, 60


def is_spoken_against(text: Text, start: int, end: int, *, said_from: int | None = None) -> bool:
    """Whether the words at a place are condemned, refused, told as others' or asked about in their sentence.

    `start`, `end` and `said_from` count characters of `Text.plain`. Words from `start` to `said_from` are left out:
    "I don't think" is the hostile thing itself where a right is denied so, and elsewhere refuses what follows.
    """
    first, last = text.sentence_at(start)
    if _frame_in(text, max(first, start - _REACH), min(last, end + _REACH), (start, said_from or start)):
        return True
    return is_turned_down(text, end)


def is_turned_down(text: Text, end: int) -> bool:
    """Whether what ends at a place is taken up as a question and turned down, or handed to whoever may remove it."""
    return bool(_TURNED_DOWN.match(text.words, end)) and not _ENDORSED.search(text.words, end, end + _REACH)


def speaks_against(text: Text) -> bool:
    """Whether some sentence of a text condemns, refuses, reports or questions hostile words."""
    return _frame_in(text, 0, len(text.words), (0, 0))


@lru_cache(maxsize=64)
def _frame_in(text: Text, first: int, last: int, without: tuple[int, int]) -> bool:
    words = text.words[first : without[0]] + text.words[without[1] : last]
    if _ASKED.search(words):
        return True
    found = _FRAMES.search(words)
    if found is None and not _ENDORSED.search(words):
        found = _STRUCTURES.search(words)
    return found is not None and not _OWN.search(words)


def is_denied_of_you(text: Text) -> bool:
    """Whether a text tells somebody what they are not: "you are not a failure because …"."""
    return bool(_DENIED.search(text.words))


#: "Do not post what a mother tells you", "never share a family's story"; not "don't tell her, but …", which tells it.
_KEEP_TO_YOURSELF = re.compile(
    r"(?<![\w'])(?:(?:do|must|should|may|can) not|don't|dont|never|mustn't|shouldn't|can't|cannot)"
    r"(?: ever| just| publicly)?"
    r" (?:post|share|tell|write about|write|name|repeat|mention|publish|disclose|reveal|pass on)(?: \w+'s?| \w+){0,3}?"
    r" (?:what|whatever|anything|names?|details?|stor(?:y|ies)|photos?|pictures?|questions?|diagnos[ei]s)(?![\w'])"
)


def asks_for_discretion(text: Text) -> bool:
    """Whether a text asks others not to tell what they were told in confidence."""
    return bool(_KEEP_TO_YOURSELF.search(text.words))


_WELL = pattern(r"(?<![\w']){speaks_well}(?![\w'])")


def speaks_well(text: Text) -> bool:
    """Whether a text has a word of love, thanks or praise, whoever it is for."""
    return bool(_WELL.search(text.words))


def is_ones_own(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is the speaker's own: "as a proud …", "we …", "my fellow …"."""
    before = text.words[max(0, start - _BEFORE) : start]
    return bool(_OURS.search(before) or _OURS_DUTCH.search(before))


def is_spoken_for(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is loved, thanked or defended."""
    return bool(_FOND.search(text.words[max(0, start - _BEFORE) : start]))
