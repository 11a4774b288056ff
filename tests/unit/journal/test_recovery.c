/* Proves what an opening refuses and in which words, on a simulated disk: each kind of damage names
   its place, and nothing is changed by the refusal. And what an erasure takes away and leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/io_sim.h"
#include "support/journal.h"

#define DIRECTORY "journal"
#define FIRST DIRECTORY "/000001.seg"
#define SECOND DIRECTORY "/000002.seg"
#define THIRD DIRECTORY "/000003.seg"

static const struct hs_journal_options OPTIONS = {
    .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};

struct bench {
  struct hs_sim *sim;
  const struct hs_io *io;
  struct hs_err err;
};

/* Three segments of numbered frames. */
static void set_up(struct bench *bench)
{
  struct hs_sim_options options = {.seed = 1};
  struct hs_journal *journal = NULL;
  *bench = (struct bench){0};
  assert_ok(hs_sim_open(&options, &bench->sim, &bench->err));
  bench->io = hs_sim_io(bench->sim);
  assert_ok(hs_journal_open(bench->io, DIRECTORY, &OPTIONS, &journal, &bench->err));
  append_numbered(journal, 0, 50);
  assert_int_equal(hs_journal_position(journal).segment, 3);
  hs_journal_close(journal);
}

static void poke(struct bench *bench, const char *path, uint64_t offset, unsigned char value)
{
  hs_file file = -1;
  assert_ok(bench->io->open(bench->io->self, path, HS_OPEN_WRITE, &file, &bench->err));
  assert_ok(hs_io_write_all(bench->io, file, &value, 1, offset, &bench->err));
  bench->io->close(bench->io->self, file);
}

static void refuses(struct bench *bench, enum hs_status expected, const char *words)
{
  struct hs_journal *journal = NULL;
  assert_int_equal(hs_journal_open(bench->io, DIRECTORY, &OPTIONS, &journal, &bench->err),
                   expected);
  if (strstr(bench->err.text, words) == NULL)
    fail_msg("'%s' does not say '%s'", bench->err.text, words);
}

static void a_damaged_frame_is_named_by_segment_offset_and_sequence([[maybe_unused]] void **state)
{
  struct bench bench;
  set_up(&bench);
  poke(&bench, FIRST, 128 + 96 + 100, 0xAA); /* behind the epoch's frame of 96 bytes */
  refuses(&bench, HS_CORRUPT,
          FIRST " is damaged at offset 224, where sequence 2 should stand: later segments follow");
  refuses(&bench, HS_CORRUPT, "offset 224"); /* nothing was changed */
  hs_sim_close(bench.sim);
}

static void damage_in_the_last_segment_is_told_from_a_torn_tail([[maybe_unused]] void **state)
{
  struct bench bench;
  set_up(&bench);
  poke(&bench, THIRD, 128 + 90, 0xAA);
  refuses(&bench, HS_CORRUPT, "valid frames follow it");
  hs_sim_close(bench.sim);
}

static void damage_to_the_last_frame_is_told_by_the_watermark([[maybe_unused]] void **state)
{
  struct bench bench;
  struct hs_journal *journal = NULL;
  set_up(&bench);
  assert_ok(hs_journal_open(bench.io, DIRECTORY, &OPTIONS, &journal, &bench.err));
  uint64_t last = hs_journal_position(journal).offset_bytes;
  append_numbered(journal, 50, 1);
  hs_journal_close(journal);
  poke(&bench, THIRD, last + 8, 0xAA);
  refuses(&bench, HS_CORRUPT, "the journal was durable up to (epoch 1, sequence 52)");
  hs_sim_close(bench.sim);
}

static void missing_and_empty_segments_are_named([[maybe_unused]] void **state)
{
  struct bench bench;
  hs_file file = -1;
  set_up(&bench);
  assert_ok(bench.io->remove(bench.io->self, SECOND, &bench.err));
  refuses(&bench, HS_CORRUPT, SECOND " is missing; segments up to 3 are there");
  assert_ok(bench.io->open(bench.io->self, SECOND, HS_OPEN_CREATE_NEW, &file, &bench.err));
  refuses(&bench, HS_CORRUPT, SECOND " cannot be read as a segment: the file ends at byte 0");
  assert_ok(bench.io->allocate(bench.io->self, file, 4096, &bench.err));
  bench.io->close(bench.io->self, file);
  refuses(&bench, HS_CORRUPT, "it does not begin like a journal segment");
  assert_ok(bench.io->remove(bench.io->self, SECOND, &bench.err));
  assert_ok(bench.io->rename(bench.io->self, THIRD, SECOND, &bench.err));
  refuses(&bench, HS_CORRUPT, "its header says that it is segment 3");
  assert_ok(bench.io->remove(bench.io->self, FIRST, &bench.err));
  assert_ok(bench.io->remove(bench.io->self, SECOND, &bench.err));
  refuses(&bench, HS_CORRUPT, "holds no segment any more");
  hs_sim_close(bench.sim);
}

