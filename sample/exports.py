"""The sample's accounts that come in by export, as the files their platforms hand out.

An X archive ("Download an archive of your data"), a Facebook download in JSON with its bytes-as-characters texts, and
a plain table somebody kept of a group. The same content and instant give the same bytes.
"""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chapterwatch import registry
from sample import network, pictures, x_api
from sample.network import AccountState, Picture, Shown, Version

#: Zip entries carry a time of their own; a fixed one keeps the bytes the same.
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_COLUMNS = ("id", "created_at", "kind", "lang", "text", "links", "media_alt", "edited_at")
#: Stands in a row without a time: nobody can say when it was posted.
_MALFORMED = "Does anyone still have the parish hall key? Posted some time in September."

Json = dict[str, Any]


def write_exports(target: Path, now: datetime) -> list[Path]:
    """Write the export of every account that is imported, as it would be made at `now` (UTC).

    Args:
        target: The inbox; each file lands in a folder named after its account's key, `:` written `__`.
        now: The instant the owners asked for their exports.

    Returns:
        The files written, in registry order.
    """
    states = network.state(network.load(), now)
    accounts = [account for account in registry.load(network.REGISTRY).accounts if account.export_format]
    return [_write(target, states[account.key], str(account.export_format), now) for account in accounts]


def _write(target: Path, state: AccountState, export_format: str, now: datetime) -> Path:
    folder = target / state.account.key.replace(":", "__")
    folder.mkdir(parents=True, exist_ok=True)
    name, body = _MAKERS[export_format](state, now)
    path = folder / name
    path.write_bytes(body)
    return path


def _zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            packed = body.encode("utf-8") if isinstance(body, str) else body
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), packed)
    return buffer.getvalue()


# --- X archive ------------------------------------------------------------------------------------------------------


def _x_archive(state: AccountState, now: datetime) -> tuple[str, bytes]:
    present = [(shown, version) for shown in state.posts for version in shown.versions]
    gone = [(shown, version) for shown in state.gone for version in shown.versions]
    deleted = [{"tweet": {**_tweet(state, *item), "deleted_at": _x_time(item[0].deleted_at or now)}} for item in gone]
    files: dict[str, str | bytes] = {
        "data/account.js": _ytd("account", [{"account": _x_account(state)}]),
        "data/profile.js": _ytd("profile", [{"profile": _x_profile(state)}]),
        "data/tweets.js": _ytd("tweets", [{"tweet": _tweet(state, *item)} for item in present]),
        "data/note-tweet.js": _ytd("note_tweet", [{"noteTweet": note} for note in _notes(state, present)]),
        "data/deleted-tweets.js": _ytd("deleted_tweets", deleted),
    }
    return f"twitter-{now:%Y-%m-%d}-{state.account.native_id}.zip", _zipped({**files, **_x_pictures(state)})


def _x_pictures(state: AccountState) -> Json:
    """The pictures as X packs them: the post's id (or the account's) before the picture's own name."""
    own, profile = state.account.native_id, state.profile
    files: Json = {
        f"data/profile_media/{own}-avatar.jpg": pictures.draw(pictures.of_profile(own, "avatar", profile.avatar)),
        f"data/profile_media/{own}-header.jpg": pictures.draw(pictures.of_profile(own, "banner", profile.banner)),
    }
    for shown in state.posts:
        for picture in shown.post.media:
            name = f"data/tweets_media/{shown.current.id}-{picture.id}.jpg"
            files[name] = pictures.draw(pictures.of_post(picture.id, picture.shows))
    return files


def _ytd(name: str, items: list[Json]) -> str:
    return f"window.YTD.{name}.part0 = {json.dumps(items, ensure_ascii=False, indent=2)}"


def _x_account(state: AccountState) -> Json:
    account, profile = state.account, state.profile
    return {
        "accountId": account.native_id,
        "username": account.handle,
        "accountDisplayName": profile.name,
        "createdAt": x_api.stamp(profile.created_at),
        "createdVia": "web",
    }


def _x_profile(state: AccountState) -> Json:
    profile, base = state.profile, f"https://pbs.twimg.com/profile_images/{state.account.native_id}"
    description = {"bio": profile.bio, "website": profile.website or "", "location": profile.location or ""}
    return {"description": description, "avatarMediaUrl": f"{base}/avatar.jpg", "headerMediaUrl": f"{base}/header.jpg"}


def _tweet(state: AccountState, shown: Shown, version: Version) -> Json:
    """One wording of a post. Counts are strings, and an archive holds no alt text."""
    permalink = f"https://x.com/{state.account.handle}/status/{version.id}"
    text, links = x_api.written(version.text, shown.post.media, permalink)
    urls = [_x_link(link) for link in links if "media_key" not in link]
    # All pictures of a post share the one link at its end.
    media = [_x_media(picture, links[-1]) for picture in shown.post.media]
    tweet: Json = {
        "id": version.id,
        "id_str": version.id,
        "created_at": _x_time(version.at),
        "full_text": text if len(text) <= x_api.CUT else x_api.cut(text),
        "lang": shown.post.lang,
        "favorite_count": "3",
        "retweet_count": "1",
        "truncated": False,
        "favorited": False,
        "retweeted": False,
        "entities": {"urls": urls, "hashtags": [], "user_mentions": [], **({"media": media} if media else {})},
        "edit_info": _edit_info(shown, version),
    }
    if media:
        tweet["extended_entities"] = {"media": media}
    return {**tweet, **_x_reference(shown)}


