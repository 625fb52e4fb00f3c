"""The ledger as people look at it, and a person's decisions: send one mail again, or say that it arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chapterwatch.archive import Delivery
from chapterwatch.archive.acts import Act
from chapterwatch.errors import UserError
from chapterwatch.model import DeliveryState
from chapterwatch.pipeline import periods
from chapterwatch.pipeline.deliver import kind_of
from chapterwatch.pipeline.persons import act_of, decided
from chapterwatch.pipeline.workplace import Workplace

#: What a person may send again.
_SHUT = frozenset({DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.BOUNCED})
#: How a mail may end that nobody surely has.
_MISSED = frozenset({DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.UNKNOWN})
#: Kinds of mails that carry no report, and what sends one that a person wants sent again while its matter stands.
_NOTICES: Mapping[str, str] = {
    "alert": "the next `chapterwatch alert` sends it",
    "access": "the next `chapterwatch access warn` sends it",
    "api": "the next `chapterwatch access warn` sends it",
    "sign_off": "running `publish_reports` for {period} again sends it",
}


@dataclass(frozen=True, kw_only=True)
class ListedDelivery:
    """One mail of the ledger. `latest`: no later revision of its report, or later mail of its matter, replaces it."""

    row: Delivery
    latest: bool

    @property
    def key(self) -> str:
        """What `resend_delivery` knows it by."""
        return f"{self.row.chapter}/{self.row.period}/{self.row.revision}/{self.row.recipient}"

    @property
    def needs_a_person(self) -> bool:
        """Nobody got it, or nobody knows."""
        return self.row.state in _SHUT

    @property
    def can_be_sent_again(self) -> bool:
        """Whether a person's word sends it again."""
        return self.needs_a_person and self.latest


def listed_deliveries(
    workplace: Workplace, month: str | None, chapters: Collection[str] = (), states: Collection[str] = ()
) -> Iterator[ListedDelivery]:
    """The ledger of a month (default: all), of some chapters and states.

    Raises:
        UserError: no month, or an unknown chapter.
    """
    for name in chapters:
        workplace.registry.chapter(name)
    rows = workplace.archive.deliveries(period=periods.month_of(month) if month else None)
    newest: dict[tuple[str, str], int] = {}
    for report in workplace.archive.reports():
        newest[report.chapter, report.period] = report.revision
    last = _last_notices(rows)
    for row in rows:
        if (chapters and row.chapter not in chapters) or (states and row.state.value not in states):
            continue
        if kind_of(row.chapter) in _NOTICES:
            yield ListedDelivery(row=row, latest=last[row.chapter, row.recipient] == row.claimed_at)
        else:
            yield ListedDelivery(row=row, latest=newest.get((row.chapter, row.period)) == row.revision)


def how_it_goes_out(row: Delivery) -> str:
    """What sends a mail that a person wants sent again."""
    said = _NOTICES.get(kind_of(row.chapter), "the next `chapterwatch deliver {period}` sends it")
    return said.format(period=row.period)


def why_not_sent(workplace: Workplace, since: datetime) -> list[str]:
    """Of the mails that were tried since then and may not have arrived: how many, why, and what sends them."""
    mails: dict[tuple[str, str, str], set[str]] = {}
    for row in workplace.archive.deliveries():
        if row.claimed_at >= since and row.state in _MISSED:
            deferred = row.state is DeliveryState.DEFERRED
            mend = how_it_goes_out(row) if deferred else "`chapterwatch delivery list` says how it is sent again"
            # One mail may tell of several matters, each with its row.
            mails.setdefault((row.state.value, row.detail, mend), set()).add(row.message_id)
    return [f"{len(ids)} {state}: {why}; {mend}" for (state, why, mend), ids in mails.items()]


def _last_notices(rows: Sequence[Delivery]) -> dict[tuple[str, str], datetime]:
    """When each recipient was last told of each matter: a later stage or opening stands in the place of an earlier."""
    last: dict[tuple[str, str], datetime] = {}
    for row in sorted(rows, key=lambda row: row.claimed_at):
        last[row.chapter, row.recipient] = row.claimed_at
    return last


def resend_delivery(workplace: Workplace, key: str, by: str, note: str) -> Delivery:
    """Let the next delivery, or the next alert, send one mail again. Only a person asks for this, one mail at a time.

    Raises:
        UserError: no such mail, one that is not to be sent again, or nobody says who decides and why.
    """
    found = _decided_about(workplace, key, by, note)
    row = found.row
    if not found.needs_a_person:
        raise UserError(f"{key} is {row.state}; only an unknown, refused or bounced mail is sent again")
    if not found.latest:
        what = "mail" if kind_of(row.chapter) in _NOTICES else "revision"
        raise UserError(f"{key}: a later {what} stands in its place; send that instead")
    act = _act(workplace, "resend", row, by, note)
    if not workplace.archive.acts.resend((row.chapter, row.period, row.revision), row.recipient, act):
        raise UserError(f"{key} was changed meanwhile; list it again")
    return row


def settle_delivery(workplace: Workplace, key: str, by: str, note: str) -> Delivery:
    """Note that an unknown mail has arrived after all, as its recipient says; it is not sent again then.

    Raises:
        UserError: no such mail, one whose end is known, or nobody says who asked and what the answer was.
    """
    row = _decided_about(workplace, key, by, note).row
    if row.state is not DeliveryState.UNKNOWN:
        raise UserError(f"{key} is {row.state}; only of an unknown mail somebody has to say whether it arrived")
    detail = f"arrived, as a person says: {note.strip()}"
    act = _act(workplace, "settle", row, by, note)
    workplace.archive.acts.arrived((row.chapter, row.period, row.revision), row.recipient, detail, act)
    return row


def _act(workplace: Workplace, kind: str, row: Delivery, by: str, note: str) -> Act:
    subject = f"{row.chapter} {row.period} r{row.revision}"
    return act_of(workplace, kind, by.strip(), subject=subject, chapter=row.chapter, why=note.strip())


def _decided_about(workplace: Workplace, key: str, by: str, note: str) -> ListedDelivery:
    decided(by, note, "this is a person's decision; say who decides (--by) and why (--note)")
    found = next((item for item in listed_deliveries(workplace, None) if item.key.lower() == key.strip().lower()), None)
    if found is None:
        raise UserError(f"the ledger has no mail {key!r}; `chapterwatch delivery list` prints the keys")
    return found
