"""Groups out of Google Takeout: whose messages, the author's own words, and mails built to hurt."""

from __future__ import annotations

import base64
import contextlib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, Quarantined, Space
from connectors.base import importer
from connectors.mailquotes import own_words
from connectors.mailtext import decoded, envelope_time, letter, shown_text
from connectors.records import Unreadable

GROUP = "lakeside-talk@googlegroups.com"
AT = "Mon Oct 05 12:00:00 +0000 2026"
FOLDER = f"Takeout/Groups/googlegroups.com/{GROUP}"


def mail(
    text: str = "Hello", *, number: int = 1, headers: str = "", date: str = AT, body: bytes | None = None
) -> bytes:
    """One message of an mbox, as Google writes it."""
    head = f"From 100{number}@xxx {date}\nX-GM-THRID: 1\nX-BeenThere: {GROUP}\nMessage-ID: <m{number}@mail.example>\n"
    head += headers or "Subject: Picnic\nContent-Type: text/plain; charset=UTF-8\n"
    return head.encode() + b"\n" + (text.encode() if body is None else body) + b"\n\n"


@pytest.fixture
def group(account: Callable[..., Account]) -> Account:
    return account("google_groups", GROUP, handle="lakeside-talk", space=Space.PUBLIC_GROUP)


@pytest.fixture
def read(group: Account, tmp_path: Path) -> Callable[..., list[Any]]:
    def make(*messages: bytes, name: str = "topics.mbox") -> list[Any]:
        path = tmp_path / name
        path.write_bytes(b"".join(messages))
        return list(importer("google_groups_export").read(path, group))

    return make


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def left(found: list[Any]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


# --- whose messages -------------------------------------------------------------------------------------------------


def test_a_fixture_of_another_program(payloads: Path, account: Callable[..., Account]) -> None:
    """Three messages: one without a Date header, an answer to it, and one of the same subject in another topic."""
    path = payloads / "dcarrero__mboxshell/tests/fixtures/google_groups.mbox"
    group = account("google_groups", "my-group", space=Space.PUBLIC_GROUP)
    found = posts(list(importer("google_groups_export").read(path, group)))
    assert ["post", "reply", "post"] == [one.kind for one in found]
    assert [16, 17, 18] == [one.created_at.day for one in found]
    assert [None, found[0].native_id, None] == [one.reply_to for one in found]


@pytest.mark.parametrize("name", ["topics.mbox", "temas.mbox", "Themen.mbox", "トピック.mbox", "topics"])
def test_a_takeout_in_any_language(group: Account, tmp_path: Path, name: str) -> None:
    """Known by its content and its folder; tables of people are counted and never opened, other groups left out."""
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{FOLDER}/{name}", mail() + mail(number=2))
        packed.writestr(f"{FOLDER}/members.csv", "email\nwho@a.example\n")
        packed.writestr(f"{FOLDER}/info.csv", "name\nLakeside\n")
        packed.writestr(f"Takeout/Groups/googlegroups.com/other@googlegroups.com/{name}", mail(number=3))
    found = list(importer("google_groups_export").read(path, group))
    assert ["m1@mail.example", "m2@mail.example"] == [one.native_id for one in posts(found)]
    assert ["not_a_post", "not_a_post", "private"] == sorted(left(found))
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined)}


def test_messages_of_another_group_in_a_file_by_itself(read: Any) -> None:
    """Told by what they say they went to; a file without one of ours is refused."""
    other = mail(number=2).replace(b"lakeside-talk@", b"other@")
    found = read(mail(), other)
    assert (1, ["private"]) == (len(posts(found)), left(found))
    with pytest.raises(ExportRefused, match="no message of this group"):
        read(other)
    with pytest.raises(ExportRefused, match="holds no mbox"):
        read(b"Hello, this is no mbox")


def nameless(text: str = "My results are back", *, number: int = 9, headers: str = "") -> bytes:
    """A mail that names no group, as it stands in somebody's own mailbox."""
    found = mail(text, number=number, headers=f"{headers}To: doctor@clinic.example\nSubject: Private\n")
    return found.replace(f"X-BeenThere: {GROUP}\n".encode(), b"")


