/* Proves the journal against what only the real machine does to it: signals that interrupt every
   call that waits (EINTR), and a process that may open no more files (EMFILE), at every limit from
   "none" to "enough". What was acknowledged is there afterwards, and the journal goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "support/journal.h"

/* Segments of 4 KiB, so that files are made, allocated and synced all the time. */
static const struct hs_journal_options OPTIONS = {
    .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};

/* Gives the number of numbered frames, which are 0, 1, 2, … */
static uint64_t count_frames(const char *directory)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  uint64_t count = 0;
  assert_ok(hs_journal_reader_open(hs_io_real(), directory, NULL, &reader, NULL));
  while (hs_journal_reader_next(reader, &read, NULL) == HS_OK)
    if (read.frame.type >= HS_FRAME_FIRST_OF_SERVICE)
      assert_true(is_numbered(&read, count++));
  hs_journal_reader_close(reader);
  return count;
}

/* ---- signals ---- */

#define FRAMES_IN_THE_STORM 60
#define STORM_NS 50000 /* between two signals: far less than a sync takes */

static atomic_uint signal_count;

static void count_signal([[maybe_unused]] int number) { atomic_fetch_add(&signal_count, 1); }

/* Without SA_RESTART, so that the kernel gives EINTR wherever it may. */
static timer_t begin_storm(void)
{
  struct sigaction action = {.sa_handler = count_signal};
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  const struct itimerspec each = {{0, STORM_NS}, {0, STORM_NS}};
  timer_t timer;
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  assert_int_equal(timer_settime(timer, 0, &each, NULL), 0);
  return timer;
}

static void signals_cost_no_frame([[maybe_unused]] void **state)
{
  struct scratch scratch = scratch_make();
  struct hs_journal *journal = NULL;
  timer_t timer = begin_storm();
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &OPTIONS, &journal, NULL));
  append_numbered(journal, 0, FRAMES_IN_THE_STORM);
  hs_journal_close(journal);
  assert_ok(hs_journal_open(hs_io_real(), scratch.path, &OPTIONS, &journal, NULL));
  assert_int_equal(count_frames(scratch.path), FRAMES_IN_THE_STORM);
  hs_journal_close(journal);
  assert_int_equal(timer_delete(timer), 0);
  assert_true(atomic_load(&signal_count) > 0);
  scratch_remove(&scratch);
}

static void *write_late(void *context)
{
  const int *end = context;
  for (size_t i = 0; i < 3; i++) {
    hs_io_real()->sleep_us(hs_io_real()->self, 5000);
    if (write(*end, "ab", 2) != 2)
      return NULL;
  }
  (void)close(*end);
  return NULL;
}

/* A file on a disk is hardly ever interrupted; a pipe that waits is, with every signal. */
static void signals_do_not_end_a_read([[maybe_unused]] void **state)
{
  int ends[2];
  char got[6] = {0};
  pthread_t writer;
  assert_int_equal(pipe(ends), 0);
  timer_t timer = begin_storm();
  assert_int_equal(pthread_create(&writer, NULL, write_late, &ends[1]), 0);
  assert_ok(hs_io_read_all(hs_io_real(), ends[0], got, sizeof got, 0, NULL));
  assert_int_equal(timer_delete(timer), 0);
  assert_memory_equal(got, "ababab", sizeof got);
  assert_int_equal(pthread_join(writer, NULL), 0);
  (void)close(ends[0]);
}

/* ---- no more files ---- */

#define FRAMES_WHEN_SHORT 40 /* over several segments */
#define FILES_MAX 128        /* a process that needs more for one journal leaks them */

enum { ENDED_SHORT = 20, ENDED_WELL, ENDED_WRONG };

/* The child: appends as long as it may, and says each acknowledged frame by a byte. */
static int append_while_short(const char *directory, rlim_t file_count, int pipe_end)
{
  const struct rlimit limit = {file_count, file_count};
  struct hs_journal *journal = NULL;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    return ENDED_WRONG;
  enum hs_status status = hs_journal_open(hs_io_real(), directory, &OPTIONS, &journal, NULL);
  for (uint64_t number = 0; status == HS_OK && number < FRAMES_WHEN_SHORT; number++) {
    struct numbered numbered;
    numbered_init(&numbered, number);
    status = hs_journal_append(journal, &numbered.frame, NULL, NULL);
    if (status == HS_OK && write(pipe_end, "x", 1) != 1)
      return ENDED_WRONG;
  }
  if (status == HS_OK)
    return ENDED_WELL;
  return status == HS_IO || status == HS_DEAD ? ENDED_SHORT : ENDED_WRONG;
}

/* Gives how the child ended; checks what it left. */
static int check_limit(rlim_t file_count)
{
  struct scratch scratch = scratch_make();
  int ends[2];
  int ended = 0;
  char byte = 0;
  uint64_t acknowledged = 0;
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    _exit(append_while_short(scratch.path, file_count, ends[1]));
  (void)close(ends[1]);
  while (read(ends[0], &byte, 1) == 1)
    acknowledged++;
  (void)close(ends[0]);
  assert_int_equal(waitpid(child, &ended, 0), child);
  assert_true(WIFEXITED(ended));
  struct hs_journal *journal = NULL;
  struct hs_err err = {0};
  if (hs_journal_open(hs_io_real(), scratch.path, &OPTIONS, &journal, &err) != HS_OK)
    fail_msg("after %llu files: %s", (unsigned long long)file_count, err.text);
  uint64_t count = count_frames(scratch.path);
  assert_true(count >= acknowledged && count <= acknowledged + 1);
  append_numbered(journal, count, 3);
  assert_int_equal(count_frames(scratch.path), count + 3);
  hs_journal_close(journal);
  scratch_remove(&scratch);
  return WEXITSTATUS(ended);
}

static void every_limit_of_open_files_is_told_and_survived([[maybe_unused]] void **state)
{
  rlim_t file_count = 0;
  int ended = ENDED_SHORT;
  for (; ended == ENDED_SHORT && file_count < FILES_MAX; file_count++)
    ended = check_limit(file_count);
  assert_int_equal(ended, ENDED_WELL);
  print_message("%llu limits were too low\n", (unsigned long long)file_count - 1);
  assert_true(file_count > 3); /* the standard streams leave none of the first three */
}

int main(void)
{
  hs_log_set(HS_LOG_ERROR, hs_io_real(), NULL, NULL); /* warnings are what is provoked here */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signals_cost_no_frame),
      cmocka_unit_test(signals_do_not_end_a_read),
      cmocka_unit_test(every_limit_of_open_files_is_told_and_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
