// hansa trend from a file and from a programme: verdicts, refusals, periods, forms.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OFFER } from './owed.mjs';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hansa-trend-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const write = (name, lines) => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
};

// Noise that is the same everywhere and adds up to nothing.
const wiggle = (i) => 0.02 * Math.sin(2.4 * i * i);
const quarters = (count, growth) => {
  const lines = ['day,ours,theirs,spend'];
  for (let i = 0; i < count; i++) {
    const day = `${2019 + Math.floor(i / 4)}-${String(1 + 3 * (i % 4)).padStart(2, '0')}-01`;
    const ours = 1000 * Math.exp((growth * i) / 4 + wiggle(i));
    const theirs = 400 * Math.exp((growth * i) / 4 + wiggle(i + 7));
    lines.push(`${day},${ours.toFixed(3)},${theirs.toFixed(3)},${(100 * Math.exp(5 * wiggle(i + 3))).toFixed(3)}`);
  }
  return lines;
};

const ask = (...args) => ok(['trend', ...args]);

test('both sides grow while effort does not: compounding', () => {
  const file = write('both.csv', quarters(24, 0.3));
  const answer = JSON.parse(ask(file, '--date', 'day', '--value', 'ours', '--partner', 'theirs', '--effort', 'spend', '--json'));
  assert.equal(answer.verdict, 'compounding');
  assert.equal(answer.period, 'quarter');
  assert.equal(answer.season, 4);
  assert.equal(answer.sides.length, 2);
  assert.ok(Math.abs(answer.sides[0].growth.mean - 0.3) < 0.05);
  assert.equal(answer.sides[0].effort.by_elasticity.length, 11);
  assert.deepEqual(answer.cautions, ['effort_not_planned', 'company_not_netted']);
});

test('what is not known stands beside the verdict, for machines too', () => {
  const file = write('known.csv', quarters(24, 0.3));
  const of = (...more) => JSON.parse(ask(file, '--date', 'day', '--value', 'ours', '--json', ...more));
  const alone = of();
  assert.deepEqual([alone.verdict, alone.both_sides_known, alone.effort_known], ['compounding', false, false]);
  assert.match(alone.words, /as far as one can tell without what was put in/);
  const whole = of('--partner', 'theirs', '--effort', 'spend');
  assert.deepEqual([whole.verdict, whole.both_sides_known, whole.effort_known], ['compounding', true, true]);
  assert.match(whole.words, /without effort in proportion/);
});

test('effort that was figured from the value is no plan', () => {
  const lines = quarters(24, 0.3).map((line, i) => (i === 0 ? `${line},fee` : `${line},${(0.1 * line.split(',')[1]).toFixed(2)}`));
  const answer = JSON.parse(ask(write('fee.csv', lines), '--date', 'day', '--value', 'ours', '--effort', 'fee', '--effort-planned', '--json'));
  assert.deepEqual([answer.verdict, answer.reason], ['too_early', 'elasticity']);
  assert.ok(answer.cautions.includes('effort_follows_value') && answer.sides[0].effort.apart_from_value < 0.001);
});

test('a few quarters are too early, and the answer says how many more', () => {
  const file = write('few.csv', quarters(6, 0.3));
  const answer = JSON.parse(ask(file, '--date', 'day', '--value', 'ours', '--json'));
  assert.equal(answer.verdict, 'too_early');
  assert.equal(answer.reason, 'too_few');
  assert.equal(answer.periods_to_decide, 2);
  assert.equal(answer.growth.mean, null);
});

test('a zero is refused by name', () => {
  const lines = quarters(24, 0.3);
  lines[5] = '2020-01-01,0,1,1';
  const file = write('zero.csv', lines);
  const answer = JSON.parse(ask(file, '--date', 'day', '--value', 'ours', '--json'));
  assert.equal(answer.verdict, 'refused');
  assert.equal(answer.sides[0].at, '2020-Q1');
  assert.match(ask(file, '--date', 'day', '--value', 'ours'), /2020-Q1/);
});

test('days are added up to months, and what is incomplete is left out', () => {
  const lines = ['day;value'];
  for (let i = 0; i < 900; i++) {
    const day = new Date(Date.UTC(2022, 0, 10 + i)).toISOString().slice(0, 10);
    lines.push(`${day};${(50 * Math.exp((0.2 * i) / 365 + wiggle(i))).toFixed(4)}`);
  }
  const answer = JSON.parse(ask(write('days.csv', lines), '--date', 'day', '--value', 'value', '--json'));
  assert.equal(answer.period, 'month');
  assert.equal(answer.from, '2022-02');
  assert.equal(answer.to, '2024-05');
  assert.equal(answer.incomplete_periods, 2);
});

