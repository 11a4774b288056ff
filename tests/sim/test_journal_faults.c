/* Proves what the journal answers when the device does not: every disk call of a life fails once,
   with an error and with a full disk; syncs fail by chance; writes are cut short at every byte,
   with and without an error behind it. Always: what was acknowledged is there after the next
   opening, in order and unchanged; what was refused with HS_IO or HS_FULL is not there; after a
   failed sync nothing more is acknowledged until then.

   HANSA_SEED is the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/io_sim.h"
#include "base/log.h"
#include "support/journal.h"

#define DIRECTORY "journal"
#define COMMITS 14
#define FRAMES_MAX 128

enum fate { FATE_NONE, FATE_ACKNOWLEDGED, FATE_REFUSED, FATE_UNKNOWN };

struct life {
  struct hs_sim *sim;
  const struct hs_io *io;
  struct hs_journal *journal;
  enum fate fates[FRAMES_MAX]; /* by number */
  uint64_t submitted;
  int is_dead;
  int refused_count;
  struct hs_err err;
};

static const struct hs_journal_options OPTIONS = {
    .start = HS_JOURNAL_CREATE, .segment_bytes = 4096, .queue_bytes = 4096};

static enum fate fate_of(enum hs_status status)
{
  if (status == HS_OK)
    return FATE_ACKNOWLEDGED;
  if (status == HS_DEAD)
    return FATE_UNKNOWN;
  if (status != HS_IO && status != HS_FULL)
    fail_msg("a commit answered %s", hs_status_code(status));
  return FATE_REFUSED;
}

static void commit_some(struct life *life, uint64_t count)
{
  uint64_t first = life->submitted;
  for (uint64_t i = 0; i < count; i++) {
    struct numbered numbered;
    numbered_init(&numbered, life->submitted);
    enum hs_status status = hs_journal_stage(life->journal, &numbered.frame, 1, &life->err);
    assert_int_equal(status, life->is_dead ? HS_DEAD : HS_OK);
    life->submitted++;
  }
  enum hs_status status = hs_journal_commit(life->journal, NULL, &life->err);
  enum fate fate = life->is_dead ? FATE_REFUSED : fate_of(status);
  assert_true(!life->is_dead || status == HS_DEAD);
  for (uint64_t number = first; number < life->submitted; number++)
    life->fates[number] = fate;
  life->is_dead |= status == HS_DEAD;
  life->refused_count += fate == FATE_REFUSED;
}

static void live(struct life *life)
{
  enum hs_status status =
      hs_journal_open(life->io, DIRECTORY, &OPTIONS, &life->journal, &life->err);
  if (status != HS_OK) {
    assert_true(status == HS_IO || status == HS_FULL || status == HS_DEAD);
    return;
  }
  for (uint64_t i = 0; i < COMMITS; i++)
    commit_some(life, 1 + i % 5);
  hs_journal_close(life->journal);
}

/* What can be read is a subsequence of what was submitted that holds all acknowledged and no
   refused frames. */
static void check_what_is_there(struct life *life)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read;
  int is_there[FRAMES_MAX] = {0};
  uint64_t next = 0;
  assert_ok(hs_journal_reader_open(life->io, DIRECTORY, NULL, &reader, &life->err));
  assert_ok(hs_journal_reader_next(reader, &read, &life->err));
  while (hs_journal_reader_next(reader, &read, &life->err) == HS_OK) {
    uint64_t number = number_of(&read);
    assert_true(number >= next && number < life->submitted);
    assert_true(is_numbered(&read, number));
    is_there[number] = 1;
    next = number + 1;
  }
  hs_journal_reader_close(reader);
  for (uint64_t number = 0; number < life->submitted; number++) {
    assert_true(life->fates[number] != FATE_ACKNOWLEDGED || is_there[number]);
    assert_true(life->fates[number] != FATE_REFUSED || !is_there[number]);
  }
}

static void reopen_and_check(struct life *life)
{
  if (hs_journal_open(life->io, DIRECTORY, &OPTIONS, &life->journal, &life->err) != HS_OK)
    fail_msg("%s", life->err.text);
  check_what_is_there(life);
  life->is_dead = 0;
  commit_some(life, 3);
  assert_int_equal(life->fates[life->submitted - 1], FATE_ACKNOWLEDGED);
  check_what_is_there(life);
  hs_journal_close(life->journal);
}

