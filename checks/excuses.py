"""What takes a word of abuse off a person: a part in a play, a warning of swindlers, a pet, teasing among friends.

The same word ("thief", "liar", "monster") accuses or does not by who is meant and by the frame it stands in. Each
pattern here is such a frame; words of abuse themselves stand in the lexicons. Patterns read `Text.words`: lower case,
without accents, handles and links masked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from checks.coarse import is_no_abuse
from checks.lexicons import Hit
from checks.text import Text
from checks.word_classes import entries, pattern

#: How far a frame may stand from the word it excuses; a post can be one sentence of 60,000 characters.
_REACH = 160

#: "… in the first act", "… in our escape room", "… in Act Two"; "in my book" is a way of speaking.
_IN_A_WORK_AFTER = pattern(
    r"(?:\s[\w'-]+){0,4}?\s(?:in|of|on|for|from)"
    r"\s(?:(?:the|this|that|our|an?|every|his|her|their|each|one|some)\s(?:[\w'-]+\s){0,3}?)?{made_up_works}(?![\w'])"
    r"|(?:\s[\w'-]+){0,4}?\sby\sprofession(?![\w'])"
)
#: "In chapter four …", "In the game …", "On page one …".
_IN_A_WORK_BEFORE = pattern(
    r"(?:^|[,;:]\s)(?:in|on|by|throughout)\s(?:"
    r"(?:the|this|that|our|an?|every|each)\s(?:[\w'-]+\s){0,3}?{made_up_works}(?![\w'])"
    r"|(?:act|scene|chapter|part|episode|season|book|volume)\s(?:{numbers_of_acts}|i+v?|\d+)(?![\w']))"
)
#: "plays the …", "dressed as a …", "in the role of the …", right before the word.
_PART = pattern(
    r"(?<![\w']){playing_a_part}"
    r"(?:\s(?:the|an?|our|this|that|his|her|one|both|every|[\w-]+ly|{kinds_of_part})){0,4}\s$"
)
#: Who lives in a story: "the villain is a …", "the wolf is a …".
_CHARACTER = pattern(
    r"(?<![\w'])(?:the|our|this|that|a|its|his|her)\s(?:[\w'-]+\s){0,2}?{characters}"
    r"(?:\s(?:of|in|from)(?:\s[\w'-]+){1,4}?)?"
    r"\s(?:is|was|are|turns out|proves|becomes|remains)(?![\w'])[^.!?]{0,30}$"
)
#: Pets and things that are told off: "our cat Pig is a lazy …", "the printer is a …".
_NO_PERSON = pattern(
    r"(?<![\w'])(?:^|(?:the|our|my|your|his|her|their|this|that|these|those|an?|what an?|some|every|most|all)"
    r"\s(?:[\w'-]+\s){0,3}?)"
    r"(?:{pets}|{things_told_off})(?:'s)?(?:\s[\w'-]+)?"
    r"\s(?:is|are|was|were|acts like|looks like|sounds like|can be|remains)(?![\w'])[^.!?;]{0,60}$"
)
#: A weakness smiled at: "a coward about spiders", "an idiot with numbers", "a monster before coffee".
_MILD_MATTER = re.compile(
    r"\s(?:about|around|with|at|before|without|when it comes to|where|on)"
    r"\s(?!(?:no|an?|the|this|that|these|those|his|her|their|our|your|my|him|me|us|you|it|work|home|least|everything"
    r"|everyone|money)(?![\w']))[\w'-]+"
)
_MILD_WORDS = frozenset(entries("mild"))
#: Who calls himself names, and whom others call them: said of, not said.
_CALLED = re.compile(
    r"(?<![\w'])(?:call(?:s|ed|ing)?|nam(?:e|es|ed|ing)|label(?:s|l?ed|l?ing)?|nickname(?:s|d)?)"
    r"\s(?:you|me|us|him|her|them|himself|herself|themselves|itself|myself|ourselves|anyone|anybody|someone|somebody"
    r"|people|others|newcomers|one another|each other|(?:my|our) [\w-]+)"
    r"\s(?:(?:an?|the|just|such|so|really|complete|total|absolute|\w+ly)\s){0,3}$"
)
_I_CALL = re.compile(r"(?<![\w'])(?:i|i'd|i'll|we|we'd|let's|let me|can only|would)(?:\s[\w']+){0,3}\s$")
#: "What an idiot! says the hero": a voice told of, right behind the words.
_VOICE = pattern(
    r"[\s!?.,\"'”’)]{1,4}{says_it}\s(?:the|an?|my|our|her|his|one|somebody|someone)\s"  # noqa: RUF001
    r"|,\s(?:i|we) (?:was|were|am|are|have been|had been|get|got) (?:often |once |always )?told(?![\w'])"
    r"|,\s(?:they|she|he|people) (?:told|tell|tells) me(?![\w'])"
    r"|'s\s{of_a_saying}(?![\w'])"
)
#: Whose trade is telling lies on the phone: a warning names a way in and says what to do.
_SWINDLERS = frozenset(entries("swindlers"))
_WAY_IN = pattern(r"(?<![\w']){ways_in}(?![\w'])")
_WARNED = pattern(r"(?<![\w']){warned}(?![\w'])")
#: What has been for long: figures of history and of scripture.
_HISTORY = pattern(r"(?<![\w'])(?:{history}|1[0-8]\d\d)(?![\w'])")
_WAS = re.compile(r"(?<![\w'])(?:was|were|had been|called|known as)(?:\s[\w'-]+){0,4}\s$")
_TODAY = pattern(r"(?<![\w'])(?:our|your|my|the) {in_office_now}s?(?![\w'])")
_SPORT = pattern(r"(?<![\w']){sport}(?![\w'])")
#: Those words of abuse that need no friendly word beside them to be doubted.
_SOFT = frozenset(entries("soft_abuse"))
#: Words of abuse that are as often a pat on the back.
_PLAYFUL = _SOFT.union(entries("rough_abuse"))
_FRIENDLY = pattern(
    r"(?<!\w)(?:{friendly}|{friendly_romance}|{friendly_italian}|{friendly_dutch}|love(?=[!.]*$)"
    r"|proud of (?!yoursel)|haha+|hehe+|xx+|x(?=\s*$)"
    r"|😂|🤣|😜|😉|❤️?|😘|🥰|🤗|😄|😆|😅|💕|💖|;\)|:\)|:p|:d)"
)
#: What was done with gusto, behind the comma: "you monster, you finished the cake".
_PRANK = pattern(
    r"\s*[,!.:-]+\s*(?:you|who|that was)(?:'ve| have)?\s(?:again\s|just\s|really\s|actually\s)?{pranks}(?![\w'])"
    r"|\s*!+\s(?:\d[\d,.]*|{prank_counts})(?![\w'])"
)
_ASKS = re.compile(
    r"(?:^|[,:;]\s)(?:is|was|are|were|can|could|would|does|do|did|may|might|must)\s(?!it\s(?:true|right))"
)
_NO_QUESTION = re.compile(r"\bor (?:what|something|just)\b|\bhow (?:stupid|dumb)\b|\byou\b")
_IS_A = re.compile(
    r"(?<![\w'])(?:is|are|was|were|am|be|being|been|you|'s|'re|such|what|that|this|these|those|@\S+"
    # German gives every noun a capital.
    r"|ist|sind|war|waren|bleibt|bist|seid|du|ihr|sie|diese|dieser|dieses|so einen?|so eine|fur eine?|ein haufen)"
    r"(?:\s[\w'-]+){0,3}\s$"
)


def is_excused(text: Text, hit: Hit, *, spoken_to: bool) -> bool:
    """Whether a word of abuse is said of nobody who could be hurt by it.

    Args:
        text: the whole post.
        hit: the word.
        spoken_to: whether it is said to "you", to a handle or of a name of the roster: then only frames count that say
            so in so many words.
    """
    start, end = text.sentence_at(hit.start)
    before, after = (
        text.words[max(start, hit.start - _REACH) : hit.start],
        text.words[hit.end : min(end, hit.end + _REACH)],
    )
    if _PART.search(before) or _is_told(text, hit, before) or _is_of_swindlers(text, hit):
        return True
    if _is_teasing(text, hit) or is_no_abuse(text, hit.start, hit.end):
        return True
    if spoken_to:
        return False
    return (
        _is_in_a_work(before, after)
        or bool(_NO_PERSON.search(before))
        or (hit.term in _MILD_WORDS and bool(_MILD_MATTER.match(after)))
        or _is_of_history(text, before)
        or _is_asked(before, text.words[hit.end : end])
        or (hit.term in _PLAYFUL and bool(_SPORT.search(text.words[start:end])))
        or _is_a_title(text, hit, before)
    )


def doubt(text: Text, hit: Hit, *, spoken_to: bool) -> float:
    """What a word of abuse still counts, 0..1: friendly words stand around it, or it is said softly to somebody."""
    friendly = 0.6 if is_friendly(text) else 1.0
    return friendly * (0.55 if spoken_to and hit.term in _SOFT else 1.0)


@lru_cache(maxsize=16)
def is_friendly(text: Text) -> bool:
    """Whether a post has words or signs of affection."""
    return bool(_FRIENDLY.search(text.plain))


def _is_teasing(text: Text, hit: Hit) -> bool:
    if hit.term not in _PLAYFUL:
        return False
    return is_friendly(text) or bool(_PRANK.match(text.words, hit.end))


def _is_in_a_work(before: str, after: str) -> bool:
    if "in my book" in after:
        return False
    return bool(_IN_A_WORK_AFTER.match(after) or _IN_A_WORK_BEFORE.search(before) or _CHARACTER.search(before))


def _is_told(text: Text, hit: Hit, before: str) -> bool:
    called = _CALLED.search(before)
    if called and not _I_CALL.search(before[: called.start()]):
        return True
    return bool(_VOICE.match(text.words, hit.end))


def _is_of_swindlers(text: Text, hit: Hit) -> bool:
    return hit.term in _SWINDLERS and _is_a_warning(text)


@lru_cache(maxsize=16)
def _is_a_warning(text: Text) -> bool:
    return bool(_WARNED.search(text.words)) and bool(_WAY_IN.search(text.words))


def _is_of_history(text: Text, before: str) -> bool:
    return bool(_WAS.search(before)) and not _TODAY.search(before) and bool(_HISTORY.search(text.words))


def _is_asked(before: str, rest: str) -> bool:
    asks = _ASKS.search(before)
    if not asks or not rest.rstrip().endswith("?"):
        return False
    return not _NO_QUESTION.search(before[asks.start() :] + rest)


def _is_a_title(text: Text, hit: Hit, before: str) -> bool:
    """A word with a capital in the middle of a sentence, where nobody is said to be it: "The Miser", "Lazy Cows"."""
    written = text.cut(hit.start, hit.end)
    if not before.strip() or not written[:1].isupper() or written.isupper() or _IS_A.search(before):
        return False
    words = [word for word in text.cut(*text.sentence_at(hit.start)).split() if word[:1].isalpha()]
    return sum(word[0].isupper() for word in words) * 2 <= len(words) + 2
