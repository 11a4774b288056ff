/* Proves that damage is seen and mended with the least loss: a journal on a simulated disk gets a
   byte flipped, a sector zeroed, a tail cut off or a segment removed. Then: it opens only when
   nothing that was acknowledged is missing; when it does not open, the repair makes it open, keeps
   every other frame at its sequence with its bytes, says how many sequences were lost, verifies,
   and goes on.

   HANSA_CASES is the number of cases (3,000), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_sim.h"
#include "base/text.h"
#include "support/journal.h"

#define DIRECTORY "journal"
#define FRAMES_MAX 400

enum harm { HARM_FLIP, HARM_SECTOR, HARM_CUT, HARM_REMOVE, HARM_COUNT };

struct subject {
  uint64_t seed;
  uint64_t chance;
  struct hs_sim *sim;
  const struct hs_io *io;
  uint64_t number_of_sequence[FRAMES_MAX + 1]; /* plus one; 0 for an epoch's frame */
  uint64_t end_sequence;
  struct hs_journal_options options;
  struct hs_err err;
};

static void make_subject(struct subject *subject, uint64_t seed)
{
  *subject = (struct subject){.seed = seed, .chance = seed};
  struct hs_sim_options options = {.seed = seed};
  assert_ok(hs_sim_open(&options, &subject->sim, &subject->err));
  subject->io = hs_sim_io(subject->sim);
  subject->options = (struct hs_journal_options){
      .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};
  struct hs_journal *journal = NULL;
  assert_ok(hs_journal_open(subject->io, DIRECTORY, &subject->options, &journal, &subject->err));
  uint64_t count = 20 + test_random(&subject->chance) % 100;
  uint64_t epoch_at = test_random(&subject->chance) % (2 * count);
  for (uint64_t number = 0; number < count;) {
    if (number == epoch_at)
      assert_ok(hs_journal_new_epoch(journal, &subject->err));
    struct hs_cursor end = hs_journal_position(journal).cursor;
    uint64_t some = 1 + test_random(&subject->chance) % 5;
    for (uint64_t i = 0; i < some; i++) {
      struct numbered numbered;
      numbered_init(&numbered, number);
      if (hs_journal_stage(journal, &numbered.frame, 1, &subject->err) == HS_OK)
        subject->number_of_sequence[end.sequence + 1 + i] = ++number;
    }
    assert_ok(hs_journal_commit(journal, NULL, &subject->err));
  }
  subject->end_sequence = hs_journal_position(journal).cursor.sequence;
  hs_journal_close(journal);
}

static uint64_t segment_count(const struct subject *subject)
{
  for (uint64_t number = 1;; number++) {
    char path[64];
    struct hs_file_info info;
    (void)snprintf(path, sizeof path, DIRECTORY "/%06llu.seg", (unsigned long long)number);
    if (subject->io->info(subject->io->self, path, &info, NULL) != HS_OK)
      return number - 1;
  }
}

static void overwrite(struct subject *subject, const char *path, uint64_t offset,
                      const unsigned char *mask, size_t bytes)
{
  unsigned char data[512];
  hs_file file = -1;
  assert_ok(subject->io->open(subject->io->self, path, HS_OPEN_WRITE, &file, &subject->err));
  assert_ok(hs_io_read_all(subject->io, file, data, bytes, offset, &subject->err));
  for (size_t i = 0; i < bytes; i++)
    data[i] = mask == NULL ? 0 : data[i] ^ mask[i];
  assert_ok(hs_io_write_all(subject->io, file, data, bytes, offset, &subject->err));
  subject->io->close(subject->io->self, file);
}

static void cut(struct subject *subject, const char *path, uint64_t size_bytes)
{
  hs_file file = -1;
  assert_ok(subject->io->open(subject->io->self, path, HS_OPEN_WRITE, &file, &subject->err));
  assert_ok(subject->io->truncate(subject->io->self, file, size_bytes, &subject->err));
  subject->io->close(subject->io->self, file);
}

static void harm(struct subject *subject)
{
  char path[64];
  struct hs_file_info info;
  uint64_t number = 1 + test_random(&subject->chance) % segment_count(subject);
  (void)snprintf(path, sizeof path, DIRECTORY "/%06llu.seg", (unsigned long long)number);
  assert_ok(subject->io->info(subject->io->self, path, &info, &subject->err));
  uint64_t offset = test_random(&subject->chance) % info.size_bytes;
  unsigned char mask = (unsigned char)(1U << test_random(&subject->chance) % 8);
  switch ((enum harm)(test_random(&subject->chance) % HARM_COUNT)) {
  case HARM_FLIP:
    overwrite(subject, path, offset, &mask, 1);
    break;
  case HARM_SECTOR:
    overwrite(subject, path, offset / 512 * 512, NULL, 512);
    break;
  case HARM_CUT:
    cut(subject, path, offset);
    break;
  case HARM_REMOVE:
    assert_ok(subject->io->remove(subject->io->self, path, &subject->err));
    break;
  case HARM_COUNT:
    fail();
  }
}