/* Gives the number of disk calls of the life. */
static uint64_t check_fault(uint64_t seed, uint64_t call, enum hs_status fault, int with_crash)
{
  struct life life = {0};
  struct hs_sim_options options = {.seed = seed};
  assert_ok(hs_sim_open(&options, &life.sim, &life.err));
  life.io = hs_sim_io(life.sim);
  hs_sim_fail_at(life.sim, call, fault);
  live(&life);
  uint64_t call_count = hs_sim_disk_call_count(life.sim);
  hs_sim_set_faults(life.sim, &options);
  if (with_crash)
    hs_sim_crash(life.sim, HS_CRASH_RANDOM);
  if (call < call_count)
    reopen_and_check(&life);
  hs_sim_close(life.sim);
  return call_count;
}

static void every_call_may_fail_once([[maybe_unused]] void **state)
{
  assert_true(fail_every_call(check_fault) >= 63);
}

static void syncs_fail_by_chance([[maybe_unused]] void **state)
{
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t dead_count = 0;
  for (uint64_t i = 0; i < 500; i++) {
    struct life life = {0};
    struct hs_sim_options options = {.seed = seed + i};
    assert_ok(hs_sim_open(&options, &life.sim, &life.err));
    life.io = hs_sim_io(life.sim);
    options.sync_error_ppm = 60000;
    options.short_write_ppm = 100000;
    hs_sim_set_faults(life.sim, &options);
    live(&life);
    dead_count += (uint64_t)life.is_dead;
    options.sync_error_ppm = 0;
    hs_sim_set_faults(life.sim, &options);
    if (i % 2 == 0) { /* the program is started again: its pages are still in the cache */
      reopen_and_check(&life);
      hs_sim_crash(life.sim, HS_CRASH_LOSE_ALL);
    } else {
      hs_sim_crash(life.sim, HS_CRASH_RANDOM);
    }
    reopen_and_check(&life);
    hs_sim_close(life.sim);
  }
  print_message("%llu of 500 journals died\n", (unsigned long long)dead_count);
  assert_true(dead_count > 100);
}

/* A wire in front of the simulated disk: once armed, the write that would bring the bytes written
   beyond the budget stops there, and the next one fails with `then`, or goes on when that is HS_OK.
   There is one for the program, as the functions of the table know only the machine. */
enum wire_state { WIRE_OFF, WIRE_ARMED, WIRE_TRIPPED };

static struct {
  const struct hs_io *inner;
  uint64_t budget;
  enum hs_status then;
  enum wire_state state;
} wire;

static enum hs_status write_over_wire(void *self, hs_file file, const void *data, size_t bytes,
                                      uint64_t offset, size_t *done, struct hs_err *err)
{
  if (wire.state == WIRE_ARMED && bytes > wire.budget) {
    wire.state = WIRE_TRIPPED;
    if (wire.budget > 0)
      return wire.inner->write_at(self, file, data, (size_t)wire.budget, offset, done, err);
  }
  if (wire.state == WIRE_TRIPPED) {
    wire.state = WIRE_OFF;
    if (wire.then != HS_OK)
      return hs_fail(err, wire.then, "the device refuses to write");
  }
  return wire.inner->write_at(self, file, data, bytes, offset, done, err);
}

/* Gives 0 once the budget is beyond what the commit writes. */
static int check_short_write(uint64_t budget, enum hs_status then, int with_crash)
{
  struct life life = {0};
  struct hs_sim_options options = {.seed = budget};
  assert_ok(hs_sim_open(&options, &life.sim, &life.err));
  wire.inner = hs_sim_io(life.sim);
  wire.state = WIRE_OFF;
  struct hs_io with_wire = *wire.inner;
  with_wire.write_at = write_over_wire;
  life.io = &with_wire;
  assert_ok(hs_journal_open(life.io, DIRECTORY, &OPTIONS, &life.journal, &life.err));
  commit_some(&life, 2);
  wire.budget = budget;
  wire.then = then;
  wire.state = WIRE_ARMED;
  commit_some(&life, 5);
  int was_tripped = wire.state != WIRE_ARMED;
  wire.state = WIRE_OFF;
  assert_false(life.is_dead);
  assert_int_equal(life.refused_count, was_tripped && then != HS_OK);
  if (budget % 2 == 0)
    commit_some(&life, 2);
  hs_journal_close(life.journal);
  if (with_crash)
    hs_sim_crash(life.sim, HS_CRASH_RANDOM);
  reopen_and_check(&life);
  hs_sim_close(life.sim);
  return was_tripped;
}

