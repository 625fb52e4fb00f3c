"""Mails of discussion groups: cutting an mbox, reading one message, and what of it a reader of the group saw.

The standard library's modern header parser raises other errors than its own on some damaged headers and takes minutes
over others, so headers are read with the older policy and decoded here. `mailbox.mbox` wants a file on disk and cuts
at every line that begins with "From "; an export is read in memory, and a sentence may begin so.
"""

from __future__ import annotations

import codecs
import email
import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from chapterwatch.model import Account, Media, PostReading
from connectors.mailquotes import is_forward, is_reply, own_words
from connectors.records import Unreadable
from connectors.times import UnreadableTime, epoch_time

#: The line before each message: somebody or something, then a day of the week and a month in English.
_ENVELOPE = re.compile(
    rb"^From (?P<who>\S{1,320})[ \t]+(?P<date>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^\r\n]{10,60})\r?$", re.MULTILINE
)
_ASCTIME = re.compile(
    r"(?P<day>\w{3},? \w{3} +\d{1,2} \d\d:\d\d:\d\d)(?: (?P<zone>[+-]\d{4}|UTC|GMT|Z))?"
    r" (?P<year>\d{4})(?: (?P<last>[+-]\d{4}))?"
)
_ESCAPED = re.compile(r"^>(>*From )", re.MULTILINE)
_ID = re.compile(r"<([^<>\s]{1,900})>")
_LINK = re.compile(r"https?://[^\s<>\"')\]]{3,2000}")

_GROUP_HEADERS = ("x-google-groups", "x-beenthere", "list-id", "mailing-list", "list-post")
_GROUP_NAME = re.compile(r"[\w+-]+(?:\.[\w+-]+)*")
#: `<name.googlegroups.com>` in List-ID, `name@googlegroups.com` elsewhere.
_DOMAIN = re.compile(r"@[\w.-]+|\.(?:google|yahoo)groups\.\w+")

_TEXT_FILES = frozenset({"text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/rtf"})

MAX_PARTS = 500
MAX_DEPTH = 20
MAX_HEADERS = 256 * 1024
MAX_TEXT = 2_000_000
#: A clock further off than this from the server's is wrong.
_CLOCK = timedelta(days=1)

_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_NESTED = re.compile(rb"^content-type:\s*message/", re.IGNORECASE | re.MULTILINE)
_HYPHENS = re.compile(rb"^--\S", re.MULTILINE)
#: Codecs of Python that are no character sets of mails.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
#: Those of them that are no text encodings at all.
_NOT_TEXT = frozenset({"base64", "bz2", "hex", "quopri", "rot-13", "uu", "zlib"})


