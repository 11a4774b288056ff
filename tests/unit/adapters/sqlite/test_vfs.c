/* Proves what the book alone does not ask of the VFS: both kinds of journal through every crash,
   connections that exclude each other, temporary files that leave nothing behind, the clock of the
   machine, and SQLite's codes for what a device answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "adapters/sqlite/vfs.h"
#include "base/io_sim.h"
#include "base/time.h"

#define START_US (INT64_C(1782864000) * HS_SECOND_US) /* 2026-07-01 */

struct machine {
  struct hs_sim *sim;
  const struct hs_io *io;
  struct hs_sqlite_vfs *vfs;
};

static void take(struct machine *machine, struct hs_sim *sim)
{
  *machine = (struct machine){.sim = sim, .io = hs_sim_io(sim)};
  assert_int_equal(hs_sqlite_vfs_open(machine->io, &machine->vfs, NULL), HS_OK);
}

static void begin(struct machine *machine, const struct hs_sim_options *options)
{
  struct hs_sim *sim = NULL;
  assert_int_equal(hs_sim_open(options, &sim, NULL), HS_OK);
  take(machine, sim);
}

static void end(struct machine *machine)
{
  hs_sqlite_vfs_close(machine->vfs);
  hs_sim_close(machine->sim);
}

static sqlite3 *connect(const struct machine *machine)
{
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open_v2("a.db", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   hs_sqlite_vfs_name(machine->vfs)),
                   SQLITE_OK);
  return db;
}

static int run(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL); }

/* The first cell, or -1 when there is none. */
static int64_t ask(sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int64_t answer = -1;
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  if (sqlite3_step(statement) == SQLITE_ROW)
    answer = sqlite3_column_int64(statement, 0);
  (void)sqlite3_finalize(statement);
  return answer;
}

