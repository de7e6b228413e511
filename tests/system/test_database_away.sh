#!/usr/bin/env bash
# PostgreSQL stops while calls come in: they are still taken, placed by their
# coordinates and ordered. Words are placed by the road graph's names, marked as such, where
# the sketch says they are; a call whose words the graph cannot know waits, and is placed when the
# database is back, as all calls by words are then looked up anew; afterwards tables and journal
# are equal.
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

# What people say, where it is on the sketch (its own data, not what a look-up told), and how near
# an answer must be: streets, a junction of two, one with a name, landmarks, relations, an area.
said=(
    "jl tjokroaminoto|-7.971104|112.636243|236"
    "jalan veteran sumbersari|-7.956936|112.617768|1170"
    "pojok veteran sumbersari|-7.957000|112.613000|50"
    "simpang semeru bromo|-7.975843|112.626768|50"
    "perempatan dieng|-7.973000|112.613000|80"
    "RSUD Dr. Saiful Anwar|-7.972000|112.632000|119"
    "ngarepe matos|-7.956936|112.618772|74"
    "sebelahnya RSSA|-7.972000|112.632000|150"
    "jln sukarno hata depan politeknik|-7.947505|112.617745|300"
    "oro oro dowo|-7.969958|112.624816|556"
)
# $1: the row; $2: whether names of the graph must have answered. Prints how far off it is.
check_place() {
    local text lat lon metres found away
    IFS='|' read -r text lat lon metres <<<"$1"
    "$bin/sigap" place "$text" --json >"$root/place.json" || fail "nothing is found for '$text'"
    found=$(jq -r '.candidates[0] | "\(.point.lat) \(.point.lon) \(.fromGraph // false)"' "$root/place.json")
    read -r found_lat found_lon from_graph <<<"$found"
    [ "$from_graph" = "$2" ] || fail "'$text' is marked from_graph=$from_graph"
    away=$(awk -v a="$lat" -v b="$lon" -v c="$found_lat" -v d="$found_lon" \
        'BEGIN { x = (d - b) * cos(a / 57.29578) * 111195; y = (c - a) * 111195; printf "%.0f", sqrt(x * x + y * y) }')
    [ "$away" -le "$metres" ] || fail "'$text' is placed $away m off, at $(jq -r '.candidates[0].label' "$root/place.json")"
    echo "  $away m off: $text ($(jq -r '.candidates[0].label' "$root/place.json"))"
}
for row in "${said[@]}"; do check_place "$row" false; done
socket=${database#host=}
socket=${socket%% *}
data=$(realpath "$SIGAP_VAR/pg")
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
(cd / && as_owner /usr/lib/postgresql/15/bin/pg_ctl -D "$data" -m immediate -w stop >/dev/null)

echo "PostgreSQL is stopped"
for row in "${said[@]}"; do check_place "$row" true; done
for point in 112.6300,-7.9790 112.6215,-7.9665 112.6140,-7.9440; do
    "$bin/sigap" call --at "$point" --complaint cardiac_arrest --priority P1 >"$root/out" 2>&1 ||
        fail "a call by coordinates was refused while the database was away: $(cat "$root/out")"
done
for text in "RSUD Dr. Saiful Anwar" "simpang semeru bromo"; do
    "$bin/sigap" call --at "$text" --complaint cardiac_arrest --priority P1 >"$root/out" 2>&1 || true
done
sleep "${SIGAP_AWAY_S:-5}"
"$bin/sigap" incidents --json >"$root/incidents.json" || fail "incidents cannot be listed"
states=$(jq -r '[.incidents[].state] | sort | join(" ")' "$root/incidents.json")
[ "$states" = "INCIDENT_ASSIGNED INCIDENT_ASSIGNED INCIDENT_ASSIGNED INCIDENT_LOCATING INCIDENT_LOCATING" ] ||
    fail "incidents while the database was away: $states"
provisional=$(jq -r '[.incidents[] | select(.place.fromGraph) | .place.label] | join("; ")' "$root/incidents.json")
[ "$provisional" = "RSUD Dr. Saiful Anwar, Klojen; perempatan Jl. Semeru – Jl. Bromo, Kauman" ] ||
    fail "placed by the graph's names while the database was away: $provisional"
"$bin/sigap" place "RSUD Dr. Saiful Anwar" >"$root/out" || fail "no place by the graph's names"
grep -q 'peta jalan' "$root/out" || fail "nobody says that the database is away: $(cat "$root/out")"
"$bin/sigap" place --complete jalan veter --json | jq -e '.fromGraph and .databaseAway' >/dev/null ||
    fail "words are not completed while the database is away"

(cd / && as_owner /usr/lib/postgresql/15/bin/pg_ctl -D "$data" -w -l "$data/server.log" \
    -o "-k $socket -c listen_addresses= -c unix_socket_permissions=0700" start >/dev/null)
for _ in $(seq 1 300); do
    "$bin/sigap" verify --journal "$journal" --database "$database" >"$root/verify" 2>&1 &&
        ! "$bin/sigap" incidents --json | grep -q INCIDENT_LOCATING && break
    sleep 0.2
done
"$bin/sigap" verify --journal "$journal" --database "$database" || fail "tables and journal differ: $(cat "$root/verify")"
! "$bin/sigap" incidents --json | grep -q INCIDENT_LOCATING ||
    fail "a call by words was not placed when the database came back"
[ "$("$bin/sigap" incidents --json | jq '[.incidents[] | select(.place.fromGraph)] | length')" = 0 ] ||
    fail "a call by words was not looked up anew when the database came back"
kill -TERM "$engine"
wait "$engine" || fail "the engine's end was not orderly: $?"
engine=
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$root/engine.log"; then exit 1; fi
echo "5 calls taken while PostgreSQL was away, 3 ordered, 2 placed by the graph and confirmed afterwards; tables equal"
