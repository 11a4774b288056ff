#!/bin/sh
# Builds targets under one of the presets of CMakePresets.json: tools/build.sh PRESET [TARGET...]
# Says nothing when everything is up to date.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
case "$preset" in release) folder=build ;; *) folder=build-$preset ;; esac

if [ ! -f "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/build.ninja" ]; then
  mkdir -p "$folder"
  if ! cmake --preset "$preset" > "$folder/configure.log" 2>&1; then
    cat "$folder/configure.log" >&2
    exit 1
  fi
fi
# ninja speaks even when it has nothing to do; what says nothing is left out, and on a terminal the progress keeps to one line.
failed=$folder/.failed
rm -f "$failed"
if [ -t 1 ]; then terminal=1; else terminal=0; fi
{ ninja -C "$folder" "$@" 2>&1 || touch "$failed"; } | awk -v terminal="$terminal" '
  /^ninja: (Entering directory|no work to do)/ || /^\[0\/[0-9]+\] / || /^-- / || /Re-running CMake/ { next }
  /^\[[0-9]+\/[0-9]+\] / && terminal { printf "\r\033[K%.100s", $0; fflush(); open_line = 1; next }
  { if (open_line) print ""; open_line = 0; print; fflush() }
  END { if (open_line) printf "\r\033[K" }'
[ ! -f "$failed" ]
