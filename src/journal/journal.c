/* Why an acknowledged frame is on disk, and stays.

   One commit: seal, write, sync, then tell. The order is the whole secret, so here is what may go
   wrong between two of its steps and what the journal does about it.

   A write fails, or is cut short and then fails. Nothing was acknowledged, and a failed write is
   not a failed sync: the kernel has not yet thrown away a page that it promised to keep. But what
   it took so far lies about as frames that look whole, and a later, shorter batch at the same place
   could leave the last of them standing right behind its own end. So before anything else is
   written the place is zeroed again and the zeros are synced; when that works, the frames are
   certainly not there, the caller is told HS_FULL or HS_IO, and appending can go on. If even the
   zeros find no room (a file system that copies on write) the journal stays alive and tries to
   clean again before the next commit. Any other failure of the cleaning is the end: HS_DEAD.

   A sync fails. The kernel may have marked the pages clean all the same; a second sync would report
   success for bytes that are not on disk (that is how PostgreSQL lost data until 2018). There is no
   second sync: the journal is dead, everybody who waits hears so, and only a new opening, which
   writes the last commit again instead of trusting the cache (recovery.c), brings it back.

   The disk is full. Room is allocated, and zeroed, a piece ahead of the frames, so that this shows
   before a byte of them is written. Allocated zeros also make the sync cheap: it moves data and no
   metadata.

   A segment is full. Batches do not straddle: the next one begins a new segment, which is written
   under another name, synced and renamed before a frame goes into it. By then every frame of the
   old one is durable, and nothing but an erasure touches it again. A rename or a sync of the
   directory that fails is as final as a failed sync of data: the name may or may not be there, and
   going on in the old segment would leave two successors of one frame.

   After the sync the watermark is rewritten (watermark.h), and only then are the waiters told. If
   that write fails, frames are durable and acknowledged and readers learn of them with the next
   commit, or when the owner asks for it (hs_journal_tell_readers); until then the torn watermark
   may stop them. */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "journal/journal_priv.h"
#include "journal/watermark.h"

#define SEGMENT_BYTES_DEFAULT ((uint64_t)64 * HS_MIB)
#define SEGMENT_BYTES_MIN ((uint64_t)4096)
#define SEGMENT_BYTES_MAX ((uint64_t)1024 * HS_GIB)
#define QUEUE_BYTES_DEFAULT (8 * HS_MIB)
#define QUEUE_BYTES_MIN ((size_t)2048)
#define QUEUE_BYTES_MAX HS_GIB
/* How far ahead of the frames room is made. Zeroing it shows as one slower commit each time; a
   whole segment at once would be one very slow commit. */
#define ALLOCATION_STEP_BYTES HS_MIB
#define EPOCH_NONCE_BYTES 16
#define EPOCH_FRAME_BYTES (FRAME_HEADER_BYTES + EPOCH_NONCE_BYTES)

/* ---- one commit ---- */

void hs_journal_seal_batch(struct hs_journal_batch *batch, uint32_t seed)
{
  batch->end = batch->start;
  for (size_t at = 0; at < batch->used_bytes; at += hs_load_u32(batch->bytes + at))
    hs_frame_seal(batch->bytes + at, seed, &batch->end);
}

struct hs_journal_position hs_journal_end_position(const struct hs_journal_end *end)
{
  struct hs_journal_position position = {
      .cursor = {.epoch = end->chain.epoch, .sequence = end->chain.next_sequence - 1},
      .segment = end->header.number,
      .offset_bytes = end->offset,
  };
  memcpy(position.cursor.hash, end->chain.running.bytes, HS_CURSOR_HASH_BYTES);
  return position;
}

static enum hs_status try_to_tell(struct hs_journal *journal, struct hs_err *err)
{
  struct hs_journal_position position = hs_journal_end_position(&journal->end);
  enum hs_status status = hs_watermark_write(journal->io, journal->watermark_file, &position, err);
  journal->is_untold = status != HS_OK;
  return status;
}

static void tell_readers(struct hs_journal *journal)
{
  struct hs_err err;
  if (try_to_tell(journal, &err) != HS_OK)
    hs_log(HS_LOG_WARN, "journal", "readers must wait for the next commit: %s", err.text);
}

static enum hs_status sync_segment(struct hs_journal *journal, struct hs_err *err)
{
  if (journal->io->sync_data(journal->io->self, journal->end.file, err) == HS_OK)
    return HS_OK;
  hs_err_prefix(err, "segment %" PRIu64 " is dead", journal->end.header.number);
  return HS_DEAD;
}

