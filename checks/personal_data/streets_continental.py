"""Street addresses as continental Europe and Latin America write them: the kind of street first, or the number last."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.personal_data.streets_english import GAP, LOCALITY, NAME, SEPARATOR, UPPER
from checks.word_classes import entries

_MAYBE_GAP = "[ \\t\u00a0]{0,2}"
_SPLIT = f"(?:,{_MAYBE_GAP}|{GAP})"
_NUMBER = r"\d{1,5}(?:[ ]?(?:bis|ter|[a-zA-Z])(?![\w'’]))?(?:[ ]?[-/–][ ]?\d{1,4}[a-z]?)?"
_AFTER = r"(?![\w:%€]|[.,]\d|[ ]?(?:%|€|Uhr|h\b|am\b|pm\b|a\.m|p\.m))"

#: A number that may end a street: no time of day, no share, no price. Found from its digits, which are rare.
HOUSE_NUMBER = re.compile(rf"\d(?<!\d\d)(?<!\d:\d)\d*(?:[ ]?(?:bis|ter|[a-zA-Z])(?![\w'’]))?{_AFTER}")


@dataclass(frozen=True)
class Street:
    """A grammar of one language. `strong` kinds of street need nothing beside them."""

    shape: re.Pattern[str]
    strong: bool

    @property
    def ends_in_number(self) -> bool:
        """Whether a `HOUSE_NUMBER` ends it."""
        return self.shape.pattern.endswith(_AFTER)


def _spanish_names(link: str) -> str:
    return rf"(?:(?:{link}){GAP}){{0,2}}{NAME}(?:{GAP}(?:(?:{link}){GAP}){{0,2}}{NAME}){{0,4}}?"


_ES_LINK = "de|del|la|las|los|el|y|d['’]|i"
_PT_LINK = "de|da|do|das|dos|e|a|o"
_IT_LINK = "di|del|della|delle|dei|degli|dello|dell['’]|da|san|e|la|il|al"
_FR_LINK = "de|du|des|la|le|les|à|au|aux|et|sur|en"
_FR_NAME = (
    rf"(?:(?:{_FR_LINK}){GAP}|[dDlL]['’])*(?:{NAME}|\d{{1,2}})"
    rf"(?:(?:{GAP}|-)(?:(?:{_FR_LINK})(?:{GAP}|-)|[dDlL]['’])*{NAME}){{0,4}}"
)
FRENCH_KIND = (
    r"(?:[Rr]ue|[Aa]v(?:enue|\.)|[Bb](?:oulevar)?d\.?|[Aa]ll[ée]es?|[Ii]mpasse|[Cc]hemin|[Cc]hem\.|[Qq]uai"
    r"|[Pp]lace|[Pp]l\.|[Rr]oute|[Rr]te\.?|[Cc]ours|[Pp]assage|[Ss]quare|[Ss]entier|[Rr]uelle|[Ee]splanade"
    r"|[Pp]romenade|[Ff]aubourg|[Vv]illa|[Cc]it[ée]|[Rr][ée]sidence|[Hh]ameau|[Vv]oie|[Mm]ont[ée]e|[Tt]raverse"
    r"|[Rr]ond-point|[Vv]enelle|[Cc]lo[sî]|[Rr]ang|[Cc]ôte)"
)
_DE_KIND = "stra(?:ß|ss)e|str\\.|gasse|allee|chaussee|pfad|stiege"
_DE_WEAK = "|".join(entries("german_streets"))
_NL_KIND = "straat|laan|gracht|kade|singel|steeg|dijk"
_NL_WEAK = "|".join(entries("dutch_streets"))
_STREET_BEGINS = "|".join(entries("street_begins"))
_NORTHERN = "|".join(entries("northern_streets"))
_NORTHERN_WEAK = "|".join(entries("northern_streets_weak"))
_ES_KIND = (
    r"[Cc]alle|[Cc]/|[Cc]alzada|[Aa]venida|Avda?\.?|[Aa]v\.|[Pp]aseo|P\.º|Pº|[Cc]arrer|[Rr]onda|[Tt]ravesía"
    r"|[Gg]lorieta|[Cc]allejón|[Rr]ambla|[Cc]arretera|Ctra\.?|[Cc]uesta|[Cc]amino|[Pp]rolongación|[Pp]rivada"
    r"|[Bb]oulevard|[Pp]asaje|[Jj]irón|Jr\."
)
_PT_KIND = (
    r"[Rr]ua|[Tt]ravessa|Trav\.|Tv\.|[Aa]venida|Av[.ª]?|[Aa]lameda|[Ee]strada|Estr\.|[Rr]odovia|Rod\.|[Bb]eco"
    r"|[Cc]alçada|[Ll]adeira|[Vv]iela|Praça|Pça\.?"
)
_IT_KIND = (
    r"[Vv]iale|V\.le|[Pp]iazzale|P\.le|[Vv]icolo|[Ll]ungo\w+|[Cc]ontrada|C\.da|[Ss]alita|[Cc]orso|C\.so"
    r"|[Pp]iazza|P\.zza|P\.za"
)


def _ends_in(shape: str, *, strong: bool) -> Street:
    """A street that begins with a word of its own and ends in a house number."""
    return Street(re.compile(rf"(?<![\w.]){shape}{_NUMBER}{_AFTER}"), strong=strong)


STREETS = (
    # German, Dutch: one word that ends in the kind of street, then the number.
    _ends_in(rf"{UPPER}[\w.-]{{1,30}}(?:{_DE_KIND}|{_NL_KIND}){_MAYBE_GAP}", strong=True),
    _ends_in(
        rf"{UPPER}[\w.-]{{2,30}}(?:er|e|es|en|s|-){_MAYBE_GAP}"
        rf"(?:Stra(?:ß|ss)e|Str\.|Allee|Gasse|Chaussee|Weg|Platz|Ring|Ufer|Damm|Berg|Markt){GAP}",
        strong=True,
    ),
    _ends_in(rf"{UPPER}[\w-]{{2,25}}(?:{_DE_WEAK}|{_NL_WEAK}){GAP}", strong=False),
    _ends_in(rf"(?:{_STREET_BEGINS}){GAP}{NAME}(?:{GAP}{NAME})?{GAP}", strong=False),
    # Scandinavian, Finnish, Polish, Czech, Hungarian, South Slavic.
    _ends_in(rf"{UPPER}[\w-]{{1,30}}(?:{_NORTHERN}){GAP}", strong=True),
    _ends_in(rf"{UPPER}[\w-]{{1,30}}(?:{_NORTHERN_WEAK}){GAP}", strong=False),
    Street(
        re.compile(
            r"(?<![\w.])(?:ul\.|ulica|ulice|aleja|[Uu]l\.|[Aa]l\.|os\.|[Uu]lica)"
            rf"{GAP}{NAME}(?:{GAP}{NAME}){{0,2}}{GAP}{_NUMBER}(?:/\d{{1,4}})?{_AFTER}"
            rf"|(?<![\w.]){UPPER}\w{{1,25}}(?:{GAP}\w{{2,20}})?{GAP}"
            r"(?:utca|út|tér|körút|ulica|cesta|trg|nám(?:ěstí|estie)|Sokak|Caddesi|Cad\.|Sok\.)"
            rf"{GAP}(?:[Nn]o:?[ ]?)?{_NUMBER}{_AFTER}"
        ),
        strong=False,
    ),
    # French: number, kind, name; Belgium and Switzerland put the number last.
    Street(
        re.compile(
            r"(?<![\w$€£.,:/-])\d{1,4}(?:[ ]?(?:bis|ter|quater|[A-D]))?(?:[ ]?[-/][ ]?\d{1,4})?"
            rf",?{GAP}{FRENCH_KIND}{GAP}{_FR_NAME}"
        ),
        strong=True,
    ),
    _ends_in(
        rf"(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hauss[ée]e|[Cc]hemin|[Rr]oute){GAP}{_FR_NAME},?{GAP}", strong=True
    ),
    # Spanish.
    _ends_in(
        rf"(?:{_ES_KIND}){_MAYBE_GAP}{_spanish_names(_ES_LINK)}{_SPLIT}"
        r"(?:n[.º°]{1,2} ?|[Nn]úm(?:\.|ero) ?|#[ ]?|No\. ?|s/)?",
        strong=True,
    ),
    Street(
        re.compile(
            r"(?<![\w.])"
            rf"(?:Calle|Carrera|Cra\.?|Cl\.?|Cll\.?|Kr\.?|Transversal|Diagonal|Dg\.?|Avenida|Av\.?){GAP}"
            rf"\d{{1,3}}[A-Z]?(?:{GAP}(?:Bis|Sur|Norte|Este))?{GAP}?(?:#|No\.?|N°|[Nn]úm\.){_MAYBE_GAP}"
            r"\d{1,3}[A-Z]?[ ]?-[ ]?\d{1,3}"
        ),
        strong=True,
    ),
    _ends_in(
        r"(?:Plaza|Pza\.?|Plza\.?|Plaça|Urbanización|Urb\.|Polígono|Barrio|Vía|Parque|Colonia|Col\.)"
        rf"{GAP}{_spanish_names(_ES_LINK)},?{GAP}(?:n[.º°]{{1,2}} ?)?",
        strong=False,
    ),
    # Portuguese.
    _ends_in(
        rf"(?:{_PT_KIND}){GAP}{_spanish_names(_PT_LINK)}{_SPLIT}(?:n[.º°]{{1,2}} ?|nº ?)?",
        strong=True,
    ),
    _ends_in(
        rf"(?:R\.|C\.|Al\.|Tv\.){GAP}{_spanish_names(_PT_LINK)}{_SPLIT}(?:n[.º°]{{1,2}} ?|nº ?)?",
        strong=False,
    ),
    _ends_in(
        rf"(?:[Cc]alle|[Cc]arrera|[Aa]venida){GAP}\d{{1,3}},?{GAP}(?:[Nn]\w{{0,2}}[.º°]{{1,2}} ?|#[ ]?)?", strong=False
    ),
    # Italian.
    _ends_in(
        rf"(?:{_IT_KIND}){GAP}(?:{_IT_LINK})?{_MAYBE_GAP}{_spanish_names(_IT_LINK)},?{GAP}(?:n[.°º]{{1,2}} ?)?",
        strong=False,
    ),
    _ends_in(
        r"(?:Via|via|Strada|Borgo|Largo|Località|Loc\.|Riva|Calle|Fondamenta)"
        rf"{GAP}{_spanish_names(_IT_LINK)},?{GAP}(?:n[.°º]{{1,2}} ?)?",
        strong=False,
    ),
)
#: Floor, door, staircase.
_DOOR = (
    r"(?:,?[ ](?:[-–] ?)?(?:"
    r"\d{1,2}[.ºª°]{1,2}[ ]?"
    r"(?:[A-Z](?!\w)|[Dd](?:cha|to|ir)\.?|[Ii]zq(?:da)?\.?|[Ee]sq\.?|[Ff]te\.?|andar|piso|[Pp]lanta)?"
    r"|[Pp]iso[ ]\d{1,2}[ºª]?[ ]?[A-Z]?"
    r"|[Aa]pto?\.?[ ]?\w{1,5}"
    r"|[Dd]epto\.?[ ]\w{1,5}"
    r"|[Ii]nt(?:erno|\.)[ ]?\w{1,4}"
    r"|[Ss]cala[ ]\w"
    r"|[Ee]sc\.?[ ]\w"
    r"|[Bb]ajo"
    r"|[Bb]ât(?:iment|\.)[ ]\w{1,3}"
    r"|[Aa]ppt?(?:artement|\.)?[ ]\w{1,4}"
    r"|[Bb]us[ ]\w{1,4}"
    r"|[Ss]ala[ ]\w{1,5}"
    r"|[Bb]loco?[ ]\w{1,3}"
    r"|[Pp]uerta[ ]\w{1,3}"
    r"|[Ww]ohnung[ ]\w{1,3}"
    r"|[Hh]interhaus"
    r"|\d\. ?(?:OG|Stock)))"
)
_CODE = (
    r"(?:(?:[A-Z]{1,2}[- ])?\d{4}(?:[ ]?[A-Z]{2}(?!\w)|-\d{3}(?!\d)|(?!\d))"
    r"|(?:[A-Z]{1,2}-)?\d{5}(?:-\d{3})?(?!\d)"
    r"|\d{3} \d{2}(?!\d)"
    r"|\d{2}-\d{3}(?!\d)"
    r"|(?:C\.?P\.?|CEP|CAP|PLZ|Código Postal)[.:]? ?\d{4,5}(?:-\d{3})?)"
)
#: A year, which no town follows, is no postcode.
_NO_YEAR = rf"(?!(?:19|20)\d\d(?!\d|-\d{{3}}| ?[A-Z]{{2}}\b|{GAP}{UPPER}))"
#: Postcode and town, in either order; a quarter may stand between.
TAIL = re.compile(
    rf"(?:{_DOOR}){{0,3}}(?:{SEPARATOR}{LOCALITY}){{0,2}}?{SEPARATOR}{_NO_YEAR}{_CODE}"
    rf"(?:(?:{SEPARATOR}){LOCALITY})?(?:{GAP}\([A-Z]{{2}}\)|[ ]?[-,/][ ]?[A-Z]{{2}}(?!\w))?"
    rf"|(?:{_DOOR}){{0,3}}(?:{SEPARATOR}{LOCALITY}){{1,2}}?[ ]?[-/][ ]?[A-Z]{{2}}(?!\w)"
    rf"(?:{SEPARATOR}(?:CEP:? ?)?\d{{5}}-?\d{{3}}(?!\d))?"
    rf"|(?:{_DOOR}){{1,3}}"
)
