#!/usr/bin/env bash
# The crew's page in a headless browser against an engine with the sketch city.
#   test_page_crew.sh BIN [FOLDER FOR SCREENSHOTS]
set -euo pipefail
bin=$1
pictures=${2:-}
source=$PWD
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] && command -v npm >/dev/null && command -v node >/dev/null || exit 77
root=$(mktemp -d /tmp/sigap-crew-page-XXXXXX)
engine=''
finish() {
    [ -z "$engine" ] || kill "$engine" 2>/dev/null || true
    [ -z "$engine" ] || wait "$engine" 2>/dev/null || true
    rm -rf "$root"
}
trap finish EXIT
if ! engine/pages/install.sh >"$root/npm.log" 2>&1 || ! (cd engine/pages && { [ -d dist/crew ] || node build.mjs; }) >>"$root/npm.log" 2>&1; then
    tail -n 5 "$root/npm.log"
    echo "skipped: the pages could not be built"
    exit 77
fi
cp -r tests/pages/package.json tests/pages/package-lock.json tests/pages/lib tests/pages/crew.mjs "$root"
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
"$bin/sigapd" --make-token "$unit" crew "$unit" >new
"$bin/sigapd" --make-token dispatcher dispatcher >desk
printf 'dispatcher %s\n%s %s\n' "$(sed -n 1p desk)" "$unit" "$(sed -n 1p new)" >tokens
for port in $(shuf -i 20000-40000 -n 5); do
    cat >sigap.conf <<CONF
city = { graph = "malang.sgr"; };
listen = { socket = "$root/sock"; http = { address = "127.0.0.1"; port = $port; }; };
pages = { folder = "$source/engine/pages/dist"; };
plans = "$source/engine/plans/defaults";
osrm = { open = true; };
journal = { path = "journal"; key_file = "key"; };
@include "$root/fleet.conf"
users = ( $(sed -n 2p new | sed 's/,[[:space:]]*$//'), $(sed -n 2p desk | sed 's/,[[:space:]]*$//') );
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
timeout 750 node crew.mjs "http://127.0.0.1:$port" "$chromium" "$root/tokens" ${pictures:+"$pictures"} ||
    { tail -n 20 log; exit 1; }
kill "$engine"
wait "$engine" || { tail -n 5 log; echo "FAILED: the engine did not end well"; exit 1; }
engine=''
