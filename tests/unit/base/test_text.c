/* Proves base/text: exact number parsing, shortest doubles, escaping, UTF-8 by RFC 3629. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <float.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void numbers_are_read_whole_or_not_at_all([[maybe_unused]] void **state)
{
  int64_t i = 7;
  assert_true(hs_parse_i64(HS_STR("-9223372036854775808"), &i));
  assert_int_equal(i, INT64_MIN);
  i = 7;
  assert_false(hs_parse_i64(HS_STR("9223372036854775808"), &i));
  assert_false(hs_parse_i64(HS_STR(""), &i));
  assert_false(hs_parse_i64(HS_STR("12 "), &i));
  assert_int_equal(i, 7);
  double d = 7;
  static const char *const BAD[] = {"",      ".",   "nan", "inf", "0x10", "1e",
                                    "1e999", "1,5", " 1",  "1 ",  "--1"};
  for (size_t k = 0; k < sizeof BAD / sizeof *BAD; k++)
    assert_false(hs_parse_double(hs_str_of(BAD[k]), &d));
  assert_true(d == 7);
}

static void doubles_survive_the_round_trip([[maybe_unused]] void **state)
{
  static const double VALUES[] = {0.0,     -0.0,    0.1,    1.0 / 3, 5344.94768209,
                                  DBL_MAX, DBL_MIN, 5e-324, 1e22,    123456789.123};
  for (size_t k = 0; k < sizeof VALUES / sizeof *VALUES; k++) {
    char text[HS_DOUBLE_TEXT];
    hs_format_double(VALUES[k], text);
    double back = 7;
    assert_true(hs_parse_double(hs_str_of(text), &back));
    assert_memory_equal(&back, &VALUES[k], sizeof back);
  }
  char text[HS_DOUBLE_TEXT];
  hs_format_double(0.1, text);
  assert_string_equal(text, "0.1");
}

static void text_is_escaped_for_where_it_goes([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  struct hs_buf buf = hs_buf_in(&arena);
  hs_buf_add_json(&buf, HS_STR("a\"b\\\n\x01"));
  assert_string_equal(buf.data, "\"a\\\"b\\\\\\n\\u0001\"");
  hs_buf_clear(&buf);
  hs_buf_add_html(&buf, HS_STR("<a href=\"x\">&'"));
  assert_string_equal(buf.data, "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  hs_buf_clear(&buf);
  hs_buf_add_csv_safe(&buf, HS_STR("=1+1"));
  hs_buf_add_char(&buf, ',');
  hs_buf_add_csv_safe(&buf, HS_STR("-12.5"));
  hs_buf_add_char(&buf, ',');
  hs_buf_add_csv(&buf, HS_STR("a,\"b\""));
  assert_string_equal(buf.data, "\"'=1+1\",-12.5,\"a,\"\"b\"\"\"");
  hs_arena_release(&arena);
}

static void utf8_is_what_rfc_3629_says([[maybe_unused]] void **state)
{
  assert_true(hs_str_is_utf8(HS_STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")));
  assert_false(hs_str_is_utf8(HS_STR("\xC0\xAF")));         /* overlong */
  assert_false(hs_str_is_utf8(HS_STR("\xED\xA0\x80")));     /* surrogate */
  assert_false(hs_str_is_utf8(HS_STR("\xF4\x90\x80\x80"))); /* above U+10FFFF */
  assert_false(hs_str_is_utf8(HS_STR("\xE2\x82")));         /* cut */
}

static void a_buffer_works_at_every_capacity([[maybe_unused]] void **state)
{
  for (size_t capacity = 1;; capacity++) {
    struct hs_arena arena = {0};
    assert_int_equal(hs_arena_init(&arena, capacity, NULL), HS_OK);
    struct hs_buf buf = hs_buf_in(&arena);
    for (int i = 0; i < 50; i++)
      hs_buf_printf(&buf, "%d,", i);
    enum hs_status status = hs_buf_status(&buf, "the list", NULL);
    size_t length = buf.length;
    hs_arena_release(&arena);
    if (status == HS_OK) {
      assert_int_equal(length, 140);
      return;
    }
    assert_int_equal(status, HS_NOMEM);
  }
}

