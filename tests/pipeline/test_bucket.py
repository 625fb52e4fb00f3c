"""The whole road with reports, pictures and exports in a bucket, and what becomes of it when the bucket is away."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from starlette.requests import Request

from chapterwatch.errors import FilesUnreachable
from chapterwatch.files import Files
from chapterwatch.model import Seen
from chapterwatch.pipeline import adhoc, deliver_month, eyes, publish_reports, signoff
from chapterwatch.pipeline.filecheck import copy_files, verify_files
from chapterwatch.pipeline.readers import Likeness
from chapterwatch.settings import Mail
from desk.app import Desk, build
from desk.visit import Login
from tests import bucket as buckets
from tests.pipeline.test_capture import Exhibition, drawing, image
from tests.pipeline.test_deliver import Server, attached, listening, message_to
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, LIST, MONTH, MONTH_END, World, post

POSTED = FIRST_NIGHT - timedelta(hours=14)
RUDE = "This is bullshit."
NAMES = {"ala-lakeside", "ala-harbor", "ala-severn", "rollup:ala"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str) -> buckets.Bucket:
    return buckets.make(endpoint)


@pytest.fixture
def remote(light: World, bucket: buckets.Bucket) -> World:
    """The three chapters; their files are in a bucket."""
    return moved(light, bucket.url, bucket.options)


def moved(world: World, url: str | None, options: dict[str, Any]) -> World:
    """The same world with its files elsewhere; the archive is opened anew."""
    world.workplace.archive.close()
    world.workplace = replace(world.workplace, settings=replace(world.workplace.settings))
    world.workplace.settings = replace(world.workplace.settings, files_url=url, files_options=options)
    return world


def files_of(world: World) -> Files:
    return world.workplace.settings.files


def found(world: World) -> World:
    """One finding of October in Lakeside."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), at=FIRST_NIGHT)
    world.audit(FIRST_NIGHT)
    return world.at(MONTH_END)


@contextmanager
def pages(world: World) -> Iterator[str]:
    """The staff's pages over the world, for an admin."""

    async def who(_: Request) -> Login:
        return Login("ada", ("admin",))

    app = build(Desk(lambda: world.workplace, who, b"invented for the tests, 32 bytes"))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def test_a_month_goes_from_the_bucket_into_mails_and_downloads(remote: World) -> None:
    """A dropped export is read, the month drawn, mailed and handed on: nothing of it lies in the home."""
    export = '{"id": "p1", "text": "This is bullshit.", "created_at": "2026-10-04T12:00:00Z"}\n'
    files_of(remote).write("inbox/plain__lakeside-list/posts.jsonl", export.encode())
    assert 1 == remote.collect(0, LIST).new
    remote.audit(FIRST_NIGHT)
    done = publish_reports(remote.at(MONTH_END).workplace, MONTH)
    row = remote.archive.latest_report("ala-lakeside", MONTH)
    with listening(Server()) as server:
        mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
        counts = deliver_month(remote.at(MONTH_END, mail=mail).workplace, MONTH, although_held=True)
        sent = attached(message_to(server, "president@lakeside.example"))
    with pages(remote) as url:
        place = f"{url}/reports/ala-lakeside/{MONTH}/1"
        got = {kind: requests.get(f"{place}/file.{kind}", timeout=60) for kind in ("pdf", "html", "csv", "xlsx")}
        listed = requests.get(f"{url}/reports?month={MONTH}", timeout=60).text

    key = f"reports/{MONTH}/ala-lakeside-{MONTH}-r1.pdf"
    assert row is not None
    assert (key, files_of(remote).where(key)) == (
        row.pdf_path,
        next(item.pdf for item in done if "lakeside" in item.name),
    )
    assert (5, 0) == (counts["sent"], counts["lost"])
    kept = {kind: files_of(remote).read(key.removesuffix("pdf") + kind) for kind in got}
    assert kept == {kind: answer.content for kind, answer in got.items()}
    assert {str(len(kept["pdf"]))} == {got["pdf"].headers["Content-Length"]}
    assert (kept["pdf"], kept["xlsx"]) == (sent[f"ala-lakeside-{MONTH}-r1.pdf"], sent[f"ala-lakeside-{MONTH}-r1.xlsx"])
    assert 4 * len(NAMES) == sum(listed.count(f"file.{kind}") for kind in got)
    assert not [name for name in ("reports", "media", "inbox") if (remote.home / name).exists()]
    assert (4, 0, True) == (verify_files(remote.workplace).reports, verify_files(remote.workplace).pictures, True)


