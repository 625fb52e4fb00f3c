"""Notices of mail servers (RFC 3464) that a mail will not, or not yet, arrive: read, matched with the ledger, noted.

A notice counts where it names one of our Message-IDs and that mail's own recipient. Anything else in the mailbox, be it
junk, an answer or somebody else's notice, is counted and left alone. Nothing is ever sent again because of a notice.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

from chapterwatch import metrics
from chapterwatch.archive import Delivery
from chapterwatch.errors import UserError
from chapterwatch.pipeline.deliver import kind_of
from chapterwatch.pipeline.workplace import Workplace

#: Bytes of a message that is looked into; a notice carries at most one mail of ours with its files.
MAX_BYTES = 40_000_000
#: Parts within parts: reading goes as deep, and an honest notice has a dozen.
_MAX_PARTS = 200
#: What may become of a message: noted, or why not.
OUTCOMES = ("bounced", "delayed", "known", "unrelated", "unreadable")

_ID = re.compile(r"<[^<>\s]{3,250}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: RFC 3463: what the second and third number say, for those that are met.
_MEANING = {
    "1.0": "the address is wrong",
    "1.1": "no such mailbox",
    "1.2": "no such mail domain",
    "1.10": "no such mail domain",
    "2.1": "the mailbox is disabled",
    "2.2": "the mailbox is full",
    "2.3": "the message is too large for the mailbox",
    "3.4": "the message is too large",
    "4.1": "the recipient's server does not answer",
    "4.4": "no way to the recipient's server",
    "4.7": "the recipient's server was tried too long",
    "7.1": "not allowed by the recipient's server",
    "7.26": "not authenticated in the recipient's eyes",
}
_FAMILY = {"1": "the address", "2": "the mailbox", "3": "the recipient's server", "4": "the way there", "7": "policy"}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a notice says about one recipient of one mail."""

    #: The mail's Message-ID as the notice gives it; the surest first.
    message_ids: tuple[str, ...]
    #: Addresses the notice gives for the recipient, in lower case.
    recipients: frozenset[str]
    #: Whether it is final: given up, rather than still tried.
    final: bool
    #: Enhanced status code, such as 5.1.1; empty where there is none.
    status: str
    #: The first digits of the notice's SHA-256: the same notice is noted once.
    digest: str

    @property
    def detail(self) -> str:
        """For the ledger: code and meaning. A server's own words are left out, for they repeat addresses."""
        kind, _, rest = self.status.partition(".")
        meaning = _MEANING.get(rest) or _FAMILY.get(rest.partition(".")[0], "no reason given")
        said = f"{self.status} {meaning}" if kind else meaning
        return f"{'given up' if self.final else 'still tried'}: {said} (notice {self.digest})"


def read_bounces(
    workplace: Workplace, path: Path, *, on_message: Callable[[str], object] = lambda _: None
) -> dict[str, int]:
    """Read a notice, a folder of them or a maildir, and note in the ledger which mails came back; counts by outcome.

    The files are left as they are, and reading them again notes nothing anew.

    Raises:
        UserError: there is no such file or folder.
    """
    counts: Counter[str] = Counter()
    for raw in messages_in(path):
        outcome = _note(workplace, raw)
        counts[outcome] += 1
        on_message(outcome)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def messages_in(path: Path) -> Iterator[bytes | None]:
    """The messages of a file, a maildir or a folder of `.eml` files; None for one that is too large.

    Raises:
        UserError: there is none.
    """
    if not path.exists():
        raise UserError(f"there is no {path}; name a message, a maildir or a folder of .eml files")
    if path.is_dir() and (path / "cur").is_dir():
        files = sorted(file for name in ("cur", "new") for file in (path / name).glob("*") if file.is_file())
    else:
        files = sorted(path.glob("*.eml")) if path.is_dir() else [path]
    for file in files:
        yield file.read_bytes() if file.stat().st_size <= MAX_BYTES else None


