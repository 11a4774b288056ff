#include "programme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/duckdb/duckdb_adapter.h"
#include "adapters/sqlite/sqlite.h"

static enum hs_status open_trail([[maybe_unused]] const struct hs_io *io, const char *path,
                                 const char *temp_directory,
                                 [[maybe_unused]] const struct hs_store_limits *limits,
                                 struct hs_trail *out, struct hs_err *err)
{
  struct hs_duckdb_options options = {
      .path = path, .memory_bytes = BENCH_MEMORY_BYTES, .temp_dir = temp_directory};
  return hs_duckdb_trail_open(&options, out, err);
}

static enum hs_status open_keep([[maybe_unused]] const struct hs_io *io,
                                [[maybe_unused]] const struct hs_store_limits *limits,
                                struct hs_keep *out, struct hs_err *err)
{
  struct hs_duckdb_options options = {.memory_bytes = BENCH_MEMORY_BYTES};
  return hs_duckdb_keep_open(&options, out, err);
}

const struct hs_wiring *bench_wiring(void)
{
  static struct hs_wiring wiring;
  wiring = (struct hs_wiring){.io = hs_io_real(),
                              .open_book = hs_sqlite_book_open,
                              .open_trail = open_trail,
                              .open_keep = open_keep};
  return &wiring;
}

void bench_check(enum hs_status status, const struct hs_err *err)
{
  if (status == HS_OK)
    return;
  (void)fprintf(stderr, "bench: %s\n", err->text);
  exit(EXIT_FAILURE);
}

uint64_t bench_setting(const char *name, uint64_t fallback)
{
  const char *text = getenv(name);
  uint64_t value = fallback;
  if (text != NULL && !hs_parse_u64(hs_str_of(text), &value)) {
    (void)fprintf(stderr, "bench: %s must be a whole number, got %s\n", name, text);
    exit(EXIT_FAILURE);
  }
  return value;
}

/* ---- programmes ---- */

static enum hs_status remove_item(void *context, const char *name, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_file_info info;
  const struct hs_io *io = hs_io_real();
  (void)snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status != HS_OK)
    return status;
  if (io->list(io->self, path, remove_item, path, NULL) == HS_OK)
    return rmdir(path) == 0 ? HS_OK : hs_fail(err, HS_IO, "%s stays", path);
  return io->remove(io->self, path, err);
}

void bench_remove(const char *directory)
{
  const struct hs_io *io = hs_io_real();
  (void)io->list(io->self, directory, remove_item, (void *)(uintptr_t)directory, NULL);
  (void)rmdir(directory);
}

void bench_programme_make(struct hs_arena *arena, const char *directory,
                          struct hs_programme *programme)
{
  struct hs_err err = {0};
  const struct hs_programme_options options = {.currency = HS_STR("EUR"),
                                               .time_zone = HS_STR("UTC")};
  bench_remove(directory);
  bench_check(hs_programme_create(bench_wiring(), directory, &options, &err), &err);
  bench_check(hs_programme_open(bench_wiring(), arena, directory, NULL, NULL, programme, &err),
              &err);
}

/* ---- runs ---- */

/* In memory that parent and child share. */
struct clock {
  double wall_s, cpu_s;
};
static struct clock *measured;

static struct clock read_clock(void)
{
  struct rusage usage;
  const struct hs_io *io = hs_io_real();
  (void)getrusage(RUSAGE_SELF, &usage);
  return (struct clock){(double)io->monotonic_us(io->self) / 1e6,
                        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6};
}

void bench_start(void) { *measured = read_clock(); }

void bench_stop(void)
{
  struct clock now = read_clock();
  *measured = (struct clock){now.wall_s - measured->wall_s, now.cpu_s - measured->cpu_s};
}

struct bench_cost bench_run(void (*work)(void))
{
  int status = 0;
  struct rusage usage;
  if (measured == NULL)
    measured =
        mmap(NULL, sizeof *measured, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  HS_ASSERT(measured != MAP_FAILED);
  (void)fflush(stdout);
  pid_t child = fork();
  HS_ASSERT(child >= 0);
  if (child == 0) {
    work();
    _exit(EXIT_SUCCESS);
  }
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    (void)fprintf(stderr, "bench: a run failed\n");
    exit(EXIT_FAILURE);
  }
  return (struct bench_cost){measured->wall_s, measured->cpu_s, (double)usage.ru_maxrss / 1024};
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median_of(const struct bench_cost *costs, size_t count, size_t offset)
{
  double values[64];
  HS_ASSERT(count % 2 == 1 && count <= sizeof values / sizeof *values);
  for (size_t i = 0; i < count; i++)
    memcpy(&values[i], (const char *)&costs[i] + offset, sizeof *values);
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

struct bench_cost bench_median(const struct bench_cost *costs, size_t count)
{
  return (struct bench_cost){median_of(costs, count, offsetof(struct bench_cost, wall_s)),
                             median_of(costs, count, offsetof(struct bench_cost, cpu_s)),
                             median_of(costs, count, offsetof(struct bench_cost, resident_mib))};
}
