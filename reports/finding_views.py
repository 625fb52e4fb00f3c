"""Findings as they are printed: numbered, worded, with an excerpt only where policy lets it be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from chapterwatch.model import RE_FETCH, Account, DispositionState, Finding, Lane, Severity
from chapterwatch.policy import Rule, is_by_hand
from chapterwatch.shares import Share
from reports import by_hand
from reports.facts import (
    Action,
    Change,
    ChangeView,
    ChapterInputs,
    ClauseTally,
    ClauseView,
    Credit,
    Disposition,
    FindingView,
    Mix,
    MixPart,
    OutlivedText,
    PostView,
    QuoteView,
    Reply,
    ReplyView,
    ShortFinding,
)
from reports.month import Month, month_of
from reports.text import clean, clean_line, excerpts_of, sentence
from reports.words import Words, load

#: Decisions that take a finding out of the counts; it is listed apart, with the decision.
SET_ASIDE = frozenset(
    {DispositionState.FALSE_POSITIVE, DispositionState.DUPLICATE, DispositionState.ACCEPTED_RISK},
)
#: Findings printed in full; the rest follow one line each, so that a bad month stays readable.
FULL_LIMIT = 40
SHORT_LIMIT = 200
ACTIONS_LIMIT = 5
CHANGES_LIMIT = 40
#: Digits of a finding's key that are printed, to name it in a reply.
KEY_DIGITS = 12
#: Days a chapter has to answer the dated questions.
ATTEST_DAYS = 14
#: Code points of a reply; what a chapter says in its own defence is cut later than a post.
REPLY_LIMIT = 800
#: Of the words one of several findings rests on; its post is quoted above it.
RESTS_ON_LIMIT = 80
#: Confidence (0..1) from which each word is used, surest first.
CONFIDENCE = ((0.95, "certain"), (0.8, "likely"), (0.6, "rather"), (0.0, "unsure"))


@dataclass(frozen=True)
class Material:
    """One chapter's inputs with what nearly every function here asks of them."""

    inputs: ChapterInputs

    @cached_property
    def words(self) -> Words:
        """The words of the chapter's language."""
        return load(self.inputs.chapter.language)

    @cached_property
    def month(self) -> Month:
        """The report's month in the association's time zone."""
        return month_of(self.inputs.period, self.inputs.association.timezone)

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """Account key -> registry row."""
        return {account.key: account for account in self.inputs.chapter.accounts}

    @cached_property
    def outlived(self) -> Mapping[tuple[str, str], OutlivedText]:
        """(account key, post) of the texts erased under the association's retention rule."""
        return {(text.account_key, text.subject_id): text for text in self.inputs.outlived}

    @cached_property
    def judged(self) -> tuple[Finding, ...]:
        """Findings that count: neither credits nor set aside nor later than the month."""
        return tuple(
            finding
            for finding in self.inputs.findings
            if finding.lane != Lane.CREDIT and finding.opened_at < self.month.ends and not self.is_set_aside(finding)
        )

    @cached_property
    def standing(self) -> tuple[Finding, ...]:
        """Findings that stand at the month's end, those of one post together: gravest post first, then finding."""
        return tuple(_by_post([finding for finding in self.judged if self.stands(finding)]))

    @cached_property
    def new(self) -> tuple[Finding, ...]:
        """Opened in the month and standing at its end."""
        return tuple(finding for finding in self.standing if self.month.holds(finding.opened_at))

    @cached_property
    def fixed(self) -> tuple[Finding, ...]:
        """Closed within the month, whenever opened."""
        closed = (f for f in self.judged if f.closed_at is not None and self.month.holds(f.closed_at))
        return tuple(sorted(closed, key=_gravest))

    @cached_property
    def set_aside(self) -> tuple[Finding, ...]:
        """Decided to be no matter: shown with the decision, counted nowhere."""
        kept = (f for f in self.inputs.findings if f.lane != Lane.CREDIT and self.is_set_aside(f))
        ours = (f for f in kept if f.opened_at < self.month.ends and (self.stands(f) or self._closed_here(f)))
        return tuple(sorted(ours, key=_gravest))

    @cached_property
    def credited(self) -> tuple[Finding, ...]:
        """Credits of the month."""
        return tuple(f for f in self.inputs.findings if f.lane == Lane.CREDIT and self.month.holds(f.opened_at))

    def stands(self, finding: Finding) -> bool:
        """Whether a finding was not mended by the month's end."""
        return finding.closed_at is None or finding.closed_at >= self.month.ends

    def is_set_aside(self, finding: Finding) -> bool:
        """Whether the latest decision takes the finding out of the counts."""
        last = self.decision(finding)
        return last is not None and last.state in SET_ASIDE

    def decision(self, finding: Finding) -> Disposition | None:
        """The latest decision about a finding."""
        return max(self.inputs.dispositions.get(finding.key, ()), key=lambda one: one.at, default=None)

    def rule(self, finding: Finding) -> Rule | None:
        """The rule of a finding as the pack has it now, or as people are told; None where the pack dropped it since."""
        return by_hand.rule_of(finding, self.inputs.pack.rules, self.words)

    def label(self, account_key: str) -> str:
        """An account as people call it: platform and handle."""
        account = self.accounts.get(account_key)
        platform, _, native_id = account_key.partition(":")
        handle = self.inputs.handles.get(account_key) or (account.handle if account else native_id)
        name = self.words.named("platform", platform)
        shown = clean_line(handle, 60)
        return f"{name} {shown}" if shown.startswith(("@", "/")) or " " in shown else f"{name} @{shown}"

    def owner(self, account_key: str) -> str:
        """Who answers for an account, by role: a report names offices, not people."""
        account = self.accounts.get(account_key)
        roles = {person.email: person.role for person in self.inputs.chapter.people}
        role = roles.get(account.owner or "") if account else None
        name = clean_line(role, 60) if role else self.words("owner.unnamed")
        return name[0].upper() + name[1:]

    def local(self, moment: datetime) -> str:
        """A moment in the chapter's own time."""
        return self.words.moment(moment.astimezone(ZoneInfo(self.inputs.chapter.timezone)))

    def when(self, finding: Finding, moment: datetime) -> str:
        """A moment of a finding; only its day where a person reported it, or where nobody knows when it was."""
        if is_by_hand(finding.rule_id):
            return self.words.day(self.day(moment))
        only_noticed = (finding.account_key, finding.subject_id, moment) in self.inputs.noticed
        return self.noticed(moment) if only_noticed else self.local(moment)

    def noticed(self, moment: datetime) -> str:
        """That something was noticed on a day: a run that sees a change does not see when it was made."""
        return self.words("date.noticed", day=self.words.day(self.day(moment)))

    def day(self, moment: datetime) -> date:
        """The day of a moment in the chapter's own time."""
        return moment.astimezone(ZoneInfo(self.inputs.chapter.timezone)).date()

    def shows_text_of(self, account_key: str) -> bool:
        """Whether excerpts of this account may be printed: never under `reference`, never from an internal space."""
        account = self.accounts.get(account_key)
        return self.inputs.pack.prints_words_of(account.space if account else None)

    def _closed_here(self, finding: Finding) -> bool:
        return finding.closed_at is not None and self.month.holds(finding.closed_at)


