/* Inside the mixture: the table of columns, the grid of covariances, one covariance's variants. */
#ifndef HANSA_MEASURE_INFLUENCE_MIXTURE_PRIV_H
#define HANSA_MEASURE_INFLUENCE_MIXTURE_PRIV_H

#include "measure/influence/mixture.h"
#include "stats/covariance.h"

/* Kinds of covariance, for the prior: the mass of a kind is spread over its members. */
enum hs_mixture_kind {
  HS_MIXTURE_INDEPENDENT,
  HS_MIXTURE_AR_WEAK,   /* AR(1), φ below .5 */
  HS_MIXTURE_AR_STRONG, /* AR(1), φ from .5 */
  HS_MIXTURE_AR_NOISE,  /* AR(1) with independent noise on top */
  HS_MIXTURE_AR_TWO,    /* AR(2) */
  /* From here on the level wanders. */
  HS_MIXTURE_WALK_SLOW, /* a random walk whose steps are small against the noise */
  HS_MIXTURE_WALK,
  HS_MIXTURE_WALK_FAST, /* steps as large as the noise, and larger */
  HS_MIXTURE_DRIFT,     /* noise on a level whose slope walks */
  HS_MIXTURE_WALK_AR,   /* AR(1) on a random walk */
  HS_MIXTURE_KIND_COUNT,
};

struct hs_mixture_member {
  struct hs_covariance covariance;
  enum hs_mixture_kind kind;
  double mass; /* prior; all members together 1 */
};

#define HS_MIXTURE_GRID_MAX 96
/* Fills members and returns how many there are. */
[[nodiscard]] size_t hs_mixture_grid(struct hs_mixture_member members[HS_MIXTURE_GRID_MAX]);

/* Prior masses of what a variant adds to its covariance. */
#define HS_MIXTURE_GROWTH_MASS 0.1
#define HS_MIXTURE_SEASON_MASS 0.5
#define HS_MIXTURE_SLIGHT_MASS 0.04
#define HS_MIXTURE_STEEP_MASS 0.01
#define HS_MIXTURE_OLD_STEP_MASS 0.06
#define HS_MIXTURE_LEVEL_MASS                                                                      \
  (1 - HS_MIXTURE_SLIGHT_MASS - HS_MIXTURE_STEEP_MASS - HS_MIXTURE_OLD_STEP_MASS)

/* A season up to this long has an effect for each of its places; a longer one so many pairs of
   waves. */
#define HS_MIXTURE_SEASON_PLACES_MAX 14
#define HS_MIXTURE_SEASON_WAVES 4
/* Room for the main columns of any table. */
#define HS_MIXTURE_PLACES_MAX (HS_MIXTURE_SEASON_PLACES_MAX + HS_MIXTURE_CONTROLS_MAX + 8)
/* Dates at which an old step is looked for. */
#define HS_MIXTURE_OLD_STEPS_MAX 26

/* Intercept and step, whose priors are flat; behind them stands the growth. */
#define HS_MIXTURE_FLAT_COUNT 2
#define HS_MIXTURE_GROWTH 2

/* The columns of the regression in their order: intercept, step at the start, growth in the window,
   season, one for the shape, controls, outcome; behind them the old steps,
   one of which takes the place of the shape.
 */
struct hs_mixture_table {
  size_t row_count, start;
  int may_grow; /* an effect's growth can be seen in so many figures */
  size_t season_at, season_count;
  size_t shape_at;
  size_t control_at, control_count;
  size_t outcome_at;
  size_t main_count; /* columns up to the outcome */
  size_t column_count;
  size_t old_step[HS_MIXTURE_OLD_STEPS_MAX];
  int is_season_places; /* an effect for each place, or waves */
  double season_places;
  double *values; /* row_count × column_count, by rows; outcome and controls in standard units */
  double *window; /* end − start: 1/judged_count where observed, else 0 */
  unsigned char *seen; /* row_count: the outcome was observed */
  size_t seen_count;   /* of them in all */
  size_t judged_count;
  double center, unit;                          /* of the outcome before the start */
  double control_unit[HS_MIXTURE_CONTROLS_MAX]; /* deviations before the start */
};

