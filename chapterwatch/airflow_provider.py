"""What Chapterwatch tells Airflow as a provider: a connection type for each platform, with its fields and their help.

The fields are those of the platform's `connector.yml`, so the form asks for what the connector reads and for nothing
else. Airflow shows the first secret as the connection's password, keeps the others and the options among the extras,
and encrypts both. Airflow reads this in every component: nothing heavy is imported.
"""

from __future__ import annotations

from typing import Any

from chapterwatch import __version__
from connectors import Manifest, manifests

#: What a connection of Airflow has and a platform does not.
_NOT_ASKED = ["login", "port", "schema"]
_EXPIRES = {
    "label": "Expires",
    "description": "The day the token ends, where you know it. Warnings go out before it. Year-month-day.",
    "schema": {"type": ["string", "null"], "format": "date"},
}


def get_provider_info() -> dict[str, Any]:
    """What Airflow asks of a provider (entry point `apache_airflow_provider`)."""
    return {
        "package-name": "chapterwatch",
        "name": "Chapterwatch",
        "description": "Audits chapters' social media against their association's policy.",
        "versions": [__version__],
        "connection-types": [_connection_type(manifest) for manifest in manifests().values() if manifest.entry_point],
    }


def _connection_type(manifest: Manifest) -> dict[str, Any]:
    first, *further = manifest.secrets or {"": ""}
    hidden = _NOT_ASKED if first else [*_NOT_ASKED, "password"]
    return {
        "connection-type": manifest.platform,
        "hook-class-name": "chapterwatch.airflow_hook.PlatformHook",
        "hook-name": f"Chapterwatch: {manifest.title}",
        "conn-fields": {
            **{name: _secret(name, manifest.secrets[name]) for name in further},
            **({"expires": _EXPIRES} if first else {}),
            **{name: _option(name, said) for name, said in manifest.options.items()},
        },
        "ui-field-behaviour": {
            "hidden-fields": hidden,
            "relabeling": {"host": "Base URL", **({"password": _label(first)} if first else {})},
            "placeholders": {
                "host": "empty: the platform's own; https://… for another instance or a test server",
                **({"password": manifest.secrets[first]} if first else {}),
            },
        },
    }


def _secret(name: str, said: str) -> dict[str, Any]:
    return {"label": _label(name), "description": said, "schema": {"type": ["string", "null"], "format": "password"}}


def _option(name: str, said: str) -> dict[str, Any]:
    return {"label": _label(name), "description": said, "schema": {"type": ["string", "null"]}}


def _label(name: str) -> str:
    """`bearer_token` as "Bearer token"."""
    words = name.replace("_", " ").replace("api", "API").replace("url", "URL")
    return words[0].upper() + words[1:]
