"""The runbook and its neighbours name only commands, options, pages and sections that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from chapterwatch.cli import chapterwatch
from chapterwatch.pipeline.health import REASONS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("operate.md", "metrics.md", "reading-a-report.md", "write-a-rule.md")
#: A command in a sentence ends with its quote, one in a block with its line.
_COMMAND = re.compile(r"`(?:deploy/enter\.sh )?(chapterwatch [^`\n]+)`|^(?:\$ )?(chapterwatch .+)$", re.MULTILINE)


def commands_of(name: str) -> list[str]:
    """Every command line of ours on a page."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [first or second for first, second in _COMMAND.findall(page)]


def fault_of(line: str) -> str | None:
    """What is wrong with a command line: an unknown command or option; None where nothing is."""
    words = shlex.split(re.split(r" (?:\|\|?|>|&&) ", line)[0])[1:]
    command: click.Command = chapterwatch
    while words and isinstance(command, click.Group):
        found = command.commands.get(words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    known = {option for item in command.params for option in (*item.opts, *item.secondary_opts)}
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    return f"no option {', '.join(sorted(options - known))}" if options - known else None


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_only_commands_there_are(name: str) -> None:
    """A command that is gone, found at night, is worse than none."""
    assert [] == [f"{line}: {fault}" for line in commands_of(name) if (fault := fault_of(line))]


def test_a_wrong_command_would_be_noticed() -> None:
    """The test has teeth: it finds the runbook's commands, and knows a wrong one."""
    assert len(commands_of("operate.md")) > 30
    assert fault_of("chapterwatch delivery settle a/b/1/c --by you --note x") is None
    assert fault_of("chapterwatch health --json | mail you@x.example") is None
    assert fault_of("chapterwatch delivery shred") == "no command shred"
    assert fault_of("chapterwatch health --yaml") == "no option --yaml"


@pytest.mark.parametrize("name", PAGES)
def test_links_within_lead_somewhere(name: str) -> None:
    """A section named by a link of these pages stands on its page."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for file, section in re.findall(r"\]\(([a-z/-]+\.md)?#([a-z-]+)\)", page):
        heads = re.findall(r"^#+ (.+)$", (ROOT / "docs" / (file or name)).read_text(encoding="utf-8"), re.MULTILINE)
        assert section in {re.sub(r"[^a-z -]", "", head.lower()).replace(" ", "-") for head in heads}, (file, section)


def test_every_word_for_why_is_explained() -> None:
    """The table of the section coverage-low has every reason an account can be given."""
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = page[page.index("### coverage-low") : page.index("### credentials-rejected")]

    assert set(REASONS) == set(re.findall(r"`([a-z_]+)`", section))
