/* Proves service/configuration: one row a rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "service/configuration.h"

static const struct {
  const char *text;
  enum hs_status status;
  uint64_t memory_mib;
  unsigned threads;
  const char *words; /* in the message of a failure */
} ROWS[] = {
    {"", HS_INVALID, 7, 7, "no line 'version = 1'"},
    {"threads = 2\n# version = 1", HS_INVALID, 7, 7, "no line 'version = 1'"},
    {"version = 1\n", HS_OK, 7, 7, NULL},
    {"version=1\nmemory_mib = 128 # little\r\n\n  threads=0", HS_OK, 128, 0, NULL},
    {"threads = 2\nthreads = 3\nversion = 1", HS_OK, 7, 3, NULL},
    {"version = 2", HS_UNSUPPORTED, 7, 7, "version 2"},
    {"memory_mib = 127", HS_INVALID, 7, 7, "line 1: memory_mib = 127"},
    {"threads = 4\nthreads = 257", HS_INVALID, 7, 7, "line 2"},
    {"threads = two", HS_INVALID, 7, 7, "'two'"},
    {"threads", HS_INVALID, 7, 7, "threads"},
    {"colour = 1", HS_INVALID, 7, 7, "colour"},
};

static void every_line_is_understood_or_refused([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_store_limits limits = {7 * HS_MIB, 7};
    struct hs_err err = {0};
    assert_int_equal(hs_configuration_parse(hs_str_of(ROWS[i].text), &limits, &err),
                     ROWS[i].status);
    assert_int_equal(limits.memory_bytes, ROWS[i].memory_mib * HS_MIB);
    assert_int_equal(limits.threads, ROWS[i].threads);
    if (ROWS[i].words != NULL)
      assert_non_null(strstr(err.text, ROWS[i].words));
  }
}

static void a_new_directory_gets_what_can_be_read([[maybe_unused]] void **state)
{
  struct hs_store_limits limits = {0};
  assert_int_equal(hs_configuration_parse(hs_str_of(hs_configuration_first), &limits, NULL), HS_OK);
  assert_int_equal(limits.memory_bytes, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_line_is_understood_or_refused),
      cmocka_unit_test(a_new_directory_gets_what_can_be_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
