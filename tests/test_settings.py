"""Settings come from the environment; secrets never show."""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chapterwatch import logs, settings
from chapterwatch.errors import UserError


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any setting everything lies under one folder of the working directory."""
    monkeypatch.chdir(tmp_path)
    chosen = settings.from_environment({})

    assert (tmp_path / ".chapterwatch", f"sqlite:///{tmp_path}/.chapterwatch/archive.sqlite", None) == (
        chosen.home,
        chosen.database,
        chosen.mail,
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CHAPTERWATCH_MAX_READS", "many", "CHAPTERWATCH_MAX_READS is 'many'; write a whole number"),
        ("CHAPTERWATCH_MAIL", "http://host", "is no mail URL; write smtp://host:port or maildir:<folder>"),
        ("CHAPTERWATCH_MAIL", "smtp://h:25?security=ssl", "unknown security; use none, starttls or tls"),
        ("CHAPTERWATCH_NOW", "2026-11-01", "write an instant with its zone"),
    ],
)
def test_mistakes(name: str, value: str, expected: str) -> None:
    """A setting that cannot be read says which and how to write it."""
    with pytest.raises(UserError, match=expected):
        settings.from_environment({name: value})


def test_pinned_clock() -> None:
    """The demo and the tests may pretend what time it is; the instant is UTC."""
    chosen = settings.from_environment({"CHAPTERWATCH_NOW": "2026-11-01T03:15:00+01:00"})

    assert datetime(2026, 11, 1, 2, 15, tzinfo=UTC) == chosen.now()


def test_mail_url() -> None:
    """User and password may be URL-encoded; neither shows in the settings' text."""
    mail = settings.from_environment({"CHAPTERWATCH_MAIL": "smtp://a%40b:s%2Fecret9@host:587?security=starttls"}).mail

    assert mail is not None
    assert ("host", 587, "starttls", "a@b", "s/ecret9") == (
        mail.host,
        mail.port,
        mail.security,
        mail.username,
        mail.password,
    )
    assert "ecret9" not in repr(mail)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://audit:se/cr3t@mail.example:587",
        "smtp://audit:25/cr3t@mail.example:587",
        "smtp://audit:se#cr3t@mail.example:587",
        "smtp://audit:25#cr3t@mail.example:587",
        "smtp://audit:25?cr3t@mail.example:587",
        "smtp://audit:25?security=cr3t&a=b@mail.example",
        "smtp://audit:cr3t@mail.example:five",
        "smtp://audit:cr3t@mail.example:99999",
        "smtp://audit:cr3t@[h",
        "smtp://audit:cr3t@:587",
        "audit:cr3t@mail.example:587",
    ],
)
def test_a_mail_url_that_falls_apart_is_told_without_its_password(url: str) -> None:
    """A sign in the password that ends a URL's part makes a host of the user and a port of the password."""
    with pytest.raises(
        UserError, match=r"is no mail URL; .* percent-encode / # [?] @ : % in user and password"
    ) as caught:
        settings.from_environment({"CHAPTERWATCH_MAIL": url})
    told = "".join(traceback.format_exception(caught.value))

    assert 1 == len(str(caught.value).splitlines())
    assert ["se'", "cr3t", "audit", "99999", "five"] == [part for part in _PARTS if part not in told]


_PARTS = ("se'", "cr3t", "audit", "99999", "five")


@pytest.mark.parametrize(
    ("url", "port", "password"),
    [
        ("smtp://audit:se%2Fcr%23t@mail.example", 25, "se/cr#t"),
        ("smtp://audit:p@ss@mail.example:587/", 587, "p@ss"),
        ("smtp://[::1]:2525?security=none", 2525, None),
    ],
)
def test_a_mail_url_that_holds_together_is_taken(url: str, port: int, password: str | None) -> None:
    """The near-misses: signs that are encoded, or do no harm."""
    mail = settings.from_environment({"CHAPTERWATCH_MAIL": url}).mail

    assert mail is not None
    assert (port, password) == (mail.port, mail.password)


