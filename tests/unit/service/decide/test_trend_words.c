/* What a trend says in sentences where the numbers make plain ones wrong: intervals that reach
   beyond the series, and one of a kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "service/decide/trend_words.h"

static struct hs_arena arena;
static struct hs_str LABELS[] = {{"2019", 4}, {"2020", 4}, {"2021", 4}, {"2022", 4}};
static struct hs_trend_answer answer;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void begin(void)
{
  hs_arena_reset(&arena, 0);
  answer = (struct hs_trend_answer){
      .rules = {.material = 0.1, .mass = 0.9},
      .series = {.count = 4, .period_name = "year", .labels = LABELS, .side_count = 1}};
  answer.partnership.side_count = 1;
}

static const char *said(void (*words)(const struct hs_trend_answer *, size_t, struct hs_buf *))
{
  struct hs_buf out = hs_buf_in(&arena);
  words(&answer, 0, &out);
  hs_buf_add_char(&out, '\0');
  return out.data;
}

static const char *break_with(ptrdiff_t low, ptrdiff_t high)
{
  begin();
  struct hs_trend *side = &answer.partnership.sides[0];
  side->has_breaks = 1;
  side->breaks.count = 1;
  side->breaks.breaks[0] =
      (struct hs_break){.at = 1, .low = low, .high = high, .has_interval = 1, .jump = 0.05};
  return said(hs_trend_words_breaks);
}

static void a_break_says_when_it_may_have_been([[maybe_unused]] void **state)
{
  assert_string_equal(break_with(0, 2),
                      "It broke after 2020 (95 % interval 2019 to 2021), by +5.1 %.");
  assert_string_equal(break_with(-3, 2),
                      "It broke after 2020 (95 % interval up to 2021), by +5.1 %.");
  assert_string_equal(break_with(0, 4),
                      "It broke after 2020 (95 % interval 2019 or later), by +5.1 %.");
  assert_string_equal(
      break_with(-1, 9),
      "It broke after 2020 (so small that it may have been in any period), by +5.1 %.");
}

static void one_period_is_not_counted([[maybe_unused]] void **state)
{
  begin();
  answer.partnership.sides[0].window = 1;
  answer.partnership.sides[0].growth = (struct hs_trend_growth){.mean = 0.1, .high = 0.2};
  assert_non_null(strstr(said(hs_trend_words_side), "Over the last year it grew at"));
  answer.partnership.sides[0].window = 4;
  assert_non_null(strstr(said(hs_trend_words_side), "Over the last 4 years it grew at"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_break_says_when_it_may_have_been),
      cmocka_unit_test(one_period_is_not_counted),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
