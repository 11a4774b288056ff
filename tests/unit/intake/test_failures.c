/* Proves what intake promises when things go wrong or other ways in: a full arena, a failing disk,
   an interruption, a callback that fails, gzip, standard input, rows from an adapter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/io_sim.h"
#include "support/intake.h"

static const char TEXT[] = "person,occurred_at,note\n"
                           "a,2026-03-01T12:00:00Z,1\n"
                           "b,yesterday,2\n"
                           "c,2026-03-01T12:00:00Z,3\n";
#define TOLD                                                                                       \
  "1:|a|2026-03-01T12:00:00Z|||direct\n"                                                           \
  "3:|c|2026-03-01T12:00:00Z|||direct\n"                                                           \
  "!3 occurred_at=yesterday (time) is no moment such as 2026-03-01T12:00:00Z\n"

static struct hs_arena arena;
static struct hs_sim *sim;

static int set_up([[maybe_unused]] void **state)
{
  struct hs_sim_options machine = {.seed = 1, .start_us = INTAKE_NOW_US};
  if (hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK || hs_sim_open(&machine, &sim, NULL))
    return -1;
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = -1;
  if (io->open(io->self, "file", HS_OPEN_CREATE, &file, NULL) != HS_OK ||
      hs_io_write_all(io, file, TEXT, sizeof TEXT - 1, 0, NULL) != HS_OK)
    return -1;
  io->close(io->self, file);
  return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_sim_close(sim);
  hs_arena_release(&arena);
  return 0;
}

static const struct hs_intake_options TOUCHES = {.kind = HS_EVENT_TOUCH, .path = "file"};

static void a_full_arena_is_told_at_open_and_never_later([[maybe_unused]] void **state)
{
  enum hs_status status = HS_NOMEM;
  size_t capacity = 1;
  for (; status == HS_NOMEM; capacity += 1 + capacity / 64) {
    struct hs_arena small;
    struct hs_intake *intake = NULL;
    assert_int_equal(hs_arena_init(&small, capacity, NULL), HS_OK);
    struct hs_err err = {0};
    status = hs_intake_open(&small, hs_sim_io(sim), &TOUCHES, &intake, &err);
    assert_int_equal(status == HS_OK, intake != NULL);
    if (status == HS_OK)
      assert_int_equal(hs_intake_drain(intake, NULL), HS_OK);
    else
      assert_non_null(strstr(err.text, "no room for"));
    hs_intake_close(intake);
    hs_arena_release(&small);
  }
  assert_int_equal(status, HS_OK);
  assert_in_range(capacity, 1, HS_INTAKE_SHARED_BYTES + HS_INTAKE_SLOT_BYTES);
}

static void memory_is_what_the_header_states([[maybe_unused]] void **state)
{
  for (int kind = 0; kind < HS_EVENT_KIND_COUNT; kind++)
    for (unsigned slots = 1; slots <= 4; slots++) {
      struct hs_arena bounded;
      assert_int_equal(
          hs_arena_init(&bounded, HS_INTAKE_SHARED_BYTES + slots * HS_INTAKE_SLOT_BYTES, NULL),
          HS_OK);
      struct hs_intake_options options = {
          .kind = (enum hs_event_kind)kind, .path = "file", .slot_count = slots};
      struct hs_intake *intake = NULL;
      enum hs_status status = hs_intake_open(&bounded, hs_sim_io(sim), &options, &intake, NULL);
      assert_true(status == HS_OK || status == HS_INVALID);
      hs_intake_close(intake);
      hs_arena_release(&bounded);
    }
}

static void a_failing_disk_is_told_by_every_call_after_it([[maybe_unused]] void **state)
{
  uint64_t calls = 0;
  for (enum hs_status status = HS_IO; status != HS_OK; calls++) {
    hs_arena_reset(&arena, 0);
    hs_sim_fail_at(sim, calls, HS_IO);
    struct hs_intake *intake = NULL;
    struct hs_err err = {0};
    status = hs_intake_open(&arena, hs_sim_io(sim), &TOUCHES, &intake, &err);
    if (status == HS_OK)
      status = hs_intake_drain(intake, &err);
    if (status != HS_OK) {
      assert_int_equal(status, HS_IO);
      assert_int_equal(err.status, HS_IO);
      if (intake != NULL)
        assert_int_equal(hs_intake_drain(intake, NULL), HS_IO);
    }
    hs_intake_close(intake);
  }
  hs_sim_fail_at(sim, UINT64_MAX, HS_IO);
  assert_true(calls > 3);
}

static enum hs_status refuse(void *context, [[maybe_unused]] const struct hs_intake_reject *reject,
                             struct hs_err *err)
{
  ++*(int *)context;
  return hs_fail(err, HS_FULL, "no room for rejects");
}

static void a_callback_that_fails_ends_the_source([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  int calls = 0;
  struct hs_intake_options options = TOUCHES;
  options.context = &calls;
  options.reject = refuse;
  options.slot_count = 2;
  struct hs_intake *intake = NULL;
  struct hs_err err = {0};
  struct hs_batch *batch = hs_arena_alloc(&arena, 1, sizeof *batch);
  assert_int_equal(hs_intake_open(&arena, hs_sim_io(sim), &options, &intake, NULL), HS_OK);
  struct hs_row_source source = hs_intake_rows(intake);
  assert_int_equal(source.slot_count, 2);
  assert_int_equal(source.next(source.self, 0, batch, &err), HS_FULL);
  assert_string_equal(err.text, "no room for rejects");
  assert_int_equal(source.next(source.self, 1, batch, NULL), HS_FULL);
  assert_int_equal(calls, 1);
  source.close(source.self);
  source.close(source.self);
}

static void an_interruption_stops_at_the_next_block([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  atomic_int interrupt = 0;
  struct hs_intake_options options = TOUCHES;
  options.interrupt = &interrupt;
  struct hs_intake *intake = NULL;
  assert_int_equal(hs_intake_open(&arena, hs_sim_io(sim), &options, &intake, NULL), HS_OK);
  interrupt = 1;
  assert_int_equal(hs_intake_drain(intake, NULL), HS_INTERRUPTED);
  struct hs_intake_report report;
  hs_intake_report(intake, &report);
  assert_false(report.has_hash);
  hs_intake_close(intake);
}

struct progress {
  uint64_t done, total;
  int calls;
};

static void note_progress(void *context, uint64_t done, uint64_t total)
{
  struct progress *progress = context;
  assert_true(done >= progress->done);
  *progress = (struct progress){done, total, progress->calls + 1};
}

static void progress_ends_at_the_whole_file([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  struct progress progress = {0};
  struct hs_intake_options options = TOUCHES;
  options.context = &progress;
  options.progress = note_progress;
  struct hs_intake *intake = NULL;
  assert_int_equal(hs_intake_open(&arena, hs_sim_io(sim), &options, &intake, NULL), HS_OK);
  assert_int_equal(hs_intake_drain(intake, NULL), HS_OK);
  hs_intake_close(intake);
  assert_true(progress.calls > 0);
  assert_int_equal(progress.total, sizeof TEXT - 1);
  assert_int_equal(progress.done, sizeof TEXT - 1);
}

static struct hs_str pack(const char *text, size_t length)
{
  z_stream z = {0};
  size_t room = length + 256;
  unsigned char *packed = hs_arena_alloc(&arena, room, 1);
  unsigned char *plain = (unsigned char *)hs_arena_copy(&arena, text, length);
  assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  z.next_in = plain;
  z.avail_in = (unsigned)length;
  z.next_out = packed;
  z.avail_out = (unsigned)room;
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  (void)deflateEnd(&z);
  return (struct hs_str){(const char *)packed, room - z.avail_out};
}

static void gzip_is_told_by_its_content([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  struct hs_str packed = pack(TEXT, sizeof TEXT - 1);
  struct hs_intake_report report;
  assert_string_equal(intake_read(&arena, packed, &TOUCHES, &report), TOLD);
  assert_true(report.is_gzip && report.has_hash);
  struct hs_hash hash = hs_blake2b(packed.data, packed.length);
  assert_true(hs_hash_equal(&report.hash, &hash));
  static const char PADDING[100000]; /* more than one read of the packed bytes */
  char *padded = hs_arena_alloc(&arena, packed.length + sizeof PADDING, 1);
  assert_non_null(padded);
  memcpy(padded, packed.data, packed.length);
  assert_string_equal(
      intake_read(&arena, (struct hs_str){padded, packed.length + sizeof PADDING}, &TOUCHES, NULL),
      TOLD);
  padded[packed.length + 10] = 'x';
  assert_non_null(
      strstr(intake_read(&arena, (struct hs_str){padded, packed.length + 20}, &TOUCHES, NULL),
             "corrupt: file: the gzip stream is damaged near byte"));
  packed.length -= 4;
  const char *told = intake_read(&arena, packed, &TOUCHES, NULL);
  assert_non_null(strstr(told, "corrupt: file: the gzip stream is cut short"));
}

