#include "journal/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ZERO_BYTES ((size_t)65536)

void hs_segment_path(const char *directory, uint64_t number, const char *suffix,
                     char out[JOURNAL_PATH_BYTES])
{
  int length =
      snprintf(out, JOURNAL_PATH_BYTES, "%s/%06" PRIu64 ".seg%s", directory, number, suffix);
  HS_ASSERT(length > 0 && length < JOURNAL_PATH_BYTES);
}

enum hs_status hs_segment_lock(const struct hs_io *io, const char *directory, hs_file *out,
                               struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  int length = snprintf(path, sizeof path, "%s/lock", directory);
  HS_ASSERT(length > 0 && length < JOURNAL_PATH_BYTES);
  hs_file file = -1;
  enum hs_status status = io->open(io->self, path, HS_OPEN_CREATE, &file, err);
  if (status != HS_OK)
    return status;
  status = io->lock(io->self, file, err);
  if (status != HS_OK)
    io->close(io->self, file);
  else
    *out = file;
  return status;
}

/* The number in "000012.seg", or 0 when the name is not one that hs_segment_path makes. */
static uint64_t number_of(const char *name)
{
  size_t digits = strspn(name, "0123456789");
  if (digits < 6 || digits > 18 || strcmp(name + digits, ".seg") != 0 ||
      (digits > 6 && name[0] == '0'))
    return 0;
  uint64_t number = 0;
  for (size_t i = 0; i < digits; i++)
    number = number * 10 + (uint64_t)(name[i] - '0');
  return number;
}

static enum hs_status note_name(void *context, const char *name,
                                [[maybe_unused]] struct hs_err *err)
{
  struct hs_segment_list *list = context;
  uint64_t number = number_of(name);
  if (number == 0)
    return HS_OK;
  list->count++;
  if (number > list->highest)
    list->highest = number;
  return HS_OK;
}

enum hs_status hs_segment_list(const struct hs_io *io, const char *directory,
                               struct hs_segment_list *out, struct hs_err *err)
{
  struct hs_segment_list list = {0};
  enum hs_status status = io->list(io->self, directory, note_name, &list, err);
  if (status == HS_OK)
    *out = list;
  return status;
}

enum hs_status hs_segment_list_is_whole(const struct hs_io *io, const char *directory,
                                        const struct hs_segment_list *list, struct hs_err *err)
{
  if (list->count == list->highest)
    return HS_OK;
  for (uint64_t number = 1; number < list->highest; number++) {
    char path[JOURNAL_PATH_BYTES];
    struct hs_file_info info;
    hs_segment_path(directory, number, "", path);
    enum hs_status status = io->info(io->self, path, &info, err);
    if (status == HS_NOT_FOUND)
      return hs_fail(err, HS_CORRUPT, "%s is missing; segments up to %" PRIu64 " are there", path,
                     list->highest);
    if (status != HS_OK)
      return status;
  }
  return HS_OK;
}

enum hs_status hs_zero_range(const struct hs_io *io, hs_file file, uint64_t from, uint64_t until,
                             struct hs_err *err)
{
  static const unsigned char ZEROS[ZERO_BYTES];
  enum hs_status status = HS_OK;
  while (status == HS_OK && from < until) {
    size_t piece = until - from < ZERO_BYTES ? (size_t)(until - from) : ZERO_BYTES;
    status = hs_io_write_all(io, file, ZEROS, piece, from, err);
    from += piece;
  }
  return status;
}

/* A leftover of a run that died here may have the name: it is cut to nothing first. */
static enum hs_status write_newborn(const struct hs_io *io, hs_file file,
                                    const struct hs_segment_birth *birth, struct hs_err *err)
{
  unsigned char bytes[SEGMENT_HEADER_BYTES];
  struct hs_segment_header header = birth->header;
  hs_segment_header_encode(&header, bytes);
  HS_ASSERT(header.seed == birth->header.seed);
  enum hs_status status = io->truncate(io->self, file, 0, err);
  if (status == HS_OK)
    status = io->allocate(io->self, file, birth->size_bytes, err);
  if (status == HS_OK)
    status = hs_io_write_all(io, file, bytes, sizeof bytes, 0, err);
  if (status == HS_OK && birth->frame_bytes > 0)
    status =
        hs_io_write_all(io, file, birth->frames, birth->frame_bytes, SEGMENT_HEADER_BYTES, err);
  return status;
}

