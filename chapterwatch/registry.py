"""The registry: association -> chapters -> people and accounts, from one YAML file a person keeps.

It is validated at the door, every fault in one go with file, line, what is wrong and how to mend it. What comes out
is `chapterwatch.model`'s frozen nouns; nothing behind this door sees YAML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chapterwatch import registers, strictyaml
from chapterwatch.errors import InvalidFiles, Problem, UserError, choices
from chapterwatch.model import (
    Access,
    Account,
    Association,
    Chapter,
    Event,
    Person,
    Retention,
    Space,
    Staff,
    account_key,
)

#: Access modes that need a connection to ask a platform.
ASKED = frozenset({Access.OWNER_TOKEN, Access.PUBLIC_API, Access.FEED})

#: A registry is one file, and a chapter with four accounts takes some 1,500 bytes of it.
MAX_BYTES = 20_000_000

#: A report covers a month, goes out in the next one and is answered until the one after has closed: texts that went
#: before could not be argued about. A platform whose terms name a shorter time may have that.
LEAST_RETENTION = 3
_MOST_RETENTION = 1_200

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def _mail(value: str) -> str:
    if not _MAIL.fullmatch(value):
        raise ValueError(f"{value!r} is not a mail address; write it as name@domain.example")
    return value


@cache
def _zones() -> frozenset[str]:
    # Asked anew it walks the whole folder of time zones, ten milliseconds for every chapter of a registry.
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError(f"{value!r} is not a time zone; use an IANA name such as America/Chicago")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", value):
        raise ValueError(f"{value!r} cannot be an id; use lower-case letters, digits and hyphens")
    return value


def _site(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(f"{value!r} is no web address; write it as https://chapter.example")
    return value


Mail = Annotated[str, AfterValidator(_mail)]
Site = Annotated[str, AfterValidator(_site)]
Zone = Annotated[str, AfterValidator(_zone)]
Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Person(_Data):
    name: str = Field(min_length=1)
    email: Mail
    role: str
    leadership: bool = False


class _Account(_Data):
    platform: str
    native_id: str = Field(min_length=1)
    handle: str
    space: Space
    access: Access
    connection: str | None = None
    export_format: str | None = None
    pack: str | None = None
    language: Language | None = None
    timezone: Zone | None = None
    owner: Mail | None = None
    deputy: Mail | None = None
    collect_from: date | None = None
    on_deleted: Literal["erase_body", "keep_with_owner_consent"] = "erase_body"
    headquarters: bool = False
    affiliated: bool = False
    expires: date | None = None

    @model_validator(mode="after")
    def _way_in(self) -> Self:
        if self.space is Space.PRIVATE and self.access is not Access.NONE:
            raise ValueError("a private space is never collected; set access: none")
        if self.access in ASKED and self.connection is None:
            raise ValueError(f"access {self.access} needs a connection; add connection: <id>")
        if self.access is Access.IMPORT and self.export_format is None:
            raise ValueError("access import needs the export's format; add export_format: <name>")
        return self


class _Chapter(_Data):
    id: Slug
    name: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    language: Language | None = None
    timezone: Zone | None = None
    people: tuple[_Person, ...] = Field(min_length=1)
    accounts: tuple[_Account, ...] = ()
    public_contacts: tuple[str, ...] = ()
    website: Site | None = None
    #: A list, or the name of a file beside the registry; `chapterwatch.registers` reads them.
    answers: Any = None
    consents: Any = None
    acknowledgements: Any = None
    reviews: Any = None


class _Event(_Data):
    name: str
    starts: date
    ends: date
    hashtags: tuple[str, ...] = Field(min_length=1)
    cues: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError(f"event {self.name} ends before it starts; swap the dates")
        return self


Months = Annotated[int, Field(strict=True, ge=1, le=_MOST_RETENTION)]


class _Retention(_Data):
    months: Months | None = None
    platforms: Mapping[str, Months] = Field(default_factory=dict)


class _Association(_Data):
    id: Slug
    name: str
    pack: str
    language: Language
    timezone: Zone
    headquarters: tuple[Mail, ...] = Field(min_length=1)
    duty: tuple[Mail, ...] = ()
    sign_off: bool = True
    chapters: tuple[_Chapter, ...] = Field(min_length=1)
    official_domains: tuple[str, ...] = ()
    public_contacts: tuple[str, ...] = ()
    roster_names: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    events: tuple[_Event, ...] = ()
    retention: _Retention = _Retention()


class _Staff(_Data):
    user: str = Field(min_length=1)
    role: Literal["viewer", "reviewer", "publisher", "admin"]
    #: Nothing written means all, except for a viewer.
    chapters: tuple[Slug, ...] | Literal["all"] | None = None

    @model_validator(mode="after")
    def _viewers_chapters(self) -> Self:
        if self.role == "viewer" and not self.chapters:
            raise ValueError(f"viewer {self.user} has no chapters; add chapters: [<id>], or chapters: all")
        return self


class _File(_Data):
    associations: tuple[_Association, ...] = Field(min_length=1)
    staff: tuple[_Staff, ...] = ()


@dataclass(frozen=True)
class Known:
    """What a registry may name: platforms, export formats and packs that exist here."""

    platforms: frozenset[str]
    export_formats: frozenset[str]
    packs: frozenset[str]
    #: Pack -> question id -> monthly, yearly or once.
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Pack -> ids of the clauses a review by hand looks for.
    clauses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Platform -> months after which its own terms want copies gone.
    kept: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Registry:
    """All associations, with look-ups by id and key."""

    path: Path
    associations: tuple[Association, ...]
    #: Chapter id -> the file that holds its answers, where they stand in a file of their own.
    answer_files: Mapping[str, Path] = field(default_factory=dict)
    #: Who may do what at the staff's pages.
    staff: tuple[Staff, ...] = ()
    #: The platforms there are, with an account here or not; empty where the registry was loaded without knowing them.
    platforms: frozenset[str] = frozenset()

    @property
    def chapters(self) -> list[Chapter]:
        """Every chapter of every association, in file order."""
        return [chapter for association in self.associations for chapter in association.chapters]

    @property
    def accounts(self) -> list[Account]:
        """Every account of every chapter, in file order."""
        return [account for chapter in self.chapters for account in chapter.accounts]

    def role_of(self, login: str) -> str:
        """The role of a member of the staff; empty for whoever is not listed."""
        return next((staff.role for staff in self.staff if staff.user == login), "")

    def association(self, association_id: str) -> Association:
        """The association of that id. Raises UserError naming those there are."""
        return _named(self.associations, lambda item: item.id, association_id, "association")

    def chapter(self, chapter_id: str) -> Chapter:
        """The chapter of that id. Raises UserError naming those there are."""
        return _named(self.chapters, lambda item: item.id, chapter_id, "chapter")

    def chapters_called(self, names: Iterable[str]) -> list[Chapter]:
        """The chapters of those ids, in that order; all where none is named. Raises UserError as `chapter`."""
        return [self.chapter(name) for name in names] or self.chapters

    def account(self, key: str) -> Account:
        """The account of that key. Raises UserError naming those there are."""
        return _named(self.accounts, lambda item: item.key, key, "account")

    def select(
        self,
        *,
        chapters: Collection[str] = (),
        platforms: Collection[str] = (),
        keys: Collection[str] = (),
    ) -> list[Account]:
        """The accounts that match every selection given; an empty one means all. Raises UserError on unknown names."""
        for chapter in chapters:
            self.chapter(chapter)
        for platform in platforms:
            self._check_platform(platform)
        for key in keys:
            self.account(key)
        return [
            account
            for account in self.accounts
            if (not chapters or account.chapter in chapters)
            and (not platforms or account.platform in platforms)
            and (not keys or account.key in keys)
        ]

    def _check_platform(self, wanted: str) -> None:
        if not self.platforms or wanted in self.platforms:
            return
        raise UserError(f"there is no platform {wanted!r}; {choices(wanted, self.platforms)}")


def load(path: Path, known: Known | None = None) -> Registry:
    """Load and validate a registry. With `known`, names of platforms, formats and packs are checked too.

    Raises:
        InvalidFiles: with every problem of the file, in the order of its lines.
    """
    if not path.exists():
        mend = "copy config/chapters.example.yml there and fill it in, or set CHAPTERWATCH_REGISTRY"
        raise InvalidFiles([Problem(str(path), 1, "there is no such file", mend)])
    document = strictyaml.load(path, MAX_BYTES)
    problems = [
        Problem(str(path), document.line_of(location), what, mend)
        for location, what, mend in _faults(document.data, known)
    ]
    kept = _registers(document, known, problems)
    try:
        parsed = strictyaml.validate(_File, document)
    except InvalidFiles as error:
        raise InvalidFiles(sorted([*error.problems, *problems], key=_place)) from None
    if problems:
        raise InvalidFiles(sorted(problems, key=_place))
    return Registry(
        path,
        tuple(_association(item, kept, index) for index, item in enumerate(parsed.associations)),
        _answer_files(parsed, path.parent),
        tuple(_staff(item) for item in parsed.staff),
        known.platforms if known else frozenset(),
    )


Noun = TypeVar("Noun")
Fault = tuple[strictyaml.Location, str, str]
Placed = tuple[strictyaml.Location, dict[str, Any]]


Kept = Mapping[strictyaml.Location, registers.Registers]


def _place(problem: Problem) -> tuple[str, int]:
    return problem.file, problem.line


def _registers(document: strictyaml.Document, known: Known | None, problems: list[Problem]) -> Kept:
    """The registers of every chapter, by the chapter's place in the file."""
    kept = {}
    for at, association in _listed((), document.data, "associations"):
        pack = str(association.get("pack"))
        for place, chapter in _listed(at, association, "chapters"):
            frame = registers.Frame(
                people=[str(person.get("email")) for _, person in _listed(place, chapter, "people")],
                pack=pack,
                questions=known.questions.get(pack) if known else None,
                clauses=known.clauses.get(pack) if known else None,
                reviewed=[_key_of(one) for _, one in _listed(place, chapter, "accounts") if _is_attested(one)],
            )
            kept[place], faults = registers.read(document, place, frame)
            problems += faults
    return kept


