"""The form a chapter replies with: what it shows, what it takes back, and what it says of every fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chapterwatch import replies
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.model import Chapter, Person
from chapterwatch.replies import Entry, Given
from reports.reply_form import above_of
from reports.words import languages, load

TODAY, UNTIL = date(2026, 11, 10), date(2026, 12, 1)
KEYS = ["0123456789abcdef", "0123456789ab0000", "fedcba9876543210"]
CHAPTER = Chapter(
    id="ala-lakeside",
    name="Lakeside Chapter",
    association="ala",
    language="en",
    timezone="America/Chicago",
    country="US",
    people=(
        Person(name="Harriet Vossler", email="president@lakeside.example", role="president", leadership=True),
        Person(name="Oskar Lindenbaum", email="web@lakeside.example", role="webmaster"),
    ),
    accounts=(),
)
ABOVE = above_of(CHAPTER.name, "2026-10", UNTIL, load("en"))
ENTRIES = [
    Entry(key="0123456789abcdef", title="1. Coarse language", clauses="ALA-11", excerpt="X, 7 October: This is bull"),
    Entry(key="fedcba987654", title="2. Could this hurt?", clauses="ALA-12, ALA-13", excerpt=""),
]


def form(tmp_path: Path, kind: str = "yaml", **filled: str) -> Path:
    """The form with the first finding's fields filled in."""
    text = replies.form(CHAPTER, ENTRIES, kind, ABOVE)
    path = tmp_path / f"form.{'csv' if kind == 'csv' else 'yml'}"
    if kind == "csv":
        row = f"ala-lakeside,{ENTRIES[0].key},{filled['reply']},{filled['text']},{filled['by']},{filled['on']},,,"
        lines = text.splitlines()
        text = "\n".join([lines[0], row, *lines[2:]]) + "\n"
    else:
        for name, value in filled.items():
            text = text.replace(
                f'    {name}: ""\n' if name == "text" else f"    {name}:\n", f"    {name}: {value}\n", 1
            )
    path.write_text(text)
    return path


ANSWER = {"reply": "appeal", "text": '"A quotation, not ours."', "by": "president@lakeside.example", "on": "2026-11-05"}


def returned(path: Path) -> replies.Returned:
    """What the form says, checked."""
    return replies.read(replies.opened(path), CHAPTER, KEYS, TODAY)


def faults(path: Path) -> list[str]:
    """Every fault the form is refused for, without the folder."""
    with pytest.raises(InvalidFiles) as told:
        returned(path)
    return [str(problem).replace(str(path), path.name) for problem in told.value.problems]


# --- the form -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_a_form_nobody_filled_in_says_nothing(tmp_path: Path, kind: str) -> None:
    """It comes back as it went out: no reply, every finding left without one, no fault."""
    path = tmp_path / f"form.{'csv' if kind == 'csv' else 'yml'}"
    path.write_text(replies.form(CHAPTER, ENTRIES, kind, ABOVE))
    done = returned(path)

    assert ("ala-lakeside", (), 2) == (done.chapter, done.replies, done.empty)


def test_a_form_shows_what_the_report_prints_and_how_to_fill_it_in() -> None:
    """Title, clauses and excerpt of each finding, the kinds of reply and the last day."""
    text = replies.form(CHAPTER, ENTRIES, "yaml", ABOVE)

    for said in ("1. Coarse language (ALA-11)", "X, 7 October: This is bull", "appeal", "2026-12-01", KEYS[0]):
        assert said in text
    assert "[]\n" == replies.form(CHAPTER, [], "yaml", ABOVE)[-3:]


@pytest.mark.parametrize("language", languages())
def test_a_form_says_in_its_chapter_s_language_how_it_is_filled_in(language: str, tmp_path: Path) -> None:
    """Keys and kinds of reply are the same in all, for they are read back; so is the form."""
    above = above_of(CHAPTER.name, "2026-10", UNTIL, load(language))
    path = tmp_path / "form.yml"
    path.write_text(replies.form(CHAPTER, ENTRIES, "yaml", above), encoding="utf-8")
    said = path.read_text(encoding="utf-8")

    for word in (
        "2026-10",
        "  reply: answer ",
        "appeal",
        "fixed",
        "  text: ",
        "  by: ",
        "  on: ",
        "2026-12-01",
    ):
        assert word in said, word
    assert all(len(line) <= 120 for line in said.splitlines())
    assert 2 == replies.read(replies.opened(path), CHAPTER, KEYS, TODAY).empty


