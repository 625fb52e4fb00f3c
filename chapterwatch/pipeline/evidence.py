"""The evidence of one finding as a ZIP file that proves itself to whoever has no Chapterwatch.

It holds what was captured to the byte, the reading made of it, the pictures, the chain of hashes behind them up to the
seals that reports print, the finding with its clause, and the program that checks all that. It holds people's words
unmasked, so taking one is a person's act, with a reason, in the log.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chapterwatch import __version__, evidence_check
from chapterwatch.archive import Archive
from chapterwatch.archive.acts import Act
from chapterwatch.archive.records import Body, Proof, WitnessedReport
from chapterwatch.errors import UserError
from chapterwatch.model import Finding
from chapterwatch.pipeline.persons import act_of, decided
from chapterwatch.pipeline.replies import finding_written
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import Pack, Rule, load_pack

#: Every file in it has this time, so the same evidence is the same bytes (a ZIP knows no time before).
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_ENDINGS = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp"}

README = """Evidence of the finding {key}
================================

{title}
Rule {rule_id}, version {rule_version}, of the pack {pack} {pack_version}.
{platform} account {native_id} of the chapter {chapter}, {kind} {subject_id}.
Captured for the first time on {first:%d %B %Y at %H:%M UTC}, judged on the capture {capture_hash}.

Taken on {at:%d %B %Y at %H:%M UTC} by {by}, because: {why}

This file holds words as they were posted, and what the platform said around them. Keep it where only those can read it
who have to, and delete it when they are done.

What is in here
---------------
finding.json   what was found, where, by which rule, the clause as the policy words it, decisions and replies
captures/      each content of the {kind} as received from the platform, to the byte
pictures/      its pictures, as received
chain.json     what was read out of each capture, and the chain of hashes from the first of them to the last entry
verify.py      checks all of it with Python 3.9 or newer and nothing else: python3 verify.py {name}
SHA256SUMS     the SHA-256 of every file (sha256sum -c SHA256SUMS)

What it proves
--------------
Every month's report prints a seal, a digest over the chains of its chapter's accounts. verify.py computes it anew from
what is in here. Where it is the last seal printed in a report that you have kept as it was mailed, these captures were
in the archive when that report was issued, and nobody changed them since. If you doubt this verify.py, take it from a
release of Chapterwatch; its beginning says what is computed.

It does not prove that the platform spoke the truth, nor who wrote the words.
"""


@dataclass(frozen=True)
class Taken:
    """One finding's evidence: the ZIP, the name it goes by, and how much is in it."""

    name: str
    packed: bytes
    captures: int
    pictures: int
    #: Bodies that were erased: only their place in the chain is left.
    erased: int
    #: Issued reports whose printed digest commits to it.
    reports: int


def take_evidence(workplace: Workplace, written: str, *, by: str, why: str) -> Taken:
    """The evidence of the finding a report prints as `written`, with its line in the log.

    Raises:
        UserError: there is no such finding, nothing of it was captured, or nobody says who takes it and why.
    """
    by, why = decided(by, why, "evidence holds people's words unmasked; say who takes it (--by) and why (--why)")
    finding = finding_written(workplace.archive, written)
    if finding is None:
        listed = "`chapterwatch findings --format csv`"
        raise UserError(f"there is no finding {written!r}; copy its key from the report or from {listed}")
    act = act_of(workplace, "evidence", by, subject=finding.key, chapter=finding.chapter, why=" ".join(why.split()))
    return evidence_of(workplace.archive, finding, load_pack(finding.pack, workplace.settings.policies), act)


def evidence_of(archive: Archive, finding: Finding, pack: Pack, act: Act) -> Taken:
    """A finding's evidence. The act that takes it is logged before there is any.

    Raises:
        UserError: nothing of it was captured, or what was may be shown to nobody.
    """
    proof = archive.proof(finding.account_key, finding.subject_kind, finding.subject_id)
    if proof is None:
        raise UserError(
            f"nothing of the finding {finding.key} was captured; a person reported it, and the register has its line"
        )
    if not pack.prints_words_of(proof.space):
        raise UserError(
            f"what stands in {finding.account_key} is handed to nobody; as in reports, its capture alone is cited: "
            f"{finding.capture_hash}"
        )
    archive.acts.note(act)
    name = f"evidence-{finding.key}.zip"
    files = dict(_files(archive, finding, pack, proof, act, name))
    bodies = proof.bodies.values()
    return Taken(
        name=name,
        packed=_packed(files),
        captures=sum(body.kind != "picture" and body.raw is not None for body in bodies),
        pictures=sum(path.startswith("pictures/") for path in files),
        erased=sum(body.erased_at is not None for body in bodies),
        reports=len(proof.reports),
    )


