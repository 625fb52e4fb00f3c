"""Edits and deletions: ALA-13 (correct quickly), ALA-14 and ALA-17 (mark what was altered), ALA-15 (deleted posts).

An edit is judged by what its words say before and after. Typing errors, punctuation, case, emoji, links and hashtags
are cosmetic. Numbers, dates, names, "not", and a good share of the words are not.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from pydantic import Field
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from chapterwatch.model import Unshown
from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.matters import key_terms, same_matter
from checks.pictures import unshown
from checks.screen import Raw, Where, not_shown
from checks.text import prepare
from checks.word_classes import entries, filled, pattern

#: More pieces than this tell a reader nothing new.
_MOST_PIECES = 5

# --- marks ------------------------------------------------------------------------------------------------------------

_MARK = re.compile(
    filled(
        # Behind a mark may stand its number, a day or an hour.
        r"(?:(?<!\w)"
        r"(?:e(?:dit(?:ed|s)?|rrat(?:um|a))|updat(?:e|ed)|changed|added|(?P<correction>{marks_of_correction})"
        r"|{marks_of_change})"
        r"(?: ?\(?\d{1,2}\)?| \([^()\n]{1,30}\)|, ?\d[\w:. ]{0,8})?"
        r"(?: (?:\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?"
        r"|on \w+ \d{1,2}"
        r"|at [\d:]+ ?(?:[ap]m)?"
        r"|from (?:an )?earlier(?: \w+)?))?"
        r"\s*(?:[:\-–—*\])!]|$)"
        r"|[(\[*]\s*{bracketed_marks}\b"
        # In words of the post itself.
        r"|\b(?:an earlier version of this post"
        r"|we(?:'ve| have)? (?:corrected|updated|edited|fixed)"
        r"|i(?:'ve| have)? (?:corrected|updated|edited|fixed)"
        r"|this post (?:has been|was) (?:corrected|updated|edited|changed)"
        r"|previously (?:said|stated|listed)"
        r"|(?:edited|updated|corrected) (?:to|the|my|our|for|time|date|link|name|price|spelling)"
        r"|sorry for the (?:error|mistake|mix-?up)"
        r"|(?:got|had|gave|wrote) the (?:wrong )?{details_corrected}(?: wrong)?"
        r"|(?:oops|sorry|apologies|whoops)[^.!?\n]{0,25}\b(?:wrong|incorrect|mistaken)"
        r"|fixed the (?:link|typo|date|time|name|price)"
        r"|rectifico|corrijo|je (?:corrige|rectifie)|ich (?:korrigiere|berichtige)"
        r"|correcting (?:the|my|our|an)"
        r"|(?:the )?(?:right|correct) (?:date|time|link|name|price|room|address) is)\b"
        # Struck out.
        r"|~~[^~\n]{1,200}~~|<(?:s|del|strike)>|\w\u0336)"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_CORRECTING = re.compile(
    filled(r"{says_it_was_wrong}"),
    re.IGNORECASE,
)


def find_marks(text: str) -> list[tuple[int, int]]:
    """Where a text says openly that it was altered: "EDIT:", "Correction", "korrigiert", struck-out words."""
    return [match.span() for match in _MARK.finditer(text)]


def new_marks(before: str, after: str) -> list[tuple[int, int]]:
    """The marks of a text that its former version did not have, as many times as it has them more."""
    known = [before[start:end].casefold() for start, end in find_marks(before)]
    fresh = []
    for start, end in find_marks(after):
        word = after[start:end].casefold()
        if word in known:
            known.remove(word)
        else:
            fresh.append((start, end))
    return fresh


# --- what changed -----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_SKIPPED = re.compile(r"https?://\S+|www\.\S+|[#＃@]\w+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
#: Words that turn a meaning, by what they do; spellings and languages of one do the same.
_TURNING = {
    word: does
    for does, words in {
        "not": entries("words_for_not"),
        "without": entries("words_for_without"),
        "cancelled": entries("words_for_cancelled"),
        "postponed": entries("words_for_postponed"),
        "closed": entries("words_for_closed"),
        "mandatory": entries("words_for_mandatory"),
        "optional": entries("words_for_optional"),
        "free": entries("words_for_free"),
        "former": entries("words_for_former"),
    }.items()
    for word in words
}
#: Modal verbs turn a meaning only where one takes another's place.
_MODAL = {
    **dict.fromkeys(entries("words_for_must"), "must"),
    **dict.fromkeys(entries("words_for_may"), "may"),
}
_CALENDAR = pattern(
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
    r"|{edited_months_english}"
    r"|{edited_months_spanish}"
    r"|{edited_months_french}"
    r"|{edited_months_german}"
    r"|{edited_months_portuguese}"
    r"|{edited_days_elsewhere}"
    r"|noon|midnight|am|pm|today|tomorrow|tonight"
)
_TYPO = 72
_MOST_LETTERS = 400
#: Word pairs compared at most; a longer rewrite is one difference.
_MOST_COMPARED = 30_000_000
_MONTHS_AND_DAYS = entries("months_and_days")
#: "thurs", "sept" and the three letters that calendars give every day and month.
_SHORTENED = {name: name[:3] for name in _MONTHS_AND_DAYS} | {
    "thurs": "thu",
    "thur": "thu",
    "tues": "tue",
    "weds": "wed",
    "sept": "sep",
}
_NUMBERS = {
    word: str(number)
    for first, words in (
        (1, entries("counted_english")),
        (2, entries("counted_spanish")),
        (2, entries("counted_french")),
        (2, entries("counted_german")),
        (2, entries("counted_portuguese")),
    )
    for number, word in enumerate(words, first)
}
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_IDLE_ZEROS = re.compile(r"(?<=\d)[.,:]00(?!\d)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
#: A word at most this long is too short to be told from another by likeness.
_SHORT = 2


@dataclass(frozen=True)
class _Word:
    said: str
    folded: str
    #: What the word is compared by: "Oct" and "October", "10" and "ten", "6:00" and "6" say the same.
    key: str
    start: int
    end: int
    opens: bool


@dataclass(frozen=True)
class Change:
    """One change that alters what a post says: its span in the new text, and what kind it is."""

    start: int
    end: int
    what: str
    words: int


def find_changes(before: str, after: str, *, max_share: float = 0.2, min_words: int = 4) -> list[Change]:
    """The changes that alter what a post says, in the order of the new text.

    Args:
        before: the text of the revision before.
        after: the text that replaced it.
        max_share: an alteration of more than this share of the words counts whatever the words are.
        min_words: fewer changed words than this never count by their share.
    """
    old, new = _words(before), _words(after)
    groups = [group for group in _differences(old, new) if not _is_typo(group[0], group[1])]
    changed = sum(max(len(was), len(now)) for was, now, _ in groups)
    broad = changed >= min_words and changed > max_share * max(len(old), 1)
    changes = []
    for was, now, at in groups:
        what = _kind_of(was, now) or ("much of the wording" if broad else None)
        if what:
            start, end = _where(now, new, at, after)
            changes.append(Change(start, end, what, max(len(was), len(now))))
    return changes


def _differences(old: list[_Word], new: list[_Word]) -> Iterator[tuple[list[_Word], list[_Word], int]]:
    """Runs of words that differ: the old ones, the new ones, and where the new ones begin."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(was) * len(now) > _MOST_COMPARED:
        yield was, now, head
        return
    alike = [block for block in Indel.opcodes([w.key for w in was], [w.key for w in now]) if block.tag == "equal"]
    left = right = 0
    for i1, i2, j1, j2 in [
        *((b.src_start, b.src_end, b.dest_start, b.dest_end) for b in alike),
        (len(was),) * 2 + (len(now),) * 2,
    ]:
        if i1 > left or j1 > right:
            yield was[left:i1], now[right:j1], head + right
        left, right = i2, j2


