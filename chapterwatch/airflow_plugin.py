"""What Chapterwatch adds to Airflow's UI: its pages under the navigation, and a tab with a run's reports.

Airflow imports this in every component, so it imports nothing heavy: the pages are built at the first request for one,
beside the server's loop. Who is asking is Airflow's own answer (cookie or bearer token); what they may do is decided by
`desk.roles`.
"""
# ruff: noqa: PLC0415 - late imports keep the pages out of every component that only loads plugins

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import Request

    from chapterwatch.pipeline import Workplace
    from desk.visit import Login

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Pages:
    """The pages as an ASGI application that comes into being when it is first asked."""

    def __init__(self) -> None:
        self._built: list[Application] = []
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        async with self._building:
            if not self._built:
                # Importing what the pages need takes seconds, in which Airflow's own UI has to go on.
                self._built.append(await asyncio.to_thread(_build))
        await self._built[0](scope, receive, send)


def _build() -> Application:
    from airflow.configuration import conf

    from chapterwatch import logs
    from desk.app import Desk, build

    logs.install()
    key = conf.get("api", "secret_key")
    # Every process that serves the UI has this key; ours is another one, made of it.
    secret = hashlib.sha256(f"chapterwatch desk {key}".encode()).digest()
    return build(Desk(_workplace, who, secret))


def _workplace() -> Workplace:
    from chapterwatch import settings
    from chapterwatch.pipeline import Workplace

    found = settings.from_environment()
    return Workplace(found, found.connection)


async def who(request: Request) -> Login | None:
    """The person Airflow knows behind a request; None where it knows nobody."""
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
    from fastapi import HTTPException

    from desk.visit import Login

    try:
        user = await get_user(request, None, await bearer_scheme(request))
    except HTTPException:
        return None
    return Login(user.get_name(), roles_of(user))


def roles_of(user: Any) -> tuple[str, ...]:
    """The names of a user's roles: the simple auth manager knows one, FAB several."""
    one = getattr(user, "role", None)
    several = getattr(user, "roles", None) or ()
    return tuple(str(getattr(role, "name", role)) for role in ([one] if one else several))


class ChapterwatchPlugin(AirflowPlugin):
    """Found by Airflow through the entry point `airflow.plugins`."""

    name = "chapterwatch"
    fastapi_apps = [{"app": Pages(), "url_prefix": "/chapterwatch", "name": "Chapterwatch"}]  # noqa: RUF012 - as Airflow has it
    external_views = [  # noqa: RUF012 - as above
        {
            "name": "Chapterwatch",
            "href": "chapterwatch/",
            "url_route": "chapterwatch",
            "destination": "nav",
            "nav_top_level": True,
        },
        {
            "name": "Reports of this run",
            "href": "chapterwatch/runs?run={RUN_ID}",
            "url_route": "chapterwatch-run",
            "destination": "dag_run",
        },
    ]