@pytest.mark.parametrize("place", ["Takeout/Mail/All mail Including Spam and Trash.mbox", "Takeout/Correo/Todo.mbox"])
def test_the_owners_mailbox_beside_the_group_is_private(group: Account, tmp_path: Path, place: str) -> None:
    """Of it only what names the group is the group's; what is private or cannot be read leaves no byte behind."""
    path = tmp_path / "takeout.zip"
    bomb = b"From 8@xxx %b\nSubject: " % AT.encode() + b"a" * 400_000 + b"\n\n"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{FOLDER}/topics.mbox", mail())
        packed.writestr(place, nameless() + bomb + mail(number=2))
    found = list(importer("google_groups_export").read(path, group))
    assert ["m1@mail.example", "m2@mail.example"] == [one.native_id for one in posts(found)]
    assert ["private", "private"] == left(found)
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined)}


def test_a_mail_without_a_group_is_the_groups_among_its_likes_only(read: Any) -> None:
    """In an mbox by itself: beside mails of the group alone, not beside another group's and not in a Gmail mailbox."""
    assert (2, []) == (len(posts(found := read(nameless(), mail()))), left(found))
    other = mail(number=2).replace(b"lakeside-talk@", b"other@")
    assert (1, ["private"] * 2) == (len(posts(found := read(nameless(), mail(), other))), left(found))
    labelled = nameless(headers="X-Gmail-Labels: Inbox\n")
    assert (1, ["private"]) == (len(posts(found := read(labelled, mail()))), left(found))
    with pytest.raises(ExportRefused, match="no message of this group"):
        read(nameless())


def test_in_the_groups_folder_a_mail_needs_no_name(group: Account, tmp_path: Path) -> None:
    """The near-miss: Takeout itself says whose it is."""
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{FOLDER}/topics.mbox", nameless())
    assert 1 == len(posts(list(importer("google_groups_export").read(path, group))))


def test_a_private_space_is_refused_unread(account: Callable[..., Account], tmp_path: Path) -> None:
    """Before the path is even looked at."""
    with pytest.raises(ExportRefused, match="its space is private"):
        list(importer("google_groups_export").read(tmp_path / "none", account("google_groups", space=Space.PRIVATE)))


def test_reading_twice_gives_the_same(read: Any) -> None:
    """Ids come from the mail, or from its envelope where it has none."""
    messages = [mail(), mail(number=2).replace(b"Message-ID: <m2@mail.example>\n", b"")]
    first, second = read(*messages), read(*reversed(messages))
    assert [(one.native_id, one.content_hash) for one in posts(first)] == [
        (one.native_id, one.content_hash) for one in posts(second)
    ]
    assert posts(first)[1].native_id.startswith("mail-") or posts(first)[0].native_id.startswith("mail-")


def test_an_id_twice_is_kept_aside(read: Any) -> None:
    """Two mails of one Message-ID: the first stands, the other is counted with its bytes."""
    found = read(mail("one"), mail("two"))
    assert ["Picnic\n\none"] == [one.text for one in posts(found)]
    assert ["its id stands in the export already"] == left(found)


# --- times ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Thu Apr 16 09:53:04 +0000 2015", 9),
        ("Thu Apr 16 09:53:04 +0200 2015", 7),
        ("Thu Apr 16 09:53:04 2015", 9),
        ("Thu Apr  6 09:53:04 2015 -0500", 14),
    ],
)
def test_envelope_times(written: str, hour: int) -> None:
    """With the zone before the year as Google writes it, without one, and with one at the end."""
    moment = envelope_time(written)
    assert moment is not None
    assert hour == moment.hour


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 05 Oct 2026 14:00:10 +0200", datetime(2026, 10, 5, 12, 0, 10, tzinfo=UTC)),
        ("Tue, 01 Jan 1980 00:00:00 +0000", datetime(2026, 10, 5, 12, tzinfo=UTC)),
        ("Mon, 05 Oct 2026 14:00:10", datetime(2026, 10, 5, 12, tzinfo=UTC)),
        ("soon", datetime(2026, 10, 5, 12, tzinfo=UTC)),
    ],
)
def test_the_senders_clock_counts_where_the_servers_agrees(read: Any, date: str, expected: datetime) -> None:
    """A clock that is years off, or a time without its zone, gives way to when the message came."""
    (post,) = posts(read(mail(headers=f"Subject: a\nDate: {date}\n")))
    assert expected == post.created_at


# --- the author's own words -----------------------------------------------------------------------------------------

