/* Proves that the trail on disk survives what machines do: a process killed while it stores, and a
   disk that takes no more. Each scene runs in a child process, because the engine keeps threads and
   a killed process is the point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/duckdb/duckdb_adapter.h"
#include "support/events.h"
#include "support/random.h"

#define ROWS 3000

/* In a child: says what is wrong and ends it. */
#define REQUIRE(condition)                                                                         \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, failure.text);           \
      _exit(1);                                                                                    \
    }                                                                                              \
  } while (0)

static struct hs_err failure;

static void open_in(const char *directory, struct hs_trail *trail)
{
  char path[256];
  char temp[256];
  snprintf(path, sizeof path, "%s/trail.duckdb", directory);
  snprintf(temp, sizeof temp, "%s/temp", directory);
  struct hs_duckdb_options options = {
      .path = path, .memory_bytes = 256 * HS_MIB, .threads = 2, .temp_dir = temp};
  REQUIRE(hs_duckdb_trail_open(&options, trail, &failure) == HS_OK);
}

/* Rows that no other sequence has, and that do not compress to nothing. */
static void make_load(struct events *touches, uint64_t sequence)
{
  uint64_t noise = sequence * UINT64_C(0x9e3779b97f4a7c15) + 1;
  events_init(touches, HS_EVENT_TOUCH);
  for (int i = 0; i < ROWS; i++) {
    char id[64];
    struct event_row *row = events_add(touches);
    (void)next_random(&noise);
    snprintf(id, sizeof id, "t%" PRIu64 "-%d-%016" PRIx64 "%016" PRIx64, sequence, i, noise,
             noise * UINT64_C(0x2545F4914F6CDD1D));
    event_set_text(touches, row, "touch_id", id);
    event_set_text(touches, row, "person", id + 8);
    event_set_integer(touches, row, "occurred_at", (int64_t)sequence);
  }
}

static enum hs_status store_load(struct hs_trail *trail, uint64_t sequence)
{
  struct events touches;
  make_load(&touches, sequence);
  struct hs_row_source source = events_source(&touches, 1, SIZE_MAX);
  struct hs_load load = {.kind = HS_EVENT_TOUCH, .sequence = sequence, .rows = &source};
  struct hs_cursor cursor = {.epoch = 1, .sequence = sequence};
  struct hs_load_counts counts;
  enum hs_status status = trail->store(trail->self, &load, 1, &cursor, &counts, &failure);
  if (status == HS_OK)
    REQUIRE(counts.accepted == ROWS);
  source.close(source.self);
  events_release(&touches);
  return status;
}

struct tally {
  uint64_t rows;
  uint64_t last_sequence;
};

static enum hs_status tally_touches(void *context, const struct hs_touch_batch *batch,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct tally *tally = context;
  tally->rows += batch->count;
  for (size_t i = 0; i < batch->count; i++)
    if (batch->sequence[i] > tally->last_sequence)
      tally->last_sequence = batch->sequence[i];
  return HS_OK;
}

/* The position, after checking that exactly its loads are in. */
static uint64_t checked_position(struct hs_trail *trail)
{
  struct hs_cursor cursor;
  struct tally tally = {0};
  struct hs_str names[] = {HS_STR("direct")};
  struct hs_scan scan = {0, INT64_MAX, INT64_MAX, 0, 1};
  REQUIRE(trail->position(trail->self, &cursor, &failure) == HS_OK);
  REQUIRE(trail->scan_touches(trail->self, &scan, names, 1, tally_touches, &tally, &failure) ==
          HS_OK);
  REQUIRE(tally.last_sequence == cursor.sequence);
  REQUIRE(tally.rows == cursor.sequence * ROWS);
  return cursor.sequence;
}

