/* The simulated disk. What a crash may leave follows from how Linux writes back, and no more, so
   that what it punishes are mistakes and not impossibilities:

   - Data goes to the platter by sectors of 512 bytes, each whole or not at all, in any order. A
     sector stands at any of the versions it had since the last sync: the page cache never writes
     a later change without the earlier ones of the same sector.
   - A file's size is metadata of that file and follows in order: a prefix of its changes arrived.
     After a shrink that was lost nothing later of that file arrived, because a file system's
     journal orders the blocks that a shrink freed before those that a later write takes.
   - The entries of one directory follow in order as well; those of two directories do not wait for
     each other. A rename is never half done.
   - A file's sync says nothing about the entry that names it: that takes a sync of the directory.
   - A failed sync leaves the pages clean: reads still see the data, and no later sync writes it
     (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). */
#include "base/io_sim_priv.h"

#include <stdlib.h>
#include <string.h>

/* Operations. */

struct hs_disk_op *hs_disk_op_make(enum hs_disk_op_kind kind, size_t payload_bytes)
{
  struct hs_disk_op *op = hs_sim_memory(1, sizeof *op + payload_bytes);
  op->kind = kind;
  op->reference_count = 1;
  op->payload_bytes = payload_bytes;
  return op;
}

struct hs_disk_op *hs_disk_op_hold(struct hs_disk_op *op)
{
  op->reference_count++;
  return op;
}

void hs_disk_op_release(struct hs_disk_op *op)
{
  if (--op->reference_count == 0)
    free(op);
}

static int is_of_file(const struct hs_disk_op *op)
{
  return op->kind == HS_DISK_WRITE || op->kind == HS_DISK_RESIZE;
}

static void write_part(struct hs_disk *disk, const struct hs_disk_op *op, size_t bytes,
                       enum hs_disk_view view)
{
  struct hs_disk_content *content = &disk->inodes[op->inode].content[view];
  hs_disk_content_put(content, op->payload, bytes, op->offset);
  if (bytes > 0 && op->offset + bytes > content->size_bytes)
    content->size_bytes = op->offset + bytes;
}

/* What an operation that changes a file or a directory does to one view of it. */
static void act(struct hs_disk *disk, const struct hs_disk_op *op, enum hs_disk_view view)
{
  const char *name = (const char *)op->payload;
  struct hs_disk_entries *entries = &disk->inodes[op->directory].entries[view];
  if (op->kind == HS_DISK_LINK) {
    hs_disk_entries_set(entries, name, op->inode);
  } else if (op->kind == HS_DISK_UNLINK) {
    hs_disk_entries_unset(entries, name, op->inode);
  } else if (op->kind == HS_DISK_RENAME) {
    hs_disk_entries_unset(entries, name, op->inode);
    hs_disk_entries_set(&disk->inodes[op->directory_to].entries[view], name + strlen(name) + 1,
                        op->inode);
  } else if (op->kind == HS_DISK_WRITE) {
    write_part(disk, op, op->payload_bytes, view);
  } else {
    HS_ASSERT(op->kind == HS_DISK_RESIZE);
    hs_disk_content_resize(&disk->inodes[op->inode].content[view], op->offset);
  }
}

/* Drops the pending operations whose place in the list is marked. */
static void forget_marked(struct hs_disk *disk, const unsigned char *is_marked)
{
  size_t kept = 0;
  for (size_t i = 0; i < disk->pending_count; i++) {
    if (is_marked[i])
      hs_disk_op_release(disk->pending[i]);
    else
      disk->pending[kept++] = disk->pending[i];
  }
  disk->pending_count = kept;
}

static void forget_file(struct hs_disk *disk, uint32_t inode)
{
  size_t kept = 0;
  for (size_t i = 0; i < disk->pending_count; i++) {
    if (is_of_file(disk->pending[i]) && disk->pending[i]->inode == inode)
      hs_disk_op_release(disk->pending[i]);
    else
      disk->pending[kept++] = disk->pending[i];
  }
  disk->pending_count = kept;
}

