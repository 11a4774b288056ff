/* Proves measure/influence/halo and power: joint draws keep each line's own posterior and get the
   correlation asked for, reconciled draws add up by the closed form, a simulated partner's lines
   are found with their signs, two partners in the same rows are told only together, an effect put
   into a window moves the interval by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "measure/influence/halo.h"
#include "measure/influence/power.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "support/near.h"

#define DRAWS 4000
#define ROWS 208
#define START 180
static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 2 * HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static int empty([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  return 0;
}

static double mean_product(const double *draws, size_t width, size_t a, size_t b)
{
  double sum = 0;
  for (size_t d = 0; d < DRAWS; d++)
    sum += draws[d * width + a] * draws[d * width + b];
  return sum / DRAWS;
}

static void
joined_lines_keep_their_own_posterior_and_get_the_correlation([[maybe_unused]] void **state)
{
  static double first[DRAWS], second[DRAWS], draws[2 * DRAWS];
  double *sorted[] = {first, second};
  double correlation[] = {1, -.7, -.7, 1};
  double room[6];
  struct hs_random rng = hs_random_open(2, 0);
  for (size_t d = 0; d < DRAWS; d++) {
    first[d] = hs_random_normal(&rng);
    second[d] = 5 * hs_random_normal(&rng);
  }
  hs_sort(first, DRAWS);
  hs_sort(second, DRAWS);
  hs_halo_join(sorted, 2, DRAWS, correlation, 1, room, draws);
  /* Errors of 4,000 draws: .016 of a mean, .022 of a variance. */
  assert_near(mean_product(draws, 2, 0, 0), 1, .09);
  assert_near(mean_product(draws, 2, 1, 1) / 25, 1, .09);
  assert_near(mean_product(draws, 2, 0, 1) / 5, -.7, .06);
}

static void correlations_that_cannot_be_are_shrunk_until_they_can([[maybe_unused]] void **state)
{
  static double one[100], draws[300];
  double *sorted[] = {one, one, one};
  double correlation[] = {1, .9, -.9, .9, 1, .9, -.9, .9, 1};
  double room[12];
  for (size_t d = 0; d < 100; d++)
    one[d] = (double)d;
  hs_halo_join(sorted, 3, 100, correlation, 1, room, draws);
  for (size_t i = 0; i < 300; i++)
    assert_true(draws[i] >= 0 && draws[i] <= 99);
}

/* Independent errors of variances 1, 4 and 4 (the total): the gap of 9 is shared 1 : 4 : 4. */
static void what_does_not_add_up_is_shared_by_the_variances([[maybe_unused]] void **state)
{
  static double draws[3 * 400];
  double room[6];
  size_t at = 0;
  /* Every combination of ±1, ±2, ±2 around 10, 20 and 49, with tracked sales of 10. */
  for (size_t d = 0; d < 400; d++) {
    draws[at++] = 10 + (d & 1 ? 1 : -1);
    draws[at++] = 20 + (d & 2 ? 2 : -2);
    draws[at++] = 49 + (d & 4 ? 2 : -2);
  }
  hs_halo_reconcile(draws, 400, 2, 10, room);
  double mean[3] = {0};
  for (size_t d = 0; d < 400; d++) {
    assert_near(draws[3 * d] + draws[3 * d + 1] + 10, draws[3 * d + 2], 1e-9);
    for (size_t i = 0; i < 3; i++)
      mean[i] += draws[3 * d + i] / 400;
  }
  assert_near(mean[0], 11, 1e-9);
  assert_near(mean[1], 24, 1e-9);
  assert_near(mean[2], 45, 1e-9);
}

/* ---- a partner whose truth is known ---- */

struct world {
  double control[ROWS], tracked[ROWS], brand[ROWS], direct[ROWS], total[ROWS];
};

