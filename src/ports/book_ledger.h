/* The ledger's part of the book: agreements and what they say, what was earned by them, every
   posting, and what was paid, disputed and closed.

   Nothing in it is a first source. Decisions are frames of the journal, and what they mean for the
   events follows from both: emptied and replayed by the same program it holds the same rows. Who
   applies the frames (the reader "ledger") keeps its cursor in the same change as the rows. */
#ifndef HANSA_PORTS_BOOK_LEDGER_H
#define HANSA_PORTS_BOOK_LEDGER_H

#include "base/id.h"
#include "base/money.h"
#include "ledger/transfers.h"

/* In every row: text is borrowed until the call or the callback returns, and absent text is {NULL,
   0}; sequence is that of the frame by which it came; `document` and `evidence` are JSON, kept to
   the byte. What is marked "key" is the row's natural name. */

struct hs_agreement_row {
  struct hs_id id;    /* agr_… */
  struct hs_str name; /* key: "standard-offer" */
  int64_t created_at_us;
  uint64_t sequence;
};

struct hs_version_row {
  struct hs_str agreement; /* key: its name, */
  uint64_t number;         /* and 1, 2, … */
  struct hs_str document;
  struct hs_str document_hash; /* hex */
  int64_t from_us;
  int64_t until_us; /* INT64_MAX until something says otherwise */
  struct hs_str proposed_by;
  int64_t proposed_at_us;
  uint64_t sequence;
};

/* What happened to a version. Key: all but the moment, who decided and why; so each side may sign
   in one frame. */
struct hs_version_state_row {
  struct hs_str agreement;
  uint64_t number;
  struct hs_str state; /* draft proposed signed active superseded expired ended, and what is said of
                          a proposal: notified accepted declined countered */
  int64_t at_us;
  struct hs_str decided_by;
  struct hs_str party;     /* for which side; absent for all of them */
  struct hs_str method;    /* notified: how it was told */
  struct hs_str reference; /* notified: the SHA-256 of what was told, in hex */
  struct hs_str reason;
  struct hs_str attested_by; /* who says that the disclosure stands where it must */
  uint64_t sequence;
};

/* A party takes part in an agreement. Key: agreement, party and sequence; a later row of the same
   two takes the place of the earlier ones from its from_us on, and ends their time when its own is
   empty. */
struct hs_enrolment_row {
  struct hs_str agreement, party; /* names */
  int64_t from_us, until_us;
  struct hs_str attested_by; /* as of a version's state */
  uint64_t sequence;
};

/* A customer id is a partner's own, so that the partner is not paid for what it buys itself; or is
   so no more. Key: party, customer and sequence; of two rows of the same two the later one holds.
 */
struct hs_own_customer_row {
  struct hs_str party;    /* name */
  struct hs_str customer; /* an id, as events name persons */
  struct hs_str state;    /* declared, withdrawn */
  struct hs_str decided_by;
  uint64_t sequence;
};

/* Who shares an order, and how: the programme's rule from a moment on. */
struct hs_policy_row {
  uint64_t number;                    /* key: 1, 2, … */
  struct hs_str first, last, minimum; /* exact: "2/5" */
  struct hs_str document;             /* the rest of it */
  int64_t from_us;
  struct hs_str decided_by;
  uint64_t sequence;
};

struct hs_commission_row {
  struct hs_id id; /* key: cms_… made from what it is for, so that a replay gives it again. Ids that
                      rise with the sequence go in fastest */
  struct hs_str type;      /* what it is for: sale lead click custom */
  struct hs_str order_id;  /* the name of that: of the order, or of the lead, click or event */
  struct hs_str partner;   /* name of a party */
  struct hs_str agreement; /* the version whose rule pays */
  uint64_t version;
  struct hs_str rule;
  uint64_t policy;    /* number */
  struct hs_str part; /* of the order: "2/5" */
  int64_t base_minor; /* of the whole order; 0 or more, and 0 for what is no sale */
  struct hs_currency currency;
  int64_t amount_minor;   /* 0 or more */
  int64_t occurred_at_us; /* what it is for */
  int64_t touched_at_us;  /* the touch that was credited */
  int64_t locks_at_us;
  uint64_t sequence;
  struct hs_str evidence;
};

