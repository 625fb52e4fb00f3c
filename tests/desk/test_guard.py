"""What strangers try: forms from elsewhere, paths out of the folder, altered files, markup in data."""

from datetime import UTC, datetime
from typing import Any

import pytest

from desk import guard

FORM = {"state": "confirmed", "note": "read"}
PATH = "findings/a1/decide"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_from_elsewhere_is_refused(desktop: Any, headers: dict[str, str]) -> None:
    """A page of somebody else cannot make a reviewer's browser decide, even with a stolen token."""
    before = desktop.archive.dispositions(["a1"])
    assert 403 == desktop.post("rosa", PATH, FORM, headers=headers).status_code
    assert before == desktop.archive.dispositions(["a1"])


@pytest.mark.parametrize("token", ["", "x", "1.2.3", "vera", "0.aaaa.bbbb"])
def test_a_form_without_its_readers_token_is_refused(desktop: Any, token: str) -> None:
    """The origin alone is not enough: some proxies cut it."""
    given = desktop.token("vera") if token == "vera" else token
    assert 403 == desktop.post("rosa", PATH, {**FORM, "token": given}).status_code


def test_a_form_with_origin_and_token_is_taken(desktop: Any) -> None:
    """The near miss of all the others."""
    assert 303 == desktop.post("rosa", PATH, FORM).status_code


def test_tokens_end() -> None:
    """A form left open over night is asked to be loaded anew; a token of the future is none."""
    made = guard.token(b"k", "rosa", 1000.0)
    assert [True, True, False, False] == [
        guard.is_ours(b"k", "rosa", made, at)
        for at in (1000.0, 1000.0 + guard.TOKEN_LIFE - 61, 1000.0 + guard.TOKEN_LIFE, 100.0)
    ]
    assert not guard.is_ours(b"other", "rosa", made, 1000.0)
    assert not guard.is_ours(b"k", "rosa", f"{made}é", 1000.0)


def test_every_answer_forbids_strangers_and_scripts(desktop: Any) -> None:
    """Only our own origin may frame a page, nothing is loaded from elsewhere, nothing is kept by caches."""
    for path in ("", "findings/a1", "nothing", "api/me"):
        headers = desktop.get("ada", path).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert ("no-store", "nosniff") == (headers["Cache-Control"], headers["X-Content-Type-Options"])


def test_a_report_cannot_run_scripts(desktop: Any) -> None:
    """The page a report is has a policy of its own: its style, and nothing that moves."""
    policy = desktop.get("ada", "reports/lakeside/2026-10/1/file.html").headers["Content-Security-Policy"]
    assert (True, False) == ("sandbox" in policy, "script-src" in policy)


@pytest.mark.parametrize(
    "path",
    [
        "reports/lakeside/2026-10/1/file.pdf%2f..%2f..%2farchive.sqlite",
        "reports/..%2f..%2farchive/2026-10/1/file.sqlite",
        "reports/lakeside/..%2f2026-10/1/file.pdf",
        "reports/lakeside/2026-10/1/file.sqlite",
        "static/..%2f..%2fapp.py",
        "static/fonts/..%2f..%2fcss%2fstyle.css",
    ],
)
def test_no_path_leads_out_of_the_folder(desktop: Any, path: str) -> None:
    """A file is found by its row, so a path is only ever a name nothing has."""
    assert 404 == desktop.get("ada", path).status_code


def test_a_row_that_points_elsewhere_gives_nothing(desktop: Any) -> None:
    """Even a row somebody changed in the database leads to no file outside the reports' folder."""
    outside = desktop.home / "secret.pdf"
    outside.write_bytes(b"secret")
    desktop.archive.issue_report("harbor", "2026-09", "f", reason=None, at=_now())
    for noted in (str(outside), str(desktop.home / "reports" / ".." / "secret.pdf"), "/etc/reports/../passwd"):
        desktop.archive.set_report_files("harbor", "2026-09", 1, pdf_path=noted, html_path=None, pdf_sha256=None)
        assert 404 == desktop.get("ada", "reports/harbor/2026-09/1/file.pdf").status_code


def test_an_altered_pdf_is_not_handed_out(desktop: Any) -> None:
    """The archive has the hash of what was issued; another file in its place is not that report."""
    file = desktop.home / "reports" / "2026-10" / "harbor-2026-10-r1.pdf"
    kept = file.read_bytes()
    file.write_bytes(b"%PDF-1.7 of somebody else")
    answer = desktop.get("ada", "reports/harbor/2026-10/1/file.pdf")
    file.write_bytes(kept)
    assert (409, False) == (answer.status_code, b"somebody else" in answer.content)


def test_markup_in_data_is_text(desktop: Any) -> None:
    """A note, a filter or a path with markup is shown as it was written."""
    desktop.post("rosa", "findings/a1/decide", {"state": "closed", "note": "<img src=x onerror=alert(1)>"})
    page = desktop.get("rosa", "findings/a1").text
    assert (True, False) == ("&lt;img src=x" in page, "<img" in page)
    assert "<script>alert" not in desktop.get("ada", "log?author=<script>alert(1)</script>").text


@pytest.mark.parametrize(
    "path",
    ["findings?severity=grave", "findings?month=2026-13", "findings?key=%27--", "findings?after=x", "findings?state=x",
     "findings?held=x",
     "log?before=x", "log?kind=x"],
)  # fmt: skip
def test_nonsense_in_an_address_is_refused(desktop: Any, path: str) -> None:
    """A value that cannot be is said to be wrong rather than read as none, which would show everything."""
    assert 400 == desktop.get("ada", path).status_code


def test_a_form_larger_than_any_of_ours_is_refused(desktop: Any) -> None:
    """Nobody can fill the memory of Airflow's server through us."""
    assert 413 == desktop.post("rosa", PATH, {**FORM, "note": "x" * 200_000}).status_code


def _now() -> Any:
    return datetime(2026, 11, 2, tzinfo=UTC)