def _common(old: list[_Word], new: list[_Word]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (was, now) in pairs if was.key != now.key), min(len(old), len(new)))


def _words(text: str) -> list[_Word]:
    return list(_words_of(text))


@lru_cache(maxsize=2048)
def _words_of(text: str) -> tuple[_Word, ...]:
    hidden = _SKIPPED.sub(lambda match: " " * len(match.group()), text)
    return tuple(
        _Word(m.group(), folded, _key(folded), m.start(), m.end(), _opens_sentence(hidden, m.start()))
        for m in _WORD.finditer(hidden)
        for folded in (prepare(m.group()).plain,)
    )


def _key(folded: str) -> str:
    if not _DIGIT.search(folded):
        plain = folded.replace(".", "")
        return _SHORTENED.get(plain) or _NUMBERS.get(plain) or plain
    return _ORDINAL.sub("", _IDLE_ZEROS.sub("", _THOUSANDS.sub("", folded)))


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 6) : at].rstrip(" \"'“”‘(*-–—•")
    return not before or before[-1] in ".!?:\n…" or not (before[-1].isalnum() or before[-1] in ",;")


def _is_typo(was: list[_Word], now: list[_Word]) -> bool:
    said, says = "".join(w.key for w in was), "".join(w.key for w in now)
    if said == says:
        return True
    if _DIGIT.search(said + says) or _turns(was, now) or not was or not now:
        return False
    short = min(len(said), len(says)) <= _SHORT
    renamed = len(was) == len(now) == 1 and was[0].said[0].isupper() and now[0].said[0].isupper() and not now[0].opens
    alike = fuzz.ratio(said[:_MOST_LETTERS], says[:_MOST_LETTERS])
    return alike >= (_TYPO + 8 if renamed else _TYPO) and not short and not _CALENDAR.fullmatch(says)


