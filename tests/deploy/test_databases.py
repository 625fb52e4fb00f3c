"""Databases are made where they are missing, and a refusal says what an administrator has to do."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from chapterwatch.errors import UserError


@pytest.fixture
def somebody(postgres: Any) -> Iterator[str]:
    """A user of the server without any right."""
    name = f"u{uuid4().hex}"
    postgres._run(f"CREATE ROLE {name} LOGIN")
    yield name
    postgres._run(f"DROP ROLE {name}")


def exists(url: str) -> bool:
    engine = create_engine(make_url(url).set(database="postgres", drivername="postgresql+psycopg"))
    with engine.connect() as conn:
        found = conn.execute(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name_of(url)})
        count = found.scalar()
    engine.dispose()
    return bool(count)


def name_of(url: str) -> str:
    return make_url(url).database or ""


def test_both_are_made_and_a_second_time_changes_nothing(scripts: Any, databases: dict[str, str]) -> None:
    """Init runs at every start."""
    module = scripts("databases")

    module.create(databases)
    module.create(databases)

    assert [True, True] == [exists(url) for url in databases.values()]


def test_who_may_not_create_databases_is_told_what_to_ask_for(
    scripts: Any, databases: dict[str, str], somebody: str
) -> None:
    """Managed servers give a user without that right: the line to hand to their administrator stands in the refusal."""
    theirs = {
        name: make_url(url).set(username=somebody).render_as_string(hide_password=False)
        for name, url in databases.items()
    }

    with pytest.raises(UserError) as refused:
        scripts("databases").create(theirs)

    name = name_of(theirs["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    assert f"CREATE DATABASE {name} OWNER {somebody} ENCODING 'UTF8' TEMPLATE template0" in str(refused.value)


def test_a_wrong_user_is_not_waited_for(scripts: Any, databases: dict[str, str]) -> None:
    """Waiting helps a server that starts; who is unknown stays unknown, and is no missing database either."""
    theirs = {name: make_url(url).set(username="nobody").render_as_string() for name, url in databases.items()}

    with pytest.raises(UserError, match="nobody"):
        scripts("databases").create(theirs)


def test_a_server_that_is_not_there_is_refused_in_one_line(scripts: Any) -> None:
    """The password stays out of it."""
    url = "postgresql+psycopg2://airflow:secret@127.0.0.1:9/airflow"

    with pytest.raises(UserError) as refused:
        scripts("databases").create({"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}, patience=0)

    assert str(refused.value).startswith("127.0.0.1:9 cannot be opened: ")
    assert "secret" not in str(refused.value)


def test_other_databases_are_left_to_others(scripts: Any, tmp_path: Any) -> None:
    """A trial on SQLite needs no database made."""
    url = f"sqlite:///{tmp_path}/a.db"

    scripts("databases").create({"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url, "CHAPTERWATCH_DATABASE": url})

    assert [] == list(tmp_path.iterdir())
