"""Sign-off before a month is mailed: a person sees what would go out and says send, hold, or send redacted.

An association is a batch: its chapters' reports and its roll-up. Silence means hold. Redacted reports cite every post
by its link and capture hash alone. Who released what stands in the log of acts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from chapterwatch.archive import ReportRow
from chapterwatch.archive.acts import Act
from chapterwatch.errors import RenderFailed, UserError
from chapterwatch.model import Association
from chapterwatch.pipeline import deliver, filed, letters, periods, publish, steps
from chapterwatch.pipeline.deliver import Parcel
from chapterwatch.pipeline.publish import Press
from chapterwatch.pipeline.workplace import Workplace
from reports import mail, render
from reports.signoff_mail import compose_waiting
from reports.view import ChapterView

Decision = Literal["send", "hold", "redacted"]

#: What a person chooses between, as the form words it; the last one is also what silence means.
CHOICES: Mapping[str, Decision] = {"Send": "send", "Send redacted": "redacted", "Hold": "hold"}
SILENCE = "Hold"
#: Reports listed one by one; the page of reports has all.
LISTED = 60


def batches(workplace: Workplace, month: str) -> list[dict[str, str]]:
    """What waits for a sign-off, by association: `association`, `subject`, and `body` in Markdown.

    Associations that want no sign-off are left out, and those whose every mail is settled.
    """
    press = steps.press_of(workplace)
    return list(_batches(press, periods.month_of(month)))


def tell_waiting(workplace: Workplace, month: str, until: datetime) -> dict[str, int]:
    """Mail headquarters, once for a month's revisions, that its reports wait for a sign-off; counts by state.

    Nobody looks into Airflow every day, and silence holds the reports after `until` (UTC). Without a mail transport
    nothing is told: where nothing can be mailed, nothing waits to be.
    """
    press, transport = steps.press_of(workplace), workplace.settings.mail
    counts: Counter[str] = Counter()
    if transport is not None:
        press.archive.abandon_claims(press.now - deliver.ABANDONED_AFTER)
        for association, waiting in _waiting(press, periods.month_of(month)):
            for recipient in association.headquarters:
                state = _state_of(press, association, periods.month_of(month))
                key = (f"sign_off:{association.id}", periods.month_of(month), state, recipient)
                letter = _notice(press, association, waiting, key, until, transport.sender)
                counts[deliver.tell_once(press.archive, transport, {key: waiting}, letter, press.now)] += 1
    return {outcome: counts[outcome] for outcome in deliver.OUTCOMES}


def release_unasked(workplace: Workplace, month: str) -> dict[str, int]:
    """Mail the reports of the associations that want no sign-off; counts by state."""
    press = steps.press_of(workplace)
    parcels = [
        parcel
        for association in press.registry.associations
        if not association.sign_off
        for parcel in steps.parcels_of(press, association, periods.month_of(month))
    ]
    return steps.hand_over(workplace, parcels)


def release(workplace: Workplace, month: str, association_id: str, choice: str, by: str, why: str) -> dict[str, int]:
    """Do with an association's month what a person decided, and log it; counts by state.

    Args:
        workplace: registry, archive and mail.
        month: the reports' month, `YYYY-MM`.
        association_id: whose reports.
        choice: one of `CHOICES`; anything else holds.
        by: the login of whoever decided; empty where nobody answered in time.
        why: what they wrote about it.

    Raises:
        UserError: no mail is configured; facts changed since the reports were issued, so that no redacted ones can be
            drawn of them.
    """
    decision = CHOICES.get(choice, "hold")
    press, month = steps.press_of(workplace), periods.month_of(month)
    association = press.registry.association(association_id)
    parcels: Sequence[Parcel] = ()
    if decision != "hold":
        parcels = list(steps.parcels_of(press, association, month))
    if decision == "redacted":
        parcels = [_redacted(press, parcel, month) for parcel in parcels]
    role = press.registry.role_of(by)
    subject = f"{association.id} {month}"
    act = Act(author=by, role=role, kind="sign_off", subject=subject, at=press.now, detail=decision, why=why.strip())
    press.archive.acts.note(act)
    return steps.hand_over(workplace, parcels)


def deliver_month(
    workplace: Workplace, month: str, chapters: Collection[str] = (), *, although_held: bool = False
) -> dict[str, int]:
    """Mail a month's reports and roll-ups as their last sign-offs say; counts by state.

    What was released redacted goes out redacted, whoever mails it, and although it was held later. What was held, or
    has not been released since it was issued, is mailed only with `although_held`.

    Raises:
        UserError: the month has not closed; no mail is configured; facts changed, so that no redacted reports can be
            drawn of them; some reports are held (the others are mailed by then).
    """
    press, month = steps.press_of(workplace), periods.closed_month(month, workplace.now)
    known = [press.registry.chapter(name).id for name in chapters]
    free: list[Parcel] = []
    held: list[str] = []
    for association in press.registry.associations:
        released, waiting = _as_released(press, association, month, known, although_held=although_held)
        free += released
        held += [association.id] if waiting else []
    counts = steps.hand_over(workplace, free)
    if held:
        raise UserError(_held(held, month, counts))
    return counts


def _as_released(
    press: Press, association: Association, month: str, chapters: Collection[str], *, although_held: bool
) -> tuple[list[Parcel], int]:
    """What may go out of an association's month, in the form last released, and how many reports are held."""
    said = _sign_offs(press, association, month)
    redacted = next((act.detail for act in reversed(said) if act.detail != "hold"), "") == "redacted"
    released: list[Parcel] = []
    held = 0
    for parcel in steps.parcels_of(press, association, month, chapters):
        if not (although_held or _is_released(association, said, parcel)):
            held += _unsettled(press, parcel)
        elif not redacted:
            released.append(parcel)
        elif _unsettled(press, parcel):
            # Drawn for whoever has not had theirs; the others get nothing any more.
            released.append(_redacted(press, parcel, month))
    return released, held


