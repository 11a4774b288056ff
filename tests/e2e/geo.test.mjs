// hansa geo as its users run it: the published example, forms that agree, rows that are left out, and what is refused.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, file, hansa, ok, random } from './support.mjs';

const GEOLIFT = join(process.env.HANSA_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)), 'geolift_GeoLift_Test.csv');

test('the published example gives the published figures', (t) => {
  if (!existsSync(GEOLIFT)) {
    assert.notEqual(process.env.CI, 'true', `${GEOLIFT} is missing`);
    t.diagnostic(`NOT RUN: ${GEOLIFT} is missing (set HANSA_DATA)`);
    return;
  }
  const found = JSON.parse(ok(['geo', GEOLIFT, '--unit', 'location', '--time', 'date', '--outcome', 'Y', '--treated', 'chicago,portland',
    '--start', '2021-04-01', '--json']));
  assert.ok(Math.abs(found.att - 155.555687) < 1e-4, `${found.att}`);
  assert.ok(Math.abs(found.p - 12 / 105) < 1e-12);
  // Read off a grid by its authors: to 2.
  assert.ok(Math.abs(found.low + 33) < 2 && Math.abs(found.high - 350) < 2, `${found.low} to ${found.high}`);
  assert.deepEqual([found.method, found.verdict, found.periods.before, found.windows], ['sc', 'undetermined', 90, 7]);
  assert.ok(Math.abs(found.weights.cincinnati - 0.2272) < 1e-4);
});

// Twelve cities over 40 weeks, 30 more a week in lyon from week 31 on.
function cities(seed) {
  const chance = random(seed);
  const lines = ['city,week,revenue,spend'];
  const waves = Array.from({ length: 12 }, () => 5 + 10 * chance());
  for (let week = 1; week <= 40; week++)
    for (let i = 0; i < 12; i++) {
      const figure = 200 + 20 * i + waves[i] * Math.sin(week / 3) + 4 * chance() + (i === 0 && week > 30 ? 30 : 0);
      lines.push(`${i === 0 ? 'lyon' : `city${i}`},${week},${figure.toFixed(3)},${i === 0 && week > 30 ? 10 : 0}`);
    }
  return `${lines.join('\n')}\n`;
}
const OF = ['--unit', 'city', '--time', 'week', '--outcome', 'revenue', '--treated', 'lyon', '--start', '31'];

test('every method finds a clear effect, and every form tells the same', (t) => {
  const input = file(t, 'cities.csv', cities(1));
  const page = file(t, 'lyon.html', '');
  for (const method of ['sc', 'ascm', 'sdid', 'tbr']) {
    const json = JSON.parse(ok(['geo', input, ...OF, '--method', method, '--json']));
    assert.deepEqual([json.method, json.verdict], [method, 'up']);
    assert.ok(json.low < 30 && 30 < json.high, `${method}: ${json.low} to ${json.high}`);
  }
  const json = JSON.parse(ok(['geo', input, ...OF, '--cost', 'spend', '--json']));
  assert.equal(json.cost.incremental, 100);
  const csv = ok(['geo', input, ...OF, '--csv']).trim().split('\r\n');
  assert.equal(csv.length, 41);
  assert.equal(Number(csv[40].split(',')[4]), json.series[39].effect);
  assert.match(ok(['geo', input, ...OF]), /It brought more: every effect/);
  assert.match(ok(['geo', input, ...OF, '--html', page]), /the page stands in/);
  assert.match(readFileSync(page, 'utf8'), /<h1>Effect in lyon<\/h1>/);
});

test('a look before the end has figures and no verdict, and the penalty of ascm says when it is at its end', (t) => {
  const input = file(t, 'cities.csv', cities(1));
  const early = JSON.parse(ok(['geo', input, ...OF, '--end', '60', '--json']));
  const whole = JSON.parse(ok(['geo', input, ...OF, '--json']));
  assert.deepEqual([early.verdict, early.att, early.interim.planned, early.interim.seen, early.interim.looks.count], ['interim', whole.att, 30, 10, 30]);
  assert.match(ok(['geo', input, ...OF, '--end', '60']).replace(/\s+/g, ' '), /Interim: 10 of 30 periods .* Who looks every period until then/);
  assert.equal(hansa(['geo', input, ...OF, '--event', 'price=2026-01-01']).code, EXIT.usage); // these periods are numbers
  assert.ok(whole.overturn.drift > 0 && whole.overturn.steepest_before >= 0);
  const chosen = JSON.parse(ok(['geo', input, ...OF, '--method', 'ascm', '--json']));
  const told = ok(['geo', input, ...OF, '--method', 'ascm']).replace(/\s+/g, ' ');
  assert.equal(/It is the end of the range that is tried/.test(told), chosen.is_lambda_at_end);
  const given = JSON.parse(ok(['geo', input, ...OF, '--method', 'ascm', '--lambda', '3', '--json']));
  assert.deepEqual([given.lambda, given.is_lambda_at_end], [3, false]);
});

