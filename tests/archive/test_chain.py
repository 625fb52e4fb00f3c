"""Tampering is found, an erasure is not tampering, and a cut tail is found by the heads kept elsewhere."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from chapterwatch.archive import Archive
from chapterwatch.archive.chain import canonical
from chapterwatch.archive.erasure import vacuum
from chapterwatch.errors import ArchiveError
from chapterwatch.model import Access, Coverage, PostState, Quarantined, Seen, Window
from tests.disk import full_beyond

from .conftest import KEY, NIGHT, Shelf, account, finding, night, post, profile

SECRET = "the words nobody may read again"


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    """Five captures: two posts, one of them edited once, one hidden, and a profile; heads witnessed in a report."""
    shelf.show_profile(0, profile())
    shelf.show(0, post("1", "A"), post("2", "B", lang="en", links=("https://lakeside.example/",)))
    shelf.show(1, post("1", "C"))
    shelf.show(2, post("2", "B", hidden=True))
    return shelf


def execute(shelf: Shelf, *statements: str) -> None:
    """What somebody with the database's password could do, foreign keys or not."""
    sqlite_ = shelf.archive.dialect == "sqlite"
    off = "PRAGMA foreign_keys=OFF" if sqlite_ else "SET session_replication_role = replica"
    with closing(shelf.archive._engine.raw_connection()) as connection:
        for statement in (off, *statements):
            connection.cursor().execute(statement)
        connection.commit()
        connection.invalidate()


def first_problem(shelf: Shelf) -> str:
    [problem] = shelf.archive.verify().problems
    return problem


def test_an_untouched_archive_is_whole(filled: Shelf) -> None:
    """Verification counts what it checked and gives the heads it reached."""
    result = filled.archive.verify()

    assert (True, 5, 1, []) == (result.ok, result.captures_checked, result.accounts, result.problems)
    assert filled.archive.heads() == result.heads


def test_two_archives_of_the_same_facts_share_no_leaf(filled: Shelf) -> None:
    """Leaves are salted: equal content cannot be recognised from its leaf."""
    with filled.archive._engine.connect() as conn:
        rows = conn.execute(text("SELECT salt, leaf FROM capture")).all()

    assert (5, 5) == (len({bytes(row.salt) for row in rows}), len({row.leaf for row in rows}))


def test_an_odd_year_is_no_tampering(shelf: Shelf) -> None:
    """What a platform calls an edit of the year 1 hashes as both databases write it."""
    shelf.show(0, post("1", "A", edited_at=datetime(1, 1, 1, tzinfo=UTC)))
    shelf.show(1, post("2", "B", edited_at=datetime(999, 12, 31, 23, 59, 59, 5, tzinfo=UTC)))

    assert [] == shelf.archive.verify().problems
    assert '["0001-01-01 00:00:00.000000"]' == canonical([datetime(1, 1, 1, tzinfo=UTC)])
    assert '["2026-10-01 02:00:00.000000"]' == canonical([NIGHT])


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["DELETE FROM capture WHERE seq = 3"], "entry 3 is missing"),
        (["DELETE FROM post_revision WHERE seq = 3"], "entry 3 was changed"),
        (["UPDATE post_revision SET text = 'nice' WHERE seq = 3"], "entry 3 was changed"),
        (["UPDATE post_revision SET native_id = '2' WHERE seq = 2"], "entry 2 was changed"),
        (["UPDATE post_revision SET erased_at = captured_at WHERE seq = 2"], "entry 2 was changed"),
        (["UPDATE profile_revision SET bio = 'nice'"], "entry 1 was changed"),
        (["UPDATE capture SET raw = raw_sha256::bytea WHERE seq = 2"], "entry 2 was changed"),
        (
            [
                "UPDATE capture SET seq = 99 WHERE seq = 2",
                "UPDATE capture SET seq = 2 WHERE seq = 3",
                "UPDATE capture SET seq = 3 WHERE seq = 99",
            ],
            "entry 2 was changed",
        ),
        (
            [
                "UPDATE capture SET seq = 6 WHERE seq = 5",
                (
                    "INSERT INTO capture SELECT account_key, 5, kind, subject_id, run_id, connector, captured_at, note,"
                    " raw, raw_sha256, salt, leaf, prev, hash FROM capture WHERE seq = 4"
                ),
            ],
            "entry 5 was changed",
        ),
        (["UPDATE capture SET raw = NULL, raw_sha256 = NULL, salt = NULL WHERE seq = 2"], "entry 2 was changed"),
        (["DELETE FROM capture WHERE seq = 5", "DELETE FROM post_revision WHERE seq = 5"], "entry 5 is missing"),
        (["UPDATE chain_head SET hash = 'x'"], "the head does not fit entry 5"),
        (["DELETE FROM chain_head"], "the account's head is missing"),
        (
            ["UPDATE capture SET seq = 7 WHERE seq = 5"],
            "entry 5 is missing",
        ),
    ],
)
def test_every_kind_of_tampering_is_named(filled: Shelf, statements: list[str], problem: str) -> None:
    """Changed, removed, inserted, swapped, emptied: the first bad entry is named."""
    if filled.archive.dialect == "sqlite":
        statements = [statement.replace("::bytea", "") for statement in statements]
    execute(filled, *statements)

    assert first_problem(filled).startswith(f"{KEY}: {problem}")


