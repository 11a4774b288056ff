/* What the ways of hs_geo_run share: the panel as they want it, and the one weighted fit that all
   but the regression are made of. */
#ifndef HANSA_MEASURE_INFLUENCE_GEO_PRIV_H
#define HANSA_MEASURE_INFLUENCE_GEO_PRIV_H

#include "measure/influence/geo.h"
#include "stats/simplex_qp.h"

struct hs_geo_case {
  size_t donor_count, period_count, start;
  size_t treated_count; /* whose mean the target is */
  double *donors;       /* [donor × period_count + period] */
  double *target;       /* period_count */
};

/* Weights w of the donors, fitted on the first `count` periods, for the target less θ in every
   period from the start on. All figures are centred: with fixed effects each unit by its mean over
   those periods, then all by the donors' mean of the period, which changes nothing about weights
   that sum to 1 and keeps the numbers small. */
struct hs_geo_fit {
  const struct hs_geo_case *of;
  size_t count;
  double *x;       /* donors, [donor × period_count + period] */
  double *y;       /* target */
  double *step;    /* what is taken from it per unit of θ */
  double *inner;   /* K: inner products of the donors over the fit's periods */
  double *penalty; /* P = K + ridge on the diagonal */
  double *q_target, *q_step;
  double *q, *direction, *w, *slope;
  struct hs_simplex_room room;
  double *smoother; /* Cholesky factor of K + λ: the ridge of ascm; NULL without */
  double *extra;    /* donor_count, for it */
};

/* The donors that result lists. */
[[nodiscard]] enum hs_status hs_geo_case_make(struct hs_arena *arena,
                                              const struct hs_geo_input *input,
                                              const struct hs_geo_result *result,
                                              struct hs_geo_case *out, struct hs_err *err);

struct hs_geo_fit_how {
  size_t count;
  int has_fixed_effects;
  double ridge; /* on the squared weights */
};

[[nodiscard]] enum hs_status hs_geo_fit_make(struct hs_arena *arena, const struct hs_geo_case *of,
                                             const struct hs_geo_fit_how *how,
                                             struct hs_geo_fit *out, struct hs_err *err);
/* From now on residuals and weights are those with a ridge regression of penalty lambda on top. */
[[nodiscard]] enum hs_status hs_geo_fit_augment(struct hs_arena *arena, struct hs_geo_fit *fit,
                                                double lambda, struct hs_err *err);
/* fit->w at θ, starting from what it holds. */
[[nodiscard]] enum hs_status hs_geo_fit_solve(struct hs_geo_fit *fit, double theta,
                                              struct hs_err *err);
/* out (period_count) = the target less θ step less what the weights say; fit->extra as the ridge
   gives it. The weights must have been solved at that θ. */
void hs_geo_fit_residuals(struct hs_geo_fit *fit, double theta, double *out);
/* hs_residuals_fn of stats/conformal.h; context is the fit. */
[[nodiscard]] enum hs_status hs_geo_fit_at(void *context, double theta, int direction, double *u,
                                           double *change, double *reach, struct hs_err *err);

/* The penalty by leaving out one period after another, as geo_ridge.c says, and whether it is the
   largest or the smallest that was tried. fit is on the periods before the start and not yet
   augmented. */
[[nodiscard]] enum hs_status hs_geo_ridge_lambda(struct hs_arena *arena, struct hs_geo_fit *fit,
                                                 double *lambda, int *is_at_end,
                                                 struct hs_err *err);

/* gap (period_count) = what the comparison leaves where it was not fitted: before the fit's end
   block by block without that block, after it as it is. fit has been solved at θ = 0; lambda is
   that of its ridge, 0 without. The fit must be solved again before it is used further. */
[[nodiscard]] enum hs_status hs_geo_cross_gap(struct hs_arena *arena, struct hs_geo_fit *fit,
                                              double lambda, double *gap, struct hs_err *err);

/* Synthetic difference-in-differences. */
struct hs_geo_sdid {
  double att;
  double penalty; /* ζ² of the unit weights */
  double noise;
  double *unit_weights; /* donor_count */
  double *time_weights; /* start */
  double offset;        /* the gap before the start, by the time weights */
};
/* noise 0 takes it from the donors. */
[[nodiscard]] enum hs_status hs_geo_sdid_fit(struct hs_arena *arena, const struct hs_geo_case *of,
                                             double noise, struct hs_geo_sdid *out,
                                             struct hs_err *err);
/* treated: the rows of the treated, [treated × period_count + period]. */
[[nodiscard]] enum hs_status hs_geo_sdid_errors(struct hs_arena *arena,
                                                const struct hs_geo_case *of, const double *treated,
                                                const struct hs_geo_sdid *fit, size_t replicates,
                                                uint64_t seed, struct hs_geo_errors *out,
                                                struct hs_err *err);

/* Time-based regression. Fills in the regression's part of the errors; *effect (period_count) is
   the treated mean less what the total of the donors says. HS_INSUFFICIENT when that never changes.
 */
[[nodiscard]] enum hs_status hs_geo_tbr_fit(const struct hs_geo_case *of, double level,
                                            struct hs_geo_errors *out, double *effect,
                                            struct hs_err *err);
/* hs_residuals_fn; context is the case, which is only read. */
[[nodiscard]] enum hs_status hs_geo_tbr_at(void *context, double theta, int direction, double *u,
                                           double *change, double *reach, struct hs_err *err);

/* The second view of the gap, what it says of the gap's nature, and by that who judges; nothing
   with too few periods before the start. result has its start and period_count. */
[[nodiscard]] enum hs_status hs_geo_look_for_drift(struct hs_arena *arena,
                                                   const struct hs_geo_input *input,
                                                   const double *gap, struct hs_geo_result *out,
                                                   struct hs_err *err);
/* Once there is a verdict. */
void hs_geo_find_overturn(const double *gap, struct hs_geo_result *out);

/* What geo_checks.c adds to a result: placebos before the start, donors with a break of their own,
   the estimate without them, and the grade that follows. */
[[nodiscard]] enum hs_status hs_geo_check_facts(struct hs_arena *arena,
                                                const struct hs_geo_input *input,
                                                struct hs_geo_result *out, struct hs_err *err);
/* The estimate and its test alone. */
[[nodiscard]] enum hs_status hs_geo_estimate_run(struct hs_arena *arena,
                                                 const struct hs_geo_input *input,
                                                 struct hs_geo_result *out, struct hs_err *err);

#endif
