/* Proves that the real and the simulated machine keep the same contract, base/io.h: one suite, run
   once on each. What only one of them can show stands in unit/base/test_io_real.c and
   unit/base/test_io_sim.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/io_sim.h"

struct world {
  const struct hs_io *io;
  struct hs_sim *sim; /* NULL on the real machine */
  char root[256];
};

/* A path in the world's directory; each of the last eight stays valid. */
static const char *in(const struct world *world, const char *name)
{
  static char paths[8][640];
  static unsigned next;
  char *path = paths[next++ % 8];
  (void)snprintf(path, sizeof paths[0], "%s/%s", world->root, name);
  return path;
}

static hs_file open_ok(const struct world *world, const char *name, enum hs_open_mode mode)
{
  hs_file file = -1;
  struct hs_err err = {0};
  if (world->io->open(world->io->self, in(world, name), mode, &file, &err) != HS_OK)
    fail_msg("%s", err.text);
  return file;
}

static void write_ok(const struct world *world, hs_file file, const char *text, uint64_t offset)
{
  assert_int_equal(hs_io_write_all(world->io, file, text, strlen(text), offset, NULL), HS_OK);
}

static void assert_holds(const struct world *world, const char *name, const void *expected,
                         size_t bytes)
{
  const struct hs_io *io = world->io;
  hs_file file = open_ok(world, name, HS_OPEN_READ);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, in(world, name), &info, NULL), HS_OK);
  assert_int_equal(info.size_bytes, bytes);
  unsigned char got[4096];
  assert_true(bytes <= sizeof got);
  assert_int_equal(hs_io_read_all(io, file, got, bytes, 0, NULL), HS_OK);
  assert_memory_equal(got, expected, bytes);
  io->close(io->self, file);
}

static void make_file(const struct world *world, const char *name, const char *text)
{
  hs_file file = open_ok(world, name, HS_OPEN_CREATE);
  write_ok(world, file, text, 0);
  world->io->close(world->io->self, file);
}

static void each_way_to_open_keeps_its_word(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file file = -1;
  struct hs_err err = {0};
  assert_int_equal(io->open(io->self, in(world, "none"), HS_OPEN_READ, &file, &err), HS_NOT_FOUND);
  assert_non_null(strstr(err.text, "none"));
  assert_int_equal(io->open(io->self, in(world, "none"), HS_OPEN_WRITE, &file, NULL), HS_NOT_FOUND);
  assert_int_equal(io->open(io->self, in(world, "no/such"), HS_OPEN_CREATE, &file, NULL),
                   HS_NOT_FOUND);
  assert_int_equal(file, -1);
  file = open_ok(world, "new", HS_OPEN_CREATE_NEW);
  io->close(io->self, file);
  assert_int_equal(io->open(io->self, in(world, "new"), HS_OPEN_CREATE_NEW, &file, NULL),
                   HS_CONFLICT);
  io->close(io->self, open_ok(world, "new", HS_OPEN_CREATE));
  assert_int_equal(io->open(io->self, world->root, HS_OPEN_READ, &file, NULL), HS_IO);
}

static void bytes_come_back_from_where_they_went(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file file = open_ok(world, "bytes", HS_OPEN_CREATE);
  write_ok(world, file, "hello", 3);
  write_ok(world, file, "J", 3);
  char got[16] = "xxxxxxxxxxxxxxx";
  size_t done = 99;
  assert_int_equal(io->read_at(io->self, file, got, sizeof got, 0, &done, NULL), HS_OK);
  assert_int_equal(done, 8);
  assert_memory_equal(got, "\0\0\0Jello", 8);
  assert_int_equal(io->read_at(io->self, file, got, sizeof got, 8, &done, NULL), HS_OK);
  assert_int_equal(done, 0);
  assert_int_equal(io->read_at(io->self, file, got, sizeof got, 1 << 20, &done, NULL), HS_OK);
  assert_int_equal(done, 0);
  struct hs_err err = {0};
  assert_int_equal(hs_io_read_all(io, file, got, 4, 6, &err), HS_CORRUPT);
  assert_non_null(strstr(err.text, "byte 8"));
  assert_int_equal(io->write_at(io->self, file, got, 0, 0, &done, NULL), HS_OK);
  assert_int_equal(done, 0);
  io->close(io->self, file);
}

static void a_file_opened_for_reading_refuses_changes(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  make_file(world, "fixed", "old");
  hs_file file = open_ok(world, "fixed", HS_OPEN_READ);
  size_t done = 0;
  assert_int_equal(io->write_at(io->self, file, "new", 3, 0, &done, NULL), HS_IO);
  assert_int_equal(io->truncate(io->self, file, 0, NULL), HS_IO);
  io->close(io->self, file);
  assert_holds(world, "fixed", "old", 3);
}

