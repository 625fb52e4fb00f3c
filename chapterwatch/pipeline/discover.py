"""What chapters' web sites link to and the registry does not know. A person decides; nothing is changed here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass

from rapidfuzz import fuzz

from chapterwatch.model import Account, Chapter, same_handle
from chapterwatch.pipeline.workplace import Workplace
from connectors.links import AccountLink, Shape, account_link
from connectors.website import Site, is_dead, read_site

#: Names so alike (0..100, without signs) are one name in another spelling.
ALIKE = 85
#: Shorter names are alike by chance.
_LEAST_LETTERS = 4

#: Signs drawn like others, for comparing names; Unicode's confusables (UTS 39), those seen in handles.
_DRAWN_ALIKE = str.maketrans(
    "0134578$@|ιіїοоаеёсрхуѕвнкмтԁһ",
    "oieastbsaiiiiooaeecpxysbhkmtdh",
)


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """One thing for a person to look at."""

    chapter: str
    #: missing, renamed, look_alike, elsewhere, dead or unread
    kind: str
    platform: str
    #: The account's name as the link has it.
    name: str
    url: str
    #: The page it was found on.
    page: str
    #: The account of the registry it is held against.
    account: str | None
    detail: str

    def as_record(self) -> dict[str, str | None]:
        """For JSON."""
        return asdict(self)


def discover(
    workplace: Workplace,
    chapters: Collection[str] = (),
    *,
    shapes: Sequence[Shape] | None = None,
    on_chapter: Callable[[str], object] = lambda _: None,
) -> list[Discovery]:
    """Read the web sites of some chapters (default: all that have one) and hold their links against the registry.

    Raises:
        UserError: unknown chapter.
    """
    chosen = workplace.registry.chapters_called(chapters)
    latest = _latest_handles(workplace)
    found: list[Discovery] = []
    for chapter in chosen:
        if chapter.website:
            site = read_site(chapter.website)
            others = [account for account in workplace.registry.accounts if account.chapter != chapter.id]
            found += held_against(chapter, others, site, latest, shapes)
        on_chapter(chapter.id)
    return found


def _latest_handles(workplace: Workplace) -> dict[str, str]:
    frame = workplace.archive.profiles_frame([account.key for account in workplace.registry.accounts])
    current = frame[frame["is_current"].astype(bool)]
    return dict(zip(current["account_key"].astype(str), current["handle"].astype(str), strict=True))


def held_against(
    chapter: Chapter,
    others: Sequence[Account],
    site: Site,
    latest: dict[str, str],
    shapes: Sequence[Shape] | None = None,
    *,
    dead: Callable[[str], bool | None] = is_dead,
) -> Iterator[Discovery]:
    """What of a site's links the registry does not know, account by account.

    Args:
        chapter: whose site it is.
        others: the accounts of all other chapters.
        site: links with the page each stands on.
        latest: account key -> the handle its platform gives it now.
        shapes: how links to accounts look; default: those of every platform known.
        dead: asks whether a link still leads anywhere.
    """
    for page, why in site.unread.items():
        yield _discovery(chapter, "unread", AccountLink(platform="", name="", url=page), page, None, why)
    told = set()
    for url, page in site.links.items():
        link = account_link(url, shapes)
        if link is None or (link.platform, link.name.casefold()) in told:
            continue
        told.add((link.platform, link.name.casefold()))
        yield from _judged(chapter, others, link, page, latest, dead)


def _judged(
    chapter: Chapter,
    others: Sequence[Account],
    link: AccountLink,
    page: str,
    latest: dict[str, str],
    dead: Callable[[str], bool | None],
) -> Iterator[Discovery]:
    if link.ended or not link.name:
        why = f"the platform was closed on {link.ended}" if link.ended else "the link names no account"
        yield _discovery(chapter, "dead", link, page, None, why)
        return
    if link.own_host and dead(link.url):
        yield _discovery(chapter, "dead", link, page, None, "the platform says there is no such page")
        return
    own = [account for account in chapter.accounts if account.platform == link.platform]
    if any(_is_of(link, account) for account in own):
        return
    for account in own:
        if same_handle(link.name, latest.get(account.key, ""), "") and latest.get(account.key):
            detail = f"the platform calls {account.key} so; the registry says {account.handle}"
            yield _discovery(chapter, "renamed", link, page, account, detail)
            return
    for account in others:
        if account.platform == link.platform and _is_of(link, account):
            detail = f"it is an account of {account.chapter}"
            yield _discovery(chapter, "elsewhere", link, page, account, detail)
            return
    alike = max(own, key=lambda account: _likeness(link.name, account.handle), default=None)
    if alike is not None and _likeness(link.name, alike.handle) >= ALIKE:
        detail = f"much like {alike.handle}, which is registered: renamed, misspelt or somebody else's"
        yield _discovery(chapter, "look_alike", link, page, alike, detail)
        return
    yield _discovery(chapter, "missing", link, page, None, "the registry has no such account")


def _discovery(
    chapter: Chapter, kind: str, link: AccountLink, page: str, account: Account | None, detail: str
) -> Discovery:
    return Discovery(
        chapter=chapter.id,
        kind=kind,
        platform=link.platform,
        name=link.name,
        url=link.url,
        page=page,
        account=account.key if account else None,
        detail=detail,
    )


def _is_of(link: AccountLink, account: Account) -> bool:
    return link.name == account.native_id or (
        bool(account.handle) and same_handle(link.name, account.handle, account.native_id)
    )


def _likeness(one: str, other: str) -> float:
    """How alike two names look, 0..100."""
    left, right = _skeleton(one), _skeleton(other)
    if min(len(left), len(right)) < _LEAST_LETTERS:
        return 0.0
    return float(max(fuzz.ratio(left, right), fuzz.token_sort_ratio(_words(one), _words(other))))


def _skeleton(name: str) -> str:
    """A name as the eye takes it: letters alone, those drawn alike as one."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_DRAWN_ALIKE)
    return re.sub(r"[\W_]", "", folded).replace("rn", "m").replace("vv", "w").replace("l", "i")


def _words(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold())).strip()
