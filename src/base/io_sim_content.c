/* What the inodes of the simulated disk hold: the bytes of files and the names of directories, once
   for each view. */
#include <stdlib.h>
#include <string.h>

#include "base/io_sim_priv.h"

#define CHUNK_BYTES 4096

/* Copied only when written while shared, so that both views of a file, and the copies of a disk,
   cost what differs between them. */
struct hs_disk_chunk {
  uint32_t reference_count;
  unsigned char data[CHUNK_BYTES];
};

void *hs_sim_memory(size_t count, size_t size)
{
  void *block = calloc(count == 0 ? 1 : count, size);
  HS_ASSERT(block != NULL);
  return block;
}

void *hs_sim_more_memory(void *block, size_t count, size_t size)
{
  void *larger = reallocarray(block, count, size);
  HS_ASSERT(larger != NULL);
  return larger;
}

/* Content: the bytes of a file in one view. */

static void chunk_release(struct hs_disk_chunk *chunk)
{
  if (chunk != NULL && --chunk->reference_count == 0)
    free(chunk);
}

void hs_disk_content_clear(struct hs_disk_content *content)
{
  for (size_t i = 0; i < content->chunk_count; i++)
    chunk_release(content->chunks[i]);
  free(content->chunks);
  *content = (struct hs_disk_content){0};
}

void hs_disk_content_share(const struct hs_disk_content *from, struct hs_disk_content *to)
{
  *to = *from;
  if (from->chunk_count == 0)
    return;
  to->chunks = hs_sim_memory(from->chunk_count, sizeof *to->chunks);
  for (size_t i = 0; i < from->chunk_count; i++) {
    to->chunks[i] = from->chunks[i];
    if (to->chunks[i] != NULL)
      to->chunks[i]->reference_count++;
  }
}

/* The chunk at an index, its own and there. */
static struct hs_disk_chunk *content_own(struct hs_disk_content *content, size_t index)
{
  if (index >= content->chunk_count) {
    size_t count = index + 1 + content->chunk_count / 2;
    content->chunks = hs_sim_more_memory(content->chunks, count, sizeof *content->chunks);
    memset(content->chunks + content->chunk_count, 0,
           (count - content->chunk_count) * sizeof *content->chunks);
    content->chunk_count = count;
  }
  struct hs_disk_chunk *chunk = content->chunks[index];
  if (chunk != NULL && chunk->reference_count == 1)
    return chunk;
  struct hs_disk_chunk *own = hs_sim_memory(1, sizeof *own);
  if (chunk != NULL) {
    memcpy(own->data, chunk->data, CHUNK_BYTES);
    chunk_release(chunk);
  }
  own->reference_count = 1;
  content->chunks[index] = own;
  return own;
}

void hs_disk_content_put(struct hs_disk_content *content, const unsigned char *data, size_t bytes,
                         uint64_t offset)
{
  while (bytes > 0) {
    size_t start = (size_t)(offset % CHUNK_BYTES);
    size_t piece = CHUNK_BYTES - start < bytes ? CHUNK_BYTES - start : bytes;
    struct hs_disk_chunk *chunk = content_own(content, (size_t)(offset / CHUNK_BYTES));
    memcpy(chunk->data + start, data, piece);
    data += piece;
    offset += piece;
    bytes -= piece;
  }
}

void hs_disk_content_resize(struct hs_disk_content *content, uint64_t size_bytes)
{
  size_t kept = (size_t)((size_bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
  for (size_t i = kept; i < content->chunk_count; i++) {
    chunk_release(content->chunks[i]);
    content->chunks[i] = NULL;
  }
  size_t tail = (size_t)(size_bytes % CHUNK_BYTES);
  if (tail > 0 && kept <= content->chunk_count && content->chunks[kept - 1] != NULL)
    memset(content_own(content, kept - 1)->data + tail, 0, CHUNK_BYTES - tail);
  content->size_bytes = size_bytes;
}

void hs_disk_content_read(const struct hs_disk_content *content, unsigned char *data, size_t bytes,
                          uint64_t offset)
{
  while (bytes > 0) {
    size_t start = (size_t)(offset % CHUNK_BYTES);
    size_t piece = CHUNK_BYTES - start < bytes ? CHUNK_BYTES - start : bytes;
    size_t index = (size_t)(offset / CHUNK_BYTES);
    const struct hs_disk_chunk *chunk =
        index < content->chunk_count ? content->chunks[index] : NULL;
    if (chunk == NULL)
      memset(data, 0, piece);
    else
      memcpy(data, chunk->data + start, piece);
    data += piece;
    offset += piece;
    bytes -= piece;
  }
}

/* Entries: the names of a directory in one view. */

size_t hs_disk_entries_place(const struct hs_disk_entries *entries, const char *name, int *found)
{
  size_t low = 0;
  size_t high = entries->count;
  *found = 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(entries->items[middle].name, name);
    if (order == 0) {
      *found = 1;
      return middle;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void hs_disk_entries_set(struct hs_disk_entries *entries, const char *name, uint32_t inode)
{
  int found = 0;
  size_t place = hs_disk_entries_place(entries, name, &found);
  if (!found) {
    entries->items = hs_sim_more_memory(entries->items, entries->count + 1, sizeof *entries->items);
    memmove(entries->items + place + 1, entries->items + place,
            (entries->count - place) * sizeof *entries->items);
    size_t bytes = strlen(name) + 1;
    entries->items[place].name = memcpy(hs_sim_memory(bytes, 1), name, bytes);
    entries->count++;
  }
  entries->items[place].inode = inode;
}

void hs_disk_entries_unset(struct hs_disk_entries *entries, const char *name, uint32_t inode)
{
  int found = 0;
  size_t place = hs_disk_entries_place(entries, name, &found);
  if (!found || entries->items[place].inode != inode)
    return;
  free(entries->items[place].name);
  entries->count--;
  memmove(entries->items + place, entries->items + place + 1,
          (entries->count - place) * sizeof *entries->items);
}

void hs_disk_entries_clear(struct hs_disk_entries *entries)
{
  for (size_t i = 0; i < entries->count; i++)
    free(entries->items[i].name);
  free(entries->items);
  *entries = (struct hs_disk_entries){0};
}

void hs_disk_entries_copy(const struct hs_disk_entries *from, struct hs_disk_entries *to)
{
  *to = (struct hs_disk_entries){0};
  for (size_t i = 0; i < from->count; i++)
    hs_disk_entries_set(to, from->items[i].name, from->items[i].inode);
}
