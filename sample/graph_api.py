"""The sample in the shape of the Graph API v26.0 (developers.facebook.com): Pages, their posts, their photos.

Pure: (world, method, path, query) -> answer. Only the fields asked for are given, a field the node has not is error
100, `paging.next` carries the access token as the real one does, and alt text stands on the photo alone.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sample.answers import Answer, World, moment
from sample.network import AccountState, Picture, Shown

VERSION = "v26.0"
MAX_LIMIT, DEFAULT_LIMIT, MAX_BATCH = 100, 25, 50

Json = dict[str, Any]
Query = Mapping[str, str]
#: A field and what is asked for inside it: {"id": {}, "attachments": {"target": {}}}.
Fields = dict[str, "Fields"]
#: One node with a value, or None, for every field it has.
Node = dict[str, Any]

_FIELD = re.compile(r"\s*([a-z_]+)((?:\.[a-z_]+\([^()]*\))*)\s*")
DEAD_TOKEN = (190, 463, "Error validating access token: Session has expired on Thursday, 15-Oct-26 08:00:00 PDT.")
BAD_TOKEN = (190, None, "Invalid OAuth access token - Cannot parse access token")


class GraphError(Exception):
    """One of Graph's error envelopes."""

    def __init__(self, code: int, subcode: int | None, message: str) -> None:
        super().__init__(message)
        self.code, self.subcode, self.message = code, subcode, message

    @property
    def answer(self) -> Answer:
        """The envelope as Graph sends it: 401 never, 400 always."""
        error: Json = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return Answer(400, {"error": {**error, "fbtrace_id": "AsampleTraceId00000000"}}, usage())


def usage() -> dict[str, str]:
    """Graph's usage header, far from its limit."""
    return {"X-App-Usage": json.dumps({"call_count": 3, "total_time": 2, "total_cputime": 1})}


def answer(world: World, method: str, path: Sequence[str], query: Query) -> Answer:
    """Answer one request to /v26.0/<path>; `query` holds the access token, from wherever it came."""
    try:
        if method == "POST" and not path and "batch" in query:
            return Answer(200, [_batched(world, item, query) for item in _batch(query)], usage())
        if method == "GET":
            return Answer(200, _get(world, path, query), usage())
    except GraphError as error:
        return error.answer
    return GraphError(100, None, f"(#100) Unsupported {method.lower()} request").answer


def _get(world: World, path: Sequence[str], query: Query) -> Any:
    pages = _pages(world, query.get("access_token", ""))
    fields = parse_fields(query.get("fields", ""))
    match path:
        case [] if query.get("ids"):
            return {name: project(_node(pages, name), fields) for name in query["ids"].split(",")}
        case [name]:
            return project(_node(pages, name), fields)
        case [name, "published_posts" | "posts" | "feed"]:
            return _connection(world, _page(pages, name), query, fields, path)
    raise GraphError(2500, None, "Unknown path components")


def _pages(world: World, token: str) -> list[AccountState]:
    """The Pages a token opens: its own, or with the shared one every Page that has none of its own."""
    names = [name for name, secret in world.secrets.items() if secret == token]
    if not token or not names:
        raise GraphError(*BAD_TOKEN)
    own = {name.partition(":")[2] for name in world.secrets if ":" in name}
    mine = {name.partition(":")[2] for name in names if ":" in name}
    shared = "page_token" in names
    states = [state for state in world.on("facebook_page") if _opens(state.account.native_id, mine, own, shared=shared)]
    if any(state.account.faults.token_expired for state in states):
        raise GraphError(*DEAD_TOKEN)
    return states


def _opens(page: str, mine: set[str], own: set[str], *, shared: bool) -> bool:
    return page in mine or (shared and page not in own)


# --- nodes ----------------------------------------------------------------------------------------------------------


def _page(pages: Sequence[AccountState], name: str) -> AccountState:
    for state in pages:
        if name in {state.account.native_id, state.account.handle, "me"}:
            return state
    raise _missing(name)


def _missing(name: str) -> GraphError:
    what = f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded due to missing"
    return GraphError(100, 33, f"{what} permissions, or does not support this operation")


def _node(pages: Sequence[AccountState], name: str) -> Node:
    for state in pages:
        if name in {state.account.native_id, state.account.handle}:
            return page_node(state)
        for shown in state.posts:
            if shown.post.id == name:
                return post_node(state, shown)
            for picture in shown.post.media:
                if picture.id == name:
                    return photo_node(state, shown, picture)
    if name == "me" and pages:
        return page_node(pages[0])
    raise _missing(name)