def test_an_account_nothing_was_ever_kept_of_is_whole(filled: Shelf) -> None:
    """The registry names accounts before their first night, and private ones that never have one."""
    result = filled.archive.verify([KEY, "x:never-met"])

    assert (True, 5) == (result.ok, result.captures_checked)


TABLES_OF_THE_ACCOUNT = (
    *("post_revision", "profile_revision", "absence", "quarantine", "post", "capture", "coverage"),
    *("chain_head", "account_handle", "account"),
)


@pytest.mark.parametrize("left", [{"account", "account_handle"}, {"coverage"}, set()])
def test_an_account_that_was_taken_out_is_missed(filled: Shelf, left: set[str]) -> None:
    """A row that was left behind tells of it; where none was, the witness of a report does."""
    window = Window(since=NIGHT, until=NIGHT)
    facts = {"asked": "posts", "seen": Seen.SEEN, "reason": None, "detail": "", "window": window, "at": NIGHT}
    filled.archive.start_run("night-0", "collect", "2026-10-01", NIGHT)
    filled.archive.add_coverage([Coverage(run_id="night-0", account_key=KEY, **facts)])
    if not left:
        filled.archive.issue_report("ala-lakeside", "2026-10", "facts", reason=None, at=NIGHT)
        filled.archive.witness_heads("ala-lakeside", "2026-10", 1, filled.archive.heads(), NIGHT)
    execute(filled, *(f"DELETE FROM {name}" for name in TABLES_OF_THE_ACCOUNT if name not in left))

    assert [f"{KEY}: the account's head is missing"] == filled.archive.verify([KEY]).problems


def test_a_reading_put_in_by_hand_is_found(filled: Shelf) -> None:
    """A reading without a capture would be judged and reported, so it must not go unseen."""
    columns = (
        "native_id, stands_from, captured_at, content_hash, kind, lang, text, cleaned, created_at, created_raw,"
        " edited_at, version_ids, links, media, hidden, permalink, reply_to, erased_at"
    )
    execute(
        filled,
        f"INSERT INTO post_revision (account_key, seq, {columns})"
        f" SELECT account_key, 77, {columns} FROM post_revision WHERE seq = 2",
    )

    assert f"{KEY}: a post reading stands at entry 77 without its capture" == first_problem(filled)


def test_a_tail_cut_with_its_head_needs_a_witness(filled: Shelf) -> None:
    """A shorter chain is whole in itself; only heads that left the archive tell."""
    heads = filled.archive.heads()
    cut = (
        "DELETE FROM post_revision WHERE seq = 5",
        "DELETE FROM capture WHERE seq = 5",
        "UPDATE chain_head SET entries = 4, hash = (SELECT hash FROM capture WHERE seq = 4)",
    )
    execute(filled, *cut)

    assert filled.archive.verify().ok
    assert [f"{KEY}: entry 5 is missing: the head given counted 5 entries"] == (
        filled.archive.verify(witnessed=heads).problems
    )


def test_heads_printed_in_a_report_find_a_cut_tail(filled: Shelf) -> None:
    """The heads of every issued report are held against the chain."""
    filled.archive.issue_report("ala-lakeside", "2026-10", "facts", reason=None, at=NIGHT)
    filled.archive.witness_heads("ala-lakeside", "2026-10", 1, filled.archive.heads(), NIGHT)
    printed = filled.archive.head_digest()
    filled.show(3, post("9"))
    assert filled.archive.verify().ok
    assert printed == filled.archive.witnessed_digest("ala-lakeside", "2026-10", 1)
    report = filled.archive.latest_report("ala-lakeside", "2026-10")
    assert report is not None
    assert printed == (report.chain_count, report.chain_digest)

    execute(
        filled,
        "DELETE FROM post_revision WHERE seq > 4",
        "DELETE FROM capture WHERE seq > 4",
        "UPDATE chain_head SET entries = 4, hash = (SELECT hash FROM capture WHERE seq = 4)",
    )
    expected = f"{KEY}: entry 5 is missing: report ala-lakeside 2026-10 revision 1 counted 5 entries"
    assert expected == first_problem(filled)
    assert printed != filled.archive.witnessed_digest("ala-lakeside", "2026-10", 1)


