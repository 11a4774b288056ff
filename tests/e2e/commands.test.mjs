// The program as a shell meets it: codes, words, locks, and output that cannot be written.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BINARY, EXIT, count, directory, file, hansa, ok, orders, programme, shell, start, touches, until } from './support.mjs';

test('a programme is made once and never over something', (t) => {
  const data = join(directory(t), 'programme');
  assert.match(ok(['init', data, '--currency', 'USD', '--time-zone', 'Europe/Berlin']), /reports in USD, its days are those of Europe\/Berlin/);
  const again = hansa(['init', data]);
  assert.equal(again.code, EXIT.conflict);
  assert.equal(again.out, '');
  assert.match(again.err, /^hansa init: .*is not empty \(it holds [^)]+\); choose a new directory\n$/);
});

test('a directory with somebody else’s files is left alone', (t) => {
  const data = directory(t);
  writeFileSync(join(data, 'letter.txt'), 'dear');
  assert.equal(hansa(['init', data]).code, EXIT.conflict);
  const report = hansa(['report', '--data', data]);
  assert.equal(report.code, EXIT.notFound);
  assert.match(report.err, /is no data directory; make one with: hansa init /);
});

test('every command says in one line that a data directory is missing', (t) => {
  const missing = join(directory(t), 'nowhere');
  const input = file(t, 'touches.csv', touches(1));
  const commands = [
    ['import', 'touches', input], ['report'], ['sql', 'SELECT 1'], ['export', 'touches', join(missing, 'x.csv')],
    ['partner', 'list'], ['link', 'list'], ['coupon', 'list'], ['attribute'],
  ];
  for (const command of commands) {
    const done = hansa([...command, '--data', missing]);
    assert.equal(done.code, EXIT.notFound, command.join(' '));
    assert.match(done.err, new RegExp(`^hansa ${command[0]}: [^\n]*no data directory[^\n]*\n$`));
    assert.equal(done.out, '');
  }
});

test('what is wrong with a command line is named, with exit code 2', (t) => {
  const data = programme(t);
  const cases = [
    [[], /no command was given/],
    [['frobnicate'], /there is no command frobnicate/],
    [['report', '--data', data, '--colour'], /there is no option --colour; see: hansa report --help/],
    [['report', '--data'], /--data needs a value: --data DIR/],
    [['report'], /--data DIR/],
    [['report', '--data', data, '--json', '--csv'], /exclude each other/],
    [['report', '--data', data, '--look-back', '0'], /--look-back must be a whole number from 1 to 365, got 0/],
    [['report', '--data', data, '--interval', 'ninety'], /--interval must be a number .* got ninety/],
    [['report', '--data', data, '--model', 'guess'], /--model must be .* got guess/],
    [['report', '--data', data, '-j'], /options have two dashes, got -j/],
    [['import', 'clicks', 'x.csv', '--data', data], /there is no kind clicks; there are touches, orders/],
    [['import', 'touches', '--data', data], /something is missing; usage: hansa import/],
    [['init', join(data, 'x'), '--currency', 'XYZ'], /XYZ is no currency/],
    [['init', data, 'more'], /more is one argument too many/],
    [['attribute', 'one.csv', 'two.csv'], /^hansa attribute: two.csv is one argument too many[^\n]*\n$/],
    [['simulate', '--out', data, '--seed', '9007199254740993'], /from 0 to 9007199254740991, got 9007199254740993/],
    [['partner', 'remove', 'alpha', '--data', data], /knows add and list, got remove/],
  ];
  for (const [args, words] of cases) {
    const done = hansa(args);
    assert.equal(done.code, EXIT.usage, `${args.join(' ')}: ${done.err}`);
    assert.match(done.err, words);
    assert.equal(done.err.split('\n').length, 2, 'one line');
  }
});

