/* One data directory, opened: its lock, journal, book and trail, with every reader caught up. The
   layout is that of docs/ARCHITECTURE.md; moving a programme is copying the directory. */
#ifndef HANSA_SERVICE_PROGRAMME_H
#define HANSA_SERVICE_PROGRAMME_H

#include "base/money.h"
#include "base/time.h"
#include "journal/journal.h"
#include "service/wiring.h"

#define HS_PATH_BYTES 1024

struct hs_programme {
  const struct hs_wiring *wiring;
  const struct hs_io *io;
  char directory[HS_PATH_BYTES];
  hs_file lock;
  struct hs_journal *journal;
  struct hs_book book;
  struct hs_trail trail;
  struct hs_keep keep;
  struct hs_store_limits limits;
  struct hs_id_maker ids;
  const struct hs_zone *zone; /* of the programme: days and periods are its days */
  char zone_name[64];
  struct hs_currency currency; /* in which the programme reports */
};

struct hs_programme_options {
  struct hs_str currency;  /* "EUR" */
  struct hs_str time_zone; /* "Europe/Berlin" */
  struct hs_str demo;      /* how its synthetic content is made, kept as the setting "demo"; absent
                              for everybody's own programme */
};

/* Makes an empty programme in a directory that is empty or missing. HS_CONFLICT when something is
   there. Nothing is left half-done: the configuration file is written last, and a directory without
   it is no programme. */
[[nodiscard]] enum hs_status hs_programme_create(const struct hs_wiring *wiring,
                                                 const char *directory,
                                                 const struct hs_programme_options *options,
                                                 struct hs_err *err);

/* Takes the directory's lock and reads its configuration, and opens nothing else: for what mends
   directories that do not open. To be closed like an open one. */
[[nodiscard]] enum hs_status hs_programme_claim(const struct hs_wiring *wiring,
                                                const char *directory, struct hs_programme *out,
                                                struct hs_err *err);

/* HS_CORRUPT, with what is lost and what to do, when the book's file is gone or empty. */
[[nodiscard]] enum hs_status hs_programme_find_book(const struct hs_programme *programme,
                                                    struct hs_err *err);

/* Told while readers catch up with the journal, when there is something to catch up with. May be
 * NULL. */
typedef void (*hs_catch_up_fn)(void *context, uint64_t sequence, uint64_t until_sequence);

/* Opens it and brings the derived stores up to date: a trail that is missing, damaged or of another
   history is made anew from the journal and the kept imports. HS_NOT_FOUND when the directory is no
   programme, HS_BUSY when somebody has it open, otherwise what journal, book and trail say. The
   zone lives in arena. */
[[nodiscard]] enum hs_status hs_programme_open(const struct hs_wiring *wiring,
                                               struct hs_arena *arena, const char *directory,
                                               hs_catch_up_fn catching_up, void *context,
                                               struct hs_programme *out, struct hs_err *err);
/* Accepts the zero value. */
void hs_programme_close(struct hs_programme *programme);

/* "DIR/name" into out; asserts that it fits, which open has checked for every name of the layout.
 */
void hs_programme_path(const struct hs_programme *programme, const char *name,
                       char out[HS_PATH_BYTES]);

#endif
