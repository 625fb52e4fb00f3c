"""collect(): what a platform said is kept, what could not be seen is said, and neither is taken for the other."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.errors import ExportRefused, UserError
from chapterwatch.model import Connection, Coverage, Seen, Window
from chapterwatch.pipeline import Workplace, collect_night, import_file, night_counts, not_seen
from chapterwatch.pipeline.periods import night_before
from connectors.x import parse
from tests.pipeline.world import (
    FIRST_NIGHT,
    HARBOR,
    LAKESIDE,
    LIST,
    NOT_CONFIGURED,
    SEVERN,
    TOKEN,
    X_ARCHIVE,
    Asked,
    Fault,
    Reply,
    World,
    mistaken,
    night,
)

#: Old enough to lie in every window a test asks for, young enough not to be re-checked by age.
POSTED = FIRST_NIGHT - timedelta(hours=10)
GONE = {"title": "Not Found Error", "detail": "User has been suspended: [2001].", "resource_type": "user"}


def about(account: str, reply: Reply, *, listing_only: bool = False) -> Fault:
    """X answers so, whatever is asked of this account."""
    return lambda asked: reply if asked.account == account and (asked.lists or not listing_only) else None


def only_page(number: str, reply: Reply) -> Fault:
    """X answers so to one page of a listing."""
    return lambda asked: reply if asked.lists and asked.query.get("pagination_token", "0") == number else None


def verdict(row: Coverage) -> tuple[Seen, str | None]:
    """How much was seen, and why not all."""
    return row.seen, row.reason


def fill(world: World, count: int, account: str = "2001") -> None:
    """X shows so many posts of the last hours."""
    for number in range(count):
        world.x.shows(account, str(100 + number), f"Post {number}", POSTED + timedelta(minutes=number))


# --- what goes well -------------------------------------------------------------------------------------------------


def test_a_night_keeps_posts_and_profile(world: World) -> None:
    """Posts and profile are captured, and the coverage row says that all was seen."""
    fill(world, 3)
    done = world.collect(0)

    assert (1, 3, 0, 1) == (done.accounts, done.new, done.revised, done.seen)
    assert ["Post 0", "Post 1", "Post 2"] == sorted(world.archive.posts_frame()["text"])
    assert ["We meet on Mondays"] == list(world.archive.profiles_frame()["bio"])
    assert (Seen.SEEN, None) == verdict(world.coverage(0))
    assert 3 == world.coverage(0).posts_seen


def test_a_silent_page_of_no_posts_is_seen(light: World) -> None:
    """The near-miss of every failure below: X says in so many words that there are none."""
    light.collect(0)

    assert (Seen.SEEN, None, 0) == (*verdict(light.coverage(0)), light.coverage(0).posts_seen)


def test_a_repeated_run_asks_and_adds_nothing(world: World) -> None:
    """The same night again: whoever was seen is not asked, and no row is added."""
    fill(world, 3)
    world.collect(0)
    before, asked = world.counts(), len(world.x.asked)
    done = world.collect(0)

    assert before == world.counts()
    assert asked == len(world.x.asked)
    assert (1, 0, 1) == (done.accounts, done.new, done.seen)


def test_the_same_posts_on_another_night_add_nothing(world: World) -> None:
    """Being seen again is no capture."""
    fill(world, 3)
    world.collect(0)
    before = world.counts()
    world.collect(1)

    assert before == world.counts()
    assert (Seen.SEEN, None) == verdict(world.coverage(1))


def test_an_edit_is_a_revision(world: World) -> None:
    """Another text under the same id is kept beside the first."""
    fill(world, 1)
    world.collect(0)
    world.x.shows("2001", "100", "Post 0, mended", POSTED)
    done = world.collect(1)

    assert (0, 1) == (done.new, done.revised)
    assert ["Post 0", "Post 0, mended"] == list(world.archive.posts_frame()["text"])


def test_a_private_space_is_never_asked(light: World) -> None:
    """Not asked, not registered, no coverage row that would look like an attempt."""
    done = light.collect(0, "x:2009")

    assert 0 == done.accounts
    assert [] == light.x.asked
    assert [] == light.archive.coverage(["x:2009"])


# --- what goes wrong is said ----------------------------------------------------------------------------------------


def test_a_missing_connection_is_unknown_and_nothing_is_sent(light: World) -> None:
    """No connection: nothing could be looked at, and that is what stands there."""
    light.workplace.connection_for = {}.get
    done = light.collect(0)

    assert (Seen.UNKNOWN, "credentials_missing") == verdict(light.coverage(0))
    assert NOT_CONFIGURED == light.coverage(0).detail
    assert (0, 1) == (done.seen, done.unknown)
    assert [] == light.x.asked


def test_a_connection_with_a_mistake_in_it_stops_no_other_account(
    light: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Its own account was not looked at, and the complaint says where to mend it; the rest of the batch is read."""
    complaint = mistaken(light, LAKESIDE)
    done = light.collect(0, LAKESIDE, HARBOR, SEVERN)

    assert (Seen.UNKNOWN, "credentials_missing") == verdict(light.coverage(0))
    assert complaint == light.coverage(0).detail
    assert f"account {LAKESIDE}: {complaint}" in caplog.messages
    assert (2, 1) == (done.seen, done.unknown)
    assert {"2002", "2003"} <= {asked.account for asked in light.x.asked}


def test_an_option_a_platform_does_not_know_stops_no_other_account(light: World) -> None:
    """What opening a connector complains of is a mistake in one connection too."""
    one = light.workplace.connection_for("x_demo")
    assert one is not None
    mistaken(light, LAKESIDE)
    known = {"x_demo": one, "x_mistyped": replace(one, id="x_mistyped", options={"page": "many"})}
    light.workplace.connection_for = known.get
    done = light.collect(0, LAKESIDE, HARBOR)

    assert (Seen.UNKNOWN, "credentials_missing") == verdict(light.coverage(0))
    assert light.coverage(0).detail.startswith("connection x_mistyped: unknown option 'page'; x knows")
    assert (1, 1) == (done.seen, done.unknown)


