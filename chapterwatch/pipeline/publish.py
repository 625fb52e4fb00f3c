"""publish(): a month's reports, one PDF and one page per chapter, and a roll-up per association.

A report is a function of what the archive, the packs and the roster say. The same facts give the same revision again;
changed facts need a reason and become the next revision. Nothing is judged here.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from chapterwatch import __version__
from chapterwatch.archive import Archive, ReportRow
from chapterwatch.errors import RenderFailed, UserError
from chapterwatch.files import Files
from chapterwatch.model import Association, Chapter
from chapterwatch.pipeline import filed, letters
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash, issued_as
from chapterwatch.pipeline.network import Part, ending_access, part_of, rule_records, suppressed, undelivered
from chapterwatch.pipeline.peers import Network, network_months, peers_of
from chapterwatch.pipeline.staff import acts_of, samples_of
from chapterwatch.policy import Pack, load_pack
from chapterwatch.registry import ASKED, Registry
from connectors.lint import sunsets
from reports import mail, render
from reports.facts import ChapterInputs, PeerMonth
from reports.network import EndingVersion, RollupInputs, RollupView, build_rollup
from reports.view import ChapterView, build_chapter

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Published:
    """What became of one report."""

    #: The chapter's id, or `rollup:<association>`.
    name: str
    period: str
    revision: int
    #: issued, unchanged, failed, or changed: facts changed since the last revision and no reason was given
    outcome: str
    #: Where its PDF lies: a path or a URL.
    pdf: str | None


@dataclass
class Press:
    """What publishing needs beside the month: where things are and what time it is."""

    archive: Archive
    registry: Registry
    policies: Path
    files: Files
    now: datetime

    @cached_property
    def _packs(self) -> dict[str, Pack]:
        return {}

    def pack(self, name: str) -> Pack:
        """A pack, loaded once."""
        if name not in self._packs:
            self._packs[name] = load_pack(name, self.policies)
        return self._packs[name]

    @cached_property
    def _networks(self) -> dict[tuple[str, str], Network]:
        return {}

    def peers(self, chapter: Chapter, period: str) -> tuple[PeerMonth, ...]:
        """The chapters of like size beside one; an association's months are counted once."""
        known = self._networks
        key = chapter.association, period
        if key not in known:
            known[key] = network_months(self.archive, self.registry.association(chapter.association), period)
        return peers_of(known[key], chapter.id)

    @cached_property
    def _parts(self) -> dict[tuple[str, str], Part]:
        return {}

    def gather(self, chapter: Chapter, period: str, issue: Issue) -> ChapterInputs:
        """What a chapter's report is made from; its part of the network's month is kept on the way."""
        association = self.registry.association(chapter.association)
        pack = self.pack(association.pack)
        inputs = chapter_inputs(self.archive, association, chapter, pack, period, issue)
        others = [account for account in self.registry.accounts if account.chapter != chapter.id]
        self._parts[chapter.id, period] = part_of(self.archive, inputs, others)
        return inputs

    def part(self, chapter: Chapter, period: str) -> Part:
        """A chapter's part of the network's month, gathered once."""
        if (chapter.id, period) not in self._parts:
            row = self.archive.latest_report(chapter.id, period)
            self.gather(chapter, period, _issue_of(row) if row else first_issue(self))
        return self._parts[chapter.id, period]


OnReport = Callable[[Published], object]

#: Reports drawn by one press: starting one costs two seconds, and a step of the progress should not take a minute.
BATCH = 8


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """A report on its way through the press; `view` is None where nothing needs to be drawn."""

    row: ReportRow
    outcome: str
    view: ChapterView | RollupView | None


