#include "service/post/tallies.h"

#include <stdlib.h>

struct hs_tally_slot {
  struct hs_tally_row row;
  uint64_t hash;
  int is_changed;
};

/* Orders come in the order of time, or nearly so: the periods that a name is asked for are those of
   the time before, and then nothing is looked up but the name. */
struct hs_tally_holder {
  struct hs_tally_name name;
  uint64_t hash;
  int32_t days[HS_CYCLE_COUNT];
  struct hs_tally_slot *slots[HS_CYCLE_COUNT]; /* NULL before the first */
};

void hs_tally_days(const struct hs_zone *zone, int64_t at_us, int32_t out[HS_CYCLE_COUNT])
{
  int32_t day = hs_day_of_us(at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US);
  int32_t since_monday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
  struct hs_civil civil = hs_civil_of_day(day);
  out[HS_CYCLE_DAY] = day;
  out[HS_CYCLE_WEEK] = day - (since_monday < 0 ? since_monday + 7 : since_monday);
  out[HS_CYCLE_MONTH] = hs_day_of(civil.year, civil.month, 1);
  out[HS_CYCLE_EVER] = 0;
}

/* ---- the table ---- */

static uint64_t hash_text(uint64_t hash, struct hs_str text)
{
  for (size_t i = 0; i < text.length; i++)
    hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
  return (hash ^ 0xFF) * UINT64_C(0x100000001b3);
}

static uint64_t hash_name(const struct hs_tally_name *name)
{
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  hash = hash_text(hash_text(hash_text(hash, name->agreement), name->partner), name->rule);
  return hash ^ hash >> 29;
}

