"""The importer of WhatsApp's chat exports, against exports written here in every locale's form."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from chapterwatch.archive import Archive
from chapterwatch.errors import ExportRefused
from chapterwatch.files import Folder
from chapterwatch.model import Access, Account, Media, Page, PostReading, Quarantined, Space
from chapterwatch.pipeline.collect import Run, read_exports
from connectors import base
from connectors.base import importer
from connectors.chats import Place
from connectors.pictures import Wanted, export_pictures
from connectors.whatsapp.stamps import orders_of, stamp_of

LRM = "\u200e"
CHICAGO = ZoneInfo("America/Chicago")
IPHONE_PHOTO = Media(
    kind="photo", url="00000042-PHOTO-2023-05-14-15-48-11.jpg", native_id="PHOTO-2023-05-14-15-48-11.jpg"
)
Found = list[PostReading | Quarantined]

#: Messages whose days tell the order, in any form.
CLEAR = [
    datetime(2023, 1, 5, 0, 7, 9),  # noqa: DTZ001 - a phone's clock has no zone
    datetime(2023, 1, 13, 9, 5, 1),  # noqa: DTZ001
    datetime(2023, 2, 28, 12, 30, 59),  # noqa: DTZ001
    datetime(2023, 11, 30, 15, 48, 11),  # noqa: DTZ001
    datetime(2024, 2, 29, 23, 59, 0),  # noqa: DTZ001
]


@pytest.fixture
def group(account: Callable[..., Account]) -> Account:
    return account("whatsapp", "lakeside-group", handle="Lakeside Group", space=Space.PUBLIC_GROUP)


@pytest.fixture
def read(tmp_path: Path, group: Account) -> Callable[..., Found]:
    def reading(content: str | bytes, name: str = "_chat.txt", account: Account = group) -> Found:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(importer("whatsapp_export").read(path, account))  # type: ignore[arg-type]

    return reading


def posts(found: Iterable[object]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def reasons(found: Iterable[object]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


def ios(*bodies: str, day: int = 14) -> str:
    return "".join(f"[{day}.05.23, 15:48:{second:02}] {body}\n" for second, body in enumerate(bodies))


def android(*bodies: str) -> str:
    return "".join(f"5/14/23, 3:{minute:02}\u202fPM - {body}\n" for minute, body in enumerate(bodies))


def local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=CHICAGO).astimezone(UTC)


# --- stamps ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "The vote is on 12/05/2023, at noon - be there: all of you",
        "[12] Jo: see the footnote",
        "12/05 15:48 - no year, no stamp: text",
        "5/5/23, 3:48 XY - Jo: XY halves no day",
        "99 - 100: numbers",
        "",
        "[5.5.23] Jo: a day without a time",
    ],
)
def test_what_only_looks_like_a_stamp_is_none(line: str) -> None:
    """A line is a new message only if a whole date and a whole time open it."""
    assert stamp_of(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[05.05.23, 15:48:11] Jo: x", "2023-05-05T15:48:11"),
        ("[2023/5/4, 16:13:23] Jo: x", "2023-05-04T16:13:23"),
        ("[5/5/23 3:48:11 PM] Jo: x", "2023-05-05T15:48:11"),
        ("5/5/23, 3:48\u202fPM - Jo: x", "2023-05-05T15:48:00"),
        ("5/5/2023, 12:48 a.\u00a0m. - Jo: x", "2023-05-05T00:48:00"),
        ("5/5/2023, 12:48 p. m. - Jo: x", "2023-05-05T12:48:00"),
        ("05-05-2018, 01.55 PM - Jo: x", "2018-05-05T13:55:00"),
        ("05/05/2020, 00:08 a. m. - Jo: x", "2020-05-05T00:08:00"),
        (
            "\u200f\u0665\u200f/\u0665\u200f/\u0662\u0660\u0662\u0663, \u0663:\u0664\u0668 \u0645 - Jo: x",
            "2023-05-05T15:48:00",
        ),
        ("\u096b/\u096b/\u0968\u0969, \u0969:\u096a\u096e pm - Jo: x", "2023-05-05T15:48:00"),
        ("2023/5/4 下午3:48 - Jo: x", "2023-05-04T15:48:00"),
        ("[2023/5/4 凌晨12:48:11] Jo: x", "2023-05-04T00:48:11"),
        ("2023. 5. 4. 오후 3:48 - Jo: x", "2023-05-04T15:48:00"),
        ("5/5/2566 15:48 - Jo: x", "2023-05-05T15:48:00"),
        ("5/5/66 15:48 - Jo: x", "2023-05-05T15:48:00"),
        ("05/05/2023 à 15:48 - Jo: x", "2023-05-05T15:48:00"),
        ("05.05.23 um 15:48 - Jo: x", "2023-05-05T15:48:00"),
        ("2023-05-05 15 h 48 - Jo: x", "2023-05-05T15:48:00"),
        ("5.05.23 \u0433., 15:48 - Jo: x", "2023-05-05T15:48:00"),
        ("15:48, 05/05/2023 - Jo: x", "2023-05-05T15:48:00"),
        ("[5/5/23, 3:48 PM] - Jo: x", "2023-05-05T15:48:00"),
        ("[\u200f5\u200f/5\u200f/2023\u060c 3:48:11 \u0645] Jo: x", "2023-05-05T15:48:11"),
        ("[15:48:11, 5/5/2023] Jo: x", "2023-05-05T15:48:11"),
        ("05/05/2023 15:48:11: Jo: x", "2023-05-05T15:48:11"),
    ],
)
def test_a_stamp_is_read_in_any_locales_form(line: str, expected: str) -> None:
    """Any order and sign between, clocks of 12 and 24 hours, other scripts' digits, marks of direction."""
    stamp = stamp_of(line)
    assert stamp is not None
    order = orders_of([stamp])[stamp.form]
    moment = stamp.moment(order)
    assert moment is not None
    assert expected == moment.isoformat()


