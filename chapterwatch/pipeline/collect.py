"""collect(): ask every account's platform, keep what it said, and say what could not be seen."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

import connectors
from chapterwatch import __version__, logs, metrics
from chapterwatch.archive import Archive, KnownPost, Recorded, RunRow
from chapterwatch.archive.cleaning import clean, unstorable
from chapterwatch.errors import (
    AccountGone,
    ConnectorError,
    CredentialsMissing,
    ExportRefused,
    FilesError,
    InvalidFiles,
    RateLimited,
    UnexpectedShape,
    UserError,
    place_of,
)
from chapterwatch.files import Files
from chapterwatch.model import (
    Access,
    Account,
    Connection,
    Coverage,
    Page,
    PostReading,
    PostState,
    ProfileReading,
    Quarantined,
    Seen,
    Window,
    same_handle,
)
from chapterwatch.pipeline import periods, rhythm
from chapterwatch.pipeline.capture import Gallery
from chapterwatch.registry import ASKED
from chapterwatch.reviews import Reviewed
from connectors.pictures import WebPictures, export_pictures

log = logging.getLogger(__name__)

#: More of a window than this vanishing at once is an access fault, not a chapter deleting its posts.
MASS_SHARE = 0.3
MASS_COUNT = 4

#: Doubts about a listing that was read to its end all the same: reading it again tomorrow would not lift them.
LISTED_WHOLE = frozenset({"quarantined", "platform_cap", "silent_account"})

#: What is noted last of an account: without one of these rows nobody has looked at its posts.
CLOSING = frozenset({"posts", "export", "review"})

#: Why the posts of an account were not seen in full whose reading nobody came back to end.
BROKEN_OFF = "broken_off"

#: Known posts looked up, and kept, at a time.
_LOOKED_UP = 100

CONNECTOR_VERSION = f"chapterwatch {__version__}"


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What one run did. Ids and counts only: it travels through Airflow's XCom and the logs."""

    run_id: str
    accounts: int = 0
    new: int = 0
    revised: int = 0
    quarantined: int = 0
    reads: int = 0
    seen: int = 0
    partial: int = 0
    unknown: int = 0
    #: Accounts a window limit stopped, and when the platform of each promised to answer again; None where it did not.
    waiting: tuple[str, ...] = ()
    resets: tuple[datetime | None, ...] = ()

    @property
    def resets_at(self) -> datetime | None:
        """When every platform that said so will answer again."""
        return max((moment for moment in self.resets if moment), default=None)

    def __add__(self, other: Collected) -> Collected:
        """Both runs' counts together."""
        return Collected(
            run_id=self.run_id,
            waiting=(*self.waiting, *other.waiting),
            resets=(*self.resets, *other.resets),
            **{name: getattr(self, name) + getattr(other, name) for name in _COUNTS},
        )


_COUNTS = ("accounts", "new", "revised", "quarantined", "reads", "seen", "partial", "unknown")


@dataclass(kw_only=True)
class Run:
    """One collecting run: what its accounts share."""

    archive: Archive
    run_id: str
    now: datetime
    connection_for: Callable[[str], Connection | None]
    #: Whether `now` is the clock's, which the platforms' are held against, and not a moment that somebody pretends.
    by_the_clock: bool = False
    #: Where exports are dropped: one folder per account.
    inbox: Files
    #: Paid reads this run may make in all, however many processes it is spread over and however often it is repeated.
    max_reads: int | None = None
    #: Pictures this run may fetch in all, likewise; 0 captures none.
    max_pictures: int = 0
    #: Reads only this window, whatever was covered before (ad-hoc audits).
    window: Window | None = None
    #: Account key -> what people reviewed of it by hand.
    reviews: Mapping[str, Reviewed] = field(default_factory=dict)

    @cached_property
    def started_at(self) -> datetime:
        """When this run began. Repeated or resumed it is later than that, and still the same run."""
        row = self.kept()
        return row.started_at if row else self.now

    def gallery(self, account: Account) -> Gallery:
        """The pictures of one account in this run."""
        return Gallery(
            archive=self.archive,
            account=account,
            run_id=self.run_id,
            now=self.now,
            connector=CONNECTOR_VERSION,
            limit=self.max_pictures,
        )

    def kept(self) -> RunRow | None:
        """What the archive knows of this run; None before it was started."""
        return self.archive.run(self.run_id)


