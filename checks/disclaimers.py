"""Disclaimers: words that say whose views a profile or a post gives (ALA-20, LLL-35, LLL-36).

Patterns by language, all of them asked of every text, for people write a disclaimer in the language of their reader.
They read the folded view of a text (`Text.plain`): lower case, accents folded. A slip of the pen in a key word is
forgiven. An opinion is no disclaimer ("in my opinion"), nor is a word on retweets.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from checks.text import Text
from checks.word_classes import entries, pattern

_LINK = r"[\s=:;,/|'’*~()\-–—]{1,4}"
_OWNED = (
    r"(?:(?:all|solely|entirely|strictly|purely|only|completely|very much|just)\s+)*"
    r"(?:my own|mine|her own|his own|their own|own|personal)"
)
_ENDED = r"(?=\s*(?:$|[^\w\s'’]|\n|and\b|not\b|only\b|alone\b|or\b|do(?:es)?\b|in\b|rt\b))"
#: The beginning of a line or of a part of a profile.
_BEGINS = r"(?:^|[\n.!|;·•,:(=/—–-]\s{0,3})"
_DENIED = r"(?:do not|does not|don't|doesn't|may not|not|never|aren't|isn't|are not|is not|≠|!=)"

#: By language, one frame an entry.
_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"\b{disclaimed}(?:{link}(?:&|{before_whose})){0,12}{link}{owned}{ended}",
        (
            r"(?:{begins}|\b(?:are|is|just|only|these are|express(?:es|ing)?|reflects?|sharing|posting|tweeting) )"
            r"(?:all |only |just |purely )*(?:my )?(?:own|personal) (?:views|opinions|thoughts)\b"
            r"(?! (?:of|on|about|matter|welcome|count)\b)"
        ),
        (
            r"\b(?:views|opinions|tweets|posts|content|blog)\b[^.!?\n]{0,80}{denied}(?: necessarily| always)? "
            r"(?:represent|reflect|those of|the (?:views|opinions) of|necessarily those of)"
        ),
        (
            r"\b(?:{where_views_stand}|i|this|it)\b[^.!?\n]{0,20}\b(?:do not|does not|don't|doesn't|not)"
            r"(?: necessarily)? represent\b(?! (?:my weight|the size))"
        ),
        r"{begins}(?:do|does) not (?:necessarily )?represent\b",
        (
            r"\b(?:do not|don't|does not|doesn't|not)(?: necessarily)? (?:represent|reflect) (?:the )?"
            r"(?:official )?(?:views|opinions|position|positions|policy|stance)\b"
        ),
        (
            r"\b(?:views|opinions|tweets)\b[^.!?\n]{0,25}"
            r"(?:≠|!=|=/=|= my (?:employer|chapter|group|association)|{denied} "
            r"(?:those of|my employer|the (?:views|opinions)))"
        ),
        r"\bmy (?:own )?(?:views|opinions|thoughts)(?: only\b|,? (?:and )?not (?:those|lll|ala|my|the|any)\w*)",
        (
            r"\bmy (?:own )?(?:view|opinion|word|position|take)s?\b[^.!?\n]{0,15}[,;(] ?(?:and )?not "
            r"(?:that of|those of|the|their|theirs|lll|ala|la leche|\w+'s)"
        ),
        r"\b(?:views|opinions)\b[^.!?\n]{0,40}\bthose of the author\b",
        r"\bnothing (?:here|i (?:say|post|write))\b[^.!?\n]{0,30}\b(?:represents?|is official)\b",
        (
            r"\b(?:anything|everything|what(?:ever)?|all)\b[^.!?\n]{0,30}\b(?:is|are|'s) (?:just |only )?my "
            r"(?:own |personal )*(?:opinions?|views?)\b"
        ),
        r"\bjust my (?:own )?(?:opinions|views|thoughts)\b",
        r"\bjust my (?:two cents|2 cents|take)\b[^.!?\n]{0,6}\bnot\b",
        r"\bnot (?:necessarily )?(?:those|the (?:views|opinions)) of (?:my|the|any|la|a)?\b",
        r"\b(?:i )?(?:only )?speak(?:s|ing)? (?:only )?for myself\b",
        r"\bspeak(?:s|ing)? only for me\b",
        r"\bi (?:do not|don't|never) speak (?:for|on behalf of) (?!the trees|long|hours|a living|free|money|fun)",
        r"\bnot speaking (?:for|on behalf of)\b",
        r"\bin (?:a|my) (?:purely |strictly )?(?:personal|private|own) capacity\b",
        (
            r"(?:{begins}|\b(?:this is|it's|is|just|only) )(?:my |an? )?(?:strictly |purely |just |very )?"
            r"(?:personal|private|unofficial|non-official) (?:account|page|profile|twitter|feed|channel|blog)\b"
            r"(?! (?:of|manager|executive|director))"
        ),
        r"\bnot an? official (?:\w+ ){0,3}{official_such}\b",
        r"\bnot (?:officially )?(?:affiliated with or )?endorsed by\b",
        r"\bnot (?:officially )?affiliated with\b(?! (?:any|a|either) (?:political )?part(?:y|ies)\b)",
        r"\bnot run by\b",
        # One word, as a hashtag in small letters is.
        r"#(?:all)?(?:views|opinions|tweets|thoughts)(?:are)?(?:my|mine)(?:own|only)?\b",
        r"\bmy (?:posts|tweets|page|account|profile|words),? (?:and )?my (?:own )?(?:opinions?|views?|thoughts)\b",
        (
            r"\b(?:posts|tweets|content|page|account) (?:only )?reflects? (?:only )?my (?:own |personal )?"
            r"(?:opinions?|views?)\b"
        ),
        (
            r"\b(?:here|writing|posting|tweeting|speaking)\b[^.!?\n]{0,12}\bas (?:an? )?(?:private|individual) "
            r"(?:person|individual|citizen)\b"
        ),
    ),
    "es": (
        (
            r"\b(?:opiniones|opinion|tuits|tweets|puntos de vista|comentarios|lo que (?:escribo|publico))\b"
            r"(?! (?:sobre|acerca)\b)[^.!?\n]{0,50}\b"
            r"(?:propi[ao]s?|personal(?:es)?|mi[ao]s?|solo mi[ao]s|mi responsabilidad)\b"
        ),
        r"\ba titulo (?:personal|individual|propio)\b",
        r"\bno (?:representan?|reflejan?)\b[^.!?\n]{0,30}\b(?:de|la opinion|las opiniones|a)\b",
        r"\bno (?:hablo|escribo|publico) (?:aqui )?(?:en nombre de|por)\b",
        (
            r"{begins}(?:mi |es mi |esta es mi |este es mi )?(?:cuenta|perfil|pagina) "
            r"(?:personal|privad[ao]|no oficial)\b(?! de\b)"
        ),
        r"\b(?:aqui )?opino yo\b",
        r"\bhablo (?:solo )?por mi\b",
    ),
    "fr": (
        r"\bn'engage(?:nt)? que (?:moi|leur|son|mon|ma|l')",
        (
            r"\b(?:propos|avis|opinions?|tweets|points de vue|publications)\b(?! sur\b)[^.!?\n]{0,40}\b"
            r"(?:personnels?|personnelles?|perso|les miens|les miennes|a moi|ma seule responsabilite)\b"
        ),
        r"\ba titre (?:personnel|prive)\b",
        r"\b(?:ne refletent pas|ne representent pas|ne represente pas)\b",
        r"{begins}(?:mon |c'est mon )?(?:compte|profil) (?:perso(?:nnel)?|prive|non officiel)\b",
        r"\bje ne (?:parle|m'exprime|tweete) pas (?:ici )?au nom\b",
        r"\bje ne (?:parle|m'exprime) qu'en mon nom\b",
    ),
    "de": (
        (
            r"\b(?:meinung(?:en)?|ansichten|tweets|beitrage|posts|ausserungen|äusserungen|aeusserungen)\b"
            r"[^.!?\n]{0,40}\b(?:meine eigenen?|mein(?:e)? eigen\w*|privat|personlich|meine personlichen|nur meine"
            r"|allein meine|ausschliesslich meine)\b"
        ),
        r"\b(?:nur )?meine (?:eigene|personliche|private)n? (?:meinung(?:en)?|ansichten|sicht)\b",
        r"\bhier (?:rein |nur )?privat\b",
        r"\bhier (?:schreibe|twittere|poste|spreche) ich (?:nur |rein )?(?:privat|fur mich)\b",
        r"\bprivat(?:er |es |-)?(?:account|kanal|konto|profil)\b(?! (?:einer|eines|der|des)\b)",
        r"{begins}meine (?:meinung|meinungen|ansichten)(?=\s*(?:$|[^\w\s'’]|\n))",
        r"\b(?:private|personliche|eigene) meinung(?:en)?\b",
        r"\bals privatperson\b",
        r"\b(?:alles|hier|nur)(?: nur| ist)* meine (?:eigene |personliche )?meinung\b",
        r"\bmeine meinung, nicht die\b",
        r"\b(?:twittert?|schreibt?|postet?) (?:hier )?(?:rein |nur )?privat\b",
        r"\bspreche (?:hier )?(?:nur |ausschliesslich )?fur mich\b",
        r"\bspreche (?:hier )?nicht (?:fur|im namen)\b",
        r"{begins}(?:ansichten|meinungen|tweets) (?:sind )?(?:alle )?meine\b",
    ),
    "pt": (
        (
            r"\b(?:opinioes|opiniao|tweets|posts|comentarios|visoes)\b(?! (?:sobre|acerca)\b)[^.!?\n]{0,50}\b"
            r"(?:pessoa(?:l|is)|propri[ao]s?|minhas?|meus)\b"
        ),
        r"\ba titulo pessoal\b",
        r"\bnao (?:representam?|refletem?)\b",
        r"{begins}(?:minha |meu )?(?:conta|perfil|pagina) (?:pessoal|privad[ao]|nao oficial)\b(?! de\b)",
        r"\bnao falo (?:aqui )?(?:em nome|por)\b",
        r"\bfalo (?:so |apenas )?por mim\b",
        r"\b(?:em|no meu) nome proprio\b",
    ),
    "it": (
        (
            r"\b(?:opinioni|opinione|tweet|pareri|commenti|post|idee espresse)\b[^.!?\n]{0,40}\b"
            r"(?:personal[ei]|mi[ei]|mie|propri[ei]|solo mie)\b"
        ),
        r"\ba titolo personale\b",
        r"\bnon (?:rappresentano|riflettono|rappresenta)\b",
        r"{begins}(?:il mio )?(?:account|profilo) (?:personale|privato|non ufficiale)\b",
        r"\bnon parlo a nome\b",
        r"\bparlo (?:solo )?per me\b",
    ),
    "nl": (
        (
            r"\b(?:mening(?:en)?|tweets?|berichten)\b(?! over\b)[^.!?\n]{0,30}\b"
            r"(?:van mij|van mijzelf|van mezelf|persoonlijke?|eigen|op persoonlijke titel)\b"
        ),
        r"\bop persoonlijke titel\b",
        r"\b(?:eigen|persoonlijke) mening\b",
        r"{begins}(?:mijn )?(?:persoonlijke?|prive) ?(?:account|profiel)\b",
        r"\bspreek (?:alleen |enkel )?voor (?:mezelf|mijzelf)\b",
        r"\bniet namens\b",
    ),
    "ca": (
        r"\bopinions\b[^.!?\n]{0,30}\b(?:personals|meves|propies)\b",
        r"\ba titol (?:personal|individual)\b",
    ),
    "sv": (
        r"\basikter(?:na)?\b[^.!?\n]{0,25}\b(?:egna|mina|privata)\b",
        r"\begna asikter\b",
        r"\btwittrar (?:som )?privat",
        r"{begins}privat konto\b",
    ),
    "no": (
        (
            r"\b(?:meninger|meningene|holdninger|synspunkter|ytringer)\b[^.!?\n]{0,25}\b"
            r"(?:egne|mine|private|personlige)\b"
        ),
        r"\begne (?:meninger|holdninger|synspunkter)\b",
        r"\bsom privatperson\b",
        r"\bfor egen regning\b",
    ),
    "fi": (
        r"\bmielipite\w+\b[^.!?\n]{0,20}\bomi(?:a|ani)\b",
        r"\bomat mielipiteet\b",
    ),
    "pl": (
        r"\b(?:poglady|opinie|tweety|wpisy)\b[^.!?\n]{0,30}\b(?:wlasne|moje|prywatne|osobiste)\b",
        r"\b(?:wlasne|prywatne|osobiste) (?:opinie|poglady)\b",
        r"\b(?:konto prywatne|prywatne konto)\b",
    ),
    "cs": (
        r"\bnazory\b[^.!?\n]{0,25}\b(?:vlastni|vlastne|osobni|osobne|moje|me)\b",
        r"\b(?:vlastni|vlastne|osobni|osobne) nazory\b",
    ),
    "hu": (
        r"\bvelemeny\w*\b[^.!?\n]{0,20}\bsajat\w*",
        r"\bsajat velemeny\w*",
    ),
    "ro": (r"\bopinii(?:le)?\b[^.!?\n]{0,25}\b(?:personale|proprii|mele)\b",),
    "tr": (
        r"\bgorus\w*\b[^.!?\n]{0,15}\b(?:kisisel\w*|bana ait\w*|sahsima ait\w*)",
        r"\bkisisel gorus\w*",
    ),
    "ru": (
        r"\b(?:мнени[ея]|взгляды)\b[^.!?\n]{0,25}\b(?:личн\w*|мо[иеё])\b",
        r"\bличн\w+ (?:мнени\w|взгляд\w*)\b",
        r"\bне совпада\w+ с (?:мнением|позицией)\b",
    ),
    "uk": (
        r"\bдумк[иа]\b[^.!?\n]{0,20}\b(?:власн\w*|особист\w*|мо[їя])\b",
        r"\b(?:власн|особист)\w+ думк\w+",
    ),
    "el": (r"\b[αο]?ι? ?απ[οό]ψε\w+\b[^.!?\n]{0,20}\bπροσωπικ\w+",),
    "ja": (
        r"個人の(?:見解|意見|感想)",
        r"個人的な?(?:見解|意見|感想)(?:です|であり)",
    ),
    "zh": (
        r"(?:仅|僅|只|纯属|純屬|均为|均為)[^。\n]{0,4}(?:个人|個人)(?:观点|觀點|立场|立場|意见|意見|看法)",
        r"不代表(?:任何)?(?:机构|機構|组织|組織|单位|單位|公司|本会)",
    ),
    "ko": (r"개인(?:적인|의)? ?(?:의견|견해|생각)(?:입니다|이며|일 뿐)",),
    "ar": (
        r"الآراء[^.\n]{0,15}(?:شخصية|تمثلني)",
        r"آرائي (?:الشخصية|تمثلني)",
    ),
    "he": (
        r"הדעות[^.\n]{0,20}(?:שלי|אישיות)",
        r"דעותי בלבד",
    ),
}
_DISCLAIMER = pattern(
    "|".join(f"(?:{frame})" for frames in _PATTERNS.values() for frame in frames),
    link=_LINK,
    owned=_OWNED,
    ended=_ENDED,
    begins=_BEGINS,
    denied=_DENIED,
)

#: Languages disclaimers are known in (ISO 639-1; `no` stands for Danish and Norwegian).
LANGUAGES = tuple(_PATTERNS)

#: Key words a slip of the pen is forgiven in, and the words one slip away that mean something else.
_KEY_WORDS = tuple(entries("disclaimer_words"))
_OTHER_WORDS = frozenset(entries("no_disclaimer_words"))
_SHORTEST = 5
_SLIPS = {"onw": "own", "mien": "mine", "owm": "own", "myown": "my own"}


def find_disclaimer(text: Text) -> tuple[int, int] | None:
    """Where a text says that its views are its author's own: a span of `Text.plain`, or None.

    A disclaimer with a slip of the pen is given the whole text as its span.
    """
    match = _DISCLAIMER.search(text.plain)
    if match:
        return match.span()
    mended = _mended(text)
    return (0, len(text.plain)) if mended is not None and _DISCLAIMER.search(mended) else None


def _mended(text: Text) -> str | None:
    """The text with slips in key words mended; None where there is none."""
    parts, at = [], 0
    for token in text.tokens:
        if token.kind == "word" and (meant := _meant(token.text)):
            parts += [text.plain[at : token.start], meant]
            at = token.end
    return "".join([*parts, text.plain[at:]]) if parts else None


def _meant(word: str) -> str | None:
    if word in _SLIPS:
        return _SLIPS[word]
    if len(word) < _SHORTEST or word in _KEY_WORDS or word in _OTHER_WORDS:
        return None
    return next((key for key in _KEY_WORDS if OSA.distance(word, key, score_cutoff=1) == 1), None)
