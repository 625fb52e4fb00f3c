"""Profiles read many at a time: fewer requests, and otherwise the night of accounts asked one by one, to the letter."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from chapterwatch.archive import tables
from chapterwatch.model import Account, Seen
from chapterwatch.pipeline import collect_night
from chapterwatch.pipeline.periods import night_before
from tests.pipeline.world import FIRST_NIGHT, Asked, Fault, Reply, ScriptedX, World, night, workplace_in

POSTED = FIRST_NIGHT - timedelta(hours=10)
RESET = FIRST_NIGHT + timedelta(minutes=9)
LIMITED = Reply(
    {"title": "Too Many Requests"},
    429,
    {"Date": "Mon, 05 Oct 2026 02:15:00 GMT", "x-rate-limit-reset": str(int(RESET.timestamp()))},
)
#: A rule finds this one whatever the pack's words of the day are.
THREAT = "If the treasurer speaks again I will kill her"

#: An obscene word in a profile has a rule of its own.
OBSCENE = "We are a fucking good chapter"


def key(number: int) -> str:
    return f"x:{number}"


def keys(numbers: range | list[int]) -> list[str]:
    return [key(number) for number in numbers]


def registry(count: int) -> str:
    """One chapter with so many accounts on X from 3001 on."""
    accounts = "".join(
        f'\n          - {{platform: x, native_id: "{number}", handle: chapter_{number}, space: official,'
        " access: public_api, connection: x_demo, owner: web@lakeside.example, collect_from: 2026-08-01}"
        for number in range(3001, 3001 + count)
    )
    return f"""
associations:
  - id: ala
    name: Association of Legal Administrators
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    official_domains: [alanet.org]
    chapters:
      - id: ala-lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {{name: Harriet Vossler, email: president@lakeside.example, role: president, leadership: true}}
          - {{name: Oskar Lindenbaum, email: web@lakeside.example, role: webmaster}}
        accounts: {accounts}
"""


Worlds = Callable[[int], World]


@pytest.fixture
def worlds(migrated_sqlite: Path, scripted_x: ScriptedX, tmp_path: Path) -> Iterator[Worlds]:
    """Workplaces with so many accounts and an archive each, which all ask the same X."""
    opened: list[World] = []

    def make(count: int) -> World:
        home = tmp_path / f"world{len(opened)}"
        home.mkdir()
        (home / "chapters.yml").write_text(registry(count), encoding="utf-8")
        shutil.copy(migrated_sqlite, home / "archive.sqlite")
        opened.append(World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", scripted_x.url), scripted_x))
        return opened[-1]

    yield make
    for world in opened:
        world.archive.close()


def asked_for(x: ScriptedX) -> list[list[str]]:
    """The native ids of every question about profiles, in order."""
    return [
        one.query["ids"].split(",") if one.many else [one.account]
        for one in x.asked
        if one.many or (one.account and not one.lists)
    ]


def listed(x: ScriptedX) -> list[str]:
    """The native ids whose posts were asked for, in order."""
    return [one.account for one in x.asked if one.lists]


def rows(world: World, *chosen: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of some tables, in an order of their own."""
    engine = create_engine(world.workplace.settings.database)
    with engine.connect() as conn:
        found = {one.name: [tuple(row) for row in conn.execute(select(one))] for one in chosen}
    engine.dispose()
    return {name: sorted(each, key=repr) for name, each in found.items()}


def among(number: int, reply: Reply) -> Fault:
    """X answers so to the question for many profiles that holds this account."""
    return lambda asked: reply if asked.many and str(number) in asked.query["ids"].split(",") else None


# --- how many questions ---------------------------------------------------------------------------------------------


def test_250_accounts_are_three_questions(worlds: Worlds) -> None:
    """A hundred, a hundred and fifty; every account has its profile and is seen, and each profile is paid."""
    world = worlds(250)
    done = world.collect(0, *keys(range(3001, 3251)))

    asked = asked_for(world.x)
    assert [100, 100, 50] == [len(ids) for ids in asked]
    assert [str(number) for number in range(3001, 3251)] == [one for ids in asked for one in ids]
    assert (250, 250, 0) == (done.accounts, done.seen, done.unknown)
    assert 250 == len(world.archive.profiles_frame()) == done.reads
    assert [250] == [run.reads for run in world.archive.runs()]