def collect(
    run: Run,
    accounts: Iterable[Account],
    *,
    on_account: Callable[[Account, Collected], object] | None = None,
) -> Collected:
    """Collect every account once. One account's failure is its own coverage row and stops no other.

    An account this run has already seen is not asked again, so a repeated run asks only for what is missing. Where a
    platform shows many profiles in one answer, those of accounts whose turn comes later are read along.

    An error of Chapterwatch's own, too, costs only the account it came up with: that one is noted as not seen, and the
    first such error is raised when all others have been read.
    """
    chosen = [account for account in accounts if account.space != "private"]
    run.archive.register_accounts(chosen, run.now)
    run.archive.start_run(run.run_id, "collect", run.run_id.partition(":")[2], run.now)
    total = Collected(run_id=run.run_id)
    batch = _Batch(run, chosen)
    errors: list[Exception] = []
    for account in chosen:
        try:
            done = _collect_account(run, account, batch)
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, this account alone is to suffer from it
            done = _broken(run, account, batch, error)
            errors.append(error)
        total += done
        if on_account:
            on_account(account, done)
    if errors:
        raise errors[0]
    run.archive.finish_run(run.run_id, run.now)
    log.info(
        "%s: %d accounts asked",
        run.run_id,
        total.accounts,
        extra=logs.fields(run=run.run_id, step="collect", count=total.accounts),
    )
    return total


def _collect_account(run: Run, account: Account, batch: _Batch) -> Collected:
    if _is_done(_kept(run, account)):
        return Collected(run_id=run.run_id, accounts=1, seen=1)
    if account.access is Access.IMPORT:
        return _read_inbox(run, account)
    if account.access is Access.ATTESTED and account.key in run.reviews:
        return _note_review(run, account, run.reviews[account.key])
    if account.access not in ASKED:
        return _not_asked(run, account)
    return _ask(run, account, batch)


def _broken(run: Run, account: Account, batch: _Batch, error: Exception) -> Collected:
    """Note an account at which Chapterwatch itself broke: by kind and place, for the error's words may quote a post."""
    place = f"{type(error).__name__} in {place_of(error)}"
    log.error("account %s: %s", account.key, place, extra=_fields(run, account, UnexpectedShape.reason))
    detail = f"Reading it ended in an error of Chapterwatch's own ({place}); the log says more."
    if account.access is Access.IMPORT:
        return _without_export(run, account, UnexpectedShape.reason, detail, batch.tally(account))
    tally, window = batch.tally(account), batch.window(account)
    seen = Seen.PARTIAL if tally.posts else Seen.UNKNOWN
    _add_coverage(
        run, account, _coverage_row(run, account, "posts", seen, UnexpectedShape.reason, detail, window, tally)
    )
    return _counted(run, tally, seen)


def _kept(run: Run, account: Account) -> dict[str, Coverage]:
    """What this run has noted of an account, by what was asked."""
    return {row.asked: row for row in run.archive.coverage_of_run(run.run_id, account.key)}


def _is_done(kept: Mapping[str, Coverage]) -> bool:
    # A profile alone is no sight of the account: a run may have died before it came to the posts.
    return bool(kept.keys() & CLOSING) and all(row.seen is Seen.SEEN for row in kept.values())


# --- asking a platform ----------------------------------------------------------------------------------------------


class _Batch:
    """The accounts of one run of `collect`, and what came of asking for several profiles at once.

    A profile is kept as soon as it is read, whosever turn it is, so that a run that dies has not paid for nothing.
    An error waits for its account's turn, where it ends that account as it would have, had it been asked alone.
    """

    def __init__(self, run: Run, accounts: Sequence[Account]) -> None:
        self._run = run
        self._accounts = accounts
        self._place = {account.key: number for number, account in enumerate(accounts)}
        self._tallies: dict[str, _Tally] = {}
        self._asked: set[str] = set()
        self._read: set[str] = set()
        self._errors: dict[str, ConnectorError] = {}

    def window(self, account: Account) -> Window:
        """What is to be read of an account."""
        return self._run.window or _window_of(self._run, account)

    def tally(self, account: Account) -> _Tally:
        """An account's counts, which may begin before its turn."""
        if account.key not in self._tallies:
            self._tallies[account.key] = _begun(self._run, account)
        return self._tallies[account.key]

    def read_profile(self, account: Account, connector: connectors.Connector) -> None:
        """The account's profile, read with others where the platform allows it, and not twice where that is paid."""
        if account.key in self._read or _is_paid_for(account, _kept(self._run, account)):
            return
        if account.key not in self._asked:
            self._read_together(account, connector)
        if account.key in self._errors:
            raise self._errors[account.key]
        if account.key not in self._read:
            self._keep(account, connector.profile(account))

    def _read_together(self, account: Account, connector: connectors.Connector) -> None:
        if not isinstance(connector, connectors.ManyProfiles):
            return
        others = (other for other in self._accounts[self._place[account.key] :] if self._is_like(account, other))
        together = list(islice(others, connector.most_profiles))
        self._asked |= {other.key for other in together}
        said = connector.profiles(together) if len(together) > 1 else {}
        for other in together:
            found = said.get(other.key)
            if isinstance(found, ConnectorError):
                self._errors[other.key] = found
            elif found is not None:
                self._keep(other, found)

    def _is_like(self, account: Account, other: Account) -> bool:
        """Whether another account's profile is to be asked for by the same connector, and is not read yet."""
        same = (other.platform, other.connection) == (account.platform, account.connection)
        if not same or other.access not in ASKED or other.key in self._asked:
            return False
        kept = _kept(self._run, other)
        return not _is_done(kept) and not _is_paid_for(other, kept)

    def _keep(self, account: Account, profile: ProfileReading) -> None:
        _keep_profile(self._run, account, profile, self.window(account), self.tally(account))
        self._read.add(account.key)


