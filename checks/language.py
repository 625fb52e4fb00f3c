"""Which language a text is in: by its script, by its small words, by py3langid, else undecided.

A wrong language makes a wrong "clean", so short or mixed texts stay undecided and fall back to the account's language.
"""

# ruff: noqa: E501 - word lists read better unbroken

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.text import Text
from checks.vocabulary import Words

#: Languages associations of this kind write in; fewer candidates make short posts more certain.
CANDIDATES = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja"),
    *("ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tl", "tr", "uk", "vi", "zh"),
)

#: Fewer letters than this are not enough to tell languages that share a script.
MIN_LETTERS = 24
MIN_CONFIDENCE = 0.85

#: A script that only few languages use decides at once. Kana before Han: Japanese writes both.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("ar", re.compile(r"[\u0620-\u064a\u0671-\u06d3]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
#: Small words as `Text.plain` shows them, without accents: the commonest of each language that tell it from the others.
#: The languages below the first seven have no lexicon here; they stand by so that a text in them is not taken for one.
_SMALL_WORDS = {
    "en": "the and of to in is you that it for was on are with as i his they be at this have from or had by but not what "
    "all were we when your can said there an which she do how their if will other about out many then them these so "
    "some her would make like him into has my our who been its than just it's i'm don't you're we're i've that's can't "
    "get got one no up more time day us join today new a am me he help need know here after before please because why "
    "where did does could should also am any around as back become been being best between both bring call check come "
    "congratulations day days didn't doesn't done during each even every everyone family find first follow friends from "
    "getting give go going good great had happy he's hear help hope hours i'll i'd isn't it'll its keep last learn let let's "
    "life live look looking love made make many may meeting members much must never next night off often old only other "
    "others over own people place please really right said same say see she's show soon something still support take "
    "talk tell thank thanks that they're thing things think those though thought through to today's together tomorrow "
    "tonight too try under until us use very visit want was watch way week weekend well went were what's while who's "
    "why won't work world would year years yes yesterday you'll you've your",
    "es": "el la los las de del y en que un una por para con no se es su al lo como mas pero sus le ya o este si porque esta "
    "entre cuando muy sin sobre tambien me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese "
    "eso ante ellos esto mi antes algunos unos yo otro otras otra tanto esa estos mucho nada muchos cual poco ella estar "
    "estas algunas algo nosotros tu tus hoy nuestra nuestro nuestras nuestros gracias aqui son ha fue somos",
    "fr": "le la les de des du et en un une que qui pour dans ce il elle ne pas sur se plus par je avec tout faire son sa ses "
    "au aux mais comme ou si leur y nous vous ils elles est sont etre ont a deux meme aussi bien sans cette ces mon ma mes "
    "notre votre nos vos c'est d'un d'une qu'il n'est j'ai tres chez merci avez avons etes suis fait quand",
    "de": "der die das und in den von zu mit sich auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie "
    "nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man "
    "wir uns unser unsere ich du ihr euch euer mich dich mir dir kein keine wenn was schon heute sehr danke",
    "pt": "o a os as de do da dos das e em um uma que para com nao por no na nos nas se mais como mas ao ele ela seu sua ou "
    "quando muito ja eu tambem so pelo pela ate isso entre sem mesmo aos seus quem me esse eles voce voces essa num nem "
    "minha meu nosso nossa obrigado obrigada estao sao tem foi ser esta este pra hoje aqui",
    "it": "il lo la i gli le di da in con su per tra fra e o ma che non un una uno del della dei delle dello nel nella nei al "
    "alla ai alle dal dalla sul sulla si come piu anche se sono ho ha hanno questo questa quello quella mi ti ci vi chi "
    "cosa perche quando dove molto noi voi loro mio mia tuo nostro nostra grazie oggi sempre tutti tutto",
    "nl": "de het een en van in is dat op te voor met zijn niet aan er om ook als dan maar bij nog naar uit kan wordt door "
    "over hij zij ze ik je wij we jullie ons onze hun haar mijn jouw deze dit die wat heeft hebben was waren worden zal "
    "geen meer veel wel al vandaag bedankt",
    "ca": "el la els les de del dels i a en que un una per amb no es al als mes pero com si aquest aquesta molt tambe ser ha "
    "som son nostre nostra gracies avui perque",
    "ro": "de si in la a cu pe nu din un o care mai este sunt pentru ca ce se sa al ai ale au fost dar prin sau ne va noi",
    "da": "og i at det en den til er som pa de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over "
    "da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind nar være dog have",
    "no": "og i jeg det at en et den til er som pa de med han av ikke der sa var meg seg men har om vi min mitt ha hadde hun "
    "na over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv her alle vil ble for",
    "sv": "och i att det som en pa ar av for med till den har de inte om ett han men var jag sig fran vi sa kan nar nu ska "
    "skulle du min eller hon oss alla ut hur denna detta vid efter upp mycket",
    "pl": "i w na z do nie sie to jest ze o jak a po co tak za od ale dla czy by juz tylko przez jego jej sa byl moze "
    "ten ta tym tego nas was mnie",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena ada bisa sudah saya kita mereka aku "
    "kamu anda atau oleh lebih seperti apa kalau",
    "tl": "ang ng sa na at mga ay ko ka mo siya ako ito si kung para hindi lang po naman ang niya kami tayo",
    "vi": "va la cua co khong cho nguoi duoc trong mot cac nhung voi den toi ban anh em the nay khi de nhu con da se ra vao",
    "tr": "ve bir bu da de icin ile cok ne daha gibi ama var en ben sen o mi mu biz siz degil olarak kadar sonra her",
    "fi": "ja on ei se etta han oli mutta niin kun myos kuin ovat tai jos minun olen mina sina me te he ole nyt",
}
_WITH_LEXICONS = ("en", "es", "fr", "de", "pt", "it", "nl")
_ENGLISH = frozenset(_SMALL_WORDS["en"].split())
#: What a language that only stands by shares with English tells nothing for it: it has other words enough.
_WORDS_OF = {
    code: frozenset(words.split()) - (frozenset() if code in _WITH_LEXICONS else _ENGLISH)
    for code, words in _SMALL_WORDS.items()
}
_TELLS = {
    word: tuple(code for code, words in _WORDS_OF.items() if word in words)
    for word in frozenset().union(*_WORDS_OF.values())
}
SMALL_WORDS = frozenset(_TELLS)
#: How common each is: the English ones in the order above, those of other languages behind them.
COMMONNESS = {word: -place for place, word in enumerate([*_SMALL_WORDS["en"].split(), *sorted(SMALL_WORDS - _ENGLISH)])}
#: So many different small words of a language, and so many times those of any other, tell it.
_ENOUGH = 3
_TIMES_MORE = 2
#: Letters of alphabets other than the Latin one.
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2c00-\u2dff\u3041-\ua7ff\ua840-\uabff\uac00-\ud7ff]")

