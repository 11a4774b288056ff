// hansa joint add|confirm|list and hansa statement AGREEMENT: a joint P&L out of a programme.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const DOCS = (path) => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const LINES = {
  'trails.example': [
    { kind: 'media', what: 'posters', amount: '200.00' },
    { kind: 'tools', what: 'booking <system>', amount: '31.07', private: true },
  ],
  'brand.example': [{ kind: 'in_kind', what: 'trailers lent', amount: '1080.00', valued_by: 'rent of a month' }],
};

// A venture that shares 60 to 40, an order of 1,000.00 at 5 % of which a third came back, and lines of both sides.
function venture(t, change = () => {}) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const agreement = JSON.parse(readFileSync(DOCS('examples/joint-venture.json'), 'utf8'));
  agreement.sharing = { kind: 'shares', shares: agreement.sharing.shares };
  change(agreement);
  for (const side of agreement.sides) delete side.owner.time;
  say('partner', 'add', 'trails.example');
  say('agreement', 'add', file(t, 'venture.json', JSON.stringify(agreement)), '--name', 'venture', '--from', '2026-07-01', '--by', 'ann');
  say('agreement', 'sign', 'venture', '--by', 'ann');
  say('import', 'touches', file(t, 'touches.csv', 'touch_id,person,occurred_at,partner\nt1,v1,2026-08-30T10:00:00Z,trails.example\n'));
  say('import', 'orders', file(t, 'orders.csv', 'order_id,person,occurred_at,amount,currency\no1,v1,2026-09-01T12:00:00Z,1000.00,EUR\n'));
  say('import', 'refunds', file(t, 'refunds.csv', 'refund_id,order_id,occurred_at,amount,currency\nr1,o1,2026-09-05T12:00:00Z,333.33,EUR\n'));
  for (const [side, lines] of Object.entries(LINES))
    say('joint', 'add', 'venture', file(t, `${side}.json`, JSON.stringify({ lines })), '--period', '2026-09', '--side', side, '--by', 'ben');
  return { data, say, statement: (...options) => JSON.parse(say('statement', 'venture', '--period', '2026-09', '--json', ...options)) };
}

test('orders, commissions and lines of both sides come to one settlement', (t) => {
  const { say, statement } = venture(t);
  const { lines, sides, settlement, result_minor: result, together } = statement();
  assert.deepEqual(lines.map((line) => [line.what, line.side, line.amount_minor, line.confirmed_by]), [
    ['orders less returns', 'brand.example', 66667, ['brand.example']],
    ['commissions earned', 'brand.example', 5000, ['brand.example']],
    ['commissions taken back', 'brand.example', -1667, ['brand.example']],
    ['posters', 'trails.example', 20000, ['trails.example']],
    ['trailers lent', 'brand.example', 108000, ['brand.example']],
  ]);
  // 666.67 − 1,280.00 = −613.33, of which 60 % are −368.00; brand.example has 666.67 − 1,080.00.
  assert.equal(result, -61333);
  assert.deepEqual(sides.map((side) => [side.part_minor, side.settlement_minor]), [[-36800, 4533], [-24533, -4533]]);
  assert.deepEqual(settlement, [{ from: 'trails.example', to: 'brand.example', amount_minor: 4533, what: null }]);
  assert.ok(together.brings_low_minor <= 66667 && 66667 <= together.brings_high_minor);
  assert.match(say('statement', 'venture', '--period', '2026-09'), /\nBrings 666\.67 EUR \([\d,.]+ to [\d,.]+\), costs 1,280\.00 EUR to run: /);
});

