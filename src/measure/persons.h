/* Who is the same: ids of visitors and customers joined by evidence. The answer is a function of
   the set of evidence and not of the order in which it came.

   Evidence joins too much as soon as one id stands for many people: a family computer, a shop's
   tablet, a test account. So an id that too many others point to joins nobody (it stays a person of
   its own), and a group that still grows too large is taken apart again into what single customers
   hold together. What was refused is counted. The limits are judged one after the other: first
   customers with too many visitors and visitors with a crowd of customers, both over all evidence;
   then, over what is left, visitors with too many customers. */
#ifndef HANSA_MEASURE_PERSONS_H
#define HANSA_MEASURE_PERSONS_H

#include "ports/trail.h"

struct hs_persons_options {
  uint32_t customers_per_visitor_max; /* a visitor id with more customers is a shared device; 0 for
                                         the default, 1 */
  uint32_t visitors_per_customer_max; /* a customer id with more visitors is a shared account; 0 for
                                         the default, 50 */
  uint32_t ids_per_person_max;        /* a larger group is taken apart; 0 for the default, 64 */
};

struct hs_person_slot {
  hs_person_key id, person;
};

struct hs_persons {
  size_t id_count;     /* ids that were joined with another */
  size_t person_count; /* persons that they make */
  size_t shared_visitor_count, shared_customer_count,
      dissolved_group_count; /* what the guard refused */
  /* A table from id to person: open addressing over 2^slot_bits slots, id 0 is an empty one. */
  unsigned slot_bits;
  const struct hs_person_slot *slots;
};

/* How many partners an id may have on one side before it is a crowd, whatever the partners are: the
   larger of the two limits. Nobody need be told more than one partner more than this of an id: see
   struct hs_evidence_ask. */
uint32_t hs_persons_crowd(const struct hs_persons_options *options);

/* Joins all evidence that the trail holds up to until_us. The table lives in arena (some 34 to 70
   bytes an id); scratch holds some 40 bytes for each piece of evidence while it runs.
   HS_NOMEM when one of the two is full. */
[[nodiscard]] enum hs_status hs_persons_join(struct hs_arena *arena, struct hs_arena *scratch,
                                             const struct hs_trail *trail, int64_t until_us,
                                             const struct hs_persons_options *options,
                                             struct hs_persons *out, struct hs_err *err);
/* As hs_persons_join from evidence at hand: pairs in any order, as often as they come. */
struct hs_identity_pair {
  hs_person_key visitor;
  hs_person_key customer;
};
[[nodiscard]] enum hs_status hs_persons_of_pairs(struct hs_arena *arena, struct hs_arena *scratch,
                                                 const struct hs_identity_pair *pairs, size_t count,
                                                 const struct hs_persons_options *options,
                                                 struct hs_persons *out, struct hs_err *err);
/* Whoever looks up many ids in a row says some HS_PERSONS_AHEAD before its turn which one comes:
   the table is larger than the caches, and what was said is fetched meanwhile. */
#define HS_PERSONS_AHEAD 12
void hs_persons_expect(const struct hs_persons *persons, hs_person_key id);
/* The person of an id: the smallest key of the ids joined with it, or the id itself. */
hs_person_key hs_persons_find(const struct hs_persons *persons, hs_person_key id);
/* 1 and the person when the id was joined with another; 0, and *person is the id, when it stands
 * alone. */
[[nodiscard]] int hs_persons_is_joined(const struct hs_persons *persons, hs_person_key id,
                                       hs_person_key *person);

#endif
