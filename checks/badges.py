"""Badges of parties, candidates, campaigns and causes on profiles (LLL-31, LLL-33).

LLL-32 stands above all of it: what people show of their own orientation, race, religion, nationality or pronouns is
never looked for here. A badge is read from the words of a lexicon and from the way campaigns put things ("X for
Senate", "Vote X", "member of the … Party", "candidate for the city council"), so that parties and candidates nobody
listed are found too. Words that are a badge only beside politics (weight below 0.6 in the lexicon) need a second one.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.text import Text, prepare
from checks.word_classes import entries, filled, pattern

#: A place may be called like a party or a candidate, so of a place only campaigns and causes are read.
_FIELDS = ("name", "bio", "handle", "location")
_OF_A_PLACE = frozenset({"campaign", "cause"})


class Badge(Params):
    """`senses` of the lexicon that count (`party`, `candidate`, `campaign`, `cause`); `patterns`: also read slogans.

    `emoji`: combinations that stand for a campaign.
    """

    lexicon: str = "campaign_badge"
    senses: tuple[str, ...]
    patterns: bool = False
    emoji: tuple[str, ...] = ()

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


@check("badge", params=Badge)
def badge(batch: Batch, rule: Rule, params: Badge) -> Judgement:
    """Reads name, description, handle and place of a profile for the badge of a party, candidate, campaign or cause.

    Own orientation, race, religion, nationality and pronouns are never looked for.
    """

    def find(row: Row) -> Iterator[Evidence]:
        for field in _FIELDS:
            if row.stored(field):
                yield from _badges(row, field, params)

    return judge_each(batch, rule, find)


def _badges(row: Row, field: str, params: Badge) -> Iterator[Evidence]:
    text, told = row.prepared(field), []
    for start, end, hit in _clear_hits(row, field, params):
        told.append((start, end))
        yield Evidence(field, start, end, f"reads as a badge of a {hit.sense}", round(0.5 + 0.4 * hit.weight, 2))
    for mark in params.emoji:
        at = _bare(text.raw).find(_bare(mark))
        if at >= 0:
            yield Evidence(field, *_span_in(text.raw, at, len(_bare(mark))), "reads as a campaign badge in emoji", 0.6)
    if params.patterns and field != "location":
        for start, end, what in _by_grammar(text):
            if not any(start < right and left < end for left, right in told):
                told.append((start, end))
                yield Evidence(field, start, end, what, 0.7)


# --- by the lexicon ---------------------------------------------------------------------------------------------------

#: An abbreviation of up to this many letters is a party only in capitals, behind a # or in a handle.
_SHORT = 5
_CLEAR_WEIGHT = 0.6
_POLITICAL = pattern(r"\b{political_words}\b")
#: Adjectives where the last word is written small: "die linke Brust".
_NOUNS = frozenset(
    {"die linke", "die grünen", "les verts", "les écologistes", "les engagés", "les republicains", "les patriotes"}
)
#: Before a word: it is denied, past, somebody's subject of work, or a relation of names.
_NOT_MEANT = pattern(r"\b{no_badge_before}\b[^.!?\n|;·•]{0,24}\Z")
_FIRST_NAMES = frozenset(entries("before_candidates"))


def _clear_hits(row: Row, field: str, params: Badge) -> Iterator[tuple[int, int, Hit]]:
    text = row.prepared(field)
    found = [
        (start, end, hit)
        for start, end, hit in _hits_of(row, field, params)
        if field != "location" or hit.sense in _OF_A_PLACE
    ]
    for start, end, hit in found:
        alone = not any(other is not hit and other.weight >= _CLEAR_WEIGHT for _, _, other in found)
        # A person may bear a candidate's name.
        unsure = hit.weight < _CLEAR_WEIGHT or (hit.sense == "candidate" and field in ("name", "handle"))
        if unsure and alone and not _POLITICAL.search(_without(text, start, end)):
            continue
        yield start, end, hit


def _without(text: Text, start: int, end: int) -> str:
    return prepare(text.raw[:start]).plain + " " + prepare(text.raw[end:]).plain


def _hits_of(row: Row, field: str, params: Badge) -> Iterator[tuple[int, int, Hit]]:
    # A handle writes its words together, as hashtags do; behind a # they are split at capitals and underscores.
    sign = "#" if field == "handle" else ""
    text = prepare(sign + row.stored(field))
    seen: set[tuple[int, int]] = set()
    # A party is a party in any language, so every language of the lexicon is asked.
    for (name, _), hits in sorted(row.lexicons.scan(text).items()):
        for hit in hits if name == params.lexicon else ():
            if hit.sense in params.senses and (hit.start, hit.end) not in seen and _is_meant(text, hit, field):
                seen.add((hit.start, hit.end))
                start, end = text.span(hit.start, hit.end)
                yield max(0, start - len(sign)), end - len(sign), hit


def _is_meant(text: Text, hit: Hit, field: str) -> bool:
    before, stored = text.plain[max(0, hit.start - 60) : hit.start], text.cut(hit.start, hit.end)
    written_small = field != "handle" and not before.endswith("#")
    if _NOT_MEANT.search(before) or (hit.term in _NOUNS and stored.split()[-1][0].islower()):
        return False
    if hit.sense == "candidate" and " " not in hit.term and written_small and stored[0].islower():
        return False
    if hit.sense == "party" and len(hit.term) <= _SHORT and written_small:
        return sum(map(str.isupper, stored)) > 1
    return not (hit.sense == "candidate" and " " not in hit.term and _is_surname(text, hit, field))


def _is_surname(text: Text, hit: Hit, field: str) -> bool:
    """Whether a candidate's name is somebody else's family name: a first name stands right before it."""
    before = re.search(r"([^\W\d]+)[ _]$", text.plain[: hit.start])
    if before is None or before[1] in _FIRST_NAMES:
        return False
    return field in ("name", "handle") or text.cut(before.start(1), before.end(1))[0].isupper()


# --- by the way campaigns put things ----------------------------------------------------------------------------------

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
#: What is voted for is a prize.
_NO_AWARD = filled(r"(?![^.!?\n]{0,40}\b{voted_prizes}\b)")
_SLOGANS = (
    pattern(
        r"(?<![\w-])(?:#?[Rr]e-?[Ee]lect|#?Elect|#?[Vv]ote (?:for )?|#Vote)\s?(?P<who>{name})(?!\w){no_award}",
        name=_NAME,
        no_award=_NO_AWARD,
    ),
    pattern(r"(?<!\w)(?P<who>{name}) ?(?:[Ff]or|4|4[Tt]he) ?(?:the )?{elected_offices}(?!\w)", name=_NAME),
    pattern(r"(?<!\w)(?P<who>{name})(?:/{name}) ?(?:'|’)?(?:20)?[2-4]\d(?!\d)", name=_NAME),
    pattern(r"(?<!\w){vote_elsewhere} (?:a |por |em |op )?(?P<who>{name})(?!\w)", name=_NAME),
    pattern(
        r"(?<!\w)(?P<who>{name})"
        r" (?:[Aa]lcaldesa|[Aa]lcalde|[Pp]refeit[ao]|[Bb]ürgermeister(?:in)?|[Kk]anzler(?:in)?)"
        r" (?:20)?[2-4]\d(?!\d)",
        name=_NAME,
    ),
)
_BALLOT = re.compile(
    r"(?<!\w)[Vv]ote (?:[Yy]es|[Nn]o|YES|NO) (?:on|to) "
    r"(?:[Pp]rop\w*|[Mm]easure|[Ii]ssue|[Aa]mendment|[Qq]uestion|the [Rr]eferendum"
    r"|[Ii]ndependence|\d+|[A-Z])\b"
)
_CANDIDACY = re.compile(
    filled(r"\b{stands_for} ?(?:the )?(?:\w+ ){0,2}?(?:{offices_sought}|{offices_sought_elsewhere})\b"),
    re.IGNORECASE,
)
_BELONGS = (
    # A labour supporter is a doula, a Labour councillor is none.
    re.compile(
        r"(?<!\w)(?P<party>Labour|Labor)[- ]"
        r"(?:[Vv]oter|[Cc]ouncill?or|[Cc]andidate|[Cc]anvass?er|MP|MSP|MEP|Party)\b"
    ),
    pattern(r"\b{of_a_party}\s(?:of|for|with|in)\s(?:the\s)?(?P<party>(?:{name}\s){1,4}Party)\b", name=_NAME),
    pattern(r"(?<!\w)(?P<party>(?:{name}\s){1,4}Party) {for_a_party}\b", name=_NAME),
    pattern(r"(?<!\w)(?P<party>{parties_english})[- ]{of_a_named_party}\b"),
    pattern(
        r"\b{of_a_party_german} (?:der|bei den|bei der|in der|für die|von) "
        r"(?P<party>(?:[A-ZÄÖÜ][\w-]*)?(?:[Pp]artei|Grünen|Linken))(?!\w)"
    ),
    pattern(
        r"\b(?:[Mm]itglied|[Aa]nhänger(?:in)?|[Kk]andidat(?:in)?|[Ww]ähler(?:in)?) "
        r"(?:der|bei den|bei der|in der|für die|von) (?P<party>{parties_german}|SP|GLP)(?!\w)"
    ),
    pattern(
        r"(?<!\w)(?P<party>{parties_german}|[A-ZÄÖÜ]\w+partei)-?"
        r"(?:[Mm]itglied|[Ww]ähler(?:in)?|[Aa]nhänger(?:in)?|[Kk]andidat(?:in)?|[Ss]tadträtin|[Ff]raktion)\b"
    ),
    pattern(
        r"\b(?:[Aa]dhérente?|[Mm]ilitante?|[Mm]embre|[Cc]andidate?|[ÉéEe]lue?|[Ee]ncartée?|[Ss]ympathisante?) "
        r"(?:du|de la|au|à|à la|de|des|chez) "
        r"(?P<party>[Pp]arti (?!pris|politique)[A-ZÀ-Þa-zà-ÿ]\w+|{parties_french})(?!\w)"
    ),
    pattern(
        r"\b(?:[Mm]ilitante|[Aa]filiad[ao]|[Cc]andidat[ao]|[Vv]otante|[Ss]impatizante|[Cc]oncejala?) "
        r"(?:del|de la|de|por el|por) (?P<party>{parties_spanish})(?!\w)"
    ),
    pattern(
        r"\b(?:[Mm]ilitante|[Ff]iliad[ao]|[Cc]andidat[ao]|[Ee]leitora?|[Vv]ereadora?|[Ss]impatizante) "
        r"(?:do|da|pelo|pela|no|na) (?P<party>{parties_portuguese})(?!\w)"
    ),
    re.compile(
        r"\b(?:[Ii]scritt[ao]|[Mm]ilitante|[Ee]lettrice|[Ee]lettore|[Cc]andidat[ao]|[Cc]onsigliera?) "
        r"(?:al|del|della|a|nel|per il|con la) (?P<party>Partito|PD|M5S|Lega|FdI|Forza Italia|AVS)(?!\w)"
    ),
    pattern(
        r"\b(?:[Ll]id|[Rr]aadslid|[Kk]andidaat|[Kk]iezer) (?:van|voor|bij) (?:de |het )?"
        r"(?P<party>{parties_dutch})(?!\w)"
    ),
)
#: "AfD" is a party in this spelling only; the French agency writes three capitals.
_EXACT = re.compile(r"(?<!\w)(?:FCK ?)?AfD(?!\w)")

_NO_CANDIDATE = frozenset(entries("no_candidates"))
_NO_PARTY = pattern(r"\b{parties_given}\s(?:\w+\s)?Party")
#: A name and a year are a child's far more often than a candidate's.
_FAMILY = pattern(r"\b(?:{beside_a_birth}|{beside_a_birth_elsewhere}|to|of|für|fur)\b|[🍼👶💒]")


def _by_grammar(text: Text) -> Iterator[tuple[int, int, str]]:
    """Spans of the stored text that read as a slogan, a candidacy or a membership, with what they read as."""
    raw = text.raw
    for number, frame in enumerate(_SLOGANS):
        for match in frame.finditer(raw):
            childs = number == _TICKET and _FAMILY.search(prepare(raw[: match.start()]).plain)
            if match["who"].casefold() not in _NO_CANDIDATE and not childs and _is_said(raw, match.start()):
                yield *match.span(), "reads as a campaign slogan"
    for frame, what in (
        (_BALLOT, "reads as a campaign slogan"),
        (_CANDIDACY, "reads as a candidacy"),
        (_EXACT, "reads as a badge of a party"),
    ):
        yield from ((*match.span(), what) for match in frame.finditer(raw) if _is_said(raw, match.start()))
    for frame in _BELONGS:
        for match in frame.finditer(raw):
            if not _NO_PARTY.search(match.group()) and _is_said(raw, match.start()):
                yield *match.span(), "reads as a badge of a party"


#: Where "Name/Name 2028" stands among the slogans.
_TICKET = 2


def _is_said(raw: str, start: int) -> bool:
    return not _NOT_MEANT.search(prepare(raw[max(0, start - 60) : start]).plain)


def _bare(text: str) -> str:
    """Emoji without the selectors that only choose how they are drawn."""
    return text.replace("\ufe0f", "").replace("\ufe0e", "")


def _span_in(raw: str, at: int, length: int) -> tuple[int, int]:
    places = [index for index, char in enumerate(raw) if char not in "\ufe0e\ufe0f"]
    return places[at], places[at + length - 1] + 1