/* A partner's part of an order that its commissions do not tell of: no rule paid for it, or the
   order was judged again. Key: order, sequence and partner. */
struct hs_order_share_row {
  struct hs_str order_id;
  uint64_t sequence;
  struct hs_str partner;
  struct hs_str agreement; /* the version that judged */
  uint64_t version;
  struct hs_str part; /* of the order: "2/5" */
  int64_t touched_at_us;
};

/* An order whose second judgement had another outcome than the first. All who share it since have
   their part as a hs_order_share_row of this sequence. */
struct hs_judged_again_row {
  struct hs_str order_id; /* key */
  int64_t locked_at_us;   /* the end of its return period, or of the dispute that it waited for */
  uint64_t sequence;
  struct hs_str evidence;
};

struct hs_account {
  enum hs_account_kind kind;
  struct hs_str party; /* name; absent for the programme's own */
};

/* One posting: amount from credit to debit. Both accounts are of its currency. */
struct hs_transfer_row {
  uint64_t number;    /* key: 1, 2, … without a gap */
  struct hs_str kind; /* a word for what it does */
  struct hs_account debit, credit;
  int64_t amount_minor; /* above 0 */
  struct hs_currency currency;
  struct hs_id commission; /* zero for none */
  struct hs_str reference; /* the payout, dispute or statement it belongs to; may be absent */
  struct hs_str reason;    /* a word; may be absent */
  int64_t effective_us;    /* the moment by which it is booked; never in a closed period */
  uint64_t sequence;       /* when we learnt it */
  uint64_t reverses;       /* number of the transfer that it takes back, wholly or in part; or 0 */
};

/* A posting of a commission, and how old its order was: how commissions fare in the course of time.
 */
struct hs_development_row {
  uint64_t commission; /* a number that rises in the order in which commissions were added */
  struct hs_str type;  /* of what it is for */
  struct hs_str order_id;
  struct hs_currency currency;
  int64_t occurred_at_us; /* the order */
  struct hs_str kind;     /* of the transfer */
  int64_t amount_minor;
  int64_t effective_us;
};

/* The fold of an account's postings. What it holds is debit less credit. */
struct hs_balance_row {
  struct hs_account account;
  struct hs_currency currency;
  int64_t debit_minor, credit_minor;
};

/* What a rule has seen of a partner in one period. Key: all up to period_day. */
struct hs_tally_row {
  struct hs_str agreement, partner, rule;
  int64_t cycle;      /* enum hs_cycle: 0 day, 1 week, 2 month, 3 ever */
  int64_t period_day; /* the period's first day; 0 for ever */
  int64_t order_count, base_minor, earned_minor, paid_minor;
};

/* Payments that go out together: a file for the bank or the payment service. */
struct hs_payout_run_row {
  struct hs_str name;   /* key: as the file is called there */
  struct hs_str method; /* sepa paypal wise */
  int64_t until_us;     /* what was owed by then is paid */
  int64_t at_us;
  struct hs_str decided_by, seconded_by; /* two persons */
  struct hs_str kept; /* hex: the hash of the kept file with the payments and the invoices */
  uint64_t sequence;
};

struct hs_payout_row {
  struct hs_id id;   /* key: pay_… */
  struct hs_str run; /* absent: of none */
  struct hs_str partner;
  struct hs_currency currency;
  int64_t amount_minor; /* above 0 */
  int64_t at_us;
  struct hs_str decided_by, seconded_by; /* two persons */
  struct hs_str method;
  uint64_t sequence;
};

/* What was payable for a commission, and became of it: both 0 or more, one of them above. */
struct hs_payout_line_row {
  struct hs_id payout, commission; /* key */
  int64_t amount_minor;            /* sent */
  int64_t set_off_minor;           /* set off against what the partner owed */
};

/* Key: payout and sequence. */
struct hs_payout_state_row {
  struct hs_id payout;
  struct hs_str state; /* pending processing sent completed failed canceled */
  int64_t at_us;
  struct hs_str decided_by, reason;
  uint64_t sequence;
};

