"""LLL-15 and LLL-25: what is told before its time, and threads that grow heated."""

from __future__ import annotations

from typing import Any

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import CaseResult, run_case
from checks.matters import common_terms, key_terms, same_matter, spoken

PACK = load_pack("lll")
NEWS = "Big news! LLLI has a new executive director, Annika Lindqvist from Norway."
OFFICIAL = "Please welcome our new executive director: Annika Lindqvist joins us from Norway."


def _told(at: str, *, official_at: str, text: str = OFFICIAL) -> CaseResult:
    official = {"account_key": "x:hq", "subject_id": "o1", "text": text, "created_at": official_at}
    given: dict[str, Any] = {"account_key": "x:kim", "created_at": at, "valid_from": at}
    given["posts"] = [{**official, "valid_from": official_at}]
    return run_case(PACK, PACK.rules["lll.early_announcement"], Case(clean=NEWS, given=given))


@pytest.mark.parametrize(
    ("official_at", "expected"),
    [
        ("2026-10-14T11:00:00Z", (False, None)),
        ("2026-10-14T12:30:00Z", (False, None)),
        ("2026-10-14T13:30:00Z", (True, None)),
        ("2026-11-20T12:00:00Z", (True, None)),
        ("2027-01-20T12:00:00Z", (None, "no_official_account")),
        ("2026-06-01T12:00:00Z", (None, "no_official_account")),
    ],
)
def test_early_is_before_the_first_official_word_in_the_window(
    official_at: str, expected: tuple[bool | None, str | None]
) -> None:
    """LLL-15: half an hour is together, later is early; without an official post in the window nothing is judged."""
    result = _told("2026-10-14T12:00:00Z", official_at=official_at)
    assert expected == (result.verdict, result.not_judged)


def test_another_matter_of_the_official_channel_judges_nothing() -> None:
    """LLL-15: an official post about something else neither clears a post nor accuses it."""
    result = _told("2026-10-14T12:00:00Z", official_at="2026-10-15T12:00:00Z", text="Thank you for a great webinar!")
    assert (None, "no_official_word") == (result.verdict, result.not_judged)


def test_the_same_matter_is_told_by_telling_words() -> None:
    """Names, places and numbers tell a matter; little words, words of announcing and the association's name do not."""
    news, other = key_terms(NEWS, ("LLLI",)), key_terms("LLLI has great news today: we launch soon!", ("LLLI",))
    assert same_matter(news, key_terms(OFFICIAL), min_shared=3, min_share=0.4)
    assert frozenset() == news & other


def test_words_in_most_posts_tell_nothing() -> None:
    """A word that many posts share is no sign of one matter, once there are enough posts to tell."""
    texts = [frozenset({"breast", f"matter{number}"}) for number in range(30)]
    assert frozenset({"breast"}) == common_terms(texts)
    assert frozenset() == common_terms(texts[:5])


@pytest.mark.parametrize(("hours", "words"), [(0.001, "1 minute"), (0.5, "30 minutes"), (5, "5 hours"), (72, "3 days")])
def test_lengths_of_time_are_told_in_words(hours: float, words: str) -> None:
    """A reader is told minutes, hours or days."""
    assert words == spoken(hours)


def test_a_chain_of_replies_is_one_thread_also_without_its_beginning() -> None:
    """LLL-25: replies hang together through posts that were not collected."""
    replies = [
        {"subject_id": "p1", "reply_to": "gone", "text": "LLLI recommends it", "created_at": "2026-10-14T10:00:00Z"},
        {"subject_id": "p2", "reply_to": "p1", "text": "That's false", "created_at": "2026-10-14T11:00:00Z"},
    ]
    given = {"reply_to": "gone", "created_at": "2026-10-14T12:00:00Z", "posts": replies}
    result = run_case(PACK, PACK.rules["lll.heated_thread"], Case(breach="Shame on you, liars!!", given=given))
    assert result.verdict is True
