// What has to be looked at, and the end of a month: what is open, what of it is expected to be taken back, and what the bookkeeping gets of that.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const DOCS = (path) => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));

// A partner with the standard offer, 12 % of an order in its return period of 30 days.
function withOffer(t) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  say('partner', 'add', 'blog');
  say('agreement', 'add', DOCS('examples/standard-offer.json'), '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2026-01-01', '--by', 'sales');
  return { data, say, json: (...args) => JSON.parse(say(...args, '--json')) };
}

// 60 orders of 50.00 at 12 %, 24 of which come back whole at an age of three days, and 10 more that are two days old when the month ends.
test('a close states what will be taken back, and the next one takes it out of the general ledger again', (t) => {
  const { data, say, json } = withOffer(t);
  const orders = (letter, count, day) => {
    const rows = Array.from({ length: count }, (_, i) => `${letter}${i}`);
    say('import', 'touches', file(t, `touches-${letter}.csv`, `touch_id,person,occurred_at,partner\n${rows.map((r) => `${r},${r},2026-09-${day}T11:00:00Z,blog\n`).join('')}`));
    say('import', 'orders', file(t, `orders-${letter}.csv`, `order_id,person,occurred_at,amount,currency\n${rows.map((r) => `${r},${r},2026-09-${day}T12:00:00Z,50.00,EUR\n`).join('')}`));
  };
  orders('a', 60, '02');
  say('import', 'refunds', file(t, 'back.csv', `refund_id,order_id,occurred_at,amount,currency\n${Array.from({ length: 24 }, (_, i) => `b${i},a${i},2026-09-05T18:00:00Z,50.00,EUR\n`).join('')}`));
  orders('z', 10, '28');
  const expected = json('close', '--period', '2026-09').find((row) => row.open === 'reversals');
  assert.equal(expected.count, '24');
  assert.ok(Number(expected.low) < Number(expected.amount) && Number(expected.amount) < Number(expected.high));
  ok(['close', '--period', '2026-09', '--by', 'a', '--second', 'b', '--data', data]);
  ok(['close', '--period', '2026-10', '--by', 'a', '--second', 'b', '--data', data]);
  const mapping = DOCS('examples/account-mapping.json');
  const estimates = () => JSON.parse(say('ledger', 'export', '--mapping', mapping, '--json')).lines.filter((line) => line.estimate)
    .map((line) => [line.date, line.document, line.account, line.debit_minor, line.credit_minor]);
  const minor = Math.round(Number(expected.amount) * 100);
  const stated = estimates();
  assert.deepEqual(stated.filter((line) => line[1].endsWith('2026-09-EUR')), [
    ['2026-09-30', 'E-2026-09-EUR', '3096', minor, 0], ['2026-09-30', 'E-2026-09-EUR', '6570', 0, minor],
    ['2026-10-31', 'R-2026-09-EUR', '6570', minor, 0], ['2026-10-31', 'R-2026-09-EUR', '3096', 0, minor]]);
  say('ledger', 'replay');
  assert.deepEqual(estimates(), stated);
  const plain = file(t, 'plain.json', JSON.stringify({ accounts: JSON.parse(readFileSync(mapping, 'utf8')).accounts.filter((row) => row.kind !== 'reversals') }));
  const done = hansa(['ledger', 'export', '--mapping', plain, '--data', data]);
  assert.equal(done.code, EXIT.ok);
  assert.match(done.err, /left out: the mapping has no account "reversals"/);
});

