// What import takes, what it refuses and how it says so. docs/reference/import.md is the contract.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EXIT, count, directory, file, fingerprint, hansa, ok, orders, programme, query, report, touches } from './support.mjs';

const ROW = { touch_id: 't-1', person: 'v-1', occurred_at: '2026-01-01T10:00:00Z', partner: 'alpha', kind: 'click' };
const one = (data) => query(data, 'SELECT touch_id, person, occurred_at, partner, kind FROM touches');

test('CSV, NDJSON, gzip and standard input give the same row', (t) => {
  const csv = `${Object.keys(ROW).join(',')}\n${Object.values(ROW).join(',')}\n`;
  const json = `${JSON.stringify(ROW)}\n`;
  const cases = [
    ['plain.csv', csv], ['mark.csv', `\ufeff${csv}`], ['windows.csv', csv.replaceAll('\n', '\r\n')], ['tabs.tsv', csv.replaceAll(',', '\t')],
    ['lines.ndjson', json], ['packed.csv.gz', gzipSync(csv)], ['no-hint', gzipSync(json)], ['quoted.csv', csv.replace('alpha', '"alpha"')],
  ];
  for (const [name, content] of cases) {
    const data = programme(t);
    ok(['import', 'touches', file(t, name, content), '--data', data]);
    assert.deepEqual(one(data), [ROW], name);
  }
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: csv });
  assert.deepEqual(one(data), [ROW]);
});

test('aliases, --map, --time-zone, --time-format and --currency say what a file leaves open', (t) => {
  const cases = [
    ['ID,Visitor,When,via\nt-1,v-1,2026-01-01 11:00,alpha\n', ['--map', 'occurred_at=when', '--time-zone', 'Europe/Berlin']],
    ['ID,Visitor,When,via\nt-1,v-1,2026-01-01T10:00:00Z,alpha\n', ['--map', 'Timestamp=when']], // the column by an alias
    ['click_id;user_id;ts;publisher\nt-1;v-1;1767261600;alpha\n', ['--delimiter', ';', '--time-format', 'unix']],
    ['id,visitor,time,ref\nt-1,v-1,1767261600000,alpha\n', ['--time-format', 'unix_ms']],
  ];
  for (const [csv, options] of cases) {
    const data = programme(t);
    ok(['import', 'touches', '-', '--data', data, ...options], { input: csv });
    assert.deepEqual(one(data), [ROW]);
  }
  const data = programme(t);
  ok(['import', 'orders', '-', '--data', data, '--currency', 'EUR'], { input: 'order_id,person,occurred_at,amount\no-1,v-1,2026-01-01T00:00:00Z,49.9\n' });
  assert.deepEqual(query(data, 'SELECT amount_minor, currency FROM orders'), [{ amount_minor: 4990, currency: 'EUR' }]);
});

test('a moment without a time zone is refused, not guessed', (t) => {
  const data = programme(t);
  const input = file(t, 'touches.csv', 'person,occurred_at\nv-1,2026-01-01 11:00\n');
  const done = hansa(['import', 'touches', input, '--data', data]);
  assert.equal(done.code, EXIT.invalid);
  assert.match(readFileSync(`${input}.rejects.csv`, 'utf8'), /^2,occurred_at,2026-01-01 11:00,/m);
  assert.equal(count(data, 'touches'), 0);
});

test('rejected rows stand in a file with line, column, value and reason, and the rest goes in', (t) => {
  const data = programme(t);
  const input = file(t, 'orders.csv', [
    'order_id,person,occurred_at,amount,currency',
    'o-1,v-1,2026-01-01T10:00:00Z,10.00,EUR',
    'o-2,v-2,yesterday,10.00,EUR',
    'o-3,v-3,2026-01-01T10:00:00Z,10.001,EUR',
    'o-4,v-4,2026-01-01T10:00:00Z,10.00,EURO',
    ',v-5,2026-01-01T10:00:00Z,10.00,EUR',
    'o-6,v-6,2026-01-01T10:00:00Z',
    'o-7,v-7,=1+1,10.00,EUR',
    'o-8,v-8,2026-01-01T10:00:00Z,10.00,EUR', ''].join('\n'));
  const done = hansa(['import', 'orders', input, '--data', data]);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /^hansa import: 6 of 8 rows were rejected; they stand with their reasons in .*orders\.csv\.rejects\.csv\n$/);
  assert.deepEqual(query(data, 'SELECT order_id FROM orders ORDER BY 1').map((row) => row.order_id), ['o-1', 'o-8']);
  assert.equal(readFileSync(`${input}.rejects.csv`, 'utf8'), [
    'line,column,value,reason',
    '3,occurred_at,yesterday,is no moment such as 2026-03-01T12:00:00Z',
    '4,amount,10.001,10.001 has 3 digits after the point; EUR has 2',
    '5,currency,EURO,is no currency of ISO 4217 such as EUR',
    '6,order_id,,is missing',
    '7,,"o-6,v-6,2026-01-01T10:00:00Z",the row has 3 fields; the header has 5',
    '8,occurred_at,"\'=1+1",is no moment such as 2026-03-01T12:00:00Z', ''].join('\n'));
});