def _turns(was: Sequence[_Word], now: Sequence[_Word]) -> bool:
    """Whether a word that turns the meaning came, went, or took another's place."""
    did, does = ({_TURNING[word.folded] for word in words if word.folded in _TURNING} for words in (was, now))
    must, may = ({_MODAL[word.folded] for word in words if word.folded in _MODAL} for words in (was, now))
    return did != does or (len(was) == len(now) and must != may)


def _kind_of(was: list[_Word], now: list[_Word]) -> str | None:
    both = [*was, *now]
    if any(_DIGIT.search(word.folded) for word in both):
        return "a number, a date or a time"
    if _turns(was, now):
        return "a word that turns the meaning"
    if any(_CALENDAR.fullmatch(word.folded) for word in both):
        return "a day or a time"
    if was and any(word.said[0].isupper() and not word.opens for word in both):
        return "a name"
    return None


def _where(now: list[_Word], new: list[_Word], at: int, after: str) -> tuple[int, int]:
    if now:
        return now[0].start, now[-1].end
    # Words were taken out: point at what stands in their place now.
    beside = new[at] if at < len(new) else new[-1] if new else None
    return (beside.start, beside.end) if beside else (0, len(after))


# --- checks -----------------------------------------------------------------------------------------------------------


#: Rows with an earlier text, or known to have had one; the only ones an edit can be found in.
_CHANGED = Where(lambda frame: frame["previous_text"].notna() | (frame["state"].astype("str") == "edited"))
#: Rows of which the absence of an edit, or of a deletion, says nothing.
_EDITS_UNSHOWN, _DELETIONS_UNSHOWN = not_shown("edits"), not_shown("deletions")
_GONE = Where(lambda frame: frame["state"].astype("str") != "present")


class SilentEdit(Params):
    """`max_share` of the words changed, and at least `min_words`, is an alteration whatever the words are."""

    max_share: float = Field(default=0.2, gt=0, le=1)
    min_words: int = Field(default=4, ge=1)


@check(
    "silent_edit",
    params=SilentEdit,
    screen=lambda _: [_CHANGED, _EDITS_UNSHOWN],
    across=True,
    judges=Unshown.EDITS,
)
def silent_edit(batch: Batch, rule: Rule, params: SilentEdit) -> Judgement:
    """Compares each revision of a post with the one before: was its meaning changed without a mark such as "EDIT:"?

    Cosmetic edits are left out, and alterations that the account told of in a reply or a post of its own. Where a
    post was edited before it was first seen, the earlier text is not known; where it was read only in exports or tables
    that show no edits, whether there was one is not known.
    """
    told = _Corrections(batch.posts)

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        before, after = row.get("previous_text"), row.stored("text")
        if before is None:
            return _history_gap(row) or []
        changes = find_changes(str(before), after, max_share=params.max_share, min_words=params.min_words)
        if not changes or new_marks(str(before), after) or _all_behind_a_mark(changes, after):
            return []
        if told.tell_of(row):
            return []
        return [_evidence(change) for change in changes[:_MOST_PIECES]]

    return judge_each(batch, rule, find)


