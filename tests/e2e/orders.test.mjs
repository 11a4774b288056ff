// What orders and touchpoints say, from the file to the commission of each item and to the reason of who gets none.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const TERMS = JSON.stringify({
  format: 1, title: 'Shoes', weight: 'standard', kind: 'affiliate',
  terms: {
    currency: 'EUR', window_days: 30, hold_days: 30,
    rules: [
      { name: 'boots', rank: 1, rate: '20%', products: ['boots'] },
      { name: 'socks', rank: 2, level: 'item', amount: '0.50', products: ['socks'] },
      { name: 'rest', rank: 3, rate: '10%', base: 'margin' },
    ],
  },
});
const TOUCHES = `touch_id,person,occurred_at,partner,afsrc
t1,v1,2026-09-01T10:00:00Z,blog,
t2,v1,2026-09-01T16:00:00Z,toolbar,1
t3,v2,2026-09-01T10:00:00Z,blog,
t4,v2,2026-09-03T10:00:00Z,cashback,
t5,v3,2026-09-01T10:00:00Z,blog,
`;
const order = (id, person, more) => `${JSON.stringify({ order_id: id, person, occurred_at: '2026-09-04T12:00:00Z', amount: 100, currency: 'EUR', ...more })}\n`;
const ITEMS = [{ product: 'boots', amount: '60.00' }, { product: 'socks', quantity: 4, amount: 40 }];

function withShoes(t) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const fail = (code, words, ...args) => {
    const done = hansa([...args, '--data', data]);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  for (const name of ['blog', 'toolbar', 'cashback']) say('partner', 'add', name);
  say('agreement', 'add', file(t, 'shoes.json', TERMS), '--name', 'shoes', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'shoes', '--by', 'sales');
  for (const name of ['blog', 'toolbar', 'cashback'])
    say('agreement', 'enrol', 'shoes', '--partner', name, '--from', '2026-01-01', '--by', 'sales');
  return { data, say, fail, json: (...args) => JSON.parse(say(...args, '--json')) };
}

test('each item earns by its own rule, and its commission explains itself', (t) => {
  const { say, json } = withShoes(t);
  say('import', 'touches', file(t, 'touches.csv', TOUCHES));
  say('import', 'orders', file(t, 'orders.ndjson', order('o3', 'v3', { tax: 9, shipping: 1, discount: 10, country: 'de', items: ITEMS })
    + order('o4', 'v3', { cost: 70 }) + order('o5', 'v3', {})));
  assert.deepEqual(json('commission', 'list').map((row) => [row.order_id, row.rule, row.amount]),
    [['o3', 'boots', '10.80'], ['o3', 'socks', '2.00'], ['o4', 'rest', '3.00'], ['o5', 'refused', '0.00']]);
  const [boots, socks, , refused] = json('commission', 'list').map((row) => row.id);
  assert.match(say('commission', 'explain', boots), /with 9\.00 EUR tax, 1\.00 EUR shipping, 10\.00 EUR discount taken off/);
  assert.match(say('commission', 'explain', socks), /4 × socks: 36\.00 EUR/);
  assert.deepEqual(json('commission', 'explain', boots).evidence.items, [{ product: 'boots', quantity: 1, base_minor: 5400 }]);
  assert.match(say('commission', 'explain', refused), /margin value of the order is not known/);
  assert.match(say('order', 'explain', 'o3'), /1 × boots: rule 1, boots\n {4}4 × socks: rule 2, socks/);
  const entries = json('ledger', 'entries').length;
  assert.equal(json('ledger', 'replay').entries, entries);
});

test('an order that contradicts itself is rejected with both figures and its item', (t) => {
  const { data } = withShoes(t);
  const path = file(t, 'orders.ndjson', order('o1', 'v1', { tax: 9, items: ITEMS }) + order('o2', 'v1', { items: [ITEMS[0], { product: 'socks', amount: '1.234' }] })
    + order('o3', 'v1', { tax: 60, shipping: 41 }) + order('o4', 'v1', {}));
  const done = hansa(['import', 'orders', path, '--data', data]);
  assert.equal(done.code, EXIT.rejected);
  const rejects = readFileSync(`${path}.rejects.csv`, 'utf8');
  for (const words of [/1,items,.*come to 100\.00 EUR, but the amount without tax and shipping is 91\.00 EUR/,
    /2,items,1\.234,item 2: amount: .*1\.234 has 3 digits after the point; EUR has 2/, /3,tax,60,"is more than the amount, tax and shipping together"/])
    assert.match(rejects, words);
});

test('who stands down, came after the cart or is the customer gets nothing, and is told why', (t) => {
  const { say, json, fail } = withShoes(t);
  say('policy', 'set', '--stand-down', '24h', '--cart-barrier', '--by', 'sales', '--from', '2026-01-01');
  say('partner', 'own', 'blog', 'v3', 'c-9', '--by', 'sales');
  assert.deepEqual(json('partner', 'own', 'blog').map((row) => [row.customer, row.state]), [['v3', 'declared'], ['c-9', 'declared']]);
  say('import', 'touches', file(t, 'touches.csv', TOUCHES));
  say('import', 'orders', file(t, 'orders.ndjson', order('o1', 'v1', { cost: 50 }) + order('o2', 'v2', { cost: 50, cart_at: '2026-09-02T12:00:00Z' }) + order('o3', 'v3', { cost: 50 })));
  assert.deepEqual(json('commission', 'list').map((row) => [row.order_id, row.partner, row.amount]), [['o1', 'blog', '5.00'], ['o2', 'blog', '5.00']]);
  assert.match(say('order', 'explain', 'o1', '--partner', 'toolbar'), /another partner had referred the customer just before/);
  assert.match(say('order', 'explain', 'o2', '--partner', 'cashback'), /appeared after the cart began/);
  assert.match(say('order', 'explain', 'o3', '--partner', 'blog'), /the partner is the customer/);
  say('policy', 'set', '--self-referral', 'allow', '--by', 'sales', '--from', '2026-01-01');
  say('import', 'orders', file(t, 'late.ndjson', order('o4', 'v3', { cost: 50 })));
  assert.deepEqual(json('commission', 'list').map((row) => row.order_id), ['o1', 'o2', 'o4']);
  fail(EXIT.usage, /--stand-down must be such as 30m, 24h or 7d, got 5/, 'policy', 'set', '--stand-down', '5', '--by', 'sales');
  fail(EXIT.usage, /--self-referral must be refuse or allow, got no/, 'policy', 'set', '--self-referral', 'no', '--by', 'sales');
  fail(EXIT.usage, /say whose/, 'partner', 'own');
  fail(EXIT.notFound, /partner/, 'partner', 'own', 'stranger', 'c-1', '--by', 'sales');
  fail(EXIT.invalid, /say who decides it/, 'partner', 'own', 'blog', 'c-1');
});
