"""Access is checked, and whoever answers for an account is warned before it ends: in time, once, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

import connectors
from chapterwatch.archive import AccessCheck
from chapterwatch.errors import UserError
from chapterwatch.model import same_handle
from chapterwatch.pipeline import check_connectors, warn_of_access
from chapterwatch.pipeline.access import expiry_of
from chapterwatch.settings import Mail
from connectors import lint
from tests.pipeline.test_deliver import Server, listening
from tests.pipeline.world import FIRST_NIGHT, HARBOR, LAKESIDE, NOT_CONFIGURED, REGISTRY, TOKEN, Reply, World, mistaken

ENDS = date(2026, 12, 1)
HQ = "audit@hq.example"
#: Lakeside's owner and deputy.
LAKESIDE_PEOPLE = ["president@lakeside.example", "web@lakeside.example"]


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as running:
        yield running


@pytest.fixture
def ending(light: World, server: Server) -> World:
    """Lakeside's token ends on 1 December, as the registry says; it has an owner and a deputy."""
    before = "connection: x_demo, owner: web@lakeside.example, collect_from: 2026-08-01}"
    assert before in REGISTRY
    text = REGISTRY.replace(before, before[:-1] + f", deputy: president@lakeside.example, expires: {ENDS}}}")
    light.workplace.settings.registry.write_text(text)
    return light.at(FIRST_NIGHT, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))


def warn(world: World, days: int) -> dict[str, int]:
    """Warn so many days before the end; only the outcomes there are."""
    morning = datetime(ENDS.year, ENDS.month, ENDS.day, 4, tzinfo=UTC)
    counts = warn_of_access(world.at(morning - timedelta(days=days)).workplace)
    return {state: count for state, count in counts.items() if count}


def letters(server: Server) -> list[EmailMessage]:
    """What was mailed, parsed."""
    return [BytesParser(policy=policy.default).parsebytes(body) for _, body in server.got]


# --- warning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "warned"),
    [
        (31, []),
        (30, LAKESIDE_PEOPLE),
        (14, LAKESIDE_PEOPLE),
        (8, LAKESIDE_PEOPLE),
        (7, [HQ, *LAKESIDE_PEOPLE]),
        (1, [HQ, *LAKESIDE_PEOPLE]),
        (0, [HQ, *LAKESIDE_PEOPLE]),
        (-1, []),
    ],
)
def test_who_is_warned_when(ending: World, server: Server, days: int, warned: list[str]) -> None:
    """Owner and deputy from thirty days on, headquarters in the last week, nobody before and nobody after."""
    warn(ending, days)
    assert warned == sorted(server.recipients)


def test_each_warning_is_mailed_once(ending: World, server: Server) -> None:
    """Every night of two months, each night twice: four warnings to owner and deputy, two to headquarters."""
    for days in range(60, -5, -1):
        warn(ending, days)
        warn(ending, days)

    assert {HQ: 2, **dict.fromkeys(LAKESIDE_PEOPLE, 4)} == server.recipients


def test_a_missed_night_is_made_up_for(ending: World) -> None:
    """Nothing ran on the thirtieth day; on the twenty-ninth the warning leaves, and only that one."""
    assert {"sent": 2} == warn(ending, 29)
    assert {"already": 2} == warn(ending, 28)


def test_another_end_is_warned_of_anew(ending: World) -> None:
    """The token was renewed: the ledger knows the old end, not the new one."""
    warn(ending, 14)
    path = ending.workplace.settings.registry
    path.write_text(path.read_text().replace(f"expires: {ENDS}", "expires: 2026-12-20"))
    del ending.workplace.registry

    assert {} == warn(ending, 13)
    assert {"sent": 2} == warn(ending, 11)


def test_the_mail_says_what_ends_when_and_who_mends_it(ending: World, server: Server) -> None:
    """Plain and short, text and HTML, with offices and no name of a person."""
    warn(ending, 14)
    letter = letters(server)[0]
    text = letter.get_body(("plain",)).get_content()

    assert "Access to X @ala_lakeside ends, in 14 days" == letter["Subject"]
    assert "- X @ala_lakeside (Lakeside Chapter): access ends on 1 December 2026, in 14 days." in text
    assert "Webmaster: connect the account again before that day." in text
    assert "access ends on 1 December 2026" in letter.get_body(("html",)).get_content()
    assert "Lindenbaum" not in letter.as_string()
    assert TOKEN not in letter.as_string()


def test_the_last_day_is_called_today(ending: World, server: Server) -> None:
    """Words for no day and one day."""
    warn(ending, 1)
    warn(ending, 0)
    subjects = [letter["Subject"] for letter in letters(server)]
    # The last warning of one day before is the one of the end itself: it leaves once.
    assert {"Access to X @ala_lakeside ends, tomorrow"} == set(subjects)


