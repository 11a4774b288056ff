/* What the second judgement of a commission's order has learnt, where its outcome was another one:
   said beside the first, so that a partner sees both. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_SECOND_H
#define HANSA_SERVICE_POST_EXPLAIN_SECOND_H

#include "service/programme.h"

/* Nothing where the order was not judged again, or came out the same. HS_CORRUPT when what was kept
   of it cannot be read. */
[[nodiscard]] enum hs_status hs_second_judgement_say(struct hs_programme *programme,
                                                     const struct hs_commission_row *commission,
                                                     struct hs_buf *out, struct hs_err *err);
/* An object with `judgement`, "first" or "second", `ends_at` and `evidence`, or null. */
[[nodiscard]] enum hs_status hs_second_judgement_json(struct hs_programme *programme,
                                                      const struct hs_commission_row *commission,
                                                      struct hs_buf *out, struct hs_err *err);

#endif
