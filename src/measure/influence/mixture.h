/* What would have happened without the event, averaged over what the residuals may be like. Nothing
   is sampled: given a covariance of the residuals, regression has a closed form, and the
   covariances are averaged by how well each explains the whole series.

     y_t = intercept + (step + growth·t)·[t ≥ start] + season + trend or old step + controls·β + u_t

   The residual u has one of the covariances of hs_mixture_grid (independent, autoregressive, with
   and without noise on top, random walks, drifting slopes). To each covariance come variants: with
   and without a season, with no trend, a slight or a steep one or one old step at an unknown date,
   and with more and more of the controls. A variant's weight is its prior mass times the likelihood
   of the *whole* series with everything else integrated out: flat on intercept and step, normal on
   growth, season, trend, old step and coefficients and as wide as the signal that the series shows
   of each (mixture_prior.c), 1/σ² on the scale. The step is free there,
   so a constant effect of any size moves no weight; a tenth of the mass lets the effect grow
   evenly, so that a growing one is not taken for a drift.

   The effect is not taken from them. It is the mean of the window less what the rows *before* it
   foretell (regression by generalised least squares and the correlation of the residuals), so that
   an effect that grows is not taken for another level: a Student t for each variant, a mixture of
   them in all.

   J. A. Hoeting, D. Madigan, A. E. Raftery and C. T. Volinsky, "Bayesian model averaging: a
   tutorial" (Statistical Science 14, 1999) is the method; the covariances and the masses of the
   prior are ours, chosen on simulated series (docs/calibration/influence.md). */
#ifndef HANSA_MEASURE_INFLUENCE_MIXTURE_H
#define HANSA_MEASURE_INFLUENCE_MIXTURE_H

#include "base/arena.h"
#include "measure/influence/influence.h"
#include "stats/t_mixture.h"

/* Fewer observed rows before the start than this are refused: correlation cannot be seen in them.
 */
#define HS_MIXTURE_BEFORE_MIN 20
/* The most controls that take part in a variant, and the most that are looked at. */
#define HS_MIXTURE_CONTROLS_IN_MAX 12
#define HS_MIXTURE_CONTROLS_MAX 60

/* What is asked: rows [0, start) teach, [start, end) are judged. Borrowed; NaN in the outcome is a
   missing figure. */
struct hs_mixture_question {
  const double *outcome;
  const double *const *controls; /* without gaps */
  size_t control_count;          /* at most HS_MIXTURE_CONTROLS_MAX */
  size_t start, end;
  uint32_t season; /* 0 or 1 for none; used when two of them lie before the start */
};

enum hs_mixture_shape {
  HS_MIXTURE_LEVEL,  /* nothing but the intercept */
  HS_MIXTURE_SLIGHT, /* a straight trend that rises by less than the noise */
  HS_MIXTURE_STEEP,  /* one that rises by several times as much */
  HS_MIXTURE_OLD_STEP,
  HS_MIXTURE_SHAPE_COUNT,
};

/* One variant. */
struct hs_mixture_part {
  double log_weight;   /* prior and likelihood, up to a constant that all share */
  double effect;       /* mean of the window less what was foretold */
  double spread;       /* variance of that, in units of σ² */
  double squares;      /* of the whole series, what is left of them */
  uint32_t covariance; /* index into the grid */
  uint32_t old_step;   /* its row, with HS_MIXTURE_OLD_STEP */
  uint8_t shape;
  uint8_t has_season;
  uint8_t has_growth; /* of the effect, in the weight and the squares; the effect is not taken from
                         it */
  uint64_t controls;  /* bit j: control j takes part */
};

/* The answer; arrays live in the arena. weight, effect and scale are columns of the mixture, in
   units of the outcome; part says what each stands for. */
struct hs_mixture {
  size_t part_count;
  struct hs_mixture_part *part;
  double *weight, *effect, *scale;
  double df;
  size_t judged_count; /* observed rows of the window */
  double actual;       /* their mean */
  double unit;         /* standard deviation of the outcome before the start */
};

/* HS_INVALID when the outcome does not vary before the start or too few rows were observed;
   HS_NOMEM. threads as in base/parallel.h; never changes a bit. Cost: about 70 passes over the
   rows. */
[[nodiscard]] enum hs_status hs_mixture_fit(struct hs_arena *arena,
                                            const struct hs_mixture_question *question,
                                            size_t threads, struct hs_mixture *out,
                                            struct hs_err *err);

/* The posterior of the mean effect as a distribution; borrows from fit. */
[[nodiscard]] struct hs_t_mixture hs_mixture_effect(const struct hs_mixture *fit);

/* By how much an interval is to be wider because the level may wander (a walk, a drift, a trend):
   1 plus a fifth of the weight of that. How far a level wanders is read off a few slow swings, far
   fewer than there are rows, so that the t of a variant, whose degrees of freedom are the rows',
   claims too much; the fifth was chosen on simulated series (docs/calibration/influence.md). */
[[nodiscard]] double hs_mixture_wandering(const struct hs_mixture *fit);

/* The level of the history is another one from some row on: the first row of the new one, when nine
   tenths of the weight say that there was such an old step, and 0 otherwise. What lies before it
   then says nothing of the level, only of controls, season and noise. */
[[nodiscard]] size_t hs_mixture_level_from(const struct hs_mixture *fit);

/* An old step is not looked for in so many rows at either end of the history. */
#define HS_MIXTURE_OLD_STEP_MARGIN 6

/* By how much the noise of the window may be larger than that of the whole series: 1 or more, the
   factor on scales. The squares of the innovations of the weightiest part are split once at every
   row up to the start, and the variance behind the split, averaged by the likelihood of the splits,
   is compared with the whole. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_mixture_restlessness(struct hs_arena *arena,
                                                     const struct hs_mixture_question *question,
                                                     const struct hs_mixture *fit, double *factor,
                                                     struct hs_err *err);

/* Row by row: what was expected and its posterior. All arrays have question->end entries. Before
   the start expected[t] is what the rows before t and the final coefficients foretell, and scale[t]
   the deviation of that; in the window what the rows before the start foretell. total and
   total_scale are of the sum from the start to t over observed rows, NaN before. coefficient has
   control_count entries: the mean of each control's, in units of the outcome for one of the
   control, 0 where it takes no part. HS_NOMEM. */
struct hs_mixture_rows {
  double *expected, *scale, *total, *total_scale;
  double *coefficient;
};
[[nodiscard]] enum hs_status hs_mixture_rows(struct hs_arena *arena,
                                             const struct hs_mixture_question *question,
                                             const struct hs_mixture *fit,
                                             struct hs_mixture_rows *rows, struct hs_err *err);

#endif
