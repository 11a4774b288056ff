#include "stats/multiple.h"

#include <math.h>

/* The indices of what was asked by rising p. A list of questions is short: insertion, which needs
   no memory and keeps equal values in their order. */
static size_t order_of(const double *p, size_t count, size_t *order)
{
  size_t asked = 0;
  for (size_t i = 0; i < count; i++) {
    if (isnan(p[i]))
      continue;
    size_t at = asked++;
    for (; at > 0 && p[order[at - 1]] > p[i]; at--)
      order[at] = order[at - 1];
    order[at] = i;
  }
  return asked;
}

static void keep_unasked(const double *p, size_t count, double *adjusted)
{
  for (size_t i = 0; i < count; i++)
    if (isnan(p[i]))
      adjusted[i] = p[i];
}

void hs_holm(const double *p, size_t count, size_t *order, double *adjusted)
{
  size_t asked = order_of(p, count, order);
  keep_unasked(p, count, adjusted);
  double least = 0; /* an adjusted value is never below that of a smaller p */
  for (size_t rank = 0; rank < asked; rank++) {
    least = fmax(least, fmin(1, (double)(asked - rank) * p[order[rank]]));
    adjusted[order[rank]] = least;
  }
}

void hs_benjamini_hochberg(const double *p, size_t count, size_t *order, double *adjusted)
{
  size_t asked = order_of(p, count, order);
  keep_unasked(p, count, adjusted);
  double most = 1; /* an adjusted value is never above that of a larger p */
  for (size_t rank = asked; rank > 0; rank--) {
    most = fmin(most, (double)asked / (double)rank * p[order[rank - 1]]);
    adjusted[order[rank - 1]] = most;
  }
}
