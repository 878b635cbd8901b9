#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL for tests:   scripts/postgres.sh COMMAND [ARGUMENT…]
# TEST_DATABASE_URL, where given, is used as it is (its user must be allowed to create databases). Otherwise a
# throw-away PostgreSQL 15 is started on a free port of this machine and taken away afterwards, come what may.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" # runuser lives there

fail() { printf 'postgres: %s\n' "$*" >&2; exit 1; }
[ $# -gt 0 ] || fail "no command given"

if [ -n "${TEST_DATABASE_URL:-}" ]; then
    DATABASE_URL=$TEST_DATABASE_URL exec "$@"
fi

programs=/usr/lib/postgresql/15/bin
[ -x "$programs/initdb" ] || fail "PostgreSQL 15 is missing, install it with: sudo apt-get install -y postgresql"

# PostgreSQL refuses to run as root, and rightly.
owner=$(id -un)
base=${TMPDIR:-/tmp}
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
    base=/tmp # what TMPDIR names may be closed to that user
fi
as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u "$owner" -- "$@"); else "$@"; fi
}

folder=$(mktemp -d "$base/dafu-postgres.XXXXXX")
take_away() {
    trap '' INT TERM HUP
    as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap take_away EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder/password"
if [ "$(id -u)" = 0 ]; then chown -R "$owner" "$folder"; fi

# Nothing here outlives the run, so nothing need survive a power cut.
as_owner "$programs/initdb" -D "$folder/data" -U dafu -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; fail "initdb failed"; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() {
    port=$(free_port)
    as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 start >/dev/null 2>&1 -o \
        "-p $port -h 127.0.0.1 -k '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
}
# Somebody may take the port between the look and the start: look again.
start || start || start || { cat "$folder/data/server.log" >&2; fail "PostgreSQL did not start"; }

export DATABASE_URL="postgres://dafu:$password@127.0.0.1:$port/postgres"
"$@"