static void standard_input_is_read_as_a_pipe([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  int ends[2];
  int before = dup(STDIN_FILENO);
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], TEXT, sizeof TEXT - 1), sizeof TEXT - 1);
  (void)close(ends[1]);
  assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  struct hs_intake_options options = TOUCHES;
  options.path = "-";
  struct hs_intake *intake = NULL;
  struct hs_intake_report report;
  assert_int_equal(hs_intake_open(&arena, hs_io_real(), &options, &intake, NULL), HS_OK);
  assert_int_equal(hs_intake_drain(intake, NULL), HS_OK);
  hs_intake_report(intake, &report);
  hs_intake_close(intake);
  (void)dup2(before, STDIN_FILENO);
  (void)close(before);
  (void)close(ends[0]);
  assert_int_equal(report.rows_good, 2);
  assert_int_equal(report.rows_rejected, 1);
  assert_int_equal(report.bytes_read, sizeof TEXT - 1);
}

/* An adapter with three rows, of which the second is wrong. */
static const struct hs_str NAMES[] = {{"id", 2}, {"lead_id", 7}, {"created_at", 10}};
static const struct hs_str IDS[] = {{"x", 1}, {"y", 1}, {"z", 1}};
static const struct hs_str LEADS[] = {{"l1", 2}, {NULL, 0}, {"l3", 2}};
static const struct hs_str TIMES[] = {
    {"2026-03-01T12:00:00Z", 20}, {"2026-03-01T12:00:00Z", 20}, {"2026-03-02T12:00:00Z", 20}};
