/* Variances of a structural time series by maximum likelihood: Harvey, "Forecasting, Structural
   Time Series Models and the Kalman Filter" (1989), chapter 4, with the exact diffuse likelihood of
   stats/kalman.h. */
#ifndef HANSA_STATS_STRUCTURAL_H
#define HANSA_STATS_STRUCTURAL_H

#include "base/status.h"
#include "stats/kalman.h"

/* Models without a name of their own are put together by the caller. */
enum hs_structural_kind {
  HS_STRUCTURAL_LEVEL, /* local level: level and noise */
  HS_STRUCTURAL_TREND, /* local linear trend: and a slope */
  HS_STRUCTURAL_BASIC, /* basic structural model: and a season of season_count */
};

/* The model with diffuse starts and variances to begin the search at. season_count is read by BASIC
   only and is 2 or more there. */
[[nodiscard]] struct hs_kalman_model hs_structural_model(enum hs_structural_kind kind, size_t count,
                                                         uint32_t season_count);

/* Searches the variances of kalman->model that are above 0 (noise, level, slope, season, AR; one or
   more of them) for the largest likelihood of y (model.count values, NaN where missing) and leaves
   them there, with the results of the filter at that point. The scale of y does not matter: the
   search begins at several mixtures of the variances about the variance of the differences of y. A
   variance that the likelihood does not want is exactly 0 afterwards. Coefficients, φ and starts
   are not searched.

   HS_INSUFFICIENT when fewer than two more values are observed than states start diffuse, or when
   the values do not vary; HS_NO_CONVERGENCE; HS_NOMEM. The model stands on failure. */
[[nodiscard]] enum hs_status hs_structural_fit(struct hs_kalman *kalman, const double *y,
                                               struct hs_err *err);

#endif