def publish(
    press: Press,
    period: str,
    *,
    chapters: Collection[str] = (),
    reason: str | None = None,
    on_report: OnReport = lambda _: None,
) -> list[Published]:
    """Write the reports of a month (`YYYY-MM`) for the chapters; for all of them, and the roll-ups, when none is named.

    A report that cannot be drawn has the outcome `failed` and does not keep the others from being made.

    Raises:
        UserError: unknown chapter.
        RenderFailed: nothing can be drawn at all (a system library is missing).
        FilesError: the store of files cannot be used. What was issued until then stays; the rest is made when the month
            is published again.
    """
    chosen = press.registry.chapters_called(chapters)
    done: list[Published] = []
    for start in range(0, len(chosen), BATCH):
        sheets = [_chapter_sheet(press, chapter, period, reason) for chapter in chosen[start : start + BATCH]]
        done += _print(press, sheets, on_report)
    if not chapters:
        failed = {item.name: "could not be drawn" for item in done if item.outcome == "failed"}
        rollups = [_rollup_sheet(press, item, period, reason, failed) for item in press.registry.associations]
        done += _print(press, rollups, on_report)
    return done


def chapter_view(press: Press, chapter: Chapter, period: str) -> ChapterView:
    """The view of a chapter's month: as last issued where it was issued, else as it would be issued now."""
    row = press.archive.latest_report(chapter.id, period)
    inputs = press.gather(chapter, period, _issue_of(row) if row else first_issue(press))
    return build_chapter(replace(inputs, peers=press.peers(chapter, period)))


def redacted_view(press: Press, chapter: Chapter, period: str, row: ReportRow) -> ChapterView:
    """The view of an issued report with every quotation left out: posts are cited by link and hash.

    Raises:
        UserError: the facts have changed since it was issued.
    """
    inputs = press.gather(chapter, period, first_issue(press))
    if inputs_hash(inputs) != row.inputs_hash:
        raise UserError(
            f"the facts of {chapter.id} for {period} have changed since its report was issued, so nothing was mailed; "
            "publish it again with a reason"
        )
    issued = issued_as(inputs, _issue_of(row))
    quoteless = replace(issued.pack, excerpts="reference")
    return build_chapter(replace(issued, pack=quoteless, peers=press.peers(chapter, period)))


def rollup_view(
    press: Press,
    association: Association,
    period: str,
    failed: Mapping[str, str] | None = None,
    issue: Issue | None = None,
) -> RollupView:
    """The view of an association's month over all its chapters: as last issued, unless another `issue` is asked for."""
    parts = [press.part(chapter, period) for chapter in association.chapters]
    row = press.archive.latest_report(rollup_name(association), period)
    own = {chapter.id for chapter in association.chapters}
    issued = issue or (_issue_of(row) if row else first_issue(press))
    issued_on = issued.issued_at.astimezone(ZoneInfo(association.timezone)).date()
    read = samples_of(press.archive, association, period, issued.issued_at)
    decisions = sum((part.decisions for part in parts), Counter[str]())
    return build_rollup(
        RollupInputs(
            association=association,
            period=period,
            chapters=tuple(part.view for part in parts),
            issued_on=issued_on,
            code_version=__version__,
            revision=issued.revision,
            failed={name: why for name, why in (failed or {}).items() if name in own},
            undelivered=tuple(undelivered(press.archive, association, period)),
            versions=tuple(_ending_versions(association, issued_on)),
            before=tuple(part.before for part in parts if part.before),
            rules=tuple(rule_records(parts, press.pack(association.pack))),
            refused=tuple(item for part in parts for item in part.refused),
            ending=tuple(ending_access(press.archive, parts, association.chapters)),
            dormant=tuple(item for part in parts for item in part.dormant),
            unregistered=tuple(item for part in parts for item in part.unregistered),
            appeals=tuple(item for part in parts for item in part.appeals),
            suppressed=tuple(suppressed(press.archive, parts, association, press.pack(association.pack))),
            samples=read.months,
            pooled=read.pooled,
            acts=acts_of(press.archive, association, period, decisions),
        ),
    )


def _ending_versions(association: Association, day: date) -> Iterator[EndingVersion]:
    asked = {
        account.platform for chapter in association.chapters for account in chapter.accounts if account.access in ASKED
    }
    for item in sunsets(day):
        if item.platform in asked:
            yield EndingVersion(title=item.title, version=item.version, ends=item.ends)


def rollup_name(association: Association) -> str:
    """The name a roll-up has among the reports and deliveries."""
    return f"rollup:{association.id}"


