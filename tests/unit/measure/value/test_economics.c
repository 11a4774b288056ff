/* Worlds of partnerships: closed forms where nothing is uncertain, the same luck for every
   question, what flips an answer, and where the next amount goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/value/allocate.h"
#include "measure/value/choice.h"
#include "support/near.h"

enum { DRAWS = 1000 };

static struct hs_arena arena;
static struct hs_lifetime lifetime;
static double scratch[6 * DRAWS + 20];

/* Purchases of 50 for certain half of which stays, one repeat in the horizon of a year: the fits
   have no covariance, so that every world has the same customers. */
static int make_lifetime([[maybe_unused]] void **state)
{
  lifetime = (struct hs_lifetime){.has_values = 1};
  lifetime.options = (struct hs_lifetime_options){.horizon = 52, .margin = .5, .level = .9};
  lifetime.bgnbd.fit.parameters =
      (struct hs_buyers_parameters){HS_BUYERS_BGNBD, {1000, 52000, 1e-9, 1e9}};
  lifetime.spend.parameters = (struct hs_spend_parameters){.p = 5, .q = 4, .v = 30};
  lifetime.bgnbd.fit.covariance[0] = lifetime.spend.covariance[0] = (double)NAN;
  return hs_arena_init(&arena, 16 * HS_MIB, NULL) != HS_OK;
}

static int release_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* A venture whose customers are those of all and whose count hardly varies. */
static struct hs_venture venture(double customers, double cost, double share)
{
  return (struct hs_venture){.customers = customers,
                             .customers_variance = 1e-6 * customers,
                             .worth = {1e9, 1e9, 1, 0},
                             .spent = {cost, cost, cost},
                             .share = {share, share, share},
                             .has_share = 1};
}

static struct hs_worlds draw(const struct hs_venture *ventures, size_t count)
{
  const struct hs_economics_options options = {
      .level = .9, .draws = DRAWS, .seed = 4, .weeks = 365.25 / 7};
  struct hs_worlds worlds;
  assert_int_equal(hs_worlds_draw(&arena, &lifetime, ventures, count, &options, &worlds, NULL),
                   HS_OK);
  return worlds;
}

static void a_range_is_a_triangle([[maybe_unused]] void **state)
{
  const struct hs_range range = {0, 1, 4}, point = {3, 3, 3};
  assert_near(hs_range_at(&range, .25), 1, 1e-12); /* (likely − low)/(high − low) lies below it */
  assert_near(hs_range_at(&range, 1e-12), 0, 1e-5);
  assert_near(hs_range_at(&range, 1 - 1e-12), 4, 1e-5);
  assert_near(hs_range_at(&point, .7), 3, 0);
}

/* 100 customers of which half are caused, worth 25 · (1 + 1) each, for 2,000. */
static void certain_figures_follow_by_hand([[maybe_unused]] void **state)
{
  struct hs_venture one = venture(100, 2000, .5);
  struct hs_worlds worlds = draw(&one, 1);
  struct hs_venture_economics e;
  hs_economics_of(&worlds, &lifetime, &one, 0, scratch, &e);
  assert_near(e.incremental.middle, 50, .1);
  assert_near(e.value.middle, 50, .1);
  assert_near(e.cost_each.middle, 40, .1);
  assert_near(e.value_to_cost.middle, 1.25, .01);
  assert_near(e.net.middle, 500, 15);
  assert_near(e.p_pays, 1, 0);
  assert_near(e.share_needed.middle, .4, .005);
  assert_near(e.cost_each_tracked, 20, 1e-9);
  /* 25 at once, the other 15 of the 25 that come in evenly: after three fifths of the year */
  assert_near(e.payback_weeks.middle, 31.2, .5);
}

static void what_never_comes_back_has_no_end_of_payback([[maybe_unused]] void **state)
{
  struct hs_venture dear = venture(100, 9000, .5), nobody = venture(0, 500, 1);
  struct hs_worlds worlds = draw(&dear, 1);
  struct hs_venture_economics e;
  hs_economics_of(&worlds, &lifetime, &dear, 0, scratch, &e);
  assert_true(isinf(e.payback_weeks.middle));
  assert_near(e.p_pays, 0, 0);
  worlds = draw(&nobody, 1);
  hs_economics_of(&worlds, &lifetime, &nobody, 0, scratch, &e);
  assert_true(isinf(e.cost_each.middle) && isinf(e.share_needed.middle));
  assert_near(e.net.middle, -500, 1e-9);
}

