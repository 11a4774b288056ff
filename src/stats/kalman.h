/* Structural time series of one observation a period, by the Kalman filter: level, drift, slope,
   season, AR(1) and regression, each there or not; exact diffuse start, missing periods, smoothing,
   and draws from the posterior of the states.

     y_t        = level_t + season_t + ar_t + x_t'β + ε_t,  ε_t ~ N(0, noise variance)
     level_t+1  = level_t + drift + slope_t + N(0, level variance)
     slope_t+1  = φ slope_t + N(0, slope variance)
     season_t+1 = −(season_t + … + season_t−s+2) + N(0, season variance)
     ar_t+1     = φ ar_t + N(0, ar variance)
     drift, β     constant
     gain_t+1   = gain_t + drift + slope_t in a window of periods, gain_t outside of it

   A local level is a level; a local linear trend has a slope of φ 1; a semi-local linear trend (the
   one of the package bsts) has a drift and a slope of φ below 1, the deviation from the drift.

   The method is that of Durbin and Koopman, "Time Series Analysis by State Space Methods" (2nd
   edition, 2012): filter 4.3, missing observations 4.10, exact diffuse start 5.2 and 5.3, its
   likelihood 7.2.2; and of their "A simple and efficient simulation smoother" (Biometrika 89,
   2002). What differs: the transition is never multiplied out. A step of the filter is one
   symmetric rank-one update, O(m²) of m states however long the season is, and a step of smoothing
   or drawing is O(m). Nothing is allocated; the same model and observations give the same bits. */
#ifndef HANSA_STATS_KALMAN_H
#define HANSA_STATS_KALMAN_H

#include <stddef.h>
#include <stdint.h>

#include "stats/random.h"

/* What is known of a state before the first observation. The zero value is: nothing. */
enum hs_kalman_start_kind {
  HS_KALMAN_DIFFUSE,    /* flat, as the exact limit and not as a large variance */
  HS_KALMAN_KNOWN,      /* normal with the mean and variance given */
  HS_KALMAN_STATIONARY, /* mean 0, variance/(1 − φ²): a slope or an AR with |φ| below 1 */
};

struct hs_kalman_start {
  enum hs_kalman_start_kind kind;
  double mean;     /* with KNOWN */
  double variance; /* with KNOWN, 0 or more */
};

struct hs_kalman_part {
  int is_in;
  double variance; /* of what is added at each step, 0 or more; a drift has none */
  double phi;      /* of a slope and an AR, −1 to 1 and not 0 where the start is diffuse */
  struct hs_kalman_start start;
};

struct hs_kalman_model {
  size_t count;          /* of periods, 1 or more */
  double noise_variance; /* 0 or more */
  struct hs_kalman_part level;
  struct hs_kalman_part drift; /* needs a level, as slope and gain do */
  struct hs_kalman_part slope;
  /* The sum of drift + slope_t over the periods gain_since ≤ t < gain_until, beginning at 0: after
     the filter, a and p hold its mean and variance given everything, without a smoother. */
  int has_gain;
  size_t gain_since, gain_until;
  struct hs_kalman_part season; /* its start holds for each of the s − 1 states */
  uint32_t season_count;        /* s: seasons in a round, 2 or more */
  uint32_t season_length; /* periods that a season lasts, 0 is 1; noise comes with each new one */
  struct hs_kalman_part ar;
  size_t regressor_count;
  const double
      *regressors; /* count × regressor_count by rows, finite; lives as long as the model */
  struct hs_kalman_start regressor_start; /* of each β; diffuse in units of 1/√(mean of x²), so that
                                             the likelihood does not depend on the unit of x */
  /* Added to every entry of the first variance matrix, so that all states share one unknown: how
     R's StructTS begins. 0 but for agreement with it. */
  double shared_start_variance;
};

/* Where the states stand in a and p; SIZE_MAX for what is not in the model. */
struct hs_kalman_layout {
  size_t level, drift, slope, gain, ar;
  size_t season;        /* the first place of the ring */
  size_t season_states; /* s − 1, or 0 */
  size_t regressor;     /* the first of them */
  size_t count;         /* m */
  size_t stride;        /* from one row of p to the next: m rounded up */
};

/* A model at work. Belongs to one thread. What is not described here is private to kalman*.c. */
struct hs_kalman {
  struct hs_kalman_model model; /* variances, φ, means and variances of starts may be changed
                                   between two runs, nothing else */
  struct hs_kalman_layout layout;

  /* Results of the filter, until the next run; of hs_kalman_draw they are those of its inner run.
   */
  double log_likelihood; /* −½ log F∞ for a period that settles a diffuse state, −½ (log 2πF + v²/F)
                            for every other one that is observed; −∞ when an F is 0 */
  size_t diffuse_count; /* diffuse states that the observations did not settle: when it is not 0, no
                           other result means anything */
  double *innovations;  /* v_t = y_t − E(y_t | earlier); NaN where missing */
  double *variances; /* F_t, the variance of v_t; infinite where a diffuse state is settled or F_t
                        is 0 */
  double *a;         /* mean of the states of the period after the last, given everything */
  double *p;         /* their variance matrix, by rows of layout.stride */

  size_t diffuse_end; /* periods before which a state was diffuse */
  size_t settled_count;
  double *p_diffuse, *sums, *sums_diffuse, *m, *m_diffuse, *scaled;
  double *gains, *gains_diffuse, *f_diffuse, *settled;
  double *start_mean, *start_variance, *start_diffuse, *units;
  double *r, *r_diffuse, *state, *first, *shocks, *rest;
};

/* States over time: means from hs_kalman_smooth, one joint draw from hs_kalman_draw. Arrays belong
   to the caller, hold model.count values and may each be NULL when not wanted. */
struct hs_kalman_path {
  double *signal; /* level + season + ar + x'β: what is observed, without noise */
  double *level;
  double *slope; /* its deviation from the drift, if there is one */
  double *season;
  double *ar;
  double *coefficients; /* regressor_count values */
  double drift;
  /* Sums of squares of what was added at the steps 1 → 2, …, n − 1 → n (season: at the beginnings
     of a season), and of y − signal where it is observed: what a Gibbs sampler of the variances
     wants. */
  double level_squares, slope_squares, season_squares, ar_squares, noise_squares;
};

[[nodiscard]] struct hs_kalman_layout hs_kalman_layout(const struct hs_kalman_model *model);

/* How many doubles hs_kalman_init wants. */
[[nodiscard]] size_t hs_kalman_room(const struct hs_kalman_model *model);
/* room holds hs_kalman_room(model) doubles and lives as long as the struct. The model is copied. */
void hs_kalman_init(struct hs_kalman *kalman, const struct hs_kalman_model *model, double *room);

/* Runs over model.count observations, NaN for a missing one. O(count · m²). */
void hs_kalman_filter(struct hs_kalman *kalman, const double *y);

/* Mean of the states given all observations; filters first. The squares are those of the means, not
   means of squares. */
void hs_kalman_smooth(struct hs_kalman *kalman, const double *y, struct hs_kalman_path *path);

/* One draw of all states given all observations, missing periods included. Reads from the rng one
   normal for each state that does not start diffuse (and one for a shared start), then for each
   period one of noise and one for each part with a variance; the number does not depend on the data
   but for the missing ones. */
void hs_kalman_draw(struct hs_kalman *kalman, const double *y, struct hs_random *rng,
                    struct hs_kalman_path *path);

#endif
