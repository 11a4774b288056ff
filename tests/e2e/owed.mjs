// A programme in which a partner earned by the standard offer: what tests of the ledger, of disputes and of payouts begin with.
import { fileURLToPath } from 'node:url';
import { file, ok, programme } from './support.mjs';

export const DOCS = (path) => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
export const OFFER = DOCS('examples/standard-offer.json');

export const TOUCHES = `touch_id,person,occurred_at,partner
t1,v1,2026-09-01T10:00:00Z,blog
t2,v2,2026-09-02T10:00:00Z,blog
`;
export const ORDERS = `order_id,person,occurred_at,amount,currency
o1,v1,2026-09-01T12:00:00Z,100.00,EUR
o2,v2,2026-09-02T12:00:00Z,50.00,EUR
o3,v3,2026-09-03T12:00:00Z,70.00,EUR
`;
export const REFUNDS = `refund_id,order_id,occurred_at,amount,currency
r1,o1,2026-09-05T12:00:00Z,25.00,EUR
`;

export function withOffer(t) {
  const data = programme(t);
  const say = (...args) => ok([...args, '--data', data]);
  say('partner', 'add', 'blog');
  say('agreement', 'add', OFFER, '--name', 'everybody', '--from', '2026-01-01', '--by', 'sales');
  say('agreement', 'sign', 'everybody', '--by', 'sales');
  say('agreement', 'enrol', 'everybody', '--partner', 'blog', '--from', '2026-01-01', '--by', 'sales');
  for (const [kind, rows] of [['touches', TOUCHES], ['orders', ORDERS], ['refunds', REFUNDS]])
    say('import', kind, file(t, `${kind}.csv`, rows));
  return { data, say, json: (...args) => JSON.parse(say(...args, '--json')) };
}
