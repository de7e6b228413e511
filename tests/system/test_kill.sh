#!/usr/bin/env bash
# Sets up the sketch with a private PostgreSQL in a directory of its own, and
# lets test_kill kill the engine under load there.
set -euo pipefail
bin=$1
test_program=$2
[ -x /usr/lib/postgresql/15/bin/postgres ] || exit 77
root=$(mktemp -d /tmp/sigap-kill-XXXXXX)
chmod 0755 "$root"
export SIGAP_VAR=$root/var SIGAP_BIN=$bin SIGAP_PORT=none
unset SIGAP_DATABASE
trap './run --no-install stop >/dev/null 2>&1 || true; rm -rf "$root"' EXIT
config=$(./run --no-install city)
code=0
"$test_program" "$bin/sigapd" "$config" "$SIGAP_VAR/run/sigap.sock" "$(dirname "$config")/journal.sqlite" \
    "$(cat "$SIGAP_VAR/database")" "$root/engine.log" || code=$?
if [ "$code" != 0 ]; then
    tail -n 40 "$root/engine.log"
fi
# A sanitizer's finding in any of the killed engines is a failure too.
if grep -nE 'ERROR: AddressSanitizer|runtime error' "$root/engine.log"; then code=1; fi
exit "$code"
