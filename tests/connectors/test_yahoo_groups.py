"""Yahoo! Groups in the three forms they were saved in, and the same group in several of them."""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined, Space
from connectors.base import importer

SECONDS = 1262304000
AT = datetime(2010, 1, 1, tzinfo=UTC)


def raw_mail(text: str, *, group: str = "lakeside", subject: str = "Picnic & <fun>", more: str = "") -> str:
    head = f"From: Sam <sam@...>\r\nTo: <{group}@yahoogroups.com>\r\nMailing-List: list {group}@yahoogroups.com\r\n"
    return head + f"Message-ID: <m@mail.example>\r\nSubject: {subject}\r\n{more}\r\n{text}\r\n"


def record(number: int, text: str = "Hello", *, escaped: bool = True, **fields: Any) -> dict[str, Any]:
    mail = fields.pop("rawEmail", raw_mail(text))
    common = {"msgId": number, "topicId": number, "postDate": str(SECONDS), "authorName": "Sam", "from": "Sam"}
    return common | {"rawEmail": html.escape(mail, quote=True) if escaped else mail} | fields


def page(number: int, body: str, **fields: Any) -> dict[str, Any]:
    whole = record(number) | {"subject": "Picnic &amp; &lt;fun&gt;", "messageBody": body} | fields
    return {key: value for key, value in whole.items() if key != "rawEmail"}


@pytest.fixture
def group(account: Callable[..., Account]) -> Account:
    return account("yahoo_groups", "lakeside", handle="lakeside", space=Space.INTERNAL)


@pytest.fixture
def read(group: Account, tmp_path: Path) -> Callable[..., list[Any]]:
    """Reads named files, as a zip."""

    def make(files: dict[str, Any]) -> list[Any]:
        path = tmp_path / "saved.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
        return list(importer("yahoo_groups_archive").read(path, group))

    return make


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def left(found: list[Any]) -> list[str]:
    return sorted(one.reason for one in found if isinstance(one, Quarantined))


def lines(*records: Any) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in records)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_json_lines(read: Any, *, escaped: bool, packed: bool) -> None:
    """Packed or not, with mails written as in HTML or as they were; the record's bytes are kept."""
    body = lines(record(1, "1 < 2 & 3", escaped=escaped), record(2, "Yes", escaped=escaped, topicId=1))
    name, body = (
        ("g.jsonl.zst", zstandard.compress(body[:50]) + zstandard.compress(body[50:])) if packed else ("g.jsonl", body)
    )
    first, second = posts(read({name: body}))
    assert ("1", "post", AT, "Picnic & <fun>\n\n1 < 2 & 3") == (
        first.native_id,
        first.kind,
        first.created_at,
        first.text,
    )
    assert ("2", "reply", "1") == (second.native_id, second.kind, second.reply_to)
    assert json.dumps(record(2, "Yes", escaped=escaped, topicId=1)).encode() == second.raw


def test_a_mail_that_speaks_of_entities_keeps_them(read: Any) -> None:
    """The near-miss: what was sent as "&lt;" comes out so, written as in HTML or not."""
    for escaped in (True, False):
        (post,) = posts(read({"g.jsonl": lines(record(1, "write &lt; for <", escaped=escaped))}))
        assert post.text.endswith("write &lt; for <")


def test_a_tree_of_an_archiving_program(read: Any) -> None:
    """The whole mail counts; its page, the topic it stands in and what is no message are counted beside it."""
    found = read(
        {
            "lakeside/email/1_raw.json": record(1, "Whole"),
            "lakeside/email/1.json": page(1, "<div>Page</div>"),
            "lakeside/email/2.json": page(2, "<div>Only<br/>a page</div>"),
            "lakeside/email/message_metadata_0.json": {"messages": [{"messageId": 1}]},
            "lakeside/topics/3.json": {
                "topicId": 3,
                "messages": [page(3, "<p>In a topic</p>"), page(1, "x", topicId=3)],
            },
            "lakeside/about/about.json": {
                "name": "lakeside",
                "title": "Lakeside &amp; friends",
                "description": "<b>Hi</b>",
            },
            "lakeside/members/allmembers.json": [{"email": "x"}],
            "lakeside/polls/1.json": {"poll": 1},
        }
    )
    assert ["Picnic & <fun>\n\nWhole", "Picnic & <fun>\n\nOnly\na page", "Picnic & <fun>\n\nIn a topic"] == [
        one.text for one in posts(found)
    ]
    assert [("Lakeside & friends", "Hi")] == [(one.name, one.bio) for one in found if isinstance(one, ProfileReading)]
    assert ["not_a_post"] * 5 == left(found)


