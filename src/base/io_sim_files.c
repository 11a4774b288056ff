/* The files of the simulated machine: paths, handles and the disk functions of the table, which
   turn calls into operations on the disk of io_sim_disk.c, or into a failure that was asked for. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_sim_priv.h"

/* A handle is its slot and, above it, how often the machine had crashed: a handle from before a
   crash never means a file of after it. */
#define SLOT_BITS 16
#define SLOT_MAX (1 << SLOT_BITS)
#define GENERATION_MAX (1 << (31 - SLOT_BITS))

/* Faults. */

/* Counts a disk call and says whether it fails: HS_OK or the status to fail with. */
static enum hs_status next_fault(struct hs_sim *sim)
{
  uint64_t call = sim->disk_call_count++;
  hs_sim_pass_time(sim);
  if (call == sim->planned_call)
    return sim->planned_status;
  return hs_sim_rng_chance(&sim->faults, sim->options.error_ppm) ? HS_IO : HS_OK;
}

static enum hs_status fail_by_fault(enum hs_status fault, const char *what, const char *place,
                                    struct hs_err *err)
{
  return hs_fail(err, fault, "cannot %s %s: simulated: %s", what, place, hs_status_words(fault));
}

/* As next_fault, with the message, for calls that leave nothing behind when they fail. */
static enum hs_status begin(struct hs_sim *sim, const char *what, const char *place,
                            struct hs_err *err)
{
  enum hs_status fault = next_fault(sim);
  return fault == HS_OK ? HS_OK : fail_by_fault(fault, what, place, err);
}

/* Paths. */

struct place {
  uint32_t directory;      /* the one that holds the name */
  uint32_t inode;          /* HS_DISK_NONE when nothing has that name */
  char name[NAME_MAX + 1]; /* empty: the root */
};

/* One step down: the name that was found last becomes the directory in which the next is sought. */
static enum hs_status step_into(const struct hs_disk *disk, struct place *place, const char *start,
                                size_t length, const char *path, struct hs_err *err)
{
  if (length > NAME_MAX)
    return hs_fail(err, HS_INVALID, "a name longer than %d bytes: %s", NAME_MAX, path);
  if (place->inode == HS_DISK_NONE || !disk->inodes[place->inode].is_directory)
    return hs_fail(err, HS_NOT_FOUND, "%s: no such directory on the way", path);
  place->directory = place->inode;
  memcpy(place->name, start, length);
  place->name[length] = '\0';
  place->inode = hs_disk_lookup(disk, place->directory, place->name);
  return HS_OK;
}

static enum hs_status find(const struct hs_sim *sim, const char *path, struct place *out,
                           struct hs_err *err)
{
  *out = (struct place){.directory = HS_DISK_ROOT, .inode = HS_DISK_ROOT};
  const char *at = path;
  while (*at != '\0') {
    size_t length = strcspn(at, "/");
    if (length == 2 && at[0] == '.' && at[1] == '.')
      return hs_fail(err, HS_INVALID, "the simulated disk has no \"..\": %s", path);
    if (length > 0 && !(length == 1 && at[0] == '.')) {
      enum hs_status status = step_into(&sim->disk, out, at, length, path, err);
      if (status != HS_OK)
        return status;
    }
    at += length;
    at += strspn(at, "/");
  }
  return HS_OK;
}

/* Begins a call on what must exist at a path. */
static enum hs_status begin_at(struct hs_sim *sim, const char *what, const char *path,
                               struct place *out, struct hs_err *err)
{
  enum hs_status status = begin(sim, what, path, err);
  if (status == HS_OK)
    status = find(sim, path, out, err);
  if (status == HS_OK && out->inode == HS_DISK_NONE)
    return hs_fail(err, HS_NOT_FOUND, "cannot %s %s: there is no such file", what, path);
  return status;
}

