/* Proves service/payout_text: nothing leaves but the characters of the schemes, whatever comes in,
   and the table of docs/reference/payout-files.md is the program's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "service/pay/payout_text.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static const char *written(const char *text, size_t length_max)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  hs_payout_text_add(&out, hs_str_of(text), length_max);
  return out.data;
}

static void names_are_written_in_plain_latin([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *expected;
  } ROWS[] = {
      {"Brand GmbH", "Brand GmbH"},
      {"  two   words\t", "two words"},
      {"\xc3\x84rger & S\xc3\xb6hne, Stra\xc3\x9f"
       "e",
       "Arger + Sohne, Strasse"},
      {"\xc5\x81\xc3\xb3"
       "d\xc5\xba",
       "Lodz"},
      {"e\xcc\x81t\xc3\xa9", "ete"},
      {"\xce\x91\xce\xb8\xce\xae\xce\xbd\xce\xb1", "Athina"},
      {"\xd0\xa1\xd0\xbe\xd1\x84\xd0\xb8\xd1\x8f", "Sofiya"},
      {"Nguy\xe1\xbb\x85n", "Nguyen"},
      {"a@b.example; x_y", "a(at)b.example, x-y"},
      {"\xe2\x80\x9e"
       "5 \xe2\x82\xac\xe2\x80\x9c \xe2\x80\x93 10%",
       "'5 EUR' - 10."},
      {"\xe6\x97\xa5\xe6\x9c\xac", ".."},
      {"<b>&amp;</b>", "(b)+amp,(/b)"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
    assert_string_equal(written(ROWS[i].text, 140), ROWS[i].expected);
}

static void text_ends_at_its_length_and_never_in_a_blank([[maybe_unused]] void **state)
{
  assert_string_equal(written("ab cd", 5), "ab cd");
  assert_string_equal(written("ab cd", 4), "ab c");
  assert_string_equal(written("ab cd", 3), "ab");
  assert_string_equal(written("ab  \xc3\xa6 x", 5), "ab ae");
  assert_string_equal(written("x@y", 4), "x(at");
}

static void what_nobody_could_read_counts_nothing([[maybe_unused]] void **state)
{
  assert_int_equal(hs_payout_text_readable(HS_STR("\xe6\x97\xa5 -+")), 0);
  assert_int_equal(hs_payout_text_readable(HS_STR("\xc3\x86.1")), 3);
  assert_int_equal(hs_payout_text_readable(HS_STR("")), 0);
}

static size_t encode(uint32_t code_point, char out[5])
{
  size_t length = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  static const unsigned char LEADS[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = length; i-- > 1; code_point >>= 6)
    out[i] = (char)(0x80 | (code_point & 0x3f));
  out[0] = (char)(LEADS[length] | code_point);
  out[length] = '\0';
  return length;
}

static void every_code_point_becomes_characters_of_the_set([[maybe_unused]] void **state)
{
  for (uint32_t code_point = 1; code_point <= 0x10ffff; code_point++) {
    char text[5];
    size_t mark = hs_arena_mark(&arena);
    (void)encode(code_point, text);
    const char *out = written(text, 140);
    assert_true(strlen(out) <= 4);
    for (; *out != '\0'; out++)
      assert_true(hs_payout_text_has(*out));
    hs_arena_reset(&arena, mark);
  }
}

/* ---- the document ---- */

static struct hs_str document(void)
{
  struct hs_str text = {0};
  assert_int_equal(hs_io_read_file(hs_io_real(), &arena,
                                   HANSA_SOURCE_DIR "/docs/reference/payout-files.md", HS_MIB,
                                   &text, NULL),
                   HS_OK);
  return text;
}

/* The document has every replacement as `U+00C4 Ä A`, one a line between two marks. */
static void the_documented_table_is_the_programs([[maybe_unused]] void **state)
{
  struct hs_str rest = document();
  struct hs_buf expected = hs_buf_in(&arena);
  struct hs_str line = hs_str_cut(&rest, '\n');
  while (rest.data != NULL && !hs_str_equal(line, HS_STR("```characters")))
    line = hs_str_cut(&rest, '\n');
  for (uint32_t code_point = 1; code_point <= 0xfeff; code_point++) {
    char shown[5];
    const char *text = hs_payout_text_of(code_point);
    if (text == NULL || (code_point >= 0x300 && code_point <= 0x36f))
      continue;
    if (code_point < 0x80 && hs_payout_text_has((char)code_point))
      continue;
    hs_buf_clear(&expected);
    (void)encode(code_point, shown);
    hs_buf_printf(&expected, "U+%04X %s %s", code_point,
                  code_point > ' ' && text[0] != '\0' && text[0] != ' ' ? shown : "-",
                  text[0] == '\0'  ? "nothing"
                  : text[0] == ' ' ? "blank"
                                   : text);
    line = hs_str_cut(&rest, '\n');
    if (!hs_str_equal(line, hs_buf_str(&expected)))
      fail_msg("wanted \"%s\", got \"%.*s\"", expected.data, HS_STR_ARG(line));
  }
  assert_true(hs_str_equal(hs_str_cut(&rest, '\n'), HS_STR("```")));
}

static void ids_come_back_unchanged_or_not_at_all([[maybe_unused]] void **state)
{
  assert_null(hs_payout_id_problem(HS_STR("SB-2026/17"), 35));
  assert_non_null(hs_payout_id_problem(HS_STR("SB-2026/17"), 9));
  assert_non_null(hs_payout_id_problem(HS_STR("a\0b"), 35));
  assert_non_null(hs_payout_id_problem(HS_STR("/"), 35));
  assert_non_null(hs_payout_id_problem(HS_STR("a/"), 35));
  assert_non_null(hs_payout_id_problem(HS_STR("\xc3\xa9"), 35));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_written_in_plain_latin),
      cmocka_unit_test(text_ends_at_its_length_and_never_in_a_blank),
      cmocka_unit_test(what_nobody_could_read_counts_nothing),
      cmocka_unit_test(every_code_point_becomes_characters_of_the_set),
      cmocka_unit_test(the_documented_table_is_the_programs),
      cmocka_unit_test(ids_come_back_unchanged_or_not_at_all),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
