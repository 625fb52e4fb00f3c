#!/usr/bin/env bash
# Brings everything that is kept up to what this version needs. Run by `enter.sh init` before the other processes
# start; a second run changes nothing. Exit status 2 with one line where a person has to do something.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

main() {
    python "$HERE/databases.py" create
    folders
    say "Airflow's database"
    quietly airflow db migrate
    say "the archive"
    chapterwatch archive upgrade >&2
    say "roles, first account, pools, connections"
    # Airflow tells of every right it gives, some hundred lines; what fails is said all the same.
    AIRFLOW__LOGGING__LOGGING_LEVEL=ERROR AIRFLOW__LOGGING__FAB_LOGGING_LEVEL=ERROR PYTHONWARNINGS=ignore \
        python "$HERE/accounts.py"
    say "done"
}

say() { printf 'init: %s\n' "$*" >&2; }

# What lies there names volunteers: nobody but the owner and the group may look.
folders() {
    local folder
    for folder in "$AIRFLOW_HOME" "$CHAPTERWATCH_HOME"; do
        case $folder in *://*) continue ;; esac
        mkdir -p "$folder" 2>/dev/null || give_up "user $(id -un) cannot make $folder"
        [ -w "$folder" ] || give_up "user $(id -un) cannot write to $folder"
    done
}

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# Airflow says much that nobody has to read unless it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        printf 'chapterwatch: %s failed; its last lines are above\n' "$*" >&2
        exit 1
    fi
    rm -f "$log"
}

main "$@"