/* What the company writes in the partner's name about a payout, before tax and after. */
struct hs_invoice_row {
  struct hs_str series; /* key: "SB-2026", */
  uint64_t number;      /* and 1, 2, … without a gap */
  struct hs_str
      kind; /* invoice; credit_note for what was set off; cancellation of what came back */
  struct hs_id payout;               /* which has at most one of each kind */
  int64_t net_minor;                 /* above 0, of a credit note and a cancellation too */
  int64_t tax_minor, withheld_minor; /* 0 or more */
  int64_t at_us;
  uint64_t sequence;
};

struct hs_dispute_row {
  struct hs_id id; /* key: dsp_… */
  struct hs_str partner;
  struct hs_id commission; /* zero when it is about an order that has none */
  struct hs_str order_id;
  struct hs_str about; /* untracked, wrong amount, wrongly reversed */
  struct hs_currency currency;
  int64_t amount_minor; /* above 0: what is disputed, and held */
  int64_t opened_at_us;
  struct hs_str opened_by, words;
  uint64_t sequence;
};

/* What two persons gave a partner or took back, beside all rules. */
struct hs_adjustment_row {
  struct hs_id id; /* key: dec_…, the decision's own */
  struct hs_str partner;
  struct hs_id commission; /* that was adjusted, or that it brought; zero for none */
  struct hs_currency currency;
  int64_t amount_minor; /* below 0 what was taken back */
  int64_t at_us;
  struct hs_str decided_by, seconded_by; /* two persons */
  struct hs_str reason, words;
  uint64_t sequence;
};

/* Key: dispute and sequence. Only what was incomplete may be decided again. */
struct hs_dispute_decision_row {
  struct hs_id dispute;
  struct hs_str verdict; /* upheld declined incomplete */
  int64_t amount_minor;  /* upheld: what the partner gets on top, or, below 0, what is taken back */
  int64_t at_us;
  struct hs_str decided_by, seconded_by, words;
  uint64_t sequence;
};

struct hs_close_row {
  struct hs_str period; /* key: "2026-09" */
  int64_t from_us, until_us;
  struct hs_str hash;                    /* hex, over the period's transfers */
  struct hs_str document;                /* what was estimated when it was closed; may be absent */
  struct hs_str decided_by, seconded_by; /* two persons */
  int64_t at_us;
  uint64_t sequence;
};

/* Return periods that end up to until_us are over: what had them is owed. */
struct hs_lock_row {
  int64_t until_us; /* key */
  int64_t at_us;
  struct hs_str decided_by; /* absent: the clock */
  uint64_t sequence;
};

/* A line that a side wrote on the joint P&L of an agreement's month, already in money. Key: all up
   to `what`, and the sequence; the latest of them holds. */
struct hs_sheet_line_row {
  struct hs_str agreement, period; /* "2026-09" */
  struct hs_str side;              /* whose money it is */
  struct hs_str what;
  struct hs_str added_by;  /* a side: it stands by the line */
  struct hs_str kind;      /* revenue discount goods commission fee shared_cost hours … */
  struct hs_str earned_by; /* of a commission or fee: a side; absent for somebody outside */
  int64_t is_private;      /* only for the eyes of its side, which has added it */
  int64_t amount_minor;
  int64_t has_interval, low_minor, high_minor;
  struct hs_currency currency;
  struct hs_str valued_by;
  struct hs_str decided_by;
  int64_t at_us;
  uint64_t sequence;
};

/* A side stands by a line, of the sheet or out of the ledger, as long as it has this amount. Key:
   all up to confirmed_by, and the sequence. */
struct hs_sheet_confirmation_row {
  struct hs_str agreement, period, side, what;
  struct hs_str confirmed_by; /* a side */
  int64_t amount_minor;
  struct hs_str decided_by;
  int64_t at_us;
  uint64_t sequence;
};

/* An agreement that has to be talked about anew since the end of a period. Key: agreement and
   period. */
struct hs_renegotiation_row {
  struct hs_str agreement, period;
  struct hs_str side; /* whose interest it is */
  struct hs_str what;
  int64_t opened_at_us;
  uint64_t sequence;
};

/* Money for what is done together. Key: agreement, what and sequence. */
struct hs_fund_row {
  struct hs_str agreement, what;
  struct hs_str state; /* requested approved declined claimed */
  struct hs_str party; /* who asks or claims; may be absent */
  struct hs_currency currency;
  int64_t amount_minor; /* above 0 */
  struct hs_str proof;  /* of a claim */
  struct hs_str reason;
  struct hs_str decided_by;
  int64_t at_us;
  uint64_t sequence;
};