/* Reads all of it; what can be read is what was written. Gives how many sequences are lost. */
static uint64_t check_what_is_left(struct subject *subject, uint64_t *erased_count)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  uint64_t next = 1;
  uint64_t lost = 0;
  enum hs_status status = HS_OK;
  assert_ok(hs_journal_reader_open(subject->io, DIRECTORY, NULL, &reader, &subject->err));
  while ((status = hs_journal_reader_next(reader, &read, &subject->err)) == HS_OK) {
    assert_true(read.cursor.sequence >= next);
    lost += read.cursor.sequence - next;
    next = read.cursor.sequence + 1;
    if (read.frame.type == HS_FRAME_LOST) {
      lost++;
      continue;
    }
    uint64_t number = subject->number_of_sequence[read.cursor.sequence];
    assert_int_equal(read.frame.type == HS_FRAME_EPOCH, number == 0);
    assert_true(number == 0 || is_numbered(&read, number - 1));
    *erased_count += read.personal == HS_PERSONAL_ERASED;
  }
  if (status != HS_END)
    fail_msg("seed %llu: %s", (unsigned long long)subject->seed, subject->err.text);
  hs_journal_reader_close(reader);
  return lost + (subject->end_sequence + 1 - next);
}

static void check_it_goes_on(struct subject *subject)
{
  struct hs_journal *journal = NULL;
  struct hs_journal_report report;
  struct numbered numbered;
  struct hs_receipt receipt;
  assert_ok(hs_journal_open(subject->io, DIRECTORY, &subject->options, &journal, &subject->err));
  numbered_init(&numbered, 7);
  assert_ok(hs_journal_append(journal, &numbered.frame, &receipt, &subject->err));
  assert_int_equal(receipt.sequence, subject->end_sequence + 1);
  hs_journal_close(journal);
  if (hs_journal_verify(subject->io, DIRECTORY, &report, &subject->err) != HS_OK)
    fail_msg("seed %llu: %s", (unsigned long long)subject->seed, subject->err.text);
}

/* 1 when the journal needed the repair. */
static int check_case(uint64_t seed)
{
  struct subject *subject = test_malloc(sizeof *subject);
  make_subject(subject, seed);
  harm(subject);
  struct hs_journal *journal = NULL;
  struct hs_journal_report report = {0};
  uint64_t erased_count = 0;
  enum hs_status status =
      hs_journal_open(subject->io, DIRECTORY, &subject->options, &journal, &subject->err);
  hs_journal_close(journal);
  if (status != HS_OK) {
    assert_int_equal(status, HS_CORRUPT);
    if (hs_journal_repair(subject->io, DIRECTORY, &report, &subject->err) != HS_OK)
      fail_msg("seed %llu: %s", (unsigned long long)seed, subject->err.text);
    assert_true(report.damage_count > 0);
    assert_int_equal(report.dropped_bytes > 0, report.aside[0] != '\0');
  }
  journal = NULL;
  assert_ok(hs_journal_open(subject->io, DIRECTORY, &subject->options, &journal, &subject->err));
  hs_journal_close(journal);
  uint64_t lost = check_what_is_left(subject, &erased_count);
  if (lost != report.lost_sequence_count || erased_count > 1)
    fail_msg("seed %llu: %llu lost, %llu reported", (unsigned long long)seed,
             (unsigned long long)lost, (unsigned long long)report.lost_sequence_count);
  check_it_goes_on(subject);
  hs_sim_close(subject->sim);
  test_free(subject);
  return status != HS_OK;
}

static void damage_is_seen_and_mended([[maybe_unused]] void **state)
{
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t count = test_number("HANSA_CASES", 3000);
  uint64_t repaired = 0;
  for (uint64_t seed = first; seed < first + count; seed++)
    repaired += (uint64_t)check_case(seed);
  print_message("%llu of %llu journals needed the repair (seeds from %llu)\n",
                (unsigned long long)repaired, (unsigned long long)count, (unsigned long long)first);
  assert_true(repaired > count / 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(damage_is_seen_and_mended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
