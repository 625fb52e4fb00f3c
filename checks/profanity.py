"""Obscene language."""

# ruff: noqa: E501, RUF001 - grammars read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable

from chapterwatch.policy import Rule
from checks.attribution import is_attributed
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.screen import Terms
from checks.text import Text
from checks.word_classes import pattern

_WORD_TALK = re.compile(r"(?<!\w)(?:words?|terms?|slurs?|r-word|n-word|f-word|label)(?!\w)")
#: How sure an obscene word in quotation marks still is: a title or somebody else's words.
_QUOTED = 0.6
#: And in the title of a work, where nobody swears at all.
TITLED = 0.3
_WORK = (
    r"(?:books?|novels?|memoir|essays?|films?|movies?|musical|sitcom|series|plays?|shows?|songs?|albums?|bands?|podcasts?|poems?|"
    r"reads?|reading|watch(?:ing|ed)?|screening|chapter|bestseller|best-seller|author|written|on stage|discuss(?:es|ed|ing)?)"
)
#: A work named before the quotation, or told of right behind it: "… by Jane Roe", "… is our book of the month".
_WORK_BEFORE = re.compile(rf"\b{_WORK}\b[^\n.!?\"“”]{{0,24}}[\"“'‘]?$")
_WORK_AFTER = re.compile(rf"^[\"”'’]?,? ?(?:by [a-z]|\(?(?:19|20)\d\d\b|[^\n.!?\"“”]{{0,24}}\b{_WORK}\b)")
#: Called so by others, in German and French: "… hat mich als … beschimpft", "il m'a traitée de …".
_SUFFERED_FRENCH = pattern(r"(?<![\w']){called_so_french} (?:de |d')?(?:\w+ )?$")
_SUFFERED_GERMAN = pattern(r"[\"'”»“]*,? (?:zu )?{called_so_german}(?!\w)")
#: The same in Italian: "le hanno urlato …", "mi ha dato della …", "una parola come …"; "…, mi ha detto".
_SUFFERED_ITALIAN = pattern(
    r"(?<![\w'])(?:{called_so_italian}(?: [\w']+){0,3}?|{word_spoken_of_italian})[\s:,\"'“«(]+"
    r"(?:(?:di|del|della|dell'|dello|dei|delle|un|una)\s?)?$"
)
_SUFFERED_BEHIND_ITALIAN = re.compile(
    r"[\"'”»!]*,? (?:mi|ti|ci|vi|gli|le|l')\s?(?:ha|hanno|aveva|avevano) (?:detto|urlato|gridato|scritto|chiamat[oaie])(?!\w)"
)
_WHO_SUFFERS = re.compile(
    r"(?<!\w)(?:mich|uns|mir|sie|ihn|er|dich|euch|wurde|wurden|werde|werden|jemand|niemand)(?!\w)"
)
#: The same in Dutch: "noemde mij een …", "uitgescholden voor …", "… naar mijn hoofd geslingerd".
_SUFFERED_DUTCH = pattern(
    r"(?<![\w'])(?:{spoken_of_dutch}|{called_so_dutch}(?: \w+){0,3}? (?:voor|als|met)"
    r"|{calls_dutch} (?:mij|me|ons|haar|hem|hen|ze|iemand|elkaar|je|jou|vrouwen|moeders|een \w+|mijn \w+|onze \w+))"
    r"(?: \w+ (?:of|en|en voor|of voor))?(?:[\s\"'„“«]+(?:een|al|gewoon|steeds|zelfs|dat|vuile|vieze|stomme|domme|dikke|lelijke))*[\s\"'„“«:]*$"
)
#: "Ze riepen: …", "wat ze tegen mij riepen, …"; "ik riep" is the speaker.
_CRIED_DUTCH = re.compile(
    r"(?<!\bik )(?<![\w'])(?:riep|riepen|schreeuwden?|brulden?|sisten?|snauwden?|fluisterden?|schreef|schreven|zei|zeiden)"
    r"(?: (?!ik\b)\w+){0,4}?\s?[:,]\s*[\"'„“«]*(?:\w+ )?$"
)
_SUFFERED_BEHIND_DUTCH = pattern(
    r"[\"'”»]*,? (?:(?:naar|tegen) (?:mijn|ons|haar|zijn|hun"
    r"|een) (?:\w+ )?)?{called_behind_dutch}(?!\w)"
)
#: Around the name of an animal, words by which it is one. People who swear speak of dogs, cats and birds too.
_AMONG_ANIMALS = re.compile(
    r"\b(?:donkeys?|mules?|hens?|rooster|nests?|nesting|feeders?|eggs?|feathers?|galapagos|zoo|fables?|litter|pups?|pupp(?:y|ies)|"
    r"whelp\w*|chien(?:ne)?s?|chiots?|refuge|adopt\w+|croisee?|baguettes?|pains?|boulang\w+|levain|fournee|farine|breeders?|kennel|kittens?|species|wildlife|aviary|woodland|blue-footed|marsh|willow|crested)\b"
)
#: The same in Dutch.
_AMONG_ANIMALS_DUTCH = pattern(r"(?<!\w){animals_dutch}(?!\w)")
#: A work named in Dutch, around its title: "de voorstelling …", "naar … geweest", "… is de titel".
_WORK_DUTCH = pattern(r"(?<!\w){titled_dutch}(?!\w)")
#: And without quotation marks: "… is de titel van het boek", "de roman heet …".
_TITLE_DUTCH = re.compile(
    r"[^.!?]{0,40}? (?:is|was|luidt|heet|wordt) (?:ook )?(?:de (?:titel|naam) van|een (?:boek|film|roman|lied))"
)
_TITLED_DUTCH = re.compile(
    r"(?:(?:boek|roman|film|stuk|toneelstuk|lied|liedje|voorstelling|serie|podcast|titel)(?: \w+){0,2}? (?:heet|heette|luidt|is)"
    r"|met (?:de|als) titel|getiteld|genaamd) (?:(?:de|het|een) )?(?:\w+ )?$"
)
_AROUND = 40
_TOLD_REACH = 60
_BY_ME = re.compile(r"(?<!\w)(?:ich|wir) (?:hab\w*|werd\w*|beschimpf\w*|nenn\w*)(?!\w)")
_BY_ME_DUTCH = re.compile(r"(?<!\w)(?:ik|wij|we) (?:noem\w*|scheld\w*|zeg|zeggen)(?!\w)")


