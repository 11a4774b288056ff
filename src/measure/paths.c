/* Settling sorts journeys by a packed prefix of their channels: a radix sort on 64 bits decides
   almost every pair, and what ties is compared in full. */
#include "measure/paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A journey to be placed: the null part or the converting part of a raw path. */
struct item {
  uint64_t key; /* ranks of the first steps from the top bit down; lowest bit: is converting */
  uint32_t path;
};

struct settling {
  struct hs_arena *arena;
  const struct hs_paths *raw;
  uint16_t *rank; /* raw channel to settled channel */
  unsigned bits;  /* of one step in a key */
  unsigned key_steps;
  struct item *items, *spare;
  size_t item_count;
  /* what is written */
  struct hs_str *channels;
  uint32_t *first_step;
  uint16_t *steps;
  double *conversions, *value, *nulls;
  uint32_t *age_s;
  uint32_t *unit_first_path;
  double *unit_shape;
  size_t path_count, step_count, unit_count;
};

static size_t length_of(const struct hs_paths *raw, size_t path)
{
  return raw->first_step[path + 1] - raw->first_step[path];
}

static enum hs_status check_paths(const struct hs_paths *raw, struct hs_err *err)
{
  HS_ASSERT(raw->channel_count <= HS_CHANNEL_COUNT_MAX);
  for (size_t p = 0; p < raw->path_count; p++) {
    if (raw->first_step[p + 1] <= raw->first_step[p])
      return hs_fail(err, HS_INVALID, "path %zu has no step", p);
    const double counts[] = {raw->conversions[p], raw->value[p], raw->nulls[p]};
    for (size_t i = 0; i < 3; i++)
      if (!isfinite(counts[i]) || counts[i] < 0)
        return hs_fail(err, HS_INVALID, "path %zu: counts and values must be 0 or more, got %g", p,
                       counts[i]);
  }
  return HS_OK;
}

static int compare_names(const void *left, const void *right, void *context)
{
  const struct hs_str *names = context;
  uint16_t a = *(const uint16_t *)left;
  uint16_t b = *(const uint16_t *)right;
  int order = hs_str_compare(names[a], names[b]);
  return order != 0 ? order : (a > b) - (a < b);
}

static enum hs_status rank_channels(struct settling *s, struct hs_err *err)
{
  size_t count = s->raw->channel_count;
  s->channels = hs_arena_alloc_raw(s->arena, count, sizeof *s->channels);
  size_t mark = hs_arena_mark(s->arena);
  uint16_t *sorted = hs_arena_alloc_raw(s->arena, count, sizeof *sorted);
  struct hs_str *names = hs_arena_alloc_raw(s->arena, count, sizeof *names);
  if (s->channels == NULL || sorted == NULL || names == NULL)
    return hs_arena_full(s->arena, "channels", err);
  for (size_t c = 0; c < count; c++) {
    sorted[c] = (uint16_t)c;
    names[c] = s->raw->channels[c];
  }
  qsort_r(sorted, count, sizeof *sorted, compare_names, names);
  for (size_t i = 0; i < count; i++)
    s->channels[i] = names[sorted[i]];
  for (size_t i = 0; i < count; i++)
    s->rank[sorted[i]] = (uint16_t)i;
  hs_arena_reset(s->arena, mark);
  return HS_OK;
}

/* Room for the result at its largest: every raw path split in two. What is not used was never
   touched and costs address space only. */
static int reserve(struct settling *s)
{
  size_t paths = 2 * s->raw->path_count;
  size_t steps = s->raw->path_count == 0 ? 0 : 2 * (size_t)s->raw->first_step[s->raw->path_count];
  s->rank = hs_arena_alloc_raw(s->arena, s->raw->channel_count, sizeof *s->rank);
  s->first_step = hs_arena_alloc(s->arena, paths + 1, sizeof *s->first_step);
  s->steps = hs_arena_alloc_raw(s->arena, steps, sizeof *s->steps);
  s->conversions = hs_arena_alloc_raw(s->arena, paths, sizeof *s->conversions);
  s->value = hs_arena_alloc_raw(s->arena, paths, sizeof *s->value);
  s->nulls = hs_arena_alloc_raw(s->arena, paths, sizeof *s->nulls);
  if (s->raw->age_s != NULL)
    s->age_s = hs_arena_alloc_raw(s->arena, steps, sizeof *s->age_s);
  s->unit_first_path = hs_arena_alloc(s->arena, paths + 1, sizeof *s->unit_first_path);
  s->unit_shape = hs_arena_alloc_raw(s->arena, paths, sizeof *s->unit_shape);
  return s->rank != NULL && s->first_step != NULL && s->steps != NULL && s->conversions != NULL &&
         s->value != NULL && s->nulls != NULL && s->unit_first_path != NULL &&
         s->unit_shape != NULL && (s->raw->age_s == NULL || s->age_s != NULL);
}

static int reserve_items(struct settling *s)
{
  s->items = hs_arena_alloc_raw(s->arena, 2 * s->raw->path_count, sizeof *s->items);
  s->spare = hs_arena_alloc_raw(s->arena, 2 * s->raw->path_count, sizeof *s->spare);
  return s->items != NULL && s->spare != NULL;
}

