"""The sample in the shape of X API v2 (docs.x.com, openapi.json): users, timelines and look-ups, read-only.

Pure: (world, path, query) -> answer. What the real one does and others trip over is kept: a missing or suspended user
is 200 with `errors`, links in the text are shortened, text is HTML-escaped and cut at 280 with the whole in
`note_tweet`, an edit gets a new id, and deleting any version deletes them all.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sample.answers import LINK, Answer, World, moment, shortened
from sample.network import AccountState, Picture, Profile, Reference, SampleAccount, Shown, Version

PROBLEMS = "https://api.twitter.com/2/problems"
#: A post may be edited for half an hour, five times.
EDITABLE = timedelta(minutes=30)
EDITS = 5
CUT = 280
#: X's snowflake ids count milliseconds from here.
EPOCH_MS = 1288834974657
MIN_RESULTS, MAX_RESULTS, DEFAULT_RESULTS = 5, 100, 10

Json = dict[str, Any]
Query = Mapping[str, str]


def answer(world: World, path: Sequence[str], query: Query) -> Answer:  # noqa: PLR0911 - a table of paths, one line each
    """Answer GET /2/<path>. The caller has checked the bearer token."""
    match path:
        case ["users", "by", "username", name]:
            return _user(world, name, by="username")
        case ["users"]:
            return _users(world, query)
        case ["users", user_id]:
            return _user(world, user_id, by="id")
        case ["users", user_id, "tweets"]:
            return _timeline(world, user_id, query)
        case ["tweets"]:
            return _look_up(world, query)
        case ["tweets", tweet_id]:
            return _look_up_one(world, tweet_id)
    return problem(404, "Not Found", "about:blank", "Not Found")


def problem(status: int, title: str, kind: str, detail: str) -> Answer:
    """An answer in X's problem shape."""
    return Answer(status, {"title": title, "type": kind, "status": status, "detail": detail})


def unauthorized() -> Answer:
    """What X says to a bad bearer token."""
    return problem(401, "Unauthorized", "about:blank", "Unauthorized")


def account_asked_for(world: World, path: Sequence[str]) -> str | None:
    """The account key a request is about, for rate limits; None for look-ups."""
    match path:
        case ["users", "by", "username", name]:
            return next((s.account.key for s in world.on("x") if s.account.handle.lower() == name.lower()), None)
        case ["users", user_id, *_]:
            return f"x:{user_id}"
    return None


# --- users ----------------------------------------------------------------------------------------------------------


def _user(world: World, value: str, *, by: str) -> Answer:
    found = _find(world, value, by=by)
    if isinstance(found, Answer):
        return found
    return Answer(200, {"data": _user_node(found.account, found.profile, len(found.posts))})


def _users(world: World, query: Query) -> Answer:
    """Up to a hundred users: whoever is shown in `data`, every other with an entry in `errors`."""
    ids = _ids(query)
    if ids is None:
        return _invalid("The `ids` query parameter must hold 1 to 100 numeric ids")
    found = [_find(world, item, by="id", parameter="ids") for item in dict.fromkeys(ids)]
    shown = [one for one in found if isinstance(one, AccountState)]
    data = [_user_node(state.account, state.profile, len(state.posts)) for state in shown]
    errors = [error for one in found if isinstance(one, Answer) for error in one.body["errors"]]
    return Answer(200, {**({"data": data} if data else {}), **({"errors": errors} if errors else {})})


def _find(world: World, value: str, *, by: str, parameter: str | None = None) -> AccountState | Answer:
    parameter = parameter or by
    for state in world.on("x"):
        name = state.account.handle if by == "username" else state.account.native_id
        if name.lower() == value.lower():
            return _not_shown(value, parameter, "Forbidden", "User has been suspended") if state.suspended else state
    return _not_shown(value, parameter, "Not Found Error", f"Could not find user with {parameter}")


def _not_shown(value: str, parameter: str, title: str, detail: str) -> Answer:
    return Answer(200, {"errors": [_error(value, "user", parameter, title, detail)]})


def _error(value: str, resource: str, parameter: str, title: str, detail: str) -> Json:
    return {
        "value": value,
        "detail": f"{detail}: [{value}].",
        "title": title,
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}/resource-not-found",
    }


def _user_node(account: SampleAccount, profile: Profile, count: int) -> Json:
    node: Json = {
        "id": account.native_id,
        "username": account.handle,
        "name": profile.name,
        "description": profile.bio,
        "created_at": stamp(profile.created_at),
        "protected": False,
        "verified": False,
        "verified_type": "none",
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{account.native_id}/avatar_normal.jpg",
        "profile_banner_url": f"https://pbs.twimg.com/profile_banners/{account.native_id}/1500x500",
        "public_metrics": {
            "followers_count": 412,
            "following_count": 180,
            "tweet_count": count,
            "listed_count": 7,
            "like_count": 96,
        },
    }
    if profile.location:
        node["location"] = profile.location
    if profile.website:
        node["url"] = shortened(profile.website)
        node["entities"] = {"url": {"urls": [_url_entity(0, profile.website)]}}
    return node