def posts_of(material: Material) -> tuple[PostView, ...]:
    """The standing findings in full, numbered through: each post once, with all that was found in it."""
    told = _Told()
    numbered = list(enumerate(material.standing[:FULL_LIMIT], start=1))
    return tuple(
        _post(number, list(part), material, told)
        for number, (_, part) in enumerate(groupby(numbered, lambda pair: _subject(pair[1])), start=1)
    )


def tally_of(material: Material) -> str:
    """How many findings of each severity stand: "2 high and 1 low"; empty where none does."""
    words = material.words
    counted = {severity: sum(finding.severity == severity for finding in material.standing) for severity in Severity}
    return words.both([words(f"severity.tally.{name}", n=n) for name, n in counted.items() if n])


def beyond_of(material: Material) -> tuple[ShortFinding, ...]:
    """Standing findings past the number printed in full."""
    return tuple(_short(finding, material) for finding in material.standing[FULL_LIMIT : FULL_LIMIT + SHORT_LIMIT])


def fixed_of(material: Material) -> tuple[ShortFinding, ...]:
    """Findings mended in the month, without their text: what is gone stays gone."""
    return tuple(_short(finding, material) for finding in material.fixed[:SHORT_LIMIT])


def set_aside_of(material: Material) -> tuple[ShortFinding, ...]:
    """Findings a person set aside, with the decision and its note."""
    return tuple(_short(finding, material) for finding in material.set_aside[:SHORT_LIMIT])