_NOT_A_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "qme", "qst", "qht", "qam", "qct", "art", "in"})
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


def language_of(text: Text, *, said: str | None, fallback: str) -> str:
    """ISO 639-1 of a text: what the platform said, else what the text shows, else the account's language."""
    return normal_code(said) or detect(text) or normal_code(fallback) or "en"


def normal_code(code: Any) -> str | None:
    """A platform's language tag as ISO 639-1, or None where it names no language (`und`, `zxx`, X's `qme`)."""
    if not isinstance(code, str) or not code:
        return None
    short = re.split(r"[-_]", code.strip().lower())[0]
    short = _OLD_CODES.get(short, short)
    return None if short in _NOT_A_LANGUAGE or not re.fullmatch(r"[a-z]{2,3}", short) else short


def detect(text: Text) -> str | None:
    """What the words of a text show, or None where they are too few or undecided."""
    words = frozenset(text.plain.split())
    return by_small_words(text.plain, words) or _detect(text.prose)


def by_small_words(plain: str, words: AbstractSet[str]) -> str | None:
    """The language whose small words (articles, pronouns, prepositions) stand in a text, or None where that is unsure.

    `words` are the different words of `plain`; a text that also has another script is left to the whole detector.
    """
    telling = words & SMALL_WORDS
    if len(telling) < _ENOUGH:
        return None
    votes: dict[str, int] = {}
    for word in telling:
        for code in _TELLS[word]:
            votes[code] = votes.get(code, 0) + 1
    best = max(votes, key=votes.__getitem__)
    count = votes.pop(best)
    second = max(votes.values(), default=0)
    if count < _ENOUGH or count < _TIMES_MORE * second or (not plain.isascii() and _OTHER_SCRIPT.search(plain)):
        return None
    return best


def all_by_small_words(plains: Sequence[str], words: Words) -> list[str | None]:
    """What `by_small_words` says of each of many texts; `words` are theirs."""
    small = np.fromiter(map(_PLACE_OF.get, words.different, repeat(-1)), dtype=np.int64, count=len(words.different))
    places = small[words.word]
    is_small = places >= 0
    # Each small word votes once a text.
    is_said = np.zeros(len(plains) * len(_VOTES), dtype=np.bool_)
    is_said[words.text[is_small] * len(_VOTES) + places[is_small]] = True
    text, word = np.divmod(np.flatnonzero(is_said), len(_VOTES))
    votes = np.zeros((len(plains), len(_CODES)), dtype=np.int16)
    if len(text):
        first = np.flatnonzero(np.diff(text, prepend=-1))
        votes[text[first]] = np.add.reduceat(_VOTES[word], first, axis=0, dtype=np.int16)
    best = votes.argmax(axis=1)
    count = votes.max(axis=1)
    votes[np.arange(len(plains)), best] = 0
    is_sure = (count >= _ENOUGH) & (count >= _TIMES_MORE * votes.max(axis=1))
    sure: list[str | None] = [_CODES[at] if told else None for at, told in zip(best.tolist(), is_sure, strict=True)]
    return [
        code if code is None or plain.isascii() or not _OTHER_SCRIPT.search(plain) else None
        for code, plain in zip(sure, plains, strict=True)
    ]


#: Each small word by its place, and the languages it speaks for.
_CODES = tuple(_WORDS_OF)
_PLACE_OF = {word: place for place, word in enumerate(_TELLS)}
_VOTES = np.array([[code in codes for code in _CODES] for codes in _TELLS.values()], dtype=np.int16)


@lru_cache(maxsize=50_000)
def _detect(prose: str) -> str | None:
    letters = sum(map(str.isalpha, prose))
    if not letters:
        return None
    by_script = None if prose.isascii() else _by_script(prose, letters)
    if by_script:
        return by_script
    if letters < MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(prose)
    return str(code) if confidence >= MIN_CONFIDENCE else None


def _by_script(prose: str, letters: int) -> str | None:
    counts = Counter({code: len(pattern.findall(prose)) for code, pattern in _SCRIPTS})
    if counts["ja"] and counts["ja"] + counts["zh"] > letters / 2:
        return "ja"
    code, count = counts.most_common(1)[0]
    if count <= letters / 2:
        return None
    # Cyrillic is shared: only the detector can tell Ukrainian or Bulgarian, Russian is the fallback.
    if code == "ru" and letters >= MIN_LETTERS:
        told, confidence = _identifier().classify(prose)
        return str(told) if confidence >= MIN_CONFIDENCE else "ru"
    return code


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CANDIDATES)
    return identifier
