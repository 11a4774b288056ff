/* The cohort stack on tables that can be added up by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "measure/trend/cohorts.h"
#include "support/near.h"

/* Two periods a window. A stays, B fades, C is new. */
static void parts_add_up([[maybe_unused]] void **state)
{
  const double values[3 * 4] = {
      10, 10, 10, 10, /* A */
      0,  20, 8,  4,  /* B */
      0,  0,  30, 30, /* C */
  };
  struct hs_cohort_stack stack;
  assert_true(hs_cohorts_stack(values, 3, 4, 2, &stack));
  assert_true(stack.cohort_count == 3);
  assert_near(stack.now, 92, 1e-12);
  assert_near(stack.before, 40, 1e-12);
  assert_near(stack.from_new, 60, 1e-12);
  assert_near(stack.kept, 32.0 / 40, 1e-12);
  assert_near(stack.newest_to_oldest, 60.0 / 28, 1e-12); /* C of its first two, B of its */
}

/* What was there from the first period on may be older than the record. */
static void what_was_always_there_has_no_beginning([[maybe_unused]] void **state)
{
  const double values[2 * 4] = {5, 5, 5, 5, 0, 7, 7, (double)NAN};
  struct hs_cohort_stack stack;
  assert_true(hs_cohorts_stack(values, 2, 4, 2, &stack));
  assert_near(stack.now, 17, 1e-12);
  assert_true(stack.newest_to_oldest != stack.newest_to_oldest);
}

static void too_little_is_no_stack([[maybe_unused]] void **state)
{
  const double values[] = {1, 2, 3, 0, 0, 0};
  struct hs_cohort_stack stack = {.cohort_count = 77};
  assert_false(hs_cohorts_stack(values, 1, 3, 2, &stack));
  assert_false(hs_cohorts_stack(values + 3, 1, 2, 1, &stack));
  assert_false(hs_cohorts_stack(values, 1, 3, 0, &stack));
  assert_true(stack.cohort_count == 77);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_add_up),
      cmocka_unit_test(what_was_always_there_has_no_beginning),
      cmocka_unit_test(too_little_is_no_stack),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
