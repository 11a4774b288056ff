/* SQLite on struct hs_io: a VFS whose files are those of the table, so that the book lives on
   whatever machine the table is, the simulated one above all. Write-ahead log included: the index
   of the log and the locks are kept in memory, shared by the connections of one VFS, and the
   database file is locked against everybody else for as long as a connection is open. Other
   programs' SQLite does not see that lock, which is why the real machine is left to SQLite's own
   VFS (docs/decisions/0018-sqlite-over-io.md). */
#ifndef HANSA_ADAPTERS_SQLITE_VFS_H
#define HANSA_ADAPTERS_SQLITE_VFS_H

#include "base/io.h"

struct hs_sqlite_vfs;

/* Registers a VFS over io, which must outlive it, under a name of its own. SQLite's random numbers,
   which are one sequence for the process and salt the log, are seeded from io, so that the same run
   writes the same bytes. As thread-safe as io is. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_sqlite_vfs_open(const struct hs_io *io, struct hs_sqlite_vfs **out,
                                                struct hs_err *err);
/* For sqlite3_open_v2; lives as long as the VFS. */
const char *hs_sqlite_vfs_name(const struct hs_sqlite_vfs *vfs);
/* Every connection that uses it has to be closed. Accepts NULL. */
void hs_sqlite_vfs_close(struct hs_sqlite_vfs *vfs);

#endif
