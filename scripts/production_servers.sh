#!/usr/bin/env bash
# Sees to it that the machine has PostgreSQL and Redis, for `make test-production`.
#
# What is missing comes from Debian; what is there, of whatever version, is left alone. Nothing is started and nothing is
# stopped: the tests start servers of their own, on ports nobody uses, in folders that go away.
#
# CHAPTERWATCH_TEST_POSTGRES=postgresql://user:password@host:port and CHAPTERWATCH_TEST_REDIS=redis://:password@host:port
# name servers that run already; nothing is installed for those.
#
# Exit status 2 with one line where a person has to do something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
    local missing=()
    [ -n "${CHAPTERWATCH_TEST_POSTGRES:-}" ] || has_postgres || missing+=(postgresql)
    [ -n "${CHAPTERWATCH_TEST_REDIS:-}" ] || command -v redis-server >/dev/null || missing+=(redis-server)
    [ ${#missing[@]} -eq 0 ] && return
    may_install || give_up "PostgreSQL and Redis are needed; run: sudo apt-get install ${missing[*]}"
    say "installing ${missing[*]}"
    install "${missing[@]}"
}

say() { printf 'production: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

# Debian keeps its programs off the PATH, one folder a version.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

as_root() { if [ "$(id -u)" -eq 0 ]; then env "$@"; else sudo env "$@"; fi; }

# In "run level 1" invoke-rc.d starts no service, so the packages' own servers take no port; where systemd runs they
# start on loopback, as Debian means them to.
install() {
    local log
    log=$(mktemp)
    as_root apt-get update >"$log" 2>&1 || true
    if ! as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1
    then
        tail -n 20 "$log" >&2
        give_up "apt-get could not install $*; the whole log is $log"
    fi
    rm -f "$log"
}

main "$@"
