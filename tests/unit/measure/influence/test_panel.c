/* Rows into a balanced panel, and what is said of rows that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/influence/panel.h"
#include "support/capacity.h"
#include "support/near.h"

static struct hs_arena arena;

/* Two units, three periods, rows in no order. */
struct table {
  uint32_t units[6];
  double times[6], values[6];
  uint64_t lines[6];
  struct hs_str texts[6], names[2];
  size_t count;
  int absent_is_zero;
};

static struct table whole(void)
{
  struct table made = {.units = {1, 0, 0, 1, 1, 0},
                       .times = {3, 1, 3, 1, 2, 2},
                       .values = {13, 1, 3, 11, 12, 2},
                       .lines = {2, 3, 4, 5, 6, 7},
                       .count = 6};
  made.names[0] = HS_STR("north");
  made.names[1] = HS_STR("south");
  for (size_t i = 0; i < 6; i++)
    made.texts[i] = made.times[i] == 1   ? HS_STR("one")
                    : made.times[i] == 2 ? HS_STR("two")
                                         : HS_STR("three");
  return made;
}

static enum hs_status make(struct hs_arena *in, const struct table *of, struct hs_panel *out,
                           struct hs_err *err)
{
  const struct hs_panel_rows rows = {.count = of->count,
                                     .units = of->units,
                                     .unit_names = of->names,
                                     .unit_count = 2,
                                     .times = of->times,
                                     .time_texts = of->texts,
                                     .values = of->values,
                                     .lines = of->lines,
                                     .absent_is_zero = of->absent_is_zero};
  return hs_panel_make(in, &rows, out, err);
}

static void rows_stand_by_unit_and_time([[maybe_unused]] void **state)
{
  static const double expected[] = {1, 2, 3, 11, 12, 13};
  struct table of = whole();
  struct hs_panel panel;
  assert_int_equal(make(&arena, &of, &panel, NULL), HS_OK);
  assert_int_equal(panel.unit_count, 2);
  assert_int_equal(panel.period_count, 3);
  assert_memory_equal(panel.values, expected, sizeof expected);
  assert_true(hs_str_equal(panel.periods[2], HS_STR("three")));
  assert_int_equal(hs_panel_unit(&panel, HS_STR("south")), 1);
  assert_int_equal(hs_panel_unit(&panel, HS_STR("South")), 2);
  assert_int_equal(hs_panel_period(&panel, 0), 0);
  assert_int_equal(hs_panel_period(&panel, 1.5), 1);
  assert_int_equal(hs_panel_period(&panel, 3), 2);
  assert_int_equal(hs_panel_period(&panel, 4), 3);
}

static void refuses(const struct table *of, enum hs_status status, const char *words)
{
  struct hs_panel panel = {0};
  struct hs_err err = {0};
  assert_int_equal(make(&arena, of, &panel, &err), status);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' lacks '%s'", err.text, words);
  assert_int_equal(panel.unit_count, 0);
}

static void the_first_hole_is_named([[maybe_unused]] void **state)
{
  struct table of = whole();
  of.count = 5; /* north at two is gone */
  refuses(&of, HS_INVALID, "'north' has none at two");
  of.values[0] = (double)NAN;
  refuses(&of, HS_INVALID, "'north' has none at two; it is the first of several holes");
}

static void an_absent_row_is_a_zero_only_when_that_is_said([[maybe_unused]] void **state)
{
  struct table of = whole();
  struct hs_panel panel;
  of.count = 5;
  of.absent_is_zero = 1;
  assert_int_equal(make(&arena, &of, &panel, NULL), HS_OK);
  assert_near(panel.values[1], 0, 0);
  of.values[0] = (double)NAN; /* a row without a figure stays a hole */
  refuses(&of, HS_INVALID, "'south' has none at three");
}

static void two_figures_and_infinite_ones_are_refused_with_their_line([[maybe_unused]] void **state)
{
  struct table of = whole();
  of.times[5] = 1;
  refuses(&of, HS_INVALID, "line 7: 'north' has a second figure at one");
  of = whole();
  of.values[3] = (double)INFINITY;
  refuses(&of, HS_INVALID, "line 5: 'south' has an infinite figure at one");
}

static void no_row_is_no_panel([[maybe_unused]] void **state)
{
  struct table of = whole();
  of.count = 0;
  refuses(&of, HS_INSUFFICIENT, "no row");
}

static enum hs_status make_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_panel panel;
  return make(bounded, context, &panel, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  struct table of = whole();
  assert_true(fail_every_allocation(make_bounded, &of) >= 6);
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
      cmocka_unit_test(rows_stand_by_unit_and_time),
      cmocka_unit_test(the_first_hole_is_named),
      cmocka_unit_test(an_absent_row_is_a_zero_only_when_that_is_said),
      cmocka_unit_test(two_figures_and_infinite_ones_are_refused_with_their_line),
      cmocka_unit_test(no_row_is_no_panel),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
