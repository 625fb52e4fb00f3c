"""The nouns of Chapterwatch, as frozen data. docs/GLOSSARY.md keeps the words.

This is the lowest layer: it imports nothing of ours and does nothing but hold facts. Times are timezone-aware UTC
throughout; ids are strings even where a platform writes numbers, because a float eats the last digits of an id.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit


class Space(StrEnum):
    """Who can read what an account posts (LLL-37). `PRIVATE` is never collected (LLL-02)."""

    OFFICIAL = "official"
    LEADER_PROFILE = "leader_profile"
    PUBLIC_GROUP = "public_group"
    INTERNAL = "internal"
    PRIVATE = "private"


class Access(StrEnum):
    """How Chapterwatch gets to see an account."""

    OWNER_TOKEN = "owner_token"  # noqa: S105 - an access mode, not a secret
    PUBLIC_API = "public_api"
    FEED = "feed"
    IMPORT = "import"
    ATTESTED = "attested"
    NONE = "none"


class Lane(StrEnum):
    """How a clause is judged (policies' clause inventory)."""

    AUTO = "auto"
    ASSIST = "assist"
    ATTEST = "attest"
    CREDIT = "credit"
    SCOPE = "scope"
    PRINT = "print"


class Severity(StrEnum):
    """Ordered from worst; `rank` sorts."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical up to 3 for low."""
        return list(Severity).index(self)


class PostState(StrEnum):
    """What is known of a post now. Disappearance is a state with a certainty, never a silence."""

    PRESENT = "present"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    ACCOUNT_GONE = "account_gone"
    CANNOT_TELL = "cannot_tell"


class Unshown(StrEnum):
    """What a road (a platform's API, an export format) may never show: where it stands, its absence says nothing."""

    PICTURES = "pictures"
    PROFILE_PICTURES = "profile_pictures"
    EDITS = "edits"
    DELETIONS = "deletions"


class Seen(StrEnum):
    """How much of what was asked for one account could be looked at."""

    SEEN = "seen"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class DispositionState(StrEnum):
    """Where a finding stands with people."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    FALSE_POSITIVE = "false_positive"
    ACCEPTED_RISK = "accepted_risk"
    DUPLICATE = "duplicate"
    SENT_TO_OWNER = "sent_to_owner"
    OWNER_SAYS_FIXED = "owner_says_fixed"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"


#: The author and role of what asking the platform again said of a finding: no person decided that.
RE_FETCH = "re-fetch"


class DeliveryState(StrEnum):
    """One mail's way. `UNKNOWN` is shown to a person and never sent again by itself."""

    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    #: Taken by a mail server and given up on later: a notice of that came back.
    BOUNCED = "bounced"


# --- the roster -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who answers for a chapter. Names serve only the roster checks and the mail's address line."""

    name: str
    email: str
    role: str
    #: Which reports they receive: leadership gets the chapter's report, owner and deputy get access warnings.
    leadership: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account of a chapter on one platform. `key` (platform:native_id) identifies it; a handle is only history."""

    key: str
    platform: str
    native_id: str
    handle: str
    association: str
    chapter: str
    space: Space
    access: Access
    pack: str
    language: str
    timezone: str
    connection: str | None = None
    #: For access `import`: which importer reads the files dropped for this account.
    export_format: str | None = None
    owner: str | None = None
    deputy: str | None = None
    #: Posts older than this are not asked for.
    collect_from: date | None = None
    #: What to do with a body once its post is gone: `erase_body` or `keep_with_owner_consent`.
    on_deleted: str = "erase_body"
    #: One of the association's own channels: what it says is officially announced (LLL-15).
    headquarters: bool = False
    #: A person confirmed that the account openly stands for the association, for example by a logo (LLL-01).
    affiliated: bool = False
    #: The day its own token ends, as somebody noted it; what the platform says of it counts before this.
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """A dated event whose posts should carry the association's hashtags (ALA-25)."""

    name: str
    starts: date
    ends: date
    hashtags: tuple[str, ...]
    #: Words that show a post is about the event, beside its name.
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a chapter answered to one question of its policy for one period: its own statement, with a date."""

    #: The question's id in the policy pack.
    question: str
    #: `2026-10` for a monthly question, `2026` for a yearly one, `once`.
    period: str
    #: yes, no, not applicable, or words.
    answer: str
    #: E-mail of one of the chapter's people; reports print their role.
    by: str
    on: date
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One signed consent to show pictures of people (LLL-20, ALA-27). It holds a number of people and no name.

    It covers the posts and pictures it lists and, where it has dates, everything of its event within them.
    """

    people: int
    signed_on: date
    #: Where the signed paper is kept, in words.
    kept: str
    #: Native ids or addresses of posts.
    posts: tuple[str, ...] = ()
    #: SHA-256 of pictures, lower-case hexadecimal.
    pictures: tuple[str, ...] = ()
    event: str | None = None
    #: First and last day covered; both or none.
    starts: date | None = None
    ends: date | None = None

    def covers(self, *, posts: Collection[str] = (), pictures: Collection[str] = (), day: date | None = None) -> bool:
        """Whether a post (its native id, its address), a picture (its SHA-256) or a local day is covered."""
        if any(post in self.posts for post in posts) or any(item in self.pictures for item in pictures):
            return True
        return bool(day and self.starts and self.ends and self.starts <= day <= self.ends)


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """One of a chapter's people confirmed having read a version of the guidelines (ALA-30)."""

    #: E-mail of one of the chapter's people.
    by: str
    version: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing a person found in a review by hand. A clause and a severity come together: they make it a finding."""

    #: In words that name nobody.
    words: str
    clause: str | None = None
    severity: Severity | None = None
    #: The day it was posted, as far as it is known.
    on: date | None = None
    #: A link, or words such as "post by a member".
    where: str = ""
    #: The day a person saw that it is gone.
    gone: date | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a person looked for, and found, in an account nothing can read (access `attested`)."""

    #: The account's key.
    account: str
    #: First and last day of posts looked at.
    starts: date
    ends: date
    on: date
    #: E-mail of one of the chapter's people; reports print a role at most.
    by: str
    #: Ids of the policy's clauses that were looked for; `all` for the whole checklist.
    looked_at: tuple[str, ...]
    #: What was found, in words that name nobody; None where nothing was, or where it is listed.
    found: str | None = None
    #: What was found, one by one.
    matters: tuple[Matter, ...] = ()

    @property
    def reported(self) -> tuple[Matter, ...]:
        """Everything found; free words are one matter without a clause."""
        return (*((Matter(words=self.found),) if self.found else ()), *self.matters)

    def line(self, matter: Matter) -> str:
        """The SHA-256 of the line of the register that reports a matter: what a finding has in a capture's place.

        That it is gone is said of it later and is no part of it.
        """
        reported = dataclasses.asdict(dataclasses.replace(matter, gone=None))
        made = {name: value for name, value in dataclasses.asdict(self).items() if name not in ("found", "matters")}
        return _hash_of(json.loads(json.dumps([made, reported], default=str)))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One chapter: its people and its accounts."""

    id: str
    name: str
    association: str
    language: str
    timezone: str
    #: ISO 3166 alpha-2, for phone numbers written without a country code.
    country: str
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    #: Published contact data of the chapter itself: never a finding (ALA-23's near-miss).
    public_contacts: tuple[str, ...] = ()
    #: The chapter's own web site, read for links to accounts nobody registered.
    website: str | None = None
    #: Every answer given, also those a later one replaces.
    answers: tuple[Answer, ...] = ()
    consents: tuple[Consent, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Somebody at headquarters who works with Chapterwatch's pages. `user` is the login in Airflow."""

    user: str
    #: viewer, reviewer, publisher or admin.
    role: str
    #: Ids of the chapters that are theirs; None for all.
    chapters: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many months texts and pictures of posts are kept after they were last seen; None: for ever."""

    months: int | None = None
    #: Platform -> its own number, which counts instead.
    platforms: Mapping[str, int] = field(default_factory=dict)

    def of(self, platform: str) -> int | None:
        """The months that hold for a platform's posts."""
        return self.platforms.get(platform, self.months)


@dataclass(frozen=True, kw_only=True)
class Association:
    """One association with its policy pack, its chapters and what its rules must know."""

    id: str
    name: str
    pack: str
    language: str
    timezone: str
    headquarters: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    #: Who is told of a critical finding the same night: headquarters where nobody else is named.
    duty: tuple[str, ...] = ()
    #: Whether a person must release each month's mails in Airflow.
    sign_off: bool = True
    official_domains: tuple[str, ...] = ()
    public_contacts: tuple[str, ...] = ()
    #: Members, staff and partners a post may disparage: names and handles.
    roster_names: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    retention: Retention = Retention()


# --- what connectors yield ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Connection:
    """Where and with what credentials to reach a platform. `base_url` points a connector at any server."""

    id: str
    platform: str
    base_url: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    #: The day its token ends, as somebody noted it.
    expires: date | None = None
    #: What time it is by the clock of the machine that asks (UTC), to be held against the platform's; None where that
    #: clock dates nothing.
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture, video or file of a post. `alt_text` is None where the platform does not say."""

    kind: str
    url: str | None
    alt_text: str | None = None
    native_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class PostReading:
    """One post as a connector read it once.

    `raw` holds the item's bytes as received (secrets cut), `text` the decoded text exactly as the platform gave it:
    spans of findings count code points of `text`.
    """

    native_id: str
    #: post, reply, share, quote, comment
    kind: str
    created_at: datetime
    created_raw: str
    text: str
    raw: bytes
    edited_at: datetime | None = None
    #: Every id this post has had, oldest first, where the platform gives a new id to an edit (X).
    version_ids: tuple[str, ...] = ()
    permalink: str | None = None
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    lang: str | None = None
    reply_to: str | None = None
    hidden: bool = False
    #: Gone already when it was read: an export's list of deleted posts.
    deleted_at: datetime | None = None
    #: What this record's file shows although its road in general does not: a table with a column for edits.
    shows: frozenset[Unshown] = frozenset()

    @property
    def content_hash(self) -> str:
        """SHA-256 of what a reader sees: equal hashes mean no edit. Counts, tokens and signed URLs do not enter."""
        return _hash_of(
            [self.text, sorted(self.links), [_media_identity(item) for item in self.media], self.hidden],
        )


@dataclass(frozen=True, kw_only=True)
class ProfileReading:
    """One account's profile as a connector read it once."""

    native_id: str
    handle: str
    name: str
    bio: str
    raw: bytes
    website: str | None = None
    location: str | None = None
    avatar_url: str | None = None
    banner_url: str | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 of what a reader sees of the profile."""
        pictures = [_path_of(self.avatar_url), _path_of(self.banner_url)]
        return _hash_of([self.handle, self.name, self.bio, self.website, self.location, pictures])


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A record that could not be read: kept with its reason, counted in coverage, lost never."""

    where: str
    reason: str
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A post asked for by id that the platform would not show. `certainty` is `gone` or `cannot_tell`."""

    native_id: str
    certainty: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer of a platform: some posts, what went wrong with others, and where the next page starts."""

    posts: tuple[PostReading, ...] = ()
    missing: tuple[Missing, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    #: Resume here; None on the last page.
    cursor: str | None = None
    #: Paid reads this page cost, for the spend line.
    reads: int = 0
    #: HTTP status and rate-limit headers, as facts for coverage.
    http: Mapping[str, str] = field(default_factory=dict)
    #: True where the platform stopped before the window was covered (a cap such as X's 3,200 posts).
    capped: bool = False


@dataclass(frozen=True, kw_only=True)
class Window:
    """The half-open span of post times [since, until) that was asked for, both UTC."""

    since: datetime
    until: datetime


# --- what the pipeline keeps ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One row per account x run x what was asked. Natural key: (run_id, account_key, asked)."""

    run_id: str
    account_key: str
    #: posts, profile, known_posts, export, review
    asked: str
    seen: Seen
    #: Why not all was seen: a ConnectorError's `reason`, or mass_vanishing, silent_account, quarantined, broken_off…
    reason: str | None
    #: One sentence an officer can read. No token, name or post text.
    detail: str
    window: Window
    at: datetime
    posts_seen: int = 0
    quarantined: int = 0
    #: Paid reads of the account in the whole run, however often it was tried.
    reads: int = 0
    resets_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A True verdict with its evidence. `key` is stable over re-judging; a change of content makes a new one."""

    key: str
    rule_id: str
    rule_version: int
    pack: str
    pack_version: str
    clauses: tuple[str, ...]
    severity: Severity
    lane: Lane
    account_key: str
    chapter: str
    #: post, profile, or review: what a person found in an account nothing can read
    subject_kind: str
    subject_id: str
    revision: int
    content_hash: str
    #: SHA-256 of the capture, or of the register's line where a person reported it.
    capture_hash: str
    #: report (a person's words), text, bio, name, handle, website, location, alt_text, edit, deletion,
    #: picture:<first 12 digits of its SHA-256>
    field: str
    #: Half-open span in code points of the stored field; (0, 0) where the evidence is the whole item.
    start: int
    end: int
    excerpt: str
    reason: str
    #: 0..1, how sure the check is, not how grave the matter is.
    confidence: float
    #: When the judged content came to stand (UTC).
    opened_at: datetime
    #: When it was mended: edited away, deleted or profile changed (UTC); None while it stands.
    closed_at: datetime | None = None
    closed_by: str | None = None
    #: When the same words last came back after they had been mended (UTC); None where they never went.
    reopened_at: datetime | None = None


def finding_key(rule_id: str, account_key: str, subject_kind: str, subject_id: str, field: str, words: str) -> str:
    """Stable over re-judging, and over an edit elsewhere in the post: it hangs on the words, not on their place."""
    parts = (rule_id, account_key, subject_kind, subject_id, field, " ".join(words.split()).casefold())
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def is_picture(kind: str) -> bool:
    """Whether a `Media.kind`, in any platform's word for it, is a still picture."""
    return kind.lower() in {"photo", "image", "picture", "cover_photo", "profile_media", "sticker"}


def is_recording(kind: str) -> bool:
    """Whether a `Media.kind` moves or sounds: never fetched, always counted as not judged."""
    return kind.lower().startswith(("video", "audio", "animated", "live", "reel"))


def is_preview(kind: str) -> bool:
    """Whether a `Media.kind` stands for something that lies elsewhere: a link, a place, a contact, an event."""
    return kind.lower() in {"link", "share", "article", "contact", "location", "map", "event", "poll"}


def picture_key(native_id: str | None, url: str | None) -> str | None:
    """What tells a picture from the others of its subject: its id, else the path of its address."""
    return native_id or _path_of(url)


def path_of(url: str) -> str:
    """The path of an address; what is none, such as an open IPv6 bracket, as it stands."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def account_key(platform: str, native_id: str) -> str:
    """The key of an account: platform and native id, never the handle."""
    return f"{platform}:{native_id}"


def same_handle(read: str, registered: str, native_id: str) -> bool:
    """Whether a platform's handle is the registered one: letter case, a leading @, an address around it aside.

    Some platforms give the id where there is no handle, and some the server with the name: neither is a new name.
    """
    now, before = _bare_handle(read), _bare_handle(registered)
    local = now.partition("@")[0] == before.partition("@")[0] and "@" not in (now if "@" in before else before)
    return not now or not before or now == before or now == native_id.lower() or local


def _bare_handle(handle: str) -> str:
    path = handle.strip().casefold().rstrip("/")
    return path.rpartition("/")[2].lstrip("@")


def _hash_of(content: Any) -> str:
    packed = json.dumps(content, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(packed.encode("ascii")).hexdigest()


def _media_identity(media: Media) -> list[str | None]:
    # Media URLs are signed anew on every read, so the id stands for the picture where there is one.
    return [media.kind, picture_key(media.native_id, media.url), media.alt_text]


def _path_of(url: str | None) -> str | None:
    # Delivery networks sign the address and name another host on every read; the path stands for the picture.
    return None if url is None else path_of(url)
