"""The registry is validated at the door, every fault in one go."""

from pathlib import Path

import pytest

from chapterwatch import registry
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.model import Access, Space

KNOWN = registry.Known(
    platforms=frozenset({"x", "facebook_page"}),
    export_formats=frozenset({"x_archive", "plain"}),
    packs=frozenset({"ala", "lll"}),
    kept={"facebook_page": 1},
)

GOOD = """\
associations:
  - id: ala
    name: The Association
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    events:
      - {name: Annual Meeting, starts: 2026-10-12, ends: 2026-10-15, hashtags: ["#AM26"]}
    chapters:
      - id: lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Pat Example, email: pat@lakeside.example, role: president, leadership: true}
        accounts:
          - platform: x
            native_id: "0042"
            handle: lakeside
            space: official
            access: public_api
            connection: x_main
            owner: pat@lakeside.example
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "chapters.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(InvalidFiles) as caught:
        registry.load(write(folder, text), KNOWN)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_good_registry(tmp_path: Path) -> None:
    """Accounts inherit language, zone and pack, and keep ids as written."""
    loaded = registry.load(write(tmp_path, GOOD), KNOWN)

    account = loaded.account("x:0042")
    assert ("x:0042", "en", "America/Chicago", "ala", "lakeside", "ala") == (
        account.key,
        account.language,
        account.timezone,
        account.pack,
        account.chapter,
        account.association,
    )
    assert (Space.OFFICIAL, Access.PUBLIC_API) == (account.space, account.access)


def test_number_as_id_is_refused(tmp_path: Path) -> None:
    """An unquoted id is a number, and numbers lose leading zeros and last digits."""
    [problem] = problems(tmp_path, GOOD.replace('"0042"', "42"))

    assert problem.startswith("chapters.yml:18: associations.0.chapters.0.accounts.0.native_id: ")
    assert problem.endswith('input should be a valid string; put it in quotes, as in "0042"')


def test_every_fault_in_one_go(tmp_path: Path) -> None:
    """Faults of unlike kinds, each with its place and its mend, and none hides another."""
    text = GOOD.replace("pack: ala", "pack: alla").replace("x_main", "x_main\n            colour: red")
    text = text.replace("owner: pat@", "owner: someone@").replace("America/Chicago", "Chicago")

    expected = [
        "chapters.yml:4: there is no policy pack 'alla'; did you mean ala? If not, use one of: ala, lll",
        "yml:6: associations.0.timezone: 'Chicago' is not a time zone; use an IANA name such as America/Chicago",
        "accounts.0.colour is not a known key; remove it or check its spelling",
        "chapters.yml:24: owner someone@lakeside.example is not among the chapter's people; add them to people",
    ]
    found = problems(tmp_path, text)
    assert len(expected) == len(found)
    assert all(line.endswith(tail) for line, tail in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("connection: x_main", "", "needs a connection; add connection: <id>"),
        ("space: official", "space: private", "a private space is never collected; set access: none"),
        ("access: public_api", "access: import", "needs the export's format; add export_format: <name>"),
        ("America/Chicago", "Chicago", "'Chicago' is not a time zone; use an IANA name such as America/Chicago"),
        (
            "platform: x",
            "platform: myspace",
            "there is no connector for platform 'myspace'; use one of: facebook_page, x",
        ),
        (", leadership: true", "", "chapter lakeside has no leadership; set leadership: true for who gets its report"),
        ("audit@hq.example", "audit", "'audit' is not a mail address; write it as name@domain.example"),
        ("ends: 2026-10-15", "ends: 2026-10-01", "event Annual Meeting ends before it starts; swap the dates"),
        ("id: lakeside", "id: Lake Side", "'Lake Side' cannot be an id; use lower-case letters, digits and hyphens"),
        ("country: US", "country: US\n        country: CA", "has the key 'country' twice; keep one of them"),
        (
            "language: en",
            "language: english",
            "language is not written as it has to be; write two small letters, as in en",
        ),
        ("country: US", "country: USA", "country is not written as it has to be; write two capital letters, as in US"),
        ("[audit@hq.example]", "audit@hq.example", "headquarters is no list; write it in brackets, as in [one, two]"),
        ("leadership: true", "leadership: of-course", "leadership is neither true nor false; write true or false"),
        ("starts: 2026-10-12", "starts: 14 October", "starts is no day; write 2026-10-31"),
        ("handle: lakeside", "handle: &a lakeside", "uses a YAML anchor or alias; write the value out"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Each fault is one line that says what is wrong and how to mend it."""
    assert any(line.endswith(expected) for line in problems(tmp_path, GOOD.replace(old, new)))


def test_doubles(tmp_path: Path) -> None:
    """The same account in two chapters would be reported twice."""
    chapter = GOOD[GOOD.index("      - id: lakeside") :]

    assert [
        "chapters.yml:24: chapter lakeside is listed twice; keep one of them",
        "chapters.yml:30: account x:0042 is listed twice; keep one of them",
    ] == problems(tmp_path, GOOD + chapter)


