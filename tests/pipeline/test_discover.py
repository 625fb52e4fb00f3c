"""discover(): a chapter's own site, read politely on loopback, and what it says that the registry does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chapterwatch.model import ProfileReading
from chapterwatch.pipeline import discover
from connectors import links
from connectors.links import account_link
from connectors.website import MOST_PAGES, read_site
from tests.pipeline.world import LAKESIDE, REGISTRY, World

HTML = {"Content-Type": "text/html"}


@dataclass
class Web:
    """A web server: path -> status and body. What is not there is 404."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""

    def shows(self, path: str, *targets: str, status: int = 200) -> None:
        """A page with these links."""
        self.pages[path] = (status, "<html>" + "".join(f"<a href='{one}'>x</a>" for one in targets))


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            web.agents.add(self.headers["User-Agent"])
            status, body = web.pages.get(self.path, (404, "no"))
            if self.path in web.moved:
                status, body = 302, ""
            self.send_response(status)
            if self.path in web.moved:
                self.send_header("Location", web.moved[self.path])
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield web
    server.shutdown()
    server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(Web()) as running:
        yield running


@pytest.fixture
def platform() -> Iterator[Web]:
    """A stand-in for X, where every account but /gone is found."""
    with serving(Web()) as running:
        yield running


def found(world: World, web: Web, platform: Web, *names: str) -> list[tuple[str, str, str | None]]:
    """What Lakeside's site makes of these names: kind, name, account."""
    for name in names:
        platform.pages.setdefault(f"/{name}", (200, "<html>"))
    if not web.pages:
        web.shows("/", *(f"{platform.url}/{name}" for name in names))
    path = world.workplace.settings.registry
    marker = "        name: Lakeside Chapter\n"
    path.write_text(REGISTRY.replace(marker, f"{marker}        website: {web.url}/\n"))
    # The registry is kept once read.
    vars(world.workplace).pop("registry", None)
    x = next(shape for shape in links.shapes() if shape.platform == "x")
    here = x.model_copy(update={"hosts": (platform.url.removeprefix("http://"),)})
    return [(one.kind, one.name, one.account) for one in discover(world.workplace, shapes=(here,))]


def test_what_is_registered_is_no_matter(light: World, web: Web, platform: Web) -> None:
    """The near-miss: by handle in any letters, or by id."""
    assert [] == found(light, web, platform, "ala_lakeside", "ALA_LAKESIDE", "2001")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lakeside_youth", ("missing", "lakeside_youth", None)),
        ("ala_1akeside", ("look_alike", "ala_1akeside", LAKESIDE)),
        ("alalakeside", ("look_alike", "alalakeside", LAKESIDE)),
        ("lakeside_ala", ("look_alike", "lakeside_ala", LAKESIDE)),
        ("ala_lakesides", ("look_alike", "ala_lakesides", LAKESIDE)),
        ("ala_harbor", ("elsewhere", "ala_harbor", "x:2002")),
    ],
)
def test_what_a_person_has_to_confirm(
    light: World, web: Web, platform: Web, name: str, expected: tuple[str, str, str | None]
) -> None:
    """Each link is one thing, and the registry stays as it was."""
    assert [expected] == found(light, web, platform, name)


def test_a_renamed_account_is_known_by_its_last_profile(light: World, web: Web, platform: Web) -> None:
    """The archive has seen the new handle under the account's own id."""
    light.archive.register_accounts([light.workplace.registry.account(LAKESIDE)], datetime(2026, 10, 1, tzinfo=UTC))
    profile = ProfileReading(native_id="2001", handle="shore_admins", name="A", bio="", raw=b"{}")
    moment = datetime(2026, 10, 2, tzinfo=UTC)
    light.archive.record_profile(LAKESIDE, profile, run_id="n", captured_at=moment, connector="test 1")

    assert [("renamed", "shore_admins", LAKESIDE)] == found(light, web, platform, "shore_admins")


def test_dead_links_are_told(light: World, web: Web, platform: Web) -> None:
    """404 where the link leads, and a link to the platform's front door."""
    web.shows("/", f"{platform.url}/gone", platform.url)
    assert [("dead", "gone", None), ("dead", "", None)] == found(light, web, platform)


def test_a_platform_that_shuts_robots_out_is_not_asked(light: World, web: Web, platform: Web) -> None:
    """The near-miss: whether the link is dead is not said then."""
    platform.pages["/robots.txt"] = (200, "User-agent: *\nDisallow: /")
    web.shows("/", f"{platform.url}/gone")

    assert [("missing", "gone", None)] == found(light, web, platform)
    assert ["/robots.txt"] == platform.asked


# --- reading a site -------------------------------------------------------------------------------------------------


