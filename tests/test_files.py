"""Files are whole or not there, in a folder as in a bucket, and what cannot be asked is an error."""

import errno
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chapterwatch import cli, settings
from chapterwatch import files as store
from chapterwatch.errors import (
    FileAltered,
    FileMissing,
    FilesDenied,
    FilesError,
    FilesUnreachable,
    FileTaken,
    UserError,
)
from chapterwatch.files import Files, Folder, open_checked, open_files, parts_of, read_checked
from tests import bucket as buckets

KEY = "reports/2026-10/lakeside-2026-10-r1.pdf"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str) -> buckets.Bucket:
    return buckets.make(endpoint)


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """An empty store of either kind."""
    if request.param == "folder":
        return open_files(str(tmp_path / "files"))
    made: buckets.Bucket = request.getfixturevalue("bucket")
    return open_files(made.url, made.options)


# --- both kinds of store --------------------------------------------------------------------------------------------


def test_what_was_written_is_read(files: Files) -> None:
    """By bytes, by size, and as a file to hand on, empty ones included."""
    body = os.urandom(200_000)
    files.write(KEY, body)
    files.write("media/ab/empty", b"")

    assert (body, len(body), body) == (files.read(KEY), files.size(KEY), b"".join(parts_of(files.open(KEY))))
    assert (b"", 0) == (files.read("media/ab/empty"), files.size("media/ab/empty"))
    assert files.where(KEY) == f"{files.place}/{KEY}"


def test_what_is_not_there_is_missing_and_nothing_else(files: Files) -> None:
    """A size of None and an error of its own; removing it is well, listing it gives nothing."""
    files.write("reports/2026-10/a.pdf", b"a")

    assert (None, None) == (files.size(KEY), files.size("reports"))
    for ask in (files.read, files.open):
        with pytest.raises(FileMissing):
            ask(KEY)
    files.remove(KEY)
    assert [] == files.under("reports/2026-09")


def test_a_removed_file_is_gone(files: Files) -> None:
    """Erasure takes a picture's file away at once."""
    files.write(KEY, b"a picture")
    files.remove(KEY)

    assert (None, []) == (files.size(KEY), files.under("reports"))


def test_writing_takes_the_place_of_what_was_there(files: Files) -> None:
    """The near-miss of `create`: a page that is drawn again."""
    files.write(KEY, b"a longer first page")
    files.write(KEY, b"second")

    assert b"second" == files.read(KEY)


def test_creating_never_replaces_other_bytes(files: Files) -> None:
    """The same bytes again are well; others are refused, and what was there stays."""
    files.create(KEY, b"issued")
    files.create(KEY, b"issued")
    with pytest.raises(FileTaken, match="other bytes"):
        files.create(KEY, b"issueD")

    assert b"issued" == files.read(KEY)


def test_of_many_who_create_one_wins(files: Files) -> None:
    """At the same moment: one writer's bytes are there whole, every other writer is told."""
    bodies = [bytes([65 + number]) * 50_000 for number in range(8)]
    start = threading.Barrier(len(bodies))

    def create(body: bytes) -> bytes | None:
        start.wait()
        try:
            files.create(KEY, body)
        except FileTaken:
            return None
        return body

    with ThreadPoolExecutor(len(bodies)) as pool:
        won = [body for body in pool.map(create, bodies) if body is not None]

    assert [files.read(KEY)] == won


def test_a_reader_sees_one_whole_file_or_the_other(files: Files) -> None:
    """However writers and readers meet, no file is ever half one and half the other, nor absent in between."""
    bodies = [bytes([65 + number]) * 300_000 for number in range(2)]
    files.write(KEY, bodies[0])
    done = threading.Event()

    def write() -> None:
        for _ in range(6):
            for body in bodies:
                files.write(KEY, body)
        done.set()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        seen = {files.read(KEY)}
        while not done.is_set():
            seen.add(files.read(KEY))
        writing.result()

    assert seen <= set(bodies)


def test_an_opened_file_stays_what_it_was(files: Files) -> None:
    """A download that began with one file does not end with another."""
    files.write(KEY, b"first " * 50_000)
    with files.open(KEY) as file:
        files.write(KEY, b"other " * 50_000)
        assert b"first " * 50_000 == file.read()


