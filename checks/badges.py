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
from dataclasses import replace
from itertools import pairwise

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.text import Text, normal, prepare
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
_NOT_MEANT = pattern(
    r"\b{no_badge_before}\b[^.!?\n|;·•]{0,24}\Z|\b{no_badge_right_before}(?!\w)[^.!?\n|;·•,]{0,24}\Z"
    r"|\bwas (?:an? |the )\Z"
    # "Wife of a …", "my husband is a …", "married to a …"
    r"|\b(?:{relatives} (?:of|to|is|was)|married to|raised by)(?: an?| the)?"
    r"(?: (?!(?:two|three|four|five|six|\d)\b)\w+ (?:and|&))? \Z"
)
#: "Democrats and Republicans": who names both shows neither.
_BOTH = re.compile(r"\s?(?:,|/|&|\band\b|\bor\b|\bund\b|\boder\b|\bet\b|\bou\b|\by\b|\be\b)\s?")
_FIRST_NAMES = frozenset(entries("before_candidates"))


def _clear_hits(row: Row, field: str, params: Badge) -> Iterator[tuple[int, int, Hit]]:
    text = row.prepared(field)
    found = [
        (start, end, hit)
        for start, end, hit in _without_rivals(text, list(_hits_of(row, field, params)))
        if field != "location" or hit.sense in _OF_A_PLACE
    ]
    for start, end, hit in found:
        alone = not any(other is not hit and other.weight >= _CLEAR_WEIGHT for _, _, other in found)
        # A person may bear a candidate's name.
        unsure = hit.weight < _CLEAR_WEIGHT or (hit.sense == "candidate" and field in ("name", "handle"))
        if unsure and alone and not _POLITICAL.search(_without(text, start, end)):
            continue
        yield start, end, hit


def _without_rivals(text: Text, found: list[tuple[int, int, Hit]]) -> list[tuple[int, int, Hit]]:
    parties = sorted(item for item in found if item[2].sense == "party")
    rivals = [
        pair
        for pair in pairwise(parties)
        if pair[0][2].term != pair[1][2].term and _BOTH.fullmatch(text.raw[pair[0][1] : pair[1][0]])
    ]
    return [item for item in found if not any(item in pair for pair in rivals)]


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
    yield from _written_together(row, field, params)


#: Words that are written together in small letters: a hashtag, or a part of a handle.
_TOGETHER = {False: re.compile(r"(?<!\w)#([^\W\d_]{8,60})(?!\w)"), True: re.compile(r"(?<![^\W_\d])([^\W\d_]{8,60})")}
_CALLS = re.compile(r"(?:vote(?:for)?|elect|reelect|team|proud)(?=[^\W\d_]{4})")


def _written_together(row: Row, field: str, params: Badge) -> Iterator[tuple[int, int, Hit]]:
    """Tags and parts of a handle that are a term without its blanks, or a call to vote before a term."""
    raw, terms = row.stored(field), row.lexicons.written_together(params.lexicon)
    for match in _TOGETHER[field == "handle"].finditer(raw):
        word = normal(match[1])
        hit = terms.get(word) or _called(word, row, params)
        if hit is not None and hit.sense in params.senses and match[1][1:].islower():
            yield *match.span(1), hit


def _called(word: str, row: Row, params: Badge) -> Hit | None:
    call = _CALLS.match(word)
    if call is None:
        return None
    text = prepare(word[call.end() :])
    hits = (hit for (name, _), found in row.lexicons.scan(text).items() if name == params.lexicon for hit in found)
    whole = next((hit for hit in hits if hit.end - hit.start == len(text.plain)), None)
    return replace(whole, sense="campaign") if whole else None


def _is_meant(text: Text, hit: Hit, field: str) -> bool:
    if hit.term in _FIRST_NAMES_TOO and not _is_slogan(text, hit, field):
        return False
    before, stored = text.plain[max(0, hit.start - 60) : hit.start], text.cut(hit.start, hit.end)
    written_small = field != "handle" and not before.endswith("#")
    if _NOT_MEANT.search(before) or (hit.term in _NOUNS and stored.split()[-1][0].islower()):
        return False
    if hit.sense == "candidate" and " " not in hit.term and written_small and stored[0].islower():
        return False
    if hit.sense == "party" and len(hit.term) <= _SHORT and written_small:
        return sum(map(str.isupper, stored)) > 1
    return not (hit.sense == "candidate" and " " not in hit.term and _is_surname(text, hit, field))


#: Slogans that are somebody's first name as well.
_FIRST_NAMES_TOO = frozenset({"maga"})
_BESIDE_A_SLOGAN = pattern(r"[ _]{beside_maga}\b")


