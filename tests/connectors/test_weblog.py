"""Weblogs: feeds of every kind into readings, asked from a real HTTP server, and hostile documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chapterwatch import errors
from chapterwatch.model import Connection, Page, PostReading, ProfileReading, Quarantined
from connectors.base import importer, open_connector
from connectors.weblog.markup import rendered
from connectors.weblog.parse import read_feed
from connectors.weblog.records import Feed, NoFeed

CHICAGO = ZoneInfo("America/Chicago")
URL = "https://blog.lakeside.example/feed"
XML = {"content-type": "application/rss+xml; charset=utf-8"}


def item(number: int, day: str = "Mon, 05 Oct 2026 12:00:00 GMT", **parts: str) -> str:
    values = {
        "title": f"Entry {number}",
        "link": f"https://blog.lakeside.example/{number}",
        "guid": f"https://blog.lakeside.example/?p={number}",
        "pubDate": day,
    } | parts
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</item>"


def rss(*items: str, head: str = "") -> bytes:
    opening = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    about = "<title>Lakeside</title><description>News</description>"
    return f"{opening}{about}{head}{''.join(items)}</channel></rss>".encode()


def atom(entries: str, head: str = "") -> bytes:
    opening = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US"><title>Lakeside</title>'
    return f"{opening}{head}{entries}</feed>".encode()


def read(body: bytes, content_type: str = "application/xml") -> Feed:
    return read_feed(body, url=URL, content_type=content_type, zone=CHICAGO)


def only(body: bytes) -> PostReading:
    (post,) = read(body).posts
    return post


# --- HTML -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a < b and 2 <3", "a < b and 2 <3"),
        ("R&amp;D &#8217; &unknown; &amp;lt;", "R&D \u2019 &unknown; &lt;"),
        ("<p>One  line\nwrapped</p><p>Two</p>", "One line wrapped\n\nTwo"),
        ("<ul>\n<li>one</li>\n<li>two</li>\n</ul>tail", "one\ntwo\n\ntail"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("seen<script>if (a<b) {}</script><style>p{}</style>, too", "seen, too"),
        ("seen<!-- hidden --> <b>bo</b>ld", "seen bold"),
        ('<img class="emoji" alt="\U0001f600" src="e.png">', "\U0001f600"),
        ("cut <!-- never closed", "cut "),
        ('cut <a href="x', "cut"),
    ],
)
def test_text_of_html_is_what_a_reader_sees(markup: str, text: str) -> None:
    """Blocks stand on their own lines, blanks fold, scripts and comments are not there."""
    assert text.strip() == rendered(markup).text.strip()


def test_links_and_pictures_of_html() -> None:
    """Addresses are absolute, a place on the page or a script is none; "" and no alt text are different facts."""
    found = rendered(
        '<a href="/a">a</a><a href="#b">b</a><a href="javascript:x()">c</a><a href="mailto:x@y.example">d</a>'
        '<img src="1.jpg" alt="A desk"><img src="2.jpg" alt=""><img src="3.jpg"><img src="t.gif" width=1 height="1">'
        '<img src="data:image/gif;base64,R0" data-src="4.jpg"><iframe src="https://video.example/embed/1"></iframe>',
        "https://b.example/d/",
    )
    assert ("https://b.example/a", "mailto:x@y.example", "https://video.example/embed/1") == found.links
    expected = [("1.jpg", "A desk"), ("2.jpg", ""), ("3.jpg", None), ("4.jpg", None)]
    assert [(f"https://b.example/d/{name}", alt) for name, alt in expected] == [
        (one.url, one.alt_text) for one in found.media
    ]


@pytest.mark.parametrize("piece", ["<!--", "<a ", '<a b="', "<", "&", "<!x", "<![CDATA[", "</", "<a" + " " * 99, "&#x"])
def test_unclosed_markup_is_read_to_its_end(piece: str) -> None:
    """A hundred thousand of anything unclosed: the standard library's parser would take minutes over some."""
    rendered(piece * 100_000)