@dataclass(frozen=True)
class Envelope:
    """One message of an mbox: its bytes without the "From " line, who and when that line says, and the whole."""

    number: int
    who: str
    date: str
    message: bytes
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What one message says. Whoever wrote it is not in here."""

    #: Without its angle brackets; None where the message has none.
    message_id: str | None
    in_reply_to: str | None
    subject: str
    #: The subject of a new topic and the author's own words.
    text: str
    created_at: datetime | None
    created_raw: str
    links: tuple[str, ...]
    media: tuple[Media, ...]
    is_reply: bool
    #: Header name in lower case -> its first value.
    headers: dict[str, str]


def is_mbox(head: bytes) -> bool:
    """Whether bytes begin as an mbox does."""
    return _ENVELOPE.match(head.lstrip()[:500]) is not None


def envelopes(body: bytes) -> Iterator[Envelope]:
    """The messages of an mbox, by the lines that certainly begin one."""
    starts = [match for match in _ENVELOPE.finditer(body) if _begins_message(body, match)]
    for number, match in enumerate(starts, start=1):
        end = starts[number].start() if number < len(starts) else len(body)
        message, raw = body[match.end() : end].removeprefix(b"\n"), body[match.start() : end]
        yield Envelope(number, match["who"].decode("utf-8", "replace"), _ascii(match["date"]), message, raw)


def _begins_message(body: bytes, match: re.Match[bytes]) -> bool:
    """Whether a header follows: what does not is a sentence that begins like an envelope."""
    after = body[match.end() : match.end() + 200].lstrip(b"\n")
    return re.match(rb"[!-9;-~]{1,80}:", after) is not None


def letter(
    message: bytes,
    *,
    received: datetime | None = None,
    received_raw: str = "",
    unicode_body: bool = False,
    in_topic: bool = False,
) -> Letter:
    """One message.

    `received` is when the server says it came; `unicode_body` where its 8-bit text was made UTF-8; `in_topic` where it
    is known to follow another.

    Raises:
        Unreadable: it has no headers, or is built to cost: too many parts, too deep, headers too long.
    """
    _refuse_bomb(message)
    try:
        parsed = email.message_from_bytes(message, policy=compat32)
        headers = _headers(parsed)
        if not headers:
            raise Unreadable("has no headers")
        bodies, media = _contents(parsed, unicode_body=unicode_body)
    except (MessageError, RecursionError, LookupError, AssertionError):
        raise Unreadable("is no mail that can be read") from None
    subject = " ".join(decoded_words(headers.get("subject", "")).split())
    answers = _first_id(headers.get("in-reply-to", "")) or _last_id(headers.get("references", ""))
    replies = in_topic or answers is not None or is_reply(subject)
    said = own_words(_unescaped("\n\n".join(bodies)), forwarded=is_forward(subject), answer=replies)
    created, raw = _when(headers.get("date", ""), received, received_raw)
    return Letter(
        message_id=_first_id(headers.get("message-id", "")),
        in_reply_to=answers,
        subject=subject,
        text=said if is_reply(subject) or not subject else f"{subject}\n\n{said}".rstrip(),
        created_at=created,
        created_raw=raw,
        links=tuple(dict.fromkeys(link.rstrip(".,;:!?") for link in _LINK.findall(said))),
        media=tuple(media),
        is_reply=replies,
        headers=headers,
    )


def envelope_time(written: str) -> datetime | None:
    """The time of a "From " line in UTC: Google writes the zone before the year, others none, which means UTC."""
    match = _ASCTIME.search(written)
    if match is None:
        return None
    zone = match["zone"] or match["last"] or "+0000"
    try:
        moment = parsedate_to_datetime(f"{match['day'].replace(',', '')} {match['year']}")
        offset = datetime.strptime(zone if zone[0] in "+-" else "+0000", "%z").tzinfo
        return moment.replace(tzinfo=offset).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def decoded_words(value: str) -> str:
    """A header with its encoded words (RFC 2047) decoded; what is damaged stays as it stands."""
    try:
        parts = decode_header(value[:20_000])
    except (MessageError, ValueError, AssertionError):
        return value
    return "".join(part if isinstance(part, str) else decoded(part, charset) for part, charset in parts)


def decoded(body: bytes, charset: str | None, *, first: str | None = None) -> str:
    """Bytes as text: the character set they name, else UTF-8, else Windows-1252 with marks for what it lacks."""
    for name in (first, charset, "utf-8"):
        codec = _codec(name)
        if codec:
            try:
                return body.decode(codec)
            except (UnicodeError, LookupError):
                continue
    return body.decode("cp1252", "replace")


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    try:
        known = codecs.lookup(name.strip().strip("'\"").replace("cp-", "cp")[:40])
    except (LookupError, ValueError, UnicodeError):
        return None
    if known.name in _NO_CHARSETS or known.name in _NOT_TEXT:
        return None
    # Latin-1 is said by programs that mean Windows-1252, and every mail program reads it so.
    return "cp1252" if known.name == "iso8859-1" else known.name


def digest_id(*parts: str) -> str:
    """An id for a message without one: a digest, so that it names nobody."""
    packed = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return f"mail-{hashlib.sha256(packed).hexdigest()[:32]}"


def group_names(account: Account) -> frozenset[str]:
    """How exports may call the account's group: its address, and what stands before the "@"."""
    written = {account.native_id.strip().casefold(), account.handle.strip().casefold()} - {""}
    return frozenset(written | {name.partition("@")[0] for name in written})


