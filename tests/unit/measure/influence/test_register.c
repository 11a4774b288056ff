/* Proves measure/influence/register: a look before the end, late registration, declared events and
   altered plans, and which partners can be told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "measure/influence/register.h"

static const struct hs_declared_event EVENTS[] = {{HS_DECLARED_PRICE, 90, 99, 0},
                                                  {HS_DECLARED_PROMOTION, 120, 121, 0}};

static struct hs_register_standing stand(int32_t registered, int32_t seen, size_t events,
                                         int is_altered)
{
  const struct hs_register_facts facts = {registered, 100, 120, seen, is_altered, EVENTS, events};
  return hs_register_stand(&facts, HS_GRADE_A);
}

static void only_the_registered_end_ends_it([[maybe_unused]] void **state)
{
  assert_true(stand(99, 119, 0, 0).is_interim);
  assert_false(stand(99, 120, 0, 0).is_interim);
  assert_int_equal(stand(99, 120, 0, 0).grade, HS_GRADE_A);
  assert_null(stand(99, 120, 0, 0).because);
}

static void each_weakness_costs_a_step_and_a_changed_plan_all_of_them([[maybe_unused]] void **state)
{
  assert_int_equal(stand(100, 120, 0, 0).grade, HS_GRADE_B);
  assert_int_equal(stand(99, 120, 1, 0).grade, HS_GRADE_A); /* ended the day before */
  assert_int_equal(stand(99, 120, 2, 0).grade, HS_GRADE_B);
  assert_int_equal(stand(99, 120, 2, 0).events_inside, 1);
  assert_int_equal(stand(100, 120, 2, 0).grade, HS_GRADE_C);
  assert_int_equal(stand(120, 130, 0, 0).grade, HS_GRADE_B);
  /* After the end nobody can have followed its coins. */
  assert_int_equal(stand(121, 130, 0, 0).grade, HS_GRADE_D);
  assert_int_equal(stand(1, 120, 0, 1).grade, HS_GRADE_D);
  assert_non_null(stand(1, 120, 0, 1).because);
}

static void events_have_names([[maybe_unused]] void **state)
{
  for (size_t kind = 0; kind < HS_DECLARED_KIND_COUNT; kind++) {
    enum hs_declared_kind read = HS_DECLARED_OTHER;
    const char *name = hs_declared_kind_name((enum hs_declared_kind)kind);
    assert_true(hs_declared_kind_parse(hs_str_of(name), &read));
    assert_int_equal(read, kind);
  }
  enum hs_declared_kind kept = HS_DECLARED_PRICE;
  assert_false(hs_declared_kind_parse(HS_STR("rain"), &kept));
  assert_int_equal(kept, HS_DECLARED_PRICE);
}

/* The grades of other methods mean other things: a late experiment is no comparison of regions. */
static void a_lowered_experiment_is_still_told_as_one([[maybe_unused]] void **state)
{
  for (int grade = HS_GRADE_A; grade < HS_GRADE_D; grade++) {
    const char *meaning = hs_register_meaning((enum hs_grade)grade);
    assert_non_null(strstr(meaning, "drawn by lot"));
    assert_null(strstr(meaning, "quasi"));
  }
  assert_string_equal(hs_register_meaning(HS_GRADE_D), hs_grade_meaning(HS_GRADE_D));
}

/* Days among numbers would be taken for rows, and lower nothing. */
static void events_are_written_as_the_times_are([[maybe_unused]] void **state)
{
  const struct hs_declared_event number = {HS_DECLARED_PRICE, 71, 73, 1};
  assert_int_equal(hs_declared_check(EVENTS, 2, 1, NULL), HS_OK);
  assert_int_equal(hs_declared_check(EVENTS, 2, 0, NULL), HS_USAGE);
  assert_int_equal(hs_declared_check(&number, 1, 0, NULL), HS_OK);
  assert_int_equal(hs_declared_check(&number, 1, 1, NULL), HS_USAGE);
}

static void partners_are_told_apart_where_the_other_stood_as_before([[maybe_unused]] void **state)
{
  const unsigned char never_before[] = {0, 0, 0, 0, 1, 0, 0, 0};
  const unsigned char from_the_start_on[] = {0, 0, 0, 1, 1, 1, 1, 1};
  const unsigned char all_along[] = {1, 1, 1, 1, 1, 1, 0, 1};
  unsigned char keeps[8];
  assert_true(hs_partners_apart(never_before, 3, 8, keeps)); /* one day costs one day */
  assert_memory_equal(keeps, ((const unsigned char[]){1, 1, 1, 1, 0, 1, 1, 1}), 8);
  assert_false(hs_partners_apart(from_the_start_on, 3, 8, keeps));
  assert_true(hs_partners_apart(all_along, 3, 8, keeps));
  assert_memory_equal(keeps, ((const unsigned char[]){1, 1, 1, 1, 1, 1, 0, 1}), 8);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_the_registered_end_ends_it),
      cmocka_unit_test(each_weakness_costs_a_step_and_a_changed_plan_all_of_them),
      cmocka_unit_test(events_have_names),
      cmocka_unit_test(a_lowered_experiment_is_still_told_as_one),
      cmocka_unit_test(events_are_written_as_the_times_are),
      cmocka_unit_test(partners_are_told_apart_where_the_other_stood_as_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