# --- feeds ----------------------------------------------------------------------------------------------------------


def test_content_wins_over_the_summary() -> None:
    """What a reader of the weblog sees is judged, not its teaser; the entry's own bytes are kept."""
    body = "<content:encoded><![CDATA[<p>Whole <a href='/more'>text</a></p>]]></content:encoded>"
    raw = item(1, description="Teaser").replace("</item>", f"{body}</item>")
    post = only(rss(raw))
    assert "Entry 1\n\nWhole text" == post.text
    assert ("https://blog.lakeside.example/more",) == post.links
    assert raw.encode() == post.raw
    assert ("https://blog.lakeside.example/?p=1", "https://blog.lakeside.example/1") == (post.native_id, post.permalink)
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == post.created_at


def test_an_update_a_moment_after_publishing_is_no_edit() -> None:
    """Publishing touches an entry; only a later change is an edit."""
    times = "<id>{0}</id><title>T</title><published>2026-10-05T12:00:00Z</published><updated>{1}</updated>"
    entries = [times.format("a", "2026-10-05T12:00:40Z"), times.format("b", "2026-10-06T09:00:00+02:00")]
    first, second = read(atom("".join(f"<entry>{one}</entry>" for one in entries))).posts
    assert (None, datetime(2026, 10, 6, 7, tzinfo=UTC)) == (first.edited_at, second.edited_at)
    assert "en" == first.lang


def test_atom_with_xhtml_base_and_enclosure() -> None:
    """Inline XHTML, xml:base and enclosures come out as text, links and media."""
    post = only(
        atom(
            '<entry xml:base="https://q.example/z/"><id>tag:q,1</id><title type="html">A &lt;b&gt;B&lt;/b&gt;</title>'
            '<updated>2026-10-05T12:00:00Z</updated><link href="a"/>'
            '<link rel="enclosure" href="e.png" type="image/png"/>'
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Hi <a href="b">x</a></div></content>'
            "</entry>"
        )
    )
    assert ("tag:q,1", "A B\n\nHi x", "https://q.example/z/a") == (post.native_id, post.text, post.permalink)
    assert (("https://q.example/z/b",), ["https://q.example/z/e.png"]) == (post.links, [one.url for one in post.media])


RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title><items/></channel>
 <item rdf:about="https://r.example/1"><title>t</title><link>https://r.example/1</link>
 <dc:date>2026-10-05T12:00:00+02:00</dc:date><description>q</description></item></rdf:RDF>"""
RSS_092 = rss(item(1, guid="")).replace(b"2.0", b"0.92", 1).replace(b"<guid></guid>", b"")
CDATA_TRAP = rss(item(1, description="<![CDATA[<item> </item> <entry>]]>") + "<!-- <item> -->", item(2))
LATIN = b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss(item(1, title="Café")).decode().encode("latin-1")


@pytest.mark.parametrize(
    ("body", "ids", "texts"),
    [
        (RDF, ["https://r.example/1"], ["t\n\nq"]),
        (RSS_092, ["https://blog.lakeside.example/1"], ["Entry 1"]),
        (CDATA_TRAP, ["https://blog.lakeside.example/?p=1", "https://blog.lakeside.example/?p=2"], None),
        (LATIN, ["https://blog.lakeside.example/?p=1"], ["Café"]),
        (rss(item(1)).decode().encode("utf-16"), ["https://blog.lakeside.example/?p=1"], ["Entry 1"]),
        (b"\xef\xbb\xbf\n" + rss(item(1)), ["https://blog.lakeside.example/?p=1"], ["Entry 1"]),
        (rss(item(1, title="AT&T\x07 & &lt;more")), ["https://blog.lakeside.example/?p=1"], ["AT&T & <more"]),
        (
            rss(item(1, guid="").replace("/1<", "/1?utm_source=x&amp;a=2<")),
            ["https://blog.lakeside.example/1?a=2"],
            None,
        ),
    ],
)
def test_feeds_of_all_kinds(body: bytes, ids: list[str], texts: list[str] | None) -> None:
    """RDF, old RSS, encodings, byte order marks and broken entities; ids are the feed's, else the address."""
    found = read(body)
    assert ids == [post.native_id for post in found.posts]
    assert texts is None or texts == [post.text for post in found.posts]
    assert () == found.quarantined