static enum hs_status publish_newborn(const struct hs_io *io, const char *directory, hs_file file,
                                      const char *temporary, const char *path, struct hs_err *err)
{
  enum hs_status status = io->sync_data(io->self, file, err);
  if (status == HS_OK)
    status = io->rename(io->self, temporary, path, err);
  if (status == HS_OK)
    status = io->sync_directory(io->self, directory, err);
  if (status == HS_OK)
    return HS_OK;
  hs_err_prefix(err, "cannot make %s durable", path);
  return HS_DEAD;
}

enum hs_status hs_segment_create(const struct hs_io *io, const char *directory,
                                 const struct hs_segment_birth *birth, hs_file *out,
                                 struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  char temporary[JOURNAL_PATH_BYTES];
  hs_segment_path(directory, birth->header.number, "", path);
  hs_segment_path(directory, birth->header.number, ".new", temporary);
  hs_file file = -1;
  enum hs_status status = io->open(io->self, temporary, HS_OPEN_CREATE, &file, err);
  if (status != HS_OK)
    return status;
  status = write_newborn(io, file, birth, err);
  if (status != HS_OK) {
    io->close(io->self, file);
    (void)io->remove(io->self, temporary, NULL);
    return status;
  }
  status = publish_newborn(io, directory, file, temporary, path, err);
  if (status != HS_OK)
    io->close(io->self, file);
  else
    *out = file;
  return status;
}

static enum hs_status read_header(const struct hs_io *io, hs_file file, uint64_t number,
                                  struct hs_segment_header *out, struct hs_err *err)
{
  unsigned char bytes[SEGMENT_HEADER_BYTES];
  enum hs_status status = hs_io_read_all(io, file, bytes, sizeof bytes, 0, err);
  if (status == HS_OK)
    status = hs_segment_header_decode(bytes, out, err);
  if (status == HS_OK && out->number != number)
    return hs_fail(err, HS_CORRUPT, "its header says that it is segment %" PRIu64, out->number);
  return status;
}

enum hs_status hs_segment_open(const struct hs_io *io, const char *directory, uint64_t number,
                               enum hs_open_mode mode, hs_file *out,
                               struct hs_segment_header *header, struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  hs_segment_path(directory, number, "", path);
  hs_file file = -1;
  enum hs_status status = io->open(io->self, path, mode, &file, err);
  if (status != HS_OK)
    return status;
  status = read_header(io, file, number, header, err);
  if (status != HS_OK) {
    io->close(io->self, file);
    hs_err_prefix(err, "%s cannot be read as a segment", path);
    return status;
  }
  *out = file;
  return HS_OK;
}

enum hs_status hs_segment_find(const struct hs_io *io, const char *directory, uint64_t highest,
                               uint64_t sequence, uint64_t *number, struct hs_err *err)
{
  uint64_t low = 1;
  uint64_t high = highest;
  while (low < high) {
    uint64_t middle = low + (high - low + 1) / 2;
    hs_file file = -1;
    struct hs_segment_header header;
    enum hs_status status =
        hs_segment_open(io, directory, middle, HS_OPEN_READ, &file, &header, err);
    if (status != HS_OK)
      return status;
    io->close(io->self, file);
    if (header.start.next_sequence <= sequence)
      low = middle;
    else
      high = middle - 1;
  }
  *number = low;
  return HS_OK;
}

struct hs_scanner hs_scanner_at(const struct hs_io *io, hs_file file, uint32_t seed,
                                unsigned char *window)
{
  return (struct hs_scanner){
      .io = io,
      .file = file,
      .seed = seed,
      .offset = SEGMENT_HEADER_BYTES,
      .limit = UINT64_MAX,
      .window = window,
  };
}

/* Reads from the offset on until the window is full, the limit or the end of the file. */
static enum hs_status fill_window(struct hs_scanner *scanner, struct hs_err *err)
{
  uint64_t left = scanner->limit - scanner->offset;
  size_t wanted = left < SCAN_WINDOW_BYTES ? (size_t)left : SCAN_WINDOW_BYTES;
  size_t filled = 0;
  while (filled < wanted) {
    size_t done = 0;
    enum hs_status status =
        scanner->io->read_at(scanner->io->self, scanner->file, scanner->window + filled,
                             wanted - filled, scanner->offset + filled, &done, err);
    if (status != HS_OK)
      return status;
    if (done == 0)
      break;
    filled += done;
  }
  scanner->window_offset = scanner->offset;
  scanner->window_bytes = filled;
  return HS_OK;
}

