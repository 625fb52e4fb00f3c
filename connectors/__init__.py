"""The only room that knows a platform or its SDK.

A platform is a folder with a `connector.yml`; what the rest of the house needs of this room stands here.
"""

from connectors.base import (
    Connector,
    Importer,
    KnowsAgain,
    Manifest,
    ManyProfiles,
    Probe,
    Probing,
    importer,
    load_entry_point,
    manifests,
    never_shown,
    open_connector,
    probe,
)

__all__ = [
    "Connector",
    "Importer",
    "KnowsAgain",
    "Manifest",
    "ManyProfiles",
    "Probe",
    "Probing",
    "importer",
    "load_entry_point",
    "manifests",
    "never_shown",
    "open_connector",
    "probe",
]
