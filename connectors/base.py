"""What a connector and an importer are, and how to open one by the name a registry or a connection uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from chapterwatch import strictyaml
from chapterwatch.errors import ConnectorError, UserError
from chapterwatch.model import (
    Account,
    Connection,
    Media,
    Page,
    PostReading,
    ProfileReading,
    Quarantined,
    Unshown,
    Window,
)

_ROOM = Path(__file__).parent


class Connector(Protocol):
    """Reads accounts of one platform. Every failure is a `ConnectorError`, never an empty answer."""

    def profile(self, account: Account) -> ProfileReading:
        """The account's profile as it stands."""
        ...

    def pages(self, account: Account, window: Window, cursor: str | None = None) -> Iterator[Page]:
        """The account's posts of `window`, newest first, each page as soon as it is read; resumes at `cursor`."""
        ...

    def look_up(self, account: Account, native_ids: Sequence[str]) -> Page:
        """Known posts again: their present text, or `Missing` with how sure the platform is."""
        ...


@runtime_checkable
class ManyProfiles(Protocol):
    """A connector whose platform shows the profiles of many accounts in one answer. Most have none of this."""

    #: How many at most.
    most_profiles: int

    def profiles(self, accounts: Sequence[Account]) -> Mapping[str, ProfileReading | ConnectorError]:
        """What one question said of these accounts, by key: each one's own profile, or its own error.

        Raises no `ConnectorError`. Whoever is missing from the answer is to be asked for alone, by `profile`: so a
        connector leaves out all it cannot tell of one account for certain.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What one look at an account's access showed, without reading a post."""

    reachable: bool
    #: When the token ends (UTC); None where the platform does not say, or says never: `note` says which.
    expires_at: datetime | None = None
    #: What the token may do; None where the platform does not say.
    scopes: tuple[str, ...] | None = None
    #: The account's handle as the platform has it now.
    handle: str | None = None
    #: One sentence for an officer; no token.
    note: str = ""
    #: Why it could not be reached: a `ConnectorError`'s reason.
    reason: str | None = None


@runtime_checkable
class Probing(Protocol):
    """A connector whose platform tells more of a token than whether it works."""

    def probe(self, account: Account) -> Probe:
        """The account's access as it stands. Every failure is a `ConnectorError`."""
        ...


class Importer(Protocol):
    """Reads the files of one export format."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Everything in the export at `path` (file, folder or zip), oldest first.

        Raises:
            ExportRefused: it is no such export, another account's, or its dates cannot be told without guessing.
        """
        ...


#: The pictures and files the archive knows of an account's posts: time of the post (UTC) -> its native id -> these.
KnownMedia = Mapping[datetime, Mapping[str, tuple[Media, ...]]]


@runtime_checkable
class KnowsAgain(Protocol):
    """An importer of exports that show a message now with its media and now without. Most have none of this."""

    def read_again(
        self, path: Path, account: Account, known: KnownMedia
    ) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """As `Importer.read`, each message under the id the archive has of it, with the media the archive knows."""
        ...


