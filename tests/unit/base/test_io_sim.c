/* Proves what the simulated machine adds to the contract of base/io.h: what crashes leave, faults,
   full disks, traces and their replay. Its ordinary behaviour is proved by ports/test_io.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/io_sim.h"

#define SECTOR ((size_t)512)

static struct hs_sim *open_sim(const struct hs_sim_options *options)
{
  struct hs_sim *sim = NULL;
  assert_int_equal(hs_sim_open(options, &sim, NULL), HS_OK);
  return sim;
}

static struct hs_sim *open_plain(uint64_t seed)
{
  return open_sim(&(struct hs_sim_options){.seed = seed});
}

static hs_file open_ok(const struct hs_io *io, const char *path, enum hs_open_mode mode)
{
  hs_file file = -1;
  assert_int_equal(io->open(io->self, path, mode, &file, NULL), HS_OK);
  return file;
}

/* A file whose name is durable. */
static hs_file make_named(const struct hs_io *io, const char *path)
{
  hs_file file = open_ok(io, path, HS_OPEN_CREATE);
  assert_int_equal(io->sync_directory(io->self, "/", NULL), HS_OK);
  return file;
}

static void write_ok(const struct hs_io *io, hs_file file, const void *data, size_t bytes,
                     uint64_t offset)
{
  assert_int_equal(hs_io_write_all(io, file, data, bytes, offset, NULL), HS_OK);
}

static void sync_ok(const struct hs_io *io, hs_file file)
{
  assert_int_equal(io->sync_data(io->self, file, NULL), HS_OK);
}

/* The whole of a file, or −1 when it does not exist. */
static int64_t slurp(const struct hs_io *io, const char *path, void *out, size_t room)
{
  hs_file file = -1;
  size_t filled = 0;
  size_t done = 1;
  if (io->open(io->self, path, HS_OPEN_READ, &file, NULL) != HS_OK)
    return -1;
  for (; filled < room && done > 0; filled += done)
    assert_int_equal(
        io->read_at(io->self, file, (char *)out + filled, room - filled, filled, &done, NULL),
        HS_OK);
  io->close(io->self, file);
  return (int64_t)filled;
}

static void assert_holds(const struct hs_io *io, const char *path, const char *text)
{
  char got[4096];
  assert_int_equal(slurp(io, path, got, sizeof got), strlen(text));
  assert_memory_equal(got, text, strlen(text));
}

static void what_was_synced_survives_every_crash([[maybe_unused]] void **state)
{
  for (int how = HS_CRASH_KEEP_ALL; how <= HS_CRASH_TORN_LAST; how++)
    for (uint64_t seed = 0; seed < 50; seed++) {
      struct hs_sim *sim = open_plain(seed);
      const struct hs_io *io = hs_sim_io(sim);
      hs_file file = make_named(io, "a");
      write_ok(io, file, "durable", 7, 0);
      sync_ok(io, file);
      hs_sim_crash(sim, (enum hs_crash)how);
      assert_holds(io, "a", "durable");
      hs_sim_close(sim);
    }
}

static void what_was_not_synced_obeys_the_kind_of_crash([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_plain(1);
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = make_named(io, "a");
  write_ok(io, file, "old", 3, 0);
  sync_ok(io, file);
  write_ok(io, file, "newer", 5, 0);
  hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
  assert_holds(io, "a", "old");
  file = open_ok(io, "a", HS_OPEN_WRITE);
  write_ok(io, file, "newer", 5, 0);
  hs_sim_crash(sim, HS_CRASH_KEEP_ALL);
  assert_holds(io, "a", "newer");
  hs_sim_close(sim);
}

static void a_name_is_durable_by_its_directory_alone([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_plain(1);
  const struct hs_io *io = hs_sim_io(sim);
  char got[8];
  hs_file file = open_ok(io, "a", HS_OPEN_CREATE);
  write_ok(io, file, "x", 1, 0);
  sync_ok(io, file);
  hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
  assert_int_equal(slurp(io, "a", got, sizeof got), -1);

  /* A directory's entries do not help as long as nobody knows the directory. */
  assert_int_equal(io->make_directory(io->self, "d", NULL), HS_OK);
  io->close(io->self, open_ok(io, "d/b", HS_OPEN_CREATE));
  assert_int_equal(io->sync_directory(io->self, "d", NULL), HS_OK);
  hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, "d", &info, NULL), HS_NOT_FOUND);

  /* And a removal comes back. */
  io->close(io->self, make_named(io, "c"));
  assert_int_equal(io->remove(io->self, "c", NULL), HS_OK);
  hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
  assert_int_equal(slurp(io, "c", got, sizeof got), 0);
  hs_sim_close(sim);
}