/* Writing, inside hs_book.write only. Adding a row that is there to the letter changes nothing and
   is HS_OK; another one of that key is HS_CONFLICT. HS_NOT_FOUND when a party, agreement, version,
   policy, commission, payout or dispute that it names is not there; HS_INVALID for a figure or a
   word out of the ranges above. */
struct hs_ledger_writer {
  void *self;
  enum hs_status (*add_agreement)(void *self, const struct hs_agreement_row *row,
                                  struct hs_err *err);
  enum hs_status (*add_version)(void *self, const struct hs_version_row *row, struct hs_err *err);
  enum hs_status (*add_version_state)(void *self, const struct hs_version_state_row *row,
                                      struct hs_err *err);
  enum hs_status (*add_enrolment)(void *self, const struct hs_enrolment_row *row,
                                  struct hs_err *err);
  enum hs_status (*add_own_customer)(void *self, const struct hs_own_customer_row *row,
                                     struct hs_err *err);
  enum hs_status (*add_policy)(void *self, const struct hs_policy_row *row, struct hs_err *err);
  enum hs_status (*add_commission)(void *self, const struct hs_commission_row *row,
                                   struct hs_err *err);
  enum hs_status (*add_order_share)(void *self, const struct hs_order_share_row *row,
                                    struct hs_err *err);
  enum hs_status (*add_judged_again)(void *self, const struct hs_judged_again_row *row,
                                     struct hs_err *err);
  /* number 0 takes the next one; any other must be the next, or that of the same transfer. *number
     is the one it has; it may be NULL. HS_INVALID unless the amount is above 0 and the accounts
     differ, and when the commission or what is reversed is of another currency. HS_CONFLICT when
     the moment lies in a closed period. */
  enum hs_status (*add_transfer)(void *self, const struct hs_transfer_row *row, uint64_t *number,
                                 struct hs_err *err);
  /* Replaces the tally of its key. */
  enum hs_status (*put_tally)(void *self, const struct hs_tally_row *row, struct hs_err *err);
  enum hs_status (*add_payout_run)(void *self, const struct hs_payout_run_row *row,
                                   struct hs_err *err);
  enum hs_status (*add_payout)(void *self, const struct hs_payout_row *row, struct hs_err *err);
  enum hs_status (*add_payout_line)(void *self, const struct hs_payout_line_row *row,
                                    struct hs_err *err);
  enum hs_status (*add_payout_state)(void *self, const struct hs_payout_state_row *row,
                                     struct hs_err *err);
  /* HS_CONFLICT unless the number is the next of its series. */
  enum hs_status (*add_invoice)(void *self, const struct hs_invoice_row *row, struct hs_err *err);
  enum hs_status (*add_dispute)(void *self, const struct hs_dispute_row *row, struct hs_err *err);
  enum hs_status (*add_dispute_decision)(void *self, const struct hs_dispute_decision_row *row,
                                         struct hs_err *err);
  enum hs_status (*add_adjustment)(void *self, const struct hs_adjustment_row *row,
                                   struct hs_err *err);
  /* HS_CONFLICT when it overlaps another closed period. */
  enum hs_status (*add_close)(void *self, const struct hs_close_row *row, struct hs_err *err);
  enum hs_status (*add_lock)(void *self, const struct hs_lock_row *row, struct hs_err *err);
  enum hs_status (*add_sheet_line)(void *self, const struct hs_sheet_line_row *row,
                                   struct hs_err *err);
  enum hs_status (*add_sheet_confirmation)(void *self, const struct hs_sheet_confirmation_row *row,
                                           struct hs_err *err);
  enum hs_status (*add_renegotiation)(void *self, const struct hs_renegotiation_row *row,
                                      struct hs_err *err);
  enum hs_status (*add_fund)(void *self, const struct hs_fund_row *row, struct hs_err *err);
  /* Empties all of the above and forgets the cursor of `reader`, so that it starts anew. */
  enum hs_status (*clear)(void *self, struct hs_str reader, struct hs_err *err);
};

