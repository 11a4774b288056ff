// hansa ltv and hansa case: what customers are worth, and the page for a board.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { EXIT, directory, file, hansa, ok, programme } from './support.mjs';

const PLAN = fileURLToPath(new URL('../../docs/examples/plan.csv', import.meta.url));
const KINDS = ['touches', 'orders', 'refunds', 'leads', 'identities', 'series', 'costs', 'activity'];

// One simulated market for all tests of the case: its truth stands in truth.json.
let world;
let data;
before(() => {
  world = mkdtempSync(join(realpathSync(tmpdir()), 'hansa-e2e-value-'));
  data = join(world, 'programme');
  ok(['simulate', '--out', join(world, 'files'), '--people', '30000', '--months', '9']);
  ok(['init', data, '--currency', 'EUR', '--time-zone', 'Europe/Berlin']);
  for (const kind of KINDS) {
    const done = hansa(['import', kind, join(world, 'files', `${kind}.csv`), '--data', data]);
    assert.ok([EXIT.ok, EXIT.attention].includes(done.code), done.err);
  }
});
after(() => rmSync(world, { recursive: true, force: true }));

const makeCase = (...options) => JSON.parse(ok(['case', '--data', data, '--margin', '40', '--draws', '500', '--json', ...options]));
const line = (made, name) => made.lines.find((each) => each.name === name);

test('subscribers who never convert are a cost centre, with the test that says so', () => {
  const made = makeCase();
  const truth = JSON.parse(readFileSync(join(world, 'files', 'truth.json'), 'utf8'));
  for (const name of ['prizewheel', 'badgehunt']) {
    const vanity = line(made, name);
    const really = truth.partners.find((each) => each.partner === name);
    assert.equal(really.incremental.orders, 0, `${name} causes nothing`);
    assert.equal(vanity.verdict, 'cost_centre');
    assert.equal(vanity.basis, 'defensible');
    assert.ok(vanity.cost.total > 0);
    const { subscribers, orders, rate_high: high, break_even_rate: needed } = vanity.activity_without_sales;
    assert.ok(subscribers > 500 && orders < 20 && high < needed);
    assert.match(vanity.because, /activity and no sales.*Clopper and Pearson/);
  }
  // Newsletters have subscribers too, and sales.
  for (const name of ['morningpost', 'craftletter', 'sidebyside', 'codebarn'])
    assert.notEqual(line(made, name).verdict, 'cost_centre');
});

test('without a measured share nothing is claimed of what was caused', () => {
  const made = makeCase();
  assert.equal(made.measured_partners, 0);
  assert.equal(made.defensible, null);
  assert.ok(made.context.partners_net.low < made.context.partners_net.high);
  for (const each of made.lines) {
    assert.equal(each.incremental_share, null);
    assert.ok(['cost_centre', 'it_depends', 'needs_more_than_tracked', 'no_cost'].includes(each.verdict), each.verdict);
  }
  assert.equal(made.context.building_net.middle, null);
  assert.ok(made.assumptions.find((item) => item.item === 'switch_over').given === false);
});

test('what a plan says is weighed, and what was measured stands apart', () => {
  const made = makeCase('--plan', PLAN, '--next', '50000');
  assert.equal(made.measured_partners, 3);
  assert.deepEqual(line(made, 'codebarn').incremental_share,
    { low: 0, likely: 0.05, high: 0.2, source: 'hold-out of coupons in June' });
  assert.equal(line(made, 'codebarn').basis, 'defensible');
  assert.equal(line(made, 'pricegrid').basis, 'context');
  const { defensible } = made;
  assert.ok(defensible.times_dearer_through_paid.low <= defensible.times_dearer_through_paid.middle);
  assert.ok(defensible.p_better_than_paid >= 0 && defensible.p_better_than_paid <= 1);
  assert.equal(defensible.p_better_than_building, null, 'a plan is no fact');
  assert.ok(made.context.p_better_than_building >= 0);
  assert.ok(Number.isFinite(made.context.building_net.middle));
  const handed = made.lines.reduce((sum, each) => sum + each.next_amount, 0);
  assert.ok(Math.abs(handed + made.next_kept - 50000) < 1e-6);
  assert.equal(line(made, 'prizewheel').next_amount, 0);
});