def test_listing_names_the_files_below(files: Files) -> None:
    """In order, at any depth, hidden ones and neighbours with a like name left out."""
    for key in ("reports/b/x.pdf", "reports/a.pdf", "reports/.press/y.pdf", "reports/b/.new-1", "reports-2/z.pdf"):
        files.write(key, b"x")

    assert ["reports/a.pdf", "reports/b/x.pdf"] == files.under("reports")
    assert ["reports/b/x.pdf"] == files.under("reports/b")
    assert ["a.pdf", "b/x.pdf"] == files.within("reports").under()


def test_what_another_process_wrote_is_seen(files: Files) -> None:
    """No listing is remembered from before."""
    assert [] == files.under("reports")
    again = open_files(files.place, getattr(files, "options", {}))
    again.write(KEY, b"x")

    assert ([KEY], 1) == (files.under("reports"), files.size(KEY))


def test_exports_are_at_hand_as_files_and_folders(files: Files) -> None:
    """Importers read zips and folders of this machine; hidden files are none, and an empty inbox is an empty list."""
    for key in ("inbox/x__1/b.zip", "inbox/x__1/a/data/tweets.js", "inbox/x__1/.part", "inbox/x__10/c.zip"):
        files.write(key, key.encode())

    with files.within("inbox").at_hand("x__1") as paths:
        assert ["a", "b.zip"] == [path.name for path in paths]
        assert b"inbox/x__1/a/data/tweets.js" == (paths[0] / "data" / "tweets.js").read_bytes()
    with files.within("inbox").at_hand("x__2") as paths:
        assert [] == paths


def test_exports_at_hand_have_the_time_at_which_they_were_dropped(files: Files) -> None:
    """In whole seconds, as buckets tell it: of two exports the later one counts, and a copy is none of them."""
    started = int(time.time())
    files.write("inbox/x__1/b.zip", b"first")
    time.sleep(1.1)
    files.write("inbox/x__1/a.zip", b"second")
    with files.at_hand("inbox/x__1") as paths:
        second, first = (path.stat().st_mtime for path in paths)
    assert started <= int(first) < int(second) <= int(time.time())


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "reports/../../x", "a//b", "a/./b", "a/", "a\\b", "a\0b"])
def test_what_is_no_key_is_refused(files: Files, key: str) -> None:
    """No key leads out of the store, whoever made it up."""
    for ask in (files.read, files.size, files.remove, files.where, files.within):
        with pytest.raises(ValueError, match="no key"):
            ask(key)
    with pytest.raises(ValueError, match="no key"):
        files.write(key, b"x")


def test_a_file_is_held_against_its_hash(files: Files) -> None:
    """What is read or handed on is what was kept; without a hash it is what is there."""
    files.write(KEY, b"of somebody else")
    digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of b"foo"

    for ask in (read_checked, open_checked):
        with pytest.raises(FileAltered, match="backup"):
            ask(files, KEY, digest)
    files.write(KEY, b"foo")
    assert (b"foo", b"foo") == (read_checked(files, KEY, digest), open_checked(files, KEY, digest).read())
    assert b"foo" == read_checked(files, KEY, None)


@pytest.mark.parametrize(
    ("noted", "key"),
    [
        (KEY, KEY),
        ("/srv/old/reports/2026-10/a.pdf", "reports/2026-10/a.pdf"),
        ("/home/reports/cw/reports/2026-10/a.pdf", "reports/2026-10/a.pdf"),
        ("/etc/passwd", None),
        ("/etc/reports/../passwd", None),
        ("reports/../passwd", None),
        ("", None),
    ],
)
def test_paths_of_older_archives_become_keys(files: Files, noted: str, key: str | None) -> None:
    """The first versions noted absolute paths: from the last `reports` on they are keys, wherever the home lay."""
    assert key == files.key_of(noted)


# --- a folder -------------------------------------------------------------------------------------------------------


def test_in_the_store_s_own_folder_an_absolute_path_is_what_follows(tmp_path: Path) -> None:
    """As an older archive noted it, even outside the folder of reports; what leads out of the folder is nothing."""
    files = Folder(tmp_path)

    assert ("severn.pdf", None) == (
        files.key_of(str(tmp_path / "severn.pdf")),
        files.key_of(str(tmp_path / "reports" / ".." / "x.pdf")),
    )