static const struct hs_str *const COLUMNS[] = {IDS, LEADS, TIMES};

static enum hs_status next_text(void *self, unsigned slot, struct hs_text_batch *out,
                                [[maybe_unused]] struct hs_err *err)
{
  int *calls = self;
  assert_int_equal(slot, 0);
  *out = (struct hs_text_batch){.row_count = *calls == 0 ? 3 : 0, .first_row = 1, .cells = COLUMNS};
  ++*calls;
  return HS_OK;
}

static void close_text(void *self) { *(int *)self = -1; }

static enum hs_status open_text(void *self, [[maybe_unused]] const char *path,
                                struct hs_text_source *out, [[maybe_unused]] struct hs_err *err)
{
  *out = (struct hs_text_source){.self = self,
                                 .column_count = 3,
                                 .column_names = NAMES,
                                 .slot_count = 4,
                                 .row_count = 3,
                                 .next = next_text,
                                 .close = close_text};
  return HS_OK;
}

static void an_adapters_rows_obey_the_same_rules([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  int calls = 0;
  struct hs_text_opener opener = {.self = &calls, .open = open_text};
  struct hs_intake_options options = {
      .kind = HS_EVENT_LEAD, .path = "leads.parquet", .slot_count = 3, .parquet = &opener};
  struct hs_str content = HS_STR("PAR1 and more");
  struct hs_intake_report report;
  assert_string_equal(intake_read(&arena, content, &options, &report),
                      "1:l1||2026-03-01T12:00:00Z\n3:l3||2026-03-02T12:00:00Z\n"
                      "!2 lead_id= (missing) is missing\n");
  assert_int_equal(calls, -1);
  assert_int_equal(report.format, HS_INTAKE_FORMAT_PARQUET);
  assert_int_equal(report.bytes_read, content.length);
  struct hs_hash hash = hs_blake2b(content.data, content.length);
  assert_true(report.has_hash && hs_hash_equal(&report.hash, &hash));
  assert_int_equal(report.unmapped_count, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_full_arena_is_told_at_open_and_never_later),
      cmocka_unit_test(memory_is_what_the_header_states),
      cmocka_unit_test(a_failing_disk_is_told_by_every_call_after_it),
      cmocka_unit_test(a_callback_that_fails_ends_the_source),
      cmocka_unit_test(an_interruption_stops_at_the_next_block),
      cmocka_unit_test(progress_ends_at_the_whole_file),
      cmocka_unit_test(gzip_is_told_by_its_content),
      cmocka_unit_test(standard_input_is_read_as_a_pipe),
      cmocka_unit_test(an_adapters_rows_obey_the_same_rules),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
