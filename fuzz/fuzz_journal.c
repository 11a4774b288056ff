/* Arbitrary bytes as a journal's two segments, on a simulated disk. The first byte says how they
   come about: raw, or as the middle of a true journal whose bytes the input then changes, which
   gets past the checksums of the headers.

   Asserted: opening says HS_OK, HS_CORRUPT or HS_UNSUPPORTED and nothing else; what a journal that
   opened gives its readers is in rising sequence and ends where the journal says; a damaged one can
   be repaired, and then it opens, verifies, and takes another frame. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "base/io_sim.h"
#include "base/log.h"
#include "journal/journal.h"

#define DIRECTORY "journal"
#define SEGMENT_BYTES 4096

static const struct hs_journal_options OPTIONS = {
    .start = HS_JOURNAL_CREATE, .segment_bytes = SEGMENT_BYTES, .queue_bytes = SEGMENT_BYTES};

static void write_file(const struct hs_io *io, const char *path, const void *data, size_t bytes,
                       uint64_t offset)
{
  hs_file file = -1;
  HS_ASSERT(io->open(io->self, path, HS_OPEN_CREATE, &file, NULL) == HS_OK);
  HS_ASSERT(hs_io_write_all(io, file, data, bytes, offset, NULL) == HS_OK);
  io->close(io->self, file);
}

static void plant_raw(const struct hs_io *io, const uint8_t *data, size_t bytes)
{
  size_t half = bytes / 2;
  HS_ASSERT(io->make_directory(io->self, DIRECTORY, NULL) == HS_OK);
  write_file(io, DIRECTORY "/000001.seg", data, half, 0);
  if (bytes > 64)
    write_file(io, DIRECTORY "/000002.seg", data + half, bytes - half, 0);
}

/* A true journal of three segments. */
static void plant_true(const struct hs_io *io)
{
  struct hs_journal *journal = NULL;
  HS_ASSERT(hs_journal_open(io, DIRECTORY, &OPTIONS, &journal, NULL) == HS_OK);
  for (unsigned char i = 0; i < 50; i++) {
    unsigned char text[100];
    memset(text, i, sizeof text);
    struct hs_frame frame = {.type = HS_FRAME_TOUCH,
                             .version = 1,
                             .public_data = text,
                             .public_bytes = i,
                             .personal_data = text,
                             .personal_bytes = i % 3 == 0 ? sizeof text : 0};
    HS_ASSERT(hs_journal_stage(journal, &frame, 1, NULL) == HS_OK);
    if (i % 4 == 3)
      HS_ASSERT(hs_journal_commit(journal, NULL, NULL) == HS_OK);
  }
  HS_ASSERT(hs_journal_commit(journal, NULL, NULL) == HS_OK);
  hs_journal_close(journal);
}

/* Each five bytes of the input change one place: segment, offset, how many bytes, value. */
static void change(const struct hs_io *io, const uint8_t *data, size_t bytes)
{
  for (; bytes >= 5; data += 5, bytes -= 5) {
    char path[64];
    unsigned char values[256];
    uint64_t offset = (uint64_t)(data[1] << 8 | data[2]) % SEGMENT_BYTES;
    memset(values, data[4], sizeof values);
    (void)snprintf(path, sizeof path, DIRECTORY "/%06d.seg", 1 + data[0] % 3);
    write_file(io, path, values, data[3], offset);
  }
}

static void read_all(const struct hs_io *io, const struct hs_cursor *end)
{
  struct hs_journal_reader *reader = NULL;
  struct hs_frame_read read = {0};
  uint64_t sequence = 0;
  enum hs_status status = HS_OK;
  HS_ASSERT(hs_journal_reader_open(io, DIRECTORY, NULL, &reader, NULL) == HS_OK);
  while ((status = hs_journal_reader_next(reader, &read, NULL)) == HS_OK) {
    HS_ASSERT(read.cursor.sequence > sequence && read.cursor.sequence <= end->sequence);
    sequence = read.cursor.sequence;
  }
  HS_ASSERT(status == HS_END);
  HS_ASSERT(sequence == end->sequence || read.frame.type == HS_FRAME_LOST);
  hs_journal_reader_close(reader);
}

/* Opens, reads and appends; gives what the opening said. */
static enum hs_status use(const struct hs_io *io)
{
  struct hs_journal *journal = NULL;
  struct hs_journal_report report;
  struct hs_frame frame = {.type = HS_FRAME_ORDER, .version = 1};
  enum hs_status status = hs_journal_open(io, DIRECTORY, &OPTIONS, &journal, NULL);
  if (status != HS_OK)
    return status;
  struct hs_journal_position before = hs_journal_position(journal);
  read_all(io, &before.cursor);
  HS_ASSERT(hs_journal_append(journal, &frame, NULL, NULL) == HS_OK);
  struct hs_journal_position after = hs_journal_position(journal);
  HS_ASSERT(after.cursor.sequence == before.cursor.sequence + 1);
  hs_journal_close(journal);
  HS_ASSERT(hs_journal_verify(io, DIRECTORY, &report, NULL) == HS_OK);
  return HS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_sim_options options = {.seed = 1};
  struct hs_sim *sim = NULL;
  if (size == 0)
    return 0;
  hs_log_set(HS_LOG_ERROR, hs_io_real(), NULL, NULL);
  HS_ASSERT(hs_sim_open(&options, &sim, NULL) == HS_OK);
  const struct hs_io *io = hs_sim_io(sim);
  if (data[0] % 2 == 0) {
    plant_raw(io, data + 1, size - 1);
  } else {
    plant_true(io);
    change(io, data + 1, size - 1);
  }
  enum hs_status status = use(io);
  HS_ASSERT(status == HS_OK || status == HS_CORRUPT || status == HS_UNSUPPORTED);
  if (status == HS_CORRUPT) {
    struct hs_journal_report report;
    status = hs_journal_repair(io, DIRECTORY, &report, NULL);
    HS_ASSERT(status == HS_OK || status == HS_UNSUPPORTED);
    if (status == HS_OK)
      HS_ASSERT(use(io) == HS_OK);
  }
  hs_sim_close(sim);
  return 0;
}
