"""Health details told of a named or related person: "my sister was diagnosed with", "Devon Achterberg had a stroke".

Names alone are never looked for: in posts most capitalised words are no names of people. A match starts from a health
phrase; only then is a relative or a name looked for right before it, in the same sentence.
"""

# ruff: noqa: E501, RUF001, SIM905 - grammars read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.personal_data.spans import UNLIKELY, Kind, Span

_ILLNESS = (
    r"(?:[\w-]{1,20} ){0,2}?(?:cancer|leuk[ae]+mia|lymphoma|melanoma|tumou?rs?|diabetes|epilepsy|asthma|depression|anxiety|ptsd|bipolar|schizophrenia|autism|adhd|dementia|alzheimer\w*|parkinson\w*|"
    r"multiple sclerosis|\bms\b|lupus|hiv|aids|hepatitis|tuberculosis|covid(?:-19)?|pneumonia|sepsis|stroke|heart attack|aneurysm|seizures?|miscarriage|stillbirth|preeclampsia|endometriosis|pcos|"
    r"infertility|mastitis|jaundice|cleft (?:palate|lip)|tongue[- ]tie|thrush|reflux|failure to thrive|down'?s? syndrome|spina bifida|cystic fibrosis|sickle cell|c[oe]eliac|"
    r"heart defect|eating disorder|panic attacks|ocd|meningitis|pancreatitis|hernia|ulcers?|migraines?|herpes|chlamydia|gonorrh?ea|syphilis|an? std|hypertension|an[a]emia|"
    r"psoriasis|glaucoma|gallstones?|blood clots?|breast abscess|postpartum depression|anorexia|bulimia|alcoholism|addiction|overdose|kidney failure|cirrhosis|crohn\w*|colitis|arthritis|fibromyalgia|long covid|concussion|"
    r"c[aá]ncer|tumor|diabete|depresi[oó]n|dépression|depressão|leucemia|leucémie|sida|vih|avc|infarto|demencia|démence|aborto|fausse couche|"
    r"krebs|brustkrebs|depressionen?|schlaganfall|herzinfarkt|fehlgeburt|demenz|diagnose)"
)
#: Medicines by their names and by the endings that pharmacists give to classes of them (WHO's list of INN stems).
_MEDICINE = (
    r"insulin|chemo(?:therapy)?|radiation|dialysis|methadone|suboxone|antidepressants?|antipsychotics?|opioids?|blood thinners?|steroids?|lithium|warfarin|methotrexate|"
    r"zoloft|prozac|lexapro|xanax|valium|ativan|adderall|ritalin|wellbutrin|paxil|effexor|cymbalta|seroquel|abilify|humira|ozempic|metformin|tamoxifen|levothyroxine|domperidone|prednisone|"
    r"[a-z]{3,12}(?:statin|olol|sartan|azole|azepam|azolam|oxetine|prazole|triptyline|tidine|umab|ximab|tinib|glutide|gliptin|oxaban|floxacin|vudine|navir|tegravir|setron|triptan)|"
    r"[a-z]{4,12}(?:pril|cillin|mycin)"
)
_DETAIL = re.compile(
    rf"\b(?:(?:was|is|were|got|has been|had been|'s been|been|being|just) (?:recently |just |finally )?diagnosed(?: with| as)?(?: {_ILLNESS})?"
    rf"|(?:has|had|have|having|developed|got|gets|caught|beat|beats|beating|survived|facing|battling|battles|fighting|fights|suffers? from|suffered|suffering from|died (?:of|from)|recovering from|treated for|struggl\w+ with|living with) (?:a |an |another |her |his |severe |stage \w{{1,3}} |terminal |chronic |type \d ){{0,2}}{_ILLNESS}"
    r"|(?:had|has had|having|needs|needed|underwent|undergoing|recovering from|scheduled for) (?:a |an |her |his |another |emergency |open[- ]heart |major ){0,3}(?:[\w-]{1,15} )?(?:surgery|chemo(?:therapy)?|radiation|transplant|mastectomy|hysterectomy|c-section|bypass|dialysis|abortion|biopsy|operation|ivf)"
    r"|(?:is|was|'s|has been|went) (?:back |still |now )?(?:in (?:the )?(?:hospital|icu|rehab|hospice|a coma|intensive care|psychiatric \w+)|hospitali[sz]ed|on chemo|in remission|on dialysis|on life support|hiv[- ]positive|terminally ill|in therapy)"
    rf"|(?:(?:is|was|'s|has been|been|went|put|started|still) (?:\w+ ){{0,2}}?(?:back )?on|takes?|taking|took|prescribed|needs|stopped taking|came off) (?:her |his |their |daily |some )?(?:{_MEDICINE})"
    r"|(?:biopsy|scans?|mammogram|mri|blood ?work|results?|tests?|tumou?r|lump|screening) (?:came|has come|have come|is|was|were|are|turned out) (?:back )?(?:to be )?(?:positive|malignant|cancerous|abnormal|benign)"
    r"|(?:tried|wanted|wants|threatened) to (?:kill (?:her|him|them)sel(?:f|ves)|(?:take|end) (?:her|his|their) (?:own )?li(?:fe|ves))|attempted suicide|self[- ]harm(?:s|ed|ing)?"
    rf"|(?:was|were|is|got|been|being) (?:just |re-?)?(?:admitted|readmitted|rushed|flown|airlifted|taken|sent|hospitali[sz]ed)(?: back)? (?:(?:in)?to (?:the )?(?:er|a&e|emergency(?: room)?|hospital|icu|nicu|picu|rehab|psych\w* \w+)|with (?:a |an |severe )?{_ILLNESS})"
    r"|(?:is|are|was|were|still|'s|'re)(?: (?:still|now|back))? in (?:the )?(?:nicu|picu|er|a&e|detox)"
    r"|(?:is|was|were|are|been) born (?:(?:at|in) (?:week )?2\d weeks?|(?:at|in) (?:week )?3[0-5](?: weeks?)?|prematurely|premature|too early)"
    r"|lost (?:her|his|their|the) (?:unborn |first |second )?(?:baby|babies|twins|pregnancy|child)"
    r"|tested positive(?: for [\w-]{2,20})?|had a (?:breakdown|relapse)|(?:relapsed|overdosed|miscarried)"
    r"|(?:tiene|tuvo|padece|sufre(?: de)?|sufrió|murió de|le diagnosticaron|fue diagnosticad[oa] (?:de|con)|diagnosticad[oa] (?:de|con)) (?:un |una |de )?(?:[\wáéíóúñ]{1,15} )?(?:c[aá]ncer|diabetes|depresi[oó]n|leucemia|infarto|sida|vih|aborto|tumor|demencia|epilepsia|covid)"
    r"|(?:está|estuvo) (?:hospitalizad[oa]|ingresad[oa]|en quimioterapia)|(?:fue|será) operad[oa]"
    r"|(?:a|avait|souffre d['e]|souffre de|est attein\w+ d['e]|est attein\w+ de) ?(?:un |une |du |de la |d')?(?:[\wéèêà]{1,15} )?(?:cancer|diabète|dépression|leucémie|avc|sida|vih|fausse couche|tumeur|démence|épilepsie)"
    r"|(?:est|a été) (?:hospitalisée?|opérée?|diagnostiquée?)|suit une chimio\w*"
    r"|(?:hat|hatte|leidet an|erkrankte an|starb an|kämpft gegen) (?:einen |eine |an )?(?:[\wäöüß]{1,15} )?(?:\w{0,12}krebs|diabetes|depressionen?|schlaganfall|herzinfarkt|fehlgeburt|demenz|epilepsie|leukämie)"
    r"|(?:liegt|lag|ist|war) (?:seit \w+ )?(?:im krankenhaus|auf der intensivstation|in der klinik|an \w{0,12}krebs erkrankt)|wurde (?:gestern |heute )?operiert"
    r"|(?:tem|teve|sofre de|sofreu|morreu de|foi diagnosticad[oa] com) (?:um |uma )?(?:[\wáéíóúãõç]{1,15} )?(?:cancro|c[âa]ncer|diabetes|depressão|leucemia|avc|infarto|enfarte|sida|hiv|aborto|tumor|demência|epilepsia)"
    r"|(?:está|esteve|foi) (?:hospitalizad[oa]|internad[oa]|operad[oa]))\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:{_ILLNESS}|{_MEDICINE})\b", re.IGNORECASE)
