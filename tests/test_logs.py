"""Logs carry ids and counts: secrets are cut wherever they stray, and fields are named once."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chapterwatch import logs

ROOT = Path(__file__).resolve().parent.parent
CANARY = "canary|token/1a2b3c4d=="
FORMS = (CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode())


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger whose one handler redacts and writes JSON lines; the canary is a known secret."""
    logs.remember([CANARY])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.Redaction())
    handler.setFormatter(logs.AsJson())
    logger = logging.getLogger("chapterwatch.tested")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)
    logs._secrets.difference_update(logs._forms(CANARY))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["message", "argument", "field", "list", "key"])
def test_a_secret_is_cut_wherever_a_record_carries_it(
    form: str, place: str, written: tuple[logging.Logger, io.StringIO]
) -> None:
    """In words, arguments and fields, plain, URL-encoded and in base64."""
    logger, stream = written
    carried: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
        "message": (f"said {form}", (), {}),
        "argument": ("said %s", (form,), {}),
        "field": ("said", (), {"reason": f"refused: {form}"}),
        "list": ("said", (), {"reason": ["refused", {"said": form}]}),
        "key": ("said", (), {"reason": {form: 1}}),
    }
    message, arguments, extra = carried[place]
    logger.warning(message, *arguments, extra=extra)

    assert form not in stream.getvalue()
    assert logs.CUT in stream.getvalue()


def test_a_secret_in_an_exception_is_cut(written: tuple[logging.Logger, io.StringIO]) -> None:
    """A client's error prints the address it asked, token included."""
    logger, stream = written
    try:
        open(f"/nowhere/me?access_token={quote(CANARY, safe='')}").close()  # noqa: PTH123
    except OSError:
        logger.exception("asking failed")

    said = json.loads(stream.getvalue())
    assert "FileNotFoundError" in said["exception"]
    assert not [form for form in FORMS if form in stream.getvalue()]


def test_what_is_no_secret_stays(written: tuple[logging.Logger, io.StringIO]) -> None:
    """Fields arrive with their types, one object a line."""
    logger, stream = written
    logger.info("x:2001: %s", "rate_limited", extra=logs.fields(account="x:2001", count=3, reason=None))

    said = json.loads(stream.getvalue())
    del said["time"]
    assert {
        "level": "info",
        "logger": "chapterwatch.tested",
        "message": "x:2001: rate_limited",
        "account": "x:2001",
        "count": 3,
    } == said


def test_a_field_nobody_documented_is_refused() -> None:
    """A name, an address or a text must not become a field by habit."""
    with pytest.raises(ValueError, match="no such log field: recipient"):
        logs.fields(recipient="president@lakeside.example")


def test_fields_do_not_hide_what_a_record_has_of_its_own() -> None:
    """A record refuses an extra that would overwrite an attribute of the record."""
    assert set() == logs.FIELDS.keys() & logs._OWN


def test_the_page_lists_the_fields() -> None:
    """docs/metrics.md has every field with its meaning."""
    text = (ROOT / "docs" / "metrics.md").read_text()

    assert [f"| `{name}` | {meaning} |" for name, meaning in logs.FIELDS.items()] == re.findall(
        r"^\| `[a-z]+` \| .* \|$", text[text.index("## Log fields") :], re.MULTILINE
    )


@pytest.mark.parametrize(("form", "is_json"), [("json", True), ("", False)])
def test_the_command_line_writes_json_when_asked(form: str, is_json: bool, tmp_path: Path) -> None:
    """CHAPTERWATCH_LOG=json: one object a line on standard error; else words for people."""
    registry = tmp_path / "chapters.yml"
    registry.write_text((ROOT / "sample" / "registry.yml").read_text())
    (tmp_path / "registers").symlink_to(ROOT / "sample" / "registers")
    environment = {
        **os.environ,
        "CHAPTERWATCH_HOME": str(tmp_path),
        "CHAPTERWATCH_REGISTRY": str(registry),
        "CHAPTERWATCH_CONNECTIONS": str(tmp_path / "none.yml"),
        "CHAPTERWATCH_MEDIA": "off",
        "CHAPTERWATCH_NOW": "2026-11-02T02:15:00Z",
        "CHAPTERWATCH_LOG": form,
    }
    command = [sys.executable, "-m", "chapterwatch.cli", "-v", "collect", "--chapter", "ala-lakeside"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    lines = [line for line in done.stderr.splitlines() if "credentials_missing" in line and "known" not in line]
    assert lines
    if not is_json:
        assert not [line for line in lines if line.startswith("{")]
        return
    said = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"collect"} == {item["step"] for item in said}
    assert {"credentials_missing"} == {item["reason"] for item in said}
    assert {"nightly:2026-11-01"} == {item["run"] for item in said}
