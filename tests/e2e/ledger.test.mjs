// From an agreement to what is owed: the programme's agreements, the ledger and its commissions, as a person uses them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';
import { DOCS, OFFER, ORDERS, REFUNDS, TOUCHES, withOffer } from './owed.mjs';

test('orders earn by the agreement in force, refunds take back, and the accounts balance', (t) => {
  const { json } = withOffer(t);
  assert.deepEqual(json('commission', 'list').map((row) => [row.order_id, row.rule, row.amount]),
    [['o1', 'new customers', '12.00'], ['o2', 'new customers', '6.00']]);
  assert.deepEqual(json('ledger', 'entries').map((row) => [row.kind, row.amount]),
    [['earn', '12.00 EUR'], ['earn', '6.00 EUR'], ['cancel', '3.00 EUR']]);
  const balances = json('ledger', 'trial-balance');
  assert.deepEqual(balances.map((row) => [row.account, row.partner, row.balance]), [['expense', null, '15.00'], ['pending', 'blog', '-15.00']]);
});

test('after the return period it is owed, and a replay gives the same entries', (t) => {
  const { json, say } = withOffer(t);
  say('ledger', 'lock', '--until', '2026-10-15');
  const entries = json('ledger', 'entries');
  assert.deepEqual(entries.slice(3).map((row) => [row.kind, row.amount]), [['release', '9.00 EUR'], ['release', '6.00 EUR']]);
  assert.equal(json('ledger', 'replay').entries, entries.length);
  assert.deepEqual(json('ledger', 'entries'), entries);
});

test('what is learnt in the return period is judged when it ends, and both judgements are explained', (t) => {
  const { json, say } = withOffer(t);
  say('partner', 'add', 'other');
  say('agreement', 'enrol', 'everybody', '--partner', 'other', '--from', '2026-01-01', '--by', 'sales');
  const order = (id, person) => file(t, `${id}.csv`, `order_id,person,occurred_at,amount,currency\n${id},${person},2026-09-04T12:00:00Z,100.00,EUR\n`);
  const touch = (name, partner, at) => file(t, `${name}.csv`, `touch_id,person,occurred_at,partner\n${name},v9,${at},${partner}\n`);
  say('import', 'touches', touch('t8', 'blog', '2026-09-04T09:00:00Z'));
  say('import', 'orders', order('o9', 'v9'));
  say('import', 'touches', touch('t9', 'other', '2026-09-04T10:00:00Z'));
  const [{ id: first }] = json('commission', 'list').filter((row) => row.order_id === 'o9');
  say('ledger', 'lock', '--until', '2026-10-15');
  const [, second] = json('commission', 'list').filter((row) => row.order_id === 'o9');
  assert.deepEqual([second.partner, second.amount], ['other', '12.00']);
  assert.match(say('commission', 'explain', first), /other: it counts \(learnt since\)/);
  assert.equal(json('commission', 'explain', first).second_judgement.judgement, 'first');
  assert.equal(json('commission', 'explain', second.id).second_judgement.judgement, 'second');
  assert.ok(json('order', 'explain', 'o9').judged_again_at);
  const entries = json('ledger', 'entries');
  assert.equal(json('ledger', 'replay').judged_again, 1);
  assert.deepEqual(json('ledger', 'entries'), entries);
});

test('a commission explains itself to the cent', (t) => {
  const { json, say } = withOffer(t);
  const [{ id }] = json('commission', 'list');
  const words = say('commission', 'explain', id);
  for (const part of [/of blog: 12\.00 EUR/, /blog: the partner shares the order/, /rule new customers/, /10000 × 12 % = 1200/, /3\.00 EUR {2}taken back in the return period, returned/])
    assert.match(words, part);
  const told = json('commission', 'explain', id);
  assert.equal(told.evidence.pieces[0].exact_minor, '1200');
  assert.equal(told.owed.pending_minor, 900);
});

