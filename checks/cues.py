"""What several text checks ask of a sentence: whom it names, whom it addresses, what kind of clause it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from checks.base import Context
from checks.lexicons import Hit
from checks.text import MASK, Text, normal

#: A masked handle in `Text.words`.
MENTION = rf"@{MASK}+"
#: Where one clause hands over to another that may be about something else.
CLAUSE_BREAK = re.compile(
    r"[;:]| - |, (?:but|yet|while|so|and|because|though|although|which)\b"
    r"|\b(?:but|however|despite|although|though|whereas|while|instead of|rather than)\b"
)
#: Others' words and views, before what they say: "anyone who thinks", "the myth that", "stop saying".
_ATTRIBUTED = re.compile(
    r"(?:(?<![\w'])(?:anyone|anybody|whoever|those|people|somebody|someone|everyone|person|idiots?|he|she|they|you"
    r"|guys?|men|ppl|some|others"
    r"|many|who|society|politicians?|trolls?|racists?|nazis|bigots|uncle|boss|neighbou?r|media|\w+ists)(?: \w+){0,3}"
    r" (?:say|says|said|think|thinks|thought|believe|believes|believed|claim|claims|claimed|argue|argues|insists?"
    r"|suggests?"
    r"|implied|implies|assumes?|pretends?|acts? like|treats?|tweets?|tweeted|posts?|posted|posting|shouts?|shouted"
    r"|yells?"
    r"|yelled|wrote|writes?|chant(?:s|ed|ing)|comment(?:s|ed|ing)?|spread(?:s|ing)?|repeat(?:s|ed|ing)?)"
    r"|(?<![\w'])(?:stop|quit|no longer|never|don't|do not|shouldn't|should not|cannot|can't|nobody should"
    r"|no one should|not ok to|wrong to|wrong"
    r" when|racist to|sexist to|unacceptable to|hateful to|offensive to|ridiculous to|unfair to|why do people"
    r"|how dare you|how dare"
    r" they) (?:just )?(?:say|saying|call|calling|claim|claiming|think|thinking|pretend|pretending|spread|spreading"
    r"|tell|telling|act|acting"
    r" like|assume|assuming|believe|believing|imply|implying|post|posting|use|using|shout|shouting|treat|treating)"
    r"|(?<!just )(?<![\w'])(?:saying|thinking|believing|claiming|suggesting|implying|assuming|pretending|calling"
    r"|chanting|insisting"
    r"|hearing|seeing|posting|shouting|yelling)"
    r"|(?<![\w'])(?:the|a|an|this|that|your|their|his|her|such|any|old|tired) (?:\w+ )?(?:idea|notion|myth|lie|claim"
    r"|belief|stereotype|view|opinion"
    r"|assumption|prejudice|nonsense|phrase|sentence|statement|slogan|chant|slur|insult|word|words|term|joke|jokes"
    r"|comment|comments|post"
    r"|sign|banner|graffiti|rumou?r|conspiracy theory|trope|cliche|attitude|mindset|argument|falsehood|graffito"
    r"|caption|headline)"
    r"(?: \w+){0,2} (?:that|like|saying|which|about|as|is|was|of)"
    r"|(?<![\w'])(?:racists?|sexists?|bigots?|nazis|homophobes?|transphobes?|misogynists?|antisemites?"
    r"|haters)(?: \w+){0,3} (?:who|that|and)"
    r"|(?<![\w'])(?:called|calling|calls?|labelled|labeled|named) (?:me|us|him|her|them|my \w+|our \w+|people"
    r"|\w+ women|women|somebody"
    r"|someone|a \w+|the \w+)|(?<![\w'])(?:who|anyone|anybody) (?:says|said|thinks|believes|claims|calls|hates|wants)"
    r"|(?<![\w'])as if|(?<![\w'])according to|(?<![\w'])imagine (?:saying|thinking|believing|telling|calling)"
    r"|(?<![\w'])told (?:me|us|him|her|that|my|our)"
    # Whoever says it in the third person is not the author, unless it is everybody or an authority.
    r"|(?<![\w'])(?!(?:everyone|everybody|nobody|none|one|who|sense|history|science|bible|quran|god|nature|experience"
    r"|research|data|evidence|truth|fact|reality|law|biology|somebody|someone|that|it|which|and|or|but)\b)[a-z][\w'-]*"
    r" (?:says|claims|writes|insists|argues|preaches|shouts|believes|thinks|alleges|maintains)"
    r"|(?<![\w'])(?!(?:i|we|history|science|bible|god|nature|experience|they)\b)[a-z][\w'-]*"
    r" (?:told|tells|taught|teaches|taunts?|assures|assured) (?:\w+ ){1,4}that"
    r")(?![\w'])(?!\s*,?\s*(?:i|we) (?:think|say|believe))"
)
#: "I think", "I'm saying": the speaker's own view is not somebody else's.
_OWN_VIEW = re.compile(
    r"(?<![\w'])(?:i|we|i'm|im|i am|i'll|just)(?: \w+){0,2} (?:say|said|saying|think|thinking|thought|believe"
    r"|believing|claim|tell|telling|posting"
    r"|posted|repeat|hearing|seeing|swear|insist)(?![\w'])|(?<![\w'])(?:everyone|everybody|we all|as they) (?:knows?"
    r"|say|says)(?![\w'])|"
    r"(?<![\w'])(?:prove|proves|proved|right|hope) (?:that|they|to)(?![\w'])|"
    r"(?<![\w'])(?:the only (?:one|person|man|woman|guy)|(?:who|anyone|anybody|everyone"
    r"|everybody) else)(?: \w+)? (?:who |that )?"
    r"(?:thinks?|feels?|says?|believes?|hates?)(?![\w'])"
)
#: A verdict on such words, after them: "… is racist", "That's a lie", "Not true".
_REJECTED = re.compile(
    r"(?<![\w'])(?:(?:is|are|was|were|that's|thats|it's|its|this is|sounds?|seems?|how|such|so|pure|utter|what|="
    r"|absolutely|not|isn't|calling"
    r" that|reported|called|a|an|these|those)(?: (?:just|simply|really|so|such|plain|very|clearly|pure|utter|a|an"
    r"|absolute|absolutely|wrong"
    r" and|complete|completely|totally|nothing but|never|always|not|only|deeply|both|and|quite|racist|hateful|ugly"
    r"|dangerous|old|tired|downright"
    r" ?)){0,4} (?:wrong|racist|sexist|homophobic|transphobic|ableist|ageist|antisemitic|anti-semitic|islamophobic"
    r"|xenophobic|misogynistic|misogynist"
    r"|misogyny|racism|sexism|bigoted|bigotry|bigots?|hateful|hate speech|hate|lie|lies|myth|myths|nonsense|bullshit"
    r"|stereotypes?|prejudice|false|untrue"
    r"|true|ignorant|offensive|unacceptable|acceptable|ok|okay|inexcusable|shameful|disgraceful|appalling|harmful"
    r"|cruel|slurs?|discriminatory"
    r"|discrimination|fascist|nazi|outdated|despicable|unfair|horrible thing to say|terrible thing to say"
    r"|awful thing to say|problematic|bs)"
    r"|(?:this|that) (?:attitude|view|kind of|comment|remark|belief|rhetoric|language|idea|myth|stereotype|statement)"
    r"|condemn(?:s|ed)?|denounced?|must be challenged|has to stop|needs to stop|must stop|have no place|has no place"
    r"|not welcome here"
    r"|makes? me (?:sad|angry|furious)|is why we|breaks my heart|shame on (?:you|him|her|them)|said no one"
    r"|said nobody|said no .{1,20} ever)(?![\w'])"
)
#: How far such words may stand from what they speak of; a post can be one sentence of 60,000 characters.
_TALK_REACH = 140

#: Legal and trade words that a partner's everyday name leaves off.
_TRADE_WORDS = frozenset(
    {"inc", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "gmbh", "plc", "software", "solutions"}
    | {"services", "service", "staffing", "group", "partners", "systems", "consulting", "clinic", "pumps", "foundation"}
    | {"association", "agency", "technologies", "labs"}
)
#: First words too common to stand for a company.
_COMMON_FIRST_WORDS = frozenset(
    {"american", "national", "international", "united", "global", "general", "first", "north", "south", "east", "west"}
    | {"city", "community", "central", "premier", "total", "advanced", "modern", "smart", "great"}
)
_SHORT_NAME = 5


@dataclass(frozen=True)
class Named:
    """Somebody or something of the roster found in a text: the span counts characters of `Text.plain`."""

    start: int
    end: int
    name: str
    #: association, partner, person
    kind: str


def named(text: Text, context: Context, kinds: Iterable[str]) -> list[Named]:
    """Every mention of the roster's names of these kinds (association, partner, person), in text order."""
    return _named(text, context, frozenset(kinds))


