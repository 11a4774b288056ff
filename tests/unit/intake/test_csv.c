/* Proves intake/csv and intake/source: every row of RFC 4180 and each stated difference, faults
   that stay with their row, the same result for every size of read, gzip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "intake/csv.h"

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

/* The whole text as "line:field|field;" with "line!problem;" for faults: one string says it all. */
static const char *read_bytes(struct hs_str text, const struct hs_csv_options *options)
{
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  assert_int_equal(hs_source_of_text(&arena, text, &source, NULL), HS_OK);
  assert_int_equal(hs_csv_open(&arena, source, options, &csv, NULL), HS_OK);
  struct hs_csv_row row;
  enum hs_status status = HS_OK;
  while ((status = hs_csv_next(csv, &row, NULL)) == HS_OK) {
    hs_buf_printf(&out, "%d", (int)row.line);
    if (row.problem != NULL)
      hs_buf_printf(&out, "!%s", row.problem);
    for (size_t i = 0; i < row.field_count; i++) {
      hs_buf_add_char(&out, i == 0 ? ':' : '|');
      hs_buf_add_str(&out, row.fields[i]);
    }
    hs_buf_add_char(&out, ';');
  }
  assert_int_equal(status, HS_END);
  hs_source_close(source);
  return out.data;
}

static const char *read_text(const char *text) { return read_bytes(hs_str_of(text), NULL); }

static void rows_and_fields_are_those_of_the_rfc([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *expected;
  } rules[] = {
      {"", ""},
      {"\n\n", ""},
      {"a", "1:a;"},
      {"a,b\n", "1:a|b;"},
      {"a,b\r\nc,d\r\n", "1:a|b;2:c|d;"},
      {",\n", "1:|;"},
      {"a,\nb,", "1:a|;2:b|;"},
      {"\"a\",\"b c\"\n", "1:a|b c;"},
      {"\"a,b\",c", "1:a,b|c;"},
      {"\"a\"\"b\"", "1:a\"b;"},
      {"\"\"\"\"", "1:\";"},
      {"\"\",\"\"\r\n", "1:|;"},
      {"\"a\nb\",c\nd", "1:a\nb|c;3:d;"},
      {"\"a\r\nb\"\r\nc", "1:a\r\nb;3:c;"},
      {"a\n\n\nb", "1:a;4:b;"},
      {"\xEF\xBB\xBF"
       "a,b",
       "1:a|b;"},
      {"5\" disc,b", "1:5\" disc|b;"},
      {"a\rb", "1:a\rb;"},
  };
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
    assert_string_equal(read_text(rules[i].text), rules[i].expected);
}

static void a_fault_stays_with_its_row([[maybe_unused]] void **state)
{
  assert_string_equal(read_text("a\n\"b\"c,d\ne"), "1:a;2!text stands after a closing quote;3:e;");
  assert_string_equal(read_text("bad,file\n\""),
                      "1:bad|file;2!a quote is opened and never closed;");
  assert_string_equal(read_text("\"a\nb,c\nd"), "1!a quote is opened and never closed;2:b|c;3:d;");
  struct hs_csv_options two = {.field_count_max = 2};
  assert_string_equal(read_bytes(HS_STR("a,b\na,b,c\nd"), &two),
                      "1:a|b;2!the row has too many fields;3:d;");
}

static void another_delimiter_may_be_set([[maybe_unused]] void **state)
{
  struct hs_csv_options semicolon = {.delimiter = ';'};
  assert_string_equal(read_bytes(HS_STR("a,b;\"c;d\""), &semicolon), "1:a,b|c;d;");
}

static void a_row_beyond_the_limit_is_a_fault_and_the_rest_goes_on([[maybe_unused]] void **state)
{
  size_t length = (size_t)3 * 1024 * 1024;
  char *text = hs_arena_alloc_raw(&arena, length, 1);
  memset(text, 'x', length);
  memcpy(text + length - 3, "\nab", 3);
  assert_string_equal(read_bytes((struct hs_str){text, length}, NULL),
                      "1!the row is longer than allowed;2:ab;");
  text[0] = '"';
  text[1] = '\n';
  assert_string_equal(read_bytes((struct hs_str){text, length}, NULL),
                      "1!a quote is not closed within the longest row allowed;2!the row is longer "
                      "than allowed;3:ab;");
}