test('the cost of a partner is what the record holds, part by part', () => {
  const made = makeCase();
  const rows = ok(['sql', "SELECT sum(amount_minor) FROM costs WHERE partner = 'lantern'", '--data', data, '--csv']);
  const spent = Number(rows.trim().split(/\r?\n/).at(-1)) / 100;
  const { cost } = line(made, 'lantern');
  assert.ok(Math.abs(cost.spent - spent) < 0.01, `${cost.spent} and ${spent}`);
  assert.ok(Math.abs(cost.total - cost.commission - cost.discount - cost.spent - cost.joint) < 0.01);
});

test('the same seed gives the same page, and the page runs nothing', (t) => {
  const html = () => ok(['case', '--data', data, '--margin', '40', '--draws', '300', '--plan', PLAN, '--html', '-']);
  const page = html();
  assert.equal(page, html());
  assert.match(page, /<h2>Defensible<\/h2>[^]*<h2>Context<\/h2>/);
  assert.match(page, /would cost [\d.,]+ times as much through paid channels \[/);
  assert.match(page, /switch-over/);
  assert.doesNotMatch(page, /<script|https?:\/\//);
  const path = join(directory(t), 'case.html');
  ok(['case', '--data', data, '--draws', '100', '--html', path]);
  assert.match(readFileSync(path, 'utf8'), /value is revenue/);
  const csv = ok(['case', '--data', data, '--draws', '100', '--csv']).trim().split('\r\n');
  assert.ok(csv.length > 20 && csv.every((row) => row.split(',').length === csv[0].split(',').length));
});

test('a plan that cannot be read is refused with its line', (t) => {
  const refusals = [
    ['build.onse,,1,,x', /line 2: there is no item 'build\.onse'; there are years, .*incremental_share\.NAME/],
    ['switch_over,0.9,0.3,1,x', /line 2, switch_over: low 0\.9, likely 0\.3 and high 1 must rise/],
    ['switch_over,0,0.3,1.5,x', /line 2, switch_over must lie from 0 to 1, got 0 to 1\.5/],
    ['years,1,,3,x', /line 2, years: give likely alone, or low, likely and high/],
    ['years,,3,,x\nyears,,4,,x', /line 3: years stands there twice/],
    ['years,,three,,x', /line 2, column likely: 'three'/],
    ['years,,3,,', /line 2, column source/],
    ['incremental_share.nobody,,0.5,,x', /knows the incremental share of 'nobody'/],
  ];
  for (const [row, words] of refusals) {
    const done = hansa(['case', '--data', data, '--plan', file(t, 'plan.csv', `item,low,likely,high,source\n${row}\n`)]);
    assert.equal(done.code, EXIT.invalid, done.err);
    assert.match(done.err, words);
  }
  assert.match(hansa(['case', '--data', data, '--plan', file(t, 'p.csv', 'item,likely\n')]).err, /low/);
});

test('ltv of a programme tells partners apart by their customers', () => {
  const made = JSON.parse(ok(['ltv', '--data', data, '--margin', '40', '--model', 'bgnbd', '--draws', '10', '--json']));
  assert.ok(made.customers > 1000 && made.repeat_customers > 100);
  const shares = made.channels.reduce((sum, channel) => sum + channel.customers, 0);
  assert.ok(shares <= made.customers + 1e-6, 'no customer is given away twice');
  for (const channel of made.channels)
    assert.ok(channel.value.low <= channel.value.middle && channel.value.middle <= channel.value.high);
});

// Purchases of 60 customers over a year, by a rule without luck.
function purchases() {
  const rows = ['customer,day,value'];
  for (let c = 0; c < 60; c++)
    for (let n = 0; n <= c % 5; n++) {
      const day = new Date(Date.UTC(2025, 0, 1 + (c % 30) + n * (20 + c)));
      if (day < new Date(Date.UTC(2026, 0, 1))) rows.push(`c${c},${day.toISOString().slice(0, 10)},${20 + ((c * 7) % 30) + n}`);
    }
  return rows;
}

test('what our side wrote on a joint P&L is a cost of its partner', (t) => {
  const mine = programme(t);
  const say = (...args) => ok([...args, '--data', mine]);
  const agreement = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/examples/joint-venture.json', import.meta.url)), 'utf8'));
  agreement.sharing = { kind: 'shares', shares: agreement.sharing.shares };
  for (const side of agreement.sides) delete side.owner.time;
  say('partner', 'add', 'trails.example');
  say('agreement', 'add', file(t, 'venture.json', JSON.stringify(agreement)), '--name', 'venture', '--from', '2025-01-01', '--by', 'ann');
  say('agreement', 'sign', 'venture', '--by', 'ann');
  const rows = purchases().slice(1).map((row) => row.split(','));
  say('import', 'touches', file(t, 'touches.csv', `touch_id,person,occurred_at,partner\n${rows.map(([c, day], i) => `t${i},${c},${day}T08:00:00Z,trails.example`).join('\n')}\n`));
  say('import', 'orders', file(t, 'orders.csv', `order_id,person,occurred_at,amount,currency\n${rows.map(([c, day, value], i) => `o${i},${c},${day}T12:00:00Z,${value}.00,EUR`).join('\n')}\n`));
  const write = (side, lines, name) => say('joint', 'add', 'venture', file(t, name, JSON.stringify({ lines })), '--period', '2025-09', '--side', side, '--by', 'ben');
  const ours = (amount) => [{ kind: 'in_kind', what: 'trailers lent', amount, valued_by: 'rent of a month' }];
  write('brand.example', ours('900.00'), 'a.json');
  write('brand.example', ours('1080.00'), 'b.json'); // takes the place of the first
  write('trails.example', [{ kind: 'media', what: 'posters', amount: '200.00' }], 'c.json');
  const made = JSON.parse(say('case', '--draws', '100', '--json'));
  const { cost } = line(made, 'trails.example');
  assert.equal(cost.joint, 1080);
  assert.ok(Math.abs(cost.total - cost.joint - cost.commission) < 0.01);
});

test('ltv reads a log of purchases and holds what it learnt against what followed', (t) => {
  const log = file(t, 'log.csv', `${purchases().join('\n')}\n`);
  const made = JSON.parse(ok(['ltv', log, '--log', 'customer,day,value', '--until', '2025-06-30', '--draws', '20', '--json']));
  assert.equal(made.holdout_after, '2025-06-30');
  const later = purchases().slice(1).filter((row) => row.split(',')[1] > '2025-06-30').length;
  assert.equal(made.holdout.total.actual, later);
  assert.equal(made.holdout.rows.length, 8);
  assert.equal(made.customers, 60);
  const whole = JSON.parse(ok(['ltv', log, '--log', 'customer,day,value', '--draws', '0', '--json']));
  assert.equal(whole.models[0].r.low, null);
  assert.ok(whole.holdout === null || whole.holdout.total.customers <= 60);
});

test('a row that nobody can mean is named with its line, column, value and reason, and the rest goes on', (t) => {
  const faults = [
    ['2,9,5,30', /line 2, column last: '9' lies behind the end of what was watched/],
    ['0,3,5,0', /line 2, column last: '3' is above 0 although there is no repeat purchase/],
    ['1.5,3,5,30', /line 2, column x: '1\.5' is not a whole number of purchases/],
    ['-1,0,5,30', /line 2, column x: '-1' is not a whole number/],
    ['1,,5,30', /line 2, column last: '' is empty/],
    ['1,-2,5,30', /line 2, column last: '-2' is below 0/],
    ['1,2,-5,30', /line 2, column watched: '-5' is below 0/],
    ['1,2,5,-3', /line 2, column mean: '-3' is below 0/],
    ['many,2,5,3', /line 2, column x: 'many' is not a number/],
  ];
  const good = ['1,2,9,30', '3,8,9,25', '0,0,9,', '2,4,9,41', '0,0,8,', '1,7,8,22', '0,0,7,'];
  const summary = (...rows) => file(t, 'c.csv', `x,last,watched,mean\n${[...rows, ...good].join('\n')}\n`);
  const ask = (path) => hansa(['ltv', path, '--summary', 'x,last,watched,mean', '--draws', '0', '--model', 'bgnbd', '--json']);
  const clean = JSON.parse(ask(summary()).out);
  for (const [row, words] of faults) {
    const done = ask(summary(row));
    assert.equal(done.code, EXIT.rejected, done.err);
    assert.match(done.err, words);
    const made = JSON.parse(done.out);
    assert.deepEqual([made.rejected_rows, made.rows, made.customers], [1, 8, 7]);
    assert.deepEqual(made.models, clean.models, row);
  }
  const log = file(t, 'refund.csv', `${[...purchases(), 'c1,2025-03-01,-5', 'c2,2025-03-01,'].join('\n')}\n`);
  const done = hansa(['ltv', log, '--log', 'customer,day,value', '--draws', '0', '--json']);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /column value: '-5' is below 0: what is taken back is no purchase/);
  assert.match(done.err, /column value: '' is empty/);
  assert.equal(JSON.parse(done.out).rejected_rows, 2);
  const nothing = ask(file(t, 'n.csv', 'x,last,watched,mean\n2,9,5,1\n'));
  assert.match(nothing.err, /holds no customer that can be used/);
});

test('what cannot be had is said in words, and the rest stands', (t) => {
  const alike = file(t, 'alike.csv', `x,last,watched,mean\n${['1,2,9,30', '3,8,9,30', '0,0,9,', '2,4,9,30', '0,0,8,', '1,7,8,30', '0,0,7,'].join('\n')}\n`);
  const made = JSON.parse(ok(['ltv', alike, '--summary', 'x,last,watched,mean', '--draws', '0', '--json']));
  assert.equal(made.spend, null);
  assert.match(made.spend_refused, /does not vary/);
  assert.ok(made.models[0].r.value > 0);
  assert.match(made.models[0].r.no_interval, /none was asked for/);
  const text = ok(['ltv', alike, '--summary', 'x,last,watched,mean', '--draws', '0']);
  assert.match(text, /What customers are worth cannot be said: what 4 customers spend does not vary/);
  assert.match(text, /no interval \(-\): none was asked for/);
});

test('ltv of a programme calls partners by their names', (t) => {
  const mine = programme(t);
  const say = (...args) => ok([...args, '--data', mine]);
  say('partner', 'add', 'trails.example', '--title', 'Trails and Tales');
  const rows = purchases().slice(1).map((row) => row.split(','));
  say('import', 'touches', file(t, 'touches.csv', `touch_id,person,occurred_at,partner\n${rows.map(([c, day], i) => `t${i},${c},${day}T08:00:00Z,trails.example`).join('\n')}\n`));
  say('import', 'orders', file(t, 'orders.csv', `order_id,person,occurred_at,amount,currency\n${rows.map(([c, day, value], i) => `o${i},${c},${day}T12:00:00Z,${value}.00,EUR`).join('\n')}\n`));
  assert.match(say('ltv', '--draws', '0', '--model', 'bgnbd'), /^Trails and Tales +60\.0/m);
  const [channel] = JSON.parse(say('ltv', '--draws', '0', '--model', 'bgnbd', '--json')).channels;
  assert.deepEqual([channel.channel, channel.title], ['trails.example', 'Trails and Tales']);
});

test('ltv leaves bad rows out aloud, and refuses what it cannot mean', (t) => {
  const log = file(t, 'log.csv', `${[...purchases(), 'c1,yesterday,5'].join('\n')}\n`);
  const done = hansa(['ltv', log, '--log', 'customer,day,value', '--draws', '0', '--json']);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /column day: 'yesterday'/);
  assert.equal(JSON.parse(done.out).rejected_rows, 1);
  const summary = file(t, 'sum.csv', 'x,last,watched\n2,9,5\n1,2,3\n');
  assert.equal(hansa(['ltv', summary, '--summary', 'x,last']).code, EXIT.usage);
  assert.equal(hansa(['ltv', summary]).code, EXIT.usage);
  assert.equal(hansa(['ltv', summary, '--summary', 'x,last,watched', '--until', '2025-01-01']).code, EXIT.usage);
  const nobody = file(t, 'none.csv', 'x,last,watched\n0,0,5\n0,0,3\n');
  assert.match(hansa(['ltv', nobody, '--summary', 'x,last,watched']).err, /none of 2 customers bought again/);
});
