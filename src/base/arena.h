/* A bounded region of memory for one unit of work: a request, a batch, a report, a command, a fuzz
   input. Whoever owns the loop over the units makes the arena and resets it between two units;
   nothing in it is freed alone. The bound is reserved as address space at once and becomes real
   memory only as it is touched, so a generous bound costs nothing. An arena belongs to one thread
   at a time. */
#ifndef HANSA_BASE_ARENA_H
#define HANSA_BASE_ARENA_H

#include <stddef.h>

#include "base/status.h"

struct hs_arena {
  unsigned char *base; /* NULL until init: the zero value is an arena without room */
  size_t used_bytes;
  size_t capacity_bytes;
  size_t high_bytes;  /* the most that was ever in use; for stating memory */
  size_t dirty_bytes; /* what lies behind them was not touched since it came from the system: it is
                         zero and not real memory yet */
};

#define HS_KIB ((size_t)1024)
#define HS_MIB (1024 * HS_KIB)
#define HS_GIB (1024 * HS_MIB)

/* Reserves capacity_bytes (1 or more). HS_NOMEM when the address space is not to be had. */
[[nodiscard]] enum hs_status hs_arena_init(struct hs_arena *arena, size_t capacity_bytes,
                                           struct hs_err *err);
/* Gives everything back; accepts the zero value; afterwards the arena is the zero value. */
void hs_arena_release(struct hs_arena *arena);

/* count × size bytes, zeroed, aligned for any type. NULL when the bound is reached or the product
   overflows: the caller says HS_NOMEM with what it was doing (hs_arena_full does that). A count of
   0 gives a valid pointer. */
[[nodiscard]] void *hs_arena_alloc(struct hs_arena *arena, size_t count, size_t size)
    __attribute__((malloc));
/* As hs_arena_alloc without the zeroing, for large numeric buffers that are filled at once. */
[[nodiscard]] void *hs_arena_alloc_raw(struct hs_arena *arena, size_t count, size_t size)
    __attribute__((malloc));
/* Makes a block larger: in place when it was the last one taken, by a copy otherwise. New bytes are
   not zeroed. NULL (and the old block untouched) when the bound is reached. block may be NULL when
   count_old is 0. */
[[nodiscard]] void *hs_arena_grow(struct hs_arena *arena, void *block, size_t count_old,
                                  size_t count_new, size_t size);
/* A zero-terminated copy of length bytes. NULL as above. */
[[nodiscard]] char *hs_arena_copy(struct hs_arena *arena, const char *text, size_t length);

/* A place to come back to: everything taken after the mark is forgotten by the reset.
 * hs_arena_reset(arena, 0) empties. */
[[nodiscard]] size_t hs_arena_mark(const struct hs_arena *arena);
void hs_arena_reset(struct hs_arena *arena, size_t mark);
/* Gives the memory behind what is in use back to the system: after a unit of work that was much
 * larger than what follows. */
void hs_arena_trim(struct hs_arena *arena);

/* The one way to report a full arena: "no room for <what>: <capacity> MiB are allowed here".
 * Returns HS_NOMEM. */
[[nodiscard]] enum hs_status hs_arena_full(const struct hs_arena *arena, const char *what,
                                           struct hs_err *err);
#ifdef __clang_analyzer__ /* see hs_fail in base/status.h */
#define hs_arena_full(arena, what, err) ((void)(hs_arena_full)(arena, what, err), HS_NOMEM)
#endif

#endif