def test_an_error_of_our_own_stops_no_other_account(
    light: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is noted as not seen, the others are read, and only then it is raised; asked again it alone is asked."""
    fill(light, 1, "2002")
    read = parse.listing

    def broken(body: bytes, *rest: Any) -> Any:
        if b'"2001"' in body or b"Post 0" not in body:
            raise TypeError("Dana wrote this")
        return read(body, *rest)

    monkeypatch.setattr(parse, "listing", broken)
    with pytest.raises(TypeError):
        light.collect(0, LAKESIDE, HARBOR)

    assert (Seen.UNKNOWN, "unexpected_shape") == verdict(light.coverage(0))
    assert light.coverage(0).detail.startswith("Reading it ended in an error of Chapterwatch's own (TypeError in ")
    assert (Seen.SEEN, 1) == (light.coverage(0, key=HARBOR).seen, light.coverage(0, key=HARBOR).posts_seen)
    assert not any("Dana" in message for message in [*caplog.messages, light.coverage(0).detail])
    monkeypatch.undo()
    assert (2, 2) == (light.collect(0, LAKESIDE, HARBOR).accounts, light.collect(0, LAKESIDE, HARBOR).seen)


SUSPENDED = Reply({"errors": [GONE]})


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply({"title": "Unauthorized", "status": 401}, 401), "credentials_rejected"),
        (Reply({"title": "Too Many Requests"}, 429), "rate_limited"),
        (Reply({"title": "Service Unavailable"}, 503), "unreachable"),
        (Reply(b"<html><body>Please log in</body></html>", 200, {"Content-Type": "text/html"}), "unexpected_shape"),
        (Reply(b'{"data": [{"id": "100", "text": "Po'), "unexpected_shape"),
        (Reply(b""), "unexpected_shape"),
        (Reply({"meta": {}}), "unexpected_shape"),
        (SUSPENDED, "account_gone"),
        (Reply({"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}, 429), "quota_spent"),
    ],
    ids=["revoked", "429", "5xx", "html", "truncated", "empty", "no data", "suspended", "cap"],
)
@pytest.mark.parametrize("listing_only", [False, True], ids=["profile", "listing"])
def test_a_failure_is_a_coverage_row_and_never_no_posts(
    light: World, reply: Reply, reason: str, listing_only: bool
) -> None:
    """Each failure is unknown with its own word, wherever it strikes; posts known before stay as they were."""
    fill(light, 2)
    light.collect(0)
    light.x.fault = about("2001", reply, listing_only=listing_only)
    done = light.collect(1)

    assert (Seen.UNKNOWN, reason) == verdict(light.coverage(1))
    assert (0, 0, 1) == (done.seen, done.partial, done.unknown)
    assert "deleted" not in light.states().values()
    assert "" != light.coverage(1).detail


def test_a_failure_names_no_token(light: World) -> None:
    """A coverage row is printed; whatever X echoes of the token stays out of it."""
    light.x.fault = about("2001", Reply({"title": "Unauthorized", "detail": "Bearer invented-token-1a2b3c"}, 401))
    light.collect(0)

    assert "invented-token" not in light.coverage(0).detail


def test_one_accounts_failure_stops_no_other(world: World) -> None:
    """The first account fails, the second is read, and both are told apart."""
    fill(world, 2)
    world.x.shows("2002", "300", "Harbor is fine", POSTED)
    world.x.fault = about("2001", Reply(b"<html>"))
    done = world.collect(0, LAKESIDE, HARBOR)

    assert (2, 1, 1) == (done.accounts, done.seen, done.unknown)
    assert (Seen.SEEN, None) == verdict(world.coverage(0, key=HARBOR))
    assert ["Harbor is fine"] == list(world.archive.posts_frame([HARBOR])["text"])
    counts = night_counts(world.workplace, night_before(night(0)))
    assert {"night": "2026-10-04", "seen": 1, "partial": 0, "unknown": 1} == counts
    assert [LAKESIDE] == [row.account_key for row in not_seen(world.workplace, "nightly:2026-10-04")]


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        (date(2026, 10, 5), "2026-10-05 is not over; the last day to report on is 2026-10-04"),
        (date(2027, 1, 1), "2027-01-01 is not over"),
        (date(2026, 6, 30), "no account is read from before 2026-07-05; give a day from then to 2026-10-04"),
    ],
)
def test_only_a_night_that_was_can_be_collected(light: World, day: date, complaint: str) -> None:
    """Collected early it would count as seen when it comes; before anything is read there is nothing to see."""
    fill(light, 2)
    with pytest.raises(UserError, match=complaint):
        collect_night(light.at(night(0)).workplace, day, [LAKESIDE])

    assert ([], {}) == (light.archive.runs(), light.states())


def test_a_suspended_account_takes_its_posts_along_and_gives_them_back(world: World) -> None:
    """Its posts went with it, nobody deleted them; when it comes back they are there as before."""
    fill(world, 2)
    world.collect(0)
    world.x.fault = about("2001", SUSPENDED)
    world.collect(1)
    gone = world.states()
    world.x.fault = lambda _: None
    world.collect(2)

    assert {"100": "account_gone", "101": "account_gone"} == gone
    assert {"100": "present", "101": "present"} == world.states()


# --- limits ---------------------------------------------------------------------------------------------------------


def limited(resets_at: datetime | None) -> Reply:
    """X's 429, with or without the instant of its reset."""
    headers = {"x-rate-limit-reset": str(int(resets_at.timestamp()))} if resets_at else {}
    return Reply({"title": "Too Many Requests"}, 429, {"Date": "Mon, 05 Oct 2026 02:15:00 GMT", **headers})


def test_a_limit_with_a_reset_waits_and_the_repeated_run_asks_only_what_is_missing(world: World) -> None:
    """The reset is kept; the run repeated after it asks the limited account alone."""
    fill(world, 2)
    reset = FIRST_NIGHT + timedelta(minutes=9)
    world.x.fault = about("2001", limited(reset))
    first = world.collect(0, LAKESIDE, HARBOR)
    row = world.coverage(0)
    world.x.fault, world.x.asked = (lambda _: None), []
    second = world.collect(0, LAKESIDE, HARBOR)

    assert ((LAKESIDE,), reset) == (first.waiting, first.resets_at)
    assert (Seen.UNKNOWN, "rate_limited", reset) == (*verdict(row), row.resets_at)
    assert {"2001"} == {asked.account for asked in world.x.asked}
    assert ((), None, 2) == (second.waiting, second.resets_at, second.seen)
    assert (Seen.SEEN, None) == verdict(world.coverage(0))


def test_a_limit_without_a_reset_waits_without_a_promise(light: World) -> None:
    """Nobody said until when, so nothing is made up."""
    light.x.fault = about("2001", limited(None))
    done = light.collect(0)

    assert ((LAKESIDE,), None) == (done.waiting, done.resets_at)
    assert light.coverage(0).resets_at is None


def test_two_limited_accounts_wait_for_the_later_reset(light: World) -> None:
    """A batch is worth repeating when all of it may be asked again."""
    early, late = FIRST_NIGHT + timedelta(minutes=5), FIRST_NIGHT + timedelta(minutes=15)
    replies = {"2001": limited(late), "2002": limited(early)}
    light.x.fault = lambda asked: replies.get(asked.account)
    done = light.collect(0, LAKESIDE, HARBOR)

    assert ((LAKESIDE, HARBOR), late) == (done.waiting, done.resets_at)
    assert (late, early) == done.resets


def test_paging_that_fails_half_way_keeps_what_it_read_and_goes_on_from_there(world: World) -> None:
    """Two pages came, the third did not: partial. The repeated run asks for the third and completes it."""
    fill(world, 6)
    world.x.page_size = 2
    world.x.fault = only_page("4", Reply({"title": "Service Unavailable"}, 503))
    world.collect(0)
    row, kept = world.coverage(0), len(world.states())
    world.x.fault, world.x.asked = (lambda _: None), []
    world.collect(0)
    pages = [asked.query.get("pagination_token") for asked in world.x.asked if asked.lists]

    assert (Seen.PARTIAL, "unreachable", 4) == (*verdict(row), row.posts_seen)
    assert (4, 6) == (kept, len(world.states()))
    assert ["4"] == pages
    assert (Seen.SEEN, None) == verdict(world.coverage(0))


def test_what_the_first_half_could_not_read_is_told_when_the_second_was_clean(world: World) -> None:
    """The repeated run reads only what is left; a record kept aside before still lacks in the sum."""
    fill(world, 6)
    world.x.shows("2001", "105", "Post 5", POSTED, created_at=f"{POSTED:%Y-%m-%dT%H}:tea")
    world.x.page_size = 2
    world.x.fault = only_page("2", Reply({"title": "Service Unavailable"}, 503))
    world.collect(0)
    world.x.fault = lambda _: None
    world.collect(0)

    row = world.coverage(0)
    assert (Seen.PARTIAL, "quarantined") == verdict(row)
    assert (5, 1) == (row.posts_seen, row.quarantined)


def unreadable(world: World) -> None:
    """Six posts on three pages; the newest, on the first page, is one nobody can read."""
    fill(world, 6)
    world.x.shows("2001", "105", "Post 5", POSTED, created_at=f"{POSTED:%Y-%m-%dT%H}:tea")
    world.x.page_size = 2


def page(number: str) -> Callable[[Asked], bool]:
    """Whether X is asked for that page of a listing."""
    return lambda asked: asked.lists and asked.query.get("pagination_token", "0") == number


def test_what_a_killed_process_could_not_read_is_told_by_the_one_that_goes_on(light: World) -> None:
    """Killed between two pages: what was read stands there as part of the account, and still lacks in the end."""
    unreadable(light)
    light.killed(0, page("2"), LAKESIDE)
    left = light.coverage(0)
    light.x.asked = []
    light.collect(0)
    row = light.coverage(0)

    assert (Seen.PARTIAL, "broken_off", 1, 1) == (*verdict(left), left.posts_seen, left.quarantined)
    assert ["2", "4"] == [asked.query.get("pagination_token") for asked in light.x.asked if asked.lists]
    assert (Seen.PARTIAL, "quarantined", 5, 1) == (*verdict(row), row.posts_seen, row.quarantined)


def test_a_try_that_never_came_to_the_posts_forgets_nothing_of_the_one_before(light: World) -> None:
    """One page, then nothing, then no connection at all, then the rest: the record of the first page still lacks."""
    unreadable(light)
    light.x.fault = only_page("2", Reply({"title": "Service Unavailable"}, 503))
    light.collect(0)
    mended, light.workplace.connection_for = light.workplace.connection_for, {}.get
    light.collect(0)
    between = light.coverage(0)
    light.workplace.connection_for, light.x.fault = mended, lambda _: None
    light.collect(0)

    assert (Seen.PARTIAL, "credentials_missing", 1) == (*verdict(between), between.quarantined)
    assert (Seen.PARTIAL, "quarantined", 1) == (*verdict(light.coverage(0)), light.coverage(0).quarantined)


@pytest.mark.parametrize("when", [page("0"), page("2")], ids=["after the profile", "after a page"])
def test_what_a_killed_process_has_paid_for_is_counted(light: World, when: Callable[[Asked], bool]) -> None:
    """The account's row says what the whole run has paid for it: the killed try and the one that ended it."""
    fill(light, 6)
    light.x.page_size = 2
    light.killed(0, when, LAKESIDE)
    light.collect(0)
    [run] = light.archive.runs()

    assert (7, 7) == (run.reads, light.coverage(0).reads)


def test_known_posts_that_were_looked_up_are_kept_and_counted_when_the_rest_is_refused(light: World) -> None:
    """A hundred of them are asked for at once: what the first hundred showed and cost stands, whatever comes next."""
    posted = FIRST_NIGHT - timedelta(days=29)
    for number in range(150):
        light.x.shows("2001", str(1000 + number), "Post", posted + timedelta(minutes=number))
    light.collect(0)
    asked_for: list[int] = []

    def refused(asked: Asked) -> Reply | None:
        if asked.account or asked.many:
            return None
        asked_for.append(len(asked.query["ids"].split(",")))
        return limited(None) if len(asked_for) > 1 else None

    light.x.fault = refused
    light.collect(2)
    [_, second] = light.archive.runs()
    known = light.archive.known_posts(LAKESIDE, Window(since=posted, until=FIRST_NIGHT))

    assert [100, 50] == asked_for
    assert 100 == sum(one.last_seen_at == night(2) for one in known)
    assert (101, 101) == (second.reads, light.coverage(2).reads)


def test_a_list_that_was_cut_short_is_told_when_the_one_behind_it_is_gone_on_with(light: World) -> None:
    """Threads repeats itself among the posts, and refuses the replies at first: read to their end they hide no gap."""
    path = light.workplace.settings.registry
    ours = '{platform: x, native_id: "2003", handle: ala_severn, space: official, access: public_api,'
    path.write_text(path.read_text().replace(ours, ours.replace("platform: x", "platform: threads")))
    options = {"replies": "true", "attempts": "1"}
    secrets = {"access_token": TOKEN}
    one = Connection(id="t", platform="threads", base_url=light.x.url, secrets=secrets, options=options)
    light.workplace.connection_for = {"x_demo": one}.get
    post = {"id": "1", "text": "Post", "media_type": "TEXT_POST", "timestamp": f"{POSTED:%Y-%m-%dT%H:%M:%S}+0000"}
    same = {"data": [post], "paging": {"cursors": {"after": "a"}, "next": "https://graph.threads.net/x?after=a"}}
    answers = {"threads": Reply(same), "replies": Reply({}, 503), "2003": Reply({"id": "2003", "username": "severn"})}
    light.x.fault = lambda asked: answers[asked.path.rpartition("/")[2]]
    light.collect(0, "threads:2003")
    before = light.coverage(0, key="threads:2003")
    answers["replies"] = Reply({"data": []})
    light.collect(0, "threads:2003")

    assert (Seen.PARTIAL, "unreachable") == verdict(before)
    assert (Seen.PARTIAL, "platform_cap") == verdict(light.coverage(0, key="threads:2003"))


def test_of_two_processes_the_one_that_fails_does_not_undo_what_the_other_has_seen(world: World) -> None:
    """One that was taken for dead goes on half-way, while the one in its place reads the night to its end."""
    fill(world, 6)
    world.x.page_size = 2
    other = World(Workplace(world.workplace.settings, world.workplace.connection_for), world.x)

    def overtaken(asked: Asked) -> Reply | None:
        if not page("2")(asked):
            return None
        world.x.fault = lambda _: None
        other.collect(0)
        return Reply({"title": "Unauthorized", "status": 401}, 401)

    world.x.fault = overtaken
    world.collect(0)
    other.archive.close()

    assert 6 == len(world.states())
    assert (Seen.SEEN, None) == verdict(world.coverage(0))
    assert 6 == world.coverage(0).posts_seen


def test_a_half_read_night_is_made_up_for_by_the_next(world: World) -> None:
    """A night that was partly read does not count as covered: the next one asks for its window again."""
    fill(world, 6)
    world.x.page_size = 2
    world.x.fault = only_page("2", Reply(b"<html>"))
    world.collect(0)
    kept = len(world.states())
    world.x.fault = lambda _: None
    world.collect(1)

    assert (2, 6) == (kept, len(world.states()))
    assert (Seen.SEEN, None) == verdict(world.coverage(1))
    assert {"present"} == set(world.states().values())


def test_the_spend_cap_is_shared_by_the_accounts_of_a_connection(light: World) -> None:
    """What the first account spends the second no longer has, and it says so instead of looking quiet."""
    fill(light, 10)
    light.x.shows("2002", "300", "Harbor", POSTED)
    light.at(night(0), max_reads=12)
    done = light.collect(0, LAKESIDE, HARBOR)

    assert (Seen.SEEN, None) == verdict(light.coverage(0))
    assert (Seen.UNKNOWN, "quota_spent") == verdict(light.coverage(0, key=HARBOR))
    assert (1, 1) == (done.seen, done.unknown)


def test_the_spend_cap_cuts_a_listing_short_and_says_so(light: World) -> None:
    """What was paid for is kept; the rest is not seen."""
    fill(light, 30)
    light.x.page_size = 10
    light.at(night(0), max_reads=15)
    light.collect(0)

    row = light.coverage(0)
    assert (Seen.PARTIAL, "quota_spent") == verdict(row)
    assert 10 <= row.posts_seen <= 15
    assert row.posts_seen == len(light.states())
    assert len([asked for asked in light.x.asked if asked.lists]) <= 2


def test_the_spend_cap_holds_over_a_repeated_run(light: World) -> None:
    """A run is one run however often it is repeated: what it has spent is not there again."""
    fill(light, 30)
    light.x.page_size = 10
    light.at(night(0), max_reads=15)
    light.collect(0)
    light.collect(0)
    [run] = light.archive.runs()

    assert 0 < run.reads <= 15


def test_reading_a_profile_is_paid_for(light: World) -> None:
    """X charges for a profile as for a post: both count towards the cap and stand in the run's spend."""
    fill(light, 10)
    light.at(night(0), max_reads=15)
    light.collect(0, LAKESIDE, HARBOR)

    assert 11 == light.coverage(0).reads
    assert [12] == [run.reads for run in light.archive.runs()]
    assert (Seen.UNKNOWN, "quota_spent") == verdict(light.coverage(0, key=HARBOR))


def test_a_run_that_died_after_the_profile_has_not_seen_the_account(world: World) -> None:
    """The process was killed between profile and posts: the repeated run asks, and until then nothing is seen."""
    fill(world, 2)
    profile_only = Coverage(
        run_id="nightly:2026-10-04",
        account_key=LAKESIDE,
        asked="profile",
        seen=Seen.SEEN,
        reason=None,
        detail="The profile was read.",
        window=Window(since=POSTED, until=FIRST_NIGHT),
        at=FIRST_NIGHT,
    )
    world.archive.register_accounts([world.workplace.registry.account(LAKESIDE)], FIRST_NIGHT)
    world.archive.add_coverage([profile_only])
    before = night_counts(world.workplace, night_before(night(0)))
    done = world.collect(0)

    assert (0, 1) == (before["seen"], before["unknown"])
    assert 2 == done.new
    assert (Seen.SEEN, None) == verdict(world.coverage(0))


def test_a_resumed_listing_does_not_doubt_what_its_first_half_saw(world: World) -> None:
    """The run goes on nine minutes later: posts of the pages read before are not taken for vanished."""
    fill(world, 12)
    world.collect(0)
    world.x.page_size = 2
    world.x.fault = only_page("8", limited(None))
    world.collect(1)
    world.x.fault, world.x.asked = (lambda _: None), []
    world.collect(1, minutes=9)

    assert [] == [asked for asked in world.x.asked if not asked.account]
    assert (Seen.SEEN, None) == verdict(world.coverage(1))
    assert {"present"} == set(world.states().values())


# --- what vanishes --------------------------------------------------------------------------------------------------


def test_a_deletion_needs_two_nights(world: World) -> None:
    """One night without the post may be a hiccup; the second makes it a deletion, as of the first."""
    fill(world, 5)
    world.collect(0)
    world.x.removes("2001", "102")
    world.collect(1)
    once = world.states()["102"]
    world.collect(2)
    frame = world.archive.posts_frame([LAKESIDE]).set_index("subject_id")

    assert ("cannot_tell", "deleted") == (once, frame.loc["102", "state"])
    assert night(1) == frame.loc["102", "valid_until"]
    assert "present" == frame.loc["101", "state"]


def test_a_post_that_is_back_the_second_night_was_never_deleted(light: World) -> None:
    """The near-miss: the doubt is gone with the post's being seen."""
    fill(light, 5)
    light.collect(0)
    kept = light.x.posts["2001"].pop("102")
    light.collect(1)
    light.x.posts["2001"]["102"] = kept
    light.collect(2)

    assert {"present"} == set(light.states().values())


def test_the_same_night_repeated_is_no_second_night(light: World) -> None:
    """A deletion needs two days, not two runs."""
    fill(light, 5)
    light.collect(0)
    light.x.removes("2001", "102")
    light.x.fault = about("2002", Reply(b"<html>"))
    light.collect(1, LAKESIDE, HARBOR)
    light.collect(1, LAKESIDE, HARBOR)

    assert "cannot_tell" == light.states()["102"]


def test_mass_vanishing_is_an_access_fault_and_no_deletion(world: World) -> None:
    """More than a third at once: access is doubted, every night anew, and nothing is called deleted."""
    fill(world, 6)
    world.collect(0)
    world.x.posts["2001"] = {}
    for number in (1, 2, 3):
        world.collect(number)

    assert (Seen.PARTIAL, "mass_vanishing") == verdict(world.coverage(1))
    assert {"cannot_tell"} == set(world.states().values())


def test_three_posts_may_vanish_at_once(light: World) -> None:
    """The near-miss: few enough to be looked up one by one, so they are."""
    fill(light, 6)
    light.collect(0)
    light.x.removes("2001", "100", "101", "102")
    light.collect(1)

    assert (Seen.SEEN, None) == verdict(light.coverage(1))
    assert "3 known posts were looked at again." == light.coverage(1, "known_posts").detail


def daily(world: World) -> None:
    """A post a day for five weeks, the last three weeks before the first night."""
    for number in range(35):
        at = FIRST_NIGHT - timedelta(days=56 - number)
        world.x.shows("2001", str(100 + number), "Daily", at)


def test_a_silent_account_is_not_called_quiet_where_its_posts_cannot_be_shown(light: World) -> None:
    """Daily posts, then none for three weeks, and X refuses to show the newest: partial, with the numbers."""
    daily(light)
    light.collect(0)
    light.x.fault = lambda asked: Reply({"title": "Forbidden"}, 403) if asked.query.get("ids") == "134" else None
    light.collect(1)

    assert (Seen.PARTIAL, "silent_account") == verdict(light.coverage(1))
    assert light.coverage(1).detail.startswith("No post for 23 days where one came every day; ")


def test_a_silent_account_whose_newest_post_is_shown_is_quiet(light: World) -> None:
    """The near-miss: the access was checked, so the account is dormant; the row says so and the days count as seen."""
    daily(light)
    light.collect(0)
    light.collect(1)

    assert (Seen.SEEN, "silent_account") == verdict(light.coverage(1))
    assert "the newest known post is still shown" in light.coverage(1).detail
    assert any("134" in asked.query.get("ids", "").split(",") for asked in light.x.asked)


def test_an_account_that_always_posts_rarely_is_not_silent(light: World) -> None:
    """The near-miss: three weeks are nothing to an account with a post a week."""
    for number in range(8):
        light.x.shows("2001", str(100 + number), "Weekly", FIRST_NIGHT - timedelta(days=22 + 7 * (5 - number % 6)))
    light.collect(0)

    assert (Seen.SEEN, None) == verdict(light.coverage(0))


def test_an_open_finding_is_looked_up_again_outside_the_window(world: World) -> None:
    """An old post with an open finding is asked for by id every night, so its mend is seen and closes it."""
    posted = FIRST_NIGHT - timedelta(days=20)
    world.x.shows("2001", "50", "This is bullshit.", posted)
    world.x.shows("2001", "51", "This is fine.", posted)
    world.collect(0)
    world.audit(night(0))
    world.x.asked = []
    world.collect(3)
    again = [asked.query["ids"] for asked in world.x.asked if not asked.account]
    world.x.shows("2001", "50", "This is settled.", posted)
    world.collect(4)
    world.audit(night(4))

    assert ["50"] == again
    found = world.findings()["obscene 50"]
    assert ("edited", night(4)) == (found.closed_by, found.closed_at)
    world.x.asked = []
    world.collect(5)
    assert [] == [asked for asked in world.x.asked if not asked.account]


def test_a_known_post_that_is_no_longer_readable_is_not_called_present(world: World) -> None:
    """It was looked up and is neither shown nor said to be gone: that cannot be told, and is no deletion."""
    posted = FIRST_NIGHT - timedelta(days=20)
    world.x.shows("2001", "50", "This is bullshit.", posted)
    world.collect(0)
    world.audit(night(0))
    world.x.shows("2001", "50", "This is bullshit.", posted, created_at="at tea time")
    world.collect(3)

    assert ["cannot_tell"] == [state for key, state in world.states().items() if "50" in str(key)]


# --- exports --------------------------------------------------------------------------------------------------------

TABLE = "id,created_at,text\n1,2026-09-01T10:00:00Z,First\n2,2026-09-02T10:00:00Z,Second\n"


def test_an_export_is_read_and_says_how_far_it_reaches(world: World) -> None:
    """Posts are kept; the coverage row speaks of the export's own span."""
    world.drop("a.csv", TABLE)
    done = world.collect(0, LIST)
    row = world.coverage(0, "export", LIST)

    assert (2, 1) == (done.new, done.seen)
    assert (Seen.SEEN, None) == verdict(row)
    assert "2 posts were read from an export; it reaches to 2026-09-02." == row.detail
    assert (datetime(2026, 9, 1, 10, tzinfo=UTC), datetime(2026, 9, 2, 10, tzinfo=UTC)) == (
        row.window.since,
        row.window.until,
    )


@pytest.mark.parametrize("name", ["a.csv", "b.csv"], ids=["same file", "same content under another name"])
def test_an_export_twice_adds_nothing(world: World, name: str) -> None:
    """A file that lies there for the next night, or is dropped again, adds no row."""
    world.drop("a.csv", TABLE)
    world.collect(0, LIST)
    before = world.counts()
    world.drop(name, TABLE)
    world.collect(1, LIST)

    assert before == world.counts()
    assert (Seen.SEEN, None) == verdict(world.coverage(1, "export", LIST))


def test_a_row_nobody_can_read_is_kept_aside_and_counted(world: World) -> None:
    """The rest is read, the row is kept with its bytes, and the coverage says that not all was seen."""
    world.drop("a.csv", TABLE + "3,,No time\n")
    done = world.collect(0, LIST)
    row = world.coverage(0, "export", LIST)
    [kept] = world.archive.quarantined(LIST)

    assert (2, 1, 1) == (done.new, done.quarantined, done.partial)
    assert (Seen.PARTIAL, "quarantined", 1) == (*verdict(row), row.quarantined)
    assert row.detail.endswith("1 record could not be read and is kept aside.")
    assert ("a.csv:4", b"3,,No time\n") == (kept.where, kept.raw)


@pytest.mark.parametrize("odd", [r"9\ud800", r"9\u0000"], ids=["lone surrogate", "NUL"])
def test_a_post_whose_id_nobody_can_store_costs_no_other(world: World, odd: str) -> None:
    """Neither database holds such an id: the record is kept with its bytes, and the good posts beside it are read."""
    rows = [f'{{"id": "{one}", "created_at": "2026-10-01T10:00:00Z", "text": "Post"}}' for one in ("1", odd, "2")]
    world.drop("a.json", f"[{', '.join(rows)}]")
    world.collect(0, LIST)
    [kept] = world.archive.quarantined(LIST)

    assert ["1", "2"] == list(world.archive.posts_frame([LIST])["subject_id"])
    assert (Seen.PARTIAL, "quarantined") == verdict(world.coverage(0, "export", LIST))
    assert (True, "its id holds characters no database can keep") == ("9" in kept.where, kept.reason)
    assert b"2026-10-01T10:00:00Z" in (kept.raw or b"")


def test_a_post_with_an_endless_id_costs_no_other(world: World) -> None:
    """PostgreSQL's indexes end at 2,700 bytes; a feed may call an entry by whatever it likes."""
    rows = [f'{{"id": "{one}", "created_at": "2026-10-01T10:00:00Z", "text": "Post"}}' for one in ("1", "é" * 501, "2")]
    world.drop("a.json", f"[{', '.join(rows)}]")
    world.collect(0, LIST)

    assert ["1", "2"] == list(world.archive.posts_frame([LIST])["subject_id"])
    assert ["its id is longer than any database can look for"] == [
        one.reason for one in world.archive.quarantined(LIST)
    ]


def test_a_place_to_go_on_from_that_cannot_be_kept_costs_no_page(world: World) -> None:
    """What it showed is stored; that nobody can go on from there is said, and the listing begins anew."""
    post = {"id": "100", "text": "Post", "created_at": f"{POSTED:%Y-%m-%dT%H:%M:%S.000Z}"}
    first = {"data": [post], "meta": {"result_count": 1, "next_token": "\ud800"}}
    world.x.fault = lambda asked: Reply(first) if asked.lists else None
    world.collect(0)

    assert ["Post"] == list(world.archive.posts_frame()["text"])
    assert Seen.PARTIAL is world.coverage(0).seen
    assert world.archive.cursor(LAKESIDE, world.coverage(0).run_id) is None


def test_a_post_dated_in_the_future_makes_no_export_reach_there(world: World) -> None:
    """It is kept, and said; what nobody has read yet is not called seen."""
    world.drop("a.csv", TABLE + "3,2031-01-01T10:00:00Z,Third\n")
    world.collect(0, LIST)
    row = world.coverage(0, "export", LIST)

    assert 3 == len(world.archive.posts_frame([LIST]))
    assert datetime(2026, 9, 2, 10, tzinfo=UTC) == row.window.until
    assert row.detail.startswith("3 posts were read from an export; it reaches to 2026-09-02.")
    assert row.detail.endswith(" 1 post is dated in the future.")


def test_an_export_of_the_future_alone_reaches_nowhere(world: World) -> None:
    """Two posts of another clock."""
    world.drop("a.csv", TABLE.replace("2026-", "2031-"))
    world.collect(0, LIST)
    row = world.coverage(0, "export", LIST)

    assert row.at == row.window.since == row.window.until
    assert row.detail.endswith(" 2 posts are dated in the future.")


@pytest.mark.parametrize("ahead", [1, 4, 400], ids=["a day", "days", "a year"])
def test_a_clock_that_was_ahead_once_leaves_no_gap(world: World, ahead: int) -> None:
    """What that night called read has not come yet; the next one, by the right clock, reads from where it was."""
    fill(world, 1)
    world.collect(0)
    world.collect(1 + ahead)
    world.x.shows("2001", "300", "Later", night(1) - timedelta(hours=2))
    world.collect(1)

    assert {"Post 0", "Later"} == set(world.archive.posts_frame()["text"])
    assert world.coverage(1).window.since < night(0)


def dated(world: World, ago: timedelta, **headers: str) -> datetime:
    """X says that it is so long ago, and the machine goes by its own clock; what that says now."""
    now = datetime.now(UTC)
    world.workplace.settings = replace(world.workplace.settings, pinned_now=None)
    world.x.headers = {"Date": format_datetime(now - ago, usegmt=True)} | headers
    return now


@pytest.mark.parametrize("ahead", [2, 400], ids=["two days", "a year"])
def test_a_machine_whose_clock_is_ahead_keeps_nothing_and_has_seen_nothing(light: World, ahead: int) -> None:
    """X says what time it is: what were kept would hide what comes until then, and call days seen that are to come."""
    fill(light, 1)
    now = dated(light, timedelta(days=ahead))
    done = collect_night(light.workplace, night_before(now), [LAKESIDE, HARBOR])
    [row, _] = light.archive.coverage(asked="posts")

    assert (2, 0) == (done.unknown, done.seen)
    assert (Seen.UNKNOWN, "clock_ahead") == verdict(row)
    assert f"{now - timedelta(days=ahead):%Y-%m-%d %H:%M} UTC; set it right" in row.detail
    assert {} == light.states() == {name: count for name, count in light.counts().items() if count}


@pytest.mark.parametrize(
    ("ago", "headers"),
    [(timedelta(hours=20), {}), (timedelta(days=-3), {}), (timedelta(days=3), {"Age": "259200"})],
    ids=["hours ahead", "behind", "kept by a cache"],
)
def test_clocks_that_differ_by_hours_and_answers_out_of_a_cache_are_believed(
    light: World, ago: timedelta, headers: dict[str, str]
) -> None:
    """The near-misses: less than a day is made up for by the next night, and a cache says how old its answer is."""
    now = dated(light, ago, **headers)
    done = collect_night(light.workplace, night_before(now), [LAKESIDE])

    assert (1, 0) == (done.seen, done.unknown)


def test_a_moment_somebody_pretends_is_held_against_no_clock(light: World) -> None:
    """The demo and the tests say what time it is; their servers know only the machine's."""
    light.at(datetime.now(UTC) + timedelta(days=400))
    collect_night(light.workplace, night_before(light.workplace.now), [LAKESIDE])

    assert [(Seen.SEEN, None)] == [verdict(row) for row in light.archive.coverage(asked="posts")]


def test_a_refused_file_is_told_in_the_importers_words(light: World) -> None:
    """What is no such export is unknown, with what is wrong and how to mend it."""
    light.drop("a.csv", "id,text\n1,First\n")
    light.collect(0, LIST)
    row = light.coverage(0, "export", LIST)

    assert (Seen.UNKNOWN, "export_refused") == verdict(row)
    assert "a.csv: has no column 'created_at' (its columns: id, text); name a column so" == row.detail


def test_a_refused_file_does_not_hide_the_good_one_nor_is_it_hidden(light: World) -> None:
    """The good file's posts are kept, the bad one's reason is told."""
    light.drop("a.csv", "id,text\n1,First\n")
    light.drop("b.csv", TABLE)
    done = light.collect(0, LIST)
    row = light.coverage(0, "export", LIST)

    assert 2 == done.new
    assert (Seen.PARTIAL, "export_refused") == verdict(row)
    assert "has no column 'created_at'" in row.detail


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.zip", b"PK\x03\x04 not a zip"), ("a.csv", b"\xff\xfe\x00id"), ("a.csv", b""), ("a.txt", b"hello")],
    ids=["broken zip", "no UTF-8", "empty", "no table"],
)
def test_any_broken_file_is_refused_and_no_exception(light: World, name: str, body: bytes) -> None:
    """Whatever is dropped, the night goes on and says that it could not read it."""
    light.drop(name, body)
    done = light.collect(0, LIST)

    assert (Seen.UNKNOWN, "export_refused") == verdict(light.coverage(0, "export", LIST))
    assert 1 == done.unknown