test('rows that cannot be used are named, and a hole refuses the file', (t) => {
  const broken = cities(2).replace(/city3,7,[^,]*/, 'city3,7,many');
  const input = file(t, 'broken.csv', broken);
  const refused = hansa(['geo', input, ...OF]);
  assert.equal(refused.code, EXIT.invalid);
  assert.match(refused.err, /column revenue: 'many' is not a number/);
  assert.match(refused.err, /'city3' has none at 7/);
  const taken = hansa(['geo', input, ...OF, '--absent-is-zero', '--json']);
  assert.equal(taken.code, EXIT.rejected);
  assert.equal(JSON.parse(taken.out).rows.rejected, 1);
});

test('what cannot be is refused with the reason', (t) => {
  const input = file(t, 'cities.csv', cities(3));
  for (const [args, words] of [
    [['--treated', 'lyons'], /there is no city 'lyons' in the file; there are lyon, city1/],
    [['--start', '99'], /--start 99 is outside of the file's periods, 1 to 40/],
    [['--method', 'magic'], /there is no method 'magic'; there are sc, ascm, sdid, tbr, tm/],
    [['--method', 'tbr', '--lambda', '1'], /--lambda means nothing to the method tbr/],
    [['--json', '--csv'], /exclude each other/],
  ]) {
    const refused = hansa(['geo', input, ...OF, ...args]);
    assert.equal(refused.code, EXIT.usage, refused.err);
    assert.match(refused.err, words);
  }
  const missing = hansa(['geo', input, '--unit', 'city', '--time', 'week', '--outcome', 'revenue', '--treated', 'lyon']);
  assert.equal(missing.code, EXIT.usage);
  assert.match(missing.err, /--start is missing/);
  const finer = JSON.parse(ok(['geo', input, ...OF, '--interval', '99', '--json']));
  assert.deepEqual([finer.verdict, finer.low, finer.high], ['refused', null, null]);
  assert.match(finer.refused_because, /not decidable at this level/);
});

// Twelve pairs: in each the first spends 10 more in weeks 9 to 12 and sells 3 for each of it.
function pairs(seed) {
  const chance = random(seed);
  const lines = ['store;week;sales;spend;pair'];
  for (let week = 1; week <= 12; week++)
    for (let i = 0; i < 24; i++) {
      const spend = week > 8 && i % 2 === 0 ? 10 + (i % 5) : 0;
      lines.push(`s${i};${week};${(100 + 5 * (i >> 1) + 2 * chance() + 3 * spend).toFixed(3)};${spend};p${i >> 1}`);
    }
  return `${lines.join('\n')}\n`;
}

test('pairs of which one was drawn by lot give a return', (t) => {
  const input = file(t, 'pairs.csv', pairs(2));
  const treated = Array.from({ length: 12 }, (_, i) => `s${2 * i}`).join(',');
  const of = ['geo', input, '--unit', 'store', '--time', 'week', '--outcome', 'sales', '--cost', 'spend', '--pair', 'pair',
    '--treated', treated, '--start', '9', '--method', 'tm'];
  const found = JSON.parse(ok([...of, '--json']));
  assert.ok(found.low < 3 && 3 < found.high && found.high - found.low < 0.5, `${found.low} to ${found.high}`);
  assert.deepEqual([found.method, found.verdict, found.grade, found.pairs.count], ['tm', 'up', 'B', 12]);
  assert.match(ok(of), /Return of a unit of cost/);
  const early = JSON.parse(ok([...of, '--end', '20', '--json']));
  assert.deepEqual([early.verdict, early.return], ['interim', found.return]);
  const odd = hansa([...of.slice(0, -6), '--treated', `${treated},s1`, '--start', '9', '--method', 'tm']);
  assert.equal(odd.code, EXIT.invalid, odd.err);
  assert.match(odd.err, /pair 'p0' is not one treated region and one other/);
  const lacking = hansa(['geo', input, '--unit', 'store', '--time', 'week', '--outcome', 'sales', '--treated', 's0', '--start', '9', '--method', 'tm']);
  assert.equal(lacking.code, EXIT.usage);
  assert.match(lacking.err, /the method tm needs --pair and --cost/);
});
