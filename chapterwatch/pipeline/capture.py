"""Capturing the pictures of what a night has read: queue what was seen, fetch what waits, say how it went.

A picture that cannot be had is a row with its reason. It never fails the account, let alone the night.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chapterwatch import logs
from chapterwatch.archive import Archive, KeptPicture, PicturePlace
from chapterwatch.archive.cleaning import clean, unstorable
from chapterwatch.errors import FilesError
from chapterwatch.model import Account, PostReading, ProfileReading, is_picture, picture_key
from connectors.pictures import PictureRefused, PictureSource, Wanted

log = logging.getLogger(__name__)

#: A picture server out of reach so many times in a row is left alone for the night.
PATIENCE = 3

#: More are not counted, only said to be so many.
_MOST_WAITING = 10_000

#: Its post was erased while it was fetched: neither kept nor failed.
_NO_LONGER_WANTED = "no_longer_wanted"

_FAILURES = ("gone", "too_large", "not_an_image", "unreachable")


@dataclass(kw_only=True)
class Gallery:
    """What a run knows of one account's pictures."""

    archive: Archive
    account: Account
    run_id: str
    now: datetime
    connector: str
    #: Pictures this run may ask for in all, however many processes it is spread over; 0 where none are captured.
    limit: int
    counts: Counter[str] = field(default_factory=Counter)

    def see_posts(self, posts: Sequence[PostReading]) -> None:
        """Queue the pictures of posts. Videos and recordings are never fetched."""
        self._queue(place for post in posts if post.deleted_at is None for place in self._places(post))

    def see_profile(self, profile: ProfileReading) -> None:
        """Queue the avatar and the banner."""
        urls = {"avatar": profile.avatar_url, "banner": profile.banner_url}
        self._queue(
            self._place("profile", profile.native_id, role, picture, url)
            for role, url in urls.items()
            if (picture := picture_key(None, url))
        )

    def fetch(self, source: PictureSource) -> None:
        """Fetch what waits, up to the run's cap; stop where the server does not answer."""
        if not self.limit:
            return
        left = max(self.limit - self.archive.pictures_tried(self.run_id), 0)
        misses = 0
        for row in self.archive.waiting_pictures(self.account.key, left):
            try:
                reason = self._fetch(source, row.place)
            except FilesError as error:
                # Posts are read all the same: what is deleted tomorrow could not be read then.
                said = "account %s: a picture could not be kept: %s"
                log.error(said, self.account.key, error, extra=self._fields)  # noqa: TRY400 - one line says it
                self.counts["unstored"] += 1
                break
            self.counts[reason or "kept"] += 1
            misses = misses + 1 if reason == "unreachable" else 0
            if misses == PATIENCE:
                log.warning("account %s: picture server unreachable", self.account.key, extra=self._fields)
                break
        self.counts["waiting"] = len(self.archive.waiting_pictures(self.account.key, _MOST_WAITING))

    @property
    def _fields(self) -> dict[str, str | int]:
        account = self.account
        return logs.fields(
            run=self.run_id, step="collect", chapter=account.chapter, platform=account.platform, account=account.key
        )

    @property
    def words(self) -> str:
        """How it went, as a sentence for the coverage row; empty where there was nothing to do."""
        kept, failed = self.counts["kept"], sum(self.counts[reason] for reason in _FAILURES)
        parts = [f"{kept} {_pictures(kept)} kept"] if kept else []
        if failed:
            reasons = ", ".join(f"{self.counts[name]} {_SPOKEN[name]}" for name in _FAILURES if self.counts[name])
            parts.append(f"{failed} {_pictures(failed)} could not be kept ({reasons})")
        if self.counts["unstored"]:
            parts.append("the store of pictures could not be used")
        if waiting := self.counts["waiting"]:
            parts.append(f"{waiting} {_pictures(waiting)} left for the next night")
        words = "; ".join(parts)
        return f" {words[0].upper()}{words[1:]}." if parts else ""

    def _fetch(self, source: PictureSource, place: PicturePlace) -> str | None:
        """Fetch one picture; why it is not kept, or None where it is."""
        try:
            found = source.picture(Wanted(subject_id=place.subject_id, picture=place.picture, url=place.url))
        except PictureRefused as refused:
            self.archive.fail_picture(place, refused.reason, run_id=self.run_id, at=self.now)
            return refused.reason
        picture = KeptPicture(body=found.body, mime=found.mime, width=found.width, height=found.height, at=self.now)
        kept = self.archive.keep_picture(place, picture, run_id=self.run_id, connector=self.connector)
        return None if kept else _NO_LONGER_WANTED

    def _queue(self, places: Iterable[PicturePlace]) -> None:
        # A picture known by no name that can be kept counts as not captured; its post is kept all the same.
        if self.limit and (seen := [one for one in places if not unstorable(clean(one.picture))]):
            self.archive.note_pictures(seen, run_id=self.run_id, at=self.now)

    def _places(self, post: PostReading) -> Iterator[PicturePlace]:
        root = post.version_ids[0] if post.version_ids else post.native_id
        for item in post.media:
            picture = picture_key(item.native_id, item.url)
            if picture and is_picture(item.kind):
                yield self._place("post", root, "post", picture, item.url)

    def _place(self, kind: str, subject_id: str, role: str, picture: str, url: str | None) -> PicturePlace:
        return PicturePlace(
            account_key=self.account.key,
            subject_kind=kind,
            subject_id=subject_id,
            role=role,
            picture=picture,
            url=url,
        )


_SPOKEN = {
    "gone": "gone",
    "too_large": "too large",
    "not_an_image": "no pictures",
    "unreachable": "out of reach",
}


def _pictures(count: int) -> str:
    return "picture" if count == 1 else "pictures"
