// hansa halo and hansa power on a small shop whose truth is known: what partner, lines and noise do is written here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directory, EXIT, file, hansa, ok, random } from './support.mjs';

const DAY_MS = 86_400_000;
const day = (row) => new Date(Date.UTC(2025, 0, 1) + row * DAY_MS).toISOString().slice(0, 10);
const START = 180;
const ROWS = 208;

function shop(seed) {
  const chance = random(seed);
  const noise = (size) => size * Math.sqrt(3) * (chance() + chance() + chance() + chance() - 2);
  const lines = ['date,partner,brand<search>,direct,sales,demand'];
  for (let row = 0; row < ROWS; row++) {
    const on = row >= START ? 1 : 0;
    const demand = 100 + noise(10);
    const brand = 30 + 0.1 * demand + noise(2) + 6 * on;
    const direct = 50 + 0.3 * demand + noise(3) - 12 * on;
    lines.push([day(row), 20 * on, brand, direct, 20 * on + brand + direct + 15 + noise(1), demand].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const ASK = ['--tracked', 'partner', '--lines', 'brand<search>,direct', '--total', 'sales', '--controls', 'demand', '--start', day(START)];

test('the lines add up, keep their signs, and fix what they can', (t) => {
  const result = JSON.parse(ok(['halo', file(t, 'shop.csv', shop(3)), ...ASK, '--json']));
  assert.equal(result.tracked, 560);
  const [brand, direct, other] = result.lines;
  assert.deepEqual([brand.name, direct.name, other.name], ['brand<search>', 'direct', 'other']);
  assert.deepEqual([brand.verdict, direct.verdict], ['up', 'down']);
  const sum = result.lines.reduce((total, line) => total + line.reconciled.mean, result.tracked);
  assert.ok(Math.abs(sum - result.total.reconciled.mean) < 1e-6);
  assert.ok(Math.abs(result.honesty.difference.mean - (result.total.reconciled.mean - 560)) < 1e-6);
  // Of 560 tracked 336 were taken from direct, and 168 more came by brand search.
  assert.ok(result.bounds.kappa_most > 0.4 && result.bounds.halo_least < 168, JSON.stringify(result.bounds));
  assert.equal(result.bounds.hold_out_orders, 1537);
  assert.equal(result.points, null);
  assert.equal(result.verdict, 'over-attributed');
  const withHoldOut = JSON.parse(ok(['halo', file(t, 'shop2.csv', shop(3)), ...ASK, '--kappa', '40', '--kappa-sd', '3', '--json']));
  assert.equal(withHoldOut.points.contradicts, false);
  assert.ok(Math.abs(withHoldOut.points.halo.mean - (result.total.reconciled.mean - 0.4 * 560)) < 1e-6);
});

test('words, page and JSON say the same, and a page obeys no data', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const text = ok(['halo', input, ...ASK]);
  assert.match(text, /Verdict: over-attributed/);
  const flat = text.replace(/\n/g, ' ');
  assert.match(flat, /Would not have bought otherwise: at most \d+ of 100 tracked\. Extra sales elsewhere: at least \d/);
  assert.match(flat, /These data fix only the difference, -?[\d.]+; a hold-out of 1537 orders separates the two\./);
  const { says } = JSON.parse(ok(['halo', input, ...ASK, '--json'])).bounds;
  assert.match(says, /^These data fix only I − T = .*; κ is at most 0\.\d+, halo at least .*; a hold-out of 1537 orders separates them$/);
  const page = join(directory(t), 'halo.html');
  ok(['halo', input, ...ASK, '--html', page]);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /over-attributed/);
  assert.ok(html.includes('brand&lt;search&gt;') && !html.includes('brand<search>'));
  assert.ok(!html.includes('http'), 'nothing is fetched');
});

test('a look before the end, another partner and declared events', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const early = JSON.parse(ok(['halo', input, ...ASK, '--end', '2026-06-30', '--json']));
  assert.deepEqual([early.verdict, early.honesty, early.bounds], ['interim, no verdict', null, null]);
  assert.deepEqual([...early.lines, early.total].map((line) => line.verdict), [...early.lines, early.total].map(() => 'interim'));
  const joint = JSON.parse(ok(['halo', input, ...ASK, '--another', `${day(START)}..${day(ROWS)}`, '--json']));
  assert.equal(joint.verdict, 'only the joint effect of both partners');
  assert.equal(joint.honesty, null);
  const oneDay = JSON.parse(ok(['halo', input, ...ASK, '--another', day(START + 5), '--json']));
  assert.deepEqual([oneDay.verdict, oneDay.rows_judged, oneDay.rows_left_out], ['over-attributed', ROWS - START - 1, 1]);
  assert.match(ok(['halo', input, ...ASK, '--another', day(START + 5)]), /1 row of the window is not judged/);
  const plain = JSON.parse(ok(['halo', input, ...ASK, '--json']));
  const lowered = JSON.parse(ok(['halo', input, ...ASK, '--event', `promotion=${day(START + 3)}`, '--json']));
  assert.ok(plain.grade === 'D' || lowered.grade > plain.grade);
});