static enum hs_status clean(struct hs_journal *journal, struct hs_err *err)
{
  if (journal->dirty_until == 0)
    return HS_OK;
  enum hs_status status =
      hs_zero_range(journal->io, journal->end.file, journal->end.offset, journal->dirty_until, err);
  if (status == HS_OK)
    status = sync_segment(journal, err);
  if (status == HS_OK)
    journal->dirty_until = 0;
  return status == HS_OK || status == HS_FULL ? status : HS_DEAD;
}

static uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* The end moves into a newborn segment. */
static enum hs_status enter_segment(struct hs_journal *journal, struct hs_segment_birth *birth,
                                    const struct hs_chain *chain_after, struct hs_err *err)
{
  birth->size_bytes = smaller(journal->segment_bytes, ALLOCATION_STEP_BYTES);
  hs_file file = -1;
  enum hs_status status = hs_segment_create(journal->io, journal->directory, birth, &file, err);
  if (status != HS_OK)
    return status;
  journal->io->close(journal->io->self, journal->end.file);
  journal->end = (struct hs_journal_end){
      .chain = *chain_after,
      .header = birth->header,
      .file = file,
      .offset = SEGMENT_HEADER_BYTES + birth->frame_bytes,
  };
  journal->allocated_bytes = birth->size_bytes;
  journal->dirty_until = 0;
  return HS_OK;
}

static struct hs_segment_header next_header(struct hs_journal *journal, struct hs_chain start)
{
  unsigned char encoded[SEGMENT_HEADER_BYTES];
  struct hs_segment_header header = {
      .number = journal->end.header.number + 1,
      .start = start,
      .created_us = journal->io->now_us(journal->io->self),
  };
  journal->io->fill_random(journal->io->self, header.salt, sizeof header.salt);
  hs_segment_header_encode(&header, encoded);
  return header;
}

/* The nonce makes the running hashes of two epochs differ that began at the same frame: those of
   one backup that was restored twice. */
enum hs_status hs_journal_begin_epoch(struct hs_journal *journal, uint64_t epoch,
                                      struct hs_err *err)
{
  unsigned char nonce[EPOCH_NONCE_BYTES];
  unsigned char bytes[EPOCH_FRAME_BYTES];
  journal->io->fill_random(journal->io->self, nonce, sizeof nonce);
  struct hs_frame frame = {
      .type = HS_FRAME_EPOCH, .version = 1, .public_data = nonce, .public_bytes = sizeof nonce};
  struct hs_chain chain = journal->end.chain;
  chain.epoch = epoch;
  struct hs_segment_birth birth = {
      .header = next_header(journal, chain), .frames = bytes, .frame_bytes = sizeof bytes};
  hs_frame_encode(&frame, NULL, birth.header.created_us, 0, bytes);
  hs_frame_seal(bytes, birth.header.seed, &chain);
  enum hs_status status = clean(journal, err);
  if (status == HS_OK)
    status = enter_segment(journal, &birth, &chain, err);
  if (status == HS_OK)
    tell_readers(journal);
  return status;
}

static enum hs_status roll_over(struct hs_journal *journal, struct hs_journal_batch *batch,
                                struct hs_err *err)
{
  struct hs_segment_birth birth = {.header = next_header(journal, journal->end.chain)};
  enum hs_status status = enter_segment(journal, &birth, &journal->end.chain, err);
  if (status == HS_OK)
    hs_journal_seal_batch(batch, journal->end.header.seed);
  return status;
}

static enum hs_status make_room(struct hs_journal *journal, struct hs_journal_batch *batch,
                                struct hs_err *err)
{
  uint64_t wanted = journal->end.offset + batch->used_bytes;
  if (wanted > journal->segment_bytes)
    return roll_over(journal, batch, err);
  if (wanted <= journal->allocated_bytes)
    return HS_OK;
  uint64_t size =
      smaller(journal->segment_bytes, (wanted / ALLOCATION_STEP_BYTES + 1) * ALLOCATION_STEP_BYTES);
  enum hs_status status = journal->io->allocate(journal->io->self, journal->end.file, size, err);
  if (status == HS_OK)
    journal->allocated_bytes = size;
  return status;
}