static void a_share_that_nobody_knows_is_anything([[maybe_unused]] void **state)
{
  struct hs_venture one = venture(100, 2000, 0);
  one.share = (struct hs_range){0, 0, 1};
  one.has_share = 0;
  struct hs_worlds worlds = draw(&one, 1);
  struct hs_venture_economics e;
  hs_economics_of(&worlds, &lifetime, &one, 0, scratch, &e);
  assert_near(e.incremental.low, 5, 3); /* uniform: 5 % and 95 % of 100 */
  assert_near(e.incremental.high, 95, 3);
  assert_near(e.p_pays, .6, .06); /* the share needed is .4, whatever is believed of it */
  assert_near(e.share_needed.middle, .4, .005);
}

static struct hs_choice_plan plan_of(double dearer)
{
  return (struct hs_choice_plan){.years = {1, 1, 1},
                                 .switch_over = {0, 0, 0},
                                 .paid_dearer = {dearer, dearer, dearer},
                                 .has_build = 1,
                                 .build = {.once = {1000, 1000, 1000}, .yearly = {0, 0, 0}}};
}

/* A year, undiscounted: 50 caused customers of 50 for 2,000; paid channels take 60 each. */
static void three_ways_are_weighed_on_the_same_worlds([[maybe_unused]] void **state)
{
  const struct hs_venture ventures[] = {venture(100, 2000, .5), venture(40, 1200, .5)};
  struct hs_worlds worlds = draw(ventures, 2);
  struct hs_choice_plan plan = plan_of(1);
  const size_t members[] = {0};
  struct hs_choice choice;
  hs_choice_make(&worlds, ventures, members, 1, 1, &plan, 0, scratch, &choice);
  assert_near(choice.partners.middle, 500, 15);
  assert_near(choice.paid.middle, 2500 - 3000, 20);
  assert_near(choice.paid_cost_each.middle, 60, .2);
  assert_near(choice.times_dearer.middle, 1.5, .01);
  assert_near(choice.p_over_paid, 1, 0);
  assert_near(choice.paid_flip, 40, .1);
  assert_near(choice.p_best[HS_WAY_PARTNERS], 1, 1e-9);
  assert_near(choice.p_best[HS_WAY_PAID] + choice.p_best[HS_WAY_BUILD], 0, 0);
  /* Nothing comes over, so building is only its cost; from (500 + 1,000)/2,500 on it is better. */
  assert_near(choice.build.middle, -1000, 1e-6);
  assert_near(choice.p_over_build, 1, 0);
  assert_near(choice.switch_over_flip, .6, .005);
}

static void what_is_not_there_is_not_weighed([[maybe_unused]] void **state)
{
  const struct hs_venture ventures[] = {venture(100, 2000, .5)};
  struct hs_worlds worlds = draw(ventures, 1);
  struct hs_choice_plan plan = plan_of(1);
  plan.has_build = 0;
  const size_t members[] = {0};
  struct hs_choice choice;
  hs_choice_make(&worlds, ventures, members, 1, SIZE_MAX, &plan, 0, scratch, &choice);
  assert_true(isnan(choice.p_over_build) && isnan(choice.switch_over_flip));
  assert_true(isnan(choice.p_over_paid) && isnan(choice.times_dearer.middle));
  assert_true(isnan(choice.p_best[HS_WAY_PAID]) && isnan(choice.p_best[HS_WAY_BUILD]));
  assert_near(choice.partners.middle, 500, 15);
}

/* Two alike share the amount; one that brings less than it costs gets nothing; what would bring
   less than itself is kept. */
static void the_next_amount_goes_where_it_brings_most([[maybe_unused]] void **state)
{
  const struct hs_venture ventures[] = {venture(400, 2000, 1), venture(400, 2000, 1),
                                        venture(10, 5000, 1), venture(400, 2000, 1)};
  const int is_open[] = {1, 1, 1, 0};
  const struct hs_range half = {.5, .5, .5};
  struct hs_worlds worlds = draw(ventures, 4);
  struct hs_next_share shares[4];
  double kept = 0;
  hs_next_amount(&worlds, ventures, is_open, 1000, &half, scratch, shares, &kept);
  assert_near(shares[0].amount, 500, 1e-6);
  assert_near(shares[1].amount, 500, 1e-6);
  assert_near(shares[2].amount, 0, 0);
  assert_near(shares[3].amount, 0, 0);
  assert_near(kept, 0, 0);
  assert_true(isnan(shares[3].marginal.middle));
  assert_near(shares[0].marginal.middle, .5 * 400 * 50 / 2000, .01);
  assert_near(shares[0].returns.middle, 20000 * (sqrt(1.25) - 1), 20);
  /* The value of both together is 20,000·√(c/2,000): its slope is 1 at c = 50,000. */
  hs_next_amount(&worlds, ventures, is_open, 1000000, &half, scratch, shares, &kept);
  assert_near(shares[0].amount, 48000, 10001);
  assert_true(kept > 880000);
}

