/* Proves what the book answers when the device does not: every disk call of a life fails once, with
   an error and with a full disk, with and without a crash behind it; syncs fail by chance. Always:
   what was acknowledged is there after the next opening; what was refused is not there as long as
   the book is open; the file is sound; the book goes on. And the two cases that this has to be
   built for: a commit behind a sync that failed in the life before, and neighbours in a commit
   that a full disk ends.

   HANSA_SEED is the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/sqlite.h"
#include "base/io_sim.h"
#include "support/book.h"
#include "support/journal.h"

#define BOOK "book.sqlite"
#define PARTIES_MAX 32

enum fate { FATE_NONE, FATE_ACKNOWLEDGED, FATE_REFUSED };

struct life {
  struct hs_sim *sim;
  const struct hs_io *io;
  struct hs_book book;
  enum fate fates[PARTIES_MAX]; /* by number */
  int is_there[PARTIES_MAX];
  size_t count;
  struct hs_err err;
};

static void begin(struct life *life, const struct hs_sim_options *options)
{
  *life = (struct life){0};
  assert_ok(hs_sim_open(options, &life->sim, &life->err));
  life->io = hs_sim_io(life->sim);
}

static struct hs_party party_named(char name[16], size_t number)
{
  struct hs_party party = {.enrolment = HS_STR("approved"), .created_at_us = 1};
  (void)snprintf(name, 16, "p-%02zu", number);
  (void)snprintf(party.id.text, sizeof party.id.text, "pty_%02zu", number);
  party.name = hs_str_of(name);
  return party;
}

static enum hs_status add_party(void *context, const struct hs_book_writer *writer,
                                struct hs_err *err)
{
  return writer->add_party(writer->self, context, err);
}

static enum hs_status add_next(struct life *life)
{
  char name[16];
  struct hs_party party = party_named(name, life->count);
  assert_true(life->count < PARTIES_MAX);
  enum hs_status status = life->book.write(life->book.self, add_party, &party, &life->err);
  if (status != HS_OK && status != HS_IO && status != HS_FULL)
    fail_msg("a write answered %s: %s", hs_status_code(status), life->err.text);
  life->fates[life->count++] = status == HS_OK ? FATE_ACKNOWLEDGED : FATE_REFUSED;
  return status;
}

static enum hs_status note_party(void *context, const struct hs_party *party,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct life *life = context;
  uint64_t number = 0;
  assert_true(hs_parse_u64((struct hs_str){party->name.data + 2, 2}, &number));
  assert_true(number < life->count);
  life->is_there[number] = 1;
  return HS_OK;
}

/* is_same_life: nothing that was refused may be there. */
static void check_what_was_read(struct life *life, int is_same_life)
{
  for (size_t i = 0; i < life->count; i++) {
    assert_true(life->fates[i] != FATE_ACKNOWLEDGED || life->is_there[i]);
    assert_true(life->fates[i] != FATE_REFUSED || !life->is_there[i] || !is_same_life);
    if (!is_same_life && life->is_there[i])
      life->fates[i] = FATE_ACKNOWLEDGED; /* we have read it: from here on it stays */
  }
}

static enum hs_status read_all(struct life *life)
{
  memset(life->is_there, 0, sizeof life->is_there);
  return life->book.parties(life->book.self, note_party, life, &life->err);
}

static enum hs_status open_book(struct life *life)
{
  return hs_sqlite_book_open(life->io, BOOK, &life->book, &life->err);
}

static void reopen(struct life *life)
{
  if (open_book(life) != HS_OK)
    fail_msg("%s", life->err.text);
  assert_ok(read_all(life));
  check_what_was_read(life, 0);
}

/* ---- one call fails ---- */

static void live(struct life *life)
{
  enum hs_status status = open_book(life);
  if (status != HS_OK) {
    assert_true(status == HS_IO || status == HS_FULL || status == HS_BUSY);
    return;
  }
  for (int i = 0; i < 6; i++)
    (void)add_next(life);
  if (read_all(life) == HS_OK) /* this may be what fails */
    check_what_was_read(life, 1);
  life->book.close(life->book.self);
}