/* A day: 20 tracked, 6 more by brand search, 12 fewer direct; 15 of sales are in no line. */
static struct world *make(uint64_t stream)
{
  struct world *w = hs_arena_alloc(&arena, 1, sizeof *w);
  struct hs_random rng = hs_random_open(17, stream);
  assert_non_null(w);
  for (size_t row = 0; row < ROWS; row++) {
    int is_on = row >= START;
    w->control[row] = 100 + 10 * hs_random_normal(&rng);
    w->tracked[row] = is_on ? 20 : 0;
    w->brand[row] = 30 + .1 * w->control[row] + 2 * hs_random_normal(&rng) + (is_on ? 6 : 0);
    w->direct[row] = 50 + .3 * w->control[row] + 3 * hs_random_normal(&rng) - (is_on ? 12 : 0);
    w->total[row] = w->tracked[row] + w->brand[row] + w->direct[row] + 15 + hs_random_normal(&rng);
  }
  return w;
}

static struct hs_halo_input input_of(struct world *w)
{
  static const struct hs_str names[] = {{"brand", 5}, {"direct", 6}};
  const double **lines = hs_arena_alloc(&arena, 2, sizeof *lines);
  const double **controls = hs_arena_alloc(&arena, 1, sizeof *controls);
  assert_non_null(lines);
  assert_non_null(controls);
  lines[0] = w->brand;
  lines[1] = w->direct;
  controls[0] = w->control;
  return (struct hs_halo_input){.common = {.count = ROWS,
                                           .controls = controls,
                                           .control_count = 1,
                                           .start = START,
                                           .end = ROWS,
                                           .level = .95,
                                           .seed = 1,
                                           .draws = 1000,
                                           .threads = 1},
                                .tracked = w->tracked,
                                .lines = lines,
                                .names = names,
                                .line_count = 2,
                                .total = w->total,
                                .honesty = HS_HONESTY_DEFAULTS};
}

static void a_partner_that_takes_over_and_brings_is_told_line_by_line([[maybe_unused]] void **state)
{
  struct hs_halo_input input = input_of(make(1));
  struct hs_halo halo = {0};
  assert_int_equal(hs_halo(&arena, &input, &halo, NULL), HS_OK);
  assert_int_equal(halo.verdict, HS_HALO_TOLD);
  assert_near(halo.tracked, 560, 1e-9);
  assert_int_equal(halo.line_count, 3); /* "other" is what no line holds */
  assert_int_equal(halo.lines[0].verdict, HS_INFLUENCE_UP);
  assert_int_equal(halo.lines[1].verdict, HS_INFLUENCE_DOWN);
  assert_true(fabs(halo.lines[2].reconciled.mean) < 3 * halo.lines[2].reconciled.sd);
  double parts = halo.tracked;
  for (size_t i = 0; i < halo.line_count; i++)
    parts += halo.lines[i].reconciled.mean;
  assert_close(parts, halo.total.reconciled.mean, 1e-9);
  /* D = 28·(6 − 12); κ is at most 1 − 336/560 = .4, halo at least 168. */
  assert_true(halo.honesty.difference.low < -168 && halo.honesty.difference.high > -168);
  assert_near(halo.bounds.difference, halo.honesty.difference.mean, 1e-6);
  assert_true(halo.bounds.kappa_most_sure > .4 && halo.bounds.kappa_most_sure < .7);
  assert_true(halo.bounds.halo_least_sure < 168 && halo.bounds.halo_least_sure > 60);
  assert_int_equal(halo.honesty.verdict, HS_HONESTY_OVER_ATTRIBUTED);
}

/* Where a line has a gap in the window the row counts for none, or its sales would be missing in
   the one line and be there in the others. */
static void a_row_that_a_line_lacks_counts_for_none([[maybe_unused]] void **state)
{
  struct world *w = make(1);
  struct world *shorter = make(1);
  struct hs_halo_input input = input_of(w);
  struct hs_halo gap = {0}, without = {0};
  w->brand[START + 3] = w->direct[START + 11] = (double)NAN;
  assert_int_equal(hs_halo(&arena, &input, &gap, NULL), HS_OK);
  input = input_of(shorter);
  for (size_t i = 0; i < 2; i++) {
    size_t row = START + (i == 0 ? 3 : 11);
    shorter->brand[row] = shorter->direct[row] = shorter->total[row] = (double)NAN;
    shorter->tracked[row] = 0;
  }
  assert_int_equal(hs_halo(&arena, &input, &without, NULL), HS_OK);
  assert_near(gap.tracked, 26 * 20, 1e-9);
  assert_int_equal(gap.judged_count, 26);
  assert_near(gap.total.raw.mean, without.total.raw.mean, 1e-9);
  assert_near(gap.lines[0].raw.mean, without.lines[0].raw.mean, 1e-9);
  assert_int_equal(gap.honesty.verdict, HS_HONESTY_OVER_ATTRIBUTED);
}

