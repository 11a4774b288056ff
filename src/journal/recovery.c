/* What a crash can leave, and what it cannot.

   A crash leaves the durable bytes and, of what the last commit wrote, any sectors in any order: a
   frame in the middle of that commit may be torn while one behind it is whole. So "something valid
   follows" alone does not tell a torn tail from damage. What tells them apart is the commit: each
   frame says how many frames stand before it under the same sync (batch_index), hence which frame
   its commit began with, and a commit is written only after the one before it was durable.

     - Behind the first place that does not hold the expected frame e, the header of a frame whose
       commit began after e: e was durable, and is damaged now. Refuse.
     - Only frames of e's own commit, or nothing: nobody was told that e is safe. Cut there.

   The watermark is the second witness: damage to the very last commit leaves no frame behind it,
   but the watermark remembers that its frames were durable.

   What was cut is zeroed, because a whole frame of the torn commit could otherwise come to stand
   right behind a frame written later. And the last commit is written again before its sync, not
   just synced: if the run before died of a failed sync, its pages may be in the cache, clean, and
   not on disk (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020), and only
   a write makes the kernel try once more. Everything before that commit was synced before it was
   begun. */
#include "journal/recovery.h"

#include <inttypes.h>
#include <string.h>

#include "journal/watermark.h"

struct hs_chain hs_chain_start(void) { return (struct hs_chain){.epoch = 0, .next_sequence = 1}; }

enum hs_status hs_segment_continues(const struct hs_segment_header *header,
                                    const struct hs_chain *chain, struct hs_err *err)
{
  const struct hs_chain *start = &header->start;
  if (start->epoch < chain->epoch || start->epoch > chain->epoch + 1)
    return hs_fail(err, HS_CORRUPT, "it is of epoch %" PRIu64 " but follows epoch %" PRIu64,
                   start->epoch, chain->epoch);
  if (start->next_sequence != chain->next_sequence)
    return hs_fail(err, HS_CORRUPT,
                   "it begins with sequence %" PRIu64 " but %" PRIu64 " should come next",
                   start->next_sequence, chain->next_sequence);
  if (!hs_hash_equal(&start->running, &chain->running))
    return hs_fail(err, HS_CORRUPT, "it continues another history before sequence %" PRIu64,
                   start->next_sequence);
  return HS_OK;
}

enum hs_status hs_tail_evidence(struct hs_scanner *scanner, uint64_t sequence, int *found,
                                struct hs_frame_header *header, uint64_t *dirty_end,
                                struct hs_err *err)
{
  for (;;) {
    enum hs_status status = hs_scanner_find(scanner, sequence, header, dirty_end, err);
    if (status == HS_END) {
      *found = 0;
      return HS_OK;
    }
    if (status != HS_OK)
      return status;
    if (header->sequence - sequence > header->batch_index) {
      *found = 1;
      return HS_OK;
    }
    scanner->offset += FRAME_ALIGNMENT;
  }
}

/* One segment under examination. */
struct visit {
  const struct hs_recovery *recovery;
  uint64_t number;
  hs_file file;
  struct hs_segment_header header;
  struct hs_scanner scanner;
  struct hs_scan_end end;
};

static enum hs_status damaged(const struct visit *visit, uint64_t offset, uint64_t sequence,
                              const char *why, struct hs_err *err)
{
  char path[JOURNAL_PATH_BYTES];
  hs_segment_path(visit->recovery->directory, visit->number, "", path);
  return hs_fail(err, HS_CORRUPT,
                 "%s is damaged at offset %" PRIu64 ", where sequence %" PRIu64
                 " should stand: %s; nothing was changed (hansa repair mends it)",
                 path, offset, sequence, why);
}

static enum hs_status enter(struct visit *visit, const struct hs_chain *chain, int follows_on,
                            struct hs_err *err)
{
  const struct hs_recovery *recovery = visit->recovery;
  enum hs_status status = hs_segment_open(recovery->io, recovery->directory, visit->number,
                                          HS_OPEN_WRITE, &visit->file, &visit->header, err);
  if (status != HS_OK)
    return status;
  status = follows_on ? hs_segment_continues(&visit->header, chain, err) : HS_OK;
  if (status != HS_OK) {
    char path[JOURNAL_PATH_BYTES];
    hs_segment_path(recovery->directory, visit->number, "", path);
    hs_err_prefix(err, "%s does not fit", path);
    recovery->io->close(recovery->io->self, visit->file);
    visit->file = -1;
    return status;
  }
  visit->scanner = hs_scanner_at(recovery->io, visit->file, visit->header.seed, recovery->window);
  return HS_OK;
}

/* All segments but the last: read through, or taken by their headers. The chain that a header
   begins with is checked against the end of the segment before it when that was read. */