/* Which version (1, 2, 3; 0: zeros) a sector stands at, or −1 when it is a mixture. */
static int version_of(const unsigned char *sector)
{
  for (size_t i = 1; i < SECTOR; i++)
    if (sector[i] != sector[0])
      return -1;
  return sector[0] <= 3 ? sector[0] : -1;
}

static void the_directory_above_a_path_is_found_however_it_is_written([[maybe_unused]] void **state)
{
  static const char *const PATHS[] = {"made", "made/", "/made", "//made//"};
  for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
    struct hs_sim *sim = open_plain(1);
    const struct hs_io *io = hs_sim_io(sim);
    struct hs_file_info info;
    assert_int_equal(io->make_directory(io->self, PATHS[i], NULL), HS_OK);
    assert_int_equal(hs_io_sync_parent(io, PATHS[i], NULL), HS_OK);
    hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
    assert_int_equal(io->info(io->self, "made", &info, NULL), HS_OK);
    assert_int_equal(io->make_directory(io->self, "made/below", NULL), HS_OK);
    assert_int_equal(hs_io_sync_parent(io, "made//below/", NULL), HS_OK);
    hs_sim_crash(sim, HS_CRASH_LOSE_ALL);
    assert_int_equal(io->info(io->self, "made/below", &info, NULL), HS_OK);
    hs_sim_close(sim);
  }
}

static void a_random_crash_leaves_each_sector_at_one_of_its_versions([[maybe_unused]] void **state)
{
  enum { SECTORS = 16, SEEDS = 400 };
  int seen[4] = {0};
  int out_of_order = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct hs_sim *sim = open_plain(seed);
    const struct hs_io *io = hs_sim_io(sim);
    hs_file file = make_named(io, "a");
    assert_int_equal(io->allocate(io->self, file, SECTORS * SECTOR, NULL), HS_OK);
    sync_ok(io, file);
    unsigned char data[SECTORS * SECTOR];
    for (int version = 1; version <= 3; version++) {
      memset(data, version, sizeof data);
      write_ok(io, file, data, sizeof data, 0);
    }
    hs_sim_crash(sim, HS_CRASH_RANDOM);
    assert_int_equal(slurp(io, "a", data, sizeof data), sizeof data);
    for (size_t i = 0; i < SECTORS; i++) {
      int version = version_of(data + i * SECTOR);
      assert_in_range(version, 0, 3);
      seen[version]++;
      out_of_order += i > 0 && version > version_of(data + (i - 1) * SECTOR);
    }
    hs_sim_close(sim);
  }
  for (int version = 0; version <= 3; version++)
    assert_true(seen[version] > SEEDS / 10);
  assert_true(out_of_order > SEEDS / 10);
}

static void a_file_never_shows_what_lay_behind_its_lost_end([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < 300; seed++) {
    struct hs_sim *sim = open_plain(seed);
    const struct hs_io *io = hs_sim_io(sim);
    hs_file file = make_named(io, "a");
    unsigned char data[4 * SECTOR];
    memset(data, 1, sizeof data);
    write_ok(io, file, data, sizeof data, 0);
    hs_sim_crash(sim, HS_CRASH_RANDOM);
    int64_t size = slurp(io, "a", data, sizeof data);
    file = open_ok(io, "a", HS_OPEN_WRITE);
    assert_int_equal(io->truncate(io->self, file, sizeof data, NULL), HS_OK);
    assert_int_equal(slurp(io, "a", data, sizeof data), sizeof data);
    for (size_t i = (size_t)size; i < sizeof data; i++)
      assert_int_equal(data[i], 0);
    hs_sim_close(sim);
  }
}

static void
a_torn_write_is_cut_at_a_sector_and_the_earlier_ones_stand([[maybe_unused]] void **state)
{
  int seen[4] = {0};
  for (uint64_t seed = 0; seed < 200; seed++) {
    struct hs_sim *sim = open_plain(seed);
    const struct hs_io *io = hs_sim_io(sim);
    hs_file file = make_named(io, "a");
    unsigned char data[4 * SECTOR];
    memset(data, 1, sizeof data);
    write_ok(io, file, data, 100, 0);
    memset(data, 2, sizeof data);
    write_ok(io, file, data, 3 * SECTOR, 100);
    hs_sim_crash(sim, HS_CRASH_TORN_LAST);
    size_t size = (size_t)slurp(io, "a", data, sizeof data);
    assert_true(size == 100 || (size % SECTOR == 0 && size <= 3 * SECTOR));
    for (size_t i = 0; i < size; i++)
      assert_int_equal(data[i], i < 100 ? 1 : 2);
    seen[size / SECTOR]++;
    hs_sim_close(sim);
  }
  for (size_t i = 0; i < 4; i++)
    assert_true(seen[i] > 0);
}

