#include "measure/reversals.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"

/* Of an order, each day that was seen through: what was left at its beginning, with what was earned
   on it, and what was taken back on it. */
struct day {
  int32_t day;
  double left, lost;
};

static int next_day(const struct hs_reversal_order *order, struct day *at)
{
  int32_t day = at->day + 1;
  if (day >= HS_REVERSAL_DAYS || day >= order->days_seen)
    return 0;
  *at = (struct day){day, at->left - at->lost + order->earned[day], order->taken_back[day]};
  return 1;
}

static struct day before_all_days(void) { return (struct day){.day = -1}; }

static double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

static double sum(const double *values)
{
  double all = 0;
  for (size_t i = 0; i < HS_REVERSAL_DAYS; i++)
    all += values[i];
  return all;
}

/* ---- adding ---- */

static void add_open(struct hs_reversals *reversals, enum hs_reversal_of of, int32_t age,
                     double open)
{
  int32_t at = age < HS_REVERSAL_DAYS ? age : HS_REVERSAL_DAYS;
  reversals->of[of].open[at] += open;
  reversals->of[of].open_count[at] += open > 0;
  reversals->of[of].open_squared[at] += open * open;
}

void hs_reversals_add(struct hs_reversals *reversals, const struct hs_reversal_order *order)
{
  double earned = sum(order->earned);
  double taken_back = sum(order->taken_back);
  HS_ASSERT(order->days_seen >= 0);
  if (earned <= 0)
    return;
  reversals->order_count++;
  reversals->taken_back_count += taken_back > 0;
  reversals->earned += earned;
  reversals->taken_back += taken_back;
  for (struct day at = before_all_days(); next_day(order, &at);) {
    reversals->seen_through[at.day]++;
    reversals->left[at.day] += at.left;
    reversals->lost[at.day] += at.lost;
    reversals->left_squared[at.day] += at.left * at.left;
    reversals->lost_by_left[at.day] += at.lost * at.left;
  }
  add_open(reversals, HS_REVERSAL_OF_PENDING, order->days_seen, order->open[0]);
  add_open(reversals, HS_REVERSAL_OF_PAYABLE, order->days_seen, order->open[1]);
  add_open(reversals, HS_REVERSAL_OF_ALL, order->days_seen, order->open[0] + order->open[1]);
}

/* ---- fitting ---- */

/* What is expected is Σ_d A(d)·h(d) with A(d) what is left of the open money of ages up to d when
   day d begins; its derivative by h(d) is A(d)·Π_{e > d} (1 − h(e)). */
static void fit_weights(struct hs_reversals *reversals, enum hs_reversal_of of)
{
  double reaching = 0;
  for (int32_t d = 0; d < reversals->reach_days; d++) {
    reaching += reversals->of[of].open[d];
    reversals->of[of].weight[d] = reaching;
    reaching *= 1 - reversals->share[d];
  }
  double kept = 1;
  for (int32_t d = reversals->reach_days - 1; d >= 0; d--) {
    reversals->of[of].weight[d] *= kept;
    kept *= 1 - reversals->share[d];
  }
}

void hs_reversals_fit(struct hs_reversals *reversals)
{
  int32_t reach = 0;
  while (reach < HS_REVERSAL_DAYS && reversals->seen_through[reach] >= HS_REVERSAL_ORDERS_MIN)
    reach++;
  reversals->reach_days = reach;
  for (int32_t d = 0; d < reach; d++) {
    reversals->share[d] = ratio(reversals->lost[d], reversals->left[d]);
    reversals->share_by_squares[d] = ratio(reversals->lost_by_left[d], reversals->left_squared[d]);
  }
  for (int of = 0; of < HS_REVERSAL_OF_COUNT; of++)
    fit_weights(reversals, (enum hs_reversal_of)of);
}

/* ---- spread ---- */

