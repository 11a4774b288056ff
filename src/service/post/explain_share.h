/* Who shares an order, or another event, that has been judged, and of a partner that does not, why:
   the answers that explanations of orders and of other events give, for people and as JSON. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_SHARE_H
#define HANSA_SERVICE_POST_EXPLAIN_SHARE_H

#include "service/post/judge.h"

struct hs_explained {
  const struct hs_in_force *in_force;
  const struct hs_case *order;
  const struct hs_judgement *judgement;
};

/* The answer for one partner, also when nothing of it was known, or with HS_NO_PARTNER for all that
   have touchpoints; as lines, or as the members of a JSON array. */
void hs_explained_put(const struct hs_explained *explained, uint32_t partner, int is_json,
                      struct hs_buf *out);
/* The partner of that name, HS_NO_PARTNER for an absent one. HS_NOT_FOUND. */
[[nodiscard]] enum hs_status hs_explained_partner(const struct hs_in_force *in_force,
                                                  struct hs_str name, uint32_t *out,
                                                  struct hs_err *err);

#endif