static void a_failed_sync_loses_pages_that_reads_still_show([[maybe_unused]] void **state)
{
  int lost = 0;
  for (uint64_t seed = 0; seed < 100; seed++) {
    struct hs_sim *sim = open_plain(seed);
    const struct hs_io *io = hs_sim_io(sim);
    hs_file file = make_named(io, "a");
    write_ok(io, file, "old", 3, 0);
    sync_ok(io, file);
    write_ok(io, file, "new", 3, 0);
    hs_sim_fail_at(sim, 0, HS_IO);
    assert_int_equal(io->sync_data(io->self, file, NULL), HS_IO);
    assert_holds(io, "a", "new");
    sync_ok(io, file); /* succeeds, and writes nothing: the pages are clean */
    hs_sim_crash(sim, HS_CRASH_KEEP_ALL);
    char got[8];
    assert_int_equal(slurp(io, "a", got, sizeof got), 3);
    assert_true(memcmp(got, "old", 3) == 0 || memcmp(got, "new", 3) == 0);
    lost += memcmp(got, "old", 3) == 0;
    hs_sim_close(sim);
  }
  assert_in_range(lost, 5, 95);
}

static void the_planned_call_fails_and_no_other([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_plain(1);
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = open_ok(io, "a", HS_OPEN_CREATE);
  size_t done = 0;
  uint64_t before = hs_sim_disk_call_count(sim);
  hs_sim_fail_at(sim, 1, HS_FULL);
  assert_int_equal(io->write_at(io->self, file, "a", 1, 0, &done, NULL), HS_OK);
  struct hs_err err = {0};
  assert_int_equal(io->write_at(io->self, file, "b", 1, 1, &done, &err), HS_FULL);
  assert_int_equal(err.status, HS_FULL);
  assert_int_equal(io->write_at(io->self, file, "c", 1, 2, &done, NULL), HS_OK);
  assert_int_equal(hs_sim_disk_call_count(sim) - before, 3);
  hs_sim_fail_at(sim, 0, HS_IO);
  hs_sim_fail_at(sim, UINT64_MAX, HS_IO);
  assert_int_equal(io->write_at(io->self, file, "d", 1, 3, &done, NULL), HS_OK);
  hs_sim_close(sim);
}

static void a_full_disk_takes_what_fits_and_says_so([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(&(struct hs_sim_options){.seed = 1, .disk_bytes = 1000});
  const struct hs_io *io = hs_sim_io(sim);
  hs_file first = open_ok(io, "a", HS_OPEN_CREATE);
  hs_file second = open_ok(io, "b", HS_OPEN_CREATE);
  char data[700] = {0};
  size_t done = 0;
  write_ok(io, first, data, 700, 0);
  assert_int_equal(io->write_at(io->self, second, data, 700, 0, &done, NULL), HS_OK);
  assert_int_equal(done, 300);
  assert_int_equal(io->write_at(io->self, second, data, 1, 300, &done, NULL), HS_FULL);
  assert_int_equal(io->write_at(io->self, second, data, 1, 0, &done, NULL), HS_OK);
  assert_int_equal(io->allocate(io->self, second, 301, NULL), HS_FULL);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, "b", &info, NULL), HS_OK);
  assert_int_equal(info.size_bytes, 300);
  /* Room comes back when the name and the last handle are gone. */
  assert_int_equal(io->remove(io->self, "a", NULL), HS_OK);
  assert_int_equal(io->allocate(io->self, second, 301, NULL), HS_FULL);
  io->close(io->self, first);
  assert_int_equal(io->allocate(io->self, second, 1000, NULL), HS_OK);
  hs_sim_close(sim);
}

