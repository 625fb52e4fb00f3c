"""Wrote archive-0.1.0.sql.xz: run in a checkout of the first release, by its Python, after its demo. See README.md.

usage: python make_archive.py <the demo's folder> <file to write>

The demo alone leaves no decision of a person and no mail that went wrong. Both are added here by that release's own
code: what an upgrade must not lose is above all what people decided and what must not be mailed again.
"""

import lzma
import os
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
#: Where the archive says that its files lie; the tests put their own folder there.
HOME = "/var/lib/chapterwatch"
MONTH = "2026-09"


def main() -> None:
    """Add decisions and mails that went wrong, and write the archive down."""
    home, target = Path(sys.argv[1]).absolute(), Path(sys.argv[2])
    os.environ["CHAPTERWATCH_NOW"] = NOW.isoformat()
    os.environ["CHAPTERWATCH_HOME"] = str(home)
    os.environ["CHAPTERWATCH_REGISTRY"] = "sample/registry.yml"
    from chapterwatch import pipeline, settings  # noqa: PLC0415 - reads the environment

    chosen = settings.from_environment()
    workplace = pipeline.Workplace(chosen, chosen.connection)
    decide(workplace.archive)
    pipeline.publish_reports(workplace, MONTH)
    mail_badly(workplace.archive)
    workplace.archive.close()
    write_down(home / "archive.sqlite", home, target)


def decide(archive: object) -> None:
    """Every state a person can give a finding, one decision taken back, and one rule held back."""
    from chapterwatch.archive import Suppression  # noqa: PLC0415
    from chapterwatch.model import DispositionState  # noqa: PLC0415

    findings = sorted(archive.findings(chapter="ala-copper-canyon"), key=lambda item: item.key)
    for number, (state, finding) in enumerate(zip(DispositionState, findings, strict=False)):
        at = NOW + timedelta(minutes=number)
        archive.add_disposition(finding.key, state, f"Decided as {state}.", "editor", at, "communications")
    # At the same instant as the one before: which of the two stands hangs on their order alone.
    for state in (DispositionState.CONFIRMED, DispositionState.FALSE_POSITIVE):
        archive.add_disposition(findings[0].key, state, "On second thoughts.", "editor", NOW, "communications")
    item = Suppression(
        rule_id=findings[-1].rule_id,
        scope={"chapter": "ala-prairie"},
        reason="Agreed with the chapter for its anniversary.",
        author="editor",
        at=NOW,
        expires_at=NOW + timedelta(days=90),
    )
    archive.add_suppression(item)


def mail_badly(archive: object) -> None:
    """One mail of September whose process died, one unknown, one refused, one deferred; the others never began."""
    from chapterwatch.model import DeliveryState  # noqa: PLC0415

    ends = {
        "president@lakeside.example": None,
        "president@coppercanyon.example": DeliveryState.UNKNOWN,
        "president@harbor-ala.example": DeliveryState.REFUSED,
        "president@prairie-ala.example": DeliveryState.DEFERRED,
    }
    chapters = ("ala-lakeside", "ala-copper-canyon", "ala-harbor", "ala-prairie")
    for chapter, (recipient, state) in zip(chapters, ends.items(), strict=True):
        key = (chapter, MONTH, 1, recipient)
        if not archive.claim_delivery(*key, f"<{chapter}.2026-09@hq.example>", NOW):
            raise RuntimeError(f"{recipient} was mailed before")
        if state is not None:
            archive.settle_delivery(*key, state, "The server said so.", NOW)


def write_down(archive: Path, home: Path, target: Path) -> None:
    """The archive as SQL, its files said to lie in HOME."""
    with sqlite3.connect(archive) as database:
        for column in ("pdf_path", "html_path"):
            database.execute(f"UPDATE report SET {column} = replace({column}, ?, ?)", (str(home), HOME))
        text = "\n".join(database.iterdump()) + "\n"
    if str(home) in text:
        raise RuntimeError(f"{home} is still named in the archive")
    target.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
