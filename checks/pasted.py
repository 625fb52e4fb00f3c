"""What others said or published, put into a post: pasted talks and screenshots (LLL-12), published material (LLL-19).

Talk is known by its shape (lines with a time and a name, speakers who take turns) in any language, and by what a post
says of itself ("screenshot from the group") where there is a lexicon. Stated consent or permission ends the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import following, in_span
from checks.lexicons import Hit
from checks.screen import Raw, Terms
from checks.web import leads_to, links_of
from checks.word_classes import entries, pattern

# --- pasted talk ----------------------------------------------------------------------------------------------------

#: Up to three capitalised words; a handle too.
_NAME = r"(?P<name>~?@?[^\W\d_a-zß-öø-ÿ][\w'’.-]{0,24}(?: [^\W\d_a-zß-öø-ÿ][\w'’.-]{0,24}){0,2})"  # noqa: RUF001
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s{1,3}(?:at |um |a las |à |às )?"
_DATED = re.compile(_DATE)
_TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[apAP]\.?[mM]\.?)?"
#: A line as chats export it: "[12:03] Anna: …", "24/09/2026, 12:03 - Anna: …".
_STAMPED = re.compile(
    rf"^[ \t>*•-]{{0,4}}(?:\[(?:{_DATE})?{_TIME}\]|{_DATE}{_TIME})\s{{0,2}}[-–]?\s{{0,2}}{_NAME}\s?:[ \t]+\S",  # noqa: RUF001
    re.MULTILINE,
)
#: "Anna, [12:03]" with the words on the next line, as another messenger copies it.
_NAMED_FIRST = re.compile(rf"^{_NAME}, \[(?:{_DATE})?{_TIME}\]:?", re.MULTILINE)
#: A line that somebody speaks, with a bare time before it or none.
_SPOKEN = re.compile(rf"^[ \t>*•-]{{0,4}}(?:{_TIME}\s{{1,2}}[-–]?\s{{0,2}})?{_NAME}\s?:[ \t]+\S", re.MULTILINE)  # noqa: RUF001
#: Words of others told in a line of prose, with who wrote them: "Maria wrote: …  Ruth replied: …".
_WROTE = pattern(
    r"(?<![\w'’-])(?P<name>[^\W\d_a-zß-öø-ÿ][\w'’-]{1,24})\s(?:then\s|just\s)?{wrote_it}"  # noqa: RUF001
    r"\s?(?:to \w+|back)?:\s"
)
#: "On 24 Sep 2026, Anna wrote:" as mail programs put it over a reply.
_MAIL_REPLY = re.compile(
    r"^>?[ \t]{0,2}(?:On|Am|Le|El|Em)\b[^\n]{6,80}\b(?:wrote|schrieb|a écrit|escribió|escreveu)[^\n]{0,40}:[ \t]*$",
    re.MULTILINE,
)

_NO_WRITERS = frozenset(entries("no_writers"))
_SPEAKERS_NEEDED = 2
_LINES_NEEDED = 3


class Pasted(Params):
    """The lexicon's senses: `screenshot`, `place` (group, thread), `posted` (wrote), `consent`, `made_up`."""

    lexicon: str = "pasted"
    #: How many characters may stand between "screenshot" and the place it is from.
    reach: int = Field(default=60, ge=0)
    #: What stands before a colon and is no speaker: parts of notices, questions and answers, programme points.
    no_speakers: frozenset[str] = frozenset()
    #: Speakers of jokes ("Me: … My brain: …"): nobody was overheard.
    jokers: frozenset[str] = frozenset()

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


@check(
    "pasted_talk",
    params=Pasted,
    screen=lambda params: [
        Terms(params.lexicon, senses=("screenshot", "posted")),
        Raw(_STAMPED),
        Raw(_NAMED_FIRST),
        Raw(_SPOKEN),
        Raw(_WROTE),
        Raw(_MAIL_REPLY),
    ],
)
def pasted_talk(batch: Batch, rule: Rule, params: Pasted) -> Judgement:
    """Looks for talks of others in a post: lines of a chat, a comment thread, "screenshot from the group".

    Stated consent, made-up talks, questions and answers, programmes and warnings against screenshots are left out.
    """

    def find(row: Row) -> Iterable[Evidence]:
        hits = row.hits(params.lexicon, also=("en",))
        if {"consent", "made_up"} & {hit.sense for hit in hits}:
            return []
        return [*_copied_lines(row, params), *_screenshots(row, hits, params.reach), *_attributed(row, hits)]

    return judge_each(batch, rule, find)


