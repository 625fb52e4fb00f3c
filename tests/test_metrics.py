"""What Chapterwatch counts about itself: the table, what may stand in a label, and what arrives at a real receiver."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import airflow.sdk
import pytest
import yaml

from chapterwatch import airflow_glue, metrics
from chapterwatch.errors import ConnectorError
from chapterwatch.metrics import METRICS, Kept, Kind
from chapterwatch.pipeline import health

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Everything said within the test."""
    sink = Kept()
    with metrics.sent_to(sink):
        yield sink


# --- the table ------------------------------------------------------------------------------------------------------


def test_nobody_listens_unless_told_to() -> None:
    """Without Airflow nothing is sent, and nothing is found out for nobody."""
    assert not metrics.heard()


@pytest.mark.parametrize("value", ["ala", "facebook_page", "x", "rate_limited", "sedra.example", "2026-10", "7"])
def test_an_id_of_ours_is_a_label(value: str, kept: Kept) -> None:
    """What the registry calls an id, or a word of our own, passes as it is."""
    metrics.count("posts.captured", 2, platform=value)

    assert {("chapterwatch.posts.captured", (("platform", value),)): 2} == kept.counters


@pytest.mark.parametrize(
    "value",
    ["", "@ala_lakeside", "Harriet Vossler", "president@lakeside.example", "x,other=1", "a" * 61, "Öl", "x=y", "-x"],
)
def test_what_is_no_id_never_becomes_a_label(value: str, kept: Kept) -> None:
    """A name, a handle, an address or a text that strays here is dropped, and cannot forge another tag."""
    metrics.count("posts.captured", platform=value)

    assert {("chapterwatch.posts.captured", (("platform", "other"),)): 1} == kept.counters


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("posts.caught", {"platform": "x"}),
        ("posts.captured", {}),
        ("posts.captured", {"platform": "x", "handle": "ala_lakeside"}),
        ("night.coverage", {"association": "ala"}),
    ],
)
def test_what_the_table_does_not_hold_is_not_counted(name: str, labels: dict[str, str]) -> None:
    """A name, a label or a kind that is not in the table is our mistake and fails loudly."""
    with pytest.raises(ValueError, match="the table has no counter"):
        metrics.count(name, **labels)


def test_the_table_names_things_as_metrics_systems_allow() -> None:
    """Lower case, dots and underscores: the name is the same by StatsD, OpenTelemetry and Prometheus."""
    assert [] == [name for name in METRICS if not re.fullmatch(r"chapterwatch(\.[a-z][a-z_]*[a-z]){2}", name)]


def test_no_label_can_hold_a_person_or_an_account() -> None:
    """Labels are few, each of them a short list of words: an account's key or a chapter would be thousands."""
    allowed = {"platform", "reason", "association", "pack", "severity", "seen", "state", "kind", "outcome", "within"}

    assert allowed | {"step"} == {label for metric in METRICS.values() for label in metric.labels}


def test_gauges_are_printed_as_prometheus_reads_them(kept: Kept) -> None:
    """The textfile collector's form, named as by way of Airflow; counters and timers have no place in a file."""
    metrics.gauge("night.coverage", 0.875, association="ala")
    metrics.gauge("archive.whole", 1)
    metrics.count("posts.captured", platform="x")

    assert (
        "# HELP airflow_chapterwatch_night_coverage Share of an association's accounts the last night saw in full.\n"
        "# TYPE airflow_chapterwatch_night_coverage gauge\n"
        'airflow_chapterwatch_night_coverage{association="ala"} 0.875\n'
        "# HELP airflow_chapterwatch_archive_whole "
        "1 where the last verification found every entry in its place, else 0.\n"
        "# TYPE airflow_chapterwatch_archive_whole gauge\n"
        "airflow_chapterwatch_archive_whole 1\n"
    ) == kept.prometheus()


def test_a_step_that_fails_is_timed_too(kept: Kept) -> None:
    """How long a step took until it failed is what one looks for."""
    with pytest.raises(KeyError), metrics.timed("audit"):
        raise KeyError

    assert [("chapterwatch.step.duration", (("step", "audit"),))] == list(kept.timings)


def test_every_reason_of_a_connector_has_its_gauge() -> None:
    """A reason no gauge is set back for would stand in the metrics system for ever."""
    assert set() == {kind.reason for kind in _all_of(ConnectorError) if hasattr(kind, "reason")} - set(health.REASONS)