static struct hs_disk_op *make_name_op(enum hs_disk_op_kind kind, const struct place *place,
                                       const char *second_name)
{
  size_t first = strlen(place->name) + 1;
  size_t second = second_name == NULL ? 0 : strlen(second_name) + 1;
  struct hs_disk_op *op = hs_disk_op_make(kind, first + second);
  memcpy(op->payload, place->name, first);
  if (second > 0)
    memcpy(op->payload + first, second_name, second);
  op->directory = op->directory_to = place->directory;
  op->inode = place->inode;
  return op;
}

/* Makes the name; place->inode becomes the new inode. */
static void commit_link(struct hs_sim *sim, struct place *place, int is_directory)
{
  place->inode = sim->disk.inode_count;
  struct hs_disk_op *op = make_name_op(HS_DISK_LINK, place, NULL);
  op->is_directory = is_directory;
  hs_sim_commit(sim, op);
}

/* Handles. */

static struct hs_sim_handle *handle_of(struct hs_sim *sim, hs_file file)
{
  int slot = file & (SLOT_MAX - 1);
  if (file < 0 || file >> SLOT_BITS != sim->generation || slot >= sim->handle_count ||
      !sim->handles[slot].is_open)
    return NULL;
  return &sim->handles[slot];
}

static enum hs_status handle_for(struct hs_sim *sim, hs_file file, const char *what,
                                 struct hs_sim_handle **out, struct hs_err *err)
{
  *out = handle_of(sim, file);
  if (*out != NULL)
    return HS_OK;
  return hs_fail(err, HS_IO, "cannot %s file %d: it is not open, or was before a crash", what,
                 file);
}

/* As handle_for, for what changes the file. */
static enum hs_status writer_for(struct hs_sim *sim, hs_file file, const char *what,
                                 struct hs_sim_handle **out, struct hs_err *err)
{
  enum hs_status status = handle_for(sim, file, what, out, err);
  if (status == HS_OK && !(*out)->is_writable)
    return hs_fail(err, HS_IO, "cannot %s file %d: it is open for reading only", what, file);
  return status;
}

static hs_file add_handle(struct hs_sim *sim, uint32_t inode, int is_writable)
{
  int slot = 0;
  while (slot < sim->handle_count && sim->handles[slot].is_open)
    slot++;
  if (slot == sim->handle_count) {
    HS_ASSERT(slot < SLOT_MAX);
    sim->handle_count++;
    sim->handles =
        hs_sim_more_memory(sim->handles, (size_t)sim->handle_count, sizeof *sim->handles);
  }
  sim->handles[slot] =
      (struct hs_sim_handle){.inode = inode, .is_open = 1, .is_writable = is_writable};
  sim->disk.inodes[inode].open_count++;
  return sim->generation << SLOT_BITS | slot;
}

/* Disk functions of the table. */

static enum hs_status sim_open(void *self, const char *path, enum hs_open_mode mode, hs_file *out,
                               struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin(sim, "open", path, err);
  if (status == HS_OK)
    status = find(sim, path, &place, err);
  if (status != HS_OK)
    return status;
  int may_create = mode == HS_OPEN_CREATE || mode == HS_OPEN_CREATE_NEW;
  if (place.inode == HS_DISK_NONE && !may_create)
    return hs_fail(err, HS_NOT_FOUND, "cannot open %s: there is no such file", path);
  if (place.inode != HS_DISK_NONE && mode == HS_OPEN_CREATE_NEW)
    return hs_fail(err, HS_CONFLICT, "cannot open %s: it exists", path);
  if (place.inode == HS_DISK_NONE)
    commit_link(sim, &place, 0);
  else if (sim->disk.inodes[place.inode].is_directory)
    return hs_fail(err, HS_IO, "cannot open %s: it is a directory", path);
  *out = add_handle(sim, place.inode, mode != HS_OPEN_READ);
  return HS_OK;
}

static void sim_close(void *self, hs_file file)
{
  struct hs_sim *sim = self;
  struct hs_sim_handle *handle = handle_of(sim, file);
  if (handle == NULL)
    return;
  sim->disk.inodes[handle->inode].open_count--;
  *handle = (struct hs_sim_handle){0};
}