/* A range is drawn as it is said, and an hour costs the same for everybody in one world. */
static void what_is_said_as_a_range_is_drawn([[maybe_unused]] void **state)
{
  struct hs_venture ventures[] = {venture(100, 0, 1), venture(100, 0, 1)};
  ventures[0].spent = (struct hs_range){1000, 2000, 3000};
  ventures[0].has_said_customers = 1;
  ventures[0].said_customers = (struct hs_range){50, 100, 150};
  ventures[0].hours = 10;
  ventures[1].hours = 30;
  const struct hs_economics_options options = {
      .level = .9, .draws = DRAWS, .seed = 4, .weeks = 365.25 / 7, .hour_cost = {20, 40, 60}};
  struct hs_worlds worlds;
  assert_int_equal(hs_worlds_draw(&arena, &lifetime, ventures, 2, &options, &worlds, NULL), HS_OK);
  double least = HUGE_VAL, most = 0;
  for (size_t d = 0; d < DRAWS; d++) {
    double cost = hs_worlds_cost(&worlds, ventures, 0, d), hour = worlds.hour[d];
    assert_near(cost - worlds.spent[d], 10 * hour, 1e-9);
    assert_near(hs_worlds_cost(&worlds, ventures, 1, d), 30 * hour, 1e-9);
    assert_true(worlds.customers[d] >= 50 && worlds.customers[d] <= 150);
    least = fmin(least, worlds.spent[d]);
    most = fmax(most, worlds.spent[d]);
  }
  assert_true(least < 1150 && most > 2850);
  assert_near(hs_venture_cost(&ventures[0], &options), 2400, 1e-9);
  struct hs_venture_economics e;
  hs_economics_of(&worlds, &lifetime, ventures, 0, scratch, &e);
  assert_near(e.cost_each_tracked, 24, 1e-9);
  /* The triangle from 1,000 to 3,000 has its 5 % point 316 above its end. */
  assert_true(e.net.high - e.net.low > 2000);
}

/* 50 caused customers of 50 a year for 2,000 against paid ones: 40 tracked at 1,200 of which the
   plan says that .1 to .9 are incremental. They are dearer than 40 each until .75 are. */
static void the_assumption_that_flips_it_is_named([[maybe_unused]] void **state)
{
  struct hs_venture ventures[] = {venture(100, 2000, .5), venture(40, 1200, .5)};
  ventures[1].share = (struct hs_range){.1, .5, .9};
  ventures[1].spent = (struct hs_range){1190, 1200, 1210};
  struct hs_worlds worlds = draw(ventures, 2);
  struct hs_choice_plan plan = plan_of(1);
  plan.switch_over = (struct hs_range){0, .3, 1};
  plan.build.once = (struct hs_range){900, 1000, 1100};
  const size_t members[] = {0};
  struct hs_choice choice;
  hs_choice_make(&worlds, ventures, members, 1, 1, &plan, 0, scratch, &choice);
  const struct hs_swing *share = &choice.over_paid[HS_ASSUME_PAID_SHARE];
  assert_near(share->p_low, 1, 0);
  assert_near(share->p_high, 0, 0);
  assert_near(share->flips_at, .75, .005);
  /* a few euros of spend change nothing, and of building this question does not speak */
  const struct hs_swing *spend = &choice.over_paid[HS_ASSUME_PAID_SPEND];
  assert_true(isnan(spend->flips_at) && fabs(spend->p_high - spend->p_low) < .1);
  assert_true(isnan(choice.over_paid[HS_ASSUME_BUILD_ONCE].p_low));
  assert_true(isnan(choice.over_build[HS_ASSUME_PAID_SHARE].p_low));
  assert_near(choice.over_build[HS_ASSUME_SWITCH_OVER].flips_at, .6, .005);
  assert_near(choice.switch_over_flip, .6, .005);
  assert_true(isnan(choice.over_build[HS_ASSUME_BUILD_ONCE].flips_at));
}

