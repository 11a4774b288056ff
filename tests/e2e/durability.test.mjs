// What survives: interruption, kill -9, a lost or damaged file, a full disk. docs/ARCHITECTURE.md, "What is primary, what is derived".
// HANSA_KILL_ROUNDS is the number of kills (20), HANSA_SEED the seed of their moments (1).
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT, count, directory, file, hansa, ok, orders, programme, query, random, report, shell, start, touches, until } from './support.mjs';

// A programme with something of everything that reports show.
function filled(t) {
  const data = programme(t);
  ok(['partner', 'add', 'alpha', '--title', 'Alpha Blog', '--data', data]);
  ok(['import', 'touches', '-', '--data', data], { input: touches(600, { hours: 20 }) });
  ok(['import', 'orders', '-', '--data', data], { input: orders(120, { persons: 200 }) });
  ok(['import', 'refunds', '-', '--data', data], { input: 'refund_id,order_id,occurred_at,amount,currency\nr-1,o-3,2026-01-25T00:00:00Z,5,EUR\n' });
  ok(['import', 'identities', '-', '--data', data], { input: 'occurred_at,visitor,customer\n2026-01-20T00:00:00Z,v-1,c-1\n2026-01-21T00:00:00Z,v-2,c-1\n' });
  return data;
}

test('a lost trail is told again from the record, to the byte', (t) => {
  const data = filled(t);
  const before = report(data);
  rmSync(join(data, 'trail.duckdb'));
  assert.equal(report(data), before);
  writeFileSync(join(data, 'trail.duckdb'), 'this is no database');
  assert.equal(report(data), before);
});

test('a copied directory is the programme, without its trail and its run folder too', (t) => {
  const data = filled(t);
  const before = report(data);
  const whole = join(directory(t), 'whole');
  cpSync(data, whole, { recursive: true });
  assert.equal(report(whole), before);
  const lean = join(directory(t), 'lean');
  cpSync(data, lean, { recursive: true, filter: (path) => !path.includes('/trail.duckdb') && !path.endsWith('/run') });
  assert.equal(report(lean), before);
  ok(['import', 'touches', '-', '--data', lean], { input: touches(5, { first: 10000 }) });
  assert.equal(count(lean, 'touches'), 605);
});

test('a kept import that was altered by one byte is noticed when it is read again, and named', (t) => {
  const data = filled(t);
  const folder = join(data, 'imports');
  const name = readdirSync(folder).sort()[0];
  const bytes = readFileSync(join(folder, name));
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(join(folder, name), bytes);
  rmSync(join(data, 'trail.duckdb'));
  const done = hansa(['report', '--data', data]);
  assert.equal(done.code, EXIT.corrupt);
  assert.ok(done.err.includes(name), `names the file: ${done.err}`);
  assert.equal(done.out, '');
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(join(folder, name), bytes);
  ok(['report', '--data', data]);
});

