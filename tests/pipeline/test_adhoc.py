"""An audit on request: checked before anything is asked, judged in memory, and silent about why it was asked for."""

from __future__ import annotations

import json
import mailbox
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from airflow.sdk.exceptions import AirflowException

from chapterwatch.errors import UserError
from chapterwatch.model import Window
from chapterwatch.pipeline import AdhocRequest, adhoc, adhoc_collect, adhoc_report, adhoc_request
from chapterwatch.settings import Mail
from tests.pipeline.test_deliver import free_port
from tests.pipeline.world import (
    HARBOR,
    LAKESIDE,
    LIST,
    MONTH_END,
    REGISTRY,
    SEVERN,
    ScriptedX,
    World,
    post,
    workplace_in,
)

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
#: Who reported what must not be guessed from a report.
REASON = "Zwexfeld from the night shift told us"
RUN = "manual__2026-11-02T06:00:00+00:00"
CHICAGO, AUCKLAND = "America/Chicago", "Pacific/Auckland"
ASKED = {"chapters": ["ala-lakeside"], "since": "2026-10-01", "until": "2026-10-31", "reason": REASON}


def requested(world: World, **params: Any) -> AdhocRequest:
    """The request of this minute, checked."""
    return adhoc_request(world.at(MONTH_END).workplace, {**ASKED, **params}, RUN)


# --- the request ----------------------------------------------------------------------------------------------------


def test_a_request_is_what_was_asked_for(light: World) -> None:
    """Accounts by key, whole days, each account's own pack, nobody to mail."""
    expected = AdhocRequest(
        run_id=RUN,
        keys=(LAKESIDE, LIST, "x:2009"),
        since=date(2026, 10, 1),
        until=date(2026, 10, 31),
        pack=None,
        refresh=False,
        recipients=(),
        title="Audit on request: Lakeside Chapter, 2026-10-01 to 2026-10-31",
    )

    assert expected == requested(light)
    whole = Window(since=datetime(2026, 10, 1, 5, tzinfo=UTC), until=datetime(2026, 11, 1, 5, tzinfo=UTC))
    assert whole == expected.window(CHICAGO)


def test_without_dates_the_last_thirty_days_are_audited(light: World) -> None:
    """Until today, whoever asks."""
    request = requested(light, since=None, until="")

    assert (date(2026, 10, 3), date(2026, 11, 2)) == (request.since, request.until)


def test_one_day_is_a_window(light: World) -> None:
    """The near-miss of swapped dates: the same day twice is that day."""
    window = requested(light, since="2026-10-31").window(CHICAGO)

    assert timedelta(days=1) == window.until - window.since


def settle_in(world: World, timezone: str) -> None:
    """The association is somewhere else."""
    path = world.workplace.settings.registry
    path.write_text(path.read_text().replace(CHICAGO, timezone))


@pytest.mark.parametrize(
    ("timezone", "today"),
    [(CHICAGO, date(2026, 10, 31)), ("UTC", date(2026, 11, 1)), (AUCKLAND, date(2026, 11, 1))],
)
def test_today_is_the_day_where_the_association_is(light: World, timezone: str, today: date) -> None:
    """At three in the morning UTC it is still yesterday in Chicago."""
    settle_in(light, timezone)
    now = datetime(2026, 11, 1, 3, tzinfo=UTC)
    request = adhoc_request(light.at(now).workplace, {**ASKED, "since": None, "until": None}, RUN)

    assert (today - timedelta(days=30), today) == (request.since, request.until)


