"""Insults aimed at a person."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import MENTION, is_attributed, named, spoken_names
from checks.excuses import doubt, is_excused
from checks.lexicons import Hit
from checks.pursuit import CUES, pursuits
from checks.screen import InContext, Need, Said, Terms
from checks.text import Text
from checks.word_classes import entries, pattern

#: "you are such an …", "you …!", "u r a"
_YOU_ARE = pattern(
    r"(?<![\w'])(?:you(?:'re| are| were|r| guys are| people are| all are| sound| look| must be| r)?|ur|u r|youre)"
    r"(?:\s+{insult_fills}){0,5}\s+$"
    # The same in Spanish, French, German and Portuguese, as the plain view shows them: without accents.
    r"|(?<![\w'])(?:(?:tu |vos |usted |ustedes )?(?:eres|sos|sois|es usted|son ustedes)|tu es|t'es|vous etes"
    r"|du bist|bist du|ihr seid|sie sind|voce e|voces sao|tu es|vc e|ces sao|espece d[e']|pedazo de|du|bande de)"
    r"(?:\s+{insult_fills_abroad}){0,4}\s+$"
    # "Was bist du für ein …", "ihr seid alle so …", "t con": more ways of German and French.
    r"|(?<![\w'-])(?:(?:was |wie )?(?:bist du|seid ihr|sind sie)(?: (?:doch|nur|eigentlich|bloss|denn))*(?: fur)?"
    r"|du bist|du|ihr seid|seid|sie sind|tu es|t'es|t es|t|vous etes|vs etes|espece d[e'])"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
    r"|(?<![\w'])(?:espece d'|bande d'|ramassis d')$"
    # "Sale …", "cállate, …": without the verb.
    r"|(?:^|(?<=[.!?,;:])\s?)(?:{called_abroad})(?:\s+{insult_fills_abroad}){0,3}\s+$"
    r"|(?<![\w']){sent_away_abroad},?\s+(?:{insult_fills_abroad}\s+){0,3}$"
)
#: "Ustedes son …", "és uma …", "estás hecha una …": further ways of Spanish and Portuguese.
_YOU_ARE_ROMANCE = pattern(
    r"(?<![\w'])(?:(?:tu |vos )?(?:eres|sos|sois)|usted es|ustedes son"
    r"|(?:voces|vcs|ces) sao|(?:voce|vc|ce) (?:e|ta)|tu es"
    r"|es(?= (?:mesmo )?uma?(?!\w))|(?:estas|estais|esta) hech[oa]s?)(?:\s+{insult_fills_romance}){0,5}\s+$"
    r"|(?:^|(?<=[.!?,;:])\s?){called_romance}(?:\s+{insult_fills_romance}){0,3}\s+$"
)
#: "… eres!", "… que você é!": to whoever is spoken to, after the word.
_SO_YOU_ARE_ROMANCE = re.compile(
    r"\s(?:que )?(?:eres|sos|sois|estas hech[oa]|estais hech[oa]s|(?:voce|vc|tu) e|tu es|es tu)(?!\w)"
)
#: "No eres …", "ya no sos …": right before whom it is said of.
_DENIED_ROMANCE = re.compile(r"(?<!\w)(?:no|nunca|tampoco|nem|nao|ni|jamas|jamais)(?: (?:tu|vos|usted))? $")
#: "Si te dicen que …": what others say, or somebody may think of themselves.
_SAID_BY_OTHERS_ROMANCE = pattern(r"(?<!\w){said_by_others_romance}(?!\w)[^.!?]*$")
#: "Soy una …", "me sinto …", before the word, and "… que soy", "… que eu sou" after it.
_OF_MYSELF_ROMANCE = pattern(r"(?<![\w']){of_myself_romance}(?:\s+{insult_fills_romance}){0,4}\s+$")
_I_AM_ROMANCE = re.compile(r"(?:\s[\w'-]+)?\s(?:que )?(?:yo )?(?:soy|fui|sou|eu sou|de mi|de mim)(?!\w)")
#: "La directora es una …", "ela é uma …": of a person who is not spoken to.
_PERSON_IS_ROMANCE = pattern(
    r"(?<![\w']){people_romance}(?: (?:de|del|da|do) \w+(?: \w+)?)? (?P<verb>{being_romance})"
    r"(?:\s+{insult_fills_romance}){0,4}\s+$"
)
#: "Esa es una …", "todos são uns …": only of what is said of people alone.
_THOSE_ARE_ROMANCE = pattern(
    r"(?<![\w']){pointed_at_romance} (?P<verb>{being_romance})(?:\s+{insult_fills_romance}){0,4}\s+$"
)
_NAME_IS_ROMANCE = pattern(r"^\s+(?P<verb>{being_romance})(?:\s+{insult_fills_romance}){0,5}\s+$")
#: "… impresora", "… ideia": a thing is called so; "… de la obra": a part in a play.
_NO_PERSON_ROMANCE = pattern(
    r"\s+(?:{called_names_romance}|{praised_romance})(?!\w)"
    r"|\s(?:de|del|en|do|da|na|no|em)(?: (?:la|el|las|los|un|una|uma?))?(?: \w+)?? {works_romance}(?!\w)"
)
#: "Una pregunta tan …", "que ideia …": the thing goes before.
_THING_ROMANCE = pattern(r"(?<!\w){called_names_romance}(?:\s(?:es|son|e|sao))?(?:\s{insult_fills_romance}){0,3}\s+$")
#: "El lobo del cuento es un …".
_IN_A_WORK_ROMANCE = pattern(
    r"(?<!\w)(?:del|de la|en el|en la|da|do|na|no)(?: \w+)?? {works_romance}(?!\w)[^.!?]{0,24}$"
)
_TO_SOMEBODY_ROMANCE = pattern(r"(?<![\w']){spoken_to_romance}(?!\w)")
_NOBODY_ROMANCE = re.compile(r"(?<!\w)(?:nadie|ninguna?|ninguem|nenhuma?)(?!\w)")
#: The languages these are for.
_ROMANCE = ("es", "pt")
#: "Sua …!", "ihr …!": called so, if nothing follows; else it is whose something is.
_YOUR_OWN = pattern(
    r"(?:(?:^|(?<=[.!?,;:]))\s?|{sent_away_abroad},?\s+)(?:seu|sua|seus|suas|ihr|sie)(?:\s+{insult_fills_abroad}){0,3}\s+$"
)
_AND_NO_MORE = re.compile(r"(?:\s[\w-]+)?\s*(?:[.!,]|$)")
#: "… que je suis", "so ein … bin ich": of the speaker.
_I_AM_ABROAD = pattern(r"(?:\s[\w'-]+)?\s{am_i_abroad}(?!\w)")
#: "Ich bin so eine …", "je suis trop …", right before the word.
_OF_MINE_ABROAD = pattern(
    r"(?<![\w'])(?:{of_oneself_abroad})"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french}|fur)){0,5}\s+$"
)
#: "@x is such an …", "@x you …", "@x …": what links a name or handle with the insult.
_AFTER_NAME = pattern(
    r"^(?:,|:|\s-)?(?:\s+(?:is|was|are|remains|sounds like|looks like|acts like|you|ur|u|what|being|such)|'s)"
    r"(?:\s+{insult_fills}){0,5}\s+$"
    r"|^\s+(?:ist|war|bleibt|sind|waren|est|etait|reste|sont)"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
_DIRECTLY = re.compile(r"^[,:]?\s+$")
#: Too often a word about the matter rather than the person when it only follows a handle.
_ABOUT_MATTERS = frozenset(entries("about_matters"))
#: "What an … you are!"
_SO_YOU_ARE = pattern(
    r"(?:,?\s+[\w-]+)??(?:\s+{people}|\s+(?:for|of) an? \w+)?,?"
    r"\s+(?:you|u) (?:are|r|must be|turned out to be)(?!\w)(?! (?:not|never))"
)
#: "…, clown": called so at the end, in words to somebody.
_VOCATIVE = re.compile(r"(?<=\w),\s+(?:(?:you|old|little|poor|bloody|stupid|fucking|damn)\s+){0,3}$")
_ENDS = re.compile(r"\s*(?:[.!?]|$)")
_TO_SOMEBODY = pattern(r"(?<![\w'])(?:you|your|you're|u|ur|yourself)(?![\w'])|@|^\s*{sent_away}(?![\w'])")
_CONDITION = re.compile(
    r"\b(?:if|when|unless|whether|makes?|making|feel|feeling|let anyone|tell you|thinks?|thought"
    # What others say or one may fear, in German and French.
    r"|einreden|sagt|sagen|gesagt|fuhlst|fuhlt|glaubst|meinst|wenn du|wenn ihr|falls|als ob|als warst"
    r"|vous dire|te dire|dit|disent|fait croire|faire croire|sentez|sens|croyez|crois|penses|pensez|comme si)\b[^.!?]*$"
)
_KIND = re.compile(
    r"\b(?:not|never|no|nobody|no one|none|aren't|isn't|don't|ne|pas|nicht|kein|keine|keiner|niemand|personne|aucune?"
    r"|nao|nunca|jamais|jamas|nie)\b"
    r"|n't\b"
)
#: What follows an adjective about a thing: "you stupid printer" is none of ours, "your stupid printer" neither.
_THING = pattern(r"^\s+{called_names}\b")
#: "this pig, stuffing herself": a person after all.
_THAT_SELF = re.compile(r"^,?(?:\s+[\w'-]+){0,2}?\s+(?:himself|herself|themselves)(?!\w)")
#: "stupid to ask", "lazy enough".
_TO_DO = re.compile(r"^\s+(?:to|enough)\b")
_MENTION = re.compile(MENTION)
#: How far from an insult the person it is aimed at may stand; a post can be one sentence of 60,000 characters.
_REACH = 300


#: "this utter …", "what a …", "those …": somebody there is to see.
_POINTED = pattern(
    r"(?<![\w'])(?:this|that|these|those|what an?|what|such an?|such|those two|you|some|another|by an?|like an?|like"
    r"|{pointing_abroad})(?:\s+(?:{insult_fills}|{scorn})){0,4}\s+$"
)
_ARTICLE = pattern(
    r"(?<![\w'])(?:the|an?|any|every|all|two|bunch of|pack of|group of|gang of|load of|full of|of|and|or|by|with"
    r"|our|your|their|his|her|fucking|damn|goddamn)(?:\s+(?:{insult_fills}|same|other|old)){0,3}\s+$"
)
#: "she is a complete …", "they're all …": a subject that is a person.
_PERSON_IS = pattern(
    r"(?<![\w'])(?:"
    r"(?:he|she|they|who|somebody|someone|everyone|everybody|{people}|board|committee|team|these|those)"
    r"(?: (?:who|that) [^,.;!?]{1,40}?)?(?: \w+ly)?"
    r"\s+(?:is|are|was|were|remains?|sounds?|looks?|acts?|must be|can be|seems?|being|be|has been|have been)"
    r"|he's|she's|they're|who's|theyre|hes|shes|(?:calling|call|consider|think) (?:him|her|them))"
    r"(?:\s+(?:{insult_fills}|{plainly_so}|(?:[\w-]+ ){1,2}and(?: an?)?|[\w-]+,)){0,6}\s+$"
    # "Diese Frau ist eine verlogene …", "la concierge est une vraie …".
    r"|(?<![\w'])(?:{people_german}(?: \w+)?? (?:ist|sind|war|waren|bleibt)"
    r"|{people_french}(?: \w+)?? (?:est|sont|etait|etaient|reste))"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
#: "Sie ist eine …", "il est un …": a noun for a person, for "sie" and "il" may be things.
_PRONOUN_IS = pattern(
    r"(?<![\w'])(?:(?:er|sie|wer|die) (?:ist|sind|war|waren|bleibt)|(?:ist|sind) (?:er|sie)"
    r"|(?:il|elle|ils|elles) (?:est|sont|etait|etaient|reste))"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
_ANY_IS = pattern(
    r"\w+\s+(?:is|are|was|were|'s|remains|sounds like|looks like|acts like)"
    r"(?:\s+(?:{insult_fills}|real|pure|nothing but|like)){0,4}\s+$"
)
_PEOPLE_AFTER = pattern(r"(?:\s+[\w'-]+){0,1}?\s+{people}(?![\w'])")
_SELF = re.compile(
    r"(?<![\w'])(?:i|i'm|im|me|myself|we|we're|am|ourselves|(?:my|our) (?:own|poor|dumb|stupid|silly"
    r"|\w+ (?:brain|self|ass|head)))(?![\w'])"
)
_OTHER = re.compile(r"(?<![\w'])(?:you|he|she|they|this|that|these|those|who|him|her|them|@)(?![\w'])")
#: "Forgive this old fool".
_FORGIVE_ME = re.compile(r"(?<!\w)(?:forgive|excuse|pardon|indulge|bear with|from) this(?: \w+){0,2} $")
#: "What a sore loser I am".
_I_AM = re.compile(r"(?:\s[\w'-]+)?\s(?:i|we) (?:am|was|are|were)(?!\w)")
#: What the insult must be at least so that it counts wherever it stands.
_PLAIN_WEIGHT = 0.8
_NEAR = 60


class HarassmentParams(Params):
    """`aim`: whom an insult must hit.

    `you` (second person), `mention` (any handle), `roster` (names of the roster), `person` (anybody the sentence points
    at: "these …", "she is a …"; less certain), `anyone` (wherever an insult stands; least certain). `min_confidence`
    drops weaker finds: 0.5 leaves those that are surely about a person, 0.3 takes all.
    """

    insults: str = "insults"
    aim: tuple[str, ...] = ("you", "mention", "roster")
    phrases: bool = True
    min_confidence: float = 0.3
    #: Leaves what is surer than this to another rule.
    below_confidence: float = 1.1

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.insults,)


def _needs(params: HarassmentParams) -> tuple[tuple[Need, ...], ...]:
    """An insult; where only names of the roster are meant and no phrases, a roster that names somebody as well."""
    someone = () if params.phrases or set(params.aim) != {"roster"} else (_HAS_PEOPLE,)
    pursued = tuple(tuple(map(Said, cues)) for cues in CUES) if params.phrases else ()
    return (*((Terms(name), *someone) for name in params.lexicons()), *pursued)


_HAS_PEOPLE = InContext(lambda context: bool(spoken_names(context, ("person",))))


@check("harassment", HarassmentParams, screen=_needs)
def harassment(batch: Batch, rule: Rule, params: HarassmentParams) -> Judgement:
    """Looks for insults at "you", at a handle, at a name of the roster or at somebody pointed at; for a person to read.

    Calls to set upon somebody and pursuit of somebody (`checks.pursuit`) are found along with the phrases. Insults to
    oneself or to things, quoted or reported insults, negations and friendly jokes are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        best: dict[tuple[int, int], Evidence] = {}
        # Insults come in text order, so only what was found last can hold the next.
        last: deque[tuple[int, int]] = deque(maxlen=2)
        for item in chain(_insults(row, params), pursuits(row) if params.phrases else ()):
            inside = any(start <= item.start and item.end <= end for start, end in last)
            if params.min_confidence <= item.confidence < params.below_confidence and not inside:
                best.setdefault((item.start, item.end), item)
                last.append((item.start, item.end))
        return best.values()

    return judge_each(batch, rule, find)