def page_node(state: AccountState) -> Node:
    """A Page with every field this sample has."""
    account, profile = state.account, state.profile
    base = f"https://scontent.xx.fbcdn.net/v/{account.native_id}"
    node: Node = {
        "id": account.native_id,
        "name": profile.name,
        "username": account.handle,
        "about": profile.bio[:255],
        "description": profile.bio,
        "bio": None,
        "mission": None,
        "company_overview": None,
        "general_info": None,
        "impressum": None,
        "category": "Nonprofit Organization",
        "category_list": [{"id": "2603", "name": "Nonprofit Organization"}],
        "link": f"https://www.facebook.com/{account.handle}",
        "website": profile.website,
        "emails": [profile.email] if profile.email else None,
        "phone": profile.phone,
        "single_line_address": profile.location,
        "location": {"city": profile.location} if profile.location else None,
        "cover": {"id": f"{account.native_id}9", "source": f"{base}/cover.jpg?oh=00_Sample&oe=6B0F"},
        "picture": {"data": {"url": f"{base}/avatar.jpg?oh=00_Sample&oe=6B0F", "is_silhouette": False}},
        "is_published": True,
        "is_verified": False,
        "verification_status": "not_verified",
        "followers_count": 640,
        "fan_count": 598,
        "instagram_business_account": None,
    }
    return node


def post_node(state: AccountState, shown: Shown) -> Node:
    """A Page's post with every field this sample has."""
    post, account = shown.post, state.account
    local = post.id.partition("_")[2]
    return {
        "id": post.id,
        "message": shown.text,
        "story": None,
        "created_time": stamp(post.at),
        "updated_time": stamp(shown.current.at),
        "backdated_time": None,
        "is_published": True,
        "is_hidden": shown.hidden,
        "is_expired": False,
        "permalink_url": f"https://www.facebook.com/{account.handle}/posts/{local}",
        "status_type": _status_type(shown),
        "from": {"id": account.native_id, "name": state.profile.name},
        "parent_id": post.ref.id if post.ref else None,
        "full_picture": _picture_url(post.media[0]) if post.media else None,
        "attachments": _attachments(state, shown),
        "message_tags": None,
        "story_tags": None,
        "child_attachments": None,
        "properties": None,
        "place": None,
        "target": None,
        "to": None,
        "via": None,
        "admin_creator": None,
        "scheduled_publish_time": None,
        "privacy": {"value": "EVERYONE", "description": "Public", "allow": "", "deny": "", "friends": ""},
        "shares": {"count": int(local) % 5} if int(local) % 5 else None,
    }


def photo_node(state: AccountState, shown: Shown, picture: Picture) -> Node:
    """A photo: the only node with alt text. Facebook writes one of its own where the poster wrote none."""
    return {
        "id": picture.id,
        "created_time": stamp(shown.post.at),
        "updated_time": stamp(shown.post.at),
        "name": shown.text,
        "link": f"https://www.facebook.com/{state.account.handle}/photos/{picture.id}",
        "alt_text": picture.alt or "May be an image of text",
        "alt_text_custom": picture.alt,
        "images": [{"height": 800, "width": 1200, "source": _picture_url(picture)}],
        "picture": _picture_url(picture),
        "from": {"id": state.account.native_id, "name": state.profile.name},
        "page_story_id": shown.post.id,
    }


def _status_type(shown: Shown) -> str:
    if shown.post.media:
        return "added_photos"
    return "shared_story" if shown.post.links or shown.post.ref else "mobile_status_update"


def _picture_url(picture: Picture) -> str:
    return f"https://scontent.xx.fbcdn.net/v/t39/{picture.id}_n.jpg?oh=00_Sample&oe=6B0F"


def _attachments(state: AccountState, shown: Shown) -> Json | None:
    media = shown.post.media
    if media:
        nodes = [_photo_attachment(state, item, shown.text) for item in media]
        return {"data": [nodes[0] if len(nodes) == 1 else _album(state, nodes)]}
    if shown.post.links:
        return {"data": [_link_attachment(shown.post.links[0])]}
    return None


def _photo_attachment(state: AccountState, picture: Picture, text: str) -> Json:
    url = f"https://www.facebook.com/{state.account.handle}/photos/{picture.id}"
    return {
        "description": text,
        "media": {"image": {"height": 800, "width": 1200, "src": _picture_url(picture)}},
        "media_type": picture.kind,
        "type": picture.kind,
        "target": {"id": picture.id, "url": url},
        "url": url,
        "unshimmed_url": url,
    }


def _album(state: AccountState, nodes: list[Json]) -> Json:
    album = {"id": state.account.native_id + "7", "url": f"https://www.facebook.com/{state.account.handle}/photos"}
    head = {"title": "Photos", "media": nodes[0]["media"], "media_type": "album", "type": "album", "target": album}
    return {**head, "url": album["url"], "unshimmed_url": album["url"], "subattachments": {"data": nodes}}


def _link_attachment(link: str) -> Json:
    shim = "https://l.facebook.com/l.php?" + urlencode({"u": link, "h": "AT0sample"})
    host = urlsplit(link).hostname or link
    return {
        "title": host,
        "description": "",
        "media_type": "link",
        "type": "share",
        "target": {"url": shim},
        "url": shim,
        "unshimmed_url": link,
    }


