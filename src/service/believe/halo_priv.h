/* Between the files that write a halo table. */
#ifndef HANSA_SERVICE_BELIEVE_HALO_PRIV_H
#define HANSA_SERVICE_BELIEVE_HALO_PRIV_H

#include "service/believe/halo.h"
#include "service/believe/report_words.h"

/* Each sentence on a line of its own. */
void hs_halo_sentences(const struct hs_halo_answer *answer, struct hs_buf *out);

#endif
