"""Remarks against protected groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from chapterwatch.policy import Rule
from checks.attribution import is_attributed, is_rejected
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.coarse import is_no_abuse
from checks.counter import is_ones_own, is_spoken_against
from checks.cues import MENTION, in_span
from checks.false_friends import is_false_friend
from checks.hostility import (
    CONTEMPT,
    EVERYDAY,
    FRAME_CUES,
    REMOVED,
    SET_PHRASES,
    WE_WANT,
    Group,
    Predicates,
    Said,
    groups_in,
    said_of,
)
from checks.lexicons import Hit
from checks.screen import Names, Needs, Terms
from checks.screen import Said as Matched
from checks.text import Text
from checks.word_classes import entries, pattern

_SLUR_TALK = pattern(r"(?:the|a|this|that|{word_spoken_of})\s*[\"'“(]?$")
#: "Le mot …", "il m'a traité de …", and behind it "… ist ein Schimpfwort", "als … beschimpft", "…, der Elefant".
_SPOKEN_OF_ABROAD = pattern(r"(?<![\w'])(?:{word_spoken_of_abroad}[\s\"'„«(]*|{called_so_french} (?:de |d'))(?:\w+ )?$")
_SPOKEN_OF_BEHIND = pattern(
    r"[\"'”»)]*(?:-\w+)?,?\s(?:(?:ist|sind|war|waren|bleibt|gilt als|est|reste|etait|sont)"
    r" (?:(?:ein|eine|kein|keine|das|der|die|une?|le|la|l'|des|name)\s?)*(?:\w+ )?{word_of_abuse_abroad}"
    r"|(?:zu )?{called_so_german}"
    r"|{renamed_abroad}"
    r"|(?:der|die|das|unser|unsere|le|la|notre|mon|ma) (?:\w+ )?{pets_abroad})(?![\w'])"
)
#: The same in Italian: "la parola …", "gli hanno urlato …", "mi ha dato della …".
_SPOKEN_OF_ITALIAN = pattern(
    r"(?<![\w'])(?:{word_spoken_of_italian}[\s\"'“«(]*|{called_so_italian}(?: [\w']+){0,3}?[\s:,\"'“«]+)"
    r"(?:(?:di|del|della|dell'|dello|dei|delle|un|una)\s?)?$"
)
#: "stop acting like a …" uses the word; it does not speak of it.
_LIKE = re.compile(r"(?<!\w)(?:like|being|as) an?\s+(?:\w+\s+)?$")
_WORD_TALK = re.compile(r"\b(?:word|words|term|terms|slur|slurs|label|called|calling)\b")
#: The speaker's own word for the speaker's own kind.
_OURS = re.compile(
    r"(?<![\w'])(?:as an? (?:\w+ ){0,2}|we |us |our |we're |we are (?:all )?"
    r"|i'm (?:an? |such an? |the )?(?:\w+ )?"
    r"|im an? (?:\w+ )?|i am (?:an? )?(?:\w+ )?|proud(?:ly)? |my fellow |fellow "
    r"|my (?:best |favou?rite |real |main )?"
    r"|dear |hey "
    r"|call(?:ed|s)? (?:myself|ourselves) (?:an? )?"
    r"|love (?:my|all my|you) |being an? (?:\w+ )?|for us |from one |one of us |yo |sup |that's my |you're my "
    r"|you my "
    r")$"
)
_OURS_ITALIAN = pattern(r"(?<![\w']){of_our_kind_italian}\s?$")
_OURS_DUTCH = pattern(r"(?<![\w']){of_our_kind_dutch} $")
_ABOUT_ME = re.compile(r"(?<![\w'])(?:i|i'm|im|me|my|we|us|our|myself)(?![\w'])")
#: "not racist, but" rejects nothing.
_BUT = re.compile(
    r"(?<!\w)(?:not (?:an? )?(?:\w+ist|\w+phobic|bigot|hater|hateful|prejudiced)"
    r"|no \w+ist|call me \w+ist|offen[cs]e|nothing against|sorry not sorry"
    r")(?![\w'])"
)
_AIMED = pattern(r"(?<![\w'])(?:you|ur|u|you're|youre|fuck(?:ing?)?|{aimed})\s+$")
#: An insult for women, aimed at one or at all: "you lying whore", "shut up bitch", "she is such a slut", "@x dumb hoe".
_SEXIST = pattern(
    r"(?<![\w'])(?:(?:you|u|ur|you're|youre|u're)(?: {you_such}){0,4}"
    r"|(?:shut (?:the fuck )?up"
    r"|fuck (?:you|off|her|that|these|those|all)"
    r"|stfu|kill yourself|go away|die|hate"
    r"|hate (?:that|this|these|those|all)"
    r"|screw (?:you|that|her)|get out|go home|go to hell"
    r")(?: (?:you|u|all|these|those|the|fucking|stupid|dumb|fat|ugly|lying|dirty)){0,3},?"
    r"|{mention},?(?: (?:you|ur|is|are|a|such|what|an?|the|fucking|dumb|stupid|lying|dirty|nasty|ugly)){0,3}"
    r"|{abusive}(?: \w+)?"
    r"|(?:she|she's|shes|women|girls|females|they|they're|wives|wife|her|ex)(?: {she_is_such}){1,5}"
    r") (?P<slur>{insult_for_women})(?![\w'])",
    mention=MENTION,
)
#: The plainer ones count wherever they are not said of oneself or a thing.
_SEXIST_PLAIN = pattern(
    r"(?<![\w'])"
    r"(?:(?:this|that|dat|what an?|such an?|these|those|the|your|some|another|all|most|a|an|{kind_of_woman}) )"
    r"(?:\w+ ){0,2}?(?P<slur>{plain_insult_for_women})(?![\w'])"
    r"|(?<![\w'])(?P<bare>femoids?|foids?|roasties|feminazis?|cum ?dumpsters?)(?![\w'])"
)
_SEXIST_LEAST = pattern(r"{insult_for_women}(?![\w'])")
#: Said among friends, of oneself or of a thing.
_NO_SEXIST = pattern(r"(?<![\w']){no_insult}\s+(?:\w+ )?$")

#: "… was chanted", "… is trending", "… was on a flyer": told of a watchword.
_TAG_TOLD_OF = pattern(r"[\"'”]?,?\s(?:(?:is|was|were|has been|had been|started)\s)?{told_of_a_tag}(?!\w)")

#: What is said of groups without a word of the lexicons.
_SAID_IN_OTHER_WORDS = (REMOVED, CONTEMPT, SET_PHRASES, FRAME_CUES)
_MILD = frozenset(entries("mild_abroad"))
_MILD_MATTER = pattern(r"\s+{mild_matter}(?![\w'])")
_EVERYDAY = EVERYDAY | {"disability"}
#: "… raus", "… à la cuisine", "… nous volent", "fuori …": ordered, unless a game or a place is told of.
_OUT = re.compile(r"(?<!\w)(?:raus|dehors|a la cuisine|nous volent|nichts verloren)$")
_IS_OUT = re.compile(r"(?<!\w)(?:sind|waren|sont|etaient)\s(?:\w+\s)?(?:raus|dehors|a la cuisine)$")
_OUT_OF = pattern(r",?\s+{out_of_a_game}(?![\w'])")
#: Slurs that are also said among friends count fully only where they are aimed at somebody.
_AMBIGUOUS = 0.6
_SURNAME = 0.75


class HateParams(Params):
    """Lexicons: groups (sense = protected status), slurs, hostile predicates, counter-speech."""

    groups: str = "groups"
    adjectives: str = "group_adjectives"
    slurs: str = "slurs"
    predicates: str = "dehumanising"
    #: Verbs of violence (senses `strong`, `weak`): "shoot all …", "… should be shot".
    violence: str = "violence"
    counter: str = "counter_speech"
    #: Watchwords that need no group beside them.
    slogans: str = "hate_slogans"
    #: Only these protected statuses; empty means all.
    statuses: tuple[str, ...] = ()
    #: Drops weaker finds.
    min_confidence: float = 0.45

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.groups, self.slurs, self.predicates, self.counter)


def _needs(params: HateParams) -> Needs:
    said = (
        *map(Terms, (params.predicates, params.violence)),
        *map(Matched, _SAID_IN_OTHER_WORDS),
        Names(WE_WANT),
    )
    yield from (Terms(params.slurs), Terms(params.slogans), Matched(_SEXIST_LEAST))
    yield from product(map(Terms, (params.groups, params.adjectives)), said)


@check("hate", HateParams, screen=_needs)
def hate(batch: Batch, rule: Rule, params: HateParams) -> Judgement:
    """Looks for slurs, and for protected groups said to be less than others, for a person to read.

    A group must stand in one sentence with a predicate that dehumanises, excludes, threatens or insults it, or "they"
    in the sentence after it. Naming a group is never enough. Sentences that condemn, quote, report or negate such words
    are not meant, nor are a speaker's words for themselves. The evidence names the protected status.
    """

    def find(row: Row) -> Iterable[Evidence]:
        best: dict[tuple[int, int], Evidence] = {}
        for item in (*_slurs(row, params), *_attacks(row, params), *_sexist(row, params), *_slogans(row, params)):
            if item.confidence >= params.min_confidence:
                best.setdefault((item.start, item.end), item)
        return best.values()

    return judge_each(batch, rule, find)


def _slurs(row: Row, params: HateParams) -> Iterator[Evidence]:
    text = row.text
    for hit in row.hits(params.slurs, also=("en",)):
        if not _wanted(hit.sense, params) or text.is_reported(hit.start, hit.end) or _is_surname(row, hit):
            continue
        if _is_talked_about(row, hit, params) or _is_own(text, hit):
            continue
        yield row.evidence(hit.start, hit.end, f"a slur ({hit.sense})", 0.85 * _slur_weight(text, hit))


def _sexist(row: Row, params: HateParams) -> Iterator[Evidence]:
    """Insults for women, aimed: at the person spoken to, at an account, at her or at all of them."""
    text = row.text
    if not _wanted("sex", params) or not _SEXIST_LEAST.search(text.words):
        return
    ends: set[int] = set()
    for insult, sure in ((_SEXIST, 0.55), (_SEXIST_PLAIN, 0.45)):
        for found in insult.finditer(text.words):
            start, end = found.end() - len(found.group().lstrip()), found.end()
            if end in ends:
                continue
            ends.add(end)
            slur = found.start(found.lastgroup or 0)
            if not is_false_friend(text.words[slur:end], row.language) and not _is_harmless(
                row, start, slur, end, params
            ):
                yield row.evidence(start, end, "an insult for women (sex)", sure)


def _is_harmless(row: Row, start: int, slur: int, end: int, params: HateParams) -> bool:
    text = row.text
    if text.is_reported(start, end) or text.is_negated(start, reach=12) or is_attributed(text, start):
        return True
    if (
        is_spoken_against(text, start, end)
        or _countered(row, start, params)
        or _WORD_TALK.search(text.words[max(0, start - 30) : end + 30])
    ):
        return True
    return bool(_NO_SEXIST.search(text.words[max(0, start - 16) : slur])) or is_no_abuse(text, start, end)


def _slogans(row: Row, params: HateParams) -> Iterator[Evidence]:
    """Watchwords against newcomers, faiths or peoples, that name nobody: "send them back", as words or as a hashtag."""
    text = row.text
    for hit in row.hits(params.slogans, also=("en",)):
        if not _wanted(hit.sense, params) or text.is_reported(hit.start, hit.end) or text.is_negated(hit.start):
            continue
        if (
            is_attributed(text, hit.start)
            or is_spoken_against(text, hit.start, hit.end)
            or _TAG_TOLD_OF.match(text.words, hit.end)
            or _countered(row, hit.start, params)
        ):
            continue
        yield row.evidence(hit.start, hit.end, f"a slogan against a group ({hit.sense})", 0.75 * hit.weight)


def _is_talked_about(row: Row, hit: Hit, params: HateParams) -> bool:
    before = row.text.words[max(0, hit.start - 24) : hit.start]
    named = _SLUR_TALK.search(before) and _WORD_TALK.search(before)
    if named or _countered(row, hit.start, params) or _is_told_abroad(row.text, hit):
        return True
    return is_attributed(row.text, hit.start) and not _LIKE.search(before)


def _is_told_abroad(text: Text, hit: Hit) -> bool:
    """Whether German, French or Italian speaks of the word, of who was called so, or of an animal of that name."""
    before, after = text.words[max(0, hit.start - 40) : hit.start], text.words[hit.end : hit.end + 60]
    if hit.language == "it" and _SPOKEN_OF_ITALIAN.search(before):
        return True
    return bool(_SPOKEN_OF_ABROAD.search(before) or _SPOKEN_OF_BEHIND.match(after))


def _is_own(text: Text, hit: Hit) -> bool:
    """Whether the speaker means the speaker: "as a proud …", "we …", "my fellow …", "noi …"."""
    before = text.words[max(0, hit.start - 40) : hit.start]
    if hit.language == "it" and _OURS_ITALIAN.search(before):
        return True
    if hit.language == "nl" and _OURS_DUTCH.search(before):
        return True
    return bool(_OURS.search(before)) and not _AIMED.search(before[-12:])


def _slur_weight(text: Text, hit: Hit) -> float:
    if hit.weight >= _AMBIGUOUS:
        return hit.weight
    before = text.words[max(0, hit.start - 24) : hit.start]
    return hit.weight + 0.15 if _AIMED.search(before) and not _ABOUT_ME.search(before) else hit.weight


def _is_surname(row: Row, hit: Hit) -> bool:
    """Whether a word that is also a surname (weight below `_SURNAME`) is written like one: "Senator Coons"."""
    return hit.weight < _SURNAME and row.text.cut(hit.start, hit.end).istitle() and hit.start > 0


def _attacks(row: Row, params: HateParams) -> Iterator[Evidence]:
    # What is in both lists is read as the list of predicates has it, so that comes last.
    names = (params.violence, params.predicates)
    predicates = Predicates(hit for name in names for hit in row.hits(name, also=("en",)))
    for group in _groups(row, params):
        said = said_of(row.text, group, predicates)
        if said and not _excused(row, said, params) and not _is_mild(row.text, said):
            yield row.evidence(
                said.start,
                said.end,
                f"a hostile statement about a group ({group.status})",
                said.confidence * group.weight,
            )


def _is_mild(text: Text, said: Said) -> bool:
    """Whether words run nobody down: "die Frauen sind krank", "les Polonais dehors dès le …", "fuori gli … dalla …"."""
    words = text.words[said.start : said.end]
    last = words.rsplit(maxsplit=1)[-1]
    if words.startswith(("fuori ", "via ")) and _OUT_OF.match(text.words, said.end):
        return True
    if last in _MILD:
        return said.group.status in _EVERYDAY or bool(_MILD_MATTER.match(text.words, said.end))
    if not _OUT.search(words):
        return False
    told = said.group.status in EVERYDAY and last in ("raus", "dehors")
    return told or bool(_IS_OUT.search(words) or _OUT_OF.match(text.words, said.end))


def _groups(row: Row, params: HateParams) -> list[Group]:
    nouns, adjectives, slurs = (
        [hit for hit in row.hits(name, also=("en",)) if _wanted(hit.sense, params)]
        for name in (params.groups, params.adjectives, params.slurs)
    )
    if not (nouns or adjectives or slurs):
        return []
    return groups_in(row.text, nouns, adjectives, slurs)


def _wanted(status: str | None, params: HateParams) -> bool:
    return not params.statuses or status in params.statuses


def _excused(row: Row, said: Said, params: HateParams) -> bool:
    text = row.text
    if is_spoken_against(text, said.start, said.end, said_from=said.thought_until) or (
        said.group.start == said.start and is_ones_own(text, said.start)
    ):
        return True
    if (
        text.is_reported(said.start, said.end)
        or text.is_negated(said.start, reach=16)
        or is_attributed(text, said.start)
    ):
        return True
    return _countered(row, said.start, params) or is_rejected(text, said.end, language=row.language)


def _countered(row: Row, position: int, params: HateParams) -> bool:
    sentence = row.text.sentence_at(position)
    hits = row.hits(params.counter, also=("en",))
    near = max(sentence[0], position - 300), min(sentence[1], position + 300)
    return bool(in_span(hits, near)) and not _BUT.search(row.text.words, *near)
