#include "measure/influence/pairs.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/random.h"

#define NONE ((double)NAN)
enum { STREAM_DESIGN, STREAM_COINS };

int hs_pairs_coin(uint64_t seed, size_t pair)
{
  struct hs_random rng = hs_random_open(seed, STREAM_DESIGN);
  rng.block = pair / 4;
  uint32_t word = 0;
  for (size_t i = 0; i <= pair % 4; i++)
    word = hs_random_u32(&rng);
  return (int)(word >> 31);
}

/* ---- the test ---- */

/* A set of pairs and its complement turn into each other, so one of the two is counted: the sets
   that leave out the last pair. The empty one is what was observed. */
static size_t set_count(size_t pair_count)
{
  HS_ASSERT(pair_count >= 1);
  return pair_count <= HS_PAIRS_EXACT_MAX ? ((size_t)1 << (pair_count - 1)) - 1 : HS_PAIRS_COINS;
}

size_t hs_pairs_room(size_t pair_count) { return 2 * set_count(pair_count) + 1; }

struct means {
  double *low, *high; /* of the two means of a set and the others, the smaller and the larger */
  size_t count;
};

static void keep(struct means *means, double total, double inside, size_t inside_count,
                 size_t pair_count)
{
  double a = inside / (double)inside_count;
  double b = (total - inside) / (double)(pair_count - inside_count);
  means->low[means->count] = fmin(a, b);
  means->high[means->count++] = fmax(a, b);
}

static void count_all(const double *d, size_t pair_count, double total, struct means *means)
{
  for (size_t set = 1; set <= set_count(pair_count); set++) {
    double inside = 0;
    for (size_t rest = set; rest != 0; rest &= rest - 1)
      inside += d[__builtin_ctzll(rest)];
    keep(means, total, inside, (size_t)__builtin_popcountll(set), pair_count);
  }
}

static void draw_some(const double *d, size_t pair_count, double total, uint64_t seed,
                      struct means *means)
{
  struct hs_random rng = hs_random_open(seed, STREAM_COINS);
  while (means->count < set_count(pair_count)) {
    double inside = 0;
    size_t inside_count = 0;
    for (size_t i = 0; i < pair_count; i++)
      if (hs_random_u32(&rng) >> 31) {
        inside += d[i];
        inside_count++;
      }
    if (inside_count == 0 || inside_count == pair_count) { /* what was observed, drawn again */
      means->low[means->count] = -(double)INFINITY;
      means->high[means->count++] = (double)INFINITY;
      continue;
    }
    keep(means, total, inside, inside_count, pair_count);
  }
}

struct hs_pairs_test hs_pairs_test(const double *differences, size_t pair_count, double level,
                                   uint64_t seed, double *room)
{
  struct hs_pairs_test test = {.pair_count = pair_count, .low = NONE, .high = NONE};
  size_t sets = set_count(pair_count);
  struct means means = {room, room + sets, 0};
  double total = 0;
  double reached = 1; /* by what was observed itself */
  HS_ASSERT(level > 0 && level < 1);
  for (size_t i = 0; i < pair_count; i++)
    total += differences[i];
  if (pair_count <= HS_PAIRS_EXACT_MAX)
    count_all(differences, pair_count, total, &means);
  else
    draw_some(differences, pair_count, total, seed, &means);
  for (size_t i = 0; i < sets; i++)
    reached += means.low[i] <= 0 && 0 <= means.high[i];
  double coins = (double)sets + 1;
  test.effect = total / (double)pair_count;
  test.p = reached / coins;
  test.resolution = fmax(1 / coins, ldexp(2, -(int)pair_count));
  /* p(θ) > α as soon as more than α·coins − 1 of the sets hold θ. The slack is for an α of .05 that
     is not .05 in binary. */
  size_t needed = (size_t)floor((1 - level) * coins * (1 + 1e-12));
  test.is_decidable = needed >= 1;
  if (!test.is_decidable)
    return test;
  hs_sort(means.low, sets);
  hs_sort(means.high, sets);
  test.low = needed <= sets ? means.low[needed - 1] : test.effect;
  test.high = needed <= sets ? means.high[sets - needed] : test.effect;
  return test;
}

