/* Proves base/status: one table behind codes, words and exits; messages that carry the reason and
   never run over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/status.h"

static void every_status_has_its_row([[maybe_unused]] void **state)
{
  for (int status = HS_OK; status <= HS_END; status++) {
    enum hs_status one = (enum hs_status)status;
    assert_true(strlen(hs_status_code(one)) > 0 && strlen(hs_status_words(one)) > 0);
    assert_in_range(hs_status_http(one), 200, 599);
    assert_in_range(hs_status_exit(one), 0, 255);
  }
  assert_string_equal(hs_status_code(HS_NOT_FOUND), "not_found");
  assert_int_equal(hs_status_http(HS_FULL), 507);
  assert_int_equal(hs_status_exit(HS_CORRUPT), 12);
}

static void the_message_carries_place_value_and_reason([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  assert_int_equal(hs_fail(&err, HS_INVALID, "window_days must be 1 to 365, got %d", 0),
                   HS_INVALID);
  assert_string_equal(err.text, "window_days must be 1 to 365, got 0");
  hs_err_prefix(&err, "line %d", 3);
  assert_string_equal(err.text, "line 3: window_days must be 1 to 365, got 0");
  assert_int_equal(hs_fail_errno(&err, HS_IO, ENOENT, "cannot open %s", "x"), HS_IO);
  assert_string_equal(err.text, "cannot open x: No such file or directory");
  assert_int_equal(hs_fail_errno(&err, HS_IO, ENOSPC, "cannot write %s", "x"), HS_FULL);
  assert_int_equal(err.status, HS_FULL);
  assert_int_equal(hs_fail(NULL, HS_BUSY, "nobody listens"), HS_BUSY);
  hs_err_prefix(NULL, "nobody listens");
}

static void long_texts_are_cut_and_end([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  char text[3000];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  assert_int_equal(hs_fail(&err, HS_IO, "%s", text), HS_IO);
  assert_int_equal(strlen(err.text), sizeof err.text - 1);
  hs_err_prefix(&err, "%s", text);
  assert_int_equal(strlen(err.text), sizeof err.text - 1);
  assert_int_equal(hs_fail_errno(&err, HS_IO, EIO, "%s", text), HS_IO);
  assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_status_has_its_row),
      cmocka_unit_test(the_message_carries_place_value_and_reason),
      cmocka_unit_test(long_texts_are_cut_and_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