def _copied_lines(row: Row, params: Pasted) -> Iterator[Evidence]:
    raw = row.text.raw
    stamped = [*_STAMPED.finditer(raw), *_NAMED_FIRST.finditer(raw)]
    stamped = [line for line in stamped if _speaker(line) not in params.no_speakers]
    # One line is enough where it has its date too; a lone bracketed time may be a programme's.
    if len(stamped) >= _SPEAKERS_NEEDED or any(_DATED.search(line.group()) for line in stamped):
        reason = "lines of a chat with the time and the name of who wrote them"
        yield Evidence(row.field, *_lines(raw, stamped), reason, 0.85)
        return
    if turns := _turns(list(_SPOKEN.finditer(raw)), params):
        reason = "lines of several speakers who take turns, as copied from a chat or thread"
        yield Evidence(row.field, *_lines(raw, turns), reason, 0.65)
        return
    told = [line for line in _WROTE.finditer(raw) if line["name"].casefold() not in _NO_WRITERS]
    if len(told) >= _SPEAKERS_NEEDED and len({line["name"] for line in told}) >= _SPEAKERS_NEEDED:
        reason = "words of several people, repeated with who wrote them"
        yield Evidence(row.field, *_lines(raw, told), reason, 0.65)
        return
    for reply in _MAIL_REPLY.finditer(raw):
        yield Evidence(row.field, reply.start(), reply.end(), "the head of somebody's message, copied with it", 0.7)


def _lines(raw: str, found: Sequence[re.Match[str]]) -> tuple[int, int]:
    """From the first line found to the end of the last one."""
    end = raw.find("\n", found[-1].end())
    return min(line.start() for line in found), len(raw) if end < 0 else end


def _speaker(line: re.Match[str]) -> str:
    return line["name"].casefold().strip("~@ ")


def _turns(lines: Sequence[re.Match[str]], params: Pasted) -> list[re.Match[str]]:
    """The spoken lines where speakers take turns: one of them speaks again after another did."""
    told = [line for line in lines if len(_speaker(line)) > 1 and _speaker(line) not in params.no_speakers]
    speakers = [_speaker(line) for line in told]
    if len(told) < _LINES_NEEDED or any(params.jokers & set(speaker.split()) for speaker in speakers):
        return []
    again = any(speakers[at] == speakers[at + 2] != speakers[at + 1] for at in range(len(speakers) - 2))
    return told if again else []


#: What makes a place somebody else's page rather than what was said there.
_NOT_SAID = pattern(r"^(?:'s)?\s{1,2}(?:{part_of_a_place}|{part_of_a_place_elsewhere})\b")
#: Warnings, requests and offers of help: the sentence speaks about screenshots, it does not bring one.
_SPEAKS_ABOUT = pattern(r"\b(?:{speaks_about}|{speaks_about_elsewhere}|{forbidden_to_share})\b")


#: "… are not allowed", "… sind verboten", "… sont interdites".
_ARE_REFUSED = pattern(r"(?<!\w)(?:are|is|sind|ist|bleiben|sont|est|son|sao) (?:\w+ )?{forbidden_to_share}(?!\w)")


def _screenshots(row: Row, hits: Sequence[Hit], reach: int) -> Iterator[Evidence]:
    text, places = row.text, _places(hits)
    for shot in (hit for hit in hits if hit.sense == "screenshot"):
        first, last = text.sentence_at(shot.start)
        place = following(places, shot.end, reach)
        if place is None or place.end > last or _NOT_SAID.match(text.plain[place.end : place.end + 24]):
            continue
        if _SPEAKS_ABOUT.search(text.plain[first : shot.start]) or text.plain[first:last].rstrip().endswith("?"):
            continue
        if _ARE_REFUSED.search(text.plain, place.end, last):
            continue
        if re.search(r"[.!?\n]", text.plain[shot.end : place.start]):
            continue
        reason = "says that it shows what others wrote elsewhere, without a word on their consent"
        yield row.evidence(shot.start, place.end, reason, 0.75)


def _places(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.sense == "place"]


_OURSELVES = pattern(r"\b{our_side}\s(?:\w+\s){0,2}$")
_TALK_FOLLOWS = re.compile(r"[^\w\n]{0,3}(?:\w+\s){0,3}\w*\s?:\s{0,2}[\"'“„«‘\n]|\s?[\"“„«]")  # noqa: RUF001


def _attributed(row: Row, hits: Sequence[Hit]) -> Iterator[Evidence]:
    """Who wrote where, and then the words: "Anna wrote in our group: '…'"."""
    text, places = row.text, _places(hits)
    for verb in (hit for hit in hits if hit.sense == "posted"):
        first, last = text.sentence_at(verb.start)
        place = min(in_span(places, (first, last)), key=lambda hit: abs(hit.start - verb.start), default=None)
        if place is None or _OURSELVES.search(text.plain[first : verb.start]):
            continue
        start, end = min(verb.start, place.start), max(verb.end, place.end)
        if _SPEAKS_ABOUT.search(text.plain[first:start]) or not _TALK_FOLLOWS.match(text.plain, end):
            continue
        reason = "repeats word for word what somebody wrote elsewhere, without a word on their consent"
        yield row.evidence(start, end, reason, 0.65)


