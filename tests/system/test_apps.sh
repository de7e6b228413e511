#!/usr/bin/env bash
# The commands of `sigap` against a running engine on the sketch: what they print,
# what they refuse and with which exit code, over the private socket and over TLS;
# a crew that lives through kill -9; the demo without --once ends on Ctrl-C.
set -euo pipefail
bin=$1 completions=$2
[ -x /usr/lib/postgresql/15/bin/postgres ] || exit 77
root=$(mktemp -d /tmp/sigap-apps-XXXXXX)
chmod 0755 "$root"
port=$((21000 + $$ % 20000))
export SIGAP_VAR=$root/var SIGAP_BIN=$bin SIGAP_PORT=$port SIGAP_SERVER=unix:$root/var/run/sigap.sock
unset SIGAP_DATABASE SIGAP_TOKEN SIGAP_CA SIGAP_LANGUAGE COLUMNS
engine='' background=()
finish() {
    local pid
    for pid in "${background[@]+"${background[@]}"}" $engine; do kill "$pid" 2>/dev/null || true; done
    ./run --no-install stop >/dev/null 2>&1 || true
    rm -rf "$root"
}
trap finish EXIT
fail() {
    echo "FAILED: $*"
    [ ! -e "$root/out" ] || { echo "--- standard output"; tail -n 30 "$root/out"; }
    [ ! -e "$root/err" ] || { echo "--- standard error"; tail -n 30 "$root/err"; }
    tail -n 30 "$root/engine.log"
    exit 1
}
# expect CODE COMMAND...: runs sigap, compares the exit code.
expect() {
    local wanted=$1 code=0
    shift
    "$bin/sigap" "$@" >"$root/out" 2>"$root/err" || code=$?
    [ "$code" = "$wanted" ] || fail "sigap $*: exit code $code, expected $wanted"
}
says() { grep -qE -- "$1" "$root/out" "$root/err" || fail "nobody says '$1'"; }
# until COMMAND...: waits for it, 20 s at most.
until_true() {
    local tries
    for tries in $(seq 1 600); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    fail "never came true: $*"
}
start_engine() {
    "$bin/sigapd" --config "$config" 2>>"$root/engine.log" &
    engine=$!
    until_true "$bin/sigap" status
}

# ---- without an engine -----------------------------------------------------------
expect 2
expect 0 --help
says 'stand-down'
expect 0 --version
says '^sigap [0-9.]+ \(([0-9a-f]{12}|unknown)\)$'
"$bin/sigapd" --version >"$root/out"
says '^sigapd [0-9.]+ \(([0-9a-f]{12}|unknown)\)$'
expect 2 nonsense
says "no command 'nonsense'"
for command in call place console watch incidents units status order stand-down coverage close locate narrow phone triage link duty crew demo fleet switch report backup aid mass desk; do
    expect 0 "$command" --help
    says "^sigap $command - "
    says 'EXIT CODES'
    expect 2 "$command" --no-such-option
done
expect 3 units --server unix:/nonexistent/sigap.sock
expect 2 units --server nonsense
expect 2 desk --over
expect 2 desk --hold 1 --release 1
expect 2 desk --to budi
expect 2 units --language nl
expect 2 report
says '--journal FILE is missing'
expect 2 report --journal "$root/nothing"
expect 2 report --journal "$root/nothing" --by street
says "not 'street'"
expect 2 report --journal "$root/nothing" --anonymous-k 1
expect 2 report --journal "$root/nothing" --from yesterday
says "not 'yesterday'"

config=$(./run --no-install city)
home=$(dirname "$config")
start_engine

