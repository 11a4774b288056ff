/* The book on SQLite: one file in the data directory, WAL, synchronous=FULL. */
#ifndef HANSA_ADAPTERS_SQLITE_SQLITE_H
#define HANSA_ADAPTERS_SQLITE_SQLITE_H

#include "base/io.h"
#include "ports/book.h"

/* Opens the file, makes it when it is missing, makes durable what an earlier life left in its log,
   and brings its tables up to date (db/sqlite/, each migration in a transaction of its own). On the
   machine itself (hs_io_real()) SQLite reaches the file by its own means, whose locks every program
   with SQLite respects; on any other io through vfs.h. io must outlive the book.
   HS_UNSUPPORTED when a newer version wrote it, HS_CORRUPT when it is no book of ours, HS_BUSY when
   somebody else is using it, HS_FULL, HS_IO, HS_NOMEM. The caller closes it, when nobody is writing
   or reading any more. */
[[nodiscard]] enum hs_status hs_sqlite_book_open(const struct hs_io *io, const char *path,
                                                 struct hs_book *out, struct hs_err *err);

#endif