/* ---- what a design can see ---- */

/* The x with I_x(a, b) = p, by bisection: a fraction of a rate. */
static double beta_quantile(double p, double a, double b)
{
  double low = 0;
  double high = 1;
  for (int i = 0; i < 60; i++) {
    double middle = low + (high - low) / 2;
    if (hs_beta_regularized(middle, a, b) < p)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}

void hs_rate_interval(size_t seen_count, size_t trial_count, double *low, double *high)
{
  double seen = (double)seen_count;
  double missed = (double)(trial_count - seen_count);
  HS_ASSERT(trial_count >= 1 && seen_count <= trial_count);
  *low = seen_count == 0 ? 0 : beta_quantile(.025, seen, missed + 1);
  *high = seen_count == trial_count ? 1 : beta_quantile(.975, seen + 1, missed);
}

double hs_pairs_found(const double *lows, const double *highs, size_t trial_count, double effect)
{
  size_t found = 0;
  for (size_t i = 0; i < trial_count; i++)
    found += lows[i] + effect > 0 || highs[i] + effect < 0;
  return (double)found / (double)trial_count;
}

/* Of n independent figures the r-th smallest lies above the q-quantile of what they come from with
   probability P(B(n, q) ≤ r − 1) and below it with P(B(n, q) ≥ r) = I_q(r, n − r + 1). These are
   the ranks of the closest figures that lie below and above it but for TAIL of the cases; 0 and n +
   1 where there is none. */
#define TAIL .025

static size_t rank_below(size_t n, double q)
{
  size_t rank = 0;
  while (rank < n && 1 - hs_beta_regularized(q, (double)(rank + 1), (double)(n - rank)) <= TAIL)
    rank++;
  return rank;
}

static size_t rank_above(size_t n, double q)
{
  size_t rank = n + 1;
  while (rank > 1 && hs_beta_regularized(q, (double)(rank - 1), (double)(n - rank + 2)) <= TAIL)
    rank--;
  return rank;
}

size_t hs_pairs_trials_min(double power)
{
  size_t n = 1;
  while (rank_below(n, power) == 0)
    n++;
  return n;
}

/* Trials that overlap stand for fewer, so a rank is taken as a share of them. */
static void find_detectable(const double *sorted, size_t trial_count, size_t n, double power,
                            struct hs_pairs_power *out)
{
  size_t below = rank_below(n, power);
  size_t above = rank_above(n, power);
  double each = (double)trial_count / (double)n;
  out->is_too_few = below == 0;
  if (out->is_too_few)
    return;
  out->detectable = hs_quantile(sorted, trial_count, power);
  out->detectable_low = fmin(out->detectable, sorted[(size_t)ceil(each * (double)below) - 1]);
  if (above <= n)
    out->detectable_high = fmax(out->detectable, sorted[(size_t)ceil(each * (double)above) - 1]);
}

struct hs_pairs_power hs_pairs_power(double *lows, const double *highs, size_t trial_count,
                                     size_t independent_count, double level, double power)
{
  struct hs_pairs_power out = {.trial_count = trial_count,
                               .detectable = NONE,
                               .detectable_low = NONE,
                               .detectable_high = NONE};
  HS_ASSERT(independent_count >= 1 && independent_count <= trial_count);
  for (size_t i = 0; i < trial_count; i++)
    out.false_count += lows[i] > 0 || highs[i] < 0;
  out.false_positive_rate = (double)out.false_count / (double)trial_count;
  size_t seen = (size_t)(out.false_positive_rate * (double)independent_count + .5);
  hs_rate_interval(seen, independent_count, &out.rate_low, &out.rate_high);
  out.is_refused = out.rate_low > 1 - level;
  if (out.is_refused)
    return out;
  for (size_t i = 0; i < trial_count; i++)
    lows[i] = -lows[i];
  hs_sort(lows, trial_count);
  find_detectable(lows, trial_count, independent_count, power, &out);
  return out;
}