def actions_of(material: Material) -> tuple[tuple[Action, ...], int]:
    """What to do by when, gravest first, and how many such lines are left out.

    Findings of one rule and one owner make one line: the remedy is the same.
    """
    lines: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for number, finding in enumerate(material.standing, start=1):
        lines.setdefault((finding.rule_id, material.owner(finding.account_key)), []).append((number, finding))
    ranked = sorted(lines.items(), key=lambda line: _gravest(line[1][0][1]))
    actions = [_action(part, owner, material) for (_, owner), part in ranked]
    return tuple(actions[:ACTIONS_LIMIT]), max(0, len(actions) - ACTIONS_LIMIT)


def credits_of(material: Material) -> tuple[Credit, ...]:
    """What the policy encourages and the chapter did, most often first."""
    counted: dict[str, list[Finding]] = {}
    mixed = {rule.id for rule in _mix_rules(material)}
    for finding in material.credited:
        if finding.rule_id not in mixed:
            counted.setdefault(finding.rule_id, []).append(finding)
    ranked = sorted(counted.values(), key=lambda part: (-len(part), part[0].rule_id))
    return tuple(
        Credit(
            title=_title(part[0], material),
            clauses=", ".join(part[0].clauses),
            count_words=material.words("count.posts" if part[0].subject_kind == "post" else "count.times", n=len(part)),
        )
        for part in ranked
    )


def mix_of(material: Material) -> Mix | None:
    """What the month's posts were for, one bar a kind (ALA-32); None where there is nothing to divide by."""
    words, inputs = material.words, material.inputs
    posts = sum(count for (_, period), count in inputs.posts_by_month.items() if period == inputs.period)
    rules = _mix_rules(material)
    if not rules or not posts:
        return None
    seen: dict[str, set[tuple[str, str]]] = {rule.id: set() for rule in rules}
    for finding in material.credited:
        if finding.rule_id in seen:
            seen[finding.rule_id].add((finding.account_key, finding.subject_id))
    clauses = dict.fromkeys(clause for rule in rules for clause in rule.clauses)
    return Mix(
        title=words("mix.title", clauses=", ".join(clauses)),
        caption=words("mix.caption", n=posts),
        parts=tuple(_mix_part(rule, len(seen[rule.id]), posts, words) for rule in rules),
    )


def _mix_part(rule: Rule, count: int, posts: int, words: Words) -> MixPart:
    share = min(count / posts, 1.0)
    return MixPart(
        label=words.named("mix", str(rule.params["sense"])),
        posts=count,
        share=share,
        share_words=words("mix.share", n=count, percent=words.percent(share)),
    )


def _mix_rules(material: Material) -> list[Rule]:
    """The rules that count kinds of content; a single one is a credit like any other."""
    rules = [rule for rule in material.inputs.pack.rules.values() if rule.check == "content_mix"]
    return rules if len(rules) > 1 else []