# Checks ask once per hit, and a post can have thousands.
@lru_cache(maxsize=64)
def _named(text: Text, context: Context, wanted: frozenset[str]) -> list[Named]:
    found = [
        Named(match.start(), match.end(), name, kind)
        for kind, name, pattern in _patterns(context)
        if kind in wanted
        for match in _matches(pattern, text)
        # An acronym in small letters is a word ("ala carte").
        if not name.isupper() or text.cut(match.start(), match.end()).isupper()
    ]
    return sorted(set(found), key=lambda item: (item.start, -item.end, item.name))


def _matches(pattern: re.Pattern[str], text: Text) -> Iterator[re.Match[str]]:
    # Handles are masked in `words`, so a handle of the roster is looked for where it can be seen.
    source = text.plain if pattern.pattern.startswith("(?<!\\w)@") else text.words
    return pattern.finditer(source)


@lru_cache(maxsize=256)
def _patterns(context: Context) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    names = [
        *(("association", name) for name in association_names(context)),
        *(("partner", alias) for name in context.partners for alias in _partner_names(name)),
        *(("person", alias) for name in context.roster_names for alias in _person_names(name)),
    ]
    return tuple((kind, name, _whole(name)) for kind, name in names)


def spoken_names(context: Context, kinds: Iterable[str]) -> tuple[str, ...]:
    """What `named` looks for: the roster's names of these kinds, as they may be said."""
    wanted = frozenset(kinds)
    return tuple(name for kind, name, _ in _patterns(context) if kind in wanted)


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(normal(name))}(?!\w)")


