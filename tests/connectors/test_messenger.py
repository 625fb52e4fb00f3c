"""The importer of Messenger downloads, classic and encrypted."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, Quarantined, Space
from connectors.base import importer

STAMP = 1791201600123
PEOPLE = ("Jo", "Kim", "Zoë")
Found = list[PostReading | Quarantined]


def mojibake(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def message(content: str | None = "Hello", at: int = STAMP, sender: str = "Jo", **fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"sender_name": mojibake(sender), "timestamp_ms": at, "type": "Generic"}
    return known | ({} if content is None else {"content": mojibake(content)}) | fields


def thread(*messages: Any, people: Iterable[str] = PEOPLE, title: str = "Lakeside", **fields: Any) -> dict[str, Any]:
    known = {"participants": [{"name": mojibake(name)} for name in people], "messages": list(messages)}
    return known | {"title": mojibake(title), "thread_path": "inbox/lakeside_77"} | fields


def encrypted(*messages: Any, people: Iterable[str] = PEOPLE, name: str = "Lakeside_3") -> dict[str, Any]:
    return {"participants": list(people), "threadName": name, "messages": list(messages)}


def secret(text: str = "Hello", at: int = STAMP, **fields: Any) -> dict[str, Any]:
    known = {"senderName": "Jo", "text": text, "timestamp": at, "type": "text", "media": [], "isUnsent": False}
    return known | fields


@pytest.fixture
def group(account: Callable[..., Account]) -> Account:
    return account("messenger", "77", handle="Lakeside", space=Space.INTERNAL)


@pytest.fixture
def read(tmp_path: Path, group: Account) -> Callable[..., Found]:
    def reading(*contents: Any, files: dict[str, Any] | None = None, account: Account = group) -> Found:
        named = {f"message_{number}.json": one for number, one in enumerate(contents, start=1)}
        for name, content in (files or named).items():
            path = tmp_path / "download" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return list(importer("messenger_export").read(tmp_path / "download", account))  # type: ignore[arg-type]

    return reading


def posts(found: Iterable[object]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def counts(found: Iterable[object]) -> dict[str, int]:
    return dict(Counter(one.reason if isinstance(one, Quarantined) else "post" for one in found))


# --- whose thread it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        thread(message(), people=("Jo", "Kim"), title="Kim"),
        thread(message(), people=("Jo", "Kim")),
        thread(message(), thread_type="Regular"),
        thread(message(), thread_type="Pending"),
        thread(message(), people=("Jo",), title="Jo"),
        encrypted(secret(), people=("Jo", "Kim"), name="Kim_3"),
    ],
)
def test_a_conversation_of_two_is_never_read(value: dict[str, Any], read: Callable[..., Found]) -> None:
    """Whatever a registry says of it: it is counted, and nothing of it kept."""
    found = read(value)
    assert {"private": 1} == counts(found)
    assert not any(one.raw for one in found)


@pytest.mark.parametrize(
    "value",
    [
        thread(message()),
        thread(message(), people=("Jo", "Kim"), thread_type="RegularGroup"),
        thread(message(), people=("Jo", "Kim"), joinable_mode={"mode": 1, "link": ""}),
        encrypted(secret()),
    ],
)
def test_a_group_is_read(value: dict[str, Any], read: Callable[..., Found]) -> None:
    """Told by its type, its people, or by what only groups have."""
    assert {"post": 1} == counts(read(value))


@pytest.mark.parametrize("odd", [{"data": 5}, [None], 7])
def test_a_type_that_is_none_costs_nothing(odd: Any, read: Callable[..., Found]) -> None:
    """A message says what it is in a text; whatever else stands there, neither it nor the others are lost."""
    assert {"post": 2} == counts(read(thread(message("One", type=odd), message("Two", STAMP + 1))))


@pytest.mark.parametrize("odd", [{"participants": []}, {"messages": "none"}, []])
def test_a_part_without_messages_is_not_an_empty_one(odd: Any, read: Callable[..., Found]) -> None:
    """It counts as one message that could not be read; those of the other part are kept."""
    assert {"post": 1, "is no message": 1} == counts(read(thread(message()), odd))


def test_of_a_download_only_the_accounts_thread_is_read(read: Callable[..., Found]) -> None:
    """Other threads are counted message by message; no place names the people whose folder it is."""
    other = thread(message(), message("Yes"), title="Others", thread_path="inbox/others_78")
    found = read(
        files={
            "your_facebook_activity/messages/inbox/lakeside_77/message_1.json": thread(message()),
            "your_facebook_activity/messages/inbox/kimberly_79/message_1.json": thread(
                message(), people=("Jo", "Kimberly"), title="Kimberly", thread_path="inbox/kimberly_79"
            ),
            "your_facebook_activity/messages/archived_threads/others_78/message_1.json": other,
            "your_facebook_activity/posts/your_posts_1.json": [],
        }
    )
    assert {"post": 1, "private": 3} == counts(found)
    assert not any("kimberly" in one.where for one in found if isinstance(one, Quarantined))


def test_a_thread_of_another_number_is_refused(read: Callable[..., Found]) -> None:
    """By itself it is still not the account's, whatever it is called."""
    for fields in ({"thread_path": "inbox/family_9999"}, {"thread_id": 9999}):
        for title in ("Family", "Lakeside"):
            with pytest.raises(ExportRefused, match="download of thread 9999; check the account's native_id"):
                read(thread(message("My own affair"), title=title, **fields))


