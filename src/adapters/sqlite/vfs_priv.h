/* The two halves of the VFS: files (vfs.c), and what connections to one database share
   (vfs_shared.c). */
#ifndef HANSA_ADAPTERS_SQLITE_VFS_PRIV_H
#define HANSA_ADAPTERS_SQLITE_VFS_PRIV_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

#include "adapters/sqlite/vfs.h"

/* A database file that at least one connection has open. */
struct hs_sqlite_shared {
  char *path;
  hs_file handle;               /* locked; all connections use this one */
  struct hs_sqlite_file *files; /* one for each connection */
  volatile void **regions;      /* the index of the log */
  int region_count;
  struct hs_sqlite_shared *next;
};

struct hs_sqlite_vfs {
  sqlite3_vfs vfs;
  const struct hs_io *io;
  char name[32];
  unsigned temporary_count;
  pthread_mutex_t lock; /* guards all that connections share */
  struct hs_sqlite_shared *shared;
};

struct hs_sqlite_file {
  sqlite3_file base; /* first: SQLite knows a file by it */
  struct hs_sqlite_vfs *vfs;
  const char *path; /* SQLite's, or own_path */
  char *own_path;   /* of a temporary file, which goes when it is closed */
  hs_file handle;
  int is_name_unsynced; /* the directory has yet to be synced */

  /* The rest is for database files, under the lock of the VFS. */
  struct hs_sqlite_shared *shared; /* NULL for other files */
  struct hs_sqlite_file *next;     /* of the same database */
  int level;                       /* SQLITE_LOCK_NONE to SQLITE_LOCK_EXCLUSIVE */
  int is_mapped;
  uint32_t index_shared; /* locks of the index, one bit each */
  uint32_t index_exclusive;
};

/* SQLite's code for a status: SQLITE_FULL and SQLITE_NOMEM by themselves, otherwise what the call
   that failed says. */
int hs_sqlite_vfs_code(enum hs_status status, int otherwise);

/* Joins the file to its database, which is opened and locked when it is the first: SQLITE_BUSY when
   somebody else holds it. */
int hs_sqlite_shared_join(struct hs_sqlite_file *file, enum hs_open_mode mode);
void hs_sqlite_shared_leave(struct hs_sqlite_file *file);

/* The methods of the same names. */
int hs_sqlite_vfs_lock(sqlite3_file *base, int level);
int hs_sqlite_vfs_unlock(sqlite3_file *base, int level);
int hs_sqlite_vfs_check_reserved(sqlite3_file *base, int *out);
int hs_sqlite_vfs_shm_map(sqlite3_file *base, int region, int bytes, int extend,
                          void volatile **out);
int hs_sqlite_vfs_shm_lock(sqlite3_file *base, int offset, int count, int flags);
void hs_sqlite_vfs_shm_barrier(sqlite3_file *base);
int hs_sqlite_vfs_shm_unmap(sqlite3_file *base, int delete_flag);

#endif
