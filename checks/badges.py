"""Badges of parties, candidates, campaigns and causes on profiles (LLL-31, LLL-33).

LLL-32 stands above all of it: what people show of their own orientation, race, religion, nationality or pronouns is
never looked for here. A badge is read from the words of a lexicon and from the way campaigns put things ("X for
Senate", "Vote X", "member of the … Party", "candidate for the city council"), so that parties and candidates nobody
listed are found too. Words that are a badge only beside politics (weight below 0.6 in the lexicon) need a second one.
"""

# ruff: noqa: E501, RUF001, SIM905 - patterns and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.text import Text, prepare

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
_POLITICAL = re.compile(
    r"\b(?:vot(?:e|er|ers|ing|es|ed)|elect(?:ion|ions|ed)?|party|politic\w*|campaign\w*|activist|councill?or|partei\w*|wahl\w*|wahlt|parti|partido|partij|"
    r"partito|militant\w*|candidat\w*|kandidat\w*|president|government|resist\w*|patriot\w*|maga|democra\w*|republican\w*|socialist\w*|comrade|member of|mitglied|"
    r"stadtrat\w*|bundestag\w*|landtag\w*|fans?)\b"
)
#: Adjectives where the last word is written small: "die linke Brust".
_NOUNS = frozenset(
    {"die linke", "die grünen", "les verts", "les écologistes", "les engagés", "les republicains", "les patriotes"}
)
#: Before a word: it is denied, past, somebody's subject of work, or a relation of names.
_NOT_MEANT = re.compile(
    r"\b(?:not|isn't|ain't|kein\w*|nicht|ni|pas|neither|nor|non|nao|geen|niet|former|formerly|ex|recovering|lapsed|covering|covers?|report(?:s|ing|er)? on|"
    r"reporter|journalist|writ(?:es|ing) about|study(?:ing)?|studies|historian|history|research\w*|professor|author|biographer|named after|no relation|archiv\w+)"
    r"\b[^.!?\n|;·•]{0,24}\Z",
)
_FIRST_NAMES = frozenset(
    "donald ivanka melania eric joe jill hunter jair marine emmanuel olaf angela nigel ron kamala president presidente vote team pro anti go love the mr former".split()
)


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
_OFFICE = (
    r"(?:President|Congress|Senate|Senator|Governor|Mayor|Prime Minister|Parliament|School ?Board|City ?Council|County ?Council|Council|"
    r"State ?House|State ?Senate|State Rep(?:resentative)?|Assembly|Sheriff|Attorney General|Comptroller|MP|MSP|MEP|US ?Senate|House of Representatives)"
)
#: What is voted for is a prize.
_NO_AWARD = (
    r"(?![^.!?\n]{0,40}\b(?:[Aa]wards?|[Bb]est|[Cc]ontest|[Cc]ompetition|[Pp]rize|[Tt]op|[Ff]inalist|[Pp]oll)\b)"
)
_SLOGANS = (
    re.compile(
        rf"(?<![\w-])(?:#?[Rr]e-?[Ee]lect|#?Elect|#?[Vv]ote (?:for )?|#Vote)\s?(?P<who>{_NAME})(?!\w){_NO_AWARD}"
    ),
    re.compile(rf"(?<!\w)(?P<who>{_NAME}) ?(?:[Ff]or|4|4[Tt]he) ?(?:the )?{_OFFICE}(?!\w)"),
    re.compile(rf"(?<!\w)(?P<who>{_NAME})(?:/{_NAME}) ?(?:'|’)?(?:20)?[2-4]\d(?!\d)"),
    re.compile(
        rf"(?<!\w)(?:[Vv]ota|[Vv]otad|[Vv]otez|[Ww]ählt|[Ww]ählen Sie|[Ss]tem op|[Vv]ote em|[Vv]ota em|[Vv]ota a|[Vv]ota por|[Vv]otons) (?:a |por |em |op )?(?P<who>{_NAME})(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)(?P<who>{_NAME}) (?:[Aa]lcaldesa|[Aa]lcalde|[Pp]refeit[ao]|[Bb]ürgermeister(?:in)?|[Kk]anzler(?:in)?) (?:20)?[2-4]\d(?!\d)"
    ),
)
_BALLOT = re.compile(
    r"(?<!\w)[Vv]ote (?:[Yy]es|[Nn]o|YES|NO) (?:on|to) (?:[Pp]rop\w*|[Mm]easure|[Ii]ssue|[Aa]mendment|[Qq]uestion|the [Rr]eferendum|[Ii]ndependence|\d+|[A-Z])\b"
)
_CANDIDACY = re.compile(
    r"\b(?:candidate for|running for|standing for|candidata? a(?: la| las)?|candidato a(?: la| las)?|candidate (?:à la|aux|à l')|kandidatin für (?:den|das|die)|kandidat für (?:den|das|die)|kandidiere für (?:den|das|die)|candidat[ao] à|kandidaat voor de) ?"
    r"(?:the )?(?:\w+ ){0,2}?(?:president|congress|senate|senator|governor|mayor|parliament|school board|(?:city |county |town )?council|state house|state senate|assembly|office|"
    r"alcald[ií]a|alcaldesa|concejala?|diputad[ao]|presidencia|elecciones|mairie|municipales|législatives|régionales|présidentielle|stadtrat|gemeinderat|landtag|bundestag|kreistag|nationalrat|"
    r"vereador[a]?|prefeit[ao]|deputad[ao]|câmara|gemeenteraad|tweede kamer)\b",
    re.IGNORECASE,
)
_BELONGS = (
    # A labour supporter is a doula, a Labour councillor is none.
    re.compile(
        r"(?<!\w)(?P<party>Labour|Labor)[- ](?:[Vv]oter|[Cc]ouncill?or|[Cc]andidate|[Cc]anvass?er|MP|MSP|MEP|Party)\b"
    ),
    re.compile(
        rf"\b(?:[Mm]ember|[Ss]upporter|[Aa]ctivist|[Vv]olunteer|[Cc]ouncill?or|[Cc]andidate|[Vv]oter|[Dd]elegate|[Oo]rgani[sz]er|[Cc]anvass?er)\s(?:of|for|with|in)\s(?:the\s)?(?P<party>(?:{_NAME}\s){{1,4}}Party)\b"
    ),
    re.compile(
        rf"(?<!\w)(?P<party>(?:{_NAME}\s){{1,4}}Party) (?:[Mm]ember|[Aa]ctivist|[Ss]upporter|[Vv]oter|[Cc]ouncill?or|[Cc]andidate|[Dd]elegate|[Oo]rgani[sz]er|[Vv]olunteer)\b"
    ),
    re.compile(
        r"(?<!\w)(?P<party>Tory|Conservative|Lib ?Dem|Liberal|Greens?|SNP|Plaid|DUP|SDLP|UUP|Alba|Reform|Sinn F[eé]in|Fianna F[aá]il|Fine Gael|NDP|Bloc|Democrat|Democratic|Republican|GOP|Libertarian)[- ](?:[Vv]oter|[Mm]ember|[Cc]ouncill?or|[Aa]ctivist|[Ss]upporter|[Cc]andidate|[Cc]anvass?er|MP|MSP|MLA|TD|MEP)\b"
    ),
    re.compile(
        r"\b(?:[Mm]itglied|[Aa]nhänger(?:in)?|[Kk]andidat(?:in)?|[Ww]ähler(?:in)?|[Ss]tadträtin|[Ss]tadtrat|[Gg]emeinderätin|[Oo]rtsvorsitzende) (?:der|bei den|bei der|in der|für die|von) (?P<party>(?:[A-ZÄÖÜ][\w-]*)?(?:[Pp]artei|Grünen|Linken))(?!\w)"
    ),
    re.compile(
        r"\b(?:[Mm]itglied|[Aa]nhänger(?:in)?|[Kk]andidat(?:in)?|[Ww]ähler(?:in)?) (?:der|bei den|bei der|in der|für die|von) (?P<party>SPD|CDU|CSU|FDP|AfD|BSW|ÖVP|SPÖ|FPÖ|SVP|SP|GLP)(?!\w)"
    ),
    re.compile(
        r"(?<!\w)(?P<party>SPD|CDU|CSU|FDP|AfD|BSW|ÖVP|SPÖ|FPÖ|SVP|[A-ZÄÖÜ]\w+partei)-?(?:[Mm]itglied|[Ww]ähler(?:in)?|[Aa]nhänger(?:in)?|[Kk]andidat(?:in)?|[Ss]tadträtin|[Ff]raktion)\b"
    ),
    re.compile(
        r"\b(?:[Aa]dhérente?|[Mm]ilitante?|[Mm]embre|[Cc]andidate?|[ÉéEe]lue?|[Ee]ncartée?|[Ss]ympathisante?) (?:du|de la|au|à|à la|de|des|chez) (?P<party>[Pp]arti (?!pris|politique)[A-ZÀ-Þa-zà-ÿ]\w+|LFI|EELV|LR|RN|PCF|PS|MoDem|Reconquête)(?!\w)"
    ),
    re.compile(
        r"\b(?:[Mm]ilitante|[Aa]filiad[ao]|[Cc]andidat[ao]|[Vv]otante|[Ss]impatizante|[Cc]oncejala?) (?:del|de la|de|por el|por) (?P<party>Partido|PSOE|PP|VOX|Vox|Podemos|Sumar|PAN|PRI|PRD|Morena|MORENA|MC|ERC|Junts|BNG|PNV|Bildu|EH Bildu|Ciudadanos)(?!\w)"
    ),
    re.compile(
        r"\b(?:[Mm]ilitante|[Ff]iliad[ao]|[Cc]andidat[ao]|[Ee]leitora?|[Vv]ereadora?|[Ss]impatizante) (?:do|da|pelo|pela|no|na) (?P<party>Partido|PT|PSDB|PL|PSOL|MDB|PSB|PDT|PCdoB|PP|PS|PSD|CDS|PCP|BE|Chega|Livre|IL|PAN|Novo)(?!\w)"
    ),
    re.compile(
        r"\b(?:[Ii]scritt[ao]|[Mm]ilitante|[Ee]lettrice|[Ee]lettore|[Cc]andidat[ao]|[Cc]onsigliera?) (?:al|del|della|a|nel|per il|con la) (?P<party>Partito|PD|M5S|Lega|FdI|Forza Italia|AVS)(?!\w)"
    ),
    re.compile(
        r"\b(?:[Ll]id|[Rr]aadslid|[Kk]andidaat|[Kk]iezer) (?:van|voor|bij) (?:de |het )?(?P<party>VVD|PvdA|D66|CDA|GroenLinks|SP|PVV|ChristenUnie|SGP|BBB|Volt|Denk|DENK|PvdD|FvD|NSC|N-VA|Vlaams Belang|Vooruit|Partij)(?!\w)"
    ),
)
#: "AfD" is a party in this spelling only; the French agency writes three capitals.
_EXACT = re.compile(r"(?<!\w)(?:FCK ?)?AfD(?!\w)")

