#!/usr/bin/env bash
# An evening in the control room, on real parts, driven through terminals as people would: 60 rings,
# of which 25 are pranks or silent, two dispatchers and a supervisor, two who act on the same thing,
# an engine that dies and one that hangs, a screen that shrinks and grows, a main road that is closed.
# Every screen is captured. By hand:
#
#   tests/system/evening.sh BIN FOLDER [RINGS] [SPEED]
#
# FOLDER gets the captures (NN-what-who.txt), the engine's log and the figures. Sixty rings take nine
# minutes at speed 1. Exit 0 only if every ring was answered, is one call and has the outcome that its
# caller had in mind, what was half typed outlived the engine, and the road that was shut counts.
set -eu # no pipefail: grep -q does not read to the end
bin=$(realpath "$1")
out=$(realpath -m "$2")
rings=${3:-60}
speed=${4:-1}
[ -x /usr/lib/postgresql/15/bin/postgres ] || exit 77
command -v tmux >/dev/null && command -v jq >/dev/null || exit 77
mkdir -p "$out"
root=$(mktemp -d /tmp/sigap-evening-XXXXXX)
chmod 0755 "$root"
export SIGAP_VAR=$root/var SIGAP_BIN=$bin SIGAP_PORT=$(shuf -i 20000-30000 -n 1) LC_ALL=C.UTF-8
unset SIGAP_DATABASE TMUX
tmux_() { tmux -L "sigap-evening-$$" -f /dev/null "$@"; }
children=()
finish() {
    tmux_ kill-server 2>/dev/null || true
    local child
    for child in "${children[@]+"${children[@]}"}"; do kill "$child" 2>/dev/null || true; done
    cp "$SIGAP_VAR/log/sigapd.log" "$out/sigapd.log" 2>/dev/null || true
    ./run --no-install stop >/dev/null 2>&1 || true
    rm -rf "$root"
}
trap finish EXIT
note() { printf '%s  %s\n' "$(date +%T)" "$*" | tee -a "$out/evening.log" >&2; }
fail() {
    note "FAILED: $*"
    exit 1
}

# ---- what callers say: what it is, then where, in their words; invented ------------------------
# real: an incident. same: of the one before it. prank, silent, info: judged with one key.
say_all() {
    cat <<'CALLS'
real|fall|jatuh|depan RSSA
prank
real|chest_pain|nyeri dada|jl veteran 5
prank
real|traffic_accident|kecelakaan|simpang ijen semeru
same|traffic_accident|kecelakaan|jalan ijen jalan semeru
silent
prank
real|breathing|sesak|jl soekarno hatta 9
prank
real|childbirth|melahirkan|jl danau toba 12
silent
real|stroke|stroke|alun alun tugu
prank
real|fall|jatuh|jl kawi 4
real|fever|demam|pasar dinoyo
info
real|seizure|kejang|kampus ub
silent
real|fall|jatuh|masjid sabilillah
prank
real|traffic_accident|kecelakaan|jl ijen 25
prank
real|burn|luka bakar|pasar besar malang
real|unconscious|tidak sadar|terminal arjosari
silent
real|poisoning|keracunan|mal olympic garden
prank
real|diabetes|gula|jl mayjen panjaitan 60
prank
real|bleeding|perdarahan|stasiun kota baru
same|bleeding|perdarahan|depan stasiun malang kota baru
prank
real|breathing|sesak|jl kawi 20
info
real|chest_pain|nyeri dada|jl gajayana 12
silent
real|fall|jatuh|jl danau toba 30
prank
real|seizure|kejang|pasar blimbing
real|stroke|stroke|jl tugu 2
prank
real|fever|demam|jl bandung 4
prank
real|burn|luka bakar|jl dinoyo 8
silent
real|traffic_accident|kecelakaan|simpang veteran bandung
prank
real|childbirth|melahirkan|jl borobudur 5
prank
real|unconscious|tidak sadar|jl semeru 10
prank
info
real|poisoning|keracunan|jl sukarno hatta 30
prank
real|bleeding|perdarahan|jl basuki rahmat 14
prank
real|breathing|sesak|jl merdeka timur 3
silent
real|diabetes|gula|jl ijen 40
CALLS
}
mapfile -t calls < <(say_all | head -n "$rings")
count() { printf '%s\n' "${calls[@]}" | grep -c "^$1" || true; }
number_of() { printf '+6280000%04d' "$((7000 + $1))"; }

# ---- the parts ------------------------------------------------------------------------------------

