"""A connection out of Airflow: which of its fields is a secret is told by the platform's own manifest."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from chapterwatch.airflow_glue import _converted
from connectors import manifests


def found(platform: str, password: str | None = None, extra: str = "") -> SimpleNamespace:
    """What Airflow hands over of a connection."""
    fields = {"conn_type": platform, "password": password, "extra": extra, "host": None, "schema": None, "port": None}
    return SimpleNamespace(**fields)


def test_an_option_is_no_secret() -> None:
    """The near-miss: what is no secret must reach the connector as an option, for it is checked there."""
    converted = _converted("c", found("youtube", extra='{"page_size": "10", "api_key:UC1": "invented-key"}'))

    assert ({"page_size": "10"}, {"api_key:UC1": "invented-key"}) == (converted.options, converted.secrets)


@pytest.mark.parametrize("platform", sorted(name for name, manifest in manifests().items() if manifest.secrets))
def test_the_password_is_the_platforms_first_secret(platform: str) -> None:
    """Staff fill in one field; it becomes the secret that the connector asks for."""
    first = next(iter(manifests()[platform].secrets))

    assert {first: "invented"} == _converted("c", found(platform, password="invented")).secrets
