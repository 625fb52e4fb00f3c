"""A month's random sample: drawn from what nothing was found in, read by people, kept with who read it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from chapterwatch.errors import UserError
from chapterwatch.pipeline import draw_samples, estimate_of, import_file, import_sheet, likely_misses, sheet
from tests.pipeline.world import LAKESIDE, LIST, MONTH, MONTH_END, World, post

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
THREAT = "Marta Ostrowe, we will kill you."


@pytest.fixture
def network(light: World) -> World:
    """Six posts of October nothing is found in, and what must not be drawn beside them."""
    good = [
        post(f"{n}", f"Our meeting number {n} is on Monday.", POSTED, permalink=f"https://x.example/{n}")
        for n in range(6)
    ]
    flagged = post("90", THREAT, POSTED)
    earlier = post("91", "See you in September.", POSTED.replace(month=9))
    light.store(LAKESIDE, *good, flagged, earlier, post("92", "Gone tomorrow.", POSTED), at=MONTH_END)
    light.miss(LAKESIDE, "92", at=MONTH_END)
    light.miss(LAKESIDE, "92", at=MONTH_END.replace(hour=7))
    light.store(LIST, post("93", "Among ourselves: bring cake.", POSTED), at=MONTH_END)
    light.audit(MONTH_END.replace(hour=8))
    return light


def drawn_of(world: World) -> list[str]:
    """The ids drawn for October."""
    return [item.post.subject_id for item in world.archive.samples.drawn("ala", MONTH)]


def filled(world: World, tmp_path: Path, **answers: str) -> Path:
    """The table with these answers by post, as somebody would send it back."""
    rows = list(csv.DictReader(StringIO(sheet(world.workplace, MONTH))))
    for row in rows:
        row["answer"] = answers.get(f"p{row['post']}", row["answer"])
    file = tmp_path / "sample.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return file


def test_only_what_nothing_was_found_in_and_anybody_can_read_is_drawn(network: World) -> None:
    """Not the flagged post, not another month's, not a deleted one, nothing from an internal list."""
    assert {"ala": 6} == draw_samples(network.workplace, MONTH)
    assert list("012345") == sorted(drawn_of(network))


def test_a_month_is_drawn_once(network: World) -> None:
    """Drawing again, with posts that came later, changes nothing: nobody can draw until it suits."""
    draw_samples(network.workplace, MONTH, size=3)
    before = drawn_of(network)
    network.store(LAKESIDE, post("7", "One more.", POSTED), at=MONTH_END.replace(hour=9))

    assert {"ala": 3} == draw_samples(network.workplace, MONTH, size=6)
    assert before == drawn_of(network)


def test_a_month_that_is_not_over_is_not_drawn(network: World) -> None:
    """What is drawn stays drawn, and the month's last posts would never have had a chance."""
    with pytest.raises(UserError, match="2026-10 closes on 2026-11-02 at 06:00 UTC"):
        draw_samples(network.at(MONTH_END - timedelta(seconds=1)).workplace, MONTH)

    assert [] == drawn_of(network)


def test_what_nobody_has_judged_is_not_drawn(network: World, tmp_path: Path) -> None:
    """A post read after the last audit would pass for one nothing was found in; after the next it is out."""
    late = tmp_path / "late.csv"
    late.write_text(f'id,text,created_at\n94,"{THREAT}",2026-10-08T15:00:00Z\n', encoding="utf-8")
    place = network.at(MONTH_END + timedelta(days=1)).workplace
    import_file(place, place.registry.account(LAKESIDE), late, "plain")
    with pytest.raises(UserError, match="posts were read that were not judged yet; run `chapterwatch audit`"):
        draw_samples(place, MONTH)
    network.audit(MONTH_END + timedelta(days=1, hours=1))

    assert {"ala": 6} == draw_samples(place, MONTH)
    assert list("012345") == sorted(drawn_of(network))


def test_what_people_answer_becomes_the_estimate_and_a_line_in_the_log(network: World, tmp_path: Path) -> None:
    """One of six missed, one unsure; who answered stands in the log."""
    draw_samples(network.workplace, MONTH)
    answers = {"p0": "missed", "p1": "unsure", "p2": "clean", "p3": "Clean "}
    done = import_sheet(network.workplace, filled(network, tmp_path, **answers), "tom", "reviewer")
    found = estimate_of(network.workplace, "ala", MONTH)

    assert (4, 0, 2) == (done.answered, done.known, done.empty)
    assert (6, 3, 1, 1, 1 / 3) == (found.drawn, found.read, found.missed, found.unsure, pytest.approx(found.share))
    acts = network.archive.acts.page(kind="sample")
    assert {("tom", "reviewer")} == {(act.author, act.role) for act in acts}
    assert ["clean", "clean", "missed", "unsure"] == sorted(act.detail for act in acts)


