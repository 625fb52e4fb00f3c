"""Folders, zips and single files somebody uploaded."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from chapterwatch.errors import ExportRefused
from connectors import exportfiles
from connectors.exportfiles import open_export


def packed(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


def refusal(path: Path, name: str | None = None) -> str:
    with pytest.raises(ExportRefused) as raised, open_export(path) as files:
        files.read(name or files.names[0])
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_zip_folder_and_file_are_one(tmp_path: Path) -> None:
    """The same names and bytes, the byte order mark gone, what macOS adds left out."""
    files = {"data/a.json": b"\xef\xbb\xbf[]", "b.txt": b"x", "__MACOSX/data/._a.json": b"?"}
    folder = tmp_path / "export"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.json").write_bytes(files["data/a.json"])
    (folder / "b.txt").write_bytes(files["b.txt"])
    for path in (folder, packed(tmp_path / "e.zip", files)):
        with open_export(path) as opened:
            assert ["b.txt", "data/a.json"] == opened.names
            assert b"[]" == opened.read("data/a.json")
    with open_export(folder / "b.txt") as opened:
        assert [b"x"] == [opened.read(name) for name in opened.names]


def test_a_regular_file_may_pack_well(tmp_path: Path) -> None:
    """The near-miss of a bomb: small, or no smaller than text gets."""
    path = packed(tmp_path / "e.zip", {"a.json": b" " * exportfiles.RATIO_FROM_BYTES})
    with open_export(path) as files:
        assert exportfiles.RATIO_FROM_BYTES == len(files.read("a.json"))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """A thousandfold is no export."""
    path = packed(tmp_path / "e.zip", {"a.json": b" " * (2 * exportfiles.RATIO_FROM_BYTES)})
    assert "e.zip: a.json unpacks far larger than an export's files; check where it is from" == refusal(path)


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a zip by what comes out, in a folder by what lies there."""
    monkeypatch.setattr(exportfiles, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.json").write_bytes(b"x" * 11)
    assert "a.json: is larger than 0 MB; split it" == refusal(tmp_path / "a.json")
    assert "unpacks far larger" in refusal(packed(tmp_path / "e.zip", {"a": b"x" * 11}))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any is read."""
    monkeypatch.setattr(exportfiles, "MAX_FILES", 2)
    assert "holds more than 2 files" in refusal(packed(tmp_path / "e.zip", dict.fromkeys("abc", b"")))


@pytest.mark.parametrize("name", ["../a.json", "/etc/a.json", "data/../../a.json", "..\\a.json", "C:\\a.json"])
def test_names_that_leave_their_folder_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked, yet such a name is no export's."""
    assert "leaves its folder" in refusal(packed(tmp_path / "e.zip", {name: b"[]"}))


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    """A link could show any file of this machine."""
    (tmp_path / "secret").write_text("[]")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a.json").symlink_to(tmp_path / "secret")
    assert "export: a.json is a link that leaves the folder; remove it" == refusal(folder)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Which one is right nobody knows."""
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    assert "holds two files of one name" in refusal(path)


def test_what_is_no_zip_or_not_there_is_refused(tmp_path: Path) -> None:
    """One line each."""
    (tmp_path / "e.zip").write_bytes(b"PK no")
    assert "e.zip: is no readable zip; download the export again" == refusal(tmp_path / "e.zip")
    assert "nothing: there is no such file or folder; check the path" == refusal(tmp_path / "nothing")


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    """A flipped byte in the middle."""
    path = packed(tmp_path / "e.zip", {"a.json": b"[1, 2, 3, 4, 5]" * 50}, zipfile.ZIP_STORED)
    body = bytearray(path.read_bytes())
    body[100] ^= 0xFF
    path.write_bytes(body)
    assert "e.zip: a.json is damaged or locked; download the export again" == refusal(path)


@pytest.mark.parametrize("name", [".", "", "./."])
def test_a_file_without_a_name_is_refused(tmp_path: Path, name: str) -> None:
    """Some packers write the folder itself so; a zip with one is judged like any other."""
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"[]")
        archive.writestr("a.json", b"[]")
    assert "e.zip: holds a file without a name; check where it is from" == refusal(path)


def test_a_zip_of_another_version_or_spelling_is_refused(tmp_path: Path) -> None:
    """A version that is none yet, and a name that says it is UTF-8 and is not."""
    path = packed(tmp_path / "e.zip", {"caf\xe9.json": b"[]"})
    body = path.read_bytes()
    newer = bytearray(body)
    newer[body.rfind(b"PK\x01\x02") + 6] = 99
    for damaged in (bytes(newer), body.replace("\xe9".encode(), b"\xff\xfe")):
        path.write_bytes(damaged)
        assert "e.zip: is no readable zip; download the export again" == refusal(path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_bytes_that_are_damaged_are_refused(tmp_path: Path, compression: int) -> None:
    """However they are packed: every byte of the packed text, one after another."""
    path = packed(tmp_path / "e.zip", {"a.json": b"[1, 2, 3, 4, 5]" * 50}, compression)
    body = path.read_bytes()
    start = 30 + len("a.json")
    said = set()
    for at in range(start, body.find(b"PK\x01\x02")):
        path.write_bytes(body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :])
        try:
            with open_export(path) as files:
                files.read("a.json")
        except ExportRefused as refused:
            said.add(str(refused))
    assert {"e.zip: a.json is damaged or locked; download the export again"} == said


def test_a_file_nobody_may_read_is_refused(tmp_path: Path) -> None:
    """Permissions are the reader's to mend."""
    path = tmp_path / "a.json"
    path.write_bytes(b"[]")
    path.chmod(stat.S_IWUSR)
    try:
        path.read_bytes()
    except PermissionError:
        assert "check its permissions" in refusal(path)
    else:
        pytest.skip("this user may read everything")