def changes_of(material: Material) -> tuple[tuple[ChangeView, ...], int]:
    """Edits and disappearances, newest first, and how many are left out.

    Posts that went with their account make one line: nobody took them down one by one.
    """
    ranked = sorted(material.inputs.changes, key=lambda change: (change.at, change.subject_id), reverse=True)
    lines: dict[tuple[str, ...], list[Change]] = {}
    for one in ranked:
        alone = () if one.kind == "account_gone" else (one.subject_id, one.at.isoformat())
        lines.setdefault((one.kind, one.account_key, *alone), []).append(one)
    views = [_change(part[0], material) if len(part) == 1 else _together(part, material) for part in lines.values()]
    return tuple(views[:CHANGES_LIMIT]), max(0, len(views) - CHANGES_LIMIT)


def clause_tally(material: Material) -> tuple[ClauseTally, ...]:
    """Standing findings per clause they cite, in policy order."""
    cited = [clause for finding in material.standing for clause in finding.clauses]
    return tuple(
        ClauseTally(id=clause.id, title=clause.title, findings=cited.count(clause.id))
        for clause in material.inputs.pack.clauses.values()
        if clause.id in cited
    )


@dataclass(frozen=True)
class _Told:
    """What the report has said in full already, and at which finding."""

    quotes: dict[str, int] = field(default_factory=dict)
    errs: dict[str, int] = field(default_factory=dict)


def _subject(finding: Finding) -> tuple[str, str, str]:
    return finding.account_key, finding.subject_kind, finding.subject_id


def _by_post(findings: Sequence[Finding]) -> list[Finding]:
    by_subject: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=_gravest):
        by_subject.setdefault(_subject(finding), []).append(finding)
    # Sorted by gravity, each post stands where its gravest finding does; findings of one rule follow one another.
    for part in by_subject.values():
        rules = list(dict.fromkeys(finding.rule_id for finding in part))
        part.sort(key=lambda finding: (rules.index(finding.rule_id), finding.revision, finding.start))
    return [finding for part in by_subject.values() for finding in part]


def _gravest(finding: Finding) -> tuple[int, bool, datetime, str]:
    return finding.severity.rank, finding.lane == Lane.ASSIST, finding.opened_at, finding.key


def _action(part: list[tuple[int, Finding]], owner: str, material: Material) -> Action:
    first = part[0][1]
    rule = material.rule(first)
    due = material.inputs.issued_on + timedelta(days=rule.due_days if rule else ATTEST_DAYS)
    return Action(
        title=_title(first, material),
        remedy=_remedy(first, material),
        owner=owner,
        due=due,
        due_words=material.words.full_date(due),
        severity=first.severity,
        count_words=material.words("action.refs", n=len(part), numbers=_numbers([number for number, _ in part])),
        numbers=tuple(number for number, _ in part if number <= FULL_LIMIT),
    )