OLD = "id,text,created_at\n1,Old words,2026-10-01T12:00:00Z\n2,Both,2026-10-02T12:00:00Z\n"
NEW = OLD.replace("Old", "New")
NEWER = NEW + "3,Later,2026-10-03T12:00:00Z\n"


@pytest.mark.parametrize(
    "dropped",
    [
        [("b.csv", OLD, 9_000), ("a.csv", NEWER, 1_000)],
        [("b.csv", OLD, 1_000), ("a.csv", NEW, 9_000)],
        [("export.csv", OLD, 1_000), ("export (1).csv", NEW, 1_000)],
        [("a.csv", "no table", 9_000), ("export.csv", OLD, 1_000), ("export (10).csv", NEW, 1_000)],
    ],
    ids=["newest post", "time of the file", "copied at once", "beside what is refused"],
)
def test_of_several_exports_the_newest_one_stands(light: World, dropped: list[tuple[str, str, int]]) -> None:
    """Whatever their names: by the newest post, then the time of the file, then the number a browser gives."""
    for name, body, seconds in dropped:
        os.utime(light.drop(name, body), (seconds, seconds))
    for nightly in range(2):
        light.collect(nightly, LIST)

        frame = light.archive.posts_frame([LIST]).query("subject_id == '1'")
        assert ["Old words", "New words"] == list(frame["text"])
        assert ["New words"] == list(frame[frame["is_current"]]["text"])