@lru_cache(maxsize=256)
def association_names(context: Context) -> tuple[str, ...]:
    """The association's name, its capitals as an acronym, and its short form without "International"."""
    name = context.association
    capitals = "".join(word[0] for word in re.findall(r"[A-Z][\w'-]*", name))
    names = [name]
    if len(capitals) > 2:  # noqa: PLR2004 - two letters are a word too often
        names.append(capitals)
    if name.endswith(" International"):
        names += [name.removesuffix(" International"), capitals[:-1]]
    return tuple(dict.fromkeys(each for each in names if len(each) > 2))  # noqa: PLR2004


def _partner_names(name: str) -> list[str]:
    words = name.split()
    kept = [word for word in words if normal(word).strip(".,") not in _TRADE_WORDS]
    short = " ".join(kept)
    distinct = len(short) >= _SHORT_NAME and normal(short) not in _COMMON_FIRST_WORDS
    return list(dict.fromkeys([name, short])) if distinct else [name]


def _person_names(name: str) -> list[str]:
    if name.startswith("@") or " " not in name:
        return [name]
    last = name.rsplit(" ", 1)[-1]
    return [name, last] if len(last) > _SHORT_NAME else [name]


def in_span(hits: Sequence[Hit], span: tuple[int, int]) -> list[Hit]:
    """The hits, given in text order, that stand inside a span."""
    first = bisect_left(hits, span[0], key=attrgetter("start"))
    last = bisect_right(hits, span[1], key=attrgetter("start"))
    return [hit for hit in hits[first:last] if hit.end <= span[1]]


def is_attributed(text: Text, start: int) -> bool:
    """Whether what stands at `start` is given as others' view: "anyone who says", "the myth that", "stop calling"."""
    sentence, _ = text.sentence_at(start)
    before = text.words[max(sentence, start - _TALK_REACH) : start]
    return bool(_ATTRIBUTED.search(before)) and not _OWN_VIEW.search(before)


def is_rejected(text: Text, end: int) -> bool:
    """Whether what ends at `end` is judged right after, in its sentence or the next: "… is racist", "That's a lie"."""
    _, sentence_end = text.sentence_at(max(0, end - 1))
    _, next_end = text.sentence_at(min(sentence_end + 1, max(0, len(text.words) - 1)))
    return bool(_REJECTED.search(text.words[end : min(max(sentence_end, next_end), end + _TALK_REACH)]))


def clauses(text: Text, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, split where another subject may take over."""
    start, end = span
    edges = [start, *(start + found.start() for found in CLAUSE_BREAK.finditer(text.words[start:end])), end]
    return [(left, right) for left, right in pairwise(edges) if left < right]