test('cohorts are stacked', () => {
  const lines = ['day,value,came'];
  for (let i = 0; i < 24; i++)
    for (let c = 0; c <= i; c++)
      lines.push(`${2022 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}-01,${10 + wiggle(i + c)},${c}`);
  const answer = JSON.parse(ask(write('cohorts.csv', lines), '--date', 'day', '--value', 'value', '--cohort', 'came', '--json'));
  assert.equal(answer.cohorts.count, 24);
  assert.ok(Math.abs(answer.cohorts.kept - (12 * 12) / 78) < 0.01);
  assert.ok(Math.abs(answer.cohorts.newest_to_oldest - 1) < 0.01);
});

test('a page and a table of periods', () => {
  const file = write('page.csv', quarters(24, 0));
  const page = join(folder, 'page.html');
  ask(file, '--date', 'day', '--value', 'ours', '--html', page);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /On a plateau/);
  assert.match(html, /<svg/);
  assert.doesNotMatch(html, /<script|http:/);
  const csv = ask(file, '--date', 'day', '--value', 'ours', '--csv').trim().split('\r\n');
  assert.equal(csv[0], 'period,side,value,fitted,level');
  assert.equal(csv.length, 25);
});

test('what cannot be used is said', () => {
  const file = write('bad.csv', [...quarters(24, 0), '2030-01-01,abc,1,1']);
  const ran = hansa(['trend', file, '--date', 'day', '--value', 'ours']);
  assert.equal(ran.code, EXIT.rejected);
  assert.match(ran.err, /line 26, column ours: 'abc'/);
  assert.equal(hansa(['trend', file, '--date', 'day']).code, EXIT.usage);
  const dated = write('dated.csv', quarters(24, 0).map((line) => line.replace('day', 'date')));
  assert.equal(JSON.parse(ask(dated, '--value', 'ours', '--json')).period, 'quarter');
  const undated = hansa(['trend', file, '--value', 'ours']);
  assert.deepEqual([undated.code, /date/.test(undated.err)], [EXIT.invalid, true]);
  assert.equal(hansa(['trend', file, '--date', 'day', '--value', 'ours', '--effort-planned']).code, EXIT.usage);
  assert.equal(hansa(['trend', file, '--date', 'when', '--value', 'ours']).code, EXIT.invalid);
});

// Fourteen months of orders through one partner that grow, beside others that do not.
const ledger = (t, growth) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const touches = ['touch_id,person,occurred_at,partner'];
  const orders = ['order_id,person,occurred_at,amount,currency'];
  for (let i = 0; i < 14; i++)
    for (let k = 0; k < 6; k++) {
      const day = `${2025 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}-${String(k === 5 ? 28 : 1 + 5 * k).padStart(2, '0')}`;
      const amount = 100 * Math.exp((growth * i) / 12 + wiggle(6 * i + k));
      touches.push(`t${i}-${k},v${i}-${k},${day}T10:00:00Z,blog`);
      orders.push(`o${i}-${k},v${i}-${k},${day}T12:00:00Z,${amount.toFixed(2)},EUR`);
      orders.push(`d${i}-${k},w${i}-${k},${day}T13:00:00Z,${(200 + k).toFixed(2)},EUR`);
    }
  say('partner', 'add', 'blog');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2025-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2025-01-01', '--by', 'sales');
  say('import', 'touches', file(t, 'touches.csv', touches.join('\n') + '\n'));
  say('import', 'orders', file(t, 'orders.csv', orders.join('\n') + '\n'));
  return { data, say };
};

test('every agreement of a programme, both sides, net of the company', (t) => {
  const { data, say } = ledger(t, 0.5);
  const answer = JSON.parse(say('trend', '--json'));
  assert.equal(answer.agreements.length, 1);
  const [one] = answer.agreements;
  assert.equal(one.agreement, 'everybody');
  assert.equal(one.partner, 'blog');
  assert.equal(one.season_assumed, true);
  assert.equal(one.trend.verdict, 'compounding');
  assert.deepEqual(one.trend.sides.map((side) => side.name), ['ours', 'theirs']);
  for (const side of one.trend.sides) assert.ok(Math.abs(side.growth.mean - 0.5) < 0.1, JSON.stringify(side.growth));
  assert.equal(one.trend.from, '2025-01');
  assert.equal(one.trend.to, '2026-02', 'the last order is of the last day of February');
  assert.match(say('trend'), /everybody, blog: compounding/);
  assert.equal(say('trend', '--csv').trim().split('\r\n').length, 3);
  const page = join(data, '..', 'trends.html');
  say('trend', '--html', page);
  assert.match(readFileSync(page, 'utf8'), /Which partnerships compound/);
});

