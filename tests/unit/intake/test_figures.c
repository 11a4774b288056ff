/* Proves intake/figures: columns by name and type, delimiters found, missing figures, rejects with
   line, column, value and reason, and every failure in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "intake/figures.h"
#include "support/capacity.h"

static struct hs_arena arena;
static char told[2048];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void tell([[maybe_unused]] void *context, const struct hs_figures_reject *reject)
{
  size_t length = strlen(told);
  (void)snprintf(told + length, sizeof told - length, "line %d, %.*s: '%.*s' %s;",
                 (int)reject->line, HS_STR_ARG(reject->column), HS_STR_ARG(reject->value),
                 reject->reason);
}

static const struct hs_figures_want DAY_CITY_SALES[] = {{{"day", 3}, HS_FIGURES_TIME},
                                                        {{"city", 4}, HS_FIGURES_NAME},
                                                        {{"sales", 5}, HS_FIGURES_NUMBER}};

static enum hs_status read_with(struct hs_arena *in, const char *text, char delimiter,
                                struct hs_figures *out, struct hs_err *err)
{
  struct hs_source *source = NULL;
  const struct hs_figures_options options = {.delimiter = delimiter};
  told[0] = '\0';
  enum hs_status status = hs_source_of_text(in, hs_str_of(text), &source, err);
  if (status == HS_OK)
    status = hs_figures_read(in, source, &options, DAY_CITY_SALES, 3, tell, NULL, out, err);
  hs_source_close(source);
  return status;
}

static enum hs_status read_text(const char *text, struct hs_figures *out, struct hs_err *err)
{
  hs_arena_reset(&arena, 0);
  return read_with(&arena, text, 0, out, err);
}

/* "20513 berlin 12.5;" for each row. */
static const char *shown(const struct hs_figures *figures)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  for (size_t i = 0; i < figures->row_count; i++)
    hs_buf_printf(&out, "%g %.*s %g;", figures->columns[0].values[i],
                  HS_STR_ARG(figures->columns[1].name_list[figures->columns[1].names[i]]),
                  figures->columns[2].values[i]);
  return out.data;
}

static void columns_are_found_by_name_and_read_by_type([[maybe_unused]] void **state)
{
  struct hs_figures figures;
  assert_int_equal(read_text("\xef\xbb\xbf\"City\",other,SALES,Day\r\n"
                             "rome,x,1,2026-03-01\r\n"
                             "\"bonn, west\",x, 2.5 ,2026-03-01\r\n"
                             "rome,x,-3e2,2026-03-02\r\n",
                             &figures, NULL),
                   HS_OK);
  assert_string_equal(shown(&figures), "20513 rome 1;20513 bonn, west 2.5;20514 rome -300;");
  assert_true(figures.columns[0].is_day);
  assert_int_equal(figures.columns[1].name_count, 2);
  assert_memory_equal(figures.columns[0].texts[2].data, "2026-03-02", 10);
  assert_int_equal(figures.lines[2], 4);
}

static void the_delimiter_is_what_the_header_has_most_of([[maybe_unused]] void **state)
{
  struct hs_figures figures;
  assert_int_equal(read_text("day;city;\"sales\";\"a,b,c,d\"\n1871;x;2;0\n", &figures, NULL),
                   HS_OK);
  assert_string_equal(shown(&figures), "1871 x 2;");
  assert_false(figures.columns[0].is_day);
  assert_int_equal(read_text("day\tcity\tsales\n1949.25\tx, y; z\t2\n", &figures, NULL), HS_OK);
  assert_string_equal(shown(&figures), "1949.25 x, y; z 2;");
  hs_arena_reset(&arena, 0);
  assert_int_equal(read_with(&arena, "day|city|sales,\n1|x|2\n", '|', &figures, NULL), HS_INVALID);
}

static void an_empty_cell_is_a_missing_figure([[maybe_unused]] void **state)
{
  struct hs_figures figures;
  assert_int_equal(read_text("day,city,sales\n1,x,\n\n2,x,NA\n3,x,nan\n4,x,0\n", &figures, NULL),
                   HS_OK);
  assert_int_equal(figures.row_count, 4);
  for (size_t i = 0; i < 3; i++)
    assert_true(isnan(figures.columns[2].values[i]));
  assert_true(figures.columns[2].values[3] == 0);
}

