/* Proves the acknowledgement contract over crashes: for every prefix of the trace of a run, and for
   unsynced writes that were kept, lost, torn or reordered, the journal opens again; what had been
   acknowledged by then is there, in order and unchanged; nothing is there that was not submitted;
   what was erased stays erased; and the journal goes on from there, through a second crash.

   HANSA_CRASH_IMAGES is the number of images (20,000), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/io_sim.h"
#include "support/journal.h"

#define COMMITS_MAX 64
#define FRAMES_MAX 7 /* in one commit */
#define DIRECTORY "journal"

/* What the run promised, and when: by the length of the trace. */
struct promise {
  uint64_t trace_count;
  uint64_t acknowledged; /* numbers below this one are promised */
};

struct run {
  uint64_t seed;
  struct hs_sim *sim;
  uint64_t submitted; /* numbers below this one were staged, by the end of the run */
  struct promise promises[COMMITS_MAX];
  size_t promise_count;
  uint64_t erased_sequence; /* 0 when none was */
  uint64_t erased_trace_count;
};

static struct hs_journal *open_journal(const struct run *run, struct hs_sim *sim)
{
  static const uint64_t SEGMENT_BYTES[] = {4096, 8192, 65536};
  struct hs_journal_options options = {.start = HS_JOURNAL_CREATE,
                                       .check = run->seed % 2 == 0 ? HS_JOURNAL_CHECK_ALL
                                                                   : HS_JOURNAL_CHECK_TAIL,
                                       .segment_bytes = SEGMENT_BYTES[run->seed % 3],
                                       .queue_bytes = 4096};
  struct hs_journal *journal = NULL;
  struct hs_err err = {0};
  if (hs_journal_open(hs_sim_io(sim), DIRECTORY, &options, &journal, &err) != HS_OK)
    fail_msg("seed %llu: %s", (unsigned long long)run->seed, err.text);
  return journal;
}

static void promise(struct run *run)
{
  assert_true(run->promise_count < COMMITS_MAX);
  run->promises[run->promise_count++] =
      (struct promise){.trace_count = hs_sim_trace_count(run->sim), .acknowledged = run->submitted};
}

static void commit_some(struct run *run, struct hs_journal *journal, uint64_t count)
{
  struct hs_err err = {0};
  for (uint64_t i = 0; i < count; i++) {
    struct numbered numbered;
    numbered_init(&numbered, run->submitted);
    if (hs_journal_stage(journal, &numbered.frame, 1, &err) != HS_OK)
      break; /* the queue is small on purpose */
    run->submitted++;
  }
  assert_ok(hs_journal_commit(journal, NULL, &err));
  promise(run);
}

/* A life with group commits of all sizes, roll-overs, an erasure, an orderly restart. */
static void live(struct run *run)
{
  uint64_t chance = run->seed;
  struct hs_err err = {0};
  struct hs_journal *journal = open_journal(run, run->sim);
  size_t commit_count = 10 + test_random(&chance) % 15;
  for (size_t i = 0; i < commit_count; i++) {
    commit_some(run, journal, 1 + test_random(&chance) % FRAMES_MAX);
    if (i == commit_count / 2) {
      run->erased_sequence = 2 + test_random(&chance) % run->submitted;
      assert_ok(hs_journal_erase(journal, &run->erased_sequence, 1, &err));
      run->erased_trace_count = hs_sim_trace_count(run->sim);
    }
    if (test_random(&chance) % 8 == 0) {
      hs_journal_close(journal);
      journal = open_journal(run, run->sim);
    }
  }
  hs_journal_close(journal);
}

static uint64_t acknowledged_at(const struct run *run, uint64_t trace_count)
{
  uint64_t acknowledged = 0;
  for (size_t i = 0; i < run->promise_count; i++)
    if (run->promises[i].trace_count <= trace_count)
      acknowledged = run->promises[i].acknowledged;
  return acknowledged;
}

/* Reads all of it; gives how many numbered frames there are, having checked that they are 0, 1, 2,
   … */
