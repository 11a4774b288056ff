// The demonstration: made once, completed after an interruption, and everything that it says to try works.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT, BINARY, count, directory, hansa, ok, programme, query, report, shell, start, until } from './support.mjs';

const demo = (data, ...more) => ['demo', '--data', data, '--months', '1', ...more];

test('the demonstration shows each partner’s truth, and what it says to try next works', (t) => {
  const folder = directory(t);
  const said = ok(demo('demo'), { cwd: folder });
  assert.match(said, /^Everything below is synthetic/);
  assert.match(said, /^ {2}Code Barn +coupon +[\d,]+ +0 {2}0: would have been sold anyway$/m);
  assert.match(said, /^ {2}Badge Hunt +vanity +\d+ +0 {2}activity without sales yet$/m);
  assert.match(said, /^ {2}\S.* creator .* times that: extra sales elsewhere$/m);
  assert.match(said, /in truth [\d.]+ % of touchpoints never reached the files/);
  const data = join(folder, 'demo');
  assert.equal(count(data, 'parties'), 30);
  assert.equal(query(data, 'SELECT count(*) AS n FROM imports WHERE rejected > 0')[0].n, 0);
  const next = said.split('What to try next\n')[1].trim().split('\n').map((line) => line.trim());
  assert.ok(next.length >= 4 && next.length <= 9);
  for (const command of next.filter((line) => !line.includes('YOUR.csv'))) {
    assert.ok(command.startsWith(`${BINARY} `), command);
    assert.equal(shell(command, { cwd: folder }).code, EXIT.ok, command);
  }
  const before = report(data);
  assert.match(ok(demo('demo'), { cwd: folder }), /held this demonstration already, nothing was added/);
  assert.equal(report(data), before);
});

test('the demonstration has agreements of four kinds, and money that follows from them', (t) => {
  const data = join(directory(t), 'demo');
  const said = ok(['demo', '--data', data, '--months', '2']);
  const json = (...args) => JSON.parse(ok([...args, '--data', data, '--json']));
  for (const words of [/^Money owed$/m, /^What is open of the money owed$/m, / EUR {2}owed and not sent$/m, / EUR {2}sent, without word from the bank$/m, / 1 {2}disputes without a decision$/m,
    /^ {2}changed terms of \S+ are proposed \(version 2\): waits for \S+$/m])
    assert.match(said, words);
  const agreements = json('agreement', 'list');
  assert.deepEqual(agreements.filter((row) => row.state !== 'active').map((row) => [row.version, row.state]), [['2', 'proposed']]);
  assert.deepEqual([...new Set(agreements.map((row) => json('agreement', 'show', row.agreement).kind))].sort(),
    ['affiliate', 'alliance', 'co_marketing', 'joint_venture']);
  const balances = json('ledger', 'trial-balance');
  assert.equal(balances.reduce((sum, row) => sum + Math.round(Number(row.balance) * 100), 0), 0);
  const kinds = new Set(json('ledger', 'entries').map((row) => row.kind));
  for (const kind of ['earn', 'cancel', 'release', 'hold', 'free', 'grant', 'pay', 'settle'])
    assert.ok(kinds.has(kind), kind);
  const leads = json('commission', 'list', '--limit', '100000').filter((row) => row.type === 'lead');
  assert.ok(leads.length > 5);
  assert.ok(leads.every((row) => row.rule === 'enquiries' && row.amount === '15.00'));
  assert.equal(hansa(['close', '--period', '2025-01', '--by', 'a', '--second', 'b', '--data', data]).code, EXIT.conflict);
});

test('in the demonstration browser software stands down, and a partner is not paid for what it buys', (t) => {
  const data = join(directory(t), 'demo');
  ok(['demo', '--data', data, '--months', '1']);
  const json = (...args) => JSON.parse(ok([...args, '--data', data, '--json']));
  const [{ partner, customer }] = query(data, "SELECT c.partner, o.customer FROM orders o JOIN coupons c ON o.coupon = c.code WHERE o.customer IS NOT NULL ORDER BY o.row_number LIMIT 1");
  assert.deepEqual(json('partner', 'own', partner).map((row) => [row.customer, row.state]), [[customer, 'declared']]);
  const [{ order_id: own }] = query(data, `SELECT order_id FROM orders WHERE customer = '${customer}' AND coupon IS NOT NULL LIMIT 1`);
  const why = (order, name) => json('order', 'explain', order, '--partner', name).partners[0].reason;
  assert.equal(why(own, partner), 'self_referral');
  const touched = query(data, `SELECT o.order_id FROM orders o JOIN touches s ON s.person = o.person AND s.stands_down = 1 AND s.occurred_at BETWEEN o.occurred_at - INTERVAL 1 HOUR AND o.occurred_at
    JOIN touches e ON e.person = o.person AND e.partner <> s.partner AND e.occurred_at BETWEEN s.occurred_at - INTERVAL 20 HOUR AND s.occurred_at WHERE o.coupon IS NULL ORDER BY o.row_number LIMIT 30`);
  assert.ok(touched.some((row) => why(row.order_id, 'kickbacker') === 'stood_down'));
});

test('both sides write in the demonstration, and one venture is out of balance', (t) => {
  const data = join(directory(t), 'demo');
  const said = ok(['demo', '--data', data, '--months', '3']);
  const [, agreement, period] = /^ {2}(\S+) is out of balance since the end of (\S+): a renegotiation is open$/m.exec(said);
  const json = (...args) => JSON.parse(ok([...args, '--data', data, '--json']));
  const statement = json('statement', agreement, '--period', period, '--side', 'brand.example');
  assert.equal(statement.balance.state, 'outside');
  assert.equal(statement.confirmed_lines, statement.shared_lines);
  assert.deepEqual(statement.lines.filter((line) => line.private).map((line) => line.what).sort(),
    ['imported costs of brightline', 'share of the warehouse system']);
  assert.equal(statement.sides.reduce((sum, side) => sum + side.settlement_minor, 0), 0);
  assert.ok(statement.notes.some((note) => note.startsWith(`Renegotiation opened by the end of ${period}`)));
  assert.equal(json('agreement', 'list').filter((row) => row.renegotiation !== null).length, 1);
  for (const other of json('agreement', 'list').map((row) => row.agreement))
    assert.ok(json('statement', other, '--period', '2025-02').together.brings_minor !== null, other);
});

test('an interrupted demonstration is completed by the same command', async (t) => {
  const folder = directory(t);
  const calm = join(folder, 'calm');
  const disturbed = join(folder, 'disturbed');
  ok(demo(calm));
  for (const sign of ['demo-data/touches.csv', 'imports/incoming.parquet']) {
    const { child, done } = start(demo(disturbed));
    await until(() => existsSync(join(disturbed, sign)));
    child.kill('SIGINT');
    assert.equal((await done).code, EXIT.interrupted, sign);
  }
  ok(demo(disturbed));
  assert.equal(report(disturbed), report(calm));
});

test('a programme that is no demonstration, or another one, is left alone', (t) => {
  const own = programme(t);
  const refused = hansa(demo(own));
  assert.equal(refused.code, EXIT.conflict);
  assert.match(refused.err, /holds a programme that is no demonstration/);
  assert.equal(count(own, 'touches'), 0);
  const data = join(directory(t), 'demo');
  ok(demo(data));
  const other = hansa(demo(data, '--seed', '2'));
  assert.equal(other.code, EXIT.conflict);
  assert.match(other.err, /holds the demonstration of seed 1 and 1 month, not of seed 2/);
});