def _insults(row: Row, params: HarassmentParams) -> Iterator[Evidence]:
    text = row.text
    hits = row.hits(params.insults, also=("en",))
    people = (_roster(row, params), _mentions(row, params)) if hits else ()
    for hit in hits:
        start, end = text.sentence_at(hit.start)
        if text.is_reported(hit.start, hit.end):
            continue
        if hit.language in _ROMANCE and _SAID_BY_OTHERS_ROMANCE.search(
            text.words, max(start, hit.start - _NEAR), hit.start
        ):
            continue
        if hit.sense == "phrase":
            if params.phrases and not text.is_negated(hit.start, reach=16) and not _is_turned_on_oneself(text, hit):
                yield row.evidence(
                    hit.start,
                    hit.end,
                    "words meant to hurt whoever is spoken to",
                    0.7 * doubt(text, hit, spoken_to=True),
                )
            continue
        aimed = _aim(row, hit, (max(start, hit.start - _REACH), min(end, hit.end + _REACH)), people, params)
        if is_excused(text, hit, spoken_to=aimed is not None):
            continue
        if aimed is not None and not _is_denied(text.words[aimed[0] : hit.start], hit):
            left, whom = aimed
            yield row.evidence(
                left,
                _last_of(hit, hits),
                f"an insult aimed at {whom}",
                0.75 * hit.weight * doubt(text, hit, spoken_to=True),
            )
        elif aimed is None and ("person" in params.aim or "anyone" in params.aim):
            yield from _third_person(row, hit, hits, params)


