#!/usr/bin/env bash
# Puts a backup back: enter.sh restore FOLDER [--replace]. Stop every other process first.
#
# What is there already is refused; --replace drops both databases first and lays the backup's files over those there.
# Afterwards the archive's chain heads are held against the backup's, every capture is hashed again, and the Fernet key
# at hand is tried on a connection. Exit status 0 only when all of that fits; 2 with one line where a person has to act.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
#: Where reports, pictures and exports lie.
readonly PLACE=${CHAPTERWATCH_FILES:-$CHAPTERWATCH_HOME}

main() {
    local folder=${1:-} replace=${2:-}
    [ -f "$folder/MANIFEST" ] || give_up "say which backup: restore FOLDER; '$folder' has no MANIFEST"
    [ -z "$replace" ] || [ "$replace" = --replace ] || give_up "restore knows --replace only"
    cd "$folder"
    sha256sum --check --quiet MANIFEST >/dev/null 2>&1 || give_up "the backup is not what was written: its hashes do not fit"
    export PGSERVICEFILE
    PGSERVICEFILE=$(mktemp)
    trap 'rm -f "$PGSERVICEFILE"' EXIT
    python "$HERE/databases.py" services "$PGSERVICEFILE"
    python "$HERE/databases.py" make-room ${replace:+"$replace"}
    room_for_files "$replace"
    load airflow
    load archive
    restore_files
    restore_config
    same_heads
    say "every capture is hashed again"
    chapterwatch archive verify
    python "$HERE/databases.py" fernet
    say "done"
}

say() { printf 'restore: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

room_for_files() {
    [ -f files.tar ] || return 0
    case $PLACE in *://*) give_up "the backup has files, and CHAPTERWATCH_FILES is a bucket; unpack files.tar there" ;; esac
    mkdir -p "$PLACE" 2>/dev/null || give_up "user $(id -un) cannot make $PLACE"
    [ -w "$PLACE" ] || give_up "user $(id -un) cannot write to $PLACE"
    [ -n "$1" ] && return
    # Airflow's own folder may lie in it, and is not in a backup.
    [ -z "$(find "$PLACE" -mindepth 1 -maxdepth 1 ! -name airflow ! -name lost+found -print -quit)" ] ||
        give_up "$PLACE is not empty; restore into an empty one, or say --replace"
}

# All of a database or nothing. As SQL rather than by pg_restore itself: the one that comes with PostgreSQL 17 or newer
# sets transaction_timeout in the first lines, which the server of docker-compose.yml, a 16, refuses.
load() {
    say "$1's database"
    pg_restore --no-owner --no-privileges --file=- "$1.dump" | sed '1,40{/^SET transaction_timeout = 0;$/d}' |
        PGSERVICE=$1 psql --no-psqlrc --quiet --single-transaction --set=ON_ERROR_STOP=1 --output=/dev/null ||
        give_up "$1.dump could not be loaded"
}

restore_files() {
    if [ ! -f files.tar ]; then
        say "the backup has no files; those lie at $PLACE"
        return
    fi
    say "files"
    tar --extract --file=files.tar --directory="$PLACE" --no-same-owner
}

# A roster that is there may be newer than the backup's.
restore_config() {
    [ -f config.tar ] || return 0
    local folder
    folder=$(dirname "$CHAPTERWATCH_REGISTRY")
    if [ -e "$CHAPTERWATCH_REGISTRY" ]; then
        say "the roster $CHAPTERWATCH_REGISTRY stays as it is; the backup's is in $PWD/config.tar"
    elif mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ]; then
        tar --extract --file=config.tar --directory="$folder" --no-same-owner
        say "the roster is back in $folder; connections and tokens are not in a backup"
    else
        say "$folder cannot be written; unpack $PWD/config.tar there yourself"
    fi
}

same_heads() {
    local now
    now=$(PGSERVICE=archive psql --no-psqlrc --quiet --command="COPY chain_head TO STDOUT" | LC_ALL=C sort)
    [ "$now" = "$(cat heads.tsv)" ] || {
        say "the archive's chain heads are not the backup's"
        exit 1
    }
    say "the chain heads of $(wc -l <heads.tsv) accounts are the backup's"
}

main "$@"