_KIN = (
    r"(?:my|our|her|his|their|(?:[A-ZÀ-Þ][\w’-]+['’]s?)|mi|su|mon|ma|notre|son|sa|mein|meine|unser|unsere|sein|seine|ihr|ihre|meu|minha|seu|sua|nosso|nossa) "
    r"(?:\w{2,12} ){0,2}?(?:mother|mom|mum|mama|father|dad|papa|parents?|sister|brother|son|daughter|child|kid|baby|babies|newborns?|infants?|preemies?|twins?|triplets|girl|boy|"
    r"\d{1,2}[- ](?:day|week|month|year)s?[- ]olds?|toddler|wife|husband|partner|spouse|fianc[eé]e?|girlfriend|boyfriend|"
    r"(?:grand|step)\w{2,9}|grandma|grandpa|aunt|uncle|cousin|niece|nephew|friend|neighbou?r|colleague|co-?worker|boss|roommate|client|patient|leader|"
    r"madre|mam[aá]|padre|pap[aá]|hermana|hermano|hij[ao]|espos[ao]|marido|abuel[ao]|amig[ao]|vecin[ao]|compañer[ao]|"
    r"m[èe]re|p[èe]re|maman|s[œo]e?ur|fr[èe]re|fils|fille|mari|femme|ami[e]?|voisine?|coll[èe]gue|"
    r"mutter|vater|schwester|bruder|sohn|tochter|kind|frau|mann|oma|opa|freund(?:in)?|nachbar(?:in)?|kollegin|kollege|"
    r"mãe|pai|irmã|irmão|filh[ao]|avó|avô|vizinh[ao]|colega)"
)
_SUBJECT = re.compile(
    rf"(?P<kin>\b(?:{_KIN.replace('[A-ZÀ-Þ]', '[A-Za-zÀ-ÿ]')}))(?P<apart>,? (?:[\w'’-]+,? ){{0,4}})$", re.IGNORECASE
)
_NAME = re.compile(
    r"(?<![\w@#])(?P<name>[A-ZÀ-Þ][a-zà-ÿ’'-]{1,20}(?: (?:[A-Z]\. )?[A-ZÀ-Þ][a-zà-ÿ’'-]{1,20}){0,2})(?P<apart>,? ?(?:[a-zà-ÿ'’-]+,? ){0,3})$"
)
_NO_NAME = frozenset(
    (
        "our my her his their your its the this that these those she he it we you they i who what when where why how if while after before every each any some many most all no one two three both "
        "someone anyone everyone nobody women woman men man mothers mums moms fathers people patients children kids babies parents families doctors nurses members students "
        "survivors americans brits canadians europeans officials residents africa america england germany france spain brazil portugal world nation city state county company congress "
        "foundation hospital clinic institute society association center centre university school department ministry committee league team club group council government "
        "research study cancer diabetes covid breast stroke heart health january february march april may june july august september october november december monday tuesday wednesday "
        "thursday friday saturday sunday president senator king queen pope minister governor mayor rep sen dr prof el la los las un una der die das ein eine le les une o os as um uma"
    ).split()
)
#: A talk, an appeal, a figure, a greeting: not a disclosure about somebody near.
_PUBLIC = re.compile(
    r"\b(?:webinar|session|workshop|keynote|panel|podcast|episode|study|studies|research\w*|survey|per ?cent|\d+ ?%|one in|1 in|awareness|campaign|charity|fundrais\w+|raise[sd]? money|walk for|run for|"
    r"article|book|novel|film|movie|series|character|season|novela|étude|studie|estudo|estudio|statistics|risk of|symptoms?|vaccin\w+|condolences|if (?:you|your|someone))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_BEFORE = 80


def names_illness(text: str) -> bool:
    """Whether an illness or a medicine is named, whoever has it."""
    return _NAMED.search(text) is not None


def find_health_details(text: str) -> Iterator[Span]:
    """What a text tells of the health of a named person or of somebody's relative, friend or colleague.

    The span runs from the person to the end of the detail. Talks, studies and appeals have the confidence
    `spans.UNLIKELY`.
    """
    for match in _DETAIL.finditer(text):
        start = _sentence_start(text, match.start())
        person = _person(text[max(start, match.start() - _BEFORE) : match.start()])
        if person is not None:
            length, confidence = person
            public = _PUBLIC.search(text[start : _sentence_end(text, match.end())])
            yield Span(match.start() - length, match.end(), Kind.HEALTH, UNLIKELY if public else confidence)


def _person(before: str) -> tuple[int, float] | None:
    """How many characters before the detail the person begins, and how sure it is one."""
    relative = _SUBJECT.search(before)
    if relative is not None:
        return len(before) - relative.start(), 0.75
    named = _NAME.search(before)
    if named is None or not _NO_NAME.isdisjoint(re.findall(r"[\w’'-]+", named["name"].casefold())):
        return None
    return len(before) - named.start(), 0.75 if " " in named["name"] else 0.6


def _sentence_start(text: str, place: int) -> int:
    return max(
        (end.end() for end in _SENTENCE_END.finditer(text, max(0, place - 2 * _BEFORE), place)),
        default=max(0, place - 2 * _BEFORE),
    )


def _sentence_end(text: str, place: int) -> int:
    found = _SENTENCE_END.search(text, place)
    return found.start() if found else len(text)