typedef enum hs_status (*hs_agreement_row_fn)(void *context, const struct hs_agreement_row *row,
                                              struct hs_err *err);
typedef enum hs_status (*hs_version_row_fn)(void *context, const struct hs_version_row *row,
                                            struct hs_err *err);
typedef enum hs_status (*hs_version_state_row_fn)(void *context,
                                                  const struct hs_version_state_row *row,
                                                  struct hs_err *err);
typedef enum hs_status (*hs_enrolment_row_fn)(void *context, const struct hs_enrolment_row *row,
                                              struct hs_err *err);
typedef enum hs_status (*hs_own_customer_row_fn)(void *context,
                                                 const struct hs_own_customer_row *row,
                                                 struct hs_err *err);
typedef enum hs_status (*hs_policy_row_fn)(void *context, const struct hs_policy_row *row,
                                           struct hs_err *err);
typedef enum hs_status (*hs_commission_row_fn)(void *context, const struct hs_commission_row *row,
                                               struct hs_err *err);
typedef enum hs_status (*hs_order_share_row_fn)(void *context, const struct hs_order_share_row *row,
                                                struct hs_err *err);
typedef enum hs_status (*hs_judged_again_row_fn)(void *context,
                                                 const struct hs_judged_again_row *row,
                                                 struct hs_err *err);
typedef enum hs_status (*hs_transfer_row_fn)(void *context, const struct hs_transfer_row *row,
                                             struct hs_err *err);
typedef enum hs_status (*hs_development_row_fn)(void *context, const struct hs_development_row *row,
                                                struct hs_err *err);
typedef enum hs_status (*hs_balance_row_fn)(void *context, const struct hs_balance_row *row,
                                            struct hs_err *err);
typedef enum hs_status (*hs_tally_row_fn)(void *context, const struct hs_tally_row *row,
                                          struct hs_err *err);
typedef enum hs_status (*hs_payout_run_row_fn)(void *context, const struct hs_payout_run_row *row,
                                               struct hs_err *err);
typedef enum hs_status (*hs_payout_row_fn)(void *context, const struct hs_payout_row *row,
                                           struct hs_err *err);
typedef enum hs_status (*hs_payout_line_row_fn)(void *context, const struct hs_payout_line_row *row,
                                                struct hs_err *err);
typedef enum hs_status (*hs_payout_state_row_fn)(void *context,
                                                 const struct hs_payout_state_row *row,
                                                 struct hs_err *err);
typedef enum hs_status (*hs_invoice_row_fn)(void *context, const struct hs_invoice_row *row,
                                            struct hs_err *err);
typedef enum hs_status (*hs_dispute_row_fn)(void *context, const struct hs_dispute_row *row,
                                            struct hs_err *err);
typedef enum hs_status (*hs_dispute_decision_row_fn)(void *context,
                                                     const struct hs_dispute_decision_row *row,
                                                     struct hs_err *err);
typedef enum hs_status (*hs_adjustment_row_fn)(void *context, const struct hs_adjustment_row *row,
                                               struct hs_err *err);
typedef enum hs_status (*hs_lock_row_fn)(void *context, const struct hs_lock_row *row,
                                         struct hs_err *err);
typedef enum hs_status (*hs_close_row_fn)(void *context, const struct hs_close_row *row,
                                          struct hs_err *err);
typedef enum hs_status (*hs_sheet_line_row_fn)(void *context, const struct hs_sheet_line_row *row,
                                               struct hs_err *err);
typedef enum hs_status (*hs_sheet_confirmation_row_fn)(void *context,
                                                       const struct hs_sheet_confirmation_row *row,
                                                       struct hs_err *err);
typedef enum hs_status (*hs_renegotiation_row_fn)(void *context,
                                                  const struct hs_renegotiation_row *row,
                                                  struct hs_err *err);
typedef enum hs_status (*hs_fund_row_fn)(void *context, const struct hs_fund_row *row,
                                         struct hs_err *err);

/* Reading. A range of moments or sequences is given by its ends as each function says; INT64_MIN
   and INT64_MAX leave an end open. A callback that gives anything but HS_OK ends the list with
   that. The callbacks of a book's own reader must not read from it again; those of a writer may
   read and write, and what they add to the table that is being listed is listed or not. */