def test_every_locale_of_cldr_is_read_back() -> None:
    """What a phone in any of CLDR's locales writes, in brackets or before a dash, with seconds and without, comes back.

    Locales whose short forms carry words beside date and time of a kind no phone system offers are left out by name.
    """
    babel = pytest.importorskip("babel", reason="Babel is not installed")
    dates = pytest.importorskip("babel.dates")
    left_out = {"brx", "dz", "ee", "hsb", "la", "nds", "wo", "yo"}
    wrong, right = [], 0
    for name in sorted(babel.localedata.locale_identifiers()):
        locale = babel.Locale.parse(name)
        if locale.language in left_out:
            continue
        for length in ("short", "medium"):
            moments = [one.replace(second=0) if length == "short" else one for one in CLEAR]
            written = [
                str(locale.datetime_formats["short"])
                .replace("{1}", dates.format_date(one, "short", locale=locale))
                .replace("{0}", dates.format_time(one, length, locale=locale))
                for one in moments
            ]
            for form in ("[%s] Jo: hello", f"{LRM}[%s] ~\u202fJo: hello", "%s - Jo: hello"):
                stamps = [stamp_of(form % one) for one in written]
                known = [one for one in stamps if one]
                orders = orders_of(known)
                read = [one.moment(orders[one.form]) for one in known]
                right += read == moments
                wrong += [] if read == moments else [(name, length, written)]
    assert [] == wrong
    assert right > 6000


# --- the order of day and month ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "days",
    [
        ["05/06/23"],
        ["01/02/23", "02/02/23"],
        ["01/02/23", "03/04/23", "05/06/23"],
    ],
)
def test_dates_that_fit_both_ways_are_refused(days: list[str], read: Callable[..., Found]) -> None:
    """Nothing is guessed: where day first and month first both fit, the file is refused, with how to mend it."""
    with pytest.raises(ExportRefused, match=r"read in two orders.*\.dmy before the ending"):
        read("".join(f"{day}, 15:48 - Jo: hello\n" for day in days))


@pytest.mark.parametrize(("name", "expected"), [("_chat.dmy.txt", (6, 5)), ("_chat.mdy.txt", (5, 6))])
def test_a_person_can_say_the_order_in_the_files_name(
    name: str, expected: tuple[int, int], read: Callable[..., Found]
) -> None:
    """`.dmy` or `.mdy` before the ending decides what the file leaves open."""
    (post,) = posts(read("05/06/23, 12:00 - Jo: hello\n", name))
    assert expected == (post.created_at.month, post.created_at.day)


def test_an_order_said_against_the_file_is_refused(read: Callable[..., Found]) -> None:
    """A name that contradicts the dates is a mistake of the name, not of the file."""
    with pytest.raises(ExportRefused, match="cannot stand in the order mdy"):
        read("13/06/23, 12:00 - Jo: hello\n", "_chat.mdy.txt")