def test_a_chain_hashed_anew_does_not_fit_its_witness(filled: Shelf) -> None:
    """Whoever rewrites the whole chain cannot rewrite the mailed reports."""
    heads = filled.archive.heads()
    with Archive.open(str(filled.archive._engine.url.render_as_string(hide_password=False))) as other:
        execute(
            filled,
            *(f"DELETE FROM {name}" for name in ("post_revision", "profile_revision", "post", "capture")),
            f"UPDATE chain_head SET entries = 0, hash = '{'0' * 64}'",
        )
        forged = Shelf(other)
        forged.show(0, *(post(str(number), "all is well") for number in range(5)))
        assert other.verify().ok
        assert [f"{KEY}: entry 5 is not the one that the head given saw"] == other.verify(witnessed=heads).problems


# --- every byte -----------------------------------------------------------------------------------------------------

_CHAINED = ("capture", "post_revision", "profile_revision", "chain_head")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_flipped_byte_of_any_stored_value_goes_unseen(filled: Shelf, tmp_path: Path) -> None:
    """One bit of each byte of each stored value of the chain, text and times and hashes alike, is flipped in turn."""
    missed, flips = [], 0
    with closing(sqlite3.connect(tmp_path / "archive.sqlite", isolation_level=None)) as db:
        db.text_factory = bytes
        for place, value in list(_values(db)):
            for number, changed in enumerate(_flipped(value)):
                try:
                    _write(db, place, changed)
                except sqlite3.IntegrityError:
                    continue  # The database itself refuses it: two entries of one number.
                flips += 1
                if filled.archive.verify([KEY]).ok:
                    missed.append((place, number))
            _write(db, place, value)

    assert [] == missed
    assert flips > 2000
    assert filled.archive.verify().ok


def _values(db: sqlite3.Connection) -> Iterator[tuple[tuple[str, str, int], Any]]:
    for table in _CHAINED:
        names = [row[1].decode() for row in db.execute(f"PRAGMA table_info({table})")]
        for name in names:
            for rowid, value in db.execute(f"SELECT rowid, {name} FROM {table} ORDER BY rowid").fetchall():
                kind = db.execute(f"SELECT typeof({name}) FROM {table} WHERE rowid = ?", (rowid,)).fetchone()[0]
                if value is not None:
                    yield (table, name, rowid), (kind.decode(), value)


def _flipped(value: Any) -> Iterator[Any]:
    kind, stored = value
    if kind == "integer":
        yield from ((kind, stored ^ (1 << bit)) for bit in range(4))
        return
    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1 << (position % 8)
        yield kind, bytes(changed)


def _write(db: sqlite3.Connection, place: tuple[str, str, int], value: Any) -> None:
    table, name, rowid = place
    kind, stored = value
    # A cast keeps the storage class and the bytes as they are, UTF-8 or not.
    slot = "CAST(? AS TEXT)" if kind == "text" else "?"
    db.execute(f"UPDATE {table} SET {name} = {slot} WHERE rowid = ?", (stored, rowid))


# --- erasing --------------------------------------------------------------------------------------------------------


def erase(shelf: Shelf, native_id: str = "1") -> Any:
    return shelf.archive.erase_body(KEY, native_id, reason="deleted on X", author="officer", at=night(9))


def test_an_erased_body_leaves_a_tombstone_and_a_whole_chain(filled: Shelf) -> None:
    """Both wordings go, the chain verifies, and the receipt names the tombstone that heads it."""
    receipt = erase(filled)

    assert (2, 2) == (receipt.captures, receipt.revisions)
    assert filled.archive.heads()[KEY] == receipt.tombstone
    assert filled.archive.verify().ok
    assert [(KEY, "1")] == filled.archive.erased_posts()
    assert erase(filled).tombstone is None


