/* Which field of a file feeds which column: what the caller maps wins over a column's own name, and
   that wins over its aliases; all are compared without case. */
#ifndef HANSA_INTAKE_MAPPING_H
#define HANSA_INTAKE_MAPPING_H

#include "intake/intake.h"

/* Where a value goes: the index of a column of the spec, a column of money in minor units, or what
   a network says of a row beside our columns. */
#define HS_TARGET_NONE (-1)
#define HS_TARGET_MINOR(column) (HS_COLUMNS_MAX + (column))
#define HS_TARGET_PAID (2 * HS_COLUMNS_MAX) /* "true" when the commission was paid */
#define HS_TARGET_UNIT                                                                             \
  (HS_TARGET_PAID + 1) /* what a commission is counted in, where not in money */
#define HS_TARGET_COUNT (HS_TARGET_UNIT + 1)

/* Which of two fields for one column is read: the higher one. Between HS_RANK_NAME and HS_RANK_MAP
   stand the fields of a network, the first of its list highest. */
enum { HS_RANK_NONE, HS_RANK_ALIAS, HS_RANK_NAME, HS_RANK_MAP = 1000 };

struct hs_target {
  int index; /* or HS_TARGET_NONE */
  int rank;
};

struct hs_mapping {
  const struct hs_event_spec *spec;
  int currency; /* index of the spec's currency, or -1; it is that of every column of money */
  int has_default_currency;
  const struct hs_intake_map *map;
  size_t map_count;
  const struct hs_network *network; /* NULL: columns by their own names */
  enum hs_amounts amounts;          /* of the network's fields of money */
  char minor_names[HS_COLUMNS_MAX][HS_COLUMN_NAME];
};

/* "amount", "amount_minor", …: lives as long as the mapping. */
const char *hs_target_name(const struct hs_mapping *mapping, int target);
/* The next column of money behind the column, or -1; hs_mapping_money(mapping, -1) is the first. */
int hs_mapping_money(const struct hs_mapping *mapping, int column);

/* Checks what the caller maps; of a network, hs_network_settle says more once the header is known.
   HS_USAGE for a column that the kind does not have (the words list those it has), a column or a
   field mapped twice, an empty field. options is borrowed. */
[[nodiscard]] enum hs_status hs_mapping_init(const struct hs_intake_options *options,
                                             struct hs_mapping *out, struct hs_err *err);
struct hs_target hs_mapping_find(const struct hs_mapping *mapping, struct hs_str field);

/* Settles a header: field_of[target] becomes the index of the field that feeds it, or -1. name is
   the file's, for messages. HS_INVALID for two fields of the same rank for one column, an amount in
   both units, a mapped field that is not there, a required column without a field. */
[[nodiscard]] enum hs_status hs_mapping_settle(const struct hs_mapping *mapping, const char *name,
                                               const struct hs_str *fields, size_t count,
                                               int field_of[HS_TARGET_COUNT], struct hs_err *err);
/* Only the last of these checks, for files whose rows name their fields themselves: fields are
   those seen so far. */
[[nodiscard]] enum hs_status hs_mapping_require(const struct hs_mapping *mapping, const char *name,
                                                const struct hs_str *fields, size_t count,
                                                struct hs_err *err);

#endif
