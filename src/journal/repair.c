/* Mending with the least loss.

   A frame that can still be read stays where it is: sequences are quoted all over the programme,
   and cursors lead to them. So a repair never moves a frame. What lies between two readable frames
   is overwritten with one frame HS_FRAME_LOST (or several, when it is larger than a frame may be)
   that fills the gap exactly and stands for the sequences in between; a segment that is missing or
   whose header is gone is replaced by one that holds nothing but such a frame. A whole frame with a
   damaged personal part is treated as erased, for a part that fails its commitment proves nothing.

   Running hashes are stored in the frames, so what stands behind a gap keeps its hash and every
   cursor to it stays good. A lost frame at the end of a segment takes the hash that the next
   segment's header expects.

   Everything that is about to be overwritten is first appended to a file beside the segments, and
   that file is synced: a line that says from where, then the bytes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "journal/verify.h"

/* A lost frame that stands for more than one sequence. */
#define LOST_FRAME_BYTES (FRAME_HEADER_BYTES + sizeof(uint64_t))

struct repair {
  const struct hs_io *io;
  const char *directory;
  unsigned char *window;
  unsigned char *scratch; /* HS_JOURNAL_FRAME_BYTES_MAX */
  struct hs_chain chain;
  struct hs_journal_report report;
  hs_file aside; /* -1 until something was dropped */
  uint64_t aside_offset;
  uint64_t highest;
  struct hs_cursor durable; /* by the watermark */
};

/* One segment being mended. */
struct patient {
  uint64_t number;
  hs_file file;
  struct hs_segment_header header;
  struct hs_scanner scanner;
  const struct hs_chain *next_start; /* of the next readable segment; NULL when there is none */
  int is_last;
};

/* ---- what is dropped is kept aside ---- */

static enum hs_status open_aside(struct repair *repair, struct hs_err *err)
{
  if (repair->aside >= 0)
    return HS_OK;
  int64_t now_us = repair->io->now_us(repair->io->self);
  int length = snprintf(repair->report.aside, sizeof repair->report.aside,
                        "%s/dropped-%" PRId64 ".bin", repair->directory, now_us);
  if (length < 0 || (size_t)length >= sizeof repair->report.aside)
    return hs_fail(err, HS_INVALID, "the journal's directory has too long a path");
  return repair->io->open(repair->io->self, repair->report.aside, HS_OPEN_CREATE_NEW,
                          &repair->aside, err);
}

static enum hs_status add_aside(struct repair *repair, const void *data, size_t bytes,
                                struct hs_err *err)
{
  enum hs_status status =
      hs_io_write_all(repair->io, repair->aside, data, bytes, repair->aside_offset, err);
  repair->aside_offset += bytes;
  return status;
}

/* Copies [from, until) of a file aside, durably. */
static enum hs_status put_aside(struct repair *repair, uint64_t number, hs_file file, uint64_t from,
                                uint64_t until, struct hs_err *err)
{
  char line[160];
  enum hs_status status = open_aside(repair, err);
  int length =
      snprintf(line, sizeof line, "\nsegment %" PRIu64 " offset %" PRIu64 " bytes %" PRIu64 "\n",
               number, from, until - from);
  if (status == HS_OK)
    status = add_aside(repair, line, (size_t)length, err);
  for (uint64_t at = from; status == HS_OK && at < until;) {
    size_t piece =
        until - at < HS_JOURNAL_FRAME_BYTES_MAX ? (size_t)(until - at) : HS_JOURNAL_FRAME_BYTES_MAX;
    size_t done = 0;
    status = repair->io->read_at(repair->io->self, file, repair->scratch, piece, at, &done, err);
    if (status == HS_OK && done == 0)
      break; /* the file was cut within its last eight bytes */
    if (status == HS_OK)
      status = add_aside(repair, repair->scratch, done, err);
    at += done;
  }
  if (status == HS_OK)
    status = repair->io->sync_data(repair->io->self, repair->aside, err);
  if (status == HS_OK)
    status = repair->io->sync_directory(repair->io->self, repair->directory, err);
  repair->report.dropped_bytes += until - from;
  repair->report.damage_count++;
  return status;
}