def test_reading_the_table_again_adds_nothing(network: World, tmp_path: Path) -> None:
    """And a second thought replaces the first, which stays on record."""
    draw_samples(network.workplace, MONTH)
    import_sheet(network.workplace, filled(network, tmp_path, p0="missed"), "tom", "reviewer")
    again = import_sheet(network.workplace, filled(network, tmp_path), "tom", "reviewer")
    import_sheet(network.workplace, filled(network, tmp_path, p0="clean"), "ines", "admin")

    assert (0, 1, 5) == (again.answered, again.known, again.empty)
    assert 0 == estimate_of(network.workplace, "ala", MONTH).missed
    assert 2 == len(network.archive.acts.page(kind="sample"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("answer", "maybe"), "row 2: answer is 'maybe'; write clean, missed, unsure, or nothing"),
        (("clause", "ALA-99"), "row 2: there is no clause 'ALA-99'; did you mean ALA-"),
        (("post", "999"), "row 2: this post was not drawn; leave the first columns as they were"),
    ],
)
def test_a_wrong_table_is_told_by_row_and_keeps_nothing(
    network: World, tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    """In one line: where, what, how to mend; the good rows of it wait too."""
    draw_samples(network.workplace, MONTH)
    file = filled(network, tmp_path, p1="clean", p2="clean")
    rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig"))))
    rows[0][change[0]] = change[1]
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]))
        table.writeheader()
        table.writerows(rows)

    with pytest.raises(UserError, match=complaint):
        import_sheet(network.workplace, file, "tom", "reviewer")
    assert 0 == estimate_of(network.workplace, "ala", MONTH).read


def test_a_quotation_mark_nobody_closed_loses_no_answers(network: World, tmp_path: Path) -> None:
    """It would make one row of all that follow; the near-miss: what a note quotes stands in doubled marks."""
    draw_samples(network.workplace, MONTH)
    file = filled(network, tmp_path, p0="clean", p1="missed")
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace(",clean,", ',"clean,', 1), encoding="utf-8")
    with pytest.raises(UserError, match="is no row of a table"):
        import_sheet(network.workplace, file, "tom", "reviewer")
    assert 0 == estimate_of(network.workplace, "ala", MONTH).read


def test_no_cell_is_a_formula(light: World) -> None:
    """A post that begins like a formula reaches the reader's spreadsheet as text."""
    light.store(LAKESIDE, post("1", "=HYPERLINK(1) is how our treasurer greets us.", POSTED), at=MONTH_END)
    draw_samples(light.at(MONTH_END).workplace, MONTH)

    [row] = csv.DictReader(StringIO(sheet(light.workplace, MONTH)))
    assert "'=HYPERLINK(1) is how our treasurer greets us." == row["text"]


#: Nothing is found in it, and still it is like a complaint, or what harms a name.
SNEER = "never ask that hotel anything, your plumber has the same training and is kinder about it"


def test_posts_most_like_a_breach_stand_beside_those_chance_drew(network: World, tmp_path: Path) -> None:
    """They are read as the others are and estimate nothing: nobody drew them."""
    network.store(LAKESIDE, post("95", SNEER, POSTED), at=MONTH_END)
    network.audit(MONTH_END.replace(hour=9))
    draw_samples(network.workplace, MONTH, size=0)
    [likely] = network.archive.samples.likely("ala", MONTH)
    [row] = csv.DictReader(StringIO(sheet(network.workplace, MONTH)))
    assert ("95", "95", True) == (likely.post.subject_id, row["post"], row["chosen"].startswith("like "))

    done = import_sheet(network.workplace, filled(network, tmp_path, p95="missed"), "tom", "reviewer")
    found = estimate_of(network.workplace, "ala", MONTH)
    assert (1, 0, 0, None) == (done.answered, found.drawn, found.missed, found.share)
    assert (1, 1, 1) == likely_misses(network.workplace, "ala", MONTH)


def test_a_post_chance_drew_is_not_chosen_again(network: World) -> None:
    """It is read anyway; and ordinary posts are like nothing."""
    network.store(LAKESIDE, post("95", SNEER, POSTED), at=MONTH_END)
    network.audit(MONTH_END.replace(hour=9))
    draw_samples(network.workplace, MONTH)
    assert "95" in drawn_of(network)
    assert [] == network.archive.samples.likely("ala", MONTH)


def test_what_many_chapters_posted_is_chosen_once(network: World) -> None:
    """One reading answers for all, also where each platform has shortened a link in its own way."""
    text = "Never book that hotel, they lied to us, lost our deposit and laughed about it. https://short.example/"
    copies = (post(f"{n}", f"{text}{n}", POSTED) for n in range(95, 99))
    network.store(LAKESIDE, *copies, at=MONTH_END)
    network.audit(MONTH_END.replace(hour=9))
    draw_samples(network.workplace, MONTH, size=0)
    assert 1 == len(network.archive.samples.likely("ala", MONTH))
