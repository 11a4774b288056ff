/* Taking personal parts away. Each frame is first marked as erased, and only when all marks are
   durable are the bytes zeroed: so a personal part that does not match its commitment is either
   marked, or damaged, and a recovery never has to guess. The lead is held throughout. That is not
   only for the window of memory: an error of the device is told once to each open file, and a sync
   of ours between a commit's write and its sync could swallow the error that the commit must see.
 */
#include "journal/journal_priv.h"

#include <inttypes.h>

enum step { STEP_MARK, STEP_ZERO };

/* One segment's share of an erasure. */
struct erasure {
  struct hs_journal *journal;
  hs_file file;
  uint32_t seed;
  uint64_t limit;
  const uint64_t *sequences;
  size_t count; /* the ones that this segment may hold come first; later ones may be elsewhere */
};

static enum hs_status mark(const struct erasure *erasure, uint64_t offset, struct hs_err *err)
{
  static const unsigned char MARK = ERASED_MARK;
  return hs_io_write_all(erasure->journal->io, erasure->file, &MARK, sizeof MARK,
                         offset + ERASED_MARK_OFFSET, err);
}

static enum hs_status zero(const struct erasure *erasure, uint64_t offset,
                           const struct hs_frame_view *view, struct hs_err *err)
{
  uint64_t from = offset + (uint64_t)(view->personal - view->start);
  return hs_zero_range(erasure->journal->io, erasure->file, from,
                       from + view->header.personal_bytes, err);
}

/* Does the step to every wanted frame of the segment; *done counts the sequences that it found. */
static enum hs_status walk(const struct erasure *erasure, enum step step, size_t *done,
                           struct hs_err *err)
{
  struct hs_scanner scanner =
      hs_scanner_at(erasure->journal->io, erasure->file, erasure->seed, erasure->journal->window);
  scanner.limit = erasure->limit;
  *done = 0;
  while (*done < erasure->count) {
    enum hs_frame_check check = HS_FRAME_NOTHING;
    struct hs_frame_view view;
    enum hs_status status = hs_scanner_look(&scanner, &check, &view, err);
    if (status != HS_OK || check == HS_FRAME_NOTHING)
      return status;
    if (check != HS_FRAME_WHOLE)
      return hs_fail(err, HS_CORRUPT, "a frame before sequence %" PRIu64 " is damaged",
                     erasure->sequences[*done]);
    if (view.header.sequence == erasure->sequences[*done]) {
      if (view.personal != NULL)
        status = step == STEP_MARK ? mark(erasure, scanner.offset, err)
                                   : zero(erasure, scanner.offset, &view, err);
      (*done)++;
    }
    if (status != HS_OK)
      return status;
    scanner.offset += view.header.length;
  }
  return HS_OK;
}

static enum hs_status sync(const struct erasure *erasure, struct hs_err *err)
{
  struct hs_journal *journal = erasure->journal;
  if (journal->io->sync_data(journal->io->self, erasure->file, err) == HS_OK)
    return HS_OK;
  hs_err_prefix(err,
                "the erasure of sequence %" PRIu64 " and later ones is not known to be durable",
                erasure->sequences[0]);
  return erasure->file == journal->end.file ? HS_DEAD : HS_IO;
}

static enum hs_status erase_in_segment(const struct erasure *erasure, size_t *done,
                                       struct hs_err *err)
{
  enum hs_status status = walk(erasure, STEP_MARK, done, err);
  if (status == HS_OK && *done == 0)
    return hs_fail(err, HS_NOT_FOUND, "the journal does not hold sequence %" PRIu64,
                   erasure->sequences[0]);
  if (status == HS_OK)
    status = sync(erasure, err);
  if (status == HS_OK)
    status = walk(erasure, STEP_ZERO, done, err);
  if (status == HS_OK)
    status = sync(erasure, err);
  return status;
}

static enum hs_status erase_in_sealed(struct hs_journal *journal, uint64_t number,
                                      const uint64_t *sequences, size_t count, size_t *done,
                                      struct hs_err *err)
{
  hs_file file = -1;
  struct hs_segment_header header;
  enum hs_status status =
      hs_segment_open(journal->io, journal->directory, number, HS_OPEN_WRITE, &file, &header, err);
  if (status != HS_OK)
    return status;
  struct erasure erasure = {.journal = journal,
                            .file = file,
                            .seed = header.seed,
                            .limit = UINT64_MAX,
                            .sequences = sequences,
                            .count = count};
  status = erase_in_segment(&erasure, done, err);
  journal->io->close(journal->io->self, file);
  return status;
}

static enum hs_status erase_some(struct hs_journal *journal, const uint64_t *sequences,
                                 size_t count, size_t *done, struct hs_err *err)
{
  uint64_t number = 0;
  enum hs_status status = hs_segment_find(journal->io, journal->directory,
                                          journal->end.header.number, sequences[0], &number, err);
  if (status != HS_OK)
    return status;
  if (number != journal->end.header.number)
    return erase_in_sealed(journal, number, sequences, count, done, err);
  struct erasure erasure = {.journal = journal,
                            .file = journal->end.file,
                            .seed = journal->end.header.seed,
                            .limit = journal->end.offset,
                            .sequences = sequences,
                            .count = count};
  return erase_in_segment(&erasure, done, err);
}

enum hs_status hs_journal_erase(struct hs_journal *journal, const uint64_t *sequences, size_t count,
                                struct hs_err *err)
{
  struct hs_err own;
  for (size_t i = 1; i < count; i++)
    if (sequences[i] <= sequences[i - 1])
      return hs_fail(err, HS_INVALID,
                     "sequences must rise; number %zu is %" PRIu64 " after %" PRIu64, i,
                     sequences[i], sequences[i - 1]);
  (void)pthread_mutex_lock(&journal->mutex);
  hs_journal_take_lead(journal);
  enum hs_status status = hs_journal_is_alive(journal, &own);
  (void)pthread_mutex_unlock(&journal->mutex);
  for (size_t i = 0, done = 0; status == HS_OK && i < count; i += done)
    status = erase_some(journal, sequences + i, count - i, &done, &own);
  (void)pthread_mutex_lock(&journal->mutex);
  hs_journal_release_lead(journal, status, &own);
  (void)pthread_mutex_unlock(&journal->mutex);
  if (status != HS_OK && err != NULL)
    *err = own;
  return status;
}