def test_an_erased_post_is_not_judged_but_can_be_counted(filled: Shelf) -> None:
    """An empty text would be called clean, so the frame leaves it out unless it is asked for."""
    erase(filled)

    assert ["2", "2"] == list(filled.archive.posts_frame()["subject_id"])
    frame = filled.archive.posts_frame(erased=True)
    assert [("1", "", ""), ("1", "", "")] == list(
        frame.loc[frame["subject_id"] == "1", ["subject_id", "text", "content_hash"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE post_revision SET text = 'planted' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE capture SET note = '{\"erased\": [2]}' WHERE seq = 6", "entry 6 was changed"),
    ],
)
def test_nothing_can_be_planted_under_a_tombstone(filled: Shelf, statement: str, problem: str) -> None:
    """Erased entries stay empty and the tombstone stays as written."""
    erase(filled)
    execute(filled, statement)

    assert first_problem(filled).startswith(f"{KEY}: {problem}")


def test_a_silent_erasure_is_found(filled: Shelf) -> None:
    """Blanking an entry the way an erasure does, without its tombstone, is tampering."""
    execute(
        filled,
        "UPDATE capture SET raw = NULL, raw_sha256 = NULL, salt = NULL WHERE seq = 2",
        "UPDATE post_revision SET text = '', links = '[]', media = '[]', content_hash = '', permalink = NULL,"
        " erased_at = captured_at WHERE seq = 2",
    )

    assert f"{KEY}: the body of entry 2 is gone and no erasure says so" == first_problem(filled)


def test_an_erased_body_does_not_come_back_with_its_export(shelf: Shelf) -> None:
    """An export that still lists the deleted post brings no text back; the post stays deleted."""
    gone = post("1", SECRET, deleted_at=NIGHT)
    shelf.show(0, gone)
    erase(shelf)
    shelf.show(10, gone)

    assert [] == shelf.texts()
    assert [""] == list(shelf.archive.posts_frame(erased=True)["text"])


def test_no_export_brings_an_erased_body_back(shelf: Shelf) -> None:
    """Nobody knows which of two exports is the newer one: the post was seen, without a body, and stays as it was."""
    shelf.archive.register_accounts([account(access=Access.IMPORT)], NIGHT)
    shelf.show(0, post("1", SECRET), post("2", "B"))
    erase(shelf)
    before = shelf.archive.heads()
    shelf.show(10, post("1", SECRET), post("2", "B"))
    shelf.show(11, post("1", SECRET + "!"))

    assert [("2", 0, "B")] == shelf.texts()
    assert before == shelf.archive.heads()
    [seen, _] = sorted(
        shelf.archive.known_posts(KEY, Window(since=night(-9), until=night(9))), key=lambda item: item.native_id
    )
    assert ("1", night(11), PostState.PRESENT) == (seen.native_id, seen.last_seen_at, seen.state)


def test_an_erased_finding_stays_without_its_words(filled: Shelf) -> None:
    """Rule and time stay; excerpt and reason go, and neither re-judging nor retiring touches it again."""
    told = finding(subject_id="1", excerpt=SECRET, reason=f"It says {SECRET}.")
    filled.archive.save_findings([told], at=night(1))
    assert 1 == erase(filled).findings
    filled.archive.save_findings([told, finding("late", subject_id="1", excerpt=SECRET)], at=night(10))

    assert 0 == filled.archive.retire_findings(["f1", "late"], night(10))
    kept = filled.archive.findings()
    assert {"f1", "late"} == {item.key for item in kept}
    assert {("", "ala/threat")} == {(item.excerpt, item.rule_id) for item in kept}
    assert SECRET not in json.dumps([item.reason for item in kept])


def test_what_a_post_says_when_it_is_shown_again_is_a_live_finding(filled: Shelf) -> None:
    """The same words are open again, with their excerpt and since when they are known; other words touch nothing."""
    told = finding(subject_id="1", excerpt=SECRET, closed_at=night(2), closed_by="deleted")
    filled.archive.save_findings([told, finding("gone", subject_id="1", closed_at=night(2))], at=night(1))
    erase(filled)
    filled.show(10, post("1", SECRET))
    [shown] = [row for row in filled.archive.posts_frame().to_dict("records") if row["subject_id"] == "1"]
    again = finding(subject_id="1", excerpt=SECRET, content_hash=shown["content_hash"], opened_at=night(10))
    filled.archive.save_findings([again], at=night(10))

    kept = {item.key: item for item in filled.archive.findings()}
    assert again == kept["f1"]
    assert ("", night(2)) == (kept["gone"].excerpt, kept["gone"].closed_at)
    assert {"f1": night(1)} == filled.archive.first_found(["f1"])


def test_a_post_shown_again_refutes_what_is_open_about_its_erased_body(filled: Shelf) -> None:
    """Such as that it was deleted. What had ended stays told, and an edit whose two texts are gone cannot be judged."""
    ended = finding("ended", subject_id="1", closed_at=night(2), closed_by="deleted")
    gone, edit = (finding(name, subject_id="1", field=name) for name in ("deletion", "edit"))
    filled.archive.save_findings([ended, gone, edit], at=night(1))
    erase(filled)
    keys = ["ended", "deletion", "edit"]
    assert 0 == filled.archive.retire_findings(keys, night(9))
    filled.show(10, post("1", "We meet on Monday"))

    assert 1 == filled.archive.retire_findings(keys, night(10))
    assert {"ended", "edit"} == {item.key for item in filled.archive.findings()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_erased_bytes_leave_the_files(shelf: Shelf, tmp_path: Path) -> None:
    """After erasing and vacuuming no byte of the body is left in the database or its write-ahead log."""
    bad = Quarantined(where="w", reason="r", raw=f'{{"id":"1","text":"{SECRET}"'.encode())
    shelf.show(0, post("1", SECRET, permalink=f"https://x.example/{SECRET}"), quarantined=(bad,))
    shelf.show(1, post("1", SECRET + "!"))
    shelf.archive.save_findings([finding(subject_id="1", excerpt=SECRET, reason=SECRET)], at=NIGHT)
    assert SECRET.encode() in _files(tmp_path)

    assert 1 == erase(shelf).quarantined
    shelf.archive.vacuum()
    assert SECRET.encode() not in _files(tmp_path)
    assert shelf.archive.verify().ok


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("57,the 12th of October,we will meet", True),
        ("101,x", True),
        ("é1,x", True),
        ("1,x", False),
        ('{"id":"1","text":"x"', False),
        ("https://lakeside.example/posts/1", False),
        ("page_1,x", False),
    ],
)
def test_only_a_record_that_names_the_post_is_blanked(shelf: Shelf, raw: str, left: bool) -> None:
    """What cannot be read may carry the post's text where its whole id stands in it, and nowhere else."""
    shelf.show(0, post("1", SECRET), quarantined=(Quarantined(where="w", reason="r", raw=raw.encode()),))

    assert (0 if left else 1) == erase(shelf).quarantined
    assert [raw.encode() if left else None] == [row.raw for row in shelf.archive.quarantined()]


