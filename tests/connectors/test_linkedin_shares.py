r"""The importer for a member's LinkedIn data: Shares.csv, Comments.csv, Profile.csv, with their irregular quoting."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Space
from connectors.base import importer
from connectors.linkedin.tables import Row, rows

SHARES = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
COMMENTS = "Date,Link,Message\n"
LINK = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7"


def share(text: str, number: int = 1, after: str = ",,,MEMBER_NETWORK", date: str = "2026-10-05 12:00:00") -> str:
    return f"{date},{LINK}{number},{text}{after}\n"


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def make(files: dict[str, str | bytes], name: str = "export") -> Path:
        for inner, body in files.items():
            path = tmp_path / name / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return tmp_path / name

    return make


@pytest.fixture
def read(account: Callable[..., Account]) -> Callable[..., list[Any]]:
    return lambda path, **changes: list(importer("linkedin_shares").read(path, account("linkedin", "55", **changes)))


@pytest.fixture
def shares(export: Any, read: Any) -> Callable[..., list[Any]]:
    return lambda body, name="Shares.csv": read(export({name: body}))


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def left(found: list[Any]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


def texts(found: list[Any]) -> list[str]:
    return [one.text for one in posts(found)]


def test_a_share_with_all_its_parts(shares: Any) -> None:
    """Its id is the one the API knows it by; its time is UTC; raw is the record as it stands."""
    line = share('"Hello, ""world"""', after=",https://a.example/,https://media.example/1?e=2,PUBLIC")
    (reading,) = posts(shares(SHARES + line))
    assert ("urn:li:share:71", "post", 'Hello, "world"', line.encode()) == (
        reading.native_id,
        reading.kind,
        reading.text,
        reading.raw,
    )
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == reading.created_at
    media = (Media(kind="media", url="https://media.example/1?e=2"),)
    assert (("https://a.example/",), media) == (reading.links, reading.media)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Hello", "Hello"),
        ('"one\ntwo"', "one\ntwo"),
        ('"one\n\ntwo, three"', "one\n\ntwo, three"),
        ('"one""\n""two""\n""three"', "one\ntwo\nthree"),
        ('"one""\n""""\n""two"', "one\n\ntwo"),
        ('"one\n""\n"two"', "one\n\ntwo"),
        ('"one"\n"two, three"\n"four"', "one\ntwo, three\nfour"),
        ('"She said ""yes""\nand ""no"""', 'She said "yes"\nand "no"'),
        ('"""yes""\n""no"""', '"yes"\n"no"'),
        ('"no quotes "doubled" here, at all"', 'no quotes "doubled" here, at all'),
        (r'"a \"word\" in quotes"', 'a "word" in quotes'),
        ('"one\r\ntwo"', "one\ntwo"),
    ],
)
def test_texts_come_out_of_their_quotes(shares: Any, cell: str, text: str) -> None:
    """Proper CSV, each line in quotes of its own, nothing doubled: between two plain records each is the same text."""
    body = SHARES + share("First", 1) + share(cell, 2) + share("Last", 3)
    found = shares(body)
    assert (["First", text, "Last"], []) == (texts(found), left(found))


def test_comments_have_their_quotes_behind_backslashes(export: Any, read: Any) -> None:
    """Also one that ends in one, which would swallow all that follows."""
    lines = [
        f'2026-10-05 12:00:00,{LINK}1,"He said \\"no, thanks\\" twice"',
        f'2026-10-05 12:01:00,{LINK}1,"and then \\"why?\\""',
        f"2026-10-05 12:02:00,{LINK}1,C:\\temp stays",
    ]
    found = read(export({"Comments.csv": COMMENTS + "\n".join(lines) + "\n"}))
    assert ['He said "no, thanks" twice', 'and then "why?"', "C:\\temp stays"] == texts(found)
    assert {("comment", "urn:li:share:71")} == {(one.kind, one.reply_to) for one in posts(found)}
    assert 3 == len({one.native_id for one in posts(found)})


def test_a_comment_with_an_id_keeps_it(export: Any, read: Any) -> None:
    """Newer data names it in the link."""
    link = (
        "https://www.linkedin.com/feed/update/urn:li:activity:9?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A9%2C8%29"
    )
    (reading,) = posts(read(export({"Comments.csv": f'{COMMENTS}2026-10-05 12:00:00,"{link}",Hello\n'})))
    assert ("urn:li:comment:(activity:9,8)", "urn:li:activity:9") == (reading.native_id, reading.reply_to)


