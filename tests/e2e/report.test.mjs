// What a report promises whatever is in it, in each of its forms; and names that would rather be commands.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXIT, directory, hansa, ok, orders, programme, touches } from './support.mjs';

const OFFER = fileURLToPath(new URL('../../docs/examples/standard-offer.json', import.meta.url));

function filled(t) {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: touches(1500, { hours: 15, partners: ['alpha', 'beta', 'gamma', 'delta', ''] }) });
  ok(['import', 'orders', '-', '--data', data], { input: orders(300, { persons: 700 }) });
  ok(['import', 'touches', '-', '--data', data], { input: 'touch_id,person,occurred_at,partner\ntiny,v-0,2026-01-15T00:00:00Z,tiny\n' });
  ok(['import', 'activity', '-', '--data', data], { input: 'activity_id,partner,day,kind,count\na-1,idle,2026-01-10,subscribers,4000\n' });
  return data;
}

// A browser does not have to be there: Python's strict XML parser takes a page that is well-formed, and nothing else.
const PARSE = `
import html.entities, re, sys, xml.etree.ElementTree as tree
page = sys.stdin.buffer.read().decode("utf-8")
body = re.sub(r"^<!doctype html>", "", page.lstrip(), flags=re.I)
named = {"&%s;" % name: "&#%d;" % code for name, code in html.entities.name2codepoint.items() if name not in ("lt", "gt", "amp", "quot")}
body = re.sub(r"&\\w+;", lambda match: named.get(match.group(), match.group()), body)
body = re.sub(r"<(meta|link|br|hr|img|input|col)\\b([^>]*[^/>]|)>", r"<\\1\\2/>", body)
for element in tree.fromstring(body).iter():
    name = element.tag.split("}")[-1]
    assert name not in ("script", "iframe", "object", "embed", "link", "base", "form"), name
    for key, value in element.attrib.items():
        key = key.split("}")[-1]
        assert not key.startswith("on"), key
        assert key not in ("src", "href", "action", "data") or value.startswith("#"), (key, value)
        assert key == "xmlns" or "url(" not in value.replace("url(#", ""), value
    if name == "style":
        assert "@import" not in element.text and "url(" not in element.text
print("well-formed")
`;