def _is_paid_for(account: Account, kept: Mapping[str, Coverage]) -> bool:
    """Whether an earlier try of this run has paid for the account's profile.

    Where reading is free it is read again: what a profile says may decide what is made of the posts.
    """
    return _is_paid(account) and "profile" in kept


def _begun(run: Run, account: Account) -> _Tally:
    """An account's counts with what earlier tries of this run have paid for, and read of a listing to be gone on with.

    What a page could not read is not read again by whoever goes on behind it, and still lacks in the whole.
    """
    tally, kept = _Tally(gallery=run.gallery(account)), _kept(run, account)
    before = kept.get("posts")
    tally.paid_before = max(before.reads if before else 0, int(_is_paid_for(account, kept)))
    if before is not None and run.archive.cursor(account.key, run.run_id) is not None:
        tally.posts, tally.quarantined = before.posts_seen, before.quarantined
    return tally


def _ask(run: Run, account: Account, batch: _Batch) -> Collected:
    window, tally = batch.window(account), batch.tally(account)
    tally.window = window
    try:
        connector = _open(run, account)
        batch.read_profile(account, connector)
        _ask_posts(run, account, connector, window, tally)
        missing = _ask_known_posts(run, account, connector, window, tally)
        tally.silence = _silence(run, account, connector, tally)
        _fetch_pictures(run, account, tally)
    except ConnectorError as error:
        return _failed(run, account, window, tally, error)
    return _finished(run, account, window, tally, missing)


def _window_of(run: Run, account: Account) -> Window:
    return periods.reading_window(
        collect_from=account.collect_from,
        covered_until=_covered_until(run, account),
        overlap=periods.PAID_OVERLAP if _is_paid(account) else periods.FREE_OVERLAP,
        # A listing that is gone on with has shown nothing newer than its first page.
        now=run.started_at if run.archive.cursor(account.key, run.run_id) else run.now,
    )


def _covered_until(run: Run, account: Account) -> datetime | None:
    """How far the account was seen without a gap, from where it is to be read; an audit on request may lie beyond.

    A reading up to a moment that has not come was made by a clock that was wrong. It is not believed: else nothing
    would be read, and all be called seen, until that moment comes.
    """
    rows = [
        row
        for row in run.archive.coverage([account.key], asked="posts")
        if _listed_whole(row) and row.window.until <= run.now
    ]
    covered, reached = None, periods.first_instant(account.collect_from, run.now)
    for window in sorted((row.window for row in rows), key=lambda item: item.since):
        if window.since <= reached:
            covered = reached = max(reached, window.until)
    return covered


def _listed_whole(row: Coverage) -> bool:
    return row.seen is Seen.SEEN or (row.seen is Seen.PARTIAL and row.reason in LISTED_WHOLE)


def _is_paid(account: Account) -> bool:
    return connectors.manifests()[account.platform].price_per_read_usd > 0


def _open(run: Run, account: Account) -> connectors.Connector:
    row = run.kept() if run.max_reads is not None else None
    left = None if run.max_reads is None else max(run.max_reads - (row.reads if row else 0), 0)
    try:
        connection = run.connection_for(account.connection or "")
        if connection is None:
            raise CredentialsMissing.of(account.connection)
        dated = replace(connection, as_of=run.now if run.by_the_clock else None)
        return connectors.open_connector(dated, max_reads=left)
    except InvalidFiles:
        # The file of connections cannot be read at all: that is told once, with its lines.
        raise
    except UserError as error:
        # A person has to mend this connection; the accounts of all others are read meanwhile.
        what = " ".join(str(error).splitlines())
        log.warning("account %s: %s", account.key, what, extra=_fields(run, account, CredentialsMissing.reason))
        raise CredentialsMissing(what) from error


