/* What changed in an outcome because of something that began at a known time: the question, and the
   answer that every method gives it. The series before the start teach a method what would have
   happened without it; what did happen, less that, is the effect.

   Two methods answer, and fill in the same result. default.h is the usual one, whose interval is
   tested on the series itself; parity.h does what CausalImpact does, constant for constant, for
   those who want its figures. */
#ifndef HANSA_MEASURE_INFLUENCE_INFLUENCE_H
#define HANSA_MEASURE_INFLUENCE_INFLUENCE_H

#include <stdint.h>

#include "base/text.h"

/* How far evidence bears, computed from facts and never chosen. */
enum hs_grade {
  HS_GRADE_A, /* randomised */
  HS_GRADE_B, /* quasi-experiment: clean comparison regions and passed placebos */
  HS_GRADE_C, /* structural time series with controls and passed placebos */
  HS_GRADE_D, /* association only: sign and range, never money */
};
const char *hs_grade_name(enum hs_grade grade); /* "A" to "D"; lives for ever */
/* The word for it on a screen: "experiment", "comparison", "model", "indication". */
const char *hs_grade_word(enum hs_grade grade);
/* Half a sentence for people: "association only: sign and range, never money". */
const char *hs_grade_meaning(enum hs_grade grade);

enum hs_influence_mode { HS_INFLUENCE_DEFAULT, HS_INFLUENCE_PARITY };
const char *hs_influence_mode_name(enum hs_influence_mode mode);
[[nodiscard]] int hs_influence_mode_parse(struct hs_str name, enum hs_influence_mode *out);

/* What may be said, the first that holds. */
enum hs_influence_verdict {
  HS_INFLUENCE_REFUSED,      /* there is no interval that deserves the name: refused_because */
  HS_INFLUENCE_INTERIM,      /* a look before the registered end: figures and no verdict */
  HS_INFLUENCE_UNDETERMINED, /* the interval of the average holds 0 */
  HS_INFLUENCE_UP,
  HS_INFLUENCE_DOWN,
};
const char *hs_influence_verdict_name(enum hs_influence_verdict verdict);

/* Seasons longer than this are refused: a state of so many values would be carried along. */
#define HS_INFLUENCE_SEASON_MAX 366U

/* Everything is borrowed. NaN in the outcome is a missing figure; controls have none. Rows from end
   on are left out. */
struct hs_influence_input {
  const double *outcome;         /* count */
  size_t count;                  /* rows, evenly spaced in time */
  const double *const *controls; /* control_count series of count figures each */
  size_t control_count;
  const struct hs_str *control_names; /* control_count; NULL for none */
  size_t start;                       /* before it nothing had begun: rows [0, start) */
  size_t end;                         /* the window that is judged: rows [start, end) */
  uint32_t season;                    /* rows in a season; 0 or 1 for none */
  double level;                       /* of the intervals, inside (0, 1) */
  uint64_t seed;
  uint32_t draws; /* from the posterior, where a method draws; 100 or more */
  size_t threads; /* never changes a figure; 0 is one per processor */
};

/* Figures beyond this are refused: their squares would no longer be numbers. */
#define HS_INFLUENCE_FIGURE_MAX 1e100

/* HS_INVALID, with the argument and the value, for an input that no method can work on: fewer than
   3 figures before the start or none in the window, all equal before the start, anything beyond
   HS_INFLUENCE_FIGURE_MAX, a control with a gap. */
[[nodiscard]] enum hs_status hs_influence_check(const struct hs_influence_input *input,
                                                struct hs_err *err);

/* sd, low and high are NaN where there are none. */
struct hs_influence_estimate {
  double actual, predicted;
  double effect; /* actual − predicted */
  double sd, low, high;
};

/* One control as the method used it. NaN where the method has no such figure. */
struct hs_influence_control {
  struct hs_str name; /* absent when the input has no names */
  double inclusion;   /* share of the draws (or of the weight) in which it takes part */
  double coefficient; /* its mean, 0 where it takes no part; in units of outcome per unit of it */
  int is_contaminated;
  double p_own_break; /* that it breaks at the start by itself */
  double p_holm;      /* the same, adjusted for the number of controls (Holm) */
};

/* The method again at dates before the start, where there is nothing to find. count 0: none ran. */
struct hs_influence_placebos {
  uint32_t count;
  uint32_t disjoint;          /* windows among them that share no row */
  double false_positive_rate; /* share whose interval left 0 out, before the scaling */
  double rate_low, rate_high; /* 95 % interval of that rate, counting disjoint windows only */
  double inflation;           /* what the interval was scaled by, up or down; 1 for nothing */
};

/* Arrays of input.count, NaN where there is nothing to say; for pictures. */
struct hs_influence_series {
  double *actual;                            /* the outcome as it was given */
  double *predicted, *low, *high;            /* without what began, each row by itself */
  double *effect, *effect_low, *effect_high; /* actual less that */
  double *cumulative, *cumulative_low, *cumulative_high; /* effects added up from the start on */
};

struct hs_influence_result {
  enum hs_influence_mode mode;
  enum hs_grade grade;
  const char *grade_because; /* half a sentence; lives for ever or in the arena */
  /* The average as it would be with the controls that were left out as contaminated; NaN where
     none was. */
  struct hs_influence_estimate average_with_contaminated;
  /* average is per row of the window that has a figure, cumulative their sum; relative holds both
     as shares of the predicted: its effect 0.05 is five in the hundred more. */
  struct hs_influence_estimate average, cumulative, relative;
  double p; /* that nothing changed: one-sided tail of the draws, or as the method says */
  struct hs_influence_placebos placebos;
  enum hs_influence_verdict verdict;
  const char *refused_because; /* NULL unless refused */
  struct hs_influence_control *controls;
  size_t control_count;
  /* How it was made. */
  size_t count, start, end; /* of the input */
  size_t judged_count;      /* rows of the window that have a figure */
  uint32_t season;
  size_t
      level_from; /* the first row of the level that holds at the start; 0: no other came before.
                     Rows before it say nothing of the level, only of controls, season and noise */
  double level;
  uint64_t seed;
  /* The posterior of the average effect as effect_draw_count equally likely values, for whoever
     computes on with it; NULL and 0 when refused. */
  double *effect_draws;
  size_t effect_draw_count;
  struct hs_influence_series series;
};

/* The result as it stands before any method: figures NaN, series and controls allocated in the
   arena, actual filled in, the verdict refused without a reason. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_influence_begin(struct hs_arena *arena,
                                                const struct hs_influence_input *input,
                                                struct hs_influence_result *out,
                                                struct hs_err *err);
/* How many times as much of what was observed it takes, as errors shrink with its square root, for
   an interval around the effect to leave 0 out, if the effect is what it seems; above 1. INFINITY
   for an effect of 0, NaN without an interval. */
[[nodiscard]] double hs_times_to_decide(double effect, double low, double high);
/* The verdict that the interval of the average bears: up, down, or undetermined. */
[[nodiscard]] enum hs_influence_verdict
hs_influence_verdict_of(const struct hs_influence_estimate *average);

#endif
