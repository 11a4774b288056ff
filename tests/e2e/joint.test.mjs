// hansa joint: a joint P&L from a file, in every form.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, file, hansa, ok } from './support.mjs';

const DOCS = (path) => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const FIRST = DOCS('examples/joint-first-month.json');
const VENTURE = DOCS('examples/joint-waterfall.json');

test('the first line says what it brings, what it costs, and whether that is justified', () => {
  assert.match(ok(['joint', FIRST]), /\nBrings 17,200\.00 EUR \(14,700\.00 to 19,500\.00\), costs 4,788\.00 EUR to run: justified/);
  assert.match(ok(['joint', FIRST]), /\nUnconfirmed: these are the figures of brand\.example alone/);
});

test('both sides read the same settlement, and neither reads a private line of the other', () => {
  const [brand, trails, everybody] = [['--side', 'brand.example'], ['--side', 'trails.example'], []]
    .map((side) => JSON.parse(ok(['joint', VENTURE, ...side, '--json'])));
  assert.deepEqual(brand.settlement, [{ from: 'trails.example', to: 'brand.example', amount_minor: 578727, what: null }]);
  assert.deepEqual([trails.settlement, everybody.settlement], [brand.settlement, brand.settlement]);
  assert.deepEqual(brand.sides.map((side) => side.settlement_minor), [578727, -578727]);
  const privates = (statement) => statement.lines.filter((line) => line.private).map((line) => line.side);
  assert.deepEqual([brand, trails, everybody].map(privates), [['brand.example'], ['trails.example'], []]);
  assert.equal(brand.balance.state, 'outside');
  assert.equal(brand.balance.since, '2026-08');
});

test('the page fetches nothing and runs nothing', (t) => {
  const page = file(t, 'statement.html', '');
  assert.match(ok(['joint', VENTURE, '--side', 'brand.example', '--html', page]), /the joint P&L stands in/);
  const html = readFileSync(page, 'utf8');
  assert.equal(html, ok(['joint', VENTURE, '--side', 'brand.example', '--html', '-']));
  assert.doesNotMatch(html, /<script|<link|src=|href=|url\(/);
  assert.match(html, /trails\.example pays brand\.example 5,787\.27 EUR\./);
});

test('the CSV form has a row for each line and ends with the settlement', () => {
  const rows = ok(['joint', FIRST, '--csv']).trimEnd().split('\n');
  assert.equal(rows.length, 1 + 5 + 2 + 1);
  assert.equal(rows.at(-1), 'settlement,,,brand.example,trails.example,4964.80,EUR,,,,');
});

test('faults are told with their places, and wrong use with words', (t) => {
  const broken = file(t, 'broken.json', readFileSync(FIRST, 'utf8').replace('"18400.00"', '18400.5').replace('"media"', '"medium"'));
  const done = hansa(['joint', broken]);
  assert.equal(done.code, EXIT.invalid);
  assert.match(done.err, /lines\[0\]\.amount: must be a decimal in quotes/);
  assert.match(done.err, /lines\[3\]\.kind: must be one of revenue, discount/);
  const unfair = hansa(['joint', file(t, 'unfair.json', readFileSync(FIRST, 'utf8').replace('"60%"', '"70%"'))]);
  assert.equal(unfair.code, EXIT.invalid);
  assert.match(unfair.err, /unfair\.json: sharing\.shares: the shares sum to 11\/10, not to 1/);
  const upside = hansa(['joint', file(t, 'upside.json', readFileSync(FIRST, 'utf8').replace('"low": "15900.00"', '"low": "19000.00"'))]);
  assert.equal(upside.code, EXIT.invalid);
  assert.match(upside.err, /upside\.json: line 1: the amount must lie in its interval/);
  const stranger = hansa(['joint', FIRST, '--side', 'hills.example']);
  assert.equal(stranger.code, EXIT.notFound);
  assert.match(stranger.err, /the sides are brand\.example, trails\.example/);
  assert.equal(hansa(['joint', join(DOCS('examples'), 'nowhere.json')]).code, EXIT.notFound);
  assert.equal(hansa(['joint']).code, EXIT.usage);
  assert.equal(hansa(['joint', FIRST, '--schema']).code, EXIT.usage);
  assert.equal(hansa(['joint', FIRST, '--json', '--csv']).code, EXIT.usage);
  assert.equal(hansa(['joint', FIRST, '--html', '']).code, EXIT.usage);
});

test('the printed schema is the documented one', () => {
  assert.equal(ok(['joint', '--schema']), readFileSync(DOCS('reference/joint.schema.json'), 'utf8'));
});