static uint64_t key_of(const struct settling *s, size_t path, int is_converting)
{
  const uint16_t *steps = s->raw->steps + s->raw->first_step[path];
  size_t length = length_of(s->raw, path);
  uint64_t key = 0;
  for (unsigned i = 0; i < s->key_steps; i++)
    key = key << s->bits | (i < length ? s->rank[steps[i]] + 1U : 0U);
  return key << 1 | (unsigned)is_converting;
}

static void add_item(struct settling *s, size_t path, int is_converting)
{
  s->items[s->item_count++] = (struct item){key_of(s, path, is_converting), (uint32_t)path};
}

static void radix_sort(struct settling *s)
{
  static const unsigned byte_count = 8;
  uint32_t counts[8][256] = {{0}};
  for (size_t i = 0; i < s->item_count; i++)
    for (unsigned b = 0; b < byte_count; b++)
      counts[b][s->items[i].key >> (8 * b) & 255]++;
  for (unsigned b = 0; b < byte_count; b++) {
    uint32_t place = 0;
    int is_trivial = 0;
    for (unsigned digit = 0; digit < 256; digit++) {
      uint32_t count = counts[b][digit];
      is_trivial |= count == s->item_count;
      counts[b][digit] = place;
      place += count;
    }
    if (is_trivial)
      continue;
    for (size_t i = 0; i < s->item_count; i++)
      s->spare[counts[b][s->items[i].key >> (8 * b) & 255]++] = s->items[i];
    struct item *sorted = s->spare;
    s->spare = s->items;
    s->items = sorted;
  }
}

static int compare_steps(const struct settling *s, size_t a, size_t b)
{
  const struct hs_paths *raw = s->raw;
  size_t length_a = length_of(raw, a);
  size_t length_b = length_of(raw, b);
  size_t common = length_a < length_b ? length_a : length_b;
  const uint16_t *steps_a = raw->steps + raw->first_step[a];
  const uint16_t *steps_b = raw->steps + raw->first_step[b];
  for (size_t i = 0; i < common; i++)
    if (steps_a[i] != steps_b[i])
      return s->rank[steps_a[i]] < s->rank[steps_b[i]] ? -1 : 1;
  return (length_a > length_b) - (length_a < length_b);
}

static int compare_doubles(double a, double b) { return (a > b) - (a < b); }

/* Whether the key holds every step of its path: its last place is free. Most paths are that short,
   and nothing of them need be read again where they lie. */
static int is_whole(const struct settling *s, uint64_t key)
{
  return (key >> 1 & ((UINT64_C(1) << s->bits) - 1)) == 0;
}

/* Of two items with the same key. Total over everything that the result can depend on: items that
   compare equal are interchangeable, so the order is a function of the journeys alone. */
static int compare_items(const void *left, const void *right, void *context)
{
  const struct item *x = left;
  const struct item *y = right;
  const struct settling *s = context;
  const struct hs_paths *raw = s->raw;
  int order = is_whole(s, x->key) ? 0 : compare_steps(s, x->path, y->path);
  if (order != 0)
    return order;
  if ((x->key & 1) == 0)
    return raw->person != NULL ? 0 : compare_doubles(raw->nulls[x->path], raw->nulls[y->path]);
  order = compare_doubles(raw->conversions[x->path], raw->conversions[y->path]);
  if (order == 0)
    order = compare_doubles(raw->value[x->path], raw->value[y->path]);
  if (order != 0 || raw->age_s == NULL)
    return order;
  size_t length = length_of(raw, x->path);
  const uint32_t *age_x = raw->age_s + raw->first_step[x->path];
  const uint32_t *age_y = raw->age_s + raw->first_step[y->path];
  for (size_t i = 0; i < length; i++)
    if (age_x[i] != age_y[i])
      return age_x[i] < age_y[i] ? -1 : 1;
  return 0;
}

static void sort_items(struct settling *s)
{
  radix_sort(s);
  for (size_t from = 0, until = 0; from < s->item_count; from = until) {
    int is_sorted = 1;
    for (until = from + 1; until < s->item_count && s->items[until].key == s->items[from].key;
         until++)
      is_sorted = is_sorted && compare_items(&s->items[until - 1], &s->items[until], s) <= 0;
    if (!is_sorted)
      qsort_r(s->items + from, until - from, sizeof *s->items, compare_items, s);
  }
}

static void write_path(struct settling *s, size_t path, double conversions, double value,
                       double nulls)
{
  const struct hs_paths *raw = s->raw;
  size_t length = length_of(raw, path);
  const uint16_t *from = raw->steps + raw->first_step[path];
  for (size_t i = 0; i < length; i++)
    s->steps[s->step_count + i] = s->rank[from[i]];
  if (raw->age_s != NULL)
    memcpy(s->age_s + s->step_count, raw->age_s + raw->first_step[path], length * sizeof *s->age_s);
  s->step_count += length;
  s->conversions[s->path_count] = conversions;
  s->value[s->path_count] = value;
  s->nulls[s->path_count] = nulls;
  s->first_step[++s->path_count] = (uint32_t)s->step_count;
}