class Manifest(BaseModel):
    """A `connector.yml`: what is asked of a platform, what that shows and what it cannot show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    #: The folder's name, and the word accounts and connections use.
    platform: str
    #: module:class of the connector; null where there are only importers.
    entry_point: str | None
    #: export format -> module:class of its importer
    importers: dict[str, str]
    #: What the platform must grant before the first run, one step a line.
    needs: list[str]
    scopes: list[str]
    #: Name of the secret -> what it is.
    secrets: dict[str, str]
    #: Name of the option -> what it does and its default.
    options: dict[str, str]
    #: Name of the limit -> what the platform documents.
    limits: dict[str, str]
    sees: list[str]
    cannot_see: list[str]
    #: Road (`api`, or an export format) -> what it has no sign of, ever; every road the platform has stands here.
    never_shows: dict[str, list[Unshown]]
    retention_duty: str
    #: After how many months unseen the platform's terms want copies gone, where they name a time.
    retention_months: int | None = Field(default=None, ge=1)
    api_version: str | None
    #: The day the platform has announced this version's end for.
    api_version_ends: date | None
    #: Why there is no such day, where there is none.
    api_version_note: str | None = None
    #: What the platform charges for a post read; 0 where reading is free.
    price_per_read_usd: float = Field(ge=0)
    #: For a profile, where that is another price.
    price_per_profile_usd: float | None = Field(default=None, ge=0)
    #: Whose price list that is, of which day, and what it leaves out.
    price_note: str | None = None
    #: Field groups asked for; the client sends exactly these.
    fields: dict[str, list[str]]

    def unshown(self) -> list[str]:
        """What each road never shows, a sentence a road; roads that show everything are left out."""
        return [
            f"Never shown by {'the API' if road == LIVE else f'`{road}`'}: {', '.join(what).replace('_', ' ')}. Where"
            " nothing else was read, the rules about these answer “not judged”."
            for road, what in self.never_shows.items()
            if what
        ]

    @property
    def price(self) -> str:
        """What the platform charges for a read, in words."""
        if not self.price_per_read_usd:
            return "nothing"
        if self.price_per_profile_usd is None:
            return f"${self.price_per_read_usd:.3f} a read"
        return f"${self.price_per_read_usd:.3f} a post, ${self.price_per_profile_usd:.3f} a profile"


#: How `never_shows` calls the road of a connector that asks live.
LIVE = "api"


def never_shown(platform: str, export_format: str | None = None) -> frozenset[Unshown]:
    """What a road never shows: that of an export format, else the live one of a platform.

    A platform without a live road, read by nobody knows which export, is taken for the least of its roads.
    """
    if export_format is not None:
        told = {road: item.never_shows[road] for item in manifests().values() for road in item.importers}
        return frozenset(told.get(export_format, ()))
    roads = manifests()[platform].never_shows if platform in manifests() else {}
    return frozenset(roads[LIVE]) if LIVE in roads else frozenset(one for road in roads.values() for one in road)


@cache
def manifests() -> dict[str, Manifest]:
    """Every `connector.yml` by platform. Raises `InvalidFiles` naming each fault in them."""
    return {path.parent.name: _manifest(path) for path in sorted(_ROOM.glob("*/connector.yml"))}


def open_connector(connection: Connection, *, max_reads: int | None = None) -> Connector:
    """The connector for a connection, sending nothing yet.

    Args:
        connection: where and with which credentials to read.
        max_reads: the run's cap on paid reads; the connector raises `QuotaSpent` rather than pass it.

    Raises:
        UserError: no such platform, one without an API, or an option it does not have.
    """
    open_to = {name: manifest for name, manifest in manifests().items() if manifest.entry_point}
    manifest = open_to.get(connection.platform)
    if manifest is None or manifest.entry_point is None:
        raise UserError(
            f"connection {connection.id}: there is no connector for platform {connection.platform!r};"
            f" use one of {', '.join(open_to)}"
        )
    unknown = sorted(set(connection.options) - set(manifest.options))
    if unknown:
        known = ", ".join(manifest.options)
        raise UserError(f"connection {connection.id}: unknown option {unknown[0]!r}; {manifest.platform} knows {known}")
    return cast("Connector", load_entry_point(manifest.entry_point)(connection, manifest, max_reads=max_reads))


def probe(connector: Connector, account: Account) -> Probe:
    """Whether an account can be reached, and what its platform says of the token. Raises no `ConnectorError`.

    A connector without a `probe` of its own reads the profile, which on some platforms costs a paid read.
    """
    try:
        if isinstance(connector, Probing):
            return connector.probe(account)
        return Probe(reachable=True, handle=connector.profile(account).handle, note=UNTOLD)
    except ConnectorError as error:
        return Probe(reachable=False, reason=error.reason, note=str(error))


#: What is said where a platform names no end of a token.
UNTOLD = "The platform does not say when the token ends."


def importer(export_format: str) -> Importer:
    """The importer of an export format. Raises `UserError` naming the formats there are."""
    known = {name: point for manifest in manifests().values() for name, point in manifest.importers.items()}
    if export_format not in known:
        raise UserError(f"there is no importer for export_format {export_format!r}; use one of {', '.join(known)}")
    return cast("Importer", load_entry_point(known[export_format])())


def _manifest(path: Path) -> Manifest:
    return strictyaml.validate(Manifest, strictyaml.load(path))


def load_entry_point(entry_point: str) -> Any:
    """The class a manifest names as module:class. Raises ImportError or AttributeError where there is none."""
    module, _, name = entry_point.partition(":")
    return getattr(import_module(module), name)