@pytest.mark.parametrize(
    ("days", "first"),
    [
        # A number above 12.
        (["01/02/23", "13/02/23"], (2, 1)),
        (["01/02/23", "02/13/23"], (1, 2)),
        # None above 12: only one order never goes back.
        (["03/01/23", "01/02/23", "02/02/23"], (1, 3)),
        (["01/12/23", "02/03/23", "03/01/23"], (1, 12)),
        # Both readings are the same day.
        (["05/05/23"], (5, 5)),
    ],
)
def test_the_whole_file_tells_the_order(days: list[str], first: tuple[int, int], read: Callable[..., Found]) -> None:
    """A number above 12 settles it, else that messages stand in the order they were sent."""
    found = posts(read("".join(f"{day}, 12:00 - Jo: hello\n" for day in days)))
    assert len(days) == len(found)
    assert first in {(one.created_at.month, one.created_at.day) for one in found}


def test_a_date_of_another_calendar_is_refused(read: Callable[..., Found]) -> None:
    """Persian and Islamic years fit no order of a Gregorian date."""
    with pytest.raises(ExportRefused, match="fit no order"):
        read("1402/2/15, 15:48 - Jo: hello\n")


def test_one_impossible_date_among_many_is_kept_aside(read: Callable[..., Found]) -> None:
    """A pasted line with another locale's date does not turn the file; it is counted."""
    lines = [f"{1 + number // 28:02}/{1 + number % 28:02}/23, 12:00 - Jo: {number}\n" for number in range(60)]
    found = read("".join([*lines[:40], "28/13/23, 12:00 - Jo: pasted\n", *lines[40:]]))
    assert 60 == len(posts(found))
    assert ["its date or time does not exist"] == reasons(found)


# --- messages ---------------------------------------------------------------------------------------------------------


def test_lines_without_a_stamp_belong_to_the_message_above(read: Callable[..., Found]) -> None:
    """Empty lines, lines that look like a name, and Unicode's other line breaks stay in the text."""
    found = posts(read(android("Jo: one\n\nKim: two\u2028three\x0b\x85", "Kim: four")))
    assert ["one\n\nKim: two\u2028three\x0b\x85", "four"] == [one.text for one in found]


def test_a_pasted_line_of_another_form_is_text(read: Callable[..., Found]) -> None:
    """What a member pastes from another phone's chat is theirs, and no message of the person it names."""
    found = posts(read(android(*["Jo: hello"] * 11, "Jo: look:\n[14.05.23, 15:48:11] Kim: something vile")))
    assert 12 == len(found)
    assert "look:\n[14.05.23, 15:48:11] Kim: something vile" == found[-1].text


def test_carriage_returns_end_lines_and_are_no_text(read: Callable[..., Found]) -> None:
    """Windows line ends; `raw` keeps them."""
    (post,) = posts(read(android("Jo: one\r\ntwo\r")))
    assert "one\ntwo" == post.text
    assert post.raw.endswith(b"one\r\ntwo\r")


def test_raw_holds_the_lines_as_they_stand(read: Callable[..., Found]) -> None:
    """Every byte of the file is in the raw of the record it belongs to."""
    content = ios("Jo: one\ntwo", f"{LRM}Kim: three")
    found = read(content)
    assert content == "".join(one.raw.decode() + "\n" for one in posts(found))


@pytest.mark.parametrize(
    "notice",
    [
        'Jo created group "Lakeside"',
        'Jo changed the subject from "Plans: May" to "Plans: June"',
        'Maria "Mimi" Lopez changed the subject from "Plans: May" to "Plans: June"',
        "Jo hat den Betreff von „Fest: Mai“ zu „Fest: Juni“ geändert",
        "Jo a changé le sujet de « Fête : mai » en « Fête : juin »",
        "王将群组名称改为“聚会: 五月”",
        "You were added",
        "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
    ],
)
def test_notices_without_a_name_are_no_posts(notice: str, read: Callable[..., Found]) -> None:
    """Android writes the app's own notices without a name."""
    found = read(android(notice, "Jo: hello"))
    assert ["hello"] == [one.text for one in posts(found)]
    assert ["not_a_post"] == reasons(found)
    assert b"" == next(one.raw for one in found if isinstance(one, Quarantined))


@pytest.mark.parametrize(
    "name",
    [
        'Maria "Mimi" Lopez',
        "Jo „Joe“ Kern",
        "Jo “Joe” Kern",
        "Li 「Joe」",
        "Zoë « Zozo » Roy",
        '"Mimi"',
        "Åsa ”Ås” Ek",
        'Tom 5" Berg',
    ],
)
def test_a_member_with_a_nickname_in_quotes_is_read(name: str, read: Callable[..., Found]) -> None:
    """The name their friends saved them under quotes nothing."""
    found = read(android(f"{name}: I will get you", f'{name}: she said "go: now"', "Jo: hello"))
    assert ["I will get you", 'she said "go: now"', "hello"] == [one.text for one in posts(found)]


