"""Plain tables: for import and for judging."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chapterwatch.errors import ExportRefused, UserError
from chapterwatch.model import Account, Media, PostReading, Quarantined, Space, Unshown
from connectors.base import importer
from connectors.plain.importer import read_table

AT = "2026-10-05T12:00:00Z"


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def make(content: str | bytes, name: str = "posts.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def read(account: Callable[..., Account]) -> Callable[[Path], list[Any]]:
    return lambda path: list(importer("plain").read(path, account()))


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def bad(found: list[Any]) -> list[tuple[str, str]]:
    return [(one.where, one.reason) for one in found if isinstance(one, Quarantined)]


# --- import ---------------------------------------------------------------------------------------------------------


def test_a_post_with_all_its_columns(table: Any, read: Any) -> None:
    """Every column of the manifest, in a CSV line kept as it is."""
    header = "id,text,created_at,kind,lang,permalink,author,links,media_alt,edited_at,deleted_at,reply_to\n"
    line = (
        f'1,"Hello, you",{AT},reply,en,https://a.example/1,@ALA_Lakeside,https://b.example/ https://c.example/,A desk,'
    )
    line += "2026-10-05T14:10:00+02:00,1791288000,99\n"
    (reading,) = posts(read(table(header + line)))
    expected = PostReading(
        native_id="1",
        kind="reply",
        created_at=datetime(2026, 10, 5, 12, tzinfo=UTC),
        created_raw=AT,
        text="Hello, you",
        edited_at=datetime(2026, 10, 5, 12, 10, tzinfo=UTC),
        deleted_at=datetime(2026, 10, 6, 12, tzinfo=UTC),
        permalink="https://a.example/1",
        links=("https://b.example/", "https://c.example/"),
        media=(Media(kind="media", url=None, alt_text="A desk"),),
        lang="en",
        reply_to="99",
        shows=frozenset({Unshown.PICTURES, Unshown.EDITS, Unshown.DELETIONS}),
        raw=line.encode(),
    )
    assert expected == reading


def test_every_format_says_the_same(table: Any, read: Any, tmp_path: Path) -> None:
    """CSV, JSON Lines, JSON, Parquet and a zip of one of them: equal ids, texts, times and hashes."""
    rows = [{"id": "00123", "text": "NA", "created_at": AT}, {"id": "7", "text": 'two\nlines, "q"', "created_at": AT}]
    frame = pd.DataFrame(rows)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_json(tmp_path / "a.json", orient="records")
    frame.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    frame.to_parquet(tmp_path / "a.parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(tmp_path / "a.csv", "inner/a.csv")
    wrapped = table(json.dumps({"posts": rows}), "b.json")
    expected = [("00123", "NA"), ("7", 'two\nlines, "q"')]
    hashes = set()
    for path in [*(tmp_path / f"a.{suffix}" for suffix in ("csv", "json", "jsonl", "parquet", "zip")), wrapped]:
        found = posts(read(path))
        assert expected == [(one.native_id, one.text) for one in found]
        hashes.add(tuple(one.content_hash for one in found))
    assert 1 == len(hashes)


def test_numbers_in_json_and_parquet_keep_their_digits(table: Any, read: Any, tmp_path: Path) -> None:
    """Whole numbers are ids to the last digit, also beside a gap; decimal ones have lost theirs already."""
    big = 1799999999999999999
    found = read(table(json.dumps([{"id": big, "text": "a", "created_at": 1791201600}]), "a.json"))
    assert [str(big)] == [one.native_id for one in posts(found)]
    frame = pd.DataFrame({"id": pd.array([big, None], dtype="Int64"), "text": ["a", "b"], "created_at": [AT, AT]})
    frame.to_parquet(tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert ([str(big)], [("a.parquet[2]", "id is missing")]) == ([one.native_id for one in posts(found)], bad(found))
    found = read(table('[{"id":1.5,"text":"a","created_at":"2026-10-05T12:00:00Z"}]', "c.json"))
    assert [("c.json[1]", "id is neither text nor a whole number")] == bad(found)


def test_lists_of_links_and_alt_texts(table: Any, read: Any) -> None:
    """As JSON lists, in JSON and in a CSV cell; an empty alt text is one that was left empty."""
    row = {"id": "1", "text": "", "created_at": AT, "links": ["https://a.example/"], "media_alt": ["A desk", ""]}
    (reading,) = posts(read(table(json.dumps([row]), "a.json")))
    assert (("https://a.example/",), ["A desk", ""]) == (reading.links, [one.alt_text for one in reading.media])
    (reading,) = posts(read(table(f'id,text,created_at,media_alt\n1,,{AT},"[""A desk"", """"]"\n')))
    assert ["A desk", ""] == [one.alt_text for one in reading.media]