#: "I'll shut up for a while", "should I get lost": said by the speaker of themselves.
_OF_MINE = re.compile(
    r"(?<![\w'])(?:i|i'll|i'd|i'm|we|we'll|let me|me|myself)(?: (?:will|would|should|could|can|may|might"
    r"|must|ought|have|had|need|got|to|just|better|really|now|then|going|gonna|rather|please|always|never)){0,3} $"
)
#: "Nobody likes you? I do."
_ASKED_BACK = re.compile(r"\s*\?+\s+(?:i|we|they|everyone|everybody|your|that|no|nonsense|of course)(?![\w'])")


def _is_turned_on_oneself(text: Text, hit: Hit) -> bool:
    """Whether a hurting phrase is said of the speaker, or repeated as a question and answered."""
    before = text.words[max(0, hit.start - _NEAR) : hit.start]
    return bool(_OF_MINE.search(before) or _ASKED_BACK.match(text.words, hit.end))


def _is_denied(before: str, hit: Hit) -> bool:
    """Whether words negate an insult; the German "ne" is "eine", not the French "not"."""
    return _KIND.search(before.replace(" ne ", " ") if hit.language == "de" else before) is not None


def _third_person(row: Row, hit: Hit, hits: list[Hit], params: HarassmentParams) -> Iterator[Evidence]:
    """An insult for somebody who is neither spoken to nor named: the span is the insulting words alone."""
    words = row.text.words
    sentence = row.text.sentence_at(hit.start)
    before = words[max(sentence[0], hit.start - _NEAR) : hit.start]
    after = words[hit.end : min(sentence[1], hit.end + _NEAR)]
    if (
        _OF_A_GROUP.search(before)
        or _is_about_self(before)
        or _I_AM.match(after)
        or _I_AM_ABROAD.match(after)
        or _OF_MINE_ABROAD.search(before)
        or _is_harmless_romance(hit, before, after)
        or _FORGIVE_ME.search(before)
        or _KIND.search(before[-_SELF_REACH:])
        or is_attributed(row.text, hit.start)
    ):
        return
    neighbour = _neighbour(hit, hits)
    if neighbour and neighbour.start < hit.start and neighbour.sense == "adjective":
        before = words[max(sentence[0], neighbour.start - _NEAR) : neighbour.start]
    sure = _sureness(hit, before, after, neighbour)
    if sure < _AT_PERSON and _is_of_a_person_romance(row, hit, before):
        sure = _OF_A_PERSON
    if sure < _OF_A_NAME and hit.sense != "abstract" and _is_of_a_name(row, hit, before):
        sure = _OF_A_NAME
    if sure < _AT_PERSON and "anyone" not in params.aim:
        return
    if sure:
        start = neighbour.start if neighbour and neighbour.start < hit.start else hit.start
        yield row.evidence(start, hit.end, "an insult", sure * hit.weight * doubt(row.text, hit, spoken_to=False))


