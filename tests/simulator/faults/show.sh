#!/usr/bin/env bash
# Puts each fault of this folder into a copy of the tree, builds the simulator alone, and shows
# whether it finds the fault, and by which invariant.
#
#   tests/simulator/faults/show.sh [--seeds N] [FAULT.patch ...]
#
# Exit 0: the tree as it is breaks nothing, and every fault is found by the invariant that its
# patch names. The copy lies in a temporary folder, which is removed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
seeds=40
if [ "${1:-}" = --seeds ]; then
    seeds=$2
    shift 2
fi
[ $# -gt 0 ] || set -- "$here"/*.patch
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git -C "$root" ls-files -z | (cd "$root" && xargs -0 cp --parents -t "$copy" 2>/dev/null) || true

build() {
    cmake --build "$copy/build" --target simulator -j "${SIGAP_JOBS:-2}" >"$copy/log" 2>&1 ||
        { tail -20 "$copy/log"; return 1; }
}
run() { "$copy/build/tests/simulator" --seeds "$seeds" --events 500 --long >"$copy/out" 2>&1; }

cmake -S "$copy" -B "$copy/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$copy/log" 2>&1 ||
    { tail "$copy/log"; exit 3; }
build || exit 3
if run; then
    echo "no fault: $(tail -1 "$copy/out")"
else
    echo "the tree as it is already breaks something:"
    cat "$copy/out"
    exit 1
fi

missed=0
for fault in "$@"; do
    name=$(basename "$fault" .patch)
    wanted=$(sed -n 's/^Invariant: //p' "$fault")
    (cd "$copy" && patch -s -p1 --no-backup-if-mismatch <"$fault") || { echo "$name: the patch does not fit"; exit 3; }
    build || { echo "$name: does not build"; exit 3; }
    found=nothing
    run || found=$(sed -n 's/^BROKEN \([A-Z_]*\):.*/\1/p' "$copy/out" | head -1)
    where=$(sed -n 's/^  \(seed [0-9]*, deed [0-9]*\) of.*/\1/p' "$copy/out" | head -1)
    if [ "$found" = "$wanted" ]; then
        echo "found   $name: $found, ${where:-?}"
    else
        echo "MISSED  $name: wanted $wanted, got ${found:-an abort}"
        missed=$((missed + 1))
    fi
    (cd "$copy" && patch -s -R -p1 --no-backup-if-mismatch <"$fault")
done
echo "$(($# - missed)) of $# faults found"
[ "$missed" = 0 ]
