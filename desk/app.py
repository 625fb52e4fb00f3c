"""The staff's pages as one web application. It knows nothing of Airflow: who is asking is told by `Desk.who`.

Every page asks `desk.roles` first. Addresses within pages are relative, so that they hold under any path and within
any frame.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from chapterwatch.errors import FilesError, InvalidFiles, UserError
from desk import guard
from desk.pages import api, coverage, finding, findings, log, overview, policy, reports, runs, sample
from desk.visit import Desk, refusal

__all__ = ["Desk", "build"]

logger = logging.getLogger(__name__)

_HERE = Path(__file__).resolve().parent
_FONTS = _HERE.parent / "reports" / "templates" / "fonts"


def build(desk: Desk) -> FastAPI:
    """The application for a desk."""
    app = FastAPI(title="Chapterwatch", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    for page in (overview, findings, finding, coverage, reports, policy, sample, log, runs, api):
        app.include_router(page.router)
    app.mount("/static/fonts", StaticFiles(directory=_FONTS), name="fonts")
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.middleware("http")(_with_headers)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(UserError)(_mistaken)
    app.exception_handler(FilesError)(_without_files)
    return app


async def _with_headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call(request)
    for name, value in guard.HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", guard.PAGE_POLICY)
    if "/static/" in request.url.path and response.status_code == 200:  # noqa: PLR2004 - HTTP's own number
        response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _refused(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    return refusal(request, known.status_code, str(known.detail))


def _without_files(request: Request, error: Exception) -> Response:
    """The store of files has a trouble of its own: where it is and what is wrong stands in the log."""
    logger.error("%s: %s", type(error).__name__, error)
    return refusal(request, 503, "The store of reports cannot be used at this moment. Try again later.")


def _mistaken(request: Request, error: Exception) -> Response:
    """A mistake in the registry or a pack: what is wrong stands in the files' own check, not on a page."""
    what = "The registry or a policy pack cannot be read." if isinstance(error, InvalidFiles) else str(error)
    return refusal(request, 500, what)