def _numbers(numbers: list[int]) -> str:
    """Numbers as ranges: 3, 5-8."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs)


def _post(number: int, part: list[tuple[int, Finding]], material: Material, told: _Told) -> PostView:
    first = part[0][1]
    words = material.words
    field_words = words.named("field", _field_name(first))
    account = material.label(first.account_key)
    return PostView(
        number=number,
        severity=min((finding.severity for _, finding in part), key=lambda severity: severity.rank),
        heading=words(
            "finding.heading",
            field=field_words[0].upper() + field_words[1:],
            account=account,
            when=material.when(first, first.opened_at),
        ),
        account=account,
        permalink=material.inputs.permalinks.get(first.subject_id),
        quotes=tuple(_quotes(part, material)),
        findings=tuple(_views(part, material, told)),
    )


def _views(part: list[tuple[int, Finding]], material: Material, told: _Told) -> Iterable[FindingView]:
    on_this_post: dict[str, int] = {}
    for number, finding in part:
        repeats = on_this_post.get(finding.rule_id)
        on_this_post.setdefault(finding.rule_id, number)
        view = _view(number, finding, material, told, repeats)
        yield replace(view, rests_on=_rests_on(finding, material)) if len(part) > 1 else view


def _rests_on(finding: Finding, material: Material) -> str:
    """The words a finding is about; empty where they are not printed, are blacked out, or are all of the text."""
    start, end = _span(finding, finding.excerpt)
    words = finding.excerpt[start:end]
    if _missing(finding, material) or words == finding.excerpt or not any(map(str.isalnum, words)):
        return ""
    return clean_line(words, RESTS_ON_LIMIT)


def _view(number: int, finding: Finding, material: Material, told: _Told, repeats: int | None) -> FindingView:
    words, rule = material.words, material.rule(finding)
    due = material.inputs.issued_on + timedelta(days=rule.due_days if rule else ATTEST_DAYS)
    last = material.decision(finding)
    shown = material.shows_text_of(finding.account_key) and not _is_erased(finding)
    errs_at = told.errs.setdefault(finding.rule_id, number)
    return FindingView(
        number=number,
        key=finding.key[:KEY_DIGITS],
        severity=finding.severity,
        severity_word=words(f"severity.word.{finding.severity}"),
        title=_title(finding, material),
        is_question=finding.lane == Lane.ASSIST,
        standing_words=_standing_words(finding, material),
        clauses=() if repeats else tuple(_clauses(finding.clauses, material, number, told)),
        reason=_reason(finding, rule, shown=shown),
        confidence_words=_confidence_words(finding, words),
        remedy=_remedy(finding, material),
        owner=material.owner(finding.account_key),
        due_words=words.full_date(due),
        false_positives=sentence(clean(rule.false_positives)) if rule else "",
        precision_words=_precision_words(rule, material) if rule else "",
        state_words=_state_words(last, material) if last else "",
        note=clean_line(last.note) if last else "",
        experimental=rule is not None and rule.status == "experimental",
        repeats=repeats,
        errs_at=errs_at if errs_at != number else None,
        rule_id=finding.rule_id,
        opened_on=material.day(finding.opened_at),
        due=due,
        replies=tuple(_reply(one, material) for one in _replies(finding, material)),
    )


def _replies(finding: Finding, material: Material) -> list[Reply]:
    return sorted(material.inputs.replies.get(finding.key, ()), key=lambda reply: reply.at)


def _reply(reply: Reply, material: Material) -> ReplyView:
    """The chapter's own words and their outcome; both are cleaned, cut and never judged again."""
    words = material.words
    role = clean_line(reply.author_role, 60)
    return ReplyView(
        kind_words=words(f"reply.{reply.kind}"),
        by_words=words("reply.by", role=role, when=words.day(material.day(reply.at))),
        text=clean_line(reply.text, REPLY_LIMIT),
        outcome_words=words(f"outcome.{reply.outcome or 'open'}"),
        outcome_note=sentence(clean_line(reply.outcome_note)),
    )


def _reply_words(finding: Finding, material: Material) -> str:
    replies = _replies(finding, material)
    if not replies:
        return ""
    return material.words("reply.short", outcome=material.words(f"outcome.{replies[-1].outcome or 'open'}"))


def _quotes(part: list[tuple[int, Finding]], material: Material) -> Iterable[QuoteView]:
    """Each text of a post once. A span that came without its text joins the text it stands in."""
    texts: dict[tuple[str, int, str], list[tuple[int, Finding]]] = {}
    for pair in sorted(part, key=lambda pair: (pair[1].revision, -len(pair[1].excerpt), pair[0])):
        finding = pair[1]
        home = next((key for key in texts if _stands_in(finding, key)), _text_key(finding))
        texts.setdefault(home, []).append(pair)
    for (_, _, text), pairs in sorted(texts.items(), key=lambda item: min(number for number, _ in item[1])):
        yield _quote(text, pairs, material, several=len(texts) > 1)


