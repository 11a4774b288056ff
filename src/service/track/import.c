#include "service/track/import.h"

#include <stdio.h>
#include <string.h>

#include "intake/network.h"
#include "service/kept_file.h"
#include "service/track/import_frame.h"
#include "service/track/readers.h"

/* ---- rejected rows ---- */

#define REJECTS_BUFFER_BYTES (64 * HS_KIB)

static const char REJECTS_HEADER[] = "line,column,value,reason\n";

/* A CSV file that appears under its name only when it is whole, and only when there is something in
 * it. */
struct rejects {
  const struct hs_io *io;
  const char *path; /* NULL: nowhere */
  char temporary[HS_PATH_BYTES];
  hs_file file;
  uint64_t offset;
  struct hs_arena arena;
  struct hs_buf buf;
  const struct hs_intake_options *caller; /* who wants to see the progress */
};

static enum hs_status rejects_flush(struct rejects *rejects, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(&rejects->buf, "rejected rows", err);
  if (status == HS_OK)
    status = hs_io_write_all(rejects->io, rejects->file, rejects->buf.data, rejects->buf.length,
                             rejects->offset, err);
  rejects->offset += rejects->buf.length;
  hs_buf_clear(&rejects->buf);
  return status;
}

static enum hs_status rejects_begin(struct rejects *rejects, struct hs_err *err)
{
  const struct hs_io *io = rejects->io;
  enum hs_status status = hs_arena_init(&rejects->arena, 4 * REJECTS_BUFFER_BYTES, err);
  if (status == HS_OK)
    status = io->open(io->self, rejects->temporary, HS_OPEN_CREATE, &rejects->file, err);
  if (status == HS_OK)
    status = io->truncate(io->self, rejects->file, 0, err);
  rejects->buf = hs_buf_in(&rejects->arena);
  hs_buf_add_text(&rejects->buf, REJECTS_HEADER);
  return status;
}

static enum hs_status note_reject(void *context, const struct hs_intake_reject *reject,
                                  struct hs_err *err)
{
  struct rejects *rejects = context;
  enum hs_status status = HS_OK;
  if (rejects->path == NULL)
    return HS_OK;
  if (rejects->file < 0)
    status = rejects_begin(rejects, err);
  hs_buf_printf(&rejects->buf, "%llu,%s,", (unsigned long long)reject->line, reject->column);
  hs_buf_add_csv_safe(&rejects->buf, reject->value);
  hs_buf_add_char(&rejects->buf, ',');
  hs_buf_add_csv_safe(&rejects->buf, hs_str_of(reject->words));
  hs_buf_add_char(&rejects->buf, '\n');
  if (status == HS_OK && rejects->buf.length > REJECTS_BUFFER_BYTES)
    status = rejects_flush(rejects, err);
  return status;
}

/* A list of an earlier run would be taken for this one's. A file of that name that is no such list
   is somebody else's and stays. */
static void remove_earlier_list(const struct rejects *rejects)
{
  const struct hs_io *io = rejects->io;
  char start[sizeof REJECTS_HEADER - 1];
  size_t done = 0;
  hs_file file = -1;
  if (io->open(io->self, rejects->path, HS_OPEN_READ, &file, NULL) != HS_OK)
    return;
  enum hs_status status = io->read_at(io->self, file, start, sizeof start, 0, &done, NULL);
  io->close(io->self, file);
  if (status == HS_OK && hs_str_equal((struct hs_str){start, done}, hs_str_of(REJECTS_HEADER)))
    (void)io->remove(io->self, rejects->path, NULL);
}

/* read: how the reading ended. A run that read to the end and rejected rows leaves a list of them;
   every other one leaves none, but for a run that found no file to read. */
static enum hs_status rejects_end(struct rejects *rejects, enum hs_status read, struct hs_err *err)
{
  const struct hs_io *io = rejects->io;
  enum hs_status status = HS_OK;
  int has_rows = rejects->file >= 0;
  if (has_rows && read == HS_OK)
    status = rejects_flush(rejects, err);
  if (has_rows)
    io->close(io->self, rejects->file);
  int is_placed = 0;
  if (has_rows && read == HS_OK && status == HS_OK) {
    status = io->rename(io->self, rejects->temporary, rejects->path, err);
    is_placed = status == HS_OK;
  }
  if (has_rows && !is_placed)
    (void)io->remove(io->self, rejects->temporary, NULL);
  if (!is_placed && rejects->path != NULL && read != HS_NOT_FOUND)
    remove_earlier_list(rejects);
  hs_arena_release(&rejects->arena);
  return status;
}

