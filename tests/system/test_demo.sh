#!/usr/bin/env bash
# The whole way on real parts: sketch, PostGIS, engine, crews, the demo to its
# end, with kill -9 of the engine in the middle; then journal and tables equal.
set -euo pipefail
bin=$1
[ -x /usr/lib/postgresql/15/bin/postgres ] || exit 77
root=$(mktemp -d /tmp/sigap-demo-XXXXXX)
chmod 0755 "$root"
export SIGAP_VAR=$root/var SIGAP_BIN=$bin SIGAP_PORT=none
unset SIGAP_DATABASE
trap 'kill "${killer:-}" 2>/dev/null || true; ./run --no-install stop >/dev/null 2>&1 || true; rm -rf "$root"' EXIT
(
    for _ in $(seq 1 1200); do
        sleep 0.1
        [ -S "$SIGAP_VAR/run/sigap.sock" ] && break
    done
    for pause in 12 9; do
        sleep "$pause"
        kill -9 "$(cat "$SIGAP_VAR/run/sigapd.pid")" && echo "test: engine killed" >&2
    done
) &
killer=$!
code=0
./run --no-install demo --once | tee "$root/demo.out" || code=$?
[ "$code" = 0 ] || tail -n 60 "$SIGAP_VAR/log/sigapd.log"
grep -q 'event=engine_restarted' "$SIGAP_VAR/log/sigapd.log" || { echo "the engine was never killed: the test shows nothing"; code=1; }
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$SIGAP_VAR/log/sigapd.log"; then code=1; fi
"$bin/sigap" verify --journal "$SIGAP_VAR/city/malang/journal.sqlite" --database "$(cat "$SIGAP_VAR/database")" || code=1
"$bin/sigap" replay "$SIGAP_VAR/city/malang/journal.sqlite" || code=1

# The report of the same journal: its files hold every incident, and its figures are those that
# PostgreSQL works out from the projected tables (percentile_disc is the nearest rank).
differ() { echo "FAILED: report: $*"; code=1; }
report=$("$bin/sigap" report --journal "$SIGAP_VAR/city/malang/journal.sqlite" --graph "$SIGAP_VAR/graph/malang.sgr" \
    --html "$root/report.html" --csv "$root/csv" --anonymous "$root/anonymous.csv" --json) || code=1
counted=$(jq -c '.policies[0].groups[-1] | [.incidents.mean, .reached.mean, (.response.p50_s.mean, .response.p90_s.mean, .response.p95_s.mean) * 1000 + 0.5 | floor]' <<<"$report")
asked=$(/usr/lib/postgresql/15/bin/psql -AtX "$(cat "$SIGAP_VAR/database")" -c "
    WITH response AS (SELECT first_on_scene_at_ms - opened_at_ms AS ms FROM sigap.incident)
    SELECT '[' || count(*) || ',' || count(ms) || ',' || percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) || ','
        || percentile_disc(0.9) WITHIN GROUP (ORDER BY ms) || ',' || percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) || ']'
    FROM response")
[ "$counted" = "$asked" ] || differ "$counted, but PostgreSQL says $asked"
[ "$(($(wc -l <"$root/csv/calls.csv") - 1))" = "$(jq '.[0]' <<<"$asked")" ] || differ "calls.csv lacks incidents"
[ "$(stat -c %a "$root/csv/calls.csv")" = 600 ] || differ "calls.csv is not for its owner alone"
# The plan of the city decides: questions are asked in its words, what they tell is another
# complaint, two kinds of vehicle go together, and only what carries goes to a hospital.
grep -q 'petugas bertanya: Apakah napasnya normal? — Tidak bernapas' "$root/demo.out" || differ "no question of the script was asked"
[ -s "$SIGAP_VAR/city/malang/plans/plans.conf" ] || differ "the city has no plan"
jobs() { awk -F, -v kind="$1" -v hospital="$2" 'NR > 1 && $7 == kind && (hospital == "" || $12 != "") && $17 != "" { n++ } END { print n + 0 }' "$root/csv/jobs.csv"; }
[ "$(jobs MOTORBIKE '')" -ge 1 ] || differ "no motorbike went with an ambulance"
[ "$(jobs MOTORBIKE carried)" = 0 ] || differ "a motorbike brought somebody to a hospital"
[ "$(jobs AMBULANCE_ADVANCED carried)" -ge 1 ] || differ "no advanced ambulance brought anybody"
[ "$(cut -d, -f8,9 "$root/csv/calls.csv" | grep -c '^cardiac_arrest,P1$')" -ge 2 ] || differ "an answer did not make a cardiac arrest of a faint"
grep -q '</html>' "$root/report.html" || differ "the page is not whole"
if grep -qE 'https?:|<script' "$root/report.html"; then differ "the page fetches something"; fi
exit "$code"
