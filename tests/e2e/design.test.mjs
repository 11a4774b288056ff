// hansa design from the plan to the verdict: what is put in is found, nothing is said before the end, and a plan that was changed,
// registered late or read against the wrong figures is not taken for what it was. Dates lie ahead, since a design is registered before
// its start; figures may carry any date.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directory, EXIT, file, hansa, ok, programme, random } from './support.mjs';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2089, 0, 1);
const day = (row) => new Date(FIRST + row * DAY_MS).toISOString().slice(0, 10);
const START = day(360);

// Noise of unit size, the same for every run of a seed.
function noise(chance) {
  return Math.sqrt(3) * (chance() + chance() + chance() + chance() - 2);
}

function daily(rows, added) {
  const chance = random(5);
  const lines = ['date,sales'];
  for (let row = 0; row < rows; row++)
    lines.push(`${day(row)},${(100 + [5, 3, 0, 0, -2, -3, -3][row % 7] + 2 * noise(chance) + added(day(row))).toFixed(3)}`);
  return `${lines.join('\n')}\n`;
}

test('a switch-back finds what was put in, and says nothing before its end', (t) => {
  const folder = directory(t);
  const plan = join(folder, 'plan.json');
  const arguments_ = ['design', 'switchback', file(t, 'history.csv', daily(360, () => 0)), '--start', START, '--pairs', '8'];
  const before = JSON.parse(ok([...arguments_, '--register', plan, '--json']));
  assert.equal(before.blocks.length, 16);
  assert.ok(before.power.false_positive_rate < 0.1 && before.power.detectable > 0, JSON.stringify(before.power));
  const onAt = (at) => before.blocks.filter((block) => block.from <= at).at(-1)?.on ?? false;
  const whole = file(t, 'whole.csv', daily(360 + 112, (at) => (onAt(at) ? 6 : 0)));
  const early = JSON.parse(ok(['design', 'switchback', file(t, 'part.csv', daily(360 + 111, () => 0)), '--analyse', plan, '--json']));
  assert.equal(early.verdict, 'interim, no verdict');
  assert.ok(!('effect' in early) && early.grade === null);
  const after = JSON.parse(ok(['design', 'switchback', whole, '--analyse', plan, '--json']));
  assert.deepEqual([after.verdict, after.grade, after.grade_because], ['up', 'A', null]);
  assert.ok(after.low < 6 && 6 < after.high && after.p <= 2 / 2 ** 8 + 1e-12, JSON.stringify(after));
  const lowered = JSON.parse(ok(['design', 'switchback', whole, '--analyse', plan, '--json', '--event', `price=${START}`]));
  assert.deepEqual([lowered.grade, lowered.evidence], ['B', 'comparison']);
  assert.equal(early.looks.each, 'week');
  const told = ok(['design', 'switchback', whole, '--analyse', plan, '--event', `price=${START}`]);
  assert.match(told.replace(/\s+/g, ' '), /It brought more.*Evidence: comparison \(grade B\): drawn by lot, with one weakness: other things happened in its window/);
  const outside = JSON.parse(ok(['design', 'switchback', whole, '--analyse', plan, '--json', '--event', `price=${day(10)}..${day(20)}`]));
  assert.equal(outside.grade, 'A');
  // The same plan is not registered twice, and the hash that was kept has to be its hash.
  assert.equal(hansa([...arguments_, '--register', plan]).code, EXIT.conflict);
  assert.equal(hansa(['design', 'switchback', whole, '--analyse', plan, '--hash', '0'.repeat(64)]).code, EXIT.conflict);
  ok(['design', 'switchback', whole, '--analyse', plan, '--hash', after.sha256]);
  // Another seed gives other blocks: the text no longer is what its hash says.
  writeFileSync(plan, readFileSync(plan, 'utf8').replace('"power":0.8', '"power":0.9'));
  const altered = JSON.parse(ok(['design', 'switchback', whole, '--analyse', plan, '--json']));
  assert.deepEqual([altered.grade, altered.grade_because], ['D', 'the registered design was changed afterwards']);
  assert.match(ok(['design', 'switchback', whole, '--analyse', plan]), /Evidence: indication \(grade D\)/);
});

function regions(rows, lifted) {
  const chance = random(6);
  const lines = ['date,region,sales'];
  for (let row = 0; row < rows; row++)
    for (let region = 0; region < 16; region++)
      lines.push(`${day(row)},r${region},${((50 + 10 * region) * (1 + 0.03 * noise(chance)) * (lifted(day(row), `r${region}`) ? 1.1 : 1)).toFixed(3)}`);
  return `${lines.join('\n')}\n`;
}

