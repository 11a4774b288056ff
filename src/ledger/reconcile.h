/* Our commissions beside those of somebody who counted the same orders: a network, or the partner.
   Both are matched by order id and partner, and each difference gets the one reason that the
   figures themselves bear out, or stands as unexplained. A pure function: nothing is guessed from
   names or dates that the lines do not carry.

   A reason explains a difference only when the arithmetic comes out, to one minor unit for each
   line, which is what rounding line by line can make of it. */
#ifndef HANSA_LEDGER_RECONCILE_H
#define HANSA_LEDGER_RECONCILE_H

#include "base/arena.h"
#include "base/ratio.h"

/* How far a commission is, in this order. */
enum hs_reconcile_state {
  HS_RECONCILE_PENDING,
  HS_RECONCILE_APPROVED,
  HS_RECONCILE_PAID,
  HS_RECONCILE_REVERSED, /* wholly */
};
const char *hs_reconcile_state_word(enum hs_reconcile_state state);

/* One commission as one side states it. */
struct hs_reconcile_line {
  struct hs_str order_id; /* absent: can be matched with nothing */
  struct hs_str partner;  /* by the name that both sides' lines have for them */
  struct hs_currency currency;
  enum hs_reconcile_state state;
  int64_t earned_minor;     /* 0 or more, before anything was taken back */
  int64_t taken_back_minor; /* 0 or more; may lie in another line than what it takes back */
  int has_base;
  int64_t base_minor;      /* of the order */
  struct hs_ratio part;    /* of the order, where it is shared; the zero value is all of it */
  struct hs_str agreement; /* of ours: whose rate it is; absent for unknown, */
  uint64_t version;        /* and 0 */
  int64_t at_us;           /* of the order */
};

/*  X(symbol, "code", is it explained, "words") */
#define HS_RECONCILE_REASON_TABLE(X)                                                               \
  X(HS_RECONCILE_EQUAL, "equal", 1, "both sides say the same")                                     \
  X(HS_RECONCILE_PROGRESS, "progress", 1, "the amounts agree; one side is further along")          \
  X(HS_RECONCILE_ROUNDING, "rounding", 1, "rounded differently")                                   \
  X(HS_RECONCILE_REFUND, "refund", 1, "one side has taken back what the other has not yet")        \
  X(HS_RECONCILE_RULE, "rate_rule", 1, "the rate of another rule or tier of the same terms")       \
  X(HS_RECONCILE_VERSION, "rate_version", 1, "the rate of another version of the agreement")       \
  X(HS_RECONCILE_AGREEMENT, "rate_agreement", 1, "the rate of another agreement of the partner")   \
  X(HS_RECONCILE_SHARE, "share", 1,                                                                \
    "one side pays for the whole order, the other for a part of it")                               \
  X(HS_RECONCILE_BASE, "order_amount", 1, "the same rate of another order amount")                 \
  X(HS_RECONCILE_CURRENCY, "currency", 1, "the same amount in another currency")                   \
  X(HS_RECONCILE_NOTHING, "nothing_owed", 1, "on one side only, where nothing is left of it")      \
  X(HS_RECONCILE_NOT_COVERED, "not_covered", 1, "the order lies outside what the export covers")   \
  X(HS_RECONCILE_OTHER_PARTNER, "other_partner", 1,                                                \
    "the other side has the order under another partner")                                          \
  X(HS_RECONCILE_NO_ORDER, "no_order_id", 0, "the line names no order")                            \
  X(HS_RECONCILE_UNEXPLAINED, "unexplained", 0, "nothing in the figures explains it")
enum hs_reconcile_reason {
#define HS_RECONCILE_SYMBOL(symbol, code, is_explained, words) symbol,
  HS_RECONCILE_REASON_TABLE(HS_RECONCILE_SYMBOL)
#undef HS_RECONCILE_SYMBOL
      HS_RECONCILE_REASON_COUNT
};
const char *hs_reconcile_reason_code(enum hs_reconcile_reason reason);
const char *hs_reconcile_reason_words(enum hs_reconcile_reason reason);
[[nodiscard]] int hs_reconcile_is_explained(enum hs_reconcile_reason reason);

/* What differs. */
enum hs_reconcile_verdict {
  HS_RECONCILE_SAME,
  HS_RECONCILE_STATUS_DIFFERS,
  HS_RECONCILE_AMOUNT_DIFFERS,
  HS_RECONCILE_ONLY_OURS,
  HS_RECONCILE_ONLY_THEIRS,
  HS_RECONCILE_VERDICT_COUNT
};
/* "equal", "status_differs", "amount_differs", "only_ours", "only_theirs". */
const char *hs_reconcile_verdict_word(enum hs_reconcile_verdict verdict);

/* All lines of one side for an order and a partner. */
struct hs_reconcile_side {
  size_t line_count; /* 0: this side has none */
  int is_mixed;      /* in several currencies: the amounts are those of the first */
  struct hs_currency currency;
  enum hs_reconcile_state state;
  int64_t earned_minor, taken_back_minor;
  int has_base;
  int64_t base_minor;      /* of one line: an order has one amount, however many commissions */
  struct hs_ratio part;    /* of the first line */
  struct hs_str agreement; /* likewise */
  uint64_t version;        /* the newest */
  int64_t at_us;
};
/* What is left of it. */
int64_t hs_reconcile_net(const struct hs_reconcile_side *side);

struct hs_reconcile_pair {
  struct hs_str order_id, partner;
  struct hs_reconcile_side ours, theirs;
  enum hs_reconcile_verdict verdict;
  enum hs_reconcile_reason reason;
  const struct hs_reconcile_rate *rate; /* for _RULE, _VERSION and _AGREEMENT: theirs; else NULL */
};

/* A rate that a rule of some version of a partner's agreement pays on the order amount. */
struct hs_reconcile_rate {
  struct hs_str partner, agreement, rule;
  uint64_t version;
  struct hs_decimal rate;
};
/* What one unit of `from` was worth in `to`. */
struct hs_reconcile_exchange {
  struct hs_currency from, to;
  struct hs_decimal rate;
};

struct hs_reconcile_options {
  const struct hs_reconcile_rate *rates;
  size_t rate_count;
  const struct hs_reconcile_exchange *exchanges; /* from theirs to ours */
  size_t exchange_count;
  int64_t from_us, until_us; /* orders in [from_us, until_us) are covered by their lines */
};

/* The sums of one currency, of pairs that have one on both sides or lack a side. What they state
   differs by exactly the sum of the differences: theirs − ours = Σ difference_minor. */
struct hs_reconcile_sums {
  struct hs_currency currency;
  int64_t ours_minor, theirs_minor;
  int64_t difference_minor[HS_RECONCILE_REASON_COUNT];
};

struct hs_reconciled {
  size_t pair_count;
  struct hs_reconcile_pair *pairs; /* by order id, then partner */
  uint64_t verdicts[HS_RECONCILE_VERDICT_COUNT];
  uint64_t reasons[HS_RECONCILE_REASON_COUNT];
  size_t sum_count;
  struct hs_reconcile_sums *sums; /* by currency */
};

/* Texts and rates are borrowed from what is given; the rest lives in the arena. HS_INVALID when a
   sum does not fit 64 bits; HS_NOMEM. n log n in the number of lines, and the same whatever their
   order. */
[[nodiscard]] enum hs_status hs_reconcile(struct hs_arena *arena,
                                          const struct hs_reconcile_line *ours, size_t our_count,
                                          const struct hs_reconcile_line *theirs,
                                          size_t their_count,
                                          const struct hs_reconcile_options *options,
                                          struct hs_reconciled *out, struct hs_err *err);

#endif
