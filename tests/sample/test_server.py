"""The loopback server: asked over HTTP, it answers in the platforms' shapes and moves with its clock."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sample import network, server

EARLY = datetime(2026, 10, 29, 2, 15, tzinfo=UTC)
LATE = datetime(2026, 11, 1, 2, 15, tzinfo=UTC)
CONTENT = network.load()
SECRETS = network.tokens()
X_HEADERS = {"Authorization": f"Bearer {SECRETS['x']['bearer_token']}"}
LAKESIDE_X, LAKESIDE_PAGE = "4420010011", "100200300400501"
LIMITED, SUSPENDED, DEAD_PAGE = "4420020022", "5530030033", "100200300400503"
POST_FIELDS = (
    "id,message,created_time,permalink_url,is_hidden,is_published,updated_time,story,status_type,parent_id,"
    "attachments{description,media,media_type,target,title,type,unshimmed_url,url,subattachments}"
)


@pytest.fixture(scope="module")
def running() -> Iterator[server.RunningServer]:
    up = server.start(now=EARLY)
    yield up
    up.stop()


@pytest.fixture
def early(running: server.RunningServer) -> server.RunningServer:
    running.set_clock(EARLY)
    return running


@pytest.fixture
def late(running: server.RunningServer) -> server.RunningServer:
    running.set_clock(LATE)
    return running


def x(up: server.RunningServer, path: str, **query: Any) -> requests.Response:
    return requests.get(f"{up.url}/2/{path}", params=query, headers=X_HEADERS, timeout=10)


def graph(up: server.RunningServer, path: str, page: str = LAKESIDE_PAGE, **query: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {SECRETS['facebook_page'][f'page_token:{page}']}"}
    return requests.get(f"{up.url}/v26.0/{path}", params=query, headers=headers, timeout=10)


def paged_x(up: server.RunningServer, user: str, **query: Any) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = []
    token: str | None = None
    while True:
        body = x(up, f"users/{user}/tweets", **query, **({"pagination_token": token} if token else {})).json()
        posts += body.get("data", [])
        token = body["meta"].get("next_token")
        if token is None:
            return posts


def post_with(account: str, words: str) -> network.Post:
    return next(post for post in CONTENT.accounts[account].posts if words in post.text)


# --- clock ----------------------------------------------------------------------------------------------------------


def test_the_clock_is_set_and_read_over_http(running: server.RunningServer) -> None:
    """PUT turns the clock; what is no instant with a zone is refused and changes nothing."""
    url = f"{running.url}/_sample/clock"
    assert requests.put(url, json={"now": "2026-10-31T02:15:00Z"}, timeout=10).status_code == 200
    assert requests.put(url, json={"now": "2026-10-31T02:15:00"}, timeout=10).status_code == 400
    assert requests.put(url, data=b"{", timeout=10).status_code == 400
    assert {"now": "2026-10-31T02:15:00+00:00"} == requests.get(url, timeout=10).json()


# --- X --------------------------------------------------------------------------------------------------------------


def test_x_refuses_a_bad_bearer_token_in_its_problem_shape(early: server.RunningServer) -> None:
    """401 with title, type, status and detail (X API errors)."""
    answer = requests.get(
        f"{early.url}/2/users/{LAKESIDE_X}", headers={"Authorization": "Bearer demo-token-x-wrong"}, timeout=10
    )
    assert (401, {"title", "type", "status", "detail"}) == (answer.status_code, set(answer.json()))


def test_an_x_user_has_the_documented_fields(early: server.RunningServer) -> None:
    """The same user by id and by name, with bio, expanded website and pictures; rate headers come along."""
    by_id, by_name = x(early, f"users/{LAKESIDE_X}"), x(early, "users/by/username/ALA_lakeside")
    user = by_id.json()["data"]
    assert user == by_name.json()["data"]
    assert {"id", "username", "name", "description", "created_at", "public_metrics", "profile_image_url"} <= set(user)
    assert user["entities"]["url"]["urls"][0]["expanded_url"] == "https://lakeside.example/"
    assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= {k.lower() for k in by_id.headers}


def test_x_shows_many_users_at_once_as_it_shows_each(running: server.RunningServer) -> None:
    """Those there are the users of the single look-up; suspended and unknown ones are errors that name them."""
    running.set_clock(LATE)
    alone = x(running, f"users/{LAKESIDE_X}").json()["data"]
    body = x(running, "users", ids=f"{SUSPENDED},{LAKESIDE_X},1").json()
    assert [alone] == body["data"]
    assert [(SUSPENDED, "Forbidden"), ("1", "Not Found Error")] == [
        (error["resource_id"], error["title"]) for error in body["errors"]
    ]
    assert {"errors"} == set(x(running, "users", ids=SUSPENDED).json())


@pytest.mark.parametrize("ids", ["", "ala_lakeside", ",".join(map(str, range(1, 102)))])
def test_x_refuses_a_question_for_users_it_does_not_take(running: server.RunningServer, ids: str) -> None:
    """None, a name among the ids, or a hundred and one: the whole question is refused."""
    assert 400 == x(running, "users", ids=ids).status_code


def test_x_pages_give_every_post_once_newest_first(early: server.RunningServer) -> None:
    """Following next_token gives each post of the account exactly once."""
    shown = network.state(CONTENT, EARLY)[f"x:{LAKESIDE_X}"].posts
    posts = paged_x(early, LAKESIDE_X, max_results=5)
    assert [item.current.id for item in shown] == [post["id"] for post in posts]
    for post in posts:
        assert {"id", "text", "author_id", "created_at", "edit_history_tweet_ids", "edit_controls", "lang"} <= set(post)


def test_x_time_and_id_bounds(early: server.RunningServer) -> None:
    """start_time is inclusive, end_time and the ids exclusive, and ids win over times (openapi.json)."""
    everything = paged_x(early, LAKESIDE_X, max_results=100)
    third, tenth = everything[2], everything[9]
    timed = paged_x(early, LAKESIDE_X, max_results=100, start_time=tenth["created_at"], end_time=third["created_at"])
    assert [post["id"] for post in everything[3:10]] == [post["id"] for post in timed]
    by_id = paged_x(
        early,
        LAKESIDE_X,
        max_results=100,
        since_id=tenth["id"],
        until_id=third["id"],
        start_time="2030-01-01T00:00:00Z",
    )
    assert [post["id"] for post in everything[3:9]] == [post["id"] for post in by_id]


@pytest.mark.parametrize("query", [{"max_results": 4}, {"pagination_token": "x"}, {"start_time": "yesterday"}])
def test_x_refuses_bad_parameters(early: server.RunningServer, query: dict[str, str]) -> None:
    """400 with errors, never a page that looks empty."""
    answer = x(early, f"users/{LAKESIDE_X}/tweets", **query)
    assert (400, True) == (answer.status_code, bool(answer.json()["errors"]))


def test_x_links_are_shortened_with_their_expansion_and_span(early: server.RunningServer) -> None:
    """entities.urls quotes the text it stands for, and a picture's link carries its media key and alt text."""
    body = x(early, f"users/{LAKESIDE_X}/tweets", max_results=100).json()
    media = {item["media_key"]: item for item in body["includes"]["media"]}
    for post in body["data"]:
        text = post.get("note_tweet", post)["text"]
        for link in post.get("entities", {}).get("urls", []):
            assert link["url"] == text[link["start"] : link["end"]]
    keys = [key for post in body["data"] for key in post.get("attachments", {}).get("media_keys", [])]
    assert set(keys) == set(media)
    assert {True, False} == {"alt_text" in item for item in media.values()}


