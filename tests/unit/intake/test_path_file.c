/* Proves intake/path_file: columns by usual and given names, separators, rejects with line, column,
   value and reason, and every failure in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "intake/path_file.h"

static struct hs_arena arena;
static struct hs_buf told;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void tell([[maybe_unused]] void *context, const struct hs_figures_reject *reject)
{
  hs_buf_printf(&told, "line %d, %.*s: '%.*s' %s;", (int)reject->line, HS_STR_ARG(reject->column),
                HS_STR_ARG(reject->value), reject->reason);
}

static enum hs_status read_text(const char *text, const struct hs_path_file_options *options,
                                struct hs_path_file *file, struct hs_err *err)
{
  struct hs_source *source = NULL;
  hs_arena_reset(&arena, 0);
  told = hs_buf_in(&arena);
  hs_buf_add_text(&told, "");
  hs_buf_printf(&told, "%*s", 4096,
                ""); /* room, so that it need not move behind the file's arrays */
  hs_buf_clear(&told);
  assert_int_equal(hs_source_of_text(&arena, hs_str_of(text), &source, NULL), HS_OK);
  return hs_path_file_read(&arena, source, options, tell, NULL, file, err);
}

/* "a>b 1/2.5/3;" for each path. */
static const char *shown(const struct hs_path_file *file)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  for (size_t p = 0; p < file->table.path_count; p++) {
    for (size_t i = file->table.first_step[p]; i < file->table.first_step[p + 1]; i++) {
      hs_buf_add_text(&out, i == file->table.first_step[p] ? "" : ">");
      hs_buf_add_str(&out, file->table.channels[file->table.steps[i]]);
    }
    hs_buf_printf(&out, " %g/%g/%g;", file->table.conversions[p], file->table.value[p],
                  file->table.nulls[p]);
  }
  return out.data;
}

static void columns_have_usual_names([[maybe_unused]] void **state)
{
  struct hs_path_file file;
  assert_int_equal(read_text("\"Path\",total_conversions,total_conversion_value,total_null\n"
                             "\"a > b>a\",1,2.5,3\r\nb,0,0,4\n",
                             NULL, &file, NULL),
                   HS_OK);
  assert_string_equal(shown(&file), "a>b>a 1/2.5/3;b 0/0/4;");
  assert_int_equal(file.table.channel_count, 2);
  assert_int_equal(read_text("x,conversions,path\n9,2,c\n", NULL, &file, NULL), HS_OK);
  assert_string_equal(shown(&file), "c 2/0/0;");
}

static void columns_and_separators_may_be_named([[maybe_unused]] void **state)
{
  struct hs_path_file file;
  struct hs_path_file_options options = {.path = HS_STR("journey"),
                                         .conversions = HS_STR("orders"),
                                         .separator = HS_STR(" => "),
                                         .delimiter = ';'};
  assert_int_equal(read_text("orders;journey\n1;a b=>c\n2;c => d>e\n", &options, &file, NULL),
                   HS_OK);
  assert_string_equal(shown(&file), "a b>c 1/0/0;c>d>e 2/0/0;");
  assert_int_equal(file.table.channel_count, 3);
}

