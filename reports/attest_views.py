"""The questions only a person can answer, as the report prints them: the chapter's own statements, by office.

Nothing here judges an answer. A "no" is printed as what the chapter says of itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from chapterwatch.attest import Asked, Standing, asked_of
from chapterwatch.model import Account, Consent, Person, Space
from reports.facts import AnswerLine, AttestQuestion, AttestView, ConsentLine, ReaderLine
from reports.finding_views import Material
from reports.text import clean, clean_line, sentence
from reports.words import Words

#: Lines of one question that are overdue before they are summed up in one.
OVERDUE_LINES = 3
CONSENTS_LIMIT = 12


def attest_of(material: Material) -> AttestView:
    """How the chapter's questions stood when its month was closed."""
    inputs, words = material.inputs, material.words
    if inputs.on_request:
        # An audit on request looks at accounts and days; the questions stay with the monthly report.
        return AttestView()
    today = as_of(material)
    asked = asked_of(inputs.pack, inputs.chapter, inputs.period, known_by=today)
    shown = [one for one in asked if _is_shown(one, material, today)]
    counted = [one.standing(today) for one in shown]
    open_ = [one for one in shown if one.answer is None]
    ahead = {one.due for one in open_ if one.standing(today) == Standing.DUE}
    next_due = min(ahead, default=None)
    overdue = counted.count(Standing.OVERDUE)
    return AttestView(
        who=_who(open_, material),
        questions=tuple(_questions(shown, material, today)),
        answered=counted.count(Standing.ANSWERED),
        due=counted.count(Standing.DUE),
        overdue=overdue,
        as_of_words=words.full_date(today),
        due_words=words.full_date(next_due) if next_due else "",
        due_on=next_due,
        several_words=_on_several_days(ahead, overdue, words),
        overdue_since=min((one.due for one in open_ if one.due < today), default=None),
        has_consents=_keeps(material, "consents") or bool(inputs.chapter.consents),
        consents=tuple(_consents(material)),
        consents_words=_consents_words(material),
        readers=tuple(_readers(material)),
    )


def _who(open_: Sequence[Asked], material: Material) -> str:
    """Whose answers are open, by office: the chapter's leadership, those the roster names for its accounts, or both."""
    asked = {one.question.who for one in open_}
    said = [material.words("action.leadership")] if "leadership" in asked else []
    if "owner" in asked:
        own = [account for account in material.inputs.chapter.accounts if account.space != Space.PRIVATE]
        said += [material.owner(account.key) for account in own]
    return material.words.both(list(dict.fromkeys(said))) if said else ""


def _on_several_days(ahead: Collection[date], overdue: int, words: Words) -> str:
    """By when questions are to be answered that are not all due on one day; empty where they are."""
    if not ahead or len(ahead) + bool(overdue) == 1:
        return ""
    first = words.full_date(min(ahead))
    return words("action.some_overdue", n=overdue, due=first) if overdue else words("action.due_first", due=first)


def as_of(material: Material) -> date:
    """The day up to which answers count for this month's report."""
    return material.inputs.answers_until or material.inputs.issued_on


def _is_shown(one: Asked, material: Material, today: date) -> bool:
    """Everything open; of what is answered the month's own and what was answered since it began."""
    if one.answer is None:
        return True
    year = material.inputs.period[:4]
    return one.period in (material.inputs.period, year) or material.month.days[0] <= one.answer.on <= today


def _questions(shown: Sequence[Asked], material: Material, today: date) -> list[AttestQuestion]:
    by_clause: dict[str, list[Asked]] = {}
    for one in shown:
        by_clause.setdefault(one.clause.id, []).append(one)
    return [
        AttestQuestion(
            clause=part[0].clause.id,
            title=clean_line(part[0].clause.title),
            question=clean(part[0].question.ask),
            lines=tuple(_lines(part, material, today)),
        )
        for part in by_clause.values()
    ]


def _lines(part: Sequence[Asked], material: Material, today: date) -> list[AnswerLine]:
    overdue = [one for one in part if one.standing(today) == Standing.OVERDUE]
    others = [one for one in part if one not in overdue]
    told = [_overdue_summed(overdue, material.words)] if len(overdue) > OVERDUE_LINES else []
    told += [_overdue(one, material.words) for one in overdue] if not told else []
    return told + [_answered(one, material) if one.answer else _due(one, material.words) for one in others]


def _overdue(one: Asked, words: Words) -> AnswerLine:
    said = words("attest.overdue", due=words.full_date(one.due))
    return AnswerLine(standing=Standing.OVERDUE, period=_period(one.period, words), said=said)


