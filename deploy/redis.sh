#!/usr/bin/env bash
# Redis as the queue between scheduler and workers, in the image of docker-compose.yml or on plain Debian.
#
#   REDIS_PASSWORD or REDIS_PASSWORD_FILE is needed; REDIS_PORT, REDIS_BIND and REDIS_FOLDER may be set.
#
# The settings go in by standard input, for arguments are for every user of the machine to read.
set -euo pipefail

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

if [ -n "${REDIS_PASSWORD_FILE:-}" ]; then
    [ -z "${REDIS_PASSWORD:-}" ] || give_up "REDIS_PASSWORD and REDIS_PASSWORD_FILE are both set; keep one"
    [ -r "$REDIS_PASSWORD_FILE" ] || give_up "REDIS_PASSWORD_FILE names $REDIS_PASSWORD_FILE, which cannot be read"
    REDIS_PASSWORD=$(<"$REDIS_PASSWORD_FILE")
fi
[ -n "${REDIS_PASSWORD:-}" ] || give_up "REDIS_PASSWORD is not set, nor REDIS_PASSWORD_FILE"
case $REDIS_PASSWORD in *[\"\\]*) give_up "REDIS_PASSWORD may hold no quotation mark and no backslash" ;; esac
password=$REDIS_PASSWORD
unset REDIS_PASSWORD REDIS_PASSWORD_FILE

exec redis-server - <<SETTINGS
port ${REDIS_PORT:-6379}
bind ${REDIS_BIND:-127.0.0.1}
dir "${REDIS_FOLDER:-/data}"
requirepass "$password"
# A restart in the middle of the night keeps the tasks that wait. Without it Airflow would notice by itself, after ten
# minutes each (task_queued_timeout), so losing the last second is no harm and syncing every write not worth its price.
appendonly yes
appendfsync everysec
save ""
# A queue that drops entries to make room loses tasks without a word; full, it refuses, and that is seen.
maxmemory-policy noeviction
SETTINGS