def _history_gap(row: Row) -> NotJudged | None:
    """Why a row without an earlier text cannot be called unchanged; None where an edit would have shown."""
    if _edited_unseen(row):
        return NotJudged("no_history")
    # With a later text known, an edit did show, and is judged there.
    alone = int(row.get("revision", 0)) == 0 and bool(row.get("is_current", True))
    reason = unshown(row, "edits") if alone else None
    return NotJudged(reason) if reason else None


def _edited_unseen(row: Row) -> bool:
    return int(row.get("revision", 0)) == 0 and bool(row.get("is_current", True)) and row.get("state") == "edited"


def _all_behind_a_mark(changes: Iterable[Change], text: str) -> bool:
    # A mark that opens the text is its headline, as in "Update: we have moved"; it marks no part as added.
    first = min((end for start, end in find_marks(text) if start > 0), default=len(text) + 1)
    return all(change.start >= first for change in changes)


def _evidence(change: Change) -> Evidence:
    return Evidence("edit", change.start, change.end, f"{change.what} changed after posting, without a mark", 0.8)


class MarkedChange(Params):
    """Without a number of days every marked change counts, whenever it came.

    `max_days`: only corrections later than this; `within_days`: only corrections as quick as this. `own_posts`: a new
    post or a reply that opens as a correction counts too.
    """

    max_days: int | None = Field(default=None, ge=0)
    within_days: int | None = Field(default=None, ge=0)
    own_posts: bool = False


#: A post that corrects an earlier one, by its first words.
_CORRECTING_POST = re.compile(
    filled(
        r"\W{0,4}{opens_a_correction}(?=\s*[:!,–—-]| (?:to|in|of|on|for) (?:our|my|the|yesterday|last)\b"
        r"| (?:zu|zum|a|à|de|al|alla|del) )"
    ),
    re.IGNORECASE,
)


@check(
    "marked_change",
    params=MarkedChange,
    screen=lambda params: [
        _CHANGED,
        _EDITS_UNSHOWN,
        *([Raw(_CORRECTING_POST, opening=True)] if params.own_posts else []),
    ],
    across=True,
)
def marked_change(batch: Batch, rule: Rule, params: MarkedChange) -> Judgement:
    """Looks for edits that say openly what was altered, and tells how long after posting they came.

    With a number of days set, only corrections are looked at: those that came later, or as quickly. A correction in a
    post of its own is held against the post it answers, or the last one on the same matter.
    """
    told = _Corrections(batch.posts)

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        before, after = row.get("previous_text"), row.stored("text")
        if before is None:
            own = _of_its_own(row, told, params) if params.own_posts else []
            return own or _history_gap_of_marks(row) or []
        taken = pd.Timestamp(row.valid_from) - pd.Timestamp(row.created_at)
        marks = [
            (start, end)
            for start, end in new_marks(str(before), after)
            if params.max_days is params.within_days or _CORRECTING.search(after[start:end])
        ]
        if not marks or not _is_wanted(taken, params):
            return []
        what = "marked as altered" if params.max_days is params.within_days else "corrected"
        return [Evidence("edit", *marks[0], f"{what} {_spoken(taken)} after posting", 0.8)]

    return judge_each(batch, rule, find)


def _history_gap_of_marks(row: Row) -> NotJudged | None:
    """As `_history_gap`; that a post was edited before it was first seen is told by the rule on silent edits."""
    return None if _edited_unseen(row) else _history_gap(row)


def _of_its_own(row: Row, told: _Corrections, params: MarkedChange) -> Iterable[Evidence] | NotJudged:
    opening = _CORRECTING_POST.match(row.stored("text"))
    if opening is None:
        return []
    if params.max_days is params.within_days:
        return [Evidence("text", *opening.span(), "a post that corrects an earlier one openly", 0.85)]
    taken = told.taken_by(row)
    if taken is None:
        return NotJudged("corrected_post_not_seen")
    reason = f"corrected {_spoken(taken)} after posting, in a post of its own"
    return [Evidence("text", *opening.span(), reason, 0.7)] if _is_wanted(taken, params) else []


