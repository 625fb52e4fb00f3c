"""Judging what readers saw in pictures: bare bodies, words, known badges and logos, screenshots, people.

A picture that could not be captured or read is "not judged", never clean. Whoever is shown is not asked: nothing here
knows a face, only how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from pydantic import Field, model_validator

from chapterwatch.model import Unshown
from chapterwatch.policy import KnownPicture, PictureSet, Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, checks, judge_each, judgement
from checks.language import language_of
from checks.pictures import DRAWN, NO_REFERENCE, NOT_READ, Picture, field_of, gap, kept
from checks.screen import Where, not_shown
from checks.text import prepare


def _shows(frame: pd.DataFrame) -> list[bool]:
    return [bool(item) for item in frame["pictures"]] if "pictures" in frame.columns else [False] * len(frame)


#: One object each, so that several rules ask the frame once.
_SHOWN, _UNSHOWN = Where(_shows), not_shown("pictures")


def _with_pictures(_: Params) -> tuple[Where, ...]:
    """Where nothing is shown there is nothing to find, unless pictures never show where it was read."""
    return (_SHOWN, _UNSHOWN)


# --- bare bodies ----------------------------------------------------------------------------------------------------


class Nudity(Params):
    """`labels`: a detector's label for a bare part of a body -> the score (0..1) from which it counts.

    What is not named is never a finding: a pack for breastfeeding support names no breast.
    """

    labels: Mapping[str, float] = Field(min_length=1)
    #: Share of flat colour above which a picture is no photograph; the detector sees bodies in emblems.
    most_flat: float = Field(default=0.55, gt=0, le=1)


_PARTS = {
    "FEMALE_GENITALIA_EXPOSED": "bare genitals",
    "MALE_GENITALIA_EXPOSED": "bare genitals",
    "ANUS_EXPOSED": "a bare bottom",
    "BUTTOCKS_EXPOSED": "a bare bottom",
    "FEMALE_BREAST_EXPOSED": "a bare breast",
}


@check("picture_nudity", Nudity, reads_text=False, screen=_with_pictures, judges=Unshown.PICTURES)
def picture_nudity(batch: Batch, rule: Rule, params: Nudity) -> Judgement:
    """Asks about pictures in which a detector sees the bare parts of bodies the rule names, and no others.

    A detector is a guess: it takes a baby's bath or a statue for more than it is. Drawings, flyers and emblems are not
    judged, for it was not made for them. Graphic violence is not looked for.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        photos = [one for one in kept(row) if not _is_drawn(one, params)]
        answer = _or_gap(row, "nudity_status", (item for one in photos for item in _bare(one, params)))
        return answer or (NotJudged(DRAWN) if any(_is_drawn(one, params) for one in kept(row)) else answer)

    return judge_each(batch, rule, find)


def _is_drawn(picture: Picture, params: Nudity) -> bool:
    return float(picture.get("flat") or 0.0) > params.most_flat


def _bare(picture: Picture, params: Nudity) -> Iterator[Evidence]:
    seen = picture.get("nudity") or {}
    found = {label: seen[label] for label, least in params.labels.items() if seen.get(label, 0.0) >= least}
    if found:
        label = max(found, key=lambda name: found[name])
        part = _PARTS.get(label, label.replace("_", " ").lower())
        yield _whole(picture, f"a detector sees {part} in the {_role(picture)}", min(0.8, found[label]))


# --- words in pictures ----------------------------------------------------------------------------------------------


class PictureText(Params):
    """`check` and `params` of the text check that reads the words in pictures.

    `languages`: those it has vocabulary for; empty means any. `certainty` scales its confidence, for letters misread.
    """

    check: str
    params: dict[str, Any] = Field(default_factory=dict)
    languages: tuple[str, ...] = ()
    certainty: float = Field(default=0.85, gt=0, le=1)

    @model_validator(mode="after")
    def _validated(self) -> PictureText:
        self.inner()
        return self

    def inner(self) -> Params:
        """The parameters of the text check. Raises ValueError where there is no such check or they do not fit it."""
        found = checks().get(self.check)
        if found is None:
            raise ValueError(f"there is no check {self.check!r}")
        params: Params = found.params.model_validate(self.params)
        return params

    def named(self) -> set[str]:
        """Those of the text check as well."""
        return super().named() | self.inner().named()

    def lexicons(self) -> tuple[str, ...]:
        """What the text check asks for."""
        return self.inner().lexicons()


