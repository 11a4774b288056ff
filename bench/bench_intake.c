/* Reading a file of touches into typed batches, by slots. The peer is the floor under it: the same
   file read and hashed, and nothing else done. Medians of runs that alternate.

   bench_intake [ROWS]   2,000,000 rows (about 250 MB) unless told otherwise */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "intake/intake.h"

enum { ROUNDS = 5, SLOTS_MOST = 2 };

static const char PATH[] = HANSA_BINARY_DIR "/bench_intake.csv";

static void fail(const char *what, const struct hs_err *err)
{
  (void)fprintf(stderr, "bench_intake: %s: %s\n", what, err->text);
  exit(EXIT_FAILURE);
}

/* Ids, moments, partners and links as a tracker exports them. */
static uint64_t write_file(long rows)
{
  FILE *file = fopen(PATH, "w");
  if (file == NULL) {
    perror(PATH);
    exit(EXIT_FAILURE);
  }
  (void)fprintf(file, "touch_id,person,occurred_at,partner,link,kind,coupon,sub1,user_agent\n");
  uint64_t random = 88172645463325252U;
  for (long i = 0; i < rows; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    (void)fprintf(file,
                  "t%010ld,v%08x,2026-%02d-%02dT%02d:%02d:%02d.%03dZ,partner-%02d,%s,%s,,%s,%s\n",
                  i, (unsigned)(random % 3000000), 1 + (int)(random >> 8 & 1023) % 6,
                  1 + (int)(random >> 12 & 1023) % 28, (int)(random >> 20 & 1023) % 24,
                  (int)(random >> 30 & 1023) % 60, (int)(random >> 40 & 1023) % 60,
                  (int)(random >> 50 & 1023) % 1000, (int)(random >> 16 & 1023) % 30,
                  "https://brand.example/r/spring-offer", i % 3 == 0 ? "impression" : "click",
                  i % 20 == 0 ? "\"autumn, early\"" : "newsletter", "Firefox");
  }
  uint64_t bytes = (uint64_t)ftell(file);
  if (fclose(file) != 0) {
    perror(PATH);
    exit(EXIT_FAILURE);
  }
  return bytes;
}

static double seconds_since(int64_t start_us)
{
  const struct hs_io *io = hs_io_real();
  return (double)(io->monotonic_us(io->self) - start_us) / 1e6;
}

static double time_floor(struct hs_arena *arena)
{
  const struct hs_io *io = hs_io_real();
  struct hs_err err;
  hs_file file = -1;
  size_t room = HS_INTAKE_BLOCK_BYTES;
  char *data = hs_arena_alloc_raw(arena, room, 1);
  if (data == NULL || io->open(io->self, PATH, HS_OPEN_READ, &file, &err) != HS_OK)
    fail("open", &err);
  struct hs_blake2b hasher;
  hs_blake2b_init(&hasher);
  int64_t start_us = io->monotonic_us(io->self);
  uint64_t offset = 0;
  for (size_t done = 1; done > 0; offset += done) {
    if (io->read_at(io->self, file, data, room, offset, &done, &err) != HS_OK)
      fail("read", &err);
    hs_blake2b_add(&hasher, data, done);
  }
  (void)hs_blake2b_end(&hasher);
  io->close(io->self, file);
  return seconds_since(start_us);
}

struct puller {
  struct hs_row_source source;
  unsigned slot;
  uint64_t rows;
};

static void *pull(void *argument)
{
  struct puller *puller = argument;
  struct hs_batch batch;
  struct hs_err err;
  do {
    if (puller->source.next(puller->source.self, puller->slot, &batch, &err) != HS_OK)
      fail("next", &err);
    puller->rows += batch.row_count;
  } while (batch.row_count > 0);
  return NULL;
}

static double time_intake(struct hs_arena *arena, unsigned slots, uint64_t rows)
{
  struct hs_intake_options options = {.kind = HS_EVENT_TOUCH, .path = PATH, .slot_count = slots};
  struct hs_intake *intake = NULL;
  struct hs_err err;
  const struct hs_io *io = hs_io_real();
  int64_t start_us = io->monotonic_us(io->self);
  if (hs_intake_open(arena, io, &options, &intake, &err) != HS_OK)
    fail("open", &err);
  struct puller pullers[SLOTS_MOST] = {0};
  pthread_t threads[SLOTS_MOST];
  uint64_t got = 0;
  for (unsigned i = 0; i < slots; i++) {
    pullers[i] = (struct puller){.source = hs_intake_rows(intake), .slot = i};
    if (pthread_create(&threads[i], NULL, pull, &pullers[i]) != 0)
      exit(EXIT_FAILURE);
  }
  for (unsigned i = 0; i < slots; i++) {
    (void)pthread_join(threads[i], NULL);
    got += pullers[i].rows;
  }
  double seconds = seconds_since(start_us);
  hs_intake_close(intake);
  if (got != rows) {
    (void)fprintf(stderr, "bench_intake: %llu rows came out of %llu\n", (unsigned long long)got,
                  (unsigned long long)rows);
    exit(EXIT_FAILURE);
  }
  return seconds;
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values)
{
  qsort(values, ROUNDS, sizeof *values, by_value);
  return values[ROUNDS / 2];
}

int main(int argc, char **argv)
{
  long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 2000000;
  uint64_t bytes = write_file(rows);
  struct hs_arena arena;
  struct hs_err err;
  if (hs_arena_init(&arena, HS_INTAKE_SHARED_BYTES + SLOTS_MOST * HS_INTAKE_SLOT_BYTES, &err) !=
      HS_OK)
    fail("arena", &err);
  double floor_s[ROUNDS];
  double slots_s[SLOTS_MOST][ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    hs_arena_reset(&arena, 0);
    floor_s[round] = time_floor(&arena);
    for (unsigned slots = 1; slots <= SLOTS_MOST; slots++) {
      hs_arena_reset(&arena, 0);
      slots_s[slots - 1][round] = time_intake(&arena, slots, (uint64_t)rows);
    }
  }
  double megabytes = (double)bytes / 1e6;
  double peer = median(floor_s);
  printf("| intake, %.0f MB of touches | s | MB/s | × reading and hashing |\n|---|---|---|---|\n",
         megabytes);
  printf("| reading and hashing alone | %.2f | %.0f | 1.0 |\n", peer, megabytes / peer);
  for (unsigned slots = 1; slots <= SLOTS_MOST; slots++) {
    double seconds = median(slots_s[slots - 1]);
    printf("| %u slot%s | %.2f | %.0f | %.1f |\n", slots, slots == 1 ? "" : "s", seconds,
           megabytes / seconds, seconds / peer);
  }
  printf("\nMemory: %.1f MiB of the arena.\n", (double)arena.high_bytes / (double)HS_MIB);
  hs_arena_release(&arena);
  (void)remove(PATH);
  return 0;
}
