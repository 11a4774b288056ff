/* The journal against the least that durability costs: a loop of pwrite and fdatasync with the same
   bytes in each batch, into a file made the same way (allocated and zeroed ahead), on the same
   disk. Runs alternate, figures are medians. Writers append frames of 300 bytes one call each; the
   batches are those that formed. Where a sync takes a tenth of a millisecond, waking a writer costs
   as much; so two rows are of slower disks, which are this one with a wait before every sync on
   both sides. Then recovery: opening a journal with every frame checked.

   HANSA_BENCH_DIR is where the files go (the build folder's disk). */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal.h"

#define RUN_COUNT 7
#define RUN_US 1500000
#define PUBLIC_BYTES 200
#define PERSONAL_BYTES 60
#define WRITER_COUNT_MAX 64
#define RECOVERY_BYTES ((uint64_t)512 * HS_MIB)
#define ZERO_STEP ((size_t)1 << 20)

static const struct hs_io *io;
static char directory[512];
static struct hs_err err;

static void must(enum hs_status status)
{
  if (status == HS_OK)
    return;
  (void)fprintf(stderr, "bench_journal: %s\n", err.text);
  exit(hs_status_exit(status));
}

static int64_t now_us(void) { return io->monotonic_us(io->self); }

static int by_value(const void *a, const void *b)
{
  double left = *(const double *)a;
  double right = *(const double *)b;
  return (left > right) - (left < right);
}

static double median(double *values, size_t count)
{
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

static enum hs_status remove_one(void *context, const char *name, struct hs_err *list_err)
{
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
  return io->remove(io->self, path, list_err);
}

static void empty_directory(void)
{
  must(io->list(io->self, directory, remove_one, directory, &err));
}

static struct hs_frame sample_frame(void)
{
  static unsigned char bytes[PUBLIC_BYTES];
  memset(bytes, 'x', sizeof bytes);
  return (struct hs_frame){.type = HS_FRAME_TOUCH,
                           .version = 1,
                           .public_data = bytes,
                           .public_bytes = PUBLIC_BYTES,
                           .personal_data = bytes,
                           .personal_bytes = PERSONAL_BYTES};
}

/* ---- the journal under load ---- */

struct load {
  struct hs_journal *journal;
  int64_t until_us;
  size_t frames_per_call;
  uint64_t frame_count;
};

static void *append_until(void *context)
{
  struct load *load = context;
  struct hs_frame frames[256];
  for (size_t i = 0; i < load->frames_per_call; i++)
    frames[i] = sample_frame();
  while (now_us() < load->until_us) {
    must(hs_journal_append_batch(load->journal, frames, load->frames_per_call, NULL, NULL));
    load->frame_count += load->frames_per_call;
  }
  return NULL;
}

/* What one run gave: the bytes a second, and the mean bytes of a batch. */
struct outcome {
  double bytes_per_s;
  double batch_bytes;
};

/* Every sync of the journal goes through here, so that the batches can be counted. */
static _Atomic uint64_t sync_count;
static useconds_t sync_delay_us;

static enum hs_status counted_sync(void *self, hs_file file, struct hs_err *sync_err)
{
  sync_count++;
  if (sync_delay_us > 0)
    (void)usleep(sync_delay_us);
  return hs_io_real()->sync_data(self, file, sync_err);
}

static struct outcome run_journal(size_t writer_count, size_t frames_per_call)
{
  struct hs_io counting = *io;
  counting.sync_data = counted_sync;
  struct hs_journal_options options = {.start = HS_JOURNAL_CREATE};
  struct hs_journal *journal = NULL;
  pthread_t threads[WRITER_COUNT_MAX];
  struct load loads[WRITER_COUNT_MAX];
  must(hs_journal_open(&counting, directory, &options, &journal, &err));
  uint64_t syncs_before = sync_count;
  int64_t start_us = now_us();
  for (size_t i = 0; i < writer_count; i++) {
    loads[i] = (struct load){
        .journal = journal, .until_us = start_us + RUN_US, .frames_per_call = frames_per_call};
    if (pthread_create(&threads[i], NULL, append_until, &loads[i]) != 0)
      must(hs_fail(&err, HS_FAILED, "cannot start a thread"));
  }
  uint64_t frame_count = 0;
  for (size_t i = 0; i < writer_count; i++) {
    (void)pthread_join(threads[i], NULL);
    frame_count += loads[i].frame_count;
  }
  double seconds = (double)(now_us() - start_us) / 1e6;
  hs_journal_close(journal);
  /* 80 of header, 32 of commitment, 16 of salt, padded to a multiple of 8. */
  const uint64_t frame_bytes = (80 + 32 + PUBLIC_BYTES + 16 + PERSONAL_BYTES + 7) / 8 * 8;
  double bytes = (double)(frame_bytes * frame_count);
  empty_directory();
  return (struct outcome){bytes / seconds, bytes / (double)(sync_count - syncs_before)};
}

/* ---- the bare loop ---- */

static void check_call(int is_ok, const char *what)
{
  if (is_ok)
    return;
  perror(what);
  exit(EXIT_FAILURE);
}

static double run_bare(size_t batch_bytes)
{
  static unsigned char zeros[ZERO_STEP];
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/bare", directory);
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  check_call(file >= 0, path);
  unsigned char *batch = malloc(batch_bytes);
  check_call(batch != NULL, "malloc");
  memset(batch, 'x', batch_bytes);
  uint64_t offset = 0;
  uint64_t allocated = 0;
  int64_t start_us = now_us();
  while (now_us() < start_us + RUN_US) {
    while (offset + batch_bytes > allocated) {
      check_call(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)(allocated + ZERO_STEP)) == 0,
                 "fallocate");
      check_call(pwrite(file, zeros, ZERO_STEP, (off_t)allocated) == (ssize_t)ZERO_STEP, "pwrite");
      allocated += ZERO_STEP;
    }
    check_call(pwrite(file, batch, batch_bytes, (off_t)offset) == (ssize_t)batch_bytes, "pwrite");
    if (sync_delay_us > 0)
      (void)usleep(sync_delay_us);
    check_call(fdatasync(file) == 0, "fdatasync");
    offset += batch_bytes;
  }
  double seconds = (double)(now_us() - start_us) / 1e6;
  (void)close(file);
  free(batch);
  empty_directory();
  return (double)offset / seconds;
}

