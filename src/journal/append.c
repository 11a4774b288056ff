/* How many writers share one sync: a leader and its followers.

   A writer puts its frames into the batch that is being filled and looks whether somebody has the
   lead. If not, it takes the lead itself: it closes that batch, writes and syncs it while others
   fill the next one, tells everybody whose frames were in it, and goes on with what they filled.
   A batch thus grows by exactly what arrives during one sync, without a timer, and a lone writer
   pays one sync and no change of threads. After LEAD_US the leader hands the lead on by waking one
   writer of the batch that waits, so that nobody works for the others for long.

   Those who wait learn what was decided without passing the mutex, which by then guards the next
   batch: each on its own stack, woken by the bell of the batch.

   Why no writer thread of the journal's own: it would cost every commit two more hand-overs and
   need its own starting, stopping and dying, and the simulation, where one thread is all there is,
   would run other code than production does. Here hs_journal_commit is the same path.

   Frames are sealed as they are staged, on the assumption that the batch under way succeeds and the
   segment has room; sealing then overlaps with the sync. When the assumption fails (a failed
   commit, a new segment) the staged frames are sealed again. */
#include "journal/journal_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* How long a leader goes on after it began: where a sync is slow, its own frames and no more; where
   it takes less than waking another thread, some batches. */
#define LEAD_US 1000

/* ---- under the mutex ---- */

enum hs_status hs_journal_is_alive(const struct hs_journal *journal, struct hs_err *err)
{
  if (!journal->is_dead)
    return HS_OK;
  return hs_fail(err, HS_DEAD, "the journal takes nothing more until it is opened again: %s",
                 journal->death);
}

static enum hs_status check_frames(const struct hs_journal *journal, const struct hs_frame *frames,
                                   size_t count, size_t *bytes, struct hs_err *err)
{
  HS_ASSERT(count > 0);
  *bytes = 0;
  for (size_t i = 0; i < count; i++) {
    const struct hs_frame *frame = &frames[i];
    if (frame->type < HS_FRAME_FIRST_OF_SERVICE || frame->version == 0)
      return hs_fail(err, HS_INVALID, "frame %zu of %zu: type %u, version %u is not for callers", i,
                     count, (unsigned)frame->type, (unsigned)frame->version);
    size_t length = hs_frame_length(frame->public_bytes, frame->personal_bytes);
    if (length == 0)
      return hs_fail(err, HS_INVALID,
                     "frame %zu of %zu: %zu public and %zu personal bytes are more "
                     "than a frame may hold (%zu with its header)",
                     i, count, frame->public_bytes, frame->personal_bytes,
                     HS_JOURNAL_FRAME_BYTES_MAX);
    *bytes += length;
    if (*bytes > journal->batch_bytes)
      return hs_fail(err, HS_INVALID, "%zu %s not fit half the queue of %zu bytes", count,
                     hs_plural(count, "frame does", "frames do"), 2 * journal->batch_bytes);
  }
  return HS_OK;
}

/* Salts are drawn for many frames at once and before the mutex is taken: asking the system for 16
   bytes costs more than sealing a frame. */
#define SALTS_AT_ONCE 64

struct salts {
  unsigned char bytes[SALTS_AT_ONCE][PERSONAL_SALT_BYTES];
  size_t left; /* of those drawn */
};

/* For the personal ones among these frames, as many as fit. */
static void draw_salts(const struct hs_io *io, const struct hs_frame *frames, size_t count,
                       struct salts *salts)
{
  salts->left = 0;
  for (size_t i = 0; i < count && salts->left < SALTS_AT_ONCE; i++)
    salts->left += frames[i].personal_bytes > 0;
  if (salts->left > 0)
    io->fill_random(io->self, salts->bytes, salts->left * PERSONAL_SALT_BYTES);
}

