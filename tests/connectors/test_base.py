"""Manifests as a table, and opening connectors and importers by name."""

from __future__ import annotations

import re

import pytest

from chapterwatch.errors import UserError
from chapterwatch.model import Connection
from connectors.base import importer, manifests, open_connector


@pytest.mark.parametrize("name", sorted(manifests()))
def test_every_manifest_says_what_it_sees_and_what_it_cannot(name: str) -> None:
    """A connector.yml names its folder, its caveats, its retention duty and entry points that load."""
    manifest = manifests()[name]
    assert name == manifest.platform
    assert manifest.title
    assert manifest.sees
    assert manifest.cannot_see
    assert manifest.retention_duty
    assert manifest.needs
    assert manifest.limits
    for export_format in manifest.importers:
        assert hasattr(importer(export_format), "read")
    if manifest.entry_point:
        assert manifest.options


def test_the_connectors_there_are() -> None:
    """The first three are among them; export formats are unique over all folders."""
    assert {"facebook_page", "plain", "x"} <= manifests().keys()
    formats = [name for manifest in manifests().values() for name in manifest.importers]
    assert {"facebook_export", "plain", "x_archive"} <= set(formats)
    assert len(set(formats)) == len(formats)


@pytest.mark.parametrize("name", ["x", "facebook_page"])
def test_opening_sends_nothing_and_needs_no_secret_yet(name: str) -> None:
    """A connection without a token opens; the token is missing when an account is asked for."""
    connector = open_connector(Connection(id="c", platform=name))
    assert hasattr(connector, "look_up")


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        (
            Connection(id="c", platform="myspace"),
            "connection c: there is no connector for platform 'myspace'; use one of ",
        ),
        (
            Connection(id="c", platform="plain"),
            "connection c: there is no connector for platform 'plain'; use one of ",
        ),
        (
            Connection(id="c", platform="x", options={"page_size": "many"}),
            'connection c: option page_size is no positive number; write one, as in "30"',
        ),
        (
            Connection(id="c", platform="facebook_page", options={"token_in_query": "perhaps"}),
            "connection c: option token_in_query is 'perhaps'; write true or false",
        ),
    ],
)
def test_a_wrong_connection_is_one_line_with_the_mend(connection: Connection, message: str) -> None:
    """What a person configured wrongly is said in one line that names what there is."""
    with pytest.raises(UserError) as raised:
        open_connector(connection)
    assert str(raised.value).startswith(message)


def test_an_unknown_option_is_refused() -> None:
    """A misspelt option would silently do nothing."""
    with pytest.raises(UserError, match=r"unknown option 'token_in_qeury'; facebook_page knows .*\btoken_in_query\b"):
        open_connector(Connection(id="c", platform="facebook_page", options={"token_in_qeury": "true"}))


def test_an_unknown_export_format_names_the_known_ones() -> None:
    """One line, with the formats there are."""
    with pytest.raises(UserError) as raised:
        importer("myspace_export")
    said, _, formats = str(raised.value).partition("; use one of ")
    assert "there is no importer for export_format 'myspace_export'" == said
    assert {name for manifest in manifests().values() for name in manifest.importers} == set(formats.split(", "))


def test_graph_knows_the_fields_asked_for() -> None:
    """Meta's own SDK, where it is installed, lists every field and edge we ask a Page and a post for."""
    page_post = pytest.importorskip("facebook_business.adobjects.pagepost", reason="facebook_business not installed")
    page = pytest.importorskip("facebook_business.adobjects.page")
    photo = pytest.importorskip("facebook_business.adobjects.photo")
    known = {"page": page.Page, "post": page_post.PagePost, "photo": photo.Photo}
    for group, names in manifests()["facebook_page"].fields.items():
        model = known[group.partition(".")[0]]
        asked = {re.sub(r"[.{].*", "", name) for name in names}
        assert set() == {name for name in asked if name not in model._field_types and not hasattr(model, f"get_{name}")}
