"""Many profiles for one request to X: each account gets its own, its own error, or is left to be asked for alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Access, Account, ProfileReading
from connectors.base import ManyProfiles, open_connector

NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"
NOT_AUTHORIZED = "https://api.twitter.com/2/problems/not-authorized-for-resource"
DATE = {"date": "Mon, 02 Nov 2026 02:00:00 GMT"}

Said = Mapping[str, ProfileReading | errors.ConnectorError]


def user(number: int | str, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "username": f"chapter_{number}", "name": f"Chapter {number}"} | fields


def gone(number: int, kind: str = NOT_FOUND, **fields: str) -> dict[str, str]:
    return {"resource_id": str(number), "resource_type": "user", "parameter": "ids", "type": kind} | fields


@pytest.fixture
def accounts(account: Callable[..., Account]) -> Callable[..., list[Account]]:
    def make(*numbers: int) -> list[Account]:
        return [account(native_id=str(number)) for number in numbers]

    return make


@pytest.fixture
def told(connection: Callable[..., Any]) -> Callable[..., Said]:
    def ask(accounts: Sequence[Account], max_reads: int | None = None, **options: Any) -> Said:
        connector = open_connector(connection(**options), max_reads=max_reads)
        assert isinstance(connector, ManyProfiles)
        return connector.profiles(accounts)

    return ask


def kinds(said: Said) -> dict[str, str]:
    """What became of each account: its profile's name, or its error's type and words."""
    return {
        key: found.name if isinstance(found, ProfileReading) else f"{type(found).__name__} {found}"
        for key, found in said.items()
    }


def test_each_account_gets_its_own_profile(platform: Any, told: Any, accounts: Any) -> None:
    """One request with all ids and the fields of the single question; X need not keep their order."""
    platform.answers({"data": [user(2003), user(2001), user(2002)]})
    said = told(accounts(2001, 2002, 2003))
    assert {f"x:{one}": f"Chapter {one}" for one in (2001, 2002, 2003)} == kinds(said)
    (asked,) = platform.asked
    assert ("/2/users", "2001,2002,2003") == (asked.path, asked.query["ids"])
    assert "description" in asked.query["user.fields"]


def test_what_is_kept_is_what_a_question_for_that_account_alone_would_have_kept(
    platform: Any, connection: Any, told: Any, accounts: Any, reply: Any
) -> None:
    """Its own slice of the answer, byte for byte: no neighbour, no bracket, escapes and spaces as X wrote them."""
    own = b'{"id":"2002",  "username":"b", "name":"B \\u00e9 \\ud83d\\ude00", "description":"We meet &amp; talk"}'
    platform.answers(reply(b'{"data":[{"id":"2001","username":"a","name":"A"},\n' + own + b' ],"meta":{}}'))
    many = told(accounts(2001, 2002))["x:2002"]
    platform.answers(reply(b'{"data":' + own + b"}"))
    alone = open_connector(connection()).profile(accounts(2002)[0])
    assert own == many.raw
    assert alone == many


def test_errors_are_told_apart_by_account(platform: Any, told: Any, accounts: Any) -> None:
    """Shown, suspended, missing, protected, and an error about none of them: each with its own words."""
    platform.answers(
        {
            "data": [user(2001), user(2005)],
            "errors": [
                gone(2002, title="Forbidden", detail="User has been suspended: [2002]."),
                gone(2003, title="Not Found Error", detail="Could not find user with ids: [2003]."),
                gone(2004, NOT_AUTHORIZED, title="Authorization Error"),
                gone(9999, title="Not Found Error"),
            ],
        }
    )
    said = told(accounts(2001, 2002, 2003, 2004, 2005))
    words = "X says the account is missing, suspended or protected"
    lost = {f"x:{one}": f"AccountGone x:{one}: {words}" for one in (2002, 2003, 2004)}
    assert lost | {"x:2001": "Chapter 2001", "x:2005": "Chapter 2005"} == kinds(said)


def test_all_suspended_is_an_answer(platform: Any, told: Any, accounts: Any) -> None:
    """Without anybody to show, X sends errors and no data."""
    platform.answers({"errors": [gone(one, title="Forbidden", detail="suspended") for one in (2001, 2002)]})
    said = told(accounts(2001, 2002))
    assert [errors.AccountGone] * 2 == [type(found) for found in said.values()]


@pytest.mark.parametrize(
    "body",
    [
        {"data": [user(2001)]},
        {"data": [user(2001)], "errors": [gone(2002, "about:blank", title="Something else")]},
        {"data": [user(2001)], "errors": [{"title": "Not Found Error", "type": NOT_FOUND}]},
        {"data": [user(2001), user(7777)]},
    ],
    ids=["not mentioned", "odd error", "error about nobody", "somebody else's profile"],
)
def test_what_cannot_be_told_for_certain_is_left_out(platform: Any, told: Any, accounts: Any, body: Any) -> None:
    """Neither a profile nor an error that names it: the account is asked for alone, and nothing is made up."""
    platform.answers(body)
    assert ["x:2001"] == list(told(accounts(2001, 2002)))


def test_a_profile_that_cannot_be_read_costs_only_itself(platform: Any, told: Any, accounts: Any) -> None:
    """It ends as it would have alone, and is not paid for a second time."""
    platform.answers({"data": [user(2001), {"id": "2002", "name": "No handle"}]})
    said = told(accounts(2001, 2002))
    assert "Chapter 2001" == kinds(said)["x:2001"]
    assert kinds(said)["x:2002"].startswith("UnexpectedShape x:2002: the profile's ")


def test_a_limit_holds_for_every_account_of_the_question(platform: Any, told: Any, accounts: Any, reply: Any) -> None:
    """One refusal: each waits for the same reset, under its own name; nobody is asked for again now."""
    platform.answers(
        reply({"title": "Too Many Requests"}, status=429, headers=DATE | {"x-rate-limit-reset": "1793585700"})
    )
    said = told(accounts(2001, 2002))
    until = datetime(2026, 11, 2, 2, 15, tzinfo=UTC)
    assert [until] * 2 == [found.resets_at for found in said.values()]
    words = "paused by the platform's rate limit until 2026-11-02 02:15 UTC"
    assert {f"x:{one}": f"RateLimited x:{one}: {words}" for one in (2001, 2002)} == kinds(said)
    assert 1 == len(platform.asked)


@pytest.mark.parametrize("status", [402, 429])
def test_a_spent_allowance_holds_for_every_account(
    platform: Any, told: Any, accounts: Any, reply: Any, status: int
) -> None:
    """No credits, or the month's cap: each account says so, after one request."""
    platform.answers(reply({"title": "UsageCapExceeded", "detail": "Usage cap exceeded"}, status=status))
    said = told(accounts(2001, 2002))
    assert [errors.QuotaSpent] * 2 == [type(found) for found in said.values()]
    assert ["x:2001", "x:2002"] == [str(found).partition(": ")[0] for found in said.values()]
    assert 1 == len(platform.asked)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"errors": [{"message": "The `ids` query parameter value [1] is not valid"}]}),
        (401, {"title": "Unauthorized"}),
        (403, {"detail": "User has been suspended: [2001]."}),
        (404, {"title": "Not Found Error", "type": NOT_FOUND}),
        (503, b""),
        (200, b"<!doctype html>"),
        (200, {"data": {"id": "2001"}}),
        (200, {}),
    ],
)
def test_other_failures_of_the_question_are_nobodys(
    platform: Any, told: Any, accounts: Any, reply: Any, status: int, body: Any
) -> None:
    """They need not hold for each: nobody is called gone or out of reach before having been asked for alone."""
    platform.answers(reply(body, status=status))
    assert {} == told(accounts(2001, 2002))


