/* Why a partner earned what it did for a lead, a click or a custom event, or nothing: it is judged
   again with what was known and agreed when it came. */
#ifndef HANSA_SERVICE_POST_EXPLAIN_EVENT_H
#define HANSA_SERVICE_POST_EXPLAIN_EVENT_H

#include "agreement/terms.h"
#include "service/programme.h"

struct hs_event_asked {
  enum hs_rule_event event; /* not HS_RULE_SALE: see explain_order.h */
  struct hs_str name;       /* as commissions give it */
  struct hs_str partner;    /* absent: all who have touchpoints */
};

/* Of each status that a lead got; for people, or as JSON. HS_NOT_FOUND when there is none of that
   name, or no such partner. */
[[nodiscard]] enum hs_status hs_event_explain(struct hs_programme *programme,
                                              const struct hs_event_asked *asked, int is_json,
                                              struct hs_buf *out, struct hs_err *err);

#endif