static void a_terminal_is_shown_text_and_obeys_none([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    size_t width_max;
    const char *shown;
    size_t width;
  } CASES[] = {
      {"plain", 10, "plain", 5},
      {"plain", 5, "plain", 5},
      {"plain", 4, "pla…", 4},
      {"plain", 0, "", 0},
      {"gr\xc3\xbc\xc3\x9f", 4, "gr\xc3\xbc\xc3\x9f", 4},
      {"a\033[31m\tb\x7f", 20, "a [31m b ", 9},
      {"a\xc2\x9b"
       "2Jb",
       20, "a 2Jb", 5},
      {"\xe2\x80\xae"
       "abc\xe2\x81\xa6",
       20, " abc ", 5},
      {"\xe2\x80\xa6\xe2\x81\xa5", 20, "\xe2\x80\xa6\xe2\x81\xa5", 2}, /* neighbours of both */
      {"\xe2\x80\xae\xe2\x80\xae\xe2\x80\xae", 2, " …", 2},
      {"\xc2", 5, "\xc2", 1}, /* cut off: not looked behind */
  };
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    struct hs_buf buf = hs_buf_in(&arena);
    assert_int_equal(hs_buf_add_shown(&buf, hs_str_of(CASES[i].text), CASES[i].width_max),
                     CASES[i].width);
    assert_int_equal(buf.length, strlen(CASES[i].shown));
    assert_memory_equal(buf.data, CASES[i].shown, buf.length);
  }
  hs_arena_release(&arena);
}

static void a_message_hides_nothing([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    const char *kept;
    size_t out_bytes;
    const char *shown;
  } CASES[] = {
      {"gr\xc3\xbc\xc3\x9f", "", 64, "gr\xc3\xbc\xc3\x9f"},
      {"a\033[31m\tb\x7f", "", 64, "a\\x1b[31m\\x09b\\x7f"},
      {"a\nb\r", "\n", 64, "a\nb\\x0d"},
      {"\xc2\x9b"
       "2J \xe2\x80\xae",
       "", 64, "\\xc2\\x9b2J \\xe2\\x80\\xae"},
      {"\xff\xc3", "", 64, "\\xff\\xc3"},
      {"ab\033", "", 6, "ab"}, /* an escape goes out whole or not at all */
      {"ab\033", "", 7, "ab\\x1b"},
      {"a\xc3\xbc", "", 3, "a"},
      {"", "", 1, ""},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    char out[64];
    hs_format_shown(hs_str_of(CASES[i].text), CASES[i].kept, out, CASES[i].out_bytes);
    assert_string_equal(out, CASES[i].shown);
  }
}

static void prose_keeps_to_its_terminal([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    size_t width, indent;
    const char *lines;
  } CASES[] = {
      {"", 40, 2, "\n"},
      {"twenty columns are it, and no more", 22, 0, "twenty columns are\nit, and no more\n"},
      {"exactly twenty chars next", 22, 0, "exactly twenty chars\nnext\n"},
      {"as narrow as you like it may be", 5, 3, "as narrow as you\n   like it may be\n"},
      {"a 0123456789012345678901234567890123456789x b", 24, 2,
       "a\n  01234567890123456789\n  01234567890123456789\n  x b\n"},
      {"ü\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
       "\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa9",
       22, 0,
       "ü\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
       "\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\n\xc3\xa9\n"},
  };
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  struct hs_buf buf = hs_buf_in(&arena);
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    hs_buf_clear(&buf);
    hs_buf_add_wrapped(&buf, hs_str_of(CASES[i].text), CASES[i].width, CASES[i].indent);
    assert_string_equal(buf.data, CASES[i].lines);
  }
  hs_arena_release(&arena);
}

static void nouns_agree_with_what_is_shown([[maybe_unused]] void **state)
{
  static const double FIGURES[] = {0, 0.5, 0.51, 1, 1.49, 1.5, 2, 1e300};
  assert_string_equal(hs_plural(1, "row", "rows"), "row");
  assert_string_equal(hs_plural(0, "row", "rows"), "rows");
  assert_string_equal(hs_plural(UINT64_MAX, "row", "rows"), "rows");
  for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++) {
    char shown[512];
    (void)snprintf(shown, sizeof shown, "%.0f", FIGURES[i]);
    assert_string_equal(hs_plural_rounded(FIGURES[i], "hour", "hours"),
                        strcmp(shown, "1") == 0 ? "hour" : "hours");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
      cmocka_unit_test(doubles_survive_the_round_trip),
      cmocka_unit_test(text_is_escaped_for_where_it_goes),
      cmocka_unit_test(a_terminal_is_shown_text_and_obeys_none),
      cmocka_unit_test(a_message_hides_nothing),
      cmocka_unit_test(utf8_is_what_rfc_3629_says),
      cmocka_unit_test(prose_keeps_to_its_terminal),
      cmocka_unit_test(nouns_agree_with_what_is_shown),
      cmocka_unit_test(a_buffer_works_at_every_capacity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
