-- The ledger's part of the book. All of it follows from the journal's decisions and the events that they judge, so it may be
-- emptied and made again; until then its rows, too, are added and never changed. Tables that grow with the orders have a number
-- of their own to grow by, and no more indexes than their questions need.
CREATE TABLE agreements (
  id TEXT NOT NULL UNIQUE,
  name TEXT PRIMARY KEY CHECK (name <> ''),
  created_at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_versions (
  agreement TEXT NOT NULL REFERENCES agreements (name),
  number INTEGER NOT NULL CHECK (number >= 1),
  document TEXT NOT NULL,
  document_hash TEXT NOT NULL,
  from_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL CHECK (until_us > from_us),
  proposed_by TEXT,
  proposed_at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (agreement, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_states (
  entry INTEGER PRIMARY KEY,
  agreement TEXT NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('draft', 'proposed', 'signed', 'active', 'superseded', 'expired', 'ended', 'notified', 'accepted', 'declined', 'countered')),
  at_us INTEGER NOT NULL,
  decided_by TEXT,
  party TEXT,
  method TEXT,
  reference TEXT,
  reason TEXT,
  attested_by TEXT,
  sequence INTEGER NOT NULL,
  FOREIGN KEY (agreement, number) REFERENCES agreement_versions (agreement, number)
) STRICT;
-- Each side signs for itself, in one decision or in several.
CREATE UNIQUE INDEX agreement_states_once ON agreement_states
  (agreement, number, sequence, state, ifnull(party, ''));

CREATE TABLE enrolments (
  agreement TEXT NOT NULL REFERENCES agreements (name),
  party TEXT NOT NULL REFERENCES parties (name),
  from_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL CHECK (until_us >= from_us),
  attested_by TEXT,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (agreement, party, sequence)
) STRICT, WITHOUT ROWID;

-- Customer ids that are a partner's own, and that are so no more.
CREATE TABLE own_customers (
  party TEXT NOT NULL REFERENCES parties (name),
  customer TEXT NOT NULL CHECK (customer <> ''),
  sequence INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('declared', 'withdrawn')),
  decided_by TEXT,
  PRIMARY KEY (party, customer, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_versions (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  minimum TEXT NOT NULL,
  document TEXT,
  from_us INTEGER NOT NULL,
  decided_by TEXT,
  sequence INTEGER NOT NULL
) STRICT;

CREATE TABLE commissions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL CHECK (type IN ('sale', 'lead', 'click', 'custom')),
  order_id TEXT NOT NULL,
  partner TEXT NOT NULL REFERENCES parties (name),
  agreement TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule TEXT NOT NULL,
  policy INTEGER NOT NULL REFERENCES policy_versions (number),
  part TEXT NOT NULL,
  base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  occurred_at_us INTEGER NOT NULL,
  touched_at_us INTEGER NOT NULL,
  locks_at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  evidence TEXT,
  FOREIGN KEY (agreement, version) REFERENCES agreement_versions (agreement, number)
) STRICT;
CREATE INDEX commissions_by_order ON commissions (order_id);
CREATE INDEX commissions_by_lock ON commissions (locks_at_us);
CREATE INDEX commissions_refused ON commissions (number) WHERE rule = 'refused';
CREATE INDEX commissions_by_partner ON commissions (partner, occurred_at_us);

-- What the commissions of an order do not tell: parts for which no rule paid, and those of a second judgement.
CREATE TABLE order_shares (
  order_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  partner TEXT NOT NULL REFERENCES parties (name),
  agreement TEXT NOT NULL,
  version INTEGER NOT NULL,
  part TEXT NOT NULL,
  touched_at_us INTEGER NOT NULL,
  PRIMARY KEY (order_id, sequence, partner),
  FOREIGN KEY (agreement, version) REFERENCES agreement_versions (agreement, number)
) STRICT, WITHOUT ROWID;

-- Orders whose second judgement, at the end of their return period, had another outcome than the first.
CREATE TABLE judged_again (
  order_id TEXT PRIMARY KEY,
  locked_at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An account is of one currency, so that no transfer can mix two.
CREATE TABLE accounts (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN
    ('expense', 'pending', 'payable', 'disputed', 'receivable', 'clearing', 'bank')),
  party TEXT REFERENCES parties (name),
  currency TEXT NOT NULL CHECK (length(currency) = 3)
) STRICT;
CREATE UNIQUE INDEX accounts_once ON accounts (kind, ifnull(party, ''), currency);

CREATE TABLE transfers (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind <> ''),
  debit INTEGER NOT NULL REFERENCES accounts (number),
  credit INTEGER NOT NULL REFERENCES accounts (number),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  commission INTEGER REFERENCES commissions (number),
  reference TEXT,
  reason TEXT,
  effective_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  reverses INTEGER CHECK (reverses < number),
  CHECK (debit <> credit)
) STRICT;
CREATE INDEX transfers_by_commission ON transfers (commission) WHERE commission IS NOT NULL;
-- A balance is the fold of these alone; the transfers themselves are not touched for it.
CREATE INDEX transfers_by_debit ON transfers (debit, effective_us, amount_minor);
CREATE INDEX transfers_by_credit ON transfers (credit, effective_us, amount_minor);

-- What the tiers and caps of a rule have seen. A sum beside the commissions that make it, and the one table of the ledger whose
-- rows change.
CREATE TABLE tallies (
  agreement TEXT NOT NULL,
  partner TEXT NOT NULL,
  rule TEXT NOT NULL,
  cycle INTEGER NOT NULL CHECK (cycle BETWEEN 0 AND 3),
  period_day INTEGER NOT NULL,
  order_count INTEGER NOT NULL,
  base_minor INTEGER NOT NULL,
  earned_minor INTEGER NOT NULL,
  paid_minor INTEGER NOT NULL,
  PRIMARY KEY (agreement, partner, rule, cycle, period_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE payout_runs (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  method TEXT NOT NULL CHECK (method IN ('sepa', 'paypal', 'wise')),
  until_us INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  seconded_by TEXT NOT NULL,
  kept TEXT NOT NULL CHECK (length(kept) = 64),
  sequence INTEGER NOT NULL,
  CONSTRAINT "a payout run needs two persons" CHECK (decided_by <> seconded_by)
) STRICT, WITHOUT ROWID;

CREATE TABLE payouts (
  id TEXT PRIMARY KEY,
  run TEXT REFERENCES payout_runs (name),
  partner TEXT NOT NULL REFERENCES parties (name),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  at_us INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  seconded_by TEXT NOT NULL,
  method TEXT,
  sequence INTEGER NOT NULL,
  CONSTRAINT "a payout needs two persons" CHECK (decided_by <> seconded_by)
) STRICT, WITHOUT ROWID;

CREATE INDEX payouts_by_run ON payouts (run, partner) WHERE run IS NOT NULL;

CREATE TABLE payout_lines (
  payout TEXT NOT NULL REFERENCES payouts (id),
  commission TEXT NOT NULL REFERENCES commissions (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  set_off_minor INTEGER NOT NULL CHECK (set_off_minor >= 0),
  CHECK (amount_minor + set_off_minor > 0),
  PRIMARY KEY (payout, commission)
) STRICT, WITHOUT ROWID;

CREATE TABLE payout_states (
  payout TEXT NOT NULL REFERENCES payouts (id),
  state TEXT NOT NULL CHECK (state IN
    ('pending', 'processing', 'sent', 'completed', 'failed', 'canceled')),
  at_us INTEGER NOT NULL,
  decided_by TEXT,
  reason TEXT,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (payout, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoices (
  series TEXT NOT NULL CHECK (series <> ''),
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'cancellation')),
  payout TEXT NOT NULL REFERENCES payouts (id),
  net_minor INTEGER NOT NULL CHECK (net_minor > 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  withheld_minor INTEGER NOT NULL CHECK (withheld_minor >= 0),
  at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (series, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invoices_once ON invoices (payout, kind);

CREATE TABLE disputes (
  id TEXT PRIMARY KEY,
  partner TEXT NOT NULL REFERENCES parties (name),
  commission TEXT REFERENCES commissions (id),
  order_id TEXT,
  about TEXT NOT NULL CHECK (about IN ('untracked', 'wrong amount', 'wrongly reversed')),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  opened_at_us INTEGER NOT NULL,
  opened_by TEXT,
  words TEXT,
  sequence INTEGER NOT NULL,
  CONSTRAINT "a dispute names a commission or an order"
    CHECK (commission IS NOT NULL OR order_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX disputes_by_commission ON disputes (commission) WHERE commission IS NOT NULL;
CREATE INDEX disputes_by_order ON disputes (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE dispute_decisions (
  dispute TEXT NOT NULL REFERENCES disputes (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('upheld', 'declined', 'incomplete')),
  amount_minor INTEGER NOT NULL CHECK (verdict = 'upheld' OR amount_minor = 0),
  at_us INTEGER NOT NULL,
  decided_by TEXT,
  seconded_by TEXT,
  words TEXT,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (dispute, sequence)
) STRICT, WITHOUT ROWID;
-- Nothing is resolved twice. What was incomplete is not resolved.
CREATE UNIQUE INDEX dispute_decisions_final ON dispute_decisions (dispute)
  WHERE verdict <> 'incomplete';

CREATE TABLE adjustments (
  id TEXT PRIMARY KEY,
  partner TEXT NOT NULL REFERENCES parties (name),
  commission TEXT REFERENCES commissions (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  at_us INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  seconded_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT,
  sequence INTEGER NOT NULL,
  CONSTRAINT "an adjustment needs two persons" CHECK (decided_by <> seconded_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX adjustments_by_partner ON adjustments (partner, at_us);

CREATE TABLE closes (
  period TEXT PRIMARY KEY,
  from_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL CHECK (until_us > from_us),
  hash TEXT NOT NULL,
  document TEXT,
  decided_by TEXT NOT NULL,
  seconded_by TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  CONSTRAINT "a close needs two persons" CHECK (decided_by <> seconded_by)
) STRICT, WITHOUT ROWID;

-- Up to which moments return periods are over.
CREATE TABLE locks (
  until_us INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  decided_by TEXT,
  sequence INTEGER NOT NULL
) STRICT;

-- What sides write on the joint P&L of an agreement's month. Of several entries of a line the latest holds; the others stay.
CREATE TABLE sheet_lines (
  entry INTEGER PRIMARY KEY,
  agreement TEXT NOT NULL REFERENCES agreements (name),
  period TEXT NOT NULL CHECK (period <> ''),
  side TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what <> ''),
  sequence INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('revenue', 'discount', 'goods', 'commission', 'fee', 'shared_cost', 'hours',
    'content', 'media', 'tools', 'in_kind')),
  earned_by TEXT,
  is_private INTEGER NOT NULL CHECK (is_private IN (0, 1)),
  amount_minor INTEGER NOT NULL,
  has_interval INTEGER NOT NULL CHECK (has_interval IN (0, 1)),
  low_minor INTEGER NOT NULL,
  high_minor INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  valued_by TEXT,
  decided_by TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  CONSTRAINT "a private line is added by its side" CHECK (is_private = 0 OR added_by = side),
  UNIQUE (agreement, period, side, what, sequence)
) STRICT;

-- Another side stands by a line as long as it has this amount.
CREATE TABLE sheet_confirmations (
  entry INTEGER PRIMARY KEY,
  agreement TEXT NOT NULL REFERENCES agreements (name),
  period TEXT NOT NULL CHECK (period <> ''),
  side TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what <> ''),
  confirmed_by TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  UNIQUE (agreement, period, side, what, confirmed_by, sequence)
) STRICT;

-- What has to be talked about anew, since the end of a period.
CREATE TABLE renegotiations (
  entry INTEGER PRIMARY KEY,
  agreement TEXT NOT NULL REFERENCES agreements (name),
  period TEXT NOT NULL,
  side TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what <> ''),
  opened_at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  UNIQUE (agreement, period)
) STRICT;

-- Money for what two sides do together: asked for, granted or not, claimed with a proof.
CREATE TABLE fund_states (
  entry INTEGER PRIMARY KEY,
  agreement TEXT NOT NULL REFERENCES agreements (name),
  what TEXT NOT NULL CHECK (what <> ''),
  state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'declined', 'claimed')),
  party TEXT,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  proof TEXT,
  reason TEXT,
  decided_by TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  CONSTRAINT "a claim needs a proof" CHECK (state <> 'claimed' OR proof <> ''),
  UNIQUE (agreement, what, sequence)
) STRICT;

CREATE TRIGGER agreements_stay BEFORE UPDATE ON agreements
  BEGIN SELECT RAISE(ABORT, 'agreements are never changed'); END;
CREATE TRIGGER agreements_remain BEFORE DELETE ON agreements
  BEGIN SELECT RAISE(ABORT, 'agreements are never deleted'); END;
CREATE TRIGGER agreement_versions_stay BEFORE UPDATE ON agreement_versions
  BEGIN SELECT RAISE(ABORT, 'agreement versions are never changed'); END;
CREATE TRIGGER agreement_versions_remain BEFORE DELETE ON agreement_versions
  BEGIN SELECT RAISE(ABORT, 'agreement versions are never deleted'); END;
CREATE TRIGGER agreement_states_stay BEFORE UPDATE ON agreement_states
  BEGIN SELECT RAISE(ABORT, 'agreement states are never changed'); END;
CREATE TRIGGER agreement_states_remain BEFORE DELETE ON agreement_states
  BEGIN SELECT RAISE(ABORT, 'agreement states are never deleted'); END;
CREATE TRIGGER enrolments_stay BEFORE UPDATE ON enrolments
  BEGIN SELECT RAISE(ABORT, 'enrolments are never changed'); END;
CREATE TRIGGER enrolments_remain BEFORE DELETE ON enrolments
  BEGIN SELECT RAISE(ABORT, 'enrolments are never deleted'); END;
CREATE TRIGGER own_customers_stay BEFORE UPDATE ON own_customers
  BEGIN SELECT RAISE(ABORT, 'own customers are never changed'); END;
CREATE TRIGGER own_customers_remain BEFORE DELETE ON own_customers
  BEGIN SELECT RAISE(ABORT, 'own customers are never deleted'); END;
CREATE TRIGGER policy_versions_stay BEFORE UPDATE ON policy_versions
  BEGIN SELECT RAISE(ABORT, 'policy versions are never changed'); END;
CREATE TRIGGER policy_versions_remain BEFORE DELETE ON policy_versions
  BEGIN SELECT RAISE(ABORT, 'policy versions are never deleted'); END;
CREATE TRIGGER commissions_stay BEFORE UPDATE ON commissions
  BEGIN SELECT RAISE(ABORT, 'commissions are never changed'); END;
CREATE TRIGGER commissions_remain BEFORE DELETE ON commissions
  BEGIN SELECT RAISE(ABORT, 'commissions are never deleted'); END;
CREATE TRIGGER order_shares_stay BEFORE UPDATE ON order_shares
  BEGIN SELECT RAISE(ABORT, 'shares of orders are never changed'); END;
CREATE TRIGGER order_shares_remain BEFORE DELETE ON order_shares
  BEGIN SELECT RAISE(ABORT, 'shares of orders are never deleted'); END;
CREATE TRIGGER judged_again_stay BEFORE UPDATE ON judged_again
  BEGIN SELECT RAISE(ABORT, 'judgements are never changed'); END;
CREATE TRIGGER judged_again_remain BEFORE DELETE ON judged_again
  BEGIN SELECT RAISE(ABORT, 'judgements are never deleted'); END;
CREATE TRIGGER accounts_stay BEFORE UPDATE ON accounts
  BEGIN SELECT RAISE(ABORT, 'accounts are never changed'); END;
CREATE TRIGGER accounts_remain BEFORE DELETE ON accounts
  BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;
CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers
  BEGIN SELECT RAISE(ABORT, 'transfers are never changed'); END;
CREATE TRIGGER transfers_remain BEFORE DELETE ON transfers
  BEGIN SELECT RAISE(ABORT, 'transfers are never deleted'); END;
CREATE TRIGGER payout_runs_stay BEFORE UPDATE ON payout_runs
  BEGIN SELECT RAISE(ABORT, 'payout runs are never changed'); END;
CREATE TRIGGER payout_runs_remain BEFORE DELETE ON payout_runs
  BEGIN SELECT RAISE(ABORT, 'payout runs are never deleted'); END;
CREATE TRIGGER payouts_stay BEFORE UPDATE ON payouts
  BEGIN SELECT RAISE(ABORT, 'payouts are never changed'); END;
CREATE TRIGGER payouts_remain BEFORE DELETE ON payouts
  BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;
CREATE TRIGGER payout_lines_stay BEFORE UPDATE ON payout_lines
  BEGIN SELECT RAISE(ABORT, 'payout lines are never changed'); END;
CREATE TRIGGER payout_lines_remain BEFORE DELETE ON payout_lines
  BEGIN SELECT RAISE(ABORT, 'payout lines are never deleted'); END;
CREATE TRIGGER payout_states_stay BEFORE UPDATE ON payout_states
  BEGIN SELECT RAISE(ABORT, 'payout states are never changed'); END;
CREATE TRIGGER payout_states_remain BEFORE DELETE ON payout_states
  BEGIN SELECT RAISE(ABORT, 'payout states are never deleted'); END;
CREATE TRIGGER invoices_stay BEFORE UPDATE ON invoices
  BEGIN SELECT RAISE(ABORT, 'invoices are never changed'); END;
CREATE TRIGGER invoices_remain BEFORE DELETE ON invoices
  BEGIN SELECT RAISE(ABORT, 'invoices are never deleted'); END;
CREATE TRIGGER disputes_stay BEFORE UPDATE ON disputes
  BEGIN SELECT RAISE(ABORT, 'disputes are never changed'); END;
CREATE TRIGGER disputes_remain BEFORE DELETE ON disputes
  BEGIN SELECT RAISE(ABORT, 'disputes are never deleted'); END;
CREATE TRIGGER dispute_decisions_stay BEFORE UPDATE ON dispute_decisions
  BEGIN SELECT RAISE(ABORT, 'dispute decisions are never changed'); END;
CREATE TRIGGER dispute_decisions_remain BEFORE DELETE ON dispute_decisions
  BEGIN SELECT RAISE(ABORT, 'dispute decisions are never deleted'); END;
CREATE TRIGGER adjustments_stay BEFORE UPDATE ON adjustments
  BEGIN SELECT RAISE(ABORT, 'adjustments are never changed'); END;
CREATE TRIGGER adjustments_remain BEFORE DELETE ON adjustments
  BEGIN SELECT RAISE(ABORT, 'adjustments are never deleted'); END;
CREATE TRIGGER closes_stay BEFORE UPDATE ON closes
  BEGIN SELECT RAISE(ABORT, 'closes are never changed'); END;
CREATE TRIGGER closes_remain BEFORE DELETE ON closes
  BEGIN SELECT RAISE(ABORT, 'closes are never deleted'); END;
CREATE TRIGGER locks_stay BEFORE UPDATE ON locks
  BEGIN SELECT RAISE(ABORT, 'locks are never changed'); END;
CREATE TRIGGER locks_remain BEFORE DELETE ON locks
  BEGIN SELECT RAISE(ABORT, 'locks are never deleted'); END;
CREATE TRIGGER sheet_lines_stay BEFORE UPDATE ON sheet_lines
  BEGIN SELECT RAISE(ABORT, 'lines of a joint P&L are never changed'); END;
CREATE TRIGGER sheet_lines_remain BEFORE DELETE ON sheet_lines
  BEGIN SELECT RAISE(ABORT, 'lines of a joint P&L are never deleted'); END;
CREATE TRIGGER sheet_confirmations_stay BEFORE UPDATE ON sheet_confirmations
  BEGIN SELECT RAISE(ABORT, 'confirmations are never changed'); END;
CREATE TRIGGER sheet_confirmations_remain BEFORE DELETE ON sheet_confirmations
  BEGIN SELECT RAISE(ABORT, 'confirmations are never deleted'); END;
CREATE TRIGGER renegotiations_stay BEFORE UPDATE ON renegotiations
  BEGIN SELECT RAISE(ABORT, 'renegotiations are never changed'); END;
CREATE TRIGGER renegotiations_remain BEFORE DELETE ON renegotiations
  BEGIN SELECT RAISE(ABORT, 'renegotiations are never deleted'); END;
CREATE TRIGGER fund_states_stay BEFORE UPDATE ON fund_states
  BEGIN SELECT RAISE(ABORT, 'funds are never changed'); END;
CREATE TRIGGER fund_states_remain BEFORE DELETE ON fund_states
  BEGIN SELECT RAISE(ABORT, 'funds are never deleted'); END;