# ---- looking ----------------------------------------------------------------------
# Until the names are in memory, an engine on a slow machine may say "not yet" instead of "nothing".
until_true grep -q event=gazetteer_loaded "$root/engine.log"
expect 0 status
says 'malang \(SKETSA\)'
expect 0 status --json
[ "$(jq -r .city "$root/out")" = malang ] || fail "status names another city"
expect 0 coverage --json
[ "$(jq '.areas | length' "$root/out")" -gt 50 ] || fail "coverage knows few areas"
[ "$(jq '.targetMs | tonumber' "$root/out")" -gt 0 ] || fail "coverage has no target"
expect 0 coverage --in Klojen --language en
says 'Oro-oro Dowo'
says 'free units reach'
expect 2 coverage --moves 21
expect 0 units --json
n_units=$(jq '.units | length' "$root/out")
[ "$n_units" -ge 20 ] || fail "only $n_units units"
expect 1 units --free
expect 1 incidents
says 'tidak ada kejadian'
expect 0 place Jl. Veteran 5
says 'Veteran'
expect 0 place --json RSUD Dr. Saiful Anwar
[ "$(jq '.candidates | length' "$root/out")" -ge 1 ] || fail "no candidate"
expect 0 place 112.6146,-7.9563
expect 1 place qqzzxx
expect 2 place 999,999
expect 2 place </dev/null
says 'which place'
expect 2 place --radius 500 x
says 'needs --near'
expect 2 place --near 112.61,-7.95 --radius 0 x
expect 2 place --earlier $'\xff' x
expect 2 place --earlier "$(printf 'a%.0s' $(seq 1 999))" x
says 'together'
expect 0 place --complete jalan veter
says 'Veteran'
expect 1 place --complete ve
expect 0 place --near 112.6146,-7.9563 --radius 800 --earlier 'jalan veteran' nomor 5
says 'Veteran 5'
expect 0 place --explain Jl. Veteran 5
says '^peran +penanda +nama +nomor'
says '^1\) Jl. Veteran 5.* [+][0-9]+%'
expect 0 place --language en Jl. Veteran 5 qqzzxx
says 'not (used for the first candidate|understood): .*“qqzzxx”'
expect 0 place --explain --json Jl. Veteran 5
[ "$(jq '.candidates | length' "$root/out")" -ge 1 ] || fail "no candidate"
COLUMNS=80 expect 0 place Jl. Veteran
[ "$(wc -L <"$root/out")" -le 80 ] || fail "the table of places is wider than the screen"
COLUMNS=140 expect 0 place Jl. Veteran
says 'Klojen, Kota Malang|Lowokwaru, Kota Malang'
[ "$(wc -L <"$root/out")" -le 140 ] || fail "the table of places is wider than the screen"
"$completions" "$root/var/run/sigap.sock" 2>"$root/err" || fail "letters typed fast were answered otherwise"
# One question a line, one answer a line, whatever the line is.
printf 'Jl. Veteran 5\n\nqqzzxx\n\xff\n%s\nRSUD Dr. Saiful Anwar\n' "$(printf 'a%.0s' $(seq 1 2000))" >"$root/lines"
expect 2 place --json <"$root/lines"
[ "$(wc -l <"$root/out")" = 6 ] || fail "not one line for each line"
[ "$(jq -rs 'map(if .error then "!" elif .candidates then "x" else "-" end) | join("")' "$root/out")" = 'x--!!x' ] ||
    fail "the lines were answered otherwise"
printf 'Jl. Veteran 5\nqqzzxx\n' >"$root/lines"
expect 1 place <"$root/lines"
says '^» Jl. Veteran 5$'
expect 2 place --limit 11 x

# ---- calls and decisions ------------------------------------------------------------
expect 2 call --complaint fall
says 'where is it'
expect 2 call --at 112.63,-7.98
says 'what is it'
expect 2 call --at 112.63,-7.98 --complaint fall --priority P9
expect 2 call --at 112.63,-7.98 --complaint chestpain
says "no complaint 'chestpain'.*call --help"
expect 0 call --help
says 'chest_pain +2301021 +P1 +Nyeri dada'
expect 2 call --at $'Jl. V\xe9teran' --complaint fall
says 'the text of --at is not UTF-8'
for option in --note --name --caller; do
    expect 2 call --at 112.63,-7.98 --complaint fall "$option" $'\xff'
    says "the text of $option is not UTF-8"