function checkPage(page) {
  const done = spawnSync('python3', ['-c', PARSE], { input: page });
  assert.equal(done.stdout.toString(), 'well-formed\n', done.stderr.toString());
  assert.doesNotMatch(page.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//);
}

test('revenue of partners and own channels sums to revenue with a path, under every model', (t) => {
  const data = filled(t);
  for (const model of ['first', 'last', 'last_non_direct', 'linear', 'position', 'decay', 'shapley', 'markov']) {
    const report = JSON.parse(ok(['report', '--data', data, '--json', '--model', model]));
    assert.ok(report.totals.orders_with_path > 100);
    const sum = report.lines.reduce((total, line) => total + (line.revenue ?? 0), 0);
    assert.ok(Math.abs(sum - report.totals.revenue_with_path) < 1e-6, `${model}: ${sum} against ${report.totals.revenue_with_path}`);
  }
});

test('intervals and ranges contain their figure; who has too little data has no rank', (t) => {
  const report = JSON.parse(ok(['report', '--data', filled(t), '--json']));
  const ranks = [];
  for (const line of report.lines.filter((one) => one.revenue !== null)) {
    for (const range of [line.sampling, line.models, line.if_unseen]) {
      assert.ok(range.low <= line.revenue + 1e-9 && line.revenue <= range.high + 1e-9, `${line.name}: ${JSON.stringify(range)} ${line.revenue}`);
    }
    if (line.insufficient || !line.partner) assert.equal(line.rank, null, line.name);
    else ranks.push(line.rank);
  }
  assert.deepEqual(ranks, ranks.map((_, i) => i + 1));
  assert.equal(report.lines.find((line) => line.name === 'tiny').insufficient, true);
  assert.deepEqual(report.activity_without_sales_yet.map((one) => [one.name, one.subscribers]), [['idle', 4000]]);
});

test('refunds that take nothing back are named', (t) => {
  const data = programme(t);
  ok(['import', 'orders', '-', '--data', data], { input: 'order_id,occurred_at,amount,currency\no-1,2026-01-10T00:00:00Z,50,EUR\n' });
  ok(['import', 'refunds', '-', '--data', data], { input: ['refund_id,order_id,occurred_at,amount,currency', 'r-1,o-1,2026-01-11T00:00:00Z,10,USD',
    'r-2,nowhere,2026-01-11T00:00:00Z,10,EUR', 'r-3,nowhere,2026-01-12T00:00:00Z,10,EUR', 'r-4,nowhere,2026-02-01T00:00:00Z,10,EUR', ''].join('\n') });
  const ask = (...form) => ok(['report', '--data', data, '--period', '2026-01', ...form]);
  const { totals } = JSON.parse(ask('--json'));
  assert.deepEqual([totals.refunds_order_unknown, totals.refunds_other_currency, totals.revenue_without_path], [2, 1, 50]);
  for (const words of [ask(), ask('--html', '-')]) assert.match(words, /2\s+refunds\s+that\s+name\s+an\s+order\s+that\s+is\s+not\s+here,\s+1\s+refund\s+in\s+another\s+currency/);
  const named = ok(['sql', 'SELECT refund_id FROM refunds ANTI JOIN orders USING (order_id, currency) ORDER BY 1', '--data', data, '--csv']);
  assert.deepEqual(named.trim().split(/\s+/).slice(1), ['r-1', 'r-2', 'r-3', 'r-4']);
});

test('the same report says the same as text, CSV and JSON', (t) => {
  const data = filled(t);
  const report = JSON.parse(ok(['report', '--data', data, '--json']));
  const csv = ok(['report', '--data', data, '--csv']).trim().split('\n');
  const text = ok(['report', '--data', data]);
  assert.equal(csv.length, report.lines.length + 1);
  const columns = csv[0].split(',');
  for (const [i, line] of report.lines.entries()) {
    const row = Object.fromEntries(csv[i + 1].split(',').map((value, c) => [columns[c], value]));
    assert.equal(row.name ?? row.partner ?? row.channel, line.name);
    if (line.revenue !== null) assert.ok(Math.abs(Number(row.revenue) - line.revenue) < 0.005 + 1e-9, line.name);
    if (line.rank !== null) assert.match(text, new RegExp(`^ *${line.rank} ${line.title} .* ${Math.round(line.revenue).toLocaleString('en-US')} `, 'm'));
  }
  for (const words of ['Partner value', 'Claimed against sold', 'What is not tracked', 'Activity without sales yet', 'Not enough data']) assert.match(text, new RegExp(words));
});

test('a partner with touchpoints and no order is named as having too little data', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: 'touch_id,person,occurred_at,partner\nt-1,v-1,2026-01-15T00:00:00Z,hopeful\n' });
  assert.match(ok(['report', '--data', data]), /Not enough data[^]*^ +hopeful /m);
  const page = join(directory(t), 'report.html');
  ok(['report', '--data', data, '--html', page]);
  assert.match(readFileSync(page, 'utf8'), /hopeful <span class="few">not enough data</);
});

// A code said aloud in a podcast leaves no touchpoint: what customers answer is all there is of it.
test('what lies beyond the click stands beside the figures, as an indication without money', (t) => {
  const data = filled(t);
  ok(['partner', 'add', 'podcast', '--title', 'The <Podcast>', '--data', data]);
  const answers = Array.from({ length: 30 }, (_, i) => `s-${i},2026-01-${10 + (i % 9)}T10:00:00Z,${i % 3 === 0 ? 'a friend' : 'the <podcast>'},`);
  ok(['import', 'surveys', '-', '--data', data], { input: `answer_id,occurred_at,answer,partner\n${answers.join('\n')}\n` });
  const { influence } = JSON.parse(ok(['report', '--data', data, '--json']));
  assert.deepEqual([influence.view, influence.grade, influence.answers, influence.answers_that_name_no_partner], ['influence', 'D', 30, 10]);
  assert.doesNotMatch(JSON.stringify(influence), /"[a-z_]*(revenue|minor|amount|currency|cost)[a-z_]*":/);
  const podcast = influence.partners.find((one) => one.name === 'podcast');
  assert.deepEqual([podcast.lines.self_reported.count, podcast.lines.self_reported.of], [20, 30]);
  for (const partner of influence.partners)
    for (const line of Object.values(partner.lines)) {
      assert.match(line.verdict, /^(up|flat|down|cannot_tell)$/);
      assert.equal(line.verdict === 'cannot_tell', line.cannot_tell_why !== null);
      assert.ok(line.because.length > 20);
    }
  assert.match(ok(['report', '--data', data]), /^Beyond the click$[^]*never\s+money[^]*^Money owed$/m);
  const page = join(directory(t), 'report.html');
  ok(['report', '--data', data, '--html', page]);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /<h2 id="beyond-the-click">/);
  assert.ok(html.includes('The &lt;Podcast&gt;') && !html.includes('The <Podcast>'));
});