def test_no_export_says_where_to_put_one(light: World) -> None:
    """Nothing was dropped: unknown, with the folder's name."""
    light.collect(0, LIST)

    assert (Seen.UNKNOWN, "no_export") == verdict(light.coverage(0, "export", LIST))
    said = "No export lies in the inbox of this account; put one into inbox/plain__lakeside-list."
    assert said == light.coverage(0, "export", LIST).detail


def tweet(native_id: str, text: str, **fields: Any) -> dict[str, Any]:
    """A post as an X archive writes it."""
    created = "Thu Oct 01 12:00:00 +0000 2026"
    return {"tweet": {"id_str": native_id, "full_text": text, "created_at": created, "lang": "en", **fields}}


def x_archive(*tweets: dict[str, Any]) -> bytes:
    """An X archive with these posts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(tweets)}")
    return buffer.getvalue()


SECRET = tweet("9", "Only for our circle", scopes={"followers": True})


def test_private_posts_of_an_export_are_left_out_and_counted(world: World) -> None:
    """They reach neither the posts nor what is kept aside, and the coverage says how many there were."""
    world.drop("x.zip", x_archive(tweet("8", "For everybody"), SECRET), X_ARCHIVE)
    world.collect(0, X_ARCHIVE)
    row = world.coverage(0, "export", X_ARCHIVE)

    assert ["For everybody"] == list(world.archive.posts_frame()["text"])
    assert [] == world.archive.quarantined()
    assert (Seen.SEEN, None) == verdict(row)
    assert row.detail.endswith("1 private post was left out.")


def test_an_export_without_one_readable_post_counts_what_it_holds(light: World) -> None:
    """Nothing could be read: unknown, and still every bad record and private post is counted."""
    light.drop("a.csv", "id,created_at,text\n3,,No time\n4,,No time either\n")
    light.drop("x.zip", x_archive(SECRET), X_ARCHIVE)
    done = light.collect(0, LIST, X_ARCHIVE)
    table, archive = (light.coverage(0, "export", key) for key in (LIST, X_ARCHIVE))

    assert (Seen.UNKNOWN, "export_empty", 2) == (*verdict(table), table.quarantined)
    assert table.detail.endswith("2 records could not be read and are kept aside.")
    assert (Seen.UNKNOWN, "export_empty") == verdict(archive)
    assert archive.detail.endswith("1 private post was left out.")
    assert (2, 2) == (done.unknown, done.quarantined)


def test_a_file_given_by_hand_is_a_run_of_its_own(light: World, tmp_path: Path) -> None:
    """`import` reads one file and answers with its coverage; doing it twice adds nothing."""
    path = tmp_path / "given.csv"
    path.write_text(TABLE)
    light.at(night(0))
    account = light.workplace.registry.account(LIST)
    row, done = import_file(light.workplace, account, path, None)
    before = light.counts()
    import_file(light.workplace, account, path, "plain")

    assert (Seen.SEEN, 2) == (row.seen, done.new)
    assert before == light.counts()


def test_a_wrong_file_given_by_hand_changes_nothing_that_is_known_of_the_account(light: World, tmp_path: Path) -> None:
    """Somebody took the wrong one and is told so; the account they read before is not called unseen for it."""
    right, wrong = tmp_path / "given.csv", tmp_path / "picture.png"
    right.write_text(TABLE)
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n")
    light.at(night(0))
    account = light.workplace.registry.account(LIST)
    import_file(light.workplace, account, right, None)
    known = light.archive.coverage([LIST])
    with pytest.raises(ExportRefused, match=r"^picture\.png: is no table; "):
        import_file(light.workplace, account, wrong, None)

    assert known == light.archive.coverage([LIST])
