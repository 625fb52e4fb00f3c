"""From a chapter's month to what its report says: pure, no clock, no files, no second judgement.

`build_chapter` is the door; `reports.network` makes a network's month of the views. The rule above all others: nothing
reads as good news that could not be seen or judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from chapterwatch.model import Account, Coverage, Lane
from chapterwatch.policy import Clause, Pack
from reports.access import notes_of
from reports.attest_views import attest_of
from reports.facts import (
    AccessGap,
    AccountView,
    AttestView,
    ChainStamp,
    Change,
    ChapterInputs,
    ChapterView,
    ClauseView,
    Counts,
    Disposition,
    Method,
    NotJudgedCount,
    NotJudgedView,
    Number,
    Renamed,
    Status,
    Trend,
    TrendPoint,
    Unseen,
)
from reports.finding_views import (
    Material,
    actions_of,
    beyond_of,
    changes_of,
    clause_tally,
    count_by_month,
    credits_of,
    fixed_of,
    mix_of,
    posts_of,
    set_aside_of,
    tally_of,
)
from reports.month import account_view, unseen_of
from reports.text import clean, clean_line, sentence
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

#: Months of the trend.
TREND_MONTHS = 13
#: Reasons named on page one; all of them stand in the section on what was not judged.
REASONS_LIMIT = 4
#: Where paper is Letter rather than A4 (ISO 3166 alpha-2).
LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})

Paper = Literal["letter", "a4"]


def build_chapter(inputs: ChapterInputs) -> ChapterView:
    """One chapter's month as its report says it. Same inputs, same view.

    Raises:
        ValueError: a finding's span is outside its excerpt.
    """
    material = Material(inputs)
    words, month = material.words, material.month
    accounts = tuple(_accounts(material))
    unseen = tuple(_unseen(accounts, material))
    counts = _counts(accounts, material)
    attest = attest_of(material)
    actions, more_actions = actions_of(material)
    changes, more_changes = changes_of(material)
    return ChapterView(
        association_id=inputs.association.id,
        association_name=clean_line(inputs.association.name, 120),
        chapter_id=inputs.chapter.id,
        chapter_name=clean_line(inputs.chapter.name, 80),
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
        numbers=numbers_of(counts, words),
        unseen=unseen,
        unjudged=tuple(_unjudged(counts, material)),
        asked=_asked_sentence(attest, words),
        actions=actions,
        more_actions=more_actions,
        trend=_trend(material),
        credits=credits_of(material),
        mix=mix_of(material),
        tally_words=tally_of(material),
        posts=posts_of(material),
        beyond=beyond_of(material),
        fixed=fixed_of(material),
        set_aside=set_aside_of(material),
        changes=changes,
        more_changes=more_changes,
        accounts=accounts,
        attest=attest,
        not_judged=tuple(_not_judged(material)),
        method=_method(material),
        contact=clean_line(inputs.pack.contact),
        clauses=clause_tally(material),
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
    return replace(view, notes=notes_of(account, rows, inputs, material.words))


def _unseen(accounts: Sequence[AccountView], material: Material) -> list[Unseen]:
    gaps: list[Unseen] = []
    for account, view in zip(material.inputs.chapter.accounts, accounts, strict=True):
        rows = _rows_of(material, account)
        gaps += unseen_of(account, view, rows, material.month, material.owner(account.key), material.words)
    return gaps


def _counts(accounts: Sequence[AccountView], material: Material) -> Counts:
    days = [day for account in accounts for day in account.days if day != "not_asked"]
    states = Counter(account.state for account in accounts)
    not_judged = _not_judged(material)
    return Counts(
        new=len(material.new),
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
        judged=sum(row.total - row.unjudged for row in not_judged),
        not_judged=sum(row.unjudged for row in not_judged),
    )


def numbers_of(counts: Counts, words: Words) -> tuple[Number, ...]:
    """The large numbers of page one."""
    share = share_words(counts.days_seen, counts.days_asked, words)
    return (
        Number(value=words.number(counts.new), label=words("number.new"), note=words("number.new_note")),
        Number(value=words.number(counts.still_open), label=words("number.open"), note=words("number.open_note")),
        Number(value=words.number(counts.fixed), label=words("number.fixed"), note=words("number.fixed_note")),
        Number(
            value=words.number(counts.posts),
            label=words("number.posts", n=counts.posts),
            note=words("number.posts_note", n=counts.accounts),
        ),
        Number(
            value=share,
            label=words("number.seen"),
            note=_days_note(counts, words),
        ),
    )


def _days_note(counts: Counts, words: Words) -> str:
    key = "number.seen_note_each" if counts.accounts > 1 else "number.seen_note"
    return words(key, seen=counts.days_seen, n=counts.days_asked)


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
    notices = tuple(_notices(material))
    notices += (words("notice.overdue", n=attest.overdue),) if attest.overdue else ()
    if counts.standing:
        headline = " ".join(part for part in (_standing(counts, words), _sight_sentence(counts, unseen, words)) if part)
        return Status(level="findings", headline=headline, notices=notices)
    level: Literal["limited", "clear"] = "limited" if limited else "clear"
    return Status(level=level, headline=_nothing_found(counts, unseen, words), notices=notices)


def _standing(counts: Counts, words: Words) -> str:
    statements = counts.standing - counts.questions
    parts = [words("status.findings", n=statements)] if statements else []
    parts += [words("status.questions", n=counts.questions)] if counts.questions else []
    key = "status.need_critical" if counts.critical else "status.need"
    text = words(key, what=words.both(parts), critical=words("status.critical", n=counts.critical), n=counts.standing)
    return text[0].upper() + text[1:]


def _nothing_found(counts: Counts, unseen: Sequence[Unseen], words: Words) -> str:
    if counts.accounts == 0:
        return words("status.no_accounts")
    if counts.accounts_unseen == counts.accounts:
        return words("status.nothing_seen")
    if sight := _sight(counts, unseen, words):
        return words("status.none_in_seen", sight=sight)
    if counts.not_judged:
        total = counts.judged + counts.not_judged
        return words("status.none_in_judged", n=counts.not_judged, total=total)
    if counts.posts == 0:
        return words("status.no_posts", n=counts.accounts)
    return words("status.clear", n=counts.accounts)


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
        notices.append(words("notice.on_request", reason=_reason_words(inputs, words)))
    if inputs.chain.verified is False:
        notices.append(words("notice.chain_broken"))
    if inputs.revision > 1:
        reason = _reason_words(inputs, words) or words("notice.no_reason")
        notices.append(words("notice.revision", revision=inputs.revision, reason=reason))
    if inputs.unknown_deliveries:
        notices.append(words("notice.unknown_deliveries", n=inputs.unknown_deliveries))
    return notices


def _reason_words(inputs: ChapterInputs, words: Words) -> str:
    """The reason as a sentence, its dates written as the report writes dates."""
    said = clean_line(inputs.revision_reason or "")
    return sentence(words.spoken_dates(said))


def _unjudged(counts: Counts, material: Material) -> list[str]:
    """What was seen and not judged, for page one: by number and reason, and the clauses without a rule."""
    words = material.words
    said = []
    if counts.not_judged:
        total = counts.judged + counts.not_judged
        said.append(words("unjudged.count", n=counts.not_judged, total=total, why=_unjudged_why(material)))
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


def _unjudged_why(material: Material) -> str:
    reasons = Counter[str]()
    for row in material.inputs.not_judged:
        reasons[row.reason] += row.count
    ranked = [reason for reason, count in reasons.most_common() if count]
    said = [_why(reason, reasons[reason], material.words) for reason in ranked[:REASONS_LIMIT]]
    return "; ".join(said) + ("…" if len(ranked) > REASONS_LIMIT else "")


# --- trend ----------------------------------------------------------------------------------------------------------


def _trend(material: Material) -> Trend:
    words, inputs = material.words, material.inputs
    counted = count_by_month(material.judged, material.month)
    periods = sorted({period for _, period in inputs.posts_by_month if period <= inputs.period} | {inputs.period})
    points = tuple(_point(period, counted, inputs, words) for period in periods[-TREND_MONTHS:])
    return Trend(title=_trend_title(points, words), caption=words("trend.caption"), points=points)


def _point(period: str, counted: Mapping[str, int], inputs: ChapterInputs, words: Words) -> TrendPoint:
    posts = sum(count for (_, month), count in inputs.posts_by_month.items() if month == period)
    findings = counted.get(period, 0)
    rate = 100 * findings / posts if posts else None
    label = words.month_name(period, short=True)
    return TrendPoint(period=period, label=label, posts=posts, findings=findings, per_hundred=rate)


def _trend_title(points: Sequence[TrendPoint], words: Words) -> str:
    now = points[-1]
    if now.per_hundred is None:
        return words("trend.no_posts", month=words.month_name(now.period))
    before = next((point for point in reversed(points[:-1]) if point.per_hundred is not None), None)
    if before is None or before.per_hundred is None:
        return words("trend.first", now=words.rate(now.per_hundred))
    key = _direction(now.per_hundred, before.per_hundred, words)
    return words(
        f"trend.{key}",
        now=words.rate(now.per_hundred),
        before=words.rate(before.per_hundred),
        month=words.month_name(before.period),
    )


def _direction(now: float, before: float, words: Words) -> str:
    if words.rate(now) == words.rate(before):
        return "same"
    return "down" if now < before else "up"


# --- questions, not judged, method ----------------------------------------------------------------------------------


def _not_judged(material: Material) -> list[NotJudgedView]:
    by_rule: dict[str, list[NotJudgedCount]] = {}
    for row in material.inputs.not_judged:
        by_rule.setdefault(row.rule_id, []).append(row)
    views = [_not_judged_rule(rule_id, rows, material) for rule_id, rows in by_rule.items()]
    return sorted((view for view in views if view.unjudged), key=lambda view: (-view.unjudged, view.rule))


def _not_judged_rule(rule_id: str, rows: Sequence[NotJudgedCount], material: Material) -> NotJudgedView:
    rule = material.inputs.pack.rules.get(rule_id)
    unjudged = sum(row.count for row in rows)
    # `judged` is said again on every row of one account, so it counts once per account.
    judged = sum({row.account_key: row.judged for row in rows}.values())
    reasons = Counter[str]()
    for row in rows:
        reasons[row.reason] += row.count
    return NotJudgedView(
        rule=rule_id,
        title=clean_line(rule.title) if rule else rule_id,
        clauses=", ".join(rule.clauses) if rule else "",
        unjudged=unjudged,
        total=unjudged + judged,
        why="; ".join(_why(reason, count, material.words) for reason, count in sorted(reasons.items()) if count),
    )


def _why(reason: str, count: int, words: Words) -> str:
    name, _, detail = reason.partition(":")
    key = f"not_judged.{name}"
    if words.has(key):
        said = words(key, detail=words.language_name(clean_line(detail, 40)))
    else:
        said = clean_line(reason.replace("_", " "), 60)
    return words("not_judged.share", why=said, n=count)


def _method(material: Material) -> Method:
    inputs = material.inputs
    clauses = inputs.pack.clauses.values()
    return Method(
        facts=tuple(_facts(material)),
        statements=tuple(_statements(material)),
        printed=tuple(
            ClauseView(id=clause.id, title=clean_line(clause.title), quote=clean(clause.print))
            for clause in clauses
            if Lane.PRINT in clause.lanes and clause.print
        ),
        not_yet=tuple(_not_yet(clause) for clause in clauses if clause.not_yet),
    )


def _not_yet(clause: Clause) -> ClauseView:
    return ClauseView(id=clause.id, title=clean_line(clause.title), quote=clean(clause.not_yet or ""))


def _statements(material: Material) -> list[str]:
    words, inputs = material.words, material.inputs
    spoken = [words("method.findings"), words("method.counts"), words(f"excerpts.{inputs.pack.excerpts}")]
    if inputs.suppressed:
        spoken.append(words("method.suppressed", n=inputs.suppressed))
    spoken.append(words("method.limits"))
    return spoken


def _facts(material: Material) -> list[tuple[str, str]]:
    inputs, words = material.inputs, material.words
    pack, chain = inputs.pack, inputs.chain
    verified = {True: "fact.chain_verified", False: "fact.chain_broken", None: "fact.chain_unchecked"}[chain.verified]
    return [
        (words("fact.policy"), _source(material)),
        (words("fact.pack"), _pack_words(pack, words)),
        (words("fact.archive"), words("fact.archive_value", n=chain.captures, verified=words(verified))),
        (words("fact.digest"), grouped(chain.digest)),
        (
            words("fact.previous"),
            grouped(chain.previous_digest) if chain.previous_digest else words("fact.no_previous"),
        ),
        (words("fact.issue"), _issue(material)),
        (words("fact.contact"), clean_line(pack.contact)),
    ]


def _pack_words(pack: Pack, words: Words) -> str:
    return words(
        "fact.pack_value",
        id=pack.id,
        version=pack.version,
        n=len(pack.rules),
        clauses=len(pack.clauses),
        digest=grouped(pack.digest),
    )


def _source(material: Material) -> str:
    source = material.inputs.pack.source
    title = clean_line(source.title)
    return material.words("fact.revised", title=title, revised=clean_line(source.revised)) if source.revised else title


def _issue(material: Material) -> str:
    inputs, words = material.inputs, material.words
    issued = words(
        "fact.issue_value",
        date=words.full_date(inputs.issued_on),
        revision=inputs.revision,
        month=words.month(inputs.period),
        zone=" / ".join(sorted({inputs.association.timezone, inputs.chapter.timezone})),
        code=clean_line(inputs.code_version),
    )
    return f"{issued} {_reason_words(inputs, words)}".strip()


def grouped(digest: str) -> str:
    """A digest in groups of eight, so that a line can break and an eye can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def paper_of(countries: Sequence[str]) -> Paper:
    """The paper most of the countries print on."""
    if not countries:
        return "a4"
    commonest = Counter(countries).most_common(1)[0][0]
    return "letter" if commonest in LETTER_COUNTRIES else "a4"