QUOTED = [
    "On 10/5/26, sam@a.example wrote:",
    "On Mon, Oct 5, 2026 at 9:00 AM Sam <\nsam@a.example> wrote:",
    "Am Mo., 5. Okt. 2026 um 09:00 Uhr schrieb Sam <sam@a.example>:",
    "Le lun. 5 oct. 2026 à 09:00, Sam <sam@a.example> a écrit :",
    "El lun, 5 oct 2026 a las 9:00, Sam (<sam@a.example>) escribió:",
    "Em seg., 5 de out. de 2026 às 09:00, Sam <sam@a.example> escreveu:",
    "Il giorno lun 5 ott 2026 alle ore 09:00 Sam <sam@a.example> ha scritto:",
    "Op ma 5 okt. 2026 om 09:00 schreef Sam <sam@a.example>:",
    "Den mån 5 okt. 2026 kl 09:00 skrev Sam <sam@a.example>:",
    "pon., 5 paź 2026 o 09:00 Sam <sam@a.example> napisał(a):",
    "пн, 5 окт. 2026 г. в 09:00, Sam <sam@a.example>:",  # noqa: RUF001
    "2026年10月5日(月) 9:00 Sam <sam@a.example>:",
    "Sam <sam@a.example> 于2026年10月5日周一 09:00写道：",  # noqa: RUF001
    "2026년 10월 5일 (월) 오전 9:00, Sam <sam@a.example>님이 작성:",
    "5 Eki 2026 Pzt 09:00 tarihinde Sam <sam@a.example> şunları yazdı:",  # noqa: RUF001
    '--- In lakeside@yahoogroups.com, "sam" <sam@...> wrote:',
]


@pytest.mark.parametrize("line", QUOTED)
def test_what_introduces_a_quote_goes_with_it(line: str) -> None:
    """In any language, marked or not, over two lines or one; words after it are the author's."""
    assert "Mine" == own_words(f"Mine\n\n{line}\n\n> theirs\n> more of theirs")
    assert "Mine\n\n\nMine too" == own_words(f"Mine\n\n{line}\n> theirs\n\nMine too")
    assert "Mine" == own_words(f"Mine\n\n{line}\ntheirs without a mark")


@pytest.mark.parametrize(
    "text",
    [
        "On Monday she wrote:\nthat is what I think",
        "x > y is what I meant\nand no quote",
        "From: here to there\nwe walk",
        "-- \n" + "a long text below two hyphens\n" * 20 + "end",
        "They wrote in 2026:\nnothing at all",
        "--\n".join(["one\n", "two\n" * 16 + "end"]),
    ],
)
def test_own_words_that_look_like_quotes_stay(text: str) -> None:
    """The near-misses: nobody's own words disappear behind a colon."""
    assert text == own_words(text)


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Sam\nTheirs",
        "-----Ursprüngliche Nachricht-----\nVon: Sam\nTheirs",
        "________________________________\nFrom: Sam <s@a.example>\nSent: Monday, October 5, 2026\nTo: all\n\nTheirs",
        "Von: Sam\nGesendet: Montag, 5. Oktober 2026\nAn: alle\nBetreff: Re: Fest\n\nTheirs",
        "De : Sam\nEnvoyé : lundi 5 octobre 2026\nÀ : tous\nObjet : Fête\n\nTheirs",
        "-- \nSam\nLakeside",
        "--\nSam\n\n-- \nYou received this message because you are subscribed.\nhttps://groups.google.com/d/optout",
        "__._,_.___\nPosted by: sam\nVisit Your Group",
    ],
)
def test_blocks_below_the_own_words_go(block: str) -> None:
    """What mail programs and list servers put below, and signatures."""
    assert "Mine" == own_words(f"Mine\n\n{block}\n")


RULE = "-" * 20
GOOGLES_FOOTER = (
    '-- \nYou received this message because you are subscribed to the Google Groups "lakeside-talk" group.\n'
    "To unsubscribe from this group, send an email to lakeside-talk+unsubscribe@googlegroups.com."
)
YAHOOS_FOOTER = f"{RULE}\n\nYahoo! Groups Links\n\n<*> To visit your group on the web, go to:\n    http://a.example"


@pytest.mark.parametrize(
    "line",
    [
        "please answer to anna@lakeside.example by 18:00 on Friday:",
        "please answer to Anna <anna@lakeside.example> by 5 October 2026, 18:00:",
        "by 5 October 2026, 18:00, please, to Anna <anna@lakeside.example>:",
        "Dates from anna@lakeside.example for 2026:",
    ],
)
def test_an_address_and_a_time_of_ones_own_cut_nothing_off(line: str) -> None:
    """Only what says "wrote", or has a program's whole form, hides what stands below it without marks."""
    text = f"Dear all,\n\n{line}\n\n- who comes\n- who pays\n\nAnd Tom: I will get you."
    assert text == own_words(text)


