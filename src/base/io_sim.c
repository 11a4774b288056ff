/* The simulated machine: the table of io.h over the disk and the network of this folder, with the
   faults, the crashes and the trace. */
#include "base/io_sim.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_sim_priv.h"

/* A handle is its slot and, above it, how often the machine had crashed: a handle from before a
   crash never means a file of after it. */
#define SLOT_BITS 16
#define SLOT_MAX (1 << SLOT_BITS)
#define GENERATION_MAX (1 << (31 - SLOT_BITS))

struct handle {
  uint32_t inode;
  int is_open;
  int is_writable;
  int is_locked;
};

struct trace {
  int is_on;
  struct hs_disk start;
  struct hs_disk_op **ops;
  size_t count;
  size_t capacity;
};

struct hs_sim {
  struct hs_io io;
  struct hs_sim_options options;
  struct hs_sim_rng faults;
  struct hs_sim_rng crashes;
  struct hs_sim_rng bytes;
  int64_t now_us;
  int64_t monotonic_us;
  struct hs_disk disk;
  struct hs_sim_net *net;
  struct handle *handles;
  int handle_count;
  int generation;
  uint64_t disk_call_count;
  uint64_t planned_call; /* the number of the call that fails; UINT64_MAX: none */
  enum hs_status planned_status;
  struct trace trace;
};

