"""What a suppression holds back, as the staff see it: out of the way, with its reason, and always to be found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chapterwatch.archive import Suppression
from chapterwatch.archive.acts import Act
from chapterwatch.model import DispositionState

from .conftest import HERE, NOW

REASON = "The number of the office, as the board decided."
WIDE = Suppression(
    rule_id="ala.personal_data",
    scope={"chapter": HERE},
    reason=REASON,
    author="Dana Holt",
    at=NOW - timedelta(days=1),
    expires_at=NOW + timedelta(days=90),
)
ACT = Act(author="ada", role="admin", kind="suppress", subject="ala suppression", chapter=HERE, at=NOW, why=REASON)


@pytest.fixture
def number(desktop: Any) -> Iterator[int]:
    """Phone numbers of Lakeside are held back for one test; findings a1 and i1 are about one."""
    made = desktop.archive.acts.suppress(WIDE, ACT)
    yield made
    desktop.archive.acts.end_suppression(made, replace(ACT, kind="suppress_end", at=NOW - timedelta(hours=1)))


def listed(desktop: Any, who: str = "ada", **query: str) -> dict[str, bool]:
    """Key -> whether the row says that it is held back."""
    rows = desktop.get(who, "api/findings", params={"state": "any", **query}).json()["findings"]
    return {row["key"]: row["held"] for row in rows}


def test_without_a_suppression_nothing_is_held_back(desktop: Any) -> None:
    """Every finding stands in the list, none under "held back"."""
    assert dict.fromkeys(("a1", "a2", "b1", "i1"), False) == listed(desktop)
    assert {} == listed(desktop, held="only")
    assert "Held back until" not in desktop.get("ada", "findings/a1").text


@pytest.mark.usefixtures("number")
def test_what_is_held_back_is_out_of_the_way_and_can_be_found(desktop: Any) -> None:
    """By its own filter, among all, and by its key; another chapter's finding of the rule is in nobody's way."""
    assert {"a2": False, "b1": False} == listed(desktop)
    assert {"a1": True, "i1": True} == listed(desktop, held="only")
    assert {"a1": True, "a2": False, "b1": False, "i1": True} == listed(desktop, held="any")
    assert {"a1": True} == listed(desktop, key="a1")
    assert {"a1": True, "i1": True} == listed(desktop, "remo", held="only")
    assert ", held back" in desktop.get("ada", "findings?state=any&held=any").text


def test_a_finding_says_why_it_is_held_back(desktop: Any, number: int) -> None:
    """Reason and last day for everybody who may see it; who decided, for administrators."""
    pages = {who: desktop.get(who, "findings/a1").text for who in ("vera", "rosa", "ada")}

    assert [] == [who for who, page in pages.items() if REASON not in page or "Held back until 31 Jan 2027" not in page]
    assert [] == [who for who, page in pages.items() if f"suppression {number}:" not in page]
    assert {"vera": False, "rosa": False, "ada": True} == {who: "Dana Holt" in page for who, page in pages.items()}
    assert "Held back until" not in desktop.get("rosa", "findings/b1").text


def test_the_log_says_who_held_something_back(desktop: Any, number: int) -> None:
    """In words, with its reason."""
    page = desktop.get("ada", "log?kind=suppress").text

    assert f"ala suppression {number}" in page
    assert "held a rule&#39;s findings back" in page


@pytest.mark.usefixtures("number")
def test_the_overview_asks_for_no_decision_about_it(desktop: Any) -> None:
    """What it counts is what the list behind it shows."""
    page = desktop.get("ada", "").text

    assert {"a2": False, "b1": False} == listed(desktop, state="")
    assert "<strong>1</strong> high finding to decide" in page


@pytest.mark.usefixtures("number")
def test_an_appeal_against_what_is_held_back_is_in_its_list(desktop: Any) -> None:
    """The overview counts it and leads there: the chapter is owed an answer."""
    form = {"kind": "appeal", "role": "president", "text": "That is the number of our office."}
    desktop.post("rosa", "findings/a1/reply", form)

    assert "<strong>1</strong> finding with an appeal to decide" in desktop.get("ada", "").text
    assert {"a1": True} == listed(desktop, reply="appeal", standing="any")


@pytest.mark.usefixtures("number")
def test_a_decision_about_the_finding_goes_before(desktop: Any) -> None:
    """Confirmed, it is in everybody's list again, and its page says nothing of a suppression."""
    desktop.post("rosa", "findings/i1/decide", {"state": "confirmed", "note": ""})

    assert {"a2": False, "b1": False, "i1": False} == listed(desktop)
    assert DispositionState.CONFIRMED is desktop.archive.shelf.line("i1").state
    assert "Held back until" not in desktop.get("ada", "findings/i1").text
