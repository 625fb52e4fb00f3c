"""The measurement of size: its laws on made-up data, its invented network, and one run of three chapters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.scale import made, page, prices, run
from benchmarks.scale.laws import line, power

ROOT = Path(__file__).resolve().parents[2]
SINCE, UNTIL = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 11, 2, 2, 15, tzinfo=UTC)
NETWORK = made.Network(chapters=9, since=SINCE, until=UNTIL)


# --- laws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_a_power_law_is_found_again(exponent: float) -> None:
    """Made of an exponent, the points give it back, and what it says of an unmeasured size is right."""
    law = power([(size, 3 * size**exponent) for size in (30, 100, 300)])
    assert law is not None
    assert (exponent, pytest.approx(3 * 3000**exponent)) == (pytest.approx(law.exponent), law.at(3000))
    assert 0 == pytest.approx(law.worst)


def test_a_fixed_part_is_told_from_what_each_chapter_costs() -> None:
    """What a power law takes for slow growth, a line takes for a fixed part: only that may be carried far."""
    points = [(size, 10 + 0.2 * size) for size in (30.0, 100.0, 300.0)]
    curve, straight = power(points), line(points)
    assert curve is not None
    assert straight is not None
    assert (10, 0.2, 610) == tuple(map(pytest.approx, (straight.base, straight.scale, straight.at(3000))))
    assert curve.exponent < 0.9
    assert curve.worst > straight.worst


def test_one_size_gives_no_law() -> None:
    """Near-miss: one point, or the same size twice, says nothing of growth."""
    assert power([(30, 2.0)]) is None
    assert line([(30, 2.0), (30, 3.0)]) is None


# --- the invented network -------------------------------------------------------------------------------------------


def test_every_id_tells_its_chapter() -> None:
    """The server finds an account by any id it handed out, also that of an edited version or a picture."""
    for number in NETWORK.accounts:
        platform, account = NETWORK.platform(number), NETWORK.account(number)
        assert number // 4 == made.chapter_of(platform, account.native_id)
        ids = [one.id for post in account.posts for one in (post, *post.changes) if one.id]
        if platform == "bluesky":
            continue  # Its posts are asked for by repository.
        assert {number // 4} >= {made.chapter_of_post(platform, one) for one in ids}
        assert len(ids) == len(set(ids))


def test_the_same_seed_makes_the_same_network() -> None:
    """And another seed another one."""
    again, other = (made.Network(chapters=9, since=SINCE, until=UNTIL, seed=seed) for seed in (7, 8))
    assert [NETWORK.account(number) for number in NETWORK.accounts] == [again.account(n) for n in again.accounts]
    assert [NETWORK.rate(number) for number in NETWORK.accounts] != [other.rate(n) for n in other.accounts]


# --- prices ---------------------------------------------------------------------------------------------------------


def test_a_night_is_paid_by_the_list() -> None:
    """A post costs half a cent and a profile one; what is free is not in the bill."""
    bill = prices.dollars({"x paid posts": 1000, "x paid users": 100, "mastodon requests": 9})
    assert {"x posts": pytest.approx(5.0), "x users": pytest.approx(1.0)} == bill


def test_a_limit_says_how_long_a_night_takes() -> None:
    """301 profiles are one more than a window holds: one wait of a quarter of an hour. 300 are none."""
    full, over = (
        {pace.name: pace for pace in prices.paces({"x users requests": count}, count)}["x users"]
        for count in (300, 301)
    )
    assert (0, 15) == (full.minutes, over.minutes)
    assert (300, 300) == (full.chapters, over.chapters)


# --- a run ----------------------------------------------------------------------------------------------------------


def test_three_chapters_are_measured_to_the_end(tmp_path: Path) -> None:
    """Both nights, both audits and the month end, in processes of their own, with mails that arrive."""
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.scale", "--chapters", "3", "--speed", "100", "--json", str(file)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHAPTERWATCH_")}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True, timeout=900)
    [found] = json.loads(file.read_text())
    steps = found["steps"]

    assert 12 == found["accounts"] == found["rows"]["account"]
    assert all(step["cpu"] > 0 and step["rss"] > 0 for step in steps.values())
    assert steps["first night"]["counts"]["new"] > 0
    assert steps["first night"]["counts"]["asked"]["x requests"] > 0
    assert 1 == steps["night"]["counts"]["asked"]["x users requests"]
    assert 3 == steps["night"]["counts"]["asked"]["x paid users"]
    assert {"issued": 5, "failed": 0}.items() <= steps["publish"]["counts"].items()
    assert 8 == steps["deliver"]["counts"]["sent"]
    # Whether a drawn post is a critical finding is chance; whoever is on duty is mailed then, too.
    assert 8 + steps["alerts"]["counts"]["sent"] == found["mails"]["messages"]
    assert "| 3 |" in page.blocks([found])["steps"]


def test_batches_are_those_of_the_dags() -> None:
    """What is measured is cut as production cuts it: forty accounts a task, and no more than 25 tasks a platform."""
    glue = (ROOT / "chapterwatch" / "airflow_glue.py").read_text(encoding="utf-8")
    assert f"\nBATCH = {run.BATCH}\n" in glue
    assert f"\nMOST_TASKS = {run.MOST_TASKS}\n" in glue
