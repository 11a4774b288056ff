/* Does what a partnership brings compound, has it reached a plateau, does it fade, or is it too
   early to say? A question about growth net of what was put in and of what the whole company did.

     log value_t − log company_t = level_t + elasticity · log effort_t + season_t + noise_t

   with a semi-local linear trend in the level (stats/kalman.h): a drift that holds for the whole
   series and a deviation of the slope from it that comes and goes. Effort carries over: effort_t is
   the sum of all earlier efforts, each weighing less by a constant factor a quarter.

   The posterior of the growth over the last year is a mixture: for each point of a grid of shapes
   (how much of the movement is noise, how much the level's, how fast slopes change, for how long,
   whether the season changes) the filter gives it in closed form, the variance integrated out, and
   the integrated likelihood weighs the points. Nothing is drawn, so nothing has to be seeded and
   short series need no luck. The weights before the data, and what the verdicts are worth on series
   whose truth is known, stand in docs/calibration/trends.md.

   Effort often follows value (who earns, spends), so its elasticity is an association unless it was
   varied by plan. Then it is not trusted: a verdict has to hold for every elasticity from 0 to 1.
 */
#ifndef HANSA_MEASURE_TREND_TREND_H
#define HANSA_MEASURE_TREND_TREND_H

#include <stdint.h>

#include "base/arena.h"
#include "measure/trend/curves.h"
#include "stats/breaks.h"

/* What may be said, the first that holds. */
enum hs_trend_verdict {
  HS_TREND_REFUSED,     /* there is no logarithm: reason and at say where */
  HS_TREND_TOO_EARLY,   /* no verdict has the mass that is asked for */
  HS_TREND_FADING,      /* growth below −material */
  HS_TREND_PLATEAU,     /* growth within ±material */
  HS_TREND_COMPOUNDING, /* growth above material */
};
const char *hs_trend_verdict_name(enum hs_trend_verdict verdict); /* "too_early" and so on */
const char *hs_trend_verdict_words(enum hs_trend_verdict verdict);

/* Why there is no figure, or a verdict is withheld. */
enum hs_trend_reason {
  HS_TREND_NO_REASON,
  HS_TREND_VALUE_NOT_POSITIVE, /* at says which period */
  HS_TREND_EFFORT_NOT_POSITIVE,
  HS_TREND_COMPANY_NOT_POSITIVE,
  HS_TREND_TOO_FEW,        /* fewer periods than unknowns and three more */
  HS_TREND_SEASON_UNKNOWN, /* fewer than two rounds of seasons: season and growth look alike */
  HS_TREND_UNSETTLED,      /* the posterior is too wide */
  HS_TREND_ELASTICITY,     /* the verdict hangs on the elasticity of value to effort */
  HS_TREND_FAMILY,         /* it does not survive the number of partners asked about */
};
const char *hs_trend_reason_name(enum hs_trend_reason reason);
const char *hs_trend_reason_words(enum hs_trend_reason reason);

#define HS_TREND_SEASON_MAX 53U
/* Elasticities shown: 0, .1, …, 1. */
#define HS_TREND_ELASTICITY_COUNT 11

struct hs_trend_input {
  const double *value; /* count figures, one a period, NaN where missing */
  size_t count;
  const double *effort;    /* the same, without gaps; NULL when nothing is known of it */
  const double *company;   /* what the whole company did; NULL when it is not to be netted out */
  double periods_per_year; /* above 0: 12, 4, 1, 52 */
  uint32_t season;         /* periods in a round of seasons; 0 or 1 for none */
  double material;         /* growth a year that matters, above 0: .1 is ten percent (of the log) */
  double mass;             /* posterior mass asked for, inside (.5, 1) */
  int is_effort_planned;   /* effort was varied by plan: its elasticity is estimated */
};

/* Growth of the logarithm a year, over the last year. */
struct hs_trend_growth {
  double mean, sd;
  double low, high; /* between which lies the mass asked for, equal tails */
  double above, within,
      below; /* posterior mass beyond material, within ±material, below −material */
};

struct hs_trend {
  enum hs_trend_verdict verdict;
  enum hs_trend_reason reason;
  size_t at;                     /* with a reason that has a place: the period */
  size_t period_count;           /* with a value */
  size_t window;                 /* periods that "the last year" is */
  uint32_t season;               /* that was allowed for, 0 for none */
  struct hs_trend_growth growth; /* with effort: averaged over elasticities by their likelihood */
  /* What the verdict rests on: the masses of growth, or the least of each over all elasticities
     where every one has to agree. */
  double above, within, below;
  double effort_growth; /* of log effort a year, as it went lately; NaN without effort */
  double effort_alone;  /* share of the variance of log effort that a line in time leaves: with
                           little of it elasticity and trend cannot be told apart. 0 when effort
                           never varied, NaN without effort */
  double effort_apart;  /* share of the value's movement about a line in time in which effort does
                           not go along in proportion; NaN without effort */
  double elasticity;    /* mean over elasticities by their likelihood; NaN without effort */
  double carry_over;    /* the same, part of an effort that is left a quarter later */
  struct hs_trend_growth by_elasticity[HS_TREND_ELASTICITY_COUNT]; /* with effort */
  enum hs_trend_verdict verdict_by_elasticity[HS_TREND_ELASTICITY_COUNT];
  double elasticity_weight[HS_TREND_ELASTICITY_COUNT];
  size_t periods_to_decide; /* more of them would give a verdict if growth stays what it seems to be
                               and noise what it is; SIZE_MAX: none of ten years' would */
  double *fitted; /* exp(level + season + effort's part), in units of value; count figures */
  double *level;  /* without season */
  int has_breaks;
  enum hs_breaks_kind breaks_kind; /* whichever describes the series better */
  struct hs_breaks breaks;         /* of log value without its season */
  struct hs_breaks value_breaks;   /* of the mean of the value as it is, in its own units */
  int has_curves;
  struct hs_curves curves; /* of the same */
};

/* Less than this share of effort's movement apart from a line in time tells effort and time apart
   too badly to say so without a word. */
#define HS_TREND_EFFORT_ALONE_LEAST 0.1

/* Less than this of the value's movement apart from effort's: effort was figured from the value (a
   commission, a share of revenue), and says nothing of what effort brings. No plan is believed
   then. */
#define HS_TREND_EFFORT_APART_LEAST 0.01

/* HS_INVALID for an input outside of its ranges or with infinities; HS_NOMEM. A refusal and "too
   early" are HS_OK with a verdict; then figures that there are none of are NaN. Everything lives in
   the arena. */
[[nodiscard]] enum hs_status hs_trend_estimate(struct hs_arena *arena,
                                               const struct hs_trend_input *input,
                                               struct hs_trend *out, struct hs_err *err);

/* The verdict that masses give at the mass asked for. */
[[nodiscard]] enum hs_trend_verdict hs_trend_judge(double above, double within, double below,
                                                   double mass);

#endif
