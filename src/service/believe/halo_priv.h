/* Between the files that write a halo table. */
#ifndef HANSA_SERVICE_BELIEVE_HALO_PRIV_H
#define HANSA_SERVICE_BELIEVE_HALO_PRIV_H

#include "service/believe/halo.h"

/* "12.5 [3, 22]", without an interval where there is none. */
void hs_halo_figure(const struct hs_honesty_figure *figure, char *out, size_t bytes);
#define HS_HALO_FIGURE_TEXT 96
/* Each sentence on a line of its own. */
void hs_halo_sentences(const struct hs_halo_answer *answer, struct hs_buf *out);

#endif
