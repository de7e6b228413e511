#!/bin/bash
# A private PostgreSQL with PostGIS for one test, reached through a unix socket only.
#
#   postgres.sh start DIR   makes DIR and the cluster when they are absent, starts it, and prints
#                           one line: the conninfo of a database "sigap" that has PostGIS
#   postgres.sh stop DIR    stops it at once; the data stay, and start brings them back
#
# DIR: best made with `mktemp -d /tmp/sgp.XXXXXX`. Exit 0 done, 77 PostgreSQL or PostGIS is not
# installed (the test counts as skipped), 2 wrong usage, 3 it did not work (the reason is on
# standard error).
set -euo pipefail
umask 077

fail() { echo "postgres.sh: $2" >&2; exit "$1"; }
[ $# -eq 2 ] || fail 2 "usage: postgres.sh start|stop DIR"
action=$1
mkdir -p "$2" || fail 3 "cannot make $2"
dir=$(cd "$2" && pwd)
data=$dir/data

bin=
for candidate in /usr/lib/postgresql/*/bin; do
    [ -x "$candidate/initdb" ] && bin=$candidate
done
[ -n "$bin" ] || fail 77 "PostgreSQL's server programs are not installed"
[ -e "$("$bin/pg_config" --sharedir 2>/dev/null || echo "/usr/share/postgresql/$(basename "${bin%/bin}")")/extension/postgis.control" ] ||
    fail 77 "PostGIS is not installed"

# PostgreSQL refuses to run as root, so root becomes the user postgres.
if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || fail 77 "there is no user postgres to run it as"
    as() { (cd / && runuser -u postgres -- "$@"); }
    chown postgres "$dir"
    as test -x "$dir" || fail 3 "the user postgres may not enter $dir; choose a directory under /tmp"
else
    as() { (cd / && "$@"); }
fi

# A socket's path is at most 107 bytes, so a long DIR gets its socket elsewhere.
socket=$dir
if [ ${#dir} -gt 80 ]; then
    [ -s "$dir/socket" ] && socket=$(cat "$dir/socket") || socket=/tmp/none
    if [ ! -d "$socket" ]; then
        socket=$(as mktemp -d /tmp/sgp-socket.XXXXXX)
        echo "$socket" >"$dir/socket"
    fi
fi
conninfo="host=$socket user=sigap dbname=sigap"

case $action in
start)
    if [ ! -e "$data/PG_VERSION" ]; then
        as "$bin/initdb" -D "$data" -U sigap --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync \
            >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; fail 3 "initdb failed"; }
        # fsync is off because a test's database outlives no power cut; all else is as delivered.
        cat >>"$data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$socket'
unix_socket_permissions = 0700
fsync = off
shared_buffers = 32MB
max_connections = 40
CONF
    fi
    if ! as "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; then
        as "$bin/pg_ctl" -D "$data" -w -t 60 -l "$dir/server.log" start >/dev/null 2>&1 </dev/null ||
            { tail -20 "$dir/server.log" >&2; fail 3 "PostgreSQL did not start"; }
    fi
    psql() { as "$bin/psql" -X -q -h "$socket" -U sigap -v ON_ERROR_STOP=1 "$@"; }
    if [ -z "$(psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'sigap'")" ]; then
        psql -d postgres -c "CREATE DATABASE sigap"
    fi
    psql -d sigap -c "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS postgis" ||
        fail 3 "PostGIS could not be added to the database"
    echo "$conninfo"
    ;;
stop)
    if as "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; then
        as "$bin/pg_ctl" -D "$data" -m immediate -w -t 60 stop >/dev/null || fail 3 "PostgreSQL did not stop"
    fi
    [ "$socket" = "$dir" ] || { rmdir "$socket" 2>/dev/null || true; }
    ;;
*)
    fail 2 "usage: postgres.sh start|stop DIR"
    ;;
esac
