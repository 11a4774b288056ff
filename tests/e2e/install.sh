#!/bin/sh
# Proves that an installation works from wherever it stands: tests/e2e/install.sh BUILD CC [EXAMPLE.c...]
# The program starts and finds DuckDB's library beside itself; pages of the manual are pages; every example, compiled by what pkg-config says
# against the shared and against the static library, prints EXAMPLE.txt when it is given EXAMPLE.csv.
set -eu
build=$1
cc=$2
shift 2
pages=$(cd "$(dirname "$0")/../../docs/man" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "install: $*" >&2
  exit 1
}

cmake --install "$build" --prefix "$work/first" > "$work/log" || { cat "$work/log" >&2; fail "cmake --install failed"; }
mv "$work/first" "$work/moved" # nothing may remember where it was put
cd "$work/moved"

version=$(env -u LD_LIBRARY_PATH bin/hansa --version) || fail "the installed program does not start"
case "$version" in "hansa "*.*.*) ;; *) fail "the installed program calls itself '$version'" ;; esac
if readelf -d bin/hansa | grep -q 'libduckdb'; then
  env -u LD_LIBRARY_PATH ldd bin/hansa | grep -q "$work/moved/.*/hansa/libduckdb.so" || fail "the program does not find its own libduckdb.so"
fi
for file in share/doc/hansa/LICENSE share/doc/hansa/LICENSE.duckdb share/man/man1/hansa.1; do
  [ -s "$file" ] || fail "$file is missing"
done
# Of the generators of CMake only ninja makes the folder for what a command writes.
cmake -DSCDOC="$(command -v scdoc)" -DSOURCE="$pages/hansa.1.scd" -DOUT="$work/of/make/hansa.1" -P "$pages/../../cmake/Man.cmake" ||
  fail "a page of the manual cannot be made in a new folder"
for page in share/man/man1/*.1; do
  grep -q '^\.TH' "$page" || fail "$page is no page of a manual"
done

libraries=$(dirname "$(find . -name libhansa.so)")
export PKG_CONFIG_PATH="$work/moved/$libraries/pkgconfig"
[ "hansa $(pkg-config --modversion hansa)" = "$version" ] || fail "hansa.pc and the program tell different versions"
for example; do
  stem=${example%.c}
  name=$(basename "$stem")
  # shellcheck disable=SC2046 # flags are words
  "$cc" -std=gnu2x -Wall -Wextra -Werror -o "$work/shared" "$example" $(pkg-config --cflags --libs hansa)
  # shellcheck disable=SC2046
  "$cc" -std=gnu2x -Wall -Wextra -Werror -o "$work/static" "$example" $(pkg-config --cflags hansa) \
    "$libraries/libhansa.a" $(pkg-config --static --libs hansa | sed 's/-lhansa\( \|$\)/ /')
  for kind in shared static; do
    LD_LIBRARY_PATH=$libraries "$work/$kind" "$stem.csv" > "$work/out" || fail "$name ($kind) failed"
    cmp "$work/out" "$stem.txt" || fail "$name ($kind) prints something else than $stem.txt"
  done
done