@pytest.mark.parametrize("url", ["maildir:", "maildir:  "])
def test_a_maildir_without_a_folder_is_no_folder(url: str) -> None:
    """Nobody means the folder a worker happens to stand in."""
    with pytest.raises(UserError, match="CHAPTERWATCH_MAIL names no folder; write maildir:<folder>"):
        settings.from_environment({"CHAPTERWATCH_MAIL": url})


@pytest.mark.parametrize(
    "sender", ["no address", "", "audit", "Audit <audit@hq.example>", "audit@hq.example\nBcc: x@y"]
)
def test_a_sender_is_a_plain_address(sender: str) -> None:
    """Else every mail of a month would fail when it is composed, after the reports were written."""
    with pytest.raises(UserError, match=r"CHAPTERWATCH_SENDER is no mail address; write it as name@domain\.example"):
        settings.from_environment({"CHAPTERWATCH_MAIL": "smtp://host", "CHAPTERWATCH_SENDER": sender})


def test_environment_wins_over_file(tmp_path: Path) -> None:
    """A connection in the environment hides the one in the file; an unknown one is None, not a guess."""
    file = tmp_path / "connections.yml"
    file.write_text("connections:\n  x_main: {platform: x, secrets: {bearer_token: from-the-file}}\n")
    chosen = settings.from_environment(
        {
            "CHAPTERWATCH_CONNECTIONS": str(file),
            "CHAPTERWATCH_CONN_X_MAIN": json.dumps({"platform": "x", "secrets": {"bearer_token": "from-the-env"}}),
        }
    )

    connection = chosen.connection("x_main")
    assert connection is not None
    assert connection.secrets["bearer_token"] == "from-the-env"
    assert chosen.connection("other") is None


def test_broken_connection_does_not_show_its_value() -> None:
    """The value holds secrets, so the complaint names only the variable."""
    chosen = settings.from_environment({"CHAPTERWATCH_CONN_A": '{"platform": "x", "token-canary'})

    with pytest.raises(UserError) as caught:
        chosen.connection("a")
    assert "canary" not in str(caught.value)


def test_redaction_cuts_every_form() -> None:
    """A secret is cut in plain, URL-encoded and base64 form, in messages and in tracebacks."""
    secret = "tok|en/canary=1"
    logs.remember([secret])
    record = logging.LogRecord("a", logging.INFO, "f", 1, "plain %s url tok%%7Cen%%2Fcanary%%3D1 b64 %s", None, None)
    record.args = (secret, "dG9rfGVuL2NhbmFyeT0x")

    logs.Redaction().filter(record)

    assert "plain [cut] url [cut] b64 [cut]" == record.getMessage()


@pytest.mark.parametrize(("written", "limit"), [(None, 7_000_000), ("7", 7_000_000), ("2.5", 2_500_000), ("0", 0)])
def test_the_limit_of_a_mail_s_files_is_in_megabytes(written: str | None, limit: int) -> None:
    """Seven where nothing is said."""
    environment = {} if written is None else {"CHAPTERWATCH_MAIL_ATTACH_LIMIT": written}

    assert limit == settings.from_environment(environment).attach_limit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("CHAPTERWATCH_MAIL_ATTACH_LIMIT", value) for value in ("", "much", "-1", "7 MB", "1e9")),
        *(
            ("CHAPTERWATCH_REPORTS_URL", value)
            for value in ("reports", "ftp://x.example", "https://u:p@x.example", "https://")
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_name(name: str, value: str) -> None:
    """No limit and no address is guessed; one with a password would stand in every mail."""
    with pytest.raises(UserError, match=name):
        settings.from_environment({name: value})


def test_the_address_of_reports_ends_without_a_slash() -> None:
    """So that a report's place can be put behind it."""
    chosen = settings.from_environment({"CHAPTERWATCH_REPORTS_URL": "https://reports.hq.example/all/"})

    assert "https://reports.hq.example/all" == chosen.reports_url
