// hansa attribute on a file, without any set-up. The figure of the golden test is that of ChannelAttribution 2.2.4 on its own data
// (tests/golden/test_pathdata.c); HANSA_DATA names the folder of that file, which is not part of the tree.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, file, hansa, ok, programme, random } from './support.mjs';

const PATHDATA = join(process.env.HANSA_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)), 'channelattribution_pathdata.csv');
const COLUMNS = ['--path', 'path', '--conversions', 'total_conversions', '--value', 'total_conversion_value', '--null', 'total_null'];

test('the published file gives the published figure', (t) => {
  if (!existsSync(PATHDATA)) {
    assert.notEqual(process.env.CI, 'true', `${PATHDATA} is missing`);
    t.diagnostic(`NOT RUN: ${PATHDATA} is missing (set HANSA_DATA)`);
    return;
  }
  const result = JSON.parse(ok(['attribute', PATHDATA, ...COLUMNS, '--models', 'markov', '--order', '1', '--json']));
  assert.deepEqual([result.models.length, result.models[0].model, result.models[0].order], [1, 'markov', 1]);
  const alpha = result.models[0].credits.find((one) => one.channel === 'alpha');
  assert.ok(Math.abs(alpha.conversions - 5344.94768209) < 1e-6, `${alpha.conversions}`);
  assert.ok(alpha.low < alpha.conversions && alpha.conversions < alpha.high);
});

function paths(seed) {
  const chance = random(seed);
  const lines = ['path,conversions,value,null'];
  for (let i = 0; i < 400; i++) {
    const steps = Array.from({ length: 1 + Math.floor(chance() * 5) }, () => 'abcdef'[Math.floor(chance() * 6)]);
    const conversions = Math.floor(chance() * 5);
    lines.push(`${steps.join(' > ')},${conversions},${conversions * 10},${Math.floor(chance() * 40)}`);
  }
  return `${lines.join('\n')}\n`;
}

test('the number of threads changes no bit, and a seed is a result', (t) => {
  const input = file(t, 'paths.csv', paths(1));
  const run = (threads, seed) => ok(['attribute', input, '--json', '--draws', '200', '--seed', seed, '--threads', threads]);
  const alone = run('1', '7');
  assert.equal(run('2', '7'), alone);
  assert.equal(run('5', '7'), alone);
  assert.notEqual(run('1', '8'), alone);
});

test('every model gives away what was converted, and --interval 0 leaves the intervals out', (t) => {
  const input = file(t, 'paths.csv', paths(2));
  const result = JSON.parse(ok(['attribute', input, '--json', '--interval', '0']));
  assert.deepEqual(result.models.map((one) => one.model), ['first', 'last', 'linear', 'position', 'decay', 'markov', 'shapley']);
  for (const model of result.models) {
    const sum = model.credits.reduce((total, one) => total + one.conversions, 0);
    assert.ok(Math.abs(sum - result.totals.conversions) < 1e-6, model.model);
    assert.ok(model.credits.every((one) => !('low' in one)));
  }
});

test('rows that cannot be used are named and left out, with exit code 3', (t) => {
  const done = hansa(['attribute', file(t, 'paths.csv', 'path,conversions\na > b,3\na > c,many\nb,2\n'), '--json', '--models', 'last']);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /line 3, column conversions: 'many' is not a number/);
  assert.equal(JSON.parse(done.out).totals.conversions, 5);
});

test('rejected values do not command a terminal either, nor do wrong arguments', (t) => {
  const done = hansa(['attribute', file(t, 'paths.csv', 'path,conversions\na,\u001b]0;owned\u0007\nb,1\n'), '--csv', '--models', 'last']);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /'\\x1b\]0;owned\\x07' is not a number/);
  assert.match(hansa(['attribute', 'x', '--models', '\u001b[31m']).err, /no model '\\x1b\[31m'/);
});

test('a file is read with the delimiter that is named, or that goes with its name', (t) => {
  const last = (args) => JSON.parse(ok(['attribute', ...args, '--json', '--models', 'last'])).totals.conversions;
  assert.equal(last([file(t, 'paths.csv', 'path;conversions\na > b;3\n'), '--delimiter', ';']), 3);
  assert.equal(last([file(t, 'paths.tsv', 'path\tconversions\na, inc > b\t4\n')]), 4);
});

