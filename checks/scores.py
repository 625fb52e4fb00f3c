"""A score for every post and family, for those who compare, rank or set thresholds of their own.

Rules of words and trained models are put together. What rules find of a family counts by the rule's confidence, what
the models say by their calibrated score, and the higher of the two is the score. Where a model is known to be misled
it is held back unless its score is high: on hate without a group or a hostile word, on threats without a word of
violence, on harassment where nobody is spoken to. Words that are quoted, denied or condemned hold it back at any score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from chapterwatch.model import Lane
from chapterwatch.policy import Pack
from checks.attribution import is_attributed
from checks.base import Context
from checks.classifier import BUILT_IN, Classifier, WeightedSpan, classifier
from checks.classifier.builtin import TOXIC, BuiltIn
from checks.coarse import abuse_nobody
from checks.counter import (
    asks_for_discretion,
    is_denied_of_you,
    is_ones_own,
    is_spoken_for,
    is_turned_down,
    speaks_against,
    speaks_well,
)
from checks.cues import YOU
from checks.engine import CompiledPack, compile_pack, judge_table, public_context
from checks.hostility import Group, groups_in, is_hostile, is_others_doing
from checks.language import language_of
from checks.lexicons import Hit
from checks.personal_data import (
    Allowed,
    Kind,
    Span,
    find_health_details,
    find_personal,
    is_of_nobody,
    names_illness,
)
from checks.personal_data.spans import UNLIKELY
from checks.profanity import TITLED
from checks.readings import Readings
from checks.text import Text, prepare
from checks.threats import is_no_threat_talk

#: Columns of the long form. `spans` is `start-end;start-end`, half-open code points of the text given.
COLUMNS = ("id", "family", "score", "point", "spans")
NONE, REVIEW, VIOLATION = "none", "review", "violation"
_ORDER = (NONE, REVIEW, VIOLATION)

PERSONAL: Mapping[Kind, str] = {
    Kind.PHONE: "pii.phone",
    Kind.EMAIL: "pii.email",
    Kind.ADDRESS: "pii.address",
    Kind.CARD: "pii.card",
    Kind.BANK_ACCOUNT: "pii.iban",
    Kind.SSN: "pii.ssn",
    Kind.ID_NUMBER: "pii.id_number",
    Kind.IP_ADDRESS: "pii.ip",
    Kind.BIRTH_DATE: "pii.birthdate",
    Kind.HEALTH: "pii.health",
}
#: Which checks speak for which family, and with which parameters (those a rule must have, where given).
RULE_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "profanity": ("profanity",),
    "hate": ("hate",),
    "harassment": ("harassment",),
    "threat": ("threats",),
    "complaint": ("complaints",),
    "disparagement": ("complaints",),
    "politics": ("topics",),
    "religion": ("topics",),
    "rumour": ("rumours",),
    "confidential": ("confidentiality",),
    "promotion": ("promotion",),
    "pii.health": ("person_detail", "supported_family", "support_story"),
}
#: Families of which each finding makes a post offensive too.
OFFENDING = ("profanity", "hate", "harassment", "threat")
FAMILIES = (
    *("profanity", "offensive", "hate", "harassment", "threat", "complaint", "disparagement"),
    *PERSONAL.values(),
    *("politics", "religion", "rumour", "confidential", "promotion", TOXIC),
)
#: A rule's finding this sure passes `violation`; a less sure one passes `review`.
SURE = 0.6
#: What is left of a model's score where it is held back: it can rank, but passes no point.
HELD_BACK = 0.4
#: From this score on the places a model looks at are given; of the span family, which is asked where and not whether,
#: from a far lower one.
SHOWN, LEAST_TOXIC = 0.5, 0.2
_PII_SURE = 0.5
#: Kinds that offices and venues publish too, and their score: info@…, a toll-free line, a hall's address.
_OF_OFFICES, _IN_FORM = frozenset({Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.BANK_ACCOUNT}), 0.55


@dataclass
class _Entry:
    score: float = 0.0
    point: str = NONE
    spans: tuple[tuple[int, int], ...] = ()

    def add(self, score: float, point: str, spans: Iterable[tuple[int, int]]) -> None:
        self.score = max(self.score, score)
        self.point = max(self.point, point, key=_ORDER.index)
        self.spans = (*self.spans, *spans)


Table = dict[str, list[_Entry]]


def score_table(
    frame: pd.DataFrame,
    pack: Pack | CompiledPack,
    context: Context | None = None,
    *,
    use: str | Classifier = BUILT_IN,
) -> pd.DataFrame:
    """Score every row for every family.

    Args:
        frame: columns `id` and `text`, as `checks.engine.judge_table` takes them.
        pack: whose rules and lexicons speak.
        context: roster facts; when None only the pack's public ones.
        use: the classifier, or its name.

    Returns:
        `COLUMNS`, rows in the order of `frame`, families in the order of `FAMILIES`. `score` is 0..1, `point` none,
        review or violation.

    Raises:
        UserError: a needed column is missing.
        WeightsRefused, UnknownClassifier: the classifier cannot be used.
    """
    compiled = pack if isinstance(pack, CompiledPack) else compile_pack(pack)
    model = classifier(use) if isinstance(use, str) else use
    context = context or public_context(compiled.pack)
    numbered = frame.assign(id=[str(place) for place in range(len(frame))])
    texts = ["" if pd.isna(text) else str(text) for text in frame["text"]] if "text" in frame else []
    table = _said(numbered, texts, compiled, context, model)
    _add_readings(table, numbered, texts, compiled, context, model)
    _add_personal(table, texts, context)
    return _long(table, frame)


def _said(
    frame: pd.DataFrame, texts: Sequence[str], compiled: CompiledPack, context: Context, model: Classifier
) -> Table:
    """What rules and models say of the texts; `frame` has the place of each as its id."""
    table: Table = {family: [_Entry() for _ in texts] for family in FAMILIES}
    _add_rules(table, frame, compiled, context)
    _add_swearing(table, texts, compiled)
    _add_models(table, frame, texts, compiled, context, model)
    return table


def wide(scores: pd.DataFrame) -> pd.DataFrame:
    """One row a post: `id`, the score of each family, and `<family>.point`."""
    # The long form holds each post's families together and in order.
    columns: dict[str, Any] = {"id": scores["id"].to_numpy()[:: len(FAMILIES)]}
    columns |= {family: scores["score"].to_numpy()[at :: len(FAMILIES)] for at, family in enumerate(FAMILIES)}
    points = {family: scores["point"].to_numpy()[at :: len(FAMILIES)] for at, family in enumerate(FAMILIES)}
    return pd.DataFrame(columns | {f"{family}.point": values for family, values in points.items()})


# --- disguises ------------------------------------------------------------------------------------------------------

_HOSTILE_LEXICONS = ("dehumanising", "violence", "insults")
_OBSCENE_LEXICONS = ("slurs", "profanity")
_NAMING_LEXICONS = ("groups", "group_adjectives")
#: How sure a second reading is, beside the first.
_READ_ANEW = 0.95
_DISGUISABLE = ("profanity", "offensive", "hate", "harassment", "threat")


def _readings(compiled: CompiledPack) -> Readings:
    """A pack's words of abuse in disguise. English only, for words of other languages look like slips of it."""

    def words(names: Sequence[str], least: float = 0.0) -> frozenset[str]:
        found = (compiled.pack.lexicons.get((name, "en")) for name in names)
        terms = (term for lexicon in found if lexicon for term in lexicon.terms)
        return frozenset(term.term.lower() for term in terms if term.weight >= least)

    kinds = (_HOSTILE_LEXICONS, _NAMING_LEXICONS, _OBSCENE_LEXICONS)
    return _readings_of(*(words(names) for names in kinds), words(("profanity",), _OBSCENE))


