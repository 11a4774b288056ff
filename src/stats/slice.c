#include "stats/slice.h"

#include <math.h>

enum { OUT_STEPS = 100, IN_STEPS = 200 };

struct interval {
  double left, right;
};

/* Neal, figure 3: as far as the density is above the height, in steps of the width; how the steps
   are shared between both sides is drawn, so that the way back is as likely. */
static struct interval step_out(struct hs_random *rng, const struct hs_slice *slice, double x,
                                double height)
{
  struct interval at = {.left = x - slice->width * hs_random_uniform(rng)};
  at.right = at.left + slice->width;
  uint32_t to_left = hs_random_below(rng, OUT_STEPS);
  uint32_t to_right = OUT_STEPS - 1 - to_left;
  while (to_left-- > 0 && at.left > slice->low &&
         slice->log_density(slice->context, at.left) > height)
    at.left -= slice->width;
  while (to_right-- > 0 && at.right < slice->high &&
         slice->log_density(slice->context, at.right) > height)
    at.right += slice->width;
  at.left = fmax(at.left, slice->low);
  at.right = fmin(at.right, slice->high);
  return at;
}

double hs_slice_draw(struct hs_random *rng, const struct hs_slice *slice, double x)
{
  double height = slice->log_density(slice->context, x) - hs_random_exponential(rng);
  struct interval at = step_out(rng, slice, x, height);
  for (int i = 0; i < IN_STEPS; i++) {
    double candidate = at.left + hs_random_uniform(rng) * (at.right - at.left);
    if (slice->log_density(slice->context, candidate) > height)
      return candidate;
    if (candidate < x)
      at.left = candidate;
    else
      at.right = candidate;
  }
  return x;
}