static void sync_file(struct hs_disk *disk, uint32_t inode)
{
  for (size_t i = 0; i < disk->pending_count; i++)
    if (is_of_file(disk->pending[i]) && disk->pending[i]->inode == inode)
      act(disk, disk->pending[i], HS_DISK_DURABLE);
  forget_file(disk, inode);
}

/* A rename ties two directories together: what happened in the other one before it must come along,
   or the order there would break. One pass from the end finds all of it. */
static void sync_directory(struct hs_disk *disk, uint32_t directory)
{
  unsigned char *is_marked = hs_sim_memory(disk->pending_count, 1);
  unsigned char *is_tied = hs_sim_memory(disk->inode_count, 1);
  is_tied[directory] = 1;
  for (size_t i = disk->pending_count; i-- > 0;) {
    const struct hs_disk_op *op = disk->pending[i];
    if (is_of_file(op))
      continue;
    is_marked[i] = is_tied[op->directory] || is_tied[op->directory_to];
    if (is_marked[i])
      is_tied[op->directory] = is_tied[op->directory_to] = 1;
  }
  for (size_t i = 0; i < disk->pending_count; i++)
    if (is_marked[i])
      act(disk, disk->pending[i], HS_DISK_DURABLE);
  forget_marked(disk, is_marked);
  free(is_tied);
  free(is_marked);
}

/* A crash. Arrival is drawn by stopping: each step of something that follows in order stops it for
   good with a chance that is drawn once for the crash, so that runs with little and with much lost
   both come up. */

struct arrival {
  struct hs_sim_rng rng;
  uint64_t stop_mask;
};

static struct arrival arrival_of(uint64_t seed)
{
  struct arrival arrival = {.rng = {seed}};
  arrival.stop_mask = ((uint64_t)1 << (1 + hs_sim_rng_below(&arrival.rng, 4))) - 1;
  return arrival;
}

static int stops(struct arrival *arrival)
{
  return (hs_sim_rng_next(&arrival->rng) & arrival->stop_mask) == 0;
}

/* One file on its way to the platter. */
struct file_arrival {
  struct hs_disk_content *content;
  unsigned char *is_sector_stopped;
  int is_size_stopped;
  int is_all_stopped;
};

static void arrive_write(struct file_arrival *file, const struct hs_disk_op *op,
                         struct arrival *arrival)
{
  for (size_t from = 0; from < op->payload_bytes;) {
    uint64_t at = op->offset + from;
    size_t piece = (size_t)(HS_SIM_SECTOR_BYTES - at % HS_SIM_SECTOR_BYTES);
    if (piece > op->payload_bytes - from)
      piece = op->payload_bytes - from;
    unsigned char *is_stopped = &file->is_sector_stopped[at / HS_SIM_SECTOR_BYTES];
    if (!*is_stopped && stops(arrival))
      *is_stopped = 1;
    if (!*is_stopped)
      hs_disk_content_put(file->content, op->payload + from, piece, at);
    from += piece;
  }
  uint64_t end = op->offset + op->payload_bytes;
  if (end <= file->content->size_bytes || file->is_size_stopped)
    return;
  file->is_size_stopped = stops(arrival);
  if (!file->is_size_stopped)
    file->content->size_bytes = end;
}

static void arrive_resize(struct file_arrival *file, const struct hs_disk_op *op,
                          struct arrival *arrival)
{
  if (!file->is_size_stopped)
    file->is_size_stopped = stops(arrival);
  if (file->is_size_stopped)
    file->is_all_stopped = op->is_shrink;
  else
    hs_disk_content_resize(file->content, op->offset);
}

