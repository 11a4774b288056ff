#include "service/programme.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "service/configuration.h"
#include "service/track/readers.h"

#define CONFIGURATION "hansa.conf"
#define LONGEST_NAME 100 /* of anything below the data directory */

void hs_programme_path(const struct hs_programme *programme, const char *name,
                       char out[HS_PATH_BYTES])
{
  int length = snprintf(out, HS_PATH_BYTES, "%s/%s", programme->directory, name);
  HS_ASSERT(length > 0 && length < HS_PATH_BYTES);
}

/* ---- making ---- */

static const char *const FOLDERS[] = {"imports", "run", NULL};

static enum hs_status found_something(void *context, const char *name, struct hs_err *err)
{
  return hs_fail(err, HS_CONFLICT, "%s is not empty (it holds %s); choose a new directory",
                 (const char *)context, name);
}

static enum hs_status make_folder(const struct hs_io *io, const char *path, struct hs_err *err)
{
  enum hs_status status = io->make_directory(io->self, path, err);
  return status == HS_CONFLICT ? HS_OK : status;
}

/* Durable, when it is ours. Where it was there before, the one above it may be closed to us. */
static enum hs_status make_directory(const struct hs_io *io, const char *path, struct hs_err *err)
{
  enum hs_status status = io->make_directory(io->self, path, err);
  if (status == HS_OK)
    return hs_io_sync_parent(io, path, err);
  if (status != HS_CONFLICT)
    return status;
  (void)hs_io_sync_parent(io, path, NULL);
  return HS_OK;
}

struct first_settings {
  size_t count;
  struct hs_setting settings[3];
};

static enum hs_status write_settings(void *context, const struct hs_book_writer *writer,
                                     struct hs_err *err)
{
  const struct first_settings *first = context;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < first->count && status == HS_OK; i++)
    status = writer->set(writer->self, &first->settings[i], err);
  return status;
}

static enum hs_status make_stores(struct hs_programme *programme,
                                  const struct hs_programme_options *options, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_journal *journal = NULL;
  struct hs_book book = {0};
  struct hs_journal_options create = {.start = HS_JOURNAL_CREATE};
  hs_programme_path(programme, "journal", path);
  enum hs_status status = hs_journal_open(programme->io, path, &create, &journal, err);
  hs_journal_close(journal);
  if (status != HS_OK)
    return status;
  hs_programme_path(programme, "book.sqlite", path);
  status = programme->wiring->open_book(programme->io, path, &book, err);
  if (status != HS_OK)
    return status;
  /* From the beginning of time: what is imported may be older than the directory. */
  struct first_settings first = {options->demo.data == NULL ? 2 : 3,
                                 {{HS_STR("currency"), options->currency, INT64_MIN},
                                  {HS_STR("time_zone"), options->time_zone, INT64_MIN},
                                  {HS_STR("demo"), options->demo, INT64_MIN}}};
  status = book.write(book.self, write_settings, &first, err);
  book.close(book.self);
  return status;
}

static enum hs_status check_options(const struct hs_wiring *wiring,
                                    const struct hs_programme_options *options, struct hs_err *err)
{
  struct hs_currency currency;
  struct hs_arena arena = {0};
  const struct hs_zone *zone = NULL;
  if (!hs_currency_parse(options->currency, &currency))
    return hs_fail(err, HS_USAGE, "%.*s is no currency of ISO 4217", HS_STR_ARG(options->currency));
  enum hs_status status = hs_arena_init(&arena, HS_MIB, err);
  if (status == HS_OK)
    status = hs_zone_open(&arena, wiring->io, options->time_zone, &zone, err);
  hs_arena_release(&arena);
  return status;
}

static enum hs_status set_directory(struct hs_programme *programme, const struct hs_wiring *wiring,
                                    const char *directory, struct hs_err *err)
{
  *programme = (struct hs_programme){.wiring = wiring, .io = wiring->io, .lock = -1};
  size_t length = strlen(directory);
  if (length == 0 || length > HS_PATH_BYTES - LONGEST_NAME)
    return hs_fail(err, HS_USAGE, "the data directory's path must have 1 to %d bytes, got %zu",
                   HS_PATH_BYTES - LONGEST_NAME, length);
  memcpy(programme->directory, directory, length + 1);
  return HS_OK;
}

