/* Partners whose truth is known, for the calibration of what is said of tracked beside incremental:
   how often a verdict is wrong, and how often the bounds of κ and halo hold. */
#ifndef HANSA_TESTS_CALIBRATION_HONESTY_TRIAL_H
#define HANSA_TESTS_CALIBRATION_HONESTY_TRIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* ---- verdicts: one series, residuals of five kinds, six true I/T ---- */

#define HONESTY_RATIO_COUNT ((size_t)6)
extern const double HONESTY_RATIOS[HONESTY_RATIO_COUNT]; /* 0, .5, .9, 1, 1.1, 2 */
/* T a row, in units of the residual: from where the interval is wider than the band to where it is
   much narrower. */
#define HONESTY_TRACKED_COUNT ((size_t)3)
extern const double HONESTY_TRACKED[HONESTY_TRACKED_COUNT]; /* 1, 4, 20 */

struct honesty_residual {
  const char *name;
  double ar;          /* φ of an AR(1) with unit innovations */
  double step, noise; /* of a random walk plus noise; step 0: none */
  int has_week;       /* a weekday cycle that nobody models */
};
extern const struct honesty_residual HONESTY_RESIDUALS[];
extern const size_t HONESTY_RESIDUAL_COUNT;

struct honesty_verdicts {
  size_t worlds;  /* that were answered */
  size_t refused; /* by the method */
  struct {
    size_t wrong, right, undetermined;
  } at[HONESTY_TRACKED_COUNT][HONESTY_RATIO_COUNT];
};

/* 90 rows before, 28 after, two good controls. */
[[nodiscard]] enum hs_status honesty_verdict_trial(const struct honesty_residual *residual,
                                                   uint64_t seed, size_t worlds, size_t threads,
                                                   struct honesty_verdicts *out,
                                                   struct hs_err *err);

/* ---- bounds: four lines and the tracked one ---- */

struct honesty_partner {
  const char *name;
  const char *words;
  double tracked;  /* a row */
  double taken[4]; /* of it a row, from each line: (1 − κ)T in all */
  double halo[4];  /* more a row, on each line */
};
extern const struct honesty_partner HONESTY_PARTNERS[];
extern const size_t HONESTY_PARTNER_COUNT;

struct honesty_bounds_tally {
  size_t worlds, refused;
  double kappa, halo;                 /* true; halo of the window */
  size_t kappa_held, halo_held;       /* sure bounds */
  size_t kappa_plug_in, halo_plug_in; /* those of the estimates alone */
  double kappa_most, halo_least;      /* sums of the sure bounds */
  size_t difference_held;             /* interval of I − T */
  size_t kappa_point, halo_point;     /* intervals from a hold-out of 1,537 orders */
  size_t wrong, right, undetermined;  /* the verdict */
};

[[nodiscard]] enum hs_status honesty_bounds_trial(const struct honesty_partner *partner,
                                                  uint64_t seed, size_t worlds, size_t threads,
                                                  struct honesty_bounds_tally *out,
                                                  struct hs_err *err);

#endif