uint64_t hs_sim_rng_next(struct hs_sim_rng *rng)
{
  uint64_t z = rng->state += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

/* Lemire's multiplication; its bias, bound/2^64, is nothing here. */
uint64_t hs_sim_rng_below(struct hs_sim_rng *rng, uint64_t bound)
{
  __extension__ typedef unsigned __int128 wide;
  return (uint64_t)(((wide)hs_sim_rng_next(rng) * bound) >> 64);
}

int hs_sim_rng_chance(struct hs_sim_rng *rng, uint32_t ppm)
{
  return ppm > 0 && hs_sim_rng_below(rng, 1000000) < ppm;
}

/* Clock and randomness. */

static int64_t sim_now_us(void *self) { return ((struct hs_sim *)self)->now_us; }
static int64_t sim_monotonic_us(void *self) { return ((struct hs_sim *)self)->monotonic_us; }
static void sim_sleep_us(void *self, int64_t duration_us) { hs_sim_advance(self, duration_us); }

static void sim_fill_random(void *self, void *out, size_t bytes)
{
  struct hs_sim *sim = self;
  unsigned char *at = out;
  for (size_t i = 0; i < bytes; i++)
    at[i] = (unsigned char)(hs_sim_rng_next(&sim->bytes) >> 56);
}

static void pass_time(struct hs_sim *sim)
{
  if (sim->options.latency_us > 0)
    hs_sim_advance(sim,
                   (int64_t)hs_sim_rng_below(&sim->faults, (uint64_t)sim->options.latency_us + 1));
}

/* Faults. */

/* Counts a disk call and says whether it fails: HS_OK or the status to fail with. */
static enum hs_status next_fault(struct hs_sim *sim)
{
  uint64_t call = sim->disk_call_count++;
  pass_time(sim);
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

static size_t cut_short(struct hs_sim *sim, size_t bytes)
{
  if (bytes < 2 || !hs_sim_rng_chance(&sim->faults, sim->options.short_write_ppm))
    return bytes;
  return 1 + (size_t)hs_sim_rng_below(&sim->faults, bytes - 1);
}

/* Applies an operation and keeps it when a trace is on; takes op. */
static void commit(struct hs_sim *sim, struct hs_disk_op *op)
{
  struct trace *trace = &sim->trace;
  op->at_us = sim->now_us;
  hs_disk_apply(&sim->disk, op);
  if (!trace->is_on) {
    hs_disk_op_release(op);
    return;
  }
  if (trace->count == trace->capacity) {
    trace->capacity = trace->capacity == 0 ? 64 : trace->capacity * 2;
    trace->ops = hs_sim_more_memory(trace->ops, trace->capacity, sizeof *trace->ops);
  }
  trace->ops[trace->count++] = op;
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

/* As find, for what must exist. */
static enum hs_status find_existing(const struct hs_sim *sim, const char *what, const char *path,
                                    struct place *out, struct hs_err *err)
{
  enum hs_status status = find(sim, path, out, err);
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
  commit(sim, op);
}

/* Handles. */

static struct handle *handle_of(struct hs_sim *sim, hs_file file)
{
  int slot = file & (SLOT_MAX - 1);
  if (file < 0 || file >> SLOT_BITS != sim->generation || slot >= sim->handle_count ||
      !sim->handles[slot].is_open)
    return NULL;
  return &sim->handles[slot];
}

static enum hs_status handle_for(struct hs_sim *sim, hs_file file, const char *what,
                                 struct handle **out, struct hs_err *err)
{
  *out = handle_of(sim, file);
  if (*out != NULL)
    return HS_OK;
  return hs_fail(err, HS_IO, "cannot %s file %d: it is not open, or was before a crash", what,
                 file);
}

/* As handle_for, for what changes the file. */
static enum hs_status writer_for(struct hs_sim *sim, hs_file file, const char *what,
                                 struct handle **out, struct hs_err *err)
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
  sim->handles[slot] = (struct handle){.inode = inode, .is_open = 1, .is_writable = is_writable};
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
  struct handle *handle = handle_of(sim, file);
  if (handle == NULL)
    return;
  sim->disk.inodes[handle->inode].open_count--;
  *handle = (struct handle){0};
}

static enum hs_status sim_read_at(void *self, hs_file file, void *data, size_t bytes,
                                  uint64_t offset, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct handle *handle = NULL;
  enum hs_status status = begin(sim, "read", "a file", err);
  if (status == HS_OK)
    status = handle_for(sim, file, "read", &handle, err);
  if (status != HS_OK)
    return status;
  uint64_t size = hs_disk_size(&sim->disk, handle->inode);
  uint64_t left = offset < size ? size - offset : 0;
  size_t count = cut_short(sim, left < bytes ? (size_t)left : bytes);
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
  commit(sim, op);
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
  struct handle *handle = NULL;
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
  count = cut_short(sim, count);
  commit_write(sim, handle->inode, data, count, offset);
  *done = count;
  return HS_OK;
}

static enum hs_status sim_sync_data(void *self, hs_file file, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct handle *handle = NULL;
  enum hs_status fault = next_fault(sim);
  enum hs_status status = handle_for(sim, file, "sync", &handle, err);
  if (status != HS_OK)
    return status;
  if (fault == HS_OK && hs_sim_rng_chance(&sim->faults, sim->options.sync_error_ppm))
    fault = HS_IO;
  struct hs_disk_op *op = hs_disk_op_make(fault == HS_OK ? HS_DISK_SYNC : HS_DISK_SYNC_FAILED, 0);
  op->inode = handle->inode;
  op->seed = hs_sim_rng_next(&sim->crashes);
  commit(sim, op);
  return fault == HS_OK ? HS_OK : fail_by_fault(fault, "sync", "a file", err);
}

static void commit_resize(struct hs_sim *sim, uint32_t inode, uint64_t size_bytes)
{
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_RESIZE, 0);
  op->inode = inode;
  op->offset = size_bytes;
  op->is_shrink = size_bytes < hs_disk_size(&sim->disk, inode);
  commit(sim, op);
}

static enum hs_status resize(struct hs_sim *sim, hs_file file, const char *what,
                             uint64_t size_bytes, int may_shrink, struct hs_err *err)
{
  struct handle *handle = NULL;
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
  struct handle *handle = NULL;
  enum hs_status status = begin(sim, "lock", "a file", err);
  if (status == HS_OK)
    status = handle_for(sim, file, "lock", &handle, err);
  if (status != HS_OK)
    return status;
  for (int slot = 0; slot < sim->handle_count; slot++) {
    const struct handle *other = &sim->handles[slot];
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
  enum hs_status status = begin(sim, "look at", path, err);
  if (status == HS_OK)
    status = find_existing(sim, "look at", path, &place, err);
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
  enum hs_status status = begin(sim, "rename", from, err);
  if (status == HS_OK)
    status = find_existing(sim, "rename", from, &source, err);
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
  commit(sim, op);
  return HS_OK;
}

static enum hs_status sim_remove(void *self, const char *path, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin(sim, "remove", path, err);
  if (status == HS_OK)
    status = find_existing(sim, "remove", path, &place, err);
  if (status != HS_OK)
    return status;
  if (place.inode == HS_DISK_ROOT || is_filled(sim, place.inode))
    return hs_fail(err, HS_IO, "cannot remove %s: the directory is not empty", path);
  commit(sim, make_name_op(HS_DISK_UNLINK, &place, NULL));
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

/* The place of a path that must be a directory. */
static enum hs_status find_directory(const struct hs_sim *sim, const char *what, const char *path,
                                     struct place *out, struct hs_err *err)
{
  enum hs_status status = find_existing(sim, what, path, out, err);
  if (status == HS_OK && !sim->disk.inodes[out->inode].is_directory)
    return hs_fail(err, HS_NOT_FOUND, "cannot %s %s: it is no directory", what, path);
  return status;
}

static enum hs_status sim_sync_directory(void *self, const char *path, struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin(sim, "sync the directory", path, err);
  if (status == HS_OK)
    status = find_directory(sim, "sync the directory", path, &place, err);
  if (status != HS_OK)
    return status;
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_SYNC_DIRECTORY, 0);
  op->directory = op->directory_to = place.inode;
  commit(sim, op);
  return HS_OK;
}

static enum hs_status sim_list(void *self, const char *path, hs_list_fn each, void *context,
                               struct hs_err *err)
{
  struct hs_sim *sim = self;
  struct place place;
  enum hs_status status = begin(sim, "list", path, err);
  if (status == HS_OK)
    status = find_directory(sim, "list", path, &place, err);
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

/* Network functions of the table. */

/* Nobody else runs while this machine waits, so waiting is in vain. */
static enum hs_status wait_in_vain(struct hs_sim *sim, enum hs_status status, int64_t timeout_us)
{
  if (status == HS_BUSY && timeout_us > 0)
    hs_sim_advance(sim, timeout_us);
  return status;
}

static enum hs_status sim_listen(void *self, const char *address, hs_socket *out,
                                 struct hs_err *err)
{
  struct hs_sim *sim = self;
  pass_time(sim);
  return hs_sim_net_listen(sim->net, address, out, err);
}

static enum hs_status sim_accept(void *self, hs_socket listener, int64_t timeout_us, hs_socket *out,
                                 struct hs_err *err)
{
  struct hs_sim *sim = self;
  pass_time(sim);
  return wait_in_vain(sim, hs_sim_net_accept(sim->net, listener, out, err), timeout_us);
}

static enum hs_status sim_connect(void *self, const char *address,
                                  [[maybe_unused]] int64_t timeout_us, hs_socket *out,
                                  struct hs_err *err)
{
  struct hs_sim *sim = self;
  pass_time(sim);
  return hs_sim_net_connect(sim->net, address, out, err);
}

static void maybe_break(struct hs_sim *sim, hs_socket socket)
{
  if (hs_sim_rng_chance(&sim->faults, sim->options.connection_drop_ppm))
    hs_sim_net_break(sim->net, socket);
}

static enum hs_status sim_receive(void *self, hs_socket socket, void *data, size_t bytes,
                                  int64_t timeout_us, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  HS_ASSERT(bytes > 0);
  pass_time(sim);
  maybe_break(sim, socket);
  size_t count = cut_short(sim, bytes);
  return wait_in_vain(sim, hs_sim_net_receive(sim->net, socket, data, count, done, err),
                      timeout_us);
}

static enum hs_status sim_send(void *self, hs_socket socket, const void *data, size_t bytes,
                               int64_t timeout_us, size_t *done, struct hs_err *err)
{
  struct hs_sim *sim = self;
  HS_ASSERT(bytes > 0);
  pass_time(sim);
  maybe_break(sim, socket);
  size_t count = cut_short(sim, bytes);
  return wait_in_vain(sim, hs_sim_net_send(sim->net, socket, data, count, done, err), timeout_us);
}

static void sim_close_socket(void *self, hs_socket socket)
{
  hs_sim_net_close_socket(((struct hs_sim *)self)->net, socket);
}

static enum hs_status sim_address(void *self, hs_socket listener, char *out, struct hs_err *err)
{
  return hs_sim_net_address(((struct hs_sim *)self)->net, listener, out, err);
}

static const struct hs_io SIMULATED = {
    .now_us = sim_now_us,
    .monotonic_us = sim_monotonic_us,
    .sleep_us = sim_sleep_us,
    .fill_random = sim_fill_random,
    .open = sim_open,
    .close = sim_close,
    .read_at = sim_read_at,
    .write_at = sim_write_at,
    .sync_data = sim_sync_data,
    .truncate = sim_truncate,
    .allocate = sim_allocate,
    .lock = sim_lock,
    .info = sim_info,
    .rename = sim_rename,
    .remove = sim_remove,
    .make_directory = sim_make_directory,
    .sync_directory = sim_sync_directory,
    .list = sim_list,
    .listen = sim_listen,
    .accept = sim_accept,
    .connect = sim_connect,
    .receive = sim_receive,
    .send = sim_send,
    .close_socket = sim_close_socket,
    .address = sim_address,
};

/* The machine. */

/* All of it but the disk. */
static struct hs_sim *make_machine(const struct hs_sim_options *options, uint64_t seed)
{
  struct hs_sim *sim = calloc(1, sizeof *sim);
  if (sim == NULL)
    return NULL;
  sim->net = hs_sim_net_open();
  if (sim->net == NULL) {
    free(sim);
    return NULL;
  }
  struct hs_sim_rng seeds = {seed};
  sim->faults.state = hs_sim_rng_next(&seeds);
  sim->crashes.state = hs_sim_rng_next(&seeds);
  sim->bytes.state = hs_sim_rng_next(&seeds);
  sim->options = *options;
  sim->now_us = options->start_us;
  sim->planned_call = UINT64_MAX;
  sim->io = SIMULATED;
  sim->io.self = sim;
  return sim;
}

enum hs_status hs_sim_open(const struct hs_sim_options *options, struct hs_sim **out,
                           struct hs_err *err)
{
  struct hs_sim *sim = make_machine(options, options->seed);
  if (sim == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for a simulated machine");
  hs_disk_init(&sim->disk);
  *out = sim;
  return HS_OK;
}

static void forget_trace(struct trace *trace)
{
  for (size_t i = 0; i < trace->count; i++)
    hs_disk_op_release(trace->ops[i]);
  free(trace->ops);
  hs_disk_release(&trace->start);
  *trace = (struct trace){0};
}

void hs_sim_close(struct hs_sim *sim)
{
  if (sim == NULL)
    return;
  forget_trace(&sim->trace);
  hs_disk_release(&sim->disk);
  hs_sim_net_close(sim->net);
  free(sim->handles);
  free(sim);
}

const struct hs_io *hs_sim_io(struct hs_sim *sim) { return &sim->io; }

void hs_sim_set_faults(struct hs_sim *sim, const struct hs_sim_options *options)
{
  uint64_t seed = sim->options.seed;
  int64_t start_us = sim->options.start_us;
  sim->options = *options;
  sim->options.seed = seed;
  sim->options.start_us = start_us;
}

void hs_sim_fail_at(struct hs_sim *sim, uint64_t call, enum hs_status status)
{
  sim->planned_call = call == UINT64_MAX ? UINT64_MAX : sim->disk_call_count + call;
  sim->planned_status = status;
}

uint64_t hs_sim_disk_call_count(const struct hs_sim *sim) { return sim->disk_call_count; }

void hs_sim_advance(struct hs_sim *sim, int64_t duration_us)
{
  if (duration_us <= 0)
    return;
  sim->now_us += duration_us;
  sim->monotonic_us += duration_us;
}

static void crash_with(struct hs_sim *sim, enum hs_crash how, uint64_t seed)
{
  struct hs_disk_op *op = hs_disk_op_make(HS_DISK_CRASH, 0);
  op->how = how;
  op->seed = seed;
  commit(sim, op);
  sim->handle_count = 0;
  sim->generation = (sim->generation + 1) % GENERATION_MAX;
  hs_sim_net_crash(sim->net);
}

void hs_sim_crash(struct hs_sim *sim, enum hs_crash how)
{
  crash_with(sim, how, hs_sim_rng_next(&sim->crashes));
}

void hs_sim_trace(struct hs_sim *sim, int is_on)
{
  forget_trace(&sim->trace);
  if (!is_on)
    return;
  hs_disk_copy(&sim->disk, &sim->trace.start);
  sim->trace.is_on = 1;
}

uint64_t hs_sim_trace_count(const struct hs_sim *sim) { return sim->trace.count; }

enum hs_status hs_sim_replay(const struct hs_sim *traced, uint64_t call_count, uint64_t seed,
                             enum hs_crash how, struct hs_sim **out, struct hs_err *err)
{
  HS_ASSERT(traced->trace.is_on && call_count <= traced->trace.count);
  struct hs_sim_options options = {
      .seed = seed,
      .start_us = traced->now_us,
      .disk_bytes = traced->options.disk_bytes,
  };
  struct hs_sim *sim = make_machine(&options, seed);
  if (sim == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for a simulated machine");
  hs_disk_copy(&traced->trace.start, &sim->disk);
  for (uint64_t i = 0; i < call_count; i++)
    hs_disk_apply(&sim->disk, traced->trace.ops[i]);
  hs_sim_crash(sim, how);
  *out = sim;
  return HS_OK;
}