static int is_sound(sqlite3 *db)
{
  return ask(db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1;
}

/* ---- crashes ---- */

#define CHANGES 4

/* Each change is one transaction over many pages, and counts itself. */
static void change(sqlite3 *db, int number)
{
  char sql[256];
  (void)snprintf(sql, sizeof sql,
                 "BEGIN; UPDATE pages SET text = hex(zeroblob(400)) || '%d';"
                 "UPDATE counter SET changes = %d; COMMIT;",
                 number, number);
  assert_int_equal(run(db, sql), SQLITE_OK);
}

static const char SETUP[] =
    "CREATE TABLE counter (changes); INSERT INTO counter VALUES (0); CREATE TABLE pages (text);"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
    "INSERT INTO pages SELECT hex(zeroblob(400)) || '0' FROM n;";

static void check_crash(const struct machine *machine, uint64_t trace_count, int promised,
                        enum hs_crash how)
{
  struct machine after;
  struct hs_sim *sim = NULL;
  assert_int_equal(hs_sim_replay(machine->sim, trace_count, trace_count * 7 + how, how, &sim, NULL),
                   HS_OK);
  take(&after, sim);
  sqlite3 *db = connect(&after);
  int64_t changes = ask(db, "SELECT changes FROM counter");
  assert_true(changes == promised || changes == promised + 1);
  assert_int_equal(ask(db, "SELECT count(DISTINCT text) FROM pages"), 1); /* of one change */
  assert_int_equal(ask(db, "SELECT substr(text, -1) FROM pages"), changes);
  assert_true(is_sound(db));
  sqlite3_close(db);
  end(&after);
}

/* FULL, one step below EXTRA, does not sync the directory once a rollback journal is deleted, so a
   journal that comes back may undo the last transaction. With a write-ahead log they are the same.
 */
static void check_crashes_of(const char *journal_mode)
{
  struct machine machine;
  uint64_t until[CHANGES + 1];
  char sql[64];
  begin(&machine, &(struct hs_sim_options){.seed = 1, .short_write_ppm = 100000});
  sqlite3 *db = connect(&machine);
  (void)snprintf(sql, sizeof sql, "PRAGMA journal_mode=%s; PRAGMA synchronous=EXTRA", journal_mode);
  assert_int_equal(run(db, sql), SQLITE_OK);
  assert_int_equal(run(db, SETUP), SQLITE_OK);
  hs_sim_trace(machine.sim, 1);
  /* The trace begins from what stands there: another connection's checkpoint has made it durable.
   */
  for (int i = 0; i < CHANGES; i++) {
    until[i] = hs_sim_trace_count(machine.sim);
    change(db, i + 1);
  }
  until[CHANGES] = hs_sim_trace_count(machine.sim);
  sqlite3_close(db);
  int promised = 0;
  for (uint64_t cut = 0; cut <= hs_sim_trace_count(machine.sim); cut++) {
    while (promised < CHANGES && until[promised + 1] <= cut)
      promised++;
    for (enum hs_crash how = HS_CRASH_KEEP_ALL; how <= HS_CRASH_TORN_LAST; how++)
      check_crash(&machine, cut, promised, how);
  }
  end(&machine);
}

static void a_crash_leaves_whole_transactions_in_rollback_mode([[maybe_unused]] void **state)
{
  check_crashes_of("DELETE");
}

static void a_crash_leaves_whole_transactions_in_wal_mode([[maybe_unused]] void **state)
{
  check_crashes_of("WAL");
}

/* ---- two connections ---- */

static void connections_exclude_each_other_in_rollback_mode([[maybe_unused]] void **state)
{
  struct machine machine;
  begin(&machine, &(struct hs_sim_options){.seed = 1});
  sqlite3 *one = connect(&machine);
  sqlite3 *two = connect(&machine);
  assert_int_equal(run(one, SETUP), SQLITE_OK);
  assert_int_equal(run(two, "BEGIN; SELECT * FROM counter"), SQLITE_OK);
  assert_int_equal(run(one, "BEGIN IMMEDIATE; UPDATE counter SET changes = 1"), SQLITE_OK);
  assert_int_equal(run(two, "UPDATE counter SET changes = 2"), SQLITE_BUSY); /* reserved */
  assert_int_equal(run(one, "COMMIT"), SQLITE_BUSY);                         /* two is reading */
  sqlite3 *three = connect(&machine);
  assert_int_equal(run(three, "SELECT * FROM counter"), SQLITE_BUSY); /* one waits for readers */
  assert_int_equal(run(two, "COMMIT"), SQLITE_OK);
  assert_int_equal(run(one, "COMMIT"), SQLITE_OK);
  assert_int_equal(ask(three, "SELECT changes FROM counter"), 1);
  sqlite3_close(three);
  sqlite3_close(two);
  sqlite3_close(one);
  end(&machine);
}

static void a_writer_in_wal_mode_waits_for_another_by_the_machines_clock([[maybe_unused]] void **s)
{
  struct machine machine;
  begin(&machine, &(struct hs_sim_options){.seed = 1, .start_us = START_US});
  sqlite3 *one = connect(&machine);
  sqlite3 *two = connect(&machine);
  assert_int_equal(run(one, "PRAGMA journal_mode=WAL"), SQLITE_OK);
  assert_int_equal(run(one, SETUP), SQLITE_OK);
  assert_int_equal(run(one, "BEGIN IMMEDIATE; UPDATE counter SET changes = 1"), SQLITE_OK);
  assert_int_equal(ask(two, "SELECT changes FROM counter"), 0);
  (void)sqlite3_busy_timeout(two, 2000);
  assert_int_equal(run(two, "BEGIN IMMEDIATE"), SQLITE_BUSY);
  int64_t waited_us = machine.io->now_us(machine.io->self) - START_US;
  assert_true(waited_us >= HS_SECOND_US && waited_us < 4 * HS_SECOND_US);
  assert_int_equal(run(one, "COMMIT"), SQLITE_OK);
  assert_int_equal(ask(two, "SELECT changes FROM counter"), 1);
  assert_int_equal(ask(two, "SELECT unixepoch('now')"), (START_US + waited_us) / HS_SECOND_US);
  sqlite3_close(two);
  sqlite3_close(one);
  end(&machine);
}

/* ---- files and codes ---- */

static enum hs_status count_name(void *context, [[maybe_unused]] const char *name,
                                 [[maybe_unused]] struct hs_err *err)
{
  ++*(int *)context;
  return HS_OK;
}

static int file_count(const struct machine *machine)
{
  int count = 0;
  assert_int_equal(machine->io->list(machine->io->self, "/", count_name, &count, NULL), HS_OK);
  return count;
}

static void temporary_files_leave_nothing_behind([[maybe_unused]] void **state)
{
  struct machine machine;
  begin(&machine, &(struct hs_sim_options){.seed = 1});
  sqlite3 *db = connect(&machine);
  assert_int_equal(run(db, SETUP), SQLITE_OK);
  assert_int_equal(file_count(&machine), 1);
  assert_int_equal(run(db,
                       "PRAGMA temp_store=FILE; PRAGMA temp.cache_size=10;"
                       "CREATE TEMP TABLE many AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
                       "SELECT i + 1 FROM n WHERE i < 5000) SELECT i, hex(zeroblob(100)) FROM n"),
                   SQLITE_OK);
  assert_true(file_count(&machine) > 1);
  assert_int_equal(ask(db, "SELECT sum(i) FROM many"), 5000 * 5001 / 2);
  sqlite3_close(db);
  assert_int_equal(file_count(&machine), 1);
  end(&machine);
}

static void a_device_is_quoted_in_sqlites_codes([[maybe_unused]] void **state)
{
  struct machine machine;
  struct hs_sim_options options = {.seed = 1};
  begin(&machine, &options);
  sqlite3 *db = connect(&machine);
  assert_int_equal(run(db, SETUP), SQLITE_OK);
  sqlite3_close(db);
  db = connect(&machine);
  options.error_ppm = 1000000;
  hs_sim_set_faults(machine.sim, &options);
  assert_int_equal(run(db, "SELECT * FROM counter") & 0xFF, SQLITE_IOERR);
  options = (struct hs_sim_options){.disk_bytes = 1};
  hs_sim_set_faults(machine.sim, &options);
  assert_int_equal(run(db, "UPDATE counter SET changes = 1"), SQLITE_FULL);
  options.disk_bytes = 0;
  hs_sim_set_faults(machine.sim, &options);
  assert_int_equal(run(db, "UPDATE counter SET changes = 1"), SQLITE_OK);
  sqlite3_close(db);
  assert_int_equal(machine.io->remove(machine.io->self, "a.db", NULL), HS_OK);
  assert_int_equal(
      sqlite3_open_v2("a.db", &db, SQLITE_OPEN_READWRITE, hs_sqlite_vfs_name(machine.vfs)),
      SQLITE_CANTOPEN);
  sqlite3_close(db);
  end(&machine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_crash_leaves_whole_transactions_in_rollback_mode),
      cmocka_unit_test(a_crash_leaves_whole_transactions_in_wal_mode),
      cmocka_unit_test(connections_exclude_each_other_in_rollback_mode),
      cmocka_unit_test(a_writer_in_wal_mode_waits_for_another_by_the_machines_clock),
      cmocka_unit_test(temporary_files_leave_nothing_behind),
      cmocka_unit_test(a_device_is_quoted_in_sqlites_codes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
