/* Joint draws and their reconciliation: arithmetic on arrays. */
#include <math.h>
#include <string.h>

#include "measure/influence/halo.h"
#include "stats/distribution.h"
#include "stats/linear.h"
#include "stats/quantile.h"
#include "stats/random.h"

/* Correlations of different spans of rows need not fit together. Shrinking towards none until they
   do keeps them in proportion. */
static void factor(double *correlation, size_t n, double *work)
{
  for (double share = 1;; share *= .95) {
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        work[i * n + j] = i == j ? 1 + 1e-9 : share * correlation[i * n + j];
    if (hs_cholesky_factor(work, n) == 0)
      break;
  }
  memcpy(correlation, work, n * n * sizeof *work);
}

void hs_halo_join(double *const *sorted, size_t count, size_t draw_count, double *correlation,
                  uint64_t seed, double *room, double *draws)
{
  struct hs_random rng = hs_random_open(seed, HS_HALO_STREAM);
  factor(correlation, count, room + count);
  for (size_t d = 0; d < draw_count; d++) {
    for (size_t i = 0; i < count; i++)
      room[i] = hs_random_normal(&rng);
    for (size_t i = 0; i < count; i++) {
      double z = 0;
      for (size_t j = 0; j <= i; j++)
        z += correlation[i * count + j] * room[j];
      draws[d * count + i] = hs_quantile(sorted[i], draw_count, hs_normal_cdf(z));
    }
  }
}

/* The variance of each line; gives their sum. */
static double variances_of(const double *draws, size_t draw_count, size_t width, const double *mean,
                           double *out)
{
  double all = 0;
  memset(out, 0, width * sizeof *out);
  for (size_t d = 0; d < draw_count; d++)
    for (size_t i = 0; i < width; i++)
      out[i] += (draws[d * width + i] - mean[i]) * (draws[d * width + i] - mean[i]);
  for (size_t i = 0; i < width; i++)
    all += out[i];
  return all;
}

void hs_halo_reconcile(double *draws, size_t draw_count, size_t count, double tracked, double *room)
{
  size_t width = count + 1;
  double *mean = room;
  double *gain = room + width;
  memset(mean, 0, width * sizeof *mean);
  for (size_t d = 0; d < draw_count; d++)
    for (size_t i = 0; i < width; i++)
      mean[i] += draws[d * width + i] / (double)draw_count;
  double all = variances_of(draws, draw_count, width, mean, gain);
  for (size_t i = 0; i < width; i++) { /* without any error the total gives way */
    double share = all > 0 ? gain[i] / all : i < count ? 0 : 1;
    gain[i] = i < count ? share : -share;
  }
  for (size_t d = 0; d < draw_count; d++) {
    double *x = draws + d * width;
    double gap = tracked;
    for (size_t i = 0; i < width; i++)
      gap += i < count ? x[i] : -x[i];
    for (size_t i = 0; i < width; i++)
      x[i] -= gain[i] * gap;
  }
}