test('power is that of history, with what is found where nothing happened', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const ask = ['power', input, '--outcome', 'sales', '--controls', 'demand', '--until', day(START), '--dates', '12'];
  const result = JSON.parse(ok([...ask, '--effects', '0,5,50', '--json']));
  assert.equal(result.effects.length, result.refused_because === null ? 3 : 0);
  assert.ok(Math.abs(result.effects[0].found - result.false_positive_rate) < 1e-12);
  assert.equal(result.effects[2].found, 1);
  assert.match(ok(ask), /Where nothing happened it found/);
});

test('too few windows that share no row bear no smallest effect', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const short = ['power', input, '--outcome', 'sales', '--until', '2025-03-26', '--window', '28']; // 84 days: two windows behind 28 days
  const none = JSON.parse(ok([...short, '--json']));
  assert.deepEqual([none.disjoint, none.detectable, none.detectable_low, none.effects.length, none.more_rows], [2, null, null, 0, 28]);
  assert.match(ok(short), /Cannot tell yet, needs 4 more weeks of history/);
  const some = JSON.parse(ok(['power', input, '--outcome', 'sales', '--controls', 'demand', '--until', day(START), '--window', '14', '--json']));
  assert.ok(some.disjoint >= 3 && (some.refused_because !== null || some.detectable_low <= some.detectable), JSON.stringify(some));
  const told = ['power', input, '--outcome', 'sales', '--controls', 'demand', '--until', day(START), '--window', '14'];
  const rows = ok([...told, '--csv']).trim().split('\r\n');
  assert.equal(rows[0], 'effect,found');
  assert.deepEqual(rows.slice(1).map((row) => Number(row.split(',')[1])), some.effects.map((effect) => effect.found));
  const page = ok([...told, '--html', '-']);
  assert.match(page, /<h1>What could be seen in sales<\/h1>/);
  assert.equal(page.match(/<i style=/g)?.length ?? 0, some.effects.length);
  assert.doesNotMatch(page, /NaN|inf\b|<script|https?:/);
  assert.equal(hansa([...told, '--csv', '--json']).code, EXIT.usage);
});

test('partners side by side: verdicts, what they sum to, what a kind says of one that was not tested', (t) => {
  const rows = ['partner,channel,tracked,incremental,sd', 'a,coupon,100,10,8', 'b,coupon,200,50,20', 'c,coupon,50,5,9', 'd,coupon,80,30,10', 'e,coupon,120,20,12', 'f,coupon,60,,', 'g,creator,20,90,15', 'h,creator,0,30,10'];
  const input = file(t, 'partners.csv', `${rows.join('\n')}\n`);
  const result = JSON.parse(ok(['honesty', input, '--kind', 'channel', '--total', '150', '--json']));
  assert.deepEqual(result.partners.map((one) => one.verdict ?? null), [...Array(5).fill('over-attributed'), null, 'under-attributed', 'under-attributed']);
  assert.equal(result.partners[7].ratio.mean, null); // nothing was tracked
  assert.ok(result.sum.flagged && Math.abs(result.sum.effects.mean - 235) < 1e-9);
  assert.ok(!JSON.parse(ok(['honesty', input, '--total', '150', '--correlation', '100', '--json'])).sum.flagged);
  const [coupon, creator] = result.kinds;
  assert.ok(coupon.predictive.low < coupon.mean.low && coupon.mean.high < coupon.predictive.high && coupon.tested === 5);
  assert.equal(creator.refused_because, 'fewer than five were tested');
  assert.match(ok(['honesty', input, '--kind', 'channel']), /not tested/);
});