# --- fields ---------------------------------------------------------------------------------------------------------


def parse_fields(text: str) -> Fields:
    """`id,attachments{media,target{id}}` as a tree. Raises GraphError 2500 on a syntax error."""
    fields, end = _parse(text, 0)
    if end != len(text):
        raise _syntax(text, end)
    return fields


def _parse(text: str, at: int) -> tuple[Fields, int]:
    fields: Fields = {}
    while match := _FIELD.match(text, at):
        name, at = match.group(1), match.end()
        inner: Fields = {}
        if text[at : at + 1] == "{":
            inner, at = _parse(text, at + 1)
            if text[at : at + 1] != "}":
                raise _syntax(text, at)
            at += 1
        fields[name] = inner
        if text[at : at + 1] != ",":
            break
        at += 1
    return fields, at


def _syntax(text: str, at: int) -> GraphError:
    return GraphError(2500, None, f"Syntax error at character {at}: {text[at : at + 10]}")


def project(node: Node, fields: Fields) -> Json:
    """The fields asked for and the id; fields without a value are left out, as Graph does."""
    wanted = fields or {"id": {}, **({"name": {}} if "username" in node else {}), **_post_defaults(node)}
    for name in wanted:
        if name not in node:
            raise GraphError(100, None, f"(#100) Tried accessing nonexisting field ({name})")
    chosen = {name: _inside(node[name], inner) for name, inner in wanted.items() if node[name] is not None}
    return {**chosen, "id": node["id"]}


def _post_defaults(node: Node) -> Fields:
    return {"message": {}, "created_time": {}} if "message" in node else {}


def _inside(value: Any, fields: Fields) -> Any:
    if not fields:
        return value
    if isinstance(value, list):
        return [_inside(item, fields) for item in value]
    if isinstance(value, dict) and isinstance(value.get("data"), list | dict):
        return {**value, "data": _inside(value["data"], fields)}
    if isinstance(value, dict):
        return {name: _inside(value[name], inner) for name, inner in fields.items() if name in value}
    return value


# --- connections and batches ----------------------------------------------------------------------------------------


def _connection(world: World, state: AccountState, query: Query, fields: Fields, path: Sequence[str]) -> Json:
    since, until = _bound(query.get("since")), _bound(query.get("until"))
    shown = [item for item in state.posts if _between(item.post.at, since, until)]
    limit, start = _limit(query), _after(query.get("after"))
    page = shown[start : start + limit]
    body: Json = {"data": [project(post_node(state, item), fields) for item in page]}
    if not page:
        return body
    cursors = {"before": _cursor(start), "after": _cursor(start + limit)}
    body["paging"] = {"cursors": cursors}
    if start + limit < len(shown):
        asked = {**query, "limit": str(limit), "after": cursors["after"]}
        body["paging"]["next"] = f"{world.url}/{VERSION}/{'/'.join(path)}?{urlencode(asked)}"
    return body


def _limit(query: Query) -> int:
    limit = query.get("limit") or str(DEFAULT_LIMIT)
    if not limit.isdecimal() or not 1 <= int(limit) <= MAX_LIMIT:
        raise GraphError(100, None, "(#100) param limit must be between 1 and 100")
    return int(limit)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"sample:{position}".encode()).decode().rstrip("=")


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        if word == "sample":
            return int(number)
    except ValueError:
        pass
    raise GraphError(100, None, "(#100) Invalid cursors values")


def _bound(text: str | None) -> datetime | None:
    if not text:
        return None
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    try:
        return moment(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise GraphError(100, None, f"(#100) param since must be a unix timestamp or a date: {text}") from None


def _between(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at <= until)


def _batch(query: Query) -> list[Json]:
    try:
        items = json.loads(query["batch"])
    except ValueError:
        raise GraphError(100, None, "(#100) param batch must be an array") from None
    if not isinstance(items, list) or len(items) > MAX_BATCH:
        raise GraphError(100, None, f"(#100) Too many requests in batch message. Maximum batch size is {MAX_BATCH}")
    return items


def _batched(world: World, item: Json, query: Query) -> Json:
    parts = urlsplit(str(item["relative_url"]))
    names = [name for name in parts.path.split("/") if name and name != VERSION]
    inner = {"access_token": query.get("access_token", ""), **dict(parse_qsl(parts.query))}
    result = answer(world, str(item.get("method", "GET")), names, inner)
    code: Json = {"code": result.status}
    if query.get("include_headers", "true").lower() != "false":
        code["headers"] = [{"name": "Content-Type", "value": "application/json; charset=UTF-8"}]
    return {**code, "body": json.dumps(result.body, ensure_ascii=False)}


def stamp(at: datetime) -> str:
    """An instant as Graph writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
