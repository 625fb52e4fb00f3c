"""A connection out of Airflow: which of its fields is a secret is told by the platform's own manifest."""

from __future__ import annotations

import pydoc
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers_manager import ProvidersManager

from chapterwatch.airflow_glue import _converted
from chapterwatch.airflow_provider import get_provider_info
from chapterwatch.errors import UserError
from connectors import manifests


def found(platform: str, password: str | None = None, extra: str = "") -> SimpleNamespace:
    """What Airflow hands over of a connection."""
    fields = {"conn_type": platform, "password": password, "extra": extra, "host": None, "schema": None, "port": None}
    return SimpleNamespace(**fields)


def test_a_field_left_empty_is_no_option() -> None:
    """The form keeps empty fields; a connector must not be told that its page size is nothing."""
    converted = _converted("c", found("x", password="invented", extra='{"page_size": null, "timeout_seconds": ""}'))

    assert ({}, {"bearer_token": "invented"}) == (converted.options, converted.secrets)


def test_an_option_is_no_secret() -> None:
    """The near-miss: what is no secret must reach the connector as an option, for it is checked there."""
    converted = _converted("c", found("youtube", extra='{"page_size": "10", "api_key:UC1": "invented-key"}'))

    assert ({"page_size": "10"}, {"api_key:UC1": "invented-key"}) == (converted.options, converted.secrets)


@pytest.mark.parametrize("extra", ['{"api_key": "token-canary', '["token-canary"]', '"token-canary"'])
def test_extra_fields_nobody_can_read_are_told_without_their_value(extra: str) -> None:
    """They may hold secrets, so the complaint names the connection alone."""
    with pytest.raises(UserError, match="connection c: its extra fields are no JSON object") as raised:
        _converted("c", found("x", extra=extra))

    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("platform", sorted(name for name, manifest in manifests().items() if manifest.secrets))
def test_the_password_is_the_platforms_first_secret(platform: str) -> None:
    """Staff fill in one field; it becomes the secret that the connector asks for."""
    first = next(iter(manifests()[platform].secrets))

    assert {first: "invented"} == _converted("c", found(platform, password="invented")).secrets


LIVE = sorted(name for name, manifest in manifests().items() if manifest.entry_point)


@pytest.fixture(scope="module")
def forms() -> dict[str, dict[str, Any]]:
    """Airflow's own reading of what we declare: fields by connection type."""
    manager = ProvidersManager()
    fields: dict[str, dict[str, Any]] = {}
    for name, widget in manager.connection_form_widgets.items():
        _, platform, field = name.split("__", 2)
        fields.setdefault(platform, {})[field] = widget
    behaviours = {name: manager.field_behaviours.get(name) for name in LIVE}
    return {name: {"fields": fields.get(name, {}), "behaviour": behaviours[name]} for name in LIVE}


def test_the_entry_point_names_our_provider() -> None:
    """A mistake in the group's name is silent in Airflow: the types would just not be there."""
    (found_point,) = [
        point for point in entry_points(group="apache_airflow_provider") if point.dist.name == "chapterwatch"
    ]

    assert get_provider_info == found_point.load()


@pytest.mark.parametrize("platform", LIVE)
def test_the_form_asks_for_what_the_connector_reads(platform: str, forms: dict[str, dict[str, Any]]) -> None:
    """Every secret and option of the platform has a field with help; secrets are masked; nothing else is asked."""
    manifest = manifests()[platform]
    first, *further = manifest.secrets or {"": ""}
    fields = forms[platform]["fields"]

    assert {*further, *manifest.options, *(["expires"] if first else [])} == set(fields)
    assert set(further) == {name for name, widget in fields.items() if widget.is_sensitive}
    assert all(widget.field["description"] for widget in fields.values())
    assert first == "" or forms[platform]["behaviour"]["placeholders"]["password"] == manifest.secrets[first]


def test_the_hook_tests_a_connection_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Test button answers in one sentence, also where there is nothing to test yet."""
    monkeypatch.setenv("CHAPTERWATCH_HOME", str(tmp_path))
    hook = pydoc.locate(get_provider_info()["connection-types"][0]["hook-class-name"])

    assert (False, "there is no connection nowhere") == hook("nowhere").test_connection()
