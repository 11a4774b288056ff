#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "journal/segment.h"
#include "journal/watermark.h"

/* A waiting reader looks again after these pauses: short ones first, because what it waits for is
   usually under way, long ones later, because then it is not. */
#define WAIT_PAUSE_FIRST_US 200
#define WAIT_PAUSE_LAST_US 5000

/* An erasure marks a frame before it zeroes it, so a reader that meets it half-way sees the mark on
   its next look. */
#define LOOK_ATTEMPTS 3

struct hs_journal_reader {
  struct hs_arena arena;
  const struct hs_io *io;
  const char *directory;
  hs_file watermark_file;
  struct hs_journal_position durable; /* as last read */
  hs_file file;                       /* of the segment that is read */
  struct hs_segment_header header;
  struct hs_scanner scanner;
  struct hs_chain chain; /* behind the last frame given */
};

void hs_journal_reader_close(struct hs_journal_reader *reader)
{
  if (reader == NULL)
    return;
  reader->io->close(reader->io->self, reader->file);
  reader->io->close(reader->io->self, reader->watermark_file);
  struct hs_arena arena = reader->arena;
  hs_arena_release(&arena);
}

static enum hs_status make_reader(const struct hs_io *io, const char *directory,
                                  struct hs_journal_reader **out, struct hs_err *err)
{
  struct hs_arena arena = {0};
  size_t length = strlen(directory);
  if (length > JOURNAL_DIRECTORY_BYTES_MAX)
    return hs_fail(err, HS_INVALID, "the journal's directory may have a path of %d bytes, got %zu",
                   JOURNAL_DIRECTORY_BYTES_MAX, length);
  enum hs_status status = hs_arena_init(
      &arena, sizeof(struct hs_journal_reader) + length + SCAN_WINDOW_BYTES + HS_KIB, err);
  if (status != HS_OK)
    return status;
  struct hs_journal_reader *reader = hs_arena_alloc(&arena, 1, sizeof *reader);
  HS_ASSERT(reader != NULL);
  reader->io = io;
  reader->file = reader->watermark_file = -1;
  reader->directory = hs_arena_copy(&arena, directory, length);
  reader->scanner.window = hs_arena_alloc_raw(&arena, SCAN_WINDOW_BYTES, 1);
  HS_ASSERT(reader->directory != NULL && reader->scanner.window != NULL);
  reader->arena = arena;
  *out = reader;
  return HS_OK;
}

/* In the segment that holds the end, nothing beyond the watermark is looked at. */
static void apply_watermark(struct hs_journal_reader *reader)
{
  reader->scanner.limit =
      reader->header.number < reader->durable.segment ? UINT64_MAX : reader->durable.offset_bytes;
}

static enum hs_status enter_segment(struct hs_journal_reader *reader, uint64_t number,
                                    struct hs_err *err)
{
  hs_file file = -1;
  struct hs_segment_header header;
  enum hs_status status =
      hs_segment_open(reader->io, reader->directory, number, HS_OPEN_READ, &file, &header, err);
  if (status != HS_OK)
    return status;
  reader->io->close(reader->io->self, reader->file);
  reader->file = file;
  reader->header = header;
  reader->scanner = hs_scanner_at(reader->io, file, header.seed, reader->scanner.window);
  apply_watermark(reader);
  return HS_OK;
}

static enum hs_status look_at_watermark(struct hs_journal_reader *reader, struct hs_err *err)
{
  enum hs_status status =
      hs_watermark_read(reader->io, reader->watermark_file, &reader->durable, err);
  if (status == HS_OK)
    apply_watermark(reader);
  return status;
}

static enum hs_status place_damaged(const struct hs_journal_reader *reader, const char *why,
                                    struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  hs_segment_path(reader->directory, reader->header.number, "", path);
  return hs_fail(err, HS_CORRUPT,
                 "%s is damaged at offset %" PRIu64 ", where sequence %" PRIu64
                 " should stand: %s (hansa repair mends it)",
                 path, reader->scanner.offset, reader->chain.next_sequence, why);
}