# --- posts ----------------------------------------------------------------------------------------------------------


def _timeline(world: World, user_id: str, query: Query) -> Answer:
    found = _find(world, user_id, by="id")
    if isinstance(found, Answer):
        return found
    try:
        size = _size(query)
        start = _offset(query)
        shown = [item for item in found.posts if _wanted(item, query)]
    except ValueError as error:
        return _invalid(str(error))
    page = shown[start : start + size]
    meta: Json = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0].current.id, "oldest_id": page[-1].current.id}
    if start + size < len(shown):
        meta["next_token"] = f"sample{start + size:06d}"
    if start:
        meta["previous_token"] = f"sample{max(0, start - size):06d}"
    if not page:
        return Answer(200, {"meta": meta})
    body = {"data": [tweet_node(found, item) for item in page], "includes": _includes([(found, i) for i in page])}
    return Answer(200, {**body, "meta": meta})


def _size(query: Query) -> int:
    size = int(query.get("max_results", DEFAULT_RESULTS))
    if not MIN_RESULTS <= size <= MAX_RESULTS:
        raise ValueError(f"The `max_results` query parameter value [{size}] is not between 5 and 100")
    return size


def _offset(query: Query) -> int:
    token = query.get("pagination_token") or query.get("next_token")
    if token is None:
        return 0
    if not token.startswith("sample"):
        raise ValueError(f"The `pagination_token` query parameter value [{token}] is not valid")
    return int(token.removeprefix("sample"))


def _wanted(shown: Shown, query: Query) -> bool:
    """Ids win over times, and are exclusive; start_time is inclusive, end_time exclusive (openapi.json)."""
    number, at = int(shown.current.id), shown.current.at
    excluded = {"replied_to": "replies", "retweeted": "retweets"}
    if shown.post.ref and excluded.get(shown.post.ref.kind) in query.get("exclude", "").split(","):
        return False
    after = number > int(query["since_id"]) if "since_id" in query else _from(at, query.get("start_time"))
    before = number < int(query["until_id"]) if "until_id" in query else not _from(at, query.get("end_time"), high=True)
    return after and before


def _from(at: datetime, bound: str | None, *, high: bool = False) -> bool:
    if bound is None:
        return not high
    return at >= moment(bound)