static enum hs_status pass_sealed(const struct hs_recovery *recovery, uint64_t last,
                                  struct hs_chain *chain, struct hs_err *err)
{
  int is_thorough = recovery->check == HS_JOURNAL_CHECK_ALL;
  for (uint64_t number = 1; number < last; number++) {
    struct visit visit = {.recovery = recovery, .number = number, .file = -1};
    enum hs_status status = enter(&visit, chain, is_thorough || number == 1, err);
    if (status != HS_OK)
      return status;
    *chain = visit.header.start;
    if (is_thorough)
      status = hs_scanner_pass(&visit.scanner, chain, &visit.end, err);
    recovery->io->close(recovery->io->self, visit.file);
    if (status != HS_OK)
      return status;
    if (is_thorough && visit.end.check != HS_FRAME_NOTHING)
      return damaged(&visit, visit.scanner.offset, chain->next_sequence, "later segments follow it",
                     err);
  }
  return HS_OK;
}

enum hs_status hs_check_watermark(const struct hs_io *io, const char *directory,
                                  const struct hs_chain *chain, struct hs_cursor *durable,
                                  struct hs_err *err)
{
  hs_file file = -1;
  struct hs_journal_position position = {0};
  enum hs_status status = hs_watermark_read_in(io, directory, &file, &position, err);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return status;
  io->close(io->self, file);
  if (durable != NULL)
    *durable = position.cursor;
  if (position.cursor.epoch > chain->epoch ||
      (position.cursor.epoch == chain->epoch && position.cursor.sequence >= chain->next_sequence))
    return hs_fail(err, HS_CORRUPT,
                   "the journal was durable up to (epoch %" PRIu64 ", sequence %" PRIu64 ")",
                   position.cursor.epoch, position.cursor.sequence);
  return HS_OK;
}

/* Reads and writes back what stands in [from, until), through the window. */
static enum hs_status write_again(const struct hs_recovery *recovery, hs_file file, uint64_t from,
                                  uint64_t until, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  while (status == HS_OK && from < until) {
    size_t piece = until - from < SCAN_WINDOW_BYTES ? (size_t)(until - from) : SCAN_WINDOW_BYTES;
    status = hs_io_read_all(recovery->io, file, recovery->window, piece, from, err);
    if (status == HS_OK)
      status = hs_io_write_all(recovery->io, file, recovery->window, piece, from, err);
    from += piece;
  }
  return status;
}

static enum hs_status settle(const struct hs_recovery *recovery, hs_file file,
                             uint64_t commit_offset, uint64_t end, uint64_t dirty_end,
                             struct hs_err *err)
{
  const struct hs_io *io = recovery->io;
  enum hs_status status = write_again(recovery, file, commit_offset, end, err);
  if (status == HS_OK)
    status = hs_zero_range(io, file, end, dirty_end, err);
  if (status == HS_OK)
    status = io->sync_data(io->self, file, err);
  if (status == HS_OK)
    status = io->sync_directory(io->self, recovery->directory, err);
  return status;
}

static enum hs_status finish_last(struct visit *visit, struct hs_chain *chain, uint64_t *offset,
                                  struct hs_err *err)
{
  enum hs_status status = hs_scanner_pass(&visit->scanner, chain, &visit->end, err);
  if (status != HS_OK)
    return status;
  uint64_t end = visit->scanner.offset;
  uint64_t dirty_end = end;
  int found = 0;
  struct hs_frame_header later;
  status = hs_tail_evidence(&visit->scanner, chain->next_sequence, &found, &later, &dirty_end, err);
  if (status != HS_OK)
    return status;
  if (found) {
    status = damaged(visit, end, chain->next_sequence, "valid frames follow it", err);
    hs_err_prefix(err, "sequence %" PRIu64 " at offset %" PRIu64 " is whole", later.sequence,
                  visit->scanner.offset);
    return status;
  }
  struct hs_err witness;
  status =
      hs_check_watermark(visit->recovery->io, visit->recovery->directory, chain, NULL, &witness);
  if (status == HS_CORRUPT)
    return damaged(visit, end, chain->next_sequence, witness.text, err);
  if (status != HS_OK)
    return hs_fail(err, status, "%s", witness.text);
  if (status == HS_OK)
    status = settle(visit->recovery, visit->file, visit->end.commit_offset, end, dirty_end, err);
  if (status == HS_OK)
    *offset = end;
  return status;
}

enum hs_status hs_recover(const struct hs_recovery *recovery, const struct hs_segment_list *list,
                          struct hs_journal_end *out, struct hs_err *err)
{
  struct hs_chain chain = hs_chain_start();
  enum hs_status status = hs_segment_list_is_whole(recovery->io, recovery->directory, list, err);
  if (status == HS_OK)
    status = pass_sealed(recovery, list->highest, &chain, err);
  struct visit visit = {.recovery = recovery, .number = list->highest, .file = -1};
  int follows_on = recovery->check == HS_JOURNAL_CHECK_ALL || list->highest == 1;
  if (status == HS_OK)
    status = enter(&visit, &chain, follows_on, err);
  if (status != HS_OK)
    return status;
  chain = visit.header.start;
  uint64_t offset = 0;
  status = finish_last(&visit, &chain, &offset, err);
  if (status != HS_OK) {
    recovery->io->close(recovery->io->self, visit.file);
    return status;
  }
  *out = (struct hs_journal_end){
      .chain = chain, .header = visit.header, .file = visit.file, .offset = offset};
  return HS_OK;
}
