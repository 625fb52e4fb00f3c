"""Which groups a text names: by a noun, by an adjective with a noun for people, or by "they" after one of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from checks.lexicons import Hit
from checks.text import Text
from checks.word_classes import entries, pattern

#: Nouns for people that make a group of an adjective.
_PEOPLE = pattern(r"[\s-](?P<head>{makes_a_group})(?!\w)")
_ONE = frozenset(entries("one_of_a_group"))
#: Adjectives that mean everybody of the kind after "the".
_COLLECTIVE = pattern(r"{collectives}$")
#: What stands for a group named before.
_THEY = re.compile(
    r"(?<![\w'])(?:they|them|these people|those people|such people|people like (?:them|that|this))(?![\w])"
)
#: All of a kind, also "the gays": an adjective that took the plural.
_PLURAL = pattern(r"(?:lgbt\w*\+?|women with .*|people .*|men who .*|women who .*|women in .*|{plurals})$")
#: "my", "some", "two": not the group as such.
SOME = pattern(
    r"(?<![\w'])(?:my|our|your|his|her|their|its|some|few|two|three|four|five|six|seven|eight|nine|ten|several"
    r"|certain|\d+|this|that|which|another|one"
    r")\s+(?!{opinions}\s+$)(?:\w+\s+)?$"
    r"|(?<![\w'])(?<!every )(?<!each )(?<!last )(?:one|two|three|four|five|six|some|few|several|\d+) of"
    r" (?:the|our|these|those)\s+$"
    r"|(?<![\w'])(?:{some_abroad}|{some_dutch})\s+(?:\w+\s+)?$"
)
ANY_ONE = re.compile(
    r"(?<![\w'])(?:an?|every|any|no|each|another|more|filthy|dirty|stupid|fucking|damn|goddamn|you)\s+$"
)
#: "girls who …" are some, not the group; "men's lunch" is a lunch.
RESTRICTED = re.compile(
    r"\s+(?:who|that|which|whose|whom)(?!\w)|'s?(?!\w)|'(?=\s)"
    # "Männer, die drängeln", "les hommes qui …"; "die sind alle …" goes on about all of them.
    r"|,\s+(?:die|denen|deren|welche)\s(?!(?:sind|haben|klauen|wollen|kommen|nehmen|lugen|gehoren|sollen|mussen)(?!\w))"
    r"|\s+(?:qui|dont)(?!\w)"
)
#: "Vrouwen die staken" are some; "vrouwen die zijn …" goes on about all of them.
_RESTRICTED_DUTCH = pattern(r",?\s+(?:die|van wie|met wie|wier)\s(?!{goes_on_dutch}(?!\w))")
#: "Russian trolls" are trolls from Russia; "immigrant scum" is all immigrants.
NAMED_WITH = frozenset({"race", "nationality", "religion", "orientation", "gender identity"})
#: Statuses whose words are also said of the people one meets: "the girls", "the kids".
EVERYDAY = frozenset({"sex", "age"})
#: "the old chairs": an adjective before the thing it is said of is no group.
_OF_A_THING = pattern(r"\s+(?!{no_thing}(?!\w))[a-z]+")
_SAID_OF_ALL = pattern(r"the {said_of_all}$")
#: What is also an adjective: "chats noirs", "vieux papiers", "schwarze Katzen".
_COLOURS = frozenset(entries("colours_french"))
_OLD = frozenset(entries("old_french"))
_ALL_OF_THEM = re.compile(r"(?:^|[.!?,;:]\s*|(?<![\w'])(?:les|des|aux|ces|tous|sales?|de|et|que|sont|ou))\s*$")
_NO_THING_FOLLOWS = pattern(r"\s*(?:$|[^\w\s]|\s{behind_a_group_french}(?![\w']))")
#: The group belongs to somebody else's doing: "those who hate …", "lies about …", "nobody should bully …".
_OTHERS_DOING = pattern(
    r"(?<![\w'])(?:(?:who|whoever|nobody|no one|anyone|anybody)(?: \w+){0,2}? {hates_them}"
    r"|{hatred_of} (?:about|against|towards?|on|of)"
    r")(?: all| the| our| these| those)*\s+$"
    r"|(?<![\w'])because (?:he|she|they|we|i)(?:'s|'re|'m| is| are| was| were| am)(?: an?| all)?\s+$"
    r"|(?<![\w'])(?:let's|lets|we must|help|please|to) (?:end|stop)(?: the| all)?"
    r" (?:\w+ing|hate|hatred|murder|abuse)(?: of| against)?\s+$"
)
MY_HATRED = re.compile(
    r"(?<![\w'])(?:my|our) (?:\w+ )?(?:hatred|contempt|disgust|loathing|hate) (?:for|of|towards?)"
    r"(?: all| the| these| those)*\s+$"
)
#: "Haat tegen …", "leugens over …", in Dutch.
_OTHERS_DOING_DUTCH = pattern(
    r"(?<![\w']){hatred_of_dutch} (?:tegen|jegens|van|over|op|tegenover|aan|voor)(?: (?:alle|de|onze|die|deze))*\s+$"
)
_OTHERS_REACH = 60


@dataclass(frozen=True)
class Group:
    """A group named in a text, or "they" for one: the span counts characters of `Text.plain`."""

    start: int
    end: int
    status: str
    weight: float
    #: Whether the words mean the group as such; a single one ("a woman", "filthy Jew") does only in some frames.
    whole: bool = True
    #: The group stands for an earlier one.
    pronoun: bool = False
    #: Already hostile by itself.
    slur: bool = False
    #: Of the lexicon that names it.
    language: str = "en"


def groups_in(text: Text, nouns: Iterable[Hit], adjectives: Iterable[Hit], slurs: Iterable[Hit]) -> list[Group]:
    """Every group a text names, in text order, "they" included where it stands for one named just before."""
    words = text.words
    named = [_noun(words, hit) for hit in nouns if not _is_said_of_a_thing(text, hit)]
    named += [group for hit in adjectives if (group := _adjective(words, hit))]
    named += [Group(hit.start, hit.end, hit.sense or "", hit.weight, slur=True, language=hit.language) for hit in slurs]
    apart: list[Group] = []
    for group in sorted(named, key=lambda item: (item.start, -item.end)):
        if not apart or group.start >= apart[-1].end:
            apart.append(group)
    return sorted([*apart, *_pronouns(text, apart)], key=lambda item: item.start)


def _noun(words: str, hit: Hit) -> Group:
    named = words[hit.start : hit.end]
    whole = bool(_PLURAL.search(named))
    if _SAID_OF_ALL.search(named) and _OF_A_THING.match(words, hit.end) and not _PEOPLE.match(words, hit.end):
        whole = False
    whole = whole or hit.language != "en"
    return Group(hit.start, hit.end, hit.sense or "", hit.weight, whole=whole, language=hit.language)


def _is_said_of_a_thing(text: Text, hit: Hit) -> bool:
    """Whether a word that is also an adjective of French or German belongs to a thing: "vieux papiers"."""
    named = text.words[hit.start : hit.end]
    if hit.language == "fr" and named in _COLOURS:
        return not _ALL_OF_THEM.search(text.words[max(0, hit.start - 12) : hit.start])
    if hit.language == "fr" and named in _OLD:
        return not _NO_THING_FOLLOWS.match(text.words, hit.end)
    # In German the noun behind an adjective has a capital, and the adjective has none.
    if hit.language != "de" or not named.endswith(("e", "en")) or " " not in text.words[hit.end : hit.end + 1]:
        return False
    behind = text.cut(hit.end + 1, min(hit.end + 2, len(text.words)))
    return behind.isupper() and not text.raw.isupper() and named in _ADJECTIVES_GERMAN


_ADJECTIVES_GERMAN = frozenset(entries("adjectives_german"))


def _adjective(words: str, hit: Hit) -> Group | None:
    people = _PEOPLE.match(words, hit.end)
    if people:
        one = people.group("head") in _ONE
        return Group(hit.start, people.end(), hit.sense or "", hit.weight, whole=not one)
    if _is_collective(words, hit):
        return Group(hit.start, hit.end, hit.sense or "", hit.weight)
    return Group(hit.start, hit.end, hit.sense or "", hit.weight, whole=False)


def _is_collective(words: str, hit: Hit) -> bool:
    """Whether an adjective stands for everybody of the kind: "the Dutch", not "the Dutch team"."""
    if words[max(0, hit.start - 4) : hit.start] != "the " or not _COLLECTIVE.search(words[hit.start : hit.end]):
        return False
    return not _OF_A_THING.match(words, hit.end)


def _pronouns(text: Text, named: list[Group]) -> Iterator[Group]:
    """Where "they" and "them" stand: in the sentence of a whole group, after it, and in the next sentence."""
    at = 0
    for found in _THEY.finditer(text.words) if named else ():
        while at + 1 < len(named) and named[at + 1].end <= found.start():
            at += 1
        before = named[at]
        if before.end > found.start() or not before.whole or _is_some(text.words, before):
            continue
        here, there = text.sentence_at(found.start()), text.sentence_at(before.start)
        if here == there or here[0] - there[1] in range(3):
            yield replace(before, start=found.start(), end=found.end(), pronoun=True, slur=False)


def is_others_doing(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is spoken of as what others hate, attack or tell lies about."""
    before = text.words[max(text.sentence_at(start)[0], start - _OTHERS_REACH) : start]
    others_do = _OTHERS_DOING.search(before) or _OTHERS_DOING_DUTCH.search(before)
    return others_do is not None and not MY_HATRED.search(before)


def is_restricted(words: str, group: Group) -> bool:
    """Whether only those of a group are meant of whom something is told: "girls who …", "vrouwen die …"."""
    if RESTRICTED.match(words, group.end):
        return True
    return group.language == "nl" and _RESTRICTED_DUTCH.match(words, group.end) is not None


def _is_some(words: str, group: Group) -> bool:
    return bool(SOME.search(words[max(0, group.start - 24) : group.start])) or is_restricted(words, group)