def _chapter_sheet(press: Press, chapter: Chapter, period: str, reason: str | None) -> _Sheet:
    inputs = press.gather(chapter, period, first_issue(press))
    row, outcome = _issue(press, chapter.id, period, inputs_hash(inputs), reason)
    if not _to_be_drawn(press, row, outcome):
        return _Sheet(row=row, outcome=outcome, view=None)
    keys = [account.key for account in chapter.accounts]
    press.archive.witness_heads(row.chapter, row.period, row.revision, press.archive.heads(keys), press.now)
    issued = replace(issued_as(inputs, _issue_of(row)), peers=press.peers(chapter, period))
    return _Sheet(row=row, outcome=outcome, view=build_chapter(issued))


def _rollup_sheet(
    press: Press,
    association: Association,
    period: str,
    reason: str | None,
    failed: Mapping[str, str],
) -> _Sheet:
    name = rollup_name(association)
    reports = [press.archive.latest_report(chapter.id, period) for chapter in association.chapters]
    facts = hashlib.sha256(json.dumps([row.inputs_hash for row in reports if row]).encode()).hexdigest()
    row, outcome = _issue(press, name, period, facts, reason)
    needed = _to_be_drawn(press, row, outcome)
    return _Sheet(row=row, outcome=outcome, view=rollup_view(press, association, period, failed) if needed else None)


def _to_be_drawn(press: Press, row: ReportRow, outcome: str) -> bool:
    """A new report, or one whose file is lost. Changed facts never go out under the revision that lacked them."""
    return outcome == "issued" or (outcome == "unchanged" and not filed.is_there(press.files, row))


def _print(press: Press, sheets: Sequence[_Sheet], on_report: OnReport) -> list[Published]:
    done = []
    with filed.workshop() as folder:
        drawn = iter(render.render_batch([sheet.view for sheet in sheets if sheet.view], Path(folder)))
        for sheet in sheets:
            row, outcome = _filed(press, sheet, next(drawn)) if sheet.view else (sheet.row, sheet.outcome)
            done.append(_published(press, row, outcome))
            on_report(done[-1])
    return done


def _filed(press: Press, sheet: _Sheet, drawn: render.Rendered | RenderFailed) -> tuple[ReportRow, str]:
    if isinstance(drawn, RenderFailed) or sheet.view is None:
        log.error("%s", drawn, extra=filed.fields_of(sheet.row))
        return sheet.row, "failed"
    letter = letters.letter_for(press.registry, sheet.view)
    press.archive.keep_letter(sheet.row.chapter, sheet.row.period, sheet.row.revision, letter.as_json())
    folder = f"{filed.REPORTS}/{sheet.row.period}"
    return filed.issue(press.files, press.archive, sheet.row, drawn, folder), sheet.outcome


def _issue(press: Press, name: str, period: str, facts: str, reason: str | None) -> tuple[ReportRow, str]:
    latest = press.archive.latest_report(name, period)
    if latest is not None and latest.inputs_hash == facts:
        return latest, "unchanged"
    if latest is not None and reason is None:
        return latest, "changed"
    return press.archive.issue_report(name, period, facts, reason=reason if latest else None, at=press.now), "issued"


def _issue_of(row: ReportRow) -> Issue:
    return Issue(revision=row.revision, reason=row.reason, issued_at=row.issued_at)


def letter_of(press: Press, row: ReportRow, view: Callable[[], ChapterView | RollupView]) -> mail.Letter:
    """What an issued report's mail says, as written then; `view` words one issued before that was kept."""
    kept = press.archive.letter(row.chapter, row.period, row.revision)
    return mail.Letter.from_json(kept) if kept is not None else letters.letter_for(press.registry, view())


def _published(press: Press, row: ReportRow, outcome: str) -> Published:
    pdf = filed.location(press.files, row)
    return Published(name=row.chapter, period=row.period, revision=row.revision, outcome=outcome, pdf=pdf)


def first_issue(press: Press) -> Issue:
    """A report's first issue, now."""
    return Issue(revision=1, reason=None, issued_at=press.now)
