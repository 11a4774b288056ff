/* Arrays that grow in an arena, row by row or batch by batch. */
#ifndef HANSA_BASE_ROOM_H
#define HANSA_BASE_ROOM_H

#include "base/arena.h"

/* The array with room for `more` rows (1 or more) behind its count rows: as it is, or at least
   twice as large; in place when it was the last that the arena gave. *capacity is moved on. What is
   behind the rows is not zeroed. rows may be NULL while *capacity is 0. NULL when the arena is
   full: rows and *capacity stand then. */
[[nodiscard]] void *hs_arena_room(struct hs_arena *arena, void *rows, size_t count, size_t more,
                                  size_t *capacity, size_t size);

#endif