def _fetch_pictures(run: Run, account: Account, tally: _Tally) -> None:
    connection = run.connection_for(account.connection or "")
    if connection is not None:
        tally.gallery.fetch(WebPictures(connection))


def _keep_profile(run: Run, account: Account, profile: ProfileReading, window: Window, tally: _Tally) -> None:
    tally.gallery.see_profile(profile)
    _spend(run, account, tally, 1)
    run.archive.record_profile(
        account.key,
        profile,
        run_id=run.run_id,
        captured_at=run.now,
        connector=CONNECTOR_VERSION,
        unshown=connectors.never_shown(account.platform),
    )
    reason, detail = None, "The profile was read."
    if not same_handle(profile.handle, account.handle, account.native_id):
        # The account is followed by its id; only the registry has to be mended.
        reason = "renamed"
        detail += f" It is called @{profile.handle.lstrip('@')} now; the registry says @{account.handle.lstrip('@')}."
    _add_coverage(run, account, _coverage_row(run, account, "profile", Seen.SEEN, reason, detail, window))


def _ask_posts(
    run: Run,
    account: Account,
    connector: connectors.Connector,
    window: Window,
    tally: _Tally,
) -> None:
    cursor = run.archive.cursor(account.key, run.run_id)
    for page in connector.pages(account, window, cursor):
        tally.capped |= page.capped
        # Whoever goes on behind what was cut short would not know of it, so where reading is free it is begun anew.
        gone_on_with = not tally.capped or _is_paid(account)
        _keep(run, account, page if gone_on_with else replace(page, cursor=None), tally)


def _keep(
    run: Run, account: Account, page: Page, tally: _Tally, *, listing: bool = True, export_format: str | None = None
) -> None:
    page, left_out = _without_left_out(_without_unstorable(page))
    # Paid whether it can be kept or not.
    _spend(run, account, tally, page.reads)
    tally.quarantined += len(page.quarantined)
    tally.private += left_out["private"]
    tally.no_posts += left_out["not_a_post"]
    tally.posts += len(page.posts)
    recorded = run.archive.record_page(
        account.key,
        page,
        run_id=run.run_id,
        captured_at=run.now,
        connector=CONNECTOR_VERSION,
        moves_cursor=listing,
        unshown=connectors.never_shown(account.platform, export_format),
        so_far=_so_far(run, account, tally),
    )
    tally.gallery.see_posts(page.posts)
    tally.new += recorded.new
    tally.revised += recorded.revised
    _count_posts(account, recorded)


def _so_far(run: Run, account: Account, tally: _Tally) -> Coverage | None:
    """What stands of an account should the run die now; None for an export, which is read again from its beginning."""
    if tally.window is None:
        return None
    seen = Seen.PARTIAL if tally.posts else Seen.UNKNOWN
    detail = "Reading was broken off; what was read until then is kept."
    return _coverage_row(run, account, "posts", seen, BROKEN_OFF, detail, tally.window, tally)


def _count_posts(account: Account, recorded: Recorded) -> None:
    metrics.count("posts.captured", recorded.new, platform=account.platform)
    metrics.count("posts.revised", recorded.revised, platform=account.platform)
    metrics.count("posts.quarantined", recorded.quarantined, platform=account.platform)


def _spend(run: Run, account: Account, tally: _Tally, reads: int) -> None:
    # The run is one row for all tasks: whoever spends nothing must not make the others wait for it.
    if reads and _is_paid(account):
        metrics.count("reads.paid", reads, platform=account.platform)
        run.archive.add_reads(run.run_id, reads)
        tally.reads += reads


#: Records that are dropped before the archive, and counted: what is private, and what is no post by design.
_LEFT_OUT = frozenset({"private", "not_a_post"})


def _without_unstorable(page: Page) -> Page:
    """Posts whose id no database can hold are set aside: one of them must not cost the page it stands on.

    A place to go on from that cannot be kept is not: should the run die, the listing begins anew.
    """
    whys = [
        (post, next(filter(None, map(unstorable, (post.native_id, *post.version_ids))), None)) for post in page.posts
    ]
    kept = tuple(post for post, why in whys if why is None)
    aside = (
        Quarantined(where=f"post {post.native_id[:60]}", reason=f"its id {why}", raw=post.raw)
        for post, why in whys
        if why is not None
    )
    cursor = page.cursor if page.cursor is not None and page.cursor == clean(page.cursor) else None
    return replace(page, posts=kept, quarantined=(*page.quarantined, *aside), cursor=cursor)