static void partners_in_the_same_rows_are_told_only_together([[maybe_unused]] void **state)
{
  struct hs_halo_input input = input_of(make(2));
  unsigned char another[ROWS] = {0};
  struct hs_halo alone = {0}, halo = {0};
  assert_int_equal(hs_halo(&arena, &input, &alone, NULL), HS_OK);
  memset(another + START, 1, ROWS - START);
  input.another = another;
  assert_int_equal(hs_halo(&arena, &input, &halo, NULL), HS_OK);
  assert_int_equal(halo.verdict, HS_HALO_JOINT);
  assert_near(halo.total.reconciled.mean, alone.total.reconciled.mean, 0);
  assert_int_equal(halo.grade, alone.grade < HS_GRADE_D ? alone.grade + 1 : HS_GRADE_D);
  /* One that began earlier and ended earlier leaves the rest of the window. */
  memset(another, 0, sizeof another);
  memset(another + START - 10, 1, 15);
  assert_int_equal(hs_halo(&arena, &input, &halo, NULL), HS_OK);
  assert_int_equal(halo.verdict, HS_HALO_TOLD);
  assert_true(halo.has_overlap);
  assert_int_equal(halo.left_out_count, 5);
  assert_int_equal(halo.judged_count, ROWS - START - 5);
  assert_near(halo.tracked, 20 * (ROWS - START - 5), 1e-9);
}

/* One day of somebody else costs that day and a grade, and the day itself decides nothing. */
static void a_day_of_another_partner_costs_that_day([[maybe_unused]] void **state)
{
  struct world *w = make(2);
  struct hs_halo_input input = input_of(w);
  unsigned char another[ROWS] = {[START + 9] = 1};
  struct hs_halo halo = {0}, stirred = {0};
  input.another = another;
  assert_int_equal(hs_halo(&arena, &input, &halo, NULL), HS_OK);
  assert_int_equal(halo.verdict, HS_HALO_TOLD);
  assert_int_equal(halo.judged_count, ROWS - START - 1);
  w->brand[START + 9] += 1000;
  w->total[START + 9] += 1000;
  assert_int_equal(hs_halo(&arena, &input, &stirred, NULL), HS_OK);
  assert_near(stirred.total.reconciled.mean, halo.total.reconciled.mean, 0);
}

/* A line that holds the total as well, or another line, moves twice with every change. */
static void lines_that_hold_the_total_are_refused([[maybe_unused]] void **state)
{
  struct world *w = make(2);
  struct hs_halo_input input = input_of(w);
  struct hs_halo halo = {0};
  memcpy(w->brand, w->total, sizeof w->brand);
  assert_int_equal(hs_halo(&arena, &input, &halo, NULL), HS_OK);
  assert_int_equal(halo.verdict, HS_HALO_REFUSED);
  assert_non_null(strstr(halo.refused_because, "holds the total"));
}

static void sales_tracked_before_the_start_are_refused([[maybe_unused]] void **state)
{
  struct world *w = make(3);
  struct hs_halo_input input = input_of(w);
  struct hs_halo halo = {0};
  struct hs_err err = {0};
  w->tracked[7] = 3;
  assert_int_equal(hs_halo(&arena, &input, &halo, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "row 8"));
  w->tracked[7] = (double)NAN;
  w->brand[9] = (double)INFINITY;
  assert_int_equal(hs_halo(&arena, &input, &halo, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "brand"));
}

