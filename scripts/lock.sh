#!/usr/bin/env bash
# Writes requirements.txt (everything, for a checkout), requirements-model.txt (what training needs beside it),
# requirements-prod.txt (what the image runs on) and requirements-nudity.txt (what looks for bare bodies, beside that) from
# pyproject.toml: every version and hash, no index addresses. Versions locked already are kept; UPGRADE=1 takes the newest. uv resolves, from the PATH or from a throwaway environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly THROWAWAY=.venv-lock

main() {
    local uv
    uv=$(command -v uv || true)
    [ -n "$uv" ] || uv=$(fetch_uv)
    lock "$uv" requirements.txt pyproject.toml --group dev --extra postgres --extra ocr --extra nudity --extra s3
    lock "$uv" requirements-model.txt --group pyproject.toml:model --constraints requirements.txt
    lock "$uv" requirements-prod.txt pyproject.toml --extra production
    # What is measured in a checkout is what looks in production, beside the packages that stand there.
    lock "$uv" requirements-nudity.txt --group pyproject.toml:nudity --constraints requirements.txt --constraints requirements-prod.txt
    rm -rf "$THROWAWAY"
}

fetch_uv() {
    .venv/bin/python -m venv --clear "$THROWAWAY" >&2
    "$THROWAWAY/bin/python" -m pip install --quiet --disable-pip-version-check uv >&2
    echo "$THROWAWAY/bin/uv"
}

# usage: lock <uv> <file> <what of pyproject.toml goes in>...
lock() {
    local uv=$1 file=$2
    shift 2
    "$uv" pip compile "$@" ${UPGRADE:+--upgrade} --output-file "$file" --quiet \
        --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
    if grep -q '://' "$file"; then
        echo "chapterwatch: $file names an address; take it out of pyproject.toml or the index settings" >&2
        exit 2
    fi
    echo "$file: $(grep -c == "$file") packages"
}

main