start_parts() {
    local unit port home
    ./run --no-install city >"$out/run.log" 2>&1 || fail "the city was not made: $out/run.log"
    home=$SIGAP_VAR/city/malang
    tokens=$home/tokens
    sed -i '$d' "$home/users.conf" # its last line is ");"
    for unit in budi:dispatcher sari:dispatcher kepala:admin; do
        "$bin/sigapd" --make-token "${unit%:*}" "${unit#*:}" >"$root/new"
        sed -n 1p "$root/new" >"$tokens/${unit%:*}"
        printf ',%s' "$(sed -n 2p "$root/new" | sed 's/,[[:space:]]*$//')" >>"$home/users.conf"
    done
    echo ');' >>"$home/users.conf"
    install -m 0600 /dev/null "$root/password"
    echo malam >"$root/password"
    port=$(shuf -i 20000-40000 -n 1)
    cat >>"$home/sigap.conf" <<CONF
exchanges = ( { name = "malang"; url = "http://127.0.0.1:$port/ari"; user = "sigap"; password_file = "$root/password"; record = true; } );
osrm = { open = true; };
lines = ( { code = "112"; name = "Darurat 112"; }, { code = "119"; name = "Ambulans 119"; } );
CONF
    echo "$home" >"$SIGAP_VAR/run/city"
    ./run --no-install engine >"$SIGAP_VAR/log/sigapd.log" 2>&1 &
    children+=($!)
    export SIGAP_SERVER=unix:$SIGAP_VAR/run/sigap.sock
    for _ in $(seq 1 300); do
        "$bin/sigap" status >/dev/null 2>&1 && break
        sleep 0.2
    done
    "$bin/sigap" crew --fleet "$tokens/crews" --speed 20 >"$out/crews.log" 2>&1 &
    children+=($!)
    local i
    {
        echo at_s,number,line,behaviour
        for i in "${!calls[@]}"; do
            printf '%d,%s,%s,abandon 3600 talk 45\n' $((3 + i * 8)) "$(number_of "$i")" $((i % 3 == 0 ? 119 : 112))
        done
    } >"$root/rings.csv"
    "$bin/sigap" ring --storm "$root/rings.csv" --port "$port" --password-file "$root/password" --speed "$speed" \
        --when-heard --stay >"$out/rings.log" 2>&1 &
    children+=($!)
}

engine() { cat "$SIGAP_VAR/run/sigapd.pid"; }

# ---- terminals ----------------------------------------------------------------------------------

open_console() { # WHO WIDTH HEIGHT
    tmux_ new-session -d -s "$1" -x "$2" -y "$3" "$bin/sigap console --server $SIGAP_SERVER --token-file $tokens/$1 \
        --state $root/state-$1 --graph $SIGAP_VAR/graph/malang.sgr 2>$out/$1.err"
    see "$1" 'tersambung' 30 || fail "the console of $1 does not come up"
}
screen() { tmux_ capture-pane -p -t "$1"; }
keys() { tmux_ send-keys -t "$1" "${@:2}"; }
type_() { tmux_ send-keys -t "$1" -l "$2"; }
# WHO REGEX [SECONDS]: until it stands on the screen.
see() {
    local end=$((SECONDS + ${3:-20}))
    until screen "$1" | grep -qE "$2"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.15
    done
}
shots=0
shot() { # WHO NAME
    shots=$((shots + 1))
    screen "$1" >"$out/$(printf '%02d' "$shots")-$2-$1.txt"
    note "screen $shots: $2 ($1)"
}

# ---- a dispatcher ---------------------------------------------------------------------------------

