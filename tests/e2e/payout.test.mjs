// hansa payout: payments to files of banks and services, as a person at a shell does it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, directory, file, hansa, ok, programme } from './support.mjs';

const example = (name) => fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));
const [EXAMPLE, PAYEES, BALANCES] = ['payments.json', 'payees.json', 'balances.csv'].map(example);

// Reads a pain.001 with Python's XML reader, which had no part in writing it: [id, amount, currency, name, account] a payment.
function read(path) {
  const program = `
import json, sys, xml.etree.ElementTree as tree
name = '{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}'
text = lambda at, path: at.findtext('/'.join(name + step for step in path.split('/')))
found = []
for payment in tree.parse(sys.argv[1]).iter(name + 'CdtTrfTxInf'):
    amount = payment.find(f'{name}Amt/{name}InstdAmt')
    account = text(payment, 'CdtrAcct/Id/IBAN') or text(payment, 'CdtrAcct/Id/Othr/Id')
    found.append([text(payment, 'PmtId/EndToEndId'), amount.text, amount.get('Ccy'), text(payment, 'Cdtr/Nm'), account])
print(json.dumps(found))`;
  const done = spawnSync('python3', ['-c', program, path]);
  assert.equal(done.status, 0, done.stderr.toString());
  return JSON.parse(done.stdout.toString());
}

test('the example of the documentation becomes a file that another parser reads', (t) => {
  const out = join(directory(t), 'payments.xml');
  const done = hansa(['payout', 'file', EXAMPLE, '--format', 'pain.001', '--out', out, '--json']);
  assert.equal(done.code, EXIT.ok, done.err);
  assert.deepEqual(JSON.parse(done.out), { payments: 3, sums: [{ currency: 'EUR', amount_minor: 128333 }, { currency: 'USD', amount_minor: 8000 }] });
  assert.match(done.err, /3 payments: 1,283\.33 EUR, 80\.00 USD/);
  assert.deepEqual(read(out), [
    ['SB-2026-000017', '1250.00', 'EUR', 'Muller + Sohne OHG', 'AT611904300234573201'],
    ['SB-2026-000018', '33.33', 'EUR', 'Blog Ltd', 'GB29NWBK60161331926819'],
    ['SB-2026-000019', '80.00', 'USD', 'Shoes Review Inc', '123456789'],
  ]);
  assert.equal(ok(['payout', 'file', EXAMPLE, '--format', 'pain.001']).replace(/<CreDtTm>.*/, ''), readFileSync(out, 'utf8').replace(/<CreDtTm>.*/, ''));
});

test('a plan says what is paid and what waits, and becomes a file', (t) => {
  const plan = ['payout', 'plan', BALANCES, '--payees', PAYEES, '--day', '2099-01-15', '--next', '17'];
  const done = hansa([...plan, '--json']);
  assert.equal(done.code, EXIT.ok, done.err);
  const rows = JSON.parse(done.out);
  assert.deepEqual(rows.map((row) => [row.partner, row.verdict, row.invoice, row.set_off, row.tax, row.paid, row.carried, row.disputed]), [
    ['shoes-blog', 'pay', 'SB-2099-000017', '0.00', '0.00', '1250.00', '0.00', '40.00'],
    ['deals', 'pay', 'SB-2099-000018', '5.00', '2.85', '17.85', '0.00', '0.00'],
    ['newsletter', 'below_threshold', null, '0.00', '0.00', '0.00', '31.10', '0.00'],
    ['nobody', 'no_tax_form', null, '0.00', '0.00', '0.00', '99.00', '0.00'],
  ]);
  assert.match(done.err, /1: it is below the threshold/);
  const out = join(directory(t), 'payments.xml');
  ok([...plan, '--format', 'pain.001', '--id', 'A1', '--out', out]);
  assert.deepEqual(read(out).map((payment) => payment.slice(0, 2)), [['SB-2099-000017', '1250.00'], ['SB-2099-000018', '17.85']]);
  const wrong = hansa([...plan.slice(0, 4), file(t, 'payees.json', readFileSync(PAYEES, 'utf8').replace('"19%"', '0.19')), ...plan.slice(5)]);
  assert.equal(wrong.code, EXIT.invalid);
  assert.match(wrong.err, /payees\.json: tax\[0\]\.rate: must be a decimal in quotes/);
});

test('a plan of a programme pays what its ledger says is owed on that day', (t) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  say('partner', 'add', 'deals');
  say('agreement', 'add', example('standard-offer.json'), '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'deals', '--from', '2026-01-01', '--by', 'sales');
  say('import', 'touches', file(t, 'touches.csv', 'touch_id,person,occurred_at,partner\nt1,v1,2026-09-01T10:00:00Z,deals\n'));
  say('import', 'orders', file(t, 'orders.csv', 'order_id,person,occurred_at,amount,currency\no1,v1,2026-09-01T12:00:00Z,100.00,EUR\n'));
  const plan = (day) => JSON.parse(say('payout', 'plan', '--payees', PAYEES, '--day', day, '--json'));
  assert.deepEqual(plan('2026-10-20'), []); // still in its return period
  say('ledger', 'lock', '--until', '2026-10-15');
  const rows = plan('2026-10-20').map((row) => [row.partner, row.verdict, row.invoice, row.net, row.tax, row.paid]);
  assert.deepEqual(rows, [['deals', 'pay', 'SB-2026-000001', '12.00', '2.28', '14.28']]);
  assert.equal(JSON.parse(say('ledger', 'entries', '--json')).length, 2); // a plan posts nothing
});

