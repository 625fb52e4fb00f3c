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
from checks.word_classes import entries, pattern

#: A masked handle in `Text.words`.
MENTION = rf"@{MASK}+"
#: Whoever is spoken to, in any form, and where it stands; "you've" holds one.
FORMS_OF_YOU = ("you", "your", "yours", "you're", "youre", "ur", "u", "y'all", "yourself")
YOU = re.compile(rf"(?<![\w'{MASK}])(?:{'|'.join(FORMS_OF_YOU)})(?![\w{MASK}])")
#: Where one clause hands over to another that may be about something else.
CLAUSE_BREAK = re.compile(
    r"[;:]| - "
    r"|, (?:but|yet|while|so|and|because|though|although|which)\b"
    r"|\b(?:but|however|despite|although|though|whereas|while|instead of|rather than)\b"
)
#: Others' words and views, before what they say: "anyone who thinks", "the myth that", "stop saying".
_ATTRIBUTED = pattern(
    r"(?:(?<![\w']){others}(?: \w+){0,3} {others_hold}"
    r"|(?<![\w']){wrong_to} (?:just )?{say_or_treat}"
    r"|(?<!just )(?<![\w']){uttering}"
    r"|(?<![\w'])(?:the|a|an|this|that|your|their|his|her|such|any|old|tired) (?:\w+ )?{form_of_words}"
    r"(?: \w+){0,2} (?:that|like|saying|which|about|as|is|was|of)"
    r"|(?<![\w']){bigots}(?: \w+){0,3} (?:who|that|and)"
    r"|(?<![\w'])(?:called|calling|calls?|labelled|labeled|named)"
    r" (?:me|us|him|her|them|my \w+|our \w+|people|\w+ women|women|somebody|someone|a \w+|the \w+)"
    r"|(?<![\w'])(?:who|anyone|anybody) (?:says|said|thinks|believes|claims|calls|hates|wants)"
    r"|(?<![\w'])as if|(?<![\w'])according to"
    r"|(?<![\w'])imagine (?:saying|thinking|believing|telling|calling)"
    r"|(?<![\w'])told (?:me|us|him|her|that|my|our)"
    # Whoever says it in the third person is not the author, unless it is everybody or an authority.
    r"|(?<![\w'])(?!{authorities}\b)[a-z][\w'-]* {states}"
    r"|(?<![\w'])(?!(?:i|we|history|science|bible|god|nature|experience|they)\b)[a-z][\w'-]*"
    r" (?:told|tells|taught|teaches|taunts?|assures|assured) (?:\w+ ){1,4}that"
    r")(?![\w'])(?!\s*,?\s*(?:i|we) (?:think|say|believe))"
)
#: The same in German and French: "wer sagt", "der Mythos, dass", "dire que", "on m'a dit que".
_ATTRIBUTED_ABROAD = pattern(
    r"(?<![\w'])(?:(?:wer|wenn (?:jemand|einer|leute)|niemand,? der"
    r"|(?:leute|menschen|manche|einige|alle|jeder|jene|die), (?:die|der))(?: \w+){0,3}? {others_say_german}"
    r"|(?:{form_of_words_german})(?: \w+){0,2}?,? (?:dass|wie|von|uber|ist|sei|lautet|alle|die|der)"
    r"|(?:ceux|celui|celle|celles|quiconque|les gens|quelqu'un|personne|si (?:quelqu'un|on))(?: qui)?(?: \w+){0,3}?"
    r" {others_say_french}"
    r"|(?:{form_of_words_french})(?: \w+){0,2}? (?:que|qu'|selon|comme|est)"
    r"|(?:fruher|damals|jahrelang) (?:hiess es|galten|dachte man|sagte man)|galten lange|{told_me_abroad}"
    r"|(?:autrefois|jadis)(?: \w+){0,2} (?:disait|pensait|croyait)|on disait|(?:vous|te|nous|lui|leur) dire)(?![\w'])"
)
#: The same in Italian: "chi dice che", "la bufala che", "dirmi che"; unless it is the speaker's view or stood by.
_ATTRIBUTED_ITALIAN = pattern(
    r"(?<![\w'])(?:{others_italian}(?: \w+){0,3}? {others_say_italian}"
    r"|{form_of_words_italian}(?: \w+){0,2}? (?:che|secondo|di|per)"
    r"|(?:{form_of_words_italian})\W*|{told_that_italian})(?![\w'])"
)
_OWN_VIEW_ITALIAN = pattern(r"(?<![\w']){own_view_italian}(?![\w'])")
_STOOD_BY_ITALIAN = pattern(r"(?<![\w']){stood_by_italian}(?![\w'])")
#: "… è razzismo", "che vergogna", "questo è odio".
_REJECTED_ITALIAN = pattern(
    r"(?<![\w'])(?:e|e'|sono|era|erano|che|quanto|questo e|questa e|si chiama|solo|puro|pura)"
    r"(?: (?:solo|proprio|davvero|puro|pura|semplicemente|un|una|uno|tutto|tutta|sempre|cosi))*"
    r" {rejected_as_italian}(?![\w'])"
)
#: In Dutch: "wie zegt dat", "het vooroordeel dat", "hou op met roepen dat"; "volgens mij" is the speaker.
_ATTRIBUTED_DUTCH = pattern(
    r"(?<![\w'])(?:(?:wie|(?:iedereen|iemand|niemand|mensen|lui|zij|degenen|diegenen|vrouwen|mannen|er zijn er) die"
    r"|als (?:iemand|mensen|ze|men)|sommigen|sommige mensen|veel mensen|anderen)(?: \w+){0,3}? {others_say_dutch}"
    r"|(?:{form_of_words_dutch})(?: \w+){0,3}? (?:dat|als zouden|over|van|is|als)"
    r"|(?:stop|stoppen|hou|houd|ophouden) (?:eens |toch |nu |)(?:op )?met (?:te )?(?:zeggen|roepen|beweren|schrijven"
    r"|denken|doen)"
    r"|doen alsof|alsof|volgens(?! (?:mij|ons|me)(?!\w))|klopt (?:helemaal |gewoon )?niet dat"
    r"|(?:is|was) (?:helemaal |gewoon |echt )?(?:niet (?:waar|juist)|onzin|een leugen) dat|{told_me_dutch})(?![\w'])"
)
_OWN_VIEW_DUTCH = re.compile(
    r"(?<![\w'])(?:ik|wij|we)(?: \w+){0,2}? (?:zeg|zeggen|vind|vinden|denk|denken|geloof|geloven|blijf|bedoel"
    r"|weet)(?![\w'])"
    r"|(?<![\w'])(?:iedereen|we) (?:weet|weten)(?![\w'])"
)
_STOOD_BY_DUTCH = re.compile(
    r"(?<![\w'])(?:(?:heeft|hebben|had|hadden) (?:\w+ ){0,2}?gelijk|gelijk (?:heeft|hebben|had|hadden)|groot gelijk"
    r"|en terecht|is (?:gewoon |ook )?zo|klopt (?:als een bus|ook|gewoon|helemaal(?! niet)))(?![\w'])"
)
_REJECTED_DUTCH = pattern(
    r"(?<![\w'])(?:(?:is|zijn|was|waren|blijft|vind ik|vinden wij|vinden we|noem ik|wat een|pure|puur|zo'n)"
    r"(?: (?:dat|echt|gewoon|pure|puur|zo|een|de|oude|klinkklare|totale|toch|absoluut|helemaal"
    r"|ronduit))* {rejected_as_dutch}"
    r"|{said_who_dutch} (?!(?:ik|wij|we)(?![\w']))\w+|zeggen ze|zegt men|wordt (?:er )?gezegd|daar doen (?:wij"
    r"|we) niet aan mee|wij zeggen nee)(?![\w'])"
)
_OWN_VIEW_ABROAD = re.compile(
    r"(?<![\w'])(?:ich|wir|man (?:muss|darf|wird)|je|j'ose|il faut|faut|on (?:peut|doit|va))(?: \w+){0,3}?"
    r" (?:sage|sagen|meine|finde|denke|glaube|behaupte|dis|dire|pense|trouve|crois|affirme|maintiens)(?![\w'])"
)
_STOOD_BY_ABROAD = re.compile(
    r"(?<![\w'])(?:(?:hat|haben|hatte|hatten|habt)(?: \w+){0,2} recht|recht (?:hat|haben|hatte)\w*"
    r"|stimmt (?:genau|auch|ja)|a(?:vait|vaient)? (?:bien |tellement |tout a fait )?raison|ont (?:bien )?raison"
    r"|d'accord avec)(?![\w'])"
)
#: A verdict on such words after them, or who said them, in German and French.
_REJECTED_ABROAD = pattern(
    r"(?<![\w'])(?:(?:ist|sind|war|ware|bleibt|das ist|so ein|solcher|reiner|est|c'est|sont|etait|quelle?)"
    r"(?: (?:doch|einfach|schlicht|schlichtweg|reiner|reine|ein|eine|der|die|alte|une?|le|la|pure?|tout simplement))*"
    r" {rejected_as_abroad}"
    r"|{said_who_abroad} (?!(?:ich|wir|je)(?![\w']))\w+)(?![\w'])"
)
#: "I think", "I'm saying": the speaker's own view is not somebody else's.
_OWN_VIEW = pattern(
    r"(?<![\w'])(?:i|we|i'm|im|i am|i'll|just)(?: \w+){0,2} {own_saying}(?![\w'])"
    r"|(?<![\w'])(?:everyone|everybody|we all|as they) (?:knows?|say|says)(?![\w'])"
    r"|(?<![\w'])(?:prove|proves|proved|right|hope) (?:that|they|to)(?![\w'])"
    r"|(?<![\w'])(?:the only (?:one|person|man|woman|guy)|(?:who|anyone|anybody|everyone|everybody) else)(?: \w+)?"
    r" (?:who |that )?(?:thinks?|feels?|says?|believes?|hates?)(?![\w'])"
)
#: Stood by all the same: "… and he is absolutely right", "… and I have to agree with her".
_STOOD_BY = pattern(
    r"(?<![\w'])(?:(?:he|she|they|it|who)(?:'s|'re| is| are| was| were)"
    r"(?: (?:so|absolutely|totally|completely|quite|dead|damn|perfectly|of course))? {is_right}"
    r"(?! about (?:nothing|little))"
    r"|i (?:(?:have to|must|do|fully|totally|completely|can only) )?agree(?! to)"
    r"|(?:can't|cannot|won't) (?:argue|disagree) with"
    r")(?![\w'])"
)
#: A verdict on such words, after them: "… is racist", "That's a lie", "Not true".
_REJECTED = pattern(
    r"(?<![\w'])(?:(?:is|are|was|were|that's|thats|it's|its|this is|sounds?|seems?|how|such|so|pure|utter|what|="
    r"|absolutely|not|isn't|calling that|reported|called|a|an|these|those"
    r")(?: (?:{so_very}|downright ?)){0,4} {rejected_as}"
    r"|(?:this|that) {words_judged}"
    r"|condemn(?:s|ed)?|denounced?|must be challenged|has to stop|needs to stop|must stop|have no place"
    r"|has no place|not welcome here"
    r"|makes? me (?:sad|angry|furious)"
    r"|is why we|breaks my heart"
    r"|shame on (?:you|him|her|them)"
    r"|said no one|said nobody|said no .{1,20} ever"
    r")(?![\w'])"
)
#: How far such words may stand from what they speak of; a post can be one sentence of 60,000 characters.
_TALK_REACH = 140