test('a verdict among many partners may be chance, and a page and a table say what the words say', (t) => {
  const rows = ['p0,100,68.3,10', ...Array.from({ length: 19 }, (_, i) => `p${i + 1},100,110,10`)];
  const input = file(t, 'many.csv', `partner,tracked,incremental,sd\n${rows.join('\n')}\n`);
  const [first] = JSON.parse(ok(['honesty', input, '--json'])).partners;
  assert.deepEqual([first.verdict, first.by_chance], ['undetermined', true]);
  assert.ok(first.p < 0.05 && first.p_adjusted > 0.1);
  const alone = file(t, 'alone.csv', 'partner,tracked,incremental,sd\n<b>p0</b>,100,68.3,10\n');
  assert.equal(JSON.parse(ok(['honesty', alone, '--json'])).partners[0].verdict, 'over-attributed');
  assert.match(ok(['honesty', input]).replace(/\n/g, ' '), /cannot tell: one of so many.*1 verdict is taken back/);
  const html = ok(['honesty', alone, '--html', '-']);
  assert.ok(html.includes('over-attributed') && html.includes('&lt;b&gt;p0') && !html.includes('<b>p0') && html.includes('<svg'));
  assert.match(ok(['honesty', alone, '--csv']), /^partner,kind,tracked,.*\n<b>p0<\/b>,,100,68\.3,/);
});

test('lines that cannot be parts of the total are said to contradict', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const twice = file(t, 'twice.csv', shop(3).replace(/^(date.*)$/m, '$1,gross').replace(/^(20.*,)([^,\n]+)(,[^,\n]+)$/gm, '$1$2$3,$2'));
  const held = JSON.parse(ok(['halo', twice, '--tracked', 'partner', '--lines', 'brand<search>,gross', '--total', 'sales', '--start', day(START), '--json']));
  assert.equal(held.verdict, 'refused');
  assert.match(held.refused_because, /one of them holds the total/);
  const points = ok(['halo', input, ...ASK, '--kappa', '95', '--kappa-sd', '5']).replace(/\n/g, ' ');
  assert.match(points, /Would not have bought otherwise: 95 of 100 \[85, 100\]/);
});