def test_a_form_names_a_chapter_of_a_long_name_whole() -> None:
    """Its first line tells whose form it is, where a folder holds many."""
    name = "Chapter of Legal Administrators of the Upper Peninsula, the Straits and the Northern Lower Counties"
    above = above_of(name, "2026-10", UNTIL, load("en"))
    first = replies.form(CHAPTER, ENTRIES, "yaml", above).splitlines()[0]

    assert f"# Replies to the findings of 2026-10: {name}." == first


def test_a_form_can_be_freed_of_what_it_quotes() -> None:
    """Of one finding: its title stays, and so does every other excerpt; one without an excerpt loses no title."""
    more = replace(ENTRIES[0], key="aaaaaaaaaaaa", title="3. Insult", excerpt='  - finding: "0123456789ab"')
    first = replace(ENTRIES[0], key=KEYS[0][: replies.KEY_DIGITS])
    text = replies.form(CHAPTER, [first, *ENTRIES[1:], more], "yaml", ABOVE)
    bare = replies.form(CHAPTER, [replace(first, excerpt=""), *ENTRIES[1:], more], "yaml", ABOVE)

    assert bare == replies.without_excerpts(text, [KEYS[0], KEYS[2]])
    assert text == replies.without_excerpts(text, ["f" * 16])


@pytest.mark.parametrize(
    "hostile", ["a\nreplies: evil", "a\u2028b: c", "a\x00b", "a\x85b", "\u202eevil", "- x: &a *a", "\ud800", "a" * 9000]
)
@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_no_post_s_text_breaks_a_form(tmp_path: Path, hostile: str, kind: str) -> None:
    """Whatever stands in an excerpt or a title, the form reads back as a form that says nothing."""
    entry = Entry(key=KEYS[0], title=hostile, clauses="ALA-11", excerpt=hostile)
    path = tmp_path / f"form.{'csv' if kind == 'csv' else 'yml'}"
    path.write_text(replies.form(CHAPTER, [entry], kind, ABOVE))

    assert 1 == returned(path).empty
    assert max(map(len, path.read_text().splitlines())) < 500


@pytest.mark.parametrize("formula", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)"])
def test_no_spreadsheet_takes_an_excerpt_for_a_formula(formula: str) -> None:
    """A cell that would begin a formula begins with an apostrophe instead."""
    entry = Entry(key=KEYS[0], title=formula, clauses="ALA-11", excerpt=formula)
    [_, row] = replies.form(CHAPTER, [entry], "csv", ABOVE).splitlines()

    assert [f"'{formula}", "ALA-11", f"'{formula}"] == row.split(",")[-3:]


# --- what comes back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_a_reply_is_read_with_its_office_and_nobody_s_name(tmp_path: Path, kind: str) -> None:
    """The address in the form becomes the role in the roster; the day is that day in every zone."""
    filled = ANSWER if kind == "yaml" else ANSWER | {"text": '"A quotation, not ours."'}
    path = form(tmp_path, kind, **filled)
    [given] = returned(path).replies

    expected = Given(
        finding_key=KEYS[0],
        kind="appeal",
        text="A quotation, not ours.",
        author_role="president",
        at=datetime(2026, 11, 5, 12, tzinfo=UTC),
        source=given.source,
    )
    assert expected == given
    assert "president@" not in repr(given)
    assert "Vossler" not in repr(given)


def test_the_same_form_again_has_the_same_keys(tmp_path: Path) -> None:
    """Saved under another name or with another line end it is still the same reply."""
    path = form(tmp_path, **ANSWER)
    [first] = returned(path).replies
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    [again] = returned(path).replies

    assert first.key == again.key
    assert first.source != again.source


@pytest.mark.parametrize("written", ["0123456789abcdef", "0123456789abc", "FEDCBA987654"])
def test_a_key_as_the_report_prints_it_is_enough(tmp_path: Path, written: str) -> None:
    """Twelve digits name a finding, unless two begin with them."""
    path = form(tmp_path, **ANSWER)
    path.write_text(path.read_text().replace(f'"{KEYS[0]}"', f'"{written}"'))
    [given] = returned(path).replies

    assert given.finding_key.startswith(written.lower())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"by": "somebody@else.example"}, "form.yml:16: somebody@else.example is not among the chapter's people"),
        ({"reply": "insult"}, "form.yml:14: reply: input should be 'answer', 'appeal' or 'fixed'"),
        ({"on": "2026-11-12"}, "form.yml:17: 2026-11-12 is still to come"),
        ({"on": "last week"}, "form.yml:17: on: 'last week' is not a date"),
        ({"text": '""'}, "form.yml:15: an appeal without words"),
        ({"text": "yes: no: maybe"}, "form.yml:15: is not valid YAML"),
        ({"text": '"' + "x" * 1001 + '"'}, "form.yml:15: the text has 1,001 characters"),
        ({"by": ""}, "form.yml:16: by is missing"),
    ],
)
def test_every_fault_is_told_in_one_line_with_its_place(tmp_path: Path, changes: dict[str, str], fault: str) -> None:
    """File, line, what is wrong, and after a semicolon how to mend it."""
    [told] = faults(form(tmp_path, **ANSWER | changes))

    assert told.startswith(fault)
    assert "; " in told
    assert 1 == len(told.splitlines())