/* The frames of this segment are over and later ones are durable. */
static enum hs_status follow(struct hs_journal_reader *reader, struct hs_err *err)
{
  struct hs_segment_header before = reader->header;
  uint64_t offset = reader->scanner.offset;
  enum hs_status status = enter_segment(reader, before.number + 1, err);
  if (status != HS_OK)
    return status;
  if (reader->header.start.next_sequence == reader->chain.next_sequence) {
    reader->chain.epoch = reader->header.start.epoch;
    return HS_OK;
  }
  uint64_t next = reader->header.start.next_sequence;
  status = enter_segment(reader, before.number, err);
  if (status != HS_OK)
    return status;
  reader->scanner.offset = offset;
  status = place_damaged(reader, "the segment ends there", err);
  hs_err_prefix(err, "the next segment begins with sequence %" PRIu64, next);
  return status;
}

static int at_durable_end(const struct hs_journal_reader *reader)
{
  return reader->header.number > reader->durable.segment ||
         (reader->header.number == reader->durable.segment &&
          reader->scanner.offset >= reader->durable.offset_bytes);
}

static enum hs_status look(struct hs_journal_reader *reader, enum hs_frame_check *check,
                           struct hs_frame_view *view, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (int attempt = 0; attempt < LOOK_ATTEMPTS && status == HS_OK; attempt++) {
    status = hs_scanner_look(&reader->scanner, check, view, err);
    if (status != HS_OK || *check == HS_FRAME_NOTHING || *check == HS_FRAME_WHOLE)
      break;
    reader->scanner.window_bytes = 0; /* what is in memory may be older than the mark */
  }
  return status;
}

/* The frame behind the chain, wherever it stands; HS_END when it is not durable yet. */
static enum hs_status look_at_next(struct hs_journal_reader *reader, struct hs_frame_view *view,
                                   struct hs_err *err)
{
  for (;;) {
    if (at_durable_end(reader)) {
      enum hs_status status = look_at_watermark(reader, err);
      if (status != HS_OK || at_durable_end(reader))
        return status == HS_OK ? HS_END : status;
    }
    enum hs_frame_check check = HS_FRAME_NOTHING;
    enum hs_status status = look(reader, &check, view, err);
    if (status != HS_OK)
      return status;
    if (check == HS_FRAME_NOTHING && reader->header.number < reader->durable.segment) {
      status = follow(reader, err);
      if (status != HS_OK)
        return status;
      continue;
    }
    if (check != HS_FRAME_WHOLE)
      return place_damaged(reader, "the frame is not whole", err);
    if (view->header.sequence != reader->chain.next_sequence)
      return place_damaged(reader, "another sequence stands there", err);
    return HS_OK;
  }
}

static void step_over(struct hs_journal_reader *reader, const struct hs_frame_view *view)
{
  reader->chain.next_sequence = hs_frame_next_sequence(view);
  reader->chain.running = view->header.running;
  reader->scanner.offset += view->header.length;
}

static enum hs_personal personal_state(const struct hs_frame_view *view)
{
  if (view->header.personal_bytes == 0)
    return HS_PERSONAL_NONE;
  return view->header.erased_mark == 0 ? HS_PERSONAL_PRESENT : HS_PERSONAL_ERASED;
}

static void give(const struct hs_journal_reader *reader, const struct hs_frame_view *view,
                 struct hs_frame_read *out)
{
  const struct hs_frame_header *header = &view->header;
  *out = (struct hs_frame_read){
      .cursor = {.epoch = reader->header.start.epoch, .sequence = header->sequence},
      .at_us = header->at_us,
      .personal = personal_state(view),
      .frame = {.type = header->type,
                .version = header->version,
                .public_data = view->public_data,
                .public_bytes = header->public_bytes},
  };
  memcpy(out->cursor.hash, header->running.bytes, HS_CURSOR_HASH_BYTES);
  if (out->personal == HS_PERSONAL_PRESENT) {
    out->frame.personal_data = view->personal + PERSONAL_SALT_BYTES;
    out->frame.personal_bytes = header->personal_bytes - PERSONAL_SALT_BYTES;
  }
}

