#include "support/book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapters/sqlite/sqlite.h"
#include "adapters/sqlite/vfs.h"

void assert_book_is_sound(const struct hs_io *io, const char *path)
{
  struct hs_sqlite_vfs *vfs = NULL;
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  assert_int_equal(hs_sqlite_vfs_open(io, &vfs, NULL), HS_OK);
  assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, hs_sqlite_vfs_name(vfs)),
                   SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL),
                   SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
  (void)sqlite3_finalize(statement);
  (void)sqlite3_close(db);
  hs_sqlite_vfs_close(vfs);
}

void book_open(struct book_fixture *f)
{
  struct hs_err err = {0};
  if (hs_sqlite_book_open(f->io, f->path, &f->book, &err) != HS_OK)
    fail_msg("%s", err.text);
}

static struct book_fixture *begin(const struct hs_io *io, struct hs_sim *sim)
{
  struct book_fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  f->sim = sim;
  f->io = io;
  assert_int_equal(hs_arena_init(&f->arena, HS_MIB, NULL), HS_OK);
  return f;
}

int book_set_up_real(void **state)
{
  struct book_fixture *f = begin(hs_io_real(), NULL);
  (void)snprintf(f->directory, sizeof f->directory, "/tmp/hansa-book-XXXXXX");
  assert_non_null(mkdtemp(f->directory));
  (void)snprintf(f->path, sizeof f->path, "%s/book.sqlite", f->directory);
  book_open(f);
  *state = f;
  return 0;
}

int book_set_up_simulated(void **state)
{
  struct hs_sim *sim = NULL;
  struct hs_sim_options options = {.seed = 1, .short_write_ppm = 50000, .latency_us = 100};
  assert_int_equal(hs_sim_open(&options, &sim, NULL), HS_OK);
  struct book_fixture *f = begin(hs_sim_io(sim), sim);
  (void)snprintf(f->path, sizeof f->path, "book.sqlite");
  book_open(f);
  *state = f;
  return 0;
}

void book_remove(struct book_fixture *f)
{
  for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end != NULL;
       end++) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s%s", f->path, *end);
    (void)f->io->remove(f->io->self, path, NULL);
  }
}

int book_tear_down(void **state)
{
  struct book_fixture *f = *state;
  f->book.close(f->book.self);
  hs_arena_release(&f->arena);
  book_remove(f);
  if (f->sim == NULL)
    (void)rmdir(f->directory);
  hs_sim_close(f->sim);
  free(f);
  return 0;
}

void book_run_as_another(const struct book_fixture *f, const char *sql, int wanted)
{
  struct hs_sqlite_vfs *vfs = NULL;
  sqlite3 *db = NULL;
  if (f->sim != NULL)
    assert_int_equal(hs_sqlite_vfs_open(f->io, &vfs, NULL), HS_OK);
  assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   vfs != NULL ? hs_sqlite_vfs_name(vfs) : NULL),
                   SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), wanted);
  sqlite3_close(db);
  hs_sqlite_vfs_close(vfs);
}

struct hs_party book_party_named(const char *name, const char *kind)
{
  struct hs_party party = {.name = hs_str_of(name),
                           .kind = hs_str_of(kind),
                           .enrolment = HS_STR("approved"),
                           .created_at_us = 1};
  (void)snprintf(party.id.text, sizeof party.id.text, "pty_%s", name);
  return party;
}

void book_write_ok(struct book_fixture *f, hs_book_write_fn change, void *context)
{
  struct hs_err err = {0};
  if (f->book.write(f->book.self, change, context, &err) != HS_OK)
    fail_msg("%s", err.text);
}
