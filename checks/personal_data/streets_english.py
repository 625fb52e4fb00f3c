"""Street addresses as the English-speaking countries write them: the number first, the kind of street last.

Kinds of street and their short forms follow USPS Publication 28 (appendix C1) and common British, Irish, Australian
and Indian use; postcodes follow each country's format. Most kinds are ordinary nouns too, so only a capital, a word
before ("lives at") or a town with a postcode after makes an address of them.
"""

# ruff: noqa: E501, RUF001 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re

UPPER = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻĽŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
GAP = "[ \\t\u00a0]{1,2}"
NAME = rf"{UPPER}[\w'’.-]{{0,25}}"
#: A comma, a line's end or a blank between the parts of an address.
SEPARATOR = "(?:[ \\t\u00a0]{0,2}[,;|][ \\t\u00a0]{0,2}(?:\\r?\\n[ \\t]{0,8})?|[ \\t\u00a0]{0,2},?\\r?\\n[ \\t]{0,8}|[ \\t\u00a0]{1,2}(?:[-–][ \\t\u00a0]{1,2})?)"


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


#: Hardly ever anything but a street when a number and a capitalised name stand before them.
_STRONG = _words(
    "Street Str Avenue Avenues Ave Av Aven Avn Avnue Road Roads Rd Rds Boulevard Blvd Boul Boulv Bvd Lane Ln "
    "Terrace Ter Terr Tce Parkway Parkways Pkwy Pky Prkwy Pkway Highway Hwy Hiway Highwy Crescent Cres Crsent "
    "Cresc Mews Turnpike Trnpk Tpke Expressway Expy Expwy Freeway Fwy Frwy Causeway Cswy Causwa Bypass Byp "
    "Throughway Trwy Trafficway Trfy Motorway Mtwy Wynd Esplanade Esp Laneway Nagar Marg Close Cul-de-Sac "
    "Boreen "
)
_WEAK = _words(
    "St Sts Drive Drives Dr Drs Drv Driv Court Courts Ct Cts Crt Place Places Pl Plc Plaza Plz Plza Square "
    "Squares Sq Sqs Sqr Sqre Circle Circles Cir Cirs Circ Crcl Crcle Trail Trails Trl Trls Tr Way Ways Wy "
    "Alley Aly Allee Annex Anx Arcade Arc Bay Bayou Byu Beach Bch Bend Bnd Bluff Bluffs Blf Blfs Bottom Btm "
    "Branch Br Bridge Brg Brook Brooks Brk Brks Burg Bg Camp Cp Canyon Cyn Cape Cpe Center Centers Centre Ctr "
    "Ctrs Cliff Cliffs Clf Clfs Club Clb Common Commons Cmn Cmns Corner Corners Cor Cors Course Crse Cove "
    "Coves Cv Cvs Creek Crk Crest Crst Crossing Xing Crossroad Crossroads Xrd Curve Curv Dale Dl Dam Dm Divide "
    "Dv Estate Estates Est Ests Extension Ext Extensions Exts Fall Falls Fls Ferry Fry Field Fields Fld Flds "
    "Flat Flats Flt Flts Ford Fords Frd Frds Forest Frst Forge Forges Frg Frgs Fork Forks Frk Frks Fort Ft "
    "Garden Gardens Gdn Gdns Gateway Gtwy Glen Glens Gln Glns Green Greens Grn Grns Grove Groves Grv Grvs "
    "Harbor Harbors Harbour Hbr Hbrs Haven Hvn Heights Hts Hill Hills Hl Hls Hollow Hollows Holw Inlet Inlt "
    "Island Islands Is Iss Isle Junction Junctions Jct Jcts Key Keys Ky Kys Knoll Knolls Knl Knls Lake Lakes "
    "Lk Lks Land Landing Lndg Light Lights Lgt Lgts Loaf Lf Lock Locks Lck Lcks Lodge Ldg Loop Loops Mall "
    "Manor Manors Mnr Mnrs Meadow Meadows Mdw Mdws Mill Mills Ml Mls Mission Msn Mount Mt Mountain Mountains "
    "Mtn Mtns Neck Nck Orchard Orch Oval Ovl Overpass Opas Park Parks Pass Passage Psge Path Paths Pike Pikes "
    "Pine Pines Pne Pnes Plain Plains Pln Plns Point Points Pt Pts Port Ports Prt Prts Prairie Pr Radial Radl "
    "Ramp Ranch Ranches Rnch Rapid Rapids Rpd Rpds Rest Rst Ridge Ridges Rdg Rdgs River Riv Route Rte Row Rue "
    "Run Shoal Shoals Shl Shls Shore Shores Shr Shrs Skyway Skwy Spring Springs Spg Spgs Spur Spurs Station "
    "Sta Stn Stravenue Stra Stream Strm Summit Smt Trace Traces Trce Track Tracks Trak Tunnel Tunl Underpass "
    "Upas Union Unions Un Uns Valley Valleys Vly Vlys Viaduct Via View Views Vw Vws Village Villages Vlg Vlgs "
    "Ville Vl Vista Vis Walk Walks Wall Well Wells Wls Rise Vale Croft Drove Parade Pde Promenade Prom Chase "
    "Yard Quay Wharf Gate Gait Ride Lea Copse Dene End Hey Fold Garth Side Strand Pathway Pway Circuit Cct "
    "Concourse Quadrant Reserve Retreat Return Rtn Outlook Gully Cutting Elbow Glade Grange Hub Pocket Range "
    "Sector Broadway Colony Layout Enclave Chowk Bazaar Bazar Vihar Society "
)
_SHORT = 3
_USUAL = "Drive|Dr|Court|Ct|Place|Pl|Way|Circle|Cir|Trail|Trl|Square|St"
#: Short forms in capitals that are no words of a shouted sentence.
_SHORT_CAPITALS = ("ST", "DR", "CT", "PL", "SQ", "CIR", "WAY")
_SECTIONS = "North|South|East|West|Northeast|Northwest|Southeast|Southwest|NE|NW|SE|SW|N|S|E|W"
_STRONG_WORDS = "|".join(sorted([*_STRONG, *(word.upper() for word in _STRONG)], key=len, reverse=True))
_WEAK_WORDS = "|".join(
    sorted([*_WEAK, *(word.upper() for word in _WEAK if len(word) > _SHORT), *_SHORT_CAPITALS], key=len, reverse=True)
)
_NUMBER = r"(?P<number>(?:[NSEW]\d{1,3}[NSEW]\d{1,5}|\d{1,6})(?:[A-Za-z]|[/–-]\d{1,4}[A-Za-z]?|[ ]?[½¼¾]|[ ]1/2)?)"
_LEADING_UNIT = r"(?:(?:Flat|Apt\.?|Apartment|Unit|Suite|Shop|Studio|Level|House|Plot|Door|Villa|Block|Building|Bldg\.?)[ ]#?(?:No\.? ?)?\w{1,5}[,/]?[ ])?"
_WORD = rf"(?:{NAME}|\d{{1,3}}(?:st|nd|rd|th|ST|ND|RD|TH))"
_LINK_WORD = r"(?:(?:of|the|on|at|upon|de|la|las|los|del|el|van|von|and|du|des)[ ]){0,2}"
ENGLISH = re.compile(
    rf"(?<![\w$€£¥#.,:/+&-])(?<![$€£#] ){_LEADING_UNIT}{_NUMBER},?{GAP}(?P<name>(?:(?:{_SECTIONS})\.?{GAP})?(?:{_LINK_WORD}{_WORD}{GAP}){{1,4}}?)"
    rf"(?:(?P<strong>{_STRONG_WORDS})|(?P<weak>{_WEAK_WORDS})(?!{GAP}(?:{_STRONG_WORDS}|{_USUAL})(?!\w)))(?![\w'’&]|-[A-Za-z])(?P<dot>\.(?=[\s,]|$))?"
    rf"(?P<section>,?{GAP}(?:{_SECTIONS})(?![\w'’]))?",
)
#: "The Avenue", "Broadway": streets without a kind of their own.
NAMED = re.compile(
    rf"(?<![\w$€£¥#.,:/+&-])(?<![$€£#] ){_LEADING_UNIT}{_NUMBER},?{GAP}(?P<name>(?:The{GAP})?(?:{_LINK_WORD}{NAME})(?:{GAP}{_LINK_WORD}{NAME}){{0,2}}?)(?=[ \t]{{0,2}}(?:,|\r?\n))"
)
#: Cities laid out by coordinates: "123 N 400 W".
GRID = re.compile(rf"(?<![\w$€£¥#.,:/+&-])\d{{1,5}}{GAP}(?:{_SECTIONS}){GAP}\d{{2,5}}{GAP}(?:{_SECTIONS})(?!\w)")
NUMBERED = re.compile(
    rf"(?<![\w$€£¥#.,:/+&-]){_NUMBER}{GAP}(?:(?:{_SECTIONS})\.?{GAP})?(?:(?:U\.?S\.?|State|County|CR|SR|Farm[ -]to[ -]Market|FM|Ranch|Old|{NAME}){GAP}){{0,2}}"
    rf"(?:Highway|Hwy\.?|Route|Rte\.?|Road|Rd\.?|CR|SR|FM|Interstate|I-?|Loop|Street|Avenue|HIGHWAY|HWY)[ ]?#?\d{{1,5}}[A-Z]?(?![\w:.%]\w)(?:{GAP}(?:{_SECTIONS})(?!\w))?"
)
RURAL = re.compile(
    r"(?<!\w)(?:RR|R\.R\.|Rural Route|HC|Star Route|RFD)[ ]#?\d{1,3},?[ ](?:Box|BOX|Bx)[ ]#?\d{1,5}[A-Z]?(?!\w)"
)
BOX = re.compile(
    r"(?<!\w)(?:P\.? ?O\.?|Post(?: Office|al)?|Private|Locked|GPO|PMB)[ ]?(?:Box|BOX|box|Bag|BAG)[ ]?#?(?:No\.? ?)?\d{1,6}(?!\w)"
    r"|(?<!\w)(?:Postfach|Apartado(?: de [Cc]orreos| [Pp]ostal)?|Aptdo\.|Casella [Pp]ostale|C\.P\.|Postbus|Caixa [Pp]ostal|Bo[iî]te [Pp]ostale|BP|B\.P\.|Case [Pp]ostale|P\.O\.B\.)[ ]?(?:n[.º°] ?)?\d{1,3}(?:[ ]?\d{2,3}){0,2}(?!\w)"
)
MILITARY = re.compile(
    rf"(?<!\w)(?:(?:PSC|Unit|UNIT|CMR|USCG|USN[SV]?|USS)[ ](?:{NAME}|\d{{1,5}})(?:{GAP}{NAME})?{SEPARATOR})?(?:Box{GAP}\d{{1,5}}{SEPARATOR})?"
    r"(?:APO|FPO|DPO),?[ ](?:AA|AE|AP)[ ]\d{5}(?:-\d{4})?(?!\w)"
)
#: In lower case a street needs a word of home before it.
LOWER = re.compile(
    rf"(?<![\w$€£#.,:/+-])\d{{1,5}}[a-d]?{GAP}(?:(?:[a-z][a-z'’.-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th)){GAP}){{1,3}}?"
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|terrace|parkway|pkwy|crescent|close|way|circle|square)(?![\w'’-])\.?"
)

#: India's houses have numbers of their own in a sector or colony: "H.No. 12, Sector 15, Gurgaon 122001".
PLOT = re.compile(
    r"(?<!\w)(?:H|House|Plot|Flat|Door|Shop|D)\.?[ ]?No\.?[ :-]{0,2}[\w/-]{1,8},[ ][^\n]{3,80}?[ ,-][1-8]\d{2} ?\d{3}(?![\w-])"
)

UNIT = (
    rf"(?:(?:{SEPARATOR})(?:(?:Apt|APT|Apartment|apt|Unit|UNIT|unit|Suite|SUITE|suite|Ste|STE|Flat|Room|Rm|Lot|Trlr|Spc|Space|Dept|Bldg|Building|Penthouse|PH|Studio|Level|No|Fl)\.?[ ]?#?[ ]?[\w-]{{1,6}}(?![\w'’])"
    r"|#[ ]?[\w-]{1,6}(?!\w)|\d{1,2}(?:st|nd|rd|th)[ ](?:Floor|floor|Fl\.?)|(?:Ground|First|Second|Third)[ ][Ff]loor|Floor[ ]\d{1,2}))"
)
_STATE_CODES = "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|GU|VI|AS|MP"
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|"
    "Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|D\\.C\\."
)
_PROVINCES = "AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|Ontario|Quebec|Québec|Alberta|British Columbia|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|Newfoundland"
_AUSTRALIA = (
    "NSW|VIC|QLD|SA|WA|TAS|ACT|NT|New South Wales|Victoria|Queensland|South Australia|Western Australia|Tasmania"
)
_UK_POSTCODE = r"(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_EIRCODE = r"(?:[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4})"
LOCALITY = rf"{NAME}(?:(?:[ -]|[ ](?:of|the|on|upon|under|in|de|la|le|del|an der|am|by|next)[ ]){NAME}){{0,3}}"
#: What tells the country: (a town needed before?) the code itself.
POSTCODE = (
    rf"(?:(?:{_STATE_CODES}|{_STATE_NAMES})(?:{SEPARATOR})\d{{5}}(?:-\d{{4}})?|(?:(?:{_PROVINCES})(?:{SEPARATOR}))?[A-Z]\d[A-Z][ -]?\d[A-Z]\d|{_UK_POSTCODE}|(?:{_AUSTRALIA})(?:{SEPARATOR})\d{{4}}"
    rf"|{_EIRCODE}|\d{{3}} ?\d{{3}}|\d{{5}}(?:-\d{{4}})?|(?!(?:19|20)\d\d)\d{{4}}|Dublin \d{{1,2}}W?|(?:Co\.?|County) {NAME})(?![\w-])"
)
#: The state alone ends an address when a town and a comma stand before it.
_STATE_END = rf"(?:{LOCALITY},[ ]?(?:{_STATE_CODES}|{_STATE_NAMES}|{_PROVINCES}|{_AUSTRALIA})(?![\w'’]))"
TAIL = re.compile(
    rf"(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{0,3}}?(?:{SEPARATOR}){POSTCODE}|(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{0,1}}?(?:{SEPARATOR}){_STATE_END}|(?:{UNIT}){{1,2}}"
)
#: A tail that tells a town by itself: postcode beside a state, or a code no ordinary number looks like.
SURE_TAIL = re.compile(
    rf"(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{1,3}}?(?:{SEPARATOR})(?:(?:{_STATE_CODES}|{_STATE_NAMES}),?[ ]{{1,2}}\d{{5}}|(?:(?:{_PROVINCES})(?:{SEPARATOR}))?[A-Z]\d[A-Z] ?\d[A-Z]\d|{_UK_POSTCODE}|(?:{_AUSTRALIA}),?[ ]\d{{4}}|{_EIRCODE})(?![\w-])"
)
