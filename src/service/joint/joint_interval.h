/* How far the revenue of an agreement's month may be off: the interval that the report gives its
   partners. What the ledger attributes by contract and what a model believes are two answers; the
   interval holds both. */
#ifndef HANSA_SERVICE_JOINT_JOINT_INTERVAL_H
#define HANSA_SERVICE_JOINT_JOINT_INTERVAL_H

#include "service/believe/analysis.h"
#include "service/joint/joint_book.h"

struct hs_joint_interval {
  int64_t low_minor, high_minor; /* around the line's amount */
  const char *refused;           /* why there is none, in words; NULL when there is one */
};

/* Of the book's line of orders, whose amount is given. Runs the report's headline model over the
   month. */
[[nodiscard]] enum hs_status
hs_joint_interval_make(struct hs_programme *programme, const struct hs_joint_book *book,
                       const struct hs_in_force *in_force, int64_t amount_minor,
                       const atomic_int *interrupt, struct hs_joint_interval *out,
                       struct hs_err *err);

#endif