test('a corrected file takes the list of rejected rows away', (t) => {
  const data = programme(t);
  const input = file(t, 'touches.csv', 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\nv-2,never\n');
  assert.equal(hansa(['import', 'touches', input, '--data', data]).code, EXIT.rejected);
  assert.ok(existsSync(`${input}.rejects.csv`));
  writeFileSync(input, 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\nv-2,2026-01-02T00:00:00Z\n');
  ok(['import', 'touches', input, '--data', data]);
  assert.ok(!existsSync(`${input}.rejects.csv`));
  assert.equal(count(data, 'touches'), 2);
});

test('no list of rejected rows stays behind that belongs to another run', (t) => {
  const data = programme(t);
  const input = file(t, 'touches.csv', '');
  const list = `${input}.rejects.csv`;
  const refused = {
    'no column fits': 'colour,size\nred,4\n', 'it is empty': '', 'gzip is damaged': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
  };
  for (const [why, content] of Object.entries(refused)) {
    writeFileSync(input, 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\nv-2,never\n');
    assert.equal(hansa(['import', 'touches', input, '--data', data]).code, EXIT.rejected);
    assert.ok(existsSync(list));
    rmSync(input);
    assert.equal(hansa(['import', 'touches', input, '--data', data]).code, EXIT.notFound);
    assert.ok(existsSync(list), 'nothing was read, so nothing is known to be old');
    writeFileSync(input, content);
    assert.notEqual(hansa(['import', 'touches', input, '--data', data]).code, EXIT.ok);
    assert.ok(!existsSync(list), why);
  }
  writeFileSync(list, 'my,own,notes\n');
  writeFileSync(input, 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\n');
  ok(['import', 'touches', input, '--data', data]);
  assert.equal(readFileSync(list, 'utf8'), 'my,own,notes\n');
});

test('a file that is none of the known ones ends with exit code 4 and leaves nothing', (t) => {
  const data = programme(t);
  const done = hansa(['import', 'touches', '-', '--data', data], { input: 'bad,file\n"', cwd: directory(t) });
  assert.equal(done.code, EXIT.invalid);
  assert.match(done.err, /^hansa import: .*no column for person.*the file has: bad, file; say --map .*\n$/);
  assert.equal(count(data, 'imports'), 0);
  for (const content of ['', '\n\n', 'PK\u0003\u0004', '[{"person":"v-1"}]', '\u0000\u0001\u0002']) {
    const bad = hansa(['import', 'touches', '-', '--data', data], { input: content, cwd: directory(t) });
    assert.notEqual(bad.code, EXIT.ok, JSON.stringify(content));
    assert.match(bad.err, /^hansa import: [^\n]+\n$/);
  }
  const noise = hansa(['import', 'touches', '-', '--data', data], { input: Buffer.from('|\u0002\u00e8?person;x\u0001\n|\u0000', 'latin1'), cwd: directory(t) });
  assert.equal(noise.code, EXIT.invalid);
  assert.match(noise.err, /is no text \(there is a byte 2 in its first line\): CSV, NDJSON, either in gzip, and Parquet can be read$/m);
  const packed = gzipSync(touches(1000)).subarray(0, 2000);
  assert.notEqual(hansa(['import', 'touches', file(t, 'cut.csv.gz', packed), '--data', data]).code, EXIT.ok);
  assert.equal(hansa(['import', 'touches', join(data, 'missing.csv'), '--data', data]).code, EXIT.notFound);
  assert.equal(count(data, 'touches'), 0);
});

test('the same file twice changes nothing', (t) => {
  const data = programme(t);
  const input = file(t, 'touches.csv', touches(500));
  ok(['import', 'touches', input, '--data', data]);
  ok(['import', 'orders', '-', '--data', data], { input: orders(50) });
  const kept = () => Object.entries(fingerprint(data)).filter(([name]) => /^(imports|journal)\//.test(name));
  const before = [report(data), kept()];
  assert.match(ok(['import', 'touches', input, '--data', data]), /this file was imported before, as imp_\w+: nothing changed/);
  assert.deepEqual([report(data), kept()], before);
  assert.equal(count(data, 'imports'), 2);
});

test('of overlapping files a natural key counts once, and a contradiction is kept beside it', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(100) });
  assert.match(ok(['import', 'touches', '-', '--data', data], { input: touches(100, { first: 60 }) }), /\b60 touches are in as imp_\w+/);
  assert.equal(count(data, 'touches'), 160);

  const clean = programme(t);
  ok(['import', 'orders', '-', '--data', clean], { input: orders(3) });
  const said = ok(['import', 'orders', '-', '--data', clean], { input: orders(3).replace(/(o-1,.*),\d+\.\d+,EUR/, '$1,999.99,EUR') });
  assert.match(said, /0 orders are in as imp_\w+; 2 were there already, 1 contradict/);
  assert.equal(query(clean, "SELECT amount_minor FROM orders WHERE order_id = 'o-1'")[0].amount_minor, 1101);
  assert.equal(count(clean, 'conflicts'), 1);
  assert.match(JSON.stringify(query(clean, 'SELECT * FROM conflicts')), /o-1/);
});

test('--dry-run reads and checks everything and stores nothing', (t) => {
  const data = programme(t);
  ok(['report', '--data', data]); // makes what is made on first opening
  const state = () => Object.entries(fingerprint(data)).filter(([name]) => /^(imports|journal)\//.test(name));
  const before = state();
  assert.match(ok(['import', 'touches', '-', '--data', data, '--dry-run'], { input: touches(40) }), /40 touches are good; nothing was stored/);
  const input = file(t, 'bad.csv', 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\nv-2,never\n');
  assert.equal(hansa(['import', 'touches', input, '--data', data, '--dry-run']).code, EXIT.rejected);
  assert.deepEqual(state(), before);
  assert.equal(count(data, 'touches'), 0);
  assert.equal(count(data, 'imports'), 0);
});

test('counts agree with their nouns, and a file of names alone says that it holds no rows', (t) => {
  const data = programme(t);
  const one = 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\n';
  assert.match(ok(['import', 'touches', '-', '--data', data], { input: one }), /^1 touch is in as imp_\w+; 0 were there already, 0 contradict /m);
  assert.match(ok(['import', 'touches', '-', '--data', data, '--dry-run'], { input: one }), /^1 touch is good; nothing was stored$/m);
  const cwd = directory(t);
  const mixed = hansa(['import', 'touches', '-', '--data', data], { cwd, input: `${one}v-2\n` });
  assert.match(mixed.out, /; 1 was there already, 0 contradict .*\n(?:.*\n)?1 row rejected, /);
  assert.match(mixed.err, /: 1 of 2 rows was rejected/);
  assert.match(readFileSync(join(cwd, 'stdin.rejects.csv'), 'utf8'), /the row has 1 field; the header has 2/);
  assert.match(ok(['import', 'touches', '-', '--data', data], { input: 'person,occurred_at\n' }), /no rows behind the names of the columns; nothing was stored/);
  assert.match(ok(['repair', '--check', '--data', data]), /^sound: \d+ (entry|entries) in 1 segment and/);
});

test('the list of rejected rows never takes the place of the file that is read', (t) => {
  const data = programme(t);
  const cwd = directory(t);
  const text = 'person,occurred_at\nv-1,2026-01-01T00:00:00Z\nv-2,never\n';
  writeFileSync(join(cwd, 'clicks.csv'), text);
  for (const rejects of ['clicks.csv', './clicks.csv', join(cwd, 'clicks.csv')]) {
    const refused = hansa(['import', 'touches', 'clicks.csv', '--data', data, '--rejects', rejects], { cwd });
    assert.equal(refused.code, EXIT.usage, refused.err);
  }
  assert.equal(readFileSync(join(cwd, 'clicks.csv'), 'utf8'), text);
  assert.notEqual(hansa(['import', 'touches', 'clicks.csv', '--data', data, '--rejects', cwd], { cwd }).code, EXIT.ok);
  assert.deepEqual(readdirSync(cwd), ['clicks.csv'], 'nothing half-written is left');
  assert.equal(count(data, 'touches'), 0);
});

test('names of fields are shown so that a terminal does not obey them', (t) => {
  const data = programme(t);
  const said = ok(['import', 'touches', '-', '--data', data], { input: 'person,occurred_at,"\u001b[31mred"\nv-1,2026-01-01T00:00:00Z,x\n' });
  assert.match(said, /^not read: \\x1b\[31mred$/m);
});

test('a Parquet file whose pages lie outside of it is damaged, and the disk is not', (t) => {
  const data = programme(t);
  const whole = join(directory(t), 'whole.parquet');
  ok(['import', 'touches', '-', '--data', data], { input: touches(5000) });
  ok(['export', 'touches', whole, '--format', 'parquet', '--data', data]);
  const bytes = readFileSync(whole);
  const footer = bytes.readUInt32LE(bytes.length - 8) + 8;
  for (const part of [0, 0.25, 0.5, 0.75]) {
    const pages = bytes.subarray(0, 4 + Math.floor((bytes.length - footer - 4) * part));
    const hollow = Buffer.concat([pages, bytes.subarray(-footer)]); // the offsets in the footer stay
    const refused = hansa(['import', 'touches', file(t, 'hollow.parquet', hollow), '--data', data]);
    assert.equal(refused.code, EXIT.corrupt, refused.err);
    assert.match(refused.err, /^hansa import: [^\n]*hollow\.parquet: [^\n]+\n$/);
  }
});

test('a damaged Parquet file is told in words, without the statement that met it', (t) => {
  const data = programme(t);
  const refused = hansa(['import', 'touches', file(t, 'torn.parquet', 'PAR1aaaaPAR1'), '--data', data]);
  assert.equal(refused.code, 12);
  assert.doesNotMatch(refused.err, /SELECT/);
});
