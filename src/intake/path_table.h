/* Paths with their counts as they are collected row by row, whatever the rows come from: a file, or
   the paths that a programme imported. Channels are interned in order of first appearance; the
   arrays are those of measure/paths.h. */
#ifndef HANSA_INTAKE_PATH_TABLE_H
#define HANSA_INTAKE_PATH_TABLE_H

#include <stdint.h>

#include "base/text.h"

struct hs_path_table {
  size_t channel_count;
  struct hs_str *channels;
  size_t path_count;
  uint32_t *first_step; /* path_count + 1 */
  uint16_t *steps;
  double *conversions, *value, *nulls;
  /* private */
  struct hs_arena *arena;
  struct hs_str separator;
  uint16_t *name_slots; /* channel + 1, 0 is free */
  size_t path_room, step_room, step_count;
};

/* What is wrong with a path's counts, as a reason reads ("is above 10^15"), or NULL; *field is then
   the one at fault. Every way in asks here: a file of paths and the import of a programme. */
enum hs_path_count { HS_PATH_COUNT_CONVERSIONS, HS_PATH_COUNT_VALUE, HS_PATH_COUNT_NULLS };
[[nodiscard]] const char *hs_path_counts_fault(double conversions, double value, double nulls,
                                               enum hs_path_count *field);

/* Between the steps of a path whose file names no other. */
#define HS_PATH_SEPARATOR HS_STR(">")

/* What is wrong with the text of a path: NULL for nothing, otherwise words that read as "'a >> b'
   has a step without a name". The one rule for every path, whichever command reads it. */
[[nodiscard]] const char *hs_path_problem(struct hs_str path, struct hs_str separator);

/* separator between steps; absent is HS_PATH_SEPARATOR. Blanks around it and around names do not
   count, so "a > b" and "a>b" are the same path. The arrays take address space for as many paths as
   half of the arena's free room holds; only what is filled becomes memory. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_path_table_open(struct hs_arena *arena, struct hs_str separator,
                                                struct hs_path_table *out, struct hs_err *err);
/* Counts are such that hs_path_counts_fault finds nothing. *problem (not NULL) is set when the path
   cannot be read, which leaves the table as it was: words as those of hs_path_problem. Names are
   UTF-8. HS_INVALID for more than 65,534 channels; HS_NOMEM. */
[[nodiscard]] enum hs_status hs_path_table_add(struct hs_path_table *table, struct hs_str path,
                                               double conversions, double value, double nulls,
                                               const char **problem, struct hs_err *err);

#endif