@check("picture_text", PictureText, reads_text=False, screen=_with_pictures, judges=Unshown.PICTURES)
def picture_text(batch: Batch, rule: Rule, params: PictureText) -> Judgement:
    """Reads the words in pictures, as far as character recognition got them, by the rule for written words.

    Spans count code points of the text that was read out of the picture, whose letters may be misread. What that rule
    cannot answer, this one cannot.
    """
    inner = checks()[params.check]
    texts = [(row, picture) for row in batch.rows for picture in kept(row) if picture.get("ocr_text")]
    read = [(row, picture) for row, picture in texts if _has_words_for(row, picture, params)]
    rows = [_as_post(row, picture, label) for label, (row, picture) in enumerate(read)]
    frame = pd.DataFrame(index=pd.RangeIndex(len(rows)))
    words = Batch("post", frame, rows, batch.posts, batch.profiles, batch.lexicons, batch.contexts)
    answer = inner.judge(words, rule, params.inner())
    found: dict[int, list[Evidence]] = {}
    for label, items in answer.found.items():
        row, picture = read[label]
        found.setdefault(row.label, []).extend(_in_picture(item, picture, params.certainty) for item in items)
    silent = {read[label][0].label: reason for label, reason in answer.reasons.items()}
    strange = [(row, picture) for row, picture in texts if not _has_words_for(row, picture, params)]
    silent |= {row.label: f"language:{_language(row, picture)}" for row, picture in strange}
    gaps = {row.label: gap(row, "ocr_status") or silent.get(row.label) for row in batch.rows}
    return judgement(batch, found, {label: word for label, word in gaps.items() if word and label not in found})


def _in_picture(item: Evidence, picture: Picture, certainty: float) -> Evidence:
    """What a text check found, as evidence in the words of the picture."""
    reason = f"in the {_role(picture)}: {item.reason}"
    return Evidence(field_of(picture), item.start, item.end, reason, round(item.confidence * certainty, 2))


def _as_post(row: Row, picture: Picture, label: int) -> Row:
    """The words in a picture as a post of the same account."""
    values = {name: row.get(name) for name in _ACCOUNT}
    # Words wrap in a picture wherever there is room; only an empty line ends a paragraph. Equal length keeps the spans.
    text = _WRAP.sub(" ", str(picture["ocr_text"]))
    values |= {"text": text, "lang": _language(row, picture), "links": [], "media": [], "pictures": []}
    return Row(values, label=label, subject="post", context=row.context, lexicons=row.lexicons)


_WRAP = re.compile(r"(?<!\n)\n(?!\n)")
_ACCOUNT = (
    "subject_id",
    "revision",
    "account_key",
    "chapter",
    "association",
    "platform",
    "space",
    "pack",
    "handle",
    "kind",
    "created_at",
    "bio",
)


def _language(row: Row, picture: Picture) -> str:
    text = prepare(str(picture["ocr_text"]))
    return language_of(text, said=None, fallback=row.context.language, known=row.lexicons.known_words)


def _has_words_for(row: Row, picture: Picture, params: PictureText) -> bool:
    text = prepare(str(picture["ocr_text"]))
    return not params.languages or not text.has_letters or _language(row, picture) in params.languages


# --- pictures known again -------------------------------------------------------------------------------------------