// Two years and a quarter through one partner: each month brings a customer, and all of them come back every month, for ten at a time.
test('the cohorts of an agreement are the quarters in which it brought its customers', (t) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const touches = ['touch_id,person,occurred_at,partner'];
  const orders = ['order_id,person,occurred_at,amount,currency'];
  for (let i = 0; i < 27; i++)
    for (let from = 0; from <= i; from++) {
      const day = `${2024 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}-${i === 26 && from === i ? '31' : '05'}`;
      touches.push(`t${i}-${from},v${from},${day}T10:00:00Z,blog`);
      orders.push(`o${i}-${from},v${from},${day}T12:00:00Z,10.00,EUR`);
    }
  say('partner', 'add', 'blog');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2024-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2024-01-01', '--by', 'sales');
  say('import', 'touches', file(t, 'touches.csv', touches.join('\n') + '\n'));
  say('import', 'orders', file(t, 'orders.csv', orders.join('\n') + '\n'));
  const [one] = JSON.parse(say('trend', '--json')).agreements;
  // Months 15 to 26 of 27: customers of quarters 5 to 8 are new, 15 older ones bring 10 a month each.
  let fromNew = 0;
  let before = 0;
  for (let i = 15; i < 27; i++) fromNew += 10 * (i - 14);
  for (let i = 3; i < 15; i++) before += 10 * (i + 1);
  const { cohorts } = one.trend;
  assert.deepEqual([cohorts.count, cohorts.window], [9, 12]);
  assert.ok(Math.abs(cohorts.value - (fromNew + 12 * 150)) < 1e-6, `${cohorts.value}`);
  assert.ok(Math.abs(cohorts.from_new - fromNew) < 1e-6, `${cohorts.from_new}`);
  assert.ok(Math.abs(cohorts.kept - (12 * 150) / before) < 1e-9, `${cohorts.kept}`);
  assert.match(say('trend'), /Of 9 cohorts, those of the last year bring/);
});

test('where the result is shared, the sides are judged by their parts of it', (t) => {
  const { data, say } = ledger(t, 0.5);
  const venture = JSON.parse(readFileSync(new URL('../../docs/examples/joint-venture.json', import.meta.url), 'utf8'));
  venture.sharing = { kind: 'shares', shares: venture.sharing.shares };
  for (const side of venture.sides) delete side.owner.time;
  say('partner', 'add', 'trails.example');
  say('agreement', 'add', file(t, 'venture.json', JSON.stringify(venture)), '--name', 'venture', '--from', '2025-01-01', '--by', 'ann');
  say('agreement', 'sign', 'venture', '--by', 'ann');
  // Sold at the door, and no commission on it: 1,000 a month that fall by half a year.
  for (let i = 0; i < 14; i++) {
    const period = `${2025 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`;
    const amount = (1000 * Math.exp((-0.5 * i) / 12 + wiggle(i))).toFixed(2);
    const lines = { lines: [{ kind: 'revenue', what: 'at the door', amount }] };
    say('joint', 'add', 'venture', file(t, `${period}.json`, JSON.stringify(lines)), '--period', period, '--side', 'brand.example', '--by', 'ben');
  }
  const { agreements } = JSON.parse(say('trend', '--json'));
  assert.deepEqual(agreements.map((one) => [one.agreement, one.partner, one.value_is]), [['everybody', 'blog', 'orders_and_commission'], ['venture', 'trails.example', 'part_of_joint_result']]);
  const company = (i) => 600 * Math.exp((0.5 * i) / 12) + 1215;
  const net = -0.5 - Math.log(company(13) / company(1));
  for (const side of agreements[1].trend.sides) assert.ok(Math.abs(side.growth.mean - net) < 0.05, JSON.stringify(side.growth));
  assert.equal(agreements[1].trend.verdict, 'fading');
  assert.match(say('trend'), /venture, trails\.example: fading\n {2}of the joint result ours -/);
  rmSync(data, { recursive: true, force: true });
});

test('a programme without commissions, or asked like a file, says so', (t) => {
  const data = programme(t);
  assert.notEqual(hansa(['trend', '--data', data]).code, EXIT.ok);
  assert.equal(hansa(['trend', '--data', data, '--value', 'x']).code, EXIT.usage);
  assert.equal(hansa(['trend']).code, EXIT.usage);
});