static void a_newer_format_is_not_taken_for_damage([[maybe_unused]] void **state)
{
  struct bench bench;
  struct hs_journal_report report;
  set_up(&bench);
  poke(&bench, SECOND, 8, 2);
  refuses(&bench, HS_UNSUPPORTED, SECOND " cannot be read as a segment: its format is version 2");
  assert_int_equal(hs_journal_repair(bench.io, DIRECTORY, &report, &bench.err), HS_UNSUPPORTED);
  hs_sim_close(bench.sim);
}

static void a_segment_of_another_history_does_not_fit([[maybe_unused]] void **state)
{
  struct bench bench;
  struct hs_journal *journal = NULL;
  set_up(&bench);
  struct hs_journal_options other = OPTIONS;
  assert_ok(hs_journal_open(bench.io, "other", &other, &journal, &bench.err));
  append_numbered(journal, 0, 30);
  hs_journal_close(journal);
  assert_ok(bench.io->rename(bench.io->self, "other/000002.seg", SECOND, &bench.err));
  refuses(&bench, HS_CORRUPT, SECOND " does not fit");
  hs_sim_close(bench.sim);
}

static void an_erasure_takes_the_bytes_and_leaves_the_rest([[maybe_unused]] void **state)
{
  struct bench bench;
  struct hs_journal *journal = NULL;
  struct hs_journal_reader *reader = NULL;
  struct hs_journal_report report;
  struct hs_frame_read read;
  /* Numbers divisible by three have a personal part; number n is sequence n + 2. */
  static const uint64_t SEQUENCES[] = {2, 3, 5, 26, 50};
  static const uint64_t ABSENT[] = {2, 90};
  static const uint64_t FALLING[] = {5, 3};
  set_up(&bench);
  assert_ok(hs_journal_open(bench.io, DIRECTORY, &OPTIONS, &journal, &bench.err));
  struct hs_cursor end = hs_journal_position(journal).cursor;
  assert_ok(hs_journal_erase(journal, SEQUENCES, 5, &bench.err));
  assert_ok(hs_journal_erase(journal, SEQUENCES, 5, &bench.err));
  assert_int_equal(hs_journal_erase(journal, ABSENT, 2, &bench.err), HS_NOT_FOUND);
  assert_non_null(strstr(bench.err.text, "sequence 90"));
  assert_int_equal(hs_journal_erase(journal, FALLING, 2, &bench.err), HS_INVALID);
  hs_journal_close(journal);
  hs_sim_crash(bench.sim, HS_CRASH_LOSE_ALL);
  assert_ok(hs_journal_verify(bench.io, DIRECTORY, &report, &bench.err));
  assert_ok(hs_journal_open(bench.io, DIRECTORY, &OPTIONS, &journal, &bench.err));
  assert_ok(hs_journal_reader_open(bench.io, DIRECTORY, &end, &reader, &bench.err));
  hs_journal_reader_close(reader);
  assert_ok(hs_journal_reader_open(bench.io, DIRECTORY, NULL, &reader, &bench.err));
  while (hs_journal_reader_next(reader, &read, &bench.err) == HS_OK) {
    uint64_t sequence = read.cursor.sequence;
    int is_erased = sequence == 2 || sequence == 5 || sequence == 26 || sequence == 50;
    assert_int_equal(read.personal == HS_PERSONAL_ERASED, is_erased);
    assert_true(sequence == 1 || is_numbered(&read, sequence - 2));
  }
  hs_journal_reader_close(reader);
  hs_journal_close(journal);
  hs_sim_close(bench.sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_damaged_frame_is_named_by_segment_offset_and_sequence),
      cmocka_unit_test(damage_in_the_last_segment_is_told_from_a_torn_tail),
      cmocka_unit_test(damage_to_the_last_frame_is_told_by_the_watermark),
      cmocka_unit_test(missing_and_empty_segments_are_named),
      cmocka_unit_test(a_newer_format_is_not_taken_for_damage),
      cmocka_unit_test(a_segment_of_another_history_does_not_fit),
      cmocka_unit_test(an_erasure_takes_the_bytes_and_leaves_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
