"""A list shows of a finding's words what its own page shows: what is black there is black here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chapterwatch.model import Finding, Media, Page, PostReading
from tests.desk.conftest import HERE, NOW

BORN = "Celia was born on 03/14/1994 in Reno."
DATE = "03/14/1994"
LATER = "Celia moved to Reno."
DESCRIBED = "A cake; she was born on 03/14/1994"


@pytest.fixture(scope="module")
def told(desktop: Any, make_finding: Callable[..., Finding]) -> dict[str, str]:
    """Findings about one birth date: in its text, in a picture's description, and where its text is not there."""
    archive = desktop.archive
    facts: dict[str, Any] = {"kind": "post", "created_at": NOW - timedelta(days=12), "created_raw": "", "raw": b"{}"}
    picture = (Media(kind="photo", url="https://x.example/1.jpg", alt_text="a hall"),
               Media(kind="photo", url="https://x.example/2.jpg", alt_text=DESCRIBED))  # fmt: skip
    given: dict[str, Any] = {"run_id": "nightly:2026-11-01", "connector": "x", "captured_at": NOW - timedelta(days=11)}
    posts = PostReading(native_id="200", text=BORN, **facts), PostReading(native_id="201", text=LATER, **facts)
    archive.record_page(
        "x:2001", Page(posts=(*posts, PostReading(native_id="202", text="", media=picture, **facts))), **given
    )
    stored = f"a hall\n{DESCRIBED}"
    spans = {
        "there": ("200", "text", BORN.index(DATE), {}),
        "elsewhere": ("201", "text", BORN.index(DATE), {}),
        "unruled": ("201", "text", BORN.index(DATE), {"rule_id": "ala.gone"}),
        "described": ("202", "alt_text", stored.index(DATE), {}),
    }
    for key, (post, field, start, changes) in spans.items():
        words = {"subject_id": post, "field": field, "start": start, "end": start + len(DATE), "excerpt": DATE}
        found = make_finding(key, HERE, "x:2001", **words, **changes)
        version = archive.shelf.subject(found).versions[0]
        archive.save_findings([replace(found, capture_hash=version.capture_hash)], at=NOW - timedelta(days=11))
    return {key: post for key, (post, *_) in spans.items()}


def test_a_bare_birth_date_is_black_in_lists(desktop: Any, told: dict[str, str]) -> None:
    """A date is a birth date beside "born" alone: words are cut out of the blacked text."""
    rows = {row["key"]: row["excerpt"] for row in desktop.get("remo", "api/findings?state=any").json()["findings"]}
    assert dict.fromkeys(told, "█" * len(DATE)) == {key: rows[key] for key in told}
    assert (200, False) == (desktop.get("remo", "findings").status_code, DATE in desktop.get("remo", "findings").text)


@pytest.mark.parametrize("key", ["there", "elsewhere", "unruled", "described"])
def test_a_finding_s_page_blacks_what_its_list_blacks(desktop: Any, told: dict[str, str], key: str) -> None:
    """Where the text no longer holds the words, a personal-data rule leaves none of them; shown when asked."""
    page = desktop.get("remo", f"findings/{key}").text
    plain = desktop.post("remo", f"findings/{key}/show", {"why": "to decide"}).text
    assert (True, False, True) == (key in told, DATE in page, DATE in plain)


def test_words_without_their_text_stay_where_the_rule_marks_no_person(
    desktop: Any, make_finding: Callable[..., Finding]
) -> None:
    """A question about an insult needs its words, also when the post was edited since."""
    words = {"subject_id": "100", "start": 3, "end": 9, "excerpt": "moron!", "rule_id": "ala.threat"}
    desktop.archive.save_findings([make_finding("insult", HERE, "x:2001", **words)], at=NOW - timedelta(days=11))
    assert "moron!" in desktop.get("remo", "findings?state=any").text
