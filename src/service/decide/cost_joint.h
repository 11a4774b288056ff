/* Costs that our side wrote on joint P&Ls, by partner. */
#ifndef HANSA_SERVICE_DECIDE_COST_JOINT_H
#define HANSA_SERVICE_DECIDE_COST_JOINT_H

#include "service/programme.h"

/* Borrowed until it returns. */
typedef enum hs_status (*hs_joint_cost_fn)(void *context, struct hs_str partner,
                                           int64_t amount_minor, struct hs_err *err);

/* Our side's lines of fees, shared costs, hours, content, media, tools and things in kind, of all
   months and agreements, in the programme's currency; a line that a later one has replaced is not
   there. Partners of one agreement share its lines equally; lines of an offer to everybody belong
   to no partner and are left out. Memory of arena is given back. */
[[nodiscard]] enum hs_status hs_joint_costs(struct hs_programme *programme, struct hs_arena *arena,
                                            hs_joint_cost_fn each, void *context,
                                            struct hs_err *err);

#endif
