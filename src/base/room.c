#include "base/room.h"

#define ROWS_FIRST ((size_t)32)

void *hs_arena_room(struct hs_arena *arena, void *rows, size_t count, size_t more, size_t *capacity,
                    size_t size)
{
  HS_ASSERT(count <= *capacity && more > 0);
  if (more <= *capacity - count)
    return rows;
  size_t larger = 0;
  if (__builtin_mul_overflow(*capacity, (size_t)2, &larger) ||
      __builtin_add_overflow(larger, more > ROWS_FIRST ? more : ROWS_FIRST, &larger))
    return NULL;
  void *grown = hs_arena_grow(arena, rows, *capacity, larger, size);
  if (grown != NULL)
    *capacity = larger;
  return grown;
}