@pytest.mark.parametrize("line", ['Tom "Boss Berg: I will get you', "Tom „Boss Berg: I will get you"])
def test_a_quote_that_stays_open_is_kept_aside_with_its_bytes(line: str, read: Callable[..., Found]) -> None:
    """A name or a notice: nobody can be sure, so nothing is dropped."""
    (bad,) = [one for one in read(android("Jo: hello", line)) if isinstance(one, Quarantined)]
    assert "has no name that ends in a colon and a space" == bad.reason
    assert bad.raw.endswith(line.encode())


def test_a_member_may_begin_with_the_words_of_a_notice(read: Callable[..., Found]) -> None:
    """The app marks its own, or opens the chat with them."""
    told = "Messages and calls are end-to-end encrypted"
    hostile = f"{told}, so nobody sees that I hate you all"
    found = read(ios(f"Lakeside: {told}.", f"Tom: {hostile}", f"Lakeside: {LRM}{told}.", "Jo: hello"))
    assert [hostile, "hello"] == [one.text for one in posts(found)]
    assert ["not_a_post"] * 2 == reasons(found)


def test_notices_under_a_name_are_no_posts(read: Callable[..., Found]) -> None:
    """An iPhone puts the group's name, or that of the person told of, before its notices; others' words stay posts."""
    found = read(
        ios(
            f"Lakeside: {LRM}Messages and calls are end-to-end encrypted.",
            f"Lakeside: {LRM}You created this group",
            f"Jo: {LRM}Jo joined using this group's invite link",
            f"Jo: {LRM}POLL:\nWhen?\n{LRM}OPTION: Friday",
            "Jo: Lakeside is great",
        )
    )
    assert [f"{LRM}POLL:\nWhen?\n{LRM}OPTION: Friday", "Lakeside is great"] == [one.text for one in posts(found)]
    assert ["not_a_post"] * 3 == reasons(found)


@pytest.mark.parametrize(
    ("text", "shown", "media"),
    [
        # Near-misses: a member's own words.
        ("<3 you all", "<3 you all", ()),
        ("the image omitted", "the image omitted", ()),
        ("report.pdf (see page 3)", "report.pdf (see page 3)", ()),
        ("<Media omitted", "<Media omitted", ()),
        # The app's marks.
        ("<Media omitted>", "", (Media(kind="media", url=None),)),
        ("<Medien ausgeschlossen>\nunser Fest", "unser Fest", (Media(kind="media", url=None),)),
        (f"{LRM}image omitted", "", (Media(kind="media", url=None),)),
        (f"{LRM}Bild weggelassen", "", (Media(kind="media", url=None),)),
        (f"{LRM}画像は含まれていません", "", (Media(kind="media", url=None),)),
        (
            f"minutes.pdf • {LRM}3 pages {LRM}document omitted",
            f"minutes.pdf • {LRM}3 pages",
            (Media(kind="media", url=None),),
        ),
        (
            "IMG-20230514-WA0001.jpg (file attached)\nOur feast",
            "Our feast",
            (Media(kind="photo", url=None, native_id="IMG-20230514-WA0001.jpg"),),
        ),
        (
            f"{LRM}IMG-20230514-WA0001.jpg (irgendein Wort)",
            "",
            (Media(kind="photo", url=None, native_id="IMG-20230514-WA0001.jpg"),),
        ),
        (
            "minutes of May.pdf (Datei angehängt)",
            "",
            (Media(kind="file", url=None, native_id="minutes of May.pdf"),),
        ),
        (
            f"{LRM}<attached: 00000042-PHOTO-2023-05-14-15-48-11.jpg>",
            "",
            (IPHONE_PHOTO,),
        ),
        (
            f"Our feast {LRM}<Anhang: 00000042-PHOTO-2023-05-14-15-48-11.jpg>",
            "Our feast",
            (IPHONE_PHOTO,),
        ),
    ],
)
def test_media_marks_are_no_text(text: str, shown: str, media: tuple[Media, ...], read: Callable[..., Found]) -> None:
    """Attached and omitted media, in the words of iOS and Android in several languages; captions stay."""
    (post,) = posts(read(android(f"Jo: {text}")))
    assert (shown, media) == (post.text, post.media)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We meet at 7 <This message was edited at home>", "We meet at 7 <This message was edited at home>"),
        ("<This message was edited>", "<This message was edited>"),
        ("We meet at 7 <This message was edited>", "We meet at 7"),
        (f"We meet at 7 {LRM}<This message was edited>", "We meet at 7"),
        ("Um 7 <Diese Nachricht wurde bearbeitet.>", "Um 7"),
        (f"a las 7 {LRM}<Se editó este mensaje.>", "a las 7"),
        (f"we {LRM}<in a language nobody here knows>", "we"),
    ],
)
def test_the_mark_of_an_edit_is_no_text(text: str, shown: str, read: Callable[..., Found]) -> None:
    """The mark at the end is the app's; the same words elsewhere are the member's."""
    (post,) = posts(read(android(f"Jo: {text}")))
    assert shown == post.text


