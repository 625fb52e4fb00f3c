"""The Wikipedia connector against MediaWiki 1.39 itself, on SQLite behind PHP's own web server.

What is written here is written through MediaWiki's API and maintenance scripts.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mwclient
import pytest
import requests

from chapterwatch import errors
from chapterwatch.model import Account, Connection, PostReading, Window
from connectors.base import Connector, open_connector

CHAPTER, ADMIN = "Lakeside Chapter", "Contract Admin"
PASSWORD = "correct-horse-7391"
SETTINGS = """
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgJobRunRate = 0;
$wgRateLimits = [];
wfLoadExtension('Renameuser');
"""


@dataclass(frozen=True)
class Wiki:
    """A running MediaWiki nobody else writes in."""

    url: str
    host: str
    php: tuple[str, ...]
    scripts: Path
    env: dict[str, str]

    def maintain(self, script: str, *arguments: str) -> None:
        """Run one of MediaWiki's maintenance scripts."""
        done = subprocess.run(
            [*self.php, str(self.scripts / script), *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout + done.stderr

    def signed_in(self, name: str) -> mwclient.Site:
        """MediaWiki's API for one of its users."""
        # Nothing of the machine's own proxy settings or netrc.
        pool = requests.Session()
        pool.trust_env = False
        site = mwclient.Site(self.host, path="/w/", scheme="http", pool=pool)
        site.clientlogin(None, username=name, password=PASSWORD)
        return site


@pytest.fixture(scope="module")
def wiki(
    prepared: Callable[[str], Path], serving: Any, free_port: Callable[[], int], tmp_path_factory: Any
) -> Iterator[Wiki]:
    """A fresh wiki with two users beside its administrator."""
    parts = prepared("mediawiki")
    home, port = tmp_path_factory.mktemp("wiki"), free_port()
    php = (str(parts / "root/usr/bin/php8.2"), "-n", "-c", str(parts / "php.ini"))
    libraries = ":".join(str(one) for one in parts.glob("root/usr/lib/*-linux-gnu*"))
    env = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": libraries, "HOME": str(home), "TMPDIR": str(home)}
    made = Wiki(
        url=f"http://127.0.0.1:{port}",
        host=f"127.0.0.1:{port}",
        php=php,
        scripts=parts / "site/w/maintenance",
        env=env | {"MW_CONFIG_FILE": str(home / "LocalSettings.php")},
    )
    _install(made, home)
    with serving([*php, "-S", made.host, "-t", str(parts / "site")], port, home / "server.log", made.env):
        yield made


def _install(wiki: Wiki, home: Path) -> None:
    where = ["--dbtype", "sqlite", "--dbpath", str(home), "--dbname", "wiki", "--confpath", str(home)]
    wiki_at = ["--server", wiki.url, "--scriptpath", "/w"]
    wiki.maintain("install.php", *where, *wiki_at, "--pass", PASSWORD, "Contract", ADMIN)
    settings = home / "LocalSettings.php"
    settings.write_text(settings.read_text() + SETTINGS)
    for name in (CHAPTER, "Somebody Else"):
        wiki.maintain("createAndPromote.php", name, PASSWORD)


@pytest.fixture(scope="module")
def chapter(wiki: Wiki) -> mwclient.Site:
    return wiki.signed_in(CHAPTER)


@pytest.fixture(scope="module")
def admin(wiki: Wiki) -> mwclient.Site:
    return wiki.signed_in(ADMIN)


@pytest.fixture(scope="module")
def lakeside(chapter: mwclient.Site, account: Callable[..., Account]) -> Account:
    user = chapter.api("query", meta="userinfo")["query"]["userinfo"]
    return account("wikipedia", str(user["id"]), handle=CHAPTER)


@pytest.fixture(scope="module")
def opened(wiki: Wiki, connection: Callable[..., Connection]) -> Callable[..., Connector]:
    def make(**options: str) -> Connector:
        return open_connector(connection("wikipedia", wiki.url, host="wiki.lakeside.example", **options))

    return make


@pytest.fixture
def posts(opened: Any, lakeside: Account, window: Window) -> Callable[..., dict[str, PostReading]]:
    def read(**options: str) -> dict[str, PostReading]:
        pages = list(opened(**options).pages(lakeside, window))
        assert () == tuple(bad for page in pages for bad in page.quarantined)
        return {post.native_id: post for page in pages for post in page.posts}

    return read


def write(site: mwclient.Site, title: str, text: str, summary: str = "") -> str:
    """Save a page; its new revision's id."""
    return str(site.pages[title].edit(text, summary)["newrevid"])


def test_a_profile_is_the_user_and_the_user_page(chapter: Any, opened: Any, lakeside: Account) -> None:
    """By id and by name alike."""
    write(chapter, f"User:{CHAPTER}", "We manage '''law offices'''.")
    found = opened().profile(lakeside)
    assert (lakeside.native_id, CHAPTER) == (found.native_id, found.handle)
    assert "We manage '''law offices'''." == found.bio


def test_a_name_finds_the_same_account(chapter: Any, opened: Any, lakeside: Account, account: Any) -> None:
    """A registry may hold the name in place of the id."""
    del chapter
    assert lakeside.native_id == opened().profile(account("wikipedia", CHAPTER, handle=CHAPTER)).native_id


@pytest.mark.parametrize("native_id", ["99999", "Nobody At All"])
def test_an_account_the_wiki_does_not_know_is_gone(opened: Any, account: Any, native_id: str) -> None:
    """MediaWiki answers 200 for these too."""
    with pytest.raises(errors.AccountGone):
        opened().profile(account("wikipedia", native_id))


def test_a_new_page_is_its_text_and_summary(chapter: Any, posts: Any) -> None:
    """With its links, and a comment where it is a talk page."""
    page = write(chapter, "Lakeside", "Founded 1971, see https://lakeside.example/about now.", "first words")
    talk = write(chapter, "Talk:Lakeside", "Is this right?")
    found = posts()
    assert "Founded 1971, see https://lakeside.example/about now.\n\nfirst words" == found[page].text
    assert ("https://lakeside.example/about",) == found[page].links
    assert (("post", "comment"), False) == ((found[page].kind, found[talk].kind), found[page].hidden)


def test_only_what_an_edit_added_is_its_text(chapter: Any, posts: Any, wiki: Wiki) -> None:
    """Of a changed line the new words, of a new line all. What others wrote and what was taken away is not its text."""
    write(chapter, "Dues", "Dues are small.\n\nOld & <b>rude</b> line.\n\nLast line.")
    other = write(wiki.signed_in("Somebody Else"), "Dues", "Dues are small.\n\nOld & <b>rude</b> line.\n\nMine.")
    words = write(chapter, "Dues", "Dues are very small.\n\nOld & <b>rude</b> line.\n\nMine.", "/* Top */ precise")
    lines = write(chapter, "Dues", "Dues are very small.\n\nOld & <b>rude</b> line.\n\nMine.\n\nNew <i>one</i> & two.")
    taken = write(chapter, "Dues", "Dues are very small.\n\nMine.\n\nNew <i>one</i> & two.")
    found = posts()
    assert other not in found
    assert ["very\n\nprecise", "New <i>one</i> & two.", ""] == [found[one].text for one in (words, lines, taken)]


def test_all_pages_of_a_listing_are_read(chapter: Any, posts: Any) -> None:
    """MediaWiki's own continuation leads through all edits, each once, newest first."""
    written = [write(chapter, "Count", f"{number} words") for number in range(5)]
    whole, in_pieces = posts(), posts(page_size="2")
    assert (list(whole), written) == (list(in_pieces), [one for one in reversed(whole) if one in written])
    assert {one: post.text for one, post in whole.items()} == {one: post.text for one, post in in_pieces.items()}


def test_a_listing_resumes_where_it_stopped(chapter: Any, opened: Any, lakeside: Account, window: Window) -> None:
    """With the cursor MediaWiki gave."""
    for number in range(3):
        write(chapter, "Resume", f"{number} words")
    whole = [post.native_id for page in opened(page_size="2").pages(lakeside, window) for post in page.posts]
    first = next(opened(page_size="2").pages(lakeside, window))
    rest = [post.native_id for page in opened().pages(lakeside, window, first.cursor) for post in page.posts]
    assert whole == [post.native_id for post in first.posts] + rest


def test_an_edit_of_a_deleted_page_is_gone(chapter: Any, admin: Any, opened: Any, posts: Any, lakeside: Any) -> None:
    """It leaves the listing, and looked up the wiki knows it no more; one that stands reads as it did."""
    kept, lost = write(chapter, "Kept", "Stays.", "new"), write(chapter, "Lost", "Goes.", "new")
    before = posts()
    admin.api("delete", http_method="POST", title="Lost", token=admin.get_token("csrf"))
    assert ("Goes.\n\nnew", False) == (before[lost].text, lost in posts())
    page = opened().look_up(lakeside, [kept, lost, "99999999"])
    assert [(kept, "Stays.\n\nnew")] == [(post.native_id, post.text) for post in page.posts]
    assert [(lost, "gone"), ("99999999", "gone")] == [(one.native_id, one.certainty) for one in page.missing]


def test_a_hidden_text_is_told_and_not_read(wiki: Wiki, admin: Any, opened: Any, account: Any, window: Window) -> None:
    """An administrator hid it: listing and look-up say so. The next edit cannot be compared, so it is set aside."""
    wiki.maintain("createAndPromote.php", "Rude One", PASSWORD)
    rude_one, token = wiki.signed_in("Rude One"), admin.get_token("csrf")
    first = write(rude_one, "Hidden", "Something else.", "new")
    rude = write(rude_one, "Hidden", "Something else.\n\nA home address.")
    last = write(rude_one, "Hidden", "Something else again.")
    admin.api("revisiondelete", http_method="POST", type="revision", ids=rude, hide="content", token=token)
    one = account("wikipedia", "Rude One")
    (page,), known = list(opened().pages(one, window)), opened().look_up(one, [rude, last])
    assert [(rude, True, ""), (first, False, "Something else.\n\nnew")] == [_seen(post) for post in page.posts]
    assert [(rude, True, "")] == [_seen(post) for post in known.posts]
    reasons = {bad.reason for bad in (*page.quarantined, *known.quarantined)}
    assert (1, 1, {"its text or the one before it is not shown"}) == (
        len(page.quarantined),
        len(known.quarantined),
        reasons,
    )


def _seen(post: PostReading) -> tuple[str, bool, str]:
    return post.native_id, post.hidden, post.text


def test_a_blocked_account_is_said_to_be(admin: Any, opened: Any, lakeside: Account, window: Window) -> None:
    """What it wrote is read all the same; afterwards it is as it was."""
    token = admin.get_token("csrf")
    admin.api("block", http_method="POST", user=CHAPTER, expiry="1 hour", token=token)
    blocked = next(opened().pages(lakeside, window)).http
    admin.api("unblock", http_method="POST", user=CHAPTER, token=token)
    free = next(opened().pages(lakeside, window)).http
    assert ("blocked", None) == (blocked.get("account"), free.get("account"))


def test_a_renamed_account_is_found_under_its_new_name(wiki: Wiki, opened: Any, account: Any, window: Window) -> None:
    """By its id, and by the name it had, for which MediaWiki has to be asked who it became."""
    wiki.maintain("createAndPromote.php", "Old Name", PASSWORD)
    edit = write(wiki.signed_in("Old Name"), "By the old name", "Words.")
    native_id = opened().profile(account("wikipedia", "Old Name")).native_id
    rename = "../extensions/Renameuser/maintenance/renameUser.php"
    wiki.maintain(rename, "--oldname=Old Name", "--newname=New Name", "--performer", ADMIN)
    for known in (native_id, "Old Name"):
        renamed = account("wikipedia", known, handle="Old Name")
        (page,) = opened().pages(renamed, window)
        assert ("renamed", [edit]) == (page.http.get("account"), [post.native_id for post in page.posts])
        assert "New Name" == opened().profile(renamed).handle
