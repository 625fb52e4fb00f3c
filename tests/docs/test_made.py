"""What the pages repeat of code and data is what code and data say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from chapterwatch import registry
from chapterwatch.known import known
from chapterwatch.policy import POLICIES
from connectors import manifests
from docs_build import faults
from docs_build.example import Example, save
from docs_build.pages import DOCS, made, pages
from sample.demo import COLUMNS

SAMPLE = DOCS.parent / "sample" / "registry.yml"
LIVE = sorted(name for name, item in manifests().items() if item.entry_point)
SHOWN = sorted(path for path in DOCS.rglob("*.md") if Example.of(path.read_text(encoding="utf-8")).accounts)


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: str(path.relative_to(DOCS)))
def test_a_made_page_is_what_it_is_made_of(path: Path) -> None:
    """Options, limits, commands, sentences of failures: a page that fell behind is written anew by `make docs`."""
    assert made(path) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", LIVE)
def test_every_platform_asked_live_has_its_page_and_its_picture(platform: str) -> None:
    """A new connector comes with a page that has every block, and with a picture of its form."""
    text = (DOCS / "connect" / f"{platform}.md").read_text(encoding="utf-8")
    blocks = ("facts", "needs", "fields", "works", "refused", "sees", "cannot_see", "limits", "faults", "retention")

    assert [] == [name for name in blocks if f"<!-- made: {name} {platform} -->" not in text]
    assert (DOCS / "img" / f"connect-{platform}.png").is_file()


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(DOCS)))
def test_a_registry_entry_that_is_shown_can_be_loaded(path: Path, tmp_path: Path) -> None:
    """What a reader copies out of a page has no mistake the registry would name."""
    example = Example.of(path.read_text(encoding="utf-8"))
    save(tmp_path, example)
    loaded = registry.load(tmp_path / "config" / "chapters.yml", known(POLICIES))

    assert [f"{example.account['platform']}:{example.account['native_id']}"] == [one.key for one in loaded.accounts]


@pytest.mark.parametrize("platform", LIVE)
def test_a_connection_that_is_shown_holds_what_its_entry_names(platform: str) -> None:
    """Entry and connection of a page belong together, and name secrets and options that the platform knows."""
    example = Example.of((DOCS / "connect" / f"{platform}.md").read_text(encoding="utf-8"))
    name, found = example.connection
    manifest = manifests()[platform]

    assert (name, platform) == (example.account["connection"], found["platform"])
    assert set() == set(found.get("secrets", {})) - set(manifest.secrets)
    assert set() == set(found.get("options", {})) - set(manifest.options)


def test_every_advice_belongs_to_a_sentence() -> None:
    """Advice on a sentence that no connector says any more would wait for ever."""
    advice = yaml.safe_load((Path(faults.__file__).parent / "mends.yml").read_text(encoding="utf-8"))["platforms"]
    lost = [
        (platform, said["says"])
        for platform, entries in advice.items()
        for said in entries
        if f": {said['mend']}" not in faults.block(platform)
    ]

    assert [] == lost


def test_a_sentence_is_read_through_the_name_it_has_in_the_code(tmp_path: Path) -> None:
    """The near-misses: a text put together first, a class of the module's own, and a call that is no error."""
    module = tmp_path / "client.py"
    module.write_text(
        "class Ended(UnexpectedShape): ...\n"
        "def ask(account, answer):\n"
        "    what = f'{account.key}: it answered {answer.status}'\n"
        "    if answer.status == 426:\n"
        "        raise Ended(f'{what}: set {answer.option} anew')\n"
        "    if answer.status == 500:\n"
        "        raise Unreachable(what)\n"
        "    return Answer(what)\n",
        encoding="utf-8",
    )

    assert [
        faults.Fault("UnexpectedShape", "ACCOUNT: it answered STATUS: set … anew"),
        faults.Fault("Unreachable", "ACCOUNT: it answered STATUS"),
    ] == faults.faults_of([module])


def test_the_demo_s_table_is_shown_without_counts_that_age() -> None:
    """Its columns and chapters are those of the demo; what a rule finds in the sample changes with the rule."""
    text = (DOCS / "start.md").read_text(encoding="utf-8")
    head, *lines = text[text.index("chapter   ") : text.index("\n...\n```")].splitlines()
    rows = [re.split(" {2,}", line) for line in lines]
    chapters = registry.load(SAMPLE, known(POLICIES)).chapters
    accounts = {chapter.id: len(chapter.accounts) for chapter in chapters}

    assert COLUMNS == tuple(re.split(" {2,}", head))
    assert list(accounts.items())[: len(rows)] == [(row[0], int(row[-1].split()[2].strip(","))) for row in rows]
    assert {("…",) * 4} == {tuple(row[1:-1]) for row in rows}


def test_the_runbook_shows_no_counts_of_verdicts() -> None:
    """They are another number in every house and after every change of a rule."""
    text = (DOCS / "operate.md").read_text(encoding="utf-8")

    assert ["… verdicts, … not judged; … findings, … open"] == re.findall(r"^.* verdicts, .*$", text, re.MULTILINE)