static void short_reads_and_writes_are_finished_by_the_helpers([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(&(struct hs_sim_options){.seed = 3, .short_write_ppm = 900000});
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = open_ok(io, "a", HS_OPEN_CREATE);
  unsigned char data[5000];
  unsigned char back[5000];
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (unsigned char)(i * 7);
  uint64_t before = hs_sim_disk_call_count(sim);
  write_ok(io, file, data, sizeof data, 0);
  assert_true(hs_sim_disk_call_count(sim) - before > 2);
  assert_int_equal(hs_io_read_all(io, file, back, sizeof back, 0, NULL), HS_OK);
  assert_memory_equal(back, data, sizeof data);
  hs_sim_close(sim);
}

static void power_loss_ends_handles_locks_and_connections([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_plain(1);
  const struct hs_io *io = hs_sim_io(sim);
  hs_file before = make_named(io, "a");
  assert_int_equal(io->lock(io->self, before, NULL), HS_OK);
  hs_socket listener = -1;
  hs_socket socket = -1;
  assert_int_equal(io->listen(io->self, "unix:/run/s", &listener, NULL), HS_OK);
  assert_int_equal(io->connect(io->self, "unix:/run/s", 0, &socket, NULL), HS_OK);
  hs_sim_crash(sim, HS_CRASH_KEEP_ALL);
  hs_file after = open_ok(io, "a", HS_OPEN_WRITE);
  size_t done = 0;
  assert_int_not_equal(before, after);
  assert_int_equal(io->write_at(io->self, before, "x", 1, 0, &done, NULL), HS_IO);
  assert_int_equal(io->lock(io->self, after, NULL), HS_OK);
  io->close(io->self, before); /* of no effect on the new handle */
  assert_int_equal(io->write_at(io->self, after, "x", 1, 0, &done, NULL), HS_OK);
  assert_int_equal(io->send(io->self, socket, "x", 1, 0, &done, NULL), HS_IO);
  assert_int_equal(io->connect(io->self, "unix:/run/s", 0, &socket, NULL), HS_NOT_FOUND);
  hs_sim_close(sim);
}

static void a_dropped_connection_is_broken_at_both_ends([[maybe_unused]] void **state)
{
  struct hs_sim *sim =
      open_sim(&(struct hs_sim_options){.seed = 1, .connection_drop_ppm = 1000000});
  const struct hs_io *io = hs_sim_io(sim);
  hs_socket listener = -1;
  hs_socket near = -1;
  hs_socket far = -1;
  size_t done = 0;
  char byte = 0;
  assert_int_equal(io->listen(io->self, "tcp:127.0.0.1:80", &listener, NULL), HS_OK);
  assert_int_equal(io->connect(io->self, "tcp:127.0.0.1:80", 0, &near, NULL), HS_OK);
  assert_int_equal(io->accept(io->self, listener, 0, &far, NULL), HS_OK);
  assert_int_equal(io->send(io->self, near, "x", 1, 0, &done, NULL), HS_IO);
  hs_sim_set_faults(sim, &(struct hs_sim_options){0});
  assert_int_equal(io->receive(io->self, far, &byte, 1, 0, &done, NULL), HS_IO);
  hs_sim_close(sim);
}

/* A run of many calls under every fault; its outcome as one number. */
static uint64_t outcome(uint64_t seed)
{
  struct hs_sim *sim = open_sim(&(struct hs_sim_options){.seed = seed,
                                                         .disk_bytes = 20000,
                                                         .short_write_ppm = 200000,
                                                         .error_ppm = 50000,
                                                         .sync_error_ppm = 100000,
                                                         .latency_us = 500});
  const struct hs_io *io = hs_sim_io(sim);
  uint64_t hash = 14695981039346656037U;
  for (int round = 0; round < 200; round++) {
    unsigned char data[1000];
    hs_file file = -1;
    size_t done = 0;
    io->fill_random(io->self, data, sizeof data);
    uint64_t status = (uint64_t)io->open(io->self, "a", HS_OPEN_CREATE, &file, NULL);
    status = status * 31 + (uint64_t)io->write_at(io->self, file, data, sizeof data,
                                                  (uint64_t)data[0] * 100, &done, NULL);
    status = status * 31 + (uint64_t)io->sync_data(io->self, file, NULL);
    if (data[1] < 20)
      hs_sim_crash(sim, (enum hs_crash)(data[2] % 4));
    status = status * 31 + (uint64_t)hs_io_replace_file(io, "b", data, sizeof data, NULL);
    status = status * 31 + (uint64_t)io->read_at(io->self, file, data, sizeof data, 0, &done, NULL);
    hash = (hash ^ status ^ done ^ data[0] ^ (uint64_t)io->now_us(io->self)) * 1099511628211U;
    io->close(io->self, file);
  }
  hs_sim_close(sim);
  return hash;
}

static void one_seed_is_one_run([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < 20; seed++) {
    assert_int_equal(outcome(seed), outcome(seed));
    assert_int_not_equal(outcome(seed), outcome(seed + 1));
  }
}

static void the_clock_moves_by_sleep_latency_and_hand([[maybe_unused]] void **state)
{
  struct hs_sim *sim =
      open_sim(&(struct hs_sim_options){.seed = 1, .start_us = 5, .latency_us = 9});
  const struct hs_io *io = hs_sim_io(sim);
  assert_int_equal(io->now_us(io->self), 5);
  io->sleep_us(io->self, 10);
  hs_sim_advance(sim, 100);
  assert_int_equal(io->now_us(io->self), 115);
  assert_int_equal(io->monotonic_us(io->self), 110);
  for (int i = 0; i < 100; i++)
    io->close(io->self, open_ok(io, "a", HS_OPEN_CREATE));
  assert_in_range(io->now_us(io->self), 116, 115 + 900);
  hs_sim_close(sim);
}

/* Two replacements of a file that stands there durably. */
static struct hs_sim *traced_replacements(enum hs_status (*replace)(
    const struct hs_io *io, const char *path, const void *data, size_t bytes, struct hs_err *err))
{
  struct hs_sim *sim = open_plain(1);
  const struct hs_io *io = hs_sim_io(sim);
  assert_int_equal(io->make_directory(io->self, "d", NULL), HS_OK);
  assert_int_equal(io->sync_directory(io->self, "/", NULL), HS_OK);
  assert_int_equal(hs_io_replace_file(io, "d/a", "zero", 4, NULL), HS_OK);
  hs_sim_trace(sim, 1);
  assert_int_equal(replace(io, "d/a", "one", 3, NULL), HS_OK);
  assert_int_equal(replace(io, "d/a", "number two", 10, NULL), HS_OK);
  return sim;
}

/* How many crashes, of every prefix in every way, left something else than one of the contents. */
static int count_broken(const struct hs_sim *traced, uint64_t seeds)
{
  int broken = 0;
  for (uint64_t prefix = 0; prefix <= hs_sim_trace_count(traced); prefix++)
    for (int how = HS_CRASH_KEEP_ALL; how <= HS_CRASH_TORN_LAST; how++)
      for (uint64_t seed = 0; seed < seeds; seed++) {
        struct hs_sim *after = NULL;
        assert_int_equal(hs_sim_replay(traced, prefix, seed, (enum hs_crash)how, &after, NULL),
                         HS_OK);
        char got[16] = "";
        int64_t size = slurp(hs_sim_io(after), "d/a", got, sizeof got - 1);
        broken +=
            !((size == 4 && strcmp(got, "zero") == 0) || (size == 3 && strcmp(got, "one") == 0) ||
              (size == 10 && strcmp(got, "number two") == 0));
        hs_sim_close(after);
      }
  return broken;
}

static void a_replaced_file_is_old_or_new_after_any_crash([[maybe_unused]] void **state)
{
  struct hs_sim *sim = traced_replacements(hs_io_replace_file);
  assert_int_equal(count_broken(sim, 100), 0);
  char got[16];
  struct hs_sim *after = NULL;
  assert_int_equal(hs_sim_replay(sim, hs_sim_trace_count(sim), 1, HS_CRASH_LOSE_ALL, &after, NULL),
                   HS_OK);
  assert_int_equal(slurp(hs_sim_io(after), "d/a", got, sizeof got), 10);
  hs_sim_close(after);
  hs_sim_close(sim);
}

/* What programs do that lose files: rename before the bytes are safe. */
static enum hs_status replace_without_sync(const struct hs_io *io, const char *path,
                                           const void *data, size_t bytes, struct hs_err *err)
{
  hs_file file = open_ok(io, "d/new", HS_OPEN_CREATE);
  write_ok(io, file, data, bytes, 0);
  io->close(io->self, file);
  assert_int_equal(io->rename(io->self, "d/new", path, err), HS_OK);
  return io->sync_directory(io->self, "d", err);
}

static void a_careless_replacement_is_found_out([[maybe_unused]] void **state)
{
  struct hs_sim *sim = traced_replacements(replace_without_sync);
  assert_true(count_broken(sim, 20) > 0);
  hs_sim_close(sim);
}

static void a_replay_of_everything_is_the_machine_itself([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_plain(9);
  const struct hs_io *io = hs_sim_io(sim);
  hs_file file = make_named(io, "a");
  write_ok(io, file, "before the trace", 16, 0);
  hs_sim_trace(sim, 1);
  write_ok(io, file, "BEFORE", 6, 0);
  assert_int_equal(hs_sim_trace_count(sim), 1);
  hs_sim_fail_at(sim, 0, HS_IO);
  assert_int_equal(io->sync_data(io->self, file, NULL), HS_IO);
  write_ok(io, file, "TRACE", 5, 11);
  hs_sim_crash(sim, HS_CRASH_RANDOM);
  file = open_ok(io, "b", HS_OPEN_CREATE);
  write_ok(io, file, "after", 5, 0);
  char expected[32] = "";
  char got[32] = "";
  int64_t size = slurp(io, "a", expected, sizeof expected);
  struct hs_sim *after = NULL;
  assert_int_equal(hs_sim_replay(sim, hs_sim_trace_count(sim), 7, HS_CRASH_KEEP_ALL, &after, NULL),
                   HS_OK);
  assert_int_equal(slurp(hs_sim_io(after), "a", got, sizeof got), size);
  assert_string_equal(got, expected);
  assert_holds(hs_sim_io(after), "b", "after");
  hs_sim_close(after);
  assert_int_equal(hs_sim_replay(sim, 0, 7, HS_CRASH_KEEP_ALL, &after, NULL), HS_OK);
  assert_holds(hs_sim_io(after), "a", "before the trace");
  assert_int_equal(slurp(hs_sim_io(after), "b", got, sizeof got), -1);
  hs_sim_close(after);
  hs_sim_close(sim);
}

static void a_rename_between_directories_is_never_half_done([[maybe_unused]] void **state)
{
  int moved = 0;
  for (uint64_t seed = 0; seed < 200; seed++) {
    struct hs_sim *sim = open_plain(seed);
    const struct hs_io *io = hs_sim_io(sim);
    assert_int_equal(io->make_directory(io->self, "x", NULL), HS_OK);
    assert_int_equal(io->make_directory(io->self, "y", NULL), HS_OK);
    assert_int_equal(io->sync_directory(io->self, "/", NULL), HS_OK);
    io->close(io->self, open_ok(io, "x/a", HS_OPEN_CREATE));
    assert_int_equal(io->sync_directory(io->self, "x", NULL), HS_OK);
    assert_int_equal(io->rename(io->self, "x/a", "y/a", NULL), HS_OK);
    if (seed % 2 == 1)
      assert_int_equal(io->sync_directory(io->self, seed % 4 == 1 ? "x" : "y", NULL), HS_OK);
    hs_sim_crash(sim, HS_CRASH_RANDOM);
    char got[4];
    int at_old = slurp(io, "x/a", got, sizeof got) == 0;
    int at_new = slurp(io, "y/a", got, sizeof got) == 0;
    assert_int_equal(at_old + at_new, 1);
    assert_true(seed % 2 == 0 || at_new);
    moved += at_new;
    hs_sim_close(sim);
  }
  assert_in_range(moved, 105, 195);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_synced_survives_every_crash),
      cmocka_unit_test(what_was_not_synced_obeys_the_kind_of_crash),
      cmocka_unit_test(a_name_is_durable_by_its_directory_alone),
      cmocka_unit_test(the_directory_above_a_path_is_found_however_it_is_written),
      cmocka_unit_test(a_random_crash_leaves_each_sector_at_one_of_its_versions),
      cmocka_unit_test(a_file_never_shows_what_lay_behind_its_lost_end),
      cmocka_unit_test(a_torn_write_is_cut_at_a_sector_and_the_earlier_ones_stand),
      cmocka_unit_test(a_failed_sync_loses_pages_that_reads_still_show),
      cmocka_unit_test(the_planned_call_fails_and_no_other),
      cmocka_unit_test(a_full_disk_takes_what_fits_and_says_so),
      cmocka_unit_test(short_reads_and_writes_are_finished_by_the_helpers),
      cmocka_unit_test(power_loss_ends_handles_locks_and_connections),
      cmocka_unit_test(a_dropped_connection_is_broken_at_both_ends),
      cmocka_unit_test(one_seed_is_one_run),
      cmocka_unit_test(the_clock_moves_by_sleep_latency_and_hand),
      cmocka_unit_test(a_replaced_file_is_old_or_new_after_any_crash),
      cmocka_unit_test(a_careless_replacement_is_found_out),
      cmocka_unit_test(a_replay_of_everything_is_the_machine_itself),
      cmocka_unit_test(a_rename_between_directories_is_never_half_done),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
