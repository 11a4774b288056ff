// hansa influence as its users run it: the published example, forms that agree, rows that are left out, and what is refused.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, file, hansa, ok, programme, query, random } from './support.mjs';

const VIGNETTE = join(process.env.HANSA_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)), 'ci_vignette_toy.csv');

test('the published example gives the published figure', (t) => {
  if (!existsSync(VIGNETTE)) {
    assert.notEqual(process.env.CI, 'true', `${VIGNETTE} is missing`);
    t.diagnostic(`NOT RUN: ${VIGNETTE} is missing (set HANSA_DATA)`);
    return;
  }
  const of = ['influence', VIGNETTE, '--date', 't', '--outcome', 'y', '--controls', 'x1', '--start', '71', '--json'];
  const parity = JSON.parse(ok([...of, '--mode', 'parity']));
  assert.deepEqual([parity.mode, parity.grade, parity.verdict, parity.from, parity.until], ['parity', 'D', 'up', 71, 100]);
  // Mean and deviation that CausalImpact printed: 10.517 and .359; 4,000 draws here and 10,000 there.
  assert.ok(Math.abs(parity.average.effect - 10.517) < 0.1 * 0.359, `${parity.average.effect}`);
  const usual = JSON.parse(ok(of));
  assert.deepEqual([usual.mode, usual.verdict], ['default', 'up']);
  assert.ok(usual.average.low < 10 && 10 < usual.average.high, 'the true effect is 10');
  assert.ok(usual.placebo.count > 0 && usual.controls[0].p_own_break !== null);
});

// Days from 2026-01-01 on; three more from row `start` on. Row `gap` is not in the file.
function sales(seed, start, gap) {
  const chance = random(seed);
  const lines = ['day,sales,visits'];
  for (let i = 0; i < 80; i++) {
    const day = new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);
    const visits = 50 + 10 * chance();
    if (i !== gap)
      lines.push(`${day},${(20 + visits + (i >= start ? 3 : 0) + chance()).toFixed(3)},${visits.toFixed(3)}`);
  }
  return `${lines.join('\n')}\n`;
}
const OF = ['--date', 'day', '--outcome', 'sales', '--controls', 'visits', '--start', '2026-03-02', '--mode', 'parity', '--draws', '500'];

test('threads change no byte, a seed is a result', (t) => {
  const input = file(t, 'sales.csv', sales(1, 60, -1));
  const run = (...more) => ok(['influence', input, ...OF, '--json', ...more]);
  assert.equal(run('--threads', '1'), run('--threads', '5'));
  assert.notEqual(run('--seed', '1'), run('--seed', '2'));
});

test('every form tells the same, and a missing day is a gap', (t) => {
  const input = file(t, 'sales.csv', sales(2, 60, 30));
  const page = file(t, 'effect.html', '');
  const json = JSON.parse(ok(['influence', input, ...OF, '--json']));
  assert.deepEqual([json.rows.filled, json.rows.window, json.series.length], [1, 20, 80]);
  assert.deepEqual([json.series[30].time, json.series[30].actual], ['2026-01-31', null]);
  const csv = ok(['influence', input, ...OF, '--csv']).trim().split('\r\n');
  assert.equal(csv.length, 81);
  assert.equal(Number(csv[80].split(',')[8]), json.series[79].cumulative);
  assert.ok(Math.abs(json.series[79].cumulative - json.cumulative.effect) < 1e-9);
  const text = ok(['influence', input, ...OF]);
  assert.match(text, /sales from 2026-03-02 to 2026-03-21, against what the 60 periods before foretell with visits/);
  assert.match(text, /Up: the 95 % interval/);
  ok(['influence', input, ...OF, '--html', page]);
  const html = readFileSync(page, 'utf8');
  assert.equal(html.match(/<svg /g).length, 3);
  assert.doesNotMatch(html, /NaN|inf|<script|https?:/);
});

test('a name from a file obeys neither a page nor a terminal', (t) => {
  const input = file(t, 'sales.csv', sales(3, 60, -1).replace('sales', '<b>\u001b[31m&'));
  const of = ['influence', input, '--date', 'day', '--outcome', '<b>\u001b[31m&', '--start', '2026-03-02', '--mode', 'parity', '--draws', '100'];
  assert.match(ok([...of, '--html', '-']), /What changed in &lt;b&gt; \[31m&amp;/);
  assert.ok(!ok(of).includes('\u001b'));
});

test('days have their week, other rows no season, and dates a usual name', (t) => {
  const days = sales(7, 60, -1);
  const of = (text, ...more) => JSON.parse(ok(['influence', file(t, 'series.csv', text), '--outcome', 'sales', '--json', '--draws', '100', ...more]));
  const start = ['--start', '2026-03-02'];
  assert.equal(of(days, '--date', 'day', ...start).season, 7);
  assert.equal(of(days, '--date', 'day', ...start, '--season', '0').season, 0);
  assert.equal(of(days, '--date', 'day', ...start, '--mode', 'parity').season, 0);
  assert.equal(of(days.replace('day', 'date'), ...start).from, '2026-03-02');
  const counted = of(days, '--date', 'none', '--start', '61');
  assert.deepEqual([counted.season, counted.from, counted.until], [0, 61, 80]);
  const missing = hansa(['influence', file(t, 'series.csv', days), '--outcome', 'sales', ...start]);
  assert.deepEqual([missing.code !== 0, /date/.test(missing.err)], [true, true]);
});

test('rows that cannot be read are named and left out', (t) => {
  const input = file(t, 'sales.csv', sales(4, 60, -1).replace(/2026-01-05,[^,]*/, '2026-01-05,many'));
  const done = hansa(['influence', input, ...OF, '--json']);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /line 6, column sales: 'many' is not a number/);
  assert.equal(JSON.parse(done.out).rows.rejected, 1);
});