// Costs and activity are dated by days: nothing of them may be lost to a record that begins at noon or to a quarter of 92 days.
test('activity without sales is told with all it cost, over everything and over its quarter', (t) => {
  const data = programme(t);
  ok(['import', 'touches', '-', '--data', data], { input: 'touch_id,person,occurred_at,partner\n1,v,2025-07-01T15:00:00Z,alpha\n' });
  ok(['import', 'orders', '-', '--data', data], { input: 'order_id,person,occurred_at,amount,currency\n1,v,2025-07-20T08:00:00Z,5,EUR\n' });
  ok(['import', 'activity', '-', '--data', data], { input: 'partner,day,kind,count\nletter,2025-07-01,subscribers,4000\n' });
  ok(['import', 'costs', '-', '--data', data], { input: 'partner,kind,from,to,amount,currency\nletter,media,2025-07-01,2025-09-30,2300,EUR\n' });
  for (const period of [[], ['--period', '2025-Q3']]) {
    const report = ok(['report', '--data', data, ...period]);
    assert.match(report, /letter: 4,000 subscribers, no order in 90 days, cost 2,300\.00 EUR/);
    assert.match(report, /2025-07-01 to 2025-09-30/);
  }
});

test('a period that has not ended makes nobody idle by days that are to come', (t) => {
  const data = programme(t);
  const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString();
  ok(['import', 'touches', '-', '--data', data], { input: `touch_id,person,occurred_at,partner\nt-1,v-1,${day(-71)},alpha\n` });
  ok(['import', 'orders', '-', '--data', data], { input: `order_id,person,occurred_at,amount,currency\no-1,v-1,${day(-70)},10,EUR\n` });
  const activity = ['alpha', 'idle'].map((name) => `${name},${day(-5).slice(0, 10)},subscribers,4000`).join('\n');
  ok(['import', 'activity', '-', '--data', data], { input: `partner,day,kind,count\n${activity}\n` });
  const report = JSON.parse(ok(['report', '--data', data, '--json', '--period', `${day(-75).slice(0, 10)}..${day(60).slice(0, 10)}`]));
  assert.deepEqual(report.activity_without_sales_yet.map((one) => one.name), ['idle']);
});

test('the page is well-formed and asks nobody for anything', (t) => {
  const page = join(directory(t), 'report.html');
  assert.match(ok(['report', '--data', filled(t), '--html', page]), /report\.html/);
  checkPage(readFileSync(page, 'utf8'));
  const data = programme(t);
  checkPage(ok(['report', '--data', data, '--html', '-']));
  assert.equal(hansa(['report', '--data', data, '--html', '']).code, EXIT.usage);
});

test('an empty programme has a report in every form', (t) => {
  const data = programme(t);
  const page = join(directory(t), 'empty.html');
  assert.match(ok(['report', '--data', data]), /Partner value/);
  assert.equal(JSON.parse(ok(['report', '--data', data, '--json'])).totals.revenue_with_path, 0);
  ok(['report', '--data', data, '--csv']);
  ok(['report', '--data', data, '--html', page]);
  checkPage(readFileSync(page, 'utf8'));
});

test('a period is one of the ways of writing it, and holds what lies in it', (t) => {
  const data = filled(t);
  const revenue = (period) => JSON.parse(ok(['report', '--data', data, '--json', '--period', period])).totals;
  const year = revenue('2026');
  assert.deepEqual(revenue('2026-Q1'), year);
  assert.deepEqual(revenue('2026-01'), year);
  assert.equal(revenue('2025').orders_with_path, 0);
  const days = ['2026-01-20', '2026-01-21..2026-01-31'].map((period) => revenue(period).revenue_with_path + revenue(period).revenue_without_path);
  assert.ok(Math.abs(days[0] + days[1] - year.revenue_with_path - year.revenue_without_path) < 1e-6);
  for (const command of ['report', 'attribute']) {
    for (const period of ['2026-Q5', '2026-02-29', '2026-01-31..2026-01-01', '']) {
      const wrong = hansa([command, '--data', data, '--period', period]);
      assert.equal(wrong.code, EXIT.usage, wrong.err);
      assert.match(wrong.err, new RegExp(`--period: .*${period}`));
    }
  }
});

