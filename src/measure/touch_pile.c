#include "measure/touch_pile.h"

#include <stdlib.h>
#include <string.h>

#define TOUCHES_PER_BUCKET 8192
#define BUCKET_BITS_MAX 16U
/* A block is 8 KiB: small beside what a bucket holds, large beside its own head. */
#define BLOCK_TOUCHES 255

struct touch_block {
  struct touch_block *next;
  struct hs_touch touches[BLOCK_TOUCHES];
};

struct touch_bucket {
  struct touch_block *first, *last;
  size_t count;
};

enum hs_status hs_touch_pile_open(struct hs_touch_pile *pile, struct hs_touch_store *store,
                                  unsigned part_bits, uint64_t touch_count, struct hs_err *err)
{
  unsigned bits = 1;
  while (bits < BUCKET_BITS_MAX && (uint64_t)TOUCHES_PER_BUCKET << bits < touch_count)
    bits++;
  *pile = (struct hs_touch_pile){
      .store = store, .bucket_count = (size_t)1 << bits, .shift = 64 - part_bits - bits};
  pile->buckets = hs_arena_alloc(store->arena, pile->bucket_count, sizeof *pile->buckets);
  return pile->buckets != NULL ? HS_OK : hs_arena_full(store->arena, "the touches of a part", err);
}

void hs_touch_pile_turn_to(struct hs_touch_pile *pile, uint32_t part)
{
  pile->first = (uint64_t)part * pile->bucket_count;
}

static struct touch_block *take_block(struct hs_touch_store *store)
{
  struct touch_block *block = store->free;
  if (block == NULL)
    block = hs_arena_alloc_raw(store->arena, 1, sizeof *block);
  else
    store->free = block->next;
  if (block != NULL)
    block->next = NULL;
  return block;
}

enum hs_status hs_touch_pile_add(struct hs_touch_pile *pile, const struct hs_touch *touch,
                                 struct hs_err *err)
{
  uint64_t number = (hs_rank_of(touch->person) >> pile->shift) - pile->first;
  HS_ASSERT(number < pile->bucket_count);
  struct touch_bucket *bucket = &pile->buckets[number];
  size_t place = bucket->count % BLOCK_TOUCHES;
  if (place == 0) {
    struct touch_block *block = take_block(pile->store);
    if (block == NULL)
      return hs_arena_full(pile->store->arena, "the touches of a part", err);
    if (bucket->last != NULL)
      bucket->last->next = block;
    else
      bucket->first = block;
    bucket->last = block;
  }
  bucket->last->touches[place] = *touch;
  bucket->count++;
  return HS_OK;
}

void hs_touch_pile_empty(struct hs_touch_pile *pile, size_t bucket)
{
  struct touch_bucket *emptied = &pile->buckets[bucket];
  if (emptied->last != NULL) {
    emptied->last->next = pile->store->free;
    pile->store->free = emptied->first;
  }
  *emptied = (struct touch_bucket){0};
}

size_t hs_touch_pile_count(const struct hs_touch_pile *pile, size_t bucket)
{
  return pile->buckets[bucket].count;
}

void hs_touch_pile_copy(const struct hs_touch_pile *pile, size_t bucket, struct hs_touch *out)
{
  size_t left = pile->buckets[bucket].count;
  for (const struct touch_block *block = pile->buckets[bucket].first; left > 0;
       block = block->next) {
    size_t count = left < BLOCK_TOUCHES ? left : BLOCK_TOUCHES;
    memcpy(out, block->touches, count * sizeof *out);
    out += count;
    left -= count;
  }
}

uint64_t hs_touch_pile_last_rank(const struct hs_touch_pile *pile, size_t bucket)
{
  return ((pile->first + bucket + 1) << pile->shift) - 1; /* behind the very last it wraps around */
}

/* ---- sorting ---- */

static int compare_touches(const struct hs_touch *a, const struct hs_touch *b)
{
  int order = hs_compare_u64(hs_rank_of(a->person), hs_rank_of(b->person));
  if (order == 0)
    order = (a->at_us > b->at_us) - (a->at_us < b->at_us);
  if (order == 0)
    order = hs_compare_u64(a->sequence, b->sequence);
  return order != 0 ? order : hs_compare_u64(a->row, b->row);
}

static int by_person_and_time(const void *a, const void *b) { return compare_touches(a, b); }

/* For the few touches of some persons, inserting is several times faster than the library's sort.
   No two touches are equal in all that is compared, so where the border lies changes nothing. */
#define INSERTED_MAX 24

static void sort_few(struct hs_touch *touches, size_t count)
{
  if (count > INSERTED_MAX) {
    qsort(touches, count, sizeof *touches, by_person_and_time);
    return;
  }
  for (size_t i = 1; i < count; i++) {
    struct hs_touch touch = touches[i];
    size_t at = i;
    for (; at > 0 && compare_touches(&touches[at - 1], &touch) > 0; at--)
      touches[at] = touches[at - 1];
    touches[at] = touch;
  }
}

#define SLOT_BITS 10
#define SLOT_COUNT ((size_t)1 << SLOT_BITS)

/* A counting sort into slots of a few persons each, then each slot. */
void hs_touches_sort(const struct hs_touch *touches, size_t count, struct hs_touch *sorted)
{
  uint32_t slot_end[SLOT_COUNT + 1] = {0};
  uint64_t low = UINT64_MAX;
  uint64_t high = 0;
  HS_ASSERT(count <= UINT32_MAX);
  for (size_t i = 0; i < count; i++) {
    uint64_t rank = hs_rank_of(touches[i].person);
    low = rank < low ? rank : low;
    high = rank > high ? rank : high;
  }
  unsigned shift = 0;
  while (count > 0 && shift < 63 && (high - low) >> shift >= SLOT_COUNT)
    shift++;
  for (size_t i = 0; i < count; i++)
    slot_end[((hs_rank_of(touches[i].person) - low) >> shift) + 1]++;
  for (size_t i = 0; i < SLOT_COUNT; i++)
    slot_end[i + 1] += slot_end[i];
  /* slot_end[s] is where slot s begins, and after this loop where it ends. */
  for (size_t i = 0; i < count; i++)
    sorted[slot_end[(hs_rank_of(touches[i].person) - low) >> shift]++] = touches[i];
  for (size_t s = 0, first = 0; s < SLOT_COUNT; first = slot_end[s++])
    sort_few(sorted + first, slot_end[s] - first);
}
