"""LLL-30: the association's name may not promote a personal blog, group or business.

Two depths of the same question. Clear is a business called by the association's name ("La Leche League Boutique",
`lalecheleague_shop`) and a sentence that sells one's own with it ("as an LLL Leader I offer private consultations, 60 a
session"). Merely beside each other, the name and one's own business in one profile or post, is for a person to judge.
What the text itself keeps apart ("not connected with LLL", "free of charge") is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import fuzz

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.statements import Found, find_association
from checks.text import Text, prepare
from checks.web import Link, leads_to, links_of
from checks.word_classes import pattern


class NamePromotion(Params):
    """`names`: the association as people write it; `clear`: the clear cases, or else those for a person to judge.

    `handle_words`: words that make a handle one of a business; `not_handle_words` end alike and are none.
    """

    names: tuple[str, ...]
    clear: bool
    handle_words: tuple[str, ...] = ()
    not_handle_words: tuple[str, ...] = ()
    lexicon: str = "own_business"

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


_PROFILE_FIELDS = ("name", "bio")
_PRICE = re.compile(
    r"(?:[£$€¥]|\br\$|\b(?:chf|usd|eur|gbp))\s?\d{1,5}"
    r"|\b\d{1,5}(?:[.,]\d\d)?\s?(?:€|£|eur|euros?|chf|dollars?|pounds|reais)(?!\w)"
)
#: Between the name and the business it names: nothing but at most two words.
_JOINED = re.compile(r"[ \-_&+]?(?:[\w'&]+[ \-]){0,2}")
_ROLE = pattern(r"\b{no_business_between}\b")
#: The association's own shop, and giving to it.
_ITS_OWN = re.compile(r"\b(?:the|our|its|their|official|volunteer at|support|visit)\s(?:the\s)?(?:\w+ )?\Z")
_GIVES = pattern(r"\b{given_to_it}\b")
#: Lengths from which a name in a handle is told by its letters alone, and from which a slip in it is seen through.
_MIDDLING, _LONG = 6, 10
_LIKE, _SAME = 92, 100


@check("name_promotion", params=NamePromotion)
def name_promotion(batch: Batch, rule: Rule, params: NamePromotion) -> Judgement:
    """Looks for the association's name in the name of a private business, and in words that sell one's own services.

    The association's own shop and events, donations to it and what a text keeps apart from it are left out.
    """

    def find(row: Row) -> Iterable[Evidence]:
        clear = list(_clear(row, params))
        if params.clear or clear:
            return clear if params.clear else []
        return list(_beside(row, params))

    return judge_each(batch, rule, find)


# --- clear ------------------------------------------------------------------------------------------------------------


def _clear(row: Row, params: NamePromotion) -> Iterator[Evidence]:
    if row.subject == "profile":
        yield from _handle(row, params)
    for field in _PROFILE_FIELDS if row.subject == "profile" else ("text",):
        text = row.prepared(field)
        names = find_association(text, params.names)
        if not names:
            continue
        hits = _hits(row, text, params.lexicon)
        yield from _named_business(field, text, names, hits)
        if field != "name":
            yield from _sold(field, text, names, hits)


def _handle(row: Row, params: NamePromotion) -> Iterator[Evidence]:
    handle = str(row.get("handle", ""))
    if is_business_handle(handle, params.names, params.handle_words, params.not_handle_words):
        yield Evidence("handle", 0, len(handle), "the handle joins the association's name and a business", 0.85)


def _named_business(
    field: str, text: Text, names: Iterable[Found], hits: Mapping[str, list[Hit]]
) -> Iterator[Evidence]:
    """A business called by the association's name: "LLL Lactation Consulting"."""
    for name in names:
        for hit in hits["business"]:
            between = text.plain[name.end : hit.start]
            if _names_business(text.plain[: name.start], between) and not _kept_apart(text, name.start, hits):
                start, end = text.span(name.start, hit.end)
                yield Evidence(field, start, end, "a business called by the association's name", 0.75)


def _names_business(before: str, between: str) -> bool:
    joined = bool(between) and _JOINED.fullmatch(between) is not None
    return joined and not _ROLE.search(between) and not _ITS_OWN.search(before[-40:])