@pytest.mark.parametrize(
    "text",
    [
        "This message was deleted",
        f"{LRM}This message was deleted.",
        f"{LRM}You deleted this message.",
        "Diese Nachricht wurde gelöscht.",
        "Se eliminó este mensaje.",
        "Данное сообщение удалено",
        "تم حذف هذه الرسالة",
        "このメッセージは削除されました。",
        f"{LRM}This message was deleted by admin ~\u202fKim.",
    ],
)
def test_a_message_taken_back_shows_no_text(text: str, read: Callable[..., Found]) -> None:
    """Its words are the app's; it was gone by the export's last message, which is all that is known."""
    taken, last = posts(read(android(f"Jo: {text}", "Jo: so it goes")))
    assert ("", last.created_at) == (taken.text, taken.deleted_at)


def test_talk_about_a_deleted_message_is_a_post(read: Callable[..., Found]) -> None:
    """Near-miss: a member says why a message was deleted."""
    (post,) = posts(read(android("Jo: This message was deleted, why?")))
    assert ("This message was deleted, why?", None) == (post.text, post.deleted_at)


# --- time zones -------------------------------------------------------------------------------------------------------


def test_times_the_clocks_skip_or_repeat_follow_the_stated_rule(read: Callable[..., Found]) -> None:
    """Skipped: the offset before the change. Repeated: the first, unless the message above is later."""
    found = posts(
        read(
            "3/26/23, 9:00 PM - Jo: order\n"
            "11/5/23, 1:30 AM - Jo: first\n11/5/23, 1:50 AM - Jo: first too\n11/5/23, 1:10 AM - Jo: second\n"
            "3/10/24, 2:30 AM - Jo: skipped\n"
        )
    )
    expected = ["06:30", "06:50", "07:10", "08:30"]
    assert expected == [f"{one.created_at:%H:%M}" for one in found[1:]]


# --- identity ---------------------------------------------------------------------------------------------------------


def test_messages_of_one_minute_are_told_apart(read: Callable[..., Found]) -> None:
    """The same words twice in one minute are two messages."""
    found = posts(read("5/14/23, 3:48 PM - Jo: yes\n5/14/23, 3:48 PM - Jo: yes\n5/14/23, 3:48 PM - Kim: yes\n"))
    assert 3 == len({one.native_id for one in found})


def test_where_one_of_a_minute_is_missing_the_later_ones_move_up(read: Callable[..., Found]) -> None:
    """What `connector.yml` owns to: in the same minute only, and whatever was written at another time stays itself."""
    stamp, told = "5/14/23, 3:48 PM - Jo: ", base.manifests()["whatsapp"].cannot_see
    whole = posts(read(f"{stamp}one\n{stamp}two\n5/14/23, 3:49 PM - Jo: three\n"))
    fewer = posts(read(f"{stamp}two\n5/14/23, 3:49 PM - Jo: three\n"))
    assert [whole[0].native_id, whole[2].native_id] == [one.native_id for one in fewer]
    assert any("can look like edits" in line for line in told)


def test_a_picture_keeps_its_identity_when_an_export_numbers_it_anew(
    tmp_path: Path, read: Callable[..., Found], group: Account
) -> None:
    """Another export is no edit; and the picture is found by the number it has in this one."""
    found = [
        posts(read(android(f"Jo: {LRM}<attached: {number}-PHOTO-2023-05-14-15-48-11.jpg>")))[0]
        for number in ("00000042", "00000007")
    ]
    assert found[0].native_id == found[1].native_id
    assert found[0].content_hash == found[1].content_hash
    (tmp_path / "chat").mkdir()
    image = io.BytesIO()
    Image.new("RGB", (4, 3)).save(image, "PNG")
    (tmp_path / "chat" / "00000007-PHOTO-2023-05-14-15-48-11.jpg").write_bytes(image.getvalue())
    (media,) = found[1].media
    wanted = Wanted(subject_id=found[1].native_id, picture=str(media.native_id), url=media.url)
    with export_pictures(tmp_path / "chat", group) as source:
        picture = source.picture(wanted)
    assert (4, 3) == (picture.width, picture.height)