def test_one_account_is_asked_for_as_ever(worlds: Worlds) -> None:
    """A task with one account asks the single question."""
    world = worlds(3)
    world.collect(0, key(3002))

    assert ["/2/users/3002", "/2/users/3002/tweets"] == [one.path for one in world.x.asked]


def test_only_what_is_wanted_is_asked_for(worlds: Worlds) -> None:
    """Accounts of the night that were seen before, or that are not in this task, are not in the question."""
    world = worlds(5)
    world.collect(0, key(3002))
    world.x.asked = []
    world.collect(0, *keys([3001, 3002, 3003, 3005]))

    assert [["3001", "3003", "3005"]] == asked_for(world.x)


# --- the same night -------------------------------------------------------------------------------------------------


def stage(x: ScriptedX) -> None:
    """Six accounts: two with posts, one renamed by X, one suspended, one unknown to X's batch, one with a bio."""
    for number in (3001, 3004):
        x.shows(str(number), str(90000 + number), THREAT, POSTED)
        x.shows(str(number), str(80000 + number), "Lunch on Monday", POSTED - timedelta(days=1))
    x.bios = {"3002": OBSCENE, "3006": "Caf\u00e9 & \U0001f600 <3"}
    x.suspended = {"3003"}


def test_both_roads_keep_the_same(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures to the last hash of their chains, revisions, coverage and findings: asked together or one by one."""
    monkeypatch.setattr(secrets, "token_bytes", bytes)  # Every capture's hash has a salt of its own.
    together, apart = worlds(6), worlds(6)
    stage(together.x)
    numbers = range(3001, 3007)
    for number in (0, 1, 2):
        together.collect(number, *keys(numbers))
        questions = asked_for(together.x)
        together.x.asked = []
        for one in numbers:
            apart.collect(number, key(one))
        assert [[str(one) for one in numbers]] == questions
        assert [[str(one)] for one in numbers] == asked_for(together.x)
        together.x.asked = []
        together.x.bios["3006"] = f"Another bio {number}"
        if number == 1:
            together.x.suspended = set()

    chosen = (tables.capture, tables.profile_revision, tables.post_revision, tables.post, tables.coverage)
    kept = rows(apart, *chosen), rows(together, *chosen)
    assert kept[0] == kept[1]
    assert 0 not in map(len, kept[0].values())
    found = [world.audit(night(2) + timedelta(hours=1)) and findings(world) for world in (apart, together)]
    assert found[0] == found[1]
    assert {key(3001), key(3002), key(3004)} <= {account for account, _ in found[0]}
    assert together.archive.verify().ok


def findings(world: World) -> set[tuple[str, str]]:
    return {(item.account_key, item.key) for item in world.archive.findings()}


def test_a_suspended_account_is_its_own_affair(worlds: Worlds) -> None:
    """In the midst of others: it is gone with its posts, they are seen, and nothing is paid for it."""
    world = worlds(5)
    for number in range(3001, 3006):
        world.x.shows(str(number), str(90000 + number), "Lunch on Monday", POSTED)
    world.collect(0, *keys(range(3001, 3006)))
    world.x.suspended = {"3003"}
    done = world.collect(1, *keys(range(3001, 3006)))

    row = world.coverage(1, key=key(3003))
    assert (Seen.UNKNOWN, "account_gone", 0) == (row.seen, row.reason, row.reads)
    assert "x:3003: X says the account is missing, suspended or protected" == row.detail
    assert {"93003": "account_gone"} == world.states(key(3003))
    assert (4, 1) == (done.seen, done.unknown)
    assert {"93002": "present"} == world.states(key(3002))
    assert "3003" not in listed(world.x)[5:]


def test_a_question_refused_as_a_whole_is_asked_account_by_account(worlds: Worlds) -> None:
    """A fault that need not hold for each costs one request more, and nobody their night."""
    world = worlds(3)
    world.x.fault = among(3001, Reply({"errors": [{"message": "The `ids` query parameter value is not valid"}]}, 400))
    done = world.collect(0, *keys(range(3001, 3004)))

    assert [["3001", "3002", "3003"], ["3001"], ["3002"], ["3003"]] == asked_for(world.x)
    assert (3, 3) == (done.seen, done.reads)


# --- limits ---------------------------------------------------------------------------------------------------------


def test_a_limit_defers_those_it_stopped_and_no_profile_is_asked_for_twice(worlds: Worlds) -> None:
    """The second question is refused: its fifty wait for the reset, the hundred before them are done."""
    world = worlds(150)
    world.x.fault = among(3101, LIMITED)
    first = world.collect(0, *keys(range(3001, 3151)))
    refused = [len(ids) for ids in asked_for(world.x)]
    row = world.coverage(0, key=key(3150))
    world.x.fault, world.x.asked = (lambda _: None), []
    second = world.collect(0, *keys(range(3001, 3151)), minutes=10)

    assert [100, 50] == refused
    assert (100, 50) == (first.seen, first.unknown)
    assert (tuple(keys(range(3101, 3151))), RESET) == (first.waiting, first.resets_at)
    assert (Seen.UNKNOWN, "rate_limited", RESET, 0) == (row.seen, row.reason, row.resets_at, row.reads)
    assert row.detail.startswith("x:3150: paused by the platform's rate limit until")
    assert [[str(number) for number in range(3101, 3151)]] == asked_for(world.x)
    assert ((), 150) == (second.waiting, second.seen)
    assert [150] == [run.reads for run in world.archive.runs()]


def test_after_a_limit_on_posts_the_profile_is_not_asked_for_again(worlds: Worlds) -> None:
    """It was read and paid for that night. The next night asks anew."""
    world = worlds(2)

    def limit_listings(asked: Asked) -> Reply | None:
        return LIMITED if asked.lists else None

    world.x.fault = limit_listings
    first = world.collect(0, *keys([3001, 3002]))
    world.x.fault, world.x.asked = (lambda _: None), []
    second = world.collect(0, *keys([3001, 3002]), minutes=10)
    again = asked_for(world.x)
    world.x.asked = []
    world.collect(1, *keys([3001, 3002]))

    assert (2, 2, 0) == (len(first.waiting), first.reads, second.reads)
    assert ([], 2) == (again, second.seen)
    assert [["3001", "3002"]] == asked_for(world.x)


def test_a_run_that_dies_keeps_the_profiles_it_paid_for(worlds: Worlds) -> None:
    """Killed after the first account: the others' profiles are there, counted, and not asked for by the next try."""
    world = worlds(4)
    night_keys = keys(range(3001, 3005))

    class Killed(Exception):
        pass

    def die(_account: Account, _done: object) -> None:
        raise Killed

    world.at(night(0))
    with pytest.raises(Killed):
        collect_night(world.workplace, night_before(night(0)), night_keys, on_account=die)
    kept = len(world.archive.profiles_frame())
    world.x.asked = []
    done = world.collect(0, *night_keys, minutes=5)

    assert (4, [4]) == (kept, [run.reads for run in world.archive.runs()])
    assert ([], ["3002", "3003", "3004"]) == (asked_for(world.x), listed(world.x))
    assert 4 == done.seen


# --- the cap --------------------------------------------------------------------------------------------------------


def test_near_the_cap_accounts_are_asked_one_by_one(worlds: Worlds) -> None:
    """With too little left for everybody's posts no profile is bought ahead: the cap ends the night where it did."""
    together, apart = worlds(4), worlds(4)
    for number in range(3001, 3005):
        for post in range(10):
            together.x.shows(str(number), str(number * 100 + post), f"Post {post}", POSTED + timedelta(minutes=post))
    for world in (together, apart):
        world.at(night(0), max_reads=40)
    together.collect(0, *keys(range(3001, 3005)))
    for number in range(3001, 3005):
        apart.collect(0, key(number))

    assert rows(apart, tables.coverage) == rows(together, tables.coverage)
    seen = [together.coverage(0, key=key(number)).reason for number in range(3001, 3005)]
    assert [None, None, None, "quota_spent"] == seen
    assert [40] == [run.reads for run in together.archive.runs()]


def test_under_a_wide_cap_profiles_are_read_together(worlds: Worlds) -> None:
    """Near-miss: a page of a hundred posts for each is left, so one question will do."""
    world = worlds(4)
    world.at(night(0), max_reads=404)
    done = world.collect(0, *keys(range(3001, 3005)))

    assert [4] == [len(ids) for ids in asked_for(world.x)]
    assert (4, 4) == (done.seen, done.reads)