static size_t sector_count_of(const struct hs_disk *disk, uint32_t inode)
{
  uint64_t end = 0;
  for (size_t i = 0; i < disk->pending_count; i++) {
    const struct hs_disk_op *op = disk->pending[i];
    if (op->kind == HS_DISK_WRITE && op->inode == inode && op->offset + op->payload_bytes > end)
      end = op->offset + op->payload_bytes;
  }
  return (size_t)((end + HS_SIM_SECTOR_BYTES - 1) / HS_SIM_SECTOR_BYTES);
}

/* Some of a file's pending changes arrive; the rest is lost. */
static void scatter_file(struct hs_disk *disk, uint32_t inode, struct arrival *arrival)
{
  struct file_arrival file = {
      .content = &disk->inodes[inode].content[HS_DISK_DURABLE],
      .is_sector_stopped = hs_sim_memory(sector_count_of(disk, inode), 1),
  };
  for (size_t i = 0; i < disk->pending_count && !file.is_all_stopped; i++) {
    const struct hs_disk_op *op = disk->pending[i];
    if (op->inode != inode || !is_of_file(op))
      continue;
    if (op->kind == HS_DISK_WRITE)
      arrive_write(&file, op, arrival);
    else
      arrive_resize(&file, op, arrival);
  }
  free(file.is_sector_stopped);
  /* Sectors may have arrived behind the end that did. */
  hs_disk_content_resize(file.content, file.content->size_bytes);
  forget_file(disk, inode);
}

static void scatter_names(struct hs_disk *disk, struct arrival *arrival)
{
  unsigned char *is_stopped = hs_sim_memory(disk->inode_count, 1);
  for (size_t i = 0; i < disk->pending_count; i++) {
    const struct hs_disk_op *op = disk->pending[i];
    if (is_stopped[op->directory] || is_stopped[op->directory_to] || stops(arrival))
      is_stopped[op->directory] = is_stopped[op->directory_to] = 1;
    else
      act(disk, op, HS_DISK_DURABLE);
  }
  free(is_stopped);
}

static void crash_random(struct hs_disk *disk, uint64_t seed)
{
  struct arrival arrival = arrival_of(seed);
  for (size_t i = 0; i < disk->pending_count;) {
    if (is_of_file(disk->pending[i]))
      scatter_file(disk, disk->pending[i]->inode, &arrival); /* takes them off the list */
    else
      i++;
  }
  scatter_names(disk, &arrival);
}

static void crash_torn_last(struct hs_disk *disk, uint64_t seed)
{
  struct hs_sim_rng rng = {seed};
  size_t last = disk->pending_count;
  for (size_t i = 0; i < disk->pending_count; i++)
    if (disk->pending[i]->kind == HS_DISK_WRITE)
      last = i;
  for (size_t i = 0; i < disk->pending_count; i++) {
    const struct hs_disk_op *op = disk->pending[i];
    if (i != last) {
      act(disk, op, HS_DISK_DURABLE);
      continue;
    }
    uint64_t first = op->offset / HS_SIM_SECTOR_BYTES;
    uint64_t after = (op->offset + op->payload_bytes - 1) / HS_SIM_SECTOR_BYTES + 1;
    uint64_t cut = (first + hs_sim_rng_below(&rng, after - first)) * HS_SIM_SECTOR_BYTES;
    write_part(disk, op, cut > op->offset ? (size_t)(cut - op->offset) : 0, HS_DISK_DURABLE);
  }
}

static void forget_all(struct hs_disk *disk)
{
  for (size_t i = 0; i < disk->pending_count; i++)
    hs_disk_op_release(disk->pending[i]);
  disk->pending_count = 0;
}

/* The machine comes up again and sees what is on the platter. */
static void reboot(struct hs_disk *disk)
{
  for (uint32_t i = 0; i < disk->inode_count; i++) {
    struct hs_disk_inode *inode = &disk->inodes[i];
    hs_disk_content_clear(&inode->content[HS_DISK_NOW]);
    hs_disk_content_share(&inode->content[HS_DISK_DURABLE], &inode->content[HS_DISK_NOW]);
    hs_disk_entries_clear(&inode->entries[HS_DISK_NOW]);
    hs_disk_entries_copy(&inode->entries[HS_DISK_DURABLE], &inode->entries[HS_DISK_NOW]);
    inode->open_count = 0;
  }
}