static void compare(const char *name, size_t writer_count, size_t frames_per_call)
{
  double journal[RUN_COUNT];
  double bare[RUN_COUNT];
  double batch[RUN_COUNT];
  for (size_t i = 0; i < RUN_COUNT; i++) {
    struct outcome outcome = run_journal(writer_count, frames_per_call);
    journal[i] = outcome.bytes_per_s / 1e6;
    batch[i] = outcome.batch_bytes;
    bare[i] = run_bare((size_t)outcome.batch_bytes) / 1e6;
  }
  double ours = median(journal, RUN_COUNT);
  double peer = median(bare, RUN_COUNT);
  printf("journal append, %s, batches of %.0f bytes | %.2f MB/s | %.2f MB/s pwrite+fdatasync | "
         "%.2f | >= 0.90\n",
         name, median(batch, RUN_COUNT), ours, peer, ours / peer);
  (void)fflush(stdout);
}

/* ---- recovery ---- */

static void measure_recovery(void)
{
  struct hs_journal_options options = {.start = HS_JOURNAL_CREATE};
  struct hs_journal *journal = NULL;
  must(hs_journal_open(io, directory, &options, &journal, &err));
  struct hs_frame frame = sample_frame();
  while (hs_journal_position(journal).segment * 64 * HS_MIB < RECOVERY_BYTES + 64 * HS_MIB) {
    enum hs_status status = hs_journal_stage(journal, &frame, 1, &err);
    must(status == HS_BUSY ? hs_journal_commit(journal, NULL, &err) : status);
  }
  hs_journal_close(journal);
  double speeds[RUN_COUNT];
  for (size_t i = 0; i < RUN_COUNT; i++) {
    int64_t start_us = now_us();
    must(hs_journal_open(io, directory, &options, &journal, &err));
    double seconds = (double)(now_us() - start_us) / 1e6;
    speeds[i] =
        (double)(hs_journal_position(journal).segment - 1) * 64 * (double)HS_MIB / 1e6 / seconds;
    hs_journal_close(journal);
  }
  empty_directory();
  double speed = median(speeds, RUN_COUNT);
  printf("journal recovery, every frame and commitment checked | %.0f MB/s | 500 MB/s | %.2f | "
         ">= 1.00\n",
         speed, speed / 500);
}

int main(void)
{
  io = hs_io_real();
  const char *parent = getenv("HANSA_BENCH_DIR");
  (void)snprintf(directory, sizeof directory, "%s/bench-journal-XXXXXX",
                 parent == NULL ? HANSA_BINARY_DIR : parent);
  check_call(mkdtemp(directory) != NULL, directory);
  compare("1 writer", 1, 1);
  compare("16 writers", 16, 1);
  compare("64 writers", 64, 1);
  compare("4 writers of 64 frames a call", 4, 64);
  sync_delay_us = 300;
  compare("64 writers, every sync 0.3 ms slower", 64, 1);
  sync_delay_us = 3000;
  compare("64 writers, every sync 3 ms slower", 64, 1);
  sync_delay_us = 0;
  measure_recovery();
  check_call(rmdir(directory) == 0, directory);
  return EXIT_SUCCESS;
}
