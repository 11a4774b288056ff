/* What changed in some regions because of something that began there at a known time, and nowhere
   else: the regions without it tell what would have happened. Four ways to let them tell it:

   sc    synthetic control (Abadie, Diamond and Hainmueller, JASA 105, 2010): weights of the simplex
         that repeat the treated history; with unit fixed effects (Doudchenko and Imbens 2016;
         Ferman and Pinto 2021) it is repeated but for a constant
   ascm  the same, with what it leaves of the history removed by a ridge regression (Ben-Michael,
         Feller and Rothstein, JASA 116, 2021)
   sdid  synthetic difference-in-differences (Arkhangelsky, Athey, Hirshberg, Imbens and Wager,
         American Economic Review 111, 2021)
   tbr   time-based regression on the total of the other regions (Kerman, Wang and Vaver 2017)

   p and the interval come from one test, which takes one of two views of what the comparison
   leaves. *places*, the published test (stats/conformal.h), says: the window is a stretch like any
   other. That is right where what is left has a short memory and is no louder in the end; where it
   wanders, a comparison that wandered away by itself is the commonest false success: more than one
   in five on a random walk. *drift* asks the same of a residual whose correlation is averaged over
   (mixture.h), up to a walk. What is left settles which of them judges, and a constant effect has
   no part in it: any weight on a long memory that matters, or noise that grew, calls for drift. */
#ifndef HANSA_MEASURE_INFLUENCE_GEO_H
#define HANSA_MEASURE_INFLUENCE_GEO_H

#include "measure/influence/influence.h"
#include "measure/influence/panel.h"

enum hs_geo_method { HS_GEO_SC, HS_GEO_ASCM, HS_GEO_SDID, HS_GEO_TBR };
const char *hs_geo_method_name(enum hs_geo_method method);
[[nodiscard]] int hs_geo_method_parse(struct hs_str name, enum hs_geo_method *out);

/* Everything is borrowed. */
struct hs_geo_input {
  const struct hs_panel *panel;
  const size_t *treated; /* units in which it began; one or more, distinct */
  size_t treated_count;
  const size_t *donors; /* units that may be compared with; NULL for all the others */
  size_t donor_count;
  size_t start; /* the first period with it; the window is [start, period_count) */
  enum hs_geo_method method;
  int without_fixed_effects; /* of sc and ascm: levels are repeated too */
  double lambda;             /* penalty of ascm, above 0; NaN chooses it */
  uint32_t season;           /* periods, of what the comparison leaves; 0 or 1 for none */
  double level;              /* of the interval, inside (0, 1) */
  size_t replicates;         /* placebo replicates for the standard error of sdid; 0 for none */
  uint64_t seed;             /* of those; streams 0 to replicates − 1 are read */
  int without_checks;        /* no placebos before the start, no check of the donors: grade D, for
                                whoever asks thousands of times */
};

/* One region that is compared with. */
struct hs_geo_donor {
  size_t unit;
  double weight; /* NaN for tbr, which has none */
  /* Whether something happened to it by itself at the start: its own gap to the other donors
     against theirs. NaN where there are too few donors to tell or it carries no weight. */
  double p_own_break, p_holm;
  int is_contaminated;
};

/* The standard errors that the method's authors give, beside the test; NaN where there is none. */
struct hs_geo_errors {
  double placebo, jackknife;        /* of the effect by sdid */
  size_t placebo_count;             /* replicates behind the first */
  int is_every_placebo;             /* they are all that there are, not a sample */
  double slope, intercept;          /* of the regression by tbr, on totals */
  double regression;                /* of the incremental total by tbr */
  double df;                        /* its degrees of freedom */
  double leverage;                  /* how much wider the slope's own error makes it: 1 or more */
  double classic_low, classic_high; /* of the incremental total by tbr: Student's t, which takes the
                                       days for independent */
};

struct hs_geo_estimate {
  double att, low, high; /* per treated region and period */
  double p;
  double l2;
};

/* One of the two views; NaN where there is none. */
struct hs_geo_view {
  double p, low, high;
};

enum hs_geo_judge { HS_GEO_PLACES, HS_GEO_DRIFT };
/* "places", "drift"; lives for ever. */
const char *hs_geo_judge_name(enum hs_geo_judge judge);

/* How much the treated would have had to part from the others by themselves, in the sense of the
   effect, a period, from the start on, for the verdict to fall; NaN without one. steepest is the
   steepest line, whatever its sense, through as many periods before the start as the window has and
   one: what such a parting was when nothing had begun. NaN where they are too few. */
struct hs_geo_overturn {
  double drift, steepest;
};

struct hs_geo_result {
  enum hs_geo_method method;
  enum hs_grade grade;
  const char *grade_because; /* lives for ever */
  double att;                /* mean effect per treated region and period */
  double low, high;          /* NaN when the level is finer than the test resolves */
  double p, p_resolution, windows;
  struct hs_geo_view places, drift; /* drift is NaN with too few periods before the start */
  enum hs_geo_judge judge;          /* whose p, low and high are those above */
  double wandering;                 /* weight on a gap with a long memory; NaN without that view */
  double louder; /* by how much the noise of the window may have grown: 1 or more */
  struct hs_geo_overturn overturn;
  size_t piece_count; /* in which the effects compatible by places came; low and high span them */
  double level;
  double incremental, incremental_low, incremental_high; /* over regions and periods */
  double predicted;                                      /* mean without it; att is on top */
  double plain; /* att by plain difference-in-differences: all donors alike, for comparison */
  double lift;  /* att as a share of predicted; NaN when that is not above 0 */
  double l2, l2_uniform; /* distance to the treated history, and that of equal weights */
  double lambda;         /* of ascm; NaN otherwise */
  int is_lambda_at_end;  /* it was chosen, and is the largest or the smallest of those tried */
  struct hs_geo_errors errors;
  enum hs_influence_verdict verdict;
  const char *refused_because; /* NULL unless refused; lives for ever */
  struct hs_geo_donor *donors;
  size_t donor_count;
  double *time_weights; /* of sdid, start of them; NULL otherwise */
  /* The same test at starts before the real one, where there is nothing to find. */
  size_t placebo_count, placebo_rejected;
  /* The estimate without contaminated donors; contaminated_count 0 for none. */
  size_t contaminated_count;
  struct hs_geo_estimate clean;
  /* For pictures, period_count each: the treated mean, what the others say it would have been. */
  double *actual, *predicted_series;
  size_t treated_count, period_count, start;
};

/* HS_INVALID, with what was met, for an input that cannot be used: a unit twice or both treated and
   compared with, a start that leaves less than 4 periods before it or none after, no donor (2 for
   sdid, 1 otherwise), a level outside of (0, 1). HS_INSUFFICIENT when the treated or the donors
   never change before the start. HS_NO_CONVERGENCE as simplex_qp.h and conformal.h say. The results
   live in the arena, which also lends (donors² + donors × periods) doubles some six times. Same
   bits whatever the machine's processors. */
[[nodiscard]] enum hs_status hs_geo_run(struct hs_arena *arena, const struct hs_geo_input *input,
                                        struct hs_geo_result *out, struct hs_err *err);

#endif