#: The weight of obscene words.
_OBSCENE = 0.8


@lru_cache(maxsize=4)
def _readings_of(
    words: frozenset[str], groups: frozenset[str], unslipped: frozenset[str], obscene: frozenset[str]
) -> Readings:
    return Readings(words, groups, unslipped, obscene)


def _add_readings(
    table: Table,
    numbered: pd.DataFrame,
    texts: Sequence[str],
    compiled: CompiledPack,
    context: Context,
    model: Classifier,
) -> None:
    """What texts with disguised words say once the words are read plainly."""
    readings = _readings(compiled)
    found = [(place, reading) for place, text in enumerate(texts) if (reading := readings.read(text))]
    if not found:
        return
    again = numbered.iloc[[place for place, _ in found]]
    again = again.assign(id=[str(at) for at in range(len(found))], text=[reading.text for _, reading in found])
    said = _said(again, [reading.text for _, reading in found], compiled, context, model)
    for family in _DISGUISABLE:
        for at, (place, reading) in enumerate(found):
            entry, anew = table[family][place], said[family][at]
            if anew.score * _READ_ANEW > entry.score:
                entry.add(anew.score * _READ_ANEW, anew.point, [reading.span(*span) for span in anew.spans])


# --- rules ----------------------------------------------------------------------------------------------------------