# Takes what rings and does what the caller says, key by key. $root/pause: hands off for a moment.
judge() { # WHO LETTER
    keys "$1" F9
    see "$1" '\[i\]seng' 10 || return 1
    keys "$1" "$2"
    see "$1" 'ditutup' 10
}
write_down() { # WHO COMPLAINT PLACE
    type_ "$1" "$3"
    sleep 0.8 # as long as it takes to read what was found
    keys "$1" Enter # the place that is marked
    type_ "$1" "$2"
    sleep 0.4
    keys "$1" Enter # several complaints may go by that word: the one that is marked
    keys "$1" F2
    see "$1" 'TANYA #|kejadian #[0-9]+' 20
}
# The incident that was just made is the same as another, as the engine supposes.
join() { # WHO
    local mine other
    mine=$("$bin/sigap" incidents --json | jq -r '[.incidents[].id | tonumber] | max')
    other=$("$bin/sigap" incidents "$mine" --json | jq -r '.incident.alike[0].incidentId // empty')
    [ -n "$other" ] || { note "$mine is like no other"; return 0; }
    type_ "$1" "gabung $other"
    keys "$1" Enter
    see "$1" 'jadi' 10
}
serve() { # WHO CALL
    local kind code words place
    IFS='|' read -r kind code words place <<<"${calls[$2]}"
    case $kind in
    prank) judge "$1" i ;;
    silent) judge "$1" b ;;
    info) judge "$1" f ;;
    *)
        write_down "$1" "$words" "$place" || return 1
        keys "$1" 1 # the first question of the script
        sleep 0.3
        if [ "$kind" = real ]; then keys "$1" F5; fi
        sleep 0.5
        keys "$1" Escape
        sleep 0.2
        if [ "$kind" = same ]; then join "$1"; fi
        ;;
    esac
    echo "$2 $1 $kind $code" >>"$root/served"
}
work() { # WHO
    local number i
    set +e
    while [ ! -e "$root/over" ]; do
        sleep 0.3
        [ ! -e "$root/pause" ] || {
            touch "$root/idle-$1"
            continue
        }
        rm -f "$root/idle-$1"
        screen "$1" | head -5 | grep -q 'BERDERING' || continue
        keys "$1" C-t
        see "$1" 'TELEPON BARU ☎' 3 || continue # another was first
        # The number in the form, not that of whoever rings meanwhile.
        number=$(screen "$1" | grep -E 'Nomor' | grep -oE '\+6280000[0-9]{4}' | head -1)
        [ -n "$number" ] || continue
        i=$((10#${number#+6280000} - 7000))
        serve "$1" "$i" || { shot "$1" "stuck-$i"; fail "$1 could not serve call $i"; }
    done
}
hands_off() {
    touch "$root/pause"
    local who
    for who in budi sari; do
        for _ in $(seq 1 300); do
            [ ! -e "$root/idle-$who" ] || break
            sleep 0.2
        done
    done
}
hands_on() { rm -f "$root/pause" "$root"/idle-*; }
served() { wc -l <"$root/served"; }
until_served() {
    until [ "$(served)" -ge "$1" ]; do
        [ $((SECONDS - begun)) -lt 3000 ] || fail "only $(served) of $1 calls were served"
        sleep 0.3
    done
}

# ---- the evening -------------------------------------------------------------------------------------

open_incident() { # the youngest that is served and not over
    "$bin/sigap" incidents --json | jq -r '[.incidents[] | select(.state == "INCIDENT_ASSIGNED")] | last | .id // empty'
}

# Both change the same incident within a moment: the second is told who was first, and nothing is lost.
conflict() {
    local incident before after
    hands_off
    incident=$(open_incident)
    [ -n "$incident" ] || { note "no incident is open for a conflict"; hands_on; return; }
    keys budi Escape Escape
    keys sari Escape Escape
    type_ budi "k $incident"
    keys budi Enter
    type_ sari "k $incident"
    keys sari Enter
    sleep 0.7
    before=$("$bin/sigap" incidents "$incident" --json | jq -r .incident.priority)
    type_ budi "t p2"
    type_ sari "t p4"
    keys budi Enter
    keys sari Enter
    sleep 1.5
    shot budi conflict
    shot sari conflict
    after=$("$bin/sigap" incidents "$incident" --json | jq -r .incident.priority)
    note "conflict over #$incident: $before, then p2 by budi and p4 by sari at once: $after"
    keys budi Escape
    keys sari Escape
    hands_on
}

# The engine dies while budi has half a line typed: the screen says so, the line stays, and what is sent
# meanwhile goes out once when the engine is back.
broken_line() {
    local began
    hands_off
    keys budi Escape Escape
    type_ budi "setengah baris yang belum dikirim"
    began=$(date +%s%N)
    kill -KILL "$(engine)"
    see budi 'SAMBUNGAN PUTUS' 10 || fail "a dead engine is not noticed"
    note "the engine is killed: on the screen after $((($(date +%s%N) - began) / 1000000)) ms"
    shot budi broken-line
    see budi '● tersambung' 60 || fail "the console does not come back"
    screen budi | grep -q 'setengah baris yang belum dikirim' || fail "the half line is lost"
    shot budi line-back
    keys budi Escape
    hands_on
}

# Half open: the engine hangs, its sockets are there and say nothing.
hanging() {
    local began
    hands_off
    began=$(date +%s%N)
    kill -STOP "$(engine)"
    see sari 'SAMBUNGAN PUTUS' 15 || fail "a hanging engine is not noticed"
    note "the engine hangs: on the screen after $((($(date +%s%N) - began) / 1000000)) ms"
    shot sari hanging
    kill -CONT "$(engine)"
    see sari '● tersambung' 60 || fail "the console does not come back"
    see budi '● tersambung' 60 || fail "the console does not come back"
    hands_on
}

resize() {
    tmux_ resize-window -t sari -x 80 -y 24
    sleep 1.2
    shot sari 80x24
    tmux_ resize-window -t sari -x 200 -y 60
    sleep 1.2
    shot sari 200x60-again
}

# Who has what in hand: budi holds it, sari sees that and takes it over, budi is told.
hold() {
    local incident
    hands_off
    incident=$(open_incident)
    [ -n "$incident" ] || { note "no incident is open to be held"; hands_on; return; }
    type_ budi "pegang $incident"
    keys budi Enter
    sleep 1
    type_ sari "k $incident"
    keys sari Enter
    sleep 0.7
    shot sari budi-has-it
    type_ sari "pegang $incident"
    keys sari Enter
    sleep 1
    shot budi taken-over
    hands_on
}

supervise() {
    keys kepala F12
    sleep 1.5
    shot kepala supervisor
    tmux_ resize-window -t kepala -x 80 -y 24
    sleep 1.5
    shot kepala supervisor-80x24
    tmux_ resize-window -t kepala -x 160 -y 48
    sleep 0.5
    keys kepala Escape
}

# budi goes home: what he holds is sari's now, with a note; she reads the page for who comes.
hand_over() {
    hands_off
    type_ budi "serahkan sari dua kejadian masih berjalan"
    keys budi Enter
    sleep 1
    keys budi Escape Escape
    type_ sari "serahkan"
    keys sari Enter
    sleep 1.5
    shot sari hand-over
    keys sari Escape
    type_ kepala "tanda"
    keys kepala Enter
    sleep 1
    shot kepala marked-numbers
    keys kepala Escape
    hands_on
}

# A main road is shut by its name, by whoever runs the room; every time from then on knows of it.
shut_road() {
    local before after
    before=$(road_time)
    type_ kepala "tutup Jalan Veteran alasan pawai"
    keys kepala Enter
    sleep 2
    shot kepala road-to-be-shut
    keys kepala y
    sleep 0.3
    keys kepala Enter
    sleep 2
    shot kepala road-shut
    keys kepala Escape Escape
    for _ in $(seq 1 60); do
        after=$(road_time)
        [ "$after" = "$before" ] || break
        sleep 0.5
    done
    note "Jalan Veteran is shut: past it $before s before, $after s after"
    [ "$after" != "$before" ] || fail "a road that is shut changes no time"
}
# Across Jalan Veteran, beside it at both ends.
road_time() {
    curl -s "http://127.0.0.1:$((SIGAP_PORT + 1))/route/v1/driving/112.6090,-7.9545;112.6225,-7.9600" |
        jq -r '.routes[0].duration // "no way"'
}

map() {
    hands_off
    keys budi F7
    sleep 2
    shot budi map
    keys budi Escape
    sleep 0.3
    hands_on
}

account() {
    local page want got
    page=$("$bin/sigap" rings --all --json | tee "$out/rings.json")
    want=${#calls[@]}
    got=$(jq '[.rings[] | select(.answeredAtMs != null)] | length' <<<"$page")
    [ "$got" = "$want" ] || fail "$got of $want rings were answered"
    [ "$(jq '[.rings[] | select(.callId != null) | .callId] | unique | length' <<<"$page")" = "$want" ] ||
        fail "not every ring is a call of its own"
    page=$("$bin/sigap" incidents --all --json | tee "$out/incidents.json")
    local kind code
    for kind in prank:PRANK silent:SILENT info:INFORMATION; do
        got=$(jq --arg o "${kind#*:}" '[.incidents[] | select(.outcome == $o)] | length' <<<"$page")
        [ "$got" = "$(count "${kind%:*}")" ] || fail "$got incidents are ${kind#*:}, $(count "${kind%:*}") calls were"
    done
    got=$(jq '[.incidents[] | select(.complaint != null and .outcome != "DUPLICATE")] | length' <<<"$page")
    code=$(($(count real) + $(count same)))
    note "$want rings: $(count prank) pranks, $(count silent) silent, $(count info) information; $got incidents of $code calls"
    [ "$got" -le "$code" ] && [ "$got" -ge "$(count real)" ] || fail "$got incidents of $code calls"
    "$bin/sigap" rings --summary | tee -a "$out/evening.log" >&2
}

: >"$root/served"
start_parts
begun=$SECONDS
open_console budi 160 48
open_console sari 200 60
open_console kepala 160 48
shot kepala quiet
work budi &
children+=($!)
work sari &
children+=($!)
until_served $((rings / 10))
shot budi taking-calls
until_served $((rings / 5))
conflict
until_served $((rings * 3 / 10))
broken_line
until_served $((rings * 4 / 10))
shot sari 200x60
resize
hold
until_served $((rings / 2))
hanging
until_served $((rings * 6 / 10))
supervise
shut_road
until_served $((rings * 7 / 10))
map
shot kepala busy
until_served $((rings * 8 / 10))
hand_over
until_served "${#calls[@]}"
touch "$root/over"
sleep 2
sort -n "$root/served" >"$out/served"
shot budi end
shot kepala end
account
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$SIGAP_VAR/log/sigapd.log" "$out"/*.err; then fail "a program is broken"; fi
note "over after $((SECONDS - begun)) s; $shots screens in $out"