def test_days_are_those_of_the_association(light: World) -> None:
    """In Auckland October began at 11:00 UTC of 30 September: its first morning is in, that of 1 November is not."""
    settle_in(light, AUCKLAND)
    first, last = datetime(2026, 9, 30, 20, tzinfo=UTC), datetime(2026, 10, 31, 20, tzinfo=UTC)
    posts = [
        post(str(number), f"Bullshit number {number}.", at)
        for number, at in enumerate((first - timedelta(days=1), first, POSTED, last))
    ]
    light.store(LAKESIDE, *posts, at=MONTH_END)
    record = adhoc_report(light.workplace, requested(light))
    [pdf] = [Path(path) for path in record["reports"]]
    text = re.sub(r"\s+", " ", "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages))

    assert 2 == record["findings"]
    assert [False, True, True, False] == [f"Bullshit number {number}" in text for number in range(4)]


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"since": "2026-10-31", "until": "2026-10-01"}, r"end before they start \(2026-10-31 to 2026-10-01\); swap"),
        ({"since": "2026-11-03", "until": None}, "end before they start"),
        ({"since": "01.10.2026"}, "'01.10.2026' is not a date; write it as YYYY-MM-DD"),
        (
            {"until": "2026-11-03"},
            "posts until 2026-11-03 are asked for; write a day from 1990-01-01 to today, 2026-11-02",
        ),
        ({"until": "9999-12-31", "since": None}, "write a day from 1990-01-01 to today"),
        ({"until": "0001-01-02", "since": None}, "write a day from 1990-01-01 to today"),
        ({"since": "1900-01-01"}, "1900-01-01 to 2026-10-31 are 1,522 months; ask for 24 at most"),
        ({"since": "0001-01-01"}, "ask for 24 at most"),
        ({"since": "2024-10-31"}, "2024-10-31 to 2026-10-31 are 25 months; ask for 24 at most"),
        ({"until": "2026-10-32"}, "'2026-10-32' is not a date; write it as YYYY-MM-DD"),
        ({"chapters": ["ala-nowhere"]}, "no chapter 'ala-nowhere' in the registry; use one of: ala-harbor"),
        ({"platforms": ["facebook_page"]}, "no account matches the chapters and platforms chosen; choose others"),
        ({"recipients": ["stranger@elsewhere.example"]}, "stranger@elsewhere.example does not stand in the registry"),
        ({"reason": ""}, "an ad-hoc audit needs a reason; write why it is made"),
        ({"reason": " \n "}, "an ad-hoc audit needs a reason; write why it is made"),
        ({"reason": None}, "an ad-hoc audit needs a reason; write why it is made"),
        ({"pack": "nonesuch"}, "nonesuch"),
    ],
)
def test_a_wrong_request_is_told_in_one_line_and_asks_nobody(
    light: World, params: dict[str, Any], complaint: str
) -> None:
    """What is wrong and how to mend it, before a platform is asked or a run is noted."""
    with pytest.raises(UserError, match=complaint) as raised:
        requested(light, **params)

    assert 1 == len(str(raised.value).splitlines())
    assert [] == light.x.asked
    assert [] == light.archive.runs()


@pytest.mark.parametrize("params", [{"until": "2026-11-02"}, {"since": "2024-11-01"}])
def test_the_last_days_that_may_be_asked_for(light: World, params: dict[str, str]) -> None:
    """The near-misses: today, and two whole years."""
    request = requested(light, **params)

    assert {**ASKED, **params}["since"] == request.since.isoformat()
    assert {**ASKED, **params}["until"] == request.until.isoformat()


def test_the_form_says_how_many_months_may_be_asked_for() -> None:
    """Before somebody is refused."""
    form = (Path(__file__).resolve().parents[2] / "dags" / "adhoc_audit.py").read_text()

    assert f"At most {adhoc.MOST_MONTHS} months may be asked for at once" in form


@pytest.mark.parametrize("recipient", ["web@lakeside.example", "president@severn.example", "audit@hq.example"])
def test_whoever_stands_in_the_registry_may_get_it(light: World, recipient: str) -> None:
    """The near-miss of the stranger: people of any chapter, and headquarters."""
    assert (recipient,) == requested(light, recipients=[recipient]).recipients


STAFF = """
staff:
  - {user: ines, role: admin}
  - {user: tom, role: publisher}
"""
OTHER = "auditor@elsewhere.example"


@pytest.mark.parametrize("login", ["tom", "nobody", ""])
def test_only_an_admin_names_other_addresses(light: World, login: str) -> None:
    """A report names volunteers: whoever is no admin mails it to people of the registry."""
    light.workplace.settings.registry.write_text(REGISTRY + STAFF)
    with pytest.raises(UserError, match=f"{OTHER} does not stand in the registry"):
        adhoc_request(light.at(MONTH_END).workplace, {**ASKED, "others": [OTHER]}, RUN, login)

    request = adhoc_request(light.at(MONTH_END).workplace, {**ASKED, "others": [OTHER]}, RUN, "ines")
    assert (OTHER,) == request.recipients


def test_who_asked_and_why_stands_in_the_log_alone(light: World) -> None:
    """The log says who, what and why; what travels and is printed says none of it."""
    light.workplace.settings.registry.write_text(REGISTRY + STAFF)
    request = adhoc_request(light.at(MONTH_END).workplace, ASKED, RUN, "tom")

    [act] = light.archive.acts.page()
    told = (act.author, act.role, act.kind, act.subject, act.detail, act.why)
    assert ("tom", "publisher", "adhoc_audit", RUN, request.title, REASON) == told
    assert "tom" not in request.as_record().values()


