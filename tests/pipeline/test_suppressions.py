"""Who decides that something is held back, for where and how long: by the command line, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chapterwatch.model import DispositionState
from tests.pipeline.test_holding import suppression
from tests.pipeline.world import HARBOR, LAKESIDE, LIST, MONTH_END, SEVERN, World, post
from tests.ran import Ran, ran

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
READ = POSTED + timedelta(hours=9)
RUDE = "This is bullshit, all of it."
LINK = "https://x.example/ala_lakeside/status/1"
#: The 20th of November: October has closed, November runs.
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECIDED = ("--reason", "The president's family name.", "--by", "Dana, office")
UNTIL = ("--until", "2027-03-31")
LAKESIDE_CHAPTER = ("--chapter", "ala-lakeside")


Run = Callable[..., Ran]


@pytest.fixture
def judged(light: World) -> World:
    """Lakeside and Harbor cursed, and Lakeside's post has an address."""
    light.store(LAKESIDE, post("1", RUDE, POSTED, permalink=LINK), post("2", "A shitshow.", POSTED), at=READ, bio="We")
    light.store(HARBOR, post("3", RUDE, POSTED), post("1", "Good morning.", POSTED), at=READ)
    light.audit(READ)
    return light.at(TODAY)


@pytest.fixture
def run(judged: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on that archive, on the 20th of November or another day."""
    settings = judged.workplace.settings

    def run(*arguments: str, now: datetime = TODAY) -> Ran:
        for name, value in {
            "HOME": str(settings.home),
            "REGISTRY": str(settings.registry),
            "DATABASE": settings.database,
            "NOW": now.isoformat(),
        }.items():
            monkeypatch.setenv(f"CHAPTERWATCH_{name}", value)
        return ran(capsys, ["suppress", *arguments])

    return run


# --- add ------------------------------------------------------------------------------------------------------------

MISTAKES = {
    "no place": ((*UNTIL, *DECIDED), "say for what: one of --association, --chapter, --account or --post"),
    "two places": ((*LAKESIDE_CHAPTER, "--association", "ala", *UNTIL, *DECIDED), "say for what: one of"),
    "a post and a chapter": ((*LAKESIDE_CHAPTER, "--post", "2", *UNTIL, *DECIDED), "say for what: one of"),
    "unknown chapter": (("--chapter", "ala-lakesid", *UNTIL, *DECIDED), "did you mean ala-lakeside?"),
    "unknown account": (("--account", "x:20011", *UNTIL, *DECIDED), "did you mean x:2001?"),
    "unknown association": (("--association", "lll", *UNTIL, *DECIDED), "there is no association 'lll'"),
    "unknown post": (("--post", "77", *UNTIL, *DECIDED), "there is no post '77' in the archive"),
    "another account's post": (
        ("--account", SEVERN, "--post", "1", *UNTIL, *DECIDED),
        f"there is no post '1' of {SEVERN} in the archive",
    ),
    "a post of two accounts": (("--post", "1", *UNTIL, *DECIDED), f"({LAKESIDE}, {HARBOR}); say whose with --account"),
    "an empty phrase": ((*LAKESIDE_CHAPTER, "--phrase", " ", *UNTIL, *DECIDED), "--phrase is empty"),
    "no reason": ((*LAKESIDE_CHAPTER, *UNTIL, "--reason", " ", "--by", "Dana"), "--reason is empty"),
    "nobody": ((*LAKESIDE_CHAPTER, *UNTIL, "--reason", "so", "--by", ""), "--by is empty; say who decides"),
    "a reason too long": ((*LAKESIDE_CHAPTER, *UNTIL, "--reason", "x" * 301, "--by", "D"), "shorten it to 300"),
    "no end": ((*LAKESIDE_CHAPTER, *DECIDED), "Missing option '--until'"),
    "no date": ((*LAKESIDE_CHAPTER, "--until", "soon", *DECIDED), "'soon' is no day; write it as 2026-10-31"),
    "in the past": ((*LAKESIDE_CHAPTER, "--until", "2026-11-19", *DECIDED), "a day from 2026-11-30 to 2027-11-20"),
    "before the month's end": ((*LAKESIDE_CHAPTER, "--until", "2026-11-29", *DECIDED), "a day from 2026-11-30"),
    "more than a year": ((*LAKESIDE_CHAPTER, "--until", "2027-11-21", *DECIDED), "to 2027-11-20"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_nothing_is_kept(run: Run, judged: World, name: str) -> None:
    """What is wrong and how to mend it, exit status 2."""
    options, said = MISTAKES[name]
    ran = run("add", "ala.obscene", *options)

    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert said in ran.err
    assert ([], []) == (judged.archive.suppressions(), judged.archive.acts.page())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("ala.obscen", "there is no rule 'ala.obscen' that judges this; did you mean ala.obscene?"),
        ("lll.obscene", "there is no rule 'lll.obscene' that judges this"),
        ("ala.by_hand", "is what people report by hand and no rule"),
        ("ala.credit.event_hashtag", "gives credit"),
    ],
)
def test_only_a_rule_that_could_be_wrong_here_is_held_back(run: Run, rule: str, said: str) -> None:
    """Another pack's rule judges nothing here; a person's report and a credit accuse nobody wrongly."""
    ran = run("add", rule, *LAKESIDE_CHAPTER, *UNTIL, *DECIDED)

    assert (2, 1, True) == (ran.status, len(ran.err.splitlines()), said in ran.err)


@pytest.mark.parametrize("place", [("--association", "ala"), LAKESIDE_CHAPTER, ("--account", LAKESIDE)])
def test_a_rule_that_alerts_duty_is_held_back_for_no_whole_place(run: Run, place: tuple[str, str]) -> None:
    """Refused in one line; with one phrase, or for one post, it is taken."""
    refused = run("add", "ala.threat", *place, *UNTIL, *DECIDED)
    taken = run("add", "ala.threat", *place, "--phrase", "kill your darlings", *UNTIL, *DECIDED)

    assert (2, 1, 0) == (refused.status, len(refused.err.splitlines()), taken.status)
    assert "held back for one post (--post) or one phrase (--phrase) only" in refused.err


def test_a_rule_that_alerts_duty_is_held_back_for_one_post(run: Run) -> None:
    """As that post reads now."""
    ran = run("add", "ala.threat", "--post", "2", *UNTIL, *DECIDED)

    assert (0, f"1: ala.threat, post 2 of {LAKESIDE}, until 2027-03-31") == (ran.status, ran.out.splitlines()[0])


def test_what_is_decided_is_kept_and_said(run: Run, judged: World) -> None:
    """The command says what it holds back and which reports heed it; the log says who decided."""
    ran = run("add", "obscene", *LAKESIDE_CHAPTER, "--phrase", " Bullshit ", *UNTIL, *DECIDED)
    [kept] = judged.archive.suppressions()
    [act] = judged.archive.acts.page()

    assert (
        "1: ala.obscene, chapter ala-lakeside, only “Bullshit”, until 2027-03-31\n"
        "holds back 1 finding now; heeded by the report of 2026-11 and those up to 2027-03\n"
    ) == ran.out
    assert ({"chapter": "ala-lakeside", "phrase": "Bullshit"}, "The president's family name.", "Dana, office") == (
        kept.scope,
        kept.reason,
        kept.author,
    )
    assert (TODAY, datetime(2027, 4, 1, 5, tzinfo=UTC)) == (kept.at, kept.expires_at)
    assert ("Dana, office", "suppress", "ala suppression 1", "ala-lakeside", "ala.obscene") == (
        act.author,
        act.kind,
        act.subject,
        act.chapter,
        act.detail,
    )


def test_an_act_for_a_whole_association_is_counted_for_it(run: Run, judged: World) -> None:
    """It touches no single chapter, and its subject begins with the association."""
    run("add", "ala.obscene", "--association", "ala", *UNTIL, *DECIDED)
    [act] = judged.archive.acts.page()

    assert ("", "ala suppression 1") == (act.chapter, act.subject)


@pytest.mark.parametrize("written", [LINK, f"{LINK}/"])
def test_a_post_is_named_by_its_address(run: Run, judged: World, written: str) -> None:
    """Its content is kept as a hash, so that an edit revives the finding."""
    ran = run("add", "ala.obscene", "--post", written, *UNTIL, *DECIDED)
    [kept] = judged.archive.suppressions()
    [version] = judged.archive.shelf.post(LAKESIDE, "1").versions

    assert (0, {"account_key": LAKESIDE, "post": "1"}) == (ran.status, kept.scope)
    assert version.content_hash == kept.content_hash


def test_a_post_whose_text_was_erased_cannot_be_held_back(run: Run, judged: World) -> None:
    """Nobody could say any more what was decided about."""
    judged.archive.erase_body(LAKESIDE, "1", reason="asked for", author="test", at=READ)
    ran = run("add", "ala.obscene", "--account", LAKESIDE, "--post", "1", *UNTIL, *DECIDED)

    assert (2, 1, True) == (ran.status, len(ran.err.splitlines()), "was erased" in ran.err)


@pytest.mark.parametrize(("until", "status"), [("2027-03-31", 2), ("2027-03-01", 2), ("2027-04-01", 0)])
def test_the_same_is_said_once_and_renewed_by_a_longer_one(run: Run, until: str, status: int) -> None:
    """A second row of the same would be listed as another decision."""
    run("add", "ala.obscene", *LAKESIDE_CHAPTER, *UNTIL, *DECIDED)
    again = run("add", "ala.obscene", *LAKESIDE_CHAPTER, "--until", until, *DECIDED)

    assert (status, bool(status)) == (again.status, "suppression 1 holds that back already" in again.err)


@pytest.mark.parametrize(
    ("now", "first", "earliest"),
    [
        (MONTH_END - timedelta(seconds=1), "2026-10", "2026-11-01"),
        (MONTH_END, "2026-11", "2026-11-30"),
    ],
)
def test_the_next_report_is_that_of_the_month_that_has_not_closed(
    run: Run, now: datetime, first: str, earliest: str
) -> None:
    """Until October closes on the second of November, what is decided counts in its report."""
    ran = run("add", "ala.obscene", *LAKESIDE_CHAPTER, *UNTIL, *DECIDED, now=now)
    early = run("add", "ala.obscene", *LAKESIDE_CHAPTER, "--until", "2026-10-31", *DECIDED, now=now)

    assert f"heeded by the report of {first} and those up to 2027-03" in ran.out
    assert f"give a day from {earliest} to" in early.err


# --- list -----------------------------------------------------------------------------------------------------------


def test_an_archive_without_one_lists_none(run: Run) -> None:
    """And that is no mistake."""
    assert (0, "0 suppressions") == (run("list").status, run("list").out.splitlines()[-1])
    assert [] == json.loads(run("list", "--json").out)


def test_a_list_says_what_each_holds_back_now(run: Run, judged: World) -> None:
    """What stands and nobody has decided about; each counts its own, also where two hold back the same."""
    run("add", "ala.obscene", "--association", "ala", *UNTIL, *DECIDED)
    run("add", "ala.obscene", "--account", HARBOR, *UNTIL, *DECIDED)
    before = [told["holds_back"] for told in json.loads(run("list", "--json").out)]
    [found] = [one for one in judged.archive.findings(account_key=HARBOR) if one.rule_id == "ala.obscene"]
    judged.archive.add_disposition(found.key, DispositionState.CONFIRMED, "", "zofia-k", TODAY)
    after = [told["holds_back"] for told in json.loads(run("list", "--json").out)]

    assert ([3, 1], [2, 0]) == (before, after)
    assert ["1", "2"] == [line.split()[0] for line in run("list").out.splitlines()[1:3]]


def test_a_list_of_a_chapter_has_what_touches_it(run: Run) -> None:
    """Its own, its accounts' and its association's; an unknown chapter is a mistake."""
    for place in (("--association", "ala"), LAKESIDE_CHAPTER, ("--account", LIST), ("--account", HARBOR)):
        run("add", "ala.obscene", *place, *UNTIL, *DECIDED)

    numbers = [told["number"] for told in json.loads(run("list", "--json", *LAKESIDE_CHAPTER).out)]
    assert [1, 2, 3] == numbers
    assert "did you mean ala-harbor?" in run("list", "--chapter", "ala-harbo").err


def test_what_is_over_is_listed_on_request(run: Run, judged: World) -> None:
    """Expired or ended, by whom and when; it holds nothing back."""
    judged.archive.add_suppression(suppression(at=READ, expires_at=TODAY))
    run("add", "ala.obscene", *LAKESIDE_CHAPTER, *UNTIL, *DECIDED)
    run("end", "2", "--by", "Robin, office")
    told = json.loads(run("list", "--all", "--json").out)

    assert [] == json.loads(run("list", "--json").out)
    assert [("expired", None, 0), ("ended", "Robin, office", 0)] == [
        (one["state"], one["ended_by"], one["holds_back"]) for one in told
    ]
    assert "ended 2026-11-20 by Robin, office" in run("list", "--all").out


def test_one_of_an_earlier_version_is_listed_and_ends(run: Run, judged: World) -> None:
    """Kept without an expiry it ends a year after it was made; of another association it is still readable."""
    judged.archive.add_suppression(suppression(expires_at=None, at=READ))
    judged.archive.add_suppression(suppression(scope={}, finding_key="f1", content_hash="c"))
    judged.archive.add_suppression(suppression(scope={"association": "gone"}))
    listed = json.loads(run("list", "--json").out)

    assert ["2027-10-07", "2026-12-01", "2026-12-01"] == [told["until"] for told in listed]
    assert ["chapter ala-lakeside", "finding f1", "association gone"] == [
        line[line.index("ala.obscene") + 11 :].strip().split("  ")[0] for line in run("list").out.splitlines()[1:4]
    ]


# --- end ------------------------------------------------------------------------------------------------------------


def test_ending_says_from_when_reports_tell_it_again(run: Run, judged: World) -> None:
    """The row stays with its reason; the log says who ended it."""
    run("add", "ala.obscene", *LAKESIDE_CHAPTER, *UNTIL, *DECIDED)
    ran = run("end", "1", "--by", "Robin, office")
    [kept] = judged.archive.suppressions()
    acts = [(act.author, act.kind, act.subject) for act in judged.archive.acts.page()]

    assert (0, "1: ended; no report heeds it from that of 2026-11 on\n") == (ran.status, ran.out)
    assert (TODAY, "Robin, office", "Dana, office") == (kept.ended_at, kept.ended_by, kept.author)
    assert ("Robin, office", "suppress_end", "ala suppression 1") == acts[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("7", "--by", "Robin"), "there is no suppression 7; `chapterwatch suppress list` names them"),
        (("x", "--by", "Robin"), "'x' is not a valid integer"),
        (("1",), "Missing option '--by'"),
        (("1", "--by", " "), "--by is empty"),
        (("2", "--by", "Robin"), "suppression 2 expired on 2026-11-20; it holds nothing back any more"),
        (("3", "--by", "Robin"), "suppression 3 was ended by Dana; it holds nothing back any more"),
    ],
)
def test_what_cannot_be_ended_is_one_line(run: Run, judged: World, arguments: tuple[str, ...], said: str) -> None:
    """Unknown, expired, ended before; nothing is changed."""
    judged.archive.add_suppression(suppression(at=READ, expires_at=datetime(2027, 1, 1, 6, tzinfo=UTC)))
    judged.archive.add_suppression(suppression(at=READ, expires_at=TODAY))
    judged.archive.add_suppression(suppression(at=READ, ended_at=READ, ended_by="Dana"))
    before = judged.archive.suppressions()
    ran = run("end", *arguments)

    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert said in ran.err
    assert before == judged.archive.suppressions()


def test_an_association_without_a_name_in_the_registry_is_ended_all_the_same(run: Run, judged: World) -> None:
    """What left the registry can still be looked after."""
    judged.archive.add_suppression(
        suppression(scope={"association": "gone"}, expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    )

    assert 0 == run("end", "1", "--by", "Robin").status