test('what stands against signing is told, and nothing is signed', (t) => {
  const data = programme(t);
  ok(['agreement', 'add', file(t, 'bare.json', JSON.stringify({ ...JSON.parse(readFileSync(OFFER)), weight: 'managed' })), '--name', 'bare', '--by', 'sales', '--data', data]);
  const done = hansa(['agreement', 'sign', 'bare', '--by', 'sales', '--data', data]);
  assert.equal(done.code, EXIT.denied);
  assert.match(done.err, /\(joint_outcome\)/);
  assert.equal(JSON.parse(ok(['agreement', 'list', '--data', data, '--json']))[0].state, 'proposed');
});

test('new terms never reach back, and what nobody agreed is refused with words', (t) => {
  const { data } = withOffer(t);
  const told = (code, words, ...args) => {
    const done = hansa([...args, '--data', data]);
    assert.equal(done.code, code);
    assert.match(done.err, words);
  };
  told(EXIT.invalid, /never reach back/, 'agreement', 'add', OFFER, '--name', 'everybody', '--from', '2026-02-01', '--by', 'sales');
  told(EXIT.notFound, /no agreement nothing/, 'agreement', 'sign', 'nothing', '--by', 'sales');
  told(EXIT.invalid, /say who decides it/, 'agreement', 'enrol', 'everybody', '--partner', 'blog');
  told(EXIT.notFound, /partner/, 'agreement', 'enrol', 'everybody', '--partner', 'stranger', '--by', 'sales');
  told(EXIT.notFound, /there is no commission/, 'commission', 'explain', 'cms_00000000000000000000000000');
  told(EXIT.invalid, /future/, 'ledger', 'lock', '--until', '2100-01-01');
});

test('a month is closed by two persons, and what is learnt of it later is booked behind its end', (t) => {
  const { data, json, say } = withOffer(t);
  assert.deepEqual(json('close', '--period', '2026-09').map((row) => [row.open, row.count, row.amount]), [['pending', '1', '15.00'], ['reversals', '1', null]]);
  assert.match(say('close', '--period', '2026-09'), /What will be taken back in EUR cannot be told\s+yet/);
  for (const [by, second, period, words] of [['a', 'a', '2026-09', /two persons/], ['a', 'b', '2100-01', /not over/]]) {
    const done = hansa(['close', '--period', period, '--by', by, '--second', second, '--data', data]);
    assert.equal(done.code, EXIT.invalid);
    assert.match(done.err, words);
  }
  const closed = hansa(['close', '--period', '2026-09', '--by', 'a', '--second', 'b', '--data', data]);
  assert.match(closed.err, /2026-09 is closed; its entries have the hash [0-9a-f]{64}/);
  const before = json('ledger', 'entries', '--period', '2026-09');
  say('import', 'refunds', file(t, 'late.csv', REFUNDS.replace('r1', 'r2').replace('25.00', '50.00')));
  assert.deepEqual(json('ledger', 'entries', '--period', '2026-09'), before);
  assert.deepEqual(json('ledger', 'entries', '--period', '2026-10').map((row) => [row.kind, row.amount]), [['cancel', '6.00 EUR']]);
  assert.equal(hansa(['close', '--period', '2026-09', '--by', 'a', '--second', 'b', '--data', data]).code, EXIT.conflict);
});

test('other terms are simulated against the orders that came, and nothing is written', (t) => {
  const { data, json } = withOffer(t);
  const entries = json('ledger', 'entries');
  const richer = file(t, 'richer.json', readFileSync(OFFER, 'utf8').replace('"12%"', '"15%"'));
  const simulate = (...more) => json('agreement', 'simulate', richer, '--name', 'everybody', ...more);
  assert.deepEqual(simulate().map((row) => [row.partner, row.earned_now, row.earned_then, row.difference]), [['blog', '18.00', '22.50', '4.50']]);
  assert.deepEqual(simulate('--against', '2026-09-02').map((row) => row.earned_then), ['7.50']);
  assert.deepEqual(json('ledger', 'entries'), entries);
  const done = hansa(['agreement', 'simulate', richer, '--name', 'nobody', '--data', data]);
  assert.equal(done.code, EXIT.notFound);
  const [version] = json('agreement', 'simulate', 'everybody@1', '--against', '2026-09');
  assert.deepEqual([version.earned_now, version.earned_then, version.difference], ['18.00', '18.00', '0.00']);
  assert.equal(hansa(['agreement', 'simulate', 'everybody@7', '--data', data]).code, EXIT.notFound);
  const misnamed = hansa(['agreement', 'simulate', richer, '--name', 'everybody', '--period', '2026-09', '--data', data]);
  assert.equal(misnamed.code, EXIT.usage);
  assert.match(misnamed.err, /--against PERIOD/);
});

