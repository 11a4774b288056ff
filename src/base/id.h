/* Ids: a prefix that names the kind, an underscore and 26 lower-case digits of Crockford's base
   32: 48 bits of milliseconds, then 80 random bits (the layout of a ULID). Ids made later sort
   later; within one millisecond, or when the clock jumps back, they count up. They are not secrets.
 */
#ifndef HANSA_BASE_ID_H
#define HANSA_BASE_ID_H

#include "base/io.h"
#include "base/text.h"

#define HS_ID_TEXT 32 /* "abc_" + 26 + zero, rounded up */

struct hs_id {
  char text[HS_ID_TEXT]; /* zero-terminated; the zero value is "no id" */
};

/* Makes ids in rising order; one per thread or under a lock. The zero value is ready. */
struct hs_id_maker {
  int64_t last_ms;
  unsigned char last_random[10];
};

/* prefix: 3 lower-case letters, such as "pty". */
struct hs_id hs_id_make(struct hs_id_maker *maker, const struct hs_io *io, const char prefix[4]);
/* The id of what has a name of its own already, so that whoever makes it again gives it the same:
   rest stands for the random bits, its first byte the highest. A moment before 1970 counts as 0. */
struct hs_id hs_id_of(const char prefix[4], int64_t at_ms, const unsigned char rest[10]);
/* 1 when s is a well-formed id of that prefix (NULL: of any). An id has one spelling: capitals are
   refused. */
[[nodiscard]] int hs_id_parse(struct hs_str s, const char *prefix, struct hs_id *out);

#endif