def test_json_feed() -> None:
    """Both versions: HTML before plain text, attachments, dates of change, numbers as ids."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Lakeside",
        "description": "News",
        "language": "en-GB",
        "next_url": "https://blog.lakeside.example/feed.json?page=2",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "external_url": "https://else.example/",
                "title": "T",
                "content_html": "<p>Hi <img src='p.png' alt='P'></p>",
                "content_text": "plain",
                "date_published": "2026-10-05T12:00:00-05:00",
                "date_modified": "2026-10-07T12:00:00-05:00",
                "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg"}],
            },
            {"id": "8", "content_text": "x < y", "date_published": "2026-10-05T12:00:00Z"},
            {"id": "9", "content_text": "no date"},
            5,
        ],
    }
    found = read(json.dumps(value).encode())
    first, second = found.posts
    assert ("7", "T\n\nHi", "en", ("https://else.example/",)) == (first.native_id, first.text, first.lang, first.links)
    assert [("audio", None), ("photo", "P")] == [(one.kind, one.alt_text) for one in first.media]
    assert datetime(2026, 10, 7, 17, tzinfo=UTC) == first.edited_at
    assert "x < y" == second.text
    assert ["has no date", "has no date"] == [one.reason for one in found.quarantined]
    assert json.dumps(value["items"][0]).encode() == first.raw
    assert "https://blog.lakeside.example/feed.json?page=2" == found.older


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 05 Oct 2026 12:00:00 +0200", datetime(2026, 10, 5, 10, tzinfo=UTC)),
        ("Mon, 05 Oct 2026 12:00:00 EST", datetime(2026, 10, 5, 17, tzinfo=UTC)),
        ("Mon, 05 Oct 2026 12:00:00 -0000", datetime(2026, 10, 5, 12, tzinfo=UTC)),
        ("Mon, 05 Oct 2026 12:00:00", datetime(2026, 10, 5, 17, tzinfo=UTC)),
        ("2026-10-05T12:00:00", datetime(2026, 10, 5, 17, tzinfo=UTC)),
        ("2026-10-05T12:00:00.123Z", datetime(2026, 10, 5, 12, 0, 0, 123000, tzinfo=UTC)),
        ("2026-10-05", datetime(2026, 10, 5, 5, tzinfo=UTC)),
    ],
)
def test_dates_without_a_zone_are_the_weblogs_own(written: str, expected: datetime) -> None:
    """A zone that is written counts; without one it is the account's, never the server's."""
    assert expected == only(rss(item(1, written))).created_at


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pubDate": ""}, "has no date"),
        ({"pubDate": "soon"}, "date says no time"),
        ({"pubDate": "Thu, 01 Jan 1970 00:00:00 GMT"}, "date says no time"),
    ],
)
def test_an_entry_without_a_time_is_kept_aside(changes: dict[str, str], reason: str) -> None:
    """The others of the feed are read; nothing is dated by a guess."""
    found = read(rss(item(1, **changes), item(2)))
    assert [reason] == [one.reason for one in found.quarantined]
    assert ["https://blog.lakeside.example/?p=2"] == [post.native_id for post in found.posts]


def test_an_id_that_is_no_text_is_kept_aside() -> None:
    """JSON can say half a character, which no database keeps: that entry is set aside, and the others are read."""
    entries = [{"id": one, "content_text": "x", "date_published": "2026-10-05T12:00:00Z"} for one in ("a\ud800b", "c")]
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}).encode())
    assert ["c"] == [post.native_id for post in feed.posts]
    assert 1 == len(feed.quarantined)


def test_a_cut_feed_gives_its_whole_entries() -> None:
    """The last entry of a cut document may lack half its text: it is kept aside, the others are read."""
    whole = rss(item(1), item(2, description="a long text"))
    found = read(whole[: whole.index(b"long")])
    assert ["https://blog.lakeside.example/?p=1"] == [post.native_id for post in found.posts]
    assert ["is cut off"] == [one.reason for one in found.quarantined]


def test_a_feed_that_breaks_off_between_two_entries_says_so() -> None:
    """Nobody can tell how many are missing; a whole feed with something behind its end is the near-miss."""
    whole = rss(item(1), item(2))
    found = read(whole[: whole.index(b"</item>") + len(b"</item>")])
    assert (1, ["breaks off before its end"]) == (len(found.posts), [one.reason for one in found.quarantined])
    assert () == read(whole + b"\n<!-- cached -->").quarantined


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "laugh">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b"]>"
    + rss(item(1, title="&j;"), item(2))
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss(
    item(1, title="[&x;]")
)


def test_entities_neither_grow_nor_read_files() -> None:
    """Billion laughs and external entities come to nothing."""
    assert all(len(post.text) < 1000 for post in read(LAUGHS).posts)
    assert "[]" == only(EXTERNAL).text.replace(" ", "").replace("&x;", "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\x00" * 500,
        b"{",
        b'{"items": []}',
        b"[1]",
        b"<html><body>Not found</body></html>",
        b"%PDF-1.4",
        b"<rss><channel>" + b"<a>" * 100_000,
        bytes(range(256)) * 400,
        b"<!DOCTYPE " + b"<!ENTITY " * 50_000,
        b'<rss version="2.0"><channel><item><link>x</item></link>&<',
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    """Nothing that is no feed reads as a weblog without entries."""
    with pytest.raises(NoFeed):
        read(body)


@pytest.mark.parametrize("piece", [b"<", b"&", b"<![CDATA[", b"<!--", b'a="', b"]]>", b"<item>", b"\x00", b"</item>"])
def test_hostile_entries_are_read_or_kept_aside(piece: bytes) -> None:
    """Whatever stands in an item, the answer is a feed or a refusal."""
    try:
        found = read(b'<rss version="2.0"><channel><item><title>' + piece * 20_000)
    except NoFeed:
        return
    assert len(found.entries) <= 20_000


def test_an_empty_feed_is_a_feed() -> None:
    """The near-miss of the refusals: a weblog that has no entries yet."""
    assert () == read(rss()).entries


# --- asking ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def blog(account: Callable[..., Any]) -> Any:
    return account("weblog", "blog.lakeside.example/feed", handle="blog.lakeside.example")


@pytest.fixture
def opened(connection: Callable[..., Connection]) -> Callable[..., Any]:
    def make(**options: str) -> Any:
        return open_connector(connection("weblog", secrets={}, **options))

    return make


@pytest.fixture
def pages(opened: Any, blog: Any, window: Any) -> Callable[..., list[Page]]:
    def read_all(cursor: str | None = None, **options: str) -> list[Page]:
        return list(opened(**options).pages(blog, window, cursor))

    return read_all


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id.partition("?p=")[2] for one in page.posts] for page in found]


OLD = "Tue, 01 Sep 2026 12:00:00 GMT"


def test_a_feed_that_reaches_past_the_window_is_no_cap(platform: Any, pages: Any, reply: Any) -> None:
    """Entries older than the window show that nothing of it is missing; they are not passed on."""
    platform.answers(reply(rss(item(2), item(1, OLD)), headers=XML))
    found = pages()
    assert ([["2"]], False, None) == (ids(found), found[0].capped, found[0].cursor)
    assert "/feed" == platform.asked[0].path


@pytest.mark.parametrize(
    ("head", "options", "capped"),
    [
        ("", {}, True),
        ("", {"shows_all": "true"}, False),
        ('<h:complete xmlns:h="http://purl.org/syndication/history/1.0"/>', {}, False),
    ],
)
def test_a_feed_that_ends_before_the_window_does_is_a_cap(
    platform: Any, pages: Any, reply: Any, head: str, options: dict[str, str], capped: bool
) -> None:
    """A feed shows its newest entries; unless it says it holds all, older ones may be out of sight."""
    platform.answers(reply(rss(item(2), head=head), headers=XML))
    assert [capped] == [page.capped for page in pages(**options)]


def test_an_entry_changed_in_the_window_is_seen_again(
    platform: Any, opened: Any, blog: Any, window: Any, reply: Any, account: Any
) -> None:
    """An old entry changed lately is passed on, unless it is older than the account is collected from."""
    entry = (
        "<entry><id>{0}</id><title>T</title><published>2026-08-01T12:00:00Z</published><updated>{1}</updated></entry>"
    )
    body = atom(entry.format("a", "2026-10-05T12:00:00Z") + entry.format("b", "2026-09-05T12:00:00Z"))
    platform.answers(reply(body, headers=XML))
    assert ["a"] == [post.native_id for page in opened().pages(blog, window) for post in page.posts]
    late = account("weblog", "blog.lakeside.example/feed", collect_from=date(2026, 9, 1))
    assert [] == [post.native_id for page in opened().pages(late, window) for post in page.posts]


def test_further_pages_are_read_where_the_feed_names_them(platform: Any, pages: Any, reply: Any) -> None:
    """RFC 5005: rel=next leads on; a page without it, in a feed that is paged, is the last."""
    link = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="{0}" href="{1}"/>'
    first = rss(item(3), head=link.format("next", "?page=2"))
    last = rss(item(2), head=link.format("previous", "?page=1"))
    platform.answers(reply(first, headers=XML), reply(last, headers=XML))
    found = pages()
    assert ([["3"], ["2"]], [False, False]) == (ids(found), [page.capped for page in found])
    assert ["https://blog.lakeside.example/feed?page=2", None] == [page.cursor for page in found]
    platform.answers(reply(last, headers=XML))
    assert [["2"]] == ids(pages(found[0].cursor))
    assert {"page": "2"} == platform.asked[-1].query


def test_wordpress_is_paged_until_it_has_no_more(platform: Any, pages: Any, reply: Any) -> None:
    """WordPress names no next page but has them, and answers 404 past the last: then everything was seen."""
    head = "<generator>https://wordpress.org/?v=6.8</generator>"
    answers = {"": rss(item(3), head=head), "2": rss(item(2), head=head)}

    def answer(asked: Any) -> Any:
        body = answers.get(asked.query.get("paged", ""))
        return reply(body, headers=XML) if body else reply(b"gone", status=404)

    platform.answers(answer)
    found = pages()
    assert ([["3"], ["2"], []], [False] * 3) == (ids(found), [page.capped for page in found])


def test_an_empty_page_that_names_a_next_one_is_no_end(platform: Any, pages: Any, reply: Any) -> None:
    """All of its entries were taken away, and older ones stand behind it; one that names itself is a cap."""
    named = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="?page={}"/>'
    first, empty = rss(item(3), head=named.format(2)), rss(head=named.format(3))
    platform.answers(*(reply(body, headers=XML) for body in (first, empty, rss(item(2)))))
    found = pages()
    assert ([["3"], [], ["2"]], "3") == (ids(found), platform.asked[2].query["page"])
    platform.answers(*(reply(body, headers=XML) for body in (first, rss(head=named.format(2)))))
    assert [(["3"], False), ([], True)] == [(*ids([page]), page.capped) for page in pages()]


def test_a_named_page_that_is_not_there_is_a_cap(platform: Any, pages: Any, reply: Any) -> None:
    """The feed said there is more; unlike WordPress's guessed pages, its absence is a gap."""
    link = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="?page=2"/>'
    platform.answers(reply(rss(item(3), head=link), headers=XML), reply(b"gone", status=404))
    assert [False, True] == [page.capped for page in pages()]