static void a_cut_file_grows_again_with_zeros(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file file = open_ok(world, "cut", HS_OPEN_CREATE);
  write_ok(world, file, "abcdef", 0);
  assert_int_equal(io->truncate(io->self, file, 2, NULL), HS_OK);
  assert_int_equal(io->truncate(io->self, file, 5, NULL), HS_OK);
  io->close(io->self, file);
  assert_holds(world, "cut", "ab\0\0\0", 5);
}

static void allocated_room_is_zeros_and_never_shortens(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file file = open_ok(world, "room", HS_OPEN_CREATE);
  write_ok(world, file, "head", 0);
  assert_int_equal(io->allocate(io->self, file, 4000, NULL), HS_OK);
  assert_int_equal(io->allocate(io->self, file, 10, NULL), HS_OK);
  io->close(io->self, file);
  char expected[4000] = "head";
  assert_holds(world, "room", expected, sizeof expected);
}

static void a_lock_is_held_by_one_handle(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file first = open_ok(world, "lock", HS_OPEN_CREATE);
  hs_file second = open_ok(world, "lock", HS_OPEN_WRITE);
  assert_int_equal(io->lock(io->self, first, NULL), HS_OK);
  assert_int_equal(io->lock(io->self, first, NULL), HS_OK);
  assert_int_equal(io->lock(io->self, second, NULL), HS_BUSY);
  /* A third handle's end must not end the first one's lock, as it would with POSIX record locks. */
  io->close(io->self, open_ok(world, "lock", HS_OPEN_READ));
  assert_int_equal(io->lock(io->self, second, NULL), HS_BUSY);
  io->close(io->self, first);
  assert_int_equal(io->lock(io->self, second, NULL), HS_OK);
  io->close(io->self, second);
}

static void names_move_replace_and_go(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  make_file(world, "from", "new");
  make_file(world, "to", "old");
  assert_int_equal(io->rename(io->self, in(world, "from"), in(world, "to"), NULL), HS_OK);
  assert_holds(world, "to", "new", 3);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, in(world, "from"), &info, NULL), HS_NOT_FOUND);
  assert_int_equal(io->rename(io->self, in(world, "from"), in(world, "to"), NULL), HS_NOT_FOUND);
  assert_int_equal(io->rename(io->self, in(world, "to"), in(world, "to"), NULL), HS_OK);
  assert_int_equal(io->remove(io->self, in(world, "to"), NULL), HS_OK);
  assert_int_equal(io->remove(io->self, in(world, "to"), NULL), HS_NOT_FOUND);
}

static void directories_hold_and_move_what_is_in_them(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  assert_int_equal(io->make_directory(io->self, in(world, "d"), NULL), HS_OK);
  assert_int_equal(io->make_directory(io->self, in(world, "d"), NULL), HS_CONFLICT);
  assert_int_equal(io->make_directory(io->self, in(world, "e/f"), NULL), HS_NOT_FOUND);
  make_file(world, "d/x", "x");
  hs_file file = -1;
  assert_int_equal(io->open(io->self, in(world, "d/x/y"), HS_OPEN_CREATE, &file, NULL),
                   HS_NOT_FOUND);
  assert_int_equal(io->remove(io->self, in(world, "d"), NULL), HS_IO);
  assert_int_equal(io->rename(io->self, in(world, "d"), in(world, "d/z"), NULL), HS_IO);
  assert_int_equal(io->rename(io->self, in(world, "d"), in(world, "e"), NULL), HS_OK);
  assert_holds(world, "e/x", "x", 1);
  assert_int_equal(io->remove(io->self, in(world, "e/x"), NULL), HS_OK);
  assert_int_equal(io->remove(io->self, in(world, "e"), NULL), HS_OK);
}

struct names {
  char text[256];
  enum hs_status answer;
  const struct world *world; /* NULL, or where each name is removed as it comes */
};

static enum hs_status note_name(void *context, const char *name, struct hs_err *err)
{
  struct names *names = context;
  size_t used = strlen(names->text);
  (void)snprintf(names->text + used, sizeof names->text - used, "%s,", name);
  if (names->world != NULL) {
    char path[300];
    (void)snprintf(path, sizeof path, "list/%s", name);
    const struct hs_io *io = names->world->io;
    assert_int_equal(io->remove(io->self, in(names->world, path), err), HS_OK);
  }
  return names->answer;
}

