/* The posterior of growth, shared by the estimate and by what looks ahead. */
#ifndef HANSA_MEASURE_TREND_TREND_PRIV_H
#define HANSA_MEASURE_TREND_TREND_PRIV_H

#include "measure/trend/trend.h"
#include "stats/kalman.h"

/* One point of the grid: how the series moves, in units of the standard deviation of what is not
   slope in one period. */
struct hs_trend_shape {
  double noise, level; /* variances a period; their sum is 1 */
  double slope;        /* standard deviation of a year's growth about the drift */
  double phi;          /* of the slope, a period */
  double season;       /* variance of its change */
  double prior;        /* weight before the data; all sum to 1 */
};

#define HS_TREND_SHAPE_MAX 192

struct hs_trend_grid {
  size_t count;
  struct hs_trend_shape shapes[HS_TREND_SHAPE_MAX];
};

/* For a series with so many periods a year, with or without a season. */
void hs_trend_grid_make(double periods_per_year, int has_season, struct hs_trend_grid *grid);

/* Growth a year, given a shape: Student's t about mean. */
struct hs_trend_component {
  const struct hs_trend_shape *shape;
  double mean;
  double sd; /* its scale */
  double df;
  double unit;   /* posterior scale of the series: sd² is unit² times what the filter gives */
  double weight; /* posterior; those of one mixture sum to 1 */
};

struct hs_trend_mixture {
  size_t count;
  struct hs_trend_component *components;
  double log_evidence; /* comparable among series of the same length, mask and season */
};

/* What all runs over one series share. */
struct hs_trend_bench {
  struct hs_kalman kalman;
  double *room;
  double periods_per_year;
  size_t window;
};

/* A bench for `count` periods: room in the arena for them. */
[[nodiscard]] enum hs_status hs_trend_bench_make(struct hs_arena *arena, size_t count,
                                                 double periods_per_year, uint32_t season,
                                                 struct hs_trend_bench *bench, struct hs_err *err);
/* Sets the bench to a shape. */
void hs_trend_bench_set(struct hs_trend_bench *bench, const struct hs_trend_shape *shape);

/* components has grid->count places. 0 when the values do not settle what is unknown. */
[[nodiscard]] int hs_trend_mix(struct hs_trend_bench *bench, const struct hs_trend_grid *grid,
                               const double *y, struct hs_trend_mixture *out);

/* P(growth ≤ x). */
[[nodiscard]] double hs_trend_mixture_cdf(const struct hs_trend_mixture *mixture, double x);
/* Mean, deviation, interval of that mass and masses about ±material. */
[[nodiscard]] struct hs_trend_growth hs_trend_summarise(const struct hs_trend_mixture *mixture,
                                                        double material, double mass);

/* What has to be decided: one mixture, or one for each elasticity where all have to agree. */
struct hs_trend_outlook {
  const double *y; /* count values, of which only the gaps matter */
  size_t count;
  double periods_per_year;
  uint32_t season;
  const struct hs_trend_grid *grid; /* that the mixtures' shapes lie in */
  size_t mixture_count;
  const struct hs_trend_mixture *mixtures;
  const double *means; /* of growth, by mixture */
  double material, mass;
};

/* See periods_to_decide. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_trend_look_ahead(struct hs_arena *arena,
                                                 const struct hs_trend_outlook *asked, size_t *out,
                                                 struct hs_err *err);

#endif