def test_broken_yaml_and_missing_file(tmp_path: Path) -> None:
    """What cannot be parsed or read is a line too, not a traceback."""
    assert "is not valid YAML" in problems(tmp_path, "associations:\n  - id: [")[0]
    with pytest.raises(InvalidFiles, match=r"there is no such file; copy config/chapters\.example\.yml there"):
        registry.load(tmp_path / "nowhere.yml")
    with pytest.raises(InvalidFiles, match="cannot be read"):
        registry.load(tmp_path)


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    """An accent saved by an old editor; the file is no worse YAML for it, so nothing is said of YAML."""
    path = tmp_path / "chapters.yml"
    path.write_bytes(GOOD.encode() + "# señora\n".encode("latin-1"))
    with pytest.raises(InvalidFiles) as caught:
        registry.load(path, KNOWN)
    said = f"{path}:{GOOD.count(chr(10)) + 1}: is not UTF-8; save the file again as UTF-8"
    assert [said] == [str(problem) for problem in caught.value.problems]


def test_selecting(tmp_path: Path) -> None:
    """A selection that names an unknown chapter says which there are; an empty one means all."""
    loaded = registry.load(write(tmp_path, GOOD), KNOWN)

    assert ["x:0042"] == [account.key for account in loaded.select()]
    assert [] == loaded.select(platforms=["facebook_page"])
    with pytest.raises(UserError, match="there is no chapter 'nowhere' in the registry; use one of: lakeside"):
        loaded.select(chapters=["nowhere"])


def test_a_platform_that_does_not_exist_is_no_empty_selection(tmp_path: Path) -> None:
    """It says which was meant, or which there are; one that exists without an account here selects none."""
    loaded = registry.load(write(tmp_path, GOOD), KNOWN)

    with pytest.raises(UserError, match="there is no platform 'twitter'; use one of: facebook_page, x"):
        loaded.select(platforms=["x", "twitter"])
    with pytest.raises(UserError, match=r"there is no platform 'facebok_page'; did you mean facebook_page\?"):
        loaded.select(platforms=["facebok_page"])


# --- how long texts are kept ------------------------------------------------------------------------------------------


def keeping(retention: str) -> str:
    return GOOD.replace("    events:", f"    retention: {retention}\n    events:")


@pytest.mark.parametrize(
    ("retention", "on_x", "on_facebook"),
    [
        ("{}", None, None),
        ("{months: 3}", 3, 3),
        ("{months: 24, platforms: {facebook_page: 1}}", 24, 1),
        ("{platforms: {facebook_page: 6}}", None, 6),
    ],
)
def test_how_long_texts_are_kept(tmp_path: Path, retention: str, on_x: int | None, on_facebook: int | None) -> None:
    """A number for all, another for a platform; where nothing is written, texts are kept."""
    rule = registry.load(write(tmp_path, keeping(retention)), KNOWN).associations[0].retention

    assert (on_x, on_facebook) == (rule.of("x"), rule.of("facebook_page"))


def test_nothing_is_erased_by_age_unless_it_is_written(tmp_path: Path) -> None:
    """A registry of before this could be said means what it meant."""
    assert registry.load(write(tmp_path, GOOD), KNOWN).associations[0].retention.of("x") is None


def test_texts_stay_until_a_report_could_be_answered(tmp_path: Path) -> None:
    """Two months end before the report on a month's first post was answered: one line says why, at its line."""
    said = "a report covers a month, goes out in the next and is answered until the one after has closed"
    expected = f"chapters.yml:8: a retention of 2 months is too short: {said}; write 3 or more"
    assert [expected] == problems(tmp_path, keeping("{months: 2}"))


def test_a_platform_is_shorter_only_by_its_own_terms(tmp_path: Path) -> None:
    """The figure must be the platform's, as its connector documents it; nobody's wish is enough."""
    [problem] = problems(tmp_path, keeping("{months: 24, platforms: {x: 1, facebook_page: 1}}"))

    assert problem.startswith("chapters.yml:8: a retention of 1 month is too short: ")
    assert problem.endswith(", and no terms of x ask for it; write 3 or more")


@pytest.mark.parametrize(
    ("retention", "expected"),
    [
        ("{platforms: {facebok_page: 6}}", "there is no platform 'facebok_page'; did you mean facebook_page?"),
        ("{months: 0}", "greater than or equal to 1"),
        ("{months: yes}", "is no whole number; write one"),
        ('{months: "24"}', "is no whole number; write one"),
        ("{month: 24}", "month is not a known key; remove it or check its spelling"),
        ("24", "needs keys of its own; write them below it"),
    ],
)
def test_faults_of_retention(tmp_path: Path, retention: str, expected: str) -> None:
    """What is no number of months is refused and never read as one."""
    [problem] = problems(tmp_path, keeping(retention))

    assert expected in problem
