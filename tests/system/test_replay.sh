#!/usr/bin/env bash
# `sigap replay` as planners use it, on the sketch and without an engine: scenarios, policies side by
# side, a changed fleet, calls as CSV, a fitted pattern, and what it refuses.
set -euo pipefail
bin=$1 source=$2
root=$(mktemp -d /tmp/sigap-replay-XXXXXX)
trap 'rm -rf "$root"' EXIT
fail() {
    echo "FAILED: $*"
    tail -n 30 "$root/out" "$root/err" || true
    exit 1
}
# expect CODE ARGUMENT...: runs sigap replay, compares the exit code.
expect() {
    local wanted=$1 code=0
    shift
    "$bin/sigap" replay "$@" >"$root/out" 2>"$root/err" || code=$?
    [ "$code" = "$wanted" ] || fail "sigap replay $*: exit code $code, expected $wanted"
}
says() { grep -qE -- "$1" "$root/out" "$root/err" || fail "nobody says '$1'"; }

"$bin/sigap-sketch" "$root/malang.osm.pbf" >/dev/null
"$bin/sigap" import --graph-only -n malang -o "$root" "$root/malang.osm.pbf" >/dev/null
"$bin/sigap-sketch" --fleet "$root/fleet.conf"
cat >"$root/sigap.conf" <<TEXT
city = { graph = "$root/malang.sgr"; };
listen = { socket = "$root/socket"; };
journal = { path = "$root/journal"; key_file = "$root/key"; };
roads = { week_table = "$source/gis/week.conf"; };
plans = "default";
@include "$root/fleet.conf"
TEXT
scenarios=$source/engine/replay/scenarios
config=(--config "$root/sigap.conf" --language en)

# Equal questions have equal answers, but for how long they took.
for run in first second; do
    expect 0 "$scenarios/match-evening.conf" "${config[@]}" --policy closest --policy joint \
        --replications 2 --json
    grep -v '"seconds"' "$root/out" >"$root/$run"
done
cmp "$root/first" "$root/second" || fail "two equal runs differ"
grep -q '"response_p90_min_difference_half_width"' "$root/first" || fail "no paired differences"

expect 0 "$scenarios/match-evening.conf" "${config[@]}" --without PSC-01 \
    --move "PSC 119 Kota Malang=112.6390,-8.0260" --close 112.6236,-7.9756,200 \
    --html "$root/report.html" --csv "$root/csv" --calls "$root/calls.csv"
says 'A match evening'
says 'configured changed'
grep -q '>Service targets<' "$root/report.html" && grep -q 'target_share' "$root/csv/tables.csv" || fail "no targets are told"
grep -q '>Coverage by free units<' "$root/report.html" && grep -q '^configured,hour,,07,,covered_share' "$root/csv/tables.csv" || fail "no coverage is told"
[ -s "$root/report.html" ] && [ -s "$root/csv/calls.csv" ] || fail "the report is not there"

# The calls of a scenario, written and read, are the calls of the scenario.
expect 0 "$root/calls.csv" "${config[@]}"
says 'P50 min'
expect 0 "$root/calls.csv" --fit "$root/fitted.conf"
[ ! -e "$root/report.html.partial" ] || fail "half a report is left"
expect 0 "$root/fitted.conf" "${config[@]}" --demand 2

# Every scenario can be played to its end, also where the flood leaves no way to a hospital.
for scenario in "$scenarios"/*-*.conf; do
    expect 0 "$scenario" "${config[@]}" --policy closest --policy closest_with_diversion \
        --replications 5 --json
done

# Pranks stay pranks, and who was carried was carried; exact places are for the owner alone.
cat >"$root/told.csv" <<TEXT
id,time,lon,lat,complaint,priority,scene_s,transport,outcome,kind,from,to,pick_up,needs
7,2026-03-02T01:00:00.000Z,112.6349000,-7.9747000,fall,P3,600.000,no,,call,,,,
8,2026-03-02T01:05:00.250Z,112.6300000,-7.9700000,,P1,,yes,PRANK,call,,,,
TEXT
expect 0 "$root/told.csv" "${config[@]}" --calls "$root/again.csv"
cmp "$root/told.csv" "$root/again.csv" || fail "calls change when they are written"
# Replications of past calls tell of chance alone, and the page says so.
expect 0 "$root/told.csv" "${config[@]}" --replications 3 --html "$root/past.html"
says 'over the same past calls'
grep -q 'All replications play the same past calls' "$root/past.html" || fail "the page does not"
grep -q 'past calls, played again' "$root/past.html" || fail "the page says the calls are real"
expect 0 "$scenarios/match-evening.conf" "${config[@]}" --replications 3 --html "$root/drawn.html"
! grep -q 'same past calls' "$root/drawn.html" "$root/out" || fail "drawn calls are called past"
[ "$(stat -c %a "$root/again.csv")" = 600 ] || fail "everybody may read the calls"

# Transfers between hospitals are asked for, fall due, are driven and stand in the tables.
from=$(sed -n '/^hospitals/,/^);/s/.*code *= *"\([^"]*\)".*/\1/p' "$root/fleet.conf" | sed -n 1p)
to=$(sed -n '/^hospitals/,/^);/s/.*code *= *"\([^"]*\)".*/\1/p' "$root/fleet.conf" | sed -n 2p)
cat >"$root/transfers.csv" <<TEXT
id,time,lon,lat,kind,from,to,pick_up,needs
1,2026-03-02 08:00:00,112.6349,-7.9747,call,,,,
2,2026-03-02 08:01:00,,,transfer,$from,$to,2026-03-02 13:00:00,AMBULANCE_ADVANCED
3,2026-03-02 08:02:00,,,transfer,$to,$from,,
TEXT
expect 0 "$root/transfers.csv" "${config[@]}" --csv "$root/transfers" --html "$root/transfers.html" \
    --calls "$root/transfers2.csv"
