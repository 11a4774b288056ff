// hansa ltv and hansa case: what customers are worth, and the page for a board.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { EXIT, directory, file, hansa, ok, programme, random } from './support.mjs';

const PLAN = fileURLToPath(new URL('../../docs/examples/plan.csv', import.meta.url));
const KINDS = ['touches', 'orders', 'refunds', 'leads', 'identities', 'series', 'costs', 'activity'];

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

// One simulated market for all tests of the case: its truth stands in truth.json. Beside it the result of an experiment that was
// registered before its start, which a plan can name as evidence.
let world;
let data;
let experiment;
before(() => {
  world = mkdtempSync(join(realpathSync(tmpdir()), 'hansa-e2e-value-'));
  data = join(world, 'programme');
  ok(['simulate', '--out', join(world, 'files'), '--people', '30000', '--months', '9']);
  ok(['init', data, '--currency', 'EUR', '--time-zone', 'Europe/Berlin']);
  for (const kind of KINDS) {
    const done = hansa(['import', kind, join(world, 'files', `${kind}.csv`), '--data', data]);
    assert.ok([EXIT.ok, EXIT.attention].includes(done.code), done.err);
  }
  experiment = runExperiment(join(world, 'experiment'));
});
after(() => rmSync(world, { recursive: true, force: true }));

// Sixteen regions of which half are lifted by a tenth: regions.json, with its hash, is of grade A.
function runExperiment(folder) {
  const day = (row) => new Date(Date.UTC(2089, 0, 1) + row * 86_400_000).toISOString().slice(0, 10);
  const start = day(360);
  const figures = (rows, lifted) => {
    const chance = random(6);
    const lines = ['date,region,sales'];
    for (let row = 0; row < rows; row++)
      for (let region = 0; region < 16; region++)
        lines.push(`${day(row)},r${region},${((50 + 10 * region) * (1 + 0.1 * (chance() - 0.5)) * (lifted(row, `r${region}`) ? 1.1 : 1)).toFixed(3)}`);
    return `${lines.join('\n')}\n`;
  };
  mkdirSync(folder);
  const put = (name, text) => { writeFileSync(join(folder, name), text); return join(folder, name); };
  const before = JSON.parse(ok(['design', 'geo', put('history.csv', figures(360, () => false)), '--start', start, '--register', join(folder, 'design.json'), '--json']));
  const chosen = new Set(before.pairs.map((pair) => pair.with));
  const result = ok(['design', 'geo', put('whole.csv', figures(388, (row, region) => row >= 360 && chosen.has(region))), '--analyse', join(folder, 'design.json'), '--json']);
  assert.equal(JSON.parse(result).grade, 'A');
  return { folder, path: put('regions.json', result), sha256: sha256(result), design: join(folder, 'design.json') };
}
// The example's plan with the experiment as evidence of these items.
function planWith(items, sha = experiment.sha256, evidence = experiment.path) {
  const rows = readFileSync(PLAN, 'utf8').trim().split('\n').map((row) => row.split(',').slice(0, 5).join(','));
  return `${rows.map((row, i) => `${row},${i === 0 ? 'evidence,sha256' : items.some((item) => row.startsWith(`${item},`)) ? `${evidence},${sha}` : ','}`).join('\n')}\n`;
}

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
    assert.match(vanity.because, /activity without sales.*Clopper and Pearson/);
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