def test_a_heading_at_the_head_of_a_mail(read: Any) -> None:
    """A memo's own where it opens a topic; in an answer, that of the mail it answers, whole mail or page."""
    memo = "From: The Board\nTo: all\nDate: today\n\nTom is a thief."
    block = memo.replace("\n", "<br>")
    found = read(
        {
            "g.jsonl": lines(
                record(1, memo), record(2, memo, topicId=1), page(3, block), page(4, block, topicId=1, subject="Re: x")
            )
        }
    )
    subject = "Picnic & <fun>"
    assert [f"{subject}\n\n{memo}", subject, f"{subject}\n\n{memo}", ""] == [one.text for one in posts(found)]


def test_an_answer_of_the_service_around_a_record(read: Any) -> None:
    """`ygData` is what Yahoo put around everything."""
    found = read(
        {
            "lakeside/email/1_raw.json": {"ygData": record(1)},
            "lakeside/topics/2.json": {"ygData": {"messages": [page(2, "a")]}},
        }
    )
    assert ["1", "2"] == [one.native_id for one in posts(found)]


def test_an_owners_mbox(read: Any) -> None:
    """The message's number stands in a header of Yahoo's; the mail it is in another form of the archive is the same."""
    envelope = "From sam@mail.example Fri Jan 01 00:00:00 2010\n"
    mail = raw_mail("Hello", more="X-Yahoo-Newman-Id: 12345-m1\r\n").replace("\r\n", "\n")
    other = raw_mail("Hello", more="X-Yahoo-Newman-Id: 12345-m2\r\n", group="other").replace("\r\n", "\n")
    found = read({"messages.mbox": f"{envelope}{mail}\n{envelope}{other}", "g.jsonl": lines(record(1))})
    assert (["1"], ["not_a_post", "private"]) == ([one.native_id for one in posts(found)], left(found))


def in_mbox(*mails: str) -> str:
    envelope = "From sam@mail.example Fri Jan 01 00:00:00 2010\n"
    return "\n".join(envelope + one.replace("\r\n", "\n") for one in mails)


def unnamed(text: str, number: int = 7, *, more: str = "") -> str:
    """A mail that names no group, as it stands in somebody's own mailbox."""
    mail = raw_mail(text, more=more).replace("To: <lakeside@yahoogroups.com>", "To: doctor@clinic.example")
    mail = mail.replace("Mailing-List: list lakeside@yahoogroups.com\r\n", "")
    return mail.replace("<m@mail.example>", f"<p{number}@mail.example>")


YMAIL = "X-Yahoo-Newman-Property: ymail-3\r\nX-Yahoo-SMTP: abc\r\n"


@pytest.mark.parametrize("more", ["", YMAIL])
def test_somebodys_own_mailbox_is_no_group(read: Any, more: str) -> None:
    """Refused by itself, left out beside the group; what Yahoo's mail service marked is private all the same."""
    private_mail = in_mbox(unnamed("My results are back", more=more))
    with pytest.raises(ExportRefused, match="no message of this group"):
        read({"personal.mbox": private_mail})
    found = read({"personal.mbox": private_mail, "g.jsonl": lines(record(1))})
    assert (["1"], ["private"]) == ([one.native_id for one in posts(found)], left(found))
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined)}