done
expect 2 place $'Jl. V\xe9teran'
says 'not UTF-8'
expect 2 duty PSC-01 perhaps
expect 2 duty NO-SUCH-UNIT on
for unit in PSC-01 PSC-02; do expect 0 duty "$unit" on; done
says '^PSC-02 masuk tugas$'
expect 0 units --free --json
[ "$(jq '.units | length' "$root/out")" = 2 ] || fail "two units signed on"
expect 0 call --at 112.6349,-7.9747 --complaint fall --no-look
read -r call incident <"$root/out"
expect 0 incidents "$incident" --json
[ "$(jq -r .incident.state "$root/out")" = INCIDENT_WAITING ] || fail "a P3 waits for a dispatcher"
[ "$(jq -r .incident.place.kabupaten "$root/out")" = 'Kota Malang' ] || fail "a bare point lies in no district"
expect 0 order "$incident" PSC-02 --json
assignment=$(jq -r .assignmentId "$root/out")
expect 0 stand-down "$assignment" salah alamat
says "^PSC-02 ditarik dari kejadian #$incident \(perintah $assignment\)\$"
# More for it, and a unit taken from it for another.
expect 0 order "$incident" PSC-02 --json
expect 0 call --at 112.6349,-7.9747 --complaint fall --no-look
read -r _ robber <"$root/out"
expect 2 order "$robber" PSC-02
says 'PSC-02 is ORDERED for incident'
expect 0 order "$robber" PSC-02 --divert
says "^PSC-02 diperintahkan ke kejadian #$robber "
expect 0 incidents "$incident" --json
[ "$(jq -r '.assignments[1].state + .assignments[2].unitCode' "$root/out")" = DIVERTEDPSC-01 ] || fail "who lost a unit gets the next one"
expect 0 stand-down "$(jq -r '.assignments[2].id' "$root/out")"
expect 2 backup "$robber" tram
says "there is no kind of unit 'tram'"
expect 0 backup "$robber" rescue,fire_engine --units 2 --reason terjepit
says "^2 unit tambahan diminta untuk kejadian #$robber\$"
expect 0 aid "$robber"
says "^bantuan tetangga diminta untuk kejadian #$robber\$"
expect 0 aid "$robber" --end --language en
says "^neighbours no longer asked for incident #$robber\$"
expect 2 mass "$robber" --end
says 'is no mass-casualty incident'
expect 0 mass "$robber" --patients 12 --staging 112.6349,-7.9747
says "^kejadian #$robber kini kejadian korban massal\$"
expect 0 incidents "$robber" --json
[ "$(jq -r '.incident | .patients, (.backup | length), .priority' "$root/out" | tr '\n' ' ')" = '12 2 P1 ' ] || fail "patients, seats or priority were lost"
expect 0 mass "$robber" --end
says "^kejadian #$robber bukan lagi kejadian korban massal\$"
expect 0 close "$robber" --outcome cancelled
expect 0 triage "$incident" --priority P2 --complaint traffic_accident
says "^triase kejadian #$incident kini P2, Kecelakaan lalu lintas\$"
expect 2 narrow 1
expect 2 narrow 999999 di mana
says 'there is no call 999999'
expect 0 locate "$incident" --at "Alun-alun Tugu"
says "^tempat kejadian #$incident kini .*Tugu"
expect 0 incidents "$incident" --json
[ "$(jq -r '.incident.priority + .incident.complaint' "$root/out")" = P2traffic_accident ] || fail "triage did not take"
[ "$(jq -r '.assignments[0].reason' "$root/out")" = 'salah alamat' ] || fail "the reason was lost"
expect 0 call --at 112.6341,-7.9772 --complaint traffic_accident --priority P3 --no-look
read -r second other <"$root/out"
expect 0 link "$second" "$incident"
says "^telepon $second digabung ke kejadian #$incident\$"
expect 0 incidents "$other" --json
[ "$(jq -r .incident.outcome "$root/out")" = DUPLICATE ] || fail "the emptied incident is a duplicate"
expect 0 order "$incident"
says "^PSC-0[12] diperintahkan ke kejadian #$incident \(perintah [0-9]+\)\$"
expect 0 close "$incident" --outcome prank --language en
says "^incident #$incident closed: prank\$"
expect 2 close "$incident" --outcome prank
says 'closed'
expect 2 close 999999 --outcome served
expect 2 order 0
# What a caller's phone tells, before a call of its number and afterwards, and the token for it.
expect 1 phone --number 081200000001 --at 112.6341,-7.9772 --radius 15 --method gnss
says 'belum ada telepon terbuka'
"$bin/sigap" call --at masjid --complaint fall --priority P3 --caller +6281200000001 --no-look >"$root/out"
read -r calling at <"$root/out"
phone_radius() {
    "$bin/sigap" incidents "$at" --json | jq -e ".calls[0].phone.place.uncertaintyM == $1" >/dev/null
}
until_true phone_radius 15
expect 0 phone --number 6281200000001 --at 112.6342,-7.9772 --radius 7
says "^posisi telepon masuk ke telepon $calling \(kejadian #$at\)\$"
phone_radius 7 || fail "the better position did not take"
expect 2 phone --number 081200000001 --sms 'A"ML=1;lt=x;lg=112.6;rd=5;ml=9'
says 'lt is no number'
expect 2 phone --number 081200000001
expect 2 phone --at 112.6,-7.9
expect 2 phone --number 081200000001 --at 112.6,-7.9 --method smell
expect 0 phone "$calling" --language en
says "^http://localhost:[0-9]*/caller/#[A-Za-z0-9_-]*\$"
says "^link for call $calling: one phone, to be opened before "
expect 2 phone 999999
expect 0 close "$at" --outcome cancelled
# The caller's words, the candidates, and choosing among them.
timeout 30 "$bin/sigap" watch >"$root/watch.words" 2>&1 &
background+=($!)
until_true grep -q malang "$root/watch.words"
"$bin/sigap" call --at masjid --complaint fall --no-look >"$root/out"
read -r vague where <"$root/out"
until_true grep -q 'tempat belum pasti' "$root/watch.words"
grep -q '“masjid”' "$root/watch.words" || fail "watch does not tell the caller's words"
expect 0 narrow "$vague" Jl. Veteran 5
until_true grep -q "telepon $vague menambahkan: “Jl. Veteran 5”" "$root/watch.words"
expect 0 incidents "$where"
says "^telepon $vague: “masjid” “Jl. Veteran 5”\$"
expect 1 locate "$where" --choice 1 --call 999999
expect 2 locate "$where"
expect 0 locate "$where" --choice 1
says "^tempat kejadian #$where kini "
expect 0 close "$where" --outcome cancelled
expect 0 incidents --all --json
[ "$(jq '.incidents | length' "$root/out")" = 5 ] || fail "five incidents in all"
expect 0 incidents --all
says 'serah terima'
COLUMNS=100 expect 0 incidents --all
says '^layar terlalu sempit, tidak ditampilkan: .*serah terima'
[ "$(head -n -1 "$root/out" | wc -L)" -le 100 ] || fail "the table is wider than the screen"