# --- published material ---------------------------------------------------------------------------------------------


class Published(Params):
    """The lexicon's senses: `excerpt` (from the book), `scan`, `found_image` (from the internet), `permission`."""

    lexicon: str = "published"
    #: A quotation is long from this many words on.
    words: int = Field(default=40, ge=5)
    #: Without quotation marks, what follows "excerpt from" is long from this many words on.
    words_after: int = Field(default=60, ge=5)

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


#: Signs of a titled work beside the lexicon's: a sign of copyright, a chapter or page of something, an ISBN.
_WORK = re.compile(
    r"©\s?\S"
    r"|\(c\)\s\d{4}"
    r"|\bcopyright\s(?:©\s?)?\d{4}"
    r"|\bisbn[ :-]{0,2}[\d-]{8,}"
    r"|\b(?:chapter|kapitel|capítulo|capitulo|chapitre)\s\d{1,3}\s(?:of|from|aus|von|de|del|du|do)\b"
    r"|\b(?:p\.|pp\.|page|pages|s\.|seite|pág\.|página|pag\.|pagina)\s?\d{1,4}\b",
    re.IGNORECASE,
)
_LONG_QUOTATION = re.compile(
    r"“[^“”]{100,4000}”|«[^«»]{100,4000}»|»[^«»]{100,4000}«|„[^„“”]{100,4000}[“”]|(?<!\w)\"[^\"]{100,4000}\""
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")  # noqa: RUF001


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


@check(
    "published_material",
    params=Published,
    screen=lambda params: [
        Terms(params.lexicon, senses=("excerpt", "scan", "found_image")),
        (Raw(_WORK), Raw(_LONG_QUOTATION)),
    ],
)
def published_material(batch: Batch, rule: Rule, params: Published) -> Judgement:
    """Looks for published material: a long quotation from a titled work, scanned pages, pictures found online.

    A permission or licence that is stated ends the question, and so does a link to the association's own source.
    """

    def find(row: Row) -> Iterable[Evidence]:
        hits = row.hits(params.lexicon, also=("en",))
        if any(hit.sense == "permission" for hit in hits) or _links_the_source(row):
            return []
        return [*_cued(row, hits), *_long_texts(row, hits, params)]

    return judge_each(batch, rule, find)


def _links_the_source(row: Row) -> bool:
    return any(leads_to(link, row.context.official_domains) for link in links_of(row))


def _cued(row: Row, hits: Sequence[Hit]) -> Iterator[Evidence]:
    reasons = {
        "scan": "speaks of copied pages or a whole book, without a word on permission",
        "found_image": "says that the picture was found somewhere, without naming who made it or their permission",
    }
    for hit in hits:
        if hit.sense in reasons and not _is_refused(row, hit):
            yield row.evidence(hit.start, hit.end, reasons[hit.sense], 0.7)


_REFUSED = pattern(r"\b{copying_refused}\b")


def _is_refused(row: Row, hit: Hit) -> bool:
    """A warning ("never post pictures from the internet") or a question, not a confession."""
    first, last = row.text.sentence_at(hit.start)
    before, sentence = row.text.plain[first : hit.start], row.text.plain[first:last]
    return bool(_REFUSED.search(before)) or sentence.rstrip().endswith("?")


def _long_texts(row: Row, hits: Sequence[Hit], params: Published) -> Iterator[Evidence]:
    raw = row.text.raw
    excerpts = [hit for hit in hits if hit.sense == "excerpt"]
    if not excerpts and not _WORK.search(raw):
        return
    quotations = [_Span(*found.span()) for found in _LONG_QUOTATION.finditer(raw)]
    long_ = [one for one in quotations if _words(raw[one.start : one.end]) >= params.words]
    for one in long_:
        reason = f"a quotation of {_words(raw[one.start : one.end])} words from a published work, without permission"
        yield Evidence(row.field, one.start, one.end, reason, 0.7)
    if not long_ and excerpts:
        after = row.text.plain[excerpts[0].end :]
        if _LABEL.match(after) and _words(after) >= params.words_after:
            reason = f"{_words(after)} words follow as an excerpt of a published work, without permission"
            yield row.evidence(excerpts[0].start, excerpts[0].end, reason, 0.6)


#: The work's title and then a colon or a new line: what follows is the excerpt itself.
_LABEL = re.compile(r"[^\n:]{0,120}(?::|\n)")


def _words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))