/* Makes at least `bytes` from the offset on available, as far as the file has them. */
static enum hs_status want(struct hs_scanner *scanner, size_t bytes, const unsigned char **at,
                           size_t *available, struct hs_err *err)
{
  HS_ASSERT(scanner->offset <= scanner->limit);
  uint64_t window_end = scanner->window_offset + scanner->window_bytes;
  int is_inside = scanner->offset >= scanner->window_offset && scanner->offset <= window_end;
  if (!is_inside || (window_end - scanner->offset < bytes && window_end < scanner->limit)) {
    enum hs_status status = fill_window(scanner, err);
    if (status != HS_OK)
      return status;
    window_end = scanner->window_offset + scanner->window_bytes;
  }
  *at = scanner->window + (scanner->offset - scanner->window_offset);
  *available = (size_t)(window_end - scanner->offset);
  return HS_OK;
}

enum hs_status hs_scanner_look(struct hs_scanner *scanner, enum hs_frame_check *check,
                               struct hs_frame_view *view, struct hs_err *err)
{
  const unsigned char *at = NULL;
  size_t available = 0;
  enum hs_status status = want(scanner, FRAME_HEADER_BYTES, &at, &available, err);
  if (status == HS_OK && available >= FRAME_HEADER_BYTES) {
    size_t length = hs_frame_peek(at, scanner->seed, &view->header);
    if (length > available)
      status = want(scanner, length, &at, &available, err);
  }
  if (status == HS_OK)
    *check = hs_frame_decode(at, available, scanner->seed, view);
  return status;
}

enum hs_status hs_scanner_pass(struct hs_scanner *scanner, struct hs_chain *chain,
                               struct hs_scan_end *end, struct hs_err *err)
{
  *end = (struct hs_scan_end){.commit_offset = scanner->offset};
  for (;;) {
    struct hs_frame_view view;
    enum hs_status status = hs_scanner_look(scanner, &end->check, &view, err);
    if (status != HS_OK)
      return status;
    if (end->check != HS_FRAME_WHOLE || view.header.sequence != chain->next_sequence) {
      if (end->check >= HS_FRAME_BODY_DAMAGED)
        end->header = view.header;
      return HS_OK;
    }
    if (view.header.batch_index == 0)
      end->commit_offset = scanner->offset;
    end->frame_count++;
    chain->next_sequence = hs_frame_next_sequence(&view);
    chain->running = view.header.running;
    scanner->offset += view.header.length;
  }
}

static uint64_t behind_last_nonzero(const unsigned char *at, size_t bytes, uint64_t offset)
{
  uint64_t end = 0;
  for (size_t i = 0; i < bytes; i++)
    if (at[i] != 0)
      end = offset + i + 1;
  return end;
}

/* Frames begin at multiples of FRAME_ALIGNMENT only, and most of what is walked over here is zero.
 */
enum hs_status hs_scanner_find(struct hs_scanner *scanner, uint64_t sequence,
                               struct hs_frame_header *header, uint64_t *dirty_end,
                               struct hs_err *err)
{
  for (;; scanner->offset += FRAME_ALIGNMENT) {
    const unsigned char *at = NULL;
    size_t available = 0;
    enum hs_status status = want(scanner, FRAME_HEADER_BYTES, &at, &available, err);
    if (status != HS_OK)
      return status;
    size_t step = available < FRAME_ALIGNMENT ? available : FRAME_ALIGNMENT;
    uint64_t end = behind_last_nonzero(at, step, scanner->offset);
    if (dirty_end != NULL && end > *dirty_end)
      *dirty_end = end;
    if (step < FRAME_ALIGNMENT)
      return HS_END;
    if (end != 0 && available >= FRAME_HEADER_BYTES &&
        hs_frame_peek(at, scanner->seed, header) != 0 && header->sequence >= sequence)
      return HS_OK;
  }
}
