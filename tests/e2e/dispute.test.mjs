// Disputes and adjustments as a person uses them: what is held, what is paid on time, who decided, and what is refused with words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, file, hansa } from './support.mjs';
import { withOffer } from './owed.mjs';

const TWO = ['--by', 'finance', '--second', 'chief'];

// o1 earned 12.00, of which a refund took 3.00; o2 earned 6.00. Both are owed.
function owed(t) {
  const programme = withOffer(t);
  programme.say('ledger', 'lock', '--until', '2026-10-15');
  const [first, second] = programme.json('commission', 'list').map((row) => row.id);
  const told = (code, words, ...args) => {
    const done = hansa([...args, '--data', programme.data]);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  const balance = (account) => {
    const row = programme.json('ledger', 'trial-balance').find((one) => one.account === account);
    return row?.balance ?? '0.00';
  };
  return { ...programme, first, second, told, balance };
}

test('only the disputed part is held until two persons have decided', (t) => {
  const { first, json, say, told, balance } = owed(t);
  const opened = json('dispute', 'open', first, '--about', 'wrong amount', '--amount', '1.20', '--by', 'blog', '--words', '12 %, not 10');
  assert.deepEqual([opened.state, opened.held_minor, opened.owed.payable_minor, opened.owed.disputed_minor], ['open', 120, 780, 120]);
  assert.deepEqual([balance('disputed'), balance('payable')], ['-1.20', '-13.80']);
  assert.match(say('dispute', 'show', opened.id), /1\.20 EUR {2}held by this dispute\n {2}7\.80 EUR {2}owed, and paid on time/);
  assert.deepEqual(json('dispute', 'list', '--open').map((row) => [row.id, row.held]), [[opened.id, '1.20']]);
  told(EXIT.invalid, /two persons/, 'dispute', 'decide', opened.id, 'upheld', '--by', 'finance');
  told(EXIT.invalid, /two persons/, 'dispute', 'decide', opened.id, 'upheld', '--by', 'finance', '--second', 'finance');
  told(EXIT.invalid, /only what is upheld/, 'dispute', 'decide', opened.id, 'declined', '--amount', '1', '--by', 'finance');
  say('dispute', 'decide', opened.id, 'incomplete', '--by', 'finance', '--words', 'which order?');
  assert.equal(balance('disputed'), '-1.20');
  const decided = json('dispute', 'decide', opened.id, 'upheld', '--amount', '0.50', ...TWO, '--words', 'half of it');
  assert.deepEqual(decided.decisions.map((one) => [one.verdict, one.amount_minor, one.by, one.second]),
    [['incomplete', 0, 'finance', null], ['upheld', 50, 'finance', 'chief']]);
  assert.deepEqual([balance('disputed'), balance('payable')], ['0.00', '-15.50']);
  told(EXIT.conflict, new RegExp(opened.id), 'dispute', 'decide', opened.id, 'declined', '--by', 'finance');
  assert.deepEqual(json('dispute', 'list', '--open'), []);
  assert.match(say('commission', 'explain', first), /0\.50 EUR {2}granted by a decision/);
});

test('what was too much is taken back from what the dispute holds', (t) => {
  const { second, json, balance } = owed(t);
  const { id } = json('dispute', 'open', second, '--about', 'wrong amount', '--amount', '2.00', '--by', 'finance', '--words', 'own order');
  const decided = json('dispute', 'decide', id, 'upheld', '--amount', '-1.50', ...TWO);
  assert.deepEqual([decided.owed.taken_back_minor, decided.owed.disputed_minor, decided.owed.payable_minor], [150, 0, 450]);
  assert.equal(balance('payable'), '-13.50');
});

test('two disputes of one commission hold their own parts', (t) => {
  const { first, json, say, balance } = owed(t);
  const ids = ['1.00', '2.00'].map((amount) => json('dispute', 'open', first, '--about', 'wrong amount', '--amount', amount, '--by', 'blog', '--words', 'x').id);
  say('dispute', 'decide', ids[0], 'declined', '--by', 'finance');
  assert.equal(balance('disputed'), '-2.00');
  assert.equal(json('dispute', 'show', ids[1]).held_minor, 200);
});

test('what is disputed in its return period is held when that ends', (t) => {
  const { json, say } = withOffer(t);
  const [{ id: first }] = json('commission', 'list');
  const opened = json('dispute', 'open', first, '--about', 'wrong amount', '--amount', '1.20', '--by', 'blog', '--words', 'x');
  assert.deepEqual([opened.held_minor, opened.owed.pending_minor], [0, 900]);
  say('ledger', 'lock', '--until', '2026-10-15');
  const shown = json('dispute', 'show', opened.id);
  assert.deepEqual([shown.held_minor, shown.owed.payable_minor], [120, 780]);
  const decided = json('dispute', 'decide', opened.id, 'declined', '--by', 'finance', '--words', 'it is 10 %');
  assert.deepEqual([decided.held_minor, decided.owed.payable_minor, decided.state], [0, 900, 'declined']);
});

test('an order that was not tracked becomes a commission, which a refund takes back', (t) => {
  const { json, say, told, balance } = owed(t);
  told(EXIT.conflict, /dispute its amount instead/, 'dispute', 'open', '--order', 'o1', '--partner', 'blog', '--about', 'untracked', '--amount', '7.00', '--by', 'blog', '--words', 'x');
  const { id } = json('dispute', 'open', '--order', 'o3', '--partner', 'blog', '--about', 'untracked', '--amount', '7.00', '--by', 'blog', '--words', 'sent by our newsletter');
  assert.equal(balance('disputed'), '0.00');
  const decided = json('dispute', 'decide', id, 'upheld', ...TWO, '--words', 'seen in the logs');
  assert.equal(decided.owed.payable_minor, 700);
  const words = say('commission', 'explain', decided.commission);
  for (const part of [/order o3 of 70\.00 EUR/, /by decision of finance and chief/, /seen in the logs/, /7\.00 EUR {2}granted/])
    assert.match(words, part);
  say('import', 'refunds', file(t, 'half.csv', 'refund_id,order_id,occurred_at,amount,currency\nr9,o3,2026-10-20T12:00:00Z,35.00,EUR\n'));
  assert.equal(json('commission', 'explain', decided.commission).owed.taken_back_minor, 350);
  assert.ok(json('ledger', 'replay').entries > 0);
  assert.equal(json('commission', 'explain', decided.commission).owed.taken_back_minor, 350);
});

test('what is wrongly reversed is bounded by what was taken back', (t) => {
  const { first, second, json, told } = owed(t);
  told(EXIT.invalid, /0 of commission .* was taken back/, 'dispute', 'open', second, '--about', 'wrongly reversed', '--amount', '1', '--by', 'blog', '--words', 'x');
  const { id } = json('dispute', 'open', first, '--about', 'wrongly reversed', '--amount', '3.00', '--by', 'blog', '--words', 'the customer kept it');
  const decided = json('dispute', 'decide', id, 'upheld', ...TWO);
  assert.deepEqual([decided.owed.earned_minor, decided.owed.payable_minor], [1500, 1200]);
});

test('a reversal says refund, part, arithmetic, who decided and until when it can be disputed', (t) => {
  const { first, json, say } = owed(t);
  const words = say('commission', 'explain', first);
  for (const part of [/3\.00 EUR for refund r1, returned/, /by then 25\.00 EUR of the order's 100\.00 EUR had come back/, /the same part of 12\.00 EUR/,
    /3\.00 EUR less 0\.00 EUR taken back before/, /by the terms of everybody, version 1; nobody decided it by hand/, /it can be disputed until \d{4}-\d\d-\d\d/])
    assert.match(words, part);
  const [taken] = json('commission', 'explain', first).taken_back;
  assert.deepEqual([taken.amount_minor, taken.earned_minor, taken.order_minor, taken.refunded_minor], [300, 1200, 10000, 2500]);
  // 90 days from today, when it came in, and not from September, when it was granted.
  const days = (Date.parse(taken.disputable_until) - Date.now()) / 86_400_000;
  assert.ok(days > 89 && days <= 90, taken.disputable_until);
});

test('what cannot be disputed is refused, and says what to do', (t) => {
  const { first, told } = owed(t);
  const open = (...args) => ['dispute', 'open', ...args, '--by', 'blog', '--words', 'x'];
  told(EXIT.usage, /say what is disputed/, ...open('--about', 'untracked', '--amount', '1'));
  told(EXIT.usage, /say what it is --about/, ...open(first, '--amount', '1'));
  told(EXIT.invalid, /got "late"/, ...open(first, '--about', 'late', '--amount', '1'));
  told(EXIT.invalid, /say how much/, ...open(first, '--about', 'wrong amount'));
  told(EXIT.invalid, /is in EUR, not in USD/, ...open(first, '--about', 'wrong amount', '--amount', '1', '--currency', 'USD'));
  told(EXIT.notFound, /no commission/, ...open('cms_00000000000000000000000000', '--about', 'wrong amount', '--amount', '1'));
  told(EXIT.invalid, /not a commission/, ...open(first, '--about', 'untracked', '--amount', '1'));
  told(EXIT.notFound, /no dispute/, 'dispute', 'show', 'dsp_00000000000000000000000000');
  told(EXIT.usage, /called dsp_…/, 'dispute', 'show', first);
});

test('an adjustment needs two persons and a reason, and prints its trail', (t) => {
  const { first, json, say, told, balance } = owed(t);
  told(EXIT.invalid, /two persons/, 'adjust', first, '1.00', '--by', 'finance', '--reason', 'x');
  told(EXIT.invalid, /two persons/, 'adjust', first, '1.00', '--by', 'a', '--second', 'a', '--reason', 'x');
  told(EXIT.invalid, /say why/, 'adjust', first, '1.00', ...TWO);
  told(EXIT.usage, /say what is adjusted/, 'adjust', '1.00', ...TWO, '--reason', 'x');
  assert.match(say('adjust', first, '-2.50', ...TWO, '--reason', 'rate misread'), /2\.50 EUR {2}taken back before it was paid, rate misread/);
  assert.equal(balance('payable'), '-12.50');
  told(EXIT.conflict, /left of the commission/, 'adjust', first, '-100', ...TWO, '--reason', 'x');
  assert.match(say('adjust', '--partner', 'blog', '25.00', ...TWO, '--reason', 'goodwill'), /of blog: 25\.00 EUR/);
  assert.equal(balance('payable'), '-37.50');
  say('adjust', '--partner', 'blog', '-5', ...TWO, '--reason', 'paid twice by hand');
  assert.equal(balance('receivable'), '5.00');
  assert.deepEqual(json('adjust', 'list').map((row) => [row.amount, row.by, row.second, row.reason]),
    [['-2.50', 'finance', 'chief', 'rate misread'], ['25.00', 'finance', 'chief', 'goodwill'], ['-5.00', 'finance', 'chief', 'paid twice by hand']]);
  const taken = json('commission', 'explain', first).taken_back;
  assert.deepEqual(taken.map((one) => [one.amount_minor, one.decided_by, one.seconded_by]), [[300, null, null], [250, 'finance', 'chief']]);
  told(EXIT.notFound, /nobody/, 'adjust', '--partner', 'nobody', '5', ...TWO, '--reason', 'x');
  const entries = json('ledger', 'entries');
  assert.equal(json('ledger', 'replay').entries, entries.length);
  assert.deepEqual(json('ledger', 'entries'), entries);
});
