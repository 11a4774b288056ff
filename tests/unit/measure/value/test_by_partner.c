/* Partners drawn to their mean: by how few customers they have, and not at all where they are alike
   or plainly different. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "measure/value/by_partner.h"
#include "stats/random.h"
#include "support/near.h"

enum { COUNT = 40 };

static struct hs_partner_seen seen[COUNT];
static struct hs_partner_worth worth[COUNT];

static double rate_of(size_t i) { return worth[i].rate_shape / worth[i].rate_rate; }

static void partners_that_are_alike_are_held_for_alike([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < COUNT; i++)
    seen[i] = (struct hs_partner_seen){
        .customers = 10, .repeats = 5, .expected = 5, .spend = 50, .spend_error = 5, .spenders = 5};
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, 50, worth);
  assert_true(pool.spread < .15 && pool.spend_spread < .1);
  for (size_t i = 0; i < COUNT; i++) {
    assert_near(rate_of(i), 1, 1e-9);
    assert_near(worth[i].spend_factor, 1, 1e-9);
  }
}

/* Rates Gamma with mean 1 and standard deviation .4, Poisson repeats: the spread is found, and the
   estimates are nearer to the truth than the ratios as they are seen. */
static void shrinking_comes_nearer_to_the_truth([[maybe_unused]] void **state)
{
  double truth[COUNT], raw = 0, drawn = 0;
  for (uint64_t i = 0; i < COUNT; i++) {
    struct hs_random rng = hs_random_open(3, i);
    truth[i] = hs_random_gamma(&rng, 1 / .16) * .16;
    double expected = i % 2 ? 4 : 60;
    seen[i] = (struct hs_partner_seen){
        .expected = expected, .repeats = (double)hs_random_poisson(&rng, truth[i] * expected)};
  }
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, (double)NAN, worth);
  assert_true(pool.spread > .2 && pool.spread < .7);
  for (size_t i = 0; i < COUNT; i++) {
    double ratio = seen[i].repeats / seen[i].expected;
    raw += (ratio - truth[i]) * (ratio - truth[i]);
    drawn += (rate_of(i) - truth[i]) * (rate_of(i) - truth[i]);
    assert_true(fabs(rate_of(i) - 1) <= fabs(ratio - 1) + 1e-12);
    assert_near(worth[i].spend_factor, 1, 0);
    assert_near(worth[i].spend_factor_sd, 0, 0);
  }
  assert_true(drawn < .7 * raw);
}

static void who_brought_nobody_is_any_partner([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < COUNT; i++)
    seen[i] = (struct hs_partner_seen){.expected = 100,
                                       .repeats = i % 2 ? 50 : 150,
                                       .spend = i % 2 ? 40 : 60,
                                       .spend_error = 1,
                                       .spenders = 90};
  seen[0] = (struct hs_partner_seen){.spend = (double)NAN, .spend_error = (double)NAN};
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, 50, worth);
  assert_near(rate_of(0), 1, 1e-9);
  assert_near(sqrt(1 / worth[0].rate_shape), pool.spread, 1e-9);
  assert_near(worth[0].spend_factor, 1, .02);
  assert_near(worth[0].spend_factor_sd, pool.spend_spread, .1);
  assert_true(rate_of(1) < .6 && rate_of(2) > 1.4);
}

static void customers_that_scatter_more_tell_less([[maybe_unused]] void **state)
{
  const double x[] = {0, 0, 0, 12}, even[] = {3, 3, 3, 3}, calm[] = {3, 3, 3, 3};
  assert_close(hs_partner_dispersion(x, even, 4), (9.0 + 9 + 9 + 81) / 12, 1e-12);
  assert_near(hs_partner_dispersion(calm, even, 4), 1, 0);
  seen[0] = (struct hs_partner_seen){.expected = 100, .repeats = 130};
  seen[1] = (struct hs_partner_seen){.expected = 100, .repeats = 70};
  struct hs_partner_pool sure = hs_by_partner(seen, 2, 1, (double)NAN, worth);
  double near_rate = rate_of(0);
  struct hs_partner_pool unsure = hs_by_partner(seen, 2, 6, (double)NAN, worth);
  assert_near(sure.dispersion, 1, 0);
  assert_near(unsure.dispersion, 6, 0);
  assert_true(rate_of(0) < near_rate);
}

/* Whoever is less known is believed less closely: along one observed ratio, from nobody to very
   many, both spreads fall without an exception, and nobody's is that of any partner. The others are
   a few partners or many, alike or not. */
