"""The mail that says that a month's reports wait for somebody to release them. It quotes no post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from email.message import EmailMessage

from chapterwatch.model import Association
from reports.mail import Line
from reports.notice import LINES, compose_notice, moment_in
from reports.text import clean_line
from reports.words import load


def compose_waiting(
    association: Association,
    waiting: Sequence[tuple[str, str]],
    *,
    month: str,
    until: datetime,
    recipient: str,
    today: date,
    message_id: str,
    sender: str,
) -> EmailMessage:
    """One mail to one person of headquarters about the reports that wait.

    Args:
        association: whose reports; its language and time zone are the mail's.
        waiting: of each report its heading and what changed in it, as its own mail would say.
        month: the reports' month, `YYYY-MM`.
        until: the instant (UTC) after which silence holds them.
        recipient: one plain address.
        today: the day it is written.
        message_id: its stable Message-ID.
        sender: the From address.

    Raises:
        ValueError: nothing waits.
        UserError: an address is not plain, or a name from the registry cannot stand in a header.
    """
    if not waiting:
        raise ValueError("nothing waits")
    words = load(association.language)
    named = words.month(month)
    more = len(waiting) - LINES
    lines = [Line(clean_line(heading, 120), clean_line(changed, 300)) for heading, changed in waiting[:LINES]]
    return compose_notice(
        association,
        subject=words("signoff.subject", n=len(waiting), month=named),
        heading=words("signoff.heading", month=named),
        intro=words("signoff.intro", moment=moment_in(association.timezone, until, words)),
        lines=[*lines, Line(words("signoff.more", n=more), "")] if more > 0 else lines,
        questions=words("signoff.questions"),
        confidential=words("signoff.confidential"),
        recipient=recipient,
        today=today,
        message_id=message_id,
        sender=sender,
    )
