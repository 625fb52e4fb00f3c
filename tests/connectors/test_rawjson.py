"""Strict JSON and exact slices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import rawjson

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b' {"a" : [1, 2.50] } ', {"a": [1, 2.5]}),
        (b'"\\ud800"', "\ud800"),
        (b'{"id":1799999999999999999}', {"id": 1799999999999999999}),
        (b'["[[[{{{"]', ["[[[{{{"]),
        (b"[" * 64 + b"]" * 64, None),
    ],
)
def test_valid_json_is_read(body: bytes, value: object) -> None:
    """Near-misses first: odd but valid JSON, brackets inside strings and the deepest nesting allowed are no faults."""
    assert value is None or rawjson.loads(body) == value
    assert rawjson.loads(body) is not None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is not valid JSON at character 0"),
        (b'{"data":[{"id":"1"', "is not valid JSON at character 18"),
        (b'{"a":1,"a":2}', "has a key twice in one object"),
        (b'{"a":NaN}', "holds NaN, which is no JSON"),
        (b"[-Infinity]", "holds -Infinity, which is no JSON"),
        (b"[1e999]", "holds a number too large to read"),
        (b"[" + b"9" * 5000 + b"]", "holds a number too long to read"),
        (b"[" * 65 + b"]" * 65, "is nested deeper than 64 levels"),
        (b"[" * 100_000, "is nested deeper than 64 levels"),
        (b'["\xe9"]', "is not UTF-8 at byte 2"),
        (b"\xff\xfe[\x00]\x00", "is not UTF-8 at byte 0"),
    ],
)
def test_anything_else_is_refused_with_one_reason(body: bytes, reason: str) -> None:
    """Invalid JSON, and valid JSON that would mean something else downstream, is refused; the reason quotes nothing."""
    with pytest.raises(rawjson.BrokenJson) as raised:
        rawjson.loads(body)
    assert reason == str(raised.value)


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_long_text_that_is_cut_off_is_refused_at_once(end: bytes) -> None:
    """Two million escaped quotes without an end: looked through once, not from each of them anew."""
    with pytest.raises(rawjson.BrokenJson, match="is not valid JSON"):
        rawjson.loads(b'["' + b'\\"' * 2_000_000 + end)


def test_jsontestsuite_is_judged_as_its_file_names_say(hostile: Path) -> None:
    """Every n_ file is refused, every y_ file read but the two with a key twice; i_ files end one way or the other."""
    wrong = []
    for path in sorted((hostile / "jsontestsuite" / "test_parsing").iterdir()):
        try:
            rawjson.loads(path.read_bytes())
            accepted = True
        except rawjson.BrokenJson:
            accepted = False
        expected = path.name.startswith("y_") and "duplicated_key" not in path.name
        if not path.name.startswith("i_") and accepted != expected:
            wrong.append(path.name)
    assert [] == wrong


def test_slices_are_the_bytes_as_received() -> None:
    """Escapes, spaces and number forms of an element survive, for they are the evidence."""
    body = '{ "meta":{"x":[{}]}, "data" : [ {"t":"\\u00e9 é",  "n":1.50},\n7 , [] ],"z":1}'.encode()
    assert ['{"t":"\\u00e9 é",  "n":1.50}'.encode(), b"7", b"[]"] == rawjson.elements(body, "data")
    assert [b"{}"] == rawjson.elements(body, "meta", "x")


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (b'{"data":{"id":"1"} }', ("data",), [b'{"id":"1"}']),
        (b'{"data":null}', ("data",), []),
        (b'{"data":[ ]}', ("data",), []),
        (b'{"other":[1]}', ("data",), []),
        (b"[]", ("data",), []),
        (b" [1, 2]", (), [b"1", b"2"]),
    ],
)
def test_what_is_not_there_has_no_slices(body: bytes, path: tuple[str, ...], expected: list[bytes]) -> None:
    """An object counts as its own only element, absent and null as none."""
    assert expected == rawjson.elements(body, *path)


@given(st.lists(JSON_VALUES, max_size=5), JSON_VALUES, st.sampled_from([None, 1]))
def test_slices_parse_back_to_the_elements(values: list[object], other: object, indent: int | None) -> None:
    """Whatever stands around them, the slices of an array hold its elements in order."""
    body = json.dumps({"before": other, "data": values, "after": other}, indent=indent, ensure_ascii=indent is None)
    try:
        packed = body.encode()
        rawjson.loads(packed)
    except (UnicodeEncodeError, rawjson.BrokenJson):
        return
    assert values == [json.loads(one) for one in rawjson.elements(packed, "data")]


def test_records_that_belong_together_are_joined_exactly() -> None:
    """An item alone stays as it is; with others it stands in an object that is JSON again."""
    assert b'{"a": 1}' == rawjson.joined("data", b'{"a": 1}', {"media": []})
    both = rawjson.joined("data", b'{"a": 1}', {"media": [b"{ }", b"[]"]})
    assert b'{"data":{"a": 1},"includes":{"media":[{ },[]]}}' == both