def test_a_picture_is_kept_read_and_erased_in_the_bucket(remote: World) -> None:
    """Captured at night, looked into before the audit, gone with its post."""
    shown = Exhibition(remote)
    shown.shows("100", ("3_1", "photo", image(drawing())))
    remote.collect(0)
    [key] = files_of(remote).under("media")
    read = eyes.look(remote.archive, [LAKESIDE], FIRST_NIGHT)
    whole = remote.archive.verify().problems, verify_files(remote.workplace).pictures
    remote.x.removes("2001", "100")
    for number in (1, 2):
        remote.collect(number)
        remote.audit(FIRST_NIGHT + timedelta(days=number, hours=2))

    assert (True, ([], 1)) == (read > 0, whole)
    assert ([], []) == (files_of(remote).under("media"), remote.archive.verify().problems)
    assert key.startswith("media/")


def test_an_erasure_that_cannot_reach_the_picture_is_no_erasure(remote: World, bucket: buckets.Bucket) -> None:
    """It never claims what was not done: the post keeps its body until its picture's file can go with it."""
    shown = Exhibition(remote)
    shown.shows("100", ("3_1", "photo", image(drawing())))
    remote.collect(0)
    erase = {"reason": "asked for", "author": "a.person", "at": MONTH_END}
    with bucket.door() as door:
        away = bucket.behind(door)
    with pytest.raises(FilesUnreachable):
        moved(remote, bucket.url, away).archive.erase_body(LAKESIDE, "100", **erase)
    left = remote.archive.erased_posts(), remote.archive.pictures() != []
    receipt = moved(remote, bucket.url, bucket.options).archive.erase_body(LAKESIDE, "100", **erase)

    assert ([], True) == left
    assert (1, [], []) == (receipt.pictures, files_of(remote).under("media"), remote.archive.pictures())


def test_an_audit_on_request_and_a_redacted_report_lie_in_the_bucket(remote: World) -> None:
    """Each under a key of its own; what was issued for the month stays what it was."""
    found(remote)
    publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
    before = files_of(remote).read(f"reports/{MONTH}/ala-lakeside-{MONTH}-r1.pdf")
    params = {"chapters": ["ala-lakeside"], "since": "2026-10-01", "until": "2026-10-31", "reason": "Asked."}
    record = adhoc.adhoc_report(remote.workplace, adhoc.adhoc_request(remote.workplace, params, "manual__1"))
    with listening(Server()) as server:
        mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
        signoff.release(remote.at(MONTH_END, mail=mail).workplace, MONTH, "ala", "Send redacted", by="", why="")
        sent = attached(message_to(server, "president@lakeside.example"))

    on_request = f"reports/adhoc/manual__1/ala-lakeside-{MONTH}/ala-lakeside-on-request-{MONTH}-r1.pdf"
    redacted = f"reports/{MONTH}/redacted/ala-lakeside-{MONTH}-r1.pdf"
    assert [files_of(remote).where(on_request)] == record["reports"]
    assert {on_request, redacted} <= set(files_of(remote).under("reports"))
    assert files_of(remote).read(redacted) == sent[f"ala-lakeside-{MONTH}-r1.pdf"] != before
    assert before == files_of(remote).read(f"reports/{MONTH}/ala-lakeside-{MONTH}-r1.pdf")


def test_while_the_bucket_is_away_nothing_is_issued_and_later_all_is(
    remote: World, bucket: buckets.Bucket, tmp_path: Path
) -> None:
    """The first try ends in an error and leaves no row with a file, so nothing is mailed; the second makes it whole."""
    found(remote)
    with bucket.door() as door:
        away = bucket.behind(door)
    moved(remote, bucket.url, away).at(
        MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail")
    )
    with pytest.raises(FilesUnreachable):
        publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
    noted = [row.pdf_path for row in remote.archive.reports() if row.pdf_path]
    counts = deliver_month(remote.workplace, MONTH, although_held=True)
    moved(remote, bucket.url, bucket.options)
    done = publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
    mailed = deliver_month(remote.workplace, MONTH, although_held=True)

    assert ([], 0) == (noted, counts["sent"])
    assert {"ala-lakeside"} == {item.name for item in done if item.pdf}
    assert {1} == {row.revision for row in remote.archive.reports()}
    assert (1, 0) == (mailed["sent"], mailed["lost"])


