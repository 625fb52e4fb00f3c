"""What checks say of their evidence, told in every language of the reports or left as it was said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from chapterwatch.errors import CredentialsMissing
from chapterwatch.policy import POLICIES, load_pack, packs_available
from checks.personal_data.spans import Kind
from connectors.graph_faults import fault_of
from connectors.http import Answer, rate_limited
from connectors.x.faults import gone
from reports.press import TEMPLATES
from reports.reasons import noted, told
from reports.view import build_chapter
from reports.words import FALLBACK, LOCALES, languages
from tests.reports import factory

TRANSLATED = [language for language in languages() if language != FALLBACK]
#: What a check puts together of phrases; each way it can read stands in the catalogues by itself.
WRITTEN_OUT = {"the association is a subject here, and neither post nor profile says {}", "{} {} after posting"}
#: What makes evidence of a reason.
MAKERS = {"Evidence", "evidence", "_whole"}
CHECKS = sorted((TEMPLATES.parents[1] / "checks").rglob("*.py"))


def entries_of(path: str) -> dict[tuple[str, str], str]:
    with (LOCALES / path).open("rb") as file:
        entries = [entry for entry in read_po(file, abort_invalid=True) if entry.id]
    assert [] == [entry.id for entry in entries if entry.fuzzy]
    return {(entry.context or "", str(entry.id)): str(entry.string) for entry in entries}


ENGLISH = entries_of("reasons.pot")


def _spoken() -> Iterator[str]:
    """Reasons as checks write them, "{}" at their places: texts in a call that makes evidence, or named before it."""
    for path in CHECKS:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MAKERS:
                yield from (text for arg in node.args for text in _texts(arg))
            if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["reason"]:
                yield from _texts(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_of_reasons_is_complete(language: str) -> None:
    """Every sentence and word of the template, with the same places, and none left in English but shared words."""
    said = entries_of(f"{language}/LC_MESSAGES/reasons.po")
    places = {key: {name for _, name, _, _ in Formatter().parse(key[1]) if name} for key in ENGLISH}

    assert set(ENGLISH) == set(said)
    assert [] == [key for key, text in said.items() if not text]
    assert [] == [
        key for key, text in said.items() if places[key] != {name for _, name, _, _ in Formatter().parse(text) if name}
    ]
    # "party" and "logo" and the like are one word in two languages; a sentence never is.
    assert [] == [key for key, text in said.items() if key[1] == text and len(text.split()) > 2]


def test_reasons_written_in_the_checks_are_known() -> None:
    """What a check learns to say is told in no language until the template knows it: this names it."""
    spoken = set(_spoken())
    known = {re.sub(r"\{\w+\}", "{}", text) for _, text in ENGLISH}

    assert len(spoken) > 60
    assert WRITTEN_OUT == spoken - known


@pytest.mark.parametrize("language", TRANSLATED)
def test_reasons_packs_give_themselves_are_told(language: str) -> None:
    """A rule of phrases says in the pack what they are."""
    packs = [load_pack(name, POLICIES) for name in packs_available()]
    given = {rule.params["reason"] for pack in packs for rule in pack.rules.values() if "reason" in rule.params}

    assert given
    assert [] == [reason for reason in sorted(given) if told(reason, language) is None]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_kind_of_personal_data_is_told(language: str) -> None:
    """The words for what was given away stand at a place of the sentence."""
    said = [f"this reads as {kind.with_article} that is not published contact data" for kind in Kind]

    assert [] == [reason for reason in said if told(reason, language) is None]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("an insult", "un insulto"),
        ("in the profile picture: an obscene word", "en la foto de perfil: una palabra obscena"),
        (
            "told 3 hours before the official channels announced it",
            "contado 3 horas antes de que lo anunciaran los canales oficiales",
        ),
        ("uses a hashtag of Inland Forum", "usa una etiqueta de Inland Forum"),
        ("a supported family told with age, place", "una familia apoyada, contada con estos datos: edad, lugar"),
        ("a name changed after posting, without a mark", "después de publicar cambió un nombre, sin señalarlo"),
    ],
)
def test_a_reason_is_told_with_its_places(reason: str, expected: str) -> None:
    """Words at places are told, names and numbers stay, a reason within a reason is told as well."""
    assert expected == told(reason, "es")


@pytest.mark.parametrize(
    "reason",
    ["a reason nobody knows", "in the picture: a reason nobody knows", "takes sides on gardening", "An insult", ""],
)
def test_what_is_not_wholly_known_is_not_told(reason: str) -> None:
    """Nothing is said by halves; English is not told at all."""
    assert [None, None] == [told(reason, language) for language in ("es", "en")]


NOTED = [
    "24 posts were read from an export; it reaches to 2026-10-28. 1 private post was left out. 3 pictures kept.",
    "1 post was read from an export; it reaches to 2026-10-28. 2 records were no posts. 1 post is dated in the future.",
    "The platform shows only its newest posts; older ones were not reached.",
    "No post for 40 days where one came every 3 days; whether it is quiet or we are shut out cannot be told.",
    "Many posts vanished at once, so access is doubted and nothing is called deleted.",
    "No export lies in the inbox of this account; put one into inbox/plain__oaks.",
    "Reading was broken off; what was read until then is kept.",
    "this machine's clock says 2026-11-04 06:00 UTC and the platform's 2026-11-02 06:00 UTC; set it right",
    "X answered 401",
]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_a_run_notes_is_told(language: str) -> None:
    """Its own sentences, one or several, and what platforms most often answer."""
    graph = Answer(status=400, headers={}, body=b"{}", subject="")
    dead = (None, 458, 459, 460, 463, 464, 467)
    faults = [
        *(fault_of({"code": 190, "error_subcode": subcode, "message": "x"}, graph) for subcode in dead),
        fault_of({"code": 10, "message": "x"}, graph),
        fault_of({"code": 803, "message": "x"}, graph),
        rate_limited(graph, None),
        rate_limited(graph, datetime(2026, 10, 28, 14, tzinfo=UTC)),
        gone(""),
        CredentialsMissing.of("x_main"),
    ]
    said = [*NOTED, *(str(fault).removeprefix(": ") for fault in faults)]

    assert [] == [text for text in said if noted(text, language) is None]


def test_what_people_reported_stays_in_their_words() -> None:
    """Of a review by hand the frame is told; what was found was said by a person."""
    said = "Reviewed by a person on 2026-11-01, from 2026-10-01 to 2026-10-31; they reported: An ad. It was sold."
    told_ = noted(said, "es")
    assert told_ is not None
    assert told_.endswith("comunicó: An ad. It was sold.")


@pytest.mark.parametrize(
    "text", ["X answered 500 (Out of order)", "24 posts were read. Nobody knows.", "", "An insult"]
)
def test_what_a_run_notes_is_not_told_by_halves(text: str) -> None:
    """One sentence that is not known leaves all of them as they are; so does the English report."""
    assert [None, None] == [noted(text, language) for language in ("es", "en")]


def test_names_with_braces_stay_names() -> None:
    """A name of the roster is an argument and never a format."""
    assert "usa una etiqueta de {0.__class__} {x}" == told("uses a hashtag of {0.__class__} {x}", "es")


def test_a_report_tells_its_reasons_and_marks_the_others() -> None:
    """A told reason is printed in the report's language; one that is not told keeps its own, and is marked with it."""
    known = factory.finding("ala.private_data.phone", "call me", "call me", reason="an insult")
    unknown = factory.finding("ala.private_data.phone", "call us", "call us", reason="a reason nobody knows")
    view = build_chapter(factory.quiet(findings=(known, replace(unknown, key="other"))), "es")
    reasons = {one.reason for post in view.posts for one in post.findings}

    assert {"Un insulto.", "A reason nobody knows."} == reasons
    assert ("en", None) == (view.foreign["A reason nobody knows."], view.foreign.get("Un insulto."))