static void close_unit(struct settling *s, double shape)
{
  s->unit_shape[s->unit_count] = shape;
  s->unit_first_path[++s->unit_count] = (uint32_t)s->path_count;
}

static int are_mergeable(const struct settling *s, struct item a, struct item b)
{
  const struct hs_paths *raw = s->raw;
  if (a.key != b.key || (!is_whole(s, a.key) && compare_steps(s, a.path, b.path) != 0))
    return 0;
  if ((a.key & 1) == 0)
    return 1;
  /* Gamma(j) + Gamma(k) is Gamma(j + k): merging changes nothing as long as both bring the same
     value per conversion and are credited alike. */
  return raw->age_s == NULL && raw->value[a.path] * raw->conversions[b.path] ==
                                   raw->value[b.path] * raw->conversions[a.path];
}

struct counts {
  double conversions, value, nulls;
};

static void add_counts(const struct settling *s, struct item item, struct counts *sum)
{
  const struct hs_paths *raw = s->raw;
  if (raw->person != NULL) {
    sum->nulls += 1; /* an item of persons is one person with one null journey */
  } else if (item.key & 1) {
    sum->conversions += raw->conversions[item.path];
    sum->value += raw->value[item.path];
  } else {
    sum->nulls += raw->nulls[item.path];
  }
}

static void write_items(struct settling *s)
{
  for (size_t from = 0, until = 0; from < s->item_count; from = until) {
    struct counts sum = {0};
    until = from;
    do {
      add_counts(s, s->items[until++], &sum);
    } while (until < s->item_count && are_mergeable(s, s->items[from], s->items[until]));
    write_path(s, s->items[from].path, sum.conversions, sum.value, sum.nulls);
    close_unit(s, sum.conversions + sum.nulls);
  }
}

static void settle_journeys(struct settling *s)
{
  for (size_t p = 0; p < s->raw->path_count; p++) {
    if (s->raw->nulls[p] > 0)
      add_item(s, p, 0);
    if (s->raw->conversions[p] > 0)
      add_item(s, p, 1);
  }
  sort_items(s);
  write_items(s);
}

static int is_empty(const struct hs_paths *raw, size_t path)
{
  return !(raw->nulls[path] > 0) && !(raw->conversions[path] > 0);
}

/* Only persons with exactly one null journey are alike enough to be merged. */
static void settle_persons(struct settling *s)
{
  const struct hs_paths *raw = s->raw;
  for (size_t from = 0, until = 0; from < raw->path_count; from = until) {
    size_t kept = 0;
    for (until = from; until < raw->path_count && raw->person[until] == raw->person[from]; until++)
      kept += is_empty(raw, until) ? 0 : 1;
    if (kept == 0)
      continue;
    if (until == from + 1 && raw->conversions[from] <= 0 && raw->nulls[from] == 1.0) {
      add_item(s, from, 0);
      continue;
    }
    for (size_t p = from; p < until; p++)
      if (!is_empty(raw, p))
        write_path(s, p, raw->conversions[p], raw->value[p], raw->nulls[p]);
    close_unit(s, 1.0);
  }
  sort_items(s);
  write_items(s);
}

static void describe(const struct settling *s, struct hs_sample *out)
{
  *out = (struct hs_sample){
      .paths = {.channel_count = s->raw->channel_count,
                .channels = s->channels,
                .path_count = s->path_count,
                .first_step = s->first_step,
                .steps = s->steps,
                .conversions = s->conversions,
                .value = s->value,
                .nulls = s->nulls,
                .age_s = s->age_s},
      .unit = s->raw->person == NULL ? HS_UNIT_JOURNEY : HS_UNIT_PERSON,
      .unit_count = s->unit_count,
      .unit_first_path = s->unit_first_path,
      .unit_shape = s->unit_shape,
      .channel_step_count = s->step_count,
  };
  for (size_t p = 0; p < s->path_count; p++) {
    out->conversions += s->conversions[p];
    out->value += s->value[p];
    out->nulls += s->nulls[p];
  }
}

enum hs_status hs_paths_settle(struct hs_arena *arena, const struct hs_paths *raw,
                               struct hs_sample *out, struct hs_err *err)
{
  enum hs_status status = check_paths(raw, err);
  if (status != HS_OK)
    return status;
  size_t begin = hs_arena_mark(arena);
  struct settling s = {.arena = arena, .raw = raw, .bits = 1};
  while (raw->channel_count >> s.bits != 0)
    s.bits++;
  s.key_steps = 63 / s.bits;
  status = reserve(&s) ? rank_channels(&s, err) : hs_arena_full(arena, "paths", err);
  size_t kept = hs_arena_mark(arena);
  if (status == HS_OK && !reserve_items(&s))
    status = hs_arena_full(arena, "sorting paths", err);
  if (status != HS_OK) {
    hs_arena_reset(arena, begin);
    return status;
  }
  if (raw->person == NULL)
    settle_journeys(&s);
  else
    settle_persons(&s);
  hs_arena_reset(arena, kept);
  describe(&s, out);
  return HS_OK;
}
