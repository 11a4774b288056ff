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
static double room[HS_BY_PARTNER_ROOM(COUNT)];

static double rate_of(size_t i) { return worth[i].rate_shape / worth[i].rate_rate; }

static void partners_that_are_alike_are_held_for_alike([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < COUNT; i++)
    seen[i] = (struct hs_partner_seen){
        .customers = 10, .repeats = 5, .expected = 5, .spend = 50, .spend_error = 5, .spenders = 5};
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, 50, room, worth);
  assert_near(pool.spread, 0, 0);
  assert_near(pool.spend_spread, 0, 0);
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
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, (double)NAN, room, worth);
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
  struct hs_partner_pool pool = hs_by_partner(seen, COUNT, 1, 50, room, worth);
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
  struct hs_partner_pool sure = hs_by_partner(seen, 2, 1, (double)NAN, room, worth);
  double near_rate = rate_of(0);
  struct hs_partner_pool unsure = hs_by_partner(seen, 2, 6, (double)NAN, room, worth);
  assert_true(unsure.spread < sure.spread && rate_of(0) < near_rate);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(partners_that_are_alike_are_held_for_alike),
      cmocka_unit_test(shrinking_comes_nearer_to_the_truth),
      cmocka_unit_test(who_brought_nobody_is_any_partner),
      cmocka_unit_test(customers_that_scatter_more_tell_less),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
