"""The release that `make dist` makes: what is in it, whose it is, and that one commit gives the same bytes.

Installing it beside a fresh Airflow takes minutes and the network, so `make dist` itself does that.
"""

import fnmatch
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import chapterwatch
from chapterwatch import strictyaml

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "reports" / "templates" / "fonts"
THIRD_PARTY = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


def script() -> ModuleType:
    """scripts/dist.py, which is no package's module."""
    spec = importlib.util.spec_from_file_location("dist", ROOT / "scripts" / "dist.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dist = script()


@pytest.fixture(scope="module")
def source() -> Iterator[tuple[Path, int]]:
    if not (ROOT / ".git").exists():
        pytest.skip("a release is made from a git checkout")
    with dist.exported(ROOT) as (folder, epoch):
        yield folder, epoch


@pytest.fixture(scope="module")
def made(source: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, epoch = source
    files: list[Path] = dist.release(folder, tmp_path_factory.mktemp("dist"), epoch)
    return files


def test_a_release_is_four_files_of_one_version(made: list[Path]) -> None:
    """Wheel, sdist, the versions it was tested with, and the sums, which `sha256sum --check` reads."""
    version = chapterwatch.__version__
    names = [path.name for path in made]
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=made[0].parent,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [
        f"chapterwatch-{version}-py3-none-any.whl",
        f"chapterwatch-{version}.tar.gz",
        f"constraints-{version}.txt",
        "SHA256SUMS",
    ] == names
    assert 3 == checked.stdout.count(": OK")


def test_one_commit_gives_the_same_bytes(source: tuple[Path, int], made: list[Path], tmp_path: Path) -> None:
    """In another folder, with other file times and another umask."""
    folder, epoch = source
    elsewhere = tmp_path / "elsewhere" / "deeper"
    shutil.copytree(folder, elsewhere, copy_function=shutil.copy)
    (elsewhere / "README.md").chmod(0o600)
    (tmp_path / "again").mkdir()
    again = dist.build(elsewhere, tmp_path / "again", epoch)

    assert [dist.digest(path) for path in made[:2]] == [dist.digest(path) for path in again]


def test_the_wheel_holds_all_our_files_and_nothing_else(source: tuple[Path, int], made: list[Path]) -> None:
    """Packs, lexicons, templates, fonts, catalogues, weights, migrations, the sample and the DAGs; no test."""
    dist.check_wheel(made[0], source[0])
    with zipfile.ZipFile(made[0]) as wheel:
        names = wheel.namelist()

    for wanted in (
        "policies/ala/policy.yml",
        "policies/lll/locale/es.po",
        "policies/shared/lexicons/profanity.en.yml",
        "reports/templates/fonts/OFL.txt",
        "reports/locale/fr/LC_MESSAGES/chapterwatch.po",
        "checks/classifier/weights/heads.npz",
        "chapterwatch/archive/migrations/versions/m0001_first_schema.py",
        "chapterwatch/archive/migrations/env.py",
        "connectors/x/connector.yml",
        "desk/static/desk.js",
        "sample/registry.yml",
        "dags/publish_reports.py",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "training/", "deploy/", ".")) or "/test_" in name]


def test_a_wheel_that_lacks_a_file_is_no_release(source: tuple[Path, int], made: list[Path], tmp_path: Path) -> None:
    """The one file that is missing is named."""
    short = tmp_path / made[0].name
    with zipfile.ZipFile(made[0]) as whole, zipfile.ZipFile(short, "w") as wheel:
        for name in whole.namelist():
            if name != "policies/ala/policy.yml":
                wheel.writestr(name, whole.read(name))

    with pytest.raises(dist.Unfit, match=r"lacks \['policies/ala/policy.yml'\]"):
        dist.check_wheel(short, source[0])


def test_a_wheel_that_names_this_machine_is_no_release(
    source: tuple[Path, int], made: list[Path], tmp_path: Path
) -> None:
    """A path of the machine it was built on would point nowhere elsewhere, and tells who built it."""
    telling = tmp_path / made[0].name
    shutil.copy(made[0], telling)
    with zipfile.ZipFile(telling, "a") as wheel:
        wheel.writestr(f"chapterwatch-{chapterwatch.__version__}.dist-info/direct_url.json", f'"file://{ROOT}"')

    with pytest.raises(dist.Unfit, match=r"direct_url.json in the wheel names a folder of this machine"):
        dist.check_wheel(telling, source[0])


def test_the_entry_points_are_in_the_wheel(made: list[Path]) -> None:
    """The command, Airflow's plugin and Airflow's provider; each names something that can be imported."""
    with zipfile.ZipFile(made[0]) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
        text = wheel.read(name).decode()

    assert {"[console_scripts]", "[airflow.plugins]", "[apache_airflow_provider]"} <= set(text.splitlines())
    for module in re.findall(r"= ([\w.]+):", text):
        assert importlib.util.find_spec(module)


LOCKED = r"""
alpha==1.0 \
    --hash=sha256:00 \
    --hash=sha256:11
beta-two==2.0.post1 ; python_full_version < '3.13' and sys_platform == 'linux' \
    --hash=sha256:22
gamma==3
"""


