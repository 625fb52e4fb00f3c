"""The demo network's content: complete, consistent with the registry and its own list of what was planted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chapterwatch import policy, registry, strictyaml
from connectors.pictures import inspect
from sample import network, pictures, x_api
from sample.answers import LINK

CONTENT = network.load()
REGISTRY = registry.load(network.REGISTRY)
TRUTH = strictyaml.load(network.TRUTH).data["entries"]
BREACHES = [entry for entry in TRUTH if entry["expect"] == "breach"]
CLEAN_CHAPTERS = {"ala-prairie", "lll-northgate"}
OFFICIAL = {"alanet.org", "llli.org"}
LAST = datetime(2026, 11, 2, tzinfo=UTC)
MAIL_HOST = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
PHONE = re.compile(r"(?:\+?\d[\d ()-]{7,}\d|\(\d{3}\) \d{3}-\d{4})")


def wordings(post: network.Post) -> list[str]:
    return [post.text, *(change.text for change in post.changes if change.text is not None)]


def texts() -> list[str]:
    posts = [text for account in CONTENT.accounts.values() for post in account.posts for text in wordings(post)]
    drawn = [item.shows or "" for account in CONTENT.accounts.values() for post in account.posts for item in post.media]
    return posts + drawn + [account.profile.bio for account in CONTENT.accounts.values()]


def post_of(entry: dict[str, str]) -> network.Post:
    return next(post for post in CONTENT.accounts[entry["account"]].posts if post.id == entry["post"])


def test_every_registry_account_has_content_and_none_is_left_over() -> None:
    """The network holds exactly the accounts of the registry, with the registry's handles."""
    expected = {account.key: account.handle for account in REGISTRY.accounts}
    assert expected == {key: account.handle for key, account in CONTENT.accounts.items()}


def test_every_chapter_posts_in_each_of_the_three_months() -> None:
    """August, September and October each have posts of every account."""
    for key, account in CONTENT.accounts.items():
        assert (key, {8, 9, 10}) == (key, {post.at.month for post in account.posts})


def test_ids_are_unique_over_the_whole_network() -> None:
    """No two posts, wordings or pictures share an id on one platform."""
    ids: Counter[tuple[str, str]] = Counter()
    for account in CONTENT.accounts.values():
        for post in account.posts:
            own = {post.id, *(change.id for change in post.changes if change.id)} | {item.id for item in post.media}
            ids.update((account.platform, one) for one in own)
    assert [] == [name for name, count in ids.items() if count > 1]


def test_snowflakes_tell_their_time_and_follow_it() -> None:
    """An X id is made at its post's second, so ids sort as times do; an edit falls within half an hour (X)."""
    for account in CONTENT.on("x"):
        assert [post.id for post in account.posts] == sorted((post.id for post in account.posts), key=int)
        for post in account.posts:
            assert post.at == x_api.snowflake_time(post.id)
            edits = [change for change in post.changes if change.text is not None]
            assert [change.at for change in edits] == [x_api.snowflake_time(str(change.id)) for change in edits]
            assert all(change.at - post.at <= x_api.EDITABLE for change in edits)


def test_every_link_and_mail_is_invented_or_official() -> None:
    """Only .example hosts and the associations' own domains appear: no real person or shop is pointed at."""
    hosts = {re.split(r"[/?]", link.split("//")[1])[0] for text in texts() for link in LINK.findall(text)}
    hosts |= {host for text in texts() for host in MAIL_HOST.findall(text)}
    stray = {host for host in hosts if not host.endswith(".example") and host.removeprefix("www.") not in OFFICIAL}
    assert set() == stray


def test_every_phone_number_lies_in_a_fictional_range() -> None:
    """+1 NXX 555 01xx and 01632 960xxx are set aside for fiction."""
    found = [number for text in texts() for number in PHONE.findall(text) if not SOCIAL_SECURITY.fullmatch(number)]
    numbers = [re.sub(r"\D", "", number) for number in found]
    stray = [n for n in numbers if not re.fullmatch(r"1?\d{3}55501\d{2}|01632960\d{3}", n)]
    assert numbers
    assert [] == stray


