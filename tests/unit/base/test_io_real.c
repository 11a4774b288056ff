/* Proves what only the real machine can show: modes, locks that die with their process, blocks that
   are really there, pipes, signals, a device that is full. The contract itself is proved by
   ports/test_io.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"

static char directory[256];
static char path[300];

static int open_directory([[maybe_unused]] void **state)
{
  const char *temporary = getenv("TMPDIR");
  (void)snprintf(directory, sizeof directory, "%s/hansa-real-XXXXXX",
                 temporary == NULL ? "/tmp" : temporary);
  if (mkdtemp(directory) == NULL)
    return -1;
  (void)snprintf(path, sizeof path, "%s/file", directory);
  return 0;
}

static int close_directory([[maybe_unused]] void **state) { return rmdir(directory); }

static hs_file open_ok(enum hs_open_mode mode)
{
  const struct hs_io *io = hs_io_real();
  hs_file file = -1;
  assert_int_equal(io->open(io->self, path, mode, &file, NULL), HS_OK);
  return file;
}

static void close_and_remove(hs_file file)
{
  const struct hs_io *io = hs_io_real();
  io->close(io->self, file);
  assert_int_equal(io->remove(io->self, path, NULL), HS_OK);
}

static void what_is_made_is_for_its_owner_alone([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  struct stat info;
  hs_file file = open_ok(HS_OPEN_CREATE_NEW);
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
  close_and_remove(file);
  assert_int_equal(io->make_directory(io->self, path, NULL), HS_OK);
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0700);
  assert_int_equal(io->remove(io->self, path, NULL), HS_OK);
}

static void allocated_blocks_stand_on_the_device([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  struct stat info;
  hs_file file = open_ok(HS_OPEN_CREATE_NEW);
  assert_int_equal(io->allocate(io->self, file, 3000000, NULL), HS_OK);
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_size, 3000000);
  assert_true(info.st_blocks * 512 >= 3000000);
  close_and_remove(file);
}

/* A child takes the lock and is killed; the kernel gives it back. */
static void a_lock_dies_with_its_process([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  hs_file file = open_ok(HS_OPEN_CREATE_NEW);
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    hs_file own = -1;
    if (io->open(io->self, path, HS_OPEN_WRITE, &own, NULL) != HS_OK ||
        io->lock(io->self, own, NULL) != HS_OK || write(ready[1], "x", 1) != 1)
      _exit(1);
    for (;;)
      (void)pause();
  }
  char byte = 0;
  assert_int_equal(read(ready[0], &byte, 1), 1);
  struct hs_err err = {0};
  assert_int_equal(io->lock(io->self, file, &err), HS_BUSY);
  assert_non_null(strstr(err.text, path));
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_int_equal(io->lock(io->self, file, NULL), HS_OK);
  (void)close(ready[0]);
  (void)close(ready[1]);
  close_and_remove(file);
}

static void a_pipe_is_read_in_order([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  int ends[2];
  char got[8] = "";
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "abcdef", 6), 6);
  (void)close(ends[1]);
  assert_int_equal(hs_io_read_all(io, ends[0], got, 3, 0, NULL), HS_OK);
  assert_int_equal(hs_io_read_all(io, ends[0], got + 3, 3, 3, NULL), HS_OK);
  assert_string_equal(got, "abcdef");
  assert_int_equal(hs_io_read_all(io, ends[0], got, 1, 6, NULL), HS_CORRUPT);
  (void)close(ends[0]);
}

static void ignore([[maybe_unused]] int signal_number) {}

/* An alarm every millisecond interrupts whatever blocks. */
static void signals_do_not_shorten_a_wait([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  struct sigaction action = {.sa_handler = ignore};
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  const struct itimerspec each = {{0, 1000000}, {0, 1000000}};
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  assert_int_equal(timer_settime(timer, 0, &each, NULL), 0);
  hs_socket listener = -1;
  hs_socket none = -1;
  int64_t before_us = io->monotonic_us(io->self);
  io->sleep_us(io->self, 20000);
  assert_int_equal(io->listen(io->self, "tcp:127.0.0.1:0", &listener, NULL), HS_OK);
  assert_int_equal(io->accept(io->self, listener, 20000, &none, NULL), HS_BUSY);
  assert_true(io->monotonic_us(io->self) - before_us >= 40000);
  assert_int_equal(timer_delete(timer), 0);
  io->close_socket(io->self, listener);
}

static void a_full_device_is_told_apart([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  hs_file file = -1;
  struct hs_err err = {0};
  assert_int_equal(io->open(io->self, "/dev/full", HS_OPEN_WRITE, &file, NULL), HS_OK);
  assert_int_equal(hs_io_write_all(io, file, "x", 1, 0, &err), HS_FULL);
  assert_non_null(strstr(err.text, "/dev/full"));
  io->close(io->self, file);
}

/* A limit on the size of files makes the kernel refuse what lies beyond it. */
static void a_failed_allocation_leaves_the_size_as_it_was([[maybe_unused]] void **state)
{
  const struct hs_io *io = hs_io_real();
  hs_file file = open_ok(HS_OPEN_CREATE_NEW);
  assert_int_equal(hs_io_write_all(io, file, "head", 4, 0, NULL), HS_OK);
  pid_t child = fork();
  if (child == 0) {
    const struct rlimit limit = {1 << 20, 1 << 20};
    (void)signal(SIGXFSZ, SIG_IGN);
    _exit(setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                  io->allocate(io->self, file, 3 << 20, NULL) == HS_IO
              ? 0
              : 1);
  }
  int ended = 0;
  assert_int_equal(waitpid(child, &ended, 0), child);
  assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  struct hs_file_info info;
  assert_int_equal(io->info(io->self, path, &info, NULL), HS_OK);
  assert_int_equal(info.size_bytes, 4);
  close_and_remove(file);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_made_is_for_its_owner_alone),
      cmocka_unit_test(allocated_blocks_stand_on_the_device),
      cmocka_unit_test(a_lock_dies_with_its_process),
      cmocka_unit_test(a_pipe_is_read_in_order),
      cmocka_unit_test(signals_do_not_shorten_a_wait),
      cmocka_unit_test(a_full_device_is_told_apart),
      cmocka_unit_test(a_failed_allocation_leaves_the_size_as_it_was),
  };
  return cmocka_run_group_tests(tests, open_directory, close_directory);
}
