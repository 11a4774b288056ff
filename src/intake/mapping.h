/* Which field of a file feeds which column: what the caller maps wins over a column's own name, and
   that wins over its aliases; all are compared without case. */
#ifndef HANSA_INTAKE_MAPPING_H
#define HANSA_INTAKE_MAPPING_H

#include "intake/intake.h"

/* Where a value goes: the index of a column of the spec, or the amount in minor units. */
#define HS_TARGET_NONE (-1)
#define HS_TARGET_MINOR HS_COLUMNS_MAX
#define HS_TARGET_COUNT (HS_COLUMNS_MAX + 1)

enum hs_rank { HS_RANK_NONE, HS_RANK_ALIAS, HS_RANK_NAME, HS_RANK_MAP };

struct hs_target {
  int index; /* or HS_TARGET_NONE */
  enum hs_rank rank;
};

struct hs_mapping {
  const struct hs_event_spec *spec;
  int money;    /* index of the spec's column of money, or -1 */
  int currency; /* and of its currency */
  int has_default_currency;
  const struct hs_intake_map *map;
  size_t map_count;
};

/* "amount", "amount_minor", …: lives for ever. */
const char *hs_target_name(const struct hs_mapping *mapping, int target);

/* Checks what the caller maps. HS_USAGE for a column that the kind does not have (the words list
   those it has), a column or a field mapped twice, an empty field. options is borrowed. */
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
