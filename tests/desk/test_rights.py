"""Who gets what: every page, action and download for every role, and what is said to those who do not."""

from typing import Any

import pytest
from fastapi.routing import APIRoute

from chapterwatch.model import Staff
from desk.app import Desk, build
from desk.roles import May, Role, person_of

#: vera views Lakeside, remo reviews Lakeside, rosa reviews all, paul publishes, ada administers; `airflow_viewer` is a
#: viewer in Airflow whom the registry does not list, `stranger` has no role at all, and the last is not logged in.
PEOPLE = ("vera", "remo", "rosa", "paul", "ada", "airflow_viewer", "stranger", "")

#: Path -> the status each of PEOPLE gets.
PAGES = {
    "": (200, 200, 200, 200, 200, 200, 403, 401),
    "findings": (200, 200, 200, 200, 200, 200, 403, 401),
    "findings/a1": (200, 200, 200, 200, 200, 404, 403, 401),
    "findings/b1": (404, 404, 200, 200, 200, 404, 403, 401),
    "findings/none": (404, 404, 404, 404, 404, 404, 403, 401),
    "coverage": (200, 200, 200, 200, 200, 200, 403, 401),
    "reports": (200, 200, 200, 200, 200, 200, 403, 401),
    "reports/lakeside/2026-10/1": (200, 200, 200, 200, 200, 404, 403, 401),
    "reports/harbor/2026-10/1": (404, 404, 200, 200, 200, 404, 403, 401),
    "reports/rollup:ala/2026-10/1": (404, 404, 200, 200, 200, 404, 403, 401),
    "reports/lakeside/2026-10/1/file.pdf": (200, 200, 200, 200, 200, 404, 403, 401),
    "reports/lakeside/2026-10/1/file.html": (200, 200, 200, 200, 200, 404, 403, 401),
    "reports/lakeside/2026-10/1/file.csv": (200, 200, 200, 200, 200, 404, 403, 401),
    "reports/lakeside/2026-10/1/file.xlsx": (404, 404, 404, 404, 404, 404, 403, 401),
    "reports/harbor/2026-10/1/file.pdf": (404, 404, 200, 200, 200, 404, 403, 401),
    "reports/rollup:ala/2026-10/1/file.pdf": (404, 404, 200, 200, 200, 404, 403, 401),
    "policy": (200, 200, 200, 200, 200, 200, 403, 401),
    "policy/ala": (200, 200, 200, 200, 200, 404, 403, 401),
    "policy/ala/rules/ala.threat": (200, 200, 200, 200, 200, 404, 403, 401),
    "policy/ala/rules/ala.none": (404, 404, 404, 404, 404, 404, 403, 401),
    "sample": (403, 200, 200, 200, 200, 403, 403, 401),
    "drafts": (403, 403, 403, 403, 200, 403, 403, 401),
    "log": (403, 403, 403, 403, 200, 403, 403, 401),
    "runs?run=manual": (200, 200, 200, 200, 200, 200, 403, 401),
    "api/me": (200, 200, 200, 200, 200, 200, 403, 401),
    "api/findings": (200, 200, 200, 200, 200, 200, 403, 401),
    "api/acts": (403, 403, 403, 403, 200, 403, 403, 401),
}

DECISION = {"state": "confirmed", "note": "read"}
ANSWER = {"kind": "answer", "role": "president", "text": "We took it down."}
SAMPLED = {"association": "ala", "month": "2026-10", "post": "101"}
#: (path, form) -> the status each of PEOPLE gets.
ACTIONS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("findings", {**DECISION, "key": "a1"}, (403, 303, 303, 403, 303, 403, 403, 401)),
    ("findings", {**DECISION, "key": ["a1", "b1"]}, (403, 404, 303, 403, 303, 403, 403, 401)),
    ("findings/a1/decide", DECISION, (403, 303, 303, 403, 303, 403, 403, 401)),
    ("findings/b1/decide", DECISION, (403, 404, 303, 403, 303, 403, 403, 401)),
    ("findings/none/decide", DECISION, (403, 404, 404, 403, 404, 403, 403, 401)),
    ("findings/a1/show", {"why": "to decide"}, (403, 200, 200, 403, 200, 403, 403, 401)),
    ("findings/b1/show", {"why": "to decide"}, (403, 404, 200, 403, 200, 403, 403, 401)),
    ("findings/a1/evidence", {"why": "a hearing"}, (403, 200, 200, 403, 200, 403, 403, 401)),
    ("findings/b1/evidence", {"why": "a hearing"}, (403, 404, 200, 403, 200, 403, 403, 401)),
    ("findings/a1/reply", ANSWER, (403, 303, 303, 403, 303, 403, 403, 401)),
    ("findings/b1/reply", ANSWER, (403, 404, 303, 403, 303, 403, 403, 401)),
    ("findings/a1/replies/none", {"outcome": "noted", "why": "x"}, (403, 404, 404, 403, 404, 403, 403, 401)),
    (
        "reports/harbor/2026-10/1/again",
        {"recipient": "president@harbor.example", "why": "asked"},
        (403, 403, 403, 409, 409, 403, 403, 401),
    ),
    ("sample", {**SAMPLED, "account": "x:2001", "answer": "clean"}, (403, 303, 303, 303, 303, 403, 403, 401)),
    ("sample", {**SAMPLED, "account": "x:2002", "answer": "clean"}, (403, 404, 303, 303, 303, 403, 403, 401)),
    ("sample", {**SAMPLED, "account": "x:3003", "answer": "clean"}, (403, 404, 404, 404, 404, 403, 403, 401)),
    ("sample", {**SAMPLED, "account": "x:2001", "answer": "bad"}, (403, 400, 400, 400, 400, 403, 403, 401)),
    ("drafts", {"draft": "none", "why": "asked"}, (403, 403, 403, 403, 400, 403, 403, 401)),
]