static void count_lost(struct repair *repair, uint64_t first, uint64_t next)
{
  if (repair->report.first_lost_sequence == 0)
    repair->report.first_lost_sequence = first;
  repair->report.lost_sequence_count += next - first;
}

/* ---- inside a segment ---- */

/* How long the next lost frame of a gap may be: a frame's limit, but never leaving less than a
   frame. */
static size_t piece_of(uint64_t gap)
{
  if (gap <= HS_JOURNAL_FRAME_BYTES_MAX)
    return (size_t)gap;
  return gap - HS_JOURNAL_FRAME_BYTES_MAX < LOST_FRAME_BYTES
             ? HS_JOURNAL_FRAME_BYTES_MAX - LOST_FRAME_BYTES
             : HS_JOURNAL_FRAME_BYTES_MAX;
}

/* Fills [offset, offset + gap) with frames that stand for [chain, next). */
static enum hs_status fill_gap(struct repair *repair, struct patient *patient, uint64_t gap,
                               uint64_t next, const struct hs_hash *running, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  count_lost(repair, repair->chain.next_sequence, next);
  while (status == HS_OK && gap > 0) {
    size_t length = piece_of(gap);
    uint64_t first = repair->chain.next_sequence;
    uint64_t after = length == gap ? next : first + 1;
    if (after <= first || after > next)
      return hs_fail(err, HS_FAILED,
                     "segment %" PRIu64 " has %" PRIu64 " damaged %s at offset %" PRIu64
                     " and no sequence for them",
                     patient->number, gap, hs_plural(gap, "byte", "bytes"),
                     patient->scanner.offset);
    hs_frame_make_lost(first, after, repair->io->now_us(repair->io->self), length,
                       patient->header.seed, running, repair->scratch);
    status = hs_io_write_all(repair->io, patient->file, repair->scratch, length,
                             patient->scanner.offset, err);
    repair->chain.next_sequence = after;
    repair->chain.running = *running;
    patient->scanner.offset += length;
    gap -= length;
  }
  patient->scanner.window_bytes = 0;
  return status;
}

static enum hs_status mend_personal(struct repair *repair, struct patient *patient,
                                    const struct hs_frame_header *header, struct hs_err *err)
{
  uint64_t start = patient->scanner.offset;
  uint64_t end = start + header->length;
  uint64_t from = start + FRAME_HEADER_BYTES + header->public_bytes +
                  (header->personal_bytes > 0 ? COMMITMENT_BYTES : 0);
  unsigned char mark[sizeof(uint32_t)] = {header->personal_bytes > 0 ? ERASED_MARK : 0};
  enum hs_status status = put_aside(repair, patient->number, patient->file, start, end, err);
  if (status == HS_OK)
    status = hs_io_write_all(repair->io, patient->file, mark, sizeof mark,
                             start + ERASED_MARK_OFFSET, err);
  if (status == HS_OK)
    status = hs_zero_range(repair->io, patient->file, from, end, err);
  patient->scanner.window_bytes = 0;
  return status;
}

/* Whether lost frames for the sequences [first, next) can fill the gap exactly. */
static int can_fill(uint64_t gap, uint64_t first, uint64_t next)
{
  uint64_t frame_count = gap / (HS_JOURNAL_FRAME_BYTES_MAX - LOST_FRAME_BYTES) + 1;
  return next > first && next - first >= frame_count &&
         gap >= (next - first == 1 ? FRAME_HEADER_BYTES : LOST_FRAME_BYTES);
}

/* The next frame behind `offset` that can be read and leaves a gap that can be filled; HS_END when
   there is none. Moves the scanner there. */
