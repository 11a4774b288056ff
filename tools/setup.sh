#!/bin/sh
# Puts in place what Hansa is built with: Debian's packages, and SQLite and DuckDB from tarballs of the npm registry,
# each checked against tools/libraries.sha512. Says nothing when nothing is to do.
#   tools/setup.sh             everything
#   tools/setup.sh packages    Debian's packages only
#   tools/setup.sh libraries   SQLite and DuckDB only
set -eu
cd "$(dirname "$0")/.."

packages() {
  missing=""
  while read -r name _; do
    case "$name" in ''|'#'*) continue ;; esac
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $name"
  done < tools/packages.txt
  # npm may come from elsewhere than Debian; what counts is that it runs.
  command -v npm >/dev/null 2>&1 || missing="$missing npm"
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" -eq 0 ]; then as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
  else
    echo "setup: these Debian packages are missing; install them with: sudo apt-get install --yes$missing" >&2
    exit 5
  fi
  echo "setup: installing$missing"
  log=$(mktemp)
  if ! { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
         $as_root apt-get install --yes -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "setup: the packages could not be installed; install them with: apt-get install --yes$missing" >&2
    exit 10
  fi
  rm -f "$log"
}

libraries() {
  want=$(sha512sum tools/libraries.sha512 tools/setup.sh | sha512sum)
  if [ -f deps/.done ] && [ "$(cat deps/.done)" = "$want" ]; then return 0; fi
  command -v npm >/dev/null 2>&1 || { echo "setup: npm is missing; install it with: apt-get install npm" >&2; exit 5; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "setup: fetching SQLite and DuckDB"
  # npm reads its cache first, so a second checkout fetches nothing.
  sed -n 's/^# npm //p' tools/libraries.sha512 | while read -r name; do
    (cd "$work" && npm pack --silent --prefer-offline "$name" >/dev/null) ||
      { echo "setup: npm could not fetch $name; check the network and npm's registry setting" >&2; exit 10; }
  done
  (cd "$work" && sha512sum --check --quiet --strict) < tools/libraries.sha512 ||
    { echo "setup: a tarball is not the one that is pinned in tools/libraries.sha512" >&2; exit 12; }
  rm -rf deps
  mkdir -p deps/sqlite deps/duckdb
  tar -xzf "$work"/better-sqlite3-*.tgz -C deps/sqlite --strip-components=3 \
    package/deps/sqlite3/sqlite3.c package/deps/sqlite3/sqlite3.h
  tar -xzf "$work"/duckdb-1*.tgz -C deps/duckdb --strip-components=5 package/src/duckdb/src/include/duckdb.h
  tar -xzf "$work"/duckdb-node-bindings-*.tgz -C deps/duckdb --strip-components=1 package/libduckdb.so package/LICENSE
  printf '%s' "$want" > deps/.done
}

case "${1:-all}" in
  packages) packages ;;
  libraries) libraries ;;
  all) packages; libraries ;;
  *) echo "usage: tools/setup.sh [packages|libraries]" >&2; exit 2 ;;
esac