@pytest.mark.parametrize("key", ["0123456789ab", "ffffffffffffffff", "0123", ""])
def test_a_finding_of_nobody_or_of_two_is_no_finding(tmp_path: Path, key: str) -> None:
    """Too few digits, another chapter's, or the beginning of two: nothing is guessed."""
    path = form(tmp_path, **ANSWER)
    path.write_text(path.read_text().replace(f'"{KEYS[0]}"', f'"{key}"'))

    assert 1 == len(faults(path))


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """One look at the answer is enough to mend the whole form."""
    assert 2 == len(faults(form(tmp_path, **ANSWER | {"by": "x@y.example", "text": '""'})))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- a list", "is no form of replies"),
        ("replies: []", "names no chapter"),
        ("chapter: &a x\nreplies: []", "anchor"),
        ("", "is no form of replies"),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """Any other YAML, an anchor, an empty file."""
    path = tmp_path / "form.yml"
    path.write_text(text)
    [told] = faults(path)

    assert fault in told


def test_what_is_fixed_needs_no_words(tmp_path: Path) -> None:
    """The near-miss to an appeal without words; capital letters are no other word."""
    [given] = returned(form(tmp_path, **ANSWER | {"reply": "Fixed", "text": '""'})).replies

    assert ("fixed", "") == (given.kind, given.text)


def test_hidden_signs_leave_the_text_and_its_words_stay() -> None:
    """Line breaks and joined emoji are kept, what reorders or hides text is not."""
    said = "One\r\nTwo\u202e\u2066\x00 \U0001f469\u200d\U0001f4bb caf\u00e9\u200b \t"

    assert "One\nTwo \U0001f469\u200d\U0001f4bb café" == replies.cleaned(said)


# --- the staff's own form -------------------------------------------------------------------------------------------


def spoken(**changes: str) -> Given:
    """A reply given by hand."""
    given = {"kind": "answer", "text": "We asked the author.", "role": "webmaster"} | changes
    return replies.spoken(
        CHAPTER, KEYS[0], given["kind"], given["text"], given["role"], datetime(2026, 11, 5, tzinfo=UTC)
    )


def test_a_reply_by_hand_is_kept_as_given() -> None:
    """Its source says that no file came."""
    assert ("webmaster", "ui", "We asked the author.") == (spoken().author_role, spoken().source, spoken().text)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"role": "gardener"}, "nobody of ala-lakeside is 'gardener'; choose one of: president, webmaster"),
        ({"kind": "insult"}, "'insult' is no kind of reply; choose one of: answer, appeal, fixed"),
        ({"text": " \n"}, "an answer needs words; write them into the text"),
        ({"text": "x" * 1001}, "the text has 1,001 characters; shorten it to 1,000"),
    ],
)
def test_a_reply_by_hand_is_held_to_the_same(changes: dict[str, str], fault: str) -> None:
    """An office of that chapter, a known kind, words, and not too many of them."""
    with pytest.raises(UserError) as told:
        spoken(**changes)

    assert fault == str(told.value)


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("", "2026-11-05T08:30"),
        ("2026-11-05", "2026-11-05T08:30"),
        ("2026-10-31", "2026-10-31T12:00"),
        ("2026-11-06", "2026-11-06T12:00"),
    ],
)
def test_a_reply_by_hand_has_the_day_it_was_given(day: str, at: str) -> None:
    """As one in a form that came back; where nobody says a day, or it is today, now."""
    now = datetime(2026, 11, 5, 8, 30, tzinfo=UTC)
    assert f"{at}:00+00:00" == replies.given_on(day, now).isoformat()


@pytest.mark.parametrize(
    ("day", "fault"), [("2026-11-07", "2026-11-07 is still to come"), ("31.10.2026", "'31.10.2026' is no day")]
)
def test_a_day_nobody_replied_on_is_told(day: str, fault: str) -> None:
    """One line, and how to write it."""
    with pytest.raises(UserError, match=fault):
        replies.given_on(day, datetime(2026, 11, 5, 8, 30, tzinfo=UTC))
