/* Proves the journal's everyday life over the real disk: what is appended is read back in order by
   cursors, over roll-overs and reopenings; limits are told; epochs tell cursors apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/journal.h"

static void frames_come_back_in_order_over_segments_and_openings([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {
      .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};
  for (unsigned opening = 0; opening < 4; opening++) {
    struct hs_journal *journal = NULL;
    assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
    for (unsigned i = 0; i < 50; i++) {
      struct hs_receipt receipt;
      struct numbered numbered;
      numbered_init(&numbered, opening * 50 + i);
      assert_ok(hs_journal_append(journal, &numbered.frame, &receipt, &scratch.err));
      assert_int_equal(receipt.sequence, 2 + opening * 50 + i); /* 1 is the epoch's frame */
      assert_int_equal(receipt.epoch, 1);
    }
    assert_int_equal(hs_journal_position(journal).cursor.sequence, 1 + (opening + 1) * 50);
    hs_journal_close(journal);
  }
  struct hs_journal_reader *reader = NULL;
  assert_ok(hs_journal_reader_open(hs_io_real(), scratch.path, NULL, &reader, &scratch.err));
  struct hs_frame_read read;
  assert_ok(hs_journal_reader_next(reader, &read, &scratch.err));
  assert_int_equal(read.frame.type, HS_FRAME_EPOCH);
  for (unsigned i = 0; i < 200; i++) {
    assert_ok(hs_journal_reader_next(reader, &read, &scratch.err));
    assert_int_equal(read.cursor.sequence, 2 + i);
    assert_true(is_numbered(&read, i));
  }
  assert_int_equal(hs_journal_reader_next(reader, &read, &scratch.err), HS_END);
  hs_journal_reader_close(reader);
  scratch_remove(&scratch);
}

