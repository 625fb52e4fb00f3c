"""The month's random sample on its page: who reads what of it, and what an answer comes to."""

from typing import Any

import pytest
from lxml import html

from chapterwatch.sampling import Candidate, Drawn, Likely
from tests.desk.conftest import NOW

POST = {"association": "ala", "month": "2026-10", "post": "101"}


def said(desktop: Any, account: str) -> tuple[str, str, str, str, str] | None:
    """The last answer about an account's post: answer, clause, note, author, role."""
    answers = desktop.archive.samples.answers("ala", "2026-10")
    found = next((item for post, item in answers.items() if post.account_key == account), None)
    return (found.answer, found.clause, found.note, found.author, found.author_role) if found else None


def texts(page: str, path: str) -> list[str]:
    """The texts of some elements, as a reader has them."""
    return [" ".join(node.text_content().split()) for node in html.fromstring(page).xpath(path)]


def test_public_posts_of_ones_chapters_are_shown_as_a_report_would(desktop: Any) -> None:
    """Remo reviews Lakeside: neither Harbor's post nor that of an internal space; strangers stay blacked out."""
    page = desktop.get("remo", "sample").text
    assert ["Post 1: X @lakeside"] == texts(page, "//ol[@id='rows']//h2")
    assert ["Thank you @███████████ for the cake."] == texts(page, "//ol[@id='rows']//blockquote")
    assert [] == texts(page, "//*[@id='estimate']"), "a share of all chapters' posts is for who sees them all"
    page = desktop.get("rosa", "sample").text
    assert ["Post 1: X @lakeside", "Post 2: X @harbor"] == texts(page, "//ol[@id='rows']//h2")


def test_an_answer_is_kept_with_who_gave_it_and_the_next_post_comes_up(desktop: Any) -> None:
    """Progress and estimate follow at once, and the log has a line."""
    form = {**POST, "account": "x:2001", "answer": "missed", "clause": "ALA-23", "note": "a name"}
    answer = desktop.post("rosa", "sample", form)
    assert answer.headers["location"].endswith("#post-2")
    assert ("missed", "ALA-23", "a name", "rosa", "reviewer") == said(desktop, "x:2001")
    [act] = desktop.archive.acts.page(limit=1)
    assert ("sample", "rosa", "reviewer", "missed", "a name") == (act.kind, act.author, act.role, act.detail, act.why)

    page = desktop.get("rosa", "sample").text
    assert ["1 of 2 read"] == texts(page, "//p[@class='counts']/strong")
    [told] = texts(page, "//*[@id='estimate']")
    assert told.startswith("1 of 1 were missed. Of the 50 posts they were drawn from, that says 100 %")


def test_a_later_answer_counts_and_a_clause_belongs_to_a_miss(desktop: Any) -> None:
    """Whoever reads again may say otherwise; a clause left chosen says nothing of a clean post."""
    for word in ("missed", "clean"):
        desktop.post("paul", "sample", {**POST, "account": "x:2002", "answer": word, "clause": "ALA-23"})
    assert ("clean", "", "", "paul", "publisher") == said(desktop, "x:2002")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"clause": "ALA-99"}, 400),
        ({"answer": ""}, 400),
        ({"post": "100"}, 404),
        ({"month": "2026-09"}, 404),
        ({"association": "none"}, 404),
    ],
)
def test_what_was_not_drawn_or_is_no_answer_is_refused(desktop: Any, change: dict[str, str], expected: int) -> None:
    """Nothing is kept then."""
    before = len(desktop.archive.acts.page(limit=500))
    form = {**POST, "account": "x:2001", "answer": "missed", **change}
    assert expected == desktop.post("rosa", "sample", form).status_code
    assert before == len(desktop.archive.acts.page(limit=500))


def test_posts_most_like_a_breach_stand_behind_those_chance_drew(desktop: Any) -> None:
    """Each says why it stands there; an answer about one is kept and estimates nothing."""
    drawn, alike = (Candidate(stratum="x en", account_key=f"x:200{n}", subject_id="101", revision=0) for n in (1, 2))
    likely = [Likely(post=alike, family="complaint")]
    desktop.archive.samples.keep("ala", "2026-09", [Drawn(post=drawn, stratum_size=50)], NOW, likely)
    page = desktop.get("rosa", "sample?month=2026-09").text
    told = [text.partition(", ")[0] for text in texts(page, "//ol[@id='rows']//div[@class='facts']/span[3]")]
    assert ["Drawn at random", "Most like complaints"] == told

    desktop.post("rosa", "sample", {**POST, "month": "2026-09", "account": "x:2002", "answer": "missed"})
    page = desktop.get("rosa", "sample?month=2026-09").text
    assert ["1 of 2 read"] == texts(page, "//p[@class='counts']/strong")
    assert ["Nothing can be estimated before a post is read."] == texts(page, "//*[@id='estimate']")
