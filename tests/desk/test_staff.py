"""The registry's `staff:`: who works with the pages, checked at the door."""

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