static void crash(struct hs_disk *disk, enum hs_crash how, uint64_t seed)
{
  if (how == HS_CRASH_RANDOM)
    crash_random(disk, seed);
  else if (how == HS_CRASH_TORN_LAST)
    crash_torn_last(disk, seed);
  else if (how == HS_CRASH_KEEP_ALL)
    for (size_t i = 0; i < disk->pending_count; i++)
      act(disk, disk->pending[i], HS_DISK_DURABLE);
  forget_all(disk);
  reboot(disk);
}

/* Memory of files that nothing can reach again. Inode numbers are not given twice, so that a trace
   means the same on every disk. */

static void mark_tree(const struct hs_disk *disk, uint32_t inode, enum hs_disk_view view,
                      unsigned char *is_marked)
{
  if (is_marked[inode])
    return;
  is_marked[inode] = 1;
  const struct hs_disk_entries *entries = &disk->inodes[inode].entries[view];
  for (size_t i = 0; i < entries->count; i++)
    mark_tree(disk, entries->items[i].inode, view, is_marked);
}

/* The marks of both views, of what is pending and of what is open. Each view is walked with marks
   of its own: what one of them reached is not yet walked in the other. */
static void mark_all(const struct hs_disk *disk, unsigned char *is_marked)
{
  unsigned char *in_view = hs_sim_memory(disk->inode_count, 1);
  for (enum hs_disk_view view = HS_DISK_NOW; view < HS_DISK_VIEW_COUNT; view++) {
    memset(in_view, 0, disk->inode_count);
    mark_tree(disk, HS_DISK_ROOT, view, in_view);
    for (size_t i = 0; i < disk->pending_count; i++)
      if (!is_of_file(disk->pending[i]))
        mark_tree(disk, disk->pending[i]->inode, view, in_view);
    for (uint32_t i = 0; i < disk->inode_count; i++)
      is_marked[i] = is_marked[i] || in_view[i] || disk->inodes[i].open_count > 0;
  }
  free(in_view);
}

static void collect(struct hs_disk *disk)
{
  unsigned char *is_marked = hs_sim_memory(disk->inode_count, 1);
  mark_all(disk, is_marked);
  for (uint32_t i = 0; i < disk->inode_count; i++) {
    if (is_marked[i])
      continue;
    forget_file(disk, i);
    for (int view = 0; view < HS_DISK_VIEW_COUNT; view++) {
      hs_disk_content_clear(&disk->inodes[i].content[view]);
      hs_disk_entries_clear(&disk->inodes[i].entries[view]);
    }
  }
  free(is_marked);
}

static void add_pending(struct hs_disk *disk, struct hs_disk_op *op)
{
  if (disk->pending_count == disk->pending_capacity) {
    disk->pending_capacity = disk->pending_capacity == 0 ? 64 : disk->pending_capacity * 2;
    disk->pending =
        hs_sim_more_memory(disk->pending, disk->pending_capacity, sizeof *disk->pending);
  }
  disk->pending[disk->pending_count++] = hs_disk_op_hold(op);
}

static void add_inode(struct hs_disk *disk, int is_directory)
{
  if (disk->inode_count == disk->inode_capacity) {
    disk->inode_capacity = disk->inode_capacity == 0 ? 16 : disk->inode_capacity * 2;
    disk->inodes = hs_sim_more_memory(disk->inodes, disk->inode_capacity, sizeof *disk->inodes);
  }
  disk->inodes[disk->inode_count++] = (struct hs_disk_inode){.is_directory = is_directory};
}

void hs_disk_init(struct hs_disk *disk)
{
  *disk = (struct hs_disk){0};
  add_inode(disk, 1);
}