static void what_cannot_be_used_is_told_and_the_rest_goes_on([[maybe_unused]] void **state)
{
  struct hs_path_file file;
  assert_int_equal(read_text("path,conversions,value,null\n"
                             "a,1,1,abc\n"
                             " ,1,1,1\n"
                             "a>>b,1,1,1\n"
                             "a,-1,0,0\n"
                             "a,0,5,1\n"
                             "a,1,1\n"
                             "\"a\"b,1,1,1\n"
                             "a,1,nan,1\n"
                             "x>y > ,1,1,1\n"
                             "z > \xff,1,1,1\n"
                             "a,1e16,1,1\n"
                             "ok,1,1,1\n",
                             NULL, &file, NULL),
                   HS_OK);
  assert_string_equal(hs_buf_str(&told).data,
                      "line 2, null: 'abc' is not a number;"
                      "line 3, path: ' ' is an empty path;"
                      "line 4, path: 'a>>b' has a step without a name;"
                      "line 5, conversions: '-1' is negative;"
                      "line 6, value: '5' is a value without a conversion;"
                      "line 7, : 'a,1,1' has not as many fields as the header;"
                      "line 8, : '\"a\"b,1,1,1' text stands after a closing quote;"
                      "line 9, value: 'nan' is not a number;"
                      "line 10, path: 'x>y > ' has a step without a name;"
                      "line 11, path: 'z > \xff' is not valid UTF-8;"
                      "line 12, conversions: '1e16' is above 10^15;");
  assert_string_equal(shown(&file), "ok 1/1/1;");
  assert_int_equal(file.table.channel_count, 1); /* none of those that only rejected rows named */
  assert_int_equal(file.row_count, 12);
  assert_int_equal(file.reject_count, 11);
}

static void missing_columns_are_named([[maybe_unused]] void **state)
{
  struct hs_path_file file;
  struct hs_err err = {0};
  assert_int_equal(read_text("a,b\n1,2\n", NULL, &file, &err), HS_INVALID);
  assert_string_equal(err.text, "text: there is no column path; the header has: a, b");
  struct hs_path_file_options options = {.nulls = HS_STR("lost")};
  assert_int_equal(read_text("path,conversions\na,1\n", &options, &file, &err), HS_INVALID);
  assert_string_equal(err.text, "text: there is no column lost; the header has: path, conversions");
  assert_int_equal(read_text("", NULL, &file, &err), HS_INVALID);
  assert_string_equal(err.text, "text: the file is empty: a header row is needed");
}

static void too_many_channels_are_refused([[maybe_unused]] void **state)
{
  struct hs_arena own = {0};
  struct hs_path_file file;
  struct hs_err err = {0};
  struct hs_source *source = NULL;
  assert_int_equal(hs_arena_init(&own, 64 * HS_MIB, NULL), HS_OK);
  struct hs_buf text = hs_buf_in(&own);
  hs_buf_add_text(&text, "path,conversions\n");
  for (int i = 0; i < 65535; i++)
    hs_buf_printf(&text, "c%d,1\n", i);
  assert_int_equal(hs_source_of_text(&own, hs_buf_str(&text), &source, NULL), HS_OK);
  hs_arena_reset(&arena, 0);
  assert_int_equal(hs_path_file_read(&arena, source, NULL, NULL, NULL, &file, &err), HS_INVALID);
  assert_string_equal(err.text, "text: more than 65534 channels: is the separator right?");
  hs_arena_release(&own);
}

/* Every bound from nothing to enough: out of room is said, never a crash. */
static void a_small_arena_is_refused_in_words([[maybe_unused]] void **state)
{
  for (size_t bytes = 64 * HS_KIB;; bytes += 128 * HS_KIB) {
    struct hs_arena own = {0};
    struct hs_source *source = NULL;
    struct hs_path_file file;
    struct hs_err err = {0};
    assert_int_equal(hs_arena_init(&own, bytes, NULL), HS_OK);
    enum hs_status status =
        hs_source_of_text(&own, HS_STR("path,conversions\na>b,1\n"), &source, &err);
    if (status == HS_OK)
      status = hs_path_file_read(&own, source, NULL, NULL, NULL, &file, &err);
    hs_arena_release(&own);
    if (status == HS_OK)
      return;
    assert_int_equal(status, HS_NOMEM);
    assert_true(bytes < 16 * HS_MIB);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_have_usual_names),
      cmocka_unit_test(columns_and_separators_may_be_named),
      cmocka_unit_test(what_cannot_be_used_is_told_and_the_rest_goes_on),
      cmocka_unit_test(missing_columns_are_named),
      cmocka_unit_test(too_many_channels_are_refused),
      cmocka_unit_test(a_small_arena_is_refused_in_words),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
