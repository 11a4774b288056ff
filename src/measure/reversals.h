/* How much of what partners have earned will still be taken back, judged by how earlier orders of
   the same age fared. A chain ladder by the day: of all commission that was left at the beginning
   of an order's day d and was seen through that day, the share that was taken back on it is h(d),
   and what is open of an order of age s is expected to lose 1 − Π_{s ≤ d < H} (1 − h(d)) of itself
   by the age of H days, behind which the record is too short to tell. With whole reversals and
   equal amounts 1 − Π is the estimator of Kaplan and Meier (JASA 53, 1958).

   The interval is for the amount that will be taken back, not for its expectation: the variance of
   the shares h, by the influence of each order on the result, plus that of the open orders
   themselves, each as if it came back whole or not at all (no law on [0, 1] of the same mean varies
   more), with the shares weighted by squares, so that dear orders may come back more often. Orders
   count as independent. Half a reversal more than was seen, with the variance of one, keeps the
   interval open where hardly any fell (the Gamma(k + 1/2) of Jeffreys' prior for k events of a
   Poisson process). Its ends are those of the Gamma law of that mean and variance; the lower one is
   0 where it is likely enough that nothing comes back at all.

   It assumes that orders of the same age fare in the future as they did so far: a season or a
   change of the shop's return policy is in no interval. Figures are beliefs in minor units, as
   doubles; nothing here is owed. */
#ifndef HANSA_MEASURE_REVERSALS_H
#define HANSA_MEASURE_REVERSALS_H

#include <stddef.h>
#include <stdint.h>

/* Ages in whole days from 0; reversals behind that are not looked for. */
#define HS_REVERSAL_DAYS 180
/* Fewer orders of which something was taken back give no estimate; and an age is in reach when as
   many orders were seen through it. */
#define HS_REVERSAL_ORDERS_MIN 20

/* Which open money: in its return period, owed, or both. */
enum hs_reversal_of { HS_REVERSAL_OF_PENDING, HS_REVERSAL_OF_PAYABLE, HS_REVERSAL_OF_ALL };
#define HS_REVERSAL_OF_COUNT 3

/* All commissions of one order. */
struct hs_reversal_order {
  int32_t days_seen;                   /* whole days since the order; 0 or more */
  double earned[HS_REVERSAL_DAYS];     /* by the day on which it was booked */
  double taken_back[HS_REVERSAL_DAYS]; /* never more in all than was earned until then */
  double open[2];                      /* of it now: pending and payable */
};

/* The zero value is ready. Use: add every order, fit, spread every order again, estimate. */
struct hs_reversals {
  uint64_t order_count;      /* that earned anything */
  uint64_t taken_back_count; /* of them: that lost any of it */
  double earned, taken_back;
  int32_t reach_days; /* H */
  uint64_t seen_through[HS_REVERSAL_DAYS];
  double left[HS_REVERSAL_DAYS], lost[HS_REVERSAL_DAYS];
  double left_squared[HS_REVERSAL_DAYS], lost_by_left[HS_REVERSAL_DAYS]; /* sums over orders */
  double share[HS_REVERSAL_DAYS];                                        /* h(d) */
  double share_by_squares[HS_REVERSAL_DAYS];
  struct {
    double open[HS_REVERSAL_DAYS + 1]; /* by age; the last one is out of reach */
    uint64_t open_count[HS_REVERSAL_DAYS + 1];
    double open_squared[HS_REVERSAL_DAYS + 1]; /* sums of squares of orders */
    double weight[HS_REVERSAL_DAYS];           /* derivative of what is expected by h(d) */
    double variance;                           /* of what is expected */
  } of[HS_REVERSAL_OF_COUNT];
};

void hs_reversals_add(struct hs_reversals *reversals, const struct hs_reversal_order *order);
void hs_reversals_fit(struct hs_reversals *reversals);
void hs_reversals_spread(struct hs_reversals *reversals, const struct hs_reversal_order *order);

struct hs_reversal_estimate {
  double open;     /* of whatever age */
  double expected; /* of it; NaN when too few orders were taken back to tell */
  double low, high;
};
/* level: of the interval, inside (0, 1). Of what is open out of reach nothing is expected, because
   nothing is known of it. */
struct hs_reversal_estimate hs_reversals_estimate(const struct hs_reversals *reversals,
                                                  enum hs_reversal_of of, double level);

#endif