test('no form shows a private line of the other side, and the page runs nothing', (t) => {
  const { say, statement } = venture(t);
  assert.equal(statement('--side', 'trails.example').lines.filter((line) => line.private).length, 1);
  for (const viewer of [[], ['--side', 'brand.example']])
    for (const form of [[], ['--json'], ['--csv'], ['--html', '-']]) {
      const page = say('statement', 'venture', '--period', '2026-09', ...viewer, ...form);
      assert.doesNotMatch(page, /booking|31\.07|3107/);
    }
  const own = say('statement', 'venture', '--period', '2026-09', '--side', 'trails.example', '--html', '-');
  assert.match(own, /booking &lt;system&gt;/);
  assert.doesNotMatch(own, /<script|<link|src=|href=|url\(/);
  assert.match(own, /trails\.example pays brand\.example 45\.33 EUR\./);
});

test('a confirmation holds until the line is written again, and the list shows what was', (t) => {
  const { say, statement } = venture(t);
  const confirm = (...options) => say('joint', 'confirm', 'venture', '--period', '2026-09', '--by', 'ann', ...options);
  assert.match(confirm('--side', 'brand.example', '--line', 'posters'), /brand\.example stands by 1 more line of 2026-09/);
  assert.match(confirm('--side', 'trails.example'), /trails\.example stands by 4 more lines/);
  assert.equal(statement().confirmed_lines, 5);
  say('joint', 'add', 'venture', file(t, 'again.json', '{"lines":[{"kind":"media","what":"posters","amount":"210.00"}]}'), '--period', '2026-09', '--side', 'trails.example', '--by', 'ben');
  assert.equal(statement().confirmed_lines, 4);
  const list = JSON.parse(say('joint', 'list', 'venture', '--period', '2026-09', '--json'));
  assert.deepEqual(list.filter((row) => row.entry === 'line').map((row) => [row.what, row.amount, row.state]),
    [['posters', '200.00', 'replaced'], ['trailers lent', '1080.00', 'holds'], ['posters', '210.00', 'holds']]);
  assert.equal(list.filter((row) => row.entry === 'confirmation').length, 5);
  assert.equal(JSON.parse(say('joint', 'list', 'venture', '--period', '2026-09', '--side', 'trails.example', '--json')).filter((row) => row.private === 'private').length, 1);
});

test('what is wrong is told with its place and what to do', (t) => {
  const { data, say } = venture(t);
  const tell = (...args) => hansa([...args, '--data', data]);
  const bad = tell('joint', 'add', 'venture', file(t, 'bad.json', '{"lines":[{"kind":"media","what":"a","amount":12},{"kind":"hours","what":"b","hours":"2"}]}'), '--period', '2026-09', '--side', 'trails.example', '--by', 'ben');
  assert.equal(bad.code, EXIT.invalid);
  assert.match(bad.err, /bad\.json: lines\[0\]\.amount: must be a decimal in quotes/);
  assert.equal(tell('statement', 'venture', '--period', '2026-Q3').code, EXIT.invalid);
  assert.match(tell('statement', 'venture', '--period', '2026-06').err, /no signed version of agreement venture held by 2026-06/);
  assert.match(tell('statement', 'venture', '--period', '2026-09', '--side', 'hills.example').err, /the sides are brand\.example, trails\.example/);
  assert.match(tell('statement', 'nobody', '--period', '2026-09').err, /there is no partner and no agreement "nobody"/);
  assert.equal(tell('joint', 'dance', 'venture').code, EXIT.usage);
  assert.equal(tell('joint', 'add', 'venture', '--period', '2026-09').code, EXIT.usage);
  assert.equal(tell('joint', 'confirm', 'venture', '--period', '2026-09', '--by', 'ann').code, EXIT.usage);
  say('partner', 'add', 'venture');
  const both = tell('statement', 'venture', '--period', '2026-09');
  assert.equal(both.code, EXIT.usage);
  assert.match(both.err, /add --commission for the partner's commission statement, or --joint for the agreement's joint P&L/);
  assert.match(say('statement', 'venture', '--period', '2026-09', '--commission'), /Commission statement of 2026-09/);
  assert.match(say('statement', 'venture', '--period', '2026-09', '--joint'), /Joint P&L of 2026-09/);
});

test('the end of a month by which the range is left opens a renegotiation, and says so', (t) => {
  const { data, say, statement } = venture(t, (agreement) => {
    agreement.sharing.shares[0].share = '90%';
    agreement.sharing.shares[1].share = '10%';
    agreement.fairness.least = 1;
  });
  say('joint', 'add', 'venture', file(t, 'sales.json', '{"lines":[{"kind":"revenue","what":"at the door","amount":"5000.00"}]}'), '--period', '2026-09', '--side', 'brand.example', '--by', 'ben');
  const close = hansa(['close', '--period', '2026-09', '--by', 'ann', '--second', 'ben', '--data', data]);
  assert.equal(close.code, EXIT.ok, close.err);
  assert.match(close.err, /a renegotiation of venture is open: balance of benefit outside of the fairness range since 2026-09: trails\.example would need [\d,.]+ EUR more/);
  assert.equal(JSON.parse(say('agreement', 'list', '--json'))[0].renegotiation, '2026-09');
  assert.match(say('agreement', 'show', 'venture'), /Renegotiation opened by the end of 2026-09: /);
  const stated = statement();
  assert.equal(stated.balance.state, 'outside');
  // What comes late for the closed month is the next one's.
  say('joint', 'add', 'venture', file(t, 'late.json', '{"lines":[{"kind":"media","what":"late","amount":"100.00"}]}'), '--period', '2026-09', '--side', 'trails.example', '--by', 'ben');
  assert.deepEqual(statement().settlement, stated.settlement);
  assert.equal(JSON.parse(say('joint', 'list', 'venture', '--period', '2026-09', '--json')).find((row) => row.what === 'late').state, 'late');
  const { carried } = JSON.parse(say('statement', 'venture', '--period', '2026-10', '--json'));
  assert.deepEqual(carried.map((row) => [row.what, row.from, row.amount_minor]).at(-1), ['true-up of months that were closed', 'brand.example', 9000]);
});

test('the printed schema of added lines is the documented one', () => {
  assert.equal(ok(['joint', 'add', '--schema']), readFileSync(DOCS('reference/joint-lines.schema.json'), 'utf8'));
});

test('a replayed ledger states the same', (t) => {
  const { data, say } = venture(t);
  const forms = () => [['--json'], ['--html', '-'], ['--csv']].map((form) => say('statement', 'venture', '--period', '2026-09', ...form));
  const before = forms();
  ok(['ledger', 'replay', '--data', data]);
  assert.deepEqual(forms(), before);
});