def _key_of(account: Mapping[str, Any]) -> str:
    return account_key(str(account.get("platform")), str(account.get("native_id")))


def _is_attested(account: Mapping[str, Any]) -> bool:
    return account.get("access") == Access.ATTESTED and account.get("space") != Space.PRIVATE


def _answer_files(parsed: _File, folder: Path) -> dict[str, Path]:
    chapters = [chapter for item in parsed.associations for chapter in item.chapters]
    return {chapter.id: folder / chapter.answers for chapter in chapters if isinstance(chapter.answers, str)}


def _faults(data: Any, known: Known | None) -> Iterator[Fault]:
    """What does not fit together. Over the data as written: a fault of another kind must not hide one of these."""
    associations = list(_listed((), data, "associations"))
    chapters = [chapter for at, item in associations for chapter in _listed(at, item, "chapters")]
    accounts = [account for at, item in chapters for account in _listed(at, item, "accounts")]
    yield from _doubles(associations, chapters, accounts)
    yield from _staff_faults(data, {str(chapter.get("id")) for _, chapter in chapters})
    for at, chapter in chapters:
        yield from _people_faults(at, chapter)
    for at, association in associations:
        yield from _retention_faults((*at, "retention"), association.get("retention"), known)
    if known:
        for at, item in (*associations, *accounts):
            yield from _unknown_names(at, item, known)


