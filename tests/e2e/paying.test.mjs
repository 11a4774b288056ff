// Payout runs on a programme, as a person makes them: planned, recorded and written as one, reported on by the bank, taken back and netted.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT, directory, file, hansa, ok, programme } from './support.mjs';
import { withOffer } from './owed.mjs';

const TWO = ['--by', 'finance', '--second', 'chief'];
const TODAY = new Date().toISOString().slice(0, 10);
const YEAR = TODAY.slice(0, 4);
const NUMBER = (n) => `SB-${YEAR}-${String(n).padStart(6, '0')}`;
const FORM = { country: 'DE', treatment: 'vat', from: '2020-01-01' };

function payees(t, ...partners) {
  return file(t, 'payees.json', JSON.stringify({
    payer: { name: 'Brand GmbH', iban: 'DE89 3704 0044 0532 0130 00', town: 'Köln', country: 'DE' },
    series: 'SB',
    tax: [{ country: 'DE', treatment: 'vat', rate: '19%', from: '2021-01-01', note: 'Gutschrift' }],
    payees: partners.map((partner) => ({ partner, name: `${partner} GmbH`, street: 'Hauptstr. 1', town: 'Bonn', country: 'DE', forms: [FORM], accounts: [{ currency: 'EUR', iban: 'AT61 1904 3002 3457 3201' }] })),
  }));
}

