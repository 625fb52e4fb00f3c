"""Words and figures of the pages. Rules, clauses and names come from data; what is the desk's own stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from chapterwatch.model import DispositionState, Severity
from reports.render import safe_link
from reports.words import load

_WORDS = load("en")

STATES = {
    DispositionState.OPEN: "Open",
    DispositionState.CONFIRMED: "Confirmed",
    DispositionState.FALSE_POSITIVE: "False positive",
    DispositionState.ACCEPTED_RISK: "Accepted risk",
    DispositionState.DUPLICATE: "Duplicate",
    DispositionState.SENT_TO_OWNER: "Sent to the owner",
    DispositionState.OWNER_SAYS_FIXED: "Owner says it is fixed",
    DispositionState.VERIFIED: "Verified as fixed",
    DispositionState.CLOSED: "Closed",
    DispositionState.REOPENED: "Reopened",
}

#: What a reviewer can decide, with what it means.
DECISIONS = {
    DispositionState.CONFIRMED: "it breaks the clause",
    DispositionState.FALSE_POSITIVE: "it does not break the clause",
    DispositionState.SENT_TO_OWNER: "the account's owner has to act",
    DispositionState.OWNER_SAYS_FIXED: "the next night looks whether it is",
    DispositionState.ACCEPTED_RISK: "it stays, and somebody answers for that",
    DispositionState.DUPLICATE: "another finding says the same",
    DispositionState.CLOSED: "nothing is left to do",
    DispositionState.REOPENED: "it has to be looked at again",
}

#: Decisions that take a finding out of a report's counts, or bring it back: somebody will ask why.
NEED_NOTE = frozenset(
    {
        DispositionState.FALSE_POSITIVE,
        DispositionState.ACCEPTED_RISK,
        DispositionState.DUPLICATE,
        DispositionState.CLOSED,
        DispositionState.REOPENED,
    },
)

LANES = {"auto": "statement", "assist": "question", "credit": "credit", "attest": "asked of people",
         "scope": "decides what is judged", "print": "printed in reports"}  # fmt: skip
SEEN = {"seen": "Seen", "partial": "Seen in part", "unknown": "Not seen", "not_asked": "Not asked"}
DELIVERIES = {
    "claimed": "Being sent",
    "sent": "Sent",
    "refused": "Refused",
    "deferred": "Waiting",
    "unknown": "Not known",
    "bounced": "Came back",
}
POST_STATES = {
    "present": "It is there.",
    "edited": "It was edited and is there.",
    "deleted": "It was deleted.",
    "hidden": "It was hidden.",
    "account_gone": "Its account is gone.",
    "cannot_tell": "It was not shown lately; nobody can tell whether it is gone.",
}
ACTS = {
    "decide": "decided about a finding",
    "show": "had blacked-out words shown",
    "evidence": "took a finding's evidence away",
    "reply": "entered a chapter's reply",
    "reply_outcome": "decided about a reply",
    "resend": "had a mail sent again",
    "settle": "said that a mail has arrived",
    "erase": "had a post erased",
    "suppress": "held a rule's findings back",
    "suppress_end": "ended a suppression",
    "hold": "kept posts from being erased, or ended that",
    "dry_run": "tried a changed policy pack",
    "adhoc_audit": "asked for an audit",
    "sign_off": "released or held a month's mails",
    "sample": "read a post of a random sample",
}
ANSWERS = {"clean": "Clean", "missed": "Missed", "unsure": "Unsure"}
FIELDS = {"alt_text": "picture description", "edit": "edited text", "report": "report by hand"}


def state(value: str) -> str:
    """A disposition in words."""
    return STATES[DispositionState(value)]


def severity(value: str) -> str:
    """A severity in one word."""
    return Severity(value).value.capitalize()


def when(moment: datetime | None) -> str:
    """A moment: "14 Oct 2026, 18:05 UTC"; a dash for none."""
    if moment is None:
        return "\N{EN DASH}"
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def day(moment: date | datetime | None) -> str:
    """A day: "14 Oct 2026"; a dash for none."""
    if moment is None:
        return "\N{EN DASH}"
    at = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return f"{at.day} {at:%b %Y}"


def number(value: int) -> str:
    """A whole number: "12,345"."""
    return f"{value:,}"


def month(value: str) -> str:
    """`2026-10` as "October 2026"."""
    return _WORDS.month(value)


def platform(value: str) -> str:
    """A platform's name."""
    return _WORDS.named("platform", value)


def field_name(value: str) -> str:
    """The kind of place in a post a finding is about."""
    name = value.partition(":")[0]
    return FIELDS.get(name, name.replace("_", " "))


def plain(value: str) -> str:
    """A name of the program's as words."""
    return value.replace("_", " ")


def named(family: str) -> Callable[[str], str]:
    """A filter that looks a name up in one of the tables here; unknown names are shown as words."""
    table: Mapping[str, str] = globals()[family]
    return lambda value: table.get(value, plain(value))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "state": state,
    "severity": severity,
    "when": when,
    "day": day,
    "number": number,
    "month": month,
    "platform": platform,
    "field": field_name,
    "plain": plain,
    "link": safe_link,
    "lane": named("LANES"),
    "seen": named("SEEN"),
    "delivery": named("DELIVERIES"),
    "act": named("ACTS"),
    "answer": named("ANSWERS"),
    "post_state": named("POST_STATES"),
}