def _add_rules(table: Table, numbered: pd.DataFrame, compiled: CompiledPack, context: Context) -> None:
    families = {item.rule.id: _families_of(item.rule.check, item.rule.params) for item in compiled.rules}
    chosen = [
        item.rule.id
        for item in compiled.rules
        if families[item.rule.id] and item.rule.subject == "post" and item.rule.lane is not Lane.CREDIT
    ]
    if not chosen or numbered.empty:
        return
    found, _ = judge_table(numbered, compiled, chosen, context)
    stories = {item.rule.id for item in compiled.rules if item.rule.check == "support_story"}
    for item in found.to_dict("records"):
        if item["rule"] in stories and not _is_of_health(str(item["excerpt"]), compiled):
            continue
        said = _meant(families[str(item["rule"])], str(item["excerpt"]), compiled)
        for family in (*said, *_as_well(said, str(item["excerpt"]), compiled)):
            sure = float(item["confidence"])
            if families[str(item["rule"])] == ("profanity",) and sure <= TITLED:
                continue
            span = (int(item["start"]), int(item["end"]))
            entry = table[family][int(item["id"])]
            entry.add(0.5 + sure / 2, VIOLATION if sure >= SURE else REVIEW, [span])
            if family in OFFENDING:
                offence = table["offensive"][int(item["id"])]
                offence.add(0.5 + sure / 2, VIOLATION if sure >= SURE else REVIEW, [span])


def _add_swearing(table: Table, texts: Sequence[str], compiled: CompiledPack) -> None:
    """Swearing too mild for any rule ("wtf", "damn"): it is profane, yet passes no point."""
    swearing = _swearing(compiled)
    for place, text in enumerate(texts):
        if swearing.search(text) is None:
            continue
        prepared = prepare(text)
        for hit in compiled.lexicons.scan(prepared).get(("profanity", "en"), ()):
            if hit.weight == _SWEARING:
                table["profanity"][place].add(_SWORN, NONE, [prepared.span(hit.start, hit.end)])


#: The weight of swearing in the lexicon, and its score.
_SWEARING, _SWORN = 0.4, 0.55


def _swearing(compiled: CompiledPack) -> re.Pattern[str]:
    lexicon = compiled.pack.lexicons.get(("profanity", "en"))
    terms = sorted(term.term for term in lexicon.terms if term.weight == _SWEARING) if lexicon else []
    words = "|".join(rf"{re.escape(term.rstrip('*'))}{'' if term.endswith('*') else _WORD_END}" for term in terms)
    return re.compile(rf"(?<!\w)(?:{words})" if words else "(?!)", re.IGNORECASE)


_WORD_END = r"(?!\w)"


def _as_well(families: Sequence[str], excerpt: str, compiled: CompiledPack) -> Sequence[str]:
    """Harm wished on a group is a threat and hate, whichever rule has heard it."""
    if families not in (("hate",), ("threat",)):
        return ()
    text = prepare(excerpt)
    hits = {name: found for (name, language), found in compiled.lexicons.scan(text).items() if language == "en"}
    if families == ("hate",):
        return ("threat",) if any(hit.sense == "strong" for hit in hits.get("violence", ())) else ()
    groups = groups_in(text, *(hits.get(name, ()) for name in ("groups", "group_adjectives", "slurs")))
    meant = [group for group in groups if group.whole and group.status not in _ROLES and not group.pronoun]
    return ("hate",) if meant else ()


#: Statuses whose words are also said of one or of any people: "these kids".
_ROLES = frozenset({"age"})