def _field_name(finding: Finding) -> str:
    """The kind of field: `picture` for the words of any picture."""
    return finding.field.partition(":")[0]


def _text_key(finding: Finding) -> tuple[str, int, str]:
    return finding.field, finding.revision, finding.excerpt


def _stands_in(finding: Finding, key: tuple[str, int, str]) -> bool:
    kind, revision, text = key
    same = (kind, revision) == (finding.field, finding.revision)
    return same and (finding.excerpt == text or text[finding.start : finding.end] == finding.excerpt != "")


def _quote(text: str, pairs: list[tuple[int, Finding]], material: Material, *, several: bool) -> QuoteView:
    first = pairs[0][1]
    words = material.words
    missing = _missing(first, material)
    numbers = tuple(sorted(number for number, _ in pairs))
    label = words(
        "finding.quote",
        n=len(numbers),
        field=words.named("field", _field_name(first)),
        when=material.when(first, first.opened_at),
        numbers=_numbers(list(numbers)),
    )
    return QuoteView(
        label=label if several else "",
        parts=None if missing or not text else excerpts_of(text, (_span(finding, text) for _, finding in pairs)),
        missing=missing,
        capture=first.capture_hash,
        numbers=numbers,
        by_hand=is_by_hand(first.rule_id),
    )


def _missing(finding: Finding, material: Material) -> str:
    """Why a post's text is not printed; empty where it is, or where there never was any."""
    if _is_erased(finding):
        outlived = (finding.account_key, finding.subject_id) in material.outlived
        return material.words("text.outlived" if outlived else "finding.erased")
    return "" if material.shows_text_of(finding.account_key) else material.words("finding.no_text")


def _is_erased(finding: Finding) -> bool:
    # The archive leaves a finding whose post's body was erased without excerpt and without content hash.
    return not finding.excerpt and not finding.content_hash


def _short(finding: Finding, material: Material) -> ShortFinding:
    last = material.decision(finding)
    closed = finding.closed_at if not material.stands(finding) else None
    return ShortFinding(
        key=finding.key[:KEY_DIGITS],
        severity=finding.severity,
        severity_word=material.words(f"severity.word.{finding.severity}"),
        title=_title(finding, material),
        account=material.label(finding.account_key),
        when_words=material.when(finding, closed or finding.opened_at),
        state_words=_closed_words(finding, material) if closed else _state_words(last, material),
        note=clean_line(last.note) if last else "",
        rule_id=finding.rule_id,
        opened_on=material.day(finding.opened_at),
        closed_on=material.day(closed) if closed else None,
        reply_words=_reply_words(finding, material),
    )


def _closed_words(finding: Finding, material: Material) -> str:
    key = f"closed.{finding.closed_by}"
    return material.words(key) if material.words.has(key) else material.words("closed.other")


def _title(finding: Finding, material: Material) -> str:
    rule = material.rule(finding)
    return clean_line(rule.title) if rule else material.words("finding.rule_gone", rule=finding.rule_id)


def _remedy(finding: Finding, material: Material) -> str:
    rule = material.rule(finding)
    return clean_line(rule.remedy) if rule else material.words("finding.no_remedy")


def _precision_words(rule: Rule, material: Material) -> str:
    """How far to trust the rule: its measured precision with the interval, never without."""
    pack, words = material.inputs.pack, material.words
    if is_by_hand(rule.id):
        return ""
    measured = pack.measured(rule)
    share = Share(measured.right, measured.found) if measured else Share(0, 0)
    if share.interval is None:
        return words("finding.not_measured")
    low, high = (words.percent(bound) for bound in share.interval)
    return words("finding.measured", right=share.hits, found=share.of, low=low, high=high)


def _reason(finding: Finding, rule: Rule | None, *, shown: bool) -> str:
    """What the check saw. Its words may quote the post, so where no text may be printed the rule's own stand."""
    if shown:
        return sentence(clean_line(finding.reason))
    return sentence(clean_line(rule.why)) if rule else ""


