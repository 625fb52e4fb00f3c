#!/usr/bin/env bash
# Whether one process of this machine is well: healthy.sh api-server | scheduler | dag-processor | triggerer | worker
#
# Exit status 0 or 1, with a word why. Started by enter.sh healthy ROLE, which composes the addresses it asks. Each asks
# what costs least: Airflow's own `jobs check` and `celery --app` import all of Airflow, some CPU-seconds every time.
set -euo pipefail

readonly PATIENCE=10

main() {
    case ${1:-} in
    api-server) answers "http://127.0.0.1:$AIRFLOW__API__PORT$(base_path)/api/v2/version" ;;
    scheduler) answers "http://127.0.0.1:${AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT:-8974}/health" ;;
    dag-processor) beats DagProcessorJob ;;
    triggerer) beats TriggererJob ;;
    worker) pongs ;;
    *)
        echo "chapterwatch: say whose health: api-server, scheduler, dag-processor, triggerer, worker" >&2
        exit 2
        ;;
    esac
}

# A proxy set for the outside world does not know our loopback.
answers() {
    curl --fail --silent --show-error --output /dev/null --noproxy '*' --max-time "$PATIENCE" "$1"
}

# Where the UI lives below a path, so does its API.
base_path() {
    local rest=${AIRFLOW__API__BASE_URL#*://}
    case $rest in */*) rest=/${rest#*/} ;; *) rest="" ;; esac
    printf '%s' "${rest%/}"
}

# A job of this host that told Airflow's database within its own threshold that it lives.
beats() {
    python - "$1" <<'PYTHON'
import os
import socket
import sys

import psycopg

# Airflow's default thresholds are 50 and 30 seconds; a busy machine may be late by one beat.
QUERY = """
    SELECT EXTRACT(EPOCH FROM now() - max(latest_heartbeat)) FROM job
    WHERE job_type = %s AND hostname = %s AND state = 'running'
"""
LATEST = 60

url = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
address = "postgresql://" + url.partition("://")[2]
try:
    with psycopg.connect(address, connect_timeout=5) as connection:
        row = connection.execute(QUERY, (sys.argv[1], socket.gethostname())).fetchone()
except psycopg.Error as error:
    sys.exit(f"the database does not answer: {type(error).__name__}")
if row is None or row[0] is None:
    sys.exit(f"no running {sys.argv[1]} on this host")
if row[0] > LATEST:
    sys.exit(f"{sys.argv[1]} was last heard of {row[0]:.0f} s ago")
PYTHON
}

# Asked through the broker, so a worker that lost it is ill too. The address goes by the environment: arguments are for
# every user of the machine to read. Read to its end: grep -q would close the pipe at the word, and the asker's death by
# that would count as the worker's illness.
pongs() {
    CELERY_BROKER_URL=$AIRFLOW__CELERY__BROKER_URL celery inspect ping --timeout "$PATIENCE" \
        --destination "celery@${CHAPTERWATCH_WORKER:-$HOSTNAME}" 2>&1 | grep pong >/dev/null || return 1
}

main "$@"