def test_an_old_entry_changed_of_late_ends_no_paging(platform: Any, pages: Any, reply: Any) -> None:
    """In a feed ordered by change it stands on top, and says nothing of how far the feed reaches."""
    entry = (
        "<entry><id>{0}</id><title>T</title><published>{1}</published><updated>2026-10-05T12:00:00Z</updated></entry>"
    )
    named = atom(entry.format("a", "2025-08-01T12:00:00Z"), head='<link rel="next" href="?page=2"/>')
    platform.answers(reply(named, headers=XML), reply(atom(entry.format("b", "2026-10-04T12:00:00Z")), headers=XML))
    assert ["a", "b"] == [post.native_id for page in pages() for post in page.posts]


def test_a_page_that_repeats_itself_is_a_cap(platform: Any, pages: Any, reply: Any) -> None:
    """A cache that ignores the page number costs two requests, and the gap is said."""
    platform.answers(reply(rss(item(3), head="<generator>https://wordpress.org/?v=6</generator>"), headers=XML))
    found = pages()
    assert ([False, True], 2) == ([page.capped for page in found], len(platform.asked))


def test_a_page_is_given_before_the_next_is_asked(
    platform: Any, opened: Any, blog: Any, window: Any, reply: Any
) -> None:
    """What came before an outage is not lost with it."""
    first = rss(item(3), head="<generator>https://wordpress.org/?v=6</generator>")
    platform.answers(reply(first, headers=XML), reply(b"", status=503))
    stream = opened().pages(blog, window)
    assert ["3"] == [post.native_id[-1] for post in next(stream).posts]
    with pytest.raises(errors.Unreachable):
        next(stream)