[[nodiscard]] enum hs_status hs_mixture_table_make(struct hs_arena *arena,
                                                   const struct hs_mixture_question *question,
                                                   struct hs_mixture_table *table,
                                                   struct hs_err *err);

/* Moves the nearest of the dates of old steps to where a step explains most (mixture_break.c). The
 * main columns are filled. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_mixture_place_old_step(struct hs_arena *arena,
                                                       struct hs_mixture_table *table,
                                                       struct hs_err *err);

/* Where one covariance is worked out; one per thread. Products are of innovations over the square
   root of their variance: those of the main columns with all columns, by rows, and behind them
   those of each old step with itself. */
struct hs_mixture_bench {
  double *room;     /* of the whitener */
  double *row;      /* column_count */
  double *whole;    /* products over the whole series */
  double *before;   /* over the rows before the start */
  double *ahead;    /* column_count: mean of the window less what was foretold of it */
  double *expected; /* column_count */
  double *a, *b, *a_common, *b_common; /* (main_count + 1) × (column_count + 1) each */
};

/* What a pass over the rows leaves behind besides the products. */
struct hs_mixture_pass {
  double log_variance;  /* Σ log F, F the variance of an innovation */
  double step_variance; /* F at the last row before the start: the unit of the priors' floors */
  double spread;        /* variance of the window's mean of u, given the rows before */
  /* Priors, in units of σ² (mixture_prior.c): variances, and precisions of the controls. */
  double growth_variance, season_variance;
  double trend_variance[HS_MIXTURE_OLD_STEP]; /* by shape; a level has none */
  double old_step_variance[HS_MIXTURE_OLD_STEPS_MAX];
  double control_precision[HS_MIXTURE_CONTROLS_MAX];
};

[[nodiscard]] enum hs_status hs_mixture_bench_make(struct hs_arena *arena,
                                                   const struct hs_mixture_table *table,
                                                   struct hs_mixture_bench *bench,
                                                   struct hs_err *err);
/* Over the first column_count columns: the main ones, and behind them those old steps that
   hs_mixture_old_steps counts. */
void hs_mixture_pass_run(const struct hs_mixture_table *table,
                         const struct hs_covariance *covariance, size_t column_count,
                         struct hs_mixture_bench *bench, struct hs_mixture_pass *pass);

/* The most variants that one covariance can have. */
[[nodiscard]] size_t hs_mixture_variants_max(const struct hs_mixture_table *table);
/* All variants of one covariance; their number. */
[[nodiscard]] size_t hs_mixture_variants(const struct hs_mixture_table *table,
                                         const struct hs_mixture_member *member, uint32_t index,
                                         struct hs_mixture_bench *bench,
                                         struct hs_mixture_part *parts);

/* The product of columns i and j, one of them a main column, in bench->whole or bench->before. */
[[nodiscard]] double hs_mixture_product(const struct hs_mixture_table *table,
                                        const double *products, size_t i, size_t j);
/* The column that stands at place c of a variant's regression: an old step in place of the shape.
 */
[[nodiscard]] size_t hs_mixture_column(const struct hs_mixture_table *table,
                                       const struct hs_mixture_part *part, size_t c);
/* Whether the regression of a variant on the rows before the start holds the column at place c, one
   before the outcome's; the effect's columns do not count. */
[[nodiscard]] int hs_mixture_holds(const struct hs_mixture_table *table,
                                   const struct hs_mixture_part *part, size_t c);
/* How many old steps are looked for under a covariance: all or none. */
[[nodiscard]] size_t hs_mixture_old_steps(const struct hs_mixture_table *table,
                                          const struct hs_mixture_member *member);
/* How many controls a variant may hold. */
[[nodiscard]] size_t hs_mixture_controls_in_max(const struct hs_mixture_table *table);

/* The end of a pass: its priors, from the products over the whole series. Works in bench->a. */
void hs_mixture_prior_make(const struct hs_mixture_table *table,
                           const struct hs_mixture_bench *bench, size_t column_count,
                           struct hs_mixture_pass *pass);
/* Prior precision between the columns at places i and j of a variant, in units of 1/σ². */
[[nodiscard]] double hs_mixture_precision(const struct hs_mixture_table *table,
                                          const struct hs_mixture_pass *pass,
                                          const struct hs_mixture_part *part, size_t i, size_t j);

#endif