class ProfanityParams(Params):
    """Only lexicon entries of a weight in [`min_weight`, `below_weight`) count: 1 obscene, 0.8 vulgar, 0.6 coarse."""

    lexicon: str = "profanity"
    min_weight: float = 0.5
    below_weight: float = 1.1

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.lexicon,)


@check(
    "profanity",
    ProfanityParams,
    screen=lambda params: [
        Terms(params.lexicon, min_weight=params.min_weight, below_weight=params.below_weight),
    ],
)
def profanity(batch: Batch, rule: Rule, params: ProfanityParams) -> Judgement:
    """Looks for obscene words, whole words only, also where they are disguised.

    Inside quotation marks a word still counts but is less certain, least of all in the title of a book, a film or a
    song. Animals are spared where other words tell of animals. Medical and breastfeeding vocabulary is not obscene
    and stands in no list.
    """

    def find(row: Row) -> Iterable[Evidence]:
        for hit in row.hits(params.lexicon, also=("en",)):
            if params.min_weight <= hit.weight < params.below_weight and not _is_spared(row, hit):
                quoted = _quoted(row.text, hit) * _titled(row.text, hit)
                reason = "a disguised obscene word" if hit.disguised else "an obscene word"
                yield row.evidence(hit.start, hit.end, reason, hit.weight * hit.certainty * quoted)

    return judge_each(batch, rule, find)


def _quoted(text: Text, hit: Hit) -> float:
    """How much a word counts by the quotation marks around it."""
    quotation = text.quotation_around(hit.start, hit.end)
    if quotation is None:
        return 1.0
    start, end = quotation
    told = _WORK_BEFORE.search(text.words[max(0, start - _AROUND) : start]) or _WORK_AFTER.search(
        text.words[end : end + _AROUND]
    )
    if hit.language == "nl":
        told = told or _WORK_DUTCH.search(text.words, max(0, start - _AROUND), min(len(text.words), end + _AROUND))
    return TITLED if told and text.cut(start, end).lstrip("\"“‘'« ")[:1].isupper() else _QUOTED


def _titled(text: Text, hit: Hit) -> float:
    """How much a Dutch word counts without quotation marks where it is said to be a title."""
    if hit.language != "nl" or text.is_quoted(hit.start, hit.end):
        return 1.0
    start, end = text.sentence_at(hit.start)
    told = _TITLED_DUTCH.search(text.words[start : hit.start]) or _TITLE_DUTCH.match(text.words, hit.end, end)
    return TITLED if told else 1.0


def _is_suffered(text: Text, hit: Hit) -> bool:
    """Whether German, French, Italian or Dutch tells that others called somebody so."""
    start, end = text.sentence_at(hit.start)
    before = text.words[max(start, hit.start - _TOLD_REACH) : hit.start]
    if hit.language == "it":
        return bool(_SUFFERED_ITALIAN.search(before) or _SUFFERED_BEHIND_ITALIAN.match(text.words, hit.end))
    if hit.language == "nl":
        told_so = _SUFFERED_DUTCH.search(before) or _CRIED_DUTCH.search(before)
        told_so = told_so or _SUFFERED_BEHIND_DUTCH.match(text.words, hit.end, end)
        return told_so is not None and not _BY_ME_DUTCH.search(before)
    if _SUFFERED_FRENCH.search(before):
        return True
    told = _SUFFERED_GERMAN.match(text.words, hit.end, end)
    return told is not None and _WHO_SUFFERS.search(before) is not None and not _BY_ME.search(before)


def _is_spared(row: Row, hit: Hit) -> bool:
    if _is_suffered(row.text, hit):
        return True
    if hit.sense == "animal" and not hit.disguised and _is_among_animals(row.text, hit):
        return True
    return _is_name(row, hit) or (hit.sense == "slur" and _is_named_only(row, hit))


def _is_among_animals(text: Text, hit: Hit) -> bool:
    start, end = text.sentence_at(hit.start)
    before = text.words[max(start, hit.start - _AROUND) : hit.start]
    animals = _AMONG_ANIMALS_DUTCH if hit.language == "nl" else _AMONG_ANIMALS
    return bool(animals.search(before) or animals.search(text.words[hit.end : min(end, hit.end + _AROUND)]))


def _is_named_only(row: Row, hit: Hit) -> bool:
    """Whether a slur is spoken of rather than used: quoted, reported, or in a campaign against the word."""
    text = row.text
    if text.is_reported(hit.start, hit.end) or text.is_negated(hit.start) or is_attributed(text, hit.start):
        return True
    return bool(_WORD_TALK.search(text.words[max(0, hit.start - 60) : hit.end + 60]))


def _is_name(row: Row, hit: Hit) -> bool:
    """Whether a word that is also a name (sense `name`) is written like one: "Dick Miller", not "DICK" or "dick"."""
    return hit.sense == "name" and row.text.cut(hit.start, hit.end).istitle()