def _without_left_out(page: Page) -> tuple[Page, Counter[str]]:
    kept = tuple(item for item in page.quarantined if item.reason not in _LEFT_OUT)
    return replace(page, quarantined=kept), Counter(item.reason for item in page.quarantined)


def _ask_known_posts(
    run: Run,
    account: Account,
    connector: connectors.Connector,
    window: Window,
    tally: _Tally,
) -> str | None:
    """Look again at posts that should have been shown and were not, and at those due for a re-check.

    Returns the reason word when too much vanished at once to believe it, else None.
    """
    known = run.archive.known_posts(account.key, window)
    absent = [post.native_id for post in known if post.last_seen_at < run.started_at and post.state != "deleted"]
    if tally.capped:
        absent = []
    if len(absent) >= MASS_COUNT and len(absent) > MASS_SHARE * len(known):
        _doubt(run, account, absent, "too many posts vanished at once")
        return "mass_vanishing"
    asked = list(dict.fromkeys([*absent, *_due(run, account)]))
    for start in range(0, len(asked), _LOOKED_UP):
        # What one part showed is kept, and counted where it is paid for, also should the next one fail.
        part = asked[start : start + _LOOKED_UP]
        page = connector.look_up(account, part)
        _keep(run, account, page, tally, listing=False)
        _note_unshown(run, account, part, page)
    if asked:
        detail = f"{_told(len(asked), 'known post was', 'known posts were')} looked at again."
        _add_coverage(run, account, _coverage_row(run, account, "known_posts", Seen.SEEN, None, detail, window))
    return None


def _note_unshown(run: Run, account: Account, asked: Iterable[str], page: Page) -> None:
    """Posts that were looked up and are neither shown nor said to be missing: private by now, or not readable."""
    told = {one for post in page.posts for one in (post.native_id, *post.version_ids)}
    told |= {item.native_id for item in page.missing}
    if unshown := [one for one in asked if one not in told]:
        _doubt(run, account, unshown, "looked up, and not shown to everybody or not readable")


def _doubt(run: Run, account: Account, posts: Sequence[str], why: str) -> None:
    """Note that of some posts nobody can tell whether they are still there."""
    run.archive.record_absences(account.key, posts, run_id=run.run_id, at=run.now, certainty="cannot_tell", detail=why)


def _due(run: Run, account: Account) -> list[str]:
    """Posts to look up though this night's listing does not reach them: re-check days, and open findings."""
    if run.window is not None:
        return []
    due = run.archive.due_for_recheck(account.key, run.now, periods.RECHECK_DAYS) if _is_paid(account) else []
    found = run.archive.findings(account_key=account.key)
    flagged = {item.subject_id for item in found if item.subject_kind == "post" and item.closed_at is None}
    ever = Window(since=datetime.min.replace(tzinfo=UTC), until=run.now)
    known = run.archive.known_posts(account.key, ever) if flagged else []
    unseen = [post.native_id for post in known if post.native_id in flagged and post.last_seen_at < run.started_at]
    return [*due, *unseen]


@dataclass(kw_only=True)
class _Tally:
    gallery: Gallery
    posts: int = 0
    new: int = 0
    revised: int = 0
    quarantined: int = 0
    #: Private posts dropped before the archive.
    private: int = 0
    #: Records of an export that are no posts (notices, reactions, lists of members).
    no_posts: int = 0
    reads: int = 0
    #: What earlier tries of the same run have paid for the account.
    paid_before: int = 0
    #: What of the account's time is asked of its platform; None for an export.
    window: Window | None = None
    capped: bool = False
    #: What an unusual silence makes of the reading.
    silence: tuple[Seen, str, str] | None = None


def _finished(run: Run, account: Account, window: Window, tally: _Tally, vanished: str | None) -> Collected:
    seen, reason, detail = _verdict_on_reading(tally, vanished)
    detail += tally.gallery.words
    _add_coverage(run, account, _coverage_row(run, account, "posts", seen, reason, detail, window, tally))
    run.archive.clear_cursor(account.key, run.run_id)
    return _counted(run, tally, seen)