def test_a_mail_server_that_is_away_is_tried_again(ending: World, server: Server) -> None:
    """Deferred, then sent once."""
    server.refuses = dict.fromkeys(LAKESIDE_PEOPLE, "451 later")
    assert {"deferred": 2} == warn(ending, 14)
    server.refuses = {}
    assert {"sent": 2} == warn(ending, 13)
    assert {"already": 2} == warn(ending, 12)


def test_an_unknown_warning_is_not_sent_again(ending: World, server: Server) -> None:
    """The line broke after the message: it may have arrived."""
    server.drops = set(LAKESIDE_PEOPLE)
    assert {"unknown": 2} == warn(ending, 14)
    assert {"already": 2} == warn(ending, 13)


def test_without_mail_nothing_is_claimed(ending: World) -> None:
    """A warning that cannot leave is said to whoever runs it, and leaves when mail is configured."""
    ending.at(FIRST_NIGHT, mail=None)
    with pytest.raises(UserError, match="no mail is configured"):
        warn(ending, 14)
    assert [] == ending.archive.deliveries()
    assert {} == warn(ending, 40)


def test_an_account_of_nobody_warns_the_leadership(ending: World, server: Server) -> None:
    """No owner, no deputy: a warning to nobody would be none."""
    path = ending.workplace.settings.registry
    people = ", owner: web@lakeside.example, collect_from: 2026-08-01, deputy: president@lakeside.example"
    path.write_text(path.read_text().replace(people, ", collect_from: 2026-08-01"))
    warn(ending, 14)

    assert ["president@lakeside.example"] == sorted(server.recipients)


def test_several_ends_are_one_mail(ending: World, server: Server) -> None:
    """The connection's end is that of every account without one of its own; headquarters gets one mail."""
    path = ending.workplace.settings.registry
    path.write_text(
        path.read_text().replace("collect_from: 2026-08-01}", f"collect_from: 2026-08-01, expires: {ENDS}}}")
    )
    warn(ending, 7)
    [to_hq] = [letter for letter in letters(server) if letter["To"] == HQ]

    assert to_hq["Subject"].endswith("and 2 more, in 7 days")
    assert 3 == to_hq.get_body(("plain",)).get_content().count("access ends on")


