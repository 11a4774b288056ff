/* Cells of the engine's results as text, for people and for JSON. For this folder alone. */
#ifndef HANSA_ADAPTERS_DUCKDB_CELLS_H
#define HANSA_ADAPTERS_DUCKDB_CELLS_H

#include "adapters/duckdb/engine.h"

/* Whether values of this type can be shown; UNION, BIT, BIGNUM, TIMETZ and TIME_NS cannot, and a
   query casts them to text. */
[[nodiscard]] int hs_cell_is_known(duckdb_logical_type type);
/* What a column of this type is when it is written as JSON. */
enum hs_cell hs_cell_of(duckdb_logical_type type);
/* Appends one cell of the vector: moments in RFC 3339 and UTC, numbers in decimal, nested values as
   JSON. Returns 0 when the cell is absent, as a number that is not finite is. */
[[nodiscard]] int hs_cell_add(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type,
                              idx_t row);

#endif
