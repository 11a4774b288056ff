#!/bin/sh
# Runs programs of simulated worlds and writes what they find to docs/calibration/: tools/calibrate.sh NAME...
# A page is replaced once its program has come to its end. Programs that can be interrupted keep what is done in build/calibrate/, under
# the hash of the program, and go on from there. When a row misses what is demanded of it, the others still run, and the end says so.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/calibrate
failed=""
for name in "$@"; do
  tools/build.sh release "$name"
  state=""
  case "$name" in
    influence | geo) state="--state build/calibrate/$name-$(sha256sum "build/tests/$name" | cut -c1-16)" ;;
  esac
  echo "calibrate: $name" >&2
  code=0
  # $state is two words or none
  "build/tests/$name" $state > "build/calibrate/$name.md" || code=$?
  # 1 is a row that misses; anything else is no page
  [ "$code" -le 1 ] || { echo "calibrate: $name ended with $code; docs/calibration/$name.md stays as it was" >&2; exit "$code"; }
  mv "build/calibrate/$name.md" "docs/calibration/$name.md"
  [ "$code" -eq 0 ] || failed="$failed $name"
done
[ -z "$failed" ] || { echo "calibrate: rows miss what is demanded of them in$failed (docs/calibration/)" >&2; exit 1; }
