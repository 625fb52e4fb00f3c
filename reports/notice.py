"""A notice: a short mail to one of the association's staff, of one heading, one list and no file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage

from chapterwatch.model import Association
from reports.mail import Line, letter
from reports.text import clean_line
from reports.words import load

#: Points told one by one; a mail of more is not read, and what they are about can be looked up.
LINES = 20


def compose_notice(
    association: Association,
    kind: str,
    *,
    subject: str,
    intro: str,
    lines: Sequence[Line],
    recipient: str,
    today: date,
    message_id: str,
    sender: str,
    heading: str | None = None,
) -> EmailMessage:
    """One notice to one recipient, in the association's language. Same facts, same bytes.

    Args:
        association: in whose name it is sent.
        kind: the group of `reports/words` its fixed sentences come from: heading, questions, confidential.
        subject: the mail's subject; what stands in it must fit a header.
        intro: the sentence ahead of the list.
        lines: the list, whole.
        recipient: one plain address.
        today: the day it is written.
        message_id: its stable Message-ID.
        sender: the From address.
        heading: instead of the kind's own.

    Raises:
        UserError: an address is not plain, or a name from the registry cannot stand in a header.
    """
    words = load(association.language)
    body: dict[str, object] = {
        "t": words,
        "subject": subject,
        "heading": heading or words(f"{kind}.heading"),
        "association": clean_line(association.name, 120),
        "intro": intro,
        "lines": lines,
        "questions": words(f"{kind}.questions"),
        "confidential": words(f"{kind}.confidential"),
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
