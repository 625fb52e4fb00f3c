"""The mail that warns before an access ends: what ends when, and who can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

from chapterwatch.model import Account, Association, Chapter
from reports.access import left, version_words
from reports.mail import Line
from reports.network_facts import EndingVersion
from reports.notice import compose_notice
from reports.text import clean_line, clean_name
from reports.words import Words, load


@dataclass(frozen=True, kw_only=True)
class EndingToken:
    """An account whose token ends on a day."""

    account: Account
    chapter: Chapter
    ends: date


Ending = EndingToken | EndingVersion


def compose_warning(
    association: Association,
    endings: Sequence[Ending],
    *,
    recipient: str,
    today: date,
    message_id: str,
    sender: str,
) -> EmailMessage:
    """One warning to one recipient about everything that ends, the next first. Same facts, same bytes.

    Raises:
        ValueError: nothing ends.
        UserError: an address is not plain, or a name from the registry cannot stand in a header.
    """
    words = load(association.language)
    ordered = sorted(endings, key=lambda item: (item.ends, _name(item)))
    if not ordered:
        raise ValueError("a warning of nothing")
    return compose_notice(
        association,
        subject=_subject(ordered, today, words),
        heading=words("expiry.heading"),
        intro=words("expiry.intro"),
        lines=[_line(item, today, words) for item in ordered],
        questions=words("expiry.questions"),
        confidential=words("expiry.confidential"),
        recipient=recipient,
        today=today,
        message_id=message_id,
        sender=sender,
    )


def _subject(ordered: Sequence[Ending], today: date, words: Words) -> str:
    first = ordered[0]
    if isinstance(first, EndingToken):
        # A handle may hold signs no header takes; the platform's own id never does.
        what = words("expiry.what.account", account=_plain_label(first.account, words))
    else:
        key = "expiry.what.version_past" if first.ends < today else "expiry.what.version"
        what = words(key, title=clean_line(first.title, 60), version=clean_line(first.version, 20))
    more = len(ordered) - 1
    return words("expiry.subject", n=more + 1, what=what, more=more, left=left(first.ends, today, words))


def _line(item: Ending, today: date, words: Words) -> Line:
    if isinstance(item, EndingVersion):
        return Line(version_words(item, today, words), words("expiry.version_mend"))
    what = words(
        "expiry.account",
        account=_label(item.account, words),
        chapter=clean_name(item.chapter.name),
        day=words.full_date(item.ends),
        left=left(item.ends, today, words),
    )
    return Line(what, words("expiry.mend", owner=_owner(item, words)))


def _owner(item: EndingToken, words: Words) -> str:
    """Who answers for the account, by role: a mail names offices, not people."""
    roles = {person.email: person.role for person in item.chapter.people}
    role = clean_line(roles.get(item.account.owner or "", ""), 60) or words("owner.unnamed")
    return role[0].upper() + role[1:]


def _label(account: Account, words: Words) -> str:
    handle = clean_line(account.handle, 60)
    shown = handle if handle.startswith(("@", "/")) or " " in handle else f"@{handle}"
    return f"{words.named('platform', account.platform)} {shown}"


def _plain_label(account: Account, words: Words) -> str:
    label = _label(account, words)
    plain = all(char.isascii() and (char.isalnum() or char in " @._-/") for char in label)
    return label if plain else f"{words.named('platform', account.platform)} {account.native_id}"


def _name(item: Ending) -> str:
    return item.account.key if isinstance(item, EndingToken) else item.title
