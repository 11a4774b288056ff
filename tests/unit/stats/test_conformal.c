/* The conformal test and its interval against the definition, counted out θ by θ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/conformal.h"
#include "stats/random.h"
#include "support/capacity.h"
#include "support/near.h"

#define T_MAX 40

static struct hs_arena arena;

/* The counterfactual is a constant, cut off above: least squares within a bound, so that its shape
   changes once as θ moves. */
struct series {
  size_t count, after;
  double y[T_MAX];
  double bound;
};

static double aim(const struct series *of, double theta)
{
  double mean = 0;
  for (size_t k = 0; k < of->count; k++)
    mean += (of->y[k] - theta * (k >= of->count - of->after)) / (double)of->count;
  return mean;
}

static enum hs_status residuals(void *context, double theta, int direction, double *u,
                                double *change, double *reach, [[maybe_unused]] struct hs_err *err)
{
  const struct series *of = context;
  double share = (double)of->after / (double)of->count;
  double mean = aim(of, theta);
  int is_bound = mean > of->bound || (mean == of->bound && direction < 0);
  double level = is_bound ? of->bound : mean;
  int turns = is_bound ? direction > 0 : direction < 0;
  *reach = turns ? fabs(mean - of->bound) / share : (double)INFINITY;
  for (size_t k = 0; k < of->count; k++) {
    double step = k >= of->count - of->after;
    u[k] = of->y[k] - theta * step - level;
    change[k] = direction * ((is_bound ? 0 : share) - step);
  }
  return HS_OK;
}

/* p by the definition. */
static double counted(const struct series *of, double theta)
{
  double u[T_MAX], change[T_MAX], reach, tested = 0;
  size_t found = 0;
  assert_int_equal(residuals((void *)(uintptr_t)of, theta, 1, u, change, &reach, NULL), HS_OK);
  for (size_t s = 0; s < of->count; s++) {
    double sum = 0;
    for (size_t k = 0; k < of->after; k++)
      sum += u[(of->count - of->after + s + k) % of->count];
    if (s == 0)
      tested = fabs(sum);
    found += fabs(sum) >= tested - 1e-9;
  }
  return (double)found / (double)of->count;
}

static struct series random_series(size_t count, size_t after, double bound, uint64_t stream)
{
  struct series made = {.count = count, .after = after, .bound = bound};
  struct hs_random rng = hs_random_open(3, stream);
  for (size_t k = 0; k < count; k++)
    made.y[k] = hs_random_normal(&rng);
  return made;
}

static struct hs_conformal run(struct series *of, double level, double from)
{
  struct hs_conformal found;
  const struct hs_conformal_test test = {.count = of->count,
                                         .after_count = of->after,
                                         .level = level,
                                         .from = from,
                                         .scale = 1,
                                         .residuals = residuals,
                                         .context = of};
  assert_int_equal(hs_conformal_run(&arena, &test, &found, NULL), HS_OK);
  return found;
}

static void p_is_the_count_of_places([[maybe_unused]] void **state)
{
  for (uint64_t stream = 0; stream < 200; stream++) {
    struct series of = random_series(20 + stream % 20, 1 + stream % 9, .05, stream);
    assert_near(run(&of, .9, 0).p, counted(&of, 0), 1e-12);
  }
}

/* A fine grid sees no compatible θ outside of the interval, and one within a step of either end. */
static void the_interval_spans_the_thetas_that_pass([[maybe_unused]] void **state)
{
  const double step = 1e-3;
  for (uint64_t stream = 0; stream < 60; stream++) {
    struct series of = random_series(20 + stream % 20, 1 + stream % 9, .05, stream);
    struct hs_conformal found = run(&of, .9, .1);
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (double theta = -6; theta < 6; theta += step)
      if (counted(&of, theta) > .1 + 1e-9) {
        low = fmin(low, theta);
        high = fmax(high, theta);
      }
    assert_true(found.is_decidable);
    assert_near(found.low, low, step + 1e-6);
    assert_near(found.high, high, step + 1e-6);
    assert_true(found.piece_count >= 1);
  }
}

static void where_the_walk_begins_does_not_matter([[maybe_unused]] void **state)
{
  for (uint64_t stream = 0; stream < 60; stream++) {
    struct series of = random_series(30, 5, .05, stream);
    struct hs_conformal here = run(&of, .9, 0);
    struct hs_conformal there = run(&of, .9, stream % 2 ? 25 : -25);
    assert_near(there.low, here.low, 1e-6);
    assert_near(there.high, here.high, 1e-6);
  }
}

/* Worked by hand: residuals of 1, 2, 3, 10 around 4 are −3, −2, −1, 6; the last is the farthest, so
   p is 1 in 4, and a level of 90 % would need ten periods. */
static void a_level_finer_than_the_resolution_is_not_decided([[maybe_unused]] void **state)
{
  struct series of = {.count = 4, .after = 1, .y = {1, 2, 3, 10}, .bound = (double)INFINITY};
  struct hs_conformal found = run(&of, .9, 0);
  assert_near(found.p, .25, 1e-12);
  assert_near(found.resolution, .25, 1e-12);
  assert_near(found.windows, 4, 1e-12);
  assert_false(found.is_decidable);
  assert_true(isnan(found.low) && isnan(found.high));
  found = run(&of, .75, 0); /* exactly the resolution: p of 1 in 4 is not above it */
  assert_true(found.is_decidable);
}

/* Constant residuals are ties everywhere. */
static void ties_count([[maybe_unused]] void **state)
{
  struct series of = {.count = 10, .after = 3, .bound = (double)INFINITY};
  assert_near(run(&of, .8, 0).p, 1, 0);
}

static enum hs_status run_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_conformal found;
  const struct hs_conformal_test test = {.count = 20,
                                         .after_count = 4,
                                         .level = .9,
                                         .scale = 1,
                                         .residuals = residuals,
                                         .context = context};
  return hs_conformal_run(bounded, &test, &found, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  struct series of = random_series(20, 4, .05, 1);
  assert_int_equal(fail_every_allocation(run_bounded, &of), 1);
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
      cmocka_unit_test(p_is_the_count_of_places),
      cmocka_unit_test(the_interval_spans_the_thetas_that_pass),
      cmocka_unit_test(where_the_walk_begins_does_not_matter),
      cmocka_unit_test(a_level_finer_than_the_resolution_is_not_decided),
      cmocka_unit_test(ties_count),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
