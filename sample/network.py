"""The invented network as frozen data, and what it shows at any instant.

`network/accounts.yml` says who posts and what goes wrong with an account; `network/posts/*.jsonl` holds one post a
line with the changes it goes through. Nothing here knows a platform's shape or the time of day: `state(network, now)`
is a pure function.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from chapterwatch import strictyaml

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "network"
REGISTRY = HERE / "registry.yml"
CONNECTIONS = HERE / "connections.yml"
TRUTH = HERE / "truth.yml"

#: A misspelt key in the content is a fault, not a default.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that happens to a post at `at` (UTC): a new text, or it is hidden, or deleted."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    at: datetime
    text: str | None = None
    hidden: bool = False
    deleted: bool = False
    #: The id the edited version gets, where the platform gives edits an id of their own (X).
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture, video or file of a post. `alt` is None where its poster wrote none."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    kind: str = "photo"
    alt: str | None = None
    #: The drawing it shows (sample.pictures); a landscape where it does not matter.
    shows: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The post another post answers (replied_to), quotes (quoted) or shares (retweeted)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    kind: str
    id: str
    author_id: str
    handle: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post as it was first written, and its changes, oldest first. `at` is UTC."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    at: datetime
    text: str
    lang: str = "en"
    author: str | None = None
    links: tuple[str, ...] = ()
    media: tuple[Picture, ...] = ()
    ref: Reference | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What an account says of itself."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: str
    bio: str
    website: str | None = None
    location: str | None = None
    email: str | None = None
    phone: str | None = None
    #: Drawings of the avatar and the banner (sample.pictures).
    avatar: str | None = None
    banner: str | None = None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProfileChange:
    """A new bio from `at` (UTC) on."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    at: datetime
    bio: str


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What goes wrong with an account, so that the demo shows how it is told."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    #: X answers 200 with errors and no data from this instant (UTC) on.
    suspended_at: datetime | None = None
    #: The night (UTC date of the server's clock) in which the first request is answered 429.
    rate_limited_on: date | None = None
    #: Graph answers error 190, subcode 463.
    token_expired: bool = False
    #: The export has a row nobody can read.
    malformed_row: bool = False


@dataclass(frozen=True, kw_only=True)
class SampleAccount:
    """One account with everything it ever posts, oldest first."""

    key: str
    handle: str
    profile: Profile
    profile_changes: tuple[ProfileChange, ...] = ()
    faults: Faults = Faults()
    posts: tuple[Post, ...] = ()

    @property
    def platform(self) -> str:
        """The connector folder's name: x, facebook_page or plain."""
        return self.key.partition(":")[0]

    @property
    def native_id(self) -> str:
        """The platform's id of the account."""
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Network:
    """Every account by key."""

    accounts: Mapping[str, SampleAccount]

    def on(self, platform: str) -> list[SampleAccount]:
        """The accounts of one platform."""
        return [account for account in self.accounts.values() if account.platform == platform]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One wording of a post: the id and text it had from `at` (UTC) on."""

    id: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One post at an instant: its wordings so far, and whether it is hidden or gone."""

    post: Post
    versions: tuple[Version, ...]
    hidden: bool = False
    deleted_at: datetime | None = None

    @property
    def current(self) -> Version:
        """The wording that stands."""
        return self.versions[-1]

    @property
    def text(self) -> str:
        """The text that stands."""
        return self.current.text


@dataclass(frozen=True, kw_only=True)
class AccountState:
    """One account at an instant. `posts` are those to be seen, newest first; `gone` were deleted before."""

    account: SampleAccount
    profile: Profile
    suspended: bool
    posts: tuple[Shown, ...]
    gone: tuple[Shown, ...]


class _AccountData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    handle: str
    posts: str
    profile: dict[str, Any]
    profile_changes: list[dict[str, Any]] = []
    faults: dict[str, Any] = {}


class _AccountsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    accounts: list[_AccountData]


_POST = TypeAdapter(Post)
_PROFILE = TypeAdapter(Profile)
_PROFILE_CHANGES = TypeAdapter(tuple[ProfileChange, ...])
_FAULTS = TypeAdapter(Faults)


def load(folder: Path = CONTENT) -> Network:
    """Read the network's content.

    Raises:
        chapterwatch.errors.InvalidFiles: accounts.yml has faults.
        pydantic.ValidationError: a post has faults.
    """
    parsed = strictyaml.validate(_AccountsFile, strictyaml.load(folder / "accounts.yml"))
    accounts = (_account(item, folder / "posts") for item in parsed.accounts)
    return Network({account.key: account for account in accounts})


def state(network: Network, now: datetime) -> dict[str, AccountState]:
    """What every account shows at `now` (UTC), by account key."""
    return {key: _account_state(account, now) for key, account in network.accounts.items()}


def tokens(path: Path = CONNECTIONS) -> dict[str, dict[str, str]]:
    """The secrets of the sample's connections by platform: secret name -> invented token."""
    connections = strictyaml.load(path).data["connections"].values()
    return {item["platform"]: dict(item["secrets"]) for item in connections}


def _account(item: _AccountData, folder: Path) -> SampleAccount:
    lines = (folder / item.posts).read_text(encoding="utf-8").splitlines()
    posts = sorted((_POST.validate_python(json.loads(line)) for line in lines), key=lambda post: post.at)
    return SampleAccount(
        key=item.key,
        handle=item.handle,
        profile=_PROFILE.validate_python(item.profile),
        profile_changes=_PROFILE_CHANGES.validate_python(item.profile_changes),
        faults=_FAULTS.validate_python(item.faults),
        posts=tuple(posts),
    )


def _account_state(account: SampleAccount, now: datetime) -> AccountState:
    shown = [_shown(post, now) for post in reversed(account.posts) if post.at <= now]
    suspended_at = account.faults.suspended_at
    return AccountState(
        account=account,
        profile=_profile_at(account, now),
        suspended=suspended_at is not None and suspended_at <= now,
        posts=tuple(item for item in shown if item.deleted_at is None),
        gone=tuple(item for item in shown if item.deleted_at is not None),
    )


def _shown(post: Post, now: datetime) -> Shown:
    past = [change for change in post.changes if change.at <= now]
    versions = [Version(id=post.id, at=post.at, text=post.text)]
    versions += [Version(id=item.id or post.id, at=item.at, text=item.text) for item in past if item.text is not None]
    return Shown(
        post=post,
        versions=tuple(versions),
        hidden=any(change.hidden for change in past),
        deleted_at=next((change.at for change in past if change.deleted), None),
    )


def _profile_at(account: SampleAccount, now: datetime) -> Profile:
    bios = [change.bio for change in account.profile_changes if change.at <= now]
    return replace(account.profile, bio=bios[-1]) if bios else account.profile