@pytest.mark.parametrize("author", ["@ala_lakeside", "ALA_Lakeside", "2001", ""])
def test_own_authors(table: Any, read: Any, author: str) -> None:
    """The near-miss: handle in any case, with or without @, the id, or nobody named."""
    assert 1 == len(posts(read(table(f"id,text,created_at,author\n1,a,{AT},{author}\n"))))


@pytest.mark.parametrize(
    ("space", "kept"),
    [(Space.PUBLIC_GROUP, ["1", "2"]), (Space.INTERNAL, ["1", "2"]), (Space.OFFICIAL, []), (Space.LEADER_PROFILE, [])],
)
def test_in_a_group_everybody_writes(
    table: Any, account: Callable[..., Account], space: Space, kept: list[str]
) -> None:
    """A group chat's table holds every member's messages; elsewhere another author's row is another's post."""
    path = table(f"id,text,created_at,author,reply_to\n1,a,{AT},Ada Example,\n2,b,{AT},Bo Example,1\n")
    found = list(importer("plain").read(path, account(space=space)))
    assert kept == [one.native_id for one in posts(found)]
    assert 2 - len(kept) == len(bad(found))
    assert all("Example" not in one.text and one.reply_to in (None, "1") for one in posts(found))


@pytest.mark.parametrize("author", ["@lakeside", "Lakeside", "2001"])
def test_a_handle_the_registry_writes_with_its_sign(table: Any, account: Callable[..., Account], author: str) -> None:
    """`@lakeside` in the registry is the author `lakeside` and `@lakeside` of a row."""
    path = table(f"id,text,created_at,author\n1,a,{AT},{author}\n2,b,{AT},somebody\n")
    found = list(importer("plain").read(path, account(handle="@lakeside")))
    assert ["1"] == [one.native_id for one in posts(found)]
    assert ["author is neither the account's handle nor its id"] == [reason for _, reason in bad(found)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"1,a,{AT},post,somebody", "author is neither the account's handle nor its id"),
        (f"1,a,{AT},story,", "kind is none of post, reply, share, quote, comment"),
        (f",a,{AT},post,", "id is missing"),
        ("1,a,,post,", "created_at is missing"),
        ("1,a,soon,post,", "created_at is no timestamp"),
        ("1,a,2026-02-30T00:00:00Z,post,", "created_at is no day or time that exists"),
        ("1,a,0001-01-01T00:00:00Z,post,", "created_at is before the year 1990"),
        ("1,a,2206-10-05T12:00:00Z,post,", "created_at is after the year 2100"),
        (f"1,a,{AT}", "has 3 fields where the header has 5"),
        (f"1,a,{AT},post,,,", "has 7 fields where the header has 5"),
        (f'1,"a"b,{AT},post,', "is no CSV row: ',' expected after '\"'"),
        (f"0,again,{AT},post,", "id stands in posts.csv:2 already"),
    ],
)
def test_a_bad_row_is_quarantined_with_its_line(table: Any, read: Any, line: str, reason: str) -> None:
    """The rows before and after are read, and the bytes are kept."""
    good = "id,text,created_at,kind,author\n0,first," + AT + ",,\n"
    found = read(table(f"{good}{line}\n2,last,{AT},,\n"))
    assert ["0", "2"] == [one.native_id for one in posts(found)]
    assert [("posts.csv:3", reason)] == bad(found)
    assert [f"{line}\n".encode()] == [one.raw for one in found if isinstance(one, Quarantined)]


@pytest.mark.parametrize("empty", ["0001-01-01T00:00:00Z", "1899-12-30T00:00:00Z", "1970-01-01T00:00:00+00:00"])
def test_an_empty_date_says_never(table: Any, read: Any, empty: str) -> None:
    """What programs write that have no date to write is no edit and no deletion; a date to come is a bad row."""
    rows = f"1,a,{AT},{empty},{empty}\n2,b,{AT},,2926-10-05T12:00:00Z\n"
    found = read(table(f"id,text,created_at,edited_at,deleted_at\n{rows}"))

    assert [("1", None, None)] == [(one.native_id, one.edited_at, one.deleted_at) for one in posts(found)]
    assert [("posts.csv:3", "deleted_at is after the year 2100")] == bad(found)


