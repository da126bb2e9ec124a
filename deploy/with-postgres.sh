#!/bin/bash
# Runs a command with a PostgreSQL that tests may use: deploy/with-postgres.sh COMMAND…
#
# The one that YANGGUANG_TEST_POSTGRES names, the one on this machine that lets its superuser in
# without a password, or a throw-away cluster of its own. Without any, the command runs all the
# same, and the tests say what they passed over.
set -euo pipefail

if [ -n "${YANGGUANG_TEST_POSTGRES:-}" ]; then exec "$@"; fi

local_url=postgres://postgres@127.0.0.1:5432/postgres
if command -v psql >/dev/null && PGCONNECT_TIMEOUT=3 psql -wqtc 'SELECT 1' "$local_url" &>/dev/null; then
    exec env YANGGUANG_TEST_POSTGRES="$local_url" "$@"
fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    echo "with-postgres: no PostgreSQL is installed; its tests are passed over" >&2
    exec "$@"
fi

folder=$(mktemp -d /tmp/yangguang-postgres.XXXXXX)
# PostgreSQL does not run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
fi
port=54329
cleanup() {
    as "$bin/pg_ctl" -D "$folder/data" -m immediate stop &>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
as "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# Its data lives as long as the tests: nothing of it must reach the disk.
as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start >/dev/null -o \
    "-c listen_addresses=127.0.0.1 -p $port -k $folder -c max_connections=400 -c fsync=off"
YANGGUANG_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres "$@"
