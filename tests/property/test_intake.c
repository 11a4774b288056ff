/* Proves that how a file is read does not show: any number of slots, pulled by one thread in any
   order or by as many threads, and any size of block give the rows, the row numbers and the order
   of rejects of one slot with the default block. Generated files with every fault that intake
   knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/intake.h"
#include "support/random.h"

#define SEED UINT64_C(88172645463325252)

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 2 * HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* The pattern with the number in place of #. */
static void add_numbered(struct hs_buf *out, const char *pattern, int number)
{
  for (; *pattern != '\0'; pattern++)
    if (*pattern == '#')
      hs_buf_printf(out, "%d", number);
    else
      hs_buf_add_char(out, *pattern);
}

/* Good rows of many shapes among every kind of bad one. */
static void add_csv_row(struct hs_buf *out, uint64_t *random, int number)
{
  static const char *const ROWS[] = {
      "p#,2026-03-01T12:00:00Z,acme,\n",
      "p#,2026-03-01T12:00:00Z,acme,\n",
      "\"p#\",2026-03-01T12:00:00Z,\"a \"\"quoted\"\" one\",x\r\n",
      "p#,2026-03-01T12:00:00Z,,\"a note\nof two\r\nlines, and \"\"more\"\"\"\n",
      "p#,2026-03-01T12:00:00Z,5\" disc,\n",
      "\n",
      "\r\n",
      "p#\n",
      "\"p#\"x,2026-03-01T12:00:00Z,,\n",
      "p#,no time,,\n",
      "p#,2027-03-01T12:00:00Z,,\n",
      "p#,2026-03-01T12:00:00Z,a\x01,\n",
      "p#,2026-03-01T12:00:00Z,\"lost\n",
  };
  add_numbered(out, ROWS[next_random(random) % (sizeof ROWS / sizeof *ROWS)], number);
}

static struct hs_str csv_file(uint64_t seed, int rows)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "person,occurred_at,partner,note\n");
  for (int i = 0; i < rows; i++)
    add_csv_row(&out, &seed, i);
  hs_buf_add_text(&out, "\"no end");
  assert_int_equal(hs_buf_status(&out, "a test", NULL), HS_OK);
  return hs_buf_str(&out);
}

static struct hs_str json_file(uint64_t seed, int rows)
{
  static const char *const ROWS[] = {
      "{\"person\":\"p#\",\"ts\":\"2026-03-01T12:00:00Z\",\"n\\u006fte\":\"a\\nb\"}\n",
      "{\"occurred_at\":\"2026-03-01T12:00:00Z\",\"person\":#,\"partner\":\"acme\"}\r\n",
      "{\"person\":\"p#\"}\n",
      "{\"person\":\"p#\",\"ts\":\"\\ud800\"}\n",
      "  \n",
      "{\"person\":[#]}\n",
      "{\"person\":\"p#\",\"ts\":\"2026-03-01T12:00:00Z\",\"time\":\"2026-03-01T12:00:00Z\"}\n",
  };
  struct hs_buf out = hs_buf_in(&arena);
  for (int i = 0; i < rows; i++)
    add_numbered(&out, ROWS[next_random(&seed) % (sizeof ROWS / sizeof *ROWS)], i);
  assert_int_equal(hs_buf_status(&out, "a test", NULL), HS_OK);
  return hs_buf_str(&out);
}

/* Behind the bytes that tell the format, every edge of a block is one of the size under test. */
static void check_all_sizes(struct hs_str content)
{
  struct hs_intake_options options = {.kind = HS_EVENT_TOUCH, .path = "file"};
  const char *expected = intake_read(&arena, content, &options, NULL);
  assert_non_null(strchr(expected, '!'));
  assert_null(strstr(expected, "invalid:"));
  size_t mark = hs_arena_mark(&arena);
  for (size_t block = 1; block <= 64; block++) {
    hs_arena_reset(&arena, mark);
    options.block_bytes = block;
    options.slot_count = 1 + (unsigned)(block % 3);
    assert_string_equal(intake_read(&arena, content, &options, NULL), expected);
  }
  hs_arena_reset(&arena, mark);
  options.block_bytes = 0;
  options.slot_count = 5;
  assert_string_equal(intake_read(&arena, content, &options, NULL), expected);
}