void hs_reversals_spread(struct hs_reversals *reversals, const struct hs_reversal_order *order)
{
  double influence[HS_REVERSAL_OF_COUNT] = {0};
  for (struct day at = before_all_days(); next_day(order, &at) && at.day < reversals->reach_days;) {
    double left = reversals->left[at.day];
    if (left <= 0)
      continue;
    double moves = (at.lost - reversals->share[at.day] * at.left) / left;
    for (size_t of = 0; of < HS_REVERSAL_OF_COUNT; of++)
      influence[of] += reversals->of[of].weight[at.day] * moves;
  }
  for (size_t of = 0; of < HS_REVERSAL_OF_COUNT; of++)
    reversals->of[of].variance += influence[of] * influence[of];
}

/* ---- estimating ---- */

/* What is open in reach, what is expected of it, in how many orders, how far that varies by the
   open orders' own chance, and the size of an order, by squares. */
struct prospect {
  double open, expected, expected_count, variance, order_size;
};

static struct prospect look_ahead(const struct hs_reversals *reversals, enum hs_reversal_of of)
{
  struct prospect ahead = {0};
  double squares = 0;
  double kept = 1; /* of an order of age d, by the end of the reach */
  double kept_by_squares = 1;
  for (int32_t d = reversals->reach_days - 1; d >= 0; d--) {
    double squared = reversals->of[of].open_squared[d];
    kept *= 1 - reversals->share[d];
    kept_by_squares *= 1 - reversals->share_by_squares[d];
    ahead.open += reversals->of[of].open[d];
    ahead.expected += reversals->of[of].open[d] * (1 - kept);
    ahead.expected_count += (double)reversals->of[of].open_count[d] * (1 - kept);
    ahead.variance += squared * (1 - kept_by_squares) * kept_by_squares;
    squares += squared;
  }
  ahead.order_size = ratio(squares, ahead.open);
  return ahead;
}

static double sum_open(const struct hs_reversals *reversals, enum hs_reversal_of of)
{
  double all = 0;
  for (size_t age = 0; age <= HS_REVERSAL_DAYS; age++)
    all += reversals->of[of].open[age];
  return all;
}

/* By how much one more reversal of the usual size, on any of the days ahead, would move what is
   expected. */
static double one_more(const struct hs_reversals *reversals, enum hs_reversal_of of)
{
  double weight = 0;
  double left = 0;
  for (int32_t d = 0; d < reversals->reach_days; d++)
    if (reversals->of[of].weight[d] > 0) {
      weight += reversals->of[of].weight[d];
      left += reversals->left[d];
    }
  double size = reversals->taken_back / (double)reversals->taken_back_count;
  return ratio(size * weight, left);
}

struct hs_reversal_estimate hs_reversals_estimate(const struct hs_reversals *reversals,
                                                  enum hs_reversal_of of, double level)
{
  const double unknown = (double)NAN;
  struct prospect ahead = look_ahead(reversals, of);
  double open = sum_open(reversals, of);
  HS_ASSERT(level > 0 && level < 1);
  if (reversals->taken_back_count < HS_REVERSAL_ORDERS_MIN)
    return (struct hs_reversal_estimate){open, unknown, unknown, unknown};
  if (ahead.open <= 0)
    return (struct hs_reversal_estimate){.open = open};
  double unseen = one_more(reversals, of);
  double mean = ahead.expected + 0.5 * unseen;
  double variance = reversals->of[of].variance + ahead.variance + 0.5 * unseen * unseen +
                    0.5 * unseen * ahead.order_size;
  if (mean <= 0 || variance <= 0) /* nothing earlier was left to learn from */
    return (struct hs_reversal_estimate){open, unknown, unknown, unknown};
  double shape = mean * mean / variance;
  double scale = variance / mean;
  double tail = 0.5 * (1 - level);
  double low = exp(-ahead.expected_count) > tail ? 0 : scale * hs_gamma_quantile(tail, shape);
  double high = scale * hs_gamma_quantile(1 - tail, shape);
  return (struct hs_reversal_estimate){.open = open,
                                       .expected = ahead.expected,
                                       .low = fmin(low, ahead.expected),
                                       .high = fmin(fmax(high, ahead.expected), ahead.open)};
}