/* ---- reading ---- */

static void pass_progress(void *context, uint64_t done, uint64_t total)
{
  const struct rejects *rejects = context;
  rejects->caller->progress(rejects->caller->context, done, total);
}

static enum hs_status open_source(const struct hs_wiring *wiring, struct hs_arena *arena,
                                  const struct hs_import_options *options, struct rejects *rejects,
                                  struct hs_intake **out, struct hs_err *err)
{
  struct hs_intake_options intake = options->intake;
  intake.parquet = wiring->typed_files;
  intake.context = rejects;
  intake.reject = note_reject;
  intake.progress = options->intake.progress != NULL ? pass_progress : NULL;
  *rejects = (struct rejects){
      .io = wiring->io, .path = options->rejects_path, .file = -1, .caller = &options->intake};
  if (rejects->path != NULL) {
    int length = snprintf(rejects->temporary, sizeof rejects->temporary, "%s.part", rejects->path);
    if (length >= (int)sizeof rejects->temporary)
      return hs_fail(err, HS_USAGE, "the path of the rejected rows is too long: %s", rejects->path);
  }
  return hs_intake_open(arena, wiring->io, &intake, out, err);
}

static enum hs_status verdict(const struct hs_intake_report *report,
                              const struct hs_import_options *options, struct hs_err *err)
{
  if (report->rows_rejected == 0)
    return HS_OK;
  const char *where = options->rejects_path != NULL ? options->rejects_path : "nowhere";
  if (report->rows_good == 0)
    return hs_fail(err, HS_INVALID, "none of %llu %s could be used; the reasons stand in %s",
                   (unsigned long long)report->rows_rejected,
                   hs_plural(report->rows_rejected, "row", "rows"), where);
  return hs_fail(err, HS_REJECTED_ROWS, "%llu of %llu rows %s in %s",
                 (unsigned long long)report->rows_rejected,
                 (unsigned long long)(report->rows_good + report->rows_rejected),
                 hs_plural(report->rows_rejected, "was rejected; it stands with its reason",
                           "were rejected; they stand with their reasons"),
                 where);
}

enum hs_status hs_import_try(const struct hs_wiring *wiring, struct hs_arena *arena,
                             const struct hs_import_options *options,
                             struct hs_import_result *result, struct hs_err *err)
{
  struct rejects rejects;
  struct hs_intake *intake = NULL;
  *result = (struct hs_import_result){0};
  enum hs_status status = open_source(wiring, arena, options, &rejects, &intake, err);
  if (status == HS_OK) {
    status = hs_intake_drain(intake, err);
    hs_intake_report(intake, &result->report);
  }
  hs_intake_close(intake);
  enum hs_status ended = rejects_end(&rejects, status, status == HS_OK ? err : NULL);
  if (status == HS_OK)
    status = ended;
  return status == HS_OK ? verdict(&result->report, options, err) : status;
}

/* ---- importing ---- */

/* What makes two imports the same: the bytes, the kind, and how they were read. */
static void source_hash(const struct hs_import_options *options,
                        const struct hs_intake_report *report, char out[HS_HASH_TEXT])
{
  struct hs_blake2b hasher;
  const char *kind = hs_event_spec(options->intake.kind)->name;
  unsigned char how[3] = {(unsigned char)report->format, (unsigned char)report->delimiter,
                          (unsigned char)options->intake.time};
  hs_blake2b_init(&hasher);
  hs_blake2b_add(&hasher, report->hash.bytes, sizeof report->hash.bytes);
  hs_blake2b_add(&hasher, kind, strlen(kind) + 1);
  hs_blake2b_add(&hasher, how, sizeof how);
  hs_blake2b_add(&hasher, options->time_zone.data, options->time_zone.length);
  hs_blake2b_add(&hasher, "", 1);
  hs_blake2b_add(&hasher, options->intake.currency.code, sizeof options->intake.currency.code);
  for (size_t i = 0; i < report->mapped_count; i++) {
    hs_blake2b_add(&hasher, report->mapped[i].column.data, report->mapped[i].column.length);
    hs_blake2b_add(&hasher, "=", 1);
    hs_blake2b_add(&hasher, report->mapped[i].field.data, report->mapped[i].field.length);
    hs_blake2b_add(&hasher, "", 1);
  }
  if (report->network != NULL)
    hs_blake2b_add(&hasher, report->network->name, strlen(report->network->name));
  if (report->network != NULL)
    hs_blake2b_add(&hasher, report->network->name, strlen(report->network->name));
  struct hs_hash hash = hs_blake2b_end(&hasher);
  hs_hash_format(&hash, out);
}

