/* What a method could see in a series, by trying it where nothing happened: at dates spread over
   the history, each with only what lay before it, the same window as the question. An effect δ put
   into the window moves the estimate and both ends of its interval by δ and changes nothing else (a
   test holds the methods to that), so one run of a date tells of every δ. */
#ifndef HANSA_MEASURE_INFLUENCE_POWER_H
#define HANSA_MEASURE_INFLUENCE_POWER_H

#include "measure/influence/halo.h"
#include "measure/influence/pairs.h"

struct hs_power_input {
  struct hs_influence_input history; /* start and end are chosen by this; nothing happened in it */
  enum hs_influence_mode mode;
  size_t window_rows; /* of the window that is judged, 1 or more */
  size_t date_count;  /* at most so many dates */
  double power;       /* of the smallest effect */
};

struct hs_power {
  /* Effects as shares of what was predicted: lows and highs of date_count dates, in their order. */
  double *lows, *highs;
  size_t date_count;    /* that gave an interval */
  size_t refused_count; /* that gave none */
  size_t disjoint;      /* windows among them that share no row */
  /* false positives, with the interval of as many cases as there are disjoint windows; detectable
     as a share of the predicted */
  struct hs_pairs_power power;
};

/* Of rows before a date at least this many are kept for the method to learn from. */
#define HS_POWER_BEFORE_MIN ((size_t)28)

/* HS_INSUFFICIENT when the history has no room for a date, or no date gave an interval; failures of
   the method. The arena holds all of it. */
[[nodiscard]] enum hs_status hs_power(struct hs_arena *arena, const struct hs_power_input *input,
                                      struct hs_power *out, struct hs_err *err);
/* The share of the dates at which an effect of that share of the predicted is found. */
[[nodiscard]] double hs_power_at(const struct hs_power *power, double effect);

#endif
