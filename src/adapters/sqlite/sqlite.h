/* The book on SQLite: one file in the data directory, WAL, synchronous=FULL. */
#ifndef HANSA_ADAPTERS_SQLITE_SQLITE_H
#define HANSA_ADAPTERS_SQLITE_SQLITE_H

#include "ports/book.h"

/* Opens the file, makes it when it is missing, and brings its tables up to date (db/sqlite/, each
   migration in a transaction of its own). HS_UNSUPPORTED when a newer version wrote it, HS_CORRUPT
   when it is no book of ours, HS_BUSY when somebody else is writing. The caller closes it. */
[[nodiscard]] enum hs_status hs_sqlite_book_open(const char *path, struct hs_book *out,
                                                 struct hs_err *err);

#endif
