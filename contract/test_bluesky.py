"""The Bluesky connector and importer against a Bluesky PDS and directory, written to through their own API."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from chapterwatch import errors
from chapterwatch.model import Account, Connection, PostReading, ProfileReading, Window
from connectors.base import Connector, importer, open_connector

POSTS, REPOSTS, PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"

_numbers = itertools.count(1)


@dataclass
class Server:
    """A PDS and the directory that says where its accounts are."""

    url: str
    directory: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, name: str, body: Any, token: str = "") -> Any:
        """One procedure of the server's."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.session.post(f"{self.url}/xrpc/com.atproto.{name}", json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer.json() if answer.content else {}


@dataclass
class Member:
    """Somebody with an account there."""

    server: Server
    handle: str
    did: str
    token: str

    def write(self, collection: str, record: dict[str, Any], **where: str) -> dict[str, str]:
        """Write a record with the present time: a new one, or the one with the key `rkey`."""
        value = {"$type": collection, "createdAt": datetime.now(UTC).isoformat()} | record
        name = "putRecord" if where else "createRecord"
        written: dict[str, str] = self.call(name, {"collection": collection, "record": value} | where)
        return written

    def post(self, text: str) -> str:
        """Write a post; its address."""
        return self.write(POSTS, {"text": text})["uri"]

    def call(self, name: str, body: dict[str, Any]) -> Any:
        """One procedure on the account's own repository."""
        return self.server.call(f"repo.{name}", {"repo": self.did} | body, self.token)


@pytest.fixture(scope="module")
def server(prepared: Callable[[str], Path], serving: Any, free_port: Any, tmp_path_factory: Any) -> Iterator[Server]:
    folder, home = prepared("bluesky"), tmp_path_factory.mktemp("pds")
    node = shutil.which("node") or pytest.skip("bluesky: needs Node")
    directory, port = free_port(), free_port()
    command = [node, str(Path(__file__).with_name("pds.cjs")), str(folder), str(directory), str(port)]
    env = {"PATH": os.environ["PATH"], "LOG_ENABLED": "false", "TMPDIR": str(home), "HOME": str(home)}
    with serving(command, port, home / "pds.log", env):
        made = Server(f"http://localhost:{port}", f"http://localhost:{directory}")
        made.session.trust_env = False
        yield made


@pytest.fixture
def join(server: Server) -> Callable[[], Member]:
    """New accounts, of each test its own."""

    def make() -> Member:
        name = f"member{next(_numbers)}"
        handle = f"{name}.test"
        body = {"handle": handle, "email": f"{name}@lakeside.example", "password": "correct-horse-7391"}
        made = server.call("server.createAccount", body)
        return Member(server, handle, made["did"], made["accessJwt"])

    return make


@pytest.fixture
def chapter(join: Callable[[], Member]) -> Member:
    return join()


@pytest.fixture
def lakeside(chapter: Member, account: Callable[..., Account]) -> Account:
    return account("bluesky", chapter.did, handle=chapter.handle)


@pytest.fixture
def opened(server: Server, connection: Callable[..., Connection]) -> Callable[..., Connector]:
    """Connectors that are told the directory, as in production, and find the server themselves."""

    def make(base_url: str = "", **options: str) -> Connector:
        return open_connector(connection("bluesky", base_url, directory=server.directory, **options))

    return make


@pytest.fixture
def posts(opened: Any, lakeside: Account, window: Window) -> Callable[..., list[PostReading]]:
    def read(**options: str) -> list[PostReading]:
        pages = list(opened(**options).pages(lakeside, window))
        assert () == tuple(bad for page in pages for bad in page.quarantined)
        return [post for page in pages for post in page.posts]

    return read


def test_a_profile_is_found_through_the_directory(chapter: Member, opened: Any, lakeside: Account) -> None:
    """Empty until the account has written one."""
    empty = opened().profile(lakeside)
    chapter.write(PROFILE, {"displayName": "Lakeside", "description": "Law offices."}, rkey="self")
    found = opened().profile(lakeside)
    assert [(chapter.did, chapter.handle, ""), (chapter.did, chapter.handle, "Law offices.")] == [
        (one.native_id, one.handle, one.bio) for one in (empty, found)
    ]