def _all_of(kind: type[Any]) -> set[type[Any]]:
    return {kind, *(item for below in kind.__subclasses__() for item in _all_of(below))} - {ConnectorError}


# --- by way of Airflow's own clients --------------------------------------------------------------------------------

#: Airflow's stats as its task runner sets them up, then one metric of each kind.
SENDER = """
from datetime import timedelta
from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
from chapterwatch import airflow_glue, metrics

legacy = conf.getboolean("metrics", "legacy_names_on")
stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=legacy)
assert airflow_glue._measured()
metrics.send_to(airflow_glue.AirflowStats())
metrics.count("accounts.unknown", 3, platform="x", reason="rate_limited")
metrics.gauge("night.coverage", 0.875, association="ala")
metrics.gauge("night.coverage", 0.5, association="lll")
metrics.timing("step.duration", timedelta(seconds=1.5), step="audit")
"""


@pytest.mark.parametrize("switch", ["STATSD_ON", "STATSD_DATADOG_ENABLED", "OTEL_ON"])
def test_airflows_switches_decide_whether_anything_is_sent(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by default: then nothing is measured for nobody."""
    assert not airflow_glue._measured()
    monkeypatch.setenv(f"AIRFLOW__METRICS__{switch}", "True")

    assert airflow_glue._measured()


def _send(tmp_path: Path, **settings: str) -> None:
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path / 'airflow.db'}",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
        **settings,
    }
    done = subprocess.run([sys.executable, "-c", SENDER], env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr[-2000:]


def test_statsd_receives_names_values_and_tags(tmp_path: Path) -> None:
    """A real UDP receiver hears Airflow's own StatsD client say our metrics, with labels as tags."""
    pytest.importorskip("statsd", reason="Airflow's StatsD client comes with apache-airflow[statsd]")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        _send(
            tmp_path,
            AIRFLOW__METRICS__STATSD_ON="True",
            AIRFLOW__METRICS__STATSD_HOST="127.0.0.1",
            AIRFLOW__METRICS__STATSD_PORT=str(receiver.getsockname()[1]),
            AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED="True",
        )
        heard: set[str] = set()
        # Airflow says things of its own on the way.
        while len(heard) < 4:
            heard |= {line for line in receiver.recv(2000).decode().splitlines() if ".chapterwatch." in line}

    assert {
        "airflow.chapterwatch.accounts.unknown,platform=x,reason=rate_limited:3|c",
        "airflow.chapterwatch.night.coverage,association=ala:0.875|g",
        "airflow.chapterwatch.night.coverage,association=lll:0.5|g",
        "airflow.chapterwatch.step.duration,step=audit:1500.000000|ms",
    } == heard


class _Collector(ThreadingHTTPServer):
    """An OTLP receiver: keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receive)
        self.bodies: list[bytes] = []


class _Receive(BaseHTTPRequestHandler):
    server: _Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[_Collector]:
    server = _Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_opentelemetry_receives_names_values_and_attributes(tmp_path: Path, collector: _Collector) -> None:
    """A real OTLP receiver hears Airflow's own OpenTelemetry client say the same."""
    _send(
        tmp_path,
        AIRFLOW__METRICS__OTEL_ON="True",
        OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
    )

    assert {
        ("airflow.chapterwatch.accounts.unknown", "sum", (("platform", "x"), ("reason", "rate_limited")), 3.0),
        ("airflow.chapterwatch.night.coverage", "gauge", (("association", "ala"),), 0.875),
        ("airflow.chapterwatch.night.coverage", "gauge", (("association", "lll"),), 0.5),
        ("airflow.chapterwatch.step.duration", "exponential_histogram", (("step", "audit"),), 1500.0),
    } == set(_points(collector.bodies))


def _points(bodies: list[bytes]) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...], float]]:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest  # noqa: PLC0415

    for body in bodies:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            said = (item for scope in resource.scope_metrics for item in scope.metrics)
            for metric in (item for item in said if ".chapterwatch." in item.name):
                kind = metric.WhichOneof("data")
                for point in getattr(metric, kind).data_points:
                    labels = tuple((item.key, item.value.string_value) for item in point.attributes)
                    value = point.sum if "histogram" in kind else point.as_double or point.as_int
                    yield metric.name, kind, tuple(sorted(labels)), float(value)


