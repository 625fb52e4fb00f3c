"""Commands, make targets and variables that the pages name are there. Nothing is run here, only parsed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chapterwatch.cli import chapterwatch
from docs_build.pages import DOCS
from docs_build.variables import names

REPO = DOCS.parent
PAGES = [REPO / "README.md", *sorted(DOCS.rglob("*.md"))]
_FENCED = re.compile(r"^ *```(?P<kind>sh|bash|shell|console)\b[^\n]*\n(?P<text>.*?)^ *```", re.DOTALL | re.MULTILINE)
_ANY_FENCE = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
#: Variables of the targets that train and measure, which the running program never reads.
_OF_THE_MAKEFILE = {"CHAPTERWATCH_DATA"}


def lines_of(text: str) -> Iterator[str]:
    """Each command line of a page's fenced blocks; of a console only what stands behind the prompt."""
    for block in _FENCED.finditer(text):
        for line in block["text"].replace("\\\n", " ").splitlines():
            bare = line.strip()
            if block["kind"] != "console":
                yield bare
            elif bare.startswith(("$ ", "# ")):
                yield bare[2:]


def words_of(line: str) -> list[list[str]]:
    """A line's commands as words: cut at pipes and the like, without redirections' targets or comments."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in reader:
        if word[0] in "|;&()":
            commands.append([])
        else:
            commands[-1].append(word)
    return [command[: next((at for at, word in enumerate(command) if word[0] in "<>"), None)] for command in commands]


def ours(words: list[str]) -> list[str] | None:
    """The arguments of `chapterwatch`, where a command runs it: by itself, or through something that runs commands."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    for at, word in enumerate(words):
        through = (
            at == 0 or words[0] in {"sudo", "docker", "kubectl", "nice", "time"} or words[at - 1].endswith("enter.sh")
        )
        if Path(word).name == "chapterwatch" and through and words[at - 1] not in {"-u", "-n", "--user"}:
            return words[at + 1 :]
    return None


def quoted(page: Path) -> list[list[str]]:
    """Every run of `chapterwatch` in a page's blocks."""
    found = [ours(words) for line in lines_of(page.read_text(encoding="utf-8")) for words in words_of(line)]
    return [arguments for arguments in found if arguments is not None]


def parse(arguments: list[str]) -> None:
    """Let click parse a command line without running it. Raises ClickException as the command would."""
    command: click.Command = chapterwatch
    parent = None
    while isinstance(command, click.Group):
        group = command
        context = group.make_context("chapterwatch", list(arguments), parent=parent)
        _, found, arguments = group.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        command, parent = found, context
    command.make_context("chapterwatch", list(arguments), parent=parent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_quoted_commands_exist_with_their_options(page: Path) -> None:
    """What a reader types out of a page must not end in "no such option"."""
    wrong = []
    for arguments in quoted(page):
        if {"-h", "--help", "--version"} & set(arguments):
            continue
        try:
            parse(arguments)
        except click.ClickException as error:
            wrong.append(f"{' '.join(arguments)}: {error.format_message()}")

    assert [] == wrong


def test_there_are_commands_to_look_at() -> None:
    """The near-miss of the test above: that it reads nothing and is content."""
    assert ["import", "posts.csv", "--account", "plain:lakeside-newsletter"] in quoted(DOCS / "connect" / "exports.md")
    assert ["publish", "2026-10", "--preview", "look"] in quoted(DOCS / "start.md")
    assert None is ours(["cd", "chapterwatch"])
    assert None is ours(["sudo", "-u", "chapterwatch", "ls"])


@pytest.mark.parametrize("arguments", [["publish"], ["publish", "2026-10", "--previw", "x"], ["reports"], ["access"]])
def test_a_wrong_command_is_found(arguments: list[str]) -> None:
    """A missing argument, a misspelt option, no such command, a group alone."""
    with pytest.raises((click.ClickException, click.exceptions.NoArgsIsHelpError)):
        parse(arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_commands_named_in_the_text_exist(page: Path) -> None:
    """Within a sentence arguments may be left out or stand for others; commands and options may not be invented."""
    text = _ANY_FENCE.sub("", page.read_text(encoding="utf-8"))
    named = [code.split() for code in _INLINE.findall(text) if re.match(r"chapterwatch [a-z]", code)]

    assert [] == [" ".join(words) for words in named if not is_there(words[1:])]


def is_there(words: list[str]) -> bool:
    """Whether a command and the options beside it exist."""
    command: click.Command = chapterwatch
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.commands.get(words[0].strip(",;"))
        if found is None:
            return False
        command, words = found, words[1:]
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)} | {"-h", "--help"}
    return {word.partition("=")[0] for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_make_targets_named_exist(page: Path) -> None:
    """In blocks and in sentences."""
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    runs = [words[1:] for line in lines_of(text) for words in words_of(line) if words[:1] == ["make"]]
    runs += [code.split()[1:] for code in _INLINE.findall(text) if re.match(r"make [a-z]", code)]

    assert [] == [word for words in runs for word in words if re.fullmatch(r"[a-z-]+", word) and word not in targets]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_variables_named_are_read(page: Path) -> None:
    """Every CHAPTERWATCH_ variable stands in the table of settings, or in the deployment's own files."""
    deployed = "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in (REPO / "docker-compose.yml", *(REPO / "deploy").rglob("*"))
        if path.is_file()
    )
    known = names() | set(re.findall(r"CHAPTERWATCH_[A-Z_]*[A-Z]", deployed)) | _OF_THE_MAKEFILE
    named = set(re.findall(r"\bCHAPTERWATCH_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")))

    assert set() == {name for name in named if not name.startswith("CHAPTERWATCH_CONN_")} - known