static enum hs_status sim_read_at(void *self, hs_file file, void *data, size_t bytes,
                                  uint64_t offset, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct hs_sim_handle *handle = NULL;
  enum hs_status status = begin(sim, "read", "a file", err);
  if (status == HS_OK)
    status = handle_for(sim, file, "read", &handle, err);
  if (status != HS_OK)
    return status;
  uint64_t size = hs_disk_size(&sim->disk, handle->inode);
  uint64_t left = offset < size ? size - offset : 0;
  size_t count = hs_sim_cut_short(sim, left < bytes ? (size_t)left : bytes);
  hs_disk_read(&sim->disk, handle->inode, data, count, offset);
  *done = count;
  return HS_OK;
}

/* How far a file may reach on a disk of limited size. */
static uint64_t end_max(const struct hs_sim *sim, uint32_t inode)
{
  if (sim->options.disk_bytes == 0)
    return UINT64_MAX;
  uint64_t used = hs_disk_used_bytes(&sim->disk);
  uint64_t own = hs_disk_size(&sim->disk, inode);
  return own + (used < sim->options.disk_bytes ? sim->options.disk_bytes - used : 0);
}

static void commit_write(struct hs_sim *sim, uint32_t inode, const void *data, size_t bytes,
                         uint64_t offset)
{
  if (bytes == 0)
    return;
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_WRITE, bytes);
  memcpy(op->payload, data, bytes);
  op->inode = inode;
  op->offset = offset;
  hs_sim_commit(sim, op);
}

/* A device that fails may have taken any part before it did. */
static void commit_torn(struct hs_sim *sim, uint32_t inode, const void *data, size_t bytes,
                        uint64_t offset)
{
  uint64_t limit = end_max(sim, inode);
  uint64_t room = offset < limit ? limit - offset : 0;
  uint64_t taken = hs_sim_rng_below(&sim->faults, (uint64_t)bytes + 1);
  commit_write(sim, inode, data, (size_t)(taken < room ? taken : room), offset);
}

static enum hs_status sim_write_at(void *self, hs_file file, const void *data, size_t bytes,
                                   uint64_t offset, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct hs_sim_handle *handle = NULL;
  enum hs_status fault = next_fault(sim);
  enum hs_status status = writer_for(sim, file, "write", &handle, err);
  if (status != HS_OK)
    return status;
  if (fault != HS_OK) {
    commit_torn(sim, handle->inode, data, bytes, offset);
    return fail_by_fault(fault, "write", "a file", err);
  }
  uint64_t limit = end_max(sim, handle->inode);
  if (bytes > 0 && offset >= limit)
    return hs_fail(err, HS_FULL, "cannot write file %d: the disk of %llu bytes is full", file,
                   (unsigned long long)sim->options.disk_bytes);
  size_t count = limit - offset < bytes ? (size_t)(limit - offset) : bytes;
  count = hs_sim_cut_short(sim, count);
  commit_write(sim, handle->inode, data, count, offset);
  *done = count;
  return HS_OK;
}

static enum hs_status sim_sync_data(void *self, hs_file file, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct hs_sim_handle *handle = NULL;
  enum hs_status fault = next_fault(sim);
  enum hs_status status = handle_for(sim, file, "sync", &handle, err);
  if (status != HS_OK)
    return status;
  if (fault == HS_OK && hs_sim_rng_chance(&sim->faults, sim->options.sync_error_ppm))
    fault = HS_IO;
  struct hs_disk_op *op = hs_disk_op_make(fault == HS_OK ? HS_DISK_SYNC : HS_DISK_SYNC_FAILED, 0);
  op->inode = handle->inode;
  op->seed = hs_sim_rng_next(&sim->crashes);
  hs_sim_commit(sim, op);
  return fault == HS_OK ? HS_OK : fail_by_fault(fault, "sync", "a file", err);
}