def groups_of(said: Letter) -> frozenset[str]:
    """The names of the groups a message says it went to, without their domains."""
    written = " ".join(said.headers.get(name, "") for name in _GROUP_HEADERS).casefold()
    return frozenset(_GROUP_NAME.findall(_DOMAIN.sub(" ", written[:4000])))


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One message of an mbox as far as it could be read, and the groups it says it went to."""

    where: str
    envelope: Envelope
    #: None where it cannot be read; `fault` says why.
    said: Letter | None
    fault: str
    names: frozenset[str]


def posted(body: bytes, label: str) -> list[Posted]:
    """Every message of an mbox."""
    return [_posted(envelope, f"{label}:{envelope.number}") for envelope in envelopes(body)]


def _posted(envelope: Envelope, where: str) -> Posted:
    try:
        said = letter(envelope.message, received=envelope_time(envelope.date), received_raw=envelope.date)
    except Unreadable as error:
        return Posted(where=where, envelope=envelope, said=None, fault=str(error), names=frozenset())
    return Posted(where=where, envelope=envelope, said=said, fault="", names=groups_of(said))


def is_one_groups(messages: Sequence[Posted], own: frozenset[str]) -> bool:
    """Whether an mbox is the group's `own`, by what its messages say: one names the group, none another.

    Then messages that name no group are the group's too. Of a mailbox out of Gmail they never are: what stands there
    without the name of a group is somebody's own mail.
    """
    named = [one.names for one in messages if one.names]
    labelled = any(one.said is not None and "x-gmail-labels" in one.said.headers for one in messages)
    return bool(named) and all(names & own for names in named) and not labelled


def keep_once(post: PostReading, read: dict[str, PostReading]) -> None:
    """Add a post under its id. Raises `Unreadable` where that is taken: the first stands, the other is kept aside."""
    if post.native_id in read:
        raise Unreadable("its id stands in the export already")
    read[post.native_id] = post


# --- headers --------------------------------------------------------------------------------------------------------


def _headers(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        # Bytes beyond ASCII come as lone surrogates: mails have long been sent with UTF-8 in their headers.
        written = decoded(str(value).encode("utf-8", "surrogateescape"), None)
        found.setdefault(name.lower(), written.replace("\r", "").replace("\n", " "))
    return found


def _first_id(value: str) -> str | None:
    match = _ID.search(value)
    return match[1] if match else None


def _last_id(value: str) -> str | None:
    found = _ID.findall(value[-4000:])
    return found[-1] if found else None


def _when(date: str, received: datetime | None, received_raw: str) -> tuple[datetime | None, str]:
    """The sender's time where the server's agrees within a day, else the server's."""
    sent = _sent(date)
    if sent is not None and (received is None or abs(sent - received) <= _CLOCK):
        return sent, date
    return received, received_raw


def _sent(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date[:200])
        # "-0000" (RFC 5322, 3.3) is UTC from an unknown zone; no zone at all could be any.
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) if re.search(r"-0000\b", date) else None
        return epoch_time(int(moment.timestamp())) if moment.year >= 1990 else None  # noqa: PLR2004
    except (ValueError, TypeError, OverflowError, IndexError, UnreadableTime):
        return None


# --- bodies ---------------------------------------------------------------------------------------------------------


def _refuse_bomb(message: bytes) -> None:
    """Before parsing: the parser goes down one level of Python per level of MIME, and keeps an object for each part."""
    head = message.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    if len(head) > MAX_HEADERS:
        raise Unreadable("has longer headers than a mail")
    depth = len(_BOUNDARY.findall(message)) + len(_NESTED.findall(message))
    if depth > MAX_PARTS or (depth and len(_HYPHENS.findall(message)) > 20 * MAX_PARTS):
        raise Unreadable("has more parts than a mail")