def test_a_long_x_post_is_cut_and_whole_in_its_note(early: server.RunningServer) -> None:
    """Over 280 characters the text ends in an ellipsis and note_tweet has it all."""
    whole = post_with("x:5530010011", "Thank-you time").text
    listed = paged_x(early, "5530010011", max_results=100)
    cut = [post for post in listed if post["text"].endswith("…")]
    assert [whole] == [post["note_tweet"]["text"] for post in cut]
    assert all(whole.startswith(post["text"][:-1]) and len(post["text"]) <= 280 for post in cut)


def test_an_x_edit_has_a_new_id_and_its_earlier_wording_can_be_looked_up(early: server.RunningServer) -> None:
    """edit_history_tweet_ids is oldest first, the timeline shows the newest, a look-up gives the wording asked for."""
    post = post_with(f"x:{LAKESIDE_X}", "salary survey closes")
    newest = str(post.changes[0].id)
    listed = next(one for one in paged_x(early, LAKESIDE_X, max_results=100) if one["id"] == newest)
    assert [post.id, newest] == listed["edit_history_tweet_ids"]
    old = x(early, "tweets", ids=post.id).json()["data"][0]
    assert (post.id, True) == (old["id"], "anonymous, and you get" in old["text"])


def test_an_x_edit_is_not_seen_before_it_is_made(running: server.RunningServer) -> None:
    """Between posting and editing the first wording stands under the first id."""
    post = post_with(f"x:{LAKESIDE_X}", "salary survey closes")
    running.set_clock(post.changes[0].at.replace(minute=16))
    assert post.id == paged_x(running, LAKESIDE_X, max_results=100)[0]["id"]


