"""The reports as PDFs, judged by programs nobody here wrote: valid for the archive, readable aloud.

outloud and pdfua ask what PDF/UA-1 (ISO 14289-1) asks, each a part of it; qpdf whether the file is whole; veraPDF, the
reference for PDF/A, everything. The first two `make contract` fetches, the others are asked where they are installed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.network import build_rollup
from reports.network_facts import RollupInputs
from reports.render import Rendered, render_batch
from reports.view import build_chapter
from tests.reports.factory import association, date, finding, lakeside, named, quiet
from tests.reports.test_fonts import SAMPLES

#: What outloud may warn of, and why that stays.
ACCEPTED = {
    # WeasyPrint marks running heads as content of no element, not as artifacts (Kozea/WeasyPrint#1836).
    "PAG-001",
    # A share as the words of its bar: "78 %" is what there is to say of it.
    "FIG-012",
    # Addresses and links in the words of strangers are printed and not made to be followed.
    "LNK-010",
}
NAMES = ("chapter", "rollup", "quiet", "every script")


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One report of each kind."""
    chapter, harbor = build_chapter(lakeside()), build_chapter(named(quiet(), "ala-harbor", "Harbor Chapter"))
    inputs = RollupInputs(
        association=association(),
        period="2026-10",
        chapters=(chapter, harbor),
        issued_on=date(2026, 11, 3),
        code_version="1",
    )
    findings = tuple(
        finding("ala.private_data.phone", f"{name}: {text} 555-0100", "555-0100") for name, text in SAMPLES.items()
    )
    scripts = replace(build_chapter(named(quiet(findings=findings), "ala-world", "World")), chapter_name="東京")
    answers = render_batch([chapter, build_rollup(inputs), harbor, scripts], tmp_path_factory.mktemp("printed"))
    return {name: one.pdf_path for name, one in zip(NAMES, answers, strict=True) if isinstance(one, Rendered)}


@pytest.fixture(scope="session")
def tools(prepared: Callable[[str], Path]) -> Path:
    """Where outloud and pdfua lie."""
    return prepared("pdf") / "venv" / "bin"


def asked(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_outloud_finds_no_error(printed: dict[str, Path], tools: Path, name: str) -> None:
    """No error, and no warning but those whose reason stands above."""
    done = asked(tools / "outloud", "--json", "-", "--quiet", printed[name])
    report = json.loads(done.stdout[done.stdout.index("{") :])["results"][0]
    found = [one for one in report["findings"] if one["severity"] != "info"]

    assert report["error"] is None
    assert [] == [f"{one['rule']}: {one['message']}" for one in found if one["rule"] not in ACCEPTED]
    assert 0 == report["counts"]["error"]


@pytest.mark.parametrize("name", NAMES)
def test_pdfua_finds_nothing(printed: dict[str, Path], tools: Path, name: str) -> None:
    """Exit status 0 is "no findings"."""
    done = asked(tools / "pdfua", "check", printed[name])

    assert 0 == done.returncode, done.stdout


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf: not installed")
@pytest.mark.parametrize("name", NAMES)
def test_qpdf_finds_the_file_whole(printed: dict[str, Path], name: str) -> None:
    """Neither an error nor a warning."""
    done = asked("qpdf", "--check", printed[name])

    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("verapdf"), reason="verapdf: not installed")
@pytest.mark.parametrize("profile", ["3u", "ua1"])
@pytest.mark.parametrize("name", NAMES)
def test_verapdf_calls_it_valid(printed: dict[str, Path], name: str, profile: str) -> None:
    """PDF/A-3u and PDF/UA-1 at once: one file, two profiles, no failed check."""
    done = asked("verapdf", "--flavour", profile, "--format", "text", printed[name])

    assert done.stdout.startswith("PASS"), done.stdout