def test_while_the_bucket_is_away_mails_wait(remote: World, bucket: buckets.Bucket, tmp_path: Path) -> None:
    """Nothing is claimed: whoever could not be sent a report is sent it later, once."""
    found(remote)
    publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
    with bucket.door() as door:
        away = bucket.behind(door)
    moved(remote, bucket.url, away).at(
        MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail")
    )
    with pytest.raises(FilesUnreachable):
        deliver_month(remote.workplace, MONTH, although_held=True)

    assert [] == remote.archive.deliveries()
    assert 1 == deliver_month(moved(remote, bucket.url, bucket.options).workplace, MONTH, although_held=True)["sent"]


def test_while_the_bucket_is_away_posts_are_read_all_the_same(remote: World, bucket: buckets.Bucket) -> None:
    """What is deleted tomorrow could not be read then: the picture waits, the coverage says why, the text is judged."""
    shown = Exhibition(remote)
    shown.shows("100", ("3_1", "photo", image(drawing())))
    with bucket.door() as door:
        away = bucket.behind(door)
    moved(remote, bucket.url, away)
    first = remote.collect(0)
    told = remote.coverage(0)
    judged = remote.audit(FIRST_NIGHT)["judged"]
    moved(remote, bucket.url, bucket.options)
    remote.collect(1)

    assert (1, Seen.SEEN) == (first.new, told.seen)
    assert told.detail.endswith("The store of pictures could not be used; 1 picture left for the next night.")
    assert judged
    assert ["kept"] == [row.status for row in remote.archive.pictures()]


def test_while_the_bucket_is_away_text_is_judged_all_the_same(remote: World, bucket: buckets.Bucket) -> None:
    """A threat must not wait for a picture: what cannot be looked into or erased is left for the next audit."""
    shown = Exhibition(remote)
    shown.shows("100", ("3_1", "photo", image(drawing())))
    shown.shows("101", ("3_2", "photo", image(drawing(10))))
    remote.collect(0)
    remote.x.removes("2001", "100")
    for number in (1, 2):
        remote.collect(number)
    with bucket.door() as door:
        away = bucket.behind(door)
    first = moved(remote, bucket.url, away).audit(FIRST_NIGHT + timedelta(days=2))
    reader = Likeness()
    unread = len(remote.archive.unread_pictures(reader.name, reader.version))
    second = moved(remote, bucket.url, bucket.options).audit(FIRST_NIGHT + timedelta(days=3))

    assert (True, 0, 1) == (first["judged"] > 0, first["erased"], second["erased"])
    assert (2, []) == (unread, remote.archive.unread_pictures(reader.name, reader.version))
    assert 1 == len(files_of(remote).under("media"))
    assert remote.archive.verify().ok


def test_an_inbox_that_cannot_be_read_is_no_empty_one(remote: World, bucket: buckets.Bucket) -> None:
    """The account is unseen for a reason of its own, and read when the bucket is back."""
    files_of(remote).write("inbox/plain__lakeside-list/a.csv", b"id,text,created_at\n1,Hello,2026-10-04T12:00:00Z\n")
    with bucket.door() as door:
        away = bucket.behind(door)
    moved(remote, bucket.url, away).collect(0, LIST)
    row = remote.coverage(0, "export", LIST)
    moved(remote, bucket.url, bucket.options)

    assert (Seen.UNKNOWN, "unreachable") == (row.seen, row.reason)
    assert 1 == remote.collect(0, LIST, minutes=9).new


