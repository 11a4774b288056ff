/* Balance of benefit: what each side got out of an agreement over time, held against the band in
   which both agreed to stay. */
#ifndef HANSA_LEDGER_FAIRNESS_H
#define HANSA_LEDGER_FAIRNESS_H

#include "ledger/sharing.h"

/* The fairness range: each side's part of the benefit of all. */
struct hs_fairness {
  size_t side_count;
  struct hs_ratio low[HS_SIDES_MAX], high[HS_SIDES_MAX]; /* 0 <= low <= high <= 1 */
  size_t window;                                         /* periods looked back on; 0: all */
  size_t least; /* periods that it takes to judge, 1 or more: one month is no trend */
};

/* HS_INVALID names a range that cannot be kept: one that is empty or outside 0 to 1, lows that
   together ask for more than there is, highs that leave some of it to nobody. */
[[nodiscard]] enum hs_status hs_fairness_check(const struct hs_fairness *fairness,
                                               struct hs_err *err);

enum hs_balance_state { HS_BALANCE_TOO_EARLY, HS_BALANCE_INSIDE, HS_BALANCE_OUTSIDE };

struct hs_balance {
  enum hs_balance_state state;         /* at the end of the last period */
  size_t since;                        /* OUTSIDE: the period with whose end it left the range for
                                          good; a renegotiation is open from then on */
  int64_t benefit_minor[HS_SIDES_MAX]; /* over the window of the last period */
  int64_t together_minor;
  uint32_t side;     /* OUTSIDE: who is farthest below its range; above it, where nobody is below */
  int64_t gap_minor; /* what would have to move to that side to be inside; below zero: from it */
};

/* benefits: period by period, each side's in it (benefits[period × side_count + side]), of a
   checked range. Where all lost together, the range bounds parts of the loss. HS_INVALID when a
   figure does not fit. Takes periods × side_count steps. */
[[nodiscard]] enum hs_status hs_balance_make(const struct hs_fairness *fairness,
                                             const int64_t *benefits, size_t periods,
                                             struct hs_balance *out, struct hs_err *err);

#endif