def test_vacuum_keeps_everything(filled: Shelf) -> None:
    """Vacuuming changes files, not facts."""
    before = filled.texts()
    filled.archive.vacuum()

    assert before == filled.texts()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_vacuum_on_a_full_disk_says_what_to_run(shelf: Shelf, tmp_path: Path) -> None:
    """Nothing is lost by it, and the statement that makes up for it stands in the message."""
    path = tmp_path / "archive.sqlite"
    shelf.show(0, post("1", SECRET), quarantined=(Quarantined(where="w", reason="r", raw=b"0" * 4_000_000),))
    shelf.archive.vacuum()
    with full_beyond(2_000_000):
        assert 1 == erase(shelf).revisions
        with pytest.raises(ArchiveError) as told:
            shelf.archive.vacuum()

    assert f'run: sqlite3 {path} "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"' in str(told.value)
    assert isinstance(told.value.__cause__, sqlite3.Error)
    shelf.archive.vacuum()
    assert SECRET.encode() not in _files(tmp_path)
    assert shelf.archive.verify().ok


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_vacuum_in_anothers_way_says_what_to_run(database_url: str) -> None:
    """PostgreSQL rewrites a table only while nobody reads it; where it may not wait for that, it says so."""
    impatient = f"{database_url}&options=-clock_timeout%3D100ms"
    engine = create_engine(impatient)
    with closing(engine.raw_connection()) as reader:
        reader.cursor().execute("SELECT count(*) FROM capture")
        with pytest.raises(ArchiveError, match=r'lock timeout.*run "VACUUM FULL capture, post_revision') as told:
            vacuum(engine)
    assert isinstance(told.value.__cause__, DBAPIError)
    vacuum(engine)
    engine.dispose()


def test_an_unknown_post_cannot_be_erased(shelf: Shelf) -> None:
    """A receipt for nothing would be a lie."""
    with pytest.raises(ArchiveError, match="post 404 of x:2001 is not in the archive"):
        erase(shelf, "404")


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("archive.sqlite*"))