static void blocks_and_slots_do_not_show_in_csv([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  check_all_sizes(csv_file(SEED, 3000));
}

static void blocks_and_slots_do_not_show_in_json([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  check_all_sizes(json_file(SEED, 2000));
}

/* Threads for real. What is compared is a sum over all rows that depends on each cell and number,
   and the lines of the rejects in their order. */
struct race {
  struct hs_intake *intake;
  pthread_mutex_t lock;
  uint64_t rows, sum;
  uint64_t reject_count, reject_hash;
};

static enum hs_status add_reject(void *context, const struct hs_intake_reject *reject,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct race *race = context;
  race->reject_count++;
  race->reject_hash = race->reject_hash * UINT64_C(1099511628211) + reject->line;
  return HS_OK;
}

static uint64_t row_hash(const struct hs_batch *batch, size_t row)
{
  uint64_t hash = (uint64_t)batch->row_number[row] * UINT64_C(0x9E3779B97F4A7C15);
  for (size_t c = 0; c < batch->column_count; c++) {
    const struct hs_vector *vector = &batch->columns[c];
    if (vector->is_absent[row])
      continue;
    if (vector->text == NULL) {
      hash = hash * UINT64_C(1099511628211) + (uint64_t)vector->integer[row];
      continue;
    }
    for (size_t i = 0; i < vector->text[row].length; i++)
      hash = (hash ^ (unsigned char)vector->text[row].data[i]) * UINT64_C(1099511628211);
  }
  return hash;
}

struct runner {
  struct race *race;
  unsigned slot;
  pthread_t thread;
};

static void *pull_slot(void *argument)
{
  struct runner *runner = argument;
  struct hs_row_source source = hs_intake_rows(runner->race->intake);
  struct hs_batch batch;
  uint64_t rows = 0;
  uint64_t sum = 0;
  do {
    if (source.next(source.self, runner->slot, &batch, NULL) != HS_OK)
      return NULL;
    for (size_t r = 0; r < batch.row_count; r++)
      sum += row_hash(&batch, r);
    rows += batch.row_count;
  } while (batch.row_count > 0);
  (void)pthread_mutex_lock(&runner->race->lock);
  runner->race->rows += rows;
  runner->race->sum += sum;
  (void)pthread_mutex_unlock(&runner->race->lock);
  return NULL;
}

static struct race run_race(const char *path, unsigned slot_count)
{
  struct race race = {0};
  struct runner runners[8] = {0};
  assert_int_equal(pthread_mutex_init(&race.lock, NULL), 0);
  struct hs_intake_options options = {.kind = HS_EVENT_TOUCH,
                                      .path = path,
                                      .slot_count = slot_count,
                                      .block_bytes = 16 * HS_KIB,
                                      .context = &race,
                                      .reject = add_reject};
  assert_int_equal(hs_intake_open(&arena, hs_io_real(), &options, &race.intake, NULL), HS_OK);
  for (unsigned i = 0; i < slot_count; i++) {
    runners[i] = (struct runner){.race = &race, .slot = i};
    assert_int_equal(pthread_create(&runners[i].thread, NULL, pull_slot, &runners[i]), 0);
  }
  for (unsigned i = 0; i < slot_count; i++)
    assert_int_equal(pthread_join(runners[i].thread, NULL), 0);
  struct hs_intake_report report;
  hs_intake_report(race.intake, &report);
  assert_true(report.has_hash && report.rows_good == race.rows);
  assert_true(report.rows_rejected == race.reject_count);
  hs_intake_close(race.intake);
  return race;
}

static void threads_read_what_one_thread_reads([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  struct hs_str content = csv_file(SEED + 1, 50000);
  char path[] = "/tmp/hansa-intake-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, content.data, content.length), content.length);
  (void)close(file);
  size_t mark = hs_arena_mark(&arena);
  struct race one = run_race(path, 1);
  assert_true(one.rows > 1000 && one.reject_count > 1000);
  for (unsigned slots = 2; slots <= 8; slots *= 2) {
    hs_arena_reset(&arena, mark);
    struct race many = run_race(path, slots);
    assert_true(many.rows == one.rows && many.sum == one.sum);
    assert_true(many.reject_count == one.reject_count && many.reject_hash == one.reject_hash);
  }
  (void)unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_and_slots_do_not_show_in_csv),
      cmocka_unit_test(blocks_and_slots_do_not_show_in_json),
      cmocka_unit_test(threads_read_what_one_thread_reads),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
