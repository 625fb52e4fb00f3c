"""What the DAGs share: connections from Airflow, the run's night or month, retries that wait for a reset.

Shared code stands in an installed module because Airflow puts `dags/` on the path only in some of its components.
Nothing heavy is imported at module level: DAG files are parsed over and over.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from chapterwatch.errors import FilesUnreachable, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk.execution_time.hitl import HITLUser

    from chapterwatch.model import Account, Chapter, Connection
    from chapterwatch.pipeline import Workplace
    from chapterwatch.registry import Registry

#: Changes when a night has put something into the archive.
ARCHIVE = Asset(name="chapterwatch_archive", uri="chapterwatch://archive")
#: Changes when an audit has been made.
FINDINGS = Asset(name="chapterwatch_findings", uri="chapterwatch://findings")

#: How long after a tick of its clock a DAG that never ran still runs for it. Airflow's own answer is a tenth of the way
#: to the next tick: an install on the third of a month would write and mail the reports of the month before it came.
NO_PAST_TICK = timedelta(0)

#: Accounts per mapped task: a task costs Airflow about half a CPU-second, and a mapped list ends at 1,024.
BATCH = 40
#: Tasks a platform's night is cut into at most, with larger batches from 480 accounts on: every task reads the whole
#: registry, so with ever more tasks that would grow with the square of the network.
MOST_TASKS = 12

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "chapterwatch",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
}

#: Waited where a platform limits us without saying until when.
UNSAID_RESET = timedelta(minutes=15)
#: A wait for a reset may be an hour on a task's first try, half of it on the second, a third on the third, and always
#: as long as the usual windows. Six together are less than three hours: audit and alerts wait for every batch, and a
#: platform may name any moment, also one in years.
LONGEST_WAIT = timedelta(hours=1)
USUAL_WAIT = timedelta(minutes=20)


class StillWaiting(AirflowException):
    """A window limit stopped some accounts of a batch; the rest is kept. The task is run again after the reset."""

    def __init__(self, message: str, resets: Sequence[datetime | None]) -> None:
        super().__init__(message)
        self.resets = resets


class WaitForReset(RetryPolicy):
    """Reschedules a rate-limited task to the platform's reset, unless that is too late for this run.

    What is left then is the next run's, and coverage says so. A user's mistake is not tried again, a lost store is.
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,  # noqa: ARG002 - the interface is Airflow's
        context: Any = None,  # noqa: ARG002 - the interface is Airflow's
    ) -> RetryDecision:
        """The decision for one failure."""
        if isinstance(exception, StillWaiting):
            longest = max(LONGEST_WAIT / max(try_number, 1), USUAL_WAIT)
            # One account whose platform never comes back must not keep those waiting that can be asked soon.
            waits = [wait for wait in map(_until, exception.resets) if wait <= longest]
            if not waits:
                return RetryDecision.fail(reason="rate limited for too long to wait; the next run goes on")
            return RetryDecision.retry(delay=max(waits), reason="rate limited until the reset")
        if isinstance(exception, UserError) and not isinstance(exception, FilesUnreachable):
            return RetryDecision.fail(reason="a person has to mend this")
        return RetryDecision.default()

    def serialize(self) -> dict[str, Any]:
        """Nothing to keep: the policy has no settings."""
        return {}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> WaitForReset:  # noqa: ARG003 - the interface is Airflow's
        """The policy again."""
        return cls()


def _until(resets_at: datetime | None) -> timedelta:
    if resets_at is None:
        return UNSAID_RESET
    return max(resets_at - datetime.now(UTC), timedelta(0)) + timedelta(seconds=1)


@cache
def platforms() -> tuple[str, ...]:
    """Names of the connectors, read off the folders: cheap enough for parsing a DAG."""
    folder = Path(__file__).resolve().parent.parent / "connectors"
    return tuple(sorted(path.parent.name for path in folder.glob("*/connector.yml")))


def pool_of(platform: str) -> str:
    """The Airflow pool that limits how many tasks ask a platform at once."""
    return f"api_{platform}"


# --- inside tasks ---------------------------------------------------------------------------------------------------


def workplace() -> Workplace:
    """Settings, registry and archive of this deployment, with connections from Airflow and logs made safe."""
    from chapterwatch import logs, metrics, settings
    from chapterwatch.pipeline import Workplace

    logs.install()
    metrics.send_to(AirflowStats() if _measured() else metrics.Silent())
    return Workplace(settings.from_environment(), connection)