def _contents(message: Message, *, unicode_body: bool) -> tuple[list[str], list[Media]]:
    bodies: list[str] = []
    media: list[Media] = []
    for part in _shown_parts(message, 0):
        kind = part.get_content_type()
        if _is_text(part) and not _is_attached(part):
            text = _text_of(part, unicode_body=unicode_body)
            bodies.append(shown_text(text)[0] if kind == "text/html" else text)
        else:
            media.append(_medium(part))
        if len(bodies) + len(media) > MAX_PARTS:
            raise Unreadable("has more parts than a mail")
    return [body[:MAX_TEXT] for body in bodies if body.strip()], media


def _is_text(part: Message) -> bool:
    """Whether a mail program shows it as text: also what says that it has parts and has none."""
    kind = part.get_content_type()
    return kind.startswith(("text/", "multipart/")) and kind not in _TEXT_FILES


def _shown_parts(part: Message, depth: int) -> Iterator[Message]:
    """The parts a mail program shows: of alternatives one, in the others' place."""
    if depth > MAX_DEPTH:
        raise Unreadable("is nested deeper than a mail")
    inner = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(inner, list):
        yield part
    elif part.get_content_subtype() == "alternative":
        yield from _alternative([one for one in inner if isinstance(one, Message)], depth)
    else:
        for one in inner:
            if isinstance(one, Message):
                yield from _shown_parts(one, depth + 1)


def _alternative(parts: Sequence[Message], depth: int) -> Iterator[Message]:
    """The plain text where it says anything, else the HTML; what is neither comes along."""
    readable = [one for one in parts if one.get_content_type() == "text/plain" and _payload(one).strip()]
    readable += [one for one in parts if one.get_content_type() != "text/plain"]
    chosen = readable[:1]
    if chosen and chosen[0].get_content_type() == "text/plain":
        # A calendar entry or a picture beside the text; the HTML says the same once more.
        chosen += [one for one in readable[1:] if one.get_content_maintype() not in {"text", "multipart"}]
    elif chosen:
        chosen = readable
    for one in chosen or parts[:1]:
        yield from _shown_parts(one, depth + 1)


def _is_attached(part: Message) -> bool:
    disposition = str(part.get("content-disposition") or "")
    return disposition.strip().lower().startswith("attachment")


