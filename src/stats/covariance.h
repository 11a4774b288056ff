/* Covariances of a residual that is correlated in time, up to a common scale, and what follows from
   each without a matrix of n × n: independent innovations, and what the past says of the future.

     u_t = a_t + l_t + e_t
     a_t = φ₁ a_{t−1} + φ₂ a_{t−2} + noise    stationary, of variance ar
     l_{t+1} = l_t + s_t + N(0, walk)         l_1 = 0: a regression's intercept takes the start
     s_{t+1} = s_t + N(0, slope)              s_1 = 0
     e_t ~ N(0, noise)

   A part whose variance is 0 is not there; noise is needed unless ar is there, for l_1 is known.
   The recursions are those of the Kalman filter (Durbin and Koopman, Time Series Analysis by State
   Space Methods, 2nd ed., section 4.3) in the states a, φ₂ a_{t−1}, l, s; they depend on the
   covariance alone, so one pass serves the outcome and all columns of a regression. */
#ifndef HANSA_STATS_COVARIANCE_H
#define HANSA_STATS_COVARIANCE_H

#include <stddef.h>

struct hs_covariance {
  double phi1, phi2; /* inside the triangle of stationarity */
  double ar;
  double walk, slope;
  double noise;
};

#define HS_WHITENER_STATES 4

/* One pass over the rows of a table. Its fields belong to the functions below. */
struct hs_whitener {
  double moves[HS_WHITENER_STATES][HS_WHITENER_STATES]; /* T: state to next state */
  double variance[HS_WHITENER_STATES]
                 [HS_WHITENER_STATES]; /* P: of the state, given the rows so far */
  double shock[HS_WHITENER_STATES];    /* variances of what moves the states */
  double seen[HS_WHITENER_STATES];     /* Z: 1 where the state is in u */
  double noise;
  size_t first, last; /* states [first, last) are in use */
  size_t column_count;
  size_t active_count; /* columns behind these have been 0 in every row: they cost nothing */
  double *expected;    /* states × columns */
};

/* How many doubles hs_whitener_open needs for that many columns. */
[[nodiscard]] size_t hs_whitener_room(size_t column_count);
/* At the first row, all columns active. room lives as long as the whitener. */
void hs_whitener_open(struct hs_whitener *whitener, const struct hs_covariance *covariance,
                      size_t column_count, double *room);
/* The next row: one value of each column, each less what the rows before it said of it, in place.
   The result is the variance of such an innovation, in units of the common scale. */
[[nodiscard]] double hs_whitener_next(struct hs_whitener *whitener, double *row);
/* The next row was not observed. */
void hs_whitener_skip(struct hs_whitener *whitener);
/* What is expected of Σ_h weight[h] u_{now+h} over the next count rows, for each column; the result
   is the variance of that sum given the rows so far. */
[[nodiscard]] double hs_whitener_outlook(const struct hs_whitener *whitener, const double *weight,
                                         size_t count, double *expected);

#endif