#: What is said of a protected group is another rule's matter.
_OF_A_GROUP = pattern(r"(?<![\w']){groups_spoken_of}\s+(?:are|were)\s+(?:\w+\s+){0,3}$")
#: From here on an insult is about somebody rather than said at large.
_AT_PERSON = 0.55
#: A name may be that of a team, a film or a cat.
_OF_A_NAME = 0.58
_OF_A_PERSON = 0.65
_NAMED_IS = pattern(
    r"(?:(?P<two>(?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+|{forms_of_address}\.? [A-Z][\w'-]+)|(?P<one>[A-Z][a-z'-]+))"
    r"(?: (?:is|was|remains|has been|sounds like|looks like|acts like|must be)|'s)"
    r"(?P<fills>(?: {insult_fills}|\s[\w-]+ and(?: an?)?| [\w-]+,){0,5}) $"
)


def _is_of_a_name(row: Row, hit: Hit, before: str) -> bool:
    """Whether an insult is said of a name: two capitals, one inside a sentence, or a first name of the roster."""
    found = _NAMED_IS.search(row.text.cut(hit.start - len(before), hit.start))
    if found is None:
        return False
    if found["two"] or found.start():
        return True
    return any(name.split()[0] == found["one"] for name in row.context.roster_names)


def _is_harmless_romance(hit: Hit, before: str, after: str) -> bool:
    """Whether a Spanish or Portuguese word is said of the speaker, of nobody, of a thing or of a part."""
    if hit.language not in _ROMANCE:
        return False
    of_nobody = _NOBODY_ROMANCE.search(before[-_SELF_REACH:])
    of_myself = _OF_MYSELF_ROMANCE.search(before) or _I_AM_ROMANCE.match(after)
    return bool(of_nobody or of_myself) or _is_of_no_person_romance(before, after)


