"""deploy/helm/values.yaml fits the official chart's names, our image and our deployment's settings; nothing is secret.

It has not been rendered: there is no Helm here. What can be held without it is held.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "deploy" / "helm" / "values.yaml").read_text()
VALUES: dict[str, Any] = yaml.safe_load(TEXT)
CHART: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "airflow_chart_keys.yml").read_text())
ENTER = (ROOT / "deploy" / "enter.sh").read_text()
PAGE = (ROOT / "docs" / "kubernetes.md").read_text()
SETTINGS = {item["name"]: item["value"] for item in VALUES["env"]}
#: What a cluster changes of what deploy/airflow.env says, on purpose.
CHANGED = {"AIRFLOW__CORE__EXECUTOR", "AIRFLOW__API__HOST"}
#: Sections whose containers start our image's entry point, and what they start.
ROLES = {
    "scheduler": ["scheduler"],
    "dagProcessor": ["dag-processor"],
    "triggerer": ["triggerer"],
    "apiServer": ["api-server"],
    "migrateDatabaseJob": ["init"],
}


def names(values: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every setting's path. What is free for any Kubernetes object is not looked into."""
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        yield here
        if isinstance(value, dict) and here not in CHART["free"]:
            yield from names(value, here)


def production() -> dict[str, str]:
    """Settings of deploy/airflow.env."""
    lines = (ROOT / "deploy" / "airflow.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.mark.parametrize("path", sorted(names(VALUES)))
def test_every_name_is_one_of_the_chart_s(path: str) -> None:
    """Helm takes an unknown name in silence, or refuses the whole file: either way it does not do what it says."""
    section, _, name = path.rpartition(".")

    assert name in (CHART["sections"].get(section, []) if section else CHART["top"])


def test_a_name_the_chart_does_not_have_is_found() -> None:
    """The check itself: a slip in a section and one at the top are both seen."""
    slips = {"schedular": {}, "scheduler": {"argz": []}, "workers": {"resources": {"limits": {"memory": "1Gi"}}}}
    known = {*CHART["top"], *(f"{part}.{one}" for part, all_ in CHART["sections"].items() for one in all_)}

    assert {"schedular", "scheduler.argz"} == set(names(slips)) - known


def test_the_image_is_the_lock_s() -> None:
    """Another Airflow in the image than in the lock would be two versions in one process."""
    found = re.search(r"^apache-airflow==(\S+)", (ROOT / "requirements-prod.txt").read_text(), re.MULTILINE)

    assert found is not None
    assert {found[1]} == {VALUES["defaultAirflowTag"], VALUES["airflowVersion"]}


def test_the_dags_lie_where_the_image_has_them() -> None:
    """The path holds Python's version, which is the base image's."""
    python = re.search(
        r"^FROM apache/airflow:slim-[0-9.]+-(python[0-9.]+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )

    assert python is not None
    assert f"/home/airflow/.local/lib/{python[1]}/site-packages/dags" == SETTINGS["AIRFLOW__CORE__DAGS_FOLDER"]


SECRET = re.compile(
    r"password|pass$|token|secret|(fernet|secret|access|api)_?key|sql_alchemy_conn|_database$|_mail$", re.IGNORECASE
)
#: Names of what holds secrets, and of their keys.
NAME = re.compile(r"Name$|^secretKey$|KeyRef$|^secret$", re.IGNORECASE)


def _is_secret(name: str) -> bool:
    return bool(SECRET.search(name)) and not NAME.search(name)


def _has_password(value: Any) -> bool:
    return isinstance(value, str) and bool(re.search(r"://[^\s/]*:[^\s/]*@", value))


def secrets_in(values: Any, name: str = "") -> Iterator[str]:
    """Settings that by their name are secret and have a value of their own."""
    if isinstance(values, dict) and "name" in values and "value" in values:
        yield from secrets_in(values["value"], values["name"])
    elif isinstance(values, dict):
        for key, value in values.items():
            yield from secrets_in(value, key)
    elif isinstance(values, list):
        for value in values:
            yield from secrets_in(value, name)
    elif values and not isinstance(values, bool) and (_is_secret(name) or _has_password(values)):
        yield name


def test_no_secret_stands_in_the_file() -> None:
    """A file of values is committed, mailed and kept in a cluster's history."""
    assert [] == list(secrets_in(VALUES))


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ({"fernetKey": "x"}, "fernetKey"),
        ({"redis": {"password": "x"}}, "password"),
        ({"data": {"metadataConnection": {"pass": "x"}}}, "pass"),
        ({"env": [{"name": "CHAPTERWATCH_MAIL", "value": "x"}]}, "CHAPTERWATCH_MAIL"),
        ({"env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}]}, "AWS_SECRET_ACCESS_KEY"),
        ({"data": {"brokerUrl": "redis://:x@host/0"}}, "brokerUrl"),
    ],
)
def test_a_secret_in_the_file_would_be_found(slip: dict[str, Any], name: str) -> None:
    """The check itself."""
    assert [name] == list(secrets_in({**VALUES, **slip}))


def test_every_secret_is_told_of_with_its_keys() -> None:
    """Whoever installs has to make them; a Secret without a line in the guide is a pod that never starts."""
    pairs = {(item["secretName"], item["secretKey"]) for item in VALUES["secret"]}
    pairs |= {(VALUES["data"]["metadataSecretName"], "connection")}
    pairs |= {(VALUES["fernetKeySecretName"], "fernet-key"), (VALUES["apiSecretKeySecretName"], "api-secret-key")}
    pairs |= {(VALUES["jwtSecretName"], "jwt-secret")}
    for item in VALUES["migrateDatabaseJob"]["env"]:
        if "valueFrom" in item:
            pairs.add(tuple(item["valueFrom"]["secretKeyRef"].values()))
    pairs |= {(volume["secret"]["secretName"], "chapters.yml") for volume in VALUES["volumes"]}

    assert pairs <= _keys_of_rows()


def _keys_of_rows() -> set[tuple[str, str]]:
    """(Secret, key) of the guide's table, whose second column may hold several keys."""
    found = set()
    for line in PAGE.splitlines():
        if line.startswith("| `chapterwatch-"):
            name, *rest = re.findall(r"`([^`]+)`", line)
            found |= {(name, key) for key in rest}
    return found


@pytest.mark.parametrize(("section", "args"), ROLES.items())
def test_each_role_starts_by_our_entry_point(section: str, args: list[str]) -> None:
    """The chart's own arguments begin with bash, which the entry point does not let in."""
    known = re.search(r"^known\(\) \{(.*?)^\}", ENTER, re.MULTILINE | re.DOTALL)

    assert args == VALUES[section]["args"]
    assert known is not None
    assert args[0] in known[1]


def test_what_would_start_by_bash_is_off() -> None:
    """Sidecars and jobs of the chart that run our image with a shell."""
    sidecars = [VALUES[part]["logGroomerSidecar"]["enabled"] for part in ("scheduler", "dagProcessor", "triggerer")]

    assert [False] * 3 == sidecars
    assert (False, False) == (VALUES["createUserJob"]["enabled"], VALUES["postgresql"]["enabled"])


@pytest.mark.parametrize("section", ["scheduler", "dagProcessor", "triggerer"])
def test_each_role_is_asked_for_its_health_by_our_script(section: str) -> None:
    """The chart's own checks import all of Airflow once a minute in every pod."""
    health = (ROOT / "deploy" / "healthy.sh").read_text()
    probes = [VALUES[section][name] for name in ("livenessProbe", "startupProbe") if name in VALUES[section]]

    for probe in probes:
        assert ["/opt/chapterwatch/deploy/enter.sh", "healthy", *ROLES[section]] == probe["command"]
        assert re.search(rf"^    {ROLES[section][0]}\) ", health, re.MULTILINE)


def test_settings_agree_with_the_deployment_s() -> None:
    """What stands in both says the same, unless a cluster changes it on purpose."""
    both = SETTINGS.keys() & production().keys()

    assert CHANGED <= both
    assert {name: production()[name] for name in both - CHANGED} == {name: SETTINGS[name] for name in both - CHANGED}
    assert not [name for name in CHANGED if production()[name] == SETTINGS[name]]


def test_tasks_are_told_what_the_entry_point_would_have_told_them() -> None:
    """Their pods do not pass through it: what it composes or exports and a task reads stands in the values."""
    composed = {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__CORE__DAGS_FOLDER"}
    read = {
        name for name in production() if name.startswith(("CHAPTERWATCH_HOME", "CHAPTERWATCH_REG", "CHAPTERWATCH_CONN"))
    }
    given = SETTINGS.keys() | {item["envName"] for item in VALUES["secret"]}

    assert composed | read | {"CHAPTERWATCH_DATABASE", "CHAPTERWATCH_FILES"} <= given
    assert "enter.sh" not in " ".join(VALUES["workers"]["command"])


def test_pods_share_no_folder_but_the_logs() -> None:
    """A report on one pod's disk is a report nobody can mail: files are in a bucket, and volumes are a pod's own."""
    assert SETTINGS["CHAPTERWATCH_FILES"].startswith("s3://")
    assert all("emptyDir" in volume for volume in VALUES["workers"]["extraVolumes"])
    assert all(mount.get("readOnly") for mount in VALUES["volumeMounts"])


def test_a_task_may_draw_a_report() -> None:
    """The press may take what its limits say, beside the task itself; and it writes to /tmp alone."""
    limits = re.search(r"memory_bytes: int = (\d) \* 1024\*\*3", (ROOT / "reports" / "render.py").read_text())
    worker = VALUES["workers"]

    assert limits is not None
    assert int(limits[1]) < int(worker["resources"]["limits"]["memory"].removesuffix("Gi"))
    assert "/tmp" in {mount["mountPath"] for mount in worker["extraVolumeMounts"]}
    assert worker["securityContexts"]["container"]["readOnlyRootFilesystem"]


def test_nobody_is_root() -> None:
    """Neither the pods nor, by another section, a container."""
    assert (True, 50000) == (VALUES["securityContexts"]["pod"]["runAsNonRoot"], VALUES["uid"])
    assert not re.findall(r"runAsUser: 0|privileged: true|allowPrivilegeEscalation: true", TEXT)


def test_the_api_server_lets_in_tasks_and_the_proxy_alone() -> None:
    """The pages name volunteers; and a task that may not report is lost."""
    peers = VALUES["apiServer"]["networkPolicy"]["ingress"]["from"]

    assert VALUES["networkPolicies"]["enabled"]
    assert ["podSelector", "namespaceSelector"] == [kind for peer in peers for kind in peer]
    assert VALUES["fullnameOverride"] == peers[0]["podSelector"]["matchLabels"]["release"]
    assert (
        f"http://{VALUES['fullnameOverride']}-api-server:8080/" in SETTINGS["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    )