enum hs_status hs_programme_create(const struct hs_wiring *wiring, const char *directory,
                                   const struct hs_programme_options *options, struct hs_err *err)
{
  struct hs_programme programme;
  char path[HS_PATH_BYTES];
  enum hs_status status = set_directory(&programme, wiring, directory, err);
  if (status == HS_OK)
    status = check_options(wiring, options, err);
  if (status == HS_OK)
    status = make_directory(wiring->io, directory, err);
  if (status == HS_OK)
    status =
        wiring->io->list(wiring->io->self, directory, found_something, programme.directory, err);
  for (size_t i = 0; FOLDERS[i] != NULL && status == HS_OK; i++) {
    hs_programme_path(&programme, FOLDERS[i], path);
    status = make_folder(wiring->io, path, err);
  }
  if (status == HS_OK)
    status = make_stores(&programme, options, err);
  if (status != HS_OK)
    return status;
  hs_programme_path(&programme, CONFIGURATION, path);
  return hs_io_replace_file(wiring->io, path, hs_configuration_first,
                            strlen(hs_configuration_first), err);
}

/* ---- opening ---- */

static enum hs_status read_configuration(struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  char content[HS_CONFIGURATION_BYTES_MAX];
  struct hs_file_info info;
  hs_file file = -1;
  const struct hs_io *io = programme->io;
  hs_programme_path(programme, CONFIGURATION, path);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_NOT_FOUND)
    return hs_fail(err, HS_NOT_FOUND, "%s is no data directory; make one with: hansa init %s",
                   programme->directory, programme->directory);
  if (status == HS_OK && info.size_bytes > sizeof content)
    return hs_fail(err, HS_INVALID, "%s has %llu bytes; at most %zu are read", path,
                   (unsigned long long)info.size_bytes, sizeof content);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  status = hs_io_read_all(io, file, content, info.size_bytes, 0, err);
  io->close(io->self, file);
  if (status == HS_OK)
    status =
        hs_configuration_parse((struct hs_str){content, info.size_bytes}, &programme->limits, err);
  if (status != HS_OK)
    hs_err_prefix(err, "%s", path);
  return status;
}

static enum hs_status take_lock(struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  const struct hs_io *io = programme->io;
  hs_programme_path(programme, "run", path);
  enum hs_status status = make_folder(io, path, err); /* a backup may leave it out */
  hs_programme_path(programme, "run/lock", path);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_CREATE, &programme->lock, err);
  if (status == HS_OK)
    status = io->lock(io->self, programme->lock, err);
  if (status == HS_BUSY)
    return hs_fail(err, HS_BUSY, "another hansa has %s open; wait until it has ended",
                   programme->directory);
  return status;
}

static enum hs_status read_book_settings(struct hs_programme *programme, struct hs_arena *arena,
                                         struct hs_err *err)
{
  struct hs_str currency = {0};
  struct hs_str zone = {0};
  struct hs_book *book = &programme->book;
  int64_t now_us = programme->io->now_us(programme->io->self);
  enum hs_status status =
      book->setting(book->self, arena, HS_STR("currency"), now_us, &currency, err);
  if (status == HS_OK)
    status = book->setting(book->self, arena, HS_STR("time_zone"), now_us, &zone, err);
  if (status != HS_OK)
    return status;
  if (currency.length == 0 && zone.length == 0)
    return hs_fail(err, HS_CORRUPT,
                   "%s/book.sqlite holds no settings: it is not the book that hansa init made; put "
                   "that one back from a backup",
                   programme->directory);
  if (!hs_currency_parse(currency, &programme->currency) ||
      zone.length >= sizeof programme->zone_name)
    return hs_fail(err, HS_CORRUPT,
                   "the book's currency or time zone cannot be read: '%.*s', '%.*s'",
                   HS_STR_ARG(currency), HS_STR_ARG(zone));
  memcpy(programme->zone_name, zone.data, zone.length);
  return hs_zone_open(arena, programme->io, zone, &programme->zone, err);
}

/* Asked before anybody opens the book: SQLite would make an empty one in the place of one that was
   lost. */
enum hs_status hs_programme_find_book(const struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_file_info info;
  hs_programme_path(programme, "book.sqlite", path);
  enum hs_status status = programme->io->info(programme->io->self, path, &info, err);
  if (status == HS_NOT_FOUND || (status == HS_OK && info.size_bytes == 0))
    return hs_fail(err, HS_CORRUPT,
                   "%s is %s, and with it the programme's settings, partners, links and coupons; "
                   "put it back from a backup",
                   path, status == HS_OK ? "empty" : "gone");
  return status;
}

