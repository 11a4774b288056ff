// hansa agreement: checked, shown and compared from the shell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, file, hansa, ok } from './support.mjs';

const EXAMPLE = (name) => fileURLToPath(new URL(`../../docs/examples/${name}.json`, import.meta.url));
const OFFER = EXAMPLE('standard-offer');
const MANAGED = EXAMPLE('co-marketing');

test('the examples of the documentation may be signed, and are shown in words', () => {
  for (const example of [OFFER, MANAGED]) {
    const done = hansa(['agreement', 'check', example, '--json']);
    assert.deepEqual([done.code, JSON.parse(done.out)], [EXIT.ok, []]);
    assert.match(done.err, /nothing stands against signing/);
  }
  const words = ok(['agreement', 'show', OFFER]);
  assert.match(words, /2\. sales: 8 % of what was paid [^;]*; 10 % from order 11 a month on; 12 % from order 51 a month on/);
  assert.match(ok(['agreement', 'show', MANAGED]), /from 40 to 120 orders a month by 2027-09-30/);
});

test('what stands against signing is listed and ends with 16', (t) => {
  const alliance = file(t, 'alliance.json', readFileSync(MANAGED, 'utf8').replace('"managed"', '"alliance"'));
  const done = hansa(['agreement', 'check', alliance, '--json']);
  assert.equal(done.code, EXIT.denied);
  assert.match(done.err, /cannot be signed yet: 19 things stand against it\n$/);
  const rows = JSON.parse(done.out);
  assert.equal(rows.length, 19);
  assert.deepEqual(rows.find((row) => row.where === 'forums'),
    { demand: 'forums', where: 'forums', what: 'missing: Who meets how often.', set_aside_by: null, because: null });
});

test('every fault of a file is told with its place', (t) => {
  const broken = file(t, 'broken.json', readFileSync(OFFER, 'utf8').replace('"8%"', '0.08').replace('"EUR"', '"EURO"').replace('"rank": 2', '"rang": 2'));
  const done = hansa(['agreement', 'check', broken]);
  assert.equal(done.code, EXIT.invalid);
  assert.equal(done.out, '');
  assert.match(done.err, /terms\.rules\[1\]\.rate: must be a decimal in quotes, got a number with a fraction/);
  assert.match(done.err, /terms\.rules\[1\]\.rang: there is no such field; did you mean "rank"\?/);
  const missing = hansa(['agreement', 'check', 'nowhere.json']);
  assert.equal(missing.code, EXIT.notFound);
  const lines = hansa(['agreement', 'check', file(t, 'cut.json', '{"title": "x",\n')]);
  assert.match(lines.err, /cut\.json: line 2, column 0: /);
});

test('a difference stands field by field, and none is empty', (t) => {
  const after = file(t, 'after.json', readFileSync(OFFER, 'utf8').replace('"rate": "8%"', '"rate": "9%"'));
  assert.deepEqual(JSON.parse(ok(['agreement', 'diff', OFFER, after, '--json'])), [{ where: 'terms.rules[1].rate', before: '0.08', after: '0.09' }]);
  assert.deepEqual(JSON.parse(ok(['agreement', 'diff', OFFER, OFFER, '--json'])), []);
  const form = ok(['agreement', 'show', OFFER, '--json']);
  assert.equal(ok(['agreement', 'show', file(t, 'form.json', form), '--json']), form);
});

test('the printed schema is the documented one', () => {
  const documented = readFileSync(fileURLToPath(new URL('../../docs/reference/agreement.schema.json', import.meta.url)), 'utf8');
  assert.equal(ok(['agreement', 'schema']), documented);
  assert.equal(hansa(['agreement', 'sign', OFFER]).code, EXIT.usage);
  assert.equal(hansa(['agreement', 'diff', OFFER]).code, EXIT.usage);
});