grep -q 'Transfers between hospitals' "$root/transfers.html" || fail "the page tells of no transfer"
[ "$(grep -c ',transfer,' "$root/transfers/calls.csv")" = 2 ] || fail "there are not two transfers"
grep -q ',SERVED,.*T13:[0-9:.]*+07:00,AMBULANCE_ADVANCED,0\.000$' "$root/transfers/calls.csv" ||
    fail "the planned transfer was not there in time"
grep -q ',transfer,,.*,late,p90_s,' "$root/transfers/tables.csv" || fail "the tables tell of no transfer"
expect 0 "$root/transfers2.csv" "${config[@]}" --csv "$root/transfers2"
cmp "$root/transfers/calls.csv" "$root/transfers2/calls.csv" || fail "transfers change when they are written"
sed "s/,$from,/,NOWHERE,/" "$root/transfers.csv" >"$root/odd.csv"
expect 2 "$root/odd.csv" "${config[@]}"
says 'transfer 2: no hospital of the configuration is called NOWHERE'
sed 's/,transfer,/,taxi,/' "$root/transfers.csv" >"$root/odd.csv"
expect 2 "$root/odd.csv" "${config[@]}"
says 'odd.csv, row 3, column kind: neither call nor transfer'

# Advice followed is a policy beside the others.
expect 0 "$scenarios/match-evening.conf" "${config[@]}" --policy closest --policy joint --follow-moves --json
[ "$(jq -r '[.rows[] | select(.group == "all").policy] | join("|")' "$root/out")" = 'closest|closest + moves|joint|joint + moves' ] ||
    fail "the moves are not beside the policies"

# What is handed on can be played: its calls do not all come at the same instant.
expect 0 "$scenarios/ordinary-week.conf" "${config[@]}" --anonymous "$root/anonymous.csv"
expect 0 "$root/anonymous.csv" "${config[@]}" --calls "$root/spread.csv"
instants=$(cut -d, -f2 "$root/anonymous.csv" | sort -u | wc -l)
spread=$(tail -n +2 "$root/spread.csv" | cut -d, -f2 | sort -u | wc -l)
rows=$(tail -n +2 "$root/spread.csv" | wc -l)
[ "$spread" -ge $((rows * 9 / 10)) ] || fail "$rows calls come at $spread instants ($instants told)"

# A point in another town is a slip of the pen; an older report stays where the new one fails.
echo old >"$root/kept.html"
expect 2 "$root/calls.csv" "${config[@]}" --html "$root/kept.html" \
    --move "PSC 119 Kota Malang=112.7508,-7.2575"
says '--move: there is no road of this city within 1000 m of 112.750800,-7.257500; the nearest is [0-9.]+ km'
[ "$(cat "$root/kept.html")" = old ] || fail "the older report is gone"
expect 2 "$root/calls.csv" "${config[@]}" --close 106.8272,-6.1754,200
says '--close: there is no road of this city within 200 m of 106.827200,-6.175400; none within 100 km'

expect 2
says 'name one file'
expect 2 "$root/calls.csv"
says '--config FILE is missing'
expect 2 "$root/calls.csv" "${config[@]}" --demand 2
says 'fit a pattern'
expect 2 "$root/calls.csv" "${config[@]}" --policy nearest
says 'no policy "nearest"'
expect 2 "$scenarios/match-evening.conf" "${config[@]}" --without NOBODY
says 'no unit is called NOBODY'
printf 'time,lon,lat\n2026-13-01 00:00:00,112.6,-7.9\n' >"$root/odd.csv"
expect 2 "$root/odd.csv" "${config[@]}"
says 'odd.csv, row 2, column time'
sed 's/days = 1;/days = 0;/' "$scenarios/match-evening.conf" >"$root/odd.conf"
cp "$scenarios/malang_common.conf" "$root"
expect 2 "$root/odd.conf" "${config[@]}"
says 'odd.conf:[0-9]+: this must be between'
echo "replay: all as it should be"