def test_a_link_that_leads_out_of_the_folder_is_no_file(tmp_path: Path) -> None:
    """Somebody who can make a link in the reports' folder cannot have other files handed out."""
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    files = Folder(tmp_path / "files")
    files.write("reports/a.pdf", b"a")
    (tmp_path / "files" / "reports" / "b.pdf").symlink_to(tmp_path / "secret.pdf")

    assert (None, 1) == (files.size("reports/b.pdf"), files.size("reports/a.pdf"))
    with pytest.raises(FileMissing):
        files.open("reports/b.pdf")


def test_a_folder_that_cannot_be_written_says_so_in_one_line(tmp_path: Path) -> None:
    """Where a file stands in the folder's place."""
    (tmp_path / "files").write_bytes(b"")
    with pytest.raises(FilesError, match="cannot be written") as caught:
        Folder(tmp_path / "files").write(KEY, b"x")

    assert 1 == len(str(caught.value).splitlines())


@pytest.mark.parametrize("way", ["write", "create"])
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """The error comes before anything has its name, and no half file stays beside it."""
    files = Folder(tmp_path)
    files.write("reports/a.pdf", b"issued")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FilesError, match="No space left on device"):
        getattr(files, way)("reports/a.pdf" if way == "write" else "reports/b.pdf", b"other")

    assert ["a.pdf"] == [path.name for path in (tmp_path / "reports").iterdir()]
    assert b"issued" == files.read("reports/a.pdf")


def test_files_keep_the_rights_the_umask_gives(tmp_path: Path) -> None:
    """Whoever serves the folder of reports reads them by their group, as before."""
    before = os.umask(0o027)
    try:
        Folder(tmp_path).write("reports/a.pdf", b"x")
    finally:
        os.umask(before)

    assert 0o640 == (tmp_path / "reports" / "a.pdf").stat().st_mode & 0o777


# --- a bucket in trouble --------------------------------------------------------------------------------------------


def test_a_server_that_dies_while_it_is_written_to_has_nothing(bucket: buckets.Bucket) -> None:
    """Half a PUT is no file: nothing is listed, an older file stays, and writing again is well."""
    body = os.urandom(2_000_000)
    straight = open_files(bucket.url, bucket.options)
    straight.write("reports/old.pdf", b"issued")
    with bucket.door() as door:
        files = open_files(bucket.url, bucket.behind(door))
        door.inward = 500_000
        for key in (KEY, "reports/old.pdf"):
            with pytest.raises(FilesUnreachable):
                files.write(key, body)
        assert door.cut
        assert (["reports/old.pdf"], b"issued") == (straight.under(), straight.read("reports/old.pdf"))
        door.inward = None
        files.create(KEY, body)

    assert body == straight.read(KEY)


def test_a_line_that_breaks_is_taken_up_again(bucket: buckets.Bucket) -> None:
    """The near-miss: where the store goes on answering, the file comes whole."""
    body = os.urandom(1_500_000)
    open_files(bucket.url, bucket.options).write(KEY, body)
    with bucket.door() as door:
        door.outward = 600_000
        assert body == open_files(bucket.url, bucket.behind(door)).open(KEY).read()
        assert door.cut


@pytest.mark.parametrize("ask", [Files.read, Files.open])
def test_a_server_that_dies_while_it_is_read_gives_no_half_file(
    bucket: buckets.Bucket, ask: Callable[[Files, str], object]
) -> None:
    """A PDF that ends in the middle must not be mailed or handed on."""
    body = os.urandom(2_000_000)
    open_files(bucket.url, bucket.options).write(KEY, body)
    with bucket.door() as door:
        door.outward, door.dies = 500_000, True
        files = open_files(bucket.url, bucket.behind(door))
        with pytest.raises(FilesUnreachable):
            getattr(files, ask.__name__)(KEY)
        assert door.cut


