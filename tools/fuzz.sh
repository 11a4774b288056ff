#!/bin/sh
# Runs every fuzz target of the fuzz build for a while, one a processor at a time: tools/fuzz.sh SECONDS.
# What one finds is left in build-fuzz/found/.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
found=$PWD/build-fuzz/found

run_one() {
  name=$1
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
}

if [ $# -eq 2 ]; then
  run_one "$2"
  exit 0
fi
mkdir -p "$found"
targets=$(find fuzz -maxdepth 1 -name 'fuzz_*.c' -exec basename {} .c \; | sort)
[ -n "$targets" ] || { echo "fuzz: there is no target in fuzz/" >&2; exit 1; }
# A target that fails does not end the others: each has its time.
printf '%s\n' "$targets" | xargs -P "$(nproc)" -n 1 tools/fuzz.sh "$seconds" || exit 1
echo "fuzz: $(printf '%s\n' "$targets" | wc -l) targets, nothing found"
