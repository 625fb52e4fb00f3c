#!/usr/bin/env bash
# Installs Chapterwatch for production from a checkout: system libraries, the locked packages, our wheel, these scripts.
#
#   deploy/install.sh PREFIX           all of it: apt-get (as root), a virtual environment at PREFIX
#   deploy/install.sh --system         only the system libraries
#   deploy/install.sh --lock [PREFIX]  only the packages of requirements-prod.txt
#   deploy/install.sh --nudity [PREFIX]          beside them what looks for bare bodies in pictures, where that is wanted
#   deploy/install.sh --wheel FOLDER [PREFIX]    builds our wheel into FOLDER
#   deploy/install.sh --package WHEEL [PREFIX]   installs a wheel that was built
#
# The Dockerfile runs the last five. Without PREFIX they use the environment whose python is first on the PATH, which
# in Airflow's image is its own. What stands already is left alone, so a second call is a blink. PYTHON=<path> chooses
# the interpreter for a new environment. Exit status 2 with one line where a person has to do something, 1 where a step
# failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly LOCK=requirements-prod.txt
readonly NUDITY=requirements-nudity.txt
readonly PIP=deploy/pip.txt
readonly PACKAGES=deploy/packages.txt
#: What goes into the wheel, and what is copied beside it.
readonly SOURCES="pyproject.toml README.md LICENSE THIRD_PARTY.md chapterwatch connectors checks desk reports policies dags sample deploy"

main() {
    case ${1:-} in
    --system) install_libraries ;;
    --lock) install_lock "$(python_of "${2:-}")" ;;
    --nudity) install_nudity "$(python_of "${2:-}")" ;;
    --wheel) build_wheel "$(python_of "${3:-}")" "${2:?a folder for the wheel}" ;;
    --package) install_wheel "$(python_of "${3:-}")" "${2:?the wheel}" ;;
    "" | -*) give_up "say where to: deploy/install.sh PREFIX, such as /opt/chapterwatch" ;;
    *) install_all "$1" ;;
    esac
}

install_all() {
    local prefix
    prefix=$(absolute "$1")
    install_libraries
    make_environment "$prefix"
    one_at_a_time "$prefix"
    stands "$prefix/locked" "$(fingerprint "$LOCK" "$PIP")" || install_lock "$prefix/bin/python"
    fingerprint "$LOCK" "$PIP" >"$prefix/locked"
    package_stands "$prefix" || install_package "$prefix"
    say "ready: $prefix/deploy/enter.sh"
}

say() { printf 'install: %s\n' "$*" >&2; }

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

absolute() { case $1 in /*) printf '%s\n' "${1%/}" ;; *) printf '%s\n' "$PWD/${1%/}" ;; esac; }

one_at_a_time() {
    command -v flock >/dev/null || return 0
    exec 9>>"$1/install.lock"
    flock 9
}

fingerprint() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

stands() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# --- system libraries -------------------------------------------------------------------------------------------------

install_libraries() {
    local missing
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    [ "$(id -u)" -eq 0 ] || give_up "system packages are missing; as root: apt-get install $missing"
    say "system packages: $missing"
    # The lists of a fresh machine are empty; where refreshing them fails, the ones at hand may still do.
    apt-get update -qq || true
    # shellcheck disable=SC2086 # the list is split on purpose
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        give_up "apt-get could not install them; as root: apt-get install $missing"
}

wanted_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$PACKAGES"; }

missing_packages() {
    local package found=""
    for package in $(wanted_packages); do
        installed "$package" || found="$found $package"
    done
    printf '%s' "${found# }"
}

installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# --- Python -----------------------------------------------------------------------------------------------------------

python_of() {
    if [ -n "$1" ]; then
        printf '%s\n' "$1/bin/python"
    else
        command -v python || give_up "there is no python on the PATH; give the environment's folder"
    fi
}

make_environment() {
    [ -x "$1/bin/python" ] && return
    local python
    python=$(find_python)
    say "virtual environment in $1, $("$python" --version)"
    "$python" -m venv "$1" || give_up "$python cannot make one; as root: apt-get install python3-venv"
}

find_python() {
    local name
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 /usr/bin/python3}; do
        if fits "$name" && { [ -n "${PYTHON:-}" ] || ! somebodys "$name"; }; then
            command -v "$name"
            return
        fi
    done
    give_up "needs Python 3.11, 3.12 or 3.13 outside of people's homes; install one or say PYTHON=<path to it>"
}

# Nobody but its owner may enter a home, and Chapterwatch runs as a user of its own.
somebodys() { case $(readlink -f "$(command -v "$1")") in /root/* | /home/*) ;; *) return 1 ;; esac }

# Asked by running it: a name on the PATH may be a shim with nothing behind it.
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

install_lock() {
    say "$(grep -c == "$LOCK") packages from $LOCK, some minutes the first time"
    pip_install "$1" --require-hashes -r "$PIP"
    pip_install "$1" --require-hashes -r "$LOCK"
}

install_nudity() {
    say "$(grep -c == "$NUDITY") packages from $NUDITY"
    pip_install "$1" --require-hashes -r "$NUDITY"
}

pip_install() {
    local python=$1
    shift
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir --root-user-action=ignore \
        "$@" </dev/null
}

# --- our wheel --------------------------------------------------------------------------------------------------------

package_stands() {
    [ -f "$1/installed" ] || return 1
    # shellcheck disable=SC2086 # the list is split on purpose
    [ -z "$(find $SOURCES -type f -not -path '*/__pycache__/*' -newer "$1/installed" -print -quit)" ]
}

install_package() {
    local prefix=$1 folder
    folder=$(mktemp -d)
    # Before the build, so that what is edited meanwhile counts as newer.
    touch "$folder/installed"
    build_wheel "$prefix/bin/python" "$folder"
    install_wheel "$prefix/bin/python" "$folder"/*.whl
    copy_scripts "$prefix"
    mv "$folder/installed" "$prefix/installed"
    rm -rf "$folder"
}

# Hatchling is in the lock, so nothing is fetched here.
build_wheel() {
    local said
    say "Chapterwatch's wheel"
    said=$("$1" -m hatchling build --target wheel --directory "$2" 2>&1) || {
        printf '%s\n' "$said" >&2
        exit 1
    }
}

install_wheel() { pip_install "$1" --no-deps --no-index --force-reinstall "$2"; }

# Beside the environment, so that the checkout may go.
copy_scripts() {
    rm -rf "$1/deploy"
    mkdir "$1/deploy"
    cp -R deploy/. "$1/deploy/"
}

main "$@"
