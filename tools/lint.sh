#!/bin/sh
# The layout of every source, and static analysis of what is not a test.
#   tools/lint.sh        checks; a file is analysed again only when it, a header or the configuration changed
#   tools/lint.sh fmt    lays the sources out
set -eu
cd "$(dirname "$0")/.."
analysed=$(find src examples fuzz bench -maxdepth 0 2>/dev/null || :)
folders="$analysed $(find include tests -maxdepth 0 2>/dev/null || :)"

if [ "${1:-}" = fmt ]; then
  find $folders -name '*.[ch]' -exec clang-format -i {} +
  exit 0
fi

find $folders -name '*.[ch]' -exec clang-format --dry-run -Werror {} + ||
  { echo "lint: the layout is not that of .clang-format; run: make fmt" >&2; exit 1; }

# clang-tidy reads clang's own build, since gcc's warning flags are unknown to it.
tools/build.sh clang build.ninja
stamps=build-clang/tidy
mkdir -p "$stamps"
newest=$(find $folders .clang-tidy -name '*.h' -o -name .clang-tidy | xargs ls -t | sed -n 1p)
find $analysed -name '*.c' | sort | while read -r source; do
  stamp=$stamps/$(echo "$source" | tr / .)
  if [ "$stamp" -nt "$source" ] && [ "$stamp" -nt "$newest" ]; then continue; fi
  printf '%s\n' "$source"
done | xargs -r -P "$(nproc)" -n 1 sh -c '
  out=$(clang-tidy --quiet -p build-clang "$1" 2>/dev/null) || { printf "%s\n" "$out"; exit 1; }
  touch "$0/$(echo "$1" | tr / .)"' "$stamps" ||
  { echo "lint: clang-tidy has findings (above)" >&2; exit 1; }
echo "lint: nothing found"
