#!/usr/bin/env bash
# The entry point of every process in production, in a container and on plain Debian alike.
#
#   enter.sh init                  databases, roles, pools, connections; once before the others start, any number of times
#   enter.sh api-server | scheduler | dag-processor | triggerer | worker
#   enter.sh tidy [--daily] | backup FOLDER | restore FOLDER
#   enter.sh chapterwatch ... | airflow ... | python ...
#
# It takes settings from the environment, then from /etc/chapterwatch/production.env where that is (CHAPTERWATCH_SETTINGS
# names another), then from airflow.env; reads the secret NAME from the file that NAME_FILE names; refuses to be root where
# another user owns CHAPTERWATCH_HOME; composes the addresses of databases and broker from POSTGRES_* and REDIS_*; and then
# becomes the process asked for. Exit status 2 with one line where a person has to do something.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
#: Secrets every Airflow process needs: our name, Airflow's, what to say.
readonly SECRETS="
AIRFLOW_FERNET_KEY AIRFLOW__CORE__FERNET_KEY
AIRFLOW_JWT_SECRET AIRFLOW__API_AUTH__JWT_SECRET
AIRFLOW_SECRET_KEY AIRFLOW__API__SECRET_KEY
"

main() {
    [ $# -gt 0 ] || give_up "say what to run: init, api-server, scheduler, dag-processor, triggerer, worker, chapterwatch, airflow"
    local role=$1
    shift
    known "$role" || give_up "there is no role $role; see the head of $HERE/enter.sh"
    find_environment "$role"
    read_own_settings
    read_secret_files
    read_settings "$HERE/airflow.env"
    not_as_root "$role"
    complete_settings
    compose_databases
    needs_no_airflow "$role" || compose_airflow
    # What is written here names volunteers: for the owner and the group, nobody else.
    umask 0027
    run "$role" "$@"
}

known() {
    case $1 in
    init | api-server | scheduler | dag-processor | triggerer | worker) ;;
    tidy | backup | restore | chapterwatch | airflow | python | healthy) ;;
    *) return 1 ;;
    esac
}

needs_no_airflow() { case $1 in chapterwatch | backup | restore) ;; *) return 1 ;; esac }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# The process asked for takes this one's place, so that signals reach it.
run() {
    local role=$1
    shift
    local quiet=()
    [ "$CHAPTERWATCH_SERVE_LOGS" = on ] || quiet=(--skip-serve-logs)
    case $role in
    init | tidy | backup | restore | healthy) exec bash "$HERE/$role.sh" "$@" ;;
    worker) exec airflow celery worker "${quiet[@]}" "$@" ;;
    triggerer | scheduler) exec airflow "$role" "${quiet[@]}" "$@" ;;
    # A proxy on this machine says over what a browser came; FORWARDED_ALLOW_IPS names another one.
    api-server) exec airflow api-server --proxy-headers "$@" ;;
    dag-processor) exec airflow dag-processor "$@" ;;
    *) exec "$role" "$@" ;;
    esac
}

# --- where Python is --------------------------------------------------------------------------------------------------

# Installed by install.sh these scripts lie in the environment; in a checkout CHAPTERWATCH_PREFIX names it; in the image
# it is on the PATH already.
find_environment() {
    local prefix=${CHAPTERWATCH_PREFIX:-$(dirname "$HERE")}
    if [ -x "$prefix/bin/airflow" ]; then
        export PATH="$prefix/bin:$PATH" VIRTUAL_ENV="$prefix"
    fi
    command -v airflow >/dev/null ||
        give_up "airflow is not on the PATH; run deploy/install.sh PREFIX and start PREFIX/deploy/enter.sh;" \
            "with Docker Compose say: docker compose run --rm tools $1 ..."
    command -v python >/dev/null ||
        give_up "user $(id -un) cannot run $prefix/bin/python; install again with a PYTHON that is in nobody's home"
}

# --- secrets and settings ---------------------------------------------------------------------------------------------

# Airflow's own settings, which have two underscores, may end in _FILE by their own right.
read_secret_files() {
    local name
    for name in $(compgen -e | grep -E '^(POSTGRES|REDIS|AIRFLOW|CHAPTERWATCH|AWS)_[A-Z0-9]' | grep -E '_FILE$'); do
        case $name in AIRFLOW__* | AWS_*TOKEN_FILE | AWS_*CREDENTIALS_FILE | AWS_CONFIG_FILE) continue ;; esac
        read_secret_file "${name%_FILE}" "${!name}"
    done
}

read_secret_file() {
    local name=$1 file=$2 value
    [ -n "$file" ] || return 0
    [ -z "${!name:-}" ] || give_up "$name and ${name}_FILE are both set; keep one"
    [ -r "$file" ] || give_up "${name}_FILE names $file, which user $(id -un 2>/dev/null || id -u) cannot read"
    value=$(<"$file")
    [ -n "$value" ] || give_up "${name}_FILE names $file, which is empty"
    export "$name=$value"
}

read_own_settings() {
    local file=${CHAPTERWATCH_SETTINGS:-/etc/chapterwatch/production.env}
    if [ -r "$file" ]; then
        read_settings "$file"
    elif [ -n "${CHAPTERWATCH_SETTINGS:-}" ]; then
        give_up "CHAPTERWATCH_SETTINGS names $file, which user $(id -un 2>/dev/null || id -u) cannot read"
    fi
}

