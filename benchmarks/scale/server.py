"""Six platforms on one loopback port for an invented network, in a process of its own: what it spends is not ours.

Every answer takes as long as a platform's does (lognormal, median 250 ms) and counts against the platform's window
limit; past it comes its 429 with the header that says when to come back. `speed` shortens both alike, so that a night
fits into an hour: what is measured of time must be said with it. What it was asked, and what that costs, it counts.
"""

from __future__ import annotations

import asyncio
import json
import math
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from aiohttp import web

from benchmarks.scale import prices, shapes
from benchmarks.scale.made import PER_CHAPTER, PLATFORMS, TOKENS, Network, chapter_of, chapter_of_post
from benchmarks.scale.made import THIRDS as THIRD_PLATFORMS
from sample import graph_api, network, x_api
from sample.answers import Answer, World
from sample.graph_api import VERSION, GraphError
from sample.network import AccountState

#: Milliseconds of one answer: what public measurements of these APIs lie around.
MEDIAN_MS, SPREAD = 250.0, 0.35
CLOCK, COUNTS = "/_made/clock", "/_made/counts"


@dataclass
class Windows:
    """Fixed windows of real time, one for each limit and scope."""

    speed: float
    used: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def refused_until(self, name: str, scope: str) -> float | None:
        """Count one request; the epoch second of the reset where it is one too many."""
        limit = prices.windows()[name]
        now = time.time()
        ends, count = self.used.get((name, scope), (0.0, 0))
        if now >= ends:
            ends, count = now + limit.seconds / self.speed, 0
        self.used[name, scope] = (ends, count + 1)
        return ends if count >= limit.requests else None


