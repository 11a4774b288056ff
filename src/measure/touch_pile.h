/* Touches on their way from the trail's order to that of persons and time. They are put down in the
   bucket of their person as they come and taken up again bucket by bucket, each small enough to be
   sorted inside of the processor's caches; of all touches only one copy lies in memory.

   Buckets are ranges of the key's rank, and the trail's parts are ranges of the same
   (ports/trail.h), so the order of all touches depends neither on how many parts there are nor on
   how many buckets. */
#ifndef HANSA_MEASURE_TOUCH_PILE_H
#define HANSA_MEASURE_TOUCH_PILE_H

#include "base/arena.h"
#include "ports/trail.h"

struct hs_touch {
  hs_person_key person;
  int64_t at_us;
  uint64_t sequence;
  uint32_t row; /* orders what one import brought in the same microsecond */
  uint16_t channel;
  uint16_t id_mark; /* 16 bits of the id itself: tells by which of a person's ids it came */
};

/* Parts are ranges of the keys read as signed numbers: this is their order as a plain number. */
static inline uint64_t hs_rank_of(hs_person_key key) { return key ^ (UINT64_C(1) << 63); }

/* Where piles take their memory, and give it back to one another bucket by bucket. */
struct hs_touch_store {
  struct hs_arena *arena;
  struct touch_block *free;
};

struct hs_touch_pile {
  struct hs_touch_store *store;
  struct touch_bucket *buckets;
  size_t bucket_count;
  uint64_t first; /* the number, among the buckets of all parts, of this part's first */
  unsigned shift; /* from a rank to the number of its bucket */
};

/* A pile for some touch_count touches (they only tell how many buckets) of persons who fall into
   the first of 2^part_bits parts. A touch takes some 33 bytes. HS_NOMEM when the arena is full. */
[[nodiscard]] enum hs_status hs_touch_pile_open(struct hs_touch_pile *pile,
                                                struct hs_touch_store *store, unsigned part_bits,
                                                uint64_t touch_count, struct hs_err *err);
/* Turns an empty pile to another part. */
void hs_touch_pile_turn_to(struct hs_touch_pile *pile, uint32_t part);
/* Puts a touch down in the bucket of touch->person, which must belong to the pile's part. */
[[nodiscard]] enum hs_status hs_touch_pile_add(struct hs_touch_pile *pile,
                                               const struct hs_touch *touch, struct hs_err *err);
/* How many touches a bucket holds, and their copy to out in the order in which they came. */
size_t hs_touch_pile_count(const struct hs_touch_pile *pile, size_t bucket);
void hs_touch_pile_copy(const struct hs_touch_pile *pile, size_t bucket, struct hs_touch *out);
void hs_touch_pile_empty(struct hs_touch_pile *pile, size_t bucket);
/* The highest rank that falls into a bucket. */
uint64_t hs_touch_pile_last_rank(const struct hs_touch_pile *pile, size_t bucket);

static inline int hs_compare_u64(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

/* Sorts by person, time and place in the trail, from touches to sorted. */
void hs_touches_sort(const struct hs_touch *touches, size_t count, struct hs_touch *sorted);

#endif
