/* Joining is a union-find over the distinct pairs of evidence, after the guard has looked at how
   many partners each id has. Pairs are sorted first, so that counts, groups and the table are the
   same for every order of arrival; roots are the smallest key of their group for the same reason
   (the textbook's union by rank would make them depend on it). */
#include "measure/persons.h"

#include <stdlib.h>
#include <string.h>

#include "base/spread.h"

struct work {
  struct hs_arena *scratch;
  struct hs_identity_pair *pairs;
  size_t pair_count, pair_capacity;
  hs_person_key *ids; /* every id of the pairs, sorted */
  size_t id_count;
  uint32_t *parent;       /* union-find over ids */
  uint8_t *is_usable;     /* per pair: the guard lets it join */
  hs_person_key *crowded; /* visitors with a crowd of customers, sorted */
  size_t crowded_count;
};

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
  return value == 0 ? fallback : value;
}

uint32_t hs_persons_crowd(const struct hs_persons_options *options)
{
  uint32_t customers = or_default(options->customers_per_visitor_max, 1);
  uint32_t visitors = or_default(options->visitors_per_customer_max, 50);
  return customers > visitors ? customers : visitors;
}

static enum hs_status make_room(struct work *work, size_t count, struct hs_err *err)
{
  if (work->pair_count + count > work->pair_capacity) {
    size_t capacity = (work->pair_count + count) * 2;
    struct hs_identity_pair *pairs =
        hs_arena_grow(work->scratch, work->pairs, work->pair_capacity, capacity, sizeof *pairs);
    if (pairs == NULL)
      return hs_arena_full(work->scratch, "the evidence of who is the same", err);
    work->pairs = pairs;
    work->pair_capacity = capacity;
  }
  return HS_OK;
}

/* An id is no evidence about itself. */
static void collect_one(struct work *work, hs_person_key visitor, hs_person_key customer)
{
  if (visitor != 0 && customer != 0 && visitor != customer)
    work->pairs[work->pair_count++] = (struct hs_identity_pair){visitor, customer};
}

static enum hs_status collect(void *context, const struct hs_identity_batch *batch,
                              struct hs_err *err)
{
  struct work *work = context;
  enum hs_status status = make_room(work, batch->count, err);
  for (size_t i = 0; status == HS_OK && i < batch->count; i++)
    collect_one(work, batch->visitor[i], batch->customer[i]);
  return status;
}

static int compare_keys(hs_person_key a, hs_person_key b) { return (a > b) - (a < b); }

static int by_visitor(const void *a, const void *b)
{
  const struct hs_identity_pair *x = a;
  const struct hs_identity_pair *y = b;
  int order = compare_keys(x->visitor, y->visitor);
  return order != 0 ? order : compare_keys(x->customer, y->customer);
}

static int by_customer(const void *a, const void *b)
{
  const struct hs_identity_pair *x = a;
  const struct hs_identity_pair *y = b;
  int order = compare_keys(x->customer, y->customer);
  return order != 0 ? order : compare_keys(x->visitor, y->visitor);
}

static int by_key(const void *a, const void *b)
{
  return compare_keys(*(const hs_person_key *)a, *(const hs_person_key *)b);
}

static size_t drop_repeated_pairs(struct hs_identity_pair *pairs, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || by_visitor(&pairs[kept - 1], &pairs[i]) != 0)
      pairs[kept++] = pairs[i];
  return kept;
}

static enum hs_status list_ids(struct work *work, struct hs_err *err)
{
  work->ids = hs_arena_alloc_raw(work->scratch, work->pair_count * 2, sizeof *work->ids);
  work->parent = hs_arena_alloc_raw(work->scratch, work->pair_count * 2, sizeof *work->parent);
  work->is_usable = hs_arena_alloc(work->scratch, work->pair_count, 1);
  if (work->ids == NULL || work->parent == NULL || work->is_usable == NULL)
    return hs_arena_full(work->scratch, "the ids that evidence names", err);
  for (size_t i = 0; i < work->pair_count; i++) {
    work->ids[2 * i] = work->pairs[i].visitor;
    work->ids[2 * i + 1] = work->pairs[i].customer;
  }
  enum hs_status status = hs_sort_spread(work->scratch, work->ids, work->pair_count * 2,
                                         sizeof *work->ids, 0, by_key, err);
  if (status != HS_OK)
    return status;
  for (size_t i = 0; i < work->pair_count * 2; i++)
    if (work->id_count == 0 || work->ids[work->id_count - 1] != work->ids[i])
      work->ids[work->id_count++] = work->ids[i];
  return HS_OK;
}