static void a_reader_goes_on_behind_its_cursor([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {
      .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};
  struct hs_journal *journal = NULL;
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
  append_numbered(journal, 0, 60);
  struct hs_journal_reader *all = NULL;
  assert_ok(hs_journal_reader_open(hs_io_real(), scratch.path, NULL, &all, &scratch.err));
  struct hs_frame_read read;
  assert_ok(hs_journal_reader_next(all, &read, &scratch.err));
  for (unsigned i = 0; i < 60; i++) {
    struct hs_cursor cursor = read.cursor;
    struct hs_journal_reader *one = NULL;
    assert_ok(hs_journal_reader_open(hs_io_real(), scratch.path, &cursor, &one, &scratch.err));
    struct hs_frame_read next;
    assert_ok(hs_journal_reader_next(one, &next, &scratch.err));
    assert_true(is_numbered(&next, i));
    hs_journal_reader_close(one);
    assert_ok(hs_journal_reader_next(all, &read, &scratch.err));
    assert_memory_equal(&read.cursor, &next.cursor, sizeof read.cursor);
  }
  assert_int_equal(hs_journal_reader_next(all, &read, &scratch.err), HS_END);
  append_numbered(journal, 60, 1);
  assert_ok(hs_journal_reader_wait(all, HS_TEST_TIMEOUT_US, &scratch.err));
  assert_ok(hs_journal_reader_next(all, &read, &scratch.err));
  assert_true(is_numbered(&read, 60));
  hs_journal_reader_close(all);
  hs_journal_close(journal);
  scratch_remove(&scratch);
}

static void a_cursor_that_is_not_held_is_refused_with_the_reason([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {.start = HS_JOURNAL_CREATE};
  struct hs_journal *journal = NULL;
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
  append_numbered(journal, 0, 5);
  struct hs_cursor end = hs_journal_position(journal).cursor;
  struct hs_journal_reader *reader = NULL;
  struct hs_cursor beyond = end;
  beyond.sequence++;
  assert_int_equal(
      hs_journal_reader_open(hs_io_real(), scratch.path, &beyond, &reader, &scratch.err),
      HS_CONFLICT);
  assert_non_null(strstr(scratch.err.text, "it ends at (epoch 1, sequence 6)"));
  struct hs_cursor other = end;
  other.hash[0] ^= 1;
  assert_int_equal(
      hs_journal_reader_open(hs_io_real(), scratch.path, &other, &reader, &scratch.err),
      HS_CONFLICT);
  assert_non_null(strstr(scratch.err.text, "another history"));
  assert_ok(hs_journal_new_epoch(journal, &scratch.err));
  append_numbered(journal, 5, 1);
  other = hs_journal_position(journal).cursor;
  assert_int_equal(other.epoch, 2);
  assert_int_equal(other.sequence, 8);
  other.epoch = 1;
  assert_int_equal(
      hs_journal_reader_open(hs_io_real(), scratch.path, &other, &reader, &scratch.err),
      HS_CONFLICT);
  assert_non_null(strstr(scratch.err.text, "another epoch"));
  assert_ok(hs_journal_reader_open(hs_io_real(), scratch.path, &end, &reader, &scratch.err));
  struct hs_frame_read read;
  assert_ok(hs_journal_reader_next(reader, &read, &scratch.err));
  assert_int_equal(read.frame.type, HS_FRAME_EPOCH);
  assert_int_equal(read.cursor.epoch, 2);
  assert_ok(hs_journal_reader_next(reader, &read, &scratch.err));
  assert_true(is_numbered(&read, 5));
  hs_journal_reader_close(reader);
  hs_journal_close(journal);
  scratch_remove(&scratch);
}

static void a_batch_stands_together_and_a_full_queue_is_busy([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {.start = HS_JOURNAL_CREATE, .queue_bytes = 8192};
  struct hs_journal *journal = NULL;
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
  struct hs_frame frames[8];
  struct numbered numbers[8];
  for (unsigned i = 0; i < 8; i++) {
    numbered_init(&numbers[i], i);
    frames[i] = numbers[i].frame;
  }
  struct hs_receipt receipt;
  assert_ok(hs_journal_append_batch(journal, frames, 8, &receipt, &scratch.err));
  assert_int_equal(receipt.sequence, 2);
  enum hs_status status = HS_OK;
  unsigned staged = 0;
  while ((status = hs_journal_stage(journal, frames, 8, &scratch.err)) == HS_OK)
    staged += 8;
  assert_int_equal(status, HS_BUSY);
  struct hs_committed committed;
  assert_ok(hs_journal_commit(journal, &committed, &scratch.err));
  assert_int_equal(committed.frame_count, staged);
  assert_int_equal(committed.first.sequence, 10);
  assert_ok(hs_journal_commit(journal, &committed, &scratch.err));
  assert_int_equal(committed.frame_count, 0);
  hs_journal_close(journal);
  scratch_remove(&scratch);
}

static void what_is_not_for_callers_is_refused([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal_options options = {0};
  struct hs_journal *journal = NULL;
  assert_int_equal(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err),
                   HS_NOT_FOUND);
  options.start = HS_JOURNAL_CREATE;
  options.queue_bytes = 100;
  assert_int_equal(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err),
                   HS_INVALID);
  options.queue_bytes = 0;
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &options, &journal, &scratch.err));
  struct hs_journal *second = NULL;
  assert_int_equal(hs_journal_open(hs_io_real(), scratch.path, &options, &second, &scratch.err),
                   HS_BUSY);
  struct hs_frame frame = {.type = HS_FRAME_EPOCH, .version = 1};
  assert_int_equal(hs_journal_append(journal, &frame, NULL, &scratch.err), HS_INVALID);
  frame.type = HS_FRAME_TOUCH;
  frame.version = 0;
  assert_int_equal(hs_journal_append(journal, &frame, NULL, &scratch.err), HS_INVALID);
  frame.version = 1;
  frame.public_data = "";
  frame.public_bytes = HS_JOURNAL_FRAME_BYTES_MAX;
  assert_int_equal(hs_journal_append(journal, &frame, NULL, &scratch.err), HS_INVALID);
  frame.public_bytes = 0;
  assert_ok(hs_journal_append(journal, &frame, NULL, &scratch.err));
  hs_journal_close(journal);
  scratch_remove(&scratch);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_come_back_in_order_over_segments_and_openings),
      cmocka_unit_test(a_reader_goes_on_behind_its_cursor),
      cmocka_unit_test(a_cursor_that_is_not_held_is_refused_with_the_reason),
      cmocka_unit_test(a_batch_stands_together_and_a_full_queue_is_busy),
      cmocka_unit_test(what_is_not_for_callers_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