def test_ids_name_nobody(read: Callable[..., Found]) -> None:
    """A member's name and the file's are in no id and no place."""
    found = read("5/14/23, 3:48 PM - Josefa: yes\n5/14/23, 3:48 PM - Josefa:no\n", "WhatsApp Chat with Kimberly.txt")
    places = [one.native_id if isinstance(one, PostReading) else one.where for one in found]
    assert not any("Josefa" in place or "Kimberly" in place for place in places)


def test_a_later_export_adds_what_is_new_and_tells_edits_and_deletions(
    tmp_path: Path, read: Callable[..., Found], group: Account
) -> None:
    """The same export twice adds nothing; a later one revises an edited message and marks one that was taken back."""
    early = datetime(2026, 10, 30, tzinfo=UTC)
    before = android("Jo: one", "Kim: two", "Jo: three")
    after = android("Jo: one", "Kim: zwei <This message was edited>", "Jo: This message was deleted", "Jo: four")
    counts = []
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        archive.register_accounts([group], early)
        for number, content in enumerate((before, before, after, after)):
            page = Page(posts=tuple(posts(read(content))))
            at = early + timedelta(days=number)
            recorded = archive.record_page(
                group.key, page, run_id=f"run {number}", captured_at=at, connector="test", moves_cursor=False
            )
            counts.append((recorded.new, recorded.revised))
        frame = archive.posts_frame([group.key])
    assert (3, 0) == counts[0]
    assert (0, 0) == counts[1]
    assert 1 == counts[2][0]
    assert (0, 0) == counts[3]
    current = frame[frame["is_current"]].sort_values("created_at")
    assert ["present", "edited", "deleted", "present"] == list(current["state"])
    # What was taken back keeps the text it had: an empty place is no new wording.
    assert {"one", "two", "zwei", "three", "four"} == set(frame["text"])
    assert ["one", "zwei", "three", "four"] == list(current["text"])


@pytest.fixture
def imported(tmp_path: Path, account: Callable[..., Account]) -> Iterator[Callable[..., pd.DataFrame]]:
    """Reads exports into one archive, one a night, and gives the current posts; `known` were in it before."""
    own = account(
        "whatsapp", "lakeside-group", space=Space.INTERNAL, access=Access.IMPORT, export_format="whatsapp_export"
    )
    nights = count(1)
    with Archive.open(f"sqlite:///{tmp_path / 'kept.db'}", Folder(tmp_path / "media")) as archive:
        archive.register_accounts([own], datetime(2026, 10, 1, tzinfo=UTC))

        def importing(*contents: str, known: Sequence[PostReading] = ()) -> pd.DataFrame:
            for content in contents:
                night = next(nights)
                now, run_id, path = datetime(2026, 10, 1 + night, tzinfo=UTC), f"run {night}", tmp_path / "_chat.txt"
                archive.start_run(run_id, "import", "", now)
                if known and night == 1:
                    page = Page(posts=tuple(known))
                    archive.record_page(own.key, page, run_id=run_id, captured_at=now, connector="test")
                path.write_text(content, encoding="utf-8")
                inbox = Folder(tmp_path)
                run = Run(archive=archive, run_id=run_id, now=now, connection_for=lambda _: None, inbox=inbox)
                assert 0 == read_exports(run, own, [path]).unknown
            frame = archive.posts_frame([own.key])
            return frame[frame["is_current"]].sort_values(["created_at", "subject_id"], ignore_index=True)

        yield importing


PICTURE = "Jo: IMG-20230514-WA0001.jpg (file attached)\nYou stupid cow"
LEFT_OUT = "Jo: <Media omitted>\nYou stupid cow"
TAKEN_BACK = "Jo: This message was deleted"
NAMED = [{"kind": "photo", "url": None, "alt_text": None, "native_id": "IMG-20230514-WA0001.jpg"}]


@pytest.mark.parametrize("before", [[PICTURE], [LEFT_OUT], [PICTURE, LEFT_OUT], [LEFT_OUT, PICTURE]])
def test_a_picture_with_a_caption_that_was_taken_back_is_gone(
    before: list[str], imported: Callable[..., pd.DataFrame]
) -> None:
    """One post that is deleted, whichever exports showed it; what it said stays known."""
    frame = imported(*(android(one, "Jo: so it goes") for one in [*before, TAKEN_BACK]))
    assert [("deleted", "You stupid cow"), ("present", "so it goes")] == list(
        zip(frame["state"], frame["text"], strict=True)
    )


@pytest.mark.parametrize("nights", [[PICTURE, LEFT_OUT], [LEFT_OUT, PICTURE], [PICTURE, LEFT_OUT, PICTURE, LEFT_OUT]])
def test_an_export_without_media_shows_the_same_message(
    nights: list[str], imported: Callable[..., pd.DataFrame]
) -> None:
    """One post, not edited, with the picture as it is known."""
    (row,) = imported(*map(android, nights)).to_dict("records")
    assert ("present", "You stupid cow", NAMED) == (row["state"], row["text"], row["media"])


