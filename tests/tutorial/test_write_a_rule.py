"""The tutorial is run as it is written: every file is made, every command is typed, every answer must come."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "write-a-rule.md"
_BLOCK = re.compile(r"^```(?P<kind>\S*)(?: title=\"(?P<file>[^\"]+)\")?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
#: Stands for what differs from place to place: the head of a path, or some lines.
_ANY = "..."


@dataclass(frozen=True)
class Step:
    """One thing the reader does: write a file, or type a command and see its answer."""

    line: int
    file: str | None
    body: str


def steps_of(page: str) -> Iterator[Step]:
    """What a reader of the page does, in order."""
    for block in _BLOCK.finditer(page):
        line = page.count("\n", 0, block.start()) + 1
        if block["file"]:
            yield Step(line, block["file"], block["body"])
        else:
            assert block["kind"] == "console", f"line {line}: neither a file with a title nor a console"
            parts = re.split(r"^\$ ", block["body"], flags=re.MULTILINE)
            assert not parts[0], f"line {line}: an answer before any command"
            yield from (Step(line, None, part) for part in parts[1:])


def fits(expected: str, answer: str) -> bool:
    """Whether an answer is the expected one, `...` standing for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.split(_ANY))
    return re.fullmatch(pattern, answer, re.DOTALL) is not None


class Reader:
    """Somebody in a fresh folder with a shell that remembers what was exported and how the last command ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CHAPTERWATCH_", "COLUMNS"))}
        self.environment = {**kept, "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}
        self.state = folder.parent / "state"
        self.state.write_text("")

    def type(self, command: str) -> str:
        """What the shell answers to a command."""
        # The state is what the command before exported, and its exit status for `echo $?`.
        script = f'source {self.state}; {command}\nstatus=$?; {{ export -p; echo "(exit $status)"; }} > {self.state}'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


def test_every_step_of_the_page_does_what_the_page_says(tmp_path: Path) -> None:
    """From an empty folder to the rule in a report; the first step that answers otherwise is named by its line."""
    folder = tmp_path / "work"
    folder.mkdir()
    reader = Reader(folder)
    typed = 0
    for step in steps_of(PAGE.read_text(encoding="utf-8")):
        if step.file is not None:
            (folder / step.file).write_text(step.body, encoding="utf-8")
            continue
        command, _, expected = step.body.partition("\n")
        answer = reader.type(command)
        typed += 1
        assert fits(expected.strip("\n"), answer.strip("\n")), (
            f"line {step.line}: $ {command}\n--- the page says\n{expected}\n--- the shell says\n{answer}"
        )
    assert typed > 20
    assert (folder / "home" / "reports" / "2026-10" / "bees-oxbow-2026-10-r1.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("expected", "answer", "same"),
    [
        ("7 cases, 0 failed", "7 cases, 1 failed", False),
        ("7 cases, 0 failed", "7 cases, 0 failed\nmore", False),
        ("", "an error", False),
        (".../chapters.yml: fine", "/tmp/x/chapters.yml: fine", True),
        ("one\n...\nthree", "one\ntwo\nand\nthree", True),
        ("one\n...\nthree", "one\ntwo", False),
    ],
)
def test_an_answer_that_differs_is_noticed(expected: str, answer: str, *, same: bool) -> None:
    """The dots stand for anything; all else is to the letter."""
    assert same is fits(expected, answer)


def test_no_block_of_the_page_is_left_out() -> None:
    """Every fence opens a block the test knows, so nothing on the page is only shown."""
    page = PAGE.read_text(encoding="utf-8")

    assert page.count("\n```") == 2 * len(list(_BLOCK.finditer(page)))


def test_the_rule_of_the_page_has_its_near_misses_first() -> None:
    """What the page preaches it keeps to."""
    [rules] = [
        step.body for step in steps_of(PAGE.read_text(encoding="utf-8")) if (step.file or "").endswith("stings.yml")
    ]
    kinds = re.findall(r"^      - (clean|breach):", rules, re.MULTILINE)

    assert "clean" == kinds[0]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds.count("clean") >= kinds.count("breach")
