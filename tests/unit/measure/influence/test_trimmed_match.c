/* Pairs of regions against the definition, θ by θ, and inputs that have no answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "measure/influence/trimmed_match.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "support/capacity.h"
#include "support/near.h"

#define PAIRS_MAX 40

static struct hs_arena arena;
static struct hs_matched_pair pairs[PAIRS_MAX];

/* Costs around 10, a return of 3 a unit, and every tenth pair far off. */
static void draw(size_t count, uint64_t seed)
{
  struct hs_random rng = hs_random_open(seed, 0);
  for (size_t i = 0; i < count; i++) {
    pairs[i].cost = 10 + 2 * hs_random_normal(&rng);
    pairs[i].outcome = 3 * pairs[i].cost + 4 * hs_random_normal(&rng) + (i % 10 == 9 ? 300 : 0);
  }
}

static struct hs_trimmed_result run(size_t count, double trim)
{
  const struct hs_trimmed_input input = {
      .pairs = pairs, .count = count, .trim = trim, .trim_most = .25, .level = .9};
  struct hs_trimmed_result result;
  assert_int_equal(hs_trimmed_match(&arena, &input, &result, NULL), HS_OK);
  return result;
}

/* Trimmed mean over its standard error, as the books have it. */
static double studentised(size_t count, size_t k, double theta)
{
  double e[PAIRS_MAX], kept = 0, mean = 0, squares = 0;
  double m = (double)(count - 2 * k);
  for (size_t i = 0; i < count; i++)
    e[i] = pairs[i].outcome - theta * pairs[i].cost;
  hs_sort(e, count);
  for (size_t i = k; i < count - k; i++)
    kept += e[i];
  for (size_t i = 0; i < count; i++) {
    e[i] = e[i < k ? k : i >= count - k ? count - 1 - k : i];
    mean += i < k || i >= count - k ? 0 : e[i] / (double)count;
  }
  mean += (double)k * (e[k] + e[count - 1 - k]) / (double)count;
  for (size_t i = 0; i < count; i++)
    squares += (e[i] - mean) * (e[i] - mean);
  return kept / m / sqrt(squares / (m * (m - 1)));
}

static void p_and_interval_are_those_of_the_definition([[maybe_unused]] void **state)
{
  for (uint64_t seed = 1; seed < 30; seed++) {
    size_t count = 10 + seed;
    draw(count, seed);
    struct hs_trimmed_result result = run(count, .2);
    size_t k = result.trim_count;
    double df = (double)(count - 2 * k) - 1;
    double bar = hs_t_quantile(.95, df);
    assert_int_equal(k, (size_t)ceil(.2 * (double)count - 1e-9));
    assert_near(studentised(count, k, result.value), 0, 1e-7);
    assert_near(fabs(studentised(count, k, result.low)), bar, 1e-6);
    assert_near(fabs(studentised(count, k, result.high)), bar, 1e-6);
    for (double theta = -50; theta < 50; theta += .01)
      if (fabs(studentised(count, k, theta)) <= bar)
        assert_true(theta >= result.low - 1e-9 && theta <= result.high + 1e-9);
    assert_near(result.p, 2 * hs_t_cdf(-fabs(studentised(count, k, 0)), df), 1e-9);
  }
}

static void pairs_that_something_else_happened_to_lose_their_say([[maybe_unused]] void **state)
{
  draw(40, 4);
  struct hs_trimmed_result trimmed = run(40, (double)NAN);
  struct hs_trimmed_result all = run(40, 0);
  assert_true(trimmed.trim_count >= 4);
  assert_near(trimmed.value, 3, .2);
  assert_true(trimmed.low <= 3 && 3 <= trimmed.high);
  assert_true(fabs(all.value - 3) > 2);
}

static void a_return_that_is_added_moves_the_value_by_it([[maybe_unused]] void **state)
{
  draw(30, 2);
  struct hs_trimmed_result before = run(30, .1);
  for (size_t i = 0; i < 30; i++)
    pairs[i].outcome += 5 * pairs[i].cost;
  struct hs_trimmed_result after = run(30, .1);
  assert_near(after.value, before.value + 5, 1e-9);
  assert_near(after.low, before.low + 5, 1e-7);
  assert_near(after.high, before.high + 5, 1e-7);
  assert_near(after.error, before.error, 1e-9);
}

static void equal_costs_and_equal_pairs_are_no_trouble([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < 20; i++)
    pairs[i] = (struct hs_matched_pair){.outcome = (double)(i / 2), .cost = 2};
  struct hs_trimmed_result result = run(20, .1);
  assert_near(result.value, 4.5 / 2, 1e-12);
  assert_true(result.low < result.value && result.value < result.high);
}

static void refuses(size_t count, double trim, double level, enum hs_status status,
                    const char *words)
{
  const struct hs_trimmed_input input = {
      .pairs = pairs, .count = count, .trim = trim, .trim_most = .25, .level = level};
  struct hs_trimmed_result result;
  struct hs_err err = {0};
  assert_int_equal(hs_trimmed_match(&arena, &input, &result, &err), status);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' lacks '%s'", err.text, words);
}

static void inputs_that_cannot_be_used_are_named([[maybe_unused]] void **state)
{
  draw(20, 1);
  refuses(1, 0, .9, HS_INVALID, "got 1");
  refuses(20, .4, .9, HS_INVALID, "got 0.4");
  refuses(20, 0, 0, HS_INVALID, "the level");
  refuses(3, .3, .9, HS_INVALID, "fewer than two");
  pairs[4].outcome = (double)INFINITY;
  refuses(20, 0, .9, HS_INVALID, "pair 5");
  for (size_t i = 0; i < 20; i++)
    pairs[i] = (struct hs_matched_pair){.outcome = 1 + (double)i, .cost = 0};
  refuses(20, (double)NAN, .9, HS_INSUFFICIENT, "do not differ");
}

static enum hs_status run_bounded([[maybe_unused]] void *context, struct hs_arena *bounded,
                                  struct hs_err *err)
{
  const struct hs_trimmed_input input = {.pairs = pairs, .count = 12, .trim = .1, .level = .9};
  struct hs_trimmed_result result;
  return hs_trimmed_match(bounded, &input, &result, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  draw(12, 3);
  assert_true(fail_every_allocation(run_bounded, NULL) >= 2);
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(p_and_interval_are_those_of_the_definition),
      cmocka_unit_test(pairs_that_something_else_happened_to_lose_their_say),
      cmocka_unit_test(a_return_that_is_added_moves_the_value_by_it),
      cmocka_unit_test(equal_costs_and_equal_pairs_are_no_trouble),
      cmocka_unit_test(inputs_that_cannot_be_used_are_named),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