static void threads_change_no_figure([[maybe_unused]] void **state)
{
  struct hs_halo_input input = input_of(make(4));
  struct hs_halo one = {0}, two = {0};
  assert_int_equal(hs_halo(&arena, &input, &one, NULL), HS_OK);
  input.common.threads = 3;
  assert_int_equal(hs_halo(&arena, &input, &two, NULL), HS_OK);
  assert_near(one.total.reconciled.low, two.total.reconciled.low, 0);
  assert_near(one.bounds.kappa_most_sure, two.bounds.kappa_most_sure, 0);
}

/* What hs_power rests on: run again with the effect in place, a method says the same. */
static void an_effect_moves_both_ends_of_the_interval_by_itself([[maybe_unused]] void **state)
{
  struct world *w = make(5);
  for (int mode = HS_INFLUENCE_DEFAULT; mode <= HS_INFLUENCE_PARITY; mode++) {
    struct hs_influence_input input = input_of(w).common;
    struct hs_influence_result before, after;
    input.outcome = w->direct;
    hs_influence_fn method = hs_influence_method((enum hs_influence_mode)mode);
    assert_int_equal(method(&arena, &input, &before, NULL), HS_OK);
    for (size_t row = START; row < ROWS; row++)
      w->direct[row] += 40;
    assert_int_equal(method(&arena, &input, &after, NULL), HS_OK);
    assert_near(after.average.low, before.average.low + 40, 1e-6);
    assert_near(after.average.high, before.average.high + 40, 1e-6);
  }
}

static void power_grows_with_the_effect_and_says_what_is_seen_at_zero([[maybe_unused]] void **state)
{
  struct world *w = make(6);
  struct hs_power_input input = {
      .history = input_of(w).common, .window_rows = 28, .date_count = 12, .power = .8};
  struct hs_power power = {0};
  input.history.outcome = w->brand;
  input.history.count = START;
  assert_int_equal(hs_power(&arena, &input, &power, NULL), HS_OK);
  assert_int_equal(power.date_count + power.refused_count, 12);
  assert_int_equal(power.disjoint, 3); /* of the dates 60, 68, …, 152: 60, 93, 126 */
  assert_false(power.power.is_refused);
  assert_near(hs_power_at(&power, 0), power.power.false_positive_rate, 1e-15);
  assert_true(hs_power_at(&power, power.power.detectable + 1e-9) >= .75);
  assert_true(hs_power_at(&power, .5) >= hs_power_at(&power, .02));
  input.history.count = 40;
  assert_int_equal(hs_power(&arena, &input, &power, NULL), HS_INSUFFICIENT);
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  struct hs_halo_input input = input_of(make(7));
  struct hs_halo halo = {0};
  for (size_t kib = 1; kib < 4096; kib = kib * 3 / 2 + 1) {
    struct hs_arena small = {0};
    assert_int_equal(hs_arena_init(&small, kib * HS_KIB, NULL), HS_OK);
    enum hs_status status = hs_halo(&small, &input, &halo, NULL);
    assert_true(status == HS_OK || status == HS_NOMEM);
    hs_arena_release(&small);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(joined_lines_keep_their_own_posterior_and_get_the_correlation),
      cmocka_unit_test(correlations_that_cannot_be_are_shrunk_until_they_can),
      cmocka_unit_test(what_does_not_add_up_is_shared_by_the_variances),
      cmocka_unit_test_teardown(a_partner_that_takes_over_and_brings_is_told_line_by_line, empty),
      cmocka_unit_test_teardown(a_row_that_a_line_lacks_counts_for_none, empty),
      cmocka_unit_test_teardown(partners_in_the_same_rows_are_told_only_together, empty),
      cmocka_unit_test_teardown(a_day_of_another_partner_costs_that_day, empty),
      cmocka_unit_test_teardown(lines_that_hold_the_total_are_refused, empty),
      cmocka_unit_test_teardown(sales_tracked_before_the_start_are_refused, empty),
      cmocka_unit_test_teardown(threads_change_no_figure, empty),
      cmocka_unit_test_teardown(an_effect_moves_both_ends_of_the_interval_by_itself, empty),
      cmocka_unit_test_teardown(power_grows_with_the_effect_and_says_what_is_seen_at_zero, empty),
      cmocka_unit_test_teardown(a_full_arena_is_an_answer, empty),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