static void a_directory_is_listed_in_byte_order(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  static const char *const NAMES[] = {"b", "a.b", "B", "\xC3\xA4", "a", "_"};
  assert_int_equal(io->make_directory(io->self, in(world, "list"), NULL), HS_OK);
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    char path[64];
    (void)snprintf(path, sizeof path, "list/%s", NAMES[i]);
    make_file(world, path, "");
  }
  struct names all = {0};
  assert_int_equal(io->list(io->self, in(world, "list"), note_name, &all, NULL), HS_OK);
  assert_string_equal(all.text, "B,_,a,a.b,b,\xC3\xA4,");
  struct names stopped = {.answer = HS_INVALID};
  assert_int_equal(io->list(io->self, in(world, "list"), note_name, &stopped, NULL), HS_INVALID);
  assert_string_equal(stopped.text, "B,");
  struct names removed = {.world = world};
  assert_int_equal(io->list(io->self, in(world, "list"), note_name, &removed, NULL), HS_OK);
  assert_string_equal(removed.text, all.text);
  struct names none = {0};
  assert_int_equal(io->list(io->self, in(world, "list"), note_name, &none, NULL), HS_OK);
  assert_string_equal(none.text, "");
  assert_int_equal(io->list(io->self, in(world, "nolist"), note_name, &none, NULL), HS_NOT_FOUND);
}

static void info_tells_size_kind_and_age(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  make_file(world, "sized", "12345");
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, in(world, "sized"), &info, NULL), HS_OK);
  assert_int_equal(info.size_bytes, 5);
  assert_false(info.is_directory);
  int64_t age_us = io->now_us(io->self) - info.modified_us;
  /* File systems stamp with a coarse clock: a tick of it, and a slow machine, are allowed. */
  assert_true(age_us >= -20000 && age_us < 60000000);
  assert_int_equal(io->info(io->self, world->root, &info, NULL), HS_OK);
  assert_true(info.is_directory);
}

static void an_open_file_outlives_its_name(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  make_file(world, "gone", "still");
  hs_file file = open_ok(world, "gone", HS_OPEN_READ);
  assert_int_equal(io->remove(io->self, in(world, "gone"), NULL), HS_OK);
  assert_int_equal(io->sync_directory(io->self, world->root, NULL), HS_OK);
  char got[5];
  assert_int_equal(hs_io_read_all(io, file, got, sizeof got, 0, NULL), HS_OK);
  assert_memory_equal(got, "still", 5);
  io->close(io->self, file);
}

static void a_file_is_replaced_whole(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  make_file(world, "whole.new", "the leftover of a run that died, longer than what follows");
  assert_int_equal(hs_io_replace_file(io, in(world, "whole"), "one", 3, NULL), HS_OK);
  assert_int_equal(hs_io_replace_file(io, in(world, "whole"), "three", 5, NULL), HS_OK);
  assert_holds(world, "whole", "three", 5);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, in(world, "whole.new"), &info, NULL), HS_NOT_FOUND);
  struct hs_err err = {0};
  assert_int_equal(hs_io_replace_file(io, in(world, "no/whole"), "x", 1, &err), HS_NOT_FOUND);
  assert_non_null(strstr(err.text, "cannot replace"));
}

static void syncs_succeed_on_what_exists(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_file file = open_ok(world, "synced", HS_OPEN_CREATE);
  write_ok(world, file, "x", 0);
  assert_int_equal(io->sync_data(io->self, file, NULL), HS_OK);
  io->close(io->self, file);
  assert_int_equal(io->sync_directory(io->self, world->root, NULL), HS_OK);
  assert_int_equal(io->sync_directory(io->self, in(world, "nodir"), NULL), HS_NOT_FOUND);
}

static void clocks_run_and_bytes_are_random(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  int64_t before = io->monotonic_us(io->self);
  io->sleep_us(io->self, 2000);
  assert_true(io->monotonic_us(io->self) - before >= 2000);
  io->sleep_us(io->self, -5);
  unsigned char a[16];
  unsigned char b[16];
  io->fill_random(io->self, a, sizeof a);
  io->fill_random(io->self, b, sizeof b);
  assert_memory_not_equal(a, b, sizeof a);
}

/* A connected pair at an address. */
static void connect_pair(const struct world *world, const char *address, hs_socket *listener,
                         hs_socket *near, hs_socket *far)
{
  const struct hs_io *io = world->io;
  char bound[HS_ADDRESS_TEXT];
  assert_int_equal(io->listen(io->self, address, listener, NULL), HS_OK);
  assert_int_equal(io->address(io->self, *listener, bound, NULL), HS_OK);
  assert_int_equal(io->connect(io->self, bound, 1000000, near, NULL), HS_OK);
  assert_int_equal(io->accept(io->self, *listener, 1000000, far, NULL), HS_OK);
}

