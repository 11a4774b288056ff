#!/bin/sh
# Runs every benchmark of the release build, one after another, so that none disturbs another.
set -eu
cd "$(dirname "$0")/.."
# The million paths that others measured are drawn by a script that lies with the reference data; without it bench_attribute draws
# its own by the same law.
generator=${HANSA_DATA:-../shared/data}/gen_synthetic_paths.py
paths=build/bench/paths1m.csv
[ -s "$paths" ] || [ ! -e "$generator" ] || { python3 "$generator" 1000000 "$paths.part" && mv "$paths.part" "$paths"; }

for source in bench/bench_*.c; do
  [ -e "$source" ] || { echo "bench: there is no benchmark in bench/" >&2; exit 1; }
  name=$(basename "$source" .c)
  if [ "$name" = bench_attribute ] && [ -s "$paths" ]; then "build/bench/$name" "$paths"; else "build/bench/$name"; fi
done
