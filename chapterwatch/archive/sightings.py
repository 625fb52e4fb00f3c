"""By which roads a content was seen: what a road never shows, its absence in the content says nothing about.

A row is one content (the capture it was first kept with) and what one of the roads it was seen by never shows. What no
road of a content shows was not seen; contents from before this was kept have no row, and nothing is known of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table, insert, select

from chapterwatch.archive import tables
from chapterwatch.archive.sql import chunks
from chapterwatch.model import Unshown

#: (account key, number of the capture) -> what each road the content was seen by never shows.
Sightings = Mapping[tuple[str, int], Sequence[frozenset[str]]]


def note(conn: Connection, account_key: str, seen: Iterable[tuple[int, Collection[Unshown]]]) -> None:
    """Note contents, by their captures, as seen by roads that never show this; each once. The chain is locked."""
    table = tables.sighting
    wanted = {(seq, _written(unshown)) for seq, unshown in seen}
    known: set[tuple[int, str]] = set()
    for part in chunks(sorted({seq for seq, _ in wanted})):
        query = select(table.c.seq, table.c.unshown).where(table.c.account_key == account_key, table.c.seq.in_(part))
        known |= {(row.seq, row.unshown) for row in conn.execute(query)}
    rows = [{"account_key": account_key, "seq": seq, "unshown": told} for seq, told in sorted(wanted - known)]
    if rows:
        conn.execute(insert(table), rows)


def load(conn: Connection, contents: Table, account_keys: Sequence[str] | None) -> Sightings:
    """The sightings of some accounts' contents of a kind (`post_revision` or `profile_revision`), or of all of it."""
    table = tables.sighting
    same = (table.c.account_key == contents.c.account_key) & (table.c.seq == contents.c.seq)
    query = select(table.c.account_key, table.c.seq, table.c.unshown).join(contents, same)
    if account_keys is not None:
        query = query.where(table.c.account_key.in_(list(account_keys)))
    found: dict[tuple[str, int], list[frozenset[str]]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.account_key, row.seq].append(frozenset(filter(None, row.unshown.split(","))))
    return found


def of_post(own: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> tuple[str, ...] | None:
    """What no road showed of one revision of a post; None where no road is known.

    Args:
        own: the roads this very content was seen by: a picture shows only where the content does.
        others: those of all its revisions, for edits and deletions are the post's.
    """
    if not others:
        return None
    pictures = frozenset.intersection(*(own or others)) & {Unshown.PICTURES.value}
    history = frozenset.intersection(*others) & {Unshown.EDITS.value, Unshown.DELETIONS.value}
    return tuple(sorted(pictures | history))


def of_profile(own: Sequence[frozenset[str]]) -> tuple[str, ...] | None:
    """What no road showed of one revision of a profile; None where no road is known."""
    if not own:
        return None
    return profile_words(frozenset.intersection(*own))


def profile_words(unshown: Collection[str]) -> tuple[str, ...]:
    """What is not shown of a profile, in the words its rows are judged by: its pictures are pictures."""
    return (Unshown.PICTURES.value,) if Unshown.PROFILE_PICTURES.value in unshown else ()


def _written(unshown: Collection[Unshown]) -> str:
    return ",".join(sorted(one.value for one in unshown))
