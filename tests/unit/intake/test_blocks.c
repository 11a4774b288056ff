/* Proves intake/blocks against the stream of intake/csv, which never sees an edge: any size of
   reads, any number of records a block and any limit of a record give the same records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "intake/blocks.h"
#include "intake/csv.h"
#include "support/random.h"

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

/* Every text over these bytes up to a length is a good part of all the ways to be tricky. */
static const char ALPHABET[] = {'a', ',', '"', '\n', '\r'};
enum { LETTERS = sizeof ALPHABET };

static void add_fields(struct hs_buf *out, const struct hs_str *fields, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    hs_buf_add_char(out, i == 0 ? ':' : '|');
    hs_buf_add_str(out, fields[i]);
  }
}

static const char *by_stream(struct hs_str text)
{
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  struct hs_csv_row row;
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  assert_int_equal(hs_source_of_text(&arena, text, &source, NULL), HS_OK);
  assert_int_equal(hs_csv_open(&arena, source, NULL, &csv, NULL), HS_OK);
  while (hs_csv_next(csv, &row, NULL) == HS_OK) {
    hs_buf_printf(&out, "%d%s", (int)row.line, row.problem == NULL ? "" : row.problem);
    add_fields(&out, row.fields, row.field_count);
    hs_buf_add_char(&out, ';');
  }
  hs_source_close(source);
  return out.data;
}

static void add_record(struct hs_buf *out, struct hs_block *block, size_t i)
{
  const struct hs_record *record = &block->records[i];
  hs_buf_printf(out, "%d", (int)record->line);
  if (record->extent.problem != NULL) {
    hs_buf_add_text(out, record->extent.problem);
  } else {
    struct hs_str fields[64];
    size_t count = hs_csv_cut_row(block->data + record->offset, &record->extent, ',', fields, 64);
    assert_true(count <= 64);
    add_fields(out, fields, count);
  }
  hs_buf_add_char(out, ';');
}

static const char *by_blocks(struct hs_str text, const struct hs_blocks_limits *limits,
                             size_t record_count_max)
{
  struct hs_source *source = NULL;
  struct hs_blocks blocks;
  struct hs_block block;
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  assert_int_equal(hs_source_of_text(&arena, text, &source, NULL), HS_OK);
  assert_int_equal(hs_blocks_open(&arena, source, limits, &blocks, NULL), HS_OK);
  assert_int_equal(hs_block_init(&arena, &blocks, &block, NULL), HS_OK);
  blocks.form = HS_RECORD_CSV;
  blocks.delimiter = ',';
  uint64_t row = 1;
  for (uint64_t ticket = 0;; ticket++) {
    assert_int_equal(hs_blocks_next(&blocks, record_count_max, &block, NULL), HS_OK);
    assert_true(block.ticket == ticket && block.first_row == row);
    assert_true(block.record_count <= record_count_max);
    if (block.record_count == 0)
      break;
    for (size_t i = 0; i < block.record_count; i++)
      add_record(&out, &block, i);
    row += block.record_count;
  }
  hs_source_close(source);
  return out.data;
}

static struct hs_str text_number(unsigned number, size_t length, char *out)
{
  for (size_t i = 0; i < length; i++, number /= LETTERS)
    out[i] = ALPHABET[number % LETTERS];
  return (struct hs_str){out, length};
}

static void every_short_text_is_cut_as_the_stream_cuts_it([[maybe_unused]] void **state)
{
  char text[8];
  unsigned count = 1;
  for (size_t length = 0; length <= 6; length++, count *= LETTERS)
    for (unsigned n = 0; n < count; n++) {
      hs_arena_reset(&arena, 0);
      struct hs_str s = text_number(n, length, text);
      struct hs_blocks_limits limits = {
          .peek_bytes = 3, .read_bytes = 1 + n % 3, .record_bytes_max = 4096};
      assert_string_equal(by_blocks(s, &limits, 1 + n % 4), by_stream(s));
    }
}

static struct hs_str random_text(uint64_t *state, size_t length)
{
  /* Some of the time quotes are rare, so that rows are long. */
  uint64_t rare = next_random(state) % 3;
  char *text = hs_arena_alloc_raw(&arena, length, 1);
  for (size_t i = 0; i < length; i++) {
    uint64_t r = next_random(state);
    text[i] = rare > 0 && r % 8 != 0 ? 'a' : ALPHABET[(r >> 8) % LETTERS];
  }
  return (struct hs_str){text, length};
}

static void no_size_of_reads_changes_a_record([[maybe_unused]] void **state)
{
  uint64_t random = 88172645463325252U;
  for (int i = 0; i < 300; i++) {
    hs_arena_reset(&arena, 0);
    struct hs_str text = random_text(&random, 1 + next_random(&random) % 400);
    const char *expected = by_stream(text);
    size_t mark = hs_arena_mark(&arena);
    for (size_t read = 1; read <= 64; read++) {
      hs_arena_reset(&arena, mark);
      struct hs_blocks_limits limits = {
          .peek_bytes = 3 + read % 5, .read_bytes = read, .record_bytes_max = 4096};
      assert_string_equal(by_blocks(text, &limits, 1 + read % 7), expected);
    }
  }
}

/* There is no oracle for rows beyond the limit but the same text read in one piece. */
static void the_limit_of_a_record_does_not_depend_on_reads([[maybe_unused]] void **state)
{
  uint64_t random = 2463534242U;
  for (int i = 0; i < 300; i++) {
    hs_arena_reset(&arena, 0);
    struct hs_str text = random_text(&random, 1 + next_random(&random) % 300);
    size_t longest = 1 + next_random(&random) % 24;
    struct hs_blocks_limits whole = {
        .peek_bytes = 512, .read_bytes = 512, .record_bytes_max = longest};
    const char *expected = by_blocks(text, &whole, HS_BATCH_ROWS);
    size_t mark = hs_arena_mark(&arena);
    for (size_t read = 1; read <= 64; read++) {
      hs_arena_reset(&arena, mark);
      struct hs_blocks_limits limits = {
          .peek_bytes = 3, .read_bytes = read, .record_bytes_max = longest};
      assert_string_equal(by_blocks(text, &limits, 1 + read % 7), expected);
    }
  }
}

static void a_row_beyond_the_limit_costs_its_own_line([[maybe_unused]] void **state)
{
  struct hs_blocks_limits limits = {.peek_bytes = 3, .read_bytes = 2, .record_bytes_max = 4};
  assert_string_equal(by_blocks(HS_STR("abc\nabcd\ne\n"), &limits, 5),
                      "1:abc;2the row is longer than allowed;3:e;");
  assert_string_equal(by_blocks(HS_STR("abcd"), &limits, 5), "1:abcd;");
  assert_string_equal(by_blocks(HS_STR("abcde"), &limits, 5), "1the row is longer than allowed;");
  assert_string_equal(by_blocks(HS_STR("\"a\nb\nc\n"), &limits, 5),
                      "1a quote is not closed within the longest row allowed;2:b;3:c;");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_short_text_is_cut_as_the_stream_cuts_it),
      cmocka_unit_test(no_size_of_reads_changes_a_record),
      cmocka_unit_test(the_limit_of_a_record_does_not_depend_on_reads),
      cmocka_unit_test(a_row_beyond_the_limit_costs_its_own_line),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
