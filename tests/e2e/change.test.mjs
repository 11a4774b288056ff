// The life of changed terms on the real binary: proposed with what they would have come to, told, answered, and in force or not.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, directory, file, hansa, ok, programme } from './support.mjs';

const EXAMPLE = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../docs/examples/${name}.json`, import.meta.url))));
const DAY_MS = 86_400_000;
const NOTICE_DAYS = 14;

// Days from today on; the programme's are those of UTC. What happens may be imported up to a day ahead, so up to day(1).
const day = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

// An agreement in force since long ago under which `partner` earns 10 % of two orders of 100.00.
function inForce(t, document, partner, noticeDays = NOTICE_DAYS) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const path = file(t, 'agreement.json', JSON.stringify({ ...document, change_notice_days: noticeDays }));
  say('partner', 'add', partner);
  say('agreement', 'add', path, '--name', 'deal', '--from', '2025-01-01', '--by', 'sales');
  say('agreement', 'sign', 'deal', '--by', 'sales');
  if (!document.parties) say('agreement', 'enrol', 'deal', '--partner', partner, '--from', '2025-01-01', '--by', 'sales', '--attest', 'Bea');
  const json = (...args) => JSON.parse(say(...args, '--json'));
  const refused = (code, words, ...args) => {
    const done = hansa([...args, '--data', data]);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  const order = (name, days) => {
    say('import', 'touches', file(t, `t-${name}.csv`, `touch_id,person,occurred_at,partner\nt-${name},v-${name},${day(days)}T00:00:00Z,${partner}\n`));
    say('import', 'orders', file(t, `o-${name}.csv`, `order_id,person,occurred_at,amount,currency\n${name},v-${name},${day(days)}T00:00:01Z,100.00,EUR\n`));
  };
  order('past', -40);
  order('later', -20);
  const states = () => json('agreement', 'list').map((row) => [row.version, row.state, row.open]);
  const earned = () => Object.fromEntries(json('commission', 'list').map((row) => [row.order_id, row.amount]));
  return { data, say, json, refused, order, states, earned };
}

const OFFER = () => ({ ...EXAMPLE('standard-offer'), terms: { currency: 'EUR', rules: [{ name: 'sales', rank: 1, rate: '10%' }] } });

test('a change of a standard offer is weighed and proposed, and holds once all are told with the agreed notice', (t) => {
  const { say, json, refused, states } = inForce(t, OFFER(), 'blog');
  const change = ['agreement', 'change', 'deal', 'rate=12%', '--by', 'sales'];
  refused(EXIT.denied, new RegExp(`need 14 days of notice and never reach back: ${day(NOTICE_DAYS)} at the earliest, got ${day(NOTICE_DAYS - 1)}`), ...change, '--from', day(NOTICE_DAYS - 1));
  refused(EXIT.usage, /--from must name the first day/, ...change);
  refused(EXIT.invalid, /nothing would change/, 'agreement', 'change', 'deal', 'rate=10%', '--from', day(20), '--by', 'sales');
  refused(EXIT.invalid, /say who decides it/, 'agreement', 'change', 'deal', 'rate=12%', '--from', day(20));
  refused(EXIT.notFound, /no version of an agreement nothing is in force/, 'agreement', 'change', 'nothing', 'rate=12%', '--from', day(20), '--by', 'sales');
  const attempt = json(...change, '--from', day(20), '--dry-run');
  assert.deepEqual([attempt.version, attempt.instead_of, attempt.changes.map((row) => row.what)], [null, 1, ['sales']]);
  assert.deepEqual(states(), [['1', 'active', null]], 'a try proposes nothing');

  const page = join(directory(t), 'notice.html');
  const proposed = json(...change, '--from', day(20), '--reason', 'we grow', '--notice', page);
  assert.deepEqual(proposed.effect.partners, [{ partner: 'blog', earned_now_minor: 2000, earned_then_minor: 2400 }]);
  assert.deepEqual([proposed.effect.gain, proposed.effect.lose], [1, 0]);
  assert.match(readFileSync(page, 'utf8'), /you earn 20\.00 EUR by the terms as they are and would earn 24\.00 EUR by the changed ones, before refunds: 4\.00 EUR more/);
  assert.deepEqual(states(), [['2', 'proposed', `to be told to all by ${day(20 - NOTICE_DAYS)}`], ['1', 'active', null]]);

  const notice = join(directory(t), 'notice.txt');
  refused(EXIT.usage, /--how/, 'agreement', 'notify', 'deal', '--by', 'sales');
  assert.equal(say('agreement', 'notify', 'deal', '--by', 'sales', '--how', 'mail', '--notice', notice), 'version 2 of deal is signed\n');
  const told = json('agreement', 'history', 'deal').find((row) => row.what === 'notified');
  assert.deepEqual([told.by, told.how, told.hash], ['sales', 'mail', createHash('sha256').update(readFileSync(notice)).digest('hex')]);
  assert.match(readFileSync(notice, 'utf8'), new RegExp(`Whoever declines by the end of\\s${day(19)}`));
  assert.deepEqual(json('agreement', 'diff', 'deal@1', 'deal@2'), [{ where: 'terms.rules[0].rate', before: '0.1', after: '0.12' }]);
});

test('orders are judged by the terms of their touchpoint, before and after a replay', (t) => {
  const { say, json, order, earned } = inForce(t, OFFER(), 'blog', 0);
  say('agreement', 'change', 'deal', 'rate=12%', '--from', day(1), '--by', 'sales');
  order('untold', 1);
  say('agreement', 'notify', 'deal', '--by', 'sales', '--how', 'mail');
  order('before', 0);
  order('after', 1);
  assert.deepEqual(earned(), { past: '10.00', later: '10.00', untold: '10.00', before: '10.00', after: '12.00' });
  const entries = json('ledger', 'entries');
  say('ledger', 'replay');
  assert.deepEqual(json('ledger', 'entries'), entries);
});

test('who declines a standard offer goes on with the terms before', (t) => {
  const { say, json, refused, order, states, earned } = inForce(t, OFFER(), 'blog', 0);
  say('agreement', 'change', 'deal', 'rate=5%', '--from', day(1), '--by', 'sales');
  say('agreement', 'notify', 'deal', '--by', 'sales', '--how', 'mail');
  refused(EXIT.usage, /accept, decline or counter/, 'agreement', 'answer', 'deal', 'maybe', '--party', 'blog', '--by', 'Bea');
  refused(EXIT.usage, /--party/, 'agreement', 'answer', 'deal', 'decline', '--by', 'Bea');
  refused(EXIT.notFound, /nobody is no party/, 'agreement', 'answer', 'deal', 'decline', '--party', 'nobody', '--by', 'Bea');
  say('agreement', 'answer', 'deal', 'decline', '--party', 'blog', '--by', 'Bea', '--reason', 'too little');
  assert.deepEqual(states(), [['2', 'signed', '1 partner goes on with the terms before'], ['1', 'active', null]]);
  order('after', 1);
  assert.equal(earned().after, '10.00');
  assert.match(say('agreement', 'show', 'deal'), /declined by blog \(Bea\): too little/);
  assert.deepEqual(json('agreement', 'partners', 'deal').map((row) => [row.partner, row.version, row.disclosure_attested_by]), [['blog', '1', 'Bea']]);
});

test('between two companies a change waits for the other one, and an exception ends by itself', (t) => {
  const { say, json, refused, order, states, earned } = inForce(t, EXAMPLE('co-marketing'), 'trails.example', 0);
  const change = (rate, ...rest) => json('agreement', 'change', 'deal', `rate=${rate}`, '--by', 'sales', ...rest);
  assert.deepEqual(change('12%', '--from', day(1)).open, 'waits for trails.example');
  say('agreement', 'notify', 'deal', '--by', 'sales', '--how', 'letter');
  assert.deepEqual(states()[0], ['2', 'proposed', 'waits for trails.example']);
  say('agreement', 'answer', 'deal', 'counter', '--party', 'trails.example', '--by', 'editor', '--reason', '13 %');
  assert.deepEqual(states()[0], ['2', 'proposed', 'trails.example does not agree']);
  order('undecided', 1);

  // Their own proposal is their yes; ours is still to be given.
  assert.equal(change('13%', '--from', day(1), '--party', 'trails.example').open, 'waits for brand.example');
  assert.equal(say('agreement', 'answer', 'deal', 'accept', '--party', 'brand.example', '--by', 'sales'), 'version 3 of deal is signed\n');
  refused(EXIT.conflict, /is signed already/, 'agreement', 'answer', 'deal', 'decline', '--party', 'trails.example', '--by', 'editor');
  refused(EXIT.notFound, /is no party/, 'agreement', 'change', 'deal', 'rate=1%', '--from', day(60), '--party', 'nobody', '--by', 'sales');
  order('before', 0);
  order('after', 1);

  const exception = change('20%', '--from', day(1), '--until', day(2));
  assert.deepEqual([exception.instead_of, exception.from, exception.until], [3, day(1), day(2)]);
  say('agreement', 'answer', 'deal', 'accept', '--party', 'trails.example', '--by', 'editor', '--attest', 'editor');
  order('exception', 1);
  assert.deepEqual(earned(), { past: '10.00', later: '10.00', undecided: '10.00', before: '10.00', after: '13.00', exception: '20.00' });
  assert.equal(change('14%', '--from', day(5)).instead_of, 3);
  const entries = json('ledger', 'entries');
  say('ledger', 'replay');
  assert.deepEqual(json('ledger', 'entries'), entries);
});

test('what stands against signing stands against a change', (t) => {
  const { refused, states } = inForce(t, EXAMPLE('co-marketing'), 'trails.example');
  refused(EXIT.denied, /\(joint_outcome\)/, 'agreement', 'change', 'deal', 'outcome=', '--from', day(20), '--by', 'sales');
  refused(EXIT.invalid, /terms\.rules\.rate: must be a decimal/, 'agreement', 'change', 'deal', 'rate=twelve', '--from', day(20), '--by', 'sales');
  assert.equal(states().length, 1);
});

test('growth is read from what the ledger and the events hold', (t) => {
  const { say, json, refused } = inForce(t, OFFER(), 'blog');
  const growth = json('agreement', 'growth', 'deal');
  assert.equal(growth.next, 'co-marketing');
  assert.deepEqual(growth.criteria.map((row) => [row.criterion, row.verdict, row.figure]), [
    ['months', 'not met', 1], ['orders', 'not met', 2], ['refunded orders', 'not enough data', 0],
    ['orders of new customers', 'met', 1], ['referred customers who bought again', 'not enough data', null], ['disputed orders', 'not enough data', 0]]);
  assert.deepEqual(json('agreement', 'growth', '--partner', 'blog'), growth);
  assert.match(say('agreement', 'growth', 'deal'), /^blog, by deal\nnext step: co-marketing\n/);
  refused(EXIT.usage, /say whose growth/, 'agreement', 'growth');
  refused(EXIT.notFound, /nobody takes part in no agreement now/, 'agreement', 'growth', '--partner', 'nobody');
  say('partner', 'add', 'mail');
  say('agreement', 'enrol', 'deal', '--partner', 'mail', '--from', '2026-01-01', '--by', 'sales');
  refused(EXIT.usage, /2 partners take part in deal: say which one, --partner/, 'agreement', 'growth', 'deal');
});

test('what an agreement is in practice is read from what was earned and who proposed', (t) => {
  const { say, json } = inForce(t, EXAMPLE('co-marketing'), 'trails.example');
  const practice = () => Object.fromEntries(json('agreement', 'kind', 'deal').questions.map((row) => [row.question, [row.in_practice, row.evidence]]));
  assert.deepEqual(practice().rewards, [true, '2 commissions were earned so far']);
  assert.deepEqual(practice().control, [null, null]);
  const change = (rate, ...rest) => json('agreement', 'change', 'deal', `rate=${rate}`, '--from', day(20), '--by', 'sales', ...rest);
  change('12%');
  assert.deepEqual(practice().control, [false, 'terms were proposed by brand.example alone']);
  change('13%', '--party', 'trails.example');
  assert.deepEqual(practice().control, [true, 'terms were proposed by brand.example and trails.example']);
  assert.match(say('agreement', 'kind', 'deal'), /in practice {2}cannot tell yet/);
});

test('results stand beside the baselines, and trust beside our own audience and strangers', (t) => {
  const { say, json, refused } = inForce(t, EXAMPLE('co-marketing'), 'trails.example');
  // Of 60 journeys each that begin with the partner, with our mails and with paid search, 30, 30 and none end in an order.
  const rows = { touches: ['person,occurred_at,partner,kind'], orders: ['order_id,person,occurred_at,amount,currency'] };
  for (const [name, partner, kind, buyers] of [['p', 'trails.example', 'content', 30], ['o', '', 'email', 30], ['c', '', 'paid_search', 0]])
    for (let i = 0; i < 60; i++) {
      rows.touches.push(`${name}${i},${day(-15)}T08:00:00Z,${partner},${kind}`);
      if (i < buyers) rows.orders.push(`${name}${i},${name}${i},${day(-14)}T08:00:00Z,10.00,EUR`);
    }
  say('import', 'touches', file(t, 'touches.csv', rows.touches.join('\n')));
  say('import', 'orders', file(t, 'orders.csv', rows.orders.join('\n')));
  say('import', 'activity', file(t, 'activity.csv', `partner,day,kind,count\ntrails.example,${day(-15)},sends,1000\ntrails.example,${day(-14)},unsubscribes,20\n`));
  const results = json('agreement', 'results', 'deal', '--period', `${day(-15)}..${day(-1)}`);
  assert.deepEqual(results.audiences.map((row) => [row.audience, row.journeys, row.orders, row.sends, row.unsubscribes, row.complaints]),
    [['partner', 60, 30, 1000, 20, null], ['own', 60, 30, null, null, null], ['cold', 60, 0, null, null, null]]);
  assert.deepEqual([results.buys_than_strangers, results.buys_than_own], ['more', 'cannot tell']);
  // 30 orders in 15 days.
  assert.deepEqual(results.baselines.map((row) => [row.of, row.baseline, row.orders_a_month === null ? null : Math.round(row.orders_a_month)]),
    [[null, '40', 61], ['brand.example', '40', 61], ['trails.example', '5200', null]]);
  const words = say('agreement', 'results', 'deal', '--period', `${day(-15)}..${day(-1)}`);
  assert.match(words, /unsubscribes, the partner's +2\.0 % \(1\.3 to 3\.1 %\) of 1000/);
  assert.match(words, /missing: activity of the kinds complaints under the name trails\.example/);
  assert.match(words, /the partner's audience buys: more often than strangers, cannot tell yet, beside our own/);
  refused(EXIT.notFound, /no agreement nothing/, 'agreement', 'results', 'nothing', '--partner', 'trails.example');
});

test('funds are asked for, granted by somebody else and claimed with a proof', (t) => {
  const { say, json, refused } = inForce(t, EXAMPLE('co-marketing'), 'trails.example');
  const fund = (step, by, ...rest) => ['agreement', 'fund', 'deal', step, 'planner', '--by', by, ...rest];
  refused(EXIT.conflict, /nobody has asked for planner/, ...fund('approve', 'sales'));
  refused(EXIT.usage, /--amount 5000/, ...fund('request', 'editor'));
  refused(EXIT.usage, /--amount must be above 0/, ...fund('request', 'editor', '--amount', '0'));
  say(...fund('request', 'editor', '--party', 'trails.example', '--amount', '5000', '--reason', 'the first version'));
  refused(EXIT.conflict, /asked for already/, ...fund('request', 'editor', '--amount', '1'));
  refused(EXIT.denied, /editor has asked for it: somebody else/, ...fund('approve', 'editor'));
  refused(EXIT.denied, /5000\.00 EUR was asked for, got 5000\.01 EUR/, ...fund('approve', 'sales', '--amount', '5000.01'));
  refused(EXIT.conflict, /was not granted/, ...fund('claim', 'editor', '--amount', '1', '--proof', 'invoice 7'));
  say(...fund('decline', 'sales', '--reason', 'too much'));
  say(...fund('request', 'editor', '--amount', '4000'));
  assert.equal(say(...fund('approve', 'sales', '--amount', '3000')), 'planner is approved\n');
  refused(EXIT.conflict, /granted already/, ...fund('approve', 'sales'));
  refused(EXIT.invalid, /needs a proof/, ...fund('claim', 'editor', '--amount', '1'));
  say(...fund('claim', 'editor', '--amount', '1000', '--proof', 'invoice 7'));
  refused(EXIT.denied, /2000\.00 EUR can still be claimed, got 2000\.01 EUR/, ...fund('claim', 'editor', '--amount', '2000.01', '--proof', 'invoice 8'));
  say(...fund('claim', 'editor', '--proof', 'invoice 8'));
  refused(EXIT.conflict, /nothing of planner can be claimed/, ...fund('claim', 'editor', '--proof', 'invoice 9'));
  const rows = json('agreement', 'funds', 'deal').map((row) => [row.state, row.amount, row.by, row.proof]);
  assert.deepEqual(rows, [['requested', '5000.00', 'editor', null], ['declined', '5000.00', 'sales', null], ['requested', '4000.00', 'editor', null],
    ['approved', '3000.00', 'sales', null], ['claimed', '1000.00', 'editor', 'invoice 7'], ['claimed', '2000.00', 'editor', 'invoice 8']]);
  say('ledger', 'replay');
  assert.deepEqual(json('agreement', 'funds', 'deal').map((row) => [row.state, row.amount, row.by, row.proof]), rows);
});
