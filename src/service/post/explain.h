/* A commission in words: what was ordered, who touched it and what became of each, by which rule of
   which version, every number, the rounding, and what has happened to it since. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_H
#define HANSA_SERVICE_POST_EXPLAIN_H

#include "service/post/post.h"

/* For people. HS_NOT_FOUND when there is no such commission. */
[[nodiscard]] enum hs_status hs_commission_say(struct hs_programme *programme,
                                               const struct hs_id *id, struct hs_buf *out,
                                               struct hs_err *err);
/* {"id":…,"evidence":{…},"owed":{…},"entries":[…]} */
[[nodiscard]] enum hs_status hs_commission_json(struct hs_programme *programme,
                                                const struct hs_id *id, struct hs_buf *out,
                                                struct hs_err *err);

#endif