def test_profile_and_posts_cost_one_feed(platform: Any, opened: Any, blog: Any, window: Any, reply: Any) -> None:
    """Asked again the feed is asked with its validators; "not modified" stands for what was read."""

    def answer(asked: Any) -> Any:
        if asked.headers.get("If-None-Match") == '"v1"':
            assert "Mon, 05 Oct 2026 12:00:00 GMT" == asked.headers["If-Modified-Since"]
            return reply(b"", status=304)
        validators = {"etag": '"v1"', "last-modified": "Mon, 05 Oct 2026 12:00:00 GMT"}
        return reply(
            rss(item(1), item(0, OLD), head="<link>https://blog.lakeside.example/</link>"), headers=XML | validators
        )

    platform.answers(answer)
    connector = opened()
    profile = connector.profile(blog)
    assert ("Lakeside", "News", "https://blog.lakeside.example/") == (profile.name, profile.bio, profile.website)
    assert b"<item>" not in profile.raw
    assert [["1"]] == ids(list(connector.pages(blog, window)))
    assert 2 == len(platform.asked)


def test_a_front_page_leads_to_its_feed(platform: Any, opened: Any, account: Any, window: Any, reply: Any) -> None:
    """The registry may name the weblog; its page names the feed, and not the one of comments or another host's."""
    page = (
        b"<!doctype html><html><head>"
        b'<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
        b'<link rel="alternate" type="application/rss+xml" href="https://else.example/feed">'
        b'<link rel="alternate" type="application/atom+xml" href="/atom.xml"></head></html>'
    )
    platform.answers(
        lambda asked: reply(page if asked.path == "/" else rss(item(1)), headers={"content-type": "text/html"})
    )
    found = list(opened().pages(account("weblog", "blog.lakeside.example/"), window))
    assert ([["1"]], ["/", "/atom.xml"]) == (ids(found), [asked.path for asked in platform.asked])


