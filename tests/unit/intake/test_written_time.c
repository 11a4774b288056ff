/* Proves intake/written_time: which texts are dates, and what moment they are. The moments come
   from the calendar: 2026-03-04 is day 20516 since 1970. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "intake/written_time.h"

static void a_date_is_read_in_the_order_that_was_said([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    enum hs_written_order order;
    const char *moment; /* NULL: is none */
  } ROWS[] = {
      {"04/03/2026", HS_WRITTEN_DAY_FIRST, "2026-03-04T00:00:00Z"},
      {"04/03/2026", HS_WRITTEN_MONTH_FIRST, "2026-04-03T00:00:00Z"},
      {"4.3.2026 9:05", HS_WRITTEN_DAY_FIRST, "2026-03-04T09:05:00Z"},
      {"4-3-2026 23:59:59", HS_WRITTEN_DAY_FIRST, "2026-03-04T23:59:59Z"},
      {"3/4/2026 12:00 AM", HS_WRITTEN_MONTH_FIRST, "2026-03-04T00:00:00Z"},
      {"3/4/2026 12:30:15 pm", HS_WRITTEN_MONTH_FIRST, "2026-03-04T12:30:15Z"},
      {"3/4/2026 1:00 PM", HS_WRITTEN_MONTH_FIRST, "2026-03-04T13:00:00Z"},
      {"29/02/2028", HS_WRITTEN_DAY_FIRST, "2028-02-29T00:00:00Z"},
      {"29/02/2026", HS_WRITTEN_DAY_FIRST, NULL},
      {"31/12/2026", HS_WRITTEN_MONTH_FIRST, NULL},
      {"04/03/26", HS_WRITTEN_DAY_FIRST, NULL},
      {"04/03-2026", HS_WRITTEN_DAY_FIRST, NULL},
      {"2026-03-04", HS_WRITTEN_DAY_FIRST, NULL},
      {"3/4/2026 0:30 AM", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026 13:00 PM", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026 24:00", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026 9:5", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026 9:05:", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026 9:05 XM", HS_WRITTEN_MONTH_FIRST, NULL},
      {"3/4/2026T09:05", HS_WRITTEN_MONTH_FIRST, NULL},
      {" 3/4/2026", HS_WRITTEN_MONTH_FIRST, NULL},
      {"", HS_WRITTEN_MONTH_FIRST, NULL},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    char text[HS_TIME_TEXT];
    int64_t at_us = -1;
    int is_one = hs_written_time_parse(hs_str_of(ROWS[i].text), ROWS[i].order, &at_us);
    if (is_one != (ROWS[i].moment != NULL))
      fail_msg("row %zu: %s", i, ROWS[i].text);
    if (!is_one) {
      assert_int_equal(at_us, -1);
      continue;
    }
    hs_format_time(at_us, text);
    assert_string_equal(text, ROWS[i].moment);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_date_is_read_in_the_order_that_was_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