test('regions find the lift that was put in', (t) => {
  const plan = join(directory(t), 'plan.json');
  const before = JSON.parse(ok(['design', 'geo', file(t, 'history.csv', regions(360, () => false)), '--start', START, '--register', plan, '--json']));
  assert.equal(before.pairs.length, 8);
  const chosen = new Set(before.pairs.map((pair) => pair.with));
  const whole = file(t, 'whole.csv', regions(388, (at, region) => at >= START && chosen.has(region)));
  const after = JSON.parse(ok(['design', 'geo', whole, '--analyse', plan, '--json']));
  assert.deepEqual([after.verdict, after.grade], ['up', 'A']);
  // One seed of noise: how often the interval holds the truth is for unit.measure.influence.designs.
  assert.ok(Math.abs(after.effect - 0.1) < 0.01 && after.low > 0.09 && after.high < 0.12, JSON.stringify(after));
  assert.equal(hansa(['design', 'geo', file(t, 'few.csv', 'date,region,sales\n2099-01-01,a,1\n2099-01-02,a,1\n'), '--analyse', plan]).code, EXIT.invalid);
  assert.equal(hansa(['design', 'switchback', whole, '--analyse', plan]).code, EXIT.usage); // a design of another kind
});

test('a hold-out gives the share that would not have bought otherwise', (t) => {
  const plan = join(directory(t), 'plan.json');
  const before = JSON.parse(ok(['design', 'holdout', '--orders-week', '500', '--start', '2026-01-05', '--register', plan, '--json']));
  assert.equal(before.orders, 1537); // (1.95996 · 2 / .1)², rounded up
  assert.equal(before.end, '2026-01-26');
  const chance = random(9);
  const lines = ['group,sales,tracked'];
  for (let unit = 0; unit < 6000; unit++) {
    const held = chance() < 0.5;
    const anyway = chance() < 0.1;
    const caused = !anyway && chance() < 1 / 9;
    const sales = anyway || (caused && !held) ? 50 : 0;
    lines.push(`${held ? 'held' : 'offered'},${sales},${held ? 0 : sales}`);
  }
  const after = JSON.parse(ok(['design', 'holdout', file(t, 'units.csv', `${lines.join('\n')}\n`), '--analyse', plan, '--json']));
  assert.equal(after.verdict, 'brings part'); // half of the orders
  assert.ok(after.low < 0.5 && 0.5 < after.high, JSON.stringify(after));
  const broken = file(t, 'broken.csv', `${lines.filter((line, i) => i % 3 || !line.startsWith('held')).join('\n')}\n`);
  const refused = JSON.parse(ok(['design', 'holdout', broken, '--analyse', plan, '--json']));
  assert.equal(refused.verdict, 'refused');
  assert.match(refused.refused_because, /randomisation is broken/);
  assert.equal(refused.kappa, null);
});

// What gives no figures is evidence of nothing, and has no grade.
test('a design of so few pairs that chance alone would do is refused without a grade', (t) => {
  const plan = join(directory(t), 'plan.json');
  ok(['design', 'geo', file(t, 'history.csv', regions(360, () => false)), '--start', START, '--pairs', '3', '--register', plan]);
  const whole = file(t, 'whole.csv', regions(388, () => false));
  const after = JSON.parse(ok(['design', 'geo', whole, '--analyse', plan, '--json']));
  assert.deepEqual([after.verdict, after.grade, after.evidence], ['refused', null, null]);
  assert.doesNotMatch(ok(['design', 'geo', whole, '--analyse', plan]), /Evidence|grade/);
});

test('an effect that cannot be told says how much longer it takes', (t) => {
  const plan = join(directory(t), 'plan.json');
  ok(['design', 'switchback', file(t, 'history.csv', daily(360, () => 0)), '--start', START, '--pairs', '6', '--register', plan]);
  const told = ok(['design', 'switchback', file(t, 'whole.csv', daily(360 + 84, () => 0)), '--analyse', plan]);
  assert.match(told, /Cannot tell/);
});

test('a programme has the figures of a design', (t) => {
  const data = programme(t);
  const past = (text) => text.replaceAll('2089-', '2022-').replaceAll('2090-', '2023-'); // what is imported has happened
  const start = past(START);
  const sorted = past(regions(388, () => false)).trim().split('\n').slice(1).sort(); // by day and name, as a programme gives them
  const lines = sorted.map((line) => line.split(','));
  const rows = lines.map(([at, region, sales]) => `${at},sales,${region},${sales}`);
  ok(['import', 'series', file(t, 'series.csv', `date,metric,region,value\n${rows.join('\n')}\n`), '--data', data]);
  const history = file(t, 'history.csv', `date,region,sales\n${sorted.join('\n')}\n`);
  const of = ['--start', start, '--pairs', '6', '--json'];
  assert.deepEqual(JSON.parse(ok(['design', 'geo', '--data', data, '--outcome', 'sales', ...of])), JSON.parse(ok(['design', 'geo', history, ...of])));
  const geo = ['--outcome', 'sales', '--treated', 'r0', '--start', start, '--json'];
  const fromData = JSON.parse(ok(['geo', '--data', data, ...geo]));
  const fromFile = JSON.parse(ok(['geo', history, '--unit', 'region', '--time', 'date', ...geo]));
  assert.deepEqual(fromData, fromFile);
  const power = ['--outcome', 'sales', '--dates', '4', '--until', start, '--json'];
  const sums = new Map();
  for (const [at, , sales] of lines) sums.set(at, (sums.get(at) ?? 0) + Number(sales));
  const total = file(t, 'total.csv', `date,sales\n${[...sums].map(([at, sum]) => `${at},${sum}`).join('\n')}\n`);
  assert.deepEqual(JSON.parse(ok(['power', '--data', data, ...power])), JSON.parse(ok(['power', total, ...power])));
  const missing = hansa(['geo', '--data', data, '--outcome', 'tea', '--treated', 'r0', '--start', start]);
  assert.equal(missing.code, EXIT.notFound);
  assert.match(missing.err, /no figure of tea in a region/);
  const unknown = hansa(['geo', '--data', data, '--outcome', 'sales', '--treated', 'north', '--start', start]);
  assert.match(unknown.err, /there is no region 'north' in the programme; there are r0/);
  assert.equal(hansa(['geo', '--data', data, '--unit', 'city', ...geo]).code, EXIT.usage);
});