static void add_frame(struct hs_journal *journal, const struct hs_frame *frame,
                      const unsigned char *salt, int64_t at_us)
{
  struct hs_journal_batch *batch = journal->staging;
  unsigned char *out = batch->bytes + batch->used_bytes;
  hs_frame_encode(frame, salt, at_us, batch->frame_count, out);
  hs_frame_seal(out, journal->staged_seed, &batch->end);
  batch->used_bytes += hs_load_u32(out);
  batch->frame_count++;
}

static void add_frames(struct hs_journal *journal, const struct hs_frame *frames, size_t count,
                       struct salts *salts, int64_t at_us)
{
  for (size_t i = 0; i < count; i++) {
    const unsigned char *salt = NULL;
    if (frames[i].personal_bytes > 0) {
      if (salts->left == 0)
        draw_salts(journal->io, frames + i, count - i, salts);
      salt = salts->bytes[--salts->left];
    }
    add_frame(journal, &frames[i], salt, at_us);
  }
}

static enum hs_status stage(struct hs_journal *journal, const struct hs_frame *frames, size_t count,
                            struct salts *salts, struct hs_journal_waiter *waiter,
                            struct hs_err *err)
{
  struct hs_journal_batch *batch = journal->staging;
  size_t bytes = 0;
  enum hs_status status = check_frames(journal, frames, count, &bytes, err);
  if (status == HS_OK)
    status = hs_journal_is_alive(journal, err);
  if (status != HS_OK)
    return status;
  if (bytes > journal->batch_bytes - batch->used_bytes)
    return hs_fail(err, HS_BUSY, "%" PRIu32 " %s for the disk; there is no room for more",
                   batch->frame_count, hs_plural(batch->frame_count, "frame waits", "frames wait"));
  waiter->at_us = journal->io->now_us(journal->io->self);
  waiter->batch_index = batch->frame_count;
  if (batch->frame_count == 0)
    batch->at_us = waiter->at_us;
  add_frames(journal, frames, count, salts, waiter->at_us);
  return HS_OK;
}

/* What became of a batch, and who is to hear it. Taken out of the batch, which others may fill
   while it is told. */
struct verdict {
  struct hs_journal_waiter *waiters;
  struct hs_bell *bell;
  struct hs_committed committed;
  enum hs_status status;
  struct hs_err err;
};

static void take_out(struct hs_journal_batch *batch, struct verdict *verdict)
{
  verdict->waiters = batch->waiters;
  verdict->bell = &batch->decided;
  verdict->committed = (struct hs_committed){
      .first = {.epoch = batch->start.epoch,
                .sequence = batch->start.next_sequence,
                .at_us = batch->at_us},
      .frame_count = batch->frame_count,
  };
  batch->waiters = NULL;
  batch->used_bytes = 0;
  batch->frame_count = 0;
}

static void tell(const struct verdict *verdict)
{
  const struct hs_receipt *first = &verdict->committed.first;
  struct hs_journal_waiter *waiter = verdict->waiters;
  while (waiter != NULL) {
    /* Once decided, the waiter may be gone with its stack. */
    struct hs_journal_waiter *next = waiter->next;
    waiter->receipt = (struct hs_receipt){.epoch = first->epoch,
                                          .sequence = first->sequence + waiter->batch_index,
                                          .at_us = waiter->at_us};
    waiter->status = verdict->status;
    if (verdict->status != HS_OK && waiter->err != NULL)
      *waiter->err = verdict->err;
    atomic_store(&waiter->is_decided, 1);
    waiter = next;
  }
  if (verdict->waiters != NULL)
    hs_bell_ring_all(verdict->bell);
}

void hs_journal_take_lead(struct hs_journal *journal)
{
  while (journal->has_leader)
    (void)pthread_cond_wait(&journal->lead_is_free, &journal->mutex);
  journal->has_leader = 1;
}