def _is_of_no_person_romance(before: str, after: str) -> bool:
    """Whether it is said of a thing, before or after it, of a part in a play, or in praise: "esa estúpida regla"."""
    return bool(_NO_PERSON_ROMANCE.match(after) or _THING_ROMANCE.search(before) or _IN_A_WORK_ROMANCE.search(before))


def _is_of_a_person_romance(row: Row, hit: Hit, before: str) -> bool:
    if hit.language not in _ROMANCE:
        return False
    found = _PERSON_IS_ROMANCE.search(before)
    if found is None and hit.sense == "noun":
        found = _THOSE_ARE_ROMANCE.search(before)
    return found is not None and not _is_and(row, hit.start - len(before) + found.start("verb"), found["verb"])


def _is_said_of_name(row: Row, hit: Hit, end: int) -> bool:
    """Whether an insult is said of a name that ends at `end`: "… es una …", "… é um …"."""
    if hit.language not in _ROMANCE:
        return False
    found = _NAME_IS_ROMANCE.match(row.text.words[end : hit.start])
    return found is not None and not _is_and(row, end + found.start("verb"), found["verb"])


def _is_and(row: Row, at: int, verb: str) -> bool:
    """Whether the "e" at a place is Portuguese for "and": the verb has an accent, which the plain view leaves off."""
    return verb == "e" and row.text.cut(at, at + 1) == "e"


