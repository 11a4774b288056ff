#include "service/post/post.h"

#include <inttypes.h>
#include <string.h>

#include "service/post/post_priv.h"
#include "service/track/follow.h"

#define LEDGER_READER HS_STR("ledger")

/* Address space. */
#define AGREED_ARENA_BYTES (1 * HS_GIB)
#define SCRATCH_ARENA_BYTES (64 * HS_MIB)
#define TALLYING_ARENA_BYTES (256 * HS_MIB)

/* Posting goes through the trail page by page, and what a page needs is small: so a replay of ten
   million orders has to do with half a gigabyte in all. */
#define TRAIL_BYTES (256 * HS_MIB)

/* After so many frames that post nothing the cursor is kept all the same. */
#define FRAMES_UNKEPT_MAX 10000

struct poster {
  struct hs_posting posting;
  struct hs_in_force in_force;
  struct hs_cases cases;
  struct hs_arena agreed, scratch, tallying;
  struct hs_posted counts;
};

/* ---- opening ---- */

static enum hs_status note_closed(void *context, const struct hs_close_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct hs_posting *posting = context;
  if (row->until_us > posting->closed_until_us)
    posting->closed_until_us = row->until_us;
  return HS_OK;
}

static enum hs_status note_lock(void *context, const struct hs_lock_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct hs_posting *posting = context;
  if (row->until_us > posting->locked_until_us)
    posting->locked_until_us = row->until_us;
  return HS_OK;
}

enum hs_status hs_posting_agreed(struct hs_posting *posting, struct hs_err *err)
{
  const struct hs_programme *programme = posting->programme;
  if (!posting->is_stale)
    return HS_OK;
  hs_arena_reset(posting->agreed, 0);
  enum hs_status status =
      hs_in_force_load(&posting->writer->ledger_now, &programme->book, programme->zone, UINT64_MAX,
                       posting->agreed, posting->in_force, err);
  posting->is_stale = status != HS_OK;
  return status;
}

/* Up to when periods are closed and return periods over. */
static enum hs_status load_moments(struct hs_posting *posting, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &posting->programme->book.ledger;
  posting->closed_until_us = posting->locked_until_us = INT64_MIN;
  enum hs_status status = ledger->closes(ledger->self, note_closed, posting, err);
  return status == HS_OK ? ledger->locks(ledger->self, note_lock, posting, err) : status;
}

static void poster_close(struct poster *poster)
{
  hs_cases_release(&poster->cases);
  hs_arena_release(&poster->agreed);
  hs_arena_release(&poster->scratch);
  hs_arena_release(&poster->tallying);
}

static enum hs_status poster_open(struct poster *poster, struct hs_programme *programme,
                                  struct hs_err *err)
{
  *poster = (struct poster){0};
  poster->posting = (struct hs_posting){.programme = programme,
                                        .in_force = &poster->in_force,
                                        .agreed = &poster->agreed,
                                        .is_stale = 1,
                                        .cases = &poster->cases,
                                        .scratch = &poster->scratch,
                                        .tallying = &poster->tallying,
                                        .counts = &poster->counts};
  enum hs_status status = hs_cases_open(&poster->cases, err);
  if (status == HS_OK)
    status = hs_arena_init(&poster->agreed, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&poster->scratch, SCRATCH_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&poster->tallying, TALLYING_ARENA_BYTES, err);
  if (status == HS_OK)
    status = load_moments(&poster->posting, err);
  if (status != HS_OK)
    poster_close(poster);
  return status;
}

/* ---- one frame ---- */

struct frame_change {
  struct poster *poster;
  const struct hs_cursor *cursor;     /* NULL: only to see whether it can be done */
  const struct hs_decision *decision; /* or an import: */
  int has_orders, has_refunds, has_rates;
  int has_actions;
  enum hs_event_kind actions; /* of which kind */
};

/* What a change that is only tried ends with, so that the book undoes it. */
#define TRIED HS_INTERRUPTED