class PictureMatch(Params):
    """`set`: the pack's pictures to look for, `senses`: which of them, `roles`: post, avatar, banner.

    `phash_distance` and `dhash_distance`: how many of 64 bits may differ; both must hold.
    """

    set: str
    senses: tuple[str, ...]
    roles: tuple[str, ...] = ("post", "avatar", "banner")
    phash_distance: int = Field(default=10, ge=0, le=20)
    dhash_distance: int = Field(default=12, ge=0, le=24)

    def picture_sets(self) -> tuple[str, ...]:
        """The set the rule names."""
        return (self.set,)


@check("picture_match", PictureMatch, reads_text=False, screen=_with_pictures, judges=Unshown.PICTURES)
def picture_match(batch: Batch, rule: Rule, params: PictureMatch) -> Judgement:
    """Compares pictures with those the pack knows (logos, badges), also where they were resized or recompressed.

    A known picture that was cut, turned or put into a corner of another is not recognised.
    """
    known = batch.pictures[params.set]

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        own = [one for one in kept(row) if one.get("role", "post") in params.roles]
        evidence = [item for one in own for item in _matches(one, known, params)]
        if not evidence and own and not known.complete:
            return NotJudged(NO_REFERENCE)
        if not evidence and not all(one.get("phash") for one in own):
            return NotJudged(NOT_READ)
        return _or_gap(row, None, evidence)

    return judge_each(batch, rule, find)


def _matches(picture: Picture, known: PictureSet, params: PictureMatch) -> Iterator[Evidence]:
    for one in known.pictures:
        if one.sense in params.senses and (likeness := _likeness(picture, one, params)):
            yield _whole(picture, f"the {_role(picture)} looks like {one.name} ({one.sense})", likeness)
            return


def _likeness(picture: Picture, known: KnownPicture, params: PictureMatch) -> float:
    """How alike two pictures are (0.6..0.95), 0 where they are not."""
    if not picture.get("phash") or not picture.get("dhash"):
        return 0.0
    phash = _distance(str(picture["phash"]), known.phash)
    dhash = _distance(str(picture["dhash"]), known.dhash)
    if phash > params.phash_distance or dhash > params.dhash_distance:
        return 0.0
    return round(0.95 - 0.35 * phash / max(params.phash_distance, 1), 2)


def _distance(left: str, right: str) -> int:
    return (int(left, 16) ^ int(right, 16)).bit_count()


# --- screenshots ----------------------------------------------------------------------------------------------------


class Screenshot(Params):
    """`least`: the score (0..1) from which a picture is asked about; see `screenshot_score`."""

    least: float = Field(default=0.7, gt=0, le=1)