def test_line_numbers_count_lines_not_rows(table: Any, read: Any) -> None:
    """Texts of several lines move the rows behind them; blank lines are none."""
    found = read(table(f'id,text,created_at\r\n1,"a\r\nb\u2028c",{AT}\r\n\r\n2,short\r\n'))
    assert ["a\r\nb\u2028c"] == [one.text for one in posts(found)]
    assert [("posts.csv:5", "has 2 fields where the header has 3")] == bad(found)


@pytest.mark.parametrize("moment", ["2026-10-05T12:00:00", "05/10/2026", "10/5/2026 12:00", "2026-10-05", "5.10.26"])
def test_a_time_that_needs_a_guess_refuses_the_table(table: Any, read: Any, moment: str) -> None:
    """A whole file is written one way, so one such time says that none can be trusted."""
    path = table(f"id,text,created_at\n1,a,{AT}\n2,b,{moment}\n")
    for reader in (read, read_table):
        with pytest.raises(ExportRefused, match=r"posts\.csv:3: created_at .*; write ISO 8601 with the zone"):
            reader(path)


def test_naive_parquet_times_are_refused(read: Any, tmp_path: Path) -> None:
    """A timestamp column without a zone is as ambiguous as its text; with one it is read."""
    frame = pd.DataFrame({"id": ["1"], "text": ["a"], "created_at": pd.to_datetime(["2026-10-05T12:00:00Z"])})
    frame.to_parquet(tmp_path / "a.parquet")
    assert [datetime(2026, 10, 5, 12, tzinfo=UTC)] == [one.created_at for one in posts(read(tmp_path / "a.parquet"))]
    frame["created_at"] = frame["created_at"].dt.tz_localize(None)
    frame.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(ExportRefused, match="has no time zone"):
        read(tmp_path / "a.parquet")


def test_json_lines_are_judged_one_by_one(table: Any, read: Any) -> None:
    """A broken line costs itself."""
    good = json.dumps({"id": "1", "text": "a", "created_at": AT})
    found = read(table(f'{good}\n\n{{"id":"2"\n[1]\n{{"id":"3","id":"3"}}\n', "a.jsonl"))
    assert ["1"] == [one.native_id for one in posts(found)]
    expected = [
        ("a.jsonl:3", "is not valid JSON at character 9"),
        ("a.jsonl:4", "is no object"),
        ("a.jsonl:5", "has a key twice in one object"),
    ]
    assert expected == bad(found)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("id,text\n1,a\n", "a.csv", "a.csv: has no column 'created_at' (its columns: id, text); name a column so"),
        ("tweet,body\n1,a\n", "a.csv", "a.csv: has no column 'id' (its columns: body, tweet); name a column so"),
        ("", "a.csv", "a.csv: is empty; write a header line with id, text, created_at"),
        ("id,text,ID\n", "a.csv", "a.csv: has the column 'id' twice; keep one of them"),
        (
            "id,text\n1,caf\xe9\n".encode("latin-1"),
            "a.csv",
            "a.csv:2: is not UTF-8; save the file again as UTF-8 (CSV UTF-8)",
        ),
        (
            "id,text\n1,a\n".encode("utf-16-le"),
            "a.csv",
            "a.csv: is UTF-16 without its mark; save the file again as UTF-8 (CSV UTF-8)",
        ),
        (b"id,text\n1,\x81\n", "a.cp1252.csv", "a.cp1252.csv: is not cp1252; save the file again as UTF-8 (CSV UTF-8)"),
        ("PK", "a.xlsx", "a.xlsx: is a workbook, which is not read; save the sheet as CSV UTF-8"),
        (
            "id,message,body,date\n",
            "a.csv",
            "a.csv: 'message' and 'body' could both be the column 'text'; name one of them so",
        ),
        (
            'id,text,"created_at\n1,a,2026-10-05T12:00:00Z\n',
            "a.csv",
            "a.csv:1: is no CSV header: unexpected end of data; write every column's name on the first line",
        ),
        ("[1, 2", "a.json", "a.json: is not valid JSON at character 5; write a list of objects"),
        ('{"a":1}', "a.json", "a.json: is no list of posts; write a list of objects"),
        ("PAR1", "a.parquet", "a.parquet: is no readable Parquet file; write it again"),
        (
            "x",
            "a.docx",
            "a.docx: is no table; give a file that ends in one of .csv, .tsv, .jsonl, .ndjson, .json, .parquet",
        ),
    ],
)
def test_what_is_no_table_is_refused(table: Any, read: Any, content: str | bytes, name: str, message: str) -> None:
    """One line: where, what, how to mend."""
    with pytest.raises(ExportRefused) as raised:
        read(table(content, name))
    assert message == str(raised.value)