test('a plan without evidence is weighed, and nothing in it counts as measured', () => {
  const made = makeCase('--plan', PLAN, '--next', '50000');
  assert.equal(made.measured_partners, 0);
  assert.equal(made.defensible, null);
  assert.deepEqual(line(made, 'codebarn').incremental_share,
    { low: 0, likely: 0.05, high: 0.2, source: 'hold-out of coupons in June', measured: false, evidence: null });
  assert.equal(line(made, 'codebarn').basis, 'context');
  assert.match(line(made, 'codebarn').because, /by the plan's word, which nobody can check: hold-out of coupons in June/);
  assert.ok(made.context.p_better_than_building >= 0);
  assert.ok(Number.isFinite(made.context.building_net.middle));
  const handed = made.lines.reduce((sum, each) => sum + each.next_amount, 0);
  assert.ok(Math.abs(handed + made.next_kept - 50000) < 1e-6);
  assert.equal(line(made, 'prizewheel').next_amount, 0);
});

test('evidence that can be checked is what makes a share defensible', (t) => {
  const plan = file(t, 'plan.csv', planWith(['incremental_share.sidebyside', 'paid.incremental_share']));
  const made = makeCase('--plan', plan);
  assert.equal(made.measured_partners, 1);
  const share = line(made, 'sidebyside').incremental_share;
  assert.deepEqual(share.evidence, { file: experiment.path, sha256: experiment.sha256, kind: 'a registered design', grade: 'A', verdict: 'up', sound: true, because: null });
  assert.equal(line(made, 'sidebyside').basis, 'defensible');
  assert.match(line(made, 'sidebyside').because, /evidence: experiment \(grade A\), a registered design with the verdict "up"/);
  assert.equal(line(made, 'codebarn').basis, 'context', 'the plan\'s word alone');
  const { defensible } = made;
  assert.equal(defensible.partners, 1);
  assert.ok(defensible.times_dearer_through_paid.low <= defensible.times_dearer_through_paid.middle);
  assert.ok(defensible.p_better_than_paid >= 0 && defensible.p_better_than_paid <= 1);
  assert.equal(defensible.p_better_than_building, null, 'a plan is no fact');
  // Beside the plan its name is enough.
  writeFileSync(join(experiment.folder, 'plan.csv'), planWith(['incremental_share.sidebyside'], experiment.sha256, 'regions.json'));
  assert.equal(makeCase('--plan', join(experiment.folder, 'plan.csv')).measured_partners, 1);
});

test('evidence that bears nothing is context, and evidence that is another file is refused', (t) => {
  const grade = (change, name) => {
    const text = JSON.stringify({ ...JSON.parse(readFileSync(experiment.path, 'utf8')), ...change });
    return file(t, 'plan.csv', planWith(['incremental_share.sidebyside'], sha256(text), file(t, name, text)));
  };
  for (const [change, words] of [
    [{ grade: 'D' }, /not measured, it is an indication only \(grade D\)/],
    [{ verdict: 'interim, no verdict', grade: null }, /not measured, the experiment had not ended/],
    [{ verdict: 'refused', refused_because: 'too short' }, /not measured, the analysis refused to judge/],
  ]) {
    const made = makeCase('--plan', grade(change, 'result.json'));
    assert.deepEqual([made.measured_partners, made.defensible, line(made, 'sidebyside').basis], [0, null, 'context']);
    assert.match(line(made, 'sidebyside').because, words);
  }
  const refuse = (plan, code, words) => {
    const done = hansa(['case', '--data', data, '--plan', file(t, 'plan.csv', plan)]);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  const items = ['incremental_share.sidebyside'];
  refuse(planWith(items, '0'.repeat(64)), EXIT.conflict, new RegExp(`line 11: .*is not the file that the plan names: its SHA-256 is ${experiment.sha256}`));
  refuse(planWith(items, 'abc'), EXIT.invalid, /line 11: sha256 must be 64 hexadecimal digits, got 'abc'/);
  refuse(planWith(items, ''), EXIT.invalid, /evidence and sha256 go together/);
  refuse(planWith(items, experiment.sha256, join(experiment.folder, 'none.json')), EXIT.notFound, /none\.json/);
  refuse(planWith(['build.once']), EXIT.invalid, /line 7, build\.once: evidence is for incremental shares/);
  const design = readFileSync(experiment.design, 'utf8');
  refuse(planWith(items, sha256(design), experiment.design), EXIT.invalid, /is a registered design and no result/);
  refuse(planWith(items, sha256('[]'), file(t, 'list.json', '[]')), EXIT.invalid, /is no result that hansa/);
});

test('every range of the plan is drawn, and what the answer hangs on is named', (t) => {
  const plan = (rows) => file(t, 'plan.csv', `${planWith(['incremental_share.sidebyside', 'paid.incremental_share'])}${rows}`);
  const paid = (rows) => line(makeCase('--plan', plan(rows)), 'paid channels');
  const width = ({ low, high }) => high - low;
  const point = paid('paid.spend,,14000,,agency,,\n');
  const range = paid('paid.spend,9000,14000,20000,agency,,\n');
  assert.ok(width(range.cost_per_incremental_customer) > 1.1 * width(point.cost_per_incremental_customer));
  const counted = paid('paid.spend,,14000,,agency,,\npaid.new_customers,100,400,700,agency,,\n');
  assert.ok(width(counted.incremental_customers) > 1.2 * width(point.incremental_customers));
  // Hours of paid channels are on top of what the plan says was spent, at whatever an hour costs.
  const hours = line(makeCase('--plan', plan('paid.spend,,14000,,agency,,\n')), 'paid channels').cost.hours;
  const dear = paid('paid.spend,,14000,,agency,,\nhour_cost,,50,,x,,\n');
  assert.ok(Math.abs(dear.cost.total - point.cost.total - 50 * hours) < 0.01, `${hours} hours`);
  const made = makeCase('--plan', plan('paid.spend,2000,14000,60000,agency,,\n'));
  const swing = made.defensible.hangs_on.find((each) => each.item === 'paid.spend');
  assert.deepEqual([swing.against, swing.p_partners_better_at_low < 0.5, swing.p_partners_better_at_high > 0.5], ['paid', true, true]);
  assert.ok(swing.flips_at > 2000 && swing.flips_at < 60000);
  const text = ok(['case', '--data', data, '--margin', '40', '--draws', '500', '--plan', plan('paid.spend,2000,14000,60000,agency,,\n')]);
  assert.match(text.replace(/\s+/g, ' '), /spent on paid channels in a year, taken to be 2000 to 60000: up to [\d.e+]+ paid channels are better, beyond it the partnerships/);
  assert.ok(made.context.hangs_on.some((each) => each.item === 'switch_over' && each.against === 'building'));
  const years = makeCase('--plan', file(t, 'years.csv', 'item,low,likely,high,source\nyears,1,3,9,the board\n'));
  const fixed = makeCase('--plan', file(t, 'fixed.csv', 'item,low,likely,high,source\nyears,,3,,the board\n'));
  assert.ok(width(years.context.partners_net) > width(fixed.context.partners_net));
});

test('the page begins with the answer, says one price of the audience, and speaks as a board does', (t) => {
  const plan = file(t, 'plan.csv', planWith(['incremental_share.sidebyside', 'incremental_share.codebarn', 'paid.incremental_share']));
  const ask = (...form) => ok(['case', '--data', data, '--margin', '40', '--draws', '500', '--plan', plan, '--next', '50000', ...form]);
  const text = ask().replace(/\s+/g, ' ');
  const page = ask('--html', '-');
  for (const form of [text, page]) {
    assert.equal(form.match(/This audience would cost/g).length, 1);
    assert.match(form, /This audience would cost [\d.]+ times as much through paid channels \[[\d.]+ to [\d.]+\]: .*?Defensible: of the 2 partners whose effect was measured/);
    assert.match(form, /the audience of all would cost [\d.]+ \[/, 'the other one is context');
    assert.doesNotMatch(form, /worlds/);
    assert.match(form, /scenarios/);
    assert.match(form, /Where the next 50,000 EUR go/);
    assert.match(form, /Against building it ourselves the partnerships are better in \d+ of 100 scenarios/);
    for (const name of ['prizewheel', 'badgehunt'])
      assert.match(form, new RegExp(`${name}(</b>)?: a cost centre: activity without sales\\. [\\d,.]+ subscribers, \\d+ orders?, .*?Clopper and Pearson`));
  }
  assert.match(text, /^The answer By what was measured, 2 of 30 partners \(defensible\)/);
  assert.match(text, /Partnerships -?[\d,]+ \[.*?best in \d+ of 100 scenarios Paid channels .*? Building it ourselves/);
  assert.match(text, /sidebyside: [\d,]+ EUR, which bring [\d,]+ \[[\d,]+ to [\d,]+\]/, 'what the next amount returns');
  assert.match(page, /<h1>The case for the partnerships<\/h1>\s*<div class="two"><section class="card">/);
});

test('what a plan lacks to weigh building it is named', (t) => {
  const ask = (rows) => ok(['case', '--data', data, '--draws', '100', '--plan', file(t, 'plan.csv', `item,low,likely,high,source\n${rows}`)]).replace(/\s+/g, ' ');
  assert.match(ask('build.once,,1000,,x\nbuild.yearly,,1000,,x\n'), /the plan gives a part of what that takes and lacks build\.months, build\.new_customers\./);
  assert.match(ask('years,,3,,x\n'), /the plan does not say what that takes: build\.once, build\.yearly, build\.months, build\.new_customers\./);
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
  const few = file(t, 'few.csv', 'x,last,watched\n0,0,0.14\n0,0,0.11\n0,0,0.19\n1,0.14682814359664917,0.19\n');
  const one = JSON.parse(ok(['ltv', few, '--summary', 'x,last,watched', '--draws', '0', '--json']));
  assert.deepEqual(one.models.map((model) => model.model), ['bg_nbd']);
  assert.match(one.pareto_refused, /^Pareto\/NBD: no minimum/);
  assert.match(ok(['ltv', few, '--summary', 'x,last,watched', '--draws', '0']).replace(/\s+/g, ' '), /The Pareto\/NBD, a second opinion, is not there: Pareto\/NBD: no minimum/);
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
