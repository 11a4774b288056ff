// hansa fit on files and on a programme: the trap is named, too little is said, and what cannot be used is left out aloud.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, directory, file, hansa, ok } from './support.mjs';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/partner-sample.csv', import.meta.url));

function world(t) {
  const folder = directory(t);
  ok(['simulate', '--seed', '5', '--months', '2', '--people', '20000', '--out', join(folder, 'world')]);
  const data = join(folder, 'programme');
  ok(['init', data, '--currency', 'EUR', '--time-zone', 'UTC']);
  for (const kind of ['touches', 'orders', 'identities', 'surveys'])
    ok(['import', kind, join(folder, 'world', `${kind}.csv`), '--data', data]);
  return data;
}

test('similar audience, different intent is named, with intervals and samples', (t) => {
  const data = world(t);
  const said = ok(['fit', EXAMPLE, '--data', data]);
  assert.match(said, /^Similar audience, different intent\. This is the usual trap/);
  assert.match(said, /^ {2}category +\d+ +500 +0\.\d\d {2}\(0\.\d\d–0\.\d\d\) {2}different$/m);
  assert.match(said, /^ {6}novel .* 62 % of theirs$/m);
  const fit = JSON.parse(ok(['fit', EXAMPLE, '--data', data, '--json']));
  assert.equal(fit.verdict, 'similar_audience_different_intent');
  assert.equal(fit.demographics.likeness, 'alike');
  assert.ok(fit.intent.low <= fit.intent.overlap && fit.intent.overlap <= fit.intent.high);
  const pages = fit.dimensions.find((one) => one.dimension === 'landing_page');
  assert.equal(pages.cannot_tell_why, 'one_side');
  assert.equal(pages.overlap, null);
});

test('the programme against itself is alike', (t) => {
  const data = world(t);
  const fit = JSON.parse(ok(['fit', EXAMPLE, '--data', data, '--json']));
  const rows = fit.dimensions.flatMap((one) => one.values.map((value) => `${one.dimension},"${value.value}",${value.ours}`));
  const ours = file(t, 'ours.csv', ['dimension,value,count', ...rows].join('\n'));
  const same = JSON.parse(ok(['fit', ours, '--data', data, '--json']));
  assert.equal(same.verdict, 'same_intent_same_audience');
  assert.ok(same.intent.overlap > 0.99);
});

test('the page says the same, and what came from a file stays text', (t) => {
  const theirs = file(t, 'theirs.csv', `dimension,value,count,about\n${'category,<b>boots</b>,40,\n'}<i>x</i>,"a ""quoted"" value",40,intent\n`);
  const page = join(directory(t), 'fit.html');
  ok(['fit', theirs, '--ours', theirs, '--html', page]);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /<h1>Do they want what ours want\?<\/h1>/);
  assert.match(html, /<td class="n">1\.00<\/td><td class="n">1\.00–1\.00<\/td><td>alike<\/td>/);
  assert.ok(html.includes('&lt;b&gt;boots&lt;/b&gt;') && html.includes('&lt;i&gt;x&lt;/i&gt;') && !html.includes('<b>boots'));
  assert.doesNotMatch(html, /<script|https?:/);
  const [head, ...rows] = ok(['fit', theirs, '--ours', theirs, '--csv']).trim().split('\n');
  assert.equal(head, 'dimension,about,value,ours,theirs');
  assert.deepEqual(rows, ['category,intent,<b>boots</b>,40,40', '<i>x</i>,intent,"a ""quoted"" value",40,40']);
});

test('what cannot be used is named, and files alone need no programme', (t) => {
  const theirs = file(t, 'theirs.csv', 'dimension,value,count\ncategory,boots,12\ncategory,tents,0.5\nbrand,acme,3\n');
  const ours = file(t, 'ours.csv', 'category\nboots\ntents\n');
  const done = hansa(['fit', theirs, '--ours', ours]);
  assert.equal(done.code, EXIT.rejected);
  assert.match(done.err, /theirs\.csv, line 3: count must be a whole number of people/);
  assert.match(done.err, /theirs\.csv, line 4: the dimension is none that is known/);
  assert.match(done.out, /^Whether they want the same cannot be told from this/);
  assert.match(done.out, /fewer than 30 people on one side/);
  assert.equal(hansa(['fit', theirs]).code, EXIT.usage);
  assert.equal(hansa(['fit', theirs, '--ours', ours, '--period', '2026']).code, EXIT.usage);
  assert.equal(hansa(['fit', file(t, 'odd.csv', 'a,b\n1,2\n'), '--ours', ours]).code, EXIT.invalid);
});