def test_a_thread_by_itself_that_says_no_number_is_the_accounts(
    read: Callable[..., Found], account: Callable[..., Account]
) -> None:
    """Near-misses: an old thread whose path ends in letters, and an account that is known by its title alone."""
    assert {"post": 1} == counts(read(thread(message(), title="Renamed", thread_path="inbox/renamed_XyZ9")))
    titled = account("messenger", "lakeside-moms", handle="Lakeside Moms", space=Space.INTERNAL)
    assert {"post": 1} == counts(read(thread(message(), title="Renamed"), account=titled))


def test_of_two_threads_of_one_title_the_number_tells(read: Callable[..., Found]) -> None:
    """Somebody else's "Lakeside" is counted and left out."""
    found = read(
        files={
            "inbox/lakeside_77/message_1.json": thread(message("ours")),
            "inbox/lakeside_78/message_1.json": thread(message("theirs"), thread_path="inbox/lakeside_78"),
        }
    )
    assert (["ours"], {"post": 1, "private": 1}) == ([one.text for one in posts(found)], counts(found))


def test_a_private_space_is_refused_before_anything_is_read(tmp_path: Path, account: Callable[..., Account]) -> None:
    """Not even whether the file is there."""
    with pytest.raises(ExportRefused, match="a private chat is never read"):
        list(importer("messenger_export").read(tmp_path / "absent.zip", account("messenger", space=Space.PRIVATE)))


# --- messages ---------------------------------------------------------------------------------------------------------


def test_parts_are_one_thread_oldest_first(read: Callable[..., Found]) -> None:
    """message_1.json is the newest, and each part runs from new to old; ten comes after two."""
    files = {
        f"message_{part}.json": thread(
            message(f"{part}b", STAMP - part * 10), message(f"{part}a", STAMP - part * 10 - 5)
        )
        for part in (1, 2, 10)
    }
    assert ["10a", "10b", "2a", "2b", "1a", "1b"] == [one.text for one in posts(read(files=files))]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=8))
def test_texts_are_put_right(texts: list[str], read: Callable[..., Found]) -> None:
    """Whatever was typed comes back, and as many messages as there were."""
    sent = [message(text, STAMP - number) for number, text in enumerate(texts)]
    assert texts[::-1] == [one.text for one in posts(read(thread(*sent)))]


@pytest.mark.parametrize("text", ["caf\u00e9", "\u2019tis", "😀"])
def test_texts_that_are_right_already_stay(text: str, read: Callable[..., Found]) -> None:
    """Where the characters stand for no UTF-8 the text is kept as it is; the encrypted form always."""
    assert [text] == [one.text for one in posts(read(thread(message() | {"content": text})))]
    assert [text] == [one.text for one in posts(read(encrypted(secret(text))))]


def test_the_encrypted_form_is_never_put_right(read: Callable[..., Found]) -> None:
    """What looks like broken text there was typed so."""
    assert ["Ã©"] == [one.text for one in posts(read(encrypted(secret("Ã©"))))]


@pytest.mark.parametrize(
    "value",
    [
        thread(message("Later", STAMP + 1000), message(None, is_unsent=True)),
        thread(message("Later", STAMP + 1000), message("Regretted", is_unsent=True)),
        encrypted(secret("Later", STAMP + 1000), secret("", isUnsent=True)),
        encrypted(secret("Later", STAMP + 1000), secret("", isUnsent=True, type="placeholder")),
    ],
)
def test_an_unsent_message_shows_no_text(value: dict[str, Any], read: Callable[..., Found]) -> None:
    """It was gone by the thread's last message, which is all that is known."""
    unsent, last = posts(read(value))
    assert ("", last.created_at) == (unsent.text, unsent.deleted_at)
    assert b"Regretted" not in unsent.raw


def test_an_unsent_message_keeps_its_id(read: Callable[..., Found]) -> None:
    """So that the archive knows which one is gone, also where another came in the same millisecond."""
    before = posts(read(thread(message("b"), message("a"))))
    after = posts(read(thread(message("b"), message(None, is_unsent=True))))
    assert [one.native_id for one in before] == [one.native_id for one in after]
    assert 2 == len({one.native_id for one in before})
    assert not any("Jo" in one.native_id for one in before)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"photos": [{"uri": "messages/inbox/x/photos/1.jpg"}]}, Media(kind="photo", url=None, native_id="1.jpg")),
        ({"videos": [{"uri": "v/1.mp4"}]}, Media(kind="video", url=None, native_id="1.mp4")),
        ({"audio_files": [{"uri": "a/1.mp4"}]}, Media(kind="audio", url=None, native_id="1.mp4")),
        ({"sticker": {"uri": "s/1.png"}}, Media(kind="sticker", url=None, native_id="1.png")),
        ({"media": [{"uri": "./media/1.jpeg"}]}, Media(kind="photo", url=None, native_id="1.jpeg")),
        ({"media": [{"uri": "Failed to download media"}]}, Media(kind="file", url=None)),
    ],
)
def test_media_are_named_by_their_files(fields: dict[str, Any], expected: Media, read: Callable[..., Found]) -> None:
    """Both forms; the place inside the download is left out."""
    (post,) = posts(read(thread(message(None, **fields))))
    assert ("", (expected,)) == (post.text, post.media)


