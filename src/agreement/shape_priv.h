/* What the readers and writers of shapes share. */
#ifndef HANSA_AGREEMENT_SHAPE_PRIV_H
#define HANSA_AGREEMENT_SHAPE_PRIV_H

#include "agreement/shape.h"

const void *hs_field_at(const struct hs_field *field, const void *document);
[[nodiscard]] int hs_field_is_absent(const struct hs_field *field, const void *document);
const void *hs_list_item(const struct hs_field *field, const struct hs_list *list, size_t index);
/* A value that is no object and no list, as JSON. */
void hs_field_write_plain(const struct hs_field *field, const void *at, struct hs_buf *out);

/* By name; NULL when there is none. */
const struct hs_field *hs_shape_field(const struct hs_shape *shape, struct hs_str name);
/* Makes the field absent. */
void hs_field_clear(const struct hs_field *field, void *at);

/* Where in a document something is, from the inside out; on the stack of who walks it. The zero
   value is the whole document. */
struct hs_place {
  const struct hs_place *parent;
  const char *name; /* NULL: an item of a list */
  size_t index;
};

#define HS_PLACE_TEXT 256 /* longer ones are cut */

struct hs_place hs_place_field(const struct hs_place *parent, const char *name);
struct hs_place hs_place_item(const struct hs_place *parent, size_t index);
void hs_place_format(const struct hs_place *place, char out[HS_PLACE_TEXT]);

void hs_faults_tell(struct hs_faults *faults, const struct hs_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Tells that a shape has no such field, with the one that was meant. */
void hs_shape_tell_unknown(struct hs_faults *faults, const struct hs_place *place,
                           const struct hs_shape *shape, const char *name);

/* Reads a value that is no object and no list as people write it on a line: 12%, true, two words.
   What is wrong is told. 0 when the arena is full. */
[[nodiscard]] int hs_field_read_plain(const struct hs_field *field, struct hs_str text,
                                      const struct hs_place *place, struct hs_arena *arena,
                                      struct hs_faults *faults, void *at);
/* A document in which nothing is filled in but the fallbacks. 0 when there is no room. */
[[nodiscard]] int hs_shape_blank(const struct hs_shape *shape, struct hs_arena *arena, void *out);

#endif