def _payload(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return found if isinstance(found, bytes) else b""


def _text_of(part: Message, *, unicode_body: bool) -> str:
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    as_utf8 = "utf-8" if unicode_body and encoding not in {"base64", "quoted-printable"} else None
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        charset = None
    return decoded(_payload(part), charset, first=as_utf8)


def _medium(part: Message) -> Media:
    kind = {"image": "photo", "video": "video", "audio": "audio"}.get(part.get_content_maintype(), "file")
    content = _payload(part)
    # File names may carry names of people; the digest tells two attachments apart.
    stable = hashlib.sha256(content).hexdigest()[:32] if content else _name_of(part)
    return Media(kind=kind, url=None, native_id=stable)


def _name_of(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError):
        name = None
    return digest_id(PurePosixPath(name).name) if name else None


def _unescaped(text: str) -> str:
    """Without the mark an mbox puts before "From " at the start of a line, where no quote is around it."""
    if ">From " not in text:
        return text
    lines = text.split("\n")
    for at, line in enumerate(lines):
        around = lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
        if line.startswith(">From ") and not any(other.startswith(">") for other in around):
            lines[at] = _ESCAPED.sub(r"\1", line)
    return "\n".join(lines)


def _ascii(raw: bytes) -> str:
    return raw.decode("ascii", "replace").strip()


# --- HTML -----------------------------------------------------------------------------------------------------------

_PARAGRAPHS = frozenset({"blockquote", "p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _PARAGRAPHS | frozenset(
    {"address", "article", "center", "dd", "div", "dl", "dt", "footer", "form", "header", "hr", "li", "pre", "section"}
    | {"tr"}
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg"})
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_QUOTE_CLASS = re.compile(
    r"(?:class|id)\s*=\s*[\"']?[^\"'>]*\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix)\b", re.IGNORECASE
)
_HIDDEN = re.compile(r"style\s*=\s*[\"'][^\"']*display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_OPEN_AT_MOST = 200


class _Page:
    """Text being gathered from HTML: its lines, and the marks of what is quoted or hidden."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.links: list[str] = []
        self.open: list[tuple[str, bool, bool]] = []
        self._line: list[str] = []

    @property
    def has_words(self) -> bool:
        """Whether the line being gathered says anything yet."""
        return any(not part.isspace() for part in self._line)

    def say(self, text: str, *, as_is: bool) -> None:
        if any(hidden for _, _, hidden in self.open):
            return
        if as_is:
            first, *others = text.split("\n")
            self._line.append(first)
            for one in others:
                self.end_line()
                self._line.append(one)
        else:
            self._line.append(_SPACES.sub(" ", text))

    def end_line(self, *, paragraph: bool = False) -> None:
        said = re.sub(r" {2,}", " ", "".join(self._line)).strip(" ")
        self._line = []
        mark = "> " if any(quoted for _, quoted, _ in self.open) else ""
        if said:
            self.lines.append(mark + said)
        elif self.lines and not paragraph:
            self.lines.append(mark.rstrip())
        if paragraph and self.lines and self.lines[-1].strip("> "):
            self.lines.append(mark.rstrip())


def shown_text(source: str) -> tuple[str, tuple[str, ...]]:
    """The text HTML shows, line by line, quoted lines marked with ">"; and the addresses its links lead to.

    Read from front to back once: the standard library's parser takes quadratic time over hostile pages.
    """
    page = _Page()
    source = source[: 4 * MAX_TEXT]
    lower = source.lower()
    at = 0
    while at < len(source):
        opened = source.find("<", at)
        opened = len(source) if opened < 0 else opened
        if opened > at:
            page.say(html.unescape(source[at:opened]), as_is=_in_pre(page))
        at = _past_tag(page, source, lower, opened)
    page.end_line(paragraph=True)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n")
    return text, tuple(dict.fromkeys(page.links))


def _in_pre(page: _Page) -> bool:
    return any(tag == "pre" for tag, _, _ in page.open)


def _past_tag(page: _Page, source: str, lower: str, at: int) -> int:
    """What stands at `at`, a "<": applied to the page. Returns where the text goes on."""
    if at >= len(source):
        return at
    if source.startswith("<!--", at):
        end = source.find("-->", at)
        return len(source) if end < 0 else end + 3
    name = _TAG_NAME.match(source, at + 1)
    if name is None and source[at + 1 : at + 2] not in ("!", "?"):
        page.say("<", as_is=False)
        return at + 1
    end = source.find(">", at)
    if end < 0:
        return len(source)
    if name is not None:
        tag = name[1].lower()
        if source[at + 1] == "/":
            _close(page, tag)
        else:
            _start(page, tag, source[at + 1 : end])
            if tag in _UNSEEN:
                closing = lower.find(f"</{tag}", end)
                return len(source) if closing < 0 else closing
    return end + 1


def _start(page: _Page, tag: str, written: str) -> None:
    if tag in _BLOCKS and page.has_words:
        page.end_line(paragraph=tag in _PARAGRAPHS)
    if tag == "br":
        page.end_line()
    elif tag == "li":
        page.say("- ", as_is=False)
    elif tag == "a" and (link := _HREF.search(written[:4000])):
        address = html.unescape(link[1] or link[2] or link[3] or "").strip()
        if address.lower().startswith(("http://", "https://")):
            page.links.append(address)
    if tag not in _VOID and not written.endswith("/") and len(page.open) < _OPEN_AT_MOST:
        short = written[:2000]
        quoted = tag == "blockquote" or _QUOTE_CLASS.search(short) is not None
        page.open.append((tag, quoted, _HIDDEN.search(short) is not None or tag in _UNSEEN))


def _close(page: _Page, tag: str) -> None:
    if tag in _BLOCKS and page.has_words:
        page.end_line(paragraph=tag in _PARAGRAPHS)
    for back in range(len(page.open) - 1, -1, -1):
        if page.open[back][0] == tag:
            del page.open[back:]
            return
