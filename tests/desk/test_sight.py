"""What the pages say of how much could be seen: no more than the reports will."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from chapterwatch import registry
from chapterwatch.known import known
from chapterwatch.model import Coverage, Seen, Window
from chapterwatch.policy import POLICIES
from reports.words import load
from tests.desk.conftest import NOW

#: Read from files: one that ended days ago, one that holds last night.
MORE = """          - {platform: x, native_id: "2005", handle: older, space: official, access: import,
             export_format: x_archive}
          - {platform: x, native_id: "2006", handle: fresh, space: official, access: import,
             export_format: x_archive}
      - id: harbor
"""


@pytest.fixture(scope="module")
def seen(desktop: Any) -> Any:
    """The pages, after four nights that read the same files again."""
    path = desktop.home / "chapters.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("      - id: harbor\n", MORE), encoding="utf-8")
    desktop.archive.register_accounts(registry.load(path, known(POLICIES)).accounts, NOW)
    ends = {"x:2005": datetime(2026, 10, 29, 13, tzinfo=NOW.tzinfo), "x:2006": NOW - timedelta(hours=10)}
    desktop.archive.add_coverage(
        [
            _read(key, until, nights)
            for key, until in ends.items()
            for nights in range(4)
            if until < NOW - timedelta(nights)
        ]
    )
    return desktop


def _read(key: str, until: datetime, nights: int) -> Coverage:
    at = NOW - timedelta(days=nights, hours=6)
    return Coverage(
        run_id=f"nightly:{at - timedelta(days=1):%Y-%m-%d}",
        account_key=key,
        asked="export",
        seen=Seen.SEEN,
        reason=None,
        detail="",
        window=Window(since=until - timedelta(days=80), until=until),
        at=at,
    )


def _words(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def test_a_file_that_ended_days_ago_is_no_full_sight(seen: Any) -> None:
    """Reading it again shows nothing new, and the reports say which days are missing."""
    page = _words(seen.get("ada", "coverage").text)
    words = load("en")
    owner = "Account owner (none named)"
    missing = f"{words('reason.export_short.why')} {words('reason.export_short.mend', owner=owner)}"
    assert f"X @older Lakeside Chapter Seen in part 2 Nov 2026 {missing} up to 29 Oct 2026" in page


def test_a_file_that_holds_last_night_is_full_sight(seen: Any) -> None:
    """Its newest post was written on the day that was asked for."""
    page = _words(seen.get("ada", "coverage").text)
    assert "X @fresh Lakeside Chapter Seen 2 Nov 2026 \N{EN DASH} up to 1 Nov 2026" in page


def test_the_overview_counts_what_was_seen_only_in_part(seen: Any) -> None:
    """Four accounts of Lakeside are asked, and one of them was not seen in full: not "all 4"."""
    page = _words(seen.get("vera", "").text)
    assert "1 account that was seen only in part" in page
    assert "3 of 4 in full" in page


@pytest.mark.parametrize("path", ["", "findings", "coverage", "reports"])
def test_who_sees_no_chapter_is_told_so(seen: Any, path: str) -> None:
    """A new login without chapters would read an empty page as a network where all is well."""
    said = "You see no chapter, so nothing on these pages says how things stand."
    pages = {who: _words(seen.get(who, path).text) for who in ("airflow_viewer", "vera", "ada")}
    assert {"airflow_viewer": True, "vera": False, "ada": False} == {who: said in page for who, page in pages.items()}
    assert "was seen in full" not in pages["airflow_viewer"]