class Host:
    """The network at one instant, and what it was asked."""

    def __init__(self, made: Network, *, speed: float) -> None:
        self._made, self._speed = made, speed
        self._dice = random.Random(made.seed)  # noqa: S311 - how long an answer takes is no secret
        self.turn(made.until)

    def turn(self, now: datetime, *, latency: bool = True, limited: bool = True) -> None:
        """Set the clock, and whether answers take time and are limited; counts and windows start anew."""
        self._now, self._latency, self._limited = now, latency, limited
        self._states: dict[int, AccountState] = {}
        self._windows = Windows(self._speed)
        self.counts: Counter[str] = Counter()

    async def wait(self) -> None:
        """As long as an answer takes."""
        if self._latency:
            await asyncio.sleep(self._dice.lognormvariate(math.log(MEDIAN_MS / 1000), SPREAD) / self._speed)

    def state(self, platform: str, chapter: int) -> AccountState:
        """What a chapter's account on a platform shows."""
        place = PLATFORMS.index(platform) if platform not in THIRD_PLATFORMS else PER_CHAPTER - 1
        number = chapter * PER_CHAPTER + place
        if number not in self._states:
            account = self._made.account(number)
            self._states[number] = network.state(network.Network({account.key: account}), self._now)[account.key]
        return self._states[number]

    # --- answers ----------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: Sequence[str], query: Mapping[str, str], token: str) -> Answer:
        """One request to any of the platforms."""
        match list(path):
            case ["2", *rest]:
                return self._x(rest, query)
            case [version, *rest] if version == VERSION:
                return self._graph(method, rest, {**query, "access_token": token})
            case [instance, "api", "v1", *rest] if instance.startswith("masto_"):
                return self._mastodon(instance, rest, query)
            case ["xrpc", name]:
                return self._bluesky(name.rpartition(".")[2], query)
            case ["youtube", "v3", kind]:
                return self._youtube(kind, query)
        return Answer(404, {"detail": "no such path"})

    def _x(self, path: Sequence[str], query: Mapping[str, str]) -> Answer:
        kind = "look-ups" if path[0] == "tweets" else "timelines" if path[2:] == ["tweets"] else "users"
        until = self._refused(f"x {kind}", "app")
        if until is not None:
            body = x_api.problem(429, "Too Many Requests", "about:blank", "Too Many Requests").body
            return Answer(429, body, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(math.ceil(until))})
        ids, chapter_by = query.get("ids", "").split(","), chapter_of_post if kind == "look-ups" else chapter_of
        chapters = {chapter_by("x", one) for one in (path[1:2] or ids)}
        states = {f"x:{chapter}": self.state("x", chapter) for chapter in chapters}
        given = x_api.answer(World(states=states, secrets={}, url=""), path, query)
        data = given.body.get("data", [])
        self.counts["x paid " + ("users" if kind == "users" else "posts")] += len(data) if isinstance(data, list) else 1
        return given

    def _graph(self, method: str, path: Sequence[str], query: Mapping[str, str]) -> Answer:
        platform = "instagram" if query["access_token"] in {TOKENS["ig_main"], TOKENS["ig_dead"]} else "facebook_page"
        self.counts[f"{platform} requests"] += 1
        if method == "POST":
            items = len(json.loads(query["batch"]))
            self.counts[f"{platform} calls"] += items
            return shapes.graph_batch(query, lambda names, asked: self._graph_one(platform, names, asked))
        self.counts[f"{platform} calls"] += 1
        return self._graph_one(platform, path, query)

    def _graph_one(self, platform: str, path: Sequence[str], query: Mapping[str, str]) -> Answer:
        own = path[0].isdigit() and len(path[0]) > 14  # noqa: PLR2004 - an account's id is longer than a picture's
        chapter = chapter_of(platform, path[0]) if own and path[0][:2] != "18" else chapter_of_post(platform, path[0])
        state = self.state(platform, chapter)
        if platform == "instagram":
            return shapes.instagram(state, path, query)
        world = World(states={state.account.key: state}, secrets={"page_token": query["access_token"]}, url="")
        try:
            return graph_api.answer(world, "GET", path, query)
        except GraphError as error:
            return error.answer

    def _mastodon(self, instance: str, path: Sequence[str], query: Mapping[str, str]) -> Answer:
        until = self._refused("mastodon all", instance)
        if until is not None:
            reset = datetime.fromtimestamp(math.ceil(until), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            return Answer(429, {"error": "Too many requests"}, {"X-RateLimit-Reset": reset})
        chapter = chapter_of_post("mastodon", path[1]) if path[0] == "statuses" else chapter_of("mastodon", path[1])
        return shapes.mastodon(self.state("mastodon", chapter), path, query)

    def _bluesky(self, method: str, query: Mapping[str, str]) -> Answer:
        until = self._refused("bluesky all", "address")
        if until is not None:
            body = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
            return Answer(429, body, {"RateLimit-Reset": str(math.ceil(until))})
        return shapes.bluesky(self.state("bluesky", chapter_of("bluesky", query["repo"])), method, query)

    def _youtube(self, kind: str, query: Mapping[str, str]) -> Answer:
        self.counts["youtube requests"] += 1
        self.counts["youtube units"] += 1
        if self._limited and self.counts["youtube units"] > prices.youtube_units():
            error = {
                "code": 403,
                "message": "quota",
                "errors": [{"reason": "quotaExceeded", "domain": "youtube.quota"}],
            }
            return Answer(403, {"error": error})
        if kind == "videos":
            chapter = chapter_of_post("youtube", query["id"].split(",")[0])
        else:
            account = query.get("id") or "UC" + query["playlistId"][2:]
            chapter = chapter_of("youtube", account)
        return shapes.youtube(self.state("youtube", chapter), kind, query)

    def _refused(self, name: str, scope: str) -> float | None:
        platform = name.partition(" ")[0]
        self.counts[f"{platform} requests"] += 1
        self.counts[f"{name} requests"] += 1
        until = self._windows.refused_until(name, scope) if self._limited else None
        self.counts[f"{name} refused"] += until is not None
        return until


# --- serving --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """A server that is up, in another process."""

    url: str

    def turn(self, now: datetime, *, latency: bool = True, limited: bool = True) -> None:
        """Set its clock, and whether answers take time and are limited; it counts anew."""
        order = {"now": now.isoformat(), "latency": latency, "limited": limited}
        requests.put(self.url + CLOCK, json=order, timeout=60).raise_for_status()

    def counts(self) -> dict[str, int]:
        """What it was asked since its clock was set."""
        found: dict[str, int] = requests.get(self.url + COUNTS, timeout=60).json()
        return found


@contextmanager
def serving(made: Network, *, speed: float = 1.0) -> Iterator[Running]:
    """The platforms of a network on a free port of 127.0.0.1, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(made, speed, there), daemon=True)
    process.start()
    try:
        yield Running(f"http://127.0.0.1:{here.recv()}")
    finally:
        process.terminate()
        process.join()


def _serve(made: Network, speed: float, ready: Any) -> None:
    asyncio.run(_forever(Host(made, speed=speed), ready))


async def _forever(host: Host, ready: Any) -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.path == CLOCK:
            order = await request.json()
            host.turn(datetime.fromisoformat(order.pop("now")), **order)
            return web.json_response({})
        if request.path == COUNTS:
            return web.json_response(dict(host.counts))
        query = dict(request.query)
        if request.method == "POST":
            query |= {name: str(value) for name, value in (await request.post()).items()}
        token = query.get("access_token") or request.headers.get("Authorization", "").partition(" ")[2]
        await host.wait()
        given = host.answer(request.method, [name for name in request.path.split("/") if name], query, token)
        body = json.dumps(given.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        kind = {"Content-Type": "application/json; charset=UTF-8"}
        return web.Response(status=given.status, body=body, headers={**kind, **given.headers})

    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    ready.send(runner.addresses[0][1])
    await asyncio.Event().wait()