def _x_link(link: Json) -> Json:
    indices = [str(link["start"]), str(link["end"])]
    return {**{key: link[key] for key in ("url", "expanded_url", "display_url")}, "indices": indices}


def _x_media(picture: Picture, link: Json) -> Json:
    file = f"https://pbs.twimg.com/media/{picture.id}.jpg"
    return {**_x_link(link), "id_str": picture.id, "type": picture.kind, "media_url_https": file, "media_url": file}


def _x_reference(shown: Shown) -> Json:
    ref = shown.post.ref
    if ref is None or ref.kind == "retweeted":
        return {}
    if ref.kind == "quoted":
        return {"quoted_status_id_str": ref.id}
    return {"in_reply_to_status_id_str": ref.id, "in_reply_to_user_id_str": ref.author_id}


def _edit_info(shown: Shown, version: Version) -> Json:
    control = {
        "editTweetIds": [item.id for item in shown.versions],
        "editableUntil": x_api.stamp(shown.post.at + x_api.EDITABLE),
        "editsRemaining": str(x_api.EDITS - len(shown.versions) + 1),
        "isEditEligible": True,
    }
    if version.id == shown.post.id:
        return {"initial": control}
    return {"edit": {"initialTweetId": shown.post.id, "editControlInitial": control}}


def _notes(state: AccountState, items: Iterable[tuple[Shown, Version]]) -> list[Json]:
    notes = []
    for shown, version in items:
        text, links = x_api.written(version.text, shown.post.media, f"https://x.com/{state.account.handle}")
        if len(text) > x_api.CUT:
            urls = [{"shortUrl": one["url"], "expandedUrl": one["expanded_url"]} for one in links]
            core = {"text": html.unescape(text), "urls": urls, "mentions": [], "hashtags": []}
            notes.append({"noteTweetId": f"{version.id[:-2]}99", "createdAt": x_api.stamp(version.at), "core": core})
    return notes


def _x_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")


# --- Facebook download ----------------------------------------------------------------------------------------------


def _facebook_export(state: AccountState, now: datetime) -> tuple[str, bytes]:
    folder = "your_facebook_activity/posts"
    files: dict[str, str | bytes] = {
        f"{folder}/your_posts__check_ins__photos_and_videos_1.json": _garbled([_entry(state, i) for i in state.posts]),
        "personal_information/profile_information/profile_information.json": _garbled(_facebook_profile(state)),
    }
    for picture in (picture for shown in state.posts for picture in shown.post.media):
        drawn = pictures.draw(pictures.of_post(picture.id, picture.shows))
        files[_facebook_media(picture, 0)["uri"]] = drawn
    return f"facebook-{state.account.handle}-{now:%Y-%m-%d}.zip", _zipped(files)


def _garbled(value: Any) -> str:
    """JSON as Facebook writes it: every byte of a text's UTF-8 as a character of its own."""
    return json.dumps(_bytes_as_characters(value), ensure_ascii=True, indent=2)


def _bytes_as_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, list):
        return [_bytes_as_characters(item) for item in value]
    if isinstance(value, dict):
        return {name: _bytes_as_characters(item) for name, item in value.items()}
    return value


def _entry(state: AccountState, shown: Shown) -> Json:
    seconds = int(shown.post.at.timestamp())
    entry: Json = {
        "timestamp": seconds,
        "data": [{"post": shown.text}],
        "title": f"{state.profile.name} updated its status.",
    }
    if shown.current.at != shown.post.at:
        entry["data"].append({"update_timestamp": int(shown.current.at.timestamp())})
    parts = [{"media": _facebook_media(picture, seconds)} for picture in shown.post.media]
    parts += [{"external_context": {"url": link}} for link in shown.post.links]
    return {**entry, "attachments": [{"data": parts}]} if parts else entry


def _facebook_media(picture: Picture, seconds: int) -> Json:
    uri = f"your_facebook_activity/posts/media/Photos/{picture.id}.jpg"
    return {"uri": uri, "creation_timestamp": seconds, "title": "Photos"}


def _facebook_profile(state: AccountState) -> Json:
    profile = state.profile
    return {
        "profile_v2": {
            "name": {"full_name": profile.name},
            "username": state.account.handle,
            "intro_bio": {"text": profile.bio},
            "websites": [{"address": profile.website}] if profile.website else [],
            "registration_timestamp": int(profile.created_at.timestamp()),
            "profile_uri": f"https://www.facebook.com/{state.account.handle}",
        }
    }


# --- plain table ----------------------------------------------------------------------------------------------------


def _plain(state: AccountState, now: datetime) -> tuple[str, bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    rows = [_row(shown) for shown in reversed(state.posts)]
    if state.account.faults.malformed_row:
        rows.insert(len(rows) // 2, {"id": f"{state.account.native_id}-lost", "created_at": "", "text": _MALFORMED})
    writer.writerows(rows)
    return f"posts-{now:%Y-%m-%d}.csv", buffer.getvalue().encode("utf-8")


def _row(shown: Shown) -> dict[str, str]:
    post = shown.post
    edited = shown.current.at != post.at
    return {
        "id": post.id,
        "created_at": post.at.isoformat(),
        "kind": "post",
        "lang": post.lang,
        "text": shown.text,
        "links": " ".join(post.links),
        "media_alt": " ".join(picture.alt or "" for picture in post.media),
        "edited_at": shown.current.at.isoformat() if edited else "",
    }


_MAKERS = {"x_archive": _x_archive, "facebook_export": _facebook_export, "plain": _plain}
