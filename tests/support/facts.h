/* Small random programmes for what judges orders: few ids that meet often, frames of one kind each,
   refunds before and after their orders. Every row is accepted, so what the trail holds is known
   without asking it. */
#ifndef HANSA_TESTS_SUPPORT_FACTS_H
#define HANSA_TESTS_SUPPORT_FACTS_H

#include "support/trails.h"

#define FACT_IDS 18
#define FACT_FRAMES 24
#define FACT_ROWS_MAX (FACT_FRAMES * 8)

struct fact {
  enum hs_event_kind kind;
  uint64_t sequence;
  int64_t row_number;
  int id, customer; /* of touches, orders, identities; −1 for none */
  int order;        /* of orders and refunds: its number */
  int number; /* of refunds: names it; −1 for none. Of touches: the partner; −1 for none */
  int64_t at_us;
  int64_t amount_minor;
  int is_dollar; /* euros otherwise */
};

struct facts {
  size_t count;
  struct fact items[FACT_ROWS_MAX];
};

/* A programme of frames 1 to FACT_FRAMES; the seed is not 0. */
void facts_make(struct facts *facts, uint64_t seed);
/* Stores it in an empty trail. */
void facts_store(const struct facts *facts, struct world *world);
hs_person_key fact_key(int id);
/* Whether a fact is evidence that two ids are one person: not of an id with itself. */
int fact_is_pair(const struct fact *fact);

#endif
