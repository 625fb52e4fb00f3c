"""The mail of the same night: what is critical, where, and what to do. The post's own words are left out.

A threat or somebody's personal data must not travel once more by mail; the reader opens the post itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from chapterwatch.model import Account, Association, Chapter, Finding
from chapterwatch.policy import Rule, is_by_hand
from reports.mail import Line
from reports.notice import LINES, compose_notice, moment_in
from reports.render import safe_link
from reports.text import clean_line, clean_name
from reports.words import Words, load


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One critical finding, with what a reader needs to go and look."""

    finding: Finding
    rule: Rule
    chapter: Chapter
    account: Account
    permalink: str | None
    #: The finding's moment is only when a run noticed an edit or a disappearance.
    noticed: bool = False


def compose_alert(
    association: Association,
    alarms: Sequence[Alarm],
    *,
    recipient: str,
    today: date,
    message_id: str,
    sender: str,
) -> EmailMessage:
    """One mail to one person on duty about every critical finding they have not been told of, newest first.

    Raises:
        ValueError: there is nothing to tell.
        UserError: an address is not plain, or a name from the registry cannot stand in a header.
    """
    if not alarms:
        raise ValueError("an alert of nothing")
    words = load(association.language)
    ordered = sorted(alarms, key=lambda alarm: (alarm.finding.opened_at, alarm.finding.key), reverse=True)
    together = list(_by_post(ordered))
    told = [_line(alarms, words) for alarms in together[:LINES]]
    more = sum(map(len, together[LINES:]))
    return compose_notice(
        association,
        subject=_subject(ordered, words),
        heading=words("alert.heading"),
        intro=words("alert.intro"),
        lines=[*told, Line(words("alert.more", n=more), "")] if more else told,
        questions=words("alert.questions"),
        confidential=words("alert.confidential"),
        recipient=recipient,
        today=today,
        message_id=message_id,
        sender=sender,
    )


def _subject(ordered: Sequence[Alarm], words: Words) -> str:
    chapters = list(dict.fromkeys(alarm.chapter.id for alarm in ordered))
    # An id may stand in a header whatever a chapter is called.
    key = "alert.subject" if len(chapters) > 1 else "alert.subject_one_chapter"
    return words(key, n=len(ordered), chapter=chapters[0])


def _by_post(ordered: Sequence[Alarm]) -> Iterable[list[Alarm]]:
    """What one rule finds in one post: its words are left out, so that each place would read the same."""
    found: dict[tuple[str, str, str], list[Alarm]] = {}
    for alarm in ordered:
        key = (alarm.rule.id, alarm.finding.account_key, alarm.finding.subject_id)
        found.setdefault(key, []).append(alarm)
    return found.values()


def _line(alarms: Sequence[Alarm], words: Words) -> Line:
    alarm = alarms[0]
    what = words(
        "alert.line",
        chapter=clean_name(alarm.chapter.name),
        account=f"{words.named('platform', alarm.account.platform)} {clean_line(alarm.account.handle, 60)}",
        moment=_moment(alarm, words),
        title=clean_line(alarm.rule.title),
    )
    link = safe_link(alarm.permalink)
    keys = ", ".join(one.finding.key for one in alarms)
    return Line(what, words("alert.mend", remedy=clean_line(alarm.rule.remedy), key=keys, link=link).strip())


def _moment(alarm: Alarm, words: Words) -> str:
    """When it came to stand; of what a person reported, or a run only noticed, the day alone is known."""
    opened, zone = alarm.finding.opened_at, alarm.chapter.timezone
    day = words.day(opened.astimezone(ZoneInfo(zone)).date())
    if alarm.noticed:
        return words("date.noticed", day=day)
    # As the chapter's report has it.
    return day if is_by_hand(alarm.finding.rule_id) else moment_in(zone, opened, words)