struct hs_ledger_reader {
  void *self;
  /* By name; by agreement and number; in the order in which they came; by number. */
  enum hs_status (*agreements)(void *self, hs_agreement_row_fn each, void *context,
                               struct hs_err *err);
  /* agreement: absent for all. */
  enum hs_status (*versions)(void *self, struct hs_str agreement, hs_version_row_fn each,
                             void *context, struct hs_err *err);
  enum hs_status (*version_states)(void *self, struct hs_str agreement,
                                   hs_version_state_row_fn each, void *context, struct hs_err *err);
  enum hs_status (*enrolments)(void *self, hs_enrolment_row_fn each, void *context,
                               struct hs_err *err);
  /* In the order in which they were decided. */
  enum hs_status (*own_customers)(void *self, hs_own_customer_row_fn each, void *context,
                                  struct hs_err *err);
  enum hs_status (*policies)(void *self, hs_policy_row_fn each, void *context, struct hs_err *err);

  /* HS_NOT_FOUND when there is none of that id. */
  enum hs_status (*commission)(void *self, const struct hs_id *id, hs_commission_row_fn each,
                               void *context, struct hs_err *err);
  /* These four in the order in which they were added, or in that of their moments. An order's are
     those of sales; another event may have the same name. */
  enum hs_status (*commissions_of_order)(void *self, struct hs_str order_id,
                                         hs_commission_row_fn each, void *context,
                                         struct hs_err *err);
  enum hs_status (*commissions_of)(void *self, struct hs_str type, struct hs_str name,
                                   hs_commission_row_fn each, void *context, struct hs_err *err);
  /* Of what happened in [from_us, until_us). partner: absent for all. */
  enum hs_status (*commissions)(void *self, struct hs_str partner, int64_t from_us,
                                int64_t until_us, hs_commission_row_fn each, void *context,
                                struct hs_err *err);
  /* What could not be priced, of the rule "refused" with an amount of 0. In the order in which they
     were added. */
  enum hs_status (*commissions_refused)(void *self, hs_commission_row_fn each, void *context,
                                        struct hs_err *err);
  /* With locks_at_us in (after_us, until_us]. */
  enum hs_status (*commissions_locking)(void *self, int64_t after_us, int64_t until_us,
                                        hs_commission_row_fn each, void *context,
                                        struct hs_err *err);
  /* By sequence and partner. order_id: absent for all, by order then. */
  enum hs_status (*order_shares)(void *self, struct hs_str order_id, hs_order_share_row_fn each,
                                 void *context, struct hs_err *err);
  /* None or one; all by order when order_id is absent. */
  enum hs_status (*judged_again)(void *self, struct hs_str order_id, hs_judged_again_row_fn each,
                                 void *context, struct hs_err *err);

  /* All three by number. */
  enum hs_status (*transfers_of_commission)(void *self, const struct hs_id *commission,
                                            hs_transfer_row_fn each, void *context,
                                            struct hs_err *err);
  /* With effective_us in [from_us, until_us). party: of its accounts; absent for all. */
  enum hs_status (*transfers)(void *self, struct hs_str party, int64_t from_us, int64_t until_us,
                              hs_transfer_row_fn each, void *context, struct hs_err *err);
  /* With number in (after, until]: what was learnt since. */
  enum hs_status (*transfers_numbered)(void *self, uint64_t after, uint64_t until,
                                       hs_transfer_row_fn each, void *context, struct hs_err *err);
  /* Booked before until_us, of commissions whose orders lie in [from_us, until_us): by commission,
     then by number. */
  enum hs_status (*developments)(void *self, int64_t from_us, int64_t until_us,
                                 hs_development_row_fn each, void *context, struct hs_err *err);
  /* Of every account that was ever used, by kind, party and currency: the fold of its postings with
     effective_us before until_us. */
  enum hs_status (*balances)(void *self, int64_t until_us, hs_balance_row_fn each, void *context,
                             struct hs_err *err);
  /* Fills in the sums of the tally whose key stands in *tally; zeros when there is none. */
  enum hs_status (*tally)(void *self, struct hs_tally_row *tally, struct hs_err *err);
  enum hs_status (*tallies)(void *self, hs_tally_row_fn each, void *context, struct hs_err *err);

