"""What production needs inside Airflow: roles, the first account, pools, connections. init.sh runs it, again and again.

Airflow's own roles see too much or too little: its Viewer cannot see the menu entry of our pages, its User may run and
change every DAG, its Op reads every token. Ours give what a person at the desk needs; what they may do on our pages
the registry's `staff:` says. Rights are added to a role and never taken away, so an administrator's additions stay.
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from chapterwatch import launcher, settings
from chapterwatch.errors import UserError
from connectors.base import manifests

if TYPE_CHECKING:
    from chapterwatch.model import Connection

#: The shortest password of a first account.
SHORTEST = 12

Right = tuple[str, str]

#: The menu entry and the pages of Chapterwatch, and one's own password.
_PAGES: list[Right] = [
    ("can_read", "Website"),
    ("can_read", "Plugins"),
    ("can_read", "My Profile"),
    ("can_edit", "My Profile"),
    ("can_read", "My Password"),
    ("can_edit", "My Password"),
]
#: What ran, when, and what its log says: ids and counts. No XComs, no code, no connections, variables or pools.
_RUNS: list[Right] = [
    ("can_read", "DAGs"),
    ("can_read", "DAG Runs"),
    ("can_read", "DAG Versions"),
    ("can_read", "Task Instances"),
    ("can_read", "Task Logs"),
    ("can_read", "HITL Detail"),
    ("menu_access", "DAGs"),
    ("menu_access", "DAG Runs"),
    ("menu_access", "Browse"),
    ("menu_access", "HITL Detail"),
]


def _may_run(*dags: str) -> list[Right]:
    # Starting a run is editing its DAG and creating a run.
    return [("can_create", "DAG Runs"), *(("can_edit", f"DAG:{dag}") for dag in dags)]


#: Role -> rights. Beside each stands who in `staff:` it is for.
ROLES: dict[str, list[Right]] = {
    # viewer
    "Reader": _PAGES,
    # reviewer
    "Auditor": [*_PAGES, *_RUNS, *_may_run("adhoc_audit", "answer_finding")],
    # publisher: also answers the sign-off that stands before a month's mails
    "Publisher": [
        *_PAGES,
        *_RUNS,
        *_may_run("adhoc_audit", "answer_finding", "publish_reports"),
        ("can_edit", "HITL Detail"),
    ],
}


def main(environment: Mapping[str, str]) -> int:
    """Do all of it; returns the exit status."""
    try:
        connections = list(wanted_connections(environment))
        make_accounts(environment)
        make_pools()
        for connection in connections:
            keep_connection(connection)
    except UserError as error:
        print(f"chapterwatch: {error}", file=sys.stderr)  # noqa: T201 - this is a script
        return 2
    return 0


# --- roles and people -----------------------------------------------------------------------------------------------


def make_accounts(environment: Mapping[str, str]) -> None:
    """Roles, and the first administrator where there is none.

    Raises:
        UserError: there is no administrator and AIRFLOW_ADMIN or its password is missing or too short.
    """
    if "FabAuthManager" not in environment.get("AIRFLOW__CORE__AUTH_MANAGER", ""):
        return
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder  # noqa: PLC0415 - heavy

    with get_application_builder() as builder:
        security = builder.sm
        security.sync_roles()
        security.bulk_sync_roles([{"role": role, "perms": rights} for role, rights in ROLES.items()])
        admin = security.find_role("Admin")
        if not any(admin in user.roles for user in security.get_all_users()):
            name, password = first_login(environment)
            mail = environment.get("AIRFLOW_ADMIN_EMAIL") or f"{name}@localhost"
            if not security.add_user(name, name, "Administrator", mail, admin, password):
                raise UserError(f"the first account {name} could not be made; is its name or address taken?")


def first_login(environment: Mapping[str, str]) -> tuple[str, str]:
    """Name and password of the first administrator. Raises UserError where they are missing or too short."""
    name, password = environment.get("AIRFLOW_ADMIN", ""), environment.get("AIRFLOW_ADMIN_PASSWORD", "")
    if not name or not password:
        raise UserError("there is no administrator yet: set AIRFLOW_ADMIN and AIRFLOW_ADMIN_PASSWORD (or its _FILE)")
    if len(password) < SHORTEST:
        raise UserError(f"AIRFLOW_ADMIN_PASSWORD is shorter than {SHORTEST} characters")
    return name, password


# --- pools ----------------------------------------------------------------------------------------------------------


def make_pools() -> None:
    """Pools that are missing; those that are there keep an operator's changes."""
    from airflow.models.pool import Pool  # noqa: PLC0415 - heavy

    for name, pool in launcher.pools().items():
        if Pool.get_pool(name) is None:
            Pool.create_or_update_pool(name=name, **pool)


# --- connections ----------------------------------------------------------------------------------------------------


def wanted_connections(environment: Mapping[str, str]) -> Iterator[Connection]:
    """Connections of CHAPTERWATCH_IMPORT_CONNECTIONS: a file like connections.yml, or a folder of <id>.json.

    Raises:
        UserError: it names nothing, or something that is no connection.
    """
    place = environment.get("CHAPTERWATCH_IMPORT_CONNECTIONS")
    if not place:
        return
    path = Path(place)
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            text = file.read_text(encoding="utf-8")
            yield _found({f"CHAPTERWATCH_CONN_{file.stem.upper()}": text}, file.stem)
    elif path.is_file():
        for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("connections", {}):
            yield _found({"CHAPTERWATCH_CONNECTIONS": str(path)}, name)
    else:
        raise UserError(f"CHAPTERWATCH_IMPORT_CONNECTIONS names {place}, which is neither a file nor a folder")


def _found(environment: dict[str, str], name: str) -> Connection:
    connection = settings.from_environment(environment).connection(name)
    if connection is None or connection.platform not in manifests():
        raise UserError(f"connection {name} names no platform there is; see connectors/")
    return connection


def as_airflow(connection: Connection) -> dict[str, Any]:
    """What Airflow keeps of a connection: the platform's first secret as password, the rest as extras."""
    first = next(iter(manifests()[connection.platform].secrets), None)
    rest = {name: value for name, value in connection.secrets.items() if name != first}
    expires = {"expires": connection.expires.isoformat()} if connection.expires else {}
    return {
        "conn_id": connection.id,
        "conn_type": connection.platform,
        "host": connection.base_url,
        "password": connection.secrets.get(first) if first else None,
        "extra": json.dumps({**rest, **connection.options, **expires}),
    }


def keep_connection(connection: Connection) -> None:
    """Keep one connection in Airflow's database, encrypted by the Fernet key. The file wins over what is there."""
    from airflow.models.connection import Connection as Kept  # noqa: PLC0415 - heavy
    from airflow.utils.session import create_session  # noqa: PLC0415 - heavy

    with create_session() as session:
        kept = session.query(Kept).filter_by(conn_id=connection.id).one_or_none()
        if kept is None:
            kept = Kept(conn_id=connection.id)
            session.add(kept)
        for name, value in as_airflow(connection).items():
            setattr(kept, name, value)


if __name__ == "__main__":
    sys.exit(main(os.environ))