def _sign_offs(press: Press, association: Association, month: str) -> list[Act]:
    """What was said of an association's month, oldest first; silence counts as a hold."""
    acts = press.archive.acts.of_subject(f"{association.id} {month}")
    return [act for act in acts if act.kind == "sign_off"]


def _is_released(association: Association, said: Sequence[Act], parcel: Parcel) -> bool:
    """Whether the last word released just this revision; one issued later nobody has seen yet."""
    if not association.sign_off:
        return True
    return bool(said) and said[-1].detail != "hold" and parcel.report.issued_at <= said[-1].at


def _held(associations: Sequence[str], month: str, counts: Mapping[str, int]) -> str:
    others = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return (
        f"reports of {', '.join(associations)} for {month} are held: nobody has released them since they were issued; "
        "answer the sign-off in Airflow, or give --although-held" + (f" (the others: {others})" if others else "")
    )


# --- what waits -----------------------------------------------------------------------------------------------------


def _batches(press: Press, month: str) -> Iterator[dict[str, str]]:
    for association, waiting in _waiting(press, month):
        yield {
            "association": association.id,
            "subject": f"{association.name}, {month}: send {len(waiting)} reports?",
            "body": _body(waiting),
        }


def _waiting(press: Press, month: str) -> Iterator[tuple[Association, list[Parcel]]]:
    for association in press.registry.associations:
        if not association.sign_off:
            continue
        waiting = [item for item in steps.parcels_of(press, association, month) if _unsettled(press, item)]
        if waiting:
            yield association, waiting


def _unsettled(press: Press, parcel: Parcel) -> bool:
    report = parcel.report
    rows = press.archive.deliveries(report.chapter, report.period)
    known = {row.recipient.lower() for row in rows if row.revision == report.revision and row.state != "deferred"}
    return any(recipient.strip().lower() not in known for recipient in parcel.recipients)


def _state_of(press: Press, association: Association, month: str) -> int:
    """How many revisions were issued of an association's month, so that a re-issue is told again.

    Those that wait no longer count, too: of those that wait alone, two second ones would be as many as four first ones.
    """
    names = [*(chapter.id for chapter in association.chapters), publish.rollup_name(association)]
    reports = [press.archive.latest_report(name, month) for name in names]
    return sum(report.revision for report in reports if report is not None)


def _notice(
    press: Press,
    association: Association,
    waiting: Sequence[Parcel],
    key: deliver.LedgerKey,
    until: datetime,
    sender: str,
) -> Callable[[object], EmailMessage]:
    """How the mail that asks one person of headquarters for a sign-off is made."""
    _, month, _, recipient = key
    message_id = mail.message_id(*key, sender)
    told = [(parcel.letter.heading, parcel.letter.changed) for parcel in waiting]
    return lambda _: compose_waiting(
        association,
        told,
        month=month,
        until=until,
        recipient=recipient,
        today=press.now.date(),
        message_id=message_id,
        sender=sender,
    )


def _body(waiting: Sequence[Parcel]) -> str:
    """A Markdown table of what each mail's subject says; no text of a post is in it."""
    told = (
        "**Send** mails each report to its chapter's leadership and the roll-up to headquarters. "
        "**Send redacted** does the same with every quotation left out. **Hold** mails nothing; running the month "
        "again asks again."
    )
    lines = [
        told,
        "",
        "| report | what changed | recipients |",
        "|---|---|--:|",
    ]
    lines += [
        f"| {_cell(item.letter.heading)} | {_cell(item.letter.changed)} | {len(item.recipients)} |"
        for item in waiting[:LISTED]
    ]
    if more := len(waiting) - LISTED:
        lines += ["", f"And {more} more, on the page of reports."] if more > 0 else []
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


# --- redacted -------------------------------------------------------------------------------------------------------


def _redacted(press: Press, parcel: Parcel, month: str) -> Parcel:
    """The same report with every quotation left out. A roll-up quotes nothing."""
    if parcel.report.chapter.startswith("rollup:"):
        return parcel
    view = publish.redacted_view(press, press.registry.chapter(parcel.report.chapter), month, parcel.report)
    with filed.workshop() as folder:
        drawn = _drawn(view, Path(folder))
        keys = filed.put(press.files, drawn, f"{filed.REPORTS}/{month}/redacted")
    report: ReportRow = replace(
        parcel.report, pdf_path=keys["pdf"], html_path=keys["html"], pdf_sha256=drawn.pdf_sha256
    )
    return replace(parcel, report=report, letter=letters.letter_for(press.registry, view))


def _drawn(view: ChapterView, folder: Path) -> render.Rendered:
    try:
        return render.render_chapter(view, folder)
    except RenderFailed as error:
        raise UserError(f"a redacted report could not be drawn, nothing was mailed: {error}") from None