def test_a_handle_is_resolved_by_the_server(server: Server, chapter: Member, opened: Any, account: Any) -> None:
    """Where the roster has the handle, and the connection the server."""
    found = opened(server.url).profile(account("bluesky", chapter.handle))
    assert chapter.did == found.native_id


def test_all_pages_of_a_listing_are_read(chapter: Member, posts: Any) -> None:
    """The server's cursors lead through all posts, each once, newest first."""
    written = [chapter.post(f"Post {number}") for number in range(5)]
    assert written[::-1] == [post.native_id for post in posts()]
    assert written[::-1] == [post.native_id for post in posts(page_size="2")]


def test_a_listing_resumes_where_it_stopped(chapter: Member, opened: Any, lakeside: Account, window: Window) -> None:
    """With the cursor of a page."""
    written = [chapter.post(f"Post {number}") for number in range(3)]
    first = next(opened(page_size="2").pages(lakeside, window))
    rest = [post.native_id for page in opened().pages(lakeside, window, first.cursor) for post in page.posts]
    assert written[::-1] == [post.native_id for post in first.posts] + rest


def test_a_repost_shows_what_it_shares(join: Any, chapter: Member, posts: Any) -> None:
    """Somebody else's post on the same server, while it stands."""
    original = join().write(POSTS, {"text": "Worth sharing."})
    chapter.write(REPOSTS, {"subject": {"uri": original["uri"], "cid": original["cid"]}})
    (found,) = posts()
    assert ("share", "Worth sharing.") == (found.kind, found.text)


def test_an_edit_is_seen_and_a_deletion(chapter: Member, opened: Any, lakeside: Account) -> None:
    """An edited post keeps its address and its record changes; a deleted one is gone, one never written too."""
    edited, deleted = chapter.post("Before."), chapter.post("Goes.")
    before = opened().look_up(lakeside, [edited]).posts[0]
    chapter.write(POSTS, {"text": "After."}, rkey=edited.rpartition("/")[2])
    chapter.call("deleteRecord", {"collection": POSTS, "rkey": deleted.rpartition("/")[2]})
    never = f"at://{chapter.did}/{POSTS}/3aaaaaaaaaaaa"
    page = opened().look_up(lakeside, [edited, deleted, never])
    (after,) = page.posts
    assert [(edited, "Before."), (edited, "After.")] == [(one.native_id, one.text) for one in (before, after)]
    assert before.content_hash != after.content_hash
    assert [(deleted, "gone"), (never, "gone")] == [(one.native_id, one.certainty) for one in page.missing]


def test_an_account_that_was_switched_off_is_gone(
    server: Server, chapter: Member, opened: Any, lakeside: Account, window: Window
) -> None:
    """By its owner; and one no directory knows."""
    chapter.post("Anything.")
    server.call("server.deactivateAccount", {}, chapter.token)
    with pytest.raises(errors.AccountGone):
        list(opened().pages(lakeside, window))


def test_an_account_no_directory_knows_is_gone(opened: Any, account: Any, window: Window) -> None:
    """The directory says so itself."""
    with pytest.raises(errors.AccountGone):
        list(opened().pages(account("bluesky", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"), window))


def test_an_export_reads_as_the_server_does(
    server: Server, chapter: Member, posts: Any, lakeside: Account, tmp_path: Path
) -> None:
    """The CAR file of the account holds the same posts, edited and deleted ones alike, and its profile."""
    chapter.write(PROFILE, {"displayName": "Lakeside", "description": "Law offices."}, rkey="self")
    written = [chapter.post(f"Post {number}: größer") for number in range(12)]
    chapter.write(POSTS, {"text": "After."}, rkey=written[3].rpartition("/")[2])
    chapter.call("deleteRecord", {"collection": POSTS, "rkey": written[4].rpartition("/")[2]})
    export = tmp_path / "repo.car"
    answer = server.session.get(f"{server.url}/xrpc/com.atproto.sync.getRepo", params={"did": chapter.did}, timeout=60)
    export.write_bytes(answer.content)
    read = list(importer("bluesky_car").read(export, lakeside))
    listed = {(post.native_id, post.text, post.created_at) for post in posts()}
    assert 11 == len(listed)
    assert listed == {(one.native_id, one.text, one.created_at) for one in read if isinstance(one, PostReading)}
    assert ["Law offices."] == [one.bio for one in read if isinstance(one, ProfileReading)]
    assert 12 == len(read)
