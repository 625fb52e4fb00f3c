"""What a registry may name here. A module of its own: checking a registry needs neither pandas nor the archive."""

from __future__ import annotations

from pathlib import Path

import connectors
from chapterwatch import policy
from chapterwatch.errors import UserError
from chapterwatch.registry import Known


def known(policies: Path) -> Known:
    """The platforms, export formats and packs a registry may name here. Raises UserError where there is no pack."""
    manifests = connectors.manifests()
    packs = policy.packs_available(policies)
    if not packs:
        raise UserError(f"there is no policy pack in {policies}; set CHAPTERWATCH_POLICIES to the folder of the packs")
    return Known(
        platforms=frozenset(manifests),
        export_formats=frozenset(name for manifest in manifests.values() for name in manifest.importers),
        packs=frozenset(packs),
        kept={name: item.retention_months for name, item in manifests.items() if item.retention_months},
        questions={name: _periods(name, policies) for name in packs},
        clauses={name: frozenset(clause.id for clause in policy.checklist_of(name, policies)) for name in packs},
    )


def _periods(pack: str, policies: Path) -> dict[str, str]:
    return {name: question.period for name, question in policy.questions_of(pack, policies).items()}