def test_redirects_are_followed_within_the_host(platform: Any, pages: Any, reply: Any) -> None:
    """From http to https, to www and to another path; elsewhere is not what the registry names."""
    moved = reply(b"", status=301, headers={"location": "https://www.blog.lakeside.example/feed/"})
    platform.answers(moved, reply(rss(item(1)), headers=XML))
    assert [["1"]] == ids(pages())
    assert "/feed/" == platform.asked[1].path
    platform.answers(reply(b"", status=302, headers={"location": "http://169.254.169.254/latest"}))
    with pytest.raises(errors.UnexpectedShape, match="another host"):
        pages()
    platform.answers(reply(b"", status=302, headers={"location": "/feed"}))
    with pytest.raises(errors.UnexpectedShape, match="circle"):
        pages()
    platform.answers(reply(b"", status=302, headers={"location": "http://[x"}))
    with pytest.raises(errors.UnexpectedShape, match="no web address"):
        pages()


@pytest.mark.parametrize("native_id", ["ftp://blog.lakeside.example", "http://[bad", "https://"])
def test_an_account_without_an_address_is_that_accounts_failure(
    opened: Any, account: Any, window: Any, native_id: str
) -> None:
    """Not the run's: the others are still asked."""
    with pytest.raises(errors.UnexpectedShape, match="no web address"):
        list(opened().pages(account("weblog", native_id), window))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"", errors.CredentialsRejected),
        (403, b"<html>no robots</html>", errors.CredentialsRejected),
        (410, b"", errors.AccountGone),
        (404, b"", errors.AccountGone),
        (429, b"", errors.RateLimited),
        (500, b"", errors.Unreachable),
        (418, b"", errors.UnexpectedShape),
        (200, b"<html><body>Welcome</body></html>", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b'{"version": 1}', errors.UnexpectedShape),
        (304, b"", errors.UnexpectedShape),
    ],
)
def test_errors_are_typed(
    platform: Any, pages: Any, reply: Any, status: int, body: bytes, expected: type[Exception]
) -> None:
    """No answer but a feed ever reads as a weblog without entries."""
    platform.answers(reply(body, status=status, headers={"retry-after": "60", "content-type": "text/html"}))
    with pytest.raises(expected):
        pages()


