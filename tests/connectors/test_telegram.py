"""The importer of Telegram Desktop's exports, JSON and HTML."""

from __future__ import annotations

import html
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused, UserError
from chapterwatch.model import Account, Connection, Media, PostReading, Quarantined, Space
from connectors.base import importer, manifests, open_connector
from connectors.telegram.importer import bare

CHAT = 1234567890
SECOND = 1791201600
Found = list[PostReading | Quarantined]


def message(number: int = 7, text: Any = "Hello", **fields: Any) -> dict[str, Any]:
    moment = SECOND + number
    known = {
        "id": number,
        "type": "message",
        "date": "2026-10-05T09:20:07",
        "date_unixtime": str(moment),
        "from": "Jo",
        "from_id": "user42",
        "text": text,
    }
    return known | fields


def chat(
    *messages: Any, kind: str | None = "public_channel", number: int | None = CHAT, **fields: Any
) -> dict[str, Any]:
    known: dict[str, Any] = {"name": "Lakeside", "type": kind, "id": number}
    return {name: one for name, one in known.items() if one is not None} | fields | {"messages": list(messages)}


def account_export(*chats: dict[str, Any], left: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    return {"about": "…", "chats": {"about": "…", "list": list(chats)}, "left_chats": {"list": list(left)}}


@pytest.fixture
def channel(account: Callable[..., Account]) -> Callable[..., Account]:
    def make(native_id: str = str(CHAT), space: Space = Space.OFFICIAL, **changes: Any) -> Account:
        return account("telegram", native_id, handle="@lakeside_tg", space=space, **changes)

    return make


@pytest.fixture
def read(tmp_path: Path, channel: Callable[..., Account]) -> Callable[..., Found]:
    def reading(content: Any, account: Account | None = None, name: str = "result.json") -> Found:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return list(importer("telegram_export").read(path, account or channel()))  # type: ignore[arg-type]

    return reading


def posts(found: Iterable[object]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def counts(found: Iterable[object]) -> dict[str, int]:
    return dict(Counter(one.reason if isinstance(one, Quarantined) else "post" for one in found))


@pytest.mark.parametrize("odd", [None, "none", {"id": 7}])
def test_a_chat_without_messages_is_not_an_empty_one(odd: Any, read: Callable[..., Found]) -> None:
    """It counts as one message that could not be read; a chat with an empty list is the near-miss."""
    broken = {name: one for name, one in chat().items() if name != "messages"} | ({"messages": odd} if odd else {})
    assert {"is no message": 1} == counts(read(account_export(broken)))
    assert {} == counts(read(account_export(chat())))


# --- whose chat it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"])
@pytest.mark.parametrize("space", [Space.INTERNAL, Space.PUBLIC_GROUP, Space.OFFICIAL])
def test_a_conversation_of_two_is_never_read(
    kind: str, space: Space, read: Callable[..., Found], channel: Callable[..., Account]
) -> None:
    """Whatever a registry says of it: it is counted, and nothing of it kept."""
    found = read(chat(message(), message(8), kind=kind), channel(space=space))
    assert {"private": 2} == counts(found)
    assert not any(one.raw for one in found)


@pytest.mark.parametrize("kind", ["private_group", "private_supergroup", "private_channel"])
@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (Space.OFFICIAL, {"private": 1}),
        (Space.LEADER_PROFILE, {"private": 1}),
        (Space.INTERNAL, {"post": 1}),
        (Space.PUBLIC_GROUP, {"post": 1}),
    ],
)
def test_a_closed_group_is_read_where_the_registry_calls_it_the_associations(
    kind: str, space: Space, expected: dict[str, int], read: Callable[..., Found], channel: Callable[..., Account]
) -> None:
    """A group that outsiders cannot join is private unless the account says public_group or internal."""
    assert expected == counts(read(chat(message(), kind=kind), channel(space=space)))


