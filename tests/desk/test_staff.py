"""The registry's `staff:`: who works with the pages, checked at the door."""

import re
import textwrap
from pathlib import Path

import pytest

from chapterwatch import registry
from chapterwatch.errors import InvalidFiles

HEAD = """
associations:
  - id: ala
    name: A
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    chapters:
      - {id: lakeside, name: L, country: US, people: [{name: P, email: p@l.example, role: president, leadership: true}]}
staff:
"""


def _load(folder: Path, staff: str) -> registry.Registry:
    path = folder / "chapters.yml"
    path.write_text(HEAD + staff, encoding="utf-8")
    return registry.load(path)


def test_staff_have_a_login_a_role_and_chapters(tmp_path: Path) -> None:
    """Without chapters a role holds for all of them; a viewer's have to be said, if only as `all`."""
    found = _load(
        tmp_path,
        "  - {user: vera, role: viewer, chapters: [lakeside]}\n"
        "  - {user: all, role: viewer, chapters: all}\n"
        "  - {user: rosa, role: reviewer}\n",
    )
    assert [("vera", ("lakeside",)), ("all", None), ("rosa", None)] == [(one.user, one.chapters) for one in found.staff]


@pytest.mark.parametrize(
    ("staff", "fault"),
    [
        ("  - {user: vera, role: viewer}\n", "viewer vera has no chapters"),
        ("  - {user: vera, role: viewer, chapters: []}\n", "viewer vera has no chapters"),
        ("  - {user: vera, role: owner}\n", "role"),
        ("  - {user: vera, role: reviewer, chapters: [harbor]}\n", "there is no chapter 'harbor'"),
        ("  - {user: vera, role: admin}\n  - {user: vera, role: reviewer}\n", "user vera is listed twice"),
    ],
)
def test_a_fault_in_staff_is_told_and_gives_no_rights(tmp_path: Path, staff: str, fault: str) -> None:
    """A slip must not make somebody see what is not theirs."""
    with pytest.raises(InvalidFiles) as raised:
        _load(tmp_path, staff)
    assert fault in " ".join(str(problem) for problem in raised.value.problems)


REPO = Path(__file__).resolve().parents[2]
EXAMPLE = (REPO / "config" / "chapters.example.yml").read_text(encoding="utf-8")


def _staff_of_the_page() -> str:
    page = (REPO / "docs" / "deploy.md").read_text(encoding="utf-8")
    return "\n".join(textwrap.dedent(block) for block in re.findall(r"^ +staff:\n(?: +- .*\n)+", page, re.MULTILINE))


def _staff_of_the_example() -> str:
    return re.sub(r"^# ", "", EXAMPLE[EXAMPLE.index("# staff:") :], flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("staff", "expected"),
    [
        (_staff_of_the_page(), [("marta", "reviewer", ("ala-lakeside",))]),
        (_staff_of_the_example(), [("marta", "reviewer", ("ala-lakeside",)), ("olga", "admin", None)]),
    ],
    ids=["docs/deploy.md", "chapters.example.yml"],
)
def test_staff_as_the_manual_writes_them_are_taken(
    tmp_path: Path, staff: str, expected: list[tuple[str, str, tuple[str, ...] | None]]
) -> None:
    """At the left edge of the example registry, where the page says they belong."""
    path = tmp_path / "chapters.yml"
    path.write_text(EXAMPLE + staff, encoding="utf-8")
    assert expected == [(one.user, one.role, one.chapters) for one in registry.load(path).staff]