static void die(struct hs_journal *journal, const struct hs_err *err)
{
  struct verdict verdict;
  journal->is_dead = 1;
  (void)snprintf(journal->death, sizeof journal->death, "%.500s", err->text);
  verdict.status = hs_journal_is_alive(journal, &verdict.err);
  take_out(journal->staging, &verdict);
  tell(&verdict);
}

/* The staged frames must continue what is durable now, in the segment that is open now. */
static void realign(struct hs_journal *journal)
{
  struct hs_journal_batch *batch = journal->staging;
  const struct hs_chain *end = &journal->end.chain;
  int continues = batch->start.epoch == end->epoch &&
                  batch->start.next_sequence == end->next_sequence &&
                  hs_hash_equal(&batch->start.running, &end->running);
  if (continues && journal->staged_seed == journal->end.header.seed)
    return;
  batch->start = *end;
  journal->staged_seed = journal->end.header.seed;
  hs_journal_seal_batch(batch, journal->staged_seed);
}

/* What the leader's work came to becomes everybody's. */
static void settle(struct hs_journal *journal, enum hs_status status, const struct hs_err *err)
{
  journal->position = hs_journal_end_position(&journal->end);
  if (status == HS_DEAD)
    die(journal, err);
  realign(journal);
}

void hs_journal_release_lead(struct hs_journal *journal, enum hs_status status,
                             const struct hs_err *err)
{
  journal->has_leader = 0;
  settle(journal, status, err);
  if (journal->staging->waiters != NULL)
    hs_bell_ring_one(&journal->staging->decided);
  (void)pthread_cond_broadcast(&journal->lead_is_free);
}

/* Writes the staged batch, while others fill the other one. With the lead. The mutex is held, let
   go meanwhile, and held again. */
static void write_staged(struct hs_journal *journal, struct verdict *verdict)
{
  struct hs_journal_batch *batch = journal->staging;
  struct hs_journal_batch *other = &journal->batches[batch == journal->batches];
  other->start = other->end = batch->end;
  journal->staging = other;
  (void)pthread_mutex_unlock(&journal->mutex);
  verdict->status = hs_journal_write_batch(journal, batch, &verdict->err);
  take_out(batch, verdict);
  (void)pthread_mutex_lock(&journal->mutex);
}

/* Commits what is staged, and what others stage meanwhile, for lead_us. Nobody has the lead and the
   mutex is held; afterwards it is not. *verdict is that of the last batch. */
static void lead(struct hs_journal *journal, int64_t lead_us, struct verdict *verdict)
{
  const struct hs_io *io = journal->io;
  int64_t until_us = io->monotonic_us(io->self) + lead_us;
  journal->has_leader = 1;
  for (int is_over = 0; !is_over;) {
    write_staged(journal, verdict);
    is_over = verdict->status != HS_OK || journal->staging->waiters == NULL ||
              io->monotonic_us(io->self) >= until_us;
    /* The next leader is woken before the followers: the disk waits for it, nobody for them. */
    if (is_over)
      hs_journal_release_lead(journal, verdict->status, &verdict->err);
    else
      settle(journal, verdict->status, &verdict->err);
    (void)pthread_mutex_unlock(&journal->mutex);
    tell(verdict);
    if (!is_over)
      (void)pthread_mutex_lock(&journal->mutex);
  }
}

/* ---- public ---- */

static void enqueue(struct hs_journal_batch *batch, struct hs_journal_waiter *waiter)
{
  waiter->next = batch->waiters;
  batch->waiters = waiter;
}

/* Waits until batch, which is the staged one and holds the waiter's frames, is decided. The mutex
   is held; afterwards it is not. Whoever leads decides its own frames first: while nobody leads
   there is no batch under way, so they are in the one that is staged. */
