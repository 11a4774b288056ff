/* The demonstration's agreements: the examples of the documentation, one of each kind, and what
   becomes of them in its year: return periods end, some partners are paid, one payment is on its
   way, two amounts are disputed. */
#ifndef HANSA_SERVICE_DEMO_DEMO_AGREED_H
#define HANSA_SERVICE_DEMO_DEMO_AGREED_H

#include "service/programme.h"

/* Before events come in: signs the agreements and lets the book's partners take part. What is there
   already stays. */
[[nodiscard]] enum hs_status hs_demo_agree(struct hs_programme *programme, struct hs_err *err);
/* Before events come in, too: a customer is the partner itself. */
[[nodiscard]] enum hs_status hs_demo_own(struct hs_programme *programme, struct hs_str partner,
                                         struct hs_str customer, struct hs_err *err);
/* After them. Nothing when it has been done. */
[[nodiscard]] enum hs_status hs_demo_settle(struct hs_programme *programme, struct hs_err *err);

/* What is owed at this moment, for people. */
[[nodiscard]] enum hs_status hs_demo_owed_text(struct hs_programme *programme, struct hs_buf *out,
                                               struct hs_err *err);

#endif