def _measured() -> bool:
    """Whether Airflow sends metrics anywhere."""
    from airflow.sdk.configuration import conf

    switches = ("statsd_on", "statsd_datadog_enabled", "otel_on")
    return any(conf.getboolean("metrics", switch, fallback=False) for switch in switches)


class AirflowStats:
    """Carries our metrics on to Airflow's own client: StatsD, DogStatsD or OpenTelemetry, as `[metrics]` says, or none.

    Labels become tags. Plain StatsD has none and drops them: set `[metrics] statsd_influxdb_enabled` beside
    `statsd_on`, or values of one name with different labels lie over one another.
    """

    def count(self, name: str, value: int, labels: Mapping[str, str]) -> None:
        """Add to a counter."""
        from airflow.sdk.observability import stats

        stats.incr(name, value, tags=dict(labels))

    def gauge(self, name: str, value: float, labels: Mapping[str, str]) -> None:
        """Say how something stands."""
        from airflow.sdk.observability import stats

        stats.gauge(name, value, tags=dict(labels))

    def timing(self, name: str, duration: timedelta, labels: Mapping[str, str]) -> None:
        """Note how long something took."""
        from airflow.sdk.observability import stats

        stats.timing(name, duration, tags=dict(labels))


def connection(connection_id: str) -> Connection | None:
    """A connection from Airflow (Admin > Connections or any secrets backend), else from Chapterwatch's own settings.

    The password is the first secret of the platform's `connector.yml`; host (with schema and port) is the base URL;
    extras the manifest calls secrets, or whose name holds `token` or `secret`, are secrets, the others options.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    from chapterwatch import logs, settings

    try:
        found = BaseHook.get_connection(connection_id)
    except AirflowNotFoundException:
        return settings.from_environment().connection(connection_id)
    converted = _converted(connection_id, found)
    logs.remember(converted.secrets.values())
    return converted


#: Extras that are neither secrets nor options.
_EXTRAS = frozenset({"base_url", "expires"})


def _converted(connection_id: str, found: Any) -> Connection:
    from chapterwatch.model import Connection
    from connectors import manifests

    manifest = manifests().get(found.conn_type)
    known = list(manifest.secrets) if manifest else []
    extra = _extra(connection_id, found.extra)
    # The form keeps every field nobody filled in.
    extra = {name: value for name, value in extra.items() if value is not None and value != ""}
    options_known = manifest.options if manifest else {}
    secrets = {
        name: str(value) for name, value in extra.items() if name not in options_known and _is_secret(name, known)
    }
    options = {name: str(value) for name, value in extra.items() if name not in _EXTRAS | secrets.keys()}
    if found.password:
        secrets.setdefault(known[0] if known else "token", found.password)
    return Connection(
        id=connection_id,
        platform=found.conn_type,
        base_url=extra.get("base_url") or _base_url(found),
        secrets=secrets,
        options=options,
        expires=_expires(connection_id, extra.get("expires")),
    )


def _extra(connection_id: str, text: str | None) -> dict[str, Any]:
    try:
        extra = json.loads(text) if text else {}
    except ValueError:
        extra = None
    if not isinstance(extra, dict):
        # It may hold secrets, so it is not shown.
        raise UserError(f'connection {connection_id}: its extra fields are no JSON object; write {{"name": "value"}}')
    return extra


def _is_secret(name: str, known: Sequence[str]) -> bool:
    # `api_key:<native_id>` is the key of one account.
    return name.partition(":")[0] in known or "token" in name or "secret" in name


def _expires(connection_id: str, text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        raise UserError(f"connection {connection_id}: expires is {text!r}; write a date such as 2027-01-31") from None


def _base_url(found: Any) -> str | None:
    if not found.host:
        return None
    port = f":{found.port}" if found.port else ""
    return found.host if "://" in found.host else f"{found.schema or 'https'}://{found.host}{port}"


def night(context: Any) -> date:
    """The day a nightly run reports on: its partition, or the day before its logical date or start."""
    from chapterwatch.pipeline import periods

    run = context["dag_run"]
    if run.partition_key:
        return date.fromisoformat(run.partition_key)
    return periods.night_before(run.logical_date or run.run_after)


def month(context: Any) -> str:
    """The month a monthly run reports on: its partition, or the month before its logical date or start."""
    from chapterwatch.pipeline import periods

    run = context["dag_run"]
    if run.partition_key:
        return periods.month_of(run.partition_key)
    return periods.month_before(run.logical_date or run.run_after)


def started(context: Any) -> datetime:
    """When this run began, in UTC."""
    began: datetime = context["dag_run"].start_date or context["dag_run"].run_after
    return began


def accounts_on(platform: str) -> list[Account]:
    """The registry's accounts on a platform. Asked for every platform every night, so pandas stays out of it.

    Raises:
        InvalidFiles: the registry.
    """
    from chapterwatch import logs, registry, settings
    from chapterwatch.known import known

    logs.install()
    chosen = settings.from_environment()
    return registry.load(chosen.registry, known(chosen.policies)).select(platforms=[platform])


def batches(accounts: list[Account], size: int = BATCH) -> list[dict[str, Any]]:
    """Account keys in batches of at least `size`, each with a label for the grid."""
    size = max(size, -(-len(accounts) // MOST_TASKS))
    keys = [account.key for account in accounts]
    chunks = [keys[start : start + size] for start in range(0, len(keys), size)]
    return [
        {"keys": chunk, "label": f"accounts {index * size + 1}-{index * size + len(chunk)}"}
        for index, chunk in enumerate(chunks)
    ]


def waiting_or_counts(collected: Any) -> dict[str, Any]:
    """The counts of a batch for XCom. Raises StillWaiting where a window limit stopped some of its accounts."""
    if collected.waiting:
        raise StillWaiting(f"{len(collected.waiting)} accounts wait for a rate limit's reset", collected.resets)
    return {name: value for name, value in asdict(collected).items() if isinstance(value, int | str)}


def deferred_or_counts(counts: dict[str, Any]) -> dict[str, Any]:
    """The counts of a delivery for XCom. Raises where some mails could not be handed over: trying again is safe."""
    if counts["deferred"]:
        raise AirflowException(f"{counts['deferred']} mails wait for the mail server; the others are settled")
    return counts


def heard_or_raise(answer: dict[str, Any] | None, counts: dict[str, int]) -> dict[str, int]:
    """The counts of a release for XCom. Raises where its sign-off failed: that holds, and somebody has to see it."""
    if answer is None:
        raise AirflowFailException("its sign-off failed, so nothing was mailed; clear that task and it asks again")
    return counts


def whole_or_raise(result: Any) -> dict[str, int]:
    """The counts of a verification for XCom. Raises where an entry of the archive is not what was captured."""
    if not result.ok:
        raise AirflowException("the archive is not whole: " + "; ".join(result.problems))
    return {"captures": result.captures_checked, "files": result.files_checked, "accounts": result.accounts}


# --- choices of the trigger form ------------------------------------------------------------------------------------


@cache
def packs() -> tuple[str, ...]:
    """Names of the policy packs, read off the folders."""
    from chapterwatch import policy, settings

    return tuple(policy.packs_available(settings.from_environment().policies))


def chapter_choices() -> dict[str, str]:
    """The registry's chapters for the form, id -> name; none where there is no valid registry yet."""
    return {chapter.id: chapter.name for chapter in _chapters()}


