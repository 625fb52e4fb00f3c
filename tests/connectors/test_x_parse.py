"""X answers into readings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.model import Media, Missing, PostReading
from connectors.x import faults, parse


def post(number: str = "1001", **fields: Any) -> dict[str, Any]:
    return {"id": number, "text": "Hello", "created_at": "2026-10-05T12:00:00.000Z"} | fields


def listed(*posts: Any, **others: Any) -> parse.Listing:
    return parse.listing(json.dumps({"data": list(posts)} | others).encode(), "ala_lakeside")


def only(*posts: Any, **others: Any) -> PostReading:
    (reading,) = listed(*posts, **others).posts
    return reading


def test_a_plain_post() -> None:
    """The least X sends by default is a whole reading, with its exact bytes."""
    item = b'{ "text":"Caf\\u00e9","id":"1001", "created_at":"2026-10-05T12:00:00Z"}'
    (reading,) = parse.listing(b'{"data":[' + item + b'],"meta":{"result_count":1}}', "ala_lakeside").posts
    expected = PostReading(
        native_id="1001",
        kind="post",
        created_at=datetime(2026, 10, 5, 12, tzinfo=UTC),
        created_raw="2026-10-05T12:00:00Z",
        text="Café",
        version_ids=("1001",),
        permalink="https://x.com/ala_lakeside/status/1001",
        raw=item,
    )
    assert expected == reading


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Q&amp;A &lt;today&gt;", "Q&A <today>"),
        ("&amp;lt;", "&lt;"),
        ("&copy; &quot;x&quot;", "&copy; &quot;x&quot;"),
        ("AT&T & co", "AT&T & co"),
        ("", ""),
    ],
)
def test_text_is_unescaped_once_and_raw_is_not(sent: str, shown: str) -> None:
    """X escapes <, > and & and nothing else, so nothing else is put back."""
    reading = only(post(text=sent))
    assert shown == reading.text
    assert sent == json.loads(reading.raw)["text"]


@pytest.mark.parametrize("note", ["note_tweet", "note_post"])
def test_the_long_text_wins(note: str) -> None:
    """A post over 280 characters is cut in `text`; the whole stands in the note, with links of its own."""
    long_text = {
        "text": "long " * 100,
        "entities": {"urls": [{"url": "https://t.co/2", "expanded_url": "https://b.example/"}]},
    }
    short = {"urls": [{"url": "https://t.co/1", "expanded_url": "https://a.example/"}]}
    reading = only(post(text="long long…", entities=short, **{note: long_text}))
    assert "long " * 100 == reading.text
    assert ("https://a.example/", "https://b.example/") == reading.links


def test_links_are_expanded_and_own_pictures_are_none() -> None:
    """t.co says nothing; the link to the post's own photo is no link a reader follows."""
    urls = [
        {"url": "https://t.co/1", "expanded_url": "https://a.example/x?y=1"},
        {"url": "https://t.co/2", "expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"},
        {"url": "https://t.co/3"},
    ]
    assert ("https://a.example/x?y=1", "https://t.co/3") == only(post(entities={"urls": urls})).links