# ---- a crew through kill -9 -------------------------------------------------------------
token=$(awk '$1 == "PSC-01" { print $2 }' "$home/tokens/crews")
expect 3 crew --unit PSC-01 --token "$token" --server unix:/nonexistent/sigap.sock --once
expect 2 crew --unit PSC-02 --token "$token" --once
says 'belongs to PSC-01'
expect 2 crew --unit PSC-01 --token wrong --once
expect 2 crew --unit PSC-01
timeout 100 "$bin/sigap" watch >"$root/watch" 2>&1 &
background+=($!)
timeout 100 "$bin/sigap" watch --json >"$root/watch.json" 2>&1 &
background+=($!)
timeout 100 "$bin/sigap" crew --unit PSC-01 --token "$token" --speed 60 --once --json >"$root/crew" 2>&1 &
crew=$!
background+=("$crew")
until_true grep -q connected "$root/crew"
"$bin/sigap" duty PSC-02 off >/dev/null
expect 0 call --at "Jl. Veteran 5" --complaint cardiac_arrest
says 'PSC-01 dikirim'
until_true grep -q to_scene "$root/crew"
kill -9 "$engine"
wait "$engine" 2>/dev/null || true
start_engine
code=0
wait "$crew" || code=$?
[ "$code" = 0 ] || fail "the crew ended with $code: $(tail -n 3 "$root/crew")"
[ "$(jq -rs '[.[] | select(.news == "phase") | .phase] | join(" ")' "$root/crew")" = \
    "free deciding turning_out to_scene on_scene to_hospital at_hospital tidying returning free" ] ||
    fail "the crew's way was another: $(jq -r .phase "$root/crew" | tr '\n' ' ')"