@check("picture_screenshot", Screenshot, reads_text=False, screen=_with_pictures, judges=Unshown.PICTURES)
def picture_screenshot(batch: Batch, rule: Rule, params: Screenshot) -> Judgement:
    """Asks about pictures that look like the screen of a chat or of a comment thread.

    It takes the marks of such screens (times of messages, "Reply", "Seen", a phone's status line) in a picture with
    much flat colour. A flyer in the shape of a phone has the shape and no marks.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        scored = [(one, screenshot_score(one)) for one in kept(row)]
        evidence = [
            _whole(one, f"the {_role(one)} looks like a screenshot of a conversation", score)
            for one, score in scored
            if score >= params.least
        ]
        return _or_gap(row, "ocr_status", evidence)

    return judge_each(batch, rule, find)


#: What the screens of conversations show, and how often it must stand there.
_MARKS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), least)
    for pattern, least in (
        # Times of messages stand at the end of a line; a programme's times begin its lines.
        (r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?[\s✓vV/]*$", 2),
        (r"\b(?:like|gef[aä]llt mir|me gusta|gosto|j.?aime)\W{0,3}(?:reply|antworten|responder|r[eé]pondre)\b", 1),
        (r"^\W*(?:reply|view \d+ repl(?:y|ies)|write a (?:reply|comment)|add a comment)\b", 1),
        (r"\b\d{1,2} ?(?:min|mins|h|hr|hrs|d|w|std)\b(?: ago)?\s*[·.•]", 1),
        (r"\b\d+ (?:minutes?|hours?|days?) ago\b|\bjust now\b", 1),
        (r"^\W*(?:delivered|seen|read \d{1,2}[:.]\d{2}|typing|online|last seen\b.*)\W*$", 1),
        (r"^\W*(?:type a message|message|imessage|text message)\W*$", 1),
        (r"^.*\b(?:lte|5g|4g|wi-?fi)\b.*\d|^\W*\d{1,2}:\d{2}\b.*\b\d{1,3} ?%\W*$", 1),
        (r"^\W*(?:today|yesterday|heute|gestern|hier|hoy|ayer)(?:,? (?:at )?\d{1,2}[:.]\d{2}.*)?\W*$", 1),
        (r"\b(?:forwarded|weitergeleitet|reenviado|transf[eé]r[eé])\b", 1),
        (r"\b\d+ (?:members|participants|comments?|replies)\b", 1),
    )
)
_PHONE = (1.6, 2.4)
_FLAT = 0.5


def screenshot_score(picture: Picture) -> float:
    """How much a picture looks like the screen of a conversation (0..1), from its shape, colours and words."""
    width, height = picture.get("width") or 0, picture.get("height") or 1
    shape = 0.25 if width and _PHONE[0] <= height / width <= _PHONE[1] else 0.0
    colours = 0.2 if (picture.get("flat") or 0.0) >= _FLAT else 0.0
    text = str(picture.get("ocr_text") or "")
    marks = sum(len(mark.findall(text)) >= least for mark, least in _MARKS)
    return round(min(0.95, shape + colours + min(0.6, 0.2 * marks)), 2)


# --- people ---------------------------------------------------------------------------------------------------------


class PictureConsent(Params):
    """`least_faces`: from how many faces on a picture is asked about, `most_faces`: a crowd is not asked about."""

    least_faces: int = Field(default=1, ge=1)
    most_faces: int = Field(default=50, ge=1)


@check("picture_consent", PictureConsent, reads_text=False, screen=_with_pictures, judges=Unshown.PICTURES)
def picture_consent(batch: Batch, rule: Rule, params: PictureConsent) -> Judgement:
    """Asks about pictures of people that no entry of the chapter's consent register covers.

    An entry covers posts, pictures or the days of an event. Faces are counted and nothing else is known of them.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        return _or_gap(row, "nudity_status", _of_people(row, params))

    return judge_each(batch, rule, find)


def _of_people(row: Row, params: PictureConsent) -> Iterator[Evidence]:
    posts = [str(name) for name in (row.subject_id, row.get("permalink")) if name]
    days = _days(row)
    for picture in kept(row):
        faces = int(picture.get("faces") or 0)
        if not params.least_faces <= faces <= params.most_faces:
            continue
        pictures = [str(picture.get("sha256") or "")]
        consents = row.context.consents
        if not any(one.covers(posts=posts, pictures=pictures, day=day) for one in consents for day in days):
            people = "1 person" if faces == 1 else f"{faces} people"
            yield _whole(picture, f"the {_role(picture)} shows {people}; no consent is on record for it", 0.6)


def _days(row: Row) -> list[date | None]:
    """The day of a post wherever its chapter is: nobody is asked for a consent that is there, over a time zone."""
    created = row.get("created_at")
    if created is None:
        return [None]
    return [(pd.Timestamp(created) + pd.Timedelta(hours=hours)).date() for hours in (-12, 0, 14)]


# --- shared ---------------------------------------------------------------------------------------------------------


def _or_gap(row: Row, status: str | None, evidence: Iterable[Evidence]) -> Sequence[Evidence] | NotJudged:
    """What was found; where nothing was and not all could be looked at, why not."""
    found = list(evidence)
    reason = None if found else gap(row, status)
    return NotJudged(reason) if reason else found


def _whole(picture: Picture, reason: str, confidence: float) -> Evidence:
    return Evidence(field_of(picture), 0, 0, reason, round(confidence, 2))


def _role(picture: Picture) -> str:
    return {"avatar": "profile picture", "banner": "cover picture"}.get(str(picture.get("role")), "picture")