def _span(finding: Finding, text: str) -> tuple[int, int]:
    """What to highlight: the span where the text shows where it is, as the whole field or exactly the span."""
    length = finding.end - finding.start
    if length and len(text) == length:
        return 0, length
    if length and finding.end <= len(text):
        return finding.start, finding.end
    return 0, 0


def _clauses(ids: Iterable[str], material: Material, number: int, told: _Told) -> Iterable[ClauseView]:
    """The clauses cited; those that quote the same sentence of the policy share one quotation in the whole report."""
    known = material.inputs.pack.clauses
    cited = [known[clause_id] for clause_id in ids if clause_id in known]
    for quote in dict.fromkeys(clause.quote for clause in cited):
        same = [clause for clause in cited if clause.quote == quote]
        quoted_at = told.quotes.setdefault(quote, number)
        yield ClauseView(
            id=material.words.both([clause.id for clause in same]),
            title="; ".join(clean_line(clause.title) for clause in same),
            quote=clean(quote),
            quoted_at=quoted_at if quoted_at != number else None,
        )


def _standing_words(finding: Finding, material: Material) -> str:
    if material.month.holds(finding.opened_at):
        return material.words("finding.new")
    opened = material.words.month(material.month.period_of(finding.opened_at))
    return material.words("finding.still_open", since=opened)


def _state_words(last: Disposition | None, material: Material) -> str:
    if last is None:
        return material.words("state.open")
    zone = ZoneInfo(material.inputs.chapter.timezone)
    when = material.words.day(last.at.astimezone(zone).date())
    if last.author_role == RE_FETCH:
        return material.words("state.looked", state=material.words(f"state.{last.state}"), when=when)
    role = clean_line(last.author_role, 60)
    return material.words("state.by", state=material.words(f"state.{last.state}"), role=role, when=when)


def _confidence_words(finding: Finding, words: Words) -> str:
    if is_by_hand(finding.rule_id):
        return words("by_hand.judged")
    word = next(word for floor, word in CONFIDENCE if finding.confidence >= floor)
    return words(f"confidence.{word}", percent=words.percent(finding.confidence))


def _change(change: Change, material: Material) -> ChangeView:
    shown = material.shows_text_of(change.account_key)
    return ChangeView(
        when_words=_change_time(change, material),
        account=material.label(change.account_key),
        kind_words=material.words.named("change", change.kind),
        before=clean_line(change.before_excerpt, 160) if shown and change.before_excerpt else None,
        after=clean_line(change.after_excerpt, 160) if shown and change.after_excerpt else None,
        missing=_no_text(change, material, shown=shown),
        permalink=change.permalink,
    )


def _change_time(change: Change, material: Material) -> str:
    return material.noticed(change.noticed_at) if change.noticed_at else material.local(change.at)


def _no_text(change: Change, material: Material, *, shown: bool) -> str:
    if change.erased:
        outlived = (change.account_key, change.subject_id) in material.outlived
        return material.words("text.outlived" if outlived else "change.erased")
    return material.words("change.no_text" if shown else "change.not_printed")


def _together(part: list[Change], material: Material) -> ChangeView:
    """Posts that went with their account."""
    return ChangeView(
        when_words=_change_time(part[0], material),
        account=material.label(part[0].account_key),
        kind_words=material.words.named("change", part[0].kind),
        before=None,
        after=None,
        missing=material.words("change.together", n=len(part)),
        permalink=None,
    )


def count_by_month(findings: Sequence[Finding], month: Month) -> Mapping[str, int]:
    """Findings about posts per `YYYY-MM` they came to stand in."""
    counted: dict[str, int] = {}
    for finding in findings:
        if finding.subject_kind == "post":
            period = month.period_of(finding.opened_at)
            counted[period] = counted.get(period, 0) + 1
    return counted
