/* Who is who in a whole trail, and what each person ordered first: found once, by whoever looks at
   many pages of orders as of the same moment. A page that is looked at by itself asks the trail for
   the few that it is about (struct hs_evidence_ask), and comes to the same answers. */
#ifndef HANSA_SERVICE_POST_EVERYBODY_H
#define HANSA_SERVICE_POST_EVERYBODY_H

#include "measure/persons.h"

struct hs_first_order {
  hs_person_key person; /* 0: none */
  int64_t at_us;
  uint64_t sequence;
  int64_t row_number;
  struct hs_str name;
};

/* An id of a person that has several. */
struct hs_known_id {
  hs_person_key person, id;
};

struct hs_everybody {
  struct hs_persons persons;
  /* Ids by the top bits of their persons' keys, which are hashes: those of a bucket stand from
     starts[bucket] to starts[bucket + 1]. */
  unsigned bucket_bits;
  const size_t *starts;
  const struct hs_known_id *ids;
  /* By person: open addressing, half full at most. */
  size_t slot_count, first_count;
  struct hs_first_order *firsts;
  struct hs_arena arena, orders;
};

/* Who is the same is decided as in every report. */
extern const struct hs_persons_options hs_everybody_options;

/* Of all that the trail holds. Memory: some 100 bytes for each id that evidence joins, some 100 for
   each person with an order, and 40 for each piece of evidence while it runs. Accepts release in
   every state. */
[[nodiscard]] enum hs_status hs_everybody_find(struct hs_everybody *everybody,
                                               const struct hs_trail *trail, struct hs_err *err);
void hs_everybody_release(struct hs_everybody *everybody);

/* As hs_persons_expect: this person's first order will be asked for soon. */
void hs_everybody_expect(const struct hs_everybody *everybody, hs_person_key person);
/* The earliest of the person's orders by (at_us, sequence, row_number), or NULL. */
const struct hs_first_order *hs_everybody_first(const struct hs_everybody *everybody,
                                                hs_person_key person);
/* The ids of a bucket in which all of the person's are, and others'; none when nothing is joined
   with the person. */
const struct hs_known_id *hs_everybody_near(const struct hs_everybody *everybody,
                                            hs_person_key person, size_t *count);

/* Orders of places: <0, 0, >0. */
[[nodiscard]] int hs_first_order_compare(const struct hs_first_order *a,
                                         const struct hs_first_order *b);

#endif
