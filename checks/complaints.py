"""Complaints about, and harm to the name of, the association, its partners or its people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import Named, clauses, named
from checks.lexicons import Hit
from checks.screen import Terms
from checks.text import Text

#: "ALA support is (really) …", "… was one of the …"
_SAID_OF = re.compile(
    r"^(?:'s?)?(?:\s+(?:\w+|@\S+)){0,5}?\s+(?:is|are|was|were|has been|have been|had been|being|seems?|gets?|got"
    r"|became"
    r"|has become|continues to be|remains|feels like|turned out|turned out to be|made a|have a|has a|with its"
    r"|with their"
    r"|and its|and their|provides?|offers?|gave us|gives"
    # es, fr, de, pt
    r"|es|son|era|fue|fueron|esta|estan|ha sido|han sido|parece|resulto|sigue siendo"
    r"|est|sont|etait|etaient|a ete|ont ete|semble|reste|c'est"
    r"|ist|sind|war|waren|bleibt|wirkt|wird"
    r"|e|sao|foi|foram|continua)\b(?:\s+\S+){0,6}\s*$"
)
#: "terrible service from …", "disappointed with …", "shame on …", "the worst part of …"
_SAID_BY = re.compile(
    r"^(?:\s+\w+){0,5}?\s*(?:from|by|with|at|in|of|about|on|to|for|using|dealing with|working with"
    r"|experience with"
    # es, fr, de, pt
    r"|de|del|con|por|en|par|avec|chez|de la|du|von|vom|mit|bei|beim|uber|uns|da|do|com|na|no|pela|pelo)\s+"
    r"(?:\w+\s+){0,3}$|^\s*(?:the\s+|our\s+|you\s+)?$|^,?\s*(?:thanks|thank you)(?: a lot)?,?\s+(?:to )?$"
)
#: "ripped off by …", "fraud at …"
_DONE_BY = re.compile(
    r"^(?:\s+\w+){0,4}?\s*(?:from|by|at|of|por|de|del|en|par|chez|von|vom|bei|beim|pela|pelo|da|do|na)\s+"
    r"(?:\w+\s+){0,3}$|^\s*(?:the\s+|our\s+)?$"
)
#: "do not trust …", "boycott …"
_NAMED_NEXT = re.compile(r"^\s*(?:the\s+|our\s+|this\s+)?$")
#: "ALA's terrible website", "the useless ALA helpdesk"
_NOUN = re.compile(r"^(?:'s|s')?(?:\s+\w+){0,2}\s*$")
_HELPS = re.compile(
    r"\b(?:help(?:s|ed|ing)?|protect\w*|avoid\w*|prevent\w*|warn\w*|fight\w*|stop\w*|against|never|not|isn't|wasn't"
    r"|aren't|no|without|solv\w+|fix(?:ed|es)?|rescued?|saved?|tips on|guide to"
    r"|(?:webinar|session|panel|workshop|seminar|talk|lecture|class|training|course|article|book|film|play)"
    r" (?:on|about)|how to"
    r"|learn"
    # es, fr, de, pt
    r"|no|nunca|ningun\w*|sin|ayud\w+|contra|evit\w+|preven\w+|protege\w*|taller|gracias"
    r"|ne|pas|jamais|aucun\w*|sans|aide\w*|contre|protege\w*|atelier|merci"
    r"|nicht|kein\w*|nie|ohne|gegen|hilft|helfen|schutzt|schutz|vermeide\w*|danke"
    r"|nao|nenhum\w*|sem|ajud\w+|oficina|obrigad\w)\b|n't\b"
)
_QUESTION = re.compile(
    r"^\W*(?:do|does|did|is|are|was|have|has|can|could|would|should|who|what|how|when|where|which"
    r"|es|son|quien|que|como|cuando|donde|est-ce|qui|quand|comment|ist|sind|wer|wie|wann|wo|sera|quem|quando|onde)\b"
)
_GOOD = re.compile(
    r"(?<!\w)(?:thank(?:s| you)|grateful|love|great|excellent|amazing|wonderful|awesome|fantastic|best|congrat\w*"
    r"|kudos"
    r"|hats off|gracias|genial|excelente|maravillos\w+|felicidades|merci|bravo|formidable|superbe|danke|grossartig|toll"
    r"|wunderbar|obrigad\w|otim\w|parabens|maravilhos\w+)(?!\w)"
)
#: "terrible traffic on the way to ALA" is about traffic.
_OTHER_MATTER = re.compile(
    r"\b(?:weather|traffic|flight|parking|storm|snow|rain|drive|commute|news|day|week|year|cold|flu"
    r"|clima|tiempo|trafico|vuelo|lluvia|gripe|meteo|circulation|pluie|grippe|wetter|verkehr|stau|regen|transito"
    r"|chuva|voo)\b"
)
_BUT = re.compile(r"\b(?:pero|sino que|sin embargo|aber|jedoch|porem|contudo)\b|, (?:mais|mas)\b")
#: "plays a crook", "told a joke", "recycles junk": what they do, not what they are.
_DEED = re.compile(
    r"\b(?:plays?|played|playing|tells?|told|telling|composts?|recycles?|collects?|sorts?|investigat\w+|prosecut\w+"
    r"|fights?|fighting|hunts?|catch\w*|uncover\w*|expos\w+|report(?:s|ed) on)\b"
)
_A_SENTENCE = 120
_GOES_ON = re.compile(r"\s*(?:they|their|it|its|it's|they're|such|what|absolutely|total|complete)\b")
_WHO = {
    "association": "association",
    "generic": "association",
    "partner": "business partner",
    "person": "person named",
}


class ComplaintParams(Params):
    """`about`: whom a complaint must be about: association, partner, person, generic ("the board")."""

    complaints: str = "complaints"
    generic: str = "complaint_targets"
    about: tuple[str, ...] = ("association", "partner")
    #: Only these senses of the lexicon: `accusation` (of a wrong), `claim` (of bad service), `judgement` (a verdict),
    #: `warning` ("do not trust …").
    senses: tuple[str, ...] = ("accusation", "claim", "judgement", "warning")

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.complaints, self.generic)


@check("complaints", ComplaintParams, screen=lambda params: [Terms(params.complaints, params.senses)])
def complaints(batch: Batch, rule: Rule, params: ComplaintParams) -> Judgement:
    """Looks for complaints about the association, its business partners or people of its roster; for a person to read.

    A negative word must be said of the name, in the same clause. Praise, neutral mentions, warnings against scams,
    negations, quotations and complaints about other things (weather, traffic) are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        negatives = [hit for hit in row.hits(params.complaints, also=("en",)) if hit.sense in params.senses]
        if not negatives:
            return ()
        targets = _targets(row, params)
        return list(_complaints(row, negatives, targets)) if targets else ()

    return judge_each(batch, rule, find)