def test_media_carry_their_alt_text() -> None:
    """Alt text stands in the includes; a medium that did not come along is still a medium."""
    media = [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg", "alt_text": "A desk"}]
    reading = only(post(attachments={"media_keys": ["3_1", "7_2"]}), includes={"media": media})
    expected = (
        Media(kind="photo", url="https://pbs.example/1.jpg", alt_text="A desk", native_id="3_1"),
        Media(kind="media", url=None, native_id="7_2"),
    )
    assert expected == reading.media
    assert {"data", "includes"} == set(json.loads(reading.raw))
    assert media == json.loads(reading.raw)["includes"]["media"]


@pytest.mark.parametrize(
    ("types", "kind", "reply_to"),
    [
        ([], "post", None),
        (["replied_to"], "reply", "9"),
        (["quoted"], "quote", None),
        (["quoted", "replied_to"], "reply", "9"),
        (["retweeted"], "share", None),
        (["something_new"], "post", None),
    ],
)
@pytest.mark.parametrize("word", ["referenced_tweets", "referenced_posts"])
def test_kinds(word: str, types: list[str], kind: str, reply_to: str | None) -> None:
    """What a post refers to makes its kind, in either vocabulary."""
    reading = only(post(**{word: [{"type": one, "id": "9"} for one in types]}))
    assert (kind, reply_to) == (reading.kind, reading.reply_to)


@pytest.mark.parametrize(("word", "posts"), [("referenced_tweets", "tweets"), ("referenced_posts", "posts")])
def test_a_repost_is_read_whole(word: str, posts: str) -> None:
    """A repost's own text is cut at 140 characters; the original that came along is what readers see."""
    original = post("9", text="short…", note_tweet={"text": "the whole &amp; long text"})
    item = post(text="RT @board_member: the whole &amp; lo…", **{word: [{"type": "retweeted", "id": "9"}]})
    reading = only(item, includes={posts: [original]})
    assert ("share", "RT @board_member: the whole & long text") == (reading.kind, reading.text)
    assert [original] == json.loads(reading.raw)["includes"]["posts"]


@pytest.mark.parametrize(("word", "posts"), [("edit_history_tweet_ids", "tweets"), ("edit_history_post_ids", "posts")])
def test_an_edited_post_is_all_its_versions_under_the_first_id(word: str, posts: str) -> None:
    """Each edit has an id of its own; readings share the first, oldest first, and the newest is edited last."""
    chain = ["1001", "1002", "1003"]
    first = post("1001", text="one", created_at="2026-10-05T12:00:00Z", **{word: chain})
    second = post("1002", text="two", created_at="2026-10-05T12:05:00Z", **{word: chain})
    third = post("1003", text="three", created_at="2026-10-05T12:20:00Z", **{word: chain})
    readings = listed(third, includes={posts: [second, first]}).posts
    assert [("1001", "one"), ("1001", "two"), ("1001", "three")] == [(one.native_id, one.text) for one in readings]
    at = [datetime(2026, 10, 5, 12, minute, tzinfo=UTC) for minute in (0, 5, 20)]
    assert [at[0]] * 3 == [one.created_at for one in readings]
    assert [None, at[1], at[2]] == [one.edited_at for one in readings]
    assert {tuple(chain)} == {one.version_ids for one in readings}


def test_an_unreadable_earlier_version_costs_only_itself() -> None:
    """The post as it stands is read, whatever became of its past."""
    newest = post("1002", text="two", created_at="2026-10-05T12:05:00Z", edit_history_tweet_ids=["1001", "1002"])
    found = listed(newest, includes={"tweets": [{"id": "1001", "text": "one"}]})
    assert [("1001", "two", True)] == [(one.native_id, one.text, one.edited_at is not None) for one in found.posts]
    assert [("x post 1001", "created_at is missing or no text")] == [
        (one.where, one.reason) for one in found.quarantined
    ]


def test_an_unedited_post_has_a_chain_of_one() -> None:
    """The near-miss of an edit: X sends the history of every post."""
    reading = only(post(edit_history_tweet_ids=["1001"]))
    assert ((None, ("1001",)), "1001") == ((reading.edited_at, reading.version_ids), reading.native_id)


def test_a_chain_without_the_post_itself_is_no_chain() -> None:
    """A mock's random ids must not move a post under another's id."""
    assert "1001" == only(post(edit_history_tweet_ids=["777", "888"])).native_id


@pytest.mark.parametrize("lang", ["und", "zxx", "qme", "qht", "", None])
def test_no_language_is_none(lang: str | None) -> None:
    """X's pseudo languages say that it does not know."""
    assert only(post(lang=lang)).lang is None
    assert "de" == only(post(lang="de")).lang


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"text": "a", "created_at": "2026-10-05T12:00:00Z"}, "id is missing or no id"),
        ({"id": "1", "created_at": "2026-10-05T12:00:00Z"}, "text is missing or no text"),
        ({"id": "1", "text": "a"}, "created_at is missing or no text"),
        ({"id": "1", "text": "a", "created_at": "soon"}, "created_at is no timestamp"),
        ({"id": "1", "text": "a", "created_at": "2026-10-05T12:00:00"}, "created_at has no time zone"),
        ({"id": "1", "text": {"a": 1}, "created_at": "2026-10-05T12:00:00Z"}, "text is missing or no text"),
        (["no", "object"], "id is missing or no id"),
        (None, "id is missing or no id"),
    ],
)
def test_one_bad_record_is_quarantined_and_the_rest_goes_on(record: Any, reason: str) -> None:
    """A record without what a reading needs keeps its bytes and reason, and costs nobody else their place."""
    found = listed(post("1"), record, post("2"))
    assert ["1", "2"] == [one.native_id for one in found.posts]
    assert [reason] == [one.reason for one in found.quarantined]
    assert json.dumps(record).encode() == found.quarantined[0].raw
    assert 3 == found.returned


