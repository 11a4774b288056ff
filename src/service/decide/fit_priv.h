/* The two sides on their way to be compared. For fit*.c alone. */
#ifndef HANSA_SERVICE_DECIDE_FIT_PRIV_H
#define HANSA_SERVICE_DECIDE_FIT_PRIV_H

#include "service/decide/fit.h"

enum fit_side { FIT_OURS, FIT_THEIRS };

struct fit_dimension {
  struct hs_str name;
  enum hs_fit_about about;
  size_t count, capacity, slot_count;
  struct hs_fit_value *values;
  uint32_t *slots; /* numbers from 1, open addressing, at most half full */
};

struct fit_table {
  struct hs_arena *arena;
  size_t count, capacity;
  struct fit_dimension *dimensions;
};

/* More of them than this is a mistake of columns, and each is looked for among all. */
#define HS_FIT_DIMENSIONS_MAX 200

/* The dimension of that name about that, made when missing. NULL when the arena is full. */
struct fit_dimension *hs_fit_dimension(struct fit_table *table, struct hs_str name,
                                       enum hs_fit_about about);
/* So many people of one side with that value, as it is compared: see fit.h. 0 when the arena is
   full. An empty value counts nobody. */
[[nodiscard]] int hs_fit_add(struct fit_table *table, struct fit_dimension *dimension,
                             enum fit_side side, struct hs_str value, double people);

struct fit_reading {
  struct fit_table *table;
  const struct hs_fit_options *options;
  struct hs_fit *fit;
};
/* fit_file.c */
[[nodiscard]] enum hs_status hs_fit_read_file(struct fit_reading *reading, const struct hs_io *io,
                                              const char *path, enum fit_side side,
                                              struct hs_err *err);
/* fit_programme.c */
[[nodiscard]] enum hs_status hs_fit_read_programme(struct fit_reading *reading, struct hs_err *err);

/* As values of a dimension are compared: trimmed, in small letters, a page by its path, a number of
   days by its span. Points into value, room or what lives for ever. */
#define HS_FIT_VALUE_BYTES_MAX 512
struct hs_str hs_fit_settle(struct hs_str dimension, struct hs_str value,
                            char room[HS_FIT_VALUE_BYTES_MAX]);
/* How long a decision took, as a value of timing. */
const char *hs_fit_timing(double days);

#endif