def test_a_caption_changed_beside_a_picture_left_out_is_an_edit(imported: Callable[..., pd.DataFrame]) -> None:
    """Near-miss: the words are others."""
    (row,) = imported(android(PICTURE), android("Jo: <Media omitted>\nYou dear <This message was edited>")).to_dict(
        "records"
    )
    assert ("edited", "You dear", NAMED) == (row["state"], row["text"], row["media"])


def test_two_exports_in_one_folder_know_each_others_media(tmp_path: Path, group: Account) -> None:
    """The one without media reaches further and says nothing new of the picture."""
    (tmp_path / "WhatsApp Chat with Lakeside Group.txt").write_text(android(PICTURE))
    (tmp_path / "WhatsApp Chat with Lakeside Group (1).txt").write_text(android(LEFT_OUT, "Jo: later"))
    first, again, _ = posts(importer("whatsapp_export").read(tmp_path, group))
    assert (first.native_id, first.content_hash) == (again.native_id, again.content_hash)


def as_kept_before(kind: str, *media: Media) -> PostReading:
    """A post under the id an earlier release gave it, which held what was shown of its media."""
    stamp = datetime(2023, 5, 14, 15, 0)  # noqa: DTZ001 - a phone's clock has no zone
    return PostReading(
        native_id=Place("whatsapp", stamp.isoformat(), "Jo", 1).id(kind),
        kind="post",
        created_at=local(stamp),
        created_raw="5/14/23, 3:00\u202fPM",
        text="You stupid cow",
        media=media,
        raw=b"as it stood",
    )


WITH_FILE = as_kept_before("file:IMG-20230514-WA0001.jpg", Media(**NAMED[0]))
WITHOUT_FILE = as_kept_before("omitted", Media(kind="media", url=None))


@pytest.mark.parametrize("known", [[WITH_FILE], [WITHOUT_FILE]])
@pytest.mark.parametrize("content", [PICTURE, LEFT_OUT])
def test_ids_of_an_earlier_release_are_known_again(
    known: list[PostReading], content: str, imported: Callable[..., pd.DataFrame]
) -> None:
    """The post keeps the id it has in the archive, and is no second one."""
    frame = imported(android(content), known=known)
    assert [(known[0].native_id, "present")] == list(zip(frame["subject_id"], frame["state"], strict=True))


def test_what_an_earlier_release_kept_twice_is_gone_twice(imported: Callable[..., pd.DataFrame]) -> None:
    """A message taken back leaves no post standing under any id it was ever given."""
    frame = imported(android(TAKEN_BACK), known=[WITH_FILE, WITHOUT_FILE])
    assert ["deleted"] * 2 == list(frame["state"])
    assert ["You stupid cow"] * 2 == list(frame["text"])


# --- whole files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("WhatsApp Chat - Lakeside.zip", "_chat.txt"),
        ("WhatsApp Chat with Lakeside.zip", "WhatsApp Chat with Lakeside.txt"),
        ("chat.zip", "Chat de WhatsApp con Lakeside.txt"),
        ("chat.zip", "anything.txt"),
    ],
)
def test_a_zip_is_read_whatever_its_language(name: str, inner: str, tmp_path: Path, group: Account) -> None:
    """The chat beside its media, under the names phones give it."""
    with zipfile.ZipFile(tmp_path / name, "w") as packed:
        packed.writestr(inner, android("Jo: hello"))
        packed.writestr("IMG-20230514-WA0001.jpg", b"no picture")
    found = list(importer("whatsapp_export").read(tmp_path / name, group))
    assert ["hello"] == [one.text for one in posts(found)]


def test_of_several_chats_only_the_accounts_is_read(tmp_path: Path, group: Account) -> None:
    """A folder of somebody's chats: the others are counted, and a folder without the account's chat is refused."""
    (tmp_path / "WhatsApp Chat with Kimberly.txt").write_text(android("Kimberly: hello", "Jo: hello"))
    (tmp_path / "WhatsApp Chat with Sam.txt").write_text(android("Sam: hello"))
    with pytest.raises(ExportRefused, match="several WhatsApp chats"):
        list(importer("whatsapp_export").read(tmp_path, group))
    for copy in ("", " (1)"):
        (tmp_path / f"WhatsApp Chat with Lakeside Group{copy}.txt").write_text(android("Jo: ours"))
    found = list(importer("whatsapp_export").read(tmp_path, group))
    assert ["ours", "ours"] == [one.text for one in posts(found)]
    assert ["private"] * 3 == reasons(found)
    assert not any("Kim" in one.where or one.raw for one in found if isinstance(one, Quarantined))