@pytest.mark.parametrize(
    ("content", "name", "ids"),
    [
        (f"Post_ID,Message,Created_Time\n1,caf\xe9,{AT}\n", "a.csv", ["1"]),
        (f"url,content,published\nhttps://a.example/1,caf\xe9,{AT}\n", "a.csv", ["https://a.example/1"]),
        (f"id|text|created_at\n1|caf\xe9|{AT}\n", "a.csv", ["1"]),
        (f"sep=;\r\nid;text;created_at\r\n1;caf\xe9;{AT}\r\n", "a.csv", ["1"]),
        (
            f'"id","text","date","a;b;c;d"\n1,caf\xe9,{AT},x\n',
            "a.csv",
            ["1"],
        ),
        (f"id\ttext\tcreated_at\r\n1\tcaf\xe9\t{AT}\r\n".encode("utf-16"), "a.tsv", ["1"]),
        (f"id,text,created_at\n1,caf\xe9,{AT}\n".encode("cp1252"), "a.cp1252.csv", ["1"]),
        (json.dumps([{"guid": "1", "body": "caf\xe9", "date_published": AT}]).encode("utf-16"), "a.json", ["1"]),
        (json.dumps({"id": "1", "text": "caf\xe9", "body": "other", "date": AT}), "a.jsonl", ["1"]),
    ],
)
def test_columns_and_encodings_of_others(
    table: Any, read: Any, content: str | bytes, name: str, ids: list[str]
) -> None:
    """Usual names for a column count where the column itself is absent; the text comes out the same."""
    found = posts(read(table(content, name)))
    assert (ids, ["caf\xe9"]) == ([one.native_id for one in found], [one.text for one in found])
    assert [datetime(2026, 10, 5, 12, tzinfo=UTC)] == [one.created_at for one in found]


def test_a_table_for_judging_keeps_its_names(table: Any) -> None:
    """The near-miss: only an import knows that what it reads are posts."""
    with pytest.raises(UserError, match="has no column 'text'"):
        read_table(table("id,message\n1,a\n"))


# --- judging --------------------------------------------------------------------------------------------------------


def test_a_table_is_text_as_written(table: Any) -> None:
    """A "NA" is no gap, "00123" no number, True no truth; empty optional cells are gaps, empty texts are texts."""
    frame, bad_rows = read_table(table("id,text,lang,likes\n00123,NA,,5\n1e5,,en,\nnull,True,None,\n"))
    assert [] == bad_rows
    assert ["id", "text", "lang"] == list(frame.columns)
    assert ["00123", "1e5", "null"] == list(frame["id"])
    assert ["NA", "", "True"] == list(frame["text"])
    assert [True, False, False] == list(frame["lang"].isna())
    assert "None" == frame["lang"].iloc[2]
    assert all(isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid,text\r\n1,a\r\n",
        b"id;text\n1;a\n",
        b"id\ttext\n1\ta\n",
        b" ID , Text \n1,a\n",
        b"id,text\n1,a",
        b'"id","text"\n"1","a"\n',
    ],
    ids=["BOM and CRLF", "semicolons", "tabs", "untidy header", "no last newline", "quoted"],
)
def test_tables_of_several_programs(table: Any, content: bytes) -> None:
    """What spreadsheet programs write is read alike."""
    frame, bad_rows = read_table(table(content))
    assert ([["1", "a"]], []) == (frame.to_numpy().tolist(), bad_rows)


def test_times_become_utc(table: Any) -> None:
    """One way to write an instant, so that whoever judges need not guess; a gap stays one."""
    frame, _ = read_table(table("id,text,created_at\n1,a,2026-10-05T14:00:00+02:00\n2,b,1791201600\n3,c,\n"))
    assert ["2026-10-05T12:00:00+00:00"] * 2 == list(frame["created_at"].dropna())
    assert 3 == len(frame)