test('what cannot be is refused with its place and value', (t) => {
  const input = file(t, 'shop.csv', shop(3));
  const refusals = [
    [['halo', input, '--lines', 'direct', '--start', day(START)], EXIT.usage, /--tracked/],
    [['halo', input, '--tracked', 'partner', '--lines', 'direct,', '--start', day(START)], EXIT.usage, /empty name/],
    [['halo', input, '--tracked', 'partner', '--lines', 'tea', '--start', day(START)], EXIT.invalid, /tea/],
    [['halo', input, '--tracked', 'sales', '--lines', 'direct', '--start', day(START)], EXIT.invalid, /before the start/],
    [['halo', input, ...ASK.slice(0, -1), 'tomorrow'], EXIT.usage, /tomorrow/],
    [['halo', input, ...ASK.slice(0, -1), '2030-01-01'], EXIT.usage, /the file has 2025-01-01 to 2025-07-27/],
    [['halo', input, ...ASK, '--end', '2024-01-01'], EXIT.usage, /--end is 2024-01-01; the file has/],
    [['halo', input, ...ASK, '--window', '30'], EXIT.usage, /--window goes with --data/],
    [['halo', '--data', 'nowhere'], EXIT.usage, /--partner NAME/],
    [['halo', '--data', 'nowhere', '--partner', 'a', '--lines', 'b'], EXIT.usage, /--lines goes with a file/],
    [['honesty', '--data', 'nowhere', '--total', '3'], EXIT.usage, /--total goes with a file/],
    [['honesty', '--data', 'nowhere', '--hold-out', 'a=40'], EXIT.usage, /a=40/],
    [['honesty', file(t, 'o.csv', 'partner,tracked,incremental,sd\n'), '--hold-out', 'a=20..40'], EXIT.usage, /--hold-out goes with --data/],
    [['honesty'], EXIT.usage, /FILE or a programme/],
    [['halo', input, ...ASK.slice(0, -1), '2025-01-02'], EXIT.invalid, /3 rows before the start/],
    [['halo', input, ...ASK, '--kappa', '40'], EXIT.usage, /give both/],
    [['halo', input, ...ASK, '--experiments', 'prayer'], EXIT.usage, /prayer/],
    [['halo', input, ...ASK, '--mode', 'guess'], EXIT.usage, /guess/],
    [['halo', input, ...ASK, '--lines', 'a,b,c,d,e,f,g,h,i,j'], EXIT.usage, /at most 9/],
    [['honesty', file(t, 'p.csv', 'partner,tracked,incremental,sd\na,1,1,0\n')], EXIT.rejected, /line 2, column sd: '0' a standard error must be above 0/],
    [['honesty', file(t, 'q.csv', 'partner,tracked,incremental,sd\na,-1,1,1\n')], EXIT.rejected, /line 2, column tracked: '-1'/],
    [['honesty', file(t, 's.csv', 'partner,tracked,incremental,sd\na,1,1,\n')], EXIT.rejected, /line 2, column sd: '' an effect stands there without/],
    [['honesty', file(t, 'u.csv', 'partner,tracked,incremental,sd\na,1,,1\n')], EXIT.rejected, /line 2, column incremental/],
    [['honesty', file(t, 'r.csv', 'partner,tracked,incremental,sd\na,1,1,1\na,1,1,1\n')], EXIT.invalid, /lines 2 and 3 are both of partner a/],
    [['honesty', input], EXIT.invalid, /tracked/],
    [['halo', file(t, 'twice.csv', 'date,partner,direct\n2026-01-01,1,1\n2026-01-01,2,2\n2026-01-02,2,2\n'), '--tracked', 'partner', '--lines', 'direct', '--start', '2026-01-02'], EXIT.invalid, /stands there twice/],
    [['halo', file(t, 'odd.csv', 'date,partner,direct\n2026-01-01,1,1\n2026-01-03,1,1\n2026-01-06,1,1\n'), '--tracked', 'partner', '--lines', 'direct', '--start', '2026-01-03'], EXIT.invalid, /does not fit a row every 2 days/],
    [['power', input], EXIT.usage, /--outcome/],
    [['power', input, '--outcome', 'sales', '--effects', '5,x'], EXIT.usage, /'x'/],
    [['power', input, '--outcome', 'sales', '--window', '3000'], 8, /no room/],
    [['power', file(t, 'one.csv', 'date,sales\n2026-01-01,1\n'), '--outcome', 'sales'], 8, /no room/],
    [['power', input, '--outcome', 'sales', '--until', '2031-01-01'], EXIT.usage, /--until 2031-01-01 is outside of the rows, 2025-01-01 to/],
    [['power', input, '--outcome', 'sales', '--until', '2025-01-01'], EXIT.usage, /outside of the rows/],
    [['power', input, '--outcome', 'sales', '--data', 'd'], EXIT.usage, /either a FILE or a programme/],
    [['power', file(t, 'uneven.csv', 'date,sales\n2026-01-01,1\n2026-01-03,1\n2026-01-06,1\n'), '--outcome', 'sales'], 8, /no room/],
  ];
  for (const [command, code, words] of refusals) {
    const done = hansa(command);
    assert.equal(done.code, code, `${command.join(' ')}: ${done.err}`);
    assert.match(done.err, words);
  }
  const some = hansa(['power', file(t, 'bad.csv', shop(3).replace(/\n2025-01-05,[^\n]*/, '\n2025-01-05,x,y,z,w,v')), '--outcome', 'sales', '--dates', '2', '--json']);
  assert.equal(some.code, EXIT.rejected);
  assert.match(some.err, /line 6, column sales: 'w'/);
});