def test_a_private_space_is_refused_before_anything_is_read(tmp_path: Path, channel: Callable[..., Account]) -> None:
    """Not even whether the file is there."""
    with pytest.raises(ExportRefused, match="a private chat is never read"):
        list(importer("telegram_export").read(tmp_path / "absent.json", channel(space=Space.PRIVATE)))


def test_the_export_of_another_chat_is_refused(read: Callable[..., Found], channel: Callable[..., Account]) -> None:
    """One chat's messages must not be judged as another's; the message names both by number."""
    with pytest.raises(ExportRefused, match=r"telegram:99: this is the export of chat 1234567890") as raised:
        read(chat(message()), channel("99"))
    assert "Lakeside" not in str(raised.value)


@pytest.mark.parametrize("number", ["1234567890", "-1001234567890", "channel1234567890"])
def test_a_chats_number_is_known_in_every_form(
    number: str, read: Callable[..., Found], channel: Callable[..., Account]
) -> None:
    """Exports write it bare, bots with -100, replies with a word before it."""
    assert {"post": 1} == counts(read(chat(message()), channel(number)))


def test_forms_of_a_number_do_not_meet_another_chats() -> None:
    """A short number is no long one with -100 cut off."""
    assert "100123" == bare("-100123")
    assert "5" == bare("chat5")
    assert "lakeside" == bare("Lakeside")


def test_of_a_whole_account_only_the_accounts_chat_is_read(read: Callable[..., Found]) -> None:
    """Every other chat is counted message by message, and not even its place tells whose it was."""
    found = read(
        account_export(
            chat(message(1), kind="personal_chat", number=1, name="Kimberly"),
            chat(message(1), message(2), {"id": 3, "type": "service", "date": "x"}),
            chat(message(1), message(2), kind="public_supergroup", number=2),
            left=[chat(message(1), kind="private_channel", number=3)],
        )
    )
    assert {"post": 2, "not_a_post": 1, "private": 4} == counts(found)
    assert not any("Kimberly" in one.where for one in found if isinstance(one, Quarantined))


def test_an_account_without_the_chat_gives_only_numbers(read: Callable[..., Found]) -> None:
    """A lone chat of an account's export is not taken for the account's."""
    assert {"private": 1} == counts(read(account_export(chat(message(), number=9))))


# --- messages ---------------------------------------------------------------------------------------------------------


def test_text_in_pieces_is_one_text(read: Callable[..., Found]) -> None:
    """Strings and entities in their order; links come from addresses and from linked words."""
    pieces = [
        "See ",
        {"type": "bold", "text": "our "},
        {"type": "text_link", "text": "site", "href": "https://a.example"},
    ]
    pieces += [" or ", {"type": "link", "text": "https://b.example"}]
    (post,) = posts(read(chat(message(text=pieces))))
    assert "See our site or https://b.example" == post.text
    assert ("https://a.example", "https://b.example") == post.links


def test_text_entities_stand_in_for_a_missing_text(read: Callable[..., Found]) -> None:
    """Newer and older exports."""
    record = message(text_entities=[{"type": "plain", "text": "Hello"}, {"type": "hashtag", "text": "#x"}])
    del record["text"]
    (post,) = posts(read(chat(record)))
    assert "Hello#x" == post.text


def test_an_edit_a_reply_and_a_forward_are_told(read: Callable[..., Found]) -> None:
    """The edit's time comes from its epoch seconds."""
    edited, reply, share = posts(
        read(
            chat(
                message(1, edited="2026-10-05T10:00:00", edited_unixtime=str(SECOND + 600)),
                message(2, reply_to_message_id=1),
                message(3, forwarded_from="Somebody"),
            )
        )
    )
    assert datetime.fromtimestamp(SECOND + 600, tz=UTC) == edited.edited_at
    assert ("1", "post") == (edited.native_id, edited.kind)
    assert ("reply", "1") == (reply.kind, reply.reply_to)
    assert "share" == share.kind


