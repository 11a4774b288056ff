/* A picture of series over time as inline SVG: a line, another one beside it with its band, and the
   moment from which they are compared. Colours are the page's: --ink, --soft, --line, --bar,
   --range. */
#ifndef HANSA_SERVICE_BELIEVE_TIME_PICTURE_H
#define HANSA_SERVICE_BELIEVE_TIME_PICTURE_H

#include "base/text.h"

struct hs_time_picture {
  const char *label; /* what it shows, for who does not see it; not from data */
  size_t count;
  size_t mark; /* a rule stands before this period; count for none */
  /* Each count values, NaN where there is nothing, or NULL. */
  const double *line;                 /* drawn full */
  const double *expected;             /* drawn dashed */
  const double *low, *high;           /* the band; both or neither */
  int has_zero;                       /* the axis holds 0, with a rule of its own */
  struct hs_str first, at_mark, last; /* below the axis; may be absent */
};

/* Nothing when no value is finite. */
void hs_time_picture(const struct hs_time_picture *picture, struct hs_buf *out);

#endif
