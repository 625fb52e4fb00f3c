"""Street addresses as continental Europe and Latin America write them: the kind of street first, or the number last."""

# ruff: noqa: E501, RUF001 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.personal_data.streets_english import GAP, LOCALITY, NAME, SEPARATOR, UPPER

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
_FR_NAME = rf"(?:(?:{_FR_LINK}){GAP}|[dDlL]['’])*(?:{NAME}|\d{{1,2}})(?:(?:{GAP}|-)(?:(?:{_FR_LINK})(?:{GAP}|-)|[dDlL]['’])*{NAME}){{0,4}}"
FRENCH_KIND = (
    r"(?:[Rr]ue|[Aa]v(?:enue|\.)|[Bb](?:oulevar)?d\.?|[Aa]ll[ée]es?|[Ii]mpasse|[Cc]hemin|[Cc]hem\.|[Qq]uai|[Pp]lace|[Pp]l\.|[Rr]oute|[Rr]te\.?|[Cc]ours|[Pp]assage|[Ss]quare|"
    r"[Ss]entier|[Rr]uelle|[Ee]splanade|[Pp]romenade|[Ff]aubourg|[Vv]illa|[Cc]it[ée]|[Rr][ée]sidence|[Hh]ameau|[Vv]oie|[Mm]ont[ée]e|[Tt]raverse|[Rr]ond-point|[Vv]enelle|[Cc]lo[sî]|[Rr]ang|[Cc]ôte)"
)
_DE_KIND = "stra(?:ß|ss)e|str\\.|gasse|allee|chaussee|pfad|stiege"
_DE_WEAK = "weg|platz|ring|ufer|damm|steig|hof|berg|markt|graben|stieg|wall|tor|brücke|twiete|garten|feld|winkel|kamp|rain|zeile|park|promenade"
_NL_KIND = "straat|laan|gracht|kade|singel|steeg|dijk"
_NL_WEAK = "weg|plein|dreef|hof|pad|markt|baan|ring|park|wal|akker|veld|burg|brink|oord|donk|berg|lei"
STREETS = (
    # German, Dutch: one word that ends in the kind of street, then the number.
    Street(re.compile(rf"(?<![\w.]){UPPER}[\w.-]{{1,30}}(?:{_DE_KIND}|{_NL_KIND}){_MAYBE_GAP}{_NUMBER}{_AFTER}"), strong=True),
    Street(re.compile(rf"(?<![\w.]){UPPER}[\w.-]{{2,30}}(?:er|e|es|en|s|-){_MAYBE_GAP}(?:Stra(?:ß|ss)e|Str\.|Allee|Gasse|Chaussee|Weg|Platz|Ring|Ufer|Damm|Berg|Markt){GAP}{_NUMBER}{_AFTER}"), strong=True),
    Street(re.compile(rf"(?<![\w.]){UPPER}[\w-]{{2,25}}(?:{_DE_WEAK}|{_NL_WEAK}){GAP}{_NUMBER}{_AFTER}"), strong=False),
    Street(
        re.compile(
            rf"(?<![\w.])(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Vor dem|Alter|Alte|Neue|Neuer|Großer|Kleine|Obere|Untere|De|Het|Op de|Aan de|Oude|Nieuwe|Korte|Lange){GAP}"
            rf"{NAME}(?:{GAP}{NAME})?{GAP}{_NUMBER}{_AFTER}"
        ),
        strong=False,
    ),
    # Scandinavian, Finnish, Polish, Czech, Hungarian, South Slavic.
    Street(re.compile(rf"(?<![\w.]){UPPER}[\w-]{{1,30}}(?:gatan|vägen|gränd|gade|stræde|vejen|veien|katu|kuja|utca){GAP}{_NUMBER}{_AFTER}"), strong=True),
    Street(
        re.compile(rf"(?<![\w.]){UPPER}[\w-]{{1,30}}(?:väg|gata|gate|vej|vei|gård|torget|torg|torv|plads|plass|tie|polku|tori|ova|ská|ého){GAP}{_NUMBER}{_AFTER}"),
        strong=False,
    ),
    Street(
        re.compile(
            rf"(?<![\w.])(?:ul\.|ulica|ulice|aleja|[Uu]l\.|[Aa]l\.|os\.|[Uu]lica){GAP}{NAME}(?:{GAP}{NAME}){{0,2}}{GAP}{_NUMBER}(?:/\d{{1,4}})?{_AFTER}"
            rf"|(?<![\w.]){UPPER}\w{{1,25}}(?:{GAP}\w{{2,20}})?{GAP}(?:utca|út|tér|körút|ulica|cesta|trg|nám(?:ěstí|estie)|Sokak|Caddesi|Cad\.|Sok\.){GAP}(?:[Nn]o:?[ ]?)?{_NUMBER}{_AFTER}"
        ),
        strong=False,
    ),
    # French: number, kind, name; Belgium and Switzerland put the number last.
    Street(re.compile(rf"(?<![\w$€£.,:/-])\d{{1,4}}(?:[ ]?(?:bis|ter|quater|[A-D]))?(?:[ ]?[-/][ ]?\d{{1,4}})?,?{GAP}{FRENCH_KIND}{GAP}{_FR_NAME}"), strong=True),
    Street(re.compile(rf"(?<![\w.])(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hauss[ée]e|[Cc]hemin|[Rr]oute){GAP}{_FR_NAME},?{GAP}{_NUMBER}{_AFTER}"), strong=True),
    # Spanish.
    Street(
        re.compile(
            rf"(?<![\w.])(?:[Cc]alle|[Cc]/|[Cc]alzada|[Aa]venida|Avda?\.?|[Aa]v\.|[Pp]aseo|P\.º|Pº|[Cc]arrer|[Rr]onda|[Tt]ravesía|[Gg]lorieta|[Cc]allejón|[Rr]ambla|[Cc]arretera|Ctra\.?|[Cc]uesta|[Cc]amino|[Pp]rolongación|[Pp]rivada|[Bb]oulevard|[Pp]asaje|[Jj]irón|Jr\.)"
            rf"{_MAYBE_GAP}{_spanish_names(_ES_LINK)}{_SPLIT}(?:n[.º°]{{1,2}} ?|[Nn]úm(?:\.|ero) ?|#[ ]?|No\. ?|s/)?{_NUMBER}{_AFTER}"
        ),
        strong=True,
    ),
    Street(re.compile(rf"(?<![\w.])(?:Calle|Carrera|Cra\.?|Cl\.?|Cll\.?|Kr\.?|Transversal|Diagonal|Dg\.?|Avenida|Av\.?){GAP}\d{{1,3}}[A-Z]?(?:{GAP}(?:Bis|Sur|Norte|Este))?{GAP}?(?:#|No\.?|N°|[Nn]úm\.){_MAYBE_GAP}\d{{1,3}}[A-Z]?[ ]?-[ ]?\d{{1,3}}"), strong=True),
    Street(re.compile(rf"(?<![\w.])(?:Plaza|Pza\.?|Plza\.?|Plaça|Urbanización|Urb\.|Polígono|Barrio|Vía|Parque|Colonia|Col\.){GAP}{_spanish_names(_ES_LINK)},?{GAP}(?:n[.º°]{{1,2}} ?)?{_NUMBER}{_AFTER}"), strong=False),
    # Portuguese.
    Street(
        re.compile(
            rf"(?<![\w.])(?:[Rr]ua|[Tt]ravessa|Trav\.|Tv\.|[Aa]venida|Av[.ª]?|[Aa]lameda|[Ee]strada|Estr\.|[Rr]odovia|Rod\.|[Bb]eco|[Cc]alçada|[Ll]adeira|[Vv]iela|Praça|Pça\.?)"
            rf"{GAP}{_spanish_names(_PT_LINK)}{_SPLIT}(?:n[.º°]{{1,2}} ?|nº ?)?{_NUMBER}{_AFTER}"
        ),
        strong=True,
    ),
    Street(
        re.compile(rf"(?<![\w.])(?:R\.|C\.|Al\.|Tv\.){GAP}{_spanish_names(_PT_LINK)}{_SPLIT}(?:n[.º°]{{1,2}} ?|nº ?)?{_NUMBER}{_AFTER}"),
        strong=False,
    ),
    Street(re.compile(rf"(?<![\w.])(?:[Cc]alle|[Cc]arrera|[Aa]venida){GAP}\d{{1,3}},?{GAP}(?:[Nn]\w{{0,2}}[.º°]{{1,2}} ?|#[ ]?)?{_NUMBER}{_AFTER}"), strong=False),
    # Italian.
    Street(re.compile(rf"(?<![\w.])(?:[Vv]iale|V\.le|[Pp]iazzale|P\.le|[Vv]icolo|[Ll]ungo\w+|[Cc]ontrada|C\.da|[Ss]alita|[Cc]orso|C\.so|[Pp]iazza|P\.zza|P\.za){GAP}(?:{_IT_LINK})?{_MAYBE_GAP}{_spanish_names(_IT_LINK)},?{GAP}(?:n[.°º]{{1,2}} ?)?{_NUMBER}{_AFTER}"), strong=False),
    Street(re.compile(rf"(?<![\w.])(?:Via|via|Strada|Borgo|Largo|Località|Loc\.|Riva|Calle|Fondamenta){GAP}{_spanish_names(_IT_LINK)},?{GAP}(?:n[.°º]{{1,2}} ?)?{_NUMBER}{_AFTER}"), strong=False),
)  # fmt: skip
#: Floor, door, staircase.
_DOOR = (
    r"(?:,?[ ](?:[-–] ?)?(?:\d{1,2}[.ºª°]{1,2}[ ]?(?:[A-Z](?!\w)|[Dd](?:cha|to|ir)\.?|[Ii]zq(?:da)?\.?|[Ee]sq\.?|[Ff]te\.?|andar|piso|[Pp]lanta)?|[Pp]iso[ ]\d{1,2}[ºª]?[ ]?[A-Z]?|"
    r"[Aa]pto?\.?[ ]?\w{1,5}|[Dd]epto\.?[ ]\w{1,5}|[Ii]nt(?:erno|\.)[ ]?\w{1,4}|[Ss]cala[ ]\w|[Ee]sc\.?[ ]\w|[Bb]ajo|[Bb]ât(?:iment|\.)[ ]\w{1,3}|[Aa]ppt?(?:artement|\.)?[ ]\w{1,4}|"
    r"[Bb]us[ ]\w{1,4}|[Ss]ala[ ]\w{1,5}|[Bb]loco?[ ]\w{1,3}|[Pp]uerta[ ]\w{1,3}|[Ww]ohnung[ ]\w{1,3}|[Hh]interhaus|\d\. ?(?:OG|Stock)))"
)
_CODE = r"(?:(?:[A-Z]{1,2}[- ])?\d{4}(?:[ ]?[A-Z]{2}(?!\w)|-\d{3}(?!\d)|(?!\d))|(?:[A-Z]{1,2}-)?\d{5}(?:-\d{3})?(?!\d)|\d{3} \d{2}(?!\d)|\d{2}-\d{3}(?!\d)|(?:C\.?P\.?|CEP|CAP|PLZ|Código Postal)[.:]? ?\d{4,5}(?:-\d{3})?)"
#: Postcode and town, in either order; a quarter may stand between.
TAIL = re.compile(
    rf"(?:{_DOOR}){{0,3}}(?:{SEPARATOR}{LOCALITY}){{0,2}}?{SEPARATOR}(?!(?:19|20)\d\d(?!\d|-\d{{3}}| ?[A-Z]{{2}}\b|{GAP}{UPPER})){_CODE}(?:(?:{SEPARATOR}){LOCALITY})?(?:{GAP}\([A-Z]{{2}}\)|[ ]?[-,/][ ]?[A-Z]{{2}}(?!\w))?"
    rf"|(?:{_DOOR}){{0,3}}(?:{SEPARATOR}{LOCALITY}){{1,2}}?[ ]?[-/][ ]?[A-Z]{{2}}(?!\w)(?:{SEPARATOR}(?:CEP:? ?)?\d{{5}}-?\d{{3}}(?!\d))?"
    rf"|(?:{_DOOR}){{1,3}}"
)