void hs_disk_release(struct hs_disk *disk)
{
  for (uint32_t i = 0; i < disk->inode_count; i++)
    for (int view = 0; view < HS_DISK_VIEW_COUNT; view++) {
      hs_disk_content_clear(&disk->inodes[i].content[view]);
      hs_disk_entries_clear(&disk->inodes[i].entries[view]);
    }
  forget_all(disk);
  free(disk->inodes);
  free(disk->pending);
  *disk = (struct hs_disk){0};
}

void hs_disk_copy(const struct hs_disk *from, struct hs_disk *to)
{
  *to = (struct hs_disk){.inode_count = from->inode_count, .inode_capacity = from->inode_count};
  to->inodes = hs_sim_memory(from->inode_count, sizeof *to->inodes);
  for (uint32_t i = 0; i < from->inode_count; i++) {
    to->inodes[i] = from->inodes[i];
    for (int view = 0; view < HS_DISK_VIEW_COUNT; view++) {
      hs_disk_content_share(&from->inodes[i].content[view], &to->inodes[i].content[view]);
      hs_disk_entries_copy(&from->inodes[i].entries[view], &to->inodes[i].entries[view]);
    }
  }
  for (size_t i = 0; i < from->pending_count; i++)
    add_pending(to, from->pending[i]);
}

static void settle(struct hs_disk *disk, const struct hs_disk_op *op)
{
  if (op->kind == HS_DISK_SYNC) {
    sync_file(disk, op->inode);
  } else if (op->kind == HS_DISK_SYNC_FAILED) {
    struct arrival arrival = arrival_of(op->seed);
    scatter_file(disk, op->inode, &arrival);
  } else if (op->kind == HS_DISK_SYNC_DIRECTORY) {
    sync_directory(disk, op->directory);
    collect(disk);
  } else {
    HS_ASSERT(op->kind == HS_DISK_CRASH);
    crash(disk, op->how, op->seed);
    collect(disk);
  }
}

void hs_disk_apply(struct hs_disk *disk, struct hs_disk_op *op)
{
  if (op->kind >= HS_DISK_SYNC) {
    settle(disk, op);
    return;
  }
  if (op->kind == HS_DISK_LINK) {
    HS_ASSERT(op->inode == disk->inode_count);
    add_inode(disk, op->is_directory);
  }
  act(disk, op, HS_DISK_NOW);
  if (is_of_file(op) || op->kind == HS_DISK_LINK)
    disk->inodes[op->inode].modified_us = op->at_us;
  add_pending(disk, op);
}

uint32_t hs_disk_lookup(const struct hs_disk *disk, uint32_t directory, const char *name)
{
  int found = 0;
  const struct hs_disk_entries *entries = &disk->inodes[directory].entries[HS_DISK_NOW];
  size_t place = hs_disk_entries_place(entries, name, &found);
  return found ? entries->items[place].inode : HS_DISK_NONE;
}

void hs_disk_read(const struct hs_disk *disk, uint32_t inode, void *data, size_t bytes,
                  uint64_t offset)
{
  hs_disk_content_read(&disk->inodes[inode].content[HS_DISK_NOW], data, bytes, offset);
}

uint64_t hs_disk_size(const struct hs_disk *disk, uint32_t inode)
{
  return disk->inodes[inode].content[HS_DISK_NOW].size_bytes;
}

uint64_t hs_disk_used_bytes(const struct hs_disk *disk)
{
  uint64_t used = 0;
  unsigned char *is_named = hs_sim_memory(disk->inode_count, 1);
  mark_tree(disk, HS_DISK_ROOT, HS_DISK_NOW, is_named);
  for (uint32_t i = 0; i < disk->inode_count; i++)
    if (is_named[i] || disk->inodes[i].open_count > 0)
      used += hs_disk_size(disk, i);
  free(is_named);
  return used;
}
