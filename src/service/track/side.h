/* A table that grows row by row and is then put beside the trail as an hs_side_table. */
#ifndef HANSA_SERVICE_TRACK_SIDE_H
#define HANSA_SERVICE_TRACK_SIDE_H

#include "ports/trail.h"

#define HS_SIDE_COLUMNS_MAX 16

struct hs_side_column {
  const char *name;
  enum hs_type type;
};

struct hs_side {
  struct hs_side_table side;
  struct hs_arena cells[HS_SIDE_COLUMNS_MAX]; /* one growing array each */
  struct hs_arena absent[HS_SIDE_COLUMNS_MAX];
  struct hs_arena texts;
  const char *names[HS_SIDE_COLUMNS_MAX];
  enum hs_type types[HS_SIDE_COLUMNS_MAX];
  struct hs_vector vectors[HS_SIDE_COLUMNS_MAX];
  int is_full;
};

/* A table of those columns without rows, which takes none: hs_side_open makes one that does. */
void hs_side_declare(struct hs_side *table, const char *name, const struct hs_side_column *columns);
/* columns ends with a row whose name is NULL. Points into itself: do not copy it. Accepts release
 * in every state. */
[[nodiscard]] enum hs_status hs_side_open(struct hs_side *table, const char *name,
                                          const struct hs_side_column *columns, struct hs_err *err);
void hs_side_release(struct hs_side *table);
/* A new row in which everything is absent; the setters below fill the row that was added last.
   Texts are copied. What does not fit is dropped and told by hs_side_status. */
void hs_side_row(struct hs_side *table);
void hs_side_text(struct hs_side *table, size_t column,
                  struct hs_str text); /* {NULL, 0} stays absent */
void hs_side_integer(struct hs_side *table, size_t column, int64_t value);
void hs_side_real(struct hs_side *table, size_t column, double value); /* NaN stays absent */
[[nodiscard]] enum hs_status hs_side_status(const struct hs_side *table, struct hs_err *err);

#endif
