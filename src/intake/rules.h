/* What must hold between the columns of one row, and what an empty one then means. */
#ifndef HANSA_INTAKE_RULES_H
#define HANSA_INTAKE_RULES_H

#include "intake/convert.h"

/* The row's columns are right each by itself. Fills in what the kind derives (a touch's kind, the
   last day of a cost); 0 with the fault when a rule is broken. cells are as for hs_convert_row. */
[[nodiscard]] int hs_rules_check(enum hs_event_kind kind, struct hs_batch *batch, size_t row,
                                 const struct hs_str *cells, struct hs_fault *fault);

#endif