def test_a_deleted_x_post_leaves_the_timeline_and_its_look_up_says_not_found(running: server.RunningServer) -> None:
    """Seen on the first night, gone after 30 October: errors with resource-not-found, the others still in data."""
    gone, stays = post_with(f"x:{LAKESIDE_X}", "Board election results"), post_with(f"x:{LAKESIDE_X}", "Office move")
    running.set_clock(EARLY)
    assert gone.id in {post["id"] for post in paged_x(running, LAKESIDE_X, max_results=100)}
    running.set_clock(LATE)
    assert gone.id not in {post["id"] for post in paged_x(running, LAKESIDE_X, max_results=100)}
    body = x(running, "tweets", ids=f"{gone.id},{stays.id}").json()
    assert [stays.id] == [post["id"] for post in body["data"]]
    assert [(gone.id, True)] == [(e["value"], e["type"].endswith("resource-not-found")) for e in body["errors"]]


def test_a_suspended_x_account_is_200_with_errors_and_no_data(running: server.RunningServer) -> None:
    """The account that is suspended on 30 October answers normally before and without data after."""
    running.set_clock(EARLY)
    assert "data" in x(running, f"users/{SUSPENDED}/tweets").json()
    running.set_clock(LATE)
    for path in (f"users/{SUSPENDED}", f"users/{SUSPENDED}/tweets", "users/by/username/lll_sierra"):
        answer = x(running, path)
        assert (200, {"errors"}) == (answer.status_code, set(answer.json()))
        assert "suspended" in answer.json()["errors"][0]["detail"]


def test_an_unknown_x_user_is_200_with_errors(late: server.RunningServer) -> None:
    """X answers not-found for users inside a 200."""
    answer = x(late, "users/by/username/nobody_here")
    assert (200, "Not Found Error") == (answer.status_code, answer.json()["errors"][0]["title"])


def test_one_night_has_one_rate_limit_that_ends_at_its_reset(running: server.RunningServer) -> None:
    """429 with x-rate-limit-reset a few real seconds ahead; the same night answers after it, and others never limit."""
    running.set_clock(datetime(2026, 10, 31, 2, 15, tzinfo=UTC))
    refused = x(running, f"users/{LIMITED}/tweets")
    reset = int(refused.headers["x-rate-limit-reset"])
    assert (429, "0") == (refused.status_code, refused.headers["x-rate-limit-remaining"])
    assert 200 == x(running, f"users/{LAKESIDE_X}/tweets").status_code
    while time.time() < reset:
        time.sleep(0.05)
    assert [200, 200] == [x(running, f"users/{LIMITED}/tweets").status_code for _ in range(2)]
    running.set_clock(LATE)
    assert 200 == x(running, f"users/{LIMITED}/tweets").status_code