static enum hs_status change_book(void *context, const struct hs_book_writer *writer,
                                  struct hs_err *err)
{
  const struct frame_change *change = context;
  struct hs_posting *posting = &change->poster->posting;
  enum hs_status status = HS_OK;
  posting->writer = writer;
  if (change->decision != NULL)
    status = hs_post_decision(posting, change->decision, err);
  if (status == HS_OK && change->has_orders)
    status = hs_post_orders(posting, err);
  if (status == HS_OK && change->has_refunds)
    status = hs_post_refunds(posting, err);
  if (status == HS_OK && change->has_actions)
    status = hs_post_actions(posting, change->actions, err);
  if (status == HS_OK && change->has_rates)
    status = hs_post_rates(posting, err);
  if (status != HS_OK)
    return status;
  return change->cursor == NULL
             ? hs_fail(err, TRIED, "tried")
             : writer->put_cursor(writer->self, LEDGER_READER, change->cursor, err);
}

static enum hs_status run_change(const struct frame_change *change, struct hs_err *err)
{
  struct hs_book *book = &change->poster->posting.programme->book;
  struct hs_posted before = change->poster->counts;
  enum hs_status status = book->write(book->self, change_book, (void *)(uintptr_t)change, err);
  if (status != HS_OK)
    change->poster->counts = before;
  return status;
}

static enum hs_status post_import(struct hs_follower *follower, const struct hs_frame_read *read,
                                  struct frame_change *change, struct hs_err *err)
{
  struct hs_import_frame import;
  enum hs_status status = hs_follow_import(follower, read, &import, err);
  if (status != HS_OK)
    return status;
  change->has_orders = import.kind == HS_EVENT_ORDER;
  change->has_actions = hs_action_event(import.kind) != HS_RULE_SALE;
  change->actions = import.kind;
  change->has_rates = import.kind == HS_EVENT_RATE;
  /* A refund that came before its order holds from the order's frame on. */
  change->has_refunds = change->has_orders || import.kind == HS_EVENT_REFUND;
  return HS_OK;
}

static enum hs_status read_decision(struct hs_follower *follower, const struct hs_frame_read *read,
                                    struct hs_decision *out, struct hs_err *err)
{
  struct hs_str payload = {read->frame.public_data, read->frame.public_bytes};
  hs_arena_reset(&follower->arena, 0);
  return hs_decision_read(&follower->arena, read->frame.version, payload, out, err);
}

/* Sets *is_kept when the frame's cursor went into the book. */
static enum hs_status post_frame(struct poster *poster, struct hs_follower *follower,
                                 const struct hs_frame_read *read, int must_keep, int *is_kept,
                                 struct hs_err *err)
{
  struct frame_change change = {.poster = poster, .cursor = &read->cursor};
  struct hs_decision decision;
  enum hs_status status = HS_OK;
  poster->posting.sequence = read->cursor.sequence;
  poster->posting.at_us = read->at_us;
  if (read->frame.type == HS_FRAME_IMPORT) {
    status = post_import(follower, read, &change, err);
  } else if (read->frame.type == HS_FRAME_DECISION) {
    status = read_decision(follower, read, &decision, err);
    change.decision = &decision;
  }
  int does_something = change.decision != NULL || change.has_orders || change.has_refunds ||
                       change.has_actions || change.has_rates;
  *is_kept = does_something || must_keep;
  if (status == HS_OK && *is_kept)
    status = run_change(&change, err);
  if (status != HS_OK)
    hs_err_prefix(err, "ledger, sequence %" PRIu64, read->cursor.sequence);
  return status;
}

/* ---- the journal ---- */

static enum hs_status post_all(struct poster *poster, struct hs_follower *follower,
                               hs_catch_up_fn catching_up, void *context, struct hs_err *err)
{
  uint64_t until = hs_journal_position(poster->posting.programme->journal).cursor.sequence;
  struct hs_frame_read read;
  size_t unkept = 0;
  enum hs_status status;
  while ((status = hs_journal_reader_next(follower->reader, &read, err)) == HS_OK) {
    int is_kept = 0;
    int is_last = read.cursor.sequence >= until;
    if (catching_up != NULL)
      catching_up(context, read.cursor.sequence, until);
    status =
        post_frame(poster, follower, &read, is_last || unkept >= FRAMES_UNKEPT_MAX, &is_kept, err);
    if (status != HS_OK)
      return status;
    unkept = is_kept ? 0 : unkept + 1;
  }
  return status == HS_END ? HS_OK : status;
}

