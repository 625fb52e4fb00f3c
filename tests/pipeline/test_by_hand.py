"""What people report of accounts nothing can read: under a clause a finding like any other, without one never clean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from chapterwatch.model import DispositionState, Finding, Lane, Severity
from chapterwatch.pipeline import alert_duty, collect_night, publish, publish_reports, reply_template, steps
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash
from chapterwatch.pipeline.network import part_of
from chapterwatch.policy import load_pack
from chapterwatch.settings import Mail
from reports.mail import letter_of
from reports.view import ChapterInputs, ChapterView, build_chapter
from tests.pipeline.test_alerts import letters
from tests.pipeline.test_deliver import Server, listening
from tests.pipeline.world import MONTH, MONTH_END, REGISTRY, World

GROUP = "manual_review:group-1"
WORDS = "A member was threatened with a beating on the group's wall."
LINK = "https://www.linkedin.example/groups/1/posts/7"
CHAPTER = """\
      - id: ala-meadow
        name: Meadow Chapter
        country: US
        people:
          - {name: Gunhild Aske, email: president@meadow.example, role: president, leadership: true}
        reviews: meadow-reviews.yml
        accounts:
          - {platform: manual_review, native_id: group-1, handle: meadow, space: public_group, access: attested,
             owner: president@meadow.example, collect_from: 2026-10-01}
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as running:
        yield running


@pytest.fixture
def meadow(light: World, server: Server) -> World:
    """A fourth chapter with one account, which a person reviewed for all of October and found nothing in."""
    before = "    headquarters: [audit@hq.example]\n"
    text = REGISTRY.replace(before, before + "    duty: [duty@hq.example]\n").rstrip() + "\n" + CHAPTER
    light.workplace.settings.registry.write_text(text, encoding="utf-8")
    reviewed(light, "found: none")
    mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
    return light.at(datetime(2026, 11, 1, 12, tzinfo=UTC), mail=mail)


def reviewed(world: World, found: str, on: str = "2026-11-01") -> None:
    """The register of reviews says so; the registry is read anew."""
    head = f"- account: {GROUP}\n  starts: 2026-10-01\n  ends: 2026-10-31\n  on: {on}\n"
    text = f"{head}  by: president@meadow.example\n  looked_at: all\n  {found}\n"
    path = world.workplace.settings.registry.parent / "meadow-reviews.yml"
    path.write_text(text, encoding="utf-8")
    world.workplace.__dict__.pop("registry", None)


def threat(**changes: str) -> str:
    """A threat found one by one, with more said of it."""
    facts = {"clause": "ALA-03", "severity": "critical", "on": "2026-10-14", "where": LINK, "words": f'"{WORDS}"'}
    lines = [f"      {name}: {value}" for name, value in {**facts, **changes}.items() if value]
    return "found:\n    - " + "\n".join(lines).lstrip()


def found(world: World, **options: bool) -> list[Finding]:
    """The chapter's findings after an audit of it."""
    world.audit(world.workplace.now, "ala-meadow")
    return world.archive.findings(chapter="ala-meadow", **options)


def inputs(world: World, month: str = MONTH) -> ChapterInputs:
    press = steps.press_of(world.workplace)
    chapter, association = press.registry.chapter("ala-meadow"), press.registry.association("ala")
    issue = Issue(revision=1, reason=None, issued_at=MONTH_END)
    return chapter_inputs(press.archive, association, chapter, load_pack("ala"), month, issue)


def view(world: World, month: str = MONTH, language: str = "en") -> ChapterView:
    return build_chapter(inputs(world, month), language)


# --- under a clause -------------------------------------------------------------------------------------------------


def test_nothing_found_is_no_finding(meadow: World) -> None:
    """The near-miss."""
    assert [] == found(meadow)


def test_what_a_person_reports_under_a_clause_is_a_finding(meadow: World) -> None:
    """A question by a person, with the register's line as its evidence; judged again it is the same."""
    reviewed(meadow, threat())
    [one], [again] = found(meadow), found(meadow)
    (review,) = meadow.workplace.registry.chapter("ala-meadow").reviews

    assert one == again
    assert ("ala.by_hand", ("ALA-03",), Severity.CRITICAL, Lane.ASSIST) == (
        one.rule_id,
        one.clauses,
        one.severity,
        one.lane,
    )
    assert (WORDS, "a person reported this", review.line(review.reported[0])) == (
        one.excerpt,
        one.reason,
        one.capture_hash,
    )
    assert (LINK, datetime(2026, 10, 14, 17, tzinfo=UTC), None) == (one.subject_id, one.opened_at, one.closed_at)