static void utf16_is_refused_with_a_word([[maybe_unused]] void **state)
{
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  struct hs_err err = {0};
  struct hs_str text = {"\xFF\xFE"
                        "a\0",
                        4};
  assert_int_equal(hs_source_of_text(&arena, text, &source, NULL), HS_OK);
  assert_int_equal(hs_csv_open(&arena, source, NULL, &csv, &err), HS_UNSUPPORTED);
  assert_non_null(strstr(err.text, "UTF-16"));
}

static struct hs_str pack(struct hs_str text)
{
  z_stream z = {0};
  assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  size_t room = text.length + 1024;
  unsigned char *packed = hs_arena_alloc(&arena, room, 1);
  unsigned char *plain = (unsigned char *)hs_arena_copy(&arena, text.data, text.length);
  z.next_in = plain;
  z.avail_in = (unsigned)text.length;
  z.next_out = packed;
  z.avail_out = (unsigned)room;
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  struct hs_str result = {(const char *)packed, room - z.avail_out};
  (void)deflateEnd(&z);
  return result;
}

/* Two blocks of the reader and more, so that rows lie across its edges in many ways. */
static struct hs_str long_text(void)
{
  struct hs_buf text = hs_buf_in(&arena);
  for (int i = 0; i < 60000; i++)
    hs_buf_printf(&text, i % 3 == 0 ? "\"r%d\r\n\"\"x\",%d\r\n" : "row%d,%d\n", i, i * 7);
  return hs_buf_str(&text);
}

static void packed_and_plain_read_the_same([[maybe_unused]] void **state)
{
  struct hs_str text = long_text();
  struct hs_str packed = pack(text);
  const char *plain = read_bytes(text, NULL);
  assert_true(strlen(plain) > 600000);
  assert_string_equal(read_bytes(packed, NULL), plain);
  struct hs_buf twice = hs_buf_in(&arena);
  hs_buf_add_str(&twice, pack(HS_STR("a,b\n")));
  hs_buf_add_str(&twice, pack(HS_STR("c,d\n")));
  assert_string_equal(read_bytes(hs_buf_str(&twice), NULL), "1:a|b;2:c|d;");
}

static void a_packed_stream_cut_short_is_corrupt([[maybe_unused]] void **state)
{
  struct hs_str packed = pack(HS_STR("a,b\nc,d\n"));
  for (size_t length = 2; length < packed.length; length++) {
    struct hs_source *source = NULL;
    char into[64];
    size_t done = 1;
    enum hs_status status =
        hs_source_of_text(&arena, (struct hs_str){packed.data, length}, &source, NULL);
    while (status == HS_OK && done > 0)
      status = hs_source_read(source, into, sizeof into, &done, NULL);
    assert_int_equal(status, HS_CORRUPT);
    hs_source_close(source);
  }
}

/* A row that ends at every distance from the edge of the first block: quotes, doubled quotes and
   CRLF must not be torn by it. */
static void no_edge_of_a_block_changes_a_row([[maybe_unused]] void **state)
{
  static const char tail[] = "\"a\"\"b\",\"c\"\r\nd";
  size_t block = (size_t)256 * 1024;
  for (size_t shift = 0; shift < sizeof tail + 2; shift++) {
    size_t mark = hs_arena_mark(&arena);
    size_t before = block - shift;
    char *text = hs_arena_alloc_raw(&arena, before + sizeof tail, 1);
    memset(text, 'x', before);
    text[before - 1] = '\n';
    memcpy(text + before, tail, sizeof tail);
    const char *all = read_bytes((struct hs_str){text, before + sizeof tail - 1}, NULL);
    assert_string_equal(strchr(all, ';'), ";2:a\"b|c;3:d;");
    hs_arena_reset(&arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_and_fields_are_those_of_the_rfc),
      cmocka_unit_test(a_fault_stays_with_its_row),
      cmocka_unit_test(another_delimiter_may_be_set),
      cmocka_unit_test(a_row_beyond_the_limit_is_a_fault_and_the_rest_goes_on),
      cmocka_unit_test(utf16_is_refused_with_a_word),
      cmocka_unit_test(packed_and_plain_read_the_same),
      cmocka_unit_test(a_packed_stream_cut_short_is_corrupt),
      cmocka_unit_test(no_edge_of_a_block_changes_a_row),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