static void commit_resize(struct hs_sim *sim, uint32_t inode, uint64_t size_bytes)
{
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_RESIZE, 0);
  op->inode = inode;
  op->offset = size_bytes;
  op->is_shrink = size_bytes < hs_disk_size(&sim->disk, inode);
  hs_sim_commit(sim, op);
}

static enum hs_status resize(struct hs_sim *sim, hs_file file, const char *what,
                             uint64_t size_bytes, int may_shrink, struct hs_err *err)
{
  struct hs_sim_handle *handle = NULL;
  enum hs_status status = begin(sim, what, "a file", err);
  if (status == HS_OK)
    status = writer_for(sim, file, what, &handle, err);
  if (status != HS_OK)
    return status;
  uint64_t size_before = hs_disk_size(&sim->disk, handle->inode);
  if (size_bytes > size_before && size_bytes > end_max(sim, handle->inode))
    return hs_fail(err, HS_FULL, "cannot %s file %d: the disk of %llu bytes is full", what, file,
                   (unsigned long long)sim->options.disk_bytes);
  if (size_bytes > size_before || (may_shrink && size_bytes < size_before))
    commit_resize(sim, handle->inode, size_bytes);
  return HS_OK;
}

static enum hs_status sim_truncate(void *self, hs_file file, uint64_t size_bytes,
                                   struct hs_err *err)
{
  return resize(self, file, "truncate", size_bytes, 1, err);
}

static enum hs_status sim_allocate(void *self, hs_file file, uint64_t size_bytes,
                                   struct hs_err *err)
{
  return resize(self, file, "allocate", size_bytes, 0, err);
}

static enum hs_status sim_lock(void *self, hs_file file, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct hs_sim_handle *handle = NULL;
  enum hs_status status = begin(sim, "lock", "a file", err);
  if (status == HS_OK)
    status = handle_for(sim, file, "lock", &handle, err);
  if (status != HS_OK)
    return status;
  for (int slot = 0; slot < sim->handle_count; slot++) {
    const struct hs_sim_handle *other = &sim->handles[slot];
    if (other != handle && other->is_locked && other->inode == handle->inode)
      return hs_fail(err, HS_BUSY, "file %d is locked by another handle", file);
  }
  handle->is_locked = 1;
  return HS_OK;
}

static enum hs_status sim_info(void *self, const char *path, struct hs_file_info *out,
                               struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin_at(sim, "look at", path, &place, err);
  if (status != HS_OK)
    return status;
  const struct hs_disk_inode *inode = &sim->disk.inodes[place.inode];
  *out = (struct hs_file_info){
      .size_bytes = hs_disk_size(&sim->disk, place.inode),
      .modified_us = inode->modified_us,
      .is_directory = inode->is_directory,
  };
  return HS_OK;
}

static int is_filled(const struct hs_sim *sim, uint32_t inode)
{
  return sim->disk.inodes[inode].entries[HS_DISK_NOW].count > 0;
}

static int lies_within(const struct hs_sim *sim, uint32_t inode, uint32_t ancestor)
{
  if (inode == ancestor)
    return 1;
  const struct hs_disk_entries *entries = &sim->disk.inodes[ancestor].entries[HS_DISK_NOW];
  for (size_t i = 0; i < entries->count; i++)
    if (lies_within(sim, inode, entries->items[i].inode))
      return 1;
  return 0;
}

/* As rename(2): a file replaces a file, a directory an empty directory, and none moves into
   itself. */
static int can_rename(const struct hs_sim *sim, const struct place *from, const struct place *to)
{
  if (from->inode == HS_DISK_ROOT || to->inode == HS_DISK_ROOT)
    return 0;
  int is_directory = sim->disk.inodes[from->inode].is_directory;
  if (is_directory && lies_within(sim, to->directory, from->inode))
    return 0;
  if (to->inode == HS_DISK_NONE)
    return 1;
  return sim->disk.inodes[to->inode].is_directory == is_directory && !is_filled(sim, to->inode);
}

