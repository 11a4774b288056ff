/* Which simple curve a series looks most like: a comparison beside a verdict, never its reason. */
#ifndef HANSA_MEASURE_TREND_CURVES_H
#define HANSA_MEASURE_TREND_CURVES_H

#include <stddef.h>

enum hs_curve {
  HS_CURVE_FLAT,       /* y = a */
  HS_CURVE_LINE,       /* y = a + b t: of a logarithm, growth that compounds */
  HS_CURVE_SATURATING, /* y = a + b (1 − e^(−t/τ)): growth that runs out */
  HS_CURVE_HUMP,       /* y = a + b t + c t²: rise and fall, or fall and rise */
  HS_CURVE_COUNT
};
const char *hs_curve_name(enum hs_curve curve);

struct hs_curves {
  enum hs_curve best;               /* by bic */
  double bic[HS_CURVE_COUNT];       /* n log(RSS/n) + log n · parameters */
  double slope_end[HS_CURVE_COUNT]; /* of the curve at the last value, per period */
};

/* Least squares over y (count values, NaN where missing), time being the index; τ of the saturating
   curve is searched from a twentieth of the series to its whole length. 0 with fewer than six
   values, and then out stands. */
[[nodiscard]] int hs_curves_compare(const double *y, size_t count, struct hs_curves *out);

#endif