// A euro was 1.25 dollars on the day before the order: 50 dollars are 40 euros, of which 12 % are owed.
test('an order without an exchange rate pays nobody, raises an alarm and is paid when the rate comes', (t) => {
  const { data, say, json } = withOffer(t);
  assert.equal(say('ledger', 'alarms', '--check'), 'nothing needs to be looked at\n');
  say('import', 'touches', file(t, 'touches.csv', 'touch_id,person,occurred_at,partner\nt,v,2026-09-01T10:00:00Z,blog\n'));
  say('import', 'orders', file(t, 'orders.csv', 'order_id,person,occurred_at,amount,currency\no,v,2026-09-01T12:00:00Z,50.00,USD\n'));
  const posted = hansa(['ledger', 'post', '--data', data]);
  assert.match(posted.err, /1 commission could not be priced and pays nobody: hansa ledger alarms says why/);
  const [alarm, ...more] = json('ledger', 'alarms');
  assert.deepEqual(more, []);
  assert.deepEqual([alarm.alarm, alarm.partner, alarm.reason], ['waiting', 'blog', 'from USD to EUR']);
  assert.match(alarm.next, new RegExp(`hansa import rates FILE; it is about ${alarm.what}`));
  assert.deepEqual(json('ledger', 'entries'), []);
  const checked = hansa(['ledger', 'alarms', '--check', '--data', data]);
  assert.equal(checked.code, EXIT.attention);
  assert.match(checked.err, /1 thing needs to be looked at/);
  assert.match(checked.out, /waiting: an order in another currency that has no exchange rate, and pays nobody until one comes\n {2}cms_/);
  const bank = file(t, 'eurofxref-hist.csv', 'Date,USD,JPY,CYP,\n2026-09-02,2,170.1,N/A,\n2026-08-31,1.25,N/A,N/A,\n');
  const read = say('import', 'rates', bank);
  assert.match(read, /a table with a day a row and 2 currencies, day=Date\nnot read: CYP\n3 rates are in as/);
  assert.equal(say('ledger', 'alarms', '--check', '--wait-days', '3650'), 'nothing needs to be looked at\n');
  const [entry, ...others] = json('ledger', 'entries');
  assert.deepEqual(others, []);
  assert.deepEqual([entry.kind, entry.amount], ['earn', '4.80 EUR']);
  const id = json('commission', 'list').find((row) => row.rule !== 'refused').id;
  assert.match(say('commission', 'explain', id), /1 USD = 4\/5 EUR, exactly\n {2}1 EUR = 1\.25 USD on 2026-08-31, source: European Central Bank, reference rates\n/);
  say('ledger', 'replay');
  assert.deepEqual(json('ledger', 'entries'), [entry]);
  assert.equal(hansa(['ledger', 'alarms', '--wait-days', '-1', '--data', data]).code, EXIT.usage);
});

test('what networks say and nothing explains is unreconciled when the month closes', (t) => {
  const { data, say, json } = withOffer(t);
  const rows = ['a', 'b', 'c'];
  say('import', 'touches', file(t, 'touches.csv', `touch_id,person,occurred_at,partner\n${rows.map((r) => `${r},${r},2026-09-02T11:00:00Z,blog\n`).join('')}`));
  say('import', 'orders', file(t, 'orders.csv', `order_id,person,occurred_at,amount,currency\n${rows.map((r) => `${r},${r},2026-09-02T12:00:00Z,50.00,EUR\n`).join('')}`));
  const open = () => json('close', '--period', '2026-09').filter((row) => row.open === 'unreconciled').map((row) => [row.currency, row.count, row.amount]);
  assert.deepEqual(open(), [], 'nothing was imported of any network');
  const word = (id, order, amount, status) => `${id},${order},blog,${amount},EUR,${status},2026-09-02T12:00:00Z\n`;
  const imported = (name, text) => say('import', 'network_commissions', file(t, name, `commission_id,order_id,partner,commission,currency,status,created_at\n${text}`), '--network', 'none');
  imported('first.csv', word(1, 'a', '6.00', 'pending') + word(2, 'b', '7.77', 'pending') + word(3, 'x', '4.00', 'approved'));
  // a agrees; b differs by 1.77; c is ours alone, -6.00; x is theirs alone, 4.00.
  assert.deepEqual(open(), [['EUR', '3', '-0.23']]);
  imported('second.csv', word(2, 'b', '6.00', 'approved') + word(4, 'c', '6.00', 'approved'));
  assert.deepEqual(open(), [['EUR', '1', '4.00']], 'the last word on each counts');
});