def _families_of(check: str, params: Mapping[str, Any]) -> tuple[str, ...]:
    found = [family for family, names in RULE_FAMILIES.items() if check in names]
    if check == "complaints":
        about = set(params.get("about", ("association", "partner")))
        of_people = bool(about & {"person", "partner"})
        return tuple(
            family
            for family in found
            if family == ("disparagement" if of_people and "generic" not in about else "complaint")
        )
    if check == "topics":
        return tuple(family for family in found if family in params.get("topics", ()))
    return tuple(found)


def _meant(families: Sequence[str], excerpt: str, compiled: CompiledPack) -> Sequence[str]:
    """Of a rule that serves two topics, the topic whose words stand in the excerpt."""
    if len(families) == 1:
        return families
    hits = compiled.lexicons.scan(prepare(excerpt))
    said = [family for family in families if any(name == family for name, _ in hits)]
    return said or families


def _is_of_health(excerpt: str, compiled: CompiledPack) -> bool:
    """Whether what is told of a family that was helped is of health or birth."""
    hits = compiled.lexicons.scan(prepare(excerpt))
    told = any(hit.sense in ("health", "birth") for found in hits.values() for hit in found)
    return told or names_illness(excerpt)


# --- models ---------------------------------------------------------------------------------------------------------

Hits = Mapping[tuple[str, str], Sequence[Hit]]


def _against_a_group(text: Text, hits: Hits, score: float) -> bool:
    """Whether a group is spoken of with hostile words, or the score is high enough without either.

    Words of the lexicons that are quoted, denied or said of somebody else say that the score is wrong.
    """
    by_name = {name: found for (name, _), found in hits.items()}
    if "counter_speech" in by_name or speaks_against(text):
        return False
    named = groups_in(text, *(by_name.get(name, ()) for name in ("groups", "group_adjectives", "slurs")))
    if not named:
        # "Vegans are vermin": hostile words meant for somebody, but for no group that is protected.
        return "dehumanising" not in by_name and score >= _SURE_WITHOUT_GROUP
    groups = [group for group in named if _is_target(text, group)]
    said = [hit for name in _HOSTILE for hit in by_name.get(name, ())]
    hostile = [hit for hit in said if is_hostile(text, hit)]
    hostile += [hit for hit in by_name.get("profanity", ()) if any(_is_beside(text, hit, group) for group in groups)]
    is_plain = not said and not speaks_well(text)
    return bool(groups) and (bool(hostile) or (is_plain and score >= _SURE_WITHOUT_HOSTILE_WORDS))


#: Of development posts by strangers with these scores three in four and nine in ten were hate; of 4,155 tweets and
#: posts of offices 7 and 4 had them. Where no group is named the model takes any ill temper for hate: some 13 of these
#: scored 0.6 to 0.8.
_SURE_WITHOUT_HOSTILE_WORDS, _SURE_WITHOUT_GROUP = 0.7, 0.8


def _is_beside(text: Text, hit: Hit, group: Group) -> bool:
    """Whether an obscene word stands right beside a group: "fucking …", "… are shit", not "holy shit, …"."""
    left, right = min(hit.end, group.end), max(hit.start, group.start)
    return right - left <= _BESIDE and not set(",.!?;:") & set(text.words[left:right]) and is_hostile(text, hit)


#: Characters between an obscene word and a group it stands beside.
_BESIDE = 16


def _is_target(text: Text, hit: Group) -> bool:
    """Whether a group is spoken of: not in somebody else's words, not by one of its own, not loved or defended."""
    reported = text.is_reported(hit.start, hit.end) or is_attributed(text, hit.start) or is_turned_down(text, hit.end)
    spared = is_ones_own(text, hit.start) or is_spoken_for(text, hit.start) or is_others_doing(text, hit.start)
    return not (reported or spared)


def _violent(text: Text, hits: Hits, score: float) -> bool:
    """Whether violence is named that is neither denied nor somebody else's words, nor spoken against.

    A threat can do without its words ("you'll be picking your teeth up off the floor"), but must score higher then.
    """
    named = [hit for (name, _), found in hits.items() if name in _VIOLENT for hit in found]
    if speaks_against(text) or is_no_threat_talk(text):
        return False
    return any(_is_meant(text, hit) for hit in named) if named else score >= _SURE_WITHOUT_WORDS


#: Of development posts with this score and none of the words three in four were threats; of 4,000 tweets four had it.
_SURE_WITHOUT_WORDS = 0.7
_VIOLENT = ("violence", "threats", "veiled_threats")


