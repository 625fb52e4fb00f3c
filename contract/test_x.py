"""The X connector against prism, which plays X as X's own OpenAPI specification describes it.

prism refuses every question the specification does not allow, and answers with invented values of the right shape.
Either vocabulary will do, so a specification from before or after X renamed posts is as good.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Account, Connection, Window
from connectors.base import manifests
from connectors.x.client import XConnector
from connectors.x.faults import QuestionRefused

VARIABLE = "CHAPTERWATCH_X_OPENAPI"


@pytest.fixture(scope="module")
def specification() -> Path:
    path = Path(os.environ.get(VARIABLE) or pytest.skip(f"x: set {VARIABLE} to X's openapi.json"))
    assert path.is_file(), f"{VARIABLE} names no file"
    return path


@pytest.fixture(scope="module")
def x(
    prepared: Callable[[str], Path],
    specification: Path,
    serving: Any,
    free_port: Callable[[], int],
    tmp_path_factory: Any,
) -> Iterator[str]:
    """The address prism answers at."""
    prism, port = prepared("x") / "node_modules/.bin/prism", free_port()
    command = [str(prism), "mock", "-d", "--seed", "42", "-h", "127.0.0.1", "-p", str(port), str(specification)]
    with serving(command, port, tmp_path_factory.mktemp("x") / "prism.log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def opened(x: str, connection: Callable[..., Connection], lakeside: Account) -> Callable[..., XConnector]:
    """Connectors that ask one page; `fields` come in place of the manifest's, `prefer` is for prism."""

    def make(fields: dict[str, list[str]] | None = None, prefer: str = "") -> XConnector:
        manifest = manifests()["x"].model_copy(update={"fields": manifests()["x"].fields | (fields or {})})
        one = connection("x", x, {"bearer_token": "an-invented-token"}, page_size="5", max_pages="1")
        connector = XConnector(one, manifest)
        if prefer:
            connector._client(lakeside).session.headers["Prefer"] = prefer
        return connector

    return make


@pytest.fixture
def lakeside(account: Callable[..., Account]) -> Account:
    return account("x", "2001")


def test_a_profile_is_asked_for_and_read(opened: Any, lakeside: Account) -> None:
    """Every user field we ask for is one X knows, and id, name and handle are where we look for them."""
    found = opened().profile(lakeside)
    said = json.loads(found.raw)
    assert (said["id"], said["name"], said["username"]) == (found.native_id, found.name, found.handle)


def test_a_timeline_is_asked_for_and_read(opened: Any, lakeside: Account, window: Window) -> None:
    """X knows every field, expansion and limit of ours in one of its vocabularies, and its posts are read."""
    (page,) = opened().pages(lakeside, window)
    assert page.http["vocabulary"] in {"tweet", "post"}
    assert page.reads > 0
    assert page.posts or page.quarantined
    assert [] == [post.native_id for post in page.posts if not post.native_id or post.created_at.utcoffset() is None]


def test_posts_are_asked_for_by_id(opened: Any, lakeside: Account) -> None:
    """What prism makes up in place of them is not taken for them: nobody can tell what became of those asked for."""
    page = opened().look_up(lakeside, ["1346889436626259968", "20"])
    assert page.reads > 0
    assert () == page.posts
    assert {"1346889436626259968": "cannot_tell", "20": "cannot_tell"} == {
        one.native_id: one.certainty for one in page.missing
    }


def test_many_profiles_are_asked_for_at_once(opened: Any, account: Callable[..., Account]) -> None:
    """X takes the ids as we put them; the users prism makes up are paid for, and nobody's of those asked for."""
    connector = opened()
    assert {} == connector.profiles([account("x", "2001"), account("x", "2002")])
    assert connector._reads > 0


@pytest.mark.parametrize("group", ["user.fields", "media.fields"])
def test_a_field_x_does_not_know_is_refused(opened: Any, lakeside: Account, window: Window, group: str) -> None:
    """So the tests above would fail if one of ours were renamed."""
    connector = opened({group: [*manifests()["x"].fields[group], "shoe_size"]})
    with pytest.raises(QuestionRefused):
        _ = connector.profile(lakeside) if group == "user.fields" else list(connector.pages(lakeside, window))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, errors.CredentialsRejected),
        (403, errors.CredentialsRejected),
        (429, errors.RateLimited),
        (503, errors.Unreachable),
    ],
)
def test_an_error_is_told_by_its_kind(
    opened: Any, lakeside: Account, status: int, error: type[errors.ConnectorError]
) -> None:
    """Whatever stands in the error's invented body."""
    with pytest.raises(error):
        opened(prefer=f"code={status}").profile(lakeside)