def test_optional_fields_of_a_wrong_type_do_no_harm() -> None:
    """What a reading can do without may be anything at all."""
    odd = dict.fromkeys(["attachments", "entities", "note_tweet", "referenced_tweets", "edit_history_tweet_ids"], 5)
    reading = only(post(**odd, lang=7))
    assert (None, (), (), "post") == (reading.lang, reading.links, reading.media, reading.kind)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"data": []}, True),
        ({"data": [{}]}, True),
        ({"meta": {"result_count": 0}}, True),
        ({"meta": {"result_count": 3}}, False),
        ({"meta": {}}, False),
        ({}, False),
        ({"data": {"deleted": True}}, False),
        ({"errors": [{"title": "Forbidden"}]}, False),
    ],
)
def test_empty_is_only_what_says_so(answer: dict[str, Any], expected: bool) -> None:
    """No data and no word about it is not "no posts"."""
    assert expected == parse.has_posts(answer)


def test_a_profile() -> None:
    """Bio and name unescaped, the website expanded, pictures as addresses."""
    user = {
        "id": "2001",
        "username": "ala_lakeside",
        "name": "Lakeside &amp; Co",
        "description": "Views are our own &lt;3",
        "url": "https://t.co/1",
        "entities": {"url": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://lakeside.example/"}]}},
        "location": "Lakeside",
        "profile_image_url": "https://pbs.example/a_normal.jpg",
        "profile_banner_url": "https://pbs.example/b",
    }
    reading = parse.profile(json.dumps({"data": user}).encode())
    assert ("Lakeside & Co", "Views are our own <3") == (reading.name, reading.bio)
    assert ("https://lakeside.example/", "Lakeside") == (reading.website, reading.location)
    assert ("2001", "ala_lakeside") == (reading.native_id, reading.handle)
    assert user == json.loads(reading.raw)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            {"title": "Authorization Error", "type": "https://api.x.com/2/problems/not-authorized-for-resource"},
            "cannot_tell",
        ),
        ({"title": "Forbidden", "detail": "withheld"}, "cannot_tell"),
        ({"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}, "gone"),
        ({"title": "Not Found Error"}, "gone"),
    ],
)
def test_only_not_found_is_gone(problem: dict[str, Any], expected: str) -> None:
    """A post X will not show may still be there."""
    assert expected == faults.missing_certainty(problem)
    assert expected == Missing(native_id="1", certainty=expected, detail="").certainty


def test_recorded_payloads_are_read_or_quarantined(payloads: Path) -> None:
    """Every post in other projects' recorded answers is a reading, or in quarantine for its missing created_at."""
    folder = payloads / "sns-sdks__python-twitter" / "testdata" / "apis"
    read = quarantined = served = 0
    for path in sorted(folder.glob("t[iw]*/*.json")):
        body = path.read_bytes()
        value = json.loads(body)
        if isinstance(value.get("data"), list) and all("text" in one for one in value["data"]):
            found = parse.listing(body, "someone")
            assert all(one.reason == "created_at is missing or no text" for one in found.quarantined)
            read, quarantined, served = (
                read + len(found.posts),
                quarantined + len(found.quarantined),
                served + found.returned,
            )
    assert served == read + quarantined
    assert read > 10


def test_recorded_timeline_is_read(payloads: Path) -> None:
    """A recorded timeline page: five posts, a token for the next page, text as typed."""
    path = payloads / "sns-sdks__python-twitter" / "testdata" / "apis" / "timeline" / "timeline_tweets.json"
    found = parse.listing(path.read_bytes(), "TwitterDev")
    assert (5, 0) == (len(found.posts), len(found.quarantined))
    assert "7140dibdnow9c7btw3w3itbygz8uu5pbs45oy6erjc2ls" == found.next_token
    assert datetime(2021, 2, 23, 18, 7, 7, tzinfo=UTC) == found.posts[0].created_at


def test_recorded_cassettes_lack_created_at_and_are_quarantined(payloads: Path) -> None:
    """Answers recorded without created_at lose no record: each is quarantined under its id."""
    path = payloads / "tweepy__tweepy" / "decoded" / "test_client_get_users_tweets.0.json"
    body = json.dumps(json.loads(path.read_bytes())["body"]).encode()
    found = parse.listing(body, "Twitter")
    assert (0, found.returned) == (len(found.posts), len(found.quarantined))
    assert {"created_at is missing or no text"} == {one.reason for one in found.quarantined}


def test_recorded_profile_is_read(payloads: Path) -> None:
    """A recorded user answer is a profile."""
    path = payloads / "sns-sdks__python-twitter" / "testdata" / "apis" / "user" / "user_resp.json"
    reading = parse.profile(path.read_bytes())
    assert ("2244994945", "TwitterDev", "Twitter Dev") == (reading.native_id, reading.handle, reading.name)