def test_a_private_space_is_refused_before_anything_is_read(tmp_path: Path, account: Callable[..., Account]) -> None:
    """Not even whether the file is there."""
    with pytest.raises(ExportRefused, match="a private chat is never read"):
        list(importer("whatsapp_export").read(tmp_path / "absent.zip", account("whatsapp", space=Space.PRIVATE)))


@pytest.mark.parametrize("content", ["", "\n\n", "no stamp anywhere\n", "\x00" * 500, "[" * 4000])
def test_a_file_without_messages_is_refused(content: str, read: Callable[..., Found]) -> None:
    """It is never "no posts"."""
    with pytest.raises(ExportRefused, match="holds no message"):
        read(content)


def test_broken_bytes_cost_their_message_alone(read: Callable[..., Found]) -> None:
    """What is no UTF-8 is kept aside with its bytes; the rest is read."""
    found = read(android("Jo: one").encode() + b"5/14/23, 3:09 PM - Jo: \xff\xfe\n" + android("Jo: two").encode())
    assert ["one", "two"] == sorted(one.text for one in posts(found))
    (bad,) = [one for one in found if isinstance(one, Quarantined)]
    assert ("is not UTF-8", b"5/14/23, 3:09 PM - Jo: \xff\xfe") == (bad.reason, bad.raw)


@pytest.mark.parametrize(
    "text", [" " * 300_000, "<" * 300_000, "\u200e" * 300_000, "a.b (" * 60_000, ": " * 150_000, "\n" * 300_000]
)
def test_huge_messages_are_read(text: str, read: Callable[..., Found]) -> None:
    """No form of line makes reading slow; the words come through whole."""
    found = posts(read(android(f"Jo: x{text}x")))
    assert [f"x{text}x"] == [one.text for one in found]


AUTHORS = st.sampled_from(["Jo", "Kim Lee", "+1 202 555 0143", "Zoë 🤓", "نور", "~\u202fSam"])
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\u200e"), min_size=1, max_size=80
).map(lambda text: f"x{text}x")
MESSAGES = st.lists(st.tuples(AUTHORS, st.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=20)
STYLES = {
    "[%d.%m.%y, %H:%M:%S] ": "dmy",
    "[%m/%d/%y, %I:%M:%S %p] ": "mdy",
    "%d/%m/%Y, %H:%M - ": "dmy",
    "%Y-%m-%d %H:%M - ": "ymd",
    "%m/%d/%y, %I:%M\u202f%p - ": "mdy",
    "%d-%m-%Y %H:%M - ": "dmy",
    "[%Y/%m/%d %H:%M:%S] ": "ymd",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=MESSAGES, style=st.sampled_from(sorted(STYLES)), gap=st.integers(min_value=3600, max_value=9_000_000))
def test_what_was_written_is_read_back(
    messages: list[tuple[str, list[str]]], style: str, gap: int, read: Callable[..., Found]
) -> None:
    """Any messages in any form: as many, with the same words and times, and the counts add up."""
    start = datetime(2023, 5, 25, 12, 0, 0)  # noqa: DTZ001
    sent = [(start + number * timedelta(seconds=gap - gap % 60), *one) for number, one in enumerate(messages)]
    content = "".join(f"{moment.strftime(style)}{author}: {chr(10).join(lines)}\n" for moment, author, lines in sent)
    found = read(content)
    assert [] == reasons(found)
    assert ["\n".join(lines) for _, _, lines in sent] == [one.text for one in posts(found)]
    assert {one.created_at for one in posts(found)} <= {
        local(moment.replace(fold=fold)) for moment, _, _ in sent for fold in (0, 1)
    }


def test_exports_of_other_projects_add_up(payloads: Path, group: Account) -> None:
    """Five orders of the date, one chat: six messages, two notices, and one line nobody can be sure of."""
    folder = payloads / "joweich__chat-miner" / "test" / "whatsapp"
    if not folder.is_dir():
        pytest.skip("that project's exports are not there")
    exports = sorted(folder.glob("*.txt"))
    assert 5 == len(exports)
    for path in exports:
        found = list(importer("whatsapp_export").read(path, group))
        counts = Counter(one.reason if isinstance(one, Quarantined) else "post" for one in found)
        assert {"post": 6, "not_a_post": 2, "has no name that ends in a colon and a space": 1} == counts
        assert "2021-12-31T04:01:00+00:00" == max(one.created_at for one in posts(found)).isoformat()