static void assert_receives(const struct hs_io *io, hs_socket socket, const char *expected)
{
  char got[64];
  size_t filled = 0;
  while (filled < strlen(expected)) {
    size_t done = 0;
    assert_int_equal(io->receive(io->self, socket, got + filled, strlen(expected) - filled, 1000000,
                                 &done, NULL),
                     HS_OK);
    assert_true(done > 0);
    filled += done;
  }
  assert_memory_equal(got, expected, filled);
}

static void exchange(const struct world *world, const char *address)
{
  const struct hs_io *io = world->io;
  hs_socket listener = -1;
  hs_socket near = -1;
  hs_socket far = -1;
  size_t done = 0;
  connect_pair(world, address, &listener, &near, &far);
  assert_int_equal(io->send(io->self, near, "ping", 4, 1000000, &done, NULL), HS_OK);
  assert_int_equal(done, 4);
  assert_receives(io, far, "ping");
  assert_int_equal(io->send(io->self, far, "pong!", 5, 1000000, &done, NULL), HS_OK);
  io->close_socket(io->self, far);
  assert_receives(io, near, "pong!");
  char end;
  done = 9;
  assert_int_equal(io->receive(io->self, near, &end, 1, 1000000, &done, NULL), HS_OK);
  assert_int_equal(done, 0);
  io->close_socket(io->self, near);
  io->close_socket(io->self, listener);
}

static void streams_carry_bytes_both_ways_until_closed(void **state)
{
  const struct world *world = *state;
  char local[300];
  (void)snprintf(local, sizeof local, "unix:%s/socket", world->root);
  exchange(world, "tcp:127.0.0.1:0");
  exchange(world, local);
  exchange(world, local); /* the name that the first one left is taken over */
}

static void waiting_ends_when_its_time_is_over(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_socket listener = -1;
  hs_socket near = -1;
  hs_socket far = -1;
  hs_socket none = -1;
  char byte = 0;
  size_t done = 0;
  connect_pair(world, "tcp:127.0.0.1:0", &listener, &near, &far);
  int64_t before = io->monotonic_us(io->self);
  assert_int_equal(io->receive(io->self, near, &byte, 1, 3000, &done, NULL), HS_BUSY);
  assert_int_equal(io->accept(io->self, listener, 3000, &none, NULL), HS_BUSY);
  assert_true(io->monotonic_us(io->self) - before >= 6000);
  assert_int_equal(io->receive(io->self, near, &byte, 1, 0, &done, NULL), HS_BUSY);
  io->close_socket(io->self, near);
  io->close_socket(io->self, far);
  io->close_socket(io->self, listener);
}

static void a_full_wire_stops_the_sender_and_loses_nothing(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_socket listener = -1;
  hs_socket near = -1;
  hs_socket far = -1;
  connect_pair(world, "tcp:127.0.0.1:0", &listener, &near, &far);
  static unsigned char block[8192];
  uint64_t sent = 0;
  enum hs_status status = HS_OK;
  while (status == HS_OK) {
    for (size_t i = 0; i < sizeof block; i++)
      block[i] = (unsigned char)((sent + i) % 251);
    size_t done = 0;
    status = io->send(io->self, near, block, sizeof block, 1000, &done, NULL);
    sent += done;
  }
  assert_int_equal(status, HS_BUSY);
  io->close_socket(io->self, near);
  uint64_t received = 0;
  for (size_t done = 1; done > 0; received += done) {
    assert_int_equal(io->receive(io->self, far, block, sizeof block, 1000000, &done, NULL), HS_OK);
    for (size_t i = 0; i < done; i++)
      assert_int_equal(block[i], (received + i) % 251);
  }
  assert_int_equal(received, sent);
  io->close_socket(io->self, far);
  io->close_socket(io->self, listener);
}

static void sending_to_who_has_closed_fails(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  hs_socket listener = -1;
  hs_socket near = -1;
  hs_socket far = -1;
  connect_pair(world, "tcp:127.0.0.1:0", &listener, &near, &far);
  io->close_socket(io->self, far);
  enum hs_status status = HS_OK;
  /* TCP tells the sender only when an answer to the first bytes has come back. */
  for (int i = 0; i < 1000 && status == HS_OK; i++) {
    size_t done = 0;
    status = io->send(io->self, near, "x", 1, 1000, &done, NULL);
    io->sleep_us(io->self, 100);
  }
  assert_int_equal(status, HS_IO);
  io->close_socket(io->self, near);
  io->close_socket(io->self, listener);
}