@pytest.mark.parametrize("entry", TRUTH, ids=lambda e: f"{e['account']}-{e.get('post', 'profile')}-{e['clauses'][0]}")
def test_a_truth_entry_names_a_post_or_profile_that_holds_its_evidence(entry: dict[str, str]) -> None:
    """The evidence of every planted thing stands, letter by letter, where the entry says."""
    if entry.get("profile"):
        profile = CONTENT.accounts[entry["account"]].profile
        held = f"{profile.avatar} {profile.banner}" if entry.get("field") == "picture" else profile.bio
        month = "2026-10"
    else:
        post = post_of(entry)
        drawn = "_".join(item.shows or "" for item in post.media)
        held = drawn if entry.get("field") == "picture" else "\n".join(wordings(post))
        month = f"{post.at:%Y-%m}"
    assert entry["evidence"] in held
    assert month == entry["month"]


def test_truth_cites_clauses_of_the_accounts_own_pack() -> None:
    """ALA accounts are judged by ALA clauses, LLL accounts by LLL clauses, and every clause exists."""
    clauses = {name: set(policy.load_pack(name).clauses) for name in ("ala", "lll")}
    wrong = [
        (entry["account"], clause)
        for entry in TRUTH
        for clause in entry["clauses"]
        if clause not in clauses[REGISTRY.account(entry["account"]).pack]
    ]
    assert [] == wrong


def test_two_chapters_are_wholly_clean() -> None:
    """No breach is planted in the clean chapters, and every other chapter has one."""
    chapters = {REGISTRY.account(entry["account"]).chapter for entry in BREACHES}
    assert {chapter.id for chapter in REGISTRY.chapters} - CLEAN_CHAPTERS == chapters


def test_most_breaches_are_of_october_and_some_of_september_are_mended_then() -> None:
    """The report of October has news, old matters that stand, and old matters mended in the month."""
    months = Counter(entry["month"] for entry in BREACHES)
    september = [entry for entry in BREACHES if entry["month"] == "2026-09"]
    mended = [entry["mended_at"] for entry in september if "mended_at" in entry]
    assert {"2026-09", "2026-10"} == set(months)
    assert months["2026-10"] > months["2026-09"]
    assert len(september) > len(mended) > 0
    assert {"2026-10-30"} == {at[:10] for at in mended}


def test_a_mended_breach_is_gone_after_its_time_and_stands_before() -> None:
    """`mended_at` of the truth is what the content does."""
    for entry in (entry for entry in BREACHES if "mended_at" in entry):
        at = datetime.fromisoformat(entry["mended_at"])
        before, after = (standing(entry, at - timedelta(seconds=1)), standing(entry, at))
        assert (entry["post"], True, False) == (entry["post"], before, after)


def test_a_breach_that_is_not_mended_stands_to_the_end() -> None:
    """What the truth calls open is still to be read on 2 November."""
    open_ones = [entry for entry in BREACHES if not entry.keys() & {"mended_at", "field", "profile"}]
    assert [] == [entry["post"] for entry in open_ones if not standing(entry, LAST)]


def standing(entry: dict[str, str], now: datetime) -> bool:
    shown = network.state(CONTENT, now)[entry["account"]].posts
    return any(item.post.id == entry["post"] and entry["evidence"] in item.text for item in shown)


def test_the_network_is_a_function_of_the_instant() -> None:
    """Asking about a later instant changes nothing about an earlier one."""
    early, late = datetime(2026, 9, 1, tzinfo=UTC), LAST
    first = network.state(CONTENT, early)
    network.state(CONTENT, late)
    assert first == network.state(CONTENT, early)
    assert all(item.post.at <= early for state in first.values() for item in state.posts)


def test_every_picture_can_be_drawn() -> None:
    """Whatever lies on the picture servers is a picture, and the same every time."""
    names = set(pictures.by_path(CONTENT).values())
    drawn = {name: inspect(pictures.draw(name)) for name in names}
    assert {"image/jpeg"} == {picture.mime for picture in drawn.values()}
    assert len(names) < 20