static enum hs_status find_readable(const struct repair *repair, struct patient *patient,
                                    uint64_t offset, struct hs_frame_view *view,
                                    uint64_t *dirty_end, struct hs_err *err)
{
  uint64_t missing = repair->chain.next_sequence;
  for (;; patient->scanner.offset += FRAME_ALIGNMENT) {
    struct hs_frame_header header;
    enum hs_frame_check check = HS_FRAME_NOTHING;
    enum hs_status status =
        hs_scanner_find(&patient->scanner, missing + 1, &header, dirty_end, err);
    if (status == HS_OK)
      status = hs_scanner_look(&patient->scanner, &check, view, err);
    if (status != HS_OK)
      return status;
    if (check >= HS_FRAME_PERSONAL_DAMAGED &&
        can_fill(patient->scanner.offset - offset, missing, header.sequence))
      return HS_OK;
  }
}

/* The sequence that should follow the last frame of this segment; the chain's own when nothing
   says that more was there. */
static uint64_t next_wanted(const struct repair *repair, const struct patient *patient)
{
  if (patient->next_start != NULL)
    return patient->next_start->next_sequence;
  int is_known = patient->is_last && repair->durable.epoch == repair->chain.epoch;
  return is_known && repair->durable.sequence >= repair->chain.next_sequence
             ? repair->durable.sequence + 1
             : repair->chain.next_sequence;
}

/* Nothing readable follows `offset` in this segment: what lies there is zeroed, and if frames are
   missing one lost frame stands for them. */
static enum hs_status mend_end(struct repair *repair, struct patient *patient, uint64_t offset,
                               uint64_t dirty_end, struct hs_err *err)
{
  uint64_t next = next_wanted(repair, patient);
  enum hs_status status = HS_OK;
  patient->scanner.offset = offset;
  patient->scanner.window_bytes = 0;
  if (dirty_end > offset)
    status = put_aside(repair, patient->number, patient->file, offset, dirty_end, err);
  else if (next > repair->chain.next_sequence)
    repair->report.damage_count++;
  if (status == HS_OK)
    status = hs_zero_range(repair->io, patient->file, offset, dirty_end, err);
  if (status != HS_OK || next <= repair->chain.next_sequence)
    return status;
  struct hs_hash running =
      patient->next_start != NULL ? patient->next_start->running : repair->chain.running;
  return fill_gap(repair, patient, LOST_FRAME_BYTES, next, &running, err);
}

/* At the scanner's place stands something else than the next frame. */
static enum hs_status mend_gap(struct repair *repair, struct patient *patient, int is_dirty,
                               struct hs_err *err)
{
  uint64_t offset = patient->scanner.offset;
  uint64_t dirty_end = is_dirty ? offset + FRAME_ALIGNMENT : offset;
  struct hs_frame_view view;
  patient->scanner.offset += FRAME_ALIGNMENT;
  enum hs_status status = find_readable(repair, patient, offset, &view, &dirty_end, err);
  if (status == HS_END)
    return mend_end(repair, patient, offset, dirty_end, err);
  if (status != HS_OK)
    return status;
  uint64_t gap = patient->scanner.offset - offset;
  struct hs_hash running = repair->chain.running;
  uint64_t next = view.header.sequence;
  status = put_aside(repair, patient->number, patient->file, offset, offset + gap, err);
  patient->scanner.offset = offset;
  return status == HS_OK ? fill_gap(repair, patient, gap, next, &running, err) : status;
}

static enum hs_status mend_frames(struct repair *repair, struct patient *patient,
                                  struct hs_err *err)
{
  for (;;) {
    struct hs_scan_end end;
    enum hs_status status = hs_scanner_pass(&patient->scanner, &repair->chain, &end, err);
    if (status != HS_OK)
      return status;
    int is_end = end.check == HS_FRAME_NOTHING && !patient->is_last;
    if (is_end && next_wanted(repair, patient) <= repair->chain.next_sequence)
      return HS_OK;
    uint64_t offset = patient->scanner.offset;
    int is_in_place = end.header.sequence == repair->chain.next_sequence;
    if (end.check == HS_FRAME_PERSONAL_DAMAGED && is_in_place) {
      status = mend_personal(repair, patient, &end.header, err);
    } else {
      status = mend_gap(repair, patient, end.check != HS_FRAME_NOTHING, err);
      if (status == HS_OK && patient->scanner.offset == offset)
        return HS_OK;
    }
    if (status != HS_OK)
      return status;
  }
}