static void addresses_are_checked_and_taken_once(void **state)
{
  const struct world *world = *state;
  const struct hs_io *io = world->io;
  static const char *const BAD[] = {"",
                                    "tcp:",
                                    "tcp:127.0.0.1",
                                    "tcp:127.0.0.1:",
                                    "tcp::80",
                                    "tcp:1.2.3.4:x",
                                    "unix:",
                                    "http:127.0.0.1:80",
                                    "127.0.0.1",
                                    "tcp:host.example:80"};
  hs_socket first = -1;
  hs_socket second = -1;
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    assert_int_equal(io->listen(io->self, BAD[i], &first, NULL), HS_INVALID);
    assert_int_equal(io->connect(io->self, BAD[i], 1000, &first, NULL), HS_INVALID);
  }
  char bound[HS_ADDRESS_TEXT];
  assert_int_equal(io->listen(io->self, "tcp:127.0.0.1:0", &first, NULL), HS_OK);
  assert_int_equal(io->address(io->self, first, bound, NULL), HS_OK);
  assert_int_equal(io->listen(io->self, bound, &second, NULL), HS_BUSY);
  io->close_socket(io->self, first);
  assert_int_equal(io->connect(io->self, bound, 100000, &second, NULL), HS_NOT_FOUND);
  char local[300];
  (void)snprintf(local, sizeof local, "unix:%s/taken", world->root);
  assert_int_equal(io->connect(io->self, local, 100000, &second, NULL), HS_NOT_FOUND);
  assert_int_equal(io->listen(io->self, local, &first, NULL), HS_OK);
  assert_int_equal(io->listen(io->self, local, &second, NULL), HS_BUSY);
  io->close_socket(io->self, first);
}

static int open_real(void **state)
{
  static struct world world;
  const char *temporary = getenv("TMPDIR");
  (void)snprintf(world.root, sizeof world.root, "%s/hansa-io-XXXXXX",
                 temporary == NULL ? "/tmp" : temporary);
  world.io = hs_io_real();
  *state = &world;
  return mkdtemp(world.root) == NULL ? -1 : 0;
}

static int remove_one(const char *path, [[maybe_unused]] const struct stat *info,
                      [[maybe_unused]] int kind, [[maybe_unused]] struct FTW *place)
{
  return remove(path);
}

static int close_real(void **state)
{
  const struct world *world = *state;
  return nftw(world->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int open_sim(void **state)
{
  static struct world world = {.root = "/data"};
  const struct hs_sim_options options = {.seed = 1, .start_us = 1772366400000000};
  if (hs_sim_open(&options, &world.sim, NULL) != HS_OK)
    return -1;
  world.io = hs_sim_io(world.sim);
  *state = &world;
  return world.io->make_directory(world.io->self, world.root, NULL) == HS_OK ? 0 : -1;
}

static int close_sim(void **state)
{
  const struct world *world = *state;
  hs_sim_close(world->sim);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_way_to_open_keeps_its_word),
      cmocka_unit_test(bytes_come_back_from_where_they_went),
      cmocka_unit_test(a_file_opened_for_reading_refuses_changes),
      cmocka_unit_test(a_cut_file_grows_again_with_zeros),
      cmocka_unit_test(allocated_room_is_zeros_and_never_shortens),
      cmocka_unit_test(a_lock_is_held_by_one_handle),
      cmocka_unit_test(names_move_replace_and_go),
      cmocka_unit_test(directories_hold_and_move_what_is_in_them),
      cmocka_unit_test(a_directory_is_listed_in_byte_order),
      cmocka_unit_test(info_tells_size_kind_and_age),
      cmocka_unit_test(an_open_file_outlives_its_name),
      cmocka_unit_test(a_file_is_replaced_whole),
      cmocka_unit_test(syncs_succeed_on_what_exists),
      cmocka_unit_test(clocks_run_and_bytes_are_random),
      cmocka_unit_test(streams_carry_bytes_both_ways_until_closed),
      cmocka_unit_test(waiting_ends_when_its_time_is_over),
      cmocka_unit_test(a_full_wire_stops_the_sender_and_loses_nothing),
      cmocka_unit_test(sending_to_who_has_closed_fails),
      cmocka_unit_test(addresses_are_checked_and_taken_once),
  };
  int failed = cmocka_run_group_tests_name("the real machine", tests, open_real, close_real);
  return failed + cmocka_run_group_tests_name("the simulated machine", tests, open_sim, close_sim);
}
