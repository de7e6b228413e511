#!/usr/bin/env bash
# PostgreSQL stops while calls come in: they are still taken, placed by their
# coordinates and ordered; a call that has only words waits for a person and is
# placed when the database is back; afterwards tables and journal are equal.
set -euo pipefail
bin=$1
[ -x /usr/lib/postgresql/15/bin/postgres ] || exit 77
root=$(mktemp -d /tmp/sigap-away-XXXXXX)
chmod 0755 "$root"
export SIGAP_VAR=$root/var SIGAP_BIN=$bin SIGAP_PORT=none SIGAP_SERVER=unix:$root/var/run/sigap.sock
unset SIGAP_DATABASE
engine=
trap '[ -z "$engine" ] || kill "$engine" 2>/dev/null || true; ./run --no-install stop >/dev/null 2>&1 || true; rm -rf "$root"' EXIT
fail() {
    echo "FAILED: $*"
    tail -n 30 "$root/engine.log"
    exit 1
}

config=$(./run --no-install city)
database=$(cat "$SIGAP_VAR/database")
journal=$(dirname "$config")/journal.sqlite
"$bin/sigapd" --config "$config" 2>"$root/engine.log" &
engine=$!
for _ in $(seq 1 300); do
    "$bin/sigap" status >/dev/null 2>&1 && break
    sleep 0.1
done
while read -r unit _; do "$bin/sigap" duty "$unit" on >/dev/null; done <"$(dirname "$config")/tokens/crews"

"$bin/sigap" place "RSUD Dr. Saiful Anwar" >/dev/null || fail "no place while the database is there"
socket=${database#host=}
socket=${socket%% *}
data=$(realpath "$SIGAP_VAR/pg")
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
(cd / && as_owner /usr/lib/postgresql/15/bin/pg_ctl -D "$data" -m immediate -w stop >/dev/null)

for point in 112.6300,-7.9790 112.6215,-7.9665 112.6140,-7.9440; do
    "$bin/sigap" call --at "$point" --complaint cardiac_arrest --priority P1 >"$root/out" 2>&1 ||
        fail "a call by coordinates was refused while the database was away: $(cat "$root/out")"
done
"$bin/sigap" call --at "RSUD Dr. Saiful Anwar" --complaint cardiac_arrest --priority P1 >"$root/out" 2>&1 || true
sleep "${SIGAP_AWAY_S:-5}"
"$bin/sigap" incidents --json >"$root/incidents.json" || fail "incidents cannot be listed"
states=$(jq -r '[.incidents[].state] | sort | join(" ")' "$root/incidents.json")
[ "$states" = "INCIDENT_ASSIGNED INCIDENT_ASSIGNED INCIDENT_ASSIGNED INCIDENT_LOCATING" ] ||
    fail "incidents while the database was away: $states"

(cd / && as_owner /usr/lib/postgresql/15/bin/pg_ctl -D "$data" -w -l "$data/server.log" \
    -o "-k $socket -c listen_addresses= -c unix_socket_permissions=0700" start >/dev/null)
for _ in $(seq 1 300); do
    "$bin/sigap" verify --journal "$journal" --database "$database" >"$root/verify" 2>&1 &&
        ! "$bin/sigap" incidents --json | grep -q INCIDENT_LOCATING && break
    sleep 0.2
done
"$bin/sigap" verify --journal "$journal" --database "$database" || fail "tables and journal differ: $(cat "$root/verify")"
! "$bin/sigap" incidents --json | grep -q INCIDENT_LOCATING ||
    fail "the call by words was not placed when the database came back"
kill -TERM "$engine"
wait "$engine" || fail "the engine's end was not orderly: $?"
engine=
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$root/engine.log"; then exit 1; fi
echo "4 calls taken while PostgreSQL was away, 3 ordered, 1 placed afterwards; tables equal"
