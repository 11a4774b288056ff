// hansa start on exports of networks, without any set-up, and the same exports in a programme.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, directory, file, hansa, ok } from './support.mjs';

const DATA = fileURLToPath(new URL('../data/networks', import.meta.url));

// What each export leaves open, and how many of its rows are good.
const EXPORTS = [
  ['awin.csv', ['--time-zone', 'Europe/Berlin', '--currency', 'EUR'], 3, 1],
  ['cj.csv', [], 3, 0],
  ['firstpromoter.csv', ['--amounts', 'minor', '--currency', 'USD'], 2, 1],
  ['impact.csv', [], 3, 0],
  ['partnerstack.csv', ['--amounts', 'minor', '--currency', 'USD'], 2, 0],
  ['rewardful.csv', [], 3, 0],
  ['tapfiliate.csv', [], 2, 0],
  ['tolt.ndjson', [], 2, 0],
];

for (const [name, options, good, rejected] of EXPORTS)
  test(`${name} becomes a page, and rows of a programme`, (t) => {
    const path = join(DATA, name);
    const done = hansa(['start', path, ...options, '--json']);
    assert.equal(done.code, rejected > 0 ? EXIT.rejected : EXIT.ok, done.err);
    const page = JSON.parse(done.out);
    assert.equal(page.network, name.split('.')[0]);
    assert.deepEqual([page.commissions, page.left_out.rejected], [good, rejected]);
    assert.equal(page.all.net_minor, page.partners.reduce((sum, one) => sum + one.net_minor, 0));
    assert.equal(page.all.net_minor, page.all.earned_minor - page.all.reversed_minor);
    const data = join(directory(t), 'programme');
    ok(['init', data]);
    const into = ['import', 'network_commissions', path, ...options, '--data', data, '--rejects', join(directory(t), 'rejects.csv')];
    assert.equal(hansa(into).code, done.code);
    const rows = JSON.parse(ok(['sql', 'SELECT network, sum(commission_minor) AS sum FROM network_commissions GROUP BY 1', '--data', data, '--json']));
    assert.equal(rows.length, 1);
    assert.equal(rows[0].network, page.network);
    assert.match(hansa(into).out, /imported before/);
  });

test('the next export adds what changed and doubles nothing', (t) => {
  const data = join(directory(t), 'programme');
  ok(['init', data]);
  const march = readFileSync(join(DATA, 'cj.csv'), 'utf8');
  const july = march.replace('31002,o-2002,700100,Deals Example,deals.example,NEW', '31002,o-2002,700100,Deals Example,deals.example,LOCKED');
  assert.match(ok(['import', 'network_commissions', file(t, 'march.csv', march), '--data', data]), /3 commissions are in/);
  assert.match(ok(['import', 'network_commissions', file(t, 'july.csv', july), '--data', data]), /1 commission is in .*2 were there already, 0 contradict/);
});

test('the page says its samples and what it cannot tell, and shows data as text', (t) => {
  const path = file(t, 'ours.csv', 'commission_id,partner,commission,currency,status,created_at\n1,<script>alert(1)</script>,5.00,EUR,paid,2026-03-01T10:00:00Z\n');
  const text = ok(['start', path]);
  assert.match(text, /not enough data for a share \(20 needed\)/);
  assert.match(text, /What this export cannot tell\n(.|\n)*Would they have bought anyway\?/);
  const html = ok(['start', path, '--html', '-']);
  assert.ok(html.includes('&lt;script&gt;') && !html.includes('<script>'));
  const where = join(directory(t), 'page.html');
  assert.equal(ok(['start', path, '--html', where]), `the page stands in ${where}\n`);
  assert.equal(readFileSync(where, 'utf8'), html);
});

test('what cannot be meant is refused with what to say', (t) => {
  const ours = file(t, 'ours.csv', 'commission_id,partner,commission,currency,status,created_at\n1,Mara,5.00,EUR,paid,2026-03-01T10:00:00Z\n');
  assert.match(hansa(['start', join(DATA, 'awin.csv')]).err, /name the one that it was made in \(--time-zone/);
  assert.match(hansa(['start', ours, '--network', 'nobody']).err, /--network must be awin, cj, /);
  assert.match(hansa(['start', ours, '--amounts', 'cents']).err, /--amounts must be unit or minor/);
  assert.match(hansa(['start', ours, '--json', '--html', 'x']).err, /exclude each other/);
  assert.match(hansa(['start', ours, '--in', 'USD']).err, /no commission in USD is left/);
  assert.equal(hansa(['start', file(t, 'shop.csv', 'order,total\n1,2\n')]).code, EXIT.invalid);
  const data = join(directory(t), 'programme');
  ok(['init', data]);
  assert.match(hansa(['import', 'orders', ours, '--network', 'cj', '--data', data]).err, /--network goes with network_commissions, not with orders/);
});
