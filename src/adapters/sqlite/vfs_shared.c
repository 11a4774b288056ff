/* What connections to one database share: the file, its locks, and the index of the write-ahead
   log. SQLite keeps that index in a mapped file so that processes can share it; it holds nothing
   that the log does not say, and the first connection makes it anew. Here all connections are of
   one process, so it is plain memory, and a crash loses it as it should. */
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/vfs_priv.h"

static struct hs_sqlite_file *file_of(sqlite3_file *base) { return (struct hs_sqlite_file *)base; }

static void enter(const struct hs_sqlite_file *file) { pthread_mutex_lock(&file->vfs->lock); }
static void leave(const struct hs_sqlite_file *file) { pthread_mutex_unlock(&file->vfs->lock); }

/* ---- opening ---- */

static struct hs_sqlite_shared *find(const struct hs_sqlite_vfs *vfs, const char *path)
{
  struct hs_sqlite_shared *shared = vfs->shared;
  while (shared != NULL && strcmp(shared->path, path) != 0)
    shared = shared->next;
  return shared;
}

static int open_locked(struct hs_sqlite_vfs *vfs, const char *path, enum hs_open_mode mode,
                       hs_file *out)
{
  const struct hs_io *io = vfs->io;
  enum hs_status status = io->open(io->self, path, mode, out, NULL);
  if (status != HS_OK)
    return hs_sqlite_vfs_code(status, SQLITE_CANTOPEN);
  status = io->lock(io->self, *out, NULL);
  if (status == HS_OK)
    return SQLITE_OK;
  io->close(io->self, *out);
  return status == HS_BUSY ? SQLITE_BUSY : hs_sqlite_vfs_code(status, SQLITE_IOERR_LOCK);
}

static int add(struct hs_sqlite_vfs *vfs, const char *path, enum hs_open_mode mode,
               struct hs_sqlite_shared **out)
{
  struct hs_sqlite_shared *shared = calloc(1, sizeof *shared);
  char *own_path = strdup(path);
  int code = shared != NULL && own_path != NULL ? SQLITE_OK : SQLITE_NOMEM;
  if (code == SQLITE_OK)
    code = open_locked(vfs, path, mode, &shared->handle);
  if (code != SQLITE_OK) {
    free(own_path);
    free(shared);
    return code;
  }
  shared->path = own_path;
  shared->next = vfs->shared;
  vfs->shared = *out = shared;
  return SQLITE_OK;
}

int hs_sqlite_shared_join(struct hs_sqlite_file *file, enum hs_open_mode mode)
{
  enter(file);
  struct hs_sqlite_shared *shared = find(file->vfs, file->path);
  int code = shared != NULL ? SQLITE_OK : add(file->vfs, file->path, mode, &shared);
  if (code == SQLITE_OK) {
    file->shared = shared;
    file->handle = shared->handle;
    file->next = shared->files;
    shared->files = file;
  }
  leave(file);
  return code;
}

static void forget_index(struct hs_sqlite_shared *shared)
{
  for (int i = 0; i < shared->region_count; i++)
    free((void *)(uintptr_t)shared->regions[i]);
  free((void *)shared->regions);
  shared->regions = NULL;
  shared->region_count = 0;
}

static void remove_shared(struct hs_sqlite_vfs *vfs, struct hs_sqlite_shared *shared)
{
  struct hs_sqlite_shared **at = &vfs->shared;
  while (*at != shared)
    at = &(*at)->next;
  *at = shared->next;
  forget_index(shared);
  vfs->io->close(vfs->io->self, shared->handle);
  free(shared->path);
  free(shared);
}

void hs_sqlite_shared_leave(struct hs_sqlite_file *file)
{
  enter(file);
  struct hs_sqlite_file **at = &file->shared->files;
  while (*at != file)
    at = &(*at)->next;
  *at = file->next;
  if (file->shared->files == NULL)
    remove_shared(file->vfs, file->shared);
  leave(file);
}

/* ---- locks of the file ---- */

static int highest_of_others(const struct hs_sqlite_file *file)
{
  int highest = SQLITE_LOCK_NONE;
  for (const struct hs_sqlite_file *other = file->shared->files; other != NULL; other = other->next)
    if (other != file && other->level > highest)
      highest = other->level;
  return highest;
}

