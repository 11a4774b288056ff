// hansa reconcile: an export beside the ledger, from agreement to the reason of each difference.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXIT, file, hansa, ok, programme } from './support.mjs';

const OFFER = fileURLToPath(new URL('../../docs/examples/standard-offer.json', import.meta.url));

// Four orders of the blog at 12 % of a new customer's order: 12.00, of which 3.00 goes back, 6.00, 4.80 and 8.40.
function withLedger(t) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  const rows = [1, 2, 3, 4];
  say('partner', 'add', 'blog');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2026-01-01', '--by', 'sales');
  say('import', 'touches', file(t, 'touches.csv', `touch_id,person,occurred_at,partner\n${rows.map((i) => `t${i},v${i},2026-09-0${i}T10:00:00Z,blog`).join('\n')}\n`));
  say('import', 'orders', file(t, 'orders.csv', `order_id,person,occurred_at,amount,currency\n${rows.map((i) => `o${i},v${i},2026-09-0${i}T12:00:00Z,${[100, 50, 40, 70][i - 1]}.00,EUR`).join('\n')}\n`));
  say('import', 'refunds', file(t, 'refunds.csv', 'refund_id,order_id,occurred_at,amount,currency\nr1,o1,2026-09-05T12:00:00Z,25.00,EUR\n'));
  return data;
}

const HEAD = 'commission_id,order_id,partner_id,amount,commission,currency,status,created_at\n';
// o1: the refund is not there yet; o2: the same; o3: of the amount with tax; o4 is not in it; o5 is theirs alone.
const EXPORT = `${HEAD}1,o1,p-7,100.00,12.00,EUR,approved,2026-09-01T12:00:00Z
2,o2,p-7,50.00,6.00,EUR,pending,2026-09-02T12:00:00Z
3,o3,p-7,47.60,5.71,EUR,pending,2026-09-03T12:00:00Z
5,o5,p-7,10.00,1.20,EUR,pending,2026-09-04T12:00:00Z
`;

test('each difference has its reason, and the reasons add up to it', (t) => {
  const data = withLedger(t);
  const run = (...args) => ['reconcile', file(t, 'export.csv', EXPORT), '--partner', 'p-7=blog', '--data', data, ...args];
  const page = JSON.parse(ok(run('--json')));
  assert.deepEqual(page.orders.map((one) => [one.order_id, one.verdict, one.reason]), [
    ['o1', 'amount_differs', 'refund'], ['o2', 'equal', 'equal'], ['o3', 'amount_differs', 'order_amount'],
    ['o4', 'only_ours', 'unexplained'], ['o5', 'only_theirs', 'unexplained']]);
  const [sums] = page.sums;
  assert.deepEqual([sums.currency, sums.theirs_minor, sums.ours_minor], ['EUR', 1200 + 600 + 571 + 120, 900 + 600 + 480 + 840]);
  assert.deepEqual(sums.difference_minor, { refund: 300, order_amount: 91, unexplained: 120 - 840 });
  assert.equal(Object.values(sums.difference_minor).reduce((a, b) => a + b), sums.theirs_minor - sums.ours_minor);
  const text = ok(run());
  assert.match(text, /Unexplained\n {2}o4 of blog: theirs nothing, ours 8\.40 EUR pending\n {2}o5 of blog: theirs 1\.20 EUR pending, ours nothing\n/);
  assert.match(ok(run('--csv')), /^o1,blog,amount_differs,refund,true,9\.00,EUR,pending,12\.00,EUR,approved\r$/m);
});

test('a partner by another name and another currency are told, and what was said explains them', (t) => {
  const data = withLedger(t);
  const dollars = file(t, 'cj.csv', `commissionId,orderId,publisherId,actionStatus,eventDate,saleAmountUsd,pubCommissionAmountUsd
1,o2,700,NEW,2026-09-02T12:00:00Z,54.35,6.52
`);
  const stranger = ok(['reconcile', dollars, '--data', data]);
  assert.match(stranger, /knows no partner of the name 700: say who it is with --partner/);
  assert.match(stranger, /the other side has the order under another partner/);
  const known = ['reconcile', dollars, '--partner', '700=blog', '--data', data, '--json'];
  const reasons = (...args) => JSON.parse(ok([...known, ...args])).orders.map((one) => [one.order_id, one.reason]);
  assert.deepEqual(reasons(), [['o2', 'unexplained']]);
  assert.deepEqual(reasons('--exchange', 'USD/EUR=0.92'), [['o2', 'currency']]);
});

test('what cannot be meant is refused', (t) => {
  const data = programme(t);
  const export_ = file(t, 'export.csv', EXPORT);
  const told = (code, words, ...args) => {
    const done = hansa(['reconcile', ...args, '--data', data]);
    assert.equal(done.code, code, done.err);
    assert.match(done.err, words);
  };
  told(EXIT.usage, /THEIRS=OURS/, export_, '--partner', 'p-7');
  told(EXIT.usage, /USD\/EUR=0\.92/, export_, '--exchange', 'USD=0.92');
  told(EXIT.usage, /cannot stand together/, export_, '--json', '--csv');
  told(8, /no commission that could be used/, file(t, 'empty.csv', HEAD));
  told(EXIT.rejected, /1 row was rejected/, file(t, 'bad.csv', `${HEAD}1,o1,p-7,1,1,EUR,soon,2026-09-01T12:00:00Z\n2,o1,p-7,1,1,EUR,paid,2026-09-01T12:00:00Z\n`));
});