@pytest.mark.parametrize(
    "mark", ["X-Yahoo-Newman-Id: 12345-m7", "X-Yahoo-Newman-Property: groups-email", "X-eGroups-Msg-Info: 1:12:0:0"]
)
def test_a_mail_without_a_group_that_yahoo_groups_sent(read: Any, mark: str) -> None:
    """The near-miss: read by its mark, or beside mails of this group alone; not beside another group's."""
    marked, plain = unnamed("Hello", more=f"{mark}\r\n"), unnamed("Hello", 8)
    assert 1 == len(posts(read({"a.mbox": in_mbox(marked)})))
    assert 2 == len(posts(read({"a.mbox": in_mbox(plain, raw_mail("Yes"))})))
    other = raw_mail("x", group="other")
    assert (1, ["private"] * 3) == (
        len(posts(found := read({"a.mbox": in_mbox(marked, plain, raw_mail("Yes"), other)}))),
        left(found),
    )


def test_other_groups_are_left_out(read: Any) -> None:
    """By their folder, by the record or by the mail; an archive of nothing else is refused."""
    theirs = {
        "other/email/1_raw.json": record(1),
        "g.jsonl": lines(record(2, rawEmail=raw_mail("x", group="other")), record(3, groupName="other")),
    }
    found = read({**theirs, "lakeside/email/4_raw.json": record(4)})
    assert (["4"], ["private"] * 3) == ([one.native_id for one in posts(found)], left(found))
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined)}
    with pytest.raises(ExportRefused, match="no message of this group"):
        read(theirs)
    with pytest.raises(ExportRefused, match="holds no message of Yahoo"):
        read({"a.txt": "hello"})


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (record(1, postDate="soon"), "postDate is no epoch time"),
        (record(1, postDate="4"), "postDate is an epoch time outside the years of the service"),
        (page(1, "a", postDate=None), "postDate is missing"),
        (page(1, 5), "messageBody is missing or no text"),  # type: ignore[arg-type]
        (record(1, msgId=None), "msgId is missing or no id"),
        (record(1, rawEmail="no headers at all", postDate=None), "has no headers"),
        (record(1, systemMessage=True), "not_a_post"),
    ],
)
def test_a_bad_record_costs_itself(read: Any, one: dict[str, Any], reason: str) -> None:
    """The others are read."""
    found = read({"g.jsonl": lines(one, record(9))})
    assert (["9"], [reason]) == ([post.native_id for post in posts(found)], left(found))


def test_the_first_years_are_years_of_the_service(read: Any) -> None:
    """The near-miss: the oldest messages are of 1998."""
    (post,) = posts(read({"g.jsonl": lines(record(1, postDate="923071557"))}))
    assert 1999 == post.created_at.year


def test_a_bomb_is_refused(group: Account, tmp_path: Path) -> None:
    """A packed file that unpacks a thousandfold, one that is no such file, and one of which the end is missing."""
    path = tmp_path / "g.jsonl.zst"
    whole = zstandard.compress(lines(*(record(number) for number in range(9))))
    for body, message in (
        (zstandard.compress(bytes(64_000_000)), "far larger"),
        (b"(\xb5/\xfdxx", "damaged"),
        (whole[:-5], "cut off"),
    ):
        path.write_bytes(body)
        with pytest.raises(ExportRefused, match=message):
            list(importer("yahoo_groups_archive").read(path, group))


@given(
    st.lists(
        st.one_of(
            st.builds(record, st.integers(1, 6), st.text(max_size=30)),
            st.builds(page, st.integers(1, 6), st.text(max_size=30)),
            st.dictionaries(
                st.sampled_from(["msgId", "rawEmail", "postDate"]), st.none() | st.text() | st.floats(0, 9)
            ),
        ),
        max_size=10,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_add_up(group: Account, tmp_path: Path, records: list[Any]) -> None:
    """Whatever is in it: as many come out as went in."""
    path = tmp_path / "g.jsonl"
    path.write_bytes(lines(record(99), *records))
    found = list(importer("yahoo_groups_archive").read(path, group))
    assert len(records) + 1 == len(found)