def test_constraints_are_the_locks_versions_alone() -> None:
    """Names, versions and markers; no hash, which pip would demand of everything, and no address."""
    assert [
        "alpha==1.0",
        "beta-two==2.0.post1 ; python_full_version < '3.13' and sys_platform == 'linux'",
        "gamma==3",
    ] == dist.constraints(LOCKED, "1.2.3").splitlines()[1:]


def test_every_locked_version_is_a_constraint(made: list[Path]) -> None:
    """As many lines as the lock has packages, Airflow among them."""
    lock = (ROOT / dist.LOCK).read_text(encoding="utf-8")
    listed = made[2].read_text(encoding="utf-8")

    assert len(re.findall(r"^[A-Za-z0-9._-]+==", lock, re.MULTILINE)) == len(
        re.findall("==", listed.replace("= '", ""))
    )
    assert re.search(r"^apache-airflow==\S+$", listed, re.MULTILINE)
    assert not re.search(r"sha256|://|\\", listed)


def test_the_version_stands_once_and_is_described() -> None:
    """pyproject.toml has no other version than the code, and the changelog a heading for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert chapterwatch.__version__ == dist.version_of(ROOT)
    assert project.get("version", chapterwatch.__version__) == chapterwatch.__version__
    dist.check_changelog(ROOT)


@pytest.mark.parametrize(
    ("heading", "fits"),
    [("Unreleased (1.2.3)", True), ("1.2.3, 1 June 2027", True), ("1.2.30", False), ("11.2.3", False)],
)
def test_a_version_without_its_heading_is_no_release(tmp_path: Path, heading: str, fits: bool) -> None:
    """A heading of a version that only looks like it is none."""
    (tmp_path / "chapterwatch").mkdir()
    (tmp_path / "chapterwatch" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n")

    if fits:
        dist.check_changelog(tmp_path)
    else:
        with pytest.raises(dist.Unfit, match=r"no heading with 1\.2\.3"):
            dist.check_changelog(tmp_path)


def test_the_folder_of_the_dags_is_printed(tmp_path: Path) -> None:
    """From anywhere: what Airflow's settings are given."""
    program = str(Path(sys.executable).with_name("chapterwatch"))
    said = subprocess.run([program, "dags-folder"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert (Path(said.strip()) / "publish_reports.py").is_file()


# --- whose it is ----------------------------------------------------------------------------------------------------

#: What a person did not type: fonts, weights, pictures, scripts of others.
_NOT_TEXT = (
    ".woff2",
    ".ttf",
    ".gz",
    ".xz",
    ".npz",
    ".png",
    ".jpg",
    ".svg",
    ".pdf",
    ".js",
    ".cjs",
    ".ico",
    ".bin",
    ".onnx",
)


def _tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("which files belong to the project is known in a git checkout")
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, check=True, env={"PATH": os.environ["PATH"]}).stdout
    return [name for name in listed.decode().split("\0") if name]


def test_whoever_made_a_bundled_file_is_named() -> None:
    """Every file that is no text of ours stands under a path of THIRD_PARTY.md, as ours or as somebody's."""
    paths = re.findall(r"^\| `([^`]+)` \|", THIRD_PARTY, re.MULTILINE)
    bundled = [name for name in _tracked() if name.endswith(_NOT_TEXT)]

    assert [] == [name for name in bundled if not any(fnmatch.fnmatch(name, path) for path in paths)]
    assert [] == [path for path in paths if not any(fnmatch.fnmatch(name, path) for name in _tracked())]


def test_every_font_family_is_named_with_its_licence() -> None:
    """In THIRD_PARTY.md, and with its copyright line in the licence's own text beside the fonts."""
    faces = json.loads((FONTS / "faces.json").read_text(encoding="utf-8"))
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    families = {"Source Sans", "Source Serif", "Noto Emoji", "IBM Plex Sans Arabic", "Noto Sans"}
    prefixes = {"-".join(family.lower().split()) for family in families}
    files = {path.name for path in FONTS.glob("*.woff2")} | {path.name for path in FONTS.glob("*.gz")}

    assert faces
    assert [] == sorted(name for name in files if not name.startswith(tuple(prefixes)))
    assert [] == [family for family in families if family not in THIRD_PARTY]
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert licence.count("Copyright") >= len(families)


def test_every_set_the_models_learnt_from_is_named_with_its_licence() -> None:
    """The table of training/README.md and the page say the same of each."""
    table = (ROOT / "training" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)[1:]
    said = dict(re.findall(r"^\| ([a-z0-9_, ()/]+) \| ([^|]+) \|$", THIRD_PARTY, re.MULTILINE))

    assert len(rows) > 8
    assert {name.strip(): licence.strip() for name, _, licence in rows if name.strip() != "texts/"} == {
        name.strip(): licence.strip() for name, licence in said.items() if name.strip() != "set"
    }


def test_every_list_a_lexicon_was_checked_against_is_named() -> None:
    """A lexicon says where it comes from; whoever else is named there is named on the page."""
    for path in sorted((ROOT / "policies").glob("**/lexicons/*.yml")):
        data = strictyaml.load(path).data
        others = re.findall(r"Surge AI|LDNOOBW", data["origin"])
        plain = re.match(r"Written for Chapterwatch|Chosen and weighted for Chapterwatch", data["origin"])
        assert (path.name, "Apache-2.0", True) == (path.name, data["licence"], bool(plain))
        assert (path.name, []) == (path.name, [name for name in others if name not in THIRD_PARTY])