def _is_meant(text: Text, hit: Hit) -> bool:
    return not text.is_reported(hit.start, hit.end) and not text.is_negated(hit.start)


def _aimed(text: Text, hits: Hits, score: float) -> bool:
    """Whether somebody is spoken to, or the score is high enough without: "what a clown our treasurer is"."""
    insults = [hit for (name, _), found in hits.items() if name == "insults" for hit in found]
    if speaks_against(text) or is_denied_of_you(text) or abuse_nobody(text, insults):
        return False
    is_spoken_to = bool(YOU.search(text.words)) or any(token.kind == "handle" for token in text.tokens)
    return is_spoken_to or score >= _SURE_OF_A_THIRD


#: Of development posts with this score that speak to nobody nine in ten were harassment; of 4,000 tweets 11 had it.
_SURE_OF_A_THIRD = 0.6


def _offends(text: Text, hits: Hits, _score: float) -> bool:
    """Whether one of the words that may offend is said in earnest: of somebody else, and not in talk on the words.

    Reported words count: who passes an insult on is mostly taken to offend as well.
    """
    said = [hit for (name, _), found in hits.items() if name in _OFFENDING for hit in found]
    return not said or any(_is_earnest(text, hit) for hit in said)


_OFFENDING = ("insults", "profanity", "slurs", "dehumanising", "violence", "threats", "veiled_threats")


def _is_earnest(text: Text, hit: Hit) -> bool:
    start, end = text.sentence_at(hit.start)
    before, after = (
        text.words[max(start, hit.start - _AROUND) : hit.start],
        text.words[hit.end : min(end, hit.end + _AROUND)],
    )
    return not (
        _OF_ONESELF.search(before)
        or _ON_INSULTS.search(before)
        or _A_WORD.match(after)
        or _WASTED.match(text.words, hit.start)
    )


def _tells(text: Text, _hits: Hits, _score: float) -> bool:
    return not asks_for_discretion(text) and not is_of_nobody(text.raw)


#: Characters around an offending word in which it is told what it is said of.
_AROUND = 40
#: "I'm such an …", "I felt so …", "silly me".
_OF_ONESELF = re.compile(
    r"\b(?:i am|i'm|im|i was|i feel|i felt|i look|i looked|makes me|made me|feeling) "
    r"(?:so |such |a |an |just |the |really |being |like |too |very ){0,4}$"
)
#: "insults such as …", "the word …", "never call a colleague a …".
_ON_INSULTS = re.compile(
    r"\b(?:(?:insults?|words?|terms?|names?|slurs?|language) (?:such as|like|as in)|the (?:word|term|slur)"
    r"|never (?:call|say)|not (?:call|say)|stop (?:calling|saying)) (?:[\w']+ ){0,4}[\"'“]?$"
)
_A_WORD = re.compile(r"[\"'”]? (?:is|are) (?:not )?(?:a |an |the )?(?:\w+ )?(?:word|insult|term|slur|name)s?\b")
_WASTED = re.compile(r"wast(?:e|ed|ing|es) (?:of )?(?:my |our |your |good )?(?:time|money|effort|energy)\b")
_HOSTILE = ("dehumanising", "insults", "slurs", "violence")
#: What must hold before a model's word on a family counts in full, given the score.
GATES: Mapping[str, Callable[[Text, Hits, float], bool]] = {
    "hate": _against_a_group,
    "threat": _violent,
    "harassment": _aimed,
    "offensive": _offends,
    "pii.health": _tells,
}


def _add_models(
    table: Table,
    frame: pd.DataFrame,
    texts: Sequence[str],
    compiled: CompiledPack,
    context: Context,
    model: Classifier,
) -> None:
    if not texts:
        return
    scores = model.score(texts)
    said = frame["lang"].tolist() if "lang" in frame else [None] * len(texts)
    for family in [family for family in model.families if family in table]:
        review, violation = model.point(family, REVIEW), model.point(family, VIOLATION)
        given = scores[family].to_numpy()
        if family in _DOUBTED:
            given, violation = _doubted(given, review), float(_doubted(np.asarray([violation]), review)[0])
            review = SHOWN
        shown: list[int] = []
        for place, score in enumerate(given.tolist()):
            entry, text = table[family][place], texts[place]
            if score < (LEAST_TOXIC if family == TOXIC else min(SHOWN, review)):
                entry.add(score, NONE, ())
            elif not _counts(family, text, score, compiled) or _is_foreign(text, said[place], context, compiled):
                entry.add(score * HELD_BACK, NONE, ())
            else:
                point = _point(family, score, entry, review, violation)
                entry.add(min(score, _most(family, entry)), point, ())
                shown.append(place)
        for place, spans in zip(shown, _spans(model, [texts[place] for place in shown], family), strict=True):
            table[family][place].add(0.0, NONE, [(start, end) for start, end, _ in spans])


