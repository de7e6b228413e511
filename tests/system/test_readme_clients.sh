#!/usr/bin/env bash
# The clients that README.md shows, exactly as they stand there, over a real engine: each logs in,
# hears an order and accepts it.
#   test_readme_clients.sh BIN
set -euo pipefail
bin=$1
readme=$PWD/README.md
root=$(mktemp -d /tmp/sigap-readme-XXXXXX)
engine='' client=''
finish() {
    for pid in $client $engine; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$root"
}
trap finish EXIT
cd "$root"

# The fenced block behind <!-- client: NAME -->.
for name in crew.mjs crew.sh; do
    awk -v mark="<!-- client: $name -->" '
        $0 == mark { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$readme" >"$name"
    [ "$(wc -l <"$name")" -ge 5 ] || { echo "FAILED: README.md has no $name"; exit 1; }
done

node=''
if command -v node >/dev/null; then
    for option in '' --experimental-websocket; do
        if [ "$(node $option -p 'typeof WebSocket' 2>/dev/null)" = function ]; then
            node="node $option"
            break
        fi
    done
fi
command -v curl >/dev/null && curl=1 || curl=''
[ -n "$node$curl" ] || { echo "skipped: neither a node with WebSocket nor curl"; exit 77; }

"$bin/sigap-sketch" malang.osm.pbf >/dev/null
"$bin/sigap" import --graph-only -o . malang.osm.pbf >/dev/null
users=''
for unit in A-01 A-02; do
    "$bin/sigapd" --make-token "$unit" crew "$unit" >new
    sed -n 1p new >"token.$unit"
    users="$users$(sed -n 2p new | sed 's/,[[:space:]]*$//'),"
done
for port in $(shuf -i 20000-40000 -n 5); do
    cat >sigap.conf <<CONF
city = { graph = "malang.sgr"; };
listen = { socket = "s"; http = { address = "127.0.0.1"; port = $port; tls = false; }; };
journal = { path = "journal"; key_file = "key"; };
users = ( ${users%,} );
stations = ( { code = "S1"; name = "Pos Satu"; lon = 112.6304; lat = -7.9666; agency = "PSC 119"; } );
units = ( { code = "A-01"; kind = "ambulance_basic"; station = "S1"; },
          { code = "A-02"; kind = "ambulance_basic"; station = "S1"; } );
CONF
    "$bin/sigapd" --config sigap.conf 2>log &
    engine=$!
    for _ in $(seq 1 1200); do
        if grep -q event=ready log || ! kill -0 "$engine" 2>/dev/null; then break; fi
        sleep 0.1
    done
    if grep -q event=ready log; then break; fi
    engine=''
done
[ -n "$engine" ] || { tail -n 5 log; echo "FAILED: the engine did not start"; exit 1; }

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local tries=$(($1 * 5))
    shift
    for _ in $(seq 1 "$tries"); do
        if "$@"; then return 0; fi
        sleep 0.2
    done
    return 1
}
sigap() { "$bin/sigap" "$@" --server "unix:$root/s"; }
is_on_duty() { sigap units --on-duty --json | grep -q "\"$1\""; }
has_accepted() { sigap incidents "$1" --json | grep -q '"ACCEPTED"'; }

# try_client UNIT INCIDENT COMMAND...: the incident's number will be that one.
try_client() {
    local unit=$1 incident=$2
    shift 2
    "$@" >"out.$unit" 2>&1 &
    client=$!
    wait_for 60 is_on_duty "$unit" || { cat "out.$unit"; echo "FAILED: $unit did not sign on"; exit 1; }
    sigap call --at 112.6320,-7.9670 --complaint cardiac_arrest >/dev/null
    wait_for 60 has_accepted "$incident" || { cat "out.$unit"; echo "FAILED: $unit did not accept"; exit 1; }
    kill "$client" 2>/dev/null || true
    wait "$client" 2>/dev/null || true
    client=''
    echo "$unit heard its order and accepted it"
}
incident=1
if [ -n "$node" ]; then
    try_client A-01 $incident $node crew.mjs "ws://127.0.0.1:$port" "$(cat token.A-01)"
    incident=2
fi
if [ -n "$curl" ]; then
    try_client A-02 $incident sh crew.sh "http://127.0.0.1:$port" "$(cat token.A-02)"
fi
kill "$engine"
wait "$engine" || { tail -n 5 log; echo "FAILED: the engine did not end well"; exit 1; }
engine=''
