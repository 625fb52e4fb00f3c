"""Roles, the first login and connections: what init puts into Airflow."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chapterwatch import airflow_glue
from chapterwatch.errors import UserError
from chapterwatch.model import Connection
from connectors.base import manifests
from desk.roles import person_of

LOGIN = {"AIRFLOW_ADMIN": "olga", "AIRFLOW_ADMIN_PASSWORD": "twelve chars"}


@pytest.fixture(scope="module")
def accounts(scripts: Any) -> Any:
    return scripts("accounts")


@pytest.mark.parametrize("role", ["Reader", "Auditor", "Publisher"])
def test_no_role_of_ours_sees_secrets_or_people(accounts: Any, role: str) -> None:
    """Whoever reads findings has no business with tokens, accounts or settings."""
    closed = {"Connections", "Variables", "Pools", "XComs", "Configurations", "Users", "Roles", "Audit Logs"}

    assert set() == closed & {resource for _, resource in accounts.ROLES[role]}
    # Editing every DAG would be running every DAG.
    assert ("can_edit", "DAGs") not in accounts.ROLES[role]


def test_a_role_may_run_what_it_is_for(accounts: Any) -> None:
    """DAGs are named in rights, so a DAG that is renamed must be renamed here. Mailing chapters is the publisher's."""
    runs = {
        role: {resource for action, resource in rights if action == "can_edit" and resource.startswith("DAG:")}
        for role, rights in accounts.ROLES.items()
    }
    dags = {path.stem for path in (Path(__file__).resolve().parent.parent.parent / "dags").glob("*.py")}

    assert set() == runs["Reader"]
    assert {"DAG:adhoc_audit", "DAG:answer_finding"} == runs["Auditor"]
    assert {"DAG:publish_reports"} == runs["Publisher"] - runs["Auditor"]
    assert {resource.removeprefix("DAG:") for resource in runs["Publisher"]} <= dags
    assert ("can_edit", "HITL Detail") in accounts.ROLES["Publisher"]
    assert ("can_edit", "HITL Detail") not in accounts.ROLES["Auditor"]


@pytest.mark.parametrize("role", ["Reader", "Auditor", "Publisher"])
def test_every_role_sees_the_way_to_our_pages(accounts: Any, role: str) -> None:
    """The entry in the navigation comes from the list of plugins, which Airflow's own Viewer and User may not read."""
    assert ("can_read", "Plugins") in accounts.ROLES[role]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AIRFLOW_ADMIN": ""}, "there is no administrator yet"),
        ({"AIRFLOW_ADMIN_PASSWORD": ""}, "there is no administrator yet"),
        ({"AIRFLOW_ADMIN_PASSWORD": "elevenchars"}, "shorter than 12 characters"),
    ],
)
def test_the_first_login_has_no_default(accounts: Any, change: dict[str, str], said: str) -> None:
    """A default password is everybody's."""
    with pytest.raises(UserError, match=said):
        accounts.first_login(LOGIN | change)


def test_the_first_login_is_what_was_said(accounts: Any) -> None:
    """Blanks are part of a password."""
    assert ("olga", "twelve chars") == accounts.first_login(LOGIN)


@pytest.mark.parametrize("platform", sorted(manifests()))
def test_an_imported_connection_is_read_back_the_same(accounts: Any, platform: str) -> None:
    """Through Airflow's fields and back: a secret under another name is a token that is not found."""
    manifest = manifests()[platform]
    wanted = Connection(
        id="one",
        platform=platform,
        base_url="https://platform.example",
        secrets={name: f"secret-{name}" for name in manifest.secrets},
        options=dict.fromkeys(manifest.options, "1"),
        expires=date(2027, 1, 31) if manifest.secrets else None,
    )

    kept = accounts.as_airflow(wanted)

    assert wanted == airflow_glue._converted("one", SimpleNamespace(schema=None, port=None, **kept))


def test_a_secret_of_one_account_survives_too(accounts: Any) -> None:
    """One connection serves many accounts, each with a token of its own."""
    secrets = {"page_token:100": "a", "page_token:200": "b"}
    wanted = Connection(id="one", platform="facebook_page", base_url=None, secrets=secrets, options={})

    kept = accounts.as_airflow(wanted)

    assert wanted == airflow_glue._converted("one", SimpleNamespace(schema=None, port=None, **kept))


def test_connections_come_from_a_file_or_a_folder(accounts: Any, tmp_path: Path) -> None:
    """Two ways to mount the same: one file of all, or one secret for each."""
    file = tmp_path / "connections.yml"
    file.write_text("connections: {x_main: {platform: x, secrets: {bearer_token: t}}}")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "x_main.json").write_text(json.dumps({"platform": "x", "secrets": {"bearer_token": "t"}}))
    (folder / "readme.txt").write_text("not a connection")

    found = [
        list(accounts.wanted_connections({"CHAPTERWATCH_IMPORT_CONNECTIONS": str(place)})) for place in (file, folder)
    ]

    assert found[0] == found[1]
    assert [("x_main", "x", {"bearer_token": "t"})] == [(one.id, one.platform, one.secrets) for one in found[0]]


@pytest.mark.parametrize("text", ['{"platform": "telex"}', '{"secrets": {"bearer_token": "hidden"}}', "hidden"])
def test_what_is_no_connection_is_refused_without_its_secret(accounts: Any, tmp_path: Path, text: str) -> None:
    """A token in a log is a token lost."""
    (tmp_path / "one.json").write_text(text)

    with pytest.raises(UserError) as refused:
        list(accounts.wanted_connections({"CHAPTERWATCH_IMPORT_CONNECTIONS": str(tmp_path)}))

    assert "hidden" not in str(refused.value)


def test_a_place_that_is_not_there_is_refused(accounts: Any, tmp_path: Path) -> None:
    """A forgotten mount would leave an installation without tokens, quietly."""
    with pytest.raises(UserError, match="neither a file nor a folder"):
        list(accounts.wanted_connections({"CHAPTERWATCH_IMPORT_CONNECTIONS": str(tmp_path / "nowhere")}))
    assert [] == list(accounts.wanted_connections({}))


def test_every_role_of_ours_is_one_on_our_pages_and_no_stronger(scripts: Any) -> None:
    """An Auditor whom the registry does not list does not come to an empty page, and a Reader sees no chapter."""
    people = {name: person_of("x", [name], []) for name in scripts("accounts").ROLES}
    assert {"Reader": "viewer", "Auditor": "reviewer", "Publisher": "publisher"} == {
        name: person.role_word for name, person in people.items()
    }
    assert [frozenset(), None, None] == [person.chapters for person in people.values()]