enum hs_status hs_journal_reader_next(struct hs_journal_reader *reader, struct hs_frame_read *out,
                                      struct hs_err *err)
{
  struct hs_frame_view view;
  enum hs_status status = look_at_next(reader, &view, err);
  if (status != HS_OK)
    return status;
  give(reader, &view, out);
  step_over(reader, &view);
  return HS_OK;
}

enum hs_status hs_journal_reader_wait(struct hs_journal_reader *reader, int64_t timeout_us,
                                      struct hs_err *err)
{
  const struct hs_io *io = reader->io;
  int64_t until_us = io->monotonic_us(io->self) + timeout_us;
  int64_t pause_us = WAIT_PAUSE_FIRST_US;
  for (;;) {
    struct hs_frame_view view;
    enum hs_status status = look_at_next(reader, &view, err);
    int64_t left_us = until_us - io->monotonic_us(io->self);
    if (status != HS_END || left_us <= 0)
      return status;
    io->sleep_us(io->self, pause_us < left_us ? pause_us : left_us);
    pause_us = pause_us < WAIT_PAUSE_LAST_US / 2 ? 2 * pause_us : WAIT_PAUSE_LAST_US;
  }
}

/* ---- finding a cursor ---- */

static enum hs_status not_held(const struct hs_journal_reader *reader,
                               const struct hs_cursor *cursor, const char *why, struct hs_err *err)
{
  return hs_fail(err, HS_CONFLICT,
                 "the journal in %s does not hold the cursor (epoch %" PRIu64 ", sequence %" PRIu64
                 "): %s",
                 reader->directory, cursor->epoch, cursor->sequence, why);
}

static enum hs_status enter_segment_of(struct hs_journal_reader *reader, uint64_t sequence,
                                       struct hs_err *err)
{
  uint64_t number = 0;
  enum hs_status status = hs_segment_find(reader->io, reader->directory, reader->durable.segment,
                                          sequence, &number, err);
  if (status == HS_OK)
    status = enter_segment(reader, number, err);
  if (status == HS_OK)
    reader->chain = reader->header.start;
  return status;
}

static enum hs_status seek(struct hs_journal_reader *reader, const struct hs_cursor *cursor,
                           struct hs_err *err)
{
  const struct hs_cursor *end = &reader->durable.cursor;
  if (cursor->sequence > end->sequence || cursor->epoch > end->epoch) {
    char why[128];
    (void)snprintf(why, sizeof why, "it ends at (epoch %" PRIu64 ", sequence %" PRIu64 ")",
                   end->epoch, end->sequence);
    return not_held(reader, cursor, why, err);
  }
  enum hs_status status = enter_segment_of(reader, cursor->sequence, err);
  while (status == HS_OK && reader->chain.next_sequence <= cursor->sequence) {
    struct hs_frame_view view;
    status = look_at_next(reader, &view, err);
    if (status != HS_OK)
      return status;
    int is_it = view.header.sequence == cursor->sequence;
    step_over(reader, &view);
    if (is_it && reader->header.start.epoch != cursor->epoch)
      return not_held(reader, cursor, "that sequence is of another epoch", err);
    if (is_it && memcmp(reader->chain.running.bytes, cursor->hash, HS_CURSOR_HASH_BYTES) == 0)
      return HS_OK;
    if (is_it)
      return not_held(reader, cursor, "another history leads up to that sequence", err);
  }
  return status == HS_OK ? not_held(reader, cursor, "that sequence was lost", err) : status;
}

enum hs_status hs_journal_reader_open(const struct hs_io *io, const char *directory,
                                      const struct hs_cursor *cursor,
                                      struct hs_journal_reader **out, struct hs_err *err)
{
  struct hs_journal_reader *reader = NULL;
  enum hs_status status = make_reader(io, directory, &reader, err);
  if (status != HS_OK)
    return status;
  status = hs_watermark_read_in(io, directory, &reader->watermark_file, &reader->durable, err);
  if (status == HS_OK && cursor != NULL && cursor->sequence > 0)
    status = seek(reader, cursor, err);
  else if (status == HS_OK)
    status = enter_segment_of(reader, 0, err);
  if (status != HS_OK) {
    hs_journal_reader_close(reader);
    return status;
  }
  *out = reader;
  return HS_OK;
}