def test_a_line_taken_out_withdraws_its_finding_and_a_day_ends_it(meadow: World) -> None:
    """Whoever saw that it is gone says when; nothing else ends what nothing can fetch again."""
    reviewed(meadow, threat())
    [one] = found(meadow)
    meadow.archive.add_disposition(one.key, DispositionState.OWNER_SAYS_FIXED, "", "rosa", meadow.workplace.now)
    reviewed(meadow, threat(gone="2026-10-20"))
    [gone] = found(meadow)
    assert (one.key, one.capture_hash, date(2026, 10, 20), "reviewed") == (
        gone.key,
        gone.capture_hash,
        gone.closed_at.date() if gone.closed_at else None,
        gone.closed_by,
    )
    # Nobody fetched anything again, so nothing is verified by that.
    assert ["owner_says_fixed"] == [item.state.value for item in meadow.archive.dispositions([one.key])[one.key]]
    reviewed(meadow, "found: none")

    assert ([], [one.key]) == (found(meadow), [item.key for item in found(meadow, retired=True)])


def test_what_is_reported_after_the_month_was_closed_is_new_in_the_next_report(meadow: World) -> None:
    """A review is due by the fourteenth: its finds are told as new somewhere, and change no report before."""
    reviewed(meadow, "found: none", on="2026-11-10")
    before = inputs_hash(inputs(meadow))
    reviewed(meadow, threat(), on="2026-11-10")
    meadow.at(datetime(2026, 12, 1, 12, tzinfo=UTC))
    [one] = found(meadow)

    assert date(2026, 11, 10) == one.opened_at.date()
    assert (0, 1) == (view(meadow).counts.new, view(meadow, "2026-11").counts.new)
    assert before == inputs_hash(inputs(meadow))


def test_a_critical_report_reaches_duty_once_without_its_words(meadow: World, server: Server) -> None:
    """Like a threat a rule finds: where to look, what to do, and by the key which finding."""
    reviewed(meadow, threat())
    [one] = found(meadow)

    assert [1, 0] == [alert_duty(meadow.workplace)["sent"] for _ in range(2)]
    (letter,) = letters(server)
    body = letter.get_body(("plain",)).get_content()
    assert "Please look today: 1 critical finding, ala-meadow" == letter["Subject"]
    assert all(word in body for word in ("Meadow Chapter", "14 October: A person reported this", LINK, one.key))
    assert "beating" not in body


def test_the_report_has_it_under_its_clause(meadow: World) -> None:
    """With a due date, a remedy, its words, and no figure of a rule's precision; with a place in the form of reply."""
    reviewed(meadow, threat())
    found(meadow)
    shown = view(meadow)
    ((post,), (finding,)) = shown.posts, shown.posts[0].findings

    assert ("findings", 1, 1) == (shown.status.level, shown.counts.new, shown.counts.critical)
    assert ("Report by hand on manual review @meadow, 14 October", WORDS, LINK) == (
        post.heading,
        post.quotes[0].text,
        post.permalink,
    )
    assert ("ALA-03", "A person reported this.", "Judged by a person, not measured", "") == (
        finding.clauses[0].id,
        finding.reason,
        finding.confidence_words,
        finding.precision_words,
    )
    assert date(2026, 11, 3) == finding.due
    assert ["Look at it where it stands."] == [action.remedy.partition(" If")[0] for action in shown.actions]
    text, entries = reply_template(meadow.workplace, "ala-meadow", MONTH, "yaml")
    assert (1, True) == (entries, finding.key in text)


@pytest.mark.parametrize(
    ("language", "title", "reason"),
    [
        ("de", "Ein Mensch hat dies bei einer Durchsicht", "Ein Mensch hat dies gemeldet (post by a member)."),
        ("es", "Una persona lo señaló en una revisión", "Una persona lo señaló (post by a member)."),
        ("fr", "Une personne l\u2019a signalé lors", "Une personne l\u2019a signalé (post by a member)."),
    ],
)
def test_a_report_in_another_language_says_it_in_its_own(meadow: World, language: str, title: str, reason: str) -> None:
    """Title, reason, remedy and what it errs in; nothing of it is marked as another language's."""
    reviewed(meadow, threat(where="post by a member"))
    found(meadow)
    shown = view(meadow, language=language)
    finding = shown.posts[0].findings[0]

    assert (title, reason) == (finding.title[: len(title)], finding.reason)
    assert not {finding.title, finding.reason, finding.remedy, finding.false_positives} & set(shown.foreign)