def asks(files: Files) -> list[Callable[[], object]]:
    """Everything a store can be asked."""
    return [
        lambda: files.size(KEY),
        lambda: files.read(KEY),
        lambda: files.open(KEY),
        lambda: files.under("reports"),
        lambda: files.write(KEY, b"x"),
        lambda: files.create(KEY, b"x"),
        lambda: files.remove(KEY),
        lambda: files.at_hand("inbox").__enter__(),
    ]


def refusals(files: Files, kind: type[FilesError]) -> set[str]:
    """What everything ends in: errors of that kind, a line each that tells no secret."""
    said = set()
    for ask in asks(files):
        with pytest.raises(kind) as caught:
            ask()
        said.add(str(caught.value))
    assert [] == [text for text in said if "\n" in text or buckets.CREDENTIALS["secret"] in text]
    return said


def test_a_server_that_is_away_is_an_error_whatever_is_asked(bucket: buckets.Bucket) -> None:
    """Nothing of it reads as "there is no such file"."""
    with bucket.door() as door:
        away = bucket.behind(door)
    said = refusals(open_files(bucket.url, away), FilesUnreachable)

    assert all(f"{bucket.url} cannot be reached (EndpointConnectionError)" in text for text in said)


def test_wrong_credentials_are_an_error_whatever_is_asked(bucket: buckets.Bucket) -> None:
    """The line says to check them, and not what they are."""
    open_files(bucket.url, bucket.options).write(KEY, b"there")
    with bucket.asking_for_credentials():
        said = refusals(open_files(bucket.url, bucket.options), FilesDenied)

    assert all("check the credentials" in text for text in said)


def test_no_credentials_are_an_error_whatever_is_asked(bucket: buckets.Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pod without its secret says so; it does not ask as nobody."""
    buckets.without_credentials(monkeypatch)
    options = {name: value for name, value in bucket.options.items() if name not in buckets.CREDENTIALS}

    assert all("NoCredentialsError" in text for text in refusals(open_files(bucket.url, options), FilesDenied))


def test_credentials_come_from_the_environment(bucket: buckets.Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """As boto reads them, so that a pod's own identity works as well; the address too."""
    buckets.without_credentials(monkeypatch)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.endpoint)
    open_files(bucket.url).write(KEY, b"x")

    assert b"x" == open_files(bucket.url, bucket.options).read(KEY)


def test_a_bucket_that_does_not_exist_is_no_empty_one(bucket: buckets.Bucket) -> None:
    """A slip in the name must not read as "every file is missing"."""
    files = open_files("s3://no-such-bucket-here/x", bucket.options)
    # Removing what is not there is well, wherever that is.
    for ask in asks(files)[:6]:
        with pytest.raises(FilesError, match="there is no bucket no-such-bucket-here"):
            ask()


def test_a_browser_is_told_what_kind_of_file_it_is(bucket: buckets.Bucket) -> None:
    """Whoever serves the bucket behind CHAPTERWATCH_REPORTS_URL shows a page instead of downloading it."""
    import s3fs  # noqa: PLC0415 - an extra

    open_files(bucket.url, bucket.options).write("reports/a.html", b"<!doctype html>")
    found = s3fs.S3FileSystem(**bucket.options).info(f"{bucket.url}/reports/a.html")

    assert "text/html" == found["ContentType"]


def test_a_forked_task_may_use_what_its_parent_opened(bucket: buckets.Bucket) -> None:
    """Airflow forks a process for each task; a store opened before works in it."""
    files = open_files(bucket.url, bucket.options)
    files.write(KEY, b"of the parent")
    child = os.fork()
    if not child:
        status = 1
        try:
            files.write("reports/child.pdf", files.read(KEY) + b" and the child")
            status = 0
        finally:
            os._exit(status)

    assert 0 == os.waitpid(child, 0)[1]
    assert b"of the parent and the child" == files.read("reports/child.pdf")


# --- settings -------------------------------------------------------------------------------------------------------


def test_the_home_is_the_store_where_nothing_else_is_said(tmp_path: Path) -> None:
    """An empty setting, as compose passes on what is not set, is none."""
    for given in ({}, {"CHAPTERWATCH_FILES": "", "CHAPTERWATCH_FILES_OPTIONS": ""}):
        chosen = settings.from_environment({"CHAPTERWATCH_HOME": str(tmp_path), **given})
        assert str(tmp_path / KEY) == chosen.files.where(KEY)