def _point(family: str, score: float, by_rules: _Entry, review: float, violation: float) -> str:
    """The point a model's score passes."""
    if score < review:
        return NONE
    return REVIEW if score < violation or _is_figure(family, by_rules) else VIOLATION


def _is_figure(family: str, by_rules: _Entry) -> bool:
    """Whether rules of words know a threat for a figure of speech ("rot in hell"), which no model makes a plan."""
    return family == "threat" and by_rules.point == REVIEW and by_rules.score <= _FIGURE


def _most(family: str, by_rules: _Entry) -> float:
    """The highest score that a model may give: less than to a plan where rules know it for a wish or for less."""
    if _is_figure(family, by_rules):
        return _FIGURE
    is_less = family == "threat" and SHOWN < by_rules.score < _PLANNED
    return _LESS_THAN_PLANNED if is_less else 1.0


#: The score that rules give to figures of speech.
_FIGURE = 0.75
#: The least that they give to what somebody says they will do, and the most that anything else of theirs gets.
_PLANNED, _LESS_THAN_PLANNED = 0.9, 0.94


#: Families of which rules find most by themselves, and whose models call too much of an unseen source theirs: there
#: half a score is the point `review`.
_DOUBTED = ("offensive",)


def _doubted(scores: npt.NDArray[np.float64], review: float) -> npt.NDArray[np.float64]:
    """The same scores in the same order, with 0.5 where the point `review` was."""
    below, above = scores * SHOWN / review, SHOWN + (1 - SHOWN) * (scores - review) / (1 - review)
    return np.asarray(np.where(scores < review, below, above), dtype=np.float64)


def _spans(model: Classifier, texts: Sequence[str], family: str) -> list[list[WeightedSpan]]:
    if isinstance(model, BuiltIn):
        return model.spans_of(texts, family) if texts else []
    return [model.spans(text, family) for text in texts]


def _is_foreign(text: str, said: str | None, context: Context, compiled: CompiledPack) -> bool:
    known = compiled.lexicons.known_words
    return language_of(prepare(text), said=said, fallback=context.language, known=known) != "en"


def _counts(family: str, text: str, score: float, compiled: CompiledPack) -> bool:
    if family not in GATES:
        return True
    prepared = prepare(text)
    return GATES[family](prepared, compiled.lexicons.scan(prepared), score)


# --- personal data --------------------------------------------------------------------------------------------------


def _add_personal(table: Table, texts: Sequence[str], context: Context) -> None:
    allowed = Allowed.of(context.public_contacts, context.official_domains, country=context.country)
    for place, text in enumerate(texts):
        found = find_personal(text, country=context.country, allowed=allowed, at_least=0.0)
        for span in (*found, *find_health_details(text)):
            family = PERSONAL.get(span.kind)
            if family is not None:
                point = VIOLATION if span.confidence >= _PII_SURE else REVIEW
                table[family][place].add(_surely_there(span), point, [(span.start, span.end)])


def _surely_there(span: Span) -> float:
    """How surely something of the kind stands there, whoever it belongs to; whose it is the point tells."""
    in_form = span.confidence == UNLIKELY and span.kind in _OF_OFFICES
    return _IN_FORM if in_form else span.confidence


# --- writing --------------------------------------------------------------------------------------------------------


def _long(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    ids = frame["id"].astype("str").tolist() if "id" in frame else []
    rows = [
        (post, family, round(entry.score, 4), entry.point, _written(entry.spans))
        for place, post in enumerate(ids)
        for family in FAMILIES
        for entry in (table[family][place],)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _written(spans: Iterable[tuple[int, int]]) -> str:
    return ";".join(f"{start}-{end}" for start, end in _merged(spans))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, overlapping ones as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
