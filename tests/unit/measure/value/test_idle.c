/* Activity without sales: when few orders say "it cannot pay" and when only "too early". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "measure/value/idle.h"
#include "support/near.h"

/* Four thousand subscribers who never buy: with none seen the upper limit is 1 − .05^(1/n), the
   rule of three. At 50 an order and 17,000 of cost, 8.5 % of them would have to buy. */
static void subscribers_who_never_convert_are_a_cost_centre([[maybe_unused]] void **state)
{
  struct hs_idle idle = hs_idle_judge(0, 4000, 17000, 50, .02);
  assert_near(idle.rate, 0, 0);
  assert_close(idle.rate_high, 1 - pow(.05, 1.0 / 4000), 1e-9);
  assert_close(idle.break_even, 17000.0 / 4000 / 50, 1e-12);
  assert_close(idle.p_usual, pow(.98, 4000), 1e-6);
  assert_true(idle.is_cost_centre);
}

/* With 40 subscribers none bought either, and up to 7.2 % of such people might: that could still
   pay, and nothing is said. */
static void a_small_audience_is_too_early_to_call([[maybe_unused]] void **state)
{
  struct hs_idle idle = hs_idle_judge(0, 40, 100, 50, .02);
  assert_true(idle.rate_high > idle.break_even);
  assert_false(idle.is_cost_centre);
}

/* Clopper and Pearson's one-sided limit of 3 in 50: 14.8 % (the 90 % interval's upper end). */
static void some_orders_raise_the_limit([[maybe_unused]] void **state)
{
  struct hs_idle idle = hs_idle_judge(3, 50, 1, 50, (double)NAN);
  assert_near(idle.rate_high, .1478, 2e-4);
  assert_true(isnan(idle.p_usual));
  assert_near(hs_idle_judge(5, 5, 1, 50, .5).rate_high, 1, 0);
}

static void without_cost_there_is_no_cost_centre([[maybe_unused]] void **state)
{
  assert_false(hs_idle_judge(0, 100000, 0, 50, .02).is_cost_centre);
  assert_true(hs_idle_judge(0, 100000, 1, 0, .02).is_cost_centre);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(subscribers_who_never_convert_are_a_cost_centre),
      cmocka_unit_test(a_small_audience_is_too_early_to_call),
      cmocka_unit_test(some_orders_raise_the_limit),
      cmocka_unit_test(without_cost_there_is_no_cost_centre),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
