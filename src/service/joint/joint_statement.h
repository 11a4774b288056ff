/* The joint P&L of an agreement's month out of a programme, as one side or everybody sees it: the
   joint book, with the intervals that the report gives and, for our own eyes, imported costs. */
#ifndef HANSA_SERVICE_JOINT_JOINT_STATEMENT_H
#define HANSA_SERVICE_JOINT_JOINT_STATEMENT_H

#include <stdatomic.h>

#include "service/joint/statement.h"
#include "service/programme.h"

struct hs_joint_asked {
  struct hs_str agreement;
  struct hs_str period;        /* a month: "2026-09" */
  struct hs_str side;          /* absent: the lines that all sides see */
  struct hs_str number;        /* of a self-billed statement; may be absent */
  const atomic_int *interrupt; /* as in hs_analysis_options */
};

/* The ledger must have caught up. HS_NOT_FOUND when there is no such agreement or side, or it has
   not begun; HS_INVALID for what is no month. Everything lives in arena. */
[[nodiscard]] enum hs_status hs_joint_statement_make(struct hs_programme *programme,
                                                     const struct hs_joint_asked *asked,
                                                     struct hs_arena *arena,
                                                     struct hs_statement *out, struct hs_err *err);

#endif
