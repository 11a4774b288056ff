/* Why a partner earned what it did of an order, or nothing: the order is judged again with what was
   known and agreed when it came; where its return period has brought another outcome, with what was
   known by the end of that. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_ORDER_H
#define HANSA_SERVICE_POST_EXPLAIN_ORDER_H

#include "service/post/post.h"

/* Of one partner, or of all who touched it when partner is absent; for people, or as JSON.
   HS_NOT_FOUND when there is no such order or partner. */
[[nodiscard]] enum hs_status hs_order_explain(struct hs_programme *programme,
                                              struct hs_str order_id, struct hs_str partner,
                                              int is_json, struct hs_buf *out, struct hs_err *err);

#endif