def test_who_is_not_asked_for_with_others(platform: Any, connection: Any, account: Any) -> None:
    """Tokens of their own, access by the owner's token, and what is no user id: X would refuse all for one such."""
    platform.answers({"data": [user(2001), user(2005)]})
    secrets = {"bearer_token": "shared-token", "bearer_token:2002": "own-token"}
    asked = [
        account(native_id="2001"),
        account(native_id="2002"),
        account(native_id="2003", access=Access.OWNER_TOKEN),
        account(native_id="ala_harbor"),
        account(native_id="2005"),
    ]
    said = open_connector(connection(secrets=secrets)).profiles(asked)  # type: ignore[attr-defined]
    assert ["x:2001", "x:2005"] == list(said)
    assert ["2001,2005"] == [one.query["ids"] for one in platform.asked]
    assert ["Bearer shared-token"] == [one.headers["Authorization"] for one in platform.asked]


def test_no_more_than_x_takes(platform: Any, told: Any, accounts: Any) -> None:
    """A hundred ids a request; the others are left to the next one."""
    platform.answers(lambda asked: {"data": [user(one) for one in asked.query["ids"].split(",")]})
    assert 100 == len(told(accounts(*range(2001, 2131))))
    assert 1 == len(platform.asked)


def test_one_account_is_not_asked_for_in_company(platform: Any, told: Any, accounts: Any) -> None:
    """Alone it is asked for as ever, by `profile`."""
    assert {} == told(accounts(2001))
    assert [] == platform.asked


def test_a_missing_token_is_left_to_the_single_question(platform: Any, told: Any, accounts: Any) -> None:
    """It says so for each account before any request, and so nothing is sent here either."""
    assert {} == told(accounts(2001, 2002), secrets={})
    assert [] == platform.asked


@pytest.mark.parametrize(("max_reads", "asked"), [(None, 3), (33, 3), (32, 2), (22, 2), (21, None), (0, None)])
def test_profiles_are_not_bought_ahead_of_posts(
    platform: Any, told: Any, accounts: Any, max_reads: int | None, asked: int | None
) -> None:
    """Under a cap only as many as leave each a page of posts (ten here); with less in hand each is asked for alone."""
    platform.answers(lambda one: {"data": [user(number) for number in one.query["ids"].split(",")]})
    said = told(accounts(2001, 2002, 2003), max_reads, page_size="10")
    assert (asked or 0) == len(said)
    assert ([asked] if asked else []) == [len(one.query["ids"].split(",")) for one in platform.asked]


def test_profiles_count_as_reads(platform: Any, connection: Any, accounts: Any) -> None:
    """Each one X sent, whether it could be read or not: what is left of the cap is what posts may cost."""
    platform.answers({"data": [user(2001), {"id": "2002"}], "errors": [gone(2003, title="Forbidden")]})
    connector: Any = open_connector(connection(page_size="10"), max_reads=33)
    connector.profiles(accounts(2001, 2002, 2003))
    with pytest.raises(errors.QuotaSpent):
        connector.look_up(accounts(2001)[0], [str(number) for number in range(32)])
    platform.answers({"data": []})
    assert () == connector.look_up(accounts(2001)[0], ["1"] * 31).posts


def test_the_token_is_cut_out_of_what_is_kept(platform: Any, told: Any, accounts: Any, canary: str) -> None:
    """Even if X echoes it in somebody's profile."""
    platform.answers({"data": [user(2001, description=canary), user(2002)]})
    found = told(accounts(2001, 2002))["x:2001"]
    assert "[cut]" == found.bio
    assert canary.encode() not in found.raw
