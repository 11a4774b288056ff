// What can be asked and taken out, and that nothing else can be reached through it. docs/reference/sql.md is the contract.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT, count, directory, file, hansa, ok, orders, programme, query, report, start, touches } from './support.mjs';

test('nothing but a SELECT over the views gets through', (t) => {
  const data = programme(t);
  const outside = file(t, 'secret.csv', 'a,b\n1,2\n');
  const target = join(directory(t), 'written');
  ok(['import', 'touches', '-', '--data', data], { input: touches(10) });
  const before = report(data);
  const denied = [
    `COPY touches TO '${target}'`, `COPY (SELECT 1) TO '${target}' (FORMAT parquet)`, `EXPORT DATABASE '${target}'`,
    `ATTACH '${target}' AS other`, 'DETACH memory', 'USE memory', "SET memory_limit='1GB'", 'SET enable_external_access=true', 'RESET ALL',
    'PRAGMA database_list', 'PRAGMA enable_external_access', 'INSTALL httpfs', 'LOAD httpfs', 'CALL pragma_version()', 'CHECKPOINT', 'BEGIN', 'VACUUM',
    `SELECT * FROM read_csv('${outside}')`, `SELECT * FROM read_text('${outside}')`, `SELECT * FROM read_blob('${outside}')`,
    `SELECT * FROM read_parquet('${outside}')`, `SELECT * FROM read_json('${outside}')`, `SELECT * FROM '${outside}'`, `FROM '${outside}'`,
    `SELECT * FROM sniff_csv('${outside}')`, "SELECT * FROM glob('/etc/*')", "SELECT * FROM 'https://partner.example/x.parquet'",
    'DROP TABLE touches', 'DROP VIEW touches', 'CREATE TABLE mine (a INT)', 'CREATE MACRO f() AS 1', 'ALTER VIEW touches RENAME TO mine', 'DELETE FROM touches',
    "UPDATE touches SET partner = 'me'", "INSERT INTO touches (touch_id) VALUES ('x')", 'TRUNCATE touches',
    'SELECT 1; SELECT 2', 'SELECT 1; DROP VIEW touches', '', ';', '/* nothing */', 'EXPLAIN SELECT 1', 'PREPARE p AS SELECT 1', 'EXECUTE p',
    'SELECT * FROM duckdb_settings()', "SELECT current_setting('memory_limit')", "SELECT getenv('HOME')", "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('touches')", 'SELECT * FROM sqlite_master', 'SELECT * FROM pg_catalog.pg_class', 'SELECT * FROM duckdb_secrets()',
    'WITH gone AS (DELETE FROM touches RETURNING *) SELECT * FROM gone', 'SELECT $1', 'SELECT ?', "SELECT 'unfinished",
  ];
  for (const text of denied) {
    const done = hansa(['sql', text, '--data', data]);
    assert.ok([EXIT.invalid, EXIT.denied].includes(done.code), `${text}: ${done.code} ${done.out}${done.err}`);
    assert.equal(done.out, '', text);
    assert.match(done.err, /^hansa sql: /, text);
  }
  for (const text of denied.filter((one) => /read_(csv|text)|^COPY touches|^ATTACH|^SET|^INSTALL|^PRAGMA database|; SELECT 2/.test(one))) {
    assert.equal(hansa(['sql', text, '--data', data]).code, EXIT.denied, text);
  }
  assert.ok(!existsSync(target));
  assert.equal(report(data), before);
});

test('a wrong SELECT is told in one line with its place, in words that a terminal shows and does not obey', (t) => {
  const data = programme(t);
  const said = (text) => {
    const done = hansa(['sql', text, '--data', data]);
    assert.equal(done.code, EXIT.invalid, text);
    assert.match(done.err, /^hansa sql: [^\n]+\n$/, text);
    assert.doesNotMatch(done.err, / Error: |LINE \d|pg_|trail/, text);
    return done.err;
  };
  assert.match(said("SELECT nope, '\u001b[31m' FROM touches"), /column "nope" not found.*\(line 1, at 'nope, '\\x1b\[31m' FROM touches'\)$/m);
  assert.match(said('SELECT count(*)\nFORM touches'), /syntax error.*\(line 2, at 'touches'\)$/m);
  assert.match(said("SELECT 'größe', nope FROM touches"), /\(line 1, at 'nope FROM touches'\)$/m);
  assert.match(said(`SELECT nope, ${'ä'.repeat(60)} FROM touches`), /\(line 1, at 'nope, ä{13} …'\)$/m);
  assert.match(said('SELECT 1 +'), /syntax error at end of input$/m);
  assert.match(said('SELECT * FROM tuches'), /tuches does not exist! Did you mean "touches"\? SHOW TABLES lists them\. \(line 1, at 'tuches'\)$/m);
  assert.match(said('SELECT * FROM nothin'), /nothin does not exist!.* SHOW TABLES lists them\./);
  assert.match(said("SELECT '2026-01-01' + 1 FROM touches"), /explicit type casts\. \(line 1, at '\+ 1 FROM touches'\)$/m);
  said("SELECT 'unfinished");
  said("SELECT 'x'::INTEGER");
  said('SELECT foo(1)');
});

test('SHOW TABLES lists the documented tables, and what stands behind them stays there', (t) => {
  const data = programme(t);
  const names = ['activity', 'conflicts', 'costs', 'coupons', 'credits', 'events', 'identities', 'imports', 'journeys', 'leads', 'links', 'network_commissions', 'order_credits', 'orders', 'parties', 'paths',
    'rates', 'refunds', 'series', 'settings', 'surveys', 'touches'];
  assert.deepEqual(query(data, 'SHOW TABLES').map((row) => row.name), names);
  for (const name of names) {
    const columns = query(data, `DESCRIBE ${name}`).map((row) => row.column_name);
    assert.ok(columns.length >= 3, name);
    assert.ok(!columns.some((column) => /key_hash|_key$/.test(column)), `${name}: ${columns}`);
  }
  for (const text of ['SHOW ALL TABLES', 'DESCRIBE', 'SHOW DATABASES', 'SHOW TABLES FROM trail', 'SELECT * FROM trail.touches', 'SELECT * FROM "Trail".main.cursor',
    'DESCRIBE trail.cursor', 'SELECT * FROM information_schema.tables', 'FROM INFORMATION_SCHEMA.columns', 'WITH t AS (FROM trail.main.orders) FROM t']) {
    const refused = hansa(['sql', text, '--data', data]);
    assert.equal(refused.code, EXIT.denied, text);
    assert.match(refused.err, /is not offered here; SHOW TABLES lists the tables/, text);
  }
});

test('answers come as a table, as CSV and as JSON, and say the same', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(30) });
  const text = 'SELECT partner, count(*) AS n, min(occurred_at) AS first FROM touches GROUP BY partner ORDER BY partner';
  const rows = query(data, text);
  assert.equal(rows.reduce((sum, row) => sum + row.n, 0), 30);
  assert.deepEqual(Object.keys(rows[0]), ['partner', 'n', 'first']);
  const csv = ok(['sql', text, '--data', data, '--csv']);
  assert.equal(csv, `partner,n,first\n${rows.map((row) => `${row.partner},${row.n},${row.first}`).join('\n')}\n`);
  const table = ok(['sql', text, '--data', data]);
  for (const row of rows) assert.match(table, new RegExp(`${row.partner} +${row.n} +${row.first}`));
  assert.match(table, /\(3 rows\)\n$/);
});

