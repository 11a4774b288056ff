/* What was taken back of a commission, each time so that the partner can repeat it: which refund,
   which part of the order, the arithmetic, who decided, and until when it can be disputed. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_BACK_H
#define HANSA_SERVICE_POST_EXPLAIN_BACK_H

#include "service/post/post.h"

/* Nothing when nothing was taken back. */
[[nodiscard]] enum hs_status hs_taken_back_say(struct hs_programme *programme,
                                               const struct hs_commission_row *commission,
                                               struct hs_buf *out, struct hs_err *err);
/* A list, which may be empty. */
[[nodiscard]] enum hs_status hs_taken_back_json(struct hs_programme *programme,
                                                const struct hs_commission_row *commission,
                                                struct hs_buf *out, struct hs_err *err);

#endif