MEMO = "From: The Board\nTo: All members\nDate: 5 October 2026\nSubject: Tom\n\nTom is a thief."


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ("Subject: Memo\n", f"Memo\n\n{MEMO}"),
        ("Subject: Re: Memo\n", ""),
        ("Subject: Memo\nIn-Reply-To: <m0@mail.example>\n", "Memo"),
    ],
)
def test_a_memo_that_opens_with_its_heading_is_the_authors(read: Any, headers: str, text: str) -> None:
    """Whoever answers nobody quotes nobody; at the head of an answer the block is the mail it answers."""
    (post,) = posts(read(mail(MEMO, headers=headers)))
    assert text == post.text


def test_a_block_below_a_memo_is_somebody_elses(read: Any) -> None:
    """The near-miss: the second heading is that of a quoted mail."""
    (post,) = posts(read(mail(f"{MEMO}\n\n-----Original Message-----\nFrom: Sam\n\nTheirs")))
    assert f"Picnic\n\n{MEMO}" == post.text


@pytest.mark.parametrize("footer", [GOOGLES_FOOTER, YAHOOS_FOOTER, f"{RULE}\n{RULE}\n\nYahoo! Groups Links"])
@pytest.mark.parametrize(
    "own",
    [
        f"Dear all,\n{RULE}\nI will get you, Tom.\n{RULE}\nYours",
        f"Dear all,\n{RULE}\nI will get you, Tom.",
        f"{RULE}\nI will get you, Tom.\n\nYours",
    ],
)
def test_words_between_drawn_lines_are_no_footer(own: str, footer: str) -> None:
    """A line of hyphens heads the footer only where the list server's words come next."""
    assert own == own_words(f"{own}\n\n{footer}\n")
    assert own == own_words(own)


def test_what_is_passed_on_stays(read: Any) -> None:
    """The group reads it for the first time."""
    block = "Look\n\nFrom: Sam\nSent: Monday\nTo: all\nSubject: a\n\nTheirs"
    (post,) = posts(read(mail(block, headers="Subject: FW: a\n")))
    assert post.text.endswith("Theirs")
    assert "Theirs" in own_words("Look\n---------- Forwarded message ---------\nFrom: Sam\nDate: a\nTo: b\n\nTheirs")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Picnic", "Picnic\n\nHello"),
        ("Re: Picnic", "Hello"),
        ("[lakeside] AW: Picnic", "Hello"),
        ("Re[2]: Picnic", "Hello"),
        ("回复：Picnic", "Hello"),  # noqa: RUF001
        ("Regarding: Picnic", "Regarding: Picnic\n\nHello"),
        ("=?UTF-8?B?" + base64.b64encode("Fête".encode()).decode() + "?=", "Fête\n\nHello"),
        ("=?nonsense?Q?F=C3=AAte?=", "Fête\n\nHello"),
    ],
)
def test_a_new_topics_subject_is_said_too(read: Any, subject: str, text: str) -> None:
    """An answer's subject is its topic's."""
    (post,) = posts(read(mail(headers=f"Subject: {subject}\n")))
    assert text == post.text


def test_a_line_that_begins_with_from(read: Any) -> None:
    """An mbox marks it; the mark goes, a quote's does not, and a sentence cuts no message in two."""
    found = read(mail(">From here on\nFrom Monday on we meet\n\n> said\n>From quoted\n"), mail(number=2))
    assert 2 == len(posts(found))
    assert "From here on\nFrom Monday on we meet" == posts(found)[0].text.removeprefix("Picnic\n\n")


# --- bodies ---------------------------------------------------------------------------------------------------------


def multipart(*parts: str, kind: str = "alternative") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    return mail(body, headers=f"Subject: Re: a\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n")


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHello"
HTML = "Content-Type: text/html\n\n<p>Hello <b>there</b></p><blockquote>old</blockquote>"


def test_of_alternatives_the_plain_text_counts(read: Any) -> None:
    """HTML where the plain text is empty; quoted blocks of a page go like quoted lines."""
    empty = "Content-Type: text/plain\n\n \n"
    texts = [posts(read(multipart(*parts)))[0].text for parts in ((PLAIN, HTML), (HTML, PLAIN), (empty, HTML), (HTML,))]
    assert ["Hello", "Hello", "Hello there", "Hello there"] == texts


@pytest.mark.parametrize(
    "kind", ["multipart/mixed", "multipart/mixed; boundary=never", "text/enriched", "text/x-unknown", "nonsense"]
)
def test_a_text_in_a_wrong_wrapping_is_said_all_the_same(read: Any, kind: str) -> None:
    """A message that says it has parts and has none still shows its text."""
    (post,) = posts(read(mail("Words", headers=f"Subject: Re: a\nContent-Type: {kind}\n")))
    assert ("Words", ()) == (post.text, post.media)