// What the bank answers, by end-to-end id.
const answer = (batch, states) => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-10-02T10:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${batch}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${typeof states === 'string' ? `<GrpSts>${states}</GrpSts>` : ''}</OrgnlGrpInfAndSts>
${typeof states === 'string' ? '' : `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${batch}-1</OrgnlPmtInfId>${Object.entries(states).map(([id, state]) => `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${state}</TxSts>${state === 'RJCT' ? '<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>' : ''}</TxInfAndSts>`).join('')}</OrgnlPmtInfAndSts>`}
</CstmrPmtStsRpt></Document>`;

// blog is owed 9.00 and 6.00.
function owed(t) {
  const one = withOffer(t);
  one.say('ledger', 'lock', '--until', '2026-10-15');
  const how = payees(t, 'blog', 'other');
  const run = (...more) => hansa(['payout', 'run', '--until', TODAY, '--payees', how, ...more, '--data', one.data]);
  const balance = (account) => one.json('ledger', 'trial-balance').find((row) => row.account === account)?.balance ?? '0.00';
  const post = (batch, states) => hansa(['payout', 'status', file(t, 'answer.xml', answer(batch, states)), '--post', '--by', 'finance', '--json', '--data', one.data]);
  return { ...one, how, run, balance, post };
}

test('a run posts payouts and invoices and writes the file; again it pays nobody and writes the same', (t) => {
  const { data, run, json, balance } = owed(t);
  const out = join(directory(t), 'payments.xml');
  const done = run(...TWO, '--out', out, '--json');
  assert.equal(done.code, EXIT.ok, done.err);
  assert.deepEqual(JSON.parse(done.out).map((row) => [row.partner, row.verdict, row.invoice, row.net, row.tax, row.paid]), [['blog', 'pay', NUMBER(1), '15.00', '2.85', '17.85']]);
  const text = readFileSync(out, 'utf8');
  assert.match(text, new RegExp(`<MsgId>${TODAY}-sepa</MsgId>`));
  assert.match(text, new RegExp(`<EndToEndId>${NUMBER(1)}</EndToEndId>`));
  assert.match(text, /<InstdAmt Ccy="EUR">17\.85</);
  assert.deepEqual([balance('payable'), balance('clearing')], ['0.00', '-15.00']);
  const [payout] = json('payout', 'list');
  assert.deepEqual([payout.partner, payout.run, payout.state, payout.net, payout.paid, payout.invoice, payout.by, payout.second],
    ['blog', `${TODAY}-sepa`, 'pending', '15.00', '17.85', NUMBER(1), 'finance', 'chief']);
  const entries = json('ledger', 'entries');
  const other = join(directory(t), 'again.xml');
  const again = run(...TWO, '--out', other);
  assert.equal(again.code, EXIT.ok, again.err);
  assert.match(again.err, /nobody is paid again/);
  assert.equal(readFileSync(other, 'utf8'), text);
  assert.deepEqual(json('ledger', 'entries'), entries);
  assert.equal(readdirSync(join(data, 'payouts')).length, 1);
  const { entries: count } = json('ledger', 'replay');
  assert.equal(count, entries.length);
  assert.deepEqual(json('payout', 'show', NUMBER(1)).invoices.map((one) => [one.number, one.kind, one.net_minor, one.tax_minor]), [[NUMBER(1), 'invoice', 1500, 285]]);
});

test('one person alone pays nobody, and what cannot be written is not recorded', (t) => {
  const { run, json, balance } = owed(t);
  const out = join(directory(t), 'payments.xml');
  const told = (code, words, ...args) => {
    const done = run(...args);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  told(EXIT.invalid, /two persons/, '--by', 'a', '--second', 'a', '--out', out);
  told(EXIT.invalid, /two persons/, '--by', 'a', '--out', out);
  told(EXIT.invalid, /--method must be/, ...TWO, '--method', 'cash', '--out', out);
  told(EXIT.invalid, /future/, ...TWO, '--until', '2100-01-01', '--out', out);
  told(EXIT.invalid, /is past/, ...TWO, '--day', '2026-01-01', '--out', out);
  told(EXIT.invalid, /(1 to 30|id)/, ...TWO, '--id', 'x'.repeat(40), '--out', out);
  assert.ok(!existsSync(out));
  assert.deepEqual(json('payout', 'list'), []);
  assert.equal(balance('payable'), '-15.00');
  // Nobody is to be paid by PayPal, and before the return period nothing was owed.
  told(EXIT.ok, /nobody is paid/, ...TWO, '--method', 'paypal', '--out', out);
  told(EXIT.ok, /nobody is paid/, ...TWO, '--until', '2026-09-10', '--out', out);
  assert.ok(!existsSync(out));
});

test('a file that cannot be written where it was asked for comes with the same command again', (t) => {
  const { run, json } = owed(t);
  const out = join(directory(t), 'payments.xml');
  assert.equal(run(...TWO, '--out', join(out, 'below', 'nothing.xml')).code, EXIT.notFound);
  assert.equal(json('payout', 'list').length, 1);
  assert.equal(run(...TWO, '--out', out).code, EXIT.ok);
  assert.match(readFileSync(out, 'utf8'), /17\.85/);
  assert.equal(json('payout', 'list').length, 1);
});

test('what the bank reports is posted once', (t) => {
  const { run, post, json, balance } = owed(t);
  assert.equal(run(...TWO, '--id', 'A1').code, EXIT.ok);
  const waits = post('A1', { [NUMBER(1)]: 'ACSP', 'SB-2020-000001': 'ACSC' });
  assert.deepEqual(JSON.parse(waits.out).map((row) => [row.id, row.outcome]), [[NUMBER(1), 'waits'], ['SB-2020-000001', 'unknown']]);
  const done = post('A1', { [NUMBER(1)]: 'ACSC' });
  assert.deepEqual(JSON.parse(done.out).map((row) => row.outcome), ['posted']);
  assert.deepEqual([balance('clearing'), balance('bank')], ['0.00', '-15.00']);
  const entries = json('ledger', 'entries');
  assert.deepEqual(JSON.parse(post('A1', { [NUMBER(1)]: 'ACSC' }).out).map((row) => row.outcome), ['already']);
  assert.deepEqual(json('ledger', 'entries'), entries);
  const against = post('A1', { [NUMBER(1)]: 'RJCT' });
  assert.equal(against.code, EXIT.conflict);
  assert.deepEqual(JSON.parse(against.out).map((row) => row.outcome), ['contradicts']);
  assert.deepEqual(json('ledger', 'entries'), entries);
  assert.equal(json('payout', 'show', NUMBER(1)).state, 'completed');
});

test('a rejected file brings the money back, cancels the invoices, and the next run pays', (t) => {
  const { run, post, say, json, balance } = owed(t);
  assert.equal(run(...TWO, '--id', 'A1').code, EXIT.ok);
  assert.deepEqual(JSON.parse(post('A1', 'RJCT').out).map((row) => [row.scope, row.outcome]), [['file', 'posted']]);
  assert.equal(balance('payable'), '-15.00');
  const shown = json('payout', 'show', NUMBER(1));
  assert.deepEqual(shown.invoices.map((one) => [one.number, one.kind, one.net_minor, one.tax_minor]), [[NUMBER(1), 'invoice', 1500, 285], [NUMBER(2), 'cancellation', 1500, 285]]);
  assert.equal(shown.states.at(-1).reason, 'RJCT');
  assert.equal(run(...TWO, '--id', 'A2').code, EXIT.ok);
  const [, second] = json('payout', 'list');
  assert.equal(second.invoice, NUMBER(3));
  const page = say('payout', 'invoice', shown.id, '--html');
  for (const part of [/Invoice SB-/, /Cancellation SB-/, /blog GmbH/, /Brand GmbH/, /Hauptstr\. 1/, /tax of 19 %/, /Gutschrift/, /17\.85/])
    assert.match(page, part);
});

test('what is said of a block holds for its payments that have no row of their own', (t) => {
  const { data, run, say, json } = owed(t);
  say('partner', 'add', 'other');
  say('agreement', 'enrol', 'everybody', '--partner', 'other', '--from', '2026-01-01', '--by', 'sales');
  say('adjust', '--partner', 'other', '20', ...TWO, '--reason', 'goodwill');
  assert.equal(run(...TWO, '--id', 'B1').code, EXIT.ok);
  const rejected = (block) => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-10-02T10:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>${block}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts><TxInfAndSts><OrgnlEndToEndId>${NUMBER(1)}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`;
  const post = (block) => JSON.parse(hansa(['payout', 'status', file(t, 'answer.xml', rejected(block)), '--post', '--by', 'finance', '--json', '--data', data]).out);
  assert.deepEqual(post('B1-7').map((row) => [row.scope, row.outcome]), [['payment', 'posted']]);
  assert.deepEqual(post('B1-1').map((row) => [row.scope, row.outcome]).sort(), [['block', 'posted'], ['payment', 'already']]);
  assert.deepEqual(json('payout', 'list').map((row) => [row.partner, row.state]).sort(), [['blog', 'completed'], ['other', 'failed']]);
});