def test_a_connection_with_a_mistake_in_it_silences_no_other_warning(
    ending: World, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Lakeside's own end is still warned of; the log names the account and what to mend in its connection."""
    complaint = mistaken(ending, HARBOR)
    warn(ending, 14)

    assert LAKESIDE_PEOPLE == sorted(server.recipients)
    assert f"account {HARBOR}: {complaint}" in caplog.messages


def test_a_connection_with_a_mistake_in_it_is_a_matter_of_its_account(light: World) -> None:
    """All accounts are checked; the mistake stands with the one that has it."""
    complaint = mistaken(light, LAKESIDE)
    found = {item.account.key: item for item in check_connectors(light.workplace, [LAKESIDE, HARBOR]).accounts}

    assert ("broken", (complaint,)) == (found[LAKESIDE].state, found[LAKESIDE].matters)
    assert "well" == found[HARBOR].state


def test_headquarters_is_warned_of_a_platforms_version(
    light: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From ninety days before, headquarters alone, once at each distance; a platform nobody uses is no matter."""
    manifests = connectors.manifests()
    ends = {name: item.model_copy(update={"api_version_ends": ENDS}) for name, item in manifests.items()}
    monkeypatch.setattr(lint, "manifests", lambda: {name: ends[name] for name in ("x", "facebook_page")})
    light.at(FIRST_NIGHT, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))
    for days in (91, 90, 60, 30, 7, 0, -10):
        warn(light, days)

    assert {HQ: 4} == server.recipients
    assert "X (API v2) version 2 ends, in 90 days" == letters(server)[0]["Subject"]
    assert "Facebook" not in letters(server)[0].as_string()


# --- whose word counts ----------------------------------------------------------------------------------------------


def test_the_platforms_word_counts_first(ending: World) -> None:
    """What a probe found comes before what somebody wrote."""
    ending.at(FIRST_NIGHT)
    account = ending.workplace.registry.account(LAKESIDE)
    ending.archive.register_accounts([account], FIRST_NIGHT)
    found = datetime(2027, 3, 1, tzinfo=UTC)
    check = AccessCheck(account_key=LAKESIDE, checked_at=FIRST_NIGHT, reachable=True, expires_at=found)
    ending.archive.save_access([check])

    assert (date(2027, 3, 1), "platform") == expiry_of(account, None, ending.archive.access_checks()[LAKESIDE])
    assert (ENDS, "registry") == expiry_of(account, None, None)
    assert {} == warn(ending, 7)


@pytest.mark.parametrize(
    ("read", "registered", "same"),
    [
        ("ALA_Lakeside", "ala_lakeside", True),
        ("@ala_lakeside", "ala_lakeside", True),
        ("ala_lakeside", "https://x.com/ala_lakeside/", True),
        ("lakeside@social.example", "@lakeside", True),
        ("lakeside", "lakeside@social.example", True),
        ("2001", "ala_lakeside", True),
        ("", "ala_lakeside", True),
        ("ala_lakeside_", "ala_lakeside", False),
        ("lakeside@social.example", "lakeside@other.example", False),
        ("ala_1akeside", "ala_lakeside", False),
    ],
)
def test_when_a_handle_is_another(read: str, registered: str, same: bool) -> None:
    """Case, a leading @, a missing server and an id in the place of a handle are no new name."""
    assert same is same_handle(read, registered, "2001")


# --- checking -------------------------------------------------------------------------------------------------------


def checked(world: World, *keys: str) -> dict[str, Any]:
    """The check of some accounts as JSON has it, by account."""
    world.x.bios.setdefault("2001", "We meet on Mondays")
    done = check_connectors(world.workplace, keys)
    return {row["account"]: row for row in json.loads(json.dumps(done.as_record()))["accounts"]}


def named(handle: str) -> Any:
    """X gives every profile this handle."""
    return lambda asked: (
        None if asked.lists or not asked.account
        else Reply({"data": {"id": asked.account, "name": "A chapter", "username": handle, "description": ""}})
    )  # fmt: skip


def test_a_reachable_account_is_well(light: World) -> None:
    """The profile is read under its handle: nothing for a person to do."""
    light.x.fault = named("ALA_Lakeside")
    row = checked(light, LAKESIDE)[LAKESIDE]

    assert ("well", "ALA_Lakeside", None, []) == (row["state"], row["handle"], row["expires"], row["matters"])
    assert light.archive.access_checks()[LAKESIDE].reachable
    assert [1] == [run.reads for run in light.archive.runs()]


def test_a_renamed_account_needs_a_person(light: World) -> None:
    """Reached by its native id, under another handle."""
    light.x.fault = named("lakeside_ala")
    row = checked(light, LAKESIDE)[LAKESIDE]

    assert "well" == row["state"]
    assert ["the platform says @lakeside_ala, the registry @ala_lakeside"] == row["matters"]


def test_a_dead_token_needs_a_person(light: World) -> None:
    """X refuses the token; the sentence holds none of it."""
    light.x.fault = lambda _: Reply({"title": "Unauthorized", "status": 401}, 401)
    row = checked(light, LAKESIDE)[LAKESIDE]

    assert "broken" == row["state"]
    assert 1 == len(row["matters"])
    assert not light.archive.access_checks()[LAKESIDE].reachable
    assert TOKEN not in json.dumps(row)


def test_a_rate_limit_needs_nobody(light: World) -> None:
    """The near-miss of a dead token: it passes, and what was known stays known."""
    light.x.fault = named("ala_lakeside")
    checked(light, LAKESIDE)
    light.x.fault = lambda _: Reply({"title": "Too Many Requests"}, 429)
    row = checked(light.at(FIRST_NIGHT + timedelta(hours=1)), LAKESIDE)[LAKESIDE]

    assert ("waiting", []) == (row["state"], row["matters"])
    assert light.archive.access_checks()[LAKESIDE].reachable


def test_an_account_without_a_connection_needs_a_person(light: World) -> None:
    """Nothing is sent."""
    light.workplace.connection_for = lambda _: None
    row = checked(light, HARBOR)[HARBOR]

    assert ("broken", [NOT_CONFIGURED]) == (row["state"], row["matters"])
    assert [] == light.x.asked


def test_what_is_not_asked_is_said_and_needs_nobody(light: World) -> None:
    """Exports are nobody's token; a private space is not even listed."""
    light.x.fault = named("a")
    rows = checked(light)

    assert "not_asked" == rows["plain:lakeside-list"]["state"]
    assert [] == rows["plain:lakeside-list"]["matters"]
    assert "x:2009" not in rows


def test_the_page_about_connectors_is_written_from_the_manifests() -> None:
    """The committed page is what the manifests say now."""
    from connectors import docs  # noqa: PLC0415 - beside its only use

    committed = Path(__file__).parents[2] / "docs" / "connectors.md"
    assert docs.text() == committed.read_text(encoding="utf-8")
