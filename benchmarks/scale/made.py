"""An invented network of any size, made from a seed: who is in it, which accounts there are, and what they post.

Every chapter has four accounts: X, a Facebook Page, Instagram, and by turns Mastodon, Bluesky or YouTube. How much an
account posts has a heavy tail (lognormal, median five posts a month, one in ten silent). Two in a hundred tokens are
dead, two in a hundred posts are edited, one in two hundred is deleted. The words are those of `quality/posts`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from chapterwatch.model import Connection
from sample.network import Change, Faults, Picture, Post, Profile, SampleAccount
from sample.x_api import EPOCH_MS

POSTS = Path(__file__).resolve().parents[2] / "quality" / "posts"

PER_CHAPTER = 4
THIRDS = ("mastodon", "bluesky", "youtube")
PLATFORMS = ("x", "facebook_page", "instagram", *THIRDS)
#: Accounts on one Mastodon instance.
PER_INSTANCE = 100

MEDIAN_RATE, SPREAD, HIGHEST_RATE = 5.0, 1.1, 250.0
SILENT, DEAD, SUSPENDED, EDITED, DELETED = 0.10, 0.02, 0.005, 0.02, 0.005
#: Of posts: with a picture, of pictures: with an alt text, of posts: written for a rule to find.
PICTURED, DESCRIBED, FLAGGED = 0.3, 0.5, 0.04
MONTH = timedelta(days=30.4)
FOUNDED = datetime(2019, 3, 1, tzinfo=UTC)

_FIRST = ("Alder", "Birch", "Cedar", "Copper", "Dawn", "Elm", "Fern", "Granite", "Harbor", "Iris", "Juniper", "Lark")
_SECOND = ("Bend", "Creek", "Falls", "Grove", "Heights", "Landing", "Meadow", "Point", "Ridge", "Shore", "Valley")
_GIVEN = ("Amara", "Bettina", "Corin", "Devlin", "Eluned", "Farid", "Greta", "Harriet", "Imelda", "Jonas", "Kirsi")
_FAMILY = ("Albrandt", "Brekke", "Castaneira", "Dorsey", "Ekwueme", "Farraday", "Lindenbaum", "Ostrowe", "Vossler")

TOKENS = {
    "x_main": "made-up-x-bearer-5f01",
    "fb_main": "made-up-page-token-77ce",
    "fb_dead": "made-up-page-token-dead-08d2",
    "ig_main": "made-up-instagram-token-31ab",
    "ig_dead": "made-up-instagram-token-dead-9f40",
    "yt_main": "made-up-youtube-key-64d0",
}
_SECRET = {"x": "bearer_token", "fb": "page_token", "ig": "access_token", "yt": "api_key"}
_PREFIX = {"x": "x", "facebook_page": "fb", "instagram": "ig", "youtube": "yt"}


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network of `chapters` chapters whose accounts post from `since` until `until` (UTC)."""

    chapters: int
    since: datetime
    until: datetime
    seed: int = 7

    @property
    def accounts(self) -> range:
        """The numbers of all accounts: four a chapter."""
        return range(self.chapters * PER_CHAPTER)

    def platform(self, number: int) -> str:
        """The connector of an account."""
        chapter, place = divmod(number, PER_CHAPTER)
        return PLATFORMS[place] if place < PER_CHAPTER - 1 else THIRDS[chapter % len(THIRDS)]

    def key(self, number: int) -> str:
        """The account's key in the registry."""
        return f"{self.platform(number)}:{native_id(self.platform(number), number // PER_CHAPTER)}"

    def handle(self, number: int) -> str:
        """The account's handle."""
        chapter = number // PER_CHAPTER
        word = f"{_FIRST[chapter % len(_FIRST)]}{_SECOND[chapter % len(_SECOND)]}{chapter}".lower()
        return {"bluesky": f"{word}.example", "youtube": f"@{word}"}.get(self.platform(number), word)

    def faults(self, number: int) -> Faults:
        """What is wrong with an account: a dead token, or a suspension."""
        dice = self._dice(number, "faults").random()
        if self.platform(number) in {"facebook_page", "instagram"}:
            return Faults(token_expired=dice < DEAD)
        return Faults(suspended_at=FOUNDED if dice < SUSPENDED else None)

    def connection(self, number: int) -> str:
        """The id of the connection an account is asked through."""
        platform = self.platform(number)
        if platform == "mastodon":
            return f"masto_{number // PER_CHAPTER // (len(THIRDS) * PER_INSTANCE)}"
        if platform == "bluesky":
            return "bsky_main"
        return f"{_PREFIX[platform]}_{'dead' if self.faults(number).token_expired else 'main'}"

    def connections(self, url: str) -> dict[str, Connection]:
        """Every connection by id, all leading to the server at `url`."""
        options = {"timeout_seconds": "60", "backoff_seconds": "0.05"}
        made: dict[str, Connection] = {}
        for number in self.accounts:
            name, platform = self.connection(number), self.platform(number)
            kind = name.partition("_")[0]
            secrets = {_SECRET[kind]: TOKENS[name]} if kind in _SECRET else {}
            base = f"{url}/{name}" if kind == "masto" else url
            made.setdefault(
                name, Connection(id=name, platform=platform, base_url=base, secrets=secrets, options=options)
            )
        return made

    def account(self, number: int) -> SampleAccount:
        """One account with everything it ever posts, oldest first."""
        return SampleAccount(
            key=self.key(number),
            handle=self.handle(number),
            profile=self._profile(number),
            faults=self.faults(number),
            posts=tuple(self._posts(number)),
        )

    def rate(self, number: int) -> float:
        """Posts an account makes in a month."""
        dice = self._dice(number, "rate")
        if dice.random() < SILENT:
            return 0.0
        return min(HIGHEST_RATE, dice.lognormvariate(math.log(MEDIAN_RATE), SPREAD))

    def _profile(self, number: int) -> Profile:
        chapter = number // PER_CHAPTER
        return Profile(
            name=chapter_name(chapter),
            bio=f"The {chapter_name(chapter)}. Meetings on first Tuesdays. Questions to hello@c{chapter}.example",
            website=f"https://c{chapter}.example",
            location="Springvale",
            created_at=FOUNDED,
        )

    def _posts(self, number: int) -> Iterator[Post]:
        dice = self._dice(number, "posts")
        span = (self.until - self.since).total_seconds()
        count = int(self.rate(number) * span / MONTH.total_seconds() + dice.random())
        times = sorted(self.since + timedelta(seconds=dice.uniform(0, span)) for _ in range(count))
        for place, at in enumerate(times):
            yield self._post(number, place, at.replace(microsecond=0), dice)

    def _post(self, number: int, place: int, at: datetime, dice: random.Random) -> Post:
        platform, chapter = self.platform(number), number // PER_CHAPTER
        said = words(dice)
        later = at + timedelta(minutes=20)
        luck = dice.random()
        changes: tuple[Change, ...] = ()
        if luck < DELETED:
            changes = (Change(at=self.until - timedelta(hours=12), deleted=True),)
        elif luck < DELETED + EDITED:
            edited = post_id(platform, chapter, place, later) if platform == "x" else None
            changes = (Change(at=later, text=f"{said} (time corrected)", id=edited),)
        pictured = platform == "instagram" or dice.random() < PICTURED
        picture = Picture(
            id=f"7{chapter:06d}{place:06d}", alt="People at a table" if dice.random() < DESCRIBED else None
        )
        return Post(
            id=post_id(platform, chapter, place, at),
            at=at,
            text=said,
            media=(picture,) if pictured else (),
            changes=changes,
        )

    def _dice(self, number: int, what: str) -> random.Random:
        return random.Random(f"{self.seed} {number} {what}")  # noqa: S311 - made up, not secret


