#include "service/decide/fit.h"

#include <stdlib.h>

#include "base/room.h"
#include "ports/trail.h"
#include "service/decide/fit_priv.h"

#define SLOTS_FIRST ((size_t)64)

/* ---- values ---- */

static size_t slot_of(const struct fit_dimension *dimension, struct hs_str text)
{
  size_t slot = hs_person_key_of(text) & (dimension->slot_count - 1);
  while (dimension->slots[slot] != 0 &&
         !hs_str_equal(dimension->values[dimension->slots[slot] - 1].text, text))
    slot = (slot + 1) & (dimension->slot_count - 1);
  return slot;
}

static int grow_slots(struct fit_table *table, struct fit_dimension *dimension)
{
  size_t count = dimension->slot_count == 0 ? SLOTS_FIRST : dimension->slot_count * 2;
  uint32_t *slots = hs_arena_alloc(table->arena, count, sizeof *slots);
  if (slots == NULL)
    return 0;
  dimension->slots = slots;
  dimension->slot_count = count;
  for (size_t i = 0; i < dimension->count; i++)
    slots[slot_of(dimension, dimension->values[i].text)] = (uint32_t)(i + 1);
  return 1;
}

static struct hs_fit_value *value_of(struct fit_table *table, struct fit_dimension *dimension,
                                     struct hs_str text)
{
  if (2 * (dimension->count + 1) > dimension->slot_count && !grow_slots(table, dimension))
    return NULL;
  size_t slot = slot_of(dimension, text);
  if (dimension->slots[slot] != 0)
    return &dimension->values[dimension->slots[slot] - 1];
  struct hs_fit_value *values = hs_arena_room(table->arena, dimension->values, dimension->count, 1,
                                              &dimension->capacity, sizeof *values);
  if (values == NULL || !hs_str_keep(table->arena, &text))
    return NULL;
  dimension->values = values;
  values[dimension->count++] = (struct hs_fit_value){.text = text};
  dimension->slots[slot] = (uint32_t)dimension->count;
  return &values[dimension->count - 1];
}

int hs_fit_add(struct fit_table *table, struct fit_dimension *dimension, enum fit_side side,
               struct hs_str value, double people)
{
  char room[HS_FIT_VALUE_BYTES_MAX];
  struct hs_str text = hs_fit_settle(dimension->name, value, room);
  if (text.length == 0 || people <= 0)
    return 1;
  struct hs_fit_value *found = value_of(table, dimension, text);
  if (found == NULL)
    return 0;
  *(side == FIT_OURS ? &found->ours : &found->theirs) += people;
  return 1;
}

struct fit_dimension *hs_fit_dimension(struct fit_table *table, struct hs_str name,
                                       enum hs_fit_about about)
{
  for (size_t i = 0; i < table->count; i++)
    if (table->dimensions[i].about == about &&
        hs_str_equal_ascii_fold(table->dimensions[i].name, name))
      return &table->dimensions[i];
  struct fit_dimension *dimensions = hs_arena_room(table->arena, table->dimensions, table->count, 1,
                                                   &table->capacity, sizeof *dimensions);
  if (dimensions == NULL || !hs_str_keep(table->arena, &name))
    return NULL;
  table->dimensions = dimensions;
  dimensions[table->count] = (struct fit_dimension){.name = name, .about = about};
  return &dimensions[table->count++];
}

/* ---- the comparison ---- */

/* An order of their own, so that nothing depends on that of the rows. */
static int by_common(const void *a, const void *b)
{
  const struct hs_fit_value *x = a;
  const struct hs_fit_value *y = b;
  if (x->common != y->common)
    return x->common < y->common ? 1 : -1;
  return hs_str_compare(x->text, y->text);
}

/* Sums of whole numbers are exact in any order. */
static void sort_values(struct hs_fit_value *values, size_t count)
{
  double ours = 0, theirs = 0;
  for (size_t i = 0; i < count; i++) {
    ours += values[i].ours;
    theirs += values[i].theirs;
  }
  for (size_t i = 0; i < count; i++)
    values[i].common =
        (ours > 0 ? values[i].ours / ours : 0) + (theirs > 0 ? values[i].theirs / theirs : 0);
  if (count > 1)
    qsort(values, count, sizeof *values, by_common);
}

static enum hs_status compare_one(struct hs_arena *arena, const struct fit_dimension *from,
                                  struct hs_fit_dimension *out, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  double *ours = hs_arena_alloc_raw(arena, from->count, sizeof *ours);
  double *theirs = hs_arena_alloc_raw(arena, from->count, sizeof *theirs);
  if (ours == NULL || theirs == NULL)
    return hs_arena_full(arena, "what people want", err);
  sort_values(from->values, from->count);
  for (size_t i = 0; i < from->count; i++) {
    ours[i] = from->values[i].ours;
    theirs[i] = from->values[i].theirs;
  }
  const struct hs_fit_counts counts = {from->count, ours, theirs};
  *out = (struct hs_fit_dimension){.name = from->name,
                                   .about = from->about,
                                   .overlap = hs_fit_compare(&counts),
                                   .value_count = from->count,
                                   .values = from->values};
  hs_arena_reset(arena, mark);
  return HS_OK;
}

static enum hs_status compare_all(struct hs_arena *arena, const struct fit_table *table,
                                  struct hs_fit *out, struct hs_err *err)
{
  struct hs_fit_overlap *overlaps = hs_arena_alloc(arena, table->count, sizeof *overlaps);
  out->dimensions = hs_arena_alloc(arena, table->count, sizeof *out->dimensions);
  if (overlaps == NULL || out->dimensions == NULL)
    return hs_arena_full(arena, "the dimensions", err);
  for (int about = 0; about < HS_FIT_ABOUT_COUNT; about++) {
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
      if (table->dimensions[i].about != (enum hs_fit_about)about)
        continue;
      struct hs_fit_dimension *dimension = &out->dimensions[out->dimension_count++];
      enum hs_status status = compare_one(arena, &table->dimensions[i], dimension, err);
      if (status != HS_OK)
        return status;
      overlaps[count++] = dimension->overlap;
    }
    out->about[about] = hs_fit_together(overlaps, count);
  }
  out->verdict =
      hs_fit_judge(out->about[HS_FIT_INTENT].likeness, out->about[HS_FIT_DEMOGRAPHICS].likeness);
  return HS_OK;
}

enum hs_status hs_fit_make(struct hs_arena *arena, const struct hs_io *io,
                           const struct hs_fit_options *options, struct hs_fit *out,
                           struct hs_err *err)
{
  struct fit_table table = {.arena = arena};
  struct hs_fit fit = {0};
  struct fit_reading reading = {&table, options, &fit};
  if (options->ours == NULL && options->programme == NULL)
    return hs_fail(err, HS_USAGE,
                   "say who is compared with them: --data DIR, --ours FILE, or both");
  enum hs_status status = hs_fit_read_file(&reading, io, options->theirs, FIT_THEIRS, err);
  if (status == HS_OK && options->ours != NULL)
    status = hs_fit_read_file(&reading, io, options->ours, FIT_OURS, err);
  if (status == HS_OK && options->programme != NULL)
    status = hs_fit_read_programme(&reading, err);
  if (status == HS_OK)
    status = compare_all(arena, &table, &fit, err);
  if (status == HS_OK)
    *out = fit;
  return status;
}
