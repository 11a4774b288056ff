#include "intake/keys.h"

#include <string.h>

enum hs_status hs_keys_init(struct hs_arena *arena, struct hs_keys *out, struct hs_err *err)
{
  *out = (struct hs_keys){
      .items = hs_arena_alloc_raw(arena, HS_INTAKE_FIELDS_MAX, sizeof(struct hs_key)),
      .names = hs_arena_alloc_raw(arena, HS_INTAKE_FIELDS_MAX, HS_KEY_BYTES_MAX)};
  return out->items == NULL || out->names == NULL
             ? hs_arena_full(arena, "the names of a file's fields", err)
             : HS_OK;
}

int hs_keys_find(const struct hs_keys *keys, struct hs_str name, size_t hint)
{
  if (hint < keys->count && hs_str_equal(keys->items[hint].name, name))
    return (int)hint;
  for (size_t i = 0; i < keys->count; i++)
    if (hs_str_equal(keys->items[i].name, name))
      return (int)i;
  return -1;
}

int hs_keys_add(struct hs_keys *keys, struct hs_str name, struct hs_target target)
{
  if (keys->count == HS_INTAKE_FIELDS_MAX || name.length > HS_KEY_BYTES_MAX)
    return -1;
  size_t index = keys->count++;
  if (name.length > 0)
    memcpy(keys->names[index], name.data, name.length);
  keys->items[index] = (struct hs_key){.name = {keys->names[index], name.length}, .target = target};
  return (int)index;
}
