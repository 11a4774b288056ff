#!/bin/sh
# Runs every benchmark of the release build, one after another, so that none disturbs another.
set -eu
cd "$(dirname "$0")/.."
for source in bench/bench_*.c; do
  [ -e "$source" ] || { echo "bench: there is no benchmark in bench/" >&2; exit 1; }
  "build/bench/$(basename "$source" .c)"
done