/* Keys are hashes: the part of their range that a key has passed says nearly where it stands. Looks
   there first and then, in growing steps, around it. */
static uint32_t index_of(const struct work *work, hs_person_key id)
{
  size_t low = (size_t)((id >> 32) * work->id_count >> 32);
  size_t high = low;
  for (size_t step = 8; low > 0 && work->ids[low] > id; step *= 2)
    low = low > step ? low - step : 0;
  for (size_t step = 8; high < work->id_count && work->ids[high] < id; step *= 2)
    high = high + step < work->id_count ? high + step : work->id_count;
  size_t count = (high < work->id_count ? high + 1 : high) - low;
  const hs_person_key *found = bsearch(&id, work->ids + low, count, sizeof id, by_key);
  HS_ASSERT(found != NULL);
  return (uint32_t)(found - work->ids);
}

/* Marks the pairs of ids with more than limit partners as unusable; pairs stand sorted by that
   side. Returns how many such ids there are. */
static size_t refuse_crowded(struct work *work, int side_is_customer, uint32_t limit)
{
  size_t refused = 0;
  for (size_t first = 0, end = 0; first < work->pair_count; first = end) {
    hs_person_key id = side_is_customer ? work->pairs[first].customer : work->pairs[first].visitor;
    for (end = first + 1; end < work->pair_count; end++)
      if ((side_is_customer ? work->pairs[end].customer : work->pairs[end].visitor) != id)
        break;
    if (end - first <= limit)
      continue;
    refused++;
    memset(work->is_usable + first, 0, end - first);
  }
  return refused;
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
  while (parent[i] != i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

/* ids are sorted, so the smaller index is the smaller key: it becomes the root. */
static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
  a = find_root(parent, a);
  b = find_root(parent, b);
  if (a < b)
    parent[b] = a;
  else
    parent[a] = b;
}

/* pairs stand sorted by visitor, as the ids do. */
static void join_usable(struct work *work)
{
  uint32_t visitor = 0;
  for (uint32_t i = 0; i < work->id_count; i++)
    work->parent[i] = i;
  for (size_t i = 0; i < work->pair_count; i++) {
    while (work->ids[visitor] != work->pairs[i].visitor)
      visitor++;
    if (work->is_usable[i])
      join(work->parent, visitor, index_of(work, work->pairs[i].customer));
  }
}

/* A group beyond the limit hangs together by visitors that several customers used. Without those
   pairs it falls apart into one group a customer. pairs stand sorted by visitor. */
static enum hs_status dissolve_large(struct work *work, uint32_t limit, size_t *dissolved,
                                     struct hs_err *err)
{
  uint32_t *sizes = hs_arena_alloc(work->scratch, work->id_count, sizeof *sizes);
  if (sizes == NULL)
    return hs_arena_full(work->scratch, "the sizes of groups", err);
  for (uint32_t i = 0; i < work->id_count; i++)
    sizes[find_root(work->parent, i)]++;
  for (uint32_t i = 0; i < work->id_count; i++)
    *dissolved += sizes[i] > limit;
  if (*dissolved == 0)
    return HS_OK;
  for (size_t first = 0, end = 0; first < work->pair_count; first = end) {
    for (end = first + 1;
         end < work->pair_count && work->pairs[end].visitor == work->pairs[first].visitor; end++)
      continue;
    uint32_t root = find_root(work->parent, index_of(work, work->pairs[first].visitor));
    if (end - first > 1 && sizes[root] > limit)
      memset(work->is_usable + first, 0, end - first);
  }
  join_usable(work);
  return HS_OK;
}

/* Where an id's slot is looked for first: by the top bits of the key, which is a hash already. Who
   looks ids up in the order of their keys walks through the table from one end to the other. */
static size_t slot_of(hs_person_key id, unsigned slot_bits)
{
  return (size_t)(id >> (64 - slot_bits));
}

static enum hs_status make_table(struct hs_arena *arena, struct work *work, struct hs_persons *out,
                                 struct hs_err *err)
{
  uint8_t *is_joined = hs_arena_alloc(work->scratch, work->id_count, 1);
  if (is_joined == NULL)
    return hs_arena_full(work->scratch, "the joined ids", err);
  for (uint32_t i = 0; i < work->id_count; i++) {
    uint32_t root = find_root(work->parent, i);
    if (root != i)
      is_joined[i] = is_joined[root] = 1;
  }
  for (uint32_t i = 0; i < work->id_count; i++) {
    out->id_count += is_joined[i];
    out->person_count += is_joined[i] && work->parent[i] == i;
  }
  out->slot_bits = 4;
  while ((size_t)1 << out->slot_bits < out->id_count * 2)
    out->slot_bits++;
  size_t slot_count = (size_t)1 << out->slot_bits;
  struct hs_person_slot *slots = hs_arena_alloc(arena, slot_count, sizeof *slots);
  if (slots == NULL)
    return hs_arena_full(arena, "the table of persons", err);
  for (uint32_t i = 0; i < work->id_count; i++) {
    if (!is_joined[i])
      continue;
    size_t slot = slot_of(work->ids[i], out->slot_bits);
    while (slots[slot].id != 0)
      slot = (slot + 1) & (slot_count - 1);
    slots[slot] = (struct hs_person_slot){work->ids[i], work->ids[find_root(work->parent, i)]};
  }
  out->slots = slots;
  return HS_OK;
}

static enum hs_status sort_by_visitor(struct work *work, struct hs_err *err)
{
  return hs_sort_spread(work->scratch, work->pairs, work->pair_count, sizeof *work->pairs,
                        offsetof(struct hs_identity_pair, visitor), by_visitor, err);
}

static enum hs_status sort_by_customer(struct work *work, struct hs_err *err)
{
  return hs_sort_spread(work->scratch, work->pairs, work->pair_count, sizeof *work->pairs,
                        offsetof(struct hs_identity_pair, customer), by_customer, err);
}

/* Lists visitors with more customers than the crowd. pairs stand sorted by visitor. */
static enum hs_status list_crowded(struct work *work, uint32_t crowd, struct hs_err *err)
{
  size_t most = work->pair_count / ((size_t)crowd + 1);
  work->crowded = hs_arena_alloc_raw(work->scratch, most, sizeof *work->crowded);
  if (work->crowded == NULL)
    return hs_arena_full(work->scratch, "visitors that many share", err);
  for (size_t first = 0, end = 0; first < work->pair_count; first = end) {
    for (end = first + 1;
         end < work->pair_count && work->pairs[end].visitor == work->pairs[first].visitor; end++)
      continue;
    if (end - first > crowd)
      work->crowded[work->crowded_count++] = work->pairs[first].visitor;
  }
  return HS_OK;
}

static int is_crowded(const struct work *work, hs_person_key visitor)
{
  return work->crowded_count > 0 &&
         bsearch(&visitor, work->crowded, work->crowded_count, sizeof visitor, by_key) != NULL;
}

/* Crowds first, on both sides and over all pairs: what is a crowd must not depend on who else is
   one, or nobody could tell without looking at everybody. A verdict belongs to a pair's place, so
   what they hold is cut out before the pairs are sorted again and visitors are counted. */
static enum hs_status refuse_shared(struct work *work, const struct hs_persons_options *options,
                                    struct hs_persons *persons, struct hs_err *err)
{
  enum hs_status status = list_crowded(work, hs_persons_crowd(options), err);
  if (status == HS_OK)
    status = sort_by_customer(work, err);
  if (status != HS_OK)
    return status;
  memset(work->is_usable, 1, work->pair_count);
  persons->shared_customer_count =
      refuse_crowded(work, 1, or_default(options->visitors_per_customer_max, 50));
  size_t kept = 0;
  for (size_t i = 0; i < work->pair_count; i++)
    if (work->is_usable[i] && !is_crowded(work, work->pairs[i].visitor))
      work->pairs[kept++] = work->pairs[i];
  work->pair_count = kept;
  status = sort_by_visitor(work, err);
  if (status != HS_OK)
    return status;
  memset(work->is_usable, 1, work->pair_count);
  persons->shared_visitor_count =
      work->crowded_count +
      refuse_crowded(work, 0, or_default(options->customers_per_visitor_max, 1));
  return HS_OK;
}

/* From evidence that was collected to the table of persons. */
static enum hs_status settle(struct hs_arena *arena, struct work *work,
                             const struct hs_persons_options *options, struct hs_persons *out,
                             struct hs_err *err)
{
  struct hs_persons persons = {0};
  enum hs_status status = sort_by_visitor(work, err);
  if (status != HS_OK)
    return status;
  work->pair_count = drop_repeated_pairs(work->pairs, work->pair_count);
  status = list_ids(work, err);
  if (status == HS_OK)
    status = refuse_shared(work, options, &persons, err);
  if (status != HS_OK)
    return status;
  join_usable(work);
  status = dissolve_large(work, or_default(options->ids_per_person_max, 64),
                          &persons.dissolved_group_count, err);
  if (status == HS_OK)
    status = make_table(arena, work, &persons, err);
  if (status == HS_OK)
    *out = persons;
  return status;
}

enum hs_status hs_persons_join(struct hs_arena *arena, struct hs_arena *scratch,
                               const struct hs_trail *trail, int64_t until_us,
                               const struct hs_persons_options *options, struct hs_persons *out,
                               struct hs_err *err)
{
  HS_ASSERT(arena != scratch);
  struct work work = {.scratch = scratch};
  size_t mark = hs_arena_mark(scratch);
  enum hs_status status = trail->scan_identities(trail->self, until_us, collect, &work, err);
  if (status == HS_OK)
    status = settle(arena, &work, options, out, err);
  hs_arena_reset(scratch, mark);
  return status;
}

enum hs_status hs_persons_of_pairs(struct hs_arena *arena, struct hs_arena *scratch,
                                   const struct hs_identity_pair *pairs, size_t count,
                                   const struct hs_persons_options *options, struct hs_persons *out,
                                   struct hs_err *err)
{
  HS_ASSERT(arena != scratch);
  struct work work = {.scratch = scratch};
  size_t mark = hs_arena_mark(scratch);
  enum hs_status status = make_room(&work, count, err);
  for (size_t i = 0; status == HS_OK && i < count; i++)
    collect_one(&work, pairs[i].visitor, pairs[i].customer);
  if (status == HS_OK)
    status = settle(arena, &work, options, out, err);
  hs_arena_reset(scratch, mark);
  return status;
}

void hs_persons_expect(const struct hs_persons *persons, hs_person_key id)
{
  if (persons->id_count > 0)
    __builtin_prefetch(&persons->slots[slot_of(id, persons->slot_bits)]);
}

int hs_persons_is_joined(const struct hs_persons *persons, hs_person_key id, hs_person_key *person)
{
  *person = id;
  if (persons->id_count == 0)
    return 0;
  size_t mask = ((size_t)1 << persons->slot_bits) - 1;
  for (size_t slot = slot_of(id, persons->slot_bits); persons->slots[slot].id != 0;
       slot = (slot + 1) & mask)
    if (persons->slots[slot].id == id) {
      *person = persons->slots[slot].person;
      return 1;
    }
  return 0;
}

hs_person_key hs_persons_find(const struct hs_persons *persons, hs_person_key id)
{
  hs_person_key person = id;
  (void)hs_persons_is_joined(persons, id, &person);
  return person;
}