def test_older_exports_have_the_exporters_clock(read: Callable[..., Found], channel: Callable[..., Account]) -> None:
    """Without date_unixtime the account's timezone reads the date."""
    record = message(date="2026-10-05T09:20:07")
    del record["date_unixtime"]
    (post,) = posts(read(chat(record), channel(timezone="Europe/Berlin")))
    assert "2026-10-05T07:20:07+00:00" == post.created_at.isoformat()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"photo": "photos/photo_1.jpg"}, Media(kind="photo", url=None, native_id="photo_1.jpg")),
        ({"photo": "(File not included. Change data exporting settings to download.)"}, Media(kind="photo", url=None)),
        (
            {"file": "stickers/a.webp", "media_type": "sticker"},
            Media(kind="sticker", url=None, native_id="a.webp"),
        ),
        ({"file": "v.mp4", "media_type": "video_file"}, Media(kind="video", url=None, native_id="v.mp4")),
        ({"file": "files/scan.png", "mime_type": "image/png"}, Media(kind="photo", url=None, native_id="scan.png")),
        ({"file": "files/minutes.pdf"}, Media(kind="file", url=None, native_id="minutes.pdf")),
        ({"contact_information": {"phone_number": "+1 202 555 0143"}}, Media(kind="contact", url=None)),
    ],
)
def test_media_are_named_by_their_files(fields: dict[str, Any], expected: Media, read: Callable[..., Found]) -> None:
    """A file that was left out keeps its kind."""
    (post,) = posts(read(chat(message(**fields))))
    assert (expected,) == post.media


def test_a_poll_is_what_it_asks(read: Callable[..., Found]) -> None:
    """Question and answers are text; votes are not, for they change."""
    poll = {"question": "When?", "answers": [{"text": "Friday", "voters": 3}, {"text": "Monday", "voters": 1}]}
    (post,) = posts(read(chat(message(text="", poll=poll))))
    assert "When?\nFriday\nMonday" == post.text


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"id": 1, "type": "unsupported"}, "is of a kind the export does not show"),
        ({"id": 1, "type": "riddle"}, "has an unknown type"),
        ({"id": 1, "type": "message", "text": "x"}, "date is missing or no time"),
        ({"id": 1, "type": "message", "date_unixtime": "9" * 5000}, "date is missing or no time"),
        ({"id": [], "type": "message", "date_unixtime": str(SECOND)}, "id is missing or no id"),
        ("no object", "is no message"),
    ],
)
def test_what_cannot_be_read_is_kept_aside(record: Any, reason: str, read: Callable[..., Found]) -> None:
    """With its bytes, and beside it the rest is read."""
    found = read(chat(record, message()))
    assert {"post": 1, reason: 1} == counts(found)


