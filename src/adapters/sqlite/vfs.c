/* The files of the VFS. What SQLite asks of one is told in the comments of sqlite3_io_methods and
   sqlite3_vfs in sqlite3.h; where those leave a choice, this does what SQLite's own VFS for Unix
   does, so that a run in the simulation is a run as in production. Two things are stricter: the
   directory of every new file is synced with the file's first sync, and again until that works. */
#include "adapters/sqlite/vfs.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/vfs_priv.h"

#define PATH_BYTES_MAX 1024
/* 1970-01-01 as a Julian day, in the milliseconds in which SQLite counts. */
#define UNIX_EPOCH_JULIAN_MS INT64_C(210866760000000)

int hs_sqlite_vfs_code(enum hs_status status, int otherwise)
{
  if (status == HS_OK)
    return SQLITE_OK;
  if (status == HS_FULL)
    return SQLITE_FULL;
  return status == HS_NOMEM ? SQLITE_NOMEM : otherwise;
}

static struct hs_sqlite_file *file_of(sqlite3_file *base) { return (struct hs_sqlite_file *)base; }

static struct hs_sqlite_vfs *vfs_of(sqlite3_vfs *vfs) { return vfs->pAppData; }

/* ---- one file ---- */

static int file_close(sqlite3_file *base)
{
  struct hs_sqlite_file *file = file_of(base);
  const struct hs_io *io = file->vfs->io;
  if (file->shared != NULL)
    hs_sqlite_shared_leave(file);
  else
    io->close(io->self, file->handle);
  if (file->own_path != NULL)
    (void)io->remove(io->self, file->path, NULL);
  free(file->own_path);
  return SQLITE_OK;
}