def test_a_line_that_looks_like_a_record_stays_in_its_text(shares: Any) -> None:
    """Proper quoting wins over what a text says."""
    inner = f"2020-01-01 00:00:00,{LINK}9,forged"
    found = shares(SHARES + share(f'"one\n{inner}\nthree"', 1) + share("Last", 2))
    assert [f"one\n{inner}\nthree", "Last"] == texts(found)


@pytest.mark.parametrize(
    "name", ["Shares.csv", "Shares_181682616.csv", "shares.csv", "data/Shares (1).csv", "mine.csv"]
)
def test_the_file_goes_by_several_names(shares: Any, name: str) -> None:
    """With the member's number since 2026; a lone file is known by its columns."""
    assert ["Hello"] == texts(shares(SHARES + share("Hello"), name))


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf", b"Notes:\nThese are your posts\n\n"])
def test_what_stands_before_the_columns(shares: Any, body: bytes) -> None:
    """A byte order mark, or notes."""
    assert ["Hello"] == texts(shares(body + (SHARES + share("Hello")).encode()))


@pytest.mark.parametrize(
    ("visibility", "kept"),
    [("MEMBER_NETWORK", True), ("PUBLIC", True), ("CONNECTIONS", False), ("CONTAINER", False), ("", False)],
)
def test_what_not_everybody_could_see_is_counted_and_not_kept(shares: Any, visibility: str, kept: bool) -> None:
    """Nothing of it, not even its bytes."""
    found = shares(SHARES + share("A secret", after=f",,,{visibility}"))
    assert ([] if kept else [("private", b"")]) == [
        (one.reason, one.raw) for one in found if isinstance(one, Quarantined)
    ]
    assert kept == bool(posts(found))


def test_older_data_says_nothing_of_visibility(shares: Any) -> None:
    """The column came later."""
    body = f"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl\n2026-10-05 12:00:00,{LINK}1,Hello,,\n"
    assert ["Hello"] == texts(shares(body))


def test_a_comment_in_a_group_is_private(export: Any, read: Any) -> None:
    """A group's posts are for its members."""
    line = "2026-10-05 12:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3AgroupPost%3A1-2,A secret\n"
    assert ["private"] == left(read(export({"Comments.csv": COMMENTS + line})))


def test_a_bare_repost_is_a_share(shares: Any) -> None:
    """Nothing of one's own, or another post's address."""
    other = "https://www.linkedin.com/feed/update/urn:li:share:5"
    found = shares(SHARES + share("", 1) + share("Read this", 2, after=f",{other},,PUBLIC"))
    assert ["share", "share"] == [one.kind for one in posts(found)]


def test_reading_twice_gives_the_same(export: Any, read: Any, tmp_path: Path) -> None:
    """Equal ids and hashes, from folder or zip, also of records without a link; a post in two files is one post."""
    lines = share("One", 1) + "2026-10-05 12:00:00,,Two,,,PUBLIC\n2026-10-05 12:00:00,,Three,,,PUBLIC\n"
    files = {"Shares.csv": SHARES + lines, "Comments.csv": f"{COMMENTS}2026-10-05 12:00:00,{LINK}1,Hello\n"}
    first = export(files)
    second = Path(shutil.make_archive(str(tmp_path / "again"), "zip", first))
    found = [[(one.native_id, one.content_hash) for one in posts(read(path))] for path in (first, second)]
    assert found[0] == found[1]
    assert 4 == len({native_id for native_id, _ in found[0]})
    (tmp_path / "export" / "Shares_55.csv").write_text(SHARES + share("One", 1) + share("Other", 1))
    again = read(first)
    assert (5, ["stands twice, with two texts"]) == (len(posts(again)), left(again))


def test_a_profile(export: Any, read: Any) -> None:
    """Headline and summary, where a disclaimer would stand; address and birthday are not even in raw."""
    body = (
        "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location,Websites\n"
        'Ada,Example,,1 Lake Road,Jan 1,"Chair, Lakeside","My views\nare mine",,,Lakeside,[PERSONAL:https://a.example/]\n'
    )
    found = read(export({"Profile.csv": body, "Shares.csv": SHARES + share("Hello")}))
    (reading,) = [one for one in found if isinstance(one, ProfileReading)]
    assert ("Ada Example", "Chair, Lakeside\nMy views\nare mine", "https://a.example/", "Lakeside") == (
        reading.name,
        reading.bio,
        reading.website,
        reading.location,
    )
    assert b"Lake Road" not in reading.raw