static uint64_t read_back(const struct run *run, struct hs_sim *sim, uint64_t trace_count)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_err err = {0};
  struct hs_frame_read read;
  uint64_t count = 0;
  enum hs_status status = HS_OK;
  assert_ok(hs_journal_reader_open(hs_sim_io(sim), DIRECTORY, NULL, &reader, &err));
  assert_ok(hs_journal_reader_next(reader, &read, &err));
  assert_int_equal(read.frame.type, HS_FRAME_EPOCH);
  while ((status = hs_journal_reader_next(reader, &read, &err)) == HS_OK) {
    if (!is_numbered(&read, count))
      fail_msg("sequence %llu is not frame %llu", (unsigned long long)read.cursor.sequence,
               (unsigned long long)count);
    int may_be_erased = read.cursor.sequence == run->erased_sequence;
    assert_true(may_be_erased || read.personal != HS_PERSONAL_ERASED);
    if (may_be_erased && trace_count >= run->erased_trace_count)
      assert_true(read.personal != HS_PERSONAL_PRESENT);
    count++;
  }
  if (status != HS_END)
    fail_msg("seed %llu: %s", (unsigned long long)run->seed, err.text);
  hs_journal_reader_close(reader);
  return count;
}

static void check_image(const struct run *run, uint64_t trace_count, enum hs_crash how,
                        uint64_t image_seed)
{
  struct hs_sim *sim = NULL;
  struct hs_err err = {0};
  assert_ok(hs_sim_replay(run->sim, trace_count, image_seed, how, &sim, &err));
  struct hs_journal *journal = open_journal(run, sim);
  uint64_t count = read_back(run, sim, trace_count);
  assert_true(count >= acknowledged_at(run, trace_count));
  assert_true(count <= run->submitted);
  append_numbered(journal, count, 3);
  hs_journal_close(journal);
  hs_sim_crash(sim, HS_CRASH_RANDOM);
  journal = open_journal(run, sim);
  assert_int_equal(read_back(run, sim, trace_count), count + 3);
  hs_journal_close(journal);
  hs_sim_close(sim);
}

/* Gives the number of images looked at. */
static uint64_t check_run(uint64_t seed, uint64_t image_count_max)
{
  static const enum hs_crash HOW[] = {HS_CRASH_KEEP_ALL, HS_CRASH_LOSE_ALL, HS_CRASH_TORN_LAST,
                                      HS_CRASH_RANDOM,   HS_CRASH_RANDOM,   HS_CRASH_RANDOM};
  struct run run = {.seed = seed};
  struct hs_sim_options options = {.seed = seed, .short_write_ppm = seed % 4 == 0 ? 200000 : 0};
  struct hs_err err = {0};
  assert_ok(hs_sim_open(&options, &run.sim, &err));
  hs_sim_trace(run.sim, 1);
  live(&run);
  uint64_t image_count = 0;
  for (uint64_t cut = 0; cut <= hs_sim_trace_count(run.sim); cut++)
    for (size_t i = 0; i < sizeof HOW / sizeof *HOW && image_count < image_count_max; i++)
      check_image(&run, cut, HOW[i], seed * 1000003 + image_count++);
  hs_sim_close(run.sim);
  return image_count;
}

static void every_crash_image_keeps_what_was_acknowledged([[maybe_unused]] void **state)
{
  uint64_t wanted = test_number("HANSA_CRASH_IMAGES", 20000);
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t image_count = 0;
  uint64_t run_count = 0;
  for (; image_count < wanted; seed++, run_count++) {
    print_message("seed %llu (again: HANSA_SEED=%llu HANSA_CRASH_IMAGES=1)\n",
                  (unsigned long long)seed, (unsigned long long)seed);
    image_count += check_run(seed, wanted - image_count);
  }
  print_message("%llu crash images of %llu runs\n", (unsigned long long)image_count,
                (unsigned long long)run_count);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_crash_image_keeps_what_was_acknowledged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
