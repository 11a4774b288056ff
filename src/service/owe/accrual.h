/* What a close states besides what is booked: how much of what is pending and owed at the end of
   the period is expected to be taken back, by the programme's own refunds (measure/reversals.h). It
   is kept with the decision that closes the period, so that it can be told again as it was told
   then, and goes into the general ledger as an estimate on an account of its own until the next
   close. It moves nothing in our ledger. */
#ifndef HANSA_SERVICE_OWE_ACCRUAL_H
#define HANSA_SERVICE_OWE_ACCRUAL_H

#include "agreement/shape.h"
#include "ports/book_ledger.h"

/* Of one currency, in minor units. */
struct hs_accrual {
  struct hs_str currency;
  int64_t pending_minor, payable_minor;       /* open, of orders of those two years */
  int64_t expected_minor;                     /* to be taken back of both; HS_ABSENT: cannot tell */
  int64_t low_minor, high_minor;              /* its interval */
  int64_t of_pending_minor, of_payable_minor; /* the parts of what is expected */
  int64_t order_count;                        /* whose commissions it was learnt from */
  int64_t taken_back_count;                   /* of them: of which something was taken back */
  int64_t reach_days;                         /* up to which age of an order it speaks */
};

struct hs_accruals {
  int64_t level_percent;
  struct hs_list accruals; /* of struct hs_accrual, by currency */
};

/* Orders of two years are learnt from. */
#define HS_ACCRUAL_HISTORY_DAYS 730
#define HS_ACCRUAL_LEVEL_PERCENT 90

static inline int hs_accrual_is_told(const struct hs_accrual *accrual)
{
  return accrual->expected_minor != HS_ABSENT;
}

/* As of a moment, by what was booked before it: the same book gives the same figures. A line for
   each currency in which anything was earned in those years. Two passes over the commissions of
   that time, in memory of some kilobytes a currency. */
[[nodiscard]] enum hs_status hs_accruals_estimate(const struct hs_ledger_reader *ledger,
                                                  int64_t until_us, struct hs_arena *arena,
                                                  struct hs_accruals *out, struct hs_err *err);

/* As the JSON text that a close keeps, and back: HS_CORRUPT for anything else. */
void hs_accruals_write(const struct hs_accruals *accruals, struct hs_buf *out);
[[nodiscard]] enum hs_status hs_accruals_read(struct hs_str json, struct hs_arena *arena,
                                              struct hs_accruals *out, struct hs_err *err);

#endif