def test_a_request_travels_as_plain_data_and_comes_back_whole(light: World) -> None:
    """What goes through Airflow is JSON, holds no reason, and is the same request afterwards."""
    request = requested(light, recipients=["audit@hq.example"], refresh=True, pack="lll")
    record = json.loads(json.dumps(request.as_record()))

    assert request == AdhocRequest.from_record(record)
    assert "Zwexfeld" not in json.dumps(record)


# --- collecting for it ----------------------------------------------------------------------------------------------


def test_without_refresh_nobody_is_asked(light: World) -> None:
    """The archive is enough unless the request wants a look."""
    done = adhoc_collect(light.workplace, requested(light))

    assert [] == light.x.asked
    assert (f"adhoc:{RUN}", 0) == (done.run_id, done.accounts)


def test_a_refresh_asks_for_the_window_in_a_run_of_its_own(light: World) -> None:
    """Only the days asked for, only the accounts asked for; private spaces stay out, the nightly run is untouched."""
    light.x.shows("2001", "1", "In the window", POSTED)
    light.x.shows("2001", "2", "Before it", POSTED - timedelta(days=20))
    light.collect(0)
    light.x.asked = []
    request = requested(light, platforms=["x"], refresh=True)
    done = adhoc_collect(light.workplace, request)
    [listing] = [asked for asked in light.x.asked if asked.lists]

    assert (1, 1) == (done.accounts, done.seen)
    assert ("2026-10-01T05:00:00Z", "2026-11-01T05:00:00Z") == (listing.query["start_time"], listing.query["end_time"])
    assert {"2001"} == {asked.account for asked in light.x.asked}
    assert ["adhoc:" + RUN, "nightly:2026-10-04"] == sorted(run.run_id for run in light.archive.runs())


def test_a_refresh_asks_each_association_for_its_own_days(light: World) -> None:
    """Two associations, two time zones, one run that is tried again as a whole."""
    other = REGISTRY.replace("id: ala", "id: lll").replace(CHICAGO, AUCKLAND).partition("    chapters:")[0]
    chapter = """    chapters:
      - id: lll-oaks
        name: Oaks
        country: NZ
        people:
          - {name: Aroha Ngata, email: leader@oaks.example, role: leader, leadership: true}
        accounts:
          - {platform: x, native_id: "3001", handle: lll_oaks, space: official, access: public_api,
             connection: x_demo, owner: leader@oaks.example}
"""
    light.workplace.settings.registry.write_text(REGISTRY + (other + chapter).replace("\nassociations:\n", ""))
    request = requested(light, chapters=["ala-lakeside", "lll-oaks"], platforms=["x"], refresh=True)
    done = adhoc_collect(light.workplace, request)
    asked = {one.account: (one.query["start_time"], one.query["end_time"]) for one in light.x.asked if one.lists}

    assert (2, 2) == (done.accounts, done.seen)
    assert ("2026-10-01T05:00:00Z", "2026-11-01T05:00:00Z") == asked["2001"]
    assert ("2026-09-30T11:00:00Z", "2026-10-31T11:00:00Z") == asked["3001"]


def test_a_look_at_some_days_does_not_hide_the_days_before(light: World) -> None:
    """An audit on request of late October, and no night since early October: the next night still reads all between."""
    light.collect(0)
    light.x.shows("2001", "1", "Between", datetime(2026, 10, 15, 12, tzinfo=UTC))
    request = requested(light, platforms=["x"], refresh=True, since="2026-10-28")
    adhoc_collect(light.workplace, request)
    hidden = list(light.archive.posts_frame()["text"])
    light.collect(28)

    assert ([], ["Between"]) == (hidden, list(light.archive.posts_frame()["text"]))


# --- its report -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reported(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, dict[str, Any], tuple[list[Any], dict[str, Any]]]]:
    """One audit on request with a mail, over an archive the night has judged already."""
    home = tmp_path_factory.mktemp("adhoc")
    shutil.copy(migrated_sqlite, home / "archive.sqlite")
    world = World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", "http://127.0.0.1:9"), ScriptedX())
    old = POSTED - timedelta(days=40)
    for key in (LAKESIDE, HARBOR, SEVERN):
        world.store(key, post("1", "This is bullshit.", POSTED), post("2", "Old bullshit.", old), at=POSTED)
    world.audit(POSTED, "ala-harbor")
    before = kept(world)
    request = requested(world, recipients=["audit@hq.example"])
    mail = Mail(sender="chapterwatch@hq.example", maildir=home / "mail")
    record = adhoc_report(world.at(MONTH_END, mail=mail).workplace, request)
    yield world, record, before
    world.archive.close()