static enum hs_status open_trail(struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  char temp[HS_PATH_BYTES];
  hs_programme_path(programme, "trail.duckdb", path);
  hs_programme_path(programme, "run/temp", temp);
  return programme->wiring->open_trail(programme->io, path, temp, &programme->limits,
                                       &programme->trail, err);
}

/* The trail is disposable: when it is damaged or belongs to another history it is emptied and told
 * again from the journal. */
static enum hs_status renew_trail(struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  const struct hs_io *io = programme->io;
  if (programme->trail.close != NULL)
    programme->trail.close(programme->trail.self);
  programme->trail = (struct hs_trail){0};
  static const char *const FILES[] = {"trail.duckdb", "trail.duckdb.wal"};
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    hs_programme_path(programme, FILES[i], path);
    enum hs_status status = io->remove(io->self, path, err);
    if (status != HS_OK && status != HS_NOT_FOUND)
      return status;
  }
  return open_trail(programme, err);
}

/* A kept import that is damaged or gone comes as HS_INVALID, apart from a trail that can be made
   anew; to the caller both are damage. */
static enum hs_status catch_up(struct hs_programme *programme, hs_catch_up_fn catching_up,
                               void *context, struct hs_err *err)
{
  struct hs_err trouble = {0};
  enum hs_status status = open_trail(programme, &trouble);
  if (status == HS_OK)
    status = hs_trail_catch_up(programme, catching_up, context, 0, NULL, &trouble);
  if (status == HS_CORRUPT || status == HS_CONFLICT) {
    hs_log(HS_LOG_WARN, "trail", "made anew from the journal: %s", trouble.text);
    status = renew_trail(programme, &trouble);
    if (status == HS_OK)
      status = hs_trail_catch_up(programme, catching_up, context, 0, NULL, &trouble);
  }
  if (status == HS_INVALID)
    status = trouble.status = HS_CORRUPT;
  if (status != HS_OK && err != NULL)
    *err = trouble;
  return status == HS_OK ? hs_book_catch_up(programme, err) : status;
}

enum hs_status hs_programme_claim(const struct hs_wiring *wiring, const char *directory,
                                  struct hs_programme *out, struct hs_err *err)
{
  enum hs_status status = set_directory(out, wiring, directory, err);
  if (status == HS_OK)
    status = read_configuration(out, err);
  if (status == HS_OK)
    status = take_lock(out, err);
  if (status != HS_OK)
    hs_programme_close(out);
  return status;
}

enum hs_status hs_programme_open(const struct hs_wiring *wiring, struct hs_arena *arena,
                                 const char *directory, hs_catch_up_fn catching_up, void *context,
                                 struct hs_programme *out, struct hs_err *err)
{
  struct hs_programme programme;
  char path[HS_PATH_BYTES];
  struct hs_journal_options journal_options = {.start = HS_JOURNAL_MUST_EXIST};
  enum hs_status status = hs_programme_claim(wiring, directory, &programme, err);
  if (status == HS_OK) {
    hs_programme_path(&programme, "journal", path);
    status = hs_journal_open(programme.io, path, &journal_options, &programme.journal, err);
  }
  if (status == HS_OK)
    status = hs_programme_find_book(&programme, err);
  if (status == HS_OK) {
    hs_programme_path(&programme, "book.sqlite", path);
    status = wiring->open_book(programme.io, path, &programme.book, err);
  }
  if (status == HS_OK)
    status = read_book_settings(&programme, arena, err);
  if (status == HS_OK)
    status = wiring->open_keep(programme.io, &programme.limits, &programme.keep, err);
  if (status == HS_OK)
    status = catch_up(&programme, catching_up, context, err);
  if (status != HS_OK)
    hs_programme_close(&programme);
  else
    *out = programme;
  return status;
}

void hs_programme_close(struct hs_programme *programme)
{
  if (programme->trail.close != NULL)
    programme->trail.close(programme->trail.self);
  if (programme->keep.close != NULL)
    programme->keep.close(programme->keep.self);
  if (programme->book.close != NULL)
    programme->book.close(programme->book.self);
  hs_journal_close(programme->journal);
  if (programme->io != NULL && programme->lock >= 0)
    programme->io->close(programme->io->self, programme->lock);
  *programme = (struct hs_programme){.lock = -1};
}
