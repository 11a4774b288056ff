/* What was sold by the order that a commission is for. */
#ifndef HANSA_SERVICE_JOINT_JOINT_SOLD_H
#define HANSA_SERVICE_JOINT_JOINT_SOLD_H

#include "base/ratio.h"
#include "ports/book_ledger.h"
#include "service/agreed/in_force.h"

/* The base of a commission as it would be if the rule took its rate of what was paid without tax
   and shipping, exactly; before the partner's part. Rules that take it of the gross amount or of
   the margin are brought to that by the order's own figures. 0 when these cannot be read. */
[[nodiscard]] int hs_joint_sold(const struct hs_commission_row *row,
                                const struct hs_agreed_version *version, struct hs_ratio *out);

#endif