#: Legal and trade words that a partner's everyday name leaves off.
_TRADE_WORDS = frozenset(entries("trade_words"))
#: First words too common to stand for a company.
_COMMON_FIRST_WORDS = frozenset(entries("common_first_words"))
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
        for kind, name, whole in _patterns(context)
        if kind in wanted
        for match in _matches(whole, text)
        # An acronym in small letters is a word ("ala carte").
        if not name.isupper() or text.cut(match.start(), match.end()).isupper()
    ]
    return sorted(set(found), key=lambda item: (item.start, -item.end, item.name))


def _matches(whole: re.Pattern[str], text: Text) -> Iterator[re.Match[str]]:
    # Handles are masked in `words`, so a handle of the roster is looked for where it can be seen.
    source = text.plain if whole.pattern.startswith("(?<!\\w)@") else text.words
    return whole.finditer(source)


@lru_cache(maxsize=256)
def _patterns(context: Context) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    names = [
        *(("association", name) for name in association_names(context)),
        *(("partner", alias) for name in context.partners for alias in _partner_names(name)),
        *(("person", alias) for name in context.people for alias in _person_names(name)),
    ]
    return tuple((kind, name, _whole(name)) for kind, name in names)


def lists_nobody(context: Context, kinds: Iterable[str] = ("person",)) -> str | None:
    """The reason for not judging where the association lists none of these (person, partner), and they are all one has.

    A chapter's officers are looked for all the same, but they are a few of those whom a post may be about.
    """
    listed = {"person": context.roster_names, "partner": context.partners}
    wanted = set(kinds)
    return "no_roster_names" if wanted and wanted <= listed.keys() and not any(map(listed.get, wanted)) else None


