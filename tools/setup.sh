#!/bin/sh
# Puts in place what Hansa is built with: Debian's packages (tools/packages.txt), and SQLite and DuckDB from tarballs of
# the npm registry, each checked against tools/libraries.sha512. Says nothing when nothing is to do.
#   tools/setup.sh PURPOSE...    the packages for build, test, clang, lint, cover; build includes the libraries
#   tools/setup.sh libraries     SQLite and DuckDB only
#   tools/setup.sh               everything
set -eu
cd "$(dirname "$0")/.."

lacking() {
  wanted=$(awk -v purposes=" $* " '!/^#/ && index(purposes, " " $2 " ") { print $1 }' tools/packages.txt)
  present=" $(dpkg-query -W -f='${db:Status-Status}/${Package} ' $wanted 2>/dev/null || :)"
  for name in $wanted; do
    case "$present" in *" installed/$name "*) ;; *) printf ' %s' "$name" ;; esac
  done
  # npm may come from elsewhere than Debian; what counts is that it runs.
  case " $* " in *' build '*) command -v npm >/dev/null 2>&1 || printf ' npm' ;; esac
}

packages() {
  # Elsewhere than on Debian the packages have other names; there the build itself says what it does not find.
  command -v dpkg-query >/dev/null 2>&1 || return 0
  missing=$(lacking "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ]; then as_root=""
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root="sudo"
  else
    echo "setup: these Debian packages are missing; install them with: sudo apt-get install --yes$missing" >&2
    exit 5
  fi
  echo "setup: installing$missing"
  log=$(mktemp)
  if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
         apt-get install --yes -qq --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    echo "setup: apt-get failed (above); once it works: apt-get install --yes$missing" >&2
    exit 10
  fi
  rm -f "$log"
}

# SQLite and DuckDB appear in deps/ whole or not at all: they are unpacked beside it and moved.
libraries() {
  want=$(sha512sum < tools/libraries.sha512)
  if [ -f deps/.done ] && [ "$(cat deps/.done)" = "$want" ]; then return 0; fi
  command -v npm >/dev/null 2>&1 || { echo "setup: npm is missing; install it with: sudo apt-get install npm" >&2; exit 5; }
  work=$(mktemp -d "$PWD/deps.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "setup: fetching SQLite and DuckDB"
  # npm reads its cache first, so a second checkout fetches nothing.
  sed -n 's/^# npm //p' tools/libraries.sha512 | while read -r name; do
    (cd "$work" && npm pack --silent --prefer-offline "$name" >/dev/null) ||
      { echo "setup: npm could not fetch $name; check the network and npm's registry setting" >&2; exit 10; }
  done
  (cd "$work" && sha512sum --check --quiet --strict) < tools/libraries.sha512 ||
    { echo "setup: a tarball is not the one that is pinned in tools/libraries.sha512" >&2; exit 12; }
  mkdir -p "$work/deps/sqlite" "$work/deps/duckdb"
  tar -xzf "$work"/better-sqlite3-*.tgz -C "$work/deps/sqlite" --strip-components=3 \
    package/deps/sqlite3/sqlite3.c package/deps/sqlite3/sqlite3.h
  tar -xzf "$work"/duckdb-1*.tgz -C "$work/deps/duckdb" --strip-components=5 package/src/duckdb/src/include/duckdb.h
  tar -xzf "$work"/duckdb-node-bindings-*.tgz -C "$work/deps/duckdb" --strip-components=1 \
    package/libduckdb.so package/LICENSE
  printf '%s' "$want" > "$work/deps/.done"
  rm -rf deps
  mv "$work/deps" deps
}

[ $# -gt 0 ] || set -- build test clang lint cover
for purpose; do
  case "$purpose" in
    build|test|clang|lint|cover|libraries) ;;
    *) echo "usage: tools/setup.sh [build] [test] [clang] [lint] [cover] [libraries]" >&2; exit 2 ;;
  esac
done
packages "$@"
case " $* " in *' build '*|*' libraries '*) libraries ;; esac