def _listed(at: strictyaml.Location, item: Any, name: str) -> Iterator[Placed]:
    """The mappings of a list of `item`, each with its place; whatever is none is left to the schema to tell."""
    found = item.get(name) if isinstance(item, dict) else None
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, dict):
            yield (*at, name, index), entry


def _people_faults(at: strictyaml.Location, chapter: dict[str, Any]) -> Iterator[Fault]:
    people = [person for _, person in _listed(at, chapter, "people")]
    if people and not any(person.get("leadership") is True for person in people):
        what = f"chapter {chapter.get('id')} has no leadership"
        yield (*at, "people"), what, "set leadership: true for who gets its report"
    mails = {str(person.get("email")) for person in people}
    for here, account in _listed(at, chapter, "accounts"):
        for role in ("owner", "deputy"):
            mail = account.get(role)
            if mail is not None and str(mail) not in mails:
                yield (*here, role), f"{role} {mail} is not among the chapter's people", "add them to people"


def _retention_faults(at: strictyaml.Location, retention: Any, known: Known | None) -> Iterator[Fault]:
    if not isinstance(retention, dict):
        return
    if _is_too_short(retention.get("months"), LEAST_RETENTION):
        yield (*at, "months"), _too_short(retention["months"]), f"write {LEAST_RETENTION} or more"
    platforms = retention.get("platforms")
    for name, months in (platforms if isinstance(platforms, dict) else {}).items():
        if known and name not in known.platforms:
            yield (*at, "platforms", name), f"there is no platform {name!r}", choices(str(name), known.platforms)
            continue
        asked = known.kept.get(name, LEAST_RETENTION) if known else 1
        if _is_too_short(months, asked):
            said = f"{_too_short(months)}, and no terms of {name} ask for it"
            yield (*at, "platforms", name), said, f"write {asked} or more"