/* ---- whole segments ---- */

/* The start of the next segment after `number` whose header can be read; 0 when there is none. */
static int find_next_start(const struct repair *repair, uint64_t number, struct hs_chain *out)
{
  for (uint64_t next = number + 1; next <= repair->highest; next++) {
    hs_file file = -1;
    struct hs_segment_header header;
    if (hs_segment_open(repair->io, repair->directory, next, HS_OPEN_READ, &file, &header, NULL) !=
        HS_OK)
      continue;
    repair->io->close(repair->io->self, file);
    if (header.start.next_sequence < repair->chain.next_sequence)
      continue;
    *out = header.start;
    return 1;
  }
  return 0;
}

static enum hs_status put_file_aside(struct repair *repair, uint64_t number, struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  hs_file file = -1;
  struct hs_file_info info;
  hs_segment_path(repair->directory, number, "", path);
  enum hs_status status = repair->io->info(repair->io->self, path, &info, err);
  if (status == HS_NOT_FOUND) {
    repair->report.damage_count++;
    return HS_OK;
  }
  if (status == HS_OK)
    status = repair->io->open(repair->io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  status = put_aside(repair, number, file, 0, info.size_bytes, err);
  repair->io->close(repair->io->self, file);
  return status;
}

/* A segment in the place of one that cannot be read: a header that fits, and a lost frame for all
   sequences up to the next that is known. */
static enum hs_status replace_segment(struct repair *repair, uint64_t number,
                                      const struct hs_chain *next_start, struct hs_err *err)
{
  unsigned char encoded[SEGMENT_HEADER_BYTES];
  unsigned char lost[LOST_FRAME_BYTES];
  uint64_t epoch_known = next_start != NULL ? next_start->epoch : repair->durable.epoch;
  if (epoch_known > repair->chain.epoch || repair->chain.epoch == 0)
    repair->chain.epoch++;
  uint64_t next = next_start != NULL ? next_start->next_sequence : repair->durable.sequence + 1;
  struct hs_segment_birth birth = {
      .header = {.number = number,
                 .start = repair->chain,
                 .created_us = repair->io->now_us(repair->io->self)},
      .frames = lost,
  };
  repair->io->fill_random(repair->io->self, birth.header.salt, sizeof birth.header.salt);
  hs_segment_header_encode(&birth.header, encoded);
  if (next > repair->chain.next_sequence) {
    count_lost(repair, repair->chain.next_sequence, next);
    if (next_start != NULL)
      repair->chain.running = next_start->running;
    hs_frame_make_lost(repair->chain.next_sequence, next, birth.header.created_us, sizeof lost,
                       birth.header.seed, &repair->chain.running, lost);
    repair->chain.next_sequence = next;
    birth.frame_bytes = sizeof lost;
  }
  birth.size_bytes = SEGMENT_HEADER_BYTES + birth.frame_bytes;
  enum hs_status status = put_file_aside(repair, number, err);
  hs_file file = -1;
  if (status == HS_OK)
    status = hs_segment_create(repair->io, repair->directory, &birth, &file, err);
  repair->io->close(repair->io->self, file);
  return status;
}

static enum hs_status mend_segment(struct repair *repair, uint64_t number, struct hs_err *err)
{
  struct hs_chain next_start;
  struct patient patient = {.number = number, .is_last = number == repair->highest};
  if (find_next_start(repair, number, &next_start))
    patient.next_start = &next_start;
  enum hs_status status = hs_segment_open(repair->io, repair->directory, number, HS_OPEN_WRITE,
                                          &patient.file, &patient.header, err);
  if (status == HS_OK && hs_segment_continues(&patient.header, &repair->chain, NULL) != HS_OK) {
    repair->io->close(repair->io->self, patient.file);
    status = HS_CORRUPT;
  }
  if (status == HS_CORRUPT || status == HS_NOT_FOUND)
    return replace_segment(repair, number, patient.next_start, err);
  if (status != HS_OK)
    return status;
  repair->chain = patient.header.start;
  patient.scanner = hs_scanner_at(repair->io, patient.file, patient.header.seed, repair->window);
  status = mend_frames(repair, &patient, err);
  if (status == HS_OK)
    status = repair->io->sync_data(repair->io->self, patient.file, err);
  repair->io->close(repair->io->self, patient.file);
  return status;
}

/* ---- the whole journal ---- */

static enum hs_status open_as_owner(struct repair *repair, const struct hs_segment_list *list,
                                    struct hs_err *err)
{
  struct hs_chain nothing = hs_chain_start();
  if (list->highest == 0) {
    enum hs_status status = hs_check_watermark(repair->io, repair->directory, &nothing, NULL, err);
    return status == HS_OK ? hs_fail(err, HS_NOT_FOUND, "%s holds no journal", repair->directory)
                           : status;
  }
  struct hs_journal_end end = {.file = -1};
  struct hs_recovery recovery = {.io = repair->io,
                                 .directory = repair->directory,
                                 .check = HS_JOURNAL_CHECK_ALL,
                                 .window = repair->window};
  enum hs_status status = hs_recover(&recovery, list, &end, err);
  repair->io->close(repair->io->self, end.file);
  return status;
}

static enum hs_status mend_all(struct repair *repair, struct hs_err *err)
{
  struct hs_err watermark_err;
  repair->chain = hs_chain_start();
  enum hs_status status = hs_check_watermark(repair->io, repair->directory, &repair->chain,
                                             &repair->durable, &watermark_err);
  if (status != HS_OK && status != HS_CORRUPT)
    return hs_fail(err, status, "%s", watermark_err.text);
  status = HS_OK;
  for (uint64_t number = 1; status == HS_OK && number <= repair->highest; number++)
    status = mend_segment(repair, number, err);
  if (status == HS_OK && repair->durable.epoch > repair->chain.epoch)
    status = replace_segment(repair, repair->highest + 1, NULL, err);
  return status;
}

static enum hs_status run(struct repair *repair, struct hs_err *err)
{
  struct hs_segment_list list;
  enum hs_status status = hs_segment_list(repair->io, repair->directory, &list, err);
  if (status == HS_OK)
    status = open_as_owner(repair, &list, err);
  if (status == HS_CORRUPT) {
    repair->highest = list.highest;
    status = mend_all(repair, err);
    if (status == HS_OK)
      status = hs_segment_list(repair->io, repair->directory, &list, err);
    if (status == HS_OK)
      status = open_as_owner(repair, &list, err);
  }
  struct hs_journal_report counts;
  if (status == HS_OK)
    status = hs_verify_all(repair->io, repair->directory, repair->window, &counts, err);
  if (status != HS_OK)
    return status;
  repair->report.segment_count = counts.segment_count;
  repair->report.frame_count = counts.frame_count;
  repair->report.byte_count = counts.byte_count;
  return HS_OK;
}

enum hs_status hs_journal_repair(const struct hs_io *io, const char *directory,
                                 struct hs_journal_report *report, struct hs_err *err)
{
  struct hs_arena arena = {0};
  hs_file lock = -1;
  if (strlen(directory) > JOURNAL_DIRECTORY_BYTES_MAX)
    return hs_fail(err, HS_INVALID, "the journal's directory has too long a path");
  enum hs_status status =
      hs_arena_init(&arena, SCAN_WINDOW_BYTES + HS_JOURNAL_FRAME_BYTES_MAX, err);
  if (status != HS_OK)
    return status;
  struct repair repair = {.io = io,
                          .directory = directory,
                          .window = arena.base,
                          .scratch = arena.base + SCAN_WINDOW_BYTES,
                          .aside = -1};
  status = hs_segment_lock(io, directory, &lock, err);
  if (status == HS_OK)
    status = run(&repair, err);
  io->close(io->self, repair.aside);
  io->close(io->self, lock);
  hs_arena_release(&arena);
  if (status == HS_OK)
    *report = repair.report;
  return status;
}
