#include "stats/looks.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"

/* Points of the grid on which the density of the sum is carried, an odd number for Simpson's rule.
 */
#define POINTS 257

static double normal_density(double x) { return exp(-0.5 * x * x) * 0.3989422804014327; }

/* Density of the sum after one more step at x, and of not having stopped before: the convolution of
   what was carried, on [−bound, bound], with a standard normal. */
static double carried(const double *density, double bound, double x)
{
  double width = 2 * bound / (POINTS - 1);
  double sum = 0;
  for (int i = 0; i < POINTS; i++) {
    double simpson = i == 0 || i == POINTS - 1 ? 1 : i % 2 == 1 ? 4 : 2;
    sum += simpson * density[i] * normal_density(x - (-bound + width * i));
  }
  return sum * width / 3;
}

static double integral(const double *density, double bound)
{
  double sum = 0;
  for (int i = 0; i < POINTS; i++)
    sum += (i == 0 || i == POINTS - 1 ? 1 : i % 2 == 1 ? 4 : 2) * density[i];
  return sum * 2 * bound / (POINTS - 1) / 3;
}

double hs_looks_false_rate(uint32_t looks, double level)
{
  HS_ASSERT(looks >= 1 && looks <= HS_LOOKS_MAX && level > 0 && level < 1);
  double density[POINTS];
  double next[POINTS];
  double z = -hs_normal_quantile(level / 2);
  double bound = z; /* on the sum of k figures: z √k */
  for (int i = 0; i < POINTS; i++)
    density[i] = normal_density(-bound + 2 * bound / (POINTS - 1) * i);
  for (uint32_t k = 2; k <= looks; k++) {
    double wider = z * sqrt(k);
    for (int i = 0; i < POINTS; i++)
      next[i] = carried(density, bound, -wider + 2 * wider / (POINTS - 1) * i);
    for (int i = 0; i < POINTS; i++)
      density[i] = next[i];
    bound = wider;
  }
  return 1 - integral(density, bound);
}
