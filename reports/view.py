"""From a chapter's month to what its report says: pure, no clock, no files, no second judgement.

`build_chapter` is the door; `reports.network` makes a network's month of the views. The rule above all others: nothing
reads as good news that could not be seen or judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from chapterwatch.model import Account, Coverage, Lane
from reports.access import notes_of
from reports.attest_views import attest_of
from reports.coverage_views import matrices_of
from reports.facts import (
    AccessGap,
    AccountView,
    AttestView,
    ChainStamp,
    Change,
    ChapterInputs,
    ChapterView,
    Counts,
    Disposition,
    NotJudgedCount,
    Number,
    Renamed,
    Status,
    Unplaced,
    UnplacedLine,
    Unseen,
)
from reports.finding_views import (
    Material,
    actions_of,
    beyond_of,
    changes_of,
    clause_tally,
    credits_of,
    fixed_of,
    mix_of,
    posts_of,
    set_aside_of,
    tally_of,
)
from reports.languages import foreign_of, told_in
from reports.method_views import method_of, not_judged_of, reason_words, unjudged_why
from reports.month import account_view, unseen_of
from reports.text import WHOLE_NAME_LIMIT, clean_line, clean_name
from reports.trend_views import before_of, trend_of
from reports.trust_views import trust_of
from reports.unasked_views import unasked_of
from reports.unshown_views import unshown_changes_of, unshown_note_of
from reports.words import Words

__all__ = [
    "AccessGap",
    "ChainStamp",
    "Change",
    "ChapterInputs",
    "ChapterView",
    "Disposition",
    "NotJudgedCount",
    "Renamed",
    "build_chapter",
]

#: Where paper is Letter rather than A4 (ISO 3166 alpha-2).
LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})

Paper = Literal["letter", "a4"]


def build_chapter(inputs: ChapterInputs, language: str | None = None) -> ChapterView:
    """One chapter's month as its report says it, in its own language or another. Same inputs, same view.

    Raises:
        ValueError: a finding's span is outside its excerpt.
    """
    material = Material(told_in(inputs, language or inputs.chapter.language))
    words, month = material.words, material.month
    accounts = tuple(_accounts(material))
    unseen = tuple(_unseen(accounts, material))
    counts = _counts(accounts, material)
    attest = attest_of(material)
    actions, more_actions = actions_of(material)
    changes, more_changes = changes_of(material)
    return ChapterView(
        association_id=inputs.association.id,
        association_name=clean_name(inputs.association.name, 120),
        chapter_id=inputs.chapter.id,
        chapter_name=clean_name(inputs.chapter.name),
        chapter_whole_name=clean_name(inputs.chapter.name, WHOLE_NAME_LIMIT),
        period=inputs.period,
        period_words=words.month(inputs.period),
        language=words.language,
        paper=paper_of([inputs.chapter.country]),
        issued_on=inputs.issued_on,
        issued_words=words.full_date(inputs.issued_on),
        epoch=int(month.ends.timestamp()),
        revision=inputs.revision,
        on_request=inputs.on_request,
        status=_status(counts, unseen, attest, material),
        counts=counts,
        numbers=_chapter_numbers(counts, material),
        unseen=unseen,
        unjudged=tuple(_unjudged(counts, material)),
        asked=_asked_sentence(attest, words),
        unplaced=tuple(_unplaced_line(one, material) for one in inputs.unplaced),
        actions=actions,
        more_actions=more_actions,
        trend=trend_of(material),
        credits=credits_of(material),
        mix=mix_of(material),
        tally_words=tally_of(material),
        posts=posts_of(material),
        beyond=beyond_of(material),
        fixed=fixed_of(material),
        set_aside=set_aside_of(material),
        changes=changes,
        more_changes=more_changes,
        unshown_changes=tuple(unshown_changes_of(material)),
        accounts=accounts,
        attest=attest,
        not_judged=tuple(not_judged_of(material)),
        method=method_of(material),
        contact=clean_line(inputs.pack.contact),
        foreign=foreign_of(inputs, words.language),
        policy_language=inputs.pack.language,
        clauses=clause_tally(material),
        matrices=matrices_of(material),
        trust=trust_of(material),
        unasked=unasked_of(material),
    )


# --- accounts and counts --------------------------------------------------------------------------------------------


def _rows_of(material: Material, account: Account) -> list[Coverage]:
    return [row for row in material.inputs.coverage if row.account_key == account.key]


def _accounts(material: Material) -> list[AccountView]:
    return [_account(material, account) for account in material.inputs.chapter.accounts]


def _account(material: Material, account: Account) -> AccountView:
    inputs, rows = material.inputs, _rows_of(material, account)
    posts = inputs.posts_by_month.get((account.key, inputs.period), 0)
    view = account_view(account, material.label(account.key), rows, material.month, posts, material.words)
    notes = (*notes_of(account, rows, inputs, material.words), *unshown_note_of(account.key, material))
    return replace(view, notes=notes)


def _unseen(accounts: Sequence[AccountView], material: Material) -> list[Unseen]:
    gaps: list[Unseen] = []
    for account, view in zip(material.inputs.chapter.accounts, accounts, strict=True):
        rows = _rows_of(material, account)
        gaps += unseen_of(account, view, rows, material.month, material.owner(account.key), material.words)
    return gaps


def _counts(accounts: Sequence[AccountView], material: Material) -> Counts:
    days = [day for account in accounts for day in account.days if day != "not_asked"]
    states = Counter(account.state for account in accounts)
    not_judged = not_judged_of(material)
    return Counts(
        new=len(material.new),
        new_questions=sum(finding.lane == Lane.ASSIST for finding in material.new),
        still_open=len(material.standing) - len(material.new),
        fixed=len(material.fixed),
        questions=sum(finding.lane == Lane.ASSIST for finding in material.standing),
        critical=sum(finding.severity.rank == 0 for finding in material.standing),
        set_aside=len(material.set_aside),
        posts=sum(account.posts for account in accounts),
        accounts=len(accounts),
        accounts_unseen=states["unknown"] + states["not_asked"],
        accounts_partial=states["partial"],
        days_asked=len(days),
        days_seen=days.count("seen"),
        judged=sum(one.judged for one in material.inputs.answers)
        or sum(row.total - row.unjudged for row in not_judged),
        not_judged=sum(row.unjudged for row in not_judged),
        unplaced=len(material.inputs.unplaced),
        by_hand=sum(account.by_hand and account.state in {"seen", "partial"} for account in accounts),
        outlived=sum(text.of_the_month for text in material.inputs.outlived),
        unaudited=material.inputs.unaudited,
    )


def numbers_of(counts: Counts, words: Words) -> tuple[Number, ...]:
    """The large numbers of page one."""
    share = share_words(counts.days_seen, counts.days_asked, words)
    return (
        Number(value=words.number(counts.new), label=words("number.new", n=counts.new), note=words("number.new_note")),
        Number(
            value=words.number(counts.still_open),
            label=words("number.open", n=counts.still_open),
            note=words("number.open_note"),
        ),
        Number(
            value=words.number(counts.fixed),
            label=words("number.fixed", n=counts.fixed),
            note=words("number.fixed_note"),
        ),
        Number(
            value=posts_words(counts, words),
            label=words("number.posts", n=counts.posts),
            note=words("number.posts_note", n=counts.accounts),
        ),
        Number(
            value=share,
            label=words("number.seen"),
            note=_days_note(counts, words),
        ),
    )


def _chapter_numbers(counts: Counts, material: Material) -> tuple[Number, ...]:
    """The large numbers with last month's beside them, where anything is known of last month."""
    before = before_of(material.inputs)
    numbers = numbers_of(counts, material.words)
    if before is None:
        return numbers
    month = material.words.month_name(before.period)
    told = (before.new, before.still_open, before.fixed, before.posts)
    notes = [material.words("number.before", n=count, month=month) for count in told]
    return (*(replace(number, note=note) for number, note in zip(numbers, notes, strict=False)), *numbers[len(notes) :])


