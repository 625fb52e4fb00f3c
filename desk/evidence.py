"""What of a finding's words somebody at the desk may see: as much as the chapter's report prints.

Personal data and people outside the association are blacked out; text of internal spaces is not shown at all. Whoever
decides may have the words as they were posted, one finding at a time, with a reason that is logged; what no report may
quote stays hidden even then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chapterwatch.archive.browse import Subject, Version
from chapterwatch.model import Account, Finding
from chapterwatch.pipeline.masking import BLACK, Masker, finds_personal
from chapterwatch.policy import Pack
from desk.place import Place
from reports.text import clean, clean_line

#: Code points of a text before and after the evidence that a page shows.
AROUND = 2000
#: Code points of a list's line.
LINE = 110


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A text around the words a finding is about. `hidden` says why there is none."""

    before: str = ""
    hit: str = ""
    after: str = ""
    hidden: str = ""
    #: Whether something in it is blacked out.
    masked: bool = False


ERASED = "The text was erased when the post was deleted. What was concluded from it stands."
CLOSED = "Text of this account is not shown: reports cite it by hash and link only."
GONE = "The text was erased when the post was deleted."
UNKNOWN = "The account is no longer in the registry, so its text is not shown."
NOTHING = "The finding is about the whole item; there are no words to mark."


def evidence_of(place: Place, pack: Pack, finding: Finding, subject: Subject, *, plain: bool = False) -> Evidence:
    """The words of a finding in their text. `plain` leaves out the blacking, not the other rules."""
    if not finding.excerpt and not finding.content_hash:
        return Evidence(hidden=ERASED)
    masker = place.masker(finding.chapter, pack)
    if masker is None or place.account(finding.account_key) is None:
        return Evidence(hidden=UNKNOWN)
    if not place.shows_text_of(finding.account_key, pack):
        return Evidence(hidden=CLOSED)
    if not finding.excerpt:
        return Evidence(hidden=NOTHING)
    text = _text_of(finding, subject)
    if not text:
        words = finding.excerpt if plain else _alone(masker, pack, finding)
        return _around(words, 0, len(words))
    shown = text if plain else masker.evidence(text, finding.start, finding.end)
    return _around(shown, finding.start, finding.end)


def version_text(place: Place, pack: Pack, finding: Finding, version: Version) -> str:
    """One content of a post for its history, blacked out; empty where it may not be shown."""
    masker = place.masker(finding.chapter, pack)
    text = _field(finding, version.texts)
    if masker is None or not text or not place.shows_text_of(finding.account_key, pack):
        return ""
    return clean(masker(text)[:AROUND])


def text_of(place: Place, pack: Pack, account: Account, version: Version | None) -> tuple[str, str]:
    """(text, why there is none) of a post nothing was found in, blacked out as in reports."""
    masker = place.masker(account.chapter, pack)
    if masker is None:
        return "", UNKNOWN
    if not place.shows_text_of(account.key, pack):
        return "", CLOSED
    if version is None or version.erased_at is not None:
        return "", GONE
    return clean(masker(version.texts.get("text", ""))), ""


def lines_of(place: Place, findings: Sequence[tuple[Pack | None, Finding]]) -> list[str]:
    """The evidence of each finding in one short line for a list; empty where it may not be shown."""
    texts = place.archive.shelf.texts([finding for _, finding in findings])
    return [_line_of(place, pack, finding, texts.get(finding.capture_hash, {})) for pack, finding in findings]


def _line_of(place: Place, pack: Pack | None, finding: Finding, texts: Mapping[str, str]) -> str:
    if pack is None or not finding.excerpt or not place.shows_text_of(finding.account_key, pack):
        return ""
    masker = place.masker(finding.chapter, pack)
    if masker is None:
        return ""
    text = _field(finding, texts)
    if _stands_in(finding, text):
        return _masked_line(masker, text, finding.start, finding.end)
    return clean_line(_alone(masker, pack, finding), LINE)


@lru_cache(maxsize=20_000)
def _masked_line(masker: Masker, text: str, start: int, end: int) -> str:
    # The whole text is masked and the words are cut out of it: what a date or a number is stands around it.
    return clean_line(masker.evidence(text, start, end)[start:end], LINE)


def _alone(masker: Masker, pack: Pack, finding: Finding) -> str:
    return masker.alone(finding.excerpt, personal=finds_personal(pack, finding.rule_id))


def _text_of(finding: Finding, subject: Subject) -> str:
    """The whole field where the words stand in it as the finding says, else nothing."""
    version = next((item for item in subject.versions if item.capture_hash == finding.capture_hash), None)
    text = _field(finding, version.texts) if version else ""
    return text if _stands_in(finding, text) else ""


def _stands_in(finding: Finding, text: str) -> bool:
    return text[finding.start : finding.end] == finding.excerpt != ""


def _field(finding: Finding, texts: Mapping[str, str]) -> str:
    """The field a finding is about; of a post its text where the archive's page has no such field."""
    return texts.get(finding.field, texts.get("text", "") if finding.subject_kind == "post" else "")


def _around(text: str, start: int, end: int) -> Evidence:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    return Evidence(
        before=("…" if first else "") + clean(text[first:start]),
        hit=clean(text[start:end]),
        after=clean(text[end:last]) + ("…" if last < len(text) else ""),
        masked=BLACK in text[first:last],
    )