def _verdict_on_reading(tally: _Tally, vanished: str | None) -> tuple[Seen, str | None, str]:
    if vanished:
        return (
            Seen.PARTIAL,
            vanished,
            "Many posts vanished at once, so access is doubted and nothing is called deleted.",
        )
    capped = "The platform shows only its newest posts; older ones were not reached." if tally.capped else ""
    silent = tally.silence[2] if tally.silence else ""
    if tally.quarantined:
        return Seen.PARTIAL, "quarantined", " ".join(filter(None, (_unread(tally.quarantined), capped, silent)))
    if tally.capped:
        return Seen.PARTIAL, "platform_cap", " ".join(filter(None, (capped, silent)))
    if tally.silence:
        return tally.silence
    return Seen.SEEN, None, f"{_told(tally.posts, 'post was', 'posts were')} read."


def _told(count: int, one: str, several: str) -> str:
    """A number with the words that go with it."""
    return f"{count} {one if count == 1 else several}"


def _unread(count: int) -> str:
    return _told(count, "record could not be read and is kept aside.", "records could not be read and are kept aside.")


def _silence(
    run: Run,
    account: Account,
    connector: connectors.Connector,
    tally: _Tally,
) -> tuple[Seen, str, str] | None:
    """What a silence against the account's own rhythm makes of the reading; None where there is none.

    An account is called quiet only after the platform has shown its newest known post once more: with that the access
    works. Else nobody can tell silence from being shut out.
    """
    reach = Window(since=run.now - rhythm.REACH, until=run.now)
    known = run.archive.known_posts(account.key, reach) if run.window is None else []
    silence = rhythm.silence_of((post.created_at for post in known), run.now)
    if silence is None:
        return None
    said = f"No post for {silence.quiet.days} days where one came every {_days(silence.usual.days)}; "
    if _shows_newest(run, account, connector, known, tally):
        return Seen.SEEN, "silent_account", said + "the newest known post is still shown, so the account is quiet."
    return Seen.PARTIAL, "silent_account", said + "whether it is quiet or we are shut out cannot be told."


def _days(count: int) -> str:
    return "day" if count <= 1 else f"{count} days"


def _shows_newest(
    run: Run,
    account: Account,
    connector: connectors.Connector,
    known: Sequence[KnownPost],
    tally: _Tally,
) -> bool:
    """Whether the platform shows, in this run, the newest post that is not known to be gone."""
    standing = [post for post in known if post.state in {PostState.PRESENT, PostState.EDITED}]
    if not standing:
        return False
    newest = max(standing, key=lambda post: post.created_at)
    if newest.last_seen_at >= run.started_at:
        return True
    try:
        page = connector.look_up(account, [newest.native_id])
    except ConnectorError as error:
        log.warning(
            "account %s: %s while its access was checked", account.key, error.reason, extra=_fields(run, account)
        )
        return False
    _keep(run, account, page, tally, listing=False)
    return any(newest.native_id in {post.native_id, *post.version_ids} for post in page.posts)


def _failed(run: Run, account: Account, window: Window, tally: _Tally, error: ConnectorError) -> Collected:
    log.warning("account %s: %s", account.key, error.reason, extra=_fields(run, account, error.reason))
    seen = Seen.PARTIAL if tally.posts else Seen.UNKNOWN
    resets_at = error.resets_at if isinstance(error, RateLimited) else None
    if isinstance(error, AccountGone):
        run.archive.mark_account_gone(account.key, run.run_id, run.now)
    _add_coverage(
        run, account, _coverage_row(run, account, "posts", seen, error.reason, str(error), window, tally, resets_at)
    )
    counted = _counted(run, tally, seen)
    if isinstance(error, RateLimited):
        return replace(counted, waiting=(account.key,), resets=(resets_at,))
    return counted


def _fields(run: Run, account: Account, reason: str | None = None) -> dict[str, str | int]:
    return logs.fields(
        run=run.run_id,
        step="collect",
        association=account.association,
        chapter=account.chapter,
        platform=account.platform,
        account=account.key,
        reason=reason,
    )


# --- exports and what is not asked ----------------------------------------------------------------------------------


def inbox_of(account: Account) -> str:
    """The folder of the inbox into which an account's exports are dropped."""
    return account.key.replace(":", "__")


def _read_inbox(run: Run, account: Account) -> Collected:
    try:
        with run.inbox.at_hand(inbox_of(account)) as files:
            if files:
                return read_exports(run, account, files)
    except FilesError as error:
        said = _fields(run, account, "unreachable")
        log.error("account %s: %s", account.key, error, extra=said)  # noqa: TRY400 - one line says it
        detail = "The store of dropped exports could not be read."
        return _without_export(run, account, "unreachable", detail, _Tally(gallery=run.gallery(account)))
    detail = f"No export lies in the inbox of this account; put one into inbox/{inbox_of(account)}."
    return _without_export(run, account, "no_export", detail, _Tally(gallery=run.gallery(account)))


