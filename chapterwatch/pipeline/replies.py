"""The right of reply: forms out, replies in, and what becomes of them.

A reply comes back in a file that staff import, or through a form of Airflow's; both roads keep the same. It speaks for
an office of the chapter whose finding it is; whose hand filled the form in is not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chapterwatch import replies
from chapterwatch.archive import Archive, Reply, ReplyOutcome
from chapterwatch.errors import UserError
from chapterwatch.model import Chapter, Finding, Lane
from chapterwatch.pipeline import letters, periods, publish, steps
from chapterwatch.pipeline.persons import act_of
from chapterwatch.pipeline.workplace import Workplace

#: The office that decides, where nobody says another.
HEADQUARTERS = "headquarters"


@dataclass(frozen=True, kw_only=True)
class ImportedReplies:
    """What became of a form that came back."""

    chapter: str
    added: int
    known: int
    empty: int


@dataclass(frozen=True, kw_only=True)
class ListedReply:
    """One reply with the finding it answers."""

    chapter: str
    rule_id: str
    reply: Reply


def reply_template(workplace: Workplace, chapter: str, month: str, kind: str) -> tuple[str, int]:
    """The form for the open findings of a chapter's month, as `csv` or `yaml`, and how many there are.

    Raises:
        UserError: unknown chapter, or no month.
    """
    press = steps.press_of(workplace)
    asked = press.registry.chapter(chapter)
    view = publish.chapter_view(press, asked, periods.month_of(month))
    return letters.reply_form(press.registry, asked, view, kind), len(letters.entries_of(view))


def import_replies(workplace: Workplace, path: Path, asked_by: str = "") -> ImportedReplies:
    """Keep the replies of a form that came back, all or none. Importing it again adds nothing.

    The log of acts keeps who read it in (`asked_by`, a login), as for a reply given through a form.

    Raises:
        InvalidFiles: with every fault of the form; nothing is kept then.
        UserError: the chapter is unknown.
    """
    form = replies.opened(path)
    chapter = workplace.registry.chapter(form.chapter)
    returned = replies.read(form, chapter, _answerable(workplace, chapter), workplace.now.date())
    act = act_of(workplace, "reply", asked_by, chapter=chapter.id, why="as the chapter gave it")
    new = workplace.archive.acts.returned(returned.replies, act)
    known = len(returned.replies) - len(new)
    return ImportedReplies(chapter=chapter.id, added=len(new), known=known, empty=returned.empty)


def give_reply(workplace: Workplace, params: Mapping[str, Any], asked_by: str = "") -> dict[str, Any]:
    """Keep one reply given through a form: `finding` (key), `kind`, `text`, `role`, and `on` which day if not today.

    Returns ids and what became of it.

    The log of acts keeps who filled the form in (`asked_by`, a login); the reply itself does not.

    Raises:
        UserError: in one line, what to mend.
    """
    said = {name: str(params.get(name) or "").strip() for name in ("finding", "kind", "text", "role", "on")}
    chapter, key = _found(workplace, said["finding"])
    at = replies.given_on(said["on"], workplace.now)
    given = replies.spoken(chapter, key, said["kind"], said["text"], said["role"], at)
    why = "as the chapter gave it"
    act = act_of(workplace, "reply", asked_by, subject=key, chapter=chapter.id, detail=given.kind, why=why)
    added = workplace.archive.acts.reply(given, act)
    return {"reply": given.key, "chapter": chapter.id, "finding": given.finding_key, "added": int(added)}


def listed_replies(
    workplace: Workplace, chapters: Collection[str] = (), *, undecided: bool = False
) -> Iterator[ListedReply]:
    """The replies of some chapters (default: all), newest first; only those nobody has decided on, if asked."""
    chosen = workplace.registry.chapters_called(chapters)
    found = []
    for chapter in chosen:
        findings = {item.key: item for item in workplace.archive.findings(chapter=chapter.id, retired=True)}
        for key, given in workplace.archive.replies(list(findings)).items():
            found += [ListedReply(chapter=chapter.id, rule_id=findings[key].rule_id, reply=item) for item in given]
    newest = sorted(found, key=lambda item: (item.reply.at, item.reply.key), reverse=True)
    return (item for item in newest if not (undecided and item.reply.outcome))


def decide_reply(
    workplace: Workplace, key: str, outcome: str, note: str, role: str = HEADQUARTERS, asked_by: str = ""
) -> bool:
    """Note what becomes of a reply; False where just that was noted before. The note is printed beside the reply.

    An appeal upheld makes its finding a false positive. The log of acts keeps who noted it (`asked_by`, a login).

    Raises:
        UserError: no such reply, or no decision that can be taken on it.
    """
    reply = workplace.archive.reply(key)
    if reply is None:
        raise UserError(f"there is no reply {key}; `chapterwatch reply list` names them")
    word = next((one for one in replies.OUTCOMES if one == outcome), None)
    if word is None:
        raise UserError(f"{outcome!r} is no outcome; choose one of: {', '.join(replies.OUTCOMES)}")
    if word != "noted" and reply.kind != "appeal":
        raise UserError(f"reply {key} is no appeal, so it cannot be {word}; use noted")
    said = _said(note)
    if word != "noted" and not said:
        raise UserError(f"an appeal is {word} with a reason; write it as --note, it is printed beside the appeal")
    decided = ReplyOutcome(outcome=word, note=said, author_role=role, at=workplace.now)
    line = workplace.archive.shelf.line(reply.finding_key)
    chapter = line.finding.chapter if line else ""
    subject = reply.finding_key
    act = act_of(workplace, "reply_outcome", asked_by, subject=subject, chapter=chapter, detail=word, why=said)
    return workplace.archive.acts.decide_reply(key, decided, act)


def _said(note: str) -> str:
    try:
        return replies.cleaned(note)
    except ValueError as error:
        raise UserError(str(error)) from None


def _answerable(workplace: Workplace, chapter: Chapter) -> list[str]:
    """The keys a chapter may reply to. Also what is judged otherwise by now: it stands in a report the chapter has."""
    return [item.key for item in workplace.archive.findings(chapter=chapter.id, retired=True) if _asks(item)]


def _asks(finding: Finding) -> bool:
    """Whether there is anything to reply to: praise asks nothing."""
    return finding.lane is not Lane.CREDIT


def finding_written(archive: Archive, written: str) -> Finding | None:
    """The finding whose key a report prints as `written`, also one that is retired; None where there is no such one."""
    found = {item.key: item for item in archive.findings_beginning(written.strip().lower())}
    key = replies.full_key(written, found)
    return found[key] if key else None


def _found(workplace: Workplace, written: str) -> tuple[Chapter, str]:
    """The chapter and the full key of the finding a report prints as `written`."""
    chapters = {chapter.id: chapter for chapter in workplace.registry.chapters}
    finding = finding_written(workplace.archive, written)
    if finding is None or finding.chapter not in chapters or not _asks(finding):
        raise UserError(f"there is no finding {written!r}; copy its key from the report or from the form of reply")
    return chapters[finding.chapter], finding.key