test('CSV in, CSV out, with the payer on the command line', (t) => {
  const csv = file(t, 'payments.csv', 'id,amount,currency,name,email,iban\nP1,12.50,EUR,Blog,blog@host.example,AT611904300234573201\n');
  assert.equal(ok(['payout', 'file', csv, '--format', 'paypal', '--decimal-comma']), 'blog@host.example,"12,50",EUR,P1,,PAYPAL\n');
  assert.match(ok(['payout', 'file', csv, '--format', 'wise', '--currency', 'GBP']), /\nBlog,blog@host\.example,P1,INSTITUTION,target,12\.50,GBP,EUR,AT611904300234573201\n$/);
  assert.match(ok(['payout', 'file', csv, '--format', 'pain.001', '--id', 'A', '--day', '2099-01-01', '--payer', 'Brand', '--iban', 'DE89 3704 0044 0532 0130 00']), /<MsgId>A<\/MsgId>/);
});

test('a batch that cannot be paid as it is leaves no file, and every fault is told', (t) => {
  const out = join(directory(t), 'payments.xml');
  const broken = file(t, 'broken.json', readFileSync(EXAMPLE, 'utf8').replace('3457 3201', '3457 3202').replace('SB-2026-000018"', 'SB-2026-000017"'));
  const done = hansa(['payout', 'file', broken, '--format', 'pain.001', '--out', out]);
  assert.equal(done.code, EXIT.invalid);
  assert.ok(!existsSync(out));
  assert.match(done.err, /payments\[1\]\.id: "SB-2026-000017" is the id of another payment too/);
  assert.match(done.err, /payments\[0\]\.iban: the IBAN "AT61 1904 3002 3457 3202" is mistyped/);
});

test('what a bank answers is shown payment by payment', (t) => {
  const payment = (id, rest) => `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId>${rest}</TxInfAndSts>`;
  const report = (inside) => `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>2027-01-A</OrgnlMsgId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts>${inside}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
  const answer = file(t, 'answer.xml', report(payment('SB-2026-000017', '<TxSts>ACSC</TxSts><AcctSvcrRef>7</AcctSvcrRef>') + payment('SB-2026-000018', '<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>')));
  const done = hansa(['payout', 'status', answer, '--json']);
  assert.equal(done.code, EXIT.ok, done.err);
  assert.match(done.err, /pain\.002: 2 payments, 1 completed, 1 failed, 0 pending/);
  const absent = { batch: '2027-01-A', block: null, scope: 'payment' };
  assert.deepEqual(JSON.parse(done.out), [
    { id: 'SB-2026-000017', state: 'completed', said: 'ACSC', reference: '7', reason: null, ...absent },
    { id: 'SB-2026-000018', state: 'failed', said: 'RJCT', reference: null, reason: 'AC04 the account is closed', ...absent },
  ]);
  const wise = file(t, 'wise.csv', 'ID;Status;Direction;Reference\nT1;COMPLETED;OUT;SB-2026-000017\n');
  assert.equal(ok(['payout', 'status', wise, '--delimiter', ';', '--csv']), 'id,state,said,reference,reason,scope,batch,block\nSB-2026-000017,completed,COMPLETED,T1,,payment,,\n');
  const hostile = hansa(['payout', 'status', file(t, 'hostile.xml', '<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><x>&a;</x>')]);
  assert.equal(hostile.code, EXIT.invalid);
  assert.match(hostile.err, /hostile\.xml: line 1: has a document type/);
  const torn = hansa(['payout', 'status', file(t, 'torn.xml', report(payment('P1', '<TxSts>ACSC</TxSts>')).slice(0, -20))]);
  assert.deepEqual([torn.code, torn.out], [EXIT.invalid, '']);
});

test('what is asked wrongly is a usage error', () => {
  for (const [args, words] of [
    [['file', EXAMPLE], /needs --format/],
    [['file', EXAMPLE, '--format', 'xml'], /must be pain\.001, paypal or wise, got "xml"/],
    [['file', EXAMPLE, '--format', 'wise', '--json'], /needs --out/],
    [['file', EXAMPLE, '--format', 'pain.001', '--day', 'tomorrow'], /--day must be such as/],
    [['status', EXAMPLE, '--format', 'pain.001'], /must be pain\.002, wise, paypal or auto/],
    [['plan', '--day', '2099-01-15'], /takes a file of balances, or --data/],
    [['file'], /payout file takes a file/],
    [['plan', BALANCES, '--day', '2099-01-15'], /needs --payees/],
    [['plan', BALANCES, '--payees', PAYEES], /needs --day/],
    [['plan', BALANCES, '--payees', PAYEES, '--day', '2099-01-15', '--format', 'wise'], /needs --out/],
    [['send', EXAMPLE], /not "send"/],
  ]) {
    const done = hansa(['payout', ...args]);
    assert.equal(done.code, EXIT.usage);
    assert.match(done.err, words);
  }
  assert.equal(hansa(['payout', 'file', 'nowhere.json', '--format', 'wise']).code, EXIT.notFound);
});