def test_a_feed_that_is_gone_from_a_weblog_that_stands(platform: Any, pages: Any, reply: Any) -> None:
    """The near-miss of a weblog that is gone: the feed has only moved."""
    platform.answers(lambda asked: reply(b"x", status=404 if asked.path == "/feed" else 200))
    with pytest.raises(errors.UnexpectedShape):
        pages()


def test_known_entries_are_looked_up_at_their_addresses(platform: Any, opened: Any, blog: Any, reply: Any) -> None:
    """Gone is what answers 404 or 410; scrolled out of the feed is not gone; an id that is no address cannot tell."""
    statuses = {"2": 404, "3": 410, "4": 200, "5": 500}

    def answer(asked: Any) -> Any:
        number = asked.query.get("p")
        return reply(b"x", status=statuses[number]) if number else reply(rss(item(1)), headers=XML)

    platform.answers(answer)
    known = [f"https://blog.lakeside.example/?p={number}" for number in range(1, 6)]
    page = opened().look_up(blog, [*known, "tag:other,1", "https://else.example/1", "http://[bad"])
    assert [known[0]] == [post.native_id for post in page.posts]
    expected = ["gone", "gone", *["cannot_tell"] * 5]
    assert expected == [one.certainty for one in page.missing]
    assert [*known[1:], "tag:other,1", "https://else.example/1", "http://[bad"] == [
        one.native_id for one in page.missing
    ]


def test_bloggers_ids_lead_to_their_entries(platform: Any, opened: Any, blog: Any, reply: Any) -> None:
    """Blogger keeps a feed of each single entry: it shows the present text, or 404."""
    known = "tag:blogger.com,1999:blog-11.post-22"
    entry = f"<entry><id>{known}</id><title>T</title><published>2026-08-01T12:00:00Z</published></entry>"
    platform.answers(lambda asked: reply(atom(entry if "22" in asked.path else ""), headers=XML))
    assert [known] == [post.native_id for post in opened().look_up(blog, [known]).posts]
    assert "/feeds/posts/default/22" == platform.asked[-1].path


