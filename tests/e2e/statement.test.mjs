// hansa statement: a partner's commission statement out of a programme.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, directory, file, hansa, ok, programme } from './support.mjs';

const OFFER = fileURLToPath(new URL('../../docs/examples/standard-offer.json', import.meta.url));

test('a statement of a period without entries says so in every form', (t) => {
  const data = join(directory(t), 'programme');
  ok(['init', data, '--currency', 'EUR', '--time-zone', 'Europe/Berlin']);
  ok(['partner', 'add', 'shoes-blog', '--data', data]);
  const statement = (...options) => ok(['statement', 'shoes-blog', '--data', data, '--period', '2026-09', ...options]);
  assert.match(statement(), /^shoes-blog\nCommission statement of 2026-09, in EUR\n/);
  assert.match(statement(), /Nothing happened in the period\./);
  assert.match(statement('--html', '-'), /<h1>shoes-blog<\/h1>/);
  assert.equal(statement('--csv').trimEnd().split('\n').length, 1);
  const { before, after, entries, currency, number } = JSON.parse(statement('--json', '--currency', 'usd', '--number', '2026-0017'));
  assert.deepEqual([before, entries, currency, number], [after, [], 'USD', '2026-0017']);
});

test('what was earned and taken back stands on it, entry by entry', (t) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  say('partner', 'add', 'blog');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2026-01-01', '--by', 'sales');
  say('import', 'touches', file(t, 'touches.csv', 'touch_id,person,occurred_at,partner\nt1,v1,2026-09-01T10:00:00Z,blog\n'));
  say('import', 'orders', file(t, 'orders.csv', 'order_id,person,occurred_at,amount,currency\no1,v1,2026-09-01T12:00:00Z,100.00,EUR\n'));
  say('import', 'refunds', file(t, 'refunds.csv', 'refund_id,order_id,occurred_at,amount,currency\nr1,o1,2026-09-05T12:00:00Z,25.00,EUR\n'));
  const statement = JSON.parse(say('statement', 'blog', '--period', '2026-09', '--json'));
  assert.deepEqual(statement.entries.map((entry) => [entry.kind, entry.order_id, entry.rule, entry.effect_minor]),
    [['earn', 'o1', 'new customers', 1200], ['cancel', 'o1', 'new customers', -300]]);
  assert.deepEqual(statement.after, { pending_minor: 900, payable_minor: 0, disputed_minor: 0, receivable_minor: 0 });
  assert.match(say('statement', 'blog', '--period', '2026-09'), /in its return period +0\.00 +9\.00\n/);
  // Half of the period is half of the story, and what one leaves open the other begins with.
  const [before, after] = ['2026-09-01..2026-09-03', '2026-09-04..2026-09-30'].map((period) => JSON.parse(say('statement', 'blog', '--period', period, '--json')));
  assert.deepEqual(before.after, after.before);
  assert.equal(before.after.pending_minor, 1200);
});

test('what cannot be stated is told', (t) => {
  const data = join(directory(t), 'programme');
  ok(['init', data]);
  ok(['partner', 'add', 'shoes-blog', '--data', data]);
  const stranger = hansa(['statement', 'hats-blog', '--data', data, '--period', '2026-09']);
  assert.deepEqual([stranger.code, stranger.err], [EXIT.notFound, 'hansa statement: there is no partner and no agreement "hats-blog"\n']);
  for (const options of [[], ['--period', 'autumn'], ['--period', '2026-09', '--currency', 'EURO'], ['--period', '2026-09', '--json', '--csv']])
    assert.equal(hansa(['statement', 'shoes-blog', '--data', data, ...options]).code, EXIT.usage);
});
