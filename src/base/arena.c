#include "base/arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT ((size_t)16)

enum hs_status hs_arena_init(struct hs_arena *arena, size_t capacity_bytes, struct hs_err *err)
{
  HS_ASSERT(capacity_bytes > 0);
  void *base = mmap(NULL, capacity_bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED)
    return hs_fail(err, HS_NOMEM, "cannot reserve %zu bytes of memory", capacity_bytes);
  *arena = (struct hs_arena){.base = base, .capacity_bytes = capacity_bytes};
  return HS_OK;
}

void hs_arena_release(struct hs_arena *arena)
{
  if (arena->base != NULL)
    (void)munmap(arena->base, arena->capacity_bytes);
  *arena = (struct hs_arena){0};
}

static void use(struct hs_arena *arena, size_t used_bytes)
{
  arena->used_bytes = used_bytes;
  if (used_bytes > arena->high_bytes)
    arena->high_bytes = used_bytes;
  if (used_bytes > arena->dirty_bytes)
    arena->dirty_bytes = used_bytes;
}

void *hs_arena_alloc_raw(struct hs_arena *arena, size_t count, size_t size)
{
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes))
    return NULL;
  size_t start = (arena->used_bytes + (ALIGNMENT - 1)) & ~(ALIGNMENT - 1);
  if (start > arena->capacity_bytes || bytes > arena->capacity_bytes - start)
    return NULL;
  if (arena->base == NULL)
    return NULL;
  use(arena, start + bytes);
  return arena->base + start;
}

void *hs_arena_alloc(struct hs_arena *arena, size_t count, size_t size)
{
  /* Memory that no unit of work has touched yet is zero already: clearing it again would make it
   * real. */
  size_t clean_from = arena->dirty_bytes;
  unsigned char *block = hs_arena_alloc_raw(arena, count, size);
  if (block == NULL)
    return NULL;
  size_t start = (size_t)(block - arena->base);
  size_t end = start + count * size;
  size_t dirty_end = end < clean_from ? end : clean_from;
  if (start < dirty_end)
    memset(block, 0, dirty_end - start);
  return block;
}

void *hs_arena_grow(struct hs_arena *arena, void *block, size_t count_old, size_t count_new,
                    size_t size)
{
  HS_ASSERT(count_new >= count_old && (block != NULL || count_old == 0));
  if (block != NULL &&
      (unsigned char *)block + count_old * size == arena->base + arena->used_bytes) {
    size_t more = 0;
    if (__builtin_mul_overflow(count_new - count_old, size, &more) ||
        more > arena->capacity_bytes - arena->used_bytes)
      return NULL;
    use(arena, arena->used_bytes + more);
    return block;
  }
  void *larger = hs_arena_alloc_raw(arena, count_new, size);
  if (larger != NULL && count_old > 0)
    memcpy(larger, block, count_old * size);
  return larger;
}

char *hs_arena_copy(struct hs_arena *arena, const char *text, size_t length)
{
  if (length == SIZE_MAX)
    return NULL;
  char *copy = hs_arena_alloc_raw(arena, length + 1, 1);
  if (copy == NULL)
    return NULL;
  if (length > 0)
    memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

size_t hs_arena_mark(const struct hs_arena *arena) { return arena->used_bytes; }

void hs_arena_reset(struct hs_arena *arena, size_t mark)
{
  HS_ASSERT(mark <= arena->used_bytes);
  arena->used_bytes = mark;
}

void hs_arena_trim(struct hs_arena *arena)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t kept = (arena->used_bytes + page - 1) / page * page;
  if (kept < arena->dirty_bytes &&
      madvise(arena->base + kept, arena->dirty_bytes - kept, MADV_DONTNEED) == 0)
    arena->dirty_bytes = kept;
}

enum hs_status(hs_arena_full)(const struct hs_arena *arena, const char *what, struct hs_err *err)
{
  if (arena->capacity_bytes < HS_MIB)
    return hs_fail(err, HS_NOMEM, "no room for %s: %zu bytes are allowed here", what,
                   arena->capacity_bytes);
  return hs_fail(err, HS_NOMEM, "no room for %s: %zu MiB are allowed here", what,
                 arena->capacity_bytes / HS_MIB);
}