static enum hs_status sim_rename(void *self, const char *from, const char *to, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place source;
  struct place target;
  enum hs_status status = begin_at(sim, "rename", from, &source, err);
  if (status == HS_OK)
    status = find(sim, to, &target, err);
  if (status != HS_OK)
    return status;
  if (source.inode == target.inode)
    return HS_OK;
  if (!can_rename(sim, &source, &target))
    return hs_fail(err, HS_IO, "cannot rename %s to %s", from, to);
  struct hs_disk_op *op = make_name_op(HS_DISK_RENAME, &source, target.name);
  op->directory_to = target.directory;
  hs_sim_commit(sim, op);
  return HS_OK;
}

static enum hs_status sim_remove(void *self, const char *path, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin_at(sim, "remove", path, &place, err);
  if (status != HS_OK)
    return status;
  if (place.inode == HS_DISK_ROOT || is_filled(sim, place.inode))
    return hs_fail(err, HS_IO, "cannot remove %s: the directory is not empty", path);
  hs_sim_commit(sim, make_name_op(HS_DISK_UNLINK, &place, NULL));
  return HS_OK;
}

static enum hs_status sim_make_directory(void *self, const char *path, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin(sim, "make the directory", path, err);
  if (status == HS_OK)
    status = find(sim, path, &place, err);
  if (status != HS_OK)
    return status;
  if (place.inode != HS_DISK_NONE)
    return hs_fail(err, HS_CONFLICT, "cannot make the directory %s: it exists", path);
  commit_link(sim, &place, 1);
  return HS_OK;
}

/* Begins a call on what must be a directory. */
static enum hs_status begin_in(struct hs_sim *sim, const char *what, const char *path,
                               struct place *out, struct hs_err *err)
{
  enum hs_status status = begin_at(sim, what, path, out, err);
  if (status == HS_OK && !sim->disk.inodes[out->inode].is_directory)
    return hs_fail(err, HS_NOT_FOUND, "cannot %s %s: it is no directory", what, path);
  return status;
}

static enum hs_status sim_sync_directory(void *self, const char *path, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin_in(sim, "sync the directory", path, &place, err);
  if (status != HS_OK)
    return status;
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_SYNC_DIRECTORY, 0);
  op->directory = op->directory_to = place.inode;
  hs_sim_commit(sim, op);
  return HS_OK;
}

static enum hs_status sim_list(void *self, const char *path, hs_list_fn each, void *context,
                               struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin_in(sim, "list", path, &place, err);
  if (status != HS_OK)
    return status;
  /* The callback may change the directory, so it hears of a copy. */
  const struct hs_disk_entries *entries = &sim->disk.inodes[place.inode].entries[HS_DISK_NOW];
  size_t count = entries->count;
  char **names = hs_sim_memory(count, sizeof *names);
  for (size_t i = 0; i < count; i++) {
    size_t bytes = strlen(entries->items[i].name) + 1;
    names[i] = memcpy(hs_sim_memory(bytes, 1), entries->items[i].name, bytes);
  }
  for (size_t i = 0; i < count; i++) {
    if (status == HS_OK)
      status = each(context, names[i], err);
    free(names[i]);
  }
  free(names);
  return status;
}

void hs_sim_files_table(struct hs_io *io)
{
  io->open = sim_open;
  io->close = sim_close;
  io->read_at = sim_read_at;
  io->write_at = sim_write_at;
  io->sync_data = sim_sync_data;
  io->truncate = sim_truncate;
  io->allocate = sim_allocate;
  io->lock = sim_lock;
  io->info = sim_info;
  io->rename = sim_rename;
  io->remove = sim_remove;
  io->make_directory = sim_make_directory;
  io->sync_directory = sim_sync_directory;
  io->list = sim_list;
}

void hs_sim_files_crash(struct hs_sim *sim)
{
  sim->handle_count = 0;
  sim->generation = (sim->generation + 1) % GENERATION_MAX;
}