def _note(workplace: Workplace, raw: bytes | None) -> str:
    notices = notices_in(raw) if raw is not None else None
    if notices is None:
        return "unreadable"
    outcomes = [_note_one(workplace, notice) for notice in notices]
    return min(outcomes, key=OUTCOMES.index, default="unrelated")


def _note_one(workplace: Workplace, notice: Notice) -> str:
    rows = [row for row in _mails_of(workplace, notice) if row.recipient in notice.recipients]
    if not rows:
        return "unrelated"
    noted = [
        workplace.archive.bounce_delivery(
            row.chapter,
            row.period,
            row.revision,
            row.recipient,
            detail=notice.detail,
            final=notice.final,
            at=workplace.now,
        )
        for row in rows
    ]
    if notice.final and any(noted):
        metrics.count("mails.settled", kind=kind_of(rows[0].chapter), state="bounced")
    return ("bounced" if notice.final else "delayed") if any(noted) else "known"


def _mails_of(workplace: Workplace, notice: Notice) -> list[Delivery]:
    for message_id in notice.message_ids:
        if rows := workplace.archive.deliveries(message_id=message_id):
            return rows
    return []


# --- reading a notice -----------------------------------------------------------------------------------------------


def notices_in(raw: bytes) -> list[Notice] | None:
    """What a message says as a notice, one for each recipient; empty where it is none, None where it cannot be read."""
    if raw.lower().count(b"content-type:") > _MAX_PARTS:
        return None
    try:
        # The older policy keeps headers as they came: a hostile one cannot make it fail.
        parts = list(message_from_bytes(raw, policy=policy.compat32).walk())
    except (RecursionError, LookupError, ValueError):
        return None
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None or not status.is_multipart():
        return []
    blocks = [block for block in status.get_payload() if isinstance(block, Message)]
    ids, digest = _ids_in(parts, status), hashlib.sha256(raw).hexdigest()[:10]
    found = (_notice(block, ids, digest) for block in blocks)
    return [notice for notice in found if notice is not None]


def _notice(block: Message, ids: tuple[str, ...], digest: str) -> Notice | None:
    """A block of fields about one recipient; None for the block about the message, and for good news."""
    recipients = {_address(block.get(name)) for name in ("Original-Recipient", "Final-Recipient")} - {""}
    action = str(block.get("Action") or "").strip().lower()
    status = _STATUS.search(str(block.get("Status") or ""))
    code = status.group() if status else ""
    if not recipients or action not in {"failed", "delayed", ""} or code.startswith("2"):
        return None
    if not action and not code:
        return None
    # What a server gave up on will not arrive, whatever the code it gave up with.
    final = action == "failed" or (not action and code.startswith("5"))
    return Notice(message_ids=ids, recipients=frozenset(recipients), final=final, status=code, digest=digest)


def _ids_in(parts: list[Message], status: Message) -> tuple[str, ...]:
    """The Message-IDs a notice may be about: of the mail or headers it returns, else of what it says it answers."""
    inside = {id(block) for block in status.get_payload() if isinstance(block, Message)}
    found: list[str] = []
    for part in parts[1:]:
        if part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
            found += _ids(_headers_of(part).get("Message-ID"))
        elif id(part) not in inside:
            found += _ids(part.get("Message-ID"))
    for name in ("In-Reply-To", "References"):
        found += _ids(parts[0].get(name))
    return tuple(dict.fromkeys(found))[:20]


def _headers_of(part: Message) -> Message:
    """The returned headers, whether the part's type kept them as text or as a message."""
    payload: Any = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return message_from_bytes(payload.lstrip(), policy=policy.compat32)
    inner = part.get_payload()
    return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else part


def _ids(value: object) -> list[str]:
    return _ID.findall(str(value or ""))


def _address(value: object) -> str:
    """`rfc822; Name@Example.org` as `name@example.org`; empty where it is no address."""
    text = str(value or "").partition(";")[2].strip().strip("<>").lower()
    return text if "@" in text and " " not in text else ""
