/* Proves measure/influence/honesty_bounds, _pool and _settle: the bounds of κ and halo against
   closed forms and against simulated lines with known truth, points from a hold-out, pooling
   against the closed form that it has where partners do not differ, the cheapest experiment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "measure/influence/honesty_bounds.h"
#include "measure/influence/honesty_pool.h"
#include "measure/influence/honesty_settle.h"
#include "stats/distribution.h"
#include "stats/random.h"
#include "support/near.h"

#define LINES 4
#define DRAWS 2000
static struct hs_arena arena;
static double draws[DRAWS * LINES];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* Posterior draws around estimates, errors sharing half of their variance. */
static struct hs_honesty_lines lines_around(const double *estimates, double sd, uint64_t stream)
{
  struct hs_random rng = hs_random_open(11, stream);
  for (size_t d = 0; d < DRAWS; d++) {
    double common = hs_random_normal(&rng);
    for (size_t line = 0; line < LINES; line++)
      draws[d * LINES + line] = estimates[line] + sd * sqrt(.5) * (common + hs_random_normal(&rng));
  }
  return (struct hs_honesty_lines){100, draws, DRAWS, LINES, .95};
}

static struct hs_honesty_bounds bound(const struct hs_honesty_lines *lines)
{
  struct hs_honesty_bounds out = {0};
  assert_int_equal(hs_honesty_bound(&arena, lines, &out, NULL), HS_OK);
  return out;
}

static void
without_error_the_bounds_are_the_sums_of_what_fell_and_rose([[maybe_unused]] void **state)
{
  const double effects[LINES] = {-30, 10, -20, 5};
  struct hs_honesty_lines lines = lines_around(effects, 0, 0);
  struct hs_honesty_bounds b = bound(&lines);
  assert_near(b.difference, -35, 1e-9);
  assert_near(b.taken_over, 50, 1e-9);
  assert_near(b.kappa_most, .5, 1e-9);
  assert_near(b.halo_least, 15, 1e-9);
  assert_near(b.kappa_most_sure, .5, 1e-9);
  assert_near(b.halo_least_sure, 15, 1e-9);
}

