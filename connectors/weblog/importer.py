"""Importer for saved feeds: Atom, RSS, RDF or JSON, WordPress's export (WXR) and Blogger's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.exportfiles import ExportFiles, open_export
from connectors.weblog.client import address_of, profile_of
from connectors.weblog.parse import read_feed
from connectors.weblog.records import Feed, NoFeed

_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".feed")
#: feedparser holds a feed several times over in memory.
_LARGEST = 64 * 1024 * 1024


class FeedFile:
    """Reads one saved feed, or every feed in a folder or zip."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """The profile of the latest feed, posts oldest first, then what could not be read.

        Drafts and password-protected posts of a system's own export come out as `private`, menus and comments as
        `not_a_post`; nothing of either is kept.

        Raises:
            ExportRefused: no feed in it, or a file with a feed's ending that is something else.
        """
        with open_export(path) as files:
            feeds = [_feed(files, name, account) for name in _names(files)]
        yield profile_of(feeds[-1], account)
        posts = [post for feed in feeds for post in feed.posts]
        yield from sorted(posts, key=lambda post: (post.created_at, post.native_id, post.edited_at or post.created_at))
        for feed in feeds:
            yield from feed.quarantined


def _names(files: ExportFiles) -> list[str]:
    names = [name for name in files.names if PurePosixPath(name).suffix.lower() in _ENDINGS]
    if not names:
        raise ExportRefused(f"{files.title}: holds no feed; give a file that ends in one of {', '.join(_ENDINGS)}")
    return names


def _feed(files: ExportFiles, name: str, account: Account) -> Feed:
    body = files.read(name)
    if len(body) > _LARGEST:
        raise ExportRefused(f"{name}: is larger than {_LARGEST // 1024**2} MB; export fewer posts at once")
    try:
        return read_feed(body, url=address_of(account), zone=ZoneInfo(account.timezone))
    except NoFeed as error:
        raise ExportRefused(f"{name}: {error}; save the feed itself again") from None