test('a second process is told that the programme is open, and can go on afterwards', async (t) => {
  const data = programme(t);
  const { child, done } = start(['import', 'touches', '-', '--data', data], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.write('touch_id,person,occurred_at\n');
  await until(() => existsSync(join(data, 'trail.duckdb'))); // made by whoever holds the lock
  const second = hansa(['report', '--data', data]);
  assert.equal(second.code, EXIT.busy);
  assert.match(second.err, /^hansa report: another hansa has .* open; wait until it has ended\n$/);
  child.stdin.end('t-1,v-1,2026-01-01T00:00:00Z\n');
  assert.equal((await done).code, EXIT.ok);
  assert.equal(count(data, 'touches'), 1);
});

test('output on a full device is an error, and a closed pipe a quiet end', (t) => {
  const data = programme(t);
  ok(['import', 'touches', file(t, 'touches.csv', touches(3000)), '--data', data]);
  const full = shell(`"$HANSA" report --data '${data}' > /dev/full`);
  assert.equal(full.code, EXIT.full);
  assert.match(full.err, /^hansa report: cannot write the answer: No space left on device\n$/);
  const closed = shell(`"$HANSA" sql 'SELECT * FROM touches' --data '${data}' --csv | head -n 1; exit \${PIPESTATUS[0]}`);
  assert.equal(closed.code, EXIT.io);
  assert.match(closed.out, /^touch_id,person,/);
  assert.equal(closed.err, '');
});

test('help goes to standard output and names every command', () => {
  const help = ok(['help']);
  for (const name of ['init', 'import', 'attribute', 'partner', 'link', 'coupon', 'report', 'sql', 'export', 'simulate', 'demo']) {
    assert.match(help, new RegExp(`^  ${name} `, 'm'));
    assert.match(ok([name, '--help']), new RegExp(`^hansa ${name}: .*\n\nUsage: hansa ${name} `));
  }
  assert.match(ok(['--version']), /^hansa \d+\.\d+\.\d+\n$/);
});

test('partners, links and coupons are entered once, and their coupon counts at the checkout', (t) => {
  const data = programme(t);
  ok(['partner', 'add', 'alpha', '--title', 'Alpha Blog', '--kind', 'creator', '--data', data]);
  ok(['link', 'add', 'spring', '--partner', 'alpha', '--target', 'https://shop.example/spring', '--data', data]);
  ok(['coupon', 'add', 'ALPHA10', '--partner', 'alpha', '--data', data]);
  ok(['partner', 'add', 'alpha', '--title', 'Alpha Blog', '--kind', 'creator', '--data', data]);
  assert.equal(hansa(['partner', 'add', 'alpha', '--title', 'Another', '--data', data]).code, EXIT.conflict);
  const ours = hansa(['partner', 'add', 'Organic', '--data', data]);
  assert.equal(ours.code, EXIT.invalid);
  assert.match(ours.err, /must not be that of a channel of our own, got Organic/);
  assert.equal(hansa(['coupon', 'add', 'alpha10', '--partner', 'beta', '--data', data]).code, EXIT.notFound);
  assert.equal(hansa(['link', 'add', 'bad', '--partner', 'alpha', '--target', 'javascript:alert(1)', '--data', data]).code, EXIT.invalid);
  assert.deepEqual(JSON.parse(ok(['partner', 'list', '--json', '--data', data])).map((row) => [row.name ?? row.partner, row.title]), [['alpha', 'Alpha Blog']]);
  assert.equal(JSON.parse(ok(['link', 'list', '--json', '--data', data])).length, 1);
  assert.equal(JSON.parse(ok(['coupon', 'list', '--json', '--data', data])).length, 1);

  // Nobody clicked anything: the code at the checkout is the only touchpoint.
  ok(['import', 'orders', '-', '--data', data],
    { input: 'order_id,person,occurred_at,amount,currency,coupon\no-1,v-1,2026-02-01T10:00:00Z,50,EUR,alpha10\no-2,v-2,2026-02-01T11:00:00Z,30,EUR,OTHER\n' });
  const report = JSON.parse(ok(['report', '--data', data, '--json']));
  assert.equal(report.totals.revenue_with_path, 50);
  assert.equal(report.totals.revenue_without_path, 30);
  const line = report.lines.find((one) => one.name === 'alpha');
  assert.equal(line.title, 'Alpha Blog');
  assert.ok(Math.abs(line.revenue - 50) < 1e-9);
  const attributed = JSON.parse(ok(['attribute', '--data', data, '--models', 'last', '--interval', '0', '--json']));
  const alpha = attributed.models[0].credits.find((one) => one.channel === 'alpha');
  assert.equal(alpha.conversions, 1);
  assert.equal(alpha.value, 50);
});

test('paths with spaces, quotes and other scripts are paths like any other', (t) => {
  const odd = join(directory(t), "my 'first' programme — ü");
  mkdirSync(odd);
  ok(['init', odd]);
  const input = join(odd, '..', 'touches & "more".csv');
  writeFileSync(input, touches(5));
  ok(['import', 'touches', input, '--data', odd]);
  ok(['import', 'orders', '-', '--data', odd], { input: orders(2) });
  assert.equal(count(odd, 'touches'), 5);
  assert.ok(BINARY.startsWith('/'));
});
