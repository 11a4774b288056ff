/* Between the files that write a halo table. */
#ifndef HANSA_SERVICE_BELIEVE_HALO_PRIV_H
#define HANSA_SERVICE_BELIEVE_HALO_PRIV_H

#include "service/believe/halo.h"
#include "service/believe/honesty_words.h"
#include "service/believe/report_words.h"

/* Of one line: "up", "down", "cannot tell", "refused"; lives for ever. */
const char *hs_halo_line_shown(const struct hs_halo_line *line);
/* The verdict as people read it, "cannot tell yet, needs 12 weeks" in place of undetermined. */
void hs_halo_verdict_shown(const struct hs_halo_answer *answer, struct hs_buf *out);
/* Each sentence on a line of its own. */
void hs_halo_sentences(const struct hs_halo_answer *answer, struct hs_buf *out);

#endif