def _days_note(counts: Counts, words: Words) -> str:
    key = "number.seen_note_each" if counts.accounts > 1 else "number.seen_note"
    return words(key, seen=counts.days_seen, n=counts.days_asked)


def posts_words(counts: Counts, words: Words) -> str:
    """How many posts; a dash where nobody could look, for «0» would say that nothing was posted."""
    return words.number(counts.posts) if counts.posts_known else words("number.none")


def share_words(part: int, whole: int, words: Words) -> str:
    """A share in per cent, never rounded up to all nor down to nothing."""
    if whole == 0:
        return words("number.none")
    percent = 100 * part / whole
    rounded = min(99, round(percent)) if part < whole else 100
    return words.percent((max(1, rounded) if part else 0) / 100)


# --- status ---------------------------------------------------------------------------------------------------------


def _status(counts: Counts, unseen: Sequence[Unseen], attest: AttestView, material: Material) -> Status:
    words = material.words
    limited = bool(unseen) or counts.not_judged > 0 or counts.accounts == 0 or attest.overdue > 0
    limited = limited or counts.unplaced > 0 or counts.outlived > 0 or counts.unaudited > 0
    notices = tuple(_notices(material))
    notices += (words("notice.overdue", n=attest.overdue),) if attest.overdue else ()
    notices += (words("notice.unplaced", n=counts.unplaced),) if counts.unplaced else ()
    notices += (words("notice.unaudited", n=counts.unaudited),) if counts.unaudited else ()
    if counts.outlived:
        notices += (words("notice.texts_erased", n=counts.outlived, total=counts.posts),)
    if counts.standing:
        headline = " ".join(part for part in (_standing(counts, words), _sight_sentence(counts, unseen, words)) if part)
        return Status(level="findings", headline=headline, notices=notices)
    level: Literal["limited", "clear"] = "limited" if limited else "clear"
    return Status(level=level, headline=_nothing_found(counts, unseen, material), notices=notices)


def _standing(counts: Counts, words: Words) -> str:
    statements = counts.standing - counts.questions
    parts = [words("status.findings", n=statements)] if statements else []
    parts += [words("status.questions", n=counts.questions)] if counts.questions else []
    key = "status.need_critical" if counts.critical else "status.need"
    text = words(key, what=words.both(parts), critical=words("status.critical", n=counts.critical), n=counts.standing)
    return text[0].upper() + text[1:]