test('a person marks what became of a payout, never back', (t) => {
  const { data, run, json, balance } = owed(t);
  assert.equal(run(...TWO).code, EXIT.ok);
  const mark = (...args) => hansa(['payout', 'mark', NUMBER(1), ...args, '--data', data]);
  assert.equal(mark('sent', '--by', 'finance').code, EXIT.ok);
  assert.match(mark('processing', '--by', 'finance').err, /is sent already/);
  assert.match(mark('failed', '--by', 'finance').err, /say why/);
  assert.match(mark('lost', '--by', 'finance').err, /never "lost"/);
  assert.match(mark('completed').err, /say who/);
  assert.equal(mark('canceled', '--by', 'finance', '--reason', 'wrong account').code, EXIT.ok);
  assert.equal(mark('completed', '--by', 'finance').code, EXIT.conflict);
  assert.equal(balance('payable'), '-15.00');
  assert.deepEqual(json('payout', 'show', NUMBER(1)).states.map((one) => one.state), ['pending', 'sent', 'canceled']);
});

test('the disputed part waits while the rest is paid', (t) => {
  const { run, json } = owed(t);
  const [{ id }] = json('commission', 'list');
  json('dispute', 'open', id, '--about', 'wrong amount', '--amount', '4.00', '--by', 'blog', '--words', 'x');
  const done = run(...TWO, '--json');
  assert.deepEqual(JSON.parse(done.out).map((row) => [row.net, row.disputed]), [['11.00', '4.00']]);
});