def _targets(row: Row, params: ComplaintParams) -> list[Named]:
    found = named(row.text, row.context, params.about)
    if "generic" in params.about:
        found += [
            Named(hit.start, hit.end, hit.term, "generic")
            for hit in row.hits(params.generic, also=("en",))
            if hit.sense == "generic"
        ]
    return found


def _complaints(row: Row, negatives: list[Hit], targets: list[Named]) -> Iterator[Evidence]:
    text = row.text
    for hit in negatives:
        if text.is_reported(hit.start, hit.end):
            continue
        sentence = text.sentence_at(hit.start)
        for clause in _clauses(text, sentence):
            if not clause[0] <= hit.start < clause[1]:
                continue
            target = next(
                (t for t in targets if clause[0] <= t.start < clause[1] and _said_of(row, hit, t, clause)), None
            )
            target = target or _carried(row, hit, targets, clause, sentence)
            if target is not None:
                start, end = min(hit.start, target.start), max(hit.end, target.end)
                yield row.evidence(start, end, f"a complaint about the {_WHO[target.kind]}", 0.65 * hit.weight)
                return


def _clauses(text: Text, sentence: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, split also at "but" in the other languages that have a lexicon."""
    for start, end in clauses(text, sentence):
        edges = [start, *(found.start() for found in _BUT.finditer(text.words, start, end)), end]
        yield from ((left, right) for left, right in pairwise(edges) if left < right)


def _said_of(row: Row, hit: Hit, target: Named, clause: tuple[int, int]) -> bool:
    """Whether the negative word is said of the target, and not negated, helped against or asked."""
    words = row.text.words
    if hit.start < target.end and target.start < hit.end:
        return False
    after = target.end <= hit.start
    if hit.sense == "warning":
        lead = words[max(clause[0], hit.start - 20) : hit.start]
        return not after and not _HELPS.search(lead) and bool(_NAMED_NEXT.match(words[hit.end : target.start]))
    between = words[target.end : hit.start] if after else words[hit.end : target.start]
    lead = words[max(clause[0], min(hit.start, target.start) - 20) : min(hit.start, target.start)]
    negated = _HELPS.search(lead) or (after and (_HELPS.search(between) or _DEED.search(between)))
    if negated or (hit.sense == "judgement" and _asks(words, clause)):
        return False
    if hit.sense != "judgement":
        return len(between.split()) <= 6 and "," not in between if after else bool(_DONE_BY.match(between))  # noqa: PLR2004
    if after:
        return bool(_SAID_OF.match(between) or _NOUN.match(between))
    return bool(_SAID_BY.match(between)) and not _OTHER_MATTER.search(words[hit.end : target.start])


def _asks(words: str, clause: tuple[int, int]) -> bool:
    return bool(_QUESTION.match(words[slice(*clause)])) and "?" in words[clause[1] - 2 : clause[1] + 1]


def _carried(
    row: Row,
    hit: Hit,
    targets: list[Named],
    clause: tuple[int, int],
    sentence: tuple[int, int],
) -> Named | None:
    """The target of the sentence before, when this one goes on with "they", "their" or "it"."""
    words = row.text.words
    opening = words[sentence[0] : hit.start]
    if clause[0] != sentence[0] or not re.match(
        r"\s*(?:they|their|it|its|it's|they're|such|what|absolutely|total|complete)\b", opening
    ):
        return None
    if _HELPS.search(opening) or _GOOD.search(words[slice(*sentence)]):
        return None
    before = [item for item in targets if item.end <= sentence[0] < item.end + _A_SENTENCE]
    if not before:
        return None
    last = before[-1]
    previous = row.text.sentence_at(last.start)
    return None if _GOOD.search(words[slice(*previous)]) else last