def test_no_other_file_is_opened(export: Any, read: Any) -> None:
    """Messages and other people's addresses stay unread, whatever is in them."""
    files = {"Shares.csv": SHARES + share("Hello"), "messages.csv": b"\xff\xfe", "Connections.csv": b"\x00"}
    assert ["Hello"] == texts(read(export(files)))


@pytest.mark.parametrize(
    "date", ["05/10/2026 12:00", "5.10.26", "10-05-2026 12:00", "2026-10-05", '"5/10/26, 4:41 PM"']
)
def test_a_date_in_another_form_refuses_the_file(shares: Any, date: str) -> None:
    """Another program saved it, and nobody can tell day from month, or the hour."""
    with pytest.raises(ExportRefused, match=r"Shares.csv:2: Date is not written as LinkedIn writes it"):
        shares(SHARES + share("Hello", date=date))


@pytest.mark.parametrize("date", ["2026-10-05 12:00:00 UTC", "2026-10-05T12:00:00Z", "2026-10-05 12:00"])
def test_forms_of_the_date(shares: Any, date: str) -> None:
    """All of them UTC."""
    (reading,) = posts(shares(SHARES + share("Hello", date=date)))
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == reading.created_at


@pytest.mark.parametrize(
    "line",
    [
        f"2026-10-05 12:00:00,{LINK}2,short,,PUBLIC\n",
        "nonsense\n",
        "soon,https://a.example,Hello,,,PUBLIC\n",
        "2026-13-05 12:00:00,,x,,,PUBLIC\n",
    ],
)
def test_records_that_cannot_be_read_are_counted(shares: Any, line: str) -> None:
    """And cost no other."""
    found = shares(SHARES + line + share("Hello"))
    assert (["Hello"], 1) == (texts(found), len(left(found)))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": b"x"}, "holds no Shares.csv"),
        ({"Shares.csv": b"Datum,Link\n"}, "names no columns Date, ShareLink, ShareCommentary"),
        ({"Shares.csv": SHARES.encode() + b"2026-10-05 12:00:00,,caf\xe9,,,PUBLIC\n"}, "Shares.csv:2: is not UTF-8"),
    ],
)
def test_what_is_no_such_data_is_refused(export: Any, read: Any, files: dict[str, bytes], said: str) -> None:
    """With how to mend it."""
    with pytest.raises(ExportRefused, match=said):
        read(export(files))


def test_a_private_account_is_not_even_opened(tmp_path: Path, read: Any) -> None:
    """Refused before the path is looked at."""
    with pytest.raises(ExportRefused, match="never read"):
        read(tmp_path / "nowhere", space=Space.PRIVATE)


def test_names_that_leave_the_zip_are_refused(tmp_path: Path, read: Any) -> None:
    """Nothing is unpacked, and such a zip is no export."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("../Shares.csv", SHARES)
    with pytest.raises(ExportRefused, match="leaves its folder"):
        read(tmp_path / "a.zip")


def test_hostile_files_end(shares: Any) -> None:
    """Quotes without end, lines without end, cells without end: read or counted, and soon."""
    for middle in ('"' * 200_001, "," * 200_000, '"\n' * 100_000, share('"open', 2) * 5_000, "\x00" * 1000):
        found = shares(SHARES + share(middle, 1) + share("Last", 3))
        assert "Last" in " ".join(texts(found)) or left(found)


@given(st.lists(st.text(alphabet='ab",\n\\', max_size=12), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_no_record_is_lost(cells: list[str]) -> None:
    """Whatever stands in a text that is quoted properly, each record is read as one, or set aside."""
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    body = SHARES + "".join(share(cell, number) for number, cell in enumerate(quoted))
    found = list(rows(body.encode(), "Shares.csv", ("Date",), "ShareCommentary"))
    assert len(cells) == len(found)
    kept = [one.cells["ShareCommentary"] for one in found if isinstance(one, Row)]
    plain = [cell for cell in cells if '"\n"' not in cell]
    assert [] == [cell for cell in plain if cell not in kept]