/* What lies behind the end reads as zeros, and SQLite is told so. */
static int file_read(sqlite3_file *base, void *out, int bytes, sqlite3_int64 offset)
{
  struct hs_sqlite_file *file = file_of(base);
  const struct hs_io *io = file->vfs->io;
  unsigned char *at = out;
  size_t wanted = (size_t)bytes;
  size_t filled = 0;
  size_t done = 1;
  while (filled < wanted && done > 0) {
    done = 0;
    enum hs_status status = io->read_at(io->self, file->handle, at + filled, wanted - filled,
                                        (uint64_t)offset + filled, &done, NULL);
    if (status != HS_OK)
      return hs_sqlite_vfs_code(status, SQLITE_IOERR_READ);
    filled += done;
  }
  memset(at + filled, 0, wanted - filled);
  return filled == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int bytes, sqlite3_int64 offset)
{
  struct hs_sqlite_file *file = file_of(base);
  return hs_sqlite_vfs_code(
      hs_io_write_all(file->vfs->io, file->handle, data, (size_t)bytes, (uint64_t)offset, NULL),
      SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
  struct hs_sqlite_file *file = file_of(base);
  const struct hs_io *io = file->vfs->io;
  return hs_sqlite_vfs_code(io->truncate(io->self, file->handle, (uint64_t)size, NULL),
                            SQLITE_IOERR_TRUNCATE);
}

static int file_sync(sqlite3_file *base, [[maybe_unused]] int flags)
{
  struct hs_sqlite_file *file = file_of(base);
  const struct hs_io *io = file->vfs->io;
  enum hs_status status = io->sync_data(io->self, file->handle, NULL);
  if (status != HS_OK)
    return hs_sqlite_vfs_code(status, SQLITE_IOERR_FSYNC);
  if (!file->is_name_unsynced)
    return SQLITE_OK;
  status = hs_io_sync_parent(io, file->path, NULL);
  file->is_name_unsynced = status != HS_OK;
  return hs_sqlite_vfs_code(status, SQLITE_IOERR_DIR_FSYNC);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
  const struct hs_sqlite_file *file = file_of(base);
  const struct hs_io *io = file->vfs->io;
  struct hs_file_info info = {0};
  enum hs_status status = io->info(io->self, file->path, &info, NULL);
  if (status == HS_OK)
    *out = (sqlite3_int64)info.size_bytes;
  return hs_sqlite_vfs_code(status, SQLITE_IOERR_FSTAT);
}

static int file_control([[maybe_unused]] sqlite3_file *base, [[maybe_unused]] int operation,
                        [[maybe_unused]] void *argument)
{
  return SQLITE_NOTFOUND;
}

/* As SQLite assumes on Unix: a write that power cuts short damages nothing beside itself. */
static int file_characteristics([[maybe_unused]] sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2, /* with the index of the log, without mapped reading */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = hs_sqlite_vfs_lock,
    .xUnlock = hs_sqlite_vfs_unlock,
    .xCheckReservedLock = hs_sqlite_vfs_check_reserved,
    .xFileControl = file_control,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = hs_sqlite_vfs_shm_map,
    .xShmLock = hs_sqlite_vfs_shm_lock,
    .xShmBarrier = hs_sqlite_vfs_shm_barrier,
    .xShmUnmap = hs_sqlite_vfs_shm_unmap,
};

/* ---- the machine ---- */

static enum hs_open_mode mode_of(int flags)
{
  if (flags & SQLITE_OPEN_EXCLUSIVE)
    return HS_OPEN_CREATE_NEW;
  if (flags & SQLITE_OPEN_CREATE)
    return HS_OPEN_CREATE;
  return flags & SQLITE_OPEN_READWRITE ? HS_OPEN_WRITE : HS_OPEN_READ;
}

/* Beside the database. A number is used once in a life, so a file of that name is what a life
   before left behind. */
static int open_temporary(struct hs_sqlite_file *file)
{
  struct hs_sqlite_vfs *vfs = file->vfs;
  const struct hs_io *io = vfs->io;
  pthread_mutex_lock(&vfs->lock);
  int length = vfs->shared == NULL ? -1
                                   : asprintf(&file->own_path, "%s-temporary-%u", vfs->shared->path,
                                              vfs->temporary_count++);
  pthread_mutex_unlock(&vfs->lock);
  if (length < 0)
    return SQLITE_NOMEM;
  file->path = file->own_path;
  enum hs_status status = io->open(io->self, file->path, HS_OPEN_CREATE, &file->handle, NULL);
  if (status == HS_OK) {
    status = io->truncate(io->self, file->handle, 0, NULL);
    if (status != HS_OK)
      io->close(io->self, file->handle);
  }
  if (status != HS_OK)
    free(file->own_path);
  return hs_sqlite_vfs_code(status, SQLITE_CANTOPEN);
}

static int open_named(struct hs_sqlite_file *file, int flags)
{
  const struct hs_io *io = file->vfs->io;
  file->is_name_unsynced = (flags & SQLITE_OPEN_CREATE) != 0;
  if (flags & SQLITE_OPEN_MAIN_DB)
    return hs_sqlite_shared_join(file, mode_of(flags));
  return hs_sqlite_vfs_code(io->open(io->self, file->path, mode_of(flags), &file->handle, NULL),
                            SQLITE_CANTOPEN);
}

/* SQLite closes a file exactly when it has methods. */
static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags,
                    int *flags_out)
{
  struct hs_sqlite_file *file = file_of(base);
  *file = (struct hs_sqlite_file){.vfs = vfs_of(vfs), .path = path, .handle = -1};
  int code = path == NULL ? open_temporary(file) : open_named(file, flags);
  if (code != SQLITE_OK)
    return code;
  base->pMethods = &METHODS;
  if (flags_out != NULL)
    *flags_out = flags;
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
  const struct hs_io *io = vfs_of(vfs)->io;
  enum hs_status status = io->remove(io->self, path, NULL);
  if (status == HS_NOT_FOUND)
    return SQLITE_IOERR_DELETE_NOENT;
  if (status != HS_OK)
    return hs_sqlite_vfs_code(status, SQLITE_IOERR_DELETE);
  return sync_directory
             ? hs_sqlite_vfs_code(hs_io_sync_parent(io, path, NULL), SQLITE_IOERR_DIR_FSYNC)
             : SQLITE_OK;
}

