/* Proves that what a side adds to a joint P&L is read whole or not at all, whatever room there is,
   and that a confirmation says again what it said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/joint/joint_added.h"
#include "support/capacity.h"
#include "support/journal.h"

static const char lines[] =
    "{\"lines\":[{\"kind\":\"media\",\"what\":\"posters\",\"amount\":\"640.00\"},"
    "{\"kind\":\"hours\",\"what\":\"editors\",\"time\":\"12.5%\",\"rate\":\"58\"},"
    "{\"kind\":\"tools\",\"what\":\"booking\",\"amount\":\"310\",\"private\":true}]}";

static struct hs_joint_terms terms_of_two(void)
{
  return (struct hs_joint_terms){
      .lines = {.side_count = 2,
                .sides = {HS_STR("brand.example"), HS_STR("trails.example")},
                .hour_rates = {{0, -1}, {0, -1}},
                .day_hours = {8, 0},
                .from_day = 20697, /* September 2026: 22 working days */
                .until_day = 20727,
                .currency = {"EUR"}},
      .others = HS_NOBODY};
}

static enum hs_status read_lines([[maybe_unused]] void *context, struct hs_arena *arena,
                                 struct hs_err *err)
{
  const struct hs_joint_terms terms = terms_of_two();
  struct hs_joint_added added;
  struct hs_str canonical;
  enum hs_status status =
      hs_joint_added_read(hs_str_of(lines), &terms, 1, arena, &added, &canonical, NULL, NULL, err);
  if (status != HS_OK)
    return status;
  assert_int_equal(added.count, 3);
  assert_int_equal(added.lines[0].amount_minor, 64000);
  assert_int_equal(added.lines[1].amount_minor, 127600); /* 22 hours at 58.00 */
  assert_true(hs_str_equal(added.lines[1].valued_by, HS_STR("12.5 % of 176 hours at 58 EUR")));
  assert_true(added.lines[2].is_private);
  return HS_OK;
}

static void lines_are_read_whole_or_not_at_all([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(read_lines, NULL) > 5);
}

static enum hs_status write_and_read([[maybe_unused]] void *context, struct hs_arena *arena,
                                     struct hs_err *err)
{
  const struct hs_joint_stood_by written[] = {
      {HS_STR("brand.example"), HS_STR("a \"b\"\n"), INT64_MAX},
      {HS_STR("trails.example"), HS_STR("c"), -1}};
  struct hs_joint_stood_by *read = NULL;
  struct hs_buf buf = hs_buf_in(arena);
  size_t count = 0;
  hs_joint_stood_by_write(written, 2, &buf);
  enum hs_status status = hs_buf_status(&buf, "a confirmation", err);
  if (status == HS_OK)
    status = hs_joint_stood_by_read(hs_buf_str(&buf), arena, &read, &count, err);
  if (status != HS_OK)
    return status;
  assert_int_equal(count, 2);
  for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
    assert_true(hs_str_equal(read[i].side, written[i].side));
    assert_true(hs_str_equal(read[i].what, written[i].what));
    assert_int_equal(read[i].amount_minor, written[i].amount_minor);
  }
  return HS_OK;
}

static void a_confirmation_says_again_what_it_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(write_and_read, NULL) > 2);
}

static void what_is_no_confirmation_is_corrupt([[maybe_unused]] void **state)
{
  static const char *const TEXTS[] = {
      "", "[]", "{}", "{\"lines\":[{\"side\":\"a\"}]}",
      "{\"lines\":[{\"side\":\"a\",\"what\":\"b\",\"amount_minor\":1.5}]}"};
  struct hs_arena arena = {0};
  assert_ok(hs_arena_init(&arena, HS_MIB, NULL));
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
    struct hs_joint_stood_by *read = NULL;
    size_t count = 0;
    assert_int_equal(hs_joint_stood_by_read(hs_str_of(TEXTS[i]), &arena, &read, &count, NULL),
                     HS_CORRUPT);
  }
  hs_arena_release(&arena);
}

static void months_are_told_from_everything_else([[maybe_unused]] void **state)
{
  static const char *const NONE[] = {"",        "2026",       "2026-9",  "2026-Q3", "2026-13",
                                     "2026-00", "2026-09-01", "0000-01", "20a6-09", "2026/09"};
  char text[HS_MONTH_TEXT];
  for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
    assert_int_equal(hs_month_parse(hs_str_of(NONE[i])), -1);
  for (int32_t month = 12; month < 12 * 10000; month++) {
    hs_month_format(month, text);
    assert_int_equal(hs_month_parse(hs_str_of(text)), month);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_are_read_whole_or_not_at_all),
      cmocka_unit_test(a_confirmation_says_again_what_it_said),
      cmocka_unit_test(what_is_no_confirmation_is_corrupt),
      cmocka_unit_test(months_are_told_from_everything_else),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
