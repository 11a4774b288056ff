/* The verdict of a partnership from those of its sides, and of many at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "measure/trend/sides.h"
#include "support/near.h"

#define MASS 0.9

static struct hs_trend side(double above, double within, double below)
{
  return (struct hs_trend){.above = above,
                           .within = within,
                           .below = below,
                           .verdict = hs_trend_judge(above, within, below, MASS),
                           .reason =
                               hs_trend_judge(above, within, below, MASS) == HS_TREND_TOO_EARLY
                                   ? HS_TREND_UNSETTLED
                                   : HS_TREND_NO_REASON,
                           .periods_to_decide = 5};
}

static struct hs_trend_partnership of(struct hs_trend ours, struct hs_trend theirs)
{
  struct hs_trend_partnership p = {.side_count = 2, .sides = {ours, theirs}};
  hs_trend_join(&p, MASS);
  return p;
}

static void one_side_is_the_partnership([[maybe_unused]] void **state)
{
  struct hs_trend_partnership p = {.side_count = 1, .sides = {side(0.02, 0.93, 0.05)}};
  hs_trend_join(&p, MASS);
  assert_int_equal(p.verdict, HS_TREND_PLATEAU);
  assert_near(p.above, 0.02, 1e-12);
  assert_near(p.within, 0.93, 1e-12);
  assert_near(p.below, 0.05, 1e-12);
}

static void compounding_needs_both([[maybe_unused]] void **state)
{
  assert_int_equal(of(side(0.97, 0.03, 0), side(0.96, 0.04, 0)).verdict, HS_TREND_COMPOUNDING);
  assert_int_equal(of(side(0.99, 0.01, 0), side(0.02, 0.96, 0.02)).verdict, HS_TREND_PLATEAU);
  assert_int_equal(of(side(0.99, 0.01, 0), side(0, 0.02, 0.98)).verdict, HS_TREND_FADING);
}

/* .92 and .92 leave .84 for both, if they fail in different worlds. */
static void certainty_of_both_is_less_than_of_each([[maybe_unused]] void **state)
{
  struct hs_trend_partnership p = of(side(0.92, 0.08, 0), side(0.92, 0.08, 0));
  assert_near(p.above, 0.84, 1e-12);
  assert_int_equal(p.verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(p.reason, HS_TREND_UNSETTLED);
}

/* Against every joint distribution of two sides on the corners and in between. */
static void masses_are_never_more_than_some_dependence_allows([[maybe_unused]] void **state)
{
  const double a[3] = {0.5, 0.3, 0.2}, b[3] = {0.6, 0.25, 0.15}; /* above, within, below */
  struct hs_trend_partnership p = of(side(a[0], a[1], a[2]), side(b[0], b[1], b[2]));
  double least[3] = {1, 1, 1};
  for (int i = 0; i <= 20; i++)
    for (int j = 0; j <= 20; j++)
      for (int k = 0; k <= 20; k++)
        for (int l = 0; l <= 20; l++) {
          double q[3][3] = {{i * 0.05, j * 0.05, 0}, {k * 0.05, l * 0.05, 0}, {0, 0, 0}};
          int is_law = 1;
          for (int r = 0; r < 2; r++) {
            q[r][2] = a[r] - q[r][0] - q[r][1];
            q[2][r] = b[r] - q[0][r] - q[1][r];
          }
          q[2][2] = a[2] - q[2][0] - q[2][1];
          for (int r = 0; r < 9; r++)
            is_law = is_law && q[r / 3][r % 3] > -1e-9;
          if (!is_law)
            continue;
          least[0] = fmin(least[0], q[0][0]);
          least[1] = fmin(least[1], q[0][1] + q[1][0] + q[1][1]);
          least[2] = fmin(least[2], q[0][2] + q[1][2] + q[2][0] + q[2][1] + q[2][2]);
        }
  assert_true(p.above <= least[0] + 1e-9);
  assert_true(p.within <= least[1] + 1e-9);
  assert_true(p.below <= least[2] + 1e-9);
}

static void a_refused_side_refuses([[maybe_unused]] void **state)
{
  struct hs_trend refused = {
      .verdict = HS_TREND_REFUSED, .reason = HS_TREND_VALUE_NOT_POSITIVE, .above = (double)NAN};
  struct hs_trend_partnership p = of(side(0.99, 0.01, 0), refused);
  assert_int_equal(p.verdict, HS_TREND_REFUSED);
  assert_int_equal(p.reason, HS_TREND_VALUE_NOT_POSITIVE);
}

/* Ten at .91: one alone would be claimed, ten together expect .9 false ones; with nine others
   beyond doubt it is the tenth that is held against .1. */
static void many_are_held_to_their_number([[maybe_unused]] void **state)
{
  enum { COUNT = 10 };
  struct hs_trend_partnership all[COUNT];
  struct hs_trend_partnership *list[COUNT];
  double room[2 * COUNT];
  size_t order[COUNT];
  for (size_t i = 0; i < COUNT; i++) {
    all[i] = (struct hs_trend_partnership){
        .side_count = 1, .sides = {i == 0 ? side(0.91, 0.09, 0) : side(0.5, 0.4, 0.1)}};
    hs_trend_join(&all[i], MASS);
    list[i] = &all[i];
  }
  assert_int_equal(all[0].verdict, HS_TREND_COMPOUNDING);
  hs_trend_family(list, COUNT, MASS, room, order);
  assert_int_equal(all[0].verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(all[0].reason, HS_TREND_FAMILY);
  for (size_t i = 0; i < COUNT; i++) {
    all[i].sides[0] = i == 0 ? side(0.91, 0.09, 0) : side(0.999, 0.001, 0);
    hs_trend_join(&all[i], MASS);
  }
  hs_trend_family(list, COUNT, MASS, room, order);
  assert_int_equal(all[0].verdict, HS_TREND_COMPOUNDING);
  assert_near(all[0].p_adjusted, 0.09, 1e-9);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_side_is_the_partnership),
      cmocka_unit_test(compounding_needs_both),
      cmocka_unit_test(certainty_of_both_is_less_than_of_each),
      cmocka_unit_test(masses_are_never_more_than_some_dependence_allows),
      cmocka_unit_test(a_refused_side_refuses),
      cmocka_unit_test(many_are_held_to_their_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
