#include "service/track/readers.h"

#include <string.h>

#include "service/kept_file.h"
#include "service/track/follow.h"

/* ---- the trail ---- */

/* is_new: the file was made and hashed a moment ago; every other one is checked before it is
 * believed. */
static enum hs_status store_import(struct hs_programme *programme,
                                   const struct hs_import_frame *import,
                                   const struct hs_cursor *cursor, int is_new,
                                   struct hs_load_counts *counts, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  enum hs_status status = is_new ? HS_OK : hs_kept_file_check(programme, import->file_hash, err);
  if (status == HS_CORRUPT)
    status = HS_INVALID; /* a rebuilt trail would not help */
  if (status != HS_OK)
    return status;
  hs_kept_file_path(programme, import->file_hash, path);
  struct hs_load load = {.kind = import->kind, .sequence = cursor->sequence, .path = path};
  return programme->trail.store(programme->trail.self, &load, 1, cursor, counts, err);
}

static enum hs_status store_frame(struct hs_follower *follower, const struct hs_frame_read *read,
                                  int is_new, struct hs_load_counts *counts, struct hs_err *err)
{
  struct hs_import_frame import;
  switch (read->frame.type) {
  case HS_FRAME_IMPORT: {
    enum hs_status status = hs_follow_import(follower, read, &import, err);
    return status != HS_OK
               ? status
               : store_import(follower->programme, &import, &read->cursor, is_new, counts, err);
  }
  case HS_FRAME_EPOCH:
  case HS_FRAME_LOST:
  case HS_FRAME_DECISION:
    return HS_OK; /* no events: the next store takes the cursor over them */
  default:
    return hs_fail(err, HS_UNSUPPORTED,
                   "journal, sequence %llu: a newer Hansa wrote a frame of type %u",
                   (unsigned long long)read->cursor.sequence, read->frame.type);
  }
}

enum hs_status hs_trail_catch_up(struct hs_programme *programme, hs_catch_up_fn catching_up,
                                 void *context, uint64_t wanted, struct hs_load_counts *counts,
                                 struct hs_err *err)
{
  struct hs_cursor cursor = {0};
  struct hs_follower follower;
  enum hs_status status = programme->trail.position(programme->trail.self, &cursor, err);
  if (status == HS_OK)
    status = hs_follow(&follower, programme, &cursor, err);
  if (status != HS_OK)
    return status;
  uint64_t until = hs_journal_position(programme->journal).cursor.sequence;
  struct hs_frame_read read;
  while ((status = hs_journal_reader_next(follower.reader, &read, err)) == HS_OK) {
    struct hs_load_counts came = {0};
    if (catching_up != NULL)
      catching_up(context, read.cursor.sequence, until);
    status = store_frame(&follower, &read, read.cursor.sequence == wanted, &came, err);
    if (status != HS_OK)
      break;
    if (counts != NULL && read.cursor.sequence == wanted)
      *counts = came;
  }
  hs_unfollow(&follower);
  return status == HS_END ? HS_OK : status;
}

/* ---- the book ---- */

struct book_step {
  const struct hs_import *import; /* NULL: only the cursor */
  const struct hs_cursor *cursor; /* NULL: only the import */
};

#define BOOK_READER HS_STR("book")

static enum hs_status write_step(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  const struct book_step *step = context;
  enum hs_status status =
      step->import != NULL ? writer->add_import(writer->self, step->import, err) : HS_OK;
  if (status != HS_OK || step->cursor == NULL)
    return status;
  return writer->put_cursor(writer->self, BOOK_READER, step->cursor, err);
}

static enum hs_status enter_import(struct hs_follower *follower, const struct hs_frame_read *read,
                                   const struct hs_cursor *cursor, struct hs_err *err)
{
  struct hs_import_frame frame;
  enum hs_status status = hs_follow_import(follower, read, &frame, err);
  if (status != HS_OK)
    return status;
  struct hs_import import = {.id = frame.id,
                             .kind = hs_str_of(hs_event_spec(frame.kind)->name),
                             .source = frame.source,
                             .source_hash = frame.source_hash,
                             .file = frame.file_hash,
                             .sequence = read->cursor.sequence,
                             .row_count = frame.row_count,
                             .rejected_count = frame.rejected_count,
                             .created_at_us = read->at_us};
  struct book_step step = {&import, cursor};
  struct hs_book *book = &follower->programme->book;
  return book->write(book->self, write_step, &step, err);
}

/* Reads to the end. After a repair the history behind the damage is another one, and the cursor is
   not of it: then everything is entered again, which changes nothing for what is there, and the
   cursor moves once, at the end, since it never goes back. */
static enum hs_status enter_all(struct hs_programme *programme, const struct hs_cursor *from,
                                struct hs_err *err)
{
  struct hs_follower follower;
  struct hs_frame_read read;
  struct hs_cursor last = {0};
  enum hs_status status = hs_follow(&follower, programme, from, err);
  if (status != HS_OK)
    return status;
  while ((status = hs_journal_reader_next(follower.reader, &read, err)) == HS_OK) {
    last = read.cursor;
    if (read.frame.type == HS_FRAME_IMPORT)
      status = enter_import(&follower, &read, from != NULL ? &read.cursor : NULL, err);
    if (status != HS_OK)
      break;
  }
  hs_unfollow(&follower);
  if (status != HS_END)
    return status;
  struct book_step step = {NULL, &last};
  return from != NULL || last.epoch == 0
             ? HS_OK
             : programme->book.write(programme->book.self, write_step, &step, err);
}

enum hs_status hs_book_catch_up(struct hs_programme *programme, struct hs_err *err)
{
  struct hs_cursor cursor = {0};
  enum hs_status status = programme->book.cursor(programme->book.self, BOOK_READER, &cursor, err);
  if (status != HS_OK)
    return status;
  status = enter_all(programme, &cursor, err);
  return status == HS_CONFLICT ? enter_all(programme, NULL, err) : status;
}

enum hs_status hs_import_is_held(struct hs_programme *programme, const struct hs_id *id,
                                 int *is_held, struct hs_err *err)
{
  struct hs_follower follower;
  struct hs_frame_read read;
  struct hs_import_frame import;
  enum hs_status status = hs_follow(&follower, programme, NULL, err);
  if (status != HS_OK)
    return status;
  *is_held = 0;
  while (!*is_held && (status = hs_journal_reader_next(follower.reader, &read, err)) == HS_OK) {
    if (read.frame.type != HS_FRAME_IMPORT)
      continue;
    status = hs_follow_import(&follower, &read, &import, err);
    if (status != HS_OK)
      break;
    *is_held = strcmp(import.id.text, id->text) == 0;
  }
  hs_unfollow(&follower);
  return status == HS_END ? HS_OK : status;
}