# NAME=value, as Docker Compose and systemd read such a file, without quotes; what is set already stays.
read_settings() {
    local line name
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in "" | "#"*) continue ;; esac
        name=${line%%=*}
        [[ $line == *=* && $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || give_up "$1 has a line that is no NAME=value: $name"
        [ -n "${!name+set}" ] || export "$name=${line#*=}"
    done <"$1"
}

# What root writes into the home the service that owns it could not read: a report, a log, Airflow's own settings.
not_as_root() {
    local owner
    case $1 in backup | healthy | python) return ;; esac
    [ "$(id -u)" = 0 ] && [ -d "$CHAPTERWATCH_HOME" ] && [ ! -O "$CHAPTERWATCH_HOME" ] || return 0
    owner=$(stat --format=%U "$CHAPTERWATCH_HOME")
    give_up "$CHAPTERWATCH_HOME is not root's, and user $owner, who owns it, could not read what root writes;" \
        "say: runuser -u $owner -- $HERE/enter.sh $1 ..."
}

complete_settings() {
    export AIRFLOW_HOME=${AIRFLOW_HOME:-$CHAPTERWATCH_HOME/airflow}
    # The DAGs come in our wheel.
    export AIRFLOW__CORE__DAGS_FOLDER=${AIRFLOW__CORE__DAGS_FOLDER:-$(site_packages)/dags}
}

site_packages() { python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

# --- addresses --------------------------------------------------------------------------------------------------------

# Beside Airflow's database, not in it: both keep a table of their migrations under one name.
compose_databases() {
    if [ -n "${CHAPTERWATCH_DATABASE:-}" ] && [ -n "${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:-}" ]; then return; fi
    needs POSTGRES_HOST "the PostgreSQL server's name"
    needs POSTGRES_PASSWORD "the password of its user"
    local place options=${POSTGRES_SSLMODE:+?sslmode=$POSTGRES_SSLMODE}
    place=$(encoded "${POSTGRES_USER:-airflow}"):$(encoded "$POSTGRES_PASSWORD")@$POSTGRES_HOST:${POSTGRES_PORT:-5432}
    local airflow=$place/${POSTGRES_DB:-airflow}$options
    export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:-postgresql+psycopg2://$airflow}
    export CHAPTERWATCH_DATABASE=${CHAPTERWATCH_DATABASE:-postgresql+psycopg://$place/${ARCHIVE_DB:-chapterwatch}$options}
}

compose_airflow() {
    local ours theirs
    while read -r ours theirs; do
        [ -n "$ours" ] || continue
        [ -n "${!theirs:-}" ] || needs "$ours" "see .env.example for how to make one"
        export "$theirs=${!theirs:-${!ours:-}}"
    done <<<"$SECRETS"
    check_keys
    compose_broker
    local port=$AIRFLOW__API__PORT
    export AIRFLOW__API__BASE_URL=${AIRFLOW__API__BASE_URL:-${AIRFLOW_BASE_URL:-http://127.0.0.1:$port}}
    # Over TLS a session's cookie must not travel without it; without TLS a browser would not send it at all.
    case $AIRFLOW__API__BASE_URL in https://*) export AIRFLOW__FAB__COOKIE_SECURE=${AIRFLOW__FAB__COOKIE_SECURE:-true} ;; esac
    export AIRFLOW__CORE__EXECUTION_API_SERVER_URL=${AIRFLOW__CORE__EXECUTION_API_SERVER_URL:-http://127.0.0.1:$port/execution/}
}

compose_broker() {
    local backend=$AIRFLOW__DATABASE__SQL_ALCHEMY_CONN
    export AIRFLOW__CELERY__RESULT_BACKEND=${AIRFLOW__CELERY__RESULT_BACKEND:-db+postgresql://${backend#*://}}
    if [ -n "${AIRFLOW__CELERY__BROKER_URL:-}" ]; then return; fi
    # Another executor (Kubernetes, local) has no broker.
    case $AIRFLOW__CORE__EXECUTOR in *Celery*) ;; *) return 0 ;; esac
    needs REDIS_HOST "the Redis server's name"
    needs REDIS_PASSWORD "its password"
    AIRFLOW__CELERY__BROKER_URL=redis://:$(encoded "$REDIS_PASSWORD")@$REDIS_HOST:${REDIS_PORT:-6379}/0
    export AIRFLOW__CELERY__BROKER_URL
}

needs() { [ -n "${!1:-}" ] || give_up "$1 is not set, nor ${1}_FILE: $2"; }

check_keys() {
    # Several while a key is being changed: the new one first, by commas.
    [[ $AIRFLOW__CORE__FERNET_KEY =~ ^[A-Za-z0-9_-]{43}=(,[A-Za-z0-9_-]{43}=)*$ ]] ||
        give_up "AIRFLOW_FERNET_KEY is no Fernet key (44 letters, digits, - and _, = at its end); see .env.example"
    [ ${#AIRFLOW__API_AUTH__JWT_SECRET} -ge 64 ] ||
        give_up "AIRFLOW_JWT_SECRET is shorter than 64 characters; see .env.example for how to make one"
}

# A password may hold any character; in a URL all but letters, digits and . _ ~ - are written %XX (RFC 3986).
encoded() {
    local LC_ALL=C text=$1 out="" char code index
    for ((index = 0; index < ${#text}; index++)); do
        char=${text:index:1}
        case $char in
        [A-Za-z0-9._~-]) out+=$char ;;
        *)
            printf -v code '%d' "'$char"
            printf -v char '%%%02X' $((code & 255))
            out+=$char
            ;;
        esac
    done
    printf '%s' "$out"
}

main "$@"