def test_bad_rows_are_counted_beside_the_table(table: Any) -> None:
    """Read and quarantined together are all there was."""
    frame, bad_rows = read_table(table('id,text\n1,a\n2\n1,again\n3,"open\n4,not swallowed\n'))
    assert ["1", "4"] == list(frame["id"])
    expected = [
        ("posts.csv:3", "has 1 fields where the header has 2"),
        ("posts.csv:5", "is no CSV row: unexpected end of data"),
        ("posts.csv:4", "id stands in posts.csv:2 already"),
    ]
    assert expected == [(one.where, one.reason) for one in bad_rows]


def test_a_quote_nobody_closed_costs_its_own_line(table: Any, read: Any) -> None:
    """All rows behind it are read, for judging and as posts, and those that are broken themselves are named."""
    rows = "".join(f"{number},I will kill you,{AT}\n" for number in range(7, 501))
    path = table(f'id,text,created_at\n5,"two\nlines",{AT}\n6,"I said hello,{AT}\n{rows}')
    expected = ["5", *map(str, range(7, 501))]
    reason = "is no CSV row: unexpected end of data"

    frame, bad_rows = read_table(path)
    assert expected == list(frame["id"])
    assert [("posts.csv:4", reason)] == bad(bad_rows)
    assert [f'6,"I said hello,{AT}\n'.encode()] == [one.raw for one in bad_rows]

    found = read(path)
    assert sorted(expected) == sorted(one.native_id for one in posts(found))
    assert [("posts.csv:4", reason)] == bad(found)


def test_lines_behind_a_quote_nobody_closed_are_read_for_themselves(table: Any) -> None:
    """Also where another quote ends the first in the middle of a line, and with a text of several lines behind it."""
    frame, bad_rows = read_table(table('id,text\n1,"open\n2,b\n3\n4,"d"\n5,"two\nlines"\n6,"open\n7,g'))
    assert [["2", "b"], ["4", "d"], ["5", "two\nlines"], ["7", "g"]] == frame.to_numpy().tolist()
    expected = [
        ("posts.csv:2", "is no CSV row: ',' expected after '\"'"),
        ("posts.csv:4", "has 1 fields where the header has 2"),
        ("posts.csv:8", "is no CSV row: unexpected end of data"),
    ]
    assert expected == bad(bad_rows)


def test_quotes_that_open_on_every_line_are_read_in_one_go(table: Any) -> None:
    """Each of these lines leaves a quote open and closes one: read anew to the end from each, it would take hours."""
    lines = 100_000
    frame, bad_rows = read_table(table("id,text,lang\n" + 'a",",\n' * lines + "1,a,en"))
    assert (["1"], lines) == (list(frame["id"]), len(bad_rows))


def test_an_empty_table_has_its_columns(table: Any) -> None:
    """A header and no rows is a table of nothing."""
    frame, bad_rows = read_table(table("id,text\n"))
    assert (["id", "text"], 0, []) == (list(frame.columns), len(frame), bad_rows)


def test_a_missing_column_is_the_readers_to_mend(table: Any) -> None:
    """One line that names the columns there are."""
    with pytest.raises(UserError) as raised:
        read_table(table("id,body\n1,a\n"))
    assert "posts.csv: has no column 'text' (its columns: body, id); name a column so" == str(raised.value)


def test_csv_spectrum_is_read_as_it_says(hostile: Path, tmp_path: Path) -> None:
    """The CSV test collection, its first column called id and its second text, gives the cells its JSON names."""
    wrong = []
    for path in sorted((hostile / "csv-spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((hostile / "csv-spectrum" / "json" / f"{path.stem}.json").read_bytes())
        if not expected or len(expected[0]) < 2:
            continue
        header, _, rest = path.read_bytes().partition(b"\n")
        names = header.strip().decode().split(",")
        renamed = ",".join(["id", "text", *names[2:]]) + ("\r\n" if header.endswith(b"\r") else "\n")
        (tmp_path / path.name).write_bytes(renamed.encode() + rest)
        frame, bad_rows = read_table(tmp_path / path.name)
        cells = [[row[name] for name in names[:2]] for row in expected]
        if bad_rows or frame[["id", "text"]].to_numpy().tolist() != cells:
            wrong.append(path.name)
    assert [] == wrong