@pytest.mark.parametrize("url", ["{}/elsewhere", "file://{}/elsewhere"])
def test_another_folder_is_named_by_path_or_url(tmp_path: Path, url: str) -> None:
    """Relative to nothing but itself."""
    chosen = settings.from_environment({"CHAPTERWATCH_FILES": url.format(tmp_path)})

    assert str(tmp_path / "elsewhere" / KEY) == chosen.files.where(KEY)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s4://bucket/x", "unknown protocol 's4'; write s3://bucket/prefix"),
        ("s3://", "names no bucket; write it as s3://bucket/prefix"),
        ("s3://key:secret@bucket/x", "credentials into the environment"),
        ("s3://bucket/x?versionId=3", "more than a place"),
        ("gs://bucket/x", "needs a library; install gcsfs"),
    ],
)
def test_a_url_that_cannot_be_used_says_why(url: str, said: str) -> None:
    """One line, and no credential in it."""
    with pytest.raises(UserError, match=said) as caught:
        open_files(url)

    assert "key:secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '"s3cret-9"'])
def test_options_that_are_no_object_say_so_without_showing_them(text: str) -> None:
    """They may hold a secret."""
    with pytest.raises(UserError, match="is no JSON object") as caught:
        settings.from_environment({"CHAPTERWATCH_FILES_OPTIONS": text})

    assert "s3cret-9" not in str(caught.value)


def test_secrets_among_the_options_never_show(bucket: buckets.Bucket) -> None:
    """Neither in the settings' text nor in the store's."""
    options = json.dumps({**bucket.options, "secret": "s3cret-of-a-bucket"})
    given = {"CHAPTERWATCH_FILES": bucket.url, "CHAPTERWATCH_FILES_OPTIONS": options}
    chosen = settings.from_environment(given)

    assert "s3cret" not in f"{chosen!r} {chosen.files!r}"
    assert "s3cret-of-a-bucket" == chosen.files_options["secret"]


def test_without_s3fs_a_bucket_names_the_extra(tmp_path: Path) -> None:
    """The base install has no library for buckets: one line with the extra's name, exit status 2."""
    program = "import sys; sys.modules['s3fs'] = None; from chapterwatch.cli import main; main(['files', 'verify'])"
    environment = {**os.environ, "CHAPTERWATCH_FILES": "s3://bucket/x", "CHAPTERWATCH_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)

    expected = "chapterwatch: CHAPTERWATCH_FILES is s3://, which needs a library; install chapterwatch[s3]\n"
    assert (2, "", expected) == (done.returncode, done.stdout, done.stderr)


def test_on_the_command_line_trouble_is_one_line_and_status_2(
    bucket: buckets.Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As every mistake somebody can mend."""
    with bucket.door() as door:
        options = bucket.behind(door)
    monkeypatch.setenv("CHAPTERWATCH_HOME", str(tmp_path))
    monkeypatch.setenv("CHAPTERWATCH_FILES", bucket.url)
    monkeypatch.setenv("CHAPTERWATCH_FILES_OPTIONS", json.dumps(options))
    with pytest.raises(SystemExit) as left:
        cli.main(["files", "verify"])
    told = capsys.readouterr().err.splitlines()

    assert (2, 1) == (left.value.code, len(told))
    assert told[0].startswith(f"chapterwatch: {bucket.url}/media cannot be reached")


def test_hashing_reads_in_parts() -> None:
    """A large file is never held whole: what is handed on comes in parts, and the file is closed behind the last."""
    body = b"x" * (3 * store.PART + 1)
    file = io.BytesIO(body)

    assert [store.PART] * 3 + [1] == [len(part) for part in parts_of(file)]
    assert file.closed


def test_a_task_is_tried_again_where_the_store_is_out_of_reach() -> None:
    """Minutes later it may answer; wrong credentials wait for a person."""
    glue = pytest.importorskip("chapterwatch.airflow_glue")
    policy = glue.WaitForReset()
    told = {kind: policy.evaluate(kind("x"), 1, 4).action.value for kind in (FilesUnreachable, FilesDenied)}

    assert {FilesUnreachable: "default", FilesDenied: "fail"} == told
