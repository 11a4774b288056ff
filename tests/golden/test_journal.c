/* Reads a journal that format version 1 wrote, byte for byte as it was committed to the repository:
   every later release must. Two segments of 4 KiB: the frames 0 to 19 of support/journal.h, one
   call each, in epoch 1; sequences 5 and 14 erased; a new epoch; the frames 20 to 29 alone and 30
   to 39 in one batch. The hash at the end was printed by the program that wrote it, and the running
   hashes in between are computed anew by hs_journal_verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "support/journal.h"

#define SEGMENT_BYTES 4096
#define END_HASH "185279e77f125eb146bb6e48d23af257083a935419d6429eab495205bbffc5a5"

static void copy_segment(const struct scratch *scratch, const char *name)
{
  const struct hs_io *io = hs_io_real();
  unsigned char bytes[SEGMENT_BYTES];
  char from[512];
  char to[512];
  hs_file file = -1;
  struct hs_err err = {0};
  (void)snprintf(from, sizeof from, "%s/tests/golden/journal-v1/%s", HANSA_SOURCE_DIR, name);
  (void)snprintf(to, sizeof to, "%s/%s", scratch->path, name);
  assert_ok(io->open(io->self, from, HS_OPEN_READ, &file, &err));
  assert_ok(hs_io_read_all(io, file, bytes, sizeof bytes, 0, &err));
  io->close(io->self, file);
  assert_ok(io->open(io->self, to, HS_OPEN_CREATE_NEW, &file, &err));
  assert_ok(hs_io_write_all(io, file, bytes, sizeof bytes, 0, &err));
  io->close(io->self, file);
}

static void check_frames(const struct scratch *scratch)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  struct hs_err err = {0};
  uint64_t number = 0;
  assert_ok(hs_journal_reader_open(hs_io_real(), scratch->path, NULL, &reader, &err));
  for (uint64_t sequence = 1; sequence <= 42; sequence++) {
    assert_ok(hs_journal_reader_next(reader, &read, &err));
    assert_int_equal(read.cursor.sequence, sequence);
    assert_int_equal(read.cursor.epoch, sequence < 22 ? 1 : 2);
    int is_epoch = sequence == 1 || sequence == 22;
    int is_erased = sequence == 5 || sequence == 14;
    assert_int_equal(read.frame.type == HS_FRAME_EPOCH, is_epoch);
    assert_int_equal(read.personal == HS_PERSONAL_ERASED, is_erased);
    assert_true(is_epoch || is_numbered(&read, number++));
  }
  assert_int_equal(hs_journal_reader_next(reader, &read, &err), HS_END);
  hs_journal_reader_close(reader);
}

static void version_1_is_read_for_ever([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal *journal = NULL;
  struct hs_journal_report report;
  copy_segment(&scratch, "000001.seg");
  copy_segment(&scratch, "000002.seg");
  assert_ok(hs_journal_verify(hs_io_real(), scratch.path, &report, &scratch.err));
  assert_int_equal(report.segment_count, 2);
  assert_int_equal(report.frame_count, 42);
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, NULL, &journal, &scratch.err));
  struct hs_journal_position position = hs_journal_position(journal);
  struct hs_hash end;
  char text[HS_HASH_TEXT];
  memcpy(end.bytes, position.cursor.hash, sizeof end.bytes);
  hs_hash_format(&end, text);
  assert_string_equal(text, END_HASH);
  assert_int_equal(position.segment, 2);
  assert_int_equal(position.offset_bytes, 3528);
  check_frames(&scratch);
  append_numbered(journal, 40, 3);
  assert_int_equal(hs_journal_position(journal).cursor.sequence, 45);
  hs_journal_close(journal);
  assert_ok(hs_journal_verify(hs_io_real(), scratch.path, &report, &scratch.err));
  assert_int_equal(report.frame_count, 45);
  scratch_remove(&scratch);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(version_1_is_read_for_ever),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
