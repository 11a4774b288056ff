#include "intake/path_table.h"

#include <string.h>

/* Sums of larger counts no longer tell one journey from none in a double, and then overflow. */
#define COUNT_MAX 1e15
#define CHANNEL_COUNT_MAX ((size_t)65534)
/* A power of two, at least twice the channels: the table is never more than half full. */
#define NAME_SLOTS ((size_t)1 << 17)

static int reserve(struct hs_path_table *t)
{
  t->name_slots = hs_arena_alloc(t->arena, NAME_SLOTS, sizeof *t->name_slots);
  t->channels = hs_arena_alloc_raw(t->arena, CHANNEL_COUNT_MAX, sizeof *t->channels);
  if (t->name_slots == NULL || t->channels == NULL)
    return 0;
  /* A quarter of what is left for the paths and a quarter for their steps; the other half stays for
     channel names and whoever comes next. */
  size_t quarter = (t->arena->capacity_bytes - t->arena->used_bytes) / 4;
  t->path_room = quarter / (3 * sizeof(double) + sizeof(uint32_t));
  t->path_room = t->path_room > UINT32_MAX - 1 ? UINT32_MAX - 1 : t->path_room;
  t->step_room = quarter / sizeof(uint16_t);
  t->step_room = t->step_room > UINT32_MAX - 1 ? UINT32_MAX - 1 : t->step_room;
  t->first_step = hs_arena_alloc_raw(t->arena, t->path_room + 1, sizeof *t->first_step);
  t->conversions = hs_arena_alloc_raw(t->arena, t->path_room, sizeof *t->conversions);
  t->value = hs_arena_alloc_raw(t->arena, t->path_room, sizeof *t->value);
  t->nulls = hs_arena_alloc_raw(t->arena, t->path_room, sizeof *t->nulls);
  t->steps = hs_arena_alloc_raw(t->arena, t->step_room, sizeof *t->steps);
  if (t->first_step == NULL || t->conversions == NULL || t->value == NULL || t->nulls == NULL ||
      t->steps == NULL)
    return 0;
  t->first_step[0] = 0;
  return 1;
}

static uint64_t hash_name(struct hs_str name)
{
  uint64_t hash = name.length;
  while (name.length >= 8) {
    uint64_t word = 0;
    memcpy(&word, name.data, sizeof word);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
    name.data += 8;
    name.length -= 8;
  }
  uint64_t tail = 0;
  memcpy(&tail, name.data, name.length);
  hash = (hash ^ tail) * 0x9E3779B97F4A7C15U;
  return hash >> 40;
}

/* The slot that holds the name, or the free one where it goes. */
static size_t slot_of(const struct hs_path_table *t, struct hs_str name)
{
  size_t slot = hash_name(name) & (NAME_SLOTS - 1);
  while (t->name_slots[slot] != 0 && !hs_str_equal(t->channels[t->name_slots[slot] - 1], name))
    slot = (slot + 1) & (NAME_SLOTS - 1);
  return slot;
}

/* Takes back what a rejected path brought. Last in, first out, so that no probe runs over a gap. */
static void forget_channels(struct hs_path_table *t, size_t channel_count)
{
  while (t->channel_count > channel_count)
    t->name_slots[slot_of(t, t->channels[--t->channel_count])] = 0;
}

static enum hs_status intern_channel(struct hs_path_table *t, struct hs_str name, uint16_t *out,
                                     const char **problem, struct hs_err *err)
{
  size_t slot = slot_of(t, name);
  if (t->name_slots[slot] != 0) {
    *out = (uint16_t)(t->name_slots[slot] - 1);
    return HS_OK;
  }
  if (!hs_str_is_utf8(name)) {
    *problem = "is not valid UTF-8";
    return HS_OK;
  }
  if (t->channel_count == CHANNEL_COUNT_MAX)
    return hs_fail(err, HS_INVALID, "more than %zu channels: is the separator right?",
                   CHANNEL_COUNT_MAX);
  char *copy = hs_arena_copy(t->arena, name.data, name.length);
  if (copy == NULL)
    return hs_arena_full(t->arena, "names of channels", err);
  t->channels[t->channel_count] = (struct hs_str){copy, name.length};
  *out = (uint16_t)t->channel_count++;
  t->name_slots[slot] = (uint16_t)(*out + 1);
  return HS_OK;
}