test('an order says who shares it, and of a partner that does not, why', (t) => {
  const { data, say, json } = withOffer(t);
  say('partner', 'add', 'other');
  const why = (order, partner) => json('order', 'explain', order, '--partner', partner).partners.map((row) => [row.reason, row.part, row.rule]);
  assert.deepEqual(why('o1', 'blog'), [['given', '1', 'new customers']]);
  assert.deepEqual(why('o1', 'other'), [['no_touchpoint', '0', undefined]]);
  assert.deepEqual(json('order', 'explain', 'o3').partners, []);
  say('import', 'touches', file(t, 'more.csv', TOUCHES.replace(/t([12])/g, 'x$1').replaceAll('blog', 'other')));
  say('import', 'orders', file(t, 'more-orders.csv', ORDERS.replace(/^o/gm, 'q').replace('qrder_id', 'order_id').replaceAll('2026-09-0', '2026-09-1')));
  assert.deepEqual(why('q1', 'other'), [['no_agreement', '0', undefined]]);
  assert.deepEqual(why('o1', 'other'), [['no_touchpoint', '0', undefined]], 'what came later is not known to the order');
  assert.match(say('order', 'explain', 'q1'), /other: no agreement with the partner was in force at the touchpoint/);
  assert.equal(hansa(['order', 'explain', 'nothing', '--data', data]).code, EXIT.notFound);
  assert.equal(hansa(['order', 'explain', 'o1', '--partner', 'nobody', '--data', data]).code, EXIT.notFound);
});

test('a customer who orders again stays with the partner of the first sale, until the policy says otherwise', (t) => {
  const { data, say, json } = withOffer(t);
  const order = (id, day) => file(t, `${id}.csv`, `order_id,person,occurred_at,amount,currency\n${id},v1,${day}T12:00:00Z,100.00,EUR\n`);
  say('import', 'orders', order('again', '2026-11-01'));
  const [answer] = json('order', 'explain', 'again').partners;
  assert.deepEqual([answer.partner, answer.reason, answer.part, answer.kept_from], ['blog', 'given', '1', 'o1']);
  assert.match(say('order', 'explain', 'again'), /the customer stays with the partners of its first sale: order o1/);
  say('policy', 'set', '--renewals', 'never', '--from', '2026-09-01', '--by', 'sales');
  say('import', 'orders', order('later', '2026-11-02'));
  assert.deepEqual(json('order', 'explain', 'later').partners.map((row) => row.reason), ['expired']);
  assert.match(json('policy', 'list').at(-1).more, /"renewals":"never"/);
  const done = hansa(['policy', 'set', '--renewals', 'sometimes', '--by', 'sales', '--data', data]);
  assert.equal(done.code, EXIT.usage);
  assert.match(done.err, /untouched, always or never, got sometimes/);
});

test('the ledger is exported on the company’s own accounts, balanced', (t) => {
  const { data, say } = withOffer(t);
  const mapping = DOCS('examples/account-mapping.json');
  const csv = say('ledger', 'export', '--mapping', mapping, '--period', '2026-09').trim().split('\n');
  assert.equal(csv[0], 'date,document,account,cost_centre,debit,credit,currency,text,party');
  assert.equal(csv.length, 1 + 2 * 3);
  const gl = JSON.parse(say('ledger', 'export', '--mapping', mapping, '--days', '--json'));
  assert.deepEqual(gl.totals, [{ currency: 'EUR', debit_minor: 2100, credit_minor: 2100 }]);
  const done = hansa(['ledger', 'export', '--mapping', file(t, 'half.json', '{"accounts": [{"kind": "expense", "number": "1"}]}'), '--data', data]);
  assert.equal(done.code, EXIT.invalid);
  assert.match(done.err, /pending/);
});
