"""Check an evidence file: that nothing in it was changed, and that it is what a report's printed seal commits to.

Needs Python 3.9 and nothing else:

    python3 verify.py EVIDENCE.zip

What is computed, so that anybody can compute it another way ("," and ":" without blanks in JSON, ASCII only):

- the SHA-256 of each file, as `SHA256SUMS` lists it;
- of each captured body its `leaf`: SHA-256 of salt (hexadecimal), SHA-256 of the bytes as received (hexadecimal) and
  the values of the reading as a JSON list, with a zero byte between them; for a picture the third part is empty;
- of each entry of the chain its `hash`: SHA-256 of the hash before, the leaf and a JSON list of account_key, seq, kind,
  subject_id, run_id, connector, captured_at and note, with "|" between them;
- of each report its seal: SHA-256 of a line "account entries hash" for each account of the chapter, sorted.

What it cannot show is that the platform itself said so: it shows that these bytes were captured before the report was
issued whose seal they fit, and that nobody changed them since.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
CHAIN = "chain.json"
FINDING = "finding.json"
#: What an entry says of itself, in the order in which it is hashed behind its account.
METADATA = ("seq", "kind", "subject_id", "run_id", "connector", "captured_at", "note")

#: What is said at the end.
HOLDS = "all of it holds; compare each seal with the one printed in the report's PDF"

Files = Mapping[str, bytes]


class Changed(Exception):
    """The evidence is not what it was; the message says which part."""


def check(files: Files) -> Iterator[str]:
    """Check the files of an evidence file, by name; what holds comes as a line each.

    Raises:
        Changed: at the first thing that does not hold.
    """
    try:
        yield _sums(files)
        chain = json.loads(files[CHAIN])
        hashes = _hashes(chain)
        first, last = min(hashes), max(hashes)
        yield f"chain of {chain['account_key']}: entries {first} to {last} follow each other"
        yield from _bodies(files, chain)
        yield _finding(json.loads(files[FINDING]), hashes)
        yield from _reports(chain, hashes)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Changed(f"a part is missing or cannot be read ({type(error).__name__}: {error})") from error


def _sums(files: Files) -> str:
    listed = {}
    for line in files[SUMS].decode().splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    if set(listed) != set(files) - {SUMS}:
        odd = sorted(set(listed) ^ (set(files) - {SUMS}))
        raise Changed(f"{SUMS} and the files differ: {', '.join(odd)}")
    for name, digest in listed.items():
        if _sha256(files[name]) != digest:
            raise Changed(f"{name} was changed")
    return f"{len(listed)} files are those that {SUMS} lists"


def _hashes(chain: Mapping[str, Any]) -> dict[int, str]:
    """The hash of each entry by its seq."""
    hashes: dict[int, str] = {}
    before = chain["prev"]
    for entry in chain["entries"]:
        if hashes and entry["seq"] != max(hashes) + 1:
            raise Changed(f"entry {max(hashes) + 1} is missing")
        said = _json([chain["account_key"], *(entry[name] for name in METADATA)])
        if entry["hash"] != _sha256(f"{before}|{entry['leaf']}|{said}".encode()):
            raise Changed(f"entry {entry['seq']} was changed or does not follow the one before")
        before = hashes[entry["seq"]] = entry["hash"]
    if not hashes:
        raise Changed("the chain is empty")
    return hashes


def _bodies(files: Files, chain: Mapping[str, Any]) -> Iterator[str]:
    leaves = {entry["seq"]: entry["leaf"] for entry in chain["entries"]}
    for body in chain["bodies"]:
        seq, name = body["seq"], body.get("raw")
        if name is None:
            yield f"entry {seq}: erased {body['erased_at']}; only its place in the chain is left"
            continue
        reading = _json(list(body["reading"].values())) if body["reading"] is not None else ""
        parts = (body["salt"], _sha256(files[name]), reading)
        if _sha256("\x00".join(parts).encode()) != leaves[seq]:
            raise Changed(f"{name} or its reading is not what entry {seq} commits to")
        yield f"entry {seq}: {name} is what was captured"
        yield from _picture(files, body)


def _picture(files: Files, body: Mapping[str, Any]) -> Iterator[str]:
    name = body.get("picture")
    if name is None:
        return
    sealed = json.loads(files[body["raw"]])["sha256"]
    if _sha256(files[name]) != sealed:
        raise Changed(f"{name} is not the picture that entry {body['seq']} commits to")
    yield f"entry {body['seq']}: {name} is the picture that was kept"


def _finding(finding: Mapping[str, Any], hashes: Mapping[int, str]) -> str:
    judged = [seq for seq, digest in hashes.items() if digest == finding["capture_hash"]]
    if not judged:
        raise Changed("the finding was judged on a capture that is not in here")
    return f"the finding was judged on entry {judged[0]}"


def _reports(chain: Mapping[str, Any], hashes: Mapping[int, str]) -> Iterator[str]:
    for report in chain["reports"]:
        name = f"report of {report['chapter']} for {report['period']}, revision {report['revision']}"
        heads = report["heads"]
        lines = [f"{key} {heads[key]['entries']} {heads[key]['hash']}" for key in sorted(heads)]
        own = heads[chain["account_key"]]
        if hashes.get(own["entries"]) != own["hash"] or _sha256("\n".join(lines).encode()) != report["digest"]:
            raise Changed(f"the {name} saw another chain")
        yield f"{name}: its last seal has to be {_grouped(report['digest'])}"
    if not chain["reports"]:
        yield "no report was issued since the capture; only this file and the archive speak for it"


def _grouped(digest: str) -> str:
    """As a report prints it, for an eye to compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _json(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def opened(path: Path) -> dict[str, bytes]:
    """The files of a ZIP by name.

    Raises:
        Changed: it is no ZIP, or damaged.
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Changed("it is no ZIP file, or damaged") from error


def main(arguments: list[str]) -> int:
    """Check the file named; 0 where all holds, 1 where not, 2 where it cannot be read."""
    if len(arguments) != 1:
        print("usage: python3 verify.py EVIDENCE.zip", file=sys.stderr)
        return 2
    try:
        for line in check(opened(Path(arguments[0]))):
            print(line)
    except Changed as error:
        print(f"DOES NOT HOLD: {error}")
        return 1
    except OSError as error:
        print(f"{arguments[0]}: {error.strerror}", file=sys.stderr)
        return 2
    print(HOLDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
