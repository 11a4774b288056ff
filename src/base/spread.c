#include "base/spread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct spread {
  const unsigned char *rows;
  size_t count, size, key_offset;
  unsigned bits; /* as many buckets as rows, or up to twice as many */
};

static size_t bucket_of(const struct spread *spread, size_t row)
{
  uint64_t key;
  memcpy(&key, spread->rows + row * spread->size + spread->key_offset, sizeof key);
  return (size_t)(key >> (64 - spread->bits));
}

/* starts has two cells more than there are buckets, all 0. Behind this starts[b] is the first row
   of bucket b in `to`, and starts[b + 1] its end. */
static void place(const struct spread *spread, size_t *starts, unsigned char *to)
{
  size_t bucket_count = (size_t)1 << spread->bits;
  for (size_t i = 0; i < spread->count; i++)
    starts[bucket_of(spread, i) + 2]++;
  for (size_t b = 2; b < bucket_count + 2; b++)
    starts[b] += starts[b - 1];
  for (size_t i = 0; i < spread->count; i++)
    memcpy(to + starts[bucket_of(spread, i) + 1]++ * spread->size, spread->rows + i * spread->size,
           spread->size);
}

enum hs_status hs_sort_spread(struct hs_arena *scratch, void *rows, size_t count, size_t size,
                              size_t key_offset, int (*compare)(const void *, const void *),
                              struct hs_err *err)
{
  if (count < 2)
    return HS_OK;
  struct spread spread = {rows, count, size, key_offset, 1};
  while ((size_t)1 << spread.bits < count)
    spread.bits++;
  size_t bucket_count = (size_t)1 << spread.bits;
  size_t mark = hs_arena_mark(scratch);
  size_t *starts = hs_arena_alloc(scratch, bucket_count + 2, sizeof *starts);
  unsigned char *placed = hs_arena_alloc_raw(scratch, count, size);
  if (starts == NULL || placed == NULL) {
    hs_arena_reset(scratch, mark);
    return hs_arena_full(scratch, "rows that are sorted", err);
  }
  place(&spread, starts, placed);
  for (size_t b = 0; b < bucket_count; b++)
    if (starts[b + 1] - starts[b] > 1)
      qsort(placed + starts[b] * size, starts[b + 1] - starts[b], size, compare);
  memcpy(rows, placed, count * size);
  hs_arena_reset(scratch, mark);
  return HS_OK;
}