/* The first failure is what the caller hears, unless cleaning up after it fails for good. */
static enum hs_status write_or_clean(struct hs_journal *journal,
                                     const struct hs_journal_batch *batch, struct hs_err *err)
{
  enum hs_status status = hs_io_write_all(journal->io, journal->end.file, batch->bytes,
                                          batch->used_bytes, journal->end.offset, err);
  if (status == HS_OK)
    return HS_OK;
  journal->dirty_until = journal->end.offset + batch->used_bytes;
  struct hs_err clean_err;
  if (clean(journal, &clean_err) != HS_DEAD)
    return status;
  hs_err_prefix(err, "%s, after", clean_err.text);
  return HS_DEAD;
}

enum hs_status hs_journal_write_batch(struct hs_journal *journal, struct hs_journal_batch *batch,
                                      struct hs_err *err)
{
  enum hs_status status = clean(journal, err);
  if (status == HS_OK)
    status = make_room(journal, batch, err);
  if (status == HS_OK)
    status = write_or_clean(journal, batch, err);
  if (status == HS_OK)
    status = sync_segment(journal, err);
  if (status != HS_OK)
    return status;
  journal->end.chain = batch->end;
  journal->end.offset += batch->used_bytes;
  tell_readers(journal);
  return HS_OK;
}

/* ---- opening and closing ---- */

static enum hs_status check_options(struct hs_journal_options *options, const char *directory,
                                    struct hs_err *err)
{
  if (options->segment_bytes == 0)
    options->segment_bytes = SEGMENT_BYTES_DEFAULT;
  if (options->queue_bytes == 0)
    options->queue_bytes = (size_t)smaller(QUEUE_BYTES_DEFAULT, options->segment_bytes);
  if (options->segment_bytes < SEGMENT_BYTES_MIN || options->segment_bytes > SEGMENT_BYTES_MAX)
    return hs_fail(err, HS_INVALID, "segment_bytes must be 4 KiB to 1 TiB, got %" PRIu64,
                   options->segment_bytes);
  if (options->queue_bytes < QUEUE_BYTES_MIN || options->queue_bytes > QUEUE_BYTES_MAX ||
      options->queue_bytes > options->segment_bytes)
    return hs_fail(err, HS_INVALID,
                   "queue_bytes must be 2 KiB to 1 GiB and at most segment_bytes, got %zu",
                   options->queue_bytes);
  if (strlen(directory) > JOURNAL_DIRECTORY_BYTES_MAX)
    return hs_fail(err, HS_INVALID, "the journal's directory may have a path of %d bytes, got %zu",
                   JOURNAL_DIRECTORY_BYTES_MAX, strlen(directory));
  return HS_OK;
}

static enum hs_status make_journal(const struct hs_io *io, const char *directory,
                                   const struct hs_journal_options *options,
                                   struct hs_journal **out, struct hs_err *err)
{
  struct hs_arena arena = {0};
  size_t directory_bytes = strlen(directory) + 1;
  size_t capacity = sizeof(struct hs_journal) + directory_bytes + options->queue_bytes +
                    SCAN_WINDOW_BYTES + HS_KIB; /* the last for alignment */
  enum hs_status status = hs_arena_init(&arena, capacity, err);
  if (status != HS_OK)
    return status;
  struct hs_journal *journal = hs_arena_alloc(&arena, 1, sizeof *journal);
  HS_ASSERT(journal != NULL);
  journal->io = io;
  journal->segment_bytes = options->segment_bytes;
  journal->batch_bytes = options->queue_bytes / 2;
  journal->directory = hs_arena_copy(&arena, directory, directory_bytes - 1);
  journal->batches[0].bytes = hs_arena_alloc_raw(&arena, journal->batch_bytes, 1);
  journal->batches[1].bytes = hs_arena_alloc_raw(&arena, journal->batch_bytes, 1);
  journal->window = hs_arena_alloc_raw(&arena, SCAN_WINDOW_BYTES, 1);
  HS_ASSERT(journal->directory != NULL && journal->window != NULL);
  journal->staging = &journal->batches[0];
  journal->lock_file = journal->watermark_file = journal->end.file = -1;
  HS_ASSERT(pthread_mutex_init(&journal->mutex, NULL) == 0);
  HS_ASSERT(pthread_cond_init(&journal->lead_is_free, NULL) == 0);
  journal->arena = arena;
  *out = journal;
  return HS_OK;
}

void hs_journal_close(struct hs_journal *journal)
{
  if (journal == NULL)
    return;
  journal->io->close(journal->io->self, journal->end.file);
  journal->io->close(journal->io->self, journal->watermark_file);
  journal->io->close(journal->io->self, journal->lock_file);
  (void)pthread_cond_destroy(&journal->lead_is_free);
  (void)pthread_mutex_destroy(&journal->mutex);
  struct hs_arena arena = journal->arena;
  hs_arena_release(&arena);
}

