#!/usr/bin/env bash
# Fetches what `make contract` tests the connectors against: servers and specifications nobody here wrote.
#
#   mediawiki  MediaWiki 1.39 and PHP 8.2 from Debian 12, unpacked, not installed         340 MB, 1 min
#   graph      facebook-business from PyPI: the fields Meta's own SDK knows                17 MB, 10 s
#   x          prism from npm. The specification is X's and not ours to fetch or keep: save
#              https://api.x.com/2/openapi.json and name it in CHAPTERWATCH_X_OPENAPI      about 90 MB, 30 s
#   bluesky    a whole PDS from npm, @atproto/dev-env. It compiles SQLite, so only if
#              CHAPTERWATCH_CONTRACT_PDS=1                                                 about 360 MB, 4 to 8 min
#
#   pdf        outloud and pdfua from PyPI: programs that judge whether a PDF can be read aloud
#              (PDF/UA-1). qpdf and veraPDF are asked too where they are on the PATH          420 MB, 40 s
#
# Not here, because `make test` has them: YouTube's discovery document (in the client's wheel) and a Mastodon server
# (mastodon-mock, in the lock). Threads has no such part: Meta's SDK knows it for advertisements only.
#
# usage: contract_servers.sh [part]...     all of them unless some are named
#
# Everything lies in .contract/; what stands already is left alone. Nothing is run as root. A part that cannot be had
# leaves its reason in .contract/<part>.why, which its tests then skip with; the exit status is 0 all the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly CACHE=$PWD/.contract
readonly PYTHON=.venv/bin/python
readonly FACEBOOK_BUSINESS=26.0.3 PRISM=5.14.2 ATPROTO=0.3.215
readonly OUTLOUD=0.2.1 PDFUA=0.1.3
readonly WIKI_PACKAGES="mediawiki mediawiki-classes
php8.2-cli php8.2-common php8.2-intl php8.2-mbstring php8.2-opcache php8.2-sqlite3 php8.2-xml
libargon2-1 libbsd0 libedit2 libicu72 libonig5 libsodium23 libsqlite3-0 libxml2 libxslt1.1"
readonly PHP_MODULES="calendar ctype dom fileinfo iconv intl mbstring pdo pdo_sqlite posix simplexml sqlite3 tokenizer
xml xmlreader xmlwriter"

main() {
    local part
    mkdir -p "$CACHE"
    for part in "${@:-mediawiki graph x bluesky pdf}"; do
        # shellcheck disable=SC2086 - the default is a list
        for part in $part; do prepare "$part"; done
    done
}

# usage: prepare <part>
prepare() {
    local part=$1 version
    if ! declare -F "prepare_$part" >/dev/null; then
        echo "chapterwatch: there is no part $part; --help names them" >&2
        exit 2
    fi
    version=$("version_of_$part")
    [ "$(cat "$CACHE/$part/ready" 2>/dev/null)" = "$version" ] && return
    rm -rf "${CACHE:?}/$part" "$CACHE/$part.why"
    mkdir "$CACHE/$part"
    if "prepare_$part" >"$CACHE/$part.log" 2>&1; then
        printf '%s\n' "$version" >"$CACHE/$part/ready"
        say "$part is ready"
    else
        [ -s "$CACHE/$part.why" ] || because "$part" "it could not be fetched; the log is .contract/$part.log"
        say "$part is left out: $(cat "$CACHE/$part.why")"
    fi
}

say() { printf 'contract: %s\n' "$*" >&2; }

# usage: because <part> <reason>; fails, so that it can end a part
because() {
    printf '%s\n' "$2" >"$CACHE/$1.why"
    return 1
}

# --- MediaWiki --------------------------------------------------------------------------------------------------------

# The place is in php.ini, so a checkout that was moved prepares again.
version_of_mediawiki() { printf '1.39-2 %s\n' "$PWD"; }

prepare_mediawiki() {
    local folder=$CACHE/mediawiki wiki=$CACHE/mediawiki/site/w
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || because mediawiki "needs apt-get and dpkg" || return 1
    unpack_packages "$folder" ||
        because mediawiki "needs Debian 12's mediawiki and php8.2 packages within reach" || return 1
    mkdir "$folder/site" || return 1
    mv "$folder/root/usr/share/mediawiki" "$wiki" || return 1
    # Debian's links lead to where a package would be installed.
    rm -f "$wiki"/{extensions,config,images,LocalSettings.php}
    mv "$wiki/extensions-core" "$wiki/extensions" && mkdir "$wiki/images" || return 1
    write_php_ini "$folder" || return 1
    LD_LIBRARY_PATH=$(printf '%s:' "$folder"/root/usr/lib/*-linux-gnu*) \
        "$folder/root/usr/bin/php8.2" -n -c "$folder/php.ini" -m ||
        because mediawiki "PHP 8.2 of Debian 12 does not run here"
}

# Libraries that are no Debian 12's by this name are the machine's own business.
unpack_packages() {
    local folder=$1 name
    mkdir "$folder/debs" || return 1
    for name in $WIKI_PACKAGES; do
        (cd "$folder/debs" && apt-get download -q "$name") || case $name in lib*) ;; *) return 1 ;; esac
    done
    for name in "$folder"/debs/*.deb; do dpkg -x "$name" "$folder/root" || return 1; done
    rm -rf "$folder/debs"
}

write_php_ini() {
    local modules=("$1"/root/usr/lib/php/2*) name
    {
        printf 'extension_dir=%s\nzend_extension=opcache\nmemory_limit=256M\n' "${modules[0]}"
        for name in $PHP_MODULES; do printf 'extension=%s\n' "$name"; done
    } >"$1/php.ini"
}

# --- the Graph API's fields -------------------------------------------------------------------------------------------

version_of_graph() { echo "$FACEBOOK_BUSINESS"; }

# Beside .venv, whose lock it is not in. Its field lists need none of what its client needs but curlify.
prepare_graph() {
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore \
        --no-deps --target "$CACHE/graph" "facebook-business==$FACEBOOK_BUSINESS" "curlify>=2.1" "six>=1.16"
}

# --- PDF --------------------------------------------------------------------------------------------------------------

version_of_pdf() { echo "outloud $OUTLOUD pdfua $PDFUA"; }

# In a .venv of their own: what they need is no part of our lock.
prepare_pdf() {
    "$PYTHON" -m venv "$CACHE/pdf/venv" || because pdf "Python's venv does not work here" || return 1
    "$CACHE/pdf/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        "outloud==$OUTLOUD" "pdfua==$PDFUA"
}

# --- npm --------------------------------------------------------------------------------------------------------------

version_of_x() { echo "$PRISM"; }

prepare_x() {
    [ -n "${CHAPTERWATCH_X_OPENAPI:-}" ] || because x "set CHAPTERWATCH_X_OPENAPI to X's openapi.json" || return 1
    npm_install x "@stoplight/prism-cli@$PRISM"
}

version_of_bluesky() { echo "$ATPROTO"; }

prepare_bluesky() {
    [ "${CHAPTERWATCH_CONTRACT_PDS:-}" = 1 ] ||
        because bluesky "set CHAPTERWATCH_CONTRACT_PDS=1 to build a PDS (360 MB, some minutes)" || return 1
    npm_install bluesky "@atproto/dev-env@$ATPROTO"
}

# usage: npm_install <part> <package>
npm_install() {
    command -v npm >/dev/null || because "$1" "needs Node 18 or newer with npm" || return 1
    npm install --prefix "$CACHE/$1" --no-audit --no-fund --loglevel=error "$2" </dev/null
}

case ${1:-} in
-h | --help) sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
*) main "$@" ;;
esac