test('what cannot be is refused with its place and value', (t) => {
  const history = file(t, 'history.csv', daily(100, () => 0));
  const refusals = [
    [['design', 'tea'], EXIT.usage, /geo, switchback or holdout, got 'tea'/],
    [['design', 'geo', '--start', START], EXIT.usage, /needs a FILE/],
    [['design', 'switchback', history], EXIT.usage, /--start/],
    [['design', 'switchback', history, '--start', '2026-02-30'], EXIT.usage, /2026-02-30/],
    [['design', 'switchback', history, '--start', START, '--carry', '7'], EXIT.usage, /leaves nothing/],
    [['design', 'switchback', history, '--start', START, '--outcome', 'tea'], EXIT.invalid, /sales/],
    [['design', 'holdout', '--start', START], EXIT.usage, /--orders-week/],
    [['design', 'switchback', join(directory(t), 'none.csv'), '--start', START], EXIT.notFound, /none\.csv/],
    [['design', 'switchback', history, '--analyse', history], EXIT.invalid, /no registered design/],
    [['design', 'switchback', history, '--analyse', file(t, 'p.json', '{"hansa_design":1,"kind":"tea"}')], EXIT.invalid, /member kind/],
    [['design', 'switchback', history, '--analyse', history, '--event', 'rain=2026-01-01'], EXIT.usage, /rain/],
    [['design', 'switchback', file(t, 'twice.csv', 'date,sales\n2026-01-01,1\n2026-01-01,2\n2026-01-02,2\n'), '--start', START], EXIT.invalid, /line 3: 2026-01-01 does not lie after/],
    [['design', 'switchback', file(t, 'far.csv', 'date,sales\n0001-01-01,1\n0001-01-02,1\n9999-01-02,2\n'), '--start', START], EXIT.invalid, /periods are missing before 9999-01-02/],
    [['design', 'switchback', file(t, 'weeks.csv', 'date,sales\n2026-01-01,1\n2026-01-08,2\n2026-01-15,2\n'), '--start', START], EXIT.invalid, /a row a day/],
    [['design', 'geo', file(t, 'gap.csv', 'date,region,sales\n2026-01-01,a,1\n2026-01-01,b,1\n2026-01-03,a,1\n2026-01-03,b,2\n'), '--start', START], EXIT.invalid, /no region has one between 2026-01-01 and 2026-01-03/],
    [['design', 'geo', file(t, 'hole.csv', 'date,region,sales\n2026-01-01,a,1\n2026-01-01,b,1\n2026-01-02,a,1\n'), '--start', START], EXIT.invalid, /'b' has none at 2026-01-02/],
    // An option that changes nothing is a misunderstanding.
    [['design', 'holdout', '--orders-week', '9', '--start', START, '--pairs', '4'], EXIT.usage, /--pairs means nothing to a design of kind holdout before its start: --held/],
    [['design', 'switchback', history, '--start', START, '--held', '40'], EXIT.usage, /--held means nothing/],
    [['design', 'geo', history, '--start', START, '--block', '7'], EXIT.usage, /--window is the length of geo/],
    [['design', 'geo', history, '--start', START, '--event', `price=${START}`], EXIT.usage, /goes with --analyse/],
    [['design', 'switchback', history, '--analyse', history, '--pairs', '4'], EXIT.usage, /--pairs is settled by the plan/],
    [['design', 'switchback', history, '--analyse', history, '--register', 'x'], EXIT.usage, /--register is settled by the plan/],
    [['design', 'holdout', '--data', 'd', '--analyse', history], EXIT.usage, /who was not offered it/],
  ];
  for (const [command, code, words] of refusals) {
    const done = hansa(command);
    assert.equal(done.code, code, `${command.join(' ')}: ${done.err}`);
    assert.match(done.err, words);
  }
  // Too short a history is said, and the design stands all the same.
  assert.match(ok(['design', 'switchback', history, '--start', START]), /too few to show/);
});