static void writes_may_be_short_at_every_byte([[maybe_unused]] void **state)
{
  static const enum hs_status THEN[] = {HS_OK, HS_IO, HS_FULL};
  uint64_t case_count = 0;
  for (size_t i = 0; i < sizeof THEN / sizeof *THEN; i++)
    for (uint64_t budget = 0; check_short_write(budget, THEN[i], 0); budget++, case_count++)
      (void)check_short_write(budget, THEN[i], 1);
  print_message("%llu short writes, each with and without a crash after it\n",
                (unsigned long long)case_count);
  assert_true(case_count > 500);
}

/* The disk is full, for good, until somebody makes room. */
static void a_full_disk_is_told_and_survived([[maybe_unused]] void **state)
{
  struct life life = {0};
  struct hs_sim_options options = {.seed = 1, .disk_bytes = 16384};
  assert_ok(hs_sim_open(&options, &life.sim, &life.err));
  life.io = hs_sim_io(life.sim);
  assert_ok(hs_journal_open(life.io, DIRECTORY, &OPTIONS, &life.journal, &life.err));
  while (life.refused_count == 0)
    commit_some(&life, 3);
  commit_some(&life, 3);
  assert_int_equal(life.refused_count, 2);
  assert_false(life.is_dead);
  options.disk_bytes = 0;
  hs_sim_set_faults(life.sim, &options);
  commit_some(&life, 3);
  assert_int_equal(life.fates[life.submitted - 1], FATE_ACKNOWLEDGED);
  hs_journal_close(life.journal);
  hs_sim_crash(life.sim, HS_CRASH_RANDOM);
  reopen_and_check(&life);
  hs_sim_close(life.sim);
}

/* Gives 0 once the call is beyond what the commit does. */
static int check_telling(uint64_t seed, uint64_t call, int *untold_count)
{
  struct life life = {0};
  struct hs_journal_reader *reader = NULL;
  struct hs_sim_options options = {.seed = seed};
  assert_ok(hs_sim_open(&options, &life.sim, &life.err));
  life.io = hs_sim_io(life.sim);
  assert_ok(hs_journal_open(life.io, DIRECTORY, &OPTIONS, &life.journal, &life.err));
  commit_some(&life, 2);
  uint64_t until = hs_sim_disk_call_count(life.sim) + call;
  hs_sim_fail_at(life.sim, call, HS_IO);
  commit_some(&life, 1);
  int was_reached = hs_sim_disk_call_count(life.sim) > until;
  hs_sim_fail_at(life.sim, UINT64_MAX, HS_OK);
  *untold_count += hs_journal_reader_open(life.io, DIRECTORY, NULL, &reader, NULL) != HS_OK;
  hs_journal_reader_close(reader);
  assert_ok(hs_journal_tell_readers(life.journal, &life.err));
  check_what_is_there(&life);
  hs_journal_close(life.journal);
  hs_sim_close(life.sim);
  return was_reached;
}

static void readers_are_told_again_of_what_they_were_not([[maybe_unused]] void **state)
{
  uint64_t seed = test_number("HANSA_SEED", 1);
  int untold_count = 0;
  for (uint64_t i = 0; i < 20; i++)
    for (uint64_t call = 0; check_telling(seed + i, call, &untold_count); call++) {
    }
  print_message("%d torn watermarks\n", untold_count);
  assert_true(untold_count > 0);
}

int main(void)
{
  hs_log_set(HS_LOG_ERROR, hs_io_real(), NULL, NULL); /* warnings are what is provoked here */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_call_may_fail_once),
      cmocka_unit_test(syncs_fail_by_chance),
      cmocka_unit_test(writes_may_be_short_at_every_byte),
      cmocka_unit_test(a_full_disk_is_told_and_survived),
      cmocka_unit_test(readers_are_told_again_of_what_they_were_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