def test_a_shared_link_is_a_link(read: Callable[..., Found]) -> None:
    """With the words shown beside it."""
    share = {"link": "https://a.example", "share_text": "Our feast"}
    (post,) = posts(read(thread(message("Look", share=share))))
    assert ("Look\nOur feast", ("https://a.example",)) == (post.text, post.links)


@pytest.mark.parametrize(
    "record",
    [
        message("Kim joined.", type="Subscribe"),
        message("Jo called.", type="Call"),
        message("Jo called.", call_duration=7),
        message("Reacted 😀 to your message "),
    ],
)
def test_what_the_app_says_is_no_post(record: dict[str, Any], read: Callable[..., Found]) -> None:
    """Members come and go, calls, and reactions older apps sent as messages."""
    assert {"post": 1, "not_a_post": 1} == counts(read(thread(message("Reacted well to your message"), record)))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "is no message"),
        ("no object", "is no message"),
        ({"sender_name": "Jo", "content": "x"}, "timestamp is missing or no time"),
        ({"sender_name": "Jo", "content": "x", "timestamp_ms": True}, "timestamp is missing or no time"),
        ({"sender_name": "Jo", "content": "x", "timestamp_ms": 10**40}, "timestamp is no epoch time"),
        (
            {"sender_name": "Jo", "content": "x", "timestamp_ms": 1},
            "timestamp is an epoch time outside the years 2000 to 2100",
        ),
        (secret("gone", type="placeholder"), "is a placeholder, whose content the download does not hold"),
    ],
)
def test_what_cannot_be_read_is_kept_aside(record: Any, reason: str, read: Callable[..., Found]) -> None:
    """With its bytes, and beside it the rest is read."""
    assert {"post": 1, reason: 1} == counts(read(thread(message(), record)))


def test_raw_is_what_the_file_says(read: Callable[..., Found]) -> None:
    """Byte for byte, before anything was put right."""
    record = message("Zoë")
    (post,) = posts(read(thread(record)))
    assert json.dumps(record).encode() == post.raw
    assert "Zoë" == post.text


# --- whole downloads --------------------------------------------------------------------------------------------------


def test_an_encrypted_download_names_each_file_after_its_thread(read: Callable[..., Found]) -> None:
    """One file a thread, side by side; the name in the file counts."""
    found = read(
        files={
            "Lakeside_3.json": encrypted(secret()),
            "Others_4.json": encrypted(secret(), secret(), name="Others_4"),
            "Kim_5.json": encrypted(secret(), people=("Jo", "Kim"), name="Kim_5"),
        }
    )
    assert {"post": 1, "private": 3} == counts(found)


def test_a_zip_is_read_like_a_folder(tmp_path: Path, group: Account) -> None:
    """The file Meta sends."""
    with zipfile.ZipFile(tmp_path / "facebook-lakeside.zip", "w") as packed:
        packed.writestr("messages/inbox/lakeside_77/message_1.json", json.dumps(thread(message())))
        packed.writestr("messages/inbox/lakeside_77/photos/1.jpg", b"no picture")
    found = list(importer("messenger_export").read(tmp_path / "facebook-lakeside.zip", group))
    assert {"post": 1} == counts(found)


@pytest.mark.parametrize(
    ("files", "mend"),
    [
        ({"posts/your_posts_1.json": []}, "choose the download with messages in it"),
        ({"messages/inbox/x/message_1.html": "<html>"}, "with format JSON"),
        ({"message_1.json": '{"messages": ['}, "order the download again"),
        ({"message_1.json": '{"messages": NaN}'}, "order the download again"),
        ({"message_1.json": "[" * 9000}, "order the download again"),
        ({"message_1.json": "\x00"}, "order the download again"),
        ({"message_1.json": '{"messages": {}}'}, "choose the download with messages in it"),
    ],
)
def test_what_is_no_download_is_refused(files: dict[str, Any], mend: str, read: Callable[..., Found]) -> None:
    """It is never "no posts"."""
    with pytest.raises(ExportRefused, match=mend):
        read(files=files)


def test_a_minimal_thread_of_another_project_is_read(payloads: Path, group: Account) -> None:
    """A thread without people or title: its two messages, oldest first."""
    path = payloads / "joweich__chat-miner" / "test" / "instagram" / "test_export.json"
    if not path.is_file():
        pytest.skip("that project's exports are not there")
    found = list(importer("messenger_export").read(path, group))
    assert {"post": 2} == counts(found)
    assert ["2019-12-24T11:23:00", "2020-01-17T20:49:00"] == [
        f"{one.created_at:%Y-%m-%dT%H:%M:%S}" for one in posts(found)
    ]
