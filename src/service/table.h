/* A table that grows row by row and is then put beside the trail as an hs_side_table. */
#ifndef HANSA_SERVICE_TABLE_H
#define HANSA_SERVICE_TABLE_H

#include "ports/trail.h"

#define HS_TABLE_COLUMNS_MAX 16

struct hs_table_column {
  const char *name;
  enum hs_type type;
};

struct hs_table {
  struct hs_side_table side;
  struct hs_arena cells[HS_TABLE_COLUMNS_MAX]; /* one growing array each */
  struct hs_arena absent[HS_TABLE_COLUMNS_MAX];
  struct hs_arena texts;
  const char *names[HS_TABLE_COLUMNS_MAX];
  enum hs_type types[HS_TABLE_COLUMNS_MAX];
  struct hs_vector vectors[HS_TABLE_COLUMNS_MAX];
  int is_full;
};

/* columns ends with a row whose name is NULL. Points into itself: do not copy it. Accepts release
 * in every state. */
[[nodiscard]] enum hs_status hs_table_open(struct hs_table *table, const char *name,
                                           const struct hs_table_column *columns,
                                           struct hs_err *err);
void hs_table_release(struct hs_table *table);
/* A new row in which everything is absent; the setters below fill the row that was added last.
   Texts are copied. What does not fit is dropped and told by hs_table_status. */
void hs_table_row(struct hs_table *table);
void hs_table_text(struct hs_table *table, size_t column,
                   struct hs_str text); /* {NULL, 0} stays absent */
void hs_table_integer(struct hs_table *table, size_t column, int64_t value);
void hs_table_real(struct hs_table *table, size_t column, double value); /* NaN stays absent */
[[nodiscard]] enum hs_status hs_table_status(const struct hs_table *table, struct hs_err *err);

#endif