def kept(world: World) -> tuple[list[Any], dict[str, Any]]:
    """All conclusions the archive holds: findings, retired ones too, and denominators."""
    tallies = {key: world.archive.latest_tallies([key]) for key in (LAKESIDE, HARBOR, SEVERN)}
    return world.archive.findings(retired=True), tallies


def test_an_audit_on_request_changes_no_conclusion(reported: Any) -> None:
    """Findings and denominators of the nightly audit are what they were; none was added for those it judged."""
    world, _, before = reported

    assert before == kept(world)
    assert {"ala-harbor"} == {finding.chapter for finding in before[0]}


def test_it_counts_what_was_posted_in_its_window(reported: Any) -> None:
    """Of two breaches one lies in October; the other chapters were not asked about."""
    _, record, _ = reported

    assert (RUN, 3, 1, 1, 1) == (
        record["run"],
        record["accounts"],
        record["findings"],
        len(record["reports"]),
        record["mailed"],
    )


def test_its_files_lie_in_a_folder_of_its_own(reported: Any) -> None:
    """Named after the run; the month's folder is not written to, and no month's report is issued."""
    world, record, _ = reported
    [pdf] = [Path(path) for path in record["reports"]]
    reports = world.workplace.settings.home / "reports"

    assert "adhoc/manual__2026-11-02T06-00-00-00-00/ala-lakeside-2026-10" == str(pdf.parent.relative_to(reports))
    assert ["adhoc"] == [path.name for path in reports.iterdir()]
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert world.archive.latest_report("ala-lakeside", "2026-10") is None


def test_why_it_was_asked_for_is_printed_nowhere(reported: Any) -> None:
    """Not in PDF, page or mail, nor in what goes back to Airflow; that it was asked for is."""
    world, record, _ = reported
    [pdf] = [Path(path) for path in record["reports"]]
    text = re.sub(r"\s+", " ", "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages))
    pages = [path.read_text() for path in pdf.parent.glob("*.html")]
    mails = [message.as_string() for message in mailbox.Maildir(world.home / "mail")]

    assert (1, 1) == (len(pages), len(mails))
    assert not any("Zwexfeld" in one for one in (text, *pages, *mails, json.dumps(record)))
    assert "Audit on request" in text


def test_the_same_request_again_mails_nobody_twice(reported: Any) -> None:
    """A task that Airflow tries again is the same run: the same files, and no second mail."""
    world, record, _ = reported
    again = adhoc_report(world.workplace, requested(world, recipients=["audit@hq.example"]))

    assert {**record, "mailed": 0} == again
    assert 1 == len(mailbox.Maildir(world.home / "mail"))


def test_a_mail_the_server_cannot_take_is_tried_again(light: World, tmp_path: Path) -> None:
    """Nobody was mailed, so the task is no success; tried again it mails what it had issued, once."""
    glue = pytest.importorskip("chapterwatch.airflow_glue")
    light.store(LAKESIDE, post("1", "This is bullshit.", POSTED), at=MONTH_END)
    light.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=free_port()))
    request = requested(light, recipients=["audit@hq.example"])
    with pytest.raises(AirflowException, match="1 mails wait for the mail server") as raised:
        glue.deferred_or_counts(adhoc_report(light.workplace, request))
    light.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail"))
    again = glue.deferred_or_counts(adhoc_report(light.workplace, request))

    assert "default" == glue.WaitForReset().evaluate(raised.value, 1, 6).action.value
    assert (1, 0, 1) == (again["mailed"], again["deferred"], len(mailbox.Maildir(tmp_path / "mail")))


def test_another_pack_judges_all_accounts(light: World) -> None:
    """The request's pack wins over each account's own, in the report as in the count."""
    light.store(LAKESIDE, post("1", "This is bullshit.", POSTED), at=POSTED, bio="Leader, militante socialista")
    request = replace(requested(light, pack="lll"), keys=(LAKESIDE,))
    record = adhoc_report(light.workplace, request)
    [pdf] = [Path(path) for path in record["reports"]]
    text = "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)

    assert "LLL-" in text
    assert "ALA-" not in text
    assert [] == light.archive.findings()
