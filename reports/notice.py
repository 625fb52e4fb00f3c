"""A notice: a short mail to one of the association's staff, of one heading, one list and no file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from chapterwatch.model import Association
from reports.mail import Line, letter
from reports.text import clean_name
from reports.words import Words, load

#: Points told one by one; a mail of more is not read, and what they are about can be looked up.
LINES = 20


def moment_in(timezone: str, moment: datetime, words: Words) -> str:
    """A moment in a time zone, which is named: whoever reads the notice may live elsewhere."""
    return f"{words.moment(moment.astimezone(ZoneInfo(timezone)))} ({timezone})"


def compose_notice(
    association: Association,
    *,
    subject: str,
    heading: str,
    intro: str,
    lines: Sequence[Line],
    questions: str,
    confidential: str,
    recipient: str,
    today: date,
    message_id: str,
    sender: str,
) -> EmailMessage:
    """One notice to one recipient, in the association's language. Same facts, same bytes.

    Args:
        association: in whose name it is sent.
        subject: the mail's subject; what stands in it must fit a header.
        heading: what stands above.
        intro: the sentence ahead of the list.
        lines: the list, whole.
        questions: whom to ask.
        confidential: for whose eyes it is.
        recipient: one plain address.
        today: the day it is written.
        message_id: its stable Message-ID.
        sender: the From address.

    Raises:
        UserError: an address is not plain, or a name from the registry cannot stand in a header.
    """
    body: dict[str, object] = {
        "t": load(association.language),
        "subject": subject,
        "heading": heading,
        "association": clean_name(association.name, 120),
        "intro": intro,
        "lines": lines,
        "questions": questions,
        "confidential": confidential,
    }
    return letter(
        subject=subject,
        sender_name=association.name,
        sender=sender,
        recipient=recipient,
        written_on=today,
        message_id=message_id,
        template="notice",
        body=body,
    )