static void a_bad_row_is_told_and_the_others_are_kept([[maybe_unused]] void **state)
{
  struct hs_figures figures;
  assert_int_equal(read_text("day,city,sales\n"
                             "2026-03-01,a,1\n"
                             "2026-02-30,a,2\n"
                             "17,a,3\n"
                             "2026-03-02,,4\n"
                             "2026-03-02,a,4;5\n"
                             "2026-03-02,a\n"
                             "2026-03-02,a,\"5\n"
                             "2026-03-03,\xff,6\n"
                             "2026-03-04,b,7\n",
                             &figures, NULL),
                   HS_OK);
  assert_string_equal(shown(&figures), "20513 a 1;20516 b 7;");
  assert_int_equal(figures.reject_count, 7);
  assert_string_equal(told, "line 3, day: '2026-02-30' is not a day like 2026-03-01;"
                            "line 4, day: '17' is not a day like 2026-03-01;"
                            "line 5, city: '' is empty;"
                            "line 6, sales: '4;5' is not a number;"
                            "line 7, : '2026-03-02,a' has not as many fields as the header;"
                            "line 8, : '2026-03-02,a,\"5' a quote is opened and never closed;"
                            "line 9, city: '\xff' is not valid UTF-8;");
  assert_int_equal(read_text("day,city,sales\nsoon,a,1\n5,a,1\n2026-03-01,a,1\n", &figures, NULL),
                   HS_OK);
  assert_string_equal(told, "line 2, day: 'soon' is neither a day like 2026-03-01 nor a number;"
                            "line 4, day: '2026-03-01' is not a number;");
}

static void what_cannot_be_read_is_refused_in_words([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *words;
  } BAD[] = {
      {"", "text: the file is empty: a header row is needed"},
      {"day,city,sold\n1,a,2\n", "text: there is no column sales; the header has: day, city, sold"},
      {"day,city,sales,Sales\n1,a,2,3\n",
       "text: there is more than one column sales; the header has: day, city, sales, Sales"},
      {"\"day,city\n", "text: line 1: a quote is opened and never closed"},
      {"\xff\xfe"
       "d",
       "text: the file is UTF-16; save it as UTF-8"},
  };
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    struct hs_figures figures = {.row_count = 77};
    struct hs_err err;
    assert_int_equal(read_text(BAD[i].text, &figures, &err), HS_INVALID);
    assert_string_equal(err.text, BAD[i].words);
    assert_int_equal(figures.row_count, 77);
  }
}

static void a_column_has_one_part_to_play([[maybe_unused]] void **state)
{
  const struct hs_figures_want wants[] = {DAY_CITY_SALES[2], {{"Sales", 5}, HS_FIGURES_NUMBER}};
  struct hs_source *source = NULL;
  struct hs_figures figures;
  struct hs_err err;
  hs_arena_reset(&arena, 0);
  assert_int_equal(hs_source_of_text(&arena, HS_STR("sales\n1\n"), &source, NULL), HS_OK);
  assert_int_equal(hs_figures_read(&arena, source, NULL, wants, 2, NULL, NULL, &figures, &err),
                   HS_USAGE);
  assert_string_equal(err.text, "text: column Sales is asked for twice; each has one part to play");
}

static enum hs_status read_bounded([[maybe_unused]] void *context, struct hs_arena *in,
                                   struct hs_err *err)
{
  struct hs_figures figures;
  enum hs_status status = read_with(in, "day,city,sales\n1,a,2\n2,b,3\n3,a,4\n", 0, &figures, err);
  if (status == HS_OK)
    assert_int_equal(figures.columns[1].name_count, 2);
  return status;
}

static struct hs_figures read_notes(const char *text)
{
  static const struct hs_figures_want WANTS[] = {{{"sales", 5}, HS_FIGURES_NUMBER},
                                                 {{"note", 4}, HS_FIGURES_NOTE}};
  struct hs_source *source = NULL;
  struct hs_figures figures = {0};
  told[0] = '\0';
  assert_int_equal(hs_source_of_text(&arena, hs_str_of(text), &source, NULL), HS_OK);
  assert_int_equal(hs_figures_read(&arena, source, NULL, WANTS, 2, tell, NULL, &figures, NULL),
                   HS_OK);
  hs_source_close(source);
  return figures;
}

static void a_note_may_be_left_out_and_so_may_its_column([[maybe_unused]] void **state)
{
  struct hs_figures figures = read_notes("note,sales\nrain,1\n,2\n\xff,3\n");
  assert_int_equal(figures.row_count, 2);
  assert_true(hs_str_equal(figures.columns[1].texts[0], HS_STR("rain")));
  assert_null(figures.columns[1].texts[1].data);
  assert_non_null(strstr(told, "line 4, note: '\xff' is not valid UTF-8"));
  figures = read_notes("sales\n1\n2\n");
  assert_int_equal(figures.row_count, 2);
  assert_null(figures.columns[1].texts[0].data);
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(read_bounded, NULL) > 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_found_by_name_and_read_by_type),
      cmocka_unit_test(the_delimiter_is_what_the_header_has_most_of),
      cmocka_unit_test(an_empty_cell_is_a_missing_figure),
      cmocka_unit_test(a_bad_row_is_told_and_the_others_are_kept),
      cmocka_unit_test(what_cannot_be_read_is_refused_in_words),
      cmocka_unit_test(a_column_has_one_part_to_play),
      cmocka_unit_test(a_note_may_be_left_out_and_so_may_its_column),
      cmocka_unit_test(a_full_arena_is_an_answer),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