// 100.00 shared 40, 20 and 40 % at 10, 10 and, by its eleventh order of the month, 12 %; a refund of 33.33, a payout, a refund of the rest.
test('what comes back after a payout is owed by the partner and netted from its next payout, with a credit note', (t) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const json = (...args) => JSON.parse(say(...args, '--json'));
  const offer = (name, rule) => file(t, `${name}.json`, JSON.stringify({ format: 1, title: name, weight: 'standard', kind: 'affiliate',
    purpose: 'sales', disclosure: undefined, terms: { currency: 'EUR', window_days: 30, hold_days: 10, rules: [rule] } }));
  const plain = { name: 'sales', rank: 1, rate: '10%' };
  const tiered = { ...plain, tiers: { measure: 'orders', period: 'month', steps: [{ from: '11', rate: '12%' }] } };
  for (const [name, rule, partners] of [['plain', plain, ['alpha', 'beta']], ['tiered', tiered, ['gamma']]]) {
    partners.forEach((partner) => say('partner', 'add', partner));
    say('agreement', 'add', offer(name, rule), '--name', name, '--from', '2026-01-01', '--by', 'sales');
    say('agreement', 'sign', name, '--by', 'sales');
    partners.forEach((partner) => say('agreement', 'enrol', name, '--partner', partner, '--from', '2026-01-01', '--by', 'sales'));
  }
  say('policy', 'set', '--first', '2/5', '--last', '2/5', '--from', '2026-01-01', '--by', 'sales');
  const ten = [...Array(10).keys()];
  say('import', 'touches', file(t, 't.csv', `touch_id,person,occurred_at,partner\n${ten.map((i) => `t${i},p${i},2026-09-02T10:00:00Z,gamma\n`).join('')}a,buyer,2026-09-03T10:00:00Z,alpha\nb,buyer,2026-09-04T10:00:00Z,beta\nc,buyer,2026-09-05T10:00:00Z,gamma\n`));
  say('import', 'orders', file(t, 'o.csv', `order_id,person,occurred_at,amount,currency\n${ten.map((i) => `o${i},p${i},2026-09-02T12:00:00Z,1.00,EUR\n`).join('')}big,buyer,2026-09-05T12:00:00Z,100.00,EUR\n`));
  const refund = (id, day, amount) => say('import', 'refunds', file(t, `${id}.csv`, `refund_id,order_id,occurred_at,amount,currency\n${id},big,${day}T12:00:00Z,${amount},EUR\n`));
  refund('r1', '2026-09-06', '33.33');
  say('ledger', 'lock', '--until', '2026-09-20');
  const how = payees(t, 'alpha', 'beta', 'gamma');
  const pay = (id) => say('payout', 'run', '--until', TODAY, '--payees', how, ...TWO, '--id', id);
  pay('A1');
  const balances = (partner) => Object.fromEntries(json('ledger', 'trial-balance').filter((row) => row.partner === partner && row.balance !== '0.00').map((row) => [row.account, row.balance]));
  assert.deepEqual(json('payout', 'list').map((row) => [row.partner, row.net, row.invoice]), [['alpha', '2.67', NUMBER(1)], ['beta', '1.33', NUMBER(2)], ['gamma', '4.20', NUMBER(3)]]);
  for (const number of [1, 2, 3].map(NUMBER))
    say('payout', 'mark', number, 'completed', '--by', 'finance');
  refund('r2', '2026-09-21', '66.67');
  assert.deepEqual(['alpha', 'beta', 'gamma'].map(balances), [{ receivable: '2.67' }, { receivable: '1.33' }, { receivable: '3.20' }]);
  say('import', 'touches', file(t, 't2.csv', 'touch_id,person,occurred_at,partner\nz,late,2026-10-01T10:00:00Z,alpha\n'));
  say('import', 'orders', file(t, 'o2.csv', 'order_id,person,occurred_at,amount,currency\nnext,late,2026-10-01T12:00:00Z,50.00,EUR\n'));
  say('ledger', 'lock', '--until', '2026-10-31');
  pay('A2');
  const payout = json('payout', 'list').at(-1);
  assert.deepEqual([payout.partner, payout.net, payout.paid, payout.invoice], ['alpha', '2.33', '2.77', NUMBER(4)]);
  assert.deepEqual(balances('alpha'), {});
  const shown = json('payout', 'show', payout.id);
  assert.deepEqual(shown.invoices.map((one) => [one.number, one.kind, one.net_minor, one.tax_minor]), [[NUMBER(4), 'invoice', 500, 95], [NUMBER(5), 'credit_note', 267, 51]]);
  assert.deepEqual(shown.lines.map((line) => [line.order_id, line.sent_minor, line.set_off_minor]), [['next', 233, 267]]);
  const page = say('payout', 'invoice', NUMBER(5), '--html');
  assert.match(page, /Credit note SB-/);
  assert.match(page, /r2: returned/);
  assert.ok(!page.includes('Invoice SB-'));
  const entries = json('ledger', 'entries');
  assert.equal(json('ledger', 'replay').entries, entries.length);
  assert.deepEqual(json('ledger', 'entries'), entries);
});
