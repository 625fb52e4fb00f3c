"""What the invented accounts show, in the shapes of four platforms the sample does not speak: bytes as they answer.

Each is pure: (state, query) -> answer. X and the Facebook Page come from `sample.x_api` and `sample.graph_api`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.scale.made import in_base32
from sample import graph_api
from sample.answers import Answer
from sample.graph_api import DEAD_TOKEN, GraphError, parse_fields, project, stamp, usage
from sample.network import AccountState, Shown
from sample.x_api import stamp as zulu

Json = dict[str, Any]
Query = Mapping[str, str]


# --- Instagram ------------------------------------------------------------------------------------------------------


def instagram(state: AccountState, path: Sequence[str], query: Query) -> Answer:
    """GET /v26.0/<account>, /<account>/media or /<media> of one account."""
    if state.account.faults.token_expired:
        return GraphError(*DEAD_TOKEN).answer
    try:
        return Answer(200, _instagram(state, path, query), usage())
    except GraphError as error:
        return error.answer


def _instagram(state: AccountState, path: Sequence[str], query: Query) -> Json:
    fields = parse_fields(query.get("fields", ""))
    if path[1:] == ["media"]:
        return _media_page(state, query, fields)
    if path[0] == state.account.native_id:
        return project(_user(state), fields)
    for shown in state.posts:
        if shown.post.id == path[0]:
            return project(_media(state, shown), fields)
    raise GraphError(100, 33, f"Unsupported get request. Object with ID '{path[0]}' does not exist")


def _media_page(state: AccountState, query: Query, fields: graph_api.Fields) -> Json:
    since, until = int(query.get("since", "0")), int(query.get("until", "99999999999"))
    shown = [one for one in state.posts if since <= one.post.at.timestamp() <= until]
    start, size = int(query.get("after", "0")), int(query.get("limit", "25"))
    body: Json = {"data": [project(_media(state, one), fields) for one in shown[start : start + size]]}
    if start + size < len(shown):
        after = str(start + size)
        body["paging"] = {"cursors": {"after": after}, "next": f"https://graph.facebook.com/next?after={after}"}
    return body


def _user(state: AccountState) -> Json:
    return {
        "id": state.account.native_id,
        "username": state.account.handle,
        "name": state.profile.name,
        "biography": state.profile.bio,
        "website": state.profile.website,
        "profile_picture_url": f"https://scontent.example/{state.account.native_id}/avatar.jpg",
    }


def _media(state: AccountState, shown: Shown) -> Json:
    picture = shown.post.media[0]
    return {
        "id": shown.post.id,
        "caption": shown.text,
        "media_type": "IMAGE",
        "permalink": f"https://www.instagram.com/p/{shown.post.id}/",
        "timestamp": stamp(shown.post.at),
        "media_product_type": "FEED",
        "media_url": f"https://scontent.example/{picture.id}.jpg",
        "thumbnail_url": None,
        "children": None,
        "alt_text": picture.alt,
        "username": state.account.handle,
    }


def graph_batch(query: Query, answer_one: Any) -> Answer:
    """POST /v26.0/ with a batch: `answer_one(path, query)` gives each item's answer."""
    items = []
    for item in json.loads(query["batch"]):
        parts = urlsplit(str(item["relative_url"]))
        names = [name for name in parts.path.split("/") if name and name != graph_api.VERSION]
        given = answer_one(names, {**dict(parse_qsl(parts.query)), "access_token": query.get("access_token", "")})
        items.append({"code": given.status, "body": json.dumps(given.body, ensure_ascii=False)})
    return Answer(200, items, usage())


# --- Mastodon -------------------------------------------------------------------------------------------------------


def mastodon(state: AccountState, path: Sequence[str], query: Query) -> Answer:
    """GET /api/v1/accounts/<id>[/statuses] or /statuses/<id>[/history] of one account."""
    if state.suspended:
        return Answer(404, {"error": "Record not found"})
    match list(path):
        case ["accounts", _]:
            return Answer(200, _mastodon_account(state))
        case ["accounts", _, "statuses"]:
            below = int(query.get("max_id", 10**30))
            shown = [one for one in state.posts if int(one.post.id) < below]
            return Answer(200, [_status(state, one) for one in shown[: int(query.get("limit", "20"))]])
        case ["statuses", name, *rest]:
            found = next((one for one in state.posts if one.post.id == name), None)
            if found is None:
                return Answer(404, {"error": "Record not found"})
            return Answer(200, _history(state, found) if rest == ["history"] else _status(state, found))
    return Answer(404, {"error": "Record not found"})


def _mastodon_account(state: AccountState) -> Json:
    return {
        "id": state.account.native_id,
        "username": state.account.handle,
        "acct": state.account.handle,
        "display_name": state.profile.name,
        "note": f"<p>{state.profile.bio}</p>",
        "url": f"https://instance.example/@{state.account.handle}",
        "avatar": "https://instance.example/missing.png",
        "header": "https://instance.example/missing.png",
        "fields": [{"name": "Web", "value": f'<a href="{state.profile.website}">{state.profile.website}</a>'}],
        "created_at": zulu(state.profile.created_at),
        "locked": False,
        "bot": False,
    }