def _is_about_self(before: str) -> bool:
    mine = [found.end() for found in _SELF.finditer(before)]
    others = [found.end() for found in _OTHER.finditer(before)]
    if not mine or (others and others[-1] > mine[-1]):
        return False
    # "I put it in at sixty degrees like a fool": compared is whoever did it.
    return len(before) - mine[-1] < _SELF_REACH or before.endswith((" like a ", " like an "))


_SELF_REACH = 28


def _neighbour(hit: Hit, hits: list[Hit]) -> Hit | None:
    """The insult that stands right before or after this one."""
    at = bisect_left(hits, hit.start, key=attrgetter("start"))
    near = [other for other in hits[max(0, at - 1) : at + 2] if other is not hit]
    return next((other for other in near if hit.start - other.end == 1 or other.start - hit.end == 1), None)


def _sureness(hit: Hit, before: str, after: str, neighbour: Hit | None) -> float:
    """How surely an insult is meant for a person, from the words around it; 0 where it may be about a thing."""
    if hit.sense == "noun":
        return _of_noun(before, neighbour)
    if hit.sense == "figure":
        return _of_figure(before, after, neighbour)
    if hit.sense == "adjective":
        return _of_adjective(hit, before, after, neighbour)
    return 0.4 if hit.sense == "abstract" else 0.0


def _of_noun(before: str, neighbour: Hit | None) -> float:
    if any(frame.search(before) for frame in (_POINTED, _PERSON_IS, _PRONOUN_IS)) or (
        neighbour and neighbour.sense == "adjective"
    ):
        return 0.7
    if _ANY_IS.search(before):
        return 0.65
    return 0.5 if _ARTICLE.search(before) else 0.42


def _of_figure(before: str, after: str, neighbour: Hit | None) -> float:
    insulted = neighbour is not None and neighbour.sense == "adjective"
    if _PERSON_IS.search(before):
        return 0.65
    if _POINTED.search(before) and (insulted or _THAT_SELF.match(after)):
        return 0.7
    return 0.45 if insulted else 0.0


