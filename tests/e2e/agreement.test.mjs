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

test('an order is tried under the terms, step by step', (t) => {
  const attempt = (...options) => JSON.parse(ok(['agreement', 'try', OFFER, ...options, '--json']));
  // 40.00 of 100.00 at 10 %, the rate from the 11th order on; a third comes back: 1.3332, rounded.
  const shared = attempt('--amount', '100', '--share', '40%', '--nth', '11', '--refund', '33.33');
  assert.deepEqual(shared, {
    currency: 'EUR', rule: 'sales', rank: 2, share: '2/5', pieces: [{ base_minor: '4000', rate: '0.1', exact_minor: '400' }],
    exact_minor: '400', rounded_minor: 400, catch_up_minor: 0, commission_minor: 400, taken_back_minor: 133,
  });
  assert.deepEqual([attempt('--new').rule, attempt('--new').commission_minor], ['new customers', 1200]);
  assert.equal(attempt('--amount', '100000', '--new').commission_minor, 500000); // the cap
  const narrow = file(t, 'narrow.json', readFileSync(OFFER, 'utf8').replace('"customer": "new",', '"coupons": ["BLOG10"],').replace('"rank": 2,', '"rank": 2, "value_min": "50",'));
  const small = (...options) => JSON.parse(ok(['agreement', 'try', narrow, '--amount', '49.99', ...options, '--json']));
  assert.deepEqual(small(), { currency: 'EUR', rule: null, commission_minor: 0 });
  assert.equal(small('--coupon', 'blog10').rule, 'new customers');
  assert.match(ok(['agreement', 'try', narrow, '--amount', '49.99']), /no rule holds for this order: nothing is earned/);
  for (const [option, value, words] of [['--amount', '1.005', /--amount: 1.005 has 3 digits/], ['--share', '2', /--share must be above 0 and at most 1, got 2/], ['--share', 'half', /--share must be such as/], ['--revenue', '-1', /--revenue must be 0 or more/]]) {
    const done = hansa(['agreement', 'try', OFFER, option, value]);
    assert.equal(done.code, EXIT.usage);
    assert.match(done.err, words);
  }
});

test('the printed schema is the documented one', () => {
  const documented = readFileSync(fileURLToPath(new URL('../../docs/reference/agreement.schema.json', import.meta.url)), 'utf8');
  assert.equal(ok(['agreement', 'schema']), documented);
  assert.equal(hansa(['agreement', 'sign', OFFER]).code, EXIT.usage);
  assert.equal(hansa(['agreement', 'diff', OFFER]).code, EXIT.usage);
});
