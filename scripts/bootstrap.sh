#!/usr/bin/env bash
# Sets the checkout up: system libraries, .venv from the hashed lock, Chapterwatch itself. `make` calls it first, always.
#
# Needs bash and Python 3.11 to 3.13, nothing else; PYTHON=<path> chooses the interpreter. What stands already is left
# alone: the whole script takes a blink when .venv is newer than the lock. Exit status 2 with one line where a person
# has to do something, 1 where a step failed (its log is .venv/setup.log).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv
readonly LOG=$VENV/setup.log
readonly LOCK=requirements.txt
# WeasyPrint opens these by name at run time, so no package index can bring them: library, then Debian's package.
readonly LIBRARIES="
libpango-1.0.so.0 libpango-1.0-0
libpangoft2-1.0.so.0 libpangoft2-1.0-0
libharfbuzz-subset.so.0 libharfbuzz-subset0
"

main() {
    one_at_a_time
    if stands locked "$LOCK" && stands installed pyproject.toml; then
        system_packages "$VENV/bin/python"
        return
    fi
    local python
    python=$(find_python)
    system_packages "$python"
    make_venv "$python"
    stands locked "$LOCK" || install_lock
    install_chapterwatch
    say "ready"
}

say() { printf 'set-up: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# Two `make` in two terminals must not write one .venv. The script itself is the lock file: nothing to clean up.
one_at_a_time() {
    command -v flock >/dev/null || return 0
    exec 9<scripts/bootstrap.sh
    flock 9
}

# --- Python -----------------------------------------------------------------------------------------------------------

find_python() {
    local name
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if fits "$name"; then
            command -v "$name"
            return
        fi
    done
    give_up "needs Python 3.11, 3.12 or 3.13, found $(what_python); install one or say PYTHON=<path to it>"
}

# Asked by running it: a name on the PATH may be a shim with nothing behind it.
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

what_python() { "${PYTHON:-python3}" --version 2>/dev/null || echo "none"; }

# --- system packages --------------------------------------------------------------------------------------------------

system_packages() {
    local missing
    missing=$(missing_packages "$1")
    [ -z "$missing" ] && return
    may_install || give_up "system packages are missing; run: sudo apt-get install $missing"
    say "system packages: $missing"
    install_packages "$missing"
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || give_up "still missing after apt-get install: $missing"
}

# Debian's packages for what does not load, in one line. Tried rather than looked up: a library may have come by
# another way than apt.
missing_packages() {
    # shellcheck disable=SC2086 - the list is split on purpose
    "$1" - $LIBRARIES <<'PYTHON'
import ctypes
import sys

missing = []
try:
    import ensurepip, venv
except ImportError:
    missing.append("python%d.%d-venv" % sys.version_info[:2])
for library, package in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        ctypes.CDLL(library)
    except OSError:
        missing.append(package)
print(*missing)
PYTHON
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || may_sudo
}

# Without a terminal nobody can type a password, so sudo has to work without one.
may_sudo() {
    command -v sudo >/dev/null || return 1
    [ -t 0 ] || sudo -n true 2>/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then env "$@"; else sudo env "$@"; fi
}

# The lists of a fresh machine are empty; where refreshing them fails, the ones at hand may still do.
install_packages() {
    local log
    log=$(mktemp)
    as_root apt-get update >"$log" 2>&1 || true
    # shellcheck disable=SC2086 - the list is split on purpose
    if ! as_root DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1 >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        give_up "apt-get could not install them; run: sudo apt-get install $1"
    fi
    rm -f "$log"
}

# --- .venv ------------------------------------------------------------------------------------------------------------

# A stamp holds the checkout's path, because a .venv that was moved or copied points elsewhere.
stands() {
    local stamp=$VENV/$1.stamp
    [ "$stamp" -nt "$2" ] && [ "$(cat "$stamp")" = "$PWD" ] && [ -x "$VENV/bin/python" ]
}

stamp() { printf '%s\n' "$PWD" >"$VENV/$1.stamp"; }

# A .venv of this checkout that runs is kept, so that a new lock changes only what changed in it.
make_venv() {
    if usable_venv; then return; fi
    say "virtual environment in $VENV, $("$1" --version)"
    rm -rf "$VENV"
    mkdir "$VENV"
    step "$1" -m venv "$VENV"
    stamp made
}

usable_venv() { fits "$VENV/bin/python" && [ "$(cat "$VENV/made.stamp" 2>/dev/null)" = "$PWD" ]; }

install_lock() {
    rm -f "$VENV/locked.stamp"
    say "$(grep -c == "$LOCK") packages from $LOCK, some minutes the first time"
    pip_install --require-hashes -r "$LOCK"
    stamp locked
}

# Its build tools are in the lock, so nothing is fetched here.
install_chapterwatch() {
    say "Chapterwatch itself"
    pip_install --no-build-isolation --no-deps --editable .
    stamp installed
}

pip_install() {
    step "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --root-user-action=ignore "$@"
}

# Runs a command into the log and shows the log's end if it fails.
step() {
    printf '\n$ %s\n' "$*" >>"$LOG"
    "$@" >>"$LOG" 2>&1 </dev/null && return
    tail -n 15 "$LOG" >&2
    say "that failed; the whole log is $LOG. Run make again to go on from here."
    exit 1
}

main