def chapter_name(chapter: int) -> str:
    """The invented name of a chapter."""
    return f"{_FIRST[chapter % len(_FIRST)]} {_SECOND[chapter % len(_SECOND)]} Chapter {chapter}"


# --- ids ------------------------------------------------------------------------------------------------------------

_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"


def native_id(platform: str, chapter: int) -> str:
    """An account's id on its platform; `chapter_of` reads it back."""
    return {
        "x": str(10_000_000 + chapter),
        "facebook_page": str(100_200_000_000_000 + chapter),
        "instagram": str(17_841_400_000_000_000 + chapter),
        "mastodon": str(109_000_000_000_000 + chapter),
        "bluesky": f"did:plc:{in_base32(chapter, 24)}",
        "youtube": f"UC{chapter:022d}",
    }[platform]


def chapter_of(platform: str, account: str) -> int:
    """The number of the chapter an account's id belongs to."""
    if platform == "bluesky":
        number = 0
        for digit in account.removeprefix("did:plc:"):
            number = number * 32 + _BASE32.index(digit)
        return number
    if platform == "youtube":
        return int(account[2:])
    return int(account) - int(native_id(platform, 0))


def post_id(platform: str, chapter: int, place: int, at: datetime) -> str:
    """A post's id on its platform: every one tells the chapter, so that a look-up by id finds its account."""
    milliseconds = int(at.timestamp() * 1000)
    return {
        "x": str((milliseconds - EPOCH_MS) << 22 | chapter << 8 | place % 256),
        "facebook_page": f"{native_id('facebook_page', chapter)}_{1000 + place}",
        "instagram": f"18{chapter:06d}{place:08d}",
        "mastodon": str(milliseconds << 24 | chapter << 8 | place % 256),
        "bluesky": in_base32((milliseconds * 1000 + place % 1000) << 10, 13),
        "youtube": f"v{chapter:05d}{place:05d}",
    }[platform]