/* Gives the number of disk calls of the life. */
static uint64_t check_fault(uint64_t seed, uint64_t call, enum hs_status fault, int with_crash)
{
  struct life life;
  struct hs_sim_options options = {.seed = seed};
  begin(&life, &options);
  hs_sim_fail_at(life.sim, call, fault);
  live(&life);
  uint64_t call_count = hs_sim_disk_call_count(life.sim);
  hs_sim_fail_at(life.sim, UINT64_MAX, HS_OK);
  if (with_crash)
    hs_sim_crash(life.sim, HS_CRASH_RANDOM);
  reopen(&life);
  assert_ok(add_next(&life));
  life.book.close(life.book.self);
  hs_sim_crash(life.sim, HS_CRASH_LOSE_ALL);
  reopen(&life);
  life.book.close(life.book.self);
  assert_book_is_sound(life.io, BOOK);
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
  uint64_t refused_count = 0;
  for (uint64_t i = 0; i < 300; i++) {
    struct life life;
    struct hs_sim_options options = {.seed = seed + i, .short_write_ppm = 100000};
    begin(&life, &options);
    reopen(&life);
    options.sync_error_ppm = 150000;
    hs_sim_set_faults(life.sim, &options);
    for (int j = 0; j < 8; j++)
      refused_count += add_next(&life) != HS_OK;
    assert_ok(read_all(&life));
    check_what_was_read(&life, 1);
    life.book.close(life.book.self);
    options.sync_error_ppm = 0;
    hs_sim_set_faults(life.sim, &options);
    reopen(&life);    /* the program is started again: its pages are still in the cache */
    if (i % 3 == 0) { /* and ended: its log is in the file, and gone */
      life.book.close(life.book.self);
      hs_sim_crash(life.sim, HS_CRASH_LOSE_ALL);
      reopen(&life);
    }
    assert_ok(add_next(&life));
    hs_sim_crash(life.sim, i % 2 == 0 ? HS_CRASH_LOSE_ALL : HS_CRASH_RANDOM);
    life.book.close(life.book.self); /* of handles that mean nothing any more */
    reopen(&life);
    life.book.close(life.book.self);
    assert_book_is_sound(life.io, BOOK);
    hs_sim_close(life.sim);
  }
  print_message("%llu writes refused\n", (unsigned long long)refused_count);
  assert_true(refused_count > 100);
}

/* ---- neighbours in one commit ---- */

#define LONG_BYTES                                                                                 \
  ((size_t)4 * 1024 * 1024) /* more than SQLite's cache, so that it has to write                   \
                             */

struct neighbour {
  struct life *life;
  struct hs_party party;
  char name[16];
  enum hs_status status;
  pthread_t thread;
  atomic_int *asking_count;
};

static void *write_as_neighbour(void *context)
{
  struct neighbour *self = context;
  atomic_fetch_add(self->asking_count, 1);
  self->status = self->life->book.write(self->life->book.self, add_party, &self->party, NULL);
  return NULL;
}

struct host {
  struct neighbour *neighbours;
  size_t count;
  atomic_int *asking_count;
};

/* Runs inside a commit: whoever asks now waits together for the next one. */
static enum hs_status invite(void *context, [[maybe_unused]] const struct hs_book_writer *writer,
                             [[maybe_unused]] struct hs_err *err)
{
  const struct host *host = context;
  const struct hs_io *io = hs_io_real();
  for (size_t i = 0; i < host->count; i++) {
    struct neighbour *neighbour = &host->neighbours[i];
    assert_int_equal(pthread_create(&neighbour->thread, NULL, write_as_neighbour, neighbour), 0);
    while (atomic_load(host->asking_count) <= (int)i)
      io->sleep_us(io->self, 1000);
    io->sleep_us(io->self, 20000); /* until it stands in the queue: in order, and before we end */
  }
  return HS_OK;
}

/* The second of three needs more room than there is. SQLite then gives up the whole transaction,
   and what the third does must not be committed by itself and called undone. */
static void a_full_disk_ends_the_whole_commit([[maybe_unused]] void **state)
{
  struct life life;
  struct hs_sim_options options = {.seed = 1, .disk_bytes = 1024 * 1024};
  struct neighbour neighbours[3] = {0};
  atomic_int asking_count = 0;
  struct host host = {neighbours, 3, &asking_count};
  begin(&life, &options);
  assert_ok(open_book(&life));
  char *title = calloc(1, LONG_BYTES);
  assert_non_null(title);
  memset(title, 'x', LONG_BYTES);
  for (size_t i = 0; i < host.count; i++) {
    neighbours[i] = (struct neighbour){.life = &life, .asking_count = &asking_count};
    neighbours[i].party = party_named(neighbours[i].name, i);
  }
  neighbours[1].party.title = (struct hs_str){title, LONG_BYTES};
  assert_ok(life.book.write(life.book.self, invite, &host, &life.err));
  for (size_t i = 0; i < host.count; i++) {
    pthread_join(neighbours[i].thread, NULL);
    life.fates[i] = neighbours[i].status == HS_OK ? FATE_ACKNOWLEDGED : FATE_REFUSED;
  }
  life.count = host.count;
  assert_int_equal(neighbours[1].status, HS_FULL);
  assert_ok(read_all(&life));
  check_what_was_read(&life, 1);
  assert_ok(add_next(&life));
  life.book.close(life.book.self);
  assert_book_is_sound(life.io, BOOK);
  free(title);
  hs_sim_close(life.sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_call_may_fail_once),
      cmocka_unit_test(syncs_fail_by_chance),
      cmocka_unit_test(a_full_disk_ends_the_whole_commit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
