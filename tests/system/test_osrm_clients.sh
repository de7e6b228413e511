#!/usr/bin/env bash
# Clients of OSRM's API, unchanged, against an engine with the sketch city: a client library
# in node, and a map plug-in in a headless browser where there is one.
#   test_osrm_clients.sh BIN [SCREENSHOT.png]
set -euo pipefail
bin=$1
screenshot=${2:-}
pages=$PWD/tests/pages
command -v npm >/dev/null && command -v node >/dev/null || exit 77
root=$(mktemp -d /tmp/sigap-osrm-XXXXXX)
engine=''
finish() {
    [ -z "$engine" ] || kill "$engine" 2>/dev/null || true
    [ -z "$engine" ] || wait "$engine" 2>/dev/null || true
    rm -rf "$root"
}
trap finish EXIT
cp "$pages"/package.json "$pages"/package-lock.json "$pages"/*.mjs "$root"
if ! (cd "$root" && timeout 240 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1); then
    tail -n 3 "$root/npm.log"
    echo "skipped: npm could not install the clients"
    exit 77
fi

cd "$root"
"$bin/sigap-sketch" malang.osm.pbf >/dev/null
"$bin/sigap" import --graph-only -o . malang.osm.pbf >/dev/null
for port in $(shuf -i 20000-40000 -n 5); do
    cat >sigap.conf <<CONF
city = { graph = "malang.sgr"; };
listen = { http = { address = "127.0.0.1"; port = $port; }; };
osrm = { open = true; };
journal = { path = "journal"; key_file = "key"; };
CONF
    "$bin/sigapd" --config sigap.conf 2>log &
    engine=$!
    for _ in $(seq 1 200); do
        if grep -q event=ready log || ! kill -0 "$engine" 2>/dev/null; then break; fi
        sleep 0.1
    done
    if grep -q event=ready log; then break; fi
    engine=''
done
[ -n "$engine" ] || { tail -n 5 log; echo "FAILED: the engine did not start"; exit 1; }

timeout 120 node osrm_clients.mjs "http://127.0.0.1:$port"
chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -n "$chromium" ]; then
    timeout 120 node osrm_map.mjs "http://127.0.0.1:$port" "$chromium" ${screenshot:+"$screenshot"}
else
    echo "no chromium: the map plug-in was not run"
fi
kill "$engine"
wait "$engine" || { tail -n 5 log; echo "FAILED: the engine did not end well"; exit 1; }
engine=''
