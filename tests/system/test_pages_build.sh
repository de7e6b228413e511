#!/usr/bin/env bash
# The pages: types, unit tests, a whole build, and that no page is heavier than 1.5 MB gzipped.
# Skipped where npm is not there or cannot install.
set -euo pipefail
command -v npm >/dev/null && command -v node >/dev/null && command -v protoc >/dev/null || exit 77
cd engine/pages
if ! ./install.sh >build/install.log 2>&1; then
    tail -n 3 build/install.log
    echo "skipped: npm could not install what the pages need"
    exit 77
fi
! grep -q '"resolved"' package-lock.json || { echo "FAILED: package-lock.json names a registry"; exit 1; }
node build.mjs --tests
node_modules/.bin/tsc --noEmit
node build.mjs
for page in crew caller hospital wall planner; do
    bytes=0
    for url in "/$page/index.html" $(grep -o '/assets/[^"]*' "dist/$page/index.html"); do
        bytes=$((bytes + $(gzip -9 -c "dist$url" | wc -c)))
    done
    echo "$page: $bytes bytes gzipped"
    [ "$bytes" -le 1500000 ] || { echo "FAILED: /$page/ is heavier than 1.5 MB gzipped"; exit 1; }
    ! grep -Eq '<script>|<style>|style="| on[a-z]+="' "dist/$page/index.html" ||
        { echo "FAILED: /$page/ has script or style within its HTML"; exit 1; }
done
