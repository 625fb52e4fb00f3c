"""What replies and kept mails quote of a post: erased with the post's body, while their own words stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from chapterwatch import replies
from chapterwatch.archive import tables
from chapterwatch.archive.sql import chunks

BLACK = "█"
#: Letters a reply and a post must share in a row to be called a quotation; fewer are everybody's words.
_QUOTED = 12


def black_out(conn: Connection, account_key: str, native_id: str, at: datetime) -> int:
    """Black out what replies quote of a post whose body is about to be erased; returns how many did."""
    table = tables.reply
    keys = sorted(_findings_of(conn, account_key, native_id))
    texts = _texts_of(conn, account_key, native_id)
    blacked = 0
    for part in chunks(keys):
        for row in conn.execute(select(table).where(table.c.finding_key.in_(part))).all():
            kept = _without(row.text, texts)
            if kept != row.text:
                conn.execute(update(table).where(table.c.id == row.id).values(text=kept, erased_at=at))
                blacked += 1
    return blacked


def cut_from_letters(conn: Connection, account_key: str, native_id: str) -> int:
    """Take what the form of reply quotes of a post out of the kept mails of issued reports; returns how many had it.

    Nothing else in a mail quotes a post. It may still leave: a sign-off waits, or a person sends it again.
    """
    found, table = _findings_of(conn, account_key, native_id), tables.report_letter
    done = 0
    for row in conn.execute(select(table).where(table.c.chapter.in_(set(found.values())))).all():
        letter = json.loads(row.letter)
        form = letter.get("reply_form", "")
        kept = replies.without_excerpts(form, found)
        if kept != form:
            where = (table.c.chapter == row.chapter, table.c.period == row.period, table.c.revision == row.revision)
            conn.execute(update(table).where(*where).values(letter=json.dumps(letter | {"reply_form": kept})))
            done += 1
    return done


def _findings_of(conn: Connection, account_key: str, native_id: str) -> dict[str, str]:
    """The chapter of every finding about a post, by key."""
    table = tables.finding
    where = (table.c.account_key == account_key, table.c.subject_kind == "post", table.c.subject_id == native_id)
    return {row.key: row.chapter for row in conn.execute(select(table.c.key, table.c.chapter).where(*where))}


def _texts_of(conn: Connection, account_key: str, native_id: str) -> list[str]:
    table = tables.post_revision
    where = (table.c.account_key == account_key, table.c.native_id == native_id, table.c.erased_at.is_(None))
    return [text for text in conn.execute(select(table.c.text).where(*where)).scalars() if text]


def _without(text: str, quoted: Sequence[str]) -> str:
    """The text, every run of at least `_QUOTED` letters that also stands in one of the others blacked out."""
    folded, sources = text.lower(), [item.lower() for item in quoted]
    if len(folded) != len(text):
        # Rare letters change their number in lower case; then only what is spelt alike is found.
        folded, sources = text, list(quoted)
    hidden = bytearray(len(text))
    for start in range(len(folded) - _QUOTED + 1):
        if any(folded[start : start + _QUOTED] in source for source in sources):
            hidden[start : start + _QUOTED] = b"\x01" * _QUOTED
    return "".join(BLACK if hide and not char.isspace() else char for char, hide in zip(text, hidden, strict=True))
