"""One request: who asks, what they may, and how an answer is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

import jinja2
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from chapterwatch import __version__
from chapterwatch.pipeline.workplace import Workplace
from desk import drawing, guard, wording
from desk.place import Place
from desk.roles import May, Person, person_of

#: The most bytes of a form: a thousand findings decided together.
LARGEST_FORM = 100_000

#: What the bar at the top leads to: path, word, and what it takes to see it.
MENU = (
    ("", "Overview", May.LOOK),
    ("findings", "Findings", May.LOOK),
    ("coverage", "Coverage", May.LOOK),
    ("reports", "Reports", May.LOOK),
    ("policy", "Policy", May.LOOK),
    ("sample", "Sample", May.READ_SAMPLE),
    ("log", "Log", May.READ_LOG),
)


@dataclass(frozen=True)
class Login:
    """Who is logged in, as the surroundings know them."""

    name: str
    #: Roles in Airflow, by name.
    roles: tuple[str, ...] = ()


@dataclass
class Desk:
    """What the pages need from around them. `who` answers None where nobody is logged in."""

    workplace: Callable[[], Workplace]
    who: Callable[[Request], Awaitable[Login | None]]
    #: Seals the tokens of forms; the same in every process that serves the pages.
    secret: bytes = field(repr=False)
    place: Place = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.place = Place(self.workplace)


@dataclass(frozen=True)
class Visit:
    """One request of a person with a role."""

    request: Request
    desk: Desk
    person: Person

    @property
    def place(self) -> Place:
        """Archive, roster and packs."""
        return self.desk.place

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.place.now

    @property
    def scope(self) -> frozenset[str] | None:
        """The chapters whose findings may be seen; None for all."""
        return self.person.chapters

    def need(self, what: May) -> None:
        """Refuse with 403 what the person's role does not allow."""
        if not self.person.may(what):
            raise HTTPException(403, "Your role does not allow this.")

    def to(self, path: str, **query: object) -> str:
        """A relative address of one of our pages."""
        given = {name: str(value) for name, value in query.items() if value not in {None, ""}}
        tail = f"?{urlencode(given)}" if given else ""
        return _up(self.request) + quote(path, safe="/:") + tail

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from its template."""
        around = {"person": self.person, "May": May, "menu": MENU, "to": self.to, "token": self._token}
        text = _rendered(template, here=_first(self.request), **around, **values)
        return HTMLResponse(text, status)

    def back(self, path: str, **query: object) -> Response:
        """Send the browser on after a form was taken."""
        return RedirectResponse(self.to(path, **query), status_code=303)

    def _token(self) -> str:
        return guard.token(self.desk.secret, self.person.name, self.now.timestamp())


def refusal(request: Request, status: int, what: str) -> Response:
    """A page, or for programs a line of JSON, that says no and nothing about what there is."""
    if _first(request) == "api":
        return JSONResponse({"error": what}, status)
    # What was written into a form is lost with its page, unless its reader knows that it is one step back.
    mendable = request.method == "POST" and status == HTTPStatus.BAD_REQUEST
    around = {"person": None, "menu": (), "here": "", "to": lambda path, **_: _up(request) + path, "back": mendable}
    return HTMLResponse(_rendered("refusal.html.j2", status=status, what=what, **around), status)


def _rendered(template: str, **values: Any) -> str:
    return environment().get_template(template).render(version=__version__, **values)


async def _visit(request: Request) -> Visit:
    desk: Desk = request.app.state.desk
    login = await desk.who(request)
    if login is None:
        raise HTTPException(401, "Log in to Airflow first.")
    person = await run_in_threadpool(_person, desk, login)
    if person.role is None:
        raise HTTPException(403, "You have no role here. An administrator can add you to staff in the registry.")
    return Visit(request, desk, person)


def _person(desk: Desk, login: Login) -> Person:
    desk.place.warm()
    return person_of(login.name, login.roles, desk.place.registry().staff)


Visiting = Annotated[Visit, Depends(_visit)]


@dataclass(frozen=True)
class Form:
    """A form as it was sent, from our own page and by its reader."""

    fields: tuple[tuple[str, str], ...]

    def text(self, name: str, limit: int = 4000) -> str:
        """A field's text, trimmed; empty where it is missing. Raises 400 where it is longer than `limit`."""
        found = next((value for key, value in self.fields if key == name), "").strip()
        if len(found) > limit:
            raise HTTPException(400, f"Shorten the text to {limit:,} characters.")
        return found

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]


async def _form(request: Request, visit: Visiting) -> Form:
    """The form of a POST. Raises 403 where it does not come from a page we made for this person."""
    if not guard.is_same_origin(request.headers):
        raise HTTPException(403, "This form was not sent from here.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413, "That is more than a form here can hold.")
    fields = tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    form = Form(fields)
    now = visit.now.timestamp()
    if not guard.is_ours(visit.desk.secret, visit.person.name, form.text("token"), now):
        raise HTTPException(403, "This form is too old or not yours. Go back, reload the page and send it again.")
    return form


Posted = Annotated[Form, Depends(_form)]


@cache
def environment() -> jinja2.Environment:
    """The templates, escaping everything; an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"mark": drawing.severity_mark}
    filters: Mapping[str, Callable[..., Any]] = wording.FILTERS
    made.filters.update(filters)
    return made


def _inside(request: Request) -> str:
    """The path within the application, wherever it is mounted."""
    root = request.scope.get("root_path", "")
    path: str = request.scope["path"]
    return path.removeprefix(root) if root and path.startswith(root) else path


def _up(request: Request) -> str:
    return "../" * (_inside(request).count("/") - 1) or "./"


def _first(request: Request) -> str:
    return _inside(request).split("/")[1]