test('of many rows that cannot be used twenty are told, and how many more there are', (t) => {
  const bad = (row, good) => file(t, `${good.length}.csv`, `${good}${row.repeat(22)}`);
  const commands = [
    ['honesty', bad('b,x,,\n', 'partner,tracked,incremental,sd\na,2,1,1\n')],
    ['attribute', bad('b,x\n', 'path,conversions\na,3\n')],
  ];
  for (const command of commands) {
    const done = hansa(command);
    assert.equal(done.code, EXIT.rejected, done.err);
    assert.equal(done.err.match(/line \d+, column (tracked|conversions): 'x' is not a number/g).length, 20);
    assert.match(done.err, /and 2 more rows\n.*22 (of 23 )?rows were rejected/);
  }
});

test('a programme tells each partner that began within it, the same in the report, and nothing of it is money', (t) => {
  const data = join(directory(t), 'programme');
  const chance = random(5);
  const touches = ['touch_id,person,occurred_at,partner,kind'];
  const orders = ['order_id,person,occurred_at,amount,currency'];
  const sell = (row, steps) => {
    const person = `p${orders.length}`;
    steps.forEach((step, i) => touches.push(`t${touches.length},${person},${day(row)}T0${i + 6}:00:00Z,${step}`));
    orders.push(`o${orders.length},${person},${day(row)}T12:00:00Z,10.00,EUR`);
  };
  for (let row = 0; row < 200; row++) {
    const organic = 10 + Math.floor(5 * chance());
    const direct = 12 + Math.floor(5 * chance());
    for (let i = 0; i < organic; i++) sell(row, [',organic']);
    // From row 130 on six of those that come by themselves pass the coupon site at the checkout.
    for (let i = 0; i < direct; i++) sell(row, row >= 130 && i < 6 ? [',direct', 'coupons,click'] : [',direct']);
    sell(row, ['old,click']);
  }
  ok(['init', data, '--currency', 'EUR', '--time-zone', 'UTC']);
  ok(['import', 'touches', file(t, 'touches.csv', `${touches.join('\n')}\n`), '--data', data]);
  ok(['import', 'orders', file(t, 'orders.csv', `${orders.join('\n')}\n`), '--data', data]);
  const touched = JSON.parse(ok(['honesty', '--data', data, '--model', 'touched', '--json']));
  assert.deepEqual(touched.partners.map((one) => [one.partner, one.tested]), [['coupons', true], ['old', false]]);
  const [coupons, old] = touched.partners;
  assert.deepEqual([coupons.tracked, coupons.start, coupons.verdict], [420, day(130), 'over-attributed']);
  assert.ok(coupons.bounds.kappa_most < 0.6 && coupons.difference.high < 0, JSON.stringify(coupons.bounds));
  assert.equal(old.untested_because, 'it was there when the record began');
  const table = JSON.parse(ok(['halo', '--data', data, '--partner', 'coupons', '--model', 'touched', '--json']));
  assert.deepEqual([table.tracked, table.total.reconciled.mean, table.bounds], [420, coupons.incremental.mean, coupons.bounds]);
  assert.match(hansa(['halo', '--data', data, '--partner', 'old']).err, /it was there when the record began/);
  assert.match(hansa(['halo', '--data', data, '--partner', 'coupons', '--start', '2030-01-01']).err, /the programme's orders are of 2025-01-01 to 2025-07-19/);
  const points = JSON.parse(ok(['honesty', '--data', data, '--model', 'touched', '--hold-out', 'coupons=0..20', '--json'])).partners[0].points;
  assert.ok(Math.abs(points.kappa.mean - 0.1) < 1e-12 && Math.abs(points.kappa.low) < 1e-9);
  const plain = JSON.parse(ok(['honesty', '--data', data, '--json']));
  const report = JSON.parse(ok(['report', '--data', data, '--json']));
  assert.deepEqual(report.honesty, plain);
  assert.equal(plain.unit, 'orders');
  assert.match(ok(['report', '--data', data]), /Tracked beside what changed[^]*coupons +210[^]*Not tested: it was there when the record began: old\./);
  assert.match(ok(['report', '--data', data, '--html', '-']), /<h2>Tracked beside what changed<\/h2>[^]*<th>coupons<\/th>/);
});