def _status(state: AccountState, shown: Shown) -> Json:
    edited = zulu(shown.current.at) if len(shown.versions) > 1 else None
    return {
        "id": shown.post.id,
        "created_at": zulu(shown.post.at),
        "edited_at": edited,
        "visibility": "public",
        "sensitive": False,
        "spoiler_text": "",
        "language": shown.post.lang,
        "uri": f"https://instance.example/users/{state.account.handle}/statuses/{shown.post.id}",
        "url": f"https://instance.example/@{state.account.handle}/{shown.post.id}",
        "content": f"<p>{shown.text}</p>",
        "account": _mastodon_account(state),
        "reblog": None,
        "media_attachments": [
            {"id": one.id, "type": "image", "url": f"https://instance.example/{one.id}.jpg", "description": one.alt}
            for one in shown.post.media
        ],
        "mentions": [],
        "tags": [],
        "emojis": [],
    }


def _history(state: AccountState, shown: Shown) -> list[Json]:
    account = _mastodon_account(state)
    return [
        {
            "content": f"<p>{one.text}</p>",
            "spoiler_text": "",
            "sensitive": False,
            "created_at": zulu(one.at),
            "account": account,
            "media_attachments": [],
            "emojis": [],
        }
        for one in shown.versions
    ]


# --- Bluesky --------------------------------------------------------------------------------------------------------

POSTS = "app.bsky.feed.post"


def bluesky(state: AccountState, method: str, query: Query) -> Answer:
    """GET /xrpc/com.atproto.repo.<method> of one repository."""
    if state.suspended:
        return Answer(400, {"error": "RepoTakendown", "message": "Repo has been taken down"})
    did, collection = state.account.native_id, query.get("collection", "")
    if method == "describeRepo":
        about = {"handle": state.account.handle, "did": did, "didDoc": {}, "collections": [], "handleIsCorrect": True}
        return Answer(200, about)
    if method == "listRecords":
        below = query.get("cursor", "~")
        shown = [one for one in state.posts if one.post.id < below] if collection == POSTS else []
        page = [_record(did, one) for one in shown[: int(query.get("limit", "50"))]]
        return Answer(200, {"records": page} | ({"cursor": page[-1]["uri"].rpartition("/")[2]} if page else {}))
    if collection == "app.bsky.actor.profile":
        value = {"$type": collection, "displayName": state.profile.name, "description": state.profile.bio}
        return Answer(200, {"uri": f"at://{did}/{collection}/self", "cid": _cid(state.profile.bio), "value": value})
    found = next((one for one in state.posts if one.post.id == query.get("rkey")), None)
    if found is None:
        return Answer(400, {"error": "RecordNotFound", "message": "Could not locate record"})
    return Answer(200, _record(did, found))


def _record(did: str, shown: Shown) -> Json:
    value = {"$type": POSTS, "text": shown.text[:300], "createdAt": zulu(shown.post.at), "langs": [shown.post.lang]}
    return {"uri": f"at://{did}/{POSTS}/{shown.post.id}", "cid": _cid(shown.text), "value": value}


def _cid(text: str) -> str:
    return "bafyrei" + in_base32(int.from_bytes(text.encode()[:32].ljust(32), "big"), 52)


# --- YouTube --------------------------------------------------------------------------------------------------------


def youtube(state: AccountState, kind: str, query: Query) -> Answer:
    """GET /youtube/v3/channels, /playlistItems or /videos of one channel."""
    if state.suspended:
        return Answer(200, {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}})
    if kind == "channels":
        return Answer(200, {"kind": "youtube#channelListResponse", "pageInfo": {}, "items": [_channel(state)]})
    if kind == "videos":
        asked = set(query.get("id", "").split(","))
        return Answer(200, {"items": [_video(one) for one in state.posts if one.post.id in asked]})
    wanted = [one for one in state.posts if query.get("videoId", one.post.id) == one.post.id]
    start, size = int(query.get("pageToken", "0")), int(query.get("maxResults", "5"))
    body: Json = {"items": [_listed(one) for one in wanted[start : start + size]]}
    return Answer(200, body | ({"nextPageToken": str(start + size)} if start + size < len(wanted) else {}))


def _channel(state: AccountState) -> Json:
    uploads = "UU" + state.account.native_id[2:]
    return {
        "id": state.account.native_id,
        "snippet": {
            "title": state.profile.name,
            "description": state.profile.bio,
            "customUrl": state.account.handle,
            "thumbnails": {"default": {"url": "https://pic.example/a.jpg"}},
        },
        "contentDetails": {"relatedPlaylists": {"uploads": uploads}},
        "brandingSettings": {"image": {"bannerExternalUrl": "https://pic.example/b.jpg"}},
    }


def _listed(shown: Shown) -> Json:
    return {
        "snippet": {"title": shown.text[:100], "resourceId": {"videoId": shown.post.id}},
        "contentDetails": {"videoId": shown.post.id, "videoPublishedAt": zulu(shown.post.at)},
        "status": {"privacyStatus": "public"},
    }


def _video(shown: Shown) -> Json:
    title, _, rest = shown.text.partition(". ")
    snippet = {"title": title[:100], "description": rest, "publishedAt": zulu(shown.post.at)}
    return {"id": shown.post.id, "snippet": snippet, "status": {"privacyStatus": "public"}}
