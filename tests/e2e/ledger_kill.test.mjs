// The ledger through kill -9: whatever moment ends a replay or a posting, the next command goes on, and the entries are the same.
// HANSA_KILL_ROUNDS is the number of kills (20), HANSA_SEED the seed of their moments (1).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { directory, ok, random, start } from './support.mjs';

test('a replay that is killed at any moment ends with the same entries and balances', async (t) => {
  const rounds = Number(process.env.HANSA_KILL_ROUNDS ?? 20);
  const next = random(Number(process.env.HANSA_SEED ?? 1));
  const data = join(directory(t), 'demo');
  ok(['demo', '--data', data, '--months', '2']);
  const json = (...args) => ok([...args, '--data', data, '--json']);
  const entries = json('ledger', 'entries');
  const balances = json('ledger', 'trial-balance');
  const begun = Date.now();
  ok(['ledger', 'replay', '--data', data]);
  const whole = Date.now() - begun;
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    const { child, done } = start(['ledger', round % 3 === 2 ? 'post' : 'replay', '--data', data]);
    const timer = setTimeout(() => child.kill('SIGKILL'), next() * whole);
    const { signal } = await done;
    clearTimeout(timer);
    killed += signal === 'SIGKILL';
    if (round % 3 === 2)
      assert.equal(json('ledger', 'entries'), entries, `round ${round}`);
  }
  assert.ok(killed >= rounds / 4, `${killed} of ${rounds} rounds were killed`);
  assert.equal(json('ledger', 'entries'), entries);
  assert.equal(json('ledger', 'trial-balance'), balances);
});