def people_choices() -> dict[str, str]:
    """Who may get a report, address -> who that is: headquarters and every chapter's people."""
    found = _registry()
    headquarters = {
        mail: f"{association.name}, headquarters ({mail})"
        for association in (found.associations if found else ())
        for mail in association.headquarters
    }
    people = {
        person.email: f"{chapter.name}, {person.role} ({person.email})"
        for chapter in _chapters()
        for person in chapter.people
    }
    return headquarters | people


def role_choices() -> list[str]:
    """The offices of the chapters' people."""
    return sorted({person.role for chapter in _chapters() for person in chapter.people})


def publishers() -> list[HITLUser] | None:
    """Who may release a month's reports: staff listed as publisher or admin; None, where nobody is listed, for all."""
    found = _registry()
    named = [staff.user for staff in found.staff if staff.role in {"publisher", "admin"}] if found else []
    return [{"id": user, "name": user} for user in named] or None


def answer_of(answer: dict[str, Any] | None) -> tuple[str, str, str]:
    """What was chosen at a sign-off, by whom, and their note; empty strings where nobody answered."""
    chosen = (answer or {}).get("chosen_options") or [""]
    user = (answer or {}).get("responded_by_user") or {}
    note = ((answer or {}).get("params_input") or {}).get("note") or ""
    return str(chosen[0]), str(user.get("name") or user.get("id") or ""), str(note)


def asked_by(context: Any) -> str:
    """The login of whoever started the run; empty where nobody did."""
    return context["dag_run"].triggering_user_name or ""


def _chapters() -> Sequence[Chapter]:
    found = _registry()
    return found.chapters if found else ()


def _registry() -> Registry | None:
    from chapterwatch import registry, settings

    try:
        return registry.load(settings.from_environment().registry)
    except UserError:
        return None
