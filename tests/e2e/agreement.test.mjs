// hansa agreement: checked, shown and compared from the shell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, directory, file, hansa, ok } from './support.mjs';

const EXAMPLE = (name) => fileURLToPath(new URL(`../../docs/examples/${name}.json`, import.meta.url));
const OFFER = EXAMPLE('standard-offer');
const MANAGED = EXAMPLE('co-marketing');
const CREATORS = EXAMPLE('creator-offer');

test('the examples of the documentation may be signed, and are shown in words', () => {
  for (const example of [OFFER, MANAGED]) {
    const done = hansa(['agreement', 'check', example, '--json']);
    assert.equal(done.code, EXIT.ok);
    assert.deepEqual(JSON.parse(done.out).filter((row) => row.level !== 'remark'), []);
    assert.match(done.err, /nothing stands against signing/);
  }
  const words = ok(['agreement', 'show', OFFER]);
  assert.match(words, /2\. sales: 8 % of what was paid [^;]*; 10 % from order 11 a month on; 12 % from order 51 a month on/);
  assert.match(ok(['agreement', 'show', MANAGED]), /from 40 to 120 orders a month by 2027-09-30/);
  assert.match(ok(['agreement', 'show', MANAGED]), /neither alone\s+days and packing list in one/);
  const venture = ok(['agreement', 'show', EXAMPLE('joint-venture')]);
  assert.match(venture, / 1\. costs come back first\n {2}2\. brand\.example comes first with 8 % of its costs\n {2}brand\.example gets 60 % of what is left\n/);
  assert.match(venture, /prices: both; else last year's price holds\n/);
  assert.match(venture, /trails\.example has 30 % to 60 % of what both get out of it\n/);
  assert.match(ok(['agreement', 'show', EXAMPLE('alliance')]), /trails\.example gets 45 % of it and bears 50 % of a loss\n/);
});

test('the whole vocabulary of rules is shown in words', () => {
  const done = hansa(['agreement', 'check', CREATORS, '--json']);
  assert.equal(done.code, EXIT.ok);
  const words = ok(['agreement', 'show', CREATORS]);
  for (const line of [
    '  1. boots: 3.00 EUR for each piece of an item for boot of at least 30.00 EUR',
    "  2. subscriptions, first quarter: 40 % of what was paid without tax, shipping and discount for an order where plan is pro or team, for 3 months from a customer's first",
    '  4. leads: 20.00 EUR for a lead; at most 400.00 EUR a month',
    '  5. clicks: 0.05 EUR for a click; at most 10.00 EUR a day',
    '  6. trials: 2.00 EUR for an event called trial_started',
    '  +  fifty orders: 100.00 EUR once 50 orders a month are reached',
    '  +  a good start: 250.00 EUR once 5,000.00 EUR in all are reached',
  ]) assert.ok(words.includes(`${line}\n`), line);
});

test('what stands against signing is listed and ends with 16', (t) => {
  const alliance = file(t, 'alliance.json', readFileSync(MANAGED, 'utf8').replace('"managed"', '"alliance"'));
  const done = hansa(['agreement', 'check', alliance, '--json']);
  assert.equal(done.code, EXIT.denied);
  assert.match(done.err, /cannot be signed yet: 19 things stand against it\n$/);
  const rows = JSON.parse(done.out);
  assert.equal(rows.filter((row) => row.level === 'objection').length, 19);
  assert.deepEqual(rows.find((row) => row.where === 'forums'),
    { level: 'objection', code: 'forums', where: 'forums', what: 'missing: Who meets how often.', set_aside_by: null, because: null });
  assert.match(hansa(['agreement', 'check', alliance]).out, /^objection  forums: missing: Who meets how often\. \(forums\)$/m);
});

test('rules that promise what is never paid stand against signing, others are remarked upon', (t) => {
  const offer = readFileSync(OFFER, 'utf8');
  const rows = (path) => JSON.parse(hansa(['agreement', 'check', path, '--json']).out);
  assert.deepEqual(rows(OFFER).map((row) => [row.level, row.code, row.where, row.what]),
    [['remark', 'overlap', 'terms.rules[1]', '"new customers" comes first, as for an order by a new customer']]);
  // The general rule comes first now: the one for new customers never pays.
  const hidden = file(t, 'hidden.json', offer.replace('"rank": 2', '"rank": 3').replace('"rank": 1', '"rank": 4'));
  assert.equal(hansa(['agreement', 'check', hidden]).code, EXIT.denied);
  assert.deepEqual(rows(hidden).map((row) => [row.level, row.code, row.where, row.what]),
    [['objection', 'unreachable_rule', 'terms.rules[0]', 'never pays: wherever it holds, "sales" comes first']]);
  const set_aside = file(t, 'aside.json', offer.replace('"rank": 2', '"rank": 3').replace('"rank": 1', '"rank": 4').replace('"exit":',
    '"overrides": [{"of": "unreachable_rule", "by": "head of sales", "reason": "until March", "on": "2026-10-01"}], "exit":'));
  const done = hansa(['agreement', 'check', set_aside]);
  assert.equal(done.code, EXIT.ok);
  assert.match(done.out, /^set aside  terms\.rules\[0\]: never pays: .*\(unreachable_rule\);\s+set\s+aside\s+by\s+head\s+of\s+sales:\s+until\s+March$/m);
  const flat = file(t, 'flat.json', offer.replace('"rate": "12%"', '"amount": "20", "value_min": "19.99"').replace('"customer": "new"', '"countries": ["DE"]'));
  assert.deepEqual(rows(flat).map((row) => [row.level, row.code, row.where]),
    [['warning', 'more_than_order', 'terms.rules[0]'], ['remark', 'overlap', 'terms.rules[1]']]);
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

test('an agreement is begun, filled in and changed without JSON', (t) => {
  const draft = join(directory(t), 'draft.json');
  const begun = ok(['agreement', 'new', '--template', 'joint-venture', '--partner', 'trails.example', '--rate', '6%', '--out', draft]);
  assert.match(begun, /^before it can be signed, 19 things have to be filled in or decided:\n {2}purpose: missing: What it is for\.\n/);
  assert.equal(hansa(['agreement', 'new', '--template', 'affiliate', '--out', draft]).code, EXIT.conflict);
  assert.match(ok(['agreement', 'fill', draft, 'purpose=Trips for families.', 'sides[trails.example].need=An income.']), /17 things have/);
  assert.equal(JSON.parse(ok(['agreement', 'fill', draft, '--json'])).filter((row) => row.level === 'objection').length, 17);
  assert.equal(JSON.parse(readFileSync(draft, 'utf8')).sides[1].need, 'An income.');
  const before = readFileSync(draft, 'utf8');
  const wrong = hansa(['agreement', 'fill', draft, 'sides[trails.example].sharing=An income.']);
  assert.equal(wrong.code, EXIT.invalid);
  assert.equal(readFileSync(draft, 'utf8'), before);
  const shown = hansa(['agreement', 'new', '--template', 'affiliate']);
  assert.deepEqual([shown.code, JSON.parse(shown.out).terms.rules[0].rate], [EXIT.ok, '0.1']);
  assert.match(shown.err, /nothing is missing: it can be signed\n$/);
  for (const [options, words] of [[['--template', 'vendor'], /--template must be affiliate, /], [['--template', 'alliance'], /--partner must name the other company/],
    [['--template', 'affiliate', '--rate', '101%'], /--rate must be such as 12%/], [['--template', 'affiliate', '--currency', 'EURO'], /--currency must be/]]) {
    const done = hansa(['agreement', 'new', ...options]);
    assert.equal(done.code, EXIT.usage);
    assert.match(done.err, words);
  }
});

test('a change makes the next version, after the notice, and leaves the one before as it is', (t) => {
  const next = join(directory(t), 'next.json');
  const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
  const before = readFileSync(OFFER, 'utf8');
  const early = hansa(['agreement', 'change', OFFER, 'sales.rate=9%', '--from', day(20), '--out', next]);
  assert.equal(early.code, EXIT.denied);
  assert.match(early.err, /changed terms need 30 days of notice and never reach back: /);
  const done = hansa(['agreement', 'change', OFFER, 'sales.rate=9%', '--from', day(40), '--out', next, '--json']);
  assert.deepEqual([done.code, JSON.parse(done.out)], [EXIT.ok, [{ where: 'terms.rules[1].rate', before: '0.08', after: '0.09' }]]);
  assert.match(done.err, new RegExp(`to hold from ${day(40)} on, and for no order whose touchpoint came before`));
  assert.equal(readFileSync(OFFER, 'utf8'), before);
  assert.deepEqual(JSON.parse(ok(['agreement', 'diff', OFFER, next, '--json'])).length, 1);
  assert.equal(hansa(['agreement', 'change', OFFER, 'sales.rate=9%']).code, EXIT.usage);
  assert.equal(hansa(['agreement', 'change', OFFER, '--from', day(40)]).code, EXIT.usage);
});

test('what an agreement really is, is said of paper and of practice', (t) => {
  const alliance = readFileSync(EXAMPLE('alliance'), 'utf8');
  const kind = (path) => JSON.parse(ok(['agreement', 'kind', path, '--json']));
  assert.deepEqual([kind(EXAMPLE('alliance')).on_paper, kind(EXAMPLE('alliance')).in_practice, kind(EXAMPLE('alliance')).agree], ['alliance', 'alliance', true]);
  assert.equal(kind(MANAGED).in_practice, 'cannot tell yet');
  const vendor = file(t, 'vendor.json', alliance.replaceAll('"shared": true', '"shared": false'));
  assert.deepEqual([kind(vendor).in_practice, kind(vendor).agree], ['vendor contract', false]);
  assert.equal(kind(vendor).questions[4].evidence, 'four decisions of the steering committee, two against the wish of the larger side');
  assert.match(ok(['agreement', 'kind', vendor]), /\nstructured as an alliance, managed as a vendor contract\n$/);
  assert.match(hansa(['agreement', 'check', vendor]).out, /^warning {4}practice: structured as an alliance, managed as a vendor contract\s+\(other_practice\)$/m);
  const loose = file(t, 'loose.json', alliance.replaceAll('"decided_by": "both"', '"decided_by": "brand.example"'));
  assert.match(ok(['agreement', 'kind', loose]), /\ncalled an alliance, written as a joint venture\nstructured as a joint venture, managed as an alliance\n$/);
});

test('the growth path says met, not met, or not enough data', (t) => {
  const record = readFileSync(EXAMPLE('track-record'), 'utf8');
  const growth = (agreement, path) => JSON.parse(ok(['agreement', 'growth', agreement, path, '--json']));
  const next = growth(MANAGED, EXAMPLE('track-record'));
  assert.deepEqual([next.next, next.verdict, next.criteria.length], ['joint venture', 'not enough data', 7]);
  const kept = next.criteria.find((row) => row.criterion === 'commitments kept');
  assert.deepEqual([kept.verdict, kept.sample, kept.at_least], ['not enough data', 12, 0.8]);
  assert.match(ok(['agreement', 'growth', MANAGED, EXAMPLE('track-record')]), /not enough data {2}commitments kept: 91\.7 % \(64\.6 to 98\.5 %\) of 12, at least 80 %/);
  assert.deepEqual([growth(OFFER, EXAMPLE('track-record')).verdict, growth(OFFER, EXAMPLE('track-record')).criteria.length], ['met', 6]);
  const young = file(t, 'young.json', record.replace('"months": 14', '"months": 3'));
  assert.equal(growth(OFFER, young).verdict, 'not met');
  assert.deepEqual(growth(EXAMPLE('alliance'), young), { next: null });
  const wrong = hansa(['agreement', 'growth', OFFER, file(t, 'wrong.json', record.replace('"orders": 620', '"orders": 3'))]);
  assert.equal(wrong.code, EXIT.invalid);
  assert.match(wrong.err, /refunded_orders: must be at most 3, got 41/);
});

test('the printed schema is the documented one', () => {
  const documented = readFileSync(fileURLToPath(new URL('../../docs/reference/agreement.schema.json', import.meta.url)), 'utf8');
  assert.equal(ok(['agreement', 'schema']), documented);
  assert.equal(hansa(['agreement', 'sign', OFFER]).code, EXIT.usage);
  assert.equal(hansa(['agreement', 'diff', OFFER]).code, EXIT.usage);
});