def _is_wanted(taken: pd.Timedelta, params: MarkedChange) -> bool:
    late = params.max_days is None or taken > pd.Timedelta(days=params.max_days)
    return late and (params.within_days is None or taken <= pd.Timedelta(days=params.within_days))


def _spoken(taken: pd.Timedelta) -> str:
    hours = int(taken.total_seconds() // 3600)
    if hours < 1:
        return "within an hour"
    if hours < 48:  # noqa: PLR2004 - two days are told in hours
        return f"{hours} hours"
    return f"{hours // 24} days"


@dataclass(frozen=True)
class _Post:
    at: pd.Timestamp
    id: str
    reply_to: str | None
    text: str

    @property
    def terms(self) -> frozenset[str]:
        return key_terms(self.text)


class _Corrections:
    """The first texts of each account's posts: which one a correction is about, and whether an edit was told of."""

    #: A correction this long after a post is about another one; an edit is told of within days.
    _ABOUT, _SOON = pd.Timedelta(days=90), pd.Timedelta(days=14)
    _MIN_SHARED, _MIN_SHARE = 2, 0.5

    def __init__(self, posts: pd.DataFrame) -> None:
        self._posts = posts
        self._of: dict[str, list[_Post]] = {}

    def taken_by(self, row: Row) -> pd.Timedelta | None:
        """How long after the post it corrects a correction came; None where that post is not known."""
        at, terms = pd.Timestamp(row.created_at), key_terms(row.stored("text"))
        answered = row.get("reply_to")
        earlier = [post for post in self._own(str(row.account_key)) if at - self._ABOUT <= post.at < at]
        same = [post for post in earlier if post.id == answered]
        if answered is None:
            same = [post for post in earlier if self._same(terms, post.terms)]
        return at - same[-1].at if same else None

    def tell_of(self, row: Row) -> bool:
        """Whether the account told of an edit in a reply to the post, or in a correction on the same matter."""
        at, terms = pd.Timestamp(row.valid_from), key_terms(row.stored("text"))
        return any(
            post.reply_to == row.subject_id if post.reply_to else self._same(terms, post.terms)
            for post in self._own(str(row.account_key))
            if abs(post.at - at) <= self._SOON and post.id != row.subject_id and _corrects(post)
        )

    def _same(self, one: frozenset[str], other: frozenset[str]) -> bool:
        return same_matter(one, other, min_shared=self._MIN_SHARED, min_share=self._MIN_SHARE)

    def _own(self, account_key: str) -> list[_Post]:
        if account_key not in self._of:
            rows = self._posts[(self._posts["account_key"] == account_key) & (self._posts["revision"] == 0)]
            found = [
                _Post(pd.Timestamp(at), str(native), reply if isinstance(reply, str) else None, str(text))
                for at, native, reply, text in zip(
                    rows["created_at"], rows["subject_id"], rows["reply_to"], rows["text"].fillna(""), strict=True
                )
            ]
            self._of[account_key] = sorted(found, key=lambda post: (post.at, post.id))
        return self._of[account_key]


def _corrects(post: _Post) -> bool:
    return bool(_CORRECTING_POST.match(post.text)) or (post.reply_to is not None and bool(find_marks(post.text)))


class Deletion(Params):
    """No parameters: a deletion is a fact of the archive."""


@check(
    "deletion",
    params=Deletion,
    reads_text=False,
    screen=lambda _: [_GONE, _DELETIONS_UNSHOWN],
    across=True,
    judges=Unshown.DELETIONS,
)
def deletion(batch: Batch, rule: Rule, _params: Deletion) -> Judgement:
    """Looks for posts that are known to have been deleted. Where the platform cannot tell, neither can this."""

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        if not row.get("is_current", True):
            return []
        state = str(row.get("state", "present"))
        if state in ("cannot_tell", "account_gone"):
            return NotJudged(state)
        if state == "deleted":
            return [Evidence("deletion", 0, 0, "this post was deleted after it had been seen", 0.9)]
        reason = unshown(row, "deletions")
        return NotJudged(reason) if reason else []

    return judge_each(batch, rule, find)