test('a lost book or kept import is told as what it is, with what to do', (t) => {
  const data = filled(t);
  const lost = (path, words) => {
    const bytes = readFileSync(path);
    rmSync(path);
    for (const args of [['report'], ['sql', 'SELECT 1'], ['repair', '--check']]) {
      const done = hansa([...args, '--data', data]);
      assert.equal(done.code, EXIT.corrupt, `${args[0]}: ${done.err}`);
      assert.match(done.err, /^hansa [^\n]+ from a backup[^\n]*\n$/);
      assert.match(done.err, words);
    }
    assert.ok(!existsSync(path), 'none was made in its place');
    writeFileSync(path, bytes);
  };
  lost(join(data, 'book.sqlite'), /book\.sqlite is gone, and with it the programme's settings, partners, links and coupons/);
  rmSync(join(data, 'trail.duckdb')); // only a trail that is told again reads kept imports
  const name = readdirSync(join(data, 'imports')).sort()[0];
  lost(join(data, 'imports', name), new RegExp(`gone.*${name}|${name} is gone`));
  ok(['report', '--data', data]);
});

test('Ctrl-C in the middle of an import ends it, and running it again gives what an undisturbed run gives', async (t) => {
  const input = file(t, 'touches.csv', touches(400_000, { hours: 0.1 }));
  const calm = programme(t);
  ok(['import', 'touches', input, '--data', calm]);
  const disturbed = programme(t);
  const { child, done } = start(['import', 'touches', input, '--data', disturbed]);
  await until(() => existsSync(join(disturbed, 'imports', 'incoming.parquet')));
  child.kill('SIGINT');
  const ended = await done;
  assert.equal(ended.code, EXIT.interrupted);
  assert.match(ended.err, /^hansa import: [^\n]*interrupted[^\n]*\n$/);
  assert.equal(count(disturbed, 'touches'), 0);
  ok(['import', 'touches', input, '--data', disturbed]);
  assert.equal(count(disturbed, 'imports'), 1);
  assert.equal(report(disturbed), report(calm));
  assert.equal(readdirSync(join(disturbed, 'imports')).length, 1, 'nothing is left of the first attempt');
});

test('kill -9 at chance moments loses no acknowledged import and doubles nothing', async (t) => {
  const rounds = Number(process.env.HANSA_KILL_ROUNDS ?? 20);
  const seed = Number(process.env.HANSA_SEED ?? 1);
  const chance = random(seed);
  const data = programme(t);
  const rows = 3000;
  const acknowledged = new Set();
  let kills = 0;
  let duration = 0; // of an undisturbed import, to spread the moments over
  for (let round = 0; round < rounds + 1; round++) {
    const input = file(t, `touches-${round}.csv`, touches(rows, { first: round * rows }));
    const { child, done } = start(['import', 'touches', input, '--data', data]);
    const begun = performance.now();
    const timer = round === 0 ? undefined : setTimeout(() => child.kill('SIGKILL'), chance() * duration * 1.1);
    const ended = await done;
    clearTimeout(timer);
    if (round === 0) duration = performance.now() - begun;
    if (ended.code === EXIT.ok) acknowledged.add(round);
    else kills++;
    assert.ok(ended.code === EXIT.ok || ended.signal === 'SIGKILL', `seed ${seed}, round ${round}: ${ended.err}`);
    const found = query(data, `SELECT CAST(substr(touch_id, 3) AS BIGINT) // ${rows} AS round, count(*) AS n, count(DISTINCT touch_id) AS ids FROM touches GROUP BY 1`);
    for (const one of found) assert.deepEqual([one.n, one.ids], [rows, rows], `seed ${seed}, round ${round}: import ${one.round} is whole and once`);
    const there = new Set(found.map((one) => one.round));
    for (const one of acknowledged) assert.ok(there.has(one), `seed ${seed}, round ${round}: import ${one} was acknowledged`);
  }
  t.diagnostic(`${kills} of ${rounds} imports were killed`);
  for (let round = 0; round < rounds + 1; round++) {
    ok(['import', 'touches', '-', '--data', data], { input: touches(rows, { first: round * rows }) });
  }
  assert.equal(count(data, 'touches'), (rounds + 1) * rows);
  assert.equal(count(data, 'conflicts'), 0);
});

test('a full disk is told, nothing of the import counts, and the programme goes on when there is room', (t) => {
  const data = programme(t);
  ok(['import', 'orders', '-', '--data', data], { input: orders(20) });
  const before = report(data);
  const input = file(t, 'touches.csv', touches(400_000, { hours: 0.05 }));
  // A limit on the size of any file, which the kept import does not fit, stands in for a small disk; the signal that comes with it is ignored, so writing fails as it does on one.
  const done = shell(`trap '' XFSZ; ulimit -f 1024; exec "$HANSA" import touches '${input}' --data '${data}'`);
  assert.ok([EXIT.io, EXIT.full].includes(done.code), `${done.code}: ${done.err}`);
  assert.match(done.err, /^hansa import: [^\n]+\n$/);
  assert.equal(report(data), before);
  ok(['import', 'touches', input, '--data', data]);
  assert.equal(count(data, 'touches'), 400_000);
});
