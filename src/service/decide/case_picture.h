/* The two pictures of the case's page, as SVG within it. */
#ifndef HANSA_SERVICE_DECIDE_CASE_PICTURE_H
#define HANSA_SERVICE_DECIDE_CASE_PICTURE_H

#include "service/decide/case.h"

/* The ways of a choice under each other: net present value as a point on its interval, with a line
   where it is 0. */
void hs_capital_picture_ways(const struct hs_capital_case *case_, const struct hs_choice *choice,
                             struct hs_buf *out);
/* What the dearest partners cost, above what their tracked customers are worth. Nothing when none
   cost anything. */
void hs_capital_picture_costs(const struct hs_capital_case *case_, struct hs_buf *out);

#endif