grep -q '"news":"lost"' "$root/crew" || fail "the crew did not notice the engine's death"
expect 0 incidents --all --json
[ "$(jq -r '.incidents[-1].outcome' "$root/out")" = SERVED ] || fail "the incident was not served"
for words in 'PSC-01 dikirim' 'PSC-01 menerima' 'sambungan ke mesin putus' 'tersambung lagi' 'tiba di lokasi' \
    'membawa pasien ke' 'selesai: tertangani'; do
    until_true grep -q "$words" "$root/watch"
done
[ "$(grep -c 'PSC-01 dikirim' "$root/watch")" = 1 ] || fail "the order was told twice"
head -n 1 "$root/watch" | grep -q SKETSA || fail "watch does not say that the map is a sketch"
jq -e . "$root/watch.json" >/dev/null || fail "watch --json prints something else"

# ---- over TLS ---------------------------------------------------------------------------
tls=(--server "tls:127.0.0.1:$port" --ca "$SIGAP_VAR/tls/cert.pem")
expect 2 units "${tls[@]}"
says 'log in'
expect 2 units "${tls[@]}" --token wrong
says 'unknown'
expect 0 units "${tls[@]}" --token-file "$home/tokens/viewer"
expect 2 close 1 --outcome served "${tls[@]}" --token-file "$home/tokens/viewer"
says 'viewer may not'
expect 3 units --server "tls:127.0.0.1:$port" --token-file "$home/tokens/viewer"

# ---- the demo in a loop -------------------------------------------------------------------
expect 2 demo --tokens "$home/tokens"
expect 3 demo --tokens "$home/tokens" --scenario /nonexistent
printf '00:00 call A at "Alun-alun Tugu" complaint stroke\n' >"$root/short.demo"
expect 1 demo --tokens "$home/tokens" --scenario "$root/short.demo" --speed 200 --once
says 'Kurang'
"$bin/sigap" demo --tokens "$home/tokens" --scenario "$root/short.demo" --speed 200 --language en >"$root/out" 2>"$root/err" &
demo=$!
background+=("$demo")
until_true grep -q 'random calls go on' "$root/out"
kill -TERM "$demo" # as Ctrl-C, which the shell lets background programs ignore
wait "$demo" || fail "the demo's end was not orderly"
says 'All incidents'

kill -TERM "$engine"
wait "$engine" || fail "the engine's end was not orderly"
engine=
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$root"/engine.log "$root"/watch* "$root"/crew "$root"/err; then exit 1; fi
echo "every command answered as told"