static uint64_t hash_period(uint64_t hash, size_t cycle, int32_t day)
{
  hash = (hash ^ (uint64_t)day) * UINT64_C(0x9e3779b97f4a7c15);
  hash = (hash ^ (uint64_t)cycle) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

static int compare_keys(const struct hs_tally_row *a, const struct hs_tally_row *b)
{
  int order = hs_str_compare(a->agreement, b->agreement);
  if (order == 0)
    order = hs_str_compare(a->partner, b->partner);
  if (order == 0)
    order = hs_str_compare(a->rule, b->rule);
  if (order == 0)
    order = (a->cycle > b->cycle) - (a->cycle < b->cycle);
  return order != 0 ? order : (a->period_day > b->period_day) - (a->period_day < b->period_day);
}

/* The place of the key, or the empty one where it belongs. The table has an empty one. */
static struct hs_tally_slot **place_of(const struct hs_tally_table *table,
                                       const struct hs_tally_row *key, uint64_t hash)
{
  size_t at = (size_t)hash & (table->slot_count - 1);
  while (table->slots[at] != NULL &&
         (table->slots[at]->hash != hash || compare_keys(&table->slots[at]->row, key) != 0))
    at = (at + 1) & (table->slot_count - 1);
  return &table->slots[at];
}

static enum hs_status make_room(struct hs_tally_table *table, struct hs_err *err)
{
  if (2 * (table->used_count + 1) <= table->slot_count)
    return HS_OK;
  struct hs_tally_table wider = *table;
  wider.slot_count = table->slot_count == 0 ? 256 : 2 * table->slot_count;
  wider.slots = hs_arena_alloc(table->arena, wider.slot_count, sizeof(struct hs_tally_slot *));
  if (wider.slots == NULL)
    return hs_arena_full(table->arena, "the tallies of rules", err);
  for (size_t i = 0; i < table->slot_count; i++)
    if (table->slots[i] != NULL)
      *place_of(&wider, &table->slots[i]->row, table->slots[i]->hash) = table->slots[i];
  *table = wider;
  return HS_OK;
}

static enum hs_status find_or_read(struct hs_tally_table *table,
                                   const struct hs_tally_holder *holder, size_t cycle, int32_t day,
                                   struct hs_tally_slot **out, struct hs_err *err)
{
  const struct hs_tally_row key = {.agreement = holder->name.agreement,
                                   .partner = holder->name.partner,
                                   .rule = holder->name.rule,
                                   .cycle = (int64_t)cycle,
                                   .period_day = day};
  uint64_t hash = hash_period(holder->hash, cycle, day);
  enum hs_status status = make_room(table, err);
  if (status != HS_OK)
    return status;
  struct hs_tally_slot **place = place_of(table, &key, hash);
  if (*place == NULL) {
    struct hs_tally_slot *slot = hs_arena_alloc(table->arena, 1, sizeof *slot);
    if (slot == NULL)
      return hs_arena_full(table->arena, "the tallies of rules", err);
    slot->row = key;
    slot->hash = hash;
    status = table->ledger->tally(table->ledger->self, &slot->row, err);
    if (status != HS_OK)
      return status;
    *place = slot;
    table->used_count++;
  }
  *out = *place;
  return HS_OK;
}

/* ---- by name ---- */

static int is_same_name(const struct hs_tally_name *a, const struct hs_tally_name *b)
{
  return hs_str_equal(a->agreement, b->agreement) && hs_str_equal(a->partner, b->partner) &&
         hs_str_equal(a->rule, b->rule);
}

static struct hs_tally_holder **holder_place(const struct hs_tally_table *table,
                                             const struct hs_tally_name *name, uint64_t hash)
{
  size_t at = (size_t)hash & (table->holder_count - 1);
  while (table->holders[at] != NULL &&
         (table->holders[at]->hash != hash || !is_same_name(&table->holders[at]->name, name)))
    at = (at + 1) & (table->holder_count - 1);
  return &table->holders[at];
}

static enum hs_status make_holder_room(struct hs_tally_table *table, struct hs_err *err)
{
  if (2 * (table->named_count + 1) <= table->holder_count)
    return HS_OK;
  struct hs_tally_table wider = *table;
  wider.holder_count = table->holder_count == 0 ? 64 : 2 * table->holder_count;
  wider.holders =
      hs_arena_alloc(table->arena, wider.holder_count, sizeof(struct hs_tally_holder *));
  if (wider.holders == NULL)
    return hs_arena_full(table->arena, "the tallies of rules", err);
  for (size_t i = 0; i < table->holder_count; i++)
    if (table->holders[i] != NULL)
      *holder_place(&wider, &table->holders[i]->name, table->holders[i]->hash) = table->holders[i];
  *table = wider;
  return HS_OK;
}

static enum hs_status find_holder(struct hs_tally_table *table, const struct hs_tally_name *name,
                                  struct hs_tally_holder **out, struct hs_err *err)
{
  enum hs_status status = make_holder_room(table, err);
  if (status != HS_OK)
    return status;
  uint64_t hash = hash_name(name);
  struct hs_tally_holder **place = holder_place(table, name, hash);
  if (*place == NULL) {
    struct hs_tally_holder *holder = hs_arena_alloc(table->arena, 1, sizeof *holder);
    if (holder == NULL)
      return hs_arena_full(table->arena, "the tallies of rules", err);
    holder->name = *name;
    holder->hash = hash;
    *place = holder;
    table->named_count++;
  }
  *out = *place;
  return HS_OK;
}

/* ---- public ---- */

enum hs_status hs_tallies_get(struct hs_tally_table *table, const struct hs_tally_name *name,
                              const int32_t days[HS_CYCLE_COUNT], struct hs_tally_holder **holder,
                              struct hs_tallies *out, struct hs_err *err)
{
  struct hs_tally_holder *found = NULL;
  enum hs_status status = find_holder(table, name, &found, err);
  for (size_t c = 0; c < HS_CYCLE_COUNT && status == HS_OK; c++) {
    if (found->slots[c] == NULL || found->days[c] != days[c])
      status = find_or_read(table, found, c, days[c], &found->slots[c], err);
    if (status != HS_OK)
      return status;
    found->days[c] = days[c];
    const struct hs_tally_row *row = &found->slots[c]->row;
    out->of[c] = (struct hs_tally){.order_count = row->order_count,
                                   .base_minor = row->base_minor,
                                   .earned_minor = row->earned_minor,
                                   .paid_minor = row->paid_minor};
  }
  *holder = found;
  return status;
}

void hs_tallies_set(struct hs_tally_holder *holder, const struct hs_tallies *tallies)
{
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    struct hs_tally_slot *slot = holder->slots[c];
    slot->row.order_count = tallies->of[c].order_count;
    slot->row.base_minor = tallies->of[c].base_minor;
    slot->row.earned_minor = tallies->of[c].earned_minor;
    slot->row.paid_minor = tallies->of[c].paid_minor;
    slot->is_changed = 1;
  }
}

static int by_key(const void *left, const void *right)
{
  return compare_keys(&(*(struct hs_tally_slot *const *)left)->row,
                      &(*(struct hs_tally_slot *const *)right)->row);
}

enum hs_status hs_tallies_put(struct hs_tally_table *table, const struct hs_ledger_writer *writer,
                              struct hs_err *err)
{
  struct hs_tally_slot **sorted =
      hs_arena_alloc_raw(table->arena, table->used_count, sizeof(struct hs_tally_slot *));
  size_t count = 0;
  if (sorted == NULL)
    return hs_arena_full(table->arena, "the tallies of rules", err);
  for (size_t i = 0; i < table->slot_count; i++)
    if (table->slots[i] != NULL && table->slots[i]->is_changed)
      sorted[count++] = table->slots[i];
  if (count > 0)
    qsort(sorted, count, sizeof *sorted, by_key);
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    status = writer->put_tally(writer->self, &sorted[i]->row, err);
    sorted[i]->is_changed = 0;
  }
  return status;
}
