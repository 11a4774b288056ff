#include "measure/chain.h"

#include <string.h>

#define WINDOW_BITS 16U

/* Open addressing from 64-bit keys (never 0) to numbers; grows at half full. */
struct map {
  uint64_t *keys;
  uint32_t *values;
  size_t capacity; /* a power of two */
  size_t count;
};

struct building {
  struct hs_arena *arena;
  struct hs_chain chain;
  struct map state_of_window, flow_of_step;
  uint64_t *state_window;
  uint32_t *flow_from, *flow_to;
  size_t state_room, flow_room;
};

static size_t slot_of(const struct map *map, uint64_t key)
{
  /* Fibonacci hashing: the high bits of the product depend on every bit of the key. */
  size_t at = (size_t)((key * 0x9E3779B97F4A7C15U) >> 20) & (map->capacity - 1);
  while (map->keys[at] != key && map->keys[at] != 0)
    at = (at + 1) & (map->capacity - 1);
  return at;
}

static int map_grow(struct hs_arena *arena, struct map *map)
{
  struct map larger = {.capacity = map->capacity == 0 ? 1024 : map->capacity * 4,
                       .count = map->count};
  larger.keys = hs_arena_alloc(arena, larger.capacity, sizeof *larger.keys);
  larger.values = hs_arena_alloc_raw(arena, larger.capacity, sizeof *larger.values);
  if (larger.keys == NULL || larger.values == NULL)
    return 0;
  for (size_t i = 0; i < map->capacity; i++) {
    if (map->keys[i] == 0)
      continue;
    size_t at = slot_of(&larger, map->keys[i]);
    larger.keys[at] = map->keys[i];
    larger.values[at] = map->values[i];
  }
  *map = larger;
  return 1;
}

/* Gives the number under the key, taking next when there is none yet. UINT32_MAX: no room. */
static uint32_t map_intern(struct hs_arena *arena, struct map *map, uint64_t key, uint32_t next)
{
  if (map->count * 2 >= map->capacity && !map_grow(arena, map))
    return UINT32_MAX;
  size_t at = slot_of(map, key);
  if (map->keys[at] == 0) {
    map->keys[at] = key;
    map->values[at] = next;
    map->count++;
  }
  return map->values[at];
}

static int intern_state(struct building *b, uint64_t window, uint32_t *out)
{
  uint32_t next = (uint32_t)b->chain.state_count;
  uint32_t state = map_intern(b->arena, &b->state_of_window, window, next);
  if (state == UINT32_MAX)
    return 0;
  if (state == next) {
    if (b->chain.state_count == b->state_room) {
      size_t room = b->state_room == 0 ? 256 : b->state_room * 2;
      uint64_t *larger =
          hs_arena_grow(b->arena, b->state_window, b->state_room, room, sizeof *larger);
      if (larger == NULL)
        return 0;
      b->state_window = larger;
      b->state_room = room;
    }
    b->state_window[b->chain.state_count++] = window;
  }
  *out = state;
  return 1;
}

static int add_flow(struct building *b, uint32_t from, uint32_t to)
{
  if (b->chain.flow_count == b->flow_room) {
    size_t room = b->flow_room == 0 ? 1024 : b->flow_room * 2;
    uint32_t *from_larger =
        hs_arena_grow(b->arena, b->flow_from, b->flow_room, room, sizeof *from_larger);
    uint32_t *to_larger =
        hs_arena_grow(b->arena, b->flow_to, b->flow_room, room, sizeof *to_larger);
    if (from_larger == NULL || to_larger == NULL)
      return 0;
    b->flow_from = from_larger;
    b->flow_to = to_larger;
    b->flow_room = room;
  }
  b->flow_from[b->chain.flow_count] = from;
  b->flow_to[b->chain.flow_count] = to;
  b->chain.flow_count++;
  return 1;
}

/* The flow that a path takes from a state (or the start) by one more step. The state it reaches is
   looked up only when the flow is new: from one state, the step decides it. */
static int intern_flow(struct building *b, uint32_t from, uint16_t step, uint64_t window,
                       uint32_t *out)
{
  uint32_t next = (uint32_t)b->chain.flow_count;
  uint64_t key = ((uint64_t)from + 1) << WINDOW_BITS | step;
  if (from == HS_CHAIN_START) {
    /* All that tells starts apart is the state; the mark keeps them from other keys. */
    uint32_t state = 0;
    if (!intern_state(b, window, &state))
      return 0;
    key = (uint64_t)1 << 63 | state;
  }
  uint32_t flow = map_intern(b->arena, &b->flow_of_step, key, next);
  if (flow == UINT32_MAX)
    return 0;
  if (flow == next) {
    uint32_t to = 0;
    if (!intern_state(b, window, &to) || !add_flow(b, from, to))
      return 0;
  }
  *out = flow;
  return 1;
}