def read_exports(
    run: Run,
    account: Account,
    paths: Sequence[Path],
    export_format: str | None = None,
    *,
    by_hand: bool = False,
) -> Collected:
    """Read export files into the archive, whatever their names the oldest first; reading them again adds nothing.

    Raises nothing for a bad record (quarantined and counted); a file that is no such export ends in the coverage row
    with the importer's own reason.

    Args:
        run: what reads them.
        account: whose exports they are.
        paths: files, or folders of unpacked ones.
        export_format: the importer's name; the account's own where it is left out.
        by_hand: whoever gave them is told at once that none is such an export, so nothing is noted of it.

    Raises:
        ExportRefused: given by hand, and none is such an export.
    """
    tally, refusals, times = _Tally(gallery=run.gallery(account)), [], []
    for path in _oldest_first(run, account, paths, export_format or account.export_format or ""):
        try:
            times += _read_export(run, account, path, export_format or account.export_format or "", tally)
        except ExportRefused as refusal:
            refusals.append(str(refusal))
    if not times:
        if by_hand and refusals:
            raise ExportRefused(" ".join(refusals))
        reason = "export_refused" if refusals else "export_empty"
        detail = " ".join(refusals) or "The export holds no post that could be read."
        return _without_export(run, account, reason, detail + _left_aside(tally), tally)
    window = _span_of(times, run.now)
    seen, reason_word, detail = _verdict_on_export(tally, refusals, window)
    detail += _later(sum(moment > run.now for moment in times))
    _add_coverage(run, account, _coverage_row(run, account, "export", seen, reason_word, detail, window, tally))
    return _counted(run, tally, seen)


def _span_of(times: Sequence[datetime], now: datetime) -> Window:
    """From the first to the last post. One dated later than now says nothing of how far an export reaches."""
    told = [moment for moment in times if moment <= now] or [now]
    return Window(since=min(told), until=max(told))


def _later(count: int) -> str:
    if not count:
        return ""
    return f" {_told(count, 'post is', 'posts are')} dated in the future."


#: What browsers write behind the name of a file that is there already.
_DOWNLOADED_AGAIN = re.compile(r"\((\d+)\)$")


def _oldest_first(run: Run, account: Account, paths: Sequence[Path], export_format: str) -> list[Path]:
    """Exports by their newest post, then by the time of the file, so that a later one's text stands.

    Files are copied within a second, people download slower: within one, the browser's number decides.
    """
    if len(paths) < 2:  # noqa: PLR2004 - one has no order
        return list(paths)

    def age(path: Path) -> tuple[datetime, int, int]:
        again = _DOWNLOADED_AGAIN.search(path.stem)
        return _newest_post(run, account, path, export_format), _time_of(path), int(again[1]) if again else 0

    return sorted(paths, key=age)


def _newest_post(run: Run, account: Account, path: Path, export_format: str) -> datetime:
    # Every export is read once more when it is kept: what an importer makes of it may depend on those before it.
    try:
        items = _items(run, account, path, export_format)
        return max((item.created_at for item in items if isinstance(item, PostReading)), default=_NO_POST)
    except ExportRefused:
        return _NO_POST


_NO_POST = datetime.min.replace(tzinfo=UTC)