test('an export in any format, imported again, changes nothing', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(300) });
  ok(['import', 'orders', '-', '--data', data], { input: orders(60) });
  const before = report(data);
  const folder = directory(t);
  for (const format of ['csv', 'ndjson', 'parquet']) {
    for (const kind of ['touches', 'orders']) {
      const path = join(folder, `${kind}.${format}`);
      ok(['export', kind, path, '--format', format, '--data', data]);
      const said = ok(['import', kind, path, '--data', data, ...(format === 'parquet' ? ['--time-zone', 'UTC'] : [])]);
      assert.match(said, new RegExp(`0 ${kind} are in as imp_\\w+; \\d+ were there already, 0 contradict`), `${kind} as ${format}`);
    }
  }
  const after = { ...JSON.parse(report(data)), sequence: null };
  assert.deepEqual(after, { ...JSON.parse(before), sequence: null });
  assert.equal(count(data, 'touches'), 300);
});

// The first row of this answer is hours away, so the interruption has to reach the computing itself.
test('a question that computes for long ends when it is interrupted', async (t) => {
  const data = programme(t);
  const { child, done } = start(['sql', 'SELECT count(*) FROM range(10000000000000)', '--data', data]);
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  const asked = Date.now();
  child.kill('SIGINT');
  const ended = await done;
  assert.equal(ended.code, EXIT.interrupted);
  assert.equal(ended.err, 'hansa sql: interrupted\n');
  assert.ok(Date.now() - asked < 60_000, 'it went on computing');
});

test('what would write is told that it may not, however wrong it is besides', (t) => {
  const data = programme(t);
  for (const statement of ['DELETE FROM touches', "UPDATE touches SET partner = 'me'", "INSERT INTO touches VALUES ('x')", 'CREATE SECRET s (TYPE s3)', 'EXECUTE q']) {
    const refused = hansa(['sql', statement, '--data', data]);
    assert.equal(refused.code, EXIT.denied, `${statement}: ${refused.err}`);
  }
});

test('an export goes to a file with a name', (t) => {
  const data = programme(t);
  const cwd = directory(t);
  for (const name of ['-', '']) {
    const refused = hansa(['export', 'touches', name, '--data', data], { cwd });
    assert.equal(refused.code, EXIT.usage, refused.err);
  }
  assert.deepEqual(readdirSync(cwd), []);
});

test('an export never writes over a file, and names what it does not know', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(3) });
  const taken = file(t, 'taken.csv', 'mine');
  assert.equal(hansa(['export', 'touches', taken, '--data', data]).code, EXIT.conflict);
  assert.equal(readFileSync(taken, 'utf8'), 'mine');
  assert.equal(hansa(['export', 'secrets', join(directory(t), 'x.csv'), '--data', data]).code, EXIT.usage);
  assert.equal(hansa(['export', 'touches', join(directory(t), 'x.csv'), '--format', 'xlsx', '--data', data]).code, EXIT.usage);
});

test('exported credits are those of the report, and credits of an order sum to the order', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(900, { hours: 20 }) });
  ok(['import', 'orders', '-', '--data', data], { input: orders(200, { persons: 300 }) });
  const lines = JSON.parse(report(data)).lines.filter((line) => line.revenue !== null);
  const credits = query(data, "SELECT channel, revenue FROM credits WHERE model = 'shapley'");
  for (const line of lines) {
    const credit = credits.find((one) => one.channel === line.name);
    assert.ok(Math.abs(credit.revenue - line.revenue) < 1e-6, line.name);
  }
  const off = query(data, `SELECT count(*) AS n FROM (SELECT c.order_id, c.model, sum(c.amount_minor) AS given, any_value(o.amount_minor) AS paid
    FROM order_credits c JOIN orders o USING (order_id) GROUP BY 1, 2) WHERE given <> paid`);
  assert.deepEqual(off, [{ n: 0 }]);
});
