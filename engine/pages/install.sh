#!/usr/bin/env bash
# Installs what package-lock.json names into node_modules, unless that is done already. Nothing of
# it runs while it is installed. Two builds at once install one after the other.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p build
if command -v flock >/dev/null; then
    exec 9>build/install.lock
    flock 9
fi
cmp -s package-lock.json node_modules/.installed-lock && exit 0
timeout 300 npm ci --ignore-scripts --no-audit --no-fund
cp package-lock.json node_modules/.installed-lock
