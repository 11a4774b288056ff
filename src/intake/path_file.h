/* Files of paths: one row a path, with how often it ended in an order, what that was worth, and how
   often it did not. The format of ChannelAttribution's data and of most exports. */
#ifndef HANSA_INTAKE_PATH_FILE_H
#define HANSA_INTAKE_PATH_FILE_H

#include "intake/csv.h"
#include "intake/figures.h"
#include "intake/path_table.h"

/* Which columns to read; the absent text means "by its usual name". Names are compared without
   regard to ASCII case. path         path conversions  conversions, total_conversions, conversion
     value        value, total_conversion_value, conversion_value, total_value, revenue
     nulls        nulls, null, total_null
   Path and conversions must be there. A value or nulls column that is not named and not found
   counts as 0 in every row. */
struct hs_path_file_options {
  struct hs_str path, conversions, value, nulls;
  struct hs_str separator; /* between steps; absent is ">"; blanks around it and around names do not
                              count, so "a > b" and "a>b" are the same path */
  char delimiter;          /* between fields; 0 is the comma */
};

/* What was read, in the file's order. */
struct hs_path_file {
  struct hs_path_table table;
  uint64_t row_count; /* rows below the header, rejected ones included */
  uint64_t reject_count;
};

/* Reads the whole source. Rejected rows go to on_reject (may be NULL), whose slices live during
   the call, and the rest goes on.
   HS_INVALID: no header, or a column that is not there (the message lists those that are); more
   than 65,534 channels or 2³² − 1 steps; HS_NOMEM; what reading says. The arrays take address space
   for as many paths as half of the arena's free room holds; only what is filled becomes memory. */
[[nodiscard]] enum hs_status hs_path_file_read(struct hs_arena *arena, struct hs_source *source,
                                               const struct hs_path_file_options *options,
                                               hs_figures_reject_fn on_reject, void *context,
                                               struct hs_path_file *out, struct hs_err *err);

#endif
