/* The room of a slot: everything that reading a block of rows needs, taken once. */
#include "intake/intake_priv.h"

static enum hs_status vector_init(struct hs_arena *arena, enum hs_type type, struct hs_vector *out,
                                  struct hs_err *err)
{
  int is_text = hs_type_is_text(type);
  int is_real = type == HS_TYPE_REAL;
  void *values =
      hs_arena_alloc_raw(arena, HS_BATCH_ROWS, is_text ? sizeof(struct hs_str) : sizeof(int64_t));
  *out = (struct hs_vector){.type = type,
                            .text = is_text ? values : NULL,
                            .real = is_real ? values : NULL,
                            .integer = is_text || is_real ? NULL : values,
                            .is_absent = hs_arena_alloc_raw(arena, HS_BATCH_ROWS, 1)};
  return values == NULL || out->is_absent == NULL ? hs_arena_full(arena, "a batch of rows", err)
                                                  : HS_OK;
}

/* Countries, items and facts come to at most twice the bytes that they stood in; those of a block
   fit. Only kinds that have such columns need room for them. */
static enum hs_status room_init(struct hs_arena *arena, const struct hs_intake *intake,
                                struct hs_convert_room *out, struct hs_err *err)
{
  const struct hs_event_spec *spec = intake->mapping.spec;
  int has_text = 0;
  for (size_t i = 0; i < spec->column_count; i++)
    has_text |= hs_column_takes_json(&spec->columns[i]) || spec->columns[i].type == HS_TYPE_COUNTRY;
  *out = (struct hs_convert_room){.codes = hs_arena_alloc_raw(arena,
                                                              HS_CONVERT_CODES_MAX * HS_BATCH_ROWS,
                                                              sizeof(hs_currency_text))};
  if (out->codes == NULL)
    return hs_arena_full(arena, "reading rows", err);
  if (!has_text)
    return HS_OK;
  out->size = 2 * hs_block_bytes_max(&intake->blocks);
  out->text = hs_arena_alloc_raw(arena, out->size, 1);
  out->scratch = hs_arena_alloc_raw(arena, HS_INTAKE_PATH_BYTES_MAX, 1);
  return out->text == NULL || out->scratch == NULL ? hs_arena_full(arena, "reading rows", err)
                                                   : HS_OK;
}

enum hs_status hs_intake_slot_init(struct hs_arena *arena, const struct hs_intake *intake,
                                   struct hs_intake_slot *slot, struct hs_err *err)
{
  const struct hs_event_spec *spec = intake->mapping.spec;
  for (size_t i = 0; i < spec->column_count; i++) {
    enum hs_status status = vector_init(arena, spec->columns[i].type, &slot->columns[i], err);
    if (status != HS_OK)
      return status;
  }
  slot->rejects = hs_arena_alloc_raw(arena, HS_BATCH_ROWS, sizeof *slot->rejects);
  slot->fields = hs_arena_alloc_raw(arena, HS_INTAKE_FIELDS_MAX, sizeof *slot->fields);
  slot->pairs = hs_arena_alloc_raw(arena, HS_INTAKE_FIELDS_MAX, sizeof *slot->pairs);
  if (slot->rejects == NULL || slot->fields == NULL || slot->pairs == NULL)
    return hs_arena_full(arena, "reading rows", err);
  enum hs_status status = room_init(arena, intake, &slot->room, err);
  if (status == HS_OK)
    status = hs_block_init(arena, &intake->blocks, &slot->block, err);
  return status != HS_OK ? status : hs_keys_init(arena, &slot->keys, err);
}
