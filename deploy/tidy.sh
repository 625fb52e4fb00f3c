#!/usr/bin/env bash
# Keeps logs and Airflow's database from growing for ever: enter.sh tidy [--daily]
#
# Deletes task logs older than CHAPTERWATCH_KEEP_LOGS_DAYS and what Airflow knows of runs older than
# CHAPTERWATCH_KEEP_RUNS_DAYS. The archive is never touched: findings, reports, mails and the log of what people did
# stay. With --daily it goes on, once a day, until it is stopped.
set -euo pipefail

main() {
    days CHAPTERWATCH_KEEP_LOGS_DAYS
    days CHAPTERWATCH_KEEP_RUNS_DAYS
    case ${1:-} in
    "") tidy ;;
    --daily) daily ;;
    *) give_up "tidy knows --daily only" ;;
    esac
}

say() { printf 'tidy: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# Days, at least one: 0 would delete the log of a task that runs.
days() { [[ ${!1} =~ ^[1-9][0-9]{0,4}$ ]] || give_up "$1 is '${!1}'; write a number of days, 1 or more"; }

# A night that could not be tidied is said and tried again the next.
daily() {
    while true; do
        (tidy) || say "failed; tried again in a day"
        # In the background, so that a signal ends it at once.
        sleep 86400 &
        wait $!
    done
}

tidy() {
    old_logs
    old_runs
}

old_logs() {
    local folder=${AIRFLOW__LOGGING__BASE_LOG_FOLDER:-$AIRFLOW_HOME/logs} gone
    [ -d "$folder" ] || return 0
    gone=$(find "$folder" -type f -mtime "+$((CHAPTERWATCH_KEEP_LOGS_DAYS - 1))" -print -delete | wc -l)
    find "$folder" -mindepth 1 -type d -empty -mtime +1 -delete
    say "$gone logs older than $CHAPTERWATCH_KEEP_LOGS_DAYS days deleted"
}

old_runs() {
    local before log
    before=$(date --utc --date="$CHAPTERWATCH_KEEP_RUNS_DAYS days ago" +%Y-%m-%dT%H:%M:%S+00:00)
    log=$(mktemp)
    if ! airflow db clean --clean-before-timestamp "$before" --skip-archive --yes >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        say "airflow db clean failed; its last lines are above"
        return 1
    fi
    rm -f "$log"
    say "Airflow forgot runs before $before"
}

main "$@"