def _time_of(path: Path) -> int:
    """When a file, or the newest of a folder, was written, in whole seconds."""
    files = (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return max((int(file.stat().st_mtime) for file in files if file.exists()), default=0)


#: Records of an export kept in one transaction.
_PART = 500


def _read_export(run: Run, account: Account, path: Path, export_format: str, tally: _Tally) -> list[datetime]:
    # Read whole before anything is kept: an export that is refused halfway leaves nothing behind.
    items = list(_items(run, account, path, export_format))
    for part in (items[start : start + _PART] for start in range(0, len(items), _PART)):
        for profile in (item for item in part if isinstance(item, ProfileReading)):
            tally.gallery.see_profile(profile)
            run.archive.record_profile(
                account.key,
                profile,
                run_id=run.run_id,
                captured_at=run.now,
                connector=CONNECTOR_VERSION,
                unshown=connectors.never_shown(account.platform, export_format),
            )
        posts = tuple(item for item in part if isinstance(item, PostReading))
        aside = tuple(item for item in part if isinstance(item, Quarantined))
        _keep(run, account, Page(posts=posts, quarantined=aside), tally, export_format=export_format)
    with export_pictures(path, account) as source:
        tally.gallery.fetch(source)
    return [item.created_at for item in items if isinstance(item, PostReading)]


def _items(
    run: Run, account: Account, path: Path, export_format: str
) -> Iterator[PostReading | ProfileReading | Quarantined]:
    importer = connectors.importer(export_format)
    if isinstance(importer, connectors.KnowsAgain):
        return importer.read_again(path, account, run.archive.known_media(account.key))
    return importer.read(path, account)


def _verdict_on_export(tally: _Tally, refusals: list[str], window: Window) -> tuple[Seen, str | None, str]:
    read = _told(tally.posts, "post was", "posts were")
    detail = f"{read} read from an export; it reaches to {window.until:%Y-%m-%d}."
    detail += _left_aside(tally) + tally.gallery.words
    if refusals:
        return Seen.PARTIAL, "export_refused", " ".join([detail, *refusals])
    return (Seen.PARTIAL, "quarantined", detail) if tally.quarantined else (Seen.SEEN, None, detail)


def _left_aside(tally: _Tally) -> str:
    private = f" {_told(tally.private, 'private post was', 'private posts were')} left out." if tally.private else ""
    no_posts = f" {_told(tally.no_posts, 'record was no post', 'records were no posts')}." if tally.no_posts else ""
    unread = f" {_unread(tally.quarantined)}" if tally.quarantined else ""
    return private + no_posts + unread


def _without_export(run: Run, account: Account, reason: str, detail: str, tally: _Tally) -> Collected:
    window = Window(since=run.now, until=run.now)
    _add_coverage(run, account, _coverage_row(run, account, "export", Seen.UNKNOWN, reason, detail, window, tally))
    return _counted(run, tally, Seen.UNKNOWN)


_NOT_ASKED = {
    Access.ATTESTED: ("attested", "This account is reviewed by hand; Chapterwatch does not read it."),
    Access.NONE: ("no_access", "There is no way in to this account yet."),
}


def _note_review(run: Run, account: Account, reviewed: Reviewed) -> Collected:
    """How far people reviewed by hand what nothing can read: coverage of its own kind."""
    noted = [row.window for row in run.archive.coverage([account.key], asked="review") if row.seen is Seen.SEEN]
    state = reviewed.state(run.now, noted)
    _add_coverage(
        run, account, _coverage_row(run, account, "review", state.seen, state.reason, state.detail, state.window)
    )
    return _counted(run, _Tally(gallery=run.gallery(account)), state.seen)


def _not_asked(run: Run, account: Account) -> Collected:
    reason, detail = _NOT_ASKED[account.access]
    window = Window(since=run.now, until=run.now)
    _add_coverage(run, account, _coverage_row(run, account, "posts", Seen.UNKNOWN, reason, detail, window))
    return Collected(run_id=run.run_id, accounts=1, unknown=1)


# --- keeping the facts ----------------------------------------------------------------------------------------------


def _add_coverage(run: Run, account: Account, row: Coverage) -> None:
    run.archive.add_coverage([row])
    if row.asked in CLOSING:
        _count_sight(account, row)


def _coverage_row(
    run: Run,
    account: Account,
    asked: str,
    seen: Seen,
    reason: str | None,
    detail: str,
    window: Window,
    tally: _Tally | None = None,
    resets_at: datetime | None = None,
) -> Coverage:
    return Coverage(
        run_id=run.run_id,
        account_key=account.key,
        asked=asked,
        seen=seen,
        reason=reason,
        detail=detail,
        window=window,
        at=run.now,
        posts_seen=tally.posts if tally else 0,
        quarantined=tally.quarantined if tally else 0,
        reads=tally.paid_before + tally.reads if tally else 0,
        resets_at=resets_at,
    )


def _count_sight(account: Account, row: Coverage) -> None:
    if row.seen is Seen.SEEN:
        metrics.count("accounts.seen", platform=account.platform)
        return
    metrics.count(f"accounts.{row.seen}", platform=account.platform, reason=row.reason or "")
    if row.reason == RateLimited.reason:
        metrics.count("rate_limit.hits", platform=account.platform)
        if row.resets_at is not None:
            metrics.timing("rate_limit.wait", row.resets_at - row.at, platform=account.platform)


def _counted(run: Run, tally: _Tally, seen: Seen) -> Collected:
    return Collected(
        run_id=run.run_id,
        accounts=1,
        new=tally.new,
        revised=tally.revised,
        quarantined=tally.quarantined,
        reads=tally.reads,
        seen=int(seen is Seen.SEEN),
        partial=int(seen is Seen.PARTIAL),
        unknown=int(seen is Seen.UNKNOWN),
    )