def test_the_authorization_is_sent_and_never_told(
    platform: Any, connection: Any, blog: Any, window: Any, reply: Any, canary: str
) -> None:
    """A feed behind a login gets its header; an error does not repeat it."""
    platform.answers(reply(b"", status=401))
    with pytest.raises(errors.CredentialsRejected) as raised:
        list(open_connector(connection("weblog", secrets={"authorization": canary})).pages(blog, window))
    assert canary == platform.asked[0].headers["Authorization"]
    assert canary not in str(raised.value)


# --- saved feeds ----------------------------------------------------------------------------------------------------

WXR = b"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Lakeside</title>
<item><title>Public</title><guid>https://b.example/?p=1</guid><pubDate>Mon, 05 Oct 2026 12:00:00 +0000</pubDate>
<content:encoded><![CDATA[Hello]]></content:encoded><wp:post_modified_gmt>2026-10-06 12:00:00</wp:post_modified_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password>
<wp:comment><wp:comment_author_email>reader@x.example</wp:comment_author_email></wp:comment></item>
<item><title>Draft</title><guid>2</guid><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Locked</title><guid>3</guid><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:post_password>x</wp:post_password></item>
<item><title>Menu</title><guid>4</guid><wp:status>publish</wp:status><wp:post_type>nav_menu_item</wp:post_type></item>
<item><title>Undated</title><guid>5</guid><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
</channel></rss>"""


def test_a_wordpress_export_gives_its_public_posts(tmp_path: Path, blog: Any) -> None:
    """Drafts and locked posts leave nothing behind but their number; readers' addresses are cut out; all is counted."""
    path = tmp_path / "export.xml"
    path.write_bytes(WXR)
    found = list(importer("feed_file").read(path, blog))
    (post,) = [one for one in found if isinstance(one, PostReading)]
    assert ("Public\n\nHello", datetime(2026, 10, 6, 12, tzinfo=UTC)) == (post.text, post.edited_at)
    assert b"reader@x.example" not in post.raw
    aside = [one for one in found if isinstance(one, Quarantined)]
    assert ["private", "private", "not_a_post", "has no date"] == [one.reason for one in aside]
    assert [b""] * 3 == [one.raw for one in aside[:3]]
    assert ["Lakeside"] == [one.name for one in found if isinstance(one, ProfileReading)]
    assert found == list(importer("feed_file").read(path, blog))


def test_bloggers_export_gives_its_live_posts() -> None:
    """Old exports mark kinds by category, new ones by elements of their own."""
    kind = '<category term="http://schemas.google.com/blogger/2008/kind#{0}"/>'
    times = "<id>{0}</id><title>T</title><published>2026-08-01T12:00:00Z</published>"
    blogger = 'xmlns:blogger="http://schemas.google.com/blogger/2018" xmlns:app="http://www.w3.org/2007/app"'
    entries = [
        times.format(1) + kind.format("post"),
        times.format(2) + kind.format("settings"),
        times.format(3) + kind.format("post") + "<app:control><app:draft>yes</app:draft></app:control>",
        times.format(4) + "<blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>",
        times.format(5) + "<blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status>",
        times.format(6) + "<blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status>",
    ]
    found = read(atom("".join(f"<entry {blogger}>{one}</entry>" for one in entries)))
    assert ["1", "4"] == [post.native_id for post in found.posts]
    assert ["not_a_post", "private", "private", "not_a_post"] == [one.reason for one in found.quarantined]


@pytest.mark.parametrize(("name", "body"), [("a.txt", b"x"), ("a.xml", b"<html></html>"), ("a.json", b"[]")])
def test_files_that_are_no_feed_are_refused(tmp_path: Path, blog: Any, name: str, body: bytes) -> None:
    """One line says which file and why."""
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(errors.ExportRefused, match=name):
        list(importer("feed_file").read(path, blog))
