/* Proves the acknowledgement contract against kill -9: a process of its own appends from many
   threads and says through a pipe what was acknowledged; it is killed at a chance moment; what it
   said is in the journal, at the sequences that it said, and of each writer there is a first part
   without a gap.

   HANSA_KILL_ROUNDS is the number of kills (100), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/journal.h"

#define WRITER_COUNT 24
#define ROUNDS_OF_ONE_JOURNAL 10
#define SEQUENCES_MAX 1000000

/* What the victim says; smaller than PIPE_BUF, so that a write of it is whole or not there. */
struct said {
  uint64_t sequence;
  uint64_t number;
};

struct victim_writer {
  struct hs_journal *journal;
  uint64_t index; /* among all writers of all rounds */
  int pipe;
};

static const struct hs_journal_options OPTIONS = {
    .start = HS_JOURNAL_CREATE, .segment_bytes = 262144, .queue_bytes = 65536};

static void *append_for_ever(void *context)
{
  const struct victim_writer *writer = context;
  for (uint64_t count = 0;; count++) {
    struct numbered numbered;
    struct hs_receipt receipt;
    uint64_t number = writer->index << 32 | count;
    numbered_init(&numbered, number);
    if (hs_journal_append(writer->journal, &numbered.frame, &receipt, NULL) != HS_OK)
      _exit(1);
    struct said said = {.sequence = receipt.sequence, .number = number};
    if (write(writer->pipe, &said, sizeof said) != (ssize_t)sizeof said)
      _exit(2);
  }
}

static void be_the_victim(const char *directory, uint64_t round, int pipe)
{
  static struct victim_writer writers[WRITER_COUNT];
  struct hs_journal *journal = NULL;
  if (hs_journal_open(hs_io_real(), directory, &OPTIONS, &journal, NULL) != HS_OK)
    _exit(3);
  for (uint64_t i = 0; i < WRITER_COUNT; i++) {
    pthread_t thread;
    writers[i] = (struct victim_writer){journal, round * WRITER_COUNT + i, pipe};
    if (pthread_create(&thread, NULL, append_for_ever, &writers[i]) != 0)
      _exit(4);
  }
  for (;;)
    (void)pause();
}

struct ledger {
  uint64_t number_said[SEQUENCES_MAX]; /* by sequence; plus one, 0 where nothing was said */
  uint64_t said_count;
};

static void note(struct ledger *ledger, const struct said *said)
{
  assert_true(said->sequence < SEQUENCES_MAX);
  assert_int_equal(ledger->number_said[said->sequence], 0);
  ledger->number_said[said->sequence] = said->number + 1;
  ledger->said_count++;
}

/* Listens, kills when enough was said and a chance moment has passed, and hears the rest. */
static void run_round(struct ledger *ledger, const char *directory, uint64_t round,
                      uint64_t *chance)
{
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t victim = fork();
  assert_true(victim >= 0);
  if (victim == 0) {
    (void)close(ends[0]);
    be_the_victim(directory, round, ends[1]);
  }
  (void)close(ends[1]);
  uint64_t patience = 1 + test_random(chance) % 400;
  struct said said;
  ssize_t got = 0;
  while ((got = read(ends[0], &said, sizeof said)) == (ssize_t)sizeof said) {
    note(ledger, &said);
    if (--patience == 0) {
      hs_io_real()->sleep_us(hs_io_real()->self, (int64_t)(test_random(chance) % 3000));
      assert_int_equal(kill(victim, SIGKILL), 0);
    }
  }
  assert_int_equal(got, 0);
  int end = 0;
  assert_int_equal(waitpid(victim, &end, 0), victim);
  assert_true(WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL);
  (void)close(ends[0]);
}

static void check_journal(const struct ledger *ledger, const char *directory, uint64_t round_count)
{
  struct hs_journal *journal = NULL;
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  struct hs_err err = {0};
  uint64_t heard = 0;
  uint64_t *next_of_writer = test_calloc(round_count * WRITER_COUNT, sizeof *next_of_writer);
  if (hs_journal_open(hs_io_real(), directory, &OPTIONS, &journal, &err) != HS_OK)
    fail_msg("%s", err.text);
  assert_ok(hs_journal_reader_open(hs_io_real(), directory, NULL, &reader, &err));
  while (hs_journal_reader_next(reader, &read, &err) == HS_OK) {
    if (read.frame.type < HS_FRAME_FIRST_OF_SERVICE)
      continue;
    uint64_t number = number_of(&read);
    assert_true(is_numbered(&read, number));
    assert_true(number >> 32 < round_count * WRITER_COUNT);
    assert_int_equal(next_of_writer[number >> 32]++, number & UINT32_MAX);
    uint64_t said = ledger->number_said[read.cursor.sequence];
    assert_true(said == 0 || said == number + 1);
    heard += said != 0;
  }
  assert_int_equal(heard, ledger->said_count);
  hs_journal_reader_close(reader);
  hs_journal_close(journal);
  test_free(next_of_writer);
}

static void what_was_acknowledged_survives_kill_9([[maybe_unused]] void **state)
{
  static struct ledger ledger;
  uint64_t round_count = test_number("HANSA_KILL_ROUNDS", 100);
  uint64_t chance = test_number("HANSA_SEED", 1);
  uint64_t said_count = 0;
  for (uint64_t done = 0; done < round_count;) {
    struct scratch scratch = scratch_make();
    memset(&ledger, 0, sizeof ledger);
    for (uint64_t round = 0; round < ROUNDS_OF_ONE_JOURNAL && done < round_count; round++, done++) {
      run_round(&ledger, scratch.path, round, &chance);
      check_journal(&ledger, scratch.path, round + 1);
    }
    said_count += ledger.said_count;
    scratch_remove(&scratch);
  }
  print_message("%llu kills, %llu acknowledged frames, none missing\n",
                (unsigned long long)round_count, (unsigned long long)said_count);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_acknowledged_survives_kill_9),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
