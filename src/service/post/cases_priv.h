/* A page of cases while it is loaded: its events (cases.c), and what was known about who they are
   of (cases_known.c). */
#ifndef HANSA_SERVICE_POST_CASES_PRIV_H
#define HANSA_SERVICE_POST_CASES_PRIV_H

#include "service/post/cases.h"

struct hs_case_page {
  struct hs_cases *cases;
  const struct hs_in_force *in_force;
  const struct hs_order_page *asked;
  enum hs_rule_event event;
  hs_person_key *ids; /* two for each order, or all of their persons' */
  size_t id_count;
  struct hs_identity_pair *pairs;
  struct hs_case_touch *touches;
  size_t *starts; /* of buckets among them, once they are sorted */
  unsigned bucket_bits;
  struct hs_first_order *firsts;
  size_t pair_count, pair_capacity;
  size_t touch_count, touch_capacity;
  size_t first_count, first_capacity;
  int64_t from_us, until_us;   /* of what matters for its orders */
  struct hs_case_self *selves; /* as many as in_force has own customers, by person */
};

/* A copy in arena; absent text stays absent. Sets *is_full when there is no room. */
struct hs_str hs_case_text(struct hs_arena *arena, struct hs_str text, int *is_full);

/* What is known about the cases that the page has: their persons, touches and first orders. */
[[nodiscard]] enum hs_status
hs_case_page_complete(struct hs_case_page *page, const struct hs_trail *trail, struct hs_err *err);

#endif