@pytest.mark.parametrize(("path", "expected"), PAGES.items())
def test_pages_and_files_answer_by_role_and_chapter(desktop: Any, path: str, expected: tuple[int, ...]) -> None:
    """A role decides which pages there are for somebody, and the chapters what is in them."""
    assert dict(zip(PEOPLE, expected, strict=True)) == {who: desktop.get(who, path).status_code for who in PEOPLE}


@pytest.mark.parametrize(("path", "form", "expected"), ACTIONS)
def test_actions_answer_by_role_and_chapter(
    desktop: Any, path: str, form: dict[str, Any], expected: tuple[int, ...]
) -> None:
    """What a role may not do is refused before anybody looks whether the finding is there."""
    assert dict(zip(PEOPLE, expected, strict=True)) == {
        who: desktop.post(who, path, form).status_code for who in PEOPLE
    }


def test_every_route_stands_in_the_table() -> None:
    """A page nobody wrote a line for would be one whose rights nobody thought of."""

    async def nobody(_: object) -> None: ...

    app = build(Desk(lambda: None, nobody, b""))  # type: ignore[arg-type,return-value]
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    posted = [route for route in routes if "POST" in route.methods]
    got = [route for route in routes if "GET" in route.methods]
    assert len(got) > 10
    reads = {path.partition("?")[0] for path in PAGES}
    assert [] == [route.path for route in got if not any(route.path_regex.match(f"/{path}") for path in reads)]
    writes = {path for path, _, _ in ACTIONS}
    assert [] == [route.path for route in posted if not any(route.path_regex.match(f"/{path}") for path in writes)]


@pytest.mark.parametrize("path", ["findings/b1", "reports/harbor/2026-10/1", "reports/harbor/2026-10/1/file.pdf"])
def test_what_is_elsewhere_reads_as_what_is_nowhere(desktop: Any, path: str) -> None:
    """To a viewer of Lakeside, Harbor's things are not there: not a word tells them from what never was."""
    nowhere = path.replace("b1", "b0").replace("harbor", "marina")
    there, nothing = desktop.get("vera", path), desktop.get("vera", nowhere)
    assert (404, nothing.text) == (there.status_code, there.text)


def test_lists_hold_the_readers_chapters_only(desktop: Any) -> None:
    """Lists, choices, counts and the network's page know nothing of other chapters."""
    for path in ("", "findings?state=any&standing=any", "coverage", "reports", "api/findings?state=any"):
        page = desktop.get("vera", path).text
        assert ("lakeside" in page.lower(), "harbor" in page.lower()) == (True, False), path


def test_a_filter_does_not_widen_what_is_seen(desktop: Any) -> None:
    """Asking for another chapter by its id shows nothing of it."""
    assert [] == desktop.get("vera", "api/findings?state=any&chapter=harbor").json()["findings"]


def test_recipients_are_shown_to_publishers_only(desktop: Any) -> None:
    """Who got a mail is nobody's business but of those who send them."""
    path = "reports/lakeside/2026-10/1"
    seen = {who: "president@lakeside.example" in desktop.get(who, path).text for who in ("vera", "rosa", "paul", "ada")}
    assert {"vera": False, "rosa": False, "paul": True, "ada": True} == seen


def test_roles_in_airflow_stand_for_people_the_registry_does_not_list() -> None:
    """The registry decides; without it Airflow's strongest role does, and its viewers see no chapter."""
    staff = [Staff(user="vera", role="viewer", chapters=("lakeside",))]
    assert (Role.VIEWER, frozenset({"lakeside"})) == (
        person_of("vera", ["Admin"], staff).role,
        person_of("vera", ["Admin"], staff).chapters,
    )
    assert [Role.ADMIN, Role.REVIEWER, None] == [
        person_of("x", roles, staff).role for roles in (["Viewer", "Admin"], ["user"], ["Public"])
    ]
    assert frozenset() == person_of("x", ["viewer"], staff).chapters
    assert None is person_of("x", ["op"], staff).chapters


def test_the_log_is_for_those_who_see_every_chapter() -> None:
    """It names people and findings of all associations: an administrator of one chapter is not among its readers."""
    staff = [Staff(user="ada", role="admin", chapters=None), Staff(user="remo", role="admin", chapters=("lakeside",))]
    assert [True, False] == [person_of(name, [], staff).may(May.READ_LOG) for name in ("ada", "remo")]