def spoken_names(context: Context, kinds: Iterable[str]) -> tuple[str, ...]:
    """What `named` looks for: the roster's names of these kinds, as they may be said."""
    wanted = frozenset(kinds)
    return tuple(name for kind, name, _ in _patterns(context) if kind in wanted)


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(normal(name))}(?!\w)")


@lru_cache(maxsize=256)
def association_names(context: Context) -> tuple[str, ...]:
    """The association's name, its capitals as an acronym, it without "International", and what the policy calls it."""
    name = context.association
    capitals = "".join(word[0] for word in re.findall(r"[A-Z][\w'-]*", name))
    names = [name]
    if len(capitals) > 2:  # noqa: PLR2004 - two letters are a word too often
        names.append(capitals)
    if name.endswith(" International"):
        names += [name.removesuffix(" International"), capitals[:-1]]
    return tuple(dict.fromkeys(each for each in (*names, *context.also_called) if len(each) > 2))  # noqa: PLR2004


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


def following(hits: Sequence[Hit], place: int, reach: int) -> Hit | None:
    """The first of hits, given in text order, that begins at a place or at most `reach` characters after it."""
    at = bisect_left(hits, place, key=attrgetter("start"))
    return hits[at] if at < len(hits) and hits[at].start - place <= reach else None