static struct hs_str base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return strcmp(path, "-") == 0 ? HS_STR("stdin") : hs_str_of(slash != NULL ? slash + 1 : path);
}

static enum hs_status note_id(void *context, const struct hs_import *import,
                              [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = import->id;
  return HS_OK;
}

/* Appends the frame and lets the readers take it. From the append on the import has happened. */
static enum hs_status announce(struct hs_programme *programme, struct hs_arena *arena,
                               const struct hs_import_frame *frame, struct hs_load_counts *counts,
                               struct hs_err *err)
{
  struct hs_str payload = {0};
  struct hs_receipt receipt;
  enum hs_status status = hs_import_frame_write(arena, frame, &payload, err);
  if (status != HS_OK)
    return status;
  struct hs_frame journal_frame = {.type = HS_FRAME_IMPORT,
                                   .version = HS_IMPORT_FRAME_VERSION,
                                   .public_data = payload.data,
                                   .public_bytes = payload.length};
  status = hs_journal_append(programme->journal, &journal_frame, &receipt, err);
  if (status == HS_OK)
    status = hs_trail_catch_up(programme, NULL, NULL, receipt.sequence, counts, err);
  return status == HS_OK ? hs_book_catch_up(programme, err) : status;
}

/* Turns the file of good rows into an import, unless the same was imported before. */
static enum hs_status settle(struct hs_programme *programme, struct hs_arena *arena,
                             const struct hs_import_options *options, const char *path,
                             struct hs_import_result *result, struct hs_err *err)
{
  char source[HS_HASH_TEXT];
  char file[HS_HASH_TEXT];
  struct hs_hash hash;
  source_hash(options, &result->report, source);
  int is_held = 0;
  /* An import whose frame went in and whose entry failed is one that the book does not list yet. */
  enum hs_status status = hs_book_catch_up(programme, err);
  if (status != HS_OK)
    return status;
  status = programme->book.find_import(programme->book.self, hs_str_of(source), note_id,
                                       &result->id, err);
  if (status == HS_OK)
    status = hs_import_is_held(programme, &result->id, &is_held, err);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return status;
  if (is_held) {
    result->is_repeat = 1;
    return programme->io->remove(programme->io->self, path, err);
  }
  status = hs_kept_file_adopt(programme, path, &hash, err);
  if (status != HS_OK)
    return status;
  hs_hash_format(&hash, file);
  result->id = hs_id_make(&programme->ids, programme->io, "imp");
  struct hs_import_frame frame = {.id = result->id,
                                  .kind = options->intake.kind,
                                  .source = base_name(options->intake.path),
                                  .source_hash = hs_str_of(source),
                                  .file_hash = hs_str_of(file),
                                  .row_count = result->report.rows_good,
                                  .rejected_count = result->report.rows_rejected};
  return announce(programme, arena, &frame, &result->counts, err);
}

static enum hs_status keep_rows(struct hs_programme *programme, struct hs_intake *intake,
                                const char *path, struct hs_err *err)
{
  uint64_t row_count = 0;
  struct hs_row_source rows = hs_intake_rows(intake);
  const struct hs_io *io = programme->io;
  /* What an interrupted run left behind; nothing refers to it. */
  enum hs_status status = io->remove(io->self, path, err);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return status;
  return programme->keep.write(programme->keep.self, &rows, path, &row_count, err);
}

enum hs_status hs_import_run(struct hs_programme *programme, struct hs_arena *arena,
                             const struct hs_import_options *options,
                             struct hs_import_result *result, struct hs_err *err)
{
  struct rejects rejects;
  struct hs_intake *intake = NULL;
  char path[HS_PATH_BYTES];
  *result = (struct hs_import_result){0};
  hs_programme_path(programme, "imports/incoming.parquet", path);
  enum hs_status status = open_source(programme->wiring, arena, options, &rejects, &intake, err);
  if (status == HS_OK) {
    status = keep_rows(programme, intake, path, err);
    hs_intake_report(intake, &result->report);
  }
  hs_intake_close(intake);
  enum hs_status ended = rejects_end(&rejects, status, status == HS_OK ? err : NULL);
  if (status == HS_OK)
    status = ended;
  if (status == HS_OK && result->report.rows_good > 0)
    status = settle(programme, arena, options, path, result, err);
  else
    (void)programme->io->remove(programme->io->self, path, NULL);
  return status == HS_OK ? verdict(&result->report, options, err) : status;
}
