"""The facts as JSON, for programs: what the runbook says of addresses, filters and fields is what they get."""

import re
from pathlib import Path
from typing import Any

from desk.queries import Asked

SAID = (Path(__file__).resolve().parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
SECTION = SAID.partition("### Read findings by a program\n")[2].partition("\n### ")[0]


def names(start: str) -> set[str]:
    """The words in code type of the section's item that begins so."""
    item = SECTION.partition(f"- **{start}** ")[2].partition("\n- ")[0]
    return set(re.findall(r"`([^`]+)`", item))


def test_every_filter_and_field_is_told(desktop: Any) -> None:
    """Whoever writes a program against it has the page and nothing else."""
    answer = desktop.get("ada", "api/findings?state=any").json()

    assert {"findings", "next"} == answer.keys()
    assert answer["findings"][0].keys() == names("A finding")
    assert set(Asked.__dataclass_fields__) <= names("Filters")


def test_every_address_is_told(desktop: Any) -> None:
    """Each of the router's, with the names it answers with."""
    rows = dict(re.findall(r"\| `/chapterwatch/(api/\w+)` \|[^|]*\| (.*) \|", SECTION))

    assert ["api/acts", "api/findings", "api/me"] == sorted(rows)
    for address, said in rows.items():
        assert desktop.get("ada", address).json().keys() <= set(re.findall(r"`(\w+)`", said))


def test_a_word_no_filter_knows_is_refused(desktop: Any) -> None:
    """A slip must not read as "nothing found"."""
    assert 400 == desktop.get("ada", "api/findings?state=opne").status_code