static enum hs_status post_sparing(struct poster *poster, struct hs_follower *follower,
                                   uint64_t from_sequence, hs_catch_up_fn catching_up,
                                   void *context, struct hs_err *err)
{
  struct hs_programme *programme = poster->posting.programme;
  const struct hs_trail *trail = &programme->trail;
  if (from_sequence == hs_journal_position(programme->journal).cursor.sequence)
    return HS_OK;
  enum hs_status status = trail->spare(trail->self, TRAIL_BYTES, err);
  if (status == HS_OK)
    status = post_all(poster, follower, catching_up, context, err);
  enum hs_status ended = trail->spare(trail->self, 0, status == HS_OK ? err : NULL);
  return status == HS_OK ? ended : status;
}

enum hs_status hs_ledger_catch_up(struct hs_programme *programme, hs_catch_up_fn catching_up,
                                  void *context, struct hs_posted *counts, struct hs_err *err)
{
  struct hs_cursor cursor = {0};
  struct poster poster;
  struct hs_follower follower;
  enum hs_status status = programme->book.cursor(programme->book.self, LEDGER_READER, &cursor, err);
  if (status == HS_OK)
    status = poster_open(&poster, programme, err);
  if (status != HS_OK)
    return status;
  status = hs_follow(&follower, programme, &cursor, err);
  if (status == HS_OK) {
    status = post_sparing(&poster, &follower, cursor.sequence, catching_up, context, err);
    hs_unfollow(&follower);
  }
  if (counts != NULL)
    *counts = poster.counts;
  poster_close(&poster);
  return status;
}

int hs_ledger_is_content(enum hs_status status)
{
  return status == HS_CORRUPT || status == HS_INVALID || status == HS_UNSUPPORTED ||
         status == HS_CONFLICT || status == HS_NOT_FOUND;
}

static enum hs_status empty_ledger([[maybe_unused]] void *context,
                                   const struct hs_book_writer *writer, struct hs_err *err)
{
  return writer->ledger.clear(writer->ledger.self, LEDGER_READER, err);
}

enum hs_status hs_ledger_replay(struct hs_programme *programme, hs_catch_up_fn catching_up,
                                void *context, struct hs_posted *counts, struct hs_err *err)
{
  struct hs_book *book = &programme->book;
  enum hs_status status = book->write(book->self, empty_ledger, NULL, err);
  return status == HS_OK ? hs_ledger_catch_up(programme, catching_up, context, counts, err)
                         : status;
}

/* ---- deciding ---- */

/* The same code that applies it says whether it can be applied. */
static enum hs_status try_decision(struct hs_programme *programme,
                                   const struct hs_decision *decision, struct hs_err *err)
{
  struct poster poster;
  struct frame_change change = {.poster = &poster, .decision = decision};
  enum hs_status status = poster_open(&poster, programme, err);
  if (status != HS_OK)
    return status;
  poster.posting.sequence = hs_journal_position(programme->journal).cursor.sequence + 1;
  poster.posting.at_us = programme->io->now_us(programme->io->self);
  status = run_change(&change, err);
  poster_close(&poster);
  return status == TRIED ? HS_OK : status;
}

enum hs_status hs_decide(struct hs_programme *programme, struct hs_decision *decision,
                         struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_str payload;
  struct hs_receipt receipt;
  enum hs_status status = hs_arena_init(&arena, 16 * HS_MIB, err);
  if (status != HS_OK)
    return status;
  decision->id = hs_id_make(&programme->ids, programme->io, "dec");
  status = hs_decision_write(&arena, decision, &payload, err);
  if (status == HS_OK)
    status = try_decision(programme, decision, err);
  if (status == HS_OK) {
    struct hs_frame frame = {.type = HS_FRAME_DECISION,
                             .version = HS_DECISION_FRAME_VERSION,
                             .public_data = payload.data,
                             .public_bytes = payload.length};
    status = hs_journal_append(programme->journal, &frame, &receipt, err);
  }
  hs_arena_release(&arena);
  return status == HS_OK ? hs_ledger_catch_up(programme, NULL, NULL, NULL, err) : status;
}
