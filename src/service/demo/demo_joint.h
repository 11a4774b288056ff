/* The demonstration's joint P&Ls: both sides of its ventures and alliances write lines for some
   months and stand by them, and the first months are closed. One venture is out of balance: who
   lends what it lives on has most of the result, which opens a renegotiation by itself. */
#ifndef HANSA_SERVICE_DEMO_DEMO_JOINT_H
#define HANSA_SERVICE_DEMO_DEMO_JOINT_H

#include "service/programme.h"

/* After what becomes of the agreements (demo_agreed.h). What is there already stays. */
[[nodiscard]] enum hs_status hs_demo_joint(struct hs_programme *programme, struct hs_err *err);

/* Where to look: an agreement whose balance has left its range, and the month by whose end it did,
   in arena; absent where there is none. */
struct hs_demo_unbalanced {
  struct hs_str agreement, period;
};
[[nodiscard]] enum hs_status hs_demo_find_unbalanced(struct hs_programme *programme,
                                                     struct hs_arena *arena,
                                                     struct hs_demo_unbalanced *out,
                                                     struct hs_err *err);

#endif