/* Readers may stand beside one reserver; who waits for the readers to end lets no new one in. */
static int try_level(struct hs_sqlite_file *file, int level)
{
  int others = highest_of_others(file);
  if (level == SQLITE_LOCK_SHARED)
    return others >= SQLITE_LOCK_PENDING ? SQLITE_BUSY : SQLITE_OK;
  if (others >= SQLITE_LOCK_RESERVED)
    return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && others == SQLITE_LOCK_SHARED) {
    file->level = SQLITE_LOCK_PENDING;
    return SQLITE_BUSY;
  }
  return SQLITE_OK;
}

int hs_sqlite_vfs_lock(sqlite3_file *base, int level)
{
  struct hs_sqlite_file *file = file_of(base);
  int code = SQLITE_OK;
  enter(file);
  if (file->level < level) {
    code = try_level(file, level);
    if (code == SQLITE_OK)
      file->level = level;
  }
  leave(file);
  return code;
}

int hs_sqlite_vfs_unlock(sqlite3_file *base, int level)
{
  struct hs_sqlite_file *file = file_of(base);
  enter(file);
  if (file->level > level)
    file->level = level;
  leave(file);
  return SQLITE_OK;
}

int hs_sqlite_vfs_check_reserved(sqlite3_file *base, int *out)
{
  const struct hs_sqlite_file *file = file_of(base);
  enter(file);
  *out = file->level >= SQLITE_LOCK_RESERVED || highest_of_others(file) >= SQLITE_LOCK_RESERVED;
  leave(file);
  return SQLITE_OK;
}

/* ---- the index of the log ---- */

static int add_region(struct hs_sqlite_shared *shared, int bytes)
{
  size_t count = (size_t)shared->region_count + 1;
  volatile void **regions = reallocarray((void *)shared->regions, count, sizeof *regions);
  if (regions == NULL)
    return SQLITE_NOMEM;
  shared->regions = regions;
  regions[shared->region_count] = calloc(1, (size_t)bytes);
  if (regions[shared->region_count] == NULL)
    return SQLITE_NOMEM;
  shared->region_count++;
  return SQLITE_OK;
}

int hs_sqlite_vfs_shm_map(sqlite3_file *base, int region, int bytes, int extend,
                          void volatile **out)
{
  struct hs_sqlite_file *file = file_of(base);
  struct hs_sqlite_shared *shared = file->shared;
  int code = SQLITE_OK;
  enter(file);
  file->is_mapped = 1;
  while (extend && code == SQLITE_OK && region >= shared->region_count)
    code = add_region(shared, bytes);
  *out = region < shared->region_count ? shared->regions[region] : NULL;
  leave(file);
  return code;
}

static int is_held_by_others(const struct hs_sqlite_file *file, uint32_t mask, int flags)
{
  for (const struct hs_sqlite_file *other = file->shared->files; other != NULL; other = other->next)
    if (other != file && (mask & (other->index_exclusive |
                                  (flags & SQLITE_SHM_EXCLUSIVE ? other->index_shared : 0))) != 0)
      return 1;
  return 0;
}

int hs_sqlite_vfs_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
  struct hs_sqlite_file *file = file_of(base);
  uint32_t mask = ((UINT32_C(1) << count) - 1) << offset;
  uint32_t *held = flags & SQLITE_SHM_EXCLUSIVE ? &file->index_exclusive : &file->index_shared;
  int code = SQLITE_OK;
  enter(file);
  if (flags & SQLITE_SHM_UNLOCK)
    *held &= ~mask;
  else if (is_held_by_others(file, mask, flags))
    code = SQLITE_BUSY;
  else
    *held |= mask;
  leave(file);
  return code;
}

void hs_sqlite_vfs_shm_barrier(sqlite3_file *base)
{
  const struct hs_sqlite_file *file = file_of(base);
  __sync_synchronize();
  enter(file); /* what SQLite's own VFS does as well: also a barrier for the compiler */
  leave(file);
}

/* The index goes with the last connection that uses it, so that the next one reads the log. */
int hs_sqlite_vfs_shm_unmap(sqlite3_file *base, [[maybe_unused]] int delete_flag)
{
  struct hs_sqlite_file *file = file_of(base);
  int is_used = 0;
  enter(file);
  file->is_mapped = 0;
  file->index_shared = file->index_exclusive = 0;
  for (const struct hs_sqlite_file *other = file->shared->files; other != NULL; other = other->next)
    is_used |= other->is_mapped;
  if (!is_used)
    forget_index(file->shared);
  leave(file);
  return SQLITE_OK;
}