static void remove_files(const char *directory)
{
  static const char *const NAMES[] = {"trail.duckdb", "trail.duckdb.wal"};
  char path[256];
  for (size_t i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/%s", directory, NAMES[i]);
    unlink(path);
  }
  snprintf(path, sizeof path, "%s/temp", directory);
  rmdir(path);
  rmdir(directory);
}

/* ---- killed while storing ---- */

static void store_until_killed(const char *directory, int acknowledged)
{
  struct hs_trail trail;
  open_in(directory, &trail);
  for (uint64_t sequence = checked_position(&trail) + 1;; sequence++) {
    REQUIRE(store_load(&trail, sequence) == HS_OK);
    REQUIRE(write(acknowledged, &sequence, sizeof sequence) == sizeof sequence);
  }
}

static void check_and_leave(const char *directory, uint64_t acknowledged)
{
  struct hs_trail trail;
  open_in(directory, &trail);
  uint64_t position = checked_position(&trail);
  /* What was acknowledged is in; one more may have been committed before the word got out. */
  REQUIRE(position == acknowledged || position == acknowledged + 1);
  trail.close(trail.self);
  _exit(0);
}

static void a_killed_store_is_in_whole_or_not_at_all([[maybe_unused]] void **state)
{
  char directory[] = "/tmp/hansa-faults-XXXXXX";
  assert_non_null(mkdtemp(directory));
  uint64_t acknowledged = 0;
  for (int round = 0; round < 6; round++) {
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0)
      store_until_killed(directory, pipe_ends[1]);
    close(pipe_ends[1]);
    /* Dies some moments after its first word of this round. */
    uint64_t sequence;
    assert_int_equal(read(pipe_ends[0], &sequence, sizeof sequence), sizeof sequence);
    acknowledged = sequence;
    usleep((useconds_t)(7000 * (round * round + 1)));
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &sequence, sizeof sequence) == sizeof sequence)
      acknowledged = sequence;
    close(pipe_ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    pid_t checker = fork();
    if (checker == 0)
      check_and_leave(directory, acknowledged);
    assert_int_equal(waitpid(checker, &status, 0), checker);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  remove_files(directory);
}

/* ---- a disk that takes no more ---- */

static void limit_files_to(rlim_t bytes)
{
  struct rlimit limit;
  REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

/* Writes beyond the limit fail as on a full disk: the call returns an error, nothing is written. */
static void fill_and_go_on(const char *directory, rlim_t limit_bytes)
{
  struct hs_trail trail;
  signal(SIGXFSZ, SIG_IGN);
  open_in(directory, &trail);
  REQUIRE(store_load(&trail, 1) == HS_OK);
  limit_files_to(limit_bytes);
  uint64_t sequence = 2;
  while (sequence < 500 && store_load(&trail, sequence) == HS_OK)
    sequence++;
  REQUIRE(sequence < 500);
  REQUIRE(failure.status == HS_FULL || failure.status == HS_IO);
  limit_files_to(RLIM_INFINITY);
  uint64_t position = checked_position(&trail);
  REQUIRE(position == sequence - 1 || position == sequence);
  for (uint64_t next = position + 1; next <= position + 3; next++)
    REQUIRE(store_load(&trail, next) == HS_OK);
  REQUIRE(checked_position(&trail) == position + 3);
  trail.close(trail.self);
  _exit(0);
}

static void a_full_disk_is_survived_by_reopening([[maybe_unused]] void **state)
{
  /* Limits at which the write-ahead file, then the checkpoint into the database file, is what does
     not fit. */
  static const rlim_t LIMITS[] = {1 << 20, 3 << 20, 9 << 20, 20 << 20};
  for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
    char directory[] = "/tmp/hansa-faults-XXXXXX";
    assert_non_null(mkdtemp(directory));
    pid_t child = fork();
    if (child == 0)
      fill_and_go_on(directory, LIMITS[i]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    remove_files(directory);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_killed_store_is_in_whole_or_not_at_all),
      cmocka_unit_test(a_full_disk_is_survived_by_reopening),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
