#!/bin/sh
# Proves what the reference promises about a programme's directory: tests/e2e/programme.sh PROGRAM
# The same file read in the same way changes nothing, in another zone it is another reading, whose rows are told as contradicting; journeys name
# persons as person_key() does, so that they can be joined with touches; a trail that was deleted comes back; nobody but the owner may read a file.
set -eu
hansa=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "programme: $*" >&2
  exit 1
}

printf 'touch_id,person,occurred_at,partner\nt-1,v-1,2026-03-01 12:00,blog\nt-2,v-2,2026-03-01 13:00,blog\n' > touches.csv
printf 'order_id,person,occurred_at,amount,currency\no-1,v-1,2026-03-02T10:00:00Z,49.90,EUR\n' > orders.csv
"$hansa" init programme > log
"$hansa" import touches touches.csv --data programme --time-zone Europe/Berlin > log
"$hansa" import orders orders.csv --data programme > log

"$hansa" import touches touches.csv --data programme --time-zone Europe/Berlin > log
grep -q 'nothing changed' log || fail "the same import twice is not told: $(cat log)"
"$hansa" import touches touches.csv --data programme --time-zone Asia/Tokyo > log
grep -q '0 touches are in .* 2 contradict' log || fail "another zone is not another reading: $(cat log)"

joined=$("$hansa" sql "SELECT t.touch_id, j.order_id FROM touches t JOIN journeys j ON person_key(t.person) = j.person ORDER BY 1" --data programme --csv)
[ "$joined" = "touch_id,order_id
t-1,o-1
t-2," ] || fail "journeys do not join with touches: $joined"

before=$("$hansa" sql "SELECT * FROM touches ORDER BY sequence, row_number" --data programme --json)
rm programme/trail.duckdb
after=$("$hansa" sql "SELECT * FROM touches ORDER BY sequence, row_number" --data programme --json)
[ "$before" = "$after" ] || fail "a trail made anew holds something else: $after"

open=$(umask 022; "$hansa" init other > log; find programme other -perm /077)
[ -z "$open" ] || fail "others may read $open"
