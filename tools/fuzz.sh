#!/bin/sh
# Runs every fuzz target of the fuzz build for a while: tools/fuzz.sh SECONDS. What one finds is left in build-fuzz/found/.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
found=$PWD/build-fuzz/found
mkdir -p "$found"
count=0
for source in fuzz/fuzz_*.c; do
  [ -e "$source" ] || { echo "fuzz: there is no target in fuzz/" >&2; exit 1; }
  name=$(basename "$source" .c)
  corpus=build-fuzz/corpus/$name
  mkdir -p "$corpus"
  set -- "$corpus"
  if [ -d "fuzz/seeds/$name" ]; then set -- "$@" "fuzz/seeds/$name"; fi
  log=build-fuzz/$name.log
  if ! "build-fuzz/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
       -artifact_prefix="$found/$name-" "$@" > "$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "fuzz: $name failed; replay: build-fuzz/fuzz/$name $(ls -t "$found/$name-"* 2>/dev/null | head -n 1)" >&2
    exit 1
  fi
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs in $seconds s, nothing found"
  count=$((count + 1))
done
echo "fuzz: $count targets, nothing found"