static void what_is_believed_widens_with_less_data([[maybe_unused]] void **state)
{
  static const double WEIGHTS[] = {0, .01, .1, .5, 1, 3, 10, 50, 300};
  enum { STEPS = sizeof WEIGHTS / sizeof *WEIGHTS };
  for (uint64_t trial = 0; trial < 200; trial++) {
    struct hs_random rng = hs_random_open(17, trial);
    size_t others = trial % 4 == 0 ? 0 : (size_t)hs_random_below(&rng, COUNT - STEPS);
    double apart = trial % 3 == 0 ? 0 : .4 * hs_random_uniform(&rng);
    double rate = .9 + .2 * hs_random_uniform(&rng);
    for (size_t i = 0; i < STEPS + others; i++) {
      double weight = i < STEPS ? WEIGHTS[i] : 1 + 40 * hs_random_uniform(&rng);
      double own = i < STEPS ? rate : 1 + apart * (hs_random_uniform(&rng) - .5);
      seen[i] = (struct hs_partner_seen){.expected = weight,
                                         .repeats = own * weight,
                                         .spend = weight > 0 ? 50 * own : (double)NAN,
                                         .spend_error = 20 / sqrt(weight),
                                         .spenders = weight};
    }
    struct hs_partner_pool pool = hs_by_partner(seen, STEPS + others, 2, 50, worth);
    assert_near(worth[0].rate_shape, pool.any.rate_shape, 1e-9 * pool.any.rate_shape);
    assert_near(worth[0].spend_factor_sd, pool.any.spend_factor_sd, 1e-12);
    for (size_t i = 1; i < STEPS; i++) {
      double before = sqrt(worth[i - 1].rate_shape) / worth[i - 1].rate_rate;
      assert_true(sqrt(worth[i].rate_shape) / worth[i].rate_rate < before);
      assert_true(worth[i].spend_factor_sd < worth[i - 1].spend_factor_sd);
    }
  }
}

/* Partners that differ as the prior says, few of them or many, with few customers or many:
   intervals of 90 % hold the truth in about as many cases, of how often and of how much. */
static void intervals_hold_the_truth_as_often_as_they_say([[maybe_unused]] void **state)
{
  const double wide = 1.6448536;
  double held_rates = 0, held_spends = 0, asked = 0;
  for (uint64_t trial = 0; trial < 1500; trial++) {
    struct hs_random rng = hs_random_open(23, trial);
    size_t count = 1 + (size_t)hs_random_below(&rng, 8);
    double tau = .3 * fabs(hs_random_normal(&rng)), middle = 1 + .3 * hs_random_normal(&rng);
    double spread = .3 * fabs(hs_random_normal(&rng)), rates[8], spends[8];
    for (size_t i = 0; i < count; i++) {
      double k = 1 / (tau * tau), expected = 1 + 30 * hs_random_uniform(&rng);
      double error = .05 + .4 * hs_random_uniform(&rng);
      rates[i] = hs_random_gamma(&rng, k) / k;
      spends[i] = middle + spread * hs_random_normal(&rng);
      seen[i] = (struct hs_partner_seen){
          .expected = expected,
          .repeats = (double)hs_random_poisson(&rng, rates[i] * expected),
          .spend = fmax(1e-6, 50 * (spends[i] + error * hs_random_normal(&rng))),
          .spend_error = 50 * error};
    }
    (void)hs_by_partner(seen, count, 1, 50, worth);
    for (size_t i = 0; i < count; i++) {
      double sd = sqrt(worth[i].rate_shape) / worth[i].rate_rate;
      held_rates += fabs(rates[i] - rate_of(i)) <= wide * sd;
      held_spends += fabs(spends[i] - worth[i].spend_factor) <= wide * worth[i].spend_factor_sd;
      asked += 1;
    }
  }
  /* Some 6,700 partners, those of a world together: a standard error below .01. Moments stand for
     the shape of what is believed, which costs a little. */
  assert_true(held_rates / asked > .87 && held_rates / asked < .95);
  assert_true(held_spends / asked > .87 && held_spends / asked < .95);
}

/* One partner alone with a known spend, or none: nobody knows how partners differ, so the prior
   speaks, and no interval is a point. */
static void few_partners_leave_their_spread_open([[maybe_unused]] void **state)
{
  seen[0] = (struct hs_partner_seen){.spend = 60, .spend_error = 2, .spenders = 30};
  seen[1] = (struct hs_partner_seen){.spend = (double)NAN, .spend_error = (double)NAN};
  struct hs_partner_pool pool = hs_by_partner(seen, 2, 1, 50, worth);
  assert_true(worth[0].spend_factor > 1.15 && worth[0].spend_factor < 1.2);
  assert_true(worth[0].spend_factor_sd > .03 && worth[0].spend_factor_sd < .05);
  assert_true(worth[1].spend_factor_sd > .25 && worth[1].spend_factor > 1);
  assert_near(pool.any.rate_shape / pool.any.rate_rate, 1, 1e-9);
  /* nothing at all: E[τ²] of the half-normal is its scale's square, and that of μ adds itself */
  pool = hs_by_partner(&seen[1], 1, 1, 50, worth);
  assert_near(pool.spend_spread, .3, .003);
  assert_near(worth[0].spend_factor_sd, .3 * sqrt(2), .004);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(partners_that_are_alike_are_held_for_alike),
      cmocka_unit_test(shrinking_comes_nearer_to_the_truth),
      cmocka_unit_test(who_brought_nobody_is_any_partner),
      cmocka_unit_test(customers_that_scatter_more_tell_less),
      cmocka_unit_test(what_is_believed_widens_with_less_data),
      cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
      cmocka_unit_test(few_partners_leave_their_spread_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