def test_quotes_shares_and_replies_bring_the_other_post_along(early: server.RunningServer) -> None:
    """referenced_tweets names the kind, includes.tweets holds the other post."""
    body = x(early, f"users/{LIMITED}/tweets", max_results=100).json()
    replies = [post for post in body["data"] if "referenced_tweets" in post]
    included = {post["id"] for post in body["includes"]["tweets"]}
    assert ["replied_to"] == [post["referenced_tweets"][0]["type"] for post in replies]
    assert {post["referenced_tweets"][0]["id"] for post in replies} <= included


# --- Graph ----------------------------------------------------------------------------------------------------------


def test_graph_gives_only_the_fields_asked_for(early: server.RunningServer) -> None:
    """The id always, the rest as asked; a field the node has not is error 100."""
    page = graph(early, LAKESIDE_PAGE, fields="name,picture{url},cover{source}").json()
    assert {"id", "name", "picture", "cover"} == set(page)
    assert {"url"} == set(page["picture"]["data"])
    refused = graph(early, LAKESIDE_PAGE, fields="name,shoe_size")
    assert (400, 100) == (refused.status_code, refused.json()["error"]["code"])


def test_graph_pages_give_every_post_once_and_next_carries_the_token(early: server.RunningServer) -> None:
    """paging.next can be followed as it stands, token and all; the last page has none."""
    found: list[str] = []
    token = SECRETS["facebook_page"][f"page_token:{LAKESIDE_PAGE}"]
    body = graph(early, f"{LAKESIDE_PAGE}/published_posts", fields=POST_FIELDS, limit=10).json()
    while True:
        found += [post["id"] for post in body["data"]]
        if "next" not in body["paging"]:
            break
        query = parse_qs(urlsplit(body["paging"]["next"]).query)
        assert ([token], [body["paging"]["cursors"]["after"]]) == (query["access_token"], query["after"])
        body = requests.get(body["paging"]["next"], timeout=10).json()
    shown = network.state(CONTENT, EARLY)[f"facebook_page:{LAKESIDE_PAGE}"].posts
    assert [item.post.id for item in shown] == found


@pytest.mark.parametrize("query", [{"limit": "101"}, {"limit": "many"}, {"after": "nowhere"}, {"since": "yesterday"}])
def test_graph_refuses_bad_parameters(early: server.RunningServer, query: dict[str, str]) -> None:
    """Error 100, never a page that looks empty."""
    answer = graph(early, f"{LAKESIDE_PAGE}/published_posts", fields="id", **query)
    assert (400, 100) == (answer.status_code, answer.json()["error"]["code"])


def test_graph_since_and_until_bound_the_creation_time(early: server.RunningServer) -> None:
    """Epoch seconds and dates are both read."""
    bounds = {"since": "2026-09-01", "until": int(datetime(2026, 10, 1, tzinfo=UTC).timestamp())}
    body = graph(early, f"{LAKESIDE_PAGE}/published_posts", fields="created_time", limit=100, **bounds).json()
    assert {"2026-09"} == {post["created_time"][:7] for post in body["data"]}


def test_the_dead_graph_token_is_190_463(early: server.RunningServer) -> None:
    """One chapter's Page token has expired; nothing of it is ever shown."""
    answer = graph(early, f"{DEAD_PAGE}/published_posts", page=DEAD_PAGE, fields="id")
    error = answer.json()["error"]
    assert (400, 190, 463, "OAuthException") == (
        answer.status_code,
        error["code"],
        error["error_subcode"],
        error["type"],
    )


@pytest.mark.parametrize("token", ["", "demo-token-fb-wrong"])
def test_graph_refuses_a_bad_token(early: server.RunningServer, token: str) -> None:
    """190 without a token and with one nobody gave out, in header and in query alike."""
    url = f"{early.url}/v26.0/{LAKESIDE_PAGE}"
    answers = [
        requests.get(url, params={"access_token": token}, timeout=10),
        requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10),
    ]
    assert [190, 190] == [answer.json()["error"]["code"] for answer in answers]


def test_a_graph_token_opens_its_own_page_only(early: server.RunningServer) -> None:
    """Another Page's node is 100/33 with a valid token of the wrong Page."""
    answer = graph(early, "100200300400502", page=LAKESIDE_PAGE, fields="name")
    error = answer.json()["error"]
    assert (400, 100, 33) == (answer.status_code, error["code"], error["error_subcode"])