_NO_CANDIDATE = frozenset(
    "mom mum mama mommy mummy dad wife running candidate teacher class marathon team early today now here local every your the with and by mail me us her him "
    "them yes no on in out smart up informed first member advocate nurse doula save love babies baby moms mums mothers milk breastfeeding boobs clerk counsel lawyer "
    "secretary staffer advisor adviser reporter worker volunteer photographer translator interpreter assistant intern chair liaison delegate counselor page analyst "
    "attorney press director manager aide librarian archivist designer engineer science policy blue red green labour si oui ja sim non best top leader work works worked working writing reporting campaigning manager pta pto chapter club student vice past".split(),
)
_NO_PARTY = re.compile(
    r"\b(?:Birthday|Wedding|Search|Working|Garden|Dinner|Cocktail|Bachelorette|Hen|Block|Pool|Watch|Book|Donner|Boston Tea|Slumber|Christmas|Halloween|Street|Launch|Play|Nursing|Picnic|House|Dance|Pajama)\s(?:\w+\s)?Party"
)
#: A name and a year are a child's far more often than a candidate's.
_FAMILY = re.compile(
    r"\b(?:mum|mom|mama|mommy|mummy|mother|dad|parent|parents|twins|twin|baby|babies|boy|boys|girl|girls|kids|son|sons|daughter|daughters|born|class|married|wed|"
    r"mutter|mami|zwillinge|mere|maman|jumeaux|madre|gemelos|mae|gemeos|moeder|to|of|für|fur)\b|[🍼👶💒]"
)


def _by_grammar(text: Text) -> Iterator[tuple[int, int, str]]:
    """Spans of the stored text that read as a slogan, a candidacy or a membership, with what they read as."""
    raw = text.raw
    for number, pattern in enumerate(_SLOGANS):
        for match in pattern.finditer(raw):
            childs = number == _TICKET and _FAMILY.search(prepare(raw[: match.start()]).plain)
            if match["who"].casefold() not in _NO_CANDIDATE and not childs and _is_said(raw, match.start()):
                yield *match.span(), "reads as a campaign slogan"
    for pattern, what in (
        (_BALLOT, "reads as a campaign slogan"),
        (_CANDIDACY, "reads as a candidacy"),
        (_EXACT, "reads as a badge of a party"),
    ):
        yield from ((*match.span(), what) for match in pattern.finditer(raw) if _is_said(raw, match.start()))
    for pattern in _BELONGS:
        for match in pattern.finditer(raw):
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