test('an option that would change nothing is refused', (t) => {
  const input = file(t, 'paths.csv', 'path,conversions\na > b,3\n');
  const cases = [
    [[input, '--period', '2026'], /--period goes with a programme/],
    [[input, '--look-back', '7'], /--look-back goes with a programme/],
    [['--data', t.name, '--separator', '|'], /--separator goes with a file/],
    [['--data', t.name, '--value', 'v'], /--value goes with a file/],
    [[input, '--separator', ''], /--separator must not be empty/],
    [[input, '--delimiter', '|'], /--delimiter must be , or ; or tab, got \|/],
  ];
  for (const [args, words] of cases) {
    const done = hansa(['attribute', ...args]);
    assert.equal(done.code, EXIT.usage, done.err);
    assert.match(done.err, words);
  }
});

test('last non-direct passes over direct in files and programmes, unless another name is given', (t) => {
  const last = (args) => Object.fromEntries(JSON.parse(ok(['attribute', ...args, '--json', '--models', 'last_non_direct'])).models[0].credits.map((one) => [one.channel, one.conversions]));
  const input = file(t, 'paths.csv', 'path,conversions\na > direct,3\ndirect,1\n');
  assert.deepEqual(last([input]), { a: 3, direct: 1 });
  assert.deepEqual(last([input, '--direct', 'a']), { a: 0, direct: 4 });
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: 'touch_id,person,occurred_at,partner\n1,v,2026-01-01T00:00:00Z,a\n2,v,2026-01-02T00:00:00Z,\n' });
  ok(['import', 'orders', '-', '--data', data], { input: 'order_id,person,occurred_at,amount,currency\n1,v,2026-01-03T00:00:00Z,5,EUR\n' });
  assert.deepEqual(last(['--data', data]), { a: 1, direct: 0 });
});

// a (4), a > b (6): taken out to nothing, a leaves 0 and b 4 of 10; passed over, a leaves b's 6 and b all 10.
test('several meanings of removal stand side by side, and the spread covers them', (t) => {
  const input = file(t, 'paths.csv', 'path,conversions\na,4\na > b,6\n');
  const args = ['attribute', input, '--models', 'markov', '--removal', 'null,skip', '--interval', '0'];
  const models = JSON.parse(ok([...args, '--json'])).models;
  assert.deepEqual(models.map((one) => one.removal), ['null', 'skip']);
  assert.deepEqual(models.map((one) => one.credits.map((credit) => Math.round(credit.conversions * 1e9) / 1e9)), [[6.25, 3.75], [10, 0]]);
  assert.match(ok(args), /^ +b +0\.0 +3\.[78] /m);
  assert.equal(hansa(['attribute', input, '--removal', 'null,null']).code, EXIT.usage);
});

test('what is asked for beside the credits stands in the CSV too', (t) => {
  const input = file(t, 'paths.csv', 'path,conversions\na,4\na > b,6\n');
  const rows = ok(['attribute', input, '--csv', '--models', 'markov,shapley', '--places', '2', '--screen', '--unseen', '10', '--interval', '0']).trim().split('\r\n').map((row) => row.split(','));
  const of = (model, channel) => Object.fromEntries(rows.find((row) => row[0] === model && row[2] === channel).map((value, i) => [rows[0][i], value]));
  const shapley = of('shapley', 'a');
  assert.deepEqual([shapley.place_1, shapley.place_2, shapley.screen_value, shapley.removal], ['7', '0', '', '']);
  assert.deepEqual([Number(shapley.if_unseen_low), Number(shapley.if_unseen_high)], [6.3, 7.3]);
  const markov = of('markov', 'b');
  assert.deepEqual([markov.place_1, markov.removal], ['', 'null']);
  assert.ok(Math.abs(Number(markov.screen_conversions) - 6 * 0.6 / 1.6) < 1e-9);
});

test('names of channels do not command a terminal', (t) => {
  const out = ok(['attribute', file(t, 'paths.csv', 'path,conversions\n\u001b[31mred > \u009b2J > \u202eback,3\n')]);
  assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
});
