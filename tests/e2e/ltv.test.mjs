// hansa ltv in its forms: what the CSV and the page say is what the JSON says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme, random } from './support.mjs';

// Customers who buy again at one of two rates, and stop.
function purchases(seed) {
  const chance = random(seed);
  const lines = ['customer,day,value'];
  for (let c = 0; c < 120; c++)
    for (let day = Math.floor(60 * (chance() + 1) / 2); day < 300; day += 5 + Math.floor(60 * Math.abs(chance()))) {
      lines.push(`c${c},${new Date(Date.UTC(2025, 0, 1 + Math.abs(day))).toISOString().slice(0, 10)},${(20 + 5 * (c % 4) + chance()).toFixed(2)}`);
      if (chance() > 0.5) break;
    }
  return `${lines.join('\n')}\n`;
}

test('CSV and page of a file say what JSON says', (t) => {
  const of = ['ltv', file(t, 'purchases.csv', purchases(5)), '--log', 'customer,day,value', '--draws', '40'];
  const json = JSON.parse(ok([...of, '--json']));
  const rows = ok([...of, '--csv']).trim().split('\r\n').map((row) => row.split(','));
  assert.deepEqual(rows[0], ['model', 'figure', 'value', 'low', 'high', 'bootstrap_low', 'bootstrap_high']);
  const expected = rows.find((row) => row[0] === 'bg_nbd' && row[1] === 'new_customer_purchases');
  assert.ok(Number(expected[2]) > 0 && Number(expected[3]) <= Number(expected[2]));
  assert.ok(JSON.stringify(json).includes(`${Number(expected[2])}`), expected[2]);
  const page = ok([...of, '--html', '-']);
  assert.match(page, /<h1>What customers are worth<\/h1>/);
  assert.match(page, new RegExp(`${json.customers} customers, ${json.repeat_customers} of them bought again`));
  assert.match(page, /Held against what followed/);
  assert.doesNotMatch(page, /NaN|\binf\b|<script|https?:/);
  assert.equal(hansa([...of, '--csv', '--json']).code, EXIT.usage);
});

test('of a programme a row is a channel, and a name from data stays text', (t) => {
  const data = programme(t);
  const touches = ['touch_id,person,occurred_at,partner'];
  const orders = ['order_id,person,occurred_at,amount,currency'];
  const lines = purchases(6).trim().split('\n').slice(1).map((line) => line.split(','));
  lines.forEach(([customer, day, value], i) => {
    touches.push(`t${i},${customer},${day}T08:00:00Z,blog`);
    orders.push(`o${i},${customer},${day}T12:00:00Z,${value},EUR`);
  });
  ok(['partner', 'add', 'blog', '--title', '<b>Blog', '--data', data]);
  ok(['import', 'touches', file(t, 'touches.csv', `${touches.join('\n')}\n`), '--data', data]);
  ok(['import', 'orders', file(t, 'orders.csv', `${orders.join('\n')}\n`), '--data', data]);
  const of = ['ltv', '--data', data, '--draws', '40'];
  const json = JSON.parse(ok([...of, '--json']));
  const rows = ok([...of, '--csv']).trim().split('\r\n');
  assert.equal(rows.length, 1 + json.channels.length);
  assert.ok(Math.abs(Number(rows[1].split(',')[3]) - json.channels[0].customers) < 1e-9);
  const page = ok([...of, '--html', '-']);
  assert.match(page, /By channel/);
  assert.match(page, /&lt;b&gt;Blog/);
  assert.doesNotMatch(page, /<b>Blog|NaN/);
});
