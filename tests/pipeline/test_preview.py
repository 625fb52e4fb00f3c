"""A preview writes everything that would go out, mails nobody and leaves the archive as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from chapterwatch.archive import tables
from chapterwatch.errors import UserError
from chapterwatch.pipeline import deliver_month, preview_reports, publish_reports
from chapterwatch.settings import Mail
from reports.mail_preview import Row
from tests.pipeline.test_publish import files, later_finding, october, pdf_text, printed
from tests.pipeline.world import MONTH, MONTH_END, World

__all__ = ["october", "printed"]

NEXT_DAY = MONTH_END + timedelta(days=1)


def rows_of(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    engine = create_engine(world.workplace.settings.database)
    with engine.connect() as conn:
        found = {
            name: [tuple(row) for row in conn.execute(select(table))] for name, table in tables.metadata.tables.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def changed(october: World) -> World:
    """October is published; since then a post of Lakeside's became known."""
    later_finding(october)
    return october.at(NEXT_DAY)


@pytest.fixture
def previewed(changed: World, tmp_path: Path) -> tuple[World, Path, list[Row]]:
    """The month's preview, with what the archive held before it."""
    before = (rows_of(changed), files(changed))
    folder = tmp_path / "preview"
    rows = preview_reports(changed.workplace, MONTH, folder)
    assert before == (rows_of(changed), files(changed))
    return changed, folder, rows


def test_a_preview_shows_what_would_go_out_and_changes_nothing(previewed: tuple[World, Path, list[Row]]) -> None:
    """Every report in its state; the changed one as its next revision, with the post that came in late."""
    _, folder, rows = previewed
    [pdf] = (folder / "reports").glob("ala-lakeside-*.pdf")
    index = (folder / "index.html").read_text()

    expected = {
        "ala-lakeside": ("changed", 2),
        "ala-harbor": ("unchanged", 1),
        "ala-severn": ("unchanged", 1),
        "rollup:ala": ("changed", 2),
    }
    assert expected == {row.name: (row.state, row.revision) for row in rows}
    assert "ala-lakeside-2026-10-r2.pdf" == pdf.name
    assert "Morebullshit." in pdf_text(pdf)
    for said in ("president@lakeside.example", "audit@hq.example", "needs a reason to become revision 2"):
        assert said in index
    assert all((folder / link).is_file() for link in re.findall(r'href="([^"]+)"', index))
    assert "http" not in index


def test_a_previewed_mail_is_the_mail_that_goes_out(previewed: tuple[World, Path, list[Row]]) -> None:
    """Byte for byte, for a report that is issued already: the same words, files and Message-ID."""
    world, folder, _ = previewed
    box = world.home / "mail"
    world.at(NEXT_DAY, mail=Mail(sender="chapterwatch@hq.example", maildir=box))
    deliver_month(world.workplace, MONTH, ["ala-severn"], although_held=True)
    [sent] = [path.read_bytes() for path in (box / "new").iterdir()]
    [shown] = [path.read_bytes() for path in (folder / "mails").glob("ala-severn-*.eml")]
    parsed = [BytesParser(policy=policy.default).parsebytes(raw) for raw in (sent, shown)]

    assert parsed[0].items() == parsed[1].items()
    for one, other in zip(parsed[0].walk(), parsed[1].walk(), strict=True):
        if not one.is_multipart() and one.get_content_type() != "application/pdf":
            assert one.get_content() == other.get_content()


def test_the_folder_of_a_preview_is_empty_before(october: World, tmp_path: Path) -> None:
    """Nothing of anybody's is overwritten, and no page of an earlier preview is left among the new ones."""
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UserError, match="is not empty; choose an empty folder"):
        preview_reports(october.workplace, MONTH, tmp_path)

    assert "mine" == (tmp_path / "letter.txt").read_text()


def test_a_preview_of_one_chapter_before_its_first_issue(
    light: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New, as revision 1, with the reason left out; no roll-up over one chapter; no mail need be configured.

    The folder may be named from where one stands.
    """
    monkeypatch.chdir(tmp_path)
    light.workplace.settings = replace(light.workplace.settings, mail=None)
    rows = preview_reports(light.at(MONTH_END).workplace, MONTH, Path("new"), ["ala-severn"], reason="early")

    assert [("ala-severn", "new", 1)] == [(row.name, row.state, row.revision) for row in rows]
    assert [] == light.archive.reports()


def test_a_lost_pdf_whose_facts_changed_asks_for_a_reason(changed: World) -> None:
    """It is never drawn anew under the revision that lacked those facts; with a reason it is the next one."""
    row = changed.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    changed.file(row.pdf_path).unlink()
    first = publish_reports(changed.workplace, MONTH, ["ala-lakeside"])
    gone = not changed.file(row.pdf_path).exists()
    second = publish_reports(changed.workplace, MONTH, ["ala-lakeside"], reason="A late export came in.")

    assert (["changed"], True) == ([item.outcome for item in first], gone)
    assert [("issued", 2)] == [(item.outcome, item.revision) for item in second]
