/* Members of JSON objects that a halo table and a table of partners have in common. */
#ifndef HANSA_SERVICE_BELIEVE_HONESTY_JSON_H
#define HANSA_SERVICE_BELIEVE_HONESTY_JSON_H

#include "measure/influence/honesty_bounds.h"
#include "measure/influence/honesty_settle.h"

void hs_honesty_json_figure(struct hs_buf *out, const char *name,
                            const struct hs_honesty_figure *figure);
/* incremental, difference, ratio, the posterior, and what could have been seen. */
void hs_honesty_json_compared(struct hs_buf *out, const struct hs_honesty *honesty);
/* NULL is null. */
void hs_honesty_json_bounds(struct hs_buf *out, const struct hs_honesty_bounds *bounds,
                            double hold_out_orders);
void hs_honesty_json_points(struct hs_buf *out, const struct hs_honesty_points *points);
void hs_honesty_json_settle(struct hs_buf *out, const struct hs_settle_answer *settle);

#endif