def test_graph_edits_and_deletions_follow_the_clock(running: server.RunningServer) -> None:
    """The message changes in place, updated_time moves, and a deleted post is 100/33."""
    dues = post_with(f"facebook_page:{LAKESIDE_PAGE}", "chapter dues for 2027")
    cows = post_with("facebook_page:100200300400603", "night nurses")
    running.set_clock(EARLY)
    before = graph(running, dues.id, fields="message,updated_time").json()
    assert "id" in graph(running, cows.id, page="100200300400603", fields="id").json()
    running.set_clock(LATE)
    after = graph(running, dues.id, fields="message,updated_time").json()
    assert ("$185" in before["message"], "$215" in after["message"]) == (True, True)
    assert before["updated_time"] < after["updated_time"]
    gone = graph(running, cows.id, page="100200300400603", fields="id").json()["error"]
    assert (100, 33) == (gone["code"], gone["error_subcode"])


def test_graph_alt_text_stands_on_the_photo(early: server.RunningServer) -> None:
    """attachments.target leads to the photo; Facebook's own words are no alt text of the poster."""
    posts = graph(early, f"{LAKESIDE_PAGE}/published_posts", fields=POST_FIELDS, limit=100).json()["data"]
    photos = [post["attachments"]["data"][0] for post in posts if post["status_type"] == "added_photos"]
    ids = ",".join(photo["target"]["id"] for photo in photos)
    nodes = graph(early, "", ids=ids, fields="alt_text,alt_text_custom").json()
    assert all("alt_text" not in photo for photo in photos)
    assert {photo["target"]["id"] for photo in photos} == set(nodes)
    assert {True, False} == {"alt_text_custom" in node for node in nodes.values()}


def test_a_graph_batch_answers_in_order_with_bodies_as_strings(early: server.RunningServer) -> None:
    """Each item has its own code, and one that fails does not fail the others."""
    post = CONTENT.accounts[f"facebook_page:{LAKESIDE_PAGE}"].posts[0]
    asked = [
        {"method": "GET", "relative_url": f"v26.0/{post.id}?fields=id,message"},
        {"method": "GET", "relative_url": f"{LAKESIDE_PAGE}_1?fields=id"},
    ]
    token = SECRETS["facebook_page"][f"page_token:{LAKESIDE_PAGE}"]
    form = {"batch": json.dumps(asked), "include_headers": "true", "access_token": token}
    items = requests.post(f"{early.url}/v26.0/", data=form, timeout=10).json()
    assert [200, 400] == [item["code"] for item in items]
    assert {"id": post.id, "message": post.text} == json.loads(items[0]["body"])


def test_graph_reports_its_usage(early: server.RunningServer) -> None:
    """X-App-Usage is JSON with the three percentages."""
    usage = json.loads(graph(early, LAKESIDE_PAGE, fields="id").headers["X-App-Usage"])
    assert {"call_count", "total_time", "total_cputime"} == set(usage)


def test_pictures_lie_on_the_same_server(early: server.RunningServer) -> None:
    """Avatars, banners and post pictures of both platforms are served on loopback, and nothing else is."""
    user = x(early, f"users/{LAKESIDE_X}", **{"user.fields": "profile_image_url,profile_banner_url"}).json()["data"]
    page = graph(early, LAKESIDE_PAGE, fields="picture{url},cover").json()
    urls = [
        user["profile_image_url"].replace("_normal", "_400x400"),
        user["profile_banner_url"],
        page["picture"]["data"]["url"],
        page["cover"]["source"],
    ]
    assert [early.url] * 4 == ["/".join(url.split("/")[:3]) for url in urls]
    answers = [requests.get(url, timeout=10) for url in urls]
    assert ["image/jpeg"] * 4 == [answer.headers["content-type"] for answer in answers]
    assert 404 == requests.get(f"{early.url}/_pictures/media/nothing.jpg", timeout=10).status_code
