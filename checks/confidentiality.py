"""Confidential or not yet public matters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span, named
from checks.lexicons import Hit
from checks.screen import Said, Terms

_ADVICE = re.compile(
    r"(?<!\w)(?:how to|tips|webinar|training session|course|training|learn|best practices|policy|policies"
    r"|protect\w*|safeguard\w*|"
    r"remember|remind\w*|please do not share (?:your|passwords?|personal)|registration|invitation|tickets?"
    r"|never share|should (?:never|not|always)"
    r"|must (?:never|not)|"
    r"don't share (?:your|drinks|food|passwords?)|do not share (?:your|passwords?)|keep(?:ing)? (?:client|patient"
    r"|your|their)|"
    r"compliance|ethics|duty of|rules? of|law firm|attorney|hipaa|gdpr|privacy|now public|now announced"
    r"|is public now|"
    r"was announced|has been announced|officially announced|lifted"
    r"|(?:will|can) be (?:published|announced|public|seen by (?:all|every\w+)|shown to (?:all|every\w+))"
    r"|then (?:you|we|everybody|everyone) (?:can )?(?:find|read|see)|public part|shredd\w+|only shown|never shown"
    # es, fr, de, pt
    r"|como proteger|consejos|taller|curso|recuerd\w+|nunca compart\w+|politica de|proteccion de datos|abogad\w+"
    r"|ya es publico|(?<!no )fue anunciad\w|(?<!no )se anuncio"
    r"|comment proteger|conseils|atelier|formation|rappel\w*|ne partagez jamais|protection des donnees|avocat\w*"
    r"|rgpd|a ete annonce\w*|est public"
    r"|tipps|seminar|schulung|kurs|denkt daran|teilt nie|datenschutz|dsgvo|schweigepflicht|anwalt\w*"
    r"|wurde (?:heute |gestern )?(?:angekundigt|bekannt gegeben)|ist jetzt offentlich"
    r"|como guardar|dicas|oficina|lembr\w+|nunca partilh\w+|nunca compartilh\w+|lgpd|advogad\w+|(?<!nao )foi anunciad\w"
    r"|agora e publico)(?!\w)"
)
_MONEY = re.compile(
    r"(?:[$€£]\s?\d[\d,.]*\s?[km]?|\d[\d,.]*\s?(?:dollars|euros|pounds|usd|eur|k a year|per year|a year))"
)
_PAY = re.compile(
    r"(?<!\w)(?:salary|salaries|earns?|earning|makes|paid|pays|bonus|compensation|severance|takes home)(?!\w)"
)
_PAY_TALK = re.compile(
    r"(?<!\w)(?:salary survey|survey|median|average|range|benchmark|job|hiring|position|apply|opening|raised"
    r"|donat\w+|fundrais\w+|"
    r"dues|registration|ticket|fee|sponsor\w*)(?!\w)"
)
_STAFF = re.compile(
    r"(?<!\w)(?:our|the|their) (?:new |old |former )?(?:executive director|director|ceo|cfo|administrator|staff"
    r"|president|treasurer|"
    r"office manager|employees?)(?!\w)"
)
_WEAK = 0.75
_NEAR = 30


class ConfidentialityParams(Params):
    """`markers` (sense strong or weak) and the `objects` a weak marker must stand beside; `pay` looks for salaries."""

    markers: str = "confidentiality"
    objects: str = "confidential_objects"
    pay: bool = True

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.markers, self.objects)


@check(
    "confidentiality",
    ConfidentialityParams,
    screen=lambda params: [
        Terms(params.markers, min_weight=_WEAK),
        (Terms(params.markers), Terms(params.objects)),
        *([(Said(_PAY), Said(_MONEY))] if params.pay else []),
    ],
)
def confidentiality(batch: Batch, rule: Rule, params: ConfidentialityParams) -> Judgement:
    """Looks for marks of confidential or unannounced matters, and for salaries of named or appointed people.

    "Not for distribution", "embargoed until", "before it is announced" count alone; "confidential" only beside a
    document or figures. Advice on confidentiality, confidential helplines and surveys are not meant. For a person to
    read.
    """

    def find(row: Row) -> Iterable[Evidence]:
        markers = row.hits(params.markers, also=("en",))
        found = list(_marked(row, markers, params)) if markers else []
        if params.pay:
            found += _salaries(row)
        return found[:1]

    return judge_each(batch, rule, find)


def _marked(row: Row, markers: list[Hit], params: ConfidentialityParams) -> Iterator[Evidence]:
    text = row.text
    objects = row.hits(params.objects, also=("en",))
    for marker in markers:
        sentence = text.sentence_at(marker.start)
        if text.is_quoted(marker.start, marker.end) or _ADVICE.search(text.words, *sentence):
            continue
        if marker.weight >= _WEAK:
            if not text.is_negated(marker.start, reach=14):
                yield row.evidence(marker.start, marker.end, "a mark of something not public", 0.7)
            continue
        near = [
            hit for hit in in_span(objects, sentence) if abs(hit.start - marker.end) <= _NEAR and not _same(hit, marker)
        ]
        if near and not text.is_negated(marker.start):
            start, end = min(marker.start, near[0].start), max(marker.end, near[0].end)
            yield row.evidence(start, end, "a document or figure said to be confidential", 0.55)


def _salaries(row: Row) -> list[Evidence]:
    text = row.text
    if not _PAY.search(text.words):
        return []
    found = []
    for money in _MONEY.finditer(text.words):
        start, end = text.sentence_at(money.start())
        people = [(n.start, n.end) for n in named(text, row.context, ("person",)) if start <= n.start < end]
        people += [match.span() for match in _STAFF.finditer(text.words, start, end)]
        if people and _PAY.search(text.words, start, end) and not _PAY_TALK.search(text.words, start, end):
            left, right = min(people[0][0], money.start()), max(people[0][1], money.end())
            found.append(row.evidence(left, right, "what somebody is paid", 0.65))
    return found


def _same(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
