"""The example files in config/ and the sample's own: what they name exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapterwatch import policy, registry, settings, strictyaml
from connectors import base
from sample import network

CONFIG = Path(network.HERE).parent / "config"
MANIFESTS = base.manifests()
KNOWN = registry.Known(
    platforms=frozenset(MANIFESTS),
    export_formats=frozenset(name for manifest in MANIFESTS.values() for name in manifest.importers),
    packs=frozenset(policy.packs_available()),
)


@pytest.mark.parametrize("path", [CONFIG / "chapters.example.yml", network.REGISTRY], ids=lambda path: path.name)
def test_a_registry_that_comes_along_is_valid(path: Path) -> None:
    """It loads, and every platform, export format and pack it names is there."""
    assert registry.load(path, KNOWN).accounts


@pytest.mark.parametrize("folder", ["config", "sample"])
def test_the_connections_named_in_a_registry_are_in_the_file_beside_it(folder: str, tmp_path: Path) -> None:
    """Every connection id resolves, to the account's own platform."""
    named = {
        "config": (CONFIG / "chapters.example.yml", CONFIG / "connections.example.yml"),
        "sample": (network.REGISTRY, network.CONNECTIONS),
    }
    roster, connections = named[folder]
    environment = {"CHAPTERWATCH_HOME": str(tmp_path), "CHAPTERWATCH_CONNECTIONS": str(connections)}
    where = settings.from_environment(environment)
    for account in registry.load(roster).accounts:
        if account.connection:
            connection = where.connection(account.connection)
            assert connection is not None
            assert account.platform == connection.platform


def test_the_samples_tokens_are_plainly_invented() -> None:
    """Nobody can take a token of the sample for a real one."""
    secrets = [secret for item in network.tokens().values() for secret in item.values()]
    assert secrets
    assert all(secret.startswith("demo-token-") for secret in secrets)


def test_the_samples_connections_leave_the_port_to_who_starts_the_server() -> None:
    """base_url holds {port}, to be filled in."""
    connections = strictyaml.load(network.CONNECTIONS).data["connections"].values()
    assert {"http://127.0.0.1:{port}"} == {item["base_url"] for item in connections}