def _is_slogan(text: Text, hit: Hit, field: str) -> bool:
    """Whether a slogan is no first name: in capitals, behind a # of its own, or beside what such slogans stand with."""
    tagged = field != "handle" and text.plain[: hit.start].endswith("#")
    beside = _BESIDE_A_SLOGAN.match(text.plain.replace("_", " "), hit.end)
    return tagged or beside is not None or (field != "handle" and text.cut(hit.start, hit.end).isupper())


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
#: The office is a club's, or none.
_NO_CLUB = filled(r"(?!['’]s\b|\s(?:{no_office_behind})(?!\w))")
_SLOGANS = (
    pattern(
        r"(?<![\w-])(?:#?[Rr]e-?[Ee]lect|#?Elect|#?[Vv]ot(?:e|ing) (?:for )?|#Vote)\s?(?P<who>{name})(?!\w){no_award}",
        name=_NAME,
        no_award=_NO_AWARD,
    ),
    pattern(
        r"(?<!\w)(?P<who>{name}) ?(?:[Ff]or|4|4[Tt]he) ?(?:the )?{elected_offices}(?!\w){no_club}",
        name=_NAME,
        no_club=_NO_CLUB,
    ),
    pattern(r"(?<!\w)(?P<who>{name})(?:/{name}) ?(?:'|’)?(?:20)?[2-4]\d(?!\d)", name=_NAME),
    pattern(r"(?<!\w){vote_elsewhere} (?:a |por |em |op )?(?P<who>{name})(?!\w)", name=_NAME),
    pattern(
        r"(?<!\w)(?P<who>{name})"
        r" (?:[Aa]lcaldesa|[Aa]lcalde|[Pp]refeit[ao]|[Bb]ürgermeister(?:in)?|[Kk]anzler(?:in)?)"
        r" (?:20)?[2-4]\d(?!\d)",
        name=_NAME,
    ),
    pattern(r"(?<!\w)(?P<who>{name}) [Pp]residente\b(?! d[aeo]\b)", name=_NAME),
)
#: The same in capitals throughout or in small letters throughout: "JANE DOE FOR MAYOR", "vote jane doe for mayor".
_SHOUTED = re.compile(
    filled(r"(?<!\w)(?-i:[A-Z]{2,} [A-Z'’-]{2,} FOR )(?:THE )?{elected_offices}(?!\w){no_club}", no_club=_NO_CLUB),
    re.IGNORECASE,
)
_MUTTERED = re.compile(
    filled(
        r"(?<!\w)(?:vote|elect|re-?elect)(?: for)? [a-z'’-]{2,15} [a-z'’-]{2,20} for (?:the )?{elected_offices}(?!\w)"
        r"{no_club}",
        no_club=_NO_CLUB,
    ),
    re.IGNORECASE,
)
_BALLOT = re.compile(
    r"(?<!\w)(?:[Vv]ote (?:[Yy]es|[Nn]o|YES|NO) (?:on|to)|(?:Yes|No|YES|NO) (?:on|ON)(?= (?:Prop|PROP|Mea|MEA|Ame))) "
    r"(?:[Pp]rop\w*|[Mm]easure|[Ii]ssue|[Aa]mendment|[Qq]uestion|the [Rr]eferendum"
    r"|[Ii]ndependence|\d+|[A-Z])\b"
)
_CANDIDACY = re.compile(
    filled(
        r"\b(?:{stands_for} ?|candidate, )(?:the )?(?:\w+ ){0,2}?(?:{offices_sought}|{offices_sought_elsewhere})\b"
        r"{no_club}",
        no_club=_NO_CLUB,
    ),
    re.IGNORECASE,
)
#: "janeformayor", in a hashtag or a handle.
_TAGGED = re.compile(
    r"(?<![^\W_])[a-z]{3,20}for(?:mayor|senate|senator|congress|governor|sheriff|president|schoolboard|citycouncil|parliament)"
    r"(?:20)?\d{0,2}(?![^\W_])"
)
_CANDIDATE = pattern(r"\b(?:{candidates_office} [Cc]andidate|{candidates_office_german}kandidat(?:in)?)\b")
_BELONGS = (
    # A labour supporter is a doula, a Labour councillor is none.
    re.compile(
        r"(?<!\w)(?P<party>Labour|Labor)[- ]"
        r"(?:[Vv]oter|[Cc]ouncill?or|[Cc]andidate|[Cc]anvass?er|[Aa]ctivist|MP|MSP|MEP|Party)\b"
    ),
    re.compile(r"(?<!\w)(?P<party>(?:Communist|Socialist) [Pp]arty)\b"),
    # Behind an office, in brackets or alone: "Stadträtin (SPD)", "Élue PS à Lyon".
    pattern(r"\b(?:[Ss]tadt|[Gg]emeinde|[Kk]reis)r[aä]t(?:in)? \((?P<party>{parties_german}|Grüne|Linke)\)"),
    pattern(r"\b(?:[Aa]dhérente?|[ÉéEe]lue?|[Cc]andidate?) (?P<party>{parties_french})(?!\w)"),
    pattern(r"\b[Vv]oto (?:a|al|por) (?P<party>{parties_spanish})(?!\w)"),
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
        r"(?:del|de la|de|por el|por|al|a la) (?P<party>{parties_spanish})(?!\w)"
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
            childs = number == _TICKET and _is_of_a_family(raw, *match.span())
            if match["who"].casefold() not in _NO_CANDIDATE and not childs and _is_said(raw, match.start()):
                yield *match.span(), "reads as a campaign slogan"
    for frame, what in (
        (_BALLOT, "reads as a campaign slogan"),
        (_SHOUTED, "reads as a campaign slogan"),
        (_MUTTERED, "reads as a campaign slogan"),
        (_CANDIDACY, "reads as a candidacy"),
        (_CANDIDATE, "reads as a candidacy"),
        (_TAGGED, "reads as a campaign slogan"),
        (_EXACT, "reads as a badge of a party"),
    ):
        yield from ((*match.span(), what) for match in frame.finditer(raw) if _is_said(raw, match.start()))
    for frame in _BELONGS:
        for match in frame.finditer(raw):
            if not _NO_PARTY.search(match.group()) and _is_said(raw, match.start()):
                yield *match.span(), "reads as a badge of a party"


def _is_of_a_family(raw: str, start: int, end: int) -> bool:
    wedding = raw[end : end + 20].casefold().lstrip().startswith("wedding")
    return wedding or _FAMILY.search(prepare(raw[:start]).plain) is not None


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
