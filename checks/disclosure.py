"""Who speaks, and for whom: ALA-18 (links), ALA-19 (spokesperson), ALA-20 (membership and own views).

Only accounts of people are asked for a disclosure; a post and the profile that stood when it was published count
together, and a profile that was never read leaves the question open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.screen import OFFICIAL_LINKS, Names, Said
from checks.statements import Found, find_association, find_disclaimer, says_member
from checks.text import Text, normal, prepare
from checks.web import leads_to, links_of
from checks.word_classes import pattern


class Disclosure(Params):
    """`names`: the association as people write it; `not_meant`: words that show another bearer of the name."""

    names: tuple[str, ...]
    not_meant: tuple[str, ...] = ()


@check("member_link", params=Disclosure, screen=lambda _: OFFICIAL_LINKS, across=True)
def member_link(batch: Batch, rule: Rule, params: Disclosure) -> Judgement:
    """Looks for links to the association's website on personal accounts that nowhere say their owner is a member."""

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        official = [link for link in links_of(row) if leads_to(link, row.context.official_domains)]
        if not official or _says_member(row, params.names):
            return []
        if row.get("bio") is None:
            return NotJudged("profile_not_seen")
        reason = "links to the association; neither the post nor the profile says that its author is a member"
        return [Evidence("text", link.start, link.end, reason, 0.85) for link in official]

    return judge_each(batch, rule, find)


@check("own_views", params=Disclosure, screen=lambda params: [Names(params.names)], across=True)
def own_views(batch: Batch, rule: Rule, params: Disclosure) -> Judgement:
    """Looks for posts about the association that do not say both "I am a member" and "these views are mine".

    Either may stand in the post or in the profile.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        subject = _subject(row, params)
        if subject is None:
            return []
        missing = list(_missing(row, params))
        if missing and row.get("bio") is None:
            return NotJudged("profile_not_seen")
        reason = f"the association is a subject here, and neither post nor profile says {' and '.join(missing)}"
        return [row.evidence(subject.start, subject.end, reason, 0.8)] if missing else []

    return judge_each(batch, rule, find)


def _missing(row: Row, params: Disclosure) -> Iterator[str]:
    if not _says_member(row, params.names):
        yield "that the author is a member"
    if not any(map(find_disclaimer, (row.text, _profile(row)))):
        yield "that the views are the author's own"


def _subject(row: Row, params: Disclosure) -> Found | None:
    if any(normal(word) in row.text.plain for word in params.not_meant):
        return None
    return next(iter(find_association(row.text, params.names)), None)


def _says_member(row: Row, names: tuple[str, ...]) -> bool:
    return says_member(row.text, names, of_profile=False) or says_member(_profile(row), names)


def _profile(row: Row) -> Text:
    return prepare(str(row.get("bio", "")))


class Spokesperson(Params):
    """`names`: the association as people write it."""

    names: tuple[str, ...]


_SPEAKS_FOR = (
    r"\b{says_for}\b[^.!?\n]{0,30}\b(?:on behalf of|in the name of)\s+(?:the\s+)?{name}",
    r"\bspeak(?:ing)? (?:officially )?for (?:the )?{name}",
    # At the head of a sentence; thanks and good wishes given for a group take no stand.
    r"(?:^|(?<=[.!?\n] ))on behalf of (?:the )?{name}\s?[,:](?!\s(?:{gives_thanks})(?!\w))",
    r"{name} (?:firmly |strongly )?(?:believes|thinks|opposes|condemns|demands)\b",
    r"{name}(?:'s|')? (?:official )?(?:position|stance|view|opinion)(?: on [^.!?\n]{1,60}?)? is\b",
    (
        r"\b(?:as|i'm|i am) (?:an? |the )?(?:official )?"
        r"(?:{name}(?:'s)? (?:official )?(?:spokes\w+|voice)|(?:spokes\w+|voice) (?:for|of) (?:the )?{name})"
    ),
    r"\bwe (?:at|here at|of) (?:the )?{name} {take_a_stand}\b",
    r"\b(?:official statement|officially)\b[^.!?\n]{0,20}\b(?:from|of|by|for) (?:the )?{name}",
    r"{name} (?:officially|hereby|formally) (?:endorses|supports|opposes|condemns|rejects|announces|recommends)\b",
    r"\b(?:hablo|hablamos|escribo|declaramos|digo)\b[^.!?\n]{0,20}\ben nombre de (?:la |el )?{name}",
    r"\b(?:je parle|nous parlons|j'ecris|je m'exprime)\b[^.!?\n]{0,20}\bau nom de (?:la |l')?{name}",
    r"\b(?:ich spreche|wir sprechen|schreibe|erklare)\b[^.!?\n]{0,20}\bim namen (?:der |von )?{name}",
    r"\b(?:falo|falamos|escrevo|declaro|declaramos)\b[^.!?\n]{0,20}\bem nome d[aeo]s? {name}",
    r"\b(?:parlo|parliamo|scrivo|dichiaro)\b[^.!?\n]{0,20}\ba nome d(?:i|ella|ell') ?{name}",
    (
        r"\bla (?:posicion|postura) (?:oficial )?de (?:la )?{name} es\b"
        r"|\bla position (?:officielle )?de (?:la |l')?{name} est\b"
    ),
    (
        r"\bdie (?:offizielle )?(?:position|haltung) (?:der |von )?{name} ist\b"
        r"|\ba posicao (?:oficial )?da {name} e\b"
    ),
)
_DENIED = pattern(r"\b{does_not_speak}\b[^.!?\n]{0,35}$")


@lru_cache(maxsize=32)
def _speaking(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    anyone = (
        f"(?:{'|'.join(sorted((re.escape(normal(name).strip()) for name in names), key=len, reverse=True))})(?!\\w)"
    )
    return tuple(pattern(frame, name=anyone) for frame in _SPEAKS_FOR)


@check("spokesperson", params=Spokesperson, screen=lambda params: map(Said, _speaking(params.names)))
def spokesperson(batch: Batch, rule: Rule, params: Spokesperson) -> Judgement:
    """Looks for words that speak for the association ("on behalf of", "our official position is") on other accounts.

    Saying that one does not speak for it, asking, and quoting somebody are left out.
    """

    def find(row: Row) -> Iterator[Evidence]:
        for frame in _speaking(params.names):
            for match in frame.finditer(row.text.plain):
                if not _is_denied(row.text, match.start(), match.end()):
                    yield row.evidence(match.start(), match.end(), "reads as if the association itself spoke", 0.6)

    return judge_each(batch, rule, find)


def _is_denied(text: Text, start: int, end: int) -> bool:
    first, last = text.sentence_at(start)
    asked = text.plain[first:last].rstrip().endswith("?")
    inside = re.search(r"\b(?:not|never|cannot|can't|don't|won't)\b", text.plain[start:end])
    return asked or bool(inside) or text.is_quoted(start, end) or bool(_DENIED.search(text.plain[first:start]))