def _files(
    archive: Archive, finding: Finding, pack: Pack, proof: Proof, act: Act, name: str
) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _readme(finding, pack, proof, act, name).encode()
    yield evidence_check.FINDING, _json(_told(archive, finding, pack))
    yield "verify.py", Path(evidence_check.__file__).read_bytes()
    pictures: dict[int, str] = {}
    for seq, body in proof.bodies.items():
        if body.raw is not None:
            yield _place(seq), body.raw
        if body.picture and (kept := archive.picture_bytes(body.picture)) is not None:
            pictures[seq] = f"pictures/{body.picture}.{_ending(kept)}"
            yield pictures[seq], kept
    bodies = [_body(body, pictures.get(seq)) for seq, body in proof.bodies.items()]
    yield (
        evidence_check.CHAIN,
        _json(
            {
                "account_key": proof.account_key,
                "prev": proof.prev,
                "bodies": bodies,
                "reports": [_report(report) for report in proof.reports],
                "entries": proof.entries,
            }
        ),
    )


def _place(seq: int) -> str:
    return f"captures/{seq:06d}.raw"


def _body(body: Body, picture: str | None) -> dict[str, Any]:
    return {
        "seq": body.seq,
        "raw": _place(body.seq) if body.raw is not None else None,
        "salt": body.salt.hex() if body.salt is not None else None,
        "reading": body.reading or None,
        "picture": picture,
        "erased_at": _plain(body.erased_at),
    }


def _report(report: WitnessedReport) -> dict[str, Any]:
    heads = {key: {"entries": head.count, "hash": head.hash} for key, head in report.heads.items()}
    return asdict(report) | {"issued_at": _plain(report.issued_at), "heads": heads}


def _told(archive: Archive, finding: Finding, pack: Pack) -> dict[str, Any]:
    """What was found, under which words of the policy, and what people said of it."""
    rule = pack.rules.get(finding.rule_id)
    clauses = [pack.clauses[name] for name in finding.clauses if name in pack.clauses]
    return {
        **asdict(finding),
        "clauses": [{"id": clause.id, "title": clause.title, "quote": clause.quote} for clause in clauses],
        "policy": {"title": pack.source.title, "pack_digest_now": pack.digest},
        "rule_now": _rule(rule) if rule else None,
        "decisions": [asdict(item) for item in archive.dispositions([finding.key]).get(finding.key, ())],
        "replies": [asdict(item) for item in archive.replies([finding.key]).get(finding.key, ())],
        "made_by": f"Chapterwatch {__version__}",
    }


def _rule(rule: Rule) -> dict[str, Any]:
    names = ("id", "version", "title", "why", "remedy", "false_positives")
    return {name: getattr(rule, name) for name in names}


def _readme(finding: Finding, pack: Pack, proof: Proof, act: Act, name: str) -> str:
    platform, _, native_id = finding.account_key.partition(":")
    rule = pack.rules.get(finding.rule_id)
    first = min(entry["captured_at"] for entry in proof.entries if entry["seq"] in proof.bodies)
    return README.format(
        key=finding.key,
        title=rule.title if rule else "The pack has no such rule any more.",
        rule_id=finding.rule_id,
        rule_version=finding.rule_version,
        pack=finding.pack,
        pack_version=finding.pack_version,
        platform=platform,
        native_id=native_id,
        chapter=finding.chapter,
        kind=finding.subject_kind,
        subject_id=finding.subject_id,
        first=datetime.fromisoformat(first),
        capture_hash=finding.capture_hash,
        at=act.at,
        by=act.author,
        why=act.why,
        name=name,
    )


def _packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of the files and their sums: of the same files, the same bytes."""
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items()))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in [*files.items(), (evidence_check.SUMS, sums.encode())]:
            packed.writestr(zipfile.ZipInfo(name, _NO_TIME), body, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _ending(picture: bytes) -> str:
    return next((ending for start, ending in _ENDINGS.items() if picture.startswith(start)), "bin")


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, default=_plain) + "\n").encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