static int trace_path(struct building *b, const uint16_t *steps, size_t length, uint32_t *flows,
                      size_t *count)
{
  uint64_t mask =
      b->chain.order == 4 ? UINT64_MAX : ((uint64_t)1 << (WINDOW_BITS * b->chain.order)) - 1;
  uint64_t window = 0;
  size_t i = 0;
  for (; i < length && i < b->chain.order; i++)
    window = window << WINDOW_BITS | (steps[i] + 1U);
  size_t n = 0;
  if (!intern_flow(b, HS_CHAIN_START, 0, window, &flows[n++]))
    return 0;
  for (; i < length; i++) {
    uint64_t next = (window << WINDOW_BITS | (steps[i] + 1U)) & mask;
    if (next == window)
      continue;
    window = next;
    if (!intern_flow(b, b->flow_to[flows[n - 1]], steps[i], window, &flows[n]))
      return 0;
    n++;
  }
  *count = n;
  return 1;
}

static int trace_paths(struct building *b, const struct hs_paths *paths)
{
  size_t step_count = paths->path_count == 0 ? 0 : paths->first_step[paths->path_count];
  uint32_t *first = hs_arena_alloc(b->arena, paths->path_count + 1, sizeof *first);
  uint32_t *flows = hs_arena_alloc_raw(b->arena, step_count, sizeof *flows);
  if (first == NULL || flows == NULL)
    return 0;
  for (size_t p = 0; p < paths->path_count; p++) {
    size_t count = 0;
    const uint16_t *steps = paths->steps + paths->first_step[p];
    size_t length = paths->first_step[p + 1] - paths->first_step[p];
    if (!trace_path(b, steps, length, flows + first[p], &count))
      return 0;
    first[p + 1] = first[p] + (uint32_t)count;
  }
  b->chain.first_flow = first;
  b->chain.path_flow = flows;
  b->chain.state_window = b->state_window;
  b->chain.flow_from = b->flow_from;
  b->chain.flow_to = b->flow_to;
  return 1;
}

/* Counting sort of the inner flows by one of their ends. */
static int group_flows(struct hs_arena *arena, const struct hs_chain *chain, const uint32_t *end,
                       const uint32_t **out_first, const uint32_t **out_flow)
{
  uint32_t *first = hs_arena_alloc(arena, chain->state_count + 2, sizeof *first);
  uint32_t *grouped = hs_arena_alloc_raw(arena, chain->flow_count, sizeof *grouped);
  if (first == NULL || grouped == NULL)
    return 0;
  for (size_t f = 0; f < chain->flow_count; f++)
    if (chain->flow_from[f] != HS_CHAIN_START)
      first[end[f] + 2]++;
  for (size_t s = 1; s < chain->state_count + 2; s++)
    first[s] += first[s - 1];
  for (size_t f = 0; f < chain->flow_count; f++)
    if (chain->flow_from[f] != HS_CHAIN_START)
      grouped[first[end[f] + 1]++] = (uint32_t)f;
  *out_first = first;
  *out_flow = grouped;
  return 1;
}

/* The channels of a window, each once. */
static unsigned channels_of(uint64_t window, uint16_t channels[HS_MARKOV_ORDER_MAX])
{
  unsigned count = 0;
  for (; window != 0; window >>= WINDOW_BITS) {
    uint16_t channel = (uint16_t)((window & UINT16_MAX) - 1);
    unsigned i = 0;
    while (i < count && channels[i] != channel)
      i++;
    if (i == count)
      channels[count++] = channel;
  }
  return count;
}

static int group_states(struct hs_arena *arena, struct hs_chain *chain)
{
  uint16_t channels[HS_MARKOV_ORDER_MAX];
  uint32_t *first = hs_arena_alloc(arena, chain->channel_count + 2, sizeof *first);
  uint32_t *states = hs_arena_alloc_raw(arena, chain->state_count * chain->order, sizeof *states);
  if (first == NULL || states == NULL)
    return 0;
  for (size_t s = 0; s < chain->state_count; s++)
    for (unsigned i = channels_of(chain->state_window[s], channels); i-- > 0;)
      first[channels[i] + 2]++;
  for (size_t c = 1; c < chain->channel_count + 2; c++)
    first[c] += first[c - 1];
  for (size_t s = 0; s < chain->state_count; s++)
    for (unsigned i = channels_of(chain->state_window[s], channels); i-- > 0;)
      states[first[channels[i] + 1]++] = (uint32_t)s;
  chain->first_channel_state = first;
  chain->channel_state = states;
  return 1;
}

enum hs_status hs_chain_make(struct hs_arena *arena, const struct hs_paths *paths, uint32_t order,
                             struct hs_chain *out, struct hs_err *err)
{
  HS_ASSERT(order >= 1 && order <= HS_MARKOV_ORDER_MAX);
  struct building b = {.arena = arena,
                       .chain = {.order = order, .channel_count = paths->channel_count}};
  struct hs_chain *chain = &b.chain;
  if (!trace_paths(&b, paths) ||
      !group_flows(arena, chain, chain->flow_from, &chain->first_out, &chain->out) ||
      !group_flows(arena, chain, chain->flow_to, &chain->first_in, &chain->in) ||
      !group_states(arena, chain))
    return hs_arena_full(arena, "a Markov chain", err);
  *out = *chain;
  return HS_OK;
}

int hs_chain_is_pure(const struct hs_chain *chain, size_t state, size_t channel)
{
  uint64_t window = chain->state_window[state];
  for (; window != 0; window >>= WINDOW_BITS)
    if ((window & UINT16_MAX) != channel + 1)
      return 0;
  return 1;
}