/* An empty file is none: a journal that was made and not yet written must not be played back. */
static int vfs_access(sqlite3_vfs *vfs, const char *path, [[maybe_unused]] int flags, int *out)
{
  const struct hs_io *io = vfs_of(vfs)->io;
  struct hs_file_info info = {0};
  enum hs_status status = io->info(io->self, path, &info, NULL);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return hs_sqlite_vfs_code(status, SQLITE_IOERR_ACCESS);
  *out = status == HS_OK && (info.is_directory || info.size_bytes > 0);
  return SQLITE_OK;
}

/* Paths mean to io what they meant to the caller. */
static int vfs_full_path([[maybe_unused]] sqlite3_vfs *vfs, const char *path, int bytes, char *out)
{
  int length = snprintf(out, (size_t)bytes, "%s", path);
  return length < bytes ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
  const struct hs_io *io = vfs_of(vfs)->io;
  io->fill_random(io->self, out, (size_t)bytes);
  return bytes;
}

static int vfs_sleep(sqlite3_vfs *vfs, int duration_us)
{
  const struct hs_io *io = vfs_of(vfs)->io;
  io->sleep_us(io->self, duration_us);
  return duration_us;
}

static int vfs_now_ms(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
  const struct hs_io *io = vfs_of(vfs)->io;
  *out = UNIX_EPOCH_JULIAN_MS + io->now_us(io->self) / 1000;
  return SQLITE_OK;
}

static int vfs_now_days(sqlite3_vfs *vfs, double *out)
{
  sqlite3_int64 now_ms = 0;
  int code = vfs_now_ms(vfs, &now_ms);
  *out = (double)now_ms / 86400000.0;
  return code;
}

static int vfs_last_error([[maybe_unused]] sqlite3_vfs *vfs, [[maybe_unused]] int bytes,
                          [[maybe_unused]] char *out)
{
  return 0; /* the result codes say all there is */
}

static const sqlite3_vfs TEMPLATE = {
    .iVersion = 2,
    .szOsFile = sizeof(struct hs_sqlite_file),
    .mxPathname = PATH_BYTES_MAX,
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_now_days,
    .xCurrentTimeInt64 = vfs_now_ms,
    .xGetLastError = vfs_last_error,
};

/* ---- public ---- */

/* SQLite draws its seed from the default VFS, whichever a connection uses; 0 gives that back. */
static void seed_randomness(int seed)
{
  (void)sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, NULL);
}

enum hs_status hs_sqlite_vfs_open(const struct hs_io *io, struct hs_sqlite_vfs **out,
                                  struct hs_err *err)
{
  static atomic_uint count;
  struct hs_sqlite_vfs *vfs = calloc(1, sizeof *vfs);
  if (vfs == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for SQLite's files");
  (void)snprintf(vfs->name, sizeof vfs->name, "hansa-%u", atomic_fetch_add(&count, 1));
  vfs->io = io;
  vfs->vfs = TEMPLATE;
  vfs->vfs.zName = vfs->name;
  vfs->vfs.pAppData = vfs;
  if (sqlite3_vfs_register(&vfs->vfs, 0) != SQLITE_OK) {
    free(vfs);
    return hs_fail(err, HS_NOMEM, "SQLite does not take another VFS");
  }
  HS_ASSERT(pthread_mutex_init(&vfs->lock, NULL) == 0);
  int seed = 0;
  io->fill_random(io->self, &seed, sizeof seed);
  seed_randomness(seed | 1);
  *out = vfs;
  return HS_OK;
}

const char *hs_sqlite_vfs_name(const struct hs_sqlite_vfs *vfs) { return vfs->name; }

void hs_sqlite_vfs_close(struct hs_sqlite_vfs *vfs)
{
  if (vfs == NULL)
    return;
  HS_ASSERT(vfs->shared == NULL);
  seed_randomness(0);
  (void)sqlite3_vfs_unregister(&vfs->vfs);
  pthread_mutex_destroy(&vfs->lock);
  free(vfs);
}
