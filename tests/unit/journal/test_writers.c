/* Proves the threaded front: many writers, a reader, erasures and new epochs at once; every append
   is acknowledged with a sequence of its own, each writer's in its own order, and the journal holds
   exactly what was acknowledged. Run under TSan by `make tsan`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "support/journal.h"

#define WRITER_COUNT 12
#define APPENDS 150 /* calls of each writer */
#define BATCH 3     /* frames of every fourth call */
#define FRAMES_OF_WRITER 1024

struct writer {
  struct hs_journal *journal;
  unsigned index;
  uint64_t frame_count;
  uint64_t busy_count;
  uint64_t sequences[FRAMES_OF_WRITER]; /* by the writer's own count */
  const char *complaint;
};

static uint64_t number_for(const struct writer *writer, uint64_t count)
{
  return (uint64_t)writer->index << 32 | count;
}

/* cmocka's assertions jump, which a thread of its own must not do: complaints are kept. */
static void append_some(struct writer *writer, size_t count)
{
  struct numbered numbered[BATCH];
  struct hs_frame frames[BATCH];
  struct hs_receipt receipt;
  enum hs_status status = HS_BUSY;
  for (size_t i = 0; i < count; i++) {
    numbered_init(&numbered[i], number_for(writer, writer->frame_count + i));
    frames[i] = numbered[i].frame;
  }
  while (status == HS_BUSY) {
    status = hs_journal_append_batch(writer->journal, frames, count, &receipt, NULL);
    if (status == HS_BUSY) {
      writer->busy_count++;
      hs_io_real()->sleep_us(hs_io_real()->self, 200);
    }
  }
  if (status != HS_OK) {
    writer->complaint = hs_status_words(status);
    return;
  }
  for (size_t i = 0; i < count; i++)
    writer->sequences[writer->frame_count++] = receipt.sequence + i;
}

static void *write_much(void *context)
{
  struct writer *writer = context;
  for (unsigned i = 0; i < APPENDS && writer->complaint == NULL; i++)
    append_some(writer, i % 4 == 0 ? BATCH : 1);
  return NULL;
}

struct reading {
  const char *directory;
  uint64_t wanted;
  uint64_t frame_count;
  uint64_t next_of_writer[WRITER_COUNT];
  const char *complaint;
};

static const char *take(struct reading *reading, const struct hs_frame_read *read)
{
  uint64_t number = 0;
  if (read->frame.type < HS_FRAME_FIRST_OF_SERVICE)
    return NULL;
  memcpy(&number, read->frame.public_data, sizeof number);
  uint64_t writer = number >> 32;
  if (writer >= WRITER_COUNT || !is_numbered(read, number))
    return "a frame was invented";
  if (reading->next_of_writer[writer]++ != (number & UINT32_MAX))
    return "a writer's frames are out of order";
  reading->frame_count++;
  return NULL;
}

static void *read_along(void *context)
{
  struct reading *reading = context;
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  if (hs_journal_reader_open(hs_io_real(), reading->directory, NULL, &reader, NULL) != HS_OK)
    reading->complaint = "the reader does not open";
  while (reading->complaint == NULL && reading->frame_count < reading->wanted) {
    enum hs_status status = hs_journal_reader_wait(reader, HS_TEST_TIMEOUT_US, NULL);
    if (status == HS_OK)
      status = hs_journal_reader_next(reader, &read, NULL);
    reading->complaint = status == HS_OK ? take(reading, &read) : hs_status_words(status);
  }
  hs_journal_reader_close(reader);
  return NULL;
}

static void disturb(struct hs_journal *journal)
{
  struct hs_err err = {0};
  for (int i = 0; i < 5; i++) {
    uint64_t sequences[2] = {2, hs_journal_position(journal).cursor.sequence};
    size_t count = sequences[1] > 2 ? 2 : 1;
    while (hs_journal_position(journal).cursor.sequence < 2)
      hs_io_real()->sleep_us(hs_io_real()->self, 1000);
    assert_ok(hs_journal_erase(journal, sequences, count, &err));
    assert_ok(hs_journal_new_epoch(journal, &err));
  }
}

static void check_writers(const struct writer *writers, uint64_t wanted, uint64_t end_sequence)
{
  uint64_t frame_count = 0;
  uint64_t busy_count = 0;
  for (unsigned w = 0; w < WRITER_COUNT; w++) {
    if (writers[w].complaint != NULL)
      fail_msg("writer %u: %s", w, writers[w].complaint);
    for (uint64_t i = 1; i < writers[w].frame_count; i++)
      assert_true(writers[w].sequences[i] > writers[w].sequences[i - 1]);
    frame_count += writers[w].frame_count;
    busy_count += writers[w].busy_count;
  }
  assert_int_equal(frame_count, wanted);
  assert_int_equal(end_sequence, 1 + 5 + wanted); /* and one for each epoch */
  print_message("%llu frames, %llu times busy\n", (unsigned long long)frame_count,
                (unsigned long long)busy_count);
}

static void many_writers_share_the_syncs([[maybe_unused]] void **state)
{
  static struct writer writers[WRITER_COUNT];
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {
      .start = HS_JOURNAL_CREATE, .segment_bytes = 32768, .queue_bytes = 4096};
  struct hs_journal *journal = NULL;
  pthread_t threads[WRITER_COUNT + 1];
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
  struct reading reading = {.directory = scratch.path};
  for (unsigned i = 0; i < APPENDS; i++)
    reading.wanted += (uint64_t)WRITER_COUNT * (i % 4 == 0 ? BATCH : 1);
  for (unsigned w = 0; w < WRITER_COUNT; w++) {
    writers[w] = (struct writer){.journal = journal, .index = w};
    assert_int_equal(pthread_create(&threads[w], NULL, write_much, &writers[w]), 0);
  }
  assert_int_equal(pthread_create(&threads[WRITER_COUNT], NULL, read_along, &reading), 0);
  disturb(journal);
  for (unsigned w = 0; w <= WRITER_COUNT; w++)
    assert_int_equal(pthread_join(threads[w], NULL), 0);
  check_writers(writers, reading.wanted, hs_journal_position(journal).cursor.sequence);
  if (reading.complaint != NULL)
    fail_msg("reader: %s", reading.complaint);
  hs_journal_close(journal);
  struct hs_journal_report report;
  assert_ok(hs_journal_verify(hs_io_real(), scratch.path, &report, &scratch.err));
  assert_int_equal(report.frame_count, 1 + 5 + reading.wanted);
  scratch_remove(&scratch);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_writers_share_the_syncs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