def chapter_of_post(platform: str, post: str) -> int:
    """The number of the chapter a post's or picture's id belongs to."""
    if platform in {"x", "mastodon"}:
        return int(post) >> 8 & 0x3FFF if platform == "x" else int(post) >> 8 & 0xFFFF
    if platform == "facebook_page":
        page, _, local = post.partition("_")
        return chapter_of(platform, page) if local else int(post[1:7])
    return int(post[2:8]) if platform == "instagram" else int(post[1:6])


def in_base32(number: int, width: int) -> str:
    """A number in the digits of the AT Protocol."""
    return "".join(_BASE32[number >> 5 * place & 31] for place in range(width - 1, -1, -1))


# --- words ----------------------------------------------------------------------------------------------------------


def words(dice: random.Random) -> str:
    """What a post says: nearly always something ordinary, now and then something a rule looks for."""
    ordinary, flagged = texts()
    said = dice.choice(flagged if dice.random() < FLAGGED else ordinary)
    end = dice.choice(
        ("", "", " More at {site}.", " See you at {hour} pm.", " #{tag}{year}", " Room {room}, as always.")
    )
    return said + end.format(
        site=f"https://c{dice.randrange(9999)}.example/{dice.randrange(10**6):x}",
        hour=dice.randint(1, 9),
        tag=dice.choice(("Spring", "Summit", "Retreat", "Volunteers")),
        year=dice.randint(24, 26),
        room=dice.randint(1, 400),
    )


@cache
def texts() -> tuple[Sequence[str], Sequence[str]]:
    """The posts written for measuring rules: the ordinary ones, and all others."""
    found = {path.stem: list(_texts_in(path)) for path in sorted(POSTS.glob("*.yml"))}
    return found.pop("ordinary"), [text for others in found.values() for text in others]


def _texts_in(path: Path) -> Iterator[str]:
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["posts"]:
        text = next((value for value in entry.values() if isinstance(value, str)), None)
        if text:
            yield text


# --- the registry ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Roster:
    """The registry of a network as YAML: three in five chapters are one association's, the others another's."""

    network: Network

    @cached_property
    def text(self) -> str:
        """The registry file."""
        first = max(1, self.network.chapters * 3 // 5)
        halves = (("ala", range(first)), ("lll", range(first, self.network.chapters)))
        made = [self._association(pack, chapters) for pack, chapters in halves if chapters]
        return yaml.dump({"associations": made}, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)

    def _association(self, pack: str, chapters: range) -> dict[str, Any]:
        return {
            "id": pack,
            "name": {"ala": "Association of Legal Administrators", "lll": "La Leche League"}[pack],
            "pack": pack,
            "language": "en",
            "timezone": "America/Chicago",
            "headquarters": [f"audit@hq-{pack}.example"],
            "sign_off": False,
            "chapters": [self._chapter(pack, number, first=number == chapters[0]) for number in chapters],
        }

    def _chapter(self, pack: str, number: int, *, first: bool) -> dict[str, Any]:
        people = [
            {
                "name": f"{_GIVEN[(number + place) % len(_GIVEN)]} {_FAMILY[number % len(_FAMILY)]}",
                "email": f"{role}@c{number}.example",
                "role": role,
                "leadership": place < 2,  # noqa: PLR2004 - two lead
            }
            for place, role in enumerate(("president", "treasurer", "webmaster"))
        ]
        own = range(number * PER_CHAPTER, (number + 1) * PER_CHAPTER)
        return {
            "id": f"{pack}-c{number}",
            "name": chapter_name(number),
            "country": "US",
            "people": people,
            "public_contacts": [f"hello@c{number}.example"],
            "accounts": [self._account(one, number, headquarters=first and one == own[0]) for one in own],
        }

    def _account(self, number: int, chapter: int, *, headquarters: bool) -> dict[str, Any]:
        platform = self.network.platform(number)
        made = {
            "platform": platform,
            "native_id": self.network.key(number).partition(":")[2],
            "handle": self.network.handle(number),
            "space": "official",
            "access": "owner_token" if platform in {"facebook_page", "instagram"} else "public_api",
            "connection": self.network.connection(number),
            "owner": f"webmaster@c{chapter}.example",
            "deputy": f"president@c{chapter}.example",
            "collect_from": self.network.since.date(),
        }
        return made | ({"headquarters": True} if headquarters else {})