# --- without a clause -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [f'found: "{WORDS}"', f'found:\n    - words: "{WORDS}"'], ids=["words", "listed"])
def test_what_nobody_put_under_a_clause_is_never_clean(meadow: World, how: str) -> None:
    """It is no finding. Status, page one, the subject and what is to be done name it."""
    clean = view(meadow)
    reviewed(meadow, how)
    shown = view(meadow)
    letter = letter_of(shown)

    assert [] == found(meadow)
    assert (0, 1) == (clean.counts.unplaced, shown.counts.unplaced)
    assert "limited" == shown.status.level
    assert [("1 November", WORDS)] == [(one.when_words, one.said) for one in shown.unplaced]
    assert any("1 matter was reported by hand under no clause" in notice for notice in shown.status.notices)
    assert "no new findings, 1 matter reported by hand" in letter.subject
    assert any("reported by hand" in line.what for line in letter.todo)
    assert "beating" not in letter.as_json()


def test_a_matter_counts_in_one_month_only(meadow: World) -> None:
    """The month of its day; a review handed in after that was closed counts in its own."""
    reviewed(meadow, f'found: "{WORDS}"')
    assert [0, 1, 0] == [view(meadow, month).counts.unplaced for month in ("2026-09", "2026-10", "2026-11")]
    reviewed(meadow, f'found: "{WORDS}"', on="2026-11-10")
    assert [0, 1] == [view(meadow, month).counts.unplaced for month in ("2026-10", "2026-11")]


def test_page_one_and_the_roll_up_name_it(meadow: World) -> None:
    """In the files people read, and in the mails: the chapter's and headquarters'."""
    reviewed(meadow, f'found: "{WORDS}"')
    meadow.at(MONTH_END + timedelta(hours=1))
    assert ["issued"] == [report.outcome for report in publish_reports(meadow.workplace, MONTH, ["ala-meadow"])]
    row = meadow.archive.latest_report("ala-meadow", MONTH)
    assert row is not None
    page = meadow.file(row.html_path).read_text("utf-8")
    first = page.partition('id="details"')[0]
    assert WORDS.replace("'", "&#39;") in first
    assert "Nothing to do" not in first

    press = steps.press_of(meadow.workplace)
    rollup = publish.rollup_view(press, press.registry.association("ala"), MONTH)
    assert [("1", "Meadow Chapter")] == [
        (one.count, one.where) for one in rollup.attention if "reported by hand" in one.what
    ]
    assert "1 matter reported by hand" in letter_of(rollup).subject


# --- what nobody read -----------------------------------------------------------------------------------------------


def watched(world: World, *accounts: str) -> ChapterView:
    """The month's report once the night after it noted the review, with the chapter's other accounts as given."""
    text = world.workplace.settings.registry.read_text("utf-8") + "".join(accounts)
    world.workplace.settings.registry.write_text(text, encoding="utf-8")
    world.workplace.__dict__.pop("registry", None)
    keys = [account.key for account in world.workplace.registry.chapter("ala-meadow").accounts]
    world.at(datetime(2026, 11, 2, 2, 15, tzinfo=UTC))
    collect_night(world.workplace, date(2026, 11, 1), keys)
    return view(world)


def test_nobody_says_that_nothing_was_posted_where_no_machine_looked(meadow: World) -> None:
    """It was reviewed by hand, and when; no count of posts, no rate, and no silence is claimed."""
    shown = watched(meadow)
    [account] = shown.accounts

    assert "clear" == shown.status.level
    said = "No findings. The account is read by no machine; a person reviewed it by hand, last on 1 November."
    assert said == shown.status.headline
    assert (False, False, "\N{EN DASH}") == (shown.counts.posts_known, account.posts_known, shown.numbers[3].value)
    assert "Nobody counts the posts of accounts reviewed by hand, so no rate" == shown.trend.title
    assert () == part_of(meadow.archive, inputs(meadow), []).dormant


def test_a_quiet_account_beside_one_reviewed_by_hand_is_told_apart(meadow: World) -> None:
    """The near-miss: nothing was posted where a machine looked, and that is said of it alone."""
    other = (
        '          - {platform: x, native_id: "2033", handle: meadow_x, space: official, access: public_api,\n'
        "             connection: x_demo, owner: president@meadow.example, collect_from: 2026-10-01}\n"
    )
    shown = watched(meadow, other)

    assert shown.status.headline.startswith("Nothing was posted this month. The account was seen on every day.")
    assert shown.status.headline.endswith("Another account is reviewed by hand, last on 1 November.")
    assert [(False, True), (True, False)] == [(one.posts_known, one.by_hand) for one in shown.accounts]