def test_contact_and_about_are_read_too_and_little_else(web: Web) -> None:
    """The home page first, likely pages of the same host, a handful at most."""
    likely = [f"/contact{number}" for number in range(9)]
    web.shows("/", "/news", "https://elsewhere.example/contact", "mailto:a@lakeside.example", *likely)
    for path in likely:
        web.shows(path, "https://x.com/a")
    site = read_site(f"{web.url}/")

    assert MOST_PAGES == len(site.pages)
    assert f"{web.url}/contact0" == site.links["https://x.com/a"]
    assert "/news" not in web.asked
    assert {agent.partition("/")[0] for agent in web.agents} == {"chapterwatch"}


def test_robots_txt_is_honoured(web: Web) -> None:
    """A page it shuts is not asked for, and told as unread."""
    web.pages["/robots.txt"] = (200, "User-agent: *\nDisallow: /contact")
    web.shows("/", "/contact")
    web.shows("/contact", "https://x.com/a")
    site = read_site(f"{web.url}/")

    assert "/contact" not in web.asked
    assert {f"{web.url}/contact": "robots.txt asks not to read the page"} == site.unread


def test_a_failing_robots_txt_shuts_everything(web: Web) -> None:
    """RFC 9309: where the rules cannot be had, nothing is allowed."""
    web.pages["/robots.txt"] = (503, "")
    web.shows("/", "https://x.com/a")

    assert {} == read_site(f"{web.url}/").links
    assert "/" not in web.asked


def test_a_redirect_is_followed_within_the_site_only(web: Web) -> None:
    """To another page of it, never to another host or round and round."""
    web.moved = {"/": "/home", "/contact": "https://elsewhere.example/", "/about": "/about"}
    web.shows("/home", "https://x.com/a", "/contact", "/about")
    site = read_site(f"{web.url}/")

    assert "https://x.com/a" in site.links
    assert {"the page leads to another site", "the page leads from one to the next"} == set(site.unread.values())


@pytest.mark.parametrize("body", ["", "%PDF-1.7", "<a href='http://[broken'>", "<a href=''>" * 5000, "<" * 10_000])
def test_broken_pages_break_nothing(web: Web, body: str) -> None:
    """No links, no exception."""
    web.pages["/"] = (200, body)
    assert {"https://x.com/a"}.isdisjoint(read_site(f"{web.url}/").links)


def test_a_site_that_is_away_is_a_matter_of_its_own(light: World, web: Web, platform: Web) -> None:
    """Not having read a site is said; it never reads as nothing to find."""
    web.shows("/", status=500)
    assert [("unread", "", None)] == found(light, web, platform)


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "platform", "name"),
    [
        ("https://www.x.com/ala_lakeside?lang=en", "x", "ala_lakeside"),
        ("https://twitter.com/ala_lakeside/", "x", "ala_lakeside"),
        ("https://www.facebook.com/AlaLakeside", "facebook_page", "AlaLakeside"),
        ("https://www.facebook.com/profile.php?id=100200300", "facebook_page", "100200300"),
        ("https://facebook.com/pages/Lakeside/7001", "facebook_page", "7001"),
        ("https://instagram.com/ala.lakeside/", "instagram", "ala.lakeside"),
        ("https://www.threads.net/@ala.lakeside", "threads", "ala.lakeside"),
        ("https://www.linkedin.com/company/ala-lakeside/about/", "linkedin", "ala-lakeside"),
        ("https://youtube.com/@lakeside/videos", "youtube", "@lakeside"),
        ("https://www.youtube.com/channel/UC123", "youtube", "UC123"),
        ("https://www.flickr.com/photos/12345@N00/", "flickr", "12345@N00"),
        ("https://social.example/@lakeside", "mastodon", "@lakeside@social.example"),
        ("https://bsky.app/profile/lakeside.example", "bluesky", "lakeside.example"),
        ("https://t.me/s/lakeside_news", "telegram", "lakeside_news"),
        ("https://plus.google.com/+Lakeside", "google_plus", "+Lakeside"),
        ("https://groups.yahoo.com/neo/groups/lakeside/info", "yahoo_groups", "lakeside"),
        ("https://x.com", "x", ""),
    ],
)
def test_links_to_accounts(url: str, platform: str, name: str) -> None:
    """The platform and the account's name or id."""
    link = account_link(url)
    assert link is not None
    assert (platform, name) == (link.platform, link.name)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/intent/tweet?text=a",
        "https://x.com/share",
        "https://x.com/ala_lakeside/status/1",
        "https://www.facebook.com/sharer/sharer.php?u=a",
        "https://www.facebook.com/sharer.php?u=a",
        "https://www.linkedin.com/in/somebody",
        "https://www.linkedin.com/shareArticle?url=a",
        "https://www.instagram.com/p/Cabc/",
        "https://www.youtube.com/watch?v=1",
        "https://lakeside.example/contact",
        "https://notx.com/ala_lakeside",
        "mailto:a@lakeside.example",
        "https://[broken",
        "https://x.com:99999/a",
        "https://x.com/" + "a" * 600,
    ],
)
def test_links_to_no_account(url: str) -> None:
    """Near-misses: share buttons, posts, persons, other hosts, garbage."""
    assert account_link(url) is None
