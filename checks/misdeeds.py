"""Damaging claims by their parts: somebody pointed at and a deed that nobody owns up to, or a stance run down.

A deed is a phrase of its own ("bribes the inspectors") or a verb with what it is done to ("buried … the report"). Who
did it is a name of the roster, a firm, a titled name, or a place pointed at ("that shop on Dock Road"), before the deed
and not far. Reports with a source, denials, opinions, questions, films and jokes are not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from checks.base import Evidence, Row
from checks.composed import Cue
from checks.cues import Named
from checks.lexicons import Hit
from checks.word_classes import entries, pattern

#: What a verb must be done to so that it is a deed, and how far apart they may stand.
_DONE_TO = {
    "take": ("money", "purse"),
    "luxury": ("purse",),
    "purse": ("luxury",),
    "forge": ("papers",),
    "harm": ("small",),
    "lie": ("lied of", "small"),
}
_VERB_REACH = 28
#: How far a deed may stand behind whom it is said of.
_REACH = 110
#: Firms by their trade, titled names: nobody has all competitors in a roster.
_FIRM = pattern(
    r"(?<![\w.])(?:[A-Z][\w'’-]+ (?:[A-Z][\w'’-]+ )?{firms_trade}"  # noqa: RUF001
    r"|(?:Dr|Prof|Professor|Doctor|Nurse|Midwife)\.? [A-Z][\w'’-]+)"  # noqa: RUF001
)
_POINTED_AT = re.compile(
    r"(?<![\w'])(?:that|this|those|these|another|some|a certain|our|my|your|so-called"
    r"|la|el|esa|ese|cette|ce|le|diese|dieser|die|der|das|a|o|essa|esse)\s(?:[\w'-]+\s){0,3}$"
)
_THE = re.compile(r"(?<![\w'])the\s(?:[\w'-]+\s){0,3}$")
_SOMEWHERE = re.compile(
    r"\s(?:on|in|at|opposite|next to|near|by|from|across|behind|down|round)\s|\s(?:who|that|which)\s"
)
#: Names for many, which are called so rather than spoken of ("a talk on crooks").
_MANY = frozenset(entries("many_misdoers"))
_SAID_OF = re.compile(r"(?:(?<![\w'])(?:are|were|those|these|such|bunch of|pack of|as)\s(?:[\w-]+\s)?|[.!?,:]\s*)$")
_HELPS = pattern(
    r"(?<![\w'])(?:{helps_or_warns}"
    r"|against|never|not|nobody|no one|no|nunca|ne|pas|nicht|kein\w*|nao|whether|if)(?![\w'])|n't(?!\w)"
)
_BY = re.compile(r"\s(?:by|of|at|from|por|par|von|bei|pela|pelo)(?:\s[\w'-]+){0,2}\s$")
_GLAD = pattern(r"(?<!\w)(?:{glad}|haha+|obrigad\w|😂|🤣|😉|❤️?)(?!\w)")
#: "They …", "She …": the next sentence goes on about whoever the last one named.
_GOES_ON = re.compile(
    r"\W*(?:and |so |because |that |then )?"
    r"(?:they|she|he|it|their|her|his|its|every|everyone|thieves|crooks|hand|what"
    r"|elles?|ils?|ella|ellos|sie|ela|eles)(?![\w])"
)


def misdeeds(row: Row, hits: Sequence[Hit], targets: Iterable[Named]) -> Iterator[Evidence]:
    """A deed said of somebody pointed at; `hits` are those of the lexicon of misdeeds in the row."""
    if _is_told_otherwise(row, hits):
        return
    parties = sorted(_parties(row, hits, targets), key=lambda cue: cue.start)
    certain = any(hit.sense in ("sure", "warn") for hit in hits)
    for deed in _deeds(row, hits):
        party = next((cue for cue in reversed(parties) if _did(row, cue, deed)), None)
        party = party or next((cue for cue in parties if _by(row, cue, deed)), None)
        if party is not None:
            sure = 0.6 if party.kind == "name" or certain else 0.5
            span = min(party.start, deed.start), max(party.end, deed.end)
            yield row.evidence(*span, "a damaging claim about somebody who is pointed at", sure)
            return


def run_down(row: Row, hits: Sequence[Hit], targets: Iterable[Named]) -> Iterator[Evidence]:
    """A paper or stance of the association with words that run it down, in the same sentence or the next."""
    if _is_told_otherwise(row, hits):
        return
    papers = [hit for hit in hits if hit.sense == "paper"]
    for target in targets:
        for slur in (hit for hit in hits if hit.sense == "slur"):
            start, end = min(target.start, slur.start), max(target.end, slur.end)
            lead = row.text.words[target.end : slur.start] if target.end <= slur.start else ""
            beside = any(start - _VERB_REACH <= paper.start <= end + _VERB_REACH for paper in papers)
            same = row.text.sentence_at(target.start) == row.text.sentence_at(slur.start)
            if end - start <= _REACH and (beside or (same and target.end <= slur.start)) and not _HELPS.search(lead):
                yield row.evidence(start, end, "runs a stance of the association down", 0.55 if beside else 0.5)
                return


def _is_told_otherwise(row: Row, hits: Iterable[Hit]) -> bool:
    return any(hit.sense == "against" for hit in hits) or bool(_GLAD.search(row.text.plain))


def _deeds(row: Row, hits: Sequence[Hit]) -> Iterator[Cue]:
    for hit in hits:
        done = _end_of(row, hit) if hit.sense == "deed" else _object_of(row, hit, hits)
        if done and not row.text.is_reported(hit.start, done) and not row.text.is_negated(hit.start, reach=14):
            sentence = row.text.sentence_at(hit.start)
            if not row.text.words[slice(*sentence)].rstrip().endswith("?"):
                yield Cue(hit.start, done, "deed")


def _end_of(row: Row, hit: Hit) -> int | None:
    """Where a deed that is a phrase ends; names for many ("crooks") must be said of somebody."""
    if hit.term in _MANY:
        return hit.end if _SAID_OF.search(row.text.words[max(0, hit.start - 30) : hit.start]) else None
    return hit.end


def _object_of(row: Row, verb: Hit, hits: Sequence[Hit]) -> int | None:
    wanted = _DONE_TO.get(verb.sense or "", ())
    end = row.text.sentence_at(verb.start)[1]
    near = (hit for hit in hits if hit.sense in wanted and 0 < hit.start - verb.end <= _VERB_REACH and hit.end <= end)
    found = next(near, None)
    return found.end if found else None


def _parties(row: Row, hits: Sequence[Hit], targets: Iterable[Named]) -> Iterator[Cue]:
    words = row.text.words
    for target in targets:
        yield Cue(target.start, target.end, "body" if target.kind in ("generic", "officer") else "name")
    for hit in (hit for hit in hits if hit.sense in ("seller", "party")):
        before = words[max(0, hit.start - 40) : hit.start]
        if hit.sense == "party" or _POINTED_AT.search(before) or (_THE.search(before) and _is_certain(row, hit, hits)):
            yield Cue(hit.start, hit.end, "body")
    yield from _written_names(row)


def _is_certain(row: Row, hit: Hit, hits: Iterable[Hit]) -> bool:
    """Whether "the clinic" is one that can be told: by its place, or by a warning or certainty beside it."""
    return bool(_SOMEWHERE.match(row.text.words, hit.end)) or any(
        other.sense in ("sure", "warn", "deed") for other in hits
    )


def _written_names(row: Row) -> Iterator[Cue]:
    words = row.text.words
    names = [found.group() for found in _FIRM.finditer(row.text.raw)]
    names += [name.split()[0] for name in row.context.people if not name.startswith("@")]
    for name in dict.fromkeys(names):
        at = words.find(name.casefold())
        if at >= 0 and name in row.text.raw:
            yield Cue(at, at + len(name), "name")


def _did(row: Row, party: Cue, deed: Cue) -> bool:
    """Whether a deed stands behind whom it is said of: in its sentence, or in the next that goes on with a pronoun."""
    if not 0 <= deed.start - party.end <= _REACH:
        return False
    between = row.text.words[party.end : deed.start]
    if _HELPS.search(between):
        return False
    start, _ = row.text.sentence_at(deed.start)
    return party.start >= start or bool(_GOES_ON.match(row.text.words, start))


def _by(row: Row, party: Cue, deed: Cue) -> bool:
    """Whether whom it is said of stands behind the deed: "rigged by …"."""
    return 0 < party.start - deed.end <= _VERB_REACH and bool(_BY.search(row.text.words[deed.end : party.start]))
