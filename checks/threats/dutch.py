"""Threats in Dutch: what is announced, called for, wished for, foretold and ordered, in its order of words.

Dutch parts its verbs ("ik maak je … af") and puts infinitives and participles last ("ze moesten je … vermoorden"), with
any of a few small words between, so that ready-made phrases would be many thousands. Ready-made ones, veiled threats
above all, stand in the lexicon; here are the frames. Only deeds that are done to people count against "ze" and "hem",
which may be things in Dutch: "ik maak hem af" is a jumper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checks.base import Evidence, Row
from checks.text import Text
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty
from checks.word_classes import filled, pattern

LANGUAGE = "nl"

_FILLS = filled(r"(?: {dutch_fills}){0,4}")
_PERSON = filled(
    r"(?:(?:die|dat|de|het|deze|dit|onze|ons|zo'n|zulk|zulke|heel dat|heel het|heel de|dat hele|het hele|de hele|alle"
    r"|al die)"
    r"(?: (?!{dutch_targets} )[\w-]+){0,2}? {dutch_targets}|(?:mensen|lui|types|wijven|mannen|vrouwen) (?:als"
    r"|zoals) (?:jij|jou|jullie|gij|u|haar|hem|die)"
    r"|zo iemand|zo eentje)"
)
_YOU = filled(r"{dutch_you}(?: (?:allemaal|allebei|alle twee))?")
_ANYBODY = filled(r"(?:{dutch_you}|{dutch_them}|{person}|@\S+)(?: (?:allemaal|allebei))?", person=_PERSON)
_I = r"(?:ik|'k|k|we|wij|mijn (?:man|broer|broers|vrienden|maten|vader) en ik)"
_I_WILL = rf"(?:{_I} (?:ga|gaan|zal|zallen|zullen|kom|komen|zou|zouden|wil|willen|moet)|'?k (?:zal|ga)|kzal|kga)"
_WILL_I = rf"(?:ga|gaan|zal|zullen|kom|komen|zou|zouden) {_I}"
_SHOULD = r"(?:moet|moeten|moest|moesten|zou|zouden|mag|mogen|mocht|hadden)"
#: What somebody comes with.
_ARMS = (
    r"(?:(?:een|mijn|m'n|een paar|wat|al mijn|twee|drie|vier)(?: \w+)? (?:mes(?:sen)?|bijl|hamers?|honkbalknuppels?"
    r"|knuppels?"
    r"|pistool|geweer|jerrycan|broers|maten|vuisten|ijzeren staaf|staven|stokken|koevoet|machete)|benzine|knuppels"
    r"|messen)"
)
#: What somebody gets.
_BLOW = filled(
    r"(?:een|ne|nen|'n|wat|nog een|een paar) (?:\w+ )?{dutch_blows} (?:op|voor|tegen|in|onder|door|tussen)"
    r" (?:{dutch_your}|de) (?:[\w-]+ )?(?:{dutch_face}|kloten|ballen|buik|ribben|rug|strot|lijf)"
    r"(?! van (?!(?:mij|me|ons|mijn|onze)(?!\w)))"
)
_PARTS = {
    "blow": _BLOW,
    "fills": _FILLS,
    "you": _YOU,
    "anybody": _ANYBODY,
    "person": _PERSON,
    "i": _I,
    "i_will": _I_WILL,
    "will_i": _WILL_I,
    "should": _SHOULD,
    "armed": _ARMS,
}
#: "Ik ga je … vermoorden", "dan zal ik u … kapotslaan", "ik zweer dat ik je vermoord".
_ANNOUNCED = (
    r"(?<![\w'])(?:(?:{i_will}|{will_i})(?: {dutch_fills}){0,2} (?:{anybody}{fills} (?:{dutch_killing}|{dutch_beating})"
    r"|(?:{you}|{person}){fills} {dutch_killing_things})"
    r"|(?:{i_will}|{will_i}) {you}{fills} (?:zo hard|zodanig|zo lang|eens goed) (?:slaan|kloppen|schoppen|meppen"
    r"|trappen)"
    r"|(?:{i}|{i_will}|{will_i}"
    r"|zorgen?)(?: {i})?(?: {dutch_fills}){0,2} (?:er ?voor )?(?:zorgen? )?(?:er ?voor )?dat {you}{fills}"
    r" (?:niet|nooit)(?: meer)? {dutch_never_again}"
    r"|(?:dat|tot|voor|voordat) (?:ik|we|wij) (?:{you}|{person}){fills} (?:{dutch_killing}|{dutch_beating}|vermoord"
    r"|afmaak|wurg|doodsla|kapotmaak|kapotsla|doodschiet|neersteek|in elkaar sla))"
    r"(?![\w'])"
)
#: "Ik maak je … af", "dan sla ik u … verrot", "ik vermoord je".
_NOW = (
    r"(?<![\w'])(?:"
    r"(?:{i} {dutch_making}|{dutch_making} {i}) (?:{anybody}{fills} {dutch_made}|{you}{fills} (?:af|kapot))"
    r"|(?:{i} {dutch_hitting}|{dutch_hitting} {i}) {anybody}{fills} {dutch_hit}"
    r"|(?:{i} {dutch_shooting}|{dutch_shooting} {i}) {anybody}{fills} {dutch_shot}"
    r"|(?:{i} (?:hang|hangen|knoop|knopen)|(?:hang|hangen|knoop|knopen) {i}) (?:{you}|{person}){fills} (?:op"
    r"|aan de hoogste boom)"
    r"|(?:{i} {dutch_murders}|{dutch_murders} {i}) (?:{you}|{person})(?=[\s.!,]*$|[.!,;]| (?:als|dan|en|indien"
    r"|wanneer|zodra|echt|nog|hiervoor|allemaal|eigenhandig|met))"
    r"|(?:{i} {dutch_hitting}|{dutch_hitting} {i}) {anybody}{fills} (?:op|in|voor|tegen"
    r"|uit) {dutch_your} (?:[\w-]+ )?{dutch_face}"
    r"|wie(?: [\w']+){1,8}?,? (?:{dutch_making} {i}{fills} (?:{dutch_made}|af|kapot)"
    r"|{dutch_hitting} {i}{fills} {dutch_hit}"
    r"|{dutch_shooting} {i}{fills} {dutch_shot}|{dutch_murders} {i})(?=[\s.!]*$|[.!,])"
    r"|(?:{i} (?:geef|geven|verkoop|verkopen)|(?:geef|geven|verkoop|verkopen) {i}) {anybody}{fills} {blow}"
    r"|(?:{i_will}|{will_i}) {anybody}{fills} {blow} (?:geven|verkopen)"
    r"|(?:{i} (?:steek|steken|prik|snij|snijd)|(?:steek|prik|snij|snijd) {i}) (?:(?:al |alle )?{dutch_your}|alle)"
    r" banden{fills} (?:lek|plat|kapot|door|stuk|over|af)"
    r"|(?:{i} {dutch_pushes}|{dutch_pushes} {i}) (?:{you}|{person}){fills} {dutch_down}"
    r"|(?:{i_will}|{will_i}) (?:{you}|{person}){fills} {dutch_down} (?:duwen|gooien|smijten|flikkeren|kieperen)"
    r"|{i} (?:verbouw|verbouwen) {dutch_your} {dutch_face}|(?:maak|maken) (?:{i} )?gehakt van {you}"
    r"|(?:{i} grijp|{i} grijpen|grijp {i}) {you}{fills} bij (?:de|je|uw) (?:strot|keel|nek)"
    r"|(?:{i} (?:steek|schiet|slacht|vil)) (?:{you}|{person})(?=[\s.!]*$|[.!,;])"
    r"|(?:{i} breek|{i} breken|breek {i}|breken {i}) (?:{anybody} )?(?:(?:al |alle |allebei )?(?:{dutch_your}|de)"
    r"|alle) {dutch_limbs}"
    r"|(?:{i}|(?:snij|snijd|hak|ruk|trek|schop|sla|trap|klop|draai|schiet|knal|bijt) {i}) (?:(?:snij|snijd|snijden"
    r"|hak|ruk|trek|schop|sla|trap|klop|draai|schiet|knal|bijt) )?"
    r"(?:{anybody} )?(?:{dutch_your}|de) {dutch_neck}{fills} (?:door|over|eraf|af|om|van (?:je|uw|zijn) (?:romp|lijf)"
    r"|open|uit|in)(?= |[.!,]|$)"
    r"|(?:{i} |)(?:jaag|jagen|schiet|schieten|pomp|boor|ram)(?: {i}|) (?:{anybody} )?(?:een kogel|lood|een mes"
    r"|een paar kogels) (?:door|in) (?:{dutch_your}|de) (?:kop|hoofd|lijf|rug|buik|knieen|strot)"
    r"|(?:{i} |)(?:steek|steken|zet|zetten)(?: {i}|) (?:{dutch_your}|de|het|heel de|heel het|dat"
    r"|die) (?:hele )?{dutch_houses} in (?:brand|de fik|lichterlaaie)"
    r"|{i} (?:blaas|blazen) (?:{dutch_your}|de|het|heel de|heel het|dat|die) (?:hele )?{dutch_houses} op"
    r"|(?:{i_will}|{will_i}) (?:{dutch_your}|heel de|heel het|heel dat|dat"
    r"|die) (?:hele )?{dutch_houses}{fills} (?:in brand steken|in de fik steken|platbranden|afbranden|opblazen"
    r"|kort en klein slaan)"
    r")(?![\w'])"
)
#: "Ze moesten je … vermoorden", "zulke mensen moeten we afschieten".
_CALLED_FOR = (
    r"(?<![\w'])(?:"
    r"(?:(?:ze|men|iemand|er moet iemand|we|wij|ge|iedereen) {should}|{should} (?:ze|men|we"
    r"|wij)) (?:{anybody}{fills}(?: moeten)? (?:{dutch_killing}"
    r"|{dutch_beating})"
    r"|(?:{you}|{person}){fills}(?: moeten)? {dutch_killing_things}"
    r"|{anybody} (?:eens |gewoon |)(?:een kogel|een nekschot|een mes) (?:geven|in de rug steken|door de kop jagen))"
    r"|(?:{person}|jou|u|jullie|hem|haar|die) {should} (?:ze|we|men|je|iemand){fills}(?: moeten)? (?:{dutch_killing}"
    r"|{dutch_beating})"
    r"|(?:{person}|jou|u|jullie) {should} (?:ze|we|men|je|iemand){fills}(?: moeten)? {dutch_killing_things}"
    r"|(?:{anybody}|jij|ge|gij|hij|zij) (?:{should}|hoort|horen|verdient(?: het)?(?: om)?"
    r"|verdienen(?: het)?(?: om)?){fills} {dutch_killed} (?:te )?worden"
    r"|(?:{you}|{person}|jij|ge|gij) (?:{should}|hoort|horen|verdient(?: het)?(?: om)?"
    r"|verdienen(?: het)?(?: om)?){fills} {dutch_killed_things} (?:te )?worden"
    r"|(?:je|jij|ge|gij|u|jullie) (?:wordt|word|worden){fills} (?:{dutch_killed}|{dutch_killed_things})"
    r"|(?:{anybody}|jij|ge|gij|hij|zij) (?:moet|moeten|moest|moesten|mogen|mag){fills} (?:tegen de muur|aan de galg"
    r"|aan een touw|op de brandstapel|de kogel krijgen|een kogel krijgen|een nekschot krijgen|onder de grond)"
    r"|(?:je|jij|ge|gij|u|jullie|{person}) (?:moet|moeten|moest|moesten){fills} (?:dood|kapot|creperen|sterven"
    r"|branden|bloeden|hangen)(?=[\s.!]*$|[.!,])"
    r"|(?:dood|kapot|hangen|branden|creperen) (?:moet|moeten|moest) (?:je|jij|ge|gij|u|jullie|hij|ze"
    r"|{person})(?=[\s.!]*$|[.!,]| allemaal)"
    r"|(?:iemand|ze|men|er|we|wij) {should}(?: (?:eens|gewoon|iemand|ze|van mij))* (?:{dutch_your}|dat|die"
    r"|heel dat|heel die) (?:hele )?{dutch_houses}{fills}(?: moeten)?"
    r" (?:in brand|in de fik|platbranden|opblazen|afbranden)"
    r"|(?:je|jij|ge|gij|u|jullie|hij|zij|ze|{person}) (?:verdient|verdienen)(?: het)? niet(?: om)? te (?:leven|bestaan)"
    r"|(?:je|jij|ge|gij|u|jullie|hij|zij|ze|{person}) (?:verdient|verdienen){fills} (?:de dood|de kogel|een kogel"
    r"|de strop|de galg|een nekschot|de doodstraf|het te sterven|te sterven|het om te sterven|klappen|slaag"
    r"|een pak (?:slaag|rammel))"
    r")(?![\w'])"
)
#: "Ik hoop dat je … doodgaat", "ik wou dat iemand je van de trap duwde", "ik wens je kanker toe".
_WISHED = (
    r"(?<![\w'])(?:"
    r"(?:(?:ik|we|wij|iedereen) (?:hoop|hopen|hoopt|wens|wou|wilde|bid|zou willen)(?: [\w-]+)??|hopelijk"
    r"|het is te hopen) dat"
    r" (?:je|jij|ge|gij|u|jullie|hij|zij|ze|{person}|(?:je|jouw|uw|jullie|haar|zijn) {dutch_dear}){fills}(?: (?:een"
    r"|aan de|aan|van)(?: [\w-]+)?)? {dutch_dies}"
    r"|(?:ik|we|wij) (?:hoop|hopen|wou|wilde|zou willen|wens)(?: [\w-]+)?? dat (?:iemand|er iemand"
    r"|ze) {anybody}{fills} {dutch_does_it}"
    r"|het wordt tijd dat (?:iemand|er iemand|ze) {anybody}{fills} {dutch_does_it}"
    r"|(?:(?:ik|we|wij|iedereen) (?:hoop|hopen|hoopt|wens|wou|zou willen)(?: [\w-]+)??|hopelijk|het is te hopen) dat"
    r" (?:{dutch_your}|dat|die) {dutch_houses}{fills} (?:afbrandt?|in brand (?:vliegt|staat|schiet|gaat)|ontploft"
    r"|de lucht in"
    r" (?:gaat|vliegt)|in vlammen op ?gaat|instort)"
    r"|hopelijk (?:ga|gaat|sterf|sterft|crepeer|crepeert|verongeluk|verongelukt|verdrink|stik|krijg|krijgt|brand|gaan"
    r"|sterven) (?:je|jij|ge|gij|u|ze|hij|zij|jullie|{person}){fills}"
    r" ?(?:dood|de kanker|kanker|aids|kapot|eraan|in de hel|de tering|(?=[.!]|$))"
    r"|(?:dat|moge) (?:je|jij|ge|gij|u|jullie|ze|hij|zij) (?:maar |snel |allemaal |)(?:mag|moogt|mogen"
    r"|snel)?{fills} ?(?:creperen|verrekken|sterven|doodvallen|verzuipen|branden in de hel|rotten in de hel"
    r"|{dutch_dies})"
    r"|(?:ik|we|wij) (?:wens|wensen|gun|gunnen) {anybody}{fills} (?:de dood|kanker|de kanker|de tering|alle ziektes"
    r"|een (?:pijnlijke|langzame|trage) dood|een miskraam)"
    r"|(?:ik|we|wij) (?:zou|zouden|wil|willen|zie|zien) {anybody}{fills}(?: (?:graag|liever"
    r"|het liefst))? (?:dood zien|zien creperen|zien sterven|zien branden|zien bloeden|zien hangen|liever dood"
    r"|dood dan levend)"
    r"|(?:was|waart|waren) (?:je|jij|ge|gij|jullie)(?: (?:toch|maar|nou|al|gewoon))* (?:dood|nooit geboren|verzopen"
    r"|gestorven)"
    r")(?![\w'])"
)
#: "Je gaat eraan", "gij komt hier niet levend buiten", "uw kot gaat branden".
_FORETOLD = (
    r"(?<![\w'])(?:"
    r"(?:je|jij|ge|gij|u|jullie|{person}) (?:gaat|gaan|zult|zal|zullen){fills} (?:eraan|er ?aan|er allemaal aan"
    r"|(?:er )?aan gaan|creperen|kapot(?: gaan)?|bloeden|boeten met (?:je|uw) leven|in de hel branden"
    r"|branden in de hel|dood)(?=[\s.!,]*$|[.!,;]| (?:vuile|vieze|jij|gij|jullie|trut|hoer|klootzak|allemaal|hiervoor"
    r"|daarvoor|als|en|manneke|met|dikke|stomme|lul|bitch|wijf|kutwijf|teef))"
    r"|(?:hij|zij|die|ze) (?:gaat|gaan|zal|zullen){fills} (?:eraan|er aan|kapot|creperen)(?=[\s.!,]*$|[.!,;]| (?:en"
    r"|als|jij|met))"
    r"|(?:je|jij|ge|gij|u|jullie) (?:gaat|gaan|zult|zal|zullen) (?:hier|hiervoor|daarvoor|hier allemaal|hier nog"
    r"|nog) (?:voor )?(?:bloeden|boeten|sterven|branden)"
    r"|(?:je|jij|ge|gij|u|jullie|die|{person}) (?:komt|komen|geraakt|geraken|raakt|gaat|gaan){fills} (?:niet"
    r"|nooit)(?: meer)? levend(?: meer)? (?:buiten|weg|uit|vandaan|thuis|naar huis|terug)"
    r"|niemand(?: van (?:jullie|ulle|u|hen))? (?:komt|geraakt|raakt|gaat){fills} levend (?:buiten|weg|uit|vandaan"
    r"|thuis|naar huis|terug)"
    r"|(?:ze|men|we|wij) (?:gaan|zullen|zal) {you}{fills} (?:terug)?vinden in (?:de|een|het) (?:vaart|gracht|kanaal"
    r"|sloot|rivier|schelde|maas|greppel|kist|koffer|put)"
    r"|(?:je|jij|ge|gij|u|jullie) (?:belandt|eindigt|belanden|eindigen|ligt|liggen){fills} (?:in (?:de|een"
    r"|het) (?:vaart|gracht|kanaal|sloot|kist|graf|koffer)|onder de grond|onder de zoden|zes voet onder)"
    r"|(?:je|jouw|uw|jullie) (?:kop|hoofd|koppen)(?: {dutch_fills}){0,2} (?:gaat|gaan|rolt|rollen"
    r"|moet)(?: {dutch_fills}){0,2} (?:eraf|er af|rollen)"
    r"|(?:bak)?ste(?:en|nen) (?:door|in|tegen) (?:je|uw|jullie|haar|zijn) (?:raam|ruit|ramen|ruiten|kop)"
    r"|(?:molotov\w*|brandbom|granaat) (?:door|in|naar|bij) (?:je|uw|jullie|het|de|dat)"
    r"|(?:opzoeken|vinden|halen|pakken) en {dutch_your} {dutch_dear}{fills} (?:ook|erbij)"
    r"|(?:je|jij|ge|gij|u|jullie) (?:krijgt|krijgen|gaat|kunt|kan)(?: {dutch_fills}){0,2} {blow}"
    r"|(?:dan|straks|anders|hier|of)(?: {dutch_fills}){0,2} krijg(?:t|en|de)? (?:je|jij|ge|gij|jullie|u|)"
    r"(?: {dutch_fills}){0,2} {blow}"
    r"|(?:je|jij|ge|gij|u|jullie) (?:krijgt|krijgen|gaat|kunt|kan)(?: {dutch_fills}){0,2} (?:een kogel"
    r"|klappen(?! (?:van|op|in|met)(?! (?:mij|ons|je|uw))(?!\w))|slaag|rammel|een pak (?:slaag|rammel)"
    r"|een mes (?:in|tussen) (?:je|uw|de) (?:rug|ribben|strot|lijf)|een (?:ram|trap|klap|mep|kopstoot) (?:voor"
    r"|op) (?:je|uw) (?:bek|kop|bakkes|kloten|smoel))"
    r"|(?:{dutch_your}) {dutch_houses} (?:gaat|zal|wordt){fills} (?:in brand|branden|in de fik|in vlammen op"
    r"|afbranden|de lucht in|ontploffen|in rook op|platgebrand)"
    r"|(?:brandt|ontploft){fills} {dutch_your} {dutch_houses}"
    r"|(?:straks|morgen|dan|anders|binnenkort) (?:lig|ligt|liggen|beland|belandt|eindig|eindigt) (?:je|jij|ge|gij"
    r"|jullie)"
    r"{fills} (?:in (?:de|een|het) (?:vaart|gracht|kanaal|sloot|kist|graf|koffer|mortuarium)"
    r"|onder de (?:grond|zoden))"
    r"|(?:de|een) kogel (?:voor|door|in) (?:{dutch_your} )?(?:kop|hoofd|{you}|{person})"
    r"|een mes (?:in|tussen) (?:je|uw|jullie) (?:rug|ribben|strot|lijf|buik)"
    r"|er (?:ligt|zit|staat) een bom {fills}(?:onder|in|bij|tegen) (?:{dutch_your}|de|het|dat) {dutch_houses}"
    r"|(?:dan|straks|anders) krijg(?:t|en|de)? (?:je|jij|ge|gij|jullie|)(?: {dutch_fills}){0,2} (?:een kogel"
    r"|klappen(?! (?:van|op|in)(?! (?:mij|ons|je|uw))(?!\w))|slaag|rammel|een ram voor|op (?:je|uw) (?:bek|bakkes"
    r"|smoel|kop))"
    r")(?![\w'])"
)
#: "Maak ze allemaal dood", "verbrand die heks", "val dood": nobody speaks so of a thing.
_ORDERED = (
    r"(?:^\W{0,3}|(?<=[.!?,;:\n])\s{0,3}|(?<![\w'])(?:en|dus|gewoon|nu|nou|kom|allez) )(?P<order>"
    r"(?:val|ga)(?: (?:toch|nou|nu|eens|gewoon|lekker|maar|alsjeblieft))* dood(?! (?:van|aan|voor|spoor))"
    r"|(?:sterf|crepeer|verzuip)(?=[\s.!]*$|[.!,]| (?:toch|maar|allemaal|nou|eens|jij|gij|vuile|vieze|hoer|trut"
    r"|klootzak|lekker|gewoon|dan)(?![\w']))"
    r"|(?:hang|verhang|vermoord|verzuip|verdrink|schiet)(?: (?:toch|nou|eens))? (?:jezelf|je eigen|uzelf|u zelf"
    r"|uw eigen)"
    r"|(?:hang|verhang|knoop) (?:je|u|jezelf|uzelf|je eigen|ulle)(?: (?:toch|nou|nu|eens|gewoon|lekker|maar|dan))*"
    r"(?: op)?(?=[\s.!]*$|[.,!])"
    r"|(?:spring|loop|ga)(?: (?:toch|nou|eens|gewoon|lekker|maar))* (?:voor|onder) (?:de|een) (?:trein|tram|metro|bus"
    r"|vrachtwagen)"
    r"|spring(?: (?:toch|nou|eens|gewoon|lekker|maar))* van (?:een|de|het) (?:brug|flat|dak|gebouw)"
    r"|(?:maak|schiet|knal|steek|sla|schop|hang|knoop) (?:ze|hem|haar|{person}){fills} (?:dood|neer|overhoop|kapot"
    r"|verrot|aan de hoogste boom|aan de galg)"
    r"|(?:hang|knoop) (?:ze allemaal|{person}) op"
    r"|(?:verbrand|vergas|lynch|stenig|onthoofd|vermoord|wurg|verkracht|castreer|executeer) (?:ze allemaal|ze|hem"
    r"|haar|{person})"
    r")(?![\w'])"
)
#: "Ik weet waar je woont", "we weten naar welke school je kinderen gaan".
_KNOWN = (
    r"(?<![\w'])(?:(?:ik|we|wij) (?:weet|weten)|(?:weet|weten) (?:ik|we|wij))(?: (?:precies|ook|wel|nu|heel|goed|al"
    r"|allemaal))*"
    r" (?:waar|naar welke school|op welke school|in welke school) (?:"
    r"(?:je|jij|jullie|u|ge|gij|hij|zij|{person})(?: (?:allemaal|precies|elke dag|'s nachts))?"
    r" (?:woont|wonen|werkt|werken|slaapt|slapen|parkeert|uithangt|traint|sport|naar de winkel gaat)"
    r"|{dutch_your} (?:[\w-]+ )?{dutch_dear}(?: (?:elke dag|altijd|precies|allemaal))?"
    r" (?:woont|wonen|werkt|slaapt|slapen|speelt|spelen|zit|zitten|gaat|gaan|(?:naar (?:school|de creche"
    r"|de opvang) )(?:gaat|gaan)"
    r"|op school (?:zit|zitten)|school (?:loopt|lopen))"
    r")(?![\w'])(?!(?:(?!(?<!\w)(?:niet|geen)(?!\w))[^\n]){0,70}?(?<![\w']){treats_dutch}(?!\w))"
)
#: "Het zou jammer zijn als er iets met je kindje gebeurt", "mooi gezin heb je daar, zonde als …".
_A_PITY = (
    r"(?<![\w'])(?:(?:jammer|zonde|spijtig|sneu) (?:zijn|wezen) (?:als|mocht|moest|indien)"
    r" (?:er (?:iets|wat)(?: ergs)? (?:met|gebeur\w+ met|zou gebeuren met"
    r"|overk\w+ met) {dutch_your} (?:[\w-]+ )?(?:{dutch_dear}|{dutch_houses})"
    r"|{dutch_your} (?:[\w-]+ )?(?:{dutch_dear}|{dutch_houses}) (?:er )?(?:iets|wat|plots|ineens|in brand)|(?:je|jou"
    r"|u|jullie) (?:iets|wat) (?:overk\w+|zou))"
    r"|(?:mooie?|schone?|knappe|lieve|schattige?) {dutch_dear} (?:heb je|hebt ge|hebben jullie|heeft u"
    r"|hedde)(?: (?:daar|toch))*,?"
    r" (?:(?:het )?zou|spijtig|jammer|zonde|hopelijk|pas))(?![\w'])"
)
#: "Ik kom vanavond langs met een mes".
_ARMED = (
    r"(?<![\w'])(?:(?:{i} (?:kom|komen|sta|staan)|(?:kom|komen|sta|staan) {i})(?: {dutch_fills}){0,3}"
    r" (?:langs|naar (?:je|jou|jullie|u|uw|ulle)(?: \w+)?(?: toe)?|voor (?:je|uw|jullie) deur|aan (?:je|uw) deur"
    r"|bij (?:je|u|jullie)(?: \w+)?)(?: {dutch_fills}){0,3}"
    r" met {armed}"
    r"|(?:{i_will}|{will_i}) {you}{fills} (?:komen )?(?:bezoeken|opzoeken|opwachten|halen|ophalen"
    r"|begroeten)(?: {dutch_fills}){0,3}"
    r" met {armed}"
    r"|(?:{i} (?:bezoek|bezoeken|wacht|wachten)|(?:zoek|zoeken|wacht|wachten) {i}) {you}{fills}(?: op)? met {armed}"
    r"|(?:{i} (?:kom|komen|sta|staan)|(?:kom|komen|sta"
    r"|staan) {i})(?: {dutch_fills}){0,3} met {armed}(?: {dutch_fills}){0,2} (?:langs|naar (?:je|jou|jullie|u|uw"
    r"|ulle)|voor (?:je|uw|jullie) deur|aan (?:je|uw) deur|bij (?:je|u|jullie)))(?![\w'])"
)
#: "Mijn broers komen bij je langs, en niet om koffie te drinken".
_NO_VISIT = (
    r"(?<![\w'])(?:{i}|mijn (?:man|broer|broers|maten|vrienden|neven|vader|zonen))(?: en ik)? (?:kom|komen|komt"
    r"|sta|staan|staat)(?: [\w'-]+){0,6}? (?:langs|bezoek|deur|huis|thuis|toe|bij (?:je|u|jullie"
    r"|ulle))(?![\w'])[^.!?\n]{0,40}?"
    r"(?<!\w)niet (?:om|voor|om te|met)(?: [\w-]+){0,3}? (?:koffie|thee|taart|gezellig\w*|praat\w*|praten|babbel\w*"
    r"|knuffel\w*|lol|bloemen|feesten)(?![\w'])"
)
#: "Wacht maar tot we je buiten tegenkomen".
_WAIT = (
    r"(?<![\w'])wacht(?: (?:maar|eens|jij|gij))* (?:tot|totdat|tot dat|als) {i} {anybody}(?: [\w'-]+){0,4}?"
    r" (?:tegenkom|tegenkomen|tegen kom|tegen het lijf lopen?|vind|vinden|(?:te pakken|in handen|te grazen"
    r"|alleen) (?:krijg|krijgen|heb|hebben"
    r"|neem|nemen)|tref|treffen|pak|pakken|(?:zie|zien)(?=, | dan))(?![\w'])"
    r"(?!(?:(?!(?<!\w)(?:niet|geen)(?!\w))[^\n]){0,70}?(?<![\w']){treats_dutch}(?!\w))"
)
#: "Ik zou maar goed op je kinderen letten als ik jou was".
_MIND = (
    r"(?<![\w'])(?:"
    r"(?:ik zou|ge zoudt|(?:je|ge|gij|u|jullie) (?:kan|kunt|kunnen)) (?:(?:maar|voortaan|vanaf nu|eens|heel"
    r"|extra|wat) )*(?:goed|beter) op {dutch_your} (?:[\w-]+ )?{dutch_dear} (?:letten|passen)"
    r"|(?:pas|let) (?:(?:maar|jij|gij|voortaan|heel|extra) )*goed op {dutch_your} (?:[\w-]+ )?{dutch_dear},?"
    r" (?:als ik (?:jou|u) was|voortaan|vanaf nu|manneke|vriend(?:je)?|ventje|want (?:ik|wij|we))"
    r")(?![\w'])(?![^\n]{0,80}?(?<!\w){minds_a_child_dutch}(?!\w))"
)
#: "Uw dochter fietst elke dag langs het kanaal, ge moest eens weten wat daar kan gebeuren".
_OF_THEIRS = (
    r"(?<![\w'])(?:je|jouw|uw|jullie) (?:[\w-]+ )?{dutch_dear} (?:fietst|fietsen|loopt|lopen|wandelt|gaat|gaan|speelt"
    r"|spelen"
    r"|zit|zitten|komt|staat|rijdt|slaapt|slapen)(?![\w'])[^.!?\n]{0,40}?(?<![\w'])(?:elke|iedere|altijd|alleen"
    r"|helemaal alleen)(?![\w'])[^.!?\n]{0,50}?(?<![\w'])(?:(?:wat|iets|van alles|een ongeluk(?:je)?)(?: [\w']+){0,2}?"
    r" (?:gebeuren|gebeurt|overkomen|overkomt)|(?:jammer|zonde|spijtig) (?:zijn|wezen)|ongelukje)(?![\w'])"
    r"(?!\s*\?)(?![^\n]{0,80}?(?<!\w){minds_a_child_dutch}(?!\w))"
)
_FRAMES = (
    (_OF_THEIRS, 0.7, "words often meant as a threat"),
    (_MIND, 0.7, "words often meant as a threat"),
    (_WAIT, 0.7, "words often meant as a threat"),
    (_NO_VISIT, 0.75, "words often meant as a threat"),
    (_KNOWN, 0.8, "words often meant as a threat"),
    (_A_PITY, 0.75, "words often meant as a threat"),
    (_ARMED, 0.75, "words often meant as a threat"),
    (_ANNOUNCED, 0.85, "an announced violent act against somebody"),
    (_NOW, 0.85, "an announced violent act against somebody"),
    (_CALLED_FOR, 0.8, "a called-for violent act against somebody"),
    (_WISHED, 0.8, "violence wished on somebody"),
    (_FORETOLD, 0.7, "words often meant as a threat"),
    (_ORDERED, 0.7, "an order or condition with a threat"),
)
#: What a threat is not: an idiom, a way to laugh, love, a warning of an illness or a machine.
_HARMLESS_AFTER = re.compile(
    r"\s+(?:van (?:het )?(?:lachen|plezier|geluk|liefde|schrik|schaamte)|met (?:kusjes|kussen|cijfers|knuffels|taart"
    r"|liefde)"
    r"|(?:in|met|bij|op|tijdens) (?:de |het |een )?(?:quiz\w*|schaken|kaarten|padel|tennis|monopoly|fifa|voetbal"
    r"|spel\w*|toernooi|finale|match|wedstrijd)"
    r"|na de bevalling|na een bevalling|op de foto|of levend)(?![\w'])"
)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    # They take a while, and most who start this program read no Dutch.
    return pattern(written, **_PARTS)


def find_dutch(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """Every threat that a frame of Dutch makes in a sentence."""
    text = row.text
    for written, sure, reason in _FRAMES:
        for found in _compiled(written).finditer(text.words, *sentence):
            start, end = found.span("order") if written is _ORDERED else found.span()
            start += len(text.words[start:end]) - len(text.words[start:end].lstrip())
            if not (is_excused(text, start, end) or _is_harmless(text, end)):
                yield row.evidence(start, end, reason, sure * certainty(row, start))


def _is_harmless(text: Text, end: int) -> bool:
    return _HARMLESS_AFTER.match(text.words, end) is not None