def _is_too_short(months: Any, least: int) -> bool:
    # A bool is an int to Python; what is no number is the schema's to tell.
    return type(months) is int and 0 < months < least


def _too_short(months: int) -> str:
    told = "1 month" if months == 1 else f"{months} months"
    return (
        f"a retention of {told} is too short: a report covers a month, goes out in the next and is answered until the "
        "one after has closed"
    )


def _staff_faults(data: Any, chapters: Collection[str]) -> Iterator[Fault]:
    users = [(at, item) for at, item in _listed((), data, "staff")]
    for number, (at, item) in enumerate(users):
        if any(item.get("user") == before.get("user") for _, before in users[:number]):
            yield at, f"user {item.get('user')} is listed twice", "keep one of them"
        named = item.get("chapters")
        for chapter in named if isinstance(named, list) else ():
            if str(chapter) not in chapters:
                yield (*at, "chapters"), f"there is no chapter {chapter!r}", choices(str(chapter), chapters)


def _unknown_names(at: strictyaml.Location, item: dict[str, Any], known: Known) -> Iterator[Fault]:
    for key, names, what in (
        ("platform", known.platforms, "connector for platform"),
        ("export_format", known.export_formats, "importer for"),
        ("pack", known.packs, "policy pack"),
    ):
        name = item.get(key)
        if isinstance(name, str) and name not in names:
            yield (*at, key), f"there is no {what} {name!r}", choices(name, names)


def _doubles(associations: list[Placed], chapters: list[Placed], accounts: list[Placed]) -> Iterator[Fault]:
    named = [("association", at, item.get("id")) for at, item in associations]
    named += [("chapter", at, item.get("id")) for at, item in chapters]
    named += [
        ("account", at, account_key(str(item.get("platform")), str(item.get("native_id")))) for at, item in accounts
    ]
    counts = Counter((what, name) for what, _, name in named if name is not None)
    told = set()
    for what, at, name in reversed(named):
        if counts[what, name] > 1 and (what, name) not in told:
            told.add((what, name))
            yield at, f"{what} {name} is listed twice", "keep one of them"


def _association(item: _Association, kept: Kept, index: int) -> Association:
    return Association(
        id=item.id,
        name=item.name,
        pack=item.pack,
        language=item.language,
        timezone=item.timezone,
        headquarters=item.headquarters,
        duty=item.duty or item.headquarters,
        sign_off=item.sign_off,
        chapters=tuple(
            _chapter(chapter, item, kept["associations", index, "chapters", number])
            for number, chapter in enumerate(item.chapters)
        ),
        official_domains=item.official_domains,
        public_contacts=item.public_contacts,
        roster_names=item.roster_names,
        partners=item.partners,
        events=tuple(Event(**event.model_dump()) for event in item.events),
        retention=Retention(months=item.retention.months, platforms=dict(item.retention.platforms)),
    )


def _chapter(item: _Chapter, parent: _Association, kept: registers.Registers) -> Chapter:
    language, timezone = item.language or parent.language, item.timezone or parent.timezone
    defaults: dict[str, Any] = {"language": language, "timezone": timezone, "pack": parent.pack}
    return Chapter(
        id=item.id,
        name=item.name,
        association=parent.id,
        language=language,
        timezone=timezone,
        country=item.country,
        people=tuple(Person(**person.model_dump()) for person in item.people),
        accounts=tuple(_account(account, item.id, parent.id, defaults) for account in item.accounts),
        public_contacts=item.public_contacts,
        website=item.website,
        answers=kept.answers,
        consents=kept.consents,
        acknowledgements=kept.acknowledgements,
        reviews=kept.reviews,
    )


def _account(item: _Account, chapter: str, association: str, defaults: dict[str, Any]) -> Account:
    given = {name: value for name, value in item.model_dump().items() if value is not None}
    key = account_key(item.platform, item.native_id)
    return Account(**{**defaults, **given}, key=key, chapter=chapter, association=association)


def _staff(item: _Staff) -> Staff:
    chapters = None if item.chapters in {None, "all"} else tuple(item.chapters or ())
    return Staff(user=item.user, role=item.role, chapters=chapters)


def _named(items: Collection[Noun], name_of: Callable[[Noun], str], wanted: str, what: str) -> Noun:
    for item in items:
        if name_of(item) == wanted:
            return item
    raise UserError(f"there is no {what} {wanted!r} in the registry; {choices(wanted, [*map(name_of, items)])}")