def _overdue_summed(overdue: Sequence[Asked], words: Words) -> AnswerLine:
    first, last = _period(overdue[0].period, words), _period(overdue[-1].period, words)
    said = words("attest.overdue_many", n=len(overdue), due=words.full_date(overdue[0].due))
    return AnswerLine(standing=Standing.OVERDUE, period=words("attest.from_to", first=first, last=last), said=said)


def _due(one: Asked, words: Words) -> AnswerLine:
    said = words("attest.due", due=words.full_date(one.due), who=words(f"attest.who_{one.question.who}"))
    return AnswerLine(standing=Standing.DUE, period=_period(one.period, words), said=said)


def _answered(one: Asked, material: Material) -> AnswerLine:
    words, answer = material.words, one.answer
    if answer is None:
        raise ValueError("only an answered question has an answer to print")
    key = {"yes": "yes", "no": "no", "not applicable": "not_applicable"}.get(answer.answer, "words")
    said = words(
        f"attest.answer_{key}",
        answer=clean_line(answer.answer, 300),
        role=_role(answer.by, material),
        on=words.full_date(answer.on),
    )
    replaced = one.replaced[-1] if one.replaced else None
    return AnswerLine(
        standing=Standing.ANSWERED,
        period=_period(one.period, words),
        said=said,
        note=sentence(clean_line(answer.note, 300)),
        replaces=words("attest.replaces", on=words.full_date(replaced.on), answer=clean_line(replaced.answer, 60))
        if replaced
        else "",
    )


def _period(period: str, words: Words) -> str:
    if period == "once":
        return words("attest.once")
    return words.month(period) if "-" in period else period


def _role(mail: str, material: Material) -> str:
    person = next((one for one in material.inputs.chapter.people if one.email == mail), None)
    return clean_line(person.role, 60) if person else material.words("attest.role_unknown")


# --- registers ------------------------------------------------------------------------------------------------------


def _keeps(material: Material, register: str) -> bool:
    clauses = material.inputs.pack.clauses.values()
    return any(clause.question is not None and clause.question.kept_in == register for clause in clauses)


def _consents_words(material: Material) -> str:
    kept = material.inputs.chapter.consents
    people = sum(consent.people for consent in kept)
    return material.words("attest.consents", n=len(kept), people=people)


def _consents(material: Material) -> list[ConsentLine]:
    words = material.words
    newest = sorted(material.inputs.chapter.consents, key=lambda one: one.signed_on, reverse=True)[:CONSENTS_LIMIT]
    return [
        ConsentLine(
            covers=_covers(one, words),
            people=one.people,
            signed_words=words.full_date(one.signed_on),
            kept=clean_line(one.kept, 120),
        )
        for one in newest
    ]


def _covers(one: Consent, words: Words) -> str:
    parts = []
    if one.event:
        parts.append(clean_line(one.event, 120))
    if one.starts and one.ends:
        same = one.starts == one.ends
        since, until = words.day(one.starts), words.full_date(one.ends)
        parts.append(until if same else words("date.range", since=since, until=until))
    parts += [words("attest.posts", n=len(one.posts))] if one.posts else []
    parts += [words("attest.pictures", n=len(one.pictures))] if one.pictures else []
    return ", ".join(parts)


def _readers(material: Material) -> list[ReaderLine]:
    """Everybody who posts, by office, with what they confirmed; only where the policy asks for it."""
    chapter = material.inputs.chapter
    if not (_keeps(material, "acknowledgements") or chapter.acknowledgements):
        return []
    posting: dict[str, list[Account]] = {}
    for account in chapter.accounts:
        for mail in (account.owner, account.deputy):
            if mail and account.space != Space.PRIVATE:
                posting.setdefault(mail, []).append(account)
    people = [person for person in chapter.people if person.email in posting]
    return [_reader(person, posting[person.email], material) for person in people]


def _reader(person: Person, accounts: Sequence[Account], material: Material) -> ReaderLine:
    words, version = material.words, material.inputs.pack.version
    confirmed = [one for one in material.inputs.chapter.acknowledgements if one.by == person.email]
    last = max(confirmed, key=lambda one: (one.version == version, one.on), default=None)
    key = "none" if last is None else "current" if last.version == version else "older"
    role = clean_line(person.role, 60)
    return ReaderLine(
        role=role[0].upper() + role[1:],
        accounts=words.both(list(dict.fromkeys(material.label(account.key) for account in accounts))),
        confirmed=key == "current",
        said=words(
            f"attest.read_{key}",
            version=clean_line(last.version, 40) if last else "",
            on=words.full_date(last.on) if last else "",
            current=version,
        ),
    )