/* One line alone: the quantile of a normal error, one-sided. */
static void one_line_is_bounded_by_its_one_sided_interval([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(3, 9);
  for (size_t d = 0; d < DRAWS * LINES; d++)
    draws[d] = -40 + 10 * hs_random_normal(&rng);
  struct hs_honesty_lines lines = {100, draws, DRAWS * LINES, 1, .95};
  /* 8,000 draws give the quantile with an error of .024 deviations. */
  assert_near(bound(&lines).kappa_most_sure, 1 - (40 - 16.45) / 100, .01);
  assert_near(bound(&lines).halo_least_sure, 0, 0);
}

/* Nothing happened on any line: the plug-in bounds find something each time, the sure ones in one
   case of twenty. And with something there they hold as often as they say. */
static void sure_bounds_hold_as_often_as_they_say([[maybe_unused]] void **state)
{
  static const double TRUTHS[][LINES] = {
      {0, 0, 0, 0}, {-30, 0, 0, 10}, {-8, -8, -8, -8}, {4, 6, 8, 2}};
  for (size_t t = 0; t < sizeof TRUTHS / sizeof *TRUTHS; t++) {
    size_t kappa_held = 0, halo_held = 0, plug_in_held = 0;
    const size_t worlds = 400;
    double fell = 0, rose = 0;
    for (size_t line = 0; line < LINES; line++) {
      fell += fmax(-TRUTHS[t][line], 0);
      rose += fmax(TRUTHS[t][line], 0);
    }
    for (size_t w = 0; w < worlds; w++) {
      struct hs_random rng = hs_random_open(77 + t, w);
      double common = hs_random_normal(&rng);
      double estimates[LINES];
      for (size_t line = 0; line < LINES; line++)
        estimates[line] = TRUTHS[t][line] + 6 * sqrt(.5) * (common + hs_random_normal(&rng));
      struct hs_honesty_lines lines = lines_around(estimates, 6, 1 + w);
      struct hs_honesty_bounds b = bound(&lines);
      kappa_held += b.kappa_most_sure >= 1 - fell / 100;
      halo_held += b.halo_least_sure <= rose;
      plug_in_held += b.halo_least <= rose;
    }
    /* 95 %, less three standard errors of 400 cases. */
    assert_true((double)kappa_held >= (.95 - 3 * .0109) * (double)worlds);
    assert_true((double)halo_held >= (.95 - 3 * .0109) * (double)worlds);
    assert_true(t != 0 || plug_in_held < worlds / 2);
  }
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  const double effects[LINES] = {0};
  struct hs_honesty_lines lines = lines_around(effects, 1, 5);
  struct hs_honesty_bounds out = {0};
  for (size_t bytes = 1; bytes < 65536; bytes += 997) {
    struct hs_arena small = {0};
    assert_int_equal(hs_arena_init(&small, bytes, NULL), HS_OK);
    enum hs_status status = hs_honesty_bound(&small, &lines, &out, NULL);
    assert_true(status == HS_OK || status == HS_NOMEM);
    hs_arena_release(&small);
  }
}

static void a_hold_out_turns_bounds_into_points([[maybe_unused]] void **state)
{
  const double effects[LINES] = {-30, 10, 0, 0};
  struct hs_honesty_lines lines = lines_around(effects, 1, 6);
  struct hs_honesty_bounds b = bound(&lines);
  struct hs_belief incremental = {.mean = 80, .sd = 3};
  struct hs_belief kappa = {.mean = .6, .sd = .04};
  struct hs_honesty_points points = hs_honesty_point(100, &incremental, &kappa, &b, .95);
  assert_near(points.halo.mean, 20, 1e-9);
  assert_near(points.halo.sd, 5, 1e-12); /* √(3² + (100·.04)²) */
  assert_false(points.contradicts);
  kappa.mean = .95;
  assert_true(hs_honesty_point(100, &incremental, &kappa, &b, .95).contradicts);
}

static void the_refusal_says_what_the_data_fix([[maybe_unused]] void **state)
{
  struct hs_buf out = hs_buf_in(&arena);
  const struct hs_honesty_bounds b = {-35, 50, .5, 15, .612, 8.25};
  hs_honesty_refusal(&out, &b, 1536.2);
  assert_string_equal(out.data,
                      "These data fix only I − T = -35.00; κ is at most 0.61, halo at least "
                      "8.25; a hold-out of 1537 orders separates them");
}

/* Where partners do not differ and the errors are equal, μ is their mean and a new partner close to
   it; the flat prior on τ keeps it wider than s/√n. */
static void a_pool_is_refused_below_five_and_wider_for_a_new_partner([[maybe_unused]] void **state)
{
  const double values[] = {.5, .52, .48, .51, .49, .5};
  const double errors[] = {.05, .05, .05, .05, .05, .05};
  assert_true(hs_honesty_pool(values, errors, 4, .9).is_refused);
  assert_true(isnan(hs_honesty_pool(values, errors, 4, .9).predictive.low));
  struct hs_honesty_pool pool = hs_honesty_pool(values, errors, 6, .9);
  assert_false(pool.is_refused);
  assert_near(pool.mean.mean, .5, 1e-9);
  assert_true(pool.mean.sd > .05 / sqrt(6) && pool.mean.sd < .05);
  assert_true(pool.predictive.low < pool.mean.low && pool.predictive.high > pool.mean.high);
  /* A pool that is moved and stretched gives figures that are moved and stretched. */
  double moved[6], wider[6];
  for (size_t i = 0; i < 6; i++) {
    moved[i] = 3 - 2 * values[i];
    wider[i] = 2 * errors[i];
  }
  struct hs_honesty_pool other = hs_honesty_pool(moved, wider, 6, .9);
  assert_close(other.predictive.low, 3 - 2 * pool.predictive.high, 1e-9);
}

/* Exact partners: τ is all there is, and the posterior of (μ, τ) under flat priors is that of a
   normal sample; a new one is t with n − 2 degrees of freedom around the mean, its scale
   √(S/(n − 2)·(1 + 1/n)), S the sum of squares. */
static void exact_partners_give_the_t_distribution_of_a_new_one([[maybe_unused]] void **state)
{
  const double values[] = {1, 2, 3, 4, 5, 6, 7, 8};
  double errors[8];
  for (size_t i = 0; i < 8; i++)
    errors[i] = 1e-3;
  struct hs_honesty_pool pool = hs_honesty_pool(values, errors, 8, .9);
  double scale = sqrt(42.0 / 6 * (1 + 1.0 / 8));
  assert_close(pool.predictive.high, 4.5 + scale * hs_t_quantile(.95, 6), .002);
  assert_close(pool.predictive.low, 4.5 - scale * hs_t_quantile(.95, 6), .02);
}

static void the_pool_predicts_partners_as_often_as_it_says([[maybe_unused]] void **state)
{
  size_t held = 0;
  const size_t worlds = 1000;
  for (size_t w = 0; w < worlds; w++) {
    struct hs_random rng = hs_random_open(5, w);
    double values[6], errors[6];
    for (size_t i = 0; i < 6; i++) {
      errors[i] = .1 + .1 * (double)i / 6;
      values[i] = .6 + .25 * hs_random_normal(&rng) + errors[i] * hs_random_normal(&rng);
    }
    double next = .6 + .25 * hs_random_normal(&rng);
    struct hs_honesty_pool pool = hs_honesty_pool(values, errors, 6, .9);
    held += pool.predictive.low <= next && next <= pool.predictive.high;
  }
  assert_true(held >= 870 && held <= 980);
}

static struct hs_settle_question question(double ratio)
{
  struct hs_settle_question q = {
      .tracked_week = 100, .ratio = ratio, .honesty = HS_HONESTY_DEFAULTS, .weeks_max = 52};
  q.ways[HS_SETTLE_WAIT] = (struct hs_settle_way){1, 200, 0, 1};
  q.ways[HS_SETTLE_SWITCHBACK] = (struct hs_settle_way){1, 120, .5, 12};
  q.ways[HS_SETTLE_REGIONS] = (struct hs_settle_way){1, 60, .5, 4};
  return q;
}

/* From I = 30 to the band's edge at 90 are 60 a week: (2.8016·60/60)² = 7.85 weeks for regions,
   (2.8016·120/60)² = 31.4 for the switch-back. */
static void
the_cheapest_experiment_that_could_is_named_with_its_length([[maybe_unused]] void **state)
{
  struct hs_settle_question q = question(.3);
  struct hs_settle_answer a = hs_honesty_settle(&q);
  assert_true(a.is_any);
  assert_int_equal(a.best, HS_SETTLE_REGIONS);
  assert_near(a.weeks[HS_SETTLE_REGIONS], 8, 0);
  assert_near(a.weeks[HS_SETTLE_SWITCHBACK], 32, 0);
  assert_near(a.withheld[HS_SETTLE_REGIONS], 120, 1e-9);
  q.ways[HS_SETTLE_REGIONS].is_open = 0;
  assert_int_equal(hs_honesty_settle(&q).best, HS_SETTLE_SWITCHBACK);
  q.weeks_max = 10;
  assert_false(hs_honesty_settle(&q).is_any);
  q = question(.9); /* on the edge itself no experiment is long enough */
  assert_false(hs_honesty_settle(&q).is_any);
  q = question((double)NAN);
  assert_near(hs_honesty_settle(&q).distance, 90, 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_error_the_bounds_are_the_sums_of_what_fell_and_rose),
      cmocka_unit_test(one_line_is_bounded_by_its_one_sided_interval),
      cmocka_unit_test(sure_bounds_hold_as_often_as_they_say),
      cmocka_unit_test(a_full_arena_is_an_answer),
      cmocka_unit_test(a_hold_out_turns_bounds_into_points),
      cmocka_unit_test(the_refusal_says_what_the_data_fix),
      cmocka_unit_test(a_pool_is_refused_below_five_and_wider_for_a_new_partner),
      cmocka_unit_test(exact_partners_give_the_t_distribution_of_a_new_one),
      cmocka_unit_test(the_pool_predicts_partners_as_often_as_it_says),
      cmocka_unit_test(the_cheapest_experiment_that_could_is_named_with_its_length),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
