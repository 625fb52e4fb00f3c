"""`Archive`: the only door to the database. Every method is one transaction; the work stands in the modules beside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
from sqlalchemy import Engine

from chapterwatch.archive import (
    absences,
    access,
    accounts,
    captures,
    chain,
    counts,
    erasure,
    findings,
    frames,
    holds,
    ledger,
    pictures,
    proofs,
    replies,
    retention,
    runs,
    suppressions,
    threads,
    verdicts,
    verify,
)
from chapterwatch.archive.acts import Acts
from chapterwatch.archive.browse import Shelf
from chapterwatch.archive.captures import Sight
from chapterwatch.archive.engine import disposing, open_engine, reading, writing
from chapterwatch.archive.mediafiles import MediaFiles
from chapterwatch.archive.records import (
    AccessCheck,
    AgedPost,
    Delivery,
    DeliveryEvent,
    Disposition,
    Head,
    Hold,
    KeptAccount,
    KeptPicture,
    KnownPost,
    Outlived,
    Pattern,
    PicturePlace,
    PictureRow,
    Proof,
    QuarantineRow,
    Receipt,
    Recorded,
    Remembered,
    Reply,
    ReportRow,
    RunRow,
    Suppression,
    Tally,
    Verification,
)
from chapterwatch.archive.samples import Samples
from chapterwatch.archive.schema import Schema, copy_sqlite, look, migrate
from chapterwatch.archive.states import Absence
from chapterwatch.errors import ArchiveError
from chapterwatch.files import Files
from chapterwatch.model import (
    Account,
    Coverage,
    DeliveryState,
    DispositionState,
    Finding,
    Media,
    Page,
    ProfileReading,
    Unshown,
    Window,
)

#: The days of a post's life on which it is looked at again where reads are paid for.
RECHECK_DAYS = (1, 3, 7, 30)


class Archive:
    """What Chapterwatch knows. Get one from `Archive.open`; it may be shared by threads, not by forked processes."""

    def __init__(self, engine: Engine, media: Files | None = None) -> None:
        self._engine = engine
        self._media = MediaFiles(media) if media else None

    @classmethod
    def open(cls, url: str, media: Files | None = None) -> Self:
        """Open the archive at a SQLAlchemy URL, creating or upgrading its tables first.

        `media` is the store of the pictures' files; without it no picture can be kept, read or verified.

        Raises:
            ArchiveError: it cannot be reached, or a newer Chapterwatch wrote it.
        """
        engine = open_engine(url)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, media)

    @staticmethod
    def schema(url: str) -> Schema:
        """The schema of the archive at a URL, and the one this Chapterwatch needs. Changes nothing.

        Raises:
            ArchiveError: as `open`.
        """
        with disposing(open_engine(url)) as engine:
            return look(engine)

    @staticmethod
    def upgrade(url: str, *, keep_copy: bool = True) -> Schema:
        """Create or upgrade the archive at a URL; returns what was found there before.

        `keep_copy`: an SQLite archive is first copied beside itself. Copies keep what is erased from the archive later.

        Raises:
            ArchiveError: as `open`, or the archive cannot be copied; it was not upgraded then.
        """
        with disposing(open_engine(url)) as engine:
            return migrate(engine, keep_copy=keep_copy)

    @staticmethod
    def copy(url: str, copy: Path) -> tuple[int, int, str]:
        """Copy the SQLite archive at a URL into a new file.

        Returns accounts, captures and the digest of the chain heads, all read from the copy.

        Raises:
            ArchiveError: as `schema`; it is no SQLite archive, the file exists, or it cannot be written.
        """
        with disposing(open_engine(url)) as engine:
            copy_sqlite(engine, copy)
        with disposing(open_engine(f"sqlite:///{copy.absolute()}")) as engine, reading(engine) as conn:
            heads = chain.heads(conn)
        return len(heads), *chain.digest(heads)

    def close(self) -> None:
        """Give up every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def acts(self) -> Acts:
        """What staff decide, and the log of what they did."""
        return Acts(self._engine)

    @property
    def samples(self) -> Samples:
        """Random samples of posts without a finding."""
        return Samples(self._engine)

    @property
    def shelf(self) -> Shelf:
        """Findings and what stands around them, a page at a time, for people who look."""
        return Shelf(self._engine)

    # --- accounts ---------------------------------------------------------------------------------------------------

    def register_accounts(self, accounts_: Iterable[Account], at: datetime) -> None:
        """Bring the registry's facts of accounts up to date. Whatever is stored of an account needs this first."""
        with writing(self._engine) as conn:
            accounts.register(conn, accounts_, at)

    def chapter_of(self, account_key: str) -> str | None:
        """The chapter an account was last registered with, also once it left the registry; None where it never was."""
        with reading(self._engine) as conn:
            return accounts.chapter_of(conn, account_key)

    def erasing_accounts(self) -> list[str]:
        """Keys of the accounts ever registered whose deleted posts are to be erased, as they were last registered."""
        with reading(self._engine) as conn:
            return accounts.erasing(conn)

    def handle_history(self, account_key: str) -> list[tuple[datetime, str]]:
        """(since, handle) of an account, oldest first."""
        with reading(self._engine) as conn:
            return accounts.handle_history(conn, account_key)

    def save_access(self, checks: Iterable[AccessCheck]) -> None:
        """Keep what was said of the access of registered accounts, each in the place of its last check."""
        with writing(self._engine) as conn:
            access.save(conn, checks)

    def access_checks(self) -> dict[str, AccessCheck]:
        """The last check of every account that was ever checked, by account key."""
        with reading(self._engine) as conn:
            return access.load(conn)

    # --- what platforms said ----------------------------------------------------------------------------------------

    def record_page(
        self,
        account_key: str,
        page: Page,
        *,
        run_id: str,
        captured_at: datetime,
        connector: str,
        moves_cursor: bool = True,
        unshown: frozenset[Unshown] | None = None,
        so_far: Coverage | None = None,
    ) -> Recorded:
        """Store a page whole, or not at all: captures, states, what was missing or unreadable, and the cursor.

        Storing it again adds nothing. `moves_cursor=False` is for pages that are no part of the run's listing, such as
        look-ups by id. `captured_at` of an export is best the export's own time: it says what stood then. `unshown` is
        what the road the page came by never shows; None where that is not known. `so_far` is what the run has seen of
        the account with this page: whoever goes on at the cursor has to know what the pages before it lacked.

        Raises:
            ArchiveError: the account was never registered.
        """
        sight = Sight(
            account_key=account_key, run_id=run_id, captured_at=captured_at, connector=connector, unshown=unshown
        )
        with writing(self._engine) as conn:
            recorded = captures.record_page(conn, page, sight, moves_cursor=moves_cursor)
            runs.add_coverage(conn, [so_far] if so_far else [])
            return recorded

    def record_profile(
        self,
        account_key: str,
        reading_: ProfileReading,
        *,
        run_id: str,
        captured_at: datetime,
        connector: str,
        unshown: frozenset[Unshown] | None = None,
    ) -> bool:
        """Store a profile where its content is news; True if it was. Raises ArchiveError as `record_page` does."""
        sight = Sight(
            account_key=account_key, run_id=run_id, captured_at=captured_at, connector=connector, unshown=unshown
        )
        with writing(self._engine) as conn:
            return captures.record_profile(conn, reading_, sight)

    def record_absences(
        self,
        account_key: str,
        native_ids: Iterable[str],
        *,
        run_id: str,
        at: datetime,
        certainty: str,
        detail: str,
    ) -> None:
        """Note posts that were not shown where they should be.

        `certainty` is `gone` or `cannot_tell`. Runs of two different UTC days that say `gone` make a post deleted, as
        of the first; anything less makes it `cannot_tell`. Being seen again puts it back as it was.
        """
        if certainty not in {"gone", "cannot_tell"}:
            raise ValueError(f"certainty is gone or cannot_tell, not {certainty!r}")
        item = Absence(run_id=run_id, certainty=certainty, at=at)
        with writing(self._engine) as conn:
            chain.lock(conn, account_key)
            absences.record(conn, account_key, list(native_ids), item, detail)

    def mark_account_gone(self, account_key: str, run_id: str, at: datetime) -> int:
        """Every post of the account not already gone becomes `account_gone`; returns how many."""
        with writing(self._engine) as conn:
            chain.lock(conn, account_key)
            return absences.mark_account_gone(conn, account_key, run_id, at)

    def known_posts(self, account_key: str, window: Window) -> list[KnownPost]:
        """Posts created in the window, newest first, whatever their state."""
        with reading(self._engine) as conn:
            return absences.known_posts(conn, account_key, window)

    def known_media(self, account_key: str) -> dict[datetime, dict[str, tuple[Media, ...]]]:
        """The media of every post of an account, by its time and native id; none where the body was erased."""
        with reading(self._engine) as conn:
            return captures.known_media(conn, account_key)

    def due_for_recheck(self, account_key: str, now: datetime, days: Sequence[int] = RECHECK_DAYS) -> list[str]:
        """Ids of posts that passed one of these ages since their last sight or cannot be told, newest first."""
        with reading(self._engine) as conn:
            return absences.due_for_recheck(conn, account_key, now, days)

    def permalink(self, account_key: str, native_id: str) -> str | None:
        """The address of a post's last reading, or None."""
        with reading(self._engine) as conn:
            return captures.permalink(conn, account_key, native_id)

    def posts_called(self, written: str) -> list[tuple[str, str]]:
        """(account key, native id) of the posts with this address, or with this id among those they have had."""
        with reading(self._engine) as conn:
            return captures.posts_called(conn, written)

    def quarantined(self, account_key: str | None = None) -> list[QuarantineRow]:
        """Records that could not be read, oldest first."""
        with reading(self._engine) as conn:
            return captures.quarantined(conn, account_key)

    def cursor(self, account_key: str, run_id: str) -> str | None:
        """Where the run's listing goes on; None where it has not begun or is through."""
        with reading(self._engine) as conn:
            return captures.cursor_of(conn, account_key, run_id)

    def clear_cursor(self, account_key: str, run_id: str) -> None:
        """Forget where the run's listing stood."""
        with writing(self._engine) as conn:
            captures.clear_cursor(conn, account_key, run_id)

    # --- pictures ---------------------------------------------------------------------------------------------------

    def note_pictures(self, places: Iterable[PicturePlace], *, run_id: str, at: datetime) -> int:
        """Queue pictures that were seen, each once for ever; returns how many are new.

        One that failed for a reason that may pass is queued again, up to three times, with the address seen now.
        """
        with writing(self._engine) as conn:
            return pictures.note(conn, places, run_id, at)

    def waiting_pictures(self, account_key: str, limit: int) -> list[PictureRow]:
        """Pictures of an account still to be fetched: avatar and banner first, then those seen last."""
        with reading(self._engine) as conn:
            return pictures.waiting(conn, account_key, limit)

    def pictures_tried(self, run_id: str) -> int:
        """How many pictures a run has asked for, in whichever process."""
        with reading(self._engine) as conn:
            return pictures.tried(conn, run_id)

    def keep_picture(self, place: PicturePlace, picture: KeptPicture, *, run_id: str, connector: str) -> str | None:
        """Store a fetched picture and seal it in the account's chain; returns the SHA-256 of what is kept there.

        None where the place waited no longer and nothing is kept there: its post was erased in the meantime.

        Raises:
            ArchiveError: the archive was opened without a store for pictures.
            FilesError: the store cannot be used; nothing is noted then.
        """
        self._files.put(picture.body)
        with writing(self._engine) as conn:
            return pictures.keep(conn, self._files, place, picture, run_id=run_id, connector=connector)

    def fail_picture(self, place: PicturePlace, status: str, *, run_id: str, at: datetime) -> None:
        """Note why a picture that waits could not be had: too_large, gone, not_an_image or unreachable."""
        with writing(self._engine) as conn:
            pictures.fail(conn, place, status, run_id=run_id, at=at)

    def pictures(self, account_keys: Sequence[str] | None = None) -> list[PictureRow]:
        """Every place a picture is shown at and what became of it."""
        with reading(self._engine) as conn:
            return pictures.rows(conn, account_keys)

    def picture_bytes(self, sha256: str) -> bytes | None:
        """The bytes of a kept picture; None where its file is missing or was changed. Raises FilesError."""
        return self._files.read(sha256)

    def unread_pictures(self, reader: str, version: str, account_keys: Sequence[str] | None = None) -> list[str]:
        """SHA-256 of the kept pictures that this version of a reader has not read."""
        with reading(self._engine) as conn:
            return pictures.unread(conn, reader, version, account_keys)

    def save_reading(self, sha256: str, reader: str, version: str, result: Mapping[str, Any], at: datetime) -> None:
        """Keep what a reader saw in a picture. What other versions saw stays."""
        with writing(self._engine) as conn:
            pictures.save_reading(conn, sha256, reader, version, result, at)

    @property
    def _files(self) -> MediaFiles:
        if self._media is None:
            raise ArchiveError("the archive was opened without a store for pictures; set CHAPTERWATCH_HOME")
        return self._media

    # --- runs and coverage ------------------------------------------------------------------------------------------

    def start_run(self, run_id: str, kind: str, period: str, at: datetime) -> None:
        """Open a run; a retry keeps its first start."""
        with writing(self._engine) as conn:
            runs.start(conn, run_id, kind, period, at)

    def finish_run(self, run_id: str, at: datetime) -> None:
        """Close a run. Raises ArchiveError if it was never started."""
        with writing(self._engine) as conn:
            runs.finish(conn, run_id, at)

    def add_reads(self, run_id: str, reads: int) -> None:
        """Add paid reads to a run's spend. Raises ArchiveError if it was never started."""
        with writing(self._engine) as conn:
            runs.add_reads(conn, run_id, reads)

    def runs(self, since: datetime | None = None) -> list[RunRow]:
        """Runs started since then, in order."""
        with reading(self._engine) as conn:
            return runs.runs(conn, since)

    def run(self, run_id: str) -> RunRow | None:
        """One run, or None where it was never started."""
        with reading(self._engine) as conn:
            return runs.run(conn, run_id)

    def add_coverage(self, rows: Iterable[Coverage]) -> None:
        """Store coverage; the last word on (run, account, asked) stands, unless it was seen in full before."""
        with writing(self._engine) as conn:
            runs.add_coverage(conn, rows)

    def coverage(
        self,
        account_keys: Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        asked: str | None = None,
    ) -> list[Coverage]:
        """Coverage whose window touches [since, until), by the time it was noted; with `asked`, of that question."""
        with reading(self._engine) as conn:
            return runs.coverage(conn, account_keys, since, until, asked)

    def coverage_of_run(self, run_id: str, account_key: str | None = None) -> list[Coverage]:
        """What one run could see, by account and question; with a key, of one account."""
        with reading(self._engine) as conn:
            return runs.coverage_of_run(conn, run_id, account_key)

    # --- frames -----------------------------------------------------------------------------------------------------

    def posts_frame(self, account_keys: Sequence[str] | None = None, *, erased: bool = False) -> pd.DataFrame:
        """One row per revision of every post; columns in docs/architecture.md, dtypes in `frames.POST_COLUMNS`.

        `bio` is the profile text read last when the revision was captured, else the first one read at all. Erased
        revisions are left out (nobody can judge an empty text) unless `erased`; then text, links, media and
        content_hash are empty.
        """
        with reading(self._engine) as conn:
            return frames.posts_frame(conn, account_keys, erased=erased)

    def noticed(self, account_keys: Sequence[str] | None = None) -> frozenset[tuple[str, str, datetime]]:
        """(account key, post, moment) of edits and disappearances that the platform gave no time for."""
        with reading(self._engine) as conn:
            return frames.noticed(conn, account_keys)

    def profiles_frame(self, account_keys: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per revision of every profile; columns in docs/architecture.md."""
        with reading(self._engine) as conn:
            return frames.profiles_frame(conn, account_keys)

    def linked_accounts(self, account_keys: Collection[str]) -> list[frozenset[str]]:
        """Groups of the accounts whose posts hang together in a thread; those that stand alone are left out."""
        with reading(self._engine) as conn:
            return threads.linked(conn, account_keys)

    # --- findings ---------------------------------------------------------------------------------------------------

    def save_findings(self, findings_: Iterable[Finding], *, at: datetime) -> None:
        """Insert or recompute by key; the time a finding was first made is kept, and a retired one is live again."""
        with writing(self._engine) as conn:
            findings.save(conn, findings_, at)

    def findings(
        self,
        chapter: str | None = None,
        account_key: str | None = None,
        *,
        retired: bool = False,
    ) -> list[Finding]:
        """Findings by the time they opened; retired ones only on request."""
        with reading(self._engine) as conn:
            return findings.load(conn, chapter=chapter, account_key=account_key, retired=retired)

    def findings_beginning(self, start: str) -> list[Finding]:
        """Findings whose key begins so, as reports print it, retired ones among them; by key."""
        with reading(self._engine) as conn:
            return findings.beginning(conn, start)

    def live_findings(self, account_keys: Sequence[str]) -> list[str]:
        """The keys of the accounts' findings that are not retired."""
        with reading(self._engine) as conn:
            return findings.live_keys(conn, account_keys)

    def first_found(self, keys: Sequence[str]) -> dict[str, datetime]:
        """When each finding was first made, by key."""
        with reading(self._engine) as conn:
            return findings.first_found(conn, keys)

    def retire_findings(self, keys: Sequence[str], at: datetime) -> int:
        """Mark findings a re-judging no longer makes; returns how many.

        Those about erased bodies stay, unless they are open and their post was shown again.
        """
        with writing(self._engine) as conn:
            return findings.retire(conn, keys, at)

    def post_counts(self, window: Window) -> Mapping[str, int]:
        """Account key -> posts created within a window, gone ones included."""
        with reading(self._engine) as conn:
            return counts.posts(conn, window)

    def finding_counts(self, window: Window, without: Collection[DispositionState]) -> Mapping[str, int]:
        """Account key -> findings about posts that came to stand in a window, less credits and those set aside."""
        with reading(self._engine) as conn:
            return counts.findings(conn, window, without)

    def sight(self, run_id: str, asked: Collection[str]) -> Mapping[str, Coverage]:
        """Account key -> what a run noted of it under one of these questions; of several, the worst."""
        with reading(self._engine) as conn:
            return counts.sight(conn, run_id, asked)

    def registered(self) -> Mapping[str, datetime]:
        """Account key -> when the archive first knew it."""
        with reading(self._engine) as conn:
            return counts.registered(conn)

    def open_mails(self, since: datetime) -> Mapping[tuple[DeliveryState, str], int]:
        """(state, recipient) -> mails claimed since then, less those of a report's earlier revisions."""
        with reading(self._engine) as conn:
            return counts.open_mails(conn, since)

    def save_tallies(self, rows: Iterable[Tally]) -> None:
        """Store denominators; the last word on (pack, rule, account) stands, and an account's earlier runs go."""
        with writing(self._engine) as conn:
            findings.save_tallies(conn, rows)

    def tallies(self, run_id: str) -> list[Tally]:
        """Denominators of one run, by account, pack and rule."""
        with reading(self._engine) as conn:
            return findings.tallies(conn, run_id)

    def remembered(self, account_keys: Sequence[str], subject_kind: str) -> tuple[pd.DataFrame, dict[str, Pattern]]:
        """What rules said before of the accounts' posts or profiles (`verdicts.COLUMNS`), and the patterns it names."""
        with reading(self._engine) as conn:
            return verdicts.load(conn, account_keys, subject_kind)

    def remember(self, patterns: Iterable[Pattern], rows: Sequence[Remembered]) -> None:
        """Keep what rules said of contents; what was remembered of the same revisions is replaced."""
        with writing(self._engine) as conn:
            verdicts.save(conn, patterns, rows)

    def latest_tallies(self, account_keys: Sequence[str]) -> list[Tally]:
        """For each account, the denominators of the last run that judged it."""
        with reading(self._engine) as conn:
            return findings.latest_tallies(conn, account_keys)

    def add_disposition(
        self,
        finding_key: str,
        state: DispositionState,
        note: str,
        author: str,
        at: datetime,
        author_role: str = "",
    ) -> None:
        """Append a person's decision. The finding must have been saved."""
        item = Disposition(
            finding_key=finding_key, state=state, note=note, author=author, author_role=author_role, at=at
        )
        with writing(self._engine) as conn:
            findings.add_disposition(conn, item)

    def follow_up(self, account_keys: Sequence[str], at: datetime) -> tuple[int, int]:
        """Note which findings of some accounts a re-fetch verified as mended and which it opened again; how many."""
        with writing(self._engine) as conn:
            return findings.follow_up(conn, account_keys, at)

    def dispositions(self, finding_keys: Sequence[str]) -> dict[str, tuple[Disposition, ...]]:
        """The decisions on each finding that has any, oldest first."""
        with reading(self._engine) as conn:
            return findings.dispositions(conn, finding_keys)

    def replies(self, finding_keys: Sequence[str]) -> dict[str, tuple[Reply, ...]]:
        """What was said of each finding that has a reply, oldest first, with what became of it."""
        with reading(self._engine) as conn:
            return replies.load(conn, finding_keys)

    def reply(self, key: str) -> Reply | None:
        """The reply of that key, or None."""
        with reading(self._engine) as conn:
            return replies.one(conn, key)

    def add_suppression(self, item: Suppression) -> int:
        """Store a suppression; returns its id."""
        with writing(self._engine) as conn:
            return suppressions.add(conn, item)

    def active_suppressions(self, at: datetime) -> list[Suppression]:
        """Suppressions made by then that have neither expired nor been ended."""
        with reading(self._engine) as conn:
            return suppressions.active(conn, at)

    def suppressions(self) -> list[Suppression]:
        """Every suppression in the order they were made, also those that are over."""
        with reading(self._engine) as conn:
            return suppressions.load(conn)

    # --- reports and mail -------------------------------------------------------------------------------------------

    def issue_report(
        self,
        chapter: str,
        period: str,
        inputs_hash: str,
        *,
        reason: str | None,
        at: datetime,
    ) -> ReportRow:
        """The row for these facts: the latest where its facts are the same, else a new revision from 1 up.

        Raises:
            ReportChanged: there is one with other facts and no reason was given.
        """
        with writing(self._engine) as conn:
            return ledger.issue_report(conn, chapter, period, inputs_hash, reason=reason, at=at)

    def latest_report(self, chapter: str, period: str) -> ReportRow | None:
        """The last revision issued for a month, or None."""
        with reading(self._engine) as conn:
            return ledger.latest_report(conn, chapter, period)

    def reports(self, chapter: str | None = None, period: str | None = None) -> list[ReportRow]:
        """Issued reports by period, chapter and revision."""
        with reading(self._engine) as conn:
            return ledger.reports(conn, chapter=chapter, period=period)

    def set_report_files(
        self,
        chapter: str,
        period: str,
        revision: int,
        *,
        pdf_path: str | None,
        html_path: str | None,
        pdf_sha256: str | None,
    ) -> ReportRow:
        """Note where a report's files lie. Raises ArchiveError where it was never issued."""
        files = {"pdf_path": pdf_path, "html_path": html_path, "pdf_sha256": pdf_sha256}
        with writing(self._engine) as conn:
            return ledger.set_report_files(conn, (chapter, period, revision), files)

    def keep_letter(self, chapter: str, period: str, revision: int, letter: str) -> None:
        """Keep what an issued report's mail says (JSON). The first word stands."""
        with writing(self._engine) as conn:
            ledger.keep_letter(conn, (chapter, period, revision), letter)

    def letter(self, chapter: str, period: str, revision: int) -> str | None:
        """What an issued report's mail says; None where it was issued before that was kept."""
        with reading(self._engine) as conn:
            return ledger.letter(conn, (chapter, period, revision))

    def claim_delivery(
        self, chapter: str, period: str, revision: int, recipient: str, message_id: str, at: datetime
    ) -> bool:
        """Take the right to send one mail, before sending it. True for exactly one caller.

        A deferred mail can be claimed again, by one caller; one that is claimed, sent, refused or unknown cannot.
        """
        key = (chapter, period, revision, ledger.mailbox(recipient))
        with writing(self._engine) as conn:
            return ledger.claim(conn, key, message_id, at)

    def settle_delivery(
        self,
        chapter: str,
        period: str,
        revision: int,
        recipient: str,
        state: DeliveryState,
        detail: str,
        at: datetime,
    ) -> None:
        """Say how a claimed or unknown mail ended.

        Raises:
            ArchiveError: no such mail is claimed or unknown.
        """
        key = (chapter, period, revision, ledger.mailbox(recipient))
        with writing(self._engine) as conn:
            ledger.settle(conn, key, state, detail, "", at)

    def abandon_claims(self, before: datetime) -> list[Delivery]:
        """Claims made before then belong to processes that died: they become unknown. Returns them."""
        with writing(self._engine) as conn:
            return ledger.abandon(conn, before)

    def bounce_delivery(
        self, chapter: str, period: str, revision: int, recipient: str, *, detail: str, final: bool, at: datetime
    ) -> bool:
        """Note what a notice says that came back: `bounced` where it is final, else a note; False if known already.

        Two notices are the same where their `detail` is.
        """
        key = (chapter, period, revision, ledger.mailbox(recipient))
        with writing(self._engine) as conn:
            return ledger.bounce(conn, key, detail, at, final=final)

    def deliveries(
        self, chapter: str | None = None, period: str | None = None, message_id: str | None = None
    ) -> list[Delivery]:
        """The mail ledger by period, chapter, revision and recipient."""
        with reading(self._engine) as conn:
            return ledger.deliveries(conn, chapter=chapter, period=period, message_id=message_id)

    def delivery_counts(self, period: str) -> dict[str, dict[DeliveryState, int]]:
        """How the mails of a month's latest revisions ended, by report (a chapter's id, or `rollup:...`) and state."""
        with reading(self._engine) as conn:
            return ledger.counts(conn, period)

    def delivery_events(self, chapter: str, period: str, revision: int, recipient: str) -> list[DeliveryEvent]:
        """Everything that happened to one mail, in order."""
        with reading(self._engine) as conn:
            return ledger.events(conn, (chapter, period, revision, ledger.mailbox(recipient)))

    # --- integrity --------------------------------------------------------------------------------------------------

    def heads(self, account_keys: Iterable[str] | None = None) -> dict[str, Head]:
        """The head of each account's chain, by account key in order."""
        with reading(self._engine) as conn:
            return chain.heads(conn, account_keys)

    def head_digest(self, account_keys: Iterable[str] | None = None) -> tuple[int, str]:
        """Captures of the accounts, and one SHA-256 over their heads: what a report prints."""
        return chain.digest(self.heads(account_keys))

    def witness_heads(self, chapter: str, period: str, revision: int, heads: Mapping[str, Head], at: datetime) -> None:
        """Keep the heads an issued report prints, and their digest on its row. The first word stands."""
        with writing(self._engine) as conn:
            verify.witness_heads(conn, (chapter, period, revision), heads, at)

    def witnessed_digest(self, chapter: str, period: str, revision: int) -> tuple[int, str]:
        """The digest a report should carry, made anew from today's captures, to hold beside the mailed PDF."""
        with reading(self._engine) as conn:
            return verify.digest_at(conn, (chapter, period, revision))

    def verify(
        self,
        account_keys: Iterable[str] | None = None,
        witnessed: Mapping[str, Head] | None = None,
    ) -> Verification:
        """Re-read and re-hash every capture and picture; `problems` names the first bad entry of each account."""
        with reading(self._engine) as conn:
            return verify.verify(conn, account_keys, witnessed, self._media)

    def proof(self, account_key: str, kind: str, subject_id: str) -> Proof | None:
        """The captures of one post or profile (`kind`) with the chain behind them; None where there is none."""
        with reading(self._engine) as conn:
            return proofs.proof(conn, account_key, kind, subject_id)

    def post_of(self, account_key: str, native_id: str) -> str:
        """The id a post keeps through its edits, asked for by any it has had; an unknown one comes back as it is."""
        with reading(self._engine) as conn:
            return captures.post_of(conn, account_key, native_id)

    def erase_body(
        self,
        account_key: str,
        native_id: str,
        *,
        reason: str,
        author: str,
        at: datetime,
        months: int | None = None,
        marked: Collection[str] = (),
    ) -> Receipt:
        """Remove everything kept of one post's body and leave a tombstone. Run `vacuum` afterwards.

        Its pictures go too, unless another post or profile shows them. `months`: it went for its age, so long after its
        last sight, which reports say. `marked`: hashes of its captures that brought an edit marked as one, which nobody
        can tell afterwards.

        Raises:
            ArchiveError: the archive knows no such post, or has pictures of it and no store to remove them from.
            FilesError: their store cannot be used; nothing is erased then.
        """
        with writing(self._engine) as conn:
            receipt, orphans = erasure.erase_body(conn, account_key, native_id, reason=reason, author=author, at=at)
            if months is not None and receipt.tombstone is not None:
                retention.note(conn, account_key, native_id, months, at)
            retention.note_marks(conn, account_key, marked)
            if orphans:
                pictures.sweep(self._files, orphans)
        return receipt

    def erased_posts(self, account_keys: Sequence[str] | None = None) -> list[tuple[str, str]]:
        """(account key, native id) of the posts whose body was erased."""
        with reading(self._engine) as conn:
            return erasure.erased_posts(conn, account_keys)

    def deleted_posts(self, account_keys: Sequence[str]) -> list[tuple[str, str]]:
        """(account key, native id) of the accounts' posts that are surely deleted and have a body left."""
        with reading(self._engine) as conn:
            return erasure.deleted_posts(conn, account_keys)

    # --- how long texts are kept ------------------------------------------------------------------------------------

    def kept_accounts(self) -> list[KeptAccount]:
        """Every account ever registered, as it was last registered."""
        with reading(self._engine) as conn:
            return retention.kept_accounts(conn)

    def aged_posts(self, account_key: str, before: datetime) -> list[AgedPost]:
        """An account's posts that have a text left and were last seen before then, the one seen longest ago first."""
        with reading(self._engine) as conn:
            return retention.aged(conn, account_key, before)

    def texts_left(self, account_key: str) -> int:
        """How many posts of an account have a text left."""
        with reading(self._engine) as conn:
            return retention.texts_left(conn, account_key)

    def open_posts(self, account_key: str) -> set[str]:
        """An account's posts with a finding that is not settled, or with an appeal nobody has decided."""
        with reading(self._engine) as conn:
            return retention.open_posts(conn, account_key)

    def happened(self, account_key: str) -> dict[str, list[datetime]]:
        """By post of an account, when findings about it ended, were decided about, or were replied to."""
        with reading(self._engine) as conn:
            return retention.happened(conn, account_key)

    def issued_periods(self, account_key: str, chapter: str) -> set[str]:
        """The months (`YYYY-MM`) whose issued report covers an account of that chapter."""
        with reading(self._engine) as conn:
            return retention.issued_periods(conn, account_key, chapter)

    def outlived(self, account_keys: Sequence[str]) -> list[Outlived]:
        """The accounts' posts whose text was erased for its age and has not been read again since."""
        with reading(self._engine) as conn:
            return retention.outlived(conn, account_keys)

    def marked_edits(self, account_keys: Sequence[str]) -> frozenset[str]:
        """Hashes of the accounts' erased captures that brought an edit marked as one."""
        with reading(self._engine) as conn:
            return retention.marked_edits(conn, account_keys)

    def holds(self, at: datetime) -> list[Hold]:
        """What must not be erased by itself then, by the oldest word first. Add and end them through `acts`."""
        with reading(self._engine) as conn:
            return holds.standing(conn, at)

    # --- the space of what was erased -------------------------------------------------------------------------------

    def vacuum(self) -> None:
        """Drop erased bytes from the database's files. Raises ArchiveError, with what to run later, where it cannot."""
        erasure.vacuum(self._engine)
