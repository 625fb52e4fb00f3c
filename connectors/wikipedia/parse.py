"""MediaWiki answers into readings: bytes in, facts out, no network.

A revision never changes, so a post here is one edit: what it added, and its summary. The text is wikitext as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chapterwatch.model import PostReading
from connectors import rawjson
from connectors.records import Unreadable, identifier, mapping, mappings, moment, optional
from connectors.weblog.markup import Tag, tokens

_LINK = re.compile(r"https?://[^\s\[\]<>\"{}|\\^`]+")
#: The section an edit was made in, which the wiki writes in front of the summary.
_SECTION = re.compile(r"^/\*.*?\*/\s*", re.DOTALL)
_FIRST_TALK = 1


@dataclass(frozen=True)
class Edit:
    """One edit as a listing names it."""

    record: Mapping[str, Any]
    raw: bytes = field(repr=False)

    @property
    def revision(self) -> str:
        """Its revision id."""
        return identifier(self.record, "revid")

    @property
    def is_new_page(self) -> bool:
        """Whether there is nothing to compare it with."""
        return self.record.get("parentid") in (0, None)

    @property
    def is_hidden(self) -> bool:
        """Whether its text was hidden from public view."""
        return any(self.record.get(name) for name in ("texthidden", "suppressed", "sha1hidden"))


def contributions(body: bytes) -> tuple[list[Edit], str | None, bool]:
    """The edits of a `usercontribs` answer, newest first, where the next page starts, and whether nobody can tell.

    Raises:
        Unreadable: there is no list of them.
    """
    value = mapping(rawjson.loads(body))
    listed = mapping(value.get("query")).get("usercontribs")
    if not isinstance(listed, list):
        raise Unreadable("holds no list of edits")
    raws = rawjson.elements(body, "query", "usercontribs")
    edits = [Edit(mapping(record), raw) for record, raw in zip(listed, raws, strict=True)]
    following = optional(mapping(value.get("continue")), "uccontinue")
    # The wiki says `continue` only where there is more.
    return edits, following, bool(value.get("continue")) and following is None


def revisions(body: bytes) -> tuple[dict[str, Edit], list[str]]:
    """Edits by revision id of a `revisions` answer, and the ids the wiki does not show to anybody."""
    query = mapping(mapping(rawjson.loads(body)).get("query"))
    pages = zip(mappings(query.get("pages")), rawjson.elements(body, "query", "pages"), strict=False)
    found: dict[str, Edit] = {}
    for page, raw in pages:
        slices = rawjson.elements(raw, "revisions")
        for one, piece in zip(mappings(page.get("revisions")), slices, strict=False):
            record = {**one, "ns": page.get("ns"), "title": page.get("title")}
            found[str(one.get("revid"))] = Edit(record, piece)
    bad = query.get("badrevids")
    listed = list(bad.values()) if isinstance(bad, dict) else bad if isinstance(bad, list) else []
    return found, [str(mapping(one).get("revid")) for one in listed]


def content(body: bytes) -> str:
    """The text of the only revision of the only page in an answer. Raises `Unreadable`."""
    query = mapping(mapping(rawjson.loads(body)).get("query"))
    for page in mappings(query.get("pages")):
        for revision in mappings(page.get("revisions")):
            slot = mapping(mapping(revision.get("slots")).get("main"))
            text = slot.get("content", revision.get("content"))
            if isinstance(text, str):
                return text
    raise Unreadable("holds no text of a revision")


def user(body: bytes) -> Mapping[str, Any]:
    """The only user of a `users` answer, with an id; {} where the wiki knows none. Raises `Unreadable`."""
    listed = mapping(mapping(rawjson.loads(body)).get("query")).get("users")
    if not isinstance(listed, list) or not listed:
        raise Unreadable("holds no list of users")
    found = mapping(listed[0])
    absent = any(found.get(name) not in (None, False) for name in ("missing", "invalid"))
    if absent or not optional(found, "name"):
        return {}
    identifier(found, "userid")
    return found


def new_name(body: bytes) -> str | None:
    """The name an account was given last, of a `logevents` answer for renamings; None where there was none."""
    events = mappings(mapping(mapping(rawjson.loads(body)).get("query")).get("logevents"))
    return next((name for one in events if (name := optional(mapping(one.get("params")), "newuser"))), None)


def post(edit: Edit, added: str, extra: Mapping[str, Sequence[bytes]], address: str) -> PostReading:
    """One edit as a post. Raises `Unreadable` where id or time is missing."""
    record = edit.record
    comment = "" if record.get("commenthidden") else _SECTION.sub("", optional(record, "comment") or "")
    text = "\n\n".join(part for part in (added.strip("\n"), comment.strip()) if part)
    namespace = record.get("ns")
    is_talk = isinstance(namespace, int) and namespace % 2 == _FIRST_TALK
    return PostReading(
        native_id=edit.revision,
        kind="comment" if is_talk else "post",
        created_at=moment(record, "timestamp"),
        created_raw=str(record["timestamp"]),
        text=text,
        links=tuple(dict.fromkeys(found.group().rstrip(".,;:!?)'") for found in _LINK.finditer(text))),
        permalink=address,
        hidden=edit.is_hidden,
        raw=rawjson.joined("edit", edit.raw, extra),
    )


def added_text(body: bytes) -> str:
    """What an edit added, of a `compare` answer: new lines whole, of changed lines the changed words.

    Raises:
        Unreadable: there is no comparison in it.
    """
    compare = mapping(mapping(rawjson.loads(body)).get("compare"))
    table = compare.get("body", compare.get("*"))
    if not isinstance(table, str):
        raise Unreadable("holds no comparison")
    rows = list(_rows(table))
    # Wikipedia marks moved lines; other wikis show them taken away here and put in there.
    moved = {row.removed for row in rows if row.removed}
    return "\n".join(row.added for row in rows if row.added and row.added not in moved)


def _rows(table: str) -> Iterator[_Row]:
    """The rows of the wiki's own table of differences."""
    row = _Row()
    for piece in tokens(table):
        if isinstance(piece, str):
            row.text(piece)
        elif piece.name == "tr":
            yield row
            row = _Row()
        else:
            row.tag(piece)
    yield row


@dataclass
class _Row:
    """One row: a line as it was, on the left, and as it is, on the right."""

    _inserted: list[str] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)
    _right: list[str] = field(default_factory=list)
    #: The side that is being read: left, right or neither.
    _side: str = ""
    _has_left: bool = False
    _is_moved: bool = False
    _in_insertion: bool = False

    @property
    def added(self) -> str:
        """The whole line if it is new, its inserted words if it stood there before or was moved."""
        if self._has_left or self._is_moved:
            return " ".join(part.strip() for part in self._inserted if part.strip())
        return "".join(self._right)

    @property
    def removed(self) -> str:
        """The whole line if it is gone, else ""."""
        return "" if self._right else "".join(self._left)

    def tag(self, tag: Tag) -> None:
        classes = tag.attributes.get("class", "").split()
        if tag.name == "td":
            sides = {"diff-addedline": "right", "diff-deletedline": "left"}
            self._side = "" if tag.closes else next((sides[one] for one in classes if one in sides), "")
            self._has_left |= self._side == "left"
        elif tag.name == "ins":
            self._in_insertion = not tag.closes
        self._is_moved |= "mw-diff-movedpara-right" in classes

    def text(self, text: str) -> None:
        if self._side == "left":
            self._left.append(text)
        elif self._side == "right":
            self._right.append(text)
            if self._in_insertion:
                self._inserted.append(text)