def _nothing_found(counts: Counts, unseen: Sequence[Unseen], material: Material) -> str:
    words = material.words
    if counts.accounts == 0:
        return words("status.no_accounts")
    if counts.accounts_unseen == counts.accounts:
        return words("status.nothing_seen")
    if sight := _sight(counts, unseen, words):
        return words("status.none_in_seen", sight=sight)
    if counts.unaudited or counts.unplaced or counts.outlived:
        return _not_everything(counts, words)
    if counts.not_judged:
        total = counts.judged + counts.not_judged
        return words("status.none_in_judged", n=counts.not_judged, total=total)
    return _all_seen(counts, material)


def _not_everything(counts: Counts, words: Words) -> str:
    """Nothing found, and something of what was seen could not count: not judged, without a clause, or erased."""
    if counts.unaudited:
        return words("status.unaudited", n=counts.unaudited)
    gone = words("status.texts_erased", n=counts.outlived, total=counts.posts)
    return words("status.unplaced") if counts.unplaced else gone


def _all_seen(counts: Counts, material: Material) -> str:
    """Nothing found in what was seen whole. Of an account that no machine reads nobody knows what was posted."""
    words, read = material.words, counts.accounts - counts.by_hand
    if not counts.by_hand:
        return words("status.clear" if counts.posts else "status.no_posts", n=read)
    last = words.day(_last_review(material))
    if not read:
        return words("status.by_hand", n=counts.by_hand, day=last)
    said = words("status.clear" if counts.posts else "status.no_posts", n=read)
    return f"{said} {words('status.also_by_hand', n=counts.by_hand, day=last)}"


def _last_review(material: Material) -> date:
    """The day of the last review by hand; where its register is gone, the day on which a run noted one."""
    made = [review.on for review in material.inputs.chapter.reviews]
    noted = (material.day(row.at) for row in material.inputs.coverage if row.asked == "review")
    return max(made or noted)


def _sight_sentence(counts: Counts, unseen: Sequence[Unseen], words: Words) -> str:
    sight = _sight(counts, unseen, words)
    return f"{sight[0].upper()}{sight[1:]}." if sight else ""


def _sight(counts: Counts, unseen: Sequence[Unseen], words: Words) -> str:
    parts = []
    if counts.accounts == 1 and counts.accounts_partial:
        return words("sight.sole_partial")
    if counts.accounts_unseen:
        parts.append(words("sight.unseen", n=counts.accounts_unseen, total=counts.accounts))
    if counts.accounts_partial:
        parts.append(words("sight.partial", n=counts.accounts_partial, total=counts.accounts))
    if unseen and not parts:
        parts.append(words("sight.other"))
    return words.both(parts)


def _notices(material: Material) -> list[str]:
    words, inputs = material.words, material.inputs
    notices = []
    if inputs.on_request:
        notices.append(words("notice.on_request", reason=reason_words(inputs, words)))
    if inputs.chain.verified is False:
        notices.append(words("notice.chain_broken"))
    if inputs.revision > 1:
        reason = reason_words(inputs, words) or words("notice.no_reason")
        notices.append(words("notice.revision", revision=inputs.revision, reason=reason))
    if inputs.unknown_deliveries:
        notices.append(words("notice.unknown_deliveries", n=inputs.unknown_deliveries))
    return notices


def _unjudged(counts: Counts, material: Material) -> list[str]:
    """What was seen and not judged, for page one: by number and reason, and the clauses without a rule."""
    words = material.words
    said = []
    if counts.not_judged:
        total = counts.judged + counts.not_judged
        said.append(words("unjudged.count", n=counts.not_judged, total=total, why=unjudged_why(material)))
    without = [clause.id for clause in material.inputs.pack.clauses.values() if clause.not_yet]
    if without:
        said.append(words("unjudged.clauses", n=len(without), clauses=words.both(without)))
    return said


def _asked_sentence(attest: AttestView, words: Words) -> str:
    """For page one: how many of the questions only a person can answer are answered, due and overdue."""
    total = attest.answered + attest.open
    if not total:
        return ""
    counts = (("answered", attest.answered), ("due", attest.due), ("overdue", attest.overdue))
    parts = [words(f"questions.{name}", n=count) for name, count in counts if count]
    return words("questions.sentence", n=total, parts=words.both(parts))


def _unplaced_line(one: Unplaced, material: Material) -> UnplacedLine:
    """Something a person reported under no clause; its words as far as those of the account may be printed."""
    shown = material.shows_text_of(one.account_key)
    return UnplacedLine(
        account=material.label(one.account_key),
        when_words=material.words.day(one.on),
        said=clean_line(one.words) if shown else "",
    )


def paper_of(countries: Sequence[str]) -> Paper:
    """The paper most of the countries print on."""
    if not countries:
        return "a4"
    commonest = Counter(countries).most_common(1)[0][0]
    return "letter" if commonest in LETTER_COUNTRIES else "a4"