def test_a_pdf_changed_in_the_bucket_is_neither_mailed_nor_handed_on(remote: World, tmp_path: Path) -> None:
    """It is named by the check, and the other reports go their way."""
    found(remote)
    publish_reports(remote.workplace, MONTH, ["ala-lakeside", "ala-harbor"])
    key = f"reports/{MONTH}/ala-lakeside-{MONTH}-r1.pdf"
    files_of(remote).write(key, b"%PDF-1.7 of somebody else")
    files_of(remote).remove(f"reports/{MONTH}/ala-harbor-{MONTH}-r1.html")
    remote.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail"))
    counts = deliver_month(remote.workplace, MONTH, although_held=True)
    with pages(remote) as url:
        answer = requests.get(f"{url}/reports/ala-lakeside/{MONTH}/1/file.pdf", timeout=60)

    assert (2, 1) == (counts["sent"], counts["lost"])
    assert (409, False) == (answer.status_code, b"somebody else" in answer.content)
    assert (
        f"report ala-harbor {MONTH} revision 1: its page is missing (reports/{MONTH}/ala-harbor-{MONTH}-r1.html)",
        f"report ala-lakeside {MONTH} revision 1: its PDF was changed ({key})",
    ) == verify_files(remote.workplace).problems


def test_pages_say_that_the_store_is_away(remote: World, bucket: buckets.Bucket) -> None:
    """Not that a report has no files; and where the store is stands in the log alone."""
    found(remote)
    publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
    with bucket.door() as door:
        away = bucket.behind(door)
    with pages(moved(remote, bucket.url, away)) as url:
        answers = [
            requests.get(url + path, timeout=60) for path in ("/reports", f"/reports/ala-lakeside/{MONTH}/1/file.pdf")
        ]

    assert [503, 503] == [answer.status_code for answer in answers]
    assert not [answer for answer in answers if "s3://" in answer.text or "127.0.0.1" in answer.text]


def test_an_installation_moves_from_folder_to_bucket_and_back(
    light: World, bucket: buckets.Bucket, tmp_path: Path
) -> None:
    """Copied with its keys, every file is where the archive names it: mailed and checked as before."""
    found(light)
    publish_reports(light.workplace, MONTH, ["ala-lakeside"])
    light.drop("a.csv", "id,text,created_at")
    light.workplace.settings = replace(light.workplace.settings, files_options=bucket.options)
    copied = [copy_files(light.workplace, bucket.url) for _ in range(2)]
    files_of(light).remove(f"reports/{MONTH}/ala-lakeside-{MONTH}-r1.pdf")
    halfway = verify_files(light.workplace)
    there = verify_files(moved(light, bucket.url, bucket.options).workplace)
    light.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail"))
    counts = deliver_month(light.workplace, MONTH, although_held=True)

    assert ([5, 5], 1, 0) == (copied, len(halfway.problems), len(there.problems))
    assert 1 == counts["sent"]
    assert 5 == copy_files(light.workplace, str(tmp_path / "back"))
    assert verify_files(moved(light, str(tmp_path / "back"), {}).workplace).ok


def test_the_rows_of_older_versions_lead_into_the_bucket(light: World, bucket: buckets.Bucket) -> None:
    """They hold absolute paths of a home that no longer is."""
    found(light)
    publish_reports(light.workplace, MONTH, ["ala-lakeside"])
    here = files_of(light)
    moved(light, bucket.url, bucket.options)
    for key in here.under("reports"):
        files_of(light).write(key, here.read(key))
    for row in light.archive.reports():
        old = {name: f"/var/lib/chapterwatch/{getattr(row, name)}" for name in ("pdf_path", "html_path")}
        light.archive.set_report_files(row.chapter, row.period, row.revision, pdf_sha256=row.pdf_sha256, **old)

    assert verify_files(light.workplace).ok
    assert {"unchanged"} == {item.outcome for item in publish_reports(light.workplace, MONTH, ["ala-lakeside"])}


def test_two_who_publish_at_once_issue_one_pdf(remote: World) -> None:
    """Both draw the same revision; what lies there is what the archive has the hash of."""
    found(remote)
    errors: list[BaseException] = []

    def publish() -> None:
        try:
            publish_reports(remote.workplace, MONTH, ["ala-lakeside"])
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == errors
    assert verify_files(remote.workplace).ok
    assert [1] == [row.revision for row in remote.archive.reports("ala-lakeside")]
