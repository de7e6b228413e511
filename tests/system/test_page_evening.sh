#!/usr/bin/env bash
# Crew, caller, hospital and wall in a headless browser against an engine with the sketch city.
#   test_page_evening.sh BIN [SECONDS WITHOUT A LINE] [FOLDER FOR SCREENSHOTS]
set -euo pipefail
bin=$1
away=${2:-8}
pictures=${3:-}
source=$PWD
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] && command -v npm >/dev/null && command -v node >/dev/null || exit 77
root=$(mktemp -d /tmp/sigap-evening-XXXXXX)
engine=''
finish() {
    [ -z "$engine" ] || kill "$engine" 2>/dev/null || true
    [ -z "$engine" ] || wait "$engine" 2>/dev/null || true
    rm -rf "$root"
}
trap finish EXIT
if ! engine/pages/install.sh >"$root/npm.log" 2>&1 || ! (cd engine/pages && { [ -d dist/caller ] || node build.mjs; }) >>"$root/npm.log" 2>&1; then
    tail -n 5 "$root/npm.log"
    echo "skipped: the pages could not be built"
    exit 77
fi
cp -r tests/pages/package.json tests/pages/package-lock.json tests/pages/lib tests/pages/evening.mjs "$root"
cd "$root"
if ! timeout 240 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1; then
    tail -n 3 npm.log
    echo "skipped: npm could not install the browser's driver"
    exit 77
fi
"$bin/sigap-sketch" malang.osm.pbf >/dev/null
"$bin/sigap" import --graph-only -o . malang.osm.pbf >/dev/null 2>&1
"$bin/sigap-sketch" --fleet fleet.conf >/dev/null 2>&1
unit=$(sed -n '/^units/,/^);/{/kind = "ambulance_advanced"/Is/.*{ code *= *"\([^"]*\)".*/\1/p}' fleet.conf | head -n 1)
hospital=$(sed -n '/^hospitals/,/^);/s/.*{ code *= *"\([^"]*\)".*/\1/p' fleet.conf | head -n 1)
[ -n "$unit" ] && [ -n "$hospital" ] || { echo "FAILED: the fleet has no unit or no hospital"; exit 1; }
"$bin/sigapd" --make-token dispatcher dispatcher >desk
"$bin/sigapd" --make-token viewer viewer >viewer
"$bin/sigapd" --make-token "$unit" crew "$unit" >crew
"$bin/sigapd" --make-token "igd" hospital "$hospital" >igd
printf 'dispatcher %s\nviewer %s\ncrew %s %s\nhospital %s %s\n' "$(sed -n 1p desk)" "$(sed -n 1p viewer)" \
    "$unit" "$(sed -n 1p crew)" "$hospital" "$(sed -n 1p igd)" >tokens
users=$(for who in desk viewer crew igd; do sed -n 2p $who; done | sed 's/,[[:space:]]*$//' | paste -sd,)
for port in $(shuf -i 20000-40000 -n 5); do
    cat >sigap.conf <<CONF
city = { graph = "malang.sgr"; };
listen = { socket = "$root/sock"; http = { address = "127.0.0.1"; port = $port; }; };
pages = { folder = "$source/engine/pages/dist"; address = "http://127.0.0.1:$port"; };
plans = "$source/engine/plans/defaults";
osrm = { open = true; };
journal = { path = "journal"; key_file = "key"; };
@include "$root/fleet.conf"
users = ( $users );
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
timeout $((540 + away * 2)) node evening.mjs "http://127.0.0.1:$port" "$chromium" "$root/tokens" --away "$away" \
    ${pictures:+--pictures "$pictures"} ||
    { tail -n 20 log; exit 1; }
kill "$engine"
wait "$engine" || { tail -n 5 log; echo "FAILED: the engine did not end well"; exit 1; }
engine=''