def _invalid(message: str) -> Answer:
    body = {
        "errors": [{"message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}/invalid-request",
    }
    return Answer(400, body)


def _look_up(world: World, query: Query) -> Answer:
    ids = _ids(query)
    if ids is None:
        return _invalid("The `ids` query parameter must hold 1 to 100 numeric ids")
    found = {item: _version(world, item) for item in ids}
    hits = [hit for hit in found.values() if hit is not None]
    body: Json = {}
    if hits:
        body["data"] = [tweet_node(state, shown, version) for state, shown, version in hits]
        body["includes"] = _includes([(state, shown) for state, shown, _ in hits])
    errors = [_tweet_error(world, item, "ids") for item, hit in found.items() if hit is None]
    return Answer(200, {**body, "errors": errors} if errors else body)


def _ids(query: Query) -> list[str] | None:
    """The ids of a look-up; None where X would refuse them."""
    ids = [item for item in query.get("ids", "").split(",") if item]
    return ids if 1 <= len(ids) <= MAX_RESULTS and all(item.isdecimal() for item in ids) else None


def _look_up_one(world: World, tweet_id: str) -> Answer:
    hit = _version(world, tweet_id)
    if hit is None:
        return Answer(200, {"errors": [_tweet_error(world, tweet_id, "id")]})
    state, shown, version = hit
    return Answer(200, {"data": tweet_node(state, shown, version), "includes": _includes([(state, shown)])})


def _version(world: World, tweet_id: str) -> tuple[AccountState, Shown, Version] | None:
    for state in world.on("x"):
        for shown in () if state.suspended else state.posts:
            for version in shown.versions:
                if version.id == tweet_id:
                    return state, shown, version
    return None


def _tweet_error(world: World, tweet_id: str, parameter: str) -> Json:
    suspended = (state for state in world.on("x") if state.suspended)
    if any(version.id == tweet_id for state in suspended for shown in state.posts for version in shown.versions):
        detail = "Sorry, you are not authorized to see the Tweet with " + parameter
        kind = f"{PROBLEMS}/not-authorized-for-resource"
        return {**_error(tweet_id, "tweet", parameter, "Authorization Error", detail), "type": kind}
    return _error(tweet_id, "tweet", parameter, "Not Found Error", f"Could not find tweet with {parameter}")


def tweet_node(state: AccountState, shown: Shown, version: Version | None = None) -> Json:
    """One post, all fields given; `version` is an earlier wording of it."""
    version = version or shown.current
    text, urls = written(version.text, shown.post.media, f"https://x.com/{state.account.handle}/status/{version.id}")
    node: Json = {
        "id": version.id,
        "text": text,
        "author_id": state.account.native_id,
        "created_at": stamp(version.at),
        "conversation_id": _conversation(shown),
        "edit_history_tweet_ids": [item.id for item in shown.versions],
        "edit_controls": _edit_controls(shown),
        "lang": shown.post.lang,
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": _metrics(version.id),
    }
    if urls:
        node["entities"] = {"urls": urls}
    if len(text) > CUT:
        node["text"] = cut(text)
        node["note_tweet"] = {"text": text, **({"entities": {"urls": urls}} if urls else {})}
    if shown.post.media:
        node["attachments"] = {"media_keys": [media_key(item) for item in shown.post.media]}
    return {**node, **_references(shown.post.ref)}


def written(text: str, media: Sequence[Picture] = (), permalink: str = "") -> tuple[str, list[Json]]:
    """The text as X stores it (links shortened, HTML-escaped, a link to the pictures at the end) and its links."""
    pieces, entities, end, length = [], [], 0, 0
    for match in LINK.finditer(text):
        before = html.escape(text[end : match.start()], quote=False)
        length += len(before)
        entities.append(_url_entity(length, match.group()))
        pieces += [before, entities[-1]["url"]]
        length += len(entities[-1]["url"])
        end = match.end()
    pieces.append(html.escape(text[end:], quote=False))
    whole = "".join(pieces)
    if media:
        entity = {**_url_entity(len(whole) + 1, f"{permalink}/photo/1"), "media_key": media_key(media[0])}
        entities.append({**entity, "display_url": f"pic.x.com/{entity['url'].rpartition('/')[2]}"})
        whole = f"{whole} {entity['url']}"
    return whole, entities


def _url_entity(start: int, url: str) -> Json:
    short = shortened(url)
    display = url.removeprefix("https://").removeprefix("http://")
    return {"start": start, "end": start + len(short), "url": short, "expanded_url": url, "display_url": display}


def cut(text: str) -> str:
    """The beginning X shows of a long post."""
    return text[: CUT - 1].rsplit(" ", 1)[0] + "…"


def _is_reply(ref: Reference | None) -> bool:
    return ref is not None and ref.kind == "replied_to"


def _conversation(shown: Shown) -> str:
    ref = shown.post.ref
    return ref.id if ref is not None and ref.kind == "replied_to" else shown.post.id


def _references(ref: Reference | None) -> Json:
    if ref is None:
        return {}
    node: Json = {"referenced_tweets": [{"type": ref.kind, "id": ref.id}]}
    return {**node, "in_reply_to_user_id": ref.author_id} if _is_reply(ref) else node


def _edit_controls(shown: Shown) -> Json:
    return {
        "edits_remaining": EDITS - (len(shown.versions) - 1),
        "is_edit_eligible": not _is_reply(shown.post.ref),
        "editable_until": stamp(shown.post.at + EDITABLE),
    }


def _metrics(tweet_id: str) -> Json:
    counts = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count")
    return {name: int(tweet_id) // 10**place % 7 for place, name in enumerate(counts)} | {"impression_count": 240}


def _includes(items: Iterable[tuple[AccountState, Shown]]) -> Json:
    items = list(items)
    users = {state.account.native_id: _user_node(state.account, state.profile, len(state.posts)) for state, _ in items}
    media = {item.id: _media_node(item) for _, shown in items for item in shown.post.media}
    references = [shown.post.ref for _, shown in items if shown.post.ref]
    earlier = [(state, shown, version) for state, shown in items for version in shown.versions[:-1]]
    tweets = [_reference_node(ref) for ref in references] + [tweet_node(*item) for item in earlier]
    users |= {ref.author_id: {"id": ref.author_id, "username": ref.handle, "name": ref.handle} for ref in references}
    parts = {"users": list(users.values()), "media": list(media.values()), "tweets": tweets}
    return {name: nodes for name, nodes in parts.items() if nodes}


def media_key(picture: Picture) -> str:
    """X's key of a picture: its type's number and its id."""
    return f"{'7' if picture.kind == 'video' else '3'}_{picture.id}"


def _media_node(picture: Picture) -> Json:
    node: Json = {
        "media_key": media_key(picture),
        "type": picture.kind,
        "url": f"https://pbs.twimg.com/media/{picture.id}.jpg",
        "width": 1200,
        "height": 800,
    }
    return {**node, "alt_text": picture.alt} if picture.alt else node


def _reference_node(ref: Reference) -> Json:
    text, urls = written(ref.text)
    node: Json = {
        "id": ref.id,
        "text": text,
        "author_id": ref.author_id,
        "created_at": stamp(snowflake_time(ref.id)),
        "edit_history_tweet_ids": [ref.id],
        "lang": "en",
        "public_metrics": _metrics(ref.id),
    }
    return {**node, "entities": {"urls": urls}} if urls else node


def snowflake_time(tweet_id: str) -> datetime:
    """The instant (UTC) an id was made."""
    return datetime.fromtimestamp(((int(tweet_id) >> 22) + EPOCH_MS) / 1000, UTC)


def stamp(at: datetime) -> str:
    """An instant as X writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