def _of_adjective(hit: Hit, before: str, after: str, neighbour: Hit | None) -> float:
    if neighbour and neighbour.sense in ("noun", "figure") and neighbour.start > hit.start:
        # The noun's evidence takes the adjective in.
        return 0.0
    if _THING.match(after) or _TO_DO.match(after):
        return 0.0
    if _PERSON_IS.search(before):
        return 0.65
    if _PEOPLE_AFTER.match(after):
        return 0.6 if _POINTED.search(before) else 0.55
    return 0.42 if hit.weight >= _PLAIN_WEIGHT else 0.0


def _last_of(hit: Hit, hits: list[Hit]) -> int:
    """Where a chain of insults ends: "a pathetic liar"."""
    end = hit.end
    for other in hits[bisect_right(hits, hit.start, key=attrgetter("start")) :]:
        if other.start > end + 1:
            break
        if other.start == end + 1:
            end = other.end
    return end


def _aim(
    row: Row,
    hit: Hit,
    sentence: tuple[int, int],
    people: Sequence[list[tuple[int, int, str]]],
    params: HarassmentParams,
) -> tuple[int, str] | None:
    """Where the words for the person start and who it is; None where nobody is aimed at."""
    words = row.text.words
    before, after = words[sentence[0] : hit.start], words[hit.end : sentence[1]]
    if _THING.match(after) or _CONDITION.search(before) or (hit.sense == "adjective" and _TO_DO.match(after)):
        return None
    if hit.language in _ROMANCE and _is_of_no_person_romance(before, after):
        return None
    if "you" in params.aim:
        found = _YOU_ARE.search(before)
        if found and found.group().startswith("your") and hit.sense != "noun":
            found = None
        if _I_AM_ABROAD.match(after):
            return None
        if hit.language in _ROMANCE:
            found = found or _YOU_ARE_ROMANCE.search(before)
            if found and _DENIED_ROMANCE.search(before, 0, found.start()):
                return None
        if found is None and hit.language in ("pt", "de") and _AND_NO_MORE.match(after):
            found = _YOUR_OWN.search(before)
        if found or _is_so_called(hit, after) or _is_called_out(hit, before, after):
            return sentence[0] + found.start() if found else hit.start, "the person spoken to"
    return next(
        (
            (start, whom)
            for of_kind in people
            for start, end, whom in of_kind[bisect_left(of_kind, (sentence[0],)) : bisect_left(of_kind, (hit.start,))]
            if end <= hit.start and (_linked(words[end : hit.start], hit) or _is_said_of_name(row, hit, end))
        ),
        None,
    )


def _is_so_called(hit: Hit, after: str) -> bool:
    """Whether "… you are!" follows."""
    if _SO_YOU_ARE.match(after):
        return True
    return hit.language in _ROMANCE and _SO_YOU_ARE_ROMANCE.match(after) is not None


def _is_called_out(hit: Hit, before: str, after: str) -> bool:
    """Whether somebody is called it at the end of what is said to them: "go back to kindergarten, clown"."""
    if hit.sense not in ("noun", "figure") or hit.term.endswith("s") or not _ENDS.match(after):
        return False
    to_somebody = _TO_SOMEBODY.search(before) or (hit.language in _ROMANCE and _TO_SOMEBODY_ROMANCE.search(before))
    return bool(_VOCATIVE.search(before)) and bool(to_somebody)


def _roster(row: Row, params: HarassmentParams) -> list[tuple[int, int, str]]:
    people = named(row.text, row.context, ("person",)) if "roster" in params.aim else []
    return [(person.start, person.end, "a name of the roster") for person in people]


def _mentions(row: Row, params: HarassmentParams) -> list[tuple[int, int, str]]:
    words = row.text.words
    found = _MENTION.finditer(words) if "mention" in params.aim else ()
    # "RT @x" names whom a text is from.
    own = [match for match in found if not words.endswith("rt ", 0, match.start())]
    return [(match.start(), match.end(), "the account mentioned") for match in own]


def _linked(between: str, hit: Hit) -> bool:
    """Whether "@x is such a …" or "@x, you …" or "@x …" links the name with the insult."""
    if _DIRECTLY.match(between):
        return hit.sense in ("noun", "figure") and hit.term not in _ABOUT_MATTERS
    return bool(_AFTER_NAME.match(between) or _YOU_ARE.search(between))