  /* What can be paid to a partner of what was booked before until_us: each of its commissions that
     its payable account holds something for, in the order in which they were added, as lines of no
     payout yet. What has left the account since then, is held or was taken back, is off. */
  enum hs_status (*payables)(void *self, struct hs_str partner, struct hs_currency currency,
                             int64_t until_us, hs_payout_line_row_fn each, void *context,
                             struct hs_err *err);
  /* By time of the decision. */
  enum hs_status (*payout_runs)(void *self, hs_payout_run_row_fn each, void *context,
                                struct hs_err *err);
  /* These two: HS_NOT_FOUND when there is none. */
  enum hs_status (*payout_run)(void *self, struct hs_str name, hs_payout_run_row_fn each,
                               void *context, struct hs_err *err);
  enum hs_status (*payout)(void *self, const struct hs_id *id, hs_payout_row_fn each, void *context,
                           struct hs_err *err);
  /* By name of the partner. */
  enum hs_status (*payouts_of_run)(void *self, struct hs_str run, hs_payout_row_fn each,
                                   void *context, struct hs_err *err);
  /* By time of the decision. partner: absent for all. */
  enum hs_status (*payouts)(void *self, struct hs_str partner, hs_payout_row_fn each, void *context,
                            struct hs_err *err);
  enum hs_status (*payout_lines)(void *self, const struct hs_id *payout, hs_payout_line_row_fn each,
                                 void *context, struct hs_err *err);
  enum hs_status (*payout_states)(void *self, const struct hs_id *payout,
                                  hs_payout_state_row_fn each, void *context, struct hs_err *err);
  /* By series and number. payout: NULL for those of all. */
  enum hs_status (*invoices)(void *self, const struct hs_id *payout, hs_invoice_row_fn each,
                             void *context, struct hs_err *err);
  /* HS_NOT_FOUND when there is none. */
  enum hs_status (*invoice)(void *self, struct hs_str series, uint64_t number,
                            hs_invoice_row_fn each, void *context, struct hs_err *err);
  /* The highest number of a series; 0 when it has none. */
  enum hs_status (*last_invoice)(void *self, struct hs_str series, uint64_t *number,
                                 struct hs_err *err);
  /* These three by time. */
  enum hs_status (*disputes)(void *self, struct hs_str partner, hs_dispute_row_fn each,
                             void *context, struct hs_err *err);
  enum hs_status (*disputes_of_commission)(void *self, const struct hs_id *commission,
                                           hs_dispute_row_fn each, void *context,
                                           struct hs_err *err);
  enum hs_status (*disputes_of_order)(void *self, struct hs_str order_id, hs_dispute_row_fn each,
                                      void *context, struct hs_err *err);
  /* HS_NOT_FOUND when there is none of that id. */
  enum hs_status (*dispute)(void *self, const struct hs_id *id, hs_dispute_row_fn each,
                            void *context, struct hs_err *err);
  enum hs_status (*dispute_decisions)(void *self, const struct hs_id *dispute,
                                      hs_dispute_decision_row_fn each, void *context,
                                      struct hs_err *err);
  /* By time. partner: absent for all. */
  enum hs_status (*adjustments)(void *self, struct hs_str partner, hs_adjustment_row_fn each,
                                void *context, struct hs_err *err);
  enum hs_status (*closes)(void *self, hs_close_row_fn each, void *context, struct hs_err *err);
  /* The latest moment first. */
  enum hs_status (*locks)(void *self, hs_lock_row_fn each, void *context, struct hs_err *err);
  /* In the order in which they came. agreement: absent for all. */
  enum hs_status (*sheet_lines)(void *self, struct hs_str agreement, hs_sheet_line_row_fn each,
                                void *context, struct hs_err *err);
  enum hs_status (*sheet_confirmations)(void *self, struct hs_str agreement,
                                        hs_sheet_confirmation_row_fn each, void *context,
                                        struct hs_err *err);
  enum hs_status (*renegotiations)(void *self, struct hs_str agreement,
                                   hs_renegotiation_row_fn each, void *context, struct hs_err *err);
  enum hs_status (*funds)(void *self, struct hs_str agreement, hs_fund_row_fn each, void *context,
                          struct hs_err *err);
};

#endif