# --- the alert list -------------------------------------------------------------------------------------------------

ALERTS = [
    rule for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
_SERIES = re.compile(r"airflow_[a-z_]+[a-z]")


def _flat(name: str) -> str:
    return "airflow_" + name.replace(".", "_")


def _airflows_own() -> set[str]:
    shared = Path(airflow.sdk.__file__).parent / "_shared" / "observability" / "metrics" / "metrics_template.yaml"
    return {_flat(item["name"]) for item in yaml.safe_load(shared.read_text())["metrics"]}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_names_only_metrics_there_are(alert: dict[str, Any]) -> None:
    """An expression over a metric nobody sends never fires, which looks like all is well."""
    named = set(_SERIES.findall(alert["expr"]))

    assert named
    assert set() == named - {_flat(name) for name, item in METRICS.items() if item.kind is Kind.GAUGE} - _airflows_own()


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alerts_labels_are_those_of_its_metric(alert: dict[str, Any]) -> None:
    """A selector on a label a metric does not have selects nothing; on a word nobody says, neither."""
    words = {"reason": set(health.REASONS), "state": {"unknown", "refused", "bounced", "deferred"}}
    words["within"] = {str(days) for days in health.TOKEN_DAYS}
    by_name = {_flat(name): item for name, item in METRICS.items()}
    for name, label, said in re.findall(r'(airflow_chapterwatch_[a-z_]+){(\w+)=~?"([^"]+)"}', alert["expr"]):
        assert label in by_name[name].labels
        assert set() == set(said.split("|")) - words[label]


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    """Whoever is called at night finds the page; and no section describes an alert that is gone."""
    text = (ROOT / "docs" / "operate.md").read_text()
    alerts = text[text.index("## Alerts") : text.index("## Tasks")]

    assert [alert["alert"] for alert in ALERTS] == re.findall(r"^### ([a-z-]+)$", alerts, re.MULTILINE)
    assert [f"docs/operate.md#{alert['alert']}" for alert in ALERTS] == [
        alert["annotations"]["runbook"] for alert in ALERTS
    ]


def test_every_check_of_health_is_an_alert() -> None:
    """Where no metrics system watches, `chapterwatch health` says the same by the same names."""
    by_airflow_alone = {"not-judged-jump", "scheduler-dead", "dag-processor-dead", "queue-stuck"}

    assert {alert["alert"] for alert in ALERTS} - by_airflow_alone == set(health.IDS)


def test_every_word_for_why_is_explained() -> None:
    """The table of the section coverage-low has every reason an account can be given."""
    page = (ROOT / "docs" / "operate.md").read_text()
    section = page[page.index("### coverage-low") : page.index("### credentials-rejected")]

    assert set(health.REASONS) == set(re.findall(r"`([a-z_]+)`", section))


def test_alerts_and_health_agree_on_what_is_late() -> None:
    """One figure, written twice, must be one."""
    expr = {alert["alert"]: alert["expr"] for alert in ALERTS}
    seconds = {
        name: timedelta(seconds=int(found[0])) for name in expr if (found := re.findall(r"> (\d{5,})", expr[name]))
    }
    shares = {name: float(found[0]) for name in expr if (found := re.findall(r"< (0\.\d+)", expr[name]))}

    assert {
        "night-late": health.NIGHT_LATE,
        "audit-late": health.AUDIT_LATE,
        "archive-unverified": health.VERIFICATION_OLD,
    } == seconds
    assert {"coverage-low": health.COVERAGE_LOW, "disk-low": health.DISK_LOW} == shares


def test_the_page_of_metrics_is_the_table() -> None:
    """docs/metrics.md lists every metric with its kind, unit, labels and meaning, in the table's order."""
    text = (ROOT / "docs" / "metrics.md").read_text()
    rows = [
        f"| `{item.name}` | {item.kind} | {item.unit} | {', '.join(item.labels) or 'none'} | {item.meaning} |"
        for item in METRICS.values()
    ]

    assert rows == re.findall(r"^\| `chapterwatch\..*$", text, re.MULTILINE)


def test_every_alert_says_how_grave_it_is() -> None:
    """Somebody acts today, or this week: nothing between."""
    assert {"page", "ticket"} == {alert["labels"]["severity"] for alert in ALERTS}