/* The next step's name, and what stands behind its separator. */
static struct hs_str cut_step(struct hs_str *path, struct hs_str separator)
{
  const char *at = separator.length == 1
                       ? memchr(path->data, separator.data[0], path->length)
                       : memmem(path->data, path->length, separator.data, separator.length);
  struct hs_str step = *path;
  if (at == NULL) {
    *path = (struct hs_str){0};
  } else {
    step.length = (size_t)(at - path->data);
    path->length -= step.length + separator.length;
    path->data = at + separator.length;
  }
  return hs_str_trim(step);
}

const char *hs_path_problem(struct hs_str path, struct hs_str separator)
{
  if (hs_str_trim(path).length == 0)
    return "is an empty path";
  while (path.data != NULL)
    if (cut_step(&path, separator).length == 0)
      return "has a step without a name";
  return NULL;
}

/* Appends the steps behind those of the last path. *problem is what is wrong with the path. */
static enum hs_status read_steps(struct hs_path_table *t, struct hs_str path, size_t *end,
                                 const char **problem, struct hs_err *err)
{
  size_t count = t->step_count;
  *problem = hs_path_problem(path, t->separator);
  if (*problem != NULL)
    return HS_OK;
  while (path.data != NULL) {
    struct hs_str name = cut_step(&path, t->separator);
    if (count == t->step_room)
      return hs_fail(err, HS_NOMEM, "more than %zu steps do not fit into the memory allowed",
                     t->step_room);
    enum hs_status status = intern_channel(t, name, &t->steps[count++], problem, err);
    if (status != HS_OK || *problem != NULL)
      return status;
  }
  *end = count;
  return HS_OK;
}

const char *hs_path_counts_fault(double conversions, double value, double nulls,
                                 enum hs_path_count *field)
{
  const double counts[] = {[HS_PATH_COUNT_CONVERSIONS] = conversions,
                           [HS_PATH_COUNT_VALUE] = value,
                           [HS_PATH_COUNT_NULLS] = nulls};
  for (*field = HS_PATH_COUNT_CONVERSIONS; *field <= HS_PATH_COUNT_NULLS; (*field)++)
    if (counts[*field] < 0 || counts[*field] > COUNT_MAX)
      return counts[*field] < 0 ? "is negative" : "is above 10^15";
  *field = HS_PATH_COUNT_VALUE;
  return value > 0 && !(conversions > 0) ? "is a value without a conversion" : NULL;
}

enum hs_status hs_path_table_open(struct hs_arena *arena, struct hs_str separator,
                                  struct hs_path_table *out, struct hs_err *err)
{
  struct hs_path_table table = {.arena = arena, .separator = hs_str_trim(separator)};
  if (table.separator.length == 0) /* a separator of blanks only is one; none at all is ">" */
    table.separator = separator.length > 0 ? separator : HS_PATH_SEPARATOR;
  if (!reserve(&table))
    return hs_arena_full(arena, "a table of paths", err);
  *out = table;
  return HS_OK;
}

enum hs_status hs_path_table_add(struct hs_path_table *t, struct hs_str path, double conversions,
                                 double value, double nulls, const char **problem,
                                 struct hs_err *err)
{
  size_t end = 0;
  size_t channel_count = t->channel_count;
  *problem = NULL;
  enum hs_status status = read_steps(t, path, &end, problem, err);
  if (*problem != NULL)
    forget_channels(t, channel_count);
  if (status != HS_OK || *problem != NULL)
    return status;
  if (t->path_count == t->path_room)
    return hs_fail(err, HS_NOMEM, "more than %zu paths do not fit into the memory allowed",
                   t->path_room);
  t->conversions[t->path_count] = conversions;
  t->value[t->path_count] = value;
  t->nulls[t->path_count] = nulls;
  t->step_count = end;
  t->first_step[++t->path_count] = (uint32_t)end;
  return HS_OK;
}
