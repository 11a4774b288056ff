/* Money owed: the other question, asked of the ledger. What stands here is exact and follows from
   agreements; it is never added to what a partner is believed to have brought. */
#ifndef HANSA_SERVICE_BELIEVE_REPORT_MONEY_H
#define HANSA_SERVICE_BELIEVE_REPORT_MONEY_H

#include "service/programme.h"

/* One partner and currency, in minor units, as of a moment. */
struct hs_report_owed {
  struct hs_str partner, title;
  struct hs_currency currency;
  int64_t pending_minor;    /* in its return period */
  int64_t payable_minor;    /* owed */
  int64_t disputed_minor;   /* under investigation */
  int64_t receivable_minor; /* to be set off: the partner owes it */
  int64_t paid_minor;       /* in the period, by payouts that did not fail */
};

struct hs_report_money {
  int is_signed;           /* at least one agreement is: before that nothing can be owed */
  struct hs_str stopped;   /* why the ledger is not up to date; absent when it is */
  int64_t as_of_us;        /* INT64_MAX: of all that is booked */
  struct hs_period period; /* for what was paid */
  size_t owed_count;
  struct hs_report_owed *owed; /* by what is owed and pending, the most first; of one currency after
                                  the other */
};

/* Posts what has come since and reads the balances of all that is booked before period->until_us;
   of all that is booked where that is still to come. What is wrong with the content of the record
   is no error here: the money says that it is not up to date, and why. */
[[nodiscard]] enum hs_status hs_report_money_make(struct hs_programme *programme,
                                                  const struct hs_period *period,
                                                  hs_catch_up_fn catching_up, void *context,
                                                  struct hs_arena *arena,
                                                  struct hs_report_money *out, struct hs_err *err);

/* The sentences, each as one line of plain text without its line break: what this is, and as of
   when; and, where there is nothing to show or it is not up to date, why, and what to do. */
void hs_words_money(const struct hs_report_money *money, const struct hs_zone *zone,
                    struct hs_buf *out);
void hs_words_money_missing(const struct hs_report_money *money, struct hs_buf *out);

#endif