def _sold(field: str, text: Text, names: Iterable[Found], hits: Mapping[str, list[Hit]]) -> Iterator[Evidence]:
    """One sentence with the name, one's own business and how to buy from it."""
    for name in names:
        first, last = text.sentence_at(name.start)
        own = next((hit for hit in hits["own"] if first <= hit.start < last), None)
        if own is None or _kept_apart(text, name.start, hits):
            continue
        if any(first <= hit.start < last and not _overlap(hit, own) for hit in hits["call"]) or _PRICE.search(
            text.plain, first, last
        ):
            left, right = min(name.start, own.start), max(name.end, own.end)
            start, end = text.span(left, right)
            yield Evidence(field, start, end, "sells one's own services with the association's name", 0.7)
            return


def _kept_apart(text: Text, at: int, hits: Mapping[str, list[Hit]]) -> bool:
    first, last = text.sentence_at(at)
    apart = any(first <= hit.start < last for hit in hits["apart"])
    return apart or bool(_GIVES.search(text.plain, first, last)) or text.is_quoted(at, at + 1) or _asks(text, last)


def _asks(text: Text, last: int) -> bool:
    return text.plain[:last].rstrip().endswith("?")


# --- beside each other ------------------------------------------------------------------------------------------------


def _beside(row: Row, params: NamePromotion) -> Iterator[Evidence]:
    """The name and one's own business with a way to buy, somewhere in one profile or post."""
    field = row.field
    text = row.prepared(field)
    hits = _hits(row, text, params.lexicon)
    names = find_association(text, params.names)
    if not names or not hits["own"] or hits["apart"] or _GIVES.search(text.plain):
        return
    if any(leads_to(link, row.context.official_domains) for link in _links(row)):
        return
    own = hits["own"][0]
    if hits["call"] or _PRICE.search(text.plain) or _links(row):
        start, end = text.span(own.start, own.end)
        yield Evidence(field, start, end, "one's own business beside the association's name", 0.5)


def _links(row: Row) -> list[Link]:
    if row.subject == "post":
        return links_of(row)
    website = str(row.get("website", ""))
    return [Link(website)] if website else []


def _hits(row: Row, text: Text, lexicon: str) -> dict[str, list[Hit]]:
    """The lexicon's hits in all its languages, by sense and in text order.

    A short profile does not tell its language.
    """
    found: dict[str, list[Hit]] = {"business": [], "own": [], "call": [], "apart": []}
    for (name, _), hits in sorted(row.lexicons.scan(text).items()):
        for hit in hits if name == lexicon else ():
            found[str(hit.sense)].append(hit)
    return {sense: sorted(hits, key=lambda hit: (hit.start, hit.end)) for sense, hits in found.items()}


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


# --- handles ----------------------------------------------------------------------------------------------------------

_PARTS = re.compile(r"[_.\-\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: Signs that are drawn like letters: a handle is read as the eye reads it.
_DRAWN = str.maketrans("10345i|", "loeasll")


def is_business_handle(
    handle: str, names: tuple[str, ...], words: tuple[str, ...], not_words: tuple[str, ...] = ()
) -> bool:
    """Whether a handle joins a name of the association, also a look-alike of it, with a word of business."""
    parts = [_drawn(part) for part in _PARTS.split(handle) if part]
    drawn = frozenset(map(_drawn, words))
    others = tuple(map(_drawn, not_words))
    return any(
        _is_business(part, drawn, exactly=exactly) and not any(other in part for other in others)
        for rest, exactly in _rests(parts, frozenset(map(_drawn, names)))
        for part in rest
    )


def _is_business(part: str, words: frozenset[str], *, exactly: bool) -> bool:
    return part in words or (not exactly and any(part.startswith(word) or part.endswith(word) for word in words))


def _rests(parts: list[str], names: frozenset[str]) -> Iterator[tuple[list[str], bool]]:
    """What a handle says beside a name, and whether it must be a word of business exactly.

    A short name counts only where it stands by itself; a middling one may be the beginning of another word.
    """
    whole = "".join(parts)
    if names.intersection(parts):
        yield [part for part in parts if part not in names], False
    for name in sorted(name for name in names if len(name) >= _MIDDLING):
        alike = fuzz.partial_ratio_alignment(name, whole) if len(whole) > len(name) else None
        if alike is not None and alike.score >= (_LIKE if len(name) >= _LONG else _SAME):
            yield [part for part in (whole[: alike.dest_start], whole[alike.dest_end :]) if part], len(name) < _LONG


def _drawn(word: str) -> str:
    return re.sub(r"[^a-z]", "", prepare(word).plain.translate(_DRAWN))