test('names that would be formulas, markup or terminal commands stay names', (t) => {
  const data = programme(t);
  const hostile = ['=HYPERLINK(0)', '+1+1', '-2', '@SUM(A1)', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "o'clock & sons", '\u202edlrow', '\u009b31mred'];
  const rows = ['touch_id,person,occurred_at,partner'];
  const bought = ['order_id,person,occurred_at,amount,currency'];
  hostile.forEach((name, i) => {
    rows.push(`t-${i},v-${i},2026-01-01T00:00:00Z,"${name.replaceAll('"', '""')}"`);
    bought.push(`o-${i},v-${i},2026-01-02T00:00:00Z,${10 + i},EUR`);
  });
  const imported = hansa(['import', 'touches', '-', '--data', data, '--rejects', join(directory(t), 'rejects.csv')], { input: `${rows.join('\n')}\n` });
  assert.ok([EXIT.ok, EXIT.rejected].includes(imported.code), imported.err);
  ok(['import', 'orders', '-', '--data', data], { input: `${bought.join('\n')}\n` });

  // C1 controls begin terminal commands as ESC does; directions of writing turn what follows around.
  const commands = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;
  assert.doesNotMatch(ok(['report', '--data', data]), commands, 'report');
  assert.doesNotMatch(ok(['sql', 'SELECT * FROM touches', '--data', data]), commands, 'sql');
  assert.doesNotMatch(ok(['attribute', '--data', data]), commands, 'attribute');

  const path = join(directory(t), 'credits.csv');
  ok(['export', 'credits', path, '--data', data]);
  for (const csv of [ok(['report', '--data', data, '--csv']), ok(['sql', 'SELECT partner FROM touches', '--data', data, '--csv']), readFileSync(path, 'utf8')]) {
    assert.doesNotMatch(csv, /(^|,)"?[=+@]/m);
    assert.doesNotMatch(csv, /(^|,)"?-[^0-9]/m);
    assert.match(csv, /'=HYPERLINK/);
  }
  const page = join(directory(t), 'report.html');
  ok(['report', '--data', data, '--html', page]);
  checkPage(readFileSync(page, 'utf8'));
  assert.match(readFileSync(page, 'utf8'), /&lt;script&gt;alert\(1\)/);
  assert.doesNotMatch(readFileSync(page, 'utf8'), commands, 'html');
  assert.equal(JSON.parse(ok(['report', '--data', data, '--json'])).lines.filter((line) => hostile.includes(line.name)).length >= 7, true);
});

test('what is owed stands beside what is believed, and before any agreement the report says how to begin', (t) => {
  const data = filled(t);
  const report = (...args) => ok(['report', '--data', data, ...args]);
  const before = JSON.parse(report('--json'));
  assert.deepEqual([before.money_owed.signed, before.money_owed.lines], [false, []]);
  assert.match(report(), /^Money owed$[^]*No agreement is signed yet, so nothing is owed to anybody\. To begin: hansa\s+agreement new/m);
  const say = (...args) => ok([...args, '--data', data]);
  say('partner', 'add', 'alpha', '--title', 'Alpha <b>');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'alpha', '--from', '2026-01-01', '--by', 'sales');
  ok(['import', 'touches', '-', '--data', data], { input: 'touch_id,person,occurred_at,partner\nw,w-0,2026-02-01T00:00:00Z,alpha\n' });
  ok(['import', 'orders', '-', '--data', data], { input: 'order_id,person,occurred_at,amount,currency\nw,w-0,2026-02-01T01:00:00Z,100,EUR\n' });
  const period = ['--period', '2026-02-01..2026-02-02'];
  const zero = { under_investigation_minor: 0, to_be_set_off_minor: 0, paid_in_period_minor: 0 };
  const line = { partner: 'alpha', title: 'Alpha <b>', currency: 'EUR', in_return_period_minor: 1200, owed_minor: 0, ...zero };
  const then = JSON.parse(report('--json', ...period));
  assert.deepEqual(then.money_owed, { signed: true, stopped: null, as_of: '2026-02-03T00:00:00Z', lines: [line] });
  assert.deepEqual(JSON.parse(report('--json', '--period', '2026-01')).money_owed.lines, []);
  say('ledger', 'lock', '--until', '2026-04-01');
  const now = JSON.parse(report('--json'));
  assert.deepEqual(now.money_owed.lines, [{ ...line, in_return_period_minor: 0, owed_minor: 1200 }]);
  assert.deepEqual(then.totals, JSON.parse(report('--json', ...period)).totals, 'what is owed is no part of what is believed');
  assert.match(report(), /^Money owed$[^]*Alpha <b> +– +12\.00 +– +– +–$/m);
  const page = report('--html', '-');
  checkPage(page);
  assert.match(page, /<a href="#money-owed">[^]*<h2 id="money-owed">Money owed<\/h2>[^]*<th scope="row">Alpha &lt;b&gt;<\/th><td>–<\/td><td>12\.00 EUR<\/td>/);
});