/* The name of a new directory stands in its parent, which is what has to be synced. That is done
   even when the directory is there already: a run before may have died between the two. */
static enum hs_status make_directory(const struct hs_io *io, const char *directory,
                                     struct hs_err *err)
{
  enum hs_status status = io->make_directory(io->self, directory, err);
  if (status != HS_OK && status != HS_CONFLICT)
    return status;
  return hs_io_sync_parent(io, directory, err);
}

/* A watermark without any segment is what a journal leaves whose files were lost: not an empty
   directory to begin in. */
static enum hs_status begin_journal(struct hs_journal *journal,
                                    const struct hs_journal_options *options, struct hs_err *err)
{
  struct hs_journal_position durable;
  if (options->start != HS_JOURNAL_CREATE)
    return hs_fail(err, HS_NOT_FOUND, "%s holds no journal", journal->directory);
  enum hs_status status = hs_watermark_read(journal->io, journal->watermark_file, &durable, err);
  if (status == HS_OK)
    return hs_fail(err, HS_CORRUPT,
                   "%s holds no segment any more, but frames up to sequence %" PRIu64
                   " were durable here",
                   journal->directory, durable.cursor.sequence);
  if (status != HS_NOT_FOUND)
    return status;
  journal->end = (struct hs_journal_end){.chain = hs_chain_start(), .file = -1};
  return hs_journal_begin_epoch(journal, 1, err);
}

static enum hs_status find_end(struct hs_journal *journal, const struct hs_journal_options *options,
                               struct hs_err *err)
{
  struct hs_segment_list list;
  enum hs_status status = hs_segment_list(journal->io, journal->directory, &list, err);
  if (status != HS_OK)
    return status;
  if (list.highest == 0)
    return begin_journal(journal, options, err);
  struct hs_recovery recovery = {
      .io = journal->io,
      .directory = journal->directory,
      .check = options->check,
      .window = journal->window,
  };
  status = hs_recover(&recovery, &list, &journal->end, err);
  if (status != HS_OK)
    return status;
  char path[JOURNAL_PATH_BYTES];
  struct hs_file_info info;
  hs_segment_path(journal->directory, journal->end.header.number, "", path);
  status = journal->io->info(journal->io->self, path, &info, err);
  if (status == HS_OK)
    journal->allocated_bytes = info.size_bytes;
  return status;
}

static enum hs_status open_files(struct hs_journal *journal,
                                 const struct hs_journal_options *options, struct hs_err *err)
{
  const struct hs_io *io = journal->io;
  enum hs_status status = HS_OK;
  if (options->start == HS_JOURNAL_CREATE)
    status = make_directory(io, journal->directory, err);
  if (status == HS_OK)
    status = hs_segment_lock(io, journal->directory, &journal->lock_file, err);
  if (status == HS_OK)
    status = hs_watermark_open(io, journal->directory, &journal->watermark_file, err);
  if (status == HS_OK)
    status = find_end(journal, options, err);
  return status;
}

enum hs_status hs_journal_open(const struct hs_io *io, const char *directory,
                               const struct hs_journal_options *options, struct hs_journal **out,
                               struct hs_err *err)
{
  struct hs_journal_options complete = options == NULL ? (struct hs_journal_options){0} : *options;
  enum hs_status status = check_options(&complete, directory, err);
  struct hs_journal *journal = NULL;
  if (status == HS_OK)
    status = make_journal(io, directory, &complete, &journal, err);
  if (status != HS_OK)
    return status;
  status = open_files(journal, &complete, err);
  if (status != HS_OK) {
    hs_journal_close(journal);
    return status;
  }
  tell_readers(journal);
  journal->position = hs_journal_end_position(&journal->end);
  journal->staging->start = journal->staging->end = journal->end.chain;
  journal->staged_seed = journal->end.header.seed;
  *out = journal;
  return HS_OK;
}

enum hs_status hs_journal_tell_readers(struct hs_journal *journal, struct hs_err *err)
{
  (void)pthread_mutex_lock(&journal->mutex);
  hs_journal_take_lead(journal);
  (void)pthread_mutex_unlock(&journal->mutex);
  enum hs_status status = journal->is_untold ? try_to_tell(journal, err) : HS_OK;
  (void)pthread_mutex_lock(&journal->mutex);
  hs_journal_release_lead(journal, HS_OK, NULL);
  (void)pthread_mutex_unlock(&journal->mutex);
  return status;
}
