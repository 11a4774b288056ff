#include "journal/watermark.h"

#include <stdio.h>
#include <string.h>

#include "journal/crc32c.h"
#include "journal/segment.h"

static const unsigned char MAGIC[8] = {'h', 'a', 'n', 's', 'a', 'd', 'u', 'r'};

enum {
  W_MAGIC = 0,
  W_EPOCH = 8,
  W_SEQUENCE = 16,
  W_SEGMENT = 24,
  W_OFFSET = 32,
  W_HASH = 40,
  W_CRC = 72,
  W_BYTES = 80, /* within one sector and one page */
};

/* A reader may meet the owner in the middle of a write; that lasts far less than this many looks.
 */
#define READ_ATTEMPTS 50
#define READ_PAUSE_US 100

static void path_in(const char *directory, char out[JOURNAL_PATH_BYTES])
{
  int length = snprintf(out, JOURNAL_PATH_BYTES, "%s/durable", directory);
  HS_ASSERT(length > 0 && length < JOURNAL_PATH_BYTES);
}

enum hs_status hs_watermark_open(const struct hs_io *io, const char *directory, hs_file *out,
                                 struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  path_in(directory, path);
  return io->open(io->self, path, HS_OPEN_CREATE, out, err);
}

enum hs_status hs_watermark_write(const struct hs_io *io, hs_file file,
                                  const struct hs_journal_position *position, struct hs_err *err)
{
  unsigned char bytes[W_BYTES] = {0};
  memcpy(bytes + W_MAGIC, MAGIC, sizeof MAGIC);
  hs_store_u64(bytes + W_EPOCH, position->cursor.epoch);
  hs_store_u64(bytes + W_SEQUENCE, position->cursor.sequence);
  hs_store_u64(bytes + W_SEGMENT, position->segment);
  hs_store_u64(bytes + W_OFFSET, position->offset_bytes);
  memcpy(bytes + W_HASH, position->cursor.hash, HS_CURSOR_HASH_BYTES);
  hs_store_u32(bytes + W_CRC, hs_crc32c(0, bytes, W_CRC));
  return hs_io_write_all(io, file, bytes, sizeof bytes, 0, err);
}

static int decode(const unsigned char bytes[W_BYTES], struct hs_journal_position *out)
{
  if (memcmp(bytes + W_MAGIC, MAGIC, sizeof MAGIC) != 0 ||
      hs_load_u32(bytes + W_CRC) != hs_crc32c(0, bytes, W_CRC))
    return 0;
  *out = (struct hs_journal_position){
      .cursor = {.epoch = hs_load_u64(bytes + W_EPOCH),
                 .sequence = hs_load_u64(bytes + W_SEQUENCE)},
      .segment = hs_load_u64(bytes + W_SEGMENT),
      .offset_bytes = hs_load_u64(bytes + W_OFFSET),
  };
  memcpy(out->cursor.hash, bytes + W_HASH, HS_CURSOR_HASH_BYTES);
  return 1;
}

enum hs_status hs_watermark_read(const struct hs_io *io, hs_file file,
                                 struct hs_journal_position *out, struct hs_err *err)
{
  for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
    unsigned char bytes[W_BYTES];
    enum hs_status status = hs_io_read_all(io, file, bytes, sizeof bytes, 0, err);
    if (status != HS_OK && status != HS_CORRUPT)
      return status;
    if (status == HS_OK && decode(bytes, out))
      return HS_OK;
    io->sleep_us(io->self, READ_PAUSE_US);
  }
  return hs_fail(err, HS_NOT_FOUND,
                 "the journal does not say how far it is on disk; its owner "
                 "writes that when it opens it");
}

enum hs_status hs_watermark_read_in(const struct hs_io *io, const char *directory,
                                    hs_file *out_file, struct hs_journal_position *out,
                                    struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  path_in(directory, path);
  hs_file file = -1;
  enum hs_status status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  status = hs_watermark_read(io, file, out, err);
  if (status != HS_OK)
    io->close(io->self, file);
  else
    *out_file = file;
  return status;
}