// Two or three orders a day, one more from day 50 on; the day of day 20 has none. One of day 3 is taken back whole, one of day 4 in part.
function orders() {
  const lines = ['order_id,person,occurred_at,amount,currency'];
  for (let day = 0; day < 70; day++)
    for (let k = 0; day !== 20 && k < 2 + (day % 2) + (day >= 50 ? 1 : 0); k++)
      lines.push(`o-${day}-${k},v-${day}-${k},${new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString()},10.50,EUR`);
  return `${lines.join('\n')}\n`;
}

// Figures of two regions; on day 5 one of everywhere too, which counts instead of them. Day 7 is left out.
function searches() {
  const lines = ['day,region,metric,value'];
  for (let i = 0; i < 70; i++) {
    const day = new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);
    if (i !== 7)
      lines.push(`${day},north,searches,${20 + (i % 4)}`, `${day},south,searches,${10 + (i % 3)}`);
    if (i === 5)
      lines.push(`${day},,searches,1000`);
  }
  return `${lines.join('\n')}\n`;
}

test('the days of a programme are its orders, its revenue and its series', (t) => {
  const data = programme(t);
  ok(['import', 'orders', file(t, 'orders.csv', orders()), '--data', data]);
  ok(['import', 'series', file(t, 'series.csv', searches()), '--data', data]);
  ok(['import', 'refunds', file(t, 'refunds.csv', 'order_id,occurred_at,amount,currency\no-3-0,2026-01-05T00:00:00Z,10.50,EUR\no-4-0,2026-01-06T00:00:00Z,4.25,EUR\n'), '--data', data]);
  const of = (...more) => JSON.parse(ok(['influence', '--data', data, '--start', '2026-02-20', '--json', '--mode', 'parity', '--draws', '200', ...more]));
  const counted = of('--outcome', 'orders', '--controls', 'searches@north');
  assert.equal(counted.series.length, 70);
  const days = query(data, "SELECT count(*) AS n FROM orders WHERE occurred_at < '2026-01-04' GROUP BY occurred_at::date ORDER BY occurred_at::date").map((row) => row.n);
  assert.deepEqual(counted.series.slice(0, 3).map((row) => row.actual), days);
  assert.deepEqual([counted.series[3].actual, counted.series[20].actual], [2, 0]);
  assert.deepEqual([counted.series[7].actual, counted.rows.incomplete], [null, 1], 'a day without its control is left out');
  assert.equal(counted.verdict, 'up');
  const earned = of('--outcome', 'revenue');
  assert.deepEqual([earned.series[0].actual, earned.series[3].actual, earned.series[4].actual], [21, 21, 16.75]);
  const searched = of('--outcome', 'searches');
  assert.deepEqual([searched.series[0].actual, searched.series[5].actual, searched.series[7].actual, searched.rows.filled], [30, 1000, null, 1]);
  assert.equal(of('--outcome', 'searches@south').series[5].actual, 12);
  const itself = hansa(['influence', '--data', data, '--outcome', 'revenue', '--controls', 'revenue', '--start', '2026-02-20']);
  assert.deepEqual([itself.code, /cannot be its own control/.test(itself.err)], [EXIT.usage, true]);
  const missing = hansa(['influence', '--data', data, '--outcome', 'visits', '--start', '2026-02-20']);
  assert.deepEqual([missing.code, /no figure of visits/.test(missing.err)], [EXIT.notFound, true]);
  assert.equal(hansa(['influence', 'x.csv', '--data', data, '--outcome', 'orders', '--start', '2026-02-20']).code, EXIT.usage);
  assert.equal(hansa(['influence', '--data', data, '--date', 'day', '--outcome', 'orders', '--start', '2026-02-20']).code, EXIT.usage);
});

test('a look before the end has no verdict, and what else happened lowers the grade', (t) => {
  const input = file(t, 'sales.csv', sales(6, 60, -1));
  const of = (...more) => JSON.parse(ok(['influence', input, ...OF.slice(0, 8), '--json', ...more]));
  assert.deepEqual([of('--end', '2026-03-21').verdict, of('--end', '2026-03-30').verdict], ['up', 'interim']);
  const clean = of();
  const outside = of('--event', 'price=2026-01-05');
  assert.deepEqual([outside.grade, outside.declared_events], [clean.grade, 0]);
  const lowered = of('--event', 'promotion=2026-02-20..2026-03-03', '--event', 'consent=2026-03-10');
  assert.deepEqual([clean.grade, lowered.grade, lowered.declared_events], ['C', 'D', 2]);
  assert.match(lowered.grade_because, /other things happened/);
});

test('what cannot be asked is said', (t) => {
  const input = file(t, 'sales.csv', sales(5, 60, -1));
  const said = (args, code, words) => {
    const result = hansa(['influence', input, ...args]);
    assert.equal(result.code, code, result.err);
    assert.match(result.err, words);
  };
  said(['--start', '2026-03-02'], EXIT.usage, /--outcome says what may have changed/);
  said(['--outcome', 'sales', '--date', 'day'], EXIT.usage, /--start says when it began/);
  said(['--outcome', 'sales', '--date', 'day', '--start', '2026-03-02', '--mode', 'best'], EXIT.usage, /--mode must be default or parity, got best/);
  said(['--outcome', 'sales', '--date', 'day', '--start', '2026-01-02'], EXIT.invalid, /at least 3 rows before the start, got 1/);
  said(['--outcome', 'profit', '--date', 'day', '--start', '2026-03-02'], EXIT.invalid, /profit/);
  said(['--outcome', 'sales', '--date', 'day', '--start', '2026-03-02', '--controls', 'sales'], EXIT.usage, /column sales is asked for twice/);
});
