#!/usr/bin/env bash
# Copies what cannot be made again into an empty folder: enter.sh backup FOLDER. Nothing has to be stopped for it.
#
#   airflow.dump   Airflow's database: accounts, connections (encrypted), runs
#   archive.dump   the archive
#   files.tar      reports, pictures, exports, where they lie in a folder (CHAPTERWATCH_FILES, CHAPTERWATCH_HOME)
#   config.tar     the folder of the roster, without the secrets, settings and connections that may lie there
#   heads.tsv      where each account's chain of captures ended, read from archive.dump
#   MANIFEST       versions and the SHA-256 of all of these
#
# Not in it: the Fernet key, without which the connections in airflow.dump cannot be read, and no other secret; nor
# production.env, which may hold some. Keep those elsewhere. Exit status 2 with one line where a person has to do something.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

main() {
    local folder=${1:-}
    [ -n "$folder" ] || give_up "say where to: backup FOLDER"
    make_empty "$folder"
    cd "$folder"
    outside_of "${CHAPTERWATCH_FILES:-$CHAPTERWATCH_HOME}"
    export PGSERVICEFILE
    PGSERVICEFILE=$(mktemp)
    trap 'rm -f "$PGSERVICEFILE"' EXIT
    python "$HERE/databases.py" services "$PGSERVICEFILE"
    # Databases first: a file that came meanwhile is one too many, and never one too few.
    dump airflow
    dump archive
    heads
    copy_files
    copy_config
    manifest
    say "done: $(du -sh . | cut -f 1) in $PWD; keep the Fernet key and your settings elsewhere, they are not in it"
    say "the archive's heads: $(sha256sum heads.tsv | cut -d ' ' -f 1)"
}

say() { printf 'backup: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# It holds what reports say of people.
make_empty() {
    mkdir -p "$1" 2>/dev/null || give_up "$1 cannot be made"
    [ -w "$1" ] || give_up "user $(id -un) cannot write to $1"
    [ -z "$(ls -A "$1")" ] || give_up "$1 is not empty; say a new folder for each backup"
    chmod 0700 "$1" 2>/dev/null || true
}

# A backup among what is backed up would be in the next one, and that in the one after it.
outside_of() {
    [ -d "$1" ] || return 0
    case $(pwd -P)/ in "$(cd "$1" && pwd -P)"/*) give_up "$PWD lies in $1, which is what is backed up; say a folder elsewhere" ;; esac
}

dump() {
    say "$1's database"
    PGSERVICE=$1 pg_dump --format=custom --no-owner --no-privileges --file="$1.dump" ||
        give_up "pg_dump could not read the database of $1; it has to be as new as the server, or newer"
}

# From the dump itself, so that they are those of the very moment it shows.
heads() {
    pg_restore --data-only --table=chain_head --file=- archive.dump |
        sed -n '/^COPY /,/^\\\.$/{/^COPY /d;/^\\\.$/d;p}' | LC_ALL=C sort >heads.tsv
}

copy_files() {
    local place=${CHAPTERWATCH_FILES:-$CHAPTERWATCH_HOME}
    case $place in
    *://*)
        say "files lie at $place; switch versions on there, they are not copied"
        return
        ;;
    esac
    [ -d "$place" ] || give_up "$place is no folder; check CHAPTERWATCH_FILES and CHAPTERWATCH_HOME"
    say "files"
    local status=0
    # Airflow's own folder may lie in it: its logs are not worth keeping.
    tar --create --file=files.tar --directory="$place" --exclude=./airflow --exclude=./lost+found . || status=$?
    # 1 says that a file changed while it was read: a report that was just being written.
    [ "$status" -le 1 ] || give_up "tar could not copy $place"
}

copy_config() {
    local folder
    folder=$(dirname "$CHAPTERWATCH_REGISTRY")
    if [ ! -d "$folder" ]; then
        say "there is no folder $folder, so no roster is copied"
        return
    fi
    hide_secrets "$folder"
    tar --create --file=config.tar --directory="$folder" "${HIDDEN[@]}" .
}

#: What tar leaves out of the roster's folder: on Debian secrets and settings lie there (docs/deploy.md). First by name,
#: an editor's copies and a certificate's key among them.
HIDDEN=(
    --anchored --wildcards --exclude='./secrets*' --exclude='./connections*' --exclude='./.connections*'
    --no-anchored --exclude='*.env' --exclude='*.env[~.-]*' --exclude='.env*'
    --exclude='*.key' --exclude='*.pem' --exclude='*.p12' --exclude='*.pfx'
)

# Then what a setting names as a secret's file; then what says a secret, whatever it is called.
hide_secrets() {
    local folder name
    folder=$(cd "$1" && pwd -P)
    HIDDEN+=(--anchored --no-wildcards)
    while IFS= read -r name; do
        name=$(realpath --canonicalize-missing -- "${!name}")
        case $name in "$folder"/*) HIDDEN+=("--exclude=./${name#"$folder"/}") ;; esac
    done < <(compgen -e | grep -E '^(POSTGRES|REDIS|AIRFLOW|CHAPTERWATCH|AWS)_.*_FILE$|^CHAPTERWATCH_(SETTINGS|(IMPORT_)?CONNECTIONS)$')
    while IFS= read -r name; do
        [ "$folder/${name#./}" != "$(realpath -- "$CHAPTERWATCH_REGISTRY")" ] ||
            give_up "a secret stands in $CHAPTERWATCH_REGISTRY, which belongs into the backup; take it out there"
        HIDDEN+=("--exclude=$name")
        say "left out, for a secret stands in it: $name"
    done < <(cd "$folder" && saying_a_secret)
}

# The files in this folder, not hidden yet, in which one of the secrets of this process stands.
saying_a_secret() {
    local names
    mapfile -t names < <(tar --create --file=/dev/null --verbose --quoting-style=literal "${HIDDEN[@]}" .)
    grep --files-with-matches --no-messages --directories=skip --fixed-strings --file=<(secrets) -- "${names[@]}" || true
}

# Line by line, and each of several keys; a short word may stand in any file and betrays nobody there.
secrets() {
    local name
    while IFS= read -r name; do
        printf '%s\n' "${!name}"
    done < <(compgen -e | grep -E '^(POSTGRES|REDIS|AIRFLOW|CHAPTERWATCH|AWS)_.*(PASSWORD|SECRET|KEY|TOKEN|MAIL|DATABASE|CONN|BROKER_URL)$') |
        tr ',' '\n' | grep -E '.{16}' || true
}

manifest() {
    {
        printf '# Chapterwatch backup, %s\n' "$(date --utc +%Y-%m-%dT%H:%M:%SZ)"
        printf '# %s\n' "$(chapterwatch --version)" "$(pg_dump --version)"
        sha256sum -- *.dump *.tar heads.tsv
    } >MANIFEST
}

main "$@"