def test_overlapping_parts_of_an_export_have_the_same_ids(tmp_path: Path, channel: Callable[..., Account]) -> None:
    """Exports parted by dates, in one folder: the archive knows a message by its number."""
    for part, numbers in (("one", (1, 2)), ("two", (2, 3))):
        (tmp_path / part).mkdir()
        (tmp_path / part / "result.json").write_text(json.dumps(chat(*(message(one) for one in numbers))))
    found = list(importer("telegram_export").read(tmp_path, channel()))
    assert ["1", "2", "2", "3"] == [one.native_id for one in posts(found)]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"messages": {}}', '{"chats": []}', '{"messages": [', "\x00", "[" * 9000]
)
def test_what_is_no_export_is_refused(content: str, read: Callable[..., Found]) -> None:
    """It is never "no posts"."""
    with pytest.raises(ExportRefused):
        read(content)


# --- HTML -------------------------------------------------------------------------------------------------------------


def page(*messages: str, title: str = "Lakeside") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head>
<body onload="CheckLocation();"><div class="page_wrap"><div class="page_header"><div class="content">
<div class="text bold">
{html.escape(title)}
</div></div></div><div class="page_body chat_page"><div class="history">
{"".join(messages)}
</div></div></div></body></html>"""


def shown(number: int, inner: str, *, joined: bool = False, title: str = "05.10.2026 09:20:07 UTC+02:00") -> str:
    name = "" if joined else '<div class="from_name">\nJo &amp; Kim\n       </div>'
    return f"""
     <div class="message default clearfix{" joined" if joined else ""}" id="message{number}">
      <div class="pull_left userpic_wrap"><div class="userpic userpic1" style="width: 42px">
        <div class="initials" style="line-height: 42px">J</div></div></div>
      <div class="body">
       <div class="pull_right date details" title="{title}">
09:20
       </div>
       {name}
       {inner}
      </div>
     </div>"""


SERVICE = """<div class="message service" id="message-1"><div class="body details">5 October 2026</div></div>"""


def said(text: str) -> str:
    return f'<div class="text">\n{text}\n       </div>'


def test_pages_are_read_in_the_order_of_their_numbers(tmp_path: Path, channel: Callable[..., Account]) -> None:
    """Pages 1, 2 and 10; the date's zone is the title's; notices are counted."""
    for name, number in (("messages.html", 1), ("messages2.html", 2), ("messages10.html", 10)):
        inner = said("one<br>two &lt;3 <strong>three</strong> &#9731;")
        (tmp_path / name).write_text(page(SERVICE, shown(number, inner, joined=number > 1)))
    found = list(importer("telegram_export").read(tmp_path, channel()))
    assert {"post": 3, "not_a_post": 3} == counts(found)
    assert ["1", "2", "10"] == [one.native_id for one in posts(found)]
    first = posts(found)[0]
    assert "one\ntwo <3 three ☃" == first.text
    assert "2026-10-05T07:20:07+00:00" == first.created_at.isoformat()
    assert first.raw.startswith(b'<div class="message default')
    assert first.raw.endswith(b"</div>")


def test_pages_tell_links_replies_forwards_media_and_polls(read: Callable[..., Found]) -> None:
    """What the app says about a message, signatures and votes among it, is none of its text."""
    found = read(
        page(
            shown(1, said('See <a href="https://a.example/?x=1&amp;y=2">our site</a>')),
            shown(
                2,
                '<div class="reply_to details">\nIn reply to <a href="#go_to_message1" '
                'onclick="return GoToMessage(1)">this message</a>\n</div>' + said("Yes"),
            ),
            shown(
                3,
                '<div class="forwarded body"><div class="from_name">\nSomebody<span class="date details" title="x"> 4'
                "</span></div>" + said("Theirs") + "</div>",
            ),
            shown(
                4,
                '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/p@1.jpg">'
                '<img class="photo" src="photos/p@1_thumb.jpg"/></a></div>' + said("A caption"),
            ),
            shown(
                5,
                '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">When?</div>'
                '<div class="details">Anonymous poll</div><div class="answer">- Friday <span class="details">3 votes'
                '</span></div><div class="total details	">3 votes</div></div></div>'
                '<div class="signature details">Jo</div><span class="reactions"><span class="reaction">x</span></span>',
            ),
        ),
        name="messages.html",
    )
    link, reply, share, photo, poll = posts(found)
    assert ("See our site", ("https://a.example/?x=1&y=2",)) == (link.text, link.links)
    assert ("Yes", "reply", "1") == (reply.text, reply.kind, reply.reply_to)
    assert ("Theirs", "share") == (share.text, share.kind)
    assert ("A caption", (Media(kind="photo", url=None, native_id="p@1.jpg"),)) == (photo.text, photo.media)
    assert "When?\nFriday" == poll.text


def test_pages_without_a_zone_have_the_accounts(read: Callable[..., Found], channel: Callable[..., Account]) -> None:
    """Exports made before 2022; day, month and year always in this order."""
    content = page(shown(1, said("x"), title="05.12.2018 10:39:10"), shown(2, said("y"), title="32.12.2018 10:39:10"))
    found = read(content, channel(timezone="Europe/Berlin"), "messages.html")
    assert {"post": 1, "date is missing or no time": 1} == counts(found)
    assert "2018-12-05T09:39:10+00:00" == posts(found)[0].created_at.isoformat()


def test_the_pages_of_the_macos_client_are_read(read: Callable[..., Found], channel: Callable[..., Account]) -> None:
    """Its dates are worded, and a line says that a message was forwarded."""
    line = '<div class="forwarded_from details">\nForwarded from Somebody\n</div>'
    content = page(shown(-10, line + said("x"), title="16 June 2026, 07:33:57"))
    (post,) = posts(read(content, channel(timezone="Europe/Berlin"), "messages.html"))
    assert ("x", "share", "2026-06-16T05:33:57+00:00") == (post.text, post.kind, post.created_at.isoformat())


def test_of_an_accounts_pages_only_the_named_chat_is_read(tmp_path: Path, channel: Callable[..., Account]) -> None:
    """Pages have no number of the chat; its title must be the account's handle or native id."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        packed.writestr("x/chats/chat_001/messages.html", page(shown(1, said("private")), title="Kimberly"))
        packed.writestr("x/chats/chat_002/messages.html", page(shown(1, said("ours")), title="lakeside_tg"))
    found = list(importer("telegram_export").read(tmp_path / "export.zip", channel()))
    assert {"post": 1, "private": 1} == counts(found)
    assert ["ours"] == [one.text for one in posts(found)]


@pytest.mark.parametrize(
    "noise",
    ["<div>" * 100_000, "</div>" * 100_000, "<a " * 100_000, '<a href="' * 50_000, "<!--" * 100_000, "&" * 90_000],
)
def test_broken_pages_neither_hang_nor_lose_messages(noise: str, read: Callable[..., Found]) -> None:
    """A page whose tags do not fit is read as far as its messages show."""
    found = read(page(shown(1, said("one") + noise), shown(2, said("two"))), name="messages.html")
    assert ["1", "2"] == [one.native_id for one in posts(found)]
    assert "two" == posts(found)[1].text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text == text.strip()),
        min_size=1,
        max_size=6,
    )
)
def test_both_forms_say_the_same(texts: list[str], read: Callable[..., Found]) -> None:
    """Any texts, written as JSON and as HTML, come back equal and in their order."""
    as_json = read(chat(*(message(number, text) for number, text in enumerate(texts, start=1))))
    as_pages = read(
        page(*(shown(number, said(html.escape(text))) for number, text in enumerate(texts, start=1))),
        name="messages.html",
    )
    assert texts == [one.text for one in posts(as_json)]
    assert texts == [one.text for one in posts(as_pages)]


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_there_is_no_live_road() -> None:
    """Neither a phone's login nor a scraped preview: the manifest says so and names the export."""
    manifest = manifests()["telegram"]
    assert manifest.entry_point is None
    assert any("phone login" in one for one in manifest.cannot_see)
    with pytest.raises(UserError, match="there is no connector for platform 'telegram'"):
        open_connector(Connection(id="c", platform="telegram"))


@pytest.mark.parametrize("name", ["test_single_export.json", "test_batch_export.json"])
def test_exports_of_other_projects_add_up(name: str, payloads: Path, channel: Callable[..., Account]) -> None:
    """Minimal exports without numbers: two messages each."""
    path = payloads / "joweich__chat-miner" / "test" / "telegram" / name
    if not path.is_file():
        pytest.skip("that project's exports are not there")
    found = list(importer("telegram_export").read(path, channel("Chatname", Space.INTERNAL)))
    assert {"post": 2} == counts(found)
    assert ["2018-12-05T10:39:10", "2018-12-05T10:49:24"] == [
        f"{one.created_at:%Y-%m-%dT%H:%M:%S}" for one in posts(found)
    ]
    assert 2 == len({one.native_id for one in posts(found)})