def is_attributed(text: Text, start: int) -> bool:
    """Whether what stands at `start` is given as others' view: "anyone who says", "the myth that", "stop calling"."""
    sentence, end = text.sentence_at(start)
    before = text.words[max(sentence, start - _TALK_REACH) : start]
    if _ATTRIBUTED_ABROAD.search(before) and not _OWN_VIEW_ABROAD.search(before):
        return not _STOOD_BY_ABROAD.search(text.words, start, min(len(text.words), start + _TALK_REACH))
    if _ATTRIBUTED_ITALIAN.search(before) and not _OWN_VIEW_ITALIAN.search(before):
        return not _STOOD_BY_ITALIAN.search(text.words, start, min(len(text.words), start + _TALK_REACH))
    if _ATTRIBUTED_DUTCH.search(before) and not _OWN_VIEW_DUTCH.search(before):
        return not _STOOD_BY_DUTCH.search(text.words, start, min(len(text.words), start + _TALK_REACH))
    if not _ATTRIBUTED.search(before) or _OWN_VIEW.search(before):
        return False
    _, end = text.sentence_at(min(end + 1, max(0, len(text.words) - 1)))
    return not _STOOD_BY.search(text.words, start, min(end, start + _TALK_REACH))


def is_rejected(text: Text, end: int, *, language: str = "") -> bool:
    """Whether what ends at `end` is judged right after, in its sentence or the next: "… is racist", "That's a lie".

    Where `language` is Dutch, French has no say: its "dit" is Dutch for "this".
    """
    _, sentence_end = text.sentence_at(max(0, end - 1))
    _, next_end = text.sentence_at(min(sentence_end + 1, max(0, len(text.words) - 1)))
    after = text.words[end : min(max(sentence_end, next_end), end + _TALK_REACH)]
    abroad = language != "nl" and _REJECTED_ABROAD.search(after) is not None and not _STOOD_BY_ABROAD.search(after)
    italian = _REJECTED_ITALIAN.search(after) is not None and not _STOOD_BY_ITALIAN.search(after)
    dutch = _REJECTED_DUTCH.search(after) is not None and not _STOOD_BY_DUTCH.search(after)
    return abroad or italian or dutch or bool(_REJECTED.search(after))


def clauses(text: Text, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, split where another subject may take over."""
    start, end = span
    edges = [start, *(start + found.start() for found in CLAUSE_BREAK.finditer(text.words[start:end])), end]
    return [(left, right) for left, right in pairwise(edges) if left < right]
