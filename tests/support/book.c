#include "support/book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdint.h>

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
