// Leads and clicks that agreements pay for, from a file to what is owed, as a person uses them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const QUALIFIED = [{ key: 'status', values: ['qualified', 'meeting', 'negotiation', 'won'] }];
const OFFER = { format: 1,
  title: 'Leads and clicks',
  weight: 'standard',
  kind: 'affiliate',
  terms: { currency: 'EUR',
    rules: [
      { name: 'leads', rank: 1, event: 'lead', amount: '20.00', metadata: QUALIFIED },
      { name: 'clicks', rank: 2, event: 'click', amount: '0.10' },
      { name: 'sales', rank: 3, rate: '10%' },
    ] } };

const TOUCHES = `touch_id,person,occurred_at,partner,link
t1,ann,2026-09-01T10:00:00Z,blog,spring
t2,ann,2026-09-01T10:00:01Z,blog,spring
t3,ann,2026-09-02T10:00:00Z,shop,
,bob,2026-09-02T10:00:00Z,blog,spring
`;
const LEADS = `lead_id,person,occurred_at,partner,status
l1,ann,2026-09-01T12:00:00Z,,new
l2,bob,2026-09-03T12:00:00Z,shop,qualified
l1,,2026-09-05T12:00:00Z,,qualified
l2,,2026-09-06T12:00:00Z,,unqualified
`;

function withOffer(t) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  say('agreement', 'add', file(t, 'offer.json', JSON.stringify(OFFER)), '--name', 'offer', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'offer', '--by', 'sales');
  for (const partner of ['blog', 'shop']) {
    say('partner', 'add', partner);
    say('agreement', 'enrol', 'offer', '--partner', partner, '--from', '2026-01-01', '--by', 'sales');
  }
  say('import', 'touches', file(t, 'touches.csv', TOUCHES));
  say('import', 'leads', file(t, 'leads.csv', LEADS));
  return { data, say, json: (...args) => JSON.parse(say(...args, '--json')) };
}

test('clicks and leads earn, a double click and an unqualified lead do not, and a replay gives the same', (t) => {
  const { json } = withOffer(t);
  assert.deepEqual(json('commission', 'list').map((row) => [row.type, row.order_id, row.partner, row.amount]), [
    ['click', 't1', 'blog', '0.10'],
    ['click', 't3', 'shop', '0.10'],
    ['click', '6/4', 'blog', '0.10'], // without a name of its own: the fourth row of the sixth frame
    ['lead', 'l2', 'shop', '20.00'],
    ['lead', 'l1', 'blog', '20.00'],
  ]);
  const entries = json('ledger', 'entries');
  assert.deepEqual(entries.slice(3).map((row) => [row.kind, row.amount, row.reason]),
    [['earn', '20.00 EUR', null], ['earn', '20.00 EUR', null], ['cancel', '20.00 EUR', 'unqualified']]);
  assert.equal(json('ledger', 'replay').other_events, 8);
  assert.deepEqual(json('ledger', 'entries'), entries);
});

test('a lead explains what it earned, and stands in the statement as what it is', (t) => {
  const { json, say } = withOffer(t);
  const lead = json('commission', 'list').find((row) => row.order_id === 'l1');
  const words = say('commission', 'explain', lead.id);
  for (const part of [/lead l1, status qualified, 2026-09-05 12:00, came in 2026-09-01 12:00/, /blog: the partner shares the lead/, /the partner's part of the lead is 1/, /1 × 2000 = 2000/])
    assert.match(words, part);
  assert.equal(json('commission', 'explain', lead.id).evidence.lead.status, 'qualified');
  assert.match(say('statement', 'blog', '--period', '2026-09'), / {2}lead l1 /);
  assert.deepEqual(json('statement', 'blog', '--period', '2026-09').entries.map((entry) => [entry.type, entry.order_id]),
    [['click', 't1'], ['click', '6/4'], ['lead', 'l1']]);
});

test('a lead, a click or an event says who is paid for it, and who not, why', (t) => {
  const { data, json, say } = withOffer(t);
  const lead = json('event', 'explain', 'lead', 'l1');
  assert.deepEqual(lead.rows.map((row) => [row.status, row.partners[0].partner, row.partners[0].reason]), [['new', 'blog', 'no_rule'], ['qualified', 'blog', 'given']]);
  assert.equal(lead.commissions.length, 1);
  const words = say('event', 'explain', 'lead', 'l2', '--partner', 'blog');
  assert.match(words, /^ {2}blog: it came in by the name of another partner$/m);
  assert.match(words, /^ {2}an unqualified lead earns nothing$/m);
  assert.match(words, /^ {2}20\.00 EUR of shop: hansa commission explain cms_/m);
  assert.equal(json('event', 'explain', 'click', 't2').rows[0].reason, 'repeated');
  assert.equal(json('event', 'explain', 'click', '6/4').rows[0].partners[0].rule, 'clicks');
  for (const [args, code, message] of [
    [['lead', 'nobody'], EXIT.notFound, /there is no lead nobody/],
    [['click', '6/5'], EXIT.notFound, /there is no click 6\/5/],
    [['lead', 'l1', '--partner', 'nobody'], EXIT.notFound, /there is no partner nobody/],
    [['order', 'o1'], EXIT.usage, /lead, click or custom, not "order"; of an order: hansa order explain/]]) {
    const refused = hansa(['event', 'explain', ...args, '--data', data]);
    assert.equal(refused.code, code);
    assert.match(refused.err, message);
  }
});

test('custom events pay by their name and what they say of themselves', (t) => {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const rules = [{ name: 'trials', rank: 1, event: 'custom', event_names: ['trial_started'], amount: '5.00', metadata: [{ key: 'plan', values: ['pro'] }] }];
  const offer = { ...OFFER, terms: { currency: 'EUR', rules } };
  say('partner', 'add', 'blog');
  say('agreement', 'add', file(t, 'offer.json', JSON.stringify(offer)), '--name', 'offer', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'offer', '--by', 'sales');
  say('agreement', 'enrol', 'offer', '--partner', 'blog', '--from', '2026-01-01', '--by', 'sales');
  const rows = [{ event_id: 'e1', name: 'trial_started', partner: 'blog', metadata: { plan: 'pro' } }, { event_id: 'e2', name: 'trial_started', partner: 'blog', metadata: { plan: 'free' } },
    { event_id: 'e3', name: 'other', partner: 'blog', metadata: { plan: 'pro' } }].map((row) => JSON.stringify({ ...row, occurred_at: '2026-09-01T10:00:00Z' }));
  assert.match(say('import', 'events', file(t, 'events.ndjson', `${rows.join('\n')}\n`)), /3 events are in/);
  const [paid, ...more] = JSON.parse(say('commission', 'list', '--json'));
  assert.deepEqual([paid.type, paid.order_id, paid.amount, more.length], ['custom', 'e1', '5.00', 0]);
  assert.match(say('commission', 'explain', paid.id), /^event e1, name trial_started/m);
  assert.match(say('event', 'explain', 'custom', 'e2'), /rule 1, trials: it asks for metadata that the event does not have/);
  assert.equal(JSON.parse(say('sql', 'SELECT metadata FROM events ORDER BY event_id LIMIT 1', '--json'))[0].metadata, '{"plan":"pro"}');
});