static void wait_or_lead(struct hs_journal *journal, struct hs_journal_batch *batch,
                         struct hs_journal_waiter *waiter)
{
  struct verdict verdict;
  while (!atomic_load(&waiter->is_decided) && journal->has_leader) {
    uint32_t heard = hs_bell_listen(&batch->decided);
    (void)pthread_mutex_unlock(&journal->mutex);
    if (!atomic_load(&waiter->is_decided))
      hs_bell_wait(&batch->decided, heard);
    if (atomic_load(&waiter->is_decided))
      return;
    (void)pthread_mutex_lock(&journal->mutex);
  }
  if (atomic_load(&waiter->is_decided))
    (void)pthread_mutex_unlock(&journal->mutex);
  else
    lead(journal, LEAD_US, &verdict);
}

enum hs_status hs_journal_append_batch(struct hs_journal *journal, const struct hs_frame *frames,
                                       size_t count, struct hs_receipt *receipt, struct hs_err *err)
{
  struct hs_journal_waiter waiter = {.err = err};
  struct salts salts;
  draw_salts(journal->io, frames, count, &salts);
  (void)pthread_mutex_lock(&journal->mutex);
  enum hs_status status = stage(journal, frames, count, &salts, &waiter, err);
  if (status != HS_OK) {
    (void)pthread_mutex_unlock(&journal->mutex);
    return status;
  }
  struct hs_journal_batch *batch = journal->staging;
  enqueue(batch, &waiter);
  wait_or_lead(journal, batch, &waiter);
  if (waiter.status == HS_OK && receipt != NULL)
    *receipt = waiter.receipt;
  return waiter.status;
}

enum hs_status hs_journal_append(struct hs_journal *journal, const struct hs_frame *frame,
                                 struct hs_receipt *receipt, struct hs_err *err)
{
  return hs_journal_append_batch(journal, frame, 1, receipt, err);
}

enum hs_status hs_journal_stage(struct hs_journal *journal, const struct hs_frame *frames,
                                size_t count, struct hs_err *err)
{
  struct hs_journal_waiter unused = {0};
  struct salts salts;
  draw_salts(journal->io, frames, count, &salts);
  (void)pthread_mutex_lock(&journal->mutex);
  enum hs_status status = stage(journal, frames, count, &salts, &unused, err);
  (void)pthread_mutex_unlock(&journal->mutex);
  return status;
}

enum hs_status hs_journal_commit(struct hs_journal *journal, struct hs_committed *committed,
                                 struct hs_err *err)
{
  struct verdict verdict = {.status = HS_OK};
  (void)pthread_mutex_lock(&journal->mutex);
  enum hs_status status = hs_journal_is_alive(journal, err);
  HS_ASSERT(!journal->has_leader);
  if (status != HS_OK || journal->staging->frame_count == 0) {
    (void)pthread_mutex_unlock(&journal->mutex);
  } else {
    lead(journal, 0, &verdict);
    status = verdict.status;
    if (status != HS_OK && err != NULL)
      *err = verdict.err;
  }
  if (status == HS_OK && committed != NULL)
    *committed = verdict.committed;
  return status;
}

struct hs_journal_position hs_journal_position(struct hs_journal *journal)
{
  (void)pthread_mutex_lock(&journal->mutex);
  struct hs_journal_position position = journal->position;
  (void)pthread_mutex_unlock(&journal->mutex);
  return position;
}

enum hs_status hs_journal_new_epoch(struct hs_journal *journal, struct hs_err *err)
{
  struct hs_err own;
  (void)pthread_mutex_lock(&journal->mutex);
  hs_journal_take_lead(journal);
  enum hs_status status = hs_journal_is_alive(journal, &own);
  if (status == HS_OK) {
    (void)pthread_mutex_unlock(&journal->mutex);
    status = hs_journal_begin_epoch(journal, journal->end.chain.epoch + 1, &own);
    (void)pthread_mutex_lock(&journal->mutex);
  }
  hs_journal_release_lead(journal, status, &own);
  (void)pthread_mutex_unlock(&journal->mutex);
  if (status != HS_OK && err != NULL)
    *err = own;
  return status;
}
