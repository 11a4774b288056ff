/* Proves service/json_member: commas, and what is null. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>

#include "service/json_member.h"

static struct hs_arena arena;

static struct hs_buf empty(void)
{
  hs_arena_reset(&arena, 0);
  return hs_buf_in(&arena);
}

static void the_first_member_has_no_comma_and_each_other_has_one([[maybe_unused]] void **state)
{
  struct hs_buf out = empty();
  hs_buf_add_char(&out, '{');
  hs_json_count(&out, "a", 1);
  hs_json_key(&out, "b");
  hs_buf_add_char(&out, '{');
  hs_json_flag(&out, "c", 1);
  hs_buf_add_char(&out, '}');
  hs_json_flag(&out, "d", 0);
  hs_buf_add_char(&out, '}');
  assert_string_equal(hs_buf_str(&out).data, "{\"a\":1,\"b\":{\"c\":true},\"d\":false}");
}

static void numbers_keep_their_whole_range([[maybe_unused]] void **state)
{
  struct hs_buf out = empty();
  hs_json_count(&out, "most", UINT64_MAX);
  hs_json_integer(&out, "least", INT64_MIN);
  hs_json_number(&out, "tenth", 0.1);
  assert_string_equal(hs_buf_str(&out).data,
                      "\"most\":18446744073709551615,\"least\":-9223372036854775808,\"tenth\":0.1");
}

static void what_is_not_there_is_null([[maybe_unused]] void **state)
{
  struct hs_buf out = empty();
  hs_json_text(&out, "text", (struct hs_str){0});
  hs_json_number(&out, "nan", (double)NAN);
  hs_json_number(&out, "endless", -(double)INFINITY);
  hs_json_moment(&out, "never", INT64_MIN);
  assert_string_equal(hs_buf_str(&out).data,
                      "\"text\":null,\"nan\":null,\"endless\":null,\"never\":null");
}

static void texts_and_moments_are_quoted([[maybe_unused]] void **state)
{
  struct hs_buf out = empty();
  hs_json_text(&out, "text", HS_STR("say \"no\""));
  hs_json_text(&out, "empty", HS_STR(""));
  hs_json_moment(&out, "first", 0);
  assert_string_equal(
      hs_buf_str(&out).data,
      "\"text\":\"say \\\"no\\\"\",\"empty\":\"\",\"first\":\"1970-01-01T00:00:00Z\"");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_member_has_no_comma_and_each_other_has_one),
      cmocka_unit_test(numbers_keep_their_whole_range),
      cmocka_unit_test(what_is_not_there_is_null),
      cmocka_unit_test(texts_and_moments_are_quoted),
  };
  if (hs_arena_init(&arena, (size_t)1 << 20, NULL) != HS_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  hs_arena_release(&arena);
  return failed;
}
