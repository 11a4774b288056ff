#!/bin/sh
# Proves that what Hansa gives away as Parquet it takes back as the same events: tests/e2e/parquet.sh HANSA
# Every moment, amount and word that an export wrote is read as what it was, so a second import finds duplicates and no conflict; and
# a programme fed from the Parquet file alone says the same about every row as the one that was fed from CSV.
set -eu
hansa=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Moments without an offset are the machine's clock in careless programs: let it be far from UTC.
TZ=Pacific/Auckland
export TZ

fail() {
  echo "parquet: $*" >&2
  cat "$work/log" >&2
  exit 1
}

cat > touches.csv <<'END'
touch_id,person,occurred_at,partner,link,kind,coupon,sub1,user_agent
t1,v1,2026-01-05T23:59:59.999999Z,harbour-times,https://brand.example/r/1?a=1,click,,,Firefox
t2,v1,2026-03-29T01:30:00+01:00,,,direct,,,
t3,v2,1999-12-31T12:00:00Z,"salt, and more",https://brand.example/r/2,impression,AUTUMN,"say ""yes""",Firefox
,v3,2026-02-01T00:00:00.5Z,harbour-times,,,,,
END
cat > orders.csv <<'END'
order_id,person,occurred_at,amount,currency
o1,v1,2026-04-01T10:00:00Z,49.90,EUR
o2,v2,2026-04-02T10:00:00Z,0.05,EUR
o3,v2,2026-04-03T10:00:00Z,1250,JPY
END
"$hansa" init first --time-zone Europe/Berlin > log
"$hansa" init second --time-zone Europe/Berlin > log
for kind in touches orders; do
  rows=$(($(wc -l < "$kind.csv") - 1))
  "$hansa" import "$kind" "$kind.csv" --data first > log 2>&1 || fail "$kind.csv was not imported"
  "$hansa" export "$kind" "$kind.parquet" --format parquet --data first > log 2>&1 || fail "$kind were not exported"
  "$hansa" import "$kind" "$kind.parquet" --data first > log 2>&1 || fail "$kind.parquet was not imported"
  grep -q "read as parquet" log || fail "$kind.parquet was not seen to be Parquet"
  grep -q "^0 $kind are in .* $rows were there already, 0 contradict" log || fail "$kind.parquet changed something"
  "$hansa" import "$kind" "$kind.parquet" --data second > log 2>&1 || fail "$kind.parquet was not imported alone"
  for programme in first second; do
    "$hansa" sql "SELECT * EXCLUDE (sequence) FROM $kind" --data "$programme" > "$programme.$kind" 2> log || fail "sql failed"
  done
  cmp first.$kind second.$kind || fail "$kind came back as something else"
done