def test_attachments_are_media(read: Any) -> None:
    """Told apart by their content, without their names; an attached text is none of the author's."""
    picture = "Content-Type: image/png; name=pat.png\nContent-Transfer-Encoding: base64\n\naGVsbG8="
    attached = "Content-Type: text/plain\nContent-Disposition: attachment; filename=pat.txt\n\nsecret"
    (post,) = posts(read(multipart(PLAIN, picture, attached, kind="mixed")))
    assert ("Hello", ["photo", "file"]) == (post.text, [one.kind for one in post.media])
    assert not any("pat" in (one.native_id or "") for one in post.media)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("koi8-r", "koi8-r"),
        ("gb2312", "gb2312"),
        ("iso-2022-jp", "iso-2022-jp"),
        ("utf-16", "utf-16"),
        ("unknown-8bit", "utf-8"),
        ("", "cp1252"),
        ("us-ascii", "utf-8"),
        ("zlib", "utf-8"),
        ("idna", "utf-8"),
        ("rot13", "utf-8"),
        ("x" * 300, "utf-8"),
    ],
)
def test_texts_in_the_encoding_they_say(charset: str, encoding: str) -> None:
    """Or in the one they have, where they say none, a wrong one, or what is no character set."""
    text = {"koi8-r": "Привет", "gb2312": "你好", "iso-2022-jp": "こんにちは"}.get(charset, "café “quoted”")
    assert text == decoded(text.encode(encoding), charset)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<p>a &amp; b</p><p>c&nbsp;d</p>", "a & b\n\nc\xa0d"),
        ("<style>p {}</style><script>x</script>a<!-- b -->c", "ac"),
        ('<div>a</div><div class="gmail_quote">On x<br>b</div>', "a\n> On x\n> b"),
        ('a<span style="display:none">hidden</span>b', "ab"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("a<!-- never closed", "a"),
        ("a <b", "a"),
    ],
)
def test_the_text_a_page_shows(source: str, text: str) -> None:
    """Lines, signs, what is quoted and what is never shown."""
    assert text == shown_text(source)[0]


# --- mails built to hurt --------------------------------------------------------------------------------------------


def test_mime_bombs_are_kept_aside(read: Any) -> None:
    """Too deep, too many parts, headers too long: counted, and the mails around them are read."""
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(2000))
    wide = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000
    nested = b"Content-Type: message/rfc822\n\n" * 3000
    long = b"Subject: " + b"a" * 400_000
    head = b"From 9@xxx %b\n" % AT.encode()
    found = read(mail(), *(head + bomb + b"\n\n" for bomb in (deep, wide, nested, long)), mail(number=2))
    assert 2 == len([one for one in posts(found) if one.native_id.endswith("@mail.example")])
    assert 6 == len(found)
    assert 3 <= len(left(found))


@pytest.mark.parametrize(
    "body",
    [b"<" * 300_000, b"<!--" * 100_000, b"<a href='" * 60_000, b"<div>" * 100_000, b"&" * 300_000, b"</div" * 80_000],
)
def test_hostile_pages_take_linear_time(body: bytes) -> None:
    """Anything quadratic would not come to an end here."""
    said = letter(b"Subject: Re: a\nContent-Type: text/html\n\n" + body)
    assert len(said.text) <= len(body)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_unreadable(body: bytes) -> None:
    """No other error escapes, whatever a header or a body is made of."""
    for message in (body, b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + body + b"\n--b--"):
        with contextlib.suppress(Unreadable):
            assert letter(message).headers


@given(st.lists(st.tuples(st.sampled_from(["ours", "other", "no time", "twice"]), st.text(max_size=60)), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_add_up(group: Account, tmp_path: Path, kinds: list[tuple[str, str]]) -> None:
    """Whatever is in it: as many come out as went in."""
    messages = [mail("First", number=0)]
    for number, (kind, text) in enumerate(kinds, start=1):
        safe = text.replace("\r", " ").replace("From ", "")
        one = mail(safe, number=0 if kind == "twice" else number, body=safe.encode("utf-8", "replace"))
        one = one.replace(b"lakeside-talk@", b"other@") if kind == "other" else one
        messages.append(one.replace(AT.encode(), b"Mon Oct 99 12:00:00 +0000 2026") if kind == "no time" else one)
    path = tmp_path / "a.mbox"
    path.write_bytes(b"".join(messages))
    found = list(importer("google_groups_export").read(path, group))
    assert len(messages) == len(found)
    wanted = sum(kind == "ours" for kind, _ in kinds) + 1
    assert wanted == len(posts(found))