/* Of members whose share nobody knows the question is asked together: 100 tracked customers of 50
   for 2,000 against paid ones at 60 pay from a third on. */
static void shares_that_nobody_knows_may_flip_it([[maybe_unused]] void **state)
{
  struct hs_venture ventures[] = {venture(100, 2000, 0), venture(40, 1200, .5)};
  ventures[0].has_share = 0;
  ventures[0].share = (struct hs_range){0, 0, 1};
  struct hs_worlds worlds = draw(ventures, 2);
  struct hs_choice_plan plan = plan_of(1);
  const size_t members[] = {0};
  struct hs_choice choice;
  hs_choice_make(&worlds, ventures, members, 1, 1, &plan, 0, scratch, &choice);
  assert_near(choice.over_paid[HS_ASSUME_PARTNER_SHARES].flips_at, 1.0 / 3, .005);
}

/* The models' parameters are drawn, so payback scatters with them and not only with the cost. */
static void payback_scatters_with_the_models([[maybe_unused]] void **state)
{
  struct hs_venture one = venture(100, 2000, .5);
  struct hs_lifetime unsure = lifetime;
  memset(unsure.bgnbd.fit.covariance, 0, sizeof unsure.bgnbd.fit.covariance);
  unsure.bgnbd.fit.is_stopping_held = 1;
  unsure.bgnbd.fit.covariance[0] = .04;
  unsure.bgnbd.fit.covariance[HS_BUYERS_PARAMETERS + 1] = 1e-12;
  const struct hs_economics_options options = {
      .level = .9, .draws = DRAWS, .seed = 4, .weeks = 365.25 / 7};
  struct hs_worlds worlds;
  struct hs_venture_economics e;
  assert_int_equal(hs_worlds_draw(&arena, &unsure, &one, 1, &options, &worlds, NULL), HS_OK);
  hs_economics_of(&worlds, &unsure, &one, 0, scratch, &e);
  /* The last 15 of the 40 come in at 25 a year times a factor of e^±.33. */
  assert_near(e.payback_weeks.middle, 31.2, 1);
  assert_near(e.payback_weeks.low, 31.2 * exp(-.33), 1.5);
  assert_near(e.payback_weeks.high, 31.2 * exp(.33), 2);
}

static void the_same_seed_gives_the_same_worlds([[maybe_unused]] void **state)
{
  const struct hs_venture one = venture(100, 2000, .5);
  struct hs_worlds a = draw(&one, 1), b = draw(&one, 1);
  assert_memory_equal(a.customers, b.customers, DRAWS * sizeof *a.customers);
  assert_memory_equal(a.rate, b.rate, DRAWS * sizeof *a.rate);
}

static void without_a_mean_there_is_no_value([[maybe_unused]] void **state)
{
  const struct hs_venture one = venture(100, 2000, .5);
  const struct hs_economics_options options = {.level = .9, .draws = DRAWS, .weeks = 52};
  struct hs_lifetime wild = lifetime;
  struct hs_worlds worlds;
  struct hs_err err = {0};
  wild.spend.parameters.q = .9;
  assert_int_equal(hs_worlds_draw(&arena, &wild, &one, 1, &options, &worlds, &err),
                   HS_INSUFFICIENT);
  assert_non_null(strstr(err.text, "no mean"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_range_is_a_triangle),
      cmocka_unit_test(certain_figures_follow_by_hand),
      cmocka_unit_test(what_never_comes_back_has_no_end_of_payback),
      cmocka_unit_test(a_share_that_nobody_knows_is_anything),
      cmocka_unit_test(three_ways_are_weighed_on_the_same_worlds),
      cmocka_unit_test(what_is_not_there_is_not_weighed),
      cmocka_unit_test(the_next_amount_goes_where_it_brings_most),
      cmocka_unit_test(what_is_said_as_a_range_is_drawn),
      cmocka_unit_test(the_assumption_that_flips_it_is_named),
      cmocka_unit_test(shares_that_nobody_knows_may_flip_it),
      cmocka_unit_test(payback_scatters_with_the_models),
      cmocka_unit_test(the_same_seed_gives_the_same_worlds),
      cmocka_unit_test(without_a_mean_there_is_no_value),
  };
  return cmocka_run_group_tests(tests, make_lifetime, release_arena);
}
