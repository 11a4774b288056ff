/* The names of a file's fields as they turn up, each with the column it feeds. */
#ifndef HANSA_INTAKE_KEYS_H
#define HANSA_INTAKE_KEYS_H

#include "intake/mapping.h"

/* A longer name is looked up each time and not listed: no column of ours has one. */
#define HS_KEY_BYTES_MAX ((size_t)128)

struct hs_key {
  struct hs_str name;
  struct hs_target target;
};

struct hs_keys {
  size_t count;
  struct hs_key *items; /* HS_INTAKE_FIELDS_MAX */
  char (*names)[HS_KEY_BYTES_MAX];
};

[[nodiscard]] enum hs_status hs_keys_init(struct hs_arena *arena, struct hs_keys *out,
                                          struct hs_err *err);
/* The index of the name, or -1. Looks at `hint` first: rows repeat their fields in one order. */
int hs_keys_find(const struct hs_keys *keys, struct hs_str name, size_t hint);
/* Adds a copy of a new name; its index, or -1 when there is no room for it. */
int hs_keys_add(struct hs_keys *keys, struct hs_str name, struct hs_target target);

#endif
