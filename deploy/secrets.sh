#!/usr/bin/env bash
# Makes the secrets production needs, each in a file of its own: deploy/secrets.sh [FOLDER [GROUP]]
#
# FOLDER is ./secrets, where docker-compose.yml looks, unless said. A secret that is there stays, so this may be run
# again. Nobody enters the folder but its owner and, where one is named, GROUP; the files in it can be read by whoever
# gets them mounted, for a container's user is not the one who made them.
set -euo pipefail

readonly NAMES="postgres_password redis_password airflow_fernet_key airflow_jwt_secret airflow_secret_key airflow_admin_password"

main() {
    local folder=${1:-secrets} group=${2:-} name
    umask 0077
    mkdir -p "$folder"
    for name in $NAMES; do
        [ -s "$folder/$name" ] || make "$name" >"$folder/$name"
        chmod 0444 "$folder/$name"
    done
    [ -z "$group" ] || { chgrp "$group" "$folder" && chmod 0750 "$folder"; }
    [ -s "$folder/chapterwatch_mail" ] || give_up "how does mail leave? write its URL into $folder/chapterwatch_mail, \
such as smtp://user:password@mail.example:587?security=starttls"
    chmod 0444 "$folder/chapterwatch_mail"
    printf 'secrets: in %s; keep a copy of airflow_fernet_key elsewhere, without it stored tokens are lost\n' "$folder" >&2
}

give_up() {
    printf 'chapterwatch: %s\n' "$*" >&2
    exit 2
}

make() {
    case $1 in
    # 32 bytes, URL-safe base64 (the Fernet specification).
    airflow_fernet_key) random 32 | base64 --wrap=0 | tr '+/' '-_' ;;
    # Airflow warns below 64 bytes.
    airflow_jwt_secret) random 48 | hex ;;
    # Typed once by a person.
    airflow_admin_password) random 12 | hex ;;
    *) random 32 | hex ;;
    esac
}

random() { head -c "$1" /dev/urandom; }

hex() { od -An -tx1 -v | tr -d ' \n'; }

main "$@"
