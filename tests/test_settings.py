"""Settings come from the environment; secrets never show."""

import json
import logging
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
